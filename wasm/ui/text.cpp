#include "ui/text.h"

#include <cmath>

#include "imgui_internal.h"

namespace mg::ui {
namespace {

float css_scale() {
    return ImGui::GetIO().FontGlobalScale;
}

float advance(ImFont const& face, ImFontGlyph const& glyph, unsigned int code, bool tabular) {
    return tabular && code >= '0' && code <= '9' ? face.FindGlyph('0')->AdvanceX : glyph.AdvanceX;
}

// Next code point of `text` from `at`, which is moved on.
unsigned int next(std::string_view text, std::size_t& at) {
    unsigned int code = 0;
    int used = ImTextCharFromUtf8(&code, text.data() + at, text.data() + text.size());
    at += static_cast<std::size_t>(used > 0 ? used : 1);
    return code;
}

// Byte offset after each code point that still fits into `width`.
std::size_t fitting(std::string_view text, TextStyle const& style, float width) {
    ImFont const& face = *font(style.face);
    float used = 0;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t start = at;
        unsigned int code = next(text, at);
        used += advance(face, *face.FindGlyph(static_cast<ImWchar>(code)), code, style.tabular) * css_scale() +
                style.spacing;
        if (used > width) return start;
    }
    return text.size();
}

std::size_t previous_start(std::string_view text, std::size_t at) {
    do --at;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80);
    return at;
}

} // namespace

float text_width(std::string_view text, TextStyle const& style) {
    ImFont const& face = *font(style.face);
    float width = 0;
    for (std::size_t at = 0; at < text.size();) {
        unsigned int code = next(text, at);
        width += advance(face, *face.FindGlyph(static_cast<ImWchar>(code)), code, style.tabular) * css_scale() +
                 style.spacing;
    }
    return width;
}

float capital_height(Face face) {
    ImFontGlyph const* glyph = font(face)->FindGlyph('H');
    return (glyph->Y1 - glyph->Y0) * css_scale();
}

float line_height(Face face) {
    return font(face)->FontSize * css_scale() * 1.2f;
}

float draw_text(ImDrawList& list, ImVec2 baseline, std::string_view text, TextStyle const& style) {
    ImFont const& face = *font(style.face);
    float k = css_scale();
    float ratio = 1 / k;
    float x = std::round(baseline.x * ratio);
    float y = std::round(baseline.y * ratio) - std::round(face.Ascent);
    ImVec4 clip = list._ClipRectStack.back();
    if (y * k > clip.w || (y + face.FontSize * 1.5f) * k < clip.y) return (x * k) + text_width(text, style);
    list.PushTextureID(face.ContainerAtlas->TexID);
    for (std::size_t at = 0; at < text.size();) {
        unsigned int code = next(text, at);
        ImFontGlyph const& glyph = *face.FindGlyph(static_cast<ImWchar>(code));
        float step = advance(face, glyph, code, style.tabular);
        float shift = (step - glyph.AdvanceX) / 2;
        if (glyph.Visible) {
            float left = x + shift + glyph.X0, top = y + glyph.Y0;
            list.PrimReserve(6, 4);
            list.PrimRectUV({left * k, top * k}, {(x + shift + glyph.X1) * k, (y + glyph.Y1) * k}, {glyph.U0, glyph.V0},
                            {glyph.U1, glyph.V1}, style.colour);
        }
        x += step + style.spacing * ratio;
    }
    list.PopTextureID();
    return x * k;
}

std::string elided(std::string_view text, TextStyle const& style, float width) {
    if (text_width(text, style) <= width) return std::string(text);
    float dots = text_width("…", style);
    return std::string(text.substr(0, fitting(text, style, width - dots))) + "…";
}

std::string elided_middle(std::string_view text, TextStyle const& style, float width) {
    if (text_width(text, style) <= width) return std::string(text);
    float rest = width - text_width("…", style);
    // The end (number and extension) tells names apart, so it gets the larger part.
    std::size_t tail = text.size();
    while (tail > 0) {
        std::size_t before = previous_start(text, tail);
        if (text_width(text.substr(before), style) > rest * 0.6f) break;
        tail = before;
    }
    float left = rest - text_width(text.substr(tail), style);
    return std::string(text.substr(0, fitting(text, style, left))) + "…" + std::string(text.substr(tail));
}

std::vector<std::string> wrapped(std::string_view text, TextStyle const& style, float width) {
    std::vector<std::string> lines;
    std::string line;
    auto flush = [&] {
        lines.push_back(line);
        line.clear();
    };
    for (std::size_t at = 0; at <= text.size();) {
        std::size_t end = text.find_first_of(" \n", at);
        if (end == std::string_view::npos) end = text.size();
        std::string_view word = text.substr(at, end - at);
        std::string joined = line.empty() ? std::string(word) : line + " " + std::string(word);
        if (text_width(joined, style) <= width)
            line = joined;
        else {
            if (!line.empty()) flush();
            while (text_width(word, style) > width) {
                std::size_t n = fitting(word, style, width);
                if (n == 0) break;
                line = std::string(word.substr(0, n));
                flush();
                word = word.substr(n);
            }
            line = std::string(word);
        }
        if (end < text.size() && text[end] == '\n') flush();
        at = end + 1;
    }
    if (!line.empty() || lines.empty()) flush();
    return lines;
}

} // namespace mg::ui
