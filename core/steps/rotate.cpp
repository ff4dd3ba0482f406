// Rotation by any angle, in physical space: pixels that are not square become square, of the finer of their two sizes.
#include <algorithm>
#include <array>
#include <cmath>

#include "ops/resample_warp.h"
#include "recipe/step.h"
#include "steps/geometry.h"

namespace mg {
namespace {

enum class Frame { whole, inside };
constexpr Choice k_frames[] = {{"whole", "Whole image"}, {"inside", "Largest full rectangle"}};
constexpr Choice k_interpolations[] = {{"nearest", "Nearest pixel"}, {"linear", "Linear"}, {"cubic", "Cubic spline"}};

struct RotateParams {
    double angle_deg = 0;
    Frame frame = Frame::whole;
    Interpolation interpolation = Interpolation::cubic_spline;
};

constexpr auto k_params = std::to_array<Param>({
    param<&RotateParams::angle_deg>(
        {.key = "angle_deg",
         .label = "Angle",
         .help = "Clockwise, about the image's centre. Pixels that are not square are made square, of "
                 "the finer of their two sizes.",
         .unit = "\u00B0",
         .minimum = -360,
         .maximum = 360,
         .slider_minimum = -45,
         .slider_maximum = 45}),
    param<&RotateParams::frame>(
        {.key = "frame",
         .label = "Frame",
         .help = "Whole image: the frame grows, its corners are black and count as outside. Largest full "
                 "rectangle: nothing but picture.",
         .choices = k_frames}),
    param<&RotateParams::interpolation>({.key = "interpolation",
                                         .label = "Interpolation",
                                         .help = "How values between pixels are found.",
                                         .choices = k_interpolations,
                                         .advanced = true}),
});

/// Largest rectangle with level sides inside a w x h one turned by an angle whose sine and cosine have these
/// magnitudes.
struct Extent {
    double width, height;
};
Extent largest_inside(double w, double h, double s, double c) {
    double longer = std::max(w, h), shorter = std::min(w, h);
    if (shorter <= 2 * s * c * longer || std::fabs(s - c) < 1e-10) {
        // Two corners touch the longer sides, the others lie on the line halfway between them.
        double half = shorter / 2;
        return w >= h ? Extent{half / s, half / c} : Extent{half / c, half / s};
    }
    double k = c * c - s * s;
    return {(w * c - h * s) / k, (h * c - w * s) / k};
}

Status rotate(Channel& channel, RotateParams const& params) {
    Turn turn{.source = channel.size(), .angle_deg = params.angle_deg};
    bool calibrated = is_calibrated(channel);
    if (calibrated) {
        double x = channel.pixel_size_x_nm->value, y = channel.pixel_size_y_nm->value;
        turn.pitch = std::min(x, y);
        turn.pitch_x = x;
        turn.pitch_y = y;
    }
    auto [sine, cosine] = sine_cosine_deg(params.angle_deg);
    double s = std::fabs(sine), c = std::fabs(cosine);
    double w = turn.source.width * turn.pitch_x / turn.pitch, h = turn.source.height * turn.pitch_y / turn.pitch;
    Extent extent = params.frame == Frame::whole ? Extent{w * c + h * s, w * s + h * c} : largest_inside(w, h, s, c);
    auto count = [&](double px) {
        double n = params.frame == Frame::whole ? std::ceil(px - 1e-6) : std::floor(px + 1e-6);
        return static_cast<int>(std::clamp(n, 1.0, static_cast<double>(k_max_side_px) + 1));
    };
    turn.size = {count(extent.width), count(extent.height)};
    WarpSpec spec{.size = turn.size, .to_source = turn_to_source(turn), .interpolation = params.interpolation};

    ImageView<std::uint8_t const> mask{nullptr, turn.source, turn.source.width};
    if (channel.mask) mask = channel.mask->view();
    if (channel.mask || params.frame == Frame::whole) {
        MG_TRY(Mask turned, warped_mask(mask, spec));
        channel.mask = std::make_shared<Mask const>(std::move(turned));
    }
    MG_TRY_DO(replace_planes(channel, [&](ImageView<float const> view) { return warped(view, spec); }));
    channel.to_recorded = channel.to_recorded.after(spec.to_source.affine);
    if (calibrated) channel.pixel_size_x_nm->value = channel.pixel_size_y_nm->value = turn.pitch;
    return Done{};
}

Status run(Scene& scene, RotateParams const& params, Job& job) {
    if (params.angle_deg == 0) return Done{};
    for (Channel& channel : scene.channels) {
        if (channel.planes.empty()) continue;
        Size before = channel.size();
        MG_TRY_DO(rotate(channel, params));
        job.note("size", size_text(channel.size()), size_text(before) + " \u2192 " + size_text(channel.size()) + " px");
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_rotate =
    make_step<RotateParams, k_params, run>({.id = "rotate",
                                            .title = "Rotate",
                                            .group = StepGroup::geometry,
                                            .summary = "Rotates the image by any angle with one interpolation.",
                                            .on_by_default = false});

} // namespace mg
