#pragma once
// A made-up specimen of several materials, seen through a blur in element maps of Poisson counts: with known labels.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "math/random.h"
#include "ops/gaussian.h"
#include "support/plane_maker.h"

namespace mg::test {

struct PhaseScene {
    Size size{96, 80};
    std::vector<std::vector<double>> means; ///< counts per pixel and element, of each material
    std::vector<std::uint8_t> labels;
    std::vector<Plane> counts;

    std::vector<ImageView<float const>> views() const {
        std::vector<ImageView<float const>> list;
        for (Plane const& plane : counts) list.push_back(plane.view());
        return list;
    }
};

/// A matrix (0), a band across (1), large discs (2) and small discs (3, about 1 % of the area). Blur in pixels.
/// `shading`: brightness from 1 - shading / 2 at the left to 1 + shading / 2 at the right.
struct PhaseSceneSpec {
    Size size{96, 80};
    std::vector<std::vector<double>> means{{8, 1, 4, 1}, {1, 9, 1, 3}, {3, 3, 7, 1}, {1, 1, 1, 10}};
    double blur_px = 0.7;
    double shading = 0;
    std::uint64_t seed = 1;
    bool noisy = true;
};
inline PhaseScene phase_scene(PhaseSceneSpec const& spec) {
    PhaseScene scene{spec.size, spec.means, {}, {}};
    Size const size = spec.size;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            double const u = (x + 0.5) / size.width, v = (y + 0.5) / size.height;
            auto const within = [&](double cx, double cy, double radius) {
                double const dx = (u - cx) * size.width / size.height, dy = v - cy;
                return dx * dx + dy * dy < radius * radius;
            };
            int label = 0;
            if (std::fabs(u - 0.6 + 0.3 * v) < 0.09) label = 1;
            if (within(0.22, 0.3, 0.14) || within(0.8, 0.72, 0.17) || within(0.3, 0.85, 0.08)) label = 2;
            if (within(0.12, 0.65, 0.042) || within(0.85, 0.2, 0.042)) label = 3;
            scene.labels.push_back(static_cast<std::uint8_t>(
                std::min<std::size_t>(static_cast<std::size_t>(label), spec.means.size() - 1)));
        }
    std::vector<Plane> shares;
    for (std::size_t k = 0; k < spec.means.size(); ++k) {
        Plane own = plane_of(size, [&](int x, int y) {
            return scene.labels[static_cast<std::size_t>(y * size.width + x)] == k ? 1.0 : 0.0;
        });
        shares.push_back(spec.blur_px > 0
                             ? std::move(gaussian_blurred(own.view(), {spec.blur_px, spec.blur_px})).value()
                             : std::move(own));
    }
    Random random(spec.seed);
    for (std::size_t e = 0; e < spec.means.front().size(); ++e)
        scene.counts.push_back(plane_of(size, [&](int x, int y) {
            double mean = 0;
            for (std::size_t k = 0; k < shares.size(); ++k) mean += double{shares[k].at(x, y)} * spec.means[k][e];
            mean *= 1 + spec.shading * ((x + 0.5) / size.width - 0.5);
            return spec.noisy ? random.poisson(std::max(mean, 0.0)) : mean;
        }));
    return scene;
}

/// Hubert and Arabie 1985: 1 for the same partition, whatever the numbers, 0 for chance.
inline double adjusted_rand_index(std::vector<std::uint8_t> const& a, std::vector<std::uint8_t> const& b) {
    std::vector<double> table(256 * 256, 0.0), rows(256, 0.0), columns(256, 0.0);
    for (std::size_t i = 0; i < a.size(); ++i) {
        ++table[a[i] * 256U + b[i]];
        ++rows[a[i]];
        ++columns[b[i]];
    }
    auto const pairs = [](std::vector<double> const& counts) {
        double sum = 0;
        for (double const count : counts) sum += count * (count - 1) / 2;
        return sum;
    };
    double const all = static_cast<double>(a.size()) * (static_cast<double>(a.size()) - 1) / 2;
    double const chance = pairs(rows) * pairs(columns) / all, most = (pairs(rows) + pairs(columns)) / 2;
    return most == chance ? 1 : (pairs(table) - chance) / (most - chance);
}

/// Best intersection over union of one material with any label found.
inline double overlap_of(std::vector<std::uint8_t> const& truth, int material, std::vector<std::uint8_t> const& found) {
    std::vector<double> both(256, 0.0), either(256, 0.0);
    double own = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        bool const is_it = truth[i] == material;
        own += is_it;
        both[found[i]] += is_it;
        either[found[i]] += 1;
    }
    double best = 0;
    for (std::size_t k = 0; k < 256; ++k)
        if (either[k] > 0) best = std::max(best, both[k] / (either[k] + own - both[k]));
    return best;
}

} // namespace mg::test
