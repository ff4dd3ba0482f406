#include "math/random.h"
#include "steps/geometry_support.h"

namespace mg {
extern Step const k_step_despike;
namespace {

using namespace test;

bool is_spike(int x, int y) {
    return x % 25 == 10 && y % 20 == 5;
}

Scene spiked_scene() {
    Random random(1);
    return scene_of({100, 80},
                    [&](int x, int y) { return 0.3 + 0.01 * random.gaussian() + (is_spike(x, y) ? 0.5 : 0.0); });
}

TEST(DespikeStep, RemovesSpikesAndSaysHowMany) {
    Scene scene = spiked_scene();
    PlanePtr const before = scene.channels[0].planes[0];
    Job job;
    ASSERT_TRUE(run_step(k_step_despike, scene, {{"threshold_sigma", 6.0}}, job));
    Plane const& after = *scene.channels[0].planes[0];
    for (int y = 0; y < 80; ++y)
        for (int x = 0; x < 100; ++x) EXPECT_LT(after.at(x, y), 0.4f);
    EXPECT_GT(before->at(10, 5), 0.7f);
    Note const* note = find_note(job, "removed_px");
    EXPECT_EQ(number_of(note), 16);
    EXPECT_EQ(note->text, "removed 16 spikes (0.20 %)");
}

TEST(DespikeStep, TakesEachColourByItself) {
    Scene scene = spiked_scene();
    Channel& channel = scene.channels[0];
    PlanePtr const flat = std::make_shared<Plane const>(std::move(Plane::filled({100, 80}, 0.5f)).value());
    channel.planes = {flat, channel.planes[0], flat};
    Job job;
    ASSERT_TRUE(run_step(k_step_despike, scene, {{"threshold_sigma", 6.0}}, job));
    EXPECT_EQ(number_of(find_note(job, "removed_px")), 16);
    EXPECT_EQ(channel.planes[0]->at(10, 5), 0.5f);
    EXPECT_LT(channel.planes[1]->at(10, 5), 0.4f);
}

TEST(DespikeStep, LeavesDrawingsAlone) {
    Scene scene = spiked_scene();
    Mask mask = std::move(Mask::filled({100, 80}, 0)).value();
    mask.at(10, 5) = k_mask_drawing;
    scene.channels[0].mask = std::make_shared<Mask const>(std::move(mask));
    Job job;
    ASSERT_TRUE(run_step(k_step_despike, scene, {{"threshold_sigma", 6.0}}, job));
    EXPECT_EQ(number_of(find_note(job, "removed_px")), 15);
    EXPECT_GT(scene.channels[0].planes[0]->at(10, 5), 0.7f);
}

TEST(DespikeStep, CompatibleIsThePythonRule) {
    // f = e / 255.; mask = f[:-1] > f[1:] * 1.2; f[:-1][mask] = f[1:][mask], with 78 > 65 * 1.2 by rounding alone
    int const before[3][3] = {{78, 10, 100}, {65, 9, 80}, {65, 3, 80}};
    int const after[3][3] = {{65, 10, 80}, {65, 3, 80}, {65, 3, 80}};
    Scene scene = scene_of({3, 3}, [&](int x, int y) { return before[y][x] / 255.0; });
    scene.channels[0].range = {0, 255};
    run_ok(k_step_despike, scene, {{"compatible", true}});
    for (int y = 0; y < 3; ++y)
        for (int x = 0; x < 3; ++x)
            EXPECT_EQ(std::lround(scene.channels[0].planes[0]->at(x, y) * 255), after[y][x]) << x << " " << y;
}

} // namespace
} // namespace mg
