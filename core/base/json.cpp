#include "base/json.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace mg {

Json::Json() = default;
Json::Json(std::nullptr_t) {}
Json::Json(bool value) : m_value(value) {}
Json::Json(double value) : m_value(value) {}
Json::Json(int value) : m_value(static_cast<double>(value)) {}
Json::Json(std::int64_t value) : m_value(static_cast<double>(value)) {}
Json::Json(std::string value) : m_value(std::move(value)) {}
Json::Json(std::string_view value) : m_value(std::string(value)) {}
Json::Json(char const* value) : m_value(std::string(value)) {}
Json::Json(Array value) : m_value(std::move(value)) {}
Json::Json(Object value) : m_value(std::move(value)) {}
Json::Json(Json const&) = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(Json const&) = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

bool const* Json::as_bool() const {
    return std::get_if<bool>(&m_value);
}
double const* Json::as_number() const {
    return std::get_if<double>(&m_value);
}
std::string const* Json::as_string() const {
    return std::get_if<std::string>(&m_value);
}
Json::Array const* Json::as_array() const {
    return std::get_if<Array>(&m_value);
}
Json::Object const* Json::as_object() const {
    return std::get_if<Object>(&m_value);
}
bool Json::is_null() const {
    return m_value.index() == 0;
}
bool Json::operator==(Json const& other) const {
    return m_value == other.m_value;
}

Json const* Json::find(std::string_view key) const {
    if (Object const* object = as_object())
        for (JsonMember const& member : *object)
            if (member.key == key) return &member.value;
    return nullptr;
}

void Json::push(Json value) {
    if (is_null()) m_value = Array{};
    std::get_if<Array>(&m_value)->push_back(std::move(value));
}

void Json::add(std::string key, Json value) {
    if (is_null()) m_value = Object{};
    std::get_if<Object>(&m_value)->push_back({std::move(key), std::move(value)});
}

namespace {

void write_string(std::string& out, std::string_view text) {
    if (!is_utf8(text)) return write_string(out, sanitized_utf8(text));
    out += '"';
    for (char const c : text) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20) {
                constexpr char k_hex[] = "0123456789abcdef";
                out += "\\u00";
                out += k_hex[c >> 4];
                out += k_hex[c & 15];
            } else
                out += c;
        }
    }
    out += '"';
}

void write(std::string& out, Json const& json) {
    if (bool const* value = json.as_bool())
        out += *value ? "true" : "false";
    else if (double const* number = json.as_number())
        out += std::isfinite(*number) ? format_shortest(*number) : "null";
    else if (std::string const* text = json.as_string())
        write_string(out, *text);
    else if (Json::Array const* array = json.as_array()) {
        out += '[';
        for (std::size_t i = 0; i < array->size(); ++i) {
            if (i > 0) out += ',';
            write(out, (*array)[i]);
        }
        out += ']';
    } else if (Json::Object const* object = json.as_object()) {
        out += '{';
        for (std::size_t i = 0; i < object->size(); ++i) {
            if (i > 0) out += ',';
            write_string(out, (*object)[i].key);
            out += ':';
            write(out, (*object)[i].value);
        }
        out += '}';
    } else
        out += "null";
}

class Reader {
public:
    explicit Reader(std::string_view text) : m_text(text) {}

    Result<Json> document() {
        MG_TRY(Json json, value(0));
        skip_blanks();
        if (m_at < m_text.size()) return fail("the end");
        return json;
    }

private:
    Error fail(std::string_view expected) const {
        return {ErrorCode::bad_value,
                "JSON: expected " + std::string(expected) + " at byte " + std::to_string(m_at + 1)};
    }
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    bool take(char c) {
        if (m_at >= m_text.size() || m_text[m_at] != c) return false;
        ++m_at;
        return true;
    }
    void skip_blanks() {
        while (m_at < m_text.size() && std::string_view(" \t\n\r").find(m_text[m_at]) != std::string_view::npos) ++m_at;
    }

    Result<Json> value(int depth) {
        skip_blanks();
        if (depth > k_json_max_depth) return fail("no deeper nesting than 64");
        switch (peek()) {
        case '{':
            return object(depth);
        case '[':
            return array(depth);
        case '"': {
            MG_TRY(std::string text, string());
            return Json(std::move(text));
        }
        case 't':
            return word("true", Json(true));
        case 'f':
            return word("false", Json(false));
        case 'n':
            return word("null", Json());
        default:
            return number();
        }
    }

