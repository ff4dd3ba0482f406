#pragma once
// TIFF files of every kind, in memory, through libtiff's writer.
#include <string>
#include <vector>

#include "base/bytes.h"
#include "image/image.h"

namespace mg::test {

struct TiffSpec {
    Size size{13, 11};
    int bits = 8;
    int format = 1;      ///< SAMPLEFORMAT_: 1 unsigned, 2 signed, 3 real
    int samples = 1;     ///< per pixel
    int photometric = 1; ///< PHOTOMETRIC_: 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 5 CMYK, 6 YCbCr
    int compression = 1; ///< COMPRESSION_
    int predictor = 1;
    bool separate = false;
    int tile = 0; ///< side in pixels; 0: strips
    int rows_per_strip = 4;
    std::string mode = "w";             ///< wl, wb: byte order; 8: BigTIFF
    std::vector<std::uint16_t> palette; ///< red, then green, then blue
    std::vector<int> extra_samples{};
    int orientation = 1;
    bool holds_next = false; ///< the page after this one is an image inside it
};

/// A tag beside those of the layout.
struct TiffText {
    int tag;
    std::string text; ///< ASCII
};
struct TiffResolution {
    double x = 0, y = 0;
    int unit = 2;
};

struct TiffPageContent {
    TiffSpec spec;
    std::vector<double> values; ///< size x samples, interleaved, in stored units
    std::vector<TiffText> texts{};
    TiffResolution resolution{};
};

Bytes write_tiff(std::vector<TiffPageContent> const& pages);
inline Bytes write_tiff(TiffSpec const& spec, std::vector<double> const& values) {
    return write_tiff({{spec, values}});
}

/// Different numbers in every pixel and channel, over the whole range of the spec's type.
std::vector<double> ramp_values(TiffSpec const& spec);

} // namespace mg::test
