#include "ops/compose.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "math/colour.h"
#include "math/random.h"
#include "support/plane_maker.h"

namespace mg {
namespace {

using test::copy_of;
using test::plane_of;
using test::same_pixels;

Channel channel_of(Plane plane, double value, Role role = Role::signal) {
    Channel channel;
    channel.role = role;
    channel.planes = {std::make_shared<Plane const>(std::move(plane))};
    channel.settings.value = value;
    channel.settings.quantity = "wavelength";
    channel.settings.unit = "nm";
    return channel;
}
void give_slots(std::vector<Channel>& channels) {
    int slot = 0;
    for (Channel& channel : channels)
        if (channel.role == Role::signal) channel.settings.slot = slot++;
}
ComposeLook look_of(std::vector<Channel>& channels, ComposeSettings const& settings = {}) {
    give_slots(channels);
    std::vector<ChannelMeasure> measures;
    int signals = 0;
    for (Channel const& channel : channels) {
        measures.push_back(measured(channel));
        signals += channel.role == Role::signal ? 1 : 0;
    }
    return look_for(channels, measures, signals, settings);
}
Composed compose(std::vector<Channel> const& channels, ComposeLook const& look, double chroma = 1) {
    Work work;
    auto made = composed(channels, look, chroma, work);
    EXPECT_TRUE(made);
    return std::move(made).value();
}
Rgb pixel(std::vector<Plane> const& planes, int x, int y) {
    auto const at = [&](std::size_t i) { return planes[planes.size() == 3 ? i : 0].at(x, y); };
    return {at(0), at(1), at(2)};
}
Triple lch_of(Rgb colour) {
    Triple const lab = oklab_from_linear(linear_from_srgb(colour));
    return {lab[0], std::sqrt(lab[1] * lab[1] + lab[2] * lab[2]), hue_deg(lab[1], lab[2])};
}
double turned(double a, double b) {
    double const d = std::fabs(a - b);
    return std::fmin(d, 360 - d);
}

/// Looks that need no measuring: black 0, white 1, exposure 1.
ComposeLook plain_look(std::vector<Tint> const& tints) {
    ComposeLook look;
    for (Tint const& tint : tints) {
        ChannelLook own;
        own.swatch = tint.swatch;
        for (std::size_t c = 0; c < 3; ++c) own.tint[c] = static_cast<float>(tint.linear[c]);
        look.channels.push_back(own);
    }
    return look;
}

// --- colour ----------------------------------------------------------------------------------------------------------

TEST(Compose, BrightnessAloneDoesNotChangeTheHue) {
    // Each row has channels of random ratios; along it all of them rise together, far into the shoulder.
    Random random(7);
    constexpr int k_rows = 60, k_columns = 40;
    for (int n : {2, 3, 5, 8}) {
        std::vector<Channel> channels;
        std::vector<std::vector<double>> ratios(k_rows);
        for (auto& row : ratios)
            for (int k = 0; k < n; ++k) row.push_back(random.uniform());
        for (int k = 0; k < n; ++k)
            channels.push_back(
                channel_of(plane_of({k_columns, k_rows},
                                    [&](int x, int y) {
                                        double const level = 0.02 * std::pow(1.13, x);
                                        return level * ratios[static_cast<std::size_t>(y)][static_cast<std::size_t>(k)];
                                    }),
                           400 + k));
        for (CompositeCurve curve : {CompositeCurve::linear, CompositeCurve::gamma, CompositeCurve::asinh})
            for (double chroma : {1.0, 2.5}) {
                ComposeLook look = plain_look(stretched_spectrum(n));
                look.curve = curve;
                Composed const made = compose(channels, look, chroma);
                ASSERT_EQ(made.planes.size(), 3U);
                for (int y = 0; y < k_rows; ++y) {
                    // Hue of the pixel where chroma is largest, against that of all others which have any.
                    Triple best{};
                    for (int x = 0; x < k_columns; ++x)
                        if (Triple const lch = lch_of(pixel(made.planes, x, y)); lch[1] > best[1]) best = lch;
                    for (int x = 0; x < k_columns; ++x) {
                        Triple const lch = lch_of(pixel(made.planes, x, y));
                        if (lch[1] > 0.004)
                            EXPECT_LT(turned(lch[2], best[2]), 2) << n << " channels, pixel " << x << ", " << y;
                    }
                }
            }
    }
}

TEST(Compose, BrighterNeverGetsDarker) {
    std::vector<Channel> channels;
    for (int k = 0; k < 3; ++k)
        channels.push_back(
            channel_of(plane_of({300, 1}, [&](int x, int) { return x / 100.0 * (k == 1 ? 1 : 0.3); }), k));
    ComposeLook const look = plain_look(stretched_spectrum(3));
    Composed const made = compose(channels, look);
    double last = -1;
    for (int x = 0; x < 300; ++x) {
        double const lightness = lch_of(pixel(made.planes, x, 0))[0];
        EXPECT_GE(lightness, last - 2e-4) << x;
        last = lightness;
    }
    EXPECT_GT(last, 0.95);
}

TEST(Compose, GreyStaysGreyAtAnyChroma) {
    for (int n = 2; n <= 20; ++n) {
        std::vector<Channel> channels;
        for (int k = 0; k < n; ++k)
            channels.push_back(channel_of(plane_of({64, 1}, [](int x, int) { return x / 48.0; }), 400 + k));
        ComposeLook const look = plain_look(stretched_spectrum(n));
        for (double chroma : {0.0, 1.0, 1.6, 10.0}) {
            Composed const made = compose(channels, look, chroma);
            for (int x = 0; x < 64; ++x) {
                Rgb const colour = pixel(made.planes, x, 0);
                Triple const lab = cielab_from_srgb(colour);
                EXPECT_LT(ciede2000(lab, {lab[0], 0, 0}), 0.5) << n << " channels, chroma " << chroma << ", " << x;
            }
        }
    }
}

TEST(Compose, ChromaIsAGainInOklab) {
    std::vector<Channel> channels;
    for (int k = 0; k < 3; ++k)
        channels.push_back(channel_of(plane_of({8, 1}, [&](int x, int) { return 0.25 + 0.02 * x * k; }), k));
    ComposeLook const look = plain_look(stretched_spectrum(3));
    Composed const one = compose(channels, look, 1), half = compose(channels, look, 0.5),
                   none = compose(channels, look, 0);
    for (int x = 1; x < 8; ++x) {
        Triple const full = lch_of(pixel(one.planes, x, 0)), less = lch_of(pixel(half.planes, x, 0));
        EXPECT_NEAR(less[1], full[1] / 2, 1e-4);
        EXPECT_NEAR(less[0], full[0], 1e-4);
        EXPECT_NEAR(lch_of(pixel(none.planes, x, 0))[1], 0, 1e-4);
    }
}

TEST(Compose, OneChannelAtWhiteLooksLikeItsSwatch) {
    // Two areas of one channel each: no noise, so the exposure is that of a lone channel.
    std::vector<Channel> channels;
    channels.push_back(channel_of(plane_of({64, 64}, [](int x, int) { return x < 32 ? 0.8 : 0.1; }), 405));
    channels.push_back(channel_of(plane_of({64, 64}, [](int x, int) { return x < 32 ? 0.1 : 0.8; }), 445));
    ComposeLook const look = look_of(channels);
    Composed const made = compose(channels, look);
    for (std::size_t k = 0; k < 2; ++k) {
        Triple const shown = cielab_from_srgb(pixel(made.planes, k == 0 ? 5 : 60, 5));
        EXPECT_LT(ciede2000(shown, cielab_from_srgb(look.channels[k].swatch)), 3) << k;
        std::vector<Plane> const alone = std::move(tinted(channels[k], look.channels[k], look)).value();
        Triple const single = cielab_from_srgb(pixel(alone, k == 0 ? 5 : 60, 5));
        EXPECT_LT(ciede2000(single, cielab_from_srgb(look.channels[k].swatch)), 4) << k;
        EXPECT_LT(lch_of(pixel(alone, k == 0 ? 60 : 5, 5))[0], 0.01);
    }
}

TEST(Compose, TintedChannelsKeepTheirHue) {
    std::vector<Channel> channels;
    for (int k = 0; k < 5; ++k)
        channels.push_back(channel_of(plane_of({256, 4}, [](int x, int) { return x / 255.0; }), 405 + 10 * k));
    ComposeLook const look = look_of(channels);
    for (std::size_t k = 0; k < 5; ++k) {
        std::vector<Plane> const alone = std::move(tinted(channels[k], look.channels[k], look)).value();
        ASSERT_EQ(alone.size(), 3U);
        for (int x = 16; x < 256; x += 16)
            EXPECT_LT(turned(lch_of(pixel(alone, x, 1))[2], lch_of(look.channels[k].swatch)[2]), 1) << k << " " << x;
    }
}

// --- levels ----------------------------------------------------------------------------------------------------------

TEST(Compose, OneHotPixelDoesNotDimThePicture) {
    auto const scene = [](bool hot) {
        std::vector<Channel> channels;
        for (int k = 0; k < 3; ++k) {
            Plane plane = plane_of({100, 80}, [&](int x, int y) { return 0.1 + 0.002 * ((x * (k + 1) + y * 7) % 97); });
            if (hot) plane.at(50, 40) = 1;
            channels.push_back(channel_of(std::move(plane), 400 + k));
        }
        return channels;
    };
    std::vector<Channel> clean = scene(false), hot = scene(true);
    Composed const a = compose(clean, look_of(clean)), b = compose(hot, look_of(hot));
    for (int x = 0; x < 100; ++x) {
        Rgb const p = pixel(a.planes, x, 10), q = pixel(b.planes, x, 10);
        EXPECT_NEAR(p.r, q.r, 0.01);
        EXPECT_NEAR(p.b, q.b, 0.01);
    }
}

TEST(Compose, QuantilesAreThoseOfThePixels) {
    // 0 ... 99999 in some order; numpy.percentile gives 99.999 times the percentage.
    Channel channel = channel_of(
        plane_of({400, 250}, [](int x, int y) { return static_cast<double>((y * 400 + x) * 7919LL % 100000); }), 0);
    ChannelMeasure const measure = measured(channel);
    for (std::size_t i = 0; i <= 1000; ++i) EXPECT_NEAR(measure.quantiles[i], 99.999 * static_cast<double>(i), 2) << i;
    EXPECT_EQ(measure.minimum, 0);
    EXPECT_EQ(measure.maximum, 99999);
    EXPECT_NEAR(measure.mean, 49999.5, 0.01);
    // With one pixel that takes all of the range.
    Plane plane = copy_of(*channel.planes[0]);
    plane.at(3, 3) = 1e12F;
    ChannelMeasure const hot = measured(channel_of(std::move(plane), 0));
    for (std::size_t i = 0; i < 1000; ++i) EXPECT_NEAR(hot.quantiles[i], 99.999 * static_cast<double>(i), 200) << i;
}

TEST(Compose, DarkLevelIsWhereTheChannelSaysItIs) {
    Plane plane = plane_of({60, 40}, [](int x, int y) { return x < 20 && y < 20 ? 0.2 : 0.5; });
    plane.at(50, 30) = 0.01F; // one noisy pixel
    Channel channel = channel_of(std::move(plane), 420);
    EXPECT_NEAR(measured(channel).dark, 0.2, 0.01) << "the darkest place, not the darkest pixel";
    channel.settings.dark = DarkLevel::recorded;
    EXPECT_EQ(measured(channel).dark, 0);
    channel.range = {-100, 100};
    EXPECT_EQ(measured(channel).dark, 0.5) << "0 of -100..100";
    channel.settings.dark = DarkLevel::percentile;
    channel.settings.dark_percent = 50;
    EXPECT_NEAR(measured(channel).dark, 0.5, 1e-4);
    channel.settings.dark = DarkLevel::area;
    channel.settings.dark_area = {4, 4, 10, 10};
    EXPECT_NEAR(measured(channel).dark, 0.2, 1e-6);
    // Planes of half the size, shifted: the area is one of stored pixels.
    channel.to_recorded = Affine{2, 0, -40, 0, 2, 0};
    channel.settings.dark_area = {60, 10, 10, 10};
    EXPECT_NEAR(measured(channel).dark, 0.5, 1e-6);
    channel.settings.dark_area = {-30, 4, 10, 10};
    EXPECT_NEAR(measured(channel).dark, 0.2, 1e-6);
    channel.settings.dark_area = {100000, 4, 10, 10};
    EXPECT_NEAR(measured(channel).dark, 0.2, 0.01) << "outside: the darkest place";
}

TEST(Compose, LinkedContrastSharesOneSpan) {
    auto const scene = [] {
        std::vector<Channel> channels;
        channels.push_back(channel_of(plane_of({64, 64}, [](int x, int) { return 0.1 + 0.8 * x / 63; }), 400));
        channels.push_back(channel_of(plane_of({64, 64}, [](int, int y) { return 0.2 + 0.2 * y / 63; }), 500));
        return channels;
    };
    std::vector<Channel> channels = scene();
    ComposeLook const apart = look_of(channels), linked = look_of(channels, {.linked = true});
    EXPECT_NEAR(apart.channels[1].white - apart.channels[1].black, 0.2, 0.02);
    EXPECT_NEAR(linked.channels[1].white - linked.channels[1].black, 0.8, 0.03);
    EXPECT_FLOAT_EQ(linked.channels[0].white - linked.channels[0].black,
                    linked.channels[1].white - linked.channels[1].black);
}

TEST(Compose, QuantitativeIsStraight) {
    std::vector<Channel> channels;
    channels.push_back(channel_of(plane_of({101, 40}, [](int x, int) { return x / 100.0; }), 400));
    channels.push_back(channel_of(plane_of({101, 40}, [](int x, int) { return x / 200.0; }), 500));
    channels[1].settings.gain = 3;
    ComposeLook const look = look_of(channels, {.quantitative = true,
                                                .curve = CompositeCurve::asinh,
                                                .gamma = 3,
                                                .chroma = 2,
                                                .luminance = Luminance::extra_image});
    EXPECT_EQ(look.curve, CompositeCurve::linear);
    EXPECT_EQ(look.chroma, 1);
    EXPECT_EQ(look.saturated_chroma, 1);
    EXPECT_EQ(look.channels[1].gain, 1);
    EXPECT_FLOAT_EQ(look.channels[0].white - look.channels[0].black, look.channels[1].white - look.channels[1].black);
    // Grey of value Y comes out as Y: the luminance of the file, decoded and encoded, rises along a straight line.
    Composed const made = compose(channels, look);
    auto const shown = [&](int x) { return linear_to_srgb(luminance(linear_from_srgb(pixel(made.planes, x, 5)))); };
    double const slope = (shown(80) - shown(40)) / 40;
    for (int x = 10; x < 95; ++x) EXPECT_NEAR(shown(x) - shown(40), slope * (x - 40), 3e-3) << x;
}

TEST(Compose, GammaAndShoulderAreAsWrittenDown) {
    ComposeLook look;
    look.gamma = 2;
    EXPECT_NEAR(toned(look, 0.25), 0.5, 1e-12);
    EXPECT_NEAR(toned(look, 0.7), std::sqrt(0.7), 1e-12);
    EXPECT_NEAR(toned(look, 1.0), std::sqrt(1 - 0.09 / 1.2), 1e-7);
    EXPECT_NEAR(toned(look, 1.3), 1, 1e-7);
    EXPECT_NEAR(toned(look, 1e9), 1, 1e-7);
    look.curve = CompositeCurve::asinh;
    EXPECT_NEAR(toned(look, 0.5), std::asinh(5.0) / std::asinh(10.0), 1e-12);
    look.curve = CompositeCurve::linear;
    look.knee = 1;
    EXPECT_NEAR(toned(look, 0.9), 0.9, 1e-12);
    // A grey channel at value e comes out as curve(e).
    std::vector<Channel> one;
    one.push_back(channel_of(plane_of({101, 1}, [](int x, int) { return x / 100.0; }), 0));
    ComposeLook grey;
    grey.channels.resize(1);
    Composed const made = compose(one, grey);
    ASSERT_EQ(made.planes.size(), 1U) << "grey needs one plane";
    std::vector<Plane> const alone = std::move(tinted(one[0], grey.channels[0], grey)).value();
    for (int x = 0; x <= 100; ++x) {
        EXPECT_NEAR(made.planes[0].at(x, 0), toned(grey, x / 100.0), 2e-4) << x;
        EXPECT_NEAR(alone[0].at(x, 0), toned(grey, x / 100.0), 2e-4) << x;
    }
}

TEST(Compose, ClippedShareIsCounted) {
    std::vector<Channel> one;
    one.push_back(channel_of(plane_of({100, 10}, [](int x, int) { return x < 25 ? 1.5 : 0.5; }), 0));
    ComposeLook look;
    look.channels.resize(1);
    EXPECT_DOUBLE_EQ(compose(one, look).clipped, 0.25);
}

// --- extra images, masks, odd input ----------------------------------------------------------------------------------

TEST(Compose, ExtraImageGivesTheLightness) {
    std::vector<Channel> channels;
    channels.push_back(channel_of(plane_of({64, 32}, [](int, int y) { return y / 31.0; }), 400));
    channels.push_back(channel_of(plane_of({64, 32}, [](int, int y) { return 1 - y / 31.0; }), 500));
    channels.push_back(channel_of(plane_of({64, 32}, [](int x, int) { return x / 63.0; }), 0, Role::extra));
    Composed const own = compose(channels, look_of(channels));
    ComposeLook const look = look_of(channels, {.luminance = Luminance::extra_image});
    EXPECT_TRUE(look.channels[2].luminance);
    Composed const made = compose(channels, look);
    std::vector<Plane> const extra = std::move(tinted(channels[2], look.channels[2], look)).value();
    for (int y = 2; y < 32; y += 9)
        for (int x = 8; x < 60; x += 7) {
            Triple const lch = lch_of(pixel(made.planes, x, y)), grey = lch_of(pixel(extra, x, y));
            EXPECT_NEAR(lch[0], grey[0], 2e-3) << x << ", " << y;
            Triple const before = lch_of(pixel(own.planes, x, y));
            if (lch[1] > 0.01 && before[1] > 0.01) EXPECT_LT(turned(lch[2], before[2]), 2) << x << ", " << y;
        }
    // Where the extra image has no data, the channels keep their own.
    Mask mask = std::move(Mask::filled({64, 32}, 0)).value();
    mask.at(5, 5) = k_mask_outside;
    channels[2].mask = std::make_shared<Mask const>(std::move(mask));
    Composed const partly = compose(channels, look);
    EXPECT_NEAR(lch_of(pixel(partly.planes, 5, 5))[0], lch_of(pixel(own.planes, 5, 5))[0], 0.02);
    EXPECT_NEAR(lch_of(pixel(partly.planes, 6, 5))[0], lch_of(pixel(made.planes, 6, 5))[0], 1e-6);
    // Without the wish, extra images leave no trace in the composite.
    std::vector<Channel> alone;
    alone.push_back(channels[0]);
    alone.push_back(channels[1]);
    Composed const without = compose(alone, look_of(alone));
    for (std::size_t c = 0; c < 3; ++c) EXPECT_TRUE(same_pixels(own.planes[c], without.planes[c]));
}

TEST(Compose, WhatLiesOutsideIsBlackAndNotMeasured) {
    std::vector<Channel> channels;
    for (int k = 0; k < 3; ++k) {
        Channel channel = channel_of(
            plane_of({50, 30}, [&](int x, int y) { return x < 10 ? 50.0 : 0.2 + 0.01 * ((x + y * (k + 2)) % 40); }),
            400 + k);
        Mask mask = std::move(Mask::filled({50, 30}, 0)).value();
        for (int y = 0; y < 30; ++y)
            for (int x = 0; x < 10; ++x) mask.at(x, y) = k_mask_outside;
        channel.mask = std::make_shared<Mask const>(std::move(mask));
        EXPECT_LT(measured(channel).maximum, 1);
        channels.push_back(std::move(channel));
    }
    Composed const made = compose(channels, look_of(channels));
    for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(made.planes[c].at(4, 10), 0);
    EXPECT_GT(made.planes[0].at(30, 10) + made.planes[1].at(30, 10), 0.2F);
    EXPECT_LT(made.clipped, 0.02);
}

TEST(Compose, HiddenChannelsAndGainsTakeEffect) {
    std::vector<Channel> channels;
    for (int k = 0; k < 2; ++k)
        channels.push_back(channel_of(plane_of({40, 40}, [](int x, int y) { return (x + y) / 80.0; }), 400 + k));
    channels[1].settings.shown = false;
    Composed const made = compose(channels, look_of(channels));
    Triple const lch = lch_of(pixel(made.planes, 30, 30));
    EXPECT_LT(turned(lch[2], lch_of(stretched_spectrum(2)[0].swatch)[2]), 2);
    channels[0].settings.shown = false;
    Composed const none = compose(channels, look_of(channels));
    for (int x = 0; x < 40; ++x) EXPECT_EQ(none.planes[0].at(x, x), 0);
    channels[0].settings.shown = channels[1].settings.shown = true;
    channels[0].settings.gain = 3;
    Triple const strong = lch_of(pixel(compose(channels, look_of(channels)).planes, 30, 30));
    EXPECT_LT(turned(strong[2], lch[2]), 10);
    EXPECT_GT(strong[1], 0.03);
}

TEST(Compose, TwentyChannelsAndBlankOnesAreNoTrouble) {
    std::vector<Channel> channels;
    for (int k = 0; k < 20; ++k)
        channels.push_back(channel_of(
            plane_of({33, 17}, [&](int x, int y) { return k == 3 ? 0.4 : (x * k + y) % 11 / 11.0; }), 400 + k));
    channels[7].planes = {std::make_shared<Plane const>(plane_of({33, 17}, [](int x, int) {
        return x == 1   ? std::numeric_limits<double>::quiet_NaN()
               : x == 2 ? std::numeric_limits<double>::infinity()
                        : 1.0;
    }))};
    for (bool compatible : {false, true}) {
        ComposeLook const look = look_of(channels, {.compatible = compatible});
        for (double chroma : {1.0, 1.6})
            for (Plane const& plane : compose(channels, look, chroma).planes)
                for (int y = 0; y < 17; ++y)
                    for (int x = 0; x < 33; ++x)
                        EXPECT_TRUE(plane.at(x, y) >= 0 && plane.at(x, y) <= 1) << x << ", " << y << compatible;
    }
}

TEST(Compose, DifferentSizesAreRefused) {
    std::vector<Channel> channels;
    channels.push_back(channel_of(plane_of({5, 5}, [](int, int) { return 0.5; }), 1));
    channels.push_back(channel_of(plane_of({5, 6}, [](int, int) { return 0.5; }), 2));
    channels[1].file_name = "10K415.TIF";
    Work work;
    auto made = composed(channels, look_of(channels), 1, work);
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().message.find("10K415.TIF"), std::string::npos);
    channels.clear();
    EXPECT_FALSE(composed(channels, {}, 1, work));
}

class BackwardsWork : public Work {
public:
    void for_each(std::size_t count, std::function<void(std::size_t)> const& part) override {
        for (std::size_t i = count; i > 0; --i) part(i - 1);
    }
};

TEST(Compose, TheOrderOfTheWorkDoesNotMatter) {
    std::vector<Channel> channels;
    for (int k = 0; k < 4; ++k)
        channels.push_back(
            channel_of(plane_of({61, 83}, [&](int x, int y) { return (x * (k + 3) + y * 5) % 41 / 41.0; }), k));
    for (bool compatible : {false, true}) {
        ComposeLook const look = look_of(channels, {.compatible = compatible});
        BackwardsWork backwards;
        Composed const a = compose(channels, look, 1.3),
                       b = std::move(composed(channels, look, 1.3, backwards)).value();
        EXPECT_EQ(a.clipped, b.clipped);
        for (std::size_t c = 0; c < a.planes.size(); ++c) EXPECT_TRUE(same_pixels(a.planes[c], b.planes[c]));
    }
}

// --- as the original tools -------------------------------------------------------------------------------------------

TEST(Compose, CompatibleArithmeticIsThatOfTheOriginalTools) {
    // NumPy: a, b = ((i * 37 + 11) % 64) / 64, ((i * 23 + 5) % 64) / 64 with i = arange(63).reshape(7, 9); for each
    // with t = (.9, .8, 0), (0, 0, 1): im -= im.min(); out += clip(im[..., None] * t / (im.max()**.5 * (6 *
    // im.mean())**.5), 0, 1); out /= out.max(); saturated: x = clip(out * 1.15 - out.sum(2) * .15, 0, out.max()); x /
    // x.max() * out.max(); all to the power 1 / 1.5.
    std::vector<Channel> channels;
    channels.push_back(channel_of(test::quoted_plane(), 1));
    channels.push_back(
        channel_of(plane_of({9, 7}, [](int x, int y) { return ((y * 9 + x) * 23 + 5) % 64 / 64.0; }), 2));
    ComposeLook const look = look_of(channels, {.palette = Palette::classic, .compatible = true});
    struct Quoted {
        int x, y;
        Rgb composite, saturated, single;
    };
    constexpr Quoted k_quoted[] = {
        {0, 0, {0.29081F, 0.26885F, 0.18468F}, {0.26771F, 0.23804F, 0.11504F}, {0.20213F, 0.18687F, 0}},
        {5, 2, {0.56767F, 0.5248F, 0.49589F}, {0.50187F, 0.44264F, 0.40181F}, {0.39456F, 0.36477F, 0}},
        {3, 4, {0.75484F, 0.69783F, 0.20855F}, {0.72625F, 0.65104F, 0}, {0.52466F, 0.48503F, 0}},
        {8, 6, {0.0588F, 0.05436F, 0.51081F}, {0, 0, 0.54585F}, {0.04087F, 0.03778F, 0}},
    };
    Composed const made = compose(channels, look, double{look.chroma});
    Composed const saturated = compose(channels, look, double{look.saturated_chroma});
    std::vector<Plane> const single = std::move(tinted(channels[0], look.channels[0], look)).value();
    for (Quoted const& q : k_quoted) {
        auto const expect = [&](Rgb found, Rgb wanted) {
            EXPECT_NEAR(found.r, wanted.r, 5e-4) << q.x << ", " << q.y;
            EXPECT_NEAR(found.g, wanted.g, 5e-4) << q.x << ", " << q.y;
            EXPECT_NEAR(found.b, wanted.b, 5e-4) << q.x << ", " << q.y;
        };
        expect(pixel(made.planes, q.x, q.y), q.composite);
        expect(pixel(saturated.planes, q.x, q.y), q.saturated);
        expect(pixel(single, q.x, q.y), q.single);
    }
}

} // namespace
} // namespace mg
