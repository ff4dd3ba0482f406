#pragma once
// A sheet over the page: keys, about, metadata, the command palette.
#include <optional>

#include "panels/tools.h"

namespace mg::app {

struct SheetSpec {
    Sheet kind = Sheet::none;
    std::string_view title{};        ///< empty: no head
    float width = 640, height = 480; ///< of the design; cut to the page
    bool at_top = false;
};

/// Opens the sheet when it is the view's sheet and returns the box for its content; call end_sheet then. A click
/// beside it closes it.
std::optional<ui::Box> begin_sheet(PanelInput const& input, CommandSink& commands, SheetSpec const& spec);
void end_sheet();
void close_sheet(PanelInput const& input, CommandSink& commands);

} // namespace mg::app
