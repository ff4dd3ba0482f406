// Headers of Zeiss SmartSEM (LEO, Supra, Merlin, Crossbeam, ...): text in TIFF tag 34118 in code page 1252, with newer
// versions also in tag 34119 in UTF-16, which keeps the letters that the code page lacks. Some thirty lines of numbers
// come first (line 4 the pixel size in m, 5 the magnification, 7 the beam voltage in V, 9 the probe current in A, 10
// the working distance in m), then pairs of lines: a key, and "Label = value unit".
//
// AP_IMAGE_PIXEL_SIZE holds for the picture at the resolution it was stored with (DP_IMAGE_STORE). AP_PIXEL_SIZE and
// line 4 hold for a display 1024 pixels wide (which is why they are twice as large in files 2048 pixels wide); they are
// used only where the field width, AP_WIDTH, says for how many columns they hold. The databar is drawn over the
// picture: no rows are added for it. DP_DWELL_TIME is a setting that the line times contradict, and not taken.
#include <cmath>

#include "metadata/header_facts.h"
#include "metadata/header_text.h"
#include "metadata/metadata.h"
#include "metadata/sidecar.h"
#include "metadata/units.h"

namespace mg {

namespace {

constexpr int k_tag_1252 = 34118, k_tag_utf16 = 34119;
constexpr double k_display_columns = 1024;

bool is_key(std::string_view line) {
    if (line.size() < 4 || line.size() > 64 || line[2] != '_' || !is_alpha(line[0]) || !is_alpha(line[1])) return false;
    for (char c : line)
        if (!(c >= 'A' && c <= 'Z') && !is_digit(c) && c != '_') return false;
    return true;
}

/// The numbers as "line 1", ..., then the keys, each with the whole line behind it.
std::vector<RawKey> header_keys(std::string_view text) {
    std::vector<RawKey> keys;
    int number = 0;
    bool is_among_numbers = true;
    for (std::string_view line : split_lines(text)) {
        line = trimmed(line);
        if (line.empty()) continue;
        if (is_key(line)) {
            keys.push_back({{}, std::string(line), {}});
            is_among_numbers = false;
        } else if (is_among_numbers) {
            keys.push_back({{}, "line " + std::to_string(++number), std::string(line)});
        } else if (keys.back().value.empty()) {
            keys.back().value = line;
        }
    }
    return keys;
}

/// What stands behind the label: "20.00 kV" of "EHT = 20.00 kV", "9:40:32" of "Time :9:40:32".
std::string_view behind_label(std::string_view line) {
    std::size_t end = line.find('=');
    if (end == std::string_view::npos) end = line.find(':');
    return end == std::string_view::npos ? line : trimmed(line.substr(end + 1));
}

std::optional<double> degrees(std::string_view text) {
    auto angle = parse_quantity(text);
    return angle && (angle->unit.empty() || angle->unit == "\u00B0") ? std::optional(angle->value) : std::nullopt;
}

/// Keys with their labels taken off.
HeaderReader value_reader(std::vector<RawKey> keys) {
    for (RawKey& key : keys) key.value = std::string(behind_label(key.value));
    return HeaderReader(std::move(keys));
}

/// "1024 * 768"
Size stored_resolution(HeaderReader const& header) {
    auto text = header.text({}, "DP_IMAGE_STORE");
    std::vector<std::string_view> parts = text ? split(text->value, '*') : std::vector<std::string_view>();
    if (parts.size() != 2) return {};
    auto width = parse_int(trimmed(parts[0])), height = parse_int(trimmed(parts[1]));
    auto is_side = [](std::optional<std::int64_t> side) { return side && *side > 0 && *side <= 1 << 20; };
    if (!is_side(width) || !is_side(height)) return {};
    return {static_cast<int>(*width), static_cast<int>(*height)};
}

std::optional<Sourced<double>> either(std::optional<Sourced<double>> first, std::optional<Sourced<double>> second) {
    return first ? std::move(first) : std::move(second);
}

struct Field {
    std::optional<Sourced<double>> width_nm, height_nm;
};

/// The picture as it was stored first. Old files do not name its size: then it is the field's in these pixels, or the
/// stored image's when that has as many columns.
struct Frame {
    Size size;
    std::string stated_by;
};
Frame frame_of(HeaderReader const& header, Field const& field, double pixel_nm, Size stored) {
    if (Size size = stored_resolution(header); !size.empty()) return {size, "header: DP_IMAGE_STORE"};
    if (!field.width_nm) return {stored, "the image"};
    double columns = std::round(field.width_nm->value / pixel_nm);
    double rows = field.height_nm ? std::round(field.height_nm->value / pixel_nm) : 0;
    if (columns < 1 || columns > 1 << 20 || rows < 0 || rows > 1 << 20) return {};
    Size size{static_cast<int>(columns), static_cast<int>(rows)};
    if (!far_apart(columns, stored.width)) size.width = stored.width; // four digits do not give the last column
    if (!far_apart(rows, stored.height)) size.height = stored.height;
    if (rows == 0) size.height = size.width == stored.width ? stored.height : 0;
    return {size, "header: AP_WIDTH"};
}

/// The pixel size of the picture at the size it was stored with first.
struct FramePixel {
    double nm = 0;
    std::string source;
};
std::optional<FramePixel> frame_pixel(HeaderReader& header, Field const& field, Size stored, Metadata& metadata) {
    auto image_nm = header.measured({}, "AP_IMAGE_PIXEL_SIZE", nanometres, 1e-3, 1e7);
    auto display_nm = header.measured({}, "AP_PIXEL_SIZE", nanometres, 1e-3, 1e7);
    // Line 4 is the same number with all its digits.
    auto line_nm = shifted(header.measured({}, "line 4", parse_double, 1e-12, 1e-2), 9);
    if (display_nm && line_nm && far_apart(display_nm->value, line_nm->value)) {
        if (!image_nm) {
            header.warn("two pixel sizes in the header differ: " + format_length(display_nm->value, 4) +
                        " (AP_PIXEL_SIZE) and " + format_length(line_nm->value, 4) +
                        " (line 4): neither was taken; set one by hand");
            return std::nullopt;
        }
    } else if (line_nm) {
        if (display_nm) line_nm->source = display_nm->source;
        display_nm = line_nm;
    }
    Size frame = stored_resolution(header);
    if (frame.empty()) frame = stored;

    if (image_nm) {
        // The display's pixel size is stated as well, unless it is the same for 1024 columns.
        if (display_nm && far_apart(display_nm->value, image_nm->value)) {
            bool is_explained =
                !frame.empty() && !far_apart(display_nm->value * k_display_columns / frame.width, image_nm->value);
            if (!is_explained)
                header.warn("two pixel sizes in the header differ: " + format_length(image_nm->value, 4) +
                            " (AP_IMAGE_PIXEL_SIZE) and " + format_length(display_nm->value, 4) +
                            " (AP_PIXEL_SIZE); the first is used: check the scale bar");
        }
        if (field.width_nm && !frame.empty() && far_apart(image_nm->value * frame.width, field.width_nm->value)) {
            double by_field = field.width_nm->value / frame.width;
            if (!stored_resolution(header).empty())
                metadata.pixel_sizes.push_back(
                    {by_field, by_field, "header: AP_WIDTH / " + std::to_string(frame.width) + " columns"});
        }
        return FramePixel{image_nm->value, image_nm->source};
    }
    if (!display_nm || frame.empty()) return std::nullopt;

    // Which number of columns does it hold for? The field's width decides; without it 1024 is the only one that is
    // sure.
    double for_display = display_nm->value * k_display_columns / frame.width;
    if (!field.width_nm) {
        if (frame.width == k_display_columns) return FramePixel{display_nm->value, display_nm->source};
        header.warn("the header's pixel size, " + format_length(display_nm->value, 4) +
                    ", may hold for a display of 1024 columns, which would make " + format_length(for_display, 4) +
                    " in this image: neither was taken; set one by hand");
        return std::nullopt;
    }
    double field_nm = field.width_nm->value / frame.width;
    if (!far_apart(display_nm->value, field_nm)) return FramePixel{display_nm->value, display_nm->source};
    // Without a stored resolution, `frame` is what is stored: a crop is ruled out by its height.
    bool is_whole = !stored_resolution(header).empty() ||
                    (field.height_nm && !far_apart(for_display * frame.height, field.height_nm->value));
    if (!far_apart(for_display, field_nm) && is_whole)
        return FramePixel{for_display, display_nm->source + " of a display of 1024 columns"};
    if (!far_apart(display_nm->value * k_display_columns, field.width_nm->value) && stored_resolution(header).empty()) {
        // A frame of 1024 columns that was resized or cropped since.
        return FramePixel{display_nm->value, display_nm->source};
    }
    header.warn("the header's pixel size, " + format_length(display_nm->value, 4) + ", and its field width of " +
                format_length(field.width_nm->value, 4) + " do not agree for " + std::to_string(frame.width) +
                " columns: no pixel size was taken; set one by hand");
    return std::nullopt;
}

void calibrate(Metadata& metadata, HeaderReader& header, Size stored) {
    Field field{header.measured({}, "AP_WIDTH", nanometres, 1, 1e9),
                header.measured({}, "AP_HEIGHT", nanometres, 1, 1e9)};
    auto pixel = frame_pixel(header, field, stored, metadata);
    if (!pixel) {
        metadata.pixel_sizes.clear();
        return;
    }
    double scale = 1;
    if (!stored.empty()) {
        Frame frame = frame_of(header, field, pixel->nm, stored);
        FrameFit fitted =
            frame.size.empty() ? FrameFit{std::nullopt, 0, {}} : fit_to_frame(stored, frame.size, frame.stated_by);
        if (frame.size.empty())
            header.warn("the header's field does not fit the image: its pixel size of " + format_length(pixel->nm, 4) +
                        " was left out; set one by hand");
        if (!fitted.warning.empty()) header.warn(fitted.warning);
        if (!fitted.scale) {
            metadata.pixel_sizes.clear();
            return;
        }
        scale = *fitted.scale;
    }
    for (StatedPixelSize& size : metadata.pixel_sizes) {
        size.x_nm *= scale;
        size.y_nm *= scale;
    }
    double nm = pixel->nm * scale;
    metadata.pixel_sizes.insert(metadata.pixel_sizes.begin(), {nm, nm, pixel->source});
    metadata.acquisition.pixel_size_x_nm = {nm, pixel->source};
    metadata.acquisition.pixel_size_y_nm = {nm, pixel->source};
}

bool is_on(HeaderReader const& header, std::string_view key) {
    auto state = header.text({}, key);
    return state && (iequals(state->value, "On") || iequals(state->value, "Yes"));
}

/// Pictures of the ion beam have their own beam, magnification and pixel size beside the electrons'; which of them the
/// other keys show is not known, so that only what both agree on is taken.
void read_ion_beam(Metadata& metadata, HeaderReader& header) {
    Acquisition& a = metadata.acquisition;
    a.beam_energy_kv = header.measured({}, "AP_FIB_EHT_ACTUAL", kilovolts, 0.01, 1000);
    a.magnification = header.measured({}, "AP_FIB_MAGNIFICATION", magnification_from, 0.1, 1e8);
    auto ion_nm = header.measured({}, "AP_FIB_PIXEL_SIZE", nanometres, 1e-3, 1e7);
    if (!ion_nm || !a.pixel_size_x_nm) return;
    double stated = a.pixel_size_x_nm->value;
    Size frame = stored_resolution(header);
    bool agree = !far_apart(ion_nm->value, stated) ||
                 (!frame.empty() && !far_apart(ion_nm->value * k_display_columns / frame.width, stated));
    if (agree) return;
    header.warn("an image of the ion beam with two pixel sizes in its header: " + format_length(stated, 4) + " (" +
                a.pixel_size_x_nm->source + ") and " + format_length(ion_nm->value, 4) +
                " (AP_FIB_PIXEL_SIZE): neither was taken; set one by hand");
    a.pixel_size_x_nm.reset();
    a.pixel_size_y_nm.reset();
    metadata.pixel_sizes.clear();
}

void read_electron_beam(Acquisition& a, HeaderReader& header) {
    a.beam_energy_kv = either(header.measured({}, "AP_ACTUALKV", kilovolts, 0.01, 1000),
                              either(header.measured({}, "AP_MANUALKV", kilovolts, 0.01, 1000),
                                     shifted(header.measured({}, "line 7", parse_double, 10, 1e6), -3)));
    a.working_distance_mm = either(header.measured({}, "AP_WD", millimetres, 0.01, 1000),
                                   shifted(header.measured({}, "line 10", parse_double, 1e-5, 1), 3));
    a.magnification = either(header.measured({}, "AP_MAG", magnification_from, 0.1, 1e8),
                             header.measured({}, "line 5", parse_double, 0.1, 1e8));
    a.probe_current_na = either(header.measured({}, "AP_IPROBE", nanoamperes, 0, 1e7),
                                shifted(header.measured({}, "line 9", parse_double, 0, 1e-2), 9));
    a.spot_size = header.measured({}, "AP_SPOTSIZE", parse_double, 0, 1e6);
}

bool sniff(MetadataInput const& input) {
    return input.tag(k_tag_1252) || input.tag(k_tag_utf16);
}

Metadata read(MetadataInput const& input) {
    Metadata metadata;
    metadata.vendor = "Zeiss SmartSEM";
    // Of the two texts the one that says more; the second when they are equal.
    std::string text;
    std::vector<RawKey> keys;
    for (int tag : {k_tag_1252, k_tag_utf16}) {
        std::string other = header_text(input.tag(tag));
        std::vector<RawKey> others = header_keys(whole_lines(other));
        if (others.size() < keys.size() || other.empty()) continue;
        keys = std::move(others);
        text = std::move(other);
    }
    HeaderReader header = value_reader(std::move(keys));
    metadata.raw = std::make_shared<std::vector<RawKey> const>(header_keys(text));
    if (metadata.raw->empty()) {
        metadata.warnings.push_back("the microscope's header (tag 34118) cannot be read");
        return metadata;
    }
    Acquisition& a = metadata.acquisition;
    calibrate(metadata, header, input.stored_size());
    auto imaging = header.text({}, "DP_FIB_IMAGING");
    bool is_ion = imaging && imaging->value == "FIB";
    if (imaging && (is_ion || imaging->value == "SEM")) a.beam_kind = {is_ion ? "ion" : "electron", imaging->source};
    if (is_ion)
        read_ion_beam(metadata, header);
    else
        read_electron_beam(a, header);

    if (is_on(header, "DP_SCAN_ROT"))
        a.scan_rotation_deg = header.measured({}, "AP_SCANROTATION", degrees, -360, 360);
    else if (auto rotation = header.text({}, "DP_SCAN_ROT"); rotation && rotation->value == "Off")
        a.scan_rotation_deg = {0, rotation->source};
    a.stage_tilt_deg = header.measured({}, "AP_STAGE_AT_T", degrees, -180, 180);
    if (is_on(header, "DP_TILT_CORRECTION"))
        a.tilt_correction_deg = header.measured({}, "AP_TILT_ANGLE", degrees, -90, 90);
    a.detector = header.text({}, "DP_DETECTOR_CHANNEL");
    if (!a.detector) a.detector = header.text({}, "DP_DETECTOR_TYPE");
    a.acquired = header.date_time({}, "AP_DATE", "AP_TIME");
    a.instrument = header.text({}, "DP_SEM");
    if (!a.instrument) a.instrument = header.text({}, "SV_SERIAL_NUMBER");
    a.sample = header.text({}, "SV_SAMPLE_ID");
    for (char const* key : {"SV_OPERATOR", "SV_USER_NAME"})
        if (auto name = header.text({}, key); name && names_a_person(name->value) && !a.author) a.author = name;
    a.user_text = header.text({}, "SV_USER_TEXT");
    metadata.warnings = header.warnings();
    return metadata;
}

} // namespace

extern constinit MetadataReader const k_reader_zeiss{"zeiss", "Zeiss SmartSEM", sniff, read};

} // namespace mg
