// Shapes by exact coverage for rectangles, and by distance to the edges for slanted lines. No gamma.
#include "draw/canvas.h"

#include <algorithm>
#include <cmath>

namespace mg {
namespace {

/// First and one-past-last pixel of a span, within 0..n.
struct Pixels {
    int first, end;
};
Pixels pixels(double from, double to, int n) {
    return {static_cast<int>(std::floor(std::clamp(from, 0.0, static_cast<double>(n)))),
            static_cast<int>(std::ceil(std::clamp(to, 0.0, static_cast<double>(n))))};
}

/// Share of the pixel [i, i + 1] that lies within [from, to].
double share(int i, double from, double to) {
    return std::max(0.0, std::min(i + 1.0, to) - std::max<double>(i, from));
}

} // namespace

void Canvas::blend(int x, int y, float coverage, Colour colour) {
    // What is covered whole counts for nothing: it may be a fresh row without a value yet.
    auto mix = [&](float& value, float target) {
        value = coverage >= 1 ? target : value + coverage * (target - value);
    };
    if (planes.size() == 1) {
        float grey = colour.is_grey() ? colour.g : 0.2126F * colour.r + 0.7152F * colour.g + 0.0722F * colour.b;
        mix(planes[0].at(x, y), grey);
        return;
    }
    mix(planes[0].at(x, y), colour.r);
    mix(planes[1].at(x, y), colour.g);
    mix(planes[2].at(x, y), colour.b);
}

void fill(Canvas& canvas, RectF rect, Colour colour) {
    Pixels columns = pixels(rect.x, rect.right(), canvas.size().width);
    Pixels rows = pixels(rect.y, rect.bottom(), canvas.size().height);
    for (int y = rows.first; y < rows.end; ++y)
        for (int x = columns.first; x < columns.end; ++x)
            canvas.blend(x, y, static_cast<float>(share(x, rect.x, rect.right()) * share(y, rect.y, rect.bottom())),
                         colour);
}

void draw_line(Canvas& canvas, Point from, Point to, double thickness, Colour colour) {
    double dx = to.x - from.x, dy = to.y - from.y, length = std::sqrt(dx * dx + dy * dy);
    if (!(length > 0)) return;
    if (dx == 0 || dy == 0) {
        double half = thickness / 2, x = std::min(from.x, to.x), y = std::min(from.y, to.y);
        fill(canvas, dy == 0 ? RectF{x, y - half, length, thickness} : RectF{x - half, y, thickness, length}, colour);
        return;
    }
    dx /= length;
    dy /= length;
    double reach = thickness / 2 + 1;
    Pixels columns = pixels(std::min(from.x, to.x) - reach, std::max(from.x, to.x) + reach, canvas.size().width);
    Pixels rows = pixels(std::min(from.y, to.y) - reach, std::max(from.y, to.y) + reach, canvas.size().height);
    for (int y = rows.first; y < rows.end; ++y) {
        for (int x = columns.first; x < columns.end; ++x) {
            double px = x + 0.5 - from.x, py = y + 0.5 - from.y;
            double along = px * dx + py * dy, across = std::fabs(px * dy - py * dx);
            double coverage = std::clamp(thickness / 2 - across + 0.5, 0.0, std::min(1.0, thickness)) *
                              std::clamp(std::min(along, length - along) + 0.5, 0.0, 1.0);
            if (coverage > 0) canvas.blend(x, y, static_cast<float>(coverage), colour);
        }
    }
}

void draw_image(Canvas& canvas, std::span<ImageView<float const> const> image, int x, int y) {
    if (image.empty()) return;
    Size size = image.front().size;
    for (int v = std::max(0, -y); v < size.height && y + v < canvas.size().height; ++v) {
        for (int u = std::max(0, -x); u < size.width && x + u < canvas.size().width; ++u) {
            float grey = image[0].at(u, v);
            Colour colour = image.size() == 3 ? Colour{grey, image[1].at(u, v), image[2].at(u, v)} : Colour::grey(grey);
            canvas.blend(x + u, y + v, 1, colour);
        }
    }
}

} // namespace mg
