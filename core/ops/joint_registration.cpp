// Gauss-Newton steps, damped after Levenberg and Marquardt, on log det R of the correlation matrix R of the images over
// their common area (the profile likelihood of jointly Gaussian pixels with unknown covariance). With W = S^-1:
//   gradient of image i:  2 sum r_i D_i,           r_i = sum_j W_ij f_j,  D_i = grad f_i times the map's basis
//   curvature:            pairs -2 W_ij sum D_i D_j^T, added as springs between i and j; pairs that push are left out
// In a long stack the springs' shape is taken from each image's own D D^T: noise cannot make it indefinite, and the
// work grows with the images, not with the pairs. Fields are taken as coefficients of cubic B-splines, which smooths
// all of them alike.
#include "ops/joint_registration.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "base/clones.h"
#include "math/linear.h"
#include "math/portable.h"

namespace mg {
namespace {

constexpr int k_lanes = 8;

/// Four neighbours at once; every compiler we use turns this into one SIMD register.
typedef float Four __attribute__((vector_size(16)));

inline Four four_at(float const* p) {
    Four v;
    std::memcpy(&v, p, sizeof v);
    return v;
}
inline float total(Four v) {
    return (v[0] + v[1]) + (v[2] + v[3]);
}

/// Cubic B-spline at distances 1 + t, t, 1 - t, 2 - t, and its derivative.
struct Weights {
    Four w, d;
};

inline Weights spline_at(float t) {
    constexpr float k_sixth = 1.F / 6, k_third2 = 2.F / 3;
    Four const c0{k_sixth, k_third2, k_sixth, 0}, c1{-0.5F, 0, 0.5F, 0}, c2{0.5F, -1, 0.5F, 0};
    Four const c3{-k_sixth, 0.5F, -0.5F, k_sixth}, d1{1, -2, 1, 0}, d2{-0.5F, 1.5F, -1.5F, 0.5F};
    return {c0 + t * (c1 + t * (c2 + t * c3)), c1 + t * (d1 + t * d2)};
}

/// One image on the common grid; rows are padded to whole lanes.
struct Sampled {
    std::array<Plane, 2> value, gx, gy;
    Image<float> weight; ///< 1 inside the field and unmasked, else 0
};

struct RowOut {
    float* value;
    float* gx;
    float* gy;
};

MG_CLONES void sample_shifted_row(RowOut out, float const* const rows[4], int first, int count, Weights const& wx,
                                  Weights const& wy, float* __restrict v, float* __restrict dv) {
    float const* __restrict r0 = rows[0] + first - 1, * __restrict r1 = rows[1] + first - 1;
    float const* __restrict r2 = rows[2] + first - 1, * __restrict r3 = rows[3] + first - 1;
    for (int i = 0; i < count + 3; ++i) {
        v[i] = wy.w[0] * r0[i] + wy.w[1] * r1[i] + wy.w[2] * r2[i] + wy.w[3] * r3[i];
        dv[i] = wy.d[0] * r0[i] + wy.d[1] * r1[i] + wy.d[2] * r2[i] + wy.d[3] * r3[i];
    }
    float* __restrict value = out.value, * __restrict gx = out.gx, * __restrict gy = out.gy;
    for (int i = 0; i < count; ++i) {
        value[i] = wx.w[0] * v[i] + wx.w[1] * v[i + 1] + wx.w[2] * v[i + 2] + wx.w[3] * v[i + 3];
        gx[i] = wx.d[0] * v[i] + wx.d[1] * v[i + 1] + wx.d[2] * v[i + 2] + wx.d[3] * v[i + 3];
        gy[i] = wx.w[0] * dv[i] + wx.w[1] * dv[i + 1] + wx.w[2] * dv[i + 2] + wx.w[3] * dv[i + 3];
    }
}

struct Path {
    double x, y, step_x, step_y; ///< position of the first pixel, and from one to the next
};

MG_CLONES void sample_row(RowOut out, ImageView<float const> field, Path path, int count) {
    for (int i = 0; i < count; ++i) {
        double const x = path.x + path.step_x * i, y = path.y + path.step_y * i;
        int const ix = static_cast<int>(x), iy = static_cast<int>(y);
        Weights const wx = spline_at(static_cast<float>(x - ix)), wy = spline_at(static_cast<float>(y - iy));
        float const* p = field.data + (iy - 1) * field.stride + ix - 1;
        Four const r0 = four_at(p), r1 = four_at(p + field.stride), r2 = four_at(p + 2 * field.stride),
                   r3 = four_at(p + 3 * field.stride);
        Four const down = (wy.w[0] * r0 + wy.w[1] * r1) + (wy.w[2] * r2 + wy.w[3] * r3);
        Four const slope = (wy.d[0] * r0 + wy.d[1] * r1) + (wy.d[2] * r2 + wy.d[3] * r3);
        out.value[i] = total(wx.w * down);
        out.gx[i] = total(wx.d * down);
        out.gy[i] = total(wx.w * slope);
    }
}

/// Lanes' sums of one row, added up in a fixed order.
inline double lanes_total(float const* lanes) {
    return double(lanes[0]) + double(lanes[1]) + double(lanes[2]) + double(lanes[3]) + double(lanes[4]) +
           double(lanes[5]) + double(lanes[6]) + double(lanes[7]);
}

MG_CLONES void add_product(float const* __restrict w, float const* __restrict a, float const* __restrict b, int padded,
                           float* __restrict sums) {
    float s[k_lanes] = {};
    for (int x = 0; x < padded; x += k_lanes)
        for (int k = 0; k < k_lanes; ++k) s[k] += w[x + k] * a[x + k] * b[x + k];
    for (int k = 0; k < k_lanes; ++k) sums[k] = s[k];
}

MG_CLONES void add_weighted(float const* __restrict w, float const* __restrict a, int padded, float* __restrict sums) {
    float s[k_lanes] = {};
    for (int x = 0; x < padded; x += k_lanes)
        for (int k = 0; k < k_lanes; ++k) s[k] += w[x + k] * a[x + k];
    for (int k = 0; k < k_lanes; ++k) sums[k] = s[k];
}

/// sums[m] of w a b u^m, m = 0, 1, 2.
MG_CLONES void add_moments(float const* __restrict w, float const* __restrict a, float const* __restrict b,
                           float const* __restrict u, int padded, float (*__restrict sums)[k_lanes]) {
    float s0[k_lanes] = {}, s1[k_lanes] = {}, s2[k_lanes] = {};
    for (int x = 0; x < padded; x += k_lanes)
        for (int k = 0; k < k_lanes; ++k) {
            float const p = w[x + k] * a[x + k] * b[x + k], q = p * u[x + k];
            s0[k] += p;
            s1[k] += q;
            s2[k] += q * u[x + k];
        }
    for (int k = 0; k < k_lanes; ++k) sums[0][k] = s0[k], sums[1][k] = s1[k], sums[2][k] = s2[k];
}

/// The four products of two gradients, the first one weighted: xx, xy, yx, yy. u as constant over each run of k_run
/// pixels, which is enough for a curvature.
constexpr int k_run = 32;
MG_CLONES void add_products(float const* __restrict ax, float const* __restrict ay, float const* __restrict bx,
                            float const* __restrict by, float const* __restrict u, int padded,
                            float (*__restrict sums)[3][k_lanes]) {
    float s[4][3][k_lanes] = {};
    for (int first = 0; first < padded; first += k_run) {
        int const end = first + k_run < padded ? first + k_run : padded;
        float xx[k_lanes] = {}, xy[k_lanes] = {}, yx[k_lanes] = {}, yy[k_lanes] = {};
        for (int x = first; x < end; x += k_lanes)
            for (int k = 0; k < k_lanes; ++k) {
                xx[k] += ax[x + k] * bx[x + k];
                xy[k] += ax[x + k] * by[x + k];
                yx[k] += ay[x + k] * bx[x + k];
                yy[k] += ay[x + k] * by[x + k];
            }
        float const middle = (u[first] + u[end - 1]) * 0.5F, square = middle * middle;
        for (int k = 0; k < k_lanes; ++k) {
            s[0][0][k] += xx[k], s[0][1][k] += xx[k] * middle, s[0][2][k] += xx[k] * square;
            s[1][0][k] += xy[k], s[1][1][k] += xy[k] * middle, s[1][2][k] += xy[k] * square;
            s[2][0][k] += yx[k], s[2][1][k] += yx[k] * middle, s[2][2][k] += yx[k] * square;
            s[3][0][k] += yy[k], s[3][1][k] += yy[k] * middle, s[3][2][k] += yy[k] * square;
        }
    }
    for (int p = 0; p < 4; ++p)
        for (int m = 0; m < 3; ++m)
            for (int k = 0; k < k_lanes; ++k) sums[p][m][k] = s[p][m][k];
}

MG_CLONES void multiply(float* __restrict out, float const* __restrict a, float const* __restrict b, int padded) {
    for (int x = 0; x < padded; ++x) out[x] = a[x] * b[x];
}

MG_CLONES void add_scaled(float* __restrict r, float const* __restrict f, float factor, float offset, int padded) {
    for (int x = 0; x < padded; ++x) r[x] += factor * (f[x] - offset);
}

/// Sums over the grid of a b, with the basis 1, u, v of an affine map on both sides: 1, u, v, uu, uv, vv.
struct Moments {
    double m[6] = {};
    void add(float const (*row)[k_lanes], double v) {
        double const s0 = lanes_total(row[0]), s1 = lanes_total(row[1]), s2 = lanes_total(row[2]);
        m[0] += s0, m[1] += s1, m[2] += s0 * v;
        m[3] += s2, m[4] += s1 * v, m[5] += s0 * v * v;
    }
    void add(Moments const& other) {
        for (int i = 0; i < 6; ++i) m[i] += other.m[i];
    }
    double at(int k, int l) const {
        static constexpr int k_index[3][3] = {{0, 1, 2}, {1, 3, 4}, {2, 4, 5}};
        return m[k_index[k][l]];
    }
};

class Joint {
public:
    Joint(std::span<JointImage const> images, JointSettings const& settings, Work& work)
        : m_images(images), m_settings(settings), m_work(work), m_n(static_cast<int>(images.size())),
          m_padded((settings.grid.width + k_lanes - 1) / k_lanes * k_lanes),
          m_components(images[0].field[1].data ? 2 : 1), m_radius(settings.grid.width / 2.0) {
        for (JointImage const& image : images) m_maps.push_back(image.map);
        m_u.assign(static_cast<std::size_t>(m_padded), 0);
        for (int x = 0; x < settings.grid.width; ++x)
            m_u[static_cast<std::size_t>(x)] = static_cast<float>((x - (settings.grid.width - 1) / 2.0) / m_radius);
    }

