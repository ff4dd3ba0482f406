// As much of XML 1.0 as microscopes write: elements, attributes, character data, the five named entities and numeric
// ones, CDATA. Comments, declarations and processing instructions are passed over; no entity is ever defined.
#include "metadata/xml_text.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace mg {

namespace {

constexpr std::size_t k_most_keys = 20000;
constexpr std::size_t k_most_levels = 16;
constexpr std::size_t k_longest_name = 64;
constexpr std::size_t k_longest_entity = 10; // "&#x10FFFF;"
constexpr std::string_view k_blanks = " \t\r\n";

std::string_view local_name(std::string_view name) {
    std::size_t colon = name.rfind(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// The character that "lt", "#181" or "#xB5" stands for; nothing for any other name.
std::optional<char32_t> entity(std::string_view name) {
    if (name == "lt") return U'<';
    if (name == "gt") return U'>';
    if (name == "amp") return U'&';
    if (name == "quot") return U'"';
    if (name == "apos") return U'\'';
    if (name.size() < 2 || name[0] != '#') return std::nullopt;
    bool is_hex = name[1] == 'x';
    char32_t code = 0;
    for (char c : name.substr(is_hex ? 2 : 1)) {
        bool is_letter = is_hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
        if (!is_digit(c) && !is_letter) return std::nullopt;
        auto digit = static_cast<char32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
        code = code * (is_hex ? 16 : 10) + digit;
        if (code > 0x10FFFF) return std::nullopt;
    }
    bool is_character = code > 0 && (code < 0xD800 || code > 0xDFFF);
    return is_character ? std::optional(code) : std::nullopt;
}

std::string without_entities(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        std::size_t at = std::min(text.find('&'), text.size());
        plain.append(text.substr(0, at));
        text.remove_prefix(at);
        if (text.empty()) break;
        std::size_t end = text.substr(0, k_longest_entity).find(';');
        auto code = end == std::string_view::npos ? std::nullopt : entity(text.substr(1, end - 1));
        if (code) {
            append_utf8(plain, *code);
            text.remove_prefix(end + 1);
        } else {
            plain += '&';
            text.remove_prefix(1);
        }
    }
    return plain;
}

class Parser {
public:
    explicit Parser(std::string_view text) : m_rest(text) {}

    std::vector<RawKey> keys() && {
        while (m_keys.size() < k_most_keys && next_markup()) {
        }
        return std::move(m_keys);
    }

private:
    struct Level {
        std::string path; ///< of the element itself
        std::string name;
        std::string parent_path;
        std::string value;
        bool has_elements = false;
    };

    /// Text up to the next markup, and that. False at the end and where it is no XML.
    bool next_markup() {
        std::size_t open = m_rest.find('<');
        if (open == std::string_view::npos) return false;
        if (!m_open.empty()) m_open.back().value += without_entities(m_rest.substr(0, open));
        m_rest.remove_prefix(open);
        if (m_rest.starts_with("<!--")) return pass("-->");
        if (m_rest.starts_with("<?")) return pass("?>");
        constexpr std::string_view k_cdata = "<![CDATA[", k_cdata_end = "]]>";
        if (m_rest.starts_with(k_cdata)) {
            std::size_t end = m_rest.find(k_cdata_end);
            if (end == std::string_view::npos) return false;
            if (!m_open.empty()) m_open.back().value += m_rest.substr(k_cdata.size(), end - k_cdata.size());
            return pass(k_cdata_end);
        }
        if (m_rest.starts_with("<!")) return pass(">");
        return m_rest.starts_with("</") ? close() : open_element();
    }

    bool pass(std::string_view end) {
        std::size_t at = m_rest.find(end);
        if (at == std::string_view::npos) return false;
        m_rest.remove_prefix(at + end.size());
        return true;
    }

    bool close() {
        std::size_t end = m_rest.find('>');
        if (end == std::string_view::npos || m_open.empty()) return false;
        std::string_view name = trimmed(m_rest.substr(2, end - 2));
        if (local_name(name) != m_open.back().name) return false;
        m_rest.remove_prefix(end + 1);
        close_last();
        return true;
    }

    void close_last() {
        Level& level = m_open.back();
        if (!level.has_elements) m_keys.push_back({level.parent_path, level.name, std::string(trimmed(level.value))});
        m_open.pop_back();
    }

    bool open_element() {
        m_rest.remove_prefix(1);
        std::size_t name_end = m_rest.find_first_of(" \t\r\n/>");
        if (name_end == 0 || name_end > k_longest_name || m_open.size() == k_most_levels) return false;
        Level level;
        level.name = local_name(m_rest.substr(0, name_end));
        m_rest.remove_prefix(name_end);
        if (!m_open.empty()) {
            m_open.back().has_elements = true;
            level.parent_path = m_open.back().path;
        }
        level.path = level.parent_path.empty() ? level.name : level.parent_path + "/" + level.name;
        for (;;) {
            m_rest.remove_prefix(std::min(m_rest.find_first_not_of(k_blanks), m_rest.size()));
            if (m_rest.starts_with(">") || m_rest.starts_with("/>")) break;
            if (!attribute(level)) return false;
        }
        bool is_closed = m_rest[0] == '/';
        m_rest.remove_prefix(is_closed ? 2 : 1);
        m_open.push_back(std::move(level));
        if (is_closed) close_last();
        return true;
    }

    bool attribute(Level const& level) {
        std::size_t equals = m_rest.find('=');
        if (equals == std::string_view::npos) return false;
        std::string_view name = trimmed(m_rest.substr(0, equals));
        std::size_t quote = m_rest.find_first_not_of(k_blanks, equals + 1);
        if (quote == std::string_view::npos || (m_rest[quote] != '"' && m_rest[quote] != '\'')) return false;
        std::size_t end = m_rest.find(m_rest[quote], quote + 1);
        if (end == std::string_view::npos || m_keys.size() >= k_most_keys) return false;
        std::string key = level.name + "@";
        key.append(local_name(name));
        m_keys.push_back(
            {level.parent_path, std::move(key), without_entities(m_rest.substr(quote + 1, end - quote - 1))});
        m_rest.remove_prefix(end + 1);
        return true;
    }

    std::string_view m_rest;
    std::vector<Level> m_open;
    std::vector<RawKey> m_keys;
};

} // namespace

std::vector<RawKey> parse_xml_text(std::string_view text) {
    return Parser(text).keys();
}

} // namespace mg
