// Rows are worked through a stage at a time in small buffers, so that each stage is one loop that vectorises; the gamut
// is searched only for the pixels that left it, gathered together.
#include "ops/compose.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/clones.h"
#include "math/colour.h"
#include "math/colour_pixels.h"

namespace mg {
namespace {

constexpr int k_table_steps = 2048;
constexpr int k_gamut_steps = 12;
constexpr int k_band_rows = 16;

// --- rows ------------------------------------------------------------------------------------------------------------

/// Colour buffers of one row.
struct RowBuffers {
    explicit RowBuffers(int width) : m_store(static_cast<std::size_t>(width) * 11), m_width(width) {}
    float* operator[](int i) { return m_store.data() + static_cast<std::ptrdiff_t>(i) * m_width; }

private:
    std::vector<float> m_store;
    int m_width;
};

struct Gain {
    float black, scale, r, g, b;
};

MG_CLONES void value_row(float const* __restrict x, float* __restrict v, int width, float black, float scale) {
    for (int i = 0; i < width; ++i) {
        float const t = (x[i] - black) * scale;
        float const held = t > 0 ? t : 0;
        v[i] = held < k_largest_value ? held : k_largest_value;
    }
}
MG_CLONES void clear_outside(std::uint8_t const* __restrict mask, float* __restrict v, int width) {
    for (int i = 0; i < width; ++i) v[i] = (mask[i] & k_mask_outside) != 0 ? 0 : v[i];
}
MG_CLONES void add_row(float const* __restrict v, float* __restrict r, float* __restrict g, float* __restrict b,
                       int width, Gain gain) {
    for (int i = 0; i < width; ++i) {
        r[i] += v[i] * gain.r;
        g[i] += v[i] * gain.g;
        b[i] += v[i] * gain.b;
    }
}
MG_CLONES void add_clipped_row(float const* __restrict v, float* __restrict r, float* __restrict g, float* __restrict b,
                               int width, Gain gain) {
    for (int i = 0; i < width; ++i) {
        float const vr = v[i] * gain.r, vg = v[i] * gain.g, vb = v[i] * gain.b;
        r[i] += vr < 1 ? vr : 1;
        g[i] += vg < 1 ? vg : 1;
        b[i] += vb < 1 ? vb : 1;
    }
}
MG_CLONES void luminance_row(float const* __restrict r, float const* __restrict g, float const* __restrict b,
                             float* __restrict y, int width) {
    for (int i = 0; i < width; ++i) y[i] = 0.2126F * r[i] + 0.7152F * g[i] + 0.0722F * b[i];
}

/// A function of a value that is constant above a limit, read between entries over the value's square root.
class Table {
public:
    template <class Function>
    Table(float limit, Function function) : m_limit(limit) {
        m_values.reserve(k_table_steps + 2);
        for (int i = 0; i <= k_table_steps; ++i) {
            double const root = static_cast<double>(i) / k_table_steps;
            m_values.push_back(static_cast<float>(function(root * root * double{limit})));
        }
        m_values.push_back(m_values.back());
    }
    /// A function of this one's values.
    template <class Function>
    Table then(Function function) const {
        Table result = *this;
        for (float& value : result.m_values) value = function(value);
        return result;
    }
    void look_up(float const* y, float* out, int width) const { read(y, out, width, m_limit, m_values.data()); }

private:
    MG_CLONES static void read(float const* __restrict y, float* __restrict out, int width, float limit,
                               float const* __restrict table) {
        for (int i = 0; i < width; ++i) {
            float const held = y[i] < limit ? y[i] : limit;
            float const place = std::sqrt((held > 0 ? held : 0) / limit) * k_table_steps;
            int const index = static_cast<int>(place);
            out[i] = table[index] + (table[index + 1] - table[index]) * (place - static_cast<float>(index));
        }
    }
    float m_limit;
    std::vector<float> m_values;
};
/// Where the tone curve has reached white.
float white_of(ComposeLook const& look) {
    return look.knee < 1 ? 2 - look.knee : 1;
}

MG_CLONES void scale_row(float const* __restrict from, float const* __restrict to, float* __restrict r,
                         float* __restrict g, float* __restrict b, int width) {
    for (int i = 0; i < width; ++i) {
        float const scale = from[i] > 1e-12F ? to[i] / from[i] : 0;
        r[i] *= scale;
        g[i] *= scale;
        b[i] *= scale;
    }
}
/// R, G, B to L, a, b in place.
MG_CLONES void oklab_row(float* __restrict r, float* __restrict g, float* __restrict b, int width, float chroma) {
    for (int i = 0; i < width; ++i) {
        LabPixel const lab = oklab({r[i], g[i], b[i]});
        r[i] = lab.lightness < 1 ? lab.lightness : 1;
        g[i] = lab.a * chroma;
        b[i] = lab.b * chroma;
    }
}
/// OKLab lightness of grey; where there is none (below 0), `lightness` stays.
MG_CLONES void lightness_row(float const* __restrict y, float* __restrict lightness, int width) {
    for (int i = 0; i < width; ++i) {
        float const own = y[i] > 0 ? cube_root(y[i]) : 0;
        lightness[i] = y[i] < 0 ? lightness[i] : own;
    }
}

struct LabRow {
    float const *lightness, *a, *b;
};
struct LinearRow {
    float *r, *g, *b;
};

/// `kept`: share of the chroma. Marks what is outside by how far it is.
MG_CLONES void linear_row(float const* __restrict lightness, float const* __restrict a, float const* __restrict b,
                          float const* __restrict kept, LinearRow out, float* __restrict outside, int width) {
    float* __restrict red = out.r, * __restrict green = out.g, * __restrict blue = out.b;
    for (int i = 0; i < width; ++i) {
        LinearPixel const p = linear({lightness[i], a[i] * kept[i], b[i] * kept[i]});
        float const least = p.r < p.g ? (p.r < p.b ? p.r : p.b) : (p.g < p.b ? p.g : p.b);
        float const most = p.r > p.g ? (p.r > p.b ? p.r : p.b) : (p.g > p.b ? p.g : p.b);
        float const under = -least, over = most - 1;
        outside[i] = under > over ? under : over;
        red[i] = p.r;
        green[i] = p.g;
        blue[i] = p.b;
    }
}
MG_CLONES void bisect_row(float const* __restrict outside, float* __restrict kept, float* __restrict low, int width,
                          float step) {
    for (int i = 0; i < width; ++i) {
        low[i] = outside[i] > 0 ? low[i] : kept[i];
        kept[i] = low[i] + step;
    }
}
MG_CLONES void encode_row(float const* __restrict linear_values, float* __restrict out, int width) {
    for (int i = 0; i < width; ++i) out[i] = srgb_encoded(linear_values[i]);
}

constexpr float k_gamut_slack = 1e-5F; ///< rounding of grey is no departure from the gamut

/// Pixels that left the gamut, side by side.
struct Strays {
    std::vector<int> index;
    std::vector<float> lightness, a, b, kept, low, outside, r, g, blue;

