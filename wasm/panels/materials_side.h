#pragma once
// What the panels at the right of Materials share.
#include "panels/tools.h"

namespace mg::app {

/// Tells that the pointer is over this material in `place` (a name of the caller's); -1: over none of them any more.
/// Call once per frame.
void hover_material(PanelInput const& input, CommandSink& commands, std::string_view place, int material);
/// Selects a material, or none when it is selected already.
void pick_material(PanelInput const& input, CommandSink& commands, int material);

/// Parameters of the step "cluster" that are edited by the list, the brush and the stepper.
inline constexpr std::string_view k_count_key = "k", k_known_key = "materials", k_brush_key = "brush";

/// The number set by the user; 0: as proposed.
int wanted_materials(PanelInput const& input);
/// Stepper and curve.
void number_of_materials(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Column& column);

/// One line of small print that is recorded.
struct Line {
    std::string id, text;
    ui::Colour colour = 0;
    float indent = 0;
};
void line(ui::Frame const& frame, ui::Column& column, Line const& line);

} // namespace mg::app
