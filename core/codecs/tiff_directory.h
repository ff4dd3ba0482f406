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
    int bits = 1;       ///< per sample, as claimed
    int samples = 1;    ///< per pixel
    int sub_images = 0; ///< directories inside this page
    int orientation = 1; ///< as claimed; 1..8 have a meaning
    std::optional<Resolution> resolution;
};

struct TiffDirectories {
    bool big_endian = false;
    std::vector<TiffPage> pages;
    std::vector<FileField> fields; ///< of all pages; tags that describe the pixel layout are left out
    std::vector<std::string> warnings;
};

/// Pages of a file that are followed.
inline constexpr std::size_t k_max_pages = 1000;
/// Fields of all pages together; bytes of one, and of all.
inline constexpr std::size_t k_max_fields = 20000;
inline constexpr std::uint64_t k_max_field_bytes = 16 << 20, k_max_all_field_bytes = 64 << 20;
/// Never fails: what cannot be read is absent. Ends at k_max_pages, and at a loop.
TiffDirectories read_tiff_directories(ByteView file);

} // namespace mg
