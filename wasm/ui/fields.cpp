#include "ui/fields.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <numeric>

#include "imgui_internal.h"
#include "imgui_stdlib.h"

namespace mg::ui {
namespace {

constexpr float k_value_box = 70;

bool is_logarithmic(SliderSpec const& spec) {
    return spec.logarithmic && spec.maximum > 0;
}
/// Lower end of a logarithmic track: zero itself has no place on it, three decades must do.
double log_low(SliderSpec const& spec) {
    return spec.minimum > 0 ? spec.minimum : spec.maximum * 1e-3;
}

/// A power of ten that divides the track into 100 to 1000 steps.
double step_of(SliderSpec const& spec, double near_value) {
    double span = is_logarithmic(spec) ? std::fmax(std::fabs(near_value), log_low(spec)) : spec.maximum - spec.minimum;
    if (!(span > 0)) return 1;
    double step = std::pow(10.0, std::floor(std::log10(span / 100) + 1e-9));
    return spec.whole ? std::fmax(std::round(step), 1.0) : step;
}

double clamped(double v, double low, double high) {
    return v < low ? low : v > high ? high : v;
}

/// "−4.0 nm"; × and ° stand close to their number.
std::string text_with_unit(SliderSpec const& spec) {
    std::string text = slider_text(spec);
    if (text.front() == '-') text.replace(0, 1, "−");
    if (spec.unit.empty()) return text;
    bool close = spec.unit == "×" || spec.unit == "°";
    return text + (close ? "" : " ") + std::string(spec.unit);
}

void value_box(Frame const& frame, Box box, SliderSpec const& spec, bool enabled) {
    Palette const& c = frame.c;
    fill(frame, box, c.field, frame.px(4));
    outline(frame, box, c.line, frame.px(4));
    text_in(frame, box.inset(frame.px(5), 0), text_with_unit(spec),
            {.face = Face::body, .colour = faded(c.text, enabled ? 1 : 0.5f), .tabular = true}, Align::right);
}

/// The box turned into a text field while the user types; a number when it was finished.
std::optional<double> typed(Frame const& frame, Box box, std::string const& name, SliderSpec const& spec) {
    ImGuiID id = ImGui::GetCurrentWindow()->GetID(name.c_str());
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%s", slider_text(spec).c_str());
    std::array<char, 64> before = buffer;
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {frame.px(6), (box.height - ImGui::GetFontSize()) / 2});
    bool finished = ImGui::TempInputText(ImRect(box.low(), box.high()), id, name.c_str(), buffer.data(),
                                         static_cast<int>(buffer.size()), ImGuiInputTextFlags_AutoSelectAll);
    ImGui::PopStyleVar();
    outline(frame, box, frame.c.accent, frame.px(4));
    if (!finished && before == buffer) return {};
    std::string text(buffer.data());
    std::replace(text.begin(), text.end(), ',', '.');
    char* end = nullptr;
    double value = std::strtod(text.c_str(), &end);
    if (end == text.c_str() || !std::isfinite(value)) return {};
    return clamped(spec.whole ? std::round(value) : value, spec.lowest, spec.highest);
}

} // namespace

double slider_place(SliderSpec const& spec, double value) {
    double place = 0;
    if (is_logarithmic(spec)) {
        double low = log_low(spec);
        place = value <= low ? 0 : std::log(value / low) / std::log(spec.maximum / low);
    } else if (spec.maximum > spec.minimum)
        place = (value - spec.minimum) / (spec.maximum - spec.minimum);
    return std::isfinite(place) ? clamped(place, 0, 1) : 0;
}

double slider_value(SliderSpec const& spec, double place) {
    place = clamped(place, 0, 1);
    if (place == 0) return spec.minimum;
    if (place == 1) return spec.maximum;
    double low = log_low(spec);
    double value = is_logarithmic(spec) ? low * std::pow(spec.maximum / low, place)
                                        : spec.minimum + place * (spec.maximum - spec.minimum);
    double step = step_of(spec, value);
    // Division by the inverse keeps 0.3 from becoming 0.30000000000000004.
    value = step < 1 ? std::round(value / step) / std::round(1 / step) : std::round(value / step) * step;
    return clamped(value, spec.minimum, spec.maximum);
}

std::string slider_text(SliderSpec const& spec) {
    std::array<char, 64> text{};
    if (spec.whole) {
        std::snprintf(text.data(), text.size(), "%.0f", spec.value);
        return text.data();
    }
    double step = step_of(spec, spec.value);
    int decimals = step >= 1 ? 0 : static_cast<int>(clamped(std::round(-std::log10(step)), 0, 4));
    if (!is_logarithmic(spec) && decimals > 1) --decimals; // the finest steps are seldom on the decimals' edge
    for (; decimals < 4; ++decimals) {
        double unit = std::pow(10.0, decimals);
        if (std::fabs(spec.value * unit - std::round(spec.value * unit)) <
            1e-6 * std::fmax(1.0, std::fabs(spec.value * unit)))
            break;
    }
    std::snprintf(text.data(), text.size(), "%.*f", decimals, spec.value);
    return text.data();
}

