#include "ops/material_colours.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "math/colour.h"
#include "math/random.h"

namespace mg {
namespace {

std::vector<double> random_distances(int n, std::uint64_t seed) {
    Random random(seed);
    std::vector<double> distances(static_cast<std::size_t>(n * n), 0);
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < i; ++j)
            distances[static_cast<std::size_t>(i * n + j)] = distances[static_cast<std::size_t>(j * n + i)] =
                random.uniform(0.1, 1);
    return distances;
}
/// Distances along the chord between points of a circle, the points in a shuffled order.
std::vector<double> ring_distances(int n) {
    std::vector<double> distances;
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j)
            distances.push_back(std::fabs(std::sin(3.14159265358979 * ((i * 7) % n - (j * 7) % n) / n)));
    return distances;
}
bool is_permutation_of(std::vector<int> order, int n) {
    std::sort(order.begin(), order.end());
    std::vector<int> all(static_cast<std::size_t>(n));
    std::iota(all.begin(), all.end(), 0);
    return order == all;
}

TEST(MaterialColours, OrderIsTheOptimumOfAllOrders) {
    for (int n = 1; n <= 8; ++n)
        for (bool cyclic : {false, true}) {
            std::vector<double> const distances = random_distances(n, 10U + static_cast<unsigned>(n));
            std::vector<int> order(static_cast<std::size_t>(n));
            std::iota(order.begin(), order.end(), 0);
            double least = 1e9;
            do least = std::min(least, order_length(distances, n, order, cyclic));
            while (std::next_permutation(order.begin(), order.end()));
            std::vector<int> const found = shortest_order(distances, n, cyclic);
            ASSERT_TRUE(is_permutation_of(found, n));
            EXPECT_NEAR(order_length(distances, n, found, cyclic), least, 1e-12) << n << (cyclic ? " cyclic" : "");
        }
}

TEST(MaterialColours, OrderOfTwelveHasTheLengthOfAnIndependentProgram) {
    // Bellman's recursion in Python, over the same distances.
    std::vector<double> distances;
    for (int i = 0; i < 12; ++i)
        for (int j = 0; j < 12; ++j) distances.push_back(i == j ? 0 : ((i * j * 7 + (i + j) * 13) % 97 + 1) / 10.0);
    EXPECT_NEAR(order_length(distances, 12, shortest_order(distances, 12, true), true), 16.1, 1e-9);
    EXPECT_NEAR(order_length(distances, 12, shortest_order(distances, 12, false), false), 11.6, 1e-9);
}

TEST(MaterialColours, LongOrdersFindARing) {
    for (int n : {13, 15, 24, 40}) {
        std::vector<double> const distances = ring_distances(n);
        double const step = std::sin(3.14159265358979 / n);
        std::vector<int> const closed = shortest_order(distances, n, true), open = shortest_order(distances, n, false);
        ASSERT_TRUE(is_permutation_of(closed, n) && is_permutation_of(open, n));
        EXPECT_NEAR(order_length(distances, n, closed, true), n * step, 1e-9) << n;
        EXPECT_NEAR(order_length(distances, n, open, false), (n - 1) * step, 1e-9) << n;
    }
}

TEST(MaterialColours, LongOrdersAreNearTheOptimum) {
    // No worse than the exact method on the part of it that both can do: fifteen items of which one is a double.
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        std::vector<double> const small = random_distances(14, seed);
        std::vector<double> doubled(15 * 15, 0);
        for (int i = 0; i < 15; ++i)
            for (int j = 0; j < 15; ++j)
                doubled[static_cast<std::size_t>(i * 15 + j)] =
                    small[static_cast<std::size_t>(std::min(i, 13) * 14 + std::min(j, 13))];
        double const exact = order_length(small, 14, shortest_order(small, 14, true), true);
        double const found = order_length(doubled, 15, shortest_order(doubled, 15, true), true);
        EXPECT_GE(found, exact - 1e-9);
        EXPECT_LE(found, exact * 1.05);
    }
}

TEST(MaterialColours, OrderBeginsTheSameWay) {
    std::vector<double> const distances = random_distances(9, 3);
    std::vector<int> const closed = shortest_order(distances, 9, true), open = shortest_order(distances, 9, false);
    EXPECT_EQ(closed.front(), 0);
    EXPECT_LT(closed[1], closed.back());
    EXPECT_LT(open.front(), open.back());
}

