#include "base/text.h"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include <gtest/gtest.h>

#include "math/random.h"

namespace mg {
namespace {

using Views = std::vector<std::string_view>;

TEST(Trim, RemovesBlanksLineEndsAndNulBytes) {
    EXPECT_EQ(trimmed(std::string_view(" \t a b\r\n\0", 9)), "a b");
    EXPECT_EQ(trimmed(" \n "), "");
}

TEST(Split, KeepsEmptyParts) {
    EXPECT_EQ(split("a,,b,", ','), (Views{"a", "", "b", ""}));
    EXPECT_EQ(split("", ','), (Views{""}));
}

TEST(Split, WordsSkipRunsOfBlanks) {
    EXPECT_EQ(split_words("  one\t two "), (Views{"one", "two"}));
}

TEST(Split, LinesEndWithAnyOfThreeKinds) {
    EXPECT_EQ(split_lines("a\r\nb\rc\n\nd"), (Views{"a", "b", "c", "", "d"}));
    EXPECT_EQ(split_lines("a\n"), (Views{"a"}));
}

TEST(Compare, IgnoresCaseOfAscii) {
    EXPECT_TRUE(iequals("SaMple", "sAmPLE"));
    EXPECT_FALSE(iequals("sample", "samples"));
    EXPECT_TRUE(iends_with("x.TIF", ".tif"));
    EXPECT_FALSE(istarts_with("S", "Sample"));
}

TEST(ParseDouble, ReadsDecimalNumbers) {
    EXPECT_EQ(parse_double("0.00425000023"), 0.00425000023);
    EXPECT_EQ(parse_double("-1.5e3"), -1500.0);
    EXPECT_EQ(parse_double("2.69792e-007"), 2.69792e-7);
    EXPECT_EQ(parse_double("+.5"), 0.5);
    EXPECT_EQ(parse_double("5."), 5.0);
    EXPECT_EQ(parse_double("9007199254740993"), 9007199254740992.0);
}

TEST(ParseDouble, RefusesAllElse) {
    for (std::string_view text :
         {"", " ", ".", "-", "1e", "1e+", "1 ", " 1", "0x10", "inf", "nan", "1e999", "1,5", "1.2.3", "notafloat"})
        EXPECT_FALSE(parse_double(text)) << '"' << text << '"';
    EXPECT_FALSE(parse_double(std::string_view("1\0", 2)));
}

TEST(ParseDouble, NeverReadsPastTheView) {
    EXPECT_EQ(parse_double(std::string_view("12345").substr(0, 2)), 12.0);
}

TEST(ParseInt, CoversTheWholeRangeAndNoMore) {
    EXPECT_EQ(parse_int("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(parse_int("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(parse_int("+07"), 7);
    for (std::string_view text :
         {"9223372036854775808", "-9223372036854775809", "", "-", "1.0", "12a", "99999999999999999999"})
        EXPECT_FALSE(parse_int(text)) << text;
}

TEST(Format, FixedRoundsAndHasNoNegativeZero) {
    EXPECT_EQ(format_fixed(10.8499, 2), "10.85");
    EXPECT_EQ(format_fixed(-0.001, 2), "0.00");
    EXPECT_EQ(format_fixed(-0.5, 1), "-0.5");
    EXPECT_EQ(format_fixed(1e300, 30).size(), 332u);
}

TEST(Format, ShortestIsShort) {
    EXPECT_EQ(format_shortest(0.1), "0.1");
    EXPECT_EQ(format_shortest(5000), "5000");
    EXPECT_EQ(format_shortest(1e15), "1000000000000000");
    EXPECT_EQ(format_shortest(1e16), "1e+16");
    EXPECT_EQ(format_shortest(9.01544e-08), "9.01544e-08");
    EXPECT_EQ(format_shortest(-0.00025), "-0.00025");
    EXPECT_EQ(format_shortest(0.0), "0");
    EXPECT_EQ(format_shortest(5e-324), "5e-324");
    EXPECT_EQ(format_shortest(1.7976931348623157e308), "1.7976931348623157e+308");
}

TEST(Format, ShortestParsesBackToTheSameNumber) {
    std::uint64_t state = 3;
    for (int i = 0; i < 3000; ++i) {
        std::uint64_t bits = splitmix64(state);
        double value;
        std::memcpy(&value, &bits, sizeof value);
        if (!std::isfinite(value)) continue;
        EXPECT_EQ(parse_double(format_shortest(value)), value);
    }
}

TEST(Format, SignificantDigitsWithoutExponent) {
    EXPECT_EQ(format_significant(15.9142, 3), "15.9");
    EXPECT_EQ(format_significant(2, 3), "2.00");
    EXPECT_EQ(format_significant(123456, 3), "123000");
    EXPECT_EQ(format_significant(0.000123456, 2), "0.00012");
    EXPECT_EQ(format_significant(9.996, 3), "10.0");
    EXPECT_EQ(format_significant(-0.5, 1), "-0.5");
    EXPECT_EQ(format_significant(0, 3), "0.00");
}

TEST(Format, GroupsDigitsByThree) {
    EXPECT_EQ(grouped(2748), "2\u202F748");
    EXPECT_EQ(grouped(-1234567), "-1\u202F234\u202F567");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(std::numeric_limits<std::int64_t>::min()),
              "-9\u202F223\u202F372\u202F036\u202F854\u202F775\u202F808");
}

TEST(Format, LengthChoosesItsUnit) {
    EXPECT_EQ(format_length(2000), "2 µm");
    EXPECT_EQ(format_length(15.9142), "15.9 nm");
    EXPECT_EQ(format_length(999.9), "1 µm");
    EXPECT_EQ(format_length(999.4), "999 nm");
    EXPECT_EQ(format_length(0.0239), "23.9 pm");
    EXPECT_EQ(format_length(1.25e6), "1.25 mm");
    EXPECT_EQ(format_length(5e10), "50000 mm");
    EXPECT_EQ(format_length(-200), "-200 nm");
    EXPECT_EQ(format_length(0), "0 nm");
}

TEST(Utf8, RefusesOverlongSurrogateAndCutForms) {
    EXPECT_TRUE(is_utf8("Grüße, µm, 漢字, 😀"));
    for (std::string_view text :
         {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xB5m", "\xE2\x82", "\xFF"})
        EXPECT_FALSE(is_utf8(text));
}

TEST(Utf8, SanitizedIsAlwaysValid) {
    EXPECT_EQ(sanitized_utf8("a\xB5m"), "a\uFFFDm");
    std::uint64_t state = 5;
    for (int i = 0; i < 500; ++i) {
        std::string text;
        for (int k = 0; k < 20; ++k) text += static_cast<char>(static_cast<std::uint8_t>(splitmix64(state)));
        std::string clean = sanitized_utf8(text);
        EXPECT_TRUE(is_utf8(clean));
        EXPECT_EQ(count_code_points(clean), count_code_points(text));
        EXPECT_EQ(sanitized_utf8(clean), clean);
    }
}

TEST(Utf8, ConvertsOlderEncodings) {
    EXPECT_EQ(utf8_from_latin1("5 \xB5m"), "5 µm");
    EXPECT_EQ(utf8_from_cp1252("\x80\x92\xE9\x81"), "€’é\uFFFD");
    EXPECT_EQ(utf8_from_unknown("5 µm"), "5 µm");
    EXPECT_EQ(utf8_from_unknown("5 \xB5m"), "5 µm");
}

TEST(Utf8, ConvertsUtf16OfEitherOrder) {
    std::array<std::uint8_t, 8> little{0xFF, 0xFE, 0xB5, 0x00, 0x3D, 0xD8, 0x00, 0xDE};
    EXPECT_EQ(utf8_from_utf16(little, true), "µ😀");
    std::array<std::uint8_t, 5> big{0x30, 0x42, 0xD8, 0x00, 0x41};
    EXPECT_EQ(utf8_from_utf16(big, false), "䈰\u00D8");
    EXPECT_EQ(utf8_from_utf16(big, true), "あ\uFFFD");
}

TEST(DidYouMean, CountsEdits) {
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
    EXPECT_EQ(edit_distance("thershold", "Threshold"), 1);
    EXPECT_EQ(edit_distance("ab", "ba"), 1);
    EXPECT_EQ(edit_distance("", "abc"), 3);
}

TEST(DidYouMean, FindsTheNearestFirstAndNothingWhenNothingIsNear) {
    std::array<std::string_view, 4> names{"threshold_sigma", "despike", "databar", "square_pixels"};
    EXPECT_EQ(nearest_names("despkie", names), (Views{"despike"}));
    EXPECT_EQ(nearest_names("threshold", names), (Views{"threshold_sigma"}));
    EXPECT_EQ(nearest_names("pixels", names), (Views{"square_pixels"}));
    EXPECT_TRUE(nearest_names("zzzz", names).empty());
    EXPECT_TRUE(nearest_names("", names).empty());
}

TEST(FormatShare, NeverSaysNoneOfSome) {
    EXPECT_EQ(format_share(0.338), "34 %");
    EXPECT_EQ(format_share(0.0999), "10 %");
    EXPECT_EQ(format_share(0.0126), "1.3 %");
    EXPECT_EQ(format_share(0.0003), "<0.1 %");
    EXPECT_EQ(format_share(0), "0 %");
}

} // namespace
} // namespace mg

TEST(Text, OfAnyEncodingBecomesUtf8) {
    auto of = [](std::string_view text) { return mg::utf8_from_bytes(mg::as_bytes(text)); };
    using namespace std::string_view_literals;
    EXPECT_EQ(of("5 \xB5m"sv), "5 \u00B5m") << "code page 1252";
    EXPECT_EQ(of("5 \u00B5m\0"sv), "5 \u00B5m") << "UTF-8";
    EXPECT_EQ(of("\xEF\xBB\xBFx"sv), "x") << "UTF-8 with a mark";
    EXPECT_EQ(of("\xFF\xFE\x35\x00\xB5\x00m\x00"sv), "5\u00B5m") << "UTF-16 with a mark";
    EXPECT_EQ(of("5\0 \0\xB5\0m\0\0\0"sv), "5 \u00B5m") << "UTF-16, little-endian";
    EXPECT_EQ(of("\0005\0 \0\xB5\0m"sv), "5 \u00B5m") << "UTF-16, big-endian";
    EXPECT_EQ(of("abc\0\0\0"sv), "abc");
    EXPECT_EQ(of(""sv), "");
}

TEST(Text, AnExcerptCutsNoCharacter) {
    EXPECT_EQ(mg::excerpt("abc", 60), "abc");
    EXPECT_EQ(mg::excerpt("ab\u00B5d", 3), "ab");
    EXPECT_EQ(mg::excerpt("ab\u00B5d", 4), "ab\u00B5");
    EXPECT_EQ(mg::excerpt("\xFF\xFE", 60), "\uFFFD\uFFFD");
    EXPECT_EQ(mg::excerpt("\u20AC", 0), "");
}
