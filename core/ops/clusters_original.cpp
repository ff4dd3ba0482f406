// The way of the original tools, for results that can be compared with theirs.
#include <algorithm>

#include "math/portable.h"
#include "math/random.h"
#include "ops/clusters.h"
#include "ops/gaussian.h"

namespace mg {
namespace {

constexpr double k_exponent = 0.2, k_blur_px = 1;
constexpr std::size_t k_sample = 10000;

} // namespace

Result<SimpleClusters> clustered_as_originally(std::span<ImageView<float const> const> planes,
                                               std::span<int const> levels, int count, std::uint64_t seed) {
    if (planes.empty()) return Error{ErrorCode::bad_value, "there is no element map; add some"};
    Size const size = planes.front().size;
    auto const pixels = static_cast<std::size_t>(size.area());
    std::vector<std::vector<float>> features;
    for (std::size_t e = 0; e < planes.size(); ++e) {
        float largest = 0;
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) largest = std::max(largest, planes[e].at(x, y));
        MG_TRY(Plane blurred, gaussian_blurred(planes[e], {k_blur_px, k_blur_px}));
        auto const weight = static_cast<float>(pow_portable(std::max(levels[e] - 1, 0), k_exponent));
        auto& feature = features.emplace_back(pixels);
        for (std::size_t p = 0; p < pixels; ++p) feature[p] = largest > 0 ? blurred.data()[p] / largest * weight : 0.0F;
    }
    std::vector<std::vector<float>> sample(features.size());
    Random random(seed);
    for (std::size_t i = 0; i < std::min(k_sample, pixels); ++i) {
        std::size_t const p = pixels <= k_sample ? i : static_cast<std::size_t>(random.below(pixels));
        for (std::size_t e = 0; e < features.size(); ++e) sample[e].push_back(features[e][p]);
    }
    KMeansResult const groups = k_means(sample, {.count = count, .starts = 10, .rounds = 100, .seed = seed});
    std::size_t const found = groups.centres.size() / features.size();
    SimpleClusters result;
    result.labels.resize(pixels);
    result.means.assign(found, std::vector<double>(features.size(), 0.0));
    std::vector<double> members(found, 0.0);
    for (std::size_t p = 0; p < pixels; ++p) {
        std::size_t best = 0;
        float least = 0;
        for (std::size_t k = 0; k < found; ++k) {
            float sum = 0;
            for (std::size_t e = 0; e < features.size(); ++e) {
                float const off = features[e][p] - groups.centres[k * features.size() + e];
                sum += off * off;
            }
            if (k == 0 || sum < least) {
                least = sum;
                best = k;
            }
        }
        result.labels[p] = static_cast<std::uint8_t>(best);
        ++members[best];
        int const x = static_cast<int>(p % static_cast<std::size_t>(size.width)),
                  y = static_cast<int>(p / static_cast<std::size_t>(size.width));
        for (std::size_t e = 0; e < planes.size(); ++e)
            result.means[best][e] += static_cast<double>(planes[e].at(x, y));
    }
    for (std::size_t k = 0; k < found; ++k)
        for (double& value : result.means[k]) value = members[k] > 0 ? value / members[k] : 0;
    return result;
}

} // namespace mg
