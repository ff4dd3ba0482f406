#include "app/command.h"

#include <algorithm>
#include <cmath>

#include "app/drop.h"
#include "recipe/pipeline.h"

namespace mg::app {

namespace {

/// The value if it is of the parameter's kind, moved into its valid range; nothing otherwise.
std::optional<Value> fitted_value(Param const& param, Value value, Value const& like) {
    if (value.index() != like.index()) return std::nullopt;
    bool const ranged = param.info.minimum < param.info.maximum;
    if (double* number = std::get_if<double>(&value)) {
        if (!std::isfinite(*number)) return std::nullopt;
        if (ranged) *number = std::clamp(*number, param.info.minimum, param.info.maximum);
    } else if (std::int64_t* whole = std::get_if<std::int64_t>(&value)) {
        if (param.kind == ParamKind::choice)
            *whole = std::clamp<std::int64_t>(*whole, 0, static_cast<std::int64_t>(param.info.choices.size()) - 1);
        else if (ranged)
            *whole = std::clamp(*whole, static_cast<std::int64_t>(param.info.minimum),
                                static_cast<std::int64_t>(param.info.maximum));
    }
    return value;
}

void drop_overrides(Recipe& recipe, std::string_view step, std::string_view key, std::string_view file_name) {
    std::erase_if(recipe.overrides, [&](Override const& o) {
        return o.step == step && o.key == key && (file_name.empty() || o.file_name == file_name);
    });
}

void set_param(Recipe& recipe, InputEntry const* only, SetParam const& c) {
    StepUse* use = find_use(recipe, c.step);
    if (!use) return;
    int const index = param_index(*use->step, c.key);
    if (index < 0) return;
    auto const i = static_cast<std::size_t>(index);
    auto value = fitted_value(use->step->params[i], c.value, use->values[i]);
    if (!value) return;
    if (!only) {
        use->values[i] = std::move(*value);
        return;
    }
    for (Override& o : recipe.overrides)
        if (o.file_name == only->name && o.step == c.step && o.key == c.key) {
            o.value = std::move(*value);
            return;
        }
    recipe.overrides.push_back({only->name, c.step, c.key, std::move(*value)});
}

void reset_param(Recipe& recipe, InputEntry const* only, ResetParam const& c) {
    StepUse* use = find_use(recipe, c.step);
    if (!use) return;
    if (only) return drop_overrides(recipe, c.step, c.key, only->name);
    if (int const i = param_index(*use->step, c.key); i >= 0)
        use->values[static_cast<std::size_t>(i)] = use->step->defaults()[static_cast<std::size_t>(i)];
    drop_overrides(recipe, c.step, c.key, {});
}

/// The recipe anew; what the user has put right about the files stays.
void use_preset(Recipe& recipe, Recipe next) {
    StepUse const* correct = find_use(recipe, "correct");
    if (StepUse* target = find_use(next, "correct"); target && correct) *target = *correct;
    for (Override const& o : recipe.overrides)
        if (o.step == "correct" || o.step == "map") next.overrides.push_back(o);
    recipe = std::move(next);
}

/// With every switch "compatible" on when wished: the numbers of the original tools.
Recipe fresh(Recipe recipe, bool compatible) {
    for (StepUse& use : recipe.steps)
        if (int const i = param_index(*use.step, "compatible"); compatible && i >= 0)
            use.values[static_cast<std::size_t>(i)] = true;
    return recipe;
}

/// A stack of more pages is opened as far as this.
constexpr int k_most_pages = 500;

struct Applier {
    Document& document;
    int& next_id;
    Workspace workspace;

    Recipe& recipe() const { return recipe_of(document, workspace); }
    /// For each recipe that a step's values belong to.
    template <class Change> void in_recipes(std::string_view step, Change change) const {
        change(recipe());
        if (step != "correct") return;
        for (Workspace other : {Workspace::annotate, Workspace::overlay, Workspace::materials})
            if (other != workspace) change(recipe_of(document, other));
    }

    void operator()(AddFiles const& c) {
        DropOutcome outcome = with_files(std::move(document), c.files, next_id);
        if (!outcome.added.empty()) next_id = outcome.added.back() + 1;
        document = std::move(outcome.document);
    }
    void operator()(RemoveFile const& c) {
        std::erase_if(document.inputs, [&](InputEntry const& input) { return input.id == c.id; });
    }
    InputEntry paged(InputEntry input, int page) const {
        input.page = std::clamp(page, 0, 999999);
        input.name = paged_name(file_name_of(input.path), input.page);
        return input;
    }
    void operator()(ChoosePage const& c) {
        for (InputEntry& input : document.inputs)
            if (input.id == c.id) input = paged(input, c.page);
    }
    void operator()(OpenPages const& c) {
        InputEntry const* const found = find_input(document, c.id);
        if (!found) return;
        InputEntry const one = *found;
        std::vector<InputEntry> pages;
        std::size_t place = 0;
        for (int page = 0; page < std::min(c.count, k_most_pages); ++page) {
            auto const open = std::find_if(document.inputs.begin(), document.inputs.end(), [&](InputEntry const& input) {
                return input.bytes == one.bytes && input.path == one.path && input.page == page;
            });
            pages.push_back(open == document.inputs.end() ? paged(one, page) : *open);
            if (open == document.inputs.end()) pages.back().id = next_id++;
        }
        auto const is_one_of_them = [&](InputEntry const& input) {
            return std::any_of(pages.begin(), pages.end(), [&](InputEntry const& page) { return page.id == input.id; });
        };
        while (place < document.inputs.size() && !is_one_of_them(document.inputs[place])) ++place;
        std::erase_if(document.inputs, is_one_of_them);
        document.inputs.insert(document.inputs.begin() + static_cast<std::ptrdiff_t>(place), pages.begin(), pages.end());
    }
    void operator()(RemoveAllFiles const&) {
        document.inputs.clear();
        document.loose.clear();
    }
    void operator()(SetParam const& c) {
        InputEntry const* only = find_input(document, c.only_file);
        if (c.only_file == 0 || only) in_recipes(c.step, [&](Recipe& recipe) { set_param(recipe, only, c); });
    }
    void operator()(ResetParam const& c) {
        InputEntry const* only = find_input(document, c.only_file);
        if (c.only_file == 0 || only) in_recipes(c.step, [&](Recipe& recipe) { reset_param(recipe, only, c); });
    }
    void operator()(SetEnabled const& c) {
        if (StepUse* use = find_use(recipe(), c.step)) use->enabled = c.enabled;
    }
    void operator()(ResetStep const& c) {
        in_recipes(c.step, [&](Recipe& recipe) {
            StepUse* use = find_use(recipe, c.step);
            if (!use) return;
            use->values = use->step->defaults();
            std::erase_if(recipe.overrides, [&](Override const& o) { return o.step == c.step; });
        });
    }
    void operator()(SetRecipe const& c) { recipe() = c.recipe; }
    void operator()(UsePreset const& c) {
        if (workspace == Workspace::overlay) {
            document.stack.clear();
            return use_preset(recipe(), fresh(overlay_recipe(), c.compatible));
        }
        if (workspace == Workspace::materials) return use_preset(recipe(), fresh(materials_recipe(), c.compatible));
        use_preset(recipe(), c.compatible ? compatible_annotate_recipe() : annotate_recipe());
    }
    template <class Other> void operator()(Other const&) {}
};

} // namespace

Document applied(Document document, Command const& command, int& next_id, Workspace workspace) {
    std::visit(Applier{document, next_id, workspace}, command);
    return document;
}

} // namespace mg::app
