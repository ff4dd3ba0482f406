// Pixel size, mask and to_recorded through every geometric step, alone and in random chains.
#include <cmath>

#include "image/scene.h"
#include "math/random.h"
#include "steps/geometry_support.h"

namespace mg {
namespace {

using test::Key;
using test::run_ok;
using test::run_step;
using test::scene_of;
using test::Setting;

double numbered(int x, int y) {
    return (x * 31 + y * 17) % 101 / 100.0;
}
Plane const& first_plane(Scene const& scene) {
    return *scene.channels.front().planes.front();
}
Channel& turned_channel(Scene& scene) {
    return scene.channels.front();
}

/// Bright spots on black at physical places, sampled on a grid of the given pixel sizes.
Scene spots(Size size, double px, double py, std::vector<Point> const& nm, double sigma_nm) {
    return scene_of(
        size,
        [&](int x, int y) {
            double sum = 0;
            for (Point p : nm) {
                double dx = x * px - p.x, dy = y * py - p.y;
                sum += std::exp(-(dx * dx + dy * dy) / (2 * sigma_nm * sigma_nm));
            }
            return 0.8 * sum;
        },
        px, py);
}

/// Centre of brightness within `reach` px of a place.
Point centroid(Plane const& plane, Point near, double reach) {
    double sum = 0, sx = 0, sy = 0;
    for (int y = std::max(0, static_cast<int>(near.y - reach));
         y <= std::min<double>(plane.height() - 1, near.y + reach); ++y)
        for (int x = std::max(0, static_cast<int>(near.x - reach));
             x <= std::min<double>(plane.width() - 1, near.x + reach); ++x) {
            double v = static_cast<double>(plane.at(x, y));
            sum += v;
            sx += v * x;
            sy += v * y;
        }
    return {sx / sum, sy / sum};
}

struct Chain {
    std::string words;
    Scene scene;
};

/// A step that keeps the middle of the image, with random values.
void add_random_step(Chain& chain, Random& random, double& coarsening) {
    Channel const& channel = chain.scene.channels.front();
    Size size = channel.size();
    auto upto = [&](int n) { return static_cast<int>(random.uniform() * n); };
    auto add = [&](Step const& step, std::vector<Setting> const& settings) {
        chain.words += std::string(step.id) + " ";
        run_ok(step, chain.scene, settings);
    };
    switch (upto(7)) {
    case 0: {
        int left = upto(size.width / 12), top = upto(size.height / 12);
        add(k_step_crop, {{"left", left},
                          {"top", top},
                          {"width", size.width - left - upto(size.width / 12)},
                          {"height", size.height - top - upto(size.height / 12)}});
        break;
    }
    case 1:
        add(k_step_pad, {{"left", upto(30)}, {"right", upto(30)}, {"top", upto(30)}, {"bottom", upto(30)}});
        break;
    case 2:
        add(k_step_rotate, {{"angle_deg", random.uniform() * 360 - 180}});
        break;
    case 3: {
        double factor = 0.7 + 0.9 * random.uniform();
        if (size.area() * factor * factor > 1e6) factor = 1 / factor;
        coarsening /= factor;
        add(k_step_scale, {{"factor", factor}});
        break;
    }
    case 4:
        if (coarsening > 1.3) break;
        coarsening *= 2;
        add(k_step_halve, {{"compatible", upto(2) == 1}});
        break;
    case 5:
        add(k_step_square_pixels, {});
        break;
    case 6: {
        char const* turns[] = {"0", "90", "180", "270"};
        add(k_step_orient,
            {{"turn", Key{turns[upto(4)]}}, {"flip_horizontally", upto(2) == 1}, {"flip_vertically", upto(2) == 1}});
        break;
    }
    }
}

TEST(Geometry, ScaleBarsStayTrueThroughRandomChains) {
    for (int run = 0; run < 80; ++run) {
        Random random(static_cast<std::uint64_t>(run + 1));
        double px = 4 + 20 * random.uniform(), py = px * (0.8 + 0.4 * random.uniform());
        Size size{240 + static_cast<int>(60 * random.uniform()), 220 + static_cast<int>(60 * random.uniform())};
        // Three landmarks around the middle: one pair of them is along x, the other along y.
        Point middle{size.width * px / 2, size.height * py / 2};
        double arm = 45 * std::min(px, py), sigma = 3 * std::max(px, py);
        std::vector<Point> landmarks{
            {middle.x - arm, middle.y - arm}, {middle.x + arm, middle.y - arm}, {middle.x - arm, middle.y + arm}};
        Chain chain{"", spots(size, px, py, landmarks, sigma)};
        double coarsening = 1;
        int steps = 1 + static_cast<int>(6 * random.uniform());
        for (int i = 0; i < steps; ++i) add_random_step(chain, random, coarsening);
        run_ok(k_step_square_pixels, chain.scene);

        Channel const& channel = chain.scene.channels.front();
        ASSERT_TRUE(channel.pixel_size_x_nm && channel.pixel_size_y_nm);
        double pitch = channel.pixel_size_x_nm->value;
        EXPECT_NEAR(channel.pixel_size_y_nm->value / pitch, 1, 5e-4) << chain.words;

        // Where to_recorded says that the landmarks are, there they are.
        Affine to_now = channel.to_recorded.inverse();
        std::vector<Point> found;
        for (Point p : landmarks) {
            Point expected = to_now({p.x / px, p.y / py});
            found.push_back(centroid(first_plane(chain.scene), expected, 4.5 * sigma / pitch));
            EXPECT_NEAR(found.back().x, expected.x, 0.15) << run << ": " << chain.words;
            EXPECT_NEAR(found.back().y, expected.y, 0.15) << run << ": " << chain.words;
        }
        auto distance = [&](Point a, Point b) {
            return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
        };
        double along = distance(found[0], found[1]), across = distance(found[0], found[2]);
        // A bar of the landmarks' distance would be this long:
        double bar_px = 2 * arm / pitch;
        EXPECT_NEAR(along, bar_px, 0.25) << run << ": " << chain.words;
        EXPECT_NEAR(across, bar_px, 0.25) << run << ": " << chain.words;

        // The same without interpolation in the way: distances and angles under to_recorded.
        Affine const& m = channel.to_recorded;
        double x_nm = std::hypot(m.a * px, m.c * py), y_nm = std::hypot(m.b * px, m.d * py);
        int extent = std::max(channel.size().width, channel.size().height);
        EXPECT_NEAR(x_nm / pitch * extent, extent, 0.5) << "over the whole width, " << chain.words;
        EXPECT_NEAR(y_nm / x_nm, 1, 5e-4) << chain.words;
        EXPECT_NEAR((m.a * m.b * px * px + m.c * m.d * py * py) / (x_nm * y_nm), 0, 1e-3) << chain.words;
        if (channel.mask) EXPECT_EQ(channel.mask->size(), channel.size());
    }
}

TEST(Geometry, TheDatabarsBarMeasuresWhatTheLandmarksDo) {
    // 2 um apart at 15.914 nm: 125.676 px, after turning, stretching and cropping.
    double px = 15.914, py = 17.562;
    Point middle{356 * px, 242 * py};
    Scene scene = spots({712, 484}, px, py, {{middle.x - 1000, middle.y}, {middle.x + 1000, middle.y}}, 60);
    run_ok(k_step_crop, scene, {{"left", 13}, {"top", 7}, {"width", 690}});
    run_ok(k_step_orient, scene, {{"turn", Key{"180"}}});
    run_ok(k_step_rotate, scene, {{"angle_deg", 7.5}});
    run_ok(k_step_scale, scene, {{"factor", 0.83}});
    run_ok(k_step_rotate, scene, {{"angle_deg", -7.5}});
    run_ok(k_step_pad, scene, {{"left", 40}});
    Job job;
    ASSERT_TRUE(run_step(k_step_databar, scene, {{"bar_length_nm", 2000.0}}, job).has_value());
    Channel const& channel = turned_channel(scene);
    Affine to_now = channel.to_recorded.inverse();
    Point a = centroid(first_plane(scene), to_now({356 - 1000 / px, 242}), 14),
          b = centroid(first_plane(scene), to_now({356 + 1000 / px, 242}), 14);
    double bar_px = test::number_of(test::find_note(job, "scale_bar_px"));
    EXPECT_NEAR(std::fabs(a.x - b.x), bar_px, 0.2);
    EXPECT_NEAR(a.y, b.y, 0.2);
    EXPECT_NEAR(bar_px, 2000 / (px / 0.83), 1e-6);
}

TEST(Crop, KeepsTheChosenPixels) {
    Scene scene = scene_of({30, 20}, numbered, 10, 12);
    run_ok(k_step_crop, scene, {{"left", 4}, {"top", 3}, {"width", 10}});
    EXPECT_EQ(turned_channel(scene).size(), (Size{10, 17}));
    EXPECT_FLOAT_EQ(first_plane(scene).at(2, 5), static_cast<float>(numbered(6, 8)));
    Point p = turned_channel(scene).to_recorded({0, 0});
    EXPECT_EQ(p.x, 4);
    EXPECT_EQ(p.y, 3);
    EXPECT_EQ(turned_channel(scene).pixel_size_x_nm->value, 10);
}

TEST(Crop, ThatBeginsOutsideSaysSo) {
    Scene scene = scene_of({30, 20}, numbered);
    Job job;
    Status status = run_step(k_step_crop, scene, {{"left", 30}}, job);
    ASSERT_FALSE(status.has_value());
    EXPECT_NE(status.error().message.find("30 \u00D7 20"), std::string::npos);
}

TEST(Pad, MarksItsMarginAsOutside) {
    Scene scene = scene_of({5, 4}, numbered);
    run_ok(k_step_pad, scene, {{"left", 2}, {"bottom", 3}, {"grey", 40.0}});
    Channel const& channel = turned_channel(scene);
    ASSERT_EQ(channel.size(), (Size{7, 7}));
    ASSERT_TRUE(channel.mask);
    for (int y = 0; y < 7; ++y)
        for (int x = 0; x < 7; ++x) {
            bool inside = x >= 2 && y < 4;
            EXPECT_EQ(channel.mask->at(x, y), inside ? 0 : k_mask_outside);
            EXPECT_FLOAT_EQ(first_plane(scene).at(x, y), inside ? static_cast<float>(numbered(x - 2, y)) : 0.4F);
        }
}

TEST(Orient, MovesPixelsAsItSays) {
    struct {
        char const* turn;
        bool horizontally, vertically;
        Size size;
        Point corner; ///< recorded place of the new upper left pixel
    } cases[] = {{"0", false, false, {3, 2}, {0, 0}},   {"90", false, false, {2, 3}, {0, 1}},
                 {"180", false, false, {3, 2}, {2, 1}}, {"270", false, false, {2, 3}, {2, 0}},
                 {"0", true, false, {3, 2}, {2, 0}},    {"0", false, true, {3, 2}, {0, 1}},
                 {"90", true, false, {2, 3}, {0, 0}}};
    for (auto const& c : cases) {
        Scene scene = scene_of({3, 2}, numbered, 10, 12);
        turned_channel(scene).mask = std::make_shared<Mask const>(std::move(Mask::filled({3, 2}, 1)).value());
        run_ok(k_step_orient, scene,
               {{"turn", Key{c.turn}}, {"flip_horizontally", c.horizontally}, {"flip_vertically", c.vertically}});
        Channel const& channel = turned_channel(scene);
        ASSERT_EQ(channel.size(), c.size) << c.turn;
        EXPECT_EQ(channel.mask->size(), c.size);
        EXPECT_EQ(channel.pixel_size_x_nm->value, c.size.width == 3 ? 10 : 12);
        Point first = channel.to_recorded({0, 0});
        EXPECT_EQ(first.x, c.corner.x) << c.turn;
        EXPECT_EQ(first.y, c.corner.y) << c.turn;
        for (int y = 0; y < c.size.height; ++y)
            for (int x = 0; x < c.size.width; ++x) {
                Point from = channel.to_recorded({double(x), double(y)});
                EXPECT_EQ(first_plane(scene).at(x, y), static_cast<float>(numbered(int(from.x), int(from.y))));
            }
    }
}

TEST(Halve, DoublesThePixelSizeExactly) {
    Scene scene = scene_of({101, 67}, numbered, 7.3, 8.1);
    run_ok(k_step_halve, scene);
    EXPECT_EQ(turned_channel(scene).size(), (Size{50, 33}));
    EXPECT_EQ(turned_channel(scene).pixel_size_x_nm->value, 14.6);
    EXPECT_EQ(turned_channel(scene).pixel_size_y_nm->value, 16.2);
    Point p = turned_channel(scene).to_recorded({0, 0});
    EXPECT_EQ(p.x, 0.5);
}

TEST(Halve, InAutomaticModeTakesLargeImagesOfHighMagnificationOnly) {
    for (bool large : {true, false})
        for (double magnification : {500.0, 501.0}) {
            Scene scene = scene_of({large ? 1001 : 1000, 8}, numbered);
            turned_channel(scene).metadata.acquisition.magnification = Sourced<double>{magnification, "test"};
            run_ok(k_step_halve, scene, {{"mode", Key{"auto"}}});
            EXPECT_EQ(turned_channel(scene).size().width < 1000, large && magnification > 500);
        }
}

TEST(Halve, LeavesAnImageOfOneRowAlone) {
    Scene scene = scene_of({9, 1}, numbered);
    run_ok(k_step_halve, scene);
    EXPECT_EQ(turned_channel(scene).size(), (Size{9, 1}));
}

TEST(Rotate, MakesPixelsSquareAndMarksTheOutside) {
    Scene scene = scene_of(
        {60, 40}, [](int, int) { return 0.5; }, 10, 11);
    run_ok(k_step_rotate, scene, {{"angle_deg", 30.0}});
    Channel const& channel = turned_channel(scene);
    EXPECT_EQ(channel.pixel_size_x_nm->value, 10);
    EXPECT_EQ(channel.pixel_size_y_nm->value, 10);
    // 600 x 440 nm turned by 30 degrees: 600 cos + 440 sin by 600 sin + 440 cos.
    EXPECT_EQ(channel.size(), (Size{74, 69}));
    EXPECT_EQ(channel.mask->at(0, 0), k_mask_outside);
    EXPECT_EQ(first_plane(scene).at(0, 0), 0);
    EXPECT_EQ(channel.mask->at(37, 34), 0);
    EXPECT_NEAR(first_plane(scene).at(37, 34), 0.5, 1e-5);
}

TEST(Rotate, InsideHoldsNothingButPicture) {
    for (double angle : {3.0, -12.0, 30.0, 45.0, 80.0, 90.0, 100.0, 200.0})
        for (Size size : {Size{60, 40}, Size{40, 60}, Size{200, 20}, Size{50, 50}}) {
            Scene scene = scene_of(size, [](int, int) { return 0.5; });
            run_ok(k_step_rotate, scene, {{"angle_deg", angle}, {"frame", Key{"inside"}}});
            Plane const& plane = first_plane(scene);
            for (int y : {0, plane.height() - 1})
                for (int x : {0, plane.width() - 1}) EXPECT_GT(plane.at(x, y), 0.4F) << angle << ": a corner";
            EXPECT_GT(plane.size().area(), size.area() / 25) << angle;
        }
}

TEST(SquarePixels, StretchesTheCoarserAxisAtTheExactPitch) {
    Scene scene = scene_of({712, 484}, numbered, 15.914, 17.562);
    Job job;
    ASSERT_TRUE(run_step(k_step_square_pixels, scene, {}, job).has_value());
    Channel const& channel = turned_channel(scene);
    EXPECT_EQ(channel.size(), (Size{712, 534}));
    EXPECT_EQ(channel.pixel_size_x_nm->value, 15.914);
    EXPECT_EQ(channel.pixel_size_y_nm->value, 15.914);
    EXPECT_NEAR(channel.to_recorded.d, 15.914 / 17.562, 1e-12);
    EXPECT_EQ(test::find_note(job, "ratio")->text, "15.91 \u00D7 17.56 \u2192 15.91 nm/px");

    Scene flat = scene_of({100, 200}, numbered, 20, 10);
    run_ok(k_step_square_pixels, flat);
    EXPECT_EQ(turned_channel(flat).size(), (Size{200, 200}));
    EXPECT_EQ(turned_channel(flat).pixel_size_x_nm->value, 10);
    Scene kept = scene_of({100, 200}, numbered, 20, 10);
    run_ok(k_step_square_pixels, kept, {{"target", Key{"horizontal"}}});
    EXPECT_EQ(turned_channel(kept).size(), (Size{100, 100}));
}

TEST(SquarePixels, LeavesUncalibratedImagesAloneUnlessAskedTo) {
    Scene scene = scene_of({50, 91}, numbered);
    run_ok(k_step_square_pixels, scene);
    EXPECT_EQ(turned_channel(scene).size(), (Size{50, 91}));
    Job job;
    ASSERT_TRUE(run_step(k_step_square_pixels, scene, {{"use_fallback", true}}, job).has_value());
    EXPECT_EQ(turned_channel(scene).size(), (Size{50, 100}));
    EXPECT_NE(test::find_note(job, "ratio")->text.find("assumed"), std::string::npos);
}

TEST(SquarePixels, CompatibleEqualsThePythonToolsAndStaysTrue) {
    // scipy.ndimage.zoom(a, [1/.91, 1], order=1) of a 484-row image has 532 rows.
    Scene scene = scene_of(
        {3, 484}, [](int x, int y) { return (7 * y + 3 * x) % 17 / 16.0; }, 15.914, 17.562);
    run_ok(k_step_square_pixels, scene, {{"compatible", true}});
    Channel const& channel = turned_channel(scene);
    ASSERT_EQ(channel.size(), (Size{3, 532}));
    for (int y : {0, 1, 100, 531}) {
        double at = y * 483.0 / 531.0;
        int below = std::min(static_cast<int>(at), 482);
        auto value = [](int row) { return (7 * row + 3) % 17 / 16.0; };
        EXPECT_NEAR(first_plane(scene).at(1, y), value(below) + (at - below) * (value(below + 1) - value(below)), 2e-5);
    }
    EXPECT_NEAR(channel.pixel_size_y_nm->value, 17.562 * 483 / 531, 1e-9) << "the true size, not a wished-for one";
}

TEST(Scale, HasTheExactFactor) {
    Scene scene = scene_of({101, 67}, numbered, 10, 12);
    run_ok(k_step_scale, scene, {{"factor", 1.37}});
    EXPECT_EQ(turned_channel(scene).size(), (Size{138, 92}));
    EXPECT_NEAR(turned_channel(scene).pixel_size_x_nm->value, 10 / 1.37, 1e-12);
    EXPECT_NEAR(turned_channel(scene).pixel_size_y_nm->value, 12 / 1.37, 1e-12);
}

TEST(Scale, BeyondTheLimitIsAnError) {
    Scene scene = scene_of({4000, 3000}, [](int, int) { return 0; });
    Job job;
    EXPECT_FALSE(run_step(k_step_scale, scene, {{"factor", 20.0}}, job).has_value());
}

TEST(Geometry, PixelLengthsMeanFullResolutionInAPreview) {
    Scene scene = scene_of({100, 80}, numbered, 10, 10);
    scene.preview_scale = 0.5;
    run_ok(k_step_crop, scene, {{"left", 20}, {"width", 100}});
    EXPECT_EQ(turned_channel(scene).size(), (Size{50, 80}));
    run_ok(k_step_pad, scene, {{"top", 10}});
    EXPECT_EQ(turned_channel(scene).size(), (Size{50, 85}));
}

} // namespace
} // namespace mg
