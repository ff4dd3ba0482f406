// PNG: every colour type and depth, plain and interlaced (PNG 1.2, sections 6 to 9). Rows are inflated one at a time.
// Gamma, chromaticities and colour profiles are not applied; transparency is left out.
#include "codecs/format.h"

#include <zlib.h>

#include <algorithm>

#include "codecs/plane_filler.h"
#include "base/text.h"
#include "codecs/png_chunks.h"

namespace mg {
namespace {

struct Header {
    Size size;
    int depth = 8;
    int colour_type = 0;
    bool is_interlaced = false;

    bool is_palette() const { return colour_type == 3; }
    bool has_alpha() const { return colour_type == 4 || colour_type == 6; }
    int colours() const { return colour_type == 2 || colour_type == 6 ? 3 : 1; }
    int samples() const { return colours() + (has_alpha() ? 1 : 0); }
    /// Distance to the byte that filters look back to.
    std::size_t pixel_bytes() const { return static_cast<std::size_t>(std::max(1, samples() * depth / 8)); }
    std::size_t row_bytes(int width) const {
        return (static_cast<std::size_t>(width) * static_cast<std::size_t>(samples() * depth) + 7) / 8;
    }
};

/// The pixels of one pass: every step_x-th of every step_y-th row.
struct Pass {
    int x, y, step_x, step_y;
    Size size(Size image) const {
        return {(image.width - x + step_x - 1) / step_x, (image.height - y + step_y - 1) / step_y};
    }
};
constexpr Pass k_whole[] = {{0, 0, 1, 1}};
constexpr Pass k_adam7[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                            {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

std::span<Pass const> passes(Header const& header) {
    return header.is_interlaced ? std::span<Pass const>(k_adam7) : std::span<Pass const>(k_whole);
}

Result<Header> read_header(DecodeInput const& input, PngChunk const& chunk) {
    if (chunk.type != "IHDR" || chunk.data.size() != 13 || !chunk.is_intact) return damaged(input, "has a bad header");
    std::uint8_t const* p = chunk.data.data();
    Header header;
    MG_TRY(header.size, checked_size(input, big_endian_32(p), big_endian_32(p + 4)));
    header.depth = p[8];
    header.colour_type = p[9];
    header.is_interlaced = p[12] == 1;
    int const d = header.depth, c = header.colour_type;
    bool const is_valid = c == 0   ? d == 1 || d == 2 || d == 4 || d == 8 || d == 16
                          : c == 3 ? d == 1 || d == 2 || d == 4 || d == 8
                                   : (c == 2 || c == 4 || c == 6) && (d == 8 || d == 16);
    if (!is_valid || p[10] != 0 || p[11] != 0 || p[12] > 1) return damaged(input, "has a bad header");
    return header;
}

/// Inflates the IDAT chunks row by row.
class RowSource {
public:
    RowSource(ByteView file) : m_chunks(file) { m_ready = inflateInit(&m_stream) == Z_OK; }
    ~RowSource() { inflateEnd(&m_stream); }
    RowSource(RowSource const&) = delete;
    RowSource& operator=(RowSource const&) = delete;

    enum class Outcome { whole, ends, damaged };
    Outcome read(std::uint8_t* out, std::size_t bytes) {
        if (!m_ready) return Outcome::damaged;
        m_stream.next_out = out;
        m_stream.avail_out = static_cast<uInt>(bytes);
        while (m_stream.avail_out > 0) {
            if (m_stream.avail_in == 0 && !next_data()) return m_is_damaged ? Outcome::damaged : Outcome::ends;
            int const status = inflate(&m_stream, Z_NO_FLUSH);
            if (status == Z_STREAM_END && m_stream.avail_out > 0) return Outcome::ends;
            if (status != Z_OK && status != Z_STREAM_END) return Outcome::damaged;
        }
        return Outcome::whole;
    }

private:
    bool next_data() {
        while (auto chunk = m_chunks.next()) {
            if (chunk->type == "IEND") return false;
            if (chunk->type != "IDAT" || chunk->data.empty()) continue;
            m_is_damaged = chunk->is_whole && !chunk->is_intact;
            if (m_is_damaged) return false;
            m_stream.next_in = const_cast<Bytef*>(chunk->data.data());
            m_stream.avail_in = static_cast<uInt>(chunk->data.size());
            return true;
        }
        return false;
    }

    PngChunks m_chunks;
    z_stream m_stream{};
    bool m_ready = false;
    bool m_is_damaged = false;
};

int paeth(int left, int above, int above_left) {
    int const p = left + above - above_left;
    int const from_left = std::abs(p - left), from_above = std::abs(p - above), from_both = std::abs(p - above_left);
    if (from_left <= from_above && from_left <= from_both) return left;
    return from_above <= from_both ? above : above_left;
}

/// Undoes a row's filter in place. Both rows have `back` zero bytes before them. False: no such filter.
bool unfilter(int filter, std::uint8_t* row, std::uint8_t const* above, std::size_t bytes, std::size_t back) {
    std::uint8_t const* left = row - back;
    std::uint8_t const* above_left = above - back;
    auto add = [&](std::size_t i, int value) { row[i] = static_cast<std::uint8_t>(row[i] + value); };
    switch (filter) {
    case 0:
        return true;
    case 1:
        for (std::size_t i = 0; i < bytes; ++i) add(i, left[i]);
        return true;
    case 2:
        for (std::size_t i = 0; i < bytes; ++i) add(i, above[i]);
        return true;
    case 3:
        for (std::size_t i = 0; i < bytes; ++i) add(i, (left[i] + above[i]) / 2);
        return true;
    case 4:
        for (std::size_t i = 0; i < bytes; ++i) add(i, paeth(left[i], above[i], above_left[i]));
        return true;
    default:
        return false;
    }
}

/// Sample number `index` of a row.
int sample(std::uint8_t const* row, int depth, std::size_t index) {
    if (depth == 8) return row[index];
    if (depth == 16) return row[2 * index] << 8 | row[2 * index + 1];
    std::size_t const bit = index * static_cast<std::size_t>(depth);
    return row[bit / 8] >> (8 - depth - static_cast<int>(bit % 8)) & ((1 << depth) - 1);
}

struct Contents {
    Header header;
    Palette palette;
    std::int64_t data_bytes = 0; ///< compressed
};

Status read_pixels(DecodeInput const& input, Contents const& contents, Decoded& decoded) {
    Header const& header = contents.header;
    Size const size = header.size;
    std::int64_t raw_bytes = 0, all_rows = 0, rows_done = 0;
    for (Pass const& pass : passes(header)) {
        Size const part = pass.size(size);
        if (part.empty()) continue;
        raw_bytes += (static_cast<std::int64_t>(header.row_bytes(part.width)) + 1) * part.height;
        all_rows += part.height;
    }
    if (contents.data_bytes == 0) return cut_off(input, 0, all_rows, "rows");
    // Deflate shrinks by a factor of 1032 at most.
    if (raw_bytes / 1040 > contents.data_bytes)
        return damaged(input, "is too small for the " + std::to_string(size.width) + " x " +
                                  std::to_string(size.height) + " px that it claims");

    int const channels = header.is_palette() ? contents.palette.plane_count() : header.colours();
    MG_TRY(PlaneFiller planes, PlaneFiller::create(input, size, channels, decoded));
    std::size_t const back = header.pixel_bytes();
    Bytes rows[2];
    for (Bytes& row : rows) row.resize(back + header.row_bytes(size.width) + 1);
    float const white = static_cast<float>((1 << header.depth) - 1);
    auto const samples = static_cast<std::size_t>(header.samples());
    RowSource source(input.file);

    for (Pass const& pass : passes(header)) {
        Size const part = pass.size(size);
        if (part.empty()) continue;
        std::size_t const bytes = header.row_bytes(part.width);
        std::fill(rows[1].begin(), rows[1].end(), std::uint8_t{0});
        for (int y = 0; y < part.height; ++y, ++rows_done) {
            std::uint8_t filter = 0;
            std::uint8_t* row = rows[0].data() + back;
            auto outcome = source.read(&filter, 1);
            if (outcome == RowSource::Outcome::whole) outcome = source.read(row, bytes);
            if (outcome == RowSource::Outcome::ends) return cut_off(input, rows_done, all_rows, "rows");
            if (outcome == RowSource::Outcome::damaged || !unfilter(filter, row, rows[1].data() + back, bytes, back))
                return damaged(input, "row " + std::to_string(rows_done + 1) + " of " + std::to_string(all_rows) +
                                          " cannot be decoded");
            for (int c = 0; c < channels; ++c) {
                auto const channel = static_cast<std::size_t>(c);
                float const* levels = header.is_palette() ? contents.palette.levels[channel].data() : nullptr;
                planes.put({c, pass.x, pass.y + y * pass.step_y, part.width, pass.step_x}, [&](float* out) {
                    for (int x = 0; x < part.width; ++x) {
                        int const value =
                            sample(row, header.depth, static_cast<std::size_t>(x) * samples + (levels ? 0 : channel));
                        out[x] = levels ? levels[value] : static_cast<float>(value) / white;
                    }
                });
            }
            std::swap(rows[0], rows[1]);
        }
    }
    decoded.planes = shared(planes.take());
    return Done{};
}

void keep_resolution(PngChunk const& chunk, Decoded& decoded) {
    if (chunk.data.size() != 9) return;
    std::uint32_t const x = big_endian_32(chunk.data.data()), y = big_endian_32(chunk.data.data() + 4);
    if (x == 0 || y == 0) return;
    auto const unit = chunk.data[8] == 1 ? Resolution::Unit::metre : Resolution::Unit::none;
    decoded.resolution = Resolution{static_cast<double>(x), static_cast<double>(y), unit};
}

Result<Decoded> decode(DecodeInput const& input) {
    PngChunks chunks(input.file);
    auto chunk = chunks.next();
    if (!chunk) return damaged(input, "ends after its first bytes");
    Contents contents;
    MG_TRY(contents.header, read_header(input, *chunk));
    Header const& header = contents.header;

    Decoded decoded;
    decoded.format = "PNG";
    decoded.bits = header.depth;
    decoded.range = {0, static_cast<double>((1 << header.depth) - 1)};
    bool has_transparency = header.has_alpha();
    std::vector<std::array<std::uint16_t, 3>> entries;
    while ((chunk = chunks.next())) {
        if (chunk->type == "IEND") break;
        if (chunk->type == "IDAT") {
            contents.data_bytes += static_cast<std::int64_t>(chunk->data.size());
            continue;
        }
        if (!chunk->is_intact) {
            if (chunk->is_whole && chunk->is_critical())
                return damaged(input, "has a damaged part " + excerpt(chunk->type, 4));
            decoded.warnings.push_back("metadata " + excerpt(chunk->type, 4) + " are damaged: left out");
            continue;
        }
        if (chunk->type == "PLTE")
            for (std::size_t i = 0; i + 2 < chunk->data.size() && entries.size() < 256; i += 3) {
                auto level = [&](std::size_t c) { return static_cast<std::uint16_t>(chunk->data[i + c] * 257); };
                entries.push_back({level(0), level(1), level(2)});
            }
        if (chunk->type == "tRNS") has_transparency = true;
        if (chunk->type == "pHYs") keep_resolution(*chunk, decoded);
    }
    for (PngText const& text : read_png_texts(input.file))
        decoded.fields.push_back({0, 0, text.keyword, Bytes(text.text.begin(), text.text.end())});
    if (header.is_palette()) {
        if (entries.empty()) return damaged(input, "has colour numbers but no palette");
        contents.palette = make_palette(entries, header.depth);
        describe_palette_image(decoded, contents.palette, header.depth);
    }
    if (has_transparency) decoded.warnings.push_back("alpha left out");
    MG_TRY_DO(read_pixels(input, contents, decoded));
    return decoded;
}

} // namespace

extern constinit Codec const k_codec_png;
constinit Codec const k_codec_png{is_png, decode};

} // namespace mg
