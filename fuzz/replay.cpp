// Runs every target over its part of the corpus, without a fuzzer: fuzz_replay CORPUS. With --time: the files that took
// longest. A file that breaks something ends the program, and its name stands above the sanitizer's report.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/targets.h"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(fs::path const& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_entry const& entry : fs::directory_iterator(folder, error)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

mg::Bytes content_of(fs::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return mg::Bytes(std::istreambuf_iterator<char>(file), {});
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: fuzz_replay CORPUS [TARGET...]\n", stderr);
        return 2;
    }
    int passed = 0, failed = 0;
    for (mg::fuzz::Target const& target : mg::fuzz::all_targets()) {
        bool wanted = argc == 2;
        for (int i = 2; i < argc; ++i) wanted = wanted || target.name == argv[i];
        if (!wanted) continue;
        auto const start = std::chrono::steady_clock::now();
        std::vector<fs::path> const files = files_in(fs::path(argv[1]) / target.name);
        for (fs::path const& path : files) {
            std::fprintf(stderr, "%s\r", path.c_str());
            mg::Bytes const bytes = content_of(path);
            target.run(bytes);
        }
        double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        std::fprintf(stderr, "\33[K");
        std::printf("%-24s %4zu files %6.2f s%s\n", target.name.c_str(), files.size(), seconds,
                    files.empty() ? "  NO CORPUS" : "");
        ++(files.empty() ? failed : passed);
    }
    // In the form that scripts/count_tests.py counts.
    if (passed) std::printf("[  PASSED  ] %d tests.\n", passed);
    if (failed) std::printf("[  FAILED  ] %d tests, listed above as having no corpus\n", failed);
    return failed ? 1 : 0;
}
