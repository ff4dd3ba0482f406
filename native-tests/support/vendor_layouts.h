#pragma once
// Files as the vendors' microscopes write them, made here: one file layout_<vendor>.cpp each. The layouts (section names,
// keys, order, units, encodings) are those of real files; all values are made up.
#include <string>
#include <vector>

#include "codecs/codec.h"

namespace mg::test {

/// One picture with the tags and the file beside it.
struct VendorLayout {
    std::string name;             ///< "fei_xt navcam"
    std::string file_name = "image.tif";
    Size size{64, 48};            ///< as stored, with burned-in rows
    int bits = 8;
    int page_count = 1;
    std::vector<FileField> tags;  ///< beyond the pixel layout; one of the layout (262, 320) replaces it
    Bytes at_byte_8{};            ///< what tags point to by a place in the file: stands at byte 8 of it
    std::string sidecar_name{};
    Bytes sidecar{};
    std::string vendor{};         ///< Metadata::vendor that is expected
    Acquisition expected{};       ///< facts that must be found; `source` is not compared
};

std::vector<VendorLayout> fei_layouts();
std::vector<VendorLayout> zeiss_layouts();
std::vector<VendorLayout> tescan_layouts();
std::vector<VendorLayout> openfibsem_layouts();
std::vector<VendorLayout> jeol_layouts();
std::vector<VendorLayout> hitachi_layouts();
std::vector<VendorLayout> olympus_sis_layouts();
std::vector<VendorLayout> ome_xml_layouts();
std::vector<VendorLayout> gatan_dm_layouts();
std::vector<VendorLayout> tvips_layouts();

/// A text as the value of an ASCII tag.
FileField text_tag(int tag, std::string_view text);
/// The layout as a TIFF file: grey ramp, uncompressed, little-endian, its tags with the types that the vendors use.
Bytes layout_tiff(VendorLayout const& layout);

} // namespace mg::test
