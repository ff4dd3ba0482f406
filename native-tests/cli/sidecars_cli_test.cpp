// What microscopes write beside their images, given and found in every way.
#include "base/text.h"
#include "cli/cli_fixture.h"
#include "support/vendor_layouts.h"

namespace mg::test {
namespace {

class SidecarsCli : public Cli {
protected:
    /// Image and sidecar of a microscope whose sidecar alone holds the calibration.
    void make_pair(std::string const& image, std::string const& sidecar) const {
        VendorLayout const layout = jeol_layouts().front();
        write(at(image), layout_tiff(layout));
        write(at(sidecar), layout.sidecar);
    }
    void make_hdr_pair(std::string const& image, std::string const& sidecar) const {
        for (VendorLayout const& layout : tescan_layouts()) {
            if (!iends_with(layout.sidecar_name, ".hdr")) continue;
            write(at(image), layout_tiff(layout));
            write(at(sidecar), layout.sidecar);
        }
    }
    /// Pixel size of the first file that info names; -1: none.
    double pixel_nm(std::string const& arguments) const {
        Json const json = run_json("info --json " + arguments);
        Json const* acquisition = json.find("files")->as_array()->front().find("acquisition");
        Json const* size = acquisition->find("pixel_size_x_nm");
        return size ? *size->as_number() : -1;
    }
};

TEST_F(SidecarsCli, LiesBesideItsImage) {
    make_pair("a.tif", "a.txt");
    EXPECT_EQ(pixel_nm("a.tif"), 187.5);
    Json const json = run_json("info --json a.tif");
    Json const* sources = json.find("files")->as_array()->front().find("sources");
    EXPECT_EQ(text_at(*sources, "beam_energy_kv"), "a.txt: $CM_ACCEL_VOLT");
}

TEST_F(SidecarsCli, UpperAndLowerCaseAreTheSame) {
    make_pair("Grain.TIF", "grain.Txt");
    EXPECT_EQ(pixel_nm("Grain.TIF"), 187.5);
    EXPECT_EQ(pixel_nm("."), 187.5);
}

TEST_F(SidecarsCli, IsPairedInAnyOrderAndNamed) {
    make_pair("a.tif", "a.txt");
    for (char const* arguments : {"a.tif a.txt", "a.txt a.tif", "./a.txt a.tif", "a.txt a.tif a.txt"}) {
        Finished const finished = run(std::string("info ") + arguments);
        EXPECT_EQ(finished.code, 0) << arguments;
        EXPECT_TRUE(has(finished.out, "187.5 nm")) << finished.out;
        EXPECT_TRUE(has(finished.err, "a.txt: left out: read with its image")) << finished.err;
    }
}

TEST_F(SidecarsCli, GivenFromAnotherFolderIsPairedToo) {
    make_pair("images/a.tif", "texts/a.txt");
    EXPECT_EQ(pixel_nm("images/a.tif"), -1) << "not found by itself";
    EXPECT_EQ(pixel_nm("texts/a.txt images/a.tif"), 187.5);
    EXPECT_EQ(pixel_nm("images/a.tif texts/a.txt"), 187.5);
}

TEST_F(SidecarsCli, StaysWithTheImageOfItsOwnFolder) {
    make_pair("one/a.tif", "one/a.txt");
    write(at("two/a.tif"), layout_tiff(jeol_layouts().front()));
    Json const json = run_json("info --json one/a.tif one/a.txt two/a.tif");
    auto const& files = *json.find("files")->as_array();
    ASSERT_EQ(files.size(), 2u);
    EXPECT_TRUE(files[0].find("acquisition")->find("pixel_size_x_nm"));
    EXPECT_FALSE(files[1].find("acquisition")->find("pixel_size_x_nm"));
    // Each image of a set of folders has its own.
    std::string const other = std::string(as_text(jeol_layouts()[1].sidecar));
    write(at("two/a.txt"), other);
    Json const both = run_json("info --json one two");
    auto const& two = *both.find("files")->as_array();
    EXPECT_EQ(number_at(*two[0].find("acquisition"), "pixel_size_x_nm"), 187.5);
    EXPECT_EQ(number_at(*two[1].find("acquisition"), "pixel_size_x_nm"), 200);
}

TEST_F(SidecarsCli, HdrFilesAreKnownUnderBothNames) {
    make_hdr_pair("m.tif", "m-tif.hdr");
    double const expected = pixel_nm("m.tif");
    EXPECT_GT(expected, 0);
    fs::remove(at("m-tif.hdr"));
    EXPECT_EQ(pixel_nm("m.tif"), -1);
    make_hdr_pair("m.tif", "M.HDR");
    EXPECT_EQ(pixel_nm("m.tif"), expected);
    Finished const finished = run("info M.HDR m.tif");
    EXPECT_TRUE(has(finished.err, "M.HDR: left out: read with its image")) << finished.err;
}

TEST_F(SidecarsCli, ThatLacksItsImageIsNamed) {
    make_pair("a.tif", "a.txt");
    fs::rename(at("a.txt"), at("b.txt"));
    Finished const beside = run("info a.tif b.txt");
    EXPECT_EQ(beside.code, 0);
    EXPECT_TRUE(has(beside.err, "b.txt: left out: belongs to an image that was not given")) << beside.err;
    Finished const alone = run("annotate b.txt");
    EXPECT_EQ(alone.code, 1) << "nothing was done";
    EXPECT_TRUE(has(alone.err, "b.txt: left out: belongs to an image that was not given")) << alone.err;
}

TEST_F(SidecarsCli, NotesOfTheUserAreLeftOutWithAWord) {
    make_tiff("a.tif");
    write(at("a.txt"), std::string("a nice grain\n"));
    Finished const finished = run("info a.tif a.txt");
    EXPECT_EQ(finished.code, 0);
    EXPECT_TRUE(has(finished.err, "a.txt: left out: neither an image nor a text of a microscope that is known"))
        << finished.err;
    EXPECT_TRUE(has(finished.out, "Philips/FEI XL")) << finished.out;
    EXPECT_EQ(run("info a.tif").err, "") << "nobody asked about the text beside it";
}

TEST_F(SidecarsCli, GoesIntoThePicturesProvenanceUnderItsName) {
    make_pair("a.tif", "texts/A.TXT");
    ASSERT_EQ(run("annotate a.tif texts/A.TXT -o out").code, 0);
    EXPECT_EQ(files(), (Names{"a.tif", "out/a.png", "texts/A.TXT"}));
    std::string inputs;
    for (PngText const& text : read_png_texts(bytes_of(at("out/a.png"))))
        if (text.keyword == "micrographia:recipe") inputs = text.text;
    EXPECT_TRUE(has(inputs, "\"A.TXT\"")) << inputs;
}

TEST_F(SidecarsCli, HugeTextsAreNoSidecars) {
    make_tiff("a.tif");
    write(at("a.txt"), "$CM_MAG 5\n" + std::string(5 << 20, 'x'));
    EXPECT_EQ(run("info a.tif").code, 0);
    EXPECT_FALSE(has(run("info a.tif").out, "a.txt"));
}

} // namespace
} // namespace mg::test
