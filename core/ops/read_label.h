#pragma once
// Reads lengths such as "500 nm", "2.00 µm", "10um" and "1 mm" that somebody drew into a picture, and nothing else.
// Text is cut into connected glyphs; each is compared with known shapes, and what its holes, its place on the line and
// its proportions say must not contradict. Rather nothing is read than something wrong: one doubtful glyph and the
// whole text counts as unread.
#include <span>
#include <string>
#include <vector>

#include "image/image.h"

namespace mg {

/// A glyph drawn by a font, white (1) on black (0), with any margins.
struct GlyphSample {
    char32_t code = 0; ///< '0'..'9', 'n', 'm', 'u', U'µ'
    ImageView<float const> ink;
};

/// A piece of text in one line.
struct TextBlock {
    Rect box;
    int glyphs = 0;
    std::string text{};    ///< "2.00 µm", when it reads as a length; else empty
    double length_nm = 0;  ///< 0: no length
    double confidence = 0; ///< 0..1 of the reading
};

class LabelReader {
public:
    /// Samples of each glyph in one or several fonts. Slanted forms are made from them.
    explicit LabelReader(std::span<GlyphSample const> samples);

    /// All text in `ink`, 1 where there is ink and 0 where there is none, in no particular order; also what can not be
    /// read, and whatever else looks like neighbouring spots of ink.
    std::vector<TextBlock> read(ImageView<float const> ink) const;

private:
    struct Glyph;
    struct Guess;
    struct Line;
    static constexpr int k_columns = 10, k_rows = 14;
    struct Shape {
        char32_t code = 0;
        double aspect = 1;                 ///< width / height
        float cells[k_columns * k_rows]{}; ///< zero mean, unit length
    };
    static Shape shape_of(ImageView<float const> ink, char32_t code);
    Guess guess(Glyph const& glyph, Line const& line) const;
    std::vector<TextBlock> read_at(ImageView<float const> ink, float threshold) const;
    void understand(ImageView<float const> ink, std::vector<Glyph> const& glyphs, TextBlock& block) const;

    std::vector<Shape> m_shapes;
};

} // namespace mg
