// The tint of a map is found as the commonest direction of its colours from black, then fitted by least squares. Pixels
// off that line are text and the like when they have one bright colour, or mix it with the tint at their soft edges.
// Otherwise the colours may form one palette that rises from black towards white: then the way along that palette
// counts, measured by its fastest channel, which is exact for the usual palettes (black - colour - white; black - red -
// yellow - white). JPEG halves the resolution of colours, so pixels of a noisy map scatter widely about its tint, while
// means of 8 x 8 of them do not; those tell how much of such a picture is off the tint.
#include "ops/element_map.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/clones.h"

namespace mg {
namespace {

using Colour = std::array<float, 3>;
using Colours = std::array<float const*, 3>;

float strongest(Colour const& c) {
    return std::max({c[0], c[1], c[2]});
}
/// No number counts as black.
Colour colour_at(Colours const& planes, std::int64_t i) {
    Colour colour;
    for (std::size_t k = 0; k < 3; ++k) colour[k] = planes[k][i] > 0 ? std::min(planes[k][i], 1.0f) : 0.0f;
    return colour;
}

/// Distance from the line through black, in the worst channel.
float distance(Colour const& c, Colour const& tint) {
    float along = 0, length = 0;
    for (std::size_t k = 0; k < 3; ++k) {
        along += c[k] * tint[k];
        length += tint[k] * tint[k];
    }
    along /= length;
    float worst = 0;
    for (std::size_t k = 0; k < 3; ++k) worst = std::max(worst, std::fabs(c[k] - along * tint[k]));
    return worst;
}

// Two levels of 255 and a little: tints of 8 bits are rounded per channel, some programs round down.
constexpr float k_rounding = 2.2f / 255;
constexpr float k_slack = 0.03f;      ///< error of the tint itself: channels that were rounded down
constexpr float k_dark = 4.0f / 255;  ///< below, a pixel's colour says nothing of a hue
constexpr float k_text_level = 0.85f; ///< text is at least as bright

/// Every n-th pixel that is not dark, some 250 000 at most: enough to know a map's tint.
std::vector<Colour> sampled(Colours const& planes, std::int64_t count) {
    std::vector<Colour> sample;
    for (std::int64_t i = 0, step = count / 250000 + 1; i < count; i += step)
        if (Colour const c = colour_at(planes, i); strongest(c) >= k_dark) sample.push_back(c);
    return sample;
}

/// Commonest direction of the colours, strongest channel 1; grey when there are none.
Colour commonest_direction(std::vector<Colour> const& sample) {
    constexpr int k_steps = 16, k_side = k_steps + 3; // bins 0..16 with a border
    auto bin = [](int r, int g, int b) { return static_cast<std::size_t>((r * k_side + g) * k_side + b); };
    std::vector<double> weights(static_cast<std::size_t>(k_side * k_side * k_side));
    for (Colour const& c : sample) {
        float const top = strongest(c);
        auto part = [&](std::size_t k) { return 1 + static_cast<int>(c[k] / top * k_steps + 0.5f); };
        weights[bin(part(0), part(1), part(2))] += std::min(double{top}, 0.2); // text is bright, but little
    }
    if (sample.empty()) return {1, 1, 1};
    // A tint between two bins is split among neighbours.
    double best = -1;
    std::array<int, 3> at{};
    for (int r = 1; r <= k_steps + 1; ++r)
        for (int g = 1; g <= k_steps + 1; ++g)
            for (int b = 1; b <= k_steps + 1; ++b) {
                if (weights[bin(r, g, b)] == 0) continue;
                double sum = weights[bin(r, g, b)]; // its own counts twice
                for (int dr = -1; dr <= 1; ++dr)
                    for (int dg = -1; dg <= 1; ++dg)
                        for (int db = -1; db <= 1; ++db) sum += weights[bin(r + dr, g + dg, b + db)];
                if (sum > best) {
                    best = sum;
                    at = {r, g, b};
                }
            }
    Colour tint;
    for (std::size_t k = 0; k < 3; ++k) tint[k] = static_cast<float>(at[k] - 1) / k_steps;
    return tint;
}

/// Least squares of each channel on the strongest, over the pixels near the line.
Colour fitted(std::vector<Colour> const& sample, Colour tint, float tolerance) {
    auto const lead = static_cast<std::size_t>(std::max_element(tint.begin(), tint.end()) - tint.begin());
    std::array<double, 3> sums{};
    for (Colour const& c : sample) {
        if (distance(c, tint) > tolerance + 0.06f * strongest(c)) continue;
        for (std::size_t k = 0; k < 3; ++k) sums[k] += double{c[k]} * double{c[lead]};
    }
    if (sums[lead] <= 0) return tint;
    for (std::size_t k = 0; k < 3; ++k) tint[k] = static_cast<float>(sums[k] / sums[lead]);
    float const top = strongest(tint);
    for (float& part : tint) part /= top;
    return tint;
}

/// How far from the line pixels of this map may lie; k_rounding when it was not compressed with loss.
float line_tolerance(std::vector<Colour> const& sample, Colour const& tint) {
    std::vector<float> distances;
    for (Colour const& c : sample) distances.push_back(distance(c, tint) - k_slack * strongest(c));
    if (distances.empty()) return k_rounding;
    auto const most = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() * 4 / 5);
    std::nth_element(distances.begin(), most, distances.end());
    return *most > 1.1f / 255 ? std::clamp(3 * *most, 1.01f * k_rounding, 0.2f) : k_rounding;
}

MG_CLONES void mark_row(Colours const& rows, Colour const& tint, float tolerance, int width, std::uint8_t* mask) {
    float const* __restrict r = rows[0], * __restrict g = rows[1], * __restrict b = rows[2];
    float const tr = tint[0], tg = tint[1], tb = tint[2], length = tr * tr + tg * tg + tb * tb;
    std::uint8_t* __restrict out = mask;
    for (int x = 0; x < width; ++x) {
        float const along = (r[x] * tr + g[x] * tg + b[x] * tb) / length;
        float const off_r = std::fabs(r[x] - along * tr), off_g = std::fabs(g[x] - along * tg),
                    off_b = std::fabs(b[x] - along * tb);
        float const off = off_r > off_g ? off_r : off_g, red_or_green = r[x] > g[x] ? r[x] : g[x];
        float const worst = off > off_b ? off : off_b, top = red_or_green > b[x] ? red_or_green : b[x];
        out[x] = worst > tolerance + k_slack * top ? std::uint8_t{k_mask_drawing} : std::uint8_t{0};
    }
}

/// Marks the pixels off the tint; their number.
std::int64_t mark_off_tint(Colours const& planes, Colour const& tint, float tolerance, Mask& mask) {
    std::int64_t off = 0;
    for (int y = 0; y < mask.height(); ++y) {
        std::int64_t const at = std::int64_t{y} * mask.width();
        mark_row({planes[0] + at, planes[1] + at, planes[2] + at}, tint, tolerance, mask.width(), mask.row(y));
        off += mask.width() - std::count(mask.row(y), mask.row(y) + mask.width(), std::uint8_t{0});
    }
    return off;
}

/// The same for the means of 8 x 8 pixels.
std::int64_t mark_blocks_off_tint(Colours const& planes, Colour const& tint, Mask& mask) {
    constexpr int k_block = 8;
    Size const size = mask.size();
    std::int64_t off = 0;
    for (int top = 0; top < size.height; top += k_block)
        for (int left = 0; left < size.width; left += k_block) {
            int const right = std::min(left + k_block, size.width), bottom = std::min(top + k_block, size.height);
            Colour sum{};
            for (int y = top; y < bottom; ++y)
                for (int x = left; x < right; ++x) {
                    Colour const c = colour_at(planes, std::int64_t{y} * size.width + x);
                    for (std::size_t k = 0; k < 3; ++k) sum[k] += c[k];
                }
            int const pixels = (right - left) * (bottom - top);
            for (float& part : sum) part /= static_cast<float>(pixels);
            bool const is_off = distance(sum, tint) > 3 * k_rounding + 0.08f * strongest(sum);
            off += is_off ? pixels : 0;
            for (int y = top; y < bottom; ++y)
                std::fill_n(mask.row(y) + left, right - left, is_off ? k_mask_drawing : 0);
        }
    return off;
}

/// True when the marked pixels have one bright colour, or that mixed with the tint.
bool is_text(Colours const& planes, Colour const& tint, Mask const& mask, std::int64_t off) {
    Colour text{};
    std::int64_t bright = 0;
    auto each_off = [&](auto visit) {
        for (std::int64_t i = 0; i < mask.size().area(); ++i)
            if (mask.data()[i] != 0) visit(colour_at(planes, i));
    };
    each_off([&](Colour const& c) {
        if (strongest(c) < k_text_level) return;
        for (std::size_t k = 0; k < 3; ++k) text[k] += c[k];
        ++bright;
    });
    if (bright * 8 < off) return false;
    for (float& part : text) part /= static_cast<float>(bright);
    // c = a tint + b text by least squares.
    auto product = [](Colour const& a, Colour const& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; };
    float const aa = product(tint, tint), ab = product(tint, text), bb = product(text, text);
    float const determinant = aa * bb - ab * ab;
    if (determinant < 1e-4f * aa * bb) return false;
    std::int64_t alike = 0, mixed = 0;
    each_off([&](Colour const& c) {
        float const a = (product(c, tint) * bb - product(c, text) * ab) / determinant;
        float const b = (product(c, text) * aa - product(c, tint) * ab) / determinant;
        float error = 0, from_text = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            error = std::max(error, std::fabs(c[k] - a * tint[k] - b * text[k]));
            from_text = std::max(from_text, std::fabs(c[k] - text[k]));
        }
        mixed += error < 0.12f && b > 0;
        alike += strongest(c) >= k_text_level && from_text < 0.2f;
    });
    return mixed * 4 >= off * 3 && alike * 3 >= bright * 2;
}

