// The page's Materials with made-up maps: what is drawn in the tray and on the picture, and what the user's hands bring
// about there.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "app/materials_pictures.h"
#include "imgui.h"
#include "page/fake_page.h"
#include "panels/keys.h"
#include "ui/tidy.h"

using namespace mg;
using namespace mg::test;

namespace {

template <class C>
std::vector<C> all_of(app::CommandSink const& commands) {
    std::vector<C> found;
    for (app::Command const& command : commands)
        if (C const* one = std::get_if<C>(&command)) found.push_back(*one);
    return found;
}

Value const* own_map_value(FakePage const& page, std::string_view file, std::string_view key) {
    for (Override const& o : page.document.materials.overrides)
        if (o.file_name == file && o.step == "map" && o.key == key) return &o.value;
    return nullptr;
}

ImVec2 middle(FakePage const& page, char const* id) {
    app::Item const* item = page.item(id);
    return item ? ImVec2{item->x + item->width / 2, item->y + item->height / 2} : ImVec2{};
}

} // namespace

TEST(MaterialsPage, IsTidyInEveryViewAndSize) {
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
            page.view.workspace = app::Workspace::materials;
            page.frames(3);
            expect_tidy(page, each.screen, size + "empty");
            page.add_materials_session();
            for (int show = 0; show <= static_cast<int>(app::MaterialsShow::certainty); ++show) {
                page.view.materials.show = static_cast<app::MaterialsShow>(show);
                page.frames(3);
                expect_tidy(page, each.screen, size + "view " + std::to_string(show));
            }
            page.view.materials.show = app::MaterialsShow::tinted;
            page.view.materials.brushing = true;
            page.view.materials.material = 1;
            page.frames(3);
            expect_tidy(page, each.screen, size + "brush");
            page.view.materials.brushing = false;
            page.view.compare = app::Compare::swipe;
            page.frames(3);
            expect_tidy(page, each.screen, size + "swipe");
            page.results.materials.failure = "clusters: the maps hold no counts at all; look at their roles";
            page.results.materials.found = nullptr;
            page.results.materials.electron = page.results.materials.tinted = nullptr;
            page.frames(3);
            expect_tidy(page, each.screen, size + "failure");
        }
}

TEST(MaterialsPage, TheTrayShowsElementsCountsAndPlaces) {
    FakePage page({1440, 900, 1});
    page.add_materials_session();
    page.frames(3);
    ASSERT_TRUE(page.item("materials/file/map_AlK.bmp#4"));
    EXPECT_EQ(page.item("materials/file/map_AlK.bmp#4")->label, "AlK");
    EXPECT_EQ(page.item("materials/file/map_AlK.bmp#4")->value, "≈ 12") << "the counts are estimated";
    EXPECT_EQ(page.item("materials/file/map_Lab1.bmp#9")->value, "in place, ±0.08 px");
    EXPECT_EQ(page.item("materials/file/SE01.TIF#10")->value, "the maps lie over it");
    page.results.materials.facts[8].channel.alignment->trust = Trust::refused;
    page.results.materials.facts[8].channel.alignment->reason = "nothing in common was found";
    page.frames(2);
    EXPECT_EQ(page.item("materials/file/map_Lab1.bmp#9")->value, "place not found: nothing in common was found");
    EXPECT_NE(page.item("status/state")->label.find("nothing in common was found"), std::string::npos);
}

TEST(MaterialsPage, AMapIsShownOnThePictureByAClick) {
    FakePage page({1440, 900, 1});
    page.add_materials_session();
    page.frames(3);
    ASSERT_TRUE(page.click("materials/file/map_AlK.bmp#4"));
    EXPECT_EQ(page.view.materials.show, app::MaterialsShow::element);
    EXPECT_EQ(page.view.materials.element, 3);
    ASSERT_TRUE(page.click("materials/file/map_AlK.bmp#4"));
    EXPECT_EQ(page.view.materials.show, app::MaterialsShow::tinted);
    ASSERT_TRUE(page.click("materials/file/SE01.TIF#10"));
    EXPECT_EQ(page.view.materials.show, app::MaterialsShow::electron);
    ASSERT_TRUE(page.click("canvas/show/materials"));
    EXPECT_EQ(page.view.materials.show, app::MaterialsShow::materials);
}

TEST(MaterialsPage, WhatAFileIsCanBeChanged) {
    FakePage page({1440, 900, 1});
    page.add_materials_session();
    page.frames(3);
    ASSERT_TRUE(page.click("materials/file/map_AlK.bmp#4/what"));
    ASSERT_TRUE(page.click("materials/file/map_AlK.bmp#4/off"));
    Value const* role = own_map_value(page, "map_AlK.bmp", "role");
    ASSERT_TRUE(role);
    EXPECT_EQ(std::get<std::int64_t>(*role), 4) << "the step's choice \"off\"";
    ASSERT_TRUE(page.click("materials/file/map_AlK.bmp#4/what"));
    ASSERT_TRUE(page.click("materials/file/map_AlK.bmp#4/auto"));
    EXPECT_FALSE(own_map_value(page, "map_AlK.bmp", "role"));
    ASSERT_TRUE(page.click("materials/file/map_AlK.bmp#4/what"));
    ASSERT_TRUE(page.click("materials/file/map_AlK.bmp#4/points"));
    EXPECT_TRUE(page.view.points.placing);
    page.frames(2);
    EXPECT_TRUE(page.item("points/words"));
}

