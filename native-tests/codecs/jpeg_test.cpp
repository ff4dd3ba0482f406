// JPEG: sequential and progressive, grey, colour and CMYK; what is missing is said.
#include <gtest/gtest.h>

#include <cmath>

#include "codecs/codec.h"
#include "codecs/picture_files.h"
#include "support/decoding.h"

using namespace mg;
using namespace mg::test;

namespace {

std::vector<std::uint8_t> slope(JpegSpec const& spec) {
    std::vector<std::uint8_t> values;
    for (int y = 0; y < spec.size.height; ++y)
        for (int x = 0; x < spec.size.width; ++x)
            for (int c = 0; c < spec.channels; ++c) values.push_back(std::uint8_t(60 + 2 * x + y + 10 * c));
    return values;
}

} // namespace

TEST(Jpeg, GivesBackASmoothPictureWithinTwoLevels) {
    for (int channels : {1, 3})
        for (bool progressive : {false, true}) {
            JpegSpec const spec{.channels = channels, .progressive = progressive, .comment = {}};
            std::vector<std::uint8_t> const values = slope(spec);
            Decoded const image = decoded(write_jpeg(spec, values));
            EXPECT_EQ(image.format, "JPEG");
            ASSERT_EQ(image.size, spec.size);
            ASSERT_EQ(image.planes.size(), std::size_t(channels));
            EXPECT_EQ(image.range.white, 255);
            for (int c = 0; c < channels; ++c)
                for (int y = 0; y < spec.size.height; ++y)
                    for (int x = 0; x < spec.size.width; ++x)
                        ASSERT_NEAR(image.planes[std::size_t(c)]->at(x, y) * 255,
                                    values[std::size_t((y * spec.size.width + x) * channels + c)], 2.5);
        }
}

TEST(Jpeg, ConvertsCmykAsAdobeStoresIt) {
    JpegSpec const spec{.size = {16, 16}, .channels = 4, .comment = {}};
    std::vector<std::uint8_t> values;
    for (int i = 0; i < 256; ++i)
        for (int value : {255, 128, 0, 200}) values.push_back(std::uint8_t(value)); // inverted: 255 is no ink
    Decoded const image = decoded(write_jpeg(spec, values));
    ASSERT_EQ(image.planes.size(), 3u);
    EXPECT_NEAR(image.planes[0]->at(5, 5), 200.0 / 255, 0.01);
    EXPECT_NEAR(image.planes[1]->at(5, 5), 128.0 / 255 * 200 / 255, 0.01);
    EXPECT_NEAR(image.planes[2]->at(5, 5), 0, 0.01);
    ASSERT_EQ(image.warnings.size(), 1u);
}

TEST(Jpeg, KeepsResolutionAndComment) {
    JpegSpec const spec{.density = 300, .comment = "a \xC2\xB5m"};
    Decoded const image = decoded(write_jpeg(spec, slope(spec)));
    ASSERT_TRUE(image.resolution.has_value());
    EXPECT_EQ(image.resolution->x, 300);
    EXPECT_EQ(image.resolution->unit, Resolution::Unit::inch);
    ASSERT_EQ(image.fields.size(), 1u);
    EXPECT_EQ(image.fields[0].keyword, "Comment");
    EXPECT_EQ(image.fields[0].bytes, Bytes(spec.comment.begin(), spec.comment.end()));
}

TEST(Jpeg, SaysAfterHowManyRowsACutOffFileEnds) {
    JpegSpec const spec{.size = {200, 160}, .channels = 3, .comment = {}};
    Bytes const file = write_jpeg(spec, slope(spec));
    std::string const error = error_of(ByteView(file).first(file.size() - file.size() / 4));
    EXPECT_NE(error.find("of 160 rows: the file is cut off; copy it again"), std::string::npos) << error;
    EXPECT_NE(error.find("a.file: ends after "), std::string::npos) << error;
    EXPECT_EQ(error.find("ends after 0 of"), std::string::npos) << error;
}

TEST(Jpeg, RefusesASizeThatItsDataCannotHold) {
    JpegSpec const spec{.comment = {}};
    Bytes file = write_jpeg(spec, slope(spec));
    for (std::size_t i = 0; i + 9 < file.size(); ++i)
        if (file[i] == 0xFF && file[i + 1] == 0xC0) {
            file[i + 5] = 0x2C, file[i + 6] = 0, file[i + 7] = 0x2C, file[i + 8] = 0; // 11264 x 11264
            break;
        }
    EXPECT_EQ(error_of(file), "a.file: is too small for the 11264 x 11264 px that it claims: the file is damaged; copy "
                              "it again from the microscope");
}

TEST(Jpeg, RefusesEndlessProgressivePasses) {
    // Empty passes over the grey coefficient 63 of a large picture: each costs a look at every block.
    JpegSpec const spec{.size = {1024, 1024}, .progressive = true, .comment = {}};
    Bytes file = write_jpeg(spec, std::vector<std::uint8_t>(std::size_t(spec.size.area()), 128));
    std::size_t last_scan = 0;
    for (std::size_t i = 0; i + 1 < file.size(); ++i)
        if (file[i] == 0xFF && file[i + 1] == 0xDA) last_scan = i;
    ASSERT_GT(last_scan, 0u);
    Bytes const scan(file.begin() + std::ptrdiff_t(last_scan), file.end() - 2);
    file.erase(file.end() - 2, file.end());
    for (int i = 0; i < 3000; ++i) file.insert(file.end(), scan.begin(), scan.end());
    file.insert(file.end(), {0xFF, 0xD9});
    EXPECT_NE(error_of(file).find("more passes over its pixels"), std::string::npos) << error_of(file);
}
