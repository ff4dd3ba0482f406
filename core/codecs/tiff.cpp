// TIFF through libtiff, from memory. Recorded values are kept: integers of up to 16 bits keep the range of their type,
// wider integers and reals are scaled by the range found in the data.
// Images larger than asked for are read strip by strip into a reduced one. What is turned or mirrored is set upright.
// Does not read: LogLuv and ITULab colours, cameras' raw data, complex numbers, old-style JPEG, LZMA, WebP, LERC.
// Sub-directories are not opened. docs/formats.md has the list, docs/limits.md the limits.
#include "codecs/format.h"

#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdlib>

#include "codecs/cielab.h"
#include "codecs/orientation.h"
#include "codecs/plane_filler.h"
#include "codecs/tiff_directory.h"
#include "codecs/tiff_samples.h"

namespace mg {
namespace {

/// Of pixel data as stored, without compression: 4 GiB.
constexpr std::uint64_t k_max_decoded_bytes = std::uint64_t{1} << 32;
/// What is decoded may be this many times larger than the file; deflate reaches 1032 on pixels that are all alike.
constexpr std::uint64_t k_max_expansion = 4096;
/// Up to here any expansion will do.
constexpr std::uint64_t k_harmless_bytes = std::uint64_t{1} << 26;
constexpr std::uint64_t k_max_tile_bytes = std::uint64_t{1} << 28;
constexpr tmsize_t k_max_libtiff_allocation = 1 << 29;

/// What libtiff works on: the file in memory, and where it leaves its messages.
struct Source {
    ByteView file;
    std::uint64_t position = 0;
    std::string first_error;
    int error_count = 0;
};

// --- libtiff's view of the file -------------------------------------------------------------------------------------

Source& source_of(thandle_t handle) {
    return *static_cast<Source*>(handle);
}

tmsize_t read_file(thandle_t handle, void* out, tmsize_t wanted) {
    Source& source = source_of(handle);
    if (wanted <= 0 || source.position >= source.file.size()) return 0;
    auto const count =
        std::min<std::uint64_t>(static_cast<std::uint64_t>(wanted), source.file.size() - source.position);
    std::memcpy(out, source.file.data() + source.position, static_cast<std::size_t>(count));
    source.position += count;
    return static_cast<tmsize_t>(count);
}
tmsize_t write_file(thandle_t, void*, tmsize_t) {
    return 0;
}
toff_t seek_file(thandle_t handle, toff_t offset, int from) {
    Source& source = source_of(handle);
    source.position = from == SEEK_SET   ? offset
                      : from == SEEK_CUR ? source.position + offset
                                         : source.file.size() + offset;
    return source.position;
}
int close_file(thandle_t) {
    return 0;
}
toff_t file_size(thandle_t handle) {
    return source_of(handle).file.size();
}
int map_file(thandle_t handle, void** base, toff_t* size) {
    Source& source = source_of(handle);
    *base = const_cast<std::uint8_t*>(source.file.data()); // opened for reading: libtiff writes nothing there
    *size = source.file.size();
    return 1;
}
void unmap_file(thandle_t, void*, toff_t) {}

int keep_error(TIFF*, void* user_data, char const* module, char const* format, va_list arguments) {
    Source& source = *static_cast<Source*>(user_data);
    if (source.error_count++ == 0) {
        char text[300];
        std::vsnprintf(text, sizeof text, format, arguments);
        source.first_error = module && *module ? std::string(module) + ": " + text : std::string(text);
    }
    return 1;
}
int drop_warning(TIFF*, void*, char const*, char const*, va_list) {
    return 1;
}

struct Close {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using Handle = std::unique_ptr<TIFF, Close>;

Handle open_tiff(Source& source) {
    TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
    if (!options) return nullptr;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, k_max_libtiff_allocation);
    TIFFOpenOptionsSetErrorHandlerExtR(options, keep_error, &source);
    TIFFOpenOptionsSetWarningHandlerExtR(options, drop_warning, &source);
    // r: read; h: no page yet; c: strips as they are stored, not cut into smaller ones
    Handle handle(TIFFClientOpenExt("image", "rhc", &source, read_file, write_file, seek_file, close_file, file_size,
                                    map_file, unmap_file, options));
    TIFFOpenOptionsFree(options);
    return handle;
}

// --- how the pixels are stored ---------------------------------------------------------------------------------------

template <class T>
T field(TIFF* tiff, std::uint32_t tag, T fallback) {
    T value{};
    return TIFFGetFieldDefaulted(tiff, tag, &value) ? value : fallback;
}

struct Layout {
    Size size;
    SampleFormat format;
    int samples = 1; ///< per pixel
    int compression = 1;
    int photometric = PHOTOMETRIC_MINISBLACK;
    bool is_separate = false; ///< one plane after the other
    bool is_tiled = false;
    int colours = 1; ///< 1 grey or index, 3 RGB, 4 CMYK: the first so many samples

