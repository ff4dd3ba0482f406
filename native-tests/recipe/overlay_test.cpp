// The overlay's run over files and set, with steps made for the purpose, and what it leaves behind.
#include "recipe/overlay.h"

#include <array>
#include <atomic>
#include <set>
#include <cmath>

#include <gtest/gtest.h>

#include "base/text.h"
#include "metadata/metadata.h"
#include "recipe/channel_set.h"
#include "steps/registry.h"
#include "support/notes.h"
#include "support/scene_maker.h"

namespace mg {
namespace {

// --- steps: one on each file, one on the set, one that looks at labels and tints, one on each channel afterwards ------

std::atomic<int> s_added = 0;
int s_means = 0, s_composed = 0;
std::atomic<int> s_marked = 0;

struct AddParams {
    double amount = 0.25;
};
constexpr auto k_add_params = std::to_array<Param>({param<&AddParams::amount>({.key = "amount", .label = "a"})});

Status add_to(Scene& scene, double amount) {
    for (Channel& channel : scene.channels)
        for (PlanePtr& plane : channel.planes) {
            MG_TRY(Plane made, plane->clone());
            for (std::int64_t i = 0; i < made.size().area(); ++i) made.data()[i] += static_cast<float>(amount);
            plane = std::make_shared<Plane const>(std::move(made));
        }
    return Done{};
}
Status run_add(Scene& scene, AddParams const& params, Job& job) {
    ++s_added;
    if (params.amount == 13) return Error{ErrorCode::bad_value, "13 is unlucky; take another number"};
    job.note("added", params.amount, "added something");
    return add_to(scene, params.amount);
}
Step const k_add = make_step<AddParams, k_add_params, run_add>(
    {.id = "add", .title = "Add", .summary = "s", .workflows = k_overlay});

/// Places all but the first image, which it says are shifted by their index.
Status run_align(Scene& scene, AddParams const& params, Job&) {
    ++s_means;
    if (params.amount == 13) return Error{ErrorCode::bad_value, "cannot"};
    for (std::size_t i = 0; i < scene.channels.size(); ++i)
        scene.channels[i].alignment =
            Alignment{Affine::translation(static_cast<double>(i), 0), i == 0 ? Trust::reference : Trust::accepted, 0.9};
    return Done{};
}
Step const k_align = make_step<AddParams, k_add_params, run_align>(
    {.id = "fake_align", .title = "Align", .summary = "s", .workflows = k_overlay, .whole_set = true});

Status run_compose(Scene& scene, AddParams const&, Job&) {
    ++s_composed;
    Channel composite;
    composite.role = Role::composite;
    composite.planes = scene.channels.front().planes;
    for (Channel const& channel : scene.channels) composite.label += channel.label + "/";
    for (Role const role : {Role::composite, Role::composite_saturated}) {
        composite.role = role;
        scene.channels.push_back(composite);
    }
    return Done{};
}
Step const k_compose = make_step<AddParams, k_add_params, run_compose>(
    {.id = "compose", .title = "Compose", .summary = "s", .workflows = k_overlay, .whole_set = true});

Status run_mark(Scene& scene, AddParams const& params, Job& job) {
    ++s_marked;
    EXPECT_EQ(scene.channels.size(), 1u) << "one image at a time";
    job.note("marked", params.amount, "marked");
    return add_to(scene, params.amount);
}
Step const k_mark = make_step<AddParams, k_add_params, run_mark>(
    {.id = "mark", .title = "Mark", .summary = "s", .workflows = k_overlay});

Recipe fake_overlay() {
    return {{make_use(*find_step("correct")), make_use(*find_step("channel")), make_use(k_add), make_use(k_align),
             make_use(k_compose), make_use(k_mark)},
            {}};
}

Loaded loaded_channel(std::string path, std::uint32_t seed = 1, Size size = {8, 6}) {
    Loaded file;
    file.scene = test::make_scene({.size = size, .header = false, .seed = seed});
    Channel& channel = file.scene.channels.front();
    channel.relative_path = path;
    channel.file_name = path.substr(path.rfind('/') + 1);
    channel.metadata = {};
    if (auto const facts = facts_from_names(path); facts.wavelength_nm)
        channel.metadata.acquisition.wavelength_nm = {*facts.wavelength_nm, "file name"};
    channel.metadata.raw = std::make_shared<std::vector<RawKey> const>();
    channel.label = channel_label(channel.metadata, channel.file_name);
    file.sha256 = "hash of " + path + std::to_string(seed);
    file.inputs = {{channel.file_name, file.sha256}};
    return file;
}

class OverlaySet : public testing::Test {
protected:
    void SetUp() override { reset_counts(); }
    void reset_counts() {
        s_added = s_marked = 0;
        s_means = s_composed = 0;
    }
    Status run(std::string_view last = "") {
        std::vector<SetRun::File> list;
        for (std::size_t i = 0; i < files.size(); ++i)
            list.push_back({static_cast<int>(i) + 1, files[i].inputs.empty() ? nullptr : &files[i]});
        job = std::make_unique<Job>();
        return set.run(recipe, list, last, scene, *job);
    }
    /// added, aligned, composed, marked
    std::array<int, 4> counts() {
        std::array<int, 4> const now{s_added, s_means, s_composed, s_marked};
        reset_counts();
        return now;
    }
    std::vector<std::string> labels() const {
        std::vector<std::string> list;
        for (Channel const& channel : scene.channels) list.push_back(channel.label);
        return list;
    }

