// A bar is ink of one value, thin, straight and level, with something else above and below it over nearly all of its
// length, and connected with nothing else: frames and grids of a databar run on into other lines. Only a bar whose
// label can be read, or one that looks like nothing but a bar, is reported.
#include "ops/find_scale_bar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/text.h"

namespace mg {
namespace {

constexpr int k_shortest_px = 24, k_highest_cap_px = 120, k_most_figures = 64;
/// Shares of the recorded range: what counts as one value, and as another.
constexpr float k_same = 0.02F, k_other = 0.2F;

struct Tone {
    float low = 0, high = 1;
    float range() const { return high - low; }
};
Tone tone_of(ImageView<float const> image) {
    Tone tone{image.at(0, 0), image.at(0, 0)};
    for (int y = 0; y < image.height(); ++y) {
        float const* row = image.row(y);
        for (int x = 0; x < image.width(); ++x) {
            tone.low = std::min(tone.low, row[x]);
            tone.high = std::max(tone.high, row[x]);
        }
    }
    return tone;
}

int right_of(Rect const& r) {
    return r.x + r.width;
}
int bottom_of(Rect const& r) {
    return r.y + r.height;
}
Rect within(Rect r, Size size) {
    int const x0 = std::max(0, r.x), y0 = std::max(0, r.y);
    return {x0, y0, std::min(size.width, right_of(r)) - x0, std::min(size.height, bottom_of(r)) - y0};
}
Rect joined(Rect const& a, Rect const& b) {
    int const x = std::min(a.x, b.x), y = std::min(a.y, b.y);
    return {x, y, std::max(right_of(a), right_of(b)) - x, std::max(bottom_of(a), bottom_of(b)) - y};
}

/// Something drawn that may be a scale bar.
struct Figure {
    BurnedBarKind kind = BurnedBarKind::line;
    Rect line;                  ///< the level part, whole pixels
    Rect box;                   ///< with caps
    double left = 0, right = 0; ///< outer ends, with the share of a pixel that faint ends cover
    /// Width and middle of the caps; width 0: none.
    double left_cap = 0, right_cap = 0, left_middle = 0, right_middle = 0;
    float ink = 1, ground = 0;
    bool level_ground = false; ///< drawn on one value: in a databar
    Rect gap{};                ///< of an interrupted bar
};

class Finder {
public:
    Finder(ImageView<float const> image, Tone tone) : m_image(image), m_tone(tone) {}

    std::vector<Figure> figures() {
        find_lines();
        join_interrupted();
        find_ticks();
        return std::move(m_figures);
    }

private:
    bool same(float a, float b) const { return std::fabs(a - b) <= k_same * m_tone.range(); }

    // --- lines ---------------------------------------------------------------------------------------------------

    void find_lines() {
        int const width = m_image.width();
        for (int y = 1; y + 1 < m_image.height(); ++y) {
            float const* row = m_image.row(y);
            // A run of the shortest length holds three neighbours of this grid.
            constexpr int k_step = k_shortest_px / 3;
            for (int x = 0; x + 2 * k_step < width;) {
                if (!same(row[x], row[x + k_step]) || !same(row[x], row[x + 2 * k_step])) {
                    x += k_step;
                    continue;
                }
                int first = x, end = x + 1;
                while (first > 0 && same(row[first - 1], row[x])) --first;
                while (end < width && same(row[end], row[x])) ++end;
                if (end - first >= k_shortest_px && m_figures.size() < k_most_figures) consider(y, first, end);
                x = std::max(x + k_step, (end + k_step - 1) / k_step * k_step);
            }
        }
    }

    /// Share of a row's pixels over [first, end) that are far from `value`.
    double share_other(int y, int first, int end, float value) const {
        float const* row = m_image.row(y);
        float const far = k_other * m_tone.range();
        int count = 0;
        for (int x = first; x < end; ++x) count += std::fabs(row[x] - value) >= far ? 1 : 0;
        return static_cast<double>(count) / (end - first);
    }

    float median_of_rows(int above, int below, int first, int end) const {
        std::vector<float> values;
        for (int y : {above, below})
            for (int x = first; x < end; ++x) values.push_back(m_image.at(x, y));
        auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), middle, values.end());
        return *middle;
    }

