// PNG in and out: what is written comes back; every kind of file that others write; text and pixel size.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "base/hash.h"
#include "codecs/codec.h"
#include "codecs/picture_files.h"
#include "support/decoding.h"

using namespace mg;
using namespace mg::test;

namespace {

Plane plane_of(Size size, std::vector<float> const& values) {
    Plane plane = std::move(Plane::create(size)).value();
    std::copy(values.begin(), values.end(), plane.data());
    return plane;
}
/// Smooth with grains, by integers alone: the same everywhere.
Plane picture(Size size, std::uint32_t seed) {
    Plane plane = std::move(Plane::create(size)).value();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            seed = seed * 1664525u + 1013904223u;
            int const slope = (x * 7 + y * 3) % 4096;
            plane.at(x, y) = static_cast<float>(slope + static_cast<int>(seed >> 24)) / 4352.0f;
        }
    return plane;
}
Bytes encoded(std::vector<Plane> const& planes, PngOptions const& options) {
    std::vector<ImageView<float const>> views;
    for (Plane const& plane : planes) views.push_back(plane.view());
    auto result = encode_png(views, options);
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
    return result ? std::move(result).value() : Bytes{};
}
std::vector<int> ramp(PngSpec const& spec) {
    std::vector<int> values;
    int const count = int(spec.size.area()) * spec.samples(), levels = 1 << spec.depth;
    for (int i = 0; i < count; ++i) values.push_back(int(std::int64_t{i} * 7919 % count * (levels - 1) / (count - 1)));
    return values;
}

} // namespace

TEST(Png, GivesBackWhatWasWritten) {
    for (int bits : {8, 16})
        for (std::size_t channels : {1u, 3u})
            for (Size size : {Size{1, 1}, Size{1, 70}, Size{70, 1}, Size{61, 97}, Size{200, 33}})
                for (int level : {1, 6, 12}) {
                    std::vector<Plane> planes;
                    for (std::size_t c = 0; c < channels; ++c) planes.push_back(picture(size, std::uint32_t(c)));
                    Decoded const image = decoded(encoded(planes, {.bits = bits, .level = level}));
                    ASSERT_EQ(image.planes.size(), channels);
                    ASSERT_EQ(image.size, size);
                    EXPECT_EQ(image.bits, bits);
                    double const white = bits == 8 ? 255 : 65535;
                    EXPECT_EQ(image.range.white, white);
                    for (std::size_t c = 0; c < channels; ++c)
                        for (int y = 0; y < size.height; ++y)
                            for (int x = 0; x < size.width; ++x)
                                ASSERT_EQ(std::round(image.planes[c]->at(x, y) * white),
                                          std::floor(planes[c].at(x, y) * float(white) + 0.5f));
                }
}

TEST(Png, RoundsHalfUpAndClamps) {
    float const nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
    std::vector<float> const values = {-1, -0.0f, 0.49f / 255, 0.5f / 255, 1.5f / 255, 254.49f / 255, 254.5f / 255,
                                       1,  2,     nan,         inf,        -inf,       1e30f,         -1e30f};
    std::vector<float> const expected = {0, 0, 0, 1, 2, 254, 255, 255, 255, 0, 255, 0, 255, 0};
    std::vector<Plane> planes;
    planes.push_back(plane_of({int(values.size()), 1}, values));
    Decoded const image = decoded(encoded(planes, {.bits = 8}));
    for (std::size_t i = 0; i < values.size(); ++i)
        EXPECT_EQ(image.planes[0]->at(int(i), 0) * 255.0f, expected[i]) << i;
    Decoded const deep = decoded(encoded(planes, {.bits = 16}));
    EXPECT_EQ(deep.planes[0]->at(9, 0), 0.0f);
    EXPECT_EQ(deep.planes[0]->at(10, 0), 1.0f);
    EXPECT_EQ(deep.planes[0]->at(11, 0), 0.0f);
}

