#pragma once
// Triangle of the shares of three elements: its frame, its grid of quarters and the names at its corners. The density
// is a picture that the caller draws into the area before.
#include <array>

#include "ui/plot_gate.h"

namespace mg::ui {

struct TernaryAxes {
    std::span<std::string const> names; ///< all elements
    std::array<int, 3> corners{};       ///< lower left, lower right, top
};

/// The triangle's bounds within `box`, whose height ternary_height() tells.
PlotArea ternary_area(Frame const& frame, Box box);
float ternary_height(Frame const& frame, float width);
/// Covers what lies beside the triangle with `ground`; then grid and names, which are menus. The corner whose element
/// was changed, with the new element.
struct CornerEdit {
    int corner = 0, element = 0;
};
std::optional<CornerEdit> ternary_axes(Frame const& frame, Box box, std::string_view id, TernaryAxes const& axes,
                                       Colour ground);

} // namespace mg::ui
