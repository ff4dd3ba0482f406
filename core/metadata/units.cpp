#include "metadata/units.h"

#include "base/text.h"

namespace mg {

std::optional<double> nanometres_per(std::string_view unit) {
    struct Entry {
        std::string_view name;
        double nm;
    };
    static constexpr Entry k_units[] = {
        {"pm", 1e-3},         {"nm", 1},           {"nanometer", 1},    {"nanometre", 1},
        {"nanometers", 1},    {"nanometres", 1},   {"um", 1e3},         {"\u00B5m", 1e3},
        {"\u03BCm", 1e3},     {"\\u00B5m", 1e3},   {"\\u03BCm", 1e3},   {"micron", 1e3},
        {"microns", 1e3},     {"micrometer", 1e3}, {"micrometre", 1e3}, {"micrometers", 1e3},
        {"micrometres", 1e3}, {"mm", 1e6},         {"cm", 1e7},         {"m", 1e9},
        {"meter", 1e9},       {"metre", 1e9},      {"inch", 2.54e7},    {"inches", 2.54e7},
        {"in", 2.54e7},       {"\u00C5", 0.1},     {"\u212B", 0.1},     {"\\u00C5", 0.1},
        {"angstrom", 0.1},    {"millimeter", 1e6}, {"millimetre", 1e6},
    };
    for (Entry const& entry : k_units)
        if (iequals(unit, entry.name)) return entry.nm;
    return std::nullopt;
}

} // namespace mg
