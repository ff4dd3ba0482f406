#pragma once
// Seeded random numbers that are the same on every platform: xoshiro256++ (Blackman and Vigna 2021), seeded through
// splitmix64 (Steele, Lea and Flood 2014). Not for secrets.
#include <cmath>
#include <cstdint>

#include "math/portable.h"

namespace mg {

/// The next value of a splitmix64 sequence, which also is a good mixer of one integer.
constexpr std::uint64_t splitmix64(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

class Random {
public:
    explicit Random(std::uint64_t seed) {
        for (std::uint64_t& word : m_state) word = splitmix64(seed);
    }

    std::uint64_t bits() {
        std::uint64_t result = rotated(m_state[0] + m_state[3], 23) + m_state[0];
        std::uint64_t shifted = m_state[1] << 17;
        m_state[2] ^= m_state[0];
        m_state[3] ^= m_state[1];
        m_state[1] ^= m_state[2];
        m_state[0] ^= m_state[3];
        m_state[2] ^= shifted;
        m_state[3] = rotated(m_state[3], 45);
        return result;
    }
    /// 0 <= value < 1, in steps of 2^-53.
    double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    /// 0 <= value < count; count > 0. The bias is below count / 2^64.
    std::uint64_t below(std::uint64_t count) {
        std::uint64_t limit = UINT64_MAX - UINT64_MAX % count;
        std::uint64_t value = bits();
        while (value >= limit) value = bits();
        return value % count;
    }

    /// Mean 0, variance 1: Marsaglia's polar method.
    double gaussian() {
        if (m_has_spare) {
            m_has_spare = false;
            return m_spare;
        }
        double x, y, s;
        do {
            x = uniform(-1, 1);
            y = uniform(-1, 1);
            s = x * x + y * y;
        } while (s >= 1 || s == 0);
        double scale = std::sqrt(-2 * log_portable(s) / s);
        m_spare = y * scale;
        m_has_spare = true;
        return x * scale;
    }
    /// Mean 1.
    double exponential() { return -log_portable(1 - uniform()); }

    /// Poisson deviate of that mean, which must be >= 0 and at most 1e9.
    double poisson(double mean) { return mean < 10 ? poisson_by_product(mean) : poisson_by_rejection(mean); }

private:
    static std::uint64_t rotated(std::uint64_t x, int count) { return (x << count) | (x >> (64 - count)); }
    double poisson_by_product(double mean) {
        double floor = exp_portable(-mean);
        double product = uniform();
        double count = 0;
        while (product > floor) {
            product *= uniform();
            ++count;
        }
        return count;
    }
    double poisson_by_rejection(double mean);

    std::uint64_t m_state[4];
    double m_spare = 0;
    bool m_has_spare = false;
};

} // namespace mg
