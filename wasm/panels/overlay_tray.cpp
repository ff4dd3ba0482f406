// The series and their images: what each is, where it lies, and in which order they stand. Rows are dragged into order.
#include "base/text.h"
#include "imgui_internal.h"
#include "panels/overlay_tools.h"

namespace mg::app {
namespace {

constexpr float k_channel_row = 52, k_channel_strip_row = 62;

struct Row {
    ui::Frame const& frame;
    PanelInput const& input;
    InputEntry const& entry;
    ui::Box box, clip;
    int place = 0, of = 0; ///< among the signals, from 1; 0: none of them
};

void row_menu(Row const& in, CommandSink& commands, std::string const& id, ui::Box anchor) {
    std::string const menu = id + "/menu";
    std::vector<int> const order = signals(in.input);
    if (!ui::begin_menu(in.frame, menu, anchor, in.frame.px(220), in.place > 0 ? 7 : 5)) return;
    OverlayMember const* member = member_of(in.input, in.entry.id);
    bool const out = member && member->left_out;
    Role const role = member ? member->channel.role : Role::signal;
    auto row = [&](std::string name, std::string label, bool chosen, bool enabled = true) {
        return ui::menu_row(
            in.frame,
            {.control = {.id = id + "/" + name, .label = std::move(label), .enabled = enabled}, .chosen = chosen});
    };
    if (row("signal", "Channel", !out && role == Role::signal))
        set_channel(commands, in.entry.id, "role", std::int64_t{1});
    if (row("extra", "Extra image", !out && role == Role::extra))
        set_channel(commands, in.entry.id, "role", std::int64_t{2});
    if (row("off", "Leave out", out)) set_channel(commands, in.entry.id, "role", std::int64_t{3});
    if (in.place > 0) {
        auto swapped = [&](int with) {
            std::vector<int> ids = order;
            std::swap(ids[static_cast<std::size_t>(in.place - 1)], ids[static_cast<std::size_t>(with - 1)]);
            reorder(in.input, commands, ids);
        };
        if (row("up", "Move up", false, in.place > 1)) swapped(in.place - 1);
        if (row("down", "Move down", false, in.place < in.of)) swapped(in.place + 1);
    }
    if (row("points", "Place points…", false, !out)) {
        commands.push_back(Select{in.entry.id});
        change_view(in.input, commands, [](ViewState& v) {
            v.points.placing = true;
            v.points.half_pair.clear();
        });
    }
    if (row("remove", "Remove from the list", false)) commands.push_back(RemoveFile{in.entry.id});
    ui::end_menu();
}

/// Where a dragged row would go: 0 .. count.
int drop_place(float mouse_y, float first_y, float step, int count) {
    return std::clamp(static_cast<int>(std::floor((mouse_y - first_y) / step + 0.5f)), 0, count);
}

void draw_row(Row const& in, CommandSink& commands) {
    ui::Frame const& frame = in.frame;
    ui::Palette const& c = frame.c;
    FileResult const* result = result_of(in.input, in.entry.id);
    TrustLook look = trust_look(frame, in.input, in.entry.id);
    std::string const label = label_of(in.input, in.entry.id);
    std::string const id = "overlay/row/" + in.entry.name + "#" + std::to_string(in.entry.id);
    bool const chosen = in.entry.id == in.input.view.selected, narrow = in.input.narrow;
    ui::Box const box = frame.snapped(in.box);
    ImGui::SetNextItemAllowOverlap();
    std::string value = look.words;
    if (in.place > 0) value = "channel " + std::to_string(in.place) + " of " + std::to_string(in.of) + ", " + value;
    std::string const help = in.entry.name + (look.attention || narrow ? ": " + look.words : "");
    ui::Touch t = ui::touch(frame, box, {.id = id, .label = label, .kind = "row", .value = value, .help = help});
    if (t.pressed && !chosen) commands.push_back(Select{in.entry.id});
    ImGuiStorage* storage = ImGui::GetStateStorage();
    ImGuiID const dragged = ImGui::GetID("overlay/dragged");
    if (in.place > 0 && t.held && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 6))
        storage->SetInt(dragged, in.entry.id);
    if (t.focused && in.place > 0 && ImGui::GetIO().KeyAlt) // Alt and an arrow move the row
        for (ImGuiKey key : {ImGuiKey_UpArrow, ImGuiKey_DownArrow}) {
            ImGui::SetKeyOwner(key, t.id);
            int const with = in.place + (key == ImGuiKey_UpArrow ? -1 : 1);
            if (!ImGui::IsKeyPressed(key) || with < 1 || with > in.of) continue;
            std::vector<int> ids = signals(in.input);
            std::swap(ids[static_cast<std::size_t>(in.place - 1)], ids[static_cast<std::size_t>(with - 1)]);
            reorder(in.input, commands, ids);
        }
    bool const over = ImGui::IsMouseHoveringRect(box.low(), box.high()) && in.clip.contains(ImGui::GetIO().MousePos);
    float const radius = frame.px(6);
    if (chosen) {
        ui::fill(frame, box, c.raised, radius);
        ImDrawList& list = ui::draw_list(frame);
        list.PushClipRect(box.low(), {box.x + frame.px(2), box.bottom()}, true);
        ui::fill(frame, box, c.accent, radius);
        list.PopClipRect();
    } else if (over)
        ui::fill(frame, box, ui::faded(c.raised, 0.6f), radius);
    float const inset = frame.px(6);
    ui::Box picture = narrow ? box.inset(inset, inset)
                             : ui::Box{box.x + inset, box.middle_y() - frame.px(19), frame.px(52), frame.px(38)};
    picture = frame.snapped(picture);
    OverlayMember const* member = member_of(in.input, in.entry.id);
    if (result && result->thumbnail && !result->thumbnail->size.empty()) {
        ui::fill(frame, picture, c.canvas, frame.px(3));
        Rgb tint = swatch_of(in.input, in.entry.id);
        if (member && member->left_out) tint = {0.4f, 0.4f, 0.4f};
        in.input.pictures.draw(result->thumbnail, rectangle_of(fitted(frame, picture, result->thumbnail->size)),
                               rectangle_of(in.clip), tint);
    } else
        ui::dashed_outline(frame, picture, c.line, frame.px(4));
    if (in.place > 0) {
        ui::Box const badge{picture.x, picture.bottom() - frame.px(14), frame.px(in.place > 9 ? 20 : 14), frame.px(14)};
        ui::fill(frame, badge, ui::faded(c.panel, 0.85f), frame.px(3));
        ui::text_in(frame, badge, std::to_string(in.place),
                    {.face = ui::Face::small, .colour = c.second, .tabular = true}, ui::Align::centre);
    }

