#include "ops/gaussian.h"

#include <algorithm>
#include <cmath>

#include "base/clones.h"
#include "math/portable.h"
#include "ops/border.h"

namespace mg {
namespace {

/// Pairs of taps that are added in one pass over a row: few enough for registers, many enough that the running sum is
/// seldom loaded and stored.
constexpr int k_pairs = 4;

/// Rows that are blurred vertically before they are blurred horizontally, while they are in the cache.
constexpr int k_band_rows = 8;

struct Taps {
    float const* below[k_pairs];
    float const* above[k_pairs];
    float weight[k_pairs];
};

/// sum[x] = centre weight * centre[x], then += weight * (below[x] + above[x]) for Count pairs.
template <int Count, bool First>
[[gnu::always_inline]] inline void add_taps(float* __restrict sum, float const* centre, float centre_weight,
                                            Taps const& taps, int width) {
    float const* const b0 = taps.below[0];
    float const* const a0 = taps.above[0];
    float const* const b1 = taps.below[1];
    float const* const a1 = taps.above[1];
    float const* const b2 = taps.below[2];
    float const* const a2 = taps.above[2];
    float const* const b3 = taps.below[3];
    float const* const a3 = taps.above[3];
    float const w0 = taps.weight[0], w1 = taps.weight[1], w2 = taps.weight[2], w3 = taps.weight[3];
    for (int x = 0; x < width; ++x) {
        float s = First ? centre_weight * centre[x] : sum[x];
        if constexpr (Count > 0) s += w0 * (b0[x] + a0[x]);
        if constexpr (Count > 1) s += w1 * (b1[x] + a1[x]);
        if constexpr (Count > 2) s += w2 * (b2[x] + a2[x]);
        if constexpr (Count > 3) s += w3 * (b3[x] + a3[x]);
        sum[x] = s;
    }
}

template <bool First>
[[gnu::always_inline]] inline void add_some(int count, float* sum, float const* centre, float centre_weight,
                                            Taps const& taps, int width) {
    switch (count) {
    case 0:
        add_taps<0, First>(sum, centre, centre_weight, taps, width);
        break;
    case 1:
        add_taps<1, First>(sum, centre, centre_weight, taps, width);
        break;
    case 2:
        add_taps<2, First>(sum, centre, centre_weight, taps, width);
        break;
    case 3:
        add_taps<3, First>(sum, centre, centre_weight, taps, width);
        break;
    default:
        add_taps<4, First>(sum, centre, centre_weight, taps, width);
        break;
    }
}

/// sum[x] = symmetric weighted sum of rows; tap(i) points to the row that lies i away (negative: the other side).
template <class Tap>
[[gnu::always_inline]] inline void weigh(float* sum, std::vector<float> const& kernel, Tap tap, int width) {
    int const radius = static_cast<int>(kernel.size()) - 1;
    int done = 0;
    do {
        Taps taps;
        int const count = std::min(k_pairs, radius - done);
        for (int i = 0; i < k_pairs; ++i) {
            int const distance = std::min(done + 1 + i, radius);
            taps.below[i] = tap(-distance);
            taps.above[i] = tap(distance);
            taps.weight[i] = kernel[static_cast<std::size_t>(distance)];
        }
        if (done == 0)
            add_some<true>(count, sum, tap(0), kernel[0], taps, width);
        else
            add_some<false>(count, sum, tap(0), kernel[0], taps, width);
        done += count;
    } while (done < radius);
}

struct Band {
    ImageView<float const> source;
    ImageView<float> target;
    float* rows; ///< k_band_rows rows of `stride`, the pixels of each starting at `pad`
    std::ptrdiff_t stride;
    int pad;
    int first_row, row_count;
};

MG_CLONES void blur_band(Band const& band, std::vector<float> const& kernel_x, std::vector<float> const& kernel_y) {
    int const width = band.source.width();
    int const height = band.source.height();
    // Strips of columns, so that the rows under the kernel stay in the first-level cache.
    int const taps = 2 * static_cast<int>(kernel_y.size()) - 1 + band.row_count;
    int const strip = std::max(64, 12288 / taps / 16 * 16);
    for (int x0 = 0; x0 < width; x0 += strip) {
        int const count = std::min(strip, width - x0);
        for (int i = 0; i < band.row_count; ++i) {
            int const y = band.first_row + i;
            weigh(
                band.rows + i * band.stride + band.pad + x0, kernel_y,
                [&](int distance) { return band.source.row(mirrored(y + distance, height)) + x0; }, count);
        }
    }
    for (int i = 0; i < band.row_count; ++i) {
        float* row = band.rows + i * band.stride + band.pad;
        for (int x = 1; x <= band.pad; ++x) {
            row[-x] = row[mirrored(-x, width)];
            row[width - 1 + x] = row[mirrored(width - 1 + x, width)];
        }
        weigh(
            band.target.row(band.first_row + i), kernel_x, [&](int distance) { return row + distance; }, width);
    }
}

} // namespace

std::vector<float> gaussian_kernel(double sigma_px) {
    if (!(sigma_px > 0)) return {1.0f};
    sigma_px = std::min(sigma_px, k_max_blur_sigma_px);
    int const radius = static_cast<int>(4 * sigma_px + 0.5);
    std::vector<double> exact(static_cast<std::size_t>(radius) + 1);
    double sum = 0;
    for (int i = radius; i >= 0; --i) {
        exact[static_cast<std::size_t>(i)] = exp_portable(-0.5 * i * i / (sigma_px * sigma_px));
        sum += (i == 0 ? 1 : 2) * exact[static_cast<std::size_t>(i)];
    }
    std::vector<float> kernel;
    for (double weight : exact) kernel.push_back(static_cast<float>(weight / sum));
    return kernel;
}

Result<Plane> gaussian_blurred(ImageView<float const> plane, Blur blur) {
    std::vector<float> const kernel_x = gaussian_kernel(blur.sigma_x_px);
    std::vector<float> const kernel_y = gaussian_kernel(blur.sigma_y_px);
    MG_TRY(Plane result, Plane::create(plane.size));
    int const pad = static_cast<int>(kernel_x.size()) - 1;
    int const stride = (plane.width() + 2 * pad + 15) / 16 * 16 + 16;
    MG_TRY(Plane rows, Plane::create({stride, k_band_rows}));
    for (int y = 0; y < plane.height(); y += k_band_rows)
        blur_band({.source = plane,
                   .target = result.view(),
                   .rows = rows.data(),
                   .stride = stride,
                   .pad = pad,
                   .first_row = y,
                   .row_count = std::min(k_band_rows, plane.height() - y)},
                  kernel_x, kernel_y);
    return result;
}

Result<Plane> gaussian_blurred(ImageView<float const> plane, ImageView<std::uint8_t const> mask, Blur blur) {
    MG_CHECK(mask.size == plane.size);
    MG_TRY(Plane weights, Plane::create(plane.size));
    MG_TRY(Plane kept, Plane::create(plane.size));
    for (int y = 0; y < plane.height(); ++y)
        for (int x = 0; x < plane.width(); ++x) {
            bool const counts = mask.at(x, y) == 0;
            weights.at(x, y) = counts ? 1.0f : 0.0f;
            kept.at(x, y) = counts ? plane.at(x, y) : 0.0f;
        }
    MG_TRY(weights, gaussian_blurred(weights.view(), blur));
    MG_TRY(Plane result, gaussian_blurred(kept.view(), blur));
    for (int y = 0; y < plane.height(); ++y) {
        float const* source = plane.row(y);
        float const* weight = weights.row(y);
        std::uint8_t const* masked = mask.row(y);
        float* out = result.row(y);
        for (int x = 0; x < plane.width(); ++x) out[x] = masked[x] == 0 ? out[x] / weight[x] : source[x];
    }
    return result;
}

} // namespace mg
