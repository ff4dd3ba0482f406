#pragma once
// Where shares of three elements lie in a triangle, and what lies in a polygon drawn in a plot. A plot's own
// coordinates run from 0 to 1 to the right and upwards; the triangle stands on 0..1 and is sqrt(3)/2 high.
#include <array>
#include <span>
#include <vector>

#include "math/affine.h"

namespace mg::app {

/// Height of an equilateral triangle of side 1.
inline constexpr double k_ternary_height = 0.86602540378443864676;

/// Corners by element: the first at the lower left, the second at the lower right, the third at the top.
std::array<Point, 3> ternary_corners();
/// `shares` sum to 1.
Point ternary_point(std::array<double, 3> const& shares);
/// Shares of a place; outside the triangle some are negative. They sum to 1.
std::array<double, 3> ternary_shares(Point place);

/// `corners`: x, y, x, y, ... of a polygon that is closed by its first corner; fewer than three hold nothing. Where it
/// crosses itself, the even-odd rule holds.
bool in_polygon(std::span<double const> corners, Point p);
/// Half of the absolute sum of cross products: 0 for a line.
double polygon_area(std::span<double const> corners);
/// A line drawn by hand with fewer corners, none of which was further than `tolerance` from it (Douglas and Peucker
/// 1973, "Algorithms for the reduction of the number of points required to represent a digitized line").
std::vector<double> simplified(std::span<double const> corners, double tolerance);

/// 1, 2 or 5 times a power of ten, such that at most `most` steps fit into `range`.
double nice_step(double range, int most);

} // namespace mg::app
