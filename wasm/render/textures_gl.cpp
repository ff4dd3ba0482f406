// WebGL2 (OpenGL ES 3). The shader draws one quad from its corners; all else is state.
#include "render/textures.h"

#include <algorithm>
#include <cstdio>

#include "imgui.h"
#include <GLES3/gl3.h>

namespace mg::app {

namespace {

/// A quad from its corners.
constexpr char const* k_quad_shader = R"(#version 300 es
uniform vec4 place; // left, top, right, bottom in clip space
out vec2 at;
void main() {
    vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
    at = corner;
    gl_Position = vec4(mix(place.xy, place.zw, corner), 0.0, 1.0);
}
)";

constexpr char k_fragment[] = R"(#version 300 es
precision highp float;
uniform sampler2D pixels;
uniform bool grey;
uniform bool enlarged;
uniform vec3 tint;
in vec2 at;
out vec4 colour;
// An enlarged pixel is a square whose edges are softened over one screen pixel, so that squares look equal at any zoom.
vec2 squared(vec2 place) {
    vec2 size = vec2(textureSize(pixels, 0));
    vec2 p = place * size + 0.5;
    vec2 whole = floor(p);
    vec2 part = clamp((p - whole - 0.5) / fwidth(p) + 0.5, 0.0, 1.0);
    return (whole + part - 0.5) / size;
}
void main() {
    vec4 texel = texture(pixels, enlarged ? squared(at) : at);
    colour = (grey ? vec4(texel.rrr, 1.0) : texel) * vec4(tint, 1.0);
}
)";

unsigned compiled_shader(unsigned kind, char const* source) {
    unsigned const shader = glCreateShader(kind);
    glShaderSource(shader, 1, &source, nullptr);
    glCompileShader(shader);
    int good = 0;
    glGetShaderiv(shader, GL_COMPILE_STATUS, &good);
    if (!good) {
        char log[512] = "";
        glGetShaderInfoLog(shader, sizeof log, nullptr, log);
        std::fprintf(stderr, "shader: %s\n", log);
    }
    return shader;
}

} // namespace

/// A quad and this; 0 when the driver refuses.
unsigned linked_program(char const* fragment_source) {
    unsigned const vertex = compiled_shader(GL_VERTEX_SHADER, k_quad_shader),
                   fragment = compiled_shader(GL_FRAGMENT_SHADER, fragment_source);
    unsigned const program = glCreateProgram();
    glAttachShader(program, vertex);
    glAttachShader(program, fragment);
    glLinkProgram(program);
    glDeleteShader(vertex);
    glDeleteShader(fragment);
    int good = 0;
    glGetProgramiv(program, GL_LINK_STATUS, &good);
    if (good) return program;
    glDeleteProgram(program);
    return 0;
}

bool Textures::create() {
    m_program = linked_program(k_fragment);
    m_place = glGetUniformLocation(m_program, "place");
    m_grey = glGetUniformLocation(m_program, "grey");
    m_enlarged = glGetUniformLocation(m_program, "enlarged");
    glGenVertexArrays(1, &m_vertices);
    glGetIntegerv(GL_MAX_TEXTURE_SIZE, &m_largest_px);
    m_largest_px = std::max(m_largest_px, 256);
    m_tint = glGetUniformLocation(m_program, "tint");
    return m_program != 0 && create_composer();
}

void Textures::forget() {
    m_entries.clear();
    m_calls.clear();
    forget_placed();
    m_program = m_vertices = 0;
}

void Textures::begin_frame(float pixel_ratio, float page_width, float page_height) {
    ++m_frame;
    m_calls.clear();
    m_placed_calls.clear();
    m_ratio = pixel_ratio;
    m_width = page_width;
    m_height = page_height;
}

void Textures::end_frame() {
    drop_unused_placed();
    std::size_t total = 0;
    for (auto const& [serial, entry] : m_entries) total += entry.bytes;
    while (total > k_largest_bytes) {
        auto const oldest = std::min_element(m_entries.begin(), m_entries.end(), [](auto const& a, auto const& b) {
            return a.second.drawn_in < b.second.drawn_in;
        });
        if (oldest == m_entries.end() || oldest->second.drawn_in == m_frame) break;
        total -= oldest->second.bytes;
        drop(oldest->second);
        m_entries.erase(oldest);
    }
}

void Textures::drop(Entry& entry) {
    for (Tile const& tile : entry.tiles) glDeleteTextures(1, &tile.texture);
}

