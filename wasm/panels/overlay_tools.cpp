#include "panels/overlay_tools.h"

#include <cmath>
#include <cstdio>

#include "app/overlay_words.h"
#include "base/text.h"
#include "panels/colour_menu.h"
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

void tint_menu(ui::Frame const& frame, CommandSink& commands, std::string_view menu, ui::Box anchor, int id, Rgb now) {
    ColourEdit const edit = colour_menu(frame, menu, anchor, now);
    if (edit.colour) set_channel(commands, id, "tint", text_from(*edit.colour), edit.gesture);
    if (edit.from_palette) commands.push_back(ResetParam{"channel", "tint", id});
}

} // namespace mg::app
