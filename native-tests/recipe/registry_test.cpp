// What holds for every step there is, now and later.
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "base/text.h"
#include "recipe/pipeline.h"
#include "steps/registry.h"
#include "support/scene_maker.h"

namespace mg {
namespace {

using test::fingerprint;
using test::make_scene;

/// 0 <= next(n) < n
class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next(std::uint64_t n) {
        m_state = m_state * 6364136223846793005u + 1442695040888963407u;
        return (m_state >> 33) % n;
    }
    double unit() { return static_cast<double>(next(1u << 30)) / (1u << 30); }

private:
    std::uint64_t m_state;
};

/// Within the slider's range, so that a chain stays quick; a quarter of the time an end of it.
Value random_value(Param const& param, Random& random) {
    ParamInfo const& info = param.info;
    bool const has_slider = info.slider_minimum < info.slider_maximum;
    double low = has_slider ? info.slider_minimum : info.minimum;
    double high = has_slider ? info.slider_maximum : info.maximum;
    if (!(low < high)) low = -1000, high = 1000;
    switch (param.kind) {
    case ParamKind::toggle:
        return random.next(2) == 1;
    case ParamKind::choice:
        return static_cast<std::int64_t>(random.next(info.choices.size()));
    case ParamKind::integer:
        if (random.next(2)) high = std::fmin(high, low + 8); // small enough for the small test images
        return static_cast<std::int64_t>(low + std::floor(random.unit() * (high - low + 0.999)));
    case ParamKind::real:
        if (random.next(4) == 0) return random.next(2) ? low : high;
        return info.logarithmic && low > 0 ? low * std::pow(high / low, random.unit())
                                           : low + random.unit() * (high - low);
    case ParamKind::text: {
        char const* const texts[] = {"", "AB 01", "µ \"×\" \\ #", "two\nlines", "beam_energy spot / sample", "Ж=1"};
        std::string text = texts[random.next(6)];
        if (info.maximum > 0 && static_cast<double>(text.size()) > info.maximum) text.clear();
        return text;
    }
    case ParamKind::blob: {
        Bytes bytes(random.next(info.maximum > 0 ? static_cast<std::uint64_t>(info.maximum) % 200 + 1 : 200));
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next(256));
        return bytes;
    }
    }
    return {};
}

Recipe random_recipe(std::uint64_t seed, Workflow workflow = k_annotate) {
    Random random(seed);
    Recipe recipe;
    for (Step const* step : all_steps()) {
        if (!(step->workflows & workflow)) continue;
        StepUse use = make_use(*step, random.next(3) > 0);
        for (std::size_t i = 0; i < use.values.size(); ++i)
            if (random.next(2)) use.values[i] = random_value(step->params[i], random);
        recipe.steps.push_back(std::move(use));
    }
    return recipe;
}

/// Steps with their defaults and with a few random values each.
std::vector<StepUse> variants(Step const& step) {
    std::vector<StepUse> uses{make_use(step)};
    Random random(7);
    for (int n = 0; n < 10; ++n) {
        StepUse use = make_use(step);
        for (std::size_t i = 0; i < use.values.size(); ++i)
            // A random blob is no picture: an error is its right answer, tested with the step itself.
            if (step.params[i].kind != ParamKind::blob && random.next(2))
                use.values[i] = random_value(step.params[i], random);
        uses.push_back(std::move(use));
    }
    return uses;
}

/// Defaults must work; random values may be answered with an error that says which value is wrong.
bool succeeds(StepUse const& use, Status const& status) {
    if (status) return true;
    EXPECT_EQ(status.error().code, ErrorCode::bad_value) << status.error().message;
    EXPECT_GT(status.error().message.size(), 20u);
    EXPECT_NE(use.values, use.step->defaults()) << status.error().message;
    return false;
}

std::string describe(StepUse const& use) {
    return to_text(Recipe{{use}, {}});
}

class Cancelled : public Job {
public:
    bool cancelled() const override { return true; }
};

