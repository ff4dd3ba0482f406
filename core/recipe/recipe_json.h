#pragma once
// Parts of the JSON form of recipes, shared by to_json() and the provenance in a PNG.
#include "base/json.h"
#include "recipe/recipe.h"

namespace mg {

Json value_json(Param const& param, Value const& value);
/// [{"step","enabled","version","values":{...all values...}}]
Json steps_json(Recipe const& recipe);
/// [{"file","step","key","value"}]
Json overrides_json(Recipe const& recipe);
/// Steps and overrides of an object that has them. A step's values that are absent keep the base's.
Result<Recipe> recipe_from_json(Json const& json, Recipe const& base);

} // namespace mg
