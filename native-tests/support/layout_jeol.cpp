// JEOL: the sidecars of the 7800F and 4700F (keys and order of real files), of the IT series and of the 6700F (keys as
// public readers know them).
#include "support/vendor_layouts.h"

namespace mg::test {

namespace {

Bytes bytes_from(std::string const& text) {
    return {text.begin(), text.end()};
}

std::string const k_data_version = "$SEM_DATA_VERSION 1\r\n"
                                   "$CM_DATA_VERSION 1\r\n"
                                   "$CM_SIGNAL_NAME LED\r\n"
                                   "$CM_DETECTOR_NAME LED\r\n"
                                   "$$SM_ADD_IMAGE \r\n"
                                   "$CM_CONTRAST 1900\r\n"
                                   "$CM_BRIGHTNESS 430\r\n";

std::string const k_beam = "$CM_ACCEL_VOLT 2.00\r\n"
                           "$SM_GB_GUN_VOLT 2.00\r\n"
                           "$$SM_WD 4.15\r\n"
                           "$CM_MAG 10000\r\n"
                           "$$SM_COLUMN_MODE SEM\r\n"
                           "$$SM_PROBE_NO 7\r\n"
                           "$$SM_SCAN_ROTATION 12.50\r\n"
                           "$CM_DETECTOR LED\r\n"
                           "$CM_SIGNAL LED\r\n"
                           "$CM_STAGE_POS 1.250 -0.500 4.2 0.0 0.0 0\r\n"
                           "$SM_EMI_CURRENT 51.30\r\n"
                           "$$SM_PROBE_CURRENT 0.00\r\n";

std::string frame(std::string const& marker, std::string const& instrument) {
    return "$CM_FORMAT JEOL-SEM\r\n"
           "$CM_VERSION 3.0\r\n"
           "$CM_COMMENT second try\r\n"
           "$CM_DATE 2024/03/05\r\n"
           "$CM_TIME 09:08:07\r\n"
           "$CM_OPERATOR Marie\r\n"
           "$CM_INSTRUMENT " +
           instrument + "\r\n" + marker +
           "$CM_FRAME_SIZE 0 0\r\n"
           "$CM_TITLE sampleB_004\r\n"
           "$CM_LABEL LAB\r\n"
           "$CM_OFFSET 0 0\r\n"
           "$CM_FULL_SIZE 64 48\r\n"
           "$AN_TEXT%0 5.00000000 874.00000000 \"X:\" \"Courier New\" 0\r\n";
}

Acquisition facts(double pixel_nm) {
    Acquisition a;
    a.beam_energy_kv = {2.0, {}};
    a.working_distance_mm = {4.15, {}};
    a.magnification = {10000.0, {}};
    a.spot_size = {7.0, {}};
    a.scan_rotation_deg = {12.5, {}};
    a.pixel_size_x_nm = {pixel_nm, {}};
    a.pixel_size_y_nm = {pixel_nm, {}};
    a.detector = {"LED", {}};
    a.beam_kind = {"electron", {}};
    a.acquired = {"2024-03-05T09:08:07", {}};
    a.sample = {"sampleB_004", {}};
    a.author = {"Marie", {}};
    a.user_text = {"second try", {}};
    return a;
}

} // namespace

std::vector<VendorLayout> jeol_layouts() {
    std::vector<VendorLayout> layouts;

    // 120 mm / (10000 x 64 px) is 187.5 nm: the marker of 1 um is 53.3 px long and cut to 53.
    VendorLayout marker;
    marker.name = "jeol 7800f";
    marker.size = {64, 51};
    marker.sidecar_name = "image.txt";
    marker.sidecar =
        bytes_from(k_data_version + k_beam + frame("$$SM_MICRON_BAR 53\r\n$$SM_MICRON_MARKER 10um\r\n", "7800F"));
    marker.vendor = "JEOL";
    marker.expected = facts(187.5);
    marker.expected.instrument = {"7800F", {}};
    marker.expected.databar_rows = {3, {}};
    layouts.push_back(marker);

    VendorLayout no_bar = marker;
    no_bar.name = "jeol 4700f";
    no_bar.size = {64, 48};
    no_bar.sidecar = bytes_from(k_data_version + k_beam + frame("$$SM_MICRON_MARKER 10um\r\n", "4700F"));
    no_bar.expected = facts(200);
    no_bar.expected.instrument = {"4700F", {}};
    layouts.push_back(no_bar);

    VendorLayout field;
    field.name = "jeol it series";
    field.size = {64, 50};
    field.sidecar_name = "image.TXT";
    field.sidecar = bytes_from("$CM_VERSION 1.0\r\n"
                               "$CM_IMAGE_SIZE 64 48\r\n"
                               "$CM_ACCEL_VOLT 15.00\r\n"
                               "$CM_MAG 10000\r\n"
                               "$CM_STAGE_POSITION X=37.1761, Y=44.9344, R=354.9968, Z=16.90, T=35.50\r\n"
                               "$CM_FIELD_OF_VIEW 12.672\xC2\xB5m 9.504\xC2\xB5m\r\n"
                               "$CM_PIXEL_SIZE 198.0nm 198.0nm\r\n"
                               "$CM_FORMAT TIFF\r\n"
                               "$SM_DETECTOR BED-C\r\n"
                               "$SM_WD 10.1\r\n"
                               "$MP_PROBE_NUMBER 50.0\r\n"
                               "$SM_PNU_HEIGHT 2\r\n"
                               "$SM_MICRON_BAR 50\r\n"
                               "$SM_MICRON_MARKER 10\xC2\xB5m\r\n"
                               "$SM_COLUMN_MODE SEM\r\n"
                               "$CM_INSTRUMENT JSM-IT500\r\n"
                               "$CM_LABEL LAB\r\n");
    field.vendor = "JEOL";
    field.expected.beam_energy_kv = {15.0, {}};
    field.expected.magnification = {10000.0, {}};
    field.expected.working_distance_mm = {10.1, {}};
    field.expected.spot_size = {50.0, {}};
    field.expected.stage_tilt_deg = {35.5, {}};
    field.expected.pixel_size_x_nm = {198.0, {}};
    field.expected.pixel_size_y_nm = {198.0, {}};
    field.expected.databar_rows = {2, {}};
    field.expected.detector = {"BED-C", {}};
    field.expected.beam_kind = {"electron", {}};
    field.expected.instrument = {"JSM-IT500", {}};
    layouts.push_back(field);

    VendorLayout old;
    old.name = "jeol 6700f";
    old.sidecar_name = "image.txt";
    old.sidecar = bytes_from("$CM_FORMAT Bitmap\r\n"
                             "$CM_VERSION 1.5\r\n"
                             "$CM_DATE 10/29/2015\r\n"
                             "$CM_TIME 9:33:41 AM\r\n"
                             "$CM_OPERATOR GENERAL\r\n"
                             "$CM_INSTRUMENT JSM 6700F NT\r\n"
                             "$CM_ACCEL_VOLT 20.0\r\n"
                             "$CM_MAG 250\r\n"
                             "$CM_SIGNAL LEI\r\n"
                             "$$SM_WD 15.2\r\n"
                             "$$SM_MICRON_BAR 40\r\n"
                             "$$SM_MICRON_MARKER 100\xB5m\r\n"
                             "$$SM_COLUMN_MODE SEM\r\n"
                             "$CM_PROBE_CURRENT C4 F0\r\n"
                             "$CM_EMISSION 10.0\r\n"
                             "$CM_STAGE_POSITION X=37.1761, Y=44.9344, R=354.9968, Z=16.90, T=0.00\r\n");
    old.vendor = "JEOL";
    old.expected.beam_energy_kv = {20.0, {}};
    old.expected.magnification = {250.0, {}};
    old.expected.working_distance_mm = {15.2, {}};
    old.expected.stage_tilt_deg = {0.0, {}};
    old.expected.pixel_size_x_nm = {2500.0, {}};
    old.expected.pixel_size_y_nm = {2500.0, {}};
    old.expected.detector = {"LEI", {}};
    old.expected.acquired = {"2015-10-29T09:33:41", {}};
    old.expected.instrument = {"JSM 6700F NT", {}};
    layouts.push_back(old);
    return layouts;
}

} // namespace mg::test
