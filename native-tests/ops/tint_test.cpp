#include "ops/tint.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "math/colour.h"
#include "ops/material_colours.h"
#include "support/plane_maker.h"

namespace mg {
namespace {

using test::plane_of;

SpreadMap one_material_per_row(Size size) {
    SpreadMap map;
    map.first = std::move(Image<std::uint8_t>::create(size)).value();
    map.second = std::move(Image<std::uint8_t>::create(size)).value();
    map.share = std::move(Image<std::uint8_t>::filled(size, 255)).value();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) map.first.at(x, y) = map.second.at(x, y) = static_cast<std::uint8_t>(y);
    return map;
}
/// 0 to 1 along each row.
Plane ramp(Size size) {
    return plane_of(size, [&](int x, int) { return static_cast<double>(x) / (size.width - 1); });
}
std::vector<Rgb> six_colours() {
    std::vector<MaterialColourRequest> requests;
    for (int k = 0; k < 6; ++k) {
        std::vector<double> composition(6, 0.1);
        composition[static_cast<std::size_t>(k)] = 1;
        requests.push_back({composition, std::nullopt});
    }
    return material_colours(requests, MaterialPalette::even).colours;
}
TintSettings plain(TintBlend blend = TintBlend::luminance) {
    return {.blend = blend, .exponent = 1, .low_percent = 0, .high_percent = 0};
}
std::array<Plane, 3> tint(TintSource const& source, TintSettings const& settings) {
    Work work;
    auto made = tinted(source, settings, work);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made ? std::move(made).value() : std::array<Plane, 3>{};
}
Rgb pixel(std::array<Plane, 3> const& planes, int x, int y) {
    return {planes[0].at(x, y), planes[1].at(x, y), planes[2].at(x, y)};
}
Triple lab_of(Rgb colour) {
    return oklab_from_linear(linear_from_srgb(colour));
}
// Not inlined: Emscripten 3.1.6 pairs two of these wrongly when it makes vectors of them.
[[gnu::noinline]] double chroma_of(Rgb colour) {
    Triple const lab = lab_of(colour);
    return std::sqrt(lab[1] * lab[1] + lab[2] * lab[2]);
}

/// As the header has it, with whole colours.
double lightness_of(float grey) {
    double const l = lab_of({grey, grey, grey})[0], high = std::max(0.0, (l - 0.6) / 0.4);
    return l - 0.1 * high * high;
}

TEST(TintMaterials, TheImageIsTheLightness) {
    Size const size{101, 6};
    Plane const image = ramp(size);
    SpreadMap const map = one_material_per_row(size);
    std::vector<Rgb> const colours = six_colours();
    auto const made = tint({.image = image.view(), .materials = &map, .colours = colours}, plain());
    for (int x = 0; x < size.width; ++x) {
        float const grey = image.at(x, 0);
        for (int y = 0; y < size.height; ++y)
            EXPECT_NEAR(lab_of(pixel(made, x, y))[0], lightness_of(grey), 2e-3) << x << ", " << y;
    }
}

TEST(TintMaterials, HueHoldsFromDarkToBright) {
    Size const size{101, 6};
    Plane const image = ramp(size);
    SpreadMap const map = one_material_per_row(size);
    std::vector<Rgb> const colours = six_colours();
    for (double strength : {1.0, 2.0}) {
        TintSettings settings = plain();
        settings.strength = strength;
        auto const made = tint({.image = image.view(), .materials = &map, .colours = colours}, settings);
        for (int y = 0; y < size.height; ++y) {
            Triple const own = lab_of(colours[static_cast<std::size_t>(y)]);
            for (int x = 10; x < 96; ++x) {
                Rgb const shown = pixel(made, x, y);
                if (chroma_of(shown) < 0.02) continue;
                Triple const lab = lab_of(shown);
                double const apart = std::fabs(hue_deg(lab[1], lab[2]) - hue_deg(own[1], own[2]));
                EXPECT_LT(std::min(apart, 360 - apart), 2) << x << ", " << y;
            }
        }
    }
}

TEST(TintMaterials, WholeChromaWhereTheImageIsAsLightAsTheColour) {
    Size const size{2001, 6};
    Plane const image = ramp(size);
    SpreadMap const map = one_material_per_row(size);
    std::vector<Rgb> const colours = six_colours();
    auto const made = tint({.image = image.view(), .materials = &map, .colours = colours}, plain());
    for (int y = 0; y < 6; ++y) {
        Rgb const own = colours[static_cast<std::size_t>(y)];
        int best = 0;
        for (int x = 0; x < size.width; ++x)
            if (std::fabs(lab_of(pixel(made, x, y))[0] - lab_of(own)[0]) <
                std::fabs(lab_of(pixel(made, best, y))[0] - lab_of(own)[0]))
                best = x;
        EXPECT_LT(ciede2000(cielab_from_srgb(pixel(made, best, y)), cielab_from_srgb(own)), 0.5) << y;
    }
}

TEST(TintMaterials, StrengthAndDesaturationChangeTheChromaAlone) {
    Size const size{101, 6};
    Plane const image = ramp(size);
    SpreadMap const map = one_material_per_row(size);
    std::vector<Rgb> const colours{{0.62F, 0.48F, 0.45F}, {0.55F, 0.52F, 0.4F}, {0.45F, 0.56F, 0.45F},
                                   {0.4F, 0.56F, 0.56F},  {0.46F, 0.5F, 0.64F}, {0.57F, 0.46F, 0.58F}}; // pale
    TintSource const source{.image = image.view(), .materials = &map, .colours = colours};
    auto settings = plain();
    settings.strength = 0.8; // all of it fits into sRGB at the pixels looked at
    auto const whole = tint(source, settings);
    settings.desaturation = 0.5;
    auto const pale = tint(source, settings);
    settings = plain();
    settings.strength = 0.4;
    auto const weak = tint(source, settings);
    settings.strength = 0;
    auto const none = tint(source, settings);
    for (int y = 0; y < 6; ++y) {
        EXPECT_NEAR(chroma_of(pixel(pale, 52, y)) / chroma_of(pixel(whole, 52, y)), 0.5, 0.02);
        EXPECT_NEAR(chroma_of(pixel(weak, 52, y)), chroma_of(pixel(pale, 52, y)), 1e-4);
        EXPECT_NEAR(lab_of(pixel(pale, 52, y))[0], lab_of(pixel(whole, 52, y))[0], 2e-3);
        for (int x = 0; x < size.width; ++x)
            for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(none[c].at(x, y), image.at(x, y), 2e-3);
    }
}

TEST(TintMaterials, MixedPixelsLieBetweenTheirMaterials) {
    Size const size{11, 2};
    Plane const image = plane_of(size, [](int x, int) { return x == 0 ? 0 : (x == 10 ? 1 : 0.6); });
    SpreadMap map = one_material_per_row(size);
    std::vector<Rgb> const colours{six_colours()[0], six_colours()[2]};
    for (int y = 0; y < 2; ++y) {
        map.second.at(5, y) = static_cast<std::uint8_t>(1 - y);
        map.share.at(5, y) = 128;
    }
    auto const made = tint({.image = image.view(), .materials = &map, .colours = colours}, plain());
    Triple const a = lab_of(pixel(made, 4, 0)), b = lab_of(pixel(made, 4, 1));
    for (int y = 0; y < 2; ++y) {
        Triple const lab = lab_of(pixel(made, 5, y));
        for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(lab[i], (a[i] + b[i]) / 2, 2e-3);
    }
}

TEST(TintMaterials, MultiplyIsTheFormulaOfTheOriginal) {
    Size const size{101, 3};
    Plane const image = ramp(size);
    SpreadMap const map = one_material_per_row(size);
    std::vector<Rgb> const colours{{1, 0, 0}, {0.2F, 0.9F, 0.1F}, {0, 0, 0}};
    TintSettings settings = plain(TintBlend::multiply);
    settings.exponent = 0.8;
    auto const made = tint({.image = image.view(), .materials = &map, .colours = colours}, settings);
    for (int x = 0; x < size.width; ++x)
        for (int y = 0; y < 3; ++y) {
            Rgb const c = colours[static_cast<std::size_t>(y)];
            double const e = std::pow(double{image.at(x, y)}, 0.8);
            // numpy: se**.8[..., None] * (1 + colour), divided by its maximum, here 1 * (1 + 1).
            EXPECT_NEAR(made[0].at(x, y), e * (1 + double{c.r}) / 2, 2e-3);
            EXPECT_NEAR(made[1].at(x, y), e * (1 + double{c.g}) / 2, 2e-3);
            EXPECT_NEAR(made[2].at(x, y), e * (1 + double{c.b}) / 2, 2e-3);
        }
}

TEST(TintMaterials, BlackAndWhiteAreSharesOfTheCoveredPixels) {
    Size const size{100, 40};
    // A tenth each far darker and far brighter; the lower half is covered by no material.
    Plane const image = plane_of(size, [](int x, int y) {
        if (y >= 20) return 5.0;
        return x < 10 ? -3.0 : (x >= 90 ? 4.0 : 0.2 + 0.006 * (x - 10));
    });
    SpreadMap map = one_material_per_row(size);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            map.first.at(x, y) = map.second.at(x, y) = y < 20 ? std::uint8_t{0} : k_no_material;
    std::vector<Rgb> const colours{{0.5F, 0.5F, 0.5F}};
    TintSettings settings = plain();
    settings.low_percent = settings.high_percent = 10.5;
    settings.strength = 0; // plain greys
    auto const made = tint({.image = image.view(), .materials = &map, .colours = colours}, settings);
    EXPECT_EQ(made[0].at(5, 5), 0);
    EXPECT_NEAR(made[0].at(95, 5), 1, 1e-3);
    EXPECT_NEAR(made[0].at(50, 5), 0.506, 0.02);
    EXPECT_EQ(made[0].at(50, 30), 0) << "no material: black";
}

TEST(TintMaterials, AnEvenImageIsAMiddleGreyInItsColours) {
    Size const size{5, 2};
    Plane const image = plane_of(size, [](int, int) { return 0.3; });
    SpreadMap const map = one_material_per_row(size);
    std::vector<Rgb> const colours{six_colours()[0], six_colours()[3]};
    auto const made = tint({.image = image.view(), .materials = &map, .colours = colours}, plain());
    for (int y = 0; y < 2; ++y) {
        EXPECT_GT(lab_of(pixel(made, 2, y))[0], 0.5);
        EXPECT_GT(chroma_of(pixel(made, 2, y)), 0.08);
    }
}

TEST(TintMaterials, DoubtfulPixelsLoseChroma) {
    Size const size{101, 6};
    Plane const image = ramp(size);
    SpreadMap const map = one_material_per_row(size);
    std::vector<Rgb> const colours = six_colours();
    Image<std::uint8_t> chroma = std::move(Image<std::uint8_t>::filled(size, 255)).value();
    for (int y = 0; y < 6; ++y) chroma.at(60, y) = 0;
    auto const made =
        tint({.image = image.view(), .materials = &map, .colours = colours, .chroma = chroma.view()}, plain());
    for (int y = 0; y < 6; ++y) {
        EXPECT_LT(chroma_of(pixel(made, 60, y)), 2e-3);
        EXPECT_GT(chroma_of(pixel(made, 61, y)), 0.05);
    }
}

TEST(TintMaterials, RefusesOtherSizes) {
    Work work;
    Plane const image = ramp({10, 4});
    SpreadMap const map = one_material_per_row({9, 4});
    EXPECT_FALSE(tinted({.image = image.view(), .materials = &map}, plain(), work));
}

} // namespace
} // namespace mg
