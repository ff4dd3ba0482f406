#include "fuzz/targets.h"

#include "fuzz/reader_case.h"
#include "metadata/readers.h"

namespace mg::fuzz {

#define TARGET(name) void fuzz_##name(ByteView bytes);
#include "fuzz/targets.inc"
#undef TARGET

std::vector<Target> all_targets() {
    std::vector<Target> targets = {
#define TARGET(name) {#name, fuzz_##name},
#include "fuzz/targets.inc"
#undef TARGET
    };
    for (MetadataReader const* reader : all_readers())
        targets.push_back(
            {"reader_" + std::string(reader->id), [reader](ByteView bytes) { fuzz_reader(*reader, bytes); }});
    return targets;
}

} // namespace mg::fuzz
