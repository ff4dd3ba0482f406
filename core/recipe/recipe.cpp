// Recipes as values: making, finding, changing. Text and JSON forms: recipe_text.cpp, recipe_json.cpp.
#include "recipe/recipe.h"

#include "base/text.h"
#include "recipe/names.h"
#include "steps/registry.h"

namespace mg {

Error unknown_name(std::string_view what, std::string_view name, std::vector<std::string_view> const& valid) {
    std::string message = "no " + std::string(what) + " \"" + excerpt(name, 80) + '"';
    auto const near = nearest_names(name, valid);
    auto const& shown = near.empty() ? valid : near;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        message += i > 0 ? (i + 1 < shown.size() || near.empty() ? ", " : " or ")
                         : (near.empty() ? "; there are: " : "; did you mean ");
        message += shown[i];
    }
    if (!near.empty()) message += "?";
    return {ErrorCode::bad_value, std::move(message)};
}

std::optional<bool> parse_switch(std::string_view text) {
    std::string const word = lowered(text);
    if (word == "on" || word == "true" || word == "yes" || word == "1") return true;
    if (word == "off" || word == "false" || word == "no" || word == "0") return false;
    return std::nullopt;
}

Result<Step const*> step_named(Recipe const& recipe, std::string_view id) {
    if (StepUse const* use = find_use(recipe, id)) return use->step;
    if (Step const* step = find_step(id)) return step;
    std::vector<std::string_view> ids;
    for (Step const* step : all_steps()) ids.push_back(step->id);
    return unknown_name("step", id, ids);
}

Result<std::size_t> param_named(Step const& step, std::string_view key) {
    int const index = param_index(step, key);
    if (index >= 0) return static_cast<std::size_t>(index);
    std::vector<std::string_view> keys;
    for (Param const& param : step.params) keys.push_back(param.info.key);
    return unknown_name(std::string(step.id) + " key", key, keys);
}

int param_index(Step const& step, std::string_view key) {
    for (std::size_t i = 0; i < step.params.size(); ++i)
        if (step.params[i].info.key == key) return static_cast<int>(i);
    for (std::size_t i = 0; i < step.params.size(); ++i)
        if (!key.empty() && step.params[i].info.older_key == key) return static_cast<int>(i);
    return -1;
}

StepUse make_use(Step const& step, bool enabled) {
    return {&step, enabled, step.defaults()};
}

StepUse const* find_use(Recipe const& recipe, std::string_view step_id) {
    for (StepUse const& use : recipe.steps)
        if (use.step->id == step_id) return &use;
    return nullptr;
}

StepUse* find_use(Recipe& recipe, std::string_view step_id) {
    for (StepUse& use : recipe.steps)
        if (use.step->id == step_id) return &use;
    return nullptr;
}

namespace {
Recipe recipe_of(Workflow workflow) {
    Recipe recipe;
    for (Step const* step : all_steps())
        if (step->workflows & workflow) recipe.steps.push_back(make_use(*step, step->on_by_default));
    return recipe;
}
} // namespace

Recipe annotate_recipe() { return recipe_of(k_annotate); }

Recipe overlay_recipe() { return recipe_of(k_overlay); }

Recipe materials_recipe() { return recipe_of(k_materials); }

Recipe compatible_annotate_recipe() {
    Recipe recipe = annotate_recipe();
    for (StepUse& use : recipe.steps) {
        int const index = param_index(*use.step, "compatible");
        if (index >= 0) use.values[static_cast<std::size_t>(index)] = true;
    }
    // The original halves large images of a high magnification.
    if (StepUse* halve = find_use(recipe, "halve")) {
        halve->enabled = true;
        int const mode = param_index(*halve->step, "mode");
        if (mode >= 0) {
            auto const index = static_cast<std::size_t>(mode);
            auto automatic = parse_value(halve->step->params[index], "auto");
            if (automatic) halve->values[index] = std::move(automatic).value();
        }
    }
    return recipe;
}

Recipe recipe_for_file(Recipe const& recipe, std::string_view file_name) {
    Recipe result{recipe.steps, {}};
    for (Override const& change : recipe.overrides) {
        if (change.file_name != file_name) continue;
        StepUse* use = find_use(result, change.step);
        if (!use) continue;
        if (change.key.empty()) {
            if (bool const* on = std::get_if<bool>(&change.value)) use->enabled = *on;
        } else if (int const index = param_index(*use->step, change.key); index >= 0) {
            use->values[static_cast<std::size_t>(index)] = change.value;
        }
    }
    return result;
}

