#pragma once
// What the workspaces that work on sets of files share: keys of what was asked for, and the parts of workers' answers.
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "app/document.h"
#include "app/packet.h"
#include "app/results.h"
#include "app/scheduler.h"

namespace mg::app {

/// FNV-1a; never 0, which means "none".
std::uint64_t hash_of(std::string_view text, std::uint64_t hash = 0xcbf29ce484222325u);

/// Of all that the grouping of files depends on.
std::uint64_t grouping_key(Document const& document, std::uint64_t revision, int selected, Results& results);

/// The recipe's steps of these ids alone, without overrides.
Recipe only_steps(Recipe const& recipe, std::initializer_list<std::string_view> ids);

/// Why the work on a set is more than a page can hold; empty: it fits. Said before it is tried: a browser that runs out
/// of memory halfway only stops.
std::string too_large(SetRequest const& request, Results const& results);

/// Of a pair of numbers; empty when it is none.
Size size_of(Json const* json);
std::optional<double> optional_number(Packet const& packet, std::string_view key);
/// The buffer of this index; null when there is none.
SharedBytes buffer_at(Packet const& packet, Json const& index);
/// Null unless size, depth and the buffer's length agree. The arguments name members of the head.
PicturePtr picture_from(Packet const& packet, char const* size, char const* bytes, char const* buffer,
                        std::uint64_t serial);
/// "failures" of a set's answer: ids and words.
std::vector<std::pair<int, std::string>> failures_from(Packet const& packet);
/// [[a, b, tx], [c, d, ty]].
Json matrix_json(Affine const& map);

} // namespace mg::app
