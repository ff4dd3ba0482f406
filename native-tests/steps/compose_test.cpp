#include "ops/compose.h"

#include <cmath>

#include "math/colour.h"
#include "steps/geometry_support.h"

namespace mg {

extern Step const k_step_compose;

namespace {

using test::find_note;
using test::Key;
using test::number_of;
using test::run_ok;
using test::run_step;
using test::scene_of;

/// Signals at 405, 415 ... nm and an SE image, as the steps before leave them.
Scene stack(int signals, bool extra = true, Size size = {48, 36}) {
    Scene scene;
    for (int k = 0; k < signals + (extra ? 1 : 0); ++k) {
        Scene one = scene_of(
            size, [&](int x, int y) { return 0.1 + 0.01 * ((x * (k + 2) + y * (5 - k)) % 60); }, 15.9, 15.9);
        Channel channel = one.channels[0];
        channel.range = {0, 255};
        channel.file_name = "10K" + std::to_string(405 + 10 * k) + ".TIF";
        channel.metadata.vendor = "Philips/FEI XL";
        Acquisition& a = channel.metadata.acquisition;
        a.beam_energy_kv = {10, "header"};
        a.detector = {k < signals ? "CL" : "SE", "header"};
        if (k < signals) {
            a.wavelength_nm = {405.0 + 10 * k, "file name"};
            channel.settings.value = 405.0 + 10 * k;
            channel.settings.quantity = "wavelength";
            channel.settings.unit = "nm";
            channel.settings.slot = k;
            channel.label = std::to_string(405 + 10 * k) + " nm";
        } else {
            channel.role = Role::extra;
            channel.label = "SE";
        }
        channel.metadata.raw = std::make_shared<std::vector<RawKey> const>(std::vector<RawKey>{
            {"Vector", "Magnification", "10000"}, {"User", "Frame", std::to_string(k)}, {"", "Note", "same"}});
        scene.channels.push_back(std::move(channel));
    }
    scene.palette_slots = signals;
    return scene;
}

std::string words(Channel const& channel) {
    std::string text;
    for (CaptionPiece const& piece : channel.caption) text += (text.empty() ? "" : "|") + piece.text;
    return text;
}

TEST(ComposeStep, TintsTheChannelsAndAppendsTwoComposites) {
    Scene scene = stack(3);
    Scene const before = scene;
    run_ok(k_step_compose, scene);
    ASSERT_EQ(scene.channels.size(), 6U);
    for (std::size_t k = 0; k < 3; ++k) EXPECT_TRUE(scene.channels[k].is_colour());
    EXPECT_EQ(scene.channels[3].planes.size(), 1U) << "an extra image is grey";
    EXPECT_EQ(scene.channels[4].role, Role::composite);
    EXPECT_EQ(scene.channels[5].role, Role::composite_saturated);
    for (Channel const& channel : scene.channels) {
        EXPECT_EQ(channel.size(), (Size{48, 36}));
        for (PlanePtr const& plane : channel.planes)
            for (int x = 0; x < 48; ++x) EXPECT_TRUE(plane->at(x, x % 36) >= 0 && plane->at(x, x % 36) <= 1);
    }
    EXPECT_EQ(before.channels[0].planes[0]->at(3, 3), stack(3).channels[0].planes[0]->at(3, 3)) << "inputs stay";
    // More chroma in the second.
    auto const chroma = [&](std::size_t channel) {
        double sum = 0;
        for (int y = 0; y < 36; ++y)
            for (int x = 0; x < 48; ++x) {
                auto const& p = scene.channels[channel].planes;
                Triple const lab =
                    oklab_from_linear(linear_from_srgb({p[0]->at(x, y), p[1]->at(x, y), p[2]->at(x, y)}));
                sum += std::sqrt(lab[1] * lab[1] + lab[2] * lab[2]);
            }
        return sum;
    };
    EXPECT_GT(chroma(5), 1.2 * chroma(4));
}

TEST(ComposeStep, CompositeHasTheFactsInWhichAllChannelsAgree) {
    Scene scene = stack(3);
    run_ok(k_step_compose, scene);
    Channel const& composite = scene.channels[4];
    EXPECT_EQ(composite.label, "");
    EXPECT_EQ(composite.file_name, "");
    EXPECT_EQ(composite.metadata.vendor, "Philips/FEI XL");
    ASSERT_TRUE(composite.metadata.acquisition.beam_energy_kv);
    EXPECT_EQ(composite.metadata.acquisition.beam_energy_kv->value, 10);
    ASSERT_TRUE(composite.metadata.acquisition.detector) << "the SE image has no say";
    EXPECT_EQ(composite.metadata.acquisition.detector->value, "CL");
    EXPECT_FALSE(composite.metadata.acquisition.wavelength_nm);
    ASSERT_TRUE(composite.pixel_size_x_nm);
    EXPECT_EQ(composite.pixel_size_x_nm->value, 15.9);
    ASSERT_TRUE(composite.metadata.raw);
    ASSERT_EQ(composite.metadata.raw->size(), 2U);
    EXPECT_EQ((*composite.metadata.raw)[1].value, "same");
}

TEST(ComposeStep, CaptionsNameTheChannelsInTheirColours) {
    Scene scene = stack(3);
    run_ok(k_step_compose, scene);
    EXPECT_EQ(words(scene.channels[1]), "Single channel for wavelength =|415 nm");
    EXPECT_EQ(words(scene.channels[3]), "");
    EXPECT_EQ(words(scene.channels[4]), "Colour by wavelength|405|415|425|nm");
    EXPECT_EQ(words(scene.channels[5]), words(scene.channels[4]));
    for (std::size_t k = 1; k <= 3; ++k) {
        ASSERT_TRUE(scene.channels[4].caption[k].colour);
        double const y = luminance(linear_from_srgb(*scene.channels[4].caption[k].colour));
        EXPECT_GE((y + 0.05) / 0.05, 4.5) << "on black";
        EXPECT_EQ(*scene.channels[4].caption[k].colour, *scene.channels[k - 1].caption[1].colour);
    }
    EXPECT_FALSE(scene.channels[4].caption[0].colour);

    scene = stack(2);
    scene.channels[0].label = "blue band";
    scene.channels[0].settings.label_given = true;
    run_ok(k_step_compose, scene);
    EXPECT_EQ(words(scene.channels[0]), "Single channel for wavelength =|blue band");
    EXPECT_EQ(words(scene.channels[3]), "Colour by wavelength|blue band|415 nm");

    scene = stack(2);
    for (Channel& channel : scene.channels) channel.settings = {};
    scene.channels[1].settings.slot = 1;
    run_ok(k_step_compose, scene);
    EXPECT_EQ(words(scene.channels[0]), "Single channel|405 nm");
    EXPECT_EQ(words(scene.channels[3]), "Colours|405 nm|415 nm");
}

TEST(ComposeStep, NotesSayTheLimitsInRecordedValues) {
    Scene scene = stack(2, false);
    // 0.1 .. 0.69 of 0..255
    Job job;
    ASSERT_TRUE(run_step(k_step_compose, scene, {{"low_percent", 0.0}, {"high_percent", 0.0}}, job));
    Note const* limits = find_note(job, "limits");
    ASSERT_TRUE(limits);
    EXPECT_NE(limits->text.find("415 nm: black "), std::string::npos) << limits->text;
    EXPECT_NE(limits->text.find("white 175.9"), std::string::npos) << limits->text;
    EXPECT_GE(number_of(find_note(job, "clipped")), 0);
}

TEST(ComposeStep, OneChannelGivesAGreyComposite) {
    Scene scene = stack(1, false);
    run_ok(k_step_compose, scene);
    ASSERT_EQ(scene.channels.size(), 3U);
    for (Channel const& channel : scene.channels) EXPECT_EQ(channel.planes.size(), 1U);
}

TEST(ComposeStep, ExtraImagesAloneGiveNoComposite) {
    Scene scene = stack(0, true);
    run_ok(k_step_compose, scene);
    ASSERT_EQ(scene.channels.size(), 1U);
    EXPECT_EQ(scene.channels[0].planes.size(), 1U);
    Scene empty;
    run_ok(k_step_compose, empty);
    EXPECT_TRUE(empty.channels.empty());
}

TEST(ComposeStep, BlankChannelIsBlackAndNamed) {
    Scene scene = stack(2, false);
    scene.channels[1].planes = scene_of({48, 36}, [](int, int) { return 0.6; }).channels[0].planes;
    Job job;
    ASSERT_TRUE(run_step(k_step_compose, scene, {}, job));
    EXPECT_NE(find_note(job, "limits")->text.find("415 nm: one brightness"), std::string::npos);
    EXPECT_EQ(scene.channels[1].planes[0]->at(5, 5), 0);
}

TEST(ComposeStep, HiddenChannelsAreNotInTheCaption) {
    Scene scene = stack(3, false);
    scene.channels[1].settings.shown = false;
    run_ok(k_step_compose, scene);
    EXPECT_EQ(words(scene.channels[3]), "Colour by wavelength|405|425|nm");
    EXPECT_EQ(words(scene.channels[1]), "Single channel for wavelength =|415 nm") << "it is still a picture of its own";
}

TEST(ComposeStep, RunsTwiceWithoutPilingUpComposites) {
    Scene scene = stack(2);
    run_ok(k_step_compose, scene);
    run_ok(k_step_compose, scene);
    EXPECT_EQ(scene.channels.size(), 5U);
}

TEST(ComposeStep, MaskOfTheCompositeIsWhereNoChannelHasData) {
    Scene scene = stack(2, false);
    for (std::size_t k = 0; k < 2; ++k) {
        Mask mask = std::move(Mask::filled({48, 36}, 0)).value();
        for (int x = 0; x < 10 + 5 * static_cast<int>(k); ++x) mask.at(x, 3) = k_mask_outside;
        mask.at(40, 3) = k_mask_drawing;
        scene.channels[k].mask = std::make_shared<Mask const>(std::move(mask));
    }
    run_ok(k_step_compose, scene);
    ASSERT_TRUE(scene.channels[2].mask);
    EXPECT_EQ(scene.channels[2].mask->at(9, 3), k_mask_outside);
    EXPECT_EQ(scene.channels[2].mask->at(12, 3), 0);
    EXPECT_EQ(scene.channels[2].mask->at(40, 3), 0);
}

TEST(ComposeStep, DifferentSizesAreAnError) {
    Scene scene = stack(2, false);
    scene.channels[1].planes = scene_of({20, 20}, [](int x, int) { return x / 20.0; }).channels[0].planes;
    Job job;
    Status const status = run_step(k_step_compose, scene, {}, job);
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().message.find("10K415.TIF"), std::string::npos);
}

} // namespace
} // namespace mg