TEST(Png, TakesRowsOfACropAsTheyLie) {
    Plane const whole = picture({40, 30}, 1);
    auto result = encode_png({whole.view().cropped({5, 7, 20, 11})}, {.bits = 16});
    ASSERT_TRUE(result.has_value());
    Decoded const image = decoded(result.value());
    ASSERT_EQ(image.size, (Size{20, 11}));
    EXPECT_NEAR(image.planes[0]->at(3, 4), whole.at(8, 11), 1e-5);
}

// The same bytes natively and in wasm: these digests were computed natively.
TEST(Png, GivesTheSameBytesOnEveryPlatform) {
    std::string digests;
    for (int bits : {8, 16})
        for (std::size_t channels : {1u, 3u})
            for (int level : {1, 6}) {
                std::vector<Plane> planes;
                for (std::size_t c = 0; c < channels; ++c) planes.push_back(picture({301, 203}, std::uint32_t(c)));
                digests +=
                    sha256_hex(
                        encoded(planes,
                                {.bits = bits, .pixel_size_x_nm = 15.9, .pixel_size_y_nm = 17.5, .level = level}))
                        .substr(0, 4) +
                    " ";
            }
    EXPECT_EQ(digests, "c102 6070 7736 9e58 6cf1 1f9b e2f2 2c38 ");
}

TEST(Png, CarriesPixelSizeAndText) {
    std::vector<Plane> planes;
    planes.push_back(picture({5, 4}, 1));
    std::string const recipe = "step despike\nlabel \xC2\xB5m \xC3\x97";
    Bytes const file = encoded(
        planes, {.pixel_size_x_nm = 15.914, .pixel_size_y_nm = 17.562, .texts = {{"Recipe", recipe}, {"Empty", ""}}});
    Decoded const image = decoded(file);
    ASSERT_TRUE(image.resolution.has_value());
    EXPECT_EQ(image.resolution->unit, Resolution::Unit::metre);
    EXPECT_EQ(image.resolution->x, std::round(1e9 / 15.914));
    EXPECT_EQ(image.resolution->y, std::round(1e9 / 17.562));
    std::vector<PngText> const texts = read_png_texts(file);
    ASSERT_EQ(texts.size(), 2u);
    EXPECT_EQ(texts[0].keyword, "Recipe");
    EXPECT_EQ(texts[0].text, recipe);
    EXPECT_EQ(texts[1].text, "");
    ASSERT_EQ(image.fields.size(), 2u);
    EXPECT_EQ(image.fields[0].keyword, "Recipe");
    EXPECT_EQ(image.fields[0].bytes, Bytes(recipe.begin(), recipe.end()));
}

TEST(Png, LeavesOutAPixelSizeThatDoesNotFit) {
    std::vector<Plane> planes;
    planes.push_back(picture({5, 4}, 1));
    double const nan = std::numeric_limits<double>::quiet_NaN();
    for (double size : {0.1, 0.0, -3.0, nan, 1e12})
        EXPECT_FALSE(decoded(encoded(planes, {.pixel_size_x_nm = size, .pixel_size_y_nm = 10})).resolution.has_value())
            << size;
    EXPECT_FALSE(decoded(encoded(planes, {.pixel_size_x_nm = 10})).resolution.has_value());
}

TEST(Png, RefusesWhatItCannotWrite) {
    Plane const plane = picture({5, 4}, 1), other = picture({4, 5}, 1);
    EXPECT_FALSE(encode_png({}, {}).has_value());
    EXPECT_FALSE(encode_png({plane.view(), plane.view()}, {}).has_value());
    EXPECT_FALSE(encode_png({plane.view(), plane.view(), other.view()}, {}).has_value());
    EXPECT_FALSE(encode_png({ImageView<float const>{}}, {}).has_value());
    EXPECT_FALSE(encode_png({plane.view()}, {.bits = 12}).has_value());
    EXPECT_FALSE(encode_png({plane.view()}, {.level = 0}).has_value());
    EXPECT_FALSE(encode_png({plane.view()}, {.texts = {{"", "x"}}}).has_value());
    EXPECT_FALSE(encode_png({plane.view()}, {.texts = {{std::string(80, 'k'), "x"}}}).has_value());
    EXPECT_FALSE(encode_png({plane.view()}, {.texts = {{"k", std::string(3, '\0')}}}).has_value());
}

