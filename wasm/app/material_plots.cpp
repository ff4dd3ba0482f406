#include "app/material_plots.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "math/colour.h"

namespace mg::app {

namespace {

constexpr int k_side = 256;         ///< cells of a plot from left to right
constexpr double k_least_sum = 0.2; ///< of three elements together against the richest pixels: fewer say no shares

/// Largest counts but for one pixel in a thousand, and a little air above.
double axis_end(std::vector<float> const& counts) {
    std::vector<float> sorted(counts);
    auto const at = static_cast<std::ptrdiff_t>(static_cast<double>(sorted.size() - 1) * 0.999);
    std::nth_element(sorted.begin(), sorted.begin() + at, sorted.end());
    double const end = static_cast<double>(sorted[static_cast<std::size_t>(at)]) * 1.06;
    return end > 0 && std::isfinite(end) ? end : 1;
}

/// Seven binomial weights along a line; its ends repeat.
constexpr std::array<float, 7> k_binomial{1 / 64.0f,  6 / 64.0f, 15 / 64.0f, 20 / 64.0f,
                                          15 / 64.0f, 6 / 64.0f, 1 / 64.0f};

/// Planes of the density, each cell of which is one float.
struct Cells {
    int width = 0, height = 0;
    std::vector<float> values;
    explicit Cells(int w, int h)
        : width(w), height(h), values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
    float* row(int y) { return values.data() + static_cast<std::ptrdiff_t>(y) * width; }
    /// 1 2 1 both ways: no cell stands out by chance alone.
    void smooth() {
        std::vector<float> const before = values;
        auto const at = [&](std::vector<float> const& v, int x, int y) {
            return v[static_cast<std::size_t>(std::clamp(y, 0, height - 1) * width + std::clamp(x, 0, width - 1))];
        };
        std::vector<float> across(values.size());
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                across[static_cast<std::size_t>(y * width + x)] =
                    (at(before, x - 1, y) + 2 * at(before, x, y) + at(before, x + 1, y)) / 4;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                row(y)[x] = (at(across, x, y - 1) + 2 * at(across, x, y) + at(across, x, y + 1)) / 4;
    }
};

/// Amount and colour (linear sRGB, times amount) of the pixels in each cell.
struct Layer {
    Cells amount, red, green, blue;
    Layer(int w, int h) : amount(w, h), red(w, h), green(w, h), blue(w, h) {}
    void smooth() {
        for (Cells* cells : {&amount, &red, &green, &blue}) cells->smooth();
    }
};

/// All planes are there and of one size.
bool is_whole(Materials const& materials) {
    auto const fits = [&](auto const& image) { return image && image->size() == materials.size; };
    return !materials.size.empty() && std::all_of(materials.counts.begin(), materials.counts.end(), fits) &&
           (!materials.labels || fits(materials.labels));
}

int rows_of(MaterialPlot const& plot) {
    return plot.axes.size() == 3 ? static_cast<int>(std::ceil(k_side * k_ternary_height)) : k_side;
}

void count_flags(MaterialsResult& result) {
    result.mixed = result.uncertain = result.painted = 0;
    if (!result.found || !result.found->flags || result.found->flags->size().empty()) return;
    std::array<std::int64_t, 8> counts{};
    auto const size = result.found->flags->size().area();
    std::uint8_t const* flags = result.found->flags->data();
    for (std::int64_t i = 0; i < size; ++i) ++counts[flags[i] & 7];
    auto const share = [&](std::size_t flag) {
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < counts.size(); ++i)
            if (i & flag) sum += counts[i];
        return static_cast<double>(sum) / static_cast<double>(size);
    };
    result.mixed = share(k_flag_mixed);
    result.uncertain = share(k_flag_uncertain);
    result.painted = share(k_flag_brushed);
}

/// Most frequent material of each cell.
void find_dominant(MaterialPlot& plot, Materials const& materials) {
    int const width = plot.side, height = rows_of(plot);
    std::size_t const cells = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    plot.dominant.assign(cells, k_no_material);
    if (!materials.labels) return;
    // By votes (Boyer and Moore): exact where one material has more than half, which is what is asked for.
    std::vector<int> lead(cells, 0);
    std::uint8_t const* labels = materials.labels->data();
    for (std::size_t i = 0; i < plot.x.size(); ++i) {
        if (plot.x[i] < 0 || labels[i] == k_no_material) continue;
        int const x = std::min(width - 1, static_cast<int>(plot.x[i] * static_cast<float>(width))),
                  y = std::min(height - 1, static_cast<int>(plot.y[i] * static_cast<float>(width)));
        auto const cell = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
        if (lead[cell] == 0) plot.dominant[cell] = labels[i];
        lead[cell] += plot.dominant[cell] == labels[i] ? 1 : -1;
    }
}

} // namespace

