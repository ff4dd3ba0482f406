// Values computed with mpmath at 40 digits and rounded to double.
#include "math/portable.h"

#include <cmath>

#include <gtest/gtest.h>

namespace mg {
namespace {

void expect_near_relative(double value, double truth) {
    EXPECT_LE(std::fabs(value - truth), 5e-16 * std::fabs(truth)) << truth;
}

TEST(Portable, ExpAgreesWithTheTrueValue) {
    expect_near_relative(exp_portable(1), 2.718281828459045);
    expect_near_relative(exp_portable(-0.5), 0.6065306597126334);
    expect_near_relative(exp_portable(700), 1.0142320547350045e304);
    expect_near_relative(exp_portable(-700), 9.85967654375977e-305);
    EXPECT_EQ(exp_portable(0), 1);
    EXPECT_EQ(exp_portable(-800), 0);
    EXPECT_TRUE(std::isinf(exp_portable(800)));
    EXPECT_TRUE(std::isnan(exp_portable(std::nan(""))));
}

TEST(Portable, LogAgreesWithTheTrueValue) {
    expect_near_relative(log_portable(10), 2.302585092994046);
    expect_near_relative(log_portable(0.5), -0.6931471805599453);
    expect_near_relative(log_portable(1.0001), 9.999500033329732e-05);
    expect_near_relative(log_portable(5e-324), -744.4400719213812);
    EXPECT_EQ(log_portable(1), 0);
    EXPECT_TRUE(std::isinf(log_portable(0)));
    EXPECT_TRUE(std::isnan(log_portable(-1)));
}

TEST(Portable, PowAgreesWithTheTrueValue) {
    expect_near_relative(pow_portable(0.5, 1 / 1.5), 0.6299605249474366);
    expect_near_relative(pow_portable(2, 0.5), 1.4142135623730951);
    expect_near_relative(pow_portable(10, 300), 1e300);
    expect_near_relative(pow_portable(10, -300), 1e-300);
    EXPECT_EQ(pow_portable(2, 10), 1024);
    EXPECT_EQ(pow_portable(0, 0.5), 0);
    EXPECT_EQ(pow_portable(0, 0), 1);
    EXPECT_EQ(pow_portable(1, 1e300), 1);
    EXPECT_TRUE(std::isinf(pow_portable(2, 1e300)));
    EXPECT_EQ(pow_portable(0.5, 1e300), 0);
    EXPECT_TRUE(std::isnan(pow_portable(-1, 2)));
}

TEST(Portable, SineAndCosineAgreeWithTheTrueValue) {
    EXPECT_NEAR(sin_portable(1), 0.8414709848078965, 2e-16);
    EXPECT_NEAR(cos_portable(1), 0.5403023058681398, 2e-16);
    EXPECT_NEAR(sin_portable(-2), -0.9092974268256817, 2e-16);
    EXPECT_NEAR(sin_portable(100000), 0.03574879797201651, 2e-16);
    EXPECT_NEAR(cos_portable(-100000), -0.9993608074382124, 2e-16);
    EXPECT_NEAR(sin_portable(3.141592653589793), 1.2246467991473532e-16, 1e-24);
    EXPECT_TRUE(std::isnan(sin_portable(1e7)));
}

TEST(Portable, SineAndCosineLieOnTheUnitCircle) {
    for (int i = -3000; i < 3000; ++i) {
        double angle = i * 0.37;
        double s = sin_portable(angle), c = cos_portable(angle);
        EXPECT_NEAR(s * s + c * c, 1, 5e-16);
    }
}

} // namespace
} // namespace mg
