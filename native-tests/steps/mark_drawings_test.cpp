// Marking burned-in drawings and putting them back.
#include "steps/geometry_support.h"

namespace mg {
extern Step const k_step_mark_drawings, k_step_restore_drawings;
namespace {

using namespace test;

bool on_line(int x, int y) {
    return y == 12 && x >= 4 && x < 24;
}

Scene scene_with_line() {
    return scene_of({40, 30},
                    [](int x, int y) { return on_line(x, y) || (x == 30 && y == 20) ? 1.0 : 0.2 + 0.01 * (x % 7); });
}

TEST(MarkDrawings, MarksALineAndNotAHotPixel) {
    Scene scene = scene_with_line();
    Job job;
    ASSERT_TRUE(run_step(k_step_mark_drawings, scene, {}, job));
    Mask const& mask = *scene.channels[0].mask;
    for (int y = 0; y < 30; ++y)
        for (int x = 0; x < 40; ++x) ASSERT_EQ(mask.at(x, y), on_line(x, y) ? k_mask_drawing : 0) << x << " " << y;
    EXPECT_EQ(number_of(find_note(job, "marked_px")), 20);
    EXPECT_EQ(find_note(job, "marked_px")->text, "20 px of burned-in text or drawings");
}

TEST(MarkDrawings, KeepsMarksThatAreThere) {
    Scene scene = scene_with_line();
    Mask databar = std::move(Mask::filled({40, 30}, 0)).value();
    databar.at(5, 12) = databar.at(0, 29) = k_mask_databar;
    scene.channels[0].mask = std::make_shared<Mask const>(std::move(databar));
    run_ok(k_step_mark_drawings, scene);
    EXPECT_EQ(scene.channels[0].mask->at(5, 12), k_mask_drawing | k_mask_databar);
    EXPECT_EQ(scene.channels[0].mask->at(0, 29), k_mask_databar);
}

TEST(MarkDrawings, CompatibleMarksEveryWhitePixel) {
    Scene scene = scene_with_line();
    Job job;
    ASSERT_TRUE(run_step(k_step_mark_drawings, scene, {{"compatible", true}}, job));
    EXPECT_EQ(number_of(find_note(job, "marked_px")), 21);
}

TEST(MarkDrawings, RetouchPaintsThemOverWithTheirSurroundings) {
    Scene scene = scene_with_line();
    PlanePtr const before = scene.channels[0].planes[0];
    Job job;
    ASSERT_TRUE(run_step(k_step_mark_drawings, scene, {{"retouch", true}}, job));
    Plane const& plane = *scene.channels[0].planes[0];
    EXPECT_FALSE(scene.channels[0].mask);
    EXPECT_EQ(number_of(find_note(job, "painted_px")), 20);
    for (int y = 0; y < 30; ++y)
        for (int x = 0; x < 40; ++x)
            if (!on_line(x, y))
                ASSERT_EQ(plane.at(x, y), before->at(x, y));
            else
                ASSERT_NEAR(plane.at(x, y), 0.23, 0.031) << x; // columns are 0.20 to 0.26
    // Within the line: the mean of the three above and the three below.
    EXPECT_FLOAT_EQ(plane.at(10, 12), (0.22f + 0.23f + 0.24f) / 3);
}

TEST(MarkDrawings, SaysNothingWhenThereIsNothing) {
    Scene scene = scene_of({40, 30}, [](int, int) { return 0.3; });
    Job job;
    ASSERT_TRUE(run_step(k_step_mark_drawings, scene, {}, job));
    ASSERT_TRUE(run_step(k_step_restore_drawings, scene, {}, job));
    EXPECT_FALSE(scene.channels[0].mask);
    EXPECT_TRUE(job.notes().empty());
}

TEST(RestoreDrawings, MakesMarkedPixelsWhiteAndNoOthers) {
    Scene scene = scene_with_line();
    run_ok(k_step_mark_drawings, scene);
    Plane grey = std::move(Plane::filled({40, 30}, 0.4f)).value();
    scene.channels[0].planes[0] = std::make_shared<Plane const>(std::move(grey));
    PlanePtr const before = scene.channels[0].planes[0];
    Job job;
    ASSERT_TRUE(run_step(k_step_restore_drawings, scene, {}, job));
    Plane const& after = *scene.channels[0].planes[0];
    for (int y = 0; y < 30; ++y)
        for (int x = 0; x < 40; ++x) ASSERT_EQ(after.at(x, y), on_line(x, y) ? 1.0f : 0.4f) << x << " " << y;
    EXPECT_EQ(before->at(5, 12), 0.4f);
    EXPECT_EQ(number_of(find_note(job, "restored_px")), 20);
}

TEST(RestoreDrawings, LeavesTheVendorsDatabarAlone) {
    Scene scene = scene_of({8, 8}, [](int, int) { return 0.3; });
    scene.channels[0].mask = std::make_shared<Mask const>(std::move(Mask::filled({8, 8}, k_mask_databar)).value());
    PlanePtr const before = scene.channels[0].planes[0];
    run_ok(k_step_restore_drawings, scene);
    EXPECT_EQ(scene.channels[0].planes[0], before);
}

} // namespace
} // namespace mg
