// Calibration of ImageJ and Fiji: ImageDescription begins with "ImageJ=", "unit=" names the unit, and X/YResolution
// hold pixels per that unit ("spacing" is the distance of slices, not of pixels).
// https://imagej.net/ij/source/ij/io/TiffEncoder.java
#include "base/text.h"
#include "metadata/header_text.h"
#include "metadata/metadata.h"
#include "metadata/units.h"

namespace mg {

namespace {

constexpr int k_image_description = 270;

std::string_view description(MetadataInput const& input) {
    if (!input.decoded) return {};
    for (FileField const& field : input.decoded->fields)
        if (field.tag == k_image_description && as_text(field.bytes).starts_with("ImageJ="))
            return as_text(field.bytes);
    return {};
}

bool sniff(MetadataInput const& input) {
    return !description(input).empty();
}

Metadata read(MetadataInput const& input) {
    // "unit=mm" that is cut off reads as metres: only whole lines are taken.
    HeaderReader header(parse_header_text(whole_lines(description(input))));
    Metadata metadata;
    metadata.vendor = "ImageJ";

    auto x_unit = header.text("", "unit");
    auto y_unit = header.text("", "yunit");
    if (!y_unit) y_unit = x_unit;
    auto x_nm = x_unit ? nanometres_per(x_unit->value) : std::nullopt;
    auto y_nm = y_unit ? nanometres_per(y_unit->value) : std::nullopt;
    auto const& resolution = input.decoded->resolution;
    if (x_nm && y_nm && resolution) {
        double x = *x_nm / resolution->x;
        double y = *y_nm / resolution->y;
        auto plausible = [](double nm) { return nm >= 1e-3 && nm <= 1e9; };
        if (resolution->x > 0 && resolution->y > 0 && plausible(x) && plausible(y)) {
            metadata.acquisition.pixel_size_x_nm = {x, "ImageJ: resolution in pixels per " + x_unit->value};
            metadata.acquisition.pixel_size_y_nm = {y, "ImageJ: resolution in pixels per " + y_unit->value};
        } else {
            header.warn("ImageJ: a resolution of " + format_shortest(resolution->x) + " x " +
                        format_shortest(resolution->y) + " pixels per " + x_unit->value +
                        " cannot be true and was left out");
        }
    }
    metadata.warnings = header.warnings();
    metadata.raw = std::make_shared<std::vector<RawKey> const>(header.keys());
    return metadata;
}

} // namespace

extern constinit MetadataReader const k_reader_imagej{"imagej", "ImageJ", sniff, read};

} // namespace mg
