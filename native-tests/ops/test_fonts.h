#pragma once
// The fonts, read once for all tests.
#include "draw/font.h"

namespace mg::test {

inline Fonts const& fonts() {
    static Fonts const all;
    return all;
}

} // namespace mg::test
