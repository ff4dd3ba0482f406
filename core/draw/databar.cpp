// The layout is tried with ample gaps, then narrower ones, then slightly smaller text, and at last with fields that go
// to a further row. Distances are in em unless named _px.
#include "draw/databar.h"

#include <algorithm>
#include <cmath>

namespace mg {
namespace {

constexpr double k_em_per_width = 0.0195;
constexpr double k_margin = 1.2, k_pad_top = 0.75, k_pad_bottom = 0.62, k_row_gap = 0.42;
constexpr double k_label_size = 0.86, k_label_baseline = 0.86, k_value_baseline = 2.2, k_stacked_height = 2.48;
constexpr double k_inline_baseline = 0.98, k_inline_height = 1.26, k_inline_space = 0.34;
constexpr double k_credit_size = 0.8, k_credit_baseline = 0.8, k_credit_height = 1.0;
constexpr double k_bar_text_size = 1.45, k_bar_text_baseline = 1.3, k_bar_middle = 2.06, k_bar_cap = 0.64,
                 k_bar_thickness = 0.14;
constexpr double k_block_height = 2.42, k_block_gap = 1.4;
constexpr double k_narrowest = 9; ///< room beside the scale bar below which it gets a row of its own
constexpr double k_logo_pad = 0.7, k_logo_widest = 0.2, k_logo_lowest = 1.2;

// The table: sizes in its own em, which is smaller where there are many rows.
constexpr std::size_t k_many_rows = 7;
constexpr double k_table_size = 0.86, k_many_rows_size = 0.72, k_table_line = 1.36, k_table_gap = 0.8;
constexpr double k_widest_names = 0.34, k_least_cell = 2.4, k_most_cell = 11, k_cell_gap = 0.7;
constexpr double k_table_bar = 0.52;

double rounded(double x) {
    return std::floor(x + 0.5);
}

double margin_px(DatabarSpec const& spec, double em_px) {
    return rounded(std::min(k_margin * em_px, spec.width_px * 0.06));
}

struct Attempt {
    double shrink, gap;
    bool may_wrap;
};
constexpr Attempt k_attempts[] = {{1, 1.5, false}, {1, 1, false}, {0.94, 1, false}, {0.88, 0.9, false}, {1, 1.2, true}};

/// Places rows from the top down.
class Placer {
public:
    Placer(Fonts const& fonts, DatabarSpec const& spec, double em_px, Attempt attempt, double logo_width_px)
        : m_fonts(fonts), m_spec(spec), m_em(em_px), m_gap(attempt.gap * em_px), m_may_wrap(attempt.may_wrap) {
        m_layout.em_px = em_px;
        m_layout.ground = spec.theme.ground;
        m_layout.edge = {{0, 0, static_cast<double>(spec.width_px), std::max(1.0, rounded(0.05 * em_px))},
                         spec.theme.edge};
        m_layout.scale_bar_colour = spec.theme.value;
        m_margin = margin_px(spec, em_px);
        m_left = m_margin + (logo_width_px > 0 ? logo_width_px + rounded(k_logo_pad * em_px) : 0);
        m_y = rounded(k_pad_top * em_px);
    }

