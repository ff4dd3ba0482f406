#pragma once
// Resizing a channel onto explicit grids, shared by the steps that scale.
#include <array>

#include "ops/resample.h"
#include "recipe/param.h"
#include "steps/geometry.h"

namespace mg {

/// Keys of Kernel, in its order.
inline constexpr Choice k_kernel_choices[] = {{"nearest", "Nearest pixel"},
                                              {"linear", "Linear"},
                                              {"cubic", "Cubic"},
                                              {"lanczos3", "Lanczos"},
                                              {"area", "Area mean"}};

/// `spec` must give both grids.
inline Status resize_channel(Channel& channel, ResizeSpec const& spec) {
    MG_TRY_DO(replace_planes(channel, [&](ImageView<float const> view) { return resized(view, spec); }));
    MG_TRY_DO(replace_mask(channel, [&](ImageView<std::uint8_t const> view) { return resized_mask(view, spec); }));
    channel.to_recorded = channel.to_recorded.after({spec.x->step, 0, spec.x->first, 0, spec.y->step, spec.y->first});
    scale_pixel_size(channel, spec.x->step, spec.y->step);
    return Done{};
}

} // namespace mg
