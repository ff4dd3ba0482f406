#pragma once
// Images under an affine or projective map, one interpolation.
#include <cstdint>

#include "base/result.h"
#include "image/image.h"
#include "math/projective.h"

namespace mg {

enum class Interpolation {
    nearest,
    linear,
    cubic_spline, ///< interpolating cubic B-spline with mirrored borders (Unser 1999), as order=3 of scipy.ndimage
    lanczos3,     ///< sinc windowed by its own centre lobe, three lobes each side (Duchon 1979); edge pixels go on
};

struct WarpSpec {
    Size size{};            ///< of the output
    Projective to_source{}; ///< output pixel -> source pixel
    Interpolation interpolation = Interpolation::cubic_spline;
    /// Where the map shrinks by more than a twentieth, linear and Lanczos kernels are widened, and Lanczos stands in for
    /// the spline, so that nothing aliases. False: for rotations and shifts.
    bool antialias = false;
};

/// Source pixels per output pixel along the source's axes, at the middle of the output.
struct Scales {
    double x = 1, y = 1;
};
Scales scales_of(Projective const& to_source, Size output);

/// Samples the source at to_source of every output pixel; 0 where that lies outside the source's outer borders.
/// Overshoot of spline and Lanczos is kept. Maps along the axes take one pass per axis.
Result<Plane> warped(ImageView<float const> source, WarpSpec const& spec);
/// Mask of a warp: k_mask_outside outside a source of `source_size`, inside the bits of the nearest source pixels, with
/// antialias of all that an output pixel covers. `source` may have null data: nothing masked.
Result<Mask> warped_mask(ImageView<std::uint8_t const> source, WarpSpec const& spec);
/// The pixels of output row y whose source positions lie in a rectangle (corner positions inclusive): one run, since the
/// rectangle is convex. Empty: end <= first.
struct PixelRun {
    int first = 0, end = 0;
};
struct Region {
    double left = 0, top = 0, right = 0, bottom = 0;
};
PixelRun run_within(Region const& source, WarpSpec const& spec, int y);

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
