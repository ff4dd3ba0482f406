// Many encodings, one truth: whatever the layout, the recorded numbers come back.
#include <gtest/gtest.h>
#include <tiffio.h>

#include <cmath>
#include <limits>

#include "codecs/codec.h"
#include "codecs/tiff_writer.h"
#include "support/decoding.h"

using namespace mg;
using namespace mg::test;

namespace {

double recorded(Decoded const& image, int c, int x, int y) {
    double const plane = image.planes[std::size_t(c)]->at(x, y);
    return image.range.black + plane * (image.range.white - image.range.black);
}

/// The recorded numbers of the first `colours` channels are those of `values`.
void expect_values(Decoded const& image, TiffSpec const& spec, std::vector<double> const& values, int colours = 1) {
    ASSERT_EQ(image.planes.size(), std::size_t(colours));
    ASSERT_EQ(image.size, spec.size);
    ASSERT_EQ(image.planes[0]->size(), spec.size);
    double const tolerance = std::abs(image.range.white - image.range.black) * 0x1p-23;
    for (int c = 0; c < colours; ++c)
        for (int y = 0; y < spec.size.height; ++y)
            for (int x = 0; x < spec.size.width; ++x) {
                auto const index = (std::size_t(y) * spec.size.width + std::size_t(x)) * spec.samples + std::size_t(c);
                ASSERT_NEAR(recorded(image, c, x, y), values[index], tolerance) << c << ": " << x << ", " << y;
                ASSERT_GE(image.planes[std::size_t(c)]->at(x, y), 0.0f);
                ASSERT_LE(image.planes[std::size_t(c)]->at(x, y), 1.0f);
            }
}
void expect_round_trip(TiffSpec const& spec, int colours = 1) {
    std::vector<double> const values = ramp_values(spec);
    Bytes const file = write_tiff(spec, values);
    SCOPED_TRACE(testing::Message() << spec.bits << " bits, format " << spec.format << ", compression "
                                    << spec.compression << ", predictor " << spec.predictor << ", mode " << spec.mode
                                    << ", tile " << spec.tile << ", rows " << spec.rows_per_strip
                                    << (spec.separate ? ", separate" : ""));
    expect_values(decoded(file), spec, values, colours);
}

} // namespace

TEST(Tiff, GivesTheSameNumbersFromEveryEncoding) {
    for (int bits : {8, 16, 32})
        for (int compression : {COMPRESSION_NONE, COMPRESSION_PACKBITS, COMPRESSION_LZW, COMPRESSION_DEFLATE,
                                COMPRESSION_ADOBE_DEFLATE, COMPRESSION_ZSTD})
            for (char const* mode : {"wl", "wb", "wl8", "wb8"})
                for (int tile : {0, 16}) {
                    bool const can_predict = compression != COMPRESSION_NONE && compression != COMPRESSION_PACKBITS;
                    for (int predictor = 1; predictor <= (can_predict ? 2 : 1); ++predictor)
                        expect_round_trip({.bits = bits,
                                           .compression = compression,
                                           .predictor = predictor,
                                           .tile = tile,
                                           .mode = mode,
                                           .palette = {}});
                }
}

TEST(Tiff, GivesTheSameNumbersFromEveryStripHeight) {
    for (int rows : {1, 2, 3, 11, 1000}) expect_round_trip({.rows_per_strip = rows, .palette = {}});
}

TEST(Tiff, ReadsColoursInterleavedAndSeparate) {
    for (int bits : {8, 16})
        for (bool separate : {false, true})
            for (int tile : {0, 16})
                for (int compression : {COMPRESSION_NONE, COMPRESSION_LZW})
                    for (char const* mode : {"wl", "wb"})
                        expect_round_trip({.bits = bits,
                                           .samples = 3,
                                           .photometric = PHOTOMETRIC_RGB,
                                           .compression = compression,
                                           .separate = separate,
                                           .tile = tile,
                                           .mode = mode,
                                           .palette = {}},
                                          3);
}

TEST(Tiff, ReadsIntegersOfEveryWidth) {
    for (int bits = 1; bits <= 16; ++bits)
        for (int format : {1, 2}) {
            if (format == 2 && bits == 1) continue;
            expect_round_trip({.bits = bits, .format = format, .palette = {}});
            TiffSpec const spec{.bits = bits, .format = format, .palette = {}};
            Decoded const image = decoded(write_tiff(spec, ramp_values(spec)));
            double const levels = std::pow(2, bits);
            EXPECT_EQ(image.range.black, format == 2 ? -levels / 2 : 0) << bits;
            EXPECT_EQ(image.range.white, format == 2 ? levels / 2 - 1 : levels - 1) << bits;
            EXPECT_EQ(image.bits, bits);
            EXPECT_FALSE(image.is_float);
        }
    for (int bits : {24, 32, 64})
        for (int format : {1, 2})
            for (char const* mode : {"wl", "wb"})
                expect_round_trip({.bits = bits, .format = format, .mode = mode, .palette = {}});
}

