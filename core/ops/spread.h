#pragma once
// Memberships from the coarse grid of element maps to the fine grid of an SE image, guided by the SE image's edges: not
// colours are interpolated but probabilities, so no mixed hue appears where two materials meet.
//
// The maps say which material is where to about half of their pixels; within that reach a border goes to where the SE
// image has an edge, bright or dark line or step. This is a random walk with prior (L. Grady, "Multilabel random walker
// image segmentation using prior models", CVPR 2005): a walker leaves a pixel for its neighbours the less, the steeper
// the image is between them, and stops the sooner, the surer the maps are of their material there. Solved in squares
// around the borders alone, by relaxation of alternate rows.
#include <span>

#include "base/result.h"
#include "base/work.h"
#include "image/materials.h"
#include "math/projective.h"

namespace mg {

enum class SpreadMethod { guided, linear, nearest };

struct SpreadSettings {
    SpreadMethod method = SpreadMethod::guided;
    double radius_map_px = 2; ///< how far a border may go from where the maps have it, in pixels of the maps, 0.25..4
    double edge_contrast = 0.02; ///< grey differences (0..1 of the SE image's range) well below this are no edges
    double sharpness = 1;        ///< 0: borders as wide as the uncertainty of the maps; 1: about one pixel
};

/// True when the map takes a whole image of that size to finite places, at a believable scale and without mirroring the
/// sides of a vanishing line.
bool is_usable_map(Projective const& to_maps, Size image);

/// `memberships`: of one size, at most k_most_materials; where all are 0, there is no material. `se_to_map`: pixel of
/// the SE image -> pixel of the maps. Errors: no or unlike memberships, an impossible map, memory, cancelled.
Result<SpreadMap> spread_memberships(std::span<ImageView<float const> const> memberships, ImageView<float const> se,
                                     Projective const& se_to_map, SpreadSettings const& settings, Work& work);

} // namespace mg
