#pragma once
// Planes for tests of operations: from a formula, and what is asked of them.
#include <algorithm>
#include <cmath>
#include <vector>

#include "image/image.h"

namespace mg::test {

/// value(x, y) for each pixel.
template <class Value>
Plane plane_of(Size size, Value value) {
    Plane plane = std::move(Plane::create(size)).value();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) plane.at(x, y) = static_cast<float>(value(x, y));
    return plane;
}

inline Plane copy_of(Plane const& plane) {
    return std::move(plane.clone()).value();
}

inline double sum_of(Plane const& plane) {
    double sum = 0;
    for (int y = 0; y < plane.height(); ++y)
        for (int x = 0; x < plane.width(); ++x) sum += double{plane.at(x, y)};
    return sum;
}
inline double mean_of(Plane const& plane) {
    return sum_of(plane) / static_cast<double>(plane.size().area());
}

inline bool all_finite(Plane const& plane) {
    for (int y = 0; y < plane.height(); ++y)
        for (int x = 0; x < plane.width(); ++x)
            if (!std::isfinite(plane.at(x, y))) return false;
    return true;
}

inline bool same_pixels(Plane const& a, Plane const& b) {
    return a.size() == b.size() && std::equal(a.data(), a.data() + a.size().area(), b.data());
}

inline double largest_difference(Plane const& a, Plane const& b) {
    double largest = 0;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x)
            largest = std::fmax(largest, std::fabs(double{a.at(x, y)} - double{b.at(x, y)}));
    return largest;
}

/// The picture of the quoted SciPy calls: 7 rows of 9, ((i * 37 + 11) % 64) / 64 with i counting along the rows.
inline Plane quoted_plane() {
    return plane_of({9, 7}, [](int x, int y) { return ((y * 9 + x) * 37 + 11) % 64 / 64.0; });
}

inline constexpr Size k_odd_sizes[] = {{1, 1}, {1, 2}, {2, 1}, {1, 37},  {37, 1},
                                       {2, 2}, {3, 5}, {5, 3}, {17, 16}, {33, 7}};

} // namespace mg::test