    std::vector<Loaded> files;
    Recipe recipe = fake_overlay();
    SetRun set;
    Scene scene;
    std::unique_ptr<Job> job;
};

using Counts = std::array<int, 4>;
using Labels = std::vector<std::string>;
using Ids = std::vector<int>;

TEST_F(OverlaySet, RunsFilesThenTheSetThenEachChannel) {
    files = {loaded_channel("10K415.tif"), loaded_channel("S10K.tif", 2), loaded_channel("10K405.tif", 3)};
    ASSERT_TRUE(run());
    EXPECT_EQ(labels(), (Labels{"405 nm", "415 nm", "S10K", "405 nm/415 nm/S10K/", "405 nm/415 nm/S10K/"}));
    EXPECT_EQ(set.ids(), (Ids{3, 1, 2, 0, 0}));
    EXPECT_EQ(counts(), (Counts{3, 1, 1, 5}));
    EXPECT_FLOAT_EQ(scene.channels[0].planes[0]->at(3, 2), files[2].scene.channels[0].planes[0]->at(3, 2) + 0.5f);
    EXPECT_EQ(scene.channels[2].role, Role::extra);
    EXPECT_EQ(scene.palette_slots, 2);
}

TEST_F(OverlaySet, AFileThatWasReadReducedIsNamedAndTheSignalsKeepTheirPixels) {
    files = {loaded_channel("S10K.tif"), loaded_channel("10K405.tif", 2), loaded_channel("10K415.tif", 3)};
    files[0].scene.preview_scale = 0.5;
    ASSERT_TRUE(run());
    EXPECT_EQ(scene.preview_scale, 1);
    Note const* note = test::find_note(*job, "reduced");
    ASSERT_NE(note, nullptr);
    EXPECT_TRUE(note->text.starts_with("S10K.tif: read at 1/2 of its size")) << note->text;
    EXPECT_EQ(std::count_if(job->notes().begin(), job->notes().end(), [](Note const& n) { return n.key == "reduced"; }), 1);
    for (Loaded& file : files) file.scene.preview_scale = 0.5;
    ASSERT_TRUE(run());
    EXPECT_EQ(scene.preview_scale, 0.5);
}

TEST_F(OverlaySet, AChangedSettingRunsOnlyWhatFollowsIt) {
    files = {loaded_channel("10K405.tif"), loaded_channel("10K415.tif", 2)};
    ASSERT_TRUE(run());
    counts();
    ASSERT_TRUE(run());
    EXPECT_EQ(counts(), (Counts{0, 0, 0, 0}));
    ASSERT_TRUE(set_value(recipe, "compose.amount", "0.5"));
    ASSERT_TRUE(run());
    EXPECT_EQ(counts(), (Counts{0, 0, 1, 4}));
    ASSERT_TRUE(set_value(recipe, "fake_align.amount", "0.5"));
    ASSERT_TRUE(run());
    EXPECT_EQ(counts(), (Counts{0, 1, 1, 4}));
    ASSERT_TRUE(set_override(recipe, "10K415.tif", "add.amount", "0.5"));
    ASSERT_TRUE(run());
    EXPECT_EQ(counts(), (Counts{1, 1, 1, 4}));
    ASSERT_TRUE(set_override(recipe, "10K415.tif", "mark.amount", "0.5"));
    ASSERT_TRUE(run());
    EXPECT_EQ(counts(), (Counts{0, 0, 0, 4}));
    EXPECT_FLOAT_EQ(scene.channels[1].planes[0]->at(0, 0), files[1].scene.channels[0].planes[0]->at(0, 0) + 1);
    EXPECT_EQ(scene.channels[1].planes[0]->size(), (Size{8, 6}));
}

TEST_F(OverlaySet, ATintOrALabelAlignsNothingAnew) {
    files = {loaded_channel("10K405.tif"), loaded_channel("10K415.tif", 2)};
    ASSERT_TRUE(run());
    counts();
    ASSERT_TRUE(set_override(recipe, "10K405.tif", "channel.tint", "#ff0000"));
    ASSERT_TRUE(set_override(recipe, "10K415.tif", "channel.label", "mine"));
    ASSERT_TRUE(run());
    EXPECT_EQ(counts(), (Counts{0, 0, 1, 4}));
    EXPECT_EQ(scene.channels[0].settings.tint, (Rgb{1, 0, 0}));
    EXPECT_EQ(labels()[2], "405 nm/mine/") << "the composition saw it";
    ASSERT_TRUE(set_override(recipe, "10K415.tif", "channel.gain", "2"));
    ASSERT_TRUE(run("fake_align"));
    EXPECT_EQ(counts(), (Counts{0, 0, 0, 0}));
    EXPECT_EQ(scene.channels[1].settings.gain, 2);
    ASSERT_EQ(scene.channels.size(), 2u);
    EXPECT_TRUE(scene.channels[1].alignment);
}

TEST_F(OverlaySet, RolePointsOrderAndContentAlignAnew) {
    files = {loaded_channel("10K405.tif"), loaded_channel("10K415.tif", 2)};
    ASSERT_TRUE(run("fake_align"));
    struct Change {
        char const *key, *value;
    };
    for (auto const& [key, value] : {Change{"channel.order", "1"}, Change{"channel.points", "x shift 1,1=2,2"},
                                     Change{"channel.motion", "affine"}, Change{"channel.role", "extra"}}) {
        counts();
        ASSERT_TRUE(set_override(recipe, "10K415.tif", key, value));
        ASSERT_TRUE(run("fake_align"));
        EXPECT_EQ(s_means, 1) << key;
        EXPECT_EQ(s_added, 0) << key;
    }
    counts();
    files[1] = loaded_channel("10K415.tif", 9);
    ASSERT_TRUE(run("fake_align"));
    EXPECT_EQ(counts(), (Counts{1, 1, 0, 0}));
}

TEST_F(OverlaySet, ARunThatKeepsNothingGivesTheSamePixels) {
    files = {loaded_channel("10K405.tif"), loaded_channel("10K415.tif", 2)};
    ASSERT_TRUE(run());
    std::uint64_t const kept = test::fingerprint(scene);
    set = SetRun(false);
    for (int n = 0; n < 2; ++n) {
        counts();
        ASSERT_TRUE(run());
        EXPECT_EQ(test::fingerprint(scene), kept);
        EXPECT_EQ(counts(), (Counts{2, 1, 1, 4}));
    }
}

TEST_F(OverlaySet, PixelsGoAsSoonAsTheyAreUsedWhenTheyMay) {
    files = {loaded_channel("10K405.tif"), loaded_channel("10K415.tif", 2)};
    ASSERT_TRUE(run());
    std::uint64_t const expected = test::fingerprint(scene);
    SetRun once(false);
    SetRun::File const list[] = {{1, &files[0], &files[0]}, {2, &files[1], &files[1]}};
    Job own;
    ASSERT_TRUE(once.run(recipe, list, "", scene, own));
    EXPECT_EQ(test::fingerprint(scene), expected);
    EXPECT_TRUE(files[0].scene.channels[0].planes.empty());
    EXPECT_EQ(once.ids(), (Ids{1, 2, 0, 0}));
    EXPECT_FALSE(once.members().channels[0].planes.empty()) << "the finished ones";
}

TEST_F(OverlaySet, ShortMemoryFailsTheSetInsteadOfSomeOfIt) {
    Step greedy = k_add;
    greedy.id = "greedy";
    greedy.run = [](Scene& whole, std::span<Value const>, Job&) -> Status {
        if (whole.channels.front().file_name != "10K415.tif") return Done{};
        return Error{ErrorCode::out_of_memory, "not enough memory for 9 x 9 px"};
    };
    recipe.steps.insert(recipe.steps.begin() + 2, make_use(greedy));
    files = {loaded_channel("10K405.tif"), loaded_channel("10K415.tif", 2)};
    auto const status = run();
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message, "Add: not enough memory for 9 x 9 px, with a set of 2 images: leave some of them "
                                      "out, or crop them first");
}

TEST_F(OverlaySet, ThreadsChangeNothing) {
    /// Runs parts backwards, as threads might.
    class Backwards : public Job {
        void for_each(std::size_t count, std::function<void(std::size_t)> const& part) override {
            while (count > 0) part(--count);
        }
    };
    files = {loaded_channel("10K405.tif"), loaded_channel("10K415.tif", 2), loaded_channel("10K425.tif", 3)};
    ASSERT_TRUE(run());
    std::uint64_t const expected = test::fingerprint(scene);
    std::vector<SetRun::File> list;
    for (std::size_t i = 0; i < files.size(); ++i) list.push_back({static_cast<int>(i) + 1, &files[i]});
    Backwards backwards;
    SetRun other;
    Scene result;
    ASSERT_TRUE(other.run(recipe, list, "", result, backwards));
    EXPECT_EQ(test::fingerprint(result), expected);
    ASSERT_EQ(backwards.notes().size(), job->notes().size());
    for (std::size_t i = 0; i < job->notes().size(); ++i) EXPECT_EQ(backwards.notes()[i].text, job->notes()[i].text);
}

TEST_F(OverlaySet, AFailingFileStopsNoOther) {
    files = {loaded_channel("10K405.tif"), loaded_channel("10K415.tif", 2), loaded_channel("10K425.tif", 3)};
    ASSERT_TRUE(set_override(recipe, "10K415.tif", "add.amount", "13"));
    ASSERT_TRUE(run());
    EXPECT_EQ(set.ids(), (Ids{1, 3, 0, 0}));
    ASSERT_EQ(set.failures().size(), 1u);
    EXPECT_EQ(set.failures()[0].id, 2);
    EXPECT_EQ(set.failures()[0].file_name, "10K415.tif");
    EXPECT_EQ(set.failures()[0].message, "Add: 13 is unlucky; take another number");
    ASSERT_TRUE(set_value(recipe, "add.amount", "13"));
    auto const status = run();
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().message.find("10K405.tif: Add: 13"), std::string::npos) << status.error().message;
}

