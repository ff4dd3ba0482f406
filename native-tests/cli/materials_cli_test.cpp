// micrographia materials, run as a user runs it, on generated maps with known truth.
#include <cmath>
#include <map>

#include "base/text.h"
#include "cli/cli_fixture.h"
#include "recipe/pipeline.h"
#include "samples/sample_edx.h"

namespace mg {
namespace {

using namespace test;

SampleEdx const& small_set() {
    static SampleEdx const set =
        sample_edx_set(5, {.se_image = {712, 484}, .maps = {128, 100}, .dose = 4, .shift_px = {-6, 4}});
    return set;
}

/// Agreement of two labellings beyond chance: Hubert and Arabie 1985.
double adjusted_rand_index(std::vector<int> const& a, std::vector<int> const& b) {
    std::map<std::pair<int, int>, double> both;
    std::map<int, double> of_a, of_b;
    for (std::size_t i = 0; i < a.size(); ++i) ++both[{a[i], b[i]}], ++of_a[a[i]], ++of_b[b[i]];
    auto const pairs = [](auto const& counts) {
        double sum = 0;
        for (auto const& [key, n] : counts) sum += n * (n - 1) / 2;
        return sum;
    };
    double const n = static_cast<double>(a.size());
    double const together = pairs(both), in_a = pairs(of_a), in_b = pairs(of_b);
    double const expected = in_a * in_b / (n * (n - 1) / 2);
    return (together - expected) / ((in_a + in_b) / 2 - expected);
}

class MaterialsCli : public Cli {
protected:
    void make_set(std::string const& folder = "") const {
        for (SampleFile const& file : small_set().files) write(at(folder + name_of(file)), file.bytes);
    }
    static std::string name_of(SampleFile const& file) {
        return file.relative_path.substr(file.relative_path.rfind('/') + 1);
    }
    /// All files of the set whose name has none of these in it.
    static std::string all_but(std::vector<std::string> const& left_out) {
        std::string list;
        for (SampleFile const& file : small_set().files)
            if (std::none_of(left_out.begin(), left_out.end(),
                             [&](std::string const& part) { return name_of(file).find(part) != std::string::npos; }))
                list += name_of(file) + " ";
        return list;
    }
    void make_map(std::string const& name, Size size, int level) const {
        auto levels = Image<std::uint8_t>::create(size);
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x)
                levels->at(x, y) = static_cast<std::uint8_t>(x < size.width / 2 ? 0 : level);
        write(at(name), write_edx_bmp(levels->view(), 0xFFFFFF));
    }
    std::vector<int> labels_in(std::string const& name) const {
        auto const decoded = decode_image(bytes_of(at(name)), name);
        EXPECT_TRUE(decoded) << name;
        std::vector<int> labels;
        if (decoded)
            for (std::int64_t i = 0; i < decoded->size.area(); ++i)
                labels.push_back(static_cast<int>(std::lround(decoded->planes[0]->data()[i] * 255)));
        return labels;
    }
    static std::vector<int> truth() {
        Image<std::uint8_t> const& labels = small_set().truth.map_labels;
        return {labels.data(), labels.data() + labels.size().area()};
    }
    static std::size_t count(Json const& json, std::string_view list) { return json.find(list)->as_array()->size(); }
    bool warned(Json const& json, std::string_view part) const {
        for (Json const& warning : *json.find("warnings")->as_array())
            if (has(*warning.as_string(), part)) return true;
        return false;
    }
};

TEST_F(MaterialsCli, WritesTheCompositeTheLabelMapAndTheTable) {
    make_set();
    Finished const finished = run("materials " + all_but({}) + "-o out k=5");
    ASSERT_EQ(finished.code, 0) << finished.err;
    Names const expected{"out/edx_composite_SE01.png", "out/labels_SE01.png", "out/labels_SE01.tif",
                         "out/materials_SE01.csv"};
    for (std::string const& name : expected) {
        EXPECT_TRUE(fs::exists(at(name))) << name;
        EXPECT_TRUE(has(finished.out, name)) << finished.out;
    }
    EXPECT_EQ(std::count(finished.out.begin(), finished.out.end(), '%'), 5) << "a share for each material";
    EXPECT_EQ(labels_in("out/labels_SE01.png"), labels_in("out/labels_SE01.tif"));
    auto const composite = decode_image(bytes_of(at("out/edx_composite_SE01.png")), "x.png");
    ASSERT_TRUE(composite);
    EXPECT_EQ(composite->planes.size(), 3u);
    EXPECT_TRUE(composite->resolution) << "the pixel size is in it";
    auto const lines = split_lines(text_of(at("out/materials_SE01.csv")));
    EXPECT_EQ(lines.size(), 6u);
}

TEST_F(MaterialsCli, FindsTheMaterialsAndWhereTheMapsLie) {
    SampleEdx const sample = sample_edx_set(3);
    for (SampleFile const& file : sample.files) write(at(name_of(file)), file.bytes);
    Json const json = run_json("materials " + all_but({}) + "-o out k=5 labels=out/my.png --json");
    Image<std::uint8_t> const& truth = sample.truth.map_labels;
    EXPECT_GT(adjusted_rand_index(labels_in("out/my.png"), {truth.data(), truth.data() + truth.size().area()}), 0.9);
    EXPECT_FALSE(fs::exists(at("out/labels_SE01.png")));
    ASSERT_EQ(count(json, "materials"), 5u);
    double shares = 0;
    for (Json const& material : *json.find("materials")->as_array()) {
        shares += number_at(material, "share");
        EXPECT_EQ(material.find("composition")->as_object()->size(), small_set().truth.elements.size());
        EXPECT_EQ(text_at(material, "color").size(), 7u);
        EXPECT_FALSE(text_at(material, "label").empty());
    }
    EXPECT_NEAR(shares, 1, 1e-9);

    Json const& registration = *json.find("registration");
    auto const number = [&](std::size_t r, std::size_t c) {
        return *registration.find("matrix")->as_array()->at(r).as_array()->at(c).as_number();
    };
    ASSERT_TRUE(registration.find("matrix")->as_array());
    Affine const found{number(0, 0), number(0, 1), number(0, 2), number(1, 0), number(1, 1), number(1, 2)};
    double squares = 0;
    for (int y = 0; y < truth.height(); ++y)
        for (int x = 0; x < truth.width(); ++x) {
            Point const p{static_cast<double>(x), static_cast<double>(y)};
            Point const a = found(p), b = sample.truth.maps_to_se(p);
            squares += (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
        }
    EXPECT_LT(std::sqrt(squares / static_cast<double>(truth.size().area())), 0.2);
    EXPECT_GT(number_at(registration, "score"), 0.5);
    for (Json const& output : *json.find("outputs")->as_array()) EXPECT_TRUE(fs::exists(at(text_at(output, "output"))));
    EXPECT_EQ(count(json, "outputs"), 4u);
    EXPECT_EQ(count(json, "failures"), 0u);
}

TEST_F(MaterialsCli, ThreadsAndTheOrderOfTheFilesChangeNoByte) {
    make_set();
    std::string list = all_but({}), reversed;
    for (auto const word : split_words(list)) reversed = std::string(word) + " " + reversed;
    ASSERT_EQ(run("materials " + list + "-o a --jobs 1").code, 0);
    ASSERT_EQ(run("materials " + reversed + "-o b --jobs 3").code, 0);
    for (char const* name : {"edx_composite_SE01.png", "labels_SE01.png", "labels_SE01.tif", "materials_SE01.csv"})
        EXPECT_TRUE(same(std::string("a/") + name, std::string("b/") + name)) << name;
}

TEST_F(MaterialsCli, AFolderIsASetAndItsResultsAreNoInputs) {
    make_set("site/");
    Json const json = run_json("materials site k=5 --json");
    EXPECT_TRUE(fs::exists(at("site/edx_composite_SE01.png")));
    Names const before = files();
    std::string const composite = text_of(at("site/edx_composite_SE01.png"));
    Json const again = run_json("materials site k=5 --json");
    EXPECT_EQ(*again.find("materials"), *json.find("materials"));
    EXPECT_EQ(files(), before) << "written anew, under their names";
    EXPECT_EQ(text_of(at("site/edx_composite_SE01.png")), composite);
}

TEST_F(MaterialsCli, ThePictureBringsItselfBack) {
    make_set();
    ASSERT_EQ(run("materials " + all_but({}) + "-o out k=4 map_AlK.bmp:map.counts=9").code, 0);
    fs::rename(at("out/edx_composite_SE01.png"), at("edx_composite_SE01.png"));
    Finished const again = run("run edx_composite_SE01.png -o out");
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_TRUE(same("edx_composite_SE01.png", "out/edx_composite_SE01.png"));
}

TEST_F(MaterialsCli, RolesCanBeGiven) {
    make_set();
    fs::rename(at("SE01.TIF"), at("overview.TIF"));
    fs::rename(at("map_Lab1.bmp"), at("other.bmp"));
    Json const json = run_json("materials map_*.bmp se=overview.TIF lab=./other.bmp k=5 -o out --json");
    EXPECT_TRUE(fs::exists(at("out/edx_composite_overview.png")));
    EXPECT_EQ(count(json, "warnings"), 0u);
    EXPECT_EQ(text_at(*json.find("registration"), "source"), "Lab image");
    EXPECT_EQ(run("materials map_*.bmp se=overvew.TIF").code, 2);
    EXPECT_TRUE(has(text_of(at(".err")), "no image \"overvew.TIF\"")) << text_of(at(".err"));
}

TEST_F(MaterialsCli, WrongUsageIsAnswered) {
    make_set();
    EXPECT_EQ(run("materials").code, 2);
    EXPECT_EQ(run("materials map_AlK.bmp labels=x.jpg").code, 2);
    EXPECT_EQ(run("materials map_AlK.bmp smothness=2").code, 2);
    EXPECT_TRUE(has(text_of(at(".err")), "smoothness")) << text_of(at(".err"));
    EXPECT_EQ(files().size(), small_set().files.size()) << "nothing is written";
}

TEST_F(MaterialsCli, ALabelMapIsNeverWrittenOverAnInput) {
    make_set();
    std::string const before = text_of(at("map_AlK.bmp"));
    fs::copy_file(at("map_AlK.bmp"), at("map_AlK.png"));
    Finished const finished = run("materials map_AlK.png map_OK.bmp -o out k=2 labels=map_AlK.png");
    EXPECT_EQ(finished.code, 1);
    EXPECT_TRUE(has(finished.err, "one of the images given")) << finished.err;
    EXPECT_EQ(text_of(at("map_AlK.png")), before);
}

TEST_F(MaterialsCli, FilesOfOthersAreNotOverwritten) {
    make_set();
    for (char const* name : {"out/labels_SE01.tif", "out/materials_SE01.csv", "named.png"}) write(at(name), "mine");
    Finished const finished = run("materials " + all_but({}) + "-o out k=5 labels=named.png");
    EXPECT_EQ(finished.code, 0) << finished.err;
    for (char const* name : {"out/labels_SE01.tif", "out/materials_SE01.csv"}) EXPECT_EQ(text_of(at(name)), "mine");
    EXPECT_EQ(labels_in("named.png").size(), 12800u) << "the one that was named is";
    EXPECT_TRUE(fs::exists(at("out/edx_composite_SE01.png")));
}

// --- bad input
// ---------------------------------------------------------------------------------------------------------

TEST_F(MaterialsCli, AMapOfAnotherSizeTakesPart) {
    make_set();
    make_map("map_NaK.bmp", {64, 50}, 255);
    Json const json = run_json("materials " + all_but({}) + "map_NaK.bmp -o out k=5 --json");
    EXPECT_EQ(json.find("materials")->as_array()->front().find("composition")->as_object()->size(),
              small_set().truth.elements.size() + 1);
    EXPECT_EQ(labels_in("out/labels_SE01.png").size(), 12800u);
}

TEST_F(MaterialsCli, OneMapIsEnough) {
    make_set();
    Json const json = run_json("materials map_AlK.bmp SE01.TIF map_Lab1.bmp -o out k=2 --json");
    EXPECT_EQ(count(json, "materials"), 2u);
}

TEST_F(MaterialsCli, EmptyMapsGiveOneMaterialOrAReason) {
    make_set();
    make_map("map_NaK.bmp", {128, 100}, 0);
    Json const with = run_json("materials " + all_but({}) + "map_NaK.bmp -o out k=5 --json");
    EXPECT_EQ(count(with, "materials"), 5u) << "an element that is not there harms none";
    Finished const alone = run("materials map_NaK.bmp SE01.TIF -o alone");
    EXPECT_LE(alone.code, 1);
    if (alone.code == 1) EXPECT_TRUE(has(alone.err, "count")) << alone.err;
}

TEST_F(MaterialsCli, TooManyMaterialsAreAnswered) {
    make_map("map_AlK.bmp", {32, 20}, 255);
    make_map("map_SiK.bmp", {32, 20}, 255);
    Finished const finished = run("materials map_AlK.bmp map_SiK.bmp -o out k=9 --json");
    ASSERT_LE(finished.code, 1) << finished.err;
    auto const json = parse_json(finished.out.substr(0, finished.out.size() - 1));
    ASSERT_TRUE(json);
    if (finished.code == 0)
        EXPECT_LE(count(*json, "materials"), 9u);
    else
        EXPECT_FALSE(finished.err.empty());
    EXPECT_NE(run("materials map_AlK.bmp map_SiK.bmp -o out k=9999").code, 0) << "beyond the range";
}

TEST_F(MaterialsCli, WorksWithoutALabImageOrAnSeImage) {
    make_set();
    Json const no_lab = run_json("materials " + all_but({"Lab"}) + "-o no_lab k=5 --json");
    EXPECT_TRUE(fs::exists(at("no_lab/edx_composite_SE01.png")));
    EXPECT_EQ(count(no_lab, "materials"), 5u);
    Json const no_se = run_json("materials " + all_but({"SE01"}) + "-o no_se k=5 --json");
    EXPECT_TRUE(fs::exists(at("no_se/edx_composite_map.png")));
    EXPECT_EQ(to_text(*no_se.find("registration")->find("matrix")), "[[1,0,0],[0,1,0]]") << "the Lab image is coloured";
    Json const maps = run_json("materials " + all_but({"SE01", "Lab"}) + "-o maps k=5 --json");
    EXPECT_TRUE(fs::exists(at("maps/labels_map.png")));
    EXPECT_GT(adjusted_rand_index(labels_in("maps/labels_map.png"), truth()), 0.9);
}

TEST_F(MaterialsCli, NamesWithoutAnElementAreLabels) {
    make_set();
    fs::rename(at("map_AlK.bmp"), at("first.bmp"));
    Json const json = run_json("materials " + all_but({"AlK"}) + "first.bmp -o out k=5 --json");
    bool found = false;
    for (JsonMember const& part : *json.find("materials")->as_array()->front().find("composition")->as_object())
        found = found || part.key == "first";
    EXPECT_TRUE(found);
}

TEST_F(MaterialsCli, ACopyOfAMapIsLeftOut) {
    make_set();
    fs::create_directories(at("b"));
    fs::copy(at("map_AlK.bmp"), at("b/map_AlK.bmp"));
    Json const json = run_json("materials " + all_but({}) + "b/map_AlK.bmp -o out k=5 --json");
    EXPECT_TRUE(warned(json, "same content"));
    ASSERT_EQ(run("materials " + all_but({}) + "-o plain k=5").code, 0);
    EXPECT_TRUE(same("out/labels_SE01.png", "plain/labels_SE01.png") ||
                labels_in("out/labels_SE01.png") == labels_in("plain/labels_SE01.png"));
}

TEST_F(MaterialsCli, ADamagedFileHarmsNoOther) {
    make_set();
    write(at("map_NaK.bmp"), "BM not an image");
    Json const json = run_json("materials " + all_but({}) + "map_NaK.bmp -o out k=5 --json", 1);
    ASSERT_EQ(count(json, "failures"), 1u);
    EXPECT_EQ(text_at(json.find("failures")->as_array()->front(), "input"), "map_NaK.bmp");
    EXPECT_EQ(count(json, "materials"), 5u);
}

TEST_F(MaterialsCli, MoreThanTheMemoryIsSaidBeforeTheWork) {
    for (int i = 0; i < 600; ++i) write(at("maps/map" + std::to_string(i) + "_AlK.png"), claiming_png(k_claim_bytes));
    Finished const finished = run("materials maps/* -o out");
    EXPECT_EQ(finished.code, 1);
    EXPECT_TRUE(has(finished.err, "the set of 600 images takes about 1000 GB of memory")) << finished.err;
    EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << "before the files are looked at";
}

TEST_F(MaterialsCli, WithoutAnyMapSaysWhatIsMissing) {
    make_set();
    Finished const finished = run("materials SE01.TIF -o out");
    EXPECT_EQ(finished.code, 1);
    EXPECT_TRUE(has(finished.err, "no element map")) << finished.err;
}

} // namespace
} // namespace mg
