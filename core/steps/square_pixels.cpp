// Square pixels by one interpolation along one axis. The pitch is exact; the extent is rounded to whole pixels.
#include <algorithm>
#include <array>
#include <cmath>

#include "ops/resample.h"
#include "recipe/step.h"
#include "steps/resize_channel.h"

namespace mg {
namespace {

enum class Target { finer, horizontal, vertical };
constexpr Choice k_targets[] = {{"finer", "The finer one"}, {"horizontal", "Horizontal"}, {"vertical", "Vertical"}};

struct SquarePixelsParams {
    Target target = Target::finer;
    Kernel kernel = Kernel::lanczos3;
    bool use_fallback = false;
    double fallback_anisotropy = 0.91;
    bool compatible = false;
};

constexpr auto k_params = std::to_array<Param>({
    param<&SquarePixelsParams::target>(
        {.key = "target",
         .label = "Pixel size",
         .help = "Which of the two pixel sizes is kept. The finer one loses no detail; the axis of the "
                 "other is resampled.",
         .choices = k_targets,
         .advanced = true}),
    param<&SquarePixelsParams::kernel>(
        {.key = "kernel",
         .label = "Interpolation",
         .help = "How values between pixels are found; widened when shrinking, so that nothing aliases.",
         .choices = k_kernel_choices,
         .advanced = true}),
    param<&SquarePixelsParams::use_fallback>(
        {.key = "use_fallback",
         .label = "Assume a ratio",
         .help = "Stretches images whose pixel size is unknown by the ratio below.",
         .advanced = true}),
    param<&SquarePixelsParams::fallback_anisotropy>(
        {.key = "fallback_anisotropy",
         .label = "Width / height",
         .help = "Pixel width divided by pixel height, where the file does not tell.",
         .minimum = 0.1,
         .maximum = 10,
         .slider_minimum = 0.5,
         .slider_maximum = 2,
         .logarithmic = true,
         .advanced = true,
         .older_key = "pixel_anisotropy"}),
    param<&SquarePixelsParams::compatible>(
        {.key = "compatible",
         .label = "As the Python tools",
         .help = "Stretches every image by the ratio above with linear interpolation, first and last "
                 "rows in place, whatever the file tells.",
         .advanced = true}),
});

/// Half to even, as the Python tools.
int compatible_height(int height, double anisotropy) {
    double wanted = height * (1 / anisotropy), below = std::floor(wanted);
    if (wanted - below == 0.5) return static_cast<int>(below) + static_cast<int>(below) % 2;
    return rounded_size(wanted);
}

std::string fixed_ratio_text(SquarePixelsParams const& params) {
    return "rows stretched by 1/" + format_shortest(params.fallback_anisotropy);
}

Status stretch_compatibly(Channel& channel, SquarePixelsParams const& params, Job& job) {
    Size size = channel.size();
    int height = compatible_height(size.height, params.fallback_anisotropy);
    if (size.height < 2 || height < 2) return Done{};
    MG_TRY_DO(resize_channel(channel, {.size = {size.width, height},
                                       .kernel = Kernel::linear,
                                       .x = Sampling{0, 1},
                                       .y = Sampling::of_corners(size.height, height),
                                       .antialias = false}));
    job.note("ratio", params.fallback_anisotropy, fixed_ratio_text(params) + ", as the Python tools");
    return Done{};
}

/// Stretches so that pixels become `ratio` = width / height times as wide as high.
Status make_square(Channel& channel, double ratio, SquarePixelsParams const& params) {
    Size size = channel.size();
    bool keep_x = params.target == Target::horizontal || (params.target == Target::finer && ratio <= 1);
    ResizeSpec spec{.size = size, .kernel = params.kernel, .x = Sampling{0, 1}, .y = Sampling{0, 1}};
    if (keep_x) {
        spec.size.height = rounded_size(size.height / ratio);
        spec.y = Sampling::of_step(size.height, spec.size.height, ratio);
    } else {
        spec.size.width = rounded_size(size.width * ratio);
        spec.x = Sampling::of_step(size.width, spec.size.width, 1 / ratio);
    }
    MG_TRY_DO(resize_channel(channel, spec));
    // Exactly equal, whatever the last bit of the ratio.
    if (is_calibrated(channel))
        (keep_x ? channel.pixel_size_y_nm : channel.pixel_size_x_nm)->value =
            (keep_x ? channel.pixel_size_x_nm : channel.pixel_size_y_nm)->value;
    return Done{};
}

Status run(Scene& scene, SquarePixelsParams const& params, Job& job) {
    for (Channel& channel : scene.channels) {
        if (channel.planes.empty()) continue;
        if (params.compatible) {
            MG_TRY_DO(stretch_compatibly(channel, params, job));
            continue;
        }
        std::optional<double> const known = pixel_ratio(channel);
        if (!known) {
            if (!params.use_fallback) {
                job.note("pixel_size", "unknown", "no pixel size: left as recorded");
                continue;
            }
            MG_TRY_DO(make_square(channel, params.fallback_anisotropy, params));
            job.note("ratio", params.fallback_anisotropy, "no pixel size: " + fixed_ratio_text(params) + ", assumed");
            continue;
        }
        double const x = channel.pixel_size_x_nm->value, y = channel.pixel_size_y_nm->value, ratio = *known;
        if (ratio == 1) {
            job.note("ratio", ratio, "square already: " + pixel_size_text(x, x, scene.preview_scale) + " nm/px");
            continue;
        }
        if (!is_believable_ratio(ratio)) {
            job.note("ratio", ratio,
                     pixel_size_text(x, y, scene.preview_scale) + " nm/px is beyond belief: left as recorded");
            continue;
        }
        MG_TRY_DO(make_square(channel, ratio, params));
        job.note(
            "ratio", ratio,
            pixel_size_text(x, y, scene.preview_scale) + " \u2192 " +
                pixel_size_text(channel.pixel_size_x_nm->value, channel.pixel_size_y_nm->value, scene.preview_scale) +
                " nm/px");
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_square_pixels = make_step<SquarePixelsParams, k_params, run>(
    {.id = "square_pixels",
     .title = "Square pixels",
     .group = StepGroup::geometry,
     .summary = "Stretches the image so that its pixels are as high as wide, with one interpolation.",
     .workflows = k_annotate | k_materials});

} // namespace mg