Edit<double> slider(Frame const& frame, Box box, Control control, SliderSpec const& spec) {
    Palette const& c = frame.c;
    Edit<double> edit;
    control.kind = "slider";
    control.value = text_with_unit(spec);
    float gap = frame.px(10);
    Box number = frame.snapped(box.from_right(frame.px(k_value_box)).inset(0, frame.px(3)));
    Box track = box.without_right(number.width + gap);
    if (!spec.boxed) {
        track = box;
        number = frame.snapped(box.from_right(std::fmin(box.width, frame.px(k_value_box))).inset(0, frame.px(3)));
    }
    ImGuiID id = ImGui::GetCurrentWindow()->GetID(control.id.data(), control.id.data() + control.id.size());
    bool typing = ImGui::TempInputIsActive(id);
    ImGuiContext& g = *ImGui::GetCurrentContext();
    std::string name = control.id;

    if (typing) {
        ImGui::ItemAdd(ImRect(box.low(), box.high()), id);
        record(frame, box, control, true);
        ImDrawList& list = draw_list(frame);
        float y = frame.snap(track.middle_y()), half = frame.px(3) / 2;
        list.AddRectFilled({track.x, y - half}, {track.right(), y + half}, c.line, half);
        if (auto value = typed(frame, number, control.id, spec)) edit.value = value;
    } else {
        Touch t = touch(frame, box, control);
        ImVec2 mouse = ImGui::GetIO().MousePos;
        bool on_number = spec.boxed && number.contains(mouse) && t.hovered;
        if (on_number) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
        ImGuiStorage* storage = ImGui::GetStateStorage();
        ImGuiID drags = id + 1;
        if (t.started) storage->SetBool(drags, !on_number && g.ActiveIdSource == ImGuiInputSource_Mouse);
        edit.gesture = gesture(id, name, t.started);
        bool dragging =
            t.held && g.ActiveId == id && g.ActiveIdSource == ImGuiInputSource_Mouse && storage->GetBool(drags);
        if (dragging && !t.doubled) {
            double place = (mouse.x - track.x) / std::fmax(track.width, 1.0f);
            double value = slider_value(spec, place);
            if (value != spec.value && (ImGui::IsMouseDragging(ImGuiMouseButton_Left, 0) || t.started))
                edit.value = value;
        }
        if (t.doubled && !on_number && control.enabled) edit.reset = true, edit.value.reset();
        bool start_typing = control.enabled && ((t.doubled && on_number) || (t.focused && t.pressed));
        if (t.focused) {
            for (ImGuiKey key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow}) {
                ImGui::SetKeyOwner(key, id);
                if (!ImGui::IsKeyPressed(key)) continue;
                double step = step_of(spec, spec.value) * (ImGui::GetIO().KeyShift ? 10 : 1);
                double value = spec.value + (key == ImGuiKey_LeftArrow ? -step : step);
                if (!spec.whole) value = std::round(value / step_of(spec, spec.value)) * step_of(spec, spec.value);
                edit.value = clamped(value, spec.lowest, spec.highest);
                edit.gesture = gesture(id, name, !ImGui::IsKeyDown(key) || ImGui::GetKeyData(key)->DownDuration == 0);
            }
            if (ImGui::IsKeyPressed(ImGuiKey_Delete) || ImGui::IsKeyPressed(ImGuiKey_Backspace)) edit.reset = true;
        }
        if (start_typing) {
            // The next frame draws the field in place of the box.
            typed(frame, number, control.id, spec);
            return edit;
        }
        if (!t.visible) return edit;
        float strength = control.enabled ? 1 : 0.45f;
        float y = frame.snap(track.middle_y()), half = frame.px(3) / 2, knob = frame.px(13) / 2;
        float x0 = track.x, x1 = track.right();
        float x = x0 + knob + (x1 - x0 - 2 * knob) * static_cast<float>(slider_place(spec, spec.value));
        ImDrawList& list = draw_list(frame);
        list.AddRectFilled({x0, y - half}, {x1, y + half}, c.line, half);
        list.AddRectFilled({x0, y - half}, {x, y + half}, faded(c.accent, strength), half);
        if (t.held && dragging) list.AddCircleFilled({x, y}, knob + frame.px(4), c.accent_soft);
        list.AddCircleFilled({x, y}, knob, faded(c.knob, strength));
        if (c.knob == c.panel || c.knob == 0xffffffffu)
            list.AddCircle({x, y}, knob, faded(c.third, strength), 0, frame.hairline());
        if (spec.boxed) value_box(frame, number, spec, control.enabled);
        if (t.focused) focus_ring(frame, box.inset(-frame.px(2), frame.px(2)), frame.px(4));
    }
    if (edit.gesture.empty()) edit.gesture = gesture(id, name, false);
    return edit;
}

