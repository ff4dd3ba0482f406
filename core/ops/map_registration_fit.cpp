// Fisher scoring with the tone function and the variance function found anew in each round, both as smoothed means over
// 24 bins of brightness: quasi-likelihood with an unknown variance function (Wedderburn 1974; Chiou and Mueller 1998).
// The gain is that of a Gaussian with these means and variances. B-spline values (Unser 1999) without their prefilter
// are a known blur, which is a part of the one that is asked for.
#include "ops/map_registration_fit.h"

#include <algorithm>
#include <cmath>

#include "base/clones.h"
#include "math/linear.h"
#include "math/portable.h"
#include "ops/gaussian.h"

namespace mg {
namespace {

constexpr int k_bins = 24;
constexpr int k_cells = 3; ///< slow changes: means over so many cells along the longer side
constexpr int k_parts_x = 4, k_parts_y = 3;
constexpr int k_slow_rounds = 3; ///< the first ones, in which the slow changes are found anew
constexpr int k_lanes = 8;
constexpr double k_least_variance = 0.02; ///< of the mean variance: what a tone's own may not fall below

struct Taps {
    float value[4], slope[4];
};
/// Cubic B-splines at distances 1 + t, t, 1 - t, 2 - t, and their derivatives.
inline Taps taps_at(float t) {
    float const u = 1 - t;
    return {{u * u * u / 6, (t * t * (3 * t - 6) + 4) / 6, (u * u * (3 * u - 6) + 4) / 6, t * t * t / 6},
            {-u * u / 2, t * (1.5F * t - 2), u * (2 - 1.5F * u), t * t / 2}};
}

inline float dot(float const* a, float const* b) {
    return (a[0] * b[0] + a[1] * b[1]) + (a[2] * b[2] + a[3] * b[3]);
}

/// Sums of q, q u, q u u over a run, in eight lanes added in a fixed order.
struct RunSums {
    double m[3] = {0, 0, 0};
};
MG_CLONES void lane_sums(float (*__restrict lanes)[k_lanes], float const* __restrict q, float const* __restrict u,
                         int count) {
    for (int k = 0; k < 3; ++k)
        for (int i = 0; i < k_lanes; ++i) lanes[k][i] = 0;
    for (int x = 0; x + k_lanes <= count; x += k_lanes)
        for (int i = 0; i < k_lanes; ++i) {
            float const v = q[x + i], vu = v * u[x + i];
            lanes[0][i] += v;
            lanes[1][i] += vu;
            lanes[2][i] += vu * u[x + i];
        }
}
RunSums run_sums(float const* q, float const* u, int count) {
    float lanes[3][k_lanes];
    lane_sums(lanes, q, u, count);
    RunSums sums;
    for (int k = 0; k < 3; ++k)
        for (int i = 0; i < k_lanes; ++i) sums.m[k] += double(lanes[k][i]);
    for (int x = count / k_lanes * k_lanes; x < count; ++x) {
        double const v = double(q[x]), vu = v * double(u[x]);
        sums.m[0] += v, sums.m[1] += vu, sums.m[2] += vu * double(u[x]);
    }
    return sums;
}

MG_CLONES void lane_products(float* __restrict lanes, float const* __restrict a, float const* __restrict b, int count) {
    for (int i = 0; i < k_lanes; ++i) lanes[i] = 0;
    for (int x = 0; x + k_lanes <= count; x += k_lanes)
        for (int i = 0; i < k_lanes; ++i) lanes[i] += a[x + i] * b[x + i];
}
double product_sum(float const* a, float const* b, int count) {
    float lanes[k_lanes];
    lane_products(lanes, a, b, count);
    double sum = 0;
    for (float const lane : lanes) sum += double(lane);
    for (int x = count / k_lanes * k_lanes; x < count; ++x) sum += double(a[x] * b[x]);
    return sum;
}

/// A function of brightness: values at the middles of bins, linear in between.
using Curve = std::array<double, k_bins>;

/// Means with their neighbours, from sums and counts.
Curve smoothed_means(Curve const& sums, Curve const& counts) {
    constexpr double k_kernel[] = {0.4, 0.24, 0.06};
    Curve out{};
    double last = 0;
    for (int b = 0; b < k_bins; ++b) {
        double a = 0, n = 0;
        for (int k = -2; k <= 2; ++k) {
            auto const at = static_cast<std::size_t>(std::min(std::max(b + k, 0), k_bins - 1));
            double const w = k_kernel[k < 0 ? -k : k];
            a += w * sums[at], n += w * counts[at];
        }
        if (n > 1e-6) last = a / n;
        out[static_cast<std::size_t>(b)] = last;
    }
    return out;
}

struct Place {
    int bin;
    float part;
};

} // namespace

Result<BlurredGround> blurred_ground(Ground const& ground, double blur_x_px, double blur_y_px) {
    // Variances of the cubic B-spline and of the box that a shrunken pixel is (in its own pixels).
    auto const rest = [](double blur_px, int factor) {
        double const own = 1.0 / 3 + (factor > 1 ? (1 - 1.0 / (double(factor) * factor)) / 12 : 0);
        return std::sqrt(std::max(blur_px * blur_px - own, 0.01));
    };
    Blur const blur{rest(blur_x_px, ground.factor_x), rest(blur_y_px, ground.factor_y)};
    BlurredGround out;
    out.margin_x = 1 + static_cast<int>(1.5 * blur.sigma_x_px);
    out.margin_y = 1 + static_cast<int>(1.5 * blur.sigma_y_px);
    if (ground.mask.empty()) {
        MG_TRY(out.coefficients, gaussian_blurred(ground.pixels.view(), blur));
        return out;
    }
    MG_TRY(out.coefficients, gaussian_blurred(ground.pixels.view(), ground.mask.view(), blur));
    Size const size = ground.mask.size();
    MG_TRY(Mask along, Mask::filled(size, 0));
    MG_TRY(out.mask, Mask::filled(size, 0));
    int const rx = out.margin_x + 1, ry = out.margin_y + 1;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            if (ground.mask.at(x, y))
                for (int k = std::max(0, x - rx); k <= std::min(size.width - 1, x + rx); ++k) along.at(k, y) = 1;
    for (int y = 0; y < size.height; ++y)
        for (int k = std::max(0, y - ry); k <= std::min(size.height - 1, y + ry); ++k)
            for (int x = 0; x < size.width; ++x) out.mask.at(x, y) |= along.at(x, k);
    return out;
}

Result<ToneMatcher> ToneMatcher::create(std::vector<ImageView<float const>> targets) {
    ToneMatcher matcher;
    matcher.m_size = targets.front().size;
    matcher.m_targets = std::move(targets);
    for (Plane* plane : {&matcher.m_tone, &matcher.m_dx, &matcher.m_dy, &matcher.m_weight, &matcher.m_target}) {
        MG_TRY(*plane, Plane::filled(matcher.m_size, 0.F));
    }
    return matcher;
}

/// Brightness of the ground below each target pixel and its derivatives by target pixels; weight 0 beyond it.
void ToneMatcher::sample(BlurredGround const& ground, Affine const& map) {
    Plane const& c = ground.coefficients;
    double const left = std::max(1, ground.margin_x), top = std::max(1, ground.margin_y);
    double const right = c.width() - 1 - left - 1e-6, bottom = c.height() - 1 - top - 1e-6;
    bool const masked = !ground.mask.empty();
    float const ma = static_cast<float>(map.a), mb = static_cast<float>(map.b), mc = static_cast<float>(map.c),
                md = static_cast<float>(map.d);
    for (int y = 0; y < m_size.height; ++y) {
        float *tone = m_tone.row(y), *dx = m_dx.row(y), *dy = m_dy.row(y), *weight = m_weight.row(y);
        double const x0 = map.b * y + map.tx, y0 = map.d * y + map.ty;
        for (int x = 0; x < m_size.width; ++x) {
            double const px = map.a * x + x0, py = map.c * x + y0;
            tone[x] = dx[x] = dy[x] = weight[x] = 0;
            if (!(px >= left && px <= right && py >= top && py <= bottom)) continue;
            int const ix = static_cast<int>(px), iy = static_cast<int>(py);
            if (masked && ground.mask.at(ix, iy)) continue;
            Taps const tx = taps_at(static_cast<float>(px - ix)), ty = taps_at(static_cast<float>(py - iy));
            float const* from = c.row(iy - 1) + ix - 1;
            float columns[4] = {0, 0, 0, 0}, slopes[4] = {0, 0, 0, 0};
            for (int j = 0; j < 4; ++j, from += c.width())
                for (int k = 0; k < 4; ++k) {
                    columns[k] += ty.value[j] * from[k];
                    slopes[k] += ty.slope[j] * from[k];
                }
            float const value = dot(columns, tx.value), slope_x = dot(columns, tx.slope),
                        slope_y = dot(slopes, tx.value);
            tone[x] = value;
            dx[x] = slope_x * ma + slope_y * mc;
            dy[x] = slope_x * mb + slope_y * md;
            weight[x] = 1;
        }
    }
}

/// Weights of the targets whose sum is most like the tone: least squares.
bool ToneMatcher::find_mix(std::vector<double>& mix) {
    std::size_t const n = m_targets.size();
    if (n == 1) {
        mix = {1};
        return true;
    }
    std::vector<double> sums(n, 0), products(n * n, 0), with_tone(n, 0);
    double tone_sum = 0, count = 0;
    std::vector<float> ones(static_cast<std::size_t>(m_size.width), 1.F), weighted(ones);
    for (int y = 0; y < m_size.height; ++y) {
        float const *w = m_weight.row(y), *tone = m_tone.row(y);
        count += product_sum(w, ones.data(), m_size.width);
        tone_sum += product_sum(w, tone, m_size.width);
        for (std::size_t i = 0; i < n; ++i) {
            float const* own = m_targets[i].row(y);
            for (int x = 0; x < m_size.width; ++x) weighted[static_cast<std::size_t>(x)] = w[x] * own[x];
            sums[i] += product_sum(weighted.data(), ones.data(), m_size.width);
            with_tone[i] += product_sum(weighted.data(), tone, m_size.width);
            for (std::size_t j = 0; j <= i; ++j)
                products[i * n + j] += product_sum(weighted.data(), m_targets[j].row(y), m_size.width);
        }
    }
    if (count < 64) return false;
    double trace = 0;
    for (std::size_t i = 0; i < n; ++i) {
        with_tone[i] -= sums[i] * tone_sum / count;
        for (std::size_t j = 0; j <= i; ++j) products[j * n + i] = products[i * n + j] -= sums[i] * sums[j] / count;
        trace += products[i * n + i];
    }
    for (std::size_t i = 0; i < n; ++i) products[i * n + i] += 1e-4 * trace / static_cast<double>(n) + 1e-300;
    auto const factor = cholesky(std::move(products), static_cast<int>(n));
    if (!factor) return false;
    mix = std::move(with_tone);
    solve_cholesky(*factor, static_cast<int>(n), mix);
    return true;
}

void ToneMatcher::apply_mix(std::vector<double> const& mix) {
    for (int y = 0; y < m_size.height; ++y) {
        float* out = m_target.row(y);
        std::fill(out, out + m_size.width, 0.F);
        for (std::size_t i = 0; i < m_targets.size(); ++i) {
            float const *own = m_targets[i].row(y), k = static_cast<float>(mix[i]);
            for (int x = 0; x < m_size.width; ++x) out[x] += k * own[x];
        }
    }
}

/// One look at target and ground under a map: the two functions of tone, what remains, and the normal equations.
struct ToneMatcher::Round {
    ToneMatcher& m;
    Size size;
    std::vector<Place> places;
    Plane remaining; ///< target less its prediction, where the weight is 1
    Curve curve{}, slope{}, variance{};
    double gain = 0, weight = 0, total_variance = 0, left_variance = 0;
    double likeness = 1; ///< pixels that one error spreads over
    std::array<double, 36> normal{};
    std::array<double, 6> gradient{};
    std::vector<ToneFit::Part> parts;

