#pragma once
// Plane projective maps: an affine map followed by a division, for images seen at an angle.
#include "math/affine.h"

namespace mg {

/// (x, y) -> affine(x, y) / (px x + py y + 1). An affine map when px and py are zero.
struct Projective {
    Affine affine;
    double px = 0, py = 0;
    bool operator==(Projective const&) const = default;
    Projective() = default;
    Projective(Affine const& map, double perspective_x = 0, double perspective_y = 0)
        : affine(map), px(perspective_x), py(perspective_y) {}

    bool is_affine() const { return px == 0 && py == 0; }
    /// Meaningless where the divisor is zero or negative.
    Point operator()(Point p) const {
        Point const q = affine(p);
        double const w = px * p.x + py * p.y + 1;
        return {q.x / w, q.y / w};
    }
    /// First `inner`, then this; scaled so that the lower right element of the matrix is 1 again.
    Projective after(Projective const& inner) const {
        double const w = px * inner.affine.tx + py * inner.affine.ty + 1;
        Affine m = affine.after(inner.affine);
        // The divisor of `inner` multiplies the constant column's share.
        m.a += affine.tx * inner.px, m.b += affine.tx * inner.py;
        m.c += affine.ty * inner.px, m.d += affine.ty * inner.py;
        return {{m.a / w, m.b / w, m.tx / w, m.c / w, m.d / w, m.ty / w},
                (px * inner.affine.a + py * inner.affine.c + inner.px) / w,
                (px * inner.affine.b + py * inner.affine.d + inner.py) / w};
    }
    /// Meaningless when the matrix is singular.
    Projective inverse() const {
        Affine const& m = affine;
        // Adjugate of [[a b tx] [c d ty] [px py 1]].
        double const a = m.d - m.ty * py, b = m.tx * py - m.b, tx = m.b * m.ty - m.tx * m.d;
        double const c = m.ty * px - m.c, d = m.a - m.tx * px, ty = m.tx * m.c - m.a * m.ty;
        double const gx = m.c * py - m.d * px, gy = m.b * px - m.a * py, k = m.a * m.d - m.b * m.c;
        return {{a / k, b / k, tx / k, c / k, d / k, ty / k}, gx / k, gy / k};
    }
};

} // namespace mg
