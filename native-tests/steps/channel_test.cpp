// What one file says of its place in a set.
#include <gtest/gtest.h>

#include "steps/registry.h"
#include "steps/step_support.h"
#include "support/scene_maker.h"

namespace mg {
namespace {

using test::choice, test::text;

Channel set_image(std::string file_name, std::string detector = {}) {
    Channel channel = test::make_scene({.size = {8, 6}, .header = false}).channels.front();
    channel.file_name = channel.relative_path = std::move(file_name);
    if (!detector.empty()) channel.metadata.acquisition.detector = {std::move(detector), "header"};
    return channel;
}

Result<Channel> seen_as_channel(Channel channel, test::Changes const& changes = {}, Job* job = nullptr) {
    return test::after_step("channel", std::move(channel), changes, job);
}

TEST(ChannelStep, TheDetectorDecidesBeforeTheName) {
    EXPECT_EQ(seen_as_channel(set_image("10K420.TIF", "CL"))->role, Role::signal);
    EXPECT_EQ(seen_as_channel(set_image("10K420.TIF", "SE"))->role, Role::extra);
    EXPECT_EQ(seen_as_channel(set_image("S10K.TIF", "SE"))->role, Role::extra);
    EXPECT_EQ(seen_as_channel(set_image("Sapphire420.TIF", "CL"))->role, Role::signal) << "an S in the name of a CL image";
}

TEST(ChannelStep, WithoutADetectorTheNameDecidesAsInTheOriginal) {
    EXPECT_EQ(seen_as_channel(set_image("S10K.TIF"))->role, Role::extra);
    EXPECT_EQ(seen_as_channel(set_image("10KS.TIF"))->role, Role::extra);
    EXPECT_EQ(seen_as_channel(set_image("10K420.TIF"))->role, Role::signal);
    EXPECT_EQ(seen_as_channel(set_image("10K420.tifS"))->role, Role::signal) << "the ending is not asked";
    EXPECT_EQ(seen_as_channel(set_image("10Ks.TIF"))->role, Role::signal) << "a small letter is another one";
    EXPECT_EQ(seen_as_channel(set_image("S10K.TIF"), {{"extra_identifier", text("")}})->role, Role::signal);
    EXPECT_EQ(seen_as_channel(set_image("pan420.TIF"), {{"extra_identifier", text("pan")}})->role, Role::extra);
}

TEST(ChannelStep, ThePlusSignMakesAnExtraImageOfAnything) {
    auto const channel = seen_as_channel(set_image("+10K420.TIF", "CL"));
    EXPECT_EQ(channel->role, Role::extra);
    EXPECT_TRUE(channel->settings.role_given) << "the user's own sign does not yield";
    EXPECT_EQ(seen_as_channel(set_image("!10K420.TIF"), {{"extra_prefix", text("!")}})->role, Role::extra);
    EXPECT_EQ(seen_as_channel(set_image("10+K420.TIF"))->role, Role::signal) << "only at the beginning";
}

TEST(ChannelStep, TheUsersRoleWins) {
    EXPECT_EQ(seen_as_channel(set_image("+S10K.TIF", "SE"), {{"role", choice(1)}})->role, Role::signal);
    EXPECT_EQ(seen_as_channel(set_image("10K420.TIF", "CL"), {{"role", choice(2)}})->role, Role::extra);
    EXPECT_TRUE(seen_as_channel(set_image("10K420.TIF"), {{"role", choice(3)}})->settings.left_out);
    EXPECT_FALSE(seen_as_channel(set_image("10K420.TIF"))->settings.left_out);
    EXPECT_FALSE(seen_as_channel(set_image("10K420.TIF"))->settings.role_given);
    EXPECT_TRUE(seen_as_channel(set_image("10K420.TIF"), {{"role", choice(1)}})->settings.role_given);
}

TEST(ChannelStep, FillsWhatIsSetAndLeavesTheRestOpen) {
    auto const plain = seen_as_channel(set_image("10K420.TIF"));
    EXPECT_FALSE(plain->settings.order || plain->settings.value || plain->settings.tint);
    EXPECT_EQ(plain->settings.dark, DarkLevel::minimum);
    EXPECT_FALSE(plain->settings.label_given);
    auto const channel = seen_as_channel(set_image("10K420.TIF"), {{"order", choice(3)},
                                                                   {"label", text(" blue band ")},
                                                                   {"value", 417.5},
                                                                   {"quantity", text("wavelength")},
                                                                   {"unit", text("nm")},
                                                                   {"tint", text("#FF8000")},
                                                                   {"gain", 1.5},
                                                                   {"shown", false},
                                                                   {"dark", choice(3)},
                                                                   {"dark_area", text("10, 20,30,40")},
                                                                   {"motion", choice(3)},
                                                                   {"points", text("a.tif affine 1,2=3,4")}});
    ASSERT_TRUE(channel) << channel.error().message;
    ChannelSettings const& settings = channel->settings;
    EXPECT_EQ(settings.order, 3.0);
    EXPECT_EQ(channel->label, "blue band");
    EXPECT_TRUE(settings.label_given);
    EXPECT_EQ(settings.value, 417.5);
    EXPECT_EQ(settings.quantity, "wavelength");
    EXPECT_EQ(settings.unit, "nm");
    EXPECT_EQ(settings.tint, (Rgb{1, 128.0f / 255, 0}));
    EXPECT_EQ(settings.gain, 1.5);
    EXPECT_FALSE(settings.shown);
    EXPECT_EQ(settings.dark, DarkLevel::area);
    EXPECT_EQ(settings.dark_area, (Rect{10, 20, 30, 40}));
    EXPECT_EQ(settings.motion, "affine");
    EXPECT_EQ(settings.points, "a.tif affine 1,2=3,4");
}

TEST(ChannelStep, NonsenseIsNamedWithItsRemedy) {
    for (char const* tint : {"red", "#12345", "#gggggg", "12345678"}) {
        auto const channel = seen_as_channel(set_image("a.tif"), {{"tint", text(tint)}});
        ASSERT_FALSE(channel) << tint;
        EXPECT_NE(channel.error().message.find("#rrggbb"), std::string::npos);
        EXPECT_NE(channel.error().message.find(tint), std::string::npos);
    }
    for (char const* area : {"1,2,3", "1,2,0,4", "-1,0,5,5", "a,b,c,d", "1,2,3,99999999999"})
        EXPECT_FALSE(seen_as_channel(set_image("a.tif"), {{"dark_area", text(area)}})) << area;
}

TEST(ChannelStep, ADarkAreaThatIsNotPickedYetIsNoError) {
    Job job;
    auto const channel = seen_as_channel(set_image("a.tif"), {{"dark", choice(3)}}, &job);
    ASSERT_TRUE(channel);
    EXPECT_EQ(channel->settings.dark, DarkLevel::minimum);
    EXPECT_EQ(job.notes().size(), 1u);
}

TEST(ChannelStep, TouchesNoPixel) {
    Channel const before = set_image("S10K.TIF", "SE");
    auto const after = seen_as_channel(before);
    EXPECT_EQ(after->planes, before.planes);
    EXPECT_EQ(after->mask, before.mask);
}

} // namespace
} // namespace mg
