// Element maps and Lab images of an endless scene of three materials, over an SE image of it, by known maps.
#include "ops/map_registration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ops/map_registration_start.h"
#include "support/plane_maker.h"
#include "support/texture.h"

namespace mg::test {
namespace {

constexpr Size k_se{560, 400}, k_lab{112, 80};
constexpr double k_aspect = 1.1; ///< of the SE image's pixels

/// What is at a place of the scene, in pixels of the SE image.
class Specimen {
public:
    explicit Specimen(std::uint64_t seed) : m_first(seed, 40, 160, 12), m_second(seed + 1, 30, 120, 12) {}
    int material(Point p) const {
        Point const q{p.x, p.y * k_aspect};
        return m_first(q) > 0.5 ? 1 : m_second(q) > 0.6 ? 2 : 0;
    }
    double brightness(Point p) const { return std::array{0.35, 0.8, 0.55}[static_cast<std::size_t>(material(p))]; }

private:
    Texture m_first, m_second;
};

/// Of Specimen(3).
Plane const& the_se_image() {
    static Plane const made = [] {
        Specimen const specimen(3);
        Random random(1);
        return plane_of(k_se, [&](int x, int y) {
            return specimen.brightness({double(x), double(y)}) + 0.04 * random.gaussian();
        });
    }();
    return made;
}

/// Means of value(place) over the area of each pixel.
template <class Value>
Plane seen(Size size, Affine const& to_se, Value value) {
    return plane_of(size, [&](int x, int y) {
        double sum = 0;
        for (int j = 0; j < 3; ++j)
            for (int i = 0; i < 3; ++i) sum += value(to_se({x + (i - 1) / 3.0, y + (j - 1) / 3.0}));
        return sum / 9;
    });
}

Plane lab_image(Specimen const& specimen, Affine const& to_se, double noise = 0.03, std::uint64_t seed = 2) {
    Random random(seed);
    Plane plane = seen(k_lab, to_se, [&](Point p) { return specimen.brightness(p); });
    for (std::int64_t i = 0; i < k_lab.area(); ++i) plane.data()[i] += static_cast<float>(noise * random.gaussian());
    return plane;
}

/// Counts of three elements, with noise of about their square root.
std::vector<Plane> element_maps(Specimen const& specimen, Affine const& to_se, Size size = k_lab) {
    Random random(7);
    std::vector<Plane> maps;
    for (int element = 0; element < 3; ++element) {
        Plane plane = seen(size, to_se, [&](Point p) { return specimen.material(p) == element ? 4.0 : 0.4; });
        for (std::int64_t i = 0; i < size.area(); ++i) {
            double const mean = double(plane.data()[i]);
            double const counts = std::floor(mean + std::sqrt(mean) * random.gaussian() + 0.5);
            plane.data()[i] = static_cast<float>(std::max(counts, 0.0) / 12);
        }
        maps.push_back(std::move(plane));
    }
    return maps;
}

Affine scaled_and_shifted(double scale, Point shift, Size grid = k_lab) {
    return frame_map(grid, k_se, scale, shift);
}
/// With 1.5 degrees of turn and stretches that differ by 2 %.
Affine deformed() {
    Affine const plain = scaled_and_shifted(1.04, {0, 0});
    Affine const turn{1.01, -0.026 * k_aspect, 0, 0.026 / k_aspect, 0.99, 0};
    Point const c{(k_se.width - 1) / 2.0, (k_se.height - 1) / 2.0}, back = turn(c);
    return Affine{turn.a, turn.b, c.x - back.x + 12, turn.c, turn.d, c.y - back.y - 9}.after(plain);
}

MapRegistration registered(MapRegistrationInput input, MapRegistrationSettings const& settings = {}) {
    Work work;
    input.se_pixel_aspect = k_aspect;
    auto result = register_maps(input, settings, work);
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result ? std::move(result).value() : MapRegistration{};
}
MapRegistrationInput input_of(Plane const& se, Plane const& lab) {
    MapRegistrationInput input;
    input.se = se.view();
    input.lab = lab.view();
    return input;
}
void add(MapRegistrationInput& input, std::vector<Plane> const& maps) {
    for (Plane const& map : maps) input.maps.push_back(map.view());
}

/// rms over corners and centre, in SE pixels' widths.
double error_px(Projective const& found, Affine const& truth, Size size = k_lab) {
    double sum = 0;
    double const right = size.width - 1, bottom = size.height - 1;
    Point const points[] = {{0, 0}, {right, 0}, {0, bottom}, {right, bottom}, {right / 2, bottom / 2}};
    for (Point const& p : points) {
        Point const a = found(p), b = truth(p);
        double const dx = a.x - b.x, dy = (a.y - b.y) * k_aspect;
        sum += dx * dx + dy * dy;
    }
    return std::sqrt(sum / 5);
}

TEST(MapRegistrationTest, FindsScaleAndShiftAndKeepsThemPlain) {
    Specimen const specimen(3);
    Plane const& se = the_se_image();
    for (double const scale : {0.86, 1.04, 1.22}) {
        Affine const truth = scaled_and_shifted(scale, {17.3, -11.6});
        MapRegistration const found = registered(input_of(se, lab_image(specimen, truth)));
        EXPECT_EQ(found.trust, Trust::accepted) << scale << " " << found.reason;
        EXPECT_LT(error_px(found.to_se, truth), 0.15) << scale;
        EXPECT_NEAR(found.scale, scale, 0.001);
        EXPECT_EQ(found.to_se.affine.b, 0);
        EXPECT_EQ(found.to_se.affine.c, 0);
        EXPECT_EQ(found.source, "Lab image");
        EXPECT_EQ(found.reason, "");
        EXPECT_GT(found.residual_px, 0.005);
        EXPECT_LT(found.residual_px, 0.3);
    }
}

TEST(MapRegistrationTest, FindsAnAffineMapWhateverTheContrast) {
    Specimen const specimen(3);
    Plane const& se = the_se_image();
    Affine const truth = deformed();
    Plane const same = lab_image(specimen, truth);
    auto const recast = [&](auto value) {
        return plane_of(k_lab, [&](int x, int y) { return value(double(same.at(x, y))); });
    };
    Plane const inverted = recast([](double v) { return 1 - v; });
    Plane const folded = recast([](double v) { return (v - 0.6) * (v - 0.6); });
    // Shading of one of the scans.
    Plane const shaded = plane_of(
        k_lab, [&](int x, int y) { return double(same.at(x, y)) + 0.25 * x / k_lab.width - 0.15 * y / k_lab.height; });
    for (Plane const* lab : {&same, &inverted, &folded, &shaded}) {
        MapRegistration const found = registered(input_of(se, *lab));
        EXPECT_EQ(found.trust, Trust::accepted) << found.reason;
        EXPECT_LT(error_px(found.to_se, truth), 0.3);
    }
    // Without shear: what cannot be met stays as an error of some pixels.
    MapRegistration const turned = registered(input_of(se, same), {.motion = Motion::similarity});
    Affine const& map = turned.to_se.affine;
    double const along = map.a * k_lab.width / k_se.width, across = map.d * k_lab.height / k_se.height;
    EXPECT_NEAR(along, across, 1e-3);
    EXPECT_GT(error_px(turned.to_se, truth), 1);
    EXPECT_LT(error_px(turned.to_se, truth), 4);
}

TEST(MapRegistrationTest, ABinaryLabImageIsEnough) {
    Specimen const specimen(3);
    Plane const& se = the_se_image();
    Affine const truth = deformed();
    Plane const grey = lab_image(specimen, truth, 0.08);
    Plane const binary = plane_of(k_lab, [&](int x, int y) { return grey.at(x, y) > 0.5F ? 1 : 0; });
    MapRegistration const found = registered(input_of(se, binary));
    EXPECT_EQ(found.trust, Trust::accepted) << found.reason;
    EXPECT_LT(error_px(found.to_se, truth), 0.5);
}

TEST(MapRegistrationTest, RefusesWhatShowsAnotherPlace) {
    Plane const& se = the_se_image();
    Affine const truth = scaled_and_shifted(1.04, {5, 5});
    for (std::uint64_t const seed : {21, 41}) {
        Plane const other = lab_image(Specimen(seed), truth);
        MapRegistration const found = registered(input_of(se, other));
        EXPECT_EQ(found.trust, Trust::refused) << seed;
        EXPECT_NE(found.reason, "");
        // What can be shown all the same: centred, at the start scale.
        EXPECT_LT(error_px(found.to_se, scaled_and_shifted(1.04, {0, 0})), 1e-9);
        EXPECT_EQ(found.residual_px, 0);
    }
    Random random(5);
    Plane const noise = plane_of(k_lab, [&](int, int) { return random.uniform(); });
    EXPECT_EQ(registered(input_of(se, noise)).trust, Trust::refused);
    Plane const blank = plane_of(k_lab, [](int, int) { return 0.5; });
    EXPECT_EQ(registered(input_of(se, blank)).trust, Trust::refused);
    EXPECT_EQ(registered(input_of(blank, blank)).trust, Trust::refused);
    Plane const tiny = plane_of({5, 3}, [](int x, int y) { return x + y; });
    EXPECT_EQ(registered(input_of(se, tiny)).trust, Trust::refused);
    Plane const undefined = plane_of(k_lab, [](int, int) { return std::numeric_limits<double>::quiet_NaN(); });
    EXPECT_EQ(registered(input_of(se, undefined)).trust, Trust::refused);
}

TEST(MapRegistrationTest, DoesNotLookBeyondTheLargestShift) {
    Specimen const specimen(3);
    Plane const& se = the_se_image();
    Plane const lab = lab_image(specimen, scaled_and_shifted(1.04, {60, 0}));
    EXPECT_EQ(registered(input_of(se, lab)).trust, Trust::accepted);
    EXPECT_NE(registered(input_of(se, lab), {.largest_shift = 0.05}).trust, Trust::accepted);
}

TEST(MapRegistrationTest, WithoutALabImageTheMapsTell) {
    Specimen const specimen(3);
    Plane const& se = the_se_image();
    Affine const truth = scaled_and_shifted(1.04, {17.3, -11.6});
    std::vector<Plane> const maps = element_maps(specimen, truth);
    MapRegistrationInput input;
    input.se = se.view();
    add(input, maps);
    MapRegistration const found = registered(input);
    EXPECT_EQ(found.trust, Trust::accepted) << found.reason;
    EXPECT_EQ(found.source, "element maps");
    EXPECT_LT(error_px(found.to_se, truth), 1.5); // of 5 px wide map pixels
    EXPECT_GT(found.residual_px, 1.5);            // never told to be better than what shading at edges may do

    std::vector<Plane> const others = element_maps(Specimen(21), truth);
    MapRegistrationInput unlike;
    unlike.se = se.view();
    add(unlike, others);
    EXPECT_EQ(registered(unlike).trust, Trust::refused);
}

TEST(MapRegistrationTest, MapsStepInForALabImageThatIsRefused) {
    Specimen const specimen(3);
    Plane const& se = the_se_image();
    Size const grid{140, 100};
    Affine const truth = scaled_and_shifted(1.04, {17.3, -11.6}, grid);
    Plane const wrong = lab_image(Specimen(21), scaled_and_shifted(1.04, {0, 0}));
    std::vector<Plane> const maps = element_maps(specimen, truth, grid);
    MapRegistrationInput input = input_of(se, wrong);
    add(input, maps);
    MapRegistration const found = registered(input);
    EXPECT_EQ(found.trust, Trust::accepted) << found.reason;
    EXPECT_EQ(found.source, "element maps");
    EXPECT_LT(error_px(found.to_se, truth, grid), 1.5);
}

TEST(MapRegistrationTest, AnswersInPixelsOfTheMapsWhichHaveTheLabImagesFrame) {
    Specimen const specimen(3);
    Plane const& se = the_se_image();
    Affine const truth = scaled_and_shifted(1.04, {17.3, -11.6});
    Plane const lab = lab_image(specimen, truth);
    Plane const map = plane_of({56, 20}, [](int x, int y) { return x * y % 5; });
    MapRegistrationInput input = input_of(se, lab);
    input.maps = {map.view()};
    MapRegistration const found = registered(input);
    EXPECT_EQ(found.source, "Lab image");
    // The outer borders coincide: the map's corner pixel has its outer corner where the Lab image's has it.
    Point const corner = found.to_se({-0.5, -0.5}), wanted = truth({-0.5, -0.5});
    EXPECT_NEAR(corner.x, wanted.x, 0.2);
    EXPECT_NEAR(corner.y, wanted.y, 0.2);
    EXPECT_NEAR(found.to_se.affine.a, truth.a * 2, 0.01);
    EXPECT_NEAR(found.to_se.affine.d, truth.d * 4, 0.02);
}

TEST(MapRegistrationTest, LeavesOutWhatIsMasked) {
    Specimen const specimen(3);
    Plane se = copy_of(the_se_image());
    Affine const truth = scaled_and_shifted(1.04, {17.3, -11.6});
    Plane const lab = lab_image(specimen, truth);
    // A large legend, as bright as anything.
    Mask mask = std::move(Mask::filled(k_se, 0)).value();
    for (int y = 250; y < 400; ++y)
        for (int x = 30; x < 300; ++x) se.at(x, y) = x / 12 % 2 == 0 ? 3.F : 0.F, mask.at(x, y) = 1;
    MapRegistrationInput input = input_of(se, lab);
    input.se_mask = mask.view();
    MapRegistration const found = registered(input);
    EXPECT_EQ(found.trust, Trust::accepted) << found.reason;
    EXPECT_LT(error_px(found.to_se, truth), 0.2);
}

TEST(MapRegistrationTest, ACroppedSeImageIsTriedWithSquarePixels) {
    Specimen const specimen(3);
    Plane const& se = the_se_image();
    Affine const truth = deformed();
    Plane const lab = lab_image(specimen, truth);
    int const cut = 90;
    MapRegistrationInput input = input_of(se, lab);
    input.se = input.se.cropped({0, 0, k_se.width, k_se.height - cut});
    MapRegistration const found = registered(input);
    EXPECT_EQ(found.trust, Trust::accepted) << found.reason;
    EXPECT_LT(error_px(found.to_se, truth), 0.4);
}

TEST(MapRegistrationTest, HandPointsComeFirst) {
    Specimen const specimen(3);
    Plane const& se = the_se_image();
    Plane const lab = lab_image(specimen, scaled_and_shifted(1.04, {5, 5}));
    Plane const map = plane_of({56, 40}, [](int x, int y) { return x * y % 5; });
    Affine const wanted = deformed();
    MapRegistrationInput input = input_of(se, lab);
    input.maps = {map.view()};
    for (Point const p : {Point{10, 8}, Point{100, 12}, Point{20, 70}, Point{95, 66}})
        input.hand.push_back({p, wanted(p)});
    MapRegistration const found = registered(input, {.shift_given = true, .shift_px = {3, 4}});
    EXPECT_EQ(found.trust, Trust::by_hand);
    EXPECT_EQ(found.source, "points");
    EXPECT_LT(error_px(found.to_se, wanted.after(frame_map({56, 40}, k_lab, 1, {})), {56, 40}), 1e-6);
    EXPECT_LT(found.residual_px, 1e-6);

    // One point: the shift, at the start scale.
    input.hand.resize(1);
    input.hand_motion = Motion::shift;
    input.maps.clear();
    MapRegistration const shifted = registered(input, {.start_scale = 1.1});
    EXPECT_NEAR(shifted.scale, 1.1, 1e-9);
    Point const there = shifted.to_se({10, 8}), expected = wanted({10, 8});
    EXPECT_NEAR(there.x, expected.x, 1e-9);
    EXPECT_NEAR(there.y, expected.y, 1e-9);
}

TEST(MapRegistrationTest, AGivenShiftIsTakenAsItIs) {
    Plane const& se = the_se_image();
    Plane const lab = lab_image(Specimen(21), scaled_and_shifted(1.04, {0, 0}));
    MapRegistration const found =
        registered(input_of(se, lab), {.start_scale = 1.03, .shift_given = true, .shift_px = {9.5, -14.25}});
    EXPECT_EQ(found.trust, Trust::by_hand);
    EXPECT_EQ(found.source, "given shift");
    EXPECT_LT(error_px(found.to_se, scaled_and_shifted(1.03, {9.5, -14.25})), 1e-9);
}

TEST(MapRegistrationTest, SaysWhatIsMissing) {
    Work work;
    Plane const se = plane_of(k_se, [](int x, int) { return x; });
    Plane const map = plane_of(k_lab, [](int x, int) { return x; }),
                odd = plane_of({9, 9}, [](int x, int) { return x; });
    MapRegistrationInput none;
    none.maps = {map.view()};
    EXPECT_FALSE(register_maps(none, {}, work));
    MapRegistrationInput alone;
    alone.se = se.view();
    EXPECT_FALSE(register_maps(alone, {}, work));
    alone.maps = {map.view(), odd.view()};
    EXPECT_FALSE(register_maps(alone, {}, work));
    alone.maps = {map.view()};
    EXPECT_FALSE(register_maps(alone, {.start_scale = 0}, work));
}

TEST(MapRegistrationTest, StopsWhenAsked) {
    struct Stopped : Work {
        bool cancelled() const override { return true; }
    } stopped;
    Specimen const specimen(3);
    Plane const &se = the_se_image(), lab = lab_image(specimen, deformed());
    auto const result = register_maps(input_of(se, lab), {}, stopped);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::cancelled);
}

TEST(MapRegistrationTest, TheOrderOfPartsChangesNoBit) {
    struct Backwards : Work {
        void for_each(std::size_t count, std::function<void(std::size_t)> const& part) override {
            for (std::size_t i = count; i-- > 0;) part(i);
        }
    } backwards;
    Specimen const specimen(3);
    Plane const &se = the_se_image(), lab = lab_image(specimen, deformed());
    Work work;
    auto const first = register_maps(input_of(se, lab), {}, work),
               second = register_maps(input_of(se, lab), {}, backwards);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->to_se, second->to_se);
    EXPECT_EQ(first->confidence, second->confidence);
}

} // namespace
} // namespace mg::test
