#include "panels/canvas_tools.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "imgui_internal.h"
#include "panels/tools.h"
#include "ui/icons.h"

namespace mg::app {

ui::Box clipped(ui::Box a, ui::Box b) {
    float x = std::max(a.x, b.x), y = std::max(a.y, b.y);
    return {x, y, std::max(0.0f, std::min(a.right(), b.right()) - x),
            std::max(0.0f, std::min(a.bottom(), b.bottom()) - y)};
}

void label_on_picture(ui::Frame const& frame, ui::Box where, PictureLabel const& label) {
    auto const [text, right, id] = label;
    float width = ui::chip_width(frame, text), height = frame.px(20), gap = frame.px(10);
    if (where.width < width + 2 * gap || where.height < height + 2 * gap) return;
    ui::Box box = frame.snapped({right ? where.right() - gap - width : where.x + gap, where.y + gap, width, height});
    ui::fill(frame, box, ui::faded(frame.c.raised, 0.9f), height / 2);
    ui::text_in(frame, box, text, {.face = ui::Face::small, .colour = frame.c.text}, ui::Align::centre);
    ui::record(
        frame, box,
        {.id = "canvas/label/" + std::string(id.empty() ? text : id), .label = std::string(text), .kind = "status"});
}

void swipe_line(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Box picture, ui::Box area,
                std::string_view name) {
    float x = frame.snap(picture.x + picture.width * static_cast<float>(input.view.swipe));
    ui::Box seen = clipped(picture, area);
    float r = frame.px(11);
    ui::Box handle{x - r, seen.middle_y() - r, 2 * r, 2 * r};
    ui::Box grip{x - frame.px(6), seen.y, frame.px(12), seen.height};
    std::array<char, 16> percent{};
    std::snprintf(percent.data(), percent.size(), "%.0f %%", input.view.swipe * 100);
    ImGui::SetNextItemAllowOverlap();
    ui::Touch line = ui::touch(
        frame, grip, {.id = "canvas/swipe", .label = std::string(name), .kind = "slider", .value = percent.data()});
    if (line.hovered || line.held) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    auto move = [&](double to) {
        change_view(
            input, commands, [&](ViewState& v) { v.swipe = std::clamp(to, 0.0, 1.0); }, "swipe");
    };
    if (line.held && picture.width > 0 && ImGui::GetCurrentContext()->ActiveIdSource == ImGuiInputSource_Mouse)
        move((ImGui::GetIO().MousePos.x - picture.x) / picture.width);
    if (line.focused)
        for (ImGuiKey key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow}) {
            ImGui::SetKeyOwner(key, line.id);
            if (ImGui::IsKeyPressed(key)) move(input.view.swipe + (key == ImGuiKey_LeftArrow ? -0.02 : 0.02));
        }
    ImDrawList& list = ui::draw_list(frame);
    list.AddRectFilled({x - frame.hairline() / 2, seen.y}, {x + frame.hairline() / 2, seen.bottom()}, 0xffffffffu);
    list.AddCircleFilled({x, handle.middle_y()}, r, 0xffffffffu);
    float size = frame.px(14);
    ui::icon(frame, {x - size / 2, handle.middle_y() - size / 2, size, size}, ui::Icon::swipe, 0xff1a1614u);
    if (line.focused) ui::focus_ring(frame, handle, r);
}

void move_picture(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, LaidPicture const& shown,
                  ui::Box area) {
    ImGuiIO const& io = ImGui::GetIO();
    ImGuiID id = ImGui::GetID("canvas/picture");
    ImRect rect(area.low(), area.high());
    ImGui::SetNextItemAllowOverlap();
    if (!ImGui::ItemAdd(rect, id, nullptr, ImGuiItemFlags_NoNav)) return;
    bool hovered = false, held = false;
    ImGui::ButtonBehavior(rect, id, &hovered, &held,
                          ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle |
                              ImGuiButtonFlags_NoNavFocus);
    auto change = [&](auto make) {
        change_view(
            input, commands, [&](ViewState& v) { v = make(v); }, "move");
    };
    if (held && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0))
        change([&](ViewState const& v) {
            return ui::panned(v, shown.stage, shown.size, frame.ratio, io.MouseDelta.x, io.MouseDelta.y);
        });
    if (held) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
    if (hovered && io.MouseWheel != 0) {
        double now = shown.map.scale * frame.ratio;
        change([&](ViewState const& v) {
            return ui::zoomed(v, shown.stage, shown.size, frame.ratio, now * std::pow(1.2, io.MouseWheel), io.MousePos);
        });
    }
    if (hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left))
        change([&](ViewState const& v) {
            ViewState fit = v;
            fit.fit = true;
            return v.fit ? ui::zoomed(v, shown.stage, shown.size, frame.ratio, 1, io.MousePos) : fit;
        });
}

} // namespace mg::app
