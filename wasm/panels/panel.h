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

/// How channels that were placed on one grid are shown; layers are indices of their pictures, -1: none.
struct PlacedView {
    enum class Mode { composite, single, difference, checkerboard } mode = Mode::composite;
    ComposeLook look;              ///< `channels` parallel to the pictures
    float chroma = 1;              ///< of the composite
    int first = -1, second = -1;   ///< layers of the other modes
    ColourVision vision = ColourVision::normal;
    int across = -1, up = -1;      ///< layers whose values lie within the brush are painted over
    float brush[4] = {0, 0, 0, 0}; ///< left, right, bottom, top, in values of the planes
};

/// Pictures become textures outside; a panel only asks for one to be drawn.
class PictureSink {
public:
    virtual ~PictureSink() = default;
    /// Draws `picture` into `target` (CSS px), clipped to `clip`, at the current place in the draw order. `smooth`:
    /// linear when shrunk; above 1:1 pixels show as squares.
    virtual void draw(PicturePtr const& picture, Rectangle target, Rectangle clip, Rgb tint = {1, 1, 1}) = 0;
    /// Likewise, composed of the channels as `view` says.
    virtual void draw_placed(PlacedPtr const& placed, PlacedView const& view, Rectangle target, Rectangle clip) = 0;
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
    std::string_view last_session{}; ///< in words; empty: there is none, or it is complete
    bool can_go_on = false;    ///< it has not been gone on with

    /// Of the workspace that is shown.
    Recipe const& recipe() const { return recipe_of(document, view.workspace); }
    bool overlay() const { return view.workspace == Workspace::overlay; }
    bool materials() const { return view.workspace == Workspace::materials; }
};

struct Panel {
    std::string_view id{};
    void (*draw)(PanelInput const& input, CommandSink& commands) = nullptr;
};

/// Lays out the whole page and draws every panel; called once per frame between ImGui::NewFrame and ImGui::Render.
void draw_page(PanelInput const& input, CommandSink& commands);

} // namespace mg::app
