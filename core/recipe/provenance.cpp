// What a PNG of this program says about how it was made. Nothing in it depends on the time or the machine.
#include "base/text.h"
#include "base/version.h"
#include "recipe/pipeline.h"
#include "recipe/recipe_json.h"

namespace mg {
namespace {

constexpr std::string_view k_keyword = "micrographia:recipe";

std::string text_of(Json const* json) {
    std::string const* text = json ? json->as_string() : nullptr;
    return text ? *text : std::string();
}

/// Steps whose pixels may have changed since.
std::vector<std::string> version_warnings(Json const& json, Recipe const& recipe) {
    std::vector<std::string> warnings;
    Json const* steps = json.find("steps");
    if (!steps || !steps->as_array()) return warnings;
    for (Json const& item : *steps->as_array()) {
        StepUse const* use = find_use(recipe, text_of(item.find("step")));
        Json const* version = item.find("version");
        if (!use || !use->enabled || !version || !version->as_number()) continue;
        if (*version->as_number() != use->step->version)
            warnings.push_back(std::string(use->step->id) + " was version " + format_shortest(*version->as_number()) +
                               ", is " + std::to_string(use->step->version) + " now: pixels may differ");
    }
    return warnings;
}

} // namespace

std::string provenance_json(Recipe const& recipe, std::vector<Provenance::Input> const& inputs,
                            std::vector<Note> const& notes) {
    Json files{Json::Array{}};
    for (InputHash const& input : inputs) {
        Json item;
        item.add("file", input.file_name);
        item.add("sha256", input.sha256);
        if (input.page > 0) item.add("page", input.page + 1);
        files.push(std::move(item));
    }
    Json found{Json::Array{}};
    for (Note const& note : notes) {
        Json item;
        item.add("step", note.step);
        item.add("key", note.key);
        if (double const* number = std::get_if<double>(&note.value))
            item.add("value", *number);
        else
            item.add("value", *std::get_if<std::string>(&note.value));
        if (!note.text.empty()) item.add("text", note.text);
        found.push(std::move(item));
    }
    Json json;
    json.add("micrographia", k_version);
    json.add("steps", steps_json(recipe));
    if (!recipe.overrides.empty()) json.add("overrides", overrides_json(recipe));
    json.add("inputs", std::move(files));
    json.add("notes", std::move(found));
    return to_text(json);
}

Result<Provenance> read_provenance(ByteView png) {
    for (PngText const& chunk : read_png_texts(png)) {
        if (chunk.keyword != k_keyword) continue;
        MG_TRY(Json json, parse_json(chunk.text));
        Provenance result;
        MG_TRY(result.recipe, recipe_from_json(json, {}));
        result.version = text_of(json.find("micrographia"));
        if (Json const* inputs = json.find("inputs"); inputs && inputs->as_array())
            for (Json const& input : *inputs->as_array()) {
                double const* page = input.find("page") ? input.find("page")->as_number() : nullptr;
                bool const has_page = page && *page >= 1 && *page <= 1e6;
                result.inputs.push_back({text_of(input.find("file")), text_of(input.find("sha256")),
                                         has_page ? static_cast<int>(*page) - 1 : 0});
            }
        result.warnings = version_warnings(json, result.recipe);
        return result;
    }
    return Error{ErrorCode::bad_file,
                 is_png(png)
                     ? "this PNG carries no recipe; Micrographia did not write it, or another program removed it"
                     : "this is no PNG with a recipe in it"};
}

Result<Recipe> read_recipe(ByteView file, Recipe const& base) {
    if (is_png(file)) {
        MG_TRY(Provenance provenance, read_provenance(file));
        return std::move(provenance.recipe);
    }
    std::string_view const text = as_text(file);
    if (trimmed(text).starts_with('{')) return parse_recipe_json(text, base);
    return parse_recipe(text, base);
}

} // namespace mg
