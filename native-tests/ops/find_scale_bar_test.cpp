#include "ops/find_scale_bar.h"

#include <gtest/gtest.h>

#include <cmath>

#include "draw/databar.h"
#include "draw/label_shapes.h"
#include "math/random.h"
#include "ops/test_fonts.h"

namespace mg {
namespace {

LabelReader const& reader() {
    static LabelReader const one = label_reader(test::fonts());
    return one;
}

/// Noise with smooth hills above `databar_top`, one value below it.
Plane picture(Size size, int databar_top, float ground = 0) {
    Plane plane = Plane::create(size).value();
    std::uint32_t state = 12345;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            state = state * 1664525u + 1013904223u;
            float const noise = static_cast<float>(state >> 24) / 255.0F;
            plane.at(x, y) =
                y < databar_top ? 0.25F + 0.3F * noise + 0.1F * static_cast<float>((x / 40 + y / 30) % 3) : ground;
        }
    return plane;
}

void box(Plane& plane, Rect r, float value) {
    for (int y = r.y; y < r.y + r.height; ++y)
        for (int x = r.x; x < r.x + r.width; ++x) plane.at(x, y) = value;
}
void text(Plane& plane, Point origin, std::string_view words, double size_px, float grey = 1) {
    Canvas canvas{{plane.view()}};
    test::fonts().draw(canvas, origin, words, {size_px, Weight::regular}, Colour::grey(grey));
}

TEST(FindScaleBar, ReadsEveryDatabarOfThisProgram) {
    struct Length {
        char const* text;
        double nm;
    };
    Length const lengths[] = {{"1 nm", 1},        {"20 nm", 20},      {"500 nm", 500},     {"1 \u00B5m", 1e3},
                              {"2 \u00B5m", 2e3}, {"5 \u00B5m", 5e3}, {"10 \u00B5m", 1e4}, {"200 \u00B5m", 2e5},
                              {"1 mm", 1e6},      {"50 mm", 5e7}};
    int number = 0;
    for (int width : {400, 712, 1024, 1536, 2560})
        for (double percent : {70.0, 100.0, 160.0})
            for (auto const& theme : {k_dark_theme, k_light_theme}) {
                Length const& length = lengths[static_cast<std::size_t>(number++ % 10)];
                double const bar_px = width / 5.6654 + 0.137 * number;
                DatabarSpec spec{.width_px = width,
                                 .text_percent = percent,
                                 .theme = theme,
                                 .lines = {{.fields = {{"Beam energy", "10 kV"}, {"WD", "5.2 mm"}, {"Spot", "4.0"}},
                                            .stacked = true},
                                           {.fields = {{"Sample", "AB01"}}}},
                                 .bar = ScaleBar{bar_px, length.text}};
                DatabarLayout const layout = layout_databar(test::fonts(), spec);
                Plane plane = picture({width, 300 + layout.size.height}, 300);
                Canvas bar{{plane.view().cropped({0, 300, width, layout.size.height})}};
                draw_databar(bar, test::fonts(), layout, {});
                auto const found = found_scale_bar(plane.view(), reader());
                ASSERT_TRUE(found) << width << " px, " << percent << " %, " << length.text;
                EXPECT_TRUE(found->is_read()) << width << " px, " << percent << " %, " << length.text;
                EXPECT_EQ(found->label, length.text);
                EXPECT_EQ(found->length_nm, length.nm);
                EXPECT_NEAR(found->length_px, bar_px, 0.01) << width << " px, " << percent << " %";
            }
}

TEST(FindScaleBar, APlainBarCountsFromEndToEnd) {
    Plane plane = picture({800, 500}, 440);
    box(plane, {500, 455, 200, 4}, 1);
    text(plane, {560, 490}, "500 \u00B5m", 22);
    auto const found = found_scale_bar(plane.view(), reader());
    ASSERT_TRUE(found && found->is_read());
    EXPECT_EQ(found->kind, BurnedBarKind::line);
    EXPECT_EQ(found->label, "500 \u00B5m");
    EXPECT_EQ(found->length_px, 200);
    EXPECT_EQ(found->pixel_size_nm(), 2500);
    EXPECT_EQ(found->box, (Rect{500, 455, 200, 4}));
}

TEST(FindScaleBar, ABarDrawnOnThePictureIsFound) {
    Plane plane = picture({800, 500}, 500);
    box(plane, {400, 420, 250, 5}, 1);
    text(plane, {460, 460}, "20 nm", 30);
    auto const found = found_scale_bar(plane.view(), reader());
    ASSERT_TRUE(found && found->is_read());
    EXPECT_EQ(found->label, "20 nm");
    EXPECT_EQ(found->length_px, 250);
}

TEST(FindScaleBar, CapsCountFromMiddleToMiddleUnlessTheLabelInterruptsTheBar) {
    for (float ink : {0.0F, 1.0F}) {
        Plane caps = picture({700, 400}, 340, 1 - ink);
        box(caps, {300, 370, 128, 2}, ink);
        box(caps, {300, 364, 2, 14}, ink);
        box(caps, {426, 364, 2, 14}, ink);
        text(caps, {440, 378}, "2 \u00B5m", 20, ink);
        auto const found = found_scale_bar(caps.view(), reader());
        ASSERT_TRUE(found && found->is_read()) << ink;
        EXPECT_EQ(found->kind, BurnedBarKind::caps);
        EXPECT_NEAR(found->length_px, 126, 1e-6);
        EXPECT_EQ(found->uncertainty_px, 2);
        EXPECT_EQ(found->length_nm, 2000);

        Plane halves = picture({700, 400}, 340, 1 - ink);
        box(halves, {200, 370, 100, 2}, ink);
        box(halves, {400, 370, 100, 2}, ink);
        box(halves, {200, 360, 2, 22}, ink);
        box(halves, {498, 360, 2, 22}, ink);
        text(halves, {318, 378}, "30 \u00B5m", 20, ink);
        auto const whole = found_scale_bar(halves.view(), reader());
        ASSERT_TRUE(whole && whole->is_read()) << ink;
        EXPECT_EQ(whole->kind, BurnedBarKind::interrupted);
        EXPECT_NEAR(whole->length_px, 300, 1e-6);
        EXPECT_EQ(whole->label, "30 \u00B5m");
    }
}

TEST(FindScaleBar, ElevenTicksCountFromTheFirstToTheLast) {
    Plane plane = picture({1280, 500}, 420);
    for (int k = 0; k <= 10; ++k) box(plane, {844 + k * 40, 421, 4, 12}, 1);
    text(plane, {1120, 470}, "200\u00B5m", 36);
    text(plane, {10, 470}, "15.0kV 7.7mm x200 BSE", 36);
    auto const found = found_scale_bar(plane.view(), reader());
    ASSERT_TRUE(found && found->is_read());
    EXPECT_EQ(found->kind, BurnedBarKind::ticks);
    EXPECT_EQ(found->length_px, 400);
    EXPECT_EQ(found->pixel_size_nm(), 500);
}

TEST(FindScaleBar, ABarWhoseLabelCannotBeReadIsShownWithoutALength) {
    Plane plane = picture({700, 400}, 340);
    box(plane, {300, 370, 128, 2}, 1);
    box(plane, {300, 364, 2, 14}, 1);
    box(plane, {426, 364, 2, 14}, 1);
    text(plane, {440, 378}, "abc", 20);
    auto const found = found_scale_bar(plane.view(), reader());
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->is_read());
    EXPECT_TRUE(found->label.empty());
    EXPECT_NEAR(found->length_px, 126, 1e-6);
}

