#pragma once
// A texture without end that has a value at every position, so that a picture of it can be moved exactly.
#include <cmath>
#include <cstdint>
#include <vector>

#include "math/affine.h"
#include "math/random.h"

namespace mg::test {

class Texture {
public:
    /// Waves of those lengths in random directions; mean 0, standard deviation about 1.
    Texture(std::uint64_t seed, double shortest_px, double longest_px, int waves = 40) {
        Random random(seed);
        for (int i = 0; i < waves; ++i) {
            double const length = shortest_px * std::pow(longest_px / shortest_px, (i + random.uniform()) / waves);
            double const angle = random.uniform(0, 6.283185307179586);
            m_waves.push_back({6.283185307179586 / length * std::cos(angle),
                               6.283185307179586 / length * std::sin(angle), random.uniform(0, 6.283185307179586)});
        }
    }
    double operator()(Point p) const {
        double sum = 0;
        for (Wave const& wave : m_waves) sum += std::cos(wave.u * p.x + wave.v * p.y + wave.phase);
        return sum * std::sqrt(2.0 / static_cast<double>(m_waves.size()));
    }

private:
    struct Wave {
        double u, v, phase;
    };
    std::vector<Wave> m_waves;
};

} // namespace mg::test
