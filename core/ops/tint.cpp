// Most pixels are of one material, so their colour is a function of the image's value alone: a table for each material.
// Only where two meet is a colour mixed, in OKLab.
#include "ops/tint.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/clones.h"
#include "math/colour.h"
#include "math/colour_pixels.h"
#include "math/portable.h"
#include "ops/statistics.h"

namespace mg {
namespace {

constexpr int k_steps = 512; ///< of a table, over the value between black and white
constexpr int k_band_rows = 16;
constexpr double k_highlights = 0.6, k_headroom = 0.1; ///< OKLab lightness

struct Entry {
    float r = 0, g = 0, b = 0;                ///< as in the file
    float lightness = 0, a = 0, chroma_b = 0; ///< OKLab, inside sRGB
};
using Table = std::vector<Entry>; ///< k_steps + 2 entries: the last one twice

/// Value in the file of an image value between black (0) and white (1).
double toned(double t, TintSettings const& settings) {
    return pow_portable(t, std::clamp(settings.exponent, 0.05, 20.0));
}

/// Largest chroma of that direction at most `wanted`.
double chroma_inside(double lightness, double a, double b, double wanted) {
    auto const inside = [&](double chroma) {
        for (double v : linear_from_oklab({lightness, a * chroma, b * chroma}))
            if (!(v >= 0 && v <= 1)) return false;
        return true;
    };
    if (inside(wanted)) return wanted;
    double low = 0, high = wanted;
    for (int i = 0; i < 24; ++i) {
        double const middle = (low + high) / 2;
        (inside(middle) ? low : high) = middle;
    }
    return low;
}

/// Near white no colour fits into sRGB: the brightest tenth of lightness is left out where there is colour.
double lightness_with_colour(double lightness, double gain) {
    double const high = std::max(0.0, (lightness - k_highlights) / (1 - k_highlights));
    return lightness - k_headroom * std::min(gain, 1.0) * high * high;
}

Entry luminance_entry(double value, Triple const& colour, double gain) {
    double const linear_grey = srgb_to_linear(value);
    double const lightness = lightness_with_colour(oklab_from_linear({linear_grey, linear_grey, linear_grey})[0], gain);
    double const chroma = std::sqrt(colour[1] * colour[1] + colour[2] * colour[2]);
    // In the shade a colour loses chroma with lightness, though more slowly, so that it is still told apart.
    double const shade = colour[0] > 0 ? std::sqrt(std::min(1.0, lightness / colour[0])) : 1;
    Triple lab{lightness, 0, 0};
    if (chroma > 1e-9) {
        double const kept = chroma_inside(lightness, colour[1] / chroma, colour[2] / chroma, chroma * gain * shade);
        lab[1] = colour[1] / chroma * kept;
        lab[2] = colour[2] / chroma * kept;
    }
    Rgb const rgb = srgb_from_linear(linear_from_oklab(lab));
    return {rgb.r, rgb.g, rgb.b, static_cast<float>(lab[0]), static_cast<float>(lab[1]), static_cast<float>(lab[2])};
}

Table table_of(Rgb colour, TintSettings const& settings) {
    double const strength = std::clamp(settings.strength, 0.0, 2.0);
    double const kept = 1 - std::clamp(settings.desaturation, 0.0, 1.0);
    Triple const lab = oklab_from_linear(linear_from_srgb(colour));
    Rgb const pale = srgb_from_linear(gamut_mapped({lab[0], lab[1] * kept, lab[2] * kept}));
    Table table(k_steps + 2);
    for (int i = 0; i <= k_steps; ++i) {
        double const value = toned(static_cast<double>(i) / k_steps, settings);
        Entry& entry = table[static_cast<std::size_t>(i)];
        if (settings.blend == TintBlend::luminance) {
            entry = luminance_entry(value, lab, strength * kept);
        } else {
            auto const times = [&](float c) { return static_cast<float>(value * (1 + strength * double{c})); };
            entry = {times(pale.r), times(pale.g), times(pale.b), 0, 0, 0};
        }
    }
    table.back() = table[k_steps];
    return table;
}

Entry between(Table const& table, int index, float fraction) {
    Entry const& p = table[static_cast<std::size_t>(index)];
    Entry const& q = table[static_cast<std::size_t>(index) + 1];
    auto const mixed = [fraction](float from, float to) { return from + (to - from) * fraction; };
    return {mixed(p.r, q.r), mixed(p.g, q.g),
            mixed(p.b, q.b), mixed(p.lightness, q.lightness),
            mixed(p.a, q.a), mixed(p.chroma_b, q.chroma_b)};
}

struct Levels {
    float black = 0, scale = 1;
};

/// Place of each value in a table.
MG_CLONES void place_row(float const* __restrict image, Levels levels, int* __restrict index,
                         float* __restrict fraction, int count) {
    for (int i = 0; i < count; ++i) {
        float const t = (image[i] - levels.black) * levels.scale;
        float const held = t > 0 ? (t < 1 ? t : 1) : 0;
        float const place = held * k_steps;
        int const whole = static_cast<int>(place);
        index[i] = whole;
        fraction[i] = place - static_cast<float>(whole);
    }
}

class Tinter {
public:
    Tinter(TintSource const& source, TintSettings const& settings, Levels levels, std::array<Plane, 3>& out)
        : m_source(source), m_levels(levels), m_out(out), m_luminance(settings.blend == TintBlend::luminance) {
        for (Rgb colour : source.colours) m_tables.push_back(table_of(colour, settings));
        m_grey = table_of({0, 0, 0}, settings);
    }

