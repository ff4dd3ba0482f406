#include "steps/registry.h"

#include <array>

namespace mg {

#define STEP(name) extern Step const k_step_##name;
#include "steps/steps.inc"
#undef STEP

std::span<Step const* const> all_steps() {
    static constexpr Step const* k_steps[] = {
#define STEP(name) &k_step_##name,
#include "steps/steps.inc"
#undef STEP
    };
    return k_steps;
}

Step const* find_step(std::string_view id) {
    for (Step const* step : all_steps())
        if (step->id == id) return step;
    return nullptr;
}

} // namespace mg
