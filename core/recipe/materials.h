#pragma once
// The materials workflow: element maps, perhaps a Lab image, and an SE image -> materials, and the SE image in their
// colours. The command line, the page's workers and the tests all call these; sets are run by SetRun.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "recipe/pipeline.h"
#include "recipe/set_run.h"

namespace mg {

/// The SE image's file name without its ending; else what the maps' names have in common at their beginning.
std::string materials_set_name(Scene const& members);
/// About how many bytes it takes to find `materials` (0: unknown) in a set of these files and to write the results:
/// those of the commonest size are the maps. Roughly a third too much, seldom too little.
std::int64_t materials_memory_bytes(std::span<Size const> files, int materials = 0);

/// "edx_composite_NAME.png"
std::string materials_output_name(Scene const& members);
/// PNG of the composite of a finished scene, with pHYs and the recipe of the whole set.
Result<Bytes> encode_materials(Scene const& scene, Recipe const& recipe, std::vector<InputHash> const& inputs,
                               Job const& job);

/// Label map at the maps' resolution: 8-bit grey, index of the material; k_no_material where there is none.
/// `provenance` as of provenance_json(); "": none is written.
Result<Bytes> encode_labels_png(Materials const& materials, std::string const& provenance = {});
Result<Bytes> encode_labels_tiff(Materials const& materials);
/// True for a file that encode_labels_tiff() made.
bool is_label_tiff(ByteView file);

/// One row per material: name, colour, area %, flagged shares, mean and standard deviation per element (RFC 4180).
std::string materials_csv(Materials const& materials);
/// [{"label","color":"#rrggbb","share","composition":{"Zn":counts,...},"deviation":{...}}]
Json materials_json(Materials const& materials);
/// {"matrix":[[a,b,tx],[c,d,ty]]|null,"score","trust","residual_px","source","reason"}: map pixel -> SE pixel, both as
/// stored. From the alignments of the set's members.
Json map_registration_json(Scene const& members);

/// Files that make one set: element maps of one field, their Lab image and their SE image, found by names, folders and
/// sizes. Empty when fewer than two of the files are element maps.
struct MapSetMember {
    int index = 0; ///< of the input
    Role role = Role::element_map;
    std::string element; ///< "SiK"
};
struct MapSet {
    std::string name;
    std::vector<MapSetMember> members;
};
std::vector<MapSet> find_map_sets(std::span<SetInput const> inputs);

} // namespace mg