/// The soft edges of text are nearly on the tint: one pixel more on all sides.
Result<Mask> grown(Mask const& mask) {
    MG_TRY(Mask result, mask.clone());
    for (int y = 0; y < mask.height(); ++y)
        for (int x = 0; x < mask.width(); ++x) {
            if (mask.at(x, y) == 0) continue;
            for (int ny = std::max(0, y - 1); ny <= std::min(mask.height() - 1, y + 1); ++ny)
                for (int nx = std::max(0, x - 1); nx <= std::min(mask.width() - 1, x + 1); ++nx)
                    result.at(nx, ny) = k_mask_drawing;
        }
    return result;
}

/// One palette from black to white: its colour for each sum of the channels.
struct Palette {
    static constexpr int k_bins = 766;
    std::array<Colour, k_bins> colours{};
    std::array<float, k_bins> way{}; ///< from black, by the fastest channel; 1 at the last
    static int bin(Colour const& c) { return static_cast<int>((c[0] + c[1] + c[2]) * 255 + 0.5f); }
};

/// Nothing when the colours are no such palette.
std::optional<Palette> rising_palette(Colours const& planes, std::int64_t count, Colour const& tint) {
    std::vector<std::array<double, 3>> sums(Palette::k_bins);
    std::vector<std::int64_t> pixels(Palette::k_bins);
    for (std::int64_t i = 0; i < count; ++i) {
        Colour const c = colour_at(planes, i);
        auto const b = static_cast<std::size_t>(Palette::bin(c));
        for (std::size_t k = 0; k < 3; ++k) sums[b][k] += double{c[k]};
        ++pixels[b];
    }
    Palette palette;
    Colour last{};
    std::size_t last_bin = 0;
    float way = 0;
    int off_line = 0;
    float widest_on_line = 0, widest_off_line = 0;
    for (std::size_t b = 1; b < Palette::k_bins; ++b) {
        if (pixels[b] == 0) continue;
        Colour here;
        float step = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            here[k] = static_cast<float>(sums[b][k] / static_cast<double>(pixels[b]));
            if (here[k] < last[k] - 3 * k_rounding) return std::nullopt;
            here[k] = std::max(here[k], last[k]);
            step = std::max(step, here[k] - last[k]);
        }
        for (std::size_t between = last_bin + 1; between <= b; ++between) {
            float const part = static_cast<float>(between - last_bin) / static_cast<float>(b - last_bin);
            for (std::size_t k = 0; k < 3; ++k) palette.colours[between][k] = last[k] + part * (here[k] - last[k]);
            palette.way[between] = way + part * step;
        }
        way += step;
        bool const is_off = distance(here, tint) > k_rounding + k_slack * strongest(here);
        off_line += is_off;
        float& widest = is_off ? widest_off_line : widest_on_line;
        widest = std::max(widest, step);
        last = here;
        last_bin = b;
    }
    // A single further colour, or one far from the rest, is that of text.
    if (way <= 0 || off_line < 2 || widest_off_line > std::max(0.1f, 6 * widest_on_line)) return std::nullopt;
    for (std::size_t b = last_bin + 1; b < Palette::k_bins; ++b) {
        palette.colours[b] = last;
        palette.way[b] = way;
    }
    for (float& value : palette.way) value /= way;
    return palette;
}

