#pragma once
// Images under an affine map, one interpolation.
#include <cstdint>

#include "base/result.h"
#include "image/image.h"
#include "math/affine.h"

namespace mg {

enum class Interpolation {
    nearest,
    linear,
    cubic_spline, ///< interpolating cubic B-spline with mirrored borders (Unser 1999), as order=3 of scipy.ndimage
};

struct WarpSpec {
    Size size{};        ///< of the output
    Affine to_source{}; ///< output pixel -> source pixel
    Interpolation interpolation = Interpolation::cubic_spline;
};

/// Samples the source at to_source of every output pixel; 0 where that lies outside the source's outer borders. Meant
/// for rotations and shifts: a map that shrinks is not anti-aliased.
Result<Plane> warped(ImageView<float const> source, WarpSpec const& spec);
/// Mask of a warp: k_mask_outside outside a source of `source_size`, inside the bits of the nearest source pixels.
/// `source` may have null data: nothing masked.
Result<Mask> warped_mask(ImageView<std::uint8_t const> source, WarpSpec const& spec);

/// The map that turns an image of `source` size about its centre, clockwise as seen, onto a canvas of `size`:
/// output pixel -> source pixel. Pixels of the source measure pitch_x by pitch_y, those of the output `pitch` each way.
struct Turn {
    Size source{};
    double pitch_x = 1;
    double pitch_y = 1;
    Size size{};
    double pitch = 1;
    double angle_deg = 0;
};
Affine turn_to_source(Turn const& turn);
/// Sine and cosine of an angle in degrees, exact at quarter turns.
struct SineCosine {
    double sine, cosine;
};
SineCosine sine_cosine_deg(double angle_deg);

} // namespace mg
