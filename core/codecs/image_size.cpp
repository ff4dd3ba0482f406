// PNG: W3C PNG (third edition), 11.2.1. BMP: BITMAPCOREHEADER and BITMAPINFOHEADER as Microsoft documents them. JPEG:
// ITU-T T.81, B.2.2, the first frame header. TIFF: tiff_directory.h.
#include "codecs/image_size.h"

#include "codecs/codec.h"
#include "codecs/format.h"
#include "codecs/tiff_directory.h"

namespace mg {
namespace {

std::int64_t big_endian(ByteView file, std::size_t at, std::size_t count) {
    std::int64_t number = 0;
    for (std::size_t i = 0; i < count; ++i) number = number * 256 + file[at + i];
    return number;
}

std::int64_t little_endian(ByteView file, std::size_t at, std::size_t count) {
    std::int64_t number = 0;
    for (std::size_t i = count; i > 0; --i) number = number * 256 + file[at + i - 1];
    return number;
}

struct Claim {
    std::int64_t width = 0, height = 0;
};

Claim claim_of_bmp(ByteView file) {
    if (file.size() < 26) return {};
    if (little_endian(file, 14, 4) == 12) return {little_endian(file, 18, 2), little_endian(file, 20, 2)};
    // A negative height: rows from above.
    auto const height = static_cast<std::int32_t>(little_endian(file, 22, 4));
    return {static_cast<std::int32_t>(little_endian(file, 18, 4)), height < 0 ? -std::int64_t{height} : height};
}

Claim claim_of_jpeg(ByteView file) {
    std::size_t at = 2;
    while (at + 9 <= file.size() && file[at] == 0xFF) {
        int const marker = file[at + 1];
        if (marker == 0xFF) {
            ++at; // padding
            continue;
        }
        bool const is_frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (is_frame) return {big_endian(file, at + 7, 2), big_endian(file, at + 5, 2)};
        at += 2 + static_cast<std::size_t>(big_endian(file, at + 2, 2));
    }
    return {};
}

Claim claim_of_tiff(ByteView file) {
    auto const directories = read_tiff_directories(file);
    if (directories.pages.empty()) return {};
    TiffPage const& page = directories.pages.front();
    if (page.width > k_max_side_px || page.height > k_max_side_px) return {};
    return {static_cast<std::int64_t>(page.width), static_cast<std::int64_t>(page.height)};
}

} // namespace

Size claimed_size(ByteView file) {
    Claim claim;
    if (is_png(file) && file.size() >= 24)
        claim = {big_endian(file, 16, 4), big_endian(file, 20, 4)};
    else if (starts_with(file, "BM"))
        claim = claim_of_bmp(file);
    else if (starts_with(file, "\xFF\xD8"))
        claim = claim_of_jpeg(file);
    else if (starts_with(file, "II") || starts_with(file, "MM"))
        claim = claim_of_tiff(file);
    if (claim.width <= 0 || claim.height <= 0 || claim.width > k_max_side_px || claim.height > k_max_side_px ||
        claim.width * claim.height > k_max_pixels)
        return {};
    return {static_cast<int>(claim.width), static_cast<int>(claim.height)};
}

} // namespace mg
