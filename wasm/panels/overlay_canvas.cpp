// The composite: live on the graphics card, with the databar below it; two images against each other; colour vision.
#include <array>
#include <cmath>
#include <cstdio>

#include "imgui_internal.h"
#include "panels/canvas_tools.h"
#include "panels/overlay_tools.h"
#include "ui/format.h"
#include "ui/view_map.h"

namespace mg::app {
namespace {

struct ShownOverlay {
    Size size; ///< micrograph and databar
    int bar_rows = 0;
    ui::ViewMap map;
    ui::Box stage, picture; ///< picture: of the micrograph
};

int layer_of(PanelInput const& input, int id) {
    PlacedChannel const* placed = placed_channel(input, id);
    return placed ? placed->layer : -1;
}

/// The look by layers instead of by channels.
ComposeLook look_by_layer(OverlayResult const& overlay) {
    ComposeLook look = overlay.look;
    look.channels.assign(static_cast<std::size_t>(overlay.placed->channels), {});
    for (ChannelLook& channel : look.channels) channel.shown = false;
    for (std::size_t i = 0; i < overlay.channels.size() && i < overlay.look.channels.size(); ++i)
        if (int const layer = overlay.channels[i].layer; layer >= 0)
            look.channels[static_cast<std::size_t>(layer)] = overlay.look.channels[i];
    return look;
}

bool needs_two(OverlayShow show) {
    return show == OverlayShow::flicker || show == OverlayShow::swipe || show == OverlayShow::difference ||
           show == OverlayShow::checkerboard;
}

void draw_composite(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ShownOverlay const& shown,
                    ui::Box area) {
    OverlayResult const& overlay = input.results.overlay;
    OverlayView const& view = input.view.overlay;
    PlacedView placed;
    placed.look = look_by_layer(overlay);
    placed.vision = view.vision;
    placed.chroma = view.show == OverlayShow::saturated ? placed.look.saturated_chroma : placed.look.chroma;
    if (!view.brush.empty() && holds(input.view.unfolded, "joint")) {
        placed.across = layer_of(input, overlay.joint_across);
        placed.up = layer_of(input, overlay.joint_up);
        if (placed.across >= 0 && placed.up >= 0) {
            ChannelLook const& x = placed.look.channels[static_cast<std::size_t>(placed.across)];
            ChannelLook const& y = placed.look.channels[static_cast<std::size_t>(placed.up)];
            auto const value = [](ChannelLook const& l, double f) {
                return l.black + static_cast<float>(f) * (l.white - l.black);
            };
            placed.brush[0] = value(x, view.brush.left), placed.brush[1] = value(x, view.brush.right);
            placed.brush[2] = value(y, view.brush.bottom), placed.brush[3] = value(y, view.brush.top);
            if (view.brush.left <= 0)
                placed.brush[0] = -1e9f; // all that lies beyond the plot's edge is in its last cell
            if (view.brush.right >= 1) placed.brush[1] = 1e9f;
            if (view.brush.bottom <= 0) placed.brush[2] = -1e9f;
            if (view.brush.top >= 1) placed.brush[3] = 1e9f;
        }
    }
    Rectangle const target = rectangle_of(shown.picture), clip = rectangle_of(area);
    int const a = input.view.selected, b = compared_id(input);
    int const layer_a = layer_of(input, a), layer_b = layer_of(input, b);
    ui::Box const seen = clipped(shown.picture, area);
    auto draw = [&](Rectangle in) { input.pictures.draw_placed(overlay.placed, placed, target, in); };
    if (view.show == OverlayShow::channel || needs_two(view.show)) {
        bool const two = needs_two(view.show);
        if (layer_a < 0 || (two && layer_b < 0)) {
            std::string const name = label_of(input, layer_a < 0 ? a : b);
            ui::text_in(frame, {shown.stage.x, shown.stage.middle_y() - frame.px(12), shown.stage.width, frame.px(24)},
                        two && b == 0 ? "A second image is needed" : name + " has not been placed",
                        {.face = ui::Face::body, .colour = frame.c.second}, ui::Align::centre);
            return;
        }
        placed.mode = PlacedView::Mode::single;
        placed.first = layer_a;
        placed.second = layer_b;
        if (view.show == OverlayShow::flicker && std::fmod(input.time_s, 2 * k_flicker_s) >= k_flicker_s)
            std::swap(placed.first, placed.second);
        if (view.show == OverlayShow::difference) placed.mode = PlacedView::Mode::difference;
        if (view.show == OverlayShow::checkerboard) placed.mode = PlacedView::Mode::checkerboard;
        if (view.show != OverlayShow::swipe) {
            draw(clip);
            bool const swapped = placed.first == layer_b;
            if (view.show == OverlayShow::channel || view.show == OverlayShow::flicker)
                label_on_picture(frame, seen, {.text = label_of(input, swapped ? b : a), .id = "left"});
            else {
                label_on_picture(frame, seen, {.text = label_of(input, a), .id = "left"});
                label_on_picture(frame, seen, {.text = label_of(input, b), .right = true, .id = "right"});
            }
            return;
        }
        float const x = frame.snap(shown.picture.x + shown.picture.width * static_cast<float>(input.view.swipe));
        ui::Box const left = clipped(area, {area.x, area.y, x - area.x, area.height}),
                      right = clipped(area, {x, area.y, area.right() - x, area.height});
        draw(rectangle_of(left));
        std::swap(placed.first, placed.second);
        draw(rectangle_of(right));
        label_on_picture(frame, clipped(shown.picture, left), {.text = label_of(input, a), .id = "left"});
        label_on_picture(frame, clipped(shown.picture, right),
                         {.text = label_of(input, b), .right = true, .id = "right"});
        swipe_line(frame, input, commands, shown.picture, area, "Line between two images");
        return;
    }
    draw(clip);
}

void databar(PanelInput const& input, ShownOverlay const& shown, ui::Box area) {
    OverlayResult const& overlay = input.results.overlay;
    if (!overlay.databar || overlay.databar_inside || shown.bar_rows == 0) return;
    ui::Box const bar{shown.picture.x, shown.picture.bottom(), shown.picture.width,
                      static_cast<float>(shown.bar_rows * shown.map.scale)};
    input.pictures.draw(overlay.databar, rectangle_of(bar), rectangle_of(area));
}

constexpr std::array<std::string_view, 4> k_vision_ids{"normal", "protan", "deutan", "tritan"};

ChipRow chips(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Box area) {
    ChipRow row(frame, area);
    struct View {
        OverlayShow show;
        char const* id;
        char const* label;
        char const* help;
    };
    static constexpr View k_views[] = {
        {OverlayShow::composite, "composite", "Composite", "All channels in their tints. Key: C"},
        {OverlayShow::saturated, "saturated", "Saturated", "The composite with more chroma."},
        {OverlayShow::channel, "channel", "Channel", "The selected image alone. Key: B"},
        {OverlayShow::flicker, "flicker", "Flicker", "The selected image and another in turn."},
        {OverlayShow::swipe, "swipe", "Swipe", "The selected image and another, with a line to drag."},
        {OverlayShow::difference, "difference", "Difference",
         "The selected image less another: grey where they agree."},
        {OverlayShow::checkerboard, "checkerboard", "Checkerboard", "The selected image and another in squares."},
        {OverlayShow::table, "table", "Table", "Shift, scale, rotation and confidence of each image."},
    };
    OverlayShow const now = input.view.overlay.show;
    for (View const& v : k_views)
        row.add({.id = std::string("canvas/show/") + v.id, .label = v.label, .help = v.help}, now == v.show,
                [&input, &commands, show = v.show](ui::Box box) {
                    if (box.empty()) change_view(input, commands, [&](ViewState& view) { view.overlay.show = show; });
                });
    if (needs_two(now) && compared_id(input) != 0) {
        std::string const with = "with " + label_of(input, compared_id(input));
        row.add({.id = "canvas/with",
                 .label = with,
                 .value = with,
                 .help = "The image that the selected one is compared with."},
                false, [&frame, &input, &commands](ui::Box box) {
                    if (box.empty()) return ui::open_menu("canvas/with/menu");
                    OverlaySeries const* series = shown_series(input);
                    int const count = series ? static_cast<int>(series->members.size()) : 0;
                    if (!ui::begin_menu(frame, "canvas/with/menu", box, frame.px(180), std::min(count, 14))) return;
                    for (OverlayMember const& member : series->members)
                        if (member.id != 0 && member.id != input.view.selected && !member.left_out &&
                            ui::menu_row(frame, {.control = {.id = "canvas/with/" + std::to_string(member.id),
                                                             .label = label_of(input, member.id)},
                                                 .chosen = member.id == compared_id(input)}))
                            change_view(input, commands, [&](ViewState& v) { v.overlay.other = member.id; });
                    ui::end_menu();
                });
    }
    auto const vision = static_cast<std::size_t>(input.view.overlay.vision);
    std::string const words = "Colour vision: " + std::string(k_vision_ids[vision]);
    row.add({.id = "canvas/vision",
             .label = words,
             .value = words,
             .help = "How the picture looks to people with another colour vision."},
            vision != 0, [&frame, &input, &commands](ui::Box box) {
                if (box.empty()) return ui::open_menu("canvas/vision/menu");
                if (!ui::begin_menu(frame, "canvas/vision/menu", box, frame.px(230), 4)) return;
                static constexpr char const* k_words[] = {"Normal", "Protan: no red cones", "Deutan: no green cones",
                                                          "Tritan: no blue cones"};
                for (std::size_t i = 0; i < 4; ++i)
                    if (ui::menu_row(
                            frame, {.control = {.id = "canvas/vision/" + std::string(k_vision_ids[i]), .label = k_words[i]},
                                    .chosen = i == static_cast<std::size_t>(input.view.overlay.vision)}))
                        change_view(input, commands,
                                    [&](ViewState& v) { v.overlay.vision = static_cast<ColourVision>(i); });
                ui::end_menu();
            });
    row.add({.id = "canvas/fit", .label = "Fit", .help = "The whole picture. Key: 0"}, input.view.fit,
            [&input, &commands](ui::Box box) {
                if (box.empty()) change_view(input, commands, [](ViewState& v) { v.fit = true; });
            });
    return row;
}

void no_overlay(ui::Frame const& frame, PanelInput const& input, ui::Box area) {
    OverlayResult const& overlay = input.results.overlay;
    ui::TextStyle const body{.face = ui::Face::body, .colour = frame.c.second};
    ui::Box line{area.x + frame.px(40), area.middle_y() - frame.px(24), area.width - frame.px(80), frame.px(24)};
    if (!overlay.failure.empty() && overlay.busy.empty()) {
        ui::mark(frame, {area.middle_x(), line.y - frame.px(16)}, ui::Mark::cross, frame.c.failure);
        for (std::string const& text : ui::wrapped(overlay.failure, body, std::min(line.width, frame.px(460)))) {
            ui::text_in(frame, line, text, body, ui::Align::centre);
            line.y += frame.px(20);
        }
        ui::record(frame, line, {.id = "canvas/failure", .label = overlay.failure, .kind = "status"});
        return;
    }
    if (input.activity.running_for_s < 0.4) return;
    ui::spinner(frame, {area.middle_x(), area.middle_y() - frame.px(22)}, frame.px(12), input.time_s);
    ui::text_in(frame, {line.x, area.middle_y() + frame.px(4), line.width, line.height}, input.activity.stage, body,
                ui::Align::centre);
}

void readout(ui::Frame const& frame, PanelInput const& input, ShownOverlay const& shown, ui::Box area) {
    if (!ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem)) return;
    OverlayResult const& overlay = input.results.overlay;
    ImVec2 const mouse = ImGui::GetIO().MousePos;
    double const x = shown.map.image_x(mouse.x), y = shown.map.image_y(mouse.y);
    if (!(x >= 0 && y >= 0 && x < shown.size.width && y < shown.size.height - shown.bar_rows)) return;
    std::string text = "x " + std::to_string(static_cast<int>(x)) + " y " + std::to_string(static_cast<int>(y)) + " px";
    if (overlay.pixel_size_x_nm && overlay.pixel_size_y_nm)
        text += " · " +
                ui::position_text(std::floor(x) * *overlay.pixel_size_x_nm, std::floor(y) * *overlay.pixel_size_y_nm);
    ui::TextStyle style{.face = ui::Face::note, .colour = frame.c.second, .tabular = true};
    float const width = ui::text_width(text, style);
    ui::Box const line{area.x + frame.px(20), area.y + frame.px(12), width + 1, frame.px(20)};
    ui::fill(frame, line.inset(-frame.px(8), 0), ui::faded(frame.c.panel, 0.82f), frame.px(6));
    ui::text_in(frame, line, text, style);
    ui::record(frame, line, {.id = "canvas/readout", .label = text, .kind = "status"});
}

} // namespace

