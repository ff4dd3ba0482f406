#include "ops/resample.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ops/resample_warp.h"

namespace mg {
namespace {

/// A picture without symmetry, whose peers' numbers are quoted below:
/// y, x = np.mgrid[0:9, 0:11]; a = ((7*y*y + 3*x*y + 5*x) % 17) / 16
Plane pattern(Size size = {11, 9}) {
    Plane plane = std::move(Plane::create(size)).value();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            plane.at(x, y) = static_cast<float>((7 * y * y + 3 * x * y + 5 * x) % 17) / 16.0F;
    return plane;
}
template <class F>
Plane drawn(Size size, F value) {
    Plane plane = std::move(Plane::create(size)).value();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) plane.at(x, y) = static_cast<float>(value(x, y));
    return plane;
}
Plane resized_or_die(Plane const& source, ResizeSpec const& spec) {
    return std::move(resized(source.view(), spec)).value();
}
constexpr Kernel k_kernels[] = {Kernel::nearest, Kernel::linear, Kernel::cubic, Kernel::lanczos3, Kernel::area};

struct Sample {
    int x, y;
    double value;
};
void expect_samples(Plane const& plane, std::initializer_list<Sample> samples, double tolerance = 2e-6) {
    for (Sample s : samples) EXPECT_NEAR(plane.at(s.x, s.y), s.value, tolerance) << s.x << ", " << s.y;
}

TEST(Resized, KeepsAFlatImageFlat) {
    Plane flat = std::move(Plane::filled({23, 17}, 0.37F)).value();
    for (Kernel kernel : k_kernels)
        for (Size size : {Size{23, 40}, Size{50, 17}, Size{9, 5}, Size{61, 3}, Size{1, 1}}) {
            Plane out = resized_or_die(flat, {.size = size, .kernel = kernel});
            ASSERT_EQ(out.size(), size);
            for (int y = 0; y < size.height; ++y)
                for (int x = 0; x < size.width; ++x) ASSERT_NEAR(out.at(x, y), 0.37F, 1e-6);
        }
}

TEST(Resized, ContinuesASlopeBetweenPixels) {
    Plane slope = drawn({40, 30}, [](int x, int y) { return 0.01 * x + 0.02 * y; });
    for (Kernel kernel : {Kernel::linear, Kernel::cubic, Kernel::lanczos3}) {
        Plane out = resized_or_die(slope, {.size = {57, 37}, .kernel = kernel});
        Sampling sx = Sampling::of_extent(40, 57), sy = Sampling::of_extent(30, 37);
        // Lanczos is no exact interpolator of slopes: Duchon's window leaves a ripple of about one per cent of the
        // step.
        double tolerance = kernel == Kernel::lanczos3 ? 6e-4 : 2e-6;
        for (int y = 6; y < 31; ++y)
            for (int x = 6; x < 51; ++x) ASSERT_NEAR(out.at(x, y), 0.01 * sx(x) + 0.02 * sy(y), tolerance);
    }
}

TEST(Resized, EqualsOpenCvsLinear) {
    // cv2.resize(a.astype(np.float32), (15, 12), interpolation=cv2.INTER_LINEAR)
    Plane out = resized_or_die(pattern(), {.size = {15, 12}});
    expect_samples(out, {{0, 0, 0.000000}, {3, 1, 0.497396}, {4, 3, 0.640625}, {14, 11, 0.437500}});
}

TEST(Resized, EqualsOpenCvsAreaMean) {
    // cv2.resize(a.astype(np.float32), (7, 4), interpolation=cv2.INTER_AREA)
    Plane out = resized_or_die(pattern(), {.size = {7, 4}, .kernel = Kernel::area});
    expect_samples(out, {{0, 0, 0.386995}, {3, 1, 0.690025}, {4, 3, 0.574495}});
}

TEST(Resized, EqualsScipysZoomBetweenCorners) {
    // scipy.ndimage.zoom(a, [1/.91, 1], order=1)
    Plane out = resized_or_die(pattern(), {.size = {11, 10}, .x = Sampling{0, 1}, .y = Sampling::of_corners(9, 10)});
    expect_samples(out, {{0, 0, 0.000000}, {3, 1, 0.881944}, {4, 3, 0.083333}, {10, 9, 0.437500}});
}

TEST(Resized, LeavesColumnsApartWhenOnlyRowsChange) {
    Plane line = drawn({31, 20}, [](int x, int) { return x == 13 ? 1 : 0; });
    for (Kernel kernel : k_kernels) {
        Plane out = resized_or_die(line, {.size = {31, 22}, .kernel = kernel});
        for (int y = 0; y < 22; ++y)
            for (int x = 0; x < 31; ++x) ASSERT_NEAR(out.at(x, y), x == 13 ? 1 : 0, 1e-6);
    }
}

TEST(Resized, TurnsStripesTooFineForTheGridIntoTheirMean) {
    Plane stripes = drawn({200, 200}, [](int x, int y) { return (x + y) % 2; });
    for (Kernel kernel : {Kernel::linear, Kernel::cubic, Kernel::lanczos3, Kernel::area}) {
        Plane out = resized_or_die(stripes, {.size = {61, 61}, .kernel = kernel});
        for (int y = 4; y < 57; ++y)
            for (int x = 4; x < 57; ++x) ASSERT_NEAR(out.at(x, y), 0.5, 0.06);
    }
}

TEST(Resized, StretchedByOneOver091AndBackKeeps45Decibels) {
    Plane smooth = drawn({64, 484}, [](int x, int y) { return 0.5 + 0.3 * std::sin(0.9 * y) * std::cos(0.3 * x); });
    Plane taller =
        resized_or_die(smooth, {.size = {64, 532}, .kernel = Kernel::lanczos3, .y = Sampling::of_step(484, 532, 0.91)});
    Sampling back{(532 - 1) / 2.0 - (484 - 1) / 2.0 / 0.91, 1 / 0.91};
    Plane again =
        resized_or_die(taller, {.size = {64, 484}, .kernel = Kernel::lanczos3, .y = back, .antialias = false});
    double sum = 0;
    int count = 0;
    for (int y = 8; y < 476; ++y)
        for (int x = 0; x < 64; ++x, ++count) sum += std::pow(again.at(x, y) - smooth.at(x, y), 2);
    EXPECT_GT(-10 * std::log10(sum / count), 45);
}

TEST(Resized, KeepsAStepExactAndCentresTheExtent) {
    Sampling s = Sampling::of_step(484, 534, 0.9061614);
    EXPECT_DOUBLE_EQ(s.step, 0.9061614);
    EXPECT_NEAR(s(0) + s(533), 483, 1e-9);
}

TEST(Resized, RefusesAnEmptySize) {
    EXPECT_FALSE(resized(pattern().view(), {.size = {0, 5}}).has_value());
    EXPECT_FALSE(resized({}, {.size = {5, 5}}).has_value());
}

TEST(ResizedMask, KeepsEveryMaskedPixelWhenShrinking) {
    Mask mask = std::move(Mask::filled({90, 70}, 0)).value();
    mask.at(41, 33) = k_mask_drawing;
    Mask out = std::move(resized_mask(mask.view(), {.size = {31, 24}})).value();
    int count = 0;
    for (int i = 0; i < 31 * 24; ++i) count += out.data()[i] != 0;
    EXPECT_GE(count, 1);
    EXPECT_LE(count, 4);
}

TEST(Halved, IsTheMeanOfFourAndDropsAnOddEdge) {
    Plane out = std::move(halved(pattern().view())).value();
    Plane in = pattern();
    EXPECT_EQ(out.size(), (Size{5, 4}));
    EXPECT_FLOAT_EQ(out.at(3, 2), (in.at(6, 4) + in.at(7, 4) + in.at(6, 5) + in.at(7, 5)) / 4);
    EXPECT_FALSE(halved(pattern({1, 5}).view()).has_value());
}

TEST(HalvedCompatible, EqualsThePythonTools) {
    // s = (a[:-1,:-1] + a[:-1,1:] + a[1:,:-1] + a[1:,1:]) / 4; scipy.ndimage.zoom(s, .5, order=1)
    Plane out = std::move(halved_compatible(pattern().view())).value();
    EXPECT_EQ(out.size(), halved_compatible_spec({11, 9}).size);
    expect_samples(out, {{0, 0, 0.421875}, {3, 1, 0.494792}, {4, 3, 0.671875}});
}

TEST(Warped, ByNothingIsTheSameImage) {
    for (auto how : {Interpolation::nearest, Interpolation::linear, Interpolation::cubic_spline}) {
        Plane out = std::move(warped(pattern().view(), {.size = {11, 9}, .interpolation = how})).value();
        Plane in = pattern();
        for (int i = 0; i < 99; ++i) ASSERT_NEAR(out.data()[i], in.data()[i], 2e-6);
    }
}

TEST(Warped, EqualsScipysSplineAndLinear) {
    // t = radians(20); M = [[cos t, -sin t], [sin t, cos t]]; c = (4, 5)
    // scipy.ndimage.affine_transform(a, M, c - M @ c, order=3 and 1, mode='mirror')
    WarpSpec spec{.size = {11, 9}, .to_source = turn_to_source({.source = {11, 9}, .size = {11, 9}, .angle_deg = 20})};
    expect_samples(std::move(warped(pattern().view(), spec)).value(),
                   {{5, 4, 0.625000}, {6, 3, 0.891400}, {3, 2, 0.426807}, {7, 6, 0.603153}}, 5e-6);
    spec.interpolation = Interpolation::linear;
    expect_samples(std::move(warped(pattern().view(), spec)).value(),
                   {{5, 4, 0.625000}, {6, 3, 0.748974}, {3, 2, 0.399242}, {7, 6, 0.639943}}, 5e-6);
}

TEST(Warped, EqualsScipysShiftUpToTheBorders) {
    // scipy.ndimage.shift(a, (0.3, -1.6), order=3, mode='mirror')
    Plane out =
        std::move(warped(pattern().view(), {.size = {11, 9}, .to_source = Affine::translation(1.6, -0.3)})).value();
    expect_samples(out, {{0, 1, 0.522832}, {4, 3, 0.892228}, {2, 8, 0.220276}, {8, 5, 0.401332}}, 5e-6);
    EXPECT_EQ(out.at(10, 4), 0) << "outside";
}

TEST(Warped, ByAQuarterTurnMovesPixelsOnly) {
    Plane in = pattern();
    WarpSpec spec{.size = {9, 11}, .to_source = turn_to_source({.source = {11, 9}, .size = {9, 11}, .angle_deg = 90})};
    Plane out = std::move(warped(in.view(), spec)).value();
    for (int y = 0; y < 11; ++y)
        for (int x = 0; x < 9; ++x)
            ASSERT_NEAR(out.at(x, y), in.at(y, 8 - x), 2e-6) << "clockwise: the left edge becomes the top";
}

TEST(Warped, ASinglePixelAndASingleRowStayFinite) {
    for (Size size : {Size{1, 1}, Size{7, 1}, Size{1, 7}, Size{2, 2}}) {
        Plane out =
            std::move(warped(pattern(size).view(), {.size = {9, 9}, .to_source = Affine{0.7, 0.2, -1, -0.2, 0.7, 0.5}}))
                .value();
        for (int i = 0; i < 81; ++i) ASSERT_TRUE(std::isfinite(out.data()[i]));
    }
}

TEST(WarpedMask, MarksWhatLiesOutsideAndCarriesBits) {
    Mask mask = std::move(Mask::filled({20, 20}, 0)).value();
    mask.at(10, 10) = k_mask_drawing;
    WarpSpec spec{.size = {29, 29},
                  .to_source = turn_to_source({.source = {20, 20}, .size = {29, 29}, .angle_deg = 45})};
    Mask out = std::move(warped_mask(mask.view(), spec)).value();
    EXPECT_EQ(out.at(0, 0), k_mask_outside);
    EXPECT_EQ(out.at(14, 2), 0);
    int drawn_count = 0;
    for (int i = 0; i < 29 * 29; ++i) drawn_count += out.data()[i] == k_mask_drawing;
    EXPECT_GE(drawn_count, 1);
    EXPECT_LE(drawn_count, 4);
}

TEST(SineCosine, IsExactAtQuarterTurns) {
    struct {
        double angle, sine, cosine;
    } cases[] = {{0, 0, 1}, {90, 1, 0}, {180, 0, -1}, {270, -1, 0}, {-90, -1, 0}, {360, 0, 1}};
    for (auto c : cases) {
        EXPECT_EQ(sine_cosine_deg(c.angle).sine, c.sine) << c.angle;
        EXPECT_EQ(sine_cosine_deg(c.angle).cosine, c.cosine) << c.angle;
    }
    EXPECT_NEAR(sine_cosine_deg(200).sine, std::sin(200 * 3.14159265358979323846 / 180), 1e-15);
}

} // namespace
} // namespace mg
