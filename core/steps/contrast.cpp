// Levels and curve from recorded to displayed values. After this step plane values are display values 0..1.
#include "ops/contrast.h"

#include <array>

#include "base/text.h"
#include "ops/statistics.h"
#include "recipe/step.h"
#include "steps/geometry.h"
#include "steps/masked.h"

namespace mg {
namespace {

enum class ContrastMethod { percentile, min_max, fixed };
constexpr Choice k_methods[] = {
    {"percentile", "Percentiles"}, {"min_max", "Darkest and brightest"}, {"fixed", "Fixed levels"}};
constexpr Choice k_curves[] = {{"linear", "Straight"}, {"log", "Logarithmic"}, {"asinh", "Inverse hyperbolic sine"}};

struct ContrastParams {
    ContrastMethod method = ContrastMethod::percentile;
    double below_percent = 0.1;
    double above_percent = 0.1;
    double low = 0;
    double high = 1;
    double gamma = 1;
    ToneCurve curve = ToneCurve::linear;
    bool linked = false;
    std::string exempt_detectors;
    bool compatible = false;
};

constexpr auto k_params = std::to_array<Param>({
    param<&ContrastParams::method>({.key = "method",
                                    .label = "Levels",
                                    .help = "How black and white are chosen. Burned-in text never counts.",
                                    .choices = k_methods}),
    param<&ContrastParams::below_percent>({.key = "below_percent",
                                           .label = "Clipped to black",
                                           .help = "Part of the pixels that become black, with percentiles.",
                                           .unit = "%",
                                           .minimum = 0,
                                           .maximum = 50,
                                           .slider_maximum = 5}),
    param<&ContrastParams::above_percent>({.key = "above_percent",
                                           .label = "Clipped to white",
                                           .help = "Part of the pixels that become white, with percentiles.",
                                           .unit = "%",
                                           .minimum = 0,
                                           .maximum = 50,
                                           .slider_maximum = 5}),
    param<&ContrastParams::low>({.key = "low",
                                 .label = "Black",
                                 .help = "Value shown black, with fixed levels: 0 is the bottom of the recorded range.",
                                 .minimum = -10,
                                 .maximum = 10,
                                 .slider_minimum = 0,
                                 .slider_maximum = 1}),
    param<&ContrastParams::high>({.key = "high",
                                  .label = "White",
                                  .help = "Value shown white, with fixed levels: 1 is the top of the recorded range.",
                                  .minimum = -10,
                                  .maximum = 10,
                                  .slider_minimum = 0,
                                  .slider_maximum = 1}),
    param<&ContrastParams::gamma>({.key = "gamma",
                                   .label = "Gamma",
                                   .help = "Above 1 brightens the middle of the range, below 1 darkens it.",
                                   .minimum = 0.1,
                                   .maximum = 10,
                                   .slider_minimum = 0.3,
                                   .slider_maximum = 3,
                                   .logarithmic = true}),
    param<&ContrastParams::curve>(
        {.key = "curve",
         .label = "Curve",
         .help = "A bent curve shows faint and bright detail together; say so beside the picture.",
         .choices = k_curves}),
    param<&ContrastParams::linked>(
        {.key = "linked",
         .label = "Same for all images",
         .help = "Common levels for all open images, as a comparison of their brightness needs."}),
    param<&ContrastParams::exempt_detectors>(
        {.key = "exempt_detectors",
         .label = "Except detectors",
         .help = "Detectors, with commas between, whose images keep their recorded black and "
                 "white: CL, say, when its black was set by hand.",
         .maximum = 200}),
    param<&ContrastParams::compatible>(
        {.key = "compatible",
         .label = "As the Python tools",
         .help = "Subtract the darkest and divide by the brightest pixel; one hot pixel takes part "
                 "of the range.",
         .advanced = true}),
});
constexpr std::string_view k_linkable[] = {"low", "high"};

bool is_exempt(Channel const& channel, std::string_view detectors) {
    auto const& detector = channel.metadata.acquisition.detector;
    if (!detector) return false;
    for (std::string_view name : split(detectors, ','))
        if (!trimmed(name).empty() && iequals(trimmed(name), trimmed(detector->value))) return true;
    return false;
}

struct Range {
    float low = 0, high = 1;
};

/// The recorded range when there is nothing to stretch: a constant picture, or all of it masked.
Range measured(std::span<ImageView<float const> const> planes, ImageView<std::uint8_t const> skip,
               ContrastParams const& params) {
    Range range;
    if (params.compatible || params.method == ContrastMethod::min_max) {
        Extremes const found = extremes(planes, skip);
        range = {found.minimum, found.maximum};
    } else {
        double const percents[] = {params.below_percent, 100 - params.above_percent};
        std::vector<float> const found = percentiles(planes, percents, skip);
        range = {found[0], found[1]};
    }
    return range.high > range.low ? range : Range{};
}

std::string percent_text(std::int64_t part, std::int64_t whole) {
    double const percent = whole > 0 ? 100 * static_cast<double>(part) / static_cast<double>(whole) : 0;
    return format_fixed(percent, 2) + " %";
}

Result<Plane> displayed(ImageView<float const> plane, Mask const* mask, Levels const& levels) {
    MG_TRY(Plane shown, with_levels(plane, levels));
    if (mask)
        for (int y = 0; y < shown.height(); ++y)
            for (int x = 0; x < shown.width(); ++x)
                if ((mask->at(x, y) & k_mask_drawing) != 0) shown.at(x, y) = 1;
    return shown;
}

Status adjust(Channel& channel, ContrastParams const& params, Job& job) {
    auto const planes = plane_views(channel);
    // The original tools put white text back before they stretch, so that it takes part there.
    auto const skip = params.compatible ? ImageView<std::uint8_t const>{} : mask_view(channel);
    bool const exempt = is_exempt(channel, params.exempt_detectors);
    Levels levels{.low = params.low, .high = params.high, .gamma = params.gamma, .curve = params.curve};
    if (exempt) {
        levels.low = 0;
        levels.high = 1;
    } else if (params.compatible || params.method != ContrastMethod::fixed) {
        Range const range = measured(planes, skip, params);
        levels.low = double{range.low};
        levels.high = double{range.high};
    }
    Clipped const clip = clipped(planes, static_cast<float>(levels.low), static_cast<float>(levels.high), skip);
    Mask const* mask = mask_view(channel).data ? channel.mask.get() : nullptr;
    MG_TRY_DO(replace_planes(channel, [&](ImageView<float const> plane) { return displayed(plane, mask, levels); }));

    double const range = channel.range.white - channel.range.black;
    auto const recorded = [&](double value) {
        double const level = channel.range.black + value * range;
        return range >= 100 ? format_fixed(level, range >= 1000 ? 0 : 1) : format_significant(level, 4);
    };
    std::string const text = "black " + recorded(levels.low) + ", white " + recorded(levels.high);
    // An exempt image has no part in common levels.
    if (exempt)
        job.note("exempt", 1.0, text + ": detector left out");
    else {
        job.note("low", levels.low, text);
        job.note("high", levels.high);
    }
    job.note("clipped", static_cast<double>(clip.below + clip.above),
             percent_text(clip.below, clip.count) + " below, " + percent_text(clip.above, clip.count) + " above");
    return Done{};
}

Status run(Scene& scene, ContrastParams const& params, Job& job) {
    for (Channel& channel : scene.channels) {
        if (job.cancelled()) return Error{ErrorCode::cancelled, "cancelled"};
        if (!channel.planes.empty()) MG_TRY_DO(adjust(channel, params, job));
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_contrast = make_step<ContrastParams, k_params, run>(
    {.id = "contrast",
     .title = "Contrast",
     .group = StepGroup::tone,
     .summary = "Chooses what is black and what is white, and the curve between.",
     .linkable = k_linkable});

} // namespace mg
