// What the look of a composite is decided from, and how: limits, tints, exposure.
#include "ops/compose.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "math/colour.h"
#include "math/portable.h"
#include "ops/gaussian.h"
#include "ops/statistics.h"

namespace mg {
namespace {

constexpr double k_asinh_bend = 10;
constexpr int k_sample_side = 128;

double arsinh(double x) {
    return log_portable(x + std::sqrt(x * x + 1));
}

double curve_of(ComposeLook const& look, double y) {
    switch (look.curve) {
    case CompositeCurve::linear:
        break;
    case CompositeCurve::gamma:
        if (look.gamma != 1 && look.gamma > 0) return pow_portable(y, 1 / double{look.gamma});
        break;
    case CompositeCurve::asinh:
        return arsinh(k_asinh_bend * y) / arsinh(k_asinh_bend);
    }
    return y;
}
/// The value whose curve is e.
double inverse_curve(ComposeLook const& look, double e) {
    switch (look.curve) {
    case CompositeCurve::linear:
        break;
    case CompositeCurve::gamma:
        return pow_portable(e, double{look.gamma});
    case CompositeCurve::asinh: {
        double const grown = exp_portable(e * arsinh(k_asinh_bend));
        return (grown - 1 / grown) / (2 * k_asinh_bend);
    }
    }
    return e;
}

// --- measures --------------------------------------------------------------------------------------------------------

SkipView skip_of(Channel const& channel) {
    if (channel.mask && channel.mask->size() == channel.size()) return channel.mask->view();
    return {};
}

bool skipped(SkipView skip, int x, int y) {
    return skip.data && skip.at(x, y) != 0;
}

/// Quantiles from 65 536 bins over the range; when a few outliers take most of it, from as many bins over the rest.
void measure_quantiles(PlaneView plane, SkipView skip, ChannelMeasure& measure) {
    constexpr std::size_t k_bins = 65536;
    float low = static_cast<float>(measure.minimum), high = static_cast<float>(measure.maximum);
    measure.quantiles.fill(low);
    for (int pass = 0; pass < 2; ++pass) {
        float const scale = high > low ? static_cast<float>(k_bins) / (high - low) : 0;
        if (!(scale > 0) || !std::isfinite(scale)) break;
        std::vector<std::int64_t> counts(k_bins);
        std::int64_t total = 0;
        for (int y = 0; y < plane.height(); ++y) {
            float const* row = plane.row(y);
            for (int x = 0; x < plane.width(); ++x) {
                if (skipped(skip, x, y) || !(std::fabs(row[x]) <= std::numeric_limits<float>::max())) continue;
                float const place = std::clamp((row[x] - low) * scale, 0.0F, static_cast<float>(k_bins - 1));
                ++counts[static_cast<std::size_t>(place)];
                ++total;
            }
        }
        if (total == 0) return;
        std::size_t bin = 0;
        std::int64_t before = 0;
        for (std::size_t i = 0; i <= 1000; ++i) {
            double const rank = static_cast<double>(i) / 1000 * static_cast<double>(total - 1);
            while (bin + 1 < k_bins && static_cast<double>(before + counts[bin]) <= rank) before += counts[bin++];
            double const part =
                counts[bin] > 0 ? (rank - static_cast<double>(before) + 0.5) / static_cast<double>(counts[bin]) : 0;
            measure.quantiles[i] = low + static_cast<float>((static_cast<double>(bin) + part) / double{scale});
        }
        float const inner_low = measure.quantiles[1], inner_high = measure.quantiles[999];
        if (pass == 1 || (inner_high - inner_low) * 16 > high - low) break;
        float const margin = inner_high > inner_low ? (inner_high - inner_low) / 2 : (high - low) / 16384;
        low = std::max(low, inner_low - margin);
        high = std::min(high, inner_high + margin);
    }
    measure.quantiles.front() = static_cast<float>(measure.minimum);
    measure.quantiles.back() = static_cast<float>(measure.maximum);
}

/// The darkest of the plane when lightly smoothed: one noisy pixel doesn't rule.
double smooth_minimum(PlaneView plane, SkipView skip, double fallback) {
    Blur const blur{1.5, 1.5};
    auto smooth = skip.data ? gaussian_blurred(plane, skip, blur) : gaussian_blurred(plane, blur);
    if (!smooth) return fallback;
    PlaneView const view = smooth.value().view();
    return double{extremes({&view, 1}, skip).minimum};
}

/// Mean of the unmasked pixels that show the area of stored pixels; nothing when there is none.
std::optional<double> mean_of_area(Channel const& channel, PlaneView plane, SkipView skip, Rect area) {
    if (area.empty() || channel.to_recorded.determinant() == 0) return {};
    Affine const to_plane = channel.to_recorded.inverse();
    double left = 1e18, right = -1e18, top = 1e18, bottom = -1e18;
    for (int corner = 0; corner < 4; ++corner) {
        double const x = static_cast<double>(area.x) + (corner % 2 != 0 ? area.width : 0) - 0.5;
        double const y = static_cast<double>(area.y) + (corner / 2 != 0 ? area.height : 0) - 0.5;
        Point const p = to_plane({x, y});
        left = std::min(left, p.x), right = std::max(right, p.x);
        top = std::min(top, p.y), bottom = std::max(bottom, p.y);
    }
    auto const index = [](double v, int limit) {
        return static_cast<int>(std::clamp(std::ceil(v), 0.0, double(limit)));
    };
    int const x0 = index(left, plane.width()), x1 = index(right, plane.width());
    int const y0 = index(top, plane.height()), y1 = index(bottom, plane.height());
    double sum = 0;
    std::int64_t count = 0;
    for (int y = y0; y < y1; ++y)
        for (int x = x0; x < x1; ++x)
            if (!skipped(skip, x, y)) {
                sum += double{plane.at(x, y)};
                ++count;
            }
    if (count == 0) return {};
    return sum / static_cast<double>(count);
}

double recorded_zero(Channel const& channel) {
    double const range = channel.range.white - channel.range.black;
    double const zero = range != 0 ? -channel.range.black / range : 0;
    return std::isfinite(zero) ? zero : 0;
}

double at_percent(ChannelMeasure const& measure, double percent) {
    double const place = std::clamp(percent, 0.0, 100.0) * 10;
    auto const index = std::min<std::size_t>(static_cast<std::size_t>(place), 999);
    double const low = double{measure.quantiles[index]}, high = double{measure.quantiles[index + 1]};
    return low + (high - low) * (place - static_cast<double>(index));
}

// --- look ------------------------------------------------------------------------------------------------------------

struct Limits {
    double black = 0, span = 1;
};

Limits limits_of(Channel const& channel, ChannelMeasure const& measure, ComposeSettings const& settings) {
    Limits limits;
    limits.black = settings.subtract_dark ? measure.dark : recorded_zero(channel);
    bool const minimum = settings.subtract_dark && channel.settings.dark == DarkLevel::minimum;
    if (settings.compatible) {
        if (minimum) limits.black = measure.minimum;
        double const brightest = measure.maximum - limits.black, mean = measure.mean - limits.black;
        limits.span = brightest > 0 && mean > 0
                          ? pow_portable(brightest, 1 - settings.max_norm) * pow_portable(6 * mean, settings.mean_norm)
                          : 1;
    } else {
        if (minimum && !settings.quantitative)
            limits.black = std::max(limits.black, at_percent(measure, settings.low_percent));
        limits.span = at_percent(measure, 100 - settings.high_percent) - limits.black;
    }
    if (!(limits.span > 1e-12) || !std::isfinite(limits.span)) limits.span = 0; // nothing to stretch
    return limits;
}

/// One span for all signals: in recorded units when some of them have a range that was found in the data.
void link(std::span<Channel const> channels, std::vector<Limits>& limits) {
    bool recorded = false;
    for (Channel const& channel : channels)
        recorded = recorded || (channel.role == Role::signal && channel.recorded_float);
    auto const unit = [&](Channel const& channel) {
        double const range = std::fabs(channel.range.white - channel.range.black);
        return recorded && range > 0 ? range : 1;
    };
    double common = 0;
    for (std::size_t i = 0; i < channels.size(); ++i)
        if (channels[i].role == Role::signal) common = std::max(common, limits[i].span * unit(channels[i]));
    for (std::size_t i = 0; i < channels.size(); ++i)
        if (channels[i].role == Role::signal) limits[i].span = common / unit(channels[i]);
}

float value_of(float x, ChannelLook const& look) {
    float const v = (x - look.black) / (look.white - look.black);
    return v > 0 ? std::min(v, k_largest_value) : 0;
}

/// Over the sampled pixels that no shown signal lacks: luminance of the sum, or in compatible mode its largest colour.
std::vector<float> sampled_sums(std::span<ChannelMeasure const> measures, ComposeLook const& look,
                                std::span<std::size_t const> signals) {
    std::vector<float> sums;
    if (signals.empty()) return sums;
    std::size_t count = measures[signals.front()].sample.size();
    for (std::size_t k : signals) count = std::min(count, measures[k].sample.size());
    for (std::size_t i = 0; i < count; ++i) {
        std::array<float, 3> rgb{};
        bool known = true;
        for (std::size_t k : signals) {
            float const x = measures[k].sample[i];
            if (std::isnan(x)) {
                known = false;
                break;
            }
            ChannelLook const& channel = look.channels[k];
            float const v = value_of(x, channel) * (look.compatible ? 1 : channel.gain);
            float const swatch[] = {channel.swatch.r, channel.swatch.g, channel.swatch.b};
            for (std::size_t c = 0; c < 3; ++c)
                rgb[c] += look.compatible ? std::min(v * swatch[c], 1.0F) : v * channel.tint[c];
        }
        if (!known) continue;
        sums.push_back(look.compatible ? std::max({rgb[0], rgb[1], rgb[2]})
                                       : 0.2126F * rgb[0] + 0.7152F * rgb[1] + 0.0722F * rgb[2]);
    }
    return sums;
}

double exposure_for(std::span<ChannelMeasure const> measures, ComposeLook const& look, bool quantitative) {
    std::vector<std::size_t> signals;
    double weight = 0, shown_as = 0;
    for (std::size_t i = 0; i < look.channels.size(); ++i) {
        ChannelLook const& channel = look.channels[i];
        if (!channel.shown || channel.tint == std::array<float, 3>{}) continue;
        signals.push_back(i);
        weight += luminance({double{channel.tint[0]}, double{channel.tint[1]}, double{channel.tint[2]}});
        shown_as += luminance(linear_from_srgb(channel.swatch));
    }
    std::vector<float> sums = sampled_sums(measures, look, signals);
    if (sums.empty()) return 1;
    double const share = look.compatible || quantitative ? 1 : 0.997;
    auto const rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(sums.size() - 1));
    std::nth_element(sums.begin(), sums.begin() + rank, sums.end());
    double const bright = double{sums[static_cast<std::size_t>(rank)]};
    double exposure = bright > 1e-9 ? 1 / bright : 1;
    if (!look.compatible && weight > 0)
        exposure =
            std::min(exposure, inverse_curve(look, linear_to_srgb(shown_as / static_cast<double>(signals.size()))) /
                                   (weight / static_cast<double>(signals.size())));
    return std::clamp(exposure, 1e-6, 1e6);
}

} // namespace

