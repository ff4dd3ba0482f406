#pragma once
// A parameter is declared once, beside the struct member whose initialiser is its default. Panel rows, command-line
// keys, recipe text, JSON, --help and the reference page are loops over these tables.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/bytes.h"

namespace mg {

enum class ParamKind {
    toggle,  ///< bool
    integer, ///< int
    real,    ///< double
    choice,  ///< an enum counted from 0; texts are its keys
    text,    ///< std::string
    blob,    ///< Bytes, e.g. a logo; base64 in text forms, @FILE on the command line
};

/// A parameter's value; a choice is held as its index (int64).
using Value = std::variant<bool, std::int64_t, double, std::string, Bytes>;

struct Choice {
    std::string_view key{};   ///< "percentile"
    std::string_view label{}; ///< "Percentiles"
};

struct ParamInfo {
    std::string_view key{};   ///< snake_case, unique within its step: "threshold_sigma"
    std::string_view label{}; ///< "Threshold"
    std::string_view help{};  ///< one or two sentences; never empty
    std::string_view unit{};  ///< "px", "nm", "%", "σ"; empty when none
    double minimum = 0, maximum = 0;               ///< valid range (integer, real); length limit in bytes (text, blob)
    double slider_minimum = 0, slider_maximum = 0; ///< comfortable range; equal: same as valid range
    bool logarithmic = false;
    std::span<Choice const> choices{};
    bool advanced = false;        ///< folded away until asked for
    bool multiline = false;       ///< text
    /// What the default stands for where it means "not given": "as recorded". Such a value is typed, not slid.
    std::string_view unset{};
    std::string_view older_key{}; ///< name in older recipes and in the Python tools' settings
};

struct Param {
    ParamInfo info;
    ParamKind kind = ParamKind::toggle;
    Value (*get)(void const* params) = nullptr;
    void (*set)(void* params, Value const& value) = nullptr; ///< value must be of the right alternative
};

namespace detail {
template <class M> struct member_of;
template <class P, class V> struct member_of<V P::*> {
    using Params = P;
    using Field = V;
};
template <class V> constexpr ParamKind kind_of() {
    if constexpr (std::is_same_v<V, bool>) return ParamKind::toggle;
    else if constexpr (std::is_enum_v<V>) return ParamKind::choice;
    else if constexpr (std::is_same_v<V, int>) return ParamKind::integer;
    else if constexpr (std::is_same_v<V, double>) return ParamKind::real;
    else if constexpr (std::is_same_v<V, Bytes>) return ParamKind::blob;
    else {
        static_assert(std::is_same_v<V, std::string>);
        return ParamKind::text;
    }
}
} // namespace detail

/// param<&DespikeParams::threshold>({.key = "threshold", ...})
template <auto Member> constexpr Param param(ParamInfo info) {
    using P = typename detail::member_of<decltype(Member)>::Params;
    using V = typename detail::member_of<decltype(Member)>::Field;
    constexpr ParamKind kind = detail::kind_of<V>();
    Param result;
    result.info = info;
    result.kind = kind;
    result.get = [](void const* params) -> Value {
        V const& field = static_cast<P const*>(params)->*Member;
        if constexpr (kind == ParamKind::choice || kind == ParamKind::integer) return static_cast<std::int64_t>(field);
        else return field;
    };
    result.set = [](void* params, Value const& value) {
        V& field = static_cast<P*>(params)->*Member;
        if constexpr (kind == ParamKind::choice || kind == ParamKind::integer)
            field = static_cast<V>(*std::get_if<std::int64_t>(&value));
        else field = *std::get_if<V>(&value);
    };
    return result;
}

} // namespace mg
