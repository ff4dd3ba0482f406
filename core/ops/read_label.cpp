#include "ops/read_label.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "base/text.h"

namespace mg {

/// A connected piece of ink, cut out.
struct LabelReader::Glyph {
    Rect box;
    Image<float> ink; ///< of the box; 0 outside the piece but for its faint edge
    Mask solid;       ///< 1 where the ink is above the threshold
    int area = 0;     ///< solid pixels
    double filled() const { return static_cast<double>(area) / static_cast<double>(box.size().area()); }
    int bottom() const { return box.y + box.height; }
    int right() const { return box.x + box.width; }
};

struct LabelReader::Guess {
    char32_t code = 0; ///< 0: none
    double confidence = 0;
};

/// Where the first figure stands: all else is measured against it.
struct LabelReader::Line {
    double height = 0, baseline = 0;
    /// What a glyph may miss by.
    double slack() const { return std::max(1.01, 0.12 * height); }
};

namespace {

constexpr int k_smallest_text_px = 6, k_largest_text_px = 120;
constexpr std::size_t k_most_pieces = 4000;
constexpr std::pair<int, int> k_sides[] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};

struct Piece {
    Rect box;
    int area = 0;
    int label = 0;
    bool cut = false; ///< by the border of what was looked at
};

struct Pieces {
    Image<int> labels; ///< 0: none
    std::vector<Piece> all;
};

std::optional<Pieces> connected(ImageView<float const> ink, float threshold) {
    auto labels = Image<int>::filled(ink.size, 0);
    if (!labels) return {};
    Pieces pieces{std::move(labels).value(), {}};
    std::vector<std::pair<int, int>> todo;
    for (int y = 0; y < ink.height(); ++y)
        for (int x = 0; x < ink.width(); ++x) {
            if (!(ink.at(x, y) >= threshold) || pieces.labels.at(x, y) != 0) continue;
            if (pieces.all.size() >= k_most_pieces) return {};
            Piece piece{{x, y, 1, 1}, 0, static_cast<int>(pieces.all.size()) + 1};
            int x1 = x, y1 = y;
            todo.assign(1, {x, y});
            pieces.labels.at(x, y) = piece.label;
            while (!todo.empty()) {
                auto const [px, py] = todo.back();
                todo.pop_back();
                ++piece.area;
                piece.box.x = std::min(piece.box.x, px);
                x1 = std::max(x1, px);
                y1 = std::max(y1, py);
                for (int v = std::max(0, py - 1); v <= std::min(ink.height() - 1, py + 1); ++v)
                    for (int u = std::max(0, px - 1); u <= std::min(ink.width() - 1, px + 1); ++u)
                        if (ink.at(u, v) >= threshold && pieces.labels.at(u, v) == 0) {
                            pieces.labels.at(u, v) = piece.label;
                            todo.push_back({u, v});
                        }
            }
            piece.box.width = x1 - piece.box.x + 1;
            piece.box.height = y1 - piece.box.y + 1;
            piece.cut = piece.box.x == 0 || piece.box.y == 0 || x1 == ink.width() - 1 || y1 == ink.height() - 1;
            pieces.all.push_back(piece);
        }
    return pieces;
}

struct Hole {
    Rect box;
};

/// Parts of the ground that the piece encloses, joined over their four neighbours.
std::vector<Hole> holes_of(Mask const& solid) {
    std::vector<Hole> holes;
    Size const size = solid.size();
    std::vector<std::uint8_t> seen(static_cast<std::size_t>(size.area()), 0);
    auto const at = [&](int x, int y) -> std::uint8_t& {
        return seen[static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) + static_cast<std::size_t>(x)];
    };
    std::vector<std::pair<int, int>> todo;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            if (solid.at(x, y) || at(x, y)) continue;
            bool open = false;
            int x0 = x, x1 = x, y1 = y;
            todo.assign(1, {x, y});
            at(x, y) = 1;
            while (!todo.empty()) {
                auto const [px, py] = todo.back();
                todo.pop_back();
                x0 = std::min(x0, px);
                x1 = std::max(x1, px);
                y1 = std::max(y1, py);
                for (auto const& [dx, dy] : k_sides) {
                    int const u = px + dx, v = py + dy;
                    if (u < 0 || v < 0 || u >= size.width || v >= size.height) {
                        open = true;
                        continue;
                    }
                    if (solid.at(u, v) || at(u, v)) continue;
                    at(u, v) = 1;
                    todo.push_back({u, v});
                }
            }
            if (!open) holes.push_back({{x0, y, x1 - x0 + 1, y1 - y + 1}});
        }
    return holes;
}

