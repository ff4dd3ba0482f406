#pragma once
// Where the picture stands on the screen: fit, zoom about a point, pan. Pure.
#include "app/view_state.h"
#include "image/image.h"
#include "ui/frame.h"

namespace mg::ui {

/// Screen = origin + scale * image, in CSS px; image pixel i covers i .. i+1.
struct ViewMap {
    double scale = 1, x = 0, y = 0;

    Box box(Size image) const {
        return {static_cast<float>(x), static_cast<float>(y), static_cast<float>(scale * image.width),
                static_cast<float>(scale * image.height)};
    }
    double image_x(double screen_x) const { return (screen_x - x) / scale; }
    double image_y(double screen_y) const { return (screen_y - y) / scale; }
};

/// `ratio`: device px per CSS px. At whole magnifications pixels meet device pixels.
ViewMap view_map(Box area, Size image, app::ViewState const& view, float ratio);
/// Device px per image px that shows all of it inside `area` less its margin.
double fit_zoom(Box area, Size image, float ratio);

/// The view after zooming to `zoom` with the image point under `anchor` staying where it is.
app::ViewState zoomed(app::ViewState view, Box area, Size image, float ratio, double zoom, ImVec2 anchor);
/// The view after moving the picture by (dx, dy) CSS px.
app::ViewState panned(app::ViewState view, Box area, Size image, float ratio, double dx, double dy);
/// The next of ..., 1/2, 1, 2, 3, 4, 6, 8, ... in that direction.
double next_zoom(double zoom, bool in);

inline constexpr double k_smallest_zoom = 1.0 / 64, k_largest_zoom = 128;

} // namespace mg::ui
