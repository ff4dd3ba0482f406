#pragma once
// How much memory this process may still take.
#include <cstdint>

namespace mg::cli {

/// Bytes that are free, or could be freed at once, within the limits set on the process and its container; 0: unknown.
std::int64_t free_memory_bytes();

} // namespace mg::cli
