#pragma once
// Finding by typing a few letters.
#include <optional>
#include <string_view>

namespace mg::ui {

/// How well `query` fits `text`: its letters must come in this order, upper and lower case alike; higher for letters
/// that begin words or follow each other. Empty when they do not occur; 0 for an empty query.
std::optional<int> match_score(std::string_view query, std::string_view text);

} // namespace mg::ui
