#include "ui/widgets.h"

#include <numbers>

#include "imgui_internal.h"

namespace mg::ui {
namespace {

constexpr float k_help_width = 300;

} // namespace

void help_on_hover(Frame const& frame, std::string_view text) {
    if (text.empty() || !ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) return;
    TextStyle style{.face = Face::note, .colour = frame.c.text};
    std::vector<std::string> lines = wrapped(text, style, frame.px(k_help_width));
    float width = 0, step = frame.px(17), pad = frame.px(10);
    for (std::string const& line : lines) width = std::fmax(width, text_width(line, style));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {pad, frame.px(7)});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, frame.px(6));
    if (ImGui::BeginTooltip()) {
        ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::Dummy({std::ceil(width) + 1, step * static_cast<float>(lines.size())});
        for (std::size_t i = 0; i < lines.size(); ++i)
            text_in(frame, {at.x, at.y + step * static_cast<float>(i), width + 2, step}, lines[i], style);
        ImGui::EndTooltip();
    }
    ImGui::PopStyleVar(2);
}

void focus_ring(Frame const& frame, Box box, float radius) {
    float gap = frame.px(2);
    outline(frame, box.inset(-gap, -gap), frame.c.accent, radius + gap, 1.5f * frame.scale);
}

void record(Frame const& frame, Box box, Control const& control, bool focused) {
    ImVec4 clip = draw_list(frame)._ClipRectStack.back();
    // The part in sight is what can be clicked.
    float x = std::fmax(box.x, clip.x), y = std::fmax(box.y, clip.y);
    Box seen{x, y, std::fmin(box.right(), clip.z) - x, std::fmin(box.bottom(), clip.w) - y};
    bool visible = !seen.empty();
    if (!visible) seen = box;
    frame.items.add({.id = control.id,
                     .label = control.label,
                     .kind = std::string(control.kind),
                     .value = control.value,
                     .x = seen.x,
                     .y = seen.y,
                     .width = seen.width,
                     .height = seen.height,
                     .enabled = control.enabled,
                     .focused = focused,
                     .visible = visible});
}

Touch touch(Frame const& frame, Box box, Control const& control) {
    Touch result;
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    result.id = window->GetID(control.id.data(), control.id.data() + control.id.size());
    ImRect rect(box.low(), box.high());
    ImGui::BeginDisabled(!control.enabled);
    result.visible = ImGui::ItemAdd(rect, result.id);
    ImGuiContext& g = *ImGui::GetCurrentContext();
    // A control scrolled out of sight still takes the keyboard's activation.
    if (result.visible || g.NavId == result.id || g.ActiveId == result.id) {
        result.pressed = ImGui::ButtonBehavior(rect, result.id, &result.hovered, &result.held);
        result.started = g.ActiveId == result.id && g.ActiveIdIsJustActivated;
        result.doubled = result.hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
        result.focused = g.NavId == result.id && !g.NavDisableHighlight && control.enabled;
        if (result.hovered && control.enabled) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    }
    ImGui::EndDisabled();
    help_on_hover(frame, control.help);
    record(frame, box, control, result.focused);
    return result;
}

std::string gesture(ImGuiID id, std::string_view name, bool started) {
    ImGuiStorage* storage = ImGui::GetStateStorage();
    if (started) storage->SetInt(id, ImGui::GetFrameCount());
    return std::string(name) + "#" + std::to_string(storage->GetInt(id));
}

float button_width(Frame const& frame, std::string_view label, bool with_icon) {
    float width = text_width(label, {.face = Face::strong}) + frame.px(26);
    return frame.snap(with_icon ? width + frame.px(20) : width);
}

bool button(Frame const& frame, Box box, Control const& control, ButtonLook look, std::optional<Icon> sign) {
    box = frame.snapped(box);
    Touch t = touch(frame, box, control);
    if (!t.visible) return t.pressed;
    Palette const& c = frame.c;
    float radius = frame.px(6);
    bool primary = look == ButtonLook::primary;
    Colour ground = primary ? c.accent : look == ButtonLook::quiet ? c.raised : 0;
    if (t.hovered) ground = primary ? c.accent : c.hover;
    if (t.hovered && t.held) ground = primary ? faded(c.accent, 0.85f) : c.line;
    Colour ink = primary ? c.on_accent : look == ButtonLook::bare && !t.hovered ? c.second : c.text;
    float strength = control.enabled ? 1 : 0.4f;
    if (primary) ground = faded(ground, strength);
    fill(frame, box, ground, radius);
    if (primary && t.hovered) fill(frame, box, 0x18ffffffu, radius);
    if (look == ButtonLook::quiet) outline(frame, box, faded(c.line, control.enabled ? 1 : 0.6f), radius);
    TextStyle style{.face = primary ? Face::strong : Face::body, .colour = faded(ink, strength)};
    float width = text_width(control.label, style), side = sign ? frame.px(14) : 0, gap = sign ? frame.px(6) : 0;
    float x = box.x + std::fmax((box.width - width - side - gap) / 2, frame.px(6));
    if (sign) icon(frame, {x, box.middle_y() - side / 2, side, side}, *sign, style.colour);
    text_in(frame, {x + side + gap, box.y, box.right() - x - side - gap, box.height}, control.label, style);
    if (t.focused) focus_ring(frame, box, radius);
    return t.pressed;
}