    ui::Box corner{box.right() - frame.px(24), box.middle_y() - frame.px(10), frame.px(20), frame.px(20)};
    if (narrow) corner = {box.right() - frame.px(18), box.bottom() - frame.px(18), frame.px(16), frame.px(16)};
    if (narrow) ui::draw_list(frame).AddCircleFilled({corner.middle_x(), corner.middle_y()}, frame.px(7), c.panel);
    std::string const more = id + "/more";
    bool const on_more = ImGui::GetCurrentContext()->NavId == ImGui::GetID(more.c_str());
    bool const open = ImGui::IsPopupOpen((id + "/menu").c_str());
    if (!narrow && (over || t.focused || on_more || open)) {
        if (ui::icon_button(
                frame, corner,
                {.id = more, .label = "What " + label + " is", .help = "Channel or extra image, order, points."},
                ui::Icon::more))
            ui::open_menu(id + "/menu");
    } else
        ui::mark(frame, {corner.middle_x(), corner.middle_y()}, look.mark, look.colour);
    row_menu(in, commands, id, corner);
    if (!narrow) {
        float const x = picture.right() + frame.px(9);
        ui::Box const text{x, box.y, corner.x - x - frame.px(3), box.height};
        ui::TextStyle const name{
            .face = ui::Face::body, .colour = member && member->left_out ? c.third : c.text, .tabular = true};
        ui::TextStyle const small{
            .face = ui::Face::small, .colour = look.attention ? look.colour : c.third, .tabular = true};
        std::vector<std::string> lines = ui::wrapped(look.words, small, text.width);
        if (lines.size() > 2) {
            lines[1] = ui::elided(lines[1] + " " + lines[2], small, text.width);
            lines.resize(2);
        }
        float const step = frame.px(13), name_height = frame.px(18);
        float y = box.middle_y() - (name_height + step * static_cast<float>(lines.size())) / 2;
        ui::text_in(frame, {text.x, y, text.width, name_height}, ui::elided_middle(label, name, text.width), name);
        y += name_height;
        for (std::string const& line : lines) {
            ui::text_in(frame, {text.x, y, text.width + 1, step}, line, small);
            y += step;
        }
    }
    if (t.focused) ui::focus_ring(frame, box.inset(frame.px(2), frame.px(2)), radius);
}

} // namespace

