#pragma once
// JSON (RFC 8259) as a value, read strictly and written in one form: members keep their order, numbers are the shortest
// that read back the same. Nothing is accepted beyond the grammar: no comments, no trailing commas, no repeated keys.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace mg {

struct JsonMember;

class Json {
public:
    using Array = std::vector<Json>;
    using Object = std::vector<JsonMember>;

    Json();
    Json(std::nullptr_t);
    Json(bool value);
    Json(double value); ///< inf and nan have no JSON form and are written as null
    Json(int value);
    Json(std::int64_t value);
    Json(std::string value); ///< malformed UTF-8 is written as U+FFFD
    Json(std::string_view value);
    Json(char const* value);
    Json(Array value);
    Json(Object value);
    Json(Json const&);
    Json(Json&&) noexcept;
    Json& operator=(Json const&);
    Json& operator=(Json&&) noexcept;
    ~Json();

    /// Null when the value is of another kind.
    bool const* as_bool() const;
    double const* as_number() const;
    std::string const* as_string() const;
    Array const* as_array() const;
    Object const* as_object() const;
    bool is_null() const;
    /// A member of an object; null when there is none, or this is no object.
    Json const* find(std::string_view key) const;

    /// Appends to an array, which a null becomes first.
    void push(Json value);
    /// Appends a member to an object, which a null becomes first; the key must be new.
    void add(std::string key, Json value);

    bool operator==(Json const& other) const;

private:
    std::variant<std::nullptr_t, bool, double, std::string, Array, Object> m_value;
};

struct JsonMember {
    std::string key;
    Json value;
    bool operator==(JsonMember const&) const = default;
};

/// Compact text without a line end.
std::string to_text(Json const& json);

/// Deepest nesting and longest text that are read.
inline constexpr int k_json_max_depth = 64;
inline constexpr std::size_t k_json_max_bytes = std::size_t{16} << 20;
/// Errors say at which byte and what was expected there.
Result<Json> parse_json(std::string_view text);

} // namespace mg
