// OME-XML in ImageDescription: the Open Microscopy Environment's description of a file's images.
// https://docs.openmicroscopy.org/ome-model/6.0.0/ome-tiff/specification.html; by the schema PhysicalSizeX is in
// micrometres unless PhysicalSizeXUnit says otherwise. In a text that was cut off, a unit or another image may stand
// behind the cut: then no pixel size is taken.
#include <algorithm>

#include "base/text.h"
#include "metadata/header_facts.h"
#include "metadata/header_text.h"
#include "metadata/metadata.h"
#include "metadata/units.h"
#include "metadata/xml_text.h"

namespace mg {

namespace {

constexpr int k_image_description = 270;

/// Of the first page that has one: it describes all of them.
std::string_view description(MetadataInput const& input) {
    if (!input.decoded) return {};
    for (FileField const& field : input.decoded->fields) {
        if (field.tag != k_image_description) continue;
        std::string_view text = as_text(field.bytes);
        std::string_view start = text.substr(0, 4096); // comments may stand before it
        if (start.find("<OME") != std::string_view::npos || start.find(":OME") != std::string_view::npos)
            return text.substr(0, text.find('\0'));
    }
    return {};
}

/// Pages that a TiffData element names, from 0.
struct Pages {
    std::optional<std::int64_t> first, count;
    bool hold(int page) const {
        if (!first && !count) return true;
        std::int64_t from = first.value_or(0);
        return from >= 0 && page >= from && page - from < count.value_or(1);
    }
};

/// One Image element.
struct Described {
    std::vector<RawKey> keys; ///< of the element and what is inside, but for TiffData
    std::vector<Pages> pages; ///< empty: all

