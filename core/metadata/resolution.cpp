// The resolution that TIFF, PNG and JPEG files state in pixels per inch, centimetre or metre. Editors fill it with a
// printing density, and microscopes with the size of a photograph; those are no calibration and are told apart here by
// their value.
#include <cmath>

#include "base/text.h"
#include "metadata/metadata.h"

namespace mg {

namespace {

constexpr double k_nm_per_inch = 2.54e7;
// Below it, the lowest magnifications of electron microscopes; above it, printing at less than 508 pixels per inch.
constexpr double k_largest_pixel_nm = 5e4;

double unit_nm(Resolution::Unit unit) {
    switch (unit) {
    case Resolution::Unit::inch:
        return k_nm_per_inch;
    case Resolution::Unit::centimetre:
        return 1e7;
    case Resolution::Unit::metre:
        return 1e9;
    case Resolution::Unit::none:
        break;
    }
    return 0;
}

bool is_print_density(double pixels_per_inch) {
    static constexpr double k_usual[] = {600, 720, 800, 900, 1000, 1200, 1440, 2400, 2880, 4800};
    for (double density : k_usual)
        if (std::fabs(pixels_per_inch - density) <= 0.01 * density) return true;
    return false;
}

bool sniff(MetadataInput const& input) {
    return input.decoded && input.decoded->resolution && input.decoded->resolution->unit != Resolution::Unit::none;
}

Metadata read(MetadataInput const& input) {
    Metadata metadata;
    Resolution const& resolution = *input.decoded->resolution;
    double unit = unit_nm(resolution.unit);
    if (!(resolution.x > 0) || !(resolution.y > 0) || !std::isfinite(resolution.x) || !std::isfinite(resolution.y))
        return metadata;
    double x_nm = unit / resolution.x;
    double y_nm = unit / resolution.y;
    if (x_nm < 1e-3 || y_nm < 1e-3) return metadata; // below a picometre: nothing is seen at that scale
    double x_dpi = k_nm_per_inch / x_nm;
    double y_dpi = k_nm_per_inch / y_nm;
    bool is_large = x_nm > k_largest_pixel_nm || y_nm > k_largest_pixel_nm;
    if (is_large || is_print_density(x_dpi) || is_print_density(y_dpi)) {
        metadata.warnings.push_back("the resolution tags give a printing density (" + format_significant(x_dpi, 3) +
                                    " x " + format_significant(y_dpi, 3) + " per inch), which is no calibration");
        return metadata;
    }
    metadata.acquisition.pixel_size_x_nm = {x_nm, "resolution tags"};
    metadata.acquisition.pixel_size_y_nm = {y_nm, "resolution tags"};
    return metadata;
}

} // namespace

extern constinit MetadataReader const k_reader_resolution{"resolution", "Resolution tags", sniff, read};

} // namespace mg
