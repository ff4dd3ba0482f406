// A colour for each material: like compositions get like hues.
#include <array>

#include "base/text.h"
#include "ops/material_colours.h"
#include "recipe/step.h"

namespace mg {
namespace {

constexpr Choice k_palettes[] = {
    {"even", "Alike in brightness"}, {"safe", "For any colour vision"}, {"classic", "As the Python tools"}};

struct ColoursParams {
    MaterialPalette palette = MaterialPalette::even;
};

constexpr auto k_params = std::to_array<Param>({
    param<&ColoursParams::palette>(
        {.key = "palette",
         .label = "Palette",
         .help =
             "Materials of like composition get like hues. The one for any colour vision has up to 8 colours, which "
             "differ in brightness too. A colour that was picked stays, and the others keep away from it.",
         .choices = k_palettes}),
});

constexpr double k_hard_to_tell = 10; ///< CIEDE2000
constexpr std::string_view k_visions[] = {"", "protanopia", "deuteranopia", "tritanopia"};

void note_doubles(Materials const& materials, MaterialColours const& colours, Job& job) {
    std::string told;
    for (std::size_t v = 0; v < colours.closest.size(); ++v) {
        MaterialColours::Closest const& pair = colours.closest[v];
        if (pair.difference >= k_hard_to_tell) continue;
        std::string const names = materials.list[static_cast<std::size_t>(pair.first)].name + " and " +
                                  materials.list[static_cast<std::size_t>(pair.second)].name;
        if (v == 0) {
            job.note("alike", names, names + " have nearly the same colour");
            return;
        }
        told += (told.empty() ? "" : "; ") + names + " (" + std::string(k_visions[v]) + ")";
    }
    if (!told.empty()) job.note("colour_vision", told, "hard to tell apart with a colour vision deficiency: " + told);
}

Status run(Scene& scene, ColoursParams const& params, Job& job) {
    if (!scene.materials || scene.materials->list.empty()) return Done{};
    auto materials = std::make_shared<Materials>(*scene.materials);
    std::vector<MaterialColourRequest> requests;
    for (Material const& material : materials->list) requests.push_back({material.mean, material.picked});
    MaterialColours const colours = material_colours(requests, params.palette);
    for (std::size_t k = 0; k < requests.size(); ++k) materials->list[k].colour = colours.colours[k];
    note_doubles(*materials, colours, job);
    scene.materials = std::move(materials);
    return Done{};
}

} // namespace

extern constinit Step const k_step_colours = make_step<ColoursParams, k_params, run>(
    {.id = "colours",
     .title = "Colours",
     .group = StepGroup::tone,
     .summary = "Gives each material a colour; like compositions get like hues.",
     .workflows = k_materials,
     .whole_set = true});

} // namespace mg
