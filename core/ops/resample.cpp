// Resizing with taps computed once per output row and column. Eight output rows at a time: blended from source rows,
// then interleaved, so that the horizontal pass too is a plain loop over neighbouring floats. No clamping to the
// input's range here, no gamma: values are taken to be linear.
#include "ops/resample.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <vector>

#include "base/clones.h"
#include "math/portable.h"
#include "ops/border.h"

namespace mg {
namespace {

constexpr int k_lanes = 8;

/// Half the width of a kernel in source pixels, at a step of 1.
double radius_of(Kernel kernel) {
    switch (kernel) {
    case Kernel::nearest:
        return 0.5;
    case Kernel::linear:
        return 1;
    case Kernel::cubic:
    case Kernel::b_spline:
        return 2;
    case Kernel::lanczos3:
        return 3;
    case Kernel::area:
        return 0.5;
    }
    return 1;
}

double sinc(double x) {
    if (x == 0) return 1;
    double angle = std::numbers::pi * x;
    return sin_portable(angle) / angle;
}

double kernel_value(Kernel kernel, double x) {
    x = std::fabs(x);
    switch (kernel) {
    case Kernel::linear:
        return x < 1 ? 1 - x : 0;
    case Kernel::cubic:
        if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
        return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    case Kernel::lanczos3:
        return x < 3 ? sinc(x) * sinc(x / 3) : 0;
    case Kernel::b_spline:
        if (x < 1) return (0.5 * x - 1) * x * x + 2.0 / 3;
        return x < 2 ? (2 - x) * (2 - x) * (2 - x) / 6 : 0;
    case Kernel::nearest:
    case Kernel::area:
        break;
    }
    return 1;
}

/// For each output pixel `count` neighbouring source pixels from `start`, all inside the source.
struct Taps {
    int count = 1;
    std::vector<int> start;
    std::vector<float> weights;
};

Taps make_taps(int source, int size, Sampling const& sampling, Kernel kernel, bool antialias) {
    bool widened = antialias && kernel != Kernel::nearest && kernel != Kernel::b_spline;
    double widening = widened ? std::max(1.0, sampling.step) : 1.0;
    double radius = radius_of(kernel) * widening;
    int reach =
        kernel == Kernel::nearest ? 1 : static_cast<int>(std::ceil(2 * radius)) + (kernel == Kernel::area ? 1 : 0);
    Taps taps;
    taps.count = std::min(reach, source);
    taps.start.resize(static_cast<std::size_t>(size));
    taps.weights.resize(static_cast<std::size_t>(size) * static_cast<std::size_t>(taps.count));
    std::vector<double> weights(static_cast<std::size_t>(taps.count));
    for (int i = 0; i < size; ++i) {
        double centre = std::clamp(sampling(i), -0.5, source - 0.5);
        int first = 0;
        switch (kernel) {
        case Kernel::nearest:
        case Kernel::area:
            first = static_cast<int>(std::floor(centre - (kernel == Kernel::area ? radius : 0) + 0.5));
            break;
        default:
            first = static_cast<int>(std::floor(centre - radius)) + 1;
        }
        int start = std::clamp(first, 0, source - taps.count);
        std::fill(weights.begin(), weights.end(), 0.0);
        double sum = 0;
        for (int j = first; j < first + reach; ++j) {
            double weight = 1;
            if (kernel == Kernel::area)
                weight = std::max(0.0, std::min(j + 0.5, centre + radius) - std::max(j - 0.5, centre - radius));
            else if (kernel != Kernel::nearest)
                weight = kernel_value(kernel, (j - centre) / widening);
            int at = kernel == Kernel::b_spline ? mirrored_about_centre(j, source) : std::clamp(j, 0, source - 1);
            weights[static_cast<std::size_t>(at - start)] += weight;
            sum += weight;
        }
        taps.start[static_cast<std::size_t>(i)] = start;
        for (int j = 0; j < taps.count; ++j)
            taps.weights[static_cast<std::size_t>(i) * static_cast<std::size_t>(taps.count) +
                         static_cast<std::size_t>(j)] = static_cast<float>(weights[static_cast<std::size_t>(j)] / sum);
    }
    return taps;
}

/// Two taps and more write one output row: out = sum of weight[j] * row[j], summed in the order of j.
MG_CLONES void blend2(float* __restrict out, float const* a, float const* b, float wa, float wb, int n) {
    for (int x = 0; x < n; ++x) out[x] = a[x] * wa + b[x] * wb;
}
MG_CLONES void blend4(float* __restrict out, float const* a, std::ptrdiff_t stride, float const* w, int n) {
    float const *b = a + stride, *c = b + stride, *d = c + stride;
    float w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3];
    for (int x = 0; x < n; ++x) out[x] = a[x] * w0 + b[x] * w1 + c[x] * w2 + d[x] * w3;
}
MG_CLONES void blend6(float* __restrict out, float const* a, std::ptrdiff_t stride, float const* w, int n) {
    float const *b = a + stride, *c = b + stride, *d = c + stride, *e = d + stride, *f = e + stride;
    float w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3], w4 = w[4], w5 = w[5];
    for (int x = 0; x < n; ++x) out[x] = a[x] * w0 + b[x] * w1 + c[x] * w2 + d[x] * w3 + e[x] * w4 + f[x] * w5;
}
MG_CLONES void add2(float* __restrict out, float const* a, float const* b, float wa, float wb, int n) {
    for (int x = 0; x < n; ++x) out[x] += a[x] * wa + b[x] * wb;
}
MG_CLONES void add1(float* __restrict out, float const* a, float w, int n) {
    for (int x = 0; x < n; ++x) out[x] += a[x] * w;
}

