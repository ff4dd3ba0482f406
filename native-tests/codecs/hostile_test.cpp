// Every byte of a file may lie. Whatever happens to it, the answer is a picture within its limits, or an error that
// names the file. The changes are the same in every run.
#include <gtest/gtest.h>
#include <tiffio.h>

#include <ctime>

#include "base/text.h"
#include "codecs/codec.h"
#include "codecs/image_size.h"
#include "codecs/picture_files.h"
#include "codecs/tiff_writer.h"

using namespace mg;
using namespace mg::test;

namespace {

struct Sample {
    std::string name;
    Bytes file;
};

std::vector<Sample> const& samples() {
    static std::vector<Sample> const all = [] {
        std::vector<Sample> list;
        auto tiff = [&](std::string const& name, TiffSpec const& spec) {
            list.push_back(
                {name, write_tiff({{spec, ramp_values(spec), {{270, "text"}, {34680, "header"}}, {300, 300, 2}}})});
        };
        tiff("plain", {.palette = {}});
        tiff("big", {.bits = 16, .mode = "wb8", .palette = {}});
        tiff("lzw", {.bits = 16, .compression = COMPRESSION_LZW, .predictor = 2, .palette = {}});
        tiff("packbits", {.compression = COMPRESSION_PACKBITS, .palette = {}});
        tiff("deflate",
             {.bits = 32, .format = 3, .compression = COMPRESSION_ADOBE_DEFLATE, .predictor = 3, .palette = {}});
        tiff("zstd", {.bits = 12, .compression = COMPRESSION_ZSTD, .tile = 16, .palette = {}});
        tiff("jpeg", {.size = {16, 16},
                      .samples = 3,
                      .photometric = 6,
                      .compression = COMPRESSION_JPEG,
                      .rows_per_strip = 16,
                      .palette = {}});
        tiff("fax3", {.bits = 1, .photometric = 0, .compression = COMPRESSION_CCITTFAX3, .palette = {}});
        tiff("fax4", {.bits = 1, .photometric = 0, .compression = COMPRESSION_CCITTFAX4, .palette = {}});
        tiff("separate", {.samples = 3, .photometric = 2, .separate = true, .palette = {}});
        tiff("palette", {.bits = 4, .photometric = 3, .palette = std::vector<std::uint16_t>(48, 7000)});
        TiffSpec const page{.size = {3, 3}, .palette = {}};
        list.push_back(
            {"pages", write_tiff({{page, ramp_values(page)}, {page, ramp_values(page)}, {page, ramp_values(page)}})});
        auto values = [](PngSpec const& spec) {
            std::vector<int> numbers;
            for (int i = 0; i < spec.size.area() * spec.samples(); ++i)
                numbers.push_back(i * 7 & ((1 << spec.depth) - 1));
            return numbers;
        };
        auto png = [&](std::string const& name, PngSpec const& spec) {
            list.push_back(
                {name, with_chunk(write_png(spec, values(spec)), png_chunk("tEXt", std::string("Title\0text", 10)))});
        };
        png("png", {});
        png("deep", {.depth = 16, .colour_type = 6, .interlaced = true});
        png("indexed", {.depth = 2, .colour_type = 3, .palette = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}});
        for (bool progressive : {false, true})
            list.push_back(
                {"jpeg", write_jpeg({.size = {24, 17}, .channels = 3, .progressive = progressive, .comment = "x"},
                                    std::vector<std::uint8_t>(24 * 17 * 3, 77))});
        std::vector<std::uint32_t> const pixels(13 * 11, 3);
        list.push_back({"bmp", write_bmp({.bits = 4, .palette = std::vector<std::uint32_t>(16, 0x123456)}, pixels)});
        list.push_back(
            {"colour bmp", write_bmp({.bits = 32, .compression = 3, .masks = {0xFF, 0xFF00, 0xFF0000}}, pixels)});
        list.push_back({"run lengths", write_bmp({.size = {6, 3},
                                                  .compression = 1,
                                                  .palette = std::vector<std::uint32_t>(256, 0x123456),
                                                  .runs = {3, 5, 0, 3, 1, 2, 3, 0, 0, 0, 1, 9, 0, 2, 2, 0, 1, 7, 0, 1}},
                                                 {})});
        return list;
    }();
    return all;
}

/// Decodes from memory of exactly that size, so that a sanitizer sees a read beyond it.
void expect_picture_or_error(ByteView file, std::string const& what) {
    Bytes const exact(file.begin(), file.end());
    auto const result = decode_image(exact, "name.x");
    if (!result) {
        ASSERT_EQ(result.error().message.rfind("name.x: ", 0), 0u) << what << ": " << result.error().message;
        return;
    }
    Decoded const& image = result.value();
    ASSERT_TRUE(image.planes.size() == 1 || image.planes.size() == 3) << what;
    ASSERT_LE(image.size.area(), k_max_pixels);
    for (PlanePtr const& plane : image.planes) {
        ASSERT_EQ(plane->size(), image.size) << what;
        for (std::int64_t i = 0; i < image.size.area(); ++i)
            ASSERT_TRUE(plane->data()[i] >= 0 && plane->data()[i] <= 1) << what;
    }
    (void)read_png_texts(exact);
}

} // namespace

TEST(Hostile, SamplesAreGoodToBeginWith) {
    for (Sample const& sample : samples()) {
        auto const result = decode_image(sample.file, sample.name);
        EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
    }
}

TEST(Hostile, EndsCleanlyWhereverAFileIsCut) {
    for (Sample const& sample : samples())
        for (std::size_t size = 0; size < sample.file.size(); ++size)
            expect_picture_or_error(ByteView(sample.file).first(size), sample.name + " cut at " + std::to_string(size));
}

