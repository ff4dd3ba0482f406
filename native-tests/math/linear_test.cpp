#include "math/linear.h"

#include <cmath>

#include <gtest/gtest.h>

namespace mg {
namespace {

std::vector<double> const k_matrix = {4, 1, -.5, .25, 1, 3, .75, 0, -.5, .75, 2, .5, .25, 0, .5, 1.5};

TEST(Linear, FactorsAsNumpyDoes) {
    auto const factor = cholesky(k_matrix, 4);
    ASSERT_TRUE(factor);
    // numpy.linalg.cholesky
    double const expected[4][4] = {{2, 0, 0, 0},
                                   {0.5, 1.658312395178, 0, 0},
                                   {-0.25, 0.527644853011, 1.288057028664, 0},
                                   {0.125, -0.037688918072, 0.427881958152, 1.14011910577}};
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j <= i; ++j) EXPECT_NEAR((*factor)[4 * i + j], expected[i][j], 1e-11) << i << "," << j;
}

TEST(Linear, SolvesAsNumpyDoes) {
    auto const factor = cholesky(k_matrix, 4);
    ASSERT_TRUE(factor);
    std::vector<double> right = {1, -2, 3, .5};
    solve_cholesky(*factor, 4, right);
    // numpy.linalg.solve
    double const expected[] = {1.021241561008, -1.642680717932, 2.542400790384, -0.684340523629};
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(right[i], expected[i], 1e-11);
}

TEST(Linear, InvertsAsNumpyDoes) {
    auto const inverse = inverted_symmetric(k_matrix, 4);
    ASSERT_TRUE(inverse);
    // numpy.linalg.inv
    double const expected[] = {0.312201547835,  -0.143586365882, 0.158076733081,  -0.104725835666,
                               -0.143586365882, 0.43734562819,   -0.224600691586, 0.098797958176,
                               0.158076733081,  -0.224600691586, 0.687633788902,  -0.255557385147,
                               -0.104725835666, 0.098797958176,  -0.255557385147, 0.76930676766};
    for (std::size_t i = 0; i < 16; ++i) EXPECT_NEAR((*inverse)[i], expected[i], 1e-11);
}

TEST(Linear, LooksAtTheLowerTriangleOnly) {
    std::vector<double> half = k_matrix;
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = i + 1; j < 4; ++j) half[4 * i + j] = 1e9;
    auto const whole = inverted_symmetric(k_matrix, 4), lower = inverted_symmetric(half, 4);
    ASSERT_TRUE(whole && lower);
    EXPECT_EQ(*whole, *lower);
}

TEST(Linear, RefusesWhatIsNotPositiveDefinite) {
    EXPECT_FALSE(cholesky({1, 2, 2, 1}, 2)); // indefinite
    EXPECT_FALSE(cholesky({1, 1, 1, 1}, 2)); // singular
    EXPECT_FALSE(cholesky({0}, 1));
    EXPECT_FALSE(cholesky({std::nan("")}, 1));
    EXPECT_FALSE(cholesky({1e301}, 1)); // overflow is not far
    EXPECT_FALSE(inverted_symmetric({1, 2, 2, 1}, 2));
}

} // namespace
} // namespace mg
