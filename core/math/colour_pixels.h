#pragma once
// Colour arithmetic on single floats for loops over pixels: no calls, no tables, no branches that keep a loop from
// being vectorised, and the same bits everywhere. Matrices are those of core/math/colour.h.
#include <cmath>
#include <cstdint>
#include <cstring>

namespace mg {

/// Cube root within 4e-7 of it, relative, for x of 1e-30 and more; 1e-10 below that.
inline float cube_root(float x) {
    float const held = x > 1e-30F ? x : 1e-30F;
    std::int32_t bits;
    std::memcpy(&bits, &held, sizeof bits);
    // The inverse of the root from a third of the exponent; then Newton's method, which needs no division.
    bits = 0x54A2FA8C - static_cast<std::int32_t>(static_cast<float>(bits) * (1.0F / 3));
    float y;
    std::memcpy(&y, &bits, sizeof y);
    float const third = held * (1.0F / 3);
    for (int i = 0; i < 3; ++i) y *= 4.0F / 3 - third * y * y * y;
    return held * y * y;
}

/// IEC 61966-2-1 for x in 0..1, within 2e-7.
inline float srgb_encoded(float x) {
    float const held = x > 1e-12F ? (x < 1 ? x : 1) : 0; // black is exactly 0
    // x^(1/2.4) = (x^(5/4))^(1/3)
    float const high = 1.055F * cube_root(held * std::sqrt(std::sqrt(held))) - 0.055F;
    float const low = 12.92F * held;
    float const value = held <= 0.0031308F ? low : high;
    return value < 1 ? value : 1;
}

struct LabPixel {
    float lightness, a, b;
};
struct LinearPixel {
    float r, g, b;
};

inline LabPixel oklab(LinearPixel p) {
    float const l = cube_root(0.4122214708F * p.r + 0.5363325363F * p.g + 0.0514459929F * p.b);
    float const m = cube_root(0.2119034982F * p.r + 0.6806995451F * p.g + 0.1073969566F * p.b);
    float const s = cube_root(0.0883024619F * p.r + 0.2817188376F * p.g + 0.6299787005F * p.b);
    return {0.2104542553F * l + 0.7936177850F * m - 0.0040720468F * s,
            1.9779984951F * l - 2.4285922050F * m + 0.4505937099F * s,
            0.0259040371F * l + 0.7827717662F * m - 0.8086757660F * s};
}

inline LinearPixel linear(LabPixel p) {
    float l = p.lightness + 0.3963377774F * p.a + 0.2158037573F * p.b;
    float m = p.lightness - 0.1055613458F * p.a - 0.0638541728F * p.b;
    float s = p.lightness - 0.0894841775F * p.a - 1.2914855480F * p.b;
    l = l * l * l;
    m = m * m * m;
    s = s * s * s;
    return {4.0767416621F * l - 3.3077115913F * m + 0.2309699292F * s,
            -1.2684380046F * l + 2.6097574011F * m - 0.3413193965F * s,
            -0.0041960863F * l - 0.7034186147F * m + 1.7076147010F * s};
}

} // namespace mg
