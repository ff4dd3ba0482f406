#include "ops/spread.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "math/random.h"
#include "support/plane_maker.h"

namespace mg {
namespace {

using test::plane_of;

constexpr int k_finer = 6; ///< image pixels per map pixel

/// A scene with a known border: which material is at a place of the image.
struct Truth {
    Size map{40, 30};
    int (*material)(double x, double y) = nullptr;
    int materials = 2;

    Size size() const { return {map.width * k_finer, map.height * k_finer}; }
    Affine to_map() const {
        double const s = 1.0 / k_finer;
        return {s, 0, (s - 1) / 2, 0, s, (s - 1) / 2};
    }
    /// 1 for the material that most of the map pixel is of.
    std::vector<Plane> memberships() const {
        std::vector<Plane> planes;
        for (int k = 0; k < materials; ++k)
            planes.push_back(plane_of(map, [&](int x, int y) {
                std::vector<int> votes(static_cast<std::size_t>(materials), 0);
                for (int v = 0; v < k_finer; ++v)
                    for (int u = 0; u < k_finer; ++u)
                        ++votes[static_cast<std::size_t>(material(x * k_finer + u, y * k_finer + v))];
                return std::max_element(votes.begin(), votes.end()) - votes.begin() == k ? 1 : 0;
            }));
        return planes;
    }
    /// Grey of each material, noise, and a line of another brightness along the borders.
    Plane image(std::vector<double> const& greys, double line = 0, double noise = 0.02) const {
        Random random(5);
        return plane_of(size(), [&](int x, int y) {
            double sum = 0;
            int near = 0;
            for (int v = -1; v <= 1; ++v)
                for (int u = -1; u <= 1; ++u) {
                    sum += greys[static_cast<std::size_t>(material(x + u, y + v))] / 9;
                    near += material(x + u, y + v) != material(x, y) ? 1 : 0;
                }
            return sum + (near > 0 ? line : 0) + noise * random.uniform(-1.7, 1.7);
        });
    }
    double wrong(SpreadMap const& made) const {
        std::int64_t wrong = 0;
        for (int y = 0; y < made.size().height; ++y)
            for (int x = 0; x < made.size().width; ++x)
                wrong += made.first.at(x, y) != k_no_material && made.first.at(x, y) != material(x, y) ? 1 : 0;
        return static_cast<double>(wrong) / static_cast<double>(made.size().area());
    }
};
int wave(double x, double y) {
    return x > 118 + 25 * std::sin(y / 28) ? 1 : 0;
}
int three(double x, double y) {
    if (x < 110) return y < 95 ? 0 : 2;
    return std::hypot(x - 180, y - 90) < 30 ? 1 : 2;
}

std::vector<ImageView<float const>> views(std::vector<Plane> const& planes) {
    std::vector<ImageView<float const>> result;
    for (Plane const& plane : planes) result.push_back(plane.view());
    return result;
}
SpreadMap spread(std::vector<Plane> const& memberships, Plane const& image, Projective const& to_map,
                 SpreadSettings const& settings = {}) {
    Work work;
    auto made = spread_memberships(views(memberships), image.view(), to_map, settings, work);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made ? std::move(made).value() : SpreadMap{};
}
SpreadMap spread(Truth const& truth, Plane const& image, SpreadSettings const& settings = {}) {
    return spread(truth.memberships(), image, truth.to_map(), settings);
}
bool same(SpreadMap const& a, SpreadMap const& b) {
    auto const equal = [](Image<std::uint8_t> const& p, Image<std::uint8_t> const& q) {
        return p.size() == q.size() && std::memcmp(p.data(), q.data(), static_cast<std::size_t>(p.size().area())) == 0;
    };
    return equal(a.first, b.first) && equal(a.second, b.second) && equal(a.share, b.share);
}

TEST(SpreadMaterials, BordersGoToTheEdgesOfTheImage) {
    Truth const truth{.material = wave};
    Plane const image = truth.image({0.3, 0.5});
    double const nearest = truth.wrong(spread(truth, image, {.method = SpreadMethod::nearest}));
    double const linear = truth.wrong(spread(truth, image, {.method = SpreadMethod::linear}));
    double const guided = truth.wrong(spread(truth, image));
    EXPECT_GT(nearest, 0.004);
    EXPECT_LT(linear, nearest);
    EXPECT_LT(guided, 0.5 * linear) << guided << " of " << linear;
}

TEST(SpreadMaterials, BrightOrDarkLinesAreEdgesToo) {
    Truth const truth{.material = wave};
    for (double line : {0.25, -0.25}) {
        Plane const image = truth.image({0.4, 0.4}, line);
        double const linear = truth.wrong(spread(truth, image, {.method = SpreadMethod::linear}));
        EXPECT_LT(truth.wrong(spread(truth, image)), 0.6 * linear) << line;
    }
}

TEST(SpreadMaterials, AMapShiftedByHalfAPixelIsCorrectedByTheImage) {
    Truth const truth{.material = wave};
    Plane const image = truth.image({0.25, 0.55});
    Affine shifted = truth.to_map();
    shifted.tx += 0.5;
    SpreadMap const linear = spread(truth.memberships(), image, shifted, {.method = SpreadMethod::linear});
    SpreadMap const guided = spread(truth.memberships(), image, shifted);
    EXPECT_LT(truth.wrong(guided), 0.35 * truth.wrong(linear));
}

TEST(SpreadMaterials, WithoutEdgesBordersAreSmoothAndWhereTheMapsHaveThem) {
    Truth const truth{.material = wave};
    Plane const image = plane_of(truth.size(), [](int, int) { return 0.5; });
    double const linear = truth.wrong(spread(truth, image, {.method = SpreadMethod::linear}));
    EXPECT_LT(truth.wrong(spread(truth, image)), linear * 1.02);
}

TEST(SpreadMaterials, NoThirdMaterialAppearsBetweenTwo) {
    Truth const truth{.material = three, .materials = 3};
    SpreadMap const made = spread(truth, truth.image({0.2, 0.4, 0.7}));
    // Material 1 is an island far from where 0 and 2 meet.
    for (int y = 0; y < made.size().height; ++y)
        for (int x = 0; x < 135; ++x) {
            ASSERT_NE(made.first.at(x, y), 1) << x << ", " << y;
            ASSERT_NE(made.second.at(x, y), 1) << x << ", " << y;
        }
    EXPECT_EQ(made.first.at(180, 90), 1);
    EXPECT_LT(truth.wrong(made), 0.004);
}

TEST(SpreadMaterials, SharesAreOfTheFirstOfTwo) {
    Truth const truth{.material = wave};
    SpreadMap const made = spread(truth, truth.image({0.3, 0.5}));
    std::int64_t mixed = 0;
    for (std::int64_t i = 0; i < made.size().area(); ++i) {
        int const share = made.share.data()[i];
        ASSERT_GE(share, 128);
        ASSERT_EQ(made.first.data()[i] == made.second.data()[i], share == 255);
        mixed += share < 255 ? 1 : 0;
    }
    // A border of 180 rows, not quite upright, one to three pixels wide.
    EXPECT_GT(mixed, 180);
    EXPECT_LT(mixed, 180 * 5);
    SpreadMap const soft = spread(truth, truth.image({0.3, 0.5}), {.sharpness = 0});
    std::int64_t wide = 0;
    for (std::int64_t i = 0; i < soft.size().area(); ++i) wide += soft.share.data()[i] < 255 ? 1 : 0;
    EXPECT_GT(wide, 2 * mixed);
}

TEST(SpreadMaterials, LinearInterpolatesTheMemberships) {
    std::vector<Plane> planes;
    planes.push_back(plane_of({2, 1}, [](int x, int) { return x == 0 ? 1 : 0.2; }));
    planes.push_back(plane_of({2, 1}, [](int x, int) { return x == 0 ? 0 : 0.8; }));
    Plane const image = plane_of({5, 1}, [](int, int) { return 0.5; });
    SpreadMap const made = spread(planes, image, Affine{0.25, 0, 0, 0, 1, 0}, {.method = SpreadMethod::linear});
    EXPECT_EQ(made.first.at(0, 0), 0);
    EXPECT_EQ(made.share.at(0, 0), 255);
    EXPECT_NEAR(made.share.at(1, 0) / 255.0, 0.8, 0.003);
    EXPECT_NEAR(made.share.at(2, 0) / 255.0, 0.6, 0.003);
    EXPECT_EQ(made.first.at(3, 0), 1);
    EXPECT_NEAR(made.share.at(3, 0) / 255.0, 0.6, 0.003);
    EXPECT_EQ(made.second.at(3, 0), 0);
}

/// Image pixels of a material that has a rectangle of map pixels, relative to that; the image has a brighter patch
/// there.
double kept_of_island(Size island, double contrast) {
    Truth const truth{.material = wave};
    Rect const place{11, 13, island.width, island.height};
    auto const inside = [&](int x, int y) {
        return x >= place.x && x < place.x + place.width && y >= place.y && y < place.y + place.height;
    };
    std::vector<Plane> planes;
    for (bool own : {false, true})
        planes.push_back(plane_of(truth.map, [&](int x, int y) { return inside(x, y) == own ? 1 : 0; }));
    Plane const image =
        plane_of(truth.size(), [&](int x, int y) { return inside(x / k_finer, y / k_finer) ? 0.5 + contrast : 0.5; });
    SpreadMap const made = spread(planes, image, truth.to_map());
    double count = 0;
    for (std::int64_t i = 0; i < made.size().area(); ++i) count += made.first.data()[i];
    return count / static_cast<double>(island.area() * k_finer * k_finer);
}

TEST(SpreadMaterials, SmallIslandsAreKept) {
    for (Size island : {Size{2, 2}, Size{3, 3}, Size{5, 5}, Size{1, 8}, Size{8, 1}, Size{2, 6}}) {
        EXPECT_NEAR(kept_of_island(island, 0.3), 1, 0.25) << island.width << " x " << island.height;
        EXPECT_NEAR(kept_of_island(island, 0), 1, 0.35)
            << island.width << " x " << island.height << ", invisible in the image";
    }
}

TEST(SpreadMaterials, BeyondTheMapsThereIsNoMaterial) {
    Truth const truth{.material = wave};
    // The maps begin 10 px in and 20 px down.
    Projective const to_map = Projective(truth.to_map()).after(Affine::translation(-10, -20));
    for (SpreadMethod method : {SpreadMethod::guided, SpreadMethod::linear, SpreadMethod::nearest}) {
        SpreadMap const made = spread(truth.memberships(), truth.image({0.3, 0.5}), to_map, {.method = method});
        EXPECT_EQ(made.first.at(9, 100), k_no_material);
        EXPECT_EQ(made.share.at(9, 100), 0);
        EXPECT_EQ(made.first.at(10, 100), 0);
        EXPECT_EQ(made.first.at(100, 19), k_no_material);
        EXPECT_NE(made.first.at(100, 20), k_no_material);
        EXPECT_EQ(made.to_maps, to_map);
    }
}

TEST(SpreadMaterials, WhereTheMapsHoldNothingThereIsNoMaterial) {
    Truth const truth{.material = wave};
    std::vector<Plane> planes = truth.memberships();
    for (Plane& plane : planes)
        for (int y = 10; y < 15; ++y)
            for (int x = 0; x < 8; ++x) plane.at(x, y) = 0;
    SpreadMap const made = spread(planes, truth.image({0.3, 0.5}), truth.to_map());
    EXPECT_EQ(made.first.at(20, 75), k_no_material);
    EXPECT_EQ(made.first.at(20, 59), 0);
    EXPECT_EQ(made.first.at(48, 75), 0);
}

TEST(SpreadMaterials, IsTheSameWhoeverRunsTheParts) {
    struct Backwards : Work {
        void for_each(std::size_t count, std::function<void(std::size_t)> const& part) override {
            for (std::size_t i = count; i > 0; --i) part(i - 1);
        }
    } backwards;
    Truth const truth{.material = three, .materials = 3};
    std::vector<Plane> const planes = truth.memberships();
    Plane const image = truth.image({0.2, 0.4, 0.7});
    auto const made = spread_memberships(views(planes), image.view(), truth.to_map(), {}, backwards);
    ASSERT_TRUE(made);
    EXPECT_TRUE(same(*made, spread(truth, image)));
}

TEST(SpreadMaterials, SquaresOfTheComputationDoNotShow) {
    // The same picture begun 13 pixels later gives the same borders but for rounding.
    Truth const truth{.material = wave};
    Plane const image = truth.image({0.3, 0.5});
    SpreadMap const whole = spread(truth, image);
    Size const part{truth.size().width - 13, truth.size().height};
    Plane const cut = plane_of(part, [&](int x, int y) { return image.at(x + 13, y); });
    SpreadMap const shifted =
        spread(truth.memberships(), cut, Projective(truth.to_map()).after(Affine::translation(13, 0)));
    int different = 0;
    for (int y = 0; y < part.height; ++y)
        for (int x = 0; x < part.width; ++x) different += whole.first.at(x + 13, y) != shifted.first.at(x, y) ? 1 : 0;
    EXPECT_LT(different, 12) << "of a border of 180 px";
}

TEST(SpreadMaterials, AnySizeAndAnyMapOfThePlaneWorks) {
    for (Size map : test::k_odd_sizes)
        for (Size size : test::k_odd_sizes)
            for (SpreadMethod method : {SpreadMethod::guided, SpreadMethod::linear, SpreadMethod::nearest}) {
                std::vector<Plane> planes;
                for (int k = 0; k < 3; ++k)
                    planes.push_back(plane_of(map, [&](int x, int y) { return (x + y) % 3 == k ? 1 : 0; }));
                double const sx = static_cast<double>(map.width) / size.width;
                double const sy = static_cast<double>(map.height) / size.height;
                Projective const to_map({sx, 0.01, (sx - 1) / 2, -0.01, sy, (sy - 1) / 2}, 1e-5, -1e-5);
                SpreadMap const made =
                    spread(planes, plane_of(size, [](int x, int y) { return (x * 7 + y) % 5 / 5.0; }), to_map,
                           {.method = method, .radius_map_px = 4});
                ASSERT_EQ(made.size(), size);
                for (std::int64_t i = 0; i < size.area(); ++i)
                    ASSERT_TRUE(made.first.data()[i] < 3 || made.first.data()[i] == k_no_material);
            }
}

TEST(SpreadMaterials, RefusesWhatCannotBe) {
    Work work;
    Plane const image = plane_of({8, 8}, [](int, int) { return 0.5; });
    std::vector<Plane> planes;
    EXPECT_FALSE(spread_memberships({}, image.view(), Projective{}, {}, work));
    planes.push_back(plane_of({4, 4}, [](int, int) { return 1; }));
    EXPECT_FALSE(spread_memberships(views(planes), {}, Projective{}, {}, work));
    EXPECT_FALSE(spread_memberships(views(planes), image.view(), Affine{0, 0, 0, 0, 0, 0}, {}, work));
    for (Projective const& map : {Projective({1, 0, NAN, 0, 1, 0}), Projective({1, 0, 0, 0, 1, 0}, -0.2, 0),
                                  Projective({1, 0, 1e30, 0, 1, 0}), Projective({1, 0, 0, 0, 1, 0}, INFINITY, 0)})
        EXPECT_FALSE(spread_memberships(views(planes), image.view(), map, {}, work));
    planes.push_back(plane_of({4, 5}, [](int, int) { return 0; }));
    EXPECT_FALSE(spread_memberships(views(planes), image.view(), Projective{}, {}, work));
    struct Cancelled : Work {
        bool cancelled() const override { return true; }
    } cancelled;
    planes.pop_back();
    auto const stopped = spread_memberships(views(planes), image.view(), Projective{}, {}, cancelled);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
}

} // namespace
} // namespace mg
