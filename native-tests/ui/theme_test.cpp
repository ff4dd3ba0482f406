// Contrast by WCAG 2.1: (L1 + 0.05) / (L2 + 0.05) of relative luminances.
#include "ui/theme.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace mg;

namespace {

double luminance(ui::Colour c) {
    auto channel = [](ui::Colour byte) {
        double v = byte / 255.0;
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * channel(c & 255) + 0.7152 * channel(c >> 8 & 255) + 0.0722 * channel(c >> 16 & 255);
}
double contrast(ui::Colour a, ui::Colour b) {
    double x = luminance(a), y = luminance(b);
    return (std::fmax(x, y) + 0.05) / (std::fmin(x, y) + 0.05);
}

} // namespace

TEST(Theme, EveryTextIsLegibleOnEveryGround) {
    for (app::Theme theme : {app::Theme::dark, app::Theme::light}) {
        ui::Palette const& c = ui::palette(theme);
        for (ui::Colour ground : {c.ground, c.panel, c.raised, c.field})
            for (ui::Colour text : {c.text, c.second, c.third, c.accent, c.ok, c.warning, c.failure})
                EXPECT_GE(contrast(text, ground), 4.5) << std::hex << text << " on " << ground;
        EXPECT_GE(contrast(c.on_accent, c.accent), 4.5);
        EXPECT_GE(contrast(c.text, c.hover), 4.5);
        EXPECT_GE(contrast(c.second, c.canvas), 4.5);
    }
}

TEST(Theme, GroundsAreNeutral) {
    // Pictures are judged upon them: the channels differ by no more than a few per cent.
    for (app::Theme theme : {app::Theme::dark, app::Theme::light}) {
        ui::Colour c = ui::palette(theme).canvas;
        int r = c & 255, g = c >> 8 & 255, b = c >> 16 & 255;
        EXPECT_LE(std::abs(r - g), 6);
        EXPECT_LE(std::abs(g - b), 6);
    }
}

TEST(Theme, FadedMultipliesTheOpacity) {
    EXPECT_EQ(ui::faded(0xff123456u, 0.5f), 0x80123456u);
    EXPECT_EQ(ui::faded(0x80123456u, 0), 0x00123456u);
}
