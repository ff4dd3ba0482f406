// Where the pixels of element maps lie in a plot, what a gate holds, and how the density is painted.
#include "app/material_plots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace mg;
using namespace mg::app;

namespace {

/// Two materials side by side, of three elements each of which is the same in all their pixels: the left half holds 8,
/// 2 and 0 counts, the right one 1, 2 and 7.
Materials halves(Size size = {40, 20}) {
    Materials materials;
    materials.size = size;
    double const counts[2][3] = {{8, 2, 0}, {1, 2, 7}};
    auto labels = Image<std::uint8_t>::create(size).value();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) labels.view().at(x, y) = x < size.width / 2 ? 0 : 1;
    for (std::size_t e = 0; e < 3; ++e) {
        Plane plane = Plane::create(size).value();
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x)
                plane.view().at(x, y) = static_cast<float>(counts[labels.view().at(x, y)][e]);
        materials.counts.push_back(std::make_shared<Plane const>(std::move(plane)));
        materials.elements.push_back({.label = e == 0 ? "AlK" : e == 1 ? "OK" : "GaK", .symbol = "", .file_name = ""});
    }
    materials.labels = std::make_shared<Image<std::uint8_t> const>(std::move(labels));
    for (std::size_t m = 0; m < 2; ++m) {
        Material material;
        material.name = m == 0 ? "left" : "right";
        material.colour = m == 0 ? Rgb{1, 0, 0} : Rgb{0, 0, 1};
        material.share = 0.5;
        material.mean.assign(counts[m], counts[m] + 3);
        materials.list.push_back(std::move(material));
    }
    return materials;
}

MaterialsResult result_of(Materials materials) {
    MaterialsResult result;
    result.found = std::make_shared<Materials const>(std::move(materials));
    result.found_serial = 1;
    return result;
}

struct Rgb8 {
    int r, g, b;
};
Rgb8 colour_at(Picture const& picture, double x, double y, double top) {
    int const px = std::min(picture.size.width - 1, static_cast<int>(x * picture.size.width)),
              py = std::clamp(static_cast<int>((1 - y / top) * picture.size.height), 0, picture.size.height - 1);
    std::uint8_t const* p = picture.pixels.data() + static_cast<std::size_t>(py * picture.size.width + px) * 4;
    return {p[0], p[1], p[2]};
}

std::size_t count(PixelSet const& set) {
    return static_cast<std::size_t>(std::count(set->begin(), set->end(), 1));
}

} // namespace

TEST(MaterialPlots, TheElementsThatDifferMostComeFirst) {
    // Square roots: Al 2.83 and 1, O the same in both, Ga 0 and 2.65.
    EXPECT_EQ(telling_elements(halves(), 1), (std::vector<int>{2}));
    std::vector<int> const all = telling_elements(halves(), 9);
    EXPECT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0], 2);
}

TEST(MaterialPlots, AnElementThatSaysTheSameAsAnotherComesLast) {
    // The second element copies the first; the third tells two other materials apart, though by less.
    Materials materials;
    materials.elements.resize(3);
    double const mean[3][3] = {{9, 8, 1}, {1, 1, 1}, {1, 1, 4}};
    for (auto const& each : mean) {
        Material material;
        material.share = 1 / 3.0;
        material.mean.assign(each, each + 3);
        materials.list.push_back(material);
    }
    EXPECT_EQ(telling_elements(materials, 2), (std::vector<int>{0, 2}));
}

TEST(MaterialPlots, ChosenAxesAreFilledUp) {
    Materials const materials = halves();
    MaterialsView view;
    EXPECT_EQ(plot_axes(materials, view).size(), 2u);
    view.axes = {1};
    EXPECT_EQ(plot_axes(materials, view), (std::vector<int>{1, 2}));
    view.plot = MaterialsPlot::ternary;
    view.axes = {1, 1, 77, -3};
    EXPECT_EQ(plot_axes(materials, view), (std::vector<int>{1, 2, 0}));
    Materials one = halves();
    one.elements.resize(1);
    one.counts.resize(1);
    EXPECT_TRUE(plot_axes(one, view).empty());
}

TEST(MaterialPlots, AveragingKeepsTheSumOfCountsAndIsBinomial) {
    Plane plane = Plane::filled({21, 21}, 0.0f).value();
    plane.view().at(10, 10) = 64 * 64;
    std::vector<float> const averaged = averaged_counts(plane);
    auto const at = [&](int x, int y) { return averaged[static_cast<std::size_t>(y * 21 + x)]; };
    EXPECT_FLOAT_EQ(at(10, 10), 20 * 20);
    EXPECT_FLOAT_EQ(at(11, 10), 15 * 20);
    EXPECT_FLOAT_EQ(at(13, 7), 1);
    EXPECT_FLOAT_EQ(at(14, 10), 0);
    double sum = 0;
    for (float value : averaged) sum += static_cast<double>(value);
    EXPECT_NEAR(sum, 64 * 64, 1e-3);
}

