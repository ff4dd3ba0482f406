#include "base/json.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/base64.h"

namespace mg {
namespace {

std::string error_of(std::string_view text) {
    auto const json = parse_json(text);
    return json ? "accepted" : json.error().message;
}

TEST(Json, WritesMembersInTheirOrderAndNumbersAtTheirShortest) {
    Json list;
    list.push(0.1);
    list.push(-5);
    list.push(1e300);
    list.push(true);
    list.push(nullptr);
    Json json;
    json.add("z", "last first");
    json.add("a", std::move(list));
    json.add("empty", Json::Object{});
    EXPECT_EQ(to_text(json), R"({"z":"last first","a":[0.1,-5,1e+300,true,null],"empty":{}})");
}

TEST(Json, ReadsBackWhatItWrote) {
    std::string const text = R"({"a":[1,2.5,-3e-07,[],{}],"b":{"c":null,"d":[true,false]},"e":"\"\\\n\u0001µ×😀"})";
    auto const json = parse_json(text);
    ASSERT_TRUE(json) << json.error().message;
    EXPECT_EQ(to_text(*json), text);
}

TEST(Json, ReadsEveryEscape) {
    auto const json = parse_json(R"(" \" \\ \/ \b \f \n \r \t \u00b5 \uD83D\uDE00 \u0000")");
    ASSERT_TRUE(json);
    EXPECT_EQ(*json->as_string(), std::string(" \" \\ / \b \f \n \r \t \xC2\xB5 \xF0\x9F\x98\x80 ") + '\0');
}

TEST(Json, RefusesWhatTheGrammarRefuses) {
    for (char const* text : {"",
                             " ",
                             "{",
                             "[",
                             "[1,]",
                             "{\"a\":1,}",
                             "{a:1}",
                             "{'a':1}",
                             "01",
                             "+1",
                             ".5",
                             "1.",
                             "1e",
                             "--1",
                             "0x10",
                             "NaN",
                             "Infinity",
                             "tru",
                             "nul",
                             "\"\\x\"",
                             "\"\\u12\"",
                             "\"\\uD800\"",
                             "\"\\uD800\\u0041\"",
                             "\"\\uDC00\"",
                             "\"\n\"",
                             "\"",
                             "1 2",
                             "[1 2]",
                             "{\"a\" 1}",
                             "// c\n1",
                             "{\"a\":1,\"a\":2}",
                             "1e999",
                             "\"\xFF\"",
                             "\xEF\xBB\xBF"
                             "1"})
        EXPECT_NE(error_of(text), "accepted") << text;
}

TEST(Json, SaysWhereItStoppedAndWhatItExpected) {
    EXPECT_EQ(error_of("{\"a\":1;}"), "JSON: expected ',' or '}' at byte 7");
    EXPECT_EQ(error_of("[1,2"), "JSON: expected ',' or ']' at byte 5");
}

TEST(Json, StopsAtDeepNestingInsteadOfTheStacksEnd) {
    EXPECT_NE(error_of(std::string(1'000'000, '[')), "accepted");
    EXPECT_NE(error_of(std::string(65, '[') + "1" + std::string(65, ']')), "accepted");
    EXPECT_EQ(error_of(std::string(64, '[') + "1" + std::string(64, ']')), "accepted");
}

TEST(Json, RefusesTextBeyondItsLimit) {
    EXPECT_EQ(error_of(std::string(k_json_max_bytes + 1, ' ')), "JSON: longer than the limit of 16 MiB");
}

TEST(Json, FindsManyMembersInReasonableTime) {
    std::string text = "{";
    for (int i = 0; i < 200'000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
    text.back() = '}';
    EXPECT_EQ(error_of(text), "accepted");
}

TEST(Json, WritesMalformedUtf8AsReplacementAndInfinityAsNull) {
    EXPECT_EQ(to_text(Json(std::string("a\xFF"))), "\"a\xEF\xBF\xBD\"");
    EXPECT_EQ(to_text(Json(HUGE_VAL)), "null");
}

// RFC 4648, section 10.
TEST(Base64, AgreesWithThePublishedVectors) {
    std::pair<std::string, std::string> const vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (auto const& [plain, coded] : vectors) {
        Bytes const bytes(plain.begin(), plain.end());
        EXPECT_EQ(to_base64(bytes), coded);
        EXPECT_EQ(from_base64(coded), bytes);
    }
}

TEST(Base64, RefusesAnythingButTheOneText) {
    for (char const* text :
         {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zg==Zg==", "Z m8", "Zm8\n", "=m8=", "Zm\xFF=", "===="})
        EXPECT_FALSE(from_base64(text)) << text;
}

TEST(Base64, RoundTripsEveryByte) {
    Bytes bytes;
    for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
}

} // namespace
} // namespace mg