void draw_overlay_tray(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    ui::Box area = box_of(input.area);
    ui::vertical_line(frame, area.right() - frame.hairline(), area.y, area.bottom(), frame.c.line);
    float const side = frame.px(10), step = frame.px(input.narrow ? k_channel_strip_row : k_channel_row), gap = frame.px(2);
    float const foot = input.narrow ? frame.px(8) : std::min(frame.px(206), area.height / 2);
    ui::Box const list{area.x, area.y + frame.px(4), area.width - frame.hairline(), area.height - foot - frame.px(4)};
    ImGui::SetCursorScreenPos(list.low());
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::BeginChild("series", {list.width, list.height}, ImGuiChildFlags_None, ImGuiWindowFlags_NavFlattened);
    ImGui::PopStyleVar();
    ImVec2 const start = ImGui::GetCursorScreenPos();
    float y = start.y;
    auto head = [&](std::string const& text, std::size_t count) {
        if (input.narrow) {
            y += frame.px(8);
            return;
        }
        ui::Box const box{list.x + frame.px(14), y + frame.px(6), list.width - frame.px(28), frame.px(26)};
        ui::caption(frame, box, text, std::to_string(count));
        y += frame.px(34);
    };
    ImGuiStorage* storage = ImGui::GetStateStorage();
    ImGuiID const dragged_key = ImGui::GetID("overlay/dragged");
    int const dragged = storage->GetInt(dragged_key);
    for (OverlaySeries const& series : input.results.overlay.series) {
        std::size_t images = 0, extras = 0, out = 0;
        for (OverlayMember const& member : series.members)
            (member.left_out ? out : member.channel.role == Role::signal ? images : extras) += 1;
        std::string const name = series.name.empty() ? "Series" : series.name;
        bool const shown = &series == shown_series(input);
        float first_y = 0;
        int place = 0;
        enum { none, signal, extra, left } group = none;
        std::vector<int> order;
        for (OverlayMember const& member : series.members) {
            InputEntry const* entry = find_input(input.document, member.id);
            if (!entry) continue;
            auto const now = member.left_out ? left : member.channel.role == Role::signal ? signal : extra;
            if (now != group) {
                group = now;
                std::string const of = shown || input.results.overlay.series.size() == 1 ? "" : " · " + name;
                if (now == signal) head("Series " + name, images);
                if (now == extra) head("Extra" + of, extras);
                if (now == left) head("Left out" + of, out);
                if (now == signal) first_y = y;
            }
            if (now == signal) {
                ++place;
                order.push_back(member.id);
            }
            ui::Box const box{list.x + side, y, list.width - 2 * side, step - gap};
            draw_row({frame, input, *entry, box, list, now == signal && shown ? place : 0, static_cast<int>(images)},
                     commands);
            if (member.id == input.view.selected && input.view.selected != storage->GetInt(1)) {
                float const top = y - list.y;
                if (top < 0 || top + step > list.height) ImGui::SetScrollFromPosY(top, 0.5f);
            }
            y += step;
        }
        // A line where the dragged row would go; it goes there when it is let go.
        auto const from = std::find(order.begin(), order.end(), dragged);
        if (!shown || dragged == 0 || from == order.end()) continue;
        int const to = drop_place(ImGui::GetIO().MousePos.y, first_y, step, static_cast<int>(order.size()));
        float const line = first_y + step * static_cast<float>(to) - gap;
        ui::fill(frame, {list.x + side, frame.snap(line), list.width - 2 * side, frame.px(2)}, frame.c.accent);
        ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeNS);
        if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) continue;
        storage->SetInt(dragged_key, 0);
        auto const at = static_cast<int>(from - order.begin());
        if (to == at || to == at + 1) continue;
        std::vector<int> ids = order;
        ids.erase(ids.begin() + at);
        ids.insert(ids.begin() + (to > at ? to - 1 : to), dragged);
        reorder(input, commands, ids);
    }
    // What is not known yet.
    bool reading = false;
    for (InputEntry const& entry : input.document.inputs) {
        if (member_of(input, entry.id)) continue;
        if (!reading) head("Files", input.document.inputs.size());
        reading = true;
        draw_row({frame, input, entry, {list.x + side, y, list.width - 2 * side, step - gap}, list}, commands);
        y += step;
    }
    storage->SetInt(1, input.view.selected);
    ImGui::SetCursorScreenPos({start.x, y});
    ImGui::Dummy({1, gap});
    ImGui::EndChild();
}

} // namespace mg::app
