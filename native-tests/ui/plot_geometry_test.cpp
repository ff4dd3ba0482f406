// Triangles of shares, polygons drawn by hand, and steps of axes.
#include "app/plot_geometry.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace mg;
using namespace mg::app;

TEST(PlotGeometry, PureElementsLieAtTheCornersOfTheTriangle) {
    auto const corners = ternary_corners();
    for (std::size_t i = 0; i < 3; ++i) {
        std::array<double, 3> pure{};
        pure[i] = 1;
        Point const p = ternary_point(pure);
        EXPECT_NEAR(p.x, corners[i].x, 1e-15);
        EXPECT_NEAR(p.y, corners[i].y, 1e-15);
    }
    // Its three sides are equal.
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_NEAR(std::hypot(corners[i].x - corners[(i + 1) % 3].x, corners[i].y - corners[(i + 1) % 3].y), 1, 1e-15);
}

TEST(PlotGeometry, SharesComeBackFromTheirPlace) {
    for (double a = 0; a <= 1; a += 0.125)
        for (double b = 0; a + b <= 1; b += 0.125) {
            auto const shares = ternary_shares(ternary_point({a, b, 1 - a - b}));
            EXPECT_NEAR(shares[0], a, 1e-12);
            EXPECT_NEAR(shares[1], b, 1e-12);
            EXPECT_NEAR(shares[2], 1 - a - b, 1e-12);
        }
    auto const outside = ternary_shares({0, 0.5});
    EXPECT_LT(outside[1], 0);
    EXPECT_NEAR(outside[0] + outside[1] + outside[2], 1, 1e-12);
}

TEST(PlotGeometry, EqualSharesLieInTheMiddle) {
    Point const p = ternary_point({1 / 3.0, 1 / 3.0, 1 / 3.0});
    EXPECT_NEAR(p.x, 0.5, 1e-15);
    EXPECT_NEAR(p.y, std::sqrt(3.0) / 6, 1e-15);
}

TEST(PlotGeometry, APolygonHoldsWhatIsInsideIt) {
    // An L: the notch at its upper right is outside.
    std::vector<double> const corners{0, 0, 4, 0, 4, 2, 2, 2, 2, 4, 0, 4};
    EXPECT_TRUE(in_polygon(corners, {1, 3}));
    EXPECT_TRUE(in_polygon(corners, {3, 1}));
    EXPECT_FALSE(in_polygon(corners, {3, 3}));
    EXPECT_FALSE(in_polygon(corners, {-0.1, 1}));
    EXPECT_FALSE(in_polygon(corners, {1, 4.1}));
    EXPECT_DOUBLE_EQ(polygon_area(corners), 12);
}

TEST(PlotGeometry, WhereALineCrossesItselfTheMiddleIsOutside) {
    // A star of five points drawn in one line; its middle is enclosed twice.
    std::vector<double> star;
    for (int i = 0; i < 5; ++i) {
        double const angle = 2 * 3.14159265358979 * (2 * i) / 5;
        star.insert(star.end(), {std::sin(angle), std::cos(angle)});
    }
    EXPECT_FALSE(in_polygon(star, {0, 0}));
    EXPECT_TRUE(in_polygon(star, {0, 0.7}));
}

TEST(PlotGeometry, FewerThanThreeCornersHoldNothing) {
    EXPECT_FALSE(in_polygon(std::vector<double>{}, {0, 0}));
    EXPECT_FALSE(in_polygon(std::vector<double>{0, 0, 1, 1}, {0.5, 0.5}));
    EXPECT_FALSE(in_polygon(std::vector<double>{0, 0, 1, 1, 1}, {0.9, 0.9}));
    EXPECT_EQ(polygon_area(std::vector<double>{}), 0);
}

TEST(PlotGeometry, NeighbouringPolygonsShareNoPoint) {
    std::vector<double> const left{0, 0, 1, 0, 1, 1, 0, 1}, right{1, 0, 2, 0, 2, 1, 1, 1};
    for (double y = 0; y < 1; y += 0.1) EXPECT_EQ(in_polygon(left, {1, y}) + in_polygon(right, {1, y}), 1) << y;
}

TEST(PlotGeometry, ASimplifiedLineStaysWithinItsTolerance) {
    std::vector<double> line;
    for (int i = 0; i <= 200; ++i) line.insert(line.end(), {i / 200.0, 0.3 * std::sin(i / 20.0)});
    std::vector<double> const fewer = simplified(line, 0.004);
    EXPECT_LT(fewer.size(), line.size() / 4);
    EXPECT_EQ(fewer[0], line[0]);
    EXPECT_EQ(fewer.back(), line.back());
    for (std::size_t i = 0; i < line.size(); i += 2) {
        double nearest = 1;
        for (std::size_t k = 0; k + 3 < fewer.size(); k += 2) {
            double const dx = fewer[k + 2] - fewer[k], dy = fewer[k + 3] - fewer[k + 1];
            double t = ((line[i] - fewer[k]) * dx + (line[i + 1] - fewer[k + 1]) * dy) / (dx * dx + dy * dy);
            t = t < 0 ? 0 : t > 1 ? 1 : t;
            nearest = std::fmin(nearest, std::hypot(line[i] - fewer[k] - t * dx, line[i + 1] - fewer[k + 1] - t * dy));
        }
        EXPECT_LE(nearest, 0.004 + 1e-12);
    }
}

TEST(PlotGeometry, StepsOfAnAxisAreOneTwoOrFive) {
    EXPECT_DOUBLE_EQ(nice_step(4.2, 5), 1);
    EXPECT_DOUBLE_EQ(nice_step(10, 5), 2);
    EXPECT_DOUBLE_EQ(nice_step(24, 5), 5);
    EXPECT_DOUBLE_EQ(nice_step(0.9, 4), 0.5);
    EXPECT_DOUBLE_EQ(nice_step(0.013, 5), 0.005);
    EXPECT_DOUBLE_EQ(nice_step(0, 5), 1);
    EXPECT_DOUBLE_EQ(nice_step(INFINITY, 5), 1);
}
