#include "ui/format.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace mg::ui;

TEST(Format, LengthsTakeTheUnitThatSuitsThem) {
    EXPECT_EQ(length_text(640), "640 nm");
    EXPECT_EQ(length_text(6560), "6.56 µm");
    EXPECT_EQ(length_text(1.2e6), "1.2 mm");
    EXPECT_EQ(length_text(0.25), "0.25 nm");
    EXPECT_EQ(length_text(NAN), "–");
    EXPECT_EQ(position_text(6555, 3640), "6.55, 3.64 µm");
    EXPECT_EQ(position_text(0, 0), "0.00, 0.00 nm");
}

TEST(Format, ThousandsStandApart) {
    EXPECT_EQ(grouped(2748), "2\u00a0748");
    EXPECT_EQ(grouped(1234567), "1\u00a0234\u00a0567");
    EXPECT_EQ(grouped(12), "12");
    EXPECT_EQ(grouped(-1000), "−1\u00a0000");
}

TEST(Format, NumbersOfPixelsAreNeverPowersOfTen) {
    EXPECT_EQ(number_text(118), "118");
    EXPECT_EQ(number_text(0.46), "0.46");
    EXPECT_EQ(number_text(65535), "65535");
    EXPECT_EQ(number_text(1.0 / 3), "0.3333");
    EXPECT_EQ(number_text(INFINITY), "–");
}

TEST(Format, SharesSayWhetherThereIsAny) {
    EXPECT_EQ(share_text(0), "0 %");
    EXPECT_EQ(share_text(0.0004), "< 0.1 %");
    EXPECT_EQ(share_text(0.0124), "1.2 %");
    EXPECT_EQ(share_text(NAN), "0 %");
}

TEST(Format, ScaleBarIsTheLongest125LengthThatFits) {
    auto bar = bar_length(15.91, 150); // 150 px are 2386.5 nm
    ASSERT_TRUE(bar);
    EXPECT_DOUBLE_EQ(bar->nm, 2000);
    EXPECT_NEAR(bar->px, 2000 / 15.91, 1e-9);
    EXPECT_DOUBLE_EQ(bar_length(1, 500)->nm, 500); // fits to the pixel
    EXPECT_DOUBLE_EQ(bar_length(1, 999)->nm, 500);
    EXPECT_DOUBLE_EQ(bar_length(0.01, 150)->nm, 1);
    EXPECT_FALSE(bar_length(0, 150));
    EXPECT_FALSE(bar_length(NAN, 150));
    for (double nm_per_px : {0.003, 0.7, 1.0, 15.91, 420.0, 99999.0}) {
        auto any = bar_length(nm_per_px, 150);
        ASSERT_TRUE(any);
        EXPECT_LE(any->px, 150 * (1 + 1e-9));
        EXPECT_GE(any->px, 150 / 2.5 * (1 - 1e-9));
    }
}
