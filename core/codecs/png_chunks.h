#pragma once
// The chunks of a PNG file (PNG 1.2, section 3).
#include <optional>
#include <string_view>

#include "codecs/codec.h"

namespace mg {

struct PngChunk {
    std::string_view type;  ///< four letters
    ByteView data;          ///< clipped to what the file has
    bool is_whole = false;  ///< data and checksum lie within the file
    bool is_intact = false; ///< ... and the checksum is right
    bool is_critical() const { return !(type[0] & 0x20); }
};

/// Steps over the chunks after the signature.
class PngChunks {
public:
    explicit PngChunks(ByteView file) : m_rest(file.size() > 8 ? file.subspan(8) : ByteView{}) {}
    /// Nothing at the end of the file.
    std::optional<PngChunk> next();

private:
    ByteView m_rest;
};

std::uint32_t big_endian_32(std::uint8_t const* p);

} // namespace mg
