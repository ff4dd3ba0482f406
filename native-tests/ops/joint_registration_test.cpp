// Images of one place under different contrasts, moved by known maps.
#include "ops/joint_registration.h"

#include <cmath>

#include <gtest/gtest.h>

#include "ops/gaussian.h"
#include "support/plane_maker.h"
#include "support/texture.h"

namespace mg {
namespace {

using test::plane_of;
using test::Texture;

constexpr Size k_grid{144, 100};

/// White noise blurred like the images, with standard deviation 1.
Plane smooth_noise(std::uint64_t seed) {
    Random random(seed);
    Plane const white = plane_of(k_grid, [&](int, int) { return random.gaussian(); });
    // A Gaussian of 1.2 px leaves 1 / sqrt(4 pi 1.44) of white noise.
    Plane blurred = std::move(gaussian_blurred(white.view(), {1.2, 1.2})).value();
    return plane_of(k_grid, [&](int x, int y) { return 4.254 * double(blurred.at(x, y)); });
}

/// Shares of the two structures that all images have.
struct Contrast {
    double a = 1, b = 0;
};

/// Shows at map(p) what is at p on the common grid.
Plane picture(Affine const& map, Contrast contrast, double noise, std::uint64_t seed) {
    Texture const first(31, 7, 36, 24), second(32, 7, 36, 24);
    Affine const back = map.inverse();
    Plane const random = smooth_noise(seed);
    return plane_of(k_grid, [&](int x, int y) {
        Point const p = back({double(x), double(y)});
        return contrast.a * first(p) + contrast.b * second(p) + noise * double(random.at(x, y));
    });
}

double apart(Affine const& a, Affine const& b) {
    double sum = 0;
    for (int y : {0, k_grid.height - 1})
        for (int x : {0, k_grid.width - 1}) {
            Point const p = a({double(x), double(y)}), q = b({double(x), double(y)});
            sum += ((p.x - q.x) * (p.x - q.x) + (p.y - q.y) * (p.y - q.y)) / 4;
        }
    return std::sqrt(sum);
}

/// Pictures with their true maps; starts are off by up to two pixels.
struct Stack {
    std::vector<Plane> planes;
    std::vector<Affine> truth;
    std::vector<JointImage> images;
    JointSettings settings;

