#include "draw/scale_bar.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mg {
namespace {

TEST(NiceBarLength, IsTheLargestOf125BelowTheWidthOver48) {
    struct {
        double width_nm, bar_nm;
    } cases[] = {{11331, 2000}, // 712 px of 15.914 nm: 2360 nm is the limit
                 {4800, 1000},  {4799.9, 500}, {9600, 2000}, {9599, 1000}, {24000, 5000}, {23999, 2000}, {48000, 10000},
                 {480, 100},    {4.8, 1},      {4.7, 0.5},   {1.0, 0.2},   {4.8e6, 1e6},  {4.79e9, 5e8}, {0.048, 0.01}};
    for (auto c : cases) EXPECT_NEAR(nice_bar_length_nm(c.width_nm) / c.bar_nm, 1, 1e-12) << c.width_nm;
    for (double width : {0.0, -5.0, std::nan(""), static_cast<double>(INFINITY)})
        EXPECT_EQ(nice_bar_length_nm(width), 0);
}

TEST(FieldText, HasThreeDigitsAndOneUnit) {
    struct {
        double width_nm, height_nm;
        char const* text;
    } cases[] = {
        {712 * 15.9142, 484 * 17.5623, "11.3 \u00D7 8.5 \u00B5m"}, // an XL image at 10 000x
        {1424 * 7.957, 968 * 8.781, "11.3 \u00D7 8.5 \u00B5m"},
        {113300, 85000, "113 \u00D7 85 \u00B5m"},
        {1.133e6, 0.85e6, "1.13 \u00D7 0.85 mm"},
        {566.6, 425, "567 \u00D7 425 nm"},
        {999.6, 750, "1.00 \u00D7 0.75 \u00B5m"},
        {999.4, 750, "999 \u00D7 750 nm"},
        {10000, 7500, "10.0 \u00D7 7.5 \u00B5m"},
        {8500, 11331, "8.5 \u00D7 11.3 \u00B5m"},
        {11331, 850, "11.33 \u00D7 0.85 \u00B5m"},
        {0.5, 0.4, "500 \u00D7 400 pm"},
    };
    for (auto c : cases) EXPECT_EQ(field_text(c.width_nm, c.height_nm), c.text);
    EXPECT_EQ(field_text(0, 5), "");
    EXPECT_EQ(field_text(std::nan(""), 5), "");
}

TEST(DrawBar, IsExactlyAsLongAsAskedFromEndToEnd) {
    for (double length : {6.0, 45.25, 125.676, 250.5, 722.02}) {
        for (double left : {5.0, 7.4}) {
            Plane plane = std::move(Plane::filled({760, 30}, 0.0F)).value();
            Canvas canvas{{plane.view()}};
            draw_bar(canvas,
                     bar_rects({.left = left, .middle = 15, .length_px = length, .thickness = 2, .cap_height = 10}),
                     Colour::grey(1));
            for (int y : {14, 15}) {
                double sum = 0;
                for (int x = 0; x < 760; ++x) sum += static_cast<double>(plane.at(x, y));
                EXPECT_NEAR(sum, length, 1e-3);
            }
            double caps = 0;
            for (int x = 0; x < 760; ++x) caps += static_cast<double>(plane.at(x, 11));
            EXPECT_NEAR(caps, 4, 1e-3) << "two caps as thick as the line";
        }
    }
}

TEST(DrawCornerBar, IsWhiteOnDarkAndBlackOnLightWithItsTrueLength) {
    Fonts fonts;
    for (bool dark : {true, false})
        for (Corner corner : {Corner::bottom_right, Corner::bottom_left, Corner::top_right, Corner::top_left}) {
            float ground = dark ? 0.2F : 0.8F;
            Plane plane = std::move(Plane::filled({400, 300}, ground)).value();
            Canvas canvas{{plane.view()}};
            draw_corner_bar(canvas, fonts, {{77.3, "2 \u00B5m"}, corner, 12});
            // The row with most full-ink pixels is the line.
            double best = 0;
            int best_y = 0;
            for (int y = 0; y < 300; ++y) {
                double ink = 0;
                for (int x = 0; x < 400; ++x) ink += plane.at(x, y) == (dark ? 1.0F : 0.0F);
                if (ink > best) best = ink, best_y = y;
            }
            EXPECT_NEAR(best, 77.3, 0.5);
            bool bottom = corner == Corner::bottom_right || corner == Corner::bottom_left;
            EXPECT_EQ(best_y > 150, bottom);
        }
}

TEST(DrawCornerBar, LeavesATinyPictureAlone) {
    Fonts fonts;
    Plane plane = std::move(Plane::filled({20, 10}, 0.2F)).value();
    Canvas canvas{{plane.view()}};
    draw_corner_bar(canvas, fonts, {{8, "2 \u00B5m"}, Corner::top_left, 12});
    for (int i = 0; i < 200; ++i) EXPECT_EQ(plane.data()[i], 0.2F);
}

} // namespace
} // namespace mg
