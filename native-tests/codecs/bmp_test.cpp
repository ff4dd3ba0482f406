// Bitmaps of every kind, and with the careless headers that microscope software writes.
#include <gtest/gtest.h>

#include <cmath>

#include "codecs/codec.h"
#include "codecs/picture_files.h"
#include "support/decoding.h"

using namespace mg;
using namespace mg::test;

namespace {

std::vector<std::uint32_t> grey_ramp(int bits) {
    std::vector<std::uint32_t> palette;
    std::uint32_t const count = 1u << bits;
    for (std::uint32_t i = 0; i < count; ++i) palette.push_back(i * 255 / (count - 1) * 0x010101);
    return palette;
}
std::vector<std::uint32_t> indices(Size size, int bits) {
    std::vector<std::uint32_t> values;
    for (int i = 0; i < size.area(); ++i) values.push_back(std::uint32_t(i * 37) & ((1u << bits) - 1));
    return values;
}
void expect_indices(Decoded const& image, std::vector<std::uint32_t> const& values, int bits) {
    ASSERT_EQ(image.planes.size(), 1u);
    double const white = (1 << bits) - 1;
    EXPECT_EQ(image.range.white, white);
    for (int y = 0; y < image.size.height; ++y)
        for (int x = 0; x < image.size.width; ++x)
            ASSERT_EQ(std::round(image.planes[0]->at(x, y) * white), values[std::size_t(y * image.size.width + x)])
                << x << ", " << y;
}

} // namespace

TEST(Bmp, ReadsGreyPalettesOfEveryDepth) {
    for (int bits : {1, 2, 4, 8})
        for (int header : {12, 40})
            for (bool top_down : {false, true})
                for (int width : {1, 12, 13, 14, 15}) {
                    if (top_down && header == 12) continue;
                    BmpSpec const spec{.size = {width, 11},
                                       .bits = bits,
                                       .header_bytes = header,
                                       .top_down = top_down,
                                       .palette = grey_ramp(bits)};
                    std::vector<std::uint32_t> const values = indices(spec.size, bits);
                    expect_indices(decoded(write_bmp(spec, values)), values, bits);
                }
}

TEST(Bmp, ReadsCarelessHeaders) {
    BmpSpec spec{.size = {14, 11}, .palette = grey_ramp(8), .planes = 0, .palette_size_field = 77777};
    std::vector<std::uint32_t> const values = indices(spec.size, 8);
    expect_indices(decoded(write_bmp(spec, values)), values, 8);
    spec.padded = false;
    Decoded const image = decoded(write_bmp(spec, values));
    expect_indices(image, values, 8);
    ASSERT_EQ(image.warnings.size(), 1u);
    EXPECT_EQ(image.warnings[0], "rows are not padded as the format asks");
    spec.padded = true;
    Bytes file = write_bmp(spec, values);
    file[14] = file[15] = 0xFF; // length of the header
    expect_indices(decoded(file), values, 8);
}

TEST(Bmp, ReadsElementMapsAsEdxProgramsWriteThem) {
    std::vector<std::uint32_t> yellow;
    for (std::uint32_t i = 0; i < 256; ++i) yellow.push_back(i * 0x010100);
    for (int const width : {13, 14, 15, 16})
        for (bool const top_down : {false, true}) {
            BmpSpec const spec{
                .size = {width, 11}, .top_down = top_down, .palette = yellow, .planes = 0, .palette_size_field = 65536};
            std::vector<std::uint32_t> const values = indices(spec.size, 8);
            Bytes file = write_bmp(spec, values);
            for (std::size_t i = 34; i < 38; ++i) file[i] = 0; // bytes of the image
            Decoded const image = decoded(file);
            EXPECT_TRUE(image.warnings.empty());
            ASSERT_EQ(image.planes.size(), 3u);
            for (int y = 0; y < 11; ++y)
                for (int x = 0; x < width; ++x) {
                    double const level = values[std::size_t(y * width + x)];
                    ASSERT_EQ(std::round(image.planes[0]->at(x, y) * 255), level) << x << ", " << y;
                    ASSERT_EQ(image.planes[1]->at(x, y), image.planes[0]->at(x, y));
                    ASSERT_EQ(image.planes[2]->at(x, y), 0);
                }
        }
}

TEST(Bmp, ReadsATintedPaletteAsColour) {
    BmpSpec const spec{.size = {2, 1}, .palette = {0x000000, 0xFF3300}};
    Decoded const image = decoded(write_bmp(spec, {1, 0}));
    ASSERT_EQ(image.planes.size(), 3u);
    EXPECT_EQ(image.planes[0]->at(0, 0), 1.0f);
    EXPECT_FLOAT_EQ(image.planes[1]->at(0, 0), 0.2f);
    EXPECT_EQ(image.planes[2]->at(0, 0), 0.0f);
    EXPECT_EQ(image.planes[0]->at(1, 0), 0.0f);
}

