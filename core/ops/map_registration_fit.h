#pragma once
// Element maps, or the Lab image taken with them, fitted to the SE image by maximum likelihood. What the maps' scan
// shows at a spot is taken as some function of the SE image's brightness there, blurred to the maps' resolution, and
// noise whose strength is another such function. Both functions are found along with the map, so neither inverted nor
// folded contrast nor a binary image needs a case of its own: for two grey levels the first is the probability of the
// brighter one. Several element maps are first summed with the weights that make the sum most like the SE image.
#include <array>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/work.h"
#include "image/image.h"
#include "math/affine.h"
#include "ops/registration.h"

namespace mg {

/// The SE image, shrunk by whole factors.
struct Ground {
    Plane pixels;
    Mask mask; ///< empty: nothing masked
    int factor_x = 1, factor_y = 1;
    /// Pixel of this -> pixel of the image as recorded.
    Affine to_recorded() const {
        double const x = factor_x, y = factor_y;
        return {x, 0, (x - 1) / 2, 0, y, (y - 1) / 2};
    }
};
/// The ground as its resolution would be at `blur_x_px`, `blur_y_px` (standard deviations in its own pixels; the
/// shrinking and the interpolation that follows count).
struct BlurredGround {
    Plane coefficients;             ///< of cubic B-splines
    Mask mask;                      ///< of pixels that are masked or near one; empty: nothing masked
    int margin_x = 0, margin_y = 0; ///< pixels along the borders that mirrored ones have a share in
};
Result<BlurredGround> blurred_ground(Ground const& ground, double blur_x_px, double blur_y_px);

struct ToneFitSettings {
    Motion motion = Motion::affine; ///< shift, similarity or affine
    double target_aspect = 1;       ///< height of a target pixel / its width, in space; for similarity
    int iterations = 5;
    double enough_px = 0.01; ///< target pixels: a smaller step of every corner ends it
    int mix_rounds = 8;      ///< rounds in which the weights of several targets are found anew
};

struct ToneFit {
    Affine map;           ///< target pixel -> pixel of the ground
    double gain_nats = 0; ///< by which the SE image explains the targets, were all pixels independent
    double overlap = 0;   ///< share of the target pixels that lie on the ground
    double explained = 0; ///< share of the target's variance
    /// Inverse covariance of errors of the map: x by 1, u, v, then y by 1, u, v, in target pixels; u and v are the
    /// distances from the middle over half the width. Neighbouring errors that are alike count once.
    std::array<double, 36> information{};
    /// Parts of the frame (4 x 3): how far each one alone would like to move, target pixels, and how sure it is of
    /// that.
    struct Part {
        double x = 0, y = 0;
        double variance_x = 0, variance_y = 0; ///< 0: it says nothing
    };
    std::vector<Part> parts;
    std::vector<double> mix; ///< weights of several targets
    Plane shown, expected;   ///< target and its prediction, slow changes removed, zero where there is no overlap
};

/// Fits targets (planes of one size; at least one) to grounds. Keeps its scratch memory between fits.
class ToneMatcher {
public:
    static Result<ToneMatcher> create(std::vector<ImageView<float const>> targets);
    /// Starting from `map`, and with weights of the targets from an earlier fit, if there are any.
    Result<ToneFit> fit(BlurredGround const& ground, Affine const& map, ToneFitSettings const& settings,
                        std::vector<double> const& mix, Work& work);

private:
    struct Round;
    std::vector<ImageView<float const>> m_targets;
    Size m_size;
    Plane m_tone, m_dx, m_dy, m_weight, m_target, m_slow;
    void sample(BlurredGround const& ground, Affine const& map);
    bool find_mix(std::vector<double>& mix);
    void apply_mix(std::vector<double> const& mix);
};

} // namespace mg
