// Descriptions that OpenFIBSEM writes, of three generations.
#include <string>

#include "support/vendor_layouts.h"

namespace mg::test {
namespace {

// 32 x 24 pixels of 250 nm; 2025-04-10 14:03:00 UTC.
constexpr std::string_view k_current = R"({"shape": [24, 32], "image": {"beam_type": "ION", "resolution": [32, 24],
"dwell_time": 1e-06, "hfw": 8e-06, "autocontrast": true, "autogamma": false, "save": true, "path": "C:\\data",
"filename": "ref_ib", "reduced_area": null, "line_integration": null, "drift_correction": false}, "version": "v3",
"pixel_size": {"x": 2.5e-07, "y": 2.5e-07}, "microscope_state": {"timestamp": 1744293780.75,
"stage_position": {"name": null, "x": 0.001, "y": -0.002, "z": 0.03, "r": 0.0, "t": 0.4537856055185257,
"coordinate_system": "RAW"},
"electron_beam": {"beam_type": "ELECTRON", "working_distance": 0.004, "beam_current": 5e-11, "voltage": 2000.0,
"hfw": 0.00015, "resolution": [1536, 1024], "dwell_time": 1e-06, "stigmation": {"x": 0.0, "y": 0.0},
"shift": {"x": 0.0, "y": 0.0}, "scan_rotation": 0.0, "preset": null},
"ion_beam": {"beam_type": "ION", "working_distance": 0.0165, "beam_current": 2e-11, "voltage": 30000.0,
"hfw": 8e-06, "resolution": [32, 24], "dwell_time": 1e-06, "stigmation": {"x": 0.01, "y": 0.0},
"shift": {"x": 0.0, "y": 0.0}, "scan_rotation": 3.141592653589793, "preset": null},
"electron_detector": {"type": "ETD", "mode": "SecondaryElectrons", "brightness": 0.5, "contrast": 0.5},
"ion_detector": {"type": "ICE", "mode": "SecondaryIons", "brightness": 0.5, "contrast": 0.5}},
"user": {"name": "K. Lindqvist", "email": "null", "organization": "null", "hostname": "fib-pc"},
"experiment": {"id": "grid-3", "method": "autolamella", "date": "Unknown"},
"system": {"info": {"name": "aquilos-2", "manufacturer": "Thermo", "model": "Aquilos 2", "serial_number": "1"}}})";

constexpr std::string_view k_second = R"({"image": {"beam_type": "ELECTRON", "resolution": [32, 24],
"dwell_time": 3e-06, "hfw": 8e-06, "autocontrast": true, "gamma": {"enabled": false}, "label": "ref_eb"},
"version": "v2", "pixel_size": {"x": 2.5e-07, "y": 2.5e-07},
"microscope_state": {"timestamp": "2023-05-02T08:15:00",
"stage_position": {"x": 0.0, "y": 0.0, "z": 0.004, "r": 0.0, "t": 0.0, "coordinate_system": "RAW"},
"electron_beam": {"beam_type": "ELECTRON", "working_distance": 0.004, "beam_current": 5e-11, "hv": 5000.0,
"hfw": 8e-06, "resolution": [32, 24], "dwell_time": 3e-06, "scan_rotation": 0.0}, "ion_beam": null},
"detector_settings": {"type": "TLD", "mode": "BackscatterElectrons", "brightness": 0.5, "contrast": 0.5}})";

constexpr std::string_view k_first = R"({"beam_type": "ELECTRON", "resolution": "32x24", "dwell_time": 1e-06,
"hfw": 8e-06, "autocontrast": true, "gamma": {"enabled": true, "min_gamma": 0.0}, "save": true,
"label": "start", "reduced_area": null, "version": "v1", "pixel_size": {"x": 2.5e-07, "y": 2.5e-07},
"microscope_state": {"timestamp": 1670000000.0,
"absolute_position": {"x": 0.0, "y": 0.0, "z": 0.0, "r": 0.0, "t": 0.6108652381980153, "coordinate_system": "Raw"},
"eb_settings": {"beam_type": "ELECTRON", "working_distance": 0.0039, "beam_current": 1e-10, "hfw": 8e-06,
"resolution": "32x24", "dwell_time": 1e-06},
"ib_settings": {"beam_type": "ION", "working_distance": 0.0165, "beam_current": 2e-11, "hfw": 0.00015,
"resolution": "1536x1024", "dwell_time": 1e-06}}})";

VendorLayout layout(std::string name, std::string_view json, Acquisition expected) {
    VendorLayout made;
    made.name = std::move(name);
    made.size = {32, 24};
    made.tags = {text_tag(270, json), text_tag(305, "tifffile.py")};
    made.vendor = "OpenFIBSEM";
    made.expected = std::move(expected);
    return made;
}

Acquisition current_facts() {
    Acquisition a;
    a.beam_energy_kv = {30, {}};
    a.beam_kind = {"ion", {}};
    a.working_distance_mm = {16.5, {}};
    a.probe_current_na = {0.02, {}};
    a.dwell_time_us = {1, {}};
    a.scan_rotation_deg = {180, {}};
    a.stage_tilt_deg = {26, {}};
    a.pixel_size_x_nm = {250, {}};
    a.pixel_size_y_nm = {250, {}};
    a.detector = {"ICE SI", {}};
    a.acquired = {"2025-04-10T14:03:00", {}};
    a.instrument = {"Aquilos 2", {}};
    a.author = {"K. Lindqvist", {}};
    return a;
}

} // namespace

std::vector<VendorLayout> openfibsem_layouts() {
    std::vector<VendorLayout> layouts;
    layouts.push_back(layout("openfibsem, a detector per beam", k_current, current_facts()));

    Acquisition second;
    second.beam_energy_kv = {5, {}};
    second.beam_kind = {"electron", {}};
    second.working_distance_mm = {4, {}};
    second.probe_current_na = {0.05, {}};
    second.dwell_time_us = {3, {}};
    second.scan_rotation_deg = {0, {}};
    second.stage_tilt_deg = {0, {}};
    second.pixel_size_x_nm = {250, {}};
    second.pixel_size_y_nm = {250, {}};
    second.detector = {"TLD BSE", {}};
    second.acquired = {"2023-05-02T08:15:00", {}};
    layouts.push_back(layout("openfibsem, one detector", k_second, second));

    Acquisition first;
    first.beam_kind = {"electron", {}};
    first.working_distance_mm = {3.9, {}};
    first.probe_current_na = {0.1, {}};
    first.dwell_time_us = {1, {}};
    first.stage_tilt_deg = {35, {}};
    first.pixel_size_x_nm = {250, {}};
    first.pixel_size_y_nm = {250, {}};
    first.acquired = {"2022-12-02T16:53:20", {}};
    layouts.push_back(layout("openfibsem, settings at the top", k_first, first));

    layouts.push_back(layout("openfibsem resized", k_current, current_facts()));
    layouts.back().size = {64, 48};
    layouts.back().expected.pixel_size_x_nm = {125, {}};
    layouts.back().expected.pixel_size_y_nm = {125, {}};
    return layouts;
}

} // namespace mg::test
