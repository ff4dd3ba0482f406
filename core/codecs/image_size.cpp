// PNG: W3C PNG (third edition), 11.2.1. BMP: BITMAPCOREHEADER and BITMAPINFOHEADER as Microsoft documents them. JPEG:
// ITU-T T.81, B.2.2, the first frame header. TIFF: tiff_directory.h.
#include "codecs/image_size.h"

#include "codecs/codec.h"
#include "codecs/format.h"
#include "codecs/orientation.h"
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
    while (at + 9 <= file.size()) {
        int const marker = file[at + 1];
        if (file[at] != 0xFF || marker == 0xFF || marker == 0) {
            ++at; // padding; the decoder passes over other bytes too
            continue;
        }
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
            at += 2; // these have no length
            continue;
        }
        bool const is_frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (is_frame) return {big_endian(file, at + 7, 2), big_endian(file, at + 5, 2)};
        at += 2 + static_cast<std::size_t>(big_endian(file, at + 2, 2));
    }
    return {};
}

Claim claim_of_page(TiffPage const& page) {
    if (page.width > k_max_side_px || page.height > k_max_side_px) return {};
    auto const width = static_cast<std::int64_t>(page.width), height = static_cast<std::int64_t>(page.height);
    return swaps_sides(page.orientation) ? Claim{height, width} : Claim{width, height};
}

bool is_tiff(ByteView file) {
    return starts_with(file, "II") || starts_with(file, "MM");
}

/// Empty beyond the limits of Image.
Size size_of(Claim const& claim) {
    if (claim.width <= 0 || claim.height <= 0 || claim.width > k_max_side_px || claim.height > k_max_side_px ||
        claim.width * claim.height > k_max_pixels)
        return {};
    return {static_cast<int>(claim.width), static_cast<int>(claim.height)};
}

} // namespace

bool can_be_true(PageClaim const& claim, std::size_t file_bytes) {
    auto const bytes = static_cast<std::int64_t>(file_bytes);
    if (claim.bits > 0) { // a TIFF
        constexpr std::int64_t k_always_bytes = std::int64_t{64} << 20, k_expansion = 4096;
        std::int64_t const data = claim.size.area() * claim.bits * std::max(claim.samples, 1) / 8;
        return data <= k_always_bytes || data / k_expansion <= bytes;
    }
    constexpr std::int64_t k_pixels_per_byte = 8 * 1040; // a PNG of one bit per pixel; of the others fewer
    return claim.size.area() / k_pixels_per_byte <= bytes;
}

std::vector<PageClaim> claimed_pages(ByteView file) {
    if (!is_tiff(file)) return {{claimed_size(file)}};
    std::vector<PageClaim> claims;
    for (TiffPage const& page : read_tiff_directories(file).pages)
        claims.push_back({size_of(claim_of_page(page)), page.bits, page.samples});
    if (claims.empty()) claims.push_back({});
    return claims;
}

Size claimed_size(ByteView file) {
    if (is_tiff(file)) return claimed_pages(file).front().size;
    Claim claim;
    if (is_png(file) && file.size() >= 24)
        claim = {big_endian(file, 16, 4), big_endian(file, 20, 4)};
    else if (starts_with(file, "BM"))
        claim = claim_of_bmp(file);
    else if (starts_with(file, "\xFF\xD8"))
        claim = claim_of_jpeg(file);
    return size_of(claim);
}

} // namespace mg
