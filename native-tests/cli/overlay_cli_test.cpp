// micrographia overlay, run as a user runs it.
#include <set>

#include "base/text.h"
#include "cli/cli_fixture.h"
#include "recipe/overlay.h"

namespace mg {
namespace {

using namespace test;

/// A small cathodoluminescence image of one scene, shifted by whole pixels.
Bytes light_tiff(int dx = 0, int dy = 0, Size size = {96, 64}, int detector = 3) {
    auto image = Image<std::uint8_t>::create(size);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            // Blocks of a hash's grey, so that a place is like no other.
            auto const block = static_cast<std::uint32_t>((x + dx + 64) / 5 * 977 + (y + dy + 64) / 4 * 389);
            image->at(x, y) = static_cast<std::uint8_t>(40 + (block * 2654435761u >> 25));
        }
    XlHeader header;
    header.detector = detector;
    ImageView<std::uint8_t const> const view = image->view();
    return write_xl_tiff(view, header);
}

class OverlayCli : public Cli {
protected:
    void make_set(std::string const& folder = "") const {
        write(at(folder + "10K405.TIF"), light_tiff());
        write(at(folder + "10K415.TIF"), light_tiff(2, 1));
        write(at(folder + "10K425.TIF"), light_tiff(3, -1));
        write(at(folder + "S10K.TIF"), light_tiff(1, 1, {96, 64}, 0));
    }
    static std::vector<std::string> texts_at(Json const& json, std::string_view list, std::string_view key) {
        std::vector<std::string> texts;
        for (Json const& item : *json.find(list)->as_array()) texts.push_back(text_at(item, key));
        return texts;
    }
    bool wrote(std::string_view name) const {
        for (std::string const& file : files())
            if (file == name) return true;
        return false;
    }
};

TEST_F(OverlayCli, WritesEveryChannelTheExtrasATableAndItsSettings) {
    make_set();
    Finished const finished = run("overlay S10K.TIF 10K405.TIF 10K415.TIF 10K425.TIF -o out disable_transform=True");
    EXPECT_EQ(finished.code, 0) << finished.err;
    for (char const* name : {"out/channel01_10K405.png", "out/channel02_10K415.png", "out/channel03_10K425.png",
                             "out/extra04_S10K.png", "out/composite_10K.png", "out/composite_saturate_10K.png",
                             "out/config.txt", "out/alignment_10K.csv"}) {
        EXPECT_TRUE(wrote(name)) << name;
        EXPECT_TRUE(has(finished.out, name)) << finished.out;
    }
    auto const decoded = decode_image(bytes_of(at("out/channel01_10K405.png")), "x.png");
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(decoded->resolution) << "the pixel size is in it";
}

TEST_F(OverlayCli, JsonGivesTheFilesAsGivenAndMapsFromTheFirst) {
    make_set();
    Json const json = run_json("overlay 10K425.TIF S10K.TIF ./10K405.TIF -o out use_affine_transform=False "
                               "pixel_anisotropy=1 --json");
    EXPECT_EQ(texts_at(json, "alignment", "file"), (Names{"10K425.TIF", "S10K.TIF", "./10K405.TIF"}));
    EXPECT_EQ(texts_at(json, "alignment", "role"), (Names{"signal", "extra", "signal"}));
    EXPECT_EQ(texts_at(json, "alignment", "label"), (Names{"425 nm", "SE", "405 nm"}));
    EXPECT_EQ(to_text(*json.find("alignment")->as_array()->at(0).find("matrix")), "[[1,0,0],[0,1,0]]");
    for (Json const& row : *json.find("alignment")->as_array()) EXPECT_TRUE(row.find("score")->as_number());
    EXPECT_EQ(json.find("failures")->as_array()->size(), 0u);
    for (std::string const& output : texts_at(json, "outputs", "output")) EXPECT_TRUE(fs::exists(at(output))) << output;
}

TEST_F(OverlayCli, FindsTheDriftOfTheSampleStack) {
    ASSERT_EQ(run("sample set").code, 0);
    Json const json = run_json("overlay set -o out --json");
    std::vector<SampleMap> const truth = sample_xl_truth(1);
    int found = 0;
    for (Json const& row : *json.find("alignment")->as_array()) {
        std::string const file = text_at(row, "file");
        for (SampleMap const& map : truth) {
            if (!file.ends_with(map.relative_path) || !row.find("matrix")->as_array()) continue;
            auto const number = [&](std::size_t r, std::size_t c) {
                return *row.find("matrix")->as_array()->at(r).as_array()->at(c).as_number();
            };
            // The rows start from the first file given, 10K405.TIF.
            Affine const expected = map.from_reference.after(truth[1].from_reference.inverse());
            double const tolerance = file.find("S10K") == std::string::npos ? 0.5 : 1;
            EXPECT_NEAR(number(0, 2), expected.tx, tolerance) << file;
            EXPECT_NEAR(number(1, 2), expected.ty, tolerance) << file;
            ++found;
        }
    }
    EXPECT_GE(found, 5);
}

TEST_F(OverlayCli, AFolderIsParted) {
    make_set("set/");
    write(at("set/20K405.TIF"), light_tiff());
    write(at("set/20K415.TIF"), light_tiff(1, 1));
    write(at("set/odd.TIF"), light_tiff(0, 0, {40, 30}));
    Json const json = run_json("overlay set -o out disable_transform=True --json");
    EXPECT_TRUE(wrote("out/channel01_10K405.png"));
    EXPECT_TRUE(wrote("out/channel01_20K405.png"));
    EXPECT_TRUE(wrote("out/extra04_S10K.png"));
    EXPECT_EQ(json.find("alignment")->as_array()->size(), 6u);
    EXPECT_TRUE(has(text_of(at(".err")), "set/odd.TIF: left out"));
    Json const again = run_json("overlay set -o out disable_transform=True --json");
    EXPECT_EQ(json, again) << "its own pictures are written anew, under their names";
}

TEST_F(OverlayCli, PlaceholdersTakeAColour) {
    make_set();
    Json const json = run_json("overlay 10K405.TIF dummy 10K415.TIF -o out --json");
    EXPECT_EQ(texts_at(json, "alignment", "file"), (Names{"10K405.TIF", "10K415.TIF"}));
    EXPECT_TRUE(has(text_of(at("out/config.txt")), "'dummy'"));
    EXPECT_EQ(run("overlay dummy dummy").code, 2);
}

TEST_F(OverlayCli, UnreadableFilesAreNamedAndTheOthersDone) {
    make_set();
    write(at("10K435.TIF"), std::string("nothing"));
    Json const json = run_json("overlay 10K405.TIF 10K435.TIF 10K415.TIF absent.TIF -o out --json", 1);
    EXPECT_EQ(texts_at(json, "failures", "input"), (Names{"absent.TIF", "10K435.TIF"}));
    EXPECT_EQ(texts_at(json, "alignment", "file"), (Names{"10K405.TIF", "10K415.TIF"}));
    EXPECT_TRUE(wrote("out/channel02_10K415.png"));
    Json const none = run_json("overlay 10K435.TIF -o none --json", 1);
    EXPECT_EQ(none.find("outputs")->as_array()->size(), 0u);
    EXPECT_EQ(none.find("failures")->as_array()->size(), 1u);
}

TEST_F(OverlayCli, AnImageThatCannotBeAlignedIsNamedAndIsNoFailure) {
    ASSERT_EQ(run("sample set").code, 0);
    std::vector<std::uint8_t> const blank(96 * 64, 0);
    XlHeader header;
    header.detector = 3;
    write(at("set/AB01_FH_250410/10K500.TIF"),
          write_xl_tiff(ImageView<std::uint8_t const>{blank.data(), {96, 64}, 96}, header));
    std::string const folder = "set/AB01_FH_250410/";
    Json const json = run_json("overlay " + folder + "10K405.TIF " + folder + "10K500.TIF " + folder +
                               "10K415.TIF -o out --json");
    auto const& rows = *json.find("alignment")->as_array();
    ASSERT_EQ(rows.size(), 3u) << "in the order given, although it is not in the composite";
    EXPECT_TRUE(rows[1].find("matrix")->is_null());
    EXPECT_EQ(text_at(rows[1], "trust"), "refused");
    EXPECT_FALSE(text_at(rows[1], "reason").empty());
    EXPECT_TRUE(rows[2].find("matrix")->as_array());
    EXPECT_TRUE(has(text_of(at(".err")), "10K500.TIF: not aligned"));
    EXPECT_FALSE(wrote("out/channel03_10K500.png"));
    EXPECT_EQ(json.find("failures")->as_array()->size(), 0u);
    EXPECT_TRUE(has(text_of(at("out/alignment_AB01_10K.csv")), "10K500.TIF,signal,500 nm,,,,,,,,,,,,,,0.0000,refused"));
}

TEST_F(OverlayCli, OneImageUnequalSizesAndTwinsOfANameAreTaken) {
    make_set("a/");
    make_set("b/");
    write(at("small/10K415.TIF"), light_tiff(0, 0, {50, 40}));
    EXPECT_EQ(run("overlay a/10K405.TIF -o one").code, 0);
    EXPECT_TRUE(wrote("one/channel01_10K405.png"));
    EXPECT_EQ(run("overlay a/10K405.TIF b/10K405.TIF small/10K415.TIF -o out").code, 0);
    Json const json = run_json("overlay a/10K405.TIF b/10K405.TIF -o out --json");
    auto const outputs = texts_at(json, "outputs", "output");
    EXPECT_EQ(std::set<std::string>(outputs.begin(), outputs.end()).size(), outputs.size());
}

TEST_F(OverlayCli, NeverWritesOverAnotherProgramsFiles) {
    make_set();
    write(at("out/channel01_10K405.png"), std::string("mine"));
    write(at("out/alignment_10K.csv"), std::string("mine"));
    write(at("out/config.txt"), std::string("# mine\nsubtract_min_brightness = False\n"));
    EXPECT_EQ(run("overlay 10K405.TIF 10K415.TIF -o out").code, 0);
    EXPECT_EQ(text_of(at("out/channel01_10K405.png")), "mine");
    EXPECT_EQ(text_of(at("out/alignment_10K.csv")), "mine");
    EXPECT_TRUE(has(text_of(at("out/config.txt")), "# mine"));
    EXPECT_TRUE(wrote("out/channel01_10K405_2.png"));
    std::string const before = text_of(at("out/channel02_10K415.png"));
    EXPECT_EQ(run("overlay 10K405.TIF 10K415.TIF -o out --no-overwrite subtract_min_brightness=False").code, 0);
    EXPECT_EQ(text_of(at("out/channel02_10K415.png")), before);
}

TEST_F(OverlayCli, ObeysTheConfigBesideTheImagesAndSaysSo) {
    make_set();
    write(at("config.txt"), std::string("extra_img_ident = '425'\nsubtract_min_brightnes = True\n"));
    Finished const finished = run("overlay 10K405.TIF 10K415.TIF 10K425.TIF");
    EXPECT_EQ(finished.code, 0);
    EXPECT_TRUE(has(finished.err, "settings are taken from config.txt")) << finished.err;
    EXPECT_TRUE(has(finished.err, "config.txt: line 2: no key \"subtract_min_brightnes\"; did you mean "
                                  "subtract_min_brightness"))
        << finished.err;
    EXPECT_TRUE(has(text_of(at("config.txt")), "extra_img_ident = '425'\nsubtract_min_brightnes")) << "left as it was";
    // The detector in the header says CL, so the name is not asked.
    EXPECT_TRUE(wrote("channel03_10K425.png"));
    // What the first run writes beside the images, the next one obeys.
    fs::remove(at("config.txt"));
    ASSERT_EQ(run("overlay 10K405.TIF 10K415.TIF 10K405.TIF:channel.label=first").code, 0);
    Json const json = run_json("overlay 10K405.TIF 10K415.TIF --json");
    EXPECT_EQ(texts_at(json, "alignment", "label"), (Names{"first", "415 nm"}));
}

TEST_F(OverlayCli, AConfigAloneNamesItsImages) {
    make_set("data/");
    ASSERT_EQ(run("overlay data/10K405.TIF dummy data/S10K.TIF -o out 10K405.TIF:channel.label=x").code, 0);
    for (char const* arguments : {"overlay --config out/config.txt", "overlay out/config.txt"}) {
        Json const json = run_json(std::string(arguments) + " -o again --json");
        EXPECT_EQ(texts_at(json, "alignment", "label"), (Names{"x", "SE"})) << arguments;
        EXPECT_TRUE(same("out/channel01_10K405.png", "again/channel01_10K405.png"));
    }
}

TEST_F(OverlayCli, KeysOfBothKindsAreTakenAndMisspeltOnesNamed) {
    make_set();
    EXPECT_EQ(run("overlay 10K405.TIF -o out extra_img_ident=X channel.extra_prefix=! despike=off").code, 0);
    std::string const config = text_of(at("out/config.txt"));
    EXPECT_TRUE(has(config, "extra_img_ident = 'X'") && has(config, "extra_img_label = '!'") &&
                has(config, "\ndespike = False"))
        << config;
    Finished const misspelt = run("overlay 10K405.TIF extra_img_idnt=X");
    EXPECT_EQ(misspelt.code, 2);
    EXPECT_TRUE(has(misspelt.err, "extra_img_ident") || has(misspelt.err, "channel.extra_identifier")) << misspelt.err;
    Finished const nonsense = run("overlay 10K405.TIF subtract_min_brightness=perhaps");
    EXPECT_EQ(nonsense.code, 2);
    EXPECT_TRUE(has(nonsense.err, "True or False is expected")) << nonsense.err;
    EXPECT_EQ(run("overlay").code, 2);
    EXPECT_EQ(run("overlay 10K405.TIF --config absent.txt").code, 2);
}

TEST_F(OverlayCli, NumberOfThreadsChangesNoByte) {
    make_set();
    ASSERT_EQ(run("overlay 10K405.TIF 10K415.TIF 10K425.TIF S10K.TIF -o one --jobs 1").code, 0);
    ASSERT_EQ(run("overlay 10K405.TIF 10K415.TIF 10K425.TIF S10K.TIF -o four --jobs 4").code, 0);
    int compared = 0;
    for (auto const& entry : fs::directory_iterator(at("one"))) {
        EXPECT_EQ(text_of(entry.path()), text_of(at("four") / entry.path().filename())) << entry.path();
        ++compared;
    }
    EXPECT_GE(compared, 6);
}

TEST_F(OverlayCli, MoreThanTheMemoryIsSaidBeforeTheWork) {
    for (int i = 0; i < 600; ++i) write(at("stack/10K" + std::to_string(400 + i) + ".png"), claiming_png(k_claim_bytes));
    Finished const finished = run("overlay stack/* -o out");
    EXPECT_EQ(finished.code, 1);
    EXPECT_TRUE(has(finished.err, "the set of 600 images takes about 1200 GB of memory")) << finished.err.substr(0, 1000);
}

TEST_F(OverlayCli, FilesThatClaimWhatTheyCannotHoldHarmNoOther) {
    make_set();
    for (int i = 0; i < 600; ++i) write(at("10K" + std::to_string(1000 + i) + ".png"), claiming_png(0));
    Json const json = run_json("overlay 10K405.TIF 10K415.TIF 10K425.TIF 10K1*.png -o out --json", 1);
    EXPECT_EQ(json.find("failures")->as_array()->size(), 600u);
    EXPECT_TRUE(wrote("out/composite_10K.png"));
}

TEST_F(OverlayCli, APictureMakesItsWholeSetAgain) {
    make_set();
    ASSERT_EQ(run("overlay 10K415.TIF dummy 10K405.TIF S10K.TIF -o . disable_transform=True 10K405.TIF:channel.label=x").code, 0);
    auto const provenance = read_provenance(bytes_of(at("extra03_S10K.png")));
    ASSERT_TRUE(provenance);
    EXPECT_EQ(provenance->inputs.size(), 4u);
    Finished const again = run("run extra03_S10K.png -o again");
    ASSERT_EQ(again.code, 0) << again.err;
    for (auto const& entry : fs::directory_iterator(at("again")))
        EXPECT_EQ(text_of(entry.path()), text_of(at(entry.path().filename().string()))) << entry.path();
    fs::remove(at("10K405.TIF"));
    Finished const missing = run("run extra03_S10K.png -o again");
    EXPECT_EQ(missing.code, 1);
    EXPECT_TRUE(has(missing.err, "10K405.TIF")) << missing.err;
}

} // namespace
} // namespace mg
