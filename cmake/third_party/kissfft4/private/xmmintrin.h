// Stand-in for <xmmintrin.h>, with the five names that kissfft's USE_SIMD mode needs, as compiler vector types: exact
// single-precision operations, lane by lane, on every processor and in wasm.
#pragma once
#include <stddef.h>
#include <stdlib.h>

typedef float __m128 __attribute__((vector_size(16), aligned(16)));

static inline __m128 _mm_set1_ps(float v) {
    __m128 r = {v, v, v, v};
    return r;
}
static inline void* _mm_malloc(size_t size, size_t alignment) {
    return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}
static inline void _mm_free(void* p) { free(p); }
