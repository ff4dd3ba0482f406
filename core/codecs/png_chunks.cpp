#include "codecs/png_chunks.h"

#include <libdeflate.h>

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "codecs/format.h"

namespace mg {
namespace {

constexpr std::size_t k_max_text_bytes = std::size_t{16} << 20;
constexpr std::size_t k_max_all_text_bytes = std::size_t{64} << 20;
constexpr int k_max_text_chunks = 200;

bool is_text(PngChunk const& chunk) {
    return chunk.type == "tEXt" || chunk.type == "zTXt" || chunk.type == "iTXt";
}

std::optional<std::string> inflated(std::string_view packed) {
    auto free = [](libdeflate_decompressor* p) { libdeflate_free_decompressor(p); };
    std::unique_ptr<libdeflate_decompressor, decltype(free)> inflater(libdeflate_alloc_decompressor(), free);
    if (!inflater) return std::nullopt;
    for (std::size_t room = std::max<std::size_t>(4096, packed.size() * 4);; room *= 8) {
        std::string text(std::min(room, k_max_text_bytes), '\0');
        std::size_t size = 0;
        auto const outcome =
            libdeflate_zlib_decompress(inflater.get(), packed.data(), packed.size(), text.data(), text.size(), &size);
        if (outcome == LIBDEFLATE_SUCCESS) {
            text.resize(size);
            return text;
        }
        if (outcome != LIBDEFLATE_INSUFFICIENT_SPACE || room >= k_max_text_bytes) return std::nullopt;
    }
}

/// Cuts `text` behind its first NUL and returns what was before it.
std::optional<std::string_view> take_to_nul(std::string_view& text) {
    std::size_t const end = text.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view const taken = text.substr(0, end);
    text.remove_prefix(end + 1);
    return taken;
}

/// Text of a chunk as UTF-8; nothing when it is damaged.
std::optional<PngText> png_text(PngChunk const& chunk) {
    if (!chunk.is_intact || !is_text(chunk)) return std::nullopt;
    std::string_view rest(reinterpret_cast<char const*>(chunk.data.data()), chunk.data.size());
    auto const keyword = take_to_nul(rest);
    if (!keyword || keyword->empty() || keyword->size() > 79) return std::nullopt;
    PngText text{std::string(*keyword), {}};
    if (chunk.type == "tEXt") {
        if (rest.size() > k_max_text_bytes) return std::nullopt;
        text.text = utf8_from_latin1(rest);
    } else if (chunk.type == "zTXt") {
        if (rest.empty() || rest[0] != 0) return std::nullopt;
        auto const unfolded = inflated(rest.substr(1));
        if (!unfolded) return std::nullopt;
        text.text = utf8_from_latin1(*unfolded);
    } else {
        if (rest.size() < 2) return std::nullopt;
        bool const is_compressed = rest[0] != 0;
        rest.remove_prefix(2);
        if (!take_to_nul(rest) || !take_to_nul(rest)) return std::nullopt; // language, translated keyword
        if (rest.size() > k_max_text_bytes) return std::nullopt;
        if (is_compressed) {
            auto unfolded = inflated(rest);
            if (!unfolded) return std::nullopt;
            text.text = sanitized_utf8(*unfolded);
        } else {
            text.text = sanitized_utf8(rest);
        }
    }
    return text;
}

} // namespace

std::uint32_t big_endian_32(std::uint8_t const* p) {
    return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | std::uint32_t{p[3]};
}

std::optional<PngChunk> PngChunks::next() {
    if (m_rest.size() < 8) return std::nullopt;
    std::size_t const claimed = big_endian_32(m_rest.data());
    std::size_t const present = std::min(claimed, m_rest.size() - 8);
    PngChunk chunk;
    chunk.type = {reinterpret_cast<char const*>(m_rest.data()) + 4, 4};
    chunk.data = m_rest.subspan(8, present);
    chunk.is_whole = m_rest.size() - 8 >= claimed && m_rest.size() - 8 - claimed >= 4;
    if (chunk.is_whole) {
        std::uint32_t const checksum = libdeflate_crc32(0, m_rest.data() + 4, present + 4);
        chunk.is_intact = checksum == big_endian_32(m_rest.data() + 8 + present);
    }
    m_rest = chunk.is_whole ? m_rest.subspan(present + 12) : ByteView{};
    return chunk;
}

bool is_png(ByteView file) {
    return starts_with(file, "\x89PNG\r\n\x1a\n");
}

std::vector<PngText> read_png_texts(ByteView file) {
    std::vector<PngText> texts;
    if (!is_png(file)) return texts;
    PngChunks chunks(file);
    std::size_t bytes_left = k_max_all_text_bytes;
    int chunks_left = k_max_text_chunks;
    for (auto chunk = chunks.next(); chunk && chunks_left > 0; chunk = chunks.next()) {
        if (!is_text(*chunk)) continue;
        --chunks_left;
        auto text = png_text(*chunk);
        if (!text || text->text.size() > bytes_left) continue;
        bytes_left -= text->text.size();
        texts.push_back(std::move(*text));
    }
    return texts;
}

} // namespace mg
