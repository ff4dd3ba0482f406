#pragma once
// What an alignment is in words and numbers, and the settings of a composite.
#include <string>

#include "ops/compose.h"
#include "recipe/recipe.h"

namespace mg::app {

/// The settings of the step "compose" of a recipe.
ComposeSettings compose_settings(Recipe const& recipe);
/// Where the centre of the reference has moved to in this image, px of the image.
Point shift_of(Alignment const& alignment, Size reference);
/// The alignment of an image in a few words: "reference", "+6.2, −3.1 px", "doubtful: ...".
std::string alignment_words(Alignment const& alignment, Size reference);
/// Greatest distance between two maps over the frame of the reference, px.
double largest_distance(Projective const& a, Projective const& b, Size reference);

} // namespace mg::app
