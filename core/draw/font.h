#pragma once
// Text: measured in fractions of a pixel, drawn anti-aliased at sub-pixel places.
#include <memory>
#include <string>
#include <string_view>

#include "draw/canvas.h"

namespace mg {

enum class Weight { regular, semibold };

struct TextStyle {
    double size_px = 12; ///< of the em square
    Weight weight = Weight::regular;
};

/// The program's type family. Text is UTF-8; characters that the font lacks are shown as question marks.
class Fonts {
public:
    Fonts();
    ~Fonts();
    Fonts(Fonts const&) = delete;
    Fonts& operator=(Fonts const&) = delete;

    /// Advance of the whole text in px.
    double width(std::string_view text, TextStyle style) const;
    /// The text itself, or as much of it as fits into `width_px` together with an ellipsis; empty when not even that
    /// does.
    std::string elided(std::string_view text, TextStyle style, double width_px) const;
    /// Height of a capital letter as a fraction of the em.
    double cap_height() const { return m_cap_height; }
    /// What letters (with accents) reach above and below the baseline, as fractions of the em.
    double ascent() const { return m_ascent; }
    double descent() const { return m_descent; }
    /// `origin`: left end of the baseline.
    void draw(Canvas& canvas, Point origin, std::string_view text, TextStyle style, Colour colour) const;

private:
    struct Face;
    Face const& face(Weight weight) const;
    std::unique_ptr<Face> m_regular, m_semibold;
    double m_cap_height = 0, m_ascent = 0, m_descent = 0;
};

} // namespace mg
