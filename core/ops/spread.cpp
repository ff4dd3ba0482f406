// Squares of k_tile pixels; where the maps around one hold a single material, it is that material. Elsewhere the random
// walk is solved in the square and a margin around it, wide enough that the square does not feel where the margin ends.
//
// How steep the image is: the gradient's energy (Sobel, after a slight blur), blurred so that the two flanks of a
// bright line are one edge, in units of its mean over the neighbourhood: texture and noise are measured with their own
// yardstick.
#include "ops/spread.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/clones.h"
#include "ops/gaussian.h"
#include "ops/resample_warp.h"

namespace mg {
namespace {

constexpr int k_tile = 48;
constexpr int k_least_margin = 8, k_most_margin = 24; ///< around a square, px
constexpr double k_margin_map_px = 1.8;
constexpr double k_prior_blur = 0.7;           ///< map px: rounds the steps of the maps' pixels
constexpr float k_sure = 0.9F, k_small = 4.2F; ///< own membership; the sum of it over 3 x 3 pixels
constexpr float k_present = 0.02F;             ///< membership from which a material may be in a pixel
constexpr float k_certain = 0.995F;            ///< lead over the next material from which nothing is left to decide
constexpr float k_edge_weight = 16;            ///< of the squared relative energy
constexpr double k_reach = 0.25;               ///< of the walk in even places, in radii: 1 / sqrt(prior weight) px
constexpr float k_plain_edge = 3;              ///< relative energy of an edge that borders go to
constexpr float k_even_weight = 0.3F;          ///< of the maps' word where there is none
constexpr double k_edge_reach = 0.9;           ///< map px
constexpr int k_sweeps = 16;
constexpr float k_relaxation = 1.3F; ///< above 4/3 alternate rows need not converge
constexpr float k_border_px = 1.2F;  ///< width of a sharp border

using PlaneRef = ImageView<float const>;

// --- on the maps' grid -----------------------------------------------------------------------------------------------

/// Which materials may be in a map pixel, a bit for each.
using Labels = std::uint64_t;

struct Prior {
    std::vector<Plane> planes;
    Image<Labels> present;
    Mask holes; ///< not 0: no material is known there; empty: there are none
};

int strongest(std::vector<Plane> const& planes, std::int64_t i) {
    int best = 0;
    for (int k = 1; k < static_cast<int>(planes.size()); ++k)
        if (planes[static_cast<std::size_t>(k)].data()[i] > planes[static_cast<std::size_t>(best)].data()[i]) best = k;
    return best;
}

/// What a blur would take away, islands of a few pixels and thin lines, stays as the maps have it: pixels that are sure
/// of their material and have it in few of their neighbours.
void keep_small(std::vector<Plane> const& raw, std::vector<Plane>& blurred) {
    Size const size = raw.front().size();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            std::int64_t const i = std::int64_t{y} * size.width + x;
            auto const own = static_cast<std::size_t>(strongest(raw, i));
            if (!(raw[own].at(x, y) > k_sure)) continue;
            float around = 0;
            for (int v = -1; v <= 1; ++v)
                for (int u = -1; u <= 1; ++u)
                    around += raw[own].at(std::clamp(x + u, 0, size.width - 1), std::clamp(y + v, 0, size.height - 1));
            if (around > k_small) continue;
            for (std::size_t k = 0; k < blurred.size(); ++k) blurred[k].at(x, y) = k == own ? 1.0F : 0.0F;
        }
}

/// Blurred memberships, or as they are.
Result<Prior> prior_of(std::span<PlaneRef const> memberships, bool blurs) {
    Prior prior;
    Size const size = memberships.front().size;
    std::vector<Plane> raw;
    for (PlaneRef view : memberships) {
        MG_TRY(Plane plane, Plane::create(size));
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                float const v = view.at(x, y);
                plane.at(x, y) = v > 0 ? (v < 1 ? v : 1) : 0;
            }
        raw.push_back(std::move(plane));
    }
    for (std::int64_t i = 0; i < size.area(); ++i) {
        float sum = 0;
        for (Plane const& plane : raw) sum += plane.data()[i];
        if (sum > 1e-3F) continue;
        if (prior.holes.empty()) {
            MG_TRY(prior.holes, Mask::filled(size, 0));
        }
        prior.holes.data()[i] = 1;
    }
    std::int64_t const count = size.area();
    if (blurs) {
        for (Plane const& plane : raw) {
            MG_TRY(Plane made, gaussian_blurred(plane.view(), {k_prior_blur, k_prior_blur}));
            prior.planes.push_back(std::move(made));
        }
        keep_small(raw, prior.planes);
    } else {
        prior.planes = std::move(raw);
    }
    MG_TRY(prior.present, Image<Labels>::create(size));
    for (std::int64_t i = 0; i < count; ++i) {
        float sum = 0;
        for (Plane& plane : prior.planes) sum += plane.data()[i];
        float const scale = sum > 1e-6F ? 1 / sum : 0;
        Labels present = 0;
        for (std::size_t k = 0; k < prior.planes.size(); ++k) {
            float& v = prior.planes[k].data()[i];
            v = scale > 0 ? v * scale : (k == 0 ? 1.0F : 0.0F);
            if (v > k_present) present |= Labels{1} << k;
        }
        prior.present.data()[i] = present;
    }
    return prior;
}

