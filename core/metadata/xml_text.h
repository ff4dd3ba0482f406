#pragma once
// The values in a microscope's XML as keys and values, for a HeaderReader.
#include <string_view>
#include <vector>

#include "image/scene.h"

namespace mg {

/// Of <A><B unit="m">5</B></A>: {"A", "B@unit", "m"} and {"A", "B", "5"}. Elements without elements inside, in file
/// order; names without their namespace, values trimmed and in UTF-8 when the text is. An element that is cut off gives
/// no value; whatever is no XML ends the list. At most 20000 entries, 16 levels.
std::vector<RawKey> parse_xml_text(std::string_view text);

} // namespace mg
