// PNG out, through stb_image_write with libdeflate behind its compression hook.
// stb writes rows of whole bytes and knows 8 bits only. So rows go to it unfiltered, 16-bit samples as pairs of bytes;
// the hook filters them before it compresses, and the header is set right afterwards. Filter: for each band of rows the
// one with which a few sampled rows pack smallest. The usual sum of absolute differences fails on shot noise of few
// levels, where no filter at all is a sixth smaller; so does the residuals' entropy on smooth pictures, whose residuals
// repeat from row to row.
#include "codecs/codec.h"

#include <libdeflate.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/clones.h"
#include "base/memory.h"
#include "codecs/png_chunks.h"

namespace mg {
namespace {
unsigned char* filter_and_deflate(unsigned char* rows, int bytes, int* out_bytes, int quality);
std::uint32_t checksum(void const* data, int bytes) {
    return libdeflate_crc32(0, data, static_cast<std::size_t>(bytes));
}
} // namespace
} // namespace mg

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#define STBIW_ZLIB_COMPRESS mg::filter_and_deflate
#define STBIW_CRC32 mg::checksum
#define STBIW_MALLOC mg::allocate_pixels
#define STBIW_REALLOC std::realloc
#define STBIW_FREE std::free
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb_image_write.h>
#pragma GCC diagnostic pop

namespace mg {
namespace {

struct RowLayout {
    std::size_t row_bytes = 0;   ///< without the filter byte
    std::size_t pixel_bytes = 1; ///< distance that filters look back
    int level = 1;
};
// stb's hook has no place for a context of ours.
thread_local constinit RowLayout const* t_layout = nullptr;

// --- filters (PNG 1.2, section 6) ------------------------------------------------------------------------------------

struct Row {
    std::uint8_t const* bytes;
    std::uint8_t const* above;
    std::size_t count;
    std::size_t back; ///< bytes per pixel
};

MG_CLONES void filter_sub(Row row, std::uint8_t* __restrict out) {
    std::uint8_t const* left = row.bytes - row.back;
    for (std::size_t i = row.back; i < row.count; ++i) out[i] = static_cast<std::uint8_t>(row.bytes[i] - left[i]);
}
MG_CLONES void filter_up(Row row, std::uint8_t* __restrict out) {
    for (std::size_t i = 0; i < row.count; ++i) out[i] = static_cast<std::uint8_t>(row.bytes[i] - row.above[i]);
}
MG_CLONES void filter_average(Row row, std::uint8_t* __restrict out) {
    std::uint8_t const* left = row.bytes - row.back;
    for (std::size_t i = row.back; i < row.count; ++i) {
        auto const mean = static_cast<std::uint16_t>(left[i] + row.above[i]) >> 1;
        out[i] = static_cast<std::uint8_t>(row.bytes[i] - mean);
    }
}
MG_CLONES void filter_paeth(Row row, std::uint8_t* __restrict out) {
    std::uint8_t const* left = row.bytes - row.back;
    std::uint8_t const* above_left = row.above - row.back;
    for (std::size_t i = row.back; i < row.count; ++i) {
        std::int16_t const a = left[i], b = row.above[i], c = above_left[i];
        auto const from_a = static_cast<std::int16_t>(b > c ? b - c : c - b);
        auto const from_b = static_cast<std::int16_t>(a > c ? a - c : c - a);
        auto const sum = static_cast<std::int16_t>(a + b - 2 * c);
        auto const from_c = static_cast<std::int16_t>(sum < 0 ? -sum : sum);
        std::int16_t const b_or_c = from_b <= from_c ? b : c;
        std::int16_t const best = from_a <= from_b && from_a <= from_c ? a : b_or_c;
        out[i] = static_cast<std::uint8_t>(row.bytes[i] - best);
    }
}

constexpr int k_filter_count = 5;

void filter(int kind, Row row, std::uint8_t* out) {
    std::size_t const first = std::min(row.back, row.count);
    for (std::size_t i = 0; i < first; ++i) { // nothing to the left
        int const predicted = kind == 2 || kind == 4 ? row.above[i] : kind == 3 ? row.above[i] / 2 : 0;
        out[i] = static_cast<std::uint8_t>(row.bytes[i] - predicted);
    }
    switch (kind) {
    case 0:
        std::copy_n(row.bytes, row.count, out);
        return;
    case 1:
        return filter_sub(row, out);
    case 2:
        return filter_up(row, out);
    case 3:
        return filter_average(row, out);
    default:
        return filter_paeth(row, out);
    }
}

// --- choice of the filter --------------------------------------------------------------------------------------------
constexpr int k_fast_level = 1;
constexpr int k_repetitive_level = 6;
constexpr std::size_t k_band_rows = 128;
constexpr std::size_t k_sampled_rows = 8; ///< of a band, in a row

class Filterer {
public:
    Filterer(std::uint8_t* rows, std::size_t row_count, RowLayout const& layout, libdeflate_compressor* compressor)
        : m_rows(rows), m_row_count(row_count), m_layout(layout), m_compressor(compressor), m_zeros(layout.row_bytes),
          m_filtered(layout.row_bytes), m_sample(k_sampled_rows * layout.row_bytes),
          m_packed(libdeflate_deflate_compress_bound(compressor, m_sample.size())) {}