    struct Buffers {
        std::vector<int> index;
        std::vector<float> fraction;
    };
    /// The largest value of the row.
    float row(int y, Buffers& buffers) {
        int const width = m_source.image.width();
        buffers.index.resize(static_cast<std::size_t>(width));
        buffers.fraction.resize(static_cast<std::size_t>(width));
        place_row(m_source.image.row(y), m_levels, buffers.index.data(), buffers.fraction.data(), width);
        std::uint8_t const *first = m_source.materials->first.row(y), *second = m_source.materials->second.row(y);
        std::uint8_t const* share = m_source.materials->share.row(y);
        std::uint8_t const* chroma = m_source.chroma.data ? m_source.chroma.row(y) : nullptr;
        float *r = m_out[0].row(y), *g = m_out[1].row(y), *b = m_out[2].row(y);
        float largest = 0;
        for (int x = 0; x < width; ++x) {
            std::size_t const i = static_cast<std::size_t>(x);
            if (first[x] >= m_tables.size() || second[x] >= m_tables.size()) {
                r[x] = g[x] = b[x] = 0;
                continue;
            }
            Table const& table = m_tables[first[x]];
            bool const whole_chroma = !chroma || chroma[x] == 255;
            Rgb colour;
            if (share[x] == 255 && whole_chroma) {
                Entry const& p = table[static_cast<std::size_t>(buffers.index[i])];
                Entry const& q = table[static_cast<std::size_t>(buffers.index[i]) + 1];
                float const f = buffers.fraction[i];
                colour = {p.r + (q.r - p.r) * f, p.g + (q.g - p.g) * f, p.b + (q.b - p.b) * f};
            } else {
                float const kept = whole_chroma ? 1 : static_cast<float>(chroma[x]) * (1.0F / 255);
                colour = mixed(between(table, buffers.index[i], buffers.fraction[i]),
                               between(m_tables[second[x]], buffers.index[i], buffers.fraction[i]),
                               between(m_grey, buffers.index[i], buffers.fraction[i]),
                               static_cast<float>(share[x]) * (1.0F / 255), kept);
            }
            r[x] = colour.r;
            g[x] = colour.g;
            b[x] = colour.b;
            largest = std::max(largest, std::max(r[x], std::max(g[x], b[x])));
        }
        return largest;
    }

private:
    Rgb mixed(Entry const& p, Entry const& q, Entry const& grey, float share, float kept) const {
        auto const mix = [share](float of_first, float of_second) {
            return of_second + (of_first - of_second) * share;
        };
        if (!m_luminance) {
            auto const part = [kept](float of_grey, float coloured) { return of_grey + (coloured - of_grey) * kept; };
            return {part(grey.r, mix(p.r, q.r)), part(grey.g, mix(p.g, q.g)), part(grey.b, mix(p.b, q.b))};
        }
        // The gamut at one lightness bulges inwards here and there, by less than a grey level: clipped.
        LinearPixel const light = linear({p.lightness, mix(p.a, q.a) * kept, mix(p.chroma_b, q.chroma_b) * kept});
        return {srgb_encoded(light.r), srgb_encoded(light.g), srgb_encoded(light.b)};
    }

