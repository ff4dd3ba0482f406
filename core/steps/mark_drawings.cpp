// Remembers text and lines burned into the micrograph in pure white, so that no later step blurs them or counts them.
#include <array>
#include <cstring>

#include "base/text.h"
#include "ops/drawings.h"
#include "recipe/step.h"
#include "steps/masked.h"

namespace mg {
namespace {

struct MarkDrawingsParams {
    bool retouch = false;
    bool compatible = false;
};

constexpr auto k_params = std::to_array<Param>({
    param<&MarkDrawingsParams::retouch>({.key = "retouch",
                                         .label = "Paint over",
                                         .help = "Replaces the drawings by what surrounds them, for good: nothing is "
                                                 "marked then.",
                                         .older_key = "retouch_databar"}),
    param<&MarkDrawingsParams::compatible>(
        {.key = "compatible",
         .label = "As the Python tools",
         .help = "Take every pure white pixel for a drawing, saturated parts of the picture "
                 "as well.",
         .advanced = true}),
});

/// The marks added to those that the channel has.
Result<Mask> joined_marks(Channel const& channel, Mask marks) {
    if (channel.mask && channel.mask->size() == marks.size())
        for (int y = 0; y < marks.height(); ++y)
            for (int x = 0; x < marks.width(); ++x)
                marks.at(x, y) = static_cast<std::uint8_t>(marks.at(x, y) | channel.mask->at(x, y));
    return marks;
}

Status run(Scene& scene, MarkDrawingsParams const& params, Job& job) {
    for (Channel& channel : scene.channels) {
        if (channel.planes.empty()) continue;
        auto const planes = plane_views(channel);
        MG_TRY(Drawings drawings, params.compatible ? all_white_pixels(planes) : found_drawings(planes));
        if (drawings.pixels == 0) continue;
        if (params.retouch) {
            for (PlanePtr& plane : channel.planes) {
                MG_TRY(Plane made, without_marks(plane->view(), drawings.mask.view()));
                plane = std::make_shared<Plane const>(std::move(made));
            }
            job.note("painted_px", static_cast<double>(drawings.pixels),
                     "painted over " + grouped(drawings.pixels) + " px of burned-in text or drawings");
            continue;
        }
        MG_TRY(Mask mask, joined_marks(channel, std::move(drawings.mask)));
        channel.mask = std::make_shared<Mask const>(std::move(mask));
        job.note("marked_px", static_cast<double>(drawings.pixels),
                 grouped(drawings.pixels) + " px of burned-in text or drawings");
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_mark_drawings = make_step<MarkDrawingsParams, k_params, run>(
    {.id = "mark_drawings",
     .title = "Find drawings",
     .group = StepGroup::input,
     .summary = "Finds text and lines burned into the image in pure white and keeps the other steps off them.",
     .workflows = k_annotate | k_overlay});

} // namespace mg