    /// In place, from the last row up: a filter looks at the unfiltered row above.
    void run() {
        std::size_t const bands = (m_row_count + k_band_rows - 1) / k_band_rows;
        for (std::size_t band = bands; band-- > 0;) {
            std::size_t const first = band * k_band_rows;
            std::size_t const end = std::min(first + k_band_rows, m_row_count);
            int const kind = best_filter(first, end);
            for (std::size_t y = end; y-- > first;) {
                std::uint8_t* out = m_rows + y * (m_layout.row_bytes + 1);
                out[0] = static_cast<std::uint8_t>(kind);
                if (kind == 0) continue;
                filter(kind, row(y), m_filtered.data());
                std::copy(m_filtered.begin(), m_filtered.end(), out + 1);
            }
        }
    }
    /// Drawings and label maps repeat themselves: there a longer search for repetitions pays, and is quick.
    bool is_repetitive() const { return 8 * m_packed_bytes < m_sampled_bytes; }

private:
    Row row(std::size_t y) const {
        std::uint8_t const* bytes = m_rows + y * (m_layout.row_bytes + 1) + 1;
        return {bytes, y == 0 ? m_zeros.data() : bytes - (m_layout.row_bytes + 1), m_layout.row_bytes,
                m_layout.pixel_bytes};
    }
    /// The one that packs a few rows in the middle of the band best.
    int best_filter(std::size_t first, std::size_t end) {
        std::size_t const count = std::min(k_sampled_rows, end - first), start = first + (end - first - count) / 2;
        std::size_t const bytes = count * m_layout.row_bytes;
        int best = 0;
        std::size_t least = 0;
        for (int kind = 0; kind < k_filter_count; ++kind) {
            for (std::size_t i = 0; i < count; ++i)
                filter(kind, row(start + i), m_sample.data() + i * m_layout.row_bytes);
            std::size_t const packed =
                libdeflate_deflate_compress(m_compressor, m_sample.data(), bytes, m_packed.data(), m_packed.size());
            if (kind == 0 || packed < least) {
                best = kind;
                least = packed;
            }
        }
        m_sampled_bytes += bytes;
        m_packed_bytes += least;
        return best;
    }

