#include "codecs/picture_files.h"

#include <libdeflate.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <jpeglib.h>

namespace mg::test {
namespace {

void append(Bytes& out, std::string const& text) {
    out.insert(out.end(), text.begin(), text.end());
}
void append_big(Bytes& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(std::uint8_t(value >> shift));
}
void append_little(Bytes& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(std::uint8_t(value >> (8 * i)));
}

/// Numbers packed from the most significant bit.
Bytes packed(std::vector<std::uint32_t> const& numbers, int bits) {
    Bytes out;
    std::uint64_t held = 0;
    int held_bits = 0;
    for (std::uint32_t number : numbers) {
        held = held << bits | number;
        for (held_bits += bits; held_bits >= 8; held_bits -= 8) out.push_back(std::uint8_t(held >> (held_bits - 8)));
    }
    if (held_bits > 0) out.push_back(std::uint8_t(held << (8 - held_bits)));
    return out;
}

int paeth(int a, int b, int c) {
    int const p = a + b - c, pa = std::abs(p - a), pb = std::abs(p - b), pc = std::abs(p - c);
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

} // namespace

Bytes png_chunk(std::string const& type, std::string const& data) {
    Bytes out;
    append_big(out, std::uint32_t(data.size()));
    append(out, type + data);
    append_big(out, libdeflate_crc32(0, out.data() + 4, out.size() - 4));
    return out;
}

Bytes with_chunk(Bytes const& png, Bytes const& chunk) {
    Bytes out = png;
    out.insert(out.begin() + 33, chunk.begin(), chunk.end());
    return out;
}

Bytes write_png(PngSpec const& spec, std::vector<int> const& values) {
    std::size_t const samples = std::size_t(spec.samples()),
                      back = std::max<std::size_t>(1, samples * std::size_t(spec.depth) / 8);
    struct Pass {
        int x, y, step_x, step_y;
    };
    std::vector<Pass> passes{{0, 0, 1, 1}};
    if (spec.interlaced)
        passes = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
    Bytes raw;
    for (Pass const& pass : passes) {
        Bytes above;
        int filter = 0;
        for (int y = pass.y; y < spec.size.height; y += pass.step_y) {
            std::vector<std::uint32_t> numbers;
            for (int x = pass.x; x < spec.size.width; x += pass.step_x)
                for (std::size_t c = 0; c < samples; ++c)
                    numbers.push_back(std::uint32_t(
                        values[(std::size_t(y) * std::size_t(spec.size.width) + std::size_t(x)) * samples + c]));
            if (numbers.empty()) continue;
            Bytes const row = packed(numbers, spec.depth);
            above.resize(row.size());
            raw.push_back(std::uint8_t(filter));
            for (std::size_t i = 0; i < row.size(); ++i) {
                int const a = i >= back ? row[i - back] : 0, b = above[i], c = i >= back ? above[i - back] : 0;
                int const predicted = filter == 0   ? 0
                                      : filter == 1 ? a
                                      : filter == 2 ? b
                                      : filter == 3 ? (a + b) / 2
                                                    : paeth(a, b, c);
                raw.push_back(std::uint8_t(row[i] - predicted));
            }
            above = row;
            filter = (filter + 1) % 5;
        }
    }
    libdeflate_compressor* compressor = libdeflate_alloc_compressor(6);
    std::string data(libdeflate_zlib_compress_bound(compressor, raw.size()), '\0');
    data.resize(libdeflate_zlib_compress(compressor, raw.data(), raw.size(), data.data(), data.size()));
    libdeflate_free_compressor(compressor);

    Bytes out{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    auto add = [&](Bytes const& chunk) { out.insert(out.end(), chunk.begin(), chunk.end()); };
    Bytes header;
    append_big(header, std::uint32_t(spec.size.width));
    append_big(header, std::uint32_t(spec.size.height));
    for (int value : {spec.depth, spec.colour_type, 0, 0, spec.interlaced ? 1 : 0})
        header.push_back(std::uint8_t(value));
    add(png_chunk("IHDR", std::string(header.begin(), header.end())));
    if (!spec.palette.empty()) add(png_chunk("PLTE", std::string(spec.palette.begin(), spec.palette.end())));
    std::size_t const part = data.size() / std::size_t(spec.data_chunks);
    for (int i = 0; i < spec.data_chunks; ++i)
        add(png_chunk("IDAT", i == spec.data_chunks - 1 ? data.substr(std::size_t(i) * part)
                                                        : data.substr(std::size_t(i) * part, part)));
    add(png_chunk("IEND", ""));
    return out;
}

Bytes write_jpeg(JpegSpec const& spec, std::vector<std::uint8_t> const& values) {
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char* out = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &out, &size);
    info.image_width = JDIMENSION(spec.size.width);
    info.image_height = JDIMENSION(spec.size.height);
    info.input_components = spec.channels;
    info.in_color_space = spec.channels == 1 ? JCS_GRAYSCALE : spec.channels == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, 95, TRUE);
    if (spec.progressive) jpeg_simple_progression(&info);
    if (spec.density > 0) {
        info.density_unit = 1;
        info.X_density = info.Y_density = UINT16(spec.density);
    }
    jpeg_start_compress(&info, TRUE);
    if (!spec.comment.empty())
        jpeg_write_marker(&info, JPEG_COM, reinterpret_cast<JOCTET const*>(spec.comment.data()),
                          unsigned(spec.comment.size()));
    while (info.next_scanline < info.image_height) {
        std::size_t const at = std::size_t(info.next_scanline) * std::size_t(spec.size.width * spec.channels);
        JSAMPROW row = const_cast<JSAMPLE*>(values.data() + at);
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    Bytes bytes(out, out + size);
    std::free(out);
    return bytes;
}

Bytes write_bmp(BmpSpec const& spec, std::vector<std::uint32_t> const& values) {
    Bytes pixels = spec.runs;
    if (pixels.empty())
        for (int line = 0; line < spec.size.height; ++line) {
            int const y = spec.top_down ? line : spec.size.height - 1 - line;
            Bytes row;
            std::vector<std::uint32_t> numbers;
            for (int x = 0; x < spec.size.width; ++x) {
                std::uint32_t const value = values[std::size_t(y) * std::size_t(spec.size.width) + std::size_t(x)];
                if (spec.bits <= 8)
                    numbers.push_back(value);
                else
                    append_little(row, value, spec.bits / 8);
            }
            if (spec.bits <= 8) row = packed(numbers, spec.bits);
            while (spec.padded && row.size() % 4 != 0) row.push_back(0);
            pixels.insert(pixels.end(), row.begin(), row.end());
        }
    bool const is_os2 = spec.header_bytes == 12;
    Bytes rest;
    if (is_os2) {
        append_little(rest, std::uint32_t(spec.size.width), 2);
        append_little(rest, std::uint32_t(spec.size.height), 2);
    } else {
        append_little(rest, std::uint32_t(spec.size.width), 4);
        append_little(rest, std::uint32_t(spec.top_down ? -spec.size.height : spec.size.height), 4);
    }
    append_little(rest, std::uint32_t(spec.planes), 2);
    append_little(rest, std::uint32_t(spec.bits), 2);
    if (!is_os2) {
        append_little(rest, std::uint32_t(spec.compression), 4);
        append_little(rest, std::uint32_t(pixels.size()), 4);
        append_little(rest, 4000, 4);
        append_little(rest, 5000, 4);
        append_little(rest, std::uint32_t(spec.palette_size_field), 4);
        append_little(rest, 0, 4);
    }
    for (std::uint32_t mask : spec.masks) append_little(rest, mask, 4);
    for (std::uint32_t colour : spec.palette) append_little(rest, colour, is_os2 ? 3 : 4);
    Bytes out{'B', 'M'};
    append_little(out, std::uint32_t(14 + 4 + rest.size() + pixels.size()), 4);
    append_little(out, 0, 4);
    append_little(out, std::uint32_t(14 + 4 + rest.size()), 4);
    append_little(out, std::uint32_t(spec.header_bytes), 4);
    out.insert(out.end(), rest.begin(), rest.end());
    out.insert(out.end(), pixels.begin(), pixels.end());
    return out;
}

} // namespace mg::test
