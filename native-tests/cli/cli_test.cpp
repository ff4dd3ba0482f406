// The built program, run as a user runs it.
#include "base/hash.h"
#include "cli/cli_fixture.h"
#include "recipe/pipeline.h"
#include "recipe/reference.h"
#include "steps/registry.h"

namespace mg {
namespace {

using namespace test;

TEST_F(Cli, AnnotateWritesAPictureBesideTheInput) {
    write(at("10K420.TIF"), small_tiff(0, {712, 484}));
    Finished const finished = run("annotate 10K420.TIF");
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_EQ(finished.err, "");
    EXPECT_TRUE(has(finished.out, "10K420.TIF -> 10K420.png")) << finished.out;
    EXPECT_EQ(files(), (Names{"10K420.TIF", "10K420.png"}));
    auto const decoded = decode_image(bytes_of(at("10K420.png")), "10K420.png");
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->size.width, 712);
    EXPECT_GT(decoded->size.height, 484);
}

TEST_F(Cli, AnnotateJsonTellsWhatWasMade) {
    make_tiff("a.tif");
    Json const json = run_json("annotate a.tif -o out --json");
    Json const& output = json.find("outputs")->as_array()->at(0);
    EXPECT_EQ(text_at(output, "input"), "a.tif");
    EXPECT_EQ(text_at(output, "output"), "out/a.png");
    auto const decoded = decode_image(bytes_of(at("out/a.png")), "a.png");
    ASSERT_TRUE(decoded);
    EXPECT_EQ(number_at(output, "width"), decoded->size.width);
    EXPECT_EQ(number_at(output, "height"), decoded->size.height);
    EXPECT_NEAR(number_at(output, "scale_bar_px"),
                number_at(output, "scale_bar_nm") / number_at(output, "pixel_size_nm"), 0.5);
    EXPECT_GE(output.find("steps")->as_array()->size(), 5u);
    EXPECT_TRUE(json.find("failed")->as_array()->empty());
}

TEST_F(Cli, ThePictureCarriesItsRecipeAndTheHashOfItsInput) {
    make_tiff("a.tif");
    ASSERT_EQ(run("annotate a.tif despike=off").code, 0);
    auto const provenance = read_provenance(bytes_of(at("a.png")));
    ASSERT_TRUE(provenance) << provenance.error().message;
    ASSERT_EQ(provenance->inputs.size(), 1u);
    EXPECT_EQ(provenance->inputs[0], (InputHash{"a.tif", sha256_hex(small_tiff())}));
    Recipe expected = annotate_recipe();
    find_use(expected, "despike")->enabled = false;
    EXPECT_EQ(provenance->recipe, expected);
    EXPECT_TRUE(provenance->warnings.empty());
}

TEST_F(Cli, NumberOfJobsChangesNoByte) {
    std::string arguments;
    for (int i = 0; i < 6; ++i) arguments += make_tiff("f" + std::to_string(i) + ".tif", i).filename().string() + " ";
    Finished const one = run("annotate " + arguments + "-o one --jobs 1");
    Finished const four = run("annotate " + arguments + "-o four --jobs 4");
    ASSERT_EQ(one.code, 0) << one.err;
    ASSERT_EQ(four.code, 0) << four.err;
    for (int i = 0; i < 6; ++i) {
        std::string const name = "f" + std::to_string(i) + ".png";
        EXPECT_TRUE(same("one/" + name, "four/" + name));
    }
    std::size_t const first = four.out.find("f0.tif"), last = four.out.find("f5.tif");
    EXPECT_LT(first, last) << "told in the order of the inputs";
}

TEST_F(Cli, WrongUsageIsAnsweredWithTheNearestNamesBeforeAnythingIsDone) {
    make_tiff("a.tif");
    std::pair<char const*, char const*> const cases[] = {
        {"annotate a.tif despik=off", "did you mean despike?"},
        {"annotate a.tif despike.compatibel=true", "did you mean compatible?"},
        {"annotate a.tif despike=maybe", "neither on nor off"},
        {"annotate a.tif --jsn", "did you mean --json?"},
        {"annotate a.tif --jobs 0", "--jobs"},
        {"annotate a.tif -o", "-o needs a value"},
        {"annotate a.tif -o a.tif", "is not a folder"},
        {"annotate a.tif -o a.tif/b", "cannot be made"},
        {"annotate a.tif --recipe none.txt", "none.txt: no such file"},
        {"annotate", "no images given"},
        {"anotate a.tif", "did you mean annotate?"},
        {"run a.tif -- despik", "did you mean despike?"},
        {"run a.tif -- compatible=true", "before any step"},
        {"run a.tif --", "no steps after"},
        {"run a.tif", "no steps"},
        {"run despike=on a.tif -- despike", "before \"--\""},
        {"steps despik", "did you mean despike?"},
        {"info", "no files given"},
        {"", "usage:"}};
    for (auto const& [arguments, expected] : cases) {
        Finished const finished = run(arguments);
        EXPECT_EQ(finished.code, 2) << arguments;
        EXPECT_TRUE(has(finished.err, expected)) << arguments << "\n" << finished.err;
        EXPECT_EQ(finished.out, "") << arguments;
    }
    EXPECT_EQ(files(), Names{"a.tif"});
}

TEST_F(Cli, AFailedInputIsNamedAndTheOthersAreDone) {
    Bytes const whole = small_tiff();
    make_tiff("good.tif");
    write(at("garbage.tif"), std::string("this is no image"));
    write(at("empty.tif"), std::string());
    fs::create_directories(at("folder"));
    Finished const finished = run("annotate garbage.tif good.tif absent.tif empty.tif folder");
    EXPECT_EQ(finished.code, 1);
    for (char const* name : {"garbage.tif: ", "absent.tif: no such file", "empty.tif: ", "folder: no image files"})
        EXPECT_TRUE(has(finished.err, name)) << finished.err;
    EXPECT_FALSE(has(finished.err, "garbage.tif: garbage.tif")) << finished.err;
    EXPECT_TRUE(has(finished.out, "good.tif -> good.png"));
    EXPECT_EQ(files(), (Names{"empty.tif", "garbage.tif", "good.png", "good.tif"}));

    Json const json = run_json("annotate garbage.tif good.tif --json", 1);
    EXPECT_EQ(json.find("outputs")->as_array()->size(), 1u);
    EXPECT_EQ(text_at(json.find("failed")->as_array()->at(0), "input"), "garbage.tif");
}

TEST_F(Cli, ResultsOfOneNameAreAllKept) {
    make_tiff("a/x.tif", 1);
    make_tiff("b/x.tif", 2);
    make_tiff("b/X.TIF", 3);
    ASSERT_EQ(run("annotate a/x.tif b/x.tif b/X.TIF -o out").code, 0);
    EXPECT_TRUE(fs::exists(at("out/x.png")));
    EXPECT_TRUE(fs::exists(at("out/x_2.png")));
    EXPECT_TRUE(fs::exists(at("out/X_2.png")) || fs::exists(at("out/X_3.png")) ||
                fs::exists(at("out/X_annotated.png")));
    EXPECT_EQ(files().size(), 6u);
}

TEST_F(Cli, NoInputAndNoOtherPictureIsEverOverwritten) {
    make_tiff("x.tif", 1);
    ASSERT_EQ(run("run x.tif -o plain -- contrast").code, 0);
    auto const plain = decode_image(bytes_of(at("plain/x.png")), "x.png");
    ASSERT_TRUE(plain);
    auto const png = encode_png({plain->planes[0]->view()}, {});
    ASSERT_TRUE(png);
    write(at("x.png"), *png);
    for (char const* arguments : {"annotate x.tif", "annotate x.png", "annotate x.tif x.png", "annotate ."}) {
        ASSERT_EQ(run(arguments).code, 0) << arguments;
        EXPECT_TRUE(bytes_of(at("x.png")) == *png) << arguments;
        EXPECT_TRUE(bytes_of(at("x.tif")) == small_tiff(1)) << arguments;
    }
    EXPECT_TRUE(fs::exists(at("x_annotated.png")));
}

TEST_F(Cli, AnOlderResultIsReplacedUnlessForbidden) {
    make_tiff("x.tif");
    ASSERT_EQ(run("annotate x.tif").code, 0);
    std::string const first = text_of(at("x.png"));
    Finished const kept = run("annotate x.tif despike=off --no-overwrite");
    EXPECT_EQ(kept.code, 0);
    EXPECT_TRUE(has(kept.err, "x.png exists already")) << kept.err;
    EXPECT_TRUE(text_of(at("x.png")) == first);
    ASSERT_EQ(run("annotate x.tif despike=off").code, 0);
    EXPECT_FALSE(text_of(at("x.png")) == first);
    EXPECT_EQ(files(), (Names{"x.png", "x.tif"}));
}

TEST_F(Cli, AFolderGivesItsImagesAndLeavesOutItsResults) {
    make_tiff("set/b.tif", 1);
    make_tiff("set/sub/a.tif", 2);
    make_tiff("set/.hidden/c.tif", 3);
    write(at("set/notes.txt"), std::string("x"));
    ASSERT_EQ(run("annotate set").code, 0);
    Finished const again = run("annotate set");
    EXPECT_EQ(again.code, 0);
    EXPECT_TRUE(has(again.err, "b.png: left out: a picture made by Micrographia")) << again.err;
    ASSERT_EQ(run("annotate set -o out").code, 0);
    EXPECT_EQ(files(), (Names{"out/b.png", "out/sub/a.png", "set/.hidden/c.tif", "set/b.png", "set/b.tif",
                              "set/notes.txt", "set/sub/a.png", "set/sub/a.tif"}));
}

TEST_F(Cli, ATwinGivesItsHeaderAndIsNoPictureOfItsOwn) {
    make_tiff("_e.tif");
    auto const decoded = decode_image(small_tiff(), "e.tif");
    ASSERT_TRUE(decoded);
    auto const png = encode_png({decoded->planes[0]->view()}, {});
    write(at("e.png"), *png); // an edited file, without header
    write(at("_e.png"), small_tiff());
    Finished const finished = run("annotate e.png _e.png -o out");
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_TRUE(has(finished.err, "_e.png: left out: the untouched twin of e.png")) << finished.err;
    auto const provenance = read_provenance(bytes_of(at("out/e.png")));
    ASSERT_TRUE(provenance);
    ASSERT_EQ(provenance->inputs.size(), 2u);
    EXPECT_EQ(provenance->inputs[1].file_name, "_e.png");
    Json const json = run_json("info e.png --json");
    EXPECT_TRUE(json.find("files")->as_array()->at(0).find("acquisition")->find("beam_energy_kv"));
}

TEST_F(Cli, AFileWithAnEqualsSignIsAFile) {
    make_tiff("despike=off.tif");
    Finished const finished = run("annotate despike=off.tif");
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_TRUE(fs::exists(at("despike=off.png")));
}

TEST_F(Cli, ARecipeFileIsObeyedInTextAndJsonAndFromAPicture) {
    make_tiff("a.tif");
    Recipe recipe = annotate_recipe();
    find_use(recipe, "despike")->enabled = false;
    write(at("r.txt"), to_text(recipe));
    write(at("r.json"), to_json(recipe));
    ASSERT_EQ(run("annotate a.tif -o one --recipe r.txt").code, 0);
    ASSERT_EQ(run("annotate a.tif -o two --recipe r.json").code, 0);
    ASSERT_EQ(run("annotate a.tif -o three --recipe one/a.png").code, 0);
    ASSERT_EQ(run("annotate a.tif -o four despike=off").code, 0);
    for (char const* folder : {"two", "three", "four"})
        EXPECT_TRUE(same("one/a.png", std::string(folder) + "/a.png")) << folder;
}

TEST_F(Cli, AnOverrideChangesItsFileOnly) {
    make_tiff("a.tif");
    make_tiff("b.tif");
    write(at("r.txt"), std::string("micrographia recipe 1\nonly \"a.tif\" databar=off\n"));
    Json const json = run_json("annotate a.tif b.tif --json --recipe r.txt");
    auto const& outputs = *json.find("outputs")->as_array();
    EXPECT_LT(number_at(outputs[0], "height"), number_at(outputs[1], "height"));
}

TEST_F(Cli, RunTakesAChainInItsOwnOrder) {
    make_tiff("a.tif");
    Json const json = run_json("run a.tif -o out --json -- contrast despike compatible=true contrast");
    auto const& steps = *json.find("outputs")->as_array()->at(0).find("steps")->as_array();
    ASSERT_EQ(steps.size(), 3u);
    EXPECT_EQ(*steps[0].as_string(), "contrast");
    EXPECT_EQ(*steps[1].as_string(), "despike");
    auto const provenance = read_provenance(bytes_of(at("out/a.png")));
    ASSERT_TRUE(provenance);
    EXPECT_EQ(to_text(provenance->recipe), "micrographia recipe 1\ncontrast\ndespike compatible=true\ncontrast\n");
}

TEST_F(Cli, APictureBringsItsRecipeBack) {
    make_tiff("a.tif", 1);
    make_tiff("b.tif", 2);
    ASSERT_EQ(run("annotate a.tif despike=off").code, 0);
    Finished const shown = run("run a.png");
    EXPECT_EQ(shown.code, 0);
    EXPECT_TRUE(has(shown.out, "micrographia recipe 1\n"));
    EXPECT_TRUE(has(shown.out, "despike off\n"));
    EXPECT_EQ(run("run a.png --json").out, to_json(read_provenance(bytes_of(at("a.png")))->recipe) + "\n");

    ASSERT_EQ(run("run a.png -o again").code, 0);
    EXPECT_TRUE(same("again/a.png", "a.png"));

    ASSERT_EQ(run("run a.png b.tif -o other").code, 0);
    ASSERT_EQ(run("annotate b.tif despike=off -o expected").code, 0);
    EXPECT_TRUE(same("other/b.png", "expected/b.png"));
}

TEST_F(Cli, APictureWithoutItsInputSaysWhatItNeeds) {
    make_tiff("a.tif", 1);
    ASSERT_EQ(run("annotate a.tif -o out").code, 0);
    Finished const gone = run("run out/a.png -o again");
    EXPECT_EQ(gone.code, 1);
    EXPECT_TRUE(has(gone.err, "a.tif with SHA-256 " + sha256_hex(small_tiff(1)))) << gone.err;
    make_tiff("out/a.tif", 2); // of that name, with other content
    EXPECT_TRUE(has(run("run out/a.png -o again").err, "with other content"));
    EXPECT_FALSE(fs::exists(at("again")));
    auto const decoded = decode_image(small_tiff(), "x.tif");
    write(at("plain.png"), *encode_png({decoded->planes[0]->view()}, {}));
    Finished const plain = run("run plain.png");
    EXPECT_EQ(plain.code, 1);
    EXPECT_TRUE(has(plain.err, "carries no recipe"));
}

TEST_F(Cli, LinkedContrastIsCommonToTheSet) {
    make_tiff("a.tif", 0);
    auto image = Image<std::uint8_t>::filled({96, 64}, 90);
    for (int x = 0; x < 96; ++x) image->at(x, 5) = 100;
    write(at("b.tif"), write_xl_tiff(ImageView<std::uint8_t const>(image->view()), {}));
    ASSERT_EQ(run("annotate a.tif b.tif contrast.linked=true").code, 0);
    auto const a = read_provenance(bytes_of(at("a.png"))), b = read_provenance(bytes_of(at("b.png")));
    ASSERT_TRUE(a && b);
    EXPECT_EQ(find_use(a->recipe, "contrast")->values, find_use(b->recipe, "contrast")->values);
    EXPECT_FALSE(wants_linking(a->recipe));
    ASSERT_EQ(run("run a.png -o again").code, 0);
    EXPECT_TRUE(same("again/a.png", "a.png")) << "made again without the others";
}

TEST_F(Cli, InfoTellsValuesAndSources) {
    make_tiff("10K420.TIF");
    Json const json = run_json("info 10K420.TIF --json");
    Json const& file = json.find("files")->as_array()->at(0);
    EXPECT_EQ(text_at(file, "file"), "10K420.TIF");
    EXPECT_EQ(number_at(file, "width"), 96);
    EXPECT_EQ(number_at(file, "height"), 65);
    EXPECT_EQ(number_at(file, "channels"), 1);
    EXPECT_EQ(number_at(file, "bits"), 8);
    EXPECT_EQ(text_at(file, "format"), "TIFF");
    EXPECT_TRUE(file.find("error")->is_null());
    Json const& acquisition = *file.find("acquisition");
    EXPECT_EQ(number_at(acquisition, "beam_energy_kv"), 10);
    EXPECT_EQ(number_at(acquisition, "magnification"), 10000);
    EXPECT_NEAR(number_at(acquisition, "pixel_size_x_nm"), 85e6 * 1.333 / 10000 / 96, 0.01);
    EXPECT_NEAR(number_at(acquisition, "pixel_size_y_nm"), 85e6 / 10000 / 65, 0.01);
    EXPECT_FALSE(text_at(*file.find("sources"), "beam_energy_kv").empty());
    EXPECT_GT(run_json("info 10K420.TIF --json --raw").find("files")->as_array()->at(0).find("raw")->as_array()->size(),
              100u);
    Finished const text = run("info 10K420.TIF");
    EXPECT_TRUE(has(text.out, "beam energy")) << text.out;
    EXPECT_TRUE(has(text.out, "10 kV")) << text.out;
}

TEST_F(Cli, InfoNamesWhatItCannotRead) {
    make_tiff("a.tif");
    write(at("bad.tif"), std::string("nothing"));
    Json const json = run_json("info bad.tif a.tif absent.tif --json", 1);
    auto const& files = *json.find("files")->as_array();
    ASSERT_EQ(files.size(), 3u);
    EXPECT_TRUE(files[0].find("error")->as_string());
    EXPECT_FALSE(files[0].find("width"));
    EXPECT_TRUE(files[1].find("error")->is_null());
    EXPECT_EQ(text_at(files[2], "file"), "absent.tif");
}

TEST_F(Cli, NothingInAFileSteersTheTerminal) {
    auto const decoded = decode_image(small_tiff(), "x.tif");
    std::string const recipe = R"({"micrographia":"1","steps":[{"step":"\u001b[2J\u0007"}]})";
    write(at("x.png"), *encode_png({decoded->planes[0]->view()}, {.texts = {{"micrographia:recipe", recipe}}}));
    Finished const finished = run("run x.png");
    EXPECT_EQ(finished.code, 1);
    EXPECT_TRUE(has(finished.err, "?[2J?")) << finished.err;
    EXPECT_FALSE(has(finished.err, "\x1b") || has(finished.err, "\a"));
}

TEST_F(Cli, StepsListsTheTables) {
    Json const json = run_json("steps --json");
    EXPECT_EQ(json.find("steps")->as_array()->size(), all_steps().size());
    Finished const one = run("steps despike");
    EXPECT_EQ(one.code, 0);
    for (Param const& param : find_step("despike")->params) EXPECT_TRUE(has(one.out, param.info.key)) << param.info.key;
    EXPECT_TRUE(has(run("steps").out, "despike"));
}

TEST_F(Cli, TheReferencePageIsCurrent) {
    Finished const page = run("steps --markdown");
    EXPECT_EQ(page.out, steps_markdown());
    EXPECT_EQ(text_of((fs::path(MG_TEST_DATA_DIR) / "../../docs/steps.md").lexically_normal()), page.out)
        << "write it anew: micrographia steps --markdown > docs/steps.md";
}

TEST_F(Cli, SampleSetCanBeAnnotatedAtOnce) {
    ASSERT_EQ(run("sample set").code, 0);
    EXPECT_EQ(files().size(), sample_xl_set(1).size());
    Json const json = run_json("annotate set -o out --json");
    EXPECT_EQ(json.find("outputs")->as_array()->size(), sample_xl_set(1).size());
}

TEST_F(Cli, HelpAndVersionSucceed) {
    EXPECT_EQ(run("--version").out, "micrographia 0.1.0\n");
    EXPECT_EQ(run("--help").code, 0);
    for (char const* command : {"annotate", "overlay", "run", "info", "steps", "sample"}) {
        Finished const help = run(std::string(command) + " --help");
        EXPECT_EQ(help.code, 0);
        EXPECT_TRUE(has(help.out, std::string("usage: micrographia ") + command));
    }
}

} // namespace
} // namespace mg
