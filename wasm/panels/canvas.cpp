// The picture: zoom about the pointer, pan, before/after, a live scale bar, and what is under the pointer.
#include <array>
#include <cstdio>

#include "imgui_internal.h"
#include "panels/canvas_tools.h"
#include "panels/measure.h"
#include "panels/tools.h"
#include "ui/format.h"
#include "ui/view_map.h"

namespace mg::app {
namespace {

constexpr double k_values_from = 30; ///< CSS px per image px from which values are written into the pixels

struct Shown {
    FileResult const* result = nullptr;
    Size size; ///< of the picture that sets the coordinates
    ui::ViewMap map;
    ui::Box stage;       ///< the canvas less the row of chips
    ui::Box recorded;    ///< where the recorded picture goes
    bool turned = false; ///< it cannot be laid upon the result: rotated or mirrored
};

/// Place of the recorded picture below the result: the bounds of its frame in the result's pixels.
void place_recorded(Shown& shown) {
    FileResult const& r = *shown.result;
    if (!r.recorded_picture) return;
    if (!r.picture) {
        shown.recorded = shown.map.box(shown.size);
        return;
    }
    Affine const& m = r.picture_to_recorded;
    Size size = r.recorded_picture->size;
    bool straight = std::fabs(m.b) + std::fabs(m.c) < 1e-6 && m.a > 0 && m.d > 0;
    shown.turned = !straight;
    if (straight) {
        Affine back = m.inverse();
        // Pixel centres at integers: the frame's corner is half a pixel before the first centre.
        Point low = back({-0.5, -0.5}), high = back({size.width - 0.5, size.height - 0.5});
        double k = shown.map.scale;
        shown.recorded = {static_cast<float>(shown.map.x + (low.x + 0.5) * k),
                          static_cast<float>(shown.map.y + (low.y + 0.5) * k), static_cast<float>((high.x - low.x) * k),
                          static_cast<float>((high.y - low.y) * k)};
        return;
    }
    ui::Box whole = shown.map.box({shown.size.width, shown.size.height - r.picture_databar_rows});
    float k = std::min(whole.width / static_cast<float>(size.width), whole.height / static_cast<float>(size.height));
    float w = k * static_cast<float>(size.width), h = k * static_cast<float>(size.height);
    shown.recorded = {whole.middle_x() - w / 2, whole.middle_y() - h / 2, w, h};
}

void scale_bar(ui::Frame const& frame, ui::Box area, FileResult const& result, double css_per_px) {
    if (!result.pixel_size_x_nm) return;
    auto bar = ui::bar_length(*result.pixel_size_x_nm / css_per_px, frame.px(150));
    if (!bar) return;
    std::string text = ui::length_text(bar->nm);
    ui::TextStyle style{.face = ui::Face::note, .colour = frame.c.text};
    auto length = static_cast<float>(bar->px);
    float width = std::max(length, ui::text_width(text, style)) + frame.px(20), height = frame.px(32);
    ui::Box box =
        frame.snapped({area.right() - frame.px(12) - width, area.bottom() - frame.px(44) - height, width, height});
    ui::fill(frame, box, ui::faded(frame.c.panel, 0.82f), frame.px(6));
    ui::text_in(frame, {box.x, box.y + frame.px(3), box.width, frame.px(14)}, text, style, ui::Align::centre);
    float x0 = frame.snap(box.middle_x() - length / 2), y = frame.snap(box.bottom() - frame.px(9)), w = frame.px(2),
          tick = frame.px(4);
    // The ends are not rounded: they are where the length ends.
    ImDrawList& list = ui::draw_list(frame);
    list.AddRectFilled({x0, y}, {x0 + length, y + w}, frame.c.text);
    list.AddRectFilled({x0, y - tick}, {x0 + frame.hairline(), y + w}, frame.c.text);
    list.AddRectFilled({x0 + length - frame.hairline(), y - tick}, {x0 + length, y + w}, frame.c.text);
    ui::record(frame, box, {.id = "canvas/scale", .label = "Scale bar of the view", .kind = "status", .value = text});
}

/// Pixel of the recorded plane under a pixel of the result.
std::optional<float> recorded_value(FileResult const& r, double x, double y) {
    if (!r.recorded || r.recorded->empty()) return {};
    Point p = r.picture ? r.picture_to_recorded({x, y}) : Point{x, y};
    if (!std::isfinite(p.x) || !std::isfinite(p.y)) return {};
    double px = std::floor(p.x + 0.5), py = std::floor(p.y + 0.5);
    if (px < 0 || py < 0 || px >= r.recorded->width() || py >= r.recorded->height()) return {};
    return r.recorded->at(static_cast<int>(px), static_cast<int>(py));
}
std::string recorded_text(FileResult const& r, float value) {
    return ui::number_text(r.range.black + static_cast<double>(value) * (r.range.white - r.range.black));
}
std::string picture_text(Picture const& picture, int x, int y) {
    std::size_t at =
        (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.size.width) + static_cast<std::size_t>(x)) *
        static_cast<std::size_t>(picture.bytes_per_pixel);
    std::array<char, 48> text{};
    if (at + static_cast<std::size_t>(picture.bytes_per_pixel) > picture.pixels.size()) return "–";
    std::uint8_t const* p = picture.pixels.data() + at;
    if (picture.bytes_per_pixel == 1)
        std::snprintf(text.data(), text.size(), "%.2f", p[0] / 255.0);
    else
        std::snprintf(text.data(), text.size(), "%.2f %.2f %.2f", p[0] / 255.0, p[1] / 255.0, p[2] / 255.0);
    return text.data();
}

std::string readout(Shown const& shown, ImVec2 mouse) {
    FileResult const& r = *shown.result;
    double fx = shown.map.image_x(mouse.x), fy = shown.map.image_y(mouse.y);
    if (!(fx >= 0 && fy >= 0 && fx < shown.size.width && fy < shown.size.height)) return {};
    int x = static_cast<int>(fx), y = static_cast<int>(fy);
    std::string text = "x " + std::to_string(x) + " y " + std::to_string(y) + " px";
    if (r.pixel_size_x_nm && r.pixel_size_y_nm)
        text += " · " + ui::position_text(x * *r.pixel_size_x_nm, y * *r.pixel_size_y_nm);
    bool in_databar = r.picture && y >= shown.size.height - r.picture_databar_rows;
    if (in_databar) return text + " · databar";
    auto recorded = recorded_value(r, x, y);
    std::string after = r.picture ? picture_text(*r.picture, x, y) : "";
    if (recorded) text += " · value " + recorded_text(r, *recorded);
    if (!after.empty()) text += (recorded ? " → " : " · value ") + after;
    return text;
}

/// Recorded values, one in each pixel, in the colour that stands out from it.
void pixel_values(ui::Frame const& frame, Shown const& shown, ui::Box area) {
    FileResult const& r = *shown.result;
    if (shown.map.scale < k_values_from * frame.scale || !r.recorded) return;
    auto clamp_to = [](double v, int high) {
        return static_cast<int>(std::clamp(std::floor(v), 0.0, static_cast<double>(high)));
    };
    int x0 = clamp_to(shown.map.image_x(area.x), shown.size.width),
        x1 = clamp_to(shown.map.image_x(area.right()) + 1, shown.size.width);
    int y0 = clamp_to(shown.map.image_y(area.y), shown.size.height),
        y1 = clamp_to(shown.map.image_y(area.bottom()) + 1, shown.size.height);
    auto side = static_cast<float>(shown.map.scale);
    Picture const* below = r.picture ? r.picture.get() : r.recorded_picture.get();
    for (int y = y0; y < y1; ++y)
        for (int x = x0; x < x1; ++x) {
            auto value = recorded_value(r, x, y);
            if (!value) continue;
            ui::Box box{static_cast<float>(shown.map.x + x * shown.map.scale),
                        static_cast<float>(shown.map.y + y * shown.map.scale), side, side};
            std::size_t at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(shown.size.width) +
                              static_cast<std::size_t>(x)) *
                             static_cast<std::size_t>(below ? below->bytes_per_pixel : 1);
            bool bright = below && at < below->pixels.size() && below->pixels[at] > 130;
            ui::text_in(frame, box, recorded_text(r, *value),
                        {.face = ui::Face::small, .colour = bright ? 0xff141210u : 0xffece8e6u}, ui::Align::centre);
        }
}

