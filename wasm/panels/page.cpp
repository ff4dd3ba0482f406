// The frame of the page: one window per region, in each of which the registered panels draw. No window has a title, a
// border or a place of its own choice.
#include "imgui_internal.h"
#include "panels/keys.h"
#include "panels/tools.h"

namespace mg::app {

#define PANEL(name, region, workspace) void draw_##name(PanelInput const& input, CommandSink& commands);
#include "panels/panels.inc"
#undef PANEL

namespace {

enum class In { all, annotate, overlay, materials };
enum class Region { top, left, canvas, right, bottom, over };
struct Placed {
    Panel panel;
    Region region;
    In workspace;
};
constexpr Placed k_panels[] = {
#define PANEL(name, region, workspace) {{#name, draw_##name}, Region::region, In::workspace},
#include "panels/panels.inc"
#undef PANEL
};

void draw_panels(PanelInput const& input, CommandSink& commands, Region region) {
    In const here = input.overlay() ? In::overlay : input.materials() ? In::materials : In::annotate;
    for (Placed const& placed : k_panels)
        if (placed.region == region && (placed.workspace == In::all || placed.workspace == here)) placed.panel.draw(input, commands);
}

constexpr ImGuiWindowFlags k_plain = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                                     ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoScrollWithMouse;

void region(PanelInput const& input, CommandSink& commands, Region which, ui::Box box, ui::Colour ground) {
    if (box.width <= 0 || box.height <= 0) return;
    bool scrolls = which == Region::right;
    ImGuiWindowFlags flags = k_plain;
    if (scrolls) flags &= ~(ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::SetNextWindowPos(box.low());
    ImGui::SetNextWindowSize({box.width, box.height});
    ImGui::PushStyleColor(ImGuiCol_WindowBg, ground);
    ImGui::Begin(std::string(region_name(static_cast<int>(which))).c_str(), nullptr, flags);
    PanelInput local{input.document, input.revision, input.results, input.view,   input.activity,
                     input.can_undo, input.can_redo, input.narrow,  input.time_s, rectangle_of(box),
                     input.pictures, input.items,    input.notices, input.last_session, input.can_go_on};
    draw_panels(local, commands, which);
    ImGui::End();
    ImGui::PopStyleColor();
}

} // namespace

void draw_page(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    Layout at = page_layout(input);
    handle_keys(input, commands);
    region(input, commands, Region::canvas, at.canvas, input.document.inputs.empty() ? frame.c.ground : frame.c.canvas);
    region(input, commands, Region::left, at.left, frame.c.panel);
    region(input, commands, Region::right, at.right, frame.c.panel);
    region(input, commands, Region::top, at.top, frame.c.panel);
    region(input, commands, Region::bottom, at.bottom, frame.c.panel);
    draw_panels(input, commands, Region::over);
}

} // namespace mg::app