bool icon_button(Frame const& frame, Box box, Control const& control, Icon sign) {
    box = frame.snapped(box);
    Touch t = touch(frame, box, control);
    if (!t.visible) return t.pressed;
    if (t.hovered) fill(frame, box, t.held ? frame.c.line : frame.c.hover, frame.px(6));
    float side = std::fmin(frame.px(14), box.height - frame.px(2));
    Colour ink = t.hovered ? frame.c.text : frame.c.second;
    icon(frame, {box.middle_x() - side / 2, box.middle_y() - side / 2, side, side}, sign,
         faded(ink, control.enabled ? 1 : 0.4f));
    if (t.focused) focus_ring(frame, box, frame.px(6));
    return t.pressed;
}

bool link(Frame const& frame, Box box, Control const& control, Face face) {
    TextStyle style{.face = face, .colour = faded(frame.c.accent, control.enabled ? 1 : 0.5f)};
    box.width = std::fmin(text_width(control.label, style) + 1, box.width);
    Touch t = touch(frame, box, control);
    if (!t.visible) return t.pressed;
    text_in(frame, box, control.label, style);
    if (t.hovered)
        horizontal_line(frame, box.x, box.right() - 1, box.middle_y() + capital_height(face) / 2 + frame.px(2),
                        style.colour);
    if (t.focused) focus_ring(frame, box.inset(-2, 0), frame.px(3));
    return t.pressed;
}

float chip_width(Frame const& frame, std::string_view label) {
    return frame.snap(text_width(label, {.face = Face::small}) + frame.px(16));
}

bool chip(Frame const& frame, Box box, Control const& control, bool lit) {
    box = frame.snapped(box);
    Touch t = touch(frame, box, control);
    if (!t.visible) return t.pressed;
    Palette const& c = frame.c;
    float radius = box.height / 2;
    fill(frame, box, t.hovered ? c.hover : c.raised, radius);
    if (lit) fill(frame, box, c.accent_soft, radius);
    outline(frame, box, lit ? faded(c.accent, 0.7f) : c.line, radius);
    text_in(frame, box, control.label,
            {.face = Face::small,
             .colour = lit         ? c.accent
                       : t.hovered ? c.text
                                   : c.second},
            Align::centre);
    if (t.focused) focus_ring(frame, box, radius);
    return t.pressed;
}

bool switch_in(Frame const& frame, Box box, Control control, bool on) {
    control.kind = "switch";
    control.value = on ? "on" : "off";
    Touch t = touch(frame, box, control);
    if (!t.visible) return t.pressed;
    Palette const& c = frame.c;
    Box track = frame.snapped({box.right() - frame.px(26), box.middle_y() - frame.px(7), frame.px(26), frame.px(14)});
    float strength = control.enabled ? 1 : 0.4f;
    float radius = track.height / 2;
    fill(frame, track, faded(on ? c.accent : c.line, strength), radius);
    if (t.hovered) fill(frame, track, 0x16ffffffu, radius);
    float knob = frame.px(10), gap = (track.height - knob) / 2;
    ImVec2 centre{on ? track.right() - gap - knob / 2 : track.x + gap + knob / 2, track.middle_y()};
    draw_list(frame).AddCircleFilled(centre, knob / 2, on ? c.ground : c.second);
    if (t.focused) focus_ring(frame, track, radius);
    return t.pressed;
}

SectionTouch section_head(Frame const& frame, Box box, Control const& control, bool unfolded, std::optional<bool> on) {
    Palette const& c = frame.c;
    SectionTouch result;
    float switch_width = on ? frame.px(38) : 0;
    Control fold = control;
    fold.kind = "heading";
    fold.value = unfolded ? "unfolded" : "folded";
    Box left = box.without_right(switch_width);
    Touch t = touch(frame, left, fold);
    result.folded = t.pressed;
    if (t.visible) {
        float side = frame.px(7);
        icon(frame, {box.x, box.middle_y() - side / 2, side, side}, unfolded ? Icon::fold_open : Icon::fold_closed,
             t.hovered ? c.text : c.third);
        bool active = on.value_or(true);
        text_in(frame, left.without_left(frame.px(13)), control.label,
                {.face = Face::strong, .colour = active || t.hovered ? c.text : c.second});
        if (t.focused) focus_ring(frame, left.inset(-frame.px(3), frame.px(3)), frame.px(4));
    }
    if (on)
        result.switched = switch_in(frame, box.from_right(frame.px(34)),
                                    {.id = control.id + "/on", .label = control.label, .help = control.help}, *on);
    return result;
}

