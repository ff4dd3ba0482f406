// The stretched spectrum starts from evenly spaced hues of one chroma in OKLab. Their sum is not neutral, so hues and
// chromas are changed as little as makes it so (Newton's method with the smallest step that meets both conditions:
// red and blue of the sum equal to green, each tint being of the same luminance). Some weights then lie outside sRGB:
// only a pixel where nearly nothing else shines sees that, and the composite lowers its chroma.
#include "ops/palettes.h"

#include <algorithm>
#include <cmath>

#include "math/colour.h"

namespace mg {
namespace {

constexpr double k_lightness = 0.68, k_chroma = 0.22;
constexpr double k_first_hue = 300, k_last_hue = 27; ///< OKLab hues of violet and red
/// One relative change of chroma is as bad as this change of the hue, degrees.
constexpr double k_hue_cost_deg = 46;

struct Polar {
    double chroma, hue_deg;
};

Triple weight_of(Polar p) {
    Triple weight = linear_from_oklab(oklab_from_lch(k_lightness, p.chroma, p.hue_deg));
    double const y = luminance(weight);
    for (double& value : weight) value /= y;
    return weight;
}

/// How far the sum is from neutral: red and blue less green, per colour.
std::array<double, 2> colour_cast(std::vector<Polar> const& colours) {
    std::array<double, 2> cast{};
    for (Polar const& p : colours) {
        Triple const w = weight_of(p);
        cast[0] += w[0] - w[1];
        cast[1] += w[2] - w[1];
    }
    for (double& value : cast) value /= static_cast<double>(colours.size());
    return cast;
}

void neutralise(std::vector<Polar>& colours) {
    constexpr double k_step = 1e-5;
    for (int round = 0; round < 30; ++round) {
        std::array<double, 2> const cast = colour_cast(colours);
        if (std::fabs(cast[0]) + std::fabs(cast[1]) < 1e-10) return;
        // Columns of the Jacobian: for each colour its relative chroma, then its hue in units of k_hue_cost_deg.
        std::vector<std::array<double, 2>> columns;
        double const count = static_cast<double>(colours.size());
        for (Polar const& p : colours) {
            Triple const here = weight_of(p);
            for (Polar const& moved : {Polar{p.chroma + k_chroma * k_step, p.hue_deg},
                                       Polar{p.chroma, p.hue_deg + k_hue_cost_deg * k_step}}) {
                Triple const there = weight_of(moved);
                columns.push_back({((there[0] - there[1]) - (here[0] - here[1])) / (k_step * count),
                                   ((there[2] - there[1]) - (here[2] - here[1])) / (k_step * count)});
            }
        }
        double a = 0, b = 0, d = 0; // J J^T, symmetric
        for (auto const& c : columns) {
            a += c[0] * c[0];
            b += c[0] * c[1];
            d += c[1] * c[1];
        }
        double const determinant = a * d - b * b;
        if (!(determinant > 1e-20)) return;
        double const u = (d * cast[0] - b * cast[1]) / determinant, v = (a * cast[1] - b * cast[0]) / determinant;
        for (std::size_t i = 0; i < colours.size(); ++i) {
            auto const& chroma = columns[2 * i];
            auto const& hue = columns[2 * i + 1];
            colours[i].chroma -= k_chroma * (chroma[0] * u + chroma[1] * v);
            colours[i].hue_deg -= k_hue_cost_deg * (hue[0] * u + hue[1] * v);
        }
    }
}

/// Weights in proportion to the swatches, of luminance 1 together.
std::vector<Tint> tints_of(std::vector<Rgb> const& colours) {
    std::vector<Tint> tints;
    double sum = 0;
    for (Rgb const& colour : colours) {
        tints.push_back({colour, linear_from_srgb(colour)});
        sum += luminance(tints.back().linear);
    }
    if (sum > 0)
        for (Tint& tint : tints)
            for (double& value : tint.linear) value /= sum;
    return tints;
}

Rgb from_hex(unsigned hex) {
    auto const part = [hex](unsigned shift) { return static_cast<float>((hex >> shift) & 255) / 255; };
    return {part(16), part(8), part(0)};
}

} // namespace

std::vector<Tint> stretched_spectrum(int count) {
    if (count <= 1) return {Tint{{1, 1, 1}, {1, 1, 1}}};
    std::vector<Polar> colours;
    for (int i = 0; i < count; ++i) {
        double const place = static_cast<double>(i) / (count - 1);
        // Two colours can only be complementary: blue and yellow.
        double const hue = count == 2 ? (i == 0 ? 262 : 80) : k_first_hue + place * (k_last_hue - k_first_hue);
        colours.push_back({k_chroma, hue});
    }
    neutralise(colours);
    std::vector<Tint> tints;
    for (Polar const& p : colours) {
        Triple weight = weight_of(p);
        for (double& value : weight) value /= count;
        tints.push_back({srgb_from_linear(gamut_mapped(oklab_from_lch(k_lightness, p.chroma, p.hue_deg))), weight});
    }
    return tints;
}

std::vector<Rgb> safe_colours(int count) {
    // Found by a search for sets whose sum is neutral, whose smallest difference under normal, protan, deutan and
    // tritan vision is large and whose lightnesses are alike; in the order of their hues.
    static constexpr unsigned k_two[] = {0xD47BE0, 0x50C200};
    static constexpr unsigned k_three[] = {0x00B1F0, 0x71BB00, 0xF97187};
    static constexpr unsigned k_four[] = {0x04BDFF, 0x58CD01, 0xD7A588, 0xF77CB3};
    static constexpr unsigned k_five[] = {0xE317F6, 0x00F0F5, 0x61D081, 0xD1E100, 0xFB82AF};
    static constexpr unsigned k_six[] = {0x6C7DE0, 0x00BAD1, 0x55F3CE, 0xDCDE74, 0xF7240F, 0xC65E92};
    std::span<unsigned const> const sets[] = {k_two, k_three, k_four, k_five, k_six};
    std::vector<Rgb> colours;
    if (count >= 2 && count <= 6)
        for (unsigned hex : sets[count - 2]) colours.push_back(from_hex(hex));
    return colours;
}

std::vector<Rgb> classic_colours(int count, double green_factor) {
    double const green_weight = count > 2 ? green_factor : 0.8, red_weight = 0.9;
    double const first = count == 2 ? 1.0 / 6 : 0, last = 2.0 / 3;
    std::vector<Rgb> colours;
    for (int i = 0; i < count; ++i) {
        double const hue = count > 1 ? first + (last - first) * i / (count - 1) : first;
        // Fully saturated HSV: one primary full, one rising or falling, one absent.
        double const sixth = std::min(std::floor(hue * 6 + 1e-9), 5.0), part = std::max(0.0, hue * 6 - sixth);
        double r = 0, g = 0, b = 0;
        switch (static_cast<int>(sixth)) {
        case 0:
            r = 1, g = part;
            break;
        case 1:
            r = 1 - part, g = 1;
            break;
        case 2:
            g = 1, b = part;
            break;
        case 3:
            g = 1 - part, b = 1;
            break;
        default:
            r = part, b = 1;
            break;
        }
        colours.push_back({static_cast<float>(r * red_weight),
                           static_cast<float>(std::clamp(g * green_weight, 0.0, 1.0)), static_cast<float>(b)});
    }
    return colours;
}

Rgb spectral_colour(double wavelength_nm) {
    Triple const xyz = spectral_xyz(std::clamp(wavelength_nm, 400.0, 700.0));
    Triple colour = linear_from_xyz(xyz);
    // Mixed with white of its luminance until sRGB can show it: OKLab's hues hold for such colours, not for pure light.
    double const least = *std::min_element(colour.begin(), colour.end());
    if (least < 0) {
        double const white = -least / (std::max(xyz[1], 1e-6) - least);
        for (double& value : colour) value += white * (xyz[1] - value);
    }
    Triple const lab = oklab_from_linear(colour);
    double const chroma = std::sqrt(lab[1] * lab[1] + lab[2] * lab[2]);
    double const scale = chroma > 0 ? 0.4 / chroma : 0;
    return srgb_from_linear(gamut_mapped({k_lightness, lab[1] * scale, lab[2] * scale}));
}

std::vector<Tint> tints_for(std::span<TintRequest const> requests, Palette palette, int slots, double green_factor) {
    int const count = static_cast<int>(requests.size());
    bool const placeholders = slots > count;
    bool const all_valued =
        std::all_of(requests.begin(), requests.end(), [](TintRequest const& r) { return r.value.has_value(); });
    bool const by_slot = placeholders || !all_valued || palette == Palette::classic;

    // Places in the palette, and how many share each.
    std::vector<int> places;
    int colours = by_slot ? std::max(slots, 1) : 0;
    if (by_slot) {
        std::vector<int> taken;
        for (TintRequest const& r : requests) taken.push_back(r.slot);
        std::sort(taken.begin(), taken.end());
        bool const distinct = std::adjacent_find(taken.begin(), taken.end()) == taken.end();
        for (int i = 0; i < count; ++i) places.push_back(distinct ? requests[static_cast<std::size_t>(i)].slot : i);
        for (int& place : places) {
            place = std::clamp(place, 0, 1 << 16);
            colours = std::max(colours, place + 1);
        }
        colours = std::min(colours, 1 << 10);
        for (int& place : places) place = std::min(place, colours - 1);
    } else {
        std::vector<double> values;
        for (TintRequest const& r : requests) values.push_back(*r.value);
        std::sort(values.begin(), values.end());
        values.erase(std::unique(values.begin(), values.end()), values.end());
        for (TintRequest const& r : requests)
            places.push_back(
                static_cast<int>(std::lower_bound(values.begin(), values.end(), *r.value) - values.begin()));
        colours = static_cast<int>(values.size());
    }

    bool const physical =
        palette == Palette::physical &&
        std::all_of(requests.begin(), requests.end(), [](TintRequest const& r) { return r.wavelength_nm.has_value(); });
    std::vector<Tint> set;
    if (palette == Palette::classic) {
        set = tints_of(classic_colours(colours, green_factor));
    } else if (palette == Palette::safe && colours >= 2 && colours <= 6) {
        set = tints_of(safe_colours(colours));
    } else if (physical && count > 1) {
        std::vector<Rgb> swatches;
        for (TintRequest const& r : requests) swatches.push_back(spectral_colour(*r.wavelength_nm));
        set = tints_of(swatches);
        for (int i = 0; i < count; ++i) places[static_cast<std::size_t>(i)] = i;
        colours = count;
    } else {
        set = stretched_spectrum(colours);
    }

    std::vector<int> sharing(set.size(), 0);
    for (int place : places) ++sharing[static_cast<std::size_t>(place)];
    // A picked colour weighs as much as the palette's would at its luminance, on the average.
    double share = 0, own = 0;
    for (int place : places) {
        share += luminance(set[static_cast<std::size_t>(place)].linear) / sharing[static_cast<std::size_t>(place)];
        own += luminance(linear_from_srgb(set[static_cast<std::size_t>(place)].swatch));
    }
    std::vector<Tint> tints;
    bool picked = false;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        auto const place = static_cast<std::size_t>(places[i]);
        Tint tint = set[place];
        for (double& value : tint.linear) value /= sharing[place];
        if (requests[i].picked) {
            tint.swatch = *requests[i].picked;
            tint.linear = linear_from_srgb(tint.swatch);
            for (double& value : tint.linear) value *= share / std::max(own, 1e-9);
            picked = true;
        }
        tints.push_back(tint);
    }
    if (picked && !placeholders) {
        double sum = 0;
        for (Tint const& tint : tints) sum += luminance(tint.linear);
        if (sum > 0)
            for (Tint& tint : tints)
                for (double& value : tint.linear) value /= sum;
    }
    return tints;
}

} // namespace mg