TEST(MaterialColours, DistancesAreHellingersOfShares) {
    std::vector<std::vector<double>> const compositions{{2, 3, 5}, {60, 40, 0}, {0, 0, 0}};
    std::vector<double> const d = composition_distances(compositions);
    EXPECT_NEAR(d[1], 0.5542379245165826, 1e-12); // numpy: norm(sqrt(p) - sqrt(q)) / sqrt(2)
    EXPECT_EQ(d[1], d[3]);
    EXPECT_EQ(d[0], 0);
    EXPECT_NEAR(d[2], std::sqrt(0.5), 1e-12) << "nothing is unlike everything";
}

std::vector<MaterialColourRequest> requests_of(std::vector<std::vector<double>> const& compositions) {
    std::vector<MaterialColourRequest> requests;
    for (auto const& composition : compositions) requests.push_back({composition, std::nullopt});
    return requests;
}
std::vector<MaterialColourRequest> varied(int n) {
    std::vector<std::vector<double>> compositions;
    Random random(77);
    for (int i = 0; i < n; ++i) {
        std::vector<double> composition;
        for (int e = 0; e < 6; ++e) {
            double const v = random.uniform();
            composition.push_back(v * v * v);
        }
        compositions.push_back(composition);
    }
    return requests_of(compositions);
}
struct Polar {
    double lightness, chroma, hue;
};
Polar polar(Rgb colour) {
    Triple const lab = oklab_from_linear(linear_from_srgb(colour));
    return {lab[0], std::sqrt(lab[1] * lab[1] + lab[2] * lab[2]), hue_deg(lab[1], lab[2])};
}
double hue_apart(double a, double b) {
    double const d = std::fabs(a - b);
    return std::min(d, 360 - d);
}

TEST(MaterialColours, EvenColoursHaveOneLightnessAndChroma) {
    for (int n : {1, 2, 5, 12, 40}) {
        MaterialColours const made = material_colours(varied(n), MaterialPalette::even);
        ASSERT_EQ(made.colours.size(), static_cast<std::size_t>(n));
        for (Rgb colour : made.colours) {
            EXPECT_NEAR(polar(colour).lightness, 0.74, 1e-4);
            EXPECT_NEAR(polar(colour).chroma, 0.125, 1e-4);
        }
        EXPECT_EQ(made.closest.size(), n < 2 ? 0U : 4U);
    }
}

TEST(MaterialColours, LikeCompositionsGetLikeHuesThatStayApart) {
    // Two pairs of near twins.
    MaterialColours const made =
        material_colours(requests_of({{10, 1, 0, 0}, {0, 0, 9, 2}, {9, 2, 0, 0}, {0, 0, 8, 3}}), MaterialPalette::even);
    std::vector<double> hues;
    for (Rgb colour : made.colours) hues.push_back(polar(colour).hue);
    double const twins = hue_apart(hues[0], hues[2]), others = hue_apart(hues[1], hues[3]);
    EXPECT_NEAR(twins, 0.6 * 90, 15);
    EXPECT_NEAR(others, 0.6 * 90, 15);
    EXPECT_GE(std::min(twins, others), 0.6 * 90 - 0.5) << "told apart all the same";
    EXPECT_GT(hue_apart(hues[0], hues[1]), 80);
    EXPECT_GT(made.closest[0].difference, 10);
}

TEST(MaterialColours, GapsFollowTheOrderAllAroundTheCircle) {
    MaterialColours const made = material_colours(varied(9), MaterialPalette::even);
    double turns = 0;
    for (std::size_t i = 0; i < 9; ++i) {
        double const gap = polar(made.colours[static_cast<std::size_t>(made.order[(i + 1) % 9])]).hue -
                           polar(made.colours[static_cast<std::size_t>(made.order[i])]).hue;
        double const forward = gap < 0 ? gap + 360 : gap;
        EXPECT_GE(forward, 0.6 * 40 - 0.5);
        turns += forward;
    }
    EXPECT_NEAR(turns, 360, 0.01);
}