Textures::Entry& Textures::upload(Picture const& picture) {
    Entry entry;
    entry.grey = picture.bytes_per_pixel == 1;
    entry.translucent = picture.translucent;
    entry.bytes = picture.pixels.size() * 4 / 3; // with its mipmaps
    int const step = m_largest_px;
    int const format = entry.grey ? GL_RED : GL_RGBA;
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, picture.size.width);
    for (int y = 0; y < picture.size.height; y += step)
        for (int x = 0; x < picture.size.width; x += step) {
            int const width = std::min(step, picture.size.width - x), height = std::min(step, picture.size.height - y);
            Tile tile;
            tile.x0 = static_cast<float>(x) / static_cast<float>(picture.size.width);
            tile.y0 = static_cast<float>(y) / static_cast<float>(picture.size.height);
            tile.x1 = static_cast<float>(x + width) / static_cast<float>(picture.size.width);
            tile.y1 = static_cast<float>(y + height) / static_cast<float>(picture.size.height);
            glGenTextures(1, &tile.texture);
            glBindTexture(GL_TEXTURE_2D, tile.texture);
            auto const first = (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.size.width) +
                                static_cast<std::size_t>(x)) *
                               static_cast<std::size_t>(picture.bytes_per_pixel);
            glTexImage2D(GL_TEXTURE_2D, 0, entry.grey ? GL_R8 : GL_RGBA8, width, height, 0, static_cast<GLenum>(format),
                         GL_UNSIGNED_BYTE, picture.pixels.data() + first);
            glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
            glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
            glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
            glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
            entry.tiles.push_back(tile);
        }
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    return m_entries[picture.serial] = std::move(entry);
}

void Textures::draw(PicturePtr const& picture, Rectangle target, Rectangle clip, Rgb tint) {
    if (!picture || picture->size.empty() || !(target.width > 0) || !(target.height > 0) || m_program == 0) return;
    auto found = m_entries.find(picture->serial);
    Entry& entry = found == m_entries.end() ? upload(*picture) : found->second;
    entry.drawn_in = m_frame;
    bool const enlarged = target.width * m_ratio > static_cast<float>(picture->size.width) * 1.001f;
    if (!enlarged && !entry.has_mipmaps) {
        entry.has_mipmaps = true;
        for (Tile const& tile : entry.tiles) {
            glBindTexture(GL_TEXTURE_2D, tile.texture);
            glGenerateMipmap(GL_TEXTURE_2D);
            glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
        }
    }
    m_calls.push_back({this, &entry, target, clip, enlarged, tint});
    ImDrawList* const list = ImGui::GetWindowDrawList();
    list->AddCallback(&Textures::render, &m_calls.back());
    list->AddCallback(ImDrawCallback_ResetRenderState, nullptr);
}

void Textures::render(ImDrawList const*, ImDrawCmd const* command) {
    auto const& call = *static_cast<Call const*>(command->UserCallbackData);
    call.owner->render(call);
}

Textures::Scissor Textures::scissor(Rectangle clip) const {
    auto const pixel = [&](float css) { return static_cast<int>(css * m_ratio + 0.5f); };
    int const left = std::max(0, pixel(clip.x)), right = pixel(std::min(clip.x + clip.width, m_width));
    int const top = std::max(0, pixel(clip.y)), bottom = pixel(std::min(clip.y + clip.height, m_height));
    return {left, pixel(m_height) - bottom, right - left, bottom - top};
}

/// Sets the quad's corners to this place on the page.
void Textures::place(int uniform, Rectangle t) const {
    glUniform4f(uniform, t.x / m_width * 2 - 1, 1 - t.y / m_height * 2, (t.x + t.width) / m_width * 2 - 1,
                1 - (t.y + t.height) / m_height * 2);
}

void Textures::render(Call const& call) const {
    Scissor const s = scissor(call.clip);
    if (s.empty()) return;
    glEnable(GL_SCISSOR_TEST);
    glScissor(s.left, s.bottom, s.width, s.height);
    glUseProgram(m_program);
    glBindVertexArray(m_vertices);
    if (!call.entry->translucent) glDisable(GL_BLEND);
    glActiveTexture(GL_TEXTURE0);
    glBindSampler(0, 0);
    glUniform1i(m_grey, call.entry->grey);
    glUniform1i(m_enlarged, call.enlarged);
    glUniform3f(m_tint, call.tint.r, call.tint.g, call.tint.b);
    for (Tile const& tile : call.entry->tiles) {
        Rectangle const& t = call.target;
        place(m_place, {t.x + tile.x0 * t.width, t.y + tile.y0 * t.height, (tile.x1 - tile.x0) * t.width,
                        (tile.y1 - tile.y0) * t.height});
        glBindTexture(GL_TEXTURE_2D, tile.texture);
        glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    }
    glEnable(GL_BLEND);
    glBindVertexArray(0);
}

} // namespace mg::app