    /// False when something did not fit and may not wrap.
    bool place() {
        bool beside = false;
        if (m_spec.bar) {
            double width = block_width();
            double room = m_spec.width_px - m_margin - width - k_block_gap * m_em - m_left;
            bool fields = !m_spec.lines.empty() || !m_spec.rows.empty();
            beside = !fields || room >= k_narrowest * m_em;
            if (beside) {
                place_block();
                m_block_left = m_spec.width_px - m_margin - width;
                m_block_bottom = m_y + k_block_height * m_em;
            }
        }
        double bottom = m_block_bottom;
        for (DatabarLine const& line : m_spec.lines) {
            if (line.stacked ? !place_stacked(line) : !place_inline(line)) return false;
        }
        for (DatabarRow const& row : m_spec.rows) {
            if (!row.pieces.empty() && !place_pieces(row.pieces)) return false;
            if (!row.bars.empty()) place_bars(row.bars);
        }
        if (m_spec.bar && !beside) {
            place_block();
            advance(k_block_height);
        }
        if (!m_spec.table.rows.empty() && !m_spec.table.columns.empty()) {
            m_y = std::max(m_y, m_block_left > 0 ? rounded(m_block_bottom + k_row_gap * m_em) : m_y);
            place_table(m_spec.table);
        }
        if (!m_spec.credit.empty()) {
            Style small{{k_credit_size * m_em, Weight::regular}, m_spec.theme.label};
            put(m_fonts.elided(m_spec.credit, small.text, right() - m_left), small, m_left, k_credit_baseline);
            advance(k_credit_height);
        }
        bottom = std::max(bottom, m_last_bottom);
        double height = bottom > 0 ? rounded(bottom + k_pad_bottom * m_em) : 0;
        m_layout.size = {m_spec.width_px, static_cast<int>(height)};
        return true;
    }
    DatabarLayout take() { return std::move(m_layout); }

private:
    struct Style {
        TextStyle text;
        Colour colour;
    };
    Style label_style() const { return {{k_label_size * m_em, Weight::regular}, m_spec.theme.label}; }
    Style inline_label_style() const { return {{m_em, Weight::regular}, m_spec.theme.label}; }
    Style value_style() const { return {{m_em, Weight::semibold}, m_spec.theme.value}; }
    double width(std::string const& text, Style const& style) const { return m_fonts.width(text, style.text); }

    /// Right limit of a row that begins at m_y.
    double right() const {
        bool beside = m_block_left > 0 && m_y < m_block_bottom + 0.2 * m_em;
        return beside ? m_block_left - k_block_gap * m_em : m_spec.width_px - m_margin;
    }
    void advance(double height) {
        m_last_bottom = m_y + height * m_em;
        m_y = rounded(m_last_bottom + k_row_gap * m_em);
    }
    void put(std::string text, Style const& style, double x, double baseline) {
        if (text.empty()) return;
        double y = rounded(m_y + baseline * m_em), size = style.text.size_px;
        RectF box{x, y - m_fonts.ascent() * size, m_fonts.width(text, style.text),
                  (m_fonts.ascent() + m_fonts.descent()) * size};
        if (!style.colour.is_grey()) m_layout.coloured = true;
        m_layout.texts.push_back({std::move(text), style.text, {x, y}, style.colour, box});
    }

    double block_width() const {
        TextStyle style{k_bar_text_size * m_em, Weight::semibold};
        return std::max(m_spec.bar->length_px, m_fonts.width(m_spec.bar->text, style));
    }
    void place_block() {
        Style style{{k_bar_text_size * m_em, Weight::semibold}, m_spec.theme.value};
        double centre = m_spec.width_px - m_margin - block_width() / 2,
               thickness = std::max(1.0, rounded(k_bar_thickness * m_em));
        double text_width = width(m_spec.bar->text, style);
        put(m_spec.bar->text, style, centre - text_width / 2, k_bar_text_baseline);
        double cap = std::max(3.0, rounded(k_bar_cap * m_em));
        if (static_cast<int>(cap - thickness) % 2 != 0) ++cap;
        // Caps stay clear of the text also where rounding to whole pixels brings them together.
        double text_bottom = rounded(m_y + k_bar_text_baseline * m_em) + m_fonts.descent() * style.text.size_px;
        double line_top = std::max(rounded(m_y + k_bar_middle * m_em), std::ceil(text_bottom + (cap - thickness) / 2));
        m_layout.scale_bar = bar_rects({.left = std::max(0.0, std::floor(centre - m_spec.bar->length_px / 2)),
                                        .middle = line_top + thickness / 2,
                                        .length_px = m_spec.bar->length_px,
                                        .thickness = thickness,
                                        .cap_height = cap});
    }

