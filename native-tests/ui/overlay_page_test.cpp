// The page's overlay with made-up images: what is drawn, and what the user's hands bring about.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "imgui.h"
#include "page/fake_page.h"
#include "panels/keys.h"
#include "ui/tidy.h"

using namespace mg;
using namespace mg::test;

namespace {

/// Value of the step "channel" for one file, as its override says; null when it has none.
Value const* own_channel_value(FakePage const& page, std::string_view file, std::string_view key) {
    for (Override const& o : page.document.overlay.overrides)
        if (o.file_name == file && o.step == "channel" && o.key == key) return &o.value;
    return nullptr;
}

ImVec2 middle(app::Item const& item) {
    return {item.x + item.width / 2, item.y + item.height / 2};
}

} // namespace

TEST(OverlayPage, IsTidyInEveryViewAndSize) {
    struct Case {
        Screen screen;
        float scale;
    };
    for (Case each : {Case{{1440, 900, 1}, 1}, Case{{1024, 640, 1}, 1}, Case{{1024, 640, 1}, 2},
                      Case{{1280, 720, 2}, 0.8f}, Case{{3840, 2160, 1}, 1.5f}})
        for (app::Theme theme : {app::Theme::dark, app::Theme::light}) {
            if (theme == app::Theme::light && each.scale != 1) continue; // its lengths are the same
            std::string const size = std::to_string(each.screen.width) + " at " + std::to_string(each.scale) + " ";
            FakePage page(each.screen, theme, each.scale);
            page.view.workspace = app::Workspace::overlay;
            page.frames(3);
            expect_tidy(page, each.screen, size + "empty");
            page.add_overlay_session();
            for (int show = 0; show <= static_cast<int>(app::OverlayShow::table); ++show) {
                page.view.overlay.show = static_cast<app::OverlayShow>(show);
                page.frames(3);
                expect_tidy(page, each.screen, size + "view " + std::to_string(show));
            }
            page.view.overlay.show = app::OverlayShow::composite;
            for (StepUse const& use : page.document.overlay.steps) {
                page.view.unfolded.push_back(std::string(use.step->id));
                page.view.advanced.push_back(std::string(use.step->id));
            }
            page.view.unfolded.push_back("joint");
            page.frames(3);
            expect_tidy(page, each.screen, size + "everything unfolded");
            page.view.points.placing = true;
            page.frames(3);
            expect_tidy(page, each.screen, size + "placing points");
        }
}

TEST(OverlayPage, TabsChangeTheWorkspace) {
    FakePage page({1440, 900, 1});
    page.add_overlay_session();
    page.frames(3);
    ASSERT_TRUE(page.click("top/workspace=Annotate"));
    EXPECT_EQ(page.view.workspace, app::Workspace::annotate);
    ASSERT_TRUE(page.click("top/workspace=Overlay"));
    EXPECT_EQ(page.view.workspace, app::Workspace::overlay);
}

TEST(OverlayPage, RowsSayWhereEachImageLies) {
    FakePage page({1440, 900, 1});
    page.add_overlay_session();
    page.frames(3);
    auto const value = [&](char const* id) { return page.item(id) ? page.item(id)->value : std::string("missing"); };
    EXPECT_EQ(value("overlay/row/10K405.TIF#1"), "channel 1 of 5, reference");
    EXPECT_EQ(value("overlay/row/10K415.TIF#2"), "channel 2 of 5, +6.2, −3.1 px");
    EXPECT_NE(value("overlay/row/10K435.TIF#4").find("doubtful: two scales disagree by 6 px. Place points"),
              std::string::npos);
    EXPECT_NE(value("overlay/row/10K445.TIF#5").find("refused"), std::string::npos);
    EXPECT_EQ(value("overlay/row/S10K.TIF#6"), "+11.5, −2.2 px");
    ASSERT_TRUE(page.item("align/summary"));
    EXPECT_EQ(page.item("align/summary")->label, "3 accepted · 1 doubtful · 1 refused · residual 0.08 px");
    ASSERT_TRUE(page.item("drift/error"));
    EXPECT_EQ(page.item("drift/error")->label, "error against the truth 0.05 px");
}

