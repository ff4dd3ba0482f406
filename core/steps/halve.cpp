// Half the size by means of 2 x 2 pixels.
#include <array>

#include "ops/resample.h"
#include "recipe/step.h"
#include "steps/geometry.h"

namespace mg {
namespace {

enum class HalveMode { always, automatic };
constexpr Choice k_modes[] = {{"always", "Always"}, {"auto", "Large images only"}};

struct HalveParams {
    HalveMode mode = HalveMode::always;
    bool compatible = false;
};

constexpr auto k_params = std::to_array<Param>({
    param<&HalveParams::mode>({.key = "mode",
                               .label = "When",
                               .help =
                                   "Large images only: wider than 1000 px and taken at a magnification of 501 or more, "
                                   "where pixels are finer than the beam.",
                               .choices = k_modes}),
    param<&HalveParams::compatible>(
        {.key = "compatible",
         .label = "As the Python tools",
         .help = "Means of all overlapping 2 \u00D7 2 squares, then a linear zoom whose step is not "
                 "quite two pixels.",
         .advanced = true}),
});

Status halve_exactly(Channel& channel) {
    MG_TRY_DO(replace_planes(channel, halved));
    MG_TRY_DO(replace_mask(channel, halved_mask));
    channel.to_recorded = channel.to_recorded.after({2, 0, 0.5, 0, 2, 0.5});
    scale_pixel_size(channel, 2, 2);
    return Done{};
}

Status halve_compatibly(Channel& channel) {
    ResizeSpec spec = halved_compatible_spec(channel.size());
    MG_TRY_DO(replace_planes(channel, halved_compatible));
    MG_TRY_DO(replace_mask(channel, [&](ImageView<std::uint8_t const> mask) { return resized_mask(mask, spec); }));
    channel.to_recorded = channel.to_recorded.after({spec.x->step, 0, spec.x->first, 0, spec.y->step, spec.y->first});
    scale_pixel_size(channel, spec.x->step, spec.y->step);
    return Done{};
}

Status run(Scene& scene, HalveParams const& params, Job& job) {
    for (Channel& channel : scene.channels) {
        if (channel.planes.empty()) continue;
        Size size = channel.size();
        auto const& magnification = channel.metadata.acquisition.magnification;
        bool large = size.width > 1000 * scene.preview_scale && magnification && magnification->value >= 501;
        if (params.mode == HalveMode::automatic && !large) {
            job.note("size", size_text(size), "not larger than 1000 px or below 501\u00D7: left as it is");
            continue;
        }
        int least = params.compatible ? 4 : 2;
        if (size.width < least || size.height < least) {
            job.note("size", size_text(size), "too small to halve");
            continue;
        }
        MG_TRY_DO(params.compatible ? halve_compatibly(channel) : halve_exactly(channel));
        job.note("size", size_text(channel.size()), size_text(size) + " \u2192 " + size_text(channel.size()) + " px");
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_halve =
    make_step<HalveParams, k_params, run>({.id = "halve",
                                           .title = "Halve",
                                           .group = StepGroup::geometry,
                                           .summary = "Halves the image by averaging squares of four pixels.",
                                           .on_by_default = false});

} // namespace mg
