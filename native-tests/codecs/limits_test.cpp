// The limits of docs/limits.md that decoders keep. Others are tested where they belong: sizes and expansion of TIFF in
// tiff_test and tiff_forms_test, of PNG and JPEG in theirs, reduced reading in reduced_test.
#include <gtest/gtest.h>
#include <libdeflate.h>
#include <tiffio.h>

#include <cstring>

#include "codecs/codec.h"
#include "codecs/picture_files.h"
#include "codecs/tiff_directory.h"
#include "codecs/tiff_writer.h"
#include "support/decoding.h"

namespace mg {
namespace {

using namespace test;

void append(Bytes& file, std::uint64_t number, int bytes) {
    for (int i = 0; i < bytes; ++i) file.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

struct Tag {
    int tag, type;
    std::uint32_t count, value;
};

/// A little-endian TIFF of so many directories with these tags each.
Bytes directories(std::size_t pages, std::vector<Tag> const& tags) {
    Bytes file{'I', 'I', 42, 0};
    append(file, 8, 4);
    for (std::size_t page = 0; page < pages; ++page) {
        append(file, tags.size(), 2);
        for (Tag const& tag : tags) {
            append(file, static_cast<std::uint64_t>(tag.tag), 2);
            append(file, static_cast<std::uint64_t>(tag.type), 2);
            append(file, tag.count, 4);
            append(file, tag.value, 4);
        }
        append(file, page + 1 < pages ? file.size() + 4 : 0, 4);
    }
    return file;
}

TEST(CodecLimits, PagesBeyondTheThousandthAreLeftOutWithAWord) {
    auto const most = read_tiff_directories(directories(k_max_pages, {{256, 4, 1, 5}}));
    EXPECT_EQ(most.pages.size(), 1000u);
    EXPECT_TRUE(most.warnings.empty());
    auto const more = read_tiff_directories(directories(k_max_pages + 7, {{256, 4, 1, 5}}));
    EXPECT_EQ(more.pages.size(), 1000u);
    EXPECT_TRUE(warns(more, "more than 1000 pages: the others are left out"));
}

TEST(CodecLimits, TagsBeyondTheirNumberAreLeftOutWithAWord) {
    std::vector<Tag> tags;
    for (int i = 0; i < 21000; ++i) tags.push_back({40000 + i, 4, 1, 9});
    auto const read = read_tiff_directories(directories(1, tags));
    EXPECT_EQ(read.fields.size(), k_max_fields);
    EXPECT_TRUE(warns(read, "too many"));
    tags.resize(k_max_fields);
    EXPECT_TRUE(read_tiff_directories(directories(1, tags)).warnings.empty());
}

TEST(CodecLimits, TagsBeyondTheirLengthAreCutWithAWord) {
    // Six tags share one text of 17 MiB: 16 of each, 64 together.
    constexpr std::uint32_t k_bytes = 17 << 20;
    std::vector<Tag> tags;
    for (int i = 0; i < 6; ++i) tags.push_back({40000 + i, 2, k_bytes, 200});
    Bytes file = directories(1, tags);
    file.resize(200 + k_bytes, 'a');
    auto const read = read_tiff_directories(file);
    ASSERT_EQ(read.fields.size(), 4u);
    for (FileField const& field : read.fields) EXPECT_EQ(field.bytes.size(), k_max_field_bytes);
    EXPECT_TRUE(warns(read, "too long"));
}

std::string compressed_text(std::size_t bytes) {
    std::string const text(bytes, 'x');
    libdeflate_compressor* compressor = libdeflate_alloc_compressor(1);
    std::string packed(libdeflate_zlib_compress_bound(compressor, text.size()), '\0');
    packed.resize(libdeflate_zlib_compress(compressor, text.data(), text.size(), packed.data(), packed.size()));
    libdeflate_free_compressor(compressor);
    return packed;
}

TEST(CodecLimits, TextsOfPngEndAt16MebibytesHoweverSmallTheyArePacked) {
    Bytes const png = write_png({}, std::vector<int>(13 * 11, 5));
    auto const texts_with = [&](std::size_t bytes) {
        std::string const data = std::string("Key\0\0", 5) + compressed_text(bytes);
        return read_png_texts(with_chunk(png, png_chunk("zTXt", data)));
    };
    auto const whole = texts_with(std::size_t{16} << 20);
    ASSERT_EQ(whole.size(), 1u);
    EXPECT_EQ(whole[0].text.size(), std::size_t{16} << 20);
    EXPECT_TRUE(texts_with((std::size_t{16} << 20) + 1).empty());
}

TEST(CodecLimits, TextsOfPngEndAt64MebibytesTogether) {
    Bytes png = write_png({}, std::vector<int>(13 * 11, 5));
    std::string const data = std::string("Key\0\0", 5) + compressed_text(std::size_t{16} << 20);
    for (int i = 0; i < 6; ++i) png = with_chunk(png, png_chunk("zTXt", data));
    EXPECT_EQ(read_png_texts(png).size(), 4u);
}

TEST(CodecLimits, TextsOfPngAreAtMost200) {
    Bytes png = write_png({}, std::vector<int>(13 * 11, 5));
    for (int i = 0; i < 250; ++i) png = with_chunk(png, png_chunk("tEXt", std::string("Key\0value", 9)));
    EXPECT_EQ(read_png_texts(png).size(), 200u);
}

TEST(CodecLimits, AnImageIsAtMost536MillionPixels) {
    auto const image = Image<std::uint8_t>::create({1 << 20, 1 << 10});
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().code, ErrorCode::too_large);
    EXPECT_NE(image.error().message.find("the limit of 536 million pixels"), std::string::npos);
    EXPECT_FALSE(Image<std::uint8_t>::create({k_max_side_px + 1, 1}));
    EXPECT_TRUE(Image<std::uint8_t>::create({k_max_side_px, 1}));
}

TEST(CodecLimits, OfChannelsThreeAreShownAndTheOthersTold) {
    TiffSpec const spec{.size = {2, 1}, .samples = 300, .palette = {}};
    auto const image = decode_image(write_tiff(spec, std::vector<double>(600, 7)), "a.tif");
    ASSERT_TRUE(image);
    EXPECT_EQ(image->planes.size(), 1u);
    EXPECT_EQ(image->warnings, std::vector<std::string>{"299 extra channels left out"});
}

} // namespace
} // namespace mg
