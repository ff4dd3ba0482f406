// Headers of Zeiss SmartSEM.
#include <string>

#include "support/vendor_layouts.h"

namespace mg::test {
namespace {

/// What differs between the layouts.
struct SmartSem {
    std::string line_4 = "2.500000e-07";
    std::string image_pixel = "250.0 nm"; ///< empty: no such key
    std::string display_pixel = "250.0 nm";
    std::string width = "8.000 \xB5m", height = "6.000 \xB5m";
    std::string resolution = "32 * 24"; ///< empty: no such key
    std::string imaging = "SEM";
    std::string ion_pixel = "0.0 fm";
    std::string tilt_correction = "Off";
    std::string scan_rotation = "On";
    std::string user_text = "polished \xB1 0.1";
    std::string date = "Date :18 Jul 2019", time = "Time :9:40:32";
};

std::string header_text(SmartSem const& sem) {
    std::string text = "0\r\n0\r\n0\r\n" + sem.line_4 + "\r\n1.045845e+02\r\n6\r\n2.000000e+04\r\n2.310000e+00\r\n" +
                       "1.000000e-09\r\n2.800000e-03\r\n1\r\n";
    for (int i = 0; i < 3; ++i) text += sem.line_4 + "\r\n1.045845e+02\r\n6\r\n2.000000e+04\r\n";
    text += "829\r\n";
    auto add = [&](std::string_view key, std::string_view line) {
        text.append(key).append("\r\n").append(line).append("\r\n");
    };
    add("DP_DWELL_TIME", "Dwell Time = 50 ns");
    add("DP_TILT_CORRECTION", "Tilt Corrn. = " + sem.tilt_correction);
    if (!sem.resolution.empty()) add("DP_IMAGE_STORE", "Store resolution = " + sem.resolution);
    add("DP_DETECTOR_CHANNEL", "Signal A = InLens");
    add("DP_DETECTOR_TYPE", "Detector = SE2");
    add("DP_SCAN_ROT", "Scan Rot = " + sem.scan_rotation);
    add("DP_SEM", "Sem = Crossbeam 550");
    if (!sem.imaging.empty()) add("DP_FIB_IMAGING", "FIB Imaging = " + sem.imaging);
    add("AP_MAG", "Mag =   50.00 K X");
    add("AP_FIB_MAGNIFICATION", "FIB Mag =    179 X");
    add("AP_TILT_ANGLE", "Tilt Angle =  45.0 \xB0");
    add("AP_IPROBE", "I Probe =    200 pA");
    add("AP_SPOTSIZE", "Spot Size = 345   ");
    add("AP_FIB_PIXEL_SIZE", "FIB Pixel Size = " + sem.ion_pixel);
    add("AP_FIB_EHT_ACTUAL", "FIB EHT = 29.99 kV");
    add("AP_SCANROTATION", "Scan Rotation = 145.6 \xB0");
    add("AP_APERTURESIZE", "Aperture Size = 30.00 \xB5m");
    add("AP_PIXEL_SIZE", "Pixel Size = " + sem.display_pixel);
    if (!sem.image_pixel.empty()) add("AP_IMAGE_PIXEL_SIZE", "Image Pixel Size = " + sem.image_pixel);
    add("AP_HEIGHT", "Height = " + sem.height);
    add("AP_WD", "WD =  2.8 mm");
    add("AP_WIDTH", "Width = " + sem.width);
    add("AP_STAGE_AT_T", "Stage at T =   2.0 \xB0");
    add("AP_ACTUALKV", "EHT = 20.00 kV");
    add("AP_TIME", sem.time);
    add("AP_DATE", sem.date);
    add("SV_VERSION", "Version = V05.07.00.00 : 08-Jul-14");
    add("SV_USER_TEXT", "User Text = " + sem.user_text);
    add("SV_USER_NAME", "User Name = LIM");
    add("SV_SAMPLE_ID", "Sample ID = K-17");
    add("SV_OPERATOR", "Operator = ");
    return text;
}

Acquisition facts() {
    Acquisition a;
    a.beam_energy_kv = {20, {}};
    a.beam_kind = {"electron", {}};
    a.working_distance_mm = {2.8, {}};
    a.magnification = {50000, {}};
    a.spot_size = {345, {}};
    a.probe_current_na = {0.2, {}};
    a.scan_rotation_deg = {145.6, {}};
    a.stage_tilt_deg = {2, {}};
    a.pixel_size_x_nm = {250, {}};
    a.pixel_size_y_nm = {250, {}};
    a.detector = {"InLens", {}};
    a.acquired = {"2019-07-18T09:40:32", {}};
    a.instrument = {"Crossbeam 550", {}};
    a.sample = {"K-17", {}};
    a.author = {"LIM", {}};
    a.user_text = {"polished \u00B1 0.1", {}};
    return a;
}

/// A palette that is a grey ramp, as these files have.
void add_palette(VendorLayout& layout) {
    Bytes palette;
    for (int channel = 0; channel < 3; ++channel)
        for (int level = 0; level < 256; ++level) {
            palette.push_back(static_cast<std::uint8_t>(level));
            palette.push_back(static_cast<std::uint8_t>(level));
        }
    layout.tags.push_back({0, 262, {}, {3, 0}});
    layout.tags.push_back({0, 320, {}, std::move(palette)});
}

VendorLayout layout(std::string name, SmartSem const& sem, Acquisition expected, Size size = {32, 24}) {
    VendorLayout made;
    made.name = std::move(name);
    made.size = size;
    made.tags = {text_tag(34118, header_text(sem))};
    made.vendor = "Zeiss SmartSEM";
    made.expected = std::move(expected);
    return made;
}

/// The text of tag 34119; all its letters are of Latin-1 here, but for the user's.
FileField utf16_tag(std::string_view latin1) {
    Bytes bytes;
    for (char c : latin1) {
        bool is_omega = c == '?';
        bytes.push_back(is_omega ? 0xA9 : static_cast<std::uint8_t>(c));
        bytes.push_back(is_omega ? 0x03 : 0);
    }
    bytes.push_back(0);
    bytes.push_back(0);
    return {0, 34119, {}, std::move(bytes)};
}

Acquisition sized(Acquisition a, double nm) {
    a.pixel_size_x_nm = {nm, {}};
    a.pixel_size_y_nm = {nm, {}};
    return a;
}

} // namespace

std::vector<VendorLayout> zeiss_layouts() {
    std::vector<VendorLayout> layouts;
    layouts.push_back(layout("zeiss", {}, facts()));
    add_palette(layouts.back());

    // The copy in UTF-16 has the letters that the code page lacks; newer versions write "Date: ".
    SmartSem greek{.user_text = "? phase", .date = "Date: 11 Apr 2023", .time = "Time: 21:48:36"};
    layouts.push_back(layout("zeiss with UTF-16", greek, facts()));
    layouts.back().tags.push_back(utf16_tag(header_text(greek)));
    layouts.back().expected.user_text = {"\u03A9 phase", {}};
    layouts.back().expected.acquired = {"2023-04-11T21:48:36", {}};
    layouts.push_back(layouts.back());
    layouts.back().name = "zeiss UTF-16 alone";
    layouts.back().tags.erase(layouts.back().tags.begin());

    // Versions before AP_IMAGE_PIXEL_SIZE and DP_IMAGE_STORE, three digits in exponents.
    SmartSem old{.line_4 = "2.500000e-007", .image_pixel = "", .resolution = "", .imaging = ""};
    layouts.push_back(layout("zeiss old keys", old, facts()));
    layouts.back().expected.beam_kind.reset();

    // AP_PIXEL_SIZE and line 4 hold for 1024 columns: here 32 times less than for the 32 that were stored.
    SmartSem display{.line_4 = "7.812500e-09", .display_pixel = "7.813 nm"};
    layouts.push_back(layout("zeiss with the display's pixel size", display, facts()));
    display.image_pixel = "";
    layouts.push_back(layout("zeiss with the display's pixel size alone", display, facts()));

    // Resized since; two pages of which the header stands in the first.
    layouts.push_back(layout("zeiss resized", {}, sized(facts(), 500), {16, 12}));
    layouts.push_back(layout("zeiss two pages", {}, facts()));
    layouts.back().page_count = 2;

    SmartSem tilted{.tilt_correction = "On", .scan_rotation = "Off"};
    layouts.push_back(layout("zeiss tilt corrected", tilted, facts()));
    layouts.back().expected.tilt_correction_deg = {45, {}};
    layouts.back().expected.scan_rotation_deg = {0, {}};

    SmartSem ion{.imaging = "FIB", .ion_pixel = "250.1 nm"};
    layouts.push_back(layout("zeiss ion beam", ion, facts()));
    Acquisition& a = layouts.back().expected;
    a.beam_kind = {"ion", {}};
    a.beam_energy_kv = {29.99, {}};
    a.magnification = {179, {}};
    a.working_distance_mm.reset();
    a.spot_size.reset();
    a.probe_current_na.reset();
    return layouts;
}

} // namespace mg::test
