#include <algorithm>
#include <limits>

#include "base/clones.h"
#include "math/random.h"
#include "ops/clusters.h"

namespace mg {
namespace {

using Points = std::span<std::vector<float> const>;

/// Squared distances of all points to one centre.
MG_CLONES void distances_to(Points points, float const* centre, std::vector<float>& result) {
    std::fill(result.begin(), result.end(), 0.0F);
    float* __restrict to = result.data();
    std::size_t const count = result.size();
    for (std::size_t d = 0; d < points.size(); ++d) {
        float const* __restrict from = points[d].data();
        float const middle = centre[d];
        for (std::size_t i = 0; i < count; ++i) {
            float const off = from[i] - middle;
            to[i] += off * off;
        }
    }
}

MG_CLONES void take_nearer(std::vector<float> const& distance, std::uint8_t label, std::vector<float>& nearest,
                           std::vector<std::uint8_t>& labels) {
    for (std::size_t i = 0; i < nearest.size(); ++i) {
        bool const nearer = distance[i] < nearest[i];
        nearest[i] = nearer ? distance[i] : nearest[i];
        labels[i] = nearer ? label : labels[i];
    }
}

double sum_of_all(std::vector<float> const& values) {
    double sum = 0;
    for (float const value : values) sum += static_cast<double>(value);
    return sum;
}

class KMeans {
public:
    KMeans(Points points, KMeansSettings const& settings)
        : m_points(points), m_settings(settings), m_count(points.empty() ? 0 : points[0].size()), m_distance(m_count) {}

    KMeansResult best() {
        KMeansResult best;
        Random random(m_settings.seed);
        for (int start = 0; start < std::max(m_settings.starts, 1) && m_count > 0; ++start) {
            KMeansResult one = run(random);
            if (start == 0 || one.inertia < best.inertia) best = std::move(one);
        }
        return best;
    }

private:
    KMeansResult run(Random& random) {
        std::vector<float> centres = seeds(random);
        std::vector<std::uint8_t> labels(m_count, 0), before;
        std::vector<float> nearest(m_count);
        std::size_t const dimensions = m_points.size();
        for (int round = 0; round < std::max(m_settings.rounds, 1); ++round) {
            std::fill(nearest.begin(), nearest.end(), std::numeric_limits<float>::max());
            for (std::size_t k = 0; k * dimensions < centres.size(); ++k) {
                distances_to(m_points, centres.data() + k * dimensions, m_distance);
                take_nearer(m_distance, static_cast<std::uint8_t>(k), nearest, labels);
            }
            if (labels == before) break;
            before = labels;
            std::vector<double> sums(centres.size(), 0.0);
            std::vector<std::size_t> members(centres.size() / dimensions, 0);
            for (std::uint8_t const label : labels) ++members[label];
            for (std::size_t d = 0; d < dimensions; ++d)
                for (std::size_t i = 0; i < m_count; ++i)
                    sums[labels[i] * dimensions + d] += static_cast<double>(m_points[d][i]);
            for (std::size_t c = 0; c < sums.size(); ++c)
                if (std::size_t const count = members[c / dimensions]; count > 0)
                    centres[c] = static_cast<float>(sums[c] / static_cast<double>(count));
        }
        return {std::move(centres), std::move(labels), sum_of_all(nearest)};
    }

    /// Each next seed is the best of three drawn by their squared distance to those already there.
    std::vector<float> seeds(Random& random) {
        std::vector<float> centres, nearest(m_count), trial(m_count), best(m_count);
        auto const add = [&](std::size_t point) {
            for (auto const& values : m_points) centres.push_back(values[point]);
        };
        add(random.below(m_count));
        distances_to(m_points, centres.data(), nearest);
        for (int k = 1; k < std::min(m_settings.count, 255); ++k) {
            double const total = sum_of_all(nearest);
            if (!(total > 0)) break; // no further distinct point
            double least = -1;
            std::size_t chosen = 0;
            for (int attempt = 0; attempt < 3; ++attempt) {
                double const at = random.uniform() * total;
                double passed = 0;
                std::size_t point = 0;
                while (point + 1 < m_count && (passed += static_cast<double>(nearest[point])) <= at) ++point;
                std::vector<float> centre;
                for (auto const& values : m_points) centre.push_back(values[point]);
                distances_to(m_points, centre.data(), trial);
                for (std::size_t i = 0; i < m_count; ++i) trial[i] = std::min(trial[i], nearest[i]);
                double const inertia = sum_of_all(trial);
                if (least >= 0 && inertia >= least) continue;
                least = inertia;
                chosen = point;
                best.swap(trial);
            }
            add(chosen);
            nearest = best;
        }
        return centres;
    }

    Points m_points;
    KMeansSettings m_settings;
    std::size_t m_count;
    std::vector<float> m_distance;
};

} // namespace

KMeansResult k_means(std::span<std::vector<float> const> points, KMeansSettings const& settings) {
    return KMeans(points, settings).best();
}

} // namespace mg