std::int64_t off_palette(Colours const& planes, std::int64_t count, Palette const& palette) {
    std::int64_t off = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        Colour const c = colour_at(planes, i);
        Colour const& there = palette.colours[static_cast<std::size_t>(Palette::bin(c))];
        for (std::size_t k = 0; k < 3; ++k)
            if (std::fabs(c[k] - there[k]) > 3 * k_rounding) {
                ++off;
                break;
            }
    }
    return off;
}

bool is_grey(Colour const& tint) {
    return std::min({tint[0], tint[1], tint[2]}) > 0.97f;
}

} // namespace

Result<UntintedMap> untinted(std::vector<PlanePtr> const& planes) {
    if (planes.empty() || !planes.front()) return Error{ErrorCode::bad_value, "an element map needs pixels"};
    UntintedMap map;
    if (planes.size() < 3) {
        MG_TRY(map.plane, planes.front()->clone());
        return map;
    }
    Size const size = planes[0]->size();
    std::int64_t const count = size.area();
    Colours const colours{planes[0]->data(), planes[1]->data(), planes[2]->data()};
    std::vector<Colour> const sample = sampled(colours, count);
    Colour tint = fitted(sample, commonest_direction(sample), 0.06f);
    float const tolerance = line_tolerance(sample, tint);
    tint = fitted(sample, tint, tolerance);
    bool const scattered = tolerance > k_rounding;
    MG_TRY(Mask mask, Mask::create(size));
    std::int64_t off = mark_off_tint(colours, tint, tolerance, mask);

    if (off * 1000 > count)
        if (auto const palette = rising_palette(colours, count, tint);
            palette && off_palette(colours, count, *palette) * 20 < off) {
            MG_TRY(map.plane, Plane::create(size));
            for (std::int64_t i = 0; i < count; ++i)
                map.plane.data()[i] = palette->way[static_cast<std::size_t>(Palette::bin(colour_at(colours, i)))];
            map.tint = Rgb{tint[0], tint[1], tint[2]};
            return map;
        }
    if (scattered) off = mark_blocks_off_tint(colours, tint, mask);
    bool const is_speck = off <= 32 || off * 2000 <= count;
    if (off * 10 > count || !(scattered || is_speck || is_text(colours, tint, mask, off)))
        return Error{ErrorCode::unsupported,
                     "is painted in several colours, so its intensity cannot be read back; save the map in grey or in "
                     "one colour"};
    if (scattered) {
        MG_TRY(map.plane, Plane::create(size));
        float length = 0;
        for (float part : tint) length += part * part;
        for (std::int64_t i = 0; i < count; ++i) {
            Colour const c = colour_at(colours, i);
            float along = 0;
            for (std::size_t k = 0; k < 3; ++k) along += c[k] * (tint[k] / length);
            map.plane.data()[i] = std::clamp(along, 0.0f, 1.0f);
        }
    } else {
        auto const lead = static_cast<std::size_t>(std::max_element(tint.begin(), tint.end()) - tint.begin());
        MG_TRY(map.plane, planes[lead]->clone());
    }
    if (!is_grey(tint)) map.tint = Rgb{tint[0], tint[1], tint[2]};
    if (off > 0) {
        MG_TRY(map.off_tint, scattered ? Result<Mask>(std::move(mask)) : grown(mask));
        map.off_tint_px = count - std::count(map.off_tint.data(), map.off_tint.data() + count, std::uint8_t{0});
    }
    return map;
}

} // namespace mg