    void consider(int y, int first, int end) {
        float const ink = m_image.at(first, y);
        int const length = end - first;
        // A ruler has ticks all along one side; the middle of a bar is free of anything else.
        constexpr double k_free = 0.8;
        if (share_other(y - 1, first, end, ink) < k_free) return;
        int bottom = y + 1;
        int const thickest = std::max(2, std::min(24, length / 6));
        while (bottom < m_image.height() && bottom - y <= thickest && share_other(bottom, first, end, ink) < 0.1)
            ++bottom;
        if (bottom >= m_image.height() || bottom - y > thickest) return;
        // A faint row may lie between the ink and the ground.
        int below = bottom;
        if (share_other(below, first, end, ink) < k_free && below + 1 < m_image.height()) ++below;
        if (share_other(below, first, end, ink) < k_free) return;

        Figure figure;
        figure.line = {first, y, length, bottom - y};
        figure.ink = ink;
        figure.ground = median_of_rows(y - 1, below, first, end);
        if (std::fabs(ink - figure.ground) < 1.25F * k_other * m_tone.range()) return;
        if (!measure_extent(figure)) return;
        m_figures.push_back(figure);
    }

    float coverage(Figure const& figure, int x, int y) const {
        return std::clamp((m_image.at(x, y) - figure.ground) / (figure.ink - figure.ground), 0.0F, 1.0F);
    }

    /// All that is connected with the line must be the bar itself: as long as the line, and not high.
    bool measure_extent(Figure& figure) const {
        Rect const line = figure.line;
        constexpr int k_beyond = 4;
        int const reach = std::min(k_highest_cap_px, std::max(12, line.width * 3 / 5));
        Rect const window = within(
            {line.x - k_beyond, line.y - reach, line.width + 2 * k_beyond, line.height + 2 * reach}, m_image.size);
        std::vector<std::uint8_t> seen(static_cast<std::size_t>(window.size().area()), 0);
        auto const visit = [&](int x, int y) -> std::uint8_t& {
            return seen[static_cast<std::size_t>(y - window.y) * static_cast<std::size_t>(window.width) +
                        static_cast<std::size_t>(x - window.x)];
        };
        std::vector<std::pair<int, int>> todo;
        for (int x = line.x; x < right_of(line); ++x) {
            todo.push_back({x, line.y});
            visit(x, line.y) = 1;
        }
        Rect box = line;
        while (!todo.empty()) {
            auto const [px, py] = todo.back();
            todo.pop_back();
            box = joined(box, {px, py, 1, 1});
            bool const leaves = (px == window.x && window.x > 0) || (py == window.y && window.y > 0) ||
                                (px == right_of(window) - 1 && right_of(window) < m_image.width()) ||
                                (py == bottom_of(window) - 1 && bottom_of(window) < m_image.height());
            if (leaves) return false;
            for (int y = std::max(window.y, py - 1); y <= std::min(bottom_of(window) - 1, py + 1); ++y)
                for (int x = std::max(window.x, px - 1); x <= std::min(right_of(window) - 1, px + 1); ++x)
                    if (visit(x, y) == 0 && coverage(figure, x, y) >= 0.75F) {
                        visit(x, y) = 1;
                        todo.push_back({x, y});
                    }
        }
        figure.box = box;
        figure.level_ground = ground_is_level(figure);
        measure_ends(figure);
        measure_caps(figure);
        return true;
    }

    /// Around the bar there is nothing but the ground and what is drawn on it.
    bool ground_is_level(Figure const& figure) const {
        int count = 0, level = 0;
        for (int y : {figure.line.y - 2, bottom_of(figure.line) + 1}) {
            if (y < 0 || y >= m_image.height()) continue;
            for (int x = figure.line.x; x < right_of(figure.line); ++x) {
                ++count;
                level += same(m_image.at(x, y), figure.ground) ? 1 : 0;
            }
        }
        return count > 0 && level >= 0.75 * count;
    }

    /// Faint pixels at the ends of a bar on level ground are covered in part.
    void measure_ends(Figure& figure) const {
        Rect const line = figure.line;
        figure.left = line.x;
        figure.right = right_of(line);
        if (!figure.level_ground) return;
        auto const share = [&](int x, int beyond) {
            if (x < 0 || x >= m_image.width()) return 0.0;
            if (beyond >= 0 && beyond < m_image.width()) {
                // Only when the ground begins after it.
                float const next = m_image.at(beyond, line.y + line.height / 2);
                if (!same(next, figure.ground)) return 0.0;
            }
            return static_cast<double>(coverage(figure, x, line.y + line.height / 2));
        };
        figure.left -= share(line.x - 1, line.x - 2);
        figure.right += share(right_of(line), right_of(line) + 1);
    }

