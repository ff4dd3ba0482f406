// Text and number helpers. Numbers go through the C library's strtod and "%.*e"/"%.*f", which glibc, musl and Apple's
// libc all round correctly in the "C" locale, on a bounded copy whose grammar was checked first.
#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace mg {

namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f' || c == '\0';
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Position after the digits that start at `i`.
std::size_t skip_digits(std::string_view text, std::size_t i) {
    while (i < text.size() && is_digit(text[i])) ++i;
    return i;
}

bool is_decimal_number(std::string_view text) {
    std::size_t i = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
    std::size_t end = skip_digits(text, i);
    std::size_t digits = end - i;
    i = end;
    if (i < text.size() && text[i] == '.') {
        end = skip_digits(text, i + 1);
        digits += end - (i + 1);
        i = end;
    }
    if (digits == 0) return false;
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
        end = skip_digits(text, i);
        if (end == i) return false;
        i = end;
    }
    return i == text.size();
}

/// |value| = 0.d1d2d3... x 10^point, with `digits` digits.
struct Decimal {
    std::string digits;
    int point = 0;
};

Decimal decimal(double magnitude, int digits) {
    char text[48];
    std::snprintf(text, sizeof text, "%.*e", digits - 1, magnitude);
    Decimal result;
    char const* p = text;
    for (; *p != '\0' && *p != 'e'; ++p)
        if (*p != '.') result.digits += *p;
    result.point = (*p == 'e' ? std::atoi(p + 1) : 0) + 1;
    return result;
}

std::string positional(Decimal const& number) {
    auto count = static_cast<int>(number.digits.size());
    std::string text = number.point <= 0 ? std::string("0.") : std::string();
    if (number.point < 0) text.append(static_cast<std::size_t>(-number.point), '0');
    for (int i = 0; i < std::max(count, number.point); ++i) {
        if (i > 0 && i == number.point) text += '.';
        text += i < count ? number.digits[static_cast<std::size_t>(i)] : '0';
    }
    return text;
}

std::string not_finite(double value) {
    return std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
}

std::string without_trailing_zeros(std::string text) {
    if (text.find('.') == std::string::npos) return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

// Bytes 0x80..0x9F of code page 1252 (unicode.org, VENDORS/MICSFT/WINDOWS/CP1252.TXT).
constexpr char16_t k_cp1252[32] = {0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                   0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

} // namespace

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::vector<std::string_view> split_words(std::string_view text) {
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && !is_blank(text[end])) ++end;
        if (end > i) words.push_back(text.substr(i, end - i));
        i = end + 1;
    }
    return words;
}

std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        std::size_t end = text.find_first_of("\r\n");
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        bool pair = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
        text.remove_prefix(end + (pair ? 2 : 1));
    }
    return lines;
}

std::string joined(std::span<std::string const> parts, std::string_view separator) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) text += separator;
        text += parts[i];
    }
    return text;
}

std::string lowered(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = lower(c);
    return result;
}

bool iequals(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (lower(a[i]) != lower(b[i])) return false;
    return true;
}

bool istarts_with(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && iequals(text.substr(0, prefix.size()), prefix);
}

bool iends_with(std::string_view text, std::string_view suffix) {
    return text.size() >= suffix.size() && iequals(text.substr(text.size() - suffix.size()), suffix);
}

std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}
ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

std::optional<double> parse_double(std::string_view text) {
    if (!is_decimal_number(text)) return std::nullopt;
    std::string copy(text);
    double value = std::strtod(copy.c_str(), nullptr);
    if (!std::isfinite(value)) return std::nullopt;
    return value;
}

