#pragma once
// What every geometric step does alike to a channel: all planes and the mask together, pixel size and to_recorded kept
// true.
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "image/scene.h"

namespace mg {

/// Replaces each plane by what `make_plane(view)` gives, a Result<Plane>.
template <class MakePlane>
Status replace_planes(Channel& channel, MakePlane make_plane) {
    std::vector<PlanePtr> planes;
    for (PlanePtr const& plane : channel.planes) {
        MG_TRY(Plane made, make_plane(plane->view()));
        planes.push_back(std::make_shared<Plane const>(std::move(made)));
    }
    channel.planes = std::move(planes);
    return Done{};
}

/// The same for the mask, when there is one: `make_mask(view)` gives a Result<Mask>.
template <class MakeMask>
Status replace_mask(Channel& channel, MakeMask make_mask) {
    if (!channel.mask) return Done{};
    MG_TRY(Mask made, make_mask(channel.mask->view()));
    channel.mask = std::make_shared<Mask const>(std::move(made));
    return Done{};
}

inline void scale_pixel_size(Channel& channel, double factor_x, double factor_y) {
    if (channel.pixel_size_x_nm) channel.pixel_size_x_nm->value *= factor_x;
    if (channel.pixel_size_y_nm) channel.pixel_size_y_nm->value *= factor_y;
}

/// Both pixel sizes are known and positive.
inline bool is_calibrated(Channel const& channel) {
    return channel.pixel_size_x_nm && channel.pixel_size_y_nm && channel.pixel_size_x_nm->value > 0 &&
           channel.pixel_size_y_nm->value > 0;
}

/// Width / height of a pixel as calibrated, exactly 1 where the sizes agree but for rounding; absent without them.
inline std::optional<double> pixel_ratio(Channel const& channel) {
    if (!is_calibrated(channel)) return std::nullopt;
    double ratio = channel.pixel_size_x_nm->value / channel.pixel_size_y_nm->value;
    return std::fabs(ratio - 1) < 5e-5 ? 1 : ratio;
}
inline bool is_believable_ratio(double ratio) {
    return ratio > 0.05 && ratio < 20;
}

/// Whole pixels, at least one; beyond the limit of sizes one more than it, which is an error later.
inline int rounded_size(double px) {
    return static_cast<int>(std::clamp(std::floor(px + 0.5), 1.0, k_max_side_px + 1.0));
}

/// The part within `rect`, which must lie inside the channel.
Status crop_channel(Channel& channel, Rect rect);

/// "15.91 × 17.56", or "15.91" when both round to the same, at full resolution.
inline std::string pixel_size_text(double x_nm, double y_nm, double preview_scale) {
    std::string x = format_significant(x_nm * preview_scale, 4), y = format_significant(y_nm * preview_scale, 4);
    return x == y ? x : x + " \u00D7 " + y;
}

inline std::string size_text(Size size) {
    return std::to_string(size.width) + " \u00D7 " + std::to_string(size.height);
}

/// A length given in full-resolution pixels, in pixels of the scene's planes.
inline int scaled_px(int full_px, double preview_scale) {
    return static_cast<int>(full_px * preview_scale + 0.5);
}

} // namespace mg
