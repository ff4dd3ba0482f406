#pragma once
// Logarithm and exponential of four floats at once, for loops over pixels: no calls and no tables, and the same bits
// everywhere.
#include <cstdint>
#include <cstring>

namespace mg {

typedef float Four __attribute__((vector_size(16)));
typedef std::int32_t FourInt __attribute__((vector_size(16)));

inline Four four_of(float x) {
    return Four{x, x, x, x};
}
inline Four load_four(float const* p) {
    Four v;
    std::memcpy(&v, p, sizeof v);
    return v;
}
inline void store_four(float* p, Four v) {
    std::memcpy(p, &v, sizeof v);
}
/// In a fixed order.
inline float sum_of(Four v) {
    return (v[0] + v[1]) + (v[2] + v[3]);
}

/// Natural logarithm of normal positive numbers, within 3e-7 (absolute, near 1: relative to x - 1).
inline Four log_four(Four x) {
    FourInt bits;
    std::memcpy(&bits, &x, sizeof bits);
    // Mantissa within sqrt(1/2)..sqrt(2), so that numbers near 1 lose nothing.
    FourInt const exponent = (bits - 0x3F3504F3) >> 23;
    bits -= exponent << 23;
    Four m;
    std::memcpy(&m, &bits, sizeof m);
    Four const f = m - 1.0F;
    Four const e = __builtin_convertvector(exponent, Four);
    // 2 artanh(f / (2 + f)) by its series.
    Four const s = f / (f + 2.0F), z = s * s;
    Four const series = 2.0F + z * (0.66666667F + z * (0.4F + z * (0.28571429F + z * 0.22222222F)));
    return e * 0.69314718F + s * series;
}

/// e to the power of x, relative error below 4e-6; arguments are held within -87..88.
inline Four exp_four(Four x) {
    Four const low = four_of(-87.0F), high = four_of(88.0F);
    x = x < low ? low : x;
    x = x > high ? high : x;
    Four const scaled = x * 1.44269504F + 12582912.0F; // 1.5 * 2^23: rounds to whole numbers
    FourInt whole;
    std::memcpy(&whole, &scaled, sizeof whole);
    Four const n = scaled - 12582912.0F;
    Four const r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
    Four const y = 1.0F + r * (1.0F + r * (0.5F + r * (0.16666667F + r * (0.041666667F + r * 0.0083333333F))));
    FourInt bits;
    std::memcpy(&bits, &y, sizeof bits);
    bits += whole << 23; // the low bits of `scaled` hold the whole number
    Four result;
    std::memcpy(&result, &bits, sizeof result);
    return result;
}

} // namespace mg
