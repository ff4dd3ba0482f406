#include "ui/view_map.h"

#include <algorithm>
#include <array>

namespace mg::ui {
namespace {

double clamped_zoom(double zoom) {
    return std::clamp(zoom, k_smallest_zoom, k_largest_zoom);
}

} // namespace

double fit_zoom(Box area, Size image, float ratio) {
    if (image.empty()) return 1;
    double margin = std::min(36.0, 0.05 * std::min(area.width, area.height));
    double across = (area.width - 2 * margin) * ratio / image.width;
    double down = (area.height - 2 * margin) * ratio / image.height;
    return clamped_zoom(std::max(std::min({across, down, 8.0}), 1e-6));
}

ViewMap view_map(Box area, Size image, app::ViewState const& view, float ratio) {
    double zoom = view.fit ? fit_zoom(area, image, ratio) : clamped_zoom(view.zoom);
    double cx = view.fit ? 0.5 : view.centre_x, cy = view.fit ? 0.5 : view.centre_y;
    ViewMap map;
    map.scale = zoom / ratio;
    auto snapped = [&](double css) { return std::round(css * ratio) / ratio; };
    map.x = snapped(area.x + area.width / 2.0 - cx * image.width * map.scale);
    map.y = snapped(area.y + area.height / 2.0 - cy * image.height * map.scale);
    return map;
}

app::ViewState zoomed(app::ViewState view, Box area, Size image, float ratio, double zoom, ImVec2 anchor) {
    if (image.empty()) return view;
    ViewMap map = view_map(area, image, view, ratio);
    double px = map.image_x(anchor.x), py = map.image_y(anchor.y);
    view.fit = false;
    view.zoom = clamped_zoom(zoom);
    double scale = view.zoom / ratio;
    view.centre_x = (px + (area.x + area.width / 2.0 - anchor.x) / scale) / image.width;
    view.centre_y = (py + (area.y + area.height / 2.0 - anchor.y) / scale) / image.height;
    return panned(view, area, image, ratio, 0, 0);
}

app::ViewState panned(app::ViewState view, Box area, Size image, float ratio, double dx, double dy) {
    if (image.empty()) return view;
    ViewMap map = view_map(area, image, view, ratio);
    view.zoom = map.scale * ratio;
    double cx = (view.fit ? 0.5 : view.centre_x) - dx / (map.scale * image.width);
    double cy = (view.fit ? 0.5 : view.centre_y) - dy / (map.scale * image.height);
    view.fit = false;
    // Part of the picture always stays in sight.
    view.centre_x = std::clamp(cx, 0.0, 1.0);
    view.centre_y = std::clamp(cy, 0.0, 1.0);
    return view;
}

double next_zoom(double zoom, bool in) {
    constexpr std::array<double, 22> steps{1 / 64.0, 1 / 32.0, 1 / 16.0, 1 / 8.0, 1 / 6.0, 1 / 4.0, 1 / 3.0, 1 / 2.0,
                                           2 / 3.0,  1,        1.5,      2,       3,       4,       6,       8,
                                           12,       16,       24,       32,      64,      128};
    if (in) {
        for (double step : steps)
            if (step > zoom * 1.001) return step;
        return steps.back();
    }
    for (auto step = steps.rbegin(); step != steps.rend(); ++step)
        if (*step < zoom * 0.999) return *step;
    return steps.front();
}

} // namespace mg::ui
