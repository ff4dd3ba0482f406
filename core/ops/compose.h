#pragma once
// Channels of one place put together to a colour picture: tints, linear light, a tone curve on luminance alone, chroma in
// OKLab. The same formulas run in the display shader, so what is decided once (ComposeLook) is plain numbers.
#include <array>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/work.h"
#include "image/scene.h"

namespace mg {

enum class Palette {
    wavelength, ///< stretched spectrum in the order of the physical values: equal OKLab lightness, neutral sum
    physical,   ///< the colour of light of that wavelength (CIE 1931), gamut-mapped
    safe,       ///< told apart with any colour vision, 2 to 6 channels
    classic,    ///< the original tools' hues, from red (first) to blue (last)
};
enum class ToneCurve { linear, gamma, asinh };
enum class Luminance { channels, extra_image }; ///< of the composite: the channels' own, or an extra image's

struct ComposeSettings {
    Palette palette = Palette::wavelength;
    double green_factor = 0.6;  ///< classic palette only
    double low_percent = 0.1;   ///< of each channel's pixels below black, where its dark level is not given otherwise
    double high_percent = 0.1;  ///< above white
    bool linked = false;        ///< one white for all channels
    bool quantitative = false;  ///< forbids everything non-linear, and separate limits
    ToneCurve curve = ToneCurve::gamma;
    double gamma = 1.5;         ///< output luminance = value^(1/gamma)
    double chroma = 1;          ///< gain in OKLab
    double saturated_chroma = 1.6; ///< of the second, saturated composite
    Luminance luminance = Luminance::channels;
    double mean_norm = 0.5, max_norm = 0.5; ///< compatible: exponents of the original normalisation
    double saturation_enhance = 0.15;       ///< compatible
    bool compatible = false;                ///< the original tools' arithmetic
};

/// What the look needs to know of a placed channel; measured once, unmasked pixels only.
struct ChannelMeasure {
    std::array<float, 1001> quantiles{}; ///< of the pixels, at 0, 0.1, ... 100 %
    double minimum = 0, maximum = 0, mean = 0;
    double dark = 0; ///< plane value of zero signal, by the channel's DarkLevel
};
ChannelMeasure measured(Channel const& channel);

/// One channel in the picture: value = clip-free (plane - black) / (white - black), times gain, times tint.
struct ChannelLook {
    float black = 0, white = 1, gain = 1;
    std::array<float, 3> tint{1, 1, 1}; ///< linear light
    Rgb swatch;                         ///< sRGB, for chips and captions
    bool shown = true;
    bool luminance = false; ///< an extra image that gives the lightness
};
struct ComposeLook {
    std::vector<ChannelLook> channels; ///< parallel to the scene's
    ToneCurve curve = ToneCurve::gamma;
    float gamma = 1.5F;
    float exposure = 1; ///< the sum is multiplied by this before the curve
    float chroma = 1, saturated_chroma = 1.6F;
};
/// Cheap: for each change of a slider. `channels`: placed signals and extras; `measures` parallel to them.
ComposeLook look_for(std::span<Channel const> channels, std::span<ChannelMeasure const> measures, int palette_slots,
                     ComposeSettings const& settings);

/// sRGB planes 0..1 (three, or one when all is grey) of the composite with this chroma; masked pixels are black.
struct Composed {
    std::vector<Plane> planes;
    double clipped = 0; ///< share of pixels whose luminance was above 1
};
Result<Composed> composed(std::span<Channel const> channels, ComposeLook const& look, double chroma, Work& work);
/// One channel alone in its tint.
Result<std::vector<Plane>> tinted(Channel const& channel, ChannelLook const& look, ComposeLook const& whole);

} // namespace mg