void no_picture(ui::Frame const& frame, PanelInput const& input, ui::Box area) {
    FileResult const* r = selected_result(input);
    InputEntry const* entry = selected_input(input);
    ui::TextStyle title{.face = ui::Face::title, .colour = frame.c.text},
        body{.face = ui::Face::body, .colour = frame.c.second};
    ui::Box line{area.x + frame.px(40), area.middle_y() - frame.px(24), area.width - frame.px(80), frame.px(24)};
    if (!entry) {
        ui::text_in(frame, line, "Choose a file on the left", body, ui::Align::centre);
        return;
    }
    if (r && r->state == FileState::failed) {
        ui::mark(frame, {area.middle_x(), line.y - frame.px(16)}, ui::Mark::cross, frame.c.failure);
        ui::text_in(frame, line, entry->name, title, ui::Align::centre);
        line.y += frame.px(26);
        float width = std::min(line.width, frame.px(460));
        for (std::string const& text : ui::wrapped(r->words, body, width)) {
            ui::text_in(frame, line, text, body, ui::Align::centre);
            line.y += frame.px(20);
        }
        ui::record(frame, line, {.id = "canvas/failure", .label = entry->name + ": " + r->words, .kind = "status"});
        return;
    }
    if (input.activity.running_for_s < 0.4) return;
    ui::spinner(frame, {area.middle_x(), area.middle_y() - frame.px(22)}, frame.px(12), input.time_s);
    ui::text_in(frame, {line.x, area.middle_y() + frame.px(4), line.width, line.height},
                r && !r->stage.empty() ? r->stage : "reading", body, ui::Align::centre);
}

