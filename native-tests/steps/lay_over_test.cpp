// The step that lays maps over the SE image: what it hands to the registration, and what it makes of the answer.
#include <cmath>

#include "steps/geometry.h"
#include "steps/geometry_support.h"
#include "steps/step_support.h"
#include "support/plane_maker.h"
#include "support/texture.h"

namespace mg {
extern Step const k_step_lay_over;
namespace {

using namespace test;

constexpr Size k_se_size{420, 300}, k_lab_size{84, 60};

double brightness(Point p) {
    static Texture const texture(3, 40, 140, 12);
    return texture(p) > 0.4 ? 0.8 : texture({p.y + 900, p.x}) > 0.5 ? 0.3 : 0.5;
}

/// Pixel of the Lab image -> pixel of the SE image.
Affine lab_to_se() {
    double const p = 1.05 * 5;
    return {p, 0, 209.5 + 8 - p * 41.5, 0, p, 149.5 - 6 - p * 29.5};
}
Affine truth() {
    return lab_to_se().inverse();
}

Channel se_channel() {
    static Plane const made = [] {
        Random random(1);
        return plane_of(k_se_size, [&](int x, int y) {
            return brightness({double(x), double(y)}) + 0.03 * random.gaussian();
        });
    }();
    return channel_of("SE01.TIF", copy_of(made), Role::se_image);
}
Channel lab_channel() {
    Random random(2);
    Plane plane = plane_of(k_lab_size, [&](int x, int y) {
        double sum = 0;
        for (int j = -1; j <= 1; ++j)
            for (int i = -1; i <= 1; ++i) sum += brightness(lab_to_se()({x + i / 3.0, y + j / 3.0})) / 9;
        return sum + 0.02 * random.gaussian();
    });
    return channel_of("map_Lab1.bmp", std::move(plane), Role::lab_image);
}
Channel map_channel(std::string name, Size size) {
    return channel_of(std::move(name), plane_of(size, [](int x, int y) { return (x * 7 + y * 3) % 5 / 10.0; }),
                      Role::element_map);
}
Channel noise(std::string name, Role role) {
    Random random(9);
    return channel_of(std::move(name), plane_of(k_lab_size, [&](int, int) { return random.uniform(); }), role);
}

Scene usual() {
    Scene scene;
    scene.channels.push_back(map_channel("map_AlK.bmp", k_lab_size));
    scene.channels.push_back(se_channel());
    scene.channels.push_back(lab_channel());
    scene.channels.push_back(map_channel("map_SiK.bmp", {42, 60}));
    return scene;
}

Job laid_over(Scene& scene, std::vector<Setting> const& settings = {}) {
    Job job;
    Status const status = run_step(k_step_lay_over, scene, settings, job);
    EXPECT_TRUE(status) << status.error().message;
    return job;
}

/// Largest distance between two maps of the SE image's pixels, in pixels that they lead to.
double error_px(Channel const& channel, Affine const& wanted) {
    EXPECT_TRUE(channel.alignment.has_value()) << channel.file_name;
    double most = 0;
    for (double const x : {0.0, k_se_size.width - 1.0})
        for (double const y : {0.0, k_se_size.height - 1.0}) {
            Point const p = channel.alignment->from_reference({x, y}), q = wanted({x, y});
            most = std::max(most, std::hypot(p.x - q.x, p.y - q.y));
        }
    return most;
}
/// Pixels of the Lab image -> those of a map of half as many columns over the same frame.
Affine to_half_width() {
    return {0.5, 0, -0.25, 0, 1, 0};
}

TEST(LayOver, LaysMapsAndLabImageOverTheSeImageByTheirFrame) {
    Scene scene = usual();
    std::vector<PlanePtr> before;
    for (Channel const& channel : scene.channels) before.push_back(channel.planes.front());
    Job const job = laid_over(scene);
    EXPECT_EQ(trust_of(scene.channels[1]), Trust::reference);
    EXPECT_EQ(scene.channels[1].alignment->from_reference, Projective());
    for (std::size_t i : {0, 2, 3}) {
        EXPECT_EQ(trust_of(scene.channels[i]), Trust::accepted) << scene.channels[i].alignment->reason;
        EXPECT_GT(scene.channels[i].alignment->residual_px, 0);
        EXPECT_LT(scene.channels[i].alignment->residual_px, 0.5);
    }
    EXPECT_LT(error_px(scene.channels[0], truth()), 0.05);
    EXPECT_LT(error_px(scene.channels[2], truth()), 0.05);
    EXPECT_LT(error_px(scene.channels[3], to_half_width().after(truth())), 0.05);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(scene.channels[i].planes.front(), before[i]);
    EXPECT_EQ(warnings_of(job), "");
    Note const* note = find_note(job, "placement");
    ASSERT_NE(note, nullptr);
    EXPECT_TRUE(has(note->text, "the maps cover 1.05")) << note->text;
    EXPECT_TRUE(has(note->text, "shifted by +8.")) << note->text;
    EXPECT_TRUE(has(note->text, "found through the Lab image; expected error 0.")) << note->text;
    EXPECT_NEAR(number_of(note), 1.05, 0.002);
}

TEST(LayOver, CroppingTheSeImageMovesNothing) {
    Scene scene = usual();
    run_ok(k_step_crop, scene, {{"left", 0}});
    ASSERT_TRUE(crop_channel(scene.channels[1], {24, 20, 380, 270}));
    laid_over(scene);
    EXPECT_EQ(trust_of(scene.channels[2]), Trust::accepted) << scene.channels[2].alignment->reason;
    EXPECT_LT(error_px(scene.channels[2], truth()), 0.08);
}

TEST(LayOver, WhatIsRefusedIsShownInTheMiddle) {
    Scene scene;
    scene.channels.push_back(se_channel());
    scene.channels.push_back(noise("map_Lab1.bmp", Role::lab_image));
    scene.channels.push_back(noise("map_AlK.bmp", Role::element_map));
    Job const job = laid_over(scene, {{"start_scale", 1.0}});
    for (std::size_t i : {1, 2}) {
        EXPECT_EQ(trust_of(scene.channels[i]), Trust::refused);
        EXPECT_NE(scene.channels[i].alignment->reason, "");
        EXPECT_LT(error_px(scene.channels[i], Affine{0.2, 0, -0.4, 0, 0.2, -0.4}), 1e-9);
    }
    EXPECT_TRUE(has(warnings_of(job), "SE01.TIF: the maps could not be laid over it: ")) << warnings_of(job);
    EXPECT_TRUE(has(warnings_of(job), "Place points by hand, or give a shift")) << warnings_of(job);
}

TEST(LayOver, AGivenShiftIsOfTheMiddles) {
    Scene scene = usual();
    Job const job = laid_over(scene, {{"shift", " 8 , -6 "}, {"start_scale", 1.05}});
    EXPECT_EQ(trust_of(scene.channels[0]), Trust::by_hand);
    EXPECT_LT(error_px(scene.channels[2], truth()), 1e-9);
    EXPECT_TRUE(has(find_note(job, "placement")->text, "shifted by +8.0, \u22126.0 px, as given"));
    for (char const* wrong : {"8", "8,", "a,b", "1,2,3", "1e300,0"}) {
        Job other;
        Status const status = run_step(k_step_lay_over, scene, {{"shift", wrong}}, other);
        ASSERT_FALSE(status) << wrong;
        EXPECT_EQ(status.error().code, ErrorCode::bad_value);
        EXPECT_TRUE(has(status.error().message, "9.4,-14.6"));
    }
}

TEST(LayOver, PointsByHandOnEitherImageDecide) {
    Affine const wanted = truth();
    auto const pair = [](Point a, Point b) {
        auto const text = [](Point p) { return std::to_string(p.x) + "," + std::to_string(p.y); };
        return " " + text(a) + "=" + text(b);
    };
    Point const spots[] = {{60, 50}, {350, 70}, {90, 250}};
    for (bool const on_se : {false, true}) {
        Scene scene = usual();
        scene.channels[2] = noise("map_Lab1.bmp", Role::lab_image);
        std::string points = on_se ? "map_SiK.bmp affine" : "SE01.TIF affine";
        for (Point const spot : spots)
            points += on_se ? pair(to_half_width()(wanted(spot)), spot) : pair(spot, wanted(spot));
        scene.channels[on_se ? 1 : 0].settings.points = points;
        Job const job = laid_over(scene);
        EXPECT_EQ(trust_of(scene.channels[0]), Trust::by_hand) << on_se;
        EXPECT_LT(error_px(scene.channels[0], wanted), 1e-4);
        EXPECT_LT(error_px(scene.channels[3], to_half_width().after(wanted)), 1e-4);
        EXPECT_TRUE(has(find_note(job, "placement")->text, "by points"));
        EXPECT_EQ(warnings_of(job), "");
    }
    Scene scene = usual();
    scene.channels[0].settings.points = "elsewhere.tif shift 1,2=3,4";
    Job const job = laid_over(scene);
    EXPECT_EQ(trust_of(scene.channels[0]), Trust::accepted);
    EXPECT_TRUE(has(warnings_of(job), "\"elsewhere.tif\", which is not the SE image")) << warnings_of(job);
}

TEST(LayOver, WithoutSeImageTheLabImageIsTheGround) {
    Scene scene = usual();
    scene.channels.erase(scene.channels.begin() + 1);
    laid_over(scene);
    EXPECT_EQ(trust_of(scene.channels[1]), Trust::reference);
    EXPECT_EQ(trust_of(scene.channels[0]), Trust::accepted);
    Point const corner = scene.channels[2].alignment->from_reference({-0.5, -0.5});
    EXPECT_NEAR(corner.x, -0.5, 1e-12);
    EXPECT_NEAR(corner.y, -0.5, 1e-12);
    EXPECT_EQ(scene.channels[2].alignment->from_reference.affine.a, 0.5);

    scene.channels.erase(scene.channels.begin() + 1);
    laid_over(scene);
    EXPECT_EQ(trust_of(scene.channels[0]), Trust::reference);
    EXPECT_EQ(trust_of(scene.channels[1]), Trust::accepted);
}

TEST(LayOver, LeavesAloneWhatIsNoMap) {
    Scene scene;
    laid_over(scene);
    scene.channels.push_back(se_channel());
    scene.channels.push_back(noise("other.tif", Role::extra));
    laid_over(scene);
    EXPECT_EQ(trust_of(scene.channels[0]), Trust::reference);
    EXPECT_FALSE(scene.channels[1].alignment.has_value());
}

} // namespace
} // namespace mg
