#pragma once
// A short hash of many bytes, to compare them between platforms (Fowler, Noll, Vo: FNV-1a, 64 bits).
#include "base/bytes.h"

namespace mg::test {

inline std::uint64_t fnv1a(ByteView bytes) {
    std::uint64_t hash = 14695981039346656037u;
    for (std::uint8_t byte : bytes) hash = (hash ^ byte) * 1099511628211u;
    return hash;
}

} // namespace mg::test
