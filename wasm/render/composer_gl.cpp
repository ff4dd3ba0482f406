// The composite on the graphics card: the formulas of core/ops/compose.cpp, in a shader, on half floats. The channels
// are layers of one texture; their pyramids are made by the worker, because half floats cannot be shrunk on every
// device.
#include <algorithm>
#include <cstdio>

#include <GLES3/gl3.h>

#include "app/pixels.h"
#include "imgui.h"
#include "math/colour.h"
#include "render/textures.h"

namespace mg::app {

unsigned linked_program(char const* fragment_source);

namespace {

constexpr int k_most_layers = 64;

constexpr char k_compose[] = R"(#version 300 es
precision highp float;
precision highp int;
precision highp sampler2DArray;
uniform sampler2DArray stack;
uniform bool enlarged;
uniform int count;
uniform int mode;            // 0 composite, 1 single, 2 difference, 3 checkerboard
uniform int first, second;
uniform vec4 levels[64];     // black, 1 / (white - black), gain; 0: not in the composite
uniform vec3 tints[64];      // linear light; compatible: values of the file
uniform int curve;           // 0 linear, 1 gamma, 2 asinh
uniform float gamma, knee, exposure, chroma;
uniform bool compatible;
uniform int luminance_layer; // -1: none
uniform vec3 first_swatch, second_swatch; // linear light
uniform mat3 seen;           // linear sRGB as another colour vision sees it
uniform int across, up;      // layers of the brush; -1: none
uniform vec4 brush;
in vec2 at;
out vec4 colour;

vec2 squared(vec2 place) {
    vec2 size = vec2(textureSize(stack, 0).xy);
    vec2 p = place * size + 0.5;
    vec2 whole = floor(p);
    vec2 part = clamp((p - whole - 0.5) / fwidth(p) + 0.5, 0.0, 1.0);
    return (whole + part - 0.5) / size;
}
float value(vec2 place, int layer) { return texture(stack, vec3(place, float(layer))).r; }
float level(vec2 place, int layer) { return (value(place, layer) - levels[layer].x) * levels[layer].y; }
float shoulder(float y) {
    if (knee >= 1.0) return min(y, 1.0);
    float u = min(y, 2.0 - knee), above = max(0.0, u - knee);
    return u - above * above / (4.0 * (1.0 - knee));
}
float curved(float y) {
    y = clamp(y, 0.0, 1.0);
    if (curve == 1) return pow(y, 1.0 / gamma);
    if (curve == 2) return log(10.0 * y + sqrt(100.0 * y * y + 1.0)) / log(10.0 + sqrt(101.0));
    return y;
}
vec3 decoded(vec3 e) {
    return mix(pow((e + 0.055) / 1.055, vec3(2.4)), e / 12.92, lessThanEqual(e, vec3(0.04045)));
}
float shown_light(float v) { return decoded(vec3(curved(shoulder(v)))).r; }
float signal(vec2 place, int layer) { return clamp(level(place, layer), 0.0, 1e6); }
vec3 single(vec2 place, int layer) { return shown_light(signal(place, layer)) * (layer == first ? first_swatch : second_swatch); }

// B. Ottosson's OKLab, as in core/math/colour_pixels.h; matrices are written column by column.
const mat3 TO_CONES = mat3(0.4122214708, 0.2119034982, 0.0883024619, 0.5363325363, 0.6806995451, 0.2817188376,
                           0.0514459929, 0.1073969566, 0.6299787005);
const mat3 TO_LAB = mat3(0.2104542553, 1.9779984951, 0.0259040371, 0.7936177850, -2.4285922050, 0.7827717662,
                         -0.0040720468, 0.4505937099, -0.8086757660);
const mat3 FROM_LAB = mat3(1.0, 1.0, 1.0, 0.3963377774, -0.1055613458, -0.0894841775, 0.2158037573, -0.0638541728, -1.2914855480);
const mat3 FROM_CONES = mat3(4.0767416621, -1.2684380046, -0.0041960863, -3.3077115913, 2.6097574011, -0.7034186147,
                             0.2309699292, -0.3413193965, 1.7076147010);
vec3 oklab(vec3 rgb) { return TO_LAB * pow(max(TO_CONES * rgb, 0.0), vec3(1.0 / 3.0)); }
vec3 linear(vec3 lab) {
    vec3 cones = FROM_LAB * lab;
    return FROM_CONES * (cones * cones * cones);
}
bool inside(vec3 rgb) { return all(greaterThanEqual(rgb, vec3(-1e-5))) && all(lessThanEqual(rgb, vec3(1.00001))); }

vec3 composite(vec2 place) {
    vec3 sum = vec3(0.0);
    for (int i = 0; i < count; ++i) {
        if (levels[i].z <= 0.0) continue;
        float v = signal(place, i) * levels[i].z;
        sum += compatible ? clamp(v * tints[i], 0.0, 1.0) : v * tints[i];
    }
    sum *= exposure;
    if (compatible) { // as values of the file
        float s = chroma - 1.0;
        sum = clamp(sum * (1.0 + s) - dot(sum, vec3(1.0)) * s, 0.0, 1.0);
        return decoded(pow(sum, vec3(1.0 / gamma)));
    }
    float y = dot(sum, vec3(0.2126, 0.7152, 0.0722));
    vec3 lab = y > 1e-9 ? oklab(sum * (shown_light(y) / y)) : vec3(0.0);
    lab.yz *= chroma;
    if (luminance_layer >= 0) lab.x = pow(shown_light(signal(place, luminance_layer)), 1.0 / 3.0);
    lab.x = min(lab.x, 1.0);
    vec3 rgb = linear(lab);
    if (inside(rgb)) return rgb;
    float low = 0.0, high = 1.0;
    for (int i = 0; i < 12; ++i) {
        float middle = 0.5 * (low + high);
        if (inside(linear(vec3(lab.x, lab.yz * middle)))) low = middle;
        else high = middle;
    }
    return linear(vec3(lab.x, lab.yz * low));
}
vec3 encoded(vec3 v) {
    v = clamp(v, 0.0, 1.0);
    return mix(1.055 * pow(v, vec3(1.0 / 2.4)) - 0.055, 12.92 * v, lessThanEqual(v, vec3(0.0031308)));
}
void main() {
    vec2 place = enlarged ? squared(at) : at;
    vec3 light;
    if (mode == 0) light = composite(place);
    else if (mode == 1) light = single(place, first);
    else if (mode == 2) light = vec3(pow(clamp(0.5 + 0.5 * (level(place, first) - level(place, second)), 0.0, 1.0), 2.2));
    else {
        vec2 square = floor(at * vec2(textureSize(stack, 0).xy) / max(float(textureSize(stack, 0).x) / 12.0, 1.0));
        light = single(place, mod(square.x + square.y, 2.0) < 0.5 ? first : second);
    }
    vec3 shown = encoded(seen * light);
    if (across >= 0) {
        float x = value(place, across), y = value(place, up);
        bool chosen = x >= brush.x && x <= brush.y && y >= brush.z && y <= brush.w;
        shown = chosen ? mix(shown, vec3(1.0, 0.86, 0.2), 0.75) : 0.45 * shown;
    }
    colour = vec4(shown, 1.0);
}
)";

} // namespace

