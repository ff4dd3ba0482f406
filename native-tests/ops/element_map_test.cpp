// Element maps painted in a tint, normalised, burned over with text, and named as EDX programs name them.
#include "ops/element_map.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>

#include "math/random.h"
#include "support/plane_maker.h"

using namespace mg;
using namespace mg::test;

namespace {

struct Counts {
    Size size;
    std::vector<int> values;
    int largest = 0;
    int at(int x, int y) const { return values[static_cast<std::size_t>(y * size.width + x)]; }
};

/// Poisson counts of two materials, a disc on a ground.
Counts poisson_disc(Size size, double ground, double disc, std::uint64_t seed) {
    Random random(seed);
    Counts counts{size, {}, 0};
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            bool const inside = std::hypot(x - 0.4 * size.width, y - 0.5 * size.height) < 0.25 * size.height;
            counts.values.push_back(static_cast<int>(random.poisson(inside ? disc : ground)));
            counts.largest = std::max(counts.largest, counts.values.back());
        }
    return counts;
}

Plane levels_of(Counts const& counts, double white, std::function<double(int)> const& level) {
    return plane_of(counts.size, [&](int x, int y) { return level(counts.at(x, y)) / white; });
}
Plane scaled_down(Counts const& counts, int white) {
    return levels_of(counts, white, [&](int n) { return double(std::int64_t{n} * white / counts.largest); });
}
Plane scaled_to_nearest(Counts const& counts, int white) {
    return levels_of(counts, white, [&](int n) { return std::floor(double(n) * white / counts.largest + 0.5); });
}

void expect_counts(Counts const& counts, Plane const& plane, CountScale const& scale) {
    Plane const back = std::move(counts_of(plane.view(), scale)).value();
    for (int y = 0; y < counts.size.height; ++y)
        for (int x = 0; x < counts.size.width; ++x) ASSERT_EQ(back.at(x, y), float(counts.at(x, y))) << x << ", " << y;
}

using Colour = std::array<int, 3>; ///< 0..255

std::vector<PlanePtr> painted(Size size, std::function<Colour(int, int)> const& colour) {
    std::vector<PlanePtr> planes;
    for (std::size_t k = 0; k < 3; ++k)
        planes.push_back(
            std::make_shared<Plane const>(plane_of(size, [&](int x, int y) { return colour(x, y)[k] / 255.0; })));
    return planes;
}
Colour tinted_level(int level, Colour tint) {
    return {level * tint[0] / 255, level * tint[1] / 255, level * tint[2] / 255};
}
constexpr Size k_size{160, 128};

/// White strokes with soft edges: 0..1.
double text_at(int x, int y) {
    if (y < 8 || y > 20 || x < 8 || x > 60) return 0;
    constexpr std::array<double, 8> k_stroke = {0, 0, 0.5, 1, 1, 1, 0.4, 0};
    return k_stroke[static_cast<std::size_t>(x % 8)];
}
Colour over(Colour ground, Colour ink, double part) {
    for (std::size_t k = 0; k < 3; ++k) ground[k] = static_cast<int>(ground[k] + part * (ink[k] - ground[k]) + 0.5);
    return ground;
}

} // namespace

TEST(Untint, ReadsEachLevelOfATintedMapBack) {
    Counts const counts = poisson_disc(k_size, 2, 9, 1);
    for (Colour const tint :
         {Colour{255, 127, 0}, {0, 255, 0}, {0, 255, 255}, {0, 0, 255}, {0, 255, 127}, {200, 0, 128}}) {
        auto level = [&](int x, int y) { return counts.at(x, y) * 255 / counts.largest; };
        auto map = untinted(painted(k_size, [&](int x, int y) { return tinted_level(level(x, y), tint); }));
        ASSERT_TRUE(map.has_value()) << map.error().message;
        EXPECT_EQ(map->off_tint_px, 0);
        ASSERT_TRUE(map->tint.has_value());
        int const strongest = *std::max_element(tint.begin(), tint.end());
        EXPECT_NEAR(map->tint->r, double(tint[0]) / strongest, 0.02);
        EXPECT_NEAR(map->tint->g, double(tint[1]) / strongest, 0.02);
        EXPECT_NEAR(map->tint->b, double(tint[2]) / strongest, 0.02);
        for (int y = 0; y < k_size.height; ++y)
            for (int x = 0; x < k_size.width; ++x)
                ASSERT_EQ(map->plane.at(x, y), float(level(x, y) * strongest / 255 / 255.0));
        expect_counts(counts, map->plane, count_scale(map->plane.view(), {0, 255}, false));
    }
}

