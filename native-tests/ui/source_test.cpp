// Rules that the compiler does not know: what a panel remembers lies in the document and the view, and files stay
// short.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

namespace fs = std::filesystem;

namespace {

fs::path const k_wasm = fs::path(MG_TEST_DATA_DIR).parent_path().parent_path() / "wasm";

template <class Check>
void for_each_source(Check check) {
    for (char const* folder : {"ui", "panels"})
        for (auto const& entry : fs::directory_iterator(k_wasm / folder))
            if (entry.path().extension() == ".cpp" || entry.path().extension() == ".h") check(entry.path());
}

} // namespace

TEST(PanelSources, HoldNoStateOfTheirOwn) {
    if (!fs::exists(k_wasm)) GTEST_SKIP() << "no sources beside this build";
    std::regex mutable_static(
        R"(^\s*(static|thread_local)\s+(?!const |constexpr |constinit const |inline |void |bool \w+\())");
    for_each_source([&](fs::path const& path) {
        std::ifstream file(path);
        std::string line;
        for (int number = 1; std::getline(file, line); ++number)
            EXPECT_FALSE(std::regex_search(line, mutable_static)) << path << ":" << number << ": " << line;
    });
}

TEST(PanelSources, StayBelow500Lines) {
    if (!fs::exists(k_wasm)) GTEST_SKIP() << "no sources beside this build";
    for_each_source([&](fs::path const& path) {
        std::ifstream file(path);
        int lines = 0;
        for (std::string line; std::getline(file, line);) ++lines;
        EXPECT_LT(lines, 500) << path;
    });
}

TEST(PanelSources, DoNotRunSteps) {
    if (!fs::exists(k_wasm)) GTEST_SKIP() << "no sources beside this build";
    for_each_source([&](fs::path const& path) {
        std::ifstream file(path);
        for (std::string line; std::getline(file, line);) {
            EXPECT_EQ(line.find("#include \"steps/"), std::string::npos) << path << ": " << line;
            EXPECT_EQ(line.find("#include \"recipe/pipeline.h\""), std::string::npos) << path << ": " << line;
        }
    });
}
