#include "ops/blurred_labels.h"

#include <gtest/gtest.h>

#include "support/phase_scene.h"

namespace mg {
namespace {

using test::phase_scene;
using test::PhaseScene;

CountGrid grid_of(PhaseScene const& scene) {
    CountGrid grid;
    grid.size = scene.size;
    grid.elements = static_cast<int>(scene.counts.size());
    grid.stride = (grid.elements + 3) / 4 * 4;
    double sum = 0;
    for (int y = 0; y < scene.size.height; ++y)
        for (int x = 0; x < scene.size.width; ++x)
            for (int e = 0; e < grid.stride; ++e) {
                float const value = e < grid.elements ? scene.counts[static_cast<std::size_t>(e)].at(x, y) : 0.0F;
                grid.counts.push_back(value);
                sum += static_cast<double>(value);
            }
    grid.gain.assign(grid.pixels(), 1.0F);
    grid.mean_counts = sum / static_cast<double>(scene.size.area()) / grid.elements;
    return grid;
}

Compositions compositions(std::vector<std::vector<double>> const& means) {
    Compositions result;
    result.stride = static_cast<int>((means.front().size() + 3) / 4 * 4);
    for (auto const& mean : means)
        for (int e = 0; e < result.stride; ++e)
            result.rows.push_back(
                e < static_cast<int>(mean.size()) ? static_cast<float>(mean[static_cast<std::size_t>(e)]) : 1.0F);
    return result;
}

TEST(BlurredLabels, GainIsWhatTheProbabilityRisesBy) {
    PhaseScene const scene = phase_scene({.size = {40, 32}, .means = {{5, 1, 2}, {1, 6, 2}, {2, 2, 6}, {1, 1, 9}}});
    CountGrid grid = grid_of(scene);
    for (std::size_t p = 0; p < grid.gain.size(); ++p) {
        grid.gain[p] = p % 7 == 3 ? 0.0F : 0.8F + 0.01F * static_cast<float>(p % 40);
        // Without data there are no counts.
        if (p % 7 == 3)
            std::fill_n(grid.counts.begin() + static_cast<std::ptrdiff_t>(p) * grid.stride, grid.stride, 0.0F);
    }
    std::vector<std::uint8_t> noisy = scene.labels;
    for (std::size_t p = 0; p < noisy.size(); p += 5) noisy[p] = static_cast<std::uint8_t>((noisy[p] + 1) % 4);
    for (double const blur_px : {0.4, 0.9, 1.6}) {
        BlurredLabels state({grid}, {compositions(scene.means), blur_px, 1.2F}, noisy);
        double const before = state.probability().total();
        double const gained = state.relax({}, 3);
        EXPECT_GT(gained, 100);
        EXPECT_NEAR(state.probability().total() - before, gained, 2e-3 * gained) << blur_px;
    }
}

TEST(BlurredLabels, RemovalCostsWhatTheProbabilityFallsBy) {
    PhaseScene const scene = phase_scene({.size = {48, 40}});
    CountGrid const grid = grid_of(scene);
    BlurredLabels const state({grid}, {compositions(scene.means), 0.7, 1}, scene.labels);
    for (int material = 0; material < 4; ++material) {
        BlurredLabels::Removal const removal = state.removal(material, {});
        for (std::uint8_t const label : removal.labels) ASSERT_NE(label, material);
        BlurredLabels const after({grid}, state.model(), removal.labels);
        double const fall = state.probability().total() - after.probability().total();
        EXPECT_GT(fall, 50);
        EXPECT_NEAR(removal.cost, fall, 2e-3 * fall + 0.5) << material;
    }
}

// The border between two materials looks like a third one between them, which k-means finds; it costs nothing to
// remove.
TEST(BlurredLabels, ABorderIsNoMaterial) {
    PhaseScene const scene =
        phase_scene({.means = {{8, 1, 4, 1}, {1, 9, 1, 3}, {3, 3, 7, 1}, {1, 1, 1, 10}}, .blur_px = 1.0});
    CountGrid const grid = grid_of(scene);
    auto means = scene.means;
    means.push_back({4.5, 5, 2.5, 2}); // half of 0, half of 1
    std::vector<std::uint8_t> labels = scene.labels;
    std::size_t const width = static_cast<std::size_t>(scene.size.width);
    for (std::size_t p = 1; p + 1 < labels.size(); ++p)
        if (scene.labels[p] + scene.labels[p + 1] == 1 && p % width + 1 < width) labels[p] = 4;
    BlurredLabels const state({grid}, {compositions(means), 1.0, 1}, labels);
    double const border = state.removal(4, {}).cost, rare = state.removal(3, {}).cost;
    EXPECT_LT(border, 0) << "it gains";
    EXPECT_GT(rare, 200);
}

TEST(BlurredLabels, MeansAreThoseOfTheSpecimen) {
    PhaseScene const scene = phase_scene({.noisy = false});
    CountGrid const grid = grid_of(scene);
    std::vector<std::vector<double>> wrong = scene.means;
    for (auto& mean : wrong)
        for (double& value : mean) value = 0.5 * value + 1.5;
    BlurredLabels state({grid}, {compositions(wrong), 0.7, 1}, scene.labels);
    state.improve_means(60, {});
    for (int k = 0; k < 4; ++k)
        for (int e = 0; e < 4; ++e)
            EXPECT_NEAR(static_cast<double>(state.model().means.row(k)[e]),
                        scene.means[static_cast<std::size_t>(k)][static_cast<std::size_t>(e)], 0.15)
                << k << " " << e;
    std::vector<std::uint8_t> kept(16, 0);
    kept[0] = 1;
    BlurredLabels held({grid}, {compositions(wrong), 0.7, 1}, scene.labels);
    held.improve_means(2, kept);
    EXPECT_EQ(held.model().means.row(0)[0], static_cast<float>(wrong[0][0]));
    EXPECT_NE(held.model().means.row(0)[1], static_cast<float>(wrong[0][1]));
}

TEST(BlurredLabels, BlurIsFound) {
    for (double const blur_px : {0.6, 1.0, 1.5}) {
        PhaseScene const scene = phase_scene({.blur_px = blur_px});
        CountGrid const grid = grid_of(scene);
        BlurredLabels state({grid}, {compositions(scene.means), 0.8, 1}, scene.labels);
        double const candidates[] = {0.3, 0.6, 1.0, 1.5};
        state.choose_blur(candidates);
        EXPECT_EQ(state.model().blur_px, blur_px);
    }
}

TEST(BlurredLabels, ChoicesSumToOneAndAreSureInside) {
    PhaseScene const scene = phase_scene({});
    CountGrid const grid = grid_of(scene);
    BlurredLabels const state({grid}, {compositions(scene.means), 0.7, 1.5}, scene.labels);
    for (std::size_t p = 0; p < scene.labels.size(); p += 13) {
        auto const choices = state.choices(p, {});
        float sum = 0;
        for (int i = 0; i < choices.count; ++i) sum += choices.list[i].probability;
        EXPECT_NEAR(sum, 1, 1e-5);
    }
    EXPECT_EQ(state.choices(5 * 96 + 5, {}).count, 1);
    EXPECT_FLOAT_EQ(state.own_shares()[5 * 96 + 5], 1);
}

} // namespace
} // namespace mg