    void add(Affine const& map, Contrast contrast, double noise) {
        planes.push_back(picture(map, contrast, noise, 100 + planes.size()));
        truth.push_back(map);
    }
    void start(Motion motion) {
        images.clear();
        for (std::size_t i = 0; i < planes.size(); ++i) {
            JointImage image;
            image.field[0] = planes[i].view();
            image.map = truth[i];
            image.fixed = i == 0;
            if (i > 0) {
                Point const middle{k_grid.width / 2.0, k_grid.height / 2.0}, there = truth[i](middle);
                double const off = i % 2 ? 1.6 : -1.4;
                image.map = Affine::translation(there.x - middle.x + off, there.y - middle.y - off);
            }
            images.push_back(image);
        }
        settings = {.grid = k_grid, .motion = motion, .iterations = 20};
    }
    JointResult result(Work* work = nullptr) const {
        Work own;
        auto found = jointly_registered(images, settings, work ? *work : own);
        EXPECT_TRUE(found) << found.error().message;
        return found ? std::move(*found) : JointResult{truth, {}, 0, 0, {}, 0};
    }
};

Stack shifted_stack(double noise) {
    Stack stack;
    stack.add({}, {1, 0}, noise);
    stack.add(Affine::translation(3.3, -2.6), {0.9, 0.4}, noise);
    stack.add(Affine::translation(5.75, -4.2), {0.6, 0.8}, noise);
    stack.add(Affine::translation(7.1, -7.45), {0.2, 1}, noise);
    stack.start(Motion::shift);
    return stack;
}

Stack affine_stack(double noise) {
    Stack stack;
    stack.add({}, {1, 0}, noise);
    stack.add({1.008, -0.006, 2.4, 0.004, 0.995, -1.6}, {0.8, 0.5}, noise);
    stack.add({0.992, 0.009, -3.1, -0.007, 1.01, 2.2}, {0.5, 0.8}, noise);
    stack.add({1.003, 0.005, 1.7, 0.002, 0.998, 4.1}, {0.9, -0.2}, noise);
    stack.add({0.997, -0.003, -2.2, 0.006, 1.004, -3.3}, {0.9, 0.1}, noise);
    stack.start(Motion::affine);
    return stack;
}

TEST(JointRegistration, RecoversShiftsOfAStackWhoseContrastChanges) {
    Stack const stack = shifted_stack(0.05);
    JointResult const found = stack.result();
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_LT(apart(found.maps[i], stack.truth[i]), 0.03) << i;
        EXPECT_EQ(found.maps[i].a, 1);
        EXPECT_EQ(found.maps[i].b, 0);
    }
    EXPECT_LT(found.log_det, -3);
    EXPECT_GT(found.overlap, 0.7);
    EXPECT_LT(found.overlap, 1);
}

TEST(JointRegistration, RecoversAffineMaps) {
    Stack const stack = affine_stack(0.05);
    JointResult const found = stack.result();
    for (std::size_t i = 0; i < 5; ++i) EXPECT_LT(apart(found.maps[i], stack.truth[i]), 0.12) << i;
}

TEST(JointRegistration, RecoversASimilarityWherePixelsAreNotSquare) {
    double const aspect = 1.15, c = 1.006, s = 0.012;
    Stack stack;
    stack.add({}, {}, 0.05);
    stack.add({c, -s * aspect, 2.5, s / aspect, c, -3.5}, {}, 0.05);
    stack.start(Motion::similarity);
    stack.settings.pixel_aspect = aspect;
    JointResult const found = stack.result();
    EXPECT_LT(apart(found.maps[1], stack.truth[1]), 0.03);
    Affine const& m = found.maps[1];
    EXPECT_NEAR(m.a, m.d, 1e-12);
    EXPECT_NEAR(m.b / aspect, -m.c * aspect, 1e-12);
}

TEST(JointRegistration, RecoversTwoImagesAlikeAndInverted) {
    for (double const sign : {1.0, -1.0}) {
        Stack stack;
        stack.add({}, {}, 0.1);
        stack.add(Affine::translation(-4.4, 3.7), {sign, 0}, 0.1);
        stack.start(Motion::shift);
        JointResult const found = stack.result();
        EXPECT_LT(apart(found.maps[1], stack.truth[1]), 0.03);
        ASSERT_EQ(found.correlations.size(), 4u);
        EXPECT_NEAR(found.correlations[1], sign * 0.98, 0.02);
        EXPECT_EQ(found.correlations[1], found.correlations[2]);
    }
}

TEST(JointRegistration, ExpectsAboutTheErrorItMakes) {
    double squares = 0, expected = 0;
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
        Stack stack;
        stack.planes.push_back(picture({}, {}, 0.5, 1000 + seed));
        stack.truth.push_back({});
        stack.planes.push_back(picture(Affine::translation(1.3, 2.6), {}, 0.5, 2000 + seed));
        stack.truth.push_back(Affine::translation(1.3, 2.6));
        stack.start(Motion::shift);
        JointResult const found = stack.result();
        double const error = apart(found.maps[1], stack.truth[1]);
        squares += error * error;
        expected += found.errors_px[1] * found.errors_px[1];
        EXPECT_EQ(found.errors_px[0], 0);
    }
    double const ratio = std::sqrt(squares / expected);
    EXPECT_GT(ratio, 0.3);
    EXPECT_LT(ratio, 3);
}

TEST(JointRegistration, GainsFromMoreImagesOfTheSameStructures) {
    // First and last have little in common; those between tell what.
    Stack const stack = shifted_stack(0.2);
    double const together = apart(stack.result().maps[3], stack.truth[3]);
    Stack pair;
    pair.planes.push_back(picture(stack.truth[0], {1, 0}, 0.2, 100));
    pair.planes.push_back(picture(stack.truth[3], {0.2, 1}, 0.2, 103));
    pair.truth = {stack.truth[0], stack.truth[3]};
    pair.start(Motion::shift);
    EXPECT_LT(together, 0.1);
    EXPECT_LT(together, apart(pair.result().maps[1], pair.truth[1]));
}