TEST(Untint, LeavesGreyMapsAsTheyAre) {
    auto plane =
        std::make_shared<Plane const>(plane_of(k_size, [](int x, int y) { return (x * 7 + y) % 256 / 255.0; }));
    for (std::vector<PlanePtr> const& planes : {std::vector{plane}, std::vector{plane, plane, plane}}) {
        auto map = untinted(planes);
        ASSERT_TRUE(map.has_value());
        EXPECT_FALSE(map->tint.has_value());
        EXPECT_EQ(map->off_tint_px, 0);
        EXPECT_TRUE(same_pixels(map->plane, *plane));
    }
}

TEST(Untint, ABlackMapIsBlackAndGrey) {
    auto map = untinted(painted({20, 10}, [](int, int) { return Colour{0, 0, 0}; }));
    ASSERT_TRUE(map.has_value());
    EXPECT_FALSE(map->tint.has_value());
    EXPECT_EQ(largest_difference(map->plane, std::move(Plane::filled({20, 10}, 0)).value()), 0);
}

TEST(Untint, SetsBurnedInTextApartAndCountsWithoutIt) {
    Counts const counts = poisson_disc(k_size, 2, 9, 2);
    struct Case {
        Colour tint, ink;
    };
    for (Case const c : {Case{{255, 127, 0}, {255, 255, 255}}, Case{{150, 40, 40}, {255, 255, 255}},
                         Case{{255, 255, 255}, {255, 255, 0}}}) {
        auto map = untinted(painted(k_size, [&](int x, int y) {
            return over(tinted_level(counts.at(x, y) * 255 / counts.largest, c.tint), c.ink, text_at(x, y));
        }));
        ASSERT_TRUE(map.has_value()) << map.error().message;
        ASSERT_EQ(map->off_tint.size(), k_size);
        std::int64_t beyond = 0;
        for (int y = 0; y < k_size.height; ++y)
            for (int x = 0; x < k_size.width; ++x) {
                bool const marked = map->off_tint.at(x, y) != 0;
                // Where the ground is of the ink's colour nothing can be seen.
                if (text_at(x, y) == 1 && counts.at(x, y) < counts.largest / 2) ASSERT_TRUE(marked) << x << ", " << y;
                beyond += marked && (x < 8 || x > 62 || y < 6 || y > 22);
            }
        EXPECT_EQ(beyond, 0);
        CountScale const scale = count_scale(map->plane.view(), {0, 255}, false, map->off_tint.view());
        EXPECT_TRUE(scale.whole);
        EXPECT_FALSE(scale.estimated);
        EXPECT_NEAR(scale.counts_at_white * *std::max_element(c.tint.begin(), c.tint.end()) / 255, counts.largest,
                    0.01);
    }
}

TEST(Untint, FollowsAPaletteFromBlackThroughColoursToWhite) {
    Plane const ramp = plane_of(k_size, [](int x, int y) { return (x + y * 2) % 256 / 255.0; });
    auto level = [&](int x, int y) { return (x + y * 2) % 256; };
    auto part = [](int value) { return std::clamp(value, 0, 255); };
    auto hot = painted(k_size, [&](int x, int y) {
        int const i = level(x, y);
        return Colour{part(3 * i), part(3 * i - 255), part(3 * i - 510)};
    });
    auto blue = painted(k_size, [&](int x, int y) {
        int const i = level(x, y);
        return Colour{part(2 * i - 255), part(2 * i - 255), part(2 * i)};
    });
    for (auto const& planes : {hot, blue}) {
        auto map = untinted(planes);
        ASSERT_TRUE(map.has_value()) << map.error().message;
        EXPECT_LT(largest_difference(map->plane, ramp), 1.01 / 255);
        EXPECT_EQ(map->off_tint_px, 0);
    }
}

