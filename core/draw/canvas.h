#pragma once
// A picture to draw on and the shapes drawn on it, anti-aliased by exact coverage. Coordinates here are of pixel
// *borders*: the pixel in row 0, column 0 is the square from (0, 0) to (1, 1). Blending is done in the values as they
// are.
#include <span>
#include <vector>

#include "image/image.h"
#include "math/affine.h"

namespace mg {

/// 0..1 each.
struct Colour {
    float r = 0, g = 0, b = 0;
    bool operator==(Colour const&) const = default;
    bool is_grey() const { return r == g && g == b; }
    static constexpr Colour grey(float value) { return {value, value, value}; }
};

struct RectF {
    double x = 0, y = 0, width = 0, height = 0;
    double right() const { return x + width; }
    double bottom() const { return y + height; }
    /// Shared borders do not overlap.
    bool overlaps(RectF const& other) const {
        return x < other.right() && other.x < right() && y < other.bottom() && other.y < bottom();
    }
};

/// One grey plane or three of R, G, B, borrowed, all of one size.
struct Canvas {
    std::vector<ImageView<float>> planes;

    Size size() const { return planes.empty() ? Size{} : planes.front().size; }
    /// Mixes `coverage` (0..1) of the colour into a pixel of the canvas; a grey canvas takes the colour's luminance
    /// (ITU-R BT.709 weights).
    void blend(int x, int y, float coverage, Colour colour);
};

/// Parts outside the canvas are left out, in all of these.
void fill(Canvas& canvas, RectF rect, Colour colour);
/// A straight line with square ends.
void draw_line(Canvas& canvas, Point from, Point to, double thickness, Colour colour);
/// Copies pictures of one or three planes with their first pixel at (x, y).
void draw_image(Canvas& canvas, std::span<ImageView<float const> const> image, int x, int y);

} // namespace mg
