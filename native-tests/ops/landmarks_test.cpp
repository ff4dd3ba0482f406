// Points placed by hand: maps through them, refinement, text.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "math/random.h"
#include "ops/registration.h"
#include "support/plane_maker.h"
#include "support/texture.h"

namespace mg {
namespace {

using test::plane_of;
using test::Texture;

std::vector<Point> const k_spots = {{10, 20}, {400, 35}, {390, 300}, {25, 310}, {200, 150}, {310, 90}};
std::vector<PointPair> const k_clicked = {{{10, 20}, {14.2, 17.9}},     {{400, 35}, {403.1, 40.7}},
                                          {{390, 300}, {386.4, 306.2}}, {{25, 310}, {20.8, 307.1}},
                                          {{200, 150}, {201.3, 151.6}}, {{310, 90}, {313.8, 92.2}}};

std::vector<PointPair> moved(std::vector<Point> const& spots, Projective const& map) {
    std::vector<PointPair> pairs;
    for (Point const p : spots) pairs.push_back({p, map(p)});
    return pairs;
}

LandmarkFit fit(std::vector<PointPair> const& pairs, Motion motion, double aspect = 1) {
    auto found = fit_landmarks(pairs, motion, aspect);
    EXPECT_TRUE(found) << found.error().message;
    return found ? std::move(*found) : LandmarkFit{};
}

/// Largest distance of two maps over a frame.
double apart(Projective const& a, Projective const& b, Size size = {712, 484}) {
    double largest = 0;
    for (int y : {0, size.height - 1})
        for (int x : {0, size.width - 1}) {
            Point const p = a({double(x), double(y)}), q = b({double(x), double(y)});
            largest = std::fmax(largest, std::hypot(p.x - q.x, p.y - q.y));
        }
    return largest;
}

TEST(Landmarks, FindTheMapThatMovedThem) {
    struct Case {
        Motion motion;
        Projective map;
    };
    for (auto const& [motion, map] : {Case{Motion::shift, Affine::translation(-3.25, 5.5)},
                                      Case{Motion::similarity, {{.99, -.05, 3, .05, .99, -7}}},
                                      Case{Motion::affine, {{1.03, -.04, 8, .02, .96, -11}}},
                                      Case{Motion::projective, {{1.02, -.03, 4.5, .025, .97, -6.25}, 2e-4, -1e-4}}}) {
        LandmarkFit const found = fit(moved(k_spots, map), motion);
        EXPECT_EQ(found.motion, motion);
        EXPECT_LT(apart(found.map, map), 1e-8);
        ASSERT_EQ(found.residuals_px.size(), k_spots.size());
        for (double const residual : found.residuals_px) EXPECT_LT(residual, 1e-9);
    }
}

TEST(Landmarks, GiveTheSimilarityOfScikitImage) {
    // skimage.transform.estimate_transform('similarity', from, to)
    Affine const expected{1.000556605456, -0.023842039579, 4.238996256017,
                          0.023842039579, 1.000556605456,  -3.605475129257};
    EXPECT_LT(apart(fit(k_clicked, Motion::similarity).map, expected), 1e-8);
}

TEST(Landmarks, GiveTheAffineMapOfNumpy) {
    // numpy.linalg.lstsq(numpy.c_[from, numpy.ones(6)], to)
    Affine const expected{1.000383130553, -0.028655348048, 5.003601782373,
                          0.021251731102, 1.000470317502,  -3.016116393345};
    EXPECT_LT(apart(fit(k_clicked, Motion::affine).map, expected), 1e-8);
    // Each axis has its own equations: the shape of a pixel changes nothing.
    EXPECT_LT(apart(fit(k_clicked, Motion::affine, 1.3).map, expected), 1e-8);
}

TEST(Landmarks, GiveTheProjectiveMapOfScipy) {
    // scipy.optimize.least_squares on the distances, from the identity
    Projective const expected{{9.982805914739e-01, -3.043199061107e-02, 5.310996601535, 2.108495199274e-02,
                               9.969504507082e-01, -2.845835600803},
                              -1.670983794624e-06,
                              -9.314747165699e-06};
    double const residuals[] = {0.767657530509, 0.878106283301, 0.816048470106,
                                0.545493357311, 0.694867276984, 1.8950584497};
    LandmarkFit const found = fit(k_clicked, Motion::projective);
    EXPECT_LT(apart(found.map, expected), 1e-4);
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(found.residuals_px[i], residuals[i], 1e-5);
}

TEST(Landmarks, TurnOnTheSampleNotOnThePixels) {
    // A turn by 0.1 rad where pixels are 1.2 times as high as wide.
    double const c = std::cos(0.1), s = std::sin(0.1);
    Affine const turn{c, -s * 1.2, 4, s / 1.2, c, -9};
    LandmarkFit const found = fit(moved(k_spots, turn), Motion::similarity, 1.2);
    EXPECT_LT(apart(found.map, turn), 1e-8);
    EXPECT_GT(apart(fit(moved(k_spots, turn), Motion::similarity, 1).map, turn), 1);
    for (double const rubbish : {0.0, -1.0, std::nan(""), 1e300})
        EXPECT_LT(apart(fit(k_clicked, Motion::similarity, rubbish).map, fit(k_clicked, Motion::similarity).map), 1e-9);
}

TEST(Landmarks, FewPointsAllowASimplerMotion) {
    Motion const richest[] = {Motion::shift, Motion::similarity, Motion::affine, Motion::projective};
    Projective const map{{1.02, -.03, 4.5, .025, .97, -6.25}, 2e-4, -1e-4};
    for (std::size_t count = 1; count <= 4; ++count) {
        std::vector<Point> const some(k_spots.begin(), k_spots.begin() + static_cast<std::ptrdiff_t>(count));
        LandmarkFit const found = fit(moved(some, map), Motion::projective);
        EXPECT_EQ(found.motion, richest[count - 1]);
        // As many numbers as equations: through every point.
        for (double const residual : found.residuals_px) EXPECT_LT(residual, 1e-8);
        EXPECT_EQ(fit(moved(some, map), Motion::shift).motion, Motion::shift);
    }
}

TEST(Landmarks, OnALineAllowNoMoreThanASimilarity) {
    std::vector<Point> const line = {{10, 20}, {110, 40}, {210, 60}, {310, 80}, {410, 100}};
    Affine const turn{.99, -.05, 3, .05, .99, -7};
    for (Motion const motion : {Motion::affine, Motion::projective}) {
        LandmarkFit const found = fit(moved(line, turn), motion);
        EXPECT_EQ(found.motion, Motion::similarity);
        EXPECT_LT(apart(found.map, turn), 1e-8);
    }
    // Off the line in one of the images only.
    std::vector<PointPair> pairs = moved(line, turn);
    pairs[2].from.y += 60;
    EXPECT_EQ(fit(pairs, Motion::affine).motion, Motion::similarity);
    // All but one on a line: no horizon to be seen.
    std::vector<Point> roof = line;
    roof.push_back({200, 300});
    EXPECT_EQ(fit(moved(roof, turn), Motion::projective).motion, Motion::affine);
    // One spot clicked twice is one spot.
    std::vector<Point> const twice = {{10, 20}, {10, 20}, {400, 35}, {390, 300}};
    EXPECT_EQ(fit(moved(twice, turn), Motion::projective).motion, Motion::affine);
}

TEST(Landmarks, OnOneSpotAllowAShift) {
    std::vector<PointPair> const same = {{{50, 60}, {52, 61}}, {{50, 60}, {54, 61}}, {{50, 60}, {53, 61}}};
    LandmarkFit const found = fit(same, Motion::affine);
    EXPECT_EQ(found.motion, Motion::shift);
    EXPECT_LT(apart(found.map, Affine::translation(3, 1)), 1e-9);
    EXPECT_NEAR(found.residuals_px[0], 1, 1e-9);
}

TEST(Landmarks, WithoutPointsOrOutsideOfEverythingAreErrors) {
    EXPECT_FALSE(fit_landmarks({}, Motion::shift, 1));
    std::vector<PointPair> far = k_clicked;
    for (double const value : {std::numeric_limits<double>::infinity(), std::nan(""), 1e12}) {
        far[1].to.x = value;
        EXPECT_FALSE(fit_landmarks(far, Motion::projective, 1));
    }
}

// --- refinement ------------------------------------------------------------------------------------------------------

struct Picture {
    Plane plane;
    Mask mask;
    RegistrationImage image() const {
        RegistrationImage result;
        result.pixels = plane.view();
        if (!mask.empty()) result.mask = mask.view();
        return result;
    }
};

constexpr Size k_size{120, 100};

/// The texture moved by `shift`: what is at p in the unmoved one is at p + shift here.
template <class Contrast>
Picture picture(Point shift, Contrast contrast, double noise = 0, std::uint64_t seed = 1) {
    Texture const texture(7, 5, 40);
    Random random(seed);
    return {plane_of(k_size,
                     [&](int x, int y) {
                         return contrast(texture({x - shift.x, y - shift.y})) + noise * random.gaussian();
                     }),
            {}};
}
double as_it_is(double v) {
    return 0.5 + 0.1 * v;
}
double negative(double v) {
    return 0.5 - 0.1 * v;
}

double error_of(PointPair const& refined, Point spot, Point shift) {
    EXPECT_EQ(refined.from.x, spot.x);
    EXPECT_EQ(refined.from.y, spot.y);
    return std::hypot(refined.to.x - spot.x - shift.x, refined.to.y - spot.y - shift.y);
}

TEST(RefinedLandmark, FindsTheSpotWithinAFewHundredthsOfAPixel) {
    Picture const from = picture({0, 0}, as_it_is);
    for (Point const shift : {Point{2.3, -1.6}, Point{-4.55, 4.25}, Point{0.5, 0.5}, Point{0, 0}})
        for (Point const spot : {Point{60, 50}, Point{47.4, 39.7}}) {
            Picture const same = picture(shift, as_it_is), inverted = picture(shift, negative);
            EXPECT_LT(error_of(refined_landmark(from.image(), same.image(), {spot, spot}), spot, shift), 0.02);
            EXPECT_LT(error_of(refined_landmark(from.image(), inverted.image(), {spot, spot}), spot, shift), 0.02);
        }
}

TEST(RefinedLandmark, FindsItInNoise) {
    Point const shift{1.7, -2.4}, spot{55.2, 48.9};
    Picture const from = picture({0, 0}, as_it_is, 0.05, 3), to = picture(shift, as_it_is, 0.05, 4);
    EXPECT_LT(error_of(refined_landmark(from.image(), to.image(), {spot, spot}), spot, shift), 0.15);
}

TEST(RefinedLandmark, FindsItNearTheBorder) {
    Picture const from = picture({0, 0}, as_it_is);
    Point const shift{1.5, 2.25};
    Picture const to = picture(shift, as_it_is);
    for (Point const spot : {Point{4, 5}, Point{115, 3}, Point{110, 92}, Point{0, 50}})
        EXPECT_LT(error_of(refined_landmark(from.image(), to.image(), {spot, spot}), spot, shift), 0.05);
}

TEST(RefinedLandmark, LooksAwayFromWhatIsMasked) {
    Point const shift{2.5, 1}, spot{60, 50};
    Picture from = picture({0, 0}, as_it_is), to = picture(shift, as_it_is);
    // Text burned into both at one place.
    for (Picture* one : {&from, &to})
        for (int y = 44; y < 54; ++y)
            for (int x = 50; x < 74; ++x) one->plane.at(x, y) = (x / 3 + y / 4) % 2 ? 1.0f : 0.0f;
    EXPECT_GT(error_of(refined_landmark(from.image(), to.image(), {spot, spot}), spot, shift), 1);
    for (Picture* one : {&from, &to}) {
        one->mask = std::move(Mask::filled(k_size, 0)).value();
        for (int y = 44; y < 54; ++y)
            for (int x = 50; x < 74; ++x) one->mask.at(x, y) = k_mask_drawing;
    }
    EXPECT_LT(error_of(refined_landmark(from.image(), to.image(), {spot, spot}), spot, shift), 0.05);
}

TEST(RefinedLandmark, StaysWhereThePicturesHaveNothingInCommon) {
    Picture const from = picture({0, 0}, as_it_is);
    Random random(11);
    Picture const noise{plane_of(k_size, [&](int, int) { return random.uniform(); }), {}};
    Picture const blank{plane_of(k_size, [](int, int) { return 0.5; }), {}};
    Picture const far = picture({30, 0}, as_it_is);
    PointPair const clicked{{60, 50}, {61.5, 49.25}};
    for (Picture const* other : {&noise, &blank, &far})
        for (bool const turned : {false, true}) {
            RegistrationImage const a = from.image(), b = other->image();
            PointPair const refined = turned ? refined_landmark(b, a, clicked) : refined_landmark(a, b, clicked);
            EXPECT_EQ(refined.to.x, clicked.to.x);
            EXPECT_EQ(refined.to.y, clicked.to.y);
        }
}

TEST(RefinedLandmark, MovesAcrossAnEdgeAndHardlyAlongIt) {
    auto const edge = [](double at) {
        return Picture{plane_of(k_size, [&](int x, int) { return 0.5 + 0.4 * std::tanh((x - at) / 2); }), {}};
    };
    Picture const from = edge(60), to = edge(62.5);
    PointPair const refined = refined_landmark(from.image(), to.image(), {{60, 50}, {60, 50}});
    EXPECT_NEAR(refined.to.x, 62.5, 0.05);
    EXPECT_NEAR(refined.to.y, 50, 0.6);
}

TEST(RefinedLandmark, TakesPointsOutsideAndTinyImages) {
    Picture const from = picture({0, 0}, as_it_is);
    for (Point const outside : {Point{-5, 10}, Point{500, 10}, Point{10, 1e300}, Point{std::nan(""), 1}}) {
        PointPair const refined = refined_landmark(from.image(), from.image(), {{20, 20}, outside});
        EXPECT_TRUE(refined.to.x == outside.x || std::isnan(outside.x));
        (void)refined_landmark(from.image(), from.image(), {outside, {20, 20}});
    }
    for (Size const size : test::k_odd_sizes) {
        Picture const tiny{plane_of(size, [](int x, int y) { return (x * 7 + y * 3) % 5 / 5.0; }), {}};
        PointPair const refined = refined_landmark(tiny.image(), tiny.image(), {{0, 0}, {0, 0}});
        EXPECT_LT(std::hypot(refined.to.x, refined.to.y), 7);
    }
    EXPECT_EQ(refined_landmark({}, from.image(), {{20, 20}, {21, 20}}).to.x, 21);
}

// --- text ------------------------------------------------------------------------------------------------------------

TEST(HandPoints, AreReadFromTheirText) {
    auto const read =
        parse_hand_points("10K405.TIF affine 10.5,20=12,21 30,40=31.5,-0.25; \"S 10\\\"K;.TIF\" shift 5,5=6,7 ;");
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), 2u);
    EXPECT_EQ((*read)[0].other, "10K405.TIF");
    EXPECT_EQ((*read)[0].motion, Motion::affine);
    ASSERT_EQ((*read)[0].points.size(), 2u);
    EXPECT_EQ((*read)[0].points[0].from.x, 10.5);
    EXPECT_EQ((*read)[0].points[0].to.y, 21);
    EXPECT_EQ((*read)[0].points[1].to.y, -0.25);
    EXPECT_EQ((*read)[1].other, "S 10\"K;.TIF");
    EXPECT_EQ((*read)[1].motion, Motion::shift);
}

