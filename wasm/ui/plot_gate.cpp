#include "ui/plot_gate.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "imgui_internal.h"

namespace mg::ui {
namespace {

constexpr std::size_t k_most_corners = 128;

std::vector<double> rectangle(Point a, Point b) {
    double const left = std::min(a.x, b.x), right = std::max(a.x, b.x), low = std::min(a.y, b.y),
                 high = std::max(a.y, b.y);
    return {left, low, right, low, right, high, left, high};
}

/// All corners moved, or spread from their middle, and kept inside the plot.
std::vector<double> moved(std::vector<double> corners, PlotArea const& area, double dx, double dy, bool grow) {
    double left = 1, right = 0, low = area.top, high = 0;
    for (std::size_t i = 0; i + 1 < corners.size(); i += 2) {
        left = std::min(left, corners[i]), right = std::max(right, corners[i]);
        low = std::min(low, corners[i + 1]), high = std::max(high, corners[i + 1]);
    }
    if (grow) {
        double const kx = (right - left + 2 * dx) / std::max(right - left, 1e-6),
                     ky = (high - low + 2 * dy) / std::max(high - low, 1e-6);
        if (right - left + 2 * dx < 0.01 || high - low + 2 * dy < 0.01) return corners;
        for (std::size_t i = 0; i + 1 < corners.size(); i += 2) {
            corners[i] = std::clamp((left + right) / 2 + (corners[i] - (left + right) / 2) * kx, 0.0, 1.0);
            corners[i + 1] = std::clamp((low + high) / 2 + (corners[i + 1] - (low + high) / 2) * ky, 0.0, area.top);
        }
        return corners;
    }
    dx = std::clamp(dx, -left, 1 - right);
    dy = std::clamp(dy, -low, area.top - high);
    for (std::size_t i = 0; i + 1 < corners.size(); i += 2) {
        corners[i] += dx;
        corners[i + 1] += dy;
    }
    return corners;
}

void draw(Frame const& frame, PlotArea const& area, GateSpec const& spec) {
    std::size_t const n = spec.corners.size() / 2;
    if (n == 0) return;
    ImDrawList& list = draw_list(frame);
    std::vector<ImVec2> path;
    for (std::size_t i = 0; i < n; ++i) path.push_back(area.to_page({spec.corners[2 * i], spec.corners[2 * i + 1]}));
    if (spec.open) path.push_back(area.to_page(area.to_plot(ImGui::GetIO().MousePos)));
    int const count = static_cast<int>(path.size());
    ImDrawFlags const closed = spec.open ? 0 : ImDrawFlags_Closed;
    // Dark below light is seen on any ground.
    list.AddPolyline(path.data(), count, 0x90000000u, closed, 3 * frame.scale);
    list.AddPolyline(path.data(), count, 0xffffffffu, closed, 1.5f * frame.scale);
    if (!spec.open) return;
    for (std::size_t i = 0; i < n; ++i) {
        list.AddCircleFilled(path[i], frame.px(3.5f), 0xff202020u);
        list.AddCircleFilled(path[i], frame.px(2.5f), i == 0 ? frame.c.accent : 0xffffffffu);
    }
}

} // namespace

Point PlotArea::to_plot(ImVec2 at) const {
    if (box.empty()) return {};
    return {std::clamp(static_cast<double>((at.x - box.x) / box.width), 0.0, 1.0),
            std::clamp(static_cast<double>((box.bottom() - at.y) / box.height), 0.0, 1.0) * top};
}

GateEdit gate(Frame const& frame, PlotArea const& area, Control const& control, GateSpec const& spec) {
    using app::GateTool;
    GateEdit edit;
    Touch const t = touch(frame, area.box, control);
    ImGuiIO const& io = ImGui::GetIO();
    Point const here = area.to_plot(io.MousePos);
    std::vector<double> const now(spec.corners.begin(), spec.corners.end());
    bool const exists = now.size() >= 6 && !spec.open;
    auto const set = [&](std::vector<double> corners, bool open = false) {
        edit.changed = true;
        edit.corners = std::move(corners);
        edit.open = open;
    };
    bool const dragging = t.held && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 3),
               released = ImGui::IsMouseReleased(ImGuiMouseButton_Left);
    ImGuiStorage* storage = ImGui::GetStateStorage();
    ImGuiID const dragged_key = t.id + 1;
    if (t.started) storage->SetBool(dragged_key, false);
    // The end of a double click is no click of its own.
    if (dragging || t.doubled) storage->SetBool(dragged_key, true);
    bool const dragged = storage->GetBool(dragged_key);
    if (released) storage->SetBool(dragged_key, false);
    if (t.hovered) edit.over = here;