std::optional<std::int64_t> parse_int(std::string_view text) {
    bool negative = !text.empty() && text[0] == '-';
    if (negative || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
    std::uint64_t limit = (std::uint64_t{1} << 63) - (negative ? 0 : 1);
    std::uint64_t value = 0;
    for (char c : text) {
        if (!is_digit(c)) return std::nullopt;
        auto digit = static_cast<std::uint64_t>(c - '0');
        if (value > (limit - digit) / 10) return std::nullopt;
        value = value * 10 + digit;
    }
    return negative ? static_cast<std::int64_t>(std::uint64_t{0} - value) : static_cast<std::int64_t>(value);
}

std::string format_fixed(double value, int decimals) {
    if (!std::isfinite(value)) return not_finite(value);
    char text[360]; // 309 digits before the point, 30 after
    std::snprintf(text, sizeof text, "%.*f", std::clamp(decimals, 0, 30), value);
    std::string result(text);
    bool is_zero = result.find_first_not_of("-0.") == std::string::npos;
    return is_zero && result[0] == '-' ? result.substr(1) : result;
}

std::string format_shortest(double value) {
    if (!std::isfinite(value)) return not_finite(value);
    if (value == 0) return "0";
    std::string text = value < 0 ? "-" : "";
    double magnitude = std::fabs(value);
    Decimal number;
    for (int digits = 1; digits <= 17; ++digits) {
        number = decimal(magnitude, digits);
        std::string trial = number.digits + "e" + std::to_string(number.point - digits);
        if (std::strtod(trial.c_str(), nullptr) == magnitude) break;
    }
    number.digits.erase(number.digits.find_last_not_of('0') + 1);
    if (number.point > -5 && number.point <= 16) return text += positional(number);
    text += number.digits[0];
    if (number.digits.size() > 1) text.append(".").append(number.digits, 1);
    int exponent = number.point - 1;
    char power[16];
    std::snprintf(power, sizeof power, "e%c%02d", exponent < 0 ? '-' : '+', std::abs(exponent));
    return text += power;
}

std::string format_significant(double value, int digits) {
    if (!std::isfinite(value)) return not_finite(value);
    digits = std::clamp(digits, 1, 17);
    if (value == 0) return format_fixed(0, digits - 1);
    std::string text = value < 0 ? "-" : "";
    return text += positional(decimal(std::fabs(value), digits));
}

std::string grouped(std::int64_t value) {
    std::string digits = std::to_string(value);
    std::size_t first = digits[0] == '-' ? 1 : 0;
    for (std::size_t i = digits.size(); i > first + 3;) {
        i -= 3;
        digits.insert(i, "\u202F");
    }
    return digits;
}

std::string format_share(double share) {
    double const percent = 100 * share;
    if (percent > 0 && percent < 0.05) return "<0.1 %";
    return format_fixed(percent, percent < 9.95 && percent > 0 ? 1 : 0) + " %";
}

std::string format_length(double nm, int digits) {
    if (!std::isfinite(nm)) return not_finite(nm);
    digits = std::clamp(digits, 1, 17);
    struct Unit {
        char const* name;
        int power; ///< of ten, above the picometre
    };
    static constexpr Unit k_units[] = {{"pm", 0}, {"nm", 3}, {"\u00B5m", 6}, {"mm", 9}};
    if (nm == 0) return "0 nm";
    // Rounded first, so that 999.9 nm to three digits is 1 µm; the unit only moves the point, so nothing is rounded
    // twice.
    Decimal number = decimal(std::fabs(nm), digits);
    number.point += 3;
    Unit unit = k_units[0];
    for (Unit candidate : k_units)
        if (number.point > candidate.power) unit = candidate;
    number.point -= unit.power;
    std::string text = nm < 0 ? "-" : "";
    return text.append(without_trailing_zeros(positional(number))).append(" ").append(unit.name);
}

CodePoint code_point_at(std::string_view text, std::size_t position) {
    auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[position + i]); };
    constexpr CodePoint k_malformed{0xFFFD, 1, false};
    std::uint8_t first = byte(0);
    if (first < 0x80) return {first, 1, true};
    int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() - position < static_cast<std::size_t>(length)) return k_malformed;
    auto code = static_cast<char32_t>(first & (0x7F >> length));
    for (int i = 1; i < length; ++i) {
        std::uint8_t next = byte(static_cast<std::size_t>(i));
        if ((next & 0xC0) != 0x80) return k_malformed;
        code = (code << 6) | (next & 0x3F);
    }
    constexpr char32_t k_smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < k_smallest[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return k_malformed;
    return {code, length, true};
}

void append_utf8(std::string& text, char32_t code) {
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
    auto add = [&](char32_t byte) { text += static_cast<char>(static_cast<std::uint8_t>(byte)); };
    if (code < 0x80) {
        add(code);
    } else if (code < 0x800) {
        add(0xC0 | (code >> 6));
        add(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        add(0xE0 | (code >> 12));
        add(0x80 | ((code >> 6) & 0x3F));
        add(0x80 | (code & 0x3F));
    } else {
        add(0xF0 | (code >> 18));
        add(0x80 | ((code >> 12) & 0x3F));
        add(0x80 | ((code >> 6) & 0x3F));
        add(0x80 | (code & 0x3F));
    }
}

std::size_t count_code_points(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++count) i += static_cast<std::size_t>(code_point_at(text, i).length);
    return count;
}

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        CodePoint point = code_point_at(text, i);
        if (!point.valid) return false;
        i += static_cast<std::size_t>(point.length);
    }
    return true;
}

std::string sanitized_utf8(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        CodePoint point = code_point_at(text, i);
        append_utf8(result, point.code);
        i += static_cast<std::size_t>(point.length);
    }
    return result;
}

std::string excerpt(std::string_view text, std::size_t bytes) {
    std::size_t end = 0;
    while (end < text.size()) {
        std::size_t const next = end + static_cast<std::size_t>(code_point_at(text, end).length);
        if (next > bytes) break;
        end = next;
    }
    return sanitized_utf8(text.substr(0, end));
}

