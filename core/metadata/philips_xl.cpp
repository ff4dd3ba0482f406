// Header of the Philips/FEI XL series (XL30, Sirion, FIB620): INI text in TIFF tag 34680, which in practice stands
// right behind the first eight bytes of the file. Other programs move it or wrap the file, so the text is looked for
// anywhere.
//
// The calibration is the display's: a field is SizeY/Magnification mm high and RatioXY times as wide, whatever the
// number of pixels; pixels need not be square. (Compared with a burned-in bar on a FIB620 and another program's value
// on a Sirion.) The layout knows no date and no detector names: only the numbers 0, 2 and 3 of the XL30 are named here.
#include <array>
#include <cmath>

#include "base/text.h"
#include "metadata/header_text.h"
#include "metadata/metadata.h"

namespace mg {

namespace {

constexpr std::string_view k_marker = "[DatabarData]";
constexpr int k_tag = 34680;
constexpr std::size_t k_longest_header = 16384; // real ones take about 4230 bytes

// What the header implies for the XL30, for headers that lack SizeY or RatioXY: field width in um times magnification,
// and pixel width to height.
constexpr double k_xl30_field_um = 117500 / 1.03;
constexpr double k_xl30_anisotropy = 0.91;
constexpr std::string_view k_xl30_fallback = "fallback: constant of the XL30, not of this file";

/// Keys of the text block with the most of them; the marker may also occur by chance or in a second, cut copy.
std::vector<RawKey> header_keys(MetadataInput const& input) {
    std::vector<RawKey> best;
    std::string_view file = as_text(input.file);
    std::size_t at = file.find(k_marker);
    for (int block = 0; at != std::string_view::npos && block < 8; ++block) {
        std::vector<RawKey> keys = parse_header_text(file.substr(at, k_longest_header));
        if (keys.size() > best.size()) best = std::move(keys);
        at = file.find(k_marker, at + k_marker.size());
    }
    if (!best.empty() || !input.decoded) return best;
    for (FileField const& field : input.decoded->fields)
        if (field.tag == k_tag) return parse_header_text(as_text(field.bytes).substr(0, k_longest_header));
    return best;
}

bool sniff(MetadataInput const& input) {
    if (input.decoded)
        for (FileField const& field : input.decoded->fields) // newer software writes its own header into the same tag
            if (field.tag == k_tag && !trimmed(as_text(field.bytes)).starts_with("[User]")) return true;
    return as_text(input.file).find(k_marker) != std::string_view::npos;
}

std::optional<Sourced<double>> either(std::optional<Sourced<double>> first, std::optional<Sourced<double>> second) {
    return first ? std::move(first) : std::move(second);
}

bool differ(double a, double b) {
    return std::fabs(a - b) > 0.01 * std::fmax(std::fabs(a), std::fabs(b));
}

std::string cited(Sourced<double> const& value, std::string_view unit) {
    std::string text = format_shortest(value.value);
    if (!unit.empty()) text.append(" ").append(unit);
    return text.append(" (").append(value.source).append(")");
}

std::optional<Sourced<std::string>> detector_name(HeaderReader& header) {
    auto number = header.number("DatabarData", "lDetName", 0, 255);
    if (!number) return std::nullopt;
    int index = static_cast<int>(number->value);
    if (index != number->value) return std::nullopt;
    std::string source = number->source + " = " + std::to_string(index);
    switch (index) {
    case 0:
        return Sourced<std::string>{"SE", source + " in the XL30's numbering"};
    case 2:
        return Sourced<std::string>{"Aux", source + " in the XL30's numbering"};
    case 3:
        return Sourced<std::string>{"CL", source + " in the XL30's numbering"};
    default:
        break;
    }
    // A code of the maker's list that is not published: shown as the number it is.
    std::string key = "Detector_" + std::to_string(index) + "_Name";
    RawKey const* code = header.find("Vector.Video.Detectors", key);
    if (code && parse_int(code->value).value_or(0) > 0)
        return Sourced<std::string>{"detector " + code->value, source + ", " + key + " = " + code->value};
    return Sourced<std::string>{"detector " + std::to_string(index), source};
}

bool is_full_frame(Size size) {
    static constexpr auto k_frames =
        std::to_array<Size>({{712, 484}, {1424, 968}, {2848, 1936}, {648, 484}, {1296, 968}, {2592, 1936}});
    for (Size frame : k_frames)
        if (frame == size) return true;
    return false;
}

/// Fills in the pixel size of an image of this size.
void calibrate(Acquisition& acquisition, HeaderReader& header, Size size, bool is_ion) {
    auto const& magnification = acquisition.magnification;
    auto size_y_mm = header.number("ImageDevice", "SizeY", 1, 1e4);
    auto ratio = header.number("ImageDevice", "RatioXY", 0.2, 5);
    auto half_height_mm = header.number("DatabarData", is_ion ? "flIonMagn" : "flMagn", 1e-9, 1e3);

    std::optional<Sourced<double>> height_mm;
    if (size_y_mm && magnification) {
        height_mm = Sourced<double>{size_y_mm->value / magnification->value,
                                    "header: [ImageDevice] SizeY, RatioXY and magnification"};
        if (half_height_mm && differ(height_mm->value, 2 * half_height_mm->value))
            header.warn("two field heights in the header differ: " + cited(*height_mm, "mm") + " and " +
                        format_shortest(2 * half_height_mm->value) + " mm (twice " + half_height_mm->source +
                        "); the first is used: check the scale bar");
    } else if (half_height_mm) {
        height_mm = Sourced<double>{2 * half_height_mm->value, half_height_mm->source};
    }
    if (!height_mm && !magnification) {
        header.warn("the microscope's header has no magnification: no pixel size; set one by hand");
        return;
    }
    if (size.empty()) return;

    if (height_mm && ratio) {
        double y_nm = height_mm->value * 1e6 / size.height;
        double x_nm = height_mm->value * 1e6 * ratio->value / size.width;
        acquisition.pixel_size_x_nm = {x_nm, height_mm->source};
        acquisition.pixel_size_y_nm = {y_nm, height_mm->source};
    } else if (height_mm) {
        double y_nm = height_mm->value * 1e6 / size.height;
        acquisition.pixel_size_x_nm = {y_nm * k_xl30_anisotropy, std::string(k_xl30_fallback)};
        acquisition.pixel_size_y_nm = {y_nm, height_mm->source};
        header.warn("the header lacks RatioXY: the pixel width assumes the XL30's ratio of 0.91; check the scale bar");
    } else {
        double x_nm = k_xl30_field_um * 1e3 / magnification->value / size.width;
        acquisition.pixel_size_x_nm = {x_nm, std::string(k_xl30_fallback)};
        acquisition.pixel_size_y_nm = {x_nm / k_xl30_anisotropy, std::string(k_xl30_fallback)};
        header.warn(
            "the header lacks SizeY: the pixel size is the XL30's 114.1 mm / magnification; check the scale bar");
    }

    // The header describes the whole frame. An editor that crops and keeps the header makes the field smaller than it
    // says.
    if (is_full_frame(size)) return;
    std::string frame = std::to_string(size.width) + " x " + std::to_string(size.height) + " px";
    double anisotropy = acquisition.pixel_size_x_nm->value / acquisition.pixel_size_y_nm->value;
    bool usual_ratio = !differ(anisotropy, 0.9061) || !differ(anisotropy, 0.9956);
    if (usual_ratio)
        header.warn(frame +
                    " is not a frame that these microscopes are known to record: the pixel size is right if the "
                    "image was resized, wrong if it was cropped");
    else
        header.warn(
            frame + " does not have the shape of a whole frame (pixels " + format_significant(anisotropy, 3) +
            " times as wide as high): the image seems cropped or extended, and its pixel size wrong; set it by hand");
}

Metadata read(MetadataInput const& input) {
    HeaderReader header(header_keys(input));
    Metadata metadata;
    Acquisition& a = metadata.acquisition;

    auto image_type = header.number("DatabarData", "iImageType", 0, 255);
    bool is_ion = image_type && image_type->value == 2;
    if (image_type && image_type->value <= 2) a.beam_kind = {is_ion ? "ion" : "electron", image_type->source};

    std::optional<Sourced<double>> volts;
    if (is_ion) {
        volts = header.number("DatabarData", "flIonAccV", 1, 1e6);
        a.spot_size = header.number("DatabarData", "flIonSpot", 0, 1e6);
        a.working_distance_mm = header.number("DatabarData", "flIonWD", 0.01, 1000);
        a.magnification = header.number("Vector.IonColumn", "IonMagn", 0.1, 1e8);
        a.scan_rotation_deg = header.number("Vector.IonColumn", "IonScanRot", -360, 360);
    } else {
        volts = header.number("DatabarData", "flAccV", 1, 1e6);
        auto column_volts = header.number("Vector", "HighTension", 1, 1e6);
        if (volts && column_volts && differ(volts->value, column_volts->value))
            header.warn("two beam energies in the header differ: " + cited(*volts, "V") + " and " +
                        cited(*column_volts, "V") + "; the first is shown");
        volts = either(std::move(volts), std::move(column_volts));
        a.spot_size =
            either(header.number("DatabarData", "flSpot", 0, 100), header.number("Vector", "ProbeCurrent", 0, 100));
        a.working_distance_mm =
            either(header.number("DatabarData", "flWD", 0.01, 1000), header.number("Vector", "FWD", 0.01, 1000));
        a.magnification = header.number("Vector", "Magnification", 0.1, 1e8);
        a.scan_rotation_deg = header.number("Vector", "ScanRotation", -360, 360);
    }
    if (volts) a.beam_energy_kv = {volts->value / 1000, volts->source};
    a.detector = detector_name(header);
    a.user_text = header.text("DatabarData", "szUserText");
    calibrate(a, header, input.stored_size(), is_ion);

    metadata.vendor = "Philips/FEI XL";
    metadata.warnings = header.warnings();
    metadata.raw = std::make_shared<std::vector<RawKey> const>(header.keys());
    return metadata;
}

} // namespace

extern constinit MetadataReader const k_reader_philips_xl{"philips_xl", "Philips/FEI XL series", sniff, read};

} // namespace mg
