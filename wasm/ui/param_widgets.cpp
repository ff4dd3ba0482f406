#include "ui/param_widgets.h"

#include "base/text.h"
#include "imgui_internal.h"
#include "recipe/recipe.h"

namespace mg::ui {
namespace {

constexpr float k_label_width = 120, k_row = 26;

struct Row {
    Frame const& frame;
    Step const& step;
    Param const& param;
    Value const& value;
    Value const& standard;
    bool enabled;
    int only_file;
    app::CommandSink& commands;

    std::string id() const { return std::string(step.id) + "/" + std::string(param.info.key); }
    void set(Value next, std::string name = {}) const {
        commands.push_back(app::SetParam{.step = std::string(step.id),
                                         .key = std::string(param.info.key),
                                         .value = std::move(next),
                                         .gesture = std::move(name),
                                         .only_file = only_file});
    }
    void reset() const {
        if (only_file)
            set(standard);
        else
            commands.push_back(app::ResetParam{std::string(step.id), std::string(param.info.key)});
    }
    Control control(std::string_view kind) const {
        return {.id = id(),
                .label = std::string(param.info.label),
                .kind = kind,
                .enabled = enabled,
                .help = param.info.help};
    }
};

template <class T>
T get(Value const& value, T fallback = {}) {
    T const* held = std::get_if<T>(&value);
    return held ? *held : fallback;
}

void number_row(Row const& row, Box box) {
    ParamInfo const& info = row.param.info;
    bool whole = row.param.kind == ParamKind::integer;
    auto number = [&](Value const& v) { return whole ? static_cast<double>(get<std::int64_t>(v)) : get<double>(v); };
    bool own_track = info.slider_maximum > info.slider_minimum;
    SliderSpec spec{.value = number(row.value),
                    .standard = number(row.standard),
                    .minimum = own_track ? info.slider_minimum : info.minimum,
                    .maximum = own_track ? info.slider_maximum : info.maximum,
                    .lowest = info.minimum,
                    .highest = info.maximum,
                    .logarithmic = info.logarithmic,
                    .whole = whole,
                    .unit = info.unit};
    Edit<double> edit = slider(row.frame, box, row.control("slider"), spec);
    if (edit.reset)
        row.reset();
    else if (edit.value && whole)
        row.set(static_cast<std::int64_t>(std::llround(*edit.value)), edit.gesture);
    else if (edit.value)
        row.set(*edit.value, edit.gesture);
}

/// A value that is mostly not given has no track: what is typed counts, an emptied field takes it back.
void typed_number_row(Row const& row, Box box) {
    ParamInfo const& info = row.param.info;
    std::string const now = row.value == row.standard ? "" : value_text(row.param, row.value);
    Edit<std::string> edit =
        text_field(row.frame, box.inset(0, row.frame.px(2)), row.control("text"), now, {.hint = info.unset});
    float const width = text_width(info.unit, {.face = Face::small});
    Box const unit = box.without_left(box.width - width - row.frame.px(8));
    text_in(row.frame, unit, info.unit, {.face = Face::small, .colour = row.frame.c.third});
    if (!edit.value) return;
    if (trimmed(*edit.value).empty()) return row.reset();
    if (auto value = parse_value(row.param, *edit.value)) row.set(std::move(value).value(), edit.gesture);
}

void choice_row(Row const& row, Box box) {
    std::vector<std::string_view> labels;
    for (Choice const& c : row.param.info.choices) labels.push_back(c.label);
    if (auto chosen =
            choice(row.frame, box, row.control("choice"), labels, static_cast<int>(get<std::int64_t>(row.value))))
        row.set(std::int64_t{*chosen});
}

void text_row(Row const& row, Box box) {
    float inset = row.frame.px(2);
    Edit<std::string> edit =
        text_field(row.frame, box.inset(0, inset), row.control("text"), get<std::string>(row.value),
                   {.hint = row.param.info.unset, .multiline = row.param.info.multiline});
    if (!edit.value) return;
    auto limit = static_cast<std::size_t>(row.param.info.maximum);
    if (limit > 0 && edit.value->size() > limit) return;
    row.set(*edit.value, edit.gesture);
}

void blob_row(Row const& row, Box box) {
    bool given = !get<Bytes>(row.value).empty();
    Control add = row.control("button");
    add.label = given ? "Replace…" : "Add your " + std::string(row.param.info.label) + "…";
    for (char& ch : add.label)
        if (!given && ch >= 'A' && ch <= 'Z' && &ch != add.label.data()) ch = static_cast<char>(ch - 'A' + 'a');
    if (link(row.frame, box, add)) row.commands.push_back(app::ChooseLogo{});
    if (!given) return;
    float used = text_width(add.label, {.face = Face::body}) + row.frame.px(14);
    Control remove{.id = row.id() + "/remove", .label = "Remove", .enabled = row.enabled};
    if (link(row.frame, box.without_left(used), remove)) row.set(Bytes{});
}

// Label with a dot in front when the value is not the standard one; a click on the dot, or a double click on the label,
// brings the standard back.
void label_of(Row const& row, Box box, float gutter) {
    Frame const& frame = row.frame;
    bool changed = row.value != row.standard;
    float room = row.param.kind == ParamKind::toggle ? box.width : frame.px(k_label_width) - frame.px(8);
    Box label{box.x, box.y, room, frame.px(k_row)};
    text_in(frame, label, row.param.info.label,
            {.face = Face::body, .colour = faded(frame.c.second, row.enabled ? 1 : 0.6f)});
    std::string name = row.id() + "/label";
    ImGui::ItemAdd(ImRect(label.low(), label.high()), ImGui::GetID(name.c_str()), nullptr, ImGuiItemFlags_NoNav);
    if (row.param.kind != ParamKind::toggle) help_on_hover(frame, row.param.info.help);
    bool over = ImGui::IsItemHovered();
    if (over && changed && row.param.kind != ParamKind::toggle && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left))
        row.reset();
    if (!changed) return;
    Box dot{box.x - gutter, box.y, gutter, frame.px(k_row)};
    Touch t = touch(frame, dot,
                    {.id = row.id() + "/reset",
                     .label = "Reset " + std::string(row.param.info.label),
                     .enabled = row.enabled,
                     .help = "Changed by you. Click: back to the default."});
    if (t.visible) {
        ImVec2 centre{dot.middle_x(), dot.middle_y()};
        if (t.hovered || t.focused)
            icon(frame, {centre.x - frame.px(5), centre.y - frame.px(5), frame.px(10), frame.px(10)}, Icon::reset,
                 frame.c.accent);
        else
            draw_list(frame).AddCircleFilled(centre, frame.px(2.5f), frame.c.accent);
    }
    if (t.pressed) row.reset();
}

} // namespace

