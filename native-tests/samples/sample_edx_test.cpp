#include "samples/sample_edx.h"

#include <cmath>

#include <gtest/gtest.h>

#include "codecs/codec.h"
#include "metadata/metadata.h"
#include "ops/element_map.h"
#include "support/fnv1a.h"

namespace mg {
namespace {

SampleEdxOptions small() {
    return {.se_image = {356, 242}, .maps = {96, 75}};
}
SampleEdx const& edx_set() {
    static SampleEdx const k_set = sample_edx_set(1, small());
    return k_set;
}
std::string name_of(SampleFile const& file) {
    return file.relative_path.substr(file.relative_path.rfind('/') + 1);
}
Decoded decoded(SampleFile const& file) {
    auto result = decode_image(file.bytes, file.relative_path);
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
    return result ? std::move(result).value() : Decoded{};
}
std::uint64_t hash_of(SampleEdx const& set) {
    std::uint64_t all = 0;
    for (SampleFile const& file : set.files) all = all * 31 + test::fnv1a(file.bytes);
    return all;
}

TEST(SampleEdx, TheSameSeedGivesTheSameBytesEverywhere) {
    EXPECT_EQ(hash_of(edx_set()), 15303693477408648051u);
    EXPECT_EQ(hash_of(sample_edx_set(1, small())), hash_of(edx_set()));
    EXPECT_NE(hash_of(sample_edx_set(2, small())), hash_of(edx_set()));
}

TEST(SampleEdx, ItsFilesAreAnSeImageALabImageAndEightMaps) {
    SampleEdx const& set = edx_set();
    ASSERT_EQ(set.files.size(), 10u);
    EXPECT_EQ(name_of(set.files[0]), "SE01.TIF");
    Decoded const se_image = decoded(set.files[0]);
    EXPECT_EQ(se_image.size, small().se_image);
    EXPECT_EQ(map_name(name_of(set.files[1])).kind, MapName::Kind::lab);
    EXPECT_EQ(decoded(set.files[1]).planes.size(), 1u);
    for (std::size_t e = 0; e < 8; ++e) {
        SampleFile const& file = set.files[e + 2];
        EXPECT_EQ(map_name(name_of(file)).label, set.truth.elements[e]);
        Decoded const map = decoded(file);
        EXPECT_EQ(map.size, small().maps);
        EXPECT_EQ(map.planes.size(), 3u); // painted yellow
    }
    EXPECT_NEAR(set.files[0].truth.pixel_size_x_nm, 85e6 * 1.333 / 2000 / 356, 1e-6);
    EXPECT_NEAR(set.files[0].truth.pixel_size_y_nm, 85e6 / 2000 / 242, 1e-6);
}

TEST(SampleEdx, TheCountsCanBeReadBackFromTheMaps) {
    SampleEdx const& set = edx_set();
    for (std::size_t e = 0; e < 8; ++e) {
        Decoded const map = decoded(set.files[e + 2]);
        auto const grey = untinted(map.planes);
        ASSERT_TRUE(grey.has_value());
        CountScale const scale = count_scale(grey->plane.view(), map.range, map.is_float);
        EXPECT_NEAR(scale.counts_at_white, set.truth.largest_counts[e], 1e-9);
        auto const counts = counts_of(grey->plane.view(), scale);
        for (std::int64_t i = 0; i < small().maps.area(); ++i)
            ASSERT_EQ(counts->data()[i], float(set.truth.counts[e].data()[i]));
    }
}

TEST(SampleEdx, CountsHaveTheMeanAndTheSpreadOfTheirMaterial) {
    SampleEdxTruth const& truth = edx_set().truth;
    for (std::size_t m = 0; m < truth.materials.size(); ++m)
        for (std::size_t e = 0; e < truth.elements.size(); ++e) {
            double sum = 0, squares = 0, count = 0;
            for (std::int64_t i = 0; i < small().maps.area(); ++i) {
                if (truth.map_labels.data()[i] != m || truth.purity.data()[i] < 0.999f) continue;
                double const n = truth.counts[e].data()[i];
                sum += n;
                squares += n * n;
                ++count;
            }
            if (count < 30) continue;
            double const mean = sum / count, expected = truth.mean_counts[m][e];
            EXPECT_NEAR(mean, expected, 4.5 * std::sqrt(expected / count)) << truth.materials[m] << truth.elements[e];
            // The variance of Poisson counts is their mean, known to sqrt((2 + 1/mean) / n) of it.
            EXPECT_NEAR((squares / count - mean * mean) / expected, 1, 5 * std::sqrt((2 + 1 / expected) / count));
        }
}

TEST(SampleEdx, OneMaterialOfFiveIsRareAndPixelsAreMixedAtBorders) {
    for (std::uint64_t const seed : {1, 2, 3}) {
        SampleEdxTruth const truth = sample_edx_set(seed, small()).truth;
        std::vector<double> area(5);
        double mixed = 0;
        for (std::int64_t i = 0; i < small().maps.area(); ++i) {
            area[truth.map_labels.data()[i]] += 1.0 / double(small().maps.area());
            mixed += truth.purity.data()[i] < 0.9f;
        }
        std::sort(area.begin(), area.end());
        EXPECT_GT(area[0], 0.006) << seed;
        EXPECT_LT(area[0], 0.025) << seed;
        EXPECT_GT(area[1], 0.05) << seed;
        EXPECT_GT(mixed / double(small().maps.area()), 0.02);
        EXPECT_LT(mixed / double(small().maps.area()), 0.3);
    }
}

TEST(SampleEdx, TheMapsLieOverTheSeImageAsTheTruthSays) {
    SampleEdx const& set = edx_set();
    Affine const& to_se = set.truth.maps_to_se;
    EXPECT_EQ(to_se, sample_edx_maps_to_se(small()));
    EXPECT_NEAR(to_se.a * small().maps.width / small().se_image.width, 1.04, 1e-12);
    // Pure pixels of the maps are of the material that the SE image has at that place.
    std::int64_t same = 0, count = 0;
    for (int y = 0; y < small().maps.height; ++y)
        for (int x = 0; x < small().maps.width; ++x) {
            if (set.truth.purity.at(x, y) < 0.99f) continue;
            Point const p = to_se({double(x), double(y)});
            if (p.x < 0 || p.y < 0 || p.x > small().se_image.width - 1 || p.y > small().se_image.height - 1) continue;
            ++count;
            same += set.truth.se_labels.at(int(p.x + 0.5), int(p.y + 0.5)) == set.truth.map_labels.at(x, y);
        }
    EXPECT_GT(count, 5000);
    EXPECT_EQ(same, count);
    Point const back = set.files[3].truth.from_reference(to_se({10, 20}));
    EXPECT_NEAR(back.x, 10, 1e-9);
    EXPECT_NEAR(back.y, 20, 1e-9);
}

TEST(SampleEdx, TheSeImageAndTheLabImageShowTheMaterials) {
    SampleEdx const& set = edx_set();
    PlanePtr const lab = decoded(set.files[1]).planes[0], se_image = decoded(set.files[0]).planes[0];
    std::vector<double> lab_sum(5), lab_count(5), se_sum(5), se_count(5);
    for (std::int64_t i = 0; i < small().maps.area(); ++i) {
        lab_sum[set.truth.map_labels.data()[i]] += double{lab->data()[i]};
        ++lab_count[set.truth.map_labels.data()[i]];
    }
    for (std::int64_t i = 0; i < small().se_image.area(); ++i) {
        se_sum[set.truth.se_labels.data()[i]] += double{se_image->data()[i]};
        ++se_count[set.truth.se_labels.data()[i]];
    }
    for (std::size_t m = 0; m < 5; ++m)
        EXPECT_NEAR(lab_sum[m] / lab_count[m], se_sum[m] / se_count[m], 0.06) << set.truth.materials[m];
    EXPECT_GT(se_sum[1] / se_count[1], se_sum[3] / se_count[3] + 0.2); // GaN is brighter than resin
}

TEST(SampleEdx, AnySizeCanBeAskedFor) {
    for (SampleEdxOptions const& options : {SampleEdxOptions{.se_image = {64, 48}, .maps = {9, 7}, .dose = 0.3},
                                            {.se_image = {1, 1}, .maps = {1, 1}},
                                            {.se_image = {200, 40}, .maps = {50, 51}, .dose = 20, .scale = 1}}) {
        SampleEdx const set = sample_edx_set(7, options);
        for (SampleFile const& file : set.files) EXPECT_TRUE(decode_image(file.bytes, "a").has_value());
    }
}

TEST(EdxBitmap, HasTheHeaderThatOtherReadersRefuse) {
    std::vector<std::uint8_t> const levels{0, 1, 2, 200, 201, 255};
    Bytes const file = write_edx_bmp({levels.data(), {3, 2}, 3}, 0xFF8000);
    auto number = [&](std::size_t at, int bytes) {
        std::uint32_t value = 0;
        for (int i = 0; i < bytes; ++i) value |= std::uint32_t{file[at + std::size_t(i)]} << (8 * i);
        return value;
    };
    ASSERT_EQ(file.size(), 14u + 40 + 1024 + 8);
    EXPECT_EQ(number(2, 4), file.size());
    EXPECT_EQ(number(26, 2), 0u);     // planes
    EXPECT_EQ(number(34, 4), 0u);     // size of the image
    EXPECT_EQ(number(46, 4), 65536u); // palette entries
    auto const image = decode_image(file, "a.bmp");
    ASSERT_TRUE(image.has_value()) << image.error().message;
    for (int y = 0; y < 2; ++y)
        for (int x = 0; x < 3; ++x) {
            int const level = levels[std::size_t(3 * y + x)];
            EXPECT_EQ(std::round(image->planes[0]->at(x, y) * 255), level);
            EXPECT_EQ(std::round(image->planes[1]->at(x, y) * 255), level * 128 / 255);
            EXPECT_EQ(image->planes[2]->at(x, y), 0);
        }
}

} // namespace
} // namespace mg