void chips(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, Shown const& shown, ui::Box area) {
    ui::Box chip{area.x + frame.px(12), area.bottom() - frame.px(32), 0, frame.px(20)};
    auto put = [&](std::string id, std::string label, std::string_view help, bool lit) {
        chip.width = ui::chip_width(frame, label);
        bool hit =
            ui::chip(frame, chip,
                     {.id = std::move(id), .label = std::move(label), .value = lit ? "on" : "off", .help = help}, lit);
        chip.x += chip.width + frame.px(6);
        return hit;
    };
    double zoom = shown.map.scale * frame.ratio;
    if (put("canvas/fit", "Fit", "The whole picture. Key: 0", input.view.fit))
        change_view(input, commands, [](ViewState& v) { v.fit = true; });
    if (put("canvas/100", "100 %", "One pixel of the picture on one of the screen. Key: 1",
            !input.view.fit && zoom == 1))
        change_view(input, commands, [&](ViewState& v) {
            v = ui::zoomed(v, shown.stage, shown.size, frame.ratio, 1,
                           {shown.stage.middle_x(), shown.stage.middle_y()});
        });
    if (put("canvas/before_after", "Before/after", "As recorded and back. Key: B",
            input.view.compare == Compare::recorded))
        change_view(input, commands, [](ViewState& v) {
            v.compare = v.compare == Compare::recorded ? Compare::result : Compare::recorded;
        });
    if (put("canvas/swipe_on", "Swipe", "Both at once, with a line to drag. Key: Shift B",
            input.view.compare == Compare::swipe))
        change_view(input, commands,
                    [](ViewState& v) { v.compare = v.compare == Compare::swipe ? Compare::result : Compare::swipe; });
    if (put("canvas/measure", "Measure", "A line over the picture: how long it is, and the pixel size from a known length. Key: L",
            input.view.measure.on))
        change_view(input, commands, [](ViewState& v) { v.measure.on = !v.measure.on; });
    if (put("canvas/copy", "Copy", "The picture to the clipboard. Ctrl C", false)) commands.push_back(CopyImage{});
    std::string percent = ui::number_text(zoom * 100, zoom < 0.1 ? 2 : 3) + " %";
    ui::TextStyle style{.face = ui::Face::small, .colour = frame.c.second, .tabular = true};
    chip.width = ui::text_width(percent, style) + frame.px(12);
    if (chip.right() > area.right() - frame.px(8)) return;
    ui::fill(frame, chip, ui::faded(frame.c.panel, 0.82f), frame.px(6));
    ui::text_in(frame, chip, percent, style, ui::Align::centre);
    ui::record(frame, chip,
               {.id = "canvas/zoom", .label = "Magnification of the view", .kind = "status", .value = percent});
}

} // namespace

