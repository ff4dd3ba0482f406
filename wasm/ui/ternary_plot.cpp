#include "ui/ternary_plot.h"

#include <cmath>

namespace mg::ui {
namespace {

constexpr float k_corner_name = 24, k_corner_gap = 4, k_side = 12;

} // namespace

float ternary_height(Frame const& frame, float width) {
    float const side = width - 2 * frame.px(k_side);
    return 2 * frame.px(k_corner_name + k_corner_gap) + side * static_cast<float>(app::k_ternary_height);
}

PlotArea ternary_area(Frame const& frame, Box box) {
    float const side = std::fmax(box.width - 2 * frame.px(k_side), 1.0f);
    return {frame.snapped({box.x + frame.px(k_side), box.y + frame.px(k_corner_name + k_corner_gap), side,
                           side * static_cast<float>(app::k_ternary_height)}),
            app::k_ternary_height};
}

std::optional<CornerEdit> ternary_axes(Frame const& frame, Box box, std::string_view id, TernaryAxes const& axes,
                                       Colour ground) {
    PlotArea const area = ternary_area(frame, box);
    Palette const& c = frame.c;
    Box const plot = area.box;
    ImDrawList& list = draw_list(frame);
    ImVec2 const left{plot.x, plot.bottom()}, right{plot.right(), plot.bottom()}, top{plot.middle_x(), plot.y};
    float const beyond = frame.px(1);
    list.AddTriangleFilled({left.x - beyond, left.y}, {left.x - beyond, top.y - beyond}, {top.x, top.y - beyond},
                           ground);
    list.AddTriangleFilled({right.x + beyond, right.y}, {top.x, top.y - beyond}, {right.x + beyond, top.y - beyond},
                           ground);
    for (double share : {0.25, 0.5, 0.75})
        for (std::size_t corner = 0; corner < 3; ++corner) {
            std::array<double, 3> from{}, to{};
            from[corner] = to[corner] = share;
            from[(corner + 1) % 3] = 1 - share;
            to[(corner + 2) % 3] = 1 - share;
            list.AddLine(area.to_page(app::ternary_point(from)), area.to_page(app::ternary_point(to)),
                         faded(c.third, share == 0.5 ? 0.34f : 0.2f), frame.hairline());
        }
    list.AddTriangle(left, top, right, c.line, std::fmax(frame.hairline(), 1.0f));

    struct Name {
        Box box;
        Align align;
        char const *name, *label;
    };
    float const half = box.width / 2, under = plot.bottom() + frame.px(k_corner_gap);
    std::array<Name, 3> const names{
        {{{box.x + frame.px(6), under, half, frame.px(k_corner_name)}, Align::left, "/left", "Element at the lower left"},
         {{box.x + half, under, half - frame.px(6), frame.px(k_corner_name)},
          Align::right,
          "/right",
          "Element at the lower right"},
         {{box.x, box.y, box.width, frame.px(k_corner_name)}, Align::centre, "/top", "Element at the top"}}};
    std::optional<CornerEdit> edit;
    for (std::size_t i = 0; i < 3; ++i)
        if (auto const chosen = axis_name(frame, names[i].box,
                                          {.id = std::string(id) + names[i].name,
                                           .label = names[i].label,
                                           .help = "The nearer to this corner, the larger the share of this element in "
                                                   "the counts of the three. Click: another element."},
                                          {.names = axes.names, .now = axes.corners[i], .align = names[i].align}))
            edit = CornerEdit{static_cast<int>(i), *chosen};
    return edit;
}

} // namespace mg::ui
