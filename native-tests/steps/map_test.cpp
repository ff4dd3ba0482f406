// What one file says of itself among element maps.
#include <cmath>

#include <gtest/gtest.h>

#include "steps/registry.h"
#include "steps/step_support.h"
#include "support/scene_maker.h"

namespace mg {
namespace {

using test::choice, test::text;

Channel map_image(std::string file_name) {
    Channel channel = test::make_scene({.size = {16, 12}, .header = false}).channels.front();
    channel.file_name = channel.relative_path = std::move(file_name);
    channel.metadata = {};
    channel.pixel_size_x_nm.reset();
    channel.pixel_size_y_nm.reset();
    return channel;
}

/// Counts 0..12 as a program stores them that scales the brightest pixel to 255.
Channel scaled_map(std::string file_name) {
    Channel channel = map_image(std::move(file_name));
    auto plane = Plane::create({16, 12});
    for (int i = 0; i < 16 * 12; ++i) plane->data()[i] = std::floor(i % 13 * 255.0f / 12 + 0.5f) / 255;
    channel.planes = {std::make_shared<Plane const>(std::move(plane).value())};
    channel.range = {0, 255};
    return channel;
}

Result<Channel> seen_as_map(Channel channel, test::Changes const& changes = {}, Job* job = nullptr) {
    return test::after_step("map", std::move(channel), changes, job);
}
constexpr std::int64_t k_map = 1, k_lab = 2, k_se = 3, k_off = 4;

/// "map AlK", "lab", "se", each with "?" when it is a guess.
std::string role_of(Channel channel) {
    auto const result = seen_as_map(std::move(channel));
    if (!result) return result.error().message;
    std::string const guess = result->map.role_named ? "" : "?";
    if (result->role == Role::lab_image) return "lab" + guess;
    if (result->role == Role::se_image) return "se" + guess;
    return "map " + result->label + guess;
}

TEST(MapStep, FindsRolesInNames) {
    EXPECT_EQ(role_of(map_image("map_AlK.bmp")), "map AlK");
    EXPECT_EQ(role_of(map_image("3-SiK.png")), "map SiK");
    EXPECT_EQ(role_of(map_image("map_Lab1.bmp")), "lab");
    EXPECT_EQ(role_of(map_image("9-ROI.png")), "se");
    EXPECT_EQ(role_of(map_image("Electron Image 1.tif")), "se");
    EXPECT_EQ(role_of(map_image("SiO2_HAADF.tif")), "se");
    EXPECT_EQ(role_of(map_image("SE01.TIF")), "se") << "not selenium";
    EXPECT_EQ(role_of(map_image("phase2.png")), "map phase2?");
    EXPECT_EQ(role_of(map_image("phase2.tif")), "se?");
}

TEST(MapStep, AMicroscopesHeaderIsAnElectronImages) {
    Channel channel = map_image("Si_10K.tif");
    channel.metadata.acquisition.detector = {"SE", "header"};
    EXPECT_EQ(role_of(channel), "se");
    Channel map = map_image("AlK.tif");
    map.pixel_size_x_nm = map.pixel_size_y_nm = {40.0, "resolution tags"};
    EXPECT_EQ(role_of(map), "map AlK") << "maps may be calibrated too";
    map.file_name = "overview.png";
    EXPECT_EQ(role_of(map), "se?");
}

TEST(MapStep, TheUsersWordWins) {
    auto channel = seen_as_map(map_image("SE01.TIF"), {{"role", choice(k_map)}});
    EXPECT_EQ(channel->role, Role::element_map);
    EXPECT_TRUE(channel->map.role_given);
    EXPECT_EQ(channel->label, "SE01");
    EXPECT_EQ(seen_as_map(map_image("map_AlK.bmp"), {{"role", choice(k_lab)}})->role, Role::lab_image);
    EXPECT_EQ(seen_as_map(map_image("map_AlK.bmp"), {{"role", choice(k_se)}})->role, Role::se_image);
    EXPECT_TRUE(seen_as_map(map_image("map_AlK.bmp"), {{"role", choice(k_off)}})->settings.left_out);
    channel = seen_as_map(map_image("SE01.TIF"), {{"element", text(" CuL ")}});
    EXPECT_EQ(channel->role, Role::element_map) << "only maps have an element";
    EXPECT_EQ(channel->map.element, "Cu");
    EXPECT_EQ(channel->label, "CuL");
    EXPECT_EQ(seen_as_map(map_image("x.png"), {{"element", text("glue")}})->map.element, "");
    EXPECT_EQ(seen_as_map(map_image("x.png"), {{"element", text("glue")}})->label, "glue");
}

TEST(MapStep, FindsTheCountsBehindGreyLevels) {
    auto const channel = seen_as_map(scaled_map("map_AlK.bmp"));
    EXPECT_NEAR(channel->map.counts_at_white, 12, 1e-3);
    for (int i = 0; i < 26; ++i)
        EXPECT_NEAR(channel->planes[0]->data()[i] * channel->map.counts_at_white, i % 13, 1e-4);
    EXPECT_FALSE(channel->map.counts_source.empty());
}

TEST(MapStep, CountsMayBeGiven) {
    auto const channel = seen_as_map(scaled_map("map_AlK.bmp"), {{"counts", 120.0}});
    EXPECT_NEAR(channel->planes[0]->data()[12] * channel->map.counts_at_white, 120, 1e-3);
    EXPECT_NEAR(channel->planes[0]->data()[3] * channel->map.counts_at_white, 30, 0.3);
    EXPECT_EQ(channel->map.counts_source, "set by you");
}

TEST(MapStep, ReadsATintedMapAlongItsTint) {
    Channel channel = scaled_map("map_AlK.bmp");
    auto black = std::make_shared<Plane const>(std::move(Plane::filled({16, 12}, 0)).value());
    channel.planes = {black, channel.planes[0], channel.planes[0]};
    auto const cyan = seen_as_map(channel);
    ASSERT_TRUE(cyan) << cyan.error().message;
    ASSERT_EQ(cyan->planes.size(), 1u);
    EXPECT_NEAR(cyan->planes[0]->data()[5] * cyan->map.counts_at_white, 5, 1e-3);
}

/// Red, green and blue side by side.
Channel colourful(std::string file_name) {
    Channel channel = map_image(std::move(file_name));
    channel.planes.clear();
    for (int part = 0; part < 3; ++part) {
        auto plane = Plane::filled({16, 12}, 0);
        for (int i = 0; i < 16 * 12; ++i)
            if (i % 3 == part) plane->data()[i] = 0.25f + 0.05f * static_cast<float>(i % 10);
        channel.planes.push_back(std::make_shared<Plane const>(std::move(plane).value()));
    }
    return channel;
}

TEST(MapStep, APictureOfSeveralHuesIsNoMap) {
    EXPECT_FALSE(seen_as_map(colourful("map_AlK.bmp"))) << "it claims to be one";
    Job job;
    EXPECT_TRUE(seen_as_map(colourful("layers.png"), {}, &job)->settings.left_out);
    ASSERT_EQ(job.notes().size(), 1u);
    EXPECT_EQ(job.notes()[0].key, "warning");
    auto const electron = seen_as_map(colourful("SE01.png"));
    ASSERT_TRUE(electron) << "its drawings may be coloured";
    EXPECT_EQ(electron->planes.size(), 1u);
}

TEST(MapStep, MapsWithoutCountsStayFinite) {
    for (double const counts : {0.0, 7.0}) {
        Channel channel = map_image("map_AlK.bmp");
        channel.planes = {std::make_shared<Plane const>(std::move(Plane::filled({16, 12}, 0)).value())};
        auto const empty = seen_as_map(channel, {{"counts", counts}});
        ASSERT_TRUE(empty);
        EXPECT_GT(empty->map.counts_at_white, 0);
        EXPECT_EQ(empty->planes[0]->data()[0], 0);
    }
}

} // namespace
} // namespace mg