    if (spec.tool == GateTool::rectangle && dragging)
        set(rectangle(area.to_plot(io.MouseClickedPos[0]), here));
    else if (spec.tool == GateTool::lasso && dragging) {
        Point const first = area.to_plot(io.MouseClickedPos[0]);
        bool const begun = now.size() >= 2 && now[0] == first.x && now[1] == first.y;
        std::vector<double> corners = begun ? now : std::vector<double>{first.x, first.y};
        ImVec2 const last = area.to_page({corners[corners.size() - 2], corners.back()});
        if (std::hypot(io.MousePos.x - last.x, io.MousePos.y - last.y) >= 3) {
            corners.insert(corners.end(), {here.x, here.y});
            if (corners.size() / 2 > k_most_corners)
                corners = app::simplified(corners, 1.0 / static_cast<double>(area.box.width));
            if (corners.size() / 2 <= 2 * k_most_corners) set(std::move(corners));
        }
    } else if (released && dragged) {
        if (spec.tool == GateTool::lasso && exists)
            set(app::simplified(now, 0.75 / static_cast<double>(area.box.width)));
    } else if (t.pressed && released && spec.tool == GateTool::polygon) {
        ImVec2 const first = now.empty() ? ImVec2{} : area.to_page({now[0], now[1]});
        bool const at_first =
            spec.open && now.size() >= 6 && std::hypot(io.MousePos.x - first.x, io.MousePos.y - first.y) < frame.px(8);
        if (at_first)
            set(now);
        else if (spec.open && now.size() / 2 < k_most_corners) {
            std::vector<double> corners = now;
            corners.insert(corners.end(), {here.x, here.y});
            set(std::move(corners), true);
        } else if (!spec.open && exists)
            set({}); // a click beside the finished gate takes it away; the next one begins another
        else
            set({here.x, here.y}, true);
    } else if (t.pressed && released) {
        edit.clicked = here;
        if (exists) set({});
    }
    if (spec.open && spec.tool == GateTool::polygon && t.doubled) {
        // The first click of the two has added the last corner.
        edit.changed = false;
        edit.clicked.reset();
        set(now.size() >= 6 ? now : std::vector<double>{});
    }
    if (t.focused) {
        if (ImGui::IsKeyPressed(ImGuiKey_Delete) || ImGui::IsKeyPressed(ImGuiKey_Backspace)) set({});
        if (spec.open && ImGui::IsKeyPressed(ImGuiKey_Enter)) set(now.size() >= 6 ? now : std::vector<double>{});
        std::vector<double> next = exists ? now : rectangle({0.4, 0.4 * area.top}, {0.6, 0.6 * area.top});
        bool changed = false;
        for (ImGuiKey key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow}) {
            ImGui::SetKeyOwner(key, t.id);
            if (!ImGui::IsKeyPressed(key)) continue;
            double const by = key == ImGuiKey_LeftArrow || key == ImGuiKey_DownArrow ? -0.02 : 0.02;
            bool const across = key == ImGuiKey_LeftArrow || key == ImGuiKey_RightArrow;
            next = moved(std::move(next), area, across ? by : 0, across ? 0 : by, io.KeyShift);
            changed = true;
        }
        if (changed) set(std::move(next));
    }
    draw(frame, area, spec);
    if (t.focused) focus_ring(frame, area.box, 0);
    if (t.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    return edit;
}

std::optional<app::GateTool> gate_tools(Frame const& frame, Box box, std::string_view id, app::GateTool now) {
    using app::GateTool;
    struct Tool {
        GateTool tool;
        Icon sign;
        char const *name, *label, *help;
    };
    constexpr std::array<Tool, 3> tools{
        {{GateTool::rectangle, Icon::marquee, "rectangle", "Rectangle",
          "Drag a rectangle around the pixels that are meant."},
         {GateTool::lasso, Icon::lasso, "lasso", "Free line", "Drag a line around the pixels that are meant."},
         {GateTool::polygon, Icon::polygon, "polygon", "Polygon",
          "Click the corners; a double click or the first corner closes it."}}};
    std::optional<GateTool> chosen;
    float const side = frame.px(26);
    float x = box.x;
    for (Tool const& tool : tools) {
        Box const part{x, box.middle_y() - frame.px(12), side, frame.px(24)};
        bool const lit = tool.tool == now;
        if (lit) fill(frame, frame.snapped(part), frame.c.accent_soft, frame.px(6));
        Control const control{.id = std::string(id) + "=" + tool.name,
                              .label = tool.label,
                              .kind = "option",
                              .value = lit ? "on" : "off",
                              .help = tool.help};
        if (icon_button(frame, part, control, tool.sign) && !lit) chosen = tool.tool;
        x += side + frame.px(2);
    }
    return chosen;
}

std::optional<int> axis_name(Frame const& frame, Box box, Control const& control, AxisSpec const& spec) {
    std::string const name = spec.now >= 0 && static_cast<std::size_t>(spec.now) < spec.names.size()
                                 ? spec.names[static_cast<std::size_t>(spec.now)]
                                 : "–";
    TextStyle style{.face = Face::strong};
    float const arrow = frame.px(8), gap = frame.px(5), pad = frame.px(6);
    float const width = std::fmin(std::ceil(text_width(name, style)) + 1 + gap + arrow + 2 * pad, box.width);
    float x = box.x - pad;
    if (spec.align == Align::centre) x = box.middle_x() - width / 2;
    if (spec.align == Align::right) x = box.right() - width + pad;
    Box const face = frame.snapped({x, box.y, width, box.height});
    Control shown = control;
    shown.kind = "choice";
    shown.value = name;
    Touch const t = touch(frame, face, shown);
    if (t.visible) {
        style.colour = t.hovered ? frame.c.text : frame.c.second;
        if (t.hovered) fill(frame, face, frame.c.hover, frame.px(5));
        text_in(frame, {face.x + pad, face.y, face.width - pad - arrow - gap, face.height}, name, style);
        icon(frame, {face.right() - pad - arrow, face.middle_y() - arrow / 2, arrow, arrow}, Icon::chevron_down,
             style.colour);
        if (t.focused) focus_ring(frame, face, frame.px(5));
    }
    std::string const menu = control.id + "/menu";
    if (t.pressed) open_menu(menu);
    std::optional<int> chosen;
    if (begin_menu(frame, menu, face, frame.px(132), static_cast<int>(spec.names.size()))) {
        for (std::size_t i = 0; i < spec.names.size(); ++i)
            if (menu_row(
                    frame,
                    {.control = {.id = control.id + "=" + std::to_string(i), .label = spec.names[i], .kind = "option"},
                     .chosen = static_cast<int>(i) == spec.now}))
                chosen = static_cast<int>(i);
        end_menu();
    }
    return chosen;
}

} // namespace mg::ui
