#pragma once
// What the user says about materials, carried into the recipe: the texts "materials" and "brush" of the step "cluster".
// Pure.
#include <optional>

#include "app/command.h"
#include "image/materials.h"

namespace mg::app {

/// True for the commands that materials_edited() understands.
bool is_material_edit(Command const& command);

/// The materials' recipe after the command. `found`: the materials that the command's indices mean. Unchanged when it
/// means none of them.
Recipe materials_edited(Recipe recipe, Materials const& found, Command const& command);

/// The same of the materials as shown, until the workers have answered: name, lock and colour at once; nothing for
/// commands that need them.
std::optional<Materials> shown_after(Materials const& found, Command const& command);

/// Names and colours move no pixel from one material to another. Without them the recipe tells whether materials must
/// be found anew; entries that say nothing else are left out, the others are called by their places.
Recipe without_names(Recipe recipe);
/// What was found with without_names(recipe) gets the names and colours of `recipe`, as the step "cluster" gives them.
void give_names(Materials& found, Recipe const& recipe);

/// Discs of the brush as the recipe has them, with the index of their material in `list`; -1: given back.
struct BrushedDisc {
    int material = -1;
    BrushDisc disc;
};
std::vector<BrushedDisc> brushed_discs(Recipe const& recipe, std::vector<Material> const& list);

} // namespace mg::app
