// TIFF files of Gatan's DigitalMicrograph (GMS): for x and y the unit in tags 65003 and 65004 (code page 1252), the
// origin in 65006 and 65007, the size of a pixel in 65009 and 65010, and the program's own tree of tags in 65027 with
// what the microscope reported. (RosettaSciIO writes the same tags for x and y in this order; the values of a real file
// agree with the same image as saved by ImageJ.) The resolution tags hold 72 per inch.
#include <cstring>

#include "base/text.h"
#include "metadata/dm_tags.h"
#include "metadata/header_facts.h"
#include "metadata/header_text.h"
#include "metadata/metadata.h"
#include "metadata/units.h"

namespace mg {

namespace {

constexpr int k_unit_x = 65003, k_unit_y = 65004, k_scale_x = 65009, k_scale_y = 65010, k_tree = 65027;
constexpr std::string_view k_microscope = "Microscope Info";

std::optional<double> real(MetadataInput const& input, int tag) {
    FileField const* field = input.tag(tag);
    if (!field || field->bytes.size() != 8) return std::nullopt;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | field->bytes[input.decoded->big_endian ? i : 7 - i];
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/// Empty when it was cut off: what ends without a NUL byte.
std::string unit(MetadataInput const& input, int tag) {
    FileField const* field = input.tag(tag);
    std::string_view text = field ? as_text(field->bytes) : std::string_view();
    std::size_t end = text.find('\0');
    return end == std::string_view::npos ? std::string() : utf8_from_unknown(trimmed(text.substr(0, end)));
}

bool sniff(MetadataInput const& input) {
    return input.tag(k_scale_x) || input.tag(k_tree);
}

void read_pixel_size(MetadataInput const& input, Acquisition& a, std::vector<std::string>& warnings) {
    auto x = real(input, k_scale_x), y = real(input, k_scale_y);
    std::string x_unit = unit(input, k_unit_x), y_unit = unit(input, k_unit_y);
    if (!x || !y || x_unit.empty() || y_unit.empty()) return; // not calibrated
    std::string shown = format_shortest(*x) + " " + x_unit + " x " + format_shortest(*y) + " " + y_unit;
    auto x_nm = nanometres_per(x_unit), y_nm = nanometres_per(y_unit);
    if (x_nm && y_nm && is_pixel_size_nm(*x * *x_nm) && is_pixel_size_nm(*y * *y_nm)) {
        a.pixel_size_x_nm = {*x * *x_nm, "header: tags 65009, 65003"};
        a.pixel_size_y_nm = {*y * *y_nm, "header: tags 65010, 65004"};
    } else if (x_nm && y_nm) {
        warnings.push_back("header: a pixel size of " + shown + " cannot be true and was left out");
    } else {
        warnings.push_back("header: the pixels are " + shown + ", which is no length: no pixel size");
    }
}

Metadata read(MetadataInput const& input) {
    Metadata metadata;
    metadata.vendor = "Gatan DigitalMicrograph";
    Acquisition& a = metadata.acquisition;
    read_pixel_size(input, a, metadata.warnings);

    FileField const* tree = input.tag(k_tree);
    HeaderReader header(tree ? parse_dm_tags(tree->bytes) : std::vector<RawKey>());
    // 0 stands for what the microscope did not report.
    auto reported = [&](std::string_view key, double low, double high) {
        RawKey const* entry = header.find(k_microscope, key);
        return entry && entry->value != "0" ? header.number(k_microscope, key, low, high) : std::nullopt;
    };
    a.beam_energy_kv = scaled(reported("Voltage", 1, 3e6), 1e-3);
    if (a.beam_energy_kv) a.beam_kind = {"electron", a.beam_energy_kv->source};
    a.magnification = reported("Indicated Magnification", 0.1, 1e8);
    a.probe_current_na = reported("Probe Current (nA)", 1e-9, 1e9);
    for (std::string_view key : {"Microscope", "Name"})
        if (!a.instrument) a.instrument = header.text(k_microscope, key);
    a.sample = header.text(k_microscope, "Specimen");
    auto author = header.text(k_microscope, "Operator");
    if (author && names_a_person(author->value)) a.author = author;
    a.stage_tilt_deg = header.number("Microscope Info.Stage Position", "Stage Alpha", -90, 90);
    a.detector = header.text("DataBar", "Device Name");
    a.acquired = header.date_time("DataBar", "Acquisition Date", "Acquisition Time");
    metadata.warnings.insert(metadata.warnings.end(), header.warnings().begin(), header.warnings().end());

    std::vector<RawKey> raw;
    for (int tag : {k_unit_x, k_unit_y})
        if (input.tag(tag)) raw.push_back({"Tags", std::to_string(tag), unit(input, tag)});
    for (int tag = 65006; tag <= k_scale_y; ++tag)
        if (auto value = real(input, tag)) raw.push_back({"Tags", std::to_string(tag), format_shortest(*value)});
    raw.insert(raw.end(), header.keys().begin(), header.keys().end());
    metadata.raw = std::make_shared<std::vector<RawKey> const>(std::move(raw));
    return metadata;
}

} // namespace

extern constinit MetadataReader const k_reader_gatan_dm{"gatan_dm", "Gatan DigitalMicrograph, tags 65003 to 65027",
                                                        sniff, read};

} // namespace mg