    Result<JointResult> run();

private:
    static constexpr int k_bands = 16; ///< of rows; fixed, so that sums do not depend on who adds them
    struct State {
        std::vector<Affine> maps;
        std::vector<std::shared_ptr<Sampled const>> samples; ///< those that stay are shared with the state before
        Image<float> weight;                                 ///< common to all
        double weight_sum = 0;
        std::vector<double> means;       ///< per image and component
        std::vector<double> covariances; ///< n x n
        double log_det = 0;
    };

    Result<State> evaluate(std::vector<Affine> maps, State const* before);
    Status sample(int i, Affine const& map, Sampled& out) const;
    Status measure(State& state);
    std::vector<double> correlations(State const& state) const;
    struct System {
        std::vector<double> gradient, curvature; ///< of all images' six numbers, fixed ones included
    };
    Result<System> linearise(State const& state);
    void project(System const& system, std::vector<double>& gradient, std::vector<double>& curvature) const;
    std::vector<Affine> moved(std::vector<Affine> const& maps, std::vector<double> const& step,
                              double& largest_px) const;
    int free_count() const {
        return m_settings.motion == Motion::shift ? 2 : m_settings.motion == Motion::similarity ? 4 : 6;
    }
    /// Row-wise 6 x free_count(): the six numbers of an affine map from the free ones.
    std::vector<double> basis() const;
    double v_of(int y) const { return (y - (m_settings.grid.height - 1) / 2.0) / m_radius; }
    Rect band(int i) const {
        int const h = m_settings.grid.height, first = static_cast<int>(std::int64_t{h} * i / k_bands);
        return {0, first, m_padded, static_cast<int>(std::int64_t{h} * (i + 1) / k_bands) - first};
    }
    double independent_samples(State const& state) const;
    void add_errors(State const& state, JointResult& result);

