#include "math/fast_float.h"

#include <cmath>
#include <gtest/gtest.h>

namespace mg {
namespace {

TEST(FourFloats, HaveLogarithmsWithin3e7) {
    for (double x = 1e-6; x < 1e6; x *= 1.0137) {
        auto const number = static_cast<float>(x);
        double const exact = std::log(static_cast<double>(number));
        EXPECT_NEAR(static_cast<double>(log_four(four_of(number))[2]), exact, 3e-7 * std::fmax(1, std::fabs(exact)))
            << x;
    }
    for (float const near : {0.999F, 0.9999999F, 1.0F, 1.0000001F, 1.001F})
        EXPECT_NEAR(static_cast<double>(log_four(four_of(near))[0]), std::log(static_cast<double>(near)),
                    3e-7 * std::fabs(static_cast<double>(near) - 1));
}

TEST(FourFloats, HaveExponentialsWithin4e6AndHoldTheirEnds) {
    for (double x = -86; x < 88; x += 0.1731) {
        auto const number = static_cast<float>(x);
        double const exact = std::exp(static_cast<double>(number));
        EXPECT_NEAR(static_cast<double>(exp_four(four_of(number))[1]) / exact, 1, 4e-6) << x;
    }
    EXPECT_GT(exp_four(four_of(-1e9F))[0], 0);
    EXPECT_LT(exp_four(four_of(-1e9F))[0], 1e-37F);
    EXPECT_TRUE(std::isfinite(exp_four(four_of(1e9F))[0]));
}

} // namespace
} // namespace mg
