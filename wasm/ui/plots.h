#pragma once
// Plots in the panels.
#include <span>

#include "ui/frame.h"

namespace mg::ui {

/// Limits of a contrast stretch as fractions of the axis, and its gamma.
struct Limits {
    double low = 0, high = 1, gamma = 1;
};

/// Filled curve of the counts, which share the width of `box`; their heights are logarithmic, so that the few bright
/// pixels show. Above it the limits, and the curve that they make.
void histogram(Frame const& frame, Box box, std::span<float const> counts, Limits const& limits, bool lit);

} // namespace mg::ui