TEST_F(OverlaySet, AFailingSetStepIsNamed) {
    files = {loaded_channel("10K405.tif")};
    ASSERT_TRUE(set_value(recipe, "fake_align.amount", "13"));
    auto const status = run();
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message, "Align: cannot");
}

TEST_F(OverlaySet, ImagesThatAStepLeavesOutAreRemembered) {
    Step leave_out = k_align;
    leave_out.id = "leave_out";
    leave_out.run = [](Scene& whole, std::span<Value const>, Job&) -> Status {
        whole.channels.erase(whole.channels.begin() + 1);
        return Done{};
    };
    recipe.steps.insert(recipe.steps.begin() + 4, make_use(leave_out));
    files = {loaded_channel("10K405.tif"), loaded_channel("10K415.tif", 2), loaded_channel("10K425.tif", 3)};
    for (int n = 0; n < 2; ++n) {
        ASSERT_TRUE(run());
        EXPECT_EQ(set.ids(), (Ids{1, 3, 0, 0}));
        EXPECT_EQ(set.member_ids(), (Ids{1, 2, 3}));
        ASSERT_EQ(set.members().channels.size(), 3u);
        EXPECT_EQ(set.members().channels[1].alignment->from_reference.affine.tx, 1);
        EXPECT_TRUE(set.members().channels[1].planes.empty());
        EXPECT_EQ(set.members().channels[2].planes, scene.channels[1].planes);
    }
}

