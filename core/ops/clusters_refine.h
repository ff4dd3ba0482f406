#pragma once
// Materials found on binned maps, brought to the maps' own resolution level by level, in bands of rows.
#include "base/work.h"
#include "ops/clusters.h"
#include "ops/clusters_level.h"

namespace mg::clusters {

struct Coarse {
    int bin = 1;   ///< of the fit
    Labels labels; ///< on its grid
    Field gain;    ///< brightness on its grid, without the share of data
};
/// Fills labels, memberships and own shares of `result`, whose means and blur (for the bin, in map pixels) are there;
/// the blur is found again on each level.
Status refine(Maps const& maps, ClusterSettings const& settings, Coarse coarse, Clusters& result, Work& work);

} // namespace mg::clusters