/// Of all map pixels that the linear interpolation inside a rectangle of the image touches.
Labels labels_in(Prior const& prior, Projective const& se_to_map, Rect rect) {
    double left = 1e30, top = 1e30, right = -1e30, bottom = -1e30;
    for (int corner = 0; corner < 4; ++corner) {
        Point const p = se_to_map({static_cast<double>(rect.x + (corner % 2) * (rect.width - 1)),
                                   static_cast<double>(rect.y + (corner / 2) * (rect.height - 1))});
        left = std::min(left, p.x), right = std::max(right, p.x);
        top = std::min(top, p.y), bottom = std::max(bottom, p.y);
    }
    Size const size = prior.present.size();
    auto const held = [](double v, int limit) { return static_cast<int>(std::clamp(v, 0.0, limit - 1.0)); };
    Labels all = 0;
    for (int y = held(std::floor(top), size.height); y <= held(std::ceil(bottom), size.height); ++y)
        for (int x = held(std::floor(left), size.width); x <= held(std::ceil(right), size.width); ++x)
            all |= prior.present.at(x, y);
    return all;
}
bool is_single(Labels labels) {
    return (labels & (labels - 1)) == 0;
}
int lowest(Labels labels) {
    int k = 0;
    while (k < 63 && !(labels >> k & 1)) ++k;
    return k;
}

// --- energy of the gradient ------------------------------------------------------------------------------------------

struct Patch {
    int width = 0, height = 0;
    std::vector<float> values;
    void resize(int w, int h) {
        width = w, height = h;
        values.resize(static_cast<std::size_t>(w) * static_cast<std::size_t>(h));
    }
    float* row(int y) { return values.data() + static_cast<std::ptrdiff_t>(y) * width; }
};

MG_CLONES void blend3(float const* __restrict a, float const* __restrict b, float const* __restrict c,
                      float* __restrict out, int count, float middle, float side) {
    for (int i = 0; i < count; ++i) out[i] = middle * b[i] + side * (a[i] + c[i]);
}
/// From rows of smoothed values (y - 1, y, y + 1): Sobel's operator / 8, squared.
MG_CLONES void energy_row(float const* __restrict a, float const* __restrict b, float const* __restrict c,
                          float* __restrict out, int count) {
    for (int i = 0; i < count; ++i) {
        float const x = (a[i + 2] - a[i]) + 2 * (b[i + 2] - b[i]) + (c[i + 2] - c[i]);
        float const y = (c[i] - a[i]) + 2 * (c[i + 1] - a[i + 1]) + (c[i + 2] - a[i + 2]);
        out[i] = (x * x + y * y) * (1.0F / 64);
    }
}

/// Energy of a rectangle that may reach beyond the image, whose edge pixels go on.
class EnergyMaker {
public:
    void make(PlaneRef se, Rect rect, Patch& out) {
        constexpr float k_middle = 0.787F, k_side = 0.1065F; // sigma 0.5 px
        int const w = rect.width, h = rect.height;
        m_source.resize(w + 4, h + 4);
        for (int y = 0; y < h + 4; ++y) {
            float const* from = se.row(std::clamp(rect.y - 2 + y, 0, se.height() - 1));
            float* to = m_source.row(y);
            int const first = rect.x - 2;
            int const begin = std::clamp(-first, 0, w + 4), end = std::clamp(se.width() - first, begin, w + 4);
            std::fill(to, to + begin, from[0]);
            std::copy(from + first + begin, from + first + end, to + begin);
            std::fill(to + end, to + w + 4, from[se.width() - 1]);
        }
        m_across.resize(w + 2, h + 4);
        for (int y = 0; y < h + 4; ++y) {
            float const* from = m_source.row(y);
            blend3(from, from + 1, from + 2, m_across.row(y), w + 2, k_middle, k_side);
        }
        m_smooth.resize(w + 2, h + 2);
        for (int y = 0; y < h + 2; ++y)
            blend3(m_across.row(y), m_across.row(y + 1), m_across.row(y + 2), m_smooth.row(y), w + 2, k_middle, k_side);
        out.resize(w, h);
        for (int y = 0; y < h; ++y)
            energy_row(m_smooth.row(y), m_smooth.row(y + 1), m_smooth.row(y + 2), out.row(y), w);
    }

private:
    Patch m_source, m_across, m_smooth;
};

