// What the microscope said, with the place each value came from; values can be corrected for one file.
#include <cmath>
#include <cstdlib>
#include <optional>
#include <utility>

#include "metadata/units.h"

#include "panels/known_fields.h"
#include "panels/measure.h"
#include "panels/steps.h"
#include "panels/tools.h"
#include "ui/format.h"

namespace mg::app {
namespace {

std::size_t raw_count(FileResult const* r) {
    return r && r->metadata.raw ? r->metadata.raw->size() : 0;
}

struct Correction {
    Param const& param;
    Value standard; ///< as the file says
    int file;
};

void correct(CommandSink& commands, Correction const& correction, std::string const& text, std::string const& gesture) {
    Param const& param = correction.param;
    Value value = text;
    if (text.empty())
        value = correction.standard;
    else if (param.kind != ParamKind::text) {
        std::string plain = text;
        std::replace(plain.begin(), plain.end(), ',', '.');
        char* end = nullptr;
        double number = std::strtod(plain.c_str(), &end);
        if (end == plain.c_str() || !std::isfinite(number)) return;
        number = std::clamp(number, param.info.minimum, param.info.maximum);
        if (param.kind == ParamKind::integer)
            value = static_cast<std::int64_t>(std::llround(number));
        else
            value = number;
    }
    commands.push_back(SetParam{"correct", std::string(param.info.key), std::move(value), gesture, correction.file});
}

std::optional<Correction> correction_of(Recipe const& recipe, std::string_view key, int file) {
    StepUse const* use = find_use(recipe, "correct");
    if (!use) return {};
    std::vector<Value> standard = use->step->defaults();
    for (std::size_t i = 0; i < standard.size(); ++i)
        if (use->step->params[i].info.key == key) return Correction{use->step->params[i], standard[i], file};
    return {};
}

void field_row(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Column& column,
               KnownField const& field, int file) {
    ui::Palette const& c = frame.c;
    auto correction = correction_of(input.recipe(), field.key, file);
    Param const* param = correction ? &correction->param : nullptr;
    if (!param && field.value.empty()) return;
    ui::Box box = column.row(frame.px(26));
    float label_width = frame.px(118);
    ui::text_in(frame, box.from_left(label_width - frame.px(6)), field.label,
                {.face = ui::Face::body, .colour = c.second});
    ui::Box value = box.without_left(label_width);
    std::string id = "metadata/" + std::string(field.key);
    if (param && param->kind != ParamKind::choice && param->kind != ParamKind::toggle) {
        float unit = field.unit.empty() ? 0 : frame.px(34);
        ui::Box edit_box = value.without_right(unit).inset(0, frame.px(2));
        auto edit = ui::text_field(frame, edit_box, {.id = id, .label = std::string(field.label)}, field.value,
                                   {.hint = field.key.substr(0, 5) == "pixel" ? "unknown: set it" : "unknown"});
        if (edit.value) correct(commands, *correction, *edit.value, edit.gesture);
        if (unit > 0)
            ui::text_in(frame, value.from_right(unit - frame.px(6)), field.unit,
                        {.face = ui::Face::body, .colour = c.third});
    } else {
        std::string shown = with_unit(field);
        ui::text_in(frame, value, shown, {.face = ui::Face::body, .colour = c.text, .tabular = true});
        ui::record(frame, value, {.id = id, .label = std::string(field.label), .kind = "status", .value = shown});
    }
    if (field.source.empty()) return;
    ui::TextStyle small{.face = ui::Face::small, .colour = c.third};
    ui::Box source = column.row(frame.px(16));
    ui::text_in(frame, source.without_left(label_width), field.source, small);
    ui::record(frame, source, {.id = id + "/source", .label = field.source, .kind = "status"});
}

double corrected_number(PanelInput const& input, int file, std::string_view key) {
    InputEntry const* entry = find_input(input.document, file);
    if (!entry) return 0;
    Recipe const recipe = recipe_for_file(input.recipe(), entry->name);
    StepUse const* use = find_use(recipe, "correct");
    for (std::size_t i = 0; use && i < use->values.size(); ++i)
        if (use->step->params[i].info.key == key)
            if (double const* number = std::get_if<double>(&use->values[i])) return *number;
    return 0;
}

/// The scale bar drawn into the picture: a proposal while no pixel size is known, a warning when it contradicts one.
void bar_row(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Column& column, int file) {
    FileResult const& r = *selected_result(input);
    if (!r.burned_bar) return;
    BurnedBar const& bar = *r.burned_bar;
    auto const& known = r.metadata.acquisition.pixel_size_x_nm;
    std::string words = words_of(bar);
    words.front() = 'T';
    auto const say = [&](ui::Colour colour) {
        ui::Box at = column.row(0);
        at.height = ui::note(frame, at, words, colour);
        column.y += at.height + frame.px(4);
        ui::record(frame, at, {.id = "metadata/bar", .label = words, .kind = "status"});
    };
    auto const use = [&](double nm) {
        set_known_length(commands, file, {.nm = nm, .columns_px = bar.length_px});
    };
    // The length that is being typed makes a pixel size known, and its field stays.
    double const typed = corrected_number(input, file, "known_length_px") == bar.length_px
                             ? corrected_number(input, file, "known_length_nm")
                             : 0;
    if (!bar.is_read() && (!known || typed > 0)) {
        say(frame.c.text);
        ui::Box const box = column.row(frame.px(28));
        ui::text_in(frame, box.from_left(frame.px(112)), "Its length", {.face = ui::Face::body, .colour = frame.c.second});
        auto edit = ui::text_field(frame, box.without_left(frame.px(118)).inset(0, frame.px(2)),
                                   {.id = "metadata/bar/length", .label = "Length of the bar in the picture"},
                                   typed > 0 ? ui::length_text(typed) : std::string{}, {.hint = "such as 2 \u00B5m"});
        if (edit.value)
            if (auto const nm = nanometres(*edit.value); nm && *nm > 0) use(*nm);
        column.y += frame.px(6);
        return;
    }
    if (known) {
        if (!contradicts(bar, known->value)) return;
        words += ". The pixel size in use is " + ui::length_text(known->value, 4) + "/px (" + known->source + ").";
        return say(frame.c.warning);
    }
    say(frame.c.text);
    ui::Box const box = column.row(frame.px(28));
    if (ui::button(frame, box.from_left(ui::button_width(frame, "Use it")),
                   {.id = "metadata/bar/use",
                    .label = "Use it",
                    .help = "Takes the bar's length and what its label reads as the known length of this file."}))
        use(bar.length_nm);
    column.y += frame.px(6);
}

/// What every source says of the pixel size, when they differ by more than 1 %; a click takes one for this file.
void stated_sizes(ui::Frame const& frame, CommandSink& commands, ui::Column& column, FileResult const& r, int file) {
    std::vector<StatedPixelSize> const& sizes = r.metadata.pixel_sizes;
    bool differ = false;
    for (StatedPixelSize const& size : sizes) {
        auto const off = [](double a, double b) { return a > 0 && b > 0 && std::fabs(a / b - 1) > 0.01; };
        differ = differ || off(size.x_nm, sizes.front().x_nm) || off(size.y_nm, sizes.front().y_nm);
    }
    if (!differ) return;
    column.y += ui::note(frame, column.row(0), "The pixel size is stated in several ways:", frame.c.second) + frame.px(2);
    auto const& now = r.metadata.acquisition.pixel_size_x_nm;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        StatedPixelSize const& size = sizes[i];
        bool const taken = now && std::fabs(now->value / size.x_nm - 1) < 1e-9;
        std::string label = ui::number_text(size.x_nm, 5);
        if (std::fabs(size.y_nm / size.x_nm - 1) > 1e-6) label += " \u00D7 " + ui::number_text(size.y_nm, 5);
        label += " nm";
        float const width = ui::chip_width(frame, label);
        ui::Box const box = column.row(frame.px(24));
        if (ui::chip(frame, {box.x, box.y + frame.px(2), width, frame.px(20)},
                     {.id = "metadata/stated/" + std::to_string(i),
                      .label = label,
                      .value = taken ? "on" : "off",
                      .help = "Takes this pixel size for this file."},
                     taken) &&
            !taken)
            for (auto const& [key, value] : {std::pair{"pixel_size_x_nm", size.x_nm}, {"pixel_size_y_nm", size.y_nm}})
                commands.push_back(SetParam{"correct", key, value, "calibrate " + std::to_string(file), file});
        ui::text_in(frame, box.without_left(width + frame.px(8)), size.source, {.face = ui::Face::small, .colour = frame.c.third});
    }
    column.y += frame.px(6);
}

/// The microscopes that were calibrated, for files that state a magnification; one counts for all of them.
void microscopes(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Column& column, FileResult const& r) {
    if (input.view.microscopes.empty() || !r.metadata.acquisition.magnification) return;
    StepUse const* use = find_use(input.recipe(), "correct");
    std::string now;
    for (std::size_t i = 0; use && i < use->values.size(); ++i)
        if (use->step->params[i].info.key == "microscope")
            if (std::string const* text = std::get_if<std::string>(&use->values[i])) now = *text;
    ui::Box line = column.row(frame.px(24));
    ui::text_in(frame, line, "Microscope, where only a magnification is known", {.face = ui::Face::note, .colour = frame.c.second});
    for (std::size_t i = 0; i < input.view.microscopes.size(); ++i) {
        MicroscopePreset const& preset = input.view.microscopes[i];
        bool const taken = preset.name == now;
        std::string const label = preset.name + " \u00B7 " + ui::number_text(preset.width_mm, 5) + " mm";
        ui::Box const box = column.row(frame.px(26));
        float const forget = ui::chip_width(frame, "Forget");
        float const width = std::min(ui::chip_width(frame, label), box.width - forget - frame.px(8));
        if (ui::chip(frame, {box.x, box.y + frame.px(3), width, frame.px(20)},
                     {.id = "metadata/microscope/" + std::to_string(i), .label = label, .value = taken ? "on" : "off",
                      .help = "The image is this wide divided by the magnification."}, taken))
            set_microscope(commands, taken ? MicroscopePreset{} : preset);
        if (ui::chip(frame, {box.right() - forget, box.y + frame.px(3), forget, frame.px(20)},
                     {.id = "metadata/microscope/" + std::to_string(i) + "/forget", .label = "Forget",
                      .help = "Takes this microscope off the list; pictures keep what was set."}))
            change_view(input, commands, [&](ViewState& v) { std::erase(v.microscopes, preset); });
    }
    column.y += frame.px(6);
}

} // namespace

