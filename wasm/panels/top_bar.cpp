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

void draw_top_bar(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    ui::Box bar = box_of(input.area);
    ui::horizontal_line(frame, bar.x, bar.right(), bar.bottom() - frame.hairline(), frame.c.line);
    FromRight place{frame, bar, bar.right() - frame.px(12)};
    auto width = [&](std::string_view label) { return ui::button_width(frame, label); };
    std::size_t count = input.document.inputs.size();
    FileResult const* now = selected_result(input);
    bool ready = now && now->picture;
    if (count > 1 &&
        ui::button(
            frame, place.take(width("Save all · ZIP")),
            {.id = "top/save_all",
             .label = "Save all · ZIP",
             .help = "Every file as a PNG, in one ZIP with a log. What fails is named in it, and the rest is done."},
            ui::ButtonLook::primary))
        commands.push_back(SaveAllZip{});
    if (count > 0 && ui::button(frame, place.take(width("Save PNG")),
                                {.id = "top/save_png",
                                 .label = "Save PNG",
                                 .enabled = ready,
                                 .help = "The selected file with its databar. Key: S"},
                                count > 1 ? ui::ButtonLook::quiet : ui::ButtonLook::primary))
        commands.push_back(SavePng{});
    if (count > 0) {
        ui::Box box = place.take(width("Recipe"));
        if (ui::button(frame, box,
                       {.id = "top/recipe",
                        .label = "Recipe",
                        .help = "All settings of all steps, to keep and to use again."}))
            ui::open_menu("recipe-menu");
        recipe_menu(frame, input, commands, box);
    }
    if (ui::button(frame, place.take(width("Open…")),
                   {.id = "top/open", .label = "Open…", .help = "Images, a recipe, or a PNG saved here. Key: O"}))
        commands.push_back(OpenDialog{});
    ui::Box view = place.take(width("View"));
    if (ui::button(frame, view, {.id = "top/view", .label = "View", .help = "Theme, text size, full screen."}))
        ui::open_menu("view-menu");
    view_menu(frame, input, commands, view);
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
    ui::Box title = bar.inset(frame.px(14), 0).from_left(frame.px(96));
    if (title.right() > place.x) return;
    ui::text_in(frame, title, "Micrographia", {.face = ui::Face::title, .colour = frame.c.text});
    ui::record(frame, title, {.id = "top/title", .label = "Micrographia", .kind = "heading"});
}

} // namespace mg::app
