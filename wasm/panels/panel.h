#pragma once
// A panel draws one part of the page: it reads const state, emits commands and owns nothing. One file per panel here and
// one line in panels.inc.
#include <cstdint>
#include <span>
#include <string_view>

#include "app/command.h"
#include "app/items.h"
#include "app/results.h"
#include "app/view_state.h"

namespace mg::app {

struct Rectangle {
    float x = 0, y = 0, width = 0, height = 0; ///< CSS pixels
};

/// Pictures become textures outside; a panel only asks for one to be drawn.
class PictureSink {
public:
    virtual ~PictureSink() = default;
    /// Draws `picture` into `target` (CSS px), clipped to `clip`, at the current place in the draw order. `smooth`:
    /// linear when shrunk; above 1:1 pixels show as squares.
    virtual void draw(PicturePtr const& picture, Rectangle target, Rectangle clip) = 0;
    /// Largest texture side of this device; larger pictures are tiled inside.
    virtual int largest_texture() const = 0;
};

struct PanelInput {
    Document const& document;
    std::uint64_t revision = 0;
    Results const& results;
    ViewState const& view;
    Activity const& activity;
    bool can_undo = false, can_redo = false;
    bool narrow = false;       ///< below 1200 px: the tray is a strip of thumbnails
    double time_s = 0;
    Rectangle area;            ///< where this panel may draw
    PictureSink& pictures;
    ItemTable& items;
    std::string_view notices;  ///< third-party notices
};

struct Panel {
    std::string_view id{};
    void (*draw)(PanelInput const& input, CommandSink& commands) = nullptr;
};

/// Lays out the whole page and draws every panel; called once per frame between ImGui::NewFrame and ImGui::Render.
void draw_page(PanelInput const& input, CommandSink& commands);

} // namespace mg::app
