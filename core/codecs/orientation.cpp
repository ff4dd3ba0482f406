#include "codecs/orientation.h"

#include <algorithm>

namespace mg {
namespace {

void mirror_left_right(Plane& plane) {
    for (int y = 0; y < plane.height(); ++y) std::reverse(plane.row(y), plane.row(y) + plane.width());
}

void mirror_top_bottom(Plane& plane) {
    for (int y = 0; y < plane.height() / 2; ++y)
        std::swap_ranges(plane.row(y), plane.row(y) + plane.width(), plane.row(plane.height() - 1 - y));
}

/// Rows become columns; in squares, so that neither side runs through all of memory for each pixel.
Status transpose(DecodeInput const& input, Plane& plane) {
    constexpr int k_square = 32;
    MG_TRY(Planes turned, make_planes(input, {plane.height(), plane.width()}, 1));
    for (int top = 0; top < plane.height(); top += k_square)
        for (int left = 0; left < plane.width(); left += k_square)
            for (int y = top; y < std::min(top + k_square, plane.height()); ++y)
                for (int x = left; x < std::min(left + k_square, plane.width()); ++x)
                    turned[0].at(y, x) = plane.at(x, y);
    plane = std::move(turned[0]);
    return Done{};
}

} // namespace

Result<Planes> upright(DecodeInput const& input, Planes planes, int orientation) {
    // Where the stored row 0 and column 0 are to be seen. 2: top, right. 3: bottom, right. 4: bottom, left.
    // 5: left, top. 6: right, top. 7: right, bottom. 8: left, bottom.
    for (Plane& plane : planes) {
        if (swaps_sides(orientation)) MG_TRY_DO(transpose(input, plane));
        if (orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7) mirror_left_right(plane);
        if (orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8) mirror_top_bottom(plane);
    }
    return planes;
}

} // namespace mg