namespace {

/// What "step.key", "step" or a bare key means in this recipe.
struct Target {
    std::size_t use = 0;
    int param = -1; ///< -1: the step's switch
};

Result<Target> find_target(Recipe const& recipe, std::string_view name) {
    std::size_t const dot = name.find('.');
    std::string_view const id = name.substr(0, dot);
    std::vector<std::string_view> ids;
    for (std::size_t i = 0; i < recipe.steps.size(); ++i) {
        Step const& step = *recipe.steps[i].step;
        ids.push_back(step.id);
        if (step.id != id) continue;
        if (dot == std::string_view::npos) return Target{i, -1};
        MG_TRY(std::size_t param, param_named(step, name.substr(dot + 1)));
        return Target{i, static_cast<int>(param)};
    }
    if (dot != std::string_view::npos) return unknown_name("step", id, ids);

    std::vector<Target> on, off;
    std::vector<std::string> valid;
    for (std::size_t i = 0; i < recipe.steps.size(); ++i) {
        StepUse const& use = recipe.steps[i];
        if (int const index = param_index(*use.step, name); index >= 0) (use.enabled ? on : off).push_back({i, index});
        valid.emplace_back(use.step->id);
        for (Param const& param : use.step->params)
            valid.push_back(std::string(use.step->id) + "." + std::string(param.info.key));
    }
    auto const& found = on.empty() ? off : on;
    if (found.size() == 1) return found.front();
    if (found.empty()) {
        // A misspelt key resembles bare keys, not "step.key": compare with those, but answer with the full names.
        std::vector<std::string_view> words;
        for (std::string const& full : valid) {
            std::size_t const at = full.find('.');
            words.push_back(at == std::string::npos ? std::string_view(full) : std::string_view(full).substr(at + 1));
        }
        auto const near = nearest_names(name, words);
        std::vector<std::string_view> shown;
        for (std::string_view word : near)
            for (std::size_t i = 0; i < words.size(); ++i)
                if (words[i] == word && shown.size() < 5) {
                    bool known = false;
                    for (std::string_view other : shown) known = known || other == valid[i];
                    if (!known) shown.push_back(valid[i]);
                }
        std::string message = "no key \"" + excerpt(name, 80) + '"';
        for (std::size_t i = 0; i < shown.size(); ++i)
            message += (i == 0 ? "; did you mean " : i + 1 < shown.size() ? ", " : " or ") + std::string(shown[i]);
        message += shown.empty() ? "; \"micrographia steps\" lists all" : "?";
        return Error{ErrorCode::bad_value, std::move(message)};
    }
    std::string message = "\"" + std::string(name) + "\" is a key of several steps; say which:";
    for (Target const& target : found)
        message += " " + std::string(recipe.steps[target.use].step->id) + "." + std::string(name);
    return Error{ErrorCode::bad_value, std::move(message)};
}

Result<Value> parse_target(Recipe const& recipe, Target const& target, std::string_view text) {
    Step const& step = *recipe.steps[target.use].step;
    if (target.param >= 0) {
        auto value = parse_value(step.params[static_cast<std::size_t>(target.param)], text);
        if (!value) value.error().message = std::string(step.id) + "." + value.error().message;
        return value;
    }
    auto const on = parse_switch(text);
    if (!on)
        return Error{ErrorCode::bad_value, std::string(step.id) + ": \"" + excerpt(text, 80) +
                                               "\" is neither on nor off; a value of it is set as " +
                                               std::string(step.id) + ".KEY=VALUE"};
    return Value(*on);
}

} // namespace

Status set_value(Recipe& recipe, std::string_view name, std::string_view text) {
    MG_TRY(Target target, find_target(recipe, name));
    MG_TRY(Value value, parse_target(recipe, target, text));
    StepUse& use = recipe.steps[target.use];
    if (target.param < 0)
        use.enabled = *std::get_if<bool>(&value);
    else {
        use.values[static_cast<std::size_t>(target.param)] = std::move(value);
        use.enabled = true;
    }
    return Done{};
}

Param const* named_param(Recipe const& recipe, std::string_view name) {
    auto const target = find_target(recipe, name);
    if (!target || target->param < 0) return nullptr;
    return &recipe.steps[target->use].step->params[static_cast<std::size_t>(target->param)];
}

Status set_override(Recipe& recipe, std::string_view file_name, std::string_view name, std::string_view text) {
    MG_TRY(Target target, find_target(recipe, name));
    MG_TRY(Value value, parse_target(recipe, target, text));
    Step const& step = *recipe.steps[target.use].step;
    std::string key;
    if (target.param >= 0) key = step.params[static_cast<std::size_t>(target.param)].info.key;
    return put_override(recipe, {std::string(file_name), std::string(step.id), std::move(key), std::move(value)});
}

Status put_override(Recipe& recipe, Override change) {
    for (Override& other : recipe.overrides)
        if (other.file_name == change.file_name && other.step == change.step && other.key == change.key) {
            other.value = std::move(change.value);
            return Done{};
        }
    if (recipe.overrides.size() >= k_recipe_max_overrides)
        return Error{ErrorCode::too_large, "the recipe sets more than " + std::to_string(k_recipe_max_overrides) +
                                               " values for single files; split the set of files"};
    recipe.overrides.push_back(std::move(change));
    return Done{};
}

} // namespace mg
