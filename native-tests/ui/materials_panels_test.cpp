// The right-hand side of Materials with made-up maps: what is drawn, and what the user's hands bring about.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "imgui.h"
#include "page/fake_page.h"
#include "panels/keys.h"
#include "ui/tidy.h"

using namespace mg;
using namespace mg::test;

namespace {

/// A drag over some places, each given as fractions of the item from its upper left.
void drag(FakePage& page, std::string_view id, std::vector<ImVec2> const& places) {
    app::Item const item = *page.item(id);
    auto const go = [&](ImVec2 p) {
        page.move_to(item.x + item.width * p.x, item.y + item.height * p.y);
        page.frames(2);
    };
    go(places.front());
    page.press(true);
    page.frames(2);
    for (ImVec2 p : places) go(p);
    page.press(false);
    page.frames(3);
}

void click_at(FakePage& page, app::Item const& item, ImVec2 p) {
    page.move_to(item.x + item.width * p.x, item.y + item.height * p.y);
    page.frames(2);
    page.press(true);
    page.frame();
    page.press(false);
    page.frames(2);
}

std::size_t pixels_in(app::PixelSet const& set) {
    return set ? set->size() - static_cast<std::size_t>(std::count(set->begin(), set->end(), 0)) : 0;
}

/// Share of the gated pixels that are of this material.
double purity(FakePage const& page, std::uint8_t material) {
    app::PixelSet const& set = page.view.materials.gated;
    std::uint8_t const* labels = page.results.materials.found->labels->data();
    std::size_t in = 0;
    for (std::size_t i = 0; set && i < set->size(); ++i) in += (*set)[i] && labels[i] == material;
    return pixels_in(set) > 0 ? static_cast<double>(in) / static_cast<double>(pixels_in(set)) : 0;
}

/// The page as tall as its right panel needs, so that all of it is in sight.
constexpr Screen k_tall{1440, 2400, 1};

} // namespace

TEST(MaterialsPanels, AreTidyInEveryStateAndSize) {
    struct Case {
        Screen screen;
        float scale;
    };
    for (Case each : {Case{{1440, 900, 1}, 1}, Case{{1024, 640, 1}, 1}, Case{{1024, 640, 1}, 2},
                      Case{{1280, 720, 2}, 0.8f}, Case{{1440, 2400, 1}, 1.5f}}) {
        std::string const size = std::to_string(each.screen.width) + " at " + std::to_string(each.scale) + " ";
        FakePage page(each.screen, app::Theme::dark, each.scale);
        page.view.workspace = app::Workspace::materials;
        page.frames(3);
        expect_tidy(page, each.screen, size + "empty");
        page.add_materials_session();
        page.frames(3);
        expect_tidy(page, each.screen, size + "found");
        page.view.materials.plot = app::MaterialsPlot::ternary;
        page.view.materials.material = 3;
        page.frames(3);
        expect_tidy(page, each.screen, size + "triangle");
        for (StepUse const& use : page.document.materials.steps) {
            page.view.unfolded.push_back(std::string(use.step->id));
            page.view.advanced.push_back(std::string(use.step->id));
        }
        page.frames(3);
        expect_tidy(page, each.screen, size + "everything unfolded");
        page.results.materials.found.reset();
        page.results.materials.busy = "Finding materials…";
        page.frames(3);
        expect_tidy(page, each.screen, size + "busy");
    }
}

TEST(MaterialsPanels, ARowSaysShareAndComposition) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.frames(3);
    app::Item const* row = page.item("materials/row/4");
    ASSERT_TRUE(row);
    EXPECT_EQ(row->label, "Contact, top");
    EXPECT_NE(row->value.find("NiK 2.11 ± 1.5"), std::string::npos) << row->value;
    EXPECT_NE(row->value.find("% of the area"), std::string::npos);
    EXPECT_EQ(page.item("materials/element/3")->label, "AlK");
    EXPECT_NE(page.item("materials/flagged")->label.find("mixed"), std::string::npos);
    EXPECT_NE(page.item("materials/row/4/colour")->value.find("picked by you"), std::string::npos);
}

TEST(MaterialsPanels, ThePointerOnARowLightsTheMaterialUp) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.frames(3);
    auto const dark = page.results.materials.plot->picture;
    app::Item const row = *page.item("materials/row/2");
    page.move_to(row.x + 90, row.y + row.height / 2);
    page.frames(3);
    EXPECT_EQ(page.view.materials.hovered, 2);
    EXPECT_NE(page.results.materials.plot->picture, dark);
    page.move_to(row.x + 90, 2300);
    page.frames(3);
    EXPECT_EQ(page.view.materials.hovered, -1);
    ASSERT_TRUE(page.click("materials/row/2"));
    EXPECT_EQ(page.view.materials.material, 2);
    page.frames(40); // slower than a double click, which would rename it
    ASSERT_TRUE(page.click("materials/row/2"));
    EXPECT_EQ(page.view.materials.material, -1);
}

