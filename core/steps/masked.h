#pragma once
// Masks and planes of a channel as the ops take them.
#include <vector>

#include "image/scene.h"

namespace mg {

/// Without data when nothing is masked.
inline ImageView<std::uint8_t const> mask_view(Channel const& channel) {
    if (!channel.mask) return {};
    for (int y = 0; y < channel.mask->height(); ++y) {
        std::uint8_t const* row = channel.mask->row(y);
        for (int x = 0; x < channel.mask->width(); ++x)
            if (row[x] != 0) return channel.mask->view();
    }
    return {};
}

inline std::vector<ImageView<float const>> plane_views(Channel const& channel) {
    std::vector<ImageView<float const>> views;
    for (PlanePtr const& plane : channel.planes) views.push_back(plane->view());
    return views;
}

} // namespace mg