/// Mean energy of squares, smoothed.
Result<Plane> energy_levels(PlaneRef se, float floor, Work& work) {
    Size const grid{(se.width() + k_tile - 1) / k_tile, (se.height() + k_tile - 1) / k_tile};
    MG_TRY(Plane means, Plane::create(grid));
    work.for_each(static_cast<std::size_t>(grid.height), [&](std::size_t part) {
        int const row = static_cast<int>(part), top = row * k_tile;
        int const height = std::min(k_tile, se.height() - top);
        EnergyMaker maker;
        Patch energy;
        maker.make(se, {0, top, se.width(), height}, energy);
        std::vector<float> sums(static_cast<std::size_t>(se.width()), 0);
        for (int y = 0; y < height; ++y) {
            float const* from = energy.row(y);
            for (std::size_t x = 0; x < sums.size(); ++x) sums[x] += from[x];
        }
        for (int column = 0; column < grid.width; ++column) {
            int const begin = column * k_tile, end = std::min(begin + k_tile, se.width());
            float sum = 0;
            for (int x = begin; x < end; ++x) sum += sums[static_cast<std::size_t>(x)];
            means.at(column, row) = sum / static_cast<float>((end - begin) * height) + floor;
        }
    });
    return gaussian_blurred(means.view(), {0.6, 0.6});
}

// --- the walk --------------------------------------------------------------------------------------------------------

struct Place {
    int* index;   ///< of the map pixel to the upper left
    float *x, *y; ///< fractions of a pixel from there
};
MG_CLONES void place_row(Projective map, Size size, Point start, Place out, int count) {
    int* __restrict index = out.index;
    float* __restrict fx = out.x;
    float* __restrict fy = out.y;
    Affine const m = map.affine;
    double const right = size.width - 1, bottom = size.height - 1;
    double const last_column = size.width > 1 ? right - 1 : 0, last_row = size.height > 1 ? bottom - 1 : 0;
    for (int i = 0; i < count; ++i) {
        double const x = start.x + i, scale = 1 / (map.px * x + map.py * start.y + 1);
        double u = (m.a * x + m.b * start.y + m.tx) * scale, v = (m.c * x + m.d * start.y + m.ty) * scale;
        u = u > 0 ? (u < right ? u : right) : 0;
        v = v > 0 ? (v < bottom ? v : bottom) : 0;
        double const column = u < last_column ? u : last_column, row = v < last_row ? v : last_row;
        int const left = static_cast<int>(column), top = static_cast<int>(row);
        index[i] = top * size.width + left;
        fx[i] = static_cast<float>(u - left);
        fy[i] = static_cast<float>(v - top);
    }
}
MG_CLONES void interpolate_row(float const* __restrict plane, int right, int below, Place place, float* __restrict out,
                               int count) {
    int const* __restrict index = place.index;
    float const* __restrict fx = place.x;
    float const* __restrict fy = place.y;
    for (int i = 0; i < count; ++i) {
        float const* p = plane + index[i];
        float const upper = p[0] + (p[right] - p[0]) * fx[i];
        float const lower = p[below] + (p[below + right] - p[below]) * fx[i];
        out[i] = upper + (lower - upper) * fy[i];
    }
}
/// The two strongest so far, and which they are.
struct Ranks {
    float *first, *second, *first_label, *second_label;
};
MG_CLONES void rank_row(float const* __restrict values, float label, Ranks ranks, int count) {
    float* __restrict first = ranks.first;
    float* __restrict second = ranks.second;
    float* __restrict first_label = ranks.first_label;
    float* __restrict second_label = ranks.second_label;
    for (int i = 0; i < count; ++i) {
        float const v = values[i], f = first[i], s = second[i], fl = first_label[i], sl = second_label[i];
        bool const leads = v > f, follows = v > s;
        second[i] = leads ? f : (follows ? v : s);
        second_label[i] = leads ? fl : (follows ? label : sl);
        first[i] = leads ? v : f;
        first_label[i] = leads ? label : fl;
    }
}
MG_CLONES void conductance_row(float const* __restrict energy, float const* __restrict level,
                               float* __restrict relative, float* __restrict out, int count) {
    for (int i = 0; i < count; ++i) {
        float const r = energy[i] / level[i];
        relative[i] = r;
        out[i] = 1 / (1 + k_edge_weight * r * r);
    }
}
MG_CLONES void widen_row(float const* __restrict from, std::ptrdiff_t step, int radius, float* __restrict out,
                         int count) {
    for (int i = 0; i < count; ++i) out[i] = from[i];
    for (int k = 1; k <= radius; ++k) {
        float const* __restrict before = from - k * step;
        float const* __restrict after = from + k * step;
        for (int i = 0; i < count; ++i) {
            float const larger = before[i] > after[i] ? before[i] : after[i];
            out[i] = larger > out[i] ? larger : out[i];
        }
    }
}
/// How far there is nothing to go to: 1 far from all edges, 0 near a plain one.
MG_CLONES void evenness_row(float const* __restrict largest, float* __restrict out, int count) {
    for (int i = 0; i < count; ++i) {
        float const even = 1 / (1 + largest[i] * largest[i] * (1 / (k_plain_edge * k_plain_edge)));
        out[i] = k_even_weight * even * even;
    }
}
struct Links {
    float *left, *right, *up, *down, *prior;
};
/// Where a walker at each pixel goes; `here` has a 0 at each end, as have the rows beyond the last. On an edge, what
/// the maps say counts as little as the neighbours: its pixels go with the side they are linked to better.
MG_CLONES void link_row(float const* __restrict above, float const* __restrict here, float const* __restrict below,
                        float const* __restrict even, Ranks ranks, float prior_weight, Links links, int count) {
    float const* __restrict first = ranks.first;
    float const* __restrict second = ranks.second;
    float* __restrict left = links.left;
    float* __restrict right = links.right;
    float* __restrict up = links.up;
    float* __restrict down = links.down;
    float* __restrict prior = links.prior;
    auto const lower = [](float a, float b) { return a < b ? a : b; };
    for (int i = 0; i < count; ++i) {
        float const lead = first[i] - second[i], c = here[i], open = lead < k_certain ? 1.0F : 0.0F;
        float const l = lower(c, here[i - 1]) * open, r = lower(c, here[i + 1]) * open;
        float const u = lower(c, above[i]) * open, d = lower(c, below[i]) * open;
        float const p = open > 0 ? (prior_weight * lead * lead + even[i]) * c + 1e-9F : 1;
        float const scale = 1 / (l + r + u + d + p);
        left[i] = l * scale;
        right[i] = r * scale;
        up[i] = u * scale;
        down[i] = d * scale;
        prior[i] = p * scale;
    }
}
MG_CLONES void pull_row(float const* __restrict prior, float const* __restrict label, float own, float* __restrict out,
                        int count) {
    for (int i = 0; i < count; ++i) out[i] = label[i] == own ? prior[i] : 0;
}
/// One relaxed update of a row from itself and its neighbours.
MG_CLONES void relax_row(Links links, float const* __restrict pull, float const* __restrict above,
                         float const* __restrict here, float const* __restrict below, float* __restrict out,
                         int count) {
    float const* __restrict left = links.left;
    float const* __restrict right = links.right;
    float const* __restrict up = links.up;
    float const* __restrict down = links.down;
    for (int i = 0; i < count; ++i) {
        float const wanted =
            (left[i] * here[i - 1] + right[i] * here[i + 1]) + (up[i] * above[i] + down[i] * below[i]) + pull[i];
        out[i] = here[i] + k_relaxation * (wanted - here[i]);
    }
}
MG_CLONES void rest_row(float* __restrict value, float* __restrict rest, int count) {
    for (int i = 0; i < count; ++i) {
        value[i] = value[i] > 0 ? (value[i] < 1 ? value[i] : 1) : 0;
        float const left = rest[i] - value[i];
        rest[i] = left > 0 ? left : 0;
    }
}

