// Calibration on the page: what is proposed, that nothing counts before the user takes it, and measuring on the
// picture.
#include <gtest/gtest.h>

#include <cmath>

#include "app/microscopes.h"
#include "imgui.h"
#include "page/fake_page.h"
#include "panels/measure.h"
#include "ui/tidy.h"

using namespace mg;
using namespace mg::test;

namespace {

/// Tall enough for the whole right column.
constexpr Screen k_screen{1440, 3600, 1};

double own_number(FakePage const& page, std::string_view file, std::string_view key) {
    for (Override const& o : page.document.recipe.overrides)
        if (o.file_name == file && o.step == "correct" && o.key == key)
            if (double const* number = std::get_if<double>(&o.value)) return *number;
    return -1;
}

Value const* common_value(FakePage const& page, std::string_view key) {
    StepUse const* use = find_use(page.document.recipe, "correct");
    for (std::size_t i = 0; use && i < use->values.size(); ++i)
        if (use->step->params[i].info.key == key) return &use->values[i];
    return nullptr;
}

bool changes_settings(FakePage const& page) {
    for (app::Command const& command : page.all)
        if (std::holds_alternative<app::SetParam>(command)) return true;
    return false;
}

/// The first file of the session selected, with its metadata unfolded and a bar in its picture.
app::FileResult& with_bar(FakePage& page, std::string label, double nm) {
    page.add_session();
    page.view.unfolded.push_back("metadata");
    app::FileResult& r = page.results.files[page.view.selected];
    r.recorded_size = {712, 484};
    r.burned_bar = BurnedBar{.kind = BurnedBarKind::caps,
                             .box = {290, 423, 128, 17},
                             .length_px = 126,
                             .uncertainty_px = 2,
                             .label = std::move(label),
                             .label_box = {},
                             .length_nm = nm,
                             .confidence = nm > 0 ? 1.0 : 0.0,
                             .why = {}};
    return r;
}

void forget_pixel_size(app::FileResult& r) {
    r.metadata.acquisition.pixel_size_x_nm.reset();
    r.metadata.acquisition.pixel_size_y_nm.reset();
}

} // namespace

TEST(CalibrationPage, ABarThatWasReadIsAProposalUntilItIsTaken) {
    FakePage page(k_screen);
    forget_pixel_size(with_bar(page, "2 \u00B5m", 2000));
    page.frames(4);
    ASSERT_TRUE(page.item("metadata/bar"));
    EXPECT_EQ(page.item("metadata/bar")->label,
              "The bar in the picture is 126 px long and reads 2 \u00B5m: 15.87 nm/px");
    EXPECT_FALSE(changes_settings(page));
    ASSERT_TRUE(page.click("metadata/bar/use"));
    EXPECT_EQ(own_number(page, "S10K.TIF", "known_length_nm"), 2000);
    EXPECT_EQ(own_number(page, "S10K.TIF", "known_length_px"), 126);
    EXPECT_EQ(std::get<double>(*common_value(page, "known_length_nm")), 0) << "for that file alone";
}

TEST(CalibrationPage, OfABarThatWasNotReadTheLengthIsAsked) {
    FakePage page(k_screen);
    forget_pixel_size(with_bar(page, "", 0));
    page.frames(4);
    ASSERT_TRUE(page.item("metadata/bar"));
    EXPECT_FALSE(page.item("metadata/bar/use"));
    ASSERT_TRUE(page.click("metadata/bar/length"));
    page.type("5 um");
    page.frames(2);
    EXPECT_EQ(own_number(page, "S10K.TIF", "known_length_nm"), 5000);
    EXPECT_EQ(own_number(page, "S10K.TIF", "known_length_px"), 126);
}

TEST(CalibrationPage, ABarThatContradictsTheFileIsAWarningAndNoneThatAgrees) {
    FakePage page(k_screen);
    app::FileResult& r = with_bar(page, "2 \u00B5m", 2000);
    page.frames(4);
    EXPECT_FALSE(page.item("metadata/bar"));
    r.burned_bar->length_nm = 5000;
    r.burned_bar->label = "5 \u00B5m";
    page.frames(2);
    ASSERT_TRUE(page.item("metadata/bar"));
    std::string const words = page.item("metadata/bar")->label;
    EXPECT_NE(words.find("39.68 nm/px"), std::string::npos) << words;
    EXPECT_NE(words.find("15.91 nm/px"), std::string::npos) << words;
    EXPECT_FALSE(page.item("metadata/bar/use"));
    EXPECT_FALSE(changes_settings(page));
}

TEST(CalibrationPage, OfPixelSizesThatDisagreeAnyCanBeTaken) {
    FakePage page(k_screen);
    app::FileResult& r = with_bar(page, "2 \u00B5m", 2000);
    r.metadata.pixel_sizes = {{15.91, 17.56, "header"}, {15.92, 17.57, "name of the folder"}};
    page.frames(4);
    EXPECT_FALSE(page.item("metadata/stated/0")) << "they agree within 1 %";
    r.metadata.pixel_sizes.push_back({20, 20, "resolution tags"});
    page.frames(2);
    ASSERT_TRUE(page.item("metadata/stated/2"));
    EXPECT_EQ(page.item("metadata/stated/0")->value, "on");
    EXPECT_EQ(page.item("metadata/stated/2")->value, "off");
    ASSERT_TRUE(page.click("metadata/stated/2"));
    EXPECT_EQ(own_number(page, "S10K.TIF", "pixel_size_x_nm"), 20);
    EXPECT_EQ(own_number(page, "S10K.TIF", "pixel_size_y_nm"), 20);
}

