#pragma once
// Short words for the tests of the vendors' readers.
#include "base/text.h"
#include "support/decoding.h"
#include "support/layout_reading.h"

namespace mg {

inline double value_of(std::optional<Sourced<double>> const& value) {
    return value ? value->value : -1;
}
inline std::string text_of(std::optional<Sourced<std::string>> const& value) {
    return value ? value->value : "(absent)";
}
inline std::string source_of(std::optional<Sourced<double>> const& value) {
    return value ? value->source : "(absent)";
}
inline bool warns_of(Metadata const& metadata, std::string_view text) {
    return test::warns(metadata, text);
}
inline std::string replaced(std::string text, std::string_view what, std::string_view with) {
    std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return at == std::string::npos ? text : text.replace(at, what.size(), with);
}
/// As if it stood beside x.tif, an image of that size.
inline Metadata read_beside(std::string const& sidecar, Size stored = {64, 48}) {
    Decoded decoded;
    decoded.size = stored;
    return read_metadata({.file = {},
                          .decoded = &decoded,
                          .file_name = "x.tif",
                          .relative_path = "x.tif",
                          .sidecar = as_bytes(sidecar),
                          .sidecar_name = "x.txt"});
}
/// An image of that size with these tags.
inline Metadata read_tags(std::vector<FileField> tags, Size stored = {64, 48}) {
    Decoded decoded;
    decoded.size = stored;
    decoded.fields = std::move(tags);
    return read_metadata({.file = {}, .decoded = &decoded, .file_name = "x.tif", .relative_path = "x.tif"});
}

} // namespace mg
