#pragma once
// What must hold of every answer, whatever the bytes were. A check that fails ends the program.
#include <string_view>

#include "codecs/codec.h"
#include "recipe/recipe.h"

namespace mg::fuzz {

void check_text(std::string_view text);
/// `name` is what the decoder was given; its errors begin with it.
void check_decoded(Result<Decoded> const& decoded, std::string_view name);
void check_metadata(Metadata const& metadata);
/// Every value within its table's range, and both text forms read back to the same recipe on `base`, which the recipe
/// was read onto.
void check_recipe(Recipe const& recipe, Recipe const& base);

} // namespace mg::fuzz
