#include "draw/scale_bar.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/text.h"

namespace mg {

double nice_bar_length_nm(double width_nm) {
    double limit = width_nm / 4.8;
    if (!(limit > 0) || !(limit < 1e15)) return 0;
    double decade = 1e15;
    while (decade > limit && decade > 1e-12) decade /= 10;
    // A product of tenths drifts in its last bits; whole decades are restored here.
    if (decade >= 1) decade = std::floor(decade + 0.5);
    // Rounding of the pixel size must not cost a bar that fits exactly.
    limit *= 1 + 1e-9;
    for (double factor : {10.0, 5.0, 2.0})
        if (factor * decade <= limit) return factor * decade;
    return decade;
}

std::string field_text(double width_nm, double height_nm) {
    struct Unit {
        double nm;
        std::string_view name;
    };
    static constexpr std::array<Unit, 5> k_units{{{1e-3, "pm"}, {1, "nm"}, {1e3, "\u00B5m"}, {1e6, "mm"}, {1e9, "m"}}};
    double larger = std::max(width_nm, height_nm), smaller = std::min(width_nm, height_nm);
    if (!(smaller > 0) || !(larger < 1e15)) return {};
    std::size_t unit = 0;
    // 999.5 of a unit is shown as 1.00 of the next.
    while (unit + 1 < k_units.size() && larger >= 999.5 * k_units[unit].nm) ++unit;
    auto decimals_for = [](double value, int digits) {
        int decimals = digits - 1;
        for (double limit = 9.995; value >= limit && decimals > 0; limit *= 10) --decimals;
        for (double limit = 0.9995; value < limit && decimals < 6; limit /= 10) ++decimals;
        return decimals;
    };
    larger /= k_units[unit].nm;
    smaller /= k_units[unit].nm;
    int decimals = std::max(decimals_for(larger, 3), decimals_for(smaller, 2));
    return format_fixed(width_nm / k_units[unit].nm, decimals) + " \u00D7 " +
           format_fixed(height_nm / k_units[unit].nm, decimals) + " " + std::string(k_units[unit].name);
}

BarRects bar_rects(BarShape const& shape) {
    double cap = std::min(shape.thickness, shape.length_px / 2), right = shape.left + shape.length_px - cap;
    RectF line{shape.left, shape.middle - shape.thickness / 2, shape.length_px, shape.thickness};
    double rise = (shape.cap_height - shape.thickness) / 2, top = line.y - rise;
    return {.line = line,
            .caps = {{{shape.left, top, cap, rise},
                      {right, top, cap, rise},
                      {shape.left, line.bottom(), cap, rise},
                      {right, line.bottom(), cap, rise}}}};
}

void draw_bar(Canvas& canvas, BarRects const& rects, Colour colour) {
    fill(canvas, rects.line, colour);
    for (RectF const& cap : rects.caps) fill(canvas, cap, colour);
}

namespace {

double rounded(double x) {
    return std::floor(x + 0.5);
}

/// The largest value within `radius` px (a square), separably.
Result<Plane> dilated(Plane const& plane, int radius) {
    Size size = plane.size();
    MG_TRY(Plane rows, Plane::create(size));
    MG_TRY(Plane out, Plane::create(size));
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            float value = 0;
            for (int u = std::max(0, x - radius); u <= std::min(size.width - 1, x + radius); ++u)
                value = std::max(value, plane.at(u, y));
            rows.at(x, y) = value;
        }
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            float value = 0;
            for (int v = std::max(0, y - radius); v <= std::min(size.height - 1, y + radius); ++v)
                value = std::max(value, rows.at(x, v));
            out.at(x, y) = value;
        }
    return out;
}

} // namespace

void draw_corner_bar(Canvas& canvas, Fonts const& fonts, CornerBar const& spec) {
    double em = spec.em_px;
    TextStyle style{1.45 * em, Weight::semibold};
    double text_width = fonts.width(spec.bar.text, style), width = std::max(text_width, spec.bar.length_px);
    double margin = rounded(1.1 * em), halo = std::max(1.0, rounded(0.12 * em));
    double text_height = fonts.ascent() * style.size_px, thickness = std::max(1.0, rounded(0.17 * em));
    double height = text_height + 1.15 * em;
    // The block in a plane of its own, with room for the halo.
    Size block{static_cast<int>(std::ceil(width + 2 * halo)) + 1, static_cast<int>(std::ceil(height + 2 * halo))};
    Size size = canvas.size();
    if (block.width + margin > size.width || block.height + margin > size.height) return;
    bool right = spec.corner == Corner::bottom_right || spec.corner == Corner::top_right;
    bool bottom = spec.corner == Corner::bottom_right || spec.corner == Corner::bottom_left;
    int x0 = right ? size.width - block.width - static_cast<int>(margin - halo) : static_cast<int>(margin - halo);
    int y0 = bottom ? size.height - block.height - static_cast<int>(margin - halo) : static_cast<int>(margin - halo);
    x0 = std::clamp(x0, 0, size.width - block.width);
    y0 = std::clamp(y0, 0, size.height - block.height);

    Result<Plane> coverage = Plane::filled(block, 0.0F);
    if (!coverage) return;
    Canvas stencil{{coverage->view()}};
    fonts.draw(stencil, {halo + (width - text_width) / 2, rounded(halo + text_height)}, spec.bar.text, style,
               Colour::grey(1));
    BarRects rects = bar_rects({.left = rounded(halo + (width - spec.bar.length_px) / 2),
                                .middle = rounded(halo + text_height + 0.75 * em) + thickness / 2,
                                .length_px = spec.bar.length_px,
                                .thickness = thickness,
                                .cap_height = thickness + 2 * rounded(0.26 * em)});
    draw_bar(stencil, rects, Colour::grey(1));
    Result<Plane> around = dilated(*coverage, static_cast<int>(halo));
    if (!around) return;

    double sum = 0;
    for (int y = 0; y < block.height; ++y)
        for (int x = 0; x < block.width; ++x) {
            auto value = [&](std::size_t i) { return static_cast<double>(canvas.planes[i].at(x0 + x, y0 + y)); };
            sum += canvas.planes.size() == 3 ? 0.2126 * value(0) + 0.7152 * value(1) + 0.0722 * value(2) : value(0);
        }
    bool white = sum < 0.5 * static_cast<double>(block.area());
    Colour ink = Colour::grey(white ? 1 : 0), shade = Colour::grey(white ? 0 : 1);
    for (int y = 0; y < block.height; ++y)
        for (int x = 0; x < block.width; ++x) {
            canvas.blend(x0 + x, y0 + y, 0.45F * around->at(x, y), shade);
            canvas.blend(x0 + x, y0 + y, coverage->at(x, y), ink);
        }
}

} // namespace mg
