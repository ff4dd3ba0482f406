#pragma once
// Looking up what a text names, for the readers of recipes; an unknown name is answered with the nearest valid ones.
#include <optional>
#include <string_view>
#include <vector>

#include "recipe/recipe.h"

namespace mg {

/// 'no step "despik"; did you mean despike?'
Error unknown_name(std::string_view what, std::string_view name, std::vector<std::string_view> const& valid);
/// on, off; true, false; yes, no; 1, 0.
std::optional<bool> parse_switch(std::string_view text);
/// The recipe's own step of that id, else one of the registry.
Result<Step const*> step_named(Recipe const& recipe, std::string_view id);
Result<std::size_t> param_named(Step const& step, std::string_view key);
/// Takes the place of an earlier override of the same value of the same file.
Status put_override(Recipe& recipe, Override change);

} // namespace mg
