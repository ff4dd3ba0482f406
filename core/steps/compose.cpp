// Every signal becomes a picture in its tint, every extra image a grey one, and the composite and its saturated twin
// are appended. After this step plane values are display values 0..1. What the picture says of itself goes into the
// captions.
#include "ops/compose.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "base/text.h"
#include "math/colour.h"
#include "recipe/step.h"

namespace mg {
namespace {

constexpr Choice k_palettes[] = {{"wavelength", "Stretched spectrum"},
                                 {"physical", "Colour of the light"},
                                 {"safe", "For any colour vision"},
                                 {"classic", "As the Python tools"}};
constexpr Choice k_curves[] = {{"linear", "Straight"}, {"gamma", "Gamma"}, {"asinh", "Inverse hyperbolic sine"}};
constexpr Choice k_luminances[] = {{"channels", "The channels"}, {"extra_image", "The first extra image"}};

constexpr auto k_params = std::to_array<Param>({
    param<&ComposeSettings::palette>(
        {.key = "palette",
         .label = "Colours",
         .help =
             "Stretched spectrum: from violet for the smallest value to red for the largest, equally light, and "
             "channels that are equally strong give grey. Colour of the light: as the eye sees that wavelength. For "
             "any colour vision: sets for 2 to 6 channels. A channel's own tint goes before.",
         .choices = k_palettes}),
    param<&ComposeSettings::luminance>({.key = "luminance",
                                        .label = "Lightness from",
                                        .help = "An extra image, a secondary-electron one say, can give the lightness "
                                                "under the channels' colours.",
                                        .choices = k_luminances}),
    param<&ComposeSettings::subtract_dark>(
        {.key = "subtract_dark",
         .label = "Subtract black",
         .help = "Each channel's black level, as chosen for it, is shown black; else the recorded zero is.",
         .older_key = "subtract_min_brightness"}),
    param<&ComposeSettings::low_percent>({.key = "low_percent",
                                          .label = "Clipped to black",
                                          .help = "Part of each channel's pixels that become black, where its black "
                                                  "level is its darkest pixel.",
                                          .unit = "%",
                                          .maximum = 50,
                                          .slider_maximum = 5}),
    param<&ComposeSettings::high_percent>({.key = "high_percent",
                                           .label = "Clipped to white",
                                           .help = "Part of each channel's pixels that reach its full tint.",
                                           .unit = "%",
                                           .maximum = 50,
                                           .slider_maximum = 5}),
    param<&ComposeSettings::linked>(
        {.key = "linked",
         .label = "Same for all channels",
         .help = "One distance from black to white for all channels, so that their brightness can be compared."}),
    param<&ComposeSettings::quantitative>(
        {.key = "quantitative",
         .label = "Quantitative",
         .help =
             "Nothing bent and nothing of its own: straight curve, no shoulder, the same contrast for all channels, "
             "no gains, no change of chroma, lightness from the channels."}),
    param<&ComposeSettings::curve>({.key = "curve",
                                    .label = "Curve",
                                    .help = "From the sum of the channels to brightness; hue is kept.",
                                    .choices = k_curves}),
    param<&ComposeSettings::gamma>({.key = "gamma",
                                    .label = "Gamma",
                                    .help = "Above 1 brightens the middle of the range, below 1 darkens it.",
                                    .minimum = 0.1,
                                    .maximum = 10,
                                    .slider_minimum = 0.3,
                                    .slider_maximum = 3,
                                    .logarithmic = true}),
    param<&ComposeSettings::chroma>({.key = "chroma",
                                     .label = "Chroma",
                                     .help = "Colourfulness of the composite; 0 is grey, and grey stays grey.",
                                     .maximum = 10,
                                     .slider_maximum = 3}),
    param<&ComposeSettings::saturated_chroma>({.key = "saturated_chroma",
                                               .label = "Chroma, saturated",
                                               .help = "Colourfulness of the second, saturated composite.",
                                               .maximum = 10,
                                               .slider_maximum = 3}),
    param<&ComposeSettings::green_factor>({.key = "green_channel_factor",
                                           .label = "Green weight",
                                           .help = "Brightness of green among the Python tools' colours, for three "
                                                   "channels and more.",
                                           .maximum = 1,
                                           .advanced = true}),
    param<&ComposeSettings::compatible>({.key = "compatible",
                                         .label = "As the Python tools",
                                         .help = "Their arithmetic: each channel divided by a mixture of its mean and "
                                                 "maximum, clipped, added as sRGB values, divided by the brightest of "
                                                 "all. One hot pixel dims the picture, and bright areas change hue.",
                                         .advanced = true}),
    param<&ComposeSettings::mean_norm>({.key = "mean_brightness_norm",
                                        .label = "Mean exponent",
                                        .help = "As the Python tools: share of the mean in a channel's divisor.",
                                        .minimum = -10,
                                        .maximum = 10,
                                        .slider_minimum = 0,
                                        .slider_maximum = 1,
                                        .advanced = true}),
    param<&ComposeSettings::max_norm>({.key = "max_brightness_norm",
                                       .label = "Maximum exponent",
                                       .help = "As the Python tools: 1 less this is the share of the maximum in a "
                                               "channel's divisor.",
                                       .minimum = -10,
                                       .maximum = 10,
                                       .slider_minimum = 0,
                                       .slider_maximum = 1,
                                       .advanced = true}),
    param<&ComposeSettings::saturation_enhance>({.key = "saturation_enhance",
                                                 .label = "Saturation",
                                                 .help = "As the Python tools: strength of the saturated composite.",
                                                 .maximum = 10,
                                                 .slider_maximum = 1,
                                                 .advanced = true}),
});

// --- captions --------------------------------------------------------------------------------------------------------

constexpr Rgb k_black{0, 0, 0};

std::string number(double value) {
    std::string text = format_fixed(value, 3);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
}

/// What all signals have in common in `member`; empty when they differ.
std::string common(std::span<Channel const> channels, std::string ChannelSettings::*member) {
    std::optional<std::string> found;
    for (Channel const& channel : channels) {
        if (channel.role != Role::signal) continue;
        if (found && *found != channel.settings.*member) return {};
        found = channel.settings.*member;
    }
    return found.value_or("");
}

struct Wording {
    std::string quantity, unit;
    bool by_value = false; ///< labels are numbers with one unit behind the last
};

Wording wording_of(std::span<Channel const> channels) {
    Wording wording{common(channels, &ChannelSettings::quantity), common(channels, &ChannelSettings::unit)};
    wording.by_value = !wording.unit.empty();
    for (Channel const& channel : channels)
        if (channel.role == Role::signal)
            wording.by_value = wording.by_value && channel.settings.value && !channel.settings.label_given;
    return wording;
}

std::string label_of(Channel const& channel, bool with_unit) {
    ChannelSettings const& s = channel.settings;
    if (!s.value || s.label_given) return channel.label.empty() ? "?" : channel.label;
    return number(*s.value) + (with_unit && !s.unit.empty() ? " " + s.unit : "");
}

std::vector<CaptionPiece> channel_caption(Channel const& channel, Rgb swatch) {
    std::string const& quantity = channel.settings.quantity;
    return {{"Single channel" + (quantity.empty() ? "" : " for " + quantity + " =")},
            {label_of(channel, true), legible_on(swatch, k_black)}};
}

std::vector<CaptionPiece> composite_caption(std::span<Channel const> channels, ComposeLook const& look) {
    Wording const wording = wording_of(channels);
    std::vector<CaptionPiece> caption{{wording.quantity.empty() ? "Colours" : "Colour by " + wording.quantity}};
    for (std::size_t i = 0; i < channels.size(); ++i)
        if (channels[i].role == Role::signal && look.channels[i].shown)
            caption.push_back({label_of(channels[i], !wording.by_value), legible_on(look.channels[i].swatch, k_black)});
    if (wording.by_value) caption.push_back({wording.unit});
    return caption;
}

// --- facts -----------------------------------------------------------------------------------------------------------

template <class T>
void keep_common(std::optional<Sourced<T>>& fact, std::optional<Sourced<T>> const& other) {
    if (fact && !(other && fact->value == other->value)) fact.reset();
}

/// Facts in which all signals agree.
Metadata merged_metadata(std::vector<Channel const*> const& signals) {
    Metadata merged = signals.front()->metadata;
    merged.warnings.clear();
    std::vector<RawKey> keys = merged.raw ? *merged.raw : std::vector<RawKey>{};
    auto const before = [](RawKey const* a, RawKey const* b) {
        return std::tie(a->section, a->key, a->value) < std::tie(b->section, b->key, b->value);
    };
    for (Channel const* channel : signals) {
        Acquisition const& other = channel->metadata.acquisition;
        Acquisition& a = merged.acquisition;
        if (merged.vendor != channel->metadata.vendor) merged.vendor.clear();
        keep_common(a.beam_energy_kv, other.beam_energy_kv);
        keep_common(a.working_distance_mm, other.working_distance_mm);
        keep_common(a.magnification, other.magnification);
        keep_common(a.spot_size, other.spot_size);
        keep_common(a.probe_current_na, other.probe_current_na);
        keep_common(a.dwell_time_us, other.dwell_time_us);
        keep_common(a.scan_rotation_deg, other.scan_rotation_deg);
        keep_common(a.wavelength_nm, other.wavelength_nm);
        keep_common(a.pixel_size_x_nm, other.pixel_size_x_nm);
        keep_common(a.pixel_size_y_nm, other.pixel_size_y_nm);
        keep_common(a.databar_rows, other.databar_rows);
        keep_common(a.detector, other.detector);
        keep_common(a.beam_kind, other.beam_kind);
        keep_common(a.acquired, other.acquired);
        keep_common(a.instrument, other.instrument);
        keep_common(a.sample, other.sample);
        keep_common(a.author, other.author);
        keep_common(a.user_text, other.user_text);
        if (channel == signals.front() || keys.empty()) continue;
        std::vector<RawKey const*> theirs;
        if (channel->metadata.raw)
            for (RawKey const& key : *channel->metadata.raw) theirs.push_back(&key);
        std::sort(theirs.begin(), theirs.end(), before);
        std::erase_if(
            keys, [&](RawKey const& key) { return !std::binary_search(theirs.begin(), theirs.end(), &key, before); });
    }
    merged.raw = std::make_shared<std::vector<RawKey> const>(std::move(keys));
    return merged;
}

/// Where no signal has data.
Result<MaskPtr> merged_mask(std::vector<Channel const*> const& signals) {
    for (Channel const* channel : signals)
        if (!channel->mask) return MaskPtr{};
    Size const size = signals.front()->size();
    MG_TRY(Mask mask, Mask::filled(size, 0));
    bool any = false;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            std::uint8_t outside = k_mask_outside;
            for (Channel const* channel : signals) outside &= channel->mask->at(x, y);
            mask.at(x, y) = outside;
            any = any || outside != 0;
        }
    if (!any) return MaskPtr{};
    return std::make_shared<Mask const>(std::move(mask));
}

// --- the step --------------------------------------------------------------------------------------------------------

/// Luminance of a colour input, in the values as recorded.
Status make_grey(Channel& channel) {
    if (!channel.is_colour()) return Done{};
    MG_TRY(Plane grey, Plane::create(channel.size()));
    for (std::int64_t i = 0, n = grey.size().area(); i < n; ++i)
        grey.data()[i] = 0.2126F * channel.planes[0]->data()[i] + 0.7152F * channel.planes[1]->data()[i] +
                         0.0722F * channel.planes[2]->data()[i];
    channel.planes = {std::make_shared<Plane const>(std::move(grey))};
    return Done{};
}

std::vector<PlanePtr> shared(std::vector<Plane> planes) {
    std::vector<PlanePtr> result;
    for (Plane& plane : planes) result.push_back(std::make_shared<Plane const>(std::move(plane)));
    return result;
}

void note_limits(Channel const& channel, ChannelLook const& look, Job& job) {
    double const range = channel.range.white - channel.range.black;
    auto const recorded = [&](float value) {
        double const level = channel.range.black + double{value} * range;
        return std::fabs(range) >= 100 ? format_fixed(level, 1) : format_significant(level, 4);
    };
    bool const flat = look.white > 1e20F;
    std::string const name =
        channel.role == Role::signal && channel.settings.value ? label_of(channel, true) : channel.label;
    job.note("limits", name,
             name + (flat ? ": one brightness throughout, shown black"
                          : ": black " + recorded(look.black) + ", white " + recorded(look.white)));
}

Status append_composite(Scene& scene, std::vector<Channel const*> const& signals, Role role, Composed made,
                        std::vector<CaptionPiece> caption) {
    Channel const& first = *signals.front();
    Channel composite;
    composite.role = role;
    composite.range = {0, 1};
    composite.recorded_bits = first.recorded_bits;
    composite.metadata = merged_metadata(signals);
    composite.pixel_size_x_nm = first.pixel_size_x_nm;
    composite.pixel_size_y_nm = first.pixel_size_y_nm;
    composite.to_recorded = first.to_recorded;
    composite.caption = std::move(caption);
    MG_TRY(composite.mask, merged_mask(signals));
    composite.planes = shared(std::move(made.planes));
    scene.channels.push_back(std::move(composite));
    return Done{};
}

Status run(Scene& scene, ComposeSettings const& settings, Job& job) {
    std::erase_if(scene.channels, [](Channel const& channel) {
        return channel.role == Role::composite || channel.role == Role::composite_saturated;
    });
    std::vector<Channel> placed = scene.channels; // planes are shared
    for (Channel& channel : placed) MG_TRY_DO(make_grey(channel));
    std::vector<ChannelMeasure> measures(placed.size());
    job.progress(0, "Measuring channels");
    job.for_each(placed.size(), [&](std::size_t i) {
        if (!job.cancelled()) measures[i] = measured(placed[i]);
    });
    if (job.cancelled()) return Error{ErrorCode::cancelled, "cancelled"};
    ComposeLook const look = look_for(placed, measures, scene.palette_slots, settings);

    std::vector<Channel const*> signals;
    bool shown = false;
    for (std::size_t i = 0; i < placed.size(); ++i) {
        if (placed[i].role != Role::signal || placed[i].planes.empty()) continue;
        signals.push_back(&placed[i]);
        shown = shown || look.channels[i].shown;
    }
    job.progress(0.2, "Composing");
    if (!signals.empty()) {
        std::vector<CaptionPiece> const caption = composite_caption(placed, look);
        MG_TRY(Composed plain, composed(placed, look, double{look.chroma}, job));
        job.note("clipped", plain.clipped, format_fixed(100 * plain.clipped, 2) + " % brighter than white");
        if (!shown) job.note("shown", 0.0, "no channel is shown: the composite is empty");
        MG_TRY_DO(append_composite(scene, signals, Role::composite, std::move(plain), caption));
        MG_TRY(Composed saturated, composed(placed, look, double{look.saturated_chroma}, job));
        MG_TRY_DO(append_composite(scene, signals, Role::composite_saturated, std::move(saturated), caption));
    }
    for (std::size_t i = 0; i < placed.size(); ++i) {
        if (job.cancelled()) return Error{ErrorCode::cancelled, "cancelled"};
        Channel const& source = placed[i];
        if (source.planes.empty() || (source.role != Role::signal && source.role != Role::extra)) continue;
        MG_TRY(std::vector<Plane> planes, tinted(source, look.channels[i], look));
        Channel& channel = scene.channels[i];
        channel.planes = shared(std::move(planes));
        channel.caption.clear();
        if (source.role == Role::signal) channel.caption = channel_caption(source, look.channels[i].swatch);
        note_limits(source, look.channels[i], job);
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_compose = make_step<ComposeSettings, k_params, run>(
    {.id = "compose",
     .title = "Compose",
     .group = StepGroup::tone,
     .summary = "Gives each channel its colour and puts the channels together to one picture.",
     .workflows = k_overlay,
     .whole_set = true});

} // namespace mg
