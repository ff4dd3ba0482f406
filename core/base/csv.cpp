#include "base/csv.h"

namespace mg {

std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string quoted = "\"";
    for (char const c : text) (quoted += c) += c == '"' ? "\"" : "";
    return quoted + '"';
}

} // namespace mg
