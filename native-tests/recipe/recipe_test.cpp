#include "recipe/recipe.h"

#include <gtest/gtest.h>

#include "recipe/fake_steps.h"

namespace mg {
namespace {

Value const& value_of(Recipe const& recipe, std::string_view step, std::string_view key) {
    StepUse const* use = find_use(recipe, step);
    return use->values[static_cast<std::size_t>(param_index(*use->step, key))];
}

std::string error_of(Status const& status) {
    return status ? "accepted" : status.error().message;
}
std::string error_of(Result<Recipe> const& recipe) {
    return recipe ? "accepted" : recipe.error().message;
}

std::string set_error(std::string_view name, std::string_view text) {
    Recipe recipe = fake::recipe();
    return error_of(set_value(recipe, name, text));
}

Recipe awkward_recipe() {
    Recipe recipe = fake::recipe();
    StepUse& gain = *find_use(recipe, "gain");
    gain.values[0] = 0.1;
    gain.values[1] = std::int64_t{9};
    gain.values[2] = true;
    gain.values[3] = std::int64_t{2};
    gain.values[4] = std::string("# µm \"×\" \\ line\nnext\ttab\r\x01\x7F = off '") + '\0' + "Ж😀";
    gain.values[5] = Bytes{0, 255, 10, 34, 92};
    find_use(recipe, "stretch")->enabled = false;
    recipe.overrides = {{"10K \"420\".TIF", "gain", "factor", 1.5},
                        {"b.tif", "stretch", "", true},
                        {"b.tif", "gain", "caption", std::string()}};
    return recipe;
}

TEST(RecipeText, ListsWhatRunsAndWhatDiffers) {
    EXPECT_EQ(to_text(fake::recipe()), "micrographia recipe 1\ngain\nstretch\n");
    Recipe recipe = fake::recipe();
    ASSERT_TRUE(set_value(recipe, "gain.factor", "2.5"));
    ASSERT_TRUE(set_value(recipe, "gain.caption", "AB 01"));
    ASSERT_TRUE(set_value(recipe, "gain.mode", "plain"));
    ASSERT_TRUE(set_value(recipe, "stretch", "off"));
    ASSERT_TRUE(set_override(recipe, "10K420.TIF", "gain.factor", "15.9"));
    EXPECT_EQ(to_text(recipe), "micrographia recipe 1\n"
                               "gain factor=2.5 mode=plain caption=\"AB 01\"\n"
                               "stretch off\n"
                               "only \"10K420.TIF\" gain.factor=15.9\n");
}

TEST(RecipeText, ParsesBackToTheSameRecipe) {
    Recipe const recipe = awkward_recipe();
    for (bool with_defaults : {false, true}) {
        auto const parsed = parse_recipe(to_text(recipe, with_defaults), fake::recipe());
        ASSERT_TRUE(parsed) << parsed.error().message;
        EXPECT_EQ(*parsed, recipe);
    }
}

TEST(RecipeText, TakesCommentsBlankLinesWindowsLineEndsAndAByteOrderMark) {
    auto const parsed = parse_recipe("\xEF\xBB\xBF# my recipe\r\n\r\n  micrographia recipe 1\r\n"
                                     "\tgain   factor=3   # stronger\r\noffset off # not now\r\n",
                                     fake::recipe());
    ASSERT_TRUE(parsed) << parsed.error().message;
    Recipe expected = fake::recipe();
    expected.steps[0].values[0] = 3.0;
    EXPECT_EQ(*parsed, expected);
}

TEST(RecipeText, NamingAStepSwitchesItOn) {
    auto const parsed = parse_recipe("micrographia recipe 1\noffset amount=1\n", fake::recipe());
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(find_use(*parsed, "offset")->enabled);
    EXPECT_TRUE(find_use(*parsed, "gain")->enabled) << "a step not named keeps its state";
}

TEST(RecipeText, ErrorsNameLineKeyAndNearestNames) {
    auto const error = [](std::string_view line) {
        return error_of(parse_recipe("micrographia recipe 1\n\n" + std::string(line) + "\n", fake::recipe()));
    };
    EXPECT_EQ(error("gain facter=1"), "line 3: no gain key \"facter\"; did you mean factor?");
    EXPECT_EQ(error("gain factor=much"), "line 3: gain.factor: \"much\" is not a number");
    EXPECT_EQ(error("gain count=10"), "line 3: gain.count: 10 is outside 0 to 9 px");
    EXPECT_EQ(error("gain mode=fancy"), "line 3: gain.mode: \"fancy\" is not one of plain, fancy_one, other");
    EXPECT_EQ(error("gain logo=@x"), "line 3: gain.logo: is not valid base64");
    EXPECT_EQ(error("gain maybe"), "line 3: after gain stands \"maybe\", not on, off or KEY=VALUE");
    EXPECT_EQ(error("factor=1"), "line 3: a line begins with a step, not with \"factor=\"");
    EXPECT_EQ(error("gain caption=\"open"),
              "line 3: a quoted text does not end on its line; a line end inside it is written \\n");
    EXPECT_EQ(error("only \"a.tif\" gain.facter=1"), "line 3: no gain key \"facter\"; did you mean factor?");
    EXPECT_NE(error("gain caption=\"a\"b").find("line 3: a blank must follow"), std::string::npos);
    EXPECT_NE(error("gain caption=\"\\x\"").find("line 3: unknown escape"), std::string::npos);
    EXPECT_NE(error("only gain=1").find("line 3: \"only\" needs a file name"), std::string::npos);
}

TEST(RecipeText, RefusesOtherTextsAndNewerForms) {
    EXPECT_NE(error_of(parse_recipe("gain\n", fake::recipe())).find("line 1: a recipe begins with"), std::string::npos);
    EXPECT_NE(error_of(parse_recipe("micrographia recipe 2\n", fake::recipe())).find("newer version"),
              std::string::npos);
    EXPECT_NE(error_of(parse_recipe("", fake::recipe())).find("empty"), std::string::npos);
    EXPECT_NE(error_of(parse_recipe("micrographia recipe 1\ngain caption=\"\xFF\"\n", fake::recipe())).find("UTF-8"),
              std::string::npos);
}

TEST(RecipeText, EveryTruncationIsAnErrorOrARecipe) {
    std::string const text = to_text(awkward_recipe(), true);
    for (std::size_t n = 0; n < text.size(); ++n) (void)parse_recipe(text.substr(0, n), fake::recipe());
    for (std::size_t n = 0; n < text.size(); ++n)
        for (char const c : {'"', '\\', '=', '\n', '\0', '\xFF'}) {
            std::string changed = text;
            changed[n] = c;
            (void)parse_recipe(changed, fake::recipe());
        }
    SUCCEED();
}

TEST(RecipeJson, ParsesBackToTheSameRecipe) {
    Recipe const recipe = awkward_recipe();
    auto const parsed = parse_recipe_json(to_json(recipe), fake::recipe());
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(*parsed, recipe);
}

TEST(RecipeJson, HoldsEveryValue) {
    Recipe const recipe{{make_use(fake::k_stretch)}, {}};
    EXPECT_EQ(to_json(recipe), R"({"recipe":1,"steps":[{"step":"stretch","enabled":true,"version":1,"values":)"
                               R"({"method":"automatic","low":0,"high":1,"linked":false}}],"overrides":[]})");
}

TEST(RecipeJson, RefusesWrongKindsAndRanges) {
    auto const error = [](std::string const& values) {
        return error_of(
            parse_recipe_json(R"({"recipe":1,"steps":[{"step":"gain","values":{)" + values + "}}]}", fake::recipe()));
    };
    EXPECT_EQ(error(R"("factor":3)"), "accepted");
    EXPECT_EQ(error(R"("facter":3)"), "recipe: no gain key \"facter\"; did you mean factor?");
    for (char const* values : {R"("factor":"3")", R"("factor":1e9)", R"("count":1.5)", R"("count":1e300)",
                               R"("count":-1)", R"("compatible":1)", R"("mode":1)", R"("mode":true)", R"("mode":"x")",
                               R"("caption":5)", R"("logo":"?")", R"("factor":null)", R"("factor":[1])"})
        EXPECT_NE(error(values), "accepted") << values;
    for (char const* text :
         {"[]", "{}", "1", R"({"recipe":2,"steps":[]})", R"({"recipe":1})", R"({"recipe":1,"steps":{}})",
          R"({"recipe":1,"steps":[1]})", R"({"recipe":1,"steps":[{"step":"gain","enabled":1}]})"})
        EXPECT_NE(error_of(parse_recipe_json(text, fake::recipe())), "accepted") << text;
}

TEST(SetValue, TakesFullNamesSwitchesOlderKeysAndBareKeys) {
    Recipe recipe = fake::recipe();
    ASSERT_TRUE(set_value(recipe, "gain.title", "older")); // now: caption
    EXPECT_EQ(std::get<std::string>(value_of(recipe, "gain", "caption")), "older");
    ASSERT_TRUE(set_value(recipe, "low", "0.25"));
    EXPECT_EQ(std::get<double>(value_of(recipe, "stretch", "low")), 0.25);
    ASSERT_TRUE(set_value(recipe, "gain", "off"));
    EXPECT_FALSE(find_use(recipe, "gain")->enabled);
    ASSERT_TRUE(set_value(recipe, "linked", "True"));
    EXPECT_TRUE(std::get<bool>(value_of(recipe, "stretch", "linked")));
}

TEST(SetValue, ABareKeyMeansTheEnabledStep) {
    Recipe recipe = fake::recipe(); // gain.factor is on, offset.factor off
    ASSERT_TRUE(set_value(recipe, "factor", "4"));
    EXPECT_EQ(std::get<double>(value_of(recipe, "gain", "factor")), 4);
    ASSERT_TRUE(set_value(recipe, "offset", "on"));
    EXPECT_EQ(error_of(set_value(recipe, "factor", "4")),
              "\"factor\" is a key of several steps; say which: gain.factor offset.factor");
}

TEST(SetValue, AValueSwitchesItsStepOn) {
    Recipe recipe = fake::recipe();
    ASSERT_TRUE(set_value(recipe, "amount", "4"));
    EXPECT_TRUE(find_use(recipe, "offset")->enabled);
}

TEST(SetValue, AnswersMisspeltNamesWithTheNearest) {
    EXPECT_EQ(set_error("gian.factor", "1"), "no step \"gian\"; did you mean gain?");
    EXPECT_EQ(set_error("gain.coutn", "1"), "no gain key \"coutn\"; did you mean count?");
    EXPECT_EQ(set_error("captoin", "1"), "no key \"captoin\"; did you mean gain.caption?");
    EXPECT_EQ(set_error("strech", "off"), "no key \"strech\"; did you mean stretch?");
    EXPECT_NE(set_error("gain", "2").find("neither on nor off"), std::string::npos);
}

TEST(SetValue, LeavesTheRecipeAloneOnAnError) {
    Recipe recipe = fake::recipe();
    EXPECT_FALSE(set_value(recipe, "offset.amount", "1000"));
    EXPECT_FALSE(set_value(recipe, "offset", "perhaps"));
    EXPECT_EQ(recipe, fake::recipe());
}

TEST(SetValue, RefusesTextsThatAreTooLongOrNotUtf8AndNumbersThatAreNone) {
    EXPECT_NE(set_error("gain.caption", std::string(1001, 'x')), "accepted");
    EXPECT_NE(set_error("gain.caption", "\xFF"), "accepted");
    for (char const* text : {"", "nan", "inf", "1e999", "1,5", "0x1", "1 ", "--1"})
        EXPECT_NE(set_error("gain.factor", text), "accepted") << text;
    for (char const* text : {"", "1.0", "99999999999999999999", "-1"})
        EXPECT_NE(set_error("gain.count", text), "accepted") << text;
}

TEST(Overrides, ChangeOneFileOnly) {
    Recipe recipe = fake::recipe();
    ASSERT_TRUE(set_override(recipe, "a.tif", "gain.factor", "7"));
    ASSERT_TRUE(set_override(recipe, "a.tif", "stretch", "off"));
    ASSERT_TRUE(set_override(recipe, "a.tif", "gain.factor", "8")); // replaces the first
    EXPECT_EQ(recipe.overrides.size(), 2u);
    Recipe const a = recipe_for_file(recipe, "a.tif");
    EXPECT_TRUE(a.overrides.empty());
    EXPECT_EQ(std::get<double>(value_of(a, "gain", "factor")), 8);
    EXPECT_FALSE(find_use(a, "stretch")->enabled);
    EXPECT_EQ(recipe_for_file(recipe, "b.tif"), fake::recipe());
}

} // namespace
} // namespace mg