double toned(ComposeLook const& look, double luminance) {
    double const knee = double{look.knee};
    double y = std::max(luminance, 0.0);
    if (knee < 1) {
        y = std::min(y, 2 - knee);
        double const above = std::max(0.0, y - knee);
        y -= above * above / (4 * (1 - knee));
    }
    return std::clamp(curve_of(look, std::clamp(y, 0.0, 1.0)), 0.0, 1.0);
}

ChannelMeasure measured(Channel const& channel) {
    ChannelMeasure measure;
    if (channel.planes.empty()) return measure;
    PlaneView const plane = channel.planes.front()->view();
    SkipView const skip = skip_of(channel);
    Extremes const range = extremes({&plane, 1}, skip);
    measure.minimum = double{range.minimum};
    measure.maximum = double{range.maximum};
    measure.mean = mean(plane, skip);
    measure_quantiles(plane, skip, measure);
    switch (channel.settings.dark) {
    case DarkLevel::recorded:
        measure.dark = recorded_zero(channel);
        break;
    case DarkLevel::percentile:
        measure.dark = at_percent(measure, channel.settings.dark_percent);
        break;
    case DarkLevel::area:
        if (auto const level = mean_of_area(channel, plane, skip, channel.settings.dark_area)) {
            measure.dark = *level;
            break;
        }
        [[fallthrough]];
    case DarkLevel::minimum:
        measure.dark = smooth_minimum(plane, skip, measure.minimum);
        break;
    }
    int const columns = std::min(plane.width(), k_sample_side), rows = std::min(plane.height(), k_sample_side);
    for (int j = 0; j < rows; ++j)
        for (int i = 0; i < columns; ++i) {
            int const x = static_cast<int>((2 * std::int64_t{i} + 1) * plane.width() / (2 * columns));
            int const y = static_cast<int>((2 * std::int64_t{j} + 1) * plane.height() / (2 * rows));
            measure.sample.push_back(skipped(skip, x, y) ? std::numeric_limits<float>::quiet_NaN() : plane.at(x, y));
        }
    return measure;
}