    struct Cap {
        double width = 0, middle = 0;
    };
    /// From columns of ink above or below the line near one of its ends, first..last.
    Cap cap_at(Figure const& figure, int first, int last) const {
        Rect const above{0, figure.box.y, 0, figure.line.y - figure.box.y};
        Rect const below{0, bottom_of(figure.line), 0, bottom_of(figure.box) - bottom_of(figure.line)};
        // Rows next to the line and at the tip may be faint.
        Rect rows = above.height >= below.height ? above : below;
        if (rows.height < 1) return {};
        if (rows.height >= 3) rows = {0, rows.y + 1, 0, rows.height - 2};
        Cap cap;
        double sum = 0;
        bool began = false;
        for (int x = std::max(0, first); x <= std::min(m_image.width() - 1, last); ++x) {
            double column = 0;
            for (int y = rows.y; y < bottom_of(rows); ++y) column += static_cast<double>(coverage(figure, x, y));
            column /= rows.height;
            if (column < 0.05) {
                if (began) break;
                continue;
            }
            began = true;
            cap.width += column;
            sum += column * (x + 0.5);
        }
        if (cap.width < 0.6) return {};
        cap.middle = sum / cap.width;
        return cap;
    }
    void measure_caps(Figure& figure) const {
        // A cap is narrow; the first tick of a ruler lies further in.
        int const reach = std::clamp(figure.line.width / 12, 3, 10);
        Cap const left = cap_at(figure, figure.line.x - 2, figure.line.x + reach);
        Cap const right = cap_at(figure, right_of(figure.line) - 1 - reach, right_of(figure.line) + 1);
        figure.left_cap = left.width;
        figure.left_middle = left.middle;
        figure.right_cap = right.width;
        figure.right_middle = right.middle;
        if (left.width > 0 && right.width > 0) figure.kind = BurnedBarKind::caps;
    }

    /// Two halves on one line, with caps at their far ends, are one bar that its label interrupts.
    void join_interrupted() {
        std::vector<Figure> joint;
        std::vector<bool> used(m_figures.size(), false);
        for (std::size_t i = 0; i < m_figures.size(); ++i)
            for (std::size_t j = 0; j < m_figures.size(); ++j) {
                Figure const &a = m_figures[i], &b = m_figures[j];
                if (i == j || used[i] || used[j] || a.line.y != b.line.y || a.line.height != b.line.height) continue;
                if (!same(a.ink, b.ink) || right_of(a.line) >= b.line.x) continue;
                int const gap = b.line.x - right_of(a.line);
                if (gap > 4 * (a.line.width + b.line.width) || std::abs(a.line.width - b.line.width) > 4 + gap / 4)
                    continue;
                if (a.left_cap <= 0 || b.right_cap <= 0 || a.right_cap > 0 || b.left_cap > 0) continue;
                Figure whole = a;
                whole.kind = BurnedBarKind::interrupted;
                whole.line.width = right_of(b.line) - a.line.x;
                whole.box = joined(a.box, b.box);
                // Arrow heads may reach a little beyond the caps.
                whole.left = std::max(a.left, a.left_middle - a.left_cap / 2);
                whole.right = std::min(b.right, b.right_middle + b.right_cap / 2);
                whole.right_cap = b.right_cap;
                whole.right_middle = b.right_middle;
                whole.gap = {right_of(a.line), whole.box.y - 4, gap, whole.box.height + 8};
                joint.push_back(whole);
                used[i] = used[j] = true;
            }
        std::vector<Figure> rest;
        for (std::size_t i = 0; i < m_figures.size(); ++i)
            if (!used[i]) rest.push_back(m_figures[i]);
        rest.insert(rest.end(), joint.begin(), joint.end());
        m_figures = std::move(rest);
    }

    // --- ticks ---------------------------------------------------------------------------------------------------

    struct Run {
        int first = 0, end = 0;
        double middle() const { return 0.5 * (first + end); }
        int width() const { return end - first; }
    };