    std::string_view parts() const { return is_tiled ? "tiles" : "strips"; }
    /// "strip 3 of 49"
    std::string part(std::uint32_t index, std::uint32_t count) const {
        return (is_tiled ? "tile " : "strip ") + std::to_string(index + 1) + " of " + std::to_string(count);
    }
    int planes_stored() const { return is_separate ? colours : 1; }
};

std::string compression_name(int method) {
    struct Name {
        int method;
        char const* name;
    };
    static constexpr Name k_names[] = {
        {6, "old-style JPEG"}, {33003, "JPEG 2000"}, {33005, "JPEG 2000"}, {34676, "SGI LogLuv"}, {34677, "SGI LogLuv"},
        {34712, "JPEG 2000"},  {34887, "LERC"},      {34925, "LZMA"},      {50001, "WebP"},       {50002, "JPEG XL"}};
    for (Name const& known : k_names)
        if (known.method == method) return known.name;
    return "method " + std::to_string(method);
}

std::string colour_name(int photometric) {
    switch (photometric) {
    case PHOTOMETRIC_ITULAB:
        return "ITULab colours";
    case PHOTOMETRIC_LOGL:
    case PHOTOMETRIC_LOGLUV:
        return "LogLuv colours";
    case 32803:
    case 34892:
        return "a camera's raw data";
    default:
        return "colours of an unknown kind (" + std::to_string(photometric) + ")";
    }
}

Error too_small(DecodeInput const& input, Size size) {
    return damaged(input, "is too small for the " + std::to_string(size.width) + " x " + std::to_string(size.height) +
                              " px that it claims");
}

std::string first_error_text(Source const& source) {
    return source.first_error.empty() ? std::string() : " (" + source.first_error + ")";
}

Result<Layout> read_layout(TIFF* tiff, DecodeInput const& input, Decoded& decoded) {
    Layout layout;
    MG_TRY(layout.size, checked_size(input, field<std::uint32_t>(tiff, TIFFTAG_IMAGEWIDTH, 0),
                                     field<std::uint32_t>(tiff, TIFFTAG_IMAGELENGTH, 0)));
    auto unsupported = [&](std::string const& what) {
        return file_error(input, ErrorCode::unsupported, what + "; save it as an uncompressed grey or RGB TIFF");
    };
    layout.format.bits = field<std::uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE, 1);
    layout.samples = field<std::uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    layout.compression = field<std::uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    layout.is_separate =
        layout.samples > 1 && field<std::uint16_t>(tiff, TIFFTAG_PLANARCONFIG, 1) == PLANARCONFIG_SEPARATE;
    layout.is_tiled = TIFFIsTiled(tiff) != 0;

