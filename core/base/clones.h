#pragma once
// MG_CLONES marks a hot loop to be compiled for wider vectors as well and chosen when the program starts. Lanes compute
// the same operations in the same order and nothing is fused, so every clone gives the same bytes. Not under sanitizers
// (the chooser runs before their start) and not in wasm.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(MG_NO_CLONES)
#define MG_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define MG_CLONES
#endif
