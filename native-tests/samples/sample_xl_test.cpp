#include "samples/sample_xl.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/text.h"
#include "codecs/codec.h"
#include "support/fnv1a.h"

namespace mg {
namespace {

std::vector<SampleFile> const& xl_set() {
    static std::vector<SampleFile> const k_set = sample_xl_set(1);
    return k_set;
}

std::uint32_t little_endian(Bytes const& bytes, std::size_t at, int count) {
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i) value |= std::uint32_t{bytes[at + static_cast<std::size_t>(i)]} << (8 * i);
    return value;
}

/// Correlation of two parts of clean images that overlap when the second is shifted by whole pixels.
double correlation(Plane const& a, Plane const& b, int dx, int dy) {
    double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0, n = 0;
    for (int y = 60; y < a.height() - 60; y += 2)
        for (int x = 60; x < a.width() - 60; x += 2) {
            double va = a.at(x, y), vb = b.at(x + dx, y + dy);
            sa += va;
            sb += vb;
            saa += va * va;
            sbb += vb * vb;
            sab += va * vb;
            ++n;
        }
    return (sab - sa * sb / n) / std::sqrt((saa - sa * sa / n) * (sbb - sb * sb / n));
}

TEST(XlWriter, HeaderHasTheShapeOfRealOnes) {
    std::string text = xl_header_text({});
    std::vector<std::string_view> lines = split_lines(text);
    ASSERT_EQ(lines.size(), 194u);
    EXPECT_EQ(lines[0], "");
    EXPECT_EQ(lines[1], "[DatabarData]");
    EXPECT_EQ(lines[4], "flMagn =      0.00425000000");
    EXPECT_EQ(lines[193], "IonBright3 = 50.000");
    EXPECT_TRUE(text.ends_with("\r\n"));
}

TEST(XlWriter, PutsTheTextFirstThenTheDirectoryThenStripsOfTenRows) {
    Bytes const& file = xl_set()[0].bytes;
    EXPECT_EQ(as_text(file).substr(0, 4), std::string_view("II*\0", 4));
    EXPECT_EQ(as_text(file).substr(8, 17), "\r\n[DatabarData]\r\n");
    std::uint32_t directory = little_endian(file, 4, 4);
    EXPECT_EQ(directory % 2, 0u);
    ASSERT_EQ(little_endian(file, directory, 2), 16u);
    auto entry = [&](std::uint32_t i) { return directory + 2 + 12 * i; };
    EXPECT_EQ(little_endian(file, entry(15), 2), 34680u);
    EXPECT_EQ(little_endian(file, entry(15) + 8, 4), 8u);
    EXPECT_EQ(little_endian(file, entry(15) + 4, 4), directory - 8);
    EXPECT_EQ(little_endian(file, entry(6) + 4, 4), 49u); // strips of 484 rows
    std::uint32_t first_strip = little_endian(file, little_endian(file, entry(6) + 8, 4), 4);
    EXPECT_EQ(first_strip + 712 * 484, file.size());
}

TEST(XlWriter, SmallImagesOfOneStripDecodeToTheirPixels) {
    std::uint16_t const pixels[6] = {0, 1, 1000, 40000, 65535, 7};
    Bytes file = write_xl_tiff(ImageView<std::uint16_t const>{pixels, {3, 2}, 3}, XlHeader{});
    auto decoded = decode_image(file, "x.tif");
    ASSERT_TRUE(decoded) << decoded.error().message;
    ASSERT_EQ(decoded->size, (Size{3, 2}));
    EXPECT_EQ(decoded->bits, 16);
    for (int i = 0; i < 6; ++i) EXPECT_NEAR(decoded->planes[0]->data()[i] * 65535, pixels[i], 0.01);
}

TEST(SampleSet, IsTheSameOnEveryPlatform) {
    // Natively with g++ and clang++, and in wasm.
    std::uint64_t all = 0;
    for (SampleFile const& file : xl_set()) all = all * 31 + test::fnv1a(file.bytes);
    EXPECT_EQ(all, 11650430136329110862u);
}

TEST(SampleSet, ChangesWithTheSeed) {
    std::vector<SampleFile> other = sample_xl_set(2);
    ASSERT_EQ(other.size(), xl_set().size());
    for (std::size_t i = 0; i < other.size(); ++i) EXPECT_NE(test::fnv1a(other[i].bytes), test::fnv1a(xl_set()[i].bytes));
}

TEST(SampleSet, HoldsTheFilesThatItPromises) {
    struct Expected {
        char const* path;
        Size size;
        int bits;
    };
    constexpr Expected k_expected[] = {
        {"AB01_FH_250410/S10K.TIF", {712, 484}, 8},   {"AB01_FH_250410/10K405.TIF", {712, 484}, 8},
        {"AB01_FH_250410/10K415.TIF", {712, 484}, 8}, {"AB01_FH_250410/10K425.TIF", {712, 484}, 8},
        {"AB01_FH_250410/10K435.TIF", {712, 484}, 8}, {"AB01_FH_250410/10K445.TIF", {712, 484}, 8},
        {"AB01_FH_250410/S20K.TIF", {1424, 968}, 16}};
    ASSERT_EQ(xl_set().size(), std::size(k_expected));
    for (std::size_t i = 0; i < xl_set().size(); ++i) {
        SampleFile const& file = xl_set()[i];
        EXPECT_EQ(file.relative_path, k_expected[i].path);
        auto decoded = decode_image(file.bytes, file.relative_path);
        ASSERT_TRUE(decoded) << decoded.error().message;
        EXPECT_EQ(decoded->size, k_expected[i].size);
        EXPECT_EQ(decoded->bits, k_expected[i].bits);
        EXPECT_TRUE(decoded->warnings.empty());
    }
}

TEST(SampleSet, TruthOfTheDriftMapsTheReferenceOntoEachImage) {
    // Images of neighbouring wavelengths resemble each other most where the truth says.
    for (std::size_t i = 2; i <= 5; ++i) {
        SampleTruth const& a = xl_set()[i - 1].truth;
        SampleTruth const& b = xl_set()[i].truth;
        double x = b.from_reference.tx - a.from_reference.tx, y = b.from_reference.ty - a.from_reference.ty;
        int best_x = 99, best_y = 99;
        double best = -1;
        for (int dy = -20; dy <= 20; ++dy)
            for (int dx = -20; dx <= 20; ++dx) {
                double c = correlation(*a.clean, *b.clean, dx, dy);
                if (c <= best) continue;
                best = c;
                best_x = dx;
                best_y = dy;
            }
        EXPECT_GT(best, 0.5);
        EXPECT_NEAR(best_x, x, 1.2) << i;
        EXPECT_NEAR(best_y, y, 1.2) << i;
    }
}

TEST(SampleSet, TruthIsKnownWithoutMakingThePixels) {
    auto const maps = sample_xl_truth(1);
    ASSERT_EQ(maps.size(), 6u) << "S20K.TIF shows another place";
    for (std::size_t i = 0; i < maps.size(); ++i) {
        EXPECT_EQ(maps[i].relative_path, xl_set()[i].relative_path);
        EXPECT_EQ(maps[i].from_reference, xl_set()[i].truth.from_reference);
    }
    EXPECT_FALSE(maps[5].from_reference == sample_xl_truth(2)[5].from_reference);
}

TEST(SampleSet, NoiseIsThatOfItsCounts) {
    // Mean of (recorded - clean) is 0 and its variance grows with the signal, leaving out spikes and drawing.
    for (SampleFile const& file : xl_set()) {
        auto decoded = decode_image(file.bytes, file.relative_path);
        ASSERT_TRUE(decoded);
        Plane const& image = *decoded->planes[0];
        Plane const& clean = *file.truth.clean;
        std::vector<bool> skip(static_cast<std::size_t>(image.size().area()), false);
        for (std::int32_t i : file.truth.spikes)
            skip[static_cast<std::size_t>(i)] = skip[static_cast<std::size_t>(i) + 1] = true;
        for (std::int32_t i : file.truth.drawing) skip[static_cast<std::size_t>(i)] = true;
        double sum = 0, n = 0;
        for (std::size_t i = 0; i < skip.size(); ++i) {
            float truth = clean.data()[i];
            if (skip[i] || truth > 0.5f) continue; // brighter ones are clipped now and then
            sum += image.data()[i] - truth;
            ++n;
        }
        EXPECT_GT(n, 1000);
        EXPECT_NEAR(sum / n, 0, 0.002) << file.relative_path;
    }
}

TEST(SampleSet, SpikesStandOutWhereTheTruthSaysAndTheDrawingIsWhite) {
    for (SampleFile const& file : xl_set()) {
        auto decoded = decode_image(file.bytes, file.relative_path);
        ASSERT_TRUE(decoded);
        Plane const& image = *decoded->planes[0];
        double excess = 0;
        for (std::int32_t i : file.truth.spikes) excess += image.data()[i] - file.truth.clean->data()[i];
        EXPECT_GE(excess, 0.3 * static_cast<double>(file.truth.spikes.size()));
        for (std::int32_t i : file.truth.drawing) EXPECT_EQ(image.data()[i], 1.0f);
    }
    EXPECT_GT(xl_set()[0].truth.drawing.size(), 500u);
    EXPECT_NEAR(static_cast<double>(xl_set()[1].truth.spikes.size()), 0.002 * 712 * 484, 10);
}

} // namespace
} // namespace mg
