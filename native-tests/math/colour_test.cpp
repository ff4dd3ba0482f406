#include "math/colour.h"

#include <cmath>

#include <gtest/gtest.h>

#include "math/colour_pixels.h"
#include "math/portable.h"

namespace mg {
namespace {

void expect_near(Triple const& found, Triple const& wanted, double tolerance) {
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(found[i], wanted[i], tolerance) << "co-ordinate " << i;
}

TEST(Colour, OklabMeetsThePublishedPairs) {
    // Ottosson 2020, "Table of example XYZ and Oklab pairs", given to three decimals.
    expect_near(oklab_from_xyz({0.950, 1.000, 1.089}), {1.000, 0.000, 0.000}, 6e-4);
    expect_near(oklab_from_xyz({1.000, 0.000, 0.000}), {0.450, 1.236, -0.019}, 6e-4);
    expect_near(oklab_from_xyz({0.000, 1.000, 0.000}), {0.922, -0.671, 0.263}, 6e-4);
    expect_near(oklab_from_xyz({0.000, 0.000, 1.000}), {0.153, -1.415, -0.449}, 6e-4);
}

TEST(Colour, OklabAndBackIsTheSameColour) {
    for (Triple const& rgb :
         {Triple{0.2, 0.5, 0.9}, Triple{0, 0, 0}, Triple{1, 1, 1}, Triple{1, 0, 0}, Triple{0, 0, 1}})
        expect_near(linear_from_oklab(oklab_from_linear(rgb)), rgb, 1e-6);
    expect_near(oklab_from_linear({1, 1, 1}), {1, 0, 0}, 1e-6);
}

TEST(Colour, XyzAndLabAreThoseOfScikitImage) {
    // skimage.color.rgb2xyz and rgb2lab of numpy.array([[c]], numpy.uint8)
    struct Row {
        int r, g, b;
        Triple xyz, lab;
    };
    for (Row const& row : {Row{255, 0, 0, {0.412453, 0.212671, 0.019334}, {53.2406, 80.0923, 67.2028}},
                           Row{0, 255, 0, {0.35758, 0.71516, 0.119193}, {87.7351, -86.183, 83.1797}},
                           Row{0, 0, 255, {0.180423, 0.072169, 0.950227}, {32.2957, 79.1856, -107.8573}},
                           Row{200, 120, 40, {0.309214, 0.258688, 0.053717}, {57.9123, 25.2952, 54.0828}},
                           Row{17, 99, 230, {0.189696, 0.147531, 0.766893}, {45.2942, 27.9987, -72.2664}}}) {
        auto const part = [](int v) { return static_cast<float>(v) / 255; };
        Rgb const colour{part(row.r), part(row.g), part(row.b)};
        Triple const xyz = xyz_from_linear(linear_from_srgb(colour));
        expect_near(xyz, row.xyz, 2e-6);
        expect_near(cielab_from_srgb(colour), row.lab, 0.02); // their white point has five decimals
        expect_near(linear_from_xyz(xyz), linear_from_srgb(colour), 1e-6);
        Rgb const back = srgb_from_linear(linear_from_srgb(colour));
        EXPECT_NEAR(back.r, colour.r, 1e-6);
        EXPECT_NEAR(back.b, colour.b, 1e-6);
    }
}

TEST(Colour, Ciede2000MeetsTheTestDataOfItsAuthors) {
    // Sharma, Wu, Dalal 2005, table 1; without its two pairs of exactly opposite hues, which turn on the last bit.
    struct Pair {
        Triple a, b;
        double difference;
    };
    constexpr Pair k_pairs[] = {
        {{50, 2.6772, -79.7751}, {50, 0, -82.7485}, 2.0425},
        {{50, 3.1571, -77.2803}, {50, 0, -82.7485}, 2.8615},
        {{50, 2.8361, -74.0200}, {50, 0, -82.7485}, 3.4412},
        {{50, -1.3802, -84.2814}, {50, 0, -82.7485}, 1.0000},
        {{50, -1.1848, -84.8006}, {50, 0, -82.7485}, 1.0000},
        {{50, -0.9009, -85.5211}, {50, 0, -82.7485}, 1.0000},
        {{50, 0, 0}, {50, -1, 2}, 2.3669},
        {{50, 2.4900, -0.0010}, {50, -2.4900, 0.0009}, 7.1792},
        {{50, 2.4900, -0.0010}, {50, -2.4900, 0.0011}, 7.2195},
        {{50, 2.4900, -0.0010}, {50, -2.4900, 0.0012}, 7.2195},
        {{50, -0.0010, 2.4900}, {50, 0.0009, -2.4900}, 4.8045},
        {{50, -0.0010, 2.4900}, {50, 0.0011, -2.4900}, 4.7461},
        {{50, 2.5, 0}, {50, 0, -2.5}, 4.3065},
        {{50, 2.5, 0}, {73, 25, -18}, 27.1492},
        {{50, 2.5, 0}, {61, -5, 29}, 22.8977},
        {{50, 2.5, 0}, {56, -27, -3}, 31.9030},
        {{50, 2.5, 0}, {58, 24, 15}, 19.4535},
        {{50, 2.5, 0}, {50, 3.1736, 0.5854}, 1.0000},
        {{50, 2.5, 0}, {50, 3.2972, 0}, 1.0000},
        {{50, 2.5, 0}, {50, 1.8634, 0.5757}, 1.0000},
        {{50, 2.5, 0}, {50, 3.2592, 0.3350}, 1.0000},
        {{60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}, 1.2644},
        {{63.0109, -31.0961, -5.8663}, {62.8187, -29.7946, -4.0864}, 1.2630},
        {{61.2901, 3.7196, -5.3901}, {61.4292, 2.2480, -4.9620}, 1.8731},
        {{35.0831, -44.1164, 3.7933}, {35.0232, -40.0716, 1.5901}, 1.8645},
        {{22.7233, 20.0904, -46.6940}, {23.0331, 14.9730, -42.5619}, 2.0373},
        {{36.4612, 47.8580, 18.3852}, {36.2715, 50.5065, 21.2231}, 1.4146},
        {{90.8027, -2.0831, 1.4410}, {91.1528, -1.6435, 0.0447}, 1.4441},
        {{90.9257, -0.5406, -0.9208}, {88.6381, -0.8985, -0.7239}, 1.5381},
        {{6.7747, -0.2908, -2.4247}, {5.8714, -0.0985, -2.2286}, 0.6377},
        {{2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}, 0.9082},
    };
    for (Pair const& pair : k_pairs) {
        EXPECT_NEAR(ciede2000(pair.a, pair.b), pair.difference, 5e-5) << pair.a[1] << " " << pair.b[1];
        EXPECT_NEAR(ciede2000(pair.b, pair.a), pair.difference, 5e-5) << pair.a[1] << " " << pair.b[1];
    }
}

TEST(Colour, SpectralColoursAreThoseOfTheStandardObserver) {
    // CIE 018:2019, table of the 1931 colour-matching functions; the fit is within 0.03 of them here.
    struct Row {
        double nm;
        Triple xyz;
    };
    for (Row const& row :
         {Row{420, {0.13438, 0.0040, 0.6456}}, Row{450, {0.3362, 0.0380, 1.77211}}, Row{500, {0.0049, 0.3230, 0.2720}},
          Row{555, {0.5121, 1.0000, 0.0057}}, Row{600, {1.0622, 0.6310, 0.0008}}, Row{650, {0.2835, 0.1070, 0.0}}})
        expect_near(spectral_xyz(row.nm), row.xyz, 0.03);
    EXPECT_LT(spectral_xyz(900)[0], 1e-6);
}

TEST(Colour, HueIsTheAngle) {
    for (int degrees = 0; degrees < 360; degrees += 7) {
        double const angle = degrees * 3.14159265358979 / 180;
        EXPECT_NEAR(hue_deg(std::cos(angle), std::sin(angle)), degrees, 1e-9);
    }
    EXPECT_EQ(hue_deg(0, 0), 0);
}

TEST(Colour, GamutMappingKeepsLightnessAndHue) {
    for (int hue = 0; hue < 360; hue += 15)
        for (double lightness : {0.2, 0.5, 0.8, 0.95}) {
            Triple const mapped = gamut_mapped(oklab_from_lch(lightness, 0.37, hue));
            for (double value : mapped) EXPECT_TRUE(value >= 0 && value <= 1);
            Triple const lab = oklab_from_linear(mapped);
            EXPECT_NEAR(lab[0], lightness, 1e-4);
            double const turned = std::fabs(hue_deg(lab[1], lab[2]) - hue);
            EXPECT_LT(std::fmin(turned, 360 - turned), 0.1) << hue << " at " << lightness;
            EXPECT_NEAR(std::sqrt(lab[1] * lab[1] + lab[2] * lab[2]), largest_chroma(lightness, hue), 1e-3);
        }
    expect_near(gamut_mapped(oklab_from_linear({0.3, 0.2, 0.6})), {0.3, 0.2, 0.6}, 1e-6);
    expect_near(gamut_mapped({1.2, 0.1, 0.1}), {1, 1, 1}, 1e-6);
    expect_near(gamut_mapped({-0.2, 0.1, 0.1}), {0, 0, 0}, 1e-6);
}

TEST(Colour, DichromatsSeeWhatMachadoPublished) {
    // Machado, Oliveira, Fernandes 2009, table of severity 1.0: what becomes of pure red, row sums of 1 (white is
    // kept).
    expect_near(seen_with(ColourVision::protan, {1, 0, 0}), {0.152286, 0.114503, -0.003882}, 1e-9);
    expect_near(seen_with(ColourVision::deutan, {1, 0, 0}), {0.367322, 0.280085, -0.011820}, 1e-9);
    expect_near(seen_with(ColourVision::tritan, {0, 0, 1}), {-0.178779, 0.147602, 0.303900}, 1e-9);
    for (ColourVision vision : {ColourVision::normal, ColourVision::protan, ColourVision::deutan, ColourVision::tritan})
        expect_near(seen_with(vision, {1, 1, 1}), {1, 1, 1}, 2e-6);
    // Red and green of like luminance come closer together, blue and yellow do not.
    auto const difference = [](ColourVision vision, Triple const& a, Triple const& b) {
        return ciede2000(cielab_from_xyz(xyz_from_linear(seen_with(vision, a))),
                         cielab_from_xyz(xyz_from_linear(seen_with(vision, b))));
    };
    Triple const red{0.6, 0.05, 0.05}, green{0.02, 0.2, 0.02};
    EXPECT_LT(difference(ColourVision::deutan, red, green), 0.4 * difference(ColourVision::normal, red, green));
}

TEST(Colour, LegibleTextHasItsContrast) {
    Rgb const black{0, 0, 0}, white{1, 1, 1};
    for (Rgb const& colour :
         {Rgb{0, 0, 1}, Rgb{0.3F, 0, 0}, Rgb{0, 0, 0}, Rgb{0.9F, 0.9F, 0.2F}, Rgb{0.5F, 0.2F, 0.8F}}) {
        double const on_black = luminance(linear_from_srgb(legible_on(colour, black)));
        double const on_white = luminance(linear_from_srgb(legible_on(colour, white)));
        EXPECT_GE((on_black + 0.05) / 0.05, 4.5 - 1e-9);
        EXPECT_GE(1.05 / (on_white + 0.05), 4.5 - 1e-9);
    }
    Rgb const bright{0.9F, 0.9F, 0.2F};
    EXPECT_EQ(legible_on(bright, black), bright) << "what can be read stays";
    Triple const lab = oklab_from_linear(linear_from_srgb(legible_on({0.1F, 0, 0.9F}, black)));
    Triple const before = oklab_from_linear(linear_from_srgb({0.1F, 0, 0.9F}));
    EXPECT_NEAR(hue_deg(lab[1], lab[2]), hue_deg(before[1], before[2]), 0.5);
}

TEST(ColourPixels, AgreeWithTheSlowFunctions) {
    double worst_root = 0, worst_code = 0, worst_lab = 0;
    for (int i = 0; i <= 20000; ++i) {
        float const x = static_cast<float>(i) / 20000;
        worst_code = std::fmax(worst_code, std::fabs(double{srgb_encoded(x)} - linear_to_srgb(double{x})));
        if (i > 0) {
            double const root = pow_portable(double{x}, 1.0 / 3);
            worst_root = std::fmax(worst_root, std::fabs(double{cube_root(x)} / root - 1));
        }
        Triple const rgb{double{x}, 0.3, 1 - double{x}};
        LabPixel const fast = oklab({x, 0.3F, 1 - x});
        Triple const slow = oklab_from_linear(rgb);
        worst_lab = std::fmax(worst_lab, std::fabs(double{fast.a} - slow[1]) + std::fabs(double{fast.b} - slow[2]) +
                                             std::fabs(double{fast.lightness} - slow[0]));
        LinearPixel const back = linear(fast);
        EXPECT_NEAR(double{back.r}, double{x}, 5e-6);
    }
    EXPECT_LT(worst_root, 4e-7);
    EXPECT_LT(worst_code, 4e-7);
    EXPECT_LT(worst_lab, 3e-6);
    for (float tiny : {0.0F, -1.0F, 1e-38F}) EXPECT_LT(cube_root(tiny), 1e-9F);
    EXPECT_NEAR(cube_root(27e12F), 3e4F, 0.02F);
    EXPECT_EQ(srgb_encoded(0), 0);
    EXPECT_EQ(srgb_encoded(-3), 0);
    EXPECT_EQ(srgb_encoded(1e9F), srgb_encoded(1));
}

} // namespace
} // namespace mg
