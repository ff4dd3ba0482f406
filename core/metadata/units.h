#pragma once
// Units of length as files name them.
#include <optional>
#include <string_view>

namespace mg {

/// Nanometres in one unit: "pm", "nm", "um", "µm" with either mu (also as the escape \u00B5), "micron", "mm", "cm",
/// "m", "inch", "Å". Nothing for pixels and whatever else is no length.
std::optional<double> nanometres_per(std::string_view unit);

} // namespace mg
