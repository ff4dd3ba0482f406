// The size by the header alone.
#include "codecs/image_size.h"

#include <gtest/gtest.h>

#include "codecs/codec.h"
#include "codecs/picture_files.h"
#include "codecs/tiff_writer.h"

namespace mg {
namespace {

using namespace test;

Bytes cut(Bytes file, std::size_t size) {
    if (file.size() > size) file.resize(size);
    return file;
}

TEST(ImageSize, IsFoundInEveryFormatWithoutThePixels) {
    std::vector<int> const png(13 * 11, 5);
    EXPECT_EQ(claimed_size(cut(write_png({}, png), 24)), (Size{13, 11}));
    EXPECT_EQ(claimed_size(write_jpeg({.size = {40, 30}}, std::vector<std::uint8_t>(1200, 9))), (Size{40, 30}));
    EXPECT_EQ(claimed_size(write_jpeg({.size = {40, 30}, .progressive = true, .density = 300, .comment = "some words"},
                                      std::vector<std::uint8_t>(1200, 9))),
              (Size{40, 30}));
    EXPECT_EQ(claimed_size(write_tiff({.size = {13, 11}}, std::vector<double>(13 * 11, 5))), (Size{13, 11}));
    std::vector<std::uint32_t> const bmp(13 * 11, 1);
    for (BmpSpec const& spec : {BmpSpec{}, BmpSpec{.header_bytes = 12}, BmpSpec{.top_down = true}})
        EXPECT_EQ(claimed_size(cut(write_bmp(spec, bmp), 26)), (Size{13, 11}));
}

TEST(ImageSize, IsToldOfEveryPage) {
    std::vector<double> const values(13 * 11, 5);
    auto const pages = claimed_pages(write_tiff({{{.size = {13, 11}}, values}, {{.size = {11, 13}, .bits = 16}, values}}));
    ASSERT_EQ(pages.size(), 2u);
    EXPECT_EQ(pages[0].size, (Size{13, 11}));
    EXPECT_EQ(pages[1].size, (Size{11, 13}));
    EXPECT_EQ(pages[0].bits, 8);
    EXPECT_EQ(pages[1].bits, 16);
    EXPECT_EQ(pages[1].samples, 1);
    EXPECT_EQ(claimed_pages(write_png({}, std::vector<int>(13 * 11, 5))).size(), 1u);
    EXPECT_EQ(claimed_pages({}).size(), 1u);
}

TEST(ImageSize, ClaimsThatTheDecodersRefuseCannotBeTrue) {
    Size const large{16640, 16640}; // 16640 = 2 * 8320: as much as a PNG of one bit can hold in 33280 bytes
    EXPECT_TRUE(can_be_true({large}, 33280));
    EXPECT_FALSE(can_be_true({large}, 33279));
    EXPECT_TRUE(can_be_true({{8192, 8192}, 8, 1}, 100)) << "64 MiB of a TIFF are always tried";
    EXPECT_FALSE(can_be_true({{8192, 8193}, 8, 1}, 100));
    EXPECT_TRUE(can_be_true({{16384, 16384}, 16, 3}, 393216)) << "1.5 GiB, 4096 : 1";
    EXPECT_FALSE(can_be_true({{16384, 16384}, 16, 3}, 393215));
    EXPECT_TRUE(can_be_true({}, 0)) << "it claims nothing";
}

TEST(ImageSize, OfOtherFilesIsEmpty) {
    EXPECT_TRUE(claimed_size({}).empty());
    Bytes const png = write_png({}, std::vector<int>(13 * 11, 5));
    Bytes const jpeg = write_jpeg({.size = {40, 30}}, std::vector<std::uint8_t>(1200, 9));
    Bytes const bmp = write_bmp({}, std::vector<std::uint32_t>(13 * 11, 1));
    for (Bytes const* file : {&png, &jpeg, &bmp})
        for (std::size_t size = 0; size < 24; ++size) EXPECT_TRUE(claimed_size(cut(*file, size)).empty()) << size;
    Bytes huge = png;
    for (std::size_t i = 16; i < 24; ++i) huge[i] = 0x7F;
    EXPECT_TRUE(claimed_size(huge).empty()) << "beyond the limits";
}

} // namespace
} // namespace mg
