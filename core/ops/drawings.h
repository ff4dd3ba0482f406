#pragma once
// Finds text and lines that the microscope, or somebody, burned into a picture in pure white.
//
// White pixels (at the top of the recorded range) are joined to components over their eight neighbours. A component is
// a drawing when
//   - it has at least 5 pixels and is at least 5 pixels long in one direction: not a hot pixel or a spark with its
//   tail;
//   - fewer than half of the other pixels that touch it are nearly white (above 0.8): a saturated part of the picture,
//     where noise makes some pixels white, is surrounded by such;
//   - the pixels that touch it are not much brighter than those two steps further out (by at most 0.3 of the way to
//     white): a highlight of the picture is as blurred as the beam is wide, a pen is not.
// Smaller pieces with sharp edges within 5 pixels of a drawing (dots, full stops) belong to it.
#include <cstdint>
#include <span>

#include "image/image.h"

namespace mg {

struct Drawings {
    Mask mask; ///< k_mask_drawing or 0
    std::int64_t pixels = 0;
};

/// One plane, or three of a colour picture (white: all three at the top).
Result<Drawings> found_drawings(std::span<ImageView<float const> const> planes);

/// Every white pixel, as the original tools meant it.
Result<Drawings> all_white_pixels(std::span<ImageView<float const> const> planes);

/// Marked pixels take the mean of their unmarked neighbours, from the marks' edges inwards. A plane without an unmarked
/// pixel stays as it is. `marks`: of the plane's size; any bit set.
Result<Plane> without_marks(ImageView<float const> plane, ImageView<std::uint8_t const> marks);

} // namespace mg
