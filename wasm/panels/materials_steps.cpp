// How the materials are found, laid over the SE image and coloured; the databar; and what is done to each file before.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "panels/materials_side.h"
#include "panels/overlay_tools.h"
#include "panels/steps.h"
#include "ui/format.h"

namespace mg::app {
namespace {

/// How the maps lie over the SE image.
struct Fit {
    Trust trust = Trust::refused;
    std::string reason;
    std::optional<double> scale;   ///< width of the maps' field / width of the SE image's
    std::optional<Point> shift_px; ///< of the maps' centre against the SE image's, SE px
    double error_px = 0;           ///< 0: unknown
    std::string source;            ///< "found through the Lab image"
};

std::optional<Fit> fit_of(PanelInput const& input) {
    MaterialsResult const& result = input.results.materials;
    MapFact const* se = nullptr;
    MapFact const* map = nullptr;
    for (MapFact const& fact : result.facts) {
        if (!fact.channel.alignment) continue;
        if (fact.channel.alignment->trust == Trust::reference)
            se = &fact;
        else if (fact.channel.role == Role::element_map && !map)
            map = &fact;
    }
    if (!map) return {};
    Alignment const& alignment = *map->channel.alignment;
    Fit fit{.trust = alignment.trust,
            .reason = alignment.reason,
            .scale = {},
            .shift_px = {},
            .error_px = alignment.residual_px,
            .source = {}};
    for (Note const& note : result.notes) {
        std::size_t const from = note.step == "lay_over" ? note.text.find("found through") : std::string::npos;
        if (from != std::string::npos) fit.source = note.text.substr(from, note.text.find(';', from) - from);
    }
    FileResult const* file = se ? result_of(input, se->id) : nullptr;
    Size const size = file ? file->recorded_size : Size{}, maps = result.maps_size;
    if (fit.trust == Trust::refused || size.empty() || maps.empty()) return fit;
    Projective const back = alignment.from_reference.inverse();
    double const middle_x = (maps.width - 1) / 2.0, middle_y = (maps.height - 1) / 2.0;
    Point const left = back({-0.5, middle_y}), right = back({maps.width - 0.5, middle_y}),
                middle = back({middle_x, middle_y});
    double const scale = std::hypot(right.x - left.x, right.y - left.y) / size.width;
    if (std::isfinite(scale)) fit.scale = scale;
    Point const shift{middle.x - (size.width - 1) / 2.0, middle.y - (size.height - 1) / 2.0};
    if (std::isfinite(shift.x) && std::isfinite(shift.y)) fit.shift_px = shift;
    return fit;
}

struct TrustWords {
    ui::Mark mark = ui::Mark::dot;
    ui::Colour colour = 0;
    std::string words, remedy;
};
TrustWords trust_words(ui::Frame const& frame, Fit const& fit) {
    ui::Palette const& c = frame.c;
    switch (fit.trust) {
    case Trust::reference:
    case Trust::accepted:
        return {ui::Mark::dot, c.ok, "trusted", {}};
    case Trust::by_hand:
        return {ui::Mark::dot, c.ok, "by your points", {}};
    case Trust::doubtful:
        return {ui::Mark::triangle, c.warning, "doubtful",
                "Look whether the borders meet; if not, place points or give the shift."};
    case Trust::refused:
        break;
    }
    return {ui::Mark::cross, c.failure, "not found", "Place points or give the shift."};
}

std::string signed_text(double value) {
    std::string text = format_fixed(std::fabs(value), 1);
    return (text == "0.0" ? "" : value < 0 ? "−" : "+") + text;
}

/// What was found, as in a databar: names above values.
void fit_rows(PanelInput const& input, CommandSink& commands, ui::Column& column) {
    ui::Frame frame = frame_of(input);
    ui::Palette const& c = frame.c;
    std::optional<Fit> const fit = fit_of(input);
    if (!fit) return;
    (void)commands;
    float const indent = frame.px(13);
    ui::Box const row = ui::Box{column.x + indent, column.y, column.width - indent, frame.px(36)};
    if (fit->scale) {
        struct Cell {
            char const *id, *name;
            std::string value;
            float width;
        };
        std::string const shift =
            fit->shift_px ? signed_text(fit->shift_px->x) + ", " + signed_text(fit->shift_px->y) + " px" : "–";
        std::array<Cell, 3> const cells{
            {{"fit/scale", "Scale", format_fixed(*fit->scale, 3), 0.24f},
             {"fit/shift", "Shift", shift, 0.46f},
             {"fit/error", "Expected error", fit->error_px > 0 ? format_fixed(fit->error_px, 2) + " px" : "unknown",
              0.3f}}};
        float x = row.x;
        for (Cell const& cell : cells) {
            ui::Box const box{x, row.y, row.width * cell.width, row.height};
            ui::text_in(frame, {box.x, box.y, box.width, frame.px(16)}, cell.name,
                        {.face = ui::Face::small, .colour = c.third});
            ui::text_in(frame, {box.x, box.y + frame.px(15), box.width, frame.px(20)}, cell.value,
                        {.face = ui::Face::body, .colour = c.text, .tabular = true});
            ui::record(frame, box, {.id = cell.id, .label = cell.name, .kind = "status", .value = cell.value});
            x += box.width;
        }
        column.y += row.height + frame.px(4);
    }
    TrustWords const trust = trust_words(frame, *fit);
    std::string text = trust.words;
    if (!fit->source.empty() && fit->trust == Trust::accepted) text += ", " + fit->source;
    if (!fit->reason.empty()) text += ": " + fit->reason;
    if (!trust.remedy.empty()) text += ". " + trust.remedy;
    float const step = frame.px(17), mark = frame.px(12);
    ui::mark(frame, {column.x + indent + frame.px(4), column.y + step / 2}, trust.mark, trust.colour);
    line(frame, column, {.id = "fit/trust", .text = text, .colour = trust.colour, .indent = indent + mark});
    column.y += frame.px(10);
}

/// What stands at the list of the materials.
bool is_in_list(Note const& note) {
    static constexpr std::array<std::string_view, 6> k_keys{"materials", "proposed", "mixed",
                                                            "uncertain", "alike",    "colour_vision"};
    return (note.step == "cluster" || note.step == "colours") &&
           std::find(k_keys.begin(), k_keys.end(), note.key) != k_keys.end();
}

/// What concerns all files, and the selected one without its name; without what the list and the rows of the fit say.
std::vector<Note> material_notes(PanelInput const& input) {
    std::vector<Note> notes = input.results.materials.notes;
    std::optional<Fit> const fit = fit_of(input);
    std::erase_if(notes, [&](Note& note) {
        if (note.step == "lay_over" && fit) {
            if (note.key == "placement" && fit->scale) return true;
            if (!fit->reason.empty() && note.text.find(fit->reason) != std::string::npos) return true;
        }
        if (is_in_list(note)) return true;
        if (note.key == "warning" && note.step != "map") return false;
        for (InputEntry const& entry : input.document.inputs) {
            std::string const named = entry.name + ": ";
            if (note.text.compare(0, named.size(), named) != 0) continue;
            if (entry.id != input.view.selected) return true;
            note.text.erase(0, named.size());
            return false;
        }
        return false;
    });
    return notes;
}

/// All that can be said of the selected file.
void this_file(PanelInput const& input, CommandSink& commands, ui::Column& column) {
    InputEntry const* entry = selected_input(input);
    if (!entry || !find_use(input.document.materials, "map")) return;
    ui::Frame frame = frame_of(input);
    Recipe const own = recipe_for_file(input.document.materials, entry->name);
    StepUse const& shown = *find_use(own, "map");
    divider(input, column);
    column.y += frame.px(3);
    bool const unfolded = holds(input.view.unfolded, "map");
    auto const head = ui::section_head(frame, column.row(frame.px(32)),
                                       {.id = "map", .label = "This file: " + entry->name, .help = shown.step->summary},
                                       unfolded, {});
    if (head.folded) change_view(input, commands, [](ViewState& v) { toggle(v.unfolded, "map"); });
    if (unfolded) {
        bool const advanced = holds(input.view.advanced, "map");
        ui::param_rows(frame, column, {.use = shown, .advanced = advanced, .only_file = entry->id}, commands);
        std::vector<Note> const notes = material_notes(input);
        for (Note const& note : notes)
            if (note.step == "map" && !note.text.empty())
                line(
                    frame, column,
                    {.id = "map/note/" + note.key, .text = note.text, .colour = frame.c.third, .indent = frame.px(13)});
        if (ui::has_advanced(*shown.step) && ui::link(frame, column.row(frame.px(24)),
                                                      {.id = "map/more",
                                                       .label = advanced ? "Fewer settings" : "More settings",
                                                       .value = advanced ? "unfolded" : "folded"},
                                                      ui::Face::note))
            change_view(input, commands, [](ViewState& v) { toggle(v.advanced, "map"); });
        column.y += frame.px(6);
    }
    column.y = frame.snap(column.y + frame.px(2));
}

} // namespace

void draw_materials_steps(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    InputEntry const* entry = selected_input(input);
    Recipe const own = entry ? recipe_for_file(input.document.materials, entry->name) : input.document.materials;
    ui::Column column = right_column(input);
    std::vector<Note> const notes = material_notes(input);
    static constexpr std::array<std::string_view, 3> k_by_list{k_known_key, k_brush_key, k_count_key};
    static constexpr std::array<std::string_view, 6> k_first{"cluster", "lay_over", "spread",
                                                             "colours", "tint",     "databar"};
    auto const draw = [&](StepUse const& use) {
        bool const by_list = use.step->id == "cluster";
        step_section(
            input, commands, column,
            {.use = use, .notes = &notes, .without = std::span(k_by_list).first(by_list ? k_by_list.size() : 0)});
    };
    for (std::string_view id : k_first) {
        if (id == "databar") this_file(input, commands, column);
        StepUse const* use = find_use(own, id);
        if (!use) continue;
        divider(input, column);
        draw(*use);
        if (id == "lay_over" && use->enabled) fit_rows(input, commands, column);
    }
    for (bool const set : {false, true}) {
        bool first = true;
        for (StepUse const& use : own.steps) {
            bool const known =
                use.step->id == "map" || std::find(k_first.begin(), k_first.end(), use.step->id) != k_first.end();
            bool const late =
                use.step->whole_set || use.step->group == StepGroup::output || use.step->id == "square_pixels";
            if (known || late != set) continue;
            divider(input, column);
            if (first) {
                column.y += frame.px(8);
                ui::caption(frame, column.row(frame.px(18)), set ? "All files" : "Each file");
            }
            first = false;
            draw(use);
        }
    }
    divider(input, column);
    column.y += frame.px(12);
    end_column(column);
}

} // namespace mg::app