TEST(Bmp, ReadsTrueColour) {
    std::vector<std::uint32_t> const colours = {0xFF0000, 0x00FF00, 0x0000FF, 0x336699, 0xFFFFFF, 0x000000};
    for (int bits : {24, 32})
        for (bool top_down : {false, true}) {
            Decoded const image = decoded(write_bmp({.size = {3, 2}, .bits = bits, .top_down = top_down}, colours));
            ASSERT_EQ(image.planes.size(), 3u);
            for (int i = 0; i < 6; ++i)
                for (int c = 0; c < 3; ++c)
                    ASSERT_EQ(std::round(image.planes[std::size_t(c)]->at(i % 3, i / 3) * 255),
                              colours[std::size_t(i)] >> (16 - 8 * c) & 255);
        }
}

TEST(Bmp, ReadsSixteenBitsAndMasks) {
    Decoded const five = decoded(write_bmp({.size = {2, 1}, .bits = 16}, {0x7C00, 0x0010}));
    EXPECT_EQ(five.planes[0]->at(0, 0), 1.0f);
    EXPECT_EQ(five.planes[1]->at(0, 0), 0.0f);
    EXPECT_FLOAT_EQ(five.planes[2]->at(1, 0), 16.0f / 31);
    Decoded const six = decoded(
        write_bmp({.size = {2, 1}, .bits = 16, .compression = 3, .masks = {0xF800, 0x07E0, 0x001F}}, {0xF800, 0x0400}));
    EXPECT_EQ(six.planes[0]->at(0, 0), 1.0f);
    EXPECT_FLOAT_EQ(six.planes[1]->at(1, 0), 32.0f / 63);
    Decoded const swapped = decoded(
        write_bmp({.size = {1, 1}, .bits = 32, .compression = 3, .masks = {0xFF, 0xFF00, 0xFF0000}}, {0x0033FF}));
    EXPECT_EQ(swapped.planes[0]->at(0, 0), 1.0f);
    EXPECT_FLOAT_EQ(swapped.planes[1]->at(0, 0), 0.2f);
}

TEST(Bmp, ReadsRunLengths) {
    // Row 0 (the lowest): three of 5, literals 1 2 3 and a pad; row 1: one of 9, step two right, one of 7; end.
    Bytes const runs = {3, 5, 0, 3, 1, 2, 3, 0, 0, 0, 1, 9, 0, 2, 2, 0, 1, 7, 0, 1};
    Decoded const image =
        decoded(write_bmp({.size = {6, 3}, .compression = 1, .palette = grey_ramp(8), .runs = runs}, {}));
    expect_indices(image, {0, 0, 0, 0, 0, 0, 9, 0, 0, 7, 0, 0, 5, 5, 5, 1, 2, 3}, 8);
    // Five pixels of 1 2 in turn, then literals 3 4 5.
    Bytes const nibbles = {5, 0x12, 0, 3, 0x34, 0x50, 0, 1};
    Decoded const small =
        decoded(write_bmp({.size = {8, 1}, .bits = 4, .compression = 2, .palette = grey_ramp(4), .runs = nibbles}, {}));
    expect_indices(small, {1, 2, 1, 2, 1, 3, 4, 5}, 4);
}

TEST(Bmp, ReadsTheResolution) {
    Decoded const image = decoded(write_bmp({.palette = grey_ramp(8)}, indices({13, 11}, 8)));
    ASSERT_TRUE(image.resolution.has_value());
    EXPECT_EQ(image.resolution->x, 4000);
    EXPECT_EQ(image.resolution->y, 5000);
    EXPECT_EQ(image.resolution->unit, Resolution::Unit::metre);
}

TEST(Bmp, SaysAfterHowManyRowsACutOffFileEnds) {
    Bytes const file = write_bmp({.palette = grey_ramp(8)}, indices({13, 11}, 8));
    EXPECT_EQ(error_of(ByteView(file).first(file.size() - 16 * 4 - 5)),
              "a.file: ends after 6 of 11 rows: the file is cut off; copy it again from the microscope");
    Bytes const runs = {6, 5, 0, 0, 6, 4};
    EXPECT_EQ(error_of(write_bmp({.size = {6, 3}, .compression = 1, .palette = grey_ramp(8), .runs = runs}, {})),
              "a.file: ends after 1 of 3 rows: the file is cut off; copy it again from the microscope");
}

TEST(Bmp, RefusesAbsurdSizes) {
    Bytes file = write_bmp({.palette = grey_ramp(8)}, indices({13, 11}, 8));
    file[20] = 0x10; // width 13 + 0x100000
    EXPECT_NE(error_of(file).find("1048589 x 11 px; the longest side that can be read is 1048576 px"), std::string::npos) << error_of(file);
    file[20] = 0, file[21] = 0x80;
    EXPECT_NE(error_of(file).find("the header is damaged"), std::string::npos) << error_of(file);
}
