#pragma once
// What a set of element maps says about a specimen: its materials, where each of them is, and what it consists of.
// Made by the steps of a set (cluster, colours, spread) and shared, never edited in place: a step makes a new one.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "image/image.h"
#include "math/projective.h"

namespace mg {

/// sRGB, 0..1.
struct Rgb {
    float r = 0, g = 0, b = 0;
    bool operator==(Rgb const&) const = default;
};

/// One element map among the materials' elements.
struct Element {
    std::string label;        ///< "AlK": as found in the file's name or given by the user
    std::string symbol;       ///< "Al"; empty: the name holds none
    std::string file_name;    ///< of its map
    double largest_counts = 0; ///< of one map pixel
    bool counts_estimated = false; ///< the map was stored normalised
};

struct Material {
    std::string name;            ///< by the user, else by its composition: "Al O"
    bool name_given = false;
    std::optional<Rgb> picked;   ///< colour given by the user
    Rgb colour;                  ///< set by the step "colours"; black before
    bool locked = false;         ///< its composition stays as it is in later runs
    double share = 0;            ///< of the classified pixels, 0..1
    std::vector<double> mean;      ///< counts per map pixel and element, of its certain pixels; parallel to the elements
    std::vector<double> deviation; ///< standard deviation of the same
    /// Composition that a later run finds it again by; several where materials were merged. Counts per map pixel.
    std::vector<std::vector<double>> centres;
};

/// How well a number of materials explains the maps; of each number tried.
struct MaterialCount {
    int materials = 0;
    double score = 0; ///< Bayesian information criterion per pixel; lower is better
};

enum MaterialFlag : std::uint8_t {
    k_flag_mixed = 1,     ///< a pixel that holds two materials or more
    k_flag_uncertain = 2, ///< two materials explain it nearly as well
    k_flag_brushed = 4,   ///< given to its material by the user
};
inline constexpr std::uint8_t k_no_material = 255;
inline constexpr int k_most_materials = 40;

/// Materials at the resolution of the image that is tinted. Two per pixel are enough: where more than two meet, the
/// others are gone. Three bytes per pixel, however many materials there are. All planes of one size.
struct SpreadMap {
    Image<std::uint8_t> first;  ///< index of the strongest material; k_no_material where the maps do not reach
    Image<std::uint8_t> second; ///< of the next; the same as `first` where there is but one
    Image<std::uint8_t> share;  ///< of `first`, 128..255 for a half to all; the rest is of `second`. 0 outside
    Projective to_maps;         ///< pixel of these planes -> pixel of the maps

    Size size() const { return first.size(); }
};

/// All planes and masks are on the maps' grid and of size `size`, unless told otherwise.
struct Materials {
    Size size{};
    std::vector<Element> elements;
    std::vector<Material> list; ///< in the order of the labels; at most k_most_materials
    std::shared_ptr<Image<std::uint8_t> const> labels; ///< index into `list`, or k_no_material
    std::vector<PlanePtr> memberships; ///< per material, probability that the pixel is of it; they sum to 1
    MaskPtr flags;                     ///< MaterialFlag values
    std::vector<PlanePtr> counts;      ///< per element, as clustered: counts per pixel before smoothing
    std::vector<MaterialCount> curve;  ///< by rising number
    int proposed = 0;                  ///< number of materials proposed by the curve
    /// From the step "spread", of the size that the tinted image's channel has then; null before.
    std::shared_ptr<SpreadMap const> spread;
};
using MaterialsPtr = std::shared_ptr<Materials const>;

} // namespace mg
