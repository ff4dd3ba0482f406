#pragma once
// All steps, in the order in which a complete recipe runs them. Adding one: a file here and a line in steps.inc.
#include <span>
#include <string_view>

#include "recipe/step.h"

namespace mg {

std::span<Step const* const> all_steps();
/// Null when there is none of that id.
Step const* find_step(std::string_view id);

} // namespace mg
