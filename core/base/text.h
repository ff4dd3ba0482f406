#pragma once
// Text and numbers: cutting, comparing, strict parsing, exact and locale-free formatting, UTF-8. The same input gives
// the same text on every platform.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace mg {

// --- cutting and comparing (ASCII) ---------------------------------------------------------------------------------

/// Without blanks, tabs, line ends and NUL bytes at both ends.
std::string_view trimmed(std::string_view text);
/// Parts between separators, empty ones included; "" gives one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);
/// Runs of non-blank characters.
std::vector<std::string_view> split_words(std::string_view text);
/// Lines without their ends; CR LF, LF and CR alone all end a line. A final line end adds no empty line.
std::vector<std::string_view> split_lines(std::string_view text);
std::string joined(std::span<std::string const> parts, std::string_view separator);
std::string lowered(std::string_view text);
bool iequals(std::string_view a, std::string_view b);
bool istarts_with(std::string_view text, std::string_view prefix);
bool iends_with(std::string_view text, std::string_view suffix);
inline bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
inline bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
std::string_view as_text(ByteView bytes);
ByteView as_bytes(std::string_view text);

// --- numbers -------------------------------------------------------------------------------------------------------

/// The whole view as a decimal number, [+-] digits [. digits] [e [+-] digits], correctly rounded. Anything else
/// (blanks, hexadecimal, inf, nan, a number beyond the range of double, trailing text) gives nothing.
std::optional<double> parse_double(std::string_view text);
/// The whole view as [+-] digits within the range of int64.
std::optional<std::int64_t> parse_int(std::string_view text);
/// "10.85" for (10.8499, 2); decimals 0..30. Never "-0.00".
std::string format_fixed(double value, int decimals);
/// Shortest text that parses back to the same double: "0.1", "5000", "9.01544e-08". Not finite: "inf", "-inf", "nan".
std::string format_shortest(double value);
/// Rounded to that many significant digits (1..17) without an exponent: (15.9142, 3) "15.9", (2, 3) "2.00",
/// (123456, 3) "123000".
std::string format_significant(double value, int digits);
/// Digits in groups of three, parted by a narrow no-break space (U+202F): "2 748". Four-digit numbers are grouped too.
std::string grouped(std::int64_t value);
/// A length given in nm, with the unit of pm, nm, µm, mm that suits it, rounded to `digits` significant digits, without
/// trailing zeros: "2 µm", "15.9 nm", "1.25 mm".
std::string format_length(double nm, int digits = 3);

/// A share of a whole: 0.338 "34 %", 0.0126 "1.3 %", 0.0003 "<0.1 %".
std::string format_share(double share);

// --- UTF-8 ---------------------------------------------------------------------------------------------------------

struct CodePoint {
    char32_t code = 0xFFFD;
    int length = 1; ///< bytes it takes
    bool valid = true;
};
/// The code point at byte `position`, which must lie within the text. Malformed bytes give U+FFFD, one byte long.
CodePoint code_point_at(std::string_view text, std::size_t position);
void append_utf8(std::string& text, char32_t code);
std::size_t count_code_points(std::string_view text);
bool is_utf8(std::string_view text);
/// Malformed bytes become U+FFFD, so that the result is always valid.
std::string sanitized_utf8(std::string_view text);
/// The beginning of a text for a message: whole characters within at most `bytes` bytes, malformed ones as U+FFFD.
std::string excerpt(std::string_view text, std::size_t bytes = 60);
std::string utf8_from_latin1(std::string_view text);
/// Windows code page 1252; its five unassigned bytes become U+FFFD.
std::string utf8_from_cp1252(std::string_view text);
/// As it is when it is UTF-8 already, else read as code page 1252.
std::string utf8_from_unknown(std::string_view text);
/// A byte order mark at the start is left out and decides the order; a lone surrogate becomes U+FFFD.
std::string utf8_from_utf16(ByteView bytes, bool big_endian);
/// Text of any of these: UTF-16 with a byte order mark or of mostly Latin characters in either order, UTF-8 with or
/// without a mark, code page 1252. NUL bytes at the end are left out.
std::string utf8_from_bytes(ByteView bytes);

// --- did you mean --------------------------------------------------------------------------------------------------

/// Number of insertions, deletions, replacements and swaps of neighbours that turn one text into the other, ignoring
/// case.
int edit_distance(std::string_view a, std::string_view b);
/// At most `count` candidates that resemble `word`, nearest first; none when nothing is near.
std::vector<std::string_view> nearest_names(std::string_view word, std::span<std::string_view const> candidates,
                                            std::size_t count = 3);

} // namespace mg
