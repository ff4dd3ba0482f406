#pragma once
// What the user has said about materials, as text in a recipe: names, colours, locks, merges and splits, and pixels
// given to a material with the brush.
//
//   Sapphire #5aa9e6 locked = OK:2.6 AlK:2.31; "Contact, top" = NiK:2 CuK:1.5 + CuK:3; Resin parts=2 = SiK:1.7 CK:1.9
//
// A material is found again by its composition (counts per map pixel; elements that are not named may have any);
// several compositions joined by "+" are one material. Names with blanks or any of #;=+: stand in double quotes, with
// \" and \\ as escapes.
//
//   Sapphire: 10,12,3 14,15,3; Resin: 90,40,2
//
// Discs of the brush: x,y and radius in map pixels, later ones over earlier ones. The name "-" gives pixels back.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "image/scene.h"

namespace mg {

struct KnownMaterial {
    std::string name;
    std::optional<Rgb> picked;
    bool locked = false; ///< its compositions stay exactly as they are
    int parts = 1;       ///< split into so many
    /// Element label and counts per map pixel, of each composition.
    std::vector<std::vector<std::pair<std::string, double>>> centres;
};
Result<std::vector<KnownMaterial>> parse_known_materials(std::string_view text);
std::string known_materials_text(std::vector<KnownMaterial> const& known);
/// What the user would say of a material as found, to change a part of it: its name and centres.
KnownMaterial known_from(Material const& material, std::vector<Element> const& elements);

struct BrushDisc {
    double x = 0, y = 0, radius_px = 0; ///< map pixels; a pixel is in it when its centre is
};
struct BrushStroke {
    std::string material; ///< "-": none
    std::vector<BrushDisc> discs;
};
Result<std::vector<BrushStroke>> parse_brush(std::string_view text);
std::string brush_text(std::vector<BrushStroke> const& strokes);

} // namespace mg
