#include "ops/clusters_level.h"

#include <algorithm>
#include <cmath>

#include "base/clones.h"
#include "math/portable.h"
#include "ops/gaussian.h"

namespace mg::clusters {
namespace {

/// Counts (all elements together) that a smoothed pixel should hold, so that most of them are told apart.
constexpr double k_counts_wanted = 80;
constexpr double k_four_pi = 12.566370614359172;

std::size_t index(int value) {
    return static_cast<std::size_t>(value);
}

float positive(float value) {
    return value > 0 && value < 1e9F ? value : 0.0F;
}

/// Rows of bins from `first` on; `bin` pixels make one.
CountGrid binned(Maps const& maps, int bin, int first, int rows, Field& valid) {
    CountGrid grid;
    grid.size = {(maps.size.width + bin - 1) / bin, rows};
    grid.elements = static_cast<int>(maps.counts.size());
    grid.stride = (grid.elements + 3) / 4 * 4;
    grid.counts.assign(grid.pixels() * index(grid.stride), 0.0F);
    valid.assign(grid.pixels(), 0.0F);
    float const one = 1.0F / static_cast<float>(bin * bin);
    for (int y = first * bin; y < std::min((first + rows) * bin, maps.size.height); ++y)
        for (int x = 0; x < maps.size.width; ++x) {
            if (maps.mask.data && maps.mask.at(x, y) != 0) continue;
            std::size_t const p = index(y / bin - first) * index(grid.size.width) + index(x / bin);
            valid[p] += one;
            float* to = grid.counts.data() + p * index(grid.stride);
            for (int e = 0; e < grid.elements; ++e) to[e] += positive(maps.counts[index(e)].at(x, y));
        }
    grid.gain = valid;
    double sum = 0, area = 0;
    for (std::size_t p = 0; p < grid.pixels(); ++p) {
        for (int e = 0; e < grid.elements; ++e) sum += static_cast<double>(grid.at(p)[e]);
        area += static_cast<double>(valid[p]);
    }
    grid.mean_counts = area > 0 ? sum / area / grid.elements : 0;
    return grid;
}

/// Where the user gave a bin, in the whole or in part, to a material; empty when nowhere.
Labels given_on(Maps const& maps, int bin, int first, int rows) {
    if (maps.given.empty()) return {};
    Size const size{(maps.size.width + bin - 1) / bin, rows};
    Labels fixed(static_cast<std::size_t>(size.area()), 0);
    bool some = false;
    for (int y = first * bin; y < std::min((first + rows) * bin, maps.size.height); ++y)
        for (int x = 0; x < maps.size.width; ++x)
            if (std::uint8_t const one = maps.given[index(y) * index(maps.size.width) + index(x)]) {
                fixed[index(y / bin - first) * index(size.width) + index(x / bin)] = one;
                some = true;
            }
    return some ? fixed : Labels{};
}
MG_CLONES void add_scaled(float* __restrict to, float const* __restrict from, float factor, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) to[i] += factor * from[i];
}
MG_CLONES void keep_best_two(float const* value, std::uint8_t label, Field& first, Field& second, Labels& best,
                             Labels& other) {
    for (std::size_t i = 0; i < best.size(); ++i) {
        float const v = value[i];
        bool const leads = v > first[i], follows = v > second[i];
        second[i] = leads ? first[i] : (follows ? v : second[i]);
        other[i] = leads ? best[i] : (follows ? label : other[i]);
        first[i] = leads ? v : first[i];
        best[i] = leads ? label : best[i];
    }
}

/// What smoothed counts alone say: the most probable material of each pixel, and the next.
struct Ranking {
    Field first, second; ///< log probability per pixel's worth of counts
    Labels best, other;
    Field own; ///< of the present labels
};
Ranking ranked(Level const& level, Compositions const& means, Labels const& labels) {
    std::size_t const count = level.grid.pixels();
    Ranking ranking{Field(count, -1e30F), Field(count, -1e30F), Labels(count, 0), Labels(count, 0), Field(count, 0.0F)};
    Field value(count);
    for (int k = 0; k < means.count(); ++k) {
        float total = 0;
        for (int e = 0; e < level.grid.elements; ++e) total += means.row(k)[e];
        for (std::size_t p = 0; p < count; ++p) value[p] = -total * level.smoothed_gain[p];
        for (int e = 0; e < level.grid.elements; ++e)
            add_scaled(value.data(), level.smoothed[index(e)].data(),
                       static_cast<float>(log_portable(static_cast<double>(means.row(k)[e]))), count);
        auto const label = static_cast<std::uint8_t>(k);
        keep_best_two(value.data(), label, ranking.first, ranking.second, ranking.best, ranking.other);
        for (std::size_t p = 0; p < labels.size(); ++p) ranking.own[p] = labels[p] == label ? value[p] : ranking.own[p];
    }
    return ranking;
}
} // namespace

Level level_of(Maps const& maps, int bin, Rows rows) {
    Level level;
    level.grid = binned(maps, bin, rows.first, rows.count, level.valid);
    level.fixed = given_on(maps, bin, rows.first, rows.count);
    return level;
}

void apply_given(Labels const& fixed, Labels& labels) {
    for (std::size_t p = 0; p < fixed.size(); ++p)
        if (fixed[p] != 0) labels[p] = static_cast<std::uint8_t>(fixed[p] - 1);
}

Result<Field> blurred(Field const& values, Size size, double sigma_px) {
    ImageView<float const> const view{values.data(), size, size.width};
    MG_TRY(Plane plane, gaussian_blurred(view, {sigma_px, sigma_px}));
    return Field(plane.data(), plane.data() + size.area());
}

double smoothing_px(CountGrid const& grid) {
    double const total = std::max(grid.mean_counts * grid.elements, 1e-6);
    return std::clamp(std::sqrt(k_counts_wanted / (k_four_pi * total)), 1.0, 3.0);
}

Status smooth(Level& level, double sigma_px) {
    CountGrid const& grid = level.grid;
    level.smoothed_px = static_cast<float>(k_four_pi * sigma_px * sigma_px);
    level.smoothed.clear();
    Field plane(grid.pixels());
    for (int e = 0; e < grid.elements; ++e) {
        for (std::size_t p = 0; p < plane.size(); ++p) plane[p] = grid.at(p)[e];
        MG_TRY(Field one, blurred(plane, grid.size, sigma_px));
        level.smoothed.push_back(std::move(one));
    }
    return Done{};
}

std::vector<Labels> by_smoothed(Level const& level, Compositions const& means) {
    Ranking ranking = ranked(level, means, {});
    return {std::move(ranking.best), std::move(ranking.other)};
}
/// The same, but the present label wherever the smoothed counts, all that went into them, speak for another by less
/// than `margin` (log probability).
std::vector<Labels> worth_trying(Level const& level, BlurredLabels const& state, float margin) {
    Labels const& labels = state.labels();
    Ranking ranking = ranked(level, state.model().means, labels);
    for (std::size_t p = 0; p < labels.size(); ++p) {
        float const enough = ranking.own[p] + margin / level.smoothed_px;
        if (!(ranking.first[p] > enough)) ranking.best[p] = labels[p];
        if (!(ranking.second[p] > enough)) ranking.other[p] = labels[p];
    }
    return {std::move(ranking.best), std::move(ranking.other)};
}

} // namespace mg::clusters
