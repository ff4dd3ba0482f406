#pragma once
// The list of readers.
#include <span>

#include "metadata/metadata.h"

namespace mg {

/// All readers in order of trust.
std::span<MetadataReader const* const> all_readers();

} // namespace mg