TEST(Hostile, SurvivesFlippedBits) {
    std::uint32_t seed = 1;
    auto random = [&](std::size_t limit) {
        seed = seed * 1664525u + 1013904223u;
        return std::size_t{seed >> 8} % limit;
    };
    for (Sample const& sample : samples())
        for (int round = 0; round < 400; ++round) {
            Bytes file = sample.file;
            for (std::size_t flips = 1 + random(4); flips > 0; --flips)
                file[random(file.size())] ^= std::uint8_t(1u << random(8));
            expect_picture_or_error(file, sample.name + " round " + std::to_string(round));
        }
}

TEST(Hostile, SurvivesExtremeNumbersInEveryPlace) {
    for (Sample const& sample : samples())
        for (std::size_t at = 0; at + 4 <= std::min<std::size_t>(sample.file.size(), 700); ++at)
            for (std::uint8_t byte : {0x00, 0x7F, 0xFF}) {
                Bytes file = sample.file;
                std::fill_n(file.begin() + std::ptrdiff_t(at), 4, byte);
                expect_picture_or_error(file, sample.name + " byte " + std::to_string(at));
            }
}

TEST(Hostile, SaysWhatAFileIsNot) {
    auto message = [](Bytes const& file) {
        auto const result = decode_image(file, "note.txt");
        return result ? std::string() : result.error().message;
    };
    EXPECT_EQ(message({}), "note.txt: the file is empty; copy it again");
    EXPECT_EQ(message({'h', 'e', 'l', 'l', 'o'}),
              "note.txt: is no TIFF, PNG, JPEG or BMP image; export it from the microscope as TIFF");
}

// What follows was found by fuzzing (fuzz/).

TEST(Hostile, TakesTheFirstOfATagThatStandsTwice) {
    // The orientation's entry becomes a second width: the limits are checked on the width that libtiff takes.
    Bytes file = write_tiff({.size = {5, 4}, .palette = {}}, std::vector<double>(20, 7));
    Bytes const width_entry{0x00, 0x01, 3, 0, 1, 0, 0, 0, 5, 0}, compression_entry{0x03, 0x01, 3, 0, 1, 0, 0, 0};
    auto const found = std::search(file.begin(), file.end(), compression_entry.begin(), compression_entry.end());
    ASSERT_NE(found, file.end());
    std::copy(width_entry.begin(), width_entry.end(), found);
    found[8] = 2;
    auto const decoded = decode_image(file, "x.tif");
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(decoded->size, (Size{5, 4}));
    EXPECT_EQ(claimed_size(file), (Size{5, 4}));
}

TEST(Hostile, TextsOfAPngAreUtf8WhateverTheFileSays) {
    Bytes const png = write_png({.size = {2, 2}}, {1, 2, 3, 4});
    Bytes const text = with_chunk(png, png_chunk("iTXt", std::string("Title\0\0\0\0\0a\xFF", 12)));
    ASSERT_EQ(read_png_texts(text).size(), 1u);
    EXPECT_EQ(read_png_texts(text)[0].text, "a\uFFFD");

    Bytes chunk = png_chunk("I\xC8\xE9\xE8", "x");
    chunk.back() ^= 1; // damaged, so that it is named
    auto const decoded = decode_image(with_chunk(png, chunk), "x.png");
    ASSERT_FALSE(decoded.has_value());
    EXPECT_TRUE(is_utf8(decoded.error().message));
}

TEST(Hostile, ListsOfTagsThatLieOverEachOtherTakeNoLongTime) {
    // A thousand directories of 65 535 entries, each beginning one entry behind the last: 66 million to look at.
    constexpr std::size_t k_entries = 65535, k_pages = 1000, k_entry_bytes = 12;
    Bytes file(8 + 2 + k_entry_bytes * (k_entries + k_pages) + 4);
    auto put = [&](std::size_t at, std::uint32_t number, int bytes) {
        for (int i = 0; i < bytes; ++i) file[at + static_cast<std::size_t>(i)] = std::uint8_t(number >> (8 * i));
    };
    put(0, 0x002A4949, 4);
    put(4, 8, 4);
    for (std::size_t page = 0; page < k_pages; ++page) {
        std::size_t const at = 8 + page * k_entry_bytes;
        put(at, k_entries, 2);
        put(at + 2 + k_entries * k_entry_bytes, std::uint32_t(at + k_entry_bytes), 4);
    }
    auto const start = std::clock();
    (void)decode_image(file, "x.tif");
    EXPECT_LT(double(std::clock() - start) / CLOCKS_PER_SEC, 5); // all of them: half a minute with sanitizers
}

TEST(Hostile, TheSizeOfAJpegIsFoundBehindStrayBytes) {
    Bytes jpeg = write_jpeg({.size = {24, 17}}, std::vector<std::uint8_t>(24 * 17, 77));
    jpeg.insert(jpeg.begin() + 20, {1, 2, 3, 0xFF}); // behind the first segment
    auto const decoded = decode_image(jpeg, "x.jpg");
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(claimed_size(jpeg), (Size{24, 17}));
}

TEST(Hostile, ABmpWithRunLengthsThatClaimsTooMuchIsRefused) {
    Bytes const bmp = write_bmp({.size = {16000, 1600},
                                 .compression = 1,
                                 .palette = std::vector<std::uint32_t>(256, 0x123456),
                                 .runs = {0, 2, 0, 255, 0, 2, 0, 255, 0, 1}},
                                {});
    auto const decoded = decode_image(bmp, "x.bmp");
    ASSERT_FALSE(decoded.has_value());
    EXPECT_EQ(decoded.error().message.rfind("x.bmp: is too small for the 16000 x 1600 px that it claims", 0), 0u)
        << decoded.error().message;
}
