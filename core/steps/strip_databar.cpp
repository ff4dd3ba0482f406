// Cut off the databar that the microscope burned into the picture: the rows that its metadata name, or a bar that is
// found beyond doubt. Everything below the bar's first row goes, so a bar inside the frame costs the rows under it. A
// bar that is kept is masked.
#include <algorithm>
#include <array>

#include "ops/find_databar.h"
#include "recipe/step.h"
#include "steps/geometry.h"

namespace mg {
namespace {

enum class StripMode { automatic, strip, keep };
constexpr Choice k_modes[] = {{"auto", "Automatic"}, {"strip", "Cut off"}, {"keep", "Keep"}};

struct StripDatabarParams {
    StripMode mode = StripMode::automatic;
    int rows = 0;
};

constexpr auto k_params = std::to_array<Param>({
    param<&StripDatabarParams::mode>(
        {.key = "mode",
         .label = "Vendor's databar",
         .help = "Automatic cuts off the rows that the microscope's metadata name, or a burned-in bar that is found "
                 "beyond doubt, unless the pixel size is unknown. A bar that is kept does not count in measurements.",
         .choices = k_modes}),
    param<&StripDatabarParams::rows>({.key = "rows",
                                      .label = "Rows",
                                      .help = "Rows to cut off at the bottom; 0: known from the metadata or found.",
                                      .unit = "px",
                                      .maximum = k_max_side_px,
                                      .slider_maximum = 256}),
});

/// The vendor's databar: from `top` downwards, with rows of picture below it when it lies inside the frame.
struct VendorBar {
    Rect box; ///< empty: none
    std::string source;
};

VendorBar vendor_bar(Channel const& channel, StripDatabarParams const& params, double preview_scale) {
    Size size = channel.size();
    auto lowest = [&](int full_rows) {
        int rows = std::clamp(scaled_px(full_rows, preview_scale), 1, size.height);
        return Rect{0, size.height - rows, size.width, rows};
    };
    if (params.rows > 0) return {lowest(params.rows), "as set"};
    auto const& known = channel.metadata.acquisition.databar_rows;
    if (known && known->value > 0) return {lowest(known->value), "the microscope's own databar, " + known->source};
    if (auto found = found_databar(channel.planes.front()->view()))
        return {*found, "the microscope's own databar, found in the picture"};
    return {};
}

/// Keeps the bar's pixels out of all measurements.
Status mask_bar(Channel& channel, Rect box) {
    Mask mask;
    if (channel.mask) {
        MG_TRY(mask, channel.mask->clone());
    } else {
        MG_TRY(mask, Mask::filled(channel.size(), 0));
    }
    for (int y = box.y; y < box.y + box.height; ++y)
        for (int x = box.x; x < box.x + box.width; ++x) mask.at(x, y) |= k_mask_databar;
    channel.mask = std::make_shared<Mask const>(std::move(mask));
    return Done{};
}

Status run(Scene& scene, StripDatabarParams const& params, Job& job) {
    for (Channel& channel : scene.channels) {
        if (channel.planes.empty()) continue;
        Size size = channel.size();
        VendorBar bar = vendor_bar(channel, params, scene.preview_scale);
        if (bar.box.empty()) {
            if (params.mode == StripMode::strip) job.note("rows", 0, "no databar found: nothing cut");
            continue;
        }
        if (bar.box.y <= 0) {
            job.note("rows", 0, "the databar would take all " + std::to_string(size.height) + " rows: nothing cut");
            continue;
        }
        // Without a pixel size the burned-in scale bar is all the scale there is.
        bool precious = params.mode == StripMode::automatic && params.rows == 0 && !is_calibrated(channel);
        if (params.mode == StripMode::keep || precious) {
            MG_TRY_DO(mask_bar(channel, bar.box));
            if (precious) job.note("rows", 0, "kept " + bar.source + ": no pixel size is known");
            continue;
        }
        MG_TRY_DO(crop_channel(channel, {0, 0, size.width, bar.box.y}));
        int rows = size.height - bar.box.y, below = rows - bar.box.height;
        std::string text = "cut " + std::to_string(rows) + " rows: " + bar.source;
        // One or two rows are the bar's own frame.
        if (below > 2) text += ", and " + std::to_string(below) + " rows of picture below it";
        job.note("rows", rows, text);
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_strip_databar = make_step<StripDatabarParams, k_params, run>(
    {.id = "strip_databar",
     .title = "Vendor's databar",
     .group = StepGroup::input,
     .summary = "Cuts off the databar that the microscope burned into the picture.",
     .workflows = k_annotate | k_overlay | k_materials});

} // namespace mg