struct Inputs {
    Prior const& prior;
    PlaneRef se;
    Plane const& levels;
    Projective const& se_to_map;
    SpreadSettings const& settings;
    float prior_weight = 0;
    int margin = 0;
    int edge_reach = 0; ///< px: how far from an edge there is something to decide
};

/// Part of a row in which something is to decide.
struct Run {
    int first = 0, end = 0;
    int count() const { return end - first; }
};

class TileSolver {
public:
    explicit TileSolver(Inputs const& inputs) : m_in(inputs) {}

    /// The two strongest of `labels` in `rect`, for which a margin around it is looked at too.
    void solve(Rect rect, Labels labels) {
        int const left = std::max(0, rect.x - m_in.margin), top = std::max(0, rect.y - m_in.margin);
        m_extent = {left, top, std::min(m_in.se.width(), rect.x + rect.width + m_in.margin) - left,
                    std::min(m_in.se.height(), rect.y + rect.height + m_in.margin) - top};
        m_labels.clear();
        for (int k = 0; k < static_cast<int>(m_in.prior.planes.size()); ++k)
            if (labels >> k & 1) m_labels.push_back(k);
        if (m_fields.size() < m_labels.size()) m_fields.resize(m_labels.size());
        interpolate();
        m_runs.assign(static_cast<std::size_t>(m_extent.height), Run{});
        bool some = false;
        for (int y = 0; y < m_extent.height; ++y) {
            rank(y, {0, m_extent.width});
            Run& run = m_runs[static_cast<std::size_t>(y)];
            float const *first = m_first.row(y), *second = m_second.row(y);
            int a = 0, b = m_extent.width;
            while (a < b && first[a] - second[a] >= k_certain) ++a;
            while (b > a && first[b - 1] - second[b - 1] >= k_certain) --b;
            run = {a, b};
            some = some || a < b;
        }
        if (some && m_in.settings.method == SpreadMethod::guided) walk();
    }
    Rect extent() const { return m_extent; }
    int label(float index) const { return m_labels[static_cast<std::size_t>(index)]; }
    /// Of row y of the extent. Outside the run one material is certain.
    Run run(int y) const { return m_runs[static_cast<std::size_t>(y)]; }
    Ranks ranks(int y) { return {m_first.row(y), m_second.row(y), m_first_label.row(y), m_second_label.row(y)}; }
    float const* field_row(std::size_t k, int y) { return field(k, y); }

private:
    static constexpr int k_pad = 1; ///< of zeros around a patch, so that every pixel has neighbours

