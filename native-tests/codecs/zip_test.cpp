#include "codecs/zip.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace mg {
namespace {

std::uint32_t u32(Bytes const& b, std::size_t at) {
    return b[at] | std::uint32_t{b[at + 1]} << 8 | std::uint32_t{b[at + 2]} << 16 | std::uint32_t{b[at + 3]} << 24;
}
std::uint32_t u16(Bytes const& b, std::size_t at) { return b[at] | std::uint32_t{b[at + 1]} << 8; }

TEST(Zip, HoldsNamesContentsAndChecksums) {
    std::string const first = "123456789", second = "";
    auto zip = zipped({{"µm/a.txt", as_bytes(first)}, {"b", as_bytes(second)}});
    ASSERT_TRUE(zip.has_value());
    Bytes const& z = *zip;
    EXPECT_EQ(u32(z, 0), 0x04034b50u);
    EXPECT_EQ(u16(z, 6) & 0x800u, 0x800u) << "names are UTF-8";
    EXPECT_EQ(u16(z, 8), 0u) << "stored";
    EXPECT_EQ(u32(z, 14), 0xCBF43926u) << "the published CRC-32 of 123456789";
    EXPECT_EQ(u32(z, 18), 9u);
    std::size_t const name = u16(z, 26);
    EXPECT_EQ(as_text(ByteView(z).subspan(30, name)), "µm/a.txt");
    EXPECT_EQ(as_text(ByteView(z).subspan(30 + name, 9)), first);
    std::size_t const end = z.size() - 22;
    EXPECT_EQ(u32(z, end), 0x06054b50u);
    EXPECT_EQ(u16(z, end + 10), 2u);
    std::size_t const directory = u32(z, end + 16);
    EXPECT_EQ(u32(z, directory), 0x02014b50u);
    EXPECT_EQ(directory + u32(z, end + 12), end);
    std::size_t const second_entry = directory + 46 + name;
    EXPECT_EQ(u32(z, u32(z, second_entry + 42)), 0x04034b50u) << "the entry points at its file";
}

TEST(Zip, RefusesWhatItsFormatCannotHold) {
    EXPECT_TRUE(zip_frames({{"a", 0xFFFF'0000u, 0}}));
    EXPECT_FALSE(zip_frames({{"a", 0x1'0000'0000u, 0}})) << "4 GB in one file";
    EXPECT_FALSE(zip_frames({{"a", 0xC000'0000u, 0}, {"b", 0xC000'0000u, 0}})) << "4 GB together";
    EXPECT_FALSE(zip_frames({{"a", ~std::uint64_t{0}, 0}, {"b", 2, 0}})) << "a sum that runs over";
    EXPECT_TRUE(zip_frames({{std::string(65535, 'n'), 1, 0}}));
    EXPECT_FALSE(zip_frames({{std::string(65536, 'n'), 1, 0}}));
    std::vector<ZipPart> parts;
    for (int i = 0; i < 65535; ++i) parts.push_back({std::to_string(i), 1, 0});
    EXPECT_TRUE(zip_frames(parts));
    parts.push_back({"one more", 1, 0});
    EXPECT_FALSE(zip_frames(parts));
}

TEST(Zip, TheSameFilesGiveTheSameBytes) {
    std::string const text = "abc";
    EXPECT_EQ(*zipped({{"a", as_bytes(text)}}), *zipped({{"a", as_bytes(text)}}));
}

TEST(Zip, RefusesNamesThatLeaveTheirFolder) {
    for (char const* name : {"", "/a", "../a", "a/../b", "a//b", "a\\b", "\xff"})
        EXPECT_FALSE(zipped({{name, {}}}).has_value()) << name;
}

TEST(Zip, MakesASafeNameOfAnyAndLeavesSafeOnesAsTheyAre) {
    for (char const* name : {"a", "folder/a.png", "\xE9\x9B\xBB\xE5\xAD\x90.png", "\xD8\xB5\xD9\x88 \xF0\x9F\x94\xAC.png",
                             "u\xCC\x88" "ber.png", "-dash", "it's \"quoted\"", "...", "a:b"})
        EXPECT_EQ(zip_safe_name(name), name);
    EXPECT_EQ(zip_safe_name(""), "_");
    EXPECT_EQ(zip_safe_name("/etc/a"), "_/etc/a");
    EXPECT_EQ(zip_safe_name("../../a"), "_/_/a");
    EXPECT_EQ(zip_safe_name("a/./b//c/.."), "a/_/b/_/c/_");
    EXPECT_EQ(zip_safe_name("..\\a"), ".._a");
    EXPECT_EQ(zip_safe_name("line\nbreak"), "line_break");
    std::string longest = "a";
    for (int i = 0; i < 40000; ++i) longest += "\xC3\xBC";
    for (std::string const& name : {std::string("\xff\xfe"), std::string("a\0b", 3), longest, std::string(70000, 'x')}) {
        std::string const safe = zip_safe_name(name);
        EXPECT_TRUE(zipped({{safe, {}}})) << safe.size();
        EXPECT_GT(safe.size(), std::min<std::size_t>(name.size(), 60000) / 2);
    }
}

TEST(Zip, HoldsNamesInAnyScript) {
    std::string const name = "\xE9\x9B\xBB\xE5\xAD\x90/\xD8\xB5 \xF0\x9F\x94\xAC u\xCC\x88.png";
    auto const zip = zipped({{name, {}}});
    ASSERT_TRUE(zip);
    EXPECT_EQ(u16(*zip, 6) & 0x800u, 0x800u) << "told to be UTF-8";
    EXPECT_EQ(as_text(ByteView(*zip).subspan(30, name.size())), name);
}

TEST(Zip, AnEmptyOneIsItsEndAlone) { EXPECT_EQ(zipped({})->size(), 22u); }

} // namespace
} // namespace mg
