#pragma once
// The reference of steps, made from their tables: for the terminal, as JSON, and as docs/steps.md.
#include <string>

#include "base/json.h"
#include "recipe/step.h"

namespace mg {

/// "input", "clean", "geometry", "tone", "databar", "output".
std::string_view group_name(StepGroup group);
/// Summary, then one paragraph per parameter with range, unit and default.
std::string step_help(Step const& step);
/// {"id","title","group","summary","version","on","params":[{"key","label","help","unit","kind","default",...}]}
Json step_reference(Step const& step);
/// The whole of docs/steps.md.
std::string steps_markdown();

} // namespace mg