class EveryStep : public testing::TestWithParam<Step const*> {};

TEST_P(EveryStep, HasTitleSummaryAndHelpForEveryParameter) {
    Step const& step = *GetParam();
    EXPECT_FALSE(step.title.empty());
    EXPECT_FALSE(step.summary.empty());
    EXPECT_GE(step.version, 1);
    EXPECT_NE(step.run, nullptr);
    for (Param const& param : step.params) {
        EXPECT_FALSE(param.info.label.empty()) << param.info.key;
        EXPECT_GT(param.info.help.size(), 8u) << param.info.key;
        EXPECT_TRUE(is_utf8(param.info.help)) << param.info.key;
        if (param.kind == ParamKind::choice) EXPECT_GE(param.info.choices.size(), 2u) << param.info.key;
        for (Choice const& choice : param.info.choices) EXPECT_FALSE(choice.key.empty() || choice.label.empty());
    }
}

TEST_P(EveryStep, HasUniquePlainKeys) {
    Step const& step = *GetParam();
    std::set<std::string_view> keys;
    auto const is_plain = [](std::string_view key) {
        for (char const c : key)
            if (!((c >= 'a' && c <= 'z') || is_digit(c) || c == '_')) return false;
        return !key.empty() && is_alpha(key[0]);
    };
    EXPECT_TRUE(is_plain(step.id)) << step.id;
    EXPECT_NE(step.id, "only") << "this word has a meaning in recipe texts";
    for (Param const& param : step.params) {
        EXPECT_TRUE(is_plain(param.info.key)) << param.info.key;
        EXPECT_TRUE(keys.insert(param.info.key).second) << param.info.key;
        if (!param.info.older_key.empty())
            EXPECT_TRUE(keys.insert(param.info.older_key).second) << param.info.older_key;
        std::set<std::string_view> choices;
        for (Choice const& choice : param.info.choices) EXPECT_TRUE(choices.insert(choice.key).second) << choice.key;
    }
    for (std::string_view key : step.linkable) EXPECT_GE(param_index(step, key), 0) << key;
}

TEST_P(EveryStep, HasDefaultsWithinTheRange) {
    Step const& step = *GetParam();
    auto const defaults = step.defaults();
    ASSERT_EQ(defaults.size(), step.params.size());
    for (std::size_t i = 0; i < defaults.size(); ++i) {
        auto const status = check_value(step.params[i], defaults[i]);
        EXPECT_TRUE(status) << status.error().message;
        ParamInfo const& info = step.params[i].info;
        EXPECT_LE(info.minimum, info.maximum) << info.key;
        if (info.slider_minimum < info.slider_maximum) {
            EXPECT_GE(info.slider_minimum, info.minimum) << info.key;
            EXPECT_LE(info.slider_maximum, info.maximum) << info.key;
        }
        if (info.logarithmic)
            EXPECT_GT(info.slider_minimum < info.slider_maximum ? info.slider_minimum : info.minimum, 0) << info.key;
    }
}

TEST_P(EveryStep, RoundTripsEachValueThroughItsText) {
    Step const& step = *GetParam();
    Random random(3);
    for (std::size_t i = 0; i < step.params.size(); ++i)
        for (int n = 0; n < 20; ++n) {
            Recipe recipe{{make_use(step)}, {}};
            Value const value = n == 0 ? recipe.steps[0].values[i] : random_value(step.params[i], random);
            std::string const name = std::string(step.id) + "." + std::string(step.params[i].info.key);
            auto const status = set_value(recipe, name, value_text(step.params[i], value));
            ASSERT_TRUE(status) << status.error().message;
            EXPECT_EQ(recipe.steps[0].values[i], value) << name;
        }
}