TEST(Untint, ReadsATintThatJpegHasScattered) {
    Counts const counts = poisson_disc(k_size, 8, 40, 3);
    // ITU-T T.871: brightness per pixel, colour differences on the average of 2 x 2 pixels, channels cut at 0 and 255.
    auto colour_of = [&](int x, int y) { return tinted_level(counts.at(x, y) * 255 / counts.largest, {255, 127, 0}); };
    auto brightness = [](Colour const& c) { return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2]; };
    auto map = untinted(painted(k_size, [&](int x, int y) {
        double red = 0, blue = 0; // their differences from the brightness
        for (int dy = 0; dy < 2; ++dy)
            for (int dx = 0; dx < 2; ++dx) {
                Colour const c = colour_of(x / 2 * 2 + dx, y / 2 * 2 + dy);
                red += (c[0] - brightness(c)) / 4;
                blue += (c[2] - brightness(c)) / 4;
            }
        double const here = brightness(colour_of(x, y));
        auto level = [](double value) { return static_cast<int>(std::clamp(value + 0.5, 0.0, 255.0)); };
        return Colour{level(here + red), level(here - (0.299 * red + 0.114 * blue) / 0.587), level(here + blue)};
    }));
    ASSERT_TRUE(map.has_value()) << map.error().message;
    EXPECT_NEAR(map->tint->g, 0.5, 0.03);
    EXPECT_LT(double(map->off_tint_px), 0.01 * double(k_size.area()));
    double sum = 0, sum_squares = 0;
    for (int y = 0; y < k_size.height; ++y)
        for (int x = 0; x < k_size.width; ++x) {
            double const off = map->plane.at(x, y) - double(counts.at(x, y)) / counts.largest;
            sum += off;
            sum_squares += off * off;
        }
    double const n = double(k_size.area());
    EXPECT_LT(std::fabs(sum / n), 0.01);
    EXPECT_LT(std::sqrt(sum_squares / n), 0.03);
}

TEST(Untint, RefusesPicturesOfSeveralHuesWithTheRemedy) {
    Counts const a = poisson_disc(k_size, 3, 12, 5), b = poisson_disc(k_size, 9, 1, 6);
    auto red_and_green = painted(k_size, [&](int x, int y) {
        return Colour{a.at(x, y) * 255 / a.largest, b.at(x, y) * 255 / b.largest, 0};
    });
    auto rainbow = painted(k_size, [&](int x, int y) {
        double const v = double(a.at(x, y)) / a.largest;
        auto ramp = [&](double middle) {
            return static_cast<int>(255 * std::clamp(1.5 - 4 * std::fabs(v - middle), 0.0, 1.0));
        };
        return Colour{ramp(0.75), ramp(0.5), ramp(0.25)};
    });
    for (auto const& planes : {red_and_green, rainbow}) {
        auto map = untinted(planes);
        ASSERT_FALSE(map.has_value());
        EXPECT_NE(map.error().message.find("several colours"), std::string::npos);
        EXPECT_NE(map.error().message.find("save the map in grey"), std::string::npos);
    }
}

TEST(Untint, CopesWithAnySizeAndWithNoPixels) {
    for (Size const size : k_odd_sizes)
        EXPECT_TRUE(untinted(painted(size, [](int x, int y) { return Colour{(x * 40 + y) % 256, 0, 0}; })).has_value());
    EXPECT_FALSE(untinted({}).has_value());
}

TEST(CountScale, FindsTheCountsOfNormalisedMapsExactly) {
    for (double const disc : {0.6, 2.0, 6.0, 15.0, 40.0})
        for (int const white : {255, 4095, 65535}) {
            Counts const counts = poisson_disc(k_size, disc / 8, disc, 7);
            for (bool const down : {true, false}) {
                Plane const plane = down ? scaled_down(counts, white) : scaled_to_nearest(counts, white);
                CountScale const scale = count_scale(plane.view(), {0, double(white)}, false);
                EXPECT_NEAR(scale.counts_at_white, counts.largest, 1e-9) << disc << " " << white << " " << down;
                EXPECT_FALSE(scale.estimated);
                EXPECT_TRUE(scale.whole);
                expect_counts(counts, plane, scale);
            }
        }
}

TEST(CountScale, FindsThemWhenSeveralMapsShareOneScale) {
    Counts const counts = poisson_disc(k_size, 1, 8, 8);
    Plane const plane = levels_of(counts, 255, [](int n) { return double(n * 255 / 60); }); // 60: of another map
    CountScale const scale = count_scale(plane.view(), {0, 255}, false);
    EXPECT_EQ(scale.counts_at_white, 60);
    expect_counts(counts, plane, scale);
}

