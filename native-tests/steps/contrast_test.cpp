#include "steps/geometry_support.h"
#include "support/plane_maker.h"

namespace mg {
extern Step const k_step_contrast;
namespace {

using namespace test;

/// 0.2 to 0.7 in even steps over 1000 pixels.
double ramp(int x, int y) {
    return 0.2 + 0.5 * (y * 40 + x) / 999.0;
}
Scene ramp_scene() {
    Scene scene = scene_of({40, 25}, ramp);
    scene.channels[0].range = {0, 255};
    return scene;
}

TEST(ContrastStep, ClipsTheTenthOfAPerCentAtEitherEnd) {
    Scene scene = ramp_scene();
    Job job;
    ASSERT_TRUE(run_step(k_step_contrast, scene, {}, job));
    double const low = ramp(1, 0), high = ramp(38, 24);
    EXPECT_NEAR(number_of(find_note(job, "low")), low, 1e-6);
    EXPECT_NEAR(number_of(find_note(job, "high")), high, 1e-6);
    for (int y = 0; y < 25; ++y)
        for (int x = 0; x < 40; ++x)
            ASSERT_NEAR(scene.channels[0].planes[0]->at(x, y), std::clamp((ramp(x, y) - low) / (high - low), 0.0, 1.0),
                        3e-6);
    EXPECT_EQ(find_note(job, "low")->text, "black 51.1, white 178.4");
    EXPECT_EQ(find_note(job, "clipped")->text, "0.10 % below, 0.10 % above");
}

TEST(ContrastStep, OneHotPixelTakesNothingOfTheRange) {
    Scene scene = scene_of({40, 50}, [](int x, int y) { return x == 7 && y == 7 ? 1.0 : ramp(x, y % 25) * 0.1; });
    Job job;
    ASSERT_TRUE(run_step(k_step_contrast, scene, {}, job));
    EXPECT_LT(number_of(find_note(job, "high")), 0.0701);
}

TEST(ContrastStep, CompatibleIsThePythonStretch) {
    // im -= im.min(); im /= im.max(); numpy.clip(im, 0, 1)
    Plane const plane = quoted_plane();
    Scene scene = scene_of(plane.size(), [&](int x, int y) { return 0.1 + 0.5 * double{plane.at(x, y)}; });
    run_ok(k_step_contrast, scene, {{"compatible", true}});
    float const low = *std::min_element(plane.data(), plane.data() + 63),
                high = *std::max_element(plane.data(), plane.data() + 63);
    for (int i = 0; i < 63; ++i)
        ASSERT_NEAR(scene.channels[0].planes[0]->data()[i],
                    (double{plane.data()[i]} - double{low}) / (double{high} - double{low}), 1e-6);
}

TEST(ContrastStep, ColoursShareTheirLevels) {
    Scene scene = ramp_scene();
    PlanePtr const ramps = scene.channels[0].planes[0];
    PlanePtr const dark = std::make_shared<Plane const>(std::move(Plane::filled({40, 25}, 0.1f)).value());
    scene.channels[0].planes = {dark, ramps, ramps};
    run_ok(k_step_contrast, scene, {{"method", Key{"min_max"}}});
    EXPECT_EQ(scene.channels[0].planes[0]->at(3, 3), 0);
    EXPECT_NEAR(scene.channels[0].planes[1]->at(0, 0), 0.1 / 0.6, 1e-6);
    EXPECT_NEAR(scene.channels[0].planes[2]->at(39, 24), 1, 1e-6);
}

TEST(ContrastStep, FixedLevelsAreTheSameForEveryImage) {
    Scene scene = ramp_scene();
    run_ok(k_step_contrast, scene, {{"method", Key{"fixed"}}, {"low", 0.0}, {"high", 0.5}});
    EXPECT_NEAR(scene.channels[0].planes[0]->at(0, 0), 0.4, 1e-6);
    EXPECT_EQ(scene.channels[0].planes[0]->at(39, 24), 1);
}

TEST(ContrastStep, ExemptDetectorsKeepTheirBlackAndWhite) {
    for (char const* detector : {"CL", "SE"}) {
        Scene scene = ramp_scene();
        scene.channels[0].metadata.acquisition.detector = {detector, "header"};
        Job job;
        ASSERT_TRUE(run_step(k_step_contrast, scene, {{"exempt_detectors", "Aux, cl"}}, job));
        bool const exempt = std::string(detector) == "CL";
        EXPECT_EQ(std::fabs(scene.channels[0].planes[0]->at(0, 0) - 0.2f) < 1e-6f, exempt);
        EXPECT_EQ(find_note(job, "low") == nullptr, exempt); // takes no part in common levels
    }
}

TEST(ContrastStep, DrawingsDoNotCountAndBecomeWhite) {
    Scene scene = scene_of({40, 25}, [](int x, int y) { return y == 3 ? 0.9 : ramp(x, y); });
    Mask mask = std::move(Mask::filled({40, 25}, 0)).value();
    for (int x = 0; x < 40; ++x) mask.at(x, 3) = k_mask_drawing;
    scene.channels[0].mask = std::make_shared<Mask const>(std::move(mask));
    Job job;
    ASSERT_TRUE(run_step(k_step_contrast, scene, {{"method", Key{"min_max"}}, {"gamma", 2.0}}, job));
    EXPECT_NEAR(number_of(find_note(job, "high")), 0.7, 1e-6);
    EXPECT_EQ(scene.channels[0].planes[0]->at(5, 3), 1);
    EXPECT_NEAR(scene.channels[0].planes[0]->at(39, 24), 1, 1e-6);
}

TEST(ContrastStep, AConstantPictureKeepsItsRecordedValue) {
    for (char const* method : {"percentile", "min_max"}) {
        Scene scene = scene_of({9, 9}, [](int, int) { return 0.25; });
        run_ok(k_step_contrast, scene, {{"method", Key{method}}});
        EXPECT_EQ(scene.channels[0].planes[0]->at(4, 4), 0.25f);
    }
}

TEST(ContrastStep, LinkedLevelsCanBeMeasuredAndFixed) {
    ASSERT_EQ(k_step_contrast.linkable.size(), 2u);
    Scene a = ramp_scene(), b = ramp_scene();
    Job job;
    ASSERT_TRUE(run_step(k_step_contrast, a, {{"linked", true}}, job));
    double const low = number_of(find_note(job, "low")), high = number_of(find_note(job, "high"));
    run_ok(k_step_contrast, b, {{"method", Key{"fixed"}}, {"low", low}, {"high", high}});
    EXPECT_TRUE(same_pixels(*a.channels[0].planes[0], *b.channels[0].planes[0]));
}

} // namespace
} // namespace mg
