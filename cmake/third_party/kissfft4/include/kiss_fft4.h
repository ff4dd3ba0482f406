// kissfft on four interleaved transforms: a scalar is a vector of four floats, names are kiss_fft4_* and kiss_fftr4_*.
// A source file includes this or "kiss_fft.h", never both. Buffers are 16-byte aligned; a cfg is freed with free().
#pragma once
typedef float kiss_fft4_scalar __attribute__((vector_size(16), aligned(16)));

#define kiss_fft_state kiss_fft4_state
#define kiss_fft_cfg kiss_fft4_cfg
#define kiss_fft_cpx kiss_fft4_cpx
#define kiss_fft_alloc kiss_fft4_alloc
#define kiss_fft kiss_fft4
#define kiss_fft_stride kiss_fft4_stride
#define kiss_fft_cleanup kiss_fft4_cleanup
#define kiss_fft_next_fast_size kiss_fft4_next_fast_size
#define kiss_fftr_state kiss_fftr4_state
#define kiss_fftr_cfg kiss_fftr4_cfg
#define kiss_fftr_alloc kiss_fftr4_alloc
#define kiss_fftr kiss_fftr4
#define kiss_fftri kiss_fftri4
#ifndef USE_SIMD // defined only where kissfft itself is compiled
#define kiss_fft_scalar kiss_fft4_scalar
#endif
#include "kiss_fft.h"
#include "kiss_fftr.h"