TEST_F(OverlaySet, PlaceholdersTakeAColourAndShowNothing) {
    files = {loaded_channel("10K405.tif"), Loaded{}, loaded_channel("10K415.tif", 2)};
    ASSERT_TRUE(run("fake_align"));
    EXPECT_EQ(set.ids(), (Ids{1, 3}));
    EXPECT_EQ(scene.palette_slots, 3);
    EXPECT_EQ(scene.channels[1].settings.slot, 2);
    files = {Loaded{}};
    EXPECT_FALSE(run());
    files.clear();
    EXPECT_FALSE(run());
}

TEST_F(OverlaySet, FilesLeftOutByTheUserAreNotInTheSet) {
    files = {loaded_channel("10K405.tif"), loaded_channel("10K415.tif", 2)};
    ASSERT_TRUE(set_override(recipe, "10K405.tif", "channel.role", "off"));
    ASSERT_TRUE(run("fake_align"));
    EXPECT_EQ(set.ids(), (Ids{2}));
    EXPECT_TRUE(set.failures().empty());
}

TEST_F(OverlaySet, OneImageManyImagesAndUnequalSizesPass) {
    files = {loaded_channel("a.tif")};
    EXPECT_TRUE(run());
    files.clear();
    for (int i = 0; i < 20; ++i)
        files.push_back(loaded_channel("10K" + std::to_string(400 + 2 * i) + ".tif", static_cast<std::uint32_t>(i),
                               {8 + i % 3, 6 + i % 2}));
    ASSERT_TRUE(run());
    EXPECT_EQ(scene.channels.size(), 22u);
    EXPECT_EQ(scene.palette_slots, 20);
    // The same name in two folders.
    files = {loaded_channel("a/10K405.tif", 1), loaded_channel("b/10K405.tif", 2)};
    ASSERT_TRUE(run());
    EXPECT_EQ(set.ids(), (Ids{1, 2, 0, 0}));
}

