// The registry of readers, and how their findings are put together.
#include "metadata/metadata.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "metadata/readers.h"

namespace mg {

#define READER(name) extern MetadataReader const k_reader_##name;
#include "metadata/readers.inc"
#undef READER

std::span<MetadataReader const* const> all_readers() {
    static constexpr MetadataReader const* k_readers[] = {
#define READER(name) &k_reader_##name,
#include "metadata/readers.inc"
#undef READER
    };
    return k_readers;
}

namespace {

/// Takes over what is not known yet; a pixel size only as a pair from one source.
void add_unknown(Acquisition& known, Acquisition& more) {
    if (known.pixel_size_x_nm || known.pixel_size_y_nm) {
        more.pixel_size_x_nm.reset();
        more.pixel_size_y_nm.reset();
    }
    for_each_fact([&](char const*, auto member) {
        if (!(known.*member)) known.*member = std::move(more.*member);
    });
}

/// Resolution tags beside a calibration are meant for it when they are near: a microscope's program fills them with the
/// density of a print otherwise, thousands of times coarser.
bool is_far_from(double calibrated_nm, double other_nm) {
    return other_nm > 10 * calibrated_nm || other_nm < calibrated_nm / 10;
}

std::string disagreement(std::vector<StatedPixelSize> const& sizes) {
    auto differ = [](double a, double b) { return std::fabs(a - b) > 0.01 * a; };
    bool agree = true;
    for (StatedPixelSize const& other : sizes)
        agree = agree && !differ(sizes[0].x_nm, other.x_nm) && !differ(sizes[0].y_nm, other.y_nm);
    if (agree) return {};
    std::string text = "pixel sizes differ:";
    for (StatedPixelSize const& size : sizes) {
        text.append(&size == &sizes.front() ? " " : "; ");
        text.append(format_length(size.x_nm, 4)).append(" x ").append(format_length(size.y_nm, 4));
        text.append(" (").append(size.source).append(")");
    }
    return text.append(". The first is used; correct it if it is wrong");
}

} // namespace

Metadata read_metadata(MetadataInput const& input) {
    Metadata metadata;
    std::vector<RawKey> raw;
    for (MetadataReader const* reader : all_readers()) {
        if (!reader->sniff(input)) continue;
        Metadata found = reader->read(input);
        Acquisition& a = found.acquisition;
        if (found.pixel_sizes.empty() && a.pixel_size_x_nm && a.pixel_size_y_nm)
            found.pixel_sizes.push_back({a.pixel_size_x_nm->value, a.pixel_size_y_nm->value, a.pixel_size_x_nm->source});
        if (reader == &k_reader_resolution && !metadata.pixel_sizes.empty())
            std::erase_if(found.pixel_sizes, [&](StatedPixelSize const& size) {
                return is_far_from(metadata.pixel_sizes.front().x_nm, size.x_nm);
            });
        metadata.pixel_sizes.insert(metadata.pixel_sizes.end(), found.pixel_sizes.begin(), found.pixel_sizes.end());
        add_unknown(metadata.acquisition, a);
        if (metadata.vendor.empty()) metadata.vendor = found.vendor;
        if (found.raw) raw.insert(raw.end(), found.raw->begin(), found.raw->end());
        bool needless = reader == &k_reader_resolution && metadata.acquisition.pixel_size_x_nm;
        if (!needless) metadata.warnings.insert(metadata.warnings.end(), found.warnings.begin(), found.warnings.end());
    }
    if (std::string text = disagreement(metadata.pixel_sizes); !text.empty()) metadata.warnings.push_back(std::move(text));

    // A number in a file name is a wavelength only on an image of light.
    Acquisition& a = metadata.acquisition;
    bool is_light = a.detector && a.detector->value.find("CL") != std::string::npos;
    if (a.wavelength_nm && a.wavelength_nm->source == "file name" && !is_light) a.wavelength_nm.reset();
    metadata.raw = std::make_shared<std::vector<RawKey> const>(std::move(raw));
    return metadata;
}

Size MetadataInput::stored_size() const {
    if (!decoded) return {};
    return decoded->stored_size.empty() ? decoded->size : decoded->stored_size;
}

FileField const* MetadataInput::tag(int number) const {
    FileField const* first = nullptr;
    if (decoded)
        for (FileField const& field : decoded->fields) {
            if (field.tag != number) continue;
            if (field.page == page) return &field;
            if (!first) first = &field;
        }
    return first;
}

bool is_sidecar_name(std::string_view file_name) {
    return iends_with(file_name, ".txt") || iends_with(file_name, ".hdr");
}

bool is_sidecar_of(std::string_view sidecar_name, std::string_view image_name) {
    if (!is_sidecar_name(sidecar_name)) return false;
    std::size_t dot = image_name.rfind('.');
    std::string_view stem = image_name.substr(0, dot);
    std::string_view sidecar_stem = sidecar_name.substr(0, sidecar_name.size() - 4);
    if (iequals(sidecar_stem, stem)) return true;
    // "x-tif.hdr" and "x-tiff.hdr": the image's ending behind a dash.
    if (dot == std::string_view::npos || !iends_with(sidecar_name, ".hdr")) return false;
    std::string dashed(stem);
    return iequals(sidecar_stem, dashed.append("-").append(image_name.substr(dot + 1)));
}

bool is_known_sidecar(std::string_view file_name, ByteView content) {
    MetadataInput input{.file = {}, .file_name = {}, .relative_path = {}, .sidecar = content, .sidecar_name = file_name};
    auto readers = all_readers();
    return std::any_of(readers.begin(), readers.end(), [&](MetadataReader const* reader) { return reader->sniff(input); });
}

std::string twin_name(std::string_view file_name) {
    std::size_t folder = file_name.rfind('/');
    std::size_t start = folder == std::string_view::npos ? 0 : folder + 1;
    std::string name(file_name.substr(0, start));
    return name.append("_").append(file_name.substr(start));
}

} // namespace mg
