#include "steps/geometry_support.h"

namespace mg {
namespace {

using test::Key;
using test::run_step;
using test::scene_of;

/// Noise, and a black bar with white strokes over the lowest 36 of 480 rows.
Scene with_bar(bool bar) {
    unsigned state = 3;
    return scene_of(
        {640, 480},
        [&](int x, int y) {
            state = state * 1664525U + 1013904223U;
            double grey = 40 + (state >> 8) % 160;
            if (bar && y >= 444) {
                int row = y - 444, column = x % 9;
                bool text_row = (row >= 4 && row < 16) || (row >= 20 && row < 32);
                grey = text_row && x > 6 && (column < 2 || (column < 6 && row % 5 == 0)) ? 255 : 0;
            }
            return grey / 255;
        },
        10, 10);
}
void know_rows(Scene& scene, int rows) {
    scene.channels[0].metadata.acquisition.databar_rows = Sourced<int>{rows, "header: ImageStripSize"};
}
int rows_left(Scene const& scene) {
    return scene.channels[0].size().height;
}

TEST(StripDatabar, CutsTheRowsThatTheMetadataName) {
    Scene scene = with_bar(false);
    know_rows(scene, 50);
    Job job;
    ASSERT_TRUE(run_step(k_step_strip_databar, scene, {}, job).has_value());
    EXPECT_EQ(rows_left(scene), 430);
    EXPECT_EQ(test::find_note(job, "rows")->text, "cut 50 rows: the microscope's own databar, header: ImageStripSize");
}

TEST(StripDatabar, CutsABarThatIsThereAndNothingElse) {
    Scene scene = with_bar(true);
    Job job;
    ASSERT_TRUE(run_step(k_step_strip_databar, scene, {}, job).has_value());
    EXPECT_EQ(rows_left(scene), 444);
    EXPECT_EQ(test::number_of(test::find_note(job, "rows")), 36);
    // Once gone, it is not found again.
    ASSERT_TRUE(run_step(k_step_strip_databar, scene, {}, job).has_value());
    EXPECT_EQ(rows_left(scene), 444);
    Scene picture = with_bar(false);
    ASSERT_TRUE(run_step(k_step_strip_databar, picture, {}, job).has_value());
    EXPECT_EQ(rows_left(picture), 480);
}

TEST(StripDatabar, DoesAsItIsTold) {
    Job job;
    Scene kept = with_bar(true);
    know_rows(kept, 50);
    ASSERT_TRUE(run_step(k_step_strip_databar, kept, {{"mode", Key{"keep"}}, {"rows", 20}}, job).has_value());
    EXPECT_EQ(rows_left(kept), 480);
    Scene by_hand = with_bar(true);
    know_rows(by_hand, 50);
    ASSERT_TRUE(run_step(k_step_strip_databar, by_hand, {{"rows", 20}}, job).has_value());
    EXPECT_EQ(rows_left(by_hand), 460);
    Scene none = with_bar(false);
    ASSERT_TRUE(run_step(k_step_strip_databar, none, {{"mode", Key{"strip"}}}, job).has_value());
    EXPECT_EQ(rows_left(none), 480);
    EXPECT_EQ(test::find_note(job, "rows")->text, "no databar found: nothing cut");
}

TEST(StripDatabar, KeepsTheOnlyScaleThereIsAndMasksIt) {
    for (bool known : {true, false}) {
        Scene scene = with_bar(true);
        scene.channels[0].pixel_size_x_nm.reset();
        if (known) know_rows(scene, 36);
        Job job;
        ASSERT_TRUE(run_step(k_step_strip_databar, scene, {}, job).has_value());
        ASSERT_EQ(rows_left(scene), 480);
        EXPECT_NE(test::find_note(job, "rows")->text.find("no pixel size is known"), std::string::npos);
        ASSERT_TRUE(scene.channels[0].mask);
        EXPECT_EQ(scene.channels[0].mask->at(100, 443), 0);
        EXPECT_EQ(scene.channels[0].mask->at(100, 444), k_mask_databar);
        ASSERT_TRUE(run_step(k_step_strip_databar, scene, {{"mode", Key{"strip"}}}, job).has_value());
        EXPECT_EQ(rows_left(scene), 444);
    }
}

TEST(StripDatabar, NeverTakesTheWholeImage) {
    Scene scene = with_bar(false);
    know_rows(scene, 5000);
    Job job;
    ASSERT_TRUE(run_step(k_step_strip_databar, scene, {}, job).has_value());
    EXPECT_EQ(rows_left(scene), 480);
}

} // namespace
} // namespace mg
