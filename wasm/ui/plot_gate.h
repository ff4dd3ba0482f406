#pragma once
// A gate: a polygon drawn by hand in a plot, to choose what lies in it.
#include <optional>
#include <span>
#include <vector>

#include "app/plot_geometry.h"
#include "ui/widgets.h"

namespace mg::ui {

/// Where a plot lies on the page. Its own coordinates go from 0 at the left to 1 at the right, and from 0 at the bottom
/// to `top`.
struct PlotArea {
    Box box;
    double top = 1;

    ImVec2 to_page(Point p) const {
        return {box.x + static_cast<float>(p.x) * box.width, box.bottom() - static_cast<float>(p.y / top) * box.height};
    }
    /// Of the nearest place inside.
    Point to_plot(ImVec2 at) const;
};

struct GateSpec {
    std::span<double const> corners; ///< x, y, x, y, ... in the plot's coordinates
    bool open = false;               ///< corners are still being added
    app::GateTool tool = app::GateTool::rectangle;
};
struct GateEdit {
    bool changed = false;        ///< the members below say how it is now
    std::vector<double> corners; ///< empty: none
    bool open = false;
    std::optional<Point> clicked; ///< a click that is no part of a gate
    std::optional<Point> over;    ///< place under the pointer
};
/// Drag a rectangle or a line around what is meant, or click the corners of a polygon, whose first corner, a double
/// click or Enter closes it. Arrow keys move the gate, with Shift they make it larger or smaller; Delete or a click:
/// none. Draws the gate.
GateEdit gate(Frame const& frame, PlotArea const& area, Control const& control, GateSpec const& spec);

/// Choice of the tool, three signs side by side; each is 26 px wide.
std::optional<app::GateTool> gate_tools(Frame const& frame, Box box, std::string_view id, app::GateTool now);

/// Name of an axis, a click on which offers the others.
struct AxisSpec {
    std::span<std::string const> names;
    int now = 0;
    Align align = Align::left;
};
std::optional<int> axis_name(Frame const& frame, Box box, Control const& control, AxisSpec const& spec);

} // namespace mg::ui
