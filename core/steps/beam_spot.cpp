// Blurs by the size of the electron beam (cathodoluminescence: no detail is finer), or sharpens by it.
//
// The original tools take r = magnification / 5000 * 2^(spot / 2 - 2.5) pixels, made for frames 712 pixels wide of an
// XL30, whose field is 85 mm * 1.333 / magnification wide. A pixel of such a frame is 113.305 mm / magnification / 712,
// so the formula says that the beam's standard deviation is
//     r = 113.305 mm / (5000 * 712) * 2^(spot / 2 - 2.5) = 31.83 nm * 2^((spot - 5) / 2)
// at any magnification: 22.5 nm for spot 4, doubled by every second spot number. Taken so, in nm, it stays right for
// frames of another width, for halved, cropped and anisotropic ones. The calibration is that of one XL30.
#include <array>
#include <cmath>

#include "base/text.h"
#include "math/portable.h"
#include "ops/gaussian.h"
#include "ops/statistics.h"
#include "ops/unsharp.h"
#include "recipe/step.h"
#include "steps/geometry.h"
#include "steps/masked.h"

namespace mg {
namespace {

enum class BeamSpotMode { automatic, blur, sharpen };
constexpr Choice k_modes[] = {{"auto", "By detector"}, {"blur", "Blur"}, {"sharpen", "Sharpen"}};
enum class RadiusSource { automatic, nanometres, pixels };
constexpr Choice k_sources[] = {{"auto", "From the spot number"}, {"nm", "In nanometres"}, {"px", "In pixels"}};

struct BeamSpotParams {
    BeamSpotMode mode = BeamSpotMode::automatic;
    RadiusSource radius = RadiusSource::automatic;
    double radius_nm = 20;
    double radius_px = 1.4;
    bool compatible = false;
};

constexpr auto k_params = std::to_array<Param>({
    param<&BeamSpotParams::mode>({.key = "mode",
                                  .label = "What to do",
                                  .help = "By detector: cathodoluminescence images are blurred, others are left alone.",
                                  .choices = k_modes}),
    param<&BeamSpotParams::radius>({.key = "radius",
                                    .label = "Radius",
                                    .help = "Where the radius of the beam comes from. The spot number is taken by the "
                                            "calibration of a Philips XL30.",
                                    .choices = k_sources}),
    param<&BeamSpotParams::radius_nm>(
        {.key = "radius_nm",
         .label = "Radius in nm",
         .help = "Standard deviation of the beam, when the radius is given in nanometres.",
         .unit = "nm",
         .minimum = 0.01,
         .maximum = 1e6,
         .slider_minimum = 1,
         .slider_maximum = 500,
         .logarithmic = true}),
    param<&BeamSpotParams::radius_px>(
        {.key = "radius_px",
         .label = "Radius in px",
         .help = "Standard deviation of the beam in pixels at full resolution, when the radius is "
                 "given in pixels.",
         .unit = "px",
         .minimum = 0.1,
         .maximum = 200,
         .slider_minimum = 0.3,
         .slider_maximum = 20,
         .logarithmic = true}),
    param<&BeamSpotParams::compatible>(
        {.key = "compatible",
         .label = "As the Python tools",
         .help = "Radius in pixels whatever the frame's width, used only above 1 px; images other "
                 "than cathodoluminescence are sharpened with weight 1.",
         .advanced = true}),
});

constexpr double k_spot_5_nm = 113.305e6 / (5000 * 712);
/// A narrower kernel changes nothing that could be seen.
constexpr double k_least_sigma_px = 0.2;
constexpr double k_sharpen_amount = 1;

double two_to_the(double exponent) {
    return pow_portable(2, exponent);
}

enum class Action { nothing, blur, sharpen };

Action action_for(Channel const& channel, BeamSpotParams const& params) {
    if (params.mode == BeamSpotMode::blur) return Action::blur;
    if (params.mode == BeamSpotMode::sharpen) return Action::sharpen;
    auto const& detector = channel.metadata.acquisition.detector;
    if (detector && istarts_with(detector->value, "CL")) return Action::blur;
    return params.compatible && detector ? Action::sharpen : Action::nothing;
}

struct Beam {
    Blur sigma; ///< in pixels of the planes
    std::string text;
};

/// Or in words why there is none.
Result<Beam> beam_of(Channel const& channel, BeamSpotParams const& params, double preview_scale) {
    Acquisition const& facts = channel.metadata.acquisition;
    if (params.radius == RadiusSource::pixels) {
        double const sigma = params.radius_px * preview_scale;
        return Beam{{sigma, sigma}, format_fixed(params.radius_px, 2) + " px, as given"};
    }
    bool const from_spot = params.radius == RadiusSource::automatic;
    if (from_spot && !facts.spot_size)
        return Error{ErrorCode::no_calibration, "nothing done: the file does not tell the spot size"};
    std::string origin = "as given";
    if (from_spot) {
        origin = "from spot " + format_fixed(facts.spot_size->value, 1);
        if (facts.magnification)
            origin += " at " + grouped(std::llround(std::fmin(facts.magnification->value, 1e15))) + "\u00D7";
    }
    if (from_spot && params.compatible) {
        if (!facts.magnification)
            return Error{ErrorCode::no_calibration, "nothing done: the file does not tell the magnification"};
        double const radius = facts.magnification->value / 5000 * two_to_the(facts.spot_size->value * 0.5 - 2.5);
        std::string const text = format_fixed(radius, 2) + " px, " + origin;
        if (!(radius > 1)) return Error{ErrorCode::bad_value, "nothing done: " + text + ", is not above 1 px"};
        return Beam{{radius * preview_scale, radius * preview_scale}, text};
    }
    if (!is_calibrated(channel))
        return Error{ErrorCode::no_calibration, "nothing done: the pixel size is not known (set it in Corrections)"};
    double const radius_nm = from_spot ? k_spot_5_nm * two_to_the((facts.spot_size->value - 5) / 2) : params.radius_nm;
    Blur const sigma{radius_nm / channel.pixel_size_x_nm->value, radius_nm / channel.pixel_size_y_nm->value};
    return Beam{sigma, format_fixed(sigma.sigma_x_px / preview_scale, 2) + " px, " + format_length(radius_nm, 2) +
                           ", " + origin};
}

Result<Plane> treated(Plane const& plane, ImageView<std::uint8_t const> skip, Action action, Blur sigma) {
    MG_TRY(Plane blurred,
           skip.data ? gaussian_blurred(plane.view(), skip, sigma) : gaussian_blurred(plane.view(), sigma));
    if (action == Action::blur) return blurred;
    ImageView<float const> const view = plane.view();
    return unsharp_masked(view, blurred.view(),
                          {.amount = k_sharpen_amount, .lowest = 0, .highest = extremes({&view, 1}).maximum});
}

Status run(Scene& scene, BeamSpotParams const& params, Job& job) {
    for (Channel& channel : scene.channels) {
        Action const action = action_for(channel, params);
        if (action == Action::nothing || channel.planes.empty()) continue;
        auto const beam = beam_of(channel, params, scene.preview_scale);
        if (!beam) {
            job.note("nothing_done", 1.0, beam.error().message);
            continue;
        }
        Blur const sigma = beam->sigma;
        double const largest = std::fmax(sigma.sigma_x_px, sigma.sigma_y_px);
        if (!(largest >= k_least_sigma_px)) {
            job.note("nothing_done", 1.0, "nothing done: " + beam->text + ", is far below a pixel");
            continue;
        }
        if (!(largest <= 0.25 * std::max(channel.size().width, channel.size().height))) {
            job.note("nothing_done", 1.0, "nothing done: " + beam->text + ", is more than a quarter of the image");
            continue;
        }
        auto const skip = params.compatible ? ImageView<std::uint8_t const>{} : mask_view(channel);
        for (PlanePtr& plane : channel.planes) {
            if (job.cancelled()) return Error{ErrorCode::cancelled, "cancelled"};
            MG_TRY(Plane made, treated(*plane, skip, action, sigma));
            plane = std::make_shared<Plane const>(std::move(made));
        }
        job.note("radius_px", sigma.sigma_x_px / scene.preview_scale,
                 (action == Action::blur ? "blurred by " : "sharpened by ") + beam->text);
        if (is_calibrated(channel)) job.note("radius_nm", sigma.sigma_x_px * channel.pixel_size_x_nm->value);
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_beam_spot = make_step<BeamSpotParams, k_params, run>(
    {.id = "beam_spot",
     .title = "Beam spot",
     .group = StepGroup::clean,
     .summary = "Blurs cathodoluminescence by the size of the electron beam, below which there is only noise.",
     .workflows = k_annotate | k_overlay});

} // namespace mg
