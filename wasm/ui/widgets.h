#pragma once
// The page's own controls, drawn by hand and driven by ImGui's hit testing, focus and keyboard navigation. Each takes
// the box it fills, and records itself in the frame's ItemTable.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ui/frame.h"
#include "ui/icons.h"

namespace mg::ui {

/// What a control is called and says.
struct Control {
    std::string id;    ///< unique on the page: "despike/threshold_sigma"
    std::string label; ///< what the user reads
    std::string_view kind = "button";
    std::string value{};
    bool enabled = true;
    std::string_view help{}; ///< tooltip
};

/// What the user does with it in this frame.
struct Touch {
    ImGuiID id = 0;
    bool visible = false, hovered = false, held = false, pressed = false, focused = false;
    bool started = false; ///< just pressed down
    bool doubled = false; ///< double click
};
Touch touch(Frame const& frame, Box box, Control const& control);
/// Records what is drawn without touch(): a heading, a status, an image. Its place is the part in sight, or where it
/// would be when it is scrolled away.
void record(Frame const& frame, Box box, Control const& control, bool focused = false);
/// Tooltip of the item added last.
void help_on_hover(Frame const& frame, std::string_view text);
void focus_ring(Frame const& frame, Box box, float radius);
/// "despike/threshold_sigma#417": one name for all changes of one drag or one edit of the control touched last.
std::string gesture(ImGuiID id, std::string_view name, bool started);

enum class ButtonLook { primary, quiet, bare };
float button_width(Frame const& frame, std::string_view label, bool with_icon = false);
bool button(Frame const& frame, Box box, Control const& control, ButtonLook look = ButtonLook::quiet,
            std::optional<Icon> sign = {});
/// A square with a sign alone; the label is for the item table and the tooltip.
bool icon_button(Frame const& frame, Box box, Control const& control, Icon sign);
/// Text in the accent colour, left-aligned; its own width.
bool link(Frame const& frame, Box box, Control const& control, Face face = Face::body);
float chip_width(Frame const& frame, std::string_view label);
/// With `lit` it stands for a state that is on.
bool chip(Frame const& frame, Box box, Control const& control, bool lit = false);

/// 26 x 14 px at the right end of `box`; the whole box is sensitive.
bool switch_in(Frame const& frame, Box box, Control control, bool on);

struct SectionTouch {
    bool folded = false;   ///< the fold was clicked
    bool switched = false; ///< the switch was clicked
};
/// Head of a section: triangle, title, and a switch when `on` has a value.
SectionTouch section_head(Frame const& frame, Box box, Control const& control, bool unfolded, std::optional<bool> on);

/// Small capitals above a group, with an optional count at the right.
void caption(Frame const& frame, Box box, std::string_view text, std::string_view right = {});

void progress_line(Frame const& frame, Box box, double fraction);
void spinner(Frame const& frame, ImVec2 centre, float radius, double time_s);

/// Lines of small grey print; returns the height used.
float note(Frame const& frame, Box box, std::string_view text, Colour colour);

/// Opens a menu below `anchor`; draw its rows between begin_menu and end_menu.
void open_menu(std::string_view id);
bool begin_menu(Frame const& frame, std::string_view id, Box anchor, float width, int rows);
struct MenuRow {
    Control control;
    std::string shortcut{};
    bool chosen = false;
    std::optional<Icon> sign{};
};
bool menu_row(Frame const& frame, MenuRow const& row);
void end_menu();

} // namespace mg::ui