    bool place_stacked(DatabarLine const& line) {
        Style label = label_style(), value = value_style();
        double x = m_left;
        for (DatabarField const& field : line.fields) {
            double wide = std::max(width(field.label, label), width(field.value, value));
            if (x > m_left && x + wide > right()) {
                if (!m_may_wrap) return false;
                advance(k_stacked_height);
                x = m_left;
            }
            double room = right() - x;
            if (wide > room && !m_may_wrap) return false;
            put(m_fonts.elided(field.label, label.text, room), label, x, k_label_baseline);
            put(m_fonts.elided(field.value, value.text, room), value, x, k_value_baseline);
            x += std::min(wide, room) + m_gap;
        }
        advance(k_stacked_height);
        return true;
    }

    bool place_inline(DatabarLine const& line) {
        Style label = inline_label_style(), value = value_style();
        double x = m_left, space = k_inline_space * m_em;
        for (DatabarField const& field : line.fields) {
            double label_width = field.label.empty() ? 0 : width(field.label, label) + space;
            double wide = label_width + width(field.value, value);
            if (x > m_left && x + wide > right()) {
                if (!m_may_wrap) return false;
                advance(k_inline_height);
                x = m_left;
            }
            double room = right() - x;
            if (wide > room && !m_may_wrap) return false;
            // A label that would leave no room for its value goes.
            if (label_width > 0 && label_width + 2 * m_em <= room)
                put(field.label, label, x, k_inline_baseline);
            else
                label_width = 0;
            put(m_fonts.elided(field.value, value.text, room - label_width), value, x + label_width, k_inline_baseline);
            x += std::min(wide, room) + std::min(m_gap, 1.2 * m_em);
        }
        advance(k_inline_height);
        return true;
    }

    bool place_pieces(std::vector<TextPiece> const& pieces) {
        double x = m_left;
        for (TextPiece const& piece : pieces) {
            Style style = value_style();
            style.colour = piece.colour.value_or(m_spec.theme.value);
            double wide = width(piece.text, style);
            if (x > m_left && x + wide > right()) {
                if (!m_may_wrap) return false;
                advance(k_inline_height);
                x = m_left;
            }
            double room = right() - x;
            if (wide > room && !m_may_wrap) return false;
            put(m_fonts.elided(piece.text, style.text, room), style, x, k_inline_baseline);
            x += std::min(wide, room) + 0.6 * m_em;
        }
        advance(k_inline_height);
        return true;
    }

    void place_bars(std::vector<BarPiece> const& bars) {
        double cell = (right() - m_left) / static_cast<double>(bars.size());
        Style label{{k_label_size * m_em, Weight::regular}, m_spec.theme.label};
        double height = std::max(2.0, rounded(0.5 * m_em)), y = rounded(m_y + 0.4 * m_em);
        double widest = 0;
        for (BarPiece const& bar : bars) widest = std::max(widest, width(bar.label, label));
        widest = widest > 0 ? std::min(widest, 0.5 * cell) : 0;
        double start = widest > 0 ? widest + 0.3 * m_em : 0, longest = std::max(0.0, cell - start - 0.6 * m_em);
        for (std::size_t i = 0; i < bars.size(); ++i) {
            double x = m_left + static_cast<double>(i) * cell;
            put(m_fonts.elided(bars[i].label, label.text, widest), label, x, k_inline_baseline);
            double value = bars[i].value > 0 ? std::min(bars[i].value, 1.0) : 0;
            if (value * longest <= 0) continue;
            if (!bars[i].colour.is_grey()) m_layout.coloured = true;
            m_layout.bars.push_back({{x + start, y, value * longest, height}, bars[i].colour});
        }
        advance(k_inline_height);
    }