    std::span<JointImage const> m_images;
    JointSettings m_settings;
    Work& m_work;
    int m_n, m_padded, m_components;
    double m_radius;
    std::vector<Affine> m_maps;
    std::vector<float> m_u;
};

Status Joint::sample(int index, Affine const& map, Sampled& out) const {
    JointImage const& image = m_images[static_cast<std::size_t>(index)];
    Size const padded{m_padded, m_settings.grid.height};
    MG_TRY(out.weight, Image<float>::filled(padded, 0.F));
    for (int c = 0; c < m_components; ++c) {
        auto const k = static_cast<std::size_t>(c);
        MG_TRY(out.value[k], Plane::filled(padded, 0.F));
        MG_TRY(out.gx[k], Plane::filled(padded, 0.F));
        MG_TRY(out.gy[k], Plane::filled(padded, 0.F));
    }
    bool const shifted = map.a == 1 && map.b == 0 && map.c == 0 && map.d == 1;
    Size const field = image.field[0].size;
    double const most_x = field.width - 2.001, most_y = field.height - 2.001;
    std::vector<float> v(static_cast<std::size_t>(m_padded) + 8), dv(static_cast<std::size_t>(m_padded) + 8);
    for (int y = 0; y < m_settings.grid.height; ++y) {
        Path const path{map.b * y + map.tx, map.d * y + map.ty, map.a, map.c};
        if (!(std::fabs(path.x) < 1e9 && std::fabs(path.y) < 1e9)) continue; // a step that ran away
        // The run of pixels whose sixteen neighbours are all there; both conditions are linear along the row.
        double low = 0, high = m_settings.grid.width - 1;
        auto const limit = [&](double start, double step, double least, double most) {
            if (step > 0)
                low = std::max(low, (least - start) / step), high = std::min(high, (most - start) / step);
            else if (step < 0)
                low = std::max(low, (most - start) / step), high = std::min(high, (least - start) / step);
            else if (!(start >= least && start <= most))
                high = -1;
        };
        limit(path.x, path.step_x, 1.001, most_x);
        limit(path.y, path.step_y, 1.001, most_y);
        if (!(high >= low)) continue;
        int const first = static_cast<int>(std::ceil(low)), last = static_cast<int>(std::floor(high));
        int const count = last - first + 1;
        if (count <= 0) continue;
        Path const from{path.x + path.step_x * first, path.y + path.step_y * first, path.step_x, path.step_y};
        for (int c = 0; c < m_components; ++c) {
            auto const k = static_cast<std::size_t>(c);
            ImageView<float const> const view = image.field[k];
            RowOut const rows{out.value[k].row(y) + first, out.gx[k].row(y) + first, out.gy[k].row(y) + first};
            if (shifted) {
                int const ix = static_cast<int>(from.x), iy = static_cast<int>(from.y);
                float const* const taps[4] = {view.row(iy - 1), view.row(iy), view.row(iy + 1), view.row(iy + 2)};
                sample_shifted_row(rows, taps, ix, count, spline_at(static_cast<float>(from.x - ix)),
                                   spline_at(static_cast<float>(from.y - iy)), v.data(), dv.data());
            } else {
                sample_row(rows, view, from, count);
            }
        }
        float* weight = out.weight.row(y);
        for (int x = first; x <= last; ++x) weight[x] = 1;
        if (image.mask.data)
            for (int x = first; x <= last; ++x) {
                double const sx = path.x + path.step_x * x, sy = path.y + path.step_y * x;
                if (image.mask.at(static_cast<int>(sx + 0.5), static_cast<int>(sy + 0.5))) weight[x] = 0;
            }
    }
    return Done{};
}

Result<Joint::State> Joint::evaluate(std::vector<Affine> maps, State const* before) {
    State state;
    state.samples.resize(static_cast<std::size_t>(m_n));
    std::vector<Status> statuses(static_cast<std::size_t>(m_n), Status(Done{}));
    m_work.for_each(static_cast<std::size_t>(m_n), [&](std::size_t i) {
        if (before && before->maps[i] == maps[i]) {
            state.samples[i] = before->samples[i];
            return;
        }
        auto made = std::make_shared<Sampled>();
        statuses[i] = sample(static_cast<int>(i), maps[i], *made);
        state.samples[i] = std::move(made);
    });
    for (Status& status : statuses) MG_TRY_DO(std::move(status));
    state.maps = std::move(maps);
    MG_TRY_DO(measure(state));
    return state;
}

Status Joint::measure(State& state) {
    if (m_work.cancelled()) return Error{ErrorCode::cancelled, "stopped"};
    Size const padded{m_padded, m_settings.grid.height};
    MG_TRY(state.weight, Image<float>::filled(padded, 1.F));
    auto const n = static_cast<std::size_t>(m_n), components = static_cast<std::size_t>(m_components);
    struct Sums {
        double weight = 0;
        std::vector<double> values, products;
    };
    std::vector<Sums> bands(k_bands);
    m_work.for_each(k_bands, [&](std::size_t b) {
        Sums& sums = bands[b];
        sums.values.assign(n * components, 0);
        sums.products.assign(n * n * components, 0);
        Rect const rows = band(static_cast<int>(b));
        float lanes[k_lanes];
        for (int y = rows.y; y < rows.y + rows.height; ++y) {
            float* w = state.weight.row(y);
            for (auto const& sampled : state.samples) {
                float const* own = sampled->weight.row(y);
                for (int x = 0; x < m_padded; ++x) w[x] *= own[x];
            }
            double count = 0;
            for (int x = 0; x < m_padded; ++x) count += double(w[x]);
            if (count == 0) continue;
            sums.weight += count;
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t c = 0; c < components; ++c) {
                    add_weighted(w, state.samples[i]->value[c].row(y), m_padded, lanes);
                    sums.values[i * components + c] += lanes_total(lanes);
                    for (std::size_t j = 0; j <= i; ++j) {
                        add_product(w, state.samples[i]->value[c].row(y), state.samples[j]->value[c].row(y), m_padded,
                                    lanes);
                        sums.products[(i * n + j) * components + c] += lanes_total(lanes);
                    }
                }
        }
    });
    Sums all{0, std::vector<double>(n * components, 0), std::vector<double>(n * n * components, 0)};
    for (Sums const& sums : bands) {
        all.weight += sums.weight;
        for (std::size_t i = 0; i < all.values.size(); ++i) all.values[i] += sums.values[i];
        for (std::size_t i = 0; i < all.products.size(); ++i) all.products[i] += sums.products[i];
    }
    state.weight_sum = all.weight;
    state.log_det = 1e9; // worse than anything
    if (all.weight < 0.1 * double(m_settings.grid.area()) || all.weight < 64) return Done{};
    state.means.assign(n * components, 0);
    for (std::size_t i = 0; i < all.values.size(); ++i) state.means[i] = all.values[i] / all.weight;
    state.covariances.assign(n * n, 0);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = 0;
            for (std::size_t c = 0; c < components; ++c)
                sum += all.products[(i * n + j) * components + c] / all.weight -
                       state.means[i * components + c] * state.means[j * components + c];
            state.covariances[i * n + j] = state.covariances[j * n + i] = sum;
        }
    std::vector<double> ridged = correlations(state);
    for (std::size_t i = 0; i < n; ++i) {
        if (!(state.covariances[i * n + i] > 0)) return Done{};
        ridged[i * n + i] += k_correlation_ridge;
    }
    auto const factor = cholesky(ridged, m_n);
    if (!factor) return Done{};
    double log_det = 0;
    for (std::size_t i = 0; i < n; ++i) log_det += 2 * log_portable((*factor)[i * n + i]);
    state.log_det = log_det;
    return Done{};
}

