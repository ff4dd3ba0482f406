#pragma once
// What every widget needs while a frame is drawn: colours, scale, and the table in which each control records itself.
#include <cmath>
#include <string>
#include <string_view>

#include "app/items.h"
#include "imgui.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace mg::ui {

/// A rectangle on the page, CSS px.
struct Box {
    float x = 0, y = 0, width = 0, height = 0;

    float right() const { return x + width; }
    float bottom() const { return y + height; }
    bool empty() const { return width <= 0 || height <= 0; }
    float middle_x() const { return x + width / 2; }
    float middle_y() const { return y + height / 2; }
    ImVec2 low() const { return {x, y}; }
    ImVec2 high() const { return {x + width, y + height}; }
    bool contains(ImVec2 p) const { return p.x >= x && p.y >= y && p.x < right() && p.y < bottom(); }
    Box inset(float dx, float dy) const { return {x + dx, y + dy, width - 2 * dx, height - 2 * dy}; }
    /// Parts cut off at each side; the rest stays.
    Box from_left(float w) const { return {x, y, w, height}; }
    Box from_right(float w) const { return {right() - w, y, w, height}; }
    Box without_left(float w) const { return {x + w, y, width - w, height}; }
    Box without_right(float w) const { return {x, y, width - w, height}; }
};

struct Frame {
    Palette const& c;
    float scale = 1; ///< the user's font scale; lengths of the design are multiplied by it
    float ratio = 1; ///< device px per CSS px
    app::ItemTable& items;

    /// A length of the design, on whole device pixels.
    float px(float design) const { return std::round(design * scale * ratio) / ratio; }
    float snap(float css) const { return std::round(css * ratio) / ratio; }
    Box snapped(Box b) const {
        float x = snap(b.x), y = snap(b.y);
        return {x, y, snap(b.right()) - x, snap(b.bottom()) - y};
    }
    /// One device pixel at ratio 1, and near 1 CSS px on others.
    float hairline() const { return std::fmax(1.0f, std::floor(ratio)) / ratio; }
};

/// After a frame: some window was laid out for other content than it turned out to have, or is about to scroll. ImGui
/// draws scroll bars by the content of the frame before, so one more frame is needed.
bool layout_moved();

/// The window's draw list, with edges softened over one device pixel.
ImDrawList& draw_list(Frame const& frame);

void fill(Frame const& frame, Box box, Colour colour, float radius = 0);
/// A border of `width` CSS px inside `box`; 0: a hairline.
void outline(Frame const& frame, Box box, Colour colour, float radius = 0, float width = 0);
void dashed_outline(Frame const& frame, Box box, Colour colour, float radius);
void horizontal_line(Frame const& frame, float x0, float x1, float y, Colour colour);
void vertical_line(Frame const& frame, float x, float y0, float y1, Colour colour);

/// Text centred vertically in `box` by its capitals; cut with "…" when it does not fit. Returns its right end.
enum class Align { left, centre, right };
float text_in(Frame const& frame, Box box, std::string_view text, TextStyle const& style, Align align = Align::left);

/// One of the state marks, which differ in shape as well as in colour.
enum class Mark { dot, ring, square, triangle, cross };
void mark(Frame const& frame, ImVec2 centre, Mark kind, Colour colour);

} // namespace mg::ui
