// Range reduction in two or three parts (Cody and Waite 1980), Taylor polynomials long enough for the reduced range,
// and for pow a logarithm carried in two doubles with error-free sums and products (Knuth 1969, Dekker 1971). No fused
// multiply-add is used or allowed: the library is compiled with -ffp-contract=off.
#include "math/portable.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace mg {

namespace {

constexpr double k_infinity = std::numeric_limits<double>::infinity();
constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
// ln 2 and pi/2 in parts; the leading ones have trailing zero bits, so that small whole multiples of them are exact.
constexpr double k_ln2_high = 0x1.62e42fefa3800p-1;
constexpr double k_ln2_low = 0x1.ef35793c76730p-45;
constexpr double k_half_pi_1 = 0x1.921fb54400000p+0;
constexpr double k_half_pi_2 = 0x1.0b4611a600000p-34;
constexpr double k_half_pi_3 = 0x1.3198a2e037073p-69;

std::uint64_t bits_of(double x) {
    std::uint64_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    return bits;
}
double from_bits(std::uint64_t bits) {
    double x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}
/// 2^k for -1022 <= k <= 1023.
double power_of_two(int k) {
    return from_bits(static_cast<std::uint64_t>(k + 1023) << 52);
}
/// x * 2^k for |k| <= 1100 and results that may be subnormal or infinite.
double scaled(double x, int k) {
    if (k > 1000) return x * power_of_two(1000) * power_of_two(k - 1000);
    if (k < -1000) return x * power_of_two(k + 100) * power_of_two(-100);
    return x * power_of_two(k);
}

/// An unevaluated sum.
struct Pair {
    double high = 0, low = 0;
};
Pair sum(double a, double b) {
    double s = a + b;
    double t = s - a;
    return {s, (a - (s - t)) + (b - t)};
}
/// |a|, |b| below 2^990.
Pair product(double a, double b) {
    constexpr double k_split = 134217729; // 2^27 + 1
    double ta = k_split * a, tb = k_split * b;
    double ah = ta - (ta - a), bh = tb - (tb - b);
    double al = a - ah, bl = b - bh;
    double p = a * b;
    return {p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

/// exp(r) - 1 - r for |r| <= 0.35.
double exp_tail(double r) {
    double p = 1.0 / 87178291200;
    p = p * r + 1.0 / 6227020800;
    p = p * r + 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    return p * r * r;
}

/// exp(high + low) for a small low part.
double exp_pair(double high, double low) {
    if (std::isnan(high)) return k_nan;
    if (high > 709.79) return k_infinity;
    if (high < -745.2) return 0;
    double k = std::floor(high * 1.4426950408889634 + 0.5);
    double r = high - k * k_ln2_high;
    double tail = low - k * k_ln2_low;
    double s = r + tail;
    tail += r - s;
    return scaled(1 + (s + (exp_tail(s) + tail)), static_cast<int>(k));
}

/// ln x for finite x > 0.
Pair log_pair(double x) {
    int k = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p60;
        k = -60;
    }
    std::uint64_t bits = bits_of(x);
    k += static_cast<int>(bits >> 52) - 1023;
    double m = from_bits((bits & 0x000FFFFFFFFFFFFFu) | 0x3FF0000000000000u);
    if (m > 1.4142135623730951) {
        m *= 0.5;
        ++k;
    }
    // ln m = 2 artanh s = 2 (s + s^3/3 + s^5/5 + ...), s = (m - 1) / (m + 1), |s| < 0.172
    double f = m - 1;
    Pair denominator = sum(m, 1);
    double s = f / denominator.high;
    Pair back = product(s, denominator.high);
    double s_low = (((f - back.high) - back.low) - s * denominator.low) / denominator.high;
    double q = s * s;
    double p = 1.0 / 25;
    p = p * q + 1.0 / 23;
    p = p * q + 1.0 / 21;
    p = p * q + 1.0 / 19;
    p = p * q + 1.0 / 17;
    p = p * q + 1.0 / 15;
    p = p * q + 1.0 / 13;
    p = p * q + 1.0 / 11;
    p = p * q + 1.0 / 9;
    p = p * q + 1.0 / 7;
    p = p * q + 1.0 / 5;
    p = p * q + 1.0 / 3;
    Pair total = sum(k * k_ln2_high, 2 * s);
    double low = total.low + (k * k_ln2_low + 2 * (s_low + s * q * p));
    return sum(total.high, low);
}

/// sin x = one of +-sin r, +-cos r, by the quadrant; r + tail lies within pi/4.
struct Reduced {
    double r = 0, tail = 0;
    int quadrant = 0;
};
Reduced reduced(double x) {
    double k = std::floor(x * 0.63661977236758134 + 0.5);
    double y = x - k * k_half_pi_1;
    double w = k * k_half_pi_2;
    Pair rest = sum(y, -w);
    double low = rest.low - k * k_half_pi_3;
    double r = rest.high + low;
    return {r, (rest.high - r) + low, static_cast<int>(k - 4 * std::floor(k / 4))};
}
double sin_kernel(double r, double tail) {
    double q = r * r;
    double p = -1.0 / 121645100408832000;
    p = p * q + 1.0 / 355687428096000;
    p = p * q - 1.0 / 1307674368000;
    p = p * q + 1.0 / 6227020800;
    p = p * q - 1.0 / 39916800;
    p = p * q + 1.0 / 362880;
    p = p * q - 1.0 / 5040;
    p = p * q + 1.0 / 120;
    p = p * q - 1.0 / 6;
    return r + (r * q * p + tail * (1 - 0.5 * q));
}
double cos_kernel(double r, double tail) {
    double q = r * r;
    double p = -1.0 / 6402373705728000;
    p = p * q + 1.0 / 20922789888000;
    p = p * q - 1.0 / 87178291200;
    p = p * q + 1.0 / 479001600;
    p = p * q - 1.0 / 3628800;
    p = p * q + 1.0 / 40320;
    p = p * q - 1.0 / 720;
    p = p * q + 1.0 / 24;
    double half = 0.5 * q;
    double lead = 1 - half;
    return lead + ((1 - lead - half) + (q * q * p - r * tail));
}
double sine_by_quadrant(Reduced const& at, int quadrant) {
    double value = quadrant % 2 == 0 ? sin_kernel(at.r, at.tail) : cos_kernel(at.r, at.tail);
    return quadrant >= 2 ? -value : value;
}

} // namespace

double exp_portable(double x) {
    return exp_pair(x, 0);
}

double log_portable(double x) {
    if (std::isnan(x) || x < 0) return k_nan;
    if (x == 0) return -k_infinity;
    if (x == k_infinity) return k_infinity;
    return log_pair(x).high;
}

double pow_portable(double x, double y) {
    if (std::isnan(x) || std::isnan(y)) return k_nan;
    if (y == 0 || x == 1) return 1;
    if (x < 0) return k_nan;
    if (x == 0) return y > 0 ? 0 : k_infinity;
    if (x == k_infinity) return y > 0 ? k_infinity : 0;
    Pair log = log_pair(x);
    double rough = y * log.high;
    if (rough > 710) return k_infinity;
    if (rough < -746) return 0;
    // Here |y| < 2^64 unless log.high is tiny, and then x = 1 to double precision was excluded above.
    Pair exponent = product(y, log.high);
    return exp_pair(exponent.high, exponent.low + y * log.low);
}

double sin_portable(double x) {
    if (!(std::fabs(x) < 1e6)) return k_nan;
    Reduced at = reduced(x);
    return sine_by_quadrant(at, at.quadrant);
}

double cos_portable(double x) {
    if (!(std::fabs(x) < 1e6)) return k_nan;
    Reduced at = reduced(x);
    return sine_by_quadrant(at, (at.quadrant + 1) % 4);
}

} // namespace mg
