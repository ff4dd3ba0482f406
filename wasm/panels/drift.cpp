// How the images have moved against the reference, one dot each, in their order; of sample data also how they have in
// truth.
#include <cmath>

#include "app/overlay_words.h"
#include "base/text.h"
#include "panels/overlay_tools.h"

namespace mg::app {
namespace {

struct Dot {
    Point at;
    std::optional<Point> truth;
    Trust trust{};
    bool signal = true;
    int id = 0;
};

} // namespace

void draw_drift(PanelInput const& input, CommandSink& commands) {
    if (input.narrow) return;
    ui::Frame frame = frame_of(input);
    ui::Palette const& c = frame.c;
    ui::Box area = box_of(input.area);
    float const height = std::min(frame.px(206), area.height / 2);
    ui::Box const box{area.x, area.bottom() - height, area.width - frame.hairline(), height};
    ui::horizontal_line(frame, box.x, box.right(), box.y, c.line);
    Size const size = reference_size(input);
    std::vector<Dot> dots;
    double error = 0, drift = 0;
    bool truth = false;
    for (PlacedChannel const& placed : input.results.overlay.channels) {
        if (!placed.channel.alignment || placed.channel.alignment->trust == Trust::refused) continue;
        Alignment const& alignment = *placed.channel.alignment;
        Dot dot{shift_of(alignment, size), {}, alignment.trust, placed.channel.role == Role::signal, placed.id};
        drift = std::max(drift, std::hypot(dot.at.x, dot.at.y));
        if (placed.truth) {
            truth = true;
            Alignment true_one;
            true_one.from_reference = *placed.truth;
            dot.truth = shift_of(true_one, size);
            error = std::max(error, largest_distance(alignment.from_reference, *placed.truth, size));
        }
        dots.push_back(dot);
    }
    std::string const total = dots.size() > 1 ? format_fixed(drift, 1) + " px" : "";
    ui::caption(frame, {box.x + frame.px(14), box.y + frame.px(8), box.width - frame.px(28), frame.px(24)}, "Drift",
                total);
    float const words_height = truth ? frame.px(36) : frame.px(22);
    ui::Box const plot = frame.snapped({box.x + frame.px(10), box.y + frame.px(36), box.width - frame.px(20),
                                        std::max(frame.px(20), box.height - frame.px(42) - words_height)});
    ui::fill(frame, plot, c.ground, frame.px(6));
    ui::record(frame, plot,
               {.id = "drift/plot",
                .label = "Drift of the images",
                .kind = "image",
                .value = total.empty() ? "not known yet" : "largest " + total});
    ui::Box words{box.x + frame.px(14), plot.bottom() + frame.px(4), box.width - frame.px(28), frame.px(16)};
    ui::TextStyle const small{.face = ui::Face::small, .colour = c.third, .tabular = true};
    if (dots.size() < 2) {
        ui::text_in(frame, words, dots.empty() ? "known after aligning" : "one image alone", small);
        return;
    }
    double x0 = 0, x1 = 0, y0 = 0, y1 = 0;
    auto const include = [&](Point p) {
        x0 = std::min(x0, p.x), x1 = std::max(x1, p.x), y0 = std::min(y0, p.y), y1 = std::max(y1, p.y);
    };
    for (Dot const& dot : dots) {
        include(dot.at);
        if (dot.truth) include(*dot.truth);
    }
    ui::Box const inner = plot.inset(frame.px(16), frame.px(14));
    double const scale = std::min(inner.width / std::max(x1 - x0, 1.0), inner.height / std::max(y1 - y0, 1.0));
    auto const at = [&](Point p) {
        return ImVec2{inner.middle_x() + static_cast<float>((p.x - (x0 + x1) / 2) * scale),
                      inner.middle_y() + static_cast<float>((p.y - (y0 + y1) / 2) * scale)};
    };
    ImDrawList& list = ui::draw_list(frame);
    ImVec2 const zero = at({0, 0});
    list.AddLine({plot.x, zero.y}, {plot.right(), zero.y}, ui::faded(c.line, 0.7f), frame.hairline());
    list.AddLine({zero.x, plot.y}, {zero.x, plot.bottom()}, ui::faded(c.line, 0.7f), frame.hairline());
    Dot const* before = nullptr;
    for (Dot const& dot : dots) {
        if (!dot.signal) continue;
        if (before) list.AddLine(at(before->at), at(dot.at), c.accent, 1.5f * frame.scale);
        before = &dot;
    }
    for (Dot const& dot : dots) {
        ImVec2 const p = at(dot.at);
        if (dot.truth) list.AddCircle(at(*dot.truth), frame.px(6), c.third, 0, 1.2f * frame.scale);
        ui::Colour const colour = dot.trust == Trust::doubtful ? c.warning : dot.signal ? c.text : c.third;
        list.AddCircleFilled(p, frame.px(dot.id == input.view.selected ? 4.5f : 3), colour);
        if (dot.id == input.view.selected) list.AddCircle(p, frame.px(6), c.accent, 0, 1.5f * frame.scale);
    }
    std::string line = "px, against " + label_of(input, reference_id(input));
    ui::text_in(frame, words, line, small);
    if (truth) {
        words.y += frame.px(15);
        line = "error against the truth " + format_fixed(error, 2) + " px";
        ui::text_in(frame, words, line,
                    {.face = ui::Face::small, .colour = error < 0.5 ? c.ok : c.warning, .tabular = true});
        ui::record(frame, words, {.id = "drift/error", .label = line, .kind = "status"});
    }
    (void)commands;
}

} // namespace mg::app