void draw_overlay_canvas(PanelInput const& input, CommandSink& commands) {
    if (input.document.inputs.empty()) return;
    ui::Frame frame = frame_of(input);
    ui::Box area = box_of(input.area);
    if (input.view.points.placing && selected_input(input)) return draw_point_panes(input, commands, area);
    ChipRow const row = chips(frame, input, commands, area);
    OverlayResult const& overlay = input.results.overlay;
    ui::Box const stage{area.x, area.y, area.width, std::max(1.0f, area.height - row.height())};
    if (input.view.overlay.show == OverlayShow::table) {
        draw_alignment_table(input, commands, stage);
        return row.draw();
    }
    if (!overlay.placed || overlay.size.empty()) {
        no_overlay(frame, input, stage);
        return row.draw();
    }
    ShownOverlay shown;
    shown.bar_rows = overlay.databar && !overlay.databar_inside && overlay.databar->size.width == overlay.size.width
                         ? overlay.databar->size.height
                         : 0;
    shown.size = {overlay.size.width, overlay.size.height + shown.bar_rows};
    shown.stage = stage;
    shown.map = ui::view_map(stage, shown.size, input.view, frame.ratio);
    shown.picture = shown.map.box(overlay.size);
    move_picture(frame, input, commands, {shown.size, shown.map, shown.stage}, area);
    ui::record(frame, clipped(shown.map.box(shown.size), area),
               {.id = "canvas/picture",
                .label = "Composite",
                .kind = "image",
                .value = std::to_string(overlay.size.width) + " × " + std::to_string(overlay.size.height) + " px"});
    draw_composite(frame, input, commands, shown, area);
    databar(input, shown, area);
    if (shown.bar_rows == 0 || !input.view.fit)
        view_scale_bar(frame, area, overlay.pixel_size_x_nm, shown.map.scale); // else the databar has one
    if (overlay.placed->size != overlay.size)
        label_on_picture(frame, clipped(shown.picture, area),
                         {.text = "shown at " + std::to_string(overlay.placed->size.width) + " × " +
                                  std::to_string(overlay.placed->size.height) + " px, saved in full",
                          .right = true,
                          .id = "right"});
    readout(frame, input, shown, area);
    row.draw();
}

} // namespace mg::app