std::vector<int> telling_elements(Materials const& materials, int count) {
    std::size_t const elements = materials.elements.size(), n = materials.list.size();
    // Square roots of counts have equal noise; each material weighs by its share.
    std::vector<std::vector<double>> spread(elements, std::vector<double>(n, 0));
    for (std::size_t e = 0; e < elements; ++e) {
        double sum = 0, weight = 0;
        for (std::size_t m = 0; m < n; ++m) {
            Material const& material = materials.list[m];
            double const mean = e < material.mean.size() ? material.mean[e] : 0;
            spread[e][m] = std::sqrt(std::fmax(mean, 0.0));
            sum += spread[e][m] * material.share;
            weight += material.share;
        }
        for (std::size_t m = 0; m < n; ++m)
            spread[e][m] = (spread[e][m] - (weight > 0 ? sum / weight : 0)) * std::sqrt(materials.list[m].share);
    }
    auto const product = [](std::vector<double> const& a, std::vector<double> const& b) {
        return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
    };
    std::vector<int> chosen;
    while (chosen.size() < std::min(elements, static_cast<std::size_t>(std::max(count, 0)))) {
        int best = -1;
        double most = -1;
        for (std::size_t e = 0; e < elements; ++e) {
            if (std::find(chosen.begin(), chosen.end(), static_cast<int>(e)) != chosen.end()) continue;
            double const size = product(spread[e], spread[e]);
            if (size > most) most = size, best = static_cast<int>(e);
        }
        if (best < 0) break;
        chosen.push_back(best);
        std::vector<double> const told = spread[static_cast<std::size_t>(best)];
        if (most > 1e-12)
            for (std::vector<double>& other : spread) {
                double const k = product(other, told) / most;
                for (std::size_t m = 0; m < n; ++m) other[m] -= k * told[m];
            }
    }
    return chosen;
}

std::vector<int> plot_axes(Materials const& materials, MaterialsView const& view) {
    std::size_t const needed = view.plot == MaterialsPlot::ternary ? 3 : 2;
    if (materials.elements.size() < needed || materials.counts.size() != materials.elements.size()) return {};
    std::vector<int> axes;
    auto const add = [&](int e) {
        bool const valid = e >= 0 && static_cast<std::size_t>(e) < materials.elements.size();
        if (valid && axes.size() < needed && std::find(axes.begin(), axes.end(), e) == axes.end()) axes.push_back(e);
    };
    for (int e : view.axes) add(e);
    for (int e : telling_elements(materials, 3)) add(e);
    for (std::size_t e = 0; e < needed; ++e) add(static_cast<int>(e));
    return axes;
}

std::string_view symbol_of(Element const& element) {
    return element.symbol.empty() ? element.label : element.symbol;
}

