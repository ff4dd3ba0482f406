// Sharpens where the picture differs from its blurred copy by more than the noise does.
#include "ops/unsharp.h"

#include <array>

#include "base/text.h"
#include "ops/gaussian.h"
#include "ops/statistics.h"
#include "recipe/step.h"
#include "steps/masked.h"

namespace mg {
namespace {

struct UnsharpParams {
    double amount = 0.7;
    double radius_px = 1.5;
    double threshold_sigma = 2;
    bool compatible = false;
};

constexpr auto k_params = std::to_array<Param>({
    param<&UnsharpParams::amount>(
        {.key = "amount",
         .label = "Amount",
         .help = "How much of the difference from the blurred copy is added; 0 changes nothing.",
         .minimum = 0,
         .maximum = 20,
         .slider_maximum = 2,
         .older_key = "unsharp_weight"}),
    param<&UnsharpParams::radius_px>(
        {.key = "radius_px",
         .label = "Radius",
         .help = "Standard deviation of the blur, in pixels at full resolution: about the size of "
                 "the detail that is to be sharpened.",
         .unit = "px",
         .minimum = 0.1,
         .maximum = 200,
         .slider_minimum = 0.3,
         .slider_maximum = 20,
         .logarithmic = true,
         .older_key = "unsharp_radius"}),
    param<&UnsharpParams::threshold_sigma>(
        {.key = "threshold_sigma",
         .label = "Noise gate",
         .help = "Differences below this many standard deviations of the noise are hardly "
                 "amplified; 0 sharpens the noise as well.",
         .unit = "\u03C3",
         .minimum = 0,
         .maximum = 100,
         .slider_maximum = 6}),
    param<&UnsharpParams::compatible>(
        {.key = "compatible",
         .label = "As the Python tools",
         .help = "No noise gate, burned-in text takes part, and the result is clipped to 0 and the "
                 "brightest pixel.",
         .advanced = true}),
});

Result<Plane> sharpened(Plane const& plane, ImageView<std::uint8_t const> skip, double sigma_px,
                        UnsharpParams const& params) {
    Blur const blur{sigma_px, sigma_px};
    bool const masks = skip.data && !params.compatible;
    MG_TRY(Plane blurred, masks ? gaussian_blurred(plane.view(), skip, blur) : gaussian_blurred(plane.view(), blur));
    ImageView<float const> const view = plane.view();
    Extremes const range = extremes({&view, 1});
    Unsharp options{.amount = params.amount, .lowest = range.minimum, .highest = range.maximum};
    if (params.compatible)
        options.lowest = 0;
    else
        options.threshold = params.threshold_sigma * robust_deviation(view, blurred.view(), skip);
    return unsharp_masked(view, blurred.view(), options);
}

Status run(Scene& scene, UnsharpParams const& params, Job& job) {
    double const sigma_px = params.radius_px * scene.preview_scale;
    for (Channel& channel : scene.channels) {
        auto const skip = mask_view(channel);
        for (PlanePtr& plane : channel.planes) {
            if (job.cancelled()) return Error{ErrorCode::cancelled, "cancelled"};
            MG_TRY(Plane made, sharpened(*plane, skip, sigma_px, params));
            plane = std::make_shared<Plane const>(std::move(made));
        }
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_unsharp =
    make_step<UnsharpParams, k_params, run>({.id = "unsharp",
                                             .title = "Unsharp mask",
                                             .group = StepGroup::clean,
                                             .summary = "Sharpens detail that stands out of the noise.",
                                             .on_by_default = false,
                                             .workflows = k_annotate | k_overlay});

} // namespace mg
