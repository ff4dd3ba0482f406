// The run of a set of element maps, with steps made for the purpose, and what it leaves behind.
#include "recipe/materials.h"

#include <array>
#include <atomic>
#include <cmath>
#include <tuple>

#include <gtest/gtest.h>

#include "base/text.h"
#include "codecs/codec.h"
#include "metadata/metadata.h"
#include "steps/registry.h"
#include "support/notes.h"
#include "support/scene_maker.h"

namespace mg {
namespace {

// --- steps: one on each picture, three on the set, one on each picture afterwards
// --------------------------------------

std::atomic<int> s_cleaned = 0, s_finished = 0;
int s_clustered = 0, s_coloured = 0;

struct NumberParams {
    int k = 2;
};
constexpr auto k_number_params = std::to_array<Param>({param<&NumberParams::k>({.key = "k", .label = "a"})});

Status run_clean(Scene& scene, NumberParams const&, Job&) {
    EXPECT_EQ(scene.channels.size(), 1u) << "one image at a time";
    EXPECT_NE(scene.channels.front().role, Role::element_map) << "counts are not for picture steps";
    EXPECT_FALSE(scene.channels.front().label.empty());
    ++s_cleaned;
    return Done{};
}
Step const k_clean = make_step<NumberParams, k_number_params, run_clean>(
    {.id = "clean", .title = "Clean", .summary = "s", .workflows = k_materials});

Status run_cluster(Scene& scene, NumberParams const& params, Job&) {
    ++s_clustered;
    Materials made;
    for (Channel const& channel : scene.channels)
        if (channel.role == Role::element_map) {
            made.size = channel.size();
            made.elements.push_back({.label = channel.label, .file_name = channel.file_name});
        }
    for (int i = 0; i < params.k; ++i) made.list.push_back({.name = std::to_string(i)});
    scene.materials = std::make_shared<Materials const>(std::move(made));
    return Done{};
}
Step const k_cluster = make_step<NumberParams, k_number_params, run_cluster>(
    {.id = "fake_cluster", .title = "Cluster", .summary = "s", .workflows = k_materials, .whole_set = true});

/// Places the maps and the Lab image over the SE image.
Status run_lay(Scene& scene, NumberParams const& params, Job&) {
    for (Channel& channel : scene.channels)
        channel.alignment = channel.role == Role::se_image
                                ? Alignment{{}, Trust::reference, 1}
                                : Alignment{Affine{0.25, 0, -2, 0, 0.2, -3}, Trust::accepted, 0.9, 0.05};
    if (params.k == 13)
        for (Channel& channel : scene.channels)
            if (channel.role != Role::se_image) channel.alignment = Alignment{{}, Trust::refused, 0.1, 0, "flat"};
    return Done{};
}
Step const k_lay = make_step<NumberParams, k_number_params, run_lay>(
    {.id = "fake_lay", .title = "Lay", .summary = "s", .workflows = k_materials, .whole_set = true});

/// Drops the maps and appends a composite.
Status run_colour(Scene& scene, NumberParams const& params, Job&) {
    ++s_coloured;
    Role const ground = scene.channels.back().role; // the SE image, or without one the Lab image
    std::erase_if(scene.channels, [&](Channel const& channel) { return channel.role != ground; });
    Channel composite = scene.channels.front();
    composite.role = Role::composite;
    composite.label = std::to_string(params.k);
    scene.channels.push_back(std::move(composite));
    return Done{};
}
Step const k_colour = make_step<NumberParams, k_number_params, run_colour>(
    {.id = "fake_colour", .title = "Colour", .summary = "s", .workflows = k_materials, .whole_set = true});

Status run_finish(Scene& scene, NumberParams const&, Job&) {
    ++s_finished;
    EXPECT_TRUE(scene.materials) << "the databar shows them";
    return Done{};
}
Step const k_finish = make_step<NumberParams, k_number_params, run_finish>(
    {.id = "finish", .title = "Finish", .summary = "s", .workflows = k_materials});

Recipe fake_materials() {
    return {{make_use(*find_step("correct")), make_use(*find_step("map")), make_use(k_clean), make_use(k_cluster),
             make_use(k_lay), make_use(k_colour), make_use(k_finish)},
            {}};
}

Loaded loaded_map(std::string name, std::uint32_t seed = 1, Size size = {8, 6}) {
    Loaded file;
    file.scene = test::make_scene({.size = size, .header = false, .seed = seed});
    Channel& channel = file.scene.channels.front();
    channel.relative_path = channel.file_name = name;
    channel.metadata = {};
    channel.pixel_size_x_nm.reset();
    channel.pixel_size_y_nm.reset();
    channel.label = channel_label(channel.metadata, channel.file_name);
    file.sha256 = "hash of " + name + std::to_string(seed);
    file.inputs = {{channel.file_name, file.sha256}};
    return file;
}

class MaterialsSet : public testing::Test {
protected:
    void SetUp() override { counts(); }
    Status run(std::string_view last = "") {
        std::vector<SetRun::File> list;
        for (std::size_t i = 0; i < files.size(); ++i) list.push_back({static_cast<int>(i) + 1, &files[i]});
        job = std::make_unique<Job>();
        return set.run(recipe, list, last, scene, *job);
    }
    /// cleaned, clustered, coloured, finished
    static std::array<int, 4> counts() {
        std::array<int, 4> const now{s_cleaned, s_clustered, s_coloured, s_finished};
        s_cleaned = s_finished = s_clustered = s_coloured = 0;
        return now;
    }
    std::string elements() const {
        std::string text;
        for (Element const& element : scene.materials->elements) text += element.label + " ";
        return text;
    }

