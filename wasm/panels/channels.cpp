// Colour, share and presence of each channel, and the palette that gives the colours.
#include <array>

#include "panels/overlay_tools.h"
#include "panels/steps.h"

namespace mg::app {
namespace {

void channel_row(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Column& column,
                 OverlayMember const& member) {
    ui::Palette const& c = frame.c;
    ui::Box const box = column.row(frame.px(26));
    std::string const label = label_of(input, member.id);
    std::string const id = "overlay/channel/" + label + "#" + std::to_string(member.id);
    ChannelSettings const& settings = member.channel.settings;
    PlacedChannel const* placed = placed_channel(input, member.id);
    Rgb const swatch = swatch_of(input, member.id);
    bool const refused = placed && placed->channel.alignment && placed->channel.alignment->trust == Trust::refused;

    ui::Box const colour{box.x, box.y, frame.px(20), box.height};
    std::string const menu = id + "/tint";
    ui::Touch t = ui::touch(frame, colour,
                            {.id = menu,
                             .label = "Tint of " + label,
                             .value = text_from(swatch),
                             .help = "Its colour in the composite. Click to choose another."});
    ui::Box square = frame.snapped({colour.x, colour.middle_y() - frame.px(6), frame.px(12), frame.px(12)});
    ui::fill(frame, square, ui::faded(colour_of(swatch), settings.shown ? 1 : 0.45f), frame.px(3));
    if (t.hovered) ui::outline(frame, square.inset(-frame.px(2), -frame.px(2)), c.text, frame.px(4));
    if (settings.tint)
        ui::draw_list(frame).AddCircleFilled({square.x - frame.px(6), square.middle_y()}, frame.px(2), c.accent);
    if (t.focused) ui::focus_ring(frame, square, frame.px(3));
    if (t.pressed) ui::open_menu(menu);
    tint_menu(frame, commands, menu, colour, member.id, swatch);

    bool const narrow_label = frame.scale > 1.4f;
    float const name_width = narrow_label ? frame.px(64) : frame.px(74), switch_width = frame.px(36);
    ui::Box const name{box.x + frame.px(22), box.y, name_width, box.height};
    ui::Touch n = ui::touch(frame, name,
                            {.id = id + "/name",
                             .label = label,
                             .value = refused ? "not in the composite" : "",
                             .help = refused ? "Its place is not known, so it is left out of the composite." : ""});
    if (n.pressed) commands.push_back(Select{member.id});
    bool const selected = member.id == input.view.selected;
    ui::TextStyle const style{.face = ui::Face::body,
                              .colour = refused                 ? c.failure
                                        : selected || n.hovered ? c.text
                                                                : c.second,
                              .tabular = true};
    ui::text_in(frame, name.without_right(frame.px(6)), ui::elided_middle(label, style, name.width - frame.px(6)),
                style);
    if (n.focused) ui::focus_ring(frame, name, frame.px(3));

    ui::Box const track{name.right(), box.y, box.right() - switch_width - name.right() - frame.px(8), box.height};
    auto edit = ui::slider(frame, track,
                           {.id = id + "/gain",
                            .label = "Gain of " + label,
                            .enabled = settings.shown && !refused,
                            .help = "Brightness of this channel. Double click: 1. Enter: type it."},
                           {.value = settings.gain,
                            .standard = 1,
                            .minimum = 0,
                            .maximum = 3,
                            .lowest = 0,
                            .highest = 100,
                            .unit = "×",
                            .boxed = false});
    if (edit.reset)
        commands.push_back(ResetParam{"channel", "gain", member.id});
    else if (edit.value)
        set_channel(commands, member.id, "gain", *edit.value, edit.gesture);

    if (ui::switch_in(frame, box.from_right(switch_width), {.id = id + "/shown", .label = label + " in the composite"},
                      settings.shown))
        set_channel(commands, member.id, "shown", !settings.shown);
}

} // namespace

void draw_channels(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    ui::Box area = box_of(input.area);
    ui::vertical_line(frame, area.x, area.y, area.bottom(), frame.c.line);
    ui::Column column = right_column(input);
    column.y += frame.px(8);
    ui::caption(frame, column.row(frame.px(26)), "Channels");
    OverlaySeries const* series = shown_series(input);
    bool any = false;
    if (series)
        for (OverlayMember const& member : series->members) {
            if (member.left_out || member.channel.role != Role::signal || member.id == 0) continue;
            channel_row(frame, input, commands, column, member);
            any = true;
        }
    if (!any) column.y += ui::note(frame, {column.x, column.y, column.width, 0}, "No channels yet.", frame.c.third);
    if (StepUse const* compose = find_use(input.document.overlay, "compose")) {
        static constexpr std::array<std::string_view, 1> k_keys{"palette"};
        ui::param_rows(frame, column, {.use = *compose, .keys = k_keys}, commands);
    }
    column.y = frame.snap(column.y + frame.px(8));
    end_column(column);
}

} // namespace mg::app
