#include "ops/drawings.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/clones.h"

namespace mg {
namespace {

using Planes = std::span<ImageView<float const> const>;

/// 255 of 255, 65535 of 65535: exactly 1 but for rounding.
constexpr float k_top = 1 - 1e-6f;
constexpr float k_nearly_white = 0.8f;
constexpr double k_most_nearly_white = 0.5;
constexpr double k_largest_halo = 0.3;
constexpr int k_least_pixels = 5, k_least_length_px = 5;
constexpr int k_reach_px = 5;
/// Marks of the working mask.
constexpr std::uint8_t k_nothing = 0, k_white = 1, k_drawing = 2, k_piece = 3, k_no_drawing = 4;

MG_CLONES int count_white(float const* values, int width) {
    int count = 0;
    for (int x = 0; x < width; ++x) count += values[x] >= k_top ? 1 : 0;
    return count;
}

int mark_row(float const* values, std::uint8_t* marks, int width, bool first) {
    // Most rows have none, and counting among floats is quicker than narrowing what is found to bytes.
    if (count_white(values, width) == 0) {
        std::memset(marks, k_nothing, static_cast<std::size_t>(width));
        return 0;
    }
    int count = 0;
    for (int x = 0; x < width; ++x) {
        bool const white = values[x] >= k_top && (first || marks[x] != 0);
        marks[x] = white ? k_white : k_nothing;
        count += white ? 1 : 0;
    }
    return count;
}

MG_CLONES void keep_drawings(std::uint8_t* marks, int width) {
    for (int x = 0; x < width; ++x) marks[x] = marks[x] == k_drawing ? std::uint8_t{k_mask_drawing} : k_nothing;
}

MG_CLONES int count_marked(std::uint8_t const* marks, int width) {
    int count = 0;
    for (int x = 0; x < width; ++x) count += marks[x];
    return count;
}
static_assert(k_mask_drawing == 1);

Result<Drawings> white_pixels(Planes planes) {
    MG_CHECK(!planes.empty());
    Drawings result;
    MG_TRY(result.mask, Mask::create(planes[0].size));
    for (int y = 0; y < result.mask.height(); ++y) {
        int white = 0;
        for (std::size_t i = 0; i < planes.size(); ++i) {
            MG_CHECK(planes[i].size == result.mask.size());
            white = mark_row(planes[i].row(y), result.mask.row(y), result.mask.width(), i == 0);
        }
        result.pixels += white;
    }
    return result;
}

struct Pixel {
    int x, y;
};

/// What touches a component, and what lies two steps further out; white pixels do not count.
struct Surroundings {
    double touching = 0, touching_count = 0, nearly_white = 0;
    double further = 0, further_count = 0;
};

class Finder {
public:
    Finder(Planes planes, Mask& marks) : m_planes(planes), m_marks(marks) {}

    void run() {
        std::vector<std::vector<Pixel>> pieces;
        for_each_white([&](int x, int y) {
            collect({x, y});
            bool const sharp = is_sharp();
            bool const large = m_component.size() >= k_least_pixels && length_of_component() >= k_least_length_px;
            mark(sharp ? (large ? k_drawing : k_piece) : k_no_drawing);
            if (sharp && !large && pieces.size() < k_most_pieces) pieces.push_back(m_component);
        });
        for (std::vector<Pixel> const& piece : pieces)
            if (is_near_a_drawing(piece.front()))
                for (Pixel p : piece) m_marks.at(p.x, p.y) = k_drawing;
    }

private:
    /// Limits of memory, not of sense: the rest of a larger component is looked at as another one.
    static constexpr std::size_t k_largest_component = std::size_t{1} << 22;
    static constexpr std::size_t k_most_pieces = 10000;

    template <class Visit>
    void for_each_white(Visit visit) {
        for (int y = 0; y < m_marks.height(); ++y) {
            std::uint8_t* row = m_marks.row(y);
            for (int x = 0; x < m_marks.width(); ++x) {
                void const* found = std::memchr(row + x, k_white, static_cast<std::size_t>(m_marks.width() - x));
                if (!found) break;
                x = static_cast<int>(static_cast<std::uint8_t const*>(found) - row);
                visit(x, y);
            }
        }
    }

    bool inside(int x, int y) const { return x >= 0 && x < m_marks.width() && y >= 0 && y < m_marks.height(); }

    /// The component of a white pixel into m_component.
    void collect(Pixel start) {
        m_component.clear();
        m_component.push_back(start);
        m_marks.at(start.x, start.y) = k_no_drawing;
        for (std::size_t i = 0; i < m_component.size() && m_component.size() < k_largest_component; ++i)
            for (int dy = -1; dy <= 1; ++dy)
                for (int dx = -1; dx <= 1; ++dx) {
                    int const x = m_component[i].x + dx, y = m_component[i].y + dy;
                    if (!inside(x, y) || m_marks.at(x, y) != k_white) continue;
                    m_marks.at(x, y) = k_no_drawing;
                    m_component.push_back({x, y});
                }
    }