std::vector<float> averaged_counts(Plane const& counts) {
    int const width = counts.size().width, height = counts.size().height;
    auto const size = static_cast<std::size_t>(counts.size().area());
    std::vector<float> across(size), out(size);
    for (int y = 0; y < height; ++y) {
        float const* from = counts.data() + static_cast<std::ptrdiff_t>(y) * width;
        float* to = across.data() + static_cast<std::ptrdiff_t>(y) * width;
        for (int x = 0; x < width; ++x) {
            float sum = 0;
            for (int k = -3; k <= 3; ++k)
                sum += k_binomial[static_cast<std::size_t>(k + 3)] * from[std::clamp(x + k, 0, width - 1)];
            to[x] = sum;
        }
    }
    for (int y = 0; y < height; ++y) {
        float* to = out.data() + static_cast<std::ptrdiff_t>(y) * width;
        for (int k = -3; k <= 3; ++k) {
            float const* from = across.data() + static_cast<std::ptrdiff_t>(std::clamp(y + k, 0, height - 1)) * width;
            float const weight = k_binomial[static_cast<std::size_t>(k + 3)];
            for (int x = 0; x < width; ++x) to[x] += weight * from[x];
        }
    }
    return out;
}

MaterialPlot scatter_places(Materials const& materials, std::array<int, 2> axes,
                            std::array<std::vector<float> const*, 2> averaged) {
    MaterialPlot plot;
    plot.axes.assign(axes.begin(), axes.end());
    plot.side = k_side;
    std::size_t const n = averaged[0]->size();
    plot.x.resize(n);
    plot.y.resize(n);
    for (std::size_t axis = 0; axis < 2; ++axis) {
        double const end = axis_end(*averaged[axis]);
        plot.largest.push_back(end);
        float const k = static_cast<float>(1 / end);
        std::vector<float>& to = axis == 0 ? plot.x : plot.y;
        for (std::size_t i = 0; i < n; ++i) to[i] = std::clamp((*averaged[axis])[i] * k, 0.0f, 1.0f);
    }
    find_dominant(plot, materials);
    return plot;
}

MaterialPlot ternary_places(Materials const& materials, std::array<int, 3> axes,
                            std::array<std::vector<float> const*, 3> averaged) {
    MaterialPlot plot;
    plot.axes.assign(axes.begin(), axes.end());
    plot.side = k_side;
    std::size_t const n = averaged[0]->size();
    std::vector<float> sums(n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::vector<float> const* counts : averaged) sums[i] += std::fmax((*counts)[i], 0.0f);
    auto const least = static_cast<float>(axis_end(sums) * k_least_sum);
    plot.x.assign(n, -1);
    plot.y.assign(n, -1);
    std::size_t left_out = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (!(sums[i] > least)) {
            ++left_out;
            continue;
        }
        auto const share = [&](std::size_t k) {
            return static_cast<double>(std::fmax((*averaged[k])[i], 0.0f)) / static_cast<double>(sums[i]);
        };
        Point const p = ternary_point({share(0), share(1), share(2)});
        plot.x[i] = std::clamp(static_cast<float>(p.x), 0.0f, 1.0f);
        plot.y[i] = std::clamp(static_cast<float>(p.y), 0.0f, static_cast<float>(k_ternary_height));
    }
    plot.left_out = n > 0 ? static_cast<double>(left_out) / static_cast<double>(n) : 0;
    find_dominant(plot, materials);
    return plot;
}

PixelSet pixels_in(MaterialPlot const& plot, std::vector<double> const& gate) {
    if (gate.size() < 6) return nullptr;
    double left = gate[0], right = gate[0], low = gate[1], high = gate[1];
    for (std::size_t i = 0; i + 1 < gate.size(); i += 2) {
        left = std::min(left, gate[i]), right = std::max(right, gate[i]);
        low = std::min(low, gate[i + 1]), high = std::max(high, gate[i + 1]);
    }
    auto set = std::make_shared<std::vector<std::uint8_t>>(plot.x.size());
    for (std::size_t i = 0; i < plot.x.size(); ++i) {
        double const x = static_cast<double>(plot.x[i]), y = static_cast<double>(plot.y[i]);
        if (x < 0 || x < left || x > right || y < low || y > high) continue;
        (*set)[i] = in_polygon(gate, {x, y});
    }
    return set;
}