std::vector<double> Joint::correlations(State const& state) const {
    auto const n = static_cast<std::size_t>(m_n);
    std::vector<double> r(n * n, 0);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            double const scale = std::sqrt(state.covariances[i * n + i] * state.covariances[j * n + j]);
            r[i * n + j] = scale > 0 ? state.covariances[i * n + j] / scale : 0;
        }
    return r;
}

Result<Joint::System> Joint::linearise(State const& state) {
    auto const n = static_cast<std::size_t>(m_n), components = static_cast<std::size_t>(m_components);
    std::vector<double> ridged = state.covariances;
    for (std::size_t i = 0; i < n; ++i) ridged[i * n + i] *= 1 + k_correlation_ridge;
    auto const inverse = inverted_symmetric(ridged, m_n);
    if (!inverse) return Error{ErrorCode::bad_value, "the images have no structure of their own"};
    std::vector<double> const& w = *inverse;

    struct Pair {
        std::size_t i, j;
    };
    // In a long stack most of the inverse is next to nothing.
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j) {
            if (m_images[i].fixed && m_images[j].fixed) continue;
            double const share = std::fabs(w[i * n + j]) / std::sqrt(w[i * n + i] * w[j * n + j]);
            if (share > 1e-4) pairs.push_back({i, j});
        }
    struct Sums {
        std::vector<Moments> gradients; ///< per image x 2: r times gx, gy; only 1, u, v are used
        std::vector<Moments> products;  ///< per pair, or per image of a long stack, x 4: gx gx, gx gy, gy gx, gy gy
        std::vector<double> shared;     ///< of a long stack, per pair: gx gx + gy gy of the one with the other
    };
    bool const is_long = m_n > k_long_stack;
    std::size_t const parts = is_long ? n : pairs.size();
    std::vector<Sums> bands(k_bands);
    m_work.for_each(k_bands, [&](std::size_t b) {
        Sums& sums = bands[b];
        sums.gradients.resize(2 * n);
        sums.products.resize(4 * parts);
        sums.shared.assign(pairs.size(), 0);
        auto const padded = static_cast<std::size_t>(m_padded);
        std::vector<float> r(padded), weighted_x(padded), weighted_y(padded);
        float products[4][3][k_lanes];
        Rect const rows = band(static_cast<int>(b));
        float lanes[3][k_lanes];
        for (int y = rows.y; y < rows.y + rows.height; ++y) {
            float const* weight = state.weight.row(y);
            double const v = v_of(y);
            for (std::size_t c = 0; c < components; ++c) {
                for (std::size_t i = 0; i < n; ++i) {
                    if (m_images[i].fixed) continue;
                    std::fill(r.begin(), r.end(), 0.F);
                    for (std::size_t j = 0; j < n; ++j)
                        add_scaled(r.data(), state.samples[j]->value[c].row(y), static_cast<float>(w[i * n + j]),
                                   static_cast<float>(state.means[j * components + c]), m_padded);
                    add_moments(weight, r.data(), state.samples[i]->gx[c].row(y), m_u.data(), m_padded, lanes);
                    sums.gradients[2 * i].add(lanes, v);
                    add_moments(weight, r.data(), state.samples[i]->gy[c].row(y), m_u.data(), m_padded, lanes);
                    sums.gradients[2 * i + 1].add(lanes, v);
                }
                for (std::size_t p = 0; p < parts; ++p) {
                    std::size_t const i = is_long ? p : pairs[p].i, j = is_long ? p : pairs[p].j;
                    Sampled const &first = *state.samples[i], &second = *state.samples[j];
                    if (is_long || p == 0 || i != pairs[p - 1].i) {
                        multiply(weighted_x.data(), weight, first.gx[c].row(y), m_padded);
                        multiply(weighted_y.data(), weight, first.gy[c].row(y), m_padded);
                    }
                    add_products(weighted_x.data(), weighted_y.data(), second.gx[c].row(y), second.gy[c].row(y),
                                 m_u.data(), m_padded, products);
                    for (std::size_t k = 0; k < 4; ++k) sums.products[4 * p + k].add(products[k], v);
                }
                for (std::size_t p = 0; is_long && p < pairs.size(); ++p) {
                    Sampled const &first = *state.samples[pairs[p].i], &second = *state.samples[pairs[p].j];
                    add_product(weight, first.gx[c].row(y), second.gx[c].row(y), m_padded, lanes[0]);
                    add_product(weight, first.gy[c].row(y), second.gy[c].row(y), m_padded, lanes[1]);
                    sums.shared[p] += lanes_total(lanes[0]) + lanes_total(lanes[1]);
                }
            }
        }
    });
    if (m_work.cancelled()) return Error{ErrorCode::cancelled, "stopped"};
    Sums all{std::vector<Moments>(2 * n), std::vector<Moments>(4 * parts), std::vector<double>(pairs.size(), 0)};
    for (Sums const& sums : bands) {
        for (std::size_t i = 0; i < all.gradients.size(); ++i) all.gradients[i].add(sums.gradients[i]);
        for (std::size_t i = 0; i < all.products.size(); ++i) all.products[i].add(sums.products[i]);
        for (std::size_t i = 0; i < all.shared.size(); ++i) all.shared[i] += sums.shared[i];
    }

    // Numbers of one image: x by 1, u, v; y by 1, u, v.
    std::size_t const size = 6 * n;
    System system{std::vector<double>(size, 0), std::vector<double>(size * size, 0)};
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t axis = 0; axis < 2; ++axis)
            for (std::size_t k = 0; k < 3; ++k)
                system.gradient[6 * i + 3 * axis + k] = 2 * all.gradients[2 * i + axis].m[k] / state.weight_sum;
    for (std::size_t p = 0; p < pairs.size(); ++p) {
        auto const [i, j] = pairs[p];
        auto const product = [&](std::size_t part, std::size_t a, std::size_t z) {
            return all.products[4 * part + 2 * (a / 3) + z / 3].at(static_cast<int>(a % 3), static_cast<int>(z % 3));
        };
        double share = 1; // of the gradients' energy that a pair of a long stack has in common
        if (is_long) {
            double const whole = product(i, 0, 0) + product(i, 3, 3) + product(j, 0, 0) + product(j, 3, 3);
            share = whole > 0 ? 2 * all.shared[p] / whole : 0;
        }
        double block[6][6], trace = 0;
        for (std::size_t a = 0; a < 6; ++a)
            for (std::size_t z = 0; z < 6; ++z)
                block[a][z] = -2 * w[i * n + j] / state.weight_sum * share *
                              (is_long ? (product(i, a, z) + product(j, a, z)) / 2 : product(p, a, z));
        for (std::size_t a = 0; a < 6; ++a) trace += block[a][a];
        if (!(trace > 0)) continue;
        for (std::size_t a = 0; a < 6; ++a)
            for (std::size_t z = 0; z < 6; ++z) {
                double const value = (block[a][z] + block[z][a]) / 2;
                system.curvature[(6 * i + a) * size + 6 * i + z] += value;
                system.curvature[(6 * j + a) * size + 6 * j + z] += value;
                system.curvature[(6 * i + a) * size + 6 * j + z] -= value;
                system.curvature[(6 * j + a) * size + 6 * i + z] -= value;
            }
    }
    return system;
}

