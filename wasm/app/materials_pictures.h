#pragma once
// Pictures of materials that the page makes by itself, on the grid of the SE image: 8-bit, for the screen.
#include <vector>

#include "app/material_edits.h"
#include "app/results.h"
#include "app/view_state.h"

namespace mg::app {

/// All of these are null when the place of the maps or what they show is not known.
/// Materials in their flat colours.
PicturePtr flat_picture(MaterialsResult const& result, std::uint64_t serial);
/// Counts of one element, black at 0 and white at the largest of 99.8 % of the pixels.
PicturePtr element_picture(MaterialsResult const& result, int element, std::uint64_t serial);
/// The grey image; the redder, the more likely a pixel is of another material; mixed pixels are amber.
PicturePtr certainty_picture(MaterialsResult const& result, std::uint64_t serial);
/// Translucent: the selected or hovered material stands out from the others; pixels that are gated, marked or brushed
/// are coloured. Null when there is nothing of these.
PicturePtr highlight_picture(MaterialsResult const& result, MaterialsView const& view,
                             std::vector<BrushedDisc> const& discs, std::uint64_t serial);

/// Size of the micrograph that all pictures show.
Size micrograph_of(MaterialsResult const& result);
/// Pixel of `found` under a pixel of the micrograph; -1: none.
int found_pixel(MaterialsResult const& result, double x, double y);

} // namespace mg::app
