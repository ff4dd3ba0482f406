#pragma once
// Binary blocks for VendorLayouts.
#include <cstring>
#include <string_view>

#include "base/bytes.h"

namespace mg::test {

inline void put_number(Bytes& block, std::size_t at, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) block[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}
inline void put_double(Bytes& block, std::size_t at, double value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    put_number(block, at, bits, 8);
}
inline void put_float(Bytes& block, std::size_t at, float value) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    put_number(block, at, bits, 4);
}
inline void put_text(Bytes& block, std::size_t at, std::string_view text) {
    std::memcpy(block.data() + at, text.data(), text.size());
}
inline void put_utf16(Bytes& block, std::size_t at, std::string_view ascii) {
    for (std::size_t i = 0; i < ascii.size(); ++i) block[at + 2 * i] = static_cast<std::uint8_t>(ascii[i]);
}
inline Bytes double_bytes(double value) {
    Bytes bytes(8);
    put_double(bytes, 0, value);
    return bytes;
}

} // namespace mg::test
