#include "panels/canvas_tools.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "imgui_internal.h"
#include "panels/tools.h"
#include "ui/format.h"
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

void view_scale_bar(ui::Frame const& frame, ui::Box area, std::optional<double> pixel_size_nm, double css_per_px) {
    if (!pixel_size_nm) return;
    auto bar = ui::bar_length(*pixel_size_nm / css_per_px, frame.px(150));
    if (!bar) return;
    std::string text = ui::length_text(bar->nm);
    ui::TextStyle style{.face = ui::Face::note, .colour = frame.c.text};
    auto length = static_cast<float>(bar->px);
    float width = std::max(length, ui::text_width(text, style)) + frame.px(20), height = frame.px(32);
    ui::Box box = frame.snapped({area.right() - frame.px(12) - width, area.y + frame.px(12), width, height});
    ui::fill(frame, box, ui::faded(frame.c.panel, 0.82f), frame.px(6));
    ui::text_in(frame, {box.x, box.y + frame.px(3), box.width, frame.px(14)}, text, style, ui::Align::centre);
    float x0 = frame.snap(box.middle_x() - length / 2), y = frame.snap(box.bottom() - frame.px(9)), w = frame.px(2),
          tick = frame.px(4);
    ImDrawList& list = ui::draw_list(frame);
    list.AddRectFilled({x0, y}, {x0 + length, y + w}, frame.c.text);
    list.AddRectFilled({x0, y - tick}, {x0 + frame.hairline(), y + w}, frame.c.text);
    list.AddRectFilled({x0 + length - frame.hairline(), y - tick}, {x0 + length, y + w}, frame.c.text);
    ui::record(frame, box, {.id = "canvas/scale", .label = "Scale bar of the view", .kind = "status", .value = text});
}

float ChipRow::height() const {
    return static_cast<float>(rows()) * m_frame.px(26) + m_frame.px(10);
}

void ChipRow::draw() const {
    float const left = m_area.x + m_frame.px(12);
    float x = left, y = m_area.bottom() - m_frame.px(6) - m_frame.px(26) * static_cast<float>(rows());
    for (Chip const& chip : m_chips) {
        float const width = ui::chip_width(m_frame, chip.control.label);
        if (x > left && x + width > m_area.right() - m_frame.px(12)) {
            x = left;
            y += m_frame.px(26);
        }
        ui::Box const box{x, y, width, m_frame.px(20)};
        ui::Control control = chip.control;
        if (control.value.empty()) control.value = chip.lit ? "on" : "off";
        if (ui::chip(m_frame, box, control, chip.lit)) chip.act({});
        chip.act(box);
        x += width + m_frame.px(6);
    }
}

int ChipRow::rows() const {
    float const left = m_area.x + m_frame.px(12);
    float x = left;
    int count = 1;
    for (Chip const& chip : m_chips) {
        float const width = ui::chip_width(m_frame, chip.control.label);
        if (x > left && x + width > m_area.right() - m_frame.px(12)) {
            x = left;
            ++count;
        }
        x += width + m_frame.px(6);
    }
    return count;
}

PictureTouch move_picture(ui::Frame const& frame, PanelInput const& input, CommandSink& commands,
                          LaidPicture const& shown, ui::Box area) {
    ImGuiIO const& io = ImGui::GetIO();
    ImGuiID id = ImGui::GetID("canvas/picture");
    ImRect rect(area.low(), area.high());
    ImGui::SetNextItemAllowOverlap();
    PictureTouch touch;
    if (!ImGui::ItemAdd(rect, id, nullptr, ImGuiItemFlags_NoNav)) return touch;
    bool held = false;
    touch.clicked = ImGui::ButtonBehavior(rect, id, &touch.hovered, &held,
                                          ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle |
                                              ImGuiButtonFlags_NoNavFocus);
    touch.held = held && ImGui::IsMouseDown(ImGuiMouseButton_Left);
    touch.started = touch.held && ImGui::IsMouseClicked(ImGuiMouseButton_Left);
    constexpr float k_still_px = 9; // squared
    if (io.MouseDragMaxDistanceSqr[0] > k_still_px || !ImGui::IsMouseReleased(ImGuiMouseButton_Left))
        touch.clicked = false;
    auto change = [&](auto make) {
        change_view(
            input, commands, [&](ViewState& v) { v = make(v); }, "move");
    };
    bool const moves = held && (shown.left_moves || !touch.held);
    if (moves && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0))
        change([&](ViewState const& v) {
            return ui::panned(v, shown.stage, shown.size, frame.ratio, io.MouseDelta.x, io.MouseDelta.y);
        });
    if (moves) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
    if (touch.hovered && io.MouseWheel != 0) {
        double now = shown.map.scale * frame.ratio;
        change([&](ViewState const& v) {
            return ui::zoomed(v, shown.stage, shown.size, frame.ratio, now * std::pow(1.2, io.MouseWheel), io.MousePos);
        });
    }
    if (touch.hovered && shown.left_moves && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left))
        change([&](ViewState const& v) {
            ViewState fit = v;
            fit.fit = true;
            return v.fit ? ui::zoomed(v, shown.stage, shown.size, frame.ratio, 1, io.MousePos) : fit;
        });
    return touch;
}

} // namespace mg::app
