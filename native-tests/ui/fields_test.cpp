#include "ui/fields.h"

#include <gtest/gtest.h>

using namespace mg::ui;

namespace {
SliderSpec const k_linear{.value = 4, .minimum = 1, .maximum = 8, .lowest = 1, .highest = 50};
SliderSpec const k_log{.value = 22, .minimum = 1, .maximum = 1000, .lowest = 0, .highest = 5000, .logarithmic = true};
SliderSpec const k_whole{.value = 3, .minimum = 0, .maximum = 7, .lowest = 0, .highest = 9, .whole = true};
} // namespace

TEST(Slider, PlaceAndValueAreInverse) {
    for (SliderSpec const& spec : {k_linear, k_log, k_whole})
        for (double place : {0.0, 0.2, 0.5, 0.77, 1.0}) {
            double value = slider_value(spec, place);
            EXPECT_GE(value, spec.minimum);
            EXPECT_LE(value, spec.maximum);
            EXPECT_NEAR(slider_value(spec, slider_place(spec, value)), value, 1e-9);
            EXPECT_NEAR(slider_place(spec, value), place, spec.whole ? 0.08 : 0.02);
        }
}

TEST(Slider, EndsAreExactAndValuesBeyondStandAtTheEnd) {
    EXPECT_EQ(slider_value(k_linear, 0), 1);
    EXPECT_EQ(slider_value(k_linear, 1), 8);
    EXPECT_EQ(slider_value(k_log, 1), 1000);
    EXPECT_EQ(slider_place(k_linear, 50), 1);
    EXPECT_EQ(slider_place(k_log, 0), 0);
}

TEST(Slider, LogarithmicTracksThatBeginAtZeroReachZero) {
    SliderSpec spec{.value = 0, .minimum = 0, .maximum = 100, .logarithmic = true};
    EXPECT_EQ(slider_value(spec, 0), 0);
    EXPECT_GT(slider_value(spec, 0.5), 1);
    EXPECT_EQ(slider_place(spec, 0), 0);
}

TEST(Slider, WholeNumbersStayWhole) {
    for (double place = 0; place <= 1; place += 0.01) {
        double value = slider_value(k_whole, place);
        EXPECT_EQ(value, static_cast<int>(value));
    }
}

TEST(Slider, TextShowsAllOfTheValue) {
    auto text = [](SliderSpec spec, double value) {
        spec.value = value;
        return slider_text(spec);
    };
    EXPECT_EQ(text(k_linear, 4), "4.0");
    EXPECT_EQ(text(k_linear, 4.25), "4.25");
    EXPECT_EQ(text(k_whole, 3), "3");
    EXPECT_EQ(text(k_linear, 0.3333333), "0.3333");
    EXPECT_EQ(text({.minimum = 0, .maximum = 100}, 0.35), "0.35");
    EXPECT_EQ(text({.minimum = 50, .maximum = 200}, 100), "100");
}

TEST(Slider, ATrackWithoutLengthIsHarmless) {
    SliderSpec spec{.value = 2, .minimum = 2, .maximum = 2};
    EXPECT_EQ(slider_place(spec, 2), 0);
    EXPECT_EQ(slider_value(spec, 0.5), 2);
}
