#include "ops/joint_histogram.h"

#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "support/plane_maker.h"

namespace mg {
namespace {

using test::plane_of;

TEST(JointHistogram, CountsPairsOfValues) {
    // numpy.histogram2d of the same 64 values: one in each cell of an 8 x 8 lattice
    Plane const x = plane_of({8, 8}, [](int i, int) { return i / 7.0; });
    Plane const y = plane_of({8, 8}, [](int, int j) { return j / 7.0; });
    JointHistogram const found = std::move(joint_histogram(x.view(), y.view(), {})).value();
    EXPECT_EQ(found.inside, 64);
    EXPECT_EQ(found.outside, 0);
    EXPECT_EQ(std::accumulate(found.counts.begin(), found.counts.end(), 0U), 64U);
    EXPECT_EQ(found.at(0, 0), 1U);
    EXPECT_EQ(found.at(255, 255), 1U) << "the upper border belongs to the last bin";
    EXPECT_EQ(found.at(36, 255), 1U) << "1/7 of 256 is 36.6";
    EXPECT_EQ(found.at(37, 255), 0U);
}

TEST(JointHistogram, LeavesOutMaskedAndOutside) {
    Plane const x = plane_of({4, 1}, [](int i, int) { return i * 0.25; });
    Plane y = plane_of({4, 1}, [](int, int) { return 0.5; });
    y.at(3, 0) = std::numeric_limits<float>::quiet_NaN();
    Mask skip = std::move(Mask::filled({4, 1}, 0)).value();
    skip.at(0, 0) = k_mask_outside;
    JointHistogram const found = std::move(joint_histogram(x.view(), y.view(), {0, 0.3F, 0, 1}, skip.view())).value();
    EXPECT_EQ(found.inside, 1);
    EXPECT_EQ(found.outside, 1);
    JointHistogram const none = std::move(joint_histogram(x.view(), y.view(), {1, 1, 0, 1})).value();
    EXPECT_EQ(none.inside, 0) << "empty limits";
    Plane const other = plane_of({3, 1}, [](int, int) { return 0; });
    EXPECT_FALSE(joint_histogram(x.view(), other.view(), {}));
    EXPECT_FALSE(joint_selection(x.view(), other.view(), {}));
}

TEST(JointHistogram, SelectionMarksThePixelsOfAPolygon) {
    Plane const x = plane_of({21, 21}, [](int i, int) { return i / 20.0; });
    Plane const y = plane_of({21, 21}, [](int, int j) { return j / 20.0; });
    Point const box[] = {{0.225, 0.475}, {0.525, 0.475}, {0.525, 0.625}, {0.225, 0.625}};
    Mask const chosen = std::move(joint_selection(x.view(), y.view(), box)).value();
    for (int j = 0; j < 21; ++j)
        for (int i = 0; i < 21; ++i)
            EXPECT_EQ(chosen.at(i, j), i >= 5 && i <= 10 && j >= 10 && j <= 12 ? 1 : 0) << i << ", " << j;
    // A triangle under the diagonal x + y < 1.01.
    Point const triangle[] = {{-0.01, -0.01}, {1.02, -0.01}, {-0.01, 1.02}};
    Mask const half = std::move(joint_selection(x.view(), y.view(), triangle)).value();
    int count = 0;
    for (int j = 0; j < 21; ++j)
        for (int i = 0; i < 21; ++i) {
            count += half.at(i, j);
            EXPECT_EQ(half.at(i, j), i + j <= 20 ? 1 : 0) << i << ", " << j;
        }
    EXPECT_EQ(count, 231);
    Mask skip = std::move(Mask::filled({21, 21}, 0)).value();
    skip.at(0, 0) = 1;
    EXPECT_EQ(std::move(joint_selection(x.view(), y.view(), triangle, skip.view())).value().at(0, 0), 0);
    EXPECT_EQ(std::move(joint_selection(x.view(), y.view(), std::span(triangle, 2))).value().at(3, 3), 0);
}

} // namespace
} // namespace mg
