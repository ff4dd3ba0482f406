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

TEST(Correct, ASlantedLengthCountsBothDirectionsOfPixelsThatAreNotSquare) {
    Scene square = scene_of({4, 3}, [](int, int) { return 0.5; });
    run_ok(k_step_correct, square,
           {{"known_length_nm", 1000.0}, {"known_length_px", 30.0}, {"known_length_rows_px", 40.0}});
    EXPECT_EQ(square.channels[0].pixel_size_x_nm->value, 20);
    EXPECT_EQ(square.channels[0].pixel_size_y_nm->value, 20);

    // Pixels of 16 x 18 nm: 27 columns and 32 rows are 27 and 36 pixel widths, 45 along the slope.
    Scene scene = recorded_scene();
    run_ok(k_step_correct, scene,
           {{"known_length_nm", 900.0}, {"known_length_px", 27.0}, {"known_length_rows_px", 32.0}});
    EXPECT_NEAR(scene.channels[0].pixel_size_x_nm->value, 20, 1e-12);
    EXPECT_NEAR(scene.channels[0].pixel_size_y_nm->value, 22.5, 1e-12);

    Scene upright = recorded_scene();
    run_ok(k_step_correct, upright, {{"known_length_nm", 360.0}, {"known_length_rows_px", 10.0}});
    EXPECT_NEAR(upright.channels[0].pixel_size_y_nm->value, 36, 1e-12);
}

TEST(Correct, AMicroscopePresetGivesThePixelSizeOfAFileWithAMagnificationOnly) {
    Scene scene = scene_of({1280, 2}, [](int, int) { return 0.5; });
    scene.channels[0].metadata.acquisition.magnification = {1000, "header"};
    std::vector<Setting> const preset = {{"microscope", "XL 30"},
                                                               {"microscope_width_mm", 128.0},
                                                               {"microscope_aspect", 0.8}};
    run_ok(k_step_correct, scene, preset);
    EXPECT_NEAR(scene.channels[0].pixel_size_x_nm->value, 100, 1e-12);
    EXPECT_NEAR(scene.channels[0].pixel_size_y_nm->value, 125, 1e-12);
    EXPECT_EQ(scene.channels[0].pixel_size_x_nm->source, "microscope preset XL 30: 128 mm / magnification");

    // A preview of half the size shows the same field.
    Scene half = scene_of({640, 1}, [](int, int) { return 0.5; });
    half.preview_scale = 0.5;
    half.channels[0].metadata.acquisition.magnification = {1000, "header"};
    run_ok(k_step_correct, half, preset);
    EXPECT_NEAR(half.channels[0].metadata.acquisition.pixel_size_x_nm->value, 100, 1e-12);
    EXPECT_NEAR(half.channels[0].pixel_size_x_nm->value, 200, 1e-12);

    // Without a magnification there is nothing to go by.
    Scene none = scene_of({1280, 2}, [](int, int) { return 0.5; });
    run_ok(k_step_correct, none, preset);
    EXPECT_FALSE(none.channels[0].pixel_size_x_nm);
}

TEST(Correct, AMicroscopePresetYieldsToTheFileUnlessToldOtherwise) {
    Scene scene = recorded_scene();
    scene.channels[0].metadata.acquisition.magnification = {1e6, "header"};
    run_ok(k_step_correct, scene, {{"microscope_width_mm", 128.0}});
    EXPECT_EQ(scene.channels[0].pixel_size_x_nm->value, 16);
    run_ok(k_step_correct, scene, {{"microscope_width_mm", 128.0}, {"microscope_first", true}});
    EXPECT_NEAR(scene.channels[0].pixel_size_x_nm->value, 32, 1e-12);
    EXPECT_EQ(scene.channels[0].pixel_size_x_nm->source, "microscope preset: 128 mm / magnification");
}

