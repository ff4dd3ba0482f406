// Colours, style and font atlas. Sizes of faces are em sizes as in CSS; ImGui counts ascent plus descent, so each is
// scaled by the ratio that the font's own tables state.
#include "ui/theme.h"

#include <array>
#include <cmath>
#include <span>

#include "fonts.h"
#include "imgui.h"

namespace mg::ui {
namespace {

constexpr Colour rgb(std::uint32_t hex) {
    return 0xff000000u | ((hex & 0xff) << 16) | (hex & 0xff00) | (hex >> 16);
}
constexpr Colour rgba(std::uint32_t hex, std::uint32_t alpha) {
    return (rgb(hex) & 0xffffffu) | (alpha << 24);
}

constexpr Palette k_dark{.ground = rgb(0x14161a),
                         .canvas = rgb(0x0e1013),
                         .panel = rgb(0x1b1e24),
                         .raised = rgb(0x22262e),
                         .hover = rgb(0x2a2f39),
                         .line = rgb(0x2d323c),
                         .field = rgb(0x14161a),
                         .text = rgb(0xe6e8ec),
                         .second = rgb(0x9aa3b2),
                         .third = rgb(0x8590a2),
                         .accent = rgb(0x5aa9e6),
                         .on_accent = rgb(0x0b1620),
                         .accent_soft = rgba(0x5aa9e6, 0x2e),
                         .ok = rgb(0x58b58a),
                         .warning = rgb(0xe0a84e),
                         .failure = rgb(0xe06c6c),
                         .knob = rgb(0xe6e8ec),
                         .shade = rgba(0x08090b, 0xa6),
                         .plot = rgb(0x465063)};

// Neutral too; every text colour keeps at least 4.5:1 against panel and raised.
constexpr Palette k_light{.ground = rgb(0xf1f2f4),
                          .canvas = rgb(0xd9dbde),
                          .panel = rgb(0xfafbfc),
                          .raised = rgb(0xeceef1),
                          .hover = rgb(0xe2e5ea),
                          .line = rgb(0xd0d4da),
                          .field = rgb(0xffffff),
                          .text = rgb(0x1a1d23),
                          .second = rgb(0x4a5261),
                          .third = rgb(0x596271),
                          .accent = rgb(0x1767a6),
                          .on_accent = rgb(0xffffff),
                          .accent_soft = rgba(0x1767a6, 0x24),
                          .ok = rgb(0x1d7047),
                          .warning = rgb(0x865400),
                          .failure = rgb(0xb3292f),
                          .knob = rgb(0xffffff),
                          .shade = rgba(0x30343c, 0x8c),
                          .plot = rgb(0xa9b2c1)};

struct FaceSpec {
    float size_px;
    bool semibold;
    bool all_scripts; ///< the user's own texts may appear in it
};
constexpr std::array<FaceSpec, static_cast<std::size_t>(Face::count)> k_faces{{
    {11, false, true},  // small
    {12, false, true},  // note
    {13, false, true},  // body
    {13, true, true},   // strong
    {14, true, false},  // title
    {15, false, false}, // lead
    {26, true, false},  // headline
}};

// Pairs of first and last code point, 0 ends; ImGui keeps the pointers until the atlas is built.
constexpr ImWchar k_all_scripts[] = {0x20,   0x7e,   0xa0,   0x17f,  0x2c6,  0x2dd,  0x370,  0x3ff,  0x400,
                                     0x45f,  0x2009, 0x2009, 0x2010, 0x2027, 0x202f, 0x202f, 0x2030, 0x203a,
                                     0x2070, 0x208e, 0x20ac, 0x20ac, 0x2122, 0x2122, 0x2190, 0x2199, 0x21b5,
                                     0x21b5, 0x2212, 0x2212, 0x2248, 0x2265, 0};
constexpr ImWchar k_own_texts[] = {0x20, 0x7e, 0xa0, 0xff, 0x2013, 0x2014, 0x2026, 0x2026, 0};

// (ascent - descent) / em from the tables "head" and "hhea" of an OpenType font; 1.21 when they cannot be read.
float line_per_em(std::span<std::uint8_t const> bytes) {
    auto u16 = [&](std::size_t at) -> int { return at + 2 <= bytes.size() ? bytes[at] << 8 | bytes[at + 1] : 0; };
    auto u32 = [&](std::size_t at) {
        return static_cast<std::size_t>(u16(at)) << 16 | static_cast<std::size_t>(u16(at + 2));
    };
    int em = 0, ascent = 0, descent = 0;
    for (std::size_t i = 0, n = static_cast<std::size_t>(u16(4)); i < n; ++i) {
        std::size_t record = 12 + 16 * i;
        std::size_t table = u32(record + 8);
        if (u32(record) == 0x68656164) em = u16(table + 18);
        if (u32(record) == 0x68686561) {
            ascent = static_cast<std::int16_t>(u16(table + 4));
            descent = static_cast<std::int16_t>(u16(table + 6));
        }
    }
    if (em <= 0 || ascent <= descent) return 1.21f;
    return static_cast<float>(ascent - descent) / static_cast<float>(em);
}

ImVec4 vec(Colour colour) {
    return ImGui::ColorConvertU32ToFloat4(colour);
}

} // namespace

Palette const& palette(app::Theme theme) {
    return theme == app::Theme::light ? k_light : k_dark;
}

Colour faded(Colour colour, float opacity) {
    auto alpha = static_cast<std::uint32_t>(static_cast<float>(colour >> 24) * opacity + 0.5f);
    return (colour & 0xffffffu) | alpha << 24;
}

void build_fonts(float pixel_ratio, float font_scale) {
    ImGuiIO& io = ImGui::GetIO();
    io.Fonts->Clear();
    io.Fonts->Flags |= ImFontAtlasFlags_NoMouseCursors;
    for (FaceSpec const& face : k_faces) {
        std::span<std::uint8_t const> bytes = face.semibold ? font_semibold() : font_regular();
        ImFontConfig config;
        config.FontDataOwnedByAtlas = false;
        // Glyphs stand at fractions of a pixel: with few device pixels per glyph, finer coverage keeps the spacing
        // even.
        config.OversampleH = pixel_ratio * font_scale < 1.9f ? 3 : 1;
        config.OversampleV = 1;
        config.PixelSnapH = false;
        float size = face.size_px * font_scale * pixel_ratio * line_per_em(bytes);
        // The atlas only reads the bytes; its interface has no const.
        io.Fonts->AddFontFromMemoryTTF(const_cast<std::uint8_t*>(bytes.data()), static_cast<int>(bytes.size()), size,
                                       &config, face.all_scripts ? k_all_scripts : k_own_texts);
    }
    io.FontGlobalScale = 1 / pixel_ratio;
    io.FontDefault = font(Face::body);
    io.Fonts->Build();
}

ImFont* font(Face face) {
    ImGuiIO& io = ImGui::GetIO();
    auto index = static_cast<int>(face);
    return index < io.Fonts->Fonts.Size ? io.Fonts->Fonts[index] : ImGui::GetFont();
}

void apply_theme(app::Theme theme, float font_scale) {
    Palette const& c = palette(theme);
    float s = font_scale;
    ImGuiIO& io = ImGui::GetIO();
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    io.ConfigWindowsMoveFromTitleBarOnly = true;
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;

    ImGuiStyle style;
    style.WindowPadding = {0, 0};
    style.WindowRounding = 0;
    style.WindowBorderSize = 0;
    style.WindowMinSize = {1, 1};
    style.ChildBorderSize = 0;
    style.PopupRounding = 6 * s;
    style.PopupBorderSize = 1;
    style.FrameRounding = 4 * s;
    style.FrameBorderSize = 1;
    style.FramePadding = {7 * s, 4 * s};
    style.ItemSpacing = {0, 0};
    style.ItemInnerSpacing = {4 * s, 4 * s};
    style.ScrollbarSize = 8 * s;
    style.ScrollbarRounding = 4 * s;
    style.DisabledAlpha = 0.45f;
    style.AntiAliasedLinesUseTex = false; // pixel-exact at fractional pixel ratios
    for (ImVec4& colour : style.Colors) colour = vec(c.raised);
    auto set = [&](ImGuiCol slot, Colour colour) { style.Colors[slot] = vec(colour); };
    set(ImGuiCol_Text, c.text);
    set(ImGuiCol_TextDisabled, c.third);
    set(ImGuiCol_WindowBg, c.ground);
    set(ImGuiCol_ChildBg, c.ground & 0xffffffu);
    set(ImGuiCol_PopupBg, c.raised);
    set(ImGuiCol_Border, c.line);
    set(ImGuiCol_BorderShadow, 0);
    set(ImGuiCol_FrameBg, c.field);
    set(ImGuiCol_FrameBgHovered, c.field);
    set(ImGuiCol_FrameBgActive, c.field);
    set(ImGuiCol_ScrollbarBg, 0);
    set(ImGuiCol_ScrollbarGrab, c.line);
    set(ImGuiCol_ScrollbarGrabHovered, c.third);
    set(ImGuiCol_ScrollbarGrabActive, c.second);
    set(ImGuiCol_TextSelectedBg, faded(c.accent, 0.35f));
    set(ImGuiCol_NavHighlight, c.accent);
    set(ImGuiCol_NavWindowingHighlight, 0);
    set(ImGuiCol_NavWindowingDimBg, 0);
    set(ImGuiCol_ModalWindowDimBg, c.shade);
    ImGui::GetStyle() = style;
}

} // namespace mg::ui
