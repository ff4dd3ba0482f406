#pragma once
// Reading of element maps: the intensity along a map's own tint, the counts behind a map that was stored normalised,
// and the element in a map's file name.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "image/scene.h"

namespace mg {

/// One plane from one or three: a map painted in one colour is read along that colour, a grey one as it is. Values 0..1
/// of the recorded range: of the tint's strongest channel, whose levels stay as they are, or along a palette from black
/// through its colours to white. A picture of several hues is refused, with what to do about it.
struct UntintedMap {
    Plane plane;
    std::optional<Rgb> tint; ///< when it was not grey; its largest part is 1
    /// k_mask_drawing where a pixel is off the tint: text, a scale bar or a frame burned into the map. Empty (no size)
    /// when there is none. Their values in `plane` mean nothing.
    Mask off_tint;
    std::int64_t off_tint_px = 0;
};
Result<UntintedMap> untinted(std::vector<PlanePtr> const& planes);

/// What makes counts of a plane's values. Maps of whole counts are taken as recorded. A map that was scaled to 255 has
/// as many possible levels as counts: the spacing of the levels that occur tells the factor, exactly, whether it was
/// rounded down or to the nearest. Where the levels are not evenly spaced (JPEG, smoothed or net intensities), the
/// noise tells it: the variance of Poisson counts is their mean, so variance / mean between near pixels is the value of
/// one count. It cannot tell a smoothed map's counts before smoothing. Where nothing can be said, one count per grey
/// level of 255.
struct CountScale {
    double counts_at_white = 0; ///< counts = value * this + offset
    bool estimated = false;     ///< from the noise, or assumed
    std::string source; ///< in words: "counts as recorded", "from evenly spaced grey levels: at most 13 counts",
                        ///< "estimated from the noise"
    double offset = 0;  ///< half a step of what was rounded down; or the counts at black
    bool whole = false; ///< counts are whole numbers, to be rounded to the nearest
};
/// `skip`: pixels that do not count (any bit); null data: none.
CountScale count_scale(ImageView<float const> plane, ValueRange range, bool is_float,
                       ImageView<std::uint8_t const> skip = {});
/// Counts per pixel, never negative: whole numbers exactly as they were before the map was normalised.
Result<Plane> counts_of(ImageView<float const> plane, CountScale const& scale);

/// What a file name says of a map: "3-SiK.png" -> "Si", "SiK"; "map_CuK.bmp", "Si K\u03B11.tif", "O-K.tif",
/// "EDS_Fe.png". Whole words only; the last element with a line counts, else the last symbol alone that an EDX map can
/// be of.
struct MapName {
    enum class Kind { element, lab, other } kind = Kind::other;
    std::string element; ///< "Si"
    std::string label;   ///< "SiK"; "Si" without a line
};
MapName map_name(std::string_view file_name);

/// 1..118; 0 when there is no such element. Upper and lower case as in "Si".
int atomic_number(std::string_view symbol);

} // namespace mg
