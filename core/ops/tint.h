#pragma once
// A grey image takes the colours of its materials.
//
// luminance: with t = the image's value between black and white (percentiles of its covered pixels), e = t^exponent as
// a value of the file, l = OKLab lightness of grey e, c = strength * (1 - desaturation):
//   L = l - 0.1 min(c, 1) max(0, (l - 0.6) / 0.4)^2         room for colour in the highlights; never decreasing
//   a, b = c * sqrt(min(1, L / own lightness)) * those of the materials' colours, mixed by their shares
// What leaves sRGB is brought back along its hue by lowering its chroma (never its lightness): grey steps of the image
// keep their order.
//
// multiply: as the original tools: e * (1 + strength * colour), in values of the file, over the largest value found.
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/work.h"
#include "image/scene.h"

namespace mg {

enum class TintBlend {
    luminance, ///< the image is the OKLab lightness, the material the chroma
    multiply,  ///< image^exponent * (1 + colour), normalised: the original tools
};

struct TintSettings {
    TintBlend blend = TintBlend::luminance;
    double strength = 1;                          ///< of the colours, 0..2
    double desaturation = 0;                      ///< 0..1: share of the chroma that is taken away
    double exponent = 0.8;                        ///< gamma of the image, applied before
    double low_percent = 0.1, high_percent = 0.1; ///< of the image's pixels that may be black / white
};

struct TintSource {
    ImageView<float const> image;
    ImageView<std::uint8_t const> mask;   ///< null data: nothing masked; masked pixels do not count for black and white
    SpreadMap const* materials = nullptr; ///< of the image's size; not null
    std::span<Rgb const> colours;         ///< of the materials
    /// Share of the chroma that a pixel keeps, 0..255; null data: all.
    ImageView<std::uint8_t const> chroma;
};

/// R, G, B planes of the image's size, 0..1, black where the materials do not reach. Errors: other sizes, memory,
/// cancelled.
Result<std::array<Plane, 3>> tinted(TintSource const& source, TintSettings const& settings, Work& work);

} // namespace mg