    std::uint8_t* m_rows;
    std::size_t m_row_count;
    RowLayout const& m_layout;
    libdeflate_compressor* m_compressor;
    Bytes m_zeros, m_filtered, m_sample, m_packed;
    std::size_t m_sampled_bytes = 0, m_packed_bytes = 0;
};

struct FreeCompressor {
    void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};
using Compressor = std::unique_ptr<libdeflate_compressor, FreeCompressor>;

/// stb's hook: rows with a leading filter byte in, a zlib stream from malloc out.
unsigned char* filter_and_deflate(unsigned char* rows, int bytes, int* out_bytes, int) {
    *out_bytes = 0;
    auto const size = static_cast<std::size_t>(bytes);
    Compressor compressor(libdeflate_alloc_compressor(k_fast_level));
    if (!compressor) return nullptr;
    Filterer filterer(rows, size / (t_layout->row_bytes + 1), *t_layout, compressor.get());
    filterer.run();
    int const level = filterer.is_repetitive() ? std::max(t_layout->level, k_repetitive_level) : t_layout->level;
    if (level != k_fast_level) compressor.reset(libdeflate_alloc_compressor(level));
    if (!compressor) return nullptr;
    std::size_t const room = libdeflate_zlib_compress_bound(compressor.get(), size);
    auto* packed = static_cast<unsigned char*>(std::malloc(room));
    if (packed) *out_bytes = static_cast<int>(libdeflate_zlib_compress(compressor.get(), rows, size, packed, room));
    return packed;
}

// --- pixels ----------------------------------------------------------------------------------------------------------

/// floor(value * white + 0.5); below 0 and not a number: 0, above 1: white.
MG_CLONES void quantise(float const* __restrict in, std::size_t count, float white, std::uint8_t* __restrict out) {
    for (std::size_t i = 0; i < count; ++i) {
        float v = in[i] > 0.0f ? in[i] : 0.0f;
        v = v < 1.0f ? v : 1.0f;
        out[i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(v * white + 0.5f));
    }
}
/// The same for 16 bits, most significant byte first.
MG_CLONES void quantise(float const* __restrict in, std::size_t count, float white, std::uint16_t* __restrict out) {
    for (std::size_t i = 0; i < count; ++i) {
        float v = in[i] > 0.0f ? in[i] : 0.0f;
        v = v < 1.0f ? v : 1.0f;
        auto const level = static_cast<std::uint32_t>(static_cast<std::int32_t>(v * white + 0.5f));
        out[i] = static_cast<std::uint16_t>(level >> 8 | level << 8);
    }
}
template <class T>
MG_CLONES void interleave(T const* __restrict red, T const* __restrict green, T const* __restrict blue,
                          std::size_t count, T* __restrict out) {
    for (std::size_t i = 0; i < count; ++i) {
        out[3 * i] = red[i];
        out[3 * i + 1] = green[i];
        out[3 * i + 2] = blue[i];
    }
}

template <class T>
void pack(std::vector<ImageView<float const>> const& planes, float white, T* out) {
    auto const width = static_cast<std::size_t>(planes[0].width());
    std::vector<T> row(planes.size() == 1 ? 0 : 3 * width);
    for (int y = 0; y < planes[0].height(); ++y, out += width * planes.size()) {
        if (planes.size() == 1) {
            quantise(planes[0].row(y), width, white, out);
            continue;
        }
        for (std::size_t c = 0; c < 3; ++c) quantise(planes[c].row(y), width, white, row.data() + c * width);
        interleave(row.data(), row.data() + width, row.data() + 2 * width, width, out);
    }
}

// --- chunks ----------------------------------------------------------------------------------------------------------

void append_32(Bytes& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}
void append_text(Bytes& out, std::string_view text) {
    out.insert(out.end(), text.begin(), text.end());
}
void append_chunk(Bytes& out, std::string_view type, ByteView data) {
    append_32(out, static_cast<std::uint32_t>(data.size()));
    std::size_t const start = out.size();
    append_text(out, type);
    out.insert(out.end(), data.begin(), data.end());
    append_32(out, libdeflate_crc32(0, out.data() + start, out.size() - start));
}

/// Pixels per metre; nothing where PNG's 31 bits do not reach (pixels below 0.47 nm).
std::optional<std::uint32_t> per_metre(std::optional<double> pixel_size_nm) {
    if (!pixel_size_nm || !(*pixel_size_nm > 0)) return std::nullopt;
    double const count = std::floor(1e9 / *pixel_size_nm + 0.5);
    if (!(count >= 1 && count <= 2147483647.0)) return std::nullopt;
    return static_cast<std::uint32_t>(count);
}

bool is_valid(PngText const& text) {
    return !text.keyword.empty() && text.keyword.size() <= 79 && text.keyword.find('\0') == std::string::npos &&
           text.text.find('\0') == std::string::npos && text.text.size() < (std::size_t{1} << 30);
}

} // namespace

Result<Bytes> encode_png(std::vector<ImageView<float const>> const& planes, PngOptions const& options) {
    if (planes.size() != 1 && planes.size() != 3)
        return Error{ErrorCode::bad_value, "a PNG needs one plane (grey) or three (RGB)"};
    Size const size = planes[0].size;
    for (ImageView<float const> const& plane : planes)
        if (plane.size != size) return Error{ErrorCode::bad_value, "the planes of a PNG must be of one size"};
    if (options.bits != 8 && options.bits != 16)
        return Error{ErrorCode::bad_value, "a PNG is written with 8 or 16 bits per sample"};
    if (options.level < 1 || options.level > 12) return Error{ErrorCode::bad_value, "the PNG level must be 1 to 12"};
    if (size.empty() || size.area() > k_max_pixels)
        return Error{ErrorCode::too_large, "a PNG of this size cannot be written"};
    for (PngText const& text : options.texts)
        if (!is_valid(text))
            return Error{ErrorCode::bad_value, "\"" + text.keyword + "\" cannot be stored as text in a PNG"};

    int const channels = static_cast<int>(planes.size());
    std::size_t const sample_bytes = options.bits == 16 ? 2 : 1;
    std::size_t const pixel_bytes = sample_bytes * planes.size();
    auto const byte_count = static_cast<std::size_t>(size.area()) * pixel_bytes;
    struct Free {
        void operator()(void* p) const { std::free(p); }
    };
    std::unique_ptr<void, Free> pixels(allocate_pixels(byte_count));
    if (!pixels) return Error{ErrorCode::out_of_memory, "not enough memory to write the PNG"};
    if (options.bits == 8)
        pack(planes, 255.0f, static_cast<std::uint8_t*>(pixels.get()));
    else
        pack(planes, 65535.0f, static_cast<std::uint16_t*>(pixels.get()));

    [[maybe_unused]] static int const k_no_filter = stbi_write_force_png_filter = 0; // once, whatever the thread
    RowLayout const layout{static_cast<std::size_t>(size.width) * pixel_bytes, pixel_bytes, options.level};
    t_layout = &layout;
    int stb_size = 0;
    // 8 bits: n channels of a byte; 16 bits: "grey and alpha" of a byte each.
    int const n = options.bits == 8 ? channels : 2;
    int const x = options.bits == 8 ? size.width : size.width * channels;
    std::unique_ptr<unsigned char, Free> const stb(
        stbi_write_png_to_mem(static_cast<unsigned char const*>(pixels.get()), 0, x, size.height, n, &stb_size));
    t_layout = nullptr;
    pixels.reset();
    if (!stb) return Error{ErrorCode::out_of_memory, "not enough memory to write the PNG"};

    constexpr std::size_t k_signature_bytes = 8, k_header_chunk_bytes = 25;
    Bytes out(stb.get(), stb.get() + k_signature_bytes);
    out.reserve(static_cast<std::size_t>(stb_size) + 4096);
    Bytes header;
    append_32(header, static_cast<std::uint32_t>(size.width));
    append_32(header, static_cast<std::uint32_t>(size.height));
    std::uint8_t const colour_type = channels == 3 ? 2 : 0;
    for (int value : {options.bits, int{colour_type}, 0, 0, 0}) header.push_back(static_cast<std::uint8_t>(value));
    append_chunk(out, "IHDR", header);

    auto const x_per_metre = per_metre(options.pixel_size_x_nm), y_per_metre = per_metre(options.pixel_size_y_nm);
    if (x_per_metre && y_per_metre) {
        Bytes physical;
        append_32(physical, *x_per_metre);
        append_32(physical, *y_per_metre);
        physical.push_back(1); // the unit is the metre
        append_chunk(out, "pHYs", physical);
    }
    for (PngText const& text : options.texts) {
        Bytes data;
        append_text(data, text.keyword);
        data.insert(data.end(), 5, 0); // end of keyword; not compressed, method 0; no language, no translation
        append_text(data, text.text);
        append_chunk(out, "iTXt", data);
    }
    out.insert(out.end(), stb.get() + k_signature_bytes + k_header_chunk_bytes, stb.get() + stb_size);
    return out;
}

} // namespace mg
