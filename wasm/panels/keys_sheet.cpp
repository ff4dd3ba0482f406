// All keys, from the table that acts upon them.
#include <array>

#include "panels/keys.h"
#include "panels/sheet.h"

namespace mg::app {
namespace {

struct KeyLine {
    std::string_view words, keys;
};
// How the focus moves, which is not a command.
constexpr std::array<KeyLine, 7> k_focus{{{"Next region: bar, files, picture, steps", "F6"},
                                          {"Next control, once a ring is shown", "↑ ↓ Tab"},
                                          {"Use it", "Space"},
                                          {"Turn a slider (Shift: larger steps)", "← →"},
                                          {"Type its value", "Enter"},
                                          {"Back to its default", "Delete"},
                                          {"Leave; close; cancel the work", "Esc"}}};

void key_cap(ui::Frame const& frame, ui::Box line, std::string_view keys) {
    float width = ui::text_width(keys, {.face = ui::Face::note}) + frame.px(14);
    ui::Box cap = frame.snapped({line.right() - width, line.middle_y() - frame.px(10), width, frame.px(20)});
    ui::fill(frame, cap, frame.c.raised, frame.px(4));
    ui::outline(frame, cap, frame.c.line, frame.px(4));
    ui::text_in(frame, cap, keys, {.face = ui::Face::note, .colour = frame.c.text}, ui::Align::centre);
}

void key_line(ui::Frame const& frame, ui::Box box, KeyLine const& at) {
    ui::text_in(frame, box.without_right(frame.px(100)), at.words, {.face = ui::Face::body, .colour = frame.c.second});
    key_cap(frame, box, at.keys);
    ui::record(frame, box,
               {.id = "keys/" + std::string(at.words),
                .label = std::string(at.words),
                .kind = "status",
                .value = std::string(at.keys)});
}

} // namespace

void draw_keys_sheet(PanelInput const& input, CommandSink& commands) {
    auto body = begin_sheet(input, commands, {.kind = Sheet::keys, .title = "Keys", .width = 720, .height = 600});
    if (!body) return;
    ui::Frame frame = frame_of(input);
    ImGui::SetCursorScreenPos(body->low());
    ImGui::BeginChild("keys", {body->width, body->height}, ImGuiChildFlags_None, ImGuiWindowFlags_NavFlattened);
    ImVec2 at = ImGui::GetCursorScreenPos();
    float gap = frame.px(36), width = (body->width - gap - frame.px(10)) / 2, row = frame.px(26);
    float y[2] = {at.y, at.y};
    auto column_of = [](std::string_view section) { return section == "Files" || section == "Changes" ? 0 : 1; };
    auto box_in = [&](int column, float height) {
        ui::Box box{at.x + static_cast<float>(column) * (width + gap), y[column], width, height};
        y[column] += height;
        return box;
    };
    std::string_view section;
    for (KeyAction const& action : key_actions()) {
        if (action.shown.empty()) continue;
        int column = column_of(action.section);
        if (action.section != section) {
            if (y[column] > at.y) y[column] += frame.px(12);
            ui::caption(frame, box_in(column, frame.px(24)), action.section);
            section = action.section;
        }
        key_line(frame, box_in(column, row), {action.words, action.shown});
    }
    y[0] += frame.px(12);
    ui::caption(frame, box_in(0, frame.px(24)), "Without a mouse");
    for (KeyLine const& focus : k_focus) key_line(frame, box_in(0, row), focus);
    ImGui::SetCursorScreenPos({at.x, std::max(y[0], y[1])});
    ImGui::Dummy({1, 1});
    ImGui::EndChild();
    end_sheet();
}

} // namespace mg::app
