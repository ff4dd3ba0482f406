// What is going on, and where it goes: nowhere.
#include "panels/overlay_tools.h"
#include "panels/tools.h"
#include "ui/format.h"

namespace mg::app {

void draw_status_bar(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    ui::Palette const& c = frame.c;
    ui::Box bar = box_of(input.area);
    ui::horizontal_line(frame, bar.x, bar.right(), bar.y, c.line);
    ui::Box text = bar.inset(frame.px(14), 0);
    text.y += frame.hairline();
    ui::TextStyle style{.face = ui::Face::note, .colour = c.third, .tabular = true};
    Activity const& now = input.activity;

    float right = text.right();
    auto from_right = [&](std::string id, std::string label, auto act) {
        float width = ui::text_width(label, style);
        ui::Box box{right - width, text.y, width + 1, text.height};
        ui::Touch t = ui::touch(frame, box, {.id = std::move(id), .label = label});
        ui::text_in(frame, box, label, {.face = ui::Face::note, .colour = t.hovered ? c.text : c.third});
        if (t.focused) ui::focus_ring(frame, box.inset(-frame.px(2), frame.px(4)), frame.px(3));
        if (t.pressed) act();
        right = box.x - frame.px(18);
    };
    auto plain = [&](std::string id, std::string const& label) {
        float width = ui::text_width(label, style);
        ui::Box box{right - width, text.y, width + 1, text.height};
        ui::text_in(frame, box, label, style);
        ui::record(frame, box, {.id = std::move(id), .label = label, .kind = "status"});
        right = box.x - frame.px(18);
    };
    bool empty = input.document.inputs.empty();
    from_right("status/about", "About, licences",
               [&] { change_view(input, commands, [](ViewState& v) { v.sheet = Sheet::about; }); });
    from_right("status/keys", "? Keys",
               [&] { change_view(input, commands, [](ViewState& v) { v.sheet = Sheet::keys; }); });
    if (!empty) {
        plain("status/private", "nothing leaves this computer");
        if (now.workers > 0)
            plain("status/workers", std::to_string(now.workers) + (now.workers == 1 ? " worker" : " workers"));
    }

    text.width = std::max(0.0f, right - text.x);
    auto say = [&](std::string const& words, ui::Colour colour) {
        ui::text_in(frame, text, words, {.face = ui::Face::note, .colour = colour, .tabular = true});
        ui::record(frame, text, {.id = "status/state", .label = words, .kind = "status"});
    };
    if (now.opening && now.total == 0)
        return say(now.to_open > 0 ? "Opening files: " + std::to_string(*now.opening) + " of " + std::to_string(now.to_open)
                                   : std::string("Opening files"),
                   c.second);
    if (empty) return say("Works offline. Nothing leaves this computer.", c.third);
    if (now.total > 0) {
        std::string words = std::to_string(now.done) + " of " + std::to_string(now.total) + " done";
        float end = ui::text_in(frame, text, words, {.face = ui::Face::note, .colour = c.second, .tabular = true});
        ui::record(frame, {text.x, text.y, end - text.x, text.height},
                   {.id = "status/state", .label = words, .kind = "status", .value = now.stage});
        ui::Box rest = text.without_left(end - text.x + frame.px(16));
        float line = std::min(frame.px(160), rest.width / 3);
        double fraction = now.fraction > 0 ? now.fraction : static_cast<double>(now.done) / now.total;
        ui::progress_line(frame, rest.from_left(line), fraction);
        rest = rest.without_left(line + frame.px(18));
        ui::Control cancel{
            .id = "status/cancel", .label = "Cancel", .help = "Stops the work. What is done stays. Key: Esc"};
        float cancel_width = ui::text_width(cancel.label, style) + frame.px(18);
        end = ui::text_in(frame, rest.without_right(cancel_width), now.stage,
                          {.face = ui::Face::note, .colour = c.third});
        ui::Box at = rest.without_left(end - rest.x + (now.stage.empty() ? 0 : frame.px(18)));
        if (ui::link(frame, at, cancel, ui::Face::note)) commands.push_back(CancelWork{});
        return;
    }
    int failed = 0, attention = 0;
    for (InputEntry const& entry : input.document.inputs)
        if (FileResult const* r = result_of(input, entry.id)) {
            failed += r->state == FileState::failed;
            attention += r->state == FileState::attention;
        }
    if (input.overlay()) {
        OverlayResult const& overlay = input.results.overlay;
        if (!overlay.failure.empty()) return say(overlay.failure, c.failure);
        for (Trust const trust : {Trust::refused, Trust::doubtful})
            for (PlacedChannel const& placed : overlay.channels) {
                if (!placed.channel.alignment || placed.channel.alignment->trust != trust) continue;
                std::string words = label_of(input, placed.id) + ": ";
                words += placed.channel.alignment->reason.empty() ? "its place is not sure" : placed.channel.alignment->reason;
                words += trust == Trust::refused ? ". Left out until you place points." : ". Look at it, or place points.";
                return say(words, trust == Trust::refused ? c.failure : c.warning);
            }
        if (!overlay.channels.empty() && failed == 0) {
            std::string words = std::to_string(overlay.channels.size()) + (overlay.channels.size() == 1 ? " image" : " images");
            if (overlay.milliseconds > 0) words += " · placed in " + ui::number_text(overlay.milliseconds / 1000, 2) + " s";
            return say(words, c.third);
        }
    }
    if (input.materials()) {
        MaterialsResult const& materials = input.results.materials;
        if (!materials.failure.empty()) return say(materials.failure, c.failure);
        for (MapFact const& fact : materials.facts) {
            auto const& alignment = fact.channel.alignment;
            if (!alignment || (alignment->trust != Trust::refused && alignment->trust != Trust::doubtful)) continue;
            bool const refused = alignment->trust == Trust::refused;
            std::string words = refused ? "The place of the maps over the SE image was not found"
                                        : "The place of the maps over the SE image is doubtful";
            if (!alignment->reason.empty()) words += ": " + alignment->reason;
            return say(words, refused ? c.failure : c.warning);
        }
        if (materials.found && failed == 0) {
            auto const count = [](std::size_t n, char const* what) { return std::to_string(n) + " " + what + (n == 1 ? "" : "s"); };
            std::string words = count(materials.found->list.size(), "material") + " of " +
                                count(materials.found->elements.size(), "element");
            if (materials.milliseconds > 0) words += " · found in " + ui::number_text(materials.milliseconds / 1000, 2) + " s";
            return say(words, c.third);
        }
    }
    FileResult const* r = selected_result(input);
    if (failed > 0)
        return say(std::to_string(failed) + (failed == 1 ? " file could not be read" : " files could not be read"),
                   c.failure);
    if (attention > 0)
        return say(std::to_string(attention) + (attention == 1 ? " file needs attention" : " files need attention"),
                   c.warning);
    if (r && !r->format.empty()) {
        std::string words = r->format;
        if (r->milliseconds > 0)
            words += " · " + ui::number_text(r->milliseconds, r->milliseconds < 10 ? 2 : 3) + " ms";
        say(words, c.third);
    }
}

} // namespace mg::app