    void gather(LabRow lab, float const* outside_by, int width) {
        index.clear();
        for (int i = 0; i < width; ++i)
            if (outside_by[i] > k_gamut_slack) index.push_back(i);
        std::size_t const n = index.size();
        for (auto* v : {&lightness, &a, &b, &kept, &low, &outside, &r, &g, &blue}) v->assign(n, 0);
        for (std::size_t k = 0; k < n; ++k) {
            lightness[k] = lab.lightness[index[k]];
            a[k] = lab.a[index[k]];
            b[k] = lab.b[index[k]];
            kept[k] = 0.5F;
        }
    }
    /// Chroma lowered into the gamut; colours written over those of the row.
    void bring_back(LinearRow row) {
        int const n = static_cast<int>(index.size());
        if (n == 0) return;
        LinearRow const mine{r.data(), g.data(), blue.data()};
        float step = 0.25F;
        for (int i = 0; i < k_gamut_steps; ++i, step *= 0.5F) {
            linear_row(lightness.data(), a.data(), b.data(), kept.data(), mine, outside.data(), n);
            bisect_row(outside.data(), kept.data(), low.data(), n, step);
        }
        linear_row(lightness.data(), a.data(), b.data(), low.data(), mine, outside.data(), n);
        for (std::size_t k = 0; k < index.size(); ++k) {
            row.r[index[k]] = r[k];
            row.g[index[k]] = g[k];
            row.b[index[k]] = blue[k];
        }
    }
};

// --- whole pictures --------------------------------------------------------------------------------------------------

struct Source {
    Plane const* plane = nullptr;
    Mask const* mask = nullptr;
    Gain gain{};
};

Source source_of(Channel const& channel, ChannelLook const& look) {
    Source source{channel.planes.front().get(), nullptr, {}};
    if (channel.mask && channel.mask->size() == channel.size()) source.mask = channel.mask.get();
    float const scale = 1 / (look.white - look.black);
    source.gain = {look.black, std::isfinite(scale) ? scale : 0, 0, 0, 0};
    return source;
}

struct Sources {
    std::vector<Source> signals;
    std::optional<Source> lightness;
    Size size;
    bool grey = true;
};

Result<Sources> sources_of(std::span<Channel const> channels, ComposeLook const& look) {
    Sources sources;
    for (std::size_t i = 0; i < channels.size() && i < look.channels.size(); ++i) {
        Channel const& channel = channels[i];
        ChannelLook const& own = look.channels[i];
        bool const signal = channel.role == Role::signal;
        if (channel.planes.empty() || !(signal || channel.role == Role::extra)) continue;
        if (sources.size.empty()) sources.size = channel.size();
        if ((!signal && !own.luminance) || !own.shown) continue;
        if (channel.size() != sources.size)
            return Error{ErrorCode::bad_value,
                         (channel.file_name.empty() ? "a channel" : channel.file_name) +
                             " has another size than the channels before it: place them on one grid first"};
        Source source = source_of(channel, own);
        if (!signal) {
            if (!sources.lightness && !look.compatible) sources.lightness = source;
            continue;
        }
        if (look.compatible) {
            source.gain.r = own.swatch.r, source.gain.g = own.swatch.g, source.gain.b = own.swatch.b;
        } else {
            float const factor = own.gain * look.exposure;
            source.gain.r = own.tint[0] * factor, source.gain.g = own.tint[1] * factor;
            source.gain.b = own.tint[2] * factor;
        }
        sources.grey = sources.grey && source.gain.r == source.gain.g && source.gain.r == source.gain.b;
        sources.signals.push_back(source);
    }
    if (sources.size.empty()) return Error{ErrorCode::bad_value, "there is no channel to compose"};
    return sources;
}

Result<std::vector<Plane>> planes_of(Size size, std::size_t count) {
    std::vector<Plane> planes;
    for (std::size_t i = 0; i < count; ++i) {
        MG_TRY(Plane plane, Plane::create(size));
        planes.push_back(std::move(plane));
    }
    return planes;
}

void read_row(Source const& source, int y, float* out) {
    int const width = source.plane->width();
    value_row(source.plane->row(y), out, width, source.gain.black, source.gain.scale);
    if (source.mask) clear_outside(source.mask->row(y), out, width);
}

std::size_t bands_of(Size size) {
    return static_cast<std::size_t>((size.height + k_band_rows - 1) / k_band_rows);
}
template <class DoRow>
void for_rows(std::size_t band, Size size, DoRow do_row) {
    int const first = static_cast<int>(band) * k_band_rows;
    for (int y = first; y < std::min(first + k_band_rows, size.height); ++y) do_row(y);
}

/// The original tools' arithmetic.
Result<Composed> composed_compatibly(Sources const& sources, ComposeLook const& look, double chroma, Work& work) {
    Composed result;
    MG_TRY(std::vector<Plane> planes, planes_of(sources.size, 3));
    int const width = sources.size.width;
    std::size_t const bands = bands_of(sources.size);
    std::vector<float> largest(bands, 0);
    work.for_each(bands, [&](std::size_t band) {
        std::vector<float> values(static_cast<std::size_t>(width));
        for_rows(band, sources.size, [&](int y) {
            for (Plane& plane : planes) std::fill_n(plane.row(y), width, 0.0F);
            for (Source const& source : sources.signals) {
                read_row(source, y, values.data());
                add_clipped_row(values.data(), planes[0].row(y), planes[1].row(y), planes[2].row(y), width,
                                source.gain);
            }
            for (Plane& plane : planes)
                largest[band] = std::max(largest[band], *std::max_element(plane.row(y), plane.row(y) + width));
        });
    });
    float const most = *std::max_element(largest.begin(), largest.end());
    float const scale = most > 0 ? 1 / most : 0;
    float const s = static_cast<float>(chroma) - 1;
    work.for_each(bands, [&](std::size_t band) {
        largest[band] = 0;
        for_rows(band, sources.size, [&](int y) {
            float *r = planes[0].row(y), *g = planes[1].row(y), *b = planes[2].row(y);
            for (int x = 0; x < width; ++x) {
                float const sum = (r[x] + g[x] + b[x]) * scale * s;
                for (float* row : {r, g, b}) {
                    row[x] = std::clamp(row[x] * scale * (1 + s) - sum, 0.0F, 1.0F);
                    largest[band] = std::max(largest[band], row[x]);
                }
            }
        });
    });
    float const after = *std::max_element(largest.begin(), largest.end());
    Table const table(1, [&](double v) { return toned(look, v); });
    work.for_each(bands, [&](std::size_t band) {
        std::vector<float> scaled(static_cast<std::size_t>(width));
        for_rows(band, sources.size, [&](int y) {
            for (Plane& plane : planes) {
                for (int x = 0; x < width; ++x)
                    scaled[static_cast<std::size_t>(x)] = after > 0 ? plane.row(y)[x] / after : 0;
                table.look_up(scaled.data(), plane.row(y), width);
            }
        });
    });
    result.planes = std::move(planes);
    return result;
}

} // namespace

Result<Composed> composed(std::span<Channel const> channels, ComposeLook const& look, double chroma, Work& work) {
    MG_TRY(Sources const sources, sources_of(channels, look));
    if (look.compatible) return composed_compatibly(sources, look, chroma, work);
    Composed result;
    MG_TRY(result.planes, planes_of(sources.size, sources.grey ? 1 : 3));
    Table const table(white_of(look), [&](double y) { return srgb_to_linear(toned(look, y)); });
    int const width = sources.size.width;
    std::size_t const bands = bands_of(sources.size);
    std::vector<std::int64_t> clipped(bands, 0);
    work.for_each(bands, [&](std::size_t band) {
        if (work.cancelled()) return;
        RowBuffers rows(width);
        float *r = rows[0], *g = rows[1], *b = rows[2], *y = rows[3], *value = rows[4], *outside = rows[5];
        float *kept = rows[6], *y_light = rows[10];
        std::fill_n(kept, width, 1.0F);
        LinearRow const colours{rows[7], rows[8], rows[9]};
        Strays strays;
        for_rows(band, sources.size, [&](int row) {
            for (float* p : {r, g, b}) std::fill_n(p, width, 0.0F);
            for (Source const& source : sources.signals) {
                read_row(source, row, value);
                add_row(value, r, g, b, width, source.gain);
            }
            luminance_row(r, g, b, y, width);
            for (int x = 0; x < width; ++x) clipped[band] += y[x] > 1 ? 1 : 0;
            table.look_up(y, value, width);
            scale_row(y, value, r, g, b, width);
            if (sources.lightness) {
                read_row(*sources.lightness, row, y);
                table.look_up(y, y_light, width);
                Mask const* mask = sources.lightness->mask;
                for (int x = 0; x < width; ++x) {
                    bool const outside_extra = mask && (mask->row(row)[x] & k_mask_outside) != 0;
                    if (!outside_extra)
                        value[x] = y_light[x];
                    else if (!sources.grey)
                        value[x] = -1;
                }
            }
            if (sources.grey) {
                encode_row(value, result.planes[0].row(row), width);
                return;
            }
            oklab_row(r, g, b, width, static_cast<float>(chroma));
            if (sources.lightness) lightness_row(value, r, width);
            linear_row(r, g, b, kept, colours, outside, width);
            strays.gather({r, g, b}, outside, width);
            strays.bring_back(colours);
            encode_row(colours.r, result.planes[0].row(row), width);
            encode_row(colours.g, result.planes[1].row(row), width);
            encode_row(colours.b, result.planes[2].row(row), width);
        });
    });
    if (work.cancelled()) return Error{ErrorCode::cancelled, "cancelled"};
    std::int64_t count = 0;
    for (std::int64_t of_band : clipped) count += of_band;
    result.clipped = static_cast<double>(count) / static_cast<double>(sources.size.area());
    return result;
}

Result<std::vector<Plane>> tinted(Channel const& channel, ChannelLook const& look, ComposeLook const& whole) {
    if (channel.planes.empty()) return Error{ErrorCode::bad_value, "the channel has no pixels"};
    Source const source = source_of(channel, look);
    Size const size = channel.size();
    bool const grey = look.swatch.r == look.swatch.g && look.swatch.r == look.swatch.b;
    MG_TRY(std::vector<Plane> planes, planes_of(size, grey ? 1 : 3));
    float const swatch[] = {look.swatch.r, look.swatch.g, look.swatch.b};
    std::vector<Table> tables;
    if (whole.compatible) {
        for (std::size_t c = 0; c < planes.size(); ++c)
            tables.emplace_back(swatch[c] > 0 ? 1 / swatch[c] : 1,
                                [&](double v) { return toned(whole, v * double{swatch[c]}); });
    } else {
        Table const light(white_of(whole), [&](double v) { return srgb_to_linear(toned(whole, v)); });
        for (std::size_t c = 0; c < planes.size(); ++c) {
            auto const share = static_cast<float>(srgb_to_linear(double{swatch[c]}));
            tables.push_back(light.then([share](float v) { return srgb_encoded(v * share); }));
        }
    }
    std::vector<float> value(static_cast<std::size_t>(size.width));
    for (int y = 0; y < size.height; ++y) {
        read_row(source, y, value.data());
        for (std::size_t c = 0; c < planes.size(); ++c) tables[c].look_up(value.data(), planes[c].row(y), size.width);
    }
    return planes;
}

} // namespace mg