double share_of(PixelSet const& set) {
    if (!set || set->empty()) return 0;
    auto const none = std::count(set->begin(), set->end(), std::uint8_t{0});
    return 1 - static_cast<double>(none) / static_cast<double>(set->size());
}

Lit lit_in(MaterialsView const& view) {
    // A pointer that wanders over the picture does not put out what was chosen.
    if (view.hovered >= 0 && view.hovered_pixel < 0) return {.material = view.hovered};
    if (view.area) return {.pixels = view.area};
    if (view.gated) return {.pixels = view.gated};
    if (view.hovered >= 0) return {.material = view.hovered};
    return {.material = view.material};
}

Picture density_picture(MaterialPlot const& plot, Materials const& materials, Lit const& lit,
                        DensityColours const& colours) {
    int const width = plot.side, height = rows_of(plot);
    std::array<Triple, 256> linear{};
    std::array<double, 3> const rest{double(colours.rest[0]) / 255, double(colours.rest[1]) / 255,
                                     double(colours.rest[2]) / 255};
    for (Triple& each : linear)
        for (std::size_t k = 0; k < 3; ++k) each[k] = srgb_to_linear(rest[k]);
    for (std::size_t m = 0; m < materials.list.size() && m < linear.size(); ++m)
        linear[m] = linear_from_srgb(materials.list[m].colour);

    Layer all(width, height), chosen(width, height);
    std::uint8_t const* labels = materials.labels ? materials.labels->data() : nullptr;
    bool const pixels_fit = lit.pixels && lit.pixels->size() == plot.x.size();
    bool const some_lit = pixels_fit || (!lit.pixels && lit.material >= 0 && labels);
    for (std::size_t i = 0; i < plot.x.size(); ++i) {
        if (plot.x[i] < 0) continue;
        std::uint8_t const label = labels ? labels[i] : k_no_material;
        bool const in = some_lit && (pixels_fit ? (*lit.pixels)[i] != 0 : label == lit.material);
        float const fx = plot.x[i] * static_cast<float>(width) - 0.5f,
                    fy = plot.y[i] * static_cast<float>(width) - 0.5f;
        int const x = static_cast<int>(std::floor(fx)), y = static_cast<int>(std::floor(fy));
        float const px = fx - static_cast<float>(x), py = fy - static_cast<float>(y);
        std::array<float, 4> const part{(1 - px) * (1 - py), px * (1 - py), (1 - px) * py, px * py};
        for (int k = 0; k < 4; ++k) {
            int const cx = std::clamp(x + (k & 1), 0, width - 1), cy = std::clamp(y + (k >> 1), 0, height - 1);
            auto const cell = static_cast<std::size_t>(cy * width + cx);
            float const w = part[static_cast<std::size_t>(k)];
            auto const add = [&](Layer& layer) {
                layer.amount.values[cell] += w;
                layer.red.values[cell] += w * static_cast<float>(linear[label][0]);
                layer.green.values[cell] += w * static_cast<float>(linear[label][1]);
                layer.blue.values[cell] += w * static_cast<float>(linear[label][2]);
            };
            add(all);
            if (in) add(chosen);
        }
    }
    all.smooth();
    if (some_lit) chosen.smooth();

    float const most = *std::max_element(all.amount.values.begin(), all.amount.values.end());
    float const scale = most > 0 ? 400 / most : 0, top = 1 / std::log1p(400.0f);
    // A single pixel shows, and nothing is quite as bright as the colour itself.
    auto const strength = [&](float amount) {
        return amount > 1e-4f
                   ? std::min(1.0f, 0.10f * std::min(1.0f, amount * 4) + 0.9f * std::log1p(amount * scale) * top)
                   : 0.0f;
    };
    std::array<std::uint8_t, 1025> to_srgb{};
    for (std::size_t i = 0; i < to_srgb.size(); ++i)
        to_srgb[i] = static_cast<std::uint8_t>(
            std::clamp(linear_to_srgb(static_cast<double>(i) / 1024) * 255 + 0.5, 0.0, 255.0));
    auto const srgb = [&](float value) {
        return static_cast<float>(to_srgb[static_cast<std::size_t>(std::clamp(value, 0.0f, 1.0f) * 1024 + 0.5f)]);
    };
    Picture picture;
    picture.size = {width, height};
    picture.bytes_per_pixel = 4;
    picture.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            auto const cell = static_cast<std::size_t>((height - 1 - y) * width + x);
            std::array<float, 3> colour{};
            for (std::size_t k = 0; k < 3; ++k) colour[k] = static_cast<float>(colours.ground[k]);
            auto const blend = [&](Layer const& layer, float weight, bool pale) {
                float const amount = layer.amount.values[cell];
                float const t = strength(amount) * weight;
                if (!(t > 0)) return;
                std::array<float, 3> ink{srgb(layer.red.values[cell] / amount), srgb(layer.green.values[cell] / amount),
                                         srgb(layer.blue.values[cell] / amount)};
                if (pale)
                    for (std::size_t k = 0; k < 3; ++k) ink[k] = static_cast<float>(colours.rest[k]);
                for (std::size_t k = 0; k < 3; ++k) colour[k] += (ink[k] - colour[k]) * t;
            };
            blend(all, some_lit ? 0.6f : 1, some_lit);
            if (some_lit) blend(chosen, 1, false);
            std::uint8_t* const out =
                picture.pixels.data() +
                (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) * 4;
            for (std::size_t k = 0; k < 3; ++k) out[k] = static_cast<std::uint8_t>(colour[k] + 0.5f);
            out[3] = 255;
        }
    return picture;
}

