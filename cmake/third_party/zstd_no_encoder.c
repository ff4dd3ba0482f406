// The page reads Zstandard TIFFs and never writes one. LibTIFF's codec names the encoder's functions all the same; linking
// these instead leaves a few hundred kB of encoder out of the page. An attempt to encode is refused as "out of memory".
#include <stddef.h>
#include <zstd.h>

static size_t refused(void) { return (size_t)-64; /* -ZSTD_error_memory_allocation */ }

ZSTD_CStream* ZSTD_createCStream(void) { return NULL; }
size_t ZSTD_freeCStream(ZSTD_CStream* s) { return (void)s, 0; }
size_t ZSTD_initCStream(ZSTD_CStream* s, int level) { return (void)s, (void)level, refused(); }
size_t ZSTD_compressStream(ZSTD_CStream* s, ZSTD_outBuffer* out, ZSTD_inBuffer* in) {
    return (void)s, (void)out, (void)in, refused();
}
size_t ZSTD_endStream(ZSTD_CStream* s, ZSTD_outBuffer* out) { return (void)s, (void)out, refused(); }
int ZSTD_maxCLevel(void) { return 22; }
