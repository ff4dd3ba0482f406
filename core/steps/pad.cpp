// A margin around the image. Its pixels count as outside: no measurement uses them.
#include <algorithm>
#include <array>

#include "recipe/step.h"
#include "steps/geometry.h"

namespace mg {
namespace {

struct PadParams {
    int left = 0;
    int right = 0;
    int top = 0;
    int bottom = 0;
    double grey = 0;
};

constexpr double k_most_px = 65536;
constexpr auto k_params = std::to_array<Param>({
    param<&PadParams::left>({.key = "left",
                             .label = "Left",
                             .help = "Columns added at the left.",
                             .unit = "px",
                             .maximum = k_most_px,
                             .slider_maximum = 500}),
    param<&PadParams::right>({.key = "right",
                              .label = "Right",
                              .help = "Columns added at the right.",
                              .unit = "px",
                              .maximum = k_most_px,
                              .slider_maximum = 500}),
    param<&PadParams::top>({.key = "top",
                            .label = "Top",
                            .help = "Rows added above.",
                            .unit = "px",
                            .maximum = k_most_px,
                            .slider_maximum = 500}),
    param<&PadParams::bottom>({.key = "bottom",
                               .label = "Bottom",
                               .help = "Rows added below.",
                               .unit = "px",
                               .maximum = k_most_px,
                               .slider_maximum = 500}),
    param<&PadParams::grey>({.key = "grey",
                             .label = "Grey",
                             .help = "Brightness of the margin: 0 is black, 100 white.",
                             .unit = "%",
                             .maximum = 100}),
});

Status run(Scene& scene, PadParams const& params, Job& job) {
    auto scaled = [&](int px) { return scaled_px(px, scene.preview_scale); };
    int left = scaled(params.left), right = scaled(params.right), top = scaled(params.top),
        bottom = scaled(params.bottom);
    if (left + right + top + bottom == 0) return Done{};
    for (Channel& channel : scene.channels) {
        if (channel.planes.empty()) continue;
        Size before = channel.size(), size{before.width + left + right, before.height + top + bottom};
        auto padded = [&]<class T>(ImageView<T const> view, T margin) -> Result<Image<T>> {
            MG_TRY(Image<T> out, Image<T>::filled(size, margin));
            if (view.data)
                for (int y = 0; y < before.height; ++y)
                    std::copy(view.row(y), view.row(y) + before.width, out.row(y + top) + left);
            return out;
        };
        auto grey = static_cast<float>(params.grey / 100);
        MG_TRY_DO(replace_planes(channel, [&](ImageView<float const> view) { return padded(view, grey); }));
        if (!channel.mask) {
            MG_TRY(Mask clear, Mask::filled(before, 0));
            channel.mask = std::make_shared<Mask const>(std::move(clear));
        }
        std::uint8_t outside = k_mask_outside;
        MG_TRY_DO(replace_mask(channel, [&](ImageView<std::uint8_t const> view) { return padded(view, outside); }));
        channel.to_recorded = channel.to_recorded.after(Affine::translation(-left, -top));
        job.note("size", size_text(size), size_text(before) + " \u2192 " + size_text(size) + " px");
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_pad =
    make_step<PadParams, k_params, run>({.id = "pad",
                                         .title = "Pad",
                                         .group = StepGroup::geometry,
                                         .summary = "Adds a margin around the image.",
                                         .on_by_default = false});

} // namespace mg
