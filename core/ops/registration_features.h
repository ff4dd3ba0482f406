#pragma once
// What images are compared by, computed once per image: a field that contrast cannot fool (the direction of the
// gradient, doubled, so that an edge and its negative look alike) and the band-passed logarithm, which is more precise
// where the images are alike up to gain.
#include <array>
#include <string>
#include <vector>

#include "math/fft.h"
#include "ops/registration.h"

namespace mg {

/// How the images of a set are reduced: the same for all.
struct FeatureGrid {
    int factor = 1; ///< stored pixels per pixel of the fine grid
    Size fft{};     ///< of the start's transforms, on the coarse grid
    /// Fine grid pixel -> stored pixel.
    Affine to_stored() const {
        double const f = factor, o = (f - 1) / 2;
        return {f, 0, o, 0, f, o};
    }
};

/// Two components (doubled gradient direction) or one (band-passed logarithm; `im` empty), on the fine or the coarse
/// grid, whose pixels are two of the fine one's.
struct Field {
    Plane re, im;
    bool coarse = false;
};

enum class FieldKind { logarithm, direction };
inline constexpr int k_field_levels = 3; ///< from coarse to fine
inline constexpr int k_start_scales = 3;
inline constexpr int k_detail_scales = 2;

struct Features {
    Size fine{}, coarse{};
    Mask fine_mask, coarse_mask; ///< empty: nothing masked
    Plane image_fine, image_coarse;
    Plane log_fine, log_coarse; ///< logarithms, not band-passed
    /// Spectra of the direction field at several scales, both components: for the start.
    std::array<std::array<Spectrum, 2>, k_start_scales> start;
    std::string refusal; ///< why it cannot be matched: "blank", "saturated"; empty: it can
};

/// Factor from the reference's size, transforms large enough for the search radius (stored pixels) at either side.
FeatureGrid feature_grid(Size largest, double search_px);
/// `image` as given to register_set; `fft` is for grid.fft.
Result<Features> features_of(RegistrationImage const& image, FeatureGrid const& grid, Fft2 const& fft);
/// Level 0 .. k_field_levels - 1, the last one on the fine grid.
Result<Field> field_of(Features const& features, FieldKind kind, int level);

/// Where two images lie on each other, by whole structures.
struct StartShift {
    Point shift_px; ///< of the second against the first: their common spot at x and x + shift, stored pixels
    double gap = 0; ///< highest peak above the next elsewhere, in standard deviations of the surface
    int scales_agree = 0;
    int scales = 0;         ///< how many there were
    double farthest_px = 0; ///< disagreement of the scales, stored pixels
};
/// Shifts up to `radius_px` stored pixels along either axis.
Result<StartShift> start_shift(Features const& from, Features const& to, FeatureGrid const& grid, Fft2 const& fft,
                               double radius_px);
/// The same by fine detail of logarithms on the coarse grid, alike or each other's negative: for an image of another
/// kind against the mean of a set that is aligned already, whose noise is low.
Result<StartShift> detail_shift(Plane const& mean_log, Features const& to, FeatureGrid const& grid, Fft2 const& fft,
                                double radius_px);

} // namespace mg
