// Images saved by OpenFIBSEM (fibsem-os): JSON in ImageDescription. https://github.com/DeMarcoLab/fibsem,
// fibsem/structures.py, whose to_dict functions name the keys. All in metres, radians, volts, amperes, seconds.
//
// Three generations: at first the image's settings stood at the top, with "absolute_position", "eb_settings" and
// "ib_settings" in "microscope_state" and no voltage; then "image", "stage_position", "electron_beam", "ion_beam" with
// "hv" or "voltage" and one "detector_settings"; now a detector per beam. The state is that of both beams; the image's
// own is named by "beam_type".
#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "metadata/header_facts.h"
#include "metadata/header_text.h"
#include "metadata/metadata.h"
#include "metadata/sidecar.h"
#include "metadata/units.h"

namespace mg {

namespace {

constexpr int k_image_description = 270;

constexpr std::size_t k_most_keys = 20000;
constexpr std::size_t k_longest_section = 256;

/// Sections are the names of the objects around a value, parted by points; the members of an array are numbered.
void add_keys(std::vector<RawKey>& keys, Json const& json, std::string const& section, std::string const& key) {
    if (keys.size() >= k_most_keys || section.size() + key.size() > k_longest_section) return;
    std::string inside = section.empty() || key.empty() ? section + key : section + "." + key;
    if (auto const* object = json.as_object()) {
        for (JsonMember const& member : *object) add_keys(keys, member.value, inside, member.key);
    } else if (auto const* array = json.as_array()) {
        for (std::size_t i = 0; i < array->size(); ++i) add_keys(keys, (*array)[i], inside, std::to_string(i));
    } else if (!json.is_null()) {
        auto const* text = json.as_string();
        keys.push_back({section, key, text ? *text : to_text(json)});
    }
}

/// The first of the names that is a section here.
std::string section_of(HeaderReader const& header, std::initializer_list<std::string_view> names) {
    for (std::string_view name : names)
        for (RawKey const& key : header.keys())
            if (key.section == name) return std::string(name);
    return {};
}

/// Date and time of day at Greenwich of seconds since 1970.
std::string iso_utc(std::int64_t seconds) {
    std::int64_t days = seconds / 86400, rest = seconds % 86400;
    int year = 1970;
    auto is_leap = [](int y) { return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0); };
    for (; days >= (is_leap(year) ? 366 : 365); ++year) days -= is_leap(year) ? 366 : 365;
    int month = 0;
    for (;; ++month) {
        constexpr int k_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        int in_month = k_days[month] + (month == 1 && is_leap(year) ? 1 : 0);
        if (days < in_month) break;
        days -= in_month;
    }
    auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return std::to_string(year) + "-" + two(month + 1) + "-" + two(days + 1) + "T" + two(rest / 3600) + ":" +
           two(rest / 60 % 60) + ":" + two(rest % 60);
}

std::optional<Sourced<std::string>> acquired(HeaderReader& header) {
    auto text = header.text("microscope_state", "timestamp");
    if (!text) return std::nullopt;
    auto seconds = parse_double(text->value);
    if (!seconds) { // as the microscope wrote it: "2023-05-02T08:15:00", or in the order of its country
        std::string_view whole = text->value;
        std::size_t end = std::min(whole.find_first_of("T "), whole.size());
        std::string_view day = whole.substr(0, end), clock = whole.substr(std::min(end + 1, whole.size()));
        auto date = iso_date_time(day, clock, DateOrder::day_month_year);
        if (date && date == iso_date_time(day, clock, DateOrder::month_day_year))
            return Sourced<std::string>{std::move(*date), std::move(text->source)};
        header.warn(text->source + " = " + quoted(text->value) + " names no certain day and was left out");
        return std::nullopt;
    }
    if (!(*seconds >= 0 && *seconds < 4e9)) {
        header.warn(text->source + " = " + quoted(text->value) + " is no date and was left out");
        return std::nullopt;
    }
    return Sourced<std::string>{iso_utc(static_cast<std::int64_t>(*seconds)), text->source + ", UTC"};
}

/// As users write the names of the programming interface.
std::string short_mode(std::string_view mode) {
    if (iequals(mode, "SecondaryElectrons")) return "SE";
    if (iequals(mode, "BackscatterElectrons")) return "BSE";
    if (iequals(mode, "SecondaryIons")) return "SI";
    return std::string(mode);
}

std::optional<Sourced<std::string>> detector(HeaderReader const& header, bool is_ion) {
    std::string section =
        section_of(header, {is_ion ? "microscope_state.ion_detector" : "microscope_state.electron_detector",
                            "detector_settings", "detector"});
    auto type = header.text(section, "type"), mode = header.text(section, "mode");
    if (section.empty() || !type || iequals(type->value, "unknown")) return std::nullopt;
    if (mode && !iequals(mode->value, "unknown")) type->value.append(" ").append(short_mode(mode->value));
    return type;
}

/// Columns and rows of the picture: of the array that was saved, else as set, as a list or as "1536x1024".
Size frame_of(HeaderReader& header, std::string const& image) {
    auto side = [&](std::string_view section, std::string_view key) {
        auto found = header.measured(section, key, parse_double, 1, 1 << 20);
        return found && found->value == std::floor(found->value) ? static_cast<int>(found->value) : 0;
    };
    Size shape{side("shape", "1"), side("shape", "0")};
    if (!shape.empty() && !header.find("shape", "2")) return shape;
    std::string resolution = image.empty() ? "resolution" : image + ".resolution";
    std::string reduced = image.empty() ? "reduced_area" : image + ".reduced_area";
    if (header.find(reduced, "width")) return {}; // a part of the frame, of a size that is not stated
    Size set{side(resolution, "0"), side(resolution, "1")};
    if (!set.empty()) return set;
    auto text = header.text(image, "resolution");
    std::vector<std::string_view> parts = text ? split(text->value, 'x') : std::vector<std::string_view>();
    if (parts.size() != 2) return {};
    auto width = parse_int(parts[0]), height = parse_int(parts[1]);
    auto is_side = [](std::optional<std::int64_t> value) { return value && *value > 0 && *value <= 1 << 20; };
    if (!is_side(width) || !is_side(height)) return {};
    return {static_cast<int>(*width), static_cast<int>(*height)};
}

void calibrate(Metadata& metadata, HeaderReader& header, std::string const& image, Size stored) {
    auto x_nm = shifted(header.measured("pixel_size", "x", parse_double, 1e-13, 1e-2), 9);
    auto y_nm = shifted(header.measured("pixel_size", "y", parse_double, 1e-13, 1e-2), 9);
    Size frame = frame_of(header, image);
    FrameFit fitted = fit_to_frame(stored, frame, "the description");
    if (!frame.empty() && !stored.empty()) {
        if (!fitted.warning.empty()) header.warn(fitted.warning);
        if (!fitted.scale) return;
    }
    double scale = fitted.scale.value_or(1);
    if (x_nm && y_nm)
        metadata.pixel_sizes.push_back({x_nm->value * scale, y_nm->value * scale, "description: pixel_size"});
    auto field_m = header.measured(image, "hfw", parse_double, 1e-9, 1);
    std::string resolution = image.empty() ? "resolution" : image + ".resolution";
    auto columns = header.measured(resolution, "0", parse_double, 1, 1 << 20);
    if (field_m && columns) {
        double nm = field_m->value * 1e9 / columns->value * scale;
        metadata.pixel_sizes.push_back({nm, nm, "description: field width (hfw) and resolution"});
    }
    // Only the saved pixel size is taken: fields are settings that the microscope may have limited.
    if (!x_nm || !y_nm) {
        metadata.pixel_sizes.clear();
        return;
    }
    StatedPixelSize const& best = metadata.pixel_sizes.front();
    metadata.acquisition.pixel_size_x_nm = {best.x_nm, best.source};
    metadata.acquisition.pixel_size_y_nm = {best.y_nm, best.source};
}

FileField const* description(MetadataInput const& input) {
    FileField const* field = input.tag(k_image_description);
    if (!field) return nullptr;
    std::string_view text = trimmed(as_text(field->bytes));
    bool is_ours = text.starts_with("{") && text.find("\"pixel_size\"") != std::string_view::npos &&
                   text.find("\"beam_type\"") != std::string_view::npos;
    return is_ours ? field : nullptr;
}

bool sniff(MetadataInput const& input) {
    return description(input) != nullptr;
}

Metadata read(MetadataInput const& input) {
    Metadata metadata;
    metadata.vendor = "OpenFIBSEM";
    std::string text = header_text(description(input));
    Result<Json> json = parse_json(trimmed(text));
    std::vector<RawKey> keys;
    if (json) add_keys(keys, *json, {}, {});
    metadata.raw = std::make_shared<std::vector<RawKey> const>(keys);
    if (!json) {
        metadata.warnings.push_back("the description by OpenFIBSEM cannot be read: " + json.error().message);
        return metadata;
    }
    HeaderReader header(std::move(keys), "description");
    Acquisition& a = metadata.acquisition;

    std::string image = section_of(header, {"image"});
    auto beam_type = header.text(image, "beam_type");
    bool is_electron = beam_type && iequals(beam_type->value, "ELECTRON");
    bool is_ion = beam_type && iequals(beam_type->value, "ION");
    if (is_electron || is_ion) {
        a.beam_kind = {is_ion ? "ion" : "electron", beam_type->source};
        std::string beam = is_ion
                               ? section_of(header, {"microscope_state.ion_beam", "microscope_state.ib_settings"})
                               : section_of(header, {"microscope_state.electron_beam", "microscope_state.eb_settings"});
        if (!beam.empty()) {
            for (std::string_view key : {"voltage", "hv"})
                if (!a.beam_energy_kv) a.beam_energy_kv = shifted(header.measured(beam, key, parse_double, 1, 1e6), -3);
            a.working_distance_mm = shifted(header.measured(beam, "working_distance", parse_double, 1e-5, 1), 3);
            a.probe_current_na = shifted(header.measured(beam, "beam_current", parse_double, 0, 1e-2), 9);
            a.scan_rotation_deg =
                scaled(header.measured(beam, "scan_rotation", parse_double, -6.4, 6.4), k_degrees_per_radian);
        }
        a.detector = detector(header, is_ion);
    }
    a.dwell_time_us = shifted(header.measured(image, "dwell_time", parse_double, 1e-10, 100), 6);
    std::string stage = section_of(header, {"microscope_state.stage_position", "microscope_state.absolute_position"});
    if (!stage.empty())
        a.stage_tilt_deg = scaled(header.measured(stage, "t", parse_double, -3.2, 3.2), k_degrees_per_radian);
    a.acquired = acquired(header);
    a.instrument = header.text("system.info", "model");
    if (!a.instrument) a.instrument = header.text("system.info", "name");
    if (auto user = header.text("user", "name"); user && names_a_person(user->value)) a.author = user;
    calibrate(metadata, header, image, input.stored_size());
    metadata.warnings = header.warnings();
    return metadata;
}

} // namespace

extern constinit MetadataReader const k_reader_openfibsem{"openfibsem", "OpenFIBSEM", sniff, read};

} // namespace mg
