#pragma once
// Gaussian blur: separable, truncated at 4 sigma, edges mirrored with the edge pixel repeated (d c b a | a b c d | d c
// b a). The numbers are those of scipy.ndimage.gaussian_filter(plane, (sigma_y, sigma_x)) within single precision.
#include <vector>

#include "image/image.h"

namespace mg {

/// Standard deviations in pixels; 0 (or less) leaves that direction alone.
struct Blur {
    double sigma_x_px = 0;
    double sigma_y_px = 0;
};

/// Largest sigma that is computed as asked; larger ones are taken as this.
inline constexpr double k_max_blur_sigma_px = 1000;

Result<Plane> gaussian_blurred(ImageView<float const> plane, Blur blur);

/// The same, as if pixels whose mask is not 0 did not exist: they keep their own value and give nothing to others
/// (normalised convolution, Knutsson and Westin 1993). The mask has the plane's size.
Result<Plane> gaussian_blurred(ImageView<float const> plane, ImageView<std::uint8_t const> mask, Blur blur);

/// One half of the kernel, centre first; the whole sums to 1. Radius int(4 sigma + 0.5).
std::vector<float> gaussian_kernel(double sigma_px);

} // namespace mg
