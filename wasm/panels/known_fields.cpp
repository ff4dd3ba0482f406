#include "panels/known_fields.h"

#include "ui/format.h"

namespace mg::app {

std::string with_unit(KnownField const& field) {
    if (field.unit.empty()) return field.value;
    bool close = field.unit == "×" || field.unit == "°";
    return field.value + (close ? "" : " ") + std::string(field.unit);
}

std::vector<KnownField> known_fields(Acquisition const& a) {
    std::vector<KnownField> fields;
    auto number = [&](std::string_view key, std::string_view label, std::string_view unit, auto const& held) {
        KnownField field{.key = key, .label = label, .unit = unit};
        if (held) {
            field.value = ui::number_text(static_cast<double>(held->value), 6);
            field.source = held->source;
        }
        fields.push_back(std::move(field));
    };
    auto text = [&](std::string_view key, std::string_view label, auto const& held) {
        KnownField field{.key = key, .label = label};
        if (held) {
            field.value = held->value;
            field.source = held->source;
        }
        fields.push_back(std::move(field));
    };
    number("pixel_size_x_nm", "Pixel width", "nm", a.pixel_size_x_nm);
    number("pixel_size_y_nm", "Pixel height", "nm", a.pixel_size_y_nm);
    number("magnification", "Magnification", "×", a.magnification);
    number("beam_energy_kv", "Beam energy", "kV", a.beam_energy_kv);
    number("spot_size", "Spot size", "", a.spot_size);
    number("working_distance_mm", "Working distance", "mm", a.working_distance_mm);
    number("probe_current_na", "Probe current", "nA", a.probe_current_na);
    number("dwell_time_us", "Dwell time", "µs", a.dwell_time_us);
    number("scan_rotation_deg", "Scan rotation", "°", a.scan_rotation_deg);
    number("stage_tilt_deg", "Stage tilt", "°", a.stage_tilt_deg);
    number("tilt_correction_deg", "Tilt corrected", "°", a.tilt_correction_deg);
    number("wavelength_nm", "Wavelength", "nm", a.wavelength_nm);
    number("databar_rows", "Vendor's databar", "rows", a.databar_rows);
    text("detector", "Detector", a.detector);
    text("beam_kind", "Beam", a.beam_kind);
    text("acquired", "Acquired", a.acquired);
    text("instrument", "Instrument", a.instrument);
    text("sample", "Sample", a.sample);
    text("author", "Author", a.author);
    text("user_text", "Text", a.user_text);
    return fields;
}

} // namespace mg::app