/// How often a row from left to right enters ink.
int strokes_in_row(Mask const& solid, int y) {
    int count = 0;
    for (int x = 0; x < solid.width(); ++x) count += solid.at(x, y) && (x == 0 || !solid.at(x - 1, y));
    return count;
}

/// The most frequent number of strokes among the rows of a part of the height.
int strokes(Mask const& solid, double from, double to) {
    std::array<int, 6> votes{};
    int const y0 = static_cast<int>(from * solid.height()),
              y1 = std::max(y0 + 1, static_cast<int>(to * solid.height()));
    for (int y = y0; y < y1; ++y) ++votes[static_cast<std::size_t>(std::min(5, strokes_in_row(solid, y)))];
    return static_cast<int>(std::max_element(votes.begin(), votes.end()) - votes.begin());
}

/// Mean ink over the cell [x0, x1) x [y0, y1) by exact coverage.
double cell_mean(ImageView<float const> ink, double x0, double y0, double x1, double y1) {
    double sum = 0;
    for (int y = static_cast<int>(y0); y < y1 && y < ink.height(); ++y) {
        double const high = std::min(y1, y + 1.0) - std::max<double>(y0, y);
        for (int x = static_cast<int>(x0); x < x1 && x < ink.width(); ++x)
            sum += high * (std::min(x1, x + 1.0) - std::max<double>(x0, x)) * static_cast<double>(ink.at(x, y));
    }
    return sum / ((x1 - x0) * (y1 - y0));
}

Rect tight_box(ImageView<float const> ink) {
    int x0 = ink.width(), y0 = ink.height(), x1 = 0, y1 = 0;
    for (int y = 0; y < ink.height(); ++y)
        for (int x = 0; x < ink.width(); ++x)
            if (ink.at(x, y) >= 0.5F) {
                x0 = std::min(x0, x);
                y0 = std::min(y0, y);
                x1 = std::max(x1, x + 1);
                y1 = std::max(y1, y + 1);
            }
    return {x0, y0, x1 - x0, y1 - y0};
}

bool is_digit_code(char32_t code) {
    return code >= U'0' && code <= U'9';
}

/// What the holes of a figure allow. An 8 has two, a 0, 4, 6 or 9 one, in its own place.
bool holes_allow(char32_t code, std::vector<Hole> const& holes, int height) {
    auto const middle = [&](Hole const& hole) { return (hole.box.y + 0.5 * hole.box.height) / height; };
    auto const tall = [&](Hole const& hole) { return static_cast<double>(hole.box.height) / height; };
    switch (code) {
    case U'8':
        return holes.size() == 2 && std::fabs(middle(holes[0]) - middle(holes[1])) > 0.25;
    case U'0':
        return holes.size() == 1 && tall(holes[0]) > 0.5;
    case U'6':
        return holes.size() == 1 && middle(holes[0]) > 0.55 && tall(holes[0]) < 0.6;
    case U'9':
        return holes.size() == 1 && middle(holes[0]) < 0.45 && tall(holes[0]) < 0.6;
    case U'4':
        return holes.size() == 1 && middle(holes[0]) < 0.62 && tall(holes[0]) < 0.65;
    default:
        return holes.empty();
    }
}

