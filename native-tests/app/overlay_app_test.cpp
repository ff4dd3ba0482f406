// The overlay with workers that really work: series, alignment of the sample stack, live settings, exports, points.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/overlay_words.h"
#include "app/pixels.h"
#include "app/pump.h"
#include "base/text.h"
#include "ops/registration.h"
#include "recipe/overlay.h"
#include "samples/sample_xl.h"

namespace mg::app {
namespace {

/// Three small images of one place, the second and third shifted by whole pixels.
Bytes small_cl(int index) {
    constexpr Size k_size{160, 120};
    static constexpr int k_dx[] = {0, 3, -4}, k_dy[] = {0, -2, 5};
    Image<std::uint8_t> image = Image<std::uint8_t>::create(k_size).value();
    auto const hashed = [](int x, int y) { // smooth noise: a grid of random numbers, read between its points
        auto const at = [](int i, int j) {
            std::uint32_t h = static_cast<std::uint32_t>(i) * 73856093u ^ static_cast<std::uint32_t>(j) * 19349663u;
            h = (h ^ h >> 13) * 0x5bd1e995u;
            return static_cast<double>(h >> 16 & 255);
        };
        int const i = (x + 1000) / 6, j = (y + 1000) / 6;
        double const u = (x + 1000) % 6 / 6.0, v = (y + 1000) % 6 / 6.0;
        return (at(i, j) * (1 - u) + at(i + 1, j) * u) * (1 - v) + (at(i, j + 1) * (1 - u) + at(i + 1, j + 1) * u) * v;
    };
    for (int y = 0; y < k_size.height; ++y)
        for (int x = 0; x < k_size.width; ++x)
            image.at(x, y) = static_cast<std::uint8_t>(20 + 0.8 * hashed(x - k_dx[index], y - k_dy[index]));
    XlHeader header;
    header.detector = 3;
    return write_xl_tiff(image.view(), header);
}

std::string name_of(int index) {
    return "10K4" + std::to_string(index) + "5.TIF";
}

fake::Pump pump_with_stack(int images = 3) {
    fake::Pump pump(2);
    pump.ask(R"({"type":"command","name":"workspace","argument":"overlay","id":1})");
    for (int i = 0; i < images; ++i) pump.add("S/" + name_of(i), small_cl(i));
    pump.work();
    return pump;
}

OverlayResult const& overlay_of(fake::Pump const& pump) {
    return pump.app.results().overlay;
}

TEST(Overlay, AStackIsGroupedAlignedAndPlaced) {
    fake::Pump const pump = pump_with_stack();
    OverlayResult const& overlay = overlay_of(pump);
    ASSERT_EQ(overlay.series.size(), 1u);
    ASSERT_EQ(overlay.channels.size(), 3u) << overlay.failure;
    ASSERT_TRUE(overlay.placed);
    EXPECT_EQ(overlay.placed->channels, 3);
    EXPECT_EQ(overlay.look.channels.size(), 3u);
    EXPECT_TRUE(overlay.databar) << "the worker's databar stands below";
    double const dx[] = {0, 3, -4}, dy[] = {0, -2, 5};
    for (std::size_t i = 0; i < 3; ++i) {
        ASSERT_TRUE(overlay.channels[i].channel.alignment);
        Point const shift = shift_of(*overlay.channels[i].channel.alignment, {160, 120});
        EXPECT_NEAR(shift.x, dx[i] - dx[0], 0.3) << i;
        EXPECT_NEAR(shift.y, dy[i] - dy[0], 0.3) << i;
    }
    EXPECT_TRUE(pump.app.idle());
}

TEST(Overlay, GainTintAndSwitchAreFollowedWithoutPlacingAnew) {
    fake::Pump pump = pump_with_stack();
    pump.started.clear();
    std::uint64_t const serial = overlay_of(pump).placed->serial;
    int const id = pump.app.document().inputs[1].id;
    pump.app.carry_out(
        {SetParam{"channel", "gain", 2.5, "drag", id}, SetParam{"channel", "tint", std::string("#ff0000"), {}, id}});
    EXPECT_EQ(overlay_of(pump).look.channels[1].gain, 2.5f) << "at once";
    EXPECT_EQ(overlay_of(pump).look.channels[1].swatch, (Rgb{1, 0, 0}));
    EXPECT_EQ(overlay_of(pump).look.channels[0].gain, 1);
    pump.work();
    EXPECT_EQ(fake::count(pump.started, "overlay "), 0u);
    EXPECT_GE(fake::count(pump.started, "overlay_finish "), 1u) << "for the databar's colours";
    EXPECT_EQ(overlay_of(pump).placed->serial, serial);
    pump.app.carry_out({Undo{}});
    EXPECT_NE(overlay_of(pump).look.channels[1].swatch, (Rgb{1, 0, 0}));
}

TEST(Overlay, AnOrderedOrLeftOutImageIsPlacedAnew) {
    fake::Pump pump = pump_with_stack();
    int const id = pump.app.document().inputs[2].id;
    pump.app.carry_out({SetParam{"channel", "role", std::int64_t{3}, {}, id}});
    pump.work();
    EXPECT_EQ(overlay_of(pump).channels.size(), 2u);
    ASSERT_EQ(overlay_of(pump).series[0].members.size(), 3u) << "it stays in sight";
    EXPECT_TRUE(overlay_of(pump).series[0].members[2].left_out);
    pump.app.carry_out(
        {SetParam{"channel", "role", std::int64_t{0}, {}, id}, SetParam{"channel", "order", std::int64_t{1}, {}, id}});
    pump.work();
    ASSERT_EQ(overlay_of(pump).channels.size(), 3u);
    EXPECT_EQ(overlay_of(pump).channels[0].id, id);
}

TEST(Overlay, TheZipHoldsWhatTheCommandLineWrites) {
    fake::Pump pump = pump_with_stack();
    pump.ask(R"({"type":"export_set","id":9})");
    pump.work();
    fake::Sent const* answer = pump.last("answer");
    ASSERT_TRUE(answer && answer->buffers.size() == 1) << (answer ? text_of(answer->head, "error") : "");
    // The same by the core alone.
    std::vector<Loaded> loaded;
    std::vector<SetRun::File> files;
    std::vector<InputHash> inputs;
    for (int i = 0; i < 3; ++i) {
        Bytes const bytes = small_cl(i);
        std::string const path = "S/" + name_of(i);
        loaded.push_back(load_file({.file_name = name_of(i), .relative_path = path, .bytes = bytes}).value());
    }
    for (Loaded const& one : loaded) {
        files.push_back({static_cast<int>(files.size()) + 1, &one});
        inputs.insert(inputs.end(), one.inputs.begin(), one.inputs.end());
    }
    SetRun run(false);
    Scene scene;
    Job job;
    ASSERT_TRUE(run.run(overlay_recipe(), files, {}, scene, job).has_value());
    std::vector<std::string> const names = overlay_output_names(scene);
    std::string_view const zip = as_text(*answer->buffers[0]);
    ASSERT_GE(names.size(), 5u);
    for (std::size_t i = 0; i < names.size(); ++i) {
        Bytes const png = encode_channel(scene, i, overlay_recipe(), inputs, job).value();
        EXPECT_NE(zip.find(names[i]), std::string_view::npos) << names[i];
        EXPECT_NE(zip.find(as_text(png)), std::string_view::npos) << names[i] << " has other bytes";
    }
    EXPECT_NE(zip.find("config.txt"), std::string_view::npos);
    EXPECT_NE(zip.find(".csv"), std::string_view::npos);
}

TEST(Overlay, ALargeStackGivesTheSameThoughNothingIsKeptOfIt) {
    fake::Pump keeping = pump_with_stack(), sparing = pump_with_stack();
    for (Workbench& bench : sparing.benches) bench.largest_kept_stack_bytes = 0;
    auto const zip_of = [](fake::Pump& pump) {
        pump.ask(R"({"type":"export_set","id":9})");
        pump.work();
        fake::Sent const* answer = pump.last("answer");
        return answer && answer->buffers.size() == 1 ? *answer->buffers[0] : Bytes{};
    };
    for (double const gamma : {1.5, 2.0}) { // the second time, what was placed has been given up for the ZIP
        for (fake::Pump* pump : {&keeping, &sparing}) {
            pump->app.carry_out({SetParam{"compose", "gamma", gamma, {}, 0}});
            pump->work();
            EXPECT_EQ(overlay_of(*pump).failure, "");
            EXPECT_TRUE(pump->app.idle());
        }
        ASSERT_TRUE(overlay_of(sparing).databar);
        EXPECT_EQ(overlay_of(sparing).databar->pixels, overlay_of(keeping).databar->pixels);
        ASSERT_EQ(overlay_of(sparing).placed->pyramids.size(), 3u);
        EXPECT_EQ(*overlay_of(sparing).placed->pyramids[1], *overlay_of(keeping).placed->pyramids[1]);
        Bytes const zip = zip_of(sparing);
        EXPECT_GT(zip.size(), 10000u);
        EXPECT_TRUE(zip == zip_of(keeping)) << gamma;
    }
    EXPECT_GT(fake::count(sparing.started, "overlay "), fake::count(keeping.started, "overlay "));
}

TEST(Overlay, SaveAllSavesAZipAndSaveConfigAText) {
    fake::Pump pump = pump_with_stack();
    pump.app.carry_out({SaveAllZip{}});
    pump.work();
    ASSERT_TRUE(pump.last("download"));
    EXPECT_EQ(text_of(pump.last("download")->head, "name"), "overlay.zip");
    pump.app.carry_out({SaveConfig{}});
    pump.work();
    fake::Sent const* config = pump.last("download");
    EXPECT_EQ(text_of(config->head, "name"), "config.txt");
    EXPECT_TRUE(looks_like_config_text(as_text(*config->buffers.at(0))));
}

TEST(Overlay, AConfigTextBringsItsSettingsOrderAndWorkspace) {
    fake::Pump first = pump_with_stack();
    first.app.carry_out({SetParam{"compose", "gamma", 2.25, {}, 0}, SaveConfig{}});
    first.work();
    Bytes const config = *first.last("download")->buffers.at(0);
    fake::Pump pump(2);
    for (int i = 2; i >= 0; --i) pump.add("S/" + name_of(i), small_cl(i));
    pump.work();
    EXPECT_EQ(pump.app.view().workspace, Workspace::annotate);
    pump.add("S/config.txt", config);
    pump.work();
    EXPECT_EQ(pump.app.view().workspace, Workspace::overlay);
    EXPECT_NEAR(compose_settings(pump.app.document().overlay).gamma, 2.25, 1e-9);
    EXPECT_EQ(pump.app.document().inputs.size(), 3u) << "the text itself is no input";
    ASSERT_EQ(overlay_of(pump).series.size(), 1u);
    EXPECT_EQ(overlay_of(pump).channels.size(), 3u) << overlay_of(pump).failure;
    pump.add("S/nonsense/config.txt", Bytes{'#', ' ', 'n', 'o'});
    EXPECT_TRUE(pump.app.idle());
}

TEST(Overlay, CancelTakesEffectAtOnceAndKeepsTheLastPicture) {
    fake::Pump pump = pump_with_stack();
    PlacedPtr const before = overlay_of(pump).placed;
    pump.app.carry_out({SetParam{"align", "largest_shift", 0.2, {}, 0}});
    EXPECT_FALSE(pump.app.idle());
    pump.app.carry_out({CancelWork{}});
    EXPECT_TRUE(pump.app.idle()) << "without waiting for the worker";
    pump.work();
    EXPECT_TRUE(pump.last("restart_worker"));
    EXPECT_EQ(overlay_of(pump).placed, before);
    EXPECT_EQ(overlay_of(pump).failure, "stopped by you");
    pump.app.carry_out({AlignAgain{}});
    pump.work();
    EXPECT_NE(overlay_of(pump).placed, before);
    EXPECT_EQ(overlay_of(pump).failure, "");
}

TEST(Overlay, AWorkerThatDiesTwiceIsReportedInWords) {
    fake::Pump pump(2);
    pump.deadly = {"overlay "};
    pump.ask(R"({"type":"command","name":"workspace","argument":"overlay","id":1})");
    for (int i = 0; i < 2; ++i) pump.add("S/" + name_of(i), small_cl(i));
    pump.work();
    EXPECT_EQ(fake::count(pump.started, "overlay "), 2u) << "tried once more, not for ever";
    EXPECT_NE(overlay_of(pump).failure.find("broke off"), std::string::npos) << overlay_of(pump).failure;
    EXPECT_TRUE(pump.app.idle());
}

TEST(Overlay, OneImageAndABrokenOneHaveTheirSensibleResult) {
    fake::Pump pump(2);
    pump.ask(R"({"type":"command","name":"workspace","argument":"overlay","id":1})");
    pump.add("S/" + name_of(0), small_cl(0));
    pump.add("S/broken.tif", Bytes(300, 7));
    pump.work();
    EXPECT_TRUE(pump.app.idle());
    EXPECT_EQ(overlay_of(pump).channels.size(), 1u) << overlay_of(pump).failure;
    EXPECT_EQ(pump.app.results().files.at(pump.app.document().inputs[1].id).state, FileState::failed);
}

TEST(Overlay, APlacedPointIsRefinedAndKept) {
    fake::Pump pump = pump_with_stack();
    int const file = pump.app.document().inputs[1].id, other = pump.app.document().inputs[0].id;
    pump.app.carry_out({PlacePoint{file, other, {{80, 60}, {84, 57}}}}); // in truth (83, 58)
    pump.work();
    Recipe const own = recipe_for_file(pump.app.document().overlay, name_of(1));
    StepUse const& use = *find_use(own, "channel");
    std::string const text =
        *std::get_if<std::string>(&use.values[static_cast<std::size_t>(param_index(*use.step, "points"))]);
    auto const points = parse_hand_points(text);
    ASSERT_TRUE(points.has_value()) << text;
    ASSERT_EQ(points->size(), 1u) << text;
    EXPECT_EQ((*points)[0].other, name_of(0));
    ASSERT_EQ((*points)[0].points.size(), 1u);
    EXPECT_NEAR((*points)[0].points[0].to.x, 83, 0.3);
    EXPECT_NEAR((*points)[0].points[0].to.y, 58, 0.3);
    bool by_hand = false;
    for (PlacedChannel const& placed : overlay_of(pump).channels)
        by_hand = by_hand || (placed.channel.alignment && placed.channel.alignment->trust == Trust::by_hand);
    EXPECT_TRUE(by_hand) << "the set was solved anew";
}

TEST(Overlay, UndoGoesToTheWorkspaceOfTheChange) {
    fake::Pump pump = pump_with_stack(1);
    pump.app.carry_out({SetParam{"compose", "gamma", 2.0, {}, 0}});
    pump.ask(R"({"type":"command","name":"workspace","argument":"annotate","id":1})");
    pump.app.carry_out({Undo{}});
    EXPECT_EQ(pump.app.view().workspace, Workspace::overlay);
    EXPECT_NEAR(compose_settings(pump.app.document().overlay).gamma, ComposeSettings{}.gamma, 1e-12);
}

TEST(Overlay, ACorrectionHoldsInBothWorkspaces) {
    fake::Pump pump = pump_with_stack(1);
    pump.app.carry_out({SetParam{"correct", "pixel_size_x_nm", 12.5, {}, pump.app.document().inputs[0].id}});
    EXPECT_EQ(pump.app.document().recipe.overrides.size(), 1u);
    EXPECT_EQ(pump.app.document().overlay.overrides.size(), 1u);
}

TEST(HalfPyramid, HoldsThePlaneAndItsMeans) {
    Plane plane = Plane::create({9, 5}).value();
    for (int i = 0; i < 45; ++i) plane.data()[i] = static_cast<float>(i) / 64;
    std::vector<Size> const sizes = pyramid_sizes({9, 5});
    ASSERT_EQ(sizes.size(), 2u);
    EXPECT_EQ(sizes[1], (Size{4, 2}));
    Bytes const halves = half_pyramid(plane, nullptr, 0, {9, 5});
    ASSERT_EQ(halves.size(), (45 + 8) * 2u);
    auto const half = [&](std::size_t i) { return halves[2 * i] | halves[2 * i + 1] << 8; };
    EXPECT_EQ(half(0), 0);
    EXPECT_EQ(half(32), 0x3800) << "0.5";
    EXPECT_EQ(half(16), 0x3400) << "0.25";
    EXPECT_EQ(half(45), 0x2d00) << "mean of 0, 1, 9, 10 of 64: 5 / 64";
    EXPECT_EQ(reduced({5000, 3000}, 4096, std::int64_t{1} << 40), (Size{2500, 1500}));
    EXPECT_EQ(reduced({1000, 1000}, 4096, 300000), (Size{500, 500}));
}

} // namespace
} // namespace mg::app
