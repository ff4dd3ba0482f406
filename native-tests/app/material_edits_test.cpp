// What the user says about materials, carried into the recipe's texts.
#include <gtest/gtest.h>

#include "app/material_edits.h"

namespace mg::app {
namespace {

/// Sapphire (named by the user) and two that are named by their composition; four pixels.
Materials three_materials() {
    Materials found;
    found.size = {2, 2};
    found.elements = {{"OK", "O", "map_OK.bmp", 4, false}, {"AlK", "Al", "map_AlK.bmp", 4, false}};
    auto const material = [](char const* name, double o, double al) {
        Material m;
        m.name = name;
        m.mean = {o, al};
        m.centres = {{o, al}};
        return m;
    };
    found.list = {material("Sapphire", 2.6, 2.3), material("Al", 0.2, 1.5), material("O", 3, 0.1)};
    for (int e = 0; e < 2; ++e) {
        Plane plane = Plane::create(found.size).value();
        for (int i = 0; i < 4; ++i) plane.data()[i] = static_cast<float>(e == 0 ? i : 2 * i);
        found.counts.push_back(std::make_shared<Plane const>(std::move(plane)));
    }
    return found;
}

std::string step_text(Recipe const& recipe, char const* key) {
    StepUse const* use = find_use(recipe, "cluster");
    int const index = use ? param_index(*use->step, key) : -1;
    std::string const* text =
        index < 0 ? nullptr : std::get_if<std::string>(&use->values[static_cast<std::size_t>(index)]);
    return text ? *text : "missing";
}

Recipe after(std::vector<Command> const& commands, Materials const& found = three_materials()) {
    Recipe recipe = materials_recipe();
    for (Command const& command : commands) recipe = materials_edited(std::move(recipe), found, command);
    return recipe;
}

TEST(MaterialEdits, NameColourAndLockBecomeOneEntryWithItsComposition) {
    Recipe const recipe = after({NameMaterial{1, "Aluminium foil", {}}});
    EXPECT_EQ(step_text(recipe, "materials"), "\"Aluminium foil\" = OK:0.2 AlK:1.5");
    // Later commands speak of the materials under their names as shown then.
    Materials found = three_materials();
    found.list[1].name = "Aluminium foil";
    Recipe next = materials_edited(recipe, found, ColourMaterial{1, Rgb{1, 0, 0}, {}});
    next = materials_edited(next, found, LockMaterial{1, true});
    EXPECT_EQ(step_text(next, "materials"), "\"Aluminium foil\" #ff0000 locked = OK:0.2 AlK:1.5");
    EXPECT_EQ(step_text(materials_edited(next, found, ForgetMaterial{1}), "materials"), "");
}

TEST(MaterialEdits, ANameThatAnotherMaterialHasGetsANumber) {
    EXPECT_EQ(step_text(after({NameMaterial{1, "Sapphire", {}}}), "materials"), "\"Sapphire 2\" = OK:0.2 AlK:1.5");
    EXPECT_EQ(step_text(after({NameMaterial{1, "  ", {}}}), "materials"), "") << "a material keeps a name";
}

TEST(MaterialEdits, MergedMaterialsAreOneEntryWithAllCompositions) {
    Recipe const recipe = after({MergeMaterials{{0, 2}}});
    EXPECT_EQ(step_text(recipe, "materials"), "Sapphire = OK:2.6 AlK:2.3 + OK:3 AlK:0.1");
    EXPECT_EQ(step_text(after({SplitMaterial{0, 2}}), "materials"), "Sapphire parts=2 = OK:2.6 AlK:2.3");
    EXPECT_EQ(after({MergeMaterials{{0}}}), materials_recipe()) << "one alone stays";
    EXPECT_EQ(after({MergeMaterials{{0, 7}}}), materials_recipe());
}

TEST(MaterialEdits, StrokesFollowTheNamesOfTheirMaterials) {
    Recipe recipe = after({PaintMaterial{0, {{10, 12, 3}}, "a"}, PaintMaterial{0, {{11, 12, 3}}, "a"},
                           PaintMaterial{-1, {{1, 2, 1}}, "b"}});
    EXPECT_EQ(step_text(recipe, "brush"), "Sapphire: 10,12,3 11,12,3; -: 1,2,1");
    EXPECT_EQ(step_text(recipe, "materials"), "Sapphire = OK:2.6 AlK:2.3") << "so that its name stays";
    std::vector<BrushedDisc> const discs = brushed_discs(recipe, three_materials().list);
    ASSERT_EQ(discs.size(), 3u);
    EXPECT_EQ(discs[1].material, 0);
    EXPECT_EQ(discs[2].material, -1);
    recipe = materials_edited(recipe, three_materials(), NameMaterial{0, "Ruby", {}});
    EXPECT_EQ(step_text(recipe, "brush"), "Ruby: 10,12,3 11,12,3; -: 1,2,1");
    Materials found = three_materials();
    found.list[0].name = "Ruby";
    EXPECT_EQ(step_text(materials_edited(recipe, found, ForgetMaterial{0}), "brush"), "-: 1,2,1");
    EXPECT_EQ(step_text(materials_edited(recipe, found, ClearBrush{}), "brush"), "");
}

TEST(MaterialEdits, AMaterialOfMarkedPixelsHasTheirMeanCounts) {
    auto const pixels = std::make_shared<std::vector<std::uint8_t>>(std::vector<std::uint8_t>{0, 1, 0, 1});
    EXPECT_EQ(step_text(after({AddMaterial{"Rim", pixels}}), "materials"), "Rim locked = OK:2 AlK:4");
    EXPECT_EQ(step_text(after({AddMaterial{"", pixels}}), "materials"), "\"New AlK\" locked = OK:2 AlK:4");
    auto const none = std::make_shared<std::vector<std::uint8_t>>(4);
    EXPECT_EQ(after({AddMaterial{"Rim", none}}), materials_recipe());
    EXPECT_EQ(after({AddMaterial{"Rim", nullptr}}), materials_recipe());
}

TEST(MaterialEdits, NamesAndColoursLeaveTheRestOfTheRecipeAlone) {
    Recipe const one = after({PaintMaterial{0, {{10, 12, 3}}, "a"}});
    Recipe const named = materials_edited(one, three_materials(), NameMaterial{0, "Ruby", {}});
    EXPECT_NE(one, named);
    EXPECT_EQ(without_names(one), without_names(named));
    EXPECT_NE(without_names(one), without_names(after({PaintMaterial{0, {{10, 13, 3}}, "a"}})));
    EXPECT_NE(without_names(one), without_names(materials_edited(one, three_materials(), LockMaterial{0, true})));
}

TEST(MaterialEdits, ShowAtOnceInTheList) {
    Materials const found = three_materials();
    EXPECT_EQ(shown_after(found, NameMaterial{1, "Foil", {}})->list[1].name, "Foil");
    EXPECT_EQ(shown_after(found, ColourMaterial{1, Rgb{1, 0, 0}, {}})->list[1].colour, (Rgb{1, 0, 0}));
    EXPECT_TRUE(shown_after(found, LockMaterial{2, true})->list[2].locked);
    EXPECT_FALSE(shown_after(found, LockMaterial{3, true}));
    EXPECT_FALSE(shown_after(found, SplitMaterial{0, 2}));
    EXPECT_TRUE(is_material_edit(SplitMaterial{0, 2}));
    EXPECT_FALSE(is_material_edit(Undo{}));
}

} // namespace
} // namespace mg::app
