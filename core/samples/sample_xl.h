#pragma once
// Made-up XL-series micrographs with known truth: the page's sample data and the tests' input. One scene of a grown
// semiconductor layer (terraces, grains, pits where dislocations end) is seen by secondary electrons and, at several
// wavelengths, by cathodoluminescence, with drift, shot noise and spikes. The same seed gives the same bytes
// everywhere.
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "image/image.h"
#include "math/affine.h"

namespace mg {

/// Values of the microscope's header; what is not listed is written with fixed values.
struct XlHeader {
    double magnification = 10000;
    double beam_energy_v = 10000;
    double spot = 4;
    double working_distance_mm = 10.85;
    int detector = 0;        ///< 0 SE, 2 Aux, 3 CL
    double size_y_mm = 85;   ///< field height times magnification
    double ratio_xy = 1.333; ///< field width / field height
    double scan_rotation_deg = 0;
    int image_type = 1; ///< 1 electrons, 2 ions
    double ion_energy_v = 30000;
    double ion_spot = 1000;
    double ion_magnification = 10000;
    double ion_working_distance_mm = 16.5;
    std::string user_text = "none";
    std::string image_name = "SAMPLE.TIF";
};

/// The text of tag 34680: 194 lines ended by CR LF, the first one empty.
std::string xl_header_text(XlHeader const& header);
/// A TIFF laid out as the microscopes write it: header text from byte 8, directory, tables, uncompressed strips of ten
/// rows.
Bytes write_xl_tiff(ImageView<std::uint8_t const> image, XlHeader const& header);
Bytes write_xl_tiff(ImageView<std::uint16_t const> image, XlHeader const& header);

struct SampleTruth {
    double pixel_size_x_nm = 0, pixel_size_y_nm = 0;
    /// Takes a stored pixel of the set's first image to the stored pixel of this one that shows the same spot.
    Affine from_reference;
    std::vector<std::int32_t> spikes;  ///< y * width + x of the brightest pixel of each spike, ascending
    std::vector<std::int32_t> drawing; ///< y * width + x of each pixel of the burned-in drawing, ascending
    /// What an endless exposure would record, 0..1 of the recorded range, without spikes and drawing.
    PlanePtr clean;
};

struct SampleFile {
    std::string relative_path; ///< "AB01_FH_250410/10K405.TIF"
    Bytes bytes;
    SampleTruth truth;
};

/// S10K.TIF (electrons, with a drawing burned in), 10K405 ... 10K445.TIF (light), all of one drifting scene at 712 x
/// 484 and 8 bits, and S20K.TIF of another place at 1424 x 968 and 16 bits.
std::vector<SampleFile> sample_xl_set(std::uint64_t seed);

struct SampleMap {
    std::string relative_path;
    /// As in SampleTruth.
    Affine from_reference;
};
/// The maps of that set's images of one scene, S10K.TIF first, without making a pixel.
std::vector<SampleMap> sample_xl_truth(std::uint64_t seed);

} // namespace mg
