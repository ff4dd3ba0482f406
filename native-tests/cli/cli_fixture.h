#pragma once
// The built program, run in a folder of the test's own as a user runs it.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/json.h"
#include "codecs/codec.h"
#include "samples/sample_xl.h"

namespace mg::test {

namespace fs = std::filesystem;

inline std::string text_of(fs::path const& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

inline Bytes bytes_of(fs::path const& path) {
    std::string const text = text_of(path);
    return {text.begin(), text.end()};
}

inline void write(fs::path const& path, std::string const& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

inline void write(fs::path const& path, ByteView bytes) {
    write(path, std::string(bytes.begin(), bytes.end()));
}

/// The header of a PNG that claims 11 000 x 11 000 px, with so many bytes of nothing behind it.
inline std::string claiming_png(std::size_t bytes) {
    return std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x2a\xf8\0\0\x2a\xf8\x08\0\0\0\0", 29) + std::string(bytes, '\0');
}
/// With fewer behind it, no decoder would believe the claim.
inline constexpr std::size_t k_claim_bytes = 15000;

struct Finished {
    int code = -1;
    std::string out, err;
};

/// A small XL image, other for each seed.
inline Bytes small_tiff(int seed = 0, Size size = {96, 65}) {
    auto image = Image<std::uint8_t>::create(size);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            image->at(x, y) =
                static_cast<std::uint8_t>(40 + (x * 3 + y * 5 + seed * 17) % 120 + (x / 8 + y / 8) % 2 * 30);
    XlHeader header;
    header.image_name = "SAMPLE.TIF";
    ImageView<std::uint8_t const> const view = image->view();
    return write_xl_tiff(view, header);
}

class Cli : public testing::Test {
protected:
    void SetUp() override {
        auto const* info = testing::UnitTest::GetInstance()->current_test_info();
        m_folder = fs::temp_directory_path() / ("micrographia-test-" + std::to_string(::getpid()) + "-" + info->name());
        fs::remove_all(m_folder);
        fs::create_directories(m_folder);
    }
    void TearDown() override { fs::remove_all(m_folder); }

    fs::path at(std::string const& name) const { return m_folder / name; }
    fs::path make_tiff(std::string const& name, int seed = 0) const {
        write(at(name), small_tiff(seed));
        return at(name);
    }
    /// Runs in the test's own folder.
    Finished run(std::string const& arguments) const {
        std::string const command = "cd '" + m_folder.string() + "' && '" MG_CLI "' " + arguments + " > .out 2> .err";
        int const status = std::system(command.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(at(".out")), text_of(at(".err"))};
    }
    Json run_json(std::string const& arguments, int code = 0) const {
        Finished const finished = run(arguments);
        EXPECT_EQ(finished.code, code) << finished.err;
        auto json = parse_json(finished.out.substr(0, finished.out.size() - 1));
        EXPECT_TRUE(json) << finished.out;
        return json ? *json : Json();
    }
    /// The same bytes; a picture is nothing to print.
    bool same(std::string const& a, std::string const& b) const {
        return fs::exists(at(a)) && fs::exists(at(b)) && text_of(at(a)) == text_of(at(b));
    }
    /// Names of all files but the captured output, sorted.
    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (auto const& entry : fs::recursive_directory_iterator(m_folder))
            if (entry.is_regular_file() && entry.path().filename() != ".out" && entry.path().filename() != ".err")
                names.push_back(entry.path().lexically_relative(m_folder).string());
        std::sort(names.begin(), names.end());
        return names;
    }

    fs::path m_folder;
};

using Names = std::vector<std::string>;
inline bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}
inline std::string text_at(Json const& json, std::string_view key) {
    return *json.find(key)->as_string();
}
inline double number_at(Json const& json, std::string_view key) {
    return *json.find(key)->as_number();
}

} // namespace mg::test
