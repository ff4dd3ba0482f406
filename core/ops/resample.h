#pragma once
// Images on a coarser or finer grid of the same axes: separable resizing and halving. Pixel centres lie at integers.
#include <cstdint>
#include <optional>

#include "base/result.h"
#include "image/image.h"

namespace mg {

/// Interpolation along one axis. All but `nearest` are widened by the step when they shrink, so that nothing aliases.
enum class Kernel {
    nearest,
    linear,
    cubic,    ///< Catmull-Rom (Keys 1981, a = -1/2)
    lanczos3, ///< sinc windowed by its own centre lobe, three lobes each side (Duchon 1979)
    area,     ///< mean over the source span that an output pixel covers
    b_spline, ///< cubic B-spline of coefficients that are mirrored about the outermost pixels; never widened. Along an
              ///< x axis whose grid stays as it is, the source holds plain values instead of coefficients.
};

/// Where output pixels lie on the source axis: pixel i at first + i * step.
struct Sampling {
    double first = 0;
    double step = 1;
    bool operator==(Sampling const&) const = default;
    double operator()(double i) const { return first + i * step; }
    /// Both extents (outer pixel borders) coincide; the step follows from the two sizes.
    static Sampling of_extent(int from, int to);
    /// An exact step; the output extent is centred on the source's.
    static Sampling of_step(int from, int to, double step);
    /// First and last pixel centres coincide, as in scipy.ndimage.zoom; step 0 for one output pixel.
    static Sampling of_corners(int from, int to);
};

struct ResizeSpec {
    Size size{};
    Kernel kernel = Kernel::linear;
    std::optional<Sampling> x{}; ///< default: Sampling::of_extent
    std::optional<Sampling> y{};
    bool antialias = true; ///< false: the kernel is not widened when shrinking
};

/// The plane on the grid that `spec` describes; beyond the border its edge pixels go on. An axis whose grid stays as it
/// is costs nothing. Overshoot of cubic and Lanczos kernels is kept. Fails on an empty or too large size.
Result<Plane> resized(ImageView<float const> source, ResizeSpec const& spec);
/// Mask bits of every source pixel that an output pixel covers, or'ed.
Result<Mask> resized_mask(ImageView<std::uint8_t const> source, ResizeSpec const& spec);

/// Means of 2 x 2 pixels. An odd last row or column is dropped, so that the pixel size doubles exactly. An image of one
/// row or column is an error.
Result<Plane> halved(ImageView<float const> source);
Result<Mask> halved_mask(ImageView<std::uint8_t const> source);
/// Size and grids of `halved_compatible`.
ResizeSpec halved_compatible_spec(Size size);
/// The Python tools' halving: means of all overlapping 2 x 2 squares, then scipy.ndimage.zoom(., 0.5, order=1), whose
/// step is not quite 2. Needs at least 4 x 4 pixels.
Result<Plane> halved_compatible(ImageView<float const> source);

} // namespace mg
