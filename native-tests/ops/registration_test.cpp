// Pictures of an endless texture, moved by known maps under several contrasts.
#include "ops/registration.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/plane_maker.h"
#include "support/texture.h"

namespace mg::test {
namespace {

constexpr Size k_frame{300, 220};

enum class Contrast { same, gamma, inverted, folded };

struct Shot {
    Affine map{}; ///< pixel of the scene as the reference shows it -> pixel of this picture
    Contrast contrast = Contrast::same;
    double noise = 0.03;
    std::uint64_t seed = 1;
    std::uint64_t scene = 5;
};

/// Bright and dark blots of several sizes, 0..1.
Plane picture(Shot const& shot) {
    Texture const texture(shot.scene, 9, 60);
    Random random(shot.seed + 77);
    Affine const back = shot.map.inverse();
    return plane_of(k_frame, [&](int x, int y) {
        double const t = texture(back({double(x), double(y)}));
        double v = 0.5 + 0.18 * t;
        v = std::fmin(std::fmax(v, 0.0), 1.0);
        switch (shot.contrast) {
        case Contrast::same:
            break;
        case Contrast::gamma:
            v = std::pow(v, 2.5);
            break;
        case Contrast::inverted:
            v = 1 - v;
            break;
        case Contrast::folded:
            v = std::exp(-((v - 0.55) / 0.22) * ((v - 0.55) / 0.22));
            break;
        }
        return v + shot.noise * random.gaussian();
    });
}

/// As neighbouring wavelengths show one scene: a line of Gaussian shape whose peak wanders from place to place.
Plane channel(double line, Affine const& map, std::uint64_t seed) {
    Texture const peak(31, 14, 40), strength(32, 9, 50);
    Random random(seed);
    Affine const back = map.inverse();
    return plane_of(k_frame, [&](int x, int y) {
        Point const p = back({double(x), double(y)});
        double const distance = (line - 1.2 * peak(p)) / 1.6;
        return 0.1 * std::exp(0.35 * strength(p) - distance * distance / 2) + 0.006 * random.gaussian() + 0.02;
    });
}

RegistrationImage image_of(Plane const& plane) {
    RegistrationImage image;
    image.pixels = plane.view();
    return image;
}

Registration registered(std::vector<RegistrationImage> const& images, RegistrationSettings const& settings = {}) {
    Work work;
    auto result = register_set(images, settings, work);
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result ? std::move(result).value() : Registration{std::vector<Alignment>(images.size()), {}, 0};
}

/// rms over corners and centre.
double error_px(Alignment const& alignment, Affine const& truth) {
    double sum = 0;
    Point const points[] = {{0, 0}, {299, 0}, {0, 219}, {299, 219}, {149.5, 109.5}};
    for (Point const& p : points) {
        Point const a = alignment.from_reference(p), b = truth(p);
        sum += (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
    }
    return std::sqrt(sum / 5);
}

/// A turn, stretch and shear about the frame's centre, then a shift.
Affine about_centre(double a, double b, double c, double d, Point shift) {
    return {a, b, 149.5 - a * 149.5 - b * 109.5 + shift.x, c, d, 109.5 - c * 149.5 - d * 109.5 + shift.y};
}

TEST(Registration, FindsThatAnImageLiesOnItself) {
    Plane const one = picture({});
    auto const result = registered({image_of(one), image_of(one)});
    EXPECT_EQ(result.images[1].trust, Trust::accepted);
    EXPECT_LT(error_px(result.images[1], {}), 0.02);
}

TEST(Registration, FindsAShiftUnderAnyContrast) {
    Plane const reference = picture({.seed = 1});
    Affine const truth = Affine::translation(-3.4, 5.25);
    struct {
        Contrast contrast;
        double within_px;
    } const cases[] = {
        {Contrast::same, 0.05}, {Contrast::gamma, 0.15}, {Contrast::inverted, 0.05}, {Contrast::folded, 0.3}};
    for (auto const& one : cases) {
        Plane const other = picture({.map = truth, .contrast = one.contrast, .seed = 2});
        auto const result = registered({image_of(reference), image_of(other)});
        EXPECT_EQ(result.images[1].trust, Trust::accepted) << static_cast<int>(one.contrast);
        EXPECT_LT(error_px(result.images[1], truth), one.within_px) << static_cast<int>(one.contrast);
    }
}

TEST(Registration, FindsTurnStretchAndShear) {
    Affine const truth = about_centre(1.02, -0.025, 0.02, 0.985, {6.3, -4.1});
    Plane const reference = picture({.seed = 1}), other = picture({.map = truth, .seed = 2});
    auto const result = registered({image_of(reference), image_of(other)}, {.motion = Motion::affine});
    EXPECT_EQ(result.images[1].trust, Trust::accepted);
    EXPECT_LT(error_px(result.images[1], truth), 0.1);
}

TEST(Registration, CallsAPureShiftAShiftWhenAnAffineMapIsAllowed) {
    Affine const truth = Affine::translation(7.2, -2.6);
    Plane const reference = picture({.seed = 1}), other = picture({.map = truth, .seed = 2});
    auto const result = registered({image_of(reference), image_of(other)}, {.motion = Motion::affine});
    Affine const& map = result.images[1].from_reference.affine;
    EXPECT_EQ(map.a, 1);
    EXPECT_EQ(map.b, 0);
    EXPECT_EQ(map.c, 0);
    EXPECT_EQ(map.d, 1);
    EXPECT_LT(error_px(result.images[1], truth), 0.05);
}

TEST(Registration, KeepsASimilarityASimilarityOfTheSpecimenWherePixelsAreNotSquare) {
    double const aspect = 1.1, turn = 0.02, stretch = 1.015;
    // In lengths: a turn and a stretch; in pixels, whose height is `aspect` widths, its conjugate.
    Affine const truth = about_centre(stretch, -turn * aspect, turn / aspect, stretch, {3, 2});
    Plane const reference = picture({.seed = 1}), other = picture({.map = truth, .seed = 2});
    std::vector<RegistrationImage> images{image_of(reference), image_of(other)};
    for (RegistrationImage& image : images) image.pixel_aspect = aspect;
    auto const result = registered(images, {.motion = Motion::similarity});
    Affine const& map = result.images[1].from_reference.affine;
    EXPECT_LT(error_px(result.images[1], truth), 0.1);
    EXPECT_NEAR(map.a, map.d, 1e-9);
    EXPECT_NEAR(map.b / aspect, -map.c * aspect, 1e-9);
}

struct Series {
    std::vector<Affine> truth{Affine{}, Affine::translation(4.3, -6.1), Affine::translation(9.7, -3.2),
                              Affine::translation(5.2, 2.9), Affine::translation(-1.6, 7.4)};
    std::vector<Plane> planes;
    Series() {
        for (std::size_t i = 0; i < truth.size(); ++i) planes.push_back(channel(double(i) - 2, truth[i], 100 + i));
    }
    std::vector<RegistrationImage> images() const {
        std::vector<RegistrationImage> images;
        for (Plane const& plane : planes) images.push_back(image_of(plane));
        return images;
    }
};

TEST(Registration, DoesNotAddUpWhatNeighbouringChannelsDifferBy) {
    Series const series;
    auto const result = registered(series.images());
    Alignment chained; // neighbour by neighbour, as one would without the others
    for (std::size_t i = 1; i < 5; ++i) {
        auto const pair = registered({image_of(series.planes[i - 1]), image_of(series.planes[i])});
        chained.from_reference = pair.images[1].from_reference.after(chained.from_reference);
        EXPECT_EQ(result.images[i].trust, Trust::accepted) << i;
        EXPECT_LT(error_px(result.images[i], series.truth[i]), 0.05) << i;
    }
    EXPECT_LT(error_px(result.images[4], series.truth[4]), 0.3 * error_px(chained, series.truth[4]));
}

TEST(Registration, LetsAWeightlessImageMoveNothing) {
    Series const series;
    auto const without = registered(series.images());
    Affine const truth = Affine::translation(3.5, 3.25);
    Texture const strength(32, 9, 50);
    Random random(9);
    Plane const extra = plane_of(k_frame, [&](int x, int y) { // electrons see the strength only, in the negative
        return 0.5 - 0.1 * strength(truth.inverse()({double(x), double(y)})) + 0.02 * random.gaussian();
    });
    auto images = series.images();
    images.push_back(image_of(extra));
    images.back().weightless = true;
    auto const with = registered(images);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(with.images[i].from_reference, without.images[i].from_reference) << i;
    EXPECT_EQ(with.images[5].trust, Trust::accepted);
    EXPECT_LT(error_px(with.images[5], truth), 0.3);
}

TEST(Registration, RefusesImagesOfOtherPlaces) {
    int wrong = 0;
    for (std::uint64_t scene = 20; scene < 28; ++scene) {
        Plane const reference = picture({.seed = scene}), other = picture({.seed = scene + 100, .scene = scene});
        auto const result = registered({image_of(reference), image_of(other)});
        wrong += result.images[1].trust == Trust::accepted ? 1 : 0;
        if (result.images[1].trust == Trust::refused) EXPECT_FALSE(result.images[1].reason.empty());
    }
    EXPECT_EQ(wrong, 0);
}

TEST(Registration, NamesWhatIsWrongWithAnImageAndAlignsTheOthers) {
    Affine const truth = Affine::translation(2.5, -1.5);
    Plane const reference = picture({.seed = 1}), good = picture({.map = truth, .seed = 2});
    Plane const blank = plane_of(k_frame, [](int, int) { return 0.25; });
    Plane const burnt = plane_of(k_frame, [](int x, int y) { return (x * 7 + y * 3) % 10 < 8 ? 1.0 : 0.9; });
    Plane const tiny = plane_of({9, 9}, [](int x, int y) { return (x * y) % 5 * 0.1; });
    auto const result =
        registered({image_of(reference), image_of(blank), image_of(burnt), image_of(tiny), image_of(good)});
    EXPECT_EQ(result.images[1].trust, Trust::refused);
    EXPECT_EQ(result.images[1].reason, "the image is blank");
    EXPECT_EQ(result.images[2].reason, "the image is saturated");
    EXPECT_EQ(result.images[3].reason, "the image is too small to be aligned");
    EXPECT_LT(error_px(result.images[4], truth), 0.05);
}

TEST(Registration, LeavesMaskedDrawingsOut) {
    Affine const truth = Affine::translation(6, -4);
    Plane reference = picture({.seed = 1}), other = picture({.map = truth, .seed = 2});
    Mask mask = std::move(Mask::filled(k_frame, 0)).value();
    for (Plane* plane : {&reference, &other}) // the same print at the same place of both
        for (int y = 20; y < 200; y += 6)
            for (int x = 20; x < 280; x += 2) {
                int const shade = (x / 20 + y / 12) % 3;
                for (int k = 0; k < 2; ++k) plane->at(x, y + k) = shade == 0 ? 4.F : 2.F;
                for (int k = 0; k < 2; ++k) mask.at(x, y + k) = k_mask_drawing;
            }
    // Half of the frame carries no print.
    for (int y = 0; y < 220; ++y)
        for (int x = 150; x < 300; ++x) {
            mask.at(x, y) = 0;
        }
    Plane const clean_reference = picture({.seed = 1}), clean_other = picture({.map = truth, .seed = 2});
    for (int y = 0; y < 220; ++y)
        for (int x = 150; x < 300; ++x) {
            reference.at(x, y) = clean_reference.at(x, y);
            other.at(x, y) = clean_other.at(x, y);
        }
    std::vector<RegistrationImage> images{image_of(reference), image_of(other)};
    for (RegistrationImage& image : images) image.mask = mask.view();
    auto const result = registered(images);
    EXPECT_LT(error_px(result.images[1], truth), 0.2);
}

TEST(Registration, ObeysPointsPlacedByHandAndSolvesTheRestAgain) {
    Series const series;
    Plane const foreign = picture({.seed = 8, .scene = 99}); // nothing in common with the series
    auto images = series.images();
    images.push_back(image_of(foreign));
    images[5].hand.push_back(
        {.other = 2, .motion = Motion::shift, .points = {{{50, 60}, {61.5, 57}}, {{200, 150}, {211.5, 147}}}});
    auto const result = registered(images);
    EXPECT_EQ(result.images[5].trust, Trust::by_hand);
    Affine const at = Affine::translation(11.5, -3).after(series.truth[2]);
    EXPECT_LT(error_px(result.images[5], at), 0.3);
    for (std::size_t i = 1; i < 5; ++i) EXPECT_LT(error_px(result.images[i], series.truth[i]), 0.3) << i;
}

TEST(Registration, MatchesOnlyThePairsAskedFor) {
    Series const series;
    auto const consecutive = registered(series.images(), {.pairs = PairChoice::consecutive});
    auto const to_first = registered(series.images(), {.pairs = PairChoice::to_first});
    ASSERT_EQ(consecutive.pairs.size(), 4U);
    ASSERT_EQ(to_first.pairs.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(consecutive.pairs[i].to - consecutive.pairs[i].from, 1);
        EXPECT_EQ(to_first.pairs[i].from, 0);
    }
}

TEST(Registration, GivesTheSameBitsWhoeverRunsTheParts) {
    class Backwards : public Work {
        void for_each(std::size_t count, std::function<void(std::size_t)> const& part) override {
            for (std::size_t i = count; i-- > 0;) part(i);
        }
    };
    Series const series;
    auto const images = series.images();
    Work forwards;
    Backwards backwards;
    auto const a = register_set(images, {.motion = Motion::affine}, forwards);
    auto const b = register_set(images, {.motion = Motion::affine}, backwards);
    ASSERT_TRUE(a && b);
    for (std::size_t i = 0; i < images.size(); ++i)
        EXPECT_EQ(a->images[i].from_reference, b->images[i].from_reference) << i;
}

TEST(Registration, StopsWhenAsked) {
    class Stopped : public Work {
        bool cancelled() const override { return true; }
    };
    Plane const one = picture({});
    std::vector<RegistrationImage> const images{image_of(one), image_of(one)};
    Stopped stopped;
    auto const result = register_set(images, {}, stopped);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::cancelled);
}

TEST(Registration, TakesOneImageAsItsOwnReference) {
    Plane const one = picture({});
    auto const result = registered({image_of(one)});
    EXPECT_EQ(result.images[0].trust, Trust::reference);
    Work work;
    EXPECT_FALSE(register_set({}, {}, work));
}

} // namespace
} // namespace mg::test
