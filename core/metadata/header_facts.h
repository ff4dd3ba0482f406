#pragma once
// Small things that several microscopes' headers need.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "codecs/codec.h"

namespace mg {

/// Of a longer header only so much is read; the longest known have 71000 bytes.
inline constexpr std::size_t k_longest_header_bytes = std::size_t{1} << 20;

/// A tag's text in UTF-8; "" when there is no tag.
inline std::string header_text(FileField const* tag) {
    if (!tag) return {};
    return utf8_from_bytes(ByteView(tag->bytes).first(std::min(tag->bytes.size(), k_longest_header_bytes)));
}

inline constexpr double k_degrees_per_radian = 57.295779513082320877;

/// Two numbers for one thing that are further apart than rounding explains: by more than 1 %.
inline bool far_apart(double a, double b) {
    return std::fabs(a - b) > 0.01 * std::fmax(std::fabs(a), std::fabs(b));
}

/// The value in another unit, its source kept.
inline std::optional<Sourced<double>> scaled(std::optional<Sourced<double>> value, double factor) {
    if (value) value->value *= factor;
    return value;
}
/// In a unit `power` powers of ten smaller, with the digits that the file has: 1.41708e-11 A is 0.0141708 nA, which a
/// multiplication misses by its rounding.
inline std::optional<Sourced<double>> shifted(std::optional<Sourced<double>> value, int power) {
    if (!value) return value;
    std::string digits = format_shortest(value->value);
    std::size_t e = std::min(digits.find('e'), digits.size());
    std::int64_t exponent = e < digits.size() ? parse_int(std::string_view(digits).substr(e + 1)).value_or(0) : 0;
    auto exact = parse_double(digits.substr(0, e) + "e" + std::to_string(exponent + power));
    if (!exact) return std::nullopt;
    value->value = *exact;
    return value;
}

/// False of the accounts that microscopes are delivered with ("supervisor", "user"): they say nothing of the author.
inline bool names_a_person(std::string_view account) {
    constexpr std::string_view k_accounts[] = {"",        "supervisor", "user",    "admin",   "administrator",
                                               "service", "operator",   "default", "unknown", "username",
                                               "null",    "none",       "guest"};
    for (std::string_view name : k_accounts)
        if (iequals(trimmed(account), name)) return false;
    return true;
}

} // namespace mg
