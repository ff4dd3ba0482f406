// Hitachi: the TM4000's sidecar (UTF-16) and tags, and the TM3000's sidecar (8-bit, without the section's line).
#include "base/text.h"
#include "support/vendor_layouts.h"

namespace mg::test {

namespace {

/// Little-endian, as the TM4000 writes.
Bytes utf16(std::string_view text, bool with_mark) {
    Bytes bytes;
    if (with_mark) bytes = {0xFF, 0xFE};
    for (std::size_t i = 0; i < text.size();) {
        CodePoint point = code_point_at(text, i);
        i += static_cast<std::size_t>(point.length);
        bytes.push_back(static_cast<std::uint8_t>(point.code & 0xFF));
        bytes.push_back(static_cast<std::uint8_t>(point.code >> 8));
    }
    return bytes;
}

std::string sidecar_text(std::string const& date) {
    return "InstructName=TM4000\r\n"
           "SemVersion=01-08\r\n"
           "SerialNumber=123456-05\r\n"
           "SampleName=\xE8\x8A\xB1\xE7\xB2\x89\r\n" // two kanji
           "Format=tif\r\n"
           "ImageName=image.tif\r\n"
           "Date=" +
           date +
           "\r\n"
           "Time=16:38:33\r\n"
           "DataSize=64x48\r\n"
           "PixelSize=99.21875\r\n"
           "SignalName=BSE\r\n"
           "AcceleratingVoltage=10000 Volt\r\n"
           "DecelerationVoltage=0 Volt\r\n"
           "Magnification=20000\r\n"
           "WorkingDistance=7920.5 um\r\n"
           "EmissionCurrent=46900 nA\r\n"
           "MicronMarker=2000\r\n"
           "Comment=as found\r\n"
           "Condition=Vacc=10.0kV Mag=x20.0k WD=7.9mm LensMode=3\r\n"
           "StagePositionT=1.500\r\n"
           "TiltCompensation=0\r\n"
           "RasterRotation=10.2\r\n"
           "UserName=Marie\r\n";
}

Acquisition facts() {
    Acquisition a;
    a.beam_energy_kv = {10.0, {}};
    a.working_distance_mm = {7.9205, {}};
    a.magnification = {20000.0, {}};
    a.pixel_size_x_nm = {99.21875, {}};
    a.pixel_size_y_nm = {99.21875, {}};
    a.scan_rotation_deg = {10.2, {}};
    a.stage_tilt_deg = {1.5, {}};
    a.detector = {"BSE", {}};
    a.acquired = {"2021-06-23T16:38:33", {}};
    a.instrument = {"TM4000", {}};
    a.author = {"Marie", {}};
    a.user_text = {"as found", {}};
    return a;
}

} // namespace

std::vector<VendorLayout> hitachi_layouts() {
    std::vector<VendorLayout> layouts;
    FileField header{0,
                     40092,
                     {},
                     utf16("SerialNumber=123456-05\r\n"
                           "SampleName=\r\n"
                           "PixelSize=99.21875\r\n"
                           "Condition=Vacc=10.0kV Mag=x20.0k WD=7.9mm LensMode=3\r\n"
                           "EmissionCurrent=46900\r\n"
                           "SignalName=BSE\r\n"
                           "Vacuum=50\r\n"
                           "Comment=\r\n",
                           false)};
    FileField model{0, 40093, {}, utf16("TM4000", false)};

    VendorLayout tags;
    tags.name = "hitachi tags";
    tags.tags = {header, model};
    tags.vendor = "Hitachi";
    tags.expected.beam_energy_kv = {10.0, {}};
    tags.expected.working_distance_mm = {7.9, {}};
    tags.expected.magnification = {20000.0, {}};
    tags.expected.pixel_size_x_nm = {99.21875, {}};
    tags.expected.pixel_size_y_nm = {99.21875, {}};
    tags.expected.detector = {"BSE", {}};
    tags.expected.instrument = {"TM4000", {}};
    layouts.push_back(tags);

    VendorLayout both = tags;
    both.name = "hitachi tm4000";
    both.sidecar_name = "image.txt";
    both.sidecar = utf16("[SemImageFile]\r\n" + sidecar_text("2021/06/23"), true);
    both.expected = facts();
    both.expected.sample = {"\xE8\x8A\xB1\xE7\xB2\x89", {}};
    both.expected.beam_kind = {"electron", {}};
    layouts.push_back(both);

    VendorLayout eight_bit;
    eight_bit.name = "hitachi tm3000";
    eight_bit.size = {64, 50};
    std::string text = sidecar_text("23/06/2021");
    eight_bit.sidecar_name = "image.txt";
    eight_bit.sidecar = Bytes(text.begin(), text.end());
    eight_bit.vendor = "Hitachi";
    eight_bit.expected = facts();
    eight_bit.expected.databar_rows = {2, {}};
    layouts.push_back(eight_bit);
    return layouts;
}

} // namespace mg::test