ComposeLook look_for(std::span<Channel const> channels, std::span<ChannelMeasure const> measures, int palette_slots,
                     ComposeSettings const& settings) {
    ComposeLook look;
    bool const quantitative = settings.quantitative && !settings.compatible;
    look.compatible = settings.compatible;
    look.curve = quantitative ? CompositeCurve::linear : settings.compatible ? CompositeCurve::gamma : settings.curve;
    look.gamma = static_cast<float>(std::clamp(settings.gamma, 0.05, 20.0));
    if (quantitative || settings.compatible) look.knee = 1;
    look.chroma = static_cast<float>(quantitative || settings.compatible ? 1 : settings.chroma);
    look.saturated_chroma = static_cast<float>(quantitative          ? 1
                                               : settings.compatible ? 1 + settings.saturation_enhance
                                                                     : settings.saturated_chroma);

    std::vector<Limits> limits;
    std::vector<TintRequest> requests;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        Channel const& channel = channels[i];
        limits.push_back(limits_of(channel, measures[i], settings));
        if (channel.role != Role::signal) continue;
        TintRequest request{
            .value = channel.settings.value, .slot = channel.settings.slot, .picked = channel.settings.tint};
        if (channel.settings.quantity == "wavelength") request.wavelength_nm = request.value;
        requests.push_back(request);
    }
    if ((settings.linked || settings.quantitative) && !settings.compatible) link(channels, limits);
    std::vector<Tint> const tints = tints_for(requests, settings.palette, palette_slots, settings.green_factor);

    std::size_t signal = 0;
    bool lightness = quantitative || settings.compatible || settings.luminance != Luminance::extra_image;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        Channel const& channel = channels[i];
        ChannelLook own;
        own.black = static_cast<float>(limits[i].black);
        // Without a span, everything is black rather than noise.
        own.white = own.black + (limits[i].span > 0 ? static_cast<float>(limits[i].span) : 1e30F);
        if (!(own.white > own.black)) own.white = std::nextafter(own.black, std::numeric_limits<float>::infinity());
        own.gain = static_cast<float>(quantitative || settings.compatible ? 1 : channel.settings.gain);
        own.shown = channel.settings.shown && !channel.planes.empty();
        if (channel.role == Role::signal) {
            Tint const& tint = tints[signal++];
            own.swatch = tint.swatch;
            for (std::size_t c = 0; c < 3; ++c) own.tint[c] = static_cast<float>(tint.linear[c]);
        } else {
            own.tint = {0, 0, 0};
            if (channel.role == Role::extra && own.shown && !lightness) own.luminance = lightness = true;
        }
        look.channels.push_back(own);
    }
    look.exposure = static_cast<float>(exposure_for(measures, look, quantitative));
    return look;
}

} // namespace mg