    std::vector<Loaded> files{loaded_map("SE01.TIF", 1, {40, 30}), loaded_map("map_NiK.bmp", 2), loaded_map("map_Lab1.bmp", 3),
                              loaded_map("map_AlK.bmp", 4)};
    Recipe recipe = fake_materials();
    SetRun set;
    Scene scene;
    std::unique_ptr<Job> job;
};
using Counts = std::array<int, 4>;

TEST_F(MaterialsSet, StepsForPicturesRunOnElectronImagesOnly) {
    ASSERT_TRUE(run());
    EXPECT_EQ(counts(), (Counts{2, 1, 1, 2}));
    EXPECT_EQ(elements(), "AlK NiK ");
    EXPECT_EQ(set.ids(), (std::vector<int>{1, 0}));
    EXPECT_EQ(set.member_ids(), (std::vector<int>{4, 2, 3, 1}));
    EXPECT_EQ(set.members().channels[0].label, "AlK");
    EXPECT_TRUE(set.members().channels[0].alignment) << "known although the map is gone";
}

TEST_F(MaterialsSet, AMicrographThatWasReadReducedSetsTheScale) {
    files[0].scene.preview_scale = 1.0 / 3;
    std::swap(files[0], files[2]);
    ASSERT_TRUE(run());
    EXPECT_EQ(scene.preview_scale, 1.0 / 3);
    Note const* note = test::find_note(*job, "reduced");
    ASSERT_NE(note, nullptr);
    EXPECT_TRUE(note->text.starts_with("SE01.TIF: read at 1/3 of its size")) << note->text;
}

TEST_F(MaterialsSet, AChangedSettingRunsOnlyWhatFollowsIt) {
    ASSERT_TRUE(run());
    counts();
    ASSERT_TRUE(run());
    EXPECT_EQ(counts(), (Counts{0, 0, 0, 0}));
    ASSERT_TRUE(set_value(recipe, "fake_colour.k", "3"));
    ASSERT_TRUE(run());
    EXPECT_EQ(counts(), (Counts{0, 0, 1, 2}));
    ASSERT_TRUE(set_value(recipe, "fake_cluster.k", "5"));
    ASSERT_TRUE(run());
    EXPECT_EQ(counts(), (Counts{0, 1, 1, 2}));
    EXPECT_EQ(scene.materials->list.size(), 5u);
    ASSERT_TRUE(run("fake_cluster"));
    EXPECT_EQ(counts(), (Counts{0, 0, 0, 0}));
    EXPECT_EQ(scene.channels.size(), 4u);
}

TEST_F(MaterialsSet, RoleElementAndCountsOfAMapRunAllAnew) {
    ASSERT_TRUE(run());
    struct Change {
        char const *key, *value, *expected;
    };
    for (auto const& [key, value, expected] :
         {Change{"map.element", "GaK", "NiK GaK "}, Change{"map.counts", "40", "NiK GaK "},
          Change{"map.role", "off", "NiK "}}) {
        counts();
        ASSERT_TRUE(set_override(recipe, "map_AlK.bmp", key, value));
        ASSERT_TRUE(run());
        EXPECT_EQ(s_clustered, 1) << key;
        EXPECT_EQ(elements(), expected);
    }
    counts();
    files[1] = loaded_map("map_NiK.bmp", 9);
    ASSERT_TRUE(run());
    EXPECT_EQ(s_clustered, 1);
    counts();
    ASSERT_TRUE(set_override(recipe, "map_Lab1.bmp", "map.role", "off"));
    ASSERT_TRUE(run());
    EXPECT_EQ(counts(), (Counts{1, 1, 1, 2}));
}

TEST_F(MaterialsSet, TheOrderOfTheFilesAndWhatIsKeptChangeNothing) {
    ASSERT_TRUE(run());
    std::uint64_t const expected = test::fingerprint(scene);
    std::reverse(files.begin(), files.end());
    set = SetRun(false);
    ASSERT_TRUE(run());
    EXPECT_EQ(test::fingerprint(scene), expected);
    EXPECT_EQ(elements(), "AlK NiK ");
}

TEST_F(MaterialsSet, WhatIsLeftOutIsTold) {
    files.push_back(loaded_map("map_AlK.bmp", 4));
    ASSERT_TRUE(run());
    EXPECT_EQ(elements(), "AlK NiK ");
    int warnings = 0;
    for (Note const& note : job->notes()) warnings += note.key == "warning" ? 1 : 0;
    EXPECT_EQ(warnings, 1);
    EXPECT_EQ(set.failures().size(), 0u);
}

TEST_F(MaterialsSet, RolesAreKnownBeforeThereIsAMap) {
    files.resize(1);
    ASSERT_TRUE(run("map"));
    ASSERT_EQ(scene.channels.size(), 1u);
    EXPECT_EQ(scene.channels[0].role, Role::se_image);
    auto const status = run();
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().message.find("no element map"), std::string::npos) << status.error().message;
    ASSERT_TRUE(run("correct"));
    EXPECT_EQ(scene.channels[0].role, Role::se_image) << "however early the chain is stopped";
}

TEST_F(MaterialsSet, TheRegistrationGoesFromMapToSeImage) {
    ASSERT_TRUE(run());
    Json const json = map_registration_json(set.members());
    EXPECT_EQ(to_text(*json.find("matrix")), "[[4,0,8],[0,5,15]]");
    EXPECT_EQ(*json.find("score")->as_number(), 0.9);
    EXPECT_EQ(*json.find("trust")->as_string(), "accepted");
    EXPECT_EQ(*json.find("source")->as_string(), "Lab image");
    ASSERT_TRUE(set_value(recipe, "fake_lay.k", "13"));
    ASSERT_TRUE(run());
    Json const refused = map_registration_json(set.members());
    EXPECT_TRUE(refused.find("matrix")->is_null());
    EXPECT_EQ(*refused.find("reason")->as_string(), "flat");
}

TEST_F(MaterialsSet, ResultsAreNamedAfterTheSeImage) {
    ASSERT_TRUE(run());
    EXPECT_EQ(materials_output_name(set.members()), "edx_composite_SE01.png");
    files.erase(files.begin());
    ASSERT_TRUE(run());
    EXPECT_EQ(materials_output_name(set.members()), "edx_composite_map.png") << "of the maps, without one";
}

TEST_F(MaterialsSet, TheCompositeCarriesTheRecipeOfTheWholeSet) {
    files[0].scene.channels[0].pixel_size_x_nm = files[0].scene.channels[0].pixel_size_y_nm = {25.0, "header"};
    ASSERT_TRUE(set_override(recipe, "map_AlK.bmp", "map.counts", "40"));
    ASSERT_TRUE(run());
    std::vector<InputHash> inputs;
    for (Loaded const& file : files) inputs.push_back(file.inputs.front());
    auto const png = encode_materials(scene, recipe, inputs, *job);
    ASSERT_TRUE(png) << png.error().message;
    auto const decoded = decode_image(*png, "x.png");
    ASSERT_TRUE(decoded && decoded->resolution);
    EXPECT_NEAR(decoded->resolution->x, 4e7, 1);
    bool recipe_found = false;
    for (PngText const& text : read_png_texts(*png))
        recipe_found = recipe_found ||
                       (text.keyword == "micrographia:recipe" && text.text.find("map_NiK.bmp") != std::string::npos &&
                        text.text.find("\"key\":\"counts\",\"value\":40") != std::string::npos);
    EXPECT_TRUE(recipe_found);
    scene.channels.pop_back();
    EXPECT_FALSE(encode_materials(scene, recipe, inputs, *job)) << "there is no composite";
}

struct KnownParams {
    std::string materials;
};
constexpr auto k_known_params =
    std::to_array<Param>({param<&KnownParams::materials>({.key = "materials", .label = "a", .maximum = 1000})});

Status run_known(Scene& scene, KnownParams const& params, Job&) {
    ++s_clustered;
    EXPECT_EQ(params.materials.find('#'), std::string::npos) << "colours change nothing here";
    Materials made;
    made.list.push_back({.name = "Sapphire", .name_given = true});
    made.list.push_back({.name = "Resin"});
    scene.materials = std::make_shared<Materials const>(std::move(made));
    return Done{};
}
Step const k_known = make_step<KnownParams, k_known_params, run_known>(
    {.id = "cluster", .title = "Materials", .summary = "s", .workflows = k_materials, .whole_set = true});

Status run_colours(Scene& scene, NumberParams const&, Job&) {
    ++s_coloured;
    auto made = std::make_shared<Materials>(*scene.materials);
    for (Material& material : made->list) material.colour = material.picked.value_or(Rgb{});
    scene.materials = std::move(made);
    return Done{};
}
Step const k_colours = make_step<NumberParams, k_number_params, run_colours>(
    {.id = "colours", .title = "Colours", .summary = "s", .workflows = k_materials, .whole_set = true});

TEST_F(MaterialsSet, AColourGivenToAMaterialFindsNoMaterialsAnew) {
    recipe.steps = {make_use(*find_step("map")), make_use(k_known), make_use(k_lay), make_use(k_colours)};
    ASSERT_TRUE(set_value(recipe, "cluster.materials", "Sapphire = AlK:2"));
    ASSERT_TRUE(run());
    EXPECT_EQ(counts(), (Counts{0, 1, 1, 0}));
    EXPECT_EQ(scene.materials->list[0].colour, (Rgb{0, 0, 0}));
    for (auto const& [text, red, blue] :
         {std::tuple("Sapphire #ff0000 = AlK:2", 1.0f, 0.0f), std::tuple("Sapphire #0000ff = AlK:2", 0.0f, 1.0f),
          std::tuple("Sapphire = AlK:2", 0.0f, 0.0f)}) {
        ASSERT_TRUE(set_value(recipe, "cluster.materials", text));
        ASSERT_TRUE(run());
        EXPECT_EQ(counts(), (Counts{0, 0, 1, 0})) << text;
        EXPECT_EQ(scene.materials->list[0].colour, (Rgb{red, 0, blue})) << text;
        EXPECT_FALSE(scene.materials->list[1].picked);
    }
    ASSERT_TRUE(set_value(recipe, "cluster.materials", "Sapphire #ff0000 = AlK:2"));
    set = SetRun(false);
    ASSERT_TRUE(run());
    EXPECT_EQ(scene.materials->list[0].colour, (Rgb{1, 0, 0}));
    ASSERT_TRUE(set_value(recipe, "cluster.materials", "Sapphire = AlK:3"));
    ASSERT_TRUE(run());
    EXPECT_EQ(s_clustered, 2) << "a composition is another matter";
}

// --- tables and label maps
// ---------------------------------------------------------------------------------------------

Materials two_materials() {
    Materials made;
    made.size = {5, 3};
    made.elements.push_back({.label = "OK", .file_name = "map_OK.bmp"});
    made.elements.push_back({.label = "Al \"K\",1", .file_name = "x.bmp"});
    made.list = {
        {.name = "Sapphire", .colour = {1, 0.5f, 0}, .share = 0.75, .mean = {2.6, 2.25}, .deviation = {1.5, 1}},
        {.name = "Contact, top", .colour = {0, 0, 1}, .share = 0.25, .mean = {0.125, 0}, .deviation = {0.5, 0}}};
    auto labels = Image<std::uint8_t>::create(made.size);
    auto flags = Mask::filled(made.size, 0);
    for (int i = 0; i < 15; ++i) labels->data()[i] = i < 8 ? 0 : i < 12 ? 1 : k_no_material;
    flags->data()[0] = k_flag_mixed | k_flag_uncertain;
    flags->data()[1] = k_flag_mixed;
    flags->data()[8] = k_flag_brushed;
    made.labels = std::make_shared<Image<std::uint8_t> const>(std::move(labels).value());
    made.flags = std::make_shared<Mask const>(std::move(flags).value());
    return made;
}

TEST(MaterialsTable, HasOneRowPerMaterial) {
    EXPECT_EQ(materials_csv(two_materials()),
              "material,colour,area (%),mixed (% of its pixels),uncertain (% of its pixels),brushed (% of its pixels),"
              "OK mean (counts/px),OK standard deviation (counts/px),"
              "\"Al \"\"K\"\",1 mean (counts/px)\",\"Al \"\"K\"\",1 standard deviation (counts/px)\"\r\n"
              "Sapphire,#ff8000,75.000,25.000,12.500,0.000,2.6000,1.5000,2.2500,1.0000\r\n"
              "\"Contact, top\",#0000ff,25.000,0.000,0.000,25.000,0.1250,0.5000,0.0000,0.0000\r\n");
    EXPECT_EQ(materials_csv({}).substr(0, 9), "material,");
}

TEST(MaterialsTable, JsonNamesCompositionsByElement) {
    Json const json = materials_json(two_materials());
    ASSERT_EQ(json.as_array()->size(), 2u);
    EXPECT_EQ(
        to_text(json.as_array()->at(0)),
        "{\"label\":\"Sapphire\",\"color\":\"#ff8000\",\"share\":0.75,\"composition\":{\"OK\":2.6,\"Al \\\"K\\\",1\":"
        "2.25},\"deviation\":{\"OK\":1.5,\"Al \\\"K\\\",1\":1}}");
}

TEST(LabelMap, PngAndTiffHoldTheIndices) {
    Materials const materials = two_materials();
    auto const png = encode_labels_png(materials), tiff = encode_labels_tiff(materials);
    ASSERT_TRUE(png && tiff);
    for (Bytes const* file : {&*png, &*tiff}) {
        auto const decoded = decode_image(*file, "labels");
        ASSERT_TRUE(decoded) << decoded.error().message;
        ASSERT_EQ(decoded->size, materials.size);
        ASSERT_EQ(decoded->planes.size(), 1u);
        EXPECT_EQ(decoded->bits, 8);
        EXPECT_TRUE(decoded->warnings.empty());
        for (int i = 0; i < 15; ++i)
            EXPECT_EQ(std::lround(decoded->planes[0]->data()[i] * 255), materials.labels->data()[i]) << i;
    }
    EXPECT_TRUE(is_label_tiff(*tiff));
    EXPECT_FALSE(is_label_tiff(*png));
    EXPECT_NE(as_text(*tiff).find("0 = Sapphire; 1 = Contact, top; 255 = none"), std::string_view::npos);
}

TEST(LabelMap, EveryIndexSurvivesThePng) {
    Materials materials;
    materials.size = {256, 1};
    auto labels = Image<std::uint8_t>::create(materials.size);
    for (int i = 0; i < 256; ++i) labels->data()[i] = static_cast<std::uint8_t>(i);
    materials.labels = std::make_shared<Image<std::uint8_t> const>(std::move(labels).value());
    auto const decoded = decode_image(*encode_labels_png(materials), "labels.png");
    for (int i = 0; i < 256; ++i) EXPECT_EQ(std::lround(decoded->planes[0]->data()[i] * 255), i);
}

TEST(LabelMap, WithoutLabelsThereIsNone) {
    EXPECT_FALSE(encode_labels_png({}));
    EXPECT_FALSE(encode_labels_tiff({}));
}

} // namespace
} // namespace mg
