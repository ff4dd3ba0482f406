#include "ops/joint_histogram.h"

#include <algorithm>

namespace mg {
namespace {

Status check_sizes(ImageView<float const> x, ImageView<float const> y, ImageView<std::uint8_t const> skip) {
    if (x.size == y.size && (!skip.data || skip.size == x.size)) return Done{};
    return Error{ErrorCode::bad_value, "the two channels are of different sizes: place them on one grid first"};
}

/// Bin of a value, or -1.
int bin_of(float value, float low, float high) {
    if (!(value >= low && value <= high) || !(high > low)) return -1;
    return std::min(static_cast<int>((value - low) / (high - low) * k_joint_bins), k_joint_bins - 1);
}

bool is_inside(std::span<Point const> polygon, double x, double y) {
    bool inside = false;
    for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
        Point const a = polygon[i], b = polygon[j];
        if ((a.y > y) != (b.y > y) && x < a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)) inside = !inside;
    }
    return inside;
}

} // namespace

Result<JointHistogram> joint_histogram(ImageView<float const> x, ImageView<float const> y, JointLimits limits,
                                       ImageView<std::uint8_t const> skip) {
    MG_TRY_DO(check_sizes(x, y, skip));
    JointHistogram result;
    result.limits = limits;
    result.counts.resize(static_cast<std::size_t>(k_joint_bins) * k_joint_bins);
    for (int row = 0; row < x.height(); ++row)
        for (int i = 0; i < x.width(); ++i) {
            float const xv = x.at(i, row), yv = y.at(i, row);
            if ((skip.data && skip.at(i, row) != 0) || xv != xv || yv != yv) continue;
            int const xb = bin_of(xv, limits.x_low, limits.x_high), yb = bin_of(yv, limits.y_low, limits.y_high);
            if (xb < 0 || yb < 0) {
                ++result.outside;
            } else {
                ++result.counts[static_cast<std::size_t>(yb * k_joint_bins + xb)];
                ++result.inside;
            }
        }
    return result;
}

Result<Mask> joint_selection(ImageView<float const> x, ImageView<float const> y, std::span<Point const> polygon,
                             ImageView<std::uint8_t const> skip) {
    MG_TRY_DO(check_sizes(x, y, skip));
    MG_TRY(Mask mask, Mask::filled(x.size, 0));
    if (polygon.size() < 3) return mask;
    double left = polygon[0].x, right = left, low = polygon[0].y, high = low;
    for (Point const& p : polygon) {
        left = std::min(left, p.x), right = std::max(right, p.x);
        low = std::min(low, p.y), high = std::max(high, p.y);
    }
    for (int row = 0; row < x.height(); ++row)
        for (int i = 0; i < x.width(); ++i) {
            double const xv = double{x.at(i, row)}, yv = double{y.at(i, row)};
            if (!(xv >= left && xv <= right && yv >= low && yv <= high)) continue;
            if (skip.data && skip.at(i, row) != 0) continue;
            if (is_inside(polygon, xv, yv)) mask.at(i, row) = 1;
        }
    return mask;
}

} // namespace mg
