// The whole page with made-up files: what is drawn, where, and what the user's hands bring about.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <set>

#include "imgui.h"
#include "page/fake_page.h"
#include "panels/keys.h"
#include "ui/frame.h"
#include "ui/theme.h"
#include "ui/tidy.h"

using namespace mg;
using namespace mg::test;

namespace {
} // namespace

TEST(Page, IsTidyInEveryStateAndSize) {
    struct Case {
        Screen screen;
        float scale;
    };
    for (Case each : {Case{{1440, 900, 1}, 1}, Case{{1024, 640, 1}, 1}, Case{{1024, 640, 1}, 2},
                      Case{{1280, 720, 2}, 0.8f}, Case{{3840, 2160, 1}, 1.5f}}) {
        for (app::Theme theme : {app::Theme::dark, app::Theme::light}) {
            std::string size = std::to_string(each.screen.width) + " at " + std::to_string(each.scale) + " ";
            FakePage page(each.screen, theme, each.scale);
            page.frames(3);
            expect_tidy(page, each.screen, size + "empty");
            page.add_session();
            page.frames(3);
            expect_tidy(page, each.screen, size + "session");
            for (StepUse const& use : page.document.recipe.steps) {
                page.view.unfolded.push_back(std::string(use.step->id));
                page.view.advanced.push_back(std::string(use.step->id));
            }
            page.view.unfolded.push_back("metadata");
            page.view.compare = app::Compare::swipe;
            page.frames(3);
            expect_tidy(page, each.screen, size + "everything unfolded");
            page.view.selected = 6;
            page.frames(3);
            expect_tidy(page, each.screen, size + "failed file");
            for (app::Sheet sheet :
                 {app::Sheet::keys, app::Sheet::about, app::Sheet::palette, app::Sheet::metadata}) {
                page.view.selected = 1;
                page.view.sheet = sheet;
                page.frames(3);
                expect_tidy(page, each.screen, size + "sheet");
            }
        }
    }
}

TEST(Page, EmptyStateOffersFilesAFolderAndASample) {
    FakePage page({1440, 900, 1});
    page.frames(3);
    ASSERT_TRUE(page.click("empty/open"));
    EXPECT_EQ(count<app::OpenDialog>(page.all), 1);
    ASSERT_TRUE(page.click("empty/folder"));
    EXPECT_TRUE(last<app::OpenDialog>(page.all)->folder);
    ASSERT_TRUE(page.click("empty/samples"));
    EXPECT_EQ(count<app::OpenSamples>(page.all), 1);
    EXPECT_EQ(page.item("top/save_all"), nullptr);
}

TEST(Page, EveryControlIsReachedByKeyboard) {
    FakePage page({1440, 900, 1});
    page.add_session();
    for (StepUse const& use : page.document.recipe.steps) page.view.unfolded.push_back(std::string(use.step->id));
    page.frames(3);
    std::set<std::string> wanted, reached;
    for (app::Item const& item : page.items.items())
        if (is_control(item) && item.enabled) wanted.insert(item.id);
    for (int region = 0; region < app::k_regions; ++region) {
        page.key(ImGuiKey_F6);
        for (int i = 0; i < 120; ++i) {
            for (app::Item const& item : page.items.items())
                if (item.focused) reached.insert(item.id);
            page.key(ImGuiKey_Tab);
        }
    }
    for (std::string const& id : wanted) {
        app::Item const* item = page.item(id);
        bool segmented = item && item->kind == "choice" && !reached.count(id); // its options are the controls
        EXPECT_TRUE(reached.count(id) || segmented) << id;
    }
}

TEST(Page, ADragOfASliderIsOneGesture) {
    FakePage page({1440, 900, 1});
    page.add_session();
    page.frames(3);
    app::Item const slider = *page.item("despike/threshold_sigma");
    float y = slider.y + slider.height / 2;
    page.move_to(slider.x + 20, y);
    page.frames(2);
    page.press(true);
    page.frames(2);
    for (int i = 1; i < 8; ++i) {
        page.move_to(slider.x + 20 + 6 * static_cast<float>(i), y);
        page.frame();
    }
    page.press(false);
    page.frames(2);
    std::set<std::string> gestures;
    for (app::Command const& command : page.all)
        if (auto const* set = std::get_if<app::SetParam>(&command)) gestures.insert(set->gesture);
    EXPECT_GE(count<app::SetParam>(page.all), 4);
    ASSERT_EQ(gestures.size(), 1u);
    EXPECT_FALSE(gestures.begin()->empty());
    page.all.clear();
    page.move_to(slider.x + 40, y);
    page.frames(30);
    page.press(true);
    page.frames(2);
    page.move_to(slider.x + 60, y);
    page.frames(2);
    page.press(false);
    page.frames(2);
    ASSERT_NE(last<app::SetParam>(page.all), nullptr);
    EXPECT_EQ(gestures.count(last<app::SetParam>(page.all)->gesture), 0u) << "a second drag is a second entry";
}

