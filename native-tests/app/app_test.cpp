// The application with workers that really work: states, latest wins, exports, deaths.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "app/pump.h"
#include "base/text.h"
#include "samples/sample_xl.h"

namespace mg::app {
namespace {

using fake::small_xl;

FileResult const& result_of(fake::Pump const& pump, std::size_t index) {
    return pump.app.results().files.at(pump.app.document().inputs.at(index).id);
}

Bytes annotated_directly(Recipe const& recipe, std::string const& name, Bytes const& bytes) {
    Job job;
    return annotate(recipe, {.file_name = name, .relative_path = name, .bytes = bytes}, job).value().png;
}

TEST(App, AFileIsReadShownAndMeasured) {
    fake::Pump pump;
    pump.add("a.tif", small_xl(0));
    pump.work();
    FileResult const& file = result_of(pump, 0);
    EXPECT_EQ(file.state, FileState::done);
    EXPECT_NE(file.words.find("nm/px"), std::string::npos) << file.words;
    ASSERT_TRUE(file.thumbnail && file.picture && file.recorded && file.recorded_picture);
    EXPECT_EQ(file.recorded->size(), (Size{96, 64}));
    EXPECT_GT(file.picture->size.height, 64) << "the databar stands below";
    EXPECT_GT(file.picture_databar_rows, 0);
    float sum = 0;
    for (float share : file.histogram.counts) sum += share;
    EXPECT_NEAR(sum, 1, 1e-4);
    EXPECT_TRUE(pump.app.idle());
}

TEST(App, AFileWhoseBarSaysOtherwiseThanItsPixelSizeAsksForAttention) {
    Image<std::uint8_t> image = Image<std::uint8_t>::create({640, 480}).value();
    for (int y = 0; y < 480; ++y)
        for (int x = 0; x < 640; ++x) image.at(x, y) = static_cast<std::uint8_t>(90 + (x * 7 + y * 13) % 60);
    fake::Pump pump;
    // A figure of this program's own is a picture with a bar.
    Bytes const png = annotated_directly(pump.app.document().recipe, "a.tif", write_xl_tiff(image.view(), {}));
    Decoded const figure = decode_image(png, "a.png").value();
    Image<std::uint8_t> grey = Image<std::uint8_t>::create(figure.size).value();
    for (int y = 0; y < figure.size.height; ++y)
        for (int x = 0; x < figure.size.width; ++x)
            grey.at(x, y) = static_cast<std::uint8_t>(std::lround(figure.planes[0]->at(x, y) * 255));
    pump.add("b.tif", write_xl_tiff(grey.view(), {}));
    pump.work();
    FileResult const& file = result_of(pump, 0);
    ASSERT_TRUE(file.burned_bar);
    double const nm = file.burned_bar->pixel_size_nm();
    int const id = pump.app.document().inputs.at(0).id;
    for (double factor : {1.0, 1.02, 1.1}) {
        for (char const* key : {"pixel_size_x_nm", "pixel_size_y_nm"})
            pump.app.carry_out({SetParam{"correct", key, nm * factor, {}, id}});
        pump.work();
        EXPECT_EQ(file.state, factor > 1.05 ? FileState::attention : FileState::done) << factor;
        EXPECT_EQ(file.words.find("its bar reads") != std::string::npos, factor > 1.05) << file.words;
    }
}

TEST(App, ThePictureOnTheScreenIsThePngsPixels) {
    fake::Pump pump;
    Bytes const tif = small_xl(0);
    pump.add("a.tif", tif);
    pump.work();
    Bytes const png = annotated_directly(pump.app.document().recipe, "a.tif", tif);
    Decoded const decoded = decode_image(png, "a.png").value();
    Picture const& picture = *result_of(pump, 0).picture;
    ASSERT_EQ(decoded.size, picture.size);
    for (std::int64_t i = 0; i < picture.size.area(); ++i)
        ASSERT_EQ(static_cast<int>(decoded.planes[0]->data()[i] * 255 + 0.5f), picture.pixels[static_cast<std::size_t>(i)]) << i;
}

TEST(App, AnExportHasTheBytesOfTheCommandLine) {
    fake::Pump pump(2);
    Bytes const a = small_xl(0), b = small_xl(9, 3);
    pump.add("a.tif", a);
    pump.add("b_420.tif", b);
    pump.work();
    pump.app.carry_out({SavePng{}});
    pump.work();
    fake::Sent const* saved = pump.last("download");
    ASSERT_TRUE(saved);
    EXPECT_EQ(text_of(saved->head, "name"), "a.png");
    EXPECT_EQ(*saved->buffers.at(0), annotated_directly(pump.app.document().recipe, "a.tif", a));
    pump.ask(R"({"type":"export","name":"b_420.tif","id":7})");
    pump.work();
    fake::Sent const* answer = pump.last("answer");
    ASSERT_TRUE(answer && answer->buffers.size() == 1);
    EXPECT_EQ(number_of(answer->head, "id"), 7);
    EXPECT_EQ(*answer->buffers[0], annotated_directly(pump.app.document().recipe, "b_420.tif", b));
}

TEST(App, AZipHoldsTheGoodFilesAndTellsOfTheBad) {
    fake::Pump pump(2);
    pump.add("S/a.tif", small_xl(0));
    pump.add("S/broken.tif", Bytes(300, 7));
    pump.add("S/c.tif", small_xl(3));
    pump.work();
    EXPECT_EQ(result_of(pump, 1).state, FileState::failed);
    pump.app.carry_out({SaveAllZip{}});
    pump.work();
    fake::Sent const* saved = pump.last("download");
    ASSERT_TRUE(saved);
    std::string_view const zip = as_text(*saved->buffers.at(0));
    EXPECT_NE(zip.find("S/a.png"), std::string_view::npos);
    EXPECT_NE(zip.find("S/c.png"), std::string_view::npos);
    EXPECT_EQ(zip.find("S/broken.png"), std::string_view::npos);
    EXPECT_NE(zip.find("S/broken.tif: " + result_of(pump, 1).words), std::string_view::npos);
    EXPECT_NE(zip.find("2 of 3 files written"), std::string_view::npos);
    EXPECT_NE(zip.find("micrographia recipe 1"), std::string_view::npos);
}

TEST(App, FilesOfOneNameDoNotOverwriteEachOtherInTheZip) {
    fake::Pump pump;
    pump.add("a.tif", small_xl(0));
    pump.add("a.tif", small_xl(1));
    pump.work();
    pump.app.carry_out({SaveAllZip{}});
    pump.work();
    std::string_view const zip = as_text(*pump.last("download")->buffers.at(0));
    EXPECT_NE(zip.find("a.png"), std::string_view::npos);
    EXPECT_NE(zip.find("a (2).png"), std::string_view::npos);
}

TEST(App, WhileAWorkerIsBusyOnlyTheLatestSettingsWait) {
    fake::Pump pump;
    pump.add("a.tif", small_xl(0));
    pump.work();
    pump.started.clear();
    for (double threshold : {3.0, 4.0, 5.0, 6.0, 7.0})
        pump.app.carry_out({SetParam{"despike", "threshold_sigma", threshold, "drag", 0}});
    pump.work();
    EXPECT_EQ(fake::count(pump.started, "process a.tif"), 2u) << "the first, then the last";
    pump.ask(R"({"type":"export","id":1})");
    pump.work();
    Recipe recipe = annotate_recipe();
    ASSERT_TRUE(set_value(recipe, "despike.threshold_sigma", "7").has_value());
    EXPECT_EQ(*pump.last("answer")->buffers.at(0), annotated_directly(recipe, "a.tif", small_xl(0)));
}

TEST(App, ADragIsOneStepOfUndo) {
    fake::Pump pump;
    Recipe const before = pump.app.document().recipe;
    for (double threshold : {3.0, 4.0, 5.0}) pump.app.carry_out({SetParam{"despike", "threshold_sigma", threshold, "drag", 0}});
    pump.app.carry_out({Undo{}});
    EXPECT_EQ(pump.app.document().recipe, before);
}

TEST(App, AFileThatKillsItsWorkerTwiceIsReportedAndTheRestIsDone) {
    fake::Pump pump(2);
    pump.deadly = {"load bad.tif"};
    pump.add("good.tif", small_xl(0));
    pump.add("bad.tif", small_xl(1));
    pump.add("also good.tif", small_xl(2));
    pump.work();
    EXPECT_EQ(result_of(pump, 1).state, FileState::failed);
    EXPECT_NE(result_of(pump, 1).words.find("broke off"), std::string::npos) << result_of(pump, 1).words;
    EXPECT_EQ(fake::count(pump.started, "load bad.tif"), 2u) << "tried once more, not for ever";
    EXPECT_EQ(result_of(pump, 0).state, FileState::done);
    EXPECT_EQ(result_of(pump, 2).state, FileState::done);
    EXPECT_TRUE(pump.app.idle());
}

TEST(App, AnExportThatKillsItsWorkerFailsAlone) {
    fake::Pump pump(2);
    pump.add("a.tif", small_xl(0));
    pump.add("b.tif", small_xl(1));
    pump.work();
    pump.deadly = {"export a.tif"};
    pump.app.carry_out({SaveAllZip{}});
    pump.work();
    std::string_view const zip = as_text(*pump.last("download")->buffers.at(0));
    EXPECT_NE(zip.find("b.png"), std::string_view::npos);
    EXPECT_NE(zip.find("a.tif: the work on this file broke off"), std::string_view::npos);
}

TEST(App, AWorkerThatLostItsFilesGetsThemAgain) {
    fake::Pump pump;
    pump.add("a.tif", small_xl(0));
    pump.work();
    pump.benches[0] = Workbench{}; // as if it had dropped them without telling
    pump.app.carry_out({SetEnabled{"despike", false}});
    pump.work();
    EXPECT_TRUE(pump.app.idle());
    EXPECT_EQ(result_of(pump, 0).state, FileState::done);
    EXPECT_GE(fake::count(pump.started, "process a.tif"), 3u);
}

TEST(App, ASilentWorkerIsReplacedAndItsFileReported) {
    fake::Pump pump;
    pump.add("a.tif", small_xl(0)); // its request is never answered
    fake::set_now_s(19);
    pump.app.tick();
    EXPECT_FALSE(pump.last("restart_worker"));
    fake::set_now_s(21);
    pump.app.tick();
    pump.work(0);
    ASSERT_TRUE(pump.last("restart_worker"));
    EXPECT_EQ(result_of(pump, 0).state, FileState::failed);
    EXPECT_NE(result_of(pump, 0).words.find("no answer"), std::string::npos);
}

TEST(App, CancelStopsAnExport) {
    fake::Pump pump;
    pump.add("a.tif", small_xl(0));
    pump.work();
    pump.ask(R"({"type":"export_all","id":3})");
    pump.app.carry_out({CancelWork{}});
    pump.work();
    EXPECT_TRUE(pump.last("restart_worker"));
    EXPECT_EQ(text_of(pump.last("answer")->head, "error"), "stopped by you");
    EXPECT_TRUE(pump.app.idle());
    EXPECT_TRUE(result_of(pump, 0).picture) << "the last good picture stays";
}

TEST(App, LinkedContrastIsMeasuredOverAllFilesBeforeAnExport) {
    fake::Pump pump(2);
    Bytes const a = small_xl(0), b = small_xl(50);
    pump.add("a.tif", a);
    pump.add("b.tif", b);
    Recipe recipe = annotate_recipe();
    ASSERT_TRUE(set_value(recipe, "contrast.linked", "true").has_value());
    pump.app.carry_out({SetRecipe{recipe}});
    pump.ask(R"({"type":"export","name":"b.tif","id":1})");
    pump.work();
    std::vector<std::vector<LinkMeasurement>> measured;
    for (auto const& [name, bytes] : {std::pair<std::string, Bytes const&>{"a.tif", a}, {"b.tif", b}}) {
        Loaded loaded = load_file({.file_name = name, .relative_path = name, .bytes = bytes}).value();
        Job job;
        measured.push_back(measure_links(recipe_for_file(recipe, name), std::move(loaded.scene), job).value());
    }
    EXPECT_EQ(*pump.last("answer")->buffers.at(0), annotated_directly(with_links(recipe, measured), "b.tif", b));
}

TEST(App, APngBringsItsRecipeBackAndSelectsItsFile) {
    fake::Pump pump;
    pump.add("a.tif", small_xl(0));
    pump.add("b.tif", small_xl(1));
    Recipe recipe = annotate_recipe();
    ASSERT_TRUE(set_value(recipe, "despike.threshold_sigma", "6").has_value());
    Bytes const png = annotated_directly(recipe, "b.tif", small_xl(1));
    pump.add("b.png", png);
    EXPECT_EQ(to_text(pump.app.document().recipe), to_text(recipe));
    EXPECT_EQ(pump.app.document().inputs.size(), 2u) << "the PNG itself is no input";
    EXPECT_EQ(pump.app.view().selected, pump.app.document().inputs[1].id);
}

TEST(App, ACorrectionInAPngStaysWithItsFile) {
    fake::Pump pump;
    pump.add("a.tif", small_xl(0));
    pump.add("b.tif", small_xl(1));
    Recipe recipe = annotate_recipe();
    ASSERT_TRUE(set_value(recipe, "correct.pixel_size_x_nm", "12.5").has_value());
    pump.add("b.png", annotated_directly(recipe, "b.tif", small_xl(1)));
    ASSERT_EQ(pump.app.document().recipe.overrides.size(), 1u);
    EXPECT_EQ(pump.app.document().recipe.overrides[0].file_name, "b.tif");
    EXPECT_EQ(recipe_for_file(pump.app.document().recipe, "a.tif"), annotate_recipe());
    EXPECT_EQ(recipe_for_file(pump.app.document().recipe, "b.tif"), recipe);
}

TEST(App, SettingsComeBack) {
    App const app(fake::packet(R"({"workers":1,"settings":{"theme":"light","font_scale":"1.5"}})"));
    EXPECT_EQ(app.view().theme, Theme::light);
    EXPECT_EQ(app.view().font_scale, 1.5);
    App const odd(fake::packet(R"({"workers":0,"settings":{"theme":"x","font_scale":"1e9"}})"));
    EXPECT_EQ(odd.view().font_scale, 2);
}

TEST(App, AskingForTheStateChangesNothing) {
    fake::Pump pump;
    pump.app.take_changed();
    pump.ask(R"({"type":"state","id":1})");
    EXPECT_FALSE(pump.app.take_changed()) << "or an idle page would draw";
    EXPECT_TRUE(pump.last("answer"));
}

TEST(App, TheSampleSetOpens) {
    fake::Pump pump;
    pump.app.carry_out({OpenSamples{}});
    pump.work(3);
    EXPECT_GE(pump.app.document().inputs.size(), 3u);
    EXPECT_NE(pump.app.view().selected, 0);
}

} // namespace
} // namespace mg::app