TEST(OverlayPage, ADraggedRowTakesItsPlaceInTheOrder) {
    FakePage page({1440, 900, 1});
    page.add_overlay_session();
    page.frames(3);
    ImVec2 const from = middle(*page.item("overlay/row/10K405.TIF#1")),
                 to = middle(*page.item("overlay/row/10K425.TIF#3"));
    page.drag({from.x, from.y}, {to.x, to.y + 16});
    struct Place {
        char const* file;
        std::int64_t order;
    };
    for (Place const& place :
         {Place{"10K415.TIF", 1}, Place{"10K425.TIF", 2}, Place{"10K405.TIF", 3}, Place{"10K435.TIF", 4}}) {
        Value const* value = own_channel_value(page, place.file, "order");
        ASSERT_NE(value, nullptr) << place.file;
        EXPECT_EQ(*value, Value(place.order)) << place.file;
    }
    std::set<std::string> gestures;
    for (app::Command const& command : page.all)
        if (auto const* set = std::get_if<app::SetParam>(&command)) gestures.insert(set->gesture);
    EXPECT_EQ(gestures.size(), 1u) << "one entry of undo";
    EXPECT_FALSE(gestures.count(""));
}

TEST(OverlayPage, TheMenuOfARowSetsItsRole) {
    FakePage page({1440, 900, 1});
    page.add_overlay_session();
    page.frames(3);
    app::Item const row = *page.item("overlay/row/10K415.TIF#2");
    page.move_to(row.x + 20, row.y + 20);
    page.frames(3);
    ASSERT_TRUE(page.click("overlay/row/10K415.TIF#2/more"));
    ASSERT_TRUE(page.click("overlay/row/10K415.TIF#2/extra"));
    Value const* value = own_channel_value(page, "10K415.TIF", "role");
    ASSERT_NE(value, nullptr);
    EXPECT_EQ(*value, Value(std::int64_t{2}));
}

TEST(OverlayPage, GainAndSwitchAreOfOneChannel) {
    FakePage page({1440, 900, 1});
    page.add_overlay_session();
    page.frames(3);
    ASSERT_TRUE(page.click("overlay/channel/415 nm#2/shown"));
    ASSERT_NE(own_channel_value(page, "10K415.TIF", "shown"), nullptr);
    EXPECT_EQ(*own_channel_value(page, "10K415.TIF", "shown"), Value(false));
    app::Item const track = *page.item("overlay/channel/425 nm#3/gain");
    page.drag({track.x + track.width / 3, track.y + track.height / 2},
              {track.x + track.width * 0.9f, track.y + track.height / 2});
    Value const* gain = own_channel_value(page, "10K425.TIF", "gain");
    ASSERT_NE(gain, nullptr);
    EXPECT_GT(*std::get_if<double>(gain), 2);
    EXPECT_EQ(own_channel_value(page, "10K405.TIF", "gain"), nullptr);
}

TEST(OverlayPage, ATintIsPicked) {
    FakePage page({1440, 900, 1});
    page.add_overlay_session();
    page.frames(3);
    ASSERT_TRUE(page.click("overlay/channel/405 nm#1/tint"));
    page.frames(2);
    ASSERT_TRUE(page.click("overlay/channel/405 nm#1/tint/hue"));
    Value const* tint = own_channel_value(page, "10K405.TIF", "tint");
    ASSERT_NE(tint, nullptr);
    std::string const text = *std::get_if<std::string>(tint);
    EXPECT_EQ(text.size(), 7u);
    EXPECT_EQ(text[0], '#');
    ASSERT_TRUE(page.click("overlay/channel/405 nm#1/tint/palette"));
    EXPECT_EQ(own_channel_value(page, "10K405.TIF", "tint"), nullptr);
}