    explicit Round(ToneMatcher& matcher) : m(matcher), size(matcher.m_size) {}

    std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) + static_cast<std::size_t>(x);
    }

    static float at(Curve const& values, Place p) {
        auto const b = static_cast<std::size_t>(p.bin);
        auto const low = static_cast<float>(values[b]), high = static_cast<float>(values[b + 1]);
        return low + (high - low) * p.part;
    }

    /// False when there is next to nothing to compare.
    bool find_places() {
        std::vector<float> some;
        std::int64_t const count = size.area();
        for (std::int64_t i = 0; i < count; i += 7)
            if (m.m_weight.data()[i] > 0) some.push_back(m.m_tone.data()[i]);
        if (some.size() < 40) return false;
        auto const quantile = [&](double q) {
            auto const at = some.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(some.size() - 1));
            std::nth_element(some.begin(), at, some.end());
            return *at;
        };
        float const low = quantile(0.005), high = quantile(0.995);
        if (!(high > low)) return false;
        m_per_bin = (k_bins - 1) / (double(high) - double(low));
        float const scale = static_cast<float>(m_per_bin);
        places.resize(static_cast<std::size_t>(count));
        m_counts.fill(0);
        for (std::int64_t i = 0; i < count; ++i) {
            // In this order what is no number becomes 0.
            float const q = std::min(float(k_bins - 1) - 1e-3F, std::max(0.F, (m.m_tone.data()[i] - low) * scale));
            int const bin = static_cast<int>(q);
            float const part = q - static_cast<float>(bin), w = m.m_weight.data()[i];
            places[static_cast<std::size_t>(i)] = {bin, part};
            m_counts[static_cast<std::size_t>(bin)] += double(w * (1 - part));
            m_counts[static_cast<std::size_t>(bin) + 1] += double(w * part);
        }
        return true;
    }

    /// Means by tone of value(i), which is 0 beyond the overlap.
    template <class Value>
    Curve by_tone(Value value) {
        Curve sums{};
        std::int64_t const count = size.area();
        for (std::int64_t i = 0; i < count; ++i) {
            Place const p = places[static_cast<std::size_t>(i)];
            auto const b = static_cast<std::size_t>(p.bin);
            float const v = value(i), upper = v * p.part;
            sums[b] += double(v - upper), sums[b + 1] += double(upper);
        }
        return smoothed_means(sums, m_counts);
    }

    void find_remaining() {
        std::int64_t const count = size.area();
        float const *target = m.m_target.data(), *slow = m.m_slow.data(), *w = m.m_weight.data();
        curve = by_tone([&](std::int64_t i) { return (target[i] - slow[i]) * w[i]; });
        for (std::int64_t i = 0; i < count; ++i)
            remaining.data()[i] = (target[i] - slow[i] - at(curve, places[static_cast<std::size_t>(i)])) * w[i];
    }

    /// Slow changes of what remains, such as shading of one of the scans: means over cells, linear in between.
    void find_slow() {
        int const cell_px = std::max(8, (std::max(size.width, size.height) + k_cells - 1) / k_cells);
        int const cols = (size.width + cell_px - 1) / cell_px, rows = (size.height + cell_px - 1) / cell_px;
        auto const cell = [&](int cx, int cy) { return static_cast<std::size_t>(cy * cols + cx); };
        std::vector<double> sums(static_cast<std::size_t>(cols * rows), 0), counts(sums);
        for (int y = 0; y < size.height; ++y) {
            float const *r = remaining.row(y), *slow = m.m_slow.row(y), *w = m.m_weight.row(y);
            for (int cx = 0; cx < cols; ++cx) {
                int const end = std::min(size.width, (cx + 1) * cell_px);
                float sum = 0, count = 0;
                for (int x = cx * cell_px; x < end; ++x) sum += r[x] + slow[x] * w[x], count += w[x];
                sums[cell(cx, y / cell_px)] += double(sum), counts[cell(cx, y / cell_px)] += double(count);
            }
        }
        std::vector<float> means(sums.size());
        for (int cy = 0; cy < rows; ++cy)
            for (int cx = 0; cx < cols; ++cx) {
                // Thin cells lean on their neighbours.
                double a = 0, n = cell_px * cell_px / 4.0;
                for (int dy = -1; dy <= 1; ++dy)
                    for (int dx = -1; dx <= 1; ++dx) {
                        int const x = cx + dx, y = cy + dy;
                        if (x < 0 || y < 0 || x >= cols || y >= rows) continue;
                        double const w = (dx == 0 ? 2 : 1) * (dy == 0 ? 2 : 1);
                        a += w * sums[cell(x, y)], n += w * counts[cell(x, y)];
                    }
                means[cell(cx, cy)] = static_cast<float>(a / n);
            }
        struct Between {
            int from, to;
            float part;
        };
        auto const between = [cell_px](int i, int cells) {
            double const f = std::min(std::max((i + 0.5) / cell_px - 0.5, 0.0), cells - 1.0);
            int const from = std::min(static_cast<int>(f), std::max(0, cells - 2));
            return Between{from, std::min(from + 1, cells - 1), static_cast<float>(f - from)};
        };
        std::vector<Between> columns;
        for (int x = 0; x < size.width; ++x) columns.push_back(between(x, cols));
        std::vector<float> line(static_cast<std::size_t>(cols));
        for (int y = 0; y < size.height; ++y) {
            Between const rows_at = between(y, rows);
            for (int cx = 0; cx < cols; ++cx)
                line[static_cast<std::size_t>(cx)] =
                    means[cell(cx, rows_at.from)] * (1 - rows_at.part) + means[cell(cx, rows_at.to)] * rows_at.part;
            float* out = m.m_slow.row(y);
            for (int x = 0; x < size.width; ++x) {
                Between const at_x = columns[static_cast<std::size_t>(x)];
                float const low = line[static_cast<std::size_t>(at_x.from)];
                out[x] = low + (line[static_cast<std::size_t>(at_x.to)] - low) * at_x.part;
            }
        }
    }

    void measure() {
        float const *target = m.m_target.data(), *slow = m.m_slow.data(), *w = m.m_weight.data(), *r = remaining.data();
        double sum = 0, squares = 0, left = 0, beside[2] = {0, 0};
        weight = 0;
        std::vector<float> line(static_cast<std::size_t>(size.width)), ones(line.size(), 1.F);
        for (int y = 0; y < size.height; ++y) {
            int const width = size.width;
            auto const from = static_cast<std::ptrdiff_t>(y) * width;
            for (int x = 0; x < width; ++x)
                line[static_cast<std::size_t>(x)] = (target[from + x] - slow[from + x]) * w[from + x];
            weight += product_sum(w + from, ones.data(), width);
            sum += product_sum(line.data(), ones.data(), width);
            squares += product_sum(line.data(), line.data(), width);
            left += product_sum(r + from, r + from, width);
            beside[0] += product_sum(r + from, r + from + 1, width - 1);
            if (y + 1 < size.height) beside[1] += product_sum(r + from, r + from + width, width);
        }
        total_variance = std::max(squares / weight - sum * sum / (weight * weight), 0.0);
        left_variance = left / weight;
        likeness = 1;
        for (double const b : beside) {
            double const rho = left > 0 ? std::min(std::max(b / left, 0.0), 0.95) : 0;
            likeness *= (1 + rho) / (1 - rho);
        }
        variance = by_tone([&](std::int64_t i) { return r[i] * r[i]; });
        double const least = k_least_variance * std::max(left_variance, 1e-6 * total_variance) + 1e-30;
        for (double& v : variance) v = std::max(v, least);
        Curve logs{};
        for (std::size_t b = 0; b < k_bins; ++b) logs[b] = log_portable(variance[b]);
        double const whole = log_portable(std::max(total_variance, 1e-30));
        double nats = 0;
        for (std::size_t b = 0; b < k_bins; ++b) nats += m_counts[b] * (whole - logs[b]);
        gain = nats / 2;
        Curve raw{};
        for (std::size_t b = 0; b < k_bins; ++b) {
            std::size_t const up = std::min<std::size_t>(b + 1, k_bins - 1), down = b > 0 ? b - 1 : 0;
            raw[b] = (curve[up] - curve[down]) / static_cast<double>(up - down) * m_per_bin;
        }
        for (std::size_t b = 0; b < k_bins; ++b)
            slope[b] = (raw[b > 0 ? b - 1 : 0] + 2 * raw[b] + raw[std::min<std::size_t>(b + 1, k_bins - 1)]) / 4;
    }

    void linearise() {
        normal.fill(0), gradient.fill(0);
        double const cx = (size.width - 1) / 2.0, cy = (size.height - 1) / 2.0, radius = size.width / 2.0;
        auto const n = static_cast<std::size_t>(size.width);
        std::vector<float> u(n), xx(n), xy(n), yy(n), gx(n), gy(n);
        for (std::size_t x = 0; x < n; ++x) u[x] = static_cast<float>((static_cast<double>(x) - cx) / radius);
        struct Sums {
            double xx = 0, xy = 0, yy = 0, gx = 0, gy = 0;
        };
        std::array<Sums, k_parts_x * k_parts_y> of_parts{};
        // Over the six numbers: x by 1, u, v; y by 1, u, v.
        auto const add = [&](int block, RunSums const& s, double v) {
            std::size_t const row = block == 2 ? 3 : 0, col = block == 0 ? 0 : 3;
            double const products[3][3] = {
                {s.m[0], s.m[1], s.m[0] * v}, {s.m[1], s.m[2], s.m[1] * v}, {s.m[0] * v, s.m[1] * v, s.m[0] * v * v}};
            for (std::size_t i = 0; i < 3; ++i)
                for (std::size_t j = 0; j < 3; ++j) normal[(row + i) * 6 + col + j] += products[i][j];
        };
        for (int y = 0; y < size.height; ++y) {
            double const v = (y - cy) / radius;
            for (int x = 0; x < size.width; ++x) {
                auto const i = static_cast<std::size_t>(x);
                Place const p = places[index(x, y)];
                float const f = at(slope, p), k = m.m_weight.at(x, y) / at(variance, p);
                float const jx = f * m.m_dx.at(x, y), jy = f * m.m_dy.at(x, y), r = remaining.at(x, y) * k;
                xx[i] = k * jx * jx, xy[i] = k * jx * jy, yy[i] = k * jy * jy, gx[i] = r * jx, gy[i] = r * jy;
            }
            int const band = y * k_parts_y / size.height;
            for (int part = 0; part < k_parts_x; ++part) {
                int const x0 = part * size.width / k_parts_x, x1 = (part + 1) * size.width / k_parts_x;
                auto const sums = [&](std::vector<float> const& q) {
                    return run_sums(q.data() + x0, u.data() + x0, x1 - x0);
                };
                RunSums const sxx = sums(xx), sxy = sums(xy), syy = sums(yy), sgx = sums(gx), sgy = sums(gy);
                add(0, sxx, v), add(1, sxy, v), add(2, syy, v);
                gradient[0] += sgx.m[0], gradient[1] += sgx.m[1], gradient[2] += sgx.m[0] * v;
                gradient[3] += sgy.m[0], gradient[4] += sgy.m[1], gradient[5] += sgy.m[0] * v;
                Sums& own = of_parts[static_cast<std::size_t>(band * k_parts_x + part)];
                own.xx += sxx.m[0], own.xy += sxy.m[0], own.yy += syy.m[0], own.gx += sgx.m[0], own.gy += sgy.m[0];
            }
        }
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 3; ++j) normal[(3 + j) * 6 + i] = normal[i * 6 + 3 + j];
        parts.clear();
        for (Sums const& s : of_parts) {
            ToneFit::Part part;
            double const det = s.xx * s.yy - s.xy * s.xy;
            if (det > 1e-6 * s.xx * s.yy && s.xx > 0) {
                part = {(s.yy * s.gx - s.xy * s.gy) / det, (s.xx * s.gy - s.xy * s.gx) / det, likeness * s.yy / det,
                        likeness * s.xx / det};
            }
            parts.push_back(part);
        }
    }