    void place_table(DatabarTable const& table) {
        double const scale = table.rows.size() > k_many_rows ? k_many_rows_size : k_table_size;
        double const em = std::max(scale * m_em, std::min(m_em, m_spec.smallest_em_px));
        Style const head{{em, Weight::regular}, m_spec.theme.label};
        double const left = m_left, room = m_spec.width_px - m_margin - left;
        double names = 0, texts = 0, widest = 0;
        for (DatabarTable::Row const& row : table.rows) {
            names = std::max(names, m_fonts.width(row.name, {em, Weight::semibold}));
            texts = std::max(texts, width(row.text, head));
        }
        for (std::string const& column : table.columns) widest = std::max(widest, width(column, head));
        names = std::min(std::ceil(names), std::floor(k_widest_names * room));
        if (names + texts + 2 * k_table_gap * em > 0.6 * room) texts = 0; // narrow: the bars matter more
        double const start = names + (texts > 0 ? k_table_gap * em + std::ceil(texts) : 0) + 1.4 * k_table_gap * em;
        double const least = std::max(k_least_cell * em, widest + k_cell_gap * em);
        std::size_t const columns = table.columns.size();
        auto const fitting = static_cast<std::size_t>(std::max(1.0, std::floor((room - start) / least)));
        std::size_t const blocks = (columns + fitting - 1) / fitting, each = (columns + blocks - 1) / blocks;
        double const cell = std::min(std::floor((room - start) / static_cast<double>(each)), k_most_cell * em);
        double const longest = std::max(0.0, cell - k_cell_gap * em);
        double const height = std::max(2.0, rounded(k_table_bar * em)), line = k_table_line * em / m_em;
        for (std::size_t first = 0; first < columns; first += each) {
            std::size_t const end = std::min(first + each, columns);
            double const baseline = k_inline_baseline * em / m_em;
            for (std::size_t c = first; c < end; ++c)
                put(m_fonts.elided(table.columns[c], head.text, longest), head,
                    left + start + static_cast<double>(c - first) * cell, baseline);
            advance_tight(line);
            for (DatabarTable::Row const& row : table.rows) {
                Style const name{{em, Weight::semibold}, row.name_colour};
                put(m_fonts.elided(row.name, name.text, names), name, left, baseline);
                if (texts > 0)
                    put(row.text, head, left + names + k_table_gap * em + std::ceil(texts) - width(row.text, head),
                        baseline);
                // The bars' middle at half the height of small letters.
                double const top = rounded(m_y + baseline * m_em - 0.28 * em - height / 2);
                for (std::size_t c = first; c < end && c < row.values.size(); ++c)
                    place_value(row.values[c], row.bar_colour,
                                {left + start + static_cast<double>(c - first) * cell, top, longest, height});
                advance_tight(line);
            }
            m_y = rounded(m_y + (end < columns ? k_row_gap * m_em : 0));
        }
        m_y = rounded(m_last_bottom + k_row_gap * m_em);
    }
    void advance_tight(double height) {
        m_last_bottom = m_y + height * m_em;
        m_y = rounded(m_last_bottom);
    }
    /// `whole`: the longest bar's place.
    void place_value(double value, Colour colour, RectF whole) {
        auto const faint = [](float ground, float edge) { return ground + 0.6F * (edge - ground); };
        Colour const &ground = m_spec.theme.ground, &edge = m_spec.theme.edge;
        m_layout.tracks.push_back({whole, {faint(ground.r, edge.r), faint(ground.g, edge.g), faint(ground.b, edge.b)}});
        double const length = value > 0 ? std::min(value, 1.0) * whole.width : 0;
        if (!(length > 0)) return;
        if (!colour.is_grey()) m_layout.coloured = true;
        m_layout.bars.push_back({{whole.x, whole.y, length, whole.height}, colour});
    }

