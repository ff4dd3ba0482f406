#include "recipe/pipeline.h"

#include <gtest/gtest.h>

#include "recipe/fake_steps.h"
#include "support/scene_maker.h"

namespace mg {
namespace {

/// Stops after it was asked so many times.
class StoppingJob : public Job {
public:
    explicit StoppingJob(int answers) : m_left(answers) {}
    bool cancelled() const override { return m_left-- <= 0; }

private:
    mutable int m_left;
};

Loaded loaded_scene(std::uint32_t seed = 1) {
    Loaded loaded;
    loaded.scene = test::make_scene({.seed = seed});
    loaded.sha256 = std::to_string(seed);
    loaded.inputs = {{"10K420.TIF", loaded.sha256}};
    return loaded;
}

float first_pixel(Scene const& scene) {
    return scene.channels[0].planes[0]->at(0, 0);
}

TEST(RunSteps, RunsEnabledStepsInOrderAndGathersNotes) {
    Scene scene = test::make_scene({});
    float const before = first_pixel(scene);
    Recipe recipe{{make_use(fake::k_gain), make_use(fake::k_offset), make_use(fake::k_gain, false)}, {}};
    Job job;
    ASSERT_TRUE(run_steps(recipe, scene, job));
    EXPECT_EQ(first_pixel(scene), before * 2 + 0.5f);
    ASSERT_EQ(job.notes().size(), 1u);
    EXPECT_EQ(job.notes()[0].step, "gain");
    EXPECT_EQ(std::get<double>(job.notes()[0].value), 2);
}

TEST(RunSteps, PrefixesErrorsWithTheStepsTitle) {
    Scene scene = test::make_scene({});
    Recipe recipe{{make_use(fake::k_offset)}, {}};
    recipe.steps[0].values[0] = 13.0;
    Job job;
    auto const status = run_steps(recipe, scene, job);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message, "Offset: 13 brings bad luck; take another");
}

TEST(RunSteps, StopsBetweenSteps) {
    for (int answers = 0; answers < 3; ++answers) {
        Scene scene = test::make_scene({});
        StoppingJob job(answers);
        int const before = fake::run_count();
        auto const status = run_steps({{make_use(fake::k_gain), make_use(fake::k_gain)}, {}}, scene, job);
        ASSERT_FALSE(status) << "asked before each step and at the end";
        EXPECT_EQ(status.error().code, ErrorCode::cancelled);
        EXPECT_EQ(fake::run_count() - before, answers);
    }
}

TEST(StepCache, RunsOnlyWhatFollowsAChange) {
    Loaded const loaded = loaded_scene();
    Recipe recipe = fake::recipe(); // gain, stretch
    StepCache cache;
    auto const runs_of = [&](Scene& result, std::vector<Note>& notes) {
        Job job;
        int const before = fake::run_count();
        EXPECT_TRUE(cache.run(recipe, loaded, result, job));
        notes = job.notes();
        return fake::run_count() - before;
    };
    Scene first, again, changed, fresh;
    std::vector<Note> notes_first, notes_again, notes;
    EXPECT_EQ(runs_of(first, notes_first), 2);
    EXPECT_EQ(runs_of(again, notes_again), 0);
    EXPECT_EQ(test::fingerprint(first), test::fingerprint(again));
    EXPECT_EQ(notes_first.size(), notes_again.size());
    ASSERT_TRUE(set_value(recipe, "stretch.low", "0.3"));
    EXPECT_EQ(runs_of(changed, notes), 1);
    ASSERT_TRUE(set_value(recipe, "stretch", "off"));
    EXPECT_EQ(runs_of(changed, notes), 0);
    ASSERT_TRUE(set_value(recipe, "stretch", "on"));
    ASSERT_TRUE(set_value(recipe, "gain.factor", "3"));
    EXPECT_EQ(runs_of(changed, notes), 2);
    ASSERT_TRUE(set_value(recipe, "offset.amount", "0.1")); // between the two
    EXPECT_EQ(runs_of(changed, notes), 2);
    Job job;
    fresh = loaded.scene;
    ASSERT_TRUE(run_steps(recipe, fresh, job));
    EXPECT_EQ(test::fingerprint(changed), test::fingerprint(fresh));
    EXPECT_EQ(notes.size(), job.notes().size());
}

TEST(StepCache, ForgetsAnotherInputAndAFailedStep) {
    Recipe recipe = fake::recipe();
    StepCache cache;
    Scene a, b, expected;
    Job job;
    ASSERT_TRUE(cache.run(recipe, loaded_scene(1), a, job));
    ASSERT_TRUE(cache.run(recipe, loaded_scene(2), b, job));
    expected = test::make_scene({.seed = 2});
    ASSERT_TRUE(run_steps(recipe, expected, job));
    EXPECT_EQ(test::fingerprint(b), test::fingerprint(expected));

    ASSERT_TRUE(set_value(recipe, "offset.amount", "13"));
    EXPECT_FALSE(cache.run(recipe, loaded_scene(2), b, job));
    ASSERT_TRUE(set_value(recipe, "offset", "off"));
    ASSERT_TRUE(cache.run(recipe, loaded_scene(2), b, job));
    EXPECT_EQ(test::fingerprint(b), test::fingerprint(expected));
}

TEST(StepCache, AppliesTheOverridesOfItsFile) {
    Recipe recipe = fake::recipe();
    ASSERT_TRUE(set_override(recipe, "10K420.TIF", "stretch", "off"));
    StepCache cache;
    Scene result;
    Job job;
    Loaded const loaded = loaded_scene();
    ASSERT_TRUE(cache.run(recipe, loaded, result, job));
    EXPECT_EQ(first_pixel(result), first_pixel(loaded.scene) * 2);
}

TEST(Linking, FixesTheExtremesOfTheSet) {
    Recipe recipe = fake::recipe();
    EXPECT_FALSE(wants_linking(recipe));
    ASSERT_TRUE(set_value(recipe, "linked", "true"));
    ASSERT_TRUE(wants_linking(recipe));
    std::vector<std::vector<LinkMeasurement>> measured;
    double low = 10, high = -10;
    for (std::uint32_t seed : {1u, 2u, 3u}) {
        Job job;
        auto one = measure_links(recipe, test::make_scene({.seed = seed}), job);
        ASSERT_TRUE(one);
        ASSERT_EQ(one->size(), 2u);
        low = std::min(low, (*one)[0].value);
        high = std::max(high, (*one)[1].value);
        measured.push_back(*one);
    }
    measured.push_back({}); // a file that could not be read
    Recipe const linked = with_links(recipe, measured);
    EXPECT_FALSE(wants_linking(linked));
    StepUse const* stretch = find_use(linked, "stretch");
    EXPECT_EQ(value_text(stretch->step->params[0], stretch->values[0]), "fixed");
    EXPECT_EQ(std::get<double>(stretch->values[1]), low);
    EXPECT_EQ(std::get<double>(stretch->values[2]), high);
    EXPECT_EQ(with_links(recipe, {}), recipe) << "nothing measured, nothing fixed";
}

TEST(Provenance, JsonHoldsStepsInputsAndNotesAndNothingElse) {
    Recipe const recipe{{make_use(fake::k_offset)}, {}};
    EXPECT_EQ(
        provenance_json(recipe, {{"a \"b\".TIF", "00ff"}},
                        {{"offset", "n", 2.0, "two"}, {"offset", "s", std::string("x"), {}}}),
        R"({"micrographia":"0.1.0","steps":[{"step":"offset","enabled":true,"version":1,"values":)"
        R"({"amount":0.5,"factor":1}}],)"
        R"("inputs":[{"file":"a \"b\".TIF","sha256":"00ff"}],)"
        R"("notes":[{"step":"offset","key":"n","value":2,"text":"two"},{"step":"offset","key":"s","value":"x"}]})");
}

TEST(ChannelLabel, PrefersWavelengthThenDetectorThenName) {
    Metadata metadata;
    EXPECT_EQ(channel_label(metadata, "a.b.tif"), "a.b");
    EXPECT_EQ(channel_label(metadata, "noending"), "noending");
    metadata.acquisition.detector = {"SE", "header"};
    EXPECT_EQ(channel_label(metadata, "a.tif"), "SE");
    metadata.acquisition.wavelength_nm = {420, "file name"};
    EXPECT_EQ(channel_label(metadata, "a.tif"), "420 nm");
}

} // namespace
} // namespace mg
