#include "ui/density_plot.h"

#include <cmath>

#include "ui/format.h"

namespace mg::ui {
namespace {

constexpr float k_left = 30, k_axis_name = 24, k_ticks = 18, k_axis_gap = 2;

} // namespace

float scatter_height(Frame const& frame, float width) {
    return frame.px(k_axis_name + k_axis_gap) + (width - frame.px(k_left)) * 0.86f + frame.px(k_ticks + k_axis_name);
}

PlotArea scatter_area(Frame const& frame, Box box) {
    float const top = frame.px(k_axis_name + k_axis_gap), bottom = frame.px(k_ticks + k_axis_name);
    return {frame.snapped({box.x + frame.px(k_left), box.y + top, std::fmax(box.width - frame.px(k_left), 1.0f),
                           std::fmax(box.height - top - bottom, 1.0f)})};
}

AxisEdit scatter_axes(Frame const& frame, Box box, std::string_view id, ScatterAxes const& axes) {
    PlotArea const area = scatter_area(frame, box);
    Palette const& c = frame.c;
    Box const plot = area.box;
    TextStyle const tick{.face = Face::small, .colour = c.third, .tabular = true};
    ImDrawList& list = draw_list(frame);
    float const dash = frame.px(4), w = frame.hairline();
    auto const marks = [&](double largest, bool across) {
        if (!(largest > 0)) return;
        float const length = across ? plot.width : plot.height;
        double const step = app::nice_step(largest, across ? 5 : 4);
        for (int i = 0; static_cast<double>(i) * step <= largest * (1 + 1e-9) && i < 12; ++i) {
            double const value = static_cast<double>(i) * step;
            float const along = static_cast<float>(value / largest) * length;
            std::string const text = number_text(value, 3);
            if (across) {
                float const x = frame.snap(plot.x + along);
                list.AddRectFilled({x, plot.bottom()}, {x + w, plot.bottom() + dash}, c.line);
                text_in(frame, {x - frame.px(24), plot.bottom() + dash, frame.px(48), frame.px(k_ticks) - dash}, text,
                        tick, Align::centre);
            } else {
                float const y = frame.snap(plot.bottom() - along);
                list.AddRectFilled({plot.x - dash, y - w}, {plot.x, y}, c.line);
                text_in(
                    frame,
                    {plot.x - frame.px(k_left), y - frame.px(8), frame.px(k_left) - dash - frame.px(3), frame.px(16)},
                    text, tick, Align::right);
            }
        }
    };
    marks(axes.largest_across, true);
    marks(axes.largest_up, false);
    outline(frame, plot, c.line);

    AxisEdit edit;
    std::string const base(id);
    Box const top{plot.x, box.y, plot.width, frame.px(k_axis_name)},
        bottom{plot.x, plot.bottom() + frame.px(k_ticks), plot.width, frame.px(k_axis_name)};
    edit.up = axis_name(
        frame, top.from_left(plot.width / 2),
        {.id = base + "/up", .label = "Element upwards", .help = "Counts of a pixel upwards. Click: another element."},
        {.names = axes.names, .now = axes.up});
    edit.across = axis_name(frame, bottom.from_right(plot.width / 2),
                            {.id = base + "/across",
                             .label = "Element to the right",
                             .help = "Counts of a pixel to the right. Click: another element."},
                            {.names = axes.names, .now = axes.across, .align = Align::right});
    text_in(frame, bottom.from_left(plot.width / 2), "counts per pixel", {.face = Face::small, .colour = c.third});
    return edit;
}

} // namespace mg::ui
