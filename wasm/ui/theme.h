#pragma once
// The look: colours of the dark and the light theme, lengths on a 4 px grid, and the faces of the one type family.
// Everything is in CSS pixels; fonts are rasterised at the display's pixel ratio and must be built again when it
// changes.
#include <cstdint>

#include "app/view_state.h"

struct ImFont;

namespace mg::ui {

/// 0xAABBGGRR, as ImGui packs it.
using Colour = std::uint32_t;

struct Palette {
    Colour ground, canvas, panel, raised, hover, line, field;
    Colour text, second, third;
    Colour accent, on_accent, accent_soft; ///< on_accent: text upon accent
    Colour ok, warning, failure;
    Colour knob, shade; ///< shade: over the page, behind an sheet
    Colour plot;        ///< filled curve of a histogram
};

Palette const& palette(app::Theme theme);

/// The same colour with its opacity multiplied by `opacity` (0..1).
Colour faded(Colour colour, float opacity);

/// Faces: size in CSS px at font scale 1, and weight.
enum class Face { small, note, body, strong, title, lead, headline, count };

/// Fills ImGui's font atlas for this pixel ratio and the user's font scale. Call between frames; the texture of the
/// atlas must be uploaded again afterwards.
void build_fonts(float pixel_ratio, float font_scale);

/// The font of a face; falls back to ImGui's own when build_fonts has not run.
ImFont* font(Face face);

/// Sets ImGui's style: colours, roundings, spacing, keyboard navigation.
void apply_theme(app::Theme theme, float font_scale);

} // namespace mg::ui
