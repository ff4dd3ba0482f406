#include "codecs/tiff_writer.h"

#include <tiffio.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace mg::test {
namespace {

struct MemoryFile {
    Bytes bytes;
    std::size_t position = 0;
};
MemoryFile& file_of(thandle_t handle) {
    return *static_cast<MemoryFile*>(handle);
}

tmsize_t read_file(thandle_t handle, void* out, tmsize_t count) {
    MemoryFile& file = file_of(handle);
    auto const there = file.position < file.bytes.size() ? file.bytes.size() - file.position : 0;
    auto const taken = std::min(there, static_cast<std::size_t>(count));
    std::copy_n(file.bytes.data() + file.position, taken, static_cast<std::uint8_t*>(out));
    file.position += taken;
    return static_cast<tmsize_t>(taken);
}
tmsize_t write_file(thandle_t handle, void* in, tmsize_t count) {
    MemoryFile& file = file_of(handle);
    auto const size = static_cast<std::size_t>(count);
    if (file.position + size > file.bytes.size()) file.bytes.resize(file.position + size);
    std::copy_n(static_cast<std::uint8_t const*>(in), size, file.bytes.data() + file.position);
    file.position += size;
    return count;
}
toff_t seek_file(thandle_t handle, toff_t offset, int from) {
    MemoryFile& file = file_of(handle);
    std::size_t const base = from == SEEK_SET ? 0 : from == SEEK_CUR ? file.position : file.bytes.size();
    file.position = base + static_cast<std::size_t>(offset);
    return file.position;
}
int close_file(thandle_t) {
    return 0;
}
toff_t file_size(thandle_t handle) {
    return file_of(handle).bytes.size();
}

std::uint16_t half_from(double value) { // normal numbers and zero are enough here
    if (value == 0) return 0;
    int exponent = 0;
    double const fraction = std::frexp(std::abs(value), &exponent);
    auto const mantissa = static_cast<unsigned>(std::lround((fraction * 2 - 1) * 1024));
    return static_cast<std::uint16_t>((value < 0 ? 0x8000u : 0u) | (static_cast<unsigned>(exponent + 14) << 10) |
                                      mantissa);
}

/// Sign, 7 bits of exponent, 16 of fraction; exact numbers only.
std::uint32_t real_24_from(double value) {
    if (value == 0) return 0;
    int exponent = 0;
    double const fraction = std::frexp(std::abs(value), &exponent);
    auto const mantissa = static_cast<std::uint32_t>((fraction * 2 - 1) * 65536);
    return (value < 0 ? 0x800000u : 0u) | static_cast<std::uint32_t>(exponent + 62) << 16 | mantissa;
}

template <class T>
void append(Bytes& out, T value) {
    auto const* p = reinterpret_cast<std::uint8_t const*>(&value);
    out.insert(out.end(), p, p + sizeof value);
}

/// A row of numbers as libtiff wants it: machine order, or packed from the most significant bit.
Bytes packed(std::vector<double> const& row, TiffSpec const& spec) {
    Bytes out;
    if (spec.format == 3) {
        for (double v : row) {
            if (spec.bits == 16) append(out, half_from(v));
            if (spec.bits == 24)
                for (int shift = 0; shift < 24; shift += 8)
                    out.push_back(static_cast<std::uint8_t>(real_24_from(v) >> shift));
            if (spec.bits == 32) append(out, static_cast<float>(v));
            if (spec.bits == 64) append(out, v);
        }
        // libtiff's writer turns the bytes before its floating-point predictor, which wants them as they are.
        if (spec.predictor == 3 && spec.mode.find('b') != std::string::npos)
            for (std::size_t i = 0; i < out.size(); i += std::size_t(spec.bits / 8))
                std::reverse(out.begin() + std::ptrdiff_t(i), out.begin() + std::ptrdiff_t(i) + spec.bits / 8);
        return out;
    }
    bool const is_whole = spec.bits == 8 || spec.bits == 16 || spec.bits == 24 || spec.bits == 32 || spec.bits == 64;
    std::uint64_t held = 0;
    int held_bits = 0;
    for (double v : row) {
        std::uint64_t const number =
            v < 0 ? static_cast<std::uint64_t>(static_cast<std::int64_t>(v)) : static_cast<std::uint64_t>(v);
        if (is_whole) {
            for (int shift = 0; shift < spec.bits; shift += 8)
                out.push_back(static_cast<std::uint8_t>(number >> shift));
            continue;
        }
        held = held << spec.bits | (number & ((std::uint64_t{1} << spec.bits) - 1));
        for (held_bits += spec.bits; held_bits >= 8; held_bits -= 8)
            out.push_back(static_cast<std::uint8_t>(held >> (held_bits - 8)));
    }
    if (held_bits > 0) out.push_back(static_cast<std::uint8_t>(held << (8 - held_bits)));
    return out;
}

/// The numbers of one stored row: of all channels, or of one when they are separate; padded with zeros.
std::vector<double> row_values(TiffPageContent const& page, int y, int x, int width, int plane) {
    TiffSpec const& spec = page.spec;
    std::vector<double> row;
    for (int i = x; i < x + width; ++i)
        for (int c = 0; c < spec.samples; ++c) {
            if (spec.separate && c != plane) continue;
            bool const is_inside = i < spec.size.width && y < spec.size.height;
            auto const index = (std::size_t(y) * spec.size.width + std::size_t(i)) * spec.samples + std::size_t(c);
            row.push_back(is_inside ? page.values[index] : 0);
        }
    return row;
}

void write_page(TIFF* tiff, TiffPageContent const& page) {
    TiffSpec const& spec = page.spec;
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, spec.size.width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, spec.size.height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, spec.bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, spec.samples);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, spec.format);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, spec.photometric);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, spec.separate ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, spec.compression);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, spec.orientation);
    if (spec.holds_next) {
        toff_t place = 0;
        TIFFSetField(tiff, TIFFTAG_SUBIFD, 1, &place);
    }
    if (spec.predictor != 1) TIFFSetField(tiff, TIFFTAG_PREDICTOR, spec.predictor);
    if (spec.photometric == PHOTOMETRIC_YCBCR) TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    if (!spec.palette.empty()) {
        std::size_t const third = spec.palette.size() / 3;
        TIFFSetField(tiff, TIFFTAG_COLORMAP, spec.palette.data(), spec.palette.data() + third,
                     spec.palette.data() + 2 * third);
    }
    if (!spec.extra_samples.empty()) {
        std::vector<std::uint16_t> kinds(spec.extra_samples.begin(), spec.extra_samples.end());
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, static_cast<int>(kinds.size()), kinds.data());
    }
    for (TiffText const& text : page.texts) {
        std::string name = "Tag" + std::to_string(text.tag);
        TIFFFieldInfo info{static_cast<ttag_t>(text.tag), -1, -1, TIFF_ASCII, FIELD_CUSTOM, 1, 0, name.data()};
        if (text.tag >= 32768) TIFFMergeFieldInfo(tiff, &info, 1);
        TIFFSetField(tiff, static_cast<std::uint32_t>(text.tag), text.text.c_str());
    }
    if (page.resolution.x > 0) {
        TIFFSetField(tiff, TIFFTAG_XRESOLUTION, page.resolution.x);
        TIFFSetField(tiff, TIFFTAG_YRESOLUTION, page.resolution.y);
        TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, page.resolution.unit);
    }
    int const planes = spec.separate ? spec.samples : 1;
    if (spec.tile > 0) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, spec.tile);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, spec.tile);
        for (int plane = 0; plane < planes; ++plane)
            for (int top = 0; top < spec.size.height; top += spec.tile)
                for (int left = 0; left < spec.size.width; left += spec.tile) {
                    Bytes tile;
                    for (int y = top; y < top + spec.tile; ++y) {
                        Bytes const row = packed(row_values(page, y, left, spec.tile, plane), spec);
                        tile.insert(tile.end(), row.begin(), row.end());
                    }
                    TIFFWriteTile(tiff, tile.data(), std::uint32_t(left), std::uint32_t(top), 0, std::uint16_t(plane));
                }
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, spec.rows_per_strip);
        for (int plane = 0; plane < planes; ++plane)
            for (int y = 0; y < spec.size.height; ++y) {
                Bytes row = packed(row_values(page, y, 0, spec.size.width, plane), spec);
                TIFFWriteScanline(tiff, row.data(), std::uint32_t(y), std::uint16_t(plane));
            }
    }
    TIFFWriteDirectory(tiff);
}

} // namespace