struct Tilted {
    double tilt = 0, scan_rotation = 0, corrected = 0;
};
Scene tilted_scene(Tilted const& t) {
    Scene scene = recorded_scene();
    Acquisition& facts = scene.channels[0].metadata.acquisition;
    facts.stage_tilt_deg = {t.tilt, "header"};
    facts.scan_rotation_deg = {t.scan_rotation, "header"};
    if (t.corrected != 0) facts.tilt_correction_deg = {t.corrected, "header"};
    return scene;
}

TEST(Correct, TheTiltGrowsThePixelAcrossItsAxis) {
    for (double rotation : {0.0, 180.0, 360.0, -180.0}) {
        Scene scene = tilted_scene({.tilt = 60, .scan_rotation = rotation});
        run_ok(k_step_correct, scene, {{"tilt", Key{"surface"}}});
        EXPECT_EQ(scene.channels[0].pixel_size_x_nm->value, 16);
        EXPECT_NEAR(scene.channels[0].pixel_size_y_nm->value, 36, 1e-12) << rotation;
        EXPECT_EQ(scene.channels[0].pixel_size_y_nm->source, "test / cos 60\u00B0 (stage tilt)");
        EXPECT_EQ(scene.channels[0].metadata.acquisition.pixel_size_y_nm->source, "header / cos 60\u00B0 (stage tilt)");
    }
    for (double rotation : {90.0, 270.0, -90.0}) {
        Scene scene = tilted_scene({.tilt = -60, .scan_rotation = rotation});
        run_ok(k_step_correct, scene, {{"tilt", Key{"surface"}}});
        EXPECT_NEAR(scene.channels[0].pixel_size_x_nm->value, 32, 1e-12) << rotation;
        EXPECT_EQ(scene.channels[0].pixel_size_y_nm->value, 18);
    }
    Scene section = tilted_scene({.tilt = 30});
    run_ok(k_step_correct, section, {{"tilt", Key{"cross_section"}}});
    EXPECT_NEAR(section.channels[0].pixel_size_y_nm->value, 36, 1e-12);
    Scene given = tilted_scene({.tilt = 10});
    run_ok(k_step_correct, given, {{"tilt", Key{"surface"}}, {"tilt_deg", 60.0}});
    EXPECT_NEAR(given.channels[0].pixel_size_y_nm->value, 36, 1e-12);
}

TEST(Correct, ATiltThatCannotBeCorrectedIsRefusedInWords) {
    struct Case {
        Tilted tilted;
        char const* mode;
        char const* words;
    };
    for (Case const& c : {Case{{.tilt = 52, .corrected = 52}, "surface", "has corrected for 52\u00B0 already"},
                          Case{{.tilt = 80}, "surface", "too steep"},
                          Case{{.tilt = 10}, "cross_section", "too little"},
                          Case{{.tilt = 52, .scan_rotation = 45}, "surface", "turned by 45\u00B0"}}) {
        Scene scene = tilted_scene(c.tilted);
        Job job;
        ASSERT_TRUE(run_step(k_step_correct, scene, {{"tilt", Key{c.mode}}}, job));
        EXPECT_EQ(scene.channels[0].pixel_size_x_nm->value, 16) << c.words;
        EXPECT_EQ(scene.channels[0].pixel_size_y_nm->value, 18) << c.words;
        ASSERT_EQ(job.notes().size(), 1u) << c.words;
        EXPECT_NE(job.notes()[0].text.find(c.words), std::string::npos) << job.notes()[0].text;
    }
    Scene unknown = recorded_scene();
    Job job;
    ASSERT_TRUE(run_step(k_step_correct, unknown, {{"tilt", Key{"surface"}}}, job));
    ASSERT_EQ(job.notes().size(), 1u);
    EXPECT_NE(job.notes()[0].text.find("states no tilt"), std::string::npos);
    EXPECT_EQ(unknown.channels[0].pixel_size_y_nm->value, 18);
}

} // namespace
} // namespace mg