void blend_rows(float* out, float const* first, std::ptrdiff_t stride, float const* weights, int count, int n) {
    switch (count) {
    case 1:
        if (weights[0] == 1)
            std::copy(first, first + n, out);
        else
            blend2(out, first, first, weights[0], 0, n);
        return;
    case 2:
        // On a source row exactly: no arithmetic.
        if (weights[1] == 0)
            std::copy(first, first + n, out);
        else
            blend2(out, first, first + stride, weights[0], weights[1], n);
        return;
    case 4:
        blend4(out, first, stride, weights, n);
        return;
    case 6:
        blend6(out, first, stride, weights, n);
        return;
    default:
        break;
    }
    blend2(out, first, first + stride, weights[0], weights[1], n);
    int j = 2;
    for (; j + 1 < count; j += 2)
        add2(out, first + j * stride, first + (j + 1) * stride, weights[j], weights[j + 1], n);
    if (j < count) add1(out, first + j * stride, weights[j], n);
}

using Four = float __attribute__((vector_size(16)));
Four loaded(float const* p) {
    Four v;
    std::memcpy(&v, p, sizeof v);
    return v;
}
/// 4 x 4 floats, rows to columns.
inline void transpose4(float* to, std::ptrdiff_t to_stride, float const* from, std::ptrdiff_t from_stride) {
    Four a = loaded(from), b = loaded(from + from_stride), c = loaded(from + 2 * from_stride),
         d = loaded(from + 3 * from_stride);
    Four ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    Four cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    Four columns[4] = {
        __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5), __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7),
        __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5), __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7)};
    for (int i = 0; i < 4; ++i) std::memcpy(to + i * to_stride, &columns[i], sizeof(Four));
}
/// Eight rows of n pixels, one after the other, to eight neighbouring lanes.
void interleave(float* __restrict lanes, float const* __restrict rows, int n) {
    int x = 0;
    for (; x + 4 <= n; x += 4)
        for (int r = 0; r < k_lanes; r += 4)
            transpose4(lanes + std::ptrdiff_t{x} * k_lanes + r, k_lanes, rows + std::ptrdiff_t{r} * n + x, n);
    for (; x < n; ++x)
        for (int r = 0; r < k_lanes; ++r) lanes[std::ptrdiff_t{x} * k_lanes + r] = rows[std::ptrdiff_t{r} * n + x];
}
/// And back, to rows `stride` apart, the first `count` of them.
void deinterleave(float* __restrict out, std::ptrdiff_t stride, int count, float const* __restrict lanes, int n) {
    int x = 0;
    if (count == k_lanes)
        for (; x + 4 <= n; x += 4)
            for (int r = 0; r < k_lanes; r += 4)
                transpose4(out + r * stride + x, stride, lanes + std::ptrdiff_t{x} * k_lanes + r, k_lanes);
    for (; x < n; ++x)
        for (int r = 0; r < count; ++r) out[r * stride + x] = lanes[std::ptrdiff_t{x} * k_lanes + r];
}
template <int Count>
void filter_lanes(float* __restrict out, float const* __restrict lanes, Taps const& taps, int n) {
    int count = Count ? Count : taps.count;
    int const* start = taps.start.data();
    float const* weights = taps.weights.data();
    for (int x = 0; x < n; ++x) {
        float const* p = lanes + std::ptrdiff_t{start[x]} * k_lanes;
        float const* w = weights + std::ptrdiff_t{x} * count;
        float sum[k_lanes];
        for (int r = 0; r < k_lanes; ++r) sum[r] = p[r] * w[0];
        for (int j = 1; j < count; ++j)
            for (int r = 0; r < k_lanes; ++r) sum[r] += p[j * k_lanes + r] * w[j];
        for (int r = 0; r < k_lanes; ++r) out[std::ptrdiff_t{x} * k_lanes + r] = sum[r];
    }
}
MG_CLONES void filter_lanes_2(float* out, float const* lanes, Taps const& taps, int n) {
    filter_lanes<2>(out, lanes, taps, n);
}
MG_CLONES void filter_lanes_4(float* out, float const* lanes, Taps const& taps, int n) {
    filter_lanes<4>(out, lanes, taps, n);
}
MG_CLONES void filter_lanes_6(float* out, float const* lanes, Taps const& taps, int n) {
    filter_lanes<6>(out, lanes, taps, n);
}
MG_CLONES void filter_lanes_any(float* out, float const* lanes, Taps const& taps, int n) {
    filter_lanes<0>(out, lanes, taps, n);
}

