#pragma once
// Where element maps lie over the SE image: through the electron image taken together with them (the Lab image), whose
// scan covers another area at another pixel size, or through the maps themselves. Scale, shift and the rest of an
// affine map are found; what can not be trusted is refused, with words.
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/work.h"
#include "ops/registration.h"

namespace mg {

struct MapRegistrationInput {
    ImageView<float const> se;             ///< despiked, as recorded
    ImageView<std::uint8_t const> se_mask; ///< null data: nothing masked; any bit: left out
    double se_pixel_aspect = 1;            ///< height of an SE pixel / its width
    ImageView<float const> lab;            ///< null data: there is none. May be binary (two grey levels)
    std::vector<ImageView<float const>> maps; ///< element maps, all of one size, of the same field as the Lab image
    /// Grids by hand: pixel of the Lab image (of the maps, without one) and of the SE image; empty: found.
    std::vector<PointPair> hand;
    Motion hand_motion = Motion::affine;
};

struct MapRegistrationSettings {
    /// Width of the maps' field / width of the SE image's field: where the search begins.
    double start_scale = 1.04;
    double largest_scale_error = 0.25; ///< relative, of the start scale
    double largest_shift = 0.25;       ///< share of the SE image's height
    Motion motion = Motion::affine;    ///< the richest that is tried
    /// Shift in SE px of the maps' centre against the SE image's; then no shift is searched, only used.
    bool shift_given = false;
    Point shift_px{};
};

struct MapRegistration {
    Projective to_se; ///< pixel of the element maps (of the Lab image, without any) -> pixel of the SE image
    Trust trust = Trust::refused;
    double confidence = 0; ///< 0..1
    double residual_px = 0; ///< estimated error, rms over the frame, SE px; 0: unknown
    double scale = 1;      ///< width of the maps' field / width of the SE field, as found
    std::string source;    ///< "Lab image", "element maps", "points", "given shift"
    std::string reason;    ///< in words, when not accepted
};

/// Deterministic. Points by hand come before a given shift, and that before what is found; a Lab image that is not
/// accepted leaves it to the maps, if they do better. When refused, to_se is the start: centred, at the start scale.
/// Errors: no SE image, neither Lab image nor maps, maps of several sizes, cancelled.
Result<MapRegistration> register_maps(MapRegistrationInput const& input, MapRegistrationSettings const& settings,
                                      Work& work);

} // namespace mg
