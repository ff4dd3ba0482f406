#include "ui/view_map.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace mg;
using namespace mg::ui;

namespace {
Box const k_area{216, 44, 900, 800};
Size const k_size{712, 560};
} // namespace

TEST(ViewMap, FitShowsTheWholePictureInTheMiddle) {
    app::ViewState view;
    for (Size size : {Size{712, 560}, Size{8192, 6000}, Size{3, 2000}, Size{1, 1}}) {
        Box box = view_map(k_area, size, view, 1).box(size);
        EXPECT_GE(box.x, k_area.x);
        EXPECT_GE(box.y, k_area.y);
        EXPECT_LE(box.right(), k_area.right());
        EXPECT_LE(box.bottom(), k_area.bottom());
        EXPECT_NEAR(box.middle_x(), k_area.middle_x(), 1);
        EXPECT_NEAR(box.middle_y(), k_area.middle_y(), 1);
    }
}

TEST(ViewMap, ZoomKeepsThePointUnderThePointer) {
    for (float ratio : {1.0f, 1.5f, 2.0f}) {
        app::ViewState view;
        ImVec2 pointer{520, 300};
        ViewMap before = view_map(k_area, k_size, view, ratio);
        double x = before.image_x(pointer.x), y = before.image_y(pointer.y);
        for (double zoom : {2.0, 7.0, 1.0}) {
            view = zoomed(view, k_area, k_size, ratio, zoom, pointer);
            ViewMap after = view_map(k_area, k_size, view, ratio);
            EXPECT_NEAR(after.scale, zoom / ratio, 1e-9);
            // The picture stands on whole device pixels: up to one of them is lost.
            EXPECT_NEAR(after.image_x(pointer.x), x, 1.1 / zoom);
            EXPECT_NEAR(after.image_y(pointer.y), y, 1.1 / zoom);
        }
    }
}

TEST(ViewMap, PanMovesByTheDragAndNeverLosesThePicture) {
    app::ViewState view = zoomed({}, k_area, k_size, 1, 4, {600, 400});
    ViewMap before = view_map(k_area, k_size, view, 1);
    view = panned(view, k_area, k_size, 1, 37, -12);
    ViewMap after = view_map(k_area, k_size, view, 1);
    EXPECT_NEAR(after.x - before.x, 37, 1);
    EXPECT_NEAR(after.y - before.y, -12, 1);
    view = panned(view, k_area, k_size, 1, 1e6, -1e6);
    Box box = view_map(k_area, k_size, view, 1).box(k_size);
    EXPECT_LE(box.x, k_area.right());
    EXPECT_GE(box.bottom(), k_area.y);
}

TEST(ViewMap, AtWholeMagnificationsPixelsMeetDevicePixels) {
    for (float ratio : {1.0f, 1.25f, 1.5f, 2.0f, 3.0f}) {
        app::ViewState view = zoomed({}, k_area, k_size, ratio, 3, {601, 333});
        ViewMap map = view_map(k_area, k_size, view, ratio);
        EXPECT_NEAR(map.x * ratio, std::round(map.x * ratio), 1e-6);
        EXPECT_NEAR(map.scale * ratio, 3, 1e-9);
    }
}

TEST(ViewMap, ZoomStepsGoUpAndDownThroughTheSameValues) {
    double zoom = 1;
    EXPECT_DOUBLE_EQ(next_zoom(zoom, true), 1.5);
    EXPECT_DOUBLE_EQ(next_zoom(1.17, false), 1);
    for (int i = 0; i < 40; ++i) zoom = next_zoom(zoom, true);
    EXPECT_DOUBLE_EQ(zoom, k_largest_zoom);
    for (int i = 0; i < 40; ++i) zoom = next_zoom(zoom, false);
    EXPECT_DOUBLE_EQ(zoom, k_smallest_zoom);
}

TEST(ViewMap, AnEmptyPictureChangesNothing) {
    app::ViewState view;
    EXPECT_TRUE(zoomed(view, k_area, {}, 1, 4, {0, 0}) == view);
    EXPECT_TRUE(panned(view, k_area, {}, 1, 4, 5) == view);
}