TEST(Page, ADoubleClickOnTheKnobBringsTheDefaultBack) {
    FakePage page({1440, 900, 1});
    page.add_session();
    page.frames(3);
    app::Item const slider = *page.item("despike/threshold_sigma");
    page.move_to(slider.x + 40, slider.y + slider.height / 2);
    page.frames(2);
    for (bool down : {true, false, true, false}) {
        page.press(down);
        page.frame();
    }
    auto const* reset = last<app::ResetParam>(page.all);
    ASSERT_NE(reset, nullptr);
    EXPECT_EQ(reset->key, "threshold_sigma");
}

TEST(Page, AValueCanBeTyped) {
    FakePage page({1440, 900, 1});
    page.add_session();
    page.frames(3);
    app::Item const slider = *page.item("despike/threshold_sigma");
    page.move_to(slider.x + slider.width - 20, slider.y + slider.height / 2);
    page.frames(2);
    for (bool down : {true, false, true, false}) {
        page.press(down);
        page.frame();
    }
    page.frames(2);
    page.type("6.25");
    page.key(ImGuiKey_Enter);
    auto const* set = last<app::SetParam>(page.all);
    ASSERT_NE(set, nullptr);
    EXPECT_EQ(set->value, Value(6.25));
    EXPECT_EQ(count<app::ResetParam>(page.all), 0);
    EXPECT_EQ(page.item("despike/threshold_sigma")->value.substr(0, 4), "6.25");
}

TEST(Page, SlidersTurnByArrowKeysOnceFocused) {
    FakePage page({1440, 900, 1});
    page.add_session();
    page.view.unfolded = {"despike"};
    page.frames(3);
    auto focused = [&] {
        for (app::Item const& item : page.items.items())
            if (item.focused) return item.id;
        return std::string();
    };
    for (int i = 0; i < 6 && focused() != "histogram/limits"; ++i) page.key(ImGuiKey_F6);
    for (int i = 0; i < 60 && focused() != "despike/threshold_sigma"; ++i) page.key(ImGuiKey_Tab);
    ASSERT_EQ(focused(), "despike/threshold_sigma");
    page.all.clear();
    page.key(ImGuiKey_RightArrow);
    ASSERT_NE(last<app::SetParam>(page.all), nullptr);
    EXPECT_EQ(focused(), "despike/threshold_sigma") << "the ring stays";
    EXPECT_EQ(count<app::SetView>(page.all), 0) << "and the picture does not pan";
    page.key(ImGuiKey_Delete);
    EXPECT_NE(last<app::ResetParam>(page.all), nullptr);
}

TEST(Page, KeysActOnThePictureWhenNothingIsFocused) {
    FakePage page({1440, 900, 1});
    page.add_session();
    page.frames(3);
    page.key(ImGuiKey_1);
    EXPECT_FALSE(page.view.fit);
    EXPECT_DOUBLE_EQ(page.view.zoom, 1);
    double x = page.view.centre_x;
    page.key(ImGuiKey_RightArrow);
    EXPECT_GT(page.view.centre_x, x);
    page.key(ImGuiKey_0);
    EXPECT_TRUE(page.view.fit);
    page.key(ImGuiKey_B);
    EXPECT_EQ(page.view.compare, app::Compare::recorded);
    page.key(ImGuiKey_Tab);
    EXPECT_FALSE(page.view.panels);
    page.key(ImGuiKey_Tab);
    EXPECT_TRUE(page.view.panels);
    page.key(ImGuiKey_RightArrow, true);
    EXPECT_NE(last<app::SelectNext>(page.all), nullptr);
    page.key(ImGuiKey_Z, false, true);
    EXPECT_EQ(count<app::Undo>(page.all), 1);
    page.key(ImGuiKey_Z, true, true);
    EXPECT_EQ(count<app::Redo>(page.all), 0) << "there is nothing to redo";
    page.type("?");
    page.frames(2);
    EXPECT_EQ(page.view.sheet, app::Sheet::keys);
    page.key(ImGuiKey_Escape);
    EXPECT_EQ(page.view.sheet, app::Sheet::none);
}

