#include "page/ui_raster.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mg::test {
namespace {

struct Rgba {
    float r, g, b, a;
};

Rgba texel(Texture const& t, int x, int y) {
    x = std::clamp(x, 0, t.width - 1);
    y = std::clamp(y, 0, t.height - 1);
    std::uint8_t const* p =
        t.rgba.data() +
        (static_cast<std::size_t>(y) * static_cast<std::size_t>(t.width) + static_cast<std::size_t>(x)) * 4;
    return {p[0] / 255.0f, p[1] / 255.0f, p[2] / 255.0f, p[3] / 255.0f};
}

Rgba sampled(Texture const& t, float u, float v) {
    float x = u * static_cast<float>(t.width), y = v * static_cast<float>(t.height);
    if (!t.smooth) return texel(t, static_cast<int>(std::floor(x)), static_cast<int>(std::floor(y)));
    x -= 0.5f;
    y -= 0.5f;
    int ix = static_cast<int>(std::floor(x)), iy = static_cast<int>(std::floor(y));
    float fx = x - static_cast<float>(ix), fy = y - static_cast<float>(iy);
    Rgba a = texel(t, ix, iy), b = texel(t, ix + 1, iy), c = texel(t, ix, iy + 1), d = texel(t, ix + 1, iy + 1);
    auto mix = [&](float p, float q, float r, float s) {
        return (p * (1 - fx) + q * fx) * (1 - fy) + (r * (1 - fx) + s * fx) * fy;
    };
    return {mix(a.r, b.r, c.r, d.r), mix(a.g, b.g, c.g, d.g), mix(a.b, b.b, c.b, d.b), mix(a.a, b.a, c.a, d.a)};
}

Rgba unpacked(ImU32 c) {
    return {static_cast<float>(c & 255) / 255, static_cast<float>(c >> 8 & 255) / 255,
            static_cast<float>(c >> 16 & 255) / 255, static_cast<float>(c >> 24) / 255};
}

void triangle(std::vector<float>& pixels, int width, std::array<int, 4> clip, std::array<ImDrawVert, 3> v,
              Texture const* texture) {
    auto cross = [](ImVec2 a, ImVec2 b, float x, float y) { return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x); };
    float area = cross(v[0].pos, v[1].pos, v[2].pos.x, v[2].pos.y);
    if (area == 0) return;
    if (area < 0) {
        std::swap(v[1], v[2]);
        area = -area;
    }
    float x0 = std::min({v[0].pos.x, v[1].pos.x, v[2].pos.x}), x1 = std::max({v[0].pos.x, v[1].pos.x, v[2].pos.x});
    float y0 = std::min({v[0].pos.y, v[1].pos.y, v[2].pos.y}), y1 = std::max({v[0].pos.y, v[1].pos.y, v[2].pos.y});
    int left = std::max(clip[0], static_cast<int>(std::floor(x0))),
        right = std::min(clip[2], static_cast<int>(std::ceil(x1)) + 1);
    int top = std::max(clip[1], static_cast<int>(std::floor(y0))),
        bottom = std::min(clip[3], static_cast<int>(std::ceil(y1)) + 1);
    std::array<Rgba, 3> colour{unpacked(v[0].col), unpacked(v[1].col), unpacked(v[2].col)};
    // An edge belongs to the triangle when it is a top or a left one, as on a GPU.
    auto owns = [](ImVec2 a, ImVec2 b) { return (a.y == b.y && b.x > a.x) || b.y < a.y; };
    std::array<bool, 3> own{owns(v[1].pos, v[2].pos), owns(v[2].pos, v[0].pos), owns(v[0].pos, v[1].pos)};
    for (int y = top; y < bottom; ++y)
        for (int x = left; x < right; ++x) {
            float px = static_cast<float>(x) + 0.5f, py = static_cast<float>(y) + 0.5f;
            std::array<float, 3> w{cross(v[1].pos, v[2].pos, px, py), cross(v[2].pos, v[0].pos, px, py),
                                   cross(v[0].pos, v[1].pos, px, py)};
            bool inside = true;
            for (std::size_t i = 0; i < 3; ++i) inside = inside && (w[i] > 0 || (w[i] == 0 && own[i]));
            if (!inside) continue;
            for (float& each : w) each /= area;
            auto mix = [&](auto get) { return w[0] * get(0) + w[1] * get(1) + w[2] * get(2); };
            Rgba c{mix([&](std::size_t i) { return colour[i].r; }), mix([&](std::size_t i) { return colour[i].g; }),
                   mix([&](std::size_t i) { return colour[i].b; }), mix([&](std::size_t i) { return colour[i].a; })};
            if (texture) {
                Rgba t = sampled(*texture, mix([&](std::size_t i) { return v[i].uv.x; }),
                                 mix([&](std::size_t i) { return v[i].uv.y; }));
                c = {c.r * t.r, c.g * t.g, c.b * t.b, c.a * t.a};
            }
            float* p =
                pixels.data() +
                (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) * 3;
            p[0] += (c.r - p[0]) * c.a;
            p[1] += (c.g - p[1]) * c.a;
            p[2] += (c.b - p[2]) * c.a;
        }
}

} // namespace

Raster drawn(ImDrawData const& data, std::vector<Texture> const& textures) {
    Raster raster;
    ImVec2 k = data.FramebufferScale;
    raster.width = static_cast<int>(std::lround(data.DisplaySize.x * k.x));
    raster.height = static_cast<int>(std::lround(data.DisplaySize.y * k.y));
    std::vector<float> pixels(static_cast<std::size_t>(raster.width) * static_cast<std::size_t>(raster.height) * 3);
    for (int l = 0; l < data.CmdListsCount; ++l) {
        ImDrawList const& list = *data.CmdLists[l];
        for (ImDrawCmd const& command : list.CmdBuffer) {
            if (command.UserCallback) continue;
            std::array<int, 4> clip{std::max(0, static_cast<int>(command.ClipRect.x * k.x)),
                                    std::max(0, static_cast<int>(command.ClipRect.y * k.y)),
                                    std::min(raster.width, static_cast<int>(command.ClipRect.z * k.x)),
                                    std::min(raster.height, static_cast<int>(command.ClipRect.w * k.y))};
            auto id = reinterpret_cast<std::uintptr_t>(command.GetTexID());
            Texture const* texture = id < textures.size() ? &textures[id] : nullptr;
            for (unsigned i = 0; i + 2 < command.ElemCount; i += 3) {
                std::array<ImDrawVert, 3> v;
                for (unsigned j = 0; j < 3; ++j) {
                    v[j] = list.VtxBuffer[static_cast<int>(list.IdxBuffer[static_cast<int>(command.IdxOffset + i + j)] +
                                                           command.VtxOffset)];
                    v[j].pos = {v[j].pos.x * k.x, v[j].pos.y * k.y};
                }
                triangle(pixels, raster.width, clip, v, texture);
            }
        }
    }
    raster.rgb.resize(pixels.size());
    for (std::size_t i = 0; i < pixels.size(); ++i)
        raster.rgb[i] = static_cast<std::uint8_t>(std::clamp(pixels[i] * 255 + 0.5f, 0.0f, 255.0f));
    return raster;
}

} // namespace mg::test
