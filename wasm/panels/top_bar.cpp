// Name of the program, and what is done with the document as a whole.
#include "panels/tools.h"

namespace mg::app {
namespace {

/// Places buttons from right to left.
struct FromRight {
    ui::Frame const& frame;
    ui::Box bar;
    float x;

    ui::Box take(float width) {
        float height = frame.px(30);
        x -= width;
        ui::Box box{x, bar.middle_y() - height / 2, width, height};
        x -= frame.px(8);
        return box;
    }
};

void recipe_menu(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Box anchor) {
    if (!ui::begin_menu(frame, "recipe-menu", anchor, frame.px(290), 4)) return;
    bool any = !input.document.inputs.empty();
    if (ui::menu_row(frame, {.control = {.id = "recipe/save", .label = "Save the recipe…"}}))
        commands.push_back(SaveRecipe{});
    if (ui::menu_row(frame, {.control = {.id = "recipe/open", .label = "Open a recipe or an exported PNG…"}}))
        commands.push_back(OpenDialog{});
    if (ui::menu_row(frame, {.control = {.id = "recipe/defaults", .label = "Back to the defaults"}}))
        commands.push_back(UsePreset{});
    if (ui::menu_row(
            frame, {.control = {.id = "recipe/compatible", .label = "Numbers of the original tools", .enabled = any}}))
        commands.push_back(UsePreset{true});
    ui::end_menu();
}

void view_menu(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Box anchor) {
    if (!ui::begin_menu(frame, "view-menu", anchor, frame.px(230), 7)) return;
    auto row = [&](std::string id, std::string label, std::string keys, bool chosen, auto change) {
        if (ui::menu_row(frame, {.control = {.id = std::move(id), .label = std::move(label)},
                                 .shortcut = std::move(keys),
                                 .chosen = chosen}))
            change_view(input, commands, change);
    };
    row("view/dark", "Dark", "", input.view.theme == Theme::dark, [](ViewState& v) { v.theme = Theme::dark; });
    row("view/light", "Light", "", input.view.theme == Theme::light, [](ViewState& v) { v.theme = Theme::light; });
    row("view/larger", "Larger text", "", false,
        [](ViewState& v) { v.font_scale = std::min(2.0, v.font_scale + 0.1); });
    row("view/smaller", "Smaller text", "", false,
        [](ViewState& v) { v.font_scale = std::max(0.8, v.font_scale - 0.1); });
    row("view/standard", "Standard text size", "", false, [](ViewState& v) { v.font_scale = 1; });
    row("view/panels", "Panels", "Tab", false, [](ViewState& v) { v.panels = !v.panels; });
    row("view/full", "Full screen", "F", false, [](ViewState& v) { v.full_screen = !v.full_screen; });
    ui::end_menu();
}

} // namespace

namespace {

struct Place {
    bool title = true, save_png = true, recipe = true, view = true;
};

constexpr std::string_view k_workspaces[] = {"Annotate", "Overlay", "Materials"};
constexpr std::string_view k_workspace_help[] = {"A figure of each image.",
                                                 "Several images of one place, aligned and composed in colour.",
                                                 "Element maps become materials, and the SE image gets their colours."};

float tab_width(ui::Frame const& frame, std::string_view label) {
    return frame.snap(ui::text_width(label, {.face = ui::Face::body}) + frame.px(28));
}

void tabs(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Box bar, float x) {
    for (std::size_t i = 0; i < std::size(k_workspaces); ++i) {
        bool const lit = static_cast<std::size_t>(input.view.workspace) == i;
        std::string const label(k_workspaces[i]);
        ui::Box const box = frame.snapped({x, bar.middle_y() - frame.px(15), tab_width(frame, label), frame.px(30)});
        ui::Touch const t = ui::touch(frame, box, {.id = "top/workspace=" + label, .label = label, .kind = "option", .value = lit ? "on" : "off",
                                                   .help = k_workspace_help[i]});
        if (lit || t.hovered) ui::fill(frame, box, lit ? frame.c.raised : ui::faded(frame.c.raised, 0.6f), frame.px(6));
        ui::text_in(frame, box, label, {.face = ui::Face::body, .colour = lit || t.hovered ? frame.c.text : frame.c.second}, ui::Align::centre);
        if (t.focused) ui::focus_ring(frame, box, frame.px(6));
        if (t.pressed && !lit) change_view(input, commands, [&](ViewState& v) { v.workspace = static_cast<Workspace>(i); });
        x = box.right() + frame.px(4);
    }
}

} // namespace

void draw_top_bar(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    ui::Box bar = box_of(input.area);
    ui::horizontal_line(frame, bar.x, bar.right(), bar.bottom() - frame.hairline(), frame.c.line);
    FromRight place{frame, bar, bar.right() - frame.px(12)};
    auto width = [&](std::string_view label) { return ui::button_width(frame, label); };
    std::size_t count = input.document.inputs.size();
    bool const overlay = input.overlay(), of_sets = overlay || input.materials();
    FileResult const* now = selected_result(input);
    bool const ready = overlay             ? input.results.overlay.placed != nullptr
                       : input.materials() ? input.results.materials.tinted != nullptr
                                           : now && now->picture;
    std::string const recipe = overlay ? "config.txt" : "Recipe";

    // Large letters on a small screen: what the palette has too gives way.
    float tabs_width = frame.px(4);
    for (std::string_view label : k_workspaces) tabs_width += tab_width(frame, label) + frame.px(4);
    float const title_width = frame.px(14) + ui::text_width("Micrographia", {.face = ui::Face::title}) + frame.px(14);
    Place shown;
    auto needed = [&] {
        float total = frame.px(30) + tabs_width + width("Open…") + (shown.title ? title_width : frame.px(14));
        auto button = [&](bool there, std::string_view label) { total += there ? width(label) + frame.px(8) : 0; };
        button(count > 1 || (of_sets && count > 0), "Save all · ZIP");
        button(count > 0 && shown.save_png && !overlay, "Save PNG");
        button(count > 0 && shown.recipe, recipe);
        button(shown.view, "View");
        if (count > 0) total += frame.px(72);
        return total;
    };
    for (bool* part : {&shown.title, &shown.save_png, &shown.recipe, &shown.view})
        if (needed() > bar.width) *part = false;

    if ((count > 1 || (of_sets && count > 0)) &&
        ui::button(frame, place.take(width("Save all · ZIP")),
                   {.id = "top/save_all",
                    .label = "Save all · ZIP",
                    .enabled = !of_sets || ready,
                    .help = overlay ? "Every channel, the composites, the table of the alignment and config.txt, in one ZIP."
                            : of_sets ? "The tinted image with its databar, the label map as PNG and TIFF, and the table of the materials, in one ZIP."
                                    : "Every file as a PNG, in one ZIP with a log. What fails is named in it, and the rest is done."},
                   ui::ButtonLook::primary))
        commands.push_back(SaveAllZip{});
    if (count > 0 && shown.save_png && !overlay &&
        ui::button(frame, place.take(width("Save PNG")),
                   {.id = "top/save_png", .label = "Save PNG", .enabled = ready, .help = of_sets ? "The tinted image with its databar. Key: S" : "The selected file with its databar. Key: S"},
                   count > 1 ? ui::ButtonLook::quiet : ui::ButtonLook::primary))
        commands.push_back(SavePng{});
    if (count > 0 && shown.recipe) {
        ui::Box box = place.take(width(recipe));
        if (ui::button(frame, box,
                       {.id = overlay ? "top/config" : "top/recipe",
                        .label = recipe,
                        .help = overlay ? "All settings, to keep, to change by hand, and to drop here again with the images."
                                        : "All settings of all steps, to keep and to use again."})) {
            if (overlay) commands.push_back(SaveConfig{});
            else ui::open_menu("recipe-menu");
        }
        recipe_menu(frame, input, commands, box);
    }
    if (ui::button(frame, place.take(width("Open…")),
                   {.id = "top/open", .label = "Open…", .help = "Images, a recipe, config.txt, or a PNG saved here. Key: O"}))
        commands.push_back(OpenDialog{});
    if (shown.view) {
        ui::Box view = place.take(width("View"));
        if (ui::button(frame, view, {.id = "top/view", .label = "View", .help = "Theme, text size, full screen."}))
            ui::open_menu("view-menu");
        view_menu(frame, input, commands, view);
    }
    if (count > 0) {
        place.x -= frame.px(4);
        if (ui::icon_button(
                frame, place.take(frame.px(30)),
                {.id = "top/redo", .label = "Redo", .enabled = input.can_redo, .help = "Redo. Ctrl Shift Z"},
                ui::Icon::redo))
            commands.push_back(Redo{});
        place.x += frame.px(8);
        if (ui::icon_button(frame, place.take(frame.px(30)),
                            {.id = "top/undo", .label = "Undo", .enabled = input.can_undo, .help = "Undo. Ctrl Z"},
                            ui::Icon::undo))
            commands.push_back(Undo{});
    }
    float x = bar.x + frame.px(14);
    if (shown.title) {
        ui::Box const title{x, bar.y, title_width - frame.px(28), bar.height};
        ui::text_in(frame, {title.x, title.y, title.width + 1, title.height}, "Micrographia", {.face = ui::Face::title, .colour = frame.c.text});
        ui::record(frame, title, {.id = "top/title", .label = "Micrographia", .kind = "heading"});
        x += title_width;
    }
    if (x + tabs_width <= place.x) tabs(frame, input, commands, bar, x);
}

} // namespace mg::app