TEST(Tiff, ReadsRealsOfEveryWidth) {
    for (int bits : {16, 32, 64})
        for (int predictor : {1, 3})
            for (char const* mode : {"wl", "wb"})
                for (int samples : {1, 3})
                    expect_round_trip({.bits = bits,
                                       .format = 3,
                                       .samples = samples,
                                       .photometric = samples == 3 ? 2 : 1,
                                       .compression = COMPRESSION_ADOBE_DEFLATE,
                                       .predictor = predictor,
                                       .mode = mode,
                                       .palette = {}},
                                      samples);
}

TEST(Tiff, TakesTheRangeOfRealsFromTheData) {
    TiffSpec const spec{.size = {4, 1}, .bits = 32, .format = 3, .palette = {}};
    Decoded const image = decoded(write_tiff(spec, {-2, 6, 0, 2}));
    EXPECT_EQ(image.range.black, -2);
    EXPECT_EQ(image.range.white, 6);
    EXPECT_TRUE(image.is_float);
    float const expected[] = {0, 1, 0.25f, 0.5f};
    for (int x = 0; x < 4; ++x) EXPECT_EQ(image.planes[0]->at(x, 0), expected[x]);
}

TEST(Tiff, ShowsWhatIsNoNumberBlackAndSaysHowMany) {
    double const nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    for (int bits : {32, 64}) {
        TiffSpec const spec{.size = {5, 1}, .bits = bits, .format = 3, .palette = {}};
        Decoded const image = decoded(write_tiff(spec, {nan, 1, inf, 3, -inf}));
        EXPECT_EQ(image.range.black, 1);
        EXPECT_EQ(image.range.white, 3);
        float const expected[] = {0, 0, 0, 1, 0};
        for (int x = 0; x < 5; ++x) EXPECT_EQ(image.planes[0]->at(x, 0), expected[x]);
        EXPECT_TRUE(warns(image, "3 values are no numbers"));
    }
}

TEST(Tiff, ShowsAConstantImageBlackWithARangeOfOne) {
    TiffSpec const spec{.size = {3, 1}, .bits = 32, .format = 3, .palette = {}};
    Decoded const image = decoded(write_tiff(spec, {7, 7, 7}));
    EXPECT_EQ(image.range.black, 7);
    EXPECT_EQ(image.range.white, 8);
    for (int x = 0; x < 3; ++x) EXPECT_EQ(image.planes[0]->at(x, 0), 0.0f);
    TiffSpec const huge{.size = {1, 1}, .bits = 64, .format = 3, .palette = {}};
    EXPECT_EQ(decoded(write_tiff(huge, {1e200})).planes[0]->at(0, 0), 0.0f);
    EXPECT_EQ(decoded(write_tiff(huge, {std::numeric_limits<double>::quiet_NaN()})).planes[0]->at(0, 0), 0.0f);
}

TEST(Tiff, KeepsTwelveBitsInSixteen) {
    TiffSpec const spec{.size = {2, 1}, .bits = 16, .palette = {}};
    Decoded const image = decoded(write_tiff(spec, {4095, 0}));
    EXPECT_EQ(image.range.white, 65535);
    EXPECT_FLOAT_EQ(image.planes[0]->at(0, 0), 4095.0f / 65535.0f);
}

TEST(Tiff, InvertsWhatIsStoredWithWhiteAsZeroAndKeepsTheRecordedNumbers) {
    for (int bits : {1, 4, 8, 16}) {
        TiffSpec const spec{.size = {2, 1}, .bits = bits, .photometric = PHOTOMETRIC_MINISWHITE, .palette = {}};
        double const top = std::pow(2, bits) - 1;
        Decoded const image = decoded(write_tiff(spec, {0, top}));
        EXPECT_EQ(image.planes[0]->at(0, 0), 1.0f);
        EXPECT_EQ(image.planes[0]->at(1, 0), 0.0f);
        EXPECT_FALSE(std::signbit(image.planes[0]->at(1, 0)));
        EXPECT_EQ(recorded(image, 0, 0, 0), 0);
        EXPECT_EQ(recorded(image, 0, 1, 0), top);
        EXPECT_TRUE(warns(image, "white as the lowest number"));
    }
}

