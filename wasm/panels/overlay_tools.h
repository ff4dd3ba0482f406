#pragma once
// What the overlay's panels share: the series shown, its channels as they were placed, their colours.
#include "panels/tools.h"

namespace mg::app {

/// Null when there is none.
OverlaySeries const* shown_series(PanelInput const& input);
PlacedChannel const* placed_channel(PanelInput const& input, int id);
OverlayMember const* member_of(PanelInput const& input, int id);
/// How it looks in the composite; null when it has not been placed.
ChannelLook const* channel_look(PanelInput const& input, int id);
/// "405 nm"; the file's name when it has no label.
std::string label_of(PanelInput const& input, int id);
/// The file that all maps start from; 0: none.
int reference_id(PanelInput const& input);
/// The file that the selected one is compared with: as chosen, or the reference, or a neighbour; 0: none.
int compared_id(PanelInput const& input);
/// Stored size of the reference image.
Size reference_size(PanelInput const& input);

ui::Colour colour_of(Rgb colour);
std::optional<Rgb> rgb_from(std::string_view text); ///< "#rrggbb"
std::string text_from(Rgb colour);
/// The swatch of a channel; grey for extra images.
Rgb swatch_of(PanelInput const& input, int id);

/// Sets a value of the step "channel" for one file alone.
void set_channel(CommandSink& commands, int id, std::string_view key, Value value, std::string gesture = {});
/// Puts the signals of the series into this order.
void reorder(PanelInput const& input, CommandSink& commands, std::vector<int> const& ids);
/// The signals of the series shown, in their order.
std::vector<int> signals(PanelInput const& input);

/// What the alignment of an image means, with its mark.
struct TrustLook {
    ui::Mark mark = ui::Mark::ring;
    ui::Colour colour = 0;
    std::string words;
    bool attention = false;
};
TrustLook trust_look(ui::Frame const& frame, PanelInput const& input, int id);

/// A menu below `anchor` in which a tint is picked; opened by open_menu() with this id.
void tint_menu(ui::Frame const& frame, CommandSink& commands, std::string_view menu, ui::Box anchor, int id, Rgb now);

/// The views of the overlay that are not pictures.
void draw_alignment_table(PanelInput const& input, CommandSink& commands, ui::Box area);
void draw_point_panes(PanelInput const& input, CommandSink& commands, ui::Box area);

} // namespace mg::app
