// Puts text and lines that were burned into the micrograph back in white, after the steps that may have touched them.
#include <array>

#include "base/text.h"
#include "recipe/step.h"
#include "steps/geometry.h"

namespace mg {
namespace {

struct RestoreDrawingsParams {};
constexpr std::array<Param, 0> k_params{};

std::int64_t count_drawn(Mask const& mask) {
    std::int64_t count = 0;
    for (int y = 0; y < mask.height(); ++y)
        for (int x = 0; x < mask.width(); ++x) count += (mask.at(x, y) & k_mask_drawing) != 0;
    return count;
}

Status run(Scene& scene, RestoreDrawingsParams const&, Job& job) {
    for (Channel& channel : scene.channels) {
        std::int64_t const count = channel.mask ? count_drawn(*channel.mask) : 0;
        if (count == 0) continue;
        Mask const& mask = *channel.mask;
        MG_TRY_DO(replace_planes(channel, [&](ImageView<float const> plane) -> Result<Plane> {
            MG_TRY(Plane drawn, Plane::create(plane.size));
            for (int y = 0; y < plane.height(); ++y)
                for (int x = 0; x < plane.width(); ++x)
                    drawn.at(x, y) = (mask.at(x, y) & k_mask_drawing) != 0 ? 1.0f : plane.at(x, y);
            return drawn;
        }));
        job.note("restored_px", static_cast<double>(count), "put " + grouped(count) + " px of text or drawings back");
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_restore_drawings =
    make_step<RestoreDrawingsParams, k_params, run>({.id = "restore_drawings",
                                                     .title = "Restore drawings",
                                                     .group = StepGroup::clean,
                                                     .summary = "Puts burned-in text and lines back in pure white."});

} // namespace mg