    int const format = field<std::uint16_t>(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    if (format == SAMPLEFORMAT_COMPLEXIEEEFP || format == SAMPLEFORMAT_COMPLEXINT)
        return unsupported("holds complex numbers");
    if (format == SAMPLEFORMAT_INT) layout.format.kind = SampleFormat::Kind::signed_integer;
    if (format == SAMPLEFORMAT_IEEEFP) layout.format.kind = SampleFormat::Kind::real;
    if (!layout.format.is_supported())
        return unsupported("holds " + std::to_string(layout.format.bits) + "-bit " +
                           (format == SAMPLEFORMAT_IEEEFP ? "reals" : "integers") + ", which cannot be read");
    if (!TIFFIsCODECConfigured(static_cast<std::uint16_t>(layout.compression)))
        return unsupported("is compressed by " + compression_name(layout.compression) + ", which cannot be read");

    std::uint16_t photometric = 0;
    if (TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric)) {
        layout.photometric = photometric;
    } else {
        layout.photometric = layout.samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
        decoded.warnings.push_back("does not say what its numbers mean: taken as brightness");
    }
    switch (layout.photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_MASK:
        break;
    case PHOTOMETRIC_RGB:
    case PHOTOMETRIC_YCBCR:
        layout.colours = layout.samples >= 3 ? 3 : 1;
        break;
    case PHOTOMETRIC_SEPARATED:
        if (layout.samples < 4) return unsupported("holds ink amounts other than CMYK");
        layout.colours = 4;
        break;
    case PHOTOMETRIC_CIELAB:
    case PHOTOMETRIC_ICCLAB:
        if (layout.samples < 3 || layout.format.kind == SampleFormat::Kind::real ||
            (layout.format.bits != 8 && layout.format.bits != 16))
            return unsupported("holds CIELab colours in another form than three numbers of 8 or 16 bits");
        layout.colours = 3;
        break;
    case PHOTOMETRIC_PALETTE:
        if (layout.format.kind == SampleFormat::Kind::real || layout.format.bits > 16)
            return unsupported("has a palette of " + std::to_string(layout.format.bits) + "-bit numbers");
        layout.format.kind = SampleFormat::Kind::unsigned_integer;
        break;
    default:
        return unsupported("holds " + colour_name(layout.photometric) + ", which cannot be read");
    }
    double const bytes = static_cast<double>(layout.size.area()) * layout.samples * std::max(8, layout.format.bits) / 8;
    if (bytes > static_cast<double>(k_max_decoded_bytes))
        return file_error(input, ErrorCode::too_large, "holds more than 4 GiB of pixel data; cut or scale it first");
    if (bytes > static_cast<double>(k_harmless_bytes) &&
        bytes > static_cast<double>(input.file.size()) * static_cast<double>(k_max_expansion))
        return too_small(input, layout.size);
    return layout;
}

/// Every strip or tile must lie within the file, before any memory is taken for pixels.
Status check_parts(TIFF* tiff, DecodeInput const& input, Layout const& layout) {
    std::uint32_t const count = layout.is_tiled ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
    if (count == 0) return damaged(input, "has no pixel data");
    bool const is_raw = layout.compression == COMPRESSION_NONE;
    std::uint64_t const tile_bytes = layout.is_tiled ? TIFFTileSize64(tiff) : 0;
    std::uint32_t const rows = std::min(field<std::uint32_t>(tiff, TIFFTAG_ROWSPERSTRIP, UINT32_MAX),
                                        static_cast<std::uint32_t>(layout.size.height));
    if (rows == 0) return damaged(input, "has strips without rows");
    std::uint32_t const per_plane = layout.is_separate ? std::max<std::uint32_t>(1, count / layout.samples) : count;
    // Planes that are left out may be missing.
    std::uint32_t const needed =
        layout.is_separate ? std::min(count, per_plane * static_cast<std::uint32_t>(layout.colours)) : count;
    std::uint64_t raw_bytes = 0;
    for (std::uint32_t i = 0; i < needed; ++i) {
        std::uint64_t const offset = TIFFGetStrileOffset(tiff, i);
        std::uint64_t bytes = TIFFGetStrileByteCount(tiff, i);
        if (offset == 0 || bytes == 0) return damaged(input, layout.part(i, count) + " is missing");
        if (is_raw) {
            std::uint32_t const first_row = i % per_plane * rows;
            bytes = layout.is_tiled
                        ? tile_bytes
                        : TIFFVStripSize64(
                              tiff,
                              std::min(rows, static_cast<std::uint32_t>(layout.size.height) -
                                                 std::min(first_row, static_cast<std::uint32_t>(layout.size.height))));
            raw_bytes += bytes;
        }
        if (offset > input.file.size() || bytes > input.file.size() - offset)
            return cut_off(input, i, count, layout.parts());
    }
    if (raw_bytes > input.file.size()) return too_small(input, layout.size);
    return Done{};
}

// --- reading ---------------------------------------------------------------------------------------------------------

struct Free {
    void operator()(std::uint8_t* p) const { std::free(p); }
};
using Buffer = std::unique_ptr<std::uint8_t, Free>;

/// A stretch of one stored row, as libtiff decoded it.
struct StoredRun {
    std::uint8_t const* bytes;
    int plane; ///< stored plane; 0 when the samples are interleaved
    int x, y, count;
};

class PixelReader {
public:
    PixelReader(TIFF* tiff, DecodeInput const& input, Layout const& layout, Source const& source)
        : m_tiff(tiff), m_input(input), m_layout(layout), m_source(source) {
        if (layout.is_tiled) {
            m_tile_width = field<std::uint32_t>(tiff, TIFFTAG_TILEWIDTH, 0);
            m_tile_height = field<std::uint32_t>(tiff, TIFFTAG_TILELENGTH, 0);
        }
    }