TEST(Tiff, ReadsAPaletteThatIsAGreyRampAsGrey) {
    for (int factor : {256, 257, 1}) { // three ways of writing a ramp
        TiffSpec spec{.photometric = PHOTOMETRIC_PALETTE, .palette = {}};
        for (int c = 0; c < 3; ++c)
            for (int i = 0; i < 256; ++i) spec.palette.push_back(std::uint16_t(i * factor));
        std::vector<double> const values = ramp_values(spec);
        expect_values(decoded(write_tiff(spec, values)), spec, values);
    }
}

TEST(Tiff, ReadsATintedPaletteAsColour) {
    TiffSpec spec{.size = {3, 1}, .bits = 4, .photometric = PHOTOMETRIC_PALETTE, .palette = {}};
    for (int c = 0; c < 3; ++c)
        for (int i = 0; i < 16; ++i) spec.palette.push_back(std::uint16_t(c == 1 ? 0 : i * 17 * 257));
    Decoded const image = decoded(write_tiff(spec, {0, 15, 3}));
    ASSERT_EQ(image.planes.size(), 3u);
    float const expected[] = {0, 1, 51.0f / 255.0f};
    for (int x = 0; x < 3; ++x) {
        EXPECT_FLOAT_EQ(image.planes[0]->at(x, 0), expected[x]);
        EXPECT_EQ(image.planes[1]->at(x, 0), 0.0f);
        EXPECT_FLOAT_EQ(image.planes[2]->at(x, 0), expected[x]);
    }
}

TEST(Tiff, LeavesAlphaOutAndSaysSo) {
    for (bool separate : {false, true}) {
        TiffSpec const colour{.samples = 4,
                              .photometric = PHOTOMETRIC_RGB,
                              .separate = separate,
                              .palette = {},
                              .extra_samples = {EXTRASAMPLE_UNASSALPHA}};
        std::vector<double> const values = ramp_values(colour);
        Decoded const image = decoded(write_tiff(colour, values));
        expect_values(image, colour, values, 3);
        EXPECT_TRUE(warns(image, "alpha left out"));
        TiffSpec const grey{
            .bits = 16, .samples = 2, .separate = separate, .palette = {}, .extra_samples = {EXTRASAMPLE_UNASSALPHA}};
        std::vector<double> const grey_values = ramp_values(grey);
        Decoded const grey_image = decoded(write_tiff(grey, grey_values));
        expect_values(grey_image, grey, grey_values, 1);
        EXPECT_TRUE(warns(grey_image, "alpha left out"));
    }
}

TEST(Tiff, ConvertsCmyk) {
    for (bool separate : {false, true}) {
        TiffSpec const spec{
            .size = {2, 1}, .samples = 4, .photometric = PHOTOMETRIC_SEPARATED, .separate = separate, .palette = {}};
        Decoded const image = decoded(write_tiff(spec, {0, 255, 51, 0, 0, 0, 0, 51}));
        ASSERT_EQ(image.planes.size(), 3u);
        float const expected[] = {1, 0, 0.8f};
        for (int c = 0; c < 3; ++c) {
            EXPECT_FLOAT_EQ(image.planes[std::size_t(c)]->at(0, 0), expected[c]);
            EXPECT_FLOAT_EQ(image.planes[std::size_t(c)]->at(1, 0), 0.8f);
        }
        EXPECT_TRUE(warns(image, "CMYK"));
    }
}

TEST(Tiff, ReadsFaxes) {
    for (int compression : {COMPRESSION_CCITTRLE, COMPRESSION_CCITTFAX3, COMPRESSION_CCITTFAX4}) {
        TiffSpec const spec{.size = {40, 30},
                            .bits = 1,
                            .photometric = PHOTOMETRIC_MINISWHITE,
                            .compression = compression,
                            .palette = {}};
        std::vector<double> values(std::size_t(spec.size.area()));
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = (i % 40 / 5 + i / 40 / 3) % 2;
        expect_values(decoded(write_tiff(spec, values)), spec, values);
    }
}

