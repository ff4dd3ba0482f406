// The alignment in numbers: where each image lies over the reference, and how sure that is.
#include <array>
#include <cmath>

#include "app/overlay_words.h"
#include "base/text.h"
#include "imgui_internal.h"
#include "panels/overlay_tools.h"
#include "recipe/overlay.h"

namespace mg::app {
namespace {

struct ColumnSpec {
    char const* title;
    float width;
    ui::Align align;
};
constexpr std::array<ColumnSpec, 9> k_columns{{{"Image", 100, ui::Align::left},
                                               {"Shift x, px", 68, ui::Align::right},
                                               {"Shift y, px", 68, ui::Align::right},
                                               {"Scale", 60, ui::Align::right},
                                               {"Rotation", 66, ui::Align::right},
                                               {"Confidence", 68, ui::Align::right},
                                               {"Error, px", 60, ui::Align::right},
                                               {"To truth, px", 72, ui::Align::right},
                                               {"Trust", 330, ui::Align::left}}};
constexpr std::size_t k_truth = 7;

std::string signed_text(double value, int decimals) {
    std::string text = format_fixed(std::fabs(value), decimals);
    return (value < 0 ? "−" : "+") + text;
}

} // namespace

void draw_alignment_table(PanelInput const& input, CommandSink& commands, ui::Box area) {
    ui::Frame frame = frame_of(input);
    ui::Palette const& c = frame.c;
    OverlayResult const& overlay = input.results.overlay;
    Size const size = reference_size(input);
    bool truth = false;
    for (PlacedChannel const& placed : overlay.channels) truth = truth || placed.truth.has_value();
    float total = 0;
    for (std::size_t i = 0; i < k_columns.size(); ++i)
        if (truth || i != k_truth) total += frame.px(k_columns[i].width) + frame.px(14);
    ui::Box const inner = area.inset(frame.px(16), frame.px(16));
    // The words take what the numbers leave; only when that is too little, all give way.
    float const words_width =
        std::max(frame.px(110), frame.px(k_columns.back().width) - std::max(0.0f, total - inner.width));
    total -= frame.px(k_columns.back().width) - words_width;
    float const shrink = std::min(1.0f, inner.width / total);
    ImGui::SetCursorScreenPos(inner.low());
    ImGui::BeginChild("table", {inner.width, inner.height}, ImGuiChildFlags_None, ImGuiWindowFlags_NavFlattened);
    ImVec2 const at = ImGui::GetCursorScreenPos();
    float const left = at.x + std::max(0.0f, (inner.width - total * shrink) / 2);
    float y = at.y;
    auto line = [&](std::array<std::string, 9> const& texts, ui::TextStyle style, std::optional<ui::Colour> last) {
        float x = left;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            if (!truth && i == k_truth) continue;
            float const width = (i + 1 == texts.size() ? words_width : frame.px(k_columns[i].width)) * shrink;
            ui::TextStyle own = style;
            if (last && i + 1 == texts.size()) own.colour = *last;
            ui::text_in(frame, {x, y, width, frame.px(26)}, texts[i], own, k_columns[i].align);
            x += width + frame.px(14) * shrink;
        }
    };
    std::array<std::string, 9> titles;
    for (std::size_t i = 0; i < titles.size(); ++i) titles[i] = k_columns[i].title;
    line(titles, {.face = ui::Face::small, .colour = c.third}, {});
    y += frame.px(26);
    ui::horizontal_line(frame, left, left + total * shrink, y, c.line);
    y += frame.px(4);
    for (PlacedChannel const& placed : overlay.channels) {
        if (placed.id == 0) continue;
        TrustLook const look = trust_look(frame, input, placed.id);
        std::array<std::string, 9> texts;
        texts[0] = label_of(input, placed.id);
        std::string words = "as it is";
        if (auto const& alignment = placed.channel.alignment) {
            words =
                std::string(trust_name(alignment->trust)) + (alignment->reason.empty() ? "" : ": " + alignment->reason);
            if (alignment->trust != Trust::refused) {
                Affine const& m = alignment->from_reference.affine;
                Point const shift = shift_of(*alignment, size);
                texts[1] = signed_text(shift.x, 2);
                texts[2] = signed_text(shift.y, 2);
                texts[3] = format_fixed(std::sqrt(std::fabs(m.determinant())), 4);
                texts[4] = signed_text(std::atan2(m.c - m.b, m.a + m.d) * 57.29577951308232, 3) + "°";
                if (placed.truth)
                    texts[7] = format_fixed(largest_distance(alignment->from_reference, *placed.truth, size), 2);
            }
            if (alignment->trust != Trust::reference) {
                texts[5] = format_fixed(100 * alignment->confidence, 0) + " %";
                if (alignment->residual_px > 0) texts[6] = format_fixed(alignment->residual_px, 2);
            }
        }
        texts[8] = words;
        ui::Box const box{left - frame.px(8), y, total * shrink + frame.px(16), frame.px(26)};
        std::string value;
        for (std::size_t i = 1; i < texts.size(); ++i)
            if (!texts[i].empty()) value += (value.empty() ? "" : ", ") + texts[i];
        ui::Touch const t = ui::touch(frame, box,
                                      {.id = "table/" + std::to_string(placed.id),
                                       .label = texts[0],
                                       .kind = "row",
                                       .value = value,
                                       .help = words.size() > 40 ? std::string_view(words) : ""});
        if (placed.id == input.view.selected || t.hovered)
            ui::fill(frame, box, placed.id == input.view.selected ? c.raised : ui::faded(c.raised, 0.5f), frame.px(4));
        if (t.pressed) commands.push_back(Select{placed.id});
        line(texts, {.face = ui::Face::body, .colour = c.text, .tabular = true},
             look.attention ? look.colour : c.second);
        if (t.focused) ui::focus_ring(frame, box, frame.px(4));
        y += frame.px(28);
    }
    if (overlay.channels.empty())
        ui::text_in(frame, {left, y, inner.width, frame.px(26)}, "Known after aligning.",
                    {.face = ui::Face::body, .colour = c.third});
    // Pairs that were matched directly and do not fit: they say where to look.
    std::vector<std::string> odd;
    for (PairMatch const& pair : overlay.pairs) {
        auto const count = static_cast<int>(overlay.channels.size());
        if (pair.trust == Trust::accepted || pair.trust == Trust::by_hand || pair.from < 0 || pair.to < 0 ||
            pair.from >= count || pair.to >= count)
            continue;
        odd.push_back(label_of(input, overlay.channels[static_cast<std::size_t>(pair.from)].id) + " – " +
                      label_of(input, overlay.channels[static_cast<std::size_t>(pair.to)].id) + ": " +
                      std::string(trust_name(pair.trust)) + (pair.reason.empty() ? "" : ", " + pair.reason));
    }
    if (!odd.empty()) {
        y += frame.px(16);
        ui::caption(frame, {left, y, total * shrink, frame.px(20)}, "Pairs that were not used as they are");
        y += frame.px(24);
        for (std::string const& text : odd) {
            ui::text_in(frame, {left, y, total * shrink, frame.px(18)}, text,
                        {.face = ui::Face::note, .colour = c.third});
            y += frame.px(18);
        }
    }
    ImGui::SetCursorScreenPos({at.x, y});
    ImGui::Dummy({1, frame.px(8)});
    ImGui::EndChild();
}

} // namespace mg::app
