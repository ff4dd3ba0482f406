#include "draw/font.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/text.h"
#include "support/plane_maker.h"

namespace mg {
namespace {

Plane drawn_text(Fonts const& fonts, std::string_view text, Point origin, double size_px, Size size) {
    Plane plane = std::move(Plane::filled(size, 0.0F)).value();
    Canvas canvas{{plane.view()}};
    fonts.draw(canvas, origin, text, {size_px, Weight::semibold}, Colour::grey(1));
    return plane;
}

TEST(Fonts, MeasureInProportionToTheSize) {
    Fonts fonts;
    double one = fonts.width("Beam energy 10.85 \u00B5m", {10});
    EXPECT_GT(one, 60);
    EXPECT_LT(one, 140);
    EXPECT_NEAR(fonts.width("Beam energy 10.85 \u00B5m", {35}), 3.5 * one, 1e-9);
    EXPECT_NEAR(fonts.width("AB", {10}), fonts.width("A", {10}) + fonts.width("B", {10}), 1e-9);
    EXPECT_EQ(fonts.width("", {10}), 0);
    EXPECT_GT(fonts.cap_height(), 0.6);
    EXPECT_LT(fonts.cap_height(), 0.8);
}

TEST(Fonts, HaveLatinGreekCyrillicAndTheSignsOfUnits) {
    Fonts fonts;
    std::string question = "?";
    Plane unknown = drawn_text(fonts, question, {4, 40}, 40, {60, 60});
    for (char const* text : {"\u017E", "\u00E9", "\u00B5", "\u03BC", "\u03A9", "\u03BB", "\u0416", "\u044F", "\u00D7",
                             "\u00B0", "\u2026"}) {
        Plane glyph = drawn_text(fonts, text, {4, 40}, 40, {60, 60});
        EXPECT_GT(test::sum_of(glyph), 5) << text;
        EXPECT_NE(std::memcmp(glyph.data(), unknown.data(), 60 * 60 * sizeof(float)), 0) << text;
    }
}

TEST(Fonts, ShowAQuestionMarkForWhatTheyLack) {
    Fonts fonts;
    for (char const* text : {"\u6F22", "\U0001F52C", "\xFF"}) {
        Plane glyph = drawn_text(fonts, text, {4, 40}, 40, {60, 60}),
              question = drawn_text(fonts, "?", {4, 40}, 40, {60, 60});
        EXPECT_EQ(std::memcmp(glyph.data(), question.data(), 60 * 60 * sizeof(float)), 0);
    }
}

TEST(Fonts, DrawWithinTheMeasuredBox) {
    Fonts fonts;
    for (double size : {9.0, 14.3, 61.0}) {
        std::string text = "\u00C5gj\u0416|(10.85 \u00B5m)";
        double width = fonts.width(text, {size, Weight::semibold});
        Size canvas{static_cast<int>(width) + 40, static_cast<int>(2 * size) + 40};
        Plane plane = drawn_text(fonts, text, {20, size + 20}, size, canvas);
        // Side bearings may be a little negative.
        double slack = 1 + 0.06 * size;
        for (int y = 0; y < canvas.height; ++y)
            for (int x = 0; x < canvas.width; ++x)
                if (plane.at(x, y) > 0) {
                    EXPECT_GE(x + 1, 20 - slack);
                    EXPECT_LE(x, 20 + width + slack);
                    EXPECT_GE(y + 1, 20 + size - fonts.ascent() * size - slack);
                    EXPECT_LE(y, 20 + size + fonts.descent() * size + slack);
                }
    }
}

TEST(Fonts, DrawAtFractionsOfAPixel) {
    Fonts fonts;
    auto centre = [&](double x) {
        Plane plane = drawn_text(fonts, "H", {x, 30}, 24, {60, 40});
        double sum = 0, moment = 0;
        for (int v = 0; v < 40; ++v)
            for (int u = 0; u < 60; ++u) {
                sum += static_cast<double>(plane.at(u, v));
                moment += u * static_cast<double>(plane.at(u, v));
            }
        return moment / sum;
    };
    EXPECT_NEAR(centre(10.37) - centre(10), 0.37, 0.02);
}

TEST(Fonts, CutOffTextThatReachesOverTheCanvas) {
    Fonts fonts;
    drawn_text(fonts, "a long text that does not fit", {-20, 5}, 30, {25, 9});
    drawn_text(fonts, "far away", {1e30, 1e30}, 30, {25, 9});
    drawn_text(fonts, "huge", {0, 5}, 1e5, {25, 9});
}

TEST(Fonts, ElideToFitTheWidth) {
    Fonts fonts;
    TextStyle style{12, Weight::regular};
    EXPECT_EQ(fonts.elided("AB01", style, 100), "AB01");
    for (double width : {15.0, 31.7, 60.0, 99.0}) {
        std::string text =
            fonts.elided("\u041E\u0431\u0440\u0430\u0437\u0435\u0446 \u03B1-GaN on sapphire", style, width);
        EXPECT_LE(fonts.width(text, style), width);
        EXPECT_TRUE(text.ends_with("\u2026")) << text;
        EXPECT_TRUE(is_utf8(text));
    }
    EXPECT_EQ(fonts.elided("AB01", style, 3), "");
}

} // namespace
} // namespace mg
