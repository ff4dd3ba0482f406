#pragma once
// Steps for tests of the machinery, independent of the real ones.
#include "recipe/recipe.h"

namespace mg::fake {

/// "gain": multiplies all planes by `factor` and notes it; has a parameter of every kind.
extern Step const k_gain;
/// "offset": adds `amount`; fails when it is 13. Off by default, has a `factor` too.
extern Step const k_offset;
/// "stretch": low, high, method and linked, as the contrast step has them; measures the extremes.
extern Step const k_stretch;

/// How often a fake step ran so far.
int run_count();
/// gain, offset, stretch with their defaults.
Recipe recipe();

} // namespace mg::fake
