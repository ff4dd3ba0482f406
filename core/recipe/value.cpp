// Values of parameters: their check, and their text form.
#include <cmath>

#include "base/base64.h"
#include "base/text.h"
#include "recipe/recipe.h"

namespace mg {
namespace {

/// Lengths for texts and blobs whose table states none.
constexpr double k_max_text_bytes = 1 << 16;
constexpr double k_max_blob_bytes = 4 << 20;

Error bad_value(Param const& param, std::string what) {
    return {ErrorCode::bad_value, std::string(param.info.key) + ": " + std::move(what)};
}

std::string with_unit(Param const& param, double value) {
    return param.info.unit.empty() ? format_shortest(value)
                                   : format_shortest(value) + " " + std::string(param.info.unit);
}

Status check_range(Param const& param, double value) {
    ParamInfo const& info = param.info;
    if (!std::isfinite(value)) return bad_value(param, "must be a finite number");
    if (info.minimum < info.maximum && (value < info.minimum || value > info.maximum))
        return bad_value(param, format_shortest(value) + " is outside " + format_shortest(info.minimum) + " to " +
                                    with_unit(param, info.maximum));
    return Done{};
}

Status check_length(Param const& param, std::size_t bytes, double fallback) {
    double const limit = param.info.maximum > 0 ? param.info.maximum : fallback;
    if (static_cast<double>(bytes) > limit)
        return bad_value(param, std::to_string(bytes) + " bytes are more than the limit of " + format_shortest(limit));
    return Done{};
}

std::string choice_keys(Param const& param) {
    std::string keys;
    for (Choice const& choice : param.info.choices) keys += (keys.empty() ? "" : ", ") + std::string(choice.key);
    return keys;
}

} // namespace

Status check_value(Param const& param, Value const& value) {
    switch (param.kind) {
    case ParamKind::toggle:
        if (std::get_if<bool>(&value)) return Done{};
        return bad_value(param, "must be true or false");
    case ParamKind::integer:
        if (auto const* number = std::get_if<std::int64_t>(&value)) {
            // The field is an int, whatever range the table states.
            if (*number < INT32_MIN || *number > INT32_MAX) return bad_value(param, "is too large");
            return check_range(param, static_cast<double>(*number));
        }
        return bad_value(param, "must be a whole number");
    case ParamKind::real:
        if (auto const* number = std::get_if<double>(&value)) return check_range(param, *number);
        return bad_value(param, "must be a number");
    case ParamKind::choice:
        if (auto const* index = std::get_if<std::int64_t>(&value))
            if (*index >= 0 && static_cast<std::size_t>(*index) < param.info.choices.size()) return Done{};
        return bad_value(param, "must be one of " + choice_keys(param));
    case ParamKind::text:
        if (auto const* text = std::get_if<std::string>(&value)) {
            if (!is_utf8(*text)) return bad_value(param, "the text is not UTF-8");
            return check_length(param, text->size(), k_max_text_bytes);
        }
        return bad_value(param, "must be a text");
    case ParamKind::blob:
        if (auto const* bytes = std::get_if<Bytes>(&value)) return check_length(param, bytes->size(), k_max_blob_bytes);
        return bad_value(param, "must be bytes in base64");
    }
    return bad_value(param, "has no such kind");
}

std::string value_text(Param const& param, Value const& value) {
    switch (param.kind) {
    case ParamKind::toggle:
        return *std::get_if<bool>(&value) ? "true" : "false";
    case ParamKind::integer:
        return std::to_string(*std::get_if<std::int64_t>(&value));
    case ParamKind::real:
        return format_shortest(*std::get_if<double>(&value));
    case ParamKind::choice:
        return std::string(param.info.choices[static_cast<std::size_t>(*std::get_if<std::int64_t>(&value))].key);
    case ParamKind::text:
        return *std::get_if<std::string>(&value);
    case ParamKind::blob:
        return to_base64(*std::get_if<Bytes>(&value));
    }
    return {};
}

Result<Value> parse_value(Param const& param, std::string_view text) {
    auto const quoted = [&] { return '"' + excerpt(text, 80) + '"'; };
    Value value;
    switch (param.kind) {
    case ParamKind::toggle: {
        std::string const word = lowered(text);
        if (word == "true" || word == "on" || word == "yes" || word == "1")
            value = true;
        else if (word == "false" || word == "off" || word == "no" || word == "0")
            value = false;
        else
            return bad_value(param, quoted() + " is neither true nor false");
        break;
    }
    case ParamKind::integer: {
        auto const number = parse_int(text);
        if (!number) return bad_value(param, quoted() + " is not a whole number");
        value = *number;
        break;
    }
    case ParamKind::real: {
        auto const number = parse_double(text);
        if (!number) return bad_value(param, quoted() + " is not a number");
        value = *number;
        break;
    }
    case ParamKind::choice: {
        std::size_t index = 0;
        while (index < param.info.choices.size() && param.info.choices[index].key != text) ++index;
        if (index == param.info.choices.size())
            return bad_value(param, quoted() + " is not one of " + choice_keys(param));
        value = static_cast<std::int64_t>(index);
        break;
    }
    case ParamKind::text:
        value = std::string(text);
        break;
    case ParamKind::blob: {
        auto bytes = from_base64(text);
        if (!bytes) return bad_value(param, "is not valid base64");
        value = std::move(*bytes);
        break;
    }
    }
    MG_TRY_DO(check_value(param, value));
    return value;
}

} // namespace mg
