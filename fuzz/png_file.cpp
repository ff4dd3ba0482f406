#include "fuzz/png_file.h"

#include <libdeflate.h>

namespace mg::fuzz {

Bytes png_signature() {
    return {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
}

void append_png_chunk(Bytes& png, std::string_view type, ByteView data) {
    auto append_big = [&](std::uint32_t number) {
        for (int shift = 24; shift >= 0; shift -= 8) png.push_back(static_cast<std::uint8_t>(number >> shift));
    };
    append_big(static_cast<std::uint32_t>(data.size()));
    std::size_t const start = png.size();
    png.insert(png.end(), type.begin(), type.end());
    png.insert(png.end(), data.begin(), data.end());
    append_big(libdeflate_crc32(0, png.data() + start, png.size() - start));
}

Bytes deflated(ByteView bytes) {
    libdeflate_compressor* const compressor = libdeflate_alloc_compressor(1);
    Bytes out(libdeflate_zlib_compress_bound(compressor, bytes.size()));
    out.resize(libdeflate_zlib_compress(compressor, bytes.data(), bytes.size(), out.data(), out.size()));
    libdeflate_free_compressor(compressor);
    return out;
}

} // namespace mg::fuzz