std::string utf8_from_latin1(std::string_view text) {
    std::string result;
    for (char c : text) append_utf8(result, static_cast<std::uint8_t>(c));
    return result;
}

std::string utf8_from_cp1252(std::string_view text) {
    std::string result;
    for (char c : text) {
        auto byte = static_cast<std::uint8_t>(c);
        append_utf8(result, byte >= 0x80 && byte < 0xA0 ? k_cp1252[byte - 0x80] : byte);
    }
    return result;
}

std::string utf8_from_unknown(std::string_view text) {
    return is_utf8(text) ? std::string(text) : utf8_from_cp1252(text);
}

std::string utf8_from_utf16(ByteView bytes, bool big_endian) {
    auto unit = [&](std::size_t i) -> char32_t {
        return big_endian ? char32_t{bytes[i]} << 8 | bytes[i + 1] : char32_t{bytes[i + 1]} << 8 | bytes[i];
    };
    if (bytes.size() >= 2 && (unit(0) == 0xFEFF || unit(0) == 0xFFFE)) {
        if (unit(0) == 0xFFFE) big_endian = !big_endian;
        bytes = bytes.subspan(2);
    }
    std::string result;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        char32_t code = unit(i);
        if (code >= 0xD800 && code < 0xDC00 && i + 3 < bytes.size()) {
            char32_t low = unit(i + 2);
            if (low >= 0xDC00 && low < 0xE000) {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        append_utf8(result, code);
    }
    return result;
}

std::string utf8_from_bytes(ByteView bytes) {
    if (bytes.size() >= 2 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF))) {
        std::string text = utf8_from_utf16(bytes, false);
        return text.substr(0, text.find_last_not_of('\0') + 1);
    }
    // Half of the bytes of Latin text in UTF-16 are 0, all in even or all in odd places.
    std::size_t looked_at = std::min<std::size_t>(bytes.size() & ~std::size_t{1}, 4096);
    std::size_t zeros[2] = {0, 0};
    for (std::size_t i = 0; i < looked_at; i += 2)
        if (bytes[i] != bytes[i + 1]) // not the two zeros of an end
            for (std::size_t side : {0u, 1u})
                if (bytes[i + side] == 0) ++zeros[side];
    for (std::size_t side : {0u, 1u})
        if (looked_at >= 4 && zeros[side] * 4 > looked_at && zeros[1 - side] * 8 < zeros[side]) {
            std::string text = utf8_from_utf16(bytes, side == 0);
            return text.substr(0, text.find_last_not_of('\0') + 1);
        }
    std::string_view text = as_text(bytes);
    text = text.substr(0, text.find_last_not_of('\0') + 1);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    return utf8_from_unknown(text);
}

int edit_distance(std::string_view a, std::string_view b) {
    // Optimal string alignment over three rows; names are short, and anything longer is not a misspelling.
    constexpr std::size_t k_longest = 64;
    a = a.substr(0, k_longest);
    b = b.substr(0, k_longest);
    int rows[3][k_longest + 1];
    int* before = rows[0];
    int* last = rows[1];
    int* now = rows[2];
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            bool same = lower(a[i - 1]) == lower(b[j - 1]);
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
            bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
        }
        int* free_row = before;
        before = last;
        last = now;
        now = free_row;
    }
    return last[b.size()];
}

std::vector<std::string_view> nearest_names(std::string_view word, std::span<std::string_view const> candidates,
                                            std::size_t count) {
    struct Near {
        int distance;
        std::size_t index;
    };
    std::vector<Near> near;
    auto tolerated = std::max(2, static_cast<int>(word.size()) / 3);
    std::string const low = lowered(word);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        std::string_view name = candidates[i];
        bool begins = word.size() >= 2 && istarts_with(name, word);
        bool holds = word.size() >= 4 && lowered(name).find(low) != std::string::npos;
        // At least as many edits as one is longer than the other.
        int const longer = std::abs(static_cast<int>(word.size()) - static_cast<int>(name.size()));
        if (!begins && !holds && longer > tolerated) continue;
        int distance = begins ? 1 : holds ? 2 : edit_distance(word, name);
        if (distance <= tolerated && distance < static_cast<int>(std::max(word.size(), name.size())))
            near.push_back({distance, i});
    }
    std::sort(near.begin(), near.end(), [](Near const& a, Near const& b) {
        return a.distance != b.distance ? a.distance < b.distance : a.index < b.index;
    });
    std::vector<std::string_view> names;
    for (Near const& n : near) {
        if (names.size() == count) break;
        names.push_back(candidates[n.index]);
    }
    return names;
}

} // namespace mg
