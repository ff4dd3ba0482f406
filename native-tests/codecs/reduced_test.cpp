// Images larger than asked for: read at half their size, a third, ..., as the means of blocks.
#include <gtest/gtest.h>
#include <tiffio.h>

#include <cmath>

#include "codecs/codec.h"
#include "codecs/picture_files.h"
#include "codecs/plane_filler.h"
#include "codecs/tiff_writer.h"

namespace mg {
namespace {

using namespace test;

/// The file read whole and read with at most so many pixels: the second is the mean of blocks of the first.
void expect_means(Bytes const& file, Size stored, int reduction, char const* what) {
    SCOPED_TRACE(testing::Message() << what << ", 1/" << reduction);
    Size const size{std::max(1, stored.width / reduction), std::max(1, stored.height / reduction)};
    auto const whole = decode_image(file, "a");
    auto const small = decode_image(file, "a", {.largest_pixels = size.area()});
    ASSERT_TRUE(whole) << whole.error().message;
    ASSERT_TRUE(small) << small.error().message;
    EXPECT_EQ(whole->reduction, 1);
    EXPECT_EQ(whole->stored_size, stored);
    ASSERT_EQ(small->reduction, reduction);
    EXPECT_EQ(small->stored_size, stored);
    ASSERT_EQ(small->size, size);
    ASSERT_EQ(small->planes.size(), whole->planes.size());
    EXPECT_EQ(small->range.black, whole->range.black);
    EXPECT_EQ(small->range.white, whole->range.white);
    bool is_told = false;
    for (std::string const& warning : small->warnings) is_told = is_told || warning.starts_with("read at ");
    EXPECT_TRUE(is_told);
    int const block_width = std::min(reduction, stored.width), block_height = std::min(reduction, stored.height);
    for (std::size_t c = 0; c < whole->planes.size(); ++c)
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                double sum = 0;
                for (int j = 0; j < block_height; ++j)
                    for (int i = 0; i < block_width; ++i)
                        sum += double{whole->planes[c]->at(x * reduction + i, y * reduction + j)};
                ASSERT_NEAR(small->planes[c]->at(x, y), sum / (block_width * block_height), 3e-7) << c << x << y;
            }
}

TEST(ReducedReading, TakesTheSmallestReductionThatFits) {
    EXPECT_EQ(reduction_for({16384, 16384}, std::int64_t{1} << 26), 2);
    EXPECT_EQ(reduction_for({8192, 8192}, std::int64_t{1} << 26), 1);
    EXPECT_EQ(reduction_for({8193, 8192}, std::int64_t{1} << 26), 2);
    EXPECT_EQ(reduction_for({20, 20}, 36), 3) << "6 x 6 blocks, 2 columns and rows left out";
    EXPECT_EQ(reduction_for({20, 20}, 35), 4);
    EXPECT_EQ(reduction_for({1000, 1}, 10), 91) << "10 whole blocks of 91 columns, 90 columns left out";
    EXPECT_EQ(reduction_for({7, 5}, 0), 4);
    EXPECT_EQ(reduced({7, 5}, 7), (Size{1, 1})) << "a side shorter than a block is one pixel";
}

TEST(ReducedReading, OfTiffGivesMeansFromStripsAndTiles) {
    Size const size{39, 23};
    for (int reduction : {2, 3, 5})
        for (int tile : {0, 16})
            for (int compression : {COMPRESSION_NONE, COMPRESSION_ADOBE_DEFLATE}) {
                TiffSpec const grey{
                    .size = size, .bits = 16, .compression = compression, .tile = tile, .mode = "wb", .palette = {}};
                expect_means(write_tiff(grey, ramp_values(grey)), size, reduction, "16-bit grey");
                for (bool separate : {false, true}) {
                    TiffSpec const colour{.size = size,
                                          .samples = 3,
                                          .photometric = PHOTOMETRIC_RGB,
                                          .compression = compression,
                                          .separate = separate,
                                          .tile = tile,
                                          .palette = {}};
                    expect_means(write_tiff(colour, ramp_values(colour)), size, reduction, "colour");
                }
                TiffSpec const real{
                    .size = size, .bits = 32, .format = 3, .compression = compression, .tile = tile, .palette = {}};
                expect_means(write_tiff(real, ramp_values(real)), size, reduction, "real");
                TiffSpec const inverted{
                    .size = size, .photometric = PHOTOMETRIC_MINISWHITE, .tile = tile, .palette = {}};
                expect_means(write_tiff(inverted, ramp_values(inverted)), size, reduction, "white is zero");
            }
}

TEST(ReducedReading, OfTiffTurnsWhatWasReduced) {
    TiffSpec const spec{.size = {40, 20}, .palette = {}, .orientation = 6};
    Bytes const file = write_tiff(spec, ramp_values(spec));
    auto const whole = decode_image(file, "a");
    auto const small = decode_image(file, "a", {.largest_pixels = 200});
    ASSERT_TRUE(whole && small);
    EXPECT_EQ(small->size, (Size{10, 20}));
    EXPECT_EQ(small->stored_size, (Size{20, 40}));
    float const mean = (whole->planes[0]->at(0, 0) + whole->planes[0]->at(1, 0) + whole->planes[0]->at(0, 1) +
                        whole->planes[0]->at(1, 1)) /
                       4;
    EXPECT_NEAR(small->planes[0]->at(0, 0), mean, 3e-7);
}

TEST(ReducedReading, OfOtherFormatsGivesMeans) {
    Size const size{39, 23};
    std::vector<int> values;
    for (int i = 0; i < size.area() * 3; ++i) values.push_back(i * 7919 % 251);
    std::vector<int> const grey(values.begin(), values.begin() + size.area());
    std::vector<std::uint8_t> const bytes(values.begin(), values.end());
    std::vector<std::uint32_t> const indices(grey.begin(), grey.end());
    std::vector<std::uint32_t> colours;
    for (int value : grey) colours.push_back(std::uint32_t(value) * 0x010203u);
    for (int reduction : {2, 3, 7}) {
        expect_means(write_png({.size = size}, grey), size, reduction, "PNG");
        expect_means(write_png({.size = size, .interlaced = true}, grey), size, reduction, "interlaced PNG");
        expect_means(write_png({.size = size, .colour_type = 2}, values), size, reduction, "PNG in colour");
        expect_means(write_jpeg({.size = size, .channels = 3}, bytes), size, reduction, "JPEG");
        expect_means(write_bmp({.size = size}, indices), size, reduction, "BMP");
        expect_means(write_bmp({.size = size, .bits = 24}, colours), size, reduction, "BMP in colour");
    }
}

TEST(ReducedReading, SaysHowMuchSmaller) {
    TiffSpec const spec{.size = {40, 30}, .palette = {}};
    auto const image = decode_image(write_tiff(spec, ramp_values(spec)), "a.tif", {.largest_pixels = 300});
    ASSERT_TRUE(image);
    ASSERT_EQ(image->warnings.size(), 1u);
    EXPECT_EQ(image->warnings[0], "read at half its size, 20 x 15 of 40 x 30 px: the limit here is 300 pixels");
}

} // namespace
} // namespace mg