    float* field(std::size_t k, int y) { return m_fields[k].row(y + k_pad) + k_pad; }

    void interpolate() {
        int const w = m_extent.width, h = m_extent.height;
        for (Patch* patch : {&m_first, &m_second, &m_first_label, &m_second_label}) patch->resize(w, h);
        m_index.resize(static_cast<std::size_t>(w));
        m_x.resize(static_cast<std::size_t>(w));
        m_y.resize(static_cast<std::size_t>(w));
        for (std::size_t k = 0; k < m_labels.size(); ++k) {
            m_fields[k].resize(w + 2 * k_pad, h + 2 * k_pad);
            std::fill(m_fields[k].values.begin(), m_fields[k].values.end(), 0.0F);
        }
        Size const map = m_in.prior.present.size();
        Place const place{m_index.data(), m_x.data(), m_y.data()};
        for (int y = 0; y < h; ++y) {
            place_row(m_in.se_to_map, map, {static_cast<double>(m_extent.x), static_cast<double>(m_extent.y + y)},
                      place, w);
            for (std::size_t k = 0; k < m_labels.size(); ++k)
                interpolate_row(m_in.prior.planes[static_cast<std::size_t>(m_labels[k])].data(), map.width > 1 ? 1 : 0,
                                map.height > 1 ? map.width : 0, place, field(k, y), w);
        }
    }
    void rank(int y, Run run) {
        Ranks all = ranks(y);
        for (float* row : {all.first, all.second}) std::fill(row + run.first, row + run.end, 0.0F);
        for (float* row : {all.first_label, all.second_label}) std::fill(row + run.first, row + run.end, 0.0F);
        Ranks const part{all.first + run.first, all.second + run.first, all.first_label + run.first,
                         all.second_label + run.first};
        for (std::size_t k = 0; k < m_labels.size(); ++k)
            rank_row(field(k, y) + run.first, static_cast<float>(k), part, run.count());
    }

    /// High where the image is even.
    void find_conductances() {
        constexpr int k_radius = 4; // a Gaussian of 1.5 px
        constexpr std::array<float, k_radius + 1> k_kernel{0.2664696F, 0.2133722F, 0.1095486F, 0.0360628F, 0.0076118F};
        int const w = m_extent.width, h = m_extent.height;
        m_maker.make(m_in.se, {m_extent.x - k_radius, m_extent.y - k_radius, w + 2 * k_radius, h + 2 * k_radius},
                     m_energy);
        m_blurred.resize(w, h + 2 * k_radius);
        for (int y = 0; y < h + 2 * k_radius; ++y) weigh(m_energy.row(y) + k_radius, 1, k_kernel, m_blurred.row(y), w);
        m_conductance.resize(w + 2 * k_pad, h + 2 * k_pad);
        std::fill(m_conductance.values.begin(), m_conductance.values.end(), 0.0F);
        int const reach = m_in.edge_reach;
        for (Patch* patch : {&m_relative, &m_widened}) {
            patch->resize(w + 2 * reach, h + 2 * reach);
            std::fill(patch->values.begin(), patch->values.end(), 0.0F);
        }
        m_row.resize(static_cast<std::size_t>(w));
        m_level.resize(static_cast<std::size_t>(w));
        find_level_columns();
        for (int y = 0; y < h; ++y) {
            weigh(m_blurred.row(y + k_radius), w, k_kernel, m_row.data(), w);
            find_levels(m_extent.y + y);
            conductance_row(m_row.data(), m_level.data(), m_relative.row(y + reach) + reach,
                            m_conductance.row(y + k_pad) + k_pad, w);
        }
        m_even.resize(w, h);
        for (int y = 0; y < h; ++y) widen_row(m_relative.row(y + reach) + reach, 1, reach, m_widened.row(y + reach), w);
        for (int y = 0; y < h; ++y) {
            widen_row(m_widened.row(y + reach), m_widened.width, reach, m_row.data(), w);
            evenness_row(m_row.data(), m_even.row(y), w);
        }
    }
    MG_CLONES static void weigh(float const* __restrict from, std::ptrdiff_t step, std::array<float, 5> const& kernel,
                                float* __restrict out, int count) {
        float const k0 = kernel[0], k1 = kernel[1], k2 = kernel[2], k3 = kernel[3], k4 = kernel[4];
        for (int i = 0; i < count; ++i)
            out[i] = k0 * from[i] + k1 * (from[i - step] + from[i + step]) +
                     k2 * (from[i - 2 * step] + from[i + 2 * step]) + k3 * (from[i - 3 * step] + from[i + 3 * step]) +
                     k4 * (from[i - 4 * step] + from[i + 4 * step]);
    }
    /// Mean energies, interpolated between the middles of the squares.
    void find_level_columns() {
        m_column.clear();
        for (int x = 0; x < m_extent.width; ++x) m_column.push_back(split(m_extent.x + x, m_in.levels.width()));
    }
    void find_levels(int y) {
        Plane const& levels = m_in.levels;
        auto const [row, fy] = split(y, levels.height());
        float const* upper = levels.row(row);
        float const* lower = levels.row(std::min(row + 1, levels.height() - 1));
        int const step = levels.width() > 1 ? 1 : 0;
        for (std::size_t i = 0; i < m_level.size(); ++i) {
            auto const [column, fx] = m_column[i];
            float const a = upper[column] + (upper[column + step] - upper[column]) * fx;
            float const b = lower[column] + (lower[column + step] - lower[column]) * fx;
            m_level[i] = a + (b - a) * fy;
        }
    }
    struct Between {
        int index;
        float fraction;
    };
    static Between split(int px, int limit) {
        float const at = (static_cast<float>(px) + 0.5F) * (1.0F / k_tile) - 0.5F;
        float const held = std::clamp(at, 0.0F, static_cast<float>(limit - 1));
        int const i = std::min(static_cast<int>(held), std::max(0, limit - 2));
        return {i, held - static_cast<float>(i)};
    }