TEST(MaterialPlots, AScatterPlotPutsCountsOnItsAxes) {
    MaterialsResult result = result_of(halves());
    MaterialsView view;
    view.axes = {0, 2};
    MaterialPlots plots;
    plots.update(result, view, Theme::dark);
    ASSERT_TRUE(result.plot);
    MaterialPlot const& plot = *result.plot;
    EXPECT_EQ(plot.axes, (std::vector<int>{0, 2}));
    EXPECT_NEAR(plot.largest[0], 8 * 1.06, 1e-5);
    EXPECT_NEAR(plot.largest[1], 7 * 1.06, 1e-5);
    // A pixel far from the border between the halves.
    EXPECT_NEAR(static_cast<double>(plot.x[5 * 40 + 2]), 8 / plot.largest[0], 1e-5);
    EXPECT_NEAR(static_cast<double>(plot.y[5 * 40 + 2]), 0, 1e-5);
    EXPECT_NEAR(static_cast<double>(plot.x[5 * 40 + 37]), 1 / plot.largest[0], 1e-5);
    EXPECT_NEAR(static_cast<double>(plot.y[5 * 40 + 37]), 7 / plot.largest[1], 1e-5);
}

TEST(MaterialPlots, ATrianglePutsSharesBetweenItsCorners) {
    MaterialsResult result = result_of(halves());
    MaterialsView view;
    view.plot = MaterialsPlot::ternary;
    view.axes = {0, 1, 2};
    MaterialPlots plots;
    plots.update(result, view, Theme::dark);
    ASSERT_TRUE(result.plot);
    MaterialPlot const& plot = *result.plot;
    Point const left = ternary_point({0.8, 0.2, 0}), right = ternary_point({0.1, 0.2, 0.7});
    EXPECT_NEAR(static_cast<double>(plot.x[5 * 40 + 2]), left.x, 1e-5);
    EXPECT_NEAR(static_cast<double>(plot.y[5 * 40 + 2]), left.y, 1e-5);
    EXPECT_NEAR(static_cast<double>(plot.x[5 * 40 + 37]), right.x, 1e-5);
    EXPECT_NEAR(static_cast<double>(plot.y[5 * 40 + 37]), right.y, 1e-5);
    EXPECT_EQ(plot.left_out, 0);
}

TEST(MaterialPlots, PixelsWithoutCountsHaveNoShares) {
    Materials materials = halves();
    Plane empty = Plane::filled(materials.size, 0.0f).value();
    auto const zero = std::make_shared<Plane const>(std::move(empty));
    materials.counts = {zero, zero, materials.counts[2]}; // the left half holds nothing now
    MaterialsResult result = result_of(std::move(materials));
    MaterialsView view;
    view.plot = MaterialsPlot::ternary;
    MaterialPlots plots;
    plots.update(result, view, Theme::dark);
    ASSERT_TRUE(result.plot);
    EXPECT_LT(result.plot->x[5 * 40 + 2], 0);
    EXPECT_GE(result.plot->x[5 * 40 + 37], 0);
    EXPECT_NEAR(result.plot->left_out, 0.5, 0.06);
    EXPECT_EQ(count(pixels_in(*result.plot, {-9, -9, 9, -9, 9, 9, -9, 9})),
              800 - static_cast<std::size_t>(std::lround(800 * result.plot->left_out)));
}

TEST(MaterialPlots, AGateHoldsThePixelsOfOneMaterial) {
    MaterialsResult result = result_of(halves());
    MaterialsView view;
    view.axes = {0, 2};
    MaterialPlots plots;
    plots.update(result, view, Theme::dark);
    PixelSet const set = pixels_in(*result.plot, {0.7, 0, 1, 0, 1, 0.3, 0.7, 0.3});
    ASSERT_TRUE(set);
    // Border pixels are mixed by the averaging; all others of the left half are in, none of the right half is.
    for (int y = 0; y < 20; ++y) {
        EXPECT_EQ((*set)[static_cast<std::size_t>(y * 40 + 10)], 1);
        EXPECT_EQ((*set)[static_cast<std::size_t>(y * 40 + 30)], 0);
    }
    EXPECT_NEAR(share_of(set), 0.5, 0.08);
    EXPECT_EQ(pixels_in(*result.plot, {0.7, 0, 1, 0}), nullptr);
    EXPECT_EQ(share_of(nullptr), 0);
}

