#pragma once
// Channels of one place put together to a colour picture: tints, linear light, a tone curve on luminance alone, chroma
// in OKLab. The same formulas run in the display shader, so what is decided once (ComposeLook) is plain numbers.
//
// The picture at one pixel, from the values x_k of the shown channels (signals only; extra images are not summed):
//   v_k = gain_k * max(0, (x_k - black_k) / (white_k - black_k))      0 where the channel's mask says "outside"
//   RGB = exposure * sum of v_k * tint_k                              linear light; may leave 0..1 in both directions
//   Y   = 0.2126 R + 0.7152 G + 0.0722 B                              the luminance that the curve sees
//   y   = shoulder(Y): with k = knee, u = min(Y, 2 - k):  u - max(0, u - k)^2 / (4 (1 - k));   k = 1: min(Y, 1)
//   e   = curve(y): linear y;  gamma y^(1/gamma);  asinh arsinh(10 y) / arsinh(10)
//   RGB = RGB * D(e) / Y           D: sRGB to linear, so grey of value Y comes out as e in the file
//   (L, a, b) = OKLab of RGB, cone responses below 0 taken as 0;  a, b times chroma
//   with a channel that gives the luminance, where it has data:  L = cube root of D(curve(shoulder(v of it)))
//   L = min(L, 1);  a, b lowered together until RGB is inside 0..1 (12 bisections of the share kept);  RGB to sRGB
// Brightness thus scales all three colours alike, and what leaves the gamut keeps its OKLab hue and lightness.
//
// A channel alone: RGB = D(curve(shoulder(v))) * D(swatch), v without gain; an extra image has a white swatch.
//
// Compatible (ComposeLook::compatible), values as in the file, no linear light: v_k tint = clip(v_k * swatch_k, 0..1)
// per colour, RGB = sum / largest value of the whole picture (the shader takes exposure for 1 / that), then
// s = chroma - 1:  clip(RGB (1 + s) - (R + G + B) s, 0..max), scaled to the old maximum; each to the power 1/gamma.
#include <array>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/work.h"
#include "image/scene.h"
#include "ops/palettes.h"

namespace mg {

enum class CompositeCurve { linear, gamma, asinh };
enum class Luminance { channels, extra_image }; ///< of the composite: the channels' own, or an extra image's

struct ComposeSettings {
    Palette palette = Palette::wavelength;
    double green_factor = 0.6; ///< classic palette only
    bool subtract_dark = true; ///< black is the channels' dark level; else the recorded zero
    double low_percent = 0.1;  ///< at least so many of a channel's pixels are black, unless its dark level is given
    double high_percent = 0.1; ///< above white
    bool linked = false;       ///< one distance from black to white for all channels
    bool quantitative = false; ///< forbids everything non-linear, and separate limits
    CompositeCurve curve = CompositeCurve::gamma;
    double gamma = 1.5;            ///< value in the file = signal^(1/gamma); 1 is straight
    double chroma = 1;             ///< gain in OKLab
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
    double dark = 0;           ///< plane value of zero signal, by the channel's DarkLevel
    std::vector<float> sample; ///< about 16 000 pixels on a regular grid, the same for planes of one size; masked: NaN
};
/// A channel's value in the picture is held below this: hot pixels of strange files stay finite.
inline constexpr float k_largest_value = 1e6F;

/// Of the first plane.
ChannelMeasure measured(Channel const& channel);

/// One channel in the picture: value = clip-free (plane - black) / (white - black), times gain, times tint.
struct ChannelLook {
    float black = 0, white = 1, gain = 1;
    std::array<float, 3> tint{1, 1, 1}; ///< linear light
    Rgb swatch{1, 1, 1};                ///< sRGB, for chips and captions
    bool shown = true;
    bool luminance = false; ///< an extra image that gives the lightness
};
struct ComposeLook {
    std::vector<ChannelLook> channels; ///< parallel to the scene's
    CompositeCurve curve = CompositeCurve::gamma;
    float gamma = 1.5F;
    float knee = 0.7F;  ///< where the shoulder begins
    float exposure = 1; ///< the sum is multiplied by this before the curve
    float chroma = 1, saturated_chroma = 1.6F;
    bool compatible = false;
};
/// Cheap: for each change of a slider. `channels`: placed signals and extras; `measures` parallel to them. The exposure
/// brings the brightest 0.3 % of the picture to white, but does not make a channel that shines alone brighter than its
/// swatch.
ComposeLook look_for(std::span<Channel const> channels, std::span<ChannelMeasure const> measures, int palette_slots,
                     ComposeSettings const& settings);

/// The tone curve with its shoulder, for a luminance of 0 and more: value in the file, 0..1.
double toned(ComposeLook const& look, double luminance);

/// sRGB planes 0..1 (three, or one when all is grey) of the composite with this chroma; masked pixels are black.
struct Composed {
    std::vector<Plane> planes;
    double clipped = 0; ///< share of the pixels whose luminance was above 1
};
/// Errors: channels of different sizes, memory.
Result<Composed> composed(std::span<Channel const> channels, ComposeLook const& look, double chroma, Work& work);
/// One channel alone in its tint: three planes, or one when the tint is grey.
Result<std::vector<Plane>> tinted(Channel const& channel, ChannelLook const& look, ComposeLook const& whole);

} // namespace mg