void draw_metadata(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    InputEntry const* entry = selected_input(input);
    FileResult const* r = selected_result(input);
    ui::Column column = right_column(input);
    bool unfolded = holds(input.view.unfolded, "metadata");
    column.y += frame.px(5);
    ui::Box head = column.row(frame.px(32));
    auto touched = ui::section_head(frame, head, {.id = "metadata", .label = "Metadata"}, unfolded, {});
    if (touched.folded) change_view(input, commands, [](ViewState& v) { toggle(v.unfolded, "metadata"); });
    std::string keys = ui::grouped(static_cast<long long>(raw_count(r))) + (raw_count(r) == 1 ? " key" : " keys");
    float width = ui::chip_width(frame, keys);
    float after = head.x + frame.px(13) + ui::text_width("Metadata", {.face = ui::Face::strong}) + frame.px(10);
    if (raw_count(r) > 0 &&
        ui::chip(frame, {after, head.middle_y() - frame.px(10), width, frame.px(20)},
                 {.id = "metadata/keys", .label = keys, .help = "Everything the file says, to search and to copy."}))
        change_view(input, commands, [](ViewState& v) { v.sheet = Sheet::metadata; });
    // A proposal for an unknown pixel size is no detail.
    if (!unfolded && entry && r && r->burned_bar && !r->metadata.acquisition.pixel_size_x_nm)
        bar_row(frame, input, commands, column, entry->id);
    if (unfolded && entry && r) {
        if (!r->metadata.vendor.empty())
            column.y += ui::note(frame, column.row(0), "header: " + r->metadata.vendor, frame.c.third) + frame.px(4);
        for (std::string const& warning : r->metadata.warnings)
            column.y += ui::note(frame, column.row(0), warning, frame.c.warning) + frame.px(4);
        stated_sizes(frame, commands, column, *r, entry->id);
        bar_row(frame, input, commands, column, entry->id);
        microscopes(frame, input, commands, column, *r);
        for (KnownField const& field : known_fields(r->metadata.acquisition))
            field_row(frame, input, commands, column, field, entry->id);
    }
    column.y = frame.snap(column.y + frame.px(16));
    end_column(column);
}

} // namespace mg::app
