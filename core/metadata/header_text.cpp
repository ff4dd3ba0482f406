#include "metadata/header_text.h"

#include <algorithm>

#include "base/text.h"
#include "metadata/units.h"

namespace mg {

namespace {

constexpr int k_foreign_lines_to_stop = 4;
constexpr std::size_t k_longest_key = 64;

bool is_printable(std::string_view line) {
    return std::none_of(line.begin(), line.end(), [](char c) {
        auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
}

bool is_key(std::string_view text) {
    return !text.empty() && text.size() <= k_longest_key && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alpha(c) || is_digit(c) || c == '_' || c == '.' || c == '-' || c == ' ' || c == '$';
    });
}

} // namespace

std::vector<RawKey> parse_header_text(std::string_view text) {
    std::vector<RawKey> keys;
    std::string section;
    int foreign_lines = 0;
    for (std::string_view line : split_lines(text)) {
        line = trimmed(line);
        if (line.empty()) continue;
        std::size_t equals = line.find('=');
        if (is_printable(line) && line.front() == '[' && line.back() == ']' && line.size() <= k_longest_key) {
            section = utf8_from_unknown(line.substr(1, line.size() - 2));
        } else if (equals != std::string_view::npos && is_printable(line) && is_key(trimmed(line.substr(0, equals)))) {
            keys.push_back({section, std::string(trimmed(line.substr(0, equals))),
                            utf8_from_unknown(trimmed(line.substr(equals + 1)))});
        } else {
            if (line.front() == '[') section.clear(); // a garbled name: its keys belong to no known section
            if (++foreign_lines == k_foreign_lines_to_stop) break;
            continue;
        }
        foreign_lines = 0;
    }
    return keys;
}

std::string_view whole_lines(std::string_view text) {
    std::size_t end = text.find('\0');
    if (end != std::string_view::npos) return text.substr(0, end);
    return text.substr(0, text.find_last_of("\r\n") + 1); // npos + 1 is 0: no whole line
}

RawKey const* HeaderReader::find(std::string_view section, std::string_view key) const {
    for (RawKey const& entry : m_keys)
        if (entry.key == key && entry.section == section) return &entry;
    return nullptr;
}

std::optional<Sourced<double>> HeaderReader::judged(RawKey const& entry, std::optional<double> value, double low,
                                                    double high) {
    std::string name = m_origin + ": " + key_name(entry);
    if (!value) {
        warn(name + " = " + quoted(entry.value) + " is no number and was left out");
        return std::nullopt;
    }
    if (!(*value >= low && *value <= high)) {
        warn(name + " = " + quoted(entry.value) + " cannot be true and was left out");
        return std::nullopt;
    }
    return Sourced<double>{*value, std::move(name)};
}

std::optional<Sourced<double>> HeaderReader::number(std::string_view section, std::string_view key, double low,
                                                    double high) {
    RawKey const* entry = find(section, key);
    return entry ? judged(*entry, parse_double(entry->value), low, high) : std::nullopt;
}

std::optional<Sourced<double>> HeaderReader::measured(std::string_view section, std::string_view key,
                                                      std::optional<double> (*parse)(std::string_view text), double low,
                                                      double high) {
    RawKey const* entry = find(section, key);
    return entry && !entry->value.empty() ? judged(*entry, parse(entry->value), low, high) : std::nullopt;
}

std::optional<Sourced<std::string>> HeaderReader::text(std::string_view section, std::string_view key) const {
    RawKey const* entry = find(section, key);
    if (!entry || entry->value.empty()) return std::nullopt;
    return Sourced<std::string>{entry->value, m_origin + ": " + key_name(*entry)};
}

std::optional<Sourced<std::string>> HeaderReader::date_time(std::string_view section, std::string_view date_key,
                                                            std::string_view time_key) {
    RawKey const* date = find(section, date_key);
    if (!date || date->value.empty()) return std::nullopt;
    RawKey const* time = find(section, time_key);
    std::string_view clock = time ? std::string_view(time->value) : std::string_view();
    auto day_first = iso_date_time(date->value, clock, DateOrder::day_month_year);
    auto month_first = iso_date_time(date->value, clock, DateOrder::month_day_year);
    std::string name = m_origin + ": " + key_name(*date);
    if (day_first && month_first && *day_first != *month_first) {
        warn(name + " = " + quoted(date->value) + " may name the day or the month first, and was left out");
        return std::nullopt;
    }
    if (!day_first && !month_first) {
        warn(name + " = " + quoted(date->value) + " is no date and was left out");
        return std::nullopt;
    }
    return Sourced<std::string>{day_first ? *day_first : *month_first, std::move(name)};
}

std::string quoted(std::string_view value) {
    std::string shown = "\"";
    shown.append(excerpt(value, 40));
    return shown.append(value.size() > 40 ? "...\"" : "\"");
}

std::string key_name(RawKey const& entry) {
    std::string name;
    if (!entry.section.empty()) name.append("[").append(entry.section).append("] ");
    return name += entry.key;
}

} // namespace mg
