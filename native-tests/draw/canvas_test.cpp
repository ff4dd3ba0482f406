#include "draw/canvas.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/plane_maker.h"

namespace mg {
namespace {

Plane black(Size size) {
    return std::move(Plane::filled(size, 0.0F)).value();
}

TEST(Fill, CoversExactlyItsArea) {
    Plane plane = black({20, 10});
    Canvas canvas{{plane.view()}};
    fill(canvas, {3.25, 2.5, 7.3, 4.1}, Colour::grey(1));
    EXPECT_NEAR(test::sum_of(plane), 7.3 * 4.1, 1e-5);
    EXPECT_FLOAT_EQ(plane.at(3, 4), 0.75F);
    EXPECT_FLOAT_EQ(plane.at(5, 4), 1);
}

TEST(Fill, LeavesOutWhatLiesOutside) {
    Plane plane = black({8, 8});
    Canvas canvas{{plane.view()}};
    fill(canvas, {-100, -100, 103, 104.5}, Colour::grey(1));
    EXPECT_NEAR(test::sum_of(plane), 3 * 4.5, 1e-5);
    fill(canvas, {1e9, 0, 5, 5}, Colour::grey(1));
    fill(canvas, {2, 2, -5, 5}, Colour::grey(1));
    EXPECT_NEAR(test::sum_of(plane), 3 * 4.5, 1e-5);
}

TEST(DrawLine, HasItsLengthTimesItsThicknessOfInk) {
    for (Point to : {Point{52, 10}, Point{10, 47}, Point{50, 41}, Point{44, 50}}) {
        Plane plane = black({64, 64});
        Canvas canvas{{plane.view()}};
        draw_line(canvas, {10, 10}, to, 3, Colour::grey(1));
        double length = std::sqrt((to.x - 10) * (to.x - 10) + (to.y - 10) * (to.y - 10));
        EXPECT_NEAR(test::sum_of(plane), 3 * length, 0.03 * 3 * length);
    }
}

TEST(Canvas, TakesTheLuminanceOfAColourWhenItIsGrey) {
    Plane plane = black({1, 1});
    Canvas canvas{{plane.view()}};
    canvas.blend(0, 0, 1, {1, 0, 0});
    EXPECT_FLOAT_EQ(plane.at(0, 0), 0.2126F);
}

TEST(DrawImage, CutsWhatReachesOverTheEdge) {
    Plane plane = black({4, 4}), stamp = std::move(Plane::filled({3, 3}, 0.5F)).value();
    Canvas canvas{{plane.view()}};
    std::vector<ImageView<float const>> image{stamp.view()};
    draw_image(canvas, image, 2, -1);
    EXPECT_NEAR(test::sum_of(plane), 4 * 0.5, 1e-6);
}

} // namespace
} // namespace mg