/// The ink of an 8 is as strong on its right as on its left in every row; of a small 6, 9 or 3 whose opening has run
/// together it is not.
bool is_closed_on_both_sides(ImageView<float const> ink) {
    double left_least = 1, right_least = 1;
    int const margin = std::max(1, ink.height() / 8);
    for (int y = margin; y < ink.height() - margin; ++y) {
        float left = 0, right = 0;
        for (int x = 0; x < ink.width(); ++x) {
            float& side = 2 * x < ink.width() ? left : right;
            side = std::max(side, ink.at(x, y));
        }
        left_least = std::min<double>(left_least, left);
        right_least = std::min<double>(right_least, right);
    }
    return std::min(left_least, right_least) >= 0.75 * std::max(left_least, right_least);
}

/// What the strokes of a small letter allow: an n stands on two legs and is closed above, a u the other way round, an m
/// has three legs.
bool strokes_allow(char32_t code, Mask const& solid) {
    int const legs = strokes(solid, 0.65, 1), arms = strokes(solid, 0.1, 0.4);
    switch (code) {
    case U'm':
        return legs == 3;
    case U'n':
        return legs == 2 && strokes(solid, 0.4, 0.8) == 2;
    case U'u':
        return arms == 2 && strokes(solid, 0.4, 0.6) == 2 && strokes_in_row(solid, solid.height() - 1) <= 2;
    default:
        return true;
    }
}

/// The gap between two figures may hold a decimal point that is too faint to be a piece of its own.
bool hides_a_point(ImageView<float const> ink, Rect const& left, Rect const& right) {
    int const height = std::max(left.height, right.height), x0 = left.x + left.width + 1, x1 = right.x - 1;
    int const bottom = std::min(ink.height(), std::max(left.y + left.height, right.y + right.height) + 1);
    int const top = std::max(0, bottom - height), foot = bottom - std::max(2, height / 3);
    int const gap = right.x - left.x - left.width;
    if (gap > 0.5 * height) return true; // wide enough for a point that was lost altogether
    if (gap < 0.25 * height) return false;
    float above = 0, below = 0;
    for (int x = x0; x < x1; ++x)
        for (int y = top; y < bottom; ++y)
            (y < foot ? above : below) = std::max(y < foot ? above : below, ink.at(x, y));
    return below > above + 0.12F;
}

/// One significant figure, or one of the few with two that bars have.
bool is_usual_length(std::string_view digits) {
    std::string significant;
    for (char c : digits)
        if (is_digit(c) && (c != '0' || !significant.empty())) significant += c;
    while (!significant.empty() && significant.back() == '0') significant.pop_back();
    if (significant.size() == 1) return true;
    static constexpr std::string_view k_usual[] = {"12", "15", "25", "35", "45", "75"};
    return std::find(std::begin(k_usual), std::end(k_usual), significant) != std::end(k_usual);
}

} // namespace

LabelReader::LabelReader(std::span<GlyphSample const> samples) {
    for (GlyphSample const& sample : samples) {
        Rect const box = tight_box(sample.ink);
        if (box.empty()) continue;
        m_shapes.push_back(shape_of(sample.ink.cropped(box), sample.code));
        // The slanted form of the same: rows moved to the right by a fifth of their height.
        int const reach = box.height / 5;
        auto slanted = Image<float>::filled({box.width + reach, box.height}, 0.0F);
        if (!slanted) continue;
        for (int y = 0; y < box.height; ++y)
            for (int x = 0; x < box.width; ++x)
                slanted->at(x + (box.height - 1 - y) / 5, y) = sample.ink.at(box.x + x, box.y + y);
        Rect const slanted_box = tight_box(slanted->view());
        if (!slanted_box.empty())
            m_shapes.push_back(shape_of(ImageView<float const>(slanted->view()).cropped(slanted_box), sample.code));
    }
}

