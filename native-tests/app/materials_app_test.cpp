// Materials with workers that really work: sets of maps, what is found, live colours, the brush, exports.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/material_edits.h"
#include "app/materials_desk.h"
#include "app/materials_pictures.h"
#include "app/pixels.h"
#include "app/pump.h"
#include "base/text.h"
#include "codecs/codec.h"
#include "codecs/zip.h"
#include "recipe/materials.h"
#include "samples/sample_edx.h"

namespace mg::app {
namespace {

SampleEdx const& small_set() {
    static SampleEdx const set = sample_edx_set(3, {.se_image = {356, 242}, .maps = {96, 75}, .dose = 4});
    return set;
}

void drop(fake::Pump& pump, std::vector<SampleFile> const& files) {
    AddFiles add;
    for (SampleFile const& file : files)
        add.files.push_back(fake::dropped(file.relative_path, file.bytes));
    pump.app.carry_out({std::move(add)});
}

fake::Pump pump_with_maps() {
    fake::Pump pump(2);
    drop(pump, small_set().files);
    pump.work();
    return pump;
}

MaterialsResult const& materials_of(fake::Pump const& pump) {
    return pump.app.results().materials;
}

std::vector<InputEntry const*> by_path(Document const& document) {
    std::vector<InputEntry const*> inputs;
    for (InputEntry const& input : document.inputs) inputs.push_back(&input);
    std::sort(inputs.begin(), inputs.end(), [](InputEntry const* a, InputEntry const* b) { return a->path < b->path; });
    return inputs;
}

TEST(MaterialsApp, DroppedMapsShowTheirWorkspaceAndBecomeMaterials) {
    fake::Pump const pump = pump_with_maps();
    EXPECT_EQ(pump.app.view().workspace, Workspace::materials);
    MaterialsResult const& result = materials_of(pump);
    ASSERT_EQ(result.sets.size(), 1u);
    ASSERT_EQ(result.sets[0].members.size(), 10u);
    EXPECT_EQ(result.sets[0].members[8].channel.role, Role::lab_image);
    EXPECT_EQ(result.sets[0].members[9].channel.role, Role::se_image);
    ASSERT_TRUE(result.found) << result.failure;
    EXPECT_EQ(result.found->elements.size(), 8u);
    EXPECT_EQ(result.found->counts.size(), 8u);
    EXPECT_GE(result.found->list.size(), 3u);
    EXPECT_EQ(result.found->size, (Size{96, 75}));
    EXPECT_EQ(result.step, 1);
    EXPECT_EQ(result.certainty.size(), std::size_t{96} * 75);
    double share = 0;
    for (Material const& material : result.found->list) share += material.share;
    EXPECT_NEAR(share, 1, 1e-9);
    ASSERT_TRUE(result.tinted && result.electron && result.fine_labels);
    EXPECT_EQ(result.tinted->bytes_per_pixel, 4);
    EXPECT_GT(result.databar_rows, 0);
    EXPECT_EQ(result.tinted->size.height, result.electron->size.height + result.databar_rows);
    EXPECT_EQ(result.facts.size(), 10u);
    EXPECT_TRUE(pump.app.idle());
}

TEST(MaterialsApp, APixelOfThePictureIsFoundOnTheMaps) {
    fake::Pump const pump = pump_with_maps();
    MaterialsResult const& result = materials_of(pump);
    ASSERT_TRUE(result.laid);
    // The set's truth: maps -> SE image as stored.
    Affine const truth = small_set().truth.maps_to_se;
    for (Point const p : {Point{10, 10}, Point{48, 37}, Point{80, 60}}) {
        Projective const to_picture(result.picture_to_recorded.inverse());
        Point const back = result.picture_to_map(to_picture(truth(p)));
        EXPECT_NEAR(back.x, p.x, 0.5);
        EXPECT_NEAR(back.y, p.y, 0.5);
    }
    Size const size = micrograph_of(result);
    EXPECT_GE(found_pixel(result, size.width / 2.0, size.height / 2.0), 0);
    EXPECT_EQ(found_pixel(result, -1e5, 0), -1);
}

TEST(MaterialsApp, AColourIsFollowedWithoutWhatItDoesNotChange) {
    fake::Pump pump = pump_with_maps();
    ASSERT_TRUE(materials_of(pump).found);
    std::uint64_t const serial = materials_of(pump).found_serial, tinted = materials_of(pump).tinted->serial;
    PicturePtr const electron = materials_of(pump).electron;
    std::vector<Material> const before = materials_of(pump).found->list;
    pump.app.carry_out({ColourMaterial{0, Rgb{1, 0, 0}, {}}, NameMaterial{0, "First", {}}});
    EXPECT_EQ(materials_of(pump).found->list[0].name, "First") << "at once";
    EXPECT_EQ(materials_of(pump).found->list[0].colour, (Rgb{1, 0, 0}));
    pump.work();
    MaterialsResult const& result = materials_of(pump);
    EXPECT_EQ(result.failure, "");
    EXPECT_EQ(result.found->list[0].name, "First");
    EXPECT_EQ(result.found->list[0].colour, (Rgb{1, 0, 0}));
    EXPECT_NE(result.tinted->serial, tinted);
    ASSERT_EQ(result.found->list.size(), before.size());
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(result.found->list[i].share, before[i].share) << i;
    pump.app.carry_out({SetParam{"tint", "strength", 0.5, {}, 0}});
    pump.work();
    EXPECT_EQ(materials_of(pump).found_serial, serial) << "the strength has nothing to do with the labels";
    EXPECT_EQ(materials_of(pump).electron, electron);
    pump.app.carry_out({Undo{}, Undo{}, Undo{}});
    pump.work();
    EXPECT_EQ(materials_of(pump).found->list[0].name, before[0].name);
    EXPECT_EQ(materials_of(pump).found->list[0].colour, before[0].colour);
}

TEST(MaterialsApp, BrushedPixelsAreOfTheirMaterial) {
    fake::Pump pump = pump_with_maps();
    ASSERT_TRUE(materials_of(pump).found);
    Materials const& found = *materials_of(pump).found;
    Size const size = found.size;
    int const other = found.labels->at(size.width / 2, size.height / 2) == 0 ? 1 : 0;
    std::string const name = found.list[static_cast<std::size_t>(other)].name;
    pump.app.carry_out({PaintMaterial{other, {{size.width / 2.0, size.height / 2.0, 2}}, "stroke"}});
    pump.work();
    Materials const& now = *materials_of(pump).found;
    ASSERT_EQ(materials_of(pump).failure, "");
    std::uint8_t const label = now.labels->at(size.width / 2, size.height / 2);
    ASSERT_LT(label, now.list.size());
    EXPECT_EQ(now.list[label].name, name);
    EXPECT_TRUE(now.flags->at(size.width / 2, size.height / 2) & k_flag_brushed);
}

TEST(MaterialsApp, TheMaterialInHandStaysTheOneOfItsName) {
    fake::Pump pump = pump_with_maps();
    ASSERT_TRUE(materials_of(pump).found);
    Size const size = materials_of(pump).found->size;
    ViewState view = pump.app.view();
    view.materials.material = static_cast<int>(materials_of(pump).found->list.size()) - 1; // the rarest
    std::string const name = materials_of(pump).found->list.back().name;
    pump.app.carry_out({SetView{view, {}}});
    // So much of the picture becomes this that it is the most common one.
    pump.app.carry_out({PaintMaterial{view.materials.material, {{size.width / 2.0, size.height / 2.0, 40}}, "stroke"}});
    pump.work();
    int const now = pump.app.view().materials.material;
    ASSERT_GE(now, 0);
    EXPECT_EQ(materials_of(pump).found->list[static_cast<std::size_t>(now)].name, name);
    EXPECT_NE(now, view.materials.material);
}

TEST(MaterialsApp, PointsAreKeptWithTheImageOnWhichTheyWerePlaced) {
    fake::Pump pump = pump_with_maps();
    std::vector<MapEntry> const& members = materials_of(pump).sets[0].members;
    int const lab = members[8].id, se = members[9].id;
    // Three spots as they truly lie.
    Affine const truth = small_set().truth.maps_to_se;
    for (Point const p : {Point{12, 9}, Point{80, 15}, Point{40, 64}})
        pump.app.carry_out({PlacePoint{lab, se, {truth(p), p}}});
    pump.work();
    Recipe const& recipe = pump.app.document().materials;
    ASSERT_EQ(recipe.overrides.size(), 1u);
    EXPECT_EQ(recipe.overrides[0].step, "map");
    EXPECT_EQ(recipe.overrides[0].key, "points");
    ASSERT_EQ(materials_of(pump).failure, "");
    ASSERT_TRUE(materials_of(pump).facts[8].channel.alignment);
    EXPECT_EQ(materials_of(pump).facts[8].channel.alignment->trust, Trust::by_hand);
}

TEST(MaterialsApp, ANumberOfMaterialsIsObeyed) {
    fake::Pump pump = pump_with_maps();
    ASSERT_TRUE(materials_of(pump).found);
    pump.app.carry_out({SetMaterialCount{3}});
    pump.work();
    EXPECT_EQ(materials_of(pump).failure, "");
    EXPECT_EQ(materials_of(pump).found->list.size(), 3u);
}

TEST(MaterialsApp, AFileLeftOutIsInSightAndNotUsed) {
    fake::Pump pump = pump_with_maps();
    int const id = materials_of(pump).sets[0].members[0].id;
    pump.app.carry_out({SetParam{"map", "role", std::int64_t{4}, {}, id}});
    pump.work();
    ASSERT_EQ(materials_of(pump).sets[0].members.size(), 10u);
    EXPECT_TRUE(materials_of(pump).sets[0].members[9].left_out);
    ASSERT_TRUE(materials_of(pump).found);
    EXPECT_EQ(materials_of(pump).found->elements.size(), 7u);
}

TEST(MaterialsApp, TheZipHoldsWhatTheCoreWrites) {
    fake::Pump pump = pump_with_maps();
    pump.ask(R"({"type":"export_set","id":9})");
    pump.work();
    fake::Sent const* answer = pump.last("answer");
    ASSERT_TRUE(answer && answer->buffers.size() == 1) << (answer ? text_of(answer->head, "error") : "");
    std::string const zip(as_text(*answer->buffers[0]));
    for (char const* name : {"edx_composite_SE01.png", "labels_SE01.png", "labels_SE01.tif", "materials_SE01.csv"})
        EXPECT_NE(zip.find(name), std::string::npos) << name;
    // The same by the core alone, from the files as in a folder.
    std::vector<Loaded> loaded;
    std::vector<InputHash> inputs;
    for (InputEntry const* entry : by_path(pump.app.document())) {
        SharedBytes const bytes = fake::bytes_of(entry->bytes);
        loaded.push_back(load_file({.file_name = entry->name,
                                    .relative_path = entry->path,
                                    .bytes = *bytes,
                                    .twin = {},
                                    .sidecar = {}})
                             .value());
        inputs.insert(inputs.end(), loaded.back().inputs.begin(), loaded.back().inputs.end());
    }
    std::vector<SetRun::File> files;
    for (std::size_t i = 0; i < loaded.size(); ++i)
        files.push_back({.id = static_cast<int>(i) + 1, .loaded = &loaded[i]});
    SetRun run(false);
    Scene scene;
    Job job;
    ASSERT_TRUE(run.run(materials_recipe(), files, {}, scene, job));
    Bytes const png = encode_materials(scene, materials_recipe(), inputs, job).value();
    EXPECT_NE(zip.find(as_text(png)), std::string::npos) << "the tinted image, byte for byte";
    EXPECT_NE(zip.find(materials_csv(*scene.materials)), std::string::npos);
    // What the screen shows is the file's picture.
    Picture const drawn = to_picture(decode_image(png, "edx.png").value().planes);
    ASSERT_EQ(materials_of(pump).tinted->size, drawn.size);
    EXPECT_EQ(materials_of(pump).tinted->pixels, drawn.pixels);
}

TEST(MaterialsApp, NamesAndColoursGivenAfterwardsAreThoseOfTheWholeRecipe) {
    fake::Pump pump = pump_with_maps();
    ASSERT_TRUE(materials_of(pump).found && materials_of(pump).found->list.size() >= 4);
    for (Command const& command : std::vector<Command>{
             ColourMaterial{1, Rgb{0, 1, 0}, {}}, NameMaterial{0, "First", {}}, LockMaterial{2, true},
             NameMaterial{2, "Held", {}}, MergeMaterials{{0, 3}}, PaintMaterial{1, {{20, 20, 2}}, "stroke"}}) {
        pump.app.carry_out({command});
        pump.work();
    }
    std::vector<Loaded> loaded;
    for (InputEntry const* entry : by_path(pump.app.document())) {
        SharedBytes const bytes = fake::bytes_of(entry->bytes);
        loaded.push_back(load_file({.file_name = entry->name,
                                    .relative_path = entry->path,
                                    .bytes = *bytes,
                                    .twin = {},
                                    .sidecar = {}})
                             .value());
    }
    std::vector<SetRun::File> files;
    for (std::size_t i = 0; i < loaded.size(); ++i)
        files.push_back({.id = static_cast<int>(i) + 1, .loaded = &loaded[i]});
    SetRun run(false);
    Scene scene;
    Job job;
    ASSERT_TRUE(run.run(pump.app.document().materials, files, {}, scene, job));
    std::vector<Material> const &whole = scene.materials->list, &shown = materials_of(pump).found->list;
    ASSERT_EQ(shown.size(), whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        EXPECT_EQ(shown[i].name, whole[i].name) << i;
        EXPECT_EQ(shown[i].name_given, whole[i].name_given) << whole[i].name;
        EXPECT_EQ(shown[i].picked, whole[i].picked) << whole[i].name;
        EXPECT_EQ(shown[i].colour, whole[i].colour) << whole[i].name;
        EXPECT_EQ(shown[i].locked, whole[i].locked) << whole[i].name;
        EXPECT_EQ(shown[i].share, whole[i].share) << whole[i].name;
        EXPECT_EQ(shown[i].mean, whole[i].mean) << whole[i].name;
    }
}

TEST(MaterialsApp, PicturesShowWhatTheyAreAskedFor) {
    fake::Pump pump = pump_with_maps();
    ASSERT_TRUE(materials_of(pump).found);
    ViewState view = pump.app.view();
    view.materials.show = MaterialsShow::materials;
    view.materials.material = 1;
    pump.app.carry_out({SetView{view, {}}});
    MaterialsResult const& result = materials_of(pump);
    ASSERT_TRUE(result.flat && result.highlight);
    Size const size = micrograph_of(result);
    ASSERT_EQ(result.flat->size, size);
    EXPECT_TRUE(result.highlight->translucent);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < result.fine_labels->size(); ++i) {
        std::uint8_t const label = (*result.fine_labels)[i];
        bool const dimmed = result.highlight->pixels[4 * i + 3] != 0;
        wrong += dimmed == (label == 1);
        if (label < result.found->list.size())
            wrong += result.flat->pixels[4 * i] !=
                     static_cast<std::uint8_t>(double{result.found->list[label].colour.r} * 255 + 0.5);
    }
    EXPECT_EQ(wrong, 0u);
    view.materials.material = -1;
    view.materials.gated = std::make_shared<std::vector<std::uint8_t> const>(
        static_cast<std::size_t>(result.found->size.area()), std::uint8_t{1});
    pump.app.carry_out({SetView{view, {}}});
    ASSERT_TRUE(result.highlight);
    EXPECT_GT(result.highlight->pixels[4 * (result.highlight->pixels.size() / 8) + 3], 0);
    view.materials.gated = nullptr;
    pump.app.carry_out({SetView{view, {}}});
    EXPECT_FALSE(result.highlight);
}

TEST(MaterialsApp, SettingsOfTheWorkspaceStayWithIt) {
    fake::Pump pump = pump_with_maps();
    Recipe const overlay = pump.app.document().overlay, annotate = pump.app.document().recipe;
    pump.app.carry_out({SetParam{"databar", "show", false, {}, 0}, SetMaterialCount{4}});
    EXPECT_EQ(pump.app.document().overlay, overlay);
    EXPECT_EQ(pump.app.document().recipe, annotate);
    EXPECT_NE(pump.app.document().materials, materials_recipe());
    pump.app.carry_out({UsePreset{}});
    EXPECT_EQ(pump.app.document().materials, materials_recipe());
    EXPECT_EQ(fake::count(pump.started, "process SE01.TIF"), 0u) << "files are not shown one by one here";
}

} // namespace
} // namespace mg::app