    Fonts const& m_fonts;
    DatabarSpec const& m_spec;
    double m_em, m_gap;
    bool m_may_wrap;
    DatabarLayout m_layout;
    double m_margin = 0, m_left = 0;
    double m_y = 0, m_last_bottom = 0;
    double m_block_left = 0, m_block_bottom = 0;
};

DatabarLayout laid_out(Fonts const& fonts, DatabarSpec const& spec, double logo_width_px) {
    double em = databar_em_px(spec.width_px, spec.text_percent, spec.smallest_em_px);
    for (Attempt const& attempt : k_attempts) {
        double tried = em * attempt.shrink;
        if (attempt.shrink < 1 && tried < spec.smallest_em_px) continue;
        Placer placer(fonts, spec, tried, attempt, logo_width_px);
        if (placer.place()) return placer.take();
    }
    return {};
}

Rect whole_rect(double x, double y, double width, double height) {
    return {static_cast<int>(rounded(x)), static_cast<int>(rounded(y)), std::max(1, static_cast<int>(width)),
            std::max(1, static_cast<int>(height))};
}

/// Flush right with the scale bar, above the lower edge.
std::optional<Rect> room_under_scale_bar(DatabarLayout const& layout, double aspect) {
    if (!layout.scale_bar) return {};
    double em = layout.em_px, top = layout.scale_bar->caps[2].bottom() + 0.4 * em,
           right = layout.scale_bar->line.right();
    double bottom = layout.size.height - k_pad_bottom * em, left = 0;
    for (DatabarLayout::Text const& text : layout.texts)
        if (text.box.bottom() > top) left = std::max(left, text.box.right() + k_block_gap * em);
    double height = std::min(bottom - top, (right - left) / aspect);
    if (height < k_logo_lowest * em) return {};
    return whole_rect(right - height * aspect, bottom - height, height * aspect, height);
}

} // namespace

double databar_em_px(int width_px, double text_percent, double smallest_em_px) {
    double em = k_em_per_width * width_px * text_percent / 100;
    return std::min(std::max(em, smallest_em_px), width_px / 8.0);
}

double longest_bar_px(DatabarSpec const& spec) {
    double em = databar_em_px(spec.width_px, spec.text_percent, spec.smallest_em_px);
    return spec.width_px - 2 * margin_px(spec, em);
}

DatabarLayout layout_databar(Fonts const& fonts, DatabarSpec const& spec) {
    if (databar_em_px(spec.width_px, spec.text_percent, spec.smallest_em_px) < 4) {
        DatabarLayout none;
        none.size = {spec.width_px, 0};
        return none;
    }
    DatabarLayout layout = laid_out(fonts, spec, 0);
    if (spec.logo.empty() || layout.size.height == 0) return layout;
    // At the left, as high as the bar, if no field needs another row because of it; else small under the scale bar, if
    // that leaves room; else at the left all the same.
    double pad = rounded(k_logo_pad * layout.em_px), aspect = static_cast<double>(spec.logo.width) / spec.logo.height;
    double width = std::min((layout.size.height - 2 * pad) * aspect, k_logo_widest * spec.width_px);
    if (!(width >= 4) || !(width / aspect >= 4)) return layout;
    DatabarLayout beside = laid_out(fonts, spec, std::ceil(width));
    if (beside.size.height > layout.size.height)
        if (auto rect = room_under_scale_bar(layout, aspect)) {
            layout.logo = rect;
            return layout;
        }
    double height = std::min(width / aspect, beside.size.height - 2 * pad);
    beside.logo = whole_rect(margin_px(spec, beside.em_px), (beside.size.height - height) / 2, height * aspect, height);
    return beside;
}

void draw_databar(Canvas& canvas, Fonts const& fonts, DatabarLayout const& layout,
                  std::span<ImageView<float const> const> logo) {
    fill(canvas, {0, 0, static_cast<double>(layout.size.width), static_cast<double>(layout.size.height)},
         layout.ground);
    fill(canvas, layout.edge.rect, layout.edge.colour);
    if (layout.logo) draw_image(canvas, logo, layout.logo->x, layout.logo->y);
    for (auto const* fills : {&layout.tracks, &layout.bars})
        for (DatabarLayout::Fill const& bar : *fills) fill(canvas, bar.rect, bar.colour);
    if (layout.scale_bar) draw_bar(canvas, *layout.scale_bar, layout.scale_bar_colour);
    for (DatabarLayout::Text const& text : layout.texts)
        fonts.draw(canvas, text.origin, text.text, text.style, text.colour);
}

} // namespace mg