    TintSource const& m_source;
    Levels m_levels;
    std::array<Plane, 3>& m_out;
    bool m_luminance;
    std::vector<Table> m_tables;
    Table m_grey;
};

/// Black and white of the pixels that show something.
Result<Levels> levels_of(TintSource const& source, TintSettings const& settings) {
    SpreadMap const& materials = *source.materials;
    bool gaps = source.mask.data != nullptr;
    for (std::int64_t i = 0, n = materials.size().area(); i < n && !gaps; ++i)
        gaps = materials.first.data()[i] == k_no_material;
    Mask skip;
    if (gaps) {
        MG_TRY(skip, Mask::create(materials.size()));
        for (int y = 0; y < skip.height(); ++y)
            for (int x = 0; x < skip.width(); ++x)
                skip.at(x, y) = materials.first.at(x, y) == k_no_material || (source.mask.data && source.mask.at(x, y));
    }
    PlaneView const planes[] = {source.image};
    double const percents[] = {std::clamp(settings.low_percent, 0.0, 50.0),
                               100 - std::clamp(settings.high_percent, 0.0, 50.0)};
    std::vector<float> const limits = percentiles(planes, percents, gaps ? SkipView(skip.view()) : SkipView{});
    float const range = limits[1] - limits[0];
    // One brightness throughout is a middle grey.
    constexpr float k_middle = 0.6F;
    return range > 1e-9F ? Levels{limits[0], 1 / range} : Levels{limits[0] - k_middle, 1};
}

} // namespace

Result<std::array<Plane, 3>> tinted(TintSource const& source, TintSettings const& settings, Work& work) {
    Size const size = source.image.size;
    MG_CHECK(source.materials);
    if (source.materials->size() != size || (source.mask.data && source.mask.size != size) ||
        (source.chroma.data && source.chroma.size != size))
        return Error{ErrorCode::bad_value, "the materials are of another size than the image that they colour"};
    std::array<Plane, 3> out;
    for (Plane& plane : out) {
        MG_TRY(plane, Plane::create(size));
    }
    MG_TRY(Levels const levels, levels_of(source, settings));
    Tinter tinter(source, settings, levels, out);
    std::size_t const bands = static_cast<std::size_t>((size.height + k_band_rows - 1) / k_band_rows);
    std::vector<float> largest(bands, 0);
    work.for_each(bands, [&](std::size_t band) {
        if (work.cancelled()) return;
        Tinter::Buffers buffers;
        int const first = static_cast<int>(band) * k_band_rows;
        for (int y = first; y < std::min(first + k_band_rows, size.height); ++y)
            largest[band] = std::max(largest[band], tinter.row(y, buffers));
    });
    if (work.cancelled()) return Error{ErrorCode::cancelled, "cancelled"};
    if (settings.blend == TintBlend::multiply) {
        float const most = *std::max_element(largest.begin(), largest.end());
        float const scale = most > 0 ? 1 / most : 1;
        work.for_each(3, [&](std::size_t c) {
            float* values = out[c].data();
            for (std::int64_t i = 0, n = size.area(); i < n; ++i) values[i] *= scale;
        });
    }
    return out;
}

} // namespace mg
