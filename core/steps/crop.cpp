// Cut to a rectangle.
#include <algorithm>
#include <array>

#include "recipe/step.h"
#include "steps/geometry.h"

namespace mg {

Status crop_channel(Channel& channel, Rect rect) {
    auto cut = [&](auto view) -> Result<Image<std::remove_const_t<std::remove_reference_t<decltype(view.at(0, 0))>>>> {
        using T = std::remove_const_t<std::remove_reference_t<decltype(view.at(0, 0))>>;
        MG_TRY(Image<T> out, Image<T>::create(rect.size()));
        auto part = view.cropped(rect);
        for (int y = 0; y < rect.height; ++y) std::copy(part.row(y), part.row(y) + rect.width, out.row(y));
        return out;
    };
    MG_TRY_DO(replace_planes(channel, cut));
    MG_TRY_DO(replace_mask(channel, cut));
    channel.to_recorded = channel.to_recorded.after(Affine::translation(rect.x, rect.y));
    return Done{};
}

namespace {

struct CropParams {
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;
};

constexpr auto k_params = std::to_array<Param>({
    param<&CropParams::left>({.key = "left",
                              .label = "Left",
                              .help = "First column that is kept.",
                              .unit = "px",
                              .maximum = k_max_side_px,
                              .slider_maximum = 4096}),
    param<&CropParams::top>({.key = "top",
                             .label = "Top",
                             .help = "First row that is kept.",
                             .unit = "px",
                             .maximum = k_max_side_px,
                             .slider_maximum = 4096}),
    param<&CropParams::width>({.key = "width",
                               .label = "Width",
                               .help = "Columns that are kept; 0: all to the right edge.",
                               .unit = "px",
                               .maximum = k_max_side_px,
                               .slider_maximum = 4096}),
    param<&CropParams::height>({.key = "height",
                                .label = "Height",
                                .help = "Rows that are kept; 0: all to the bottom edge.",
                                .unit = "px",
                                .maximum = k_max_side_px,
                                .slider_maximum = 4096}),
});

Status run(Scene& scene, CropParams const& params, Job& job) {
    for (Channel& channel : scene.channels) {
        if (channel.planes.empty()) continue;
        Size size = channel.size();
        auto scaled = [&](int px) { return scaled_px(px, scene.preview_scale); };
        int left = scaled(params.left), top = scaled(params.top);
        if (left >= size.width || top >= size.height)
            return Error{ErrorCode::bad_value, "the crop begins at " + std::to_string(params.left) + ", " +
                                                   std::to_string(params.top) + " px, outside the image of " +
                                                   size_text(size) + " px: choose a smaller left or top"};
        auto extent = [&](int wanted_px, int room) {
            return wanted_px == 0 ? room : std::min(room, std::max(1, scaled(wanted_px)));
        };
        Rect rect{left, top, extent(params.width, size.width - left), extent(params.height, size.height - top)};
        if (rect == Rect{0, 0, size.width, size.height}) continue;
        MG_TRY_DO(crop_channel(channel, rect));
        job.note("size", size_text(rect.size()), size_text(size) + " \u2192 " + size_text(rect.size()) + " px");
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_crop =
    make_step<CropParams, k_params, run>({.id = "crop",
                                          .title = "Crop",
                                          .group = StepGroup::geometry,
                                          .summary = "Keeps a rectangle of the image.",
                                          .on_by_default = false,
                                          .workflows = k_annotate | k_overlay | k_materials});

} // namespace mg
