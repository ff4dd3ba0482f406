// Affine and projective warps. The cubic B-spline is made interpolating by Unser's recursive prefilter; 16 coefficients
// per sample. Along a row, places and weights are computed for a stretch of pixels at once, in loops that vectorise; only
// the sum over the source is pixel by pixel. Lanczos and whatever shrinks takes weights from a table of its kernel.
#include "ops/resample_warp.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "base/clones.h"
#include "math/portable.h"
#include "ops/border.h"
#include "ops/resample.h"

namespace mg {
namespace {

constexpr float k_pole = -0.267949192431122706F; // sqrt(3) - 2
constexpr int k_horizon = 16;                    // the pole to this power is below a float's last bit

/// First value of the causal pass over n samples read by `at`.
template <class At>
float causal_start(At at, int n) {
    float sum = 0;
    for (int k = k_horizon; k-- > 0;) sum = sum * k_pole + at(mirrored_about_centre(k, n));
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

void prefilter(Plane& plane, bool along_x) {
    int width = plane.width(), height = plane.height();
    int y0 = 0;
    if (along_x && width > 1) {
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

/// Of x >= -1.
inline int floor_of(double x) {
    return static_cast<int>(x + 1) - 1;
}

/// Where a map's divisor is not positive there is no picture: far outside.
constexpr double k_nowhere = -1e30;
inline Point placed(Affine const& map, double x, double y) {
    return map({x, y});
}
inline Point placed(Projective const& map, double x, double y) {
    double w = map.px * x + map.py * y + 1;
    Point p = map.affine({x, y});
    return w > 1e-9 ? Point{p.x / w, p.y / w} : Point{k_nowhere, k_nowhere};
}

/// At least `margin` within the outermost pixel centres; a hair's breadth of rounding is forgiven.
constexpr double k_hair = 1e-6;
Region within(Size size, double margin) {
    return {margin, margin, size.width - 1 - margin, size.height - 1 - margin};
}
inline bool inside(Region const& region, Point p) {
    return p.x >= region.left - k_hair && p.y >= region.top - k_hair && p.x <= region.right + k_hair &&
           p.y <= region.bottom + k_hair;
}
constexpr double k_outer_border = -0.5;

inline int nearest(double x, int n) {
    return std::clamp(static_cast<int>(std::floor(x + 0.5)), 0, n - 1);
}

/// A stretch of pixels of one row.
constexpr int k_stretch = 64;
struct Places {
    double x[k_stretch], y[k_stretch];
};
template <class Map>
inline void find_places(Places& at, Map const& map, int first, int count, int y) {
    for (int i = 0; i < count; ++i) {
        Point p = placed(map, static_cast<double>(first + i), static_cast<double>(y));
        at.x[i] = p.x;
        at.y[i] = p.y;
    }
}

/// Cubic B-spline at distances 1 + t, t, 1 - t, 2 - t.
struct SplineTaps {
    int start[k_stretch];         ///< source index of the first of four neighbours
    float weights[4][k_stretch];
};
inline void find_taps(SplineTaps& taps, double const* at, int count) {
    constexpr float k_sixth = 1.0F / 6, k_half = 0.5F, k_two_thirds = 2.0F / 3;
    for (int i = 0; i < count; ++i) {
        int below = floor_of(at[i]);
        float t = static_cast<float>(at[i] - below), u = 1 - t;
        taps.start[i] = below - 1;
        taps.weights[0][i] = u * u * u * k_sixth;
        taps.weights[1][i] = (k_half * t - 1) * t * t + k_two_thirds;
        taps.weights[2][i] = (k_half * u - 1) * u * u + k_two_thirds;
        taps.weights[3][i] = t * t * t * k_sixth;
    }
}
/// Samples of spline coefficients; `Mirror`: neighbours may lie beyond the borders.
template <bool Mirror, class Map>
inline void spline_stretch(float* __restrict out, ImageView<float const> c, Map const& map, int first, int count, int y) {
    Places at;
    SplineTaps along_x, along_y;
    find_places(at, map, first, count, y);
    find_taps(along_x, at.x, count);
    find_taps(along_y, at.y, count);
    for (int i = 0; i < count; ++i) {
        float lanes[4] = {};
        if constexpr (Mirror) {
            for (int j = 0; j < 4; ++j) {
                float const* row = c.row(mirrored_about_centre(along_y.start[i] + j, c.height()));
                for (int k = 0; k < 4; ++k)
                    lanes[k] += along_y.weights[j][i] * row[mirrored_about_centre(along_x.start[i] + k, c.width())];
            }
        } else {
            float const* p = c.row(along_y.start[i]) + along_x.start[i];
            for (int j = 0; j < 4; ++j, p += c.stride)
                for (int k = 0; k < 4; ++k) lanes[k] += along_y.weights[j][i] * p[k];
        }
        out[i] = (lanes[0] * along_x.weights[0][i] + lanes[1] * along_x.weights[1][i]) +
                 (lanes[2] * along_x.weights[2][i] + lanes[3] * along_x.weights[3][i]);
    }
}

template <class Map>
inline void linear_stretch(float* __restrict out, ImageView<float const> image, Map const& map, int first, int count,
                           int y) {
    Places at;
    find_places(at, map, first, count, y);
    double right_end = image.width() - 1.0, bottom_end = image.height() - 1.0;
    for (int i = 0; i < count; ++i) {
        double x = std::clamp(at.x[i], 0.0, right_end), v = std::clamp(at.y[i], 0.0, bottom_end);
        int x0 = static_cast<int>(x), y0 = static_cast<int>(v);
        float tx = static_cast<float>(x - x0), ty = static_cast<float>(v - y0);
        float const* p = image.row(y0) + x0;
        std::ptrdiff_t right = x0 + 1 < image.width() ? 1 : 0, down = y0 + 1 < image.height() ? image.stride : 0;
        float top = p[0] * (1 - tx) + p[right] * tx;
        float bottom = p[down] * (1 - tx) + p[down + right] * tx;
        out[i] = top * (1 - ty) + bottom * ty;
    }
}

/// A symmetric kernel at distances of 1 / k_steps source pixels, then linear between.
struct KernelTable {
    static constexpr int k_steps = 1024;
    double radius = 1;
    std::vector<float> values;
    /// At a distance in steps; the last entries are zeros, for the edge and beyond.
    float operator()(float steps) const {
        float at = std::min(std::fabs(steps), static_cast<float>(values.size() - 2));
        int i = static_cast<int>(at);
        float t = at - static_cast<float>(i);
        float const* p = values.data() + i;
        return p[0] + t * (p[1] - p[0]);
    }
};
double sinc(double x) {
    if (x == 0) return 1;
    double angle = std::numbers::pi * x;
    return sin_portable(angle) / angle;
}
KernelTable table_of(Interpolation interpolation) {
    bool is_linear = interpolation == Interpolation::linear;
    KernelTable table{.radius = is_linear ? 1.0 : 3.0};
    int count = static_cast<int>(table.radius) * KernelTable::k_steps;
    for (int i = 0; i < count; ++i) {
        double x = static_cast<double>(i) / KernelTable::k_steps;
        table.values.push_back(static_cast<float>(is_linear ? 1 - x : sinc(x) * sinc(x / 3)));
    }
    table.values.insert(table.values.end(), 2, 0.0F);
    return table;
}

constexpr double k_largest_shrink = 64;
constexpr int k_most_taps = static_cast<int>(6 * k_largest_shrink) + 2;
/// Weights of the neighbours of one place along one axis, summing to 1; beyond the border the edge pixel goes on.
struct TableTaps {
    int start = 0, count = 0;
    float weights[k_most_taps];
};
inline void find_taps(TableTaps& taps, KernelTable const& kernel, double widening, double at, int n) {
    double radius = kernel.radius * widening;
    int first = static_cast<int>(std::floor(at - radius)) + 1;
    int reach = static_cast<int>(std::floor(at + radius)) - first + 1;
    taps.count = std::min(reach, n);
    taps.start = std::clamp(first, 0, n - taps.count);
    auto nearest_step = static_cast<float>((first - at) * KernelTable::k_steps / widening);
    auto step = static_cast<float>(KernelTable::k_steps / widening);
    float found[k_most_taps];
    for (int j = 0; j < reach; ++j) found[j] = kernel(nearest_step + static_cast<float>(j) * step);
    float sum = 0;
    for (int j = 0; j < reach; ++j) sum += found[j];
    float share = 1 / sum;
    if (taps.count == reach && taps.start == first) {
        for (int j = 0; j < reach; ++j) taps.weights[j] = found[j] * share;
        return;
    }
    std::fill(taps.weights, taps.weights + taps.count, 0.0F);
    for (int j = 0; j < reach; ++j) taps.weights[std::clamp(first + j, 0, n - 1) - taps.start] += found[j] * share;
}
inline float sum_over(ImageView<float const> source, TableTaps const& along_x, TableTaps const& along_y) {
    // Four partial sums in a fixed order, whatever the vector width.
    float lanes[4] = {};
    for (int j = 0; j < along_y.count; ++j) {
        float const* row = source.row(along_y.start + j) + along_x.start;
        float sums[4] = {};
        int i = 0;
        for (; i + 4 <= along_x.count; i += 4)
            for (int k = 0; k < 4; ++k) sums[k] += row[i + k] * along_x.weights[i + k];
        for (; i < along_x.count; ++i) sums[0] += row[i] * along_x.weights[i];
        for (int k = 0; k < 4; ++k) lanes[k] += along_y.weights[j] * sums[k];
    }
    return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}

template <class Map>
PixelRun run_in(Region const& region, Map const& map, int width, int y) {
    auto is_inside = [&](int x) { return inside(region, placed(map, static_cast<double>(x), static_cast<double>(y))); };
    PixelRun run{0, width};
    while (run.first < run.end && !is_inside(run.first)) ++run.first;
    while (run.first < run.end && !is_inside(run.end - 1)) --run.end;
    return run;
}

template <class Stretch>
inline void in_stretches(int first, int end, Stretch stretch) {
    for (int x = first; x < end; x += k_stretch) stretch(x, std::min(k_stretch, end - x));
}

template <class Map>
inline void spline_row(float* out, ImageView<float const> c, Map const& map, PixelRun all, int y) {
    // Far enough inside that no neighbour needs a look at the border.
    PixelRun deep = run_in(within(c.size, 1.001), map, all.end, y);
    if (deep.first >= deep.end) deep = {all.first, all.first};
    auto at_border = [&](int x, int count) { spline_stretch<true>(out + x, c, map, x, count, y); };
    in_stretches(all.first, deep.first, at_border);
    in_stretches(deep.first, deep.end, [&](int x, int count) { spline_stretch<false>(out + x, c, map, x, count, y); });
    in_stretches(deep.end, all.end, at_border);
}
MG_CLONES void spline_row_affine(float* out, ImageView<float const> c, Affine const& map, PixelRun all, int y) {
    spline_row(out, c, map, all, y);
}
MG_CLONES void spline_row_projective(float* out, ImageView<float const> c, Projective const& map, PixelRun all, int y) {
    spline_row(out, c, map, all, y);
}
MG_CLONES void linear_row_affine(float* out, ImageView<float const> source, Affine const& map, PixelRun all, int y) {
    in_stretches(all.first, all.end, [&](int x, int count) { linear_stretch(out + x, source, map, x, count, y); });
}
MG_CLONES void linear_row_projective(float* out, ImageView<float const> source, Projective const& map, PixelRun all,
                                     int y) {
    in_stretches(all.first, all.end, [&](int x, int count) { linear_stretch(out + x, source, map, x, count, y); });
}

MG_CLONES void table_row(float* out, ImageView<float const> source, WarpSpec const& spec, KernelTable const& kernel,
                         Scales const& widening, PixelRun all, int y) {
    TableTaps along_x, along_y;
    for (int x = all.first; x < all.end; ++x) {
        Point p = placed(spec.to_source, x, y);
        find_taps(along_x, kernel, widening.x, p.x, source.width());
        find_taps(along_y, kernel, widening.y, p.y, source.height());
        out[x] = sum_over(source, along_x, along_y);
    }
}

PixelRun run_of(WarpSpec const& spec, Region const& region, int y) {
    return spec.to_source.is_affine() ? run_in(region, spec.to_source.affine, spec.size.width, y)
                                      : run_in(region, spec.to_source, spec.size.width, y);
}

Status check_size(Size source) {
    if (source.empty()) return Error{ErrorCode::bad_value, "an image needs at least one pixel in each direction"};
    return Done{};
}

Result<Plane> copied(ImageView<float const> source) {
    MG_TRY(Plane copy, Plane::create(source.size));
    for (int y = 0; y < source.height(); ++y) std::copy(source.row(y), source.row(y) + source.width(), copy.row(y));
    return copy;
}
Result<Plane> spline_coefficients(ImageView<float const> source, bool along_x) {
    MG_TRY(Plane coefficients, copied(source));
    prefilter(coefficients, along_x);
    return coefficients;
}

/// A map that shrinks less than this keeps its kernel.
constexpr double k_least_shrink = 1.05;
Scales widening_of(WarpSpec const& spec) {
    if (!spec.antialias || spec.interpolation == Interpolation::nearest) return {};
    Scales scales = scales_of(spec.to_source, spec.size);
    auto widening = [](double scale) { return scale > k_least_shrink ? std::min(scale, k_largest_shrink) : 1.0; };
    return {widening(scales.x), widening(scales.y)};
}

/// Output rows and columns that lie on the source, and the rest is 0.
Result<Plane> warped_along_axes(ImageView<float const> source, WarpSpec const& spec, Scales const& widening) {
    Affine const& map = spec.to_source.affine;
    Region frame = within(source.size, k_outer_border);
    auto run_along = [](double first, double step, double low, double high, int n) {
        PixelRun run{0, n};
        auto is_inside = [&](int i) {
            double at = first + i * step;
            return at >= low - k_hair && at <= high + k_hair;
        };
        while (run.first < run.end && !is_inside(run.first)) ++run.first;
        while (run.first < run.end && !is_inside(run.end - 1)) --run.end;
        return run;
    };
    PixelRun columns = run_along(map.tx, map.a, frame.left, frame.right, spec.size.width);
    PixelRun rows = run_along(map.ty, map.d, frame.top, frame.bottom, spec.size.height);
    if (columns.first >= columns.end || rows.first >= rows.end) return Plane::filled(spec.size, 0.0F);

    bool shrinks = widening.x > 1 || widening.y > 1;
    bool spline = spec.interpolation == Interpolation::cubic_spline && !shrinks;
    Kernel kernel = spline                                           ? Kernel::b_spline
                    : spec.interpolation == Interpolation::linear ? Kernel::linear
                                                                  : Kernel::lanczos3;
    ResizeSpec resize{.size = {columns.end - columns.first, rows.end - rows.first},
                      .kernel = kernel,
                      .x = Sampling{map.tx + columns.first * map.a, map.a},
                      .y = Sampling{map.ty + rows.first * map.d, map.d},
                      .antialias = shrinks};
    Plane coefficients;
    if (spline) {
        bool same_columns = resize.x == Sampling{0, 1} && resize.size.width == source.width();
        if (same_columns && resize.y == Sampling{0, 1} && spec.size == source.size) return copied(source);
        MG_TRY(coefficients, spline_coefficients(source, !same_columns));
        source = coefficients.view();
    }
    MG_TRY(Plane part, resized(source, resize));
    if (part.size() == spec.size) return part;
    MG_TRY(Plane out, Plane::filled(spec.size, 0.0F));
    for (int y = rows.first; y < rows.end; ++y)
        std::copy(part.row(y - rows.first), part.row(y - rows.first) + part.width(), out.row(y) + columns.first);
    return out;
}

Result<Plane> warped_by_table(ImageView<float const> source, WarpSpec const& spec, Scales const& widening) {
    MG_TRY(Plane out, Plane::create(spec.size));
    KernelTable kernel = table_of(spec.interpolation);
    for (int y = 0; y < spec.size.height; ++y) {
        float* row = out.row(y);
        std::fill(row, row + spec.size.width, 0.0F);
        table_row(row, source, spec, kernel, widening, run_of(spec, within(source.size, k_outer_border), y), y);
    }
    return out;
}

} // namespace

Scales scales_of(Projective const& to_source, Size output) {
    // Slopes at the middle; those of an affine map are its own.
    Point middle{(output.width - 1) / 2.0, (output.height - 1) / 2.0}, at = to_source(middle);
    double w = to_source.px * middle.x + to_source.py * middle.y + 1;
    Affine const& m = to_source.affine;
    double a = (m.a - at.x * to_source.px) / w, b = (m.b - at.x * to_source.py) / w;
    double c = (m.c - at.y * to_source.px) / w, d = (m.d - at.y * to_source.py) / w;
    return {std::sqrt(a * a + b * b), std::sqrt(c * c + d * d)};
}

PixelRun run_within(Region const& source, WarpSpec const& spec, int y) {
    return run_of(spec, source, y);
}

Result<Plane> warped(ImageView<float const> source, WarpSpec const& spec) {
    MG_TRY_DO(check_size(source.size));
    Scales widening = widening_of(spec);
    Affine const& affine = spec.to_source.affine;
    bool is_affine = spec.to_source.is_affine(), is_nearest = spec.interpolation == Interpolation::nearest;
    if (!is_nearest) {
        if (is_affine && affine.b == 0 && affine.c == 0 && affine.a > 0 && affine.d > 0)
            return warped_along_axes(source, spec, widening);
        if (widening.x > 1 || widening.y > 1 || spec.interpolation == Interpolation::lanczos3)
            return warped_by_table(source, spec, widening);
    }
    MG_TRY(Plane out, Plane::create(spec.size));
    Plane coefficients;
    if (spec.interpolation == Interpolation::cubic_spline) {
        MG_TRY(coefficients, spline_coefficients(source, true));
    }
    Region frame = within(source.size, k_outer_border);
    for (int y = 0; y < spec.size.height; ++y) {
        PixelRun all = run_of(spec, frame, y);
        float* row = out.row(y);
        std::fill(row, row + all.first, 0.0F);
        std::fill(row + all.end, row + spec.size.width, 0.0F);
        if (is_nearest) {
            for (int x = all.first; x < all.end; ++x) {
                Point p = placed(spec.to_source, x, y);
                row[x] = source.at(nearest(p.x, source.width()), nearest(p.y, source.height()));
            }
        } else if (spec.interpolation == Interpolation::linear) {
            if (is_affine)
                linear_row_affine(row, source, affine, all, y);
            else
                linear_row_projective(row, source, spec.to_source, all, y);
        } else {
            if (is_affine)
                spline_row_affine(row, coefficients.view(), affine, all, y);
            else
                spline_row_projective(row, coefficients.view(), spec.to_source, all, y);
        }
    }
    return out;
}

Result<Mask> warped_mask(ImageView<std::uint8_t const> source, WarpSpec const& spec) {
    MG_TRY_DO(check_size(source.size));
    MG_TRY(Mask out, Mask::create(spec.size));
    int width = source.width(), height = source.height();
    Scales widening = widening_of(spec);
    // At least a quarter pixel each way, so that a line of one pixel stays whole; what is no more than touched not.
    auto half_of = [](double width_px) { return width_px > 1 ? width_px / 2 - 0.05 : 0.25; };
    double half_x = half_of(widening.x), half_y = half_of(widening.y);
    for (int y = 0; y < spec.size.height; ++y) {
        PixelRun all = run_of(spec, within(source.size, k_outer_border), y);
        std::uint8_t* row = out.row(y);
        std::fill(row, row + spec.size.width, std::uint8_t{k_mask_outside});
        std::fill(row + all.first, row + std::max(all.first, all.end), std::uint8_t{0});
        if (!source.data) continue;
        for (int x = all.first; x < all.end; ++x) {
            Point p = placed(spec.to_source, x, y);
            unsigned bits = 0;
            for (int v = nearest(p.y - half_y, height), last = nearest(p.y + half_y, height); v <= last; ++v)
                for (int u = nearest(p.x - half_x, width), end = nearest(p.x + half_x, width); u <= end; ++u)
                    bits |= source.at(u, v);
            row[x] = static_cast<std::uint8_t>(bits);
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
