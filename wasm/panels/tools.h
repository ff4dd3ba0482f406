#pragma once
// What all panels share: the frame from their input, the selected file, and changes of the view.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "panels/panel.h"
#include "ui/param_widgets.h"
#include "ui/widgets.h"

namespace mg::app {

ui::Frame frame_of(PanelInput const& input);
inline ui::Box box_of(Rectangle r) {
    return {r.x, r.y, r.width, r.height};
}
inline Rectangle rectangle_of(ui::Box b) {
    return {b.x, b.y, b.width, b.height};
}

/// A picture of this size inside `box`, all of it, centred.
ui::Box fitted(ui::Frame const& frame, ui::Box box, Size size);

/// Null when nothing is selected, or when nothing is known about it yet.
InputEntry const* selected_input(PanelInput const& input);
FileResult const* selected_result(PanelInput const& input);
FileResult const* result_of(PanelInput const& input, int id);

inline bool holds(std::vector<std::string> const& list, std::string_view id) {
    return std::find(list.begin(), list.end(), id) != list.end();
}
void toggle(std::vector<std::string>& list, std::string_view id);

/// Changes the view upon what was asked for earlier in the same frame.
template <class Change>
void change_view(PanelInput const& input, CommandSink& commands, Change change, std::string gesture = {}) {
    for (Command& command : commands)
        if (auto* set = std::get_if<SetView>(&command)) return change(set->view);
    ViewState view = input.view;
    change(view);
    if (!(view == input.view)) commands.push_back(SetView{std::move(view), std::move(gesture)});
}

/// "TIFF, 8 bit" and the like is not enough: what the state of a file is called, with its mark.
struct StateLook {
    ui::Mark mark = ui::Mark::dot;
    ui::Colour colour = 0;
    std::string_view word{};
};
StateLook look_of(ui::Frame const& frame, FileState state);

/// Where the parts of the page are.
struct Layout {
    ui::Box top, left, canvas, right, bottom, page;
    ui::Box stage; ///< where a picture is fitted: the canvas above its chips
};
Layout page_layout(PanelInput const& input);

} // namespace mg::app
