// Windows and OS/2 bitmaps: 1, 2, 4, 8 bits with a palette, 16, 24, 32 bits with masks, RLE4 and RLE8, rows from below
// or from above. Reads headers with careless fields as well (planes of 0, wrong palette size), which microscope
// software writes, and rows without padding. Does not read JPEG or PNG inside a bitmap, nor OS/2's Huffman and 24-bit
// run lengths.
#include "codecs/plane_filler.h"

#include <algorithm>
#include <bit>

namespace mg {
namespace {

enum Compression : std::uint32_t {
    k_rgb = 0,
    k_rle8 = 1,
    k_rle4 = 2,
    k_masks = 3,
    k_jpeg = 4,
    k_png = 5,
    k_alpha_masks = 6
};

std::uint32_t number(ByteView file, std::size_t offset, std::size_t bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes && offset + i < file.size(); ++i)
        value |= std::uint32_t{file[offset + i]} << (8 * i);
    return value;
}
std::int32_t signed_number(ByteView file, std::size_t offset) {
    return static_cast<std::int32_t>(number(file, offset, 4));
}

struct Header {
    Size size;
    bool is_top_down = false;
    int bits = 8;
    std::uint32_t compression = k_rgb;
    std::size_t pixels_at = 0;
    std::size_t palette_at = 54;
    std::size_t palette_entry_bytes = 4;
    std::size_t palette_entries = 0;
    std::array<std::uint32_t, 4> masks{}; ///< red, green, blue, alpha