TEST_F(OverlaySet, StopsWhereItIsToldTo) {
    files = {loaded_channel("10K415.tif"), loaded_channel("10K405.tif", 2)};
    ASSERT_TRUE(run("correct"));
    EXPECT_EQ(counts(), (Counts{0, 0, 0, 0}));
    EXPECT_EQ(labels(), (Labels{"405 nm", "415 nm"})) << "roles and order are known already";
    ASSERT_TRUE(run("add"));
    EXPECT_EQ(counts(), (Counts{2, 0, 0, 0}));
    auto const status = run("nothing");
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().message.find("nothing"), std::string::npos);
}

TEST_F(OverlaySet, CancelStopsItWithoutAResult) {
    class Stopped : public Job {
        bool cancelled() const override { return true; }
    } stopped;
    files = {loaded_channel("10K405.tif")};
    SetRun::File const list[] = {{1, files.data()}};
    auto const status = set.run(recipe, list, "", scene, stopped);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::cancelled);
    EXPECT_TRUE(scene.channels.empty());
}

TEST_F(OverlaySet, NotesSayWhoseTheyAre) {
    files = {loaded_channel("10K405.tif")};
    ASSERT_TRUE(run());
    ASSERT_GE(job->notes().size(), 2u);
    EXPECT_EQ(job->notes()[0].text, "10K405.tif: added something");
    EXPECT_EQ(job->notes()[0].step, "add");
    EXPECT_EQ(job->notes()[1].text, "405 nm: marked");
    EXPECT_EQ(set.file_notes(1).at(0).text, "added something");
    EXPECT_TRUE(set.file_notes(7).empty());
}

