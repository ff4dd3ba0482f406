#include "ops/unsharp.h"

#include "base/clones.h"

namespace mg {
namespace {

struct Gate {
    float amount, square_of_threshold, lowest, highest;
};

MG_CLONES void sharpen_row(float const* values, float const* blurred, float* __restrict out, int width, Gate gate) {
    for (int x = 0; x < width; ++x) {
        float const sharp = values[x] * (1 + gate.amount) - blurred[x] * gate.amount;
        float const held = sharp < gate.lowest ? gate.lowest : sharp;
        out[x] = held > gate.highest ? gate.highest : held;
    }
}

MG_CLONES void sharpen_row_gated(float const* values, float const* blurred, float* __restrict out, int width,
                                 Gate gate) {
    for (int x = 0; x < width; ++x) {
        float const difference = values[x] - blurred[x];
        float const square = difference * difference;
        float const sharp = values[x] + gate.amount * difference * (square / (square + gate.square_of_threshold));
        float const held = sharp < gate.lowest ? gate.lowest : sharp;
        out[x] = held > gate.highest ? gate.highest : held;
    }
}

} // namespace

Result<Plane> unsharp_masked(ImageView<float const> plane, ImageView<float const> blurred, Unsharp options) {
    MG_CHECK(blurred.size == plane.size);
    MG_TRY(Plane result, Plane::create(plane.size));
    auto const threshold = static_cast<float>(options.threshold);
    Gate const gate{static_cast<float>(options.amount), threshold * threshold, options.lowest, options.highest};
    for (int y = 0; y < plane.height(); ++y) {
        // The square of a tiny threshold may be 0 in single precision, and 0 / 0 is no number.
        if (gate.square_of_threshold > 0)
            sharpen_row_gated(plane.row(y), blurred.row(y), result.row(y), plane.width(), gate);
        else
            sharpen_row(plane.row(y), blurred.row(y), result.row(y), plane.width(), gate);
    }
    return result;
}

} // namespace mg