    bool is_rle() const { return compression == k_rle8 || compression == k_rle4; }
    bool is_indexed() const { return bits <= 8; }
    std::size_t row_bytes() const {
        return (static_cast<std::size_t>(size.width) * static_cast<std::size_t>(bits) + 7) / 8;
    }
    std::size_t padded_row_bytes() const { return (row_bytes() + 3) / 4 * 4; }
    int row_of(int line) const { return is_top_down ? line : size.height - 1 - line; }
};

constexpr std::size_t k_os2_header = 12, k_plain_header = 40;

Result<Header> read_header(DecodeInput const& input, Decoded& decoded) {
    ByteView const file = input.file;
    if (file.size() < 26) return cut_off(input, 0, 1, "headers");
    Header header;
    header.pixels_at = number(file, 10, 4);
    std::size_t header_bytes = number(file, 14, 4);
    if (header_bytes == k_os2_header) {
        header.palette_entry_bytes = 3;
        header.bits = static_cast<int>(number(file, 24, 2));
        MG_TRY(header.size, checked_size(input, number(file, 18, 2), number(file, 20, 2)));
    } else {
        if (header_bytes < 16 || header_bytes > 4096) {
            decoded.warnings.push_back("has a header of unknown length: read as a plain one");
            header_bytes = k_plain_header;
        }
        std::int64_t const height = signed_number(file, 22);
        header.is_top_down = height < 0;
        MG_TRY(header.size, checked_size(input, signed_number(file, 18), height < 0 ? -height : height));
        header.bits = static_cast<int>(number(file, 28, 2));
        if (header_bytes > 16) header.compression = number(file, 30, 4);
    }
    int const bits = header.bits;
    bool const is_os2 = header_bytes == 64; // its methods 3 and 4 are others
    if (!is_os2 && (header.compression == k_jpeg || header.compression == k_png))
        return file_error(input, ErrorCode::unsupported,
                          std::string("is a ") + (header.compression == k_png ? "PNG" : "JPEG") +
                              " wrapped in a bitmap, which cannot be read; save it as an uncompressed BMP, PNG or TIFF");
    if (bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32)
        return damaged(input, "says that a pixel has " + std::to_string(bits) + " bits");
    bool const has_masks = header.compression == k_masks || header.compression == k_alpha_masks;
    bool const is_known = header.compression == k_rgb || (header.compression == k_rle8 && bits == 8) ||
                          (header.compression == k_rle4 && bits == 4) || (has_masks && (bits == 16 || bits == 32));
    if (!is_known)
        return file_error(input, ErrorCode::unsupported,
                          "is compressed by method " + std::to_string(header.compression) +
                              ", which cannot be read; save it as an uncompressed BMP, PNG or TIFF");
    if (header.is_rle() && header.is_top_down)
        decoded.warnings.push_back("runs from above: not foreseen by the format");

    header.palette_at = 14 + header_bytes;
    if (has_masks) {
        for (std::size_t i = 0; i < 4; ++i) header.masks[i] = number(file, 54 + 4 * i, 4);
        if (header_bytes == k_plain_header) header.palette_at += header.compression == k_masks ? 12 : 16;
        if (header_bytes < 56 && header.compression == k_masks) header.masks[3] = 0;
    } else if (bits == 16) {
        header.masks = {0x7C00, 0x03E0, 0x001F, 0};
    } else if (bits == 32) {
        header.masks = {0xFF0000, 0x00FF00, 0x0000FF, 0};
    }
    if (header.is_indexed()) {
        std::size_t const all = std::size_t{1} << bits;
        std::size_t const end = std::min<std::size_t>(header.pixels_at, file.size());
        std::size_t const room = end > header.palette_at ? (end - header.palette_at) / header.palette_entry_bytes : 0;
        std::size_t const claimed = header_bytes >= k_plain_header ? number(file, 46, 4) : 0;
        header.palette_entries = std::min({all, room, claimed == 0 || claimed > all ? all : claimed});
    }
    if (header.pixels_at < 26 || header.pixels_at >= file.size()) return cut_off(input, 0, header.size.height, "rows");
    if (header_bytes >= k_plain_header) {
        std::int32_t const x = signed_number(file, 38), y = signed_number(file, 42);
        if (x > 0 && y > 0)
            decoded.resolution = Resolution{static_cast<double>(x), static_cast<double>(y), Resolution::Unit::metre};
    }
    return header;
}

Palette read_palette(ByteView file, Header const& header) {
    std::vector<std::array<std::uint16_t, 3>> entries;
    for (std::size_t i = 0; i < header.palette_entries; ++i) {
        std::size_t const at = header.palette_at + i * header.palette_entry_bytes; // blue, green, red
        auto level = [&](std::size_t c) { return static_cast<std::uint16_t>(number(file, at + c, 1) * 257); };
        entries.push_back({level(2), level(1), level(0)});
    }
    return make_palette(entries, header.bits);
}

/// Bytes from one row to the next; writers exist that leave out the padding.
Result<std::size_t> find_pitch(DecodeInput const& input, Header const& header, Decoded& decoded) {
    std::size_t const there = input.file.size() - header.pixels_at;
    auto const rows = static_cast<std::size_t>(header.size.height);
    // The last row's padding is often missing.
    if (there >= header.padded_row_bytes() * (rows - 1) + header.row_bytes()) return header.padded_row_bytes();
    if (there >= header.row_bytes() * rows && there < header.row_bytes() * rows + 4) {
        decoded.warnings.push_back("rows are not padded as the format asks");
        return header.row_bytes();
    }
    return cut_off(input, static_cast<std::int64_t>(there / header.padded_row_bytes()), header.size.height, "rows");
}

Result<Planes> read_indexed(DecodeInput const& input, Header const& header, Palette const& palette, Decoded& decoded) {
    MG_TRY(std::size_t const pitch, find_pitch(input, header, decoded));
    MG_TRY(PlaneFiller planes, PlaneFiller::create(input, header.size, palette.plane_count(), decoded));
    auto const bits = static_cast<std::size_t>(header.bits);
    for (int line = 0; line < header.size.height; ++line) {
        std::uint8_t const* row = input.file.data() + header.pixels_at + static_cast<std::size_t>(line) * pitch;
        for (int c = 0; c < palette.plane_count(); ++c)
            planes.put({c, 0, header.row_of(line), header.size.width}, [&](float* out) {
                float const* levels = palette.levels[static_cast<std::size_t>(c)].data();
                for (std::size_t x = 0; x < static_cast<std::size_t>(header.size.width); ++x)
                    out[x] = levels[row[x * bits / 8] >> (8 - bits - x * bits % 8) & ((1u << bits) - 1)];
            });
    }
    return planes.take();
}

/// With run lengths; what is stepped over takes next to nothing.
constexpr std::int64_t k_max_pixels_per_byte = 4096;

/// Run lengths: a count and an index; or 0 and: 0 end of row, 1 end of picture, 2 step right and up, n literal indices,
/// padded to 16 bits. Pixels that are stepped over keep index 0.
Result<Planes> read_runs(DecodeInput const& input, Header const& header, Palette const& palette, Decoded& decoded) {
    ByteView const data = input.file.subspan(header.pixels_at);
    Size const size = header.size;
    // A row takes two bytes at least (its end), or is stepped over, 255 rows in four bytes.
    if (size.area() / k_max_pixels_per_byte > static_cast<std::int64_t>(input.file.size()))
        return damaged(input, "is too small for the " + std::to_string(size.width) + " x " +
                                  std::to_string(size.height) + " px that it claims");
    if (static_cast<std::size_t>(size.height) / 64 > data.size()) return cut_off(input, 0, size.height, "rows");
    MG_TRY(auto indices, Image<std::uint8_t>::filled(size, 0));
    bool const is_4_bit = header.bits == 4;
    std::size_t at = 0;
    int x = 0, line = 0;
    bool is_beyond = false;
    auto put = [&](int index) {
        is_beyond = is_beyond || x >= size.width;
        if (x < size.width && line < size.height) indices.at(x, header.row_of(line)) = static_cast<std::uint8_t>(index);
        if (x < size.width) ++x;
    };
    while (line < size.height) {
        if (at + 2 > data.size()) {
            if (line == size.height - 1 && x >= size.width) break;
            return cut_off(input, line, size.height, "rows");
        }
        int const count = data[at], code = data[at + 1];
        at += 2;
        if (count > 0) {
            for (int i = 0; i < count; ++i) put(!is_4_bit ? code : i % 2 == 0 ? code >> 4 : code & 15);
        } else if (code == 0) {
            x = 0;
            ++line;
        } else if (code == 1) {
            break;
        } else if (code == 2) {
            if (at + 2 > data.size()) return cut_off(input, line, size.height, "rows");
            x = std::min(x + data[at], size.width);
            line += data[at + 1];
            at += 2;
        } else {
            auto const bytes = static_cast<std::size_t>(is_4_bit ? (code + 1) / 2 : code);
            if (at + bytes > data.size()) return cut_off(input, line, size.height, "rows");
            for (int i = 0; i < code; ++i) {
                int const value = data[at + static_cast<std::size_t>(is_4_bit ? i / 2 : i)];
                put(!is_4_bit ? value : i % 2 == 0 ? value >> 4 : value & 15);
            }
            at += (bytes + 1) / 2 * 2;
        }
    }
    if (is_beyond) decoded.warnings.push_back("runs reach beyond their rows: some pixels may be damaged");
    MG_TRY(PlaneFiller planes, PlaneFiller::create(input, size, palette.plane_count(), decoded));
    for (int c = 0; c < palette.plane_count(); ++c)
        for (int y = 0; y < size.height; ++y)
            planes.put({c, 0, y, size.width}, [&](float* out) {
                float const* levels = palette.levels[static_cast<std::size_t>(c)].data();
                for (int i = 0; i < size.width; ++i) out[i] = levels[indices.at(i, y)];
            });
    return planes.take();
}

Result<Planes> read_colours(DecodeInput const& input, Header const& header, Decoded& decoded) {
    MG_TRY(std::size_t const pitch, find_pitch(input, header, decoded));
    MG_TRY(PlaneFiller planes, PlaneFiller::create(input, header.size, 3, decoded));
    auto const pixel_bytes = static_cast<std::size_t>(header.bits) / 8;
    for (int c = 0; c < 3; ++c) {
        std::uint32_t const mask = header.masks[static_cast<std::size_t>(c)];
        int const shift = mask == 0 ? 0 : std::countr_zero(mask);
        float const white = mask == 0 ? 1.0f : static_cast<float>(mask >> shift);
        for (int line = 0; line < header.size.height; ++line) {
            std::uint8_t const* p = input.file.data() + header.pixels_at + static_cast<std::size_t>(line) * pitch;
            planes.put({c, 0, header.row_of(line), header.size.width}, [&](float* out) {
                for (int x = 0; x < header.size.width; ++x, p += pixel_bytes) {
                    if (header.bits == 24) {
                        out[x] = static_cast<float>(p[2 - c]) / 255.0f;
                        continue;
                    }
                    std::uint32_t pixel = std::uint32_t{p[0]} | std::uint32_t{p[1]} << 8;
                    if (header.bits == 32) pixel |= std::uint32_t{p[2]} << 16 | std::uint32_t{p[3]} << 24;
                    out[x] = static_cast<float>((pixel & mask) >> shift) / white;
                }
            });
        }
    }
    if (header.masks[3] != 0) decoded.warnings.push_back("alpha left out");
    return planes.take();
}

Result<Decoded> decode(DecodeInput const& input) {
    Decoded decoded;
    decoded.format = "BMP";
    decoded.bits = 8;
    decoded.range = {0, 255};
    MG_TRY(Header const header, read_header(input, decoded));
    if (!header.is_indexed()) {
        MG_TRY(Planes planes, read_colours(input, header, decoded));
        decoded.planes = shared(std::move(planes));
        return decoded;
    }
    Palette const palette = read_palette(input.file, header);
    describe_palette_image(decoded, palette, header.bits);
    MG_TRY(Planes planes,
           header.is_rle() ? read_runs(input, header, palette, decoded) : read_indexed(input, header, palette, decoded));
    decoded.planes = shared(std::move(planes));
    return decoded;
}

bool sniff(ByteView file) {
    return starts_with(file, "BM");
}

} // namespace

extern constinit Codec const k_codec_bmp;
constinit Codec const k_codec_bmp{sniff, decode};

} // namespace mg