bool Textures::create_composer() {
    m_composer = linked_program(k_compose);
    m_composer_uniforms.clear();
    for (char const* name :
         {"place",        "stack",         "enlarged", "count",  "mode",     "first",  "second",     "levels",
          "tints",        "curve",         "gamma",    "knee",   "exposure", "chroma", "compatible", "luminance_layer",
          "first_swatch", "second_swatch", "seen",     "across", "up",       "brush"})
        m_composer_uniforms[name] = glGetUniformLocation(m_composer, name);
    glGetIntegerv(GL_MAX_ARRAY_TEXTURE_LAYERS, &m_largest_layers);
    return m_composer != 0;
}

void Textures::forget_placed() {
    m_stacks.clear();
    m_placed_calls.clear();
    m_composer = 0;
}

/// One stack at a time is looked at; an old one is of no use any more.
void Textures::drop_unused_placed() {
    for (auto stack = m_stacks.begin(); stack != m_stacks.end();) {
        if (stack->second.drawn_in + 600 < m_frame || (m_stacks.size() > 1 && stack->second.drawn_in != m_frame)) {
            glDeleteTextures(1, &stack->second.texture);
            stack = m_stacks.erase(stack);
        } else
            ++stack;
    }
}

Textures::Stack& Textures::upload(PlacedPictures const& placed) {
    Stack stack;
    stack.layers = std::min({placed.channels, k_most_layers, m_largest_layers});
    glGenTextures(1, &stack.texture);
    glBindTexture(GL_TEXTURE_2D_ARRAY, stack.texture);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    std::vector<Size> const sizes = pyramid_sizes(placed.size);
    std::size_t at = 0;
    int gl_level = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        Size const size = sizes[i];
        std::size_t const bytes = static_cast<std::size_t>(size.area()) * 2;
        bool const fits = std::max(size.width, size.height) <= m_largest_px;
        if (fits || i + 1 == sizes.size()) {
            glTexImage3D(GL_TEXTURE_2D_ARRAY, gl_level, GL_R16F, size.width, size.height, stack.layers, 0, GL_RED,
                         GL_HALF_FLOAT, nullptr);
            for (int layer = 0; layer < stack.layers; ++layer)
                glTexSubImage3D(GL_TEXTURE_2D_ARRAY, gl_level, 0, 0, layer, size.width, size.height, 1, GL_RED,
                                GL_HALF_FLOAT, placed.pyramids[static_cast<std::size_t>(layer)]->data() + at);
            stack.bytes += bytes * static_cast<std::size_t>(stack.layers);
            ++gl_level;
        }
        at += bytes;
    }
    glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAX_LEVEL, gl_level - 1);
    glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
    glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    return m_stacks[placed.serial] = stack;
}

