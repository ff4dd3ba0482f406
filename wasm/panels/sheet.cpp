#include "panels/sheet.h"

namespace mg::app {

void close_sheet(PanelInput const& input, CommandSink& commands) {
    change_view(input, commands, [](ViewState& v) {
        v.sheet = Sheet::none;
        v.search.clear();
    });
}

std::optional<ui::Box> begin_sheet(PanelInput const& input, CommandSink& commands, SheetSpec const& spec) {
    if (input.view.sheet != spec.kind) return {};
    ui::Frame frame = frame_of(input);
    ui::Box page = box_of(input.area);
    ImGui::SetNextWindowPos(page.low());
    ImGui::SetNextWindowSize({page.width, page.height});
    ImGui::Begin("over", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoScrollWithMouse);
    if (ImGui::IsWindowAppearing()) ImGui::SetWindowFocus();
    ui::fill(frame, page, frame.c.shade);
    float width = std::min(frame.px(spec.width), page.width - frame.px(48));
    float height = std::min(frame.px(spec.height), page.height - frame.px(48));
    float y = spec.at_top ? page.y + std::min(frame.px(96), (page.height - height) / 2) : page.middle_y() - height / 2;
    ui::Box sheet = frame.snapped({page.middle_x() - width / 2, y, width, height});
    float radius = frame.px(10);
    for (int i = 1; i <= 4; ++i)
        ui::fill(frame, sheet.inset(-frame.px(2.0f * static_cast<float>(i)), -frame.px(2.0f * static_cast<float>(i))),
                 0x10000000u, radius + frame.px(8));
    ui::fill(frame, sheet, frame.c.panel, radius);
    ui::outline(frame, sheet, frame.c.line, radius);
    bool beside = ImGui::IsMouseClicked(ImGuiMouseButton_Left) &&
                  ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows) && !sheet.contains(ImGui::GetIO().MousePos);
    if (beside && !ImGui::IsWindowAppearing()) close_sheet(input, commands);
    ui::Box body = sheet.inset(frame.px(20), frame.px(16));
    if (spec.title.empty()) return body;
    ui::Box head = {body.x, body.y, body.width, frame.px(28)};
    ui::text_in(frame, head, spec.title, {.face = ui::Face::title, .colour = frame.c.text});
    ui::record(frame, head, {.id = "sheet/title", .label = std::string(spec.title), .kind = "heading"});
    ui::Box cross{head.right() - frame.px(22), head.middle_y() - frame.px(13), frame.px(26), frame.px(26)};
    if (ui::icon_button(frame, cross, {.id = "sheet/close", .label = "Close", .help = "Esc"}, ui::Icon::close))
        close_sheet(input, commands);
    float used = frame.px(40);
    return ui::Box{body.x, body.y + used, body.width, body.height - used};
}

void end_sheet() {
    ImGui::End();
}

} // namespace mg::app
