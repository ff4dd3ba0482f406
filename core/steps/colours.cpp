// A colour for each material: like compositions get like hues.
#include <algorithm>
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

/// Materials by their strongest element, then by how much of them it is: an order, and hence colours, that areas and
/// small changes of the compositions leave alone.
std::vector<std::size_t> by_composition(std::vector<Material> const& list) {
    struct Strongest {
        std::size_t element = 0;
        double share = 0;
    };
    std::vector<Strongest> strongest;
    for (Material const& material : list) {
        auto const most = std::max_element(material.mean.begin(), material.mean.end());
        double total = 0;
        for (double const counts : material.mean) total += counts;
        strongest.push_back({static_cast<std::size_t>(most - material.mean.begin()), total > 0 ? *most / total : 0});
    }
    std::vector<std::size_t> order(list.size());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (strongest[a].element != strongest[b].element) return strongest[a].element < strongest[b].element;
        return strongest[a].share > strongest[b].share;
    });
    return order;
}

Status run(Scene& scene, ColoursParams const& params, Job& job) {
    if (!scene.materials || scene.materials->list.empty()) return Done{};
    auto materials = std::make_shared<Materials>(*scene.materials);
    std::vector<std::size_t> const order = by_composition(materials->list);
    std::vector<MaterialColourRequest> requests;
    for (std::size_t const k : order) requests.push_back({materials->list[k].mean, materials->list[k].picked});
    MaterialColours colours = material_colours(requests, params.palette);
    for (std::size_t i = 0; i < order.size(); ++i) materials->list[order[i]].colour = colours.colours[i];
    for (MaterialColours::Closest& pair : colours.closest) {
        auto const [first, second] =
            std::minmax({order[static_cast<std::size_t>(pair.first)], order[static_cast<std::size_t>(pair.second)]});
        pair.first = static_cast<int>(first);
        pair.second = static_cast<int>(second);
    }
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
