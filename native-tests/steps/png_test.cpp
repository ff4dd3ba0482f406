#include "steps/geometry_support.h"

namespace mg {
extern Step const k_step_png;
namespace {

using namespace test;

TEST(PngStep, SetsTheDepth) {
    Scene scene = scene_of({2, 2}, [](int, int) { return 0.5; });
    run_ok(k_step_png, scene, {{"bits", Key{"16"}}});
    EXPECT_EQ(scene.output.bits, 16);
    run_ok(k_step_png, scene);
    EXPECT_EQ(scene.output.bits, 8);
}

} // namespace
} // namespace mg