TEST(FindScaleBar, BarsThatContradictEachOtherAreNoProposal) {
    Plane plane = picture({800, 500}, 440);
    box(plane, {100, 455, 200, 4}, 1);
    text(plane, {160, 490}, "500 nm", 22);
    box(plane, {500, 455, 200, 4}, 1);
    text(plane, {560, 490}, "200 nm", 22);
    EXPECT_FALSE(found_scale_bar(plane.view(), reader()));
}

TEST(FindScaleBar, FramesUnderlinesAndPicturesWithoutABarGiveNothing) {
    EXPECT_FALSE(found_scale_bar(picture({600, 400}, 400).view(), reader()));
    EXPECT_FALSE(found_scale_bar(picture({600, 400}, 0).view(), reader()));
    EXPECT_FALSE(found_scale_bar(picture({1, 1}, 1).view(), reader()));
    // A cell of a databar's grid with a working distance in it.
    Plane plane = picture({700, 400}, 340);
    box(plane, {0, 342, 700, 2}, 1);
    box(plane, {0, 370, 700, 2}, 1);
    box(plane, {200, 342, 2, 58}, 1);
    box(plane, {400, 342, 2, 58}, 1);
    text(plane, {230, 362}, "5 mm", 18);
    EXPECT_FALSE(found_scale_bar(plane.view(), reader()));
}

TEST(FindScaleBar, ANearerTextThatCannotBeReadHidesTheNextOne) {
    Plane plane = picture({800, 500}, 400);
    box(plane, {300, 420, 200, 4}, 1);
    text(plane, {340, 446}, "#50@ m", 18);
    text(plane, {360, 470}, "5 mm", 18);
    auto const found = found_scale_bar(plane.view(), reader());
    EXPECT_FALSE(found && found->is_read());
}

} // namespace
} // namespace mg
