// Headers of TESCAN's microscopes: TIFF tag 50431, and "NAME.hdr" or "NAME-tif.hdr" beside the image.
//
// The tag holds sections, each a length (32 bits, little-endian; it counts the type and the payload), a type (16 bits)
// and a payload: 1 a small picture in JPEG 2000, 2 the main keys, 3 those of the electron column, 0 the end. The keys
// are "key=value" lines without section names; the .hdr file names its sections [MAIN], [SEM] or [FIB]. Lengths are
// metres, voltages volts, angles degrees. SpotSize is a diameter in metres, not the number of a spot, so it stays
// among the keys.
#include <algorithm>
#include <cmath>

#include "metadata/header_facts.h"
#include "metadata/header_text.h"
#include "metadata/metadata.h"
#include "metadata/sidecar.h"
#include "metadata/units.h"

namespace mg {

namespace {

constexpr int k_tag = 50431;
constexpr std::size_t k_most_sections = 64;
constexpr int k_type_end = 0, k_type_picture = 1, k_type_main = 2, k_type_sem = 3;

struct Keys {
    std::vector<RawKey> whole; ///< of lines that are certainly not cut off
    std::vector<RawKey> all;
};

/// `section`: of all keys, whatever stands between them; empty: as the text names them.
void add_lines(Keys& keys, std::string_view text, std::string const& section) {
    auto add = [&](std::vector<RawKey>& list, std::string_view lines) {
        for (RawKey& key : parse_header_text(lines)) {
            if (!section.empty()) key.section = section;
            list.push_back(std::move(key));
        }
    };
    add(keys.whole, whole_lines(text));
    add(keys.all, text);
}

/// The keys in the tag. A section that reaches beyond the tag is read as far as the tag goes.
Keys tag_keys(ByteView bytes) {
    Keys keys;
    std::size_t bytes_left = k_longest_header_bytes;
    for (std::size_t count = 0; bytes.size() >= 6 && count < k_most_sections; ++count) {
        auto byte = [&](std::size_t at) { return std::size_t{bytes[at]}; };
        std::size_t length = byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
        int type = static_cast<int>(byte(4) | byte(5) << 8);
        if (type == k_type_end || length < 2) break;
        std::size_t payload = std::min(length - 2, bytes.size() - 6);
        std::string section = type == k_type_main  ? "MAIN"
                              : type == k_type_sem ? "SEM"
                                                   : "section " + std::to_string(type);
        if (type != k_type_picture) {
            std::size_t length_read = std::min(payload, bytes_left);
            bytes_left -= length_read;
            add_lines(keys, utf8_from_bytes(bytes.subspan(6, length_read)), section);
        }
        bytes = bytes.subspan(6 + payload);
    }
    return keys;
}

bool is_sidecar(MetadataInput const& input) {
    std::string_view start = as_text(input.sidecar.first(std::min<std::size_t>(input.sidecar.size(), 4096)));
    return start.find("[MAIN]") != std::string_view::npos;
}

/// Facts of the column whose section is there.
void read_column(Acquisition& a, HeaderReader& header, std::string const& origin) {
    auto has = [&](std::string_view section) {
        auto const& keys = header.keys();
        return std::any_of(keys.begin(), keys.end(), [&](RawKey const& key) { return key.section == section; });
    };
    bool is_ion = !has("SEM") && has("FIB");
    std::string_view column = is_ion ? "FIB" : "SEM";
    auto number = [&](std::string_view key, double low, double high) {
        return header.measured(column, key, parse_double, low, high);
    };
    if (has(column)) a.beam_kind = {is_ion ? "ion" : "electron", origin + ": [" + std::string(column) + "]"};
    a.beam_energy_kv = shifted(number("HV", 1, 1e6), -3);
    a.working_distance_mm = shifted(number("WD", 1e-5, 1), 3);
    a.probe_current_na = shifted(number("PredictedBeamCurrent", 0, 1e-2), 9);
    a.dwell_time_us = shifted(number("DwellTime", 1e-10, 100), 6);
    a.scan_rotation_deg = number("ScanRotation", -360, 360);
    a.stage_tilt_deg = number("StageTilt", -180, 180);
    a.tilt_correction_deg = number("TiltCorrection", -90, 90);
    if (a.tilt_correction_deg && a.tilt_correction_deg->value == 0) a.tilt_correction_deg.reset();
    a.detector = header.text(column, "Detector");
}

bool sniff(MetadataInput const& input) {
    return input.tag(k_tag) || is_sidecar(input);
}

Metadata read(MetadataInput const& input) {
    Keys keys;
    std::string origin = "header";
    if (FileField const* field = input.tag(k_tag)) keys = tag_keys(field->bytes);
    if (keys.whole.empty() && is_sidecar(input)) {
        keys = {};
        add_lines(keys, sidecar_text(input), {});
        origin = input.sidecar_name.empty() ? "the .hdr file" : std::string(input.sidecar_name);
    }
    HeaderReader header(std::move(keys.whole), origin);
    Metadata metadata;
    metadata.vendor = "TESCAN";
    metadata.raw = std::make_shared<std::vector<RawKey> const>(std::move(keys.all));
    if (metadata.raw->empty()) header.warn("the microscope's header (tag 50431) cannot be read");
    Acquisition& a = metadata.acquisition;

    read_column(a, header, origin);
    a.magnification = header.measured("MAIN", "Magnification", parse_double, 0.1, 1e8);
    a.acquired = header.date_time("MAIN", "Date", "Time");
    a.instrument = header.text("MAIN", "Device");
    for (char const* key : {"FullUserName", "UserName"})
        if (auto name = header.text("MAIN", key); name && names_a_person(name->value) && !a.author) a.author = name;
    a.user_text = header.text("MAIN", "Note");
    if (!a.user_text) a.user_text = header.text("MAIN", "Description");

    auto x_m = header.measured("MAIN", "PixelSizeX", parse_double, 1e-12, 1e-2);
    auto y_m = header.measured("MAIN", "PixelSizeY", parse_double, 1e-12, 1e-2);
    if (x_m && y_m) {
        a.pixel_size_x_nm = shifted(x_m, 9);
        a.pixel_size_y_nm = shifted(y_m, 9);
    }
    Size stored = input.stored_size();
    auto rows = header.measured("MAIN", "ImageStripSize", parse_double, 0, 1e5);
    if (rows && rows->value > 0 && !stored.empty()) {
        if (rows->value == std::floor(rows->value) && rows->value * 2 < stored.height)
            a.databar_rows = {static_cast<int>(rows->value), rows->source};
        else
            header.warn(rows->source + " = " + format_shortest(rows->value) + " rows cannot be true of an image of " +
                        std::to_string(stored.height) + " rows and was left out");
    }
    metadata.warnings = header.warnings();
    return metadata;
}

} // namespace

extern constinit MetadataReader const k_reader_tescan{"tescan", "TESCAN", sniff, read};

} // namespace mg
