#pragma once
// What a file format brings to the registry, and what all of them share: errors that name the file, limits checked
// before memory is taken, palettes.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/codec.h"

namespace mg {

struct DecodeInput {
    ByteView file;
    std::string_view name; ///< for error texts
    int page = 0;
    std::int64_t largest_pixels = k_max_pixels; ///< see DecodeOptions
};

struct Codec {
    /// Looks at the first bytes alone.
    bool (*sniff)(ByteView file) = nullptr;
    Result<Decoded> (*decode)(DecodeInput const& input) = nullptr;
};

bool starts_with(ByteView file, std::string_view magic);

/// Error{code, "NAME: text"}
Error file_error(DecodeInput const& input, ErrorCode code, std::string_view text);
/// "NAME: ends after 12 of 49 strips: the file is cut off; copy it again from the microscope"
Error cut_off(DecodeInput const& input, std::int64_t whole, std::int64_t all, std::string_view parts);
/// "NAME: text: the file is damaged; copy it again from the microscope"
Error damaged(DecodeInput const& input, std::string_view text);

/// The size that a header claims, when it is within the limits of Image.
Result<Size> checked_size(DecodeInput const& input, std::int64_t width, std::int64_t height);

/// Planes while they are being filled.
using Planes = std::vector<Plane>;
Result<Planes> make_planes(DecodeInput const& input, Size size, int count);
std::vector<PlanePtr> shared(Planes planes);

/// Colours of a palette, 0..1.
struct Palette {
    enum class Kind {
        grey_ramp, ///< index i is the grey level i of the range: no palette at all
        grey,      ///< grey levels in another order: one plane
        colour,
    };
    Kind kind = Kind::colour;
    std::array<std::vector<float>, 3> levels; ///< 2^bits each; entries that the file lacks are black
    int plane_count() const { return kind == Kind::colour ? 3 : 1; }
};
/// `entries` are 16-bit levels; `bits` per index, 1..16. No entries: a grey ramp.
Palette make_palette(std::vector<std::array<std::uint16_t, 3>> const& entries, int bits);
/// Range and bits of the planes that this palette gives.
void describe_palette_image(Decoded& decoded, Palette const& palette, int bits);

} // namespace mg