TEST(HandPoints, AreWrittenAsTheyAreRead) {
    std::vector<NamedHandPoints> const points = {
        {"10K405.TIF", Motion::similarity, {{{10.5, 20}, {12, 21.125}}, {{0, -0.5}, {3, 4}}}},
        {"with blank \\ and ; and \".tif", Motion::projective, {{{1, 2}, {3, 4}}}},
        {"", Motion::shift, {{{1, 1}, {1, 1}}}},
        {"\xC2\xB5=1,2.tif", Motion::affine, {}}};
    std::string const text = hand_points_text(points);
    EXPECT_EQ(text.substr(0, 57), "10K405.TIF similarity 10.5,20=12,21.125 0,-0.5=3,4; \"with");
    auto const read = parse_hand_points(text);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        EXPECT_EQ((*read)[i].other, points[i].other);
        EXPECT_EQ((*read)[i].motion, points[i].motion);
        ASSERT_EQ((*read)[i].points.size(), points[i].points.size());
        for (std::size_t k = 0; k < points[i].points.size(); ++k) {
            EXPECT_EQ((*read)[i].points[k].from.x, points[i].points[k].from.x);
            EXPECT_EQ((*read)[i].points[k].to.y, points[i].points[k].to.y);
        }
    }
    EXPECT_EQ(hand_points_text(*read), text);
}

