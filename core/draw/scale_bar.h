#pragma once
// Scale bars and lengths in words. A bar's true length runs from the outer end of its left cap to the outer end of its
// right cap, with fractions of a pixel as anti-aliased ends.
#include <array>
#include <string>

#include "draw/canvas.h"
#include "draw/font.h"

namespace mg {

struct ScaleBar {
    double length_px = 0;
    std::string text; ///< "2 µm"
};

/// The largest of 1, 2, 5 x 10^n nm that is at most width / 4.8; 0 when the width is no positive number.
double nice_bar_length_nm(double width_nm);

/// Width and height of a field in one unit: three significant digits of the larger side, at least two of the smaller:
/// "11.3 × 8.5 µm". Empty when a side is no positive number.
std::string field_text(double width_nm, double height_nm);

/// Line and end caps of a horizontal bar. `left`: its left end; `middle`: centre line; heights in px.
struct BarShape {
    double left = 0;
    double middle = 0;
    double length_px = 0;
    double thickness = 2;
    double cap_height = 8;
};
/// Rectangles that do not overlap, so that fractional ends are not blended twice.
struct BarRects {
    RectF line;
    std::array<RectF, 4> caps; ///< the parts above and below the line
};
void draw_bar(Canvas& canvas, BarRects const& rects, Colour colour);
BarRects bar_rects(BarShape const& shape);

enum class Corner { bottom_right, bottom_left, top_right, top_left };

/// A bar with its text above, alone in a corner of the picture: black or white, whichever stands out there, with a
/// faint halo of the other. Pictures too small for it stay as they are.
struct CornerBar {
    ScaleBar bar;
    Corner corner = Corner::bottom_right;
    double em_px = 12; ///< text size
};
void draw_corner_bar(Canvas& canvas, Fonts const& fonts, CornerBar const& spec);

} // namespace mg
