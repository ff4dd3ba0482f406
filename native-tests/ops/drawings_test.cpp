#include "ops/drawings.h"

#include <gtest/gtest.h>

#include "math/portable.h"
#include "math/random.h"
#include "support/plane_maker.h"

namespace mg {
namespace {

using namespace test;

Drawings found(Plane const& plane) {
    ImageView<float const> const view = plane.view();
    return std::move(found_drawings({&view, 1})).value();
}

float as_8_bits(double value) {
    return static_cast<float>(std::floor(std::clamp(value, 0.0, 1.0) * 255 + 0.5) / 255);
}

/// Noisy, with hills between 0.15 and 0.65.
Plane picture(std::uint64_t seed) {
    Random random(seed);
    return plane_of({300, 200}, [&](int x, int y) {
        return as_8_bits(0.4 + 0.25 * sin_portable(x * 0.05) * sin_portable(y * 0.07) + 0.05 * random.gaussian());
    });
}

/// Letters of one-pixel strokes, 5 x 7: E, two i with their dots, and a full stop.
void write(Plane& plane, Mask& truth, int x0, int y0) {
    char const* const rows[] = {"#####..#..#.....", "#...............", "#......#..#.....", "####...#..#.....",
                                "#......#..#.....", "#......#..#.....", "#####..#..####.#"};
    for (int y = 0; y < 7; ++y)
        for (int x = 0; x < 16; ++x)
            if (rows[y][x] == '#') plane.at(x0 + x, y0 + y) = 1, truth.at(x0 + x, y0 + y) = 1;
}

Mask nothing() {
    return std::move(Mask::filled({300, 200}, 0)).value();
}

void expect_same(Mask const& mask, Mask const& truth) {
    for (int y = 0; y < truth.height(); ++y)
        for (int x = 0; x < truth.width(); ++x)
            ASSERT_EQ(mask.at(x, y), truth.at(x, y) ? k_mask_drawing : 0) << x << " " << y;
}

TEST(Drawings, FindsTextWithItsDotsAndNothingElse) {
    Plane plane = picture(1);
    Mask truth = nothing();
    write(plane, truth, 20, 30);
    write(plane, truth, 200, 150);
    write(plane, truth, 284, 193); // at the corner
    Drawings const out = found(plane);
    expect_same(out.mask, truth);
    EXPECT_EQ(out.pixels, 3 * 34);
}

TEST(Drawings, FindsLinesAcrossDarkAndBrightAndFilledBoxes) {
    Plane plane = picture(2);
    Mask truth = nothing();
    for (int i = 0; i < 150; ++i) plane.at(60 + i, 20 + i) = 1, truth.at(60 + i, 20 + i) = 1;
    for (int x = 0; x < 300; ++x) plane.at(x, 190) = 1, truth.at(x, 190) = 1;
    for (int y = 40; y < 70; ++y)
        for (int x = 10; x < 60; ++x) plane.at(x, y) = 1, truth.at(x, y) = 1;
    expect_same(found(plane).mask, truth);
}

TEST(Drawings, LeavesHotPixelsAndSparksAlone) {
    Plane plane = picture(3);
    Random random(4);
    for (int n = 0; n < 200; ++n) {
        int const x = static_cast<int>(random.below(296)), y = static_cast<int>(random.below(200));
        for (int i = 0; i < 1 + n % 4; ++i) plane.at(x + i, y) = 1;
    }
    EXPECT_LE(found(plane).pixels, 10); // where two happened to touch
}

TEST(Drawings, LeavesSaturatedAreasAlone) {
    Random random(5);
    // Half of the picture near the top of the range: a third of its pixels is clipped to white.
    Plane const plane =
        plane_of({300, 200}, [&](int x, int) { return as_8_bits((x < 150 ? 0.4 : 0.96) + 0.08 * random.gaussian()); });
    ImageView<float const> const view = plane.view();
    ASSERT_GT(std::move(all_white_pixels({&view, 1})).value().pixels, 6000);
    EXPECT_LT(found(plane).pixels, 60);
}

TEST(Drawings, LeavesHighlightsAlone) {
    Random random(6);
    // Bright grains, as blurred as a beam 1.3 px wide makes them, the brightest of them clipped.
    Plane const plane = plane_of({300, 200}, [&](int x, int y) {
        double const dx = (x + 10) % 20 - 10, dy = (y + 10) % 20 - 10, r2 = dx * dx + dy * dy;
        return as_8_bits(0.2 + 3 * exp_portable(-r2 / (2 * 2.5 * 2.5)) + 0.02 * random.gaussian());
    });
    ImageView<float const> const view = plane.view();
    ASSERT_GT(std::move(all_white_pixels({&view, 1})).value().pixels, 2000);
    EXPECT_EQ(found(plane).pixels, 0);
}

TEST(Drawings, NeedsAllThreeColoursWhite) {
    Plane red = picture(7), green = picture(8), blue = picture(9);
    for (int x = 50; x < 100; ++x) red.at(x, 60) = 1; // a red line is no white one
    for (Plane* plane : {&red, &green, &blue})
        for (int x = 50; x < 100; ++x) plane->at(x, 120) = 1;
    ImageView<float const> const planes[] = {red.view(), green.view(), blue.view()};
    Drawings const out = std::move(found_drawings(planes)).value();
    EXPECT_EQ(out.pixels, 50);
    EXPECT_EQ(out.mask.at(70, 120), k_mask_drawing);
}

TEST(Drawings, AllWhitePixelsAreThePythonToolsMask) {
    // mask = (im == 255), in whole numbers
    Plane plane = picture(10);
    plane.at(5, 5) = 1;
    plane.at(6, 5) = as_8_bits(254 / 255.0);
    ImageView<float const> const view = plane.view();
    Drawings const out = std::move(all_white_pixels({&view, 1})).value();
    EXPECT_EQ(out.pixels, 1);
    EXPECT_EQ(out.mask.at(5, 5), k_mask_drawing);
}

TEST(Drawings, TakesEverySize) {
    for (Size const size : k_odd_sizes) {
        EXPECT_EQ(found(plane_of(size, [](int, int) { return 1; })).pixels,
                  0); // all white: nothing is drawn on anything
        EXPECT_EQ(found(plane_of(size, [](int, int) { return 0.5; })).pixels, 0);
    }
}

TEST(WithoutMarks, FillsFromTheEdgesInwards) {
    // A slope is carried on into a square of marks; the middle comes last.
    Plane const plane = plane_of({9, 9}, [](int x, int y) { return x >= 2 && x < 7 && y >= 2 && y < 7 ? 1.0f : 0.1f * x; });
    Mask marks = std::move(Mask::filled({9, 9}, 0)).value();
    for (int y = 2; y < 7; ++y)
        for (int x = 2; x < 7; ++x) marks.at(x, y) = 1;
    auto const filled = without_marks(plane.view(), marks.view());
    ASSERT_TRUE(filled);
    EXPECT_FLOAT_EQ(filled->at(4, 2), 0.4f);                                          // 0.3, 0.4, 0.5 above it
    EXPECT_FLOAT_EQ(filled->at(2, 2), (0.1f * 3 + 0.2f + 0.3f) / 5);                  // around the corner
    EXPECT_NEAR(filled->at(4, 4), 0.4, 1e-6);                                         // by symmetry
    EXPECT_EQ(filled->at(8, 8), plane.at(8, 8));
}

TEST(WithoutMarks, LeavesAPlaneThatIsAllMarks) {
    Plane const plane = plane_of({5, 4}, [](int x, int) { return 0.1f * x; });
    Mask const marks = std::move(Mask::filled({5, 4}, 1)).value();
    auto const filled = without_marks(plane.view(), marks.view());
    ASSERT_TRUE(filled);
    for (int x = 0; x < 5; ++x) EXPECT_EQ(filled->at(x, 2), plane.at(x, 2));
}

} // namespace
} // namespace mg