Bytes write_tiff(std::vector<TiffPageContent> const& pages) {
    MemoryFile file;
    TIFFSetWarningHandler(nullptr); // it finds the old number of deflate worth a line
    TIFF* tiff = TIFFClientOpen("test", pages[0].spec.mode.c_str(), &file, read_file, write_file, seek_file, close_file,
                                file_size, nullptr, nullptr);
    if (!tiff) std::abort();
    for (TiffPageContent const& page : pages) write_page(tiff, page);
    TIFFClose(tiff);
    return std::move(file.bytes);
}

std::vector<double> ramp_values(TiffSpec const& spec) {
    std::size_t const count = static_cast<std::size_t>(spec.size.area()) * static_cast<std::size_t>(spec.samples);
    std::vector<double> values(count);
    double const levels = std::pow(2.0, std::min(spec.bits, 52));
    for (std::size_t i = 0; i < count; ++i) {
        double const part =
            static_cast<double>(i * 7919 % count) / static_cast<double>(count - 1); // 0..1, all different
        if (spec.format == 3)
            values[i] = spec.bits == 16 ? std::floor(part * 1024) / 4 - 100 : part * 3000 - 1000;
        else
            values[i] = std::floor(part * (levels - 1) + 0.5) - (spec.format == 2 ? levels / 2 : 0);
    }
    return values;
}

} // namespace mg::test