TEST(OverlayPage, ViewsAskForTheRightLayers) {
    FakePage page({1440, 900, 1});
    page.add_overlay_session();
    page.frames(2);
    EXPECT_EQ(page.placed_views().back().mode, app::PlacedView::Mode::composite);
    ASSERT_TRUE(page.click("canvas/show/difference"));
    app::PlacedView const difference = page.placed_views().back();
    EXPECT_EQ(difference.mode, app::PlacedView::Mode::difference);
    EXPECT_EQ(difference.first, 2) << "the selected one";
    EXPECT_EQ(difference.second, 0) << "the reference";
    ASSERT_TRUE(page.click("canvas/show/saturated"));
    EXPECT_EQ(page.placed_views().back().chroma, page.results.overlay.look.saturated_chroma);
    page.view.selected = 5; // refused: there is nothing to show
    page.view.overlay.show = app::OverlayShow::channel;
    std::size_t const before = page.placed_views().size();
    page.frames(2);
    EXPECT_EQ(page.placed_views().size(), before);
    ASSERT_TRUE(page.click("canvas/vision"));
    ASSERT_TRUE(page.click("canvas/vision/deutan"));
    EXPECT_EQ(page.view.overlay.vision, ColourVision::deutan);
}

TEST(OverlayPage, ARectangleInTheHistogramIsPaintedBack) {
    FakePage page({1440, 900, 1});
    page.add_overlay_session();
    page.view.unfolded = {"joint"};
    page.frames(3);
    app::Item const* plot = page.item("joint/plot");
    ASSERT_NE(plot, nullptr);
    ASSERT_TRUE(plot->visible);
    app::Item const at = *plot;
    page.drag({at.x + at.width * 0.25f, at.y + at.height * 0.75f}, {at.x + at.width * 0.75f, at.y + at.height * 0.25f});
    EXPECT_NEAR(page.view.overlay.brush.left, 0.25, 0.03);
    EXPECT_NEAR(page.view.overlay.brush.top, 0.75, 0.03);
    app::PlacedView const shown = page.placed_views().back();
    EXPECT_EQ(shown.across, 0);
    EXPECT_EQ(shown.up, 1);
    ChannelLook const& look = page.results.overlay.look.channels[0];
    EXPECT_NEAR(shown.brush[0], look.black + 0.25f * (look.white - look.black), 0.03f);
}

TEST(OverlayPage, APairOfPointsIsPlaced) {
    FakePage page({1440, 900, 1});
    page.add_overlay_session();
    page.view.selected = 5;
    page.view.points.placing = true;
    page.frames(3);
    app::Item const other = *page.item("points/other/picture"), mine = *page.item("points/this/picture");
    page.click("points/other/picture");
    ASSERT_EQ(page.view.points.half_pair.size(), 2u);
    EXPECT_NEAR(page.view.points.half_pair[0], 178 / 2.0 - 0.5, 1);
    page.click("points/this/picture");
    ASSERT_EQ(count<app::PlacePoint>(page.all), 1);
    for (app::Command const& command : page.all)
        if (auto const* point = std::get_if<app::PlacePoint>(&command)) {
            EXPECT_EQ(point->file, 5);
            EXPECT_EQ(point->other, 1);
            EXPECT_NEAR(point->pair.to.y, 121 / 2.0 - 0.5, 1);
        }
    EXPECT_TRUE(page.view.points.half_pair.empty());
    page.click("points/done");
    EXPECT_FALSE(page.view.points.placing);
}

TEST(OverlayPage, EveryControlIsReachedByKeyboard) {
    FakePage page({1440, 900, 1});
    page.add_overlay_session();
    page.view.unfolded.push_back("joint");
    page.view.unfolded.push_back("channel");
    page.frames(3);
    std::set<std::string> wanted, reached;
    for (app::Item const& item : page.items.items())
        if (is_control(item) && item.enabled) wanted.insert(item.id);
    EXPECT_GT(wanted.size(), 40u);
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
        bool segmented = item && item->kind == "choice" && !reached.count(id);
        EXPECT_TRUE(reached.count(id) || segmented) << id;
    }
}
