// The registry of readers, and how their findings are put together.
#include "metadata/metadata.h"

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
    auto add = [](auto& mine, auto& theirs) {
        if (!mine) mine = std::move(theirs);
    };
    if (!known.pixel_size_x_nm && !known.pixel_size_y_nm) {
        known.pixel_size_x_nm = more.pixel_size_x_nm;
        known.pixel_size_y_nm = more.pixel_size_y_nm;
    }
    add(known.beam_energy_kv, more.beam_energy_kv);
    add(known.working_distance_mm, more.working_distance_mm);
    add(known.magnification, more.magnification);
    add(known.spot_size, more.spot_size);
    add(known.probe_current_na, more.probe_current_na);
    add(known.dwell_time_us, more.dwell_time_us);
    add(known.scan_rotation_deg, more.scan_rotation_deg);
    add(known.wavelength_nm, more.wavelength_nm);
    add(known.databar_rows, more.databar_rows);
    add(known.detector, more.detector);
    add(known.beam_kind, more.beam_kind);
    add(known.acquired, more.acquired);
    add(known.instrument, more.instrument);
    add(known.sample, more.sample);
    add(known.author, more.author);
    add(known.user_text, more.user_text);
}

struct PixelSize {
    double x_nm = 0, y_nm = 0;
    std::string source;
};

std::string disagreement(std::vector<PixelSize> const& sizes) {
    auto differ = [](double a, double b) { return std::fabs(a - b) > 0.01 * a; };
    bool agree = true;
    for (PixelSize const& other : sizes)
        agree = agree && !differ(sizes[0].x_nm, other.x_nm) && !differ(sizes[0].y_nm, other.y_nm);
    if (agree) return {};
    std::string text = "pixel sizes differ:";
    for (PixelSize const& size : sizes) {
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
    std::vector<PixelSize> pixel_sizes;
    for (MetadataReader const* reader : all_readers()) {
        if (!reader->sniff(input)) continue;
        Metadata found = reader->read(input);
        Acquisition& a = found.acquisition;
        if (a.pixel_size_x_nm && a.pixel_size_y_nm)
            pixel_sizes.push_back({a.pixel_size_x_nm->value, a.pixel_size_y_nm->value, a.pixel_size_x_nm->source});
        add_unknown(metadata.acquisition, a);
        if (metadata.vendor.empty()) metadata.vendor = found.vendor;
        if (found.raw) raw.insert(raw.end(), found.raw->begin(), found.raw->end());
        bool needless = reader == &k_reader_resolution && metadata.acquisition.pixel_size_x_nm;
        if (!needless) metadata.warnings.insert(metadata.warnings.end(), found.warnings.begin(), found.warnings.end());
    }
    if (std::string text = disagreement(pixel_sizes); !text.empty()) metadata.warnings.push_back(std::move(text));

    // A number in a file name is a wavelength only on an image of light.
    Acquisition& a = metadata.acquisition;
    bool is_light = a.detector && a.detector->value.find("CL") != std::string::npos;
    if (a.wavelength_nm && a.wavelength_nm->source == "file name" && !is_light) a.wavelength_nm.reset();
    metadata.raw = std::make_shared<std::vector<RawKey> const>(std::move(raw));
    return metadata;
}

std::string twin_name(std::string_view file_name) {
    std::size_t folder = file_name.rfind('/');
    std::size_t start = folder == std::string_view::npos ? 0 : folder + 1;
    std::string name(file_name.substr(0, start));
    return name.append("_").append(file_name.substr(start));
}

} // namespace mg
