#include "recipe/reference.h"

#include "base/text.h"
#include "recipe/recipe_json.h"
#include "steps/registry.h"

namespace mg {
namespace {

std::string_view kind_name(ParamKind kind) {
    switch (kind) {
    case ParamKind::toggle:
        return "toggle";
    case ParamKind::integer:
        return "integer";
    case ParamKind::real:
        return "real";
    case ParamKind::choice:
        return "choice";
    case ParamKind::text:
        return "text";
    case ParamKind::blob:
        return "blob";
    }
    return "";
}

bool has_range(Param const& param) {
    return (param.kind == ParamKind::integer || param.kind == ParamKind::real) &&
           param.info.minimum < param.info.maximum;
}

/// "0 to 10 px", "percentile | min_max | fixed", "true | false", "text", "file".
std::string range_text(Param const& param) {
    std::string const unit = param.info.unit.empty() ? "" : " " + std::string(param.info.unit);
    switch (param.kind) {
    case ParamKind::toggle:
        return "true | false";
    case ParamKind::choice: {
        std::string keys;
        for (Choice const& choice : param.info.choices) keys += (keys.empty() ? "" : " | ") + std::string(choice.key);
        return keys;
    }
    case ParamKind::integer:
    case ParamKind::real:
        if (has_range(param))
            return format_shortest(param.info.minimum) + " to " + format_shortest(param.info.maximum) + unit;
        return "number" + unit;
    case ParamKind::text:
        return "text";
    case ParamKind::blob:
        return "@FILE";
    }
    return {};
}

/// A default short enough for a table.
std::string default_text(Param const& param, Value const& value) {
    if (param.kind == ParamKind::blob) return std::get_if<Bytes>(&value)->empty() ? "none" : "built in";
    std::string text = value_text(param, value);
    if (param.kind != ParamKind::text) return text;
    if (text.empty()) return "empty";
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.replace(at, 1, "\\n");
    return '"' + text + '"';
}

std::string escaped_cell(std::string text) {
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.replace(at, 1, "\\|");
    return text;
}

} // namespace

std::string_view group_name(StepGroup group) {
    switch (group) {
    case StepGroup::input:
        return "input";
    case StepGroup::clean:
        return "clean";
    case StepGroup::geometry:
        return "geometry";
    case StepGroup::tone:
        return "tone";
    case StepGroup::databar:
        return "databar";
    case StepGroup::output:
        return "output";
    }
    return "";
}

std::string step_help(Step const& step) {
    std::string out = std::string(step.id) + " - " + std::string(step.title) + " (" +
                      (step.on_by_default ? "on" : "off") + " unless said otherwise)\n  " + std::string(step.summary) +
                      "\n";
    auto const defaults = step.defaults();
    for (std::size_t i = 0; i < step.params.size(); ++i) {
        Param const& param = step.params[i];
        out += "\n  " + std::string(param.info.key) + "=" + range_text(param) + "  (default " +
               default_text(param, defaults[i]) + ")\n      " + std::string(param.info.help) + "\n";
    }
    return out;
}

Json step_reference(Step const& step) {
    Json params{Json::Array{}};
    auto const defaults = step.defaults();
    for (std::size_t i = 0; i < step.params.size(); ++i) {
        Param const& param = step.params[i];
        Json item;
        item.add("key", param.info.key);
        item.add("label", param.info.label);
        item.add("help", param.info.help);
        item.add("kind", kind_name(param.kind));
        if (!param.info.unit.empty()) item.add("unit", param.info.unit);
        item.add("default", value_json(param, defaults[i]));
        if (has_range(param)) {
            item.add("minimum", param.info.minimum);
            item.add("maximum", param.info.maximum);
        }
        if (param.kind == ParamKind::choice) {
            Json choices{Json::Array{}};
            for (Choice const& choice : param.info.choices) {
                Json one;
                one.add("key", choice.key);
                one.add("label", choice.label);
                choices.push(std::move(one));
            }
            item.add("choices", std::move(choices));
        }
        if (!param.info.older_key.empty()) item.add("older_key", param.info.older_key);
        params.push(std::move(item));
    }
    Json json;
    json.add("id", step.id);
    json.add("title", step.title);
    json.add("group", group_name(step.group));
    json.add("summary", step.summary);
    json.add("version", step.version);
    json.add("on", step.on_by_default);
    json.add("params", std::move(params));
    return json;
}

std::string steps_markdown() {
    std::string out =
        "# Steps\n\nWritten by `micrographia steps --markdown` from the steps' own tables; do not edit.\n\n"
        "The order is that of a complete recipe. On the command line a value is set as `STEP.KEY=VALUE` (or "
        "`KEY=VALUE`\nwhere one step alone has the key), and a step is switched by `STEP=on` and `STEP=off`.\n\n"
        "| step | | what it does |\n| --- | --- | --- |\n";
    for (Step const* step : all_steps())
        out += "| [" + std::string(step->id) + "](#" + std::string(step->id) + ") | " +
               (step->on_by_default ? "on" : "off") + " | " + escaped_cell(std::string(step->summary)) + " |\n";
    for (Step const* step : all_steps()) {
        out += "\n## " + std::string(step->id) + "\n\n**" + std::string(step->title) + "**, version " +
               std::to_string(step->version) + ". " + std::string(step->summary) + "\n";
        if (step->params.empty()) continue;
        out += "\n| key | values | default | |\n| --- | --- | --- | --- |\n";
        auto const defaults = step->defaults();
        for (std::size_t i = 0; i < step->params.size(); ++i) {
            Param const& param = step->params[i];
            out += "| `" + std::string(param.info.key) + "` | " + escaped_cell(range_text(param)) + " | " +
                   escaped_cell(default_text(param, defaults[i])) + " | " + escaped_cell(std::string(param.info.help)) +
                   " |\n";
        }
    }
    return out;
}

} // namespace mg
