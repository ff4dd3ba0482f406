#pragma once
// Unsharp mask: adds what a blurred copy lacks. Gated by the noise: a difference of much less than the threshold is
// left as it is, one of much more is amplified in full, with a smooth passage (weight d^2 / (d^2 + t^2)) between.
#include "image/image.h"

namespace mg {

struct Unsharp {
    double amount = 1;
    double threshold = 0; ///< t, in the plane's units; 0: every difference is amplified
    float lowest = 0;     ///< the result is held within lowest..highest
    float highest = 1;
};

/// `blurred` has the size of `plane`. With threshold 0: clip(plane * (1 + amount) - blurred * amount, lowest, highest).
Result<Plane> unsharp_masked(ImageView<float const> plane, ImageView<float const> blurred, Unsharp options);

} // namespace mg
