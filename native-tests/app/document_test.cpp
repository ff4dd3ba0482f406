// Documents: undo, commands, and what dropped files are to each other.
#include <gtest/gtest.h>

#include "app/command.h"
#include "app/drop.h"
#include "base/text.h"
#include "page/fake_platform.h"
#include "recipe/pipeline.h"

namespace mg::app {
namespace {

/// The texts are JEOL's.
Document with(std::vector<std::string> const& paths) {
    Document document{{}, {}, annotate_recipe(), overlay_recipe()};
    std::vector<DroppedFile> files;
    for (std::string const& path : paths)
        files.push_back(fake::dropped(path, (iends_with(path, ".txt") || iends_with(path, ".hdr") ? "$CM_MAG 5\n" : "") + ("bytes of " + path)));
    int next_id = 1;
    return applied(std::move(document), AddFiles{files}, next_id);
}

std::vector<std::string> names(Document const& document) {
    std::vector<std::string> result;
    for (InputEntry const& input : document.inputs) result.push_back(input.name);
    return result;
}

using Names = std::vector<std::string>;

TEST(History, TakesAChangeBackAndBringsItAgain) {
    History history(with({}));
    Document const first = history.now(), second = with({"a.tif"});
    history.change(second);
    EXPECT_TRUE(history.can_undo());
    history.undo();
    EXPECT_EQ(history.now(), first);
    history.redo();
    EXPECT_EQ(history.now(), second);
    EXPECT_FALSE(history.can_redo());
}

TEST(History, ADragIsOneEntry) {
    History history(with({}));
    Document const first = history.now();
    history.change(with({"a.tif"}), "drag 1");
    history.change(with({"b.tif"}), "drag 1");
    history.change(with({"c.tif"}), "drag 1");
    history.undo();
    EXPECT_EQ(history.now(), first);
    EXPECT_FALSE(history.can_undo());
}

TEST(History, TwoDragsAreTwoEntries) {
    History history(with({}));
    history.change(with({"a.tif"}), "drag 1");
    Document const between = history.now();
    history.change(with({"b.tif"}), "drag 2");
    history.undo();
    EXPECT_EQ(history.now(), between);
}

TEST(History, AnEqualDocumentIsNoChange) {
    History history(with({}));
    std::uint64_t const revision = history.revision();
    history.change(history.now());
    EXPECT_EQ(history.revision(), revision);
    EXPECT_FALSE(history.can_undo());
}

TEST(History, ANewChangeEndsRedo) {
    History history(with({}));
    history.change(with({"a.tif"}));
    history.undo();
    history.change(with({"b.tif"}));
    EXPECT_FALSE(history.can_redo());
    EXPECT_EQ(names(history.now()), Names{"b.tif"});
}

TEST(Drop, ATwinGoesIntoItsImageInAnyOrder) {
    for (Names const& order : {Names{"S/10K.TIF", "S/_10K.TIF"}, Names{"S/_10K.TIF", "S/10K.TIF"}}) {
        Document const document = with(order);
        ASSERT_EQ(names(document), Names{"10K.TIF"});
        ASSERT_TRUE(document.inputs[0].twin);
        EXPECT_EQ(as_text(*fake::bytes_of(document.inputs[0].twin)), "bytes of S/_10K.TIF");
    }
}

TEST(Drop, ATwinThatComesLaterIsPaired) {
    int next_id = 10;
    Document const document = applied(with({"10K.TIF"}), AddFiles{{fake::dropped("_10K.TIF", "twin")}}, next_id);
    ASSERT_EQ(names(document), Names{"10K.TIF"});
    EXPECT_TRUE(document.inputs[0].twin);
}

TEST(Drop, ATwinAloneIsAnImage) { EXPECT_EQ(names(with({"_10K.TIF"})), Names{"_10K.TIF"}); }

TEST(Drop, TwinsOfOtherFoldersStayApart) {
    EXPECT_EQ(names(with({"A/10K.TIF", "B/_10K.TIF"})), (Names{"10K.TIF", "_10K.TIF"}));
}

TEST(Drop, ASidecarGoesToItsImageInAnyOrder) {
    for (Names const& order : {Names{"a.tif", "a.txt"}, Names{"a.txt", "a.tif"}}) {
        Document const document = with(order);
        ASSERT_EQ(names(document), Names{"a.tif"});
        EXPECT_TRUE(document.inputs[0].sidecar);
        EXPECT_TRUE(document.loose.empty());
    }
}

TEST(Drop, ASidecarWaitsForItsImageAndIsNamed) {
    DropOutcome const outcome = with_files(Document{{}, {}, annotate_recipe(), overlay_recipe()}, {fake::dropped("a.txt", "$CM_FORMAT")}, 1);
    EXPECT_EQ(outcome.lonely, Names{"a.txt"});
    int next_id = 1;
    Document const document = applied(outcome.document, AddFiles{{fake::dropped("a.tif", "image")}}, next_id);
    ASSERT_EQ(names(document), Names{"a.tif"});
    EXPECT_TRUE(document.inputs[0].sidecar);
}

TEST(Drop, ASidecarIsKnownByItsNameInAnyCaseAndKeepsIt) {
    for (std::string const name : {"a.txt", "A.TXT", "a.hdr", "a-tif.hdr", "A-TIF.Hdr"}) {
        Document const document = with({name, "a.tif"});
        ASSERT_EQ(names(document), Names{"a.tif"}) << name;
        EXPECT_TRUE(document.inputs[0].sidecar) << name;
        EXPECT_EQ(document.inputs[0].sidecar_name, name);
    }
    EXPECT_FALSE(with({"b.txt", "a.tif"}).inputs[0].sidecar);
    EXPECT_FALSE(with({"a-tif.txt", "a.tif"}).inputs[0].sidecar) << "only .hdr files are named so";
}

TEST(Drop, ASidecarOfAnotherFolderBelongsToAnotherImage) {
    Document const document = with({"A/a.tif", "B/a.tif", "B/a.txt"});
    ASSERT_EQ(document.inputs.size(), 2u);
    EXPECT_FALSE(document.inputs[0].sidecar);
    EXPECT_TRUE(document.inputs[1].sidecar);
    EXPECT_TRUE(with({"A/a.tif", "a.txt"}).inputs[0].sidecar) << "dropped without its folder";
}

TEST(Drop, TextsOfTheUserAreLeftOutAndNamed) {
    DropOutcome const outcome = with_files(Document{{}, {}, annotate_recipe(), overlay_recipe()},
                                           {fake::dropped("a.txt", "a nice grain"), fake::dropped("a.tif", "image"), fake::dropped("n.hdr", "x=1")}, 1);
    EXPECT_EQ(outcome.unknown, (Names{"a.txt", "n.hdr"}));
    EXPECT_TRUE(outcome.lonely.empty());
    EXPECT_TRUE(outcome.document.loose.empty());
    ASSERT_EQ(names(outcome.document), Names{"a.tif"});
    EXPECT_FALSE(outcome.document.inputs[0].sidecar);
}

TEST(Drop, SystemFilesAreLeftOut) {
    EXPECT_EQ(names(with({"S/.DS_Store", "S/Thumbs.db", "S/a.tif", "S/desktop.ini"})), Names{"a.tif"});
}

TEST(Drop, TheSameFileOpensOnce) {
    int next_id = 5;
    Document const once = with({"a.tif"});
    EXPECT_EQ(applied(once, AddFiles{{fake::dropped("a.tif", "bytes of a.tif")}}, next_id), once);
    // Other bytes under the same name are another image.
    EXPECT_EQ(applied(once, AddFiles{{fake::dropped("a.tif", "edited")}}, next_id).inputs.size(), 2u);
}

TEST(Drop, IdsAreNeverUsedAgain) {
    int next_id = 1;
    Document document{{}, {}, annotate_recipe(), overlay_recipe()};
    document = applied(document, AddFiles{{fake::dropped("a.tif", "a"), fake::dropped("b.tif", "b")}}, next_id);
    int const last = document.inputs.back().id;
    document = applied(document, RemoveFile{last}, next_id);
    document = applied(document, AddFiles{{fake::dropped("c.tif", "c")}}, next_id);
    EXPECT_GT(document.inputs.back().id, last);
}

TEST(Drop, ARecipesTextSetsTheRecipe) {
    DropOutcome const outcome = with_files(Document{{}, {}, annotate_recipe(), overlay_recipe()},
                                           {fake::dropped("my.txt", "micrographia recipe 1\ndespike threshold_sigma=5\n")}, 1);
    ASSERT_TRUE(outcome.recipe);
    EXPECT_EQ(outcome.recipe->from, "my.txt");
    StepUse const* despike = find_use(outcome.document.recipe, "despike");
    ASSERT_TRUE(despike);
    EXPECT_EQ(despike->values[static_cast<std::size_t>(param_index(*despike->step, "threshold_sigma"))], Value(5.0));
    EXPECT_TRUE(outcome.document.inputs.empty());
}

TEST(Drop, ABadRecipeIsToldInWords) {
    DropOutcome const outcome = with_files(Document{{}, {}, annotate_recipe(), overlay_recipe()},
                                           {fake::dropped("my.txt", "micrographia recipe 1\ndespikke\n")}, 1);
    ASSERT_EQ(outcome.failures.size(), 1u);
    EXPECT_EQ(outcome.failures[0].find("my.txt"), 0u);
    EXPECT_NE(outcome.failures[0].find("despike"), std::string::npos) << "the nearest name should be offered";
}

TEST(Command, AValueIsHeldWithinItsRange) {
    int next_id = 1;
    Document const document = applied(with({}), SetParam{"despike", "threshold_sigma", 1e9, {}, 0}, next_id);
    StepUse const* despike = find_use(document.recipe, "despike");
    auto const i = static_cast<std::size_t>(param_index(*despike->step, "threshold_sigma"));
    EXPECT_EQ(despike->values[i], Value(despike->step->params[i].info.maximum));
}

TEST(Command, AValueOfAnotherKindIsIgnored) {
    int next_id = 1;
    Document const before = with({});
    EXPECT_EQ(applied(before, SetParam{"despike", "threshold_sigma", std::string("5"), {}, 0}, next_id), before);
    EXPECT_EQ(applied(before, SetParam{"despike", "no_such_key", 5.0, {}, 0}, next_id), before);
    EXPECT_EQ(applied(before, SetParam{"no_such_step", "x", 5.0, {}, 0}, next_id), before);
}

TEST(Command, AnOverrideBelongsToOneFileAndCanBeDropped) {
    int next_id = 10;
    Document document = with({"a.tif", "b.tif"});
    Document const before = document;
    int const a = document.inputs[0].id;
    document = applied(document, SetParam{"despike", "threshold_sigma", 6.0, {}, a}, next_id);
    document = applied(document, SetParam{"despike", "threshold_sigma", 7.0, {}, a}, next_id);
    ASSERT_EQ(document.recipe.overrides.size(), 1u);
    EXPECT_EQ(document.recipe.overrides[0].file_name, "a.tif");
    EXPECT_EQ(document.recipe.overrides[0].value, Value(7.0));
    EXPECT_EQ(applied(document, ResetParam{"despike", "threshold_sigma", a}, next_id), before);
}

TEST(Command, ResetBringsTheDefaultBack) {
    int next_id = 1;
    Document const before = with({});
    Document const changed = applied(before, SetParam{"despike", "threshold_sigma", 6.0, {}, 0}, next_id);
    ASSERT_NE(changed, before);
    EXPECT_EQ(applied(changed, ResetParam{"despike", "threshold_sigma", 0}, next_id), before);
    EXPECT_EQ(applied(changed, ResetStep{"despike"}, next_id), before);
}

TEST(Command, APresetKeepsTheUsersCorrections) {
    int next_id = 10;
    Document document = with({"a.tif"});
    document = applied(document, SetParam{"correct", "pixel_size_x_nm", 12.5, {}, document.inputs[0].id}, next_id);
    Document const compatible = applied(document, UsePreset{true}, next_id);
    EXPECT_EQ(compatible.recipe.overrides, document.recipe.overrides);
    EXPECT_EQ(compatible.recipe.steps, compatible_annotate_recipe().steps);
}

} // namespace
} // namespace mg::app
