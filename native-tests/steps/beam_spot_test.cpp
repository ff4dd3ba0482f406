#include <cmath>

#include "ops/gaussian.h"
#include "steps/geometry_support.h"
#include "support/plane_maker.h"

namespace mg {
extern Step const k_step_beam_spot;
namespace {

using namespace test;

/// A CL image of an XL30 at 10 000x with spot 4, `scale` times the usual 712 px wide: 113.305 mm / 10 000 / 712.
Scene cl_scene(double scale = 1, double pixel_ratio = 1) {
    double const pixel_nm = 113.305e6 / 10000 / 712 / scale;
    Scene scene = scene_of(
        {60, 50}, [](int x, int y) { return (x * 31 + y * 17) % 23 / 22.0; }, pixel_nm, pixel_nm * pixel_ratio);
    Acquisition& facts = scene.channels[0].metadata.acquisition;
    facts.magnification = {10000, "header"};
    facts.spot_size = {4, "header"};
    facts.detector = {"CL", "header"};
    return scene;
}

Plane blurred(Scene const& scene, double sigma_x, double sigma_y) {
    return std::move(gaussian_blurred(scene.channels[0].planes[0]->view(), {sigma_x, sigma_y})).value();
}

TEST(BeamSpot, BlursCathodoluminescenceByTheSpot) {
    Scene const before = cl_scene();
    Scene scene = before;
    Job job;
    ASSERT_TRUE(run_step(k_step_beam_spot, scene, {}, job));
    // Magnification / 5000 * 2^(4 * 0.5 - 2.5) = 1.4142
    EXPECT_LT(largest_difference(*scene.channels[0].planes[0], blurred(before, std::sqrt(2.0), std::sqrt(2.0))), 1e-6);
    EXPECT_NEAR(number_of(find_note(job, "radius_px")), std::sqrt(2.0), 1e-9);
    EXPECT_NEAR(number_of(find_note(job, "radius_nm")), 22.505, 0.01);
    EXPECT_EQ(find_note(job, "radius_px")->text, "blurred by 1.41 px, 23 nm, from spot 4.0 at 10\u202F000\u00D7");
}

TEST(BeamSpot, HasTheSameSizeInNanometresAtAnyScale) {
    for (double const scale : {0.5, 2.0, 3.0}) {
        Scene scene = cl_scene(scale);
        Job job;
        ASSERT_TRUE(run_step(k_step_beam_spot, scene, {}, job));
        EXPECT_NEAR(number_of(find_note(job, "radius_px")), std::sqrt(2.0) * scale, 1e-9);
        EXPECT_NEAR(number_of(find_note(job, "radius_nm")), 22.505, 0.01);
    }
}

TEST(BeamSpot, IsRoundOnTheSampleWhenPixelsAreNotSquare) {
    Scene const before = cl_scene(1, 1.1);
    Scene scene = before;
    run_ok(k_step_beam_spot, scene);
    EXPECT_LT(largest_difference(*scene.channels[0].planes[0], blurred(before, std::sqrt(2.0), std::sqrt(2.0) / 1.1)),
              1e-6);
}

TEST(BeamSpot, LeavesOtherDetectorsAlone) {
    Scene scene = cl_scene();
    scene.channels[0].metadata.acquisition.detector = {"SE", "header"};
    PlanePtr const before = scene.channels[0].planes[0];
    run_ok(k_step_beam_spot, scene);
    EXPECT_EQ(scene.channels[0].planes[0], before);
}

TEST(BeamSpot, WithoutMetadataDoesNothingAndSaysWhy) {
    for (int const missing : {0, 1}) {
        Scene scene = cl_scene();
        Channel& channel = scene.channels[0];
        if (missing == 0) channel.metadata.acquisition.spot_size.reset();
        if (missing == 1) channel.pixel_size_x_nm.reset();
        PlanePtr const before = channel.planes[0];
        Job job;
        ASSERT_TRUE(run_step(k_step_beam_spot, scene, {{"mode", Key{"blur"}}}, job));
        EXPECT_EQ(channel.planes[0], before);
        ASSERT_TRUE(find_note(job, "nothing_done"));
        EXPECT_NE(find_note(job, "nothing_done")->text.find(missing == 0 ? "spot size" : "pixel size"),
                  std::string::npos);
    }
}

TEST(BeamSpot, TakesARadiusAsGiven) {
    Scene const before = cl_scene();
    Scene by_nm = before, by_px = before;
    by_px.channels[0].pixel_size_x_nm.reset(); // needs none
    double const pixel_nm = before.channels[0].pixel_size_x_nm->value;
    run_ok(k_step_beam_spot, by_nm, {{"radius", Key{"nm"}}, {"radius_nm", 2 * pixel_nm}});
    run_ok(k_step_beam_spot, by_px, {{"radius", Key{"px"}}, {"radius_px", 2.0}});
    EXPECT_LT(largest_difference(*by_nm.channels[0].planes[0], blurred(before, 2, 2)), 1e-6);
    EXPECT_TRUE(same_pixels(*by_px.channels[0].planes[0], blurred(before, 2, 2)));
}

TEST(BeamSpot, APreviewIsBlurredByAsManyNanometres) {
    Scene scene = cl_scene(0.5);
    scene.preview_scale = 0.5;
    Scene const before = scene;
    Job job;
    ASSERT_TRUE(run_step(k_step_beam_spot, scene, {}, job));
    EXPECT_LT(largest_difference(*scene.channels[0].planes[0], blurred(before, std::sqrt(0.5), std::sqrt(0.5))), 1e-6);
    EXPECT_NEAR(number_of(find_note(job, "radius_px")), std::sqrt(2.0), 1e-9);
}

TEST(BeamSpot, DrawingsStaySharp) {
    Scene scene = cl_scene();
    Mask mask = std::move(Mask::filled({60, 50}, 0)).value();
    for (int x = 10; x < 50; ++x) mask.at(x, 25) = k_mask_drawing;
    Plane plane = std::move(Plane::filled({60, 50}, 0.25f)).value();
    for (int x = 10; x < 50; ++x) plane.at(x, 25) = 1;
    scene.channels[0].planes[0] = std::make_shared<Plane const>(std::move(plane));
    scene.channels[0].mask = std::make_shared<Mask const>(std::move(mask));
    run_ok(k_step_beam_spot, scene);
    Plane const& after = *scene.channels[0].planes[0];
    EXPECT_EQ(after.at(30, 25), 1);
    EXPECT_NEAR(after.at(30, 24), 0.25, 1e-6);
}

TEST(BeamSpot, CompatibleUsesThePythonRadiusInPixels) {
    // r = 10000 / 5000 * 2**(4 * 0.5 - 2.5); scipy.ndimage.gaussian_filter(im, r), whatever the scale
    Scene const before = cl_scene(2, 1.1);
    Scene scene = before;
    run_ok(k_step_beam_spot, scene, {{"compatible", true}});
    EXPECT_LT(largest_difference(*scene.channels[0].planes[0], blurred(before, std::sqrt(2.0), std::sqrt(2.0))), 1e-6);
}

TEST(BeamSpot, CompatibleDoesNothingUpToOnePixel) {
    Scene scene = cl_scene();
    scene.channels[0].metadata.acquisition.spot_size = {3, "header"}; // r = 1 exactly
    PlanePtr const before = scene.channels[0].planes[0];
    Job job;
    ASSERT_TRUE(run_step(k_step_beam_spot, scene, {{"compatible", true}}, job));
    EXPECT_EQ(scene.channels[0].planes[0], before);
    EXPECT_TRUE(find_note(job, "nothing_done"));
}

TEST(BeamSpot, CompatibleSharpensOtherDetectorsWithWeightOne) {
    // numpy.clip(im * 2 - scipy.ndimage.gaussian_filter(im, r), 0, im.max())
    Scene const before = cl_scene();
    Scene scene = before;
    scene.channels[0].metadata.acquisition.detector = {"SE", "header"};
    run_ok(k_step_beam_spot, scene, {{"compatible", true}});
    Plane const blur = blurred(before, std::sqrt(2.0), std::sqrt(2.0));
    Plane const& plane = *before.channels[0].planes[0];
    for (int y = 0; y < 50; ++y)
        for (int x = 0; x < 60; ++x)
            ASSERT_NEAR(scene.channels[0].planes[0]->at(x, y),
                        std::clamp(2 * double{plane.at(x, y)} - double{blur.at(x, y)}, 0.0, 1.0), 1e-6);
}

} // namespace
} // namespace mg
