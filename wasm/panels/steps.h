#pragma once
// The column of the right panel, which several panels fill below each other.
#include "panels/panel.h"
#include "ui/param_widgets.h"

namespace mg::app {

/// Starts where the panel above ended.
ui::Column right_column(PanelInput const& input);
/// Leaves the place for the panel below.
void end_column(ui::Column const& column);
/// A line over the whole width.
void divider(PanelInput const& input, ui::Column& column);

} // namespace mg::app
