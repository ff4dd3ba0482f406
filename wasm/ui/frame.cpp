#include "ui/frame.h"

#include <array>

#include "imgui_internal.h"

namespace mg::ui {

bool layout_moved() {
    // What Begin will measure at the next frame, against what it measured at this one.
    for (ImGuiWindow const* window : ImGui::GetCurrentContext()->Windows) {
        if (!window->Active || window->SkipItems) continue;
        float const width = window->DC.CursorMaxPos.x - window->DC.CursorStartPos.x;
        float const height = window->DC.CursorMaxPos.y - window->DC.CursorStartPos.y;
        if (ImTrunc(width) != window->ContentSize.x || ImTrunc(height) != window->ContentSize.y) return true;
        if (window->ScrollTarget.y != FLT_MAX) return true;
    }
    return false;
}

ImDrawList& draw_list(Frame const& frame) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list._FringeScale = 1 / frame.ratio;
    return list;
}

void fill(Frame const& frame, Box box, Colour colour, float radius) {
    draw_list(frame).AddRectFilled(box.low(), box.high(), colour, radius);
}

void outline(Frame const& frame, Box box, Colour colour, float radius, float width) {
    if (width <= 0) width = frame.hairline();
    Box b = box.inset(width / 2, width / 2);
    ImDrawList& list = draw_list(frame);
    list.PathRect(b.low(), b.high(), std::fmax(radius - width / 2, 0.0f));
    list.PathStroke(colour, ImDrawFlags_Closed, width);
}

void dashed_outline(Frame const& frame, Box box, Colour colour, float radius) {
    float w = frame.hairline();
    Box b = box.inset(w / 2, w / 2);
    ImDrawList& list = draw_list(frame);
    list.PathRect(b.low(), b.high(), radius);
    // Walk along the closed path and stroke every other stretch.
    ImVector<ImVec2> path;
    path.swap(list._Path);
    float dash = 4 * frame.scale, along = 0;
    bool on = true;
    for (int i = 0; i < path.Size; ++i) {
        ImVec2 from = path[i], to = path[(i + 1) % path.Size];
        float length = std::hypot(to.x - from.x, to.y - from.y), done = 0;
        while (done < length) {
            float piece = std::fmin(dash - along, length - done);
            ImVec2 a = ImLerp(from, to, done / length), e = ImLerp(from, to, (done + piece) / length);
            if (on) list.AddLine(a, e, colour, w);
            done += piece;
            along += piece;
            if (along >= dash - 1e-4f) along = 0, on = !on;
        }
    }
}

void horizontal_line(Frame const& frame, float x0, float x1, float y, Colour colour) {
    float top = frame.snap(y);
    draw_list(frame).AddRectFilled({x0, top}, {x1, top + frame.hairline()}, colour);
}

void vertical_line(Frame const& frame, float x, float y0, float y1, Colour colour) {
    float left = frame.snap(x);
    draw_list(frame).AddRectFilled({left, y0}, {left + frame.hairline(), y1}, colour);
}

float text_in(Frame const& frame, Box box, std::string_view text, TextStyle const& style, Align align) {
    std::string shown = elided(text, style, box.width);
    float width = text_width(shown, style);
    float x = box.x;
    if (align == Align::centre) x += (box.width - width) / 2;
    if (align == Align::right) x += box.width - width;
    return draw_text(draw_list(frame), {x, box.middle_y() + capital_height(style.face) / 2}, shown, style);
}

void mark(Frame const& frame, ImVec2 p, Mark kind, Colour colour) {
    ImDrawList& list = draw_list(frame);
    float r = frame.px(3.5f);
    switch (kind) {
    case Mark::dot:
        list.AddCircleFilled(p, r * 0.9f, colour);
        break;
    case Mark::ring:
        list.AddCircle(p, r * 0.85f, colour, 0, 1.4f * frame.scale);
        break;
    case Mark::square:
        list.AddRectFilled({p.x - r * 0.85f, p.y - r * 0.85f}, {p.x + r * 0.85f, p.y + r * 0.85f}, colour, 1);
        break;
    case Mark::triangle:
        list.AddTriangleFilled({p.x, p.y - r}, {p.x + r * 1.15f, p.y + r}, {p.x - r * 1.15f, p.y + r}, colour);
        break;
    case Mark::cross: {
        float d = r * 0.85f, w = 1.8f * frame.scale;
        list.AddLine({p.x - d, p.y - d}, {p.x + d, p.y + d}, colour, w);
        list.AddLine({p.x - d, p.y + d}, {p.x + d, p.y - d}, colour, w);
        break;
    }
    }
}

} // namespace mg::ui
