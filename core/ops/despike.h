#pragma once
// Removes single pixels (with their tail along the scan line) that stand out of the noise: sparks of a photomultiplier.
//
// A pixel is a spike when it lies threshold_sigma times the noise above the median of 3 rows x 5 columns, unless
// neighbours in the lines above and below or a long run in its own line say that it belongs to something real, or the
// picture is rough all about: an adaptive ("switching") median, Sun and Neuvo 1994. The noise is a straight line over
// the grey level, variance = read noise + gain * level (Foi et al. 2008), fitted to the upper residuals of the image
// itself. Only spikes are touched: they take the median of their sound neighbours, so that noise, means and edges stay.
// Not for stripes, charging, or spots wider than a pixel.
#include <cstdint>

#include "image/image.h"

namespace mg {

struct DespikeOptions {
    double threshold_sigma = 3.5;
    bool negative = false; ///< dark outliers as well
};

struct Despiked {
    Plane plane;
    Mask replaced;            ///< 1: another value than before
    std::int64_t spikes = 0;  ///< without their tails
    std::int64_t pixels = 0;  ///< with them
    double noise_at_mean = 0; ///< standard deviation at the mean level of the plane
};

/// `skip`: pixels whose mask is not 0 neither change nor count (burned-in text); may have no data.
Result<Despiked> despiked(ImageView<float const> plane, ImageView<std::uint8_t const> skip, DespikeOptions options);

/// The original tools' rule: a pixel more than 1.2 times the one below it takes that lower value; the last row stays.
/// `levels` (white - black, in recorded steps) makes the comparison in the recorded whole numbers divided by `levels`,
/// in double precision, as they did; 0 compares the values as they are.
Result<Despiked> despiked_by_pixel_below(ImageView<float const> plane, double levels);

} // namespace mg