TEST(Page, PaletteFindsAndOpensAStep) {
    FakePage page({1440, 900, 1});
    page.add_session();
    page.view.unfolded.clear();
    page.frames(3);
    page.type("/");
    page.frames(3);
    ASSERT_EQ(page.view.sheet, app::Sheet::palette);
    page.type("despi");
    page.frames(2);
    page.key(ImGuiKey_Enter);
    EXPECT_EQ(page.view.sheet, app::Sheet::none);
    ASSERT_EQ(page.view.unfolded.size(), 1u);
    EXPECT_EQ(page.view.unfolded[0], "despike");
    EXPECT_TRUE(page.view.reveal.empty()) << "scrolled to";
    EXPECT_TRUE(page.item("despike/threshold_sigma")->visible);
}

TEST(Page, TypingIntoAFieldTriggersNoKeys) {
    FakePage page({1440, 900, 1});
    page.add_session();
    page.view.sheet = app::Sheet::palette;
    page.frames(3);
    page.type("bo0");
    page.key(ImGuiKey_B);
    page.key(ImGuiKey_O);
    EXPECT_EQ(page.view.search, "bo0");
    EXPECT_EQ(count<app::OpenDialog>(page.all), 0);
    EXPECT_EQ(page.view.compare, app::Compare::result);
}

TEST(Page, HistogramLimitsSetAFixedContrast) {
    FakePage page({1440, 900, 1});
    page.add_session();
    page.frames(3);
    app::Item const plot = *page.item("histogram/limits");
    float y = plot.y + plot.height / 2, low = plot.x + plot.width * 0.07f;
    page.move_to(low, y);
    page.frames(2);
    page.press(true);
    page.frames(2);
    page.move_to(plot.x + plot.width * 0.25f, y);
    page.frames(2);
    page.press(false);
    page.frames(2);
    std::set<std::string> keys;
    for (app::Command const& command : page.all)
        if (auto const* set = std::get_if<app::SetParam>(&command)) {
            EXPECT_EQ(set->step, "contrast");
            keys.insert(set->key);
        }
    EXPECT_EQ(keys, (std::set<std::string>{"method", "low", "high"}));
}

TEST(Page, FilesAreChosenAndRemovedInTheTray) {
    FakePage page({1440, 900, 1});
    page.add_session();
    page.frames(3);
    ASSERT_TRUE(page.click("tray/10K405.TIF#2"));
    EXPECT_EQ(page.view.selected, 2);
    ASSERT_TRUE(page.click("tray/10K405.TIF#2/remove"));
    ASSERT_NE(last<app::RemoveFile>(page.all), nullptr);
    EXPECT_EQ(last<app::RemoveFile>(page.all)->id, 2);
}

TEST(Page, FiveHundredFilesDrawOnlyThoseInSight) {
    FakePage page({1440, 900, 1});
    for (int i = 0; i < 500; ++i) page.add_file("file" + std::to_string(i) + ".tif", app::FileState::done, "SE");
    page.view.selected = 1;
    page.frames(3);
    int rows = 0;
    for (app::Item const& item : page.items.items()) rows += item.kind == "row";
    EXPECT_GE(rows, 10);
    EXPECT_LE(rows, 20);
    page.view.selected = 400;
    page.frames(4);
    app::Item const* row = page.item("tray/file399.tif#400");
    ASSERT_NE(row, nullptr) << "the chosen one is scrolled to";
    EXPECT_TRUE(row->visible);
}

TEST(Page, ReadoutSaysPositionAndValuesAndTakesNan) {
    FakePage page({1440, 900, 1});
    page.add_session();
    auto plane = Plane::filled({712, 484}, NAN);
    ASSERT_TRUE(plane);
    page.frames(3);
    app::Item const picture = *page.item("canvas/picture");
    page.move_to(picture.x + picture.width / 2, picture.y + picture.height / 3);
    page.frames(2);
    ASSERT_NE(page.item("canvas/readout"), nullptr);
    std::string text = page.item("canvas/readout")->label;
    EXPECT_NE(text.find(" px · "), std::string::npos) << text;
    EXPECT_NE(text.find("µm · value 117.3 → 0."), std::string::npos) << text; // 0.46 of 0..255
    page.results.files[1].recorded = std::make_shared<Plane const>(std::move(*plane));
    page.frames(2);
    EXPECT_NE(page.item("canvas/readout")->label.find("value –"), std::string::npos);
    page.move_to(picture.x + picture.width / 2, picture.y + picture.height - 5);
    page.frames(2);
    EXPECT_NE(page.item("canvas/readout")->label.find("databar"), std::string::npos);
}

