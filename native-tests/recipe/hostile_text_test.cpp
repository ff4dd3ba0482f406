// Texts from outside that become recipes: what fuzzing (fuzz/) has found.
#include <gtest/gtest.h>

#include "base/text.h"
#include "ops/known_materials.h"
#include "ops/registration.h"
#include "recipe/overlay.h"

namespace mg {
namespace {

/// Of three bytes each, so that a text cut at a fixed length ends within one.
std::string signs(int count, int shift) {
    std::string text(static_cast<std::size_t>(shift), 'a');
    for (int i = 0; i < count; ++i) text += "\u20AC";
    return text;
}

TEST(HostileText, MessagesQuoteWholeCharacters) {
    for (int shift = 0; shift < 3; ++shift) {
        std::string const text = signs(40, shift);
        Recipe recipe = annotate_recipe();
        for (std::string const& name : {text, "despike." + text, text + ".x"}) {
            auto const status = set_value(recipe, name, "1");
            ASSERT_FALSE(status.has_value());
            EXPECT_TRUE(is_utf8(status.error().message)) << shift;
        }
        for (char const* name : {"despike", "despike.threshold_sigma"}) {
            auto const status = set_value(recipe, name, text);
            ASSERT_FALSE(status.has_value());
            EXPECT_TRUE(is_utf8(status.error().message)) << shift;
        }
        for (std::string const& line : {text, text + " = 1", "gamma = " + text, "gamma = 1 " + text, "only " + text})
            for (std::string const& warning : read_config_text(line, overlay_recipe()).warnings)
                EXPECT_TRUE(is_utf8(warning)) << line;
        auto const materials = parse_known_materials("a " + text + " = OK:1");
        ASSERT_FALSE(materials.has_value());
        EXPECT_TRUE(is_utf8(materials.error().message)) << shift;
        auto const brush = parse_brush(text + ": " + text);
        ASSERT_FALSE(brush.has_value());
        EXPECT_TRUE(is_utf8(brush.error().message)) << shift;
        auto const points = parse_hand_points(text);
        ASSERT_FALSE(points.has_value());
        EXPECT_TRUE(is_utf8(points.error().message)) << shift;
    }
}

TEST(HostileText, AListOfFilesOverManyLinesIsReadOnce) {
    std::string text = "input_files = [\n";
    for (int i = 0; i < 60000; ++i) text += "'f" + std::to_string(i) + "', # [\n";
    auto const config = read_config_text(text + "]\ngamma = 2\n", overlay_recipe());
    EXPECT_EQ(config.input_files.size(), 60000u);
    EXPECT_TRUE(config.warnings.empty());
}

TEST(HostileText, ATextOfNonsenseIsNotReadToItsEnd) {
    std::string text;
    for (int i = 0; i < 60000; ++i) text += "abc" + std::to_string(i) + " = 1\n";
    EXPECT_LT(read_config_text(text, overlay_recipe()).warnings.size(), 300u);
}

TEST(HostileText, ALongWordResemblesNothing) {
    Recipe recipe = annotate_recipe();
    auto const status = set_value(recipe, std::string(300, 'q'), "1");
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().message.find("did you mean"), std::string::npos) << status.error().message;
}

TEST(HostileText, OverridesInJsonAreOfStepsOfTheRecipeAndStandOnce) {
    auto const other = parse_recipe_json(
        R"({"recipe":1,"steps":[{"step":"despike"}],"overrides":[{"file":"a","step":"correct","value":true}]})", {});
    ASSERT_FALSE(other.has_value());
    EXPECT_NE(other.error().message.find("correct"), std::string::npos);
    auto const twice = parse_recipe_json(R"({"recipe":1,"steps":[{"step":"despike"}],"overrides":[
        {"file":"a","step":"despike","value":true},{"file":"a","step":"despike","value":false}]})",
                                         {});
    ASSERT_TRUE(twice.has_value());
    ASSERT_EQ(twice->overrides.size(), 1u);
    EXPECT_EQ(twice->overrides[0].value, Value(false));
}

} // namespace
} // namespace mg