bool has_advanced(Step const& step) {
    for (Param const& p : step.params)
        if (p.info.advanced) return true;
    return false;
}

void param_rows(Frame const& frame, Column& column, ParamRows const& rows, app::CommandSink& commands) {
    Step const& step = *rows.use.step;
    std::vector<Value> standard = step.defaults();
    for (std::size_t i = 0; i < step.params.size(); ++i) {
        Param const& param = step.params[i];
        auto const in = [&](std::span<std::string_view const> keys) {
            return std::find(keys.begin(), keys.end(), param.info.key) != keys.end();
        };
        if (param.info.advanced && !rows.advanced && !in(rows.keys)) continue;
        if ((!rows.keys.empty() && !in(rows.keys)) || in(rows.without)) continue;
        Row row{frame, step, param, rows.use.values[i], standard[i], rows.use.enabled, rows.only_file, commands};
        bool tall = param.kind == ParamKind::text && param.info.multiline;
        Box box = column.row(tall ? frame.px(72) : frame.px(k_row));
        label_of(row, box, frame.px(13));
        Box field = box.without_left(frame.px(k_label_width));
        switch (param.kind) {
        case ParamKind::toggle: {
            bool on = get<bool>(row.value);
            if (switch_in(frame, box, row.control("switch"), on)) row.set(!on);
            break;
        }
        case ParamKind::integer:
        case ParamKind::real:
            if (param.info.unset.empty())
                number_row(row, field);
            else
                typed_number_row(row, field);
            break;
        case ParamKind::choice:
            choice_row(row, field);
            break;
        case ParamKind::text:
            text_row(row, field);
            break;
        case ParamKind::blob:
            blob_row(row, field);
            break;
        }
    }
}

} // namespace mg::ui