TEST_F(OverlaySet, TheRealRecipeTakesWhateverComes) {
    // One image; unlike sizes; blank and saturated ones; no signal at all; twenty.
    recipe = overlay_recipe();
    std::vector<std::vector<Loaded>> sets(5);
    sets[0] = {loaded_channel("a.tif", 1, {40, 30})};
    sets[1] = {loaded_channel("10K405.tif", 1, {40, 30}), loaded_channel("10K415.tif", 2, {33, 47}), loaded_channel("10K425.tif", 3, {1, 1})};
    sets[2] = {loaded_channel("10K405.tif", 1, {40, 30}), loaded_channel("10K415.tif", 2, {40, 30}), loaded_channel("10K425.tif", 3, {40, 30})};
    for (float const value : {0.0f, 1.0f})
        sets[2][value > 0 ? 1 : 2].scene.channels[0].planes = {
            std::make_shared<Plane const>(Plane::filled({40, 30}, value).value())};
    sets[3] = {loaded_channel("+405.tif", 1, {40, 30}), loaded_channel("+415.tif", 2, {40, 30})};
    for (int i = 0; i < 20; ++i)
        sets[4].push_back(
            loaded_channel("10K" + std::to_string(400 + 2 * i) + ".tif", static_cast<std::uint32_t>(i), {40, 30}));
    for (std::size_t i = 0; i < sets.size(); ++i) {
        files = sets[i];
        set.clear();
        auto const status = run();
        ASSERT_TRUE(status) << i << ": " << status.error().message;
        EXPECT_GE(scene.channels.size(), 1u) << i;
        EXPECT_EQ(test::first_not_finite(scene), "") << i;
        EXPECT_EQ(overlay_output_names(scene).size(), scene.channels.size());
    }
}

// --- what is left behind ----------------------------------------------------------------------------------------------

Channel plain(std::string name, Role role, std::optional<Alignment> alignment = {}) {
    Channel channel;
    channel.file_name = channel.relative_path = std::move(name);
    channel.label = stem_of(channel.file_name);
    channel.role = role;
    channel.alignment = std::move(alignment);
    channel.planes = {std::make_shared<Plane const>(Plane::filled({101, 51}, 0.5f).value())};
    return channel;
}

Alignment placed(Projective const& map, Trust trust = Trust::accepted) {
    return {map, trust, 0.75, 0.125, ""};
}

TEST(OverlayOutput, NamesFollowTheOriginalTools) {
    Scene scene;
    scene.channels = {plain("10K405.TIF", Role::signal), plain("10K415.TIF", Role::signal),
                      plain("S/10K:x.TIF", Role::extra), plain("", Role::composite),
                      plain("", Role::composite_saturated)};
    EXPECT_EQ(overlay_output_names(scene),
              (Labels{"channel01_10K405.png", "channel02_10K415.png", "extra03_S_10K_x.png", "composite_10K.png",
                      "composite_saturate_10K.png"}));
    // One hundred channels sort by name, too; equal names do not meet.
    scene.channels.assign(100, plain("a.tif", Role::signal));
    auto const names = overlay_output_names(scene);
    EXPECT_EQ(names[0], "channel001_a.png");
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 100u);
}

TEST(OverlayOutput, JsonGivesEveryMapOrNull) {
    Scene scene;
    scene.channels = {plain("a.tif", Role::signal, placed({}, Trust::reference)),
                      plain("b.tif", Role::signal, placed(Projective({1, 0.5, 2, 0.25, 1, 3}, 0.001, 0))),
                      plain("c.tif", Role::extra, Alignment{{}, Trust::refused, 0.1, 0, "nothing in common"}),
                      plain("", Role::composite)};
    EXPECT_EQ(to_text(alignment_json(scene)),
              R"([{"file":"a.tif","role":"signal","label":"a","matrix":[[1,0,0],[0,1,0]],"score":0.75,)"
              R"("trust":"reference","residual_px":0.125,"reason":""},)"
              R"({"file":"b.tif","role":"signal","label":"b","matrix":[[1,0.5,2],[0.25,1,3]],"projective":[0.001,0],)"
              R"("score":0.75,"trust":"accepted","residual_px":0.125,"reason":""},)"
              R"({"file":"c.tif","role":"extra","label":"c","matrix":null,"score":0.1,"trust":"refused",)"
              R"("residual_px":0,"reason":"nothing in common"}])");
}

