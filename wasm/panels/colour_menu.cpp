#include "panels/colour_menu.h"

#include <algorithm>

#include "imgui_internal.h"
#include "panels/overlay_tools.h"

namespace mg::app {

namespace {

struct Hsv {
    float h = 0, s = 0, v = 1;
};
Hsv hsv_of(Rgb c) {
    Hsv out;
    ImGui::ColorConvertRGBtoHSV(c.r, c.g, c.b, out.h, out.s, out.v);
    return out;
}
Rgb rgb_of(Hsv c) {
    Rgb out;
    ImGui::ColorConvertHSVtoRGB(c.h, c.s, c.v, out.r, out.g, out.b);
    return out;
}

float along(float at, float from, float length) {
    return length > 0 ? std::clamp((at - from) / length, 0.0f, 1.0f) : 0;
}

} // namespace

ColourEdit colour_menu(ui::Frame const& frame, std::string_view menu, ui::Box anchor, Rgb now) {
    ColourEdit edit;
    if (!ui::begin_menu(frame, menu, anchor, frame.px(224), 8)) return edit;
    ImVec2 const at = ImGui::GetCursorScreenPos();
    float const width = ImGui::GetContentRegionAvail().x, pad = frame.px(6);
    std::string const base(menu);
    // The hue of a grey is not in its colour: it is remembered while the menu is open.
    ImGuiStorage* storage = ImGui::GetStateStorage();
    ImGuiID const hue_key = ImGui::GetID((base + "/hue-kept").c_str());
    Hsv hsv = hsv_of(now);
    if (hsv.s < 0.01f || hsv.v < 0.01f) hsv.h = storage->GetFloat(hue_key, hsv.h);
    auto set = [&](Hsv next, ui::Touch const& t, std::string const& name) {
        storage->SetFloat(hue_key, next.h);
        edit.colour = rgb_of(next);
        edit.gesture = ui::gesture(t.id, name, t.started);
    };
    ImDrawList& list = ui::draw_list(frame);
    ImVec2 const mouse = ImGui::GetIO().MousePos;
    auto arrows = [&](ui::Touch const& t, float& x, float* y) {
        bool moved = false;
        if (!t.focused) return moved;
        auto one = [&](ImGuiKey key, float& value, float by) {
            ImGui::SetKeyOwner(key, t.id);
            if (!ImGui::IsKeyPressed(key)) return;
            value = std::clamp(value + by, 0.0f, 1.0f);
            moved = true;
        };
        one(ImGuiKey_LeftArrow, x, -0.02f);
        one(ImGuiKey_RightArrow, x, 0.02f);
        if (y) {
            one(ImGuiKey_UpArrow, *y, 0.02f);
            one(ImGuiKey_DownArrow, *y, -0.02f);
        }
        return moved;
    };

    ui::Box const field{at.x + pad, at.y + pad, width - 2 * pad, frame.px(112)};
    std::string const field_id = base + "/field";
    ui::Touch f =
        ui::touch(frame, field,
                  {.id = field_id, .label = "Saturation and brightness", .kind = "slider", .value = text_from(now)});
    ui::Colour const hue = colour_of(rgb_of({hsv.h, 1, 1}));
    list.AddRectFilledMultiColor(field.low(), field.high(), 0xffffffffu, hue, hue, 0xffffffffu);
    list.AddRectFilledMultiColor(field.low(), field.high(), 0x00000000u, 0x00000000u, 0xff000000u, 0xff000000u);
    ImVec2 const knob{field.x + hsv.s * field.width, field.bottom() - hsv.v * field.height};
    list.AddCircleFilled(knob, frame.px(6), colour_of(now));
    list.AddCircle(knob, frame.px(6), 0xffffffffu, 0, 2 * frame.scale);
    if (f.focused) ui::focus_ring(frame, field, 0);
    Hsv next = hsv;
    if (f.held && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
        next.s = along(mouse.x, field.x, field.width);
        next.v = 1 - along(mouse.y, field.y, field.height);
        set(next, f, field_id);
    } else if (arrows(f, next.s, &next.v))
        set(next, f, field_id);

    ui::Box const strip{field.x, field.bottom() + frame.px(10), field.width, frame.px(14)};
    std::string const strip_id = base + "/hue";
    ui::Touch s = ui::touch(frame, strip, {.id = strip_id, .label = "Hue", .kind = "slider", .value = text_from(now)});
    for (int i = 0; i < 6; ++i) {
        float const step = strip.width / 6, x = strip.x + step * static_cast<float>(i);
        ui::Colour const a = colour_of(rgb_of({static_cast<float>(i) / 6, 1, 1})),
                         b = colour_of(rgb_of({static_cast<float>(i + 1) / 6, 1, 1}));
        list.AddRectFilledMultiColor({x, strip.y}, {x + step, strip.bottom()}, a, b, b, a);
    }
    list.AddCircle({strip.x + hsv.h * strip.width, strip.middle_y()}, frame.px(7), 0xffffffffu, 0, 2 * frame.scale);
    if (s.focused) ui::focus_ring(frame, strip, 0);
    next = hsv;
    if (s.held && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
        next.h = std::min(along(mouse.x, strip.x, strip.width), 0.999f);
        if (next.s < 0.05f) next.s = 1;
        set(next, s, strip_id);
    } else if (arrows(s, next.h, nullptr))
        set(next, s, strip_id);

    ui::Box const text{field.x, strip.bottom() + frame.px(10), field.width, frame.px(26)};
    auto hex = ui::text_field(frame, text, {.id = base + "/hex", .label = "Colour as #rrggbb"}, text_from(now));
    if (hex.value)
        if (auto typed = rgb_from(*hex.value)) {
            edit.colour = *typed;
            edit.gesture = hex.gesture;
        }
    ImGui::SetCursorScreenPos({at.x, text.bottom() + frame.px(8)});
    edit.from_palette = ui::menu_row(frame, {.control = {.id = base + "/palette", .label = "From the palette"}});
    ui::end_menu();
    return edit;
}

} // namespace mg::app
