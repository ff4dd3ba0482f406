// The largest rectangle is found row by row: over each column stands a bar of free pixels, and the largest rectangle
// under the bars of a row comes from one pass with a stack (Vandevoorde, Dr. Dobb's Journal, April 1998), so that the
// whole takes a time in proportion to the pixels.
#include "ops/place.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "ops/resample_warp.h"

namespace mg {
namespace {

constexpr unsigned k_no_picture = k_mask_outside | k_mask_databar;

bool has_gaps(ImageView<std::uint8_t const> mask) {
    for (int y = 0; y < mask.height(); ++y) {
        std::uint8_t const* row = mask.row(y);
        unsigned bits = 0;
        for (int x = 0; x < mask.width(); ++x) bits |= row[x];
        if (bits & k_no_picture) return true;
    }
    return false;
}

/// 1 wherever some pixel within `reach` rows and columns is no picture.
Result<Mask> gaps_grown(ImageView<std::uint8_t const> mask, int reach_x, int reach_y) {
    int width = mask.width(), height = mask.height();
    MG_TRY(Mask across, Mask::create(mask.size));
    for (int y = 0; y < height; ++y) {
        std::uint8_t const* row = mask.row(y);
        std::uint8_t* out = across.row(y);
        // Distance to the last gap from the left, then from the right.
        int far = width + reach_x + 1;
        for (int x = 0, last = -far; x < width; ++x) {
            if (row[x] & k_no_picture) last = x;
            out[x] = x - last <= reach_x ? 1 : 0;
        }
        for (int x = width - 1, last = width + far; x >= 0; --x) {
            if (row[x] & k_no_picture) last = x;
            if (last - x <= reach_x) out[x] = 1;
        }
    }
    MG_TRY(Mask grown, Mask::filled(mask.size, 0));
    for (int y = 0; y < height; ++y) {
        std::uint8_t const* row = across.row(y);
        for (int v = std::max(0, y - reach_y), end = std::min(height, y + reach_y + 1); v < end; ++v) {
            std::uint8_t* out = grown.row(v);
            for (int x = 0; x < width; ++x) out[x] |= row[x];
        }
    }
    return grown;
}

} // namespace

Rect largest_clear_rectangle(ImageView<std::uint8_t const> blocked) {
    struct Step {
        int left, height;
    };
    int width = blocked.width();
    std::vector<int> bars(static_cast<std::size_t>(std::max(0, width)), 0);
    std::vector<Step> steps; // rising bars that are still open
    Rect best{};
    std::int64_t best_area = 0;
    for (int y = 0; y < blocked.height(); ++y) {
        std::uint8_t const* row = blocked.row(y);
        steps.clear();
        for (int x = 0; x <= width; ++x) {
            int height = 0;
            if (x < width) {
                int& bar = bars[static_cast<std::size_t>(x)];
                height = bar = row[x] ? 0 : bar + 1;
            }
            int left = x;
            while (!steps.empty() && steps.back().height >= height) {
                Step const& step = steps.back();
                left = step.left;
                Rect found{step.left, y - step.height + 1, x - step.left, step.height};
                std::int64_t area = found.size().area();
                bool first = area == best_area && (found.y < best.y || (found.y == best.y && found.x < best.x));
                if (area > best_area || (first && area > 0)) {
                    best = found;
                    best_area = area;
                }
                steps.pop_back();
            }
            if (height > 0) steps.push_back({left, height});
        }
    }
    return best;
}

Status block_uncovered(ImageView<std::uint8_t> blocked, GridImage const& image) {
    Size grid = blocked.size;
    Scales scales = scales_of(image.to_source, grid);
    // Centres at least this far within the outer borders.
    double edge_x = scales.x / 4 - 0.5, edge_y = scales.y / 4 - 0.5;
    Region region{edge_x, edge_y, image.size.width - 1 - edge_x, image.size.height - 1 - edge_y};
    Mask gaps;
    if (image.mask.data && has_gaps(image.mask)) {
        // The spline and what it is widened to hardly reach farther than two of the coarser pixels.
        auto reach = [](double scale) { return static_cast<int>(std::ceil(2 * std::clamp(scale, 1.0, 64.0))); };
        MG_TRY(gaps, gaps_grown(image.mask, reach(scales.x), reach(scales.y)));
    }
    WarpSpec spec{.size = grid, .to_source = image.to_source};
    for (int y = 0; y < grid.height; ++y) {
        PixelRun run = run_within(region, spec, y);
        std::uint8_t* row = blocked.row(y);
        int first = std::min(run.first, grid.width), end = std::max(first, run.end);
        std::fill(row, row + first, std::uint8_t{1});
        std::fill(row + end, row + grid.width, std::uint8_t{1});
        if (gaps.empty()) continue;
        for (int x = first; x < end; ++x) {
            Point p = image.to_source({static_cast<double>(x), static_cast<double>(y)});
            int u = std::clamp(static_cast<int>(std::floor(p.x + 0.5)), 0, image.size.width - 1);
            int v = std::clamp(static_cast<int>(std::floor(p.y + 0.5)), 0, image.size.height - 1);
            row[x] |= gaps.at(u, v);
        }
    }
    return Done{};
}

Rect grid_extent(GridImage const& image, Rect within) {
    Projective to_grid = image.to_source.inverse();
    double right = image.size.width - 0.5, bottom = image.size.height - 0.5;
    double low_x = 1e30, low_y = 1e30, high_x = -1e30, high_y = -1e30;
    for (Point corner : {Point{-0.5, -0.5}, Point{right, -0.5}, Point{-0.5, bottom}, Point{right, bottom}}) {
        Point p = to_grid(corner);
        low_x = std::min(low_x, p.x), high_x = std::max(high_x, p.x);
        low_y = std::min(low_y, p.y), high_y = std::max(high_y, p.y);
    }
    constexpr double k_hair = 1e-6;
    auto first = [](double at, int least, int most) {
        return static_cast<int>(std::ceil(std::clamp(at - k_hair, static_cast<double>(least), static_cast<double>(most))));
    };
    auto last = [](double at, int least, int most) {
        return static_cast<int>(std::floor(std::clamp(at + k_hair, static_cast<double>(least), static_cast<double>(most))));
    };
    // NaN compares false and leaves the clamped ends crossed or outside: nothing.
    if (!(low_x <= high_x) || !(low_y <= high_y)) return {};
    int end_x = within.x + within.width, end_y = within.y + within.height;
    int x0 = first(low_x, within.x, end_x), x1 = last(high_x, within.x - 1, end_x - 1);
    int y0 = first(low_y, within.y, end_y), y1 = last(high_y, within.y - 1, end_y - 1);
    if (x1 < x0 || y1 < y0) return {};
    return {x0, y0, x1 - x0 + 1, y1 - y0 + 1};
}

} // namespace mg
