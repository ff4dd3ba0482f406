#include "math/random.h"

namespace mg {

namespace {

/// log(k!) by Stirling's series, for k >= 10; the first term left out is below 1e-10 there.
double log_factorial(double k) {
    constexpr double k_half_log_2pi = 0.91893853320467274178;
    double n = k + 1;
    double inverse_square = 1 / (n * n);
    double series =
        (1.0 / 12 - inverse_square * (1.0 / 360 - inverse_square * (1.0 / 1260 - inverse_square / 1680))) / n;
    return (n - 0.5) * log_portable(n) - n + k_half_log_2pi + series;
}

/// log(k!) for whole k >= 0.
double log_factorial_of(double k) {
    if (k >= 10) return log_factorial(k);
    double product = 1;
    for (double i = 2; i <= k; ++i) product *= i;
    return log_portable(product);
}

} // namespace

// Transformed rejection with squeeze, "PTRS": W. Hoermann, Insurance: Mathematics and Economics 12 (1993) 39.
double Random::poisson_by_rejection(double mean) {
    double b = 0.931 + 2.53 * std::sqrt(mean);
    double a = -0.059 + 0.02483 * b;
    double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    double v_r = 0.9277 - 3.6224 / (b - 2);
    double log_mean = -1; // computed when first needed
    bool has_log_mean = false;
    for (;;) {
        double u = uniform() - 0.5;
        double v = uniform();
        double us = 0.5 - std::fabs(u);
        if (us == 0) continue;
        double k = std::floor((2 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= v_r) return k;
        if (k < 0 || (us < 0.013 && v > us)) continue;
        if (!has_log_mean) {
            log_mean = log_portable(mean);
            has_log_mean = true;
        }
        double log_accept = log_portable(v * inverse_alpha / (a / (us * us) + b));
        if (log_accept <= k * log_mean - mean - log_factorial_of(k)) return k;
    }
}

} // namespace mg
