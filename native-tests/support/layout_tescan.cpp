// Headers of TESCAN's microscopes: sections in a tag, or a text beside the image.
#include <string>

#include "support/vendor_layouts.h"

namespace mg::test {
namespace {

constexpr std::string_view k_main =
    "AccFrames=1\r\nDate=2016-05-16\r\nDescription=\r\nDevice=MIRA3 XMU\r\nFullUserName=Jana Nov\xC3\xA1kov\xC3\xA1\r\n"
    "ImageStripSize=6\r\nMagnification=108.08\r\nNote=fracture\r\nPixelSizeX=2.5012e-6\r\nPixelSizeY=2.5012e-6\r\n"
    "SerialNumber=MI0000001CZ\r\nSign=\r\nTagRevision=2\r\nTime=16:03:27\r\nUserName=supervisor\r\n"
    "Version=4.2.13.0\r\n";
constexpr std::string_view k_column =
    "3DBeamTiltX=0.0\r\nBeamIntensityIndex=10.000\r\nDetector=SE\r\nDwellTime=3.2000e-6\r\n"
    "EmissionCurrent=186.09e-6\r\nGun=Schottky\r\nHV=10.0000e3\r\nPredictedBeamCurrent=264.366291318e-12\r\n"
    "ScanMode=WIDE FIELD\r\nScanRotation=12.5\r\nScanSpeed=4\r\nSpotSize=83.5230955092e-9\r\nStageRotation=0.0\r\n"
    "StageTilt=54.995\r\nStageX=5.1572e-3\r\nTiltCorrection=0.0\r\nWD=13.250e-3\r\n";

void add_section(Bytes& bytes, int type, std::string_view payload) {
    std::size_t length = payload.size() + 2;
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::uint8_t>(length >> shift));
    bytes.push_back(static_cast<std::uint8_t>(type));
    bytes.push_back(0);
    bytes.insert(bytes.end(), payload.begin(), payload.end());
}

FileField sections_tag(std::string_view main, std::string_view column) {
    using namespace std::string_literals;
    Bytes bytes;
    std::string picture = "\0\0\0\x0CjP  \r\n\x87\n[MAIN]\r\nPixelSizeX=1e-9\r\nPixelSizeY=1e-9\r\n"s;
    add_section(bytes, 1, picture); // whatever stands in it is no header
    add_section(bytes, 2, std::string(main) + '\0');
    add_section(bytes, 3, std::string(column) + '\0');
    add_section(bytes, 0, {});
    return {0, 50431, {}, std::move(bytes)};
}

Acquisition facts() {
    Acquisition a;
    a.beam_energy_kv = {10, {}};
    a.beam_kind = {"electron", {}};
    a.working_distance_mm = {13.25, {}};
    a.magnification = {108.08, {}};
    a.probe_current_na = {0.264366291318, {}};
    a.dwell_time_us = {3.2, {}};
    a.scan_rotation_deg = {12.5, {}};
    a.stage_tilt_deg = {54.995, {}};
    a.pixel_size_x_nm = {2501.2, {}};
    a.pixel_size_y_nm = {2501.2, {}};
    a.databar_rows = {6, {}};
    a.detector = {"SE", {}};
    a.acquired = {"2016-05-16T16:03:27", {}};
    a.instrument = {"MIRA3 XMU", {}};
    a.author = {"Jana Nov\u00E1kov\u00E1", {}};
    a.user_text = {"fracture", {}};
    return a;
}

VendorLayout layout(std::string name) {
    VendorLayout made;
    made.name = std::move(name);
    made.size = {32, 24};
    made.vendor = "TESCAN";
    made.expected = facts();
    return made;
}

VendorLayout sidecar_layout(std::string name, std::string sidecar_name, std::string_view column_name) {
    VendorLayout made = layout(std::move(name));
    made.sidecar_name = std::move(sidecar_name);
    std::string text = "[MAIN]\r\n";
    text.append(k_main).append("[").append(column_name).append("]\r\n").append(k_column);
    made.sidecar.assign(text.begin(), text.end());
    return made;
}

} // namespace

std::vector<VendorLayout> tescan_layouts() {
    std::vector<VendorLayout> layouts;
    layouts.push_back(layout("tescan sections"));
    layouts.back().tags = {text_tag(271, "TESCAN"), text_tag(272, "MIRA3 XMU MI0000001CZ"),
                           text_tag(306, "2016:05:16 16:03:38"), sections_tag(k_main, k_column)};
    layouts.push_back(layout("tescan sections, main keys alone"));
    layouts.back().bits = 16;
    layouts.back().tags = {sections_tag(k_main, {})};
    Acquisition& a = layouts.back().expected;
    a = {};
    a.magnification = facts().magnification;
    a.pixel_size_x_nm = facts().pixel_size_x_nm;
    a.pixel_size_y_nm = facts().pixel_size_y_nm;
    a.databar_rows = facts().databar_rows;
    a.acquired = facts().acquired;
    a.instrument = facts().instrument;
    a.author = facts().author;
    a.user_text = facts().user_text;
    layouts.push_back(sidecar_layout("tescan sidecar", "image-tif.hdr", "SEM"));
    layouts.push_back(sidecar_layout("tescan sidecar of the ion beam", "image.hdr", "FIB"));
    layouts.back().expected.beam_kind = {"ion", {}};
    return layouts;
}

} // namespace mg::test
