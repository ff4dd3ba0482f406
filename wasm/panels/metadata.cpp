// What the microscope said, with the place each value came from; values can be corrected for one file.
#include <cstdlib>
#include <optional>

#include "panels/known_fields.h"
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
    if (unfolded && entry && r) {
        if (!r->metadata.vendor.empty())
            column.y += ui::note(frame, column.row(0), "header: " + r->metadata.vendor, frame.c.third) + frame.px(4);
        for (std::string const& warning : r->metadata.warnings)
            column.y += ui::note(frame, column.row(0), warning, frame.c.warning) + frame.px(4);
        for (KnownField const& field : known_fields(r->metadata.acquisition))
            field_row(frame, input, commands, column, field, entry->id);
    }
    column.y = frame.snap(column.y + frame.px(16));
    end_column(column);
}

} // namespace mg::app