    Status prepare() {
        std::uint64_t const bytes = m_layout.is_tiled ? TIFFTileSize64(m_tiff) : TIFFScanlineSize64(m_tiff);
        std::uint64_t const row_bytes = m_layout.is_tiled ? TIFFTileRowSize64(m_tiff) : bytes;
        std::uint64_t const row_samples =
            static_cast<std::uint64_t>(m_layout.is_separate ? 1 : m_layout.samples) *
            (m_layout.is_tiled ? m_tile_width : static_cast<std::uint64_t>(m_layout.size.width));
        // What the rows are read as must be what libtiff writes.
        if (bytes == 0 || row_bytes == 0 ||
            row_bytes != (row_samples * static_cast<std::uint64_t>(m_layout.format.bits) + 7) / 8)
            return damaged(m_input, "has a layout of pixels that contradicts itself" + first_error_text(m_source));
        if (bytes > k_max_tile_bytes)
            return file_error(m_input, ErrorCode::too_large, "has tiles or rows of more than 256 MiB");
        m_row_bytes = static_cast<std::size_t>(row_bytes);
        m_buffer.reset(static_cast<std::uint8_t*>(std::calloc(static_cast<std::size_t>(bytes) + 8, 1)));
        if (!m_buffer) return file_error(m_input, ErrorCode::out_of_memory, "not enough memory to read it");
        return Done{};
    }

    /// Decodes the first part only: a file that fails here gets no memory for its pixels.
    Status probe() { return m_layout.is_tiled ? read_tile(0, 0, 0) : read_row(0, 0); }

    /// visit(StoredRun) for all pixels, each once per stored plane.
    template <class Visit>
    Status for_each_run(Visit visit) {
        Size const size = m_layout.size;
        for (int plane = 0; plane < m_layout.planes_stored(); ++plane) {
            if (!m_layout.is_tiled) {
                for (int y = 0; y < size.height; ++y) {
                    MG_TRY_DO(read_row(y, plane));
                    visit(StoredRun{m_buffer.get(), plane, 0, y, size.width});
                }
                continue;
            }
            for (std::int64_t top = 0; top < size.height; top += m_tile_height)
                for (std::int64_t left = 0; left < size.width; left += m_tile_width) {
                    int const x = static_cast<int>(left), y = static_cast<int>(top);
                    MG_TRY_DO(read_tile(x, y, plane));
                    int const width = static_cast<int>(std::min<std::int64_t>(m_tile_width, size.width - left));
                    int const height = static_cast<int>(std::min<std::int64_t>(m_tile_height, size.height - top));
                    for (int row = 0; row < height; ++row)
                        visit(StoredRun{m_buffer.get() + static_cast<std::size_t>(row) * m_row_bytes, plane, x, y + row,
                                        width});
                }
        }
        return Done{};
    }

private:
    Status read_row(int y, int plane) {
        auto const row = static_cast<std::uint32_t>(y);
        if (TIFFReadScanline(m_tiff, m_buffer.get(), row, static_cast<std::uint16_t>(plane)) == 1) return Done{};
        return failed(TIFFComputeStrip(m_tiff, row, static_cast<std::uint16_t>(plane)), TIFFNumberOfStrips(m_tiff));
    }
    Status read_tile(int x, int y, int plane) {
        auto const left = static_cast<std::uint32_t>(x), top = static_cast<std::uint32_t>(y);
        auto const sample = static_cast<std::uint16_t>(plane);
        if (TIFFReadTile(m_tiff, m_buffer.get(), left, top, 0, sample) >= 0) return Done{};
        return failed(TIFFComputeTile(m_tiff, left, top, 0, sample), TIFFNumberOfTiles(m_tiff));
    }
    Error failed(std::uint32_t part, std::uint32_t count) const {
        return damaged(m_input, m_layout.part(part, count) + " cannot be decoded" + first_error_text(m_source));
    }

