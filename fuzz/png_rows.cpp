// PNG files behind their compression: the bytes are a head (size, depth, colour type, interlacing, length of the
// palette) and the filtered rows.
#include "codecs/codec.h"
#include "fuzz/checks.h"
#include "fuzz/png_file.h"

namespace mg::fuzz {

void fuzz_png_rows(ByteView bytes) {
    constexpr std::size_t k_head_bytes = 6;
    constexpr std::string_view k_name = "rows.png";
    if (bytes.size() < k_head_bytes) return;
    std::size_t const palette_bytes = std::min<std::size_t>(bytes[5] * 3u, bytes.size() - k_head_bytes);
    Bytes png = png_signature();
    append_png_chunk(png, "IHDR", Bytes{0, 0, 0, bytes[0], 0, 0, 0, bytes[1], bytes[2], bytes[3], 0, 0, bytes[4]});
    append_png_chunk(png, "PLTE", bytes.subspan(k_head_bytes, palette_bytes));
    append_png_chunk(png, "IDAT", deflated(bytes.subspan(k_head_bytes + palette_bytes)));
    append_png_chunk(png, "IEND", {});
    check_decoded(decode_image(png, k_name), k_name);
}

} // namespace mg::fuzz