TEST(HandPoints, AreWrittenToThousandthsOfAPixel) {
    std::vector<NamedHandPoints> const points = {{"a", Motion::shift, {{{1.0 / 3, -1e-9}, {2.9999999, 123.4567}}}}};
    EXPECT_EQ(hand_points_text(points), "a shift 0.333,0=3,123.457");
}

TEST(HandPoints, OfNothingAreNone) {
    for (char const* text : {"", "  ", " ; ;\n; "}) {
        auto const read = parse_hand_points(text);
        ASSERT_TRUE(read);
        EXPECT_TRUE(read->empty());
    }
}

TEST(HandPoints, OfNonsenseAreErrorsThatShowIt) {
    for (auto const& [text, shown] :
         std::vector<std::pair<std::string, std::string>>{{"a.tif", "is expected"},
                                                          {"a.tif 1,2=3,4", "1,2=3,4"},
                                                          {"a.tif turn 1,2=3,4", "turn"},
                                                          {"a.tif shift 1,2", "1,2"},
                                                          {"a.tif shift 1=2", "1=2"},
                                                          {"a.tif shift 1,2=3,4,5", "3,4,5"},
                                                          {"a.tif shift 1,2=3,4=5,6", "3,4=5,6"},
                                                          {"a.tif shift 1,x=3,4", "1,x"},
                                                          {"a.tif shift nan,1=3,4", "nan"},
                                                          {"a.tif shift 1e9,1=3,4", "1e9"},
                                                          {"a.tif shift 1,2=3,4 b.tif shift 1,2=3,4", "b.tif"},
                                                          {"\"a.tif shift 1,2=3,4", "closing quote"},
                                                          {"\"a\\", "closing quote"}}) {
        auto const read = parse_hand_points(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code, ErrorCode::bad_value);
        EXPECT_NE(read.error().message.find(shown), std::string::npos) << read.error().message;
    }
}

TEST(HandPoints, AreAtMostTwoHundred) {
    std::string text = "a shift";
    for (int i = 0; i < 200; ++i) text += " 1,2=3,4";
    EXPECT_TRUE(parse_hand_points(text));
    EXPECT_FALSE(parse_hand_points(text + " 1,2=3,4"));
    EXPECT_FALSE(parse_hand_points(text + "; b shift 1,2=3,4"));
}

TEST(HandPoints, SurviveArbitraryBytes) {
    Random random(5);
    std::string const letters = "a \"\\;,=.-15eE\nshift\xC2\xFF";
    for (int n = 0; n < 3000; ++n) {
        std::string text;
        for (std::uint64_t i = random.below(40); i > 0; --i) text += letters[random.below(letters.size())];
        if (auto const read = parse_hand_points(text)) EXPECT_TRUE(parse_hand_points(hand_points_text(*read))) << text;
    }
}

} // namespace
} // namespace mg