TEST(MaterialPlots, DensityHasTheColourOfItsMaterial) {
    MaterialsResult result = result_of(halves());
    MaterialsView view;
    view.axes = {0, 2};
    MaterialPlots plots;
    plots.update(result, view, Theme::dark);
    Picture const& picture = *result.plot->picture;
    Rgb8 const left = colour_at(picture, 8 / 8.48, 0.001, 1), right = colour_at(picture, 1 / 8.48, 7 / 7.42, 1),
               nothing = colour_at(picture, 0.5, 0.99, 1);
    EXPECT_GT(left.r, 180);
    EXPECT_LT(left.b, 60);
    EXPECT_GT(right.b, 180);
    EXPECT_LT(right.r, 60);
    EXPECT_EQ(nothing.r, 0x0e);
    // Most frequent material per cell, for the pointer.
    auto const cell = [&](double x, double y) {
        MaterialPlot const& p = *result.plot;
        return p
            .dominant[static_cast<std::size_t>(static_cast<int>(y * p.side) * p.side + static_cast<int>(x * p.side))];
    };
    EXPECT_EQ(cell(8 / 8.48, 0), 0);
    EXPECT_EQ(cell(1 / 8.48, 7 / 7.42), 1);
    EXPECT_EQ(cell(0.5, 0.99), k_no_material);
}

TEST(MaterialPlots, WhatIsNotLitIsPale) {
    MaterialsResult result = result_of(halves());
    MaterialsView view;
    view.axes = {0, 2};
    view.material = 1;
    MaterialPlots plots;
    plots.update(result, view, Theme::dark);
    Rgb8 const left = colour_at(*result.plot->picture, 8 / 8.48, 0.001, 1),
               right = colour_at(*result.plot->picture, 1 / 8.48, 7 / 7.42, 1);
    EXPECT_LT(left.r - left.b, 10) << "grey";
    EXPECT_GT(right.b - right.r, 120) << "in its colour";
}

TEST(MaterialPlots, WhatThePointerIsOnGoesBeforeWhatWasChosen) {
    MaterialsView view;
    EXPECT_FALSE(lit_in(view).any());
    view.material = 2;
    EXPECT_EQ(lit_in(view).material, 2);
    view.gated = std::make_shared<std::vector<std::uint8_t> const>(4, 1);
    EXPECT_EQ(lit_in(view).pixels, view.gated);
    view.area = std::make_shared<std::vector<std::uint8_t> const>(4, 0);
    EXPECT_EQ(lit_in(view).pixels, view.area);
    view.hovered = 1;
    EXPECT_EQ(lit_in(view).material, 1);
    view.hovered_pixel = 7; // on the picture, which the pointer crosses on its way
    EXPECT_EQ(lit_in(view).pixels, view.area);
}

TEST(MaterialPlots, NothingIsMadeAgainUntilSomethingChanges) {
    MaterialsResult result = result_of(halves());
    MaterialsView view;
    MaterialPlots plots;
    plots.update(result, view, Theme::dark);
    auto const first = result.plot;
    plots.update(result, view, Theme::dark);
    EXPECT_EQ(result.plot, first);
    view.hovered = 0;
    plots.update(result, view, Theme::dark);
    EXPECT_NE(result.plot->picture->serial, first->picture->serial);
    EXPECT_EQ(result.plot->x, first->x);
    auto const second = result.plot;
    plots.update(result, view, Theme::light);
    EXPECT_NE(result.plot, second);
    view.axes = {1, 0};
    plots.update(result, view, Theme::light);
    EXPECT_EQ(result.plot->axes, view.axes);
    result.found.reset();
    plots.update(result, view, Theme::light);
    EXPECT_EQ(result.plot, nullptr);
}

TEST(MaterialPlots, FlagsAreCountedOnce) {
    Materials materials = halves();
    Mask flags = Mask::filled(materials.size, std::uint8_t{0}).value();
    for (int x = 0; x < 8; ++x) flags.view().at(x, 0) = k_flag_mixed | k_flag_uncertain;
    for (int x = 0; x < 4; ++x) flags.view().at(x, 1) = k_flag_brushed;
    materials.flags = std::make_shared<Mask const>(std::move(flags));
    MaterialsResult result = result_of(std::move(materials));
    MaterialPlots plots;
    plots.update(result, {}, Theme::dark);
    EXPECT_DOUBLE_EQ(result.mixed, 0.01);
    EXPECT_DOUBLE_EQ(result.uncertain, 0.01);
    EXPECT_DOUBLE_EQ(result.painted, 0.005);
}

TEST(MaterialPlots, PlanesThatDoNotFitGiveNoPlot) {
    Materials materials = halves();
    materials.size = {41, 20};
    MaterialsResult result = result_of(std::move(materials));
    MaterialPlots plots;
    plots.update(result, {}, Theme::dark);
    EXPECT_EQ(result.plot, nullptr);
    Materials missing = halves();
    missing.counts[1] = nullptr;
    result = result_of(std::move(missing));
    plots.update(result, {}, Theme::dark);
    EXPECT_EQ(result.plot, nullptr);
}
