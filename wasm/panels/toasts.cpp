// Messages that show for some seconds above the status bar.
#include "panels/tools.h"

namespace mg::app {

void draw_toasts(PanelInput const& input, CommandSink&) {
    ui::Frame frame = frame_of(input);
    Layout at = page_layout(input);
    float y = at.canvas.bottom() - frame.px(48);
    int index = 0;
    for (auto toast = input.activity.toasts.rbegin(); toast != input.activity.toasts.rend(); ++toast, ++index) {
        ui::TextStyle text{.face = ui::Face::body, .colour = frame.c.text};
        float widest = std::min(frame.px(460), at.canvas.width - frame.px(48));
        std::vector<std::string> lines = ui::wrapped(toast->text, text, widest - frame.px(48));
        float width = 0, step = frame.px(20);
        for (std::string const& line : lines) width = std::max(width, ui::text_width(line, text));
        float height = step * static_cast<float>(lines.size()) + frame.px(16);
        ui::Box box = frame.snapped(
            {at.canvas.middle_x() - (width + frame.px(46)) / 2, y - height, width + frame.px(46), height});
        if (box.y < at.canvas.y) break;
        ImGui::SetNextWindowPos(box.low());
        ImGui::SetNextWindowSize({box.width, box.height});
        std::string name = "toast" + std::to_string(index);
        ImGui::Begin(name.c_str(), nullptr,
                     ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoInputs | ImGuiWindowFlags_NoBackground |
                         ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
                         ImGuiWindowFlags_NoNav);
        ImDrawList& list = ui::draw_list(frame);
        list.PushClipRectFullScreen();
        for (int i = 1; i <= 3; ++i) {
            float spread = frame.px(static_cast<float>(i) * 2);
            ui::fill(frame, box.inset(-spread, -spread), 0x12000000u, frame.px(8) + spread);
        }
        ui::fill(frame, box, frame.c.raised, frame.px(8));
        ui::outline(frame, box, frame.c.line, frame.px(8));
        StateLook look{ui::Mark::dot, frame.c.accent, "note"};
        if (toast->kind == Toast::Kind::ok) look = look_of(frame, FileState::done);
        if (toast->kind == Toast::Kind::warning) look = look_of(frame, FileState::attention);
        if (toast->kind == Toast::Kind::failure) look = look_of(frame, FileState::failed);
        ui::mark(frame, {box.x + frame.px(18), box.y + frame.px(8) + step / 2}, look.mark, look.colour);
        for (std::size_t i = 0; i < lines.size(); ++i)
            ui::text_in(frame,
                        {box.x + frame.px(32), box.y + frame.px(8) + step * static_cast<float>(i), width + 2, step},
                        lines[i], text);
        ui::record(frame, box, {.id = name, .label = toast->text, .kind = "status", .value = std::string(look.word)});
        list.PopClipRect();
        ImGui::End();
        y = box.y - frame.px(8);
    }
}

} // namespace mg::app