    TIFF* m_tiff;
    DecodeInput const& m_input;
    Layout const& m_layout;
    Source const& m_source;
    std::uint32_t m_tile_width = 0, m_tile_height = 0;
    std::size_t m_row_bytes = 0;
    Buffer m_buffer;
};

/// use(colour, SampleRun) for each colour that a stored run holds.
template <class Use>
void for_each_colour(Layout const& layout, StoredRun const& run, Use use) {
    if (layout.is_separate) return use(run.plane, SampleRun{run.bytes, 0, 1, run.count});
    for (int c = 0; c < layout.colours; ++c) use(c, SampleRun{run.bytes, c, layout.samples, run.count});
}

Result<Palette> read_palette(TIFF* tiff, DecodeInput const& input, int bits) {
    std::uint16_t *red = nullptr, *green = nullptr, *blue = nullptr;
    if (!TIFFGetField(tiff, TIFFTAG_COLORMAP, &red, &green, &blue) || !red || !green || !blue)
        return damaged(input, "has colour numbers but no palette");
    std::vector<std::array<std::uint16_t, 3>> entries;
    std::uint16_t highest = 0;
    for (std::size_t i = 0; i < std::size_t{1} << bits; ++i) {
        entries.push_back({red[i], green[i], blue[i]});
        highest = std::max({highest, red[i], green[i], blue[i]});
    }
    if (highest < 256) // some writers give 8-bit levels
        for (auto& entry : entries)
            for (std::uint16_t& level : entry) level = static_cast<std::uint16_t>(level * 257);
    return make_palette(entries, bits);
}

Result<Planes> read_indexed(TIFF* tiff, DecodeInput const& input, Layout const& layout, PixelReader& reader,
                            Decoded& decoded) {
    MG_TRY(Palette const palette, read_palette(tiff, input, layout.format.bits));
    describe_palette_image(decoded, palette, layout.format.bits);
    MG_TRY_DO(reader.probe());
    MG_TRY(PlaneFiller planes, PlaneFiller::create(input, layout.size, palette.plane_count(), decoded));
    SampleReader samples(layout.format);
    std::vector<std::uint16_t> indices(static_cast<std::size_t>(layout.size.width));
    MG_TRY_DO(reader.for_each_run([&](StoredRun const& run) {
        int const step = layout.is_separate ? 1 : layout.samples;
        samples.indices({run.bytes, 0, step, run.count}, indices.data());
        for (int c = 0; c < palette.plane_count(); ++c)
            planes.put({c, run.x, run.y, run.count}, [&](float* out) {
                float const* levels = palette.levels[static_cast<std::size_t>(c)].data();
                for (int i = 0; i < run.count; ++i) out[i] = levels[indices[static_cast<std::size_t>(i)]];
            });
    }));
    return planes.take();
}

/// R = (1 - C)(1 - K), without colour management.
void convert_cmyk(Planes& planes) {
    std::int64_t const count = planes[0].size().area();
    float const* key = planes[3].data();
    for (int c = 0; c < 3; ++c) {
        float* colour = planes[static_cast<std::size_t>(c)].data();
        for (std::int64_t i = 0; i < count; ++i) colour[i] = (1.0f - colour[i]) * (1.0f - key[i]);
    }
    planes.pop_back();
}

Result<Planes> read_values(DecodeInput const& input, Layout const& layout, PixelReader& reader, Decoded& decoded) {
    SampleReader samples(layout.format);
    if (auto range = layout.format.range()) {
        decoded.range = *range;
        MG_TRY_DO(reader.probe());
    } else {
        FoundRange found;
        MG_TRY_DO(reader.for_each_run([&](StoredRun const& run) {
            for_each_colour(layout, run, [&](int, SampleRun const& part) { samples.find_range(part, found); });
        }));
        decoded.range = found.range();
        if (found.not_numbers > 0)
            decoded.warnings.push_back(std::to_string(found.not_numbers) + " values are no numbers: shown black");
    }
    if (layout.photometric == PHOTOMETRIC_MINISWHITE) {
        std::swap(decoded.range.black, decoded.range.white);
        decoded.warnings.push_back("stored with white as the lowest number: larger numbers are shown darker");
    }
    MG_TRY(PlaneFiller filler, PlaneFiller::create(input, layout.size, layout.colours, decoded));
    MG_TRY_DO(reader.for_each_run([&](StoredRun const& run) {
        for_each_colour(layout, run, [&](int c, SampleRun const& part) {
            filler.put({c, run.x, run.y, run.count},
                       [&](float* out) { samples.normalise(part, decoded.range, out); });
        });
    }));
    Planes planes = filler.take();
    if (layout.colours == 4) {
        convert_cmyk(planes);
        decoded.warnings.push_back("CMYK colours, converted to RGB without a profile");
    }
    return planes;
}

/// How stored numbers are L*, a*, b*: (number - zero) / one. TIFF 6.0, section 23, has a*, b* with a sign; Adobe's
/// ICCLab adds half the range, and 16-bit L* ends at 65280.
struct LabScale {
    SampleFormat::Kind kind;
    double zero, one;
};

Result<Planes> read_lab(DecodeInput const& input, Layout const& layout, PixelReader& reader, Decoded& decoded) {
    using Kind = SampleFormat::Kind;
    bool const is_icc = layout.photometric == PHOTOMETRIC_ICCLAB;
    bool const is_8_bit = layout.format.bits == 8;
    double const unit = is_8_bit ? 1 : 256; // of a*, b*
    LabScale const lightness{Kind::unsigned_integer, 0, (is_8_bit ? 255.0 : is_icc ? 65280.0 : 65535.0) / 100};
    LabScale const ab = is_icc ? LabScale{Kind::unsigned_integer, 128 * unit, unit} : LabScale{Kind::signed_integer, 0, unit};
    SampleReader lightness_reader({lightness.kind, layout.format.bits}), ab_reader({ab.kind, layout.format.bits});

    MG_TRY_DO(reader.probe());
    MG_TRY(PlaneFiller filler, PlaneFiller::create(input, layout.size, 3, decoded));
    MG_TRY_DO(reader.for_each_run([&](StoredRun const& run) {
        for_each_colour(layout, run, [&](int c, SampleRun const& part) {
            LabScale const& scale = c == 0 ? lightness : ab;
            ValueRange const range{scale.zero, scale.zero + scale.one};
            filler.put({c, run.x, run.y, run.count},
                       [&](float* out) { (c == 0 ? lightness_reader : ab_reader).normalise(part, range, out); });
        });
    }));
    Planes planes = filler.take();
    srgb_from_cielab(planes[0].data(), planes[1].data(), planes[2].data(), planes[0].size().area());
    decoded.range = {0, is_8_bit ? 255.0 : 65535.0};
    decoded.warnings.push_back("CIELab colours, converted to sRGB");
    return planes;
}

/// Subsampled YCbCr that is not JPEG: libtiff's own conversion to 8-bit RGB.
Result<Planes> read_ycbcr(TIFF* tiff, DecodeInput const& input, Layout const& layout, Source const& source,
                          Decoded& decoded) {
    if (reduction_for(layout.size, input.largest_pixels) > 1)
        return file_error(input, ErrorCode::too_large,
                          "has YCbCr colours, which are read at full size only; save it as an uncompressed RGB TIFF");
    auto made = Image<std::uint32_t>::create(layout.size);
    if (!made) return file_error(input, made.error().code, made.error().message);
    Image<std::uint32_t> raster = std::move(made).value();
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT); // of the raster; the planes are turned afterwards
    if (!TIFFReadRGBAImageOriented(tiff, static_cast<std::uint32_t>(layout.size.width),
                                   static_cast<std::uint32_t>(layout.size.height), raster.data(), ORIENTATION_TOPLEFT,
                                   1))
        return damaged(input, "has YCbCr colours that cannot be decoded" + first_error_text(source));
    MG_TRY(Planes planes, make_planes(input, layout.size, 3));
    decoded.size = layout.size;
    for (int y = 0; y < layout.size.height; ++y)
        for (int x = 0; x < layout.size.width; ++x) {
            std::uint32_t const pixel = raster.at(x, y);
            planes[0].at(x, y) = static_cast<float>(TIFFGetR(pixel)) / 255.0f;
            planes[1].at(x, y) = static_cast<float>(TIFFGetG(pixel)) / 255.0f;
            planes[2].at(x, y) = static_cast<float>(TIFFGetB(pixel)) / 255.0f;
        }
    decoded.bits = 8;
    decoded.range = {0, 255};
    return planes;
}

