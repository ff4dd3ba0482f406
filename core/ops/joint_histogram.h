#pragma once
// Two channels against each other: how often each pair of values occurs, and which pixels a part of that chart stands
// for.
#include <cstdint>
#include <span>
#include <vector>

#include "image/image.h"
#include "math/affine.h"

namespace mg {

/// Plane values at the borders of the chart.
struct JointLimits {
    float x_low = 0, x_high = 1;
    float y_low = 0, y_high = 1;
};

inline constexpr int k_joint_bins = 256;

struct JointHistogram {
    JointLimits limits;
    std::vector<std::uint32_t> counts;    ///< k_joint_bins rows of k_joint_bins; row: value of y, lowest first
    std::int64_t inside = 0, outside = 0; ///< pixels within the limits (borders included) and beyond
    std::uint32_t at(int x_bin, int y_bin) const {
        return counts[static_cast<std::size_t>(y_bin * k_joint_bins + x_bin)];
    }
};

/// Of planes of one size; pixels of `skip` (without data: none) that are not 0 do not count, nor do those that are no
/// number. Error: different sizes.
Result<JointHistogram> joint_histogram(ImageView<float const> x, ImageView<float const> y, JointLimits limits,
                                       ImageView<std::uint8_t const> skip = {});

/// 1 where the pixel's two values, taken as a point, lie inside the polygon (even-odd rule), else 0. Corners in plane
/// values; a rectangle is a polygon of four. Error: different sizes.
Result<Mask> joint_selection(ImageView<float const> x, ImageView<float const> y, std::span<Point const> polygon,
                             ImageView<std::uint8_t const> skip = {});

} // namespace mg