TEST_P(EveryStep, GivesTheSamePixelsTwiceAndLeavesItsInputAlone) {
    for (StepUse const& use : variants(*GetParam())) {
        Scene const input = make_scene({.size = {61, 43}});
        std::uint64_t const before = fingerprint(input);
        Scene a = input, b = input;
        Job job_a, job_b;
        bool const worked = succeeds(use, use.step->run(a, use.values, job_a));
        EXPECT_EQ(use.step->run(b, use.values, job_b).has_value(), worked) << describe(use);
        EXPECT_EQ(fingerprint(a), fingerprint(b)) << describe(use);
        EXPECT_EQ(job_a.notes().size(), job_b.notes().size());
        EXPECT_EQ(fingerprint(input), before) << describe(use);
        EXPECT_EQ(test::first_not_finite(a), "") << describe(use);
    }
}

TEST_P(EveryStep, TakesOnePixelOneRowOneColumnAndOddSizes) {
    for (Size const size :
         {Size{1, 1}, Size{1, 2}, Size{2, 1}, Size{1, 97}, Size{97, 1}, Size{2, 2}, Size{3, 5}, Size{101, 7}})
        for (int const planes : {1, 3})
            for (StepUse const& use : variants(*GetParam())) {
                Scene scene = make_scene({.size = size, .planes = planes});
                Job job;
                auto const status = use.step->run(scene, use.values, job);
                std::string const where =
                    std::to_string(size.width) + " x " + std::to_string(size.height) + ", " + describe(use);
                // A crop can be larger than such an image: an error in words is an answer too.
                if (!status) {
                    EXPECT_FALSE(status.error().message.empty()) << where;
                    continue;
                }
                // A step of a set may add what it composed.
                if (use.step->whole_set)
                    ASSERT_GE(scene.channels.size(), 1u) << where;
                else
                    ASSERT_EQ(scene.channels.size(), 1u) << where;
                EXPECT_EQ(test::first_not_finite(scene), "") << where;
                for (PlanePtr const& plane : scene.channels[0].planes)
                    EXPECT_EQ(plane->size(), scene.channels[0].size()) << where;
                if (scene.channels[0].mask)
                    EXPECT_EQ(scene.channels[0].mask->size(), scene.channels[0].size()) << where;
            }
}

TEST_P(EveryStep, TakesTheSmallestImagesWithItsDefaults) {
    for (Size const size : {Size{1, 1}, Size{1, 3}, Size{3, 1}}) {
        StepUse const use = make_use(*GetParam());
        Scene scene = make_scene({.size = size});
        Job job;
        auto const status = use.step->run(scene, use.values, job);
        EXPECT_TRUE(status) << status.error().message << " at " << size.width << " x " << size.height;
    }
}

TEST_P(EveryStep, TakesAFileWithoutHeaderAndColour) {
    for (int const planes : {1, 3})
        for (StepUse const& use : variants(*GetParam())) {
            Scene scene = make_scene({.size = {61, 43}, .planes = planes, .header = false});
            Job job;
            (void)succeeds(use, use.step->run(scene, use.values, job));
            EXPECT_TRUE(scene.channels[0].planes.size() == 1 || scene.channels[0].planes.size() == 3);
            EXPECT_EQ(test::first_not_finite(scene), "") << describe(use);
        }
}

TEST_P(EveryStep, KeepsOtherChannelsAndAnEmptySceneUnharmed) {
    StepUse const use = make_use(*GetParam());
    Scene none;
    Job job;
    (void)use.step->run(none, use.values, job); // no crash is the claim
    Scene two = make_scene({});
    two.channels.push_back(make_scene({.size = {20, 31}, .seed = 2}).channels.front());
    auto const status = use.step->run(two, use.values, job);
    if (use.step->whole_set && !status) { // images of two sizes that nothing has placed
        EXPECT_EQ(status.error().code, ErrorCode::bad_value);
        EXPECT_GT(status.error().message.size(), 20u);
    } else {
        EXPECT_TRUE(status) << status.error().message;
    }
    EXPECT_GE(two.channels.size(), 2u);
}