void Textures::draw_placed(PlacedPtr const& placed, PlacedView const& view, Rectangle target, Rectangle clip) {
    if (!placed || placed->channels == 0 || placed->size.empty() || !(target.width > 0) || !(target.height > 0) ||
        m_composer == 0)
        return;
    auto found = m_stacks.find(placed->serial);
    Stack& stack = found == m_stacks.end() ? upload(*placed) : found->second;
    stack.drawn_in = m_frame;
    bool const enlarged = target.width * m_ratio > static_cast<float>(placed->size.width) * 1.001f;
    m_placed_calls.push_back({this, &stack, view, target, clip, enlarged});
    ImDrawList* const list = ImGui::GetWindowDrawList();
    list->AddCallback(&Textures::render_placed, &m_placed_calls.back());
    list->AddCallback(ImDrawCallback_ResetRenderState, nullptr);
}

void Textures::render_placed(ImDrawList const*, ImDrawCmd const* command) {
    auto const& call = *static_cast<PlacedCall const*>(command->UserCallbackData);
    call.owner->render(call);
}

void Textures::render(PlacedCall const& call) const {
    Scissor const s = scissor(call.clip);
    if (s.empty()) return;
    PlacedView const& view = call.view;
    int const count = std::min(call.stack->layers, static_cast<int>(view.look.channels.size()));
    auto const at = [&](char const* name) { return m_composer_uniforms.at(name); };
    auto const layer = [&](int index) { return index >= 0 && index < count ? index : -1; };
    glEnable(GL_SCISSOR_TEST);
    glScissor(s.left, s.bottom, s.width, s.height);
    glUseProgram(m_composer);
    glBindVertexArray(m_vertices);
    glDisable(GL_BLEND);
    glActiveTexture(GL_TEXTURE0);
    glBindSampler(0, 0);
    glBindTexture(GL_TEXTURE_2D_ARRAY, call.stack->texture);
    glUniform1i(at("stack"), 0);
    glUniform1i(at("enlarged"), call.enlarged);
    glUniform1i(at("count"), count);
    glUniform1i(at("mode"), static_cast<int>(view.mode));
    glUniform1i(at("first"), std::max(0, layer(view.first)));
    glUniform1i(at("second"), std::max(0, layer(view.second)));
    float levels[4 * k_most_layers] = {}, tints[3 * k_most_layers] = {};
    int luminance = -1;
    for (int i = 0; i < count; ++i) {
        ChannelLook const& look = view.look.channels[static_cast<std::size_t>(i)];
        float const range = look.white - look.black;
        levels[4 * i] = look.black;
        levels[4 * i + 1] = range != 0 ? 1 / range : 0;
        bool const signal = look.tint != std::array<float, 3>{}; // an extra image has none
        levels[4 * i + 2] = look.shown && signal ? (view.look.compatible ? 1 : look.gain) : 0;
        if (look.luminance && look.shown) luminance = i;
        float const swatch[] = {look.swatch.r, look.swatch.g, look.swatch.b};
        for (int k = 0; k < 3; ++k)
            tints[3 * i + k] = view.look.compatible ? swatch[k] : look.tint[static_cast<std::size_t>(k)];
    }
    auto const swatch = [&](char const* name, int index) {
        Triple light{1, 1, 1};
        if (layer(index) >= 0) light = linear_from_srgb(view.look.channels[static_cast<std::size_t>(index)].swatch);
        glUniform3f(at(name), static_cast<float>(light[0]), static_cast<float>(light[1]), static_cast<float>(light[2]));
    };
    swatch("first_swatch", view.first);
    swatch("second_swatch", view.second);
    glUniform4fv(at("levels"), k_most_layers, levels);
    glUniform3fv(at("tints"), k_most_layers, tints);
    glUniform1i(at("luminance_layer"), luminance);
    glUniform1i(at("curve"), static_cast<int>(view.look.curve));
    glUniform1f(at("gamma"), view.look.gamma);
    glUniform1f(at("knee"), view.look.knee);
    glUniform1i(at("compatible"), view.look.compatible);
    glUniform1f(at("exposure"), view.look.exposure);
    glUniform1f(at("chroma"), view.chroma);
    float seen[9];
    for (std::size_t row = 0; row < 3; ++row) // GL takes columns first
        for (std::size_t column = 0; column < 3; ++column)
            seen[3 * column + row] = view.vision == ColourVision::normal
                                         ? (row == column ? 1.0f : 0.0f)
                                         : static_cast<float>(vision_matrix(view.vision)[row][column]);
    glUniformMatrix3fv(at("seen"), 1, GL_FALSE, seen);
    bool const brushed = layer(view.across) >= 0 && layer(view.up) >= 0;
    glUniform1i(at("across"), brushed ? view.across : -1);
    glUniform1i(at("up"), brushed ? view.up : -1);
    glUniform4f(at("brush"), view.brush[0], view.brush[1], view.brush[2], view.brush[3]);
    place(at("place"), call.target);
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    glEnable(GL_BLEND);
    glBindVertexArray(0);
}

} // namespace mg::app
