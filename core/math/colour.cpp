#include "math/colour.h"

#include <algorithm>
#include <cmath>

#include "math/portable.h"

namespace mg {
namespace {

using Matrix = std::array<Triple, 3>;

constexpr double k_pi = 3.14159265358979323846;

constexpr Matrix k_lms_from_linear{{{0.4122214708, 0.5363325363, 0.0514459929},
                                    {0.2119034982, 0.6806995451, 0.1073969566},
                                    {0.0883024619, 0.2817188376, 0.6299787005}}};
constexpr Matrix k_linear_from_lms{{{4.0767416621, -3.3077115913, 0.2309699292},
                                    {-1.2684380046, 2.6097574011, -0.3413193965},
                                    {-0.0041960863, -0.7034186147, 1.7076147010}}};
constexpr Matrix k_lms_from_xyz{{{0.8189330101, 0.3618667424, -0.1288597137},
                                 {0.0329845436, 0.9293118715, 0.0361456387},
                                 {0.0482003018, 0.2643662691, 0.6338517070}}};
constexpr Matrix k_oklab_from_roots{{{0.2104542553, 0.7936177850, -0.0040720468},
                                     {1.9779984951, -2.4285922050, 0.4505937099},
                                     {0.0259040371, 0.7827717662, -0.8086757660}}};
constexpr Matrix k_roots_from_oklab{
    {{1, 0.3963377774, 0.2158037573}, {1, -0.1055613458, -0.0638541728}, {1, -0.0894841775, -1.2914855480}}};
constexpr Matrix k_xyz_from_linear{
    {{0.412453, 0.357580, 0.180423}, {0.212671, 0.715160, 0.072169}, {0.019334, 0.119193, 0.950227}}};
constexpr Matrix k_linear_from_xyz{{{3.240481343, -1.537151516, -0.498536326},
                                    {-0.969254950, 1.875990001, 0.041555927},
                                    {0.055646639, -0.204041338, 1.057311070}}};
constexpr Triple k_white{0.950456, 1, 1.088754};

constexpr Matrix k_visions[] = {
    {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
    {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
    {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}},
};

Triple times(Matrix const& m, Triple const& v) {
    Triple result{};
    for (std::size_t i = 0; i < 3; ++i) result[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
    return result;
}

/// Of any sign.
double cube_root_of(double x) {
    if (x == 0) return 0;
    double const root = pow_portable(std::fabs(x), 1.0 / 3);
    return x < 0 ? -root : root;
}

Triple oklab_from_lms(Triple const& lms) {
    return times(k_oklab_from_roots, {cube_root_of(lms[0]), cube_root_of(lms[1]), cube_root_of(lms[2])});
}

double radians(double degrees) {
    return degrees * (k_pi / 180);
}

bool in_gamut(Triple const& linear) {
    return std::all_of(linear.begin(), linear.end(), [](double v) { return v >= 0 && v <= 1; });
}

/// Angle of a slope 0..1: its series about 0, after two halvings of the angle.
double arc_tangent(double t) {
    for (int i = 0; i < 2; ++i) t = t / (1 + std::sqrt(1 + t * t));
    double const q = t * t;
    double sum = 0;
    for (int k = 23; k >= 1; k -= 2) sum = 1.0 / k - q * sum;
    return 4 * t * sum;
}

} // namespace

double srgb_to_linear(double value) {
    return value <= 0.04045 ? value / 12.92 : pow_portable((value + 0.055) / 1.055, 2.4);
}
double linear_to_srgb(double value) {
    return value <= 0.0031308 ? 12.92 * value : 1.055 * pow_portable(value, 1 / 2.4) - 0.055;
}
Triple linear_from_srgb(Rgb colour) {
    return {srgb_to_linear(double{colour.r}), srgb_to_linear(double{colour.g}), srgb_to_linear(double{colour.b})};
}
Rgb srgb_from_linear(Triple const& linear) {
    auto const encoded = [](double v) { return static_cast<float>(std::clamp(linear_to_srgb(v), 0.0, 1.0)); };
    return {encoded(linear[0]), encoded(linear[1]), encoded(linear[2])};
}
double luminance(Triple const& linear) {
    return k_luminance_weights[0] * linear[0] + k_luminance_weights[1] * linear[1] + k_luminance_weights[2] * linear[2];
}

Triple oklab_from_linear(Triple const& linear) {
    return oklab_from_lms(times(k_lms_from_linear, linear));
}
Triple oklab_from_xyz(Triple const& xyz) {
    return oklab_from_lms(times(k_lms_from_xyz, xyz));
}
Triple linear_from_oklab(Triple const& oklab) {
    Triple roots = times(k_roots_from_oklab, oklab);
    for (double& root : roots) root = root * root * root;
    return times(k_linear_from_lms, roots);
}
Triple oklab_from_lch(double lightness, double chroma, double hue) {
    return {lightness, chroma * cos_portable(radians(hue)), chroma * sin_portable(radians(hue))};
}
double hue_deg(double a, double b) {
    double const x = std::fabs(a), y = std::fabs(b);
    if (x == 0 && y == 0) return 0;
    double angle = y <= x ? arc_tangent(y / x) : k_pi / 2 - arc_tangent(x / y);
    if (a < 0) angle = k_pi - angle;
    if (b < 0) angle = 2 * k_pi - angle;
    double const degrees = angle * (180 / k_pi);
    return degrees >= 360 ? 0 : degrees;
}

Triple xyz_from_linear(Triple const& linear) {
    return times(k_xyz_from_linear, linear);
}
Triple linear_from_xyz(Triple const& xyz) {
    return times(k_linear_from_xyz, xyz);
}
Triple cielab_from_xyz(Triple const& xyz) {
    Triple f{};
    for (std::size_t i = 0; i < 3; ++i) {
        double const t = xyz[i] / k_white[i];
        f[i] = t > 216.0 / 24389 ? cube_root_of(t) : (24389.0 / 27 * t + 16) / 116;
    }
    return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}
Triple cielab_from_srgb(Rgb colour) {
    return cielab_from_xyz(xyz_from_linear(linear_from_srgb(colour)));
}

double ciede2000(Triple const& lab1, Triple const& lab2) {
    // Names follow the paper's equations.
    auto const length = [](double x, double y) { return std::sqrt(x * x + y * y); };
    auto const cosine = [](double degrees) { return cos_portable(radians(degrees)); };
    auto const seventh = [](double c) {
        double const c7 = c * c * c * c * c * c * c;
        return std::sqrt(c7 / (c7 + 6103515625.0));
    };
    double const g = 0.5 * (1 - seventh((length(lab1[1], lab1[2]) + length(lab2[1], lab2[2])) / 2));
    double const a1 = (1 + g) * lab1[1], a2 = (1 + g) * lab2[1];
    double const c1 = length(a1, lab1[2]), c2 = length(a2, lab2[2]);
    double const h1 = hue_deg(a1, lab1[2]), h2 = hue_deg(a2, lab2[2]);
    bool const grey = c1 * c2 == 0;

    double dh = grey ? 0 : h2 - h1;
    if (dh > 180) dh -= 360;
    if (dh < -180) dh += 360;
    double const d_lightness = lab2[0] - lab1[0], d_chroma = c2 - c1;
    double const d_hue = 2 * std::sqrt(c1 * c2) * sin_portable(radians(dh / 2));

    double const lightness = (lab1[0] + lab2[0]) / 2, chroma = (c1 + c2) / 2;
    double hue = h1 + h2;
    if (!grey) {
        if (std::fabs(h1 - h2) > 180) hue += hue < 360 ? 360 : -360;
        hue /= 2;
    }
    double const t =
        1 - 0.17 * cosine(hue - 30) + 0.24 * cosine(2 * hue) + 0.32 * cosine(3 * hue + 6) - 0.20 * cosine(4 * hue - 63);
    double const bend = (hue - 275) / 25;
    double const rotation = 30 * exp_portable(-bend * bend);
    double const off = (lightness - 50) * (lightness - 50);
    double const sl = 1 + 0.015 * off / std::sqrt(20 + off), sc = 1 + 0.045 * chroma, sh = 1 + 0.015 * chroma * t;
    double const rt = -sin_portable(radians(2 * rotation)) * 2 * seventh(chroma);
    double const l = d_lightness / sl, c = d_chroma / sc, h = d_hue / sh;
    return std::sqrt(std::max(0.0, l * l + c * c + h * h + rt * c * h));
}

Triple spectral_xyz(double wavelength_nm) {
    auto const lobe = [wavelength_nm](double peak, double left, double right) {
        double const t = (wavelength_nm - peak) / (wavelength_nm < peak ? left : right);
        return exp_portable(-0.5 * t * t);
    };
    return {1.056 * lobe(599.8, 37.9, 31.0) + 0.362 * lobe(442.0, 16.0, 26.7) - 0.065 * lobe(501.1, 20.4, 26.2),
            0.821 * lobe(568.8, 46.9, 40.5) + 0.286 * lobe(530.9, 16.3, 31.1),
            1.217 * lobe(437.0, 11.8, 36.0) + 0.681 * lobe(459.0, 26.0, 13.8)};
}

double largest_chroma(double lightness, double hue) {
    if (!(lightness > 0 && lightness < 1)) return 0;
    double low = 0, high = 0.5;
    for (int i = 0; i < 40; ++i) {
        double const middle = (low + high) / 2;
        (in_gamut(linear_from_oklab(oklab_from_lch(lightness, middle, hue))) ? low : high) = middle;
    }
    return low;
}

Triple gamut_mapped(Triple const& oklab) {
    Triple colour = linear_from_oklab(oklab);
    if (!in_gamut(colour)) {
        double const lightness = std::clamp(oklab[0], 0.0, 1.0);
        double low = 0, high = 1;
        for (int i = 0; i < 40; ++i) {
            double const middle = (low + high) / 2;
            (in_gamut(linear_from_oklab({lightness, middle * oklab[1], middle * oklab[2]})) ? low : high) = middle;
        }
        colour = linear_from_oklab({lightness, low * oklab[1], low * oklab[2]});
    }
    for (double& value : colour) value = std::clamp(value, 0.0, 1.0);
    return colour;
}

Rgb legible_on(Rgb colour, Rgb ground, double ratio) {
    double const back = luminance(linear_from_srgb(ground)) + 0.05;
    auto const contrast = [back](Rgb c) {
        double const front = luminance(linear_from_srgb(c)) + 0.05;
        return front > back ? front / back : back / front;
    };
    if (contrast(colour) >= ratio) return colour;
    Triple const lab = oklab_from_linear(linear_from_srgb(colour));
    // The end of the grey axis that is farther from the ground.
    double const end = 1.05 / back >= back / 0.05 ? 1 : 0;
    double low = 0, high = 1; // shares of the way there: too little, enough
    Rgb best = end == 1 ? Rgb{1, 1, 1} : Rgb{0, 0, 0};
    for (int i = 0; i < 20; ++i) {
        double const middle = (low + high) / 2;
        Rgb const tried = srgb_from_linear(gamut_mapped({lab[0] + middle * (end - lab[0]), lab[1], lab[2]}));
        double const front = luminance(linear_from_srgb(tried)) + 0.05;
        bool const right_side = end == 1 ? front > back : front < back;
        if (right_side && contrast(tried) >= ratio) {
            high = middle;
            best = tried;
        } else {
            low = middle;
        }
    }
    return best;
}

std::array<Triple, 3> const& vision_matrix(ColourVision vision) {
    return k_visions[static_cast<std::size_t>(vision)];
}
Triple seen_with(ColourVision vision, Triple const& linear) {
    return times(vision_matrix(vision), linear);
}

} // namespace mg
