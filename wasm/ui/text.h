#pragma once
// Text on device pixels: ImGui's own snaps to whole CSS pixels, which blurs at fractional pixel ratios, and knows
// neither tabular figures nor letter-spaced capitals.
#include <string>
#include <string_view>
#include <vector>

#include "imgui.h"
#include "ui/theme.h"

namespace mg::ui {

struct TextStyle {
    Face face = Face::body;
    Colour colour = 0;
    bool tabular = false; ///< figures of one width
    float spacing = 0;    ///< extra between letters, CSS px
};

/// Width in CSS px.
float text_width(std::string_view text, TextStyle const& style);
/// Height of capitals, CSS px: what looks centred is centred by it.
float capital_height(Face face);
/// From baseline to baseline: 1.45 em.
float line_height(Face face);

/// Draws with the left end of the baseline at `baseline`, which is rounded to device pixels. Returns the end's x.
float draw_text(ImDrawList& list, ImVec2 baseline, std::string_view text, TextStyle const& style);

/// The text, cut at the end ("…") or in the middle ("10K4…20.TIF"), so that it is no wider than `width`.
std::string elided(std::string_view text, TextStyle const& style, float width);
std::string elided_middle(std::string_view text, TextStyle const& style, float width);

/// Lines no wider than `width`; a word that is wider alone is cut.
std::vector<std::string> wrapped(std::string_view text, TextStyle const& style, float width);

} // namespace mg::ui
