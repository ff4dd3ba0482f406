#pragma once
// Draws ImGui's triangles into pixels on the CPU, so that tests can see the page without a GPU.
#include <cstdint>
#include <vector>

#include "imgui.h"

namespace mg::test {

struct Raster {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgb;
};

/// A texture that a draw command names by its ImTextureID.
struct Texture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgba;
    bool smooth = true; ///< linear between texels
};

Raster drawn(ImDrawData const& data, std::vector<Texture> const& textures);

} // namespace mg::test
