#pragma once
// What the canvases of all workspaces share: moving a picture, names on it, the line between two.
#include "panels/panel.h"
#include "ui/frame.h"
#include "ui/view_map.h"
#include "ui/widgets.h"

namespace mg::app {

/// What two boxes have in common; empty when they are apart.
ui::Box clipped(ui::Box a, ui::Box b);
/// A name in the upper left or right corner, when there is room.
struct PictureLabel {
    std::string_view text;
    bool right = false;
    std::string_view id{}; ///< in the item table, after "canvas/label/"
};
void label_on_picture(ui::Frame const& frame, ui::Box where, PictureLabel const& label);
/// The line with its handle at ViewState::swipe of the picture, dragged or moved by arrow keys; `name` as read out.
void swipe_line(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Box picture, ui::Box area,
                std::string_view name);

/// A picture as it lies on the canvas.
struct LaidPicture {
    Size size;
    ui::ViewMap map;
    ui::Box stage; ///< what it is fitted into
};
/// Drag, wheel and double click upon the picture change the view.
void move_picture(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, LaidPicture const& shown,
                  ui::Box area);

} // namespace mg::app
