// Every image of a set onto one grid, resampled once: the map from the grid to an image's own pixels is composed of the
// grid (square pixels, perhaps halved), the reference's crops, the alignment, and the image's own crops.
//
// Spline and Lanczos kernels overshoot at edges. Where an image had no negative values, what falls below zero is set to
// zero; above white the overshoot is kept.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/clones.h"
#include "ops/place.h"
#include "ops/resample.h"
#include "ops/resample_warp.h"
#include "recipe/step.h"
#include "steps/geometry.h"
#include "steps/masked.h"

namespace mg {
namespace {

enum class Halve { off, automatic, on };
constexpr Choice k_halves[] = {{"off", "Never"}, {"auto", "Large images only"}, {"on", "Always"}};
enum class CropTo { intersection, everything, reference };
constexpr Choice k_crops[] = {{"intersection", "What all channels show"},
                              {"union", "All that any channel shows"},
                              {"reference", "The reference's frame"}};
enum class Refused { leave_out, keep_unmoved };
constexpr Choice k_refused[] = {{"leave_out", "Leave out"}, {"keep_unmoved", "Keep unmoved"}};
enum class Doubtful { use, leave_out };
constexpr Choice k_doubtful[] = {{"use", "Use"}, {"leave_out", "Leave out"}};
constexpr Choice k_interpolations[] = {
    {"nearest", "Nearest pixel"}, {"linear", "Linear"}, {"cubic_spline", "Cubic spline"}, {"lanczos3", "Lanczos"}};

struct PlaceParams {
    bool transform = true;
    Refused refused = Refused::leave_out;
    Doubtful doubtful = Doubtful::use;
    CropTo crop = CropTo::intersection;
    bool crop_to_extras = false;
    Interpolation interpolation = Interpolation::cubic_spline;
    double anisotropy = 0;
    Halve halve = Halve::off;
    int size_threshold = 1000;
    double magnification_threshold = 10000;
};

constexpr auto k_params = std::to_array<Param>({
    param<&PlaceParams::transform>({.key = "transform",
                                    .label = "Align",
                                    .help = "Off: the images are laid over each other as they were recorded."}),
    param<&PlaceParams::refused>({.key = "refused",
                                  .label = "Images that could not be aligned",
                                  .help = "Leave out, or keep where they were recorded.",
                                  .choices = k_refused}),
    param<&PlaceParams::doubtful>({.key = "doubtful",
                                   .label = "Images whose alignment is doubtful",
                                   .help = "Use them as found, or leave them out.",
                                   .choices = k_doubtful}),
    param<&PlaceParams::crop>({.key = "crop",
                               .label = "Crop to",
                               .help = "Where an image shows nothing it is black and does not count.",
                               .choices = k_crops}),
    param<&PlaceParams::crop_to_extras>(
        {.key = "crop_to_extras",
         .label = "Extra images count",
         .help = "Extra images take part in the crop; else what they do not cover of it is black.",
         .advanced = true}),
    param<&PlaceParams::interpolation>(
        {.key = "interpolation",
         .label = "Interpolation",
         .help = "How values between pixels are found. Smoothed further when shrinking, so that nothing aliases; where "
                 "an image had no negative values, the overshoot below zero is cut off.",
         .choices = k_interpolations,
         .advanced = true}),
    param<&PlaceParams::anisotropy>(
        {.key = "anisotropy",
         .label = "Pixel width / height",
         .help = "Where the reference image does not tell the size of its pixels. The result has square pixels.",
         .minimum = 0,
         .maximum = 10,
         .slider_minimum = 0.5,
         .slider_maximum = 2,
         .advanced = true,
         .unset = "0.91 for Philips XL, else 1",
         .older_key = "pixel_anisotropy"}),
    param<&PlaceParams::halve>({.key = "halve",
                                .label = "Halve",
                                .help = "Large images only: wider and at a higher magnification than the limits below, "
                                        "where pixels are finer than the beam.",
                                .choices = k_halves}),
    param<&PlaceParams::size_threshold>({.key = "size_threshold",
                                         .label = "Large: wider than",
                                         .help = "Width of the reference image above which it is halved.",
                                         .unit = "px",
                                         .maximum = k_max_side_px,
                                         .slider_maximum = 8192,
                                         .advanced = true,
                                         .older_key = "downsample_size_threshold"}),
    param<&PlaceParams::magnification_threshold>({.key = "magnification_threshold",
                                                  .label = "Large: magnified above",
                                                  .help = "Magnification of the reference image above which it is halved.",
                                                  .unit = "\u00D7",
                                                  .maximum = 1e7,
                                                  .slider_maximum = 100000,
                                                  .advanced = true,
                                                  .older_key = "downsample_magn_threshold"}),
});

std::string name_of(Channel const& channel) {
    return channel.file_name.empty() ? channel.label : channel.file_name;
}

/// The reference's frame with square pixels: grid pixel -> pixel of the reference's planes.
struct Grid {
    Size size;
    double step_x = 1, step_y = 1;
    Affine to_plane;
};

double ratio_of(Channel const& reference, PlaceParams const& params, double preview_scale, Job& job) {
    constexpr double k_philips_xl = 0.91; // of its stored pixels, as the original tools take it
    double ratio = 1;
    std::string source = "assumed";
    if (auto known = pixel_ratio(reference)) {
        ratio = *known;
        source = pixel_size_text(reference.pixel_size_x_nm->value, reference.pixel_size_y_nm->value, preview_scale) +
                 " nm/px";
    } else if (params.anisotropy > 0) {
        ratio = params.anisotropy;
        source = "no pixel size, as set";
    } else if (reference.metadata.vendor == "Philips/FEI XL") {
        ratio = k_philips_xl;
        source = "no pixel size, as usual for Philips XL";
    }
    if (!is_believable_ratio(ratio)) {
        job.note("warning", name_of(reference),
                 name_of(reference) + ": " + source + " is beyond belief: pixels are taken as square");
        return 1;
    }
    if (ratio != 1) job.note("ratio", ratio, "rows stretched by 1/" + format_significant(ratio, 4) + ": " + source);
    return ratio;
}

bool wants_half(Channel const& reference, PlaceParams const& params, double preview_scale) {
    if (params.halve != Halve::automatic) return params.halve == Halve::on;
    auto const& magnification = reference.metadata.acquisition.magnification;
    return reference.size().width > params.size_threshold * preview_scale && magnification &&
           magnification->value > params.magnification_threshold;
}

Grid grid_of(Channel const& reference, PlaceParams const& params, double preview_scale, Job& job) {
    double factor = wants_half(reference, params, preview_scale) ? 2 : 1;
    Grid grid;
    grid.step_x = factor;
    grid.step_y = factor * ratio_of(reference, params, preview_scale, job);
    Size size = reference.size();
    grid.size = {rounded_size(size.width / grid.step_x), rounded_size(size.height / grid.step_y)};
    Sampling x = Sampling::of_step(size.width, grid.size.width, grid.step_x);
    Sampling y = Sampling::of_step(size.height, grid.size.height, grid.step_y);
    grid.to_plane = {x.step, 0, x.first, 0, y.step, y.first};
    if (factor == 2) job.note("halved", factor, "halved");
    return grid;
}

/// A channel that stays, and where its pixels lie.
struct Placement {
    std::size_t channel = 0;
    Projective to_plane; ///< grid pixel -> pixel of the channel's planes
    bool counts = true;  ///< for the crop
};

bool is_usable(Projective const& map, Size grid) {
    Scales scales = scales_of(map, grid);
    Point middle = map({(grid.width - 1) / 2.0, (grid.height - 1) / 2.0});
    auto is_sane = [](double scale) { return scale > 1e-3 && scale < 1e3; };
    return is_sane(scales.x) && is_sane(scales.y) && std::fabs(middle.x) < 1e7 && std::fabs(middle.y) < 1e7 &&
           std::fabs(map.affine.determinant()) > 1e-9;
}

/// Why an image is left out; empty: it stays.
std::string left_out_because(Channel const& channel, PlaceParams const& params) {
    if (!params.transform || !channel.alignment) return {};
    Alignment const& alignment = *channel.alignment;
    bool refused = alignment.trust == Trust::refused && params.refused == Refused::leave_out;
    bool doubtful = alignment.trust == Trust::doubtful && params.doubtful == Doubtful::leave_out;
    if (!refused && !doubtful) return {};
    std::string text = refused ? "it could not be aligned" : "its alignment is doubtful";
    return alignment.reason.empty() ? text : text + ": " + alignment.reason;
}

Projective from_reference(Channel const& channel, PlaceParams const& params) {
    bool moved = params.transform && channel.alignment && channel.alignment->trust != Trust::refused;
    return moved ? channel.alignment->from_reference : Projective{};
}

std::size_t reference_of(Scene const& scene) {
    std::size_t first = scene.channels.size();
    for (std::size_t i = 0; i < scene.channels.size(); ++i) {
        Channel const& channel = scene.channels[i];
        if (channel.planes.empty()) continue;
        if (channel.alignment && channel.alignment->trust == Trust::reference) return i;
        if (first == scene.channels.size() && left_out_because(channel, {}).empty()) first = i;
    }
    for (std::size_t i = 0; first == scene.channels.size() && i < scene.channels.size(); ++i)
        if (!scene.channels[i].planes.empty()) first = i;
    return first;
}

GridImage grid_image(Channel const& channel, Projective const& to_plane) {
    GridImage image{.size = channel.size(), .to_source = to_plane};
    if (channel.mask) image.mask = channel.mask->view();
    return image;
}

/// The part of the grid that is kept; it may reach beyond the grid.
struct Part {
    Rect rect;
    bool shown_by_all = false; ///< by all that count, in every pixel
};
Result<Part> kept_part(Scene const& scene, std::vector<Placement> const& placements, Grid const& grid, CropTo crop,
                       Job& job) {
    Rect frame{0, 0, grid.size.width, grid.size.height};
    if (crop == CropTo::reference) return Part{frame};
    if (crop == CropTo::everything) {
        // No farther than a whole frame beyond each side: more than that is no overlap.
        Rect within{-frame.width, -frame.height, 3 * frame.width, 3 * frame.height};
        int x0 = frame.width, y0 = frame.height, x1 = 0, y1 = 0;
        for (Placement const& placement : placements) {
            if (!placement.counts) continue;
            Rect extent = grid_extent(grid_image(scene.channels[placement.channel], placement.to_plane), within);
            if (extent.empty()) continue;
            x0 = std::min(x0, extent.x), x1 = std::max(x1, extent.x + extent.width);
            y0 = std::min(y0, extent.y), y1 = std::max(y1, extent.y + extent.height);
        }
        return Part{x1 > x0 && y1 > y0 ? Rect{x0, y0, x1 - x0, y1 - y0} : frame};
    }
    MG_TRY(Mask blocked, Mask::filled(grid.size, 0));
    for (Placement const& placement : placements)
        if (placement.counts)
            MG_TRY_DO(
                block_uncovered(blocked.view(), grid_image(scene.channels[placement.channel], placement.to_plane)));
    Rect part = largest_clear_rectangle(blocked.view());
    if (!part.empty()) return Part{part, true};
    job.note("warning", "no overlap", "no part is shown by all channels: the reference's frame is kept");
    return Part{frame};
}

MG_CLONES void cut_below_zero(float* values, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) values[i] = values[i] < 0 ? 0 : values[i];
}
MG_CLONES bool some_below_zero(float const* values, int count) {
    int some = 0;
    for (int i = 0; i < count; ++i) some |= values[i] < 0;
    return some != 0;
}
bool has_negative(ImageView<float const> view) {
    for (int y = 0; y < view.height(); ++y)
        if (some_below_zero(view.row(y), view.width())) return true;
    return false;
}

/// Planes and mask onto the grid. `always_covered`: no pixel of the grid can lie outside the image.
Status resample(Channel& channel, WarpSpec const& spec, bool always_covered) {
    ImageView<std::uint8_t const> mask = mask_view(channel);
    MaskPtr placed_mask;
    if (mask.data || !always_covered) {
        mask.size = channel.size();
        MG_TRY(Mask made, warped_mask(mask, spec));
        placed_mask = std::make_shared<Mask const>(std::move(made));
    }
    MG_TRY_DO(replace_planes(channel, [&](ImageView<float const> view) -> Result<Plane> {
        MG_TRY(Plane made, warped(view, spec));
        if (!has_negative(view)) cut_below_zero(made.data(), made.size().area());
        return made;
    }));
    channel.mask = std::move(placed_mask);
    if (!mask_view(channel).data) channel.mask.reset();
    return Done{};
}

/// The affine map that is closest to a projective one at the middle of the grid.
Affine affine_part(Projective const& map, Size grid) {
    if (map.is_affine()) return map.affine;
    Point middle{(grid.width - 1) / 2.0, (grid.height - 1) / 2.0}, at = map(middle);
    double w = map.px * middle.x + map.py * middle.y + 1;
    Affine part{(map.affine.a - at.x * map.px) / w, (map.affine.b - at.x * map.py) / w, 0,
                (map.affine.c - at.y * map.px) / w, (map.affine.d - at.y * map.py) / w, 0};
    Point linear = part(middle);
    part.tx = at.x - linear.x;
    part.ty = at.y - linear.y;
    return part;
}

/// The grid's pixel size for every channel; a channel that was calibrated otherwise, times the scale found, is told of.
struct PixelSize {
    std::optional<Sourced<double>> x, y;
};
PixelSize pixel_size_of(Channel const& reference, Grid const& grid) {
    if (!is_calibrated(reference)) return {};
    PixelSize size{reference.pixel_size_x_nm, reference.pixel_size_y_nm};
    double ratio = *pixel_ratio(reference);
    size.x->value *= grid.step_x;
    // Exactly equal, whatever the last bit of the ratio.
    size.y->value = is_believable_ratio(ratio) ? size.x->value : size.y->value * grid.step_y;
    return size;
}
void compare_pixel_sizes(Channel const& channel, Projective const& to_plane, Grid const& grid, PixelSize const& common,
                         double preview_scale, Job& job) {
    if (!is_calibrated(channel)) return;
    std::string const name = name_of(channel);
    auto text = [&](double nm) { return format_significant(nm * preview_scale, 4); };
    if (!common.x) {
        job.note("warning", name,
                 name + ": its pixel size is not used, because the reference image has none; choose " + name +
                     " as the reference, or enter the reference's pixel size");
        return;
    }
    constexpr double k_tolerance = 0.01;
    Scales scales = scales_of(to_plane, grid.size);
    double own_x = channel.pixel_size_x_nm->value * scales.x, own_y = channel.pixel_size_y_nm->value * scales.y;
    double own = std::sqrt(own_x * own_y), expected = std::sqrt(common.x->value * common.y->value);
    double off = own / expected - 1;
    if (std::fabs(off) <= k_tolerance) return;
    job.note("warning", name,
             name + ": its own calibration times the scale found makes " + text(own) +
                 " nm/px, the reference's makes " + text(expected) + " nm/px (" +
                 format_fixed(std::fabs(off) * 100, 1) + " % apart); the reference's is used");
}

/// Channels that stay, with their maps; notes name those that do not.
std::vector<Placement> placements_of(Scene const& scene, std::size_t reference, Grid const& grid,
                                     PlaceParams const& params, Job& job) {
    Channel const& base = scene.channels[reference];
    Projective const base_map = from_reference(base, params);
    // Stored pixel of the base -> stored pixel of the set's reference: the same image unless that one is missing.
    Projective const to_reference = base_map == Projective{} ? Projective{} : base_map.inverse();
    Affine const grid_to_base = base.to_recorded.after(grid.to_plane);
    std::vector<Placement> placements;
    bool some_signal = false;
    for (std::size_t i = 0; i < scene.channels.size(); ++i) {
        Channel const& channel = scene.channels[i];
        if (channel.planes.empty()) continue;
        Placement placement{.channel = i, .to_plane = grid.to_plane, .counts = channel.role == Role::signal};
        if (i != reference) {
            std::string why = left_out_because(channel, params);
            Projective to_stored = from_reference(channel, params).after(to_reference).after(grid_to_base);
            placement.to_plane = Projective(channel.to_recorded.inverse()).after(to_stored);
            if (why.empty() && !is_usable(placement.to_plane, grid.size)) why = "its map is impossible";
            if (!why.empty()) {
                job.note("left_out", name_of(channel), name_of(channel) + " left out: " + why);
                continue;
            }
        }
        some_signal = some_signal || placement.counts;
        placements.push_back(placement);
    }
    if (!some_signal || params.crop_to_extras)
        for (Placement& placement : placements) placement.counts = true;
    return placements;
}

/// Without the channels that were left out; what was matched keeps its indices true.
void drop_others(Scene& scene, std::vector<Placement> const& placements) {
    std::vector<int> place(scene.channels.size(), -1);
    std::vector<Channel> kept;
    for (Placement const& placement : placements) {
        place[placement.channel] = static_cast<int>(kept.size());
        kept.push_back(std::move(scene.channels[placement.channel]));
    }
    scene.channels = std::move(kept);
    auto index = [&](int i) {
        return i >= 0 && static_cast<std::size_t>(i) < place.size() ? place[static_cast<std::size_t>(i)] : -1;
    };
    std::vector<PairMatch> pairs;
    for (PairMatch& pair : scene.pairs) {
        pair.from = index(pair.from);
        pair.to = index(pair.to);
        if (pair.from >= 0 && pair.to >= 0) pairs.push_back(std::move(pair));
    }
    scene.pairs = std::move(pairs);
}

Status run(Scene& scene, PlaceParams const& params, Job& job) {
    std::size_t const reference = reference_of(scene);
    if (reference == scene.channels.size()) return Done{};
    Grid const grid = grid_of(scene.channels[reference], params, scene.preview_scale, job);
    std::vector<Placement> const placements = placements_of(scene, reference, grid, params, job);
    MG_TRY(Part const kept, kept_part(scene, placements, grid, params.crop, job));
    Rect const part = kept.rect;
    PixelSize const common = pixel_size_of(scene.channels[reference], grid);
    for (Placement const& placement : placements)
        if (placement.channel != reference)
            compare_pixel_sizes(scene.channels[placement.channel], placement.to_plane, grid, common,
                                scene.preview_scale, job);

    drop_others(scene, placements);
    std::vector<Status> done(scene.channels.size(), Done{});
    job.for_each(scene.channels.size(), [&](std::size_t i) {
        Channel& channel = scene.channels[i];
        if (job.cancelled()) {
            done[i] = Error{ErrorCode::cancelled, "stopped"};
            return;
        }
        Placement const& placement = placements[i];
        WarpSpec const spec{.size = part.size(),
                            .to_source = placement.to_plane.after(Affine::translation(part.x, part.y)),
                            .interpolation = params.interpolation,
                            .antialias = true};
        done[i] = resample(channel, spec, kept.shown_by_all && placement.counts);
        channel.to_recorded = channel.to_recorded.after(affine_part(spec.to_source, spec.size));
        channel.pixel_size_x_nm = common.x;
        channel.pixel_size_y_nm = common.y;
    });
    for (Status const& status : done)
        if (!status) return status.error();
    std::string where;
    if (kept.shown_by_all) where = ", shown by all channels";
    if (params.crop == CropTo::everything) where = ", all that any channel shows";
    job.note("size", size_text(part.size()), size_text(part.size()) + " px" + where);
    if (part != Rect{0, 0, grid.size.width, grid.size.height})
        job.note("crop",
                 std::to_string(part.x) + " " + std::to_string(part.y) + " " + std::to_string(part.width) + " " +
                     std::to_string(part.height),
                 "of the reference's " + size_text(grid.size) + " px, from " + std::to_string(part.x) + ", " +
                     std::to_string(part.y));
    return Done{};
}

} // namespace

extern constinit Step const k_step_place = make_step<PlaceParams, k_params, run>(
    {.id = "place",
     .title = "Common grid",
     .group = StepGroup::geometry,
     .summary = "Lays all images over each other on one grid of square pixels, with one interpolation each.",
     .workflows = k_overlay,
     .whole_set = true});

} // namespace mg