TEST(MaterialsPanels, ADoubleClickOnTheNameRenames) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.frames(3);
    app::Item const row = *page.item("materials/row/1");
    page.move_to(row.x + 40, row.y + 14);
    page.frames(2);
    for (int i = 0; i < 2; ++i) {
        page.press(true);
        page.frame();
        page.press(false);
        page.frame();
    }
    page.frames(3);
    ASSERT_TRUE(page.item("materials/row/1/name"));
    page.key(ImGuiKey_A, false, true);
    page.type("Nitride");
    EXPECT_FALSE(last<app::NameMaterial>(page.all)) << "not with every letter";
    page.key(ImGuiKey_Enter);
    auto const* named = last<app::NameMaterial>(page.all);
    ASSERT_TRUE(named);
    EXPECT_EQ(named->material, 1);
    EXPECT_EQ(named->name, "Nitride");
    EXPECT_FALSE(page.item("materials/row/1/name"));
}

TEST(MaterialsPanels, EscapeKeepsTheName) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.frames(3);
    ASSERT_TRUE(page.click("materials/row/1"));
    ASSERT_TRUE(page.click("materials/row/1/more"));
    ASSERT_TRUE(page.click("materials/row/1/rename"));
    page.frames(3);
    ASSERT_TRUE(page.item("materials/row/1/name"));
    page.type("X");
    page.key(ImGuiKey_Escape);
    EXPECT_FALSE(last<app::NameMaterial>(page.all));
    EXPECT_FALSE(page.item("materials/row/1/name"));
}

TEST(MaterialsPanels, LocksMergesSplitsAndForgets) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.frames(3);
    ASSERT_TRUE(page.click("materials/row/0/lock")) << "a lock that is on is always there";
    EXPECT_FALSE(last<app::LockMaterial>(page.all)->locked);
    ASSERT_TRUE(page.click("materials/row/3"));
    ASSERT_TRUE(page.click("materials/row/3/lock"));
    EXPECT_EQ(last<app::LockMaterial>(page.all)->material, 3);
    EXPECT_TRUE(last<app::LockMaterial>(page.all)->locked);
    auto const choose = [&](char const* what) {
        return page.click("materials/row/3/more") && page.click(std::string("materials/row/3/") + what);
    };
    ASSERT_TRUE(choose("split"));
    EXPECT_EQ(last<app::SplitMaterial>(page.all)->parts, 2);
    ASSERT_TRUE(choose("forget"));
    EXPECT_EQ(last<app::ForgetMaterial>(page.all)->material, 3);
    ASSERT_TRUE(choose("paint"));
    EXPECT_TRUE(page.view.materials.brushing);
    EXPECT_EQ(page.view.materials.material, 3);
    ASSERT_TRUE(choose("merge"));
    ASSERT_TRUE(page.click("materials/row/3/merge/1"));
    ASSERT_TRUE(last<app::MergeMaterials>(page.all));
    EXPECT_EQ(last<app::MergeMaterials>(page.all)->materials, (std::vector<int>{3, 1}));
}

TEST(MaterialsPanels, AColourIsPickedAndGivenBack) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.frames(3);
    ASSERT_TRUE(page.click("materials/row/1/colour"));
    ASSERT_TRUE(page.click("materials/row/1/colour/hue"));
    auto const* picked = last<app::ColourMaterial>(page.all);
    ASSERT_TRUE(picked && picked->colour);
    EXPECT_EQ(picked->material, 1);
    EXPECT_FALSE(picked->gesture.empty());
    ASSERT_TRUE(page.click("materials/row/1/colour/palette"));
    EXPECT_FALSE(last<app::ColourMaterial>(page.all)->colour);
}

TEST(MaterialsPanels, TheNumberIsSetByStepperCurveAndChip) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.frames(3);
    EXPECT_EQ(page.item("materials/number")->value, "5");
    EXPECT_EQ(page.item("materials/number/proposed")->value, "on");
    ASSERT_TRUE(page.click("materials/number/more"));
    EXPECT_EQ(last<app::SetMaterialCount>(page.all)->count, 6);
    ASSERT_TRUE(page.click("materials/number/less"));
    EXPECT_EQ(last<app::SetMaterialCount>(page.all)->count, 4);
    // Of twelve points the last stands at the right end.
    app::Item const curve = *page.item("materials/curve");
    click_at(page, curve, {0.95f, 0.5f});
    EXPECT_EQ(last<app::SetMaterialCount>(page.all)->count, 12);
}

