#pragma once
// Smooth random fields, of which generated scenes are made: white noise blurred by repeated box means. The same numbers
// on every platform.
#include <cstddef>
#include <vector>

#include "image/image.h"
#include "math/random.h"

namespace mg {

struct Field {
    Size size;
    std::vector<float> values;

    explicit Field(Size of, float value = 0) : size(of), values(static_cast<std::size_t>(of.area()), value) {}
    float* row(int y) { return values.data() + std::ptrdiff_t{y} * size.width; }
    float const* row(int y) const { return values.data() + std::ptrdiff_t{y} * size.width; }
};

/// Mean 0, variance 1, near enough to normal: the sum of four 16-bit uniform numbers.
inline float quick_normal(Random& random) {
    std::uint64_t bits = random.bits();
    auto part = [&](int i) { return static_cast<std::int32_t>((bits >> (16 * i)) & 0xFFFF); };
    constexpr float k_scale = 2.6428e-5f; // 1 / (65536 sqrt(4 / 12))
    return static_cast<float>(part(0) + part(1) + part(2) + part(3) - 131070) * k_scale;
}

/// Three box means, near to a Gaussian of this sigma; edge pixels repeated.
void blur(Field& field, double sigma_px);

/// Random field of mean 0 and variance 1 with structures of about this size.
Field random_field(Random& random, Size size, double length_px);

} // namespace mg
