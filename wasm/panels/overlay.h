#pragma once
// A sheet over the page: keys, about, metadata, the command palette.
#include <optional>

#include "panels/tools.h"

namespace mg::app {

struct OverlaySpec {
    Overlay kind = Overlay::none;
    std::string_view title{};        ///< empty: no head
    float width = 640, height = 480; ///< of the design; cut to the page
    bool at_top = false;
};

/// Opens the sheet when it is the view's overlay and returns the box for its content; call end_overlay then. A click
/// beside it closes it.
std::optional<ui::Box> begin_overlay(PanelInput const& input, CommandSink& commands, OverlaySpec const& spec);
void end_overlay();
void close_overlay(PanelInput const& input, CommandSink& commands);

} // namespace mg::app
