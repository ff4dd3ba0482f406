#pragma once
// A made-up EDX set with known truth: the page's sample data and the tests' input. A section through a light-emitting
// device (sapphire, GaN, AlGaN with islands, resin with a rough border, and small metal contacts, about one per cent of
// the area) is seen by secondary electrons, and once more, a little displaced and wider, together with eight element
// maps of Poisson counts. The same seed gives the same bytes everywhere.
#include <cstdint>
#include <string>
#include <vector>

#include "samples/sample_xl.h"

namespace mg {

struct SampleEdxOptions {
    Size se_image{1424, 968};
    Size maps{256, 200};
    double dose = 2;     ///< 1: about five counts per pixel of the maps in all, at most three of one element
    double scale = 1.04; ///< width of the maps' field / width of the SE image's, 1..1.1
    /// Centre of the maps' field in the SE image, from its centre, of an image 1424 px wide; at most 30 each way.
    Point shift_px{-13.6, 8.2};
};

struct SampleEdxTruth {
    Affine maps_to_se; ///< pixel of the maps and the Lab image -> stored pixel of the SE image
    std::vector<std::string> materials;
    std::vector<std::string> elements;            ///< "CK"
    std::vector<std::vector<double>> mean_counts; ///< per material and element, of a pixel of that material alone
    Image<std::uint8_t> map_labels;               ///< index of the material that most of the pixel is of
    Image<std::uint8_t> se_labels;
    Plane purity;                             ///< share of that material in the pixel of the maps, 0..1
    std::vector<Image<std::uint16_t>> counts; ///< per element
    std::vector<int> largest_counts;          ///< per element: it is stored as 255
};

struct SampleEdx {
    /// SE01.TIF, map_Lab1.bmp and the maps, "map_CK.bmp" ... . SampleTruth::from_reference is from the SE image.
    std::vector<SampleFile> files;
    SampleEdxTruth truth;
};

SampleEdx sample_edx_set(std::uint64_t seed, SampleEdxOptions const& options = {});
/// SampleEdxTruth::maps_to_se, without making a pixel.
Affine sample_edx_maps_to_se(SampleEdxOptions const& options = {});

/// An 8-bit bitmap as the microscopes' EDX program writes it, with a palette from black to a tint (0xRRGGBB): no
/// planes, 65536 palette entries and an image of 0 bytes by its header; rows from below, padded to 4 bytes.
Bytes write_edx_bmp(ImageView<std::uint8_t const> levels, std::uint32_t tint);

} // namespace mg
