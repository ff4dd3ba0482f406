#pragma once
// Element maps on a grid of bins, smoothed, and what smoothed counts say: shared by the parts of the clustering.
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "ops/blurred_labels.h"

namespace mg::clusters {

using Labels = std::vector<std::uint8_t>;
using Field = std::vector<float>; ///< one value per pixel of a grid

/// How much more probable (log) smoothed counts must make another material for it to be tried, and to be told of.
inline constexpr float k_worth = 1, k_thinkable = -4;
inline constexpr double k_blurs_px[] = {0.3, 0.45, 0.6, 0.8, 1.0, 1.25, 1.5, 1.8};

struct Maps {
    std::span<ImageView<float const> const> counts;
    ImageView<std::uint8_t const> mask;
    std::span<std::uint8_t const> given;
    Size size{};

    Size binned_size(int bin) const { return {(size.width + bin - 1) / bin, (size.height + bin - 1) / bin}; }
};

/// Counts on the grid of bins of the maps, with what is needed to label them.
struct Level {
    CountGrid grid;
    Field valid;                 ///< share of each bin that has data
    std::vector<Field> smoothed; ///< counts per element
    Field smoothed_gain;
    float smoothed_px = 1; ///< how many pixels go into a smoothed one
    Labels fixed;          ///< index of the material + 1 where the user gave it; empty: nowhere
};
struct Rows {
    int first = 0, count = 0;
};
/// Rows of bins of `bin` x `bin` pixels each; nothing smoothed yet.
Level level_of(Maps const& maps, int bin, Rows rows);
/// Blur that leaves enough counts in a pixel to tell materials apart one by one.
double smoothing_px(CountGrid const& grid);
Status smooth(Level& level, double sigma_px);
Result<Field> blurred(Field const& values, Size size, double sigma_px);
/// The user's pixels are what the user said.
void apply_given(Labels const& fixed, Labels& labels);

/// What smoothed counts alone say: the most probable material of each pixel, and the next.
std::vector<Labels> by_smoothed(Level const& level, Compositions const& means);
/// The same, but the present label wherever the smoothed counts, all that went into them, speak for another by less
/// than `margin` (log probability).
std::vector<Labels> worth_trying(Level const& level, BlurredLabels const& state, float margin);

} // namespace mg::clusters
