#include "ops/gaussian.h"
#include "steps/geometry_support.h"
#include "support/plane_maker.h"

namespace mg {
extern Step const k_step_unsharp;
namespace {

using namespace test;

Scene quoted_scene() {
    Plane const plane = quoted_plane();
    return scene_of(plane.size(), [&](int x, int y) { return plane.at(x, y); });
}

TEST(UnsharpStep, CompatibleIsThePythonFormula) {
    // b = scipy.ndimage.gaussian_filter(im, 1.7); numpy.clip(im * (1 + 1.) - b * 1., 0, im.max())
    Scene scene = quoted_scene();
    run_ok(k_step_unsharp, scene, {{"compatible", true}, {"amount", 1.0}, {"radius_px", 1.7}});
    double const first_row[] = {0, 0.984375, 0.13741263, 0.984375, 0.4842072, 0, 0.83836317, 0.00469218, 0.984375};
    for (int x = 0; x < 9; ++x) EXPECT_NEAR(scene.channels[0].planes[0]->at(x, 0), first_row[x], 1e-6) << x;
}

TEST(UnsharpStep, StaysWithinTheRangeOfThePicture) {
    Scene scene = scene_of({50, 40}, [](int x, int) { return x < 25 ? 0.3 : 0.6; });
    run_ok(k_step_unsharp, scene, {{"amount", 2.0}});
    Plane const& plane = *scene.channels[0].planes[0];
    for (int x = 0; x < 50; ++x) {
        EXPECT_GE(plane.at(x, 20), 0.3f);
        EXPECT_LE(plane.at(x, 20), 0.6f);
    }
}

TEST(UnsharpStep, AmountZeroChangesNothing) {
    Scene scene = quoted_scene();
    run_ok(k_step_unsharp, scene, {{"amount", 0.0}});
    EXPECT_LT(largest_difference(*scene.channels[0].planes[0], quoted_plane()), 1e-7);
}

TEST(UnsharpStep, AnIdleMaskChangesNothingAndADrawingMakesNoHalo) {
    Scene scene = scene_of({40, 30}, [](int x, int y) { return y == 15 && x > 5 && x < 35 ? 1.0 : 0.3; });
    Mask mask = std::move(Mask::filled({40, 30}, 0)).value();
    for (int x = 6; x < 35; ++x) mask.at(x, 15) = k_mask_drawing;
    scene.channels[0].mask = std::make_shared<Mask const>(std::move(mask));
    run_ok(k_step_unsharp, scene, {{"threshold_sigma", 0.0}});
    EXPECT_NEAR(scene.channels[0].planes[0]->at(20, 14), 0.3, 1e-6);
    EXPECT_NEAR(scene.channels[0].planes[0]->at(20, 15), 1, 1e-6);
}

} // namespace
} // namespace mg