TEST(Tiff, ReadsJpegGreyAndColour) {
    for (int photometric : {PHOTOMETRIC_MINISBLACK, PHOTOMETRIC_RGB, PHOTOMETRIC_YCBCR})
        for (int tile : {0, 32}) {
            int const samples = photometric == PHOTOMETRIC_MINISBLACK ? 1 : 3;
            TiffSpec const spec{.size = {48, 40},
                                .samples = samples,
                                .photometric = photometric,
                                .compression = COMPRESSION_JPEG,
                                .tile = tile,
                                .rows_per_strip = 16,
                                .palette = {}};
            std::vector<double> values;
            for (int y = 0; y < 40; ++y)
                for (int x = 0; x < 48; ++x)
                    for (int c = 0; c < samples; ++c) values.push_back(std::floor(40 + 3 * x + y + (c == 1 ? 10 : 0)));
            Decoded const image = decoded(write_tiff(spec, values));
            ASSERT_EQ(image.planes.size(), std::size_t(samples));
            double sum = 0;
            for (int y = 0; y < 40; ++y)
                for (int x = 0; x < 48; ++x)
                    for (int c = 0; c < samples; ++c)
                        sum += std::abs(recorded(image, c, x, y) - values[std::size_t((y * 48 + x) * samples + c)]);
            EXPECT_LT(sum / double(values.size()), 2.0) << photometric << " tile " << tile;
        }
}

TEST(Tiff, ShowsThePageThatIsAskedFor) {
    TiffSpec const spec{.size = {2, 1}, .palette = {}};
    TiffSpec const other{.size = {1, 2}, .bits = 16, .palette = {}};
    Bytes const file = write_tiff({{spec, {1, 2}}, {other, {3, 4}, {{270, "second"}}}, {spec, {5, 6}}});
    for (int page = 0; page < 3; ++page) {
        Decoded const image = decoded(file, page);
        EXPECT_EQ(image.page_count, 3);
        EXPECT_NEAR(recorded(image, 0, 0, 0), 1 + 2 * page, 0.01);
        EXPECT_EQ(image.bits, page == 1 ? 16 : 8);
        EXPECT_TRUE(warns(image, "3 pages: page " + std::to_string(page + 1) + " is shown"));
        ASSERT_EQ(image.fields.size(), 1u);
        EXPECT_EQ(image.fields[0].page, 1);
    }
    EXPECT_EQ(error_of(file, 3), "a.file: has no page 4; its last is page 3");
    EXPECT_EQ(error_of(file, -1), "a.file: has no page 0; its last is page 3");
}

TEST(Tiff, HandsOutPrivateAndDescriptiveTags) {
    std::string const header(5000, 'x');
    for (char const* mode : {"wl", "wb", "wl8", "wb8"}) {
        Bytes const file =
            write_tiff({{{.mode = mode, .palette = {}},
                         ramp_values({}),
                         {{270, "a"}, {271, "Maker"}, {305, "Program"}, {34680, header}, {50431, "yz"}}}});
        Decoded const image = decoded(file);
        EXPECT_EQ(image.big_endian, mode[1] == 'b');
        ASSERT_EQ(image.fields.size(), 5u);
        EXPECT_EQ(image.fields[0].tag, 270);
        EXPECT_EQ(image.fields[0].bytes, (Bytes{'a', 0}));
        EXPECT_EQ(image.fields[1].bytes, (Bytes{'M', 'a', 'k', 'e', 'r', 0}));
        EXPECT_EQ(image.fields[3].tag, 34680);
        EXPECT_EQ(image.fields[3].bytes.size(), 5001u);
        EXPECT_EQ(image.fields[4].tag, 50431);
        EXPECT_EQ(image.fields[4].bytes, (Bytes{'y', 'z', 0}));
    }
}

TEST(Tiff, ReadsTheResolution) {
    for (int unit : {1, 2, 3}) {
        Decoded const image = decoded(write_tiff({{{.palette = {}}, ramp_values({}), {}, {300, 250, unit}}}));
        ASSERT_TRUE(image.resolution.has_value());
        EXPECT_EQ(image.resolution->x, 300);
        EXPECT_EQ(image.resolution->y, 250);
        EXPECT_EQ(image.resolution->unit, unit == 1   ? Resolution::Unit::none
                                          : unit == 2 ? Resolution::Unit::inch
                                                      : Resolution::Unit::centimetre);
    }
    EXPECT_FALSE(decoded(write_tiff({.palette = {}}, ramp_values({}))).resolution.has_value());
}

