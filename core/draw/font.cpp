// Glyph outlines and their coverage come from stb_truetype, of which only the parts that need no function beyond square
// root, floor and ceil are used: the same bytes on every platform. No hinting, no shaping, no kerning, left to right.
#include "draw/font.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/text.h"
#include "fonts.h"

#define STBTT_STATIC
#define STB_TRUETYPE_IMPLEMENTATION
#include <stb_truetype.h>

namespace mg {
namespace {

/// Spaces that need no glyph, in em; negative: not one of them.
double blank_width(char32_t code) {
    switch (code) {
    case U'\u2009':
        return 0.2; // thin
    case U'\u202F':
        return 0.2; // narrow, no break
    case U'\t':
        return 1;
    default:
        return -1;
    }
}
constexpr std::string_view k_ellipsis = "\u2026";

} // namespace

struct Fonts::Face {
    stbtt_fontinfo info{};
    double units_per_em = 1;

    explicit Face(std::span<unsigned char const> file) {
        MG_CHECK(stbtt_InitFont(&info, file.data(), 0));
        units_per_em = 1 / static_cast<double>(stbtt_ScaleForMappingEmToPixels(&info, 1));
    }
    int glyph(char32_t code) const {
        int index = stbtt_FindGlyphIndex(&info, static_cast<int>(code));
        if (index == 0 && code == U'\u00B5') index = stbtt_FindGlyphIndex(&info, 0x3BC);
        return index != 0 ? index : stbtt_FindGlyphIndex(&info, '?');
    }
    /// Calls use(glyph, left end in em) for each glyph and returns the advance in em.
    template <class Use>
    double walk(std::string_view text, Use use) const {
        double x = 0;
        for (std::size_t i = 0; i < text.size();) {
            CodePoint point = code_point_at(text, i);
            i += static_cast<std::size_t>(point.length);
            if (double blank = blank_width(point.code); blank >= 0) {
                x += blank;
                continue;
            }
            int index = glyph(point.code), advance = 0;
            stbtt_GetGlyphHMetrics(&info, index, &advance, nullptr);
            use(index, x);
            x += advance / units_per_em;
        }
        return x;
    }
};

Fonts::Fonts() : m_regular(new Face(font_regular())), m_semibold(new Face(font_semibold())) {
    int ascent = 0, descent = 0, x0 = 0, x1 = 0, y0 = 0, y1 = 0;
    stbtt_GetFontVMetrics(&m_regular->info, &ascent, &descent, nullptr);
    stbtt_GetGlyphBox(&m_regular->info, m_regular->glyph(U'H'), &x0, &y0, &x1, &y1);
    m_ascent = ascent / m_regular->units_per_em;
    m_descent = -descent / m_regular->units_per_em;
    m_cap_height = y1 / m_regular->units_per_em;
}
Fonts::~Fonts() = default;

Fonts::Face const& Fonts::face(Weight weight) const {
    return weight == Weight::semibold ? *m_semibold : *m_regular;
}

double Fonts::width(std::string_view text, TextStyle style) const {
    return face(style.weight).walk(text, [](int, double) {}) * style.size_px;
}

std::string Fonts::elided(std::string_view text, TextStyle style, double width_px) const {
    if (width(text, style) <= width_px) return std::string(text);
    double room = width_px - width(k_ellipsis, style);
    if (room < 0) return {};
    std::size_t end = 0;
    for (std::size_t i = 0; i < text.size();) {
        i += static_cast<std::size_t>(code_point_at(text, i).length);
        if (width(text.substr(0, i), style) > room) break;
        end = i;
    }
    return std::string(trimmed(text.substr(0, end))) + std::string(k_ellipsis);
}

void Fonts::draw(Canvas& canvas, Point origin, std::string_view text, TextStyle style, Colour colour) const {
    Face const& used = face(style.weight);
    float scale = static_cast<float>(style.size_px / used.units_per_em);
    std::vector<unsigned char> coverage;
    Size size = canvas.size();
    used.walk(text, [&](int glyph, double at) {
        double x = origin.x + at * style.size_px;
        if (!(x > -1e6 && x < 1e6 && origin.y > -1e6 && origin.y < 1e6)) return;
        int left = static_cast<int>(std::floor(x)), top = static_cast<int>(std::floor(origin.y));
        float shift_x = static_cast<float>(x - left), shift_y = static_cast<float>(origin.y - top);
        int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
        stbtt_GetGlyphBitmapBoxSubpixel(&used.info, glyph, scale, scale, shift_x, shift_y, &x0, &y0, &x1, &y1);
        int width = x1 - x0, height = y1 - y0;
        if (width <= 0 || height <= 0 || std::int64_t{width} * height > k_max_pixels) return;
        coverage.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0);
        stbtt_MakeGlyphBitmapSubpixel(&used.info, coverage.data(), width, height, width, scale, scale, shift_x, shift_y,
                                      glyph);
        for (int v = std::max(0, -(top + y0)); v < height && top + y0 + v < size.height; ++v)
            for (int u = std::max(0, -(left + x0)); u < width && left + x0 + u < size.width; ++u)
                if (unsigned char c = coverage[static_cast<std::size_t>(v) * static_cast<std::size_t>(width) +
                                               static_cast<std::size_t>(u)])
                    canvas.blend(left + x0 + u, top + y0 + v, static_cast<float>(c) / 255.0F, colour);
    });
}

} // namespace mg