TEST_P(EveryStep, IsNotRunWhenCancelled) {
    Scene scene = make_scene({});
    std::uint64_t const before = fingerprint(scene);
    Cancelled job;
    auto const status = run_steps({{make_use(*GetParam())}, {}}, scene, job);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::cancelled);
    EXPECT_EQ(fingerprint(scene), before);
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryStep, testing::ValuesIn(all_steps().begin(), all_steps().end()),
                         [](auto const& tested) { return std::string(tested.param->id); });

TEST(Registry, HasUniqueIdsAndFindsEachStep) {
    std::set<std::string_view> ids;
    for (Step const* step : all_steps()) {
        EXPECT_TRUE(ids.insert(step->id).second) << step->id;
        EXPECT_EQ(find_step(step->id), step);
    }
    EXPECT_EQ(find_step("no such step"), nullptr);
}

TEST(Registry, EveryRecipeRoundTripsThroughTextAndJson) {
    struct Case {
        Recipe recipe, base;
    };
    Recipe const annotate = annotate_recipe(), overlay = overlay_recipe();
    for (auto [recipe, base] : {Case{annotate, annotate}, Case{compatible_annotate_recipe(), annotate},
                                 Case{random_recipe(1), annotate}, Case{random_recipe(2), annotate},
                                 Case{overlay, overlay}, Case{random_recipe(3, k_overlay), overlay}}) {
        ASSERT_FALSE(recipe.steps.empty());
        StepUse const& use = recipe.steps.front();
        if (!use.values.empty())
            recipe.overrides.push_back(
                {"10K 420.TIF", std::string(use.step->id), std::string(use.step->params[0].info.key), use.values[0]});
        recipe.overrides.push_back({"µ.tif", "despike", "", false});
        for (bool const with_defaults : {false, true}) {
            auto const parsed = parse_recipe(to_text(recipe, with_defaults), base);
            ASSERT_TRUE(parsed) << parsed.error().message;
            EXPECT_EQ(*parsed, recipe);
        }
        auto const parsed = parse_recipe_json(to_json(recipe), {});
        ASSERT_TRUE(parsed) << parsed.error().message;
        EXPECT_EQ(*parsed, recipe);
    }
}

TEST(Registry, AFreeChainKeepsItsOrderAndRepetitions) {
    auto const chain = parse_recipe("micrographia recipe 1\ncontrast\ndespike\ncontrast\n", {});
    ASSERT_TRUE(chain) << chain.error().message;
    ASSERT_EQ(chain->steps.size(), 3u);
    EXPECT_EQ(to_text(*chain), "micrographia recipe 1\ncontrast\ndespike\ncontrast\n");
}

TEST(Registry, CompatibleIsAnotherRecipe) {
    Recipe const recipe = compatible_annotate_recipe();
    EXPECT_TRUE(find_use(recipe, "halve")->enabled);
    int switched = 0;
    for (StepUse const& use : recipe.steps)
        if (int const index = param_index(*use.step, "compatible"); index >= 0) {
            EXPECT_TRUE(std::get<bool>(use.values[static_cast<std::size_t>(index)])) << use.step->id;
            ++switched;
        }
    EXPECT_GE(switched, 3);
}

TEST(Registry, WholeRecipesPassImagesOfEverySize) {
    for (Recipe const& recipe : {annotate_recipe(), compatible_annotate_recipe()})
        for (Size const size : {Size{1, 1}, Size{1, 40}, Size{40, 1}, Size{2, 3}, Size{129, 65}, Size{640, 480}})
            for (int const planes : {1, 3})
                for (bool const header : {false, true}) {
                    Scene scene = make_scene({.size = size, .planes = planes, .header = header});
                    Job job;
                    auto const status = run_steps(recipe, scene, job);
                    ASSERT_TRUE(status) << status.error().message << " at " << size.width << " x " << size.height;
                    EXPECT_EQ(test::first_not_finite(scene), "");
                }
}

} // namespace
} // namespace mg
