// The settings of the overlay: how the images are aligned and composed, two channels against each other, the databar,
// and what is done to each image before.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "imgui_internal.h"
#include "panels/overlay_tools.h"
#include "panels/steps.h"
#include "ui/format.h"

namespace mg::app {
namespace {

/// "4 accepted · 1 doubtful · residual 0.08 px"
std::string alignment_summary(OverlayResult const& overlay) {
    int accepted = 0, doubtful = 0, refused = 0, by_hand = 0;
    for (PlacedChannel const& placed : overlay.channels)
        if (placed.channel.alignment) switch (placed.channel.alignment->trust) {
            case Trust::accepted:
                ++accepted;
                break;
            case Trust::doubtful:
                ++doubtful;
                break;
            case Trust::refused:
                ++refused;
                break;
            case Trust::by_hand:
                ++by_hand;
                break;
            case Trust::reference:
                break;
            }
    std::string text;
    auto const add = [&](std::string part) { text += (text.empty() ? "" : " · ") + std::move(part); };
    if (accepted) add(std::to_string(accepted) + " accepted");
    if (by_hand) add(std::to_string(by_hand) + " by hand");
    if (doubtful) add(std::to_string(doubtful) + " doubtful");
    if (refused) add(std::to_string(refused) + " refused");
    if (accepted && overlay.residual_px > 0) add("residual " + format_fixed(overlay.residual_px, 2) + " px");
    return text;
}

void summary(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Column& column) {
    OverlayResult const& overlay = input.results.overlay;
    std::string const text = alignment_summary(overlay);
    float const indent = frame.px(13);
    if (!text.empty()) {
        float const height =
            ui::note(frame, {column.x + indent, column.y, column.width - indent, 0}, text, frame.c.third);
        ui::record(frame, {column.x + indent, column.y, column.width - indent, height},
                   {.id = "align/summary", .label = text, .kind = "status"});
        column.y += height;
    }
    if (!overlay.failure.empty()) {
        float const height =
            ui::note(frame, {column.x + indent, column.y, column.width - indent, 0}, overlay.failure, frame.c.failure);
        ui::record(frame, {column.x + indent, column.y, column.width - indent, height},
                   {.id = "align/failure", .label = overlay.failure, .kind = "status"});
        column.y += height;
    }
    bool const failed = !overlay.failure.empty() && overlay.busy.empty();
    ui::Box const row = column.row(frame.px(24));
    bool const table = input.view.overlay.show == OverlayShow::table;
    if (failed) {
        if (ui::link(frame, row.without_left(indent), {.id = "align/again", .label = "Try again"}, ui::Face::note))
            commands.push_back(AlignAgain{});
    } else if (!overlay.channels.empty() &&
               ui::link(frame, row.without_left(indent),
                        {.id = "align/table", .label = table ? "Back to the picture" : "Table of the alignment"},
                        ui::Face::note))
        change_view(input, commands,
                    [&](ViewState& v) { v.overlay.show = table ? OverlayShow::composite : OverlayShow::table; });
    column.y += frame.px(4);
}

/// What concerns all images, and the selected one without its name; the alignment has a summary of its own.
std::vector<Note> overlay_notes(PanelInput const& input) {
    std::vector<Note> notes = input.results.overlay.notes;
    auto const after = [](std::string const& text, std::string const& name) {
        bool const named = !name.empty() && text.size() > name.size() + 2 && text.compare(0, name.size(), name) == 0 &&
                           text.compare(name.size(), 2, ": ") == 0;
        return named ? name.size() + 2 : 0;
    };
    std::erase_if(notes, [&](Note& note) {
        if (note.step == "align") return true;
        for (InputEntry const& entry : input.document.inputs) {
            std::size_t cut = after(note.text, entry.name);
            if (cut == 0) cut = after(note.text, label_of(input, entry.id));
            if (cut == 0) continue;
            if (entry.id != input.view.selected) return true;
            note.text.erase(0, cut);
            return false;
        }
        return false;
    });
    return notes;
}

void channel_choice(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Column& column,
                    bool across) {
    std::vector<int> ids;
    std::vector<std::string> labels;
    for (PlacedChannel const& placed : input.results.overlay.channels)
        if (placed.layer >= 0) {
            ids.push_back(placed.id);
            labels.push_back(label_of(input, placed.id));
        }
    std::vector<std::string_view> const views(labels.begin(), labels.end());
    int const chosen = across ? input.results.overlay.joint_across : input.results.overlay.joint_up;
    auto const at = std::find(ids.begin(), ids.end(), chosen);
    ui::Box const box = column.row(frame.px(26));
    ui::text_in(frame, box, across ? "Across" : "Up", {.face = ui::Face::body, .colour = frame.c.second});
    auto const picked = ui::choice(frame, box.without_left(frame.px(120)),
                                   {.id = across ? "joint/across" : "joint/up", .label = across ? "Across" : "Up"},
                                   views, static_cast<int>(at - ids.begin()));
    if (!picked) return;
    int const id = ids[static_cast<std::size_t>(*picked)];
    change_view(input, commands, [&](ViewState& v) {
        (across ? v.overlay.across : v.overlay.up) = id;
        v.overlay.brush = {};
    });
}

/// Dragging a rectangle selects values; the pixels that have them are painted over on the picture.
void joint_plot(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Column& column) {
    OverlayResult const& overlay = input.results.overlay;
    ui::Palette const& c = frame.c;
    float const side = std::min(column.width, frame.px(232));
    ui::Box const plot = frame.snapped({column.x + (column.width - side) / 2, column.y, side, side});
    column.y += side + frame.px(6);
    ui::fill(frame, plot, 0xff000000u);
    if (overlay.joint) input.pictures.draw(overlay.joint, rectangle_of(plot), input.area);
    ui::outline(frame, plot, c.line);
    Brush const& brush = input.view.overlay.brush;
    ui::Touch const t =
        ui::touch(frame, plot,
                  {.id = "joint/plot",
                   .label = "Values of two channels",
                   .kind = "slider",
                   .value = brush.empty() ? "nothing selected" : ui::share_text(overlay.brushed) + " selected",
                   .help = "Drag a rectangle: the pixels with these values are painted over on the picture. Double "
                           "click or Delete: none."});
    ImVec2 const mouse = ImGui::GetIO().MousePos;
    auto const x_of = [&](float x) { return std::clamp(double(x - plot.x) / plot.width, 0.0, 1.0); };
    auto const y_of = [&](float y) { return std::clamp(double(plot.bottom() - y) / plot.height, 0.0, 1.0); };
    auto const set = [&](Brush next) {
        change_view(
            input, commands, [&](ViewState& v) { v.overlay.brush = next; }, "brush");
    };
    if (t.held && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 3)) {
        ImVec2 const from = ImGui::GetIO().MouseClickedPos[0];
        set({std::min(x_of(from.x), x_of(mouse.x)), std::max(x_of(from.x), x_of(mouse.x)),
             std::min(y_of(from.y), y_of(mouse.y)), std::max(y_of(from.y), y_of(mouse.y))});
    } else if (t.doubled || (t.focused && ImGui::IsKeyPressed(ImGuiKey_Delete)))
        set({});
    else if (t.focused) {
        // Arrows move the selection, with Shift they make it larger or smaller.
        Brush next = brush.empty() ? Brush{0.4, 0.6, 0.4, 0.6} : brush;
        bool moved = false;
        for (ImGuiKey key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow}) {
            ImGui::SetKeyOwner(key, t.id);
            if (!ImGui::IsKeyPressed(key)) continue;
            double const by = key == ImGuiKey_LeftArrow || key == ImGuiKey_DownArrow ? -0.02 : 0.02;
            bool const across = key == ImGuiKey_LeftArrow || key == ImGuiKey_RightArrow, grow = ImGui::GetIO().KeyShift;
            double& low = across ? next.left : next.bottom;
            double& high = across ? next.right : next.top;
            high = std::clamp(high + by, 0.02, 1.0);
            if (!grow) low = std::clamp(low + by, 0.0, high - 0.01);
            moved = true;
        }
        if (moved) set(next);
    }
    if (t.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (!brush.empty()) {
        ui::Box const selected{plot.x + static_cast<float>(brush.left) * plot.width,
                               plot.bottom() - static_cast<float>(brush.top) * plot.height,
                               static_cast<float>(brush.right - brush.left) * plot.width,
                               static_cast<float>(brush.top - brush.bottom) * plot.height};
        ui::fill(frame, selected, 0x30ffffffu);
        ui::outline(frame, selected, 0xffffffffu);
    }
    if (t.focused) ui::focus_ring(frame, plot, 0);
    std::string const words =
        brush.empty() ? "Drag a rectangle to find its pixels." : ui::share_text(overlay.brushed) + " of the pixels";
    ui::Box const line = column.row(frame.px(20));
    ui::text_in(frame, line, words, {.face = ui::Face::note, .colour = c.third}, ui::Align::centre);
    ui::record(frame, line, {.id = "joint/words", .label = words, .kind = "status"});
}

void two_channels(PanelInput const& input, CommandSink& commands, ui::Column& column) {
    ui::Frame frame = frame_of(input);
    divider(input, column);
    column.y += frame.px(3);
    bool const unfolded = holds(input.view.unfolded, "joint");
    auto const head = ui::section_head(frame, column.row(frame.px(32)),
                                       {.id = "joint", .label = "Two channels against each other"}, unfolded, {});
    if (head.folded) change_view(input, commands, [](ViewState& v) { toggle(v.unfolded, "joint"); });
    if (unfolded) {
        if (input.results.overlay.joint) {
            channel_choice(frame, input, commands, column, true);
            channel_choice(frame, input, commands, column, false);
            column.y += frame.px(4);
            joint_plot(frame, input, commands, column);
        } else
            column.y += ui::note(frame, {column.x + frame.px(13), column.y, column.width - frame.px(13), 0},
                                 "Two placed channels are needed.", frame.c.third);
        column.y += frame.px(6);
    }
    column.y = frame.snap(column.y + frame.px(2));
}

/// All that can be said of the selected image.
void this_image(PanelInput const& input, CommandSink& commands, ui::Column& column) {
    InputEntry const* entry = selected_input(input);
    StepUse const* use = find_use(input.document.overlay, "channel");
    if (!entry || !use) return;
    ui::Frame frame = frame_of(input);
    Recipe const own = recipe_for_file(input.document.overlay, entry->name);
    StepUse const& shown = *find_use(own, "channel");
    divider(input, column);
    column.y += frame.px(3);
    bool const unfolded = holds(input.view.unfolded, "channel");
    auto const head = ui::section_head(
        frame, column.row(frame.px(32)),
        {.id = "channel", .label = "This image: " + label_of(input, entry->id), .help = shown.step->summary}, unfolded,
        {});
    if (head.folded) change_view(input, commands, [](ViewState& v) { toggle(v.unfolded, "channel"); });
    if (unfolded) {
        static constexpr std::array<std::string_view, 4> k_without{"gain", "shown", "tint", "points"};
        bool const advanced = holds(input.view.advanced, "channel");
        ui::param_rows(frame, column,
                       {.use = shown, .advanced = advanced, .only_file = entry->id, .keys = {}, .without = k_without},
                       commands);
        column.y += ui::note(frame, {column.x + frame.px(13), column.y, column.width - frame.px(13), 0}, entry->name,
                             frame.c.third);
        ui::Box const more = column.row(frame.px(24));
        if (ui::link(frame, more,
                     {.id = "channel/place_points",
                      .label = "Place points…",
                      .help = "Show on two images which spots are the same."},
                     ui::Face::note))
            change_view(input, commands, [](ViewState& v) { v.points.placing = true; });
        if (ui::link(frame, column.row(frame.px(24)),
                     {.id = "channel/more",
                      .label = advanced ? "Fewer settings" : "More settings",
                      .value = advanced ? "unfolded" : "folded"},
                     ui::Face::note))
            change_view(input, commands, [](ViewState& v) { toggle(v.advanced, "channel"); });
        column.y += frame.px(6);
    }
    column.y = frame.snap(column.y + frame.px(2));
}

} // namespace

