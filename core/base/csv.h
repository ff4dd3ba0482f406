#pragma once
// Tables as text (RFC 4180).
#include <string>
#include <string_view>

namespace mg {

/// One field of a line, in quotes where it needs them.
std::string csv_field(std::string_view text);

} // namespace mg