TEST(CalibrationPage, AMeasuredLineCalibratesTheImage) {
    FakePage page({1440, 900, 1});
    app::FileResult& r = with_bar(page, "", 0);
    r.burned_bar.reset();
    page.frames(3);
    page.key(ImGuiKey_L);
    page.frames(2);
    ASSERT_TRUE(page.view.measure.on);
    app::Item const* picture = page.item("canvas/picture");
    ASSERT_TRUE(picture);
    ImVec2 const from{picture->x + picture->width * 0.25f, picture->y + picture->height * 0.25f};
    page.drag(from, {from.x + picture->width * 0.5f, from.y});
    page.frames(2);
    ASSERT_EQ(page.view.measure.line.size(), 4u);
    auto const line = app::measured(page.view.measure.line, r.metadata.acquisition);
    ASSERT_TRUE(line);
    EXPECT_NEAR(line->columns, 356, 2);
    EXPECT_NEAR(line->rows, 0, 0.01);
    ASSERT_TRUE(line->nm);
    EXPECT_NEAR(*line->nm, line->columns * 15.91, 1e-6);
    EXPECT_FALSE(changes_settings(page));

    ASSERT_TRUE(page.click("measure/known"));
    page.type("7 um");
    page.frames(2);
    ASSERT_TRUE(page.click("measure/calibrate"));
    EXPECT_EQ(own_number(page, "S10K.TIF", "known_length_nm"), 7000);
    EXPECT_NEAR(own_number(page, "S10K.TIF", "known_length_px"), line->columns, 1e-9);
    ASSERT_TRUE(page.click("measure/microscope"));
    page.type("XL 30");
    page.frames(2);
    ASSERT_TRUE(page.click("measure/calibrate_microscope"));
    ASSERT_EQ(page.view.microscopes.size(), 1u);
    EXPECT_EQ(page.view.microscopes[0].name, "XL 30");
    EXPECT_NEAR(page.view.microscopes[0].width_mm, 7000 / line->columns * 712 * 10000 * 1e-6, 1e-6);
    EXPECT_EQ(std::get<std::string>(*common_value(page, "microscope")), "XL 30");
    expect_tidy(page, {1440, 900, 1}, "measuring");
}

TEST(CalibrationPage, TheEndsOfALineCanBeDragged) {
    FakePage page({1440, 900, 1});
    with_bar(page, "", 0).burned_bar.reset();
    page.view.measure.on = true;
    page.frames(3);
    app::Item const* picture = page.item("canvas/picture");
    ASSERT_TRUE(picture);
    ImVec2 const from{picture->x + 100, picture->y + 100}, to{picture->x + 300, picture->y + 180};
    page.drag(from, to);
    page.frames(2);
    ASSERT_EQ(page.view.measure.line.size(), 4u);
    std::vector<double> const before = page.view.measure.line;
    page.drag(to, {to.x, to.y + 60});
    page.frames(2);
    EXPECT_EQ(page.view.measure.line[0], before[0]);
    EXPECT_EQ(page.view.measure.line[1], before[1]);
    EXPECT_NEAR(page.view.measure.line[2], before[2], 1);
    EXPECT_GT(page.view.measure.line[3], before[3] + 10);
}

TEST(Measured, CountsPixelsThatAreNotSquareAtEveryAngle) {
    Acquisition facts;
    facts.pixel_size_x_nm = {10, "test"};
    facts.pixel_size_y_nm = {20, "test"};
    double const line[] = {10, 10, 40, 30}; // 30 columns and 20 rows of double height: 30, 40 -> 50 widths
    auto const m = app::measured(line, facts);
    ASSERT_TRUE(m);
    EXPECT_EQ(m->columns, 30);
    EXPECT_EQ(m->rows, 20);
    EXPECT_EQ(m->px, 50);
    EXPECT_EQ(*m->nm, 500);
    double const dot[] = {10, 10, 10, 10};
    EXPECT_FALSE(app::measured(dot, facts));

    app::FileResult result;
    result.metadata.acquisition = facts;
    EXPECT_FALSE(app::preset_from(*m, 500, result)) << "no magnification";
    result.metadata.acquisition.magnification = {1000, "test"};
    result.recorded_size = {1280, 960};
    auto const preset = app::preset_from(*m, 500, result);
    ASSERT_TRUE(preset);
    EXPECT_NEAR(preset->width_mm, 12.8, 1e-12);
    EXPECT_EQ(preset->aspect, 0.5);
}

TEST(MicroscopePresets, AreKeptAsTextAndWhatIsNoneIsLeftOut) {
    std::vector<app::MicroscopePreset> const presets = {{"XL 30", 117.5, 1}, {"a\tb", 0.125, 0.9}};
    auto const again = app::microscopes_from(app::microscopes_text(presets));
    ASSERT_EQ(again.size(), 2u);
    EXPECT_EQ(again[0], presets[0]);
    EXPECT_EQ(again[1].name, "a b");
    EXPECT_TRUE(app::microscopes_from("x\n\t1\t1\nname\t-1\t1\nname\t1\t0\nname\tnan\t1\nname\t1e99\t1").empty());
}