void draw_overlay_steps(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    InputEntry const* entry = selected_input(input);
    Recipe const own = entry ? recipe_for_file(input.document.overlay, entry->name) : input.document.overlay;
    ui::Column column = right_column(input);
    std::vector<Note> const notes = overlay_notes(input);
    auto section = [&](std::string_view id, std::span<std::string_view const> without = {}) {
        StepUse const* use = find_use(own, id);
        if (!use) return;
        divider(input, column);
        step_section(input, commands, column, {.use = *use, .notes = &notes, .without = without});
    };
    section("align");
    summary(frame, input, commands, column);
    // What is seldom changed comes with "More settings"; the palette stands with the channels.
    static constexpr std::array<std::string_view, 6> k_seldom{"palette",      "subtract_dark", "low_percent",
                                                              "high_percent", "linked",        "curve"};
    bool const more = holds(input.view.advanced, "compose");
    section("compose", std::span(k_seldom).first(more ? 1 : k_seldom.size()));
    two_channels(input, commands, column);
    this_image(input, commands, column);
    section("databar");
    static constexpr std::array<std::string_view, 4> k_drawn{"align", "compose", "databar", "channel"};
    for (bool const set : {false, true}) {
        bool first = true;
        for (StepUse const& use : own.steps) {
            bool const known = std::find(k_drawn.begin(), k_drawn.end(), use.step->id) != k_drawn.end();
            bool const late = use.step->whole_set || use.step->group == StepGroup::output ||
                              use.step->id == "beam_spot" || use.step->id == "unsharp";
            if (known || late != set) continue;
            if (first) {
                divider(input, column);
                column.y += frame.px(8);
                ui::caption(frame, column.row(frame.px(18)), set ? "All images" : "Each image");
                step_section(input, commands, column, {.use = use, .notes = &notes});
                first = false;
            } else
                section(use.step->id);
        }
    }
    divider(input, column);
    column.y += frame.px(12);
    end_column(column);
}

} // namespace mg::app