    int length_of_component() const {
        auto [left, right] =
            std::minmax_element(m_component.begin(), m_component.end(), [](Pixel a, Pixel b) { return a.x < b.x; });
        auto [top, bottom] =
            std::minmax_element(m_component.begin(), m_component.end(), [](Pixel a, Pixel b) { return a.y < b.y; });
        return 1 + std::max(right->x - left->x, bottom->y - top->y);
    }

    /// A pixel that touches the component in several places counts as often.
    bool is_sharp() const {
        Surroundings s;
        for (Pixel p : m_component)
            for (auto [dx, dy] : {Pixel{-1, 0}, Pixel{1, 0}, Pixel{0, -1}, Pixel{0, 1}}) {
                int const x = p.x + dx, y = p.y + dy;
                if (!inside(x, y) || m_marks.at(x, y) != k_nothing) continue;
                double const value = grey(x, y);
                s.touching += value;
                s.nearly_white += value > double{k_nearly_white};
                ++s.touching_count;
                if (int const fx = x + 2 * dx, fy = y + 2 * dy; inside(fx, fy) && m_marks.at(fx, fy) == k_nothing) {
                    s.further += grey(fx, fy);
                    ++s.further_count;
                }
            }
        if (s.touching_count == 0) return false; // all of the picture is white
        if (s.nearly_white >= k_most_nearly_white * s.touching_count) return false;
        double const touching = s.touching / s.touching_count;
        double const further = s.further_count > 0 ? s.further / s.further_count : 0;
        return touching - further <= k_largest_halo * (1 - further);
    }

    bool is_near_a_drawing(Pixel p) const {
        for (int y = std::max(0, p.y - k_reach_px); y <= std::min(m_marks.height() - 1, p.y + k_reach_px); ++y)
            for (int x = std::max(0, p.x - k_reach_px); x <= std::min(m_marks.width() - 1, p.x + k_reach_px); ++x)
                if (m_marks.at(x, y) == k_drawing) return true;
        return false;
    }

    double grey(int x, int y) const {
        double sum = 0;
        for (auto const& plane : m_planes) sum += double{plane.at(x, y)};
        return sum / static_cast<double>(m_planes.size());
    }

    void mark(std::uint8_t value) {
        for (Pixel p : m_component) m_marks.at(p.x, p.y) = value;
    }

    Planes m_planes;
    Mask& m_marks;
    std::vector<Pixel> m_component;
};

} // namespace

Result<Drawings> all_white_pixels(Planes planes) {
    static_assert(k_white == k_mask_drawing);
    return white_pixels(planes);
}

Result<Drawings> found_drawings(Planes planes) {
    MG_TRY(Drawings result, white_pixels(planes));
    if (result.pixels == 0) return result;
    Finder(planes, result.mask).run();
    result.pixels = 0;
    for (int y = 0; y < result.mask.height(); ++y) {
        keep_drawings(result.mask.row(y), result.mask.width());
        result.pixels += count_marked(result.mask.row(y), result.mask.width());
    }
    return result;
}

Result<Plane> without_marks(ImageView<float const> plane, ImageView<std::uint8_t const> marks) {
    int const width = plane.width(), height = plane.height();
    MG_TRY(Plane filled, Plane::create(plane.size));
    MG_TRY(Mask open, Mask::create(plane.size));
    std::vector<std::int32_t> waiting;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            filled.at(x, y) = plane.at(x, y);
            open.at(x, y) = marks.at(x, y) != 0;
            if (open.at(x, y)) waiting.push_back(y * width + x);
        }
    struct Found {
        std::int32_t place;
        float value;
    };
    std::vector<Found> found;
    while (!waiting.empty()) {
        found.clear();
        std::size_t kept = 0;
        for (std::int32_t const place : waiting) {
            int const x = place % width, y = place / width;
            float sum = 0;
            int count = 0;
            for (int v = std::max(0, y - 1); v <= std::min(height - 1, y + 1); ++v)
                for (int u = std::max(0, x - 1); u <= std::min(width - 1, x + 1); ++u)
                    if (!open.at(u, v)) {
                        sum += filled.at(u, v);
                        ++count;
                    }
            if (count > 0)
                found.push_back({place, sum / static_cast<float>(count)});
            else
                waiting[kept++] = place;
        }
        if (found.empty()) break;
        // Only now, so that a ring does not depend on the order within it.
        for (Found const& one : found) {
            filled.data()[one.place] = one.value;
            open.data()[one.place] = 0;
        }
        waiting.resize(kept);
    }
    return filled;
}

} // namespace mg
