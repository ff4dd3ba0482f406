// Points placed by hand: maps through them, their refinement by the surroundings, and their text.
//
// Maps are least squares in physical space. The projective one starts from the linear equations in normalised
// coordinates (Hartley 1997, "In defense of the eight-point algorithm") and goes on with Gauss-Newton steps on the
// distances.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "math/linear.h"
#include "ops/gaussian.h"
#include "ops/registration.h"

namespace mg {
namespace {

// --- maps ------------------------------------------------------------------------------------------------------------

/// Width across over length along, below which points lie on a line: what they say across it is the hand's tremor.
constexpr double k_on_a_line = 0.02;

/// Mean and second moments of a set of points.
struct Spread {
    Point centre;
    double xx = 0, xy = 0, yy = 0; ///< mean squares about the centre

    bool is_point() const { return !(xx + yy > 1e-12); }
    bool is_line() const {
        double const half = (xx + yy) / 2, apart = std::sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
        return !(half - apart > k_on_a_line * k_on_a_line * (half + apart));
    }
};

Spread spread_of(std::vector<Point> const& points) {
    Spread spread;
    double const n = static_cast<double>(points.size());
    for (Point const p : points) spread.centre.x += p.x / n, spread.centre.y += p.y / n;
    for (Point const p : points) {
        double const x = p.x - spread.centre.x, y = p.y - spread.centre.y;
        spread.xx += x * x / n, spread.xy += x * y / n, spread.yy += y * y / n;
    }
    return spread;
}

/// Four of the points, no three of them on a line, can be found unless all but one lie on a line.
bool fixes_perspective(std::vector<Point> const& points) {
    std::vector<Point> distinct;
    for (Point const p : points) {
        bool known = false;
        for (Point const q : distinct) known = known || std::fabs(p.x - q.x) + std::fabs(p.y - q.y) < 1e-3;
        if (!known) distinct.push_back(p);
    }
    if (distinct.size() < 4) return false;
    for (std::size_t left_out = 0; left_out < distinct.size(); ++left_out) {
        std::vector<Point> rest = distinct;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(left_out));
        if (spread_of(rest).is_line()) return false;
    }
    return true;
}

/// Points of both images in physical space, in units of pixel widths.
struct Matched {
    std::vector<Point> from, to;
    Spread from_spread, to_spread;
};

Affine shift_through(Matched const& m) {
    return Affine::translation(m.to_spread.centre.x - m.from_spread.centre.x,
                               m.to_spread.centre.y - m.from_spread.centre.y);
}

/// `linear` moved so that the centre of the points meets that of the others.
Affine centred(Affine linear, Matched const& m) {
    Point const p = m.from_spread.centre, q = m.to_spread.centre;
    linear.tx = q.x - linear.a * p.x - linear.b * p.y;
    linear.ty = q.y - linear.c * p.x - linear.d * p.y;
    return linear;
}

Affine similarity_through(Matched const& m) {
    double const n = static_cast<double>(m.from.size()), scale = n * (m.from_spread.xx + m.from_spread.yy);
    double along = 0, across = 0;
    for (std::size_t i = 0; i < m.from.size(); ++i) {
        double const x = m.from[i].x - m.from_spread.centre.x, y = m.from[i].y - m.from_spread.centre.y;
        double const u = m.to[i].x - m.to_spread.centre.x, v = m.to[i].y - m.to_spread.centre.y;
        along += (x * u + y * v) / scale;
        across += (x * v - y * u) / scale;
    }
    return centred({along, -across, 0, across, along, 0}, m);
}

Affine affine_through(Matched const& m) {
    double ux = 0, uy = 0, vx = 0, vy = 0;
    double const n = static_cast<double>(m.from.size());
    for (std::size_t i = 0; i < m.from.size(); ++i) {
        double const x = m.from[i].x - m.from_spread.centre.x, y = m.from[i].y - m.from_spread.centre.y;
        double const u = m.to[i].x - m.to_spread.centre.x, v = m.to[i].y - m.to_spread.centre.y;
        ux += u * x / n, uy += u * y / n, vx += v * x / n, vy += v * y / n;
    }
    Spread const& s = m.from_spread;
    double const k = 1 / (s.xx * s.yy - s.xy * s.xy);
    return centred({(ux * s.yy - uy * s.xy) * k, (uy * s.xx - ux * s.xy) * k, 0, (vx * s.yy - vy * s.xy) * k,
                    (vy * s.xx - vx * s.xy) * k, 0},
                   m);
}

/// Takes the points to mean 0 and mean squared distance 2.
Affine normalising(Spread const& spread) {
    double const k = std::sqrt(2 / (spread.xx + spread.yy));
    return {k, 0, -k * spread.centre.x, 0, k, -k * spread.centre.y};
}

using Eight = std::array<double, 8>; // a b tx c d ty px py

/// Adds a row of a linear equation, row . unknowns = right, to normal equations.
void add_equation(std::vector<double>& normal, std::vector<double>& side, Eight const& row, double right) {
    for (std::size_t i = 0; i < 8; ++i) {
        side[i] += row[i] * right;
        for (std::size_t j = 0; j < 8; ++j) normal[i * 8 + j] += row[i] * row[j];
    }
}

Projective projective_of(Eight const& h) {
    return {{h[0], h[1], h[2], h[3], h[4], h[5]}, h[6], h[7]};
}

double divisor_at(Projective const& map, Point p) {
    return map.px * p.x + map.py * p.y + 1;
}

/// Of normalised points.
std::optional<Projective> perspective_through(std::vector<Point> const& from, std::vector<Point> const& to) {
    std::vector<double> normal(64, 0), side(8, 0);
    for (std::size_t i = 0; i < from.size(); ++i) {
        Point const p = from[i], q = to[i];
        add_equation(normal, side, {p.x, p.y, 1, 0, 0, 0, -q.x * p.x, -q.x * p.y}, q.x);
        add_equation(normal, side, {0, 0, 0, p.x, p.y, 1, -q.y * p.x, -q.y * p.y}, q.y);
    }
    auto factor = cholesky(normal, 8);
    if (!factor) return std::nullopt;
    solve_cholesky(*factor, 8, side);
    Eight h{};
    std::copy(side.begin(), side.end(), h.begin());

    auto const squares = [&](Eight const& numbers) {
        Projective const map = projective_of(numbers);
        double sum = 0;
        for (std::size_t i = 0; i < from.size(); ++i) {
            if (!(divisor_at(map, from[i]) > 0.02)) return 1e300;
            Point const r = map(from[i]);
            sum += (r.x - to[i].x) * (r.x - to[i].x) + (r.y - to[i].y) * (r.y - to[i].y);
        }
        return sum;
    };
    double best = squares(h);
    if (!(best < 1e300)) return std::nullopt;
    for (int iteration = 0; iteration < 20; ++iteration) {
        Projective const map = projective_of(h);
        normal.assign(64, 0);
        side.assign(8, 0);
        for (std::size_t i = 0; i < from.size(); ++i) {
            Point const p = from[i], r = map(p);
            double const w = divisor_at(map, p), x = p.x / w, y = p.y / w;
            add_equation(normal, side, {x, y, 1 / w, 0, 0, 0, -r.x * x, -r.x * y}, to[i].x - r.x);
            add_equation(normal, side, {0, 0, 0, x, y, 1 / w, -r.y * x, -r.y * y}, to[i].y - r.y);
        }
        factor = cholesky(normal, 8);
        if (!factor) break;
        solve_cholesky(*factor, 8, side);
        Eight next = h;
        for (std::size_t k = 0; k < 8; ++k) next[k] += side[k];
        double const reached = squares(next);
        if (!(reached < best)) break;
        bool const enough = best - reached < 1e-12 * best;
        h = next;
        best = reached;
        if (enough) break;
    }
    return projective_of(h);
}

std::optional<Projective> projective_through(Matched const& m) {
    Affine const from = normalising(m.from_spread), to = normalising(m.to_spread);
    std::vector<Point> p, q;
    for (std::size_t i = 0; i < m.from.size(); ++i) p.push_back(from(m.from[i])), q.push_back(to(m.to[i]));
    auto const map = perspective_through(p, q);
    // The corner of the image must lie on this side of the horizon, too.
    if (!map || !(divisor_at(*map, from({0, 0})) > 0.02)) return std::nullopt;
    return Projective(to.inverse()).after(map->after(Projective(from)));
}

/// The richest motion up to `wanted` that the points can tell.
Motion allowed_motion(Matched const& m, Motion wanted) {
    std::size_t const n = m.from.size();
    if (n < 2 || m.from_spread.is_point() || m.to_spread.is_point()) return Motion::shift;
    if (n < 3 || m.from_spread.is_line() || m.to_spread.is_line()) return std::min(wanted, Motion::similarity);
    if (wanted == Motion::projective && !(fixes_perspective(m.from) && fixes_perspective(m.to))) return Motion::affine;
    return wanted;
}

// --- refinement ------------------------------------------------------------------------------------------------------

constexpr int k_half_patch = 16;
constexpr int k_reach = 6; ///< px that a point may move along each axis
constexpr double k_smoothing_px = 1.2;
/// A whole patch has about 60 independent samples: correlations of unrelated noise stay below 0.3. Where less of it
/// shows, more is asked for.
constexpr double related_at(double share) {
    return 0.5 + 0.4 * (1 - share);
}
constexpr double k_least_share = 0.2;
/// The blur mirrors the picture at its edges: pixels so near to them are not compared.
constexpr int k_mirrored_px = 3;
/// What a candidate at the end of the reach must be better by: along a straight edge the point stays where it was put.
constexpr double k_farther = 0.05;

/// A square of values around a point, on the grid of that point; weight 0 where there is no picture.
struct Patch {
    int half = 0;
    std::vector<float> value, weight;
    std::size_t at(int x, int y) const {
        return static_cast<std::size_t>(y + half) * static_cast<std::size_t>(2 * half + 1) +
               static_cast<std::size_t>(x + half);
    }
};

/// Smoothed surroundings, with a border to interpolate and to differentiate in.
struct Surroundings {
    Plane smooth, slope; ///< and the magnitude of the gradient
    Mask unusable;
    Point origin; ///< image pixel of the first one
};

std::optional<Surroundings> surroundings_of(RegistrationImage const& image, Point at) {
    Size const size = image.pixels.size;
    if (!(at.x > -0.5 && at.y > -0.5 && at.x < size.width - 0.5 && at.y < size.height - 0.5)) return std::nullopt;
    int const margin = k_half_patch + k_reach + 10; // for the blur and the interpolation
    int const cx = static_cast<int>(at.x), cy = static_cast<int>(at.y);
    int const left = std::max(0, cx - margin), top = std::max(0, cy - margin);
    Rect const part{left, top, std::min(size.width, cx + margin + 1) - left,
                    std::min(size.height, cy + margin + 1) - top};
    auto unusable = Mask::filled(part.size(), 0);
    if (!unusable) return std::nullopt;
    for (int y = 0; y < part.height; ++y)
        for (int x = 0; x < part.width; ++x) {
            bool const masked = image.mask.data && image.mask.at(left + x, top + y) != 0;
            unusable->at(x, y) = masked || !std::isfinite(image.pixels.at(left + x, top + y));
        }
    auto smooth = gaussian_blurred(image.pixels.cropped(part), unusable->view(), {k_smoothing_px, k_smoothing_px});
    auto slope = Plane::filled(part.size(), 0);
    if (!smooth || !slope) return std::nullopt;
    for (int y = 0; y < part.height; ++y)
        for (int x = 0; x < part.width; ++x) {
            int const from_edge =
                std::min(std::min(left + x, size.width - 1 - left - x), std::min(top + y, size.height - 1 - top - y));
            if (from_edge < k_mirrored_px) unusable->at(x, y) = 1;
        }
    for (int y = 1; y + 1 < part.height; ++y)
        for (int x = 1; x + 1 < part.width; ++x) {
            float const gx = smooth->at(x + 1, y) - smooth->at(x - 1, y),
                        gy = smooth->at(x, y + 1) - smooth->at(x, y - 1);
            slope->at(x, y) = std::sqrt(gx * gx + gy * gy);
        }
    return Surroundings{std::move(*smooth), std::move(*slope), std::move(*unusable), {double(left), double(top)}};
}

/// Weights of the four pixels around, by cubic convolution (Keys 1981).
std::array<float, 4> cubic_at(double t) {
    double const s = 1 - t;
    auto const near = [](double d) { return 1 + d * d * (1.5 * d - 2.5); };
    auto const far = [](double d) { return -0.5 * d * (1 - d) * (1 - d); }; // of the pixel at distance 1 + d
    return {static_cast<float>(far(t)), static_cast<float>(near(t)), static_cast<float>(near(s)),
            static_cast<float>(far(s))};
}

Patch patch_of(Surroundings const& around, bool slope, Point at, int half) {
    Plane const& plane = slope ? around.slope : around.smooth;
    std::size_t const count = static_cast<std::size_t>(2 * half + 1) * static_cast<std::size_t>(2 * half + 1);
    Patch patch{half, std::vector<float>(count, 0), std::vector<float>(count, 0)};
    double const px = at.x - around.origin.x, py = at.y - around.origin.y;
    double const fx = std::floor(px), fy = std::floor(py);
    auto const wx = cubic_at(px - fx), wy = cubic_at(py - fy);
    for (int y = -half; y <= half; ++y)
        for (int x = -half; x <= half; ++x) {
            int const left = static_cast<int>(fx) + x - 1, top = static_cast<int>(fy) + y - 1;
            if (left < 0 || top < 0 || left + 3 >= plane.width() || top + 3 >= plane.height()) continue;
            float sum = 0;
            bool usable = true;
            for (int j = 0; j < 4; ++j)
                for (int i = 0; i < 4; ++i) {
                    usable = usable && around.unusable.at(left + i, top + j) == 0;
                    sum +=
                        wy[static_cast<std::size_t>(j)] * wx[static_cast<std::size_t>(i)] * plane.at(left + i, top + j);
                }
            if (!usable) continue;
            patch.value[patch.at(x, y)] = sum;
            patch.weight[patch.at(x, y)] = 1;
        }
    return patch;
}

struct Correlation {
    double value = 0; ///< 0 where too little shows
    double share = 0; ///< of the patch that shows in both
};

/// Normalised correlation of a patch with another one moved by (dx, dy).
Correlation correlation(Patch const& a, Patch const& b, int dx, int dy) {
    double w = 0, sa = 0, sb = 0, aa = 0, ab = 0, bb = 0;
    for (int y = -a.half; y <= a.half; ++y)
        for (int x = -a.half; x <= a.half; ++x) {
            std::size_t const i = a.at(x, y), j = b.at(x + dx, y + dy);
            double const weight = double(a.weight[i] * b.weight[j]), p = double(a.value[i]), q = double(b.value[j]);
            w += weight;
            sa += weight * p, sb += weight * q;
            aa += weight * p * p, ab += weight * p * q, bb += weight * q * q;
        }
    double const share = w / static_cast<double>(a.value.size());
    if (share < k_least_share) return {};
    double const va = aa / w - sa / w * (sa / w), vb = bb / w - sb / w * (sb / w);
    // A flat patch has nothing but rounding.
    if (!(va > 1e-10 * (aa / w)) || !(vb > 1e-10 * (bb / w))) return {};
    return {(ab / w - sa / w * (sb / w)) / std::sqrt(va * vb), share};
}

struct Found {
    double height = 0; ///< of the correlation; 0: nothing found
    Point move;
};

/// One Gauss-Newton step of b towards a times a factor plus a constant; b is larger than a by one pixel on each side.
Point step_towards(Patch const& a, Patch const& b) {
    double w = 0, sa = 0, sb = 0, sx = 0, sy = 0;
    auto const each = [&](auto const& use) {
        for (int y = -a.half; y <= a.half; ++y)
            for (int x = -a.half; x <= a.half; ++x) {
                std::size_t const i = a.at(x, y), j = b.at(x, y);
                std::size_t const left = b.at(x - 1, y), right = b.at(x + 1, y), up = b.at(x, y - 1),
                                  down = b.at(x, y + 1);
                if (a.weight[i] == 0 || b.weight[j] == 0 || b.weight[left] == 0 || b.weight[right] == 0 ||
                    b.weight[up] == 0 || b.weight[down] == 0)
                    continue;
                use(double(a.value[i]), double(b.value[j]), double(b.value[right] - b.value[left]) / 2,
                    double(b.value[down] - b.value[up]) / 2);
            }
    };
    each([&](double p, double q, double gx, double gy) { w += 1, sa += p, sb += q, sx += gx, sy += gy; });
    if (w < 16) return {};
    double aa = 0, ab = 0, xx = 0, xy = 0, yy = 0, ax = 0, ay = 0, bx = 0, by = 0;
    each([&](double p, double q, double gx, double gy) {
        p -= sa / w, q -= sb / w, gx -= sx / w, gy -= sy / w;
        aa += p * p, ab += p * q;
        xx += gx * gx, xy += gx * gy, yy += gy * gy;
        ax += p * gx, ay += p * gy, bx += q * gx, by += q * gy;
    });
    if (!(aa > 0)) return {};
    double const factor = ab / aa, rx = factor * ax - bx, ry = factor * ay - by;
    // Along a straight edge nothing holds a point; this keeps it from sliding.
    double const hold = 0.01 * (xx + yy);
    double const determinant = (xx + hold) * (yy + hold) - xy * xy;
    if (!(determinant > 0)) return {};
    return {((yy + hold) * rx - xy * ry) / determinant, ((xx + hold) * ry - xy * rx) / determinant};
}

Found match(Surroundings const& from, Surroundings const& to, PointPair const& pair, bool slope) {
    Patch const patch = patch_of(from, slope, pair.from, k_half_patch);
    Patch const field = patch_of(to, slope, pair.to, k_half_patch + k_reach);
    double best = 0;
    Correlation top;
    int bx = 0, by = 0;
    for (int dy = -k_reach; dy <= k_reach; ++dy)
        for (int dx = -k_reach; dx <= k_reach; ++dx) {
            Correlation const c = correlation(patch, field, dx, dy);
            double const value =
                (slope ? c.value : std::fabs(c.value)) - k_farther * (dx * dx + dy * dy) / (k_reach * k_reach);
            if (value > best) best = value, top = c, bx = dx, by = dy;
        }
    if (std::fabs(top.value) < related_at(top.share) || std::abs(bx) == k_reach || std::abs(by) == k_reach) return {};
    Point move{double(bx), double(by)};
    for (int iteration = 0; iteration < 10; ++iteration) {
        Patch const here = patch_of(to, slope, {pair.to.x + move.x, pair.to.y + move.y}, k_half_patch + 1);
        Point const step = step_towards(patch, here);
        move.x = std::clamp(move.x + step.x, bx - 1.0, bx + 1.0);
        move.y = std::clamp(move.y + step.y, by - 1.0, by + 1.0);
        if (std::fabs(step.x) + std::fabs(step.y) < 1e-3) break;
    }
    return {std::fabs(top.value), move};
}

// --- text ------------------------------------------------------------------------------------------------------------

constexpr std::size_t k_most_points = 200;
constexpr std::array<std::string_view, 4> k_motion_names{"shift", "similarity", "affine", "projective"};

Error bad_points(std::string_view what, std::string_view where) {
    return {ErrorCode::bad_value, "points: " + std::string(what) + " at \"" + excerpt(where, 40) +
                                      "\"; write NAME shift x,y=X,Y x,y=X,Y; NAME affine ..."};
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class HandPointsReader {
public:
    explicit HandPointsReader(std::string_view text) : m_text(text) {}

    Result<std::vector<NamedHandPoints>> read() {
        std::vector<NamedHandPoints> all;
        std::size_t count = 0;
        while (skip_blanks(), m_at < m_text.size()) {
            if (m_text[m_at] == ';') {
                ++m_at;
                continue;
            }
            NamedHandPoints& image = all.emplace_back();
            MG_TRY(image.other, name());
            std::string_view const start = m_text.substr(m_at);
            std::string_view const motion = word();
            auto const known = std::find(k_motion_names.begin(), k_motion_names.end(), motion);
            if (known == k_motion_names.end())
                return bad_points("after the name, shift, similarity, affine or projective is expected", start);
            image.motion = static_cast<Motion>(known - k_motion_names.begin());
            while (skip_blanks(), m_at < m_text.size() && m_text[m_at] != ';') {
                MG_TRY(PointPair pair, point_pair(word()));
                if (++count > k_most_points)
                    return Error{ErrorCode::bad_value, "points: more than " + std::to_string(k_most_points) + " pairs"};
                image.points.push_back(pair);
            }
        }
        return all;
    }

private:
    void skip_blanks() {
        while (m_at < m_text.size() && is_blank(m_text[m_at])) ++m_at;
    }
    /// Up to a blank or the end of the entry.
    std::string_view word() {
        skip_blanks();
        std::size_t const start = m_at;
        while (m_at < m_text.size() && !is_blank(m_text[m_at]) && m_text[m_at] != ';') ++m_at;
        return m_text.substr(start, m_at - start);
    }
    Result<std::string> name() {
        if (m_text[m_at] != '"') return std::string(word());
        std::size_t const start = m_at++;
        std::string text;
        for (; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] == '"') {
                ++m_at;
                return text;
            }
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size()) ++m_at;
            text += m_text[m_at];
        }
        return bad_points("a name's closing quote is missing", m_text.substr(start));
    }
    static std::optional<Point> point(std::string_view text) {
        std::size_t const comma = text.find(',');
        if (comma == std::string_view::npos) return std::nullopt;
        auto const x = parse_double(text.substr(0, comma)), y = parse_double(text.substr(comma + 1));
        if (!x || !y || std::fabs(*x) > k_max_side_px || std::fabs(*y) > k_max_side_px) return std::nullopt;
        return Point{*x, *y};
    }
    static Result<PointPair> point_pair(std::string_view text) {
        std::size_t const equals = text.find('=');
        auto const from = point(text.substr(0, equals));
        auto const to = equals == std::string_view::npos ? std::nullopt : point(text.substr(equals + 1));
        if (!from || !to) return bad_points("a pair of points is expected", text);
        return PointPair{*from, *to};
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

/// Thousandths of a pixel are enough.
std::string coordinate(double value) {
    double const rounded = std::floor(value * 1000 + 0.5) / 1000;
    return format_shortest(rounded == 0 ? 0 : rounded);
}

std::string quoted_name(std::string const& name) {
    bool plain = !name.empty();
    for (char const c : name) plain = plain && !is_blank(c) && c != ';' && c != '"' && c != '\\';
    if (plain) return name;
    std::string text = "\"";
    for (char const c : name) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + '"';
}

} // namespace

