#include "ops/despike.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "base/clones.h"
#include "ops/border.h"
#include "ops/median.h"

namespace mg {
namespace {

// How far a pixel stands out: beyond the threshold, or beyond one sigma, which continues a tail.
enum Flag : std::uint8_t { k_plain = 0, k_warm = 1, k_candidate = 2 };

constexpr int k_longest_tail_px = 3;
/// A run of this length in a scan line is a line of the picture, not a spike with its tail.
constexpr int k_line_run_px = 5;
/// Of the six neighbours in the lines above and below, which were scanned at other times.
constexpr int k_supporting_neighbours = 2;
/// The deviation of 45 pixels is uncertain by a sixth: it overrules the noise of the level only when well above it.
constexpr double k_roughness_share = 0.7;
/// The threshold is at least this part of the range of the picture: without noise, fine structure is no spike.
constexpr double k_least_excess = 0.02;
/// 93.3 % of a normal distribution lies below 1.5 sigma: far enough up to feel the long tail of few counts, not so far
/// that a per cent of spikes moves it.
constexpr double k_quantile = 0.9332, k_quantile_sigma = 1.5;
constexpr int k_noise_samples = 16000;
constexpr int k_most_groups = 16;
constexpr int k_samples_per_group = 100;
/// With fewer, nothing is known of the noise and nothing is a spike.
constexpr std::size_t k_fewest_samples = 64;
constexpr int k_level_bins = 1024;

struct NoiseSample {
    float level, excess;
};

/// variance = read + gain * level, but never less than `least`.
struct NoiseLine {
    double read = 0;
    double gain = 0;
    double least = 0;
};

/// Pixels of a regular grid with their medians. sign -1 turns dark outliers into bright ones.
Result<std::vector<NoiseSample>> sampled(ImageView<float const> plane, ImageView<std::uint8_t const> skip, float sign) {
    int const step = std::max(1, static_cast<int>(std::sqrt(static_cast<double>(plane.size.area()) / k_noise_samples)));
    MG_TRY(RowMedian3x5 median, RowMedian3x5::create(plane.width()));
    MG_TRY(Plane medians, Plane::create({plane.width(), 1}));
    std::vector<NoiseSample> samples;
    for (int y = step / 2; y < plane.height(); y += step) {
        median.row(plane, y, medians.data());
        float const* values = plane.row(y);
        for (int x = step / 2; x < plane.width(); x += step)
            if (!skip.data || skip.at(x, y) == 0)
                samples.push_back({medians.data()[x], sign * (values[x] - medians.data()[x])});
    }
    return samples;
}

/// Variance against level in groups of about equally many samples, then a weighted straight line, whose weights (the
/// variance of an estimated variance grows with its square) follow from the line itself in a few rounds.
NoiseLine fitted_noise(std::vector<NoiseSample>& samples, double threshold_sigma) {
    NoiseLine line;
    if (samples.empty()) return line;
    float bottom = samples.front().level, top = bottom;
    for (NoiseSample const& s : samples) bottom = std::min(bottom, s.level), top = std::max(top, s.level);
    double const bins_per_level = top > bottom ? (k_level_bins - 1) / (double{top} - bottom) : 0;
    auto const bin_of = [&](NoiseSample const& s) {
        return static_cast<std::size_t>((double{s.level} - bottom) * bins_per_level);
    };
    std::array<std::int64_t, k_level_bins> histogram{};
    for (NoiseSample const& s : samples) ++histogram[bin_of(s)];
    auto const total = static_cast<std::int64_t>(samples.size());
    std::int64_t const group_count = std::clamp<std::int64_t>(total / k_samples_per_group, 1, k_most_groups);
    std::array<std::uint8_t, k_level_bins> group_of_bin{};
    double first_percent = bottom, last_percent = top;
    std::int64_t below = 0;
    for (std::size_t bin = 0; bin < k_level_bins; ++bin) {
        std::int64_t const upto = below + histogram[bin];
        group_of_bin[bin] =
            static_cast<std::uint8_t>(std::min(group_count - 1, (below + upto) / 2 * group_count / total));
        double const level = bins_per_level > 0 ? bottom + static_cast<double>(bin) / bins_per_level : bottom;
        if (below * 100 < total && upto * 100 >= total) first_percent = level;
        if (below * 100 < total * 99 && upto * 100 >= total * 99) last_percent = level;
        below = upto;
    }
    double const least = k_least_excess * (last_percent - first_percent) / threshold_sigma;
    line.least = least * least;

    struct Group {
        double level = 0, variance = 0, count = 0;
    };
    std::vector<Group> groups;
    std::array<std::vector<float>, k_most_groups> excesses;
    std::array<double, k_most_groups> level_sums{};
    for (NoiseSample const& s : samples) {
        excesses[group_of_bin[bin_of(s)]].push_back(s.excess);
        level_sums[group_of_bin[bin_of(s)]] += s.level;
    }
    for (std::size_t g = 0; g < k_most_groups; ++g) {
        std::vector<float>& excess = excesses[g];
        // Bins that hold much of the picture leave some groups with little.
        if (2 * excess.size() < k_samples_per_group && group_count > 1) continue;
        if (excess.empty()) continue;
        auto const at =
            excess.begin() + static_cast<std::ptrdiff_t>(k_quantile * static_cast<double>(excess.size() - 1));
        std::nth_element(excess.begin(), at, excess.end());
        double const sigma = std::max(0.0f, *at) / k_quantile_sigma;
        auto const count = static_cast<double>(excess.size());
        groups.push_back({level_sums[g] / count, sigma * sigma, count});
    }
    double count = 0, mean_variance = 0;
    for (Group const& g : groups) count += g.count, mean_variance += g.count * g.variance;
    if (count == 0) return line;
    mean_variance /= count;
    line.read = mean_variance;
    for (int round = 0; round < 4 && groups.size() > 1 && mean_variance > 0; ++round) {
        double weights = 0, level = 0, variance = 0, covariance = 0, spread = 0;
        auto const weight_of = [&](Group const& g) {
            double const expected = std::max(line.read + line.gain * g.level, 1e-3 * mean_variance);
            return g.count / (expected * expected);
        };
        std::vector<double> weight;
        for (Group const& g : groups) weight.push_back(weight_of(g));
        for (std::size_t i = 0; i < groups.size(); ++i) {
            weights += weight[i];
            level += weight[i] * groups[i].level;
            variance += weight[i] * groups[i].variance;
        }
        level /= weights;
        variance /= weights;
        for (std::size_t i = 0; i < groups.size(); ++i) {
            double const distance = groups[i].level - level;
            covariance += weight[i] * distance * (groups[i].variance - variance);
            spread += weight[i] * distance * distance;
        }
        line.gain = spread > 0 ? std::max(0.0, covariance / spread) : 0; // noise does not shrink with the signal
        line.read = variance - line.gain * level;
    }
    return line;
}

struct FlagLimits {
    float read, gain, least; ///< of the variance
    float spike, warm;       ///< squares of the limits in sigma
    float sign;
};

MG_CLONES void flag_row(float const* values, float const* medians, std::uint8_t* __restrict flags, int width,
                        FlagLimits limits) {
    for (int x = 0; x < width; ++x) {
        float const excess = limits.sign * (values[x] - medians[x]);
        float const expected = limits.read + limits.gain * medians[x];
        float const variance = expected < limits.least ? limits.least : expected;
        float const square = excess > 0 ? excess * excess : 0;
        int const flag = (square > limits.spike * variance ? 1 : 0) + (square > limits.warm * variance ? 1 : 0);
        flags[x] = static_cast<std::uint8_t>(flag);
    }
}

/// Calls `visit(x, y)` for each pixel of that value, in scan order.
template <class Visit>
void for_each_equal(Mask const& mask, std::uint8_t value, Visit visit) {
    for (int y = 0; y < mask.height(); ++y) {
        std::uint8_t const* row = mask.row(y);
        for (int x = 0; x < mask.width(); ++x) {
            void const* found = std::memchr(row + x, value, static_cast<std::size_t>(mask.width() - x));
            if (!found) break;
            x = static_cast<int>(static_cast<std::uint8_t const*>(found) - row);
            visit(x, y);
        }
    }
}

struct Reach {
    int x, y;
};
constexpr Reach k_near{2, 1};   ///< the window of the median
constexpr Reach k_around{4, 2}; ///< where the roughness is measured
constexpr std::size_t k_window_room = 16;

struct Window {
    Window() { values.fill(std::numeric_limits<float>::infinity()); }
    std::array<float, k_window_room> values;
    std::size_t count = 0;
};

/// By counting, which has no branches to be foretold wrongly.
MG_CLONES float nth_smallest(Window const& window, int n) {
    int less[k_window_room] = {}, not_greater[k_window_room] = {};
    for (std::size_t j = 0; j < window.count; ++j) {
        float const other = window.values[j];
        for (std::size_t i = 0; i < k_window_room; ++i) {
            less[i] += other < window.values[i] ? 1 : 0;
            not_greater[i] += other <= window.values[i] ? 1 : 0;
        }
    }
    for (std::size_t i = 0; i < window.count; ++i)
        if (less[i] <= n && n < not_greater[i]) return window.values[i];
    return 0; // of an empty window
}

float median(Window const& window) {
    int const n = static_cast<int>(window.count);
    if (n % 2 == 1) return nth_smallest(window, n / 2);
    return 0.5f * (nth_smallest(window, n / 2 - 1) + nth_smallest(window, n / 2));
}

/// Calls `visit(x, y)` for the pixels about one that lie inside the plane.
template <class Visit>
void for_each_about(ImageView<float const> plane, int x0, int y0, Reach reach, Visit visit) {
    for (int y = std::max(y0 - reach.y, 0); y <= std::min(y0 + reach.y, plane.height() - 1); ++y)
        for (int x = std::max(x0 - reach.x, 0); x <= std::min(x0 + reach.x, plane.width() - 1); ++x) visit(x, y);
}

/// Of the 3 x 5 pixels about one, those that `counts(x, y)`.
template <class Counts>
Window window_about(ImageView<float const> plane, int x0, int y0, Counts counts) {
    Window window;
    for_each_about(plane, x0, y0, k_near, [&](int x, int y) {
        if (counts(x, y)) window.values[window.count++] = plane.at(x, y);
    });
    return window;
}

float median_about(ImageView<float const> plane, int x0, int y0) {
    return median(window_about(plane, x0, y0, [](int, int) { return true; }));
}

/// Whether neighbours that stand out at least half as far as a candidate say that it is part of something real: a line,
/// an edge or a corner has some in the lines above and below, a line along the scan has a long run of them.
bool is_supported(ImageView<float const> plane, int x0, int y0, float level, float sign) {
    float const half = 0.5f * (level + plane.at(x0, y0));
    auto const stands_out = [&](int x, int y) {
        return x >= 0 && x < plane.width() && y >= 0 && y < plane.height() && sign * (plane.at(x, y) - half) >= 0;
    };
    int support = 0;
    for (int dx = -1; dx <= 1; ++dx) support += stands_out(x0 + dx, y0 - 1) + stands_out(x0 + dx, y0 + 1);
    if (support >= k_supporting_neighbours) return true;
    int run = 1;
    for (int i = 1; i < k_line_run_px && stands_out(x0 - i, y0); ++i) ++run;
    for (int i = 1; i < k_line_run_px && stands_out(x0 + i, y0); ++i) ++run;
    return run >= k_line_run_px;
}

/// Whether the picture is so rough there, beyond the noise of its level, that a candidate is nothing special: less than
/// the threshold times 1.4826 times the median deviation in a larger window, that is, most of its pixels deviate too
/// much.
bool is_rough(ImageView<float const> plane, int x0, int y0, float level, double threshold_sigma) {
    float const excess = std::fabs(plane.at(x0, y0) - level);
    auto const much = static_cast<float>(double{excess} / (1.4826 * k_roughness_share * threshold_sigma));
    int count = 0, deviating = 0;
    for_each_about(plane, x0, y0, k_around, [&](int x, int y) {
        ++count;
        deviating += std::fabs(plane.at(x, y) - level) > much ? 1 : 0;
    });
    return 2 * deviating > count;
}

/// Of the neighbours that are neither replaced nor skipped; of all when there is none.
float sound_median(ImageView<float const> plane, ImageView<std::uint8_t const> skip, Mask const& replaced, int x0,
                   int y0) {
    Window const sound = window_about(
        plane, x0, y0, [&](int x, int y) { return replaced.at(x, y) == 0 && (!skip.data || skip.at(x, y) == 0); });
    return sound.count > 0 ? median(sound) : median_about(plane, x0, y0);
}

double mean_level(std::vector<NoiseSample> const& samples) {
    double sum = 0;
    for (NoiseSample const& s : samples) sum += s.level;
    return samples.empty() ? 0 : sum / static_cast<double>(samples.size());
}

} // namespace

Result<Despiked> despiked(ImageView<float const> plane, ImageView<std::uint8_t const> skip, DespikeOptions options) {
    MG_CHECK(!skip.data || skip.size == plane.size);
    double const threshold = std::max(options.threshold_sigma, 1.0);
    Despiked result;
    MG_TRY(result.plane, Plane::create(plane.size));
    MG_TRY(result.replaced, Mask::filled(plane.size, 0));
    MG_TRY(Mask flags, Mask::create(plane.size));
    MG_TRY(RowMedian3x5 median, RowMedian3x5::create(plane.width()));
    MG_TRY(Plane medians, Plane::create({plane.width(), 1}));
    for (float const sign : {1.0f, -1.0f}) {
        if (sign < 0 && !options.negative) break;
        MG_TRY(std::vector<NoiseSample> samples, sampled(plane, skip, sign));
        if (samples.size() < k_fewest_samples) {
            for (int y = 0; y < plane.height(); ++y)
                std::memcpy(result.plane.row(y), plane.row(y), static_cast<std::size_t>(plane.width()) * sizeof(float));
            break;
        }
        NoiseLine const noise = fitted_noise(samples, threshold);
        if (sign > 0)
            result.noise_at_mean = std::sqrt(std::max(noise.read + noise.gain * mean_level(samples), noise.least));
        FlagLimits const limits{.read = static_cast<float>(noise.read),
                                .gain = static_cast<float>(noise.gain),
                                .least = static_cast<float>(noise.least),
                                .spike = static_cast<float>(threshold * threshold),
                                .warm = 1,
                                .sign = sign};
        for (int y = 0; y < plane.height(); ++y) {
            median.row(plane, y, medians.data());
            flag_row(plane.row(y), medians.data(), flags.row(y), plane.width(), limits);
            std::memcpy(result.plane.row(y), plane.row(y), static_cast<std::size_t>(plane.width()) * sizeof(float));
        }
        for_each_equal(flags, k_candidate, [&](int x, int y) {
            if (skip.data && skip.at(x, y) != 0) return;
            float const level = median_about(plane, x, y);
            if (is_supported(plane, x, y, level, sign) || is_rough(plane, x, y, level, threshold)) return;
            ++result.spikes;
            result.replaced.at(x, y) = 1;
            for (int i = 1; i <= k_longest_tail_px && x + i < plane.width() && flags.at(x + i, y) >= k_warm; ++i) {
                if (skip.data && skip.at(x + i, y) != 0) break;
                result.replaced.at(x + i, y) = 1;
            }
        });
    }
    for_each_equal(result.replaced, 1, [&](int x, int y) {
        ++result.pixels;
        result.plane.at(x, y) = sound_median(plane, skip, result.replaced, x, y);
    });
    return result;
}

Result<Despiked> despiked_by_pixel_below(ImageView<float const> plane, double levels) {
    Despiked result;
    MG_TRY(result.plane, Plane::create(plane.size));
    MG_TRY(result.replaced, Mask::filled(plane.size, 0));
    auto const recorded = [&](float value) {
        return levels > 0 ? std::floor(value * levels + 0.5) / levels : double{value};
    };
    for (int y = 0; y < plane.height(); ++y) {
        float const* here = plane.row(y);
        float const* below = plane.row(std::min(y + 1, plane.height() - 1));
        for (int x = 0; x < plane.width(); ++x) {
            // Written as theirs: the comparison with the pixel itself in the last row is never true above 0.
            bool const spike = y + 1 < plane.height() && recorded(here[x]) > recorded(below[x]) * 1.2;
            result.plane.at(x, y) = spike ? below[x] : here[x];
            result.replaced.at(x, y) = spike;
            result.spikes += spike;
        }
    }
    result.pixels = result.spikes;
    return result;
}

} // namespace mg