namespace {

/// A little-endian TIFF of one grey 8-bit strip per row, its directory in front, as microscopes write it.
Bytes directory_first(int width, int height, std::uint32_t claimed_height) {
    Bytes out{'I', 'I', 42, 0, 8, 0, 0, 0};
    auto number = [&](std::uint32_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) out.push_back(std::uint8_t(value >> (8 * i)));
    };
    auto const rows = std::uint32_t(height);
    std::uint32_t const data_at = 8 + 2 + 9 * 12 + 4 + 8 * rows;
    number(9, 2);
    auto entry = [&](std::uint32_t tag, std::uint32_t type, std::uint32_t count, std::uint32_t value) {
        number(tag, 2), number(type, 2), number(count, 4), number(value, 4);
    };
    entry(256, 4, 1, std::uint32_t(width));
    entry(257, 4, 1, claimed_height);
    entry(258, 3, 1, 8);
    entry(259, 3, 1, 1);
    entry(262, 3, 1, 1);
    entry(273, 4, rows, 8 + 2 + 9 * 12 + 4);
    entry(277, 3, 1, 1);
    entry(278, 4, 1, 1);
    entry(279, 4, rows, 8 + 2 + 9 * 12 + 4 + 4 * rows);
    number(0, 4);
    for (std::uint32_t y = 0; y < rows; ++y) number(data_at + y * std::uint32_t(width), 4);
    for (std::uint32_t y = 0; y < rows; ++y) number(std::uint32_t(width), 4);
    for (int i = 0; i < width * height; ++i) out.push_back(std::uint8_t(i));
    return out;
}

} // namespace

TEST(Tiff, SaysAfterHowManyStripsACutOffFileEnds) {
    Bytes const file = directory_first(50, 49, 49);
    EXPECT_EQ(decoded(file).size, (Size{50, 49}));
    std::size_t const data_at = file.size() - 50 * 49;
    EXPECT_EQ(error_of(ByteView(file).first(data_at + 12 * 50 + 3)),
              "a.file: ends after 12 of 49 strips: the file is cut off; copy it again from the microscope");
    EXPECT_EQ(error_of(ByteView(file).first(file.size() - 1)),
              "a.file: ends after 48 of 49 strips: the file is cut off; copy it again from the microscope");
}

TEST(Tiff, SaysThatAFileWithoutItsDirectoryIsDamaged) {
    Bytes const file = write_tiff({.palette = {}}, ramp_values({})); // libtiff writes the directory last
    std::string const error = error_of(ByteView(file).first(60));
    EXPECT_NE(error.find("a.file: the list of its pages lies beyond its end"), std::string::npos) << error;
    EXPECT_NE(error.find("copy it again"), std::string::npos);
}

TEST(Tiff, RefusesAbsurdSizesBeforeItTakesMemory) {
    EXPECT_NE(error_of(directory_first(4, 2, 4000000000u)).find("4 x 4000000000 px; the longest side that can be read is 1048576 px"),
              std::string::npos);
    EXPECT_NE(error_of(directory_first(4, 2, 1000000)).find("is missing"), std::string::npos);
    EXPECT_NE(error_of(directory_first(4, 2, 0)).find("4 x 0 px"), std::string::npos);
}

TEST(Tiff, EndsAtAPageListThatLeadsBack) {
    TiffSpec const spec{.size = {2, 1}, .palette = {}};
    Bytes file = write_tiff({{spec, {1, 2}}, {spec, {3, 4}}});
    // The first directory's offset is in bytes 4..7; the second's follows the first's entries.
    auto number = [&](std::size_t at) { return std::size_t(file[at]) | std::size_t(file[at + 1]) << 8; };
    std::size_t const first = number(4), next_at = first + 2 + 12 * number(first), second = number(next_at);
    std::size_t const last_at = second + 2 + 12 * number(second);
    for (std::size_t i = 0; i < 4; ++i) file[last_at + i] = file[4 + i];
    Decoded const image = decoded(file);
    EXPECT_EQ(image.page_count, 2);
    EXPECT_TRUE(warns(image, "leads back to itself"));
}

TEST(Tiff, NamesACompressionThatItCannotRead) {
    Bytes file = directory_first(4, 2, 2);
    file[8 + 2 + 3 * 12 + 8] = 50001 & 255;
    file[8 + 2 + 3 * 12 + 9] = 50001 >> 8;
    EXPECT_EQ(error_of(file),
              "a.file: is compressed by WebP, which cannot be read; save it as an uncompressed grey or RGB TIFF");
}

TEST(Tiff, SaysWhichStripIsDamaged) {
    TiffSpec const spec{.compression = COMPRESSION_LZW, .palette = {}};
    Bytes file = write_tiff(spec, ramp_values(spec));
    for (std::size_t i = 70; i < 110; ++i) file[i] = 0xFF; // strips begin at byte 8
    EXPECT_NE(error_of(file).find("a.file: strip 2 of 3 cannot be decoded (LZW"), std::string::npos) << error_of(file);
}