LabelReader::Shape LabelReader::shape_of(ImageView<float const> ink, char32_t code) {
    Shape shape{.code = code, .aspect = static_cast<double>(ink.width()) / ink.height()};
    std::array<double, k_columns * k_rows> cells{}, smooth{};
    auto const index = [](int x, int y) { return static_cast<std::size_t>(y * k_columns + x); };
    for (int y = 0; y < k_rows; ++y)
        for (int x = 0; x < k_columns; ++x)
            cells[index(x, y)] = cell_mean(ink, static_cast<double>(x) * ink.width() / k_columns,
                                           static_cast<double>(y) * ink.height() / k_rows,
                                           (x + 1.0) * ink.width() / k_columns, (y + 1.0) * ink.height() / k_rows);
    double mean = 0;
    for (int y = 0; y < k_rows; ++y)
        for (int x = 0; x < k_columns; ++x) {
            // A little blur, so that weight and grid matter less than form.
            double sum = 0, weight = 0;
            for (int v = -1; v <= 1; ++v)
                for (int u = -1; u <= 1; ++u) {
                    if (x + u < 0 || y + v < 0 || x + u >= k_columns || y + v >= k_rows) continue;
                    double const w = (u == 0 ? 2 : 1) * (v == 0 ? 2 : 1);
                    sum += w * cells[index(x + u, y + v)];
                    weight += w;
                }
            smooth[index(x, y)] = sum / weight;
            mean += smooth[index(x, y)] / (k_columns * k_rows);
        }
    double energy = 0;
    for (double value : smooth) energy += (value - mean) * (value - mean);
    double const scale = energy > 0 ? 1 / std::sqrt(energy) : 0;
    for (std::size_t i = 0; i < smooth.size(); ++i) shape.cells[i] = static_cast<float>((smooth[i] - mean) * scale);
    return shape;
}

LabelReader::Guess LabelReader::guess(Glyph const& glyph, Line const& line) const {
    double const height = glyph.box.height, slack = line.slack();
    double const above = line.baseline - glyph.box.y, below = glyph.bottom() - line.baseline;
    bool const on_line = std::fabs(below) <= slack;
    if (height <= 0.33 * line.height) { // a full stop or a comma, or nothing
        bool const small = glyph.box.width <= std::max(2.0, 0.33 * line.height) && glyph.filled() > 0.5;
        bool const low = above <= std::max(2.0, 0.34 * line.height) && below <= 0.25 * line.height + 1;
        return small && low && above > 0 ? Guess{U'.', 1} : Guess{};
    }
    bool const figure = on_line && std::fabs(above - line.height) <= slack;
    bool const letter = on_line && above >= 0.55 * line.height && above <= 0.92 * line.height;
    bool const with_tail = below > 0.1 * line.height && below < 0.55 * line.height && above >= 0.55 * line.height &&
                           above <= 0.95 * line.height;
    // A plain upright stroke is how many fonts draw a 1.
    if (figure && height >= 3.5 * glyph.box.width && glyph.filled() > 0.9) return {U'1', 0.9};

    std::vector<Hole> const holes = holes_of(glyph.solid);
    Shape const shape = shape_of(glyph.ink.view(), 0);
    // Form alone: the best of each character.
    std::array<std::pair<char32_t, double>, 16> scores{};
    std::size_t count = 0;
    for (Shape const& known : m_shapes) {
        bool const digit = is_digit_code(known.code);
        bool const in_place = digit ? figure : known.code == U'\u00B5' ? with_tail : letter;
        if (!in_place) continue;
        double score = 0;
        for (std::size_t i = 0; i < k_columns * k_rows; ++i)
            score += static_cast<double>(shape.cells[i]) * static_cast<double>(known.cells[i]);
        double const ratio = shape.aspect / known.aspect;
        score -= 0.5 * std::max(0.0, std::max(ratio, 1 / ratio) - 1.35);
        std::size_t at = 0;
        while (at < count && scores[at].first != known.code) ++at;
        if (at == count && count < scores.size()) scores[count++] = {known.code, -1};
        if (at < count) scores[at].second = std::max(scores[at].second, score);
    }
    double best = -1, second = -1;
    char32_t code = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (scores[i].second > best) {
            second = best;
            best = scores[i].second;
            code = scores[i].first;
        } else {
            second = std::max(second, scores[i].second);
        }
    }
    // What it looks like most must also be what its holes and strokes allow.
    bool const allowed = is_digit_code(code) ? holes_allow(code, holes, glyph.box.height)
                         : code == U'\u00B5' ? holes.empty()
                                             : holes.empty() && strokes_allow(code, glyph.solid);
    if (code == 0 || !allowed || (code == U'8' && !is_closed_on_both_sides(glyph.ink.view()))) return {};
    double const likeness = std::clamp((best - 0.55) / 0.2, 0.0, 1.0);
    double const margin = std::clamp((best - second) / 0.05, 0.0, 1.0);
    return {code, likeness * margin};
}

