#include "math/random.h"

#include <gtest/gtest.h>

namespace mg {
namespace {

TEST(Random, SplitmixGivesItsPublishedSequence) {
    // First outputs for seed 1234567 of the reference program, https://prng.di.unimi.it/splitmix64.c
    std::uint64_t state = 1234567;
    EXPECT_EQ(splitmix64(state), 6457827717110365317u);
    EXPECT_EQ(splitmix64(state), 3203168211198807973u);
    EXPECT_EQ(splitmix64(state), 9817491932198370423u);
}

TEST(Random, SameSeedSameSequence) {
    Random a(7), b(7), other(8);
    bool differs = false;
    for (int i = 0; i < 100; ++i) {
        std::uint64_t value = a.bits();
        EXPECT_EQ(value, b.bits());
        differs = differs || value != other.bits();
    }
    EXPECT_TRUE(differs);
}

TEST(Random, BelowReachesEachValueEvenly) {
    Random random(1);
    int seen[6] = {};
    for (int i = 0; i < 60000; ++i) ++seen[random.below(6)];
    for (int count : seen) EXPECT_NEAR(count, 10000, 500);
}

TEST(Random, GaussianHasItsMoments) {
    Random random(2);
    double sum = 0, squares = 0, fourth = 0;
    constexpr int k_count = 200000;
    for (int i = 0; i < k_count; ++i) {
        double g = random.gaussian();
        sum += g;
        squares += g * g;
        fourth += g * g * g * g;
    }
    EXPECT_NEAR(sum / k_count, 0, 0.01);
    EXPECT_NEAR(squares / k_count, 1, 0.015);
    EXPECT_NEAR(fourth / k_count, 3, 0.15);
}

TEST(Random, PoissonHasItsMeanVarianceAndSkew) {
    // On both sides of the change of method at 10.
    for (double mean : {0.3, 4.0, 9.9, 10.1, 14.0, 300.0}) {
        Random random(4);
        double sum = 0, squares = 0, cubes = 0;
        constexpr int k_count = 200000;
        for (int i = 0; i < k_count; ++i) {
            double d = random.poisson(mean) - mean;
            sum += d;
            squares += d * d;
            cubes += d * d * d;
        }
        double sigma = std::sqrt(mean);
        EXPECT_NEAR(sum / k_count, 0, 0.012 * sigma) << mean;
        EXPECT_NEAR(squares / k_count, mean, 0.03 * mean + 0.01) << mean;
        EXPECT_NEAR(cubes / k_count, mean, 0.05 * sigma * mean + 0.05) << mean;
    }
}

TEST(Random, PoissonOfZeroIsZero) {
    Random random(1);
    EXPECT_EQ(random.poisson(0), 0);
}

} // namespace
} // namespace mg
