#pragma once
// The databar under a micrograph: laid out from measured text, then drawn. Everything is sized relative to the width,
// so that the figures of a set look alike at one printed width; nothing overlaps, and what does not fit goes to a
// further row or ends in an ellipsis.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "draw/canvas.h"
#include "draw/font.h"
#include "draw/scale_bar.h"

namespace mg {

struct DatabarField {
    std::string label; ///< may be empty
    std::string value;
};
/// Fields in one row: labels above values, or each label in front of its value.
struct DatabarLine {
    std::vector<DatabarField> fields;
    bool stacked = false;
};

struct TextPiece {
    std::string text;
    std::optional<Colour> colour{}; ///< default: the theme's value colour
};
/// A horizontal bar of a share of its cell, after its label.
struct BarPiece {
    double value = 0; ///< 0..1
    Colour colour;
    std::string label{}; ///< may be empty
};
/// An extra row of a workflow: coloured words one after another, or bars in cells of equal width.
struct DatabarRow {
    std::vector<TextPiece> pieces{};
    std::vector<BarPiece> bars{};
};

/// Numbers as bars: names of the columns above, and below for each row its name in its colour, a text, and one bar per
/// column in cells of equal width, from one left end each. Columns that do not fit beside each other follow below, with
/// the names of the rows again.
struct DatabarTable {
    struct Row {
        std::string name;
        Colour name_colour, bar_colour;
        std::string text;           ///< short, behind the name: "34 %"
        std::vector<double> values; ///< 0..1, parallel to the columns: shares of the longest bar
    };
    std::vector<std::string> columns;
    std::vector<Row> rows;
};

struct DatabarTheme {
    Colour ground, label, value;
    Colour edge; ///< hairline under the picture, so that a black picture has an end
};
inline constexpr DatabarTheme k_dark_theme{Colour::grey(0), Colour::grey(0.62F), Colour::grey(1), Colour::grey(0.24F)};
inline constexpr DatabarTheme k_light_theme{Colour::grey(1), Colour::grey(0.42F), Colour::grey(0.06F),
                                            Colour::grey(0.72F)};

struct DatabarSpec {
    int width_px = 0;
    double text_percent = 100;    ///< of the usual text size
    double smallest_em_px = 10.5; ///< text is not made smaller than this, except in images of a few letters' width
    DatabarTheme theme = k_dark_theme;
    std::vector<DatabarLine> lines{};
    std::optional<ScaleBar> bar{};
    std::vector<DatabarRow> rows{};
    DatabarTable table{}; ///< under all rows, over the whole width
    Size logo{};          ///< of the user's picture; empty: none
    std::string credit{}; ///< small print under all else
};

struct DatabarLayout {
    struct Text {
        std::string text;
        TextStyle style;
        Point origin; ///< left end of the baseline
        Colour colour;
        RectF box; ///< advance by ascent and descent
    };
    struct Fill {
        RectF rect;
        Colour colour;
    };
    Size size{};
    double em_px = 0;
    Colour ground;
    Fill edge; ///< hairline along the top
    std::vector<Text> texts;
    std::vector<Fill> bars;   ///< of the extra rows and the table
    std::vector<Fill> tracks; ///< under the table's bars: how long the longest would be
    std::optional<BarRects> scale_bar;
    Colour scale_bar_colour;
    std::optional<Rect> logo; ///< where it goes, and at which size
    bool coloured = false;    ///< some text or bar is not grey
};

/// Text size before the smallest is applied: a share of the image's width.
double databar_em_px(int width_px, double text_percent, double smallest_em_px);

/// A layout of zero height when the image is too narrow for any text. The scale bar must be at most as long as the
/// image is wide, less the margins: `longest_bar_px`.
DatabarLayout layout_databar(Fonts const& fonts, DatabarSpec const& spec);
double longest_bar_px(DatabarSpec const& spec);

/// Paints the whole canvas, whose size is the layout's. `logo`: the picture resized to the layout's rectangle; may be
/// empty.
void draw_databar(Canvas& canvas, Fonts const& fonts, DatabarLayout const& layout,
                  std::span<ImageView<float const> const> logo);

} // namespace mg
