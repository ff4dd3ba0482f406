// Affine warps. The cubic B-spline is made interpolating by Unser's recursive prefilter; 16 coefficients per sample.
#include "ops/resample_warp.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/clones.h"
#include "math/portable.h"

namespace mg {
namespace {

constexpr float k_pole = -0.267949192431122706F; // sqrt(3) - 2
constexpr int k_horizon = 16;                    // the pole to this power is below a float's last bit

/// Index mirrored about the first and last pixel centres.
int mirrored(int i, int n) {
    if (n == 1) return 0;
    int period = 2 * (n - 1);
    i = std::abs(i) % period;
    return i < n ? i : period - i;
}

/// First value of the causal pass over n samples read by `at`.
template <class At>
float causal_start(At at, int n) {
    float sum = 0;
    for (int k = k_horizon; k-- > 0;) sum = sum * k_pole + at(mirrored(k, n));
    return sum;
}

constexpr float k_end = k_pole / (k_pole * k_pole - 1);

/// Rows of n > 1 samples, several at once, since each value waits for its neighbour's.
template <int Rows>
void prefilter_along(float* first, std::ptrdiff_t stride, int n) {
    float* rows[Rows];
    float value[Rows];
    for (int r = 0; r < Rows; ++r) {
        float* row = rows[r] = first + r * stride;
        row[0] = value[r] = causal_start([&](int i) { return row[i]; }, n);
    }
    for (int x = 1; x < n; ++x)
        for (int r = 0; r < Rows; ++r) rows[r][x] = value[r] = rows[r][x] + k_pole * value[r];
    for (int r = 0; r < Rows; ++r) {
        value[r] = k_end * (rows[r][n - 1] + k_pole * rows[r][n - 2]);
        rows[r][n - 1] = 6 * value[r];
    }
    for (int x = n - 2; x >= 0; --x)
        for (int r = 0; r < Rows; ++r) {
            value[r] = k_pole * (value[r] - rows[r][x]);
            rows[r][x] = 6 * value[r];
        }
}

MG_CLONES void causal_row(float* __restrict row, float const* __restrict previous, int n) {
    for (int x = 0; x < n; ++x) row[x] += k_pole * previous[x];
}
MG_CLONES void anticausal_row(float* __restrict row, float const* __restrict next, int n) {
    for (int x = 0; x < n; ++x) row[x] = k_pole * (next[x] - row[x]);
}
MG_CLONES void scale_row(float* __restrict row, int n) {
    for (int x = 0; x < n; ++x) row[x] *= 6;
}

void prefilter(Plane& plane) {
    int width = plane.width(), height = plane.height();
    int y0 = 0;
    if (width > 1) {
        for (; y0 + 8 <= height; y0 += 8) prefilter_along<8>(plane.row(y0), width, width);
        for (; y0 < height; ++y0) prefilter_along<1>(plane.row(y0), width, width);
    }
    if (height == 1) return;
    for (int x = 0; x < width; ++x) plane.at(x, 0) = causal_start([&](int i) { return plane.at(x, i); }, height);
    for (int y = 1; y < height; ++y) causal_row(plane.row(y), plane.row(y - 1), width);
    float *last = plane.row(height - 1), *above = plane.row(height - 2);
    for (int x = 0; x < width; ++x) last[x] = k_end * (last[x] + k_pole * above[x]);
    for (int y = height - 2; y >= 0; --y) anticausal_row(plane.row(y), plane.row(y + 1), width);
    for (int y = 0; y < height; ++y) scale_row(plane.row(y), width);
}

struct Weights {
    float w[4];
};
/// Cubic B-spline at distances 1 + t, t, 1 - t, 2 - t.
inline Weights spline_weights(float t) {
    constexpr float k_sixth = 1.0F / 6, k_half = 0.5F, k_two_thirds = 2.0F / 3;
    float u = 1 - t;
    return {{u * u * u * k_sixth, (k_half * t - 1) * t * t + k_two_thirds, (k_half * u - 1) * u * u + k_two_thirds,
             t * t * t * k_sixth}};
}

/// Of x >= -1.
inline int floor_of(double x) {
    return static_cast<int>(x + 1) - 1;
}

/// The sample at (x, y) of coefficients; `Mirror`: their neighbours may lie beyond the borders.
template <bool Mirror>
inline float spline_sample(ImageView<float const> c, double x, double y) {
    int fx = floor_of(x), fy = floor_of(y);
    Weights wx = spline_weights(static_cast<float>(x - fx)), wy = spline_weights(static_cast<float>(y - fy));
    float lanes[4] = {};
    if constexpr (Mirror) {
        for (int j = 0; j < 4; ++j) {
            float const* row = c.row(mirrored(fy - 1 + j, c.height()));
            for (int i = 0; i < 4; ++i) lanes[i] += wy.w[j] * row[mirrored(fx - 1 + i, c.width())];
        }
    } else {
        float const* p = c.row(fy - 1) + fx - 1;
        for (int j = 0; j < 4; ++j, p += c.stride)
            for (int i = 0; i < 4; ++i) lanes[i] += wy.w[j] * p[i];
    }
    return (lanes[0] * wx.w[0] + lanes[1] * wx.w[1]) + (lanes[2] * wx.w[2] + lanes[3] * wx.w[3]);
}

inline float linear_sample(ImageView<float const> image, double x, double y) {
    x = std::clamp(x, 0.0, image.width() - 1.0);
    y = std::clamp(y, 0.0, image.height() - 1.0);
    int x0 = static_cast<int>(x), y0 = static_cast<int>(y);
    float tx = static_cast<float>(x - x0), ty = static_cast<float>(y - y0);
    float const* p = image.row(y0) + x0;
    std::ptrdiff_t right = x0 + 1 < image.width() ? 1 : 0, down = y0 + 1 < image.height() ? image.stride : 0;
    float top = p[0] * (1 - tx) + p[right] * tx;
    float bottom = p[down] * (1 - tx) + p[down + right] * tx;
    return top * (1 - ty) + bottom * ty;
}

/// At least `margin` within the outermost pixel centres; a hair's breadth of rounding is forgiven.
inline bool inside(Size size, Point p, double margin) {
    margin -= 1e-6;
    return p.x >= margin && p.y >= margin && p.x <= size.width - 1 - margin && p.y <= size.height - 1 - margin;
}
constexpr double k_outer_border = -0.5;

inline int nearest(double x, int n) {
    return std::clamp(static_cast<int>(std::floor(x + 0.5)), 0, n - 1);
}

/// The pixels of output row y whose sources lie inside with that margin: one run, since the source is convex.
struct Run {
    int first, end;
};
Run run_inside(Size source, WarpSpec const& spec, int y, double margin) {
    auto is_inside = [&](int x) {
        return inside(source, spec.to_source({static_cast<double>(x), static_cast<double>(y)}), margin);
    };
    Run run{0, spec.size.width};
    while (run.first < run.end && !is_inside(run.first)) ++run.first;
    while (run.first < run.end && !is_inside(run.end - 1)) --run.end;
    return run;
}

template <Interpolation How>
inline void warp_row(float* __restrict out, ImageView<float const> source, WarpSpec const& spec, int y) {
    Run all = run_inside(source.size, spec, y, k_outer_border);
    auto place = [&](int x) { return spec.to_source({static_cast<double>(x), static_cast<double>(y)}); };
    auto sample = [&](int first, int end) {
        for (int x = first; x < end; ++x) {
            Point p = place(x);
            if constexpr (How == Interpolation::cubic_spline)
                out[x] = spline_sample<true>(source, p.x, p.y);
            else if constexpr (How == Interpolation::linear)
                out[x] = linear_sample(source, p.x, p.y);
            else
                out[x] = source.at(nearest(p.x, source.width()), nearest(p.y, source.height()));
        }
    };
    std::fill(out, out + all.first, 0.0F);
    std::fill(out + all.end, out + spec.size.width, 0.0F);
    if constexpr (How == Interpolation::cubic_spline) {
        // Far enough inside that no neighbour needs a look at the border.
        Run deep = run_inside(source.size, spec, y, 1.001);
        if (deep.first >= deep.end) deep = {all.first, all.first};
        sample(all.first, deep.first);
        for (int x = deep.first; x < deep.end; ++x) {
            Point p = place(x);
            out[x] = spline_sample<false>(source, p.x, p.y);
        }
        sample(deep.end, all.end);
    } else {
        sample(all.first, all.end);
    }
}
MG_CLONES void warp_row_spline(float* out, ImageView<float const> coefficients, WarpSpec const& spec, int y) {
    warp_row<Interpolation::cubic_spline>(out, coefficients, spec, y);
}
MG_CLONES void warp_row_linear(float* out, ImageView<float const> source, WarpSpec const& spec, int y) {
    warp_row<Interpolation::linear>(out, source, spec, y);
}

Status check_size(Size source) {
    if (source.empty()) return Error{ErrorCode::bad_value, "an image needs at least one pixel in each direction"};
    return Done{};
}

} // namespace

Result<Plane> warped(ImageView<float const> source, WarpSpec const& spec) {
    MG_TRY_DO(check_size(source.size));
    MG_TRY(Plane out, Plane::create(spec.size));
    Plane coefficients;
    if (spec.interpolation == Interpolation::cubic_spline) {
        MG_TRY(coefficients, Plane::create(source.size));
        for (int y = 0; y < source.height(); ++y)
            std::copy(source.row(y), source.row(y) + source.width(), coefficients.row(y));
        prefilter(coefficients);
    }
    for (int y = 0; y < spec.size.height; ++y) {
        switch (spec.interpolation) {
        case Interpolation::nearest:
            warp_row<Interpolation::nearest>(out.row(y), source, spec, y);
            break;
        case Interpolation::linear:
            warp_row_linear(out.row(y), source, spec, y);
            break;
        case Interpolation::cubic_spline:
            warp_row_spline(out.row(y), coefficients.view(), spec, y);
            break;
        }
    }
    return out;
}

Result<Mask> warped_mask(ImageView<std::uint8_t const> source, WarpSpec const& spec) {
    MG_TRY_DO(check_size(source.size));
    MG_TRY(Mask out, Mask::create(spec.size));
    int width = source.width(), height = source.height();
    for (int y = 0; y < spec.size.height; ++y) {
        for (int x = 0; x < spec.size.width; ++x) {
            Point p = spec.to_source({static_cast<double>(x), static_cast<double>(y)});
            unsigned bits = inside(source.size, p, k_outer_border) ? 0U : unsigned{k_mask_outside};
            // A quarter pixel each way, so that a line of one pixel stays whole.
            if (!bits && source.data)
                for (double dy : {-0.25, 0.25})
                    for (double dx : {-0.25, 0.25})
                        bits |= source.at(nearest(p.x + dx, width), nearest(p.y + dy, height));
            out.at(x, y) = static_cast<std::uint8_t>(bits);
        }
    }
    return out;
}

SineCosine sine_cosine_deg(double angle_deg) {
    double quarter = std::floor(angle_deg / 90 + 0.5);
    double rest = (angle_deg - quarter * 90) * (std::numbers::pi / 180);
    double s = sin_portable(rest), c = cos_portable(rest);
    switch (static_cast<int>(quarter - 4 * std::floor(quarter / 4))) {
    case 1:
        return {c, -s};
    case 2:
        return {-s, -c};
    case 3:
        return {-c, s};
    default:
        return {s, c};
    }
}

Affine turn_to_source(Turn const& turn) {
    auto [s, c] = sine_cosine_deg(turn.angle_deg);
    // Backwards by the angle, in physical lengths; y runs down, so clockwise is positive.
    Affine out_centre = Affine::translation(-(turn.size.width - 1) / 2.0, -(turn.size.height - 1) / 2.0);
    Affine back{c, s, 0, -s, c, 0};
    Affine to_pixels = Affine::scaling(turn.pitch / turn.pitch_x, turn.pitch / turn.pitch_y);
    // Anisotropic pixels: turn in physical space first, then divide each axis by its own pitch.
    Affine in_centre = Affine::translation((turn.source.width - 1) / 2.0, (turn.source.height - 1) / 2.0);
    return in_centre.after(to_pixels.after(back.after(out_centre)));
}

} // namespace mg
