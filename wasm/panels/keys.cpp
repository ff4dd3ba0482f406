// Focus: F6 goes from region to region and shows a ring; arrows and Tab then move it, Space and Enter activate, Left
// and Right turn a slider, Esc gives the keys back to the picture. Without a ring, arrows pan and Tab folds the panels.
#include "panels/keys.h"

#include <array>

#include "app/materials_pictures.h"
#include "imgui_internal.h"
#include "panels/tools.h"
#include "ui/view_map.h"

namespace mg::app {
namespace {

bool any_file(PanelInput const& input) {
    return !input.document.inputs.empty();
}
bool in_overlay(PanelInput const& input) {
    return input.overlay() && any_file(input);
}
bool in_materials(PanelInput const& input) {
    return input.materials() && input.results.materials.found != nullptr;
}
bool in_sets(PanelInput const& input) {
    return in_overlay(input) || in_materials(input);
}
bool has_picture(PanelInput const& input) {
    if (input.materials()) return input.results.materials.tinted != nullptr;
    if (input.overlay()) return input.results.overlay.placed != nullptr;
    FileResult const* result = selected_result(input);
    return result && result->picture;
}

Size shown_size(PanelInput const& input) {
    if (input.overlay()) {
        OverlayResult const& overlay = input.results.overlay;
        int const bar = overlay.databar && !overlay.databar_inside ? overlay.databar->size.height : 0;
        return {overlay.size.width, overlay.size.height + bar};
    }
    if (input.materials()) {
        Size const size = micrograph_of(input.results.materials);
        return {size.width, size.height + input.results.materials.databar_rows};
    }
    FileResult const* result = selected_result(input);
    if (!result) return {};
    return result->picture ? result->picture->size : result->recorded_picture ? result->recorded_picture->size : Size{};
}

template <class Change>
void change_picture(PanelInput const& input, CommandSink& commands, Change change) {
    ui::Box area = page_layout(input).stage;
    float ratio = frame_of(input).ratio;
    change_view(input, commands, [&](ViewState& v) { v = change(v, area, shown_size(input), ratio); });
}
void pan(PanelInput const& input, CommandSink& commands, double dx, double dy) {
    change_picture(input, commands, [&](ViewState const& v, ui::Box area, Size size, float ratio) {
        return ui::panned(v, area, size, ratio, dx, dy);
    });
}
void zoom(PanelInput const& input, CommandSink& commands, bool in) {
    change_picture(input, commands, [&](ViewState const& v, ui::Box area, Size size, float ratio) {
        double now = ui::view_map(area, size, v, ratio).scale * ratio;
        return ui::zoomed(v, area, size, ratio, ui::next_zoom(now, in), {area.middle_x(), area.middle_y()});
    });
}
void show(PanelInput const& input, CommandSink& commands, Sheet sheet) {
    change_view(input, commands, [&](ViewState& v) {
        v.sheet = v.sheet == sheet ? Sheet::none : sheet;
        v.search.clear();
    });
}

void show_or_composite(ViewState& v, OverlayShow show) {
    v.overlay.show = v.overlay.show == show ? OverlayShow::composite : show;
}
template <OverlayShow which> void overlay_show(PanelInput const& input, CommandSink& commands) {
    change_view(input, commands, [](ViewState& v) { show_or_composite(v, which); });
}
template <MaterialsShow which> void materials_show(PanelInput const& input, CommandSink& commands) {
    change_view(input, commands, [](ViewState& v) {
        v.materials.show = v.materials.show == which ? MaterialsShow::tinted : which;
        if (v.compare == Compare::recorded) v.compare = Compare::result;
    });
}
void next_element(PanelInput const& input, CommandSink& commands) {
    auto const count = static_cast<int>(input.results.materials.found->elements.size());
    if (count == 0) return;
    change_view(input, commands, [&](ViewState& v) {
        v.materials.element = v.materials.show == MaterialsShow::element ? (v.materials.element + 1) % count : v.materials.element;
        v.materials.show = MaterialsShow::element;
    });
}
template <bool larger> void resize_brush(PanelInput const& input, CommandSink& commands) {
    change_view(input, commands, [](ViewState& v) {
        v.materials.brush_radius = std::clamp(v.materials.brush_radius * (larger ? 1.25 : 0.8), 0.5, 100.0);
    });
}
template <Workspace which> void go_to(PanelInput const& input, CommandSink& commands) {
    change_view(input, commands, [](ViewState& v) { v.workspace = which; });
}
template <ColourVision which> void see_as(PanelInput const& input, CommandSink& commands) {
    change_view(input, commands, [](ViewState& v) { v.overlay.vision = which; });
}

constexpr int k_ctrl = ImGuiMod_Ctrl, k_shift = ImGuiMod_Shift;

constexpr auto k_actions =
    std::to_array<KeyAction>(
        {
            {.shown = "O",
             .words = "Open files…",
             .section = "Files",
             .chord = ImGuiKey_O,
             .act = [](PanelInput const&, CommandSink& c) { c.push_back(OpenDialog{}); }},
            {.shown = "Shift O",
             .words = "Open a folder…",
             .section = "Files",
             .chord = k_shift | ImGuiKey_O,
             .act = [](PanelInput const&, CommandSink& c) { c.push_back(OpenDialog{true}); }},
            {.words = "Try sample data",
             .section = "Files",
             .act = [](PanelInput const&, CommandSink& c) { c.push_back(OpenSamples{}); }},
            {.shown = "S",
             .words = "Save PNG",
             .section = "Files",
             .chord = ImGuiKey_S,
             .can = has_picture,
             .act = [](PanelInput const&, CommandSink& c) { c.push_back(SavePng{}); }},
            {.shown = "Shift S",
             .words = "Save all as ZIP",
             .section = "Files",
             .chord = k_shift | ImGuiKey_S,
             .can = any_file,
             .act = [](PanelInput const&, CommandSink& c) { c.push_back(SaveAllZip{}); }},
            {.shown = "Ctrl C",
             .words = "Copy the picture",
             .section = "Files",
             .chord = k_ctrl | ImGuiKey_C,
             .can = has_picture,
             .act = [](PanelInput const&, CommandSink& c) { c.push_back(CopyImage{}); }},
            {.words = "Save the recipe",
             .section = "Files",
             .can = any_file,
             .act = [](PanelInput const&, CommandSink& c) { c.push_back(SaveRecipe{}); }},
            {.words = "Remove all files",
             .section = "Files",
             .can = any_file,
             .act = [](PanelInput const&, CommandSink& c) { c.push_back(RemoveAllFiles{}); }},
            {.shown = "Shift →",
             .words = "Next file",
             .section = "Files",
             .chord = k_shift | ImGuiKey_RightArrow,
             .repeats = true,
             .can = any_file,
             .act = [](PanelInput const&, CommandSink& c) { c.push_back(SelectNext{1}); }},
            {.shown = "Shift ←",
             .words = "Previous file",
             .section = "Files",
             .chord = k_shift | ImGuiKey_LeftArrow,
             .repeats = true,
             .can = any_file,
             .act = [](PanelInput const&, CommandSink& c) { c.push_back(SelectNext{-1}); }},

            {.shown = "Ctrl Z",
             .words = "Undo",
             .section = "Changes",
             .chord = k_ctrl | ImGuiKey_Z,
             .repeats = true,
             .can = [](PanelInput const& i) { return i.can_undo; },
             .act = [](PanelInput const&, CommandSink& c) { c.push_back(Undo{}); }},
            {.shown = "Ctrl Shift Z",
             .words = "Redo",
             .section = "Changes",
             .chord = k_ctrl | k_shift | ImGuiKey_Z,
             .repeats = true,
             .can = [](PanelInput const& i) { return i.can_redo; },
             .act = [](PanelInput const&, CommandSink& c) { c.push_back(Redo{}); }},
            {.words = "Back to the defaults",
             .section = "Changes",
             .act = [](PanelInput const&, CommandSink& c) { c.push_back(UsePreset{}); }},
            {.words = "Numbers of the original tools",
             .section = "Changes",
             .act = [](PanelInput const&, CommandSink& c) { c.push_back(UsePreset{true}); }},

            {.shown = "B",
             .words = "Before/after",
             .section = "Picture",
             .chord = ImGuiKey_B,
             .can = any_file,
             .act =
                 [](PanelInput const& i, CommandSink& c) {
                     change_view(i, c, [](ViewState& v) {
                         if (v.workspace == Workspace::overlay) return show_or_composite(v, OverlayShow::channel);
                         v.compare = v.compare == Compare::recorded ? Compare::result : Compare::recorded;
                     });
                 }},
            {.shown = "Shift B",
             .words = "Swipe between before and after",
             .section = "Picture",
             .chord = k_shift | ImGuiKey_B,
             .can = any_file,
             .act =
                 [](PanelInput const& i, CommandSink& c) {
                     change_view(i, c, [](ViewState& v) {
                         if (v.workspace == Workspace::overlay) return show_or_composite(v, OverlayShow::swipe);
                         v.compare = v.compare == Compare::swipe ? Compare::result : Compare::swipe;
                     });
                 }},
            {.shown = "L",
             .words = "Measure, or calibrate by a known length",
             .section = "Picture",
             .chord = ImGuiKey_L,
             .can = [](PanelInput const& i) { return any_file(i) && i.view.workspace == Workspace::annotate; },
             .act = [](PanelInput const& i, CommandSink& c) { change_view(i, c, [](ViewState& v) { v.measure.on = !v.measure.on; }); }},
            {.shown = "0",
             .words = "Fit to the window",
             .section = "Picture",
             .chord = ImGuiKey_0,
             .can = any_file,
             .act = [](PanelInput const& i, CommandSink& c) { change_view(i, c, [](ViewState& v) { v.fit = true; }); }},
            {.shown = "1",
             .words = "100 %: one pixel on one pixel",
             .section = "Picture",
             .chord = ImGuiKey_1,
             .can = any_file,
             .act =
                 [](PanelInput const& i, CommandSink& c) {
                     change_picture(i, c, [](ViewState const& v, ui::Box area, Size size, float ratio) {
                         return ui::zoomed(v, area, size, ratio, 1, {area.middle_x(), area.middle_y()});
                     });
                 }},
            {.shown = "+",
             .words = "Zoom in",
             .section = "Picture",
             .letter = '+',
             .repeats = true,
             .can = any_file,
             .act = [](PanelInput const& i, CommandSink& c) { zoom(i, c, true); }},
            {.shown = "−",
             .words = "Zoom out",
             .section = "Picture",
             .letter = '-',
             .repeats = true,
             .can = any_file,
             .act = [](PanelInput const& i, CommandSink& c) { zoom(i, c, false); }},
            {.shown = "←",
             .words = "Pan left",
             .section = "Picture",
             .chord = ImGuiKey_LeftArrow,
             .repeats = true,
             .can = any_file,
             .act = [](PanelInput const& i, CommandSink& c) { pan(i, c, 48, 0); }},
            {.shown = "→",
             .words = "Pan right",
             .section = "Picture",
             .chord = ImGuiKey_RightArrow,
             .repeats = true,
             .can = any_file,
             .act = [](PanelInput const& i, CommandSink& c) { pan(i, c, -48, 0); }},
            {.shown = "↑",
             .words = "Pan up",
             .section = "Picture",
             .chord = ImGuiKey_UpArrow,
             .repeats = true,
             .can = any_file,
             .act = [](PanelInput const& i, CommandSink& c) { pan(i, c, 0, 48); }},
            {.shown = "↓",
             .words = "Pan down",
             .section = "Picture",
             .chord = ImGuiKey_DownArrow,
             .repeats = true,
             .can = any_file,
             .act = [](PanelInput const& i, CommandSink& c) { pan(i, c, 0, -48); }},

            {.shown = "C",
             .words = "Composite",
             .section = "Overlay",
             .chord = ImGuiKey_C,
             .can = in_overlay,
             .act = [](PanelInput const& i,
                       CommandSink& c) { change_view(i, c, [](ViewState& v) { v.overlay.show = OverlayShow::composite; }); }},
            {.shown = "X", .words = "Flicker between two images", .section = "Overlay", .chord = ImGuiKey_X, .can = in_overlay, .act = overlay_show<OverlayShow::flicker>},
            {.shown = "D", .words = "Difference of two images", .section = "Overlay", .chord = ImGuiKey_D, .can = in_overlay, .act = overlay_show<OverlayShow::difference>},
            {.words = "Checkerboard of two images", .section = "Overlay", .can = in_overlay, .act = overlay_show<OverlayShow::checkerboard>},
            {.words = "Saturated composite", .section = "Overlay", .can = in_overlay, .act = overlay_show<OverlayShow::saturated>},
            {.shown = "T", .words = "Table of the alignment", .section = "Overlay", .chord = ImGuiKey_T, .can = in_overlay, .act = overlay_show<OverlayShow::table>},
            {.shown = "P",
             .words = "Place points on the selected image",
             .section = "Overlay",
             .chord = ImGuiKey_P,
             .can = in_sets,
             .act = [](PanelInput const& i,
                       CommandSink& c) { change_view(i, c, [](ViewState& v) { v.points.placing = !v.points.placing; }); }},
            {.words = "Colour vision: normal", .section = "Overlay", .can = in_overlay, .act = see_as<ColourVision::normal>},
            {.words = "Colour vision: protan", .section = "Overlay", .can = in_overlay, .act = see_as<ColourVision::protan>},
            {.words = "Colour vision: deutan", .section = "Overlay", .can = in_overlay, .act = see_as<ColourVision::deutan>},
            {.words = "Colour vision: tritan", .section = "Overlay", .can = in_overlay, .act = see_as<ColourVision::tritan>},
            {.words = "Save config.txt", .section = "Overlay", .can = in_overlay, .act = [](PanelInput const&, CommandSink& c) { c.push_back(SaveConfig{}); }},
            {.words = "Align again", .section = "Overlay", .can = in_overlay, .act = [](PanelInput const&, CommandSink& c) { c.push_back(AlignAgain{}); }},

            {.shown = "M", .words = "Materials in flat colours", .section = "Materials", .chord = ImGuiKey_M, .can = in_materials, .act = materials_show<MaterialsShow::materials>},
            {.shown = "E", .words = "Map of the next element", .section = "Materials", .chord = ImGuiKey_E, .can = in_materials, .act = next_element},
            {.shown = "Y", .words = "How certain the materials are", .section = "Materials", .chord = ImGuiKey_Y, .can = in_materials, .act = materials_show<MaterialsShow::certainty>},
            {.shown = "W",
             .words = "Brush: give pixels to a material",
             .section = "Materials",
             .chord = ImGuiKey_W,
             .can = in_materials,
             .act = [](PanelInput const& i,
                       CommandSink& c) { change_view(i, c, [](ViewState& v) {
                           v.materials.brushing = !v.materials.brushing;
                           v.materials.marking = false;
                           if (v.materials.material < 0) v.materials.material = 0;
                       }); }},
            {.shown = "]", .words = "A larger brush", .section = "Materials", .chord = ImGuiKey_RightBracket, .repeats = true, .can = in_materials, .act = resize_brush<true>},
            {.shown = "[", .words = "A smaller brush", .section = "Materials", .chord = ImGuiKey_LeftBracket, .repeats = true, .can = in_materials, .act = resize_brush<false>},
            {.shown = "A",
             .words = "Mark an area for the plots",
             .section = "Materials",
             .chord = ImGuiKey_A,
             .can = in_materials,
             .act = [](PanelInput const& i,
                       CommandSink& c) { change_view(i, c, [](ViewState& v) {
                           v.materials.marking = !v.materials.marking;
                           v.materials.brushing = false;
                           if (!v.materials.marking) v.materials.area = nullptr;
                       }); }},
            {.words = "As many materials as proposed", .section = "Materials", .can = in_materials, .act = [](PanelInput const&, CommandSink& c) { c.push_back(SetMaterialCount{0}); }},
            {.words = "Take all brushing back", .section = "Materials", .can = in_materials, .act = [](PanelInput const&, CommandSink& c) { c.push_back(ClearBrush{}); }},
            {.words = "Forget names, colours and locks of all materials", .section = "Materials", .can = in_materials, .act = [](PanelInput const&, CommandSink& c) { c.push_back(ForgetMaterials{}); }},

            {.words = "Workspace: Annotate", .section = "Page", .act = go_to<Workspace::annotate>},
            {.words = "Workspace: Overlay", .section = "Page", .act = go_to<Workspace::overlay>},
            {.words = "Workspace: Materials", .section = "Page", .act = go_to<Workspace::materials>},
            {.shown = "Tab",
             .words = "Fold the panels away",
             .section = "Page",
             .chord = ImGuiKey_Tab,
             .can = any_file,
             .act = [](PanelInput const& i,
                       CommandSink& c) { change_view(i, c, [](ViewState& v) { v.panels = !v.panels; }); }},
            {.shown = "F",
             .words = "Full screen",
             .section = "Page",
             .chord = ImGuiKey_F,
             .act = [](PanelInput const& i,
                       CommandSink& c) { change_view(i, c, [](ViewState& v) { v.full_screen = !v.full_screen; }); }},
            {.words = "Dark or light",
             .section = "Page",
             .act =
                 [](PanelInput const& i, CommandSink& c) {
                     change_view(i, c,
                                 [](ViewState& v) { v.theme = v.theme == Theme::dark ? Theme::light : Theme::dark; });
                 }},
            {.words = "All metadata of this file",
             .section = "Page",
             .can = any_file,
             .act = [](PanelInput const& i, CommandSink& c) { show(i, c, Sheet::metadata); }},
            {.shown = "/",
             .words = "Find a command, a step or a file",
             .section = "Page",
             .letter = '/',
             .act = [](PanelInput const& i, CommandSink& c) { show(i, c, Sheet::palette); }},
            {.shown = "?",
             .words = "Keys",
             .section = "Page",
             .letter = '?',
             .act = [](PanelInput const& i, CommandSink& c) { show(i, c, Sheet::keys); }},
            {.words = "About, licences, privacy",
             .section = "Page",
             .act = [](PanelInput const& i, CommandSink& c) { show(i, c, Sheet::about); }},
        });

constexpr std::array<std::string_view, k_regions> k_region_names{"top", "left", "canvas", "right", "bottom", "over"};

bool typed(char letter) {
    for (ImWchar c : ImGui::GetIO().InputQueueCharacters)
        if (c == static_cast<ImWchar>(letter)) return true;
    // Where the browser reports the key alone: as on a US keyboard.
    if (!ImGui::GetIO().InputQueueCharacters.empty()) return false;
    switch (letter) {
    case '?':
        return ImGui::IsKeyChordPressed(k_shift | ImGuiKey_Slash);
    case '/':
        return ImGui::IsKeyChordPressed(ImGuiKey_Slash) || ImGui::IsKeyChordPressed(ImGuiKey_KeypadDivide);
    case '+':
        return ImGui::IsKeyChordPressed(k_shift | ImGuiKey_Equal) || ImGui::IsKeyChordPressed(ImGuiKey_KeypadAdd);
    case '-':
        return ImGui::IsKeyChordPressed(ImGuiKey_Minus) || ImGui::IsKeyChordPressed(ImGuiKey_KeypadSubtract);
    default:
        return false;
    }
}

bool pressed(KeyAction const& action) {
    if (action.letter) return typed(action.letter);
    if (!action.chord) return false;
    ImGuiIO const& io = ImGui::GetIO();
    int mods = action.chord & ImGuiMod_Mask_, key = action.chord & ~ImGuiMod_Mask_;
    // On a Mac the command key does what Ctrl does elsewhere.
    int held = (io.KeyCtrl || io.KeySuper ? k_ctrl : 0) | (io.KeyShift ? k_shift : 0) |
               (io.KeyAlt ? static_cast<int>(ImGuiMod_Alt) : 0);
    return held == mods && ImGui::IsKeyPressed(static_cast<ImGuiKey>(key), action.repeats);
}

/// Moves the focus ring to the next region that is on the page.
void next_region(int by) {
    ImGuiContext& g = *ImGui::GetCurrentContext();
    int now = -1;
    for (int i = 0; i < k_regions; ++i)
        if (g.NavWindow && !g.NavDisableHighlight &&
            g.NavWindow->RootWindow == ImGui::FindWindowByName(std::string(region_name(i)).c_str()))
            now = i;
    if (now < 0 && by < 0) now = 0;
    for (int i = 1; i <= k_regions; ++i) {
        int index = ((now + by * i) % k_regions + k_regions) % k_regions;
        ImGuiWindow* window = ImGui::FindWindowByName(std::string(region_name(index)).c_str());
        if (!window || !window->WasActive) continue;
        ImGui::FocusWindow(window);
        ImGui::NavInitWindow(window, true);
        g.NavDisableHighlight = false;
        g.NavDisableMouseHover = true;
        return;
    }
}

} // namespace

std::span<KeyAction const> key_actions() {
    return k_actions;
}
std::string_view region_name(int index) {
    return k_region_names[static_cast<std::size_t>(index)];
}

void handle_keys(PanelInput const& input, CommandSink& commands) {
    ImGuiContext& g = *ImGui::GetCurrentContext();
    bool sheet = input.view.sheet != Sheet::none;
    if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) {
        if (sheet)
            change_view(input, commands, [](ViewState& v) { v.sheet = Sheet::none; });
        else if (g.OpenPopupStack.empty() && !ImGui::GetIO().WantTextInput) {
            if ((input.overlay() || input.materials()) && input.view.points.placing && input.activity.total == 0)
                change_view(input, commands, [](ViewState& v) { // first the half pair, then the panes
                    if (v.points.half_pair.empty()) v.points.placing = false;
                    v.points.half_pair.clear();
                });
            else if (input.materials() && input.activity.total == 0 && (input.view.materials.brushing || input.view.materials.marking))
                change_view(input, commands, [](ViewState& v) {
                    v.materials.brushing = v.materials.marking = false;
                    v.materials.area = nullptr;
                });
            else if (!g.NavDisableHighlight)
                g.NavDisableHighlight = true;
            else
                commands.push_back(CancelWork{});
        }
    }
    if (ImGui::IsKeyPressed(ImGuiKey_F6, false)) next_region(ImGui::GetIO().KeyShift ? -1 : 1);
    bool ring = !g.NavDisableHighlight;
    if (!ring && !sheet && g.OpenPopupStack.empty() && !ImGui::GetIO().WantTextInput)
        for (ImGuiKey key :
             {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow, ImGuiKey_Tab})
            ImGui::SetKeyOwner(key, 1);
    if (ImGui::GetIO().WantTextInput || !g.OpenPopupStack.empty()) return;
    for (KeyAction const& action : k_actions) {
        bool moves =
            action.chord == ImGuiKey_Tab || (action.chord >= ImGuiKey_LeftArrow && action.chord <= ImGuiKey_DownArrow);
        if (moves && (ring || sheet)) continue;
        if (sheet && action.section != "Page") continue;
        if (!pressed(action) || (action.can && !action.can(input))) continue;
        action.act(input, commands);
        return;
    }
}

} // namespace mg::app
