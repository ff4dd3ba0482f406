#include "ops/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/clones.h"

namespace mg {
namespace {

/// Extremes of each column so far, so that rows are compared pixel by pixel, which vectorises.
MG_CLONES void widen_extremes(float const* row, float* __restrict lows, float* __restrict highs, int width) {
    for (int x = 0; x < width; ++x) {
        float const value = row[x];
        lows[x] = value < lows[x] ? value : lows[x];
        highs[x] = value > highs[x] ? value : highs[x];
    }
}

MG_CLONES void widen_extremes_masked(float const* row, std::uint8_t const* masked, float* __restrict lows,
                                     float* __restrict highs, int width) {
    for (int x = 0; x < width; ++x) {
        float const low = masked[x] == 0 ? row[x] : lows[x];
        float const high = masked[x] == 0 ? row[x] : highs[x];
        lows[x] = low < lows[x] ? low : lows[x];
        highs[x] = high > highs[x] ? high : highs[x];
    }
}

constexpr int k_bins = 4096;
/// Bins counted apart, so that equal neighbours do not wait for each other.
constexpr int k_tables = 2;
constexpr int k_chunk = 512;

MG_CLONES void bin_indices(float const* values, int count, float low, float bins_per_unit,
                           std::int32_t* __restrict bins) {
    for (int i = 0; i < count; ++i) {
        float const place = (values[i] - low) * bins_per_unit;
        float const held = place > 0 ? (place < k_bins - 1 ? place : float{k_bins - 1}) : 0;
        bins[i] = static_cast<std::int32_t>(held);
    }
}

MG_CLONES int count_between(float const* values, int count, float low, float high) {
    int between = 0;
    for (int i = 0; i < count; ++i) between += (values[i] >= low ? 1 : 0) & (values[i] <= high ? 1 : 0);
    return between;
}

MG_CLONES Clipped clipped_of_row(float const* row, std::uint8_t const* masked, int width, float low, float high) {
    int below = 0, above = 0, count = 0;
    if (masked) {
        for (int x = 0; x < width; ++x) {
            int const counts = masked[x] == 0 ? 1 : 0;
            below += row[x] < low ? counts : 0;
            above += row[x] > high ? counts : 0;
            count += counts;
        }
    } else {
        for (int x = 0; x < width; ++x) {
            below += row[x] < low ? 1 : 0;
            above += row[x] > high ? 1 : 0;
        }
        count = width;
    }
    return {below, above, count};
}

template <class Visit>
void for_each_row(std::span<PlaneView const> planes, Visit visit) {
    for (PlaneView const& plane : planes)
        for (int y = 0; y < plane.height(); ++y) visit(plane.row(y), y, plane.width());
}

struct Scale {
    float low = 0, bins_per_unit = 0;
};

/// For a constant picture all is in bin 0.
Scale scale_of(float low, float high) {
    float const range = high - low;
    float const factor = range > 0 ? k_bins / range : 0;
    return {low, std::isfinite(factor) ? factor : 0};
}

std::vector<std::int64_t> counts_of_bins(std::span<PlaneView const> planes, SkipView skip, Scale scale) {
    std::vector<std::uint32_t> tables(std::size_t{k_bins} * k_tables);
    std::vector<std::int64_t> counts(k_bins);
    std::int32_t bins[k_chunk];
    for_each_row(planes, [&](float const* row, int y, int width) {
        for (int x0 = 0; x0 < width; x0 += k_chunk) {
            int const count = std::min(k_chunk, width - x0);
            bin_indices(row + x0, count, scale.low, scale.bins_per_unit, bins);
            if (skip.data) {
                std::uint8_t const* masked = skip.row(y) + x0;
                for (int i = 0; i < count; ++i) tables[static_cast<std::size_t>(bins[i])] += masked[i] == 0;
            } else {
                for (int i = 0; i < count; ++i) ++tables[static_cast<std::size_t>(bins[i] + (i % k_tables) * k_bins)];
            }
        }
    });
    for (std::size_t i = 0; i < tables.size(); ++i) counts[i % k_bins] += tables[i];
    return counts;
}

} // namespace

Extremes extremes(std::span<PlaneView const> planes, SkipView skip) {
    Extremes result;
    if (planes.empty()) return result;
    auto const width = static_cast<std::size_t>(planes[0].width());
    float const infinity = std::numeric_limits<float>::infinity();
    std::vector<float> lows(width, infinity), highs(width, -infinity);
    for_each_row(planes, [&](float const* row, int y, int row_width) {
        MG_CHECK(static_cast<std::size_t>(row_width) == width);
        if (skip.data)
            widen_extremes_masked(row, skip.row(y), lows.data(), highs.data(), row_width);
        else
            widen_extremes(row, lows.data(), highs.data(), row_width);
    });
    float const low = *std::min_element(lows.begin(), lows.end());
    float const high = *std::max_element(highs.begin(), highs.end());
    if (low > high) return result; // everything is masked
    result.minimum = low;
    result.maximum = high;
    result.count = skip.data ? clipped(planes, low, high, skip).count
                             : planes[0].size.area() * static_cast<std::int64_t>(planes.size());
    return result;
}

double mean(PlaneView plane, SkipView skip) {
    double sum = 0;
    std::int64_t count = 0;
    for (int y = 0; y < plane.height(); ++y) {
        float const* row = plane.row(y);
        // Lanes are joined in their order, so that the sum is the same whatever the width of the vectors.
        constexpr int k_lanes = 16;
        double lanes[k_lanes] = {};
        for (int x = 0; x < plane.width(); ++x) {
            bool const counts = !skip.data || skip.at(x, y) == 0;
            lanes[x % k_lanes] += counts ? double{row[x]} : 0;
            count += counts;
        }
        for (double lane : lanes) sum += lane;
    }
    return count > 0 ? sum / static_cast<double>(count) : 0;
}

std::vector<float> percentiles(std::span<PlaneView const> planes, std::span<double const> percents, SkipView skip) {
    Extremes const range = extremes(planes, skip);
    std::vector<float> result;
    if (range.count == 0) return std::vector<float>(percents.size());
    Scale const scale = scale_of(range.minimum, range.maximum);
    std::vector<std::int64_t> const counts = counts_of_bins(planes, skip, scale);

    // Then once more, each bin that holds a wanted rank divided in as many again.
    struct Wanted {
        std::size_t bin = 0;
        std::int64_t rank_in_bin = 0;
        Scale scale;
        float least = 0, greatest = 0; ///< of the values that may fall into the bin
        std::vector<std::int64_t> counts;
        std::vector<float> smallest; ///< of the values in each part
    };
    std::vector<Wanted> wanted;
    for (double percent : percents) {
        auto rank = static_cast<std::int64_t>(
            std::floor(std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(range.count - 1) + 0.5));
        Wanted w;
        while (rank >= counts[w.bin]) rank -= counts[w.bin++];
        w.rank_in_bin = rank;
        float const width = scale.bins_per_unit > 0 ? 1 / scale.bins_per_unit : 0;
        float const low = range.minimum + static_cast<float>(w.bin) * width;
        w.scale = scale_of(low, low + width);
        // A little more than the bin, for rounding; bin 0 takes all of a constant picture.
        w.least = low - 0.01f * width - 1e-6f * (range.maximum - range.minimum);
        w.greatest = low + 1.01f * width + 1e-6f * (range.maximum - range.minimum);
        w.counts.resize(k_bins);
        w.smallest.resize(k_bins, range.maximum);
        wanted.push_back(std::move(w));
    }
    for_each_row(planes, [&](float const* row, int y, int width) {
        for (int x0 = 0; x0 < width; x0 += k_chunk) {
            int const count = std::min(k_chunk, width - x0);
            for (Wanted& w : wanted) {
                if (count_between(row + x0, count, w.least, w.greatest) == 0) continue;
                for (int x = x0; x < x0 + count; ++x) {
                    if (row[x] < w.least || row[x] > w.greatest || (skip.data && skip.at(x, y) != 0)) continue;
                    std::int32_t bin = 0, sub = 0;
                    bin_indices(row + x, 1, scale.low, scale.bins_per_unit, &bin);
                    if (static_cast<std::size_t>(bin) != w.bin) continue;
                    bin_indices(row + x, 1, w.scale.low, w.scale.bins_per_unit, &sub);
                    auto const part = static_cast<std::size_t>(sub);
                    ++w.counts[part];
                    w.smallest[part] = std::min(w.smallest[part], row[x]);
                }
            }
        }
    });
    for (Wanted& w : wanted) {
        std::size_t sub = 0;
        while (sub + 1 < w.counts.size() && w.rank_in_bin >= w.counts[sub]) w.rank_in_bin -= w.counts[sub++];
        result.push_back(w.smallest[sub]);
    }
    return result;
}

Histogram histogram(PlaneView plane, float low, float high, SkipView skip) {
    Histogram result;
    result.low = low;
    result.high = high;
    auto const bins = static_cast<float>(result.counts.size());
    float const factor = high > low ? bins / (high - low) : 0;
    for (int y = 0; y < plane.height(); ++y) {
        float const* row = plane.row(y);
        for (int x = 0; x < plane.width(); ++x) {
            if (skip.data && skip.at(x, y) != 0) continue;
            if (row[x] < low)
                ++result.below;
            else if (row[x] > high)
                ++result.above;
            else {
                float const place = std::min((row[x] - low) * factor, bins - 1);
                ++result.counts[static_cast<std::size_t>(place)];
            }
        }
    }
    return result;
}

Clipped clipped(std::span<PlaneView const> planes, float low, float high, SkipView skip) {
    Clipped result;
    for_each_row(planes, [&](float const* row, int y, int width) {
        std::uint8_t const* masked = skip.data ? skip.row(y) : nullptr;
        Clipped const of_row = clipped_of_row(row, masked, width, low, high);
        result.below += of_row.below;
        result.above += of_row.above;
        result.count += of_row.count;
    });
    return result;
}

double robust_deviation(PlaneView plane, PlaneView reference, SkipView skip) {
    MG_CHECK(reference.size == plane.size);
    int const step = std::max(1, static_cast<int>(std::sqrt(static_cast<double>(plane.size.area()) / 40000)));
    std::vector<float> sizes;
    for (int y = step / 2; y < plane.height(); y += step)
        for (int x = step / 2; x < plane.width(); x += step)
            if (!skip.data || skip.at(x, y) == 0) sizes.push_back(std::fabs(plane.at(x, y) - reference.at(x, y)));
    if (sizes.empty()) return 0;
    auto const middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
    std::nth_element(sizes.begin(), middle, sizes.end());
    return 1.4826 * double{*middle};
}

} // namespace mg