TEST(MaterialsPage, ThePointerTellsMaterialCertaintyAndCounts) {
    FakePage page({1440, 900, 1});
    page.add_materials_session();
    page.frames(3);
    ImVec2 const at = middle(page, "canvas/picture");
    page.move_to(at.x, at.y);
    page.frames(3);
    ASSERT_TRUE(page.item("canvas/readout"));
    std::string const words = page.item("canvas/readout")->label;
    int const hovered = page.view.materials.hovered;
    ASSERT_GE(hovered, 0);
    EXPECT_TRUE(words.starts_with(page.results.materials.found->list[static_cast<std::size_t>(hovered)].name)) << words;
    EXPECT_NE(words.find("90 % certain"), std::string::npos) << words;
    EXPECT_GE(page.view.materials.hovered_pixel, 0);
    page.press(true);
    page.frame();
    page.press(false);
    page.frames(2);
    EXPECT_EQ(page.view.materials.material, hovered) << "a click selects it";
    page.move_to(5, 300);
    page.frames(3);
    EXPECT_EQ(page.view.materials.hovered, -1);
    EXPECT_EQ(page.view.materials.hovered_pixel, -1);
}

TEST(MaterialsPage, ADragPaintsDiscsAlongItsWay) {
    FakePage page({1440, 900, 1});
    page.add_materials_session();
    page.view.materials.material = 2;
    page.frames(3);
    ASSERT_TRUE(page.click("canvas/brush"));
    EXPECT_TRUE(page.view.materials.brushing);
    page.all.clear();
    app::ViewState const before = page.view;
    ImVec2 const at = middle(page, "canvas/picture");
    page.drag(at, {at.x + 90, at.y});
    std::vector<app::PaintMaterial> const strokes = all_of<app::PaintMaterial>(page.all);
    ASSERT_GE(strokes.size(), 2u);
    double x = -1;
    for (app::PaintMaterial const& stroke : strokes) {
        EXPECT_EQ(stroke.material, 2);
        EXPECT_EQ(stroke.gesture, strokes.front().gesture) << "one entry of the history";
        for (BrushDisc const& disc : stroke.discs) {
            EXPECT_GT(disc.x, x);
            if (x >= 0) EXPECT_LE(disc.x - x, disc.radius_px) << "without gaps";
            EXPECT_EQ(disc.radius_px, page.view.materials.brush_radius);
            x = disc.x;
        }
    }
    // The picture's centre lies at this pixel of the maps.
    EXPECT_NEAR(strokes.front().discs.front().x, 0.3457 * 355.5 + 4.4, 1);
    EXPECT_NEAR(strokes.front().discs.front().y, 0.4 * 241.5 + 3.1, 1);
    EXPECT_EQ(page.view.centre_x, before.centre_x) << "the picture stays";
    ASSERT_TRUE(page.click("canvas/brush/larger"));
    EXPECT_GT(page.view.materials.brush_radius, before.materials.brush_radius);
    page.key(ImGuiKey_Escape);
    EXPECT_FALSE(page.view.materials.brushing);
}

TEST(MaterialsPage, ADragMarksPixelsForThePlots) {
    FakePage page({1440, 900, 1});
    page.add_materials_session();
    page.frames(3);
    ASSERT_TRUE(page.click("canvas/mark"));
    app::Item const picture = *page.item("canvas/picture");
    ImVec2 const at = middle(page, "canvas/picture");
    page.drag({at.x - 60, at.y - 40}, {at.x + 60, at.y + 40});
    ASSERT_TRUE(page.view.materials.area);
    auto const& set = *page.view.materials.area;
    double const marked = static_cast<double>(std::count(set.begin(), set.end(), 1));
    double const scale = picture.width / 712.0;
    EXPECT_NEAR(marked, 120 / scale * 0.3457 * 80 / scale * 0.4, 0.1 * marked) << "the rectangle's pixels";
    page.key(ImGuiKey_Escape);
    EXPECT_FALSE(page.view.materials.area);
}

TEST(MaterialsPage, KeysChangeTheView) {
    FakePage page({1440, 900, 1});
    page.add_materials_session();
    page.frames(3);
    page.key(ImGuiKey_M);
    EXPECT_EQ(page.view.materials.show, app::MaterialsShow::materials);
    page.key(ImGuiKey_E);
    page.key(ImGuiKey_E);
    EXPECT_EQ(page.view.materials.show, app::MaterialsShow::element);
    EXPECT_EQ(page.view.materials.element, 1);
    page.key(ImGuiKey_Y);
    EXPECT_EQ(page.view.materials.show, app::MaterialsShow::certainty);
    page.key(ImGuiKey_Y);
    EXPECT_EQ(page.view.materials.show, app::MaterialsShow::tinted);
    page.key(ImGuiKey_B);
    EXPECT_EQ(page.view.compare, app::Compare::recorded);
    page.key(ImGuiKey_W);
    EXPECT_TRUE(page.view.materials.brushing);
}
