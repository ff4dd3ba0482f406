// What JEOL's microscopes write beside the image: NAME.txt with lines "$KEY value" and "$$KEY value".
//
// Three generations are known. The 7800F and 4700F state the size of the frame without the data bar ($CM_FULL_SIZE) and
// a marker that is so many pixels long, cut to a whole number; the IT series states the field of view and the rows of
// the data bar; the 6700F only the marker. No constant converts the magnification of all: on the 7800F 120 mm /
// magnification is the width of the frame, as its cursor values confirm; on the 4700F, which writes no marker's length,
// it is 128 mm, as its burned-in bar confirms. So the rule is taken only where the file's own marker allows it, and
// else named as what it is. The six numbers of $CM_STAGE_POS are not known well enough to name one a tilt;
// $CM_STAGE_POSITION names its own. $CM_PROBE_CURRENT holds settings ("C4 F0"), $SM_EMI_CURRENT is not the probe's:
// neither is taken as the current.
#include <array>

#include "base/text.h"
#include "metadata/header_facts.h"
#include "metadata/header_text.h"
#include "metadata/sidecar.h"
#include "metadata/units.h"

namespace mg {

namespace {

constexpr auto k_field_mm = std::to_array<double>({120, 128});
constexpr double k_field_without_marker_mm = 128;

/// In Japanese text (code page 932) a micro sign is two bytes that are other letters elsewhere.
std::string with_micro_signs(std::string text) {
    constexpr std::string_view k_misread = "\u0192\u00CA", k_micro = "\u00B5";
    for (std::size_t at = 0; (at = text.find(k_misread, at)) != std::string::npos; at += k_micro.size())
        text.replace(at, k_misread.size(), k_micro);
    return text;
}

/// Keys with their dollar signs; a line without a line end may have been cut and is left out.
std::vector<RawKey> sidecar_keys(std::string_view text) {
    std::vector<RawKey> keys;
    for (std::string_view line : split_lines(text)) {
        line = trimmed(line);
        if (!line.starts_with('$')) continue;
        std::size_t blank = line.find_first_of(" \t");
        std::string_view value = blank == std::string_view::npos ? std::string_view() : trimmed(line.substr(blank));
        keys.push_back({{}, std::string(line.substr(0, blank)), with_micro_signs(std::string(value))});
    }
    return keys;
}

/// A key as it is written, with one dollar sign or two.
class JeolReader : public HeaderReader {
public:
    using HeaderReader::HeaderReader;
    std::string spelled(std::string_view key) const {
        for (std::string_view dollars : {"$", "$$"})
            if (std::string name = std::string(dollars).append(key); find({}, name)) return name;
        return {};
    }
    std::optional<Sourced<double>> number_of(std::string_view key, double low, double high) {
        return measured({}, spelled(key), parse_double, low, high);
    }
    std::optional<Sourced<std::string>> first_text(std::initializer_list<std::string_view> names) const {
        for (std::string_view name : names)
            if (auto found = text({}, spelled(name))) return found;
        return std::nullopt;
    }
    /// "9.6µm 7.2µm": nanometres of each; empty, with a warning, when one is no length.
    std::vector<double> lengths_nm(std::string_view key) {
        auto found = first_text({key});
        if (!found) return {};
        auto refused = [&] {
            warn(found->source + " = \"" + excerpt(found->value, 40) + "\" names no lengths and was left out");
            return std::vector<double>();
        };
        std::vector<std::string> parts;
        for (std::string_view word : split_words(found->value)) {
            if (parts.empty() || is_digit(word[0]) || word[0] == '.') parts.emplace_back();
            parts.back().append(word);
        }
        std::vector<double> lengths;
        for (std::string const& part : parts) {
            auto nm = nanometres(part);
            if (!nm || !(*nm > 0)) return refused();
            lengths.push_back(*nm);
        }
        return lengths;
    }
    std::optional<Size> size_of(std::string_view key) const {
        auto found = first_text({key});
        std::vector<std::string_view> words = found ? split_words(found->value) : std::vector<std::string_view>();
        if (words.size() != 2) return std::nullopt;
        auto width = parse_int(words[0]), height = parse_int(words[1]);
        auto is_side = [](std::optional<std::int64_t> side) { return side && *side > 0 && *side <= 1 << 20; };
        if (!is_side(width) || !is_side(height)) return std::nullopt;
        return Size{static_cast<int>(*width), static_cast<int>(*height)};
    }
};

/// Length of a pixel by the marker's, which was cut to whole pixels: above `low_nm`, at most `high_nm`.
struct Marker {
    double low_nm = 0, high_nm = 0;
    bool allows(double nm) const { return nm > low_nm * (1 - 1e-9) && nm <= high_nm * (1 + 1e-9); }
};

std::optional<Marker> marker_of(JeolReader& header) {
    auto bar = header.number_of("SM_MICRON_BAR", 1, 1e5);
    std::vector<double> length = header.lengths_nm("SM_MICRON_MARKER");
    if (!bar || length.size() != 1) return std::nullopt;
    return Marker{length[0] / (bar->value + 1), length[0] / bar->value};
}

struct Stated {
    std::optional<Size> frame;
    int width = 0; ///< of the frame, else of the image; 0: unknown
    std::optional<double> magnification;
    std::string title;
};
/// Every statement of the file about pixels of the frame, the best first.
std::vector<StatedPixelSize> stated_sizes(JeolReader& header, Stated const& stated) {
    std::vector<StatedPixelSize> sizes;
    auto add = [&](double x_nm, double y_nm, std::string source) {
        if (is_pixel_size_nm(x_nm) && is_pixel_size_nm(y_nm))
            sizes.push_back({x_nm, y_nm, stated.title + ": " + std::move(source)});
        else
            header.warn(stated.title + ": " + std::move(source) +
                        " gives a pixel size that cannot be true and was left out");
    };
    auto by_field = [&](double field_mm) { return field_mm * 1e6 / (*stated.magnification * stated.width); };
    auto rule = [&](double field_mm) {
        return format_shortest(field_mm) + " mm / ($CM_MAG x " + std::to_string(stated.width) + " px)";
    };
    bool has_rule = stated.magnification && stated.width > 0;

    std::vector<double> field = header.lengths_nm("CM_FIELD_OF_VIEW");
    if (field.size() == 2 && stated.frame)
        add(field[0] / stated.frame->width, field[1] / stated.frame->height, "$CM_FIELD_OF_VIEW");
    std::vector<double> pixel = header.lengths_nm("CM_PIXEL_SIZE");
    if (pixel.size() == 1 || pixel.size() == 2) add(pixel.front(), pixel.back(), "$CM_PIXEL_SIZE");

    auto marker = marker_of(header);
    if (marker && !sizes.empty() && !marker->allows(sizes.front().x_nm)) {
        add(marker->high_nm, marker->high_nm, "$$SM_MICRON_MARKER / $$SM_MICRON_BAR");
    } else if (marker && sizes.empty()) {
        // Exactly one rule within the marker's error sharpens it; two would be no proof of either.
        std::vector<double> fitting;
        for (double field_mm : k_field_mm)
            if (has_rule && marker->allows(by_field(field_mm))) fitting.push_back(field_mm);
        if (fitting.size() == 1)
            add(by_field(fitting[0]), by_field(fitting[0]),
                rule(fitting[0]) + ", which agrees with $$SM_MICRON_MARKER / $$SM_MICRON_BAR");
        else
            add(marker->high_nm, marker->high_nm, "$$SM_MICRON_MARKER / $$SM_MICRON_BAR");
    } else if (sizes.empty() && has_rule && header.size_of("CM_FULL_SIZE")) {
        add(by_field(k_field_without_marker_mm), by_field(k_field_without_marker_mm),
            "fallback: " + rule(k_field_without_marker_mm) + ", a rule of the series");
        header.warn(stated.title + " states no pixel size and no marker's length: " + rule(k_field_without_marker_mm) +
                    " is a rule of the series, not of this file; check the scale bar");
    }
    return sizes;
}

/// "X=37.1761, Y=44.9344, R=354.9968, Z=16.90, T=0.00"
std::optional<Sourced<double>> stage_tilt(JeolReader const& header) {
    auto position = header.first_text({"CM_STAGE_POSITION"});
    if (!position) return std::nullopt;
    for (std::string_view part : split(position->value, ',')) {
        part = trimmed(part);
        if (!part.starts_with("T=")) continue;
        auto degrees = parse_double(trimmed(part.substr(2)));
        if (degrees && *degrees >= -90 && *degrees <= 90) return Sourced<double>{*degrees, position->source + " T"};
    }
    return std::nullopt;
}

bool sniff(MetadataInput const& input) {
    std::string_view start = as_text(input.sidecar.first(std::min<std::size_t>(input.sidecar.size(), 4096)));
    return start.find("$CM_") != std::string_view::npos;
}

Metadata read(MetadataInput const& input) {
    std::string title = sidecar_title(input);
    std::string text = sidecar_text(input);
    JeolReader header(sidecar_keys(whole_lines(text)), title);
    Metadata metadata;
    metadata.vendor = "JEOL";
    metadata.raw = std::make_shared<std::vector<RawKey> const>(sidecar_keys(text));
    Acquisition& a = metadata.acquisition;

    a.beam_energy_kv = header.number_of("CM_ACCEL_VOLT", 0.01, 3000);
    a.working_distance_mm = header.number_of("SM_WD", 0.01, 1000);
    a.magnification = header.number_of("CM_MAG", 0.1, 1e8);
    for (std::string_view key : {"SM_PROBE_NO", "MP_PROBE_NUMBER"})
        if (!a.spot_size) a.spot_size = header.number_of(key, 0, 1000);
    a.scan_rotation_deg = header.number_of("SM_SCAN_ROTATION", -360, 360);
    a.stage_tilt_deg = stage_tilt(header);
    a.detector = header.first_text(
        {"CM_SIGNAL", "CM_DETECTOR", "CM_SIGNAL_NAME", "CM_DETECTOR_NAME", "SM_DETECTOR", "FE_DETECTOR_NAME"});
    a.acquired = header.date_time({}, header.spelled("CM_DATE"), header.spelled("CM_TIME"));
    a.instrument = header.first_text({"CM_INSTRUMENT"});
    a.sample = header.first_text({"CM_TITLE"});
    if (auto author = header.first_text({"CM_OPERATOR"}); author && names_a_person(author->value)) a.author = author;
    a.user_text = header.first_text({"CM_COMMENT"});
    for (std::string_view key : {"CM_FORMAT", "SM_COLUMN_MODE"})
        if (auto kind = header.first_text({key}); kind && kind->value.find("SEM") != std::string::npos && !a.beam_kind)
            a.beam_kind = {"electron", kind->source};

    Size stored = input.stored_size();
    auto frame = header.size_of("CM_FULL_SIZE");
    std::string frame_key = title + ": $CM_FULL_SIZE";
    if (!frame) {
        frame = header.size_of("CM_IMAGE_SIZE");
        frame_key = title + ": $CM_IMAGE_SIZE";
    }
    FrameFit fit = frame ? fit_to_frame(stored, *frame, frame_key) : FrameFit{1.0, 0, {}};
    if (!fit.warning.empty()) header.warn(fit.warning);
    if (fit.databar_rows > 0) a.databar_rows = {fit.databar_rows, "rows stored below the frame of " + frame_key};

    Stated stated{.frame = frame, .width = frame.value_or(stored).width, .magnification = {}, .title = title};
    if (a.magnification) stated.magnification = a.magnification->value;
    std::vector<StatedPixelSize> sizes = stated_sizes(header, stated);
    if (fit.scale)
        for (StatedPixelSize const& size : sizes)
            metadata.pixel_sizes.push_back({size.x_nm * *fit.scale, size.y_nm * *fit.scale, size.source});
    if (!metadata.pixel_sizes.empty()) {
        StatedPixelSize const& best = metadata.pixel_sizes.front();
        a.pixel_size_x_nm = {best.x_nm, best.source};
        a.pixel_size_y_nm = {best.y_nm, best.source};
    }
    metadata.warnings = header.warnings();
    return metadata;
}

} // namespace

extern constinit MetadataReader const k_reader_jeol{"jeol", "JEOL, text beside the image", sniff, read};

} // namespace mg
