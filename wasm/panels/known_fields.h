#pragma once
// What is known of an acquisition, in the order and the words in which it is shown.
#include <string>
#include <string_view>
#include <vector>

#include "image/scene.h"

namespace mg::app {

struct KnownField {
    std::string_view key{};   ///< of the step "correct"
    std::string_view label{}; ///< "Working distance"
    std::string_view unit{};  ///< "mm"
    std::string value{};      ///< without its unit; empty: unknown
    std::string source{};
};

/// "10 kV", "10000×".
std::string with_unit(KnownField const& field);

/// All fields, also the unknown ones.
std::vector<KnownField> known_fields(Acquisition const& acquisition);

} // namespace mg::app