/// By the kind of its colours, as stored: not yet turned.
Result<Planes> read_pixels(TIFF* tiff, DecodeInput const& input, Layout const& layout, Source& source,
                           Decoded& decoded) {
    bool const is_jpeg = layout.compression == COMPRESSION_JPEG;
    if (layout.photometric == PHOTOMETRIC_YCBCR && layout.colours == 3) {
        if (!is_jpeg || layout.is_separate) return read_ycbcr(tiff, input, layout, source, decoded);
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    }
    PixelReader reader(tiff, input, layout, source);
    MG_TRY_DO(reader.prepare());
    source.error_count = 0;
    source.first_error.clear();
    bool const is_lab = layout.photometric == PHOTOMETRIC_CIELAB || layout.photometric == PHOTOMETRIC_ICCLAB;
    MG_TRY(Planes planes, layout.photometric == PHOTOMETRIC_PALETTE ? read_indexed(tiff, input, layout, reader, decoded)
                          : is_lab                                  ? read_lab(input, layout, reader, decoded)
                                                                    : read_values(input, layout, reader, decoded));
    if (source.error_count > 0) decoded.warnings.push_back("some pixels may be damaged" + first_error_text(source));
    return planes;
}

/// Turns the planes, and with them what is said of their sides.
Status set_upright(DecodeInput const& input, int orientation, Planes planes, Decoded& decoded) {
    if (orientation >= 2 && orientation <= 8) {
        MG_TRY(planes, upright(input, std::move(planes), orientation));
        decoded.warnings.push_back("turned or mirrored as the file says (orientation " + std::to_string(orientation) +
                                   ")");
        if (swaps_sides(orientation)) {
            std::swap(decoded.size.width, decoded.size.height);
            std::swap(decoded.stored_size.width, decoded.stored_size.height);
            if (decoded.resolution) std::swap(decoded.resolution->x, decoded.resolution->y);
        }
    }
    decoded.planes = shared(std::move(planes));
    return Done{};
}

