#include "ops/unsharp.h"

#include <gtest/gtest.h>

#include "math/random.h"
#include "ops/gaussian.h"
#include "support/plane_maker.h"

namespace mg {
namespace {

using namespace test;

TEST(Unsharp, WithoutGateIsThePythonFormula) {
    // b = scipy.ndimage.gaussian_filter(im, 1.7); numpy.clip(im * (1 + 1.) - b * 1., 0, im.max())
    Plane const plane = quoted_plane();
    Plane const blurred = std::move(gaussian_blurred(plane.view(), {1.7, 1.7})).value();
    Plane const out =
        std::move(unsharp_masked(plane.view(), blurred.view(), {.amount = 1, .lowest = 0, .highest = 0.984375f}))
            .value();
    double const first_row[] = {0, 0.984375, 0.13741263, 0.984375, 0.4842072, 0, 0.83836317, 0.00469218, 0.984375};
    for (int x = 0; x < 9; ++x) EXPECT_NEAR(out.at(x, 0), first_row[x], 1e-6) << x;
    EXPECT_EQ(out.at(4, 3), 0);
    EXPECT_EQ(out.at(8, 6), 0);
}

TEST(Unsharp, TheGateLeavesNoiseAndSharpensEdges) {
    Random random(5);
    double const noise = 0.02;
    Plane const plane =
        plane_of({200, 100}, [&](int x, int) { return (x < 100 ? 0.3 : 0.7) + noise * random.gaussian(); });
    Plane const blurred = std::move(gaussian_blurred(plane.view(), {2, 2})).value();
    auto const sharpened = [&](double threshold) {
        return std::move(unsharp_masked(plane.view(), blurred.view(), {.amount = 1, .threshold = threshold})).value();
    };
    auto const deviation_at_left = [](Plane const& p) {
        double sum = 0;
        for (int y = 0; y < 100; ++y)
            for (int x = 10; x < 80; ++x) sum += (double{p.at(x, y)} - 0.3) * (double{p.at(x, y)} - 0.3);
        return std::sqrt(sum / 7000);
    };
    auto const step_across_edge = [](Plane const& p) {
        double sum = 0;
        for (int y = 0; y < 100; ++y) sum += double{p.at(100, y)} - double{p.at(99, y)};
        return sum / 100;
    };
    Plane const plain = sharpened(0), gated = sharpened(3 * noise);
    EXPECT_GT(deviation_at_left(plain), 1.9 * noise);
    EXPECT_LT(deviation_at_left(gated), 1.35 * noise);
    EXPECT_GT(step_across_edge(plain), 0.65);
    EXPECT_GT(step_across_edge(gated), 0.6);
}

TEST(Unsharp, StaysWithinItsLimitsAndFiniteOnEverySize) {
    for (Size const size : k_odd_sizes) {
        Plane const plane = plane_of(size, [](int x, int y) { return (x + y) % 2; });
        Plane const flat = plane_of(size, [](int, int) { return 0.5; });
        for (double const threshold : {0.0, 1e-30, 0.1}) {
            Plane const out =
                std::move(unsharp_masked(plane.view(), flat.view(), {.amount = 3, .threshold = threshold})).value();
            EXPECT_TRUE(all_finite(out));
            for (int x = 0; x < size.width; ++x) EXPECT_EQ(out.at(x, 0), plane.at(x, 0));
            Plane const same =
                std::move(unsharp_masked(flat.view(), flat.view(), {.amount = 3, .threshold = threshold})).value();
            EXPECT_LT(largest_difference(same, flat), 2e-7);
        }
    }
}

} // namespace
} // namespace mg