void draw_canvas(PanelInput const& input, CommandSink& commands) {
    if (input.document.inputs.empty()) return;
    ui::Frame frame = frame_of(input);
    ui::Box area = box_of(input.area);
    Shown shown;
    shown.result = selected_result(input);
    FileResult const* r = shown.result;
    InputEntry const* entry = selected_input(input);
    if (!entry || !r || (!r->picture && !r->recorded_picture)) return no_picture(frame, input, area);
    shown.size = r->picture ? r->picture->size : r->recorded_picture->size;
    shown.stage = {area.x, area.y, area.width, std::max(1.0f, area.height - frame.px(30))};
    shown.map = ui::view_map(shown.stage, shown.size, input.view, frame.ratio);
    place_recorded(shown);
    bool const measuring = input.view.measure.on;
    PictureTouch const touch = move_picture(
        frame, input, commands,
        {.size = shown.size, .map = shown.map, .stage = shown.stage, .left_moves = !measuring}, area);

    ui::Box picture = shown.map.box(shown.size);
    Compare compare = input.view.compare;
    if (!r->picture) compare = Compare::recorded;
    if (!r->recorded_picture) compare = Compare::result;
    ui::Box before = area, after = area;
    if (compare == Compare::swipe) {
        float x = frame.snap(picture.x + picture.width * static_cast<float>(input.view.swipe));
        before = clipped(area, {area.x, area.y, x - area.x, area.height});
        after = clipped(area, {x, area.y, area.right() - x, area.height});
    }
    if (compare != Compare::recorded) input.pictures.draw(r->picture, rectangle_of(picture), rectangle_of(after));
    // The databar was not recorded: it stays whole while the line moves.
    ui::Box databar{picture.x, picture.bottom() - static_cast<float>(r->picture_databar_rows * shown.map.scale),
                    picture.width, 0};
    databar.height = picture.bottom() - databar.y;
    if (compare == Compare::swipe && !clipped(databar, before).empty())
        input.pictures.draw(r->picture, rectangle_of(picture), rectangle_of(clipped(databar, before)));
    if (compare != Compare::result)
        input.pictures.draw(r->recorded_picture, rectangle_of(shown.recorded), rectangle_of(before));
    ui::record(frame, clipped(picture, area),
               {.id = "canvas/picture", .label = entry->name, .kind = "image", .value = r->words});
    pixel_values(frame, shown, area);
    if (compare != Compare::result)
        label_on_picture(frame, clipped(shown.recorded, before),
                         {.text = shown.turned ? "as recorded, not turned" : "as recorded"});
    if (compare == Compare::swipe) {
        label_on_picture(frame, clipped(picture, after), {.text = "result", .right = true});
        swipe_line(frame, input, commands, picture, area, "Before/after line");
    }
    scale_bar(frame, area, *r, shown.map.scale);
    if (measuring) {
        // Without a result the picture is the recorded one, which may have been read at less than its size.
        double const k = r->picture || shown.size.width <= 0 ? 1 : double(r->recorded_size.width) / shown.size.width;
        Affine const to_stored = r->picture ? r->picture_to_recorded : Affine{k, 0, (k - 1) / 2, 0, k, (k - 1) / 2};
        draw_measure(frame, input, commands, {*r, entry->id, shown.map, to_stored}, touch, area);
    }
    chips(frame, input, commands, shown, area);
    if (ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem)) {
        std::string text = readout(shown, ImGui::GetIO().MousePos);
        ui::TextStyle style{.face = ui::Face::note, .colour = frame.c.second, .tabular = true};
        float width = ui::text_width(text, style);
        ui::Box line{area.right() - frame.px(14) - width, area.bottom() - frame.px(32), width + 1, frame.px(20)};
        if (!text.empty()) {
            ui::fill(frame, line.inset(-frame.px(8), 0), ui::faded(frame.c.panel, 0.82f), frame.px(6));
            ui::text_in(frame, line, text, style);
            ui::record(frame, line, {.id = "canvas/readout", .label = text, .kind = "status"});
        }
    }
}

} // namespace mg::app