    Result<Json> word(std::string_view spelling, Json json) {
        if (m_text.substr(m_at, spelling.size()) != spelling) return fail("a value");
        m_at += spelling.size();
        return json;
    }

    std::size_t digits() {
        std::size_t const start = m_at;
        while (is_digit(peek())) ++m_at;
        return m_at - start;
    }

    Result<Json> number() {
        std::size_t const start = m_at;
        take('-');
        if (!take('0') && digits() == 0) return fail("a value");
        if (take('.') && digits() == 0) return fail("a digit");
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            if (digits() == 0) return fail("a digit");
        }
        auto const parsed = parse_double(m_text.substr(start, m_at - start));
        if (!parsed) return fail("a number within the range of double before this");
        return Json(*parsed);
    }

    Result<std::uint32_t> hex4() {
        std::uint32_t code = 0;
        for (int i = 0; i < 4; ++i) {
            char const c = peek();
            std::uint32_t digit = 0;
            if (is_digit(c))
                digit = static_cast<std::uint32_t>(c - '0');
            else if (c >= 'a' && c <= 'f')
                digit = static_cast<std::uint32_t>(c - 'a' + 10);
            else if (c >= 'A' && c <= 'F')
                digit = static_cast<std::uint32_t>(c - 'A' + 10);
            else
                return fail("four hexadecimal digits");
            code = code << 4 | digit;
            ++m_at;
        }
        return code;
    }

    Result<std::string> string() {
        if (!take('"')) return fail("a string");
        std::string out;
        for (;;) {
            std::size_t run = m_at;
            while (run < m_text.size() && m_text[run] != '"' && m_text[run] != '\\' &&
                   static_cast<unsigned char>(m_text[run]) >= 0x20)
                ++run;
            out += m_text.substr(m_at, run - m_at);
            m_at = run;
            if (take('"')) return out;
            if (!take('\\')) return fail("the end of the string");
            char const c = peek();
            ++m_at;
            switch (c) {
            case '"':
            case '\\':
            case '/':
                out += c;
                break;
            case 'b':
                out += '\b';
                break;
            case 'f':
                out += '\f';
                break;
            case 'n':
                out += '\n';
                break;
            case 'r':
                out += '\r';
                break;
            case 't':
                out += '\t';
                break;
            case 'u': {
                MG_TRY(std::uint32_t code, hex4());
                if (code >= 0xD800 && code < 0xDC00) {
                    if (!take('\\') || !take('u')) return fail("the second half of a surrogate pair");
                    MG_TRY(std::uint32_t low, hex4());
                    if (low < 0xDC00 || low > 0xDFFF) return fail("a low surrogate before this");
                    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                } else if (code >= 0xDC00 && code <= 0xDFFF)
                    return fail("a high surrogate before this");
                append_utf8(out, code);
                break;
            }
            default:
                --m_at;
                return fail("an escape");
            }
        }
    }

    Result<Json> array(int depth) {
        take('[');
        Json::Array items;
        skip_blanks();
        if (take(']')) return Json(std::move(items));
        do {
            MG_TRY(Json item, value(depth + 1));
            items.push_back(std::move(item));
            skip_blanks();
        } while (take(','));
        if (!take(']')) return fail("',' or ']'");
        return Json(std::move(items));
    }

    Result<Json> object(int depth) {
        take('{');
        Json::Object members;
        skip_blanks();
        if (take('}')) return Json(std::move(members));
        do {
            skip_blanks();
            MG_TRY(std::string key, string());
            skip_blanks();
            if (!take(':')) return fail("':'");
            MG_TRY(Json item, value(depth + 1));
            members.push_back({std::move(key), std::move(item)});
            skip_blanks();
        } while (take(','));
        if (!take('}')) return fail("',' or '}'");
        std::vector<std::string_view> keys;
        for (JsonMember const& member : members) keys.push_back(member.key);
        std::sort(keys.begin(), keys.end());
        if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) return fail("no repeated key before this");
        return Json(std::move(members));
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

} // namespace

std::string to_text(Json const& json) {
    std::string out;
    write(out, json);
    return out;
}

Result<Json> parse_json(std::string_view text) {
    if (text.size() > k_json_max_bytes) return Error{ErrorCode::too_large, "JSON: longer than the limit of 16 MiB"};
    if (!is_utf8(text)) return Error{ErrorCode::bad_value, "JSON: the text is not UTF-8"};
    return Reader(text).document();
}

} // namespace mg
