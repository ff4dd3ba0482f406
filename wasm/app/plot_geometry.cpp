#include "app/plot_geometry.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mg::app {

std::array<Point, 3> ternary_corners() {
    return {{{0, 0}, {1, 0}, {0.5, k_ternary_height}}};
}

Point ternary_point(std::array<double, 3> const& shares) {
    return {shares[1] + shares[2] / 2, shares[2] * k_ternary_height};
}

std::array<double, 3> ternary_shares(Point place) {
    double const third = place.y / k_ternary_height, second = place.x - third / 2;
    return {1 - second - third, second, third};
}

bool in_polygon(std::span<double const> corners, Point p) {
    bool inside = false;
    std::size_t const n = corners.size() / 2;
    if (n < 3) return false;
    for (std::size_t i = 0, before = n - 1; i < n; before = i++) {
        double const x0 = corners[2 * before], y0 = corners[2 * before + 1], x1 = corners[2 * i],
                     y1 = corners[2 * i + 1];
        if ((y0 > p.y) == (y1 > p.y)) continue;
        if (p.x < x0 + (p.y - y0) / (y1 - y0) * (x1 - x0)) inside = !inside;
    }
    return inside;
}

double polygon_area(std::span<double const> corners) {
    double sum = 0;
    std::size_t const n = corners.size() / 2;
    for (std::size_t i = 0, before = n - 1; i < n; before = i++)
        sum += corners[2 * before] * corners[2 * i + 1] - corners[2 * i] * corners[2 * before + 1];
    return std::fabs(sum) / 2;
}

std::vector<double> simplified(std::span<double const> corners, double tolerance) {
    std::size_t const n = corners.size() / 2;
    if (n < 3) return {corners.begin(), corners.end()};
    auto const at = [&](std::size_t i) { return Point{corners[2 * i], corners[2 * i + 1]}; };
    std::vector<bool> kept(n, false);
    kept.front() = kept.back() = true;
    std::vector<std::pair<std::size_t, std::size_t>> parts{{0, n - 1}};
    while (!parts.empty()) {
        auto const [first, last] = parts.back();
        parts.pop_back();
        Point const a = at(first), b = at(last);
        double const dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
        double furthest = tolerance;
        std::size_t where = first;
        for (std::size_t i = first + 1; i < last; ++i) {
            Point const p = at(i);
            double const along =
                length2 > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0, 1.0) : 0;
            double const distance = std::hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
            if (distance > furthest) furthest = distance, where = i;
        }
        if (where == first) continue;
        kept[where] = true;
        parts.push_back({first, where});
        parts.push_back({where, last});
    }
    std::vector<double> left;
    for (std::size_t i = 0; i < n; ++i)
        if (kept[i]) left.insert(left.end(), {corners[2 * i], corners[2 * i + 1]});
    return left;
}

double nice_step(double range, int most) {
    if (!(range > 0) || !std::isfinite(range) || most < 1) return 1;
    double const power = std::pow(10.0, std::floor(std::log10(range / most)));
    for (double m : {1.0, 2.0, 5.0, 10.0})
        if (range <= power * m * most * (1 + 1e-9)) return power * m;
    return power * 10;
}

} // namespace mg::app
