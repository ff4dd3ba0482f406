#pragma once
// Extremes, means, percentiles and histograms of planes, with masked pixels left out. Several planes (the colours of
// one picture) are taken together.
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "image/image.h"

namespace mg {

using PlaneView = ImageView<float const>;
/// Pixels whose value is not 0 do not count; without data: all count. The size of the planes.
using SkipView = ImageView<std::uint8_t const>;

struct Extremes {
    float minimum = 0, maximum = 0;
    std::int64_t count = 0; ///< of pixels; 0: everything is masked, and the extremes are 0
};
Extremes extremes(std::span<PlaneView const> planes, SkipView skip = {});

/// 0 when nothing counts.
double mean(PlaneView plane, SkipView skip = {});

/// Values below which `percents` (0..100) of the pixels lie: those of numpy.percentile(..., method='nearest'), or of a
/// pixel within 1/2^24 of the range of them. 0 when nothing counts.
std::vector<float> percentiles(std::span<PlaneView const> planes, std::span<double const> percents, SkipView skip = {});

struct Histogram {
    float low = 0, high = 1;
    std::array<std::int64_t, 1024> counts{}; ///< of low..high in equal bins; the last includes high
    std::int64_t below = 0, above = 0;
};
Histogram histogram(PlaneView plane, float low, float high, SkipView skip = {});

/// Pixels that levels would clip.
struct Clipped {
    std::int64_t below = 0, above = 0, count = 0; ///< count: of all that were looked at
};
Clipped clipped(std::span<PlaneView const> planes, float low, float high, SkipView skip = {});

/// Robust standard deviation of the difference of two planes about zero, 1.4826 times the median of its absolute value,
/// from a regular grid of about 40 000 pixels at most.
double robust_deviation(PlaneView plane, PlaneView reference, SkipView skip = {});

} // namespace mg
