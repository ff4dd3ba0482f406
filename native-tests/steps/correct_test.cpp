#include "steps/geometry_support.h"

namespace mg {
extern Step const k_step_correct;
namespace {

using namespace test;

Scene recorded_scene() {
    Scene scene = scene_of(
        {4, 3}, [](int, int) { return 0.5; }, 16, 18);
    Acquisition& facts = scene.channels[0].metadata.acquisition;
    facts.pixel_size_x_nm = {16, "header"};
    facts.pixel_size_y_nm = {18, "header"};
    facts.detector = {"SE", "header"};
    facts.databar_rows = {40, "header"};
    return scene;
}

TEST(Correct, ChangesNothingByDefault) {
    Scene scene = recorded_scene();
    run_ok(k_step_correct, scene);
    Acquisition const& facts = scene.channels[0].metadata.acquisition;
    EXPECT_EQ(facts.pixel_size_x_nm->source, "header");
    EXPECT_EQ(facts.detector->value, "SE");
    EXPECT_EQ(facts.databar_rows->value, 40);
    EXPECT_FALSE(facts.beam_energy_kv || facts.sample || facts.wavelength_nm);
    EXPECT_EQ(scene.channels[0].pixel_size_y_nm->value, 18);
}

TEST(Correct, WritesEachValueWithItsSource) {
    Scene scene = recorded_scene();
    run_ok(k_step_correct, scene,
           {{"beam_energy_kv", 15.0},
            {"working_distance_mm", 9.5},
            {"magnification", 2000.0},
            {"spot_size", 3.0},
            {"detector", "CL"},
            {"wavelength_nm", 420.0},
            {"sample", " AB 01 "},
            {"author", "FH"},
            {"acquired", "2025-04-10"},
            {"instrument", "XL30"},
            {"databar_rows", 0}});
    Acquisition const& facts = scene.channels[0].metadata.acquisition;
    EXPECT_EQ(facts.beam_energy_kv->value, 15);
    EXPECT_EQ(facts.beam_energy_kv->source, "corrected by you");
    EXPECT_EQ(facts.working_distance_mm->value, 9.5);
    EXPECT_EQ(facts.magnification->value, 2000);
    EXPECT_EQ(facts.spot_size->value, 3);
    EXPECT_EQ(facts.detector->value, "CL");
    EXPECT_EQ(facts.wavelength_nm->value, 420);
    EXPECT_EQ(facts.sample->value, "AB 01");
    EXPECT_EQ(facts.author->value, "FH");
    EXPECT_EQ(facts.acquired->value, "2025-04-10");
    EXPECT_EQ(facts.instrument->value, "XL30");
    EXPECT_EQ(facts.databar_rows->value, 0);
}

TEST(Correct, AWidthAloneKeepsTheProportionOfThePixel) {
    Scene scene = recorded_scene();
    run_ok(k_step_correct, scene, {{"pixel_size_x_nm", 32.0}});
    EXPECT_EQ(scene.channels[0].pixel_size_x_nm->value, 32);
    EXPECT_NEAR(scene.channels[0].pixel_size_y_nm->value, 36, 1e-12);
    EXPECT_EQ(scene.channels[0].pixel_size_y_nm->source, "corrected by you");
}

TEST(Correct, AKnownLengthGivesThePixelSizeOfAFileWithoutAny) {
    Scene scene = scene_of({4, 3}, [](int, int) { return 0.5; });
    run_ok(k_step_correct, scene, {{"known_length_nm", 2000.0}, {"known_length_px", 125.0}});
    EXPECT_EQ(scene.channels[0].pixel_size_x_nm->value, 16);
    EXPECT_EQ(scene.channels[0].pixel_size_y_nm->value, 16);
}

TEST(Correct, APreviewOfHalfTheSizeHasPixelsOfTwiceTheWidth) {
    Scene scene = scene_of({4, 3}, [](int, int) { return 0.5; });
    scene.preview_scale = 0.5;
    run_ok(k_step_correct, scene, {{"pixel_size_x_nm", 16.0}});
    EXPECT_EQ(scene.channels[0].metadata.acquisition.pixel_size_x_nm->value, 16);
    EXPECT_EQ(scene.channels[0].pixel_size_x_nm->value, 32);

    Scene calibrated = recorded_scene();
    calibrated.preview_scale = 0.5;
    calibrated.channels[0].pixel_size_x_nm->value = 32;
    run_ok(k_step_correct, calibrated, {{"pixel_size_x_nm", 20.0}});
    EXPECT_EQ(calibrated.channels[0].pixel_size_x_nm->value, 40);
}

} // namespace
} // namespace mg