/// First and last source pixel that output pixel i covers by more than a touch.
struct Span {
    int first, last;
};
Span covered(int source, Sampling const& sampling, int i) {
    double centre = std::clamp(sampling(i), 0.0, source - 1.0);
    double half = std::max(0.0, std::fabs(sampling.step) / 2 - 0.05);
    return {std::clamp(static_cast<int>(std::floor(centre - half + 0.5)), 0, source - 1),
            std::clamp(static_cast<int>(std::ceil(centre + half - 0.5)), 0, source - 1)};
}

} // namespace

Sampling Sampling::of_extent(int from, int to) {
    double step = static_cast<double>(from) / to;
    return {(step - 1) / 2, step};
}
Sampling Sampling::of_step(int from, int to, double step) {
    return {((from - 1) - step * (to - 1)) / 2, step};
}
Sampling Sampling::of_corners(int from, int to) {
    return {0, to > 1 ? (from - 1.0) / (to - 1.0) : 0};
}

Result<Plane> resized(ImageView<float const> source, ResizeSpec const& spec) {
    if (source.size.empty() || spec.size.empty())
        return Error{ErrorCode::bad_value, "an image needs at least one pixel in each direction"};
    Sampling along_x = spec.x.value_or(Sampling::of_extent(source.width(), spec.size.width));
    Sampling along_y = spec.y.value_or(Sampling::of_extent(source.height(), spec.size.height));
    Taps rows = make_taps(source.height(), spec.size.height, along_y, spec.kernel, spec.antialias);
    auto make_row = [&](float* out, int y) {
        auto i = static_cast<std::size_t>(y);
        blend_rows(out, source.row(rows.start[i]), source.stride,
                   &rows.weights[i * static_cast<std::size_t>(rows.count)], rows.count, source.width());
    };
    MG_TRY(Plane out, Plane::create(spec.size));
    if (source.width() == spec.size.width && along_x == Sampling{0, 1}) {
        for (int y = 0; y < spec.size.height; ++y) make_row(out.row(y), y);
        return out;
    }
    Taps columns = make_taps(source.width(), spec.size.width, along_x, spec.kernel, spec.antialias);
    auto filter = columns.count == 2   ? filter_lanes_2
                  : columns.count == 4 ? filter_lanes_4
                  : columns.count == 6 ? filter_lanes_6
                                       : filter_lanes_any;
    MG_TRY(Plane block, Plane::create({source.width(), k_lanes}));
    MG_TRY(Plane in_lanes, Plane::create({source.width(), k_lanes}));
    MG_TRY(Plane out_lanes, Plane::create({spec.size.width, k_lanes}));
    for (int y = 0; y < spec.size.height; y += k_lanes) {
        int count = std::min(k_lanes, spec.size.height - y);
        for (int r = 0; r < k_lanes; ++r) make_row(block.row(r), std::min(y + r, spec.size.height - 1));
        interleave(in_lanes.data(), block.data(), source.width());
        filter(out_lanes.data(), in_lanes.data(), columns, spec.size.width);
        deinterleave(out.row(y), spec.size.width, count, out_lanes.data(), spec.size.width);
    }
    return out;
}