    Links links(int y, int x) {
        return {m_left.row(y) + x, m_right.row(y) + x, m_up.row(y) + x, m_down.row(y) + x, m_prior.row(y) + x};
    }
    void walk() {
        find_conductances();
        int const w = m_extent.width, h = m_extent.height;
        for (Patch* patch : {&m_left, &m_right, &m_up, &m_down, &m_prior, &m_pull}) patch->resize(w, h);
        for (int y = 0; y < h; ++y) {
            Run const r = run(y);
            if (r.count() == 0) continue;
            auto const row = [&](int line) { return m_conductance.row(line + k_pad) + k_pad + r.first; };
            Ranks all = ranks(y);
            all.first += r.first;
            all.second += r.first;
            link_row(row(y - 1), row(y), row(y + 1), m_even.row(y) + r.first, all, m_in.prior_weight, links(y, r.first),
                     r.count());
        }
        std::size_t const solved = m_labels.size() - 1; // the last is the rest
        for (std::size_t k = 0; k < solved; ++k) {
            for (int y = 0; y < h; ++y) {
                int const first = run(y).first;
                pull_row(m_prior.row(y) + first, m_first_label.row(y) + first, static_cast<float>(k),
                         m_pull.row(y) + first, run(y).count());
            }
            for (int sweep = 0; sweep < k_sweeps; ++sweep)
                for (int odd = 0; odd < 2; ++odd)
                    for (int y = odd; y < h; y += 2) {
                        Run const r = run(y);
                        if (r.count() == 0) continue;
                        float* here = field(k, y) + r.first;
                        relax_row(links(y, r.first), m_pull.row(y) + r.first, field(k, y - 1) + r.first, here,
                                  field(k, y + 1) + r.first, m_row.data(), r.count());
                        std::copy(m_row.data(), m_row.data() + r.count(), here);
                    }
        }
        for (int y = 0; y < h; ++y) {
            Run const r = run(y);
            if (r.count() == 0) continue;
            float* rest = field(solved, y) + r.first;
            std::fill(rest, rest + r.count(), 1.0F);
            for (std::size_t k = 0; k < solved; ++k) rest_row(field(k, y) + r.first, rest, r.count());
            rank(y, r);
        }
    }

    Inputs const& m_in;
    Rect m_extent;
    std::vector<int> m_labels, m_index;
    std::vector<float> m_x, m_y, m_row, m_level;
    std::vector<Patch> m_fields; ///< membership of each label, with a border
    Patch m_first, m_second, m_first_label, m_second_label;
    std::vector<Run> m_runs;
    std::vector<Between> m_column;
    EnergyMaker m_maker;
    Patch m_energy, m_blurred, m_conductance, m_relative, m_widened, m_even;
    Patch m_left, m_right, m_up, m_down, m_prior, m_pull;
};

// --- two per pixel ---------------------------------------------------------------------------------------------------

struct Share {
    std::uint8_t first, second, share;
};

/// `lead`: of the first over the second, 0..1.
Share share_of(int first, int second, float lead) {
    auto const of_first = static_cast<int>(127.5F + 127.5F * std::clamp(lead, 0.0F, 1.0F) + 0.5F);
    auto const a = static_cast<std::uint8_t>(first), b = static_cast<std::uint8_t>(second);
    return of_first >= 255 ? Share{a, a, 255} : Share{a, b, static_cast<std::uint8_t>(of_first)};
}

class TileWriter {
public:
    TileWriter(SpreadMap& out, float sharpness, bool sharpens)
        : m_out(out), m_sharpness(sharpness), m_sharp(sharpens) {}

