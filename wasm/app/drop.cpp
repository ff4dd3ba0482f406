#include "app/drop.h"

#include <algorithm>
#include <utility>

#include "app/command.h"
#include "base/text.h"
#include "codecs/codec.h"
#include "codecs/png_chunks.h"
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

bool is_twin_of(std::string_view twin, std::string_view path) {
    return iequals(file_name_of(twin), twin_name(file_name_of(path))) && may_be_neighbours(twin, path);
}

bool belongs_to(LooseFile const& sidecar, InputEntry const& image) {
    return is_sidecar_of(file_name_of(sidecar.path), file_name_of(image.path)) && may_be_neighbours(sidecar.path, image.path);
}

bool is_config(DroppedFile const& file) {
    return iends_with(file.path, ".txt") && file.start && looks_like_config_text(as_text(*file.start));
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
    if (!file.start) return std::nullopt;
    ByteView const bytes = *file.start;
    if (is_png(bytes)) {
        auto provenance = read_provenance(bytes);
        if (!provenance) return std::nullopt; // an ordinary image
        FoundRecipe found{name, completed(std::move(provenance->recipe)), {}, std::move(provenance->warnings)};
        for (auto const& input : provenance->inputs) found.inputs.push_back(input.file_name);
        if (!found.inputs.empty() && workspace_of(found.recipe) == Workspace::annotate) keep_corrections_to(found.inputs.front(), found.recipe);
        return Result<FoundRecipe>(std::move(found));
    }
    std::string_view const text = as_text(bytes);
    bool const is_text = text.starts_with("micrographia recipe");
    bool const is_json = iends_with(name, ".json");
    if (!is_text && !is_json) return std::nullopt;
    auto recipe = is_text ? parse_recipe(text, base) : parse_recipe_json(text, base);
    if (!recipe) return Result<FoundRecipe>(Error{recipe.error().code, name + ": " + recipe.error().message});
    return Result<FoundRecipe>(FoundRecipe{name, std::move(recipe).value(), {}, {}});
}

} // namespace

bool wants_whole(std::string_view path, ByteView start, std::int64_t size) {
    constexpr std::int64_t k_longest_config = 1 << 20, k_longest_recipe = 32 << 20;
    if (static_cast<std::int64_t>(start.size()) >= size || size > k_longest_recipe) return false;
    if (is_png(start)) {
        PngChunks chunks(start);
        for (auto chunk = chunks.next(); chunk && chunk->type != "IDAT"; chunk = chunks.next())
            if (!chunk->is_whole) return true; // a long recipe, or a long profile before it
        return false;
    }
    return as_text(start).starts_with("micrographia recipe") || iends_with(path, ".json") ||
           (iends_with(path, ".txt") && size <= k_longest_config);
}

SharedBytes kept_start(std::string_view path, ByteView start, std::int64_t size) {
    bool const whole = static_cast<std::int64_t>(start.size()) >= size;
    std::size_t length = 0;
    if (is_png(start)) {
        length = start.size();
        PngChunks chunks(start);
        for (auto chunk = chunks.next(); chunk; chunk = chunks.next())
            if (chunk->type == "IDAT") {
                length = static_cast<std::size_t>(chunk->data.data() - start.data()) - 8;
                break;
            }
    } else if (whole && (as_text(start).starts_with("micrographia recipe") || iends_with(path, ".json") ||
                         (iends_with(path, ".txt") && looks_like_config_text(as_text(start)))))
        length = start.size();
    else if (std::string_view const name = file_name_of(path); is_sidecar_name(name) && is_known_sidecar(name, start))
        length = start.size();
    if (length == 0) return nullptr;
    return std::make_shared<Bytes const>(start.begin(), start.begin() + static_cast<std::ptrdiff_t>(length));
}

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
            ConfigText config = read_config_text(as_text(*file.start), overlay_recipe());
            document.overlay = std::move(config.recipe);
            document.stack = std::move(config.input_files);
            outcome.config = FoundConfig{name, {}, std::move(config.warnings)};
            continue;
        }
        if (is_sidecar_name(name)) {
            if (file.start && is_known_sidecar(name, *file.start)) document.loose.push_back({file.path, file.bytes});
            else outcome.unknown.push_back(name);
            continue;
        }
        bool const open = std::any_of(document.inputs.begin(), document.inputs.end(), [&](InputEntry const& input) {
            return (input.path == file.path && same_file(input.bytes, file.bytes)) ||
                   (input.twin && is_twin_of(file.path, input.path) && same_file(input.twin, file.bytes));
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
            if (belongs_to(loose, image)) {
                image.sidecar = loose.bytes;
                image.sidecar_name = file_name_of(loose.path);
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
