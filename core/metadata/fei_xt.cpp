// Headers of the xT software of FEI and Thermo Fisher (Quanta, Scios, Helios, Verios, ...): INI text in TIFF tag 34682,
// with some models in 34680; and XML in tag 34683, either of the same microscopes (root Metadata, schema
// http://schemas.fei.com/Metadata/v1/2013/07) or of the Phenom (root FeiImage).
//
// Lengths are metres, angles radians (a stage at 52 degrees reads 0.9076). [Beam] names the column and the scan whose
// sections hold the rest. [Scan] describes the picture, the column's section the state of the column when it was saved;
// both state a field width. The magnification depends on the display and is not stored. DatabarHeight is 0 in files
// with a databar of 70 rows: the rows below ResolutionY are counted instead. Images of the navigation camera have
// neither beam nor scan, only [IRBeam] with a field width.
#include <algorithm>
#include <cmath>

#include "metadata/header_facts.h"
#include "metadata/header_text.h"
#include "metadata/metadata.h"
#include "metadata/sidecar.h"
#include "metadata/units.h"
#include "metadata/xml_text.h"

namespace mg {

namespace {

constexpr int k_tag_other = 34680, k_tag_ini = 34682, k_tag_xml = 34683;
constexpr double k_nm_per_m = 1e9;
constexpr double k_half_turn_rad = 3.2;

/// The tag with the INI text; null when there is none. Tag 34680 otherwise holds the header of another series.
FileField const* ini_tag(MetadataInput const& input) {
    if (FileField const* field = input.tag(k_tag_ini)) return field;
    FileField const* field = input.tag(k_tag_other);
    return field && trimmed(as_text(field->bytes)).starts_with("[User]") ? field : nullptr;
}

/// Everything that both dialects state, in the units of Acquisition.
struct Found {
    Acquisition facts;
    Size frame;                          ///< pixels that were scanned; empty when not stated
    std::string frame_name;              ///< where that stands
    int databar_rows = 0;                ///< as stated; 0 is often wrong
    std::vector<StatedPixelSize> pixels; ///< of the frame, the best first
};

/// Numbers of a section by key; what stands there empty is just absent.
class Section {
public:
    Section(HeaderReader& header, std::string name) : m_header(header), m_name(std::move(name)) {}