std::optional<int> choice(Frame const& frame, Box box, Control control, std::span<std::string_view const> labels,
                          int now) {
    Palette const& c = frame.c;
    std::optional<int> chosen;
    TextStyle style{.face = Face::body, .colour = c.text};
    float total = 0;
    for (std::string_view label : labels) total += text_width(label, {.face = Face::note}) + frame.px(16);
    control.kind = "choice";
    bool known = now >= 0 && now < static_cast<int>(labels.size());
    control.value = known ? std::string(labels[static_cast<std::size_t>(now)]) : "";
    box = frame.snapped(box.inset(0, frame.px(2)));
    if (labels.size() > 1 && total <= box.width) {
        record(frame, box, control);
        fill(frame, box, c.field, frame.px(5));
        outline(frame, box, c.line, frame.px(5));
        float spare = (box.width - total) / static_cast<float>(labels.size()), x = box.x;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            float width = text_width(labels[i], {.face = Face::note}) + frame.px(16) + spare;
            Box part = frame.snapped({x, box.y, width, box.height});
            bool lit = static_cast<int>(i) == now;
            Touch t = touch(frame, part,
                            {.id = control.id + "=" + std::string(labels[i]),
                             .label = std::string(labels[i]),
                             .kind = "option",
                             .value = lit ? "on" : "off",
                             .enabled = control.enabled,
                             .help = control.help});
            Box face = part.inset(frame.px(2), frame.px(2));
            if (lit) fill(frame, face, c.line, frame.px(3));
            text_in(frame, part, labels[i],
                    {.face = Face::note,
                     .colour = faded(lit || t.hovered ? c.text : c.second, control.enabled ? 1 : 0.45f)},
                    Align::centre);
            if (t.focused) focus_ring(frame, face, frame.px(3));
            if (t.pressed && !lit) chosen = static_cast<int>(i);
            x += width;
        }
        return chosen;
    }
    Touch t = touch(frame, box, control);
    if (t.visible) {
        Colour ink = faded(c.text, control.enabled ? 1 : 0.45f);
        if (t.hovered) fill(frame, box, c.hover, frame.px(4));
        outline(frame, box, c.line, frame.px(4));
        float side = frame.px(9);
        text_in(frame, box.inset(frame.px(7), 0).without_right(side + frame.px(4)), control.value,
                {.face = Face::body, .colour = ink});
        icon(frame, {box.right() - side - frame.px(7), box.middle_y() - side / 2, side, side}, Icon::chevron_down,
             c.second);
        if (t.focused) focus_ring(frame, box, frame.px(4));
    }
    std::string menu = control.id + "/menu";
    if (t.pressed) open_menu(menu);
    float width = box.width;
    for (std::string_view label : labels) width = std::fmax(width, text_width(label, style) + frame.px(56));
    if (begin_menu(frame, menu, box, width, static_cast<int>(labels.size()))) {
        for (std::size_t i = 0; i < labels.size(); ++i)
            if (menu_row(frame, {.control = {.id = control.id + "=" + std::string(labels[i]),
                                             .label = std::string(labels[i]),
                                             .kind = "option"},
                                 .chosen = static_cast<int>(i) == now}))
                chosen = static_cast<int>(i);
        end_menu();
    }
    return chosen;
}

Edit<std::string> text_field(Frame const& frame, Box box, Control control, std::string const& now,
                             TextSpec const& spec) {
    Palette const& c = frame.c;
    Edit<std::string> edit;
    box = frame.snapped(box);
    std::string text = now, label = "##" + control.id;
    ImGuiID id = ImGui::GetCurrentWindow()->GetID(label.c_str());
    float font_size = font(Face::body)->FontSize * ImGui::GetIO().FontGlobalScale;
    float left = spec.search ? frame.px(28) : frame.px(7);
    ImGui::PushFont(font(Face::body));
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                        {left, spec.multiline ? frame.px(4) : (box.height - font_size) / 2});
    ImGui::PushStyleVar(ImGuiStyleVar_FrameRounding, frame.px(4));
    ImGui::PushStyleColor(ImGuiCol_TextDisabled, c.third);
    ImGui::BeginDisabled(!control.enabled);
    ImGui::SetCursorScreenPos(box.low());
    ImGui::SetNextItemWidth(box.width);
    if (spec.take_focus) ImGui::SetKeyboardFocusHere();
    std::string hint(spec.hint);
    bool changed = spec.multiline ? ImGui::InputTextMultiline(label.c_str(), &text, {box.width, box.height})
                                  : ImGui::InputTextWithHint(label.c_str(), hint.c_str(), &text);
    bool active = ImGui::IsItemActive(), hovered = ImGui::IsItemHovered();
    bool started = ImGui::IsItemActivated();
    ImGui::EndDisabled();
    ImGui::PopStyleColor();
    ImGui::PopStyleVar(2);
    ImGui::PopFont();
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
    if (active) outline(frame, box, c.accent, frame.px(4));
    float side = frame.px(13);
    if (spec.search) icon(frame, {box.x + frame.px(9), box.middle_y() - side / 2, side, side}, Icon::search, c.second);
    control.kind = "text";
    control.value = now;
    record(frame, box, control, active);
    edit.gesture = gesture(id, control.id, started);
    if (changed && text != now) edit.value = std::move(text);
    return edit;
}

} // namespace mg::ui
