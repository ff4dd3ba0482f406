#pragma once
// Pictures that are stored turned or mirrored: TIFF 6.0, tag 274 (Orientation), 1..8.
#include "codecs/format.h"

namespace mg {

/// Orientations 5..8 swap width and height.
inline bool swaps_sides(int orientation) {
    return orientation >= 5 && orientation <= 8;
}

/// The planes as they are to be seen; 1 and what is no orientation change nothing.
Result<Planes> upright(DecodeInput const& input, Planes planes, int orientation);

} // namespace mg