TEST(MaterialColours, PickedColoursStayAndOthersKeepAway) {
    for (MaterialPalette palette : {MaterialPalette::even, MaterialPalette::safe, MaterialPalette::classic})
        for (int n : {2, 5, 8}) {
            std::vector<MaterialColourRequest> requests = varied(n);
            Rgb const red{0.9F, 0.2F, 0.15F}, grey{0.5F, 0.5F, 0.5F};
            requests[1].picked = red;
            if (n > 2) requests[3].picked = grey;
            MaterialColours const made = material_colours(requests, palette);
            EXPECT_EQ(made.colours[1], red);
            for (std::size_t i = 0; i < made.colours.size(); ++i)
                for (std::size_t j : {std::size_t{1}, std::size_t{3}})
                    if (i != j && j < made.colours.size() && !(i == 3 && j == 1) && !(i == 1 && j == 3))
                        EXPECT_GT(ciede2000(cielab_from_srgb(made.colours[i]), cielab_from_srgb(made.colours[j])), 9)
                            << n << ": " << i << ", " << j;
        }
}

TEST(MaterialColours, OrderRunsOnThroughAPickedColour) {
    // A row of five compositions: with the middle one picked, its neighbours in the order are its neighbours in hue.
    std::vector<MaterialColourRequest> requests = requests_of({{10, 0, 0}, {7, 3, 0}, {2, 8, 0}, {0, 6, 4}, {0, 1, 9}});
    requests[2].picked = Rgb{0.2F, 0.4F, 0.95F};
    MaterialColours const made = material_colours(requests, MaterialPalette::even);
    double const own = polar(*requests[2].picked).hue;
    for (std::size_t near : {std::size_t{1}, std::size_t{3}})
        for (std::size_t far : {std::size_t{0}, std::size_t{4}})
            EXPECT_LT(hue_apart(own, polar(made.colours[near]).hue), hue_apart(own, polar(made.colours[far]).hue));
}

TEST(MaterialColours, SafeColoursAreToldApartByAnyEye) {
    for (int n = 2; n <= 8; ++n) {
        MaterialColours const made = material_colours(varied(n), MaterialPalette::safe);
        ASSERT_EQ(made.closest.size(), 4U);
        for (auto const& closest : made.closest) {
            EXPECT_GT(closest.difference, 17) << n;
            EXPECT_NE(closest.first, closest.second);
        }
    }
    EXPECT_EQ(material_colours(varied(9), MaterialPalette::safe).colours,
              material_colours(varied(9), MaterialPalette::even).colours);
}

TEST(MaterialColours, ClassicColoursAreEvenHuesOfTheOrder) {
    MaterialColours const made = material_colours(varied(3), MaterialPalette::classic);
    EXPECT_EQ(made.colours[static_cast<std::size_t>(made.order[0])], (Rgb{1, 0, 0}));
    EXPECT_EQ(made.colours[static_cast<std::size_t>(made.order[1])], (Rgb{0, 1, 0}));
    EXPECT_EQ(made.colours[static_cast<std::size_t>(made.order[2])], (Rgb{0, 0, 1}));
}

TEST(MaterialColours, ClosestAreThoseThatLookAlike) {
    std::vector<MaterialColourRequest> requests = varied(3);
    requests[0].picked = Rgb{0.8F, 0.1F, 0.1F};
    requests[1].picked = Rgb{0.35F, 0.35F, 0.05F}; // alike without red receptors
    requests[2].picked = Rgb{0.2F, 0.3F, 1};
    MaterialColours const made = material_colours(requests, MaterialPalette::even);
    EXPECT_EQ(made.closest[1].first, 0);
    EXPECT_EQ(made.closest[1].second, 1);
    EXPECT_LT(made.closest[1].difference, made.closest[0].difference);
}

TEST(MaterialColours, NothingIsNoError) {
    EXPECT_TRUE(material_colours({}, MaterialPalette::even).colours.empty());
    MaterialColours const made = material_colours(requests_of({{0, 0}, {0, 0}, {0, 0}}), MaterialPalette::even);
    EXPECT_EQ(made.colours.size(), 3U);
    EXPECT_GT(made.closest[0].difference, 20) << "materials without counts still get colours of their own";
}

} // namespace
} // namespace mg
