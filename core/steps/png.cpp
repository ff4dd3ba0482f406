// How the picture is written.
#include <array>

#include "recipe/step.h"

namespace mg {
namespace {

enum class PngDepth { eight, sixteen };
constexpr Choice k_depths[] = {{"8", "8 bits"}, {"16", "16 bits"}};

struct PngParams {
    PngDepth bits = PngDepth::eight;
};

constexpr auto k_params = std::to_array<Param>({
    param<&PngParams::bits>(
        {.key = "bits",
         .label = "Depth",
         .help = "Bits per sample of the PNG. 8 is enough to look at and to print; 16 keeps what further "
                 "processing may need, in files two to three times as large.",
         .choices = k_depths}),
});

Status run(Scene& scene, PngParams const& params, Job&) {
    scene.output.bits = params.bits == PngDepth::sixteen ? 16 : 8;
    return Done{};
}

} // namespace

extern constinit Step const k_step_png = make_step<PngParams, k_params, run>(
    {.id = "png", .title = "PNG", .group = StepGroup::output, .summary = "Bits per sample of the PNG file.",
        .workflows = k_annotate | k_overlay | k_materials});

} // namespace mg
