#pragma once
// All images of a set registered together, by maximum likelihood: the maps that make the determinant of the images'
// correlation matrix smallest. Two images: it is the enhanced correlation coefficient (Evangelidis and Psarakis 2008).
// More images: what truly differs between neighbouring channels and biases every pair is seen in the others and divided
// out, instead of adding up along the set; images that are each other's negative help as much as those that are alike.
#include <array>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/work.h"
#include "image/image.h"
#include "math/affine.h"
#include "ops/registration.h"

namespace mg {

/// Added to the correlations' diagonal: noise that is always there.
inline constexpr double k_correlation_ridge = 0.02;
/// Above as many images the curvature is taken from each image instead of each pair.
inline constexpr int k_long_stack = 10;

struct JointImage {
    /// Band-passed features of mean about zero, smooth over at least 1.2 px; the second component may have null data.
    std::array<ImageView<float const>, 2> field{};
    ImageView<std::uint8_t const> mask{}; ///< of the field's size; any bit: left out. Null data: nothing masked
    Affine map;                           ///< start: pixel of the common grid -> pixel of this field
    bool fixed = false;                   ///< its map is taken as given
};

struct JointSettings {
    Size grid{};                     ///< of the common grid; usually the reference's field itself
    Motion motion = Motion::affine;  ///< shift, similarity or affine
    Motion possible = Motion::shift; ///< richest motion that might be true: expected errors allow for it
    double pixel_aspect = 1;         ///< height of a field's pixel / its width; for similarity
    int iterations = 8;
    double largest_step_px = 4; ///< of any corner, per iteration
    double enough_px = 0.002;   ///< steps below end it
};

struct JointResult {
    std::vector<Affine> maps;
    std::vector<double> correlations; ///< n x n, row by row, after the last step
    double log_det = 0;               ///< of the correlations; 0: nothing in common, the lower the more
    double overlap = 0;               ///< share of the grid that all images cover
    std::vector<double> errors_px;    ///< expected rms error of each map over the grid, by the likelihood's curvature
    double independent_samples = 0;   ///< pixels in the overlap / area over which the field correlates with itself
};

/// At least two images, one of them fixed. Fails when cancelled, without memory, or when less than a tenth of the grid
/// is covered by all images. Never ends with a larger determinant than it began with.
Result<JointResult> jointly_registered(std::span<JointImage const> images, JointSettings const& settings, Work& work);

} // namespace mg
