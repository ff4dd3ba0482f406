// PNG, JPEG and BMP files. A PNG is tried as it is and with its checksums set right, which a fuzzer never meets by
// chance.
#include <libdeflate.h>

#include "codecs/image_size.h"
#include "codecs/png_chunks.h"
#include "fuzz/checks.h"
#include "metadata/metadata.h"

namespace mg::fuzz {
namespace {

void check_picture(ByteView bytes) {
    constexpr std::string_view k_name = "image";
    // More only takes time: a JPEG may hold 4096 pixels in a byte.
    constexpr std::int64_t k_enough_pixels = 1 << 21;
    Size const claimed = claimed_size(bytes);
    if (claimed.area() > k_enough_pixels) return;
    auto const decoded = decode_image(bytes, k_name);
    check_decoded(decoded, k_name);
    if (decoded) MG_CHECK(decoded->stored_size == claimed);
    check_decoded(decode_image(bytes, k_name, {.largest_pixels = 40}), k_name);
    for (PngText const& text : read_png_texts(bytes)) {
        check_text(text.text);
        MG_CHECK(!text.keyword.empty() && text.keyword.size() <= 79);
    }
    MetadataInput input{.file = bytes, .file_name = k_name, .relative_path = k_name};
    if (decoded) input.decoded = &*decoded;
    check_metadata(read_metadata(input));
}

/// Empty when they are right already.
Bytes with_right_checksums(ByteView png) {
    Bytes mended(png.begin(), png.end());
    bool any = false;
    PngChunks chunks(png);
    while (auto const chunk = chunks.next()) {
        if (!chunk->is_whole || chunk->is_intact) continue;
        auto const start = static_cast<std::size_t>(chunk->data.data() - png.data());
        std::uint32_t const checksum = libdeflate_crc32(0, png.data() + start - 4, chunk->data.size() + 4);
        for (std::size_t i = 0; i < 4; ++i)
            mended[start + chunk->data.size() + i] = static_cast<std::uint8_t>(checksum >> (24 - 8 * i));
        any = true;
    }
    return any ? mended : Bytes{};
}

} // namespace

void fuzz_pictures(ByteView bytes) {
    check_picture(bytes);
    if (!is_png(bytes)) return;
    if (Bytes const mended = with_right_checksums(bytes); !mended.empty()) check_picture(mended);
}

} // namespace mg::fuzz