TEST(MaterialsPanels, ARectangleInTheScatterPlotGatesPixels) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.view.materials.axes = {7, 3}; // Ga to the right, Al upwards
    page.frames(3);
    drag(page, "plots/plot", {{0.5f, 0.86f}, {0.99f, 0.99f}});
    ASSERT_EQ(page.view.materials.gate.size(), 8u);
    EXPECT_NEAR(page.view.materials.gate[0], 0.5, 0.01);
    EXPECT_NEAR(page.view.materials.gate[1], 0.01, 0.01);
    ASSERT_TRUE(page.view.materials.gated);
    EXPECT_GT(purity(page, 1), 0.8) << "much Ga and little Al: Ga N";
    EXPECT_NE(page.item("plots/words")->label.find("% of the pixels"), std::string::npos);
    ASSERT_TRUE(page.click("plots/add"));
    ASSERT_TRUE(last<app::AddMaterial>(page.all));
    EXPECT_EQ(last<app::AddMaterial>(page.all)->pixels, page.view.materials.gated);
    ASSERT_TRUE(page.click("plots/clear"));
    EXPECT_TRUE(page.view.materials.gate.empty());
    EXPECT_FALSE(page.view.materials.gated);
}

TEST(MaterialsPanels, ALassoEnclosesPixels) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.view.materials.axes = {7, 3};
    page.frames(3);
    ASSERT_TRUE(page.click("plots/tool=lasso"));
    EXPECT_EQ(page.view.materials.tool, app::GateTool::lasso);
    // Around the upper left: much Al, no Ga.
    drag(page, "plots/plot",
         {{0.01f, 0.5f}, {0.01f, 0.02f}, {0.2f, 0.02f}, {0.25f, 0.3f}, {0.2f, 0.5f}, {0.05f, 0.52f}});
    EXPECT_GE(page.view.materials.gate.size(), 8u);
    EXPECT_FALSE(page.view.materials.gate_open);
    EXPECT_GT(pixels_in(page.view.materials.gated), 1000u);
    EXPECT_GT(purity(page, 0), 0.95) << "Sapphire";
}

TEST(MaterialsPanels, APolygonIsClickedCornerByCorner) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.view.materials.axes = {7, 3};
    page.frames(3);
    ASSERT_TRUE(page.click("plots/tool=polygon"));
    app::Item const plot = *page.item("plots/plot");
    for (ImVec2 p : {ImVec2{0.02f, 0.05f}, ImVec2{0.3f, 0.05f}, ImVec2{0.3f, 0.5f}, ImVec2{0.02f, 0.5f}}) {
        click_at(page, plot, p);
        EXPECT_TRUE(page.view.materials.gate_open);
        EXPECT_FALSE(page.view.materials.gated);
        page.frames(40); // slower than a double click
    }
    EXPECT_EQ(page.view.materials.gate.size(), 8u);
    click_at(page, plot, {0.02f, 0.05f}); // the first corner closes it
    EXPECT_FALSE(page.view.materials.gate_open);
    EXPECT_EQ(page.view.materials.gate.size(), 8u);
    EXPECT_GT(purity(page, 0), 0.95);
    page.frames(40);
    click_at(page, plot, {0.9f, 0.05f}); // beside it
    EXPECT_TRUE(page.view.materials.gate.empty());
    EXPECT_FALSE(page.view.materials.gated);
}

TEST(MaterialsPanels, ADoubleClickClosesAPolygon) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.view.materials.tool = app::GateTool::polygon;
    page.frames(3);
    app::Item const plot = *page.item("plots/plot");
    for (ImVec2 p : {ImVec2{0.1f, 0.1f}, ImVec2{0.5f, 0.1f}, ImVec2{0.5f, 0.5f}}) {
        click_at(page, plot, p);
        page.frames(40);
    }
    page.move_to(plot.x + plot.width * 0.1f, plot.y + plot.height * 0.5f);
    page.frames(2);
    for (int i = 0; i < 2; ++i) {
        page.press(true);
        page.frame();
        page.press(false);
        page.frame();
    }
    page.frames(2);
    EXPECT_FALSE(page.view.materials.gate_open);
    EXPECT_EQ(page.view.materials.gate.size(), 8u);
    EXPECT_TRUE(page.view.materials.gated);
}

