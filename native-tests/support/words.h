#pragma once
// What a text says.
#include <string_view>

namespace mg::test {

inline bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

} // namespace mg::test
