// The step that lays a set over each other: what it hands to the registration, and what it makes of the answer.
#include <cmath>

#include "recipe/overlay.h"
#include "steps/geometry.h"
#include "steps/geometry_support.h"
#include "steps/step_support.h"
#include "support/plane_maker.h"
#include "support/texture.h"

namespace mg {
extern Step const k_step_align;
namespace {

using namespace test;

constexpr Size k_frame{260, 200};

/// What the set shows at a place of the reference, under a contrast that differs between the images.
double shown(Point p, double contrast) {
    static Texture const first(5, 8, 60, 24), second(6, 8, 60, 24);
    return 0.45 + 0.12 * first(p) + 0.08 * contrast * second(p);
}

/// Shows at map(p) what the reference shows at p.
Plane picture(Affine const& map, double contrast, std::uint64_t seed) {
    Random random(seed);
    Affine const back = map.inverse();
    return plane_of(k_frame, [&](int x, int y) {
        return shown(back({double(x), double(y)}), contrast) + 0.01 * random.gaussian();
    });
}

Channel moved(std::string name, Affine const& map, double contrast = 0, Role role = Role::signal) {
    std::uint64_t seed = 17;
    for (char const c : name) seed = seed * 31 + static_cast<unsigned char>(c);
    return channel_of(std::move(name), picture(map, contrast, seed), role);
}

Channel pure_noise(std::string name, Role role = Role::signal) {
    Random random(99);
    return channel_of(std::move(name), plane_of(k_frame, [&](int, int) { return random.uniform(); }), role);
}

Channel blank(std::string name) {
    return channel_of(std::move(name), plane_of(k_frame, [](int, int) { return 0.0; }));
}

Affine const k_b = Affine::translation(4.3, -3.6), k_c = Affine::translation(7.75, -5.2);

Scene drifting() {
    static Scene const made = [] {
        Scene scene;
        scene.channels.push_back(moved("a.tif", {}, 0));
        scene.channels.push_back(moved("b.tif", k_b, 0.4));
        scene.channels.push_back(moved("c.tif", k_c, 0.8));
        return scene;
    }();
    return made;
}

Job aligned(Scene& scene, std::vector<Setting> const& settings = {}) {
    Job job;
    Status const status = run_step(k_step_align, scene, settings, job);
    EXPECT_TRUE(status) << status.error().message;
    return job;
}

/// Of what the reference shows within its frame.
double error_px(Projective const& found, Projective const& truth) {
    double sum = 0;
    for (double const y : {0.0, k_frame.height - 1.0})
        for (double const x : {0.0, k_frame.width - 1.0}) {
            Point const p = found({x, y}), q = truth({x, y});
            sum += ((p.x - q.x) * (p.x - q.x) + (p.y - q.y) * (p.y - q.y)) / 4;
        }
    return std::sqrt(sum);
}
double error_of(Channel const& channel, Projective const& truth) {
    EXPECT_TRUE(channel.alignment.has_value());
    return channel.alignment ? error_px(channel.alignment->from_reference, truth) : 1e9;
}

TEST(Align, FindsTheDriftOfASetAndTouchesNoPixel) {
    Scene scene = drifting();
    std::vector<PlanePtr> before;
    for (Channel const& channel : scene.channels) before.push_back(channel.planes.front());
    Job const job = aligned(scene);
    EXPECT_EQ(trust_of(scene.channels[0]), Trust::reference);
    EXPECT_EQ(scene.channels[0].alignment->from_reference, Projective());
    EXPECT_LT(error_of(scene.channels[1], k_b), 0.15);
    EXPECT_LT(error_of(scene.channels[2], k_c), 0.15);
    for (std::size_t i = 1; i < 3; ++i) {
        EXPECT_EQ(trust_of(scene.channels[i]), Trust::accepted) << scene.channels[i].alignment->reason;
        EXPECT_EQ(scene.channels[i].alignment->from_reference.affine.a, 1);
    }
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(scene.channels[i].planes.front(), before[i]);
    ASSERT_EQ(scene.pairs.size(), 3u);
    for (PairMatch const& pair : scene.pairs) {
        Affine const truth[] = {{}, k_b, k_c};
        auto const from = static_cast<std::size_t>(pair.from), to = static_cast<std::size_t>(pair.to);
        EXPECT_LT(error_px(pair.map, truth[to].after(truth[from].inverse())), 1.0);
    }
    ASSERT_NE(find_note(job, "summary"), nullptr);
    std::string const summary = find_note(job, "summary")->text;
    EXPECT_EQ(summary.substr(0, 10), "2 accepted");
    EXPECT_TRUE(has(summary, " px")) << summary;
    EXPECT_NEAR(number_of(find_note(job, "shift_px")), std::hypot(7.75, 5.2), 0.2);
    EXPECT_TRUE(has(find_note(job, "shift_px")->text, "c.tif: +7.")) << find_note(job, "shift_px")->text;
    EXPECT_EQ(warnings_of(job), "");
}

TEST(Align, ComparesOnlyThePairsAskedFor) {
    for (auto const& [choice, expected] : std::vector<std::pair<std::string, std::vector<std::pair<int, int>>>>{
             {"consecutive", {{0, 1}, {1, 2}}}, {"to_first", {{0, 1}, {0, 2}}}}) {
        Scene scene = drifting();
        aligned(scene, {{"pairs", Key{choice}}});
        std::vector<std::pair<int, int>> found;
        for (PairMatch const& pair : scene.pairs)
            found.emplace_back(std::min(pair.from, pair.to), std::max(pair.from, pair.to));
        EXPECT_EQ(found, expected) << choice;
        EXPECT_LT(error_of(scene.channels[2], k_c), 0.15);
    }
}

TEST(Align, TellsMapsBetweenThePixelsOfTheFiles) {
    Scene scene = drifting();
    ASSERT_TRUE(crop_channel(scene.channels[0], {20, 10, 230, 180}));
    ASSERT_TRUE(crop_channel(scene.channels[1], {3, 17, 240, 175}));
    aligned(scene);
    // From pixel to pixel as cropped, b lies 17 px further left and 7 px further up: the files' own drift is the
    // answer.
    EXPECT_LT(error_of(scene.channels[1], k_b), 0.15);
    EXPECT_LT(error_of(scene.channels[2], k_c), 0.15);
    EXPECT_EQ(scene.channels[0].alignment->from_reference, Projective());
    ASSERT_FALSE(scene.pairs.empty());
    EXPECT_LT(error_px(scene.pairs[0].map, scene.pairs[0].from == 0 && scene.pairs[0].to == 1 ? k_b : k_c), 1.0);
}

TEST(Align, OfHalvedImagesTellsPixelsOfTheFiles) {
    Scene scene = drifting();
    Scene halved = scene;
    aligned(scene);
    for (Channel& channel : halved.channels) channel.to_recorded = {2, 0, 0.5, 0, 2, 0.5};
    aligned(halved);
    // The same pixels found the same shift, of twice as many stored pixels.
    for (std::size_t i = 1; i < 3; ++i) {
        Affine const whole = scene.channels[i].alignment->from_reference.affine;
        Affine const half = halved.channels[i].alignment->from_reference.affine;
        EXPECT_NEAR(half.tx, 2 * whole.tx, 1e-9);
        EXPECT_NEAR(half.ty, 2 * whole.ty, 1e-9);
        EXPECT_NEAR(half.a, whole.a, 1e-12);
        EXPECT_NEAR(halved.channels[i].alignment->residual_px, 2 * scene.channels[i].alignment->residual_px, 1e-9);
    }
}

TEST(Align, NamesWhatItRefuses) {
    Scene scene = drifting();
    scene.channels.push_back(pure_noise("snow.tif"));
    Job const job = aligned(scene);
    ASSERT_EQ(trust_of(scene.channels[3]), Trust::refused);
    EXPECT_NE(scene.channels[3].alignment->reason, "");
    EXPECT_EQ(scene.channels[3].alignment->from_reference, Projective());
    std::string const warning = warnings_of(job);
    EXPECT_TRUE(has(warning, "snow.tif: ")) << warning;
    EXPECT_TRUE(has(warning, scene.channels[3].alignment->reason)) << warning;
    EXPECT_TRUE(has(warning, "place points by hand")) << warning;
    EXPECT_TRUE(has(find_note(job, "summary")->text, "1 refused"));
    // The others do not suffer.
    EXPECT_LT(error_of(scene.channels[1], k_b), 0.15);
    EXPECT_LT(error_of(scene.channels[2], k_c), 0.15);
}

TEST(Align, TakesTheNextChannelForReferenceWhenTheFirstShowsNothing) {
    Scene scene = drifting();
    scene.channels.insert(scene.channels.begin(), blank("blank.tif"));
    Job const job = aligned(scene);
    EXPECT_EQ(trust_of(scene.channels[0]), Trust::refused);
    EXPECT_EQ(trust_of(scene.channels[1]), Trust::reference);
    EXPECT_LT(error_of(scene.channels[3], k_c), 0.15);
    EXPECT_TRUE(has(warnings_of(job), "blank.tif"));
}

TEST(Align, OfNothingButBlankImagesSaysSo) {
    Scene scene;
    for (char const* name : {"a.tif", "b.tif"}) scene.channels.push_back(blank(name));
    Job const job = aligned(scene);
    EXPECT_EQ(trust_of(scene.channels[0]), Trust::reference);
    EXPECT_EQ(trust_of(scene.channels[1]), Trust::refused);
    EXPECT_TRUE(has(warnings_of(job), "a.tif")) << warnings_of(job);
    EXPECT_TRUE(has(warnings_of(job), "b.tif")) << warnings_of(job);
}

TEST(Align, GivesExtraImagesNoWeightUnlessAsked) {
    Scene without = drifting(), with = drifting();
    with.channels.push_back(moved("se.tif", Affine::translation(-3.4, 2.3), -1.5, Role::extra));
    aligned(without);
    aligned(with);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(with.channels[i].alignment->from_reference, without.channels[i].alignment->from_reference);
    EXPECT_LT(error_of(with.channels[3], Affine::translation(-3.4, 2.3)), 0.3);

    Scene helped = with;
    aligned(helped, {{"use_extras", true}});
    EXPECT_NE(helped.channels[2].alignment->from_reference, without.channels[2].alignment->from_reference);
    EXPECT_LT(error_of(helped.channels[2], k_c), 0.15);
}

TEST(Align, TakesTheFirstChannelForReferenceNotAnExtraImageBeforeIt) {
    Scene scene = drifting();
    scene.channels[0].role = Role::extra;
    aligned(scene);
    EXPECT_EQ(trust_of(scene.channels[1]), Trust::reference);
    EXPECT_LT(error_of(scene.channels[0], k_b.inverse()), 0.3);
}

TEST(Align, PlacesByHandWhatHasPoints) {
    Scene scene = drifting();
    scene.channels.push_back(pure_noise("snow.tif"));
    scene.channels[3].settings.points = "a.tif similarity 20,30=30,25 220,40=230,35 100,170=110,165";
    Job const job = aligned(scene);
    EXPECT_EQ(trust_of(scene.channels[3]), Trust::by_hand);
    EXPECT_LT(error_of(scene.channels[3], Affine::translation(10, -5)), 1e-6);
    EXPECT_TRUE(has(find_note(job, "summary")->text, "1 by hand"));
    EXPECT_EQ(warnings_of(job), "");
    EXPECT_LT(error_of(scene.channels[2], k_c), 0.15);
}

TEST(Align, PointsReplaceWhatWasFound) {
    Scene scene = drifting();
    scene.channels[1].settings.points = "a.tif shift 20,30=15,33";
    aligned(scene);
    EXPECT_EQ(trust_of(scene.channels[1]), Trust::by_hand);
    EXPECT_LT(error_of(scene.channels[1], Affine::translation(-5, 3)), 1e-6);
}

TEST(Align, PointsArePixelsOfTheFiles) {
    Scene scene = drifting();
    scene.channels.push_back(pure_noise("snow.tif"));
    ASSERT_TRUE(crop_channel(scene.channels[0], {20, 10, 230, 180}));
    ASSERT_TRUE(crop_channel(scene.channels[3], {5, 40, 200, 150}));
    scene.channels[3].settings.points = "a.tif shift 120,130=130,125";
    aligned(scene);
    EXPECT_LT(error_of(scene.channels[3], Affine::translation(10, -5)), 1e-6);
}

TEST(Align, TheChannelsOwnMotionGoesBeforeThatOfItsPoints) {
    // A turn and a stretch that four points show.
    Affine const map{1.02, -0.03, 6, 0.01, 0.97, -4};
    std::string points;
    for (Point const p : {Point{20, 30}, Point{220, 40}, Point{100, 170}, Point{230, 180}}) {
        Point const q = map(p);
        points += " " + std::to_string(p.x) + "," + std::to_string(p.y) + "=" + std::to_string(q.x) + "," +
                  std::to_string(q.y);
    }
    auto const error = [&](std::string const& motion, std::string const& own, std::string const& set) {
        Scene scene;
        scene.channels.push_back(moved("a.tif", {}));
        scene.channels.push_back(pure_noise("snow.tif"));
        scene.channels[1].settings.points = "a.tif " + motion + points;
        scene.channels[1].settings.motion = own;
        aligned(scene, {{"motion", Key{set}}});
        return error_of(scene.channels[1], map);
    };
    EXPECT_LT(error("affine", "", "shift"), 1e-3);
    EXPECT_GT(error("affine", "shift", "affine"), 1);
    EXPECT_LT(error("shift", "affine", "shift"), 1e-3);
    EXPECT_LT(error("shift", "", "affine"), 1e-3); // like the set
    EXPECT_GT(error("shift", "", "shift"), 1);
}

TEST(Align, PointsOnTheReferenceMoveTheOtherImage) {
    Scene scene = drifting();
    scene.channels.push_back(pure_noise("snow.tif"));
    scene.channels[0].settings.points = "snow.tif shift 30,25=20,30";
    aligned(scene);
    EXPECT_EQ(trust_of(scene.channels[0]), Trust::reference);
    EXPECT_EQ(trust_of(scene.channels[3]), Trust::by_hand);
    EXPECT_LT(error_of(scene.channels[3], Affine::translation(10, -5)), 1e-6);
}

TEST(Align, SaysWhichPointsItCannotUse) {
    for (auto const& [points, said] :
         std::vector<std::pair<std::string, std::string>>{{"nowhere.tif shift 1,2=3,4", "nowhere.tif"},
                                                          {"b.tif shift 1,2=3,4", "itself"},
                                                          {"a.tif shift 1,2=3", "1,2=3"}}) {
        Scene scene = drifting();
        scene.channels[1].settings.points = points;
        Job const job = aligned(scene);
        EXPECT_TRUE(has(warnings_of(job), "b.tif: ")) << warnings_of(job);
        EXPECT_TRUE(has(warnings_of(job), said)) << warnings_of(job);
        EXPECT_EQ(trust_of(scene.channels[1]), Trust::accepted);
    }
}

/// The same sharp pattern at the same place of every image, as burned-in text is.
void burn_in(Scene& scene, Rect where) {
    for (Channel& channel : scene.channels) {
        Plane plane = copy_of(*channel.planes.front());
        for (int y = where.y; y < where.y + where.height; ++y)
            for (int x = where.x; x < where.x + where.width; ++x)
                plane.at(x, y) = (x * 7 + y * 13) % 11 < 4 && (x / 5 + y / 7) % 3 ? 1.0F : 0.0F;
        channel.planes = {std::make_shared<Plane const>(std::move(plane))};
    }
}

TEST(Align, LeavesOutWhatIsMaskedOrExcluded) {
    Rect const mark{60, 50, 130, 100};
    Scene burned = drifting();
    burn_in(burned, mark);

    Scene excluded = burned;
    aligned(excluded, {{"exclude", "0,0,5,5; 57,47,136,106"}});
    EXPECT_LT(error_of(excluded.channels[2], k_c), 0.25);

    Scene masked = burned;
    for (Channel& channel : masked.channels) {
        Mask mask = std::move(Mask::filled(k_frame, 0)).value();
        for (int y = mark.y - 3; y < mark.y + mark.height + 3; ++y)
            for (int x = mark.x - 3; x < mark.x + mark.width + 3; ++x) mask.at(x, y) = k_mask_drawing;
        channel.mask = std::make_shared<Mask const>(std::move(mask));
    }
    aligned(masked);
    // The same pixels are left out, and nothing else counts.
    EXPECT_LT(error_px(masked.channels[2].alignment->from_reference, excluded.channels[2].alignment->from_reference),
              0.05);

    // Without either it is the mark that is aligned.
    aligned(burned);
    EXPECT_GT(error_of(burned.channels[2], k_c), 1);
}

TEST(Align, LeavesOutTheBottomAsAsked) {
    Scene scene = drifting();
    burn_in(scene, {0, 120, 260, 80});
    Scene cut = scene;
    aligned(scene);
    EXPECT_GT(error_of(scene.channels[2], k_c), 1);
    aligned(cut, {{"ignore_bottom", 0.42}});
    EXPECT_LT(error_of(cut.channels[2], k_c), 0.3);
}

TEST(Align, LooksForTheAreaOnly) {
    Scene scene = drifting();
    burn_in(scene, {150, 0, 110, 200});
    Scene part = scene;
    aligned(scene);
    EXPECT_GT(error_of(scene.channels[2], k_c), 1);
    aligned(part, {{"area", "0,0,130,200"}});
    EXPECT_LT(error_of(part.channels[2], k_c), 0.3);
}

TEST(Align, AnswersNonsenseWithTheKeyAndTheRemedy) {
    Scene scene = drifting();
    for (auto const& [key, text] : std::vector<std::pair<std::string, std::string>>{{"area", "1,2,3"},
                                                                                    {"area", "a,b,c,d"},
                                                                                    {"area", "1,2,0,4"},
                                                                                    {"area", "-1,2,5,4"},
                                                                                    {"area", "1,2,3,4;5,6,7,8"},
                                                                                    {"area", "300,10,50,50"},
                                                                                    {"exclude", "1,2,3,4;5"},
                                                                                    {"exclude", "1,2,3,99999999999"}}) {
        Job job;
        Status const status = run_step(k_step_align, scene, {{key, text.c_str()}}, job);
        ASSERT_FALSE(status) << text;
        EXPECT_EQ(status.error().code, ErrorCode::bad_value);
        EXPECT_EQ(status.error().message.substr(0, key.size() + 1), key + ":") << status.error().message;
    }
}

TEST(Align, FindsAnAffineMapAndUndoesTheShareAskedFor) {
    Affine const map{1.012, -0.015, 5, 0.018, 0.99, -4};
    Scene scene;
    scene.channels.push_back(moved("a.tif", {}, 0));
    scene.channels.push_back(moved("b.tif", map, 0.2));
    Scene none = scene, shift = scene;
    aligned(scene, {{"motion", Key{"affine"}}});
    EXPECT_LT(error_of(scene.channels[1], map), 0.25);
    aligned(none, {{"motion", Key{"affine"}}, {"deviation", 0.0}});
    Affine const moves = none.channels[1].alignment->from_reference.affine;
    EXPECT_EQ(moves.a, 1);
    EXPECT_EQ(moves.b, 0);
    // What the middle shows stays.
    Point const middle{(k_frame.width - 1) / 2.0, (k_frame.height - 1) / 2.0};
    Point const whole = scene.channels[1].alignment->from_reference(middle), still = moves(middle);
    EXPECT_NEAR(still.x, whole.x, 1e-9);
    EXPECT_NEAR(still.y, whole.y, 1e-9);
    // A shift that is asked for is all that is found.
    aligned(shift);
    EXPECT_EQ(shift.channels[1].alignment->from_reference.affine.a, 1);
}

TEST(Align, TakesColourPicturesByTheirMean) {
    Scene grey = drifting(), colour = drifting();
    Channel& picture = colour.channels[1];
    PlanePtr const plane = picture.planes.front();
    Plane darker = plane_of(k_frame, [&](int x, int y) { return plane->at(x, y) - 0.125; });
    Plane brighter = plane_of(k_frame, [&](int x, int y) { return plane->at(x, y) + 0.125; });
    picture.planes = {std::make_shared<Plane const>(std::move(darker)), plane,
                      std::make_shared<Plane const>(std::move(brighter))};
    aligned(grey);
    aligned(colour);
    EXPECT_LT(error_px(colour.channels[1].alignment->from_reference, grey.channels[1].alignment->from_reference), 1e-3);
}

TEST(Align, LeavesCompositesAndAnAppendedDatabarOut) {
    Scene scene = drifting(), plain = drifting();
    scene.channels.push_back(moved("composite", {}, 0, Role::composite));
    // A databar below one of them.
    PlanePtr const plane = scene.channels[1].planes.front();
    scene.channels[1].planes = {std::make_shared<Plane const>(plane_of(
        {260, 240}, [&](int x, int y) { return y < 200 ? double(plane->at(x, y)) : (x / 6 + y / 8) % 2 * 1.0; }))};
    scene.channels[1].databar_rows_px = 40;
    aligned(scene);
    aligned(plain);
    EXPECT_FALSE(scene.channels[3].alignment.has_value());
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(scene.channels[i].alignment->from_reference, plain.channels[i].alignment->from_reference);
}

TEST(Align, OfOneImageIsTheImageItself) {
    for (Size const size : {Size{1, 1}, Size{260, 200}}) {
        Scene scene;
        scene.channels.push_back(channel_of("a.tif", plane_of(size, [](int, int) { return 0.5; })));
        Job const job = aligned(scene);
        EXPECT_EQ(trust_of(scene.channels[0]), Trust::reference);
        EXPECT_EQ(scene.channels[0].alignment->from_reference, Projective());
        EXPECT_EQ(warnings_of(job), "");
        EXPECT_TRUE(scene.pairs.empty());
    }
}

TEST(Align, TakesImagesOfOtherAndTinySizes) {
    Scene two = drifting();
    two.channels.pop_back();
    for (Size const size : {Size{1, 1}, Size{37, 1}, Size{5, 3}, Size{17, 16}}) {
        Scene scene = two;
        scene.channels.push_back(
            channel_of("tiny.tif", plane_of(size, [](int x, int y) { return (x + y) % 3 / 3.0; })));
        aligned(scene);
        EXPECT_LT(error_of(scene.channels[1], k_b), 0.2);
        EXPECT_EQ(trust_of(scene.channels[2]), Trust::refused) << size.width << " x " << size.height;
    }
    Scene smaller = drifting();
    ASSERT_TRUE(crop_channel(smaller.channels[2], {30, 20, 190, 150}));
    aligned(smaller);
    EXPECT_LT(error_of(smaller.channels[2], k_c), 0.2);
}

TEST(Align, StopsWhenCancelled) {
    class Cancelled : public Job {
    public:
        bool cancelled() const override { return true; }
    } job;
    Scene scene = drifting();
    Status const status = k_step_align.run(scene, k_step_align.defaults(), job);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::cancelled);
}

} // namespace
} // namespace mg
