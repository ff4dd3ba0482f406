#pragma once
// Planes turned into what the screen needs: 8-bit pictures, thumbnails, histograms.
#include "app/results.h"

namespace mg::app {

/// Values black..white to 0..255, rounded to nearest as PNG does; one plane gives one byte per pixel, three give RGBA.
Picture to_picture(std::vector<PlanePtr> const& planes, double black = 0, double white = 1);

/// Least and largest finite value of all planes; {0, 1} when there is none or they are equal.
struct Limits {
    double low = 0, high = 1;
};
Limits finite_limits(std::vector<PlanePtr> const& planes);

/// At most `width` px wide (and as many high), area-averaged, stretched between the 0.5 % and 99.5 % quantiles.
Picture thumbnail(std::vector<PlanePtr> const& planes, int width, double pixel_aspect);

/// Sizes of a pyramid's pictures: each half as wide and high as the one before, rounded down but never below 1, until
/// the longer side is below 8 px.
std::vector<Size> pyramid_sizes(Size size);
/// IEEE 754 half floats (little-endian) of the pyramid, one picture after another. `first`: the reduced size of its
/// first picture, see reduced(). Pixels outside the image and those that are no numbers count as `empty`.
Bytes half_pyramid(Plane const& plane, Mask const* mask, float empty, Size first);
/// The picture halved as often as needed to stay within these bounds.
Size reduced(Size size, int largest_side_px, std::int64_t largest_area);

/// Counts of the first plane's (of three: the mean's) unmasked pixels over 0..1, and the shares outside low..high.
Histogram histogram_of(Channel const& channel, double low, double high);

} // namespace mg::app
