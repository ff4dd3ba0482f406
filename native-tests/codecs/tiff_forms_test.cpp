// The rarer forms of TIFF: turned pictures, CIELab, reals of 24 bits, images inside a page, what is refused and how.
#include <gtest/gtest.h>
#include <tiffio.h>

#include <cmath>

#include "codecs/codec.h"
#include "codecs/image_size.h"
#include "codecs/tiff_writer.h"
#include "support/decoding.h"

namespace mg {
namespace {

using namespace test;

std::size_t u16_at(Bytes const& file, std::size_t at) {
    return file[at] | std::size_t{file[at + 1]} << 8;
}
std::size_t u32_at(Bytes const& file, std::size_t at) {
    return u16_at(file, at) | u16_at(file, at + 2) << 16;
}
/// Where the value of a tag of the first directory lies in a little-endian file, when it fits into its entry.
std::size_t value_of(Bytes const& file, std::size_t tag) {
    std::size_t const directory = u32_at(file, 4);
    for (std::size_t i = 0; i < u16_at(file, directory); ++i)
        if (u16_at(file, directory + 2 + 12 * i) == tag) return directory + 2 + 12 * i + 8;
    ADD_FAILURE() << "no tag " << tag;
    return 8;
}
Bytes with_number(Bytes file, std::size_t tag, std::uint32_t number, std::size_t bytes = 2) {
    std::size_t const at = value_of(file, tag);
    for (std::size_t i = 0; i < bytes; ++i) file[at + i] = static_cast<std::uint8_t>(number >> (8 * i));
    return file;
}

/// TIFF 6.0, section 8: where the stored row and column are to be seen in a picture of this size.
struct Place {
    int x, y;
};
Place seen_at(int orientation, Size seen, int column, int row) {
    int const right = seen.width - 1, bottom = seen.height - 1;
    switch (orientation) {
    case 2:
        return {right - column, row};
    case 3:
        return {right - column, bottom - row};
    case 4:
        return {column, bottom - row};
    case 5:
        return {row, column};
    case 6:
        return {right - row, column};
    case 7:
        return {right - row, bottom - column};
    case 8:
        return {row, bottom - column};
    default:
        return {column, row};
    }
}

TEST(TiffForms, TurnedAndMirroredPicturesAreSetUpright) {
    Size const seen{5, 3};
    for (int tile : {0, 16})
        for (int orientation = 1; orientation <= 8; ++orientation) {
            Size const stored = orientation < 5 ? seen : Size{seen.height, seen.width};
            TiffPageContent page{
                {.size = stored, .tile = tile, .mode = "wl", .palette = {}, .orientation = orientation},
                {},
                {},
                {200, 100, 2}};
            for (int row = 0; row < stored.height; ++row)
                for (int column = 0; column < stored.width; ++column) {
                    Place const place = seen_at(orientation, seen, column, row);
                    page.values.push_back(10 * place.y + place.x);
                }
            Bytes const file = write_tiff({page});
            EXPECT_EQ(claimed_size(file), seen) << orientation;
            Decoded const image = decoded(file);
            ASSERT_EQ(image.size, seen) << orientation;
            EXPECT_EQ(image.stored_size, seen) << orientation;
            ASSERT_EQ(image.planes[0]->size(), seen);
            for (int y = 0; y < seen.height; ++y)
                for (int x = 0; x < seen.width; ++x)
                    EXPECT_EQ(image.planes[0]->at(x, y) * 255, float(10 * y + x))
                        << orientation << ": " << x << ", " << y;
            EXPECT_EQ(warns(image, "turned or mirrored as the file says"), orientation != 1);
            EXPECT_EQ(image.resolution->x, orientation < 5 ? 200 : 100) << orientation;
            EXPECT_EQ(image.resolution->y, orientation < 5 ? 100 : 200) << orientation;
        }
}

TEST(TiffForms, AllChannelsAreTurned) {
    TiffSpec const spec{.size = {2, 1}, .samples = 3, .photometric = PHOTOMETRIC_RGB, .palette = {}, .orientation = 6};
    Decoded const image = decoded(write_tiff(spec, {10, 20, 30, 40, 50, 60}));
    ASSERT_EQ(image.size, (Size{1, 2}));
    for (std::size_t c = 0; c < 3; ++c)
        for (int y = 0; y < 2; ++y)
            EXPECT_EQ(std::round(image.planes[c]->at(0, y) * 255), float(10 * (int(c) + 1) + 30 * y)) << c << y;
}

/// L*, a*, b* of white D50 as profiles have it, and its colour in sRGB (0..255).
struct LabColour {
    double l, a, b;
    double red, green, blue;
};
constexpr LabColour k_lab_colours[] = {
    {0, 0, 0, 0, 0, 0},
    {100, 0, 0, 255, 255, 255},
    {53.585, 0, 0, 128, 128, 128},
    {54.29, 80.81, 69.89, 255, 0, 0},
    {87.82, -79.29, 80.99, 0, 255, 0},
    {29.57, 68.30, -112.03, 0, 0, 255},
};

TEST(TiffForms, CielabBecomesSrgb) {
    for (int photometric : {PHOTOMETRIC_CIELAB, PHOTOMETRIC_ICCLAB})
        for (int bits : {8, 16})
            for (bool separate : {false, true}) {
                TiffSpec const spec{.size = {6, 1},
                                    .bits = bits,
                                    .samples = 3,
                                    .photometric = photometric,
                                    .separate = separate,
                                    .palette = {}};
                bool const is_icc = photometric == PHOTOMETRIC_ICCLAB;
                double const unit = bits == 8 ? 1 : 256;
                double const range = bits == 8 ? 256 : 65536;
                auto const stored_ab = [&](double value) {
                    double const number = std::round(value * unit);
                    return is_icc ? number + 128 * unit : number < 0 ? number + range : number;
                };
                std::vector<double> values;
                for (LabColour const& colour : k_lab_colours) {
                    double const top = bits == 8 ? 255 : is_icc ? 65280 : 65535;
                    values.push_back(std::round(colour.l * top / 100));
                    values.push_back(stored_ab(colour.a));
                    values.push_back(stored_ab(colour.b));
                }
                Decoded const image = decoded(write_tiff(spec, values));
                ASSERT_EQ(image.planes.size(), 3u);
                EXPECT_EQ(image.range.white, bits == 8 ? 255 : 65535);
                EXPECT_TRUE(warns(image, "CIELab colours, converted to sRGB"));
                // Numbers of 8 bits are coarse; dark blue is where the curve of sRGB is steepest.
                double const tolerance = bits == 8 ? 22 : 1.5;
                for (int x = 0; x < 6; ++x) {
                    LabColour const& colour = k_lab_colours[x];
                    double const expected[] = {colour.red, colour.green, colour.blue};
                    for (std::size_t c = 0; c < 3; ++c)
                        EXPECT_NEAR(image.planes[c]->at(x, 0) * 255, expected[c], x < 3 ? 1.0 : tolerance)
                            << photometric << ", " << bits << " bits: " << x << ", " << c;
                }
            }
}

TEST(TiffForms, RealsOf24BitsAreRead) {
    std::vector<double> const values{0, 1, -2.5, 0.15625, 100000, -1.0 / 1024};
    for (char const* mode : {"wl", "wb"}) {
        TiffSpec const spec{.size = {6, 1}, .bits = 24, .format = 3, .mode = mode, .palette = {}};
        Decoded const image = decoded(write_tiff(spec, values));
        ASSERT_FALSE(image.planes.empty());
        EXPECT_EQ(image.range.black, -2.5);
        EXPECT_EQ(image.range.white, 100000);
        for (int x = 0; x < 6; ++x)
            EXPECT_NEAR(image.planes[0]->at(x, 0), (values[std::size_t(x)] + 2.5) / 100002.5, 1e-7) << mode << x;
    }
}

TEST(TiffForms, ImagesInsideAPageAreTold) {
    std::vector<double> const values(13 * 11, 7);
    Bytes const file = write_tiff({{{.palette = {}, .holds_next = true}, values}, {{.palette = {}}, values}});
    Decoded const image = decoded(file);
    EXPECT_EQ(image.page_count, 1);
    EXPECT_TRUE(warns(image, "another image inside this page"));
    EXPECT_FALSE(warns(decoded(write_tiff({{{.palette = {}}, values}})), "inside this page"));
}

TEST(TiffForms, AMissingAlphaPlaneIsNotMissed) {
    TiffSpec const spec{.size = {4, 2},
                        .samples = 2,
                        .separate = true,
                        .rows_per_strip = 2,
                        .mode = "wl",
                        .palette = {},
                        .extra_samples = {2}};
    Bytes file = write_tiff(spec, std::vector<double>{1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6, 9, 7, 9, 8, 9});
    // Two short counts stand in the entry itself, or two long ones elsewhere.
    std::size_t const entry = value_of(file, TIFFTAG_STRIPBYTECOUNTS);
    bool const is_short = u16_at(file, entry - 6) == 3;
    std::size_t const second = is_short ? entry + 2 : u32_at(file, entry) + 4;
    file[second] = file[second + 1] = 0;
    Decoded const image = decoded(file);
    ASSERT_EQ(image.planes.size(), 1u);
    EXPECT_EQ(image.planes[0]->at(3, 1) * 255, 8.0f);
}

TEST(TiffForms, WhatIsNotReadIsNamed) {
    TiffSpec const grey{.mode = "wl", .palette = {}};
    Bytes const file = write_tiff(grey, ramp_values(grey));
    struct Refused {
        std::size_t tag;
        std::uint32_t number;
        char const* words;
    };
    for (Refused const& one : {Refused{TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_COMPLEXINT, "holds complex numbers"},
                               Refused{TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_COMPLEXIEEEFP, "holds complex numbers"},
                               Refused{TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP, "holds 8-bit reals"},
                               Refused{TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_LOGL, "holds LogLuv colours"},
                               Refused{TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_ITULAB, "holds ITULab colours"},
                               Refused{TIFFTAG_PHOTOMETRIC, 32803, "holds a camera's raw data"},
                               Refused{TIFFTAG_PHOTOMETRIC, 77, "holds colours of an unknown kind (77)"},
                               Refused{TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_CIELAB, "holds CIELab colours in another form"},
                               Refused{TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_SEPARATED, "holds ink amounts other than CMYK"},
                               Refused{TIFFTAG_COMPRESSION, COMPRESSION_OJPEG, "is compressed by old-style JPEG"},
                               Refused{TIFFTAG_COMPRESSION, COMPRESSION_LZMA, "is compressed by LZMA"},
                               Refused{TIFFTAG_COMPRESSION, COMPRESSION_WEBP, "is compressed by WebP"},
                               Refused{TIFFTAG_COMPRESSION, COMPRESSION_LERC, "is compressed by LERC"},
                               Refused{TIFFTAG_COMPRESSION, COMPRESSION_SGILOG, "is compressed by SGI LogLuv"}}) {
        std::string const error = error_of(with_number(file, one.tag, one.number));
        EXPECT_TRUE(error.starts_with("a.file: ")) << error;
        EXPECT_TRUE(has(error, one.words)) << error;
        EXPECT_TRUE(has(error, "; save it as an uncompressed grey or RGB TIFF")) << error;
    }
}

TEST(TiffForms, RefusesWhatExpandsBeyondReason) {
    TiffSpec const spec{.size = {64, 64}, .compression = COMPRESSION_ADOBE_DEFLATE, .mode = "wl", .palette = {}};
    Bytes file = write_tiff(spec, std::vector<double>(64 * 64, 3));
    ASSERT_EQ(error_of(file), "no error");
    file = with_number(std::move(file), TIFFTAG_IMAGEWIDTH, 16384);
    file = with_number(std::move(file), TIFFTAG_IMAGELENGTH, 16384);
    EXPECT_TRUE(has(error_of(file), "is too small for the 16384 x 16384 px that it claims")) << error_of(file);
}

TEST(TiffForms, RefusesMorePixelDataThanItsLimits) {
    TiffSpec const colour{.size = {4, 4},
                          .bits = 64,
                          .format = 3,
                          .samples = 3,
                          .photometric = PHOTOMETRIC_RGB,
                          .mode = "wl",
                          .palette = {}};
    Bytes file = write_tiff(colour, ramp_values(colour));
    file = with_number(std::move(file), TIFFTAG_IMAGEWIDTH, 16384);
    file = with_number(std::move(file), TIFFTAG_IMAGELENGTH, 16384);
    EXPECT_TRUE(has(error_of(file), "holds more than 4 GiB of pixel data; cut or scale it first")) << error_of(file);

    TiffSpec const tiled{.size = {64, 64}, .compression = COMPRESSION_LZW, .tile = 64, .mode = "wl", .palette = {}};
    file = write_tiff(tiled, std::vector<double>(64 * 64, 3));
    file = with_number(std::move(file), TIFFTAG_TILEWIDTH, 32768);
    file = with_number(std::move(file), TIFFTAG_TILELENGTH, 32768);
    EXPECT_TRUE(has(error_of(file), "has tiles or rows of more than 256 MiB")) << error_of(file);
}

} // namespace
} // namespace mg