Result<Decoded> decode(DecodeInput const& input) {
    TiffDirectories directories = read_tiff_directories(input.file);
    if (directories.pages.empty()) return damaged(input, "the list of its pages lies beyond its end, or is empty");
    auto const page_count = static_cast<int>(directories.pages.size());
    Decoded decoded;
    decoded.format = "TIFF";
    decoded.page_count = page_count;
    decoded.big_endian = directories.big_endian;
    decoded.fields = std::move(directories.fields);
    decoded.warnings = std::move(directories.warnings);
    if (input.page < 0 || input.page >= page_count) return decoded; // decode_image says so
    TiffPage const& page = directories.pages[static_cast<std::size_t>(input.page)];
    decoded.resolution = page.resolution;
    if (page_count > 1)
        decoded.warnings.push_back(std::to_string(page_count) + " pages: page " + std::to_string(input.page + 1) +
                                   " is shown");

    // Before libtiff, which would make room for the strips of any height.
    constexpr std::uint64_t k_any = std::uint64_t{1} << 40;
    MG_TRY_DO(checked_size(input, static_cast<std::int64_t>(std::min(page.width, k_any)),
                           static_cast<std::int64_t>(std::min(page.height, k_any))));

    Source source{input.file, 0, {}, 0};
    Handle const handle = open_tiff(source);
    TIFF* tiff = handle.get();
    if (!tiff || !TIFFSetSubDirectory(tiff, page.offset))
        return damaged(input, "its list of tags cannot be read" + first_error_text(source));
    MG_TRY(Layout layout, read_layout(tiff, input, decoded));
    decoded.bits = layout.format.bits;
    decoded.is_float = layout.format.kind == SampleFormat::Kind::real;
    MG_TRY_DO(check_parts(tiff, input, layout));

    int const orientation = field<std::uint16_t>(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    if (layout.samples > layout.colours)
        decoded.warnings.push_back(layout.samples == layout.colours + 1
                                       ? std::string("alpha left out")
                                       : std::to_string(layout.samples - layout.colours) + " extra channels left out");

    if (page.sub_images > 0)
        decoded.warnings.push_back(
            page.sub_images == 1 ? std::string("holds another image inside this page, a preview or a detail: not opened")
                                 : "holds " + std::to_string(page.sub_images) +
                                       " more images inside this page, previews or details: not opened");
    MG_TRY(Planes planes, read_pixels(tiff, input, layout, source, decoded));
    MG_TRY_DO(set_upright(input, orientation, std::move(planes), decoded));
    return decoded;
}

bool sniff(ByteView file) {
    using namespace std::string_view_literals;
    return starts_with(file, "II*\0"sv) || starts_with(file, "MM\0*"sv) || starts_with(file, "II+\0"sv) ||
           starts_with(file, "MM\0+"sv);
}

} // namespace

extern constinit Codec const k_codec_tiff;
constinit Codec const k_codec_tiff{sniff, decode};

} // namespace mg
