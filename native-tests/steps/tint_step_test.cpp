// The steps "colours" and "tint".
#include <cmath>

#include "math/colour.h"
#include "steps/materials_support.h"

namespace mg {
namespace {

using test::find_note;
using test::Key;
using test::materials_scene;
using test::run_ok;
using test::run_step;

double chroma_at(Channel const& channel, int x, int y) {
    Triple const lab = oklab_from_linear(
        linear_from_srgb({channel.planes[0]->at(x, y), channel.planes[1]->at(x, y), channel.planes[2]->at(x, y)}));
    return std::sqrt(lab[1] * lab[1] + lab[2] * lab[2]);
}
Scene spread_scene() {
    Scene scene = materials_scene();
    run_ok(k_step_spread, scene);
    run_ok(k_step_colours, scene);
    return scene;
}

TEST(ColoursStep, GivesEachMaterialAColourAndKeepsPickedOnes) {
    Scene scene = materials_scene();
    auto picked = std::make_shared<Materials>(*scene.materials);
    picked->list[1].picked = Rgb{1, 0.5F, 0};
    scene.materials = picked;
    MaterialsPtr const before = scene.materials;
    run_ok(k_step_colours, scene);
    EXPECT_EQ(scene.materials->list[1].colour, (Rgb{1, 0.5F, 0}));
    EXPECT_NE(scene.materials->list[0].colour, scene.materials->list[2].colour);
    EXPECT_NE(scene.materials->list[0].colour, Rgb{});
    EXPECT_EQ(before->list[0].colour, Rgb{}) << "the input stays";
    EXPECT_EQ(scene.materials->memberships[0], before->memberships[0]) << "planes are shared";
}

// A brush stroke that makes one material larger than another must not paint everything anew.
TEST(ColoursStep, ColoursFollowCompositionsNotAreas) {
    Scene scene = materials_scene(), turned = scene;
    auto reversed = std::make_shared<Materials>(*scene.materials);
    std::reverse(reversed->list.begin(), reversed->list.end());
    turned.materials = reversed;
    run_ok(k_step_colours, scene);
    run_ok(k_step_colours, turned);
    std::size_t const count = scene.materials->list.size();
    for (std::size_t k = 0; k < count; ++k)
        EXPECT_EQ(scene.materials->list[k].colour, turned.materials->list[count - 1 - k].colour);
}

TEST(ColoursStep, WarnsOfColoursThatSomeEyesConfuse) {
    Scene scene = materials_scene();
    auto picked = std::make_shared<Materials>(*scene.materials);
    picked->list[0].picked = Rgb{0.8F, 0.1F, 0.1F};
    picked->list[1].picked = Rgb{0.33F, 0.33F, 0.05F};
    scene.materials = picked;
    Job job;
    ASSERT_TRUE(run_step(k_step_colours, scene, {}, job));
    Note const* note = find_note(job, "colour_vision");
    ASSERT_TRUE(note);
    EXPECT_NE(note->text.find("Sapphire and Glass (protanopia)"), std::string::npos) << note->text;
    Job safe;
    Scene other = materials_scene();
    ASSERT_TRUE(run_step(k_step_colours, other, {{"palette", Key{"safe"}}}, safe));
    EXPECT_EQ(find_note(safe, "colour_vision"), nullptr);
    picked = std::make_shared<Materials>(*scene.materials);
    picked->list[1].picked = picked->list[0].picked;
    scene.materials = picked;
    Job alike;
    ASSERT_TRUE(run_step(k_step_colours, scene, {}, alike));
    EXPECT_NE(find_note(alike, "alike"), nullptr);
}

TEST(TintStep, AppendsTheCompositeWithTheFactsOfTheSeImage) {
    Scene scene = spread_scene();
    run_ok(k_step_tint, scene);
    ASSERT_EQ(scene.channels.size(), 2U);
    Channel const &se = scene.channels[0], &composite = scene.channels[1];
    EXPECT_EQ(se.role, Role::se_image);
    EXPECT_EQ(se.planes.size(), 1U) << "the SE image stays as it is";
    EXPECT_EQ(composite.role, Role::composite);
    EXPECT_EQ(composite.label, "Materials");
    EXPECT_EQ(composite.file_name, "SE01.TIF");
    EXPECT_EQ(composite.planes.size(), 3U);
    EXPECT_EQ(composite.size(), se.size());
    EXPECT_EQ(composite.to_recorded, se.to_recorded);
    EXPECT_EQ(composite.pixel_size_y_nm->value, 22);
    EXPECT_EQ(composite.metadata.acquisition.beam_energy_kv->value, 10);
    EXPECT_GT(chroma_at(composite, 40, 40), 0.03);
    EXPECT_FALSE(composite.mask);
    run_ok(k_step_tint, scene);
    EXPECT_EQ(scene.channels.size(), 2U) << "run twice";
}

TEST(TintStep, DoubtfulPixelsOfTheMapsGoGreyWhenAsked) {
    Scene scene = spread_scene(), doubt = spread_scene();
    run_ok(k_step_tint, scene);
    run_ok(k_step_tint, doubt, {{"show_uncertain", 1.0}});
    EXPECT_LT(chroma_at(doubt.channels[1], 7, 7), 2e-3);
    EXPECT_GT(chroma_at(scene.channels[1], 7, 7), 0.03);
    EXPECT_EQ(chroma_at(doubt.channels[1], 40, 40), chroma_at(scene.channels[1], 40, 40));
}

TEST(TintStep, PixelsWithoutMaterialAreBlackAndMasked) {
    Scene scene = materials_scene();
    run_ok(k_step_spread, scene, {{"crop", false}});
    run_ok(k_step_colours, scene);
    run_ok(k_step_tint, scene);
    Channel const& composite = scene.channels[1];
    for (PlanePtr const& plane : composite.planes) EXPECT_EQ(plane->at(3, 3), 0);
    ASSERT_TRUE(composite.mask);
    EXPECT_EQ(composite.mask->at(3, 3), k_mask_outside);
    EXPECT_EQ(composite.mask->at(40, 40), 0);
    EXPECT_FALSE(scene.channels[0].mask) << "the SE image shows something there";
}

TEST(TintStep, WorksOverAnEvenGroundAndTheLabImage) {
    for (int left_out = 1; left_out <= 2; ++left_out) {
        Scene scene = materials_scene();
        scene.channels.erase(scene.channels.begin());
        if (left_out == 2) scene.channels.pop_back();
        run_ok(k_step_spread, scene);
        run_ok(k_step_colours, scene);
        run_ok(k_step_tint, scene);
        ASSERT_EQ(scene.channels.size(), 2U);
        EXPECT_GT(chroma_at(scene.channels[1], 20, 3), 0.03) << left_out;
    }
}

TEST(TintStep, LeavesAloneWhatHasNoMaterials) {
    Scene scene = materials_scene();
    run_ok(k_step_tint, scene);
    EXPECT_EQ(scene.channels.size(), 3U) << "nothing was brought to the SE image";
}

} // namespace
} // namespace mg
