#include "draw/databar.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mg {
namespace {

DatabarSpec usual(int width) {
    return {.width_px = width,
            .lines = {{.fields = {{"Beam energy", "10 kV"},
                                  {"Spot", "4.0"},
                                  {"WD", "10.85 mm"},
                                  {"Magnification", "10\u202F000\u00D7"},
                                  {"Field", "11.3 \u00D7 8.5 \u00B5m"},
                                  {"Detector", "SE"}},
                       .stacked = true},
                      {.fields = {{"Sample", "AB01"}, {"Author", "FH"}, {"", "2025-04-10"}}}},
            .bar = ScaleBar{width / 5.6654, "2 \u00B5m"}};
}

struct Box {
    RectF rect;
    std::string what;
};
std::vector<Box> boxes(DatabarLayout const& layout) {
    std::vector<Box> all;
    for (auto const& text : layout.texts) all.push_back({text.box, text.text});
    for (auto const& bar : layout.bars) all.push_back({bar.rect, "bar"});
    if (layout.scale_bar) {
        all.push_back({layout.scale_bar->line, "scale bar"});
        for (RectF const& cap : layout.scale_bar->caps) all.push_back({cap, "cap"});
    }
    if (layout.logo)
        all.push_back(
            {{double(layout.logo->x), double(layout.logo->y), double(layout.logo->width), double(layout.logo->height)},
             "logo"});
    return all;
}
void expect_sound(DatabarLayout const& layout, std::string const& context) {
    std::vector<Box> all = boxes(layout);
    for (std::size_t i = 0; i < all.size(); ++i) {
        RectF const& r = all[i].rect;
        EXPECT_TRUE(r.x >= 0 && r.y >= 0 && r.right() <= layout.size.width && r.bottom() <= layout.size.height)
            << context << ": " << all[i].what << " leaves the bar";
        for (std::size_t j = 0; j < i; ++j)
            EXPECT_FALSE(r.overlaps(all[j].rect)) << context << ": " << all[i].what << " over " << all[j].what;
    }
}

TEST(Databar, NothingOverlapsFrom256To8192Pixels) {
    Fonts fonts;
    std::string const texts[] = {
        "AB01",
        "\u041E\u0431\u0440\u0430\u0437\u0435\u0446 \u2116 12, "
        "\u043B\u0430\u0431\u043E\u0440\u0430\u0442\u043E\u0440\u0438\u044F",
        "\u039A\u03C1\u03CD\u03C3\u03C4\u03B1\u03BB\u03BB\u03BF\u03C2 \u03B1-GaN/AlN \u039B = 3 nm",
        std::string(400, 'W'), "W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W W"};
    for (int width = 256; width <= 8192; width = width * 9 / 8 + 1)
        for (std::string const& text : texts)
            for (double percent : {50.0, 100.0, 180.0}) {
                DatabarSpec spec = usual(width);
                spec.text_percent = percent;
                spec.lines[0].fields[5].value = text;
                spec.lines[1].fields[0].value = text;
                spec.lines[1].fields[2].value = text;
                spec.credit = text;
                spec.logo = {300, 120};
                spec.rows = {{.pieces = {{text, Colour{1, 0.4F, 0.2F}}, {"420", Colour{0, 1, 1}}}},
                             {.bars = {{0.7, {1, 0, 0}, "Al"}, {1.4, {0, 1, 0}, text}, {0, {0, 0, 1}, "Zn"}}}};
                DatabarLayout layout = layout_databar(fonts, spec);
                ASSERT_GT(layout.size.height, 0);
                EXPECT_TRUE(layout.scale_bar.has_value());
                EXPECT_TRUE(layout.coloured);
                expect_sound(layout,
                             std::to_string(width) + " px, " + std::to_string(percent) + " %, " + text.substr(0, 20));
            }
}

TEST(Databar, KeepsTheUsualFieldsInTwoRowsFromSixHundredPixelsOn) {
    Fonts fonts;
    for (int width : {640, 712, 1024, 1424, 2048, 4096, 8192}) {
        DatabarLayout layout = layout_databar(fonts, usual(width));
        EXPECT_LT(layout.size.height, 0.13 * width) << width;
        EXPECT_EQ(layout.texts.size(), 1 + 2 * 6 + 5U) << "nothing left out or elided";
        for (auto const& text : layout.texts) EXPECT_EQ(text.text.find("\u2026"), std::string::npos);
    }
}

TEST(Databar, LooksTheSameAtEveryWidth) {
    Fonts fonts;
    DatabarLayout small = layout_databar(fonts, usual(1000)), large = layout_databar(fonts, usual(4000));
    EXPECT_NEAR(large.size.height / 4.0, small.size.height, 2);
    ASSERT_EQ(small.texts.size(), large.texts.size());
    for (std::size_t i = 0; i < small.texts.size(); ++i) {
        EXPECT_NEAR(large.texts[i].origin.x / 4, small.texts[i].origin.x, 2);
        EXPECT_NEAR(large.texts[i].origin.y / 4, small.texts[i].origin.y, 2);
    }
}

TEST(Databar, TextIsLegibleInSmallImages) {
    Fonts fonts;
    for (int width : {256, 300, 400, 512}) EXPECT_GE(layout_databar(fonts, usual(width)).em_px, 10) << width;
}

TEST(Databar, DrawsTheScaleBarAtItsTrueLength) {
    Fonts fonts;
    for (int width : {256, 712, 1424, 4096}) {
        DatabarSpec spec = usual(width);
        DatabarLayout layout = layout_databar(fonts, spec);
        Plane plane = std::move(Plane::create(layout.size)).value();
        Canvas canvas{{plane.view()}};
        draw_databar(canvas, fonts, layout, {});
        int y = static_cast<int>(layout.scale_bar->line.y), from = static_cast<int>(layout.scale_bar->line.x) - 3;
        double length = 0;
        for (int x = from; x < width; ++x) length += static_cast<double>(plane.at(x, y));
        EXPECT_NEAR(length, spec.bar->length_px, 0.01);
        EXPECT_EQ(plane.at(0, layout.size.height - 1), 0) << "the ground is black";
        EXPECT_GT(plane.at(0, 0), 0) << "a hairline ends the picture";
    }
}

TEST(Databar, PutsALogoWhereThereIsRoom) {
    Fonts fonts;
    DatabarSpec spec = usual(1424);
    spec.logo = {300, 120};
    spec.lines[0].fields.resize(2);
    DatabarLayout layout = layout_databar(fonts, spec);
    ASSERT_TRUE(layout.logo.has_value());
    EXPECT_LT(layout.logo->x, 60) << "at the left";
    EXPECT_NEAR(static_cast<double>(layout.logo->width) / layout.logo->height, 2.5, 0.1);
    EXPECT_EQ(layout.size.height, layout_databar(fonts, usual(1424)).size.height) << "the bar does not grow";

    spec = usual(1424);
    spec.logo = {300, 120};
    layout = layout_databar(fonts, spec);
    ASSERT_TRUE(layout.logo.has_value());
    EXPECT_GT(layout.logo->x, 1000) << "under the scale bar when the fields need the left";
    expect_sound(layout, "logo");
    for (Size extreme : {Size{1, 4000}, Size{4000, 1}, Size{1, 1}}) {
        spec.logo = extreme;
        expect_sound(layout_databar(fonts, spec), "extreme logo");
    }
}

TEST(Databar, StaysGreyUnlessSomethingIsColoured) {
    Fonts fonts;
    DatabarSpec spec = usual(712);
    EXPECT_FALSE(layout_databar(fonts, spec).coloured);
    spec.rows = {{.bars = {{0, {1, 0, 0}, "Al"}}}};
    EXPECT_FALSE(layout_databar(fonts, spec).coloured) << "a bar of no length has no colour";
    spec.rows = {{.bars = {{0.5, {1, 0, 0}, "Al"}}}};
    EXPECT_TRUE(layout_databar(fonts, spec).coloured);
}

TEST(Databar, DrawsBarsOfExtraRowsInProportion) {
    Fonts fonts;
    DatabarSpec spec{.width_px = 1000,
                     .rows = {{.bars = {{0.25, {1, 0, 0}}, {1, {0, 1, 0}}, {0.5, {0, 0, 1}}, {NAN, {1, 1, 1}}}}}};
    DatabarLayout layout = layout_databar(fonts, spec);
    ASSERT_EQ(layout.bars.size(), 3U);
    EXPECT_NEAR(layout.bars[0].rect.width / layout.bars[1].rect.width, 0.25, 1e-9);
    EXPECT_NEAR(layout.bars[2].rect.width / layout.bars[1].rect.width, 0.5, 1e-9);
}

DatabarTable table_of(int rows, int columns, std::string const& name = "Sapphire") {
    DatabarTable table;
    for (int c = 0; c < columns; ++c) table.columns.push_back(c % 2 == 0 ? "Al" : "Zn");
    for (int r = 0; r < rows; ++r) {
        Colour const colour{1, 0.1F * static_cast<float>(r % 10), 0.2F};
        table.rows.push_back({r % 3 == 0 ? name : "Resin", colour, colour, r % 2 == 0 ? "34 %" : "7.7 %", {}});
        for (int c = 0; c < columns; ++c) table.rows.back().values.push_back((r + 2 * c) % 11 / 10.0);
    }
    return table;
}

TEST(Databar, TablesOverlapNothingFrom32To8192Pixels) {
    Fonts fonts;
    for (int width = 32; width <= 8192; width = width * 5 / 4 + 1)
        for (double percent : {50.0, 100.0, 180.0})
            for (Size cells : {Size{1, 1}, Size{8, 5}, Size{12, 12}, Size{3, 40}, Size{40, 2}})
                for (std::string const& name : {std::string("GaN"), std::string(80, 'W')}) {
                    DatabarSpec spec = usual(width);
                    spec.text_percent = percent;
                    spec.table = table_of(cells.height, cells.width, name);
                    spec.credit = "Made by the laboratory";
                    DatabarLayout const layout = layout_databar(fonts, spec);
                    std::string const context = std::to_string(width) + " px, " + std::to_string(cells.width) + " x " +
                                                std::to_string(cells.height);
                    expect_sound(layout, context);
                    EXPECT_EQ(layout.tracks.size(), static_cast<std::size_t>(cells.area())) << context;
                    for (auto const& track : layout.tracks)
                        for (auto const& text : layout.texts)
                            ASSERT_FALSE(track.rect.overlaps(text.box)) << context << ": " << text.text;
                }
}

TEST(Databar, TableBarsStandInColumnsAndAreInProportion) {
    Fonts fonts;
    DatabarSpec spec = usual(1424);
    spec.table = table_of(3, 4);
    spec.table.rows[0].values = {0.5, 1, 0, 2};
    spec.table.rows[1].values = {0.25, NAN, -1, 0.1};
    spec.table.rows[2].values = {1};
    DatabarLayout const layout = layout_databar(fonts, spec);
    ASSERT_EQ(layout.tracks.size(), 9U) << "what is missing is empty";
    ASSERT_EQ(layout.bars.size(), 6U);
    double const whole = layout.tracks[0].rect.width;
    EXPECT_NEAR(layout.bars[0].rect.width, 0.5 * whole, 1e-9);
    EXPECT_NEAR(layout.bars[1].rect.width, whole, 1e-9);
    EXPECT_NEAR(layout.bars[2].rect.width, whole, 1e-9) << "no longer than its cell";
    EXPECT_NEAR(layout.bars[3].rect.width, 0.25 * whole, 1e-9);
    EXPECT_EQ(layout.bars[0].rect.x, layout.bars[3].rect.x);
    EXPECT_EQ(layout.bars[0].rect.x, layout.bars[5].rect.x);
    for (std::size_t i = 1; i < 4; ++i)
        EXPECT_NEAR(layout.tracks[i].rect.x - layout.tracks[i - 1].rect.x,
                    layout.tracks[1].rect.x - layout.tracks[0].rect.x, 1e-9);
    EXPECT_TRUE(layout.coloured);
}

TEST(Databar, ColumnsThatDoNotFitFollowBelowWithTheNamesAgain) {
    Fonts fonts;
    DatabarSpec spec = usual(256);
    spec.table = table_of(2, 12);
    DatabarLayout const layout = layout_databar(fonts, spec);
    int names = 0;
    for (auto const& text : layout.texts) names += text.text == "Resin" ? 1 : 0;
    EXPECT_GE(names, 2);
    for (auto const& track : layout.tracks) EXPECT_GT(track.rect.width, 10);
}

TEST(Databar, IsNothingForAnImageTooNarrowForText) {
    Fonts fonts;
    for (int width : {1, 7, 31}) EXPECT_EQ(layout_databar(fonts, usual(width)).size.height, 0) << width;
    for (int width = 32; width < 256; ++width) expect_sound(layout_databar(fonts, usual(width)), std::to_string(width));
}

} // namespace
} // namespace mg