void LabelReader::understand(ImageView<float const> ink, std::vector<Glyph> const& glyphs, TextBlock& block) const {
    if (glyphs.size() < 3 || glyphs.size() > 9) return; // "1nm" to "1000.00 nm"
    Line const line{static_cast<double>(glyphs.front().box.height), static_cast<double>(glyphs.front().bottom())};
    if (line.height < k_smallest_text_px || line.height > k_largest_text_px) return;
    std::string number, unit;
    double confidence = 1;
    for (Glyph const& glyph : glyphs) {
        Guess const found = guess(glyph, line);
        if (found.code == 0) return;
        confidence = std::min(confidence, found.confidence);
        bool const in_number = is_digit_code(found.code) || found.code == U'.';
        if (in_number && !unit.empty()) return;
        if (in_number && &glyph != &glyphs.front() && hides_a_point(ink, (&glyph - 1)->box, glyph.box)) return;
        if (in_number)
            number += static_cast<char>(found.code);
        else if (found.code == U'\u00B5')
            unit += "u";
        else
            unit += static_cast<char>(found.code);
    }
    struct Unit {
        std::string_view read, shown;
        double nm;
    };
    static constexpr Unit k_units[] = {{"nm", "nm", 1}, {"um", "\u00B5m", 1e3}, {"mm", "mm", 1e6}};
    auto const known =
        std::find_if(std::begin(k_units), std::end(k_units), [&](Unit const& u) { return u.read == unit; });
    if (known == std::end(k_units)) return;
    auto const value = parse_double(number);
    if (!value || !(*value > 0) || number.front() == '.' || number.back() == '.') return;
    // "05 µm" and three figures before a unit such as 2.56 are no scale bars.
    if (number.size() > 1 && number.front() == '0' && number[1] != '.') return;
    if (!is_usual_length(number)) return;
    block.text = number + " " + std::string(known->shown);
    block.length_nm = *value * known->nm;
    block.confidence = confidence;
}

