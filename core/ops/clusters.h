#pragma once
// Materials from element maps: which pixels have one composition, and how many compositions there are.
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/work.h"
#include "image/image.h"
#include "image/materials.h"

namespace mg {

enum class Brightness {
    shading,  ///< slow changes over the field (tilt, shadowing, charging) are evened out
    recorded, ///< counts are compared as they are
    ignored,  ///< only the ratios of the elements count, pixel by pixel
};

/// A material that the user holds fast.
struct FixedMaterial {
    std::vector<double> mean; ///< counts per map pixel and element; not a number where they are not known: found
    bool locked = true;       ///< its composition stays; else it begins there and follows the data
};

struct ClusterSettings {
    int count = 0; ///< of materials, the fixed ones included; 0: as many as the data ask for
    Brightness brightness = Brightness::shading;
    double smoothness = 1.5; ///< coupling of neighbouring pixels: log probability per pair; 0: none
    std::vector<FixedMaterial> fixed;
    std::uint64_t seed = 1;
};

struct Clusters {
    std::vector<std::vector<double>> means;      ///< counts per map pixel and element; the fixed ones first
    std::vector<std::uint8_t> labels;            ///< row by row; k_no_material where masked
    std::vector<std::vector<float>> memberships; ///< per material: probability, 0..1
    std::vector<float> own_share;                ///< of the signal of each pixel that comes from its own material
    double blur_px = 0;                          ///< found: standard deviation of the excited area, map pixels
    std::vector<MaterialCount> curve;            ///< by rising number
    int proposed = 0;
};

/// Poisson mixture of blurred labels with a Potts prior (ops/blurred_labels.h). It begins with more materials than
/// wanted (k-means++ on variance-stabilised, smoothed counts of pixels away from borders), removes those that are
/// explained by the others seen through the blur, and looks for places that no material explains. Large maps are fitted
/// on binned counts and refined level by level.
///
/// `counts`: one plane per element, all of one size, values >= 0 (others count as 0). `mask`: any bit set: no data;
/// null data: none. `given` (may be empty): per pixel the index of a fixed material that the user gave it to, plus 1;
/// 0: none. Deterministic. Errors: no plane, more than k_most_elements, no counts at all, cancelled.
Result<Clusters> clustered(std::span<ImageView<float const> const> counts, ImageView<std::uint8_t const> mask,
                           std::span<std::uint8_t const> given, ClusterSettings const& settings, Work& work);

/// The original tools' way: counts to the power 0.2 as weight of each map (values 0..1), Gaussian of 1 px, k-means on
/// 10 000 random pixels; every pixel to the nearest centre. `levels`: distinct grey levels of each map.
struct SimpleClusters {
    std::vector<std::uint8_t> labels;
    std::vector<std::vector<double>> means; ///< of `planes`, unweighted
};
Result<SimpleClusters> clustered_as_originally(std::span<ImageView<float const> const> planes,
                                               std::span<int const> levels, int count, std::uint64_t seed);

/// Lloyd's k-means from k-means++ seeds (Arthur and Vassilvitskii 2007, the greedy variant), best of several starts.
struct KMeansResult {
    std::vector<float> centres;       ///< count x dimensions
    std::vector<std::uint8_t> labels; ///< one per point
    double inertia = 0;               ///< sum of squared distances
};
struct KMeansSettings {
    int count = 2; ///< at most 255; fewer centres come back when there are fewer distinct points
    int starts = 3;
    int rounds = 20;
    std::uint64_t seed = 1;
};
/// `points`: one vector of equal length per dimension.
KMeansResult k_means(std::span<std::vector<float> const> points, KMeansSettings const& settings);

} // namespace mg
