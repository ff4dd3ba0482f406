#pragma once
// What a metadata reader looks at, as one run of bytes: eight bytes (flags, page, width, height), then sections, each
// behind k_section and a letter. Sections need no lengths, so that a fuzzer can cut, copy and join them.
//   T  tag number (2 bytes), page (1 byte), value      K  keyword of a PNG text, NUL, text
//   S  which ending (1 byte), file beside the image    W  the twin
//   F  the image file itself                           N  path of the file
//   R  resolution: four numbers of 4 bytes (two fractions), unit (1 byte)
// All numbers little-endian.
#include "metadata/metadata.h"

namespace mg::fuzz {

/// No byte of it occurs in UTF-8.
inline constexpr std::string_view k_section = "\xC0\xC1\xF5";

struct ReaderCase {
    bool has_decoded = true;
    Decoded decoded; ///< without planes
    int page = 0;
    std::string path = "image.tif";
    std::string sidecar_name;
    Bytes file, twin, sidecar;

    MetadataInput input() const;
};
ReaderCase reader_case(ByteView bytes);
Bytes case_bytes(ReaderCase const& content);

void fuzz_reader(MetadataReader const& reader, ByteView bytes);

} // namespace mg::fuzz