private:
    double m_per_bin = 1;
    Curve m_counts{};
};

namespace {

/// Rows: the six numbers; columns: those that are free.
std::vector<double> basis_of(Motion motion, double aspect) {
    if (motion == Motion::shift) return {1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    if (motion == Motion::similarity) // shift x, shift y, stretch, turn
        return {1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, -aspect, 0, 1, 0, 0, 0, 0, 0, 1 / aspect, 0, 0, 1, 0};
    std::vector<double> unit(36, 0);
    for (std::size_t i = 0; i < 6; ++i) unit[7 * i] = 1;
    return unit;
}

} // namespace

Result<ToneFit> ToneMatcher::fit(BlurredGround const& ground, Affine const& map, ToneFitSettings const& settings,
                                 std::vector<double> const& mix, Work& work) {
    MG_TRY(m_slow, Plane::filled(m_size, 0.F));
    Round round(*this);
    MG_TRY(round.remaining, Plane::filled(m_size, 0.F));
    std::vector<double> const basis = basis_of(settings.motion, settings.target_aspect);
    std::size_t const free = basis.size() / 6;
    double const cx = (m_size.width - 1) / 2.0, cy = (m_size.height - 1) / 2.0, radius = m_size.width / 2.0;
    ToneFit result;
    result.map = map;
    result.mix = mix;
    double damping = 0.01;
    for (int iteration = 0;; ++iteration) {
        if (work.cancelled()) return Error{ErrorCode::cancelled, "stopped"};
        sample(ground, result.map);
        if (result.mix.empty() || (m_targets.size() > 1 && iteration < settings.mix_rounds)) {
            if (!find_mix(result.mix)) return result;
        }
        if (iteration == 0 || m_targets.size() > 1) apply_mix(result.mix);
        if (!round.find_places()) {
            result.gain_nats = 0;
            return result;
        }
        round.find_remaining();
        if (iteration < k_slow_rounds) {
            round.find_slow();
            round.find_remaining();
        }
        round.measure();
        round.linearise();
        result.gain_nats = round.gain;
        result.overlap = round.weight / static_cast<double>(m_size.area());
        result.explained = round.total_variance > 0 ? 1 - round.left_variance / round.total_variance : 0;
        if (iteration >= settings.iterations) break;

        std::vector<double> right(free, 0), matrix(free * free, 0);
        for (std::size_t k = 0; k < free; ++k)
            for (std::size_t a = 0; a < 6; ++a) {
                right[k] += basis[a * free + k] * round.gradient[a];
                for (std::size_t l = 0; l < free; ++l)
                    for (std::size_t z = 0; z < 6; ++z)
                        matrix[k * free + l] += basis[a * free + k] * basis[z * free + l] * round.normal[a * 6 + z];
            }
        for (std::size_t k = 0; k < free; ++k) matrix[k * free + k] *= 1 + damping;
        auto const factor = cholesky(std::move(matrix), static_cast<int>(free));
        if (!factor) break;
        solve_cholesky(*factor, static_cast<int>(free), right);
        std::array<double, 6> change{};
        for (std::size_t a = 0; a < 6; ++a)
            for (std::size_t k = 0; k < free; ++k) change[a] += basis[a * free + k] * right[k];
        double const tall = cy / radius;
        double const farthest = std::max(std::fabs(change[0]) + std::fabs(change[1]) + std::fabs(change[2]) * tall,
                                         std::fabs(change[3]) + std::fabs(change[4]) + std::fabs(change[5]) * tall);
        double const scale = farthest > 3 ? 3 / farthest : 1;
        for (double& c : change) c *= scale;
        Affine const moved{
            1 + change[1] / radius, change[2] / radius,     change[0] - (change[1] * cx + change[2] * cy) / radius,
            change[4] / radius,     1 + change[5] / radius, change[3] - (change[4] * cx + change[5] * cy) / radius};
        result.map = result.map.after(moved);
        damping = 0;
        // The step that is small enough is still taken; what was measured before it holds after it.
        if (farthest < settings.enough_px) break;
    }
    for (std::size_t i = 0; i < 36; ++i) result.information[i] = round.normal[i] / round.likeness;
    result.parts = round.parts;
    MG_TRY(result.shown, Plane::filled(m_size, 0.F));
    MG_TRY(result.expected, Plane::filled(m_size, 0.F));
    double sum = 0;
    for (std::int64_t i = 0; i < m_size.area(); ++i)
        if (m_weight.data()[i] > 0) sum += double(m_target.data()[i] - m_slow.data()[i]);
    auto const mean = static_cast<float>(sum / round.weight);
    for (std::int64_t i = 0; i < m_size.area(); ++i) {
        if (m_weight.data()[i] == 0) continue;
        result.shown.data()[i] = m_target.data()[i] - m_slow.data()[i] - mean;
        result.expected.data()[i] = round.at(round.curve, round.places[static_cast<std::size_t>(i)]) - mean;
    }
    return result;
}

} // namespace mg
