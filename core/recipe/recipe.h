#pragma once
// The chain of steps with their values: the one thing that undo, a saved recipe, command-line arguments, a job for a
// worker, an exported PNG and a test all carry. Text form, one line each:
//
//   micrographia recipe 1
//   despike threshold_sigma=4
//   beam_spot off
//   correct sample="AB 01"
//   databar fields="beam_energy spot / sample"
//   only "10K420.TIF" correct.pixel_size_x_nm=15.9
//
// A line's first word is the step; then "on" or "off" ("on" when neither stands there), then its values. "only" gives
// values of one file of a batch. Only values that differ from the defaults need stand in it; unknown steps and keys are
// errors that name the nearest valid ones. A text is bare when it is ASCII without blanks, quotes, backslashes and '#',
// else it stands in double quotes with \" \\ \n \r \t \u001F as escapes; '#' at the start of a word begins a comment.
// UTF-8.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "recipe/step.h"

namespace mg {

struct StepUse {
    Step const* step = nullptr;
    bool enabled = true;
    std::vector<Value> values; ///< parallel to step->params
    bool operator==(StepUse const&) const = default;
};

/// A value for one file of a batch only.
struct Override {
    std::string file_name;
    std::string step;
    std::string key; ///< empty: `enabled` is meant
    Value value;
    bool operator==(Override const&) const = default;
};

struct Recipe {
    std::vector<StepUse> steps;
    std::vector<Override> overrides;
    bool operator==(Recipe const&) const = default;
};

/// The workflow of the Annotate page: every annotate step in registry order, with its default on/off state.
Recipe annotate_recipe();
/// The workflow of the Overlay page: each file's own steps, then those of the whole set.
Recipe overlay_recipe();
/// The workflow of the Materials page: likewise.
Recipe materials_recipe();
/// The same with every `compatible` switch on: the numbers of the original Python tools.
Recipe compatible_annotate_recipe();

/// Recipe with the overrides for this file applied and no overrides left.
Recipe recipe_for_file(Recipe const& recipe, std::string_view file_name);

StepUse make_use(Step const& step, bool enabled = true);
/// Null when the recipe has no such step.
StepUse* find_use(Recipe& recipe, std::string_view step_id);
StepUse const* find_use(Recipe const& recipe, std::string_view step_id);

/// Index of the parameter of that key, or older key; -1 when there is none.
int param_index(Step const& step, std::string_view key);
/// Right kind, within the range (minimum == maximum: no range), not longer than allowed, valid UTF-8.
Status check_value(Param const& param, Value const& value);
/// Text of one value: true/false, shortest round-trip number, choice key, text, base64.
std::string value_text(Param const& param, Value const& value);
/// Parses and checks the range.
Result<Value> parse_value(Param const& param, std::string_view text);
/// "despike.threshold_sigma", "5": sets one value and switches the step on; "despike", "off" switches a step. A bare
/// key is taken when exactly one enabled step has it, or no enabled and exactly one other. Errors list the nearest
/// valid names.
Status set_value(Recipe& recipe, std::string_view name, std::string_view text);
/// The parameter that set_value() would set; null for a step's switch and for what it would refuse.
Param const* named_param(Recipe const& recipe, std::string_view name);
/// Of one recipe, and of a file that holds one; more is refused.
inline constexpr std::size_t k_recipe_max_steps = 1000, k_recipe_max_overrides = 20000;
inline constexpr std::size_t k_recipe_max_bytes = std::size_t{16} << 20;

/// set_value() for one file only: an override.
Status set_override(Recipe& recipe, std::string_view file_name, std::string_view name, std::string_view text);

/// Every enabled step in order, and those switched off that a fresh recipe has on or whose values were changed; so the
/// text parses back to the same recipe on annotate_recipe() and, for a free chain, on an empty one.
std::string to_text(Recipe const& recipe, bool with_defaults = false);
/// Parses onto a copy of `base` (steps not named keep the base's state; a "recipe" text lists differences). Use an
/// empty base for a free chain, where the lines' order is the order of the steps.
Result<Recipe> parse_recipe(std::string_view text, Recipe const& base);
/// {"recipe":1,"steps":[{"step","enabled","version","values":{...all...}}],"overrides":[...]}
std::string to_json(Recipe const& recipe);
/// Takes the provenance in a PNG too.
Result<Recipe> parse_recipe_json(std::string_view json, Recipe const& base);

} // namespace mg
