#include "ops/resample_warp.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/plane_maker.h"

namespace mg {
namespace {

/// Of the quoted numbers: y, x = np.mgrid[0:9, 0:11]; a = ((7*y*y + 3*x*y + 5*x) % 17) / 16
Plane warp_pattern() {
    return test::plane_of({11, 9}, [](int x, int y) { return (7 * y * y + 3 * x * y + 5 * x) % 17 / 16.0; });
}
/// Columns 0, 2, 6 of rows 0, 3, 5.
void expect_pixels(Plane const& plane, double const (&rows)[3][3], double tolerance) {
    int const xs[] = {0, 2, 6}, ys[] = {0, 3, 5};
    for (int j = 0; j < 3; ++j)
        for (int i = 0; i < 3; ++i)
            EXPECT_NEAR(plane.at(xs[i], ys[j]), rows[j][i], tolerance) << xs[i] << ", " << ys[j];
}
Projective const k_view{{1.02, 0.05, 1.4, -0.04, 0.93, 1.35}, 0.006, -0.004};

TEST(Warp, SplineAlongTheAxesGivesScipysNumbers) {
    // ndimage.affine_transform(a, [[.91, 0], [0, 1]], [1.35, 2.4], output_shape=(6, 7), order=3, mode='mirror')
    Plane out = std::move(warped(warp_pattern().view(), {{7, 6}, Affine{1, 0, 2.4, 0, 0.91, 1.35}})).value();
    expect_pixels(out,
                  {{0.70633035, 0.55919894, 0.55663938},
                   {0.65877571, 0.59814605, 0.68354153},
                   {0.86591499, 0.21122316, 0.46238495}},
                  2e-6);
}

TEST(Warp, SplineOfAnAffineMapGivesScipysNumbers) {
    // ndimage.affine_transform(a, [[.93, -.04], [.05, 1.02]], [1.35, 1.4], output_shape=(6, 7), order=3, mode='mirror')
    Plane out = std::move(warped(warp_pattern().view(), {{7, 6}, Affine{1.02, 0.05, 1.4, -0.04, 0.93, 1.35}})).value();
    expect_pixels(out,
                  {{0.72265761, 0.60195804, 0.48631648},
                   {0.64775454, 0.6362442, 0.60017631},
                   {0.31188083, 0.4108356, 0.65494072}},
                  2e-6);
}

TEST(Warp, ProjectiveMapGivesScipysNumbers) {
    // ndimage.geometric_transform(a, f, output_shape=(6, 7), order=3, mode='mirror') with
    // f((v, u)) = ((-.04 u + .93 v + 1.35) / w, (1.02 u + .05 v + 1.4) / w), w = .006 u - .004 v + 1; then order=1
    Plane spline = std::move(warped(warp_pattern().view(), {{7, 6}, k_view})).value();
    expect_pixels(spline,
                  {{0.72265761, 0.63514715, 0.66770207},
                   {0.65466561, 0.6362442, 0.59019603},
                   {0.31503883, 0.40199431, 0.58995991}},
                  2e-6);
    Plane linear = std::move(warped(warp_pattern().view(), {{7, 6}, k_view, Interpolation::linear})).value();
    expect_pixels(linear,
                  {{0.66875, 0.60579225, 0.58740692},
                   {0.62150922, 0.609025, 0.58348036},
                   {0.43950437, 0.43629683, 0.5978827}},
                  2e-6);
}

TEST(Warp, LanczosIsTheNormalisedSumOverSixBySixPixels) {
    // sum of sinc(d) sinc(d / 3) a / sum of sinc(d) sinc(d / 3), edge pixels repeated, in NumPy
    WarpSpec spec{{7, 6}, Affine{1.02, 0.05, 1.4, -0.04, 0.93, 1.35}, Interpolation::lanczos3};
    Plane out = std::move(warped(warp_pattern().view(), spec)).value();
    EXPECT_NEAR(out.at(0, 0), 0.7152459136469526, 5e-6);
    EXPECT_NEAR(out.at(2, 3), 0.6376720801958764, 5e-6);
    EXPECT_NEAR(out.at(6, 5), 0.661142656057374, 5e-6);
}

TEST(Warp, BothWaysAlongTheAxesAgree) {
    // A shear of a millionth takes the way of any map, none the way of one pass per axis.
    Plane source = test::plane_of({60, 50}, [](int x, int y) { return ((x * 7 + y * y * 3) % 23) / 22.0; });
    for (Interpolation how : {Interpolation::linear, Interpolation::cubic_spline, Interpolation::lanczos3})
        for (double scale : {1.0, 0.91, 2.0}) {
            WarpSpec along{{24, 20}, Affine{scale, 0, 1.3, 0, 0.9 * scale, 2.6}, how, true}, any = along;
            any.to_source.affine.b = 1e-9;
            Plane a = std::move(warped(source.view(), along)).value(), b = std::move(warped(source.view(), any)).value();
            EXPECT_LT(test::largest_difference(a, b), 2e-5) << static_cast<int>(how) << " at " << scale;
        }
}

TEST(Warp, ShrinkingDoesNotAlias) {
    // Stripes of 2.5 px become grey on a grid twice as coarse; without antialias they turn to other stripes.
    Plane stripes = test::plane_of({120, 100}, [](int x, int) { return 0.5 + 0.5 * std::sin(2 * 3.14159265 * x / 2.5); });
    for (Interpolation how : {Interpolation::linear, Interpolation::cubic_spline, Interpolation::lanczos3})
        for (double turn : {0.0, 0.02}) {
            WarpSpec spec{{40, 36}, Affine{2, turn, 12.3, -turn, 2, 10.4}, how, true};
            Plane smooth = std::move(warped(stripes.view(), spec)).value();
            spec.antialias = false;
            Plane rough = std::move(warped(stripes.view(), spec)).value();
            auto swing = [](Plane const& plane) {
                float low = 1, high = 0;
                for (int x = 3; x < 37; ++x) low = std::fmin(low, plane.at(x, 20)), high = std::fmax(high, plane.at(x, 20));
                return high - low;
            };
            EXPECT_LT(swing(smooth), how == Interpolation::linear ? 0.12 : 0.05) << static_cast<int>(how) << turn;
            EXPECT_GT(swing(rough), 0.3) << static_cast<int>(how) << turn;
        }
}

TEST(Warp, KeepsAConstantAtEveryScale) {
    Plane flat = test::plane_of({50, 40}, [](int, int) { return 0.625; });
    for (Interpolation how :
         {Interpolation::nearest, Interpolation::linear, Interpolation::cubic_spline, Interpolation::lanczos3})
        for (double scale : {0.4, 1.0, 1.9, 7.3}) {
            WarpSpec spec{{5, 4}, Projective({scale, 0.03, 4, -0.02, scale, 3}, 1e-4, -2e-4), how, true};
            Plane out = std::move(warped(flat.view(), spec)).value();
            for (int y = 0; y < 4; ++y)
                for (int x = 0; x < 5; ++x) EXPECT_NEAR(out.at(x, y), 0.625, 2e-6);
        }
}

TEST(Warp, OutsideIsZeroAndMasked) {
    Plane flat = test::plane_of({10, 8}, [](int, int) { return 1; });
    ImageView<std::uint8_t const> nothing{nullptr, {10, 8}, 0};
    for (double shear : {0.0, 1e-9}) {
        WarpSpec spec{{16, 12}, Affine{1, shear, -3, 0, 1, -2}};
        Plane out = std::move(warped(flat.view(), spec)).value();
        Mask mask = std::move(warped_mask(nothing, spec)).value();
        for (int y = 0; y < 12; ++y)
            for (int x = 0; x < 16; ++x) {
                bool in = x >= 3 && x < 13 && y >= 2 && y < 10;
                EXPECT_NEAR(out.at(x, y), in ? 1 : 0, 1e-5);
                EXPECT_EQ(mask.at(x, y), in ? 0 : k_mask_outside);
            }
    }
}

TEST(Warp, BehindTheHorizonOfAProjectiveMapIsNothing) {
    Plane flat = test::plane_of({30, 30}, [](int, int) { return 1; });
    // The divisor 1 - 0.1 x is zero at x = 10.
    WarpSpec spec{{30, 20}, Projective({1, 0, 0, 0, 1, 0}, -0.1, 0)};
    Plane out = std::move(warped(flat.view(), spec)).value();
    EXPECT_NEAR(out.at(2, 2), 1, 1e-5);
    for (int y = 0; y < 20; ++y)
        for (int x = 10; x < 30; ++x) EXPECT_EQ(out.at(x, y), 0);
}

TEST(Warp, MaskOfAShrinkingMapHoldsEveryMarkedPixel) {
    Mask mask = std::move(Mask::filled({41, 41}, 0)).value();
    mask.at(20, 21) = k_mask_drawing;
    for (double turn : {0.0, 0.01}) {
        WarpSpec spec{{13, 13}, Affine{3, turn, 1, -turn, 3, 1.3}, Interpolation::cubic_spline, true};
        Mask out = std::move(warped_mask(mask.view(), spec)).value();
        int marked = 0;
        for (int y = 0; y < 13; ++y)
            for (int x = 0; x < 13; ++x) marked += out.at(x, y) == k_mask_drawing;
        EXPECT_GE(marked, 1);
        EXPECT_LE(marked, 2);
    }
}

} // namespace
} // namespace mg