TEST(Png, WritesNoiseOfFewLevelsWithoutAFilter) {
    // Sixteen levels of noise hold four bits a pixel; differences of them take five.
    std::vector<Plane> planes;
    planes.push_back(picture({512, 512}, 3));
    std::uint32_t seed = 5;
    for (int i = 0; i < 512 * 512; ++i) {
        seed = seed * 1664525u + 1013904223u;
        planes[0].data()[i] = static_cast<float>(seed >> 28) / 15.0f;
    }
    EXPECT_LT(encoded(planes, {}).size(), 512u * 512u * 9u / 2u / 8u);
}

TEST(Png, SearchesDrawingsForRepetitions) {
    std::vector<Plane> planes;
    planes.push_back(std::move(Plane::filled({1000, 1000}, 0.0f)).value());
    for (int y = 0; y < 1000; ++y)
        for (int x = 0; x < 1000; ++x) planes[0].at(x, y) = (x % 100 < 50) != (y % 100 < 50) ? 1.0f : 0.0f;
    EXPECT_LT(encoded(planes, {}).size(), 4000u);
}

TEST(Png, ReadsEveryDepthAndColourType) {
    struct Kind {
        int colour_type, depth;
    };
    for (Kind kind : {Kind{0, 1}, Kind{0, 2}, Kind{0, 4}, Kind{0, 8}, Kind{0, 16}, Kind{2, 8}, Kind{2, 16}, Kind{4, 8},
                      Kind{4, 16}, Kind{6, 8}, Kind{6, 16}})
        for (bool interlaced : {false, true})
            for (Size size : {Size{13, 11}, Size{1, 1}, Size{3, 2}, Size{33, 40}})
                for (int chunks : {1, 3}) {
                    PngSpec const spec{.size = size,
                                       .depth = kind.depth,
                                       .colour_type = kind.colour_type,
                                       .interlaced = interlaced,
                                       .data_chunks = chunks};
                    std::vector<int> const values = size.area() * spec.samples() > 1 ? ramp(spec) : std::vector<int>{1};
                    Decoded const image = decoded(write_png(spec, values));
                    std::size_t const colours = kind.colour_type & 2 ? 3 : 1;
                    ASSERT_EQ(image.planes.size(), colours);
                    EXPECT_EQ(image.bits, kind.depth);
                    EXPECT_EQ(image.warnings.size(), kind.colour_type & 4 ? 1u : 0u);
                    double const white = (1 << kind.depth) - 1;
                    for (int y = 0; y < size.height; ++y)
                        for (int x = 0; x < size.width; ++x)
                            for (std::size_t c = 0; c < colours; ++c) {
                                std::size_t const index = (std::size_t(y) * std::size_t(size.width) + std::size_t(x)) *
                                                              std::size_t(spec.samples()) +
                                                          c;
                                ASSERT_EQ(std::round(image.planes[c]->at(x, y) * white), values[index])
                                    << kind.colour_type << " " << kind.depth << " " << interlaced << " " << x << ", "
                                    << y;
                            }
                }
}