/// Parts in reverse order, as if several threads had run them.
class Reversed : public Work {
public:
    void for_each(std::size_t count, std::function<void(std::size_t)> const& part) override {
        for (std::size_t i = count; i-- > 0;) part(i);
    }
};

TEST(JointRegistration, GivesTheSameBitsWhoeverRunsItsParts) {
    Stack const stack = affine_stack(0.1);
    Reversed reversed;
    JointResult const a = stack.result(), b = stack.result(&reversed);
    EXPECT_EQ(a.maps, b.maps);
    EXPECT_EQ(a.log_det, b.log_det);
    EXPECT_EQ(a.correlations, b.correlations);
    EXPECT_EQ(a.errors_px, b.errors_px);
}

TEST(JointRegistration, NeverEndsWorseThanItBegan) {
    Stack stack = shifted_stack(0.3);
    for (double const off : {0.0, 3.0, 8.0, 20.0}) {
        stack.start(Motion::shift);
        for (std::size_t i = 1; i < 4; ++i) stack.images[i].map.tx += off, stack.images[i].map.ty -= off;
        stack.settings.iterations = 0;
        double const before = stack.result().log_det;
        stack.settings.iterations = 20;
        EXPECT_LE(stack.result().log_det, before) << off;
    }
}

TEST(JointRegistration, LeavesFixedImagesWhereTheyAre) {
    Stack stack = shifted_stack(0.05);
    stack.images[2].map = stack.truth[2];
    stack.images[2].fixed = true;
    JointResult const found = stack.result();
    EXPECT_EQ(found.maps[0], stack.images[0].map);
    EXPECT_EQ(found.maps[2], stack.images[2].map);
    EXPECT_LT(apart(found.maps[1], stack.truth[1]), 0.03);
    EXPECT_LT(apart(found.maps[3], stack.truth[3]), 0.03);
}

TEST(JointRegistration, LooksAwayFromWhatIsMasked) {
    Stack stack = shifted_stack(0.05);
    // The same mark burned into all of them holds them together at shift 0. Masks reach as far as what the mark spoils.
    Mask mask = std::move(Mask::filled(k_grid, 0)).value();
    for (int y = 40; y < 70; ++y)
        for (int x = 40; x < 90; ++x) {
            mask.at(x, y) = k_mask_drawing;
            if (x < 43 || x >= 87 || y < 43 || y >= 67) continue;
            for (Plane& plane : stack.planes) plane.at(x, y) = (x / 4 + y / 5) % 2 ? 6.0f : -6.0f;
        }
    stack.start(Motion::shift);
    for (JointImage& image : stack.images) image.mask = mask.view();
    JointResult const found = stack.result();
    for (std::size_t i = 0; i < 4; ++i) EXPECT_LT(apart(found.maps[i], stack.truth[i]), 0.04) << i;
    EXPECT_LT(found.overlap, 0.75);
    for (JointImage& image : stack.images) image.mask = {};
    EXPECT_GT(apart(stack.result().maps[3], stack.truth[3]), 0.5);
}

TEST(JointRegistration, RefusesWhatCannotBeAligned) {
    Work work;
    auto const fails = [&](Stack const& stack) {
        auto const found = jointly_registered(stack.images, stack.settings, work);
        return !found && found.error().code == ErrorCode::bad_value && found.error().message.size() > 20;
    };
    Stack stack = shifted_stack(0.05);
    stack.images[1].map.tx += 140;
    EXPECT_TRUE(fails(stack)); // no overlap

    stack.start(Motion::shift);
    stack.images[0].fixed = false;
    EXPECT_TRUE(fails(stack)); // nothing stays

    stack.start(Motion::shift);
    stack.images.resize(1);
    EXPECT_TRUE(fails(stack));

    stack.planes[1] = plane_of(k_grid, [](int, int) { return 0; });
    stack.start(Motion::shift);
    EXPECT_TRUE(fails(stack)); // one is blank
}

TEST(JointRegistration, StopsWhenCancelled) {
    class Cancelled : public Work {
    public:
        bool cancelled() const override { return true; }
    } work;
    Stack const stack = shifted_stack(0.05);
    auto const found = jointly_registered(stack.images, stack.settings, work);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::cancelled);
}

} // namespace
} // namespace mg