    void find_ticks() {
        float const threshold = 0.5F * (m_tone.low + m_tone.high);
        std::vector<Run> runs;
        for (int y = 0; y < m_image.height(); ++y) {
            float const* row = m_image.row(y);
            // Ticks stand on level ground; most rows of a picture are noise.
            int level = 0;
            for (int x = 1; x < m_image.width(); ++x) level += row[x] == row[x - 1] ? 1 : 0;
            if (level < m_image.width() / 8) continue;
            for (bool bright : {true, false}) {
                runs.clear();
                bool inside = false;
                for (int x = 0; x < m_image.width(); ++x) {
                    bool const ink = (row[x] > threshold) == bright;
                    if (ink && !inside) runs.push_back({x, x});
                    if (ink) runs.back().end = x + 1;
                    inside = ink;
                }
                for (std::size_t i = 0; i < runs.size(); ++i)
                    for (std::size_t count : {std::size_t{21}, std::size_t{11}, std::size_t{6}})
                        if (i + count <= runs.size() && consider_ticks(y, runs, i, count)) {
                            i += count - 1;
                            break;
                        }
            }
        }
    }

    bool consider_ticks(int y, std::vector<Run> const& runs, std::size_t first, std::size_t count) {
        Run const a = runs[first], b = runs[first + count - 1];
        double const spacing = (b.middle() - a.middle()) / static_cast<double>(count - 1);
        if (spacing < 6 || a.width() > 0.4 * spacing || a.width() > 16) return false;
        double const slack = std::max(1.2, 0.05 * spacing);
        for (std::size_t k = 1; k + 1 < count; ++k) {
            if (std::abs(runs[first + k].width() - a.width()) > 1) return false;
            if (std::fabs(runs[first + k].middle() - a.middle() - static_cast<double>(k) * spacing) > slack)
                return false;
        }
        if (std::abs(b.width() - a.width()) > 1) return false;
        // It must not go on at either side.
        auto const continues = [&](Run const& run, double middle) {
            return std::fabs(run.middle() - middle) <= 2 * slack && std::abs(run.width() - a.width()) <= 1;
        };
        if (first > 0 && continues(runs[first - 1], a.middle() - spacing)) return false;
        if (first + count < runs.size() && continues(runs[first + count], b.middle() + spacing)) return false;

        // One ink on level ground.
        float const ink = m_image.at((a.first + a.end) / 2, y);
        float const ground = m_image.at(static_cast<int>(a.middle() + spacing / 2), y);
        if (std::fabs(ink - ground) < k_other * m_tone.range()) return false;
        int level = 0;
        for (std::size_t k = 0; k < count; ++k)
            if (!same(m_image.at((runs[first + k].first + runs[first + k].end) / 2, y), ink)) return false;
        for (int x = a.end; x < b.first; ++x) level += same(m_image.at(x, y), ground) ? 1 : 0;
        if (level < 0.5 * (b.first - a.end)) return false;

        Figure figure;
        figure.kind = BurnedBarKind::ticks;
        figure.ink = ink;
        figure.ground = ground;
        figure.level_ground = true;
        // Downwards and upwards as far as the first tick reaches.
        int top = y, bottom = y + 1, const_x = (a.first + a.end) / 2;
        while (top > 0 && same(m_image.at(const_x, top - 1), ink)) --top;
        while (bottom < m_image.height() && same(m_image.at(const_x, bottom), ink)) ++bottom;
        if (bottom - top > k_highest_cap_px) return false;
        figure.line = figure.box = {a.first, top, b.end - a.first, bottom - top};
        figure.left = a.first;
        figure.right = b.end;
        figure.left_cap = a.width();
        figure.right_cap = b.width();
        figure.left_middle = a.middle();
        figure.right_middle = b.middle();
        for (Figure const& other : m_figures)
            if (other.kind == BurnedBarKind::ticks && other.box.x == figure.box.x && other.box.y <= y &&
                bottom_of(other.box) >= y)
                return true;
        if (m_figures.size() < k_most_figures) m_figures.push_back(figure);
        return true;
    }

    ImageView<float const> m_image;
    Tone m_tone;
    std::vector<Figure> m_figures;
};

// --- labels ----------------------------------------------------------------------------------------------------------

enum class Place { inside, above, below, right, left };

struct Label {
    TextBlock block; ///< box in the picture
    Place place = Place::below;
    double distance = 0;
};

