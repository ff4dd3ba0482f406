#pragma once
// Where maps may lie over an SE image, before anything is known but roughly by how much their fields differ in width:
// the doubled gradient direction of both at many scales, correlated over all shifts.
#include <vector>

#include "base/result.h"
#include "base/work.h"
#include "image/image.h"
#include "math/affine.h"

namespace mg {

struct MapStartInput {
    std::vector<ImageView<float const>> targets; ///< of one size, about 130 pixels across: the Lab image, or the maps
    ImageView<float const> ground;               ///< SE image, not coarser than the targets
    ImageView<std::uint8_t const> ground_mask;   ///< null data: nothing masked
    double smoothing_px = 1.5;                   ///< of the targets' pixels
};

struct MapStartSettings {
    double start_scale = 1.04;         ///< width of the targets' field / width of the ground's
    double largest_scale_error = 0.25; ///< relative; 0: one scale only
    double largest_shift = 0.25;       ///< of the centres, share of the ground's height
    double height = 1;                 ///< by how much more the fields' heights differ than their widths
    int count = 6;                     ///< candidates wanted
};

struct MapStart {
    Affine map;       ///< target pixel -> ground pixel: a scaling and a shift
    double score = 0; ///< correlation, 0..1
};

/// Best first; no two of them about the same. May be empty.
Result<std::vector<MapStart>> map_starts(MapStartInput const& input, MapStartSettings const& settings, Work& work);

/// The target's frame is `scale` times as wide as the ground's and `scale` times `height` times as high; their centres
/// lie `shift_px` of the ground apart.
Affine frame_map(Size target, Size ground, double scale, Point shift_px, double height = 1);

} // namespace mg
