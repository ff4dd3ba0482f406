#include "ops/statistics.h"

#include <gtest/gtest.h>

#include "math/random.h"
#include "support/plane_maker.h"

namespace mg {
namespace {

using namespace test;

std::span<PlaneView const> one(PlaneView const& view) {
    return {&view, 1};
}

TEST(Statistics, PercentilesAreThoseOfTheSortedValues) {
    // numpy.percentile(((numpy.arange(1000) * 7919) % 1000) / 999., [0.1, 50, 99.9], method='nearest')
    Plane const plane = plane_of({40, 25}, [](int x, int y) { return (y * 40 + x) * 7919 % 1000 / 999.0; });
    double const percents[] = {0, 0.1, 50, 99.9, 100};
    std::vector<float> const found = percentiles(one(plane.view()), percents);
    double const expected[] = {0, 0.001001, 0.5005005, 0.998999, 1};
    for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(found[i], expected[i], 2e-7) << percents[i];
}

TEST(Statistics, AnOutlierDoesNotSpoilPercentiles) {
    Random random(3);
    Plane plane = plane_of({300, 200}, [&](int, int) { return random.uniform(); });
    std::vector<float> sorted(plane.data(), plane.data() + plane.size().area());
    plane.at(7, 9) = sorted[9 * 300 + 7] = 1e4f;
    std::sort(sorted.begin(), sorted.end());
    double const percents[] = {1, 99};
    std::vector<float> const found = percentiles(one(plane.view()), percents);
    EXPECT_NEAR(found[0], sorted[600], 1e4 / (1 << 23));
    EXPECT_NEAR(found[1], sorted[59399], 1e4 / (1 << 23));
}

TEST(Statistics, PercentilesOfEightBitsAreLevels) {
    Random random(6);
    Plane const plane = plane_of({200, 200}, [&](int, int) { return std::floor(random.uniform() * 40) / 255; });
    std::vector<float> sorted(plane.data(), plane.data() + 40000);
    std::sort(sorted.begin(), sorted.end());
    double const percents[] = {0.1, 10, 50, 99.9};
    std::vector<float> const found = percentiles(one(plane.view()), percents);
    std::size_t const ranks[] = {40, 4000, 20000, 39959};
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(found[i], sorted[ranks[i]]) << percents[i];
}

TEST(Statistics, SeveralPlanesCountTogether) {
    Plane const dark = plane_of({10, 10}, [](int x, int) { return x * 0.01; });
    Plane const bright = plane_of({10, 10}, [](int x, int) { return 0.5 + x * 0.01; });
    PlaneView const planes[] = {dark.view(), bright.view()};
    double const percents[] = {0, 100};
    std::vector<float> const found = percentiles(planes, percents);
    EXPECT_NEAR(found[0], 0, 1e-7);
    EXPECT_NEAR(found[1], 0.59, 1e-7);
    EXPECT_EQ(extremes(planes).count, 200);
}

TEST(Statistics, MaskedPixelsDoNotCount) {
    Plane plane = plane_of({37, 11}, [](int x, int) { return 0.2 + x * 0.01; });
    Mask mask = std::move(Mask::filled({37, 11}, 0)).value();
    for (int x = 0; x < 37; ++x) plane.at(x, 5) = 1, mask.at(x, 5) = k_mask_drawing;
    Extremes const found = extremes(one(plane.view()), mask.view());
    EXPECT_EQ(found.maximum, plane.at(36, 0));
    EXPECT_EQ(found.minimum, plane.at(0, 0));
    EXPECT_EQ(found.count, 370);
    EXPECT_NEAR(mean(plane.view(), mask.view()), 0.38, 1e-7);
    double const percents[] = {100};
    EXPECT_NEAR(percentiles(one(plane.view()), percents, mask.view())[0], 0.56, 1e-6);
    Histogram const bins = histogram(plane.view(), 0, 1, mask.view());
    EXPECT_EQ(bins.counts[1023], 0);
    Clipped const clip = clipped(one(plane.view()), 0.205f, 0.555f, mask.view());
    EXPECT_EQ(clip.below, 10);
    EXPECT_EQ(clip.above, 10);
    EXPECT_EQ(clip.count, 370);
}

TEST(Statistics, NothingLeftGivesZerosAndNoCount) {
    Plane const plane = plane_of({5, 5}, [](int, int) { return 0.5; });
    Mask const mask = std::move(Mask::filled({5, 5}, 1)).value();
    EXPECT_EQ(extremes(one(plane.view()), mask.view()).count, 0);
    double const percents[] = {50};
    EXPECT_EQ(percentiles(one(plane.view()), percents, mask.view()), std::vector<float>{0});
    EXPECT_EQ(mean(plane.view(), mask.view()), 0);
    EXPECT_EQ(robust_deviation(plane.view(), plane.view(), mask.view()), 0);
}

TEST(Statistics, AHistogramHoldsEveryPixelOnce) {
    Plane const plane = plane_of({64, 33}, [](int x, int y) { return (x + 64 * y) / 1000.0 - 0.5; });
    Histogram const bins = histogram(plane.view(), 0, 1);
    std::int64_t sum = bins.below + bins.above;
    for (std::int64_t count : bins.counts) sum += count;
    EXPECT_EQ(sum, 64 * 33);
    EXPECT_EQ(bins.below, 500);
    EXPECT_EQ(bins.above, 64 * 33 - 1501);
}

TEST(Statistics, TheRobustDeviationIsThatOfTheNoiseAmongOutliers) {
    Random random(4);
    Plane const still = plane_of({300, 300}, [](int, int) { return 0.5; });
    Plane const noisy =
        plane_of({300, 300}, [&](int x, int) { return 0.5 + 0.02 * random.gaussian() + (x % 20 == 0 ? 5 : 0); });
    EXPECT_NEAR(robust_deviation(noisy.view(), still.view()), 0.02, 0.02 * 0.1);
}

} // namespace
} // namespace mg