TEST(CountScale, TakesSmallWholeNumbersAsRecorded) {
    Counts const counts = poisson_disc(k_size, 3, 30, 9);
    for (int const white : {255, 4095, 65535}) {
        Plane const plane = levels_of(counts, white, [](int n) { return double(n); });
        CountScale const scale = count_scale(plane.view(), {0, double(white)}, false);
        EXPECT_EQ(scale.source, "counts as recorded");
        expect_counts(counts, plane, scale);
    }
    // Floats: the range is that of the data.
    Plane const floats = levels_of(counts, counts.largest - 0.0, [](int n) { return double(n); });
    CountScale const scale = count_scale(floats.view(), {0, double(counts.largest)}, true);
    EXPECT_EQ(scale.source, "counts as recorded");
    expect_counts(counts, floats, scale);
}

TEST(CountScale, CountsFromTheRangeOfFloatsThatDoesNotBeginAtZero) {
    Counts counts = poisson_disc(k_size, 3, 30, 10);
    for (int& n : counts.values) n += 2;
    double const width = counts.largest;
    Plane const plane = levels_of(counts, width, [](int n) { return double(n - 2); });
    expect_counts(counts, plane, count_scale(plane.view(), {2, width + 2}, true));
    // Divided by the largest: no whole numbers any more.
    expect_counts(counts, plane, count_scale(plane.view(), {2 / (width + 2), 1}, true));
}

TEST(CountScale, EstimatesCountsFromTheNoiseWhereLevelsDoNotTell) {
    for (double const gain : {3.7, 9.3, 23.1}) { // levels per count, with dither: no even steps
        Counts const counts = poisson_disc({256, 192}, 60 / gain, 160 / gain, 11);
        Random random(12);
        Plane const plane = levels_of(counts, 255, [&](int n) {
            return std::min(255.0, std::floor(std::max(0.0, gain * (n + 0.5 * random.uniform()))));
        });
        CountScale const scale = count_scale(plane.view(), {0, 255}, false);
        EXPECT_TRUE(scale.estimated);
        EXPECT_FALSE(scale.whole);
        EXPECT_NEAR(scale.counts_at_white, 255 / gain, 0.15 * 255 / gain) << gain;
        EXPECT_TRUE(scale.source.starts_with("estimated from the noise: about ")) << scale.source;
        Plane const floats =
            plane_of(plane.size(), [&](int x, int y) { return plane.at(x, y) + 1e-3 * random.uniform(); });
        EXPECT_NEAR(count_scale(floats.view(), {0, 812.5}, true).counts_at_white, 255 / gain, 0.15 * 255 / gain);
    }
}

TEST(CountScale, SaysSoWhenNothingCanBeSaid) {
    Plane const smooth = plane_of({12, 9}, [](int x, int y) { return std::sqrt(0.31 * x + 0.07 * y) / 4; });
    CountScale const scale = count_scale(smooth.view(), {0, 1000}, true);
    EXPECT_TRUE(scale.estimated);
    EXPECT_EQ(scale.counts_at_white, 255);
    EXPECT_NE(scale.source.find("unknown"), std::string::npos);
    Plane const black = std::move(Plane::filled({40, 30}, 0)).value();
    EXPECT_GT(count_scale(black.view(), {0, 255}, false).counts_at_white, 0);
    EXPECT_EQ(count_scale(black.view(), {0, 255}, false).source, "no counts at all");
}

TEST(CountScale, AnswersForEveryRangeAndNoNumbers) {
    Plane plane = plane_of({30, 30}, [](int x, int y) { return (x * 31 + y) % 17 / 16.0; });
    plane.at(3, 3) = NAN;
    plane.at(4, 4) = INFINITY;
    plane.at(5, 5) = -3;
    for (ValueRange const range :
         {ValueRange{0, 255}, {255, 0}, {0, 65535}, {0, 0}, {-5, 5}, {NAN, 1}, {0, INFINITY}, {0, 1}})
        for (bool const is_float : {false, true}) {
            CountScale const scale = count_scale(plane.view(), range, is_float);
            EXPECT_TRUE(std::isfinite(scale.counts_at_white) && scale.counts_at_white > 0) << range.white;
            EXPECT_TRUE(std::isfinite(scale.offset));
            Plane const counts = std::move(counts_of(plane.view(), scale)).value();
            EXPECT_EQ(counts.at(3, 3), 0);
            EXPECT_GE(counts.at(5, 5), 0);
        }
}

