// File names in any script, and names that are hard on a program.
#include "cli/cli_fixture.h"

#include "base/text.h"

namespace mg::test {
namespace {

class NamesCli : public Cli {
protected:
    /// For the shell.
    static std::string quoted(std::string const& name) {
        std::string text = "'";
        for (char c : name) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
        return text + "'";
    }
};

std::string const k_names[] = {
    "\xE9\x9B\xBB\xE5\xAD\x90\xE9\xA1\x95\xE5\xBE\xAE\xE9\x8F\xA1", // Japanese
    "\xD8\xB5\xD9\x88\xD8\xB1\xD8\xA9",                             // Arabic, right to left
    "\xF0\x9F\x94\xAC\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x94\xAC", // emoji, joined
    "u\xCC\x88"
    "ber", // a combining accent
    "two  spaces ",
    "it's \"quoted\" `here` $HOME",
    "line\nbreak",
    "tab\there",
    "a=b",
    "100%",
    "back\\slash",
    ".p2",
};

TEST_F(NamesCli, GiveResultsOfTheSameName) {
    for (std::string const& name : k_names) {
        make_tiff(name + ".tif");
        Finished const done = run("run " + quoted(name + ".tif") + " -o out -- crop");
        EXPECT_EQ(done.code, 0) << name << ": " << done.err;
        EXPECT_TRUE(fs::exists(at("out/" + name + ".png"))) << name << ": " << done.out;
    }
}

TEST_F(NamesCli, AreValidInJsonAndComeBackWhole) {
    for (std::string const& name : k_names) {
        make_tiff(name + ".tif");
        Json const json = run_json("annotate " + quoted(name + ".tif") + " -o out --json");
        Json const* outputs = json.find("outputs");
        ASSERT_TRUE(outputs && outputs->as_array()->size() == 1) << name;
        EXPECT_EQ(text_at(outputs->as_array()->front(), "input"), name + ".tif");
        EXPECT_EQ(text_at(outputs->as_array()->front(), "output"), "out/" + name + ".png");
        Json const info = run_json("info --json " + quoted(name + ".tif"));
        EXPECT_EQ(text_at(info.find("files")->as_array()->front(), "file"), name + ".tif");
    }
}

TEST_F(NamesCli, InAFolderAreFoundAndMadeAgain) {
    for (std::string const& name : k_names) make_tiff("folder/" + name + ".tif");
    Finished const done = run("annotate folder -o out");
    EXPECT_EQ(done.code, 0) << done.err;
    for (std::string const& name : k_names) {
        if (name.starts_with('.')) continue; // hidden
        ASSERT_TRUE(fs::exists(at("out/" + name + ".png"))) << name;
        fs::copy(at("out/" + name + ".png"), at("folder/" + name + ".png"));
        EXPECT_EQ(run("run " + quoted("folder/" + name + ".png") + " -o again").code, 0) << name;
        EXPECT_TRUE(same("out/" + name + ".png", "again/" + name + ".png")) << name;
    }
}

TEST_F(NamesCli, WithALeadingDashStandBehindTwoDashes) {
    make_tiff("-dash.tif");
    make_tiff("--help");
    Finished const done = run("annotate -o out -- -dash.tif --help");
    EXPECT_EQ(done.code, 0) << done.err;
    EXPECT_TRUE(fs::exists(at("out/-dash.png")));
    EXPECT_TRUE(fs::exists(at("out/--help.png")));
    EXPECT_EQ(run("annotate -dash.tif").code, 2) << "an option that there is not";
    EXPECT_EQ(run("annotate ./-dash.tif").code, 0);
}

TEST_F(NamesCli, ThatAreNotUtf8HarmNothing) {
    std::string const name = "caf\xE9 \xFF\xFE.tif"; // Latin-1 and no encoding at all
    std::error_code error;
    write(at(name), small_tiff());
    if (!fs::exists(at(name), error)) GTEST_SKIP() << "the disk takes no such names";
    EXPECT_EQ(run("annotate " + quoted(name) + " -o out").code, 0);
    EXPECT_TRUE(fs::exists(at("out/caf\xE9 \xFF\xFE.png")));
    for (std::string const& command : {"annotate " + quoted(name) + " -o out2 --json", "info --json " + quoted(name)}) {
        Finished const done = run(command);
        EXPECT_EQ(done.code, 0) << done.err;
        EXPECT_TRUE(is_utf8(done.out)) << command;
        EXPECT_TRUE(parse_json(done.out.substr(0, done.out.size() - 1))) << done.out;
    }
    EXPECT_EQ(run("annotate " + quoted("missing \xE9.tif") + " --json").code, 1);
    EXPECT_TRUE(is_utf8(text_of(at(".out"))));
    // The recipe inside the picture is a text that can be read.
    EXPECT_EQ(run("run " + quoted("out/caf\xE9 \xFF\xFE.png")).code, 0);
}

TEST_F(NamesCli, AMessageIsOneLineWhateverTheFileIsCalled) {
    write(at("evil\nmicrographia: all is well.tif"), std::string("no image"));
    Finished const done = run("annotate " + quoted("evil\nmicrographia: all is well.tif"));
    EXPECT_EQ(done.code, 1);
    EXPECT_EQ(std::count(done.err.begin(), done.err.end(), '\n'), 1) << done.err;
}

TEST_F(NamesCli, AFileBeyondTheLimitIsSaid) {
    write(at("huge.tif"), small_tiff());
    std::error_code error;
    fs::resize_file(at("huge.tif"), (std::uintmax_t{2} << 30) + 1, error);
    if (error) GTEST_SKIP() << "the disk has no room for it";
    Finished const done = run("info huge.tif");
    EXPECT_EQ(done.code, 1);
    EXPECT_TRUE(has(done.err, "more than the limit of 2 GiB")) << done.err;
}

} // namespace
} // namespace mg::test
