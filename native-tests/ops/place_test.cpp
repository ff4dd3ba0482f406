#include "ops/place.h"

#include <gtest/gtest.h>

#include "math/random.h"

namespace mg {
namespace {

Mask random_mask(Size size, double share, std::uint64_t seed) {
    Random random(seed);
    Mask mask = std::move(Mask::create(size)).value();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) mask.at(x, y) = random.uniform() < share ? 1 : 0;
    return mask;
}

/// Every rectangle tried; the first of the largest, by rows, then columns.
Rect by_trying_all(Mask const& mask) {
    Rect best{};
    for (int y = 0; y < mask.height(); ++y)
        for (int x = 0; x < mask.width(); ++x)
            for (int bottom = y, right = mask.width(); bottom < mask.height(); ++bottom) {
                int end = x;
                while (end < right && !mask.at(end, bottom)) ++end;
                right = end;
                Rect rect{x, y, right - x, bottom - y + 1};
                if (right > x && rect.size().area() > best.size().area()) best = rect;
            }
    return best;
}

Mask blocked_by(Size grid, GridImage const& image) {
    Mask blocked = std::move(Mask::filled(grid, 0)).value();
    EXPECT_TRUE(block_uncovered(blocked.view(), image).has_value());
    return blocked;
}

TEST(LargestRectangle, IsTheOneFoundByTryingAll) {
    std::uint64_t seed = 1;
    for (Size size : {Size{1, 1}, Size{1, 9}, Size{9, 1}, Size{7, 5}, Size{12, 12}, Size{17, 11}})
        for (double share : {0.02, 0.1, 0.3, 0.6, 0.95})
            for (int i = 0; i < 8; ++i) {
                Mask mask = random_mask(size, share, ++seed);
                EXPECT_EQ(largest_clear_rectangle(mask.view()), by_trying_all(mask)) << seed;
            }
}

TEST(LargestRectangle, OfNothingFreeIsEmpty) {
    Mask mask = std::move(Mask::filled({5, 4}, 1)).value();
    EXPECT_TRUE(largest_clear_rectangle(mask.view()).empty());
}

TEST(LargestRectangle, OfAFreeGridIsAllOfIt) {
    Mask mask = std::move(Mask::filled({5, 4}, 0)).value();
    EXPECT_EQ(largest_clear_rectangle(mask.view()), (Rect{0, 0, 5, 4}));
}

TEST(BlockUncovered, SparesPixelsOfWhichThreeQuartersAreCovered) {
    // Shifted by whole pixels: as many are lost; a fifth of a pixel is forgiven, 0.3 px is not.
    struct Case {
        double shift;
        int lost;
    };
    for (Case c : {Case{0, 0}, Case{-3, 3}, Case{-0.2, 0}, Case{-0.3, 1}, Case{-2.3, 3}, Case{0.2, 0}}) {
        Mask blocked = blocked_by({20, 6}, {.size = {24, 6}, .to_source = Affine{1, 0, c.shift, 0, 1, 0}});
        EXPECT_EQ(largest_clear_rectangle(blocked.view()), (Rect{c.lost, 0, 20 - c.lost, 6})) << c.shift;
    }
}

TEST(BlockUncovered, KeepsInterpolationAwayFromWhatIsNoPicture) {
    Mask mask = std::move(Mask::filled({30, 20}, 0)).value();
    for (int x = 0; x < 30; ++x) mask.at(x, 17) = mask.at(x, 18) = mask.at(x, 19) = k_mask_databar;
    mask.at(3, 2) = k_mask_drawing; // is picture, if a spoilt one
    GridImage image{.size = {30, 20}, .mask = mask.view()};
    // Rows 15 and 16 are within two pixels of the bar.
    EXPECT_EQ(largest_clear_rectangle(blocked_by({30, 20}, image).view()), (Rect{0, 0, 30, 15}));
    // Half as fine: four pixels of the image.
    image.to_source = Affine{2, 0, 0.5, 0, 2, 0.5};
    EXPECT_EQ(largest_clear_rectangle(blocked_by({15, 10}, image).view()), (Rect{0, 0, 15, 6}));
}

TEST(GridExtent, HoldsExactlyThePixelsWithinTheBorders) {
    Rect far{-100, -100, 300, 300};
    EXPECT_EQ(grid_extent({.size = {10, 8}}, far), (Rect{0, 0, 10, 8}));
    EXPECT_EQ(grid_extent({.size = {10, 8}, .to_source = Affine{1, 0, -3.4, 0, 1, 2}}, far), (Rect{3, -2, 10, 8}));
    EXPECT_EQ(grid_extent({.size = {10, 8}, .to_source = Affine{2, 0, 0.5, 0, 2, 0.5}}, far), (Rect{0, 0, 5, 4}));
    EXPECT_EQ(grid_extent({.size = {10, 8}, .to_source = Affine{1, 0, -500, 0, 1, 0}}, far), Rect{});
    EXPECT_EQ(grid_extent({.size = {10, 8}, .to_source = Affine{1e-9, 0, 0, 0, 1e-9, 0}}, far), far);
}

} // namespace
} // namespace mg
