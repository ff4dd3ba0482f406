// The JSON form of a recipe: see recipe.h.
#include "recipe/recipe_json.h"

#include <cmath>

#include "recipe/names.h"

namespace mg {
namespace {

Error bad(std::string message) {
    return {ErrorCode::bad_value, "recipe: " + std::move(message)};
}

/// A number or truth value as such; all else by its text.
Result<Value> value_from_json(Param const& param, Json const& json) {
    Value value;
    if (bool const* on = json.as_bool())
        value = *on;
    else if (double const* number = json.as_number()) {
        if (param.kind == ParamKind::integer && *number == std::floor(*number) && std::fabs(*number) < 1e15)
            value = static_cast<std::int64_t>(*number);
        else
            value = *number;
    } else if (std::string const* text = json.as_string()) {
        if (param.kind == ParamKind::choice || param.kind == ParamKind::text || param.kind == ParamKind::blob)
            return parse_value(param, *text);
        value = *text;
    } else
        return Error{ErrorCode::bad_value, std::string(param.info.key) + ": is not a single value"};
    if (param.kind == ParamKind::choice) value = std::string(); // only its key is taken
    MG_TRY_DO(check_value(param, value));
    return value;
}

std::string string_member(Json const& json, std::string_view key) {
    Json const* member = json.find(key);
    std::string const* text = member ? member->as_string() : nullptr;
    return text ? *text : std::string();
}

Status read_step(Recipe& recipe, bool free_chain, Json const& item) {
    std::string const id = string_member(item, "step");
    if (id.empty()) return bad("every item of \"steps\" needs a \"step\"");
    auto const step = step_named(recipe, id);
    if (!step) return bad(step.error().message);
    StepUse* use = free_chain ? nullptr : find_use(recipe, id);
    if (!use) use = &recipe.steps.emplace_back(make_use(**step));
    use->enabled = true;
    if (Json const* enabled = item.find("enabled")) {
        if (!enabled->as_bool()) return bad(id + ": \"enabled\" must be true or false");
        use->enabled = *enabled->as_bool();
    }
    Json const* values = item.find("values");
    if (!values) return Done{};
    if (!values->as_object()) return bad(id + ": \"values\" must be an object");
    for (JsonMember const& member : *values->as_object()) {
        auto const index = param_named(**step, member.key);
        if (!index) return bad(index.error().message);
        auto value = value_from_json((*step)->params[*index], member.value);
        if (!value) return bad(id + "." + value.error().message);
        use->values[*index] = std::move(value).value();
    }
    return Done{};
}

Status read_override(Recipe& recipe, Json const& item) {
    Override change{string_member(item, "file"), string_member(item, "step"), string_member(item, "key"), {}};
    Json const* json = item.find("value");
    if (change.file_name.empty() || !json) return bad("every override needs a \"file\", a \"step\" and a \"value\"");
    auto const step = step_named(recipe, change.step);
    if (!step) return bad(step.error().message);
    if (!find_use(recipe, change.step)) return bad("has an override of " + change.step + ", but no such step");
    if (change.key.empty()) {
        if (!json->as_bool()) return bad(change.step + ": an override without a key is true or false");
        change.value = *json->as_bool();
    } else {
        auto const index = param_named(**step, change.key);
        if (!index) return bad(index.error().message);
        Param const& param = (*step)->params[*index];
        change.key = param.info.key;
        auto value = value_from_json(param, *json);
        if (!value) return bad(change.step + "." + value.error().message);
        change.value = std::move(value).value();
    }
    return put_override(recipe, std::move(change));
}

} // namespace

Json value_json(Param const& param, Value const& value) {
    switch (param.kind) {
    case ParamKind::toggle:
        return *std::get_if<bool>(&value);
    case ParamKind::integer:
        return *std::get_if<std::int64_t>(&value);
    case ParamKind::real:
        return *std::get_if<double>(&value);
    default:
        return value_text(param, value);
    }
}

Json steps_json(Recipe const& recipe) {
    Json steps{Json::Array{}};
    for (StepUse const& use : recipe.steps) {
        Json values{Json::Object{}};
        for (std::size_t i = 0; i < use.values.size(); ++i)
            values.add(std::string(use.step->params[i].info.key), value_json(use.step->params[i], use.values[i]));
        Json item;
        item.add("step", use.step->id);
        item.add("enabled", use.enabled);
        item.add("version", use.step->version);
        item.add("values", std::move(values));
        steps.push(std::move(item));
    }
    return steps;
}

Result<Recipe> recipe_from_json(Json const& json, Recipe const& base) {
    Recipe recipe = base;
    bool const free_chain = base.steps.empty();
    Json const* steps = json.find("steps");
    if (!steps || !steps->as_array()) return bad("there is no list \"steps\"");
    if (steps->as_array()->size() > k_recipe_max_steps)
        return bad("a recipe has at most " + std::to_string(k_recipe_max_steps) + " steps");
    for (Json const& item : *steps->as_array()) MG_TRY_DO(read_step(recipe, free_chain, item));
    if (Json const* overrides = json.find("overrides")) {
        if (!overrides->as_array()) return bad("\"overrides\" must be a list");
        if (overrides->as_array()->size() > k_recipe_max_overrides)
            return bad("a recipe sets at most " + std::to_string(k_recipe_max_overrides) + " values for single files");
        for (Json const& item : *overrides->as_array()) MG_TRY_DO(read_override(recipe, item));
    }
    return recipe;
}

Json overrides_json(Recipe const& recipe) {
    Json overrides{Json::Array{}};
    for (Override const& change : recipe.overrides) {
        Json item;
        item.add("file", change.file_name);
        item.add("step", change.step);
        StepUse const* use = find_use(recipe, change.step);
        int const index = use ? param_index(*use->step, change.key) : -1;
        if (!change.key.empty() && index < 0) continue;
        if (change.key.empty())
            item.add("value", *std::get_if<bool>(&change.value));
        else {
            item.add("key", change.key);
            item.add("value", value_json(use->step->params[static_cast<std::size_t>(index)], change.value));
        }
        overrides.push(std::move(item));
    }
    return overrides;
}

std::string to_json(Recipe const& recipe) {
    Json json;
    json.add("recipe", 1);
    json.add("steps", steps_json(recipe));
    json.add("overrides", overrides_json(recipe));
    return to_text(json);
}

Result<Recipe> parse_recipe_json(std::string_view text, Recipe const& base) {
    MG_TRY(Json json, parse_json(text));
    Json const* form = json.find("recipe");
    if (!json.find("micrographia")) {
        if (!form || !form->as_number()) return bad("this JSON has no \"recipe\": 1");
        if (*form->as_number() != 1)
            return bad("its form is not known; it was made by a newer version of Micrographia");
    }
    return recipe_from_json(json, base);
}

} // namespace mg