/// The part of the picture around a figure as ink, without the figure itself.
std::optional<Plane> ink_around(ImageView<float const> image, Figure const& figure, Rect window) {
    auto ink = Plane::create(window.size());
    if (!ink) return {};
    float const scale = 1 / (figure.ink - figure.ground);
    for (int y = 0; y < window.height; ++y)
        for (int x = 0; x < window.width; ++x)
            ink->at(x, y) = std::clamp((image.at(window.x + x, window.y + y) - figure.ground) * scale, 0.0F, 1.0F);
    if (figure.gap.empty()) {
        Rect const own = within({figure.box.x - 1, figure.box.y, figure.box.width + 2, figure.box.height}, image.size);
        Rect const r = within({own.x - window.x, own.y - window.y, own.width, own.height}, window.size());
        for (int y = r.y; y < bottom_of(r); ++y)
            for (int x = r.x; x < right_of(r); ++x) ink->at(x, y) = 0;
    }
    return std::move(ink).value();
}

std::optional<Label> placed(TextBlock const& block, Figure const& figure) {
    Rect const &text = block.box, &bar = figure.box;
    double const height = text.height;
    int const shared_x = std::min(right_of(text), right_of(bar)) - std::max(text.x, bar.x);
    int const shared_y = std::min(bottom_of(text), bottom_of(bar)) - std::max(text.y, bar.y);
    Label label{block};
    if (!figure.gap.empty()) {
        label.place = Place::inside;
        return label;
    }
    if (shared_x >= 0.6 * std::min(text.width, bar.width)) {
        bool const above = text.y + text.height / 2 < bar.y + bar.height / 2;
        label.place = above ? Place::above : Place::below;
        label.distance = above ? bar.y - bottom_of(text) : text.y - bottom_of(bar);
        if (label.distance < -0.6 * height || label.distance > 2.5 * height) return {};
        return label;
    }
    // Beside it, as close as words are.
    bool const right = text.x >= right_of(bar) - 1, left = right_of(text) <= bar.x + 1;
    if (shared_y < 0.5 * std::min<double>(height, bar.height) || (!right && !left)) return {};
    label.place = right ? Place::right : Place::left;
    label.distance = right ? text.x - right_of(bar) : bar.x - right_of(text);
    if (label.distance > 4 * height) return {};
    return label;
}

char const* words_for(BurnedBarKind kind) {
    switch (kind) {
    case BurnedBarKind::line:
        return "a plain bar";
    case BurnedBarKind::caps:
        return "a bar with end caps";
    case BurnedBarKind::interrupted:
        return "a bar with end caps around its label";
    case BurnedBarKind::ticks:
        return "a row of ticks";
    }
    return "";
}
char const* words_for(Place place) {
    switch (place) {
    case Place::inside:
        return "";
    case Place::above:
        return ", its label above";
    case Place::below:
        return ", its label below";
    case Place::right:
        return ", its label to the right";
    case Place::left:
        return ", its label to the left";
    }
    return "";
}

BurnedBar bar_of(Figure const& figure, std::optional<Label> const& label) {
    BurnedBar bar{.kind = figure.kind, .box = figure.box};
    double const outer = figure.right - figure.left;
    double const middles = figure.right_middle - figure.left_middle;
    double const cap = 0.5 * (figure.left_cap + figure.right_cap);
    bar.uncertainty_px = std::max(0.5, figure.kind == BurnedBarKind::line ? 0.5 : cap);
    bar.length_px = figure.kind == BurnedBarKind::caps || figure.kind == BurnedBarKind::ticks ? middles : outer;
    bar.why = words_for(figure.kind);
    if (!label) return bar;
    bar.label = label->block.text;
    bar.label_box = label->block.box;
    bar.length_nm = label->block.length_nm;
    bar.confidence = label->block.confidence;
    bar.why += words_for(label->place);
    // This program centres its labels above and makes low caps; its bars count from edge to edge.
    Rect const& text = label->block.box;
    double const off_centre = std::fabs(text.x + 0.5 * text.width - 0.5 * (figure.left + figure.right));
    bool const own = label->place == Place::above && off_centre <= 1.5 + 0.08 * text.height &&
                     figure.box.height <= 7 * figure.line.height && figure.level_ground;
    if (figure.kind == BurnedBarKind::caps && own) {
        bar.length_px = outer;
        bar.uncertainty_px = 0.5;
    }
    return bar;
}

