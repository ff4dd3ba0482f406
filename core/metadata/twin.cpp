// An edited image often comes without the microscope's header; the untouched file beside it, named with a leading
// underscore, still has it. The header describes a frame, so its pixel size holds only while both images have the same
// width and height: after a crop or a resize it is left out rather than guessed.
#include "base/text.h"
#include "metadata/metadata.h"
#include "metadata/readers.h"

namespace mg {

extern MetadataReader const k_reader_twin;

namespace {

/// The reader of a microscope's header that knows this file; null when there is none.
MetadataReader const* header_reader(MetadataInput const& input) {
    for (MetadataReader const* reader : all_readers()) {
        if (reader == &k_reader_twin) break;
        if (reader->sniff(input)) return reader;
    }
    return nullptr;
}

bool sniff(MetadataInput const& input) {
    return !input.twin.empty() && !header_reader(input);
}

std::string named_after_twin(std::string const& source, std::string const& twin) {
    constexpr std::string_view k_header = "header";
    if (!std::string_view(source).starts_with(k_header)) return source + " (from " + twin + ")";
    std::string text = "header of ";
    return text.append(twin).append(source, k_header.size());
}

Metadata read(MetadataInput const& input) {
    std::string name = sanitized_utf8(twin_name(input.file_name)); // it stands in texts
    Result<Decoded> decoded = decode_image(input.twin, name);
    MetadataInput twin{.file = input.twin, .file_name = name, .relative_path = name};
    if (decoded) twin.decoded = &decoded.value();

    Metadata metadata;
    MetadataReader const* reader = header_reader(twin);
    if (!reader) {
        metadata.warnings.push_back(name + " has no microscope header either");
        return metadata;
    }
    metadata = reader->read(twin);
    for (std::string& warning : metadata.warnings) {
        std::string text = name;
        warning = text.append(": ").append(warning);
    }

    Acquisition& a = metadata.acquisition;
    bool same_size = decoded && input.decoded && decoded->stored_size == input.stored_size();
    if (a.pixel_size_x_nm && !same_size) {
        auto shown = [](Size size) { return std::to_string(size.width) + " x " + std::to_string(size.height) + " px"; };
        if (input.decoded)
            metadata.warnings.push_back("the image is " + shown(input.stored_size()) + ", " + name + " is " +
                                        shown(decoded->stored_size) +
                                        ": its pixel size does not hold here and was left out; set one by hand");
        a.pixel_size_x_nm.reset();
        a.pixel_size_y_nm.reset();
        metadata.pixel_sizes.clear();
    } else if (!decoded) {
        metadata.warnings.push_back(name + " has a header but no readable image, so no pixel size; set one by hand");
    }
    for_each_fact([&](char const*, auto member) {
        if (auto& fact = a.*member) fact->source = named_after_twin(fact->source, name);
    });
    for (StatedPixelSize& size : metadata.pixel_sizes) size.source = named_after_twin(size.source, name);
    return metadata;
}

} // namespace

constinit MetadataReader const k_reader_twin{"twin", "Header of the untouched twin", sniff, read};

} // namespace mg