std::vector<TextBlock> LabelReader::read_at(ImageView<float const> ink, float threshold) const {
    auto const pieces = connected(ink, threshold);
    if (!pieces) return {};
    std::vector<Piece> usable;
    for (Piece const& piece : pieces->all) {
        double const filled = static_cast<double>(piece.area) / static_cast<double>(piece.box.size().area());
        bool const frame = piece.cut && (2 * piece.box.height > ink.height() || 2 * piece.box.width > ink.width() ||
                                         (filled < 0.15 && piece.box.height > k_smallest_text_px));
        if (!frame && piece.box.height <= k_largest_text_px && piece.box.width <= 2 * k_largest_text_px)
            usable.push_back(piece);
    }
    std::sort(usable.begin(), usable.end(), [](Piece const& a, Piece const& b) { return a.box.x < b.box.x; });

    // Neighbours on one line belong together: each piece to the last one of a line whose end is near.
    std::vector<std::vector<Piece>> lines;
    for (Piece const& piece : usable) {
        std::vector<Piece>* home = nullptr;
        double nearest = 1e9;
        for (auto& line : lines) {
            int top = 1 << 30, bottom = 0, right = 0, tallest = 0;
            for (Piece const& other : line) {
                top = std::min(top, other.box.y);
                bottom = std::max(bottom, other.box.y + other.box.height);
                right = std::max(right, other.box.x + other.box.width);
                tallest = std::max(tallest, other.box.height);
            }
            int const overlap = std::min(bottom, piece.box.y + piece.box.height) - std::max(top, piece.box.y);
            double const gap = piece.box.x - right;
            if (overlap < 0.5 * std::min(piece.box.height, bottom - top)) continue;
            if (gap > 0.95 * std::max(tallest, piece.box.height) || gap >= nearest) continue;
            nearest = gap;
            home = &line;
        }
        if (home)
            home->push_back(piece);
        else
            lines.push_back({piece});
    }

    std::vector<TextBlock> blocks;
    for (auto const& line : lines) {
        TextBlock block{.box = line.front().box, .glyphs = static_cast<int>(line.size())};
        for (Piece const& piece : line) {
            int const right = std::max(block.box.x + block.box.width, piece.box.x + piece.box.width);
            int const bottom = std::max(block.box.y + block.box.height, piece.box.y + piece.box.height);
            block.box.x = std::min(block.box.x, piece.box.x);
            block.box.y = std::min(block.box.y, piece.box.y);
            block.box.width = right - block.box.x;
            block.box.height = bottom - block.box.y;
        }
        bool const is_cut = std::any_of(line.begin(), line.end(), [](Piece const& piece) { return piece.cut; });
        if (!is_cut && line.size() >= 3 && line.size() <= 9) {
            std::vector<Glyph> glyphs;
            for (Piece const& piece : line) {
                auto cut = Image<float>::filled(piece.box.size(), 0.0F);
                auto solid = Mask::filled(piece.box.size(), 0);
                if (!cut || !solid) break;
                for (int y = 0; y < piece.box.height; ++y)
                    for (int x = 0; x < piece.box.width; ++x) {
                        int const label = pieces->labels.at(piece.box.x + x, piece.box.y + y);
                        if (label != 0 && label != piece.label) continue;
                        cut->at(x, y) = std::clamp(ink.at(piece.box.x + x, piece.box.y + y), 0.0F, 1.0F);
                        solid->at(x, y) = label == piece.label;
                    }
                glyphs.push_back({piece.box, std::move(cut).value(), std::move(solid).value(), piece.area});
            }
            if (glyphs.size() == line.size()) understand(ink, glyphs, block);
        }
        blocks.push_back(std::move(block));
    }
    return blocks;
}

std::vector<TextBlock> LabelReader::read(ImageView<float const> ink) const {
    if (ink.size.empty()) return {};
    // Thin strokes break at one threshold and neighbours touch at another, a 6 closes to an 8: two thresholds must give
    // one reading, and none another.
    constexpr float k_thresholds[] = {0.5F, 0.35F, 0.7F};
    constexpr double k_read_once = 0.6;
    std::vector<TextBlock> blocks;
    std::vector<int> times;
    for (float threshold : k_thresholds)
        for (TextBlock& other : read_at(ink, threshold)) {
            auto const same_place = [&](TextBlock const& block) {
                int const x = std::min(block.box.x + block.box.width, other.box.x + other.box.width) -
                              std::max(block.box.x, other.box.x);
                int const y = std::min(block.box.y + block.box.height, other.box.y + other.box.height) -
                              std::max(block.box.y, other.box.y);
                return 2 * x > std::min(block.box.width, other.box.width) && y > 0 && !block.text.empty();
            };
            auto const found =
                other.text.empty() ? blocks.end() : std::find_if(blocks.begin(), blocks.end(), same_place);
            if (found == blocks.end()) {
                if (other.text.empty() && threshold != k_thresholds[0]) continue;
                blocks.push_back(std::move(other));
                times.push_back(1);
            } else if (found->text != other.text) {
                found->confidence = 0;
            } else {
                ++times[static_cast<std::size_t>(found - blocks.begin())];
                if (found->confidence > 0) found->confidence = std::max(found->confidence, other.confidence);
            }
        }
    for (std::size_t i = 0; i < blocks.size(); ++i)
        if (times[i] == 1) blocks[i].confidence *= k_read_once;
    return blocks;
}

} // namespace mg
