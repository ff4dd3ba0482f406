#pragma once
// Scatter plot of two elements: its frame, the counts along its axes and their names. The density itself is a picture
// that the caller draws into the area.
#include "ui/plot_gate.h"

namespace mg::ui {

struct ScatterAxes {
    std::span<std::string const> names;        ///< all elements
    int across = 0, up = 0;                    ///< those on the axes
    double largest_across = 1, largest_up = 1; ///< counts at the ends of the axes
};
struct AxisEdit {
    std::optional<int> across, up;
};

/// The square of the plot within `box`, whose height scatter_height() tells.
PlotArea scatter_area(Frame const& frame, Box box);
float scatter_height(Frame const& frame, float width);
/// Frame, ticks and names, which are menus; `id` names them in the item table.
AxisEdit scatter_axes(Frame const& frame, Box box, std::string_view id, ScatterAxes const& axes);

} // namespace mg::ui