std::vector<double> Joint::basis() const {
    double const aspect = m_settings.pixel_aspect;
    switch (m_settings.motion) {
    case Motion::shift:
        return {1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    case Motion::similarity: // shift x, shift y, stretch, turn; a similarity where pixels are not square, too
        return {1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, -aspect, 0, 1, 0, 0, 0, 0, 0, 1 / aspect, 0, 0, 1, 0};
    case Motion::affine:
    case Motion::projective:
        break;
    }
    std::vector<double> unit(36, 0);
    for (std::size_t i = 0; i < 6; ++i) unit[7 * i] = 1;
    return unit;
}

/// Onto the free numbers of the images that move.
void Joint::project(System const& system, std::vector<double>& gradient, std::vector<double>& curvature) const {
    std::vector<std::size_t> moving;
    for (std::size_t i = 0; i < m_images.size(); ++i)
        if (!m_images[i].fixed) moving.push_back(i);
    auto const free = static_cast<std::size_t>(free_count());
    std::size_t const size = free * moving.size(), whole = 6 * m_images.size();
    std::vector<double> const b = basis();
    gradient.assign(size, 0);
    curvature.assign(size * size, 0);
    for (std::size_t i = 0; i < moving.size(); ++i)
        for (std::size_t k = 0; k < free; ++k) {
            for (std::size_t a = 0; a < 6; ++a)
                gradient[free * i + k] += b[a * free + k] * system.gradient[6 * moving[i] + a];
            for (std::size_t j = 0; j < moving.size(); ++j)
                for (std::size_t l = 0; l < free; ++l) {
                    double sum = 0;
                    for (std::size_t a = 0; a < 6; ++a)
                        for (std::size_t z = 0; z < 6; ++z)
                            sum += b[a * free + k] * b[z * free + l] *
                                   system.curvature[(6 * moving[i] + a) * whole + 6 * moving[j] + z];
                    curvature[(free * i + k) * size + free * j + l] = sum;
                }
        }
}

std::vector<Affine> Joint::moved(std::vector<Affine> const& maps, std::vector<double> const& step,
                                 double& largest_px) const {
    auto const free = static_cast<std::size_t>(free_count());
    std::vector<double> const b = basis();
    double const cx = (m_settings.grid.width - 1) / 2.0, cy = (m_settings.grid.height - 1) / 2.0;
    std::vector<std::array<double, 6>> changes;
    largest_px = 0;
    for (std::size_t i = 0, k = 0; i < maps.size(); ++i) {
        std::array<double, 6> change{};
        if (!m_images[i].fixed) {
            for (std::size_t a = 0; a < 6; ++a)
                for (std::size_t f = 0; f < free; ++f) change[a] += b[a * free + f] * step[free * k + f];
            ++k;
        }
        double const v = cy / m_radius;
        double const x = std::fabs(change[0]) + std::fabs(change[1]) + std::fabs(change[2]) * v;
        double const y = std::fabs(change[3]) + std::fabs(change[4]) + std::fabs(change[5]) * v;
        largest_px = std::max(largest_px, std::sqrt(x * x + y * y));
        changes.push_back(change);
    }
    double const scale = largest_px > m_settings.largest_step_px ? m_settings.largest_step_px / largest_px : 1;
    std::vector<Affine> result = maps;
    for (std::size_t i = 0; i < maps.size(); ++i) {
        std::array<double, 6> c = changes[i];
        for (double& value : c) value *= scale;
        Affine& map = result[i];
        map.a += c[1] / m_radius, map.b += c[2] / m_radius;
        map.tx += c[0] - (c[1] * cx + c[2] * cy) / m_radius;
        map.c += c[4] / m_radius, map.d += c[5] / m_radius;
        map.ty += c[3] - (c[4] * cx + c[5] * cy) / m_radius;
    }
    largest_px *= scale;
    return result;
}

/// Pixels over the area that one of them stands for: both directions' correlation lengths, as if the field's
/// autocorrelation were a Gaussian, from its value one pixel on.
double Joint::independent_samples(State const& state) const {
    double lengths = 1;
    Plane const& f = state.samples[0]->value[0];
    for (int axis = 0; axis < 2; ++axis) {
        double own = 0, next = 0;
        for (int y = 0; y + 1 < m_settings.grid.height; ++y) {
            float const *a = f.row(y), *b = axis == 0 ? a + 1 : f.row(y + 1), *w = state.weight.row(y);
            for (int x = 0; x + 1 < m_settings.grid.width; ++x) {
                own += double(w[x] * a[x] * a[x]);
                next += double(w[x] * a[x] * b[x]);
            }
        }
        double const rho = own > 0 ? std::min(std::max(next / own, 0.01), 0.999) : 0.5;
        lengths *= std::max(1.0, std::sqrt(3.141592653589793 * -0.5 / log_portable(rho)));
    }
    return state.weight_sum / lengths;
}

void Joint::add_errors(State const& state, JointResult& result) {
    result.independent_samples = independent_samples(state);
    result.errors_px.assign(m_images.size(), 0);
    auto system = linearise(state);
    if (!system) return;
    std::vector<double> gradient, curvature;
    project(*system, gradient, curvature);
    auto covariance = inverted_symmetric(curvature, static_cast<int>(gradient.size()));
    double doubt = 1;
    if (static_cast<int>(m_settings.possible) > static_cast<int>(m_settings.motion)) {
        Motion const taken = m_settings.motion;
        m_settings.motion = m_settings.possible;
        project(*system, gradient, curvature);
        if (auto richer = inverted_symmetric(curvature, static_cast<int>(gradient.size()))) {
            covariance = std::move(richer);
        } else { // the data say nothing of some deformation
            m_settings.motion = taken;
            doubt = 3;
            project(*system, gradient, curvature);
        }
    }
    auto const free = static_cast<std::size_t>(free_count());
    std::size_t const size = gradient.size();
    double const aspect = double(m_settings.grid.height) / m_settings.grid.width;
    double const spread[3] = {1, 1.0 / 3, aspect * aspect / 3};
    std::vector<double> const b = basis();
    for (std::size_t i = 0, k = 0; i < m_images.size(); ++i) {
        if (m_images[i].fixed) continue;
        double variance = 0;
        for (std::size_t a = 0; a < 6 && covariance; ++a)
            for (std::size_t f = 0; f < free; ++f)
                for (std::size_t g = 0; g < free; ++g)
                    variance += spread[a % 3] * b[a * free + f] * b[a * free + g] *
                                (*covariance)[(free * k + f) * size + free * k + g];
        // The likelihood is half the samples times the log determinant.
        result.errors_px[i] =
            covariance && variance >= 0 ? doubt * std::sqrt(variance * 2 / result.independent_samples) : 1e3;
        ++k;
    }
}

Result<JointResult> Joint::run() {
    MG_TRY(State state, evaluate(m_maps, nullptr));
    if (state.log_det > 1e8)
        return Error{ErrorCode::bad_value,
                     "the images overlap too little, or one of them is blank, to be aligned together"};
    double damping = 0.01;
    for (int iteration = 0; iteration < m_settings.iterations; ++iteration) {
        MG_TRY(System system, linearise(state));
        std::vector<double> gradient, curvature;
        project(system, gradient, curvature);
        std::size_t const size = gradient.size();
        double moved_px = 0;
        bool better = false;
        for (int attempt = 0; attempt < 6 && !better; ++attempt) {
            std::vector<double> damped = curvature;
            for (std::size_t i = 0; i < size; ++i) damped[i * size + i] += damping * curvature[i * size + i] + 1e-300;
            auto const factor = cholesky(damped, static_cast<int>(size));
            if (factor) {
                std::vector<double> step = gradient;
                for (double& value : step) value = -value;
                solve_cholesky(*factor, static_cast<int>(size), step);
                MG_TRY(State next, evaluate(moved(state.maps, step, moved_px), &state));
                if (next.log_det < state.log_det) {
                    state = std::move(next);
                    better = true;
                }
            }
            damping = better ? std::max(damping / 10, 1e-6) : std::max(damping * 10, 0.1);
        }
        if (!better || moved_px < m_settings.enough_px) break;
    }
    JointResult result;
    add_errors(state, result);
    result.correlations = correlations(state);
    result.log_det = state.log_det;
    result.overlap = state.weight_sum / double(m_settings.grid.area());
    result.maps = std::move(state.maps);
    return result;
}

} // namespace

Result<JointResult> jointly_registered(std::span<JointImage const> images, JointSettings const& settings, Work& work) {
    bool any_fixed = false;
    for (JointImage const& image : images) any_fixed = any_fixed || image.fixed;
    if (images.size() < 2 || !any_fixed || settings.grid.width < 8 || settings.grid.height < 8)
        return Error{ErrorCode::bad_value, "a joint registration needs two images and one that stays"};
    return Joint(images, settings, work).run();
}

} // namespace mg
