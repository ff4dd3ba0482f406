// Counts behind grey levels. A program that stores n counts of at most m as floor(255 n / m), or rounded, leaves only
// those levels: the smallest m (the widest step) whose levels hold all that occur is the one, provided that so many
// levels would hardly fit by chance. Failing that, the noise: for Poisson counts variance = gain * mean, with the
// variance from differences of pixels three apart in small blocks (nearer ones share the detector's or a filter's
// smoothing) and medians over blocks of equal mean, which borders do not move.
#include "ops/element_map.h"

#include <algorithm>
#include <cmath>

#include "base/clones.h"
#include "base/text.h"
#include "math/portable.h"

namespace mg {
namespace {

using View = ImageView<float const>;
using Skip = ImageView<std::uint8_t const>;

bool skipped(Skip const& skip, int x, int y) {
    return skip.data && skip.at(x, y) != 0;
}

// --- levels --------------------------------------------------------------------------------------------------------

struct Level {
    std::int64_t value = 0, pixels = 0;
};
/// Those that occur, rising.
std::vector<Level> occupied_levels(View plane, std::int64_t white, Skip skip) {
    std::vector<std::int64_t> pixels(static_cast<std::size_t>(white + 1));
    for (int y = 0; y < plane.height(); ++y)
        for (int x = 0; x < plane.width(); ++x) {
            if (skipped(skip, x, y)) continue;
            double const level = double{plane.at(x, y)} * static_cast<double>(white) + 0.5;
            if (level >= 0) ++pixels[static_cast<std::size_t>(std::min(level, static_cast<double>(white)))];
        }
    std::vector<Level> levels;
    for (std::size_t i = 0; i < pixels.size(); ++i)
        if (pixels[i] > 0) levels.push_back({static_cast<std::int64_t>(i), pixels[i]});
    return levels;
}

enum class Rounding { down, nearest, loose }; ///< loose: one level off in either direction
struct Steps {
    std::int64_t top = 0, counts = 0; ///< count i is at level i * top / counts
    Rounding rounding = Rounding::down;
    double level_of_one() const { return static_cast<double>(top) / static_cast<double>(counts); }
};

/// The count at that level; -1: none is.
std::int64_t count_at(std::int64_t level, Steps const& steps) {
    if (steps.rounding == Rounding::down) {
        std::int64_t const i = (level * steps.counts + steps.top - 1) / steps.top;
        return i * steps.top / steps.counts == level ? i : -1;
    }
    std::int64_t const i = (2 * level * steps.counts + steps.top) / (2 * steps.top);
    std::int64_t const twice_off = 2 * i * steps.top - 2 * level * steps.counts;
    std::int64_t const allowed = steps.rounding == Rounding::nearest ? steps.counts : 3 * steps.counts;
    return twice_off <= allowed && twice_off >= -allowed ? i : -1;
}

/// True when nearly all pixels are at the levels of these steps, and so many levels would hardly be by chance, out of
/// all steps that are tried. A few pixels may stray: text is soft at its edges.
bool fits(std::vector<Level> const& levels, std::int64_t lit_pixels, Steps const& steps) {
    std::int64_t stray = 0, before = -1, informative = 0, counts_met = 0;
    for (Level const& level : levels) {
        std::int64_t const i = count_at(level.value, steps);
        // Halves may have been rounded either way, but each always the same.
        bool const here = i >= 0 && (i != before || steps.rounding == Rounding::loose);
        if (!here) {
            stray += level.pixels;
            if (stray * 200 > lit_pixels) return false;
            continue;
        }
        counts_met += i != before;
        before = i;
        if (level.value == 0 || level.value == steps.top) continue;
        informative += level.pixels * 10000 >= lit_pixels || stray == 0;
    }
    double const width = steps.rounding == Rounding::loose ? 3 : 1;
    double const chance = width * static_cast<double>(steps.counts + 1) / static_cast<double>(steps.top + 1);
    if (chance >= 1) return false;
    double const evidence = -static_cast<double>(informative) * log_portable(chance);
    if (evidence > log_portable(4.0 * static_cast<double>(steps.top)) + 5) return true;
    // Few levels: most of those possible must occur.
    double const possible = static_cast<double>(levels.back().value) / steps.level_of_one() + 1;
    return steps.rounding != Rounding::loose && steps.level_of_one() >= 8 &&
           static_cast<double>(counts_met) >= 0.5 * possible;
}

/// The widest steps that fit, wider than one level.
std::optional<Steps> even_steps(std::vector<Level> const& levels, std::int64_t white) {
    std::int64_t lit_pixels = 0;
    for (Level const& level : levels) lit_pixels += level.value > 0 ? level.pixels : 0;
    std::optional<Steps> best;
    for (std::int64_t const top : {white, levels.back().value})
        for (Rounding const rounding : {Rounding::down, Rounding::nearest, Rounding::loose}) {
            std::int64_t const most = std::min<std::int64_t>(rounding == Rounding::loose ? top / 5 : top - 1, 4096);
            for (std::int64_t counts = 1; counts <= most; ++counts) {
                Steps const steps{top, counts, rounding};
                if (best && steps.level_of_one() <= best->level_of_one()) break;
                if (!fits(levels, lit_pixels, steps)) continue;
                best = steps;
                break;
            }
        }
    return best;
}

// --- noise ---------------------------------------------------------------------------------------------------------

struct Block {
    double mean = 0, variance = 0;
};

constexpr int k_block = 8, k_lag = 3;

std::vector<Block> noise_blocks(View plane, Skip skip) {
    int const across = (plane.width() - k_lag) / k_block, down = (plane.height() - k_lag) / k_block;
    std::vector<Block> blocks;
    if (across < 1 || down < 1) return blocks;
    std::int64_t const step = std::max<std::int64_t>(1, std::int64_t{across} * down / 65536);
    for (std::int64_t b = 0; b < std::int64_t{across} * down; b += step) {
        int const left = static_cast<int>(b % across) * k_block, top = static_cast<int>(b / across) * k_block;
        Block block;
        bool usable = true;
        for (int y = top; y < top + k_block; ++y)
            for (int x = left; x < left + k_block; ++x) {
                usable = usable && !skipped(skip, x, y) && !skipped(skip, x + k_lag, y) && !skipped(skip, x, y + k_lag);
                double const here = plane.at(x, y);
                double const right = plane.at(x + k_lag, y) - here, below = plane.at(x, y + k_lag) - here;
                block.mean += here;
                block.variance += right * right + below * below;
            }
        block.mean /= k_block * k_block;
        block.variance /= 4 * k_block * k_block; // a difference has twice the variance of a pixel
        if (usable && std::isfinite(block.mean) && std::isfinite(block.variance)) blocks.push_back(block);
    }
    return blocks;
}

/// Value of one count, variance / (mean - zero); nothing when there is no noise, or too little to look at.
std::optional<double> poisson_gain(View plane, double zero, Skip skip) {
    std::vector<Block> blocks = noise_blocks(plane, skip);
    if (blocks.size() < 16) return std::nullopt;
    std::stable_sort(blocks.begin(), blocks.end(), [](Block const& a, Block const& b) { return a.mean < b.mean; });
    struct Group {
        double gain = 0, weight = 0;
    };
    std::vector<Group> groups;
    std::size_t const count = std::min<std::size_t>(16, blocks.size() / 8);
    for (std::size_t g = 0; g < count; ++g) {
        auto const begin = blocks.begin() + static_cast<std::ptrdiff_t>(g * blocks.size() / count);
        auto const end = blocks.begin() + static_cast<std::ptrdiff_t>((g + 1) * blocks.size() / count);
        double mean = 0;
        std::vector<double> variances;
        for (auto block = begin; block != end; ++block) {
            mean += block->mean - zero;
            variances.push_back(block->variance);
        }
        mean /= static_cast<double>(variances.size());
        auto const middle = variances.begin() + static_cast<std::ptrdiff_t>(variances.size() / 2);
        std::nth_element(variances.begin(), middle, variances.end());
        if (mean > 0) groups.push_back({*middle / mean, mean});
    }
    // Median with the bright groups counting for more: few counts tell little.
    std::sort(groups.begin(), groups.end(),
              [](Group const& a, Group const& b) { return a.gain != b.gain ? a.gain < b.gain : a.weight < b.weight; });
    double total = 0, sum = 0;
    for (Group const& group : groups) total += group.weight;
    for (Group const& group : groups) {
        sum += group.weight;
        if (sum >= 0.5 * total) return group.gain > 0 ? std::optional(group.gain) : std::nullopt;
    }
    return std::nullopt;
}

constexpr double k_most_counts = 100000; ///< of one pixel, believed of the noise
constexpr double k_assumed_counts = 255;

CountScale assumed(double zero) {
    return {.counts_at_white = k_assumed_counts,
            .estimated = true,
            .source = "unknown: taken as one count per grey level of 255",
            .offset = 0 - zero * k_assumed_counts};
}

/// `zero`: plane value of no counts.
CountScale scale_from_noise(View plane, double zero, Skip skip) {
    std::optional<double> const gain = poisson_gain(plane, zero, skip);
    if (!gain || *gain * k_most_counts < 1) return assumed(zero);
    double const counts = std::max(1.0, 1 / *gain);
    return {.counts_at_white = counts,
            .estimated = true,
            .source = "estimated from the noise: about " + format_significant(counts, counts < 10 ? 1 : 2) +
                      " counts at white",
            .offset = 0 - zero * counts};
}

// --- kinds of maps -------------------------------------------------------------------------------------------------

CountScale as_recorded(double counts_at_white, double offset) {
    return {.counts_at_white = counts_at_white, .source = "counts as recorded", .offset = offset, .whole = true};
}

CountScale integer_scale(View plane, std::int64_t white, Skip skip) {
    std::vector<Level> const levels = occupied_levels(plane, white, skip);
    if (levels.empty() || levels.back().value == 0)
        return {.counts_at_white = static_cast<double>(white), .source = "no counts at all", .whole = true};
    auto const full = static_cast<double>(white);
    std::int64_t const largest = levels.back().value;
    if (auto const steps = even_steps(levels, white)) {
        double const counts_per_level = 1 / steps->level_of_one();
        auto const most = static_cast<std::int64_t>(static_cast<double>(largest) * counts_per_level + 0.999);
        // Many steps may be those of an 8-bit picture whose contrast was stretched; then they do not have the noise of
        // counts.
        std::optional<double> const gain = most < 64 ? std::nullopt : poisson_gain(plane, 0, skip);
        double const ratio = gain ? full * counts_per_level * *gain : 1;
        if (ratio < 0.5 || ratio > 2) return scale_from_noise(plane, 0, skip);
        return {.counts_at_white = full * counts_per_level,
                .estimated = false,
                .source = "from evenly spaced grey levels: at most " + std::to_string(most) +
                          (most == 1 ? " count" : " counts"),
                .offset = steps->rounding == Rounding::down ? 0.5 * counts_per_level : 0,
                .whole = true};
    }
    // More than 8 bits that do not reach white, or a range so small that nobody would have scaled to it.
    if (white > 255 && largest < white) return as_recorded(full, 0);
    CountScale const noise = scale_from_noise(plane, 0, skip);
    double const per_level = noise.counts_at_white / full;
    if (largest < 64 && per_level > 0.4 && per_level < 2.5) return as_recorded(full, 0);
    if (per_level > 0.8 && per_level < 1.25)
        return {.counts_at_white = full,
                .estimated = true,
                .source = "one count per grey level, as the noise has it",
                .whole = true};
    return noise;
}

/// Recorded values that occur, rising; empty when more than 4096 of them.
std::vector<double> recorded_values(View plane, ValueRange range, Skip skip) {
    std::vector<double> values;
    std::size_t sorted = 0;
    auto tidy = [&] {
        std::sort(values.begin(), values.end());
        values.erase(std::unique(values.begin(), values.end()), values.end());
        sorted = values.size();
        return sorted <= 4096;
    };
    for (int y = 0; y < plane.height(); ++y) {
        for (int x = 0; x < plane.width(); ++x)
            if (!skipped(skip, x, y) && std::isfinite(plane.at(x, y)))
                values.push_back(range.black + double{plane.at(x, y)} * (range.white - range.black));
        if (values.size() > sorted + 65536 && !tidy()) return {};
    }
    return tidy() ? values : std::vector<double>{};
}

CountScale float_scale(View plane, ValueRange range, Skip skip) {
    double const width = range.white - range.black;
    if (!(std::fabs(width) > 0) || !std::isfinite(width)) return assumed(0);
    double const zero = -range.black / width; // plane value of a recorded 0
    // Float values are the recorded ones to within the rounding of the plane's own floats.
    double const rounding = 4e-7 * std::max(std::fabs(range.black), std::fabs(range.white));
    std::vector<double> const values = recorded_values(plane, range, skip);
    if (values.size() >= 2 && values.front() >= -rounding) {
        double step = values.back();
        for (std::size_t i = 0; i < values.size(); ++i)
            if (double const gap = i == 0 ? values[0] : values[i] - values[i - 1]; gap > 8 * rounding)
                step = std::min(step, gap);
        double const most = std::floor(values.back() / step + 0.5);
        step = values.back() / most;
        bool const even = most <= 65535 && std::all_of(values.begin(), values.end(), [&](double value) {
                              double const counts = value / step;
                              return std::fabs(counts - std::floor(counts + 0.5)) < 0.02 + rounding / step;
                          });
        if (even && std::fabs(step - 1) < 0.001) return as_recorded(width, range.black);
        if (even && static_cast<double>(values.size()) > 0.1 * most)
            return {.counts_at_white = width / step,
                    .source = "from evenly spaced values: at most " + std::to_string(static_cast<std::int64_t>(most)) +
                              " counts",
                    .offset = range.black / step,
                    .whole = true};
    }
    return scale_from_noise(plane, zero, skip);
}

MG_CLONES void count_row(float const* values, CountScale const& scale, int width, float* counts) {
    float const* __restrict in = values;
    float* __restrict out = counts;
    double const factor = scale.counts_at_white, offset = scale.offset;
    if (scale.whole) {
        for (int x = 0; x < width; ++x) {
            // No number: no counts. A pixel of 2 billion counts is none either, and an integer holds them.
            double const value = double{in[x]} * factor + offset + 0.5, above = value > 0 ? value : 0;
            out[x] = static_cast<float>(static_cast<std::int32_t>(above < 2e9 ? above : 2e9));
        }
        return;
    }
    for (int x = 0; x < width; ++x) {
        double const value = double{in[x]} * factor + offset;
        out[x] = static_cast<float>(value > 0 ? value : 0);
    }
}

} // namespace

CountScale count_scale(View plane, ValueRange range, bool is_float, Skip skip) {
    if (!plane.data || plane.size.empty()) return assumed(0);
    // A file that stores white as the lowest number holds counts all the same.
    if (range.black > range.white) range = {0, range.black - range.white};
    double const white = range.white - range.black;
    bool const integers = !is_float && white >= 1 && white <= 65535 && white == std::floor(white) && range.black == 0;
    return integers ? integer_scale(plane, static_cast<std::int64_t>(white), skip) : float_scale(plane, range, skip);
}

Result<Plane> counts_of(View plane, CountScale const& scale) {
    MG_TRY(Plane counts, Plane::create(plane.size));
    for (int y = 0; y < plane.height(); ++y) count_row(plane.row(y), scale, plane.width(), counts.row(y));
    return counts;
}

} // namespace mg
