// The limits of docs/limits.md that recipes and settings keep.
#include <gtest/gtest.h>

#include "base/json.h"
#include "recipe/overlay.h"
#include "recipe/pipeline.h"
#include "recipe/recipe.h"

namespace mg {
namespace {

std::string refusal_of(Result<Recipe> const& recipe) {
    return recipe ? "accepted" : recipe.error().message;
}

std::string repeated(std::string const& text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
}

TEST(RecipeLimits, AFileOfARecipeIsAtMost16Mebibytes) {
    std::string const text = "micrographia recipe 1\ncrop\n";
    EXPECT_EQ(refusal_of(parse_recipe(text + "#" + std::string(k_recipe_max_bytes - text.size() - 1, ' '), {})),
              "accepted");
    EXPECT_EQ(refusal_of(parse_recipe(text + std::string(k_recipe_max_bytes, ' '), {})),
              "the recipe is longer than the limit of 16 MiB");
    EXPECT_EQ(k_json_max_bytes, k_recipe_max_bytes);
}

TEST(RecipeLimits, ARecipeHasAtMostAThousandSteps) {
    std::string const header = "micrographia recipe 1\n";
    EXPECT_EQ(refusal_of(parse_recipe(header + repeated("crop\n", k_recipe_max_steps), {})), "accepted");
    EXPECT_NE(refusal_of(parse_recipe(header + repeated("crop\n", k_recipe_max_steps + 1), {}))
                  .find("a recipe has at most 1000 steps"),
              std::string::npos);
    std::string const step = R"({"step":"crop","enabled":true,"version":1,"values":{}},)";
    std::string json = R"({"recipe":1,"steps":[)" + repeated(step, k_recipe_max_steps + 1);
    json.pop_back();
    EXPECT_NE(refusal_of(parse_recipe_json(json + "]}", {})).find("a recipe has at most 1000 steps"), std::string::npos);
}

TEST(RecipeLimits, ARecipeSetsAtMost20000ValuesForSingleFiles) {
    Recipe recipe = annotate_recipe();
    for (std::size_t i = 0; i < k_recipe_max_overrides; ++i)
        recipe.overrides.push_back({std::to_string(i) + ".tif", "crop", "", true});
    auto const full = set_override(recipe, "one more.tif", "crop", "on");
    ASSERT_FALSE(full);
    EXPECT_NE(full.error().message.find("more than 20000 values for single files"), std::string::npos);
    EXPECT_TRUE(set_override(recipe, "7.tif", "crop", "off")) << "one that is there is changed";
}

TEST(RecipeLimits, AConfigTxtIsReadUpToAMebibyte) {
    std::string const line = "subtract_min_brightness = False\n";
    std::string const text = line + "#" + std::string(k_config_max_bytes, ' ') + "\n" + line;
    EXPECT_FALSE(looks_like_config_text(text));
    auto const config = read_config_text(text, overlay_recipe());
    ASSERT_EQ(config.warnings.size(), 1u);
    EXPECT_EQ(config.warnings[0], "is longer than 1 MiB: what follows is not read");
}

TEST(PagedName, AndItsInverse) {
    EXPECT_EQ(paged_name("stack.tif", 0), "stack.tif");
    EXPECT_EQ(paged_name("stack.tif", 1), "stack.p2.tif");
    EXPECT_EQ(paged_name("a.b.tif", 11), "a.b.p12.tif");
    EXPECT_EQ(paged_name("noending", 2), "noending.p3");
    for (auto const& [name, page] : {std::pair{"stack.tif", 1}, {"a.b.tif", 11}, {"a.p2.tif", 4}}) {
        auto const named = page_of_name(paged_name(name, page));
        ASSERT_TRUE(named) << name;
        EXPECT_EQ(named->file_name, name);
        EXPECT_EQ(named->page, page);
    }
    for (char const* other :
         {"stack.tif", "stack.p1.tif", "stack.p0.tif", "stack.p.tif", "stack.px2.tif", "stack.p-2.tif", "stack.p+2.tif",
          "stack.p02.tif", ".p2.tif", "", "p2.tif", "stack.p99999999999999999999.tif"})
        EXPECT_FALSE(page_of_name(other)) << other;
}

} // namespace
} // namespace mg
