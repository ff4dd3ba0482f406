#include "steps/materials_support.h"

namespace mg {
namespace {

using test::find_note;
using test::Key;
using test::materials_scene;
using test::run_ok;
using test::run_step;

int label_at(Scene const& scene, int x, int y) {
    return scene.materials->spread->first.at(x, y);
}

TEST(SpreadStep, CropsTheSeImageToTheMapsAndDropsThem) {
    Scene scene = materials_scene();
    Scene const before = scene;
    run_ok(k_step_spread, scene);
    ASSERT_EQ(scene.channels.size(), 1U);
    Channel const& se = scene.channels[0];
    EXPECT_EQ(se.role, Role::se_image);
    EXPECT_EQ(se.file_name, "SE01.TIF");
    EXPECT_EQ(se.size(), (Size{120, 100}));
    EXPECT_EQ(se.to_recorded, Affine::translation(10, 8));
    EXPECT_EQ(se.pixel_size_x_nm->value, 20) << "a crop changes no pixel size";
    EXPECT_EQ(se.planes[0]->at(0, 0), before.channels[0].planes[0]->at(10, 8));
    ASSERT_TRUE(scene.materials->spread);
    EXPECT_EQ(scene.materials->spread->size(), se.size());
    for (int y = 2; y < 98; ++y)
        for (int x = 2; x < 118; ++x)
            if (y < 68 || y > 72)
                if (x < 58 || x > 62)
                    ASSERT_EQ(label_at(scene, x, y), test::material_at(x / 5, y / 5)) << x << "," << y;
    EXPECT_EQ(before.channels.size(), 3U);
    EXPECT_FALSE(before.materials->spread) << "the input stays";
    Point const corner = scene.materials->spread->to_maps({0, 0});
    EXPECT_NEAR(corner.x, -0.4, 1e-9);
    EXPECT_NEAR(corner.y, -0.4, 1e-9);
}

TEST(SpreadStep, WithoutCropTheRestHasNoMaterial) {
    Scene scene = materials_scene();
    run_ok(k_step_spread, scene, {{"crop", false}});
    EXPECT_EQ(scene.channels[0].size(), (Size{140, 120}));
    EXPECT_EQ(label_at(scene, 5, 5), k_no_material);
    EXPECT_EQ(label_at(scene, 20, 20), 0);
    EXPECT_EQ(label_at(scene, 100, 20), 1);
}

TEST(SpreadStep, FollowsTheStoredPixelsOfACroppedSeImage) {
    Scene whole = materials_scene(), cut = materials_scene();
    Channel& se = cut.channels[0];
    Plane part = std::move(Plane::create({100, 90})).value();
    for (int y = 0; y < 90; ++y)
        for (int x = 0; x < 100; ++x) part.at(x, y) = se.planes[0]->at(x + 30, y + 20);
    se.planes = {std::make_shared<Plane const>(std::move(part))};
    se.to_recorded = Affine::translation(30, 20);
    run_ok(k_step_spread, whole, {{"method", Key{"nearest"}}});
    run_ok(k_step_spread, cut, {{"method", Key{"nearest"}}});
    EXPECT_EQ(cut.channels[0].size(), (Size{100, 88}));
    for (int y = 0; y < 88; ++y)
        for (int x = 0; x < 100; ++x) ASSERT_EQ(label_at(cut, x, y), label_at(whole, x + 20, y + 12));
}

TEST(SpreadStep, WithoutAnSeImageTheLabImageIsTheGround) {
    Scene scene = materials_scene();
    scene.channels.erase(scene.channels.begin());
    run_ok(k_step_spread, scene);
    ASSERT_EQ(scene.channels.size(), 1U);
    EXPECT_EQ(scene.channels[0].role, Role::lab_image);
    EXPECT_EQ(scene.channels[0].size(), test::k_map_size);
    EXPECT_EQ(label_at(scene, 3, 3), 0);
    EXPECT_EQ(label_at(scene, 20, 3), 1);
}

TEST(SpreadStep, WithoutAnyImageAnEvenGreyIsTheGround) {
    Scene scene = materials_scene();
    scene.channels.erase(scene.channels.begin());
    scene.channels.pop_back();
    scene.channels[0].pixel_size_x_nm = scene.channels[0].pixel_size_y_nm = Sourced<double>{300, "test"};
    run_ok(k_step_spread, scene);
    ASSERT_EQ(scene.channels.size(), 1U);
    EXPECT_EQ(scene.channels[0].size(), (Size{72, 60}));
    EXPECT_NEAR(scene.channels[0].pixel_size_x_nm->value, 100, 1e-9);
    EXPECT_EQ(label_at(scene, 3, 3), 0);
    EXPECT_EQ(label_at(scene, 60, 3), 1);
    EXPECT_EQ(label_at(scene, 30, 55), 2);
}

TEST(SpreadStep, SaysWhenTheMapsDoNotFitAndDoesAsAsked) {
    Scene guess = materials_scene();
    for (Channel& channel : guess.channels) channel.alignment->trust = Trust::refused;
    Scene frame = guess;
    Job job;
    ASSERT_TRUE(run_step(k_step_spread, guess, {}, job));
    ASSERT_TRUE(find_note(job, "warning"));
    EXPECT_NE(find_note(job, "warning")->text.find("SE01.TIF"), std::string::npos);
    EXPECT_EQ(guess.channels[0].size(), (Size{120, 100}));
    run_ok(k_step_spread, frame, {{"unaligned", Key{"frame"}}});
    EXPECT_EQ(frame.channels[0].size(), (Size{140, 120})) << "both frames coincide";
}

TEST(SpreadStep, MapsBesideTheImageAreAWarningNotAnError) {
    Scene scene = materials_scene();
    for (Channel& channel : scene.channels)
        channel.alignment->from_reference = Affine::translation(5000, 0).after(test::map_to_se().inverse());
    Job job;
    ASSERT_TRUE(run_step(k_step_spread, scene, {}, job));
    EXPECT_NE(find_note(job, "warning")->text.find("no part"), std::string::npos);
    EXPECT_EQ(scene.channels[0].size(), (Size{140, 120}));
}

TEST(SpreadStep, AnImpossibleMapIsReplacedByTheFrames) {
    Scene scene = materials_scene();
    for (Channel& channel : scene.channels) channel.alignment->from_reference = Affine{0, 0, 0, 0, 0, 0};
    Job job;
    ASSERT_TRUE(run_step(k_step_spread, scene, {}, job));
    EXPECT_NE(find_note(job, "warning"), nullptr);
    EXPECT_EQ(scene.channels[0].size(), (Size{140, 120}));
}

TEST(SpreadStep, ColourImagesAndDatabarsAreTakenToOnePlaneOfMicrograph) {
    Scene scene = materials_scene();
    scene.channels[0].planes.resize(3, scene.channels[0].planes[0]);
    scene.channels[0].databar_rows_px = 10;
    run_ok(k_step_spread, scene);
    EXPECT_EQ(scene.channels[0].planes.size(), 1U);
    EXPECT_EQ(scene.channels[0].databar_rows_px, 0);
    EXPECT_EQ(scene.channels[0].size(), (Size{120, 100}));
}

TEST(SpreadStep, LeavesAloneWhatHasNoMaterials) {
    Scene scene = materials_scene();
    scene.materials.reset();
    run_ok(k_step_spread, scene);
    EXPECT_EQ(scene.channels.size(), 3U);
}

} // namespace
} // namespace mg