Result<LandmarkFit> fit_landmarks(std::span<PointPair const> points, Motion motion, double pixel_aspect) {
    if (points.empty()) return Error{ErrorCode::bad_value, "a map needs at least one pair of points; place one"};
    double const aspect = pixel_aspect > 1e-3 && pixel_aspect < 1e3 ? pixel_aspect : 1;
    Matched matched;
    for (PointPair const& pair : points) {
        for (double const value : {pair.from.x, pair.from.y, pair.to.x, pair.to.y})
            if (!(std::fabs(value) < 1e9))
                return Error{ErrorCode::bad_value, "a point lies outside of any image; place it again"};
        matched.from.push_back({pair.from.x, pair.from.y * aspect});
        matched.to.push_back({pair.to.x, pair.to.y * aspect});
    }
    matched.from_spread = spread_of(matched.from);
    matched.to_spread = spread_of(matched.to);

    LandmarkFit fit;
    fit.motion = allowed_motion(matched, motion);
    std::optional<Projective> map;
    if (fit.motion == Motion::projective) {
        map = projective_through(matched);
        if (!map) fit.motion = Motion::affine;
    }
    if (!map)
        map = fit.motion == Motion::shift        ? shift_through(matched)
              : fit.motion == Motion::similarity ? similarity_through(matched)
                                                 : affine_through(matched);
    Projective const squared(Affine::scaling(1, aspect)), back(Affine::scaling(1, 1 / aspect));
    fit.map = aspect == 1 ? *map : back.after(map->after(squared));
    for (PointPair const& pair : points) {
        Point const p = fit.map(pair.from);
        double const x = p.x - pair.to.x, y = p.y - pair.to.y;
        fit.residuals_px.push_back(std::sqrt(x * x + y * y));
    }
    return fit;
}

PointPair refined_landmark(RegistrationImage const& from, RegistrationImage const& to, PointPair const& pair) {
    auto const source = surroundings_of(from, pair.from), target = surroundings_of(to, pair.to);
    if (!source || !target) return pair;
    Found const by_value = match(*source, *target, pair, false), by_slope = match(*source, *target, pair, true);
    Found const& found = by_slope.height > by_value.height ? by_slope : by_value;
    if (found.height == 0) return pair;
    return {pair.from, {pair.to.x + found.move.x, pair.to.y + found.move.y}};
}

Result<std::vector<NamedHandPoints>> parse_hand_points(std::string_view text) {
    return HandPointsReader(text).read();
}

std::string hand_points_text(std::span<NamedHandPoints const> points) {
    std::string text;
    for (NamedHandPoints const& image : points) {
        if (!text.empty()) text += "; ";
        text += quoted_name(image.other);
        (text += ' ') += k_motion_names[static_cast<std::size_t>(image.motion)];
        for (PointPair const& pair : image.points)
            text += " " + coordinate(pair.from.x) + "," + coordinate(pair.from.y) + "=" + coordinate(pair.to.x) + "," +
                    coordinate(pair.to.y);
    }
    return text;
}

} // namespace mg