TEST(Page, WhatIsLeftOnTheScreenIsWhatOneMoreFrameWouldShow) {
    FakePage page({1280, 720, 1});
    page.frames(3);
    auto expect_settles = [&](char const* state) {
        page.frame();
        for (int more = 0; ui::layout_moved(); ++more) {
            ASSERT_LT(more, 3) << state;
            page.frame();
        }
        std::vector<std::uint8_t> const left = page.raster().rgb;
        page.frame();
        EXPECT_TRUE(left == page.raster().rgb) << state;
    };
    page.add_session();
    expect_settles("files");
    page.view.workspace = app::Workspace::overlay;
    page.add_overlay_session();
    expect_settles("overlay");
    for (StepUse const& use : page.document.recipe.steps) page.view.unfolded.push_back(std::string(use.step->id));
    page.view.workspace = app::Workspace::annotate;
    expect_settles("unfolded");
}

TEST(Page, ScaleBarOfTheViewIsTrueAtAnyZoom) {
    FakePage page({1440, 900, 1});
    page.add_session();
    page.view.fit = false;
    struct Case {
        double zoom;
        char const* text; ///< longest 1-2-5 length within 150 px of 15.91 nm / zoom
    };
    for (Case each : {Case{1, "2 µm"}, Case{4, "500 nm"}, Case{0.25, "5 µm"}, Case{40, "50 nm"}}) {
        page.view.zoom = each.zoom;
        page.frames(2);
        ASSERT_NE(page.item("canvas/scale"), nullptr);
        EXPECT_EQ(page.item("canvas/scale")->value, each.text);
    }
}

TEST(Page, SwipeLineFollowsThePointer) {
    FakePage page({1440, 900, 1});
    page.add_session();
    page.view.compare = app::Compare::swipe;
    page.frames(3);
    app::Item const line = *page.item("canvas/swipe"), picture = *page.item("canvas/picture");
    page.move_to(line.x + line.width / 2, line.y + line.height / 2);
    page.frames(2);
    page.press(true);
    page.frames(2);
    page.move_to(picture.x + picture.width * 0.25f, line.y + line.height / 2);
    page.frames(2);
    page.press(false);
    page.frames(2);
    EXPECT_NEAR(page.view.swipe, 0.25, 0.01);
}

TEST(Page, WheelZoomsAndDragPans) {
    FakePage page({1440, 900, 1});
    page.add_session();
    page.frames(3);
    page.move_to(700, 300);
    page.frames(2);
    ImGui::GetIO().AddMouseWheelEvent(0, 1);
    page.frames(2);
    EXPECT_FALSE(page.view.fit);
    double x = page.view.centre_x;
    page.press(true);
    page.frames(2);
    page.move_to(650, 300);
    page.frames(2);
    page.press(false);
    page.frames(2);
    EXPECT_GT(page.view.centre_x, x);
}

TEST(Page, LinesLieOnDevicePixelsAtAnyRatio) {
    for (float ratio : {1.0f, 1.5f, 2.0f}) {
        FakePage page({1024, 640, ratio});
        page.frames(3);
        Raster raster = page.raster();
        ui::Palette const& c = ui::palette(app::Theme::dark);
        // Down the left edge only three colours occur: bar, line, ground; a blurred line would mix them.
        std::set<ui::Colour> seen;
        for (int y = 0; y < raster.height; ++y) {
            std::uint8_t const* p =
                raster.rgb.data() + (static_cast<std::size_t>(y) * static_cast<std::size_t>(raster.width) + 4) * 3;
            seen.insert(0xff000000u | static_cast<ui::Colour>(p[2]) << 16 | static_cast<ui::Colour>(p[1]) << 8 | p[0]);
        }
        EXPECT_EQ(seen, (std::set<ui::Colour>{c.panel, c.line, c.ground})) << ratio;
    }
}

TEST(Keys, EachHasWordsAndNoTwoShareAKey) {
    std::set<std::string_view> shown, words;
    for (app::KeyAction const& action : app::key_actions()) {
        EXPECT_FALSE(action.words.empty());
        EXPECT_FALSE(action.section.empty());
        EXPECT_NE(action.act, nullptr);
        EXPECT_TRUE(words.insert(action.words).second) << action.words;
        if (!action.shown.empty()) {
            EXPECT_TRUE(shown.insert(action.shown).second) << action.shown;
            EXPECT_TRUE(action.chord != 0 || action.letter != 0) << action.words;
        }
    }
}
