#pragma once
// What the canvases of all workspaces share: moving a picture, names on it, the line between two.
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

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

/// The scale bar of the view in the upper right corner; nothing when the pixel size is not known.
void view_scale_bar(ui::Frame const& frame, ui::Box area, std::optional<double> pixel_size_nm, double css_per_px);

/// Chips from left to right, in as many rows as they need; the last row stands at the bottom.
class ChipRow {
public:
    ChipRow(ui::Frame const& frame, ui::Box area) : m_frame(frame), m_area(area) {}
    void add(ui::Control control, bool lit, std::function<void(ui::Box)> act) {
        m_chips.push_back({std::move(control), lit, std::move(act)});
    }
    float height() const;
    void draw() const;

private:
    struct Chip {
        ui::Control control;
        bool lit;
        std::function<void(ui::Box)> act; ///< with an empty box: it was pressed; else: where it is
    };
    int rows() const;
    ui::Frame const& m_frame;
    ui::Box m_area;
    std::vector<Chip> m_chips;
};

/// A picture as it lies on the canvas.
struct LaidPicture {
    Size size;
    ui::ViewMap map;
    ui::Box stage;          ///< what it is fitted into
    bool left_moves = true; ///< false: the left button is for something else
};
/// What the left button does upon the picture.
struct PictureTouch {
    bool hovered = false, held = false;
    bool started = false; ///< just pressed down
    bool clicked = false; ///< let go where it was pressed
};
/// Drag, wheel and double click upon the picture change the view.
PictureTouch move_picture(ui::Frame const& frame, PanelInput const& input, CommandSink& commands,
                          LaidPicture const& shown, ui::Box area);

} // namespace mg::app
