#include "cli/commands.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

int main(int argc, char** argv) {
#if defined(__GLIBC__)
    // A plane goes back to the system as soon as it is freed. Left alone, the C library keeps the planes of a long batch in
    // each thread's heap, which fragments to several times what one file needs.
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
    return mg::cli::run_program(std::vector<std::string>(argv + 1, argv + argc));
}
