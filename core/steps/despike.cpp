// Removes the sparks of a photomultiplier: single bright pixels with a tail along the scan.
#include "ops/despike.h"

#include <array>
#include <cmath>

#include "base/text.h"
#include "recipe/step.h"
#include "steps/masked.h"

namespace mg {
namespace {

struct DespikeParams {
    double threshold_sigma = DespikeOptions{}.threshold_sigma;
    bool negative = false;
    bool compatible = false;
};

constexpr auto k_params = std::to_array<Param>({
    param<&DespikeParams::threshold_sigma>(
        {.key = "threshold_sigma",
         .label = "Threshold",
         .help = "How far a pixel must stand out of its neighbourhood to be a spike, in "
                 "standard deviations of the noise at that brightness. Lower finds more, "
                 "and takes more of the noise for spikes: about 0.1 % of the pixels at 3.5.",
         .unit = "\u03C3",
         .minimum = 1,
         .maximum = 100,
         .slider_minimum = 2.5,
         .slider_maximum = 8}),
    param<&DespikeParams::negative>(
        {.key = "negative",
         .label = "Dark ones too",
         .help = "Remove single pixels that are far darker than their neighbourhood as well."}),
    param<&DespikeParams::compatible>(
        {.key = "compatible",
         .label = "As the Python tools",
         .help = "A pixel more than 1.2 times the one below it takes that lower value. It darkens "
                 "noisy areas and thins bright lines.",
         .advanced = true}),
});

Status run(Scene& scene, DespikeParams const& params, Job& job) {
    for (Channel& channel : scene.channels) {
        auto const skip = mask_view(channel);
        double const levels = channel.recorded_float ? 0 : std::fabs(channel.range.white - channel.range.black);
        std::int64_t spikes = 0, pixels = 0;
        for (PlanePtr& plane : channel.planes) {
            if (job.cancelled()) return Error{ErrorCode::cancelled, "cancelled"};
            MG_TRY(Despiked made, params.compatible ? despiked_by_pixel_below(plane->view(), levels)
                                                    : despiked(plane->view(), skip,
                                                               {.threshold_sigma = params.threshold_sigma,
                                                                .negative = params.negative}));
            spikes += made.spikes;
            pixels += plane->size().area();
            plane = std::make_shared<Plane const>(std::move(made.plane));
        }
        if (pixels == 0) continue;
        double const percent = 100 * static_cast<double>(spikes) / static_cast<double>(pixels);
        job.note("removed_px", static_cast<double>(spikes),
                 "removed " + grouped(spikes) + (spikes == 1 ? " spike (" : " spikes (") + format_fixed(percent, 2) +
                     " %)");
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_despike = make_step<DespikeParams, k_params, run>(
    {.id = "despike",
     .title = "Despike",
     .group = StepGroup::clean,
     .summary = "Removes single bright pixels that stand out of the noise, and their tails along the scan.",
     .workflows = k_annotate | k_overlay | k_materials});

} // namespace mg
