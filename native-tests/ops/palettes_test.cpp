#include "ops/palettes.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "math/colour.h"

namespace mg {
namespace {

Triple seen_lab(Rgb colour, ColourVision vision = ColourVision::normal) {
    Triple linear = seen_with(vision, linear_from_srgb(colour));
    for (double& value : linear) value = std::clamp(value, 0.0, 1.0);
    return cielab_from_xyz(xyz_from_linear(linear));
}

double least_difference(std::vector<Rgb> const& colours, ColourVision vision = ColourVision::normal) {
    double least = 1e9;
    for (std::size_t i = 0; i < colours.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            least = std::min(least, ciede2000(seen_lab(colours[i], vision), seen_lab(colours[j], vision)));
    return least;
}

/// CIEDE2000 from grey of the sum of equally strong channels, at the worst of several brightnesses.
double cast_of(std::vector<Tint> const& tints) {
    Triple sum{};
    for (Tint const& tint : tints)
        for (std::size_t c = 0; c < 3; ++c) sum[c] += tint.linear[c];
    double worst = 0;
    for (double brightness : {0.05, 0.2, 0.5, 1.0}) {
        double const y = luminance(sum);
        Triple const shown{sum[0] / y * brightness, sum[1] / y * brightness, sum[2] / y * brightness};
        worst = std::max(worst, ciede2000(cielab_from_xyz(xyz_from_linear(shown)),
                                          cielab_from_xyz(xyz_from_linear({brightness, brightness, brightness}))));
    }
    return worst;
}

std::vector<Rgb> swatches(std::vector<Tint> const& tints) {
    std::vector<Rgb> colours;
    for (Tint const& tint : tints) colours.push_back(tint.swatch);
    return colours;
}

std::vector<TintRequest> wavelengths(std::vector<double> const& values) {
    std::vector<TintRequest> requests;
    for (double value : values)
        requests.push_back({.value = value, .wavelength_nm = value, .slot = static_cast<int>(requests.size())});
    return requests;
}
std::vector<Tint> tints(std::vector<TintRequest> const& requests, Palette palette = Palette::wavelength) {
    return tints_for(requests, palette, static_cast<int>(requests.size()), 0.6);
}

TEST(Palettes, EqualChannelsGiveGreyWithTheStretchedSpectrum) {
    for (int n = 1; n <= 20; ++n) EXPECT_LT(cast_of(stretched_spectrum(n)), 0.01) << n << " channels";
}

TEST(Palettes, StretchedSpectrumIsEquallyLightAndEvenlyWeighted) {
    for (int n = 2; n <= 20; ++n)
        for (Tint const& tint : stretched_spectrum(n)) {
            EXPECT_NEAR(oklab_from_linear(linear_from_srgb(tint.swatch))[0], 0.68, 0.002) << n;
            EXPECT_NEAR(luminance(tint.linear), 1.0 / n, 1e-9) << n;
            // What the sum holds of a channel has the swatch's hue.
            Triple const shown = oklab_from_linear(linear_from_srgb(tint.swatch));
            Triple const weight = oklab_from_linear(tint.linear);
            double const turned = std::fabs(hue_deg(shown[1], shown[2]) - hue_deg(weight[1], weight[2]));
            EXPECT_LT(std::min(turned, 360 - turned), 0.5) << n;
        }
}

TEST(Palettes, StretchedSpectrumRunsFromVioletToRed) {
    for (int n = 3; n <= 12; ++n) {
        double last = 360;
        for (Tint const& tint : stretched_spectrum(n)) {
            Triple const lab = oklab_from_linear(linear_from_srgb(tint.swatch));
            double const hue = hue_deg(lab[1], lab[2]);
            EXPECT_LT(hue, last) << n;
            last = hue;
        }
        EXPECT_NEAR(last, 30, 8) << n;
        EXPECT_GT(least_difference(swatches(stretched_spectrum(n))), n <= 6 ? 20 : n <= 8 ? 15 : 9) << n;
    }
    EXPECT_GT(least_difference(swatches(stretched_spectrum(2))), 40);
    EXPECT_GT(least_difference(swatches(stretched_spectrum(2)), ColourVision::deutan), 40);
}

TEST(Palettes, OneChannelIsWhite) {
    for (Palette palette : {Palette::wavelength, Palette::physical, Palette::safe}) {
        std::vector<Tint> const one = tints(wavelengths({420}), palette);
        ASSERT_EQ(one.size(), 1U);
        EXPECT_EQ(one[0].swatch, (Rgb{1, 1, 1}));
        EXPECT_EQ(one[0].linear, (std::array<double, 3>{1, 1, 1}));
    }
}

TEST(Palettes, ColourFollowsTheValueNotThePlace) {
    std::vector<Tint> const up = tints(wavelengths({405, 415, 425})), mixed = tints(wavelengths({425, 405, 415}));
    EXPECT_EQ(mixed[0].swatch, up[2].swatch);
    EXPECT_EQ(mixed[1].swatch, up[0].swatch);
    EXPECT_EQ(mixed[2].swatch, up[1].swatch);
}

TEST(Palettes, EqualValuesShareAColourAndItsWeight) {
    std::vector<Tint> const tinted = tints(wavelengths({405, 415, 415, 425}));
    EXPECT_EQ(tinted[1].swatch, tinted[2].swatch);
    EXPECT_EQ(tinted[0].swatch, stretched_spectrum(3)[0].swatch);
    EXPECT_NEAR(luminance(tinted[1].linear) * 2, luminance(tinted[0].linear), 1e-9);
    EXPECT_LT(cast_of(tinted), 0.01);
}

TEST(Palettes, PlaceholdersTakeAColour) {
    std::vector<TintRequest> const requests{{.value = 405, .slot = 0}, {.value = 425, .slot = 2}};
    std::vector<Tint> const tinted = tints_for(requests, Palette::wavelength, 3, 0.6);
    EXPECT_EQ(tinted[0].swatch, stretched_spectrum(3)[0].swatch);
    EXPECT_EQ(tinted[1].swatch, stretched_spectrum(3)[2].swatch);
}

TEST(Palettes, UnvaluedChannelsTakeTheirPlaces) {
    std::vector<TintRequest> const requests{{.slot = 1}, {.slot = 0}};
    std::vector<Tint> const tinted = tints_for(requests, Palette::wavelength, 2, 0.6);
    EXPECT_EQ(tinted[0].swatch, stretched_spectrum(2)[1].swatch);
    // Nonsense slots end in some palette, not beyond memory.
    std::vector<TintRequest> const strange{{.slot = -5}, {.slot = 2000000000}, {.slot = 7}};
    EXPECT_EQ(tints_for(strange, Palette::wavelength, -3, 0.6).size(), 3U);
    EXPECT_TRUE(tints_for({}, Palette::wavelength, 0, 0.6).empty());
}

TEST(Palettes, PickedColoursGoBeforeThePalette) {
    std::vector<TintRequest> requests = wavelengths({405, 415, 425});
    requests[0].picked = Rgb{0, 0, 1};
    requests[1].picked = Rgb{0, 1, 0};
    requests[2].picked = Rgb{1, 0, 0};
    std::vector<Tint> const tinted = tints(requests);
    EXPECT_EQ(tinted[0].swatch, (Rgb{0, 0, 1}));
    EXPECT_LT(cast_of(tinted), 0.1) << "red, green and blue add up to white";
    Triple sum{};
    for (Tint const& tint : tinted)
        for (std::size_t c = 0; c < 3; ++c) sum[c] += tint.linear[c];
    EXPECT_NEAR(luminance(sum), 1, 1e-9);
}

TEST(Palettes, SafeColoursAreToldApartByAnyEye) {
    for (int n = 2; n <= 6; ++n) {
        std::vector<Rgb> const colours = safe_colours(n);
        ASSERT_EQ(colours.size(), static_cast<std::size_t>(n));
        EXPECT_GE(least_difference(colours), 20) << n;
        EXPECT_GE(least_difference(colours, ColourVision::deutan), 10) << n;
        EXPECT_GE(least_difference(colours, ColourVision::protan), 10) << n;
        EXPECT_GE(least_difference(colours, ColourVision::tritan), 10) << n;
        std::vector<double> values;
        for (int i = 0; i < n; ++i) values.push_back(400 + i);
        EXPECT_LT(cast_of(tints(wavelengths(values), Palette::safe)), 2) << n;
    }
    EXPECT_EQ(tints(wavelengths({1, 2, 3, 4, 5, 6, 7}), Palette::safe)[0].swatch, stretched_spectrum(7)[0].swatch);
}

TEST(Palettes, ClassicColoursAreThoseOfTheOriginalTools) {
    // Hue from 0 to 2/3, red times 0.9 and green times 0.6; two: from 1/6, green times 0.8.
    std::vector<Rgb> const three = classic_colours(3, 0.6);
    EXPECT_EQ(three[0], (Rgb{0.9F, 0, 0}));
    EXPECT_EQ(three[1], (Rgb{0, 0.6F, 0}));
    EXPECT_EQ(three[2], (Rgb{0, 0, 1}));
    std::vector<Rgb> const five = classic_colours(5, 0.6);
    EXPECT_NEAR(five[1].r, 0.9F, 1e-6);
    EXPECT_NEAR(five[1].g, 0.6F, 1e-6);
    EXPECT_NEAR(five[3].g, 0.6F, 1e-6);
    EXPECT_NEAR(five[3].b, 1, 1e-6);
    std::vector<Rgb> const four = classic_colours(4, 0.6);
    EXPECT_NEAR(four[1].r, 0.9 * (2.0 / 3), 1e-6);
    EXPECT_NEAR(four[1].g, 0.6, 1e-6);
    std::vector<Rgb> const two = classic_colours(2, 0.6);
    EXPECT_EQ(two[0], (Rgb{0.9F, 0.8F, 0}));
    EXPECT_EQ(two[1], (Rgb{0, 0, 1}));
    EXPECT_EQ(classic_colours(1, 0.6)[0], (Rgb{0.9F, 0, 0}));
    // By place, whatever the values.
    EXPECT_EQ(tints(wavelengths({425, 405, 415}), Palette::classic)[0].swatch, (Rgb{0.9F, 0, 0}));
}

TEST(Palettes, PhysicalColoursLookLikeTheirLight) {
    auto const hue = [](double nm) {
        Triple const lab = oklab_from_linear(linear_from_srgb(spectral_colour(nm)));
        return hue_deg(lab[1], lab[2]);
    };
    EXPECT_NEAR(hue(420), 295, 20); // violet
    EXPECT_NEAR(hue(470), 260, 20); // blue
    EXPECT_NEAR(hue(530), 145, 15); // green
    EXPECT_NEAR(hue(580), 85, 25);  // yellow
    EXPECT_NEAR(hue(650), 28, 12);  // red
    EXPECT_EQ(spectral_colour(200), spectral_colour(400));
    EXPECT_EQ(spectral_colour(1e9), spectral_colour(700));
    EXPECT_EQ(tints(wavelengths({450, 620}), Palette::physical)[1].swatch, spectral_colour(620));
    // What is no wavelength has no colour of its own.
    std::vector<TintRequest> const energies{{.value = 5, .slot = 0}, {.value = 10, .slot = 1}};
    EXPECT_EQ(tints(energies, Palette::physical)[0].swatch, stretched_spectrum(2)[0].swatch);
}

} // namespace
} // namespace mg
