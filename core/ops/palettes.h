#pragma once
// Colours for the channels of a composite. A tint is a weight in linear light: the picture is the sum of the channels'
// values times their tints. Tints of one set have the same luminance where the palette allows, and together that of
// white, so that channels that are all at their white give white.
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "image/scene.h"

namespace mg {

enum class Palette {
    wavelength, ///< stretched spectrum in the order of the physical values: equal OKLab lightness, neutral sum
    physical,   ///< the colour of light of that wavelength (CIE 1931), gamut-mapped
    safe,       ///< told apart with any colour vision, 2 to 6 channels; more: the stretched spectrum
    classic,    ///< the original tools' hues, from red (first) to blue (last)
};

struct Tint {
    Rgb swatch;                            ///< what the channel looks like alone
    std::array<double, 3> linear{1, 1, 1}; ///< its weight in the sum; may lie outside sRGB
};

/// A channel that is to get a colour.
struct TintRequest {
    std::optional<double> value;         ///< channels are ranked by it
    std::optional<double> wavelength_nm; ///< when the value is one
    int slot = 0;                        ///< place among the colours, placeholders counted
    std::optional<Rgb> picked;           ///< the user's colour
};

/// One tint per request. `slots`: colours to hand out; with more of them than requests (placeholders), a channel's
/// colour follows from its slot, else from the rank of its value. Channels of equal value share a colour and its
/// weight.
std::vector<Tint> tints_for(std::span<TintRequest const> requests, Palette palette, int slots, double green_factor);

/// Colours of the palettes for `count` channels in their order. stretched_spectrum: luminance and sum of the weights
/// are equal to 1 / count and to white; one channel: white. The swatches have OKLab lightness 0.68.
std::vector<Tint> stretched_spectrum(int count);
/// 2 to 6 colours; empty for other counts. Any two differ by at least 20 (CIEDE2000), by 10 for protan, deutan and
/// tritan vision; the sum is neutral.
std::vector<Rgb> safe_colours(int count);
/// Hue evenly spaced from red (two colours: yellow) to blue, red weighted 0.9 and green by the factor (0.8 for one or
/// two colours).
std::vector<Rgb> classic_colours(int count, double green_factor);
/// Light of one wavelength at OKLab lightness 0.68, chroma lowered into sRGB; beyond 400..700 nm the end's colour.
Rgb spectral_colour(double wavelength_nm);

} // namespace mg
