#include "ops/median.h"

#include <gtest/gtest.h>

#include "math/random.h"
#include "ops/border.h"
#include "support/plane_maker.h"

namespace mg {
namespace {

using namespace test;

void expect_64ths(Plane const& plane, int const (&rows)[7][9]) {
    for (int y = 0; y < 7; ++y)
        for (int x = 0; x < 9; ++x) EXPECT_EQ(plane.at(x, y) * 64, static_cast<float>(rows[y][x])) << x << " " << y;
}

float median_by_sorting(Plane const& plane, int x0, int y0, int half_width) {
    std::vector<float> values;
    for (int y = y0 - 1; y <= y0 + 1; ++y)
        for (int x = x0 - half_width; x <= x0 + half_width; ++x)
            values.push_back(plane.at(mirrored(x, plane.width()), mirrored(y, plane.height())));
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

TEST(Median, GivesTheNumbersOfSciPyForThreeByThree) {
    // scipy.ndimage.median_filter(im, size=(3, 3), mode='reflect') * 64
    expect_64ths(std::move(median_3x3(quoted_plane().view())).value(), {{24, 24, 48, 31, 31, 31, 17, 41, 27},
                                                                        {24, 34, 34, 34, 30, 31, 27, 27, 14},
                                                                        {37, 37, 33, 34, 30, 30, 30, 26, 26},
                                                                        {37, 37, 33, 33, 33, 29, 30, 26, 26},
                                                                        {49, 36, 36, 32, 33, 29, 29, 29, 39},
                                                                        {36, 35, 36, 32, 32, 32, 28, 29, 28},
                                                                        {25, 35, 35, 35, 18, 42, 28, 28, 15}});
}

TEST(Median, GivesTheNumbersOfSciPyForThreeRowsByFiveColumns) {
    // scipy.ndimage.median_filter(im, size=(3, 5), mode='reflect') * 64
    expect_64ths(std::move(median_3x5(quoted_plane().view())).value(), {{24, 24, 31, 31, 31, 31, 31, 27, 27},
                                                                        {34, 24, 34, 31, 31, 30, 30, 17, 27},
                                                                        {37, 34, 34, 33, 33, 30, 27, 26, 26},
                                                                        {37, 37, 36, 33, 30, 30, 29, 29, 26},
                                                                        {36, 46, 33, 33, 32, 32, 29, 39, 29},
                                                                        {36, 35, 35, 35, 32, 29, 29, 29, 28},
                                                                        {35, 25, 35, 35, 35, 28, 28, 18, 28}});
}

TEST(Median, IsTheMiddleOfTheSortedWindowForAnyValues) {
    Random random(2);
    for (Size const size : {Size{61, 45}, Size{1, 1}, Size{1, 9}, Size{9, 1}, Size{2, 3}, Size{4, 4}})
        for (int const kinds : {2, 5, 1000000}) { // few kinds: many ties
            Plane const plane = plane_of(size, [&](int, int) {
                return static_cast<double>(random.below(static_cast<std::uint64_t>(kinds))) / kinds - 0.3;
            });
            Plane const square = std::move(median_3x3(plane.view())).value();
            Plane const wide = std::move(median_3x5(plane.view())).value();
            for (int y = 0; y < size.height; ++y)
                for (int x = 0; x < size.width; ++x) {
                    ASSERT_EQ(square.at(x, y), median_by_sorting(plane, x, y, 1)) << x << " " << y;
                    ASSERT_EQ(wide.at(x, y), median_by_sorting(plane, x, y, 2)) << x << " " << y;
                }
        }
}

/// A network of comparisons that finds the median of all windows of zeros and ones finds it for all values (the 0-1
/// principle, Knuth vol. 3), and there are but 2^15 of those.
TEST(Median, IsRightForEveryWindowOfZerosAndOnes) {
    int const windows = 1 << 15;
    Plane const plane = plane_of({5 * 256, 3 * windows / 256}, [](int x, int y) {
        int const window = y / 3 * 256 + x / 5;
        return window >> (y % 3 * 5 + x % 5) & 1;
    });
    Plane const wide = std::move(median_3x5(plane.view())).value();
    for (int window = 0; window < windows; ++window) {
        int ones = 0;
        for (int bit = 0; bit < 15; ++bit) ones += window >> bit & 1;
        ASSERT_EQ(wide.at(window % 256 * 5 + 2, window / 256 * 3 + 1), ones >= 8 ? 1.0f : 0.0f) << window;
    }
}

} // namespace
} // namespace mg
