#include "app/command.h"

#include <algorithm>
#include <cmath>

#include "app/drop.h"

namespace mg::app {

namespace {

/// The value if it is of the parameter's kind, moved into its valid range; nothing otherwise.
std::optional<Value> fitted(Param const& param, Value value, Value const& like) {
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

void set_param(Document& document, SetParam const& c) {
    StepUse* use = find_use(document.recipe, c.step);
    if (!use) return;
    int const index = param_index(*use->step, c.key);
    if (index < 0) return;
    auto const i = static_cast<std::size_t>(index);
    auto value = fitted(use->step->params[i], c.value, use->values[i]);
    if (!value) return;
    if (c.only_file == 0) {
        use->values[i] = std::move(*value);
        return;
    }
    InputEntry const* input = find_input(document, c.only_file);
    if (!input) return;
    for (Override& o : document.recipe.overrides)
        if (o.file_name == input->name && o.step == c.step && o.key == c.key) {
            o.value = std::move(*value);
            return;
        }
    document.recipe.overrides.push_back({input->name, c.step, c.key, std::move(*value)});
}

void reset_param(Document& document, ResetParam const& c) {
    StepUse* use = find_use(document.recipe, c.step);
    if (!use) return;
    if (c.only_file != 0) {
        if (InputEntry const* input = find_input(document, c.only_file))
            drop_overrides(document.recipe, c.step, c.key, input->name);
        return;
    }
    if (int const i = param_index(*use->step, c.key); i >= 0)
        use->values[static_cast<std::size_t>(i)] = use->step->defaults()[static_cast<std::size_t>(i)];
    drop_overrides(document.recipe, c.step, c.key, {});
}

/// The recipe anew; what the user has put right about the files stays.
void use_preset(Document& document, bool compatible) {
    Recipe next = compatible ? compatible_annotate_recipe() : annotate_recipe();
    StepUse const* correct = find_use(document.recipe, "correct");
    if (StepUse* target = find_use(next, "correct"); target && correct) *target = *correct;
    for (Override const& o : document.recipe.overrides)
        if (o.step == "correct") next.overrides.push_back(o);
    document.recipe = std::move(next);
}

struct Applier {
    Document& document;
    int& next_id;

    void operator()(AddFiles const& c) {
        DropOutcome outcome = with_files(std::move(document), c.files, next_id);
        if (!outcome.added.empty()) next_id = outcome.added.back() + 1;
        document = std::move(outcome.document);
    }
    void operator()(RemoveFile const& c) {
        std::erase_if(document.inputs, [&](InputEntry const& input) { return input.id == c.id; });
    }
    void operator()(RemoveAllFiles const&) {
        document.inputs.clear();
        document.loose.clear();
    }
    void operator()(SetParam const& c) { set_param(document, c); }
    void operator()(ResetParam const& c) { reset_param(document, c); }
    void operator()(SetEnabled const& c) {
        if (StepUse* use = find_use(document.recipe, c.step)) use->enabled = c.enabled;
    }
    void operator()(ResetStep const& c) {
        StepUse* use = find_use(document.recipe, c.step);
        if (!use) return;
        use->values = use->step->defaults();
        std::erase_if(document.recipe.overrides, [&](Override const& o) { return o.step == c.step; });
    }
    void operator()(SetRecipe const& c) { document.recipe = c.recipe; }
    void operator()(UsePreset const& c) { use_preset(document, c.compatible); }
    template <class Other> void operator()(Other const&) {}
};

} // namespace

Document applied(Document document, Command const& command, int& next_id) {
    std::visit(Applier{document, next_id}, command);
    return document;
}

} // namespace mg::app
