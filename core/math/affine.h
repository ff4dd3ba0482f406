#pragma once
// Plane affine maps, (x, y) -> (a x + b y + tx, c x + d y + ty), pixel centres at integers, x right, y down.

namespace mg {

struct Point {
    double x = 0;
    double y = 0;
};

struct Affine {
    double a = 1, b = 0, tx = 0;
    double c = 0, d = 1, ty = 0;
    bool operator==(Affine const&) const = default;

    Point operator()(Point p) const { return {a * p.x + b * p.y + tx, c * p.x + d * p.y + ty}; }
    /// First `inner`, then this.
    Affine after(Affine const& inner) const {
        return {a * inner.a + b * inner.c, a * inner.b + b * inner.d, a * inner.tx + b * inner.ty + tx,
                c * inner.a + d * inner.c, c * inner.b + d * inner.d, c * inner.tx + d * inner.ty + ty};
    }
    double determinant() const { return a * d - b * c; }
    /// Meaningless when the determinant is zero.
    Affine inverse() const {
        double k = 1 / determinant();
        return {d * k, -b * k, (b * ty - d * tx) * k, -c * k, a * k, (c * tx - a * ty) * k};
    }
    static Affine translation(double x, double y) { return {1, 0, x, 0, 1, y}; }
    /// Scale about the origin of coordinates.
    static Affine scaling(double x, double y) { return {x, 0, 0, 0, y, 0}; }
};

} // namespace mg
