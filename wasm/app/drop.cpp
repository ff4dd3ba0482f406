#include "app/drop.h"

#include <algorithm>
#include <utility>

#include "app/command.h"
#include "base/text.h"
#include "codecs/codec.h"
#include "metadata/metadata.h"
#include "recipe/overlay.h"
#include "recipe/pipeline.h"

namespace mg::app {

namespace {

std::string_view folder_of(std::string_view path) { return path.substr(0, path.size() - file_name_of(path).size()); }

bool is_rubbish(std::string_view name) {
    return name.empty() || name.front() == '.' || iequals(name, "Thumbs.db") || iequals(name, "desktop.ini");
}

/// Files in the same folder; or one of them came without its folder.
bool may_be_neighbours(std::string_view a, std::string_view b) {
    return folder_of(a) == folder_of(b) || folder_of(a).empty() || folder_of(b).empty();
}

bool same_bytes(SharedBytes const& a, SharedBytes const& b) { return a == b || (a && b && *a == *b); }

bool is_twin_of(std::string_view twin, std::string_view path) {
    return iequals(file_name_of(twin), twin_name(file_name_of(path))) && may_be_neighbours(twin, path);
}

bool is_sidecar_of(std::string_view sidecar, std::string_view path) {
    return iequals(stem_of(file_name_of(sidecar)), stem_of(file_name_of(path))) && may_be_neighbours(sidecar, path);
}

bool is_config(DroppedFile const& file) {
    constexpr std::size_t k_longest_config = std::size_t{1} << 20;
    return iends_with(file.path, ".txt") && file.bytes->size() <= k_longest_config && looks_like_config_text(as_text(*file.bytes));
}

/// The recipe with every step of the page's workflow, those it lacks switched off; as it is when its order is another one.
Recipe completed(Recipe recipe) {
    Recipe whole = fresh_recipe(workspace_of(recipe));
    for (StepUse& use : whole.steps) use.enabled = false;
    auto place = whole.steps.begin();
    for (StepUse const& use : recipe.steps) {
        place = std::find_if(place, whole.steps.end(), [&](StepUse const& w) { return w.step == use.step; });
        if (place == whole.steps.end()) return recipe;
        *place++ = use;
    }
    whole.overrides = std::move(recipe.overrides);
    return whole;
}

/// What a PNG says of its one file stays with that file: corrections of metadata become overrides.
void keep_corrections_to(std::string const& file_name, Recipe& recipe) {
    StepUse* use = find_use(recipe, "correct");
    if (!use) return;
    std::vector<Value> const defaults = use->step->defaults();
    for (std::size_t i = 0; i < defaults.size(); ++i)
        if (use->values[i] != defaults[i])
            recipe.overrides.push_back({file_name, "correct", std::string(use->step->params[i].info.key),
                                        std::exchange(use->values[i], defaults[i])});
}

/// A recipe's text or JSON, or a PNG with one inside; nothing for any other file.
std::optional<Result<FoundRecipe>> recipe_in(DroppedFile const& file, Recipe const& base) {
    std::string const name{file_name_of(file.path)};
    ByteView const bytes = *file.bytes;
    if (is_png(bytes)) {
        auto provenance = read_provenance(bytes);
        if (!provenance) return std::nullopt; // an ordinary image
        FoundRecipe found{name, completed(std::move(provenance->recipe)), {}, std::move(provenance->warnings)};
        for (auto const& input : provenance->inputs) found.inputs.push_back(input.file_name);
        if (!found.inputs.empty() && workspace_of(found.recipe) == Workspace::annotate) keep_corrections_to(found.inputs.front(), found.recipe);
        return Result<FoundRecipe>(std::move(found));
    }
    constexpr std::size_t k_longest_recipe = std::size_t{32} << 20;
    std::string_view const text = as_text(bytes);
    bool const is_text = text.starts_with("micrographia recipe");
    bool const is_json = iends_with(name, ".json");
    if ((!is_text && !is_json) || text.size() > k_longest_recipe) return std::nullopt;
    auto recipe = is_text ? parse_recipe(text, base) : parse_recipe_json(text, base);
    if (!recipe) return Result<FoundRecipe>(Error{recipe.error().code, name + ": " + recipe.error().message});
    return Result<FoundRecipe>(FoundRecipe{name, std::move(recipe).value(), {}, {}});
}

} // namespace

Workspace workspace_of(Recipe const& recipe) {
    if (find_use(recipe, "cluster")) return Workspace::materials;
    return find_use(recipe, "compose") ? Workspace::overlay : Workspace::annotate;
}

Recipe fresh_recipe(Workspace workspace) {
    switch (workspace) {
    case Workspace::overlay: return overlay_recipe();
    case Workspace::materials: return materials_recipe();
    default: return annotate_recipe();
    }
}

std::string_view file_name_of(std::string_view path) {
    std::size_t const slash = path.find_last_of('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view stem_of(std::string_view path) {
    std::size_t const dot = path.find_last_of('.');
    std::size_t const slash = path.find_last_of('/');
    bool const has_dot = dot != std::string_view::npos && (slash == std::string_view::npos || dot > slash + 1);
    return has_dot ? path.substr(0, dot) : path;
}

DropOutcome with_files(Document document, std::vector<DroppedFile> const& files, int next_id, Workspace workspace) {
    DropOutcome outcome;
    Recipe const base = fresh_recipe(workspace);
    for (DroppedFile const& file : files) {
        std::string const name{file_name_of(file.path)};
        if (is_rubbish(name) || !file.bytes) continue;
        if (auto found = recipe_in(file, base)) {
            if (found->has_value()) outcome.recipe = std::move(*found).value();
            else outcome.failures.push_back(found->error().message);
            continue;
        }
        if (is_config(file)) {
            ConfigText config = read_config_text(as_text(*file.bytes), overlay_recipe());
            document.overlay = std::move(config.recipe);
            document.stack = std::move(config.input_files);
            outcome.config = FoundConfig{name, {}, std::move(config.warnings)};
            continue;
        }
        if (iends_with(name, ".txt") || iends_with(name, ".hdr")) {
            document.loose.push_back({file.path, file.bytes});
            continue;
        }
        bool const open = std::any_of(document.inputs.begin(), document.inputs.end(), [&](InputEntry const& input) {
            return (input.path == file.path && same_bytes(input.bytes, file.bytes)) ||
                   (input.twin && is_twin_of(file.path, input.path) && same_bytes(input.twin, file.bytes));
        });
        if (open) {
            outcome.again.push_back(name);
            continue;
        }
        document.inputs.push_back({next_id, name, file.path, file.bytes, nullptr, nullptr});
        outcome.added.push_back(next_id++);
    }

    // A twin is an input by itself until its image comes; then it goes into that image's entry.
    for (InputEntry& image : document.inputs) {
        if (image.twin || !image.bytes) continue;
        for (InputEntry& other : document.inputs)
            if (&other != &image && other.bytes && is_twin_of(other.path, image.path)) {
                image.twin = std::move(other.bytes);
                other.bytes = nullptr;
                break;
            }
    }
    std::erase_if(document.inputs, [](InputEntry const& input) { return !input.bytes; });
    std::erase_if(outcome.added, [&](int id) { return !find_input(document, id); });

    std::erase_if(document.loose, [&](LooseFile const& loose) {
        bool used = false;
        for (InputEntry& image : document.inputs)
            if (is_sidecar_of(loose.path, image.path)) {
                image.sidecar = loose.bytes;
                used = true;
            }
        return used;
    });
    for (DroppedFile const& file : files)
        for (LooseFile const& loose : document.loose)
            if (loose.path == file.path && loose.bytes == file.bytes) outcome.lonely.emplace_back(file_name_of(file.path));

    if (outcome.recipe) {
        recipe_of(document, workspace_of(outcome.recipe->recipe)) = outcome.recipe->recipe;
    }
    if (outcome.config)
        for (std::string const& name : document.stack)
            if (!is_placeholder(name) && std::none_of(document.inputs.begin(), document.inputs.end(),
                                                      [&](InputEntry const& input) { return iequals(input.name, name); }))
                outcome.config->missing.push_back(name);
    outcome.document = std::move(document);
    return outcome;
}

} // namespace mg::app
