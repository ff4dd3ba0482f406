#include <cmath>
#include <gtest/gtest.h>

#include "ops/known_materials.h"
#include "recipe/pipeline.h"
#include "recipe/recipe.h"
#include "steps/registry.h"
#include "support/phase_scene.h"

namespace mg {
namespace {

using test::adjusted_rand_index;
using test::phase_scene;
using test::PhaseScene;

constexpr std::string_view k_elements[] = {"OK", "AlK", "SiK", "CuK"};
constexpr std::string_view k_symbols[] = {"O", "Al", "Si", "Cu"};

Scene scene_of(PhaseScene const& specimen) {
    Scene scene;
    for (std::size_t e = 0; e < specimen.counts.size(); ++e) {
        Channel channel;
        channel.role = Role::element_map;
        channel.label = k_elements[e];
        channel.file_name = "map_" + channel.label + ".bmp";
        channel.map.element = k_symbols[e];
        channel.map.counts_at_white = 50;
        Plane plane = test::copy_of(specimen.counts[e]);
        for (std::int64_t i = 0; i < plane.size().area(); ++i) plane.data()[i] /= 50;
        channel.planes = {std::make_shared<Plane const>(std::move(plane))};
        scene.channels.push_back(std::move(channel));
    }
    return scene;
}

struct Outcome {
    MaterialsPtr materials;
    std::vector<Note> notes;
    std::string error;
};
Outcome clustered_with(Scene scene, std::vector<std::pair<std::string, std::string>> const& values) {
    Recipe recipe{{make_use(*find_step("cluster"))}, {}};
    for (auto const& [key, text] : values) {
        auto const status = set_value(recipe, "cluster." + key, text);
        EXPECT_TRUE(status.has_value()) << (status ? "" : status.error().message);
    }
    Job job;
    auto const status = run_steps(recipe, scene, job);
    return {scene.materials, job.notes(), status ? std::string() : status.error().message};
}

std::vector<std::uint8_t> labels_of(Materials const& materials) {
    return {materials.labels->data(), materials.labels->data() + materials.size.area()};
}
Material const* named(Materials const& materials, std::string_view name) {
    for (Material const& material : materials.list)
        if (material.name == name) return &material;
    return nullptr;
}

TEST(ClusterStep, NamesMaterialsByWhatTheyHoldAndMeasuresThem) {
    PhaseScene const specimen = phase_scene({.size = {160, 128}});
    Outcome const found = clustered_with(scene_of(specimen), {});
    ASSERT_TRUE(found.materials) << found.error;
    Materials const& materials = *found.materials;
    ASSERT_EQ(materials.list.size(), 4U);
    EXPECT_GT(adjusted_rand_index(specimen.labels, labels_of(materials)), 0.97);
    double shares = 0;
    for (std::size_t m = 0; m < 4; ++m) {
        shares += materials.list[m].share;
        if (m > 0) EXPECT_LE(materials.list[m].share, materials.list[m - 1].share);
    }
    EXPECT_NEAR(shares, 1, 1e-9);
    Material const* matrix = named(materials, "O Si");
    ASSERT_TRUE(matrix);
    EXPECT_NEAR(matrix->mean[0], 8, 0.15);
    EXPECT_NEAR(matrix->deviation[0], std::sqrt(8.0), 0.15) << "counts of a pure material are Poisson deviates";
    EXPECT_NEAR(matrix->mean[2], 4, 0.1);
    EXPECT_TRUE(named(materials, "Cu"));
    EXPECT_EQ(materials.elements[1].symbol, "Al");
    EXPECT_EQ(materials.counts.size(), 4U);
    EXPECT_EQ(materials.memberships.size(), 4U);
}

// A pixel is mixed where less than three quarters of its signal is its own material's: by the true labels and blur.
TEST(ClusterStep, FlagsWhatHoldsSeveralMaterialsAndNothingElse) {
    PhaseScene const specimen = phase_scene({.blur_px = 1.0});
    Outcome const found = clustered_with(scene_of(specimen), {{"k", "4"}});
    ASSERT_TRUE(found.materials) << found.error;
    Size const size = specimen.size;
    std::vector<float> own(specimen.labels.size(), 0.0F);
    for (std::uint8_t k = 0; k < 4; ++k) {
        Plane const is_it = test::plane_of(size, [&](int x, int y) {
            return specimen.labels[static_cast<std::size_t>(y * size.width + x)] == k ? 1.0 : 0.0;
        });
        Plane const share = std::move(gaussian_blurred(is_it.view(), {1.0, 1.0})).value();
        for (std::size_t p = 0; p < own.size(); ++p)
            if (specimen.labels[p] == k) own[p] = share.data()[p];
    }
    std::size_t mixed = 0, flagged_mixed = 0, pure = 0, flagged_pure = 0;
    for (std::size_t p = 0; p < own.size(); ++p) {
        bool const flagged = found.materials->flags->data()[p] != 0;
        mixed += own[p] < 0.65F;
        flagged_mixed += own[p] < 0.65F && flagged;
        pure += own[p] > 0.98F;
        flagged_pure += own[p] > 0.98F && flagged;
    }
    ASSERT_GT(mixed, 100U);
    EXPECT_GT(flagged_mixed * 10, mixed * 9);
    EXPECT_LT(flagged_pure * 50, pure);
}

TEST(ClusterStep, AKnownMaterialKeepsItsNameColourAndPlace) {
    PhaseScene const specimen = phase_scene({});
    Outcome const plain = clustered_with(scene_of(specimen), {{"k", "4"}});
    Outcome const found = clustered_with(
        scene_of(specimen), {{"k", "4"}, {"materials", "\"Band of Al\" #ff8000 = OK:1.3 AlK:8.6 SiK:1.2 CuK:2.7"}});
    ASSERT_TRUE(found.materials) << found.error;
    EXPECT_EQ(labels_of(*plain.materials), labels_of(*found.materials)) << "a name moves no pixel";
    Material const* band = named(*found.materials, "Band of Al");
    ASSERT_TRUE(band);
    EXPECT_TRUE(band->name_given);
    ASSERT_TRUE(band->picked);
    EXPECT_NEAR(band->mean[1], 9, 0.4);
}

TEST(ClusterStep, AKnownMaterialIsFoundByTheElementsNamed) {
    PhaseScene const specimen = phase_scene({});
    Outcome const found =
        clustered_with(scene_of(specimen), {{"k", "4"}, {"materials", "Band = AlK:9; Cap locked = CuK:10"}});
    ASSERT_TRUE(found.materials) << found.error;
    EXPECT_EQ(found.materials->list.size(), 4U);
    EXPECT_GT(adjusted_rand_index(specimen.labels, labels_of(*found.materials)), 0.93);
    ASSERT_TRUE(named(*found.materials, "Band"));
    Material const* cap = named(*found.materials, "Cap");
    ASSERT_TRUE(cap);
    EXPECT_NEAR(cap->centres[0][3], 10, 1e-5);
    EXPECT_NEAR(cap->centres[0][0], 1, 0.7) << "not named: found";
}

TEST(ClusterStep, MergesWhatIsJoinedByPlus) {
    PhaseScene const specimen = phase_scene({});
    Outcome const found = clustered_with(
        scene_of(specimen), {{"k", "4"}, {"materials", "Both = OK:8 AlK:1 SiK:4 CuK:1 + OK:3 AlK:3 SiK:7 CuK:1"}});
    ASSERT_TRUE(found.materials) << found.error;
    ASSERT_EQ(found.materials->list.size(), 3U);
    EXPECT_EQ(found.materials->list[0].name, "Both");
    EXPECT_EQ(found.materials->list[0].centres.size(), 2U);
    std::vector<std::uint8_t> merged = specimen.labels;
    for (std::uint8_t& label : merged) label = label == 2 ? 0 : label;
    EXPECT_GT(adjusted_rand_index(merged, labels_of(*found.materials)), 0.93);
}

TEST(ClusterStep, SplitsAMaterialInParts) {
    PhaseScene const specimen = phase_scene({.size = {160, 128}});
    // Three are asked for: the two most alike are found as one.
    Outcome const three = clustered_with(scene_of(specimen), {{"k", "2"}});
    ASSERT_EQ(three.materials->list.size(), 2U);
    std::vector<KnownMaterial> known{known_from(three.materials->list[0], three.materials->elements)};
    known[0].name = "Mix";
    known[0].parts = 2;
    Outcome const found = clustered_with(scene_of(specimen), {{"k", "2"}, {"materials", known_materials_text(known)}});
    ASSERT_TRUE(found.materials) << found.error;
    ASSERT_EQ(found.materials->list.size(), 3U);
    EXPECT_TRUE(named(*found.materials, "Mix 1"));
    EXPECT_TRUE(named(*found.materials, "Mix 2"));
    EXPECT_GT(adjusted_rand_index(specimen.labels, labels_of(*found.materials)),
              adjusted_rand_index(specimen.labels, labels_of(*three.materials)) + 0.05);
}

TEST(ClusterStep, LocksAndBrushStrokesHoldInALaterRun) {
    PhaseScene const specimen = phase_scene({});
    Outcome const found = clustered_with(scene_of(specimen), {{"k", "5"},
                                                              {"materials", "Cap locked = OK:1 AlK:1 SiK:1 CuK:10; "
                                                                            "Mine = OK:8 AlK:1 SiK:4 CuK:1"},
                                                              {"brush", "Mine: 40,70,3; -: 40,70,1"}});
    ASSERT_TRUE(found.materials) << found.error;
    Materials const& materials = *found.materials;
    Material const* cap = named(materials, "Cap");
    ASSERT_TRUE(cap);
    EXPECT_TRUE(cap->locked);
    ASSERT_EQ(cap->centres.size(), 1U);
    for (std::size_t e = 0; e < 4; ++e) EXPECT_NEAR(cap->centres[0][e], e == 3 ? 10 : 1, 1e-5);
    std::uint8_t const label = materials.labels->at(42, 71);
    EXPECT_EQ(materials.list[label].name, "Mine");
    EXPECT_EQ(materials.flags->at(42, 71) & k_flag_brushed, k_flag_brushed);
    EXPECT_EQ(materials.flags->at(40, 70) & k_flag_brushed, 0) << "given back";
}

TEST(ClusterStep, BringsMapsOfOtherSizesToTheCommonGrid) {
    PhaseScene const specimen = phase_scene({});
    Scene scene = scene_of(specimen);
    Plane const& fine = *scene.channels[1].planes[0];
    Plane coarse = test::plane_of({48, 40}, [&](int x, int y) {
        return fine.at(2 * x, 2 * y) + fine.at(2 * x + 1, 2 * y) + fine.at(2 * x, 2 * y + 1) +
               fine.at(2 * x + 1, 2 * y + 1);
    });
    scene.channels[1].planes = {std::make_shared<Plane const>(std::move(coarse))};
    Outcome const found = clustered_with(std::move(scene), {{"k", "4"}});
    ASSERT_TRUE(found.materials) << found.error;
    EXPECT_EQ(found.materials->size, (Size{96, 80}));
    EXPECT_GT(adjusted_rand_index(specimen.labels, labels_of(*found.materials)), 0.9);
    EXPECT_TRUE(
        std::any_of(found.notes.begin(), found.notes.end(), [](Note const& note) { return note.key == "resampled"; }));
}

TEST(ClusterStep, FollowsTheOriginalToolsWhenAsked) {
    PhaseScene const specimen = phase_scene({.means = {{40, 2, 9}, {3, 44, 9}, {8, 9, 50}}});
    Outcome const found = clustered_with(scene_of(specimen), {{"k", "3"}, {"compatible", "true"}});
    ASSERT_TRUE(found.materials) << found.error;
    EXPECT_EQ(found.materials->list.size(), 3U);
    EXPECT_GT(adjusted_rand_index(specimen.labels, labels_of(*found.materials)), 0.8);
}

TEST(ClusterStep, SaysWhatIsMissing) {
    PhaseScene const specimen = phase_scene({.size = {24, 20}});
    EXPECT_FALSE(clustered_with({}, {}).materials);
    Scene blank = scene_of(specimen);
    for (Channel& channel : blank.channels)
        channel.planes = {std::make_shared<Plane const>(test::plane_of({24, 20}, [](int, int) { return 0; }))};
    EXPECT_NE(clustered_with(blank, {}).error.find("no counts"), std::string::npos);
    EXPECT_NE(clustered_with(scene_of(specimen), {{"materials", "A O:2"}}).error.find("materials"), std::string::npos);
    Outcome const stray = clustered_with(scene_of(specimen), {{"brush", "Nobody: 3,3,2"}});
    EXPECT_TRUE(std::any_of(stray.notes.begin(), stray.notes.end(), [](Note const& note) {
        return note.key == "warning" && note.text.find("Nobody") != std::string::npos;
    }));
}

} // namespace
} // namespace mg
