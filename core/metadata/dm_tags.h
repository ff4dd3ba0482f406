#pragma once
// The tree of tags of Gatan's DigitalMicrograph (GMS), as its DM3 and DM4 files hold it and its TIFF files in tag
// 65027. No description by the maker is public; layout after the work of others (https://imagejdocu.tudor.lu,
// RosettaSciIO), checked against a real file.
#include <vector>

#include "base/bytes.h"
#include "image/scene.h"

namespace mg {

/// Leaves in file order: {"Microscope Info", "Voltage", "200000"}, groups in groups joined by ".". Numbers, text and
/// small structures; longer arrays are left out. Ends at whatever makes no sense. At most 4000 entries, 32 levels.
std::vector<RawKey> parse_dm_tags(ByteView bytes);

} // namespace mg
