#pragma once
// Images of one place on one grid: which part of the grid they cover.
#include <cstdint>

#include "base/result.h"
#include "image/image.h"
#include "math/projective.h"

namespace mg {

/// Largest rectangle of zeros, in area; the uppermost, then leftmost of several. Empty when there is none.
Rect largest_clear_rectangle(ImageView<std::uint8_t const> blocked);

/// An image and where its pixels lie on a grid.
struct GridImage {
    Size size{};
    ImageView<std::uint8_t const> mask{}; ///< null data: nothing masked; else MaskBit values
    Projective to_source{};               ///< pixel of the grid -> pixel of the image
};

/// Sets the pixels of `blocked` (a grid) for which the image has no picture: those of which more than a quarter of the
/// width or height lies outside its outer border, and those whose interpolation would reach masked pixels that are no
/// picture: k_mask_outside and k_mask_databar.
Status block_uncovered(ImageView<std::uint8_t> blocked, GridImage const& image);

/// Smallest rectangle of the grid that holds every pixel whose centre lies within the image's outer borders. It may begin
/// at negative coordinates; `within` bounds it, however far the map reaches. Empty when nothing is left.
Rect grid_extent(GridImage const& image, Rect within);

} // namespace mg
