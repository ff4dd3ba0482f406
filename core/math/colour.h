#pragma once
// Colour spaces, the colour of light of one wavelength, colour differences and what a colour-blind eye sees. All of it
// made of portable functions: the same bits on every platform. Loops over pixels take core/math/colour_pixels.h.
#include <array>

#include "image/scene.h"

namespace mg {

/// Three co-ordinates of a colour: linear sRGB (0..1 inside the gamut), OKLab (L 0..1, a, b), CIE XYZ (Y 0..1, D65) or
/// CIELAB (L 0..100), as the function says.
using Triple = std::array<double, 3>;

/// IEC 61966-2-1, one value; below 0 and above 1 the curve goes on.
double srgb_to_linear(double value);
double linear_to_srgb(double value);
Triple linear_from_srgb(Rgb colour);
/// Clipped to 0..1.
Rgb srgb_from_linear(Triple const& linear);
/// Weights of linear sRGB in the luminance Y (ITU-R BT.709).
inline constexpr Triple k_luminance_weights{0.2126, 0.7152, 0.0722};
double luminance(Triple const& linear);

/// B. Ottosson, "A perceptual color space for image processing" (2020), matrices of 2021-01-25.
Triple oklab_from_linear(Triple const& linear);
Triple linear_from_oklab(Triple const& oklab);
Triple oklab_from_xyz(Triple const& xyz);
/// OKLab from lightness, chroma and hue in degrees.
Triple oklab_from_lch(double lightness, double chroma, double hue_deg);
/// Hue in degrees, 0..360; 0 for grey.
double hue_deg(double a, double b);

/// sRGB primaries, white D65.
Triple xyz_from_linear(Triple const& linear);
Triple linear_from_xyz(Triple const& xyz);
/// White of sRGB (D65).
Triple cielab_from_xyz(Triple const& xyz);
Triple cielab_from_srgb(Rgb colour);
/// CIEDE2000 of two colours in CIELAB, all weights 1 (Sharma, Wu, Dalal 2005).
double ciede2000(Triple const& lab1, Triple const& lab2);

/// CIE 1931 2-degree observer: XYZ of light of one wavelength, Y at most 1. The published fit by Gaussians of two
/// widths (Wyman, Sloan, Shirley 2013, "Simple analytic approximations to the CIE XYZ color matching functions").
Triple spectral_xyz(double wavelength_nm);

/// The largest chroma of this lightness and hue inside sRGB; 0 for lightness outside 0..1.
double largest_chroma(double lightness, double hue_deg);
/// Linear sRGB in 0..1 of the same OKLab lightness and hue; chroma is lowered as far as needed.
Triple gamut_mapped(Triple const& oklab);

/// Lightness moved until the contrast against the grounds's luminance is at least `ratio` (WCAG 2: 4.5 for text); paler
/// on a dark ground, darker on a light one. Hue is kept, and chroma as far as the gamut has it.
Rgb legible_on(Rgb colour, Rgb ground, double ratio = 4.5);

enum class ColourVision { normal, protan, deutan, tritan };
/// Matrix over linear sRGB, rows first: full dichromacy (Machado, Oliveira, Fernandes 2009, severity 1).
std::array<Triple, 3> const& vision_matrix(ColourVision vision);
/// Linear sRGB, not clipped.
Triple seen_with(ColourVision vision, Triple const& linear);

} // namespace mg