void caption(Frame const& frame, Box box, std::string_view text, std::string_view right) {
    TextStyle style{.face = Face::small, .colour = frame.c.third, .spacing = 0.9f * frame.scale};
    std::string capitals(text);
    for (char& ch : capitals)
        if (ch >= 'a' && ch <= 'z') ch = static_cast<char>(ch - 'a' + 'A');
    text_in(frame, box, capitals, style);
    if (!right.empty())
        text_in(frame, box, right, {.face = Face::small, .colour = frame.c.third, .tabular = true}, Align::right);
    std::string window = ImGui::GetCurrentWindow()->RootWindow->Name;
    record(frame, box,
           {.id = window + "/caption/" + std::string(text),
            .label = std::string(text),
            .kind = "heading",
            .value = std::string(right)});
}

void progress_line(Frame const& frame, Box box, double fraction) {
    Box line = frame.snapped({box.x, box.middle_y() - frame.px(1.5f), box.width, frame.px(3)});
    float radius = line.height / 2;
    fill(frame, line, frame.c.line, radius);
    auto part = static_cast<float>(fraction < 0 ? 0 : fraction > 1 ? 1 : fraction);
    line.width = std::fmax(line.width * part, line.height);
    fill(frame, line, frame.c.accent, radius);
}

void spinner(Frame const& frame, ImVec2 centre, float radius, double time_s) {
    auto turn = static_cast<float>(std::fmod(time_s * 1.2, 1.0)) * 2 * std::numbers::pi_v<float>;
    ImDrawList& list = draw_list(frame);
    list.AddCircle(centre, radius, frame.c.line, 0, 2 * frame.scale);
    list.PathArcTo(centre, radius, turn, turn + 1.6f);
    list.PathStroke(frame.c.accent, 0, 2 * frame.scale);
}

float note(Frame const& frame, Box box, std::string_view text, Colour colour) {
    TextStyle style{.face = Face::note, .colour = colour};
    float step = frame.px(17), y = box.y;
    for (std::string const& line : wrapped(text, style, box.width)) {
        text_in(frame, {box.x, y, box.width + 2, step}, line, style);
        y += step;
    }
    return y - box.y;
}

void open_menu(std::string_view id) {
    ImGui::OpenPopup(std::string(id).c_str());
}

bool begin_menu(Frame const& frame, std::string_view id, Box anchor, float width, int rows) {
    std::string name(id);
    if (!ImGui::IsPopupOpen(name.c_str())) return false;
    float pad = frame.px(4), row = frame.px(28);
    ImVec2 page = ImGui::GetIO().DisplaySize;
    float height = std::fmin(row * static_cast<float>(rows) + 2 * pad, page.y - 2 * pad);
    float x = std::fmax(pad, std::fmin(anchor.x, page.x - width - pad));
    float y = anchor.bottom() + pad;
    if (y + height > page.y - pad) y = std::fmax(pad, std::fmin(anchor.y - pad - height, page.y - pad - height));
    ImGui::SetNextWindowPos({frame.snap(x), frame.snap(y)});
    ImGui::SetNextWindowSize({frame.snap(width), height});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {pad, pad});
    bool open = ImGui::BeginPopup(name.c_str(), ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize);
    ImGui::PopStyleVar();
    return open;
}

bool menu_row(Frame const& frame, MenuRow const& row) {
    ImVec2 at = ImGui::GetCursorScreenPos();
    Box box{at.x, at.y, ImGui::GetContentRegionAvail().x, frame.px(28)};
    Touch t = touch(frame, box, row.control);
    ImGui::Dummy({box.width, box.height});
    Palette const& c = frame.c;
    if (t.visible) {
        if (t.hovered || t.focused) fill(frame, box, c.hover, frame.px(4));
        Box inner = box.inset(frame.px(10), 0);
        float side = frame.px(12);
        if (row.chosen)
            icon(frame, {inner.right() - side, inner.middle_y() - side / 2, side, side}, Icon::check, c.accent);
        if (!row.shortcut.empty())
            text_in(frame, inner, row.shortcut, {.face = Face::note, .colour = c.third}, Align::right);
        text_in(frame, inner.without_right(row.chosen ? side + frame.px(6) : 0), row.control.label,
                {.face = Face::body, .colour = faded(c.text, row.control.enabled ? 1 : 0.45f)});
        if (t.focused) outline(frame, box, c.accent, frame.px(4), 1.5f * frame.scale);
    }
    if (t.pressed) ImGui::CloseCurrentPopup();
    return t.pressed;
}

void end_menu() {
    ImGui::EndPopup();
}

} // namespace mg::ui