TEST(OverlayOutput, MapsCanStartFromAnyPlacedImage) {
    Scene scene;
    Affine const to_b{1.01, 0.02, 5, -0.02, 0.99, -3}, to_c{0.98, 0, 1, 0.01, 1, 2};
    scene.channels = {plain("a.tif", Role::signal, placed({}, Trust::reference)),
                      plain("b.tif", Role::signal, placed(to_b)), plain("c.tif", Role::signal, placed(to_c)),
                      plain("d.tif", Role::signal, placed({}, Trust::refused))};
    EXPECT_FALSE(refer_to(scene, 3));
    ASSERT_TRUE(refer_to(scene, 1));
    EXPECT_EQ(scene.channels[1].alignment->from_reference, Projective());
    Point const in_a{70, 40}, in_b = to_b(in_a);
    EXPECT_NEAR(scene.channels[0].alignment->from_reference(in_b).x, in_a.x, 1e-12);
    EXPECT_NEAR(scene.channels[0].alignment->from_reference(in_b).y, in_a.y, 1e-12);
    EXPECT_NEAR(scene.channels[2].alignment->from_reference(in_b).x, to_c(in_a).x, 1e-12);
    EXPECT_NEAR(scene.channels[2].alignment->from_reference(in_b).y, to_c(in_a).y, 1e-12);
}

TEST(OverlayOutput, TableTellsTheMotionInWords) {
    Scene scene;
    // 1 % larger and turned by 2 degrees about (50, 25), on pixels twice as high as wide, then shifted by (3, -1.5).
    double const c = 1.01 * std::cos(2 * std::acos(-1.0) / 180), s = 1.01 * std::sin(2 * std::acos(-1.0) / 180);
    Affine map{c, -2 * s, 0, s / 2, c, 0};
    map.tx = 50 + 3 - (map.a * 50 + map.b * 25);
    map.ty = 25 - 1.5 - (map.c * 50 + map.d * 25);
    scene.channels = {plain("a.tif", Role::signal, placed({}, Trust::reference)),
                      plain("b,\"1\".tif", Role::signal, placed(map)),
                      plain("c.tif", Role::signal, Alignment{{}, Trust::refused, 0, 0, "blank"})};
    for (Channel& channel : scene.channels) {
        channel.metadata.acquisition.pixel_size_x_nm = {10, ""};
        channel.metadata.acquisition.pixel_size_y_nm = {20, ""};
    }
    std::string const csv = transforms_csv(scene);
    auto const lines = split_lines(csv);
    ASSERT_EQ(lines.size(), 4u);
    EXPECT_EQ(lines[1], "a.tif,signal,a,1,0,0,0,1,0,0,0,0.000,0.000,1.000000,0.0000,1.000000,0.7500,reference,0.125,");
    EXPECT_TRUE(lines[2].starts_with("\"b,\"\"1\"\".tif\",signal,\"b,\"\"1\"\"\",")) << lines[2];
    EXPECT_NE(lines[2].find(",3.000,-1.500,1.010000,2.0000,1.000000,0.7500,accepted"), std::string::npos) << lines[2];
    EXPECT_EQ(lines[3], "c.tif,signal,c,,,,,,,,,,,,,,0.0000,refused,0.000,blank");
    auto const columns = split(lines[0], ',').size();
    EXPECT_EQ(split(lines[1], ',').size(), columns);
    EXPECT_EQ(split(lines[3], ',').size(), columns);
}

TEST(OverlayOutput, APictureBringsItsRecipeWithOverridesAndAllInputs) {
    Scene scene;
    scene.channels = {plain("a.tif", Role::signal), plain("", Role::composite)};
    scene.channels[1].pixel_size_x_nm = scene.channels[1].pixel_size_y_nm = Sourced<double>{15.5, "header"};
    Recipe recipe = overlay_recipe();
    ASSERT_TRUE(set_override(recipe, "a.tif", "channel.tint", "#00ff00"));
    ASSERT_TRUE(set_override(recipe, "a.tif", "despike", "off"));
    std::vector<InputHash> const inputs{{"a.tif", "12"}, {"dummy", ""}, {"b.tif", "34"}};
    Job job;
    auto const png = encode_channel(scene, 1, recipe, inputs, job);
    ASSERT_TRUE(png) << png.error().message;
    auto const provenance = read_provenance(*png);
    ASSERT_TRUE(provenance) << provenance.error().message;
    EXPECT_EQ(provenance->recipe, recipe);
    EXPECT_EQ(provenance->inputs, inputs);
    auto const decoded = decode_image(*png, "c.png");
    ASSERT_TRUE(decoded && decoded->resolution);
    EXPECT_NEAR(decoded->resolution->x, 1e9 / 15.5, 1);
    EXPECT_FALSE(encode_channel(scene, 2, recipe, inputs, job));
}

} // namespace
} // namespace mg