TEST(MaterialsPanels, ATriangleShowsThreeElementsAndGatesToo) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.view.materials.axes = {3, 7, 5}; // Al at the left, Ga at the right, Ni at the top
    page.frames(3);
    ASSERT_TRUE(page.click("plots/kind=Three"));
    EXPECT_EQ(page.results.materials.plot->axes, (std::vector<int>{3, 7, 5}));
    EXPECT_EQ(page.item("plots/corner/top")->value, "NiK");
    drag(page, "plots/plot", {{0.35f, 0.45f}, {0.65f, 0.02f}});
    EXPECT_GT(pixels_in(page.view.materials.gated), 1000u);
    EXPECT_GT(purity(page, 4), 0.95) << "the contacts hold the nickel";
    // Another element at the top: the one that stood there goes where the other came from.
    ASSERT_TRUE(page.click("plots/corner/top"));
    ASSERT_TRUE(page.click("plots/corner/top=3"));
    EXPECT_EQ(page.view.materials.axes, (std::vector<int>{5, 7, 3}));
    EXPECT_TRUE(page.view.materials.gate.empty());
    EXPECT_TRUE(page.view.materials.gated) << "what it has chosen stays";
}

TEST(MaterialsPanels, AnAxisIsChosenByItsName) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.view.materials.axes = {7, 3};
    page.frames(3);
    ASSERT_TRUE(page.click("plots/axis/up"));
    ASSERT_TRUE(page.click("plots/axis/up=4"));
    EXPECT_EQ(page.view.materials.axes, (std::vector<int>{7, 4}));
    EXPECT_EQ(page.item("plots/axis/up")->value, "SiK");
    EXPECT_EQ(page.item("plots/axis/across")->value, "GaK");
}

TEST(MaterialsPanels, ThePlotTellsWhichMaterialIsUnderThePointer) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.view.materials.axes = {7, 3};
    page.frames(3);
    app::Item const plot = *page.item("plots/plot");
    page.move_to(plot.x + plot.width * 0.04f, plot.y + plot.height * 0.35f);
    page.frames(3);
    EXPECT_EQ(page.view.materials.hovered, 0);
    click_at(page, plot, {0.04f, 0.35f});
    EXPECT_EQ(page.view.materials.material, 0);
    page.move_to(plot.x + plot.width * 0.95f, plot.y + plot.height * 0.05f);
    page.frames(3);
    EXPECT_EQ(page.view.materials.hovered, -1);
}

TEST(MaterialsPanels, TheKeyboardMovesAGate) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.frames(3);
    for (int region = 0; region < app::k_regions && !page.item("plots/plot")->focused; ++region) {
        page.key(ImGuiKey_F6);
        for (int i = 0; i < 90 && !page.item("plots/plot")->focused; ++i) page.key(ImGuiKey_Tab);
    }
    ASSERT_TRUE(page.item("plots/plot")->focused);
    page.key(ImGuiKey_RightArrow);
    ASSERT_EQ(page.view.materials.gate.size(), 8u);
    double const left = page.view.materials.gate[0];
    page.key(ImGuiKey_RightArrow);
    EXPECT_NEAR(page.view.materials.gate[0], left + 0.02, 1e-9);
    double const width = page.view.materials.gate[2] - page.view.materials.gate[0];
    page.key(ImGuiKey_RightArrow, true);
    EXPECT_NEAR(page.view.materials.gate[2] - page.view.materials.gate[0], width + 0.04, 1e-9);
    EXPECT_TRUE(page.view.materials.gated);
    page.key(ImGuiKey_Delete);
    EXPECT_TRUE(page.view.materials.gate.empty());
}

TEST(MaterialsPanels, EveryControlIsReachedByKeyboard) {
    FakePage page(k_tall);
    page.add_materials_session();
    page.view.materials.material = 2;
    page.frames(3);
    app::Item const* list = page.item("materials/row/0");
    ASSERT_TRUE(list);
    float const right = list->x;
    std::set<std::string> wanted, reached;
    for (app::Item const& item : page.items.items())
        if (is_control(item) && item.enabled && item.x >= right && item.y > 50 && item.y + item.height < 2370)
            wanted.insert(item.id);
    EXPECT_GT(wanted.size(), 25u);
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
        bool const segmented = item && item->kind == "choice" && !reached.count(id);
        EXPECT_TRUE(reached.count(id) || segmented) << id;
    }
}
