#include "ops/median.h"

#include <algorithm>

#include "base/clones.h"
#include "ops/border.h"

namespace mg {
namespace {

constexpr int k_pad = 2;

[[gnu::always_inline]] inline float low(float a, float b) {
    return b < a ? b : a;
}
[[gnu::always_inline]] inline float high(float a, float b) {
    return a < b ? b : a;
}
[[gnu::always_inline]] inline float middle(float a, float b, float c) {
    return high(low(a, b), low(high(a, b), c));
}

struct Columns {
    float* lowest;
    float* middle;
    float* highest;
};

Columns columns_of(Plane& scratch) {
    return {scratch.row(0) + k_pad, scratch.row(1) + k_pad, scratch.row(2) + k_pad};
}

MG_CLONES void sort_columns(float const* a, float const* b, float const* c, float* __restrict lowest,
                            float* __restrict mid, float* __restrict highest, int width) {
    for (int x = 0; x < width; ++x) {
        float const l = low(a[x], b[x]), h = high(a[x], b[x]);
        float const m = high(l, c[x]);
        lowest[x] = low(l, c[x]);
        mid[x] = low(m, h);
        highest[x] = high(m, h);
    }
}

void pad_columns(Columns sorted, int width) {
    for (float* row : {sorted.lowest, sorted.middle, sorted.highest})
        for (int x = 1; x <= k_pad; ++x) {
            row[-x] = row[mirrored(-x, width)];
            row[width - 1 + x] = row[mirrored(width - 1 + x, width)];
        }
}

void sort_columns_about(ImageView<float const> plane, int y, Columns sorted) {
    int const height = plane.height();
    sort_columns(plane.row(mirrored(y - 1, height)), plane.row(y), plane.row(mirrored(y + 1, height)), sorted.lowest,
                 sorted.middle, sorted.highest, plane.width());
    pad_columns(sorted, plane.width());
}

/// The sorted columns under a window, one pointer per column: a compiler that saw that they are one row shifted would
/// carry values from pixel to pixel and not vectorise.
struct Window {
    float const* lowest[5];
    float const* middle[5];
    float const* highest[5];
};

Window window_of(Columns sorted) {
    Window window;
    for (int i = 0; i < 5; ++i) {
        window.lowest[i] = sorted.lowest + i - 2;
        window.middle[i] = sorted.middle + i - 2;
        window.highest[i] = sorted.highest + i - 2;
    }
    return window;
}

/// Of nine values in sorted columns: the middle of the highest low, the middle mid and the lowest high.
[[gnu::noinline]] MG_CLONES void merge_three(Window const& window, float* __restrict out, int width) {
    float const *la = window.lowest[1], *lb = window.lowest[2], *lc = window.lowest[3];
    float const *ma = window.middle[1], *mb = window.middle[2], *mc = window.middle[3];
    float const *ha = window.highest[1], *hb = window.highest[2], *hc = window.highest[3];
    for (int x = 0; x < width; ++x) {
        float const l = high(high(la[x], lb[x]), lc[x]);
        float const m = middle(ma[x], mb[x], mc[x]);
        float const h = low(low(ha[x], hb[x]), hc[x]);
        out[x] = middle(l, m, h);
    }
}

/// Of fifteen values in five sorted columns. With the lows, the mids and the highs each sorted as well, four values are
/// known to lie below the median (the three lowest lows, the lowest mid) and four above it, so it is the median of the
/// seven left: two lows, three mids, two highs.
[[gnu::noinline]] MG_CLONES void merge_five(Window const& window, float* __restrict out, int width) {
    float const *la = window.lowest[0], *lb = window.lowest[1], *lc = window.lowest[2], *ld = window.lowest[3],
                *le = window.lowest[4];
    float const *ma = window.middle[0], *mb = window.middle[1], *mc = window.middle[2], *md = window.middle[3],
                *me = window.middle[4];
    float const *ha = window.highest[0], *hb = window.highest[1], *hc = window.highest[2], *hd = window.highest[3],
                *he = window.highest[4];
    for (int x = 0; x < width; ++x) {
        // The two largest lows, l0 <= l1.
        float const a0 = low(la[x], lb[x]), a1 = high(la[x], lb[x]);
        float const b0 = low(lc[x], ld[x]), b1 = high(lc[x], ld[x]);
        float const c1 = high(a1, b1), c0 = high(low(a1, b1), high(a0, b0));
        float const l1 = high(c1, le[x]), l0 = high(c0, low(c1, le[x]));
        // The two smallest highs, h0 <= h1.
        float const d0 = low(ha[x], hb[x]), d1 = high(ha[x], hb[x]);
        float const e0 = low(hc[x], hd[x]), e1 = high(hc[x], hd[x]);
        float const f0 = low(d0, e0), f1 = low(high(d0, e0), low(d1, e1));
        float const h0 = low(f0, he[x]), h1 = low(f1, high(f0, he[x]));
        // The three middle mids, m0 <= m1 <= m2: the two middle ones of four, and of the two outer ones and the fifth
        // the middle one.
        float const g0 = low(ma[x], mb[x]), g1 = high(ma[x], mb[x]);
        float const i0 = low(mc[x], md[x]), i1 = high(mc[x], md[x]);
        float const smallest = low(g0, i0), p = high(g0, i0), q = low(g1, i1), largest = high(g1, i1);
        float const r0 = low(p, q), r1 = high(p, q);
        float const s = high(smallest, low(largest, me[x]));
        float const m0 = low(r0, s), t = high(r0, s), m1 = low(t, r1), m2 = high(t, r1);
        // Of the seven, drop the smallest (l0 or m0) and the largest (h1 or m2); the middle of the five left.
        float const below = high(l0, m0), above = low(h1, m2);
        float const u0 = low(l1, h0), u1 = high(l1, h0);
        float const v0 = low(below, above), v1 = high(below, above);
        out[x] = middle(high(u0, v0), m1, low(u1, v1));
    }
}

Result<Plane> scratch_for(int width) {
    return Plane::create({width + 2 * k_pad, 3});
}

} // namespace

Result<RowMedian3x5> RowMedian3x5::create(int width) {
    RowMedian3x5 result;
    MG_TRY(result.m_columns, scratch_for(width));
    return result;
}

void RowMedian3x5::row(ImageView<float const> plane, int y, float* out) {
    Columns const columns = columns_of(m_columns);
    sort_columns_about(plane, y, columns);
    merge_five(window_of(columns), out, plane.width());
}

Result<Plane> median_3x3(ImageView<float const> plane) {
    MG_TRY(Plane result, Plane::create(plane.size));
    MG_TRY(Plane scratch, scratch_for(plane.width()));
    Columns const columns = columns_of(scratch);
    for (int y = 0; y < plane.height(); ++y) {
        sort_columns_about(plane, y, columns);
        merge_three(window_of(columns), result.row(y), plane.width());
    }
    return result;
}

Result<Plane> median_3x5(ImageView<float const> plane) {
    MG_TRY(Plane result, Plane::create(plane.size));
    MG_TRY(RowMedian3x5 median, RowMedian3x5::create(plane.width()));
    for (int y = 0; y < plane.height(); ++y) median.row(plane, y, result.row(y));
    return result;
}

} // namespace mg
