#include "ops/clusters.h"

#include <cmath>
#include <gtest/gtest.h>

#include "support/phase_scene.h"

namespace mg {
namespace {

using test::adjusted_rand_index;
using test::overlap_of;
using test::phase_scene;
using test::PhaseScene;

Clusters clusters_of(PhaseScene const& scene, ClusterSettings const& settings,
                     std::vector<std::uint8_t> const& given = {}) {
    Work work;
    auto found = clustered(scene.views(), {}, given, settings, work);
    EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().message);
    return found ? std::move(found).value() : Clusters{};
}

// sklearn.cluster.KMeans(6, n_init=50).fit(P).inertia_ = 50.052589, with 4: 244.570068.
TEST(KMeans, FindsTheInertiaThatScikitLearnFinds) {
    std::vector<std::vector<float>> points(2);
    for (int i = 0; i < 300; ++i) {
        auto const part = [i](double step) { return std::fmod(i * step, 1.0); };
        points[0].push_back(static_cast<float>(part(0.6180339887498949) + 2 * (i % 3)));
        points[1].push_back(static_cast<float>(part(0.7548776662466927) + 3 * (i % 2)));
    }
    EXPECT_NEAR(k_means(points, {.count = 6, .starts = 10, .rounds = 50}).inertia, 50.052589, 1e-3);
    EXPECT_NEAR(k_means(points, {.count = 4, .starts = 60, .rounds = 50}).inertia, 244.570068, 1e-2);
}

TEST(KMeans, GivesNoMoreCentresThanDistinctPoints) {
    std::vector<std::vector<float>> const points{{1, 1, 5, 5, 9}, {2, 2, 0, 0, 3}};
    KMeansResult const result = k_means(points, {.count = 8});
    EXPECT_EQ(result.centres.size(), 6U);
    EXPECT_EQ(result.inertia, 0);
    EXPECT_EQ(k_means(std::vector<std::vector<float>>{{}, {}}, {.count = 3}).centres.size(), 0U);
}

TEST(Clusters, AreTheMaterialsOfTheSpecimen) {
    for (std::uint64_t const seed : {1U, 2U, 3U}) {
        PhaseScene const scene = phase_scene({.size = {160, 128}, .seed = seed});
        Clusters const found = clusters_of(scene, {.count = 4});
        EXPECT_GT(adjusted_rand_index(scene.labels, found.labels), 0.97) << seed;
        EXPECT_GT(overlap_of(scene.labels, 3, found.labels), 0.8) << "1 % of the area, " << seed;
        for (std::size_t k = 0; k < 4; ++k) {
            double least = 1e9;
            for (auto const& mean : found.means) {
                double off = 0;
                for (std::size_t e = 0; e < 4; ++e) off = std::fmax(off, std::fabs(mean[e] - scene.means[k][e]));
                least = std::fmin(least, off);
            }
            EXPECT_LT(least, k == 3 ? 1.5 : 0.4) << "material " << k;
        }
    }
}

TEST(Clusters, AreAsManyAsThereAre) {
    for (std::size_t const count : {2U, 3U, 4U}) {
        test::PhaseSceneSpec spec{.size = {160, 128}};
        spec.means.resize(count);
        Clusters const found = clusters_of(phase_scene(spec), {});
        EXPECT_EQ(found.proposed, static_cast<int>(count));
        EXPECT_EQ(found.means.size(), count);
        ASSERT_FALSE(found.curve.empty());
        EXPECT_EQ(found.curve.front().materials, 1);
        for (std::size_t i = 1; i < found.curve.size(); ++i)
            EXPECT_GT(found.curve[i].materials, found.curve[i - 1].materials);
    }
}

TEST(Clusters, ShadingIsNoMaterial) {
    PhaseScene const scene = phase_scene({.size = {160, 128}, .shading = 0.8});
    EXPECT_GT(adjusted_rand_index(scene.labels, clusters_of(scene, {.count = 4}).labels), 0.96);
    EXPECT_EQ(clusters_of(scene, {}).proposed, 4);
    EXPECT_GT(
        adjusted_rand_index(scene.labels, clusters_of(scene, {.count = 4, .brightness = Brightness::ignored}).labels),
        0.9);
}

// Two materials of the same ratios, one three times as dense.
TEST(Clusters, BrightnessIsIgnoredWhenAsked) {
    PhaseScene const scene = phase_scene({.size = {160, 128}, .means = {{2, 1, 4}, {6, 3, 12}, {9, 9, 1}}});
    Clusters const told = clusters_of(scene, {.count = 3, .brightness = Brightness::recorded});
    EXPECT_GT(adjusted_rand_index(scene.labels, told.labels), 0.97);
    std::vector<std::uint8_t> merged = scene.labels;
    for (std::uint8_t& label : merged) label = label == 1 ? 0 : label;
    Clusters const ignored = clusters_of(scene, {.count = 2, .brightness = Brightness::ignored});
    EXPECT_GT(adjusted_rand_index(merged, ignored.labels), 0.95);
}

TEST(Clusters, LockedOnesStayAndBrushedPixelsAreTheirs) {
    PhaseScene const scene = phase_scene({.size = {96, 80}});
    std::vector<double> const locked{3.1, 3.2, 6.9, 1.05};
    std::vector<std::uint8_t> given(scene.labels.size(), 0);
    for (std::size_t p = 40; p < 50; ++p) given[p] = 1;
    Clusters const found = clusters_of(scene, {.count = 4, .fixed = {{locked, true}}}, given);
    ASSERT_EQ(found.means.size(), 4U);
    for (std::size_t e = 0; e < 4; ++e) EXPECT_NEAR(found.means[0][e], locked[e], 1e-5);
    for (std::size_t p = 40; p < 50; ++p) {
        EXPECT_EQ(found.labels[p], 0);
        EXPECT_EQ(found.memberships[0][p], 1);
    }
    std::vector<std::uint8_t> is_two;
    for (std::uint8_t const label : scene.labels) is_two.push_back(label == 2 ? 1 : 0);
    EXPECT_GT(overlap_of(is_two, 1, found.labels), 0.9);
}

TEST(Clusters, MembershipsSumToOne) {
    PhaseScene const scene = phase_scene({});
    Clusters const found = clusters_of(scene, {.count = 4});
    for (std::size_t p = 0; p < scene.labels.size(); ++p) {
        float sum = 0, own = found.memberships[found.labels[p]][p];
        for (auto const& plane : found.memberships) sum += plane[p];
        ASSERT_NEAR(sum, 1, 1e-4);
        ASSERT_GT(own, 0.1F);
    }
}

TEST(Clusters, AreTheSameHoweverTheWorkIsShared) {
    class Backwards : public Work {
        void for_each(std::size_t count, std::function<void(std::size_t)> const& part) override {
            while (count > 0) part(--count);
        }
    } backwards;
    PhaseScene const scene = phase_scene({});
    auto const other = clustered(scene.views(), {}, {}, {.count = 4}, backwards);
    Clusters const found = clusters_of(scene, {.count = 4});
    ASSERT_TRUE(other.has_value());
    EXPECT_EQ(other->labels, found.labels);
    EXPECT_EQ(other->memberships, found.memberships);
    EXPECT_EQ(other->means, found.means);
}

// Above 80 000 pixels the fit is on binned counts; the labels are of the full resolution all the same.
TEST(Clusters, OfLargeMapsAreRefinedLevelByLevel) {
    PhaseScene const scene = phase_scene({.size = {420, 340}, .blur_px = 1.0});
    Clusters const found = clusters_of(scene, {.count = 4});
    EXPECT_GT(adjusted_rand_index(scene.labels, found.labels), 0.985);
}

TEST(Clusters, LeaveMaskedPixelsOut) {
    PhaseScene scene = phase_scene({});
    Mask mask = std::move(Mask::filled(scene.size, 0)).value();
    for (int y = 30; y < 38; ++y)
        for (int x = 20; x < 60; ++x) {
            mask.at(x, y) = 1;
            for (Plane& plane : scene.counts) plane.at(x, y) = 500; // burned-in text
        }
    Work work;
    auto const found = clustered(scene.views(), mask.view(), {}, {.count = 4}, work);
    ASSERT_TRUE(found.has_value());
    std::vector<std::uint8_t> truth, labels;
    for (std::size_t p = 0; p < scene.labels.size(); ++p) {
        bool const masked = mask.data()[p] != 0;
        EXPECT_EQ(found->labels[p] == k_no_material, masked);
        if (masked) continue;
        truth.push_back(scene.labels[p]);
        labels.push_back(found->labels[p]);
    }
    EXPECT_GT(adjusted_rand_index(truth, labels), 0.93);
}

TEST(Clusters, OfOddMapsAreAResultOrAnError) {
    Work work;
    auto const empty = clustered({}, {}, {}, {}, work);
    EXPECT_FALSE(empty.has_value());
    for (Size const size : test::k_odd_sizes) {
        Plane const some = test::plane_of(size, [](int x, int y) { return (x * 7 + y * 3) % 5; });
        Plane const none = test::plane_of(size, [](int, int) { return 0; });
        Plane const wild = test::plane_of(size, [](int x, int y) {
            return (x + y) % 3 == 0 ? -1e30 : x % 2 ? 1e30 : std::nan("");
        });
        for (int const count : {0, 1, 3, 40}) {
            auto const found =
                clustered(std::vector{some.view(), none.view(), wild.view()}, {}, {}, {.count = count}, work);
            if (!found) continue;
            EXPECT_EQ(found->labels.size(), static_cast<std::size_t>(size.area()));
            for (std::uint8_t const label : found->labels) EXPECT_LT(label, found->means.size());
        }
        auto const blank = clustered(std::vector{none.view()}, {}, {}, {}, work);
        ASSERT_FALSE(blank.has_value());
        EXPECT_NE(blank.error().message.find("no counts"), std::string::npos);
    }
}

TEST(Clusters, StopWhenAsked) {
    class Stopped : public Work {
        bool cancelled() const override { return true; }
    } stopped;
    PhaseScene const scene = phase_scene({});
    auto const found = clustered(scene.views(), {}, {}, {.count = 4}, stopped);
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().code, ErrorCode::cancelled);
}

TEST(OriginalClusters, TellStrongMaterialsApart) {
    PhaseScene const scene = phase_scene({.size = {160, 128}, .means = {{40, 2, 9}, {3, 44, 9}, {8, 9, 50}}});
    std::vector<int> const levels{60, 60, 60};
    auto const found = clustered_as_originally(scene.views(), levels, 3, 0);
    ASSERT_TRUE(found.has_value());
    EXPECT_GT(adjusted_rand_index(scene.labels, found->labels), 0.85);
    EXPECT_EQ(found->means.size(), 3U);
}

} // namespace
} // namespace mg
