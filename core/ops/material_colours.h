#pragma once
// Colours for materials: similar compositions get similar hues, all at one lightness.
#include <optional>
#include <span>
#include <vector>

#include "image/scene.h"

namespace mg {

/// Order of the items such that the sum of distances of neighbours is least; `cyclic`: the last is a neighbour of the
/// first. The optimum up to 14 items (Held and Karp 1962, "A dynamic programming approach to sequencing problems"),
/// beyond that 2-opt and or-opt from every start. `distances`: n x n, symmetric, row by row. The order begins so that
/// it is the same for the same distances: of an order and its reverse (and its turns, when cyclic) the
/// lexicographically least.
std::vector<int> shortest_order(std::span<double const> distances, int count, bool cyclic);
/// Sum over neighbours.
double order_length(std::span<double const> distances, int count, std::span<int const> order, bool cyclic);

/// Distances of compositions: Hellinger, between the square roots of their shares. n x n, row by row.
std::vector<double> composition_distances(std::span<std::vector<double> const> compositions);

enum class MaterialPalette {
    even,    ///< hues in the order, at gaps that follow the distances, OKLCh of one lightness and chroma
    safe,    ///< told apart with any colour vision, up to 8 materials; lightness differs too
    classic, ///< HSV hues evenly spaced in the order, as the original tools give them
};

struct MaterialColourRequest {
    std::vector<double> composition; ///< counts per element; all of one length
    std::optional<Rgb> picked;       ///< the user's colour: stays, and the others keep away from it
};
struct MaterialColours {
    std::vector<Rgb> colours; ///< one per request
    std::vector<int> order;   ///< of the materials along the hues
    /// The two least distinguishable materials for each kind of colour vision: CIEDE2000.
    struct Closest {
        int first = 0, second = 0;
        double difference = 0;
    };
    std::vector<Closest> closest; ///< normal, protan, deutan, tritan; empty for fewer than two materials
};
MaterialColours material_colours(std::span<MaterialColourRequest const> requests, MaterialPalette palette);

} // namespace mg