Result<Mask> resized_mask(ImageView<std::uint8_t const> source, ResizeSpec const& spec) {
    MG_TRY(Mask out, Mask::create(spec.size));
    Sampling along_x = spec.x.value_or(Sampling::of_extent(source.width(), spec.size.width));
    Sampling along_y = spec.y.value_or(Sampling::of_extent(source.height(), spec.size.height));
    std::vector<Span> columns(static_cast<std::size_t>(spec.size.width));
    for (int x = 0; x < spec.size.width; ++x)
        columns[static_cast<std::size_t>(x)] = covered(source.width(), along_x, x);
    for (int y = 0; y < spec.size.height; ++y) {
        Span rows = covered(source.height(), along_y, y);
        for (int x = 0; x < spec.size.width; ++x) {
            Span span = columns[static_cast<std::size_t>(x)];
            unsigned bits = 0;
            for (int v = rows.first; v <= rows.last; ++v)
                for (int u = span.first; u <= span.last; ++u) bits |= source.at(u, v);
            out.at(x, y) = static_cast<std::uint8_t>(bits);
        }
    }
    return out;
}

namespace {
MG_CLONES void halve_rows(float* __restrict out, float const* __restrict a, float const* __restrict b, int n) {
    for (int x = 0; x < n; ++x) out[x] = ((a[2 * x] + a[2 * x + 1]) + (b[2 * x] + b[2 * x + 1])) * 0.25F;
}
} // namespace

Result<Plane> halved(ImageView<float const> source) {
    Size size{source.width() / 2, source.height() / 2};
    MG_TRY(Plane out, Plane::create(size));
    for (int y = 0; y < size.height; ++y) halve_rows(out.row(y), source.row(2 * y), source.row(2 * y + 1), size.width);
    return out;
}

Result<Mask> halved_mask(ImageView<std::uint8_t const> source) {
    Size size{source.width() / 2, source.height() / 2};
    MG_TRY(Mask out, Mask::create(size));
    for (int y = 0; y < size.height; ++y) {
        std::uint8_t const *a = source.row(2 * y), *b = source.row(2 * y + 1);
        for (int x = 0; x < size.width; ++x)
            out.at(x, y) = static_cast<std::uint8_t>(a[2 * x] | a[2 * x + 1] | b[2 * x] | b[2 * x + 1]);
    }
    return out;
}

ResizeSpec halved_compatible_spec(Size size) {
    // scipy rounds half to even.
    auto zoomed = [](int n) { return n % 4 == 3 ? (n + 1) / 2 : n / 2; };
    auto grid = [&](int n) {
        Sampling sampling = Sampling::of_corners(n - 1, zoomed(n - 1));
        return Sampling{sampling.first + 0.5, sampling.step};
    };
    return {.size = {zoomed(size.width - 1), zoomed(size.height - 1)},
            .x = grid(size.width),
            .y = grid(size.height),
            .antialias = false};
}

Result<Plane> halved_compatible(ImageView<float const> source) {
    if (source.width() < 4 || source.height() < 4)
        return Error{ErrorCode::bad_value, "halving as the Python tools do needs at least 4 x 4 pixels"};
    Size size{source.width() - 1, source.height() - 1};
    MG_TRY(Plane means, Plane::create(size));
    for (int y = 0; y < size.height; ++y) {
        float const *a = source.row(y), *b = source.row(y + 1);
        float* out = means.row(y);
        for (int x = 0; x < size.width; ++x) out[x] = ((a[x] + a[x + 1]) + (b[x] + b[x + 1])) * 0.25F;
    }
    ResizeSpec spec = halved_compatible_spec(source.size);
    spec.x->first = 0;
    spec.y->first = 0;
    return resized(means.view(), spec);
}

} // namespace mg
