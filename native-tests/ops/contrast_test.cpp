#include "ops/contrast.h"

#include <gtest/gtest.h>

#include "support/plane_maker.h"

namespace mg {
namespace {

using namespace test;

Plane shown(Plane const& plane, Levels levels) {
    return std::move(with_levels(plane.view(), levels)).value();
}

TEST(Contrast, StraightLevelsTakeLowToBlackAndHighToWhite) {
    Plane const plane = plane_of({5, 1}, [](int x, int) { return x * 0.25; });
    Plane const out = shown(plane, {.low = 0.25, .high = 0.75});
    float const expected[] = {0, 0, 0.5f, 1, 1};
    for (int x = 0; x < 5; ++x) EXPECT_EQ(out.at(x, 0), expected[x]);
}

TEST(Contrast, IsThePythonFormulaForDarkestAndBrightest) {
    // im -= im.min(); im /= im.max(); numpy.clip(im, 0, 1)
    Plane const plane = quoted_plane();
    float const low = *std::min_element(plane.data(), plane.data() + 63),
                high = *std::max_element(plane.data(), plane.data() + 63);
    Plane const out = shown(plane, {.low = double{low}, .high = double{high}});
    for (int i = 0; i < 63; ++i) {
        double const shifted = double{plane.data()[i]} - double{low};
        EXPECT_NEAR(out.data()[i], shifted / (double{high} - double{low}), 2e-7);
    }
}

TEST(Contrast, CurvesFollowTheirFormulas) {
    Plane const plane = plane_of({1001, 1}, [](int x, int) { return x / 1000.0; });
    struct Case {
        Levels levels;
        double (*truth)(double t);
    };
    Case const cases[] = {
        {{.gamma = 2.2}, [](double t) { return std::pow(t, 1 / 2.2); }},
        {{.gamma = 0.45}, [](double t) { return std::pow(t, 1 / 0.45); }},
        {{.curve = ToneCurve::log}, [](double t) { return std::log(1 + 100 * t) / std::log(101.0); }},
        {{.curve = ToneCurve::asinh}, [](double t) { return std::asinh(10 * t) / std::asinh(10.0); }},
        {{.gamma = 1.5, .curve = ToneCurve::log},
         [](double t) { return std::pow(std::log(1 + 100 * t) / std::log(101.0), 1 / 1.5); }},
    };
    for (Case const& c : cases) {
        Plane const out = shown(plane, c.levels);
        for (int x = 0; x <= 1000; ++x) ASSERT_NEAR(out.at(x, 0), c.truth(x / 1000.0), 2e-4) << x;
        EXPECT_EQ(out.at(0, 0), 0);
        EXPECT_EQ(out.at(1000, 0), 1);
    }
}

TEST(Contrast, NeverDecreases) {
    Plane const plane = plane_of({200001, 1}, [](int x, int) { return x / 200000.0; });
    for (ToneCurve const curve : {ToneCurve::linear, ToneCurve::log, ToneCurve::asinh})
        for (double const gamma : {0.3, 1.0, 3.0}) {
            Plane const out = shown(plane, {.low = 0.1, .high = 0.9, .gamma = gamma, .curve = curve});
            for (int x = 1; x < 200001; ++x) ASSERT_GE(out.at(x, 0), out.at(x - 1, 0) - 1e-7f) << x;
        }
}

TEST(Contrast, LevelsWithoutDistanceSplitBlackFromWhite) {
    Plane const plane = plane_of({3, 1}, [](int x, int) { return x * 0.5; });
    for (double const high : {0.5, 0.2}) {
        Plane const out = shown(plane, {.low = 0.5, .high = high, .gamma = 2});
        EXPECT_EQ(out.at(0, 0), 0);
        EXPECT_EQ(out.at(1, 0), 0);
        EXPECT_EQ(out.at(2, 0), 1);
    }
}

} // namespace
} // namespace mg
