#pragma once
// Borrowed and owned runs of bytes.
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace mg {
using ByteView = std::span<std::uint8_t const>;
using Bytes = std::vector<std::uint8_t>;
/// A file's content, shared read-only between the document, jobs and caches.
using SharedBytes = std::shared_ptr<Bytes const>;
} // namespace mg