TEST(Png, ReadsPalettesAsGreyOrColour) {
    PngSpec spec{
        .size = {4, 1}, .depth = 2, .colour_type = 3, .palette = {0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255}};
    Decoded const grey = decoded(write_png(spec, {3, 2, 1, 0}));
    ASSERT_EQ(grey.planes.size(), 1u);
    EXPECT_EQ(grey.range.white, 3);
    EXPECT_EQ(grey.planes[0]->at(0, 0), 1.0f);
    EXPECT_FLOAT_EQ(grey.planes[0]->at(2, 0), 1.0f / 3);
    spec.palette = {255, 0, 0, 0, 255, 0, 0, 0, 51}; // one entry short: black
    Decoded const colour = decoded(write_png(spec, {0, 1, 2, 3}));
    ASSERT_EQ(colour.planes.size(), 3u);
    EXPECT_EQ(colour.planes[0]->at(0, 0), 1.0f);
    EXPECT_EQ(colour.planes[1]->at(1, 0), 1.0f);
    EXPECT_FLOAT_EQ(colour.planes[2]->at(2, 0), 0.2f);
    EXPECT_EQ(colour.planes[2]->at(3, 0), 0.0f);
}

TEST(Png, ReadsAllKindsOfText) {
    using namespace std::string_literals;
    Bytes const base = write_png({}, ramp({}));
    // python3 -c 'import zlib; print(zlib.compress(b"packed \xb5"))'
    std::string const packed = "\x78\x9c\x2b\x48\x4c\xce\x4e\x4d\x51\xd8\x0a\x00\x0e\x4d\x03\x3e"s;
    Bytes file = with_chunk(base, png_chunk("zTXt", "Packed\0\0"s + packed));
    file = with_chunk(file, png_chunk("tEXt", "Plain\0x\xB5y"s));
    file = with_chunk(file, png_chunk("iTXt", "Utf\0\0\0de\0Titel\0\xC2\xB5"s));
    Bytes damaged = png_chunk("tEXt", "Bad\0text"s);
    damaged.back() ^= 1;
    file = with_chunk(file, damaged);
    std::vector<PngText> const texts = read_png_texts(file);
    ASSERT_EQ(texts.size(), 3u);
    EXPECT_EQ(texts[0].text, "\xC2\xB5");
    EXPECT_EQ(texts[1].text, "x\xC2\xB5y");
    EXPECT_EQ(texts[2].text, "packed \xC2\xB5");
    EXPECT_EQ(decoded(file).warnings, std::vector<std::string>{"metadata tEXt are damaged: left out"});
}

TEST(Png, HasNoTextsOutsidePng) {
    EXPECT_TRUE(read_png_texts({}).empty());
    EXPECT_TRUE(read_png_texts(Bytes{'I', 'I', 42, 0}).empty());
    EXPECT_FALSE(is_png(Bytes{0x89, 'P', 'N'}));
}

TEST(Png, SaysAfterHowManyRowsACutOffFileEnds) {
    std::vector<Plane> planes;
    planes.push_back(picture({300, 100}, 1));
    Bytes const file = encoded(planes, {});
    std::string const error = error_of(ByteView(file).first(file.size() / 2));
    EXPECT_NE(error.find("of 100 rows: the file is cut off; copy it again"), std::string::npos) << error;
    EXPECT_EQ(error_of(ByteView(file).first(41)),
              "a.file: ends after 0 of 100 rows: the file is cut off; copy it again from the microscope");
}

TEST(Png, SaysThatAFlippedBitIsDamage) {
    std::vector<Plane> planes;
    planes.push_back(picture({300, 100}, 1));
    Bytes file = encoded(planes, {});
    file[file.size() / 2] ^= 1;
    EXPECT_NE(error_of(file).find("the file is damaged"), std::string::npos);
}

TEST(Png, RefusesASizeThatItsDataCannotHold) {
    Bytes file = write_png({}, ramp({}));
    Bytes const header = png_chunk("IHDR", std::string("\0\0\x28\0\0\0\x28\0\x10\2\0\0\0", 13));
    std::copy(header.begin(), header.end(), file.begin() + 8);
    EXPECT_EQ(error_of(file), "a.file: is too small for the 10240 x 10240 px that it claims: the file is damaged; copy "
                              "it again from the microscope");
}
