#pragma once
// The directories of a TIFF file as they are stored: where each page is, its private and descriptive tags as raw bytes,
// its resolution. Pixels are read through libtiff, which hands out private tags only after conversion.
// TIFF 6.0, sections 2 and 8; BigTIFF as libtiff documents it. Sub-directories are not followed.
#include <optional>
#include <vector>

#include "codecs/codec.h"

namespace mg {

struct TiffPage {
    std::uint64_t offset = 0; ///< of its directory in the file
    std::uint64_t width = 0;  ///< as claimed; 0 when absent
    std::uint64_t height = 0;
    std::optional<Resolution> resolution;
};

struct TiffDirectories {
    bool big_endian = false;
    std::vector<TiffPage> pages;
    std::vector<FileField> fields; ///< of all pages; tags that describe the pixel layout are left out
    std::vector<std::string> warnings;
};

/// Never fails: what cannot be read is absent. Follows at most 1000 pages and ends at a loop.
TiffDirectories read_tiff_directories(ByteView file);

} // namespace mg