    void fill(Rect rect, int label) {
        for (int y = rect.y; y < rect.y + rect.height; ++y) fill_row(y, rect.x, rect.x + rect.width, label);
    }
    void write(Rect rect, TileSolver& solver) {
        Rect const extent = solver.extent();
        for (int y = rect.y; y < rect.y + rect.height; ++y) {
            int const row = y - extent.y;
            Ranks const ranks = solver.ranks(row);
            Run const run = solver.run(row);
            // Certain stretches of one material each.
            int const end = rect.x + rect.width;
            for (int x = rect.x; x < end;) {
                int const i = x - extent.x;
                if (i >= run.first && i < run.end) {
                    put(x, y, decide(solver, ranks, row, i));
                    ++x;
                    continue;
                }
                float const label = ranks.first_label[i];
                int const limit = i < run.first ? std::min(end, run.first + extent.x) : end;
                int last = x + 1;
                while (last < limit && ranks.first_label[last - extent.x] == label) ++last;
                fill_row(y, x, last, solver.label(label));
                x = last;
            }
        }
    }

private:
    Share decide(TileSolver& solver, Ranks const& ranks, int row, int i) const {
        float const first = ranks.first[i], second = ranks.second[i];
        int const a = solver.label(ranks.first_label[i]), b = solver.label(ranks.second_label[i]);
        if (second <= 0) return share_of(a, a, 1);
        float lead = (first - second) / (first + second);
        if (!m_sharp || lead > 0.999F) return share_of(a, b, lead);
        Rect const extent = solver.extent();
        auto const ka = static_cast<std::size_t>(ranks.first_label[i]);
        auto const kb = static_cast<std::size_t>(ranks.second_label[i]);
        auto const difference = [&](int column, int line) {
            column = std::clamp(column, 0, extent.width - 1);
            line = std::clamp(line, 0, extent.height - 1);
            return solver.field_row(ka, line)[column] - solver.field_row(kb, line)[column];
        };
        float const dx = difference(i + 1, row) - difference(i - 1, row);
        float const dy = difference(i, row + 1) - difference(i, row - 1);
        // Distance from the border, px, tells how much of the pixel is of the first.
        float const slope = 0.5F * std::sqrt(dx * dx + dy * dy);
        float const distance = (first - second) / std::max(slope, 0.02F);
        float const narrow = std::min(2 * distance / k_border_px, 1.0F);
        return share_of(a, b, lead + (narrow - lead) * m_sharpness);
    }
    void put(int x, int y, Share s) {
        m_out.first.at(x, y) = s.first;
        m_out.second.at(x, y) = s.second;
        m_out.share.at(x, y) = s.share;
    }
    void fill_row(int y, int from, int to, int label) {
        Share const s = share_of(label, label, 1);
        std::fill(m_out.first.row(y) + from, m_out.first.row(y) + to, s.first);
        std::fill(m_out.second.row(y) + from, m_out.second.row(y) + to, s.second);
        std::fill(m_out.share.row(y) + from, m_out.share.row(y) + to, s.share);
    }
    SpreadMap& m_out;
    float m_sharpness;
    bool m_sharp;
};

/// Nearest pixel of the maps along one axis.
int nearest(double at, int limit) {
    return static_cast<int>(std::clamp(std::floor(at + 0.5), 0.0, limit - 1.0));
}

void write_nearest(SpreadMap& out, Image<std::uint8_t> const& labels, Rect rect) {
    for (int y = rect.y; y < rect.y + rect.height; ++y)
        for (int x = rect.x; x < rect.x + rect.width; ++x) {
            Point const p = out.to_maps({static_cast<double>(x), static_cast<double>(y)});
            out.first.at(x, y) = out.second.at(x, y) =
                labels.at(nearest(p.x, labels.width()), nearest(p.y, labels.height()));
            out.share.at(x, y) = 255;
        }
}

/// What lies beyond the maps, and where they hold nothing.
void clear_uncovered(SpreadMap& out, Prior const& prior, int y) {
    Size const map = prior.present.size();
    int const width = out.size().width;
    auto const clear = [&](int from, int to) {
        std::fill(out.first.row(y) + from, out.first.row(y) + to, k_no_material);
        std::fill(out.second.row(y) + from, out.second.row(y) + to, k_no_material);
        std::fill(out.share.row(y) + from, out.share.row(y) + to, std::uint8_t{0});
    };
    Region const frame{-0.5, -0.5, map.width - 0.5, map.height - 0.5};
    PixelRun const run = run_within(frame, {.size = out.size(), .to_source = out.to_maps}, y);
    int const first = std::clamp(run.first, 0, width), end = std::clamp(run.end, first, width);
    clear(0, first);
    clear(end, width);
    if (prior.holes.empty()) return;
    for (int x = first; x < end; ++x) {
        Point const p = out.to_maps({static_cast<double>(x), static_cast<double>(y)});
        if (prior.holes.at(nearest(p.x, map.width), nearest(p.y, map.height)) != 0) clear(x, x + 1);
    }
}

