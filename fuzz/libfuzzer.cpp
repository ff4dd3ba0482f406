// The program that fuzzes one target: fuzz --target=NAME [libFuzzer's options] CORPUS...
#include <cstdio>
#include <cstdlib>

#include "fuzz/targets.h"

namespace {
std::function<void(mg::ByteView)>& chosen() {
    static std::function<void(mg::ByteView)> target;
    return target;
}
} // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
    std::string_view const option = "--target=";
    std::string name;
    for (int i = 1; i < *argc; ++i)
        if (std::string_view const argument = (*argv)[i]; argument.starts_with(option))
            name = argument.substr(option.size());
    for (mg::fuzz::Target const& target : mg::fuzz::all_targets()) {
        if (target.name == name) chosen() = target.run;
        if (name.empty()) std::puts(target.name.c_str());
    }
    if (name.empty()) std::exit(0);
    if (!chosen()) {
        std::fprintf(stderr, "fuzz: no target \"%s\"; without an option it lists them\n", name.c_str());
        std::exit(2);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    chosen()({data, size});
    return 0;
}
