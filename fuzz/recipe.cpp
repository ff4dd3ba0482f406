// Recipes as text and JSON, and JSON itself. The first byte chooses the recipe that the text is read onto.
#include "base/json.h"
#include "base/text.h"
#include "fuzz/checks.h"
#include "recipe/pipeline.h"

namespace mg::fuzz {
namespace {

Recipe base_recipe(int choice) {
    switch (choice) {
    case 0:
        return {};
    case 1:
        return annotate_recipe();
    case 2:
        return overlay_recipe();
    default:
        return materials_recipe();
    }
}

void check_result(Result<Recipe> const& recipe, Recipe const& base) {
    if (recipe)
        check_recipe(*recipe, base);
    else
        check_text(recipe.error().message);
}

void check_json(std::string_view text) {
    auto const json = parse_json(text);
    if (!json) {
        check_text(json.error().message);
        return;
    }
    auto const again = parse_json(to_text(*json));
    MG_CHECK(again.has_value());
    MG_CHECK(*again == *json);
}

/// "step.key=value" of a command line.
void check_setting(std::string_view text, Recipe recipe) {
    std::size_t const equals = std::min(text.find('='), text.size());
    Recipe const before = recipe;
    std::string_view const name = text.substr(0, equals), value = text.substr(std::min(equals + 1, text.size()));
    auto const status = set_value(recipe, name, value);
    if (!status) MG_CHECK(recipe == before);
    (void)named_param(recipe, name);
    (void)set_override(recipe, "a b.tif", name, value);
    check_recipe(recipe, before);
    check_recipe(recipe_for_file(recipe, "a b.tif"), before);
}

} // namespace

void fuzz_recipe(ByteView bytes) {
    if (bytes.empty()) return;
    Recipe const base = base_recipe(bytes[0] % 4);
    std::string_view const text = as_text(bytes.subspan(1));
    check_result(parse_recipe(text, base), base);
    check_result(parse_recipe_json(text, base), base);
    check_json(text);
    if (text.size() < 100) check_setting(text, base);
}

} // namespace mg::fuzz
