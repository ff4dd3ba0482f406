#include "panels/overlay_tools.h"

#include <cmath>
#include <cstdio>

#include "app/overlay_words.h"
#include "base/text.h"
#include "imgui_internal.h"
#include "recipe/overlay.h"

namespace mg::app {

OverlaySeries const* shown_series(PanelInput const& input) {
    OverlayResult const& overlay = input.results.overlay;
    if (overlay.shown < 0 || static_cast<std::size_t>(overlay.shown) >= overlay.series.size()) return nullptr;
    return &overlay.series[static_cast<std::size_t>(overlay.shown)];
}

PlacedChannel const* placed_channel(PanelInput const& input, int id) {
    for (PlacedChannel const& placed : input.results.overlay.channels)
        if (placed.id == id && id != 0) return &placed;
    return nullptr;
}

OverlayMember const* member_of(PanelInput const& input, int id) {
    for (OverlaySeries const& series : input.results.overlay.series)
        for (OverlayMember const& member : series.members)
            if (member.id == id) return &member;
    return nullptr;
}

ChannelLook const* channel_look(PanelInput const& input, int id) {
    OverlayResult const& overlay = input.results.overlay;
    for (std::size_t i = 0; i < overlay.channels.size() && i < overlay.look.channels.size(); ++i)
        if (overlay.channels[i].id == id) return &overlay.look.channels[i];
    return nullptr;
}

std::string label_of(PanelInput const& input, int id) {
    OverlayMember const* member = member_of(input, id);
    if (member && !member->channel.label.empty()) return member->channel.label;
    InputEntry const* entry = find_input(input.document, id);
    return entry ? entry->name : "–";
}

int reference_id(PanelInput const& input) {
    for (PlacedChannel const& placed : input.results.overlay.channels)
        if (placed.channel.alignment && placed.channel.alignment->trust == Trust::reference) return placed.id;
    std::vector<int> const ids = signals(input);
    return ids.empty() ? 0 : ids.front();
}

int compared_id(PanelInput const& input) {
    int const selected = input.view.selected, chosen = input.view.overlay.other;
    OverlaySeries const* series = shown_series(input);
    if (!series) return 0;
    int found = 0;
    for (OverlayMember const& member : series->members) {
        if (member.left_out || member.id == selected || member.id == 0) continue;
        if (member.id == chosen) return chosen;
        if (found == 0 || member.id == reference_id(input)) found = member.id;
    }
    return found;
}

Size reference_size(PanelInput const& input) {
    FileResult const* result = result_of(input, reference_id(input));
    return result && !result->recorded_size.empty() ? result->recorded_size : input.results.overlay.size;
}

ui::Colour colour_of(Rgb colour) {
    auto const part = [](float v) { return static_cast<ui::Colour>(std::clamp(v, 0.0f, 1.0f) * 255 + 0.5f); };
    return 0xff000000u | part(colour.b) << 16 | part(colour.g) << 8 | part(colour.r);
}

std::optional<Rgb> rgb_from(std::string_view text) {
    if (text.starts_with('#')) text.remove_prefix(1);
    if (text.size() != 6) return {};
    std::uint32_t value = 0;
    for (char c : text) {
        int const digit = is_digit(c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0) return {};
        value = value << 4 | static_cast<std::uint32_t>(digit);
    }
    auto const part = [&](int shift) { return static_cast<float>(value >> shift & 255) / 255; };
    return Rgb{part(16), part(8), part(0)};
}

std::string text_from(Rgb colour) {
    ui::Colour const packed = colour_of(colour);
    char text[8];
    std::snprintf(text, sizeof text, "#%02x%02x%02x", packed & 255, packed >> 8 & 255, packed >> 16 & 255);
    return text;
}

Rgb swatch_of(PanelInput const& input, int id) {
    OverlayMember const* member = member_of(input, id);
    if (member && member->channel.role != Role::signal) return {0.72f, 0.72f, 0.72f};
    if (ChannelLook const* look = channel_look(input, id)) return look->swatch;
    if (member && member->channel.settings.tint) return *member->channel.settings.tint;
    return {0.72f, 0.72f, 0.72f};
}

void set_channel(CommandSink& commands, int id, std::string_view key, Value value, std::string gesture) {
    commands.push_back(SetParam{"channel", std::string(key), std::move(value), std::move(gesture), id});
}

void reorder(PanelInput const& input, CommandSink& commands, std::vector<int> const& ids) {
    std::string const gesture = "reorder#" + std::to_string(input.revision);
    for (std::size_t i = 0; i < ids.size(); ++i)
        set_channel(commands, ids[i], "order", static_cast<std::int64_t>(i + 1), gesture);
}

std::vector<int> signals(PanelInput const& input) {
    std::vector<int> ids;
    if (OverlaySeries const* series = shown_series(input))
        for (OverlayMember const& member : series->members)
            if (!member.left_out && member.id != 0 && member.channel.role == Role::signal) ids.push_back(member.id);
    return ids;
}

TrustLook trust_look(ui::Frame const& frame, PanelInput const& input, int id) {
    ui::Palette const& c = frame.c;
    FileResult const* result = result_of(input, id);
    OverlayResult const& overlay = input.results.overlay;
    for (auto const& [failed, words] : overlay.left_out)
        if (failed == id) return {ui::Mark::cross, c.failure, words, true};
    if (result && result->state != FileState::done && result->state != FileState::attention) {
        StateLook const look = look_of(frame, result->state);
        return {look.mark, look.colour, result->words.empty() ? std::string(look.word) : result->words, false};
    }
    if (OverlayMember const* member = member_of(input, id); member && member->left_out)
        return {ui::Mark::ring, c.third, "left out", false};
    PlacedChannel const* placed = placed_channel(input, id);
    OverlaySeries const* series = shown_series(input);
    bool const elsewhere = series && std::none_of(series->members.begin(), series->members.end(),
                                                  [&](OverlayMember const& m) { return m.id == id; });
    if (!placed && elsewhere) return {ui::Mark::ring, c.third, "another series", false};
    if (!placed) return {ui::Mark::ring, c.third, overlay.busy.empty() ? "not placed" : "aligning…", false};
    if (!placed->channel.alignment) return {ui::Mark::dot, c.ok, "as it is", false};
    Alignment const& alignment = *placed->channel.alignment;
    std::string words = alignment_words(alignment, reference_size(input));
    switch (alignment.trust) {
    case Trust::refused:
        return {ui::Mark::cross, c.failure, words + ". Place points", true};
    case Trust::doubtful:
        return {ui::Mark::triangle, c.warning, words + ". Place points", true};
    default:
        return {ui::Mark::dot, c.ok, std::move(words), false};
    }
}

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

void tint_menu(ui::Frame const& frame, CommandSink& commands, std::string_view menu, ui::Box anchor, int id, Rgb now) {
    if (!ui::begin_menu(frame, menu, anchor, frame.px(224), 8)) return;
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
        set_channel(commands, id, "tint", text_from(rgb_of(next)), ui::gesture(t.id, name, t.started));
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
    auto edit = ui::text_field(frame, text, {.id = base + "/hex", .label = "Colour as #rrggbb"}, text_from(now));
    if (edit.value)
        if (auto typed = rgb_from(*edit.value)) set_channel(commands, id, "tint", text_from(*typed), edit.gesture);
    ImGui::SetCursorScreenPos({at.x, text.bottom() + frame.px(8)});
    if (ui::menu_row(frame, {.control = {.id = base + "/palette", .label = "From the palette"}}))
        commands.push_back(ResetParam{"channel", "tint", id});
    ui::end_menu();
}

} // namespace mg::app