void MaterialPlots::update(MaterialsResult& result, MaterialsView const& view, Theme theme) {
    if (m_counted_of != result.found) {
        m_counted_of = result.found;
        count_flags(result);
    }
    std::vector<int> axes;
    if (result.found && is_whole(*result.found)) axes = plot_axes(*result.found, view);
    if (axes.empty()) {
        result.plot.reset();
        return;
    }
    Materials const& materials = *result.found;
    PlacesKey places{result.found_serial, view.plot, axes};
    bool const same_places = result.plot && places == m_places;
    Lit lit = lit_in(view);
    if (same_places && m_coloured_of == result.found && lit == m_lit && theme == m_theme) return;
    MaterialPlot plot;
    if (same_places)
        plot = *result.plot;
    else {
        if (m_averaged_of != result.found_serial) m_averaged.clear();
        m_averaged_of = result.found_serial;
        auto const averaged = [&](int e) -> std::vector<float> const* {
            auto const [at, fresh] = m_averaged.try_emplace(e);
            if (fresh) at->second = averaged_counts(*materials.counts[static_cast<std::size_t>(e)]);
            return &at->second;
        };
        plot = axes.size() == 3 ? ternary_places(materials, {axes[0], axes[1], axes[2]},
                                                 {averaged(axes[0]), averaged(axes[1]), averaged(axes[2])})
                                : scatter_places(materials, {axes[0], axes[1]}, {averaged(axes[0]), averaged(axes[1])});
    }
    DensityColours const colours = theme == Theme::dark ? DensityColours{{0x0e, 0x10, 0x13}, {0x70, 0x78, 0x86}}
                                                        : DensityColours{{0xff, 0xff, 0xff}, {0x9a, 0xa0, 0xaa}};
    auto picture = std::make_shared<Picture>(density_picture(plot, materials, lit, colours));
    picture->serial = (std::uint64_t{1} << 60) + m_next_serial++;
    plot.picture = std::move(picture);
    result.plot = std::make_shared<MaterialPlot const>(std::move(plot));
    m_places = std::move(places);
    m_coloured_of = result.found;
    m_lit = std::move(lit);
    m_theme = theme;
}

} // namespace mg::app
