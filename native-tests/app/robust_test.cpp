// Workers that die, files that stay with the script, pages of a file: nothing is lost and nothing is held twice.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/drop.h"
#include "app/pump.h"
#include "base/text.h"
#include "codecs/zip.h"
#include "samples/sample_edx.h"

namespace mg::app {
namespace {

using fake::small_xl;

/// 8-bit pages of 40 x 30 px; each is one grey with a brighter corner.
Bytes stack_of(int pages) {
    Bytes file{'I', 'I', 42, 0, 0, 0, 0, 0};
    auto const u32 = [&](std::uint32_t value) {
        for (int shift = 0; shift < 32; shift += 8) file.push_back(static_cast<std::uint8_t>(value >> shift));
    };
    auto const u16 = [&](std::uint32_t value) {
        file.push_back(static_cast<std::uint8_t>(value));
        file.push_back(static_cast<std::uint8_t>(value >> 8));
    };
    std::size_t link = 4; // where the place of the next directory is written
    for (int page = 0; page < pages; ++page) {
        auto const pixels = static_cast<std::uint32_t>(file.size());
        for (int i = 0; i < 40 * 30; ++i) file.push_back(static_cast<std::uint8_t>(i < 10 ? 250 : 40 + 20 * page));
        auto const directory = static_cast<std::uint32_t>(file.size());
        for (int byte = 0; byte < 4; ++byte) file[link + static_cast<std::size_t>(byte)] = static_cast<std::uint8_t>(directory >> (8 * byte));
        std::pair<std::uint32_t, std::uint32_t> const tags[] = {{256, 40}, {257, 30},     {258, 8}, {259, 1}, {262, 1},
                                                                {273, pixels}, {277, 1}, {278, 30}, {279, 40 * 30}};
        u16(static_cast<std::uint32_t>(std::size(tags)));
        for (auto const& [tag, value] : tags) {
            u16(tag);
            u16(4); // LONG
            u32(1);
            u32(value);
        }
        link = file.size();
        u32(0);
    }
    return file;
}

std::string zip_after(fake::Pump& pump, std::string const& call) {
    pump.ask(R"({"type":")" + call + R"(","id":99})");
    pump.work();
    fake::Sent const* answer = pump.last("answer");
    if (!answer || answer->buffers.size() != 1) return {};
    return std::string(as_text(*answer->buffers[0]));
}

fake::Pump three_files(std::vector<std::string> deadly) {
    fake::Pump pump(2);
    pump.deadly_once = std::move(deadly);
    for (int i = 0; i < 3; ++i) pump.add("S/10K4" + std::to_string(i) + "5.TIF", small_xl(8 * i, 3));
    pump.work();
    return pump;
}

TEST(Robust, TheStatusLineSaysHowManyOfTheDroppedFilesHaveBeenLookedAt) {
    fake::Pump pump;
    fake::NoPictures pictures;
    auto const activity = [&] { return pump.app.panel_input(pictures, 1280, 720).activity; };
    EXPECT_FALSE(activity().opening);
    pump.ask(R"({"type":"files_begin","count":0})");
    EXPECT_EQ(activity().opening, 0);
    EXPECT_EQ(activity().to_open, 0) << "still being listed";
    pump.ask(R"({"type":"files_begin","count":2})");
    EXPECT_EQ(activity().to_open, 2);
    pump.ask(R"({"type":"files_end","purpose":"images"})");
    EXPECT_FALSE(activity().opening);
}

TEST(Deaths, OfALoadingAProcessingOrAnExportingWorkerLoseNothing) {
    fake::Pump calm = three_files({});
    std::string const wanted = zip_after(calm, "export_all");
    ASSERT_GT(wanted.size(), 1000u);
    for (char const* kind : {"load", "process", "export"}) {
        std::string const deadly = std::string(kind) + (std::string(kind) == "process" ? " 10K405" : " 10K415");
        fake::Pump pump = three_files({deadly});
        EXPECT_EQ(zip_after(pump, "export_all"), wanted) << kind;
        EXPECT_EQ(pump.deaths, 1) << kind;
        for (InputEntry const& input : pump.app.document().inputs)
            EXPECT_NE(pump.app.results().files.at(input.id).state, FileState::failed) << kind;
        EXPECT_TRUE(pump.app.idle()) << kind;
    }
}

TEST(Deaths, OfEveryWorkerInTurnLoseNothing) {
    fake::Pump calm = three_files({});
    fake::Pump pump = three_files({"load 10K405", "load 10K415", "load 10K425", "process 10K405", "export 10K405", "export 10K415", "export 10K425"});
    EXPECT_EQ(zip_after(pump, "export_all"), zip_after(calm, "export_all"));
    EXPECT_EQ(pump.deaths, 7);
}

TEST(Deaths, WhileValuesAreLinkedLoseNothing) {
    auto const linked = [](std::vector<std::string> deadly) {
        fake::Pump pump = three_files(std::move(deadly));
        Recipe recipe = annotate_recipe();
        EXPECT_TRUE(set_value(recipe, "contrast.linked", "true").has_value());
        pump.app.carry_out({SetRecipe{recipe}});
        return std::pair(zip_after(pump, "export_all"), pump.deaths);
    };
    auto const [wanted, none] = linked({});
    auto const [found, deaths] = linked({"measure 10K415"});
    EXPECT_EQ(found, wanted);
    EXPECT_EQ(deaths, 1);
}

TEST(Deaths, OfTheWorkerOfSetsLoseNothing) {
    auto const overlay = [](std::vector<std::string> deadly) {
        fake::Pump pump = three_files(std::move(deadly));
        pump.ask(R"({"type":"command","name":"workspace","argument":"overlay","id":1})");
        pump.work();
        EXPECT_TRUE(pump.app.results().overlay.placed);
        return std::pair(zip_after(pump, "export_set"), pump.deaths);
    };
    auto const [wanted, none] = overlay({});
    ASSERT_GT(wanted.size(), 1000u);
    auto const [found, deaths] = overlay({"overlay ", "overlay_export"});
    EXPECT_EQ(found, wanted);
    EXPECT_EQ(deaths, 2);
}

TEST(Deaths, WhileMaterialsAreFoundLoseNothing) {
    SampleEdx const set = sample_edx_set(3, {.se_image = {178, 121}, .maps = {48, 37}, .dose = 4});
    auto const materials = [&](std::vector<std::string> deadly) {
        fake::Pump pump(2);
        pump.deadly_once = std::move(deadly);
        AddFiles add;
        for (SampleFile const& file : set.files) add.files.push_back(fake::dropped(file.relative_path, file.bytes));
        pump.app.carry_out({std::move(add)});
        pump.work();
        EXPECT_TRUE(pump.app.results().materials.tinted);
        return std::pair(zip_after(pump, "export_set"), pump.deaths);
    };
    auto const [wanted, none] = materials({});
    ASSERT_GT(wanted.size(), 1000u);
    auto const [found, deaths] = materials({"materials ", "materials_export"});
    EXPECT_EQ(found, wanted);
    EXPECT_EQ(deaths, 2);
}

TEST(KeptFiles, AreForgottenWhenNobodyHasThem) {
    std::size_t const before = fake::kept_count();
    {
        fake::Pump pump = three_files({});
        EXPECT_EQ(fake::kept_count(), before + 3);
        EXPECT_FALSE(zip_after(pump, "export_all").empty());
        EXPECT_EQ(fake::kept_count(), before + 3) << "results go when they have been handed over";
        pump.app.carry_out({RemoveAllFiles{}});
        EXPECT_EQ(fake::kept_count(), before + 3) << "Undo may bring them back";
        pump.app.carry_out({Undo{}});
        EXPECT_EQ(pump.app.document().inputs.size(), 3u);
    }
    EXPECT_EQ(fake::kept_count(), before);
}

TEST(KeptFiles, AFileThatCannotBeReadAnyMoreIsToldOnItsRow) {
    fake::Pump pump;
    pump.add("a.tif", small_xl(0));
    pump.app.receive(fake::packet(R"({"job":1,"failed":"the browser cannot read the file any more"})"), 0);
    EXPECT_EQ(pump.app.results().files.at(pump.app.document().inputs[0].id).words, "the browser cannot read the file any more");
}

TEST(KeptFiles, OnlyWhatMayBeARecipeIsWantedWhole) {
    Bytes const start(65536, 1);
    EXPECT_FALSE(wants_whole("a.tif", start, 1 << 20));
    EXPECT_TRUE(wants_whole("a.txt", start, 1 << 20));
    EXPECT_FALSE(wants_whole("a.txt", start, 2 << 20)) << "no settings are that long";
    EXPECT_TRUE(wants_whole("a.json", start, 2 << 20));
    EXPECT_FALSE(wants_whole("a.json", start, std::int64_t{1} << 30));
    EXPECT_TRUE(wants_whole("a.rec", as_bytes("micrographia recipe 1\n"), 100000));
    EXPECT_FALSE(kept_start("a.tif", start, 65536));
    Recipe recipe = annotate_recipe();
    ASSERT_TRUE(set_value(recipe, "databar.credit", std::string(300, 'x')).has_value());
    Job job;
    Bytes const tif = small_xl(0);
    Bytes const png = annotate(recipe, {.file_name = "a.tif", .relative_path = "a.tif", .bytes = tif}, job).value().png;
    EXPECT_TRUE(wants_whole("a.png", ByteView(png).first(200), static_cast<std::int64_t>(png.size()))) << "its recipe is cut";
    SharedBytes const kept = kept_start("a.png", png, static_cast<std::int64_t>(png.size()));
    ASSERT_TRUE(kept);
    EXPECT_LT(kept->size(), png.size()) << "without the pixels";
    EXPECT_EQ(read_provenance(*kept).value().recipe, recipe);
}

TEST(KeptFiles, ALongRecipeComesInTwoMessages) {
    fake::Pump pump;
    std::string text = "micrographia recipe 1\ndespike threshold_sigma=5\n";
    text += "# " + std::string(70000, 'x') + "\n";
    auto const whole = std::make_shared<Bytes const>(text.begin(), text.end());
    auto const start = std::make_shared<Bytes const>(text.begin(), text.begin() + 65536);
    std::string const head = R"({"type":"file","path":"my.txt","file":987654,"size":)" + std::to_string(text.size()) + R"(,"bytes":0})";
    pump.app.receive(fake::packet(head, {start}), -1);
    pump.work(0);
    ASSERT_TRUE(pump.last("want_whole"));
    EXPECT_EQ(number_of(pump.last("want_whole")->head, "file"), 987654);
    pump.app.receive(fake::packet(head, {whole}), -1);
    pump.ask(R"({"type":"files_end","purpose":"images"})");
    StepUse const* despike = find_use(pump.app.document().recipe, "despike");
    EXPECT_EQ(despike->values[static_cast<std::size_t>(param_index(*despike->step, "threshold_sigma"))], Value(5.0));
}

TEST(Zip, PutTogetherFromPartsIsTheSameArchive) {
    Bytes const a{1, 2, 3}, none;
    std::vector<ZipEntry> const entries{{"x/a", a}, {"b", none}};
    std::vector<Bytes> const frames = zip_frames({{"x/a", 3, zip_crc(a)}, {"b", 0, zip_crc(none)}}).value();
    ASSERT_EQ(frames.size(), 3u);
    Bytes whole = frames[0];
    whole.insert(whole.end(), a.begin(), a.end());
    for (std::size_t i : {1, 2}) whole.insert(whole.end(), frames[i].begin(), frames[i].end());
    EXPECT_EQ(whole, zipped(entries).value());
    EXPECT_FALSE(zip_frames({{"a", std::uint64_t{5} << 30, 0}})) << "more than 4 GB";
}

TEST(Pages, OneIsChosenAndUndone) {
    fake::Pump pump;
    pump.add("S/stack.tif", stack_of(3));
    pump.work();
    int const id = pump.app.document().inputs[0].id;
    auto const result = [&]() -> FileResult const& { return pump.app.results().files.at(id); };
    EXPECT_EQ(result().page_count, 3);
    EXPECT_NE(result().format.find("page 1 of 3"), std::string::npos);
    float const first = result().recorded->at(20, 20);
    pump.app.carry_out({ChoosePage{id, 2}});
    pump.work();
    EXPECT_EQ(pump.app.document().inputs[0].name, "stack.p3.tif");
    EXPECT_EQ(pump.app.document().inputs[0].path, "S/stack.tif");
    EXPECT_NE(result().format.find("page 3 of 3"), std::string::npos) << result().format;
    EXPECT_NEAR(result().recorded->at(20, 20), first + 40 / 255.0f, 1e-6);
    pump.app.carry_out({Undo{}});
    pump.work();
    EXPECT_EQ(pump.app.document().inputs[0].name, "stack.tif");
    EXPECT_EQ(result().recorded->at(20, 20), first);
    pump.app.carry_out({ChoosePage{id, 7}});
    pump.work();
    EXPECT_EQ(result().state, FileState::failed) << "there is no such page";
    pump.app.carry_out({ChoosePage{id, 1}});
    pump.work();
    EXPECT_NE(result().state, FileState::failed) << result().words;
}

TEST(Pages, AllOfThemAreOpenedAndSavedUnderTheirNames) {
    fake::Pump pump(2);
    Bytes const tif = stack_of(3);
    pump.add("S/before.tif", small_xl(0));
    pump.add("S/stack.tif", tif);
    pump.add("S/after.tif", small_xl(1));
    pump.work();
    std::size_t const kept = fake::kept_count();
    pump.app.carry_out({OpenPages{pump.app.document().inputs[1].id, 3}});
    pump.app.carry_out({OpenPages{pump.app.document().inputs[1].id, 3}}); // again: nothing more
    pump.work();
    std::vector<std::string> names;
    for (InputEntry const& input : pump.app.document().inputs) names.push_back(input.name);
    EXPECT_EQ(names, (std::vector<std::string>{"before.tif", "stack.tif", "stack.p2.tif", "stack.p3.tif", "after.tif"}));
    EXPECT_EQ(fake::kept_count(), kept) << "the pages share the file";
    pump.app.carry_out({SetParam{"despike", "threshold_sigma", 6.0, {}, pump.app.document().inputs[2].id}});
    pump.ask(R"({"type":"export","name":"S/stack.p2.tif","id":5})");
    pump.work();
    Job job;
    Recipe recipe = pump.app.document().recipe;
    ASSERT_EQ(recipe.overrides.size(), 1u);
    EXPECT_EQ(recipe.overrides[0].file_name, "stack.p2.tif");
    InputFile const file{.file_name = "stack.tif", .relative_path = "S/stack.tif", .bytes = tif, .page = 1};
    ASSERT_EQ(pump.last("answer")->buffers.size(), 1u) << text_of(pump.last("answer")->head, "error");
    Bytes const& png = *pump.last("answer")->buffers[0];
    EXPECT_EQ(png, annotate(recipe_for_file(recipe, "stack.p2.tif"), file, job).value().png) << "as on the command line";
    EXPECT_EQ(read_provenance(png).value().inputs.at(0).page, 1);
    std::string const zip = zip_after(pump, "export_all");
    for (char const* name : {"S/stack.png", "S/stack.p2.png", "S/stack.p3.png"}) EXPECT_NE(zip.find(name), std::string::npos) << name;
    pump.app.carry_out({Undo{}, Undo{}});
    EXPECT_EQ(pump.app.document().inputs.size(), 3u);
}

TEST(Pages, AreAStackForOverlay) {
    fake::Pump pump(2);
    pump.ask(R"({"type":"command","name":"workspace","argument":"overlay","id":1})");
    pump.add("S/stack.tif", stack_of(3));
    pump.work();
    pump.app.carry_out({OpenPages{pump.app.document().inputs[0].id, 3}});
    pump.work();
    ASSERT_EQ(pump.app.results().overlay.series.size(), 1u);
    EXPECT_EQ(pump.app.results().overlay.series[0].members.size(), 3u);
}

} // namespace
} // namespace mg::app