    std::optional<Sourced<double>> number(std::string_view key, double low, double high) {
        return m_header.measured(m_name, key, parse_double, low, high);
    }
    std::optional<Sourced<double>> degrees(std::string_view key) {
        return scaled(number(key, -2 * k_half_turn_rad, 2 * k_half_turn_rad), k_degrees_per_radian);
    }
    std::optional<Sourced<std::string>> text(std::string_view key) const { return m_header.text(m_name, key); }
    bool is_on(std::string_view key) const {
        auto state = text(key);
        return state && (iequals(state->value, "yes") || iequals(state->value, "true") || iequals(state->value, "on"));
    }
    /// A whole number; 0 when there is none.
    int count(std::string_view key) {
        auto found = number(key, 0, 1 << 20);
        return found && found->value == std::floor(found->value) ? static_cast<int>(found->value) : 0;
    }
    std::string const& name() const { return m_name; }
    bool exists() const {
        auto const& keys = m_header.keys();
        return std::any_of(keys.begin(), keys.end(), [&](RawKey const& key) { return key.section == m_name; });
    }

private:
    HeaderReader& m_header;
    std::string m_name;
};

template <class T>
std::optional<T> either(std::optional<T> first, std::optional<T> second) {
    return first ? std::move(first) : std::move(second);
}

void add_pixels(Found& found, std::optional<Sourced<double>> x_m, std::optional<Sourced<double>> y_m,
                std::string source) {
    auto x_nm = shifted(std::move(x_m), 9), y_nm = shifted(std::move(y_m), 9);
    if (x_nm && y_nm) found.pixels.push_back({x_nm->value, y_nm->value, std::move(source)});
}

/// "ETD SE": the detector's name and what it collected, unless one says both.
std::optional<Sourced<std::string>> detector_of(std::optional<Sourced<std::string>> name,
                                                std::optional<Sourced<std::string>> mode) {
    if (!name || iequals(name->value, "none")) return std::nullopt;
    bool adds_nothing = !mode || iequals(mode->value, "none") || name->value.find(mode->value) != std::string::npos;
    if (!adds_nothing) name->value.append(" ").append(mode->value);
    return name;
}

/// Older files only number their detectors; the section of the first one follows and is named after it.
std::optional<Sourced<std::string>> first_detector(HeaderReader const& header) {
    bool is_behind = false;
    for (RawKey const& key : header.keys()) {
        if (is_behind && !key.section.empty() && key.section != "Detectors" && key.key == "Signal")
            return detector_of(Sourced<std::string>{key.section, "header: [" + key.section + "]"},
                               header.text(key.section, "Signal"));
        is_behind = is_behind || key.section == "Detectors";
    }
    return std::nullopt;
}

/// UserTextUnicode is the text as hexadecimal digits of UTF-16; UserText lacks what the code page lacks.
std::optional<Sourced<std::string>> user_text(HeaderReader const& header) {
    auto digits = header.text("User", "UserTextUnicode");
    if (digits && digits->value.size() % 4 == 0) {
        Bytes bytes;
        auto nibble = [](char c) {
            if (is_digit(c)) return c - '0';
            c = static_cast<char>(c | 0x20);
            return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        };
        for (std::size_t i = 0; i + 1 < digits->value.size(); i += 2) {
            int high = nibble(digits->value[i]), low = nibble(digits->value[i + 1]);
            if (high < 0 || low < 0) return header.text("User", "UserText");
            bytes.push_back(static_cast<std::uint8_t>(16 * high + low));
        }
        std::string text(trimmed(utf8_from_utf16(bytes, false)));
        if (!text.empty()) return Sourced<std::string>{std::move(text), std::move(digits->source)};
    }
    return header.text("User", "UserText");
}

std::optional<Sourced<std::string>> acquired(HeaderReader& header) {
    if (auto created = header.text("PrivateFei", "TimeOfCreation")) { // "10.11.2023 14:09:15", day first everywhere
        std::string_view text = created->value;
        std::size_t blank = std::min(text.find(' '), text.size());
        auto date = iso_date_time(text.substr(0, blank), text.substr(blank), DateOrder::day_month_year);
        if (date) return Sourced<std::string>{std::move(*date), std::move(created->source)};
        header.warn(created->source + " = " + quoted(created->value) + " is no date and was left out");
    }
    return header.date_time("User", "Date", "Time");
}

void read_pixels(Found& found, HeaderReader& header, Section& column, std::string const& scan_name) {
    Section image(header, "Image"), scan(header, "Scan"), own_scan(header, scan_name);
    for (Section* section : {&scan, &own_scan}) {
        if (section->name().empty()) continue;
        auto x = section->number("PixelWidth", 1e-13, 1e-2), y = section->number("PixelHeight", 1e-13, 1e-2);
        add_pixels(found, x, y, "header: [" + section->name() + "] PixelWidth, PixelHeight");
    }
    found.frame = {image.count("ResolutionX"), image.count("ResolutionY")};
    found.frame_name = "header: [Image] ResolutionX, ResolutionY";

    struct Field {
        Section* section;
        char const *width, *height;
    };
    for (Field field : {Field{&scan, "HorFieldsize", "VerFieldsize"}, Field{&column, "HFW", "VFW"}}) {
        if (field.section->name().empty()) continue;
        auto width = field.section->number(field.width, 1e-9, 1), height = field.section->number(field.height, 1e-9, 1);
        if (!width || !height) continue;
        if (!found.frame.empty()) {
            add_pixels(found, scaled(width, 1.0 / found.frame.width), scaled(height, 1.0 / found.frame.height),
                       "header: [" + field.section->name() + "] " + field.width + ", " + field.height +
                           " and the resolution");
        } else if (!found.pixels.empty()) { // the resolution is missing: the field is so many pixels wide
            double columns = std::round(width->value * k_nm_per_m / found.pixels[0].x_nm);
            double rows = std::round(height->value * k_nm_per_m / found.pixels[0].y_nm);
            if (columns >= 1 && rows >= 1 && columns <= 1 << 20 && rows <= 1 << 20) {
                found.frame = {static_cast<int>(columns), static_cast<int>(rows)};
                found.frame_name = "header: [" + field.section->name() + "] " + field.width + ", " + field.height;
            }
        }
    }
}

Found read_ini(HeaderReader& header) {
    Found found;
    Acquisition& a = found.facts;
    Section beam(header, "Beam"), scan(header, "Scan"), stage(header, "Stage");
    auto column_name = beam.text("Beam"), scan_name = beam.text("Scan");
    Section column(header, column_name ? column_name->value : Section(header, "EBeam").exists() ? "EBeam" : "IBeam");
    Section own_scan(header, scan_name ? scan_name->value : column.name() == "IBeam" ? "IScan" : "EScan");
    bool is_electron = column.name() == "EBeam", is_ion = column.name() == "IBeam";
    if (column.exists() && (is_electron || is_ion))
        a.beam_kind = {is_ion ? "ion" : "electron",
                       column_name ? column_name->source : "header: [" + column.name() + "]"};

    a.beam_energy_kv = shifted(either(beam.number("HV", 1, 1e6), column.number("HV", 1, 1e6)), -3);
    a.spot_size = beam.number("Spot", 0, 1000);
    a.probe_current_na = shifted(column.number("BeamCurrent", 0, 1e-2), 9);
    a.dwell_time_us = shifted(either(scan.number("Dwelltime", 1e-10, 100), own_scan.number("Dwell", 1e-10, 100)), 6);
    a.scan_rotation_deg = either(beam.degrees("ScanRotation"), column.degrees("ScanRotation"));
    a.stage_tilt_deg = either(stage.degrees("StageT"), column.degrees("StageTa"));
    if (is_electron || is_ion) { // of a camera it is the height of the stage below it
        a.working_distance_mm =
            shifted(either(column.number("WD", 1e-5, 1), stage.number("WorkingDistance", 1e-5, 1)), 3);
        for (Section* section : {&column, &beam})
            if (!a.tilt_correction_deg && section->is_on("TiltCorrectionIsOn"))
                a.tilt_correction_deg = section->degrees("TiltCorrectionAngle");
    }
    Section detectors(header, "Detectors");
    if (auto name = detectors.text("Name")) {
        auto mode = detectors.text("Mode");
        a.detector = detector_of(name, mode ? mode : header.text(name->value, "Signal"));
    } else {
        a.detector = first_detector(header);
    }
    a.acquired = acquired(header);
    a.instrument = either(header.text("System", "SystemType"), header.text("System", "Type"));
    if (auto user = header.text("User", "User"); user && names_a_person(user->value)) a.author = user;
    a.user_text = user_text(header);
    read_pixels(found, header, column, own_scan.name());
    found.databar_rows = Section(header, "PrivateFei").count("DatabarHeight");
    return found;
}

/// Root Metadata.
Found read_xml(HeaderReader& header) {
    Found found;
    Acquisition& a = found.facts;
    Section acquisition(header, "Metadata/Acquisition"), optics(header, "Metadata/Optics");
    Section scan(header, "Metadata/ScanSettings"), detector(header, "Metadata/Detectors/ScanningDetector");
    Section size(header, "Metadata/BinaryResult/ImageSize"), pixel(header, "Metadata/BinaryResult/PixelSize");

    auto kind = acquisition.text("BeamType");
    if (kind && (iequals(kind->value, "electron") || iequals(kind->value, "ion")))
        a.beam_kind = {lowered(kind->value), kind->source};
    a.beam_energy_kv = shifted(optics.number("AccelerationVoltage", 1, 1e6), -3);
    a.working_distance_mm = shifted(optics.number("WorkingDistance", 1e-5, 1), 3);
    a.probe_current_na = shifted(optics.number("BeamCurrent", 0, 1e-2), 9);
    a.dwell_time_us = shifted(scan.number("DwellTime", 1e-10, 100), 6);
    a.scan_rotation_deg = scan.degrees("ScanRotation");
    a.stage_tilt_deg = Section(header, "Metadata/StageSettings/StagePosition/Tilt").degrees("Alpha");
    if (optics.is_on("SampleTiltCorrectionOn"))
        header.warn("the microscope corrected the scan for a tilted sample, by an angle that its header does not name");
    a.detector =
        detector_of(either(detector.text("DetectorName"), detector.text("DetectorType")), detector.text("Signal"));
    if (auto time = acquisition.text("AcquisitionDatetime")) { // "2022-10-04T08:41:33"
        auto date =
            iso_date_time(std::string_view(time->value).substr(0, 10),
                          std::string_view(time->value).substr(std::min<std::size_t>(11, time->value.size()), 8),
                          DateOrder::year_month_day);
        if (date) a.acquired = {std::move(*date), time->source};
    }
    a.instrument = header.text("Metadata/Instrument", "InstrumentClass");
    if (auto user = header.text("Metadata/Core", "UserID"); user && names_a_person(user->value)) a.author = user;

    auto unit = pixel.text("X@unit"), power = pixel.text("X@unitPrefixPower");
    bool is_metre = (!unit || unit->value == "m") && (!power || power->value == "1" || power->value == "0");
    if (is_metre)
        add_pixels(found, pixel.number("X", 1e-13, 1e-2), pixel.number("Y", 1e-13, 1e-2),
                   "header: [Metadata/BinaryResult] PixelSize");
    else
        header.warn("header: the unit of [Metadata/BinaryResult] PixelSize is not known: its pixel size was left out");
    found.frame = {size.count("X"), size.count("Y")};
    found.frame_name = "header: [Metadata/BinaryResult] ImageSize";
    return found;
}

/// Root FeiImage: values with their units beside them.
Found read_phenom(HeaderReader& header) {
    Found found;
    Acquisition& a = found.facts;
    auto quantity = [&](std::string_view section, std::string const& key, std::string_view base, double low,
                        double high) -> std::optional<Sourced<double>> {
        auto value = header.measured(section, key, parse_double, -1e30, 1e30);
        auto unit = header.text(section, key + "@unit");
        if (!value || !unit) return std::nullopt;
        auto in_base = in_base_unit({value->value, unit->value}, base);
        if (in_base && base == "V") in_base = std::fabs(*in_base); // written as a negative potential
        if (in_base && *in_base >= low && *in_base <= high) return Sourced<double>{*in_base, value->source};
        header.warn(value->source + " = " + format_shortest(value->value) + " " + unit->value +
                    " cannot be true and was left out");
        return std::nullopt;
    };
    Section image(header, "FeiImage"), scan(header, "FeiImage/acquisition/scan");
    add_pixels(found, quantity("FeiImage", "pixelWidth", "m", 1e-13, 1e-2),
               quantity("FeiImage", "pixelHeight", "m", 1e-13, 1e-2), "header: [FeiImage] pixelWidth, pixelHeight");
    a.beam_energy_kv = shifted(quantity(scan.name(), "highVoltage", "V", 1, 1e6), -3);
    a.working_distance_mm = shifted(quantity("FeiImage", "workingDistance", "m", 1e-5, 1), 3);
    a.dwell_time_us = shifted(quantity(scan.name(), "dwellTime", "s", 1e-10, 100), 6);
    a.spot_size = scan.number("spotSize", 0, 1000);
    a.detector = scan.text("detector");
    if (auto time = image.text("time")) {
        std::string_view text = time->value;
        auto date = iso_date_time(text.substr(0, 10), text.substr(std::min<std::size_t>(11, text.size()), 8),
                                  DateOrder::year_month_day);
        if (date) a.acquired = {std::move(*date), time->source};
    }
    a.instrument = either(header.text("FeiImage/instrument", "edition"), header.text("FeiImage/instrument", "type"));
    a.beam_kind = {"electron", "header: [FeiImage]"};
    found.databar_rows = image.count("databarHeight");
    return found;
}

/// Rows of a databar in an image that was resized together with it, as rows of the frame; 0 when the image has none or
/// has another shape. Their number is known from the header, else only when the image is so many times smaller or
/// larger, where rows between 2.5 and 9 % of the frame's are what the microscopes add.
int rows_in_resized(Size stored, Size frame, int stated_rows) {
    double ratio = static_cast<double>(frame.width) / stored.width;
    double rows = stored.height * ratio - frame.height;
    if (stated_rows > 0 && std::fabs(rows - stated_rows) <= ratio) return stated_rows;
    double times = ratio > 1 ? ratio : 1 / ratio;
    bool is_multiple = times == std::round(times) && times <= 8;
    bool is_usual = rows >= 0.025 * frame.height && rows <= 0.09 * frame.height;
    return is_multiple && is_usual ? static_cast<int>(std::lround(rows)) : 0;
}

/// States the frame's pixel sizes as they hold for the stored image, and the rows of the databar.
void fit(Metadata& metadata, Found const& found, Size stored, HeaderReader& header) {
    Acquisition& a = metadata.acquisition;
    Size frame = found.frame;
    FrameFit fitted{1.0, 0, {}};
    int resized_rows = 0;
    if (!frame.empty() && !stored.empty()) {
        if (frame.width != stored.width) resized_rows = rows_in_resized(stored, frame, found.databar_rows);
        fitted = fit_to_frame(stored, {frame.width, frame.height + resized_rows}, found.frame_name);
    } else if (!stored.empty() && !found.frame_name.empty() && !found.pixels.empty()) {
        header.warn("the header does not say of how many pixels its picture is: it cannot be told whether it was "
                    "resized, and the pixel size was left out; set one by hand");
        fitted.scale.reset();
    } else if (found.frame_name.empty() && found.databar_rows < stored.height / 3) {
        fitted.databar_rows = found.databar_rows;
    }
    if (!fitted.warning.empty()) header.warn(fitted.warning);
    int rows = fitted.databar_rows;
    if (resized_rows > 0 && fitted.scale)
        rows = stored.height - static_cast<int>(std::lround(frame.height / *fitted.scale));
    std::string source =
        found.frame_name.empty() ? "header: [FeiImage] databarHeight" : found.frame_name + ", rows stored below";
    if (rows > 0 && !a.databar_rows) a.databar_rows = {rows, std::move(source)};

    if (!fitted.scale) return;
    for (StatedPixelSize const& size : found.pixels)
        metadata.pixel_sizes.push_back({size.x_nm * *fitted.scale, size.y_nm * *fitted.scale, size.source});
    if (a.pixel_size_x_nm || metadata.pixel_sizes.empty()) return;
    StatedPixelSize const& best = metadata.pixel_sizes.front();
    a.pixel_size_x_nm = {best.x_nm, best.source};
    a.pixel_size_y_nm = {best.y_nm, best.source};
}

void add(Metadata& metadata, Found found, Size stored, HeaderReader& header) {
    for_each_fact([&](char const*, auto member) {
        if (!(metadata.acquisition.*member)) metadata.acquisition.*member = std::move(found.facts.*member);
    });
    fit(metadata, found, stored, header);
    metadata.warnings.insert(metadata.warnings.end(), header.warnings().begin(), header.warnings().end());
}

bool sniff(MetadataInput const& input) {
    return ini_tag(input) || input.tag(k_tag_xml);
}

Metadata read(MetadataInput const& input) {
    Metadata metadata;
    metadata.vendor = "FEI/Thermo Fisher";
    std::vector<RawKey> raw;
    Size stored = input.stored_size();
    if (std::string text = header_text(ini_tag(input)); !text.empty()) {
        HeaderReader header(parse_header_text(whole_lines(text)));
        raw = parse_header_text(text);
        add(metadata, read_ini(header), stored, header);
    }
    if (std::string text = header_text(input.tag(k_tag_xml)); !text.empty()) {
        HeaderReader header(parse_xml_text(text));
        raw.insert(raw.end(), header.keys().begin(), header.keys().end());
        bool is_phenom = Section(header, "FeiImage").exists();
        add(metadata, is_phenom ? read_phenom(header) : read_xml(header), stored, header);
    }
    if (raw.empty()) metadata.warnings.push_back("the microscope's header (tag 34682 or 34683) cannot be read");
    metadata.raw = std::make_shared<std::vector<RawKey> const>(std::move(raw));
    return metadata;
}

} // namespace

extern constinit MetadataReader const k_reader_fei_xt{"fei_xt", "FEI and Thermo Fisher, xT", sniff, read};

} // namespace mg