    bool holds(int page) const {
        return pages.empty() || std::any_of(pages.begin(), pages.end(), [&](Pages const& p) { return p.hold(page); });
    }
};

/// Attributes of a TiffData element come one by one: one that was there already begins the next element.
void add_page_attribute(RawKey const& entry, bool is_new, std::vector<Pages>& pages) {
    auto value = parse_int(trimmed(entry.value));
    bool is_first = entry.key == "TiffData@IFD", is_count = entry.key == "TiffData@PlaneCount";
    if (is_new || pages.empty() || (is_first && pages.back().first) || (is_count && pages.back().count))
        pages.emplace_back();
    if (is_first) pages.back().first = value;
    if (is_count) pages.back().count = value;
}

std::vector<Described> described_images(std::vector<RawKey> const& keys) {
    std::vector<Described> images;
    bool is_new = true;
    for (RawKey const& entry : keys) {
        if (entry.section == "OME" && entry.key == "Image@ID") images.emplace_back();
        bool is_inside = entry.section == "OME/Image" || entry.section == "OME/Image/Pixels" || entry.key == "Image@ID";
        if (images.empty() || !is_inside) {
            is_new = true; // whatever is inside a TiffData element ends its attributes
            continue;
        }
        if (entry.key.starts_with("TiffData")) {
            if (entry.key != "TiffData")
                add_page_attribute(entry, is_new, images.back().pages);
            else if (is_new)
                images.back().pages.emplace_back(); // without attributes
            is_new = entry.key == "TiffData";
        } else {
            images.back().keys.push_back(entry);
            is_new = true;
        }
    }
    return images;
}

/// Along one side; absent with a warning when it is no length or cannot be true.
std::optional<Sourced<double>> pixel_size(HeaderReader& header, std::string const& key) {
    auto text = header.text("OME/Image", key);
    if (!text) return std::nullopt;
    auto unit = header.text("OME/Image", key + "Unit");
    auto value = parse_double(trimmed(text->value));
    auto factor = nanometres_per(unit ? std::string_view(unit->value) : "um");
    if (value && factor && is_pixel_size_nm(*value * *factor)) return Sourced<double>{*value * *factor, text->source};
    header.warn(text->source + " = \"" + excerpt(text->value, 40) + (unit ? " " + excerpt(unit->value, 40) : "") +
                "\" is no size of a pixel and was left out");
    return std::nullopt;
}

/// "2019-07-18T14:03:00.5Z"; the zone is left out: it is the clock on the wall.
std::optional<std::string> iso_timestamp(std::string_view text) {
    text = trimmed(text);
    std::size_t t = std::min(text.find('T'), text.size());
    std::string_view time = text.substr(std::min(t + 1, text.size())).substr(0, 8);
    return iso_date_time(text.substr(0, t), time, DateOrder::year_month_day);
}

/// The value of a key that stands once in the whole text.
std::optional<std::string> the_only(std::vector<RawKey> const& keys, std::string_view key) {
    std::optional<std::string> found;
    for (RawKey const& entry : keys) {
        if (entry.key != key || entry.value.empty()) continue;
        if (found) return std::nullopt;
        found = entry.value;
    }
    return found;
}

bool sniff(MetadataInput const& input) {
    return !description(input).empty();
}

/// Pixel size, date and text of the image that holds the page.
void read_image(std::vector<RawKey> const& keys, int page, Acquisition& a, std::vector<std::string>& warnings) {
    std::vector<Described> images = described_images(keys);
    std::erase_if(images, [&](Described const& image) { return !image.holds(page); });
    struct Size2 {
        std::optional<Sourced<double>> x, y;
    };
    std::vector<Size2> sizes;
    for (Described& image : images) {
        HeaderReader header(image.keys, "OME-XML");
        sizes.push_back({pixel_size(header, "Pixels@PhysicalSizeX"), pixel_size(header, "Pixels@PhysicalSizeY")});
        if (&image == &images.front()) {
            warnings.insert(warnings.end(), header.warnings().begin(), header.warnings().end());
            auto date = header.text("OME/Image", "AcquisitionDate");
            if (auto iso = date ? iso_timestamp(date->value) : std::nullopt) a.acquired = {*iso, date->source};
            a.user_text = header.text("OME/Image", "Description");
        }
    }
    if (sizes.empty() || !sizes[0].x || !sizes[0].y) return;
    auto differs = [&](Size2 const& size) {
        return !size.x || !size.y || size.x->value != sizes[0].x->value || size.y->value != sizes[0].y->value;
    };
    if (std::any_of(sizes.begin(), sizes.end(), differs)) {
        warnings.push_back("OME-XML: images of several pixel sizes, and it does not say whose this page is: none is "
                           "taken; set one by hand");
        return;
    }
    a.pixel_size_x_nm = sizes[0].x;
    a.pixel_size_y_nm = sizes[0].y;
}

Metadata read(MetadataInput const& input) {
    std::string xml = utf8_from_unknown(description(input));
    std::vector<RawKey> keys = parse_xml_text(xml);
    Metadata metadata;
    metadata.vendor = "OME";
    Acquisition& a = metadata.acquisition;
    read_image(keys, input.page, a, metadata.warnings);
    bool is_whole = xml.find("</OME>") != std::string::npos || xml.find(":OME>") != std::string::npos;
    if (!is_whole && a.pixel_size_x_nm) {
        a.pixel_size_x_nm.reset();
        a.pixel_size_y_nm.reset();
        metadata.warnings.push_back("OME-XML: the text is cut off, and its pixel size was left out; set one by hand");
    }
    if (auto text = the_only(keys, "Objective@NominalMagnification")) {
        auto value = parse_double(trimmed(*text));
        if (value && *value >= 0.1 && *value <= 1e8)
            a.magnification = {*value, "OME-XML: Objective@NominalMagnification"};
        else
            metadata.warnings.push_back("OME-XML: Objective@NominalMagnification = \"" + excerpt(*text, 40) +
                                        "\" cannot be true and was left out");
    }
    std::string maker = the_only(keys, "Microscope@Manufacturer").value_or("");
    std::string model = the_only(keys, "Microscope@Model").value_or("");
    std::string instrument = maker + (maker.empty() || model.empty() ? "" : " ") + model;
    if (!instrument.empty()) a.instrument = {instrument, "OME-XML: Microscope"};
    auto author = the_only(keys, "Experimenter@UserName");
    if (author && names_a_person(*author)) a.author = {*author, "OME-XML: Experimenter@UserName"};
    metadata.raw = std::make_shared<std::vector<RawKey> const>(std::move(keys));
    return metadata;
}

} // namespace

extern constinit MetadataReader const k_reader_ome_xml{"ome_xml", "OME-XML", sniff, read};

} // namespace mg