TEST(MapName, KnowsTheHabitsOfEdxPrograms) {
    struct Case {
        char const *file, *element, *label;
    };
    for (Case const c : {Case{"3-SiK.png", "Si", "SiK"},
                         {"map_CuK.bmp", "Cu", "CuK"},
                         {"Si K\u03B11.tif", "Si", "SiK"},
                         {"SiO2_Cu_Ka.tif", "Cu", "CuK"},
                         {"SiO2_O_Ka.tif", "O", "OK"},
                         {"EDS_Fe.png", "Fe", "Fe"},
                         {"Al_K\u03B11_2 Map.bmp", "Al", "AlK"},
                         {"O-K.tif", "O", "OK"},
                         {"Zn La1.tif", "Zn", "ZnL"},
                         {"map_OK.bmp", "O", "OK"},
                         {"map_K.bmp", "K", "K"},
                         {"K K\u03B11.tif", "K", "KK"},
                         {"12-KK.png", "K", "KK"},
                         {"La L\u03B11.tif", "La", "LaL"},
                         {"W M\u03B11.tif", "W", "WM"},
                         {"Mo-LA.bmp", "Mo", "MoL"},
                         {"Base(1)_Si K.png", "Si", "SiK"},
                         {"Fe K series.tif", "Fe", "FeK"},
                         {"sample C_Ti K\u03B11 (2).tif", "Ti", "TiK"},
                         {"SIK.BMP", "Si", "SiK"},
                         {"MAP_CUK.BMP", "Cu", "CuK"},
                         {"AL.BMP", "Al", "Al"},
                         {"3SiK.png", "Si", "SiK"},
                         {"Electron Image 1 Co K\u03B11.tif", "Co", "CoK"},
                         {"folder/In L.tif", "In", "InL"},
                         {"CoKa1.bmp", "Co", "CoK"},
                         {"U M\u03B11.tif", "U", "UM"}}) {
        MapName const name = map_name(c.file);
        EXPECT_EQ(name.kind, MapName::Kind::element) << c.file;
        EXPECT_EQ(name.element, c.element) << c.file;
        EXPECT_EQ(name.label, c.label) << c.file;
    }
}

TEST(MapName, FindsTheLabImage) {
    for (char const* file : {"map_Lab1.bmp", "Lab.bmp", "AB01_LAB2.BMP", "siteLab1.bmp", "x lab.tif"})
        EXPECT_EQ(map_name(file).kind, MapName::Kind::lab) << file;
}

TEST(MapName, TakesNoOtherWordForAnElement) {
    for (char const* file : {"SE01.TIF",
                             "9-ROI.png",
                             "Inlens.tif",
                             "In-lens.tif",
                             "InLens_03.tif",
                             "10K405.TIF",
                             "S10K.TIF",
                             "SE.tif",
                             "CL_10K420.tif",
                             "as-grown.tif",
                             "As-grown.tif",
                             "SiO2_HAADF.tif",
                             "SiO2_total.tif",
                             "label.png",
                             "available.tif",
                             "300 K.tif",
                             "20 V.tif",
                             "No 5.tif",
                             "Image At.tif",
                             "Electron Image 1.tif",
                             "BSE.bmp",
                             "EDS Layered Image.png",
                             "PL_map.tif",
                             "SiL.tif",
                             "",
                             ".",
                             "..",
                             "K405nm.tif",
                             "Kalpha.tif",
                             "\xCE\xB1.tif",
                             "\xFF\xFE.tif"})
        EXPECT_EQ(map_name(file).kind, MapName::Kind::other) << file << ": " << map_name(file).label;
}

TEST(AtomicNumber, KnowsAllElements) {
    EXPECT_EQ(atomic_number("H"), 1);
    EXPECT_EQ(atomic_number("C"), 6);
    EXPECT_EQ(atomic_number("Si"), 14);
    EXPECT_EQ(atomic_number("K"), 19);
    EXPECT_EQ(atomic_number("Fe"), 26);
    EXPECT_EQ(atomic_number("U"), 92);
    EXPECT_EQ(atomic_number("Og"), 118);
    for (char const* none : {"", "J", "si", "SI", "A", "Lab", "e", " ", "iB", "i ", "  "})
        EXPECT_EQ(atomic_number(none), 0) << none;
}