Status check(std::span<PlaneRef const> memberships, PlaneRef se, Projective const& se_to_map) {
    if (memberships.empty() || memberships.size() > static_cast<std::size_t>(k_most_materials))
        return Error{ErrorCode::bad_value, "between 1 and " + std::to_string(k_most_materials) +
                                               " materials can be brought to another grid, not " +
                                               std::to_string(memberships.size())};
    for (PlaneRef const& plane : memberships)
        if (plane.size.empty() || plane.size != memberships.front().size)
            return Error{ErrorCode::bad_value, "the materials' memberships are not all of one size"};
    if (se.size.empty()) return Error{ErrorCode::bad_value, "there is no image to bring the materials to"};
    if (!is_usable_map(se_to_map, se.size))
        return Error{ErrorCode::bad_value, "the map from the image to the element maps is impossible"};
    return Done{};
}

} // namespace

bool is_usable_map(Projective const& to_maps, Size image) {
    Scales const scales = scales_of(to_maps, image);
    for (double scale : {scales.x, scales.y})
        if (!(scale > 1e-4 && scale < 1e4)) return false;
    for (int corner = 0; corner < 4; ++corner) {
        Point const at{corner % 2 == 0 ? -0.5 : image.width - 0.5, corner / 2 == 0 ? -0.5 : image.height - 0.5};
        Point const there = to_maps(at);
        if (!(to_maps.px * at.x + to_maps.py * at.y + 1 > 1e-3)) return false;
        if (!(std::fabs(there.x) < 1e8 && std::fabs(there.y) < 1e8)) return false;
    }
    return true;
}

Result<SpreadMap> spread_memberships(std::span<PlaneRef const> memberships, PlaneRef se, Projective const& se_to_map,
                                     SpreadSettings const& settings, Work& work) {
    MG_TRY_DO(check(memberships, se, se_to_map));
    Size const map = memberships.front().size;
    SpreadMap out;
    out.to_maps = se_to_map;
    MG_TRY(out.first, Image<std::uint8_t>::create(se.size));
    MG_TRY(out.second, Image<std::uint8_t>::create(se.size));
    MG_TRY(out.share, Image<std::uint8_t>::create(se.size));

    bool const guided = settings.method == SpreadMethod::guided;
    MG_TRY(Prior const prior, prior_of(memberships, guided));
    Image<std::uint8_t> labels;
    if (settings.method == SpreadMethod::nearest) {
        MG_TRY(labels, Image<std::uint8_t>::create(map));
        for (std::int64_t i = 0; i < map.area(); ++i)
            labels.data()[i] = static_cast<std::uint8_t>(strongest(prior.planes, i));
    }
    Plane levels;
    if (guided) {
        auto const contrast = static_cast<float>(std::clamp(settings.edge_contrast, 1e-4, 1.0));
        // A step of that contrast, as wide as the beam makes it, rises by a third of it per pixel.
        MG_TRY(levels, energy_levels(se, contrast * contrast / 9, work));
    }
    Scales const scales = scales_of(se_to_map, se.size);
    double const px_per_map_px = 1 / std::sqrt(scales.x * scales.y);
    double const radius = std::clamp(settings.radius_map_px, 0.25, 4.0);
    double const reach = std::clamp(k_reach * radius * px_per_map_px, 0.5, static_cast<double>(k_most_margin));
    auto const edge_reach = static_cast<int>(std::clamp(k_edge_reach * px_per_map_px, 2.0, 8.0));
    Inputs const inputs{.prior = prior,
                        .se = se,
                        .levels = levels,
                        .se_to_map = se_to_map,
                        .settings = settings,
                        .prior_weight = static_cast<float>(1 / (reach * reach)),
                        .margin = guided ? static_cast<int>(std::clamp(k_margin_map_px * px_per_map_px,
                                                                       double{k_least_margin}, double{k_most_margin}))
                                         : 0,
                        .edge_reach = edge_reach};

    int const columns = (se.width() + k_tile - 1) / k_tile, rows = (se.height() + k_tile - 1) / k_tile;
    work.for_each(static_cast<std::size_t>(rows), [&](std::size_t part) {
        if (work.cancelled()) return;
        int const top = static_cast<int>(part) * k_tile, height = std::min(k_tile, se.height() - top);
        TileSolver solver(inputs);
        TileWriter writer(out, static_cast<float>(std::clamp(settings.sharpness, 0.0, 1.0)), guided);
        for (int column = 0; column < columns; ++column) {
            Rect const rect{column * k_tile, top, std::min(k_tile, se.width() - column * k_tile), height};
            if (settings.method == SpreadMethod::nearest) {
                write_nearest(out, labels, rect);
                continue;
            }
            if (Labels const inside = labels_in(prior, se_to_map, rect); is_single(inside)) {
                writer.fill(rect, lowest(inside));
                continue;
            }
            int const margin = inputs.margin;
            Rect const around{rect.x - margin, rect.y - margin, rect.width + 2 * margin, rect.height + 2 * margin};
            solver.solve(rect, labels_in(prior, se_to_map, around));
            writer.write(rect, solver);
        }
        for (int y = top; y < top + height; ++y) clear_uncovered(out, prior, y);
    });
    if (work.cancelled()) return Error{ErrorCode::cancelled, "cancelled"};
    return out;
}

} // namespace mg
