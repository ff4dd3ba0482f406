#pragma once
// Memory for pixels.
#include <cstddef>

namespace mg {

/// At least `bytes` of uninitialised memory on a 64-byte boundary, or null; freed by std::free.
void* allocate_pixels(std::size_t bytes);

} // namespace mg
