// A fresh plane of a large image is tens of thousands of small pages, and touching each for the first time costs more
// than most steps do with it. Where the system has large pages it is asked for them; the result is the same without.
#include "base/memory.h"

#include <cstdlib>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace mg {
namespace {

constexpr std::size_t k_alignment = 64;
[[maybe_unused]] constexpr std::size_t k_large_page = std::size_t{2} << 20;

std::size_t rounded_up(std::size_t bytes, std::size_t step) {
    return (bytes + step - 1) / step * step;
}

} // namespace

void* allocate_pixels(std::size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    if (bytes >= k_large_page / 2) {
        std::size_t const size = rounded_up(bytes, k_large_page);
        void* memory = std::aligned_alloc(k_large_page, size);
        if (memory) madvise(memory, size, MADV_HUGEPAGE); // advice: may be refused
        return memory;
    }
#endif
    return std::aligned_alloc(k_alignment, rounded_up(bytes, k_alignment));
}

} // namespace mg
