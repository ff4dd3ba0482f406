// Against generated truth: where the spikes are, what the picture was without them.
#include "ops/despike.h"

#include <gtest/gtest.h>

#include "math/portable.h"
#include "math/random.h"
#include "support/plane_maker.h"

namespace mg {
namespace {

using namespace test;

struct Recording {
    Plane ideal;                   ///< without noise
    Plane noisy;                   ///< with spikes, in 8 bits
    Mask spikes;                   ///< 1 at a spike, 2 at its tail
    std::vector<float> amplitudes; ///< in scan order of the spikes, grey levels
};

struct Detector {
    double counts = 14; ///< mean electrons or photons per pixel
    double levels_per_count = 3.4;
    double offset = 9, read_noise = 1.3; ///< grey levels
    double spike_share = 0.002;
    std::uint64_t seed = 1;
};

/// Poisson counting, spikes of 40 + exp(140) grey levels with a tail of 0.35 in the next pixel of the line, read noise.
/// `scene(x, y)` has a mean of about 1.
template <class Scene>
Recording recorded(Size size, Detector const& detector, Scene scene) {
    Random random(detector.seed);
    Recording r{plane_of(size, [](int, int) { return 0; }),
                plane_of(size, [](int, int) { return 0; }),
                std::move(Mask::filled(size, 0)).value(),
                {}};
    for (int y = 0; y < size.height; ++y) {
        double tail = 0;
        for (int x = 0; x < size.width; ++x) {
            double const counts = detector.counts * scene(x, y);
            double level = random.poisson(counts) * detector.levels_per_count +
                           detector.read_noise * random.gaussian() + detector.offset + tail;
            if (tail > 0) r.spikes.at(x, y) = 2;
            tail = 0;
            if (random.uniform() < detector.spike_share) {
                double const amplitude = 40 + 140 * random.exponential();
                level += amplitude;
                tail = 0.35 * amplitude;
                r.spikes.at(x, y) = 1;
                r.amplitudes.push_back(static_cast<float>(amplitude));
            }
            r.ideal.at(x, y) = static_cast<float>((counts * detector.levels_per_count + detector.offset) / 255);
            r.noisy.at(x, y) = static_cast<float>(std::floor(std::clamp(level, 0.0, 255.0) + 0.5) / 255);
        }
    }
    return r;
}

/// Smooth hills and hollows, mean about 1, between 0.3 and 2.
double hills(int x, int y) {
    return exp_portable(0.35 * sin_portable(x * 0.061) + 0.35 * sin_portable(y * 0.083 + x * 0.017));
}

struct Score {
    double found = 0, strong_found = 0, wrong = 0;
};

/// strong: at least 5 sigma of the noise where they are.
Score scored(Recording const& r, Mask const& replaced, Detector const& detector) {
    double spikes = 0, hits = 0, strong = 0, strong_hits = 0, clean = 0, wrong = 0;
    std::size_t n = 0;
    for (int y = 0; y < replaced.height(); ++y)
        for (int x = 0; x < replaced.width(); ++x) {
            if (r.spikes.at(x, y) == 0) ++clean, wrong += replaced.at(x, y);
            if (r.spikes.at(x, y) != 1) continue;
            double const amplitude = double{r.amplitudes[n++]};
            double const ideal = double{r.ideal.at(x, y)} * 255;
            double const sigma = std::sqrt((ideal - detector.offset) * detector.levels_per_count +
                                           detector.read_noise * detector.read_noise);
            ++spikes, hits += replaced.at(x, y);
            if (std::fmin(amplitude, 255 - ideal) < 5 * sigma) continue;
            ++strong, strong_hits += replaced.at(x, y);
        }
    return {hits / spikes, strong_hits / strong, wrong / clean};
}

Despiked despike(Plane const& plane, DespikeOptions options = {}) {
    return std::move(despiked(plane.view(), {}, options)).value();
}

TEST(Despike, FindsSpikesInFaintCathodoluminescence) {
    Detector const detector{.counts = 14, .levels_per_count = 3.4};
    Recording const r = recorded({712, 484}, detector, hills);
    Score const score = scored(r, despike(r.noisy).replaced, detector);
    EXPECT_GT(score.strong_found, 0.95);
    EXPECT_LT(score.wrong, 0.002);
    // Many of these spikes are within the noise, where nobody can tell them from it: see the next test.
    EXPECT_GT(score.found, 0.9);
}

/// The best that a threshold can do which knows the picture without noise, and the noise, for as many wrong pixels.
TEST(Despike, FindsNearlyWhatOneFindsWhoKnowsTheTruth) {
    Detector const detector{.counts = 14, .levels_per_count = 4.5};
    Recording const r = recorded({712, 484}, detector, hills);
    Score const score = scored(r, despike(r.noisy).replaced, detector);
    std::vector<double> clean, spiked;
    for (int y = 0; y < 484; ++y)
        for (int x = 0; x < 712; ++x) {
            double const counts = (double{r.ideal.at(x, y)} * 255 - detector.offset) / detector.levels_per_count;
            double const sigma = std::sqrt(counts * detector.levels_per_count * detector.levels_per_count +
                                           detector.read_noise * detector.read_noise);
            double const z = (double{r.noisy.at(x, y)} - double{r.ideal.at(x, y)}) * 255 / sigma;
            if (r.spikes.at(x, y) == 0) clean.push_back(z);
            if (r.spikes.at(x, y) == 1) spiked.push_back(z);
        }
    auto const nth = static_cast<std::ptrdiff_t>((1 - score.wrong) * static_cast<double>(clean.size()));
    std::nth_element(clean.begin(), clean.begin() + nth, clean.end());
    double const limit = clean[static_cast<std::size_t>(nth)];
    double const best =
        static_cast<double>(std::count_if(spiked.begin(), spiked.end(), [&](double z) { return z > limit; })) /
        static_cast<double>(spiked.size());
    EXPECT_GT(score.found, 0.95 * best) << "against " << best;
    EXPECT_LT(score.wrong, 0.002);
}

TEST(Despike, FindsSpikesInASecondaryElectronImage) {
    Detector const detector{.counts = 90, .levels_per_count = 1.1};
    Recording const r = recorded({712, 484}, detector, hills);
    Score const score = scored(r, despike(r.noisy).replaced, detector);
    EXPECT_GT(score.found, 0.95);
    EXPECT_GT(score.strong_found, 0.97);
    EXPECT_LT(score.wrong, 0.002);
}

TEST(Despike, TakesTheTailAlongTheScan) {
    Detector const detector{.counts = 200, .levels_per_count = 0.4, .read_noise = 0.5};
    Recording const r = recorded({400, 300}, detector, hills);
    Despiked const out = despike(r.noisy);
    // What is left of spikes and tails is below the noise.
    double left = 0, count = 0;
    for (int y = 0; y < 300; ++y)
        for (int x = 0; x < 400; ++x)
            if (r.spikes.at(x, y) != 0) left += double{out.plane.at(x, y)} - double{r.ideal.at(x, y)}, ++count;
    double const noise = std::sqrt(80 * 0.4 + 0.25) / 255;
    EXPECT_LT(std::fabs(left / count), 0.2 * noise);
}

class DespikeOfDose : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Doses, DespikeOfDose, testing::Values(6, 14, 60, 200));

TEST_P(DespikeOfDose, KeepsTheMeanOfAFlatNoisyArea) {
    Random random(static_cast<std::uint64_t>(GetParam()));
    double const dose = GetParam();
    Plane const plane = plane_of({600, 500}, [&](int, int) { return (random.poisson(dose) / dose * 80 + 9) / 255; });
    Despiked const out = despike(plane);
    EXPECT_NEAR(mean_of(out.plane) / mean_of(plane), 1, 0.002);
    EXPECT_LT(static_cast<double>(out.pixels) / (600 * 500), 0.002);
}

TEST_P(DespikeOfDose, KnowsTheNoise) {
    Random random(7);
    double const dose = GetParam();
    Plane const plane = plane_of({600, 500}, [&](int, int) { return random.poisson(dose) / dose * 0.3; });
    EXPECT_NEAR(despike(plane).noise_at_mean, 0.3 / std::sqrt(dose), 0.15 * 0.3 / std::sqrt(dose));
}

/// How far the edge between two levels moves: the difference of the summed profiles, over the height of the step.
TEST_P(DespikeOfDose, DoesNotMoveAnEdge) {
    double const dose = GetParam();
    for (bool const upright : {true, false}) {
        Random random(8);
        Plane const plane = plane_of({400, 400}, [&](int x, int y) {
            return random.poisson((upright ? x : y) < 200 ? dose : dose * 3) / dose * 0.2;
        });
        Despiked const out = despike(plane);
        double moved = 0;
        for (int y = 0; y < 400; ++y)
            for (int x = 0; x < 400; ++x) {
                int const across = upright ? x : y;
                if (across >= 196 && across < 204) moved += double{out.plane.at(x, y)} - double{plane.at(x, y)};
            }
        EXPECT_LT(std::fabs(moved / 400 / 0.4), 0.05) << (upright ? "upright" : "level");
    }
}

TEST(Despike, LeavesLinesOnePixelWide) {
    Random random(9);
    auto const on_line = [](int x, int y) { return x == 50 || y == 60 || x == y + 150 || x + y == 290; };
    Plane const plane = plane_of(
        {300, 200}, [&](int x, int y) { return 0.3 + 0.02 * random.gaussian() + (on_line(x, y) ? 0.4 : 0.0); });
    Despiked const out = despike(plane);
    int lost = 0, line = 0;
    for (int y = 0; y < 200; ++y)
        for (int x = 0; x < 300; ++x)
            if (on_line(x, y)) ++line, lost += out.replaced.at(x, y);
    EXPECT_LT(lost, 0.02 * line);
}

TEST(Despike, LeavesCornersAndThePointsOfAPatternAlone) {
    Plane const plane = plane_of({120, 90}, [](int x, int y) {
        return 0.2 + (x > 20 && x < 40 && y > 20 && y < 40 ? 0.5 : 0.0) + (x > 60 && (x / 2 + y / 2) % 2 ? 0.3 : 0.0);
    });
    EXPECT_EQ(despike(plane).pixels, 0);
}

TEST(Despike, HardlyTakesTextureForSpikes) {
    Random random(11);
    // A quarter of the picture is rough, three times as much as the noise elsewhere at the same level.
    Plane const plane = plane_of(
        {400, 300}, [&](int x, int y) { return 0.4 + (x < 200 && y < 150 ? 0.06 : 0.02) * random.gaussian(); });
    // By the noise of the level alone it would be 3 % of the pixels.
    EXPECT_LT(static_cast<double>(despike(plane).pixels), 0.004 * 400 * 300);
}

TEST(Despike, KnowsNothingOfTheNoiseOfAHandfulOfPixels) {
    Plane const plane = plane_of({7, 7}, [](int x, int y) { return x == 3 && y == 3 ? 1.0 : 0.3; });
    EXPECT_TRUE(same_pixels(despike(plane).plane, plane));
    Plane const larger = plane_of({9, 9}, [](int x, int y) { return x == 3 && y == 3 ? 1.0 : 0.3; });
    EXPECT_EQ(despike(larger).pixels, 1);
}

TEST(Despike, WorksOnSmallNoisyImages) {
    Random random(12);
    Plane plane = plane_of({32, 32}, [&](int, int) { return 0.5 + 0.05 * random.gaussian(); });
    plane.at(20, 11) = 0.95f;
    Despiked const out = despike(plane);
    EXPECT_TRUE(out.replaced.at(20, 11));
    EXPECT_LE(out.pixels, 8);
}

TEST(Despike, ChangesOnlyWhatItReports) {
    Recording const r = recorded({200, 150}, {}, hills);
    Plane const before = copy_of(r.noisy);
    Despiked const out = despike(r.noisy);
    EXPECT_TRUE(same_pixels(r.noisy, before));
    std::int64_t changed = 0;
    for (int y = 0; y < 150; ++y)
        for (int x = 0; x < 200; ++x) {
            changed += out.replaced.at(x, y);
            if (out.replaced.at(x, y) == 0) {
                ASSERT_EQ(out.plane.at(x, y), r.noisy.at(x, y));
            }
        }
    EXPECT_EQ(changed, out.pixels);
    EXPECT_LE(out.spikes, out.pixels);
    EXPECT_GT(out.spikes, 0);
}

TEST(Despike, DoesNotDependOnBrightnessAndContrastOfTheRecording) {
    Recording const r = recorded({300, 200}, {}, hills);
    Plane const other = plane_of({300, 200}, [&](int x, int y) { return r.noisy.at(x, y) * 0.125 + 0.5; });
    Despiked const a = despike(r.noisy), b = despike(other);
    int different = 0;
    for (int y = 0; y < 200; ++y)
        for (int x = 0; x < 300; ++x) different += a.replaced.at(x, y) != b.replaced.at(x, y);
    EXPECT_LE(different, 2); // a pixel on the threshold may be rounded to either side
}

TEST(Despike, FindsDarkOutliersOnlyWhenAsked) {
    Random random(10);
    Plane const plane = plane_of({200, 100}, [&](int x, int y) {
        return 0.5 + 0.01 * random.gaussian() + (x % 20 == 7 && y % 10 == 3 ? -0.3 : 0.0) +
               (x % 20 == 15 && y % 10 == 8 ? 0.3 : 0.0);
    });
    auto const found = [&](Despiked const& out, int dx, int dy) {
        int count = 0;
        for (int y = dy; y < 100; y += 10)
            for (int x = dx; x < 200; x += 20) count += out.replaced.at(x, y);
        return count;
    };
    Despiked const bright = despike(plane), both = despike(plane, {.negative = true});
    EXPECT_EQ(found(bright, 15, 8), 100);
    EXPECT_EQ(found(bright, 7, 3), 0);
    EXPECT_EQ(found(both, 15, 8), 100);
    EXPECT_EQ(found(both, 7, 3), 100);
}

TEST(Despike, LeavesSkippedPixelsAndTakesNothingFromThem) {
    Plane plane = plane_of({60, 40}, [](int x, int y) { return 0.3 + 0.01 * ((x * 7 + y * 13) % 5); });
    Mask skip = std::move(Mask::filled({60, 40}, 0)).value();
    plane.at(10, 10) = 1, skip.at(10, 10) = k_mask_drawing; // alone like a spike
    plane.at(30, 20) = 1;                                   // a spike beside masked white pixels
    for (int y = 19; y <= 21; ++y)
        for (int x = 32; x <= 33; ++x) plane.at(x, y) = 1, skip.at(x, y) = k_mask_drawing;
    Despiked const out = std::move(despiked(plane.view(), skip.view(), {})).value();
    EXPECT_EQ(out.plane.at(10, 10), 1);
    EXPECT_EQ(out.plane.at(32, 20), 1);
    EXPECT_LT(out.plane.at(30, 20), 0.4f);
    EXPECT_EQ(out.spikes, 1);
}

TEST(Despike, GivesFiniteValuesOnEverySize) {
    for (Size const size : k_odd_sizes) {
        Plane plane = plane_of(size, [](int x, int y) { return (x * 5 + y * 3) % 7 / 7.0; });
        plane.at(size.width / 2, size.height / 2) = 1;
        for (bool const negative : {false, true}) EXPECT_TRUE(all_finite(despike(plane, {.negative = negative}).plane));
        EXPECT_TRUE(all_finite(std::move(despiked_by_pixel_below(plane.view(), 255)).value().plane));
    }
}

TEST(DespikeByPixelBelow, IsTheRuleOfThePythonToolsOnTheOriginalValues) {
    // f = e / 255.; mask = f[:-1] > f[1:] * 1.2; f[:-1][mask] = f[1:][mask]
    int const before[4][4] = {{12, 60, 7, 30}, {10, 50, 6, 26}, {9, 51, 6, 25}, {9, 20, 5, 24}};
    int const after[4][4] = {{12, 60, 7, 30}, {10, 50, 6, 26}, {9, 20, 6, 25}, {9, 20, 5, 24}};
    Plane const plane = plane_of({4, 4}, [&](int x, int y) { return before[y][x] / 255.0; });
    Despiked const out = std::move(despiked_by_pixel_below(plane.view(), 255)).value();
    for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 4; ++x) EXPECT_EQ(std::lround(out.plane.at(x, y) * 255), after[y][x]) << x << " " << y;
    EXPECT_EQ(out.spikes, 1);
}

TEST(DespikeByPixelBelow, DecidesTiesAsDoublePrecisionDoes) {
    // [k for k in range(1, 43) if 6 * k / 255. > 5 * k / 255. * 1.2]
    std::vector<int> const expected = {13, 17, 21, 25, 26, 29, 34, 37, 39, 42};
    Plane const plane = plane_of({42, 2}, [](int x, int y) { return (y == 0 ? 6 : 5) * (x + 1) / 255.0; });
    Despiked const out = std::move(despiked_by_pixel_below(plane.view(), 255)).value();
    std::vector<int> replaced;
    for (int x = 0; x < 42; ++x)
        if (out.replaced.at(x, 0)) replaced.push_back(x + 1);
    EXPECT_EQ(replaced, expected);
}

} // namespace
} // namespace mg
