// Enlarge or shrink by a factor; the pixel pitch is exact, only the extent is rounded to whole pixels.
#include <algorithm>
#include <array>
#include <cmath>

#include "ops/resample.h"
#include "recipe/step.h"
#include "steps/resize_channel.h"

namespace mg {
namespace {

struct ScaleParams {
    double factor = 1;
    Kernel kernel = Kernel::cubic;
};

constexpr auto k_params = std::to_array<Param>({
    param<&ScaleParams::factor>({.key = "factor",
                                 .label = "Factor",
                                 .help = "2 doubles width and height, 0.5 halves them.",
                                 .unit = "\u00D7",
                                 .minimum = 0.01,
                                 .maximum = 20,
                                 .slider_minimum = 0.25,
                                 .slider_maximum = 4,
                                 .logarithmic = true}),
    param<&ScaleParams::kernel>(
        {.key = "kernel",
         .label = "Interpolation",
         .help = "How values between pixels are found; widened when shrinking, so that nothing aliases.",
         .choices = k_kernel_choices,
         .advanced = true}),
});

Status run(Scene& scene, ScaleParams const& params, Job& job) {
    if (params.factor == 1) return Done{};
    for (Channel& channel : scene.channels) {
        if (channel.planes.empty()) continue;
        Size before = channel.size();
        auto scaled = [&](int n) {
            return static_cast<int>(std::clamp(std::floor(n * params.factor + 0.5), 1.0, k_max_side_px + 1.0));
        };
        Size size{scaled(before.width), scaled(before.height)};
        double step = 1 / params.factor;
        MG_TRY_DO(resize_channel(channel, {.size = size,
                                           .kernel = params.kernel,
                                           .x = Sampling::of_step(before.width, size.width, step),
                                           .y = Sampling::of_step(before.height, size.height, step)}));
        job.note("size", size_text(size), size_text(before) + " \u2192 " + size_text(size) + " px");
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_scale =
    make_step<ScaleParams, k_params, run>({.id = "scale",
                                           .title = "Scale",
                                           .group = StepGroup::geometry,
                                           .summary = "Enlarges or shrinks the image by a factor.",
                                           .on_by_default = false});

} // namespace mg
