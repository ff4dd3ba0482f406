#pragma once
// The column of the right panel, which several panels fill below each other.
#include "panels/panel.h"
#include "ui/param_widgets.h"

namespace mg::app {

/// Starts where the panel above ended.
ui::Column right_column(PanelInput const& input);
/// Leaves the place for the panel below.
void end_column(ui::Column const& column);
struct StepSection {
    StepUse const& use;
    std::vector<Note> const* notes = nullptr; ///< what the steps found; null: nothing yet
    std::span<std::string_view const> without{}; ///< rows that stand elsewhere
    int only_file = 0;                        ///< its values are this file's alone
};
/// Head, rows and notes of a step.
void step_section(PanelInput const& input, CommandSink& commands, ui::Column& column, StepSection const& section);

/// A line over the whole width.
void divider(PanelInput const& input, ui::Column& column);

} // namespace mg::app
