// What one file is in a set: its role, its name, its place in the order, its colour, and where its black lies. No pixel
// is touched. What can be known only from the whole set (which value differs between the files, and so the labels and
// the order) is found when the channels are put together: recipe/channel_set.h.
//
// The original tools tell an SE image among cathodoluminescence images by an "S" in its file name, or by a "+" that the
// user put before it. Here the detector in the header decides where there is one.
#include <array>

#include "base/text.h"
#include "recipe/step.h"
#include "steps/hand_points.h"

namespace mg {
namespace {

enum class RoleChoice { automatic, signal, extra, off };
constexpr Choice k_roles[] = {
    {"auto", "Automatic"}, {"signal", "Channel"}, {"extra", "Extra image"}, {"off", "Left out"}};
constexpr Choice k_dark_levels[] = {
    {"recorded", "As recorded"}, {"minimum", "Darkest pixel"}, {"percentile", "Percentile"}, {"area", "A dark area"}};
enum class Sorting { by_value, as_given };
constexpr Choice k_sortings[] = {{"value", "By their values"}, {"given", "As given"}};
enum class LabelSource { header, name };
constexpr Choice k_label_sources[] = {{"header", "Header, then file name"}, {"name", "File name, then header"}};

struct ChannelParams {
    RoleChoice role = RoleChoice::automatic;
    int order = 0;
    std::string label;
    double value = 0;
    std::string quantity;
    std::string unit;
    std::string tint;
    double gain = 1;
    bool shown = true;
    DarkLevel dark = DarkLevel::minimum;
    double dark_percent = 0.1;
    std::string dark_area;
    HandMotion motion = HandMotion::automatic;
    std::string points;
    std::string extra_identifier = "S";
    std::string extra_prefix = "+";
    std::string name_quantity = "\u03BB(nm)";
    LabelSource label_from = LabelSource::header;
    Sorting sort = Sorting::by_value;
};

constexpr auto k_params = std::to_array<Param>({
    param<&ChannelParams::role>(
        {.key = "role",
         .label = "Role",
         .help = "A channel is tinted and takes part in the composite; an extra image rides along in grey. Automatic: "
                 "images of secondary electrons are extra among others, and so are those named as such.",
         .choices = k_roles}),
    param<&ChannelParams::order>(
        {.key = "order",
         .label = "Place in the order",
         .help = "Channels with a place come first, in that order; 0: by value, then as given.",
         .maximum = 10000,
         .slider_maximum = 20,
         .unset = "by value"}),
    param<&ChannelParams::label>(
        {.key = "label",
         .label = "Label",
         .help = "Name of the channel in captions; empty: from what differs between the files.",
         .maximum = 100,
         .unset = "automatic"}),
    param<&ChannelParams::value>(
        {.key = "value",
         .label = "Value",
         .help = "What this channel was recorded at, a wavelength for one; it orders the channels and gives them their "
                 "colours. 0: from the header or the file name.",
         .maximum = 1e12,
         .unset = "as recorded"}),
    param<&ChannelParams::quantity>({.key = "quantity",
                                     .label = "Quantity",
                                     .help = "What the value is, for the caption: wavelength, beam energy.",
                                     .maximum = 60,
                                     .unset = "automatic"}),
    param<&ChannelParams::unit>({.key = "unit",
                                 .label = "Unit",
                                 .help = "Unit of the value, such as nm or kV.",
                                 .maximum = 20,
                                 .unset = "automatic"}),
    param<&ChannelParams::tint>({.key = "tint",
                                 .label = "Tint",
                                 .help = "Colour of the channel as #rrggbb; empty: from the palette.",
                                 .maximum = 7,
                                 .unset = "from the palette"}),
    param<&ChannelParams::gain>({.key = "gain",
                                 .label = "Gain",
                                 .help = "Brightness of this channel in the composite.",
                                 .maximum = 100,
                                 .slider_maximum = 3}),
    param<&ChannelParams::shown>(
        {.key = "shown", .label = "Shown", .help = "Whether the channel takes part in the composite."}),
    param<&ChannelParams::dark>({.key = "dark",
                                 .label = "Black",
                                 .help = "Where zero signal lies: at the recorded zero, at the darkest pixel, at a "
                                         "percentile, or at the mean of an area without signal.",
                                 .choices = k_dark_levels}),
    param<&ChannelParams::dark_percent>({.key = "dark_percent",
                                         .label = "Black percentile",
                                         .help = "Share of the pixels that may be darker than black.",
                                         .unit = "%",
                                         .maximum = 99,
                                         .slider_maximum = 5}),
    param<&ChannelParams::dark_area>(
        {.key = "dark_area",
         .label = "Dark area",
         .help = "Left, top, width and height of an area without signal, in stored pixels: 10,20,60,40.",
         .maximum = 60,
         .unset = "none"}),
    param<&ChannelParams::motion>(k_hand_motion),
    param<&ChannelParams::points>(k_hand_points),
    param<&ChannelParams::extra_identifier>({.key = "extra_identifier",
                                             .label = "Extra images contain",
                                             .help = "Where no detector is known, a file whose name contains this is "
                                                     "an extra image; empty: none is.",
                                             .maximum = 40,
                                             .advanced = true,
                                             .unset = "nothing",
                                             .older_key = "extra_img_ident"}),
    param<&ChannelParams::extra_prefix>({.key = "extra_prefix",
                                         .label = "Extra images begin with",
                                         .help = "A file whose name begins with this is an extra image, whatever its "
                                                 "detector; empty: none is.",
                                         .maximum = 40,
                                         .advanced = true,
                                         .unset = "nothing",
                                         .older_key = "extra_img_label"}),
    param<&ChannelParams::name_quantity>({.key = "name_quantity",
                                          .label = "Quantity in names",
                                          .help = "What the number that differs between the file names is, with its "
                                                  "unit in brackets.",
                                          .maximum = 60,
                                          .advanced = true,
                                          .unset = "wavelength",
                                          .older_key = "param_in_filename"}),
    param<&ChannelParams::label_from>({.key = "label_from",
                                       .label = "Labels from",
                                       .help = "Whether what differs between the headers (the beam energy) or between "
                                               "the file names labels the channels, if both do.",
                                       .choices = k_label_sources,
                                       .advanced = true}),
    param<&ChannelParams::sort>({.key = "sort",
                                 .label = "Order",
                                 .help = "Whether the channels are sorted by their values or stay as the files were "
                                         "given.",
                                 .choices = k_sortings,
                                 .advanced = true}),
});

Error bad(std::string_view key, std::string_view text, std::string_view remedy) {
    return {ErrorCode::bad_value,
            std::string(key) + ": \"" + excerpt(text) + "\" is not " + std::string(remedy)};
}

Result<Rgb> parse_tint(std::string_view text) {
    auto const failed = bad("tint", text, "a colour; write #rrggbb, such as #ff8800");
    if (text.size() != 7 || text[0] != '#') return failed;
    int digits[6];
    for (std::size_t i = 0; i < 6; ++i) {
        char const c = text[i + 1];
        if (is_digit(c))
            digits[i] = c - '0';
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            digits[i] = (c | 32) - 'a' + 10;
        else
            return failed;
    }
    auto const part = [&](int i) { return static_cast<float>(digits[2 * i] * 16 + digits[2 * i + 1]) / 255; };
    return Rgb{part(0), part(1), part(2)};
}

Result<Rect> parse_area(std::string_view text) {
    auto const failed = bad("dark_area", text, "an area; write left,top,width,height in pixels, such as 10,20,60,40");
    auto const parts = split(text, ',');
    if (parts.size() != 4) return failed;
    int numbers[4];
    for (std::size_t i = 0; i < 4; ++i) {
        auto const number = parse_int(trimmed(parts[i]));
        if (!number || *number < (i < 2 ? 0 : 1) || *number > k_max_side_px) return failed;
        numbers[i] = static_cast<int>(*number);
    }
    return Rect{numbers[0], numbers[1], numbers[2], numbers[3]};
}

bool is_electron_detector(std::string_view detector) {
    for (std::string_view known : {"SE", "SEI", "ETD", "SE2", "TLD", "InLens", "LVD", "LFD"})
        if (iequals(trimmed(detector), known)) return true;
    return false;
}

struct FoundRole {
    Role role = Role::signal;
    bool certain = false; ///< the user's own sign
};

FoundRole role_of(Channel const& channel, ChannelParams const& params) {
    std::string_view const name = channel.file_name;
    if (!params.extra_prefix.empty() && name.starts_with(params.extra_prefix)) return {Role::extra, true};
    if (auto const& detector = channel.metadata.acquisition.detector) {
        if (istarts_with(trimmed(detector->value), "CL")) return {};
        if (is_electron_detector(detector->value)) return {Role::extra};
    }
    std::size_t const dot = name.rfind('.');
    std::string_view const stem = dot == 0 ? name : name.substr(0, dot);
    if (!params.extra_identifier.empty() && stem.find(params.extra_identifier) != std::string_view::npos)
        return {Role::extra};
    return {};
}

Status run(Scene& scene, ChannelParams const& params, Job& job) {
    std::optional<Rgb> tint;
    if (!trimmed(params.tint).empty()) {
        MG_TRY(tint, parse_tint(trimmed(params.tint)));
    }
    Rect dark_area{};
    if (!trimmed(params.dark_area).empty()) {
        MG_TRY(dark_area, parse_area(params.dark_area));
    }
    // The area is picked after it was asked for.
    DarkLevel const dark = params.dark == DarkLevel::area && dark_area.empty() ? DarkLevel::minimum : params.dark;
    if (dark != params.dark) job.note("dark", "minimum", "no dark area is given yet: the darkest pixel is black");

    for (Channel& channel : scene.channels) {
        ChannelSettings& settings = channel.settings;
        settings.role_given = params.role != RoleChoice::automatic;
        settings.left_out = params.role == RoleChoice::off;
        if (settings.role_given) {
            channel.role = params.role == RoleChoice::extra ? Role::extra : Role::signal;
        } else {
            FoundRole const found = role_of(channel, params);
            channel.role = found.role;
            settings.role_given = found.certain;
        }
        std::string_view const label = trimmed(params.label);
        settings.label_given = !label.empty();
        if (settings.label_given) channel.label = label;
        settings.order = params.order > 0 ? std::optional<double>(params.order) : std::nullopt;
        settings.value = params.value > 0 ? std::optional(params.value) : std::nullopt;
        settings.quantity = trimmed(params.quantity);
        settings.unit = trimmed(params.unit);
        settings.tint = tint;
        settings.gain = params.gain;
        settings.shown = params.shown;
        settings.dark = dark;
        settings.dark_percent = params.dark_percent;
        settings.dark_area = dark_area;
        settings.motion = motion_text(params.motion);
        settings.points = trimmed(params.points);
        settings.names = {.quantity = std::string(trimmed(params.name_quantity)),
                          .before_header = params.label_from == LabelSource::name,
                          .order_as_given = params.sort == Sorting::as_given};
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_channel = make_step<ChannelParams, k_params, run>(
    {.id = "channel",
     .title = "Channel",
     .group = StepGroup::input,
     .summary = "What each image is in a set: its role, label, place in the order, tint and black level.",
     .workflows = k_overlay});

} // namespace mg