/// What a figure's label says; nothing when there is none, or two that differ.
std::optional<Label> label_of(ImageView<float const> image, Figure const& figure, LabelReader const& reader) {
    Rect window;
    if (!figure.gap.empty()) {
        window = figure.gap;
    } else {
        int const up = std::clamp(figure.line.width * 2 / 5 + 20, 40, 150);
        int const aside = std::clamp(figure.line.width, 60, 320);
        window = {figure.box.x - aside, figure.box.y - up, figure.box.width + 2 * aside, figure.box.height + 2 * up};
    }
    window = within(window, image.size);
    if (window.empty()) return {};
    auto const ink = ink_around(image, figure, window);
    if (!ink) return {};
    std::vector<Label> read, unread;
    for (TextBlock block : reader.read(ink->view())) {
        block.box.x += window.x;
        block.box.y += window.y;
        auto label = placed(block, figure);
        if (!label) continue;
        if (block.length_nm > 0)
            read.push_back(*label);
        else if (block.glyphs >= 3 && block.glyphs <= 9)
            unread.push_back(*label);
    }
    if (read.empty()) return {};
    auto const best = *std::min_element(read.begin(), read.end(), [](Label const& a, Label const& b) {
        int const x = static_cast<int>(a.place), y = static_cast<int>(b.place);
        return std::pair(x / 3, a.distance) < std::pair(y / 3, b.distance);
    });
    for (Label const& other : read) {
        bool const rival = static_cast<int>(other.place) / 3 <= static_cast<int>(best.place) / 3;
        if (rival && std::fabs(other.block.length_nm / best.block.length_nm - 1) > 1e-6) return {};
    }
    // A text between it and the bar that could not be read may be the true label.
    if (figure.level_ground)
        for (Label const& other : unread)
            if (other.place == best.place && other.distance < best.distance - 0.5 * best.block.box.height) return {};
    return best;
}

/// Worth asking for its length without a label: what grids, frames and letters do not look like.
bool looks_like_a_bar(Figure const& figure) {
    int const least_px = figure.kind == BurnedBarKind::ticks ? 100 : 60;
    bool const caps_alike = std::fabs(figure.left_cap - figure.right_cap) <= 1;
    return figure.level_ground && figure.kind != BurnedBarKind::line && caps_alike && figure.line.width >= least_px &&
           2 * figure.box.height <= figure.line.width && figure.box.height >= 3;
}

} // namespace

std::string words_of(BurnedBar const& bar) {
    std::string const text =
        "the bar in the picture is " + format_shortest(std::floor(bar.length_px * 10 + 0.5) / 10) + " px long";
    if (!bar.is_read()) return text + "; its label was not read";
    return text + " and reads " + bar.label + ": " + format_length(bar.pixel_size_nm(), 4) + "/px";
}

bool contradicts(BurnedBar const& bar, double pixel_size_nm) {
    if (!bar.is_read() || !(pixel_size_nm > 0)) return false;
    return std::fabs(bar.pixel_size_nm() / pixel_size_nm - 1) > 0.03 + bar.uncertainty_px / bar.length_px;
}

std::optional<BurnedBar> found_scale_bar(ImageView<float const> image, LabelReader const& reader) {
    if (image.width() < 2 * k_shortest_px || image.height() < 16) return {};
    Tone const tone = tone_of(image);
    if (!(tone.range() > 0)) return {};
    std::vector<BurnedBar> read, unread;
    for (Figure const& figure : Finder(image, tone).figures()) {
        std::optional<Label> const label = label_of(image, figure, reader);
        BurnedBar const bar = bar_of(figure, label);
        if (bar.is_read()) read.push_back(bar);
        // Without a label only what looks like nothing but a scale bar.
        else if (looks_like_a_bar(figure) && bar.length_px < 0.8 * image.width())
            unread.push_back(bar);
    }
    auto const agree = [](std::vector<BurnedBar> const& bars, auto value) {
        for (BurnedBar const& bar : bars)
            if (std::fabs(value(bar) / value(bars.front()) - 1) > 0.02) return false;
        return true;
    };
    if (!read.empty()) {
        if (!agree(read, [](BurnedBar const& bar) { return bar.pixel_size_nm(); })) return {};
        return *std::max_element(read.begin(), read.end(), [](BurnedBar const& a, BurnedBar const& b) {
            return std::pair(a.confidence, a.length_px) < std::pair(b.confidence, b.length_px);
        });
    }
    if (unread.empty() || !agree(unread, [](BurnedBar const& bar) { return bar.length_px; })) return {};
    BurnedBar bar = unread.front();
    bar.label.clear();
    bar.length_nm = bar.confidence = 0;
    return bar;
}

} // namespace mg
