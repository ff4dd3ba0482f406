// Files with several pages on the command line: --pages, the names of pages, stacks as channels.
#include "cli/cli_fixture.h"

#include <map>

#include "codecs/codec.h"

namespace mg::test {
namespace {

void append(Bytes& file, std::uint32_t number, int bytes) {
    for (int i = 0; i < bytes; ++i) file.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

/// An uncompressed 8-bit TIFF with a page for each size, all of one grey, 20 brighter from page to page, with a bright
/// square that wanders.
Bytes stack(std::vector<Size> const& sizes) {
    Bytes file{'I', 'I', 42, 0};
    append(file, 8, 4);
    for (std::size_t page = 0; page < sizes.size(); ++page) {
        Size const size = sizes[page];
        std::uint32_t const tags[][2] = {{256, std::uint32_t(size.width)},
                                         {257, std::uint32_t(size.height)},
                                         {258, 8},
                                         {259, 1},
                                         {262, 1},
                                         {273, 0},
                                         {277, 1},
                                         {278, std::uint32_t(size.height)},
                                         {279, std::uint32_t(size.area())}};
        std::uint32_t const count = std::size(tags);
        std::uint32_t const pixels = std::uint32_t(file.size()) + 2 + 12 * count + 4;
        std::uint32_t const end = pixels + std::uint32_t(size.area());
        append(file, count, 2);
        for (auto const& tag : tags) {
            append(file, tag[0], 2);
            append(file, 4, 2);
            append(file, 1, 4);
            append(file, tag[0] == 273 ? pixels : tag[1], 4);
        }
        append(file, page + 1 < sizes.size() ? end : 0, 4);
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                bool const inside = x >= 20 && x < 44 && y >= 16 && y < 40;
                int const texture = (x * 7919 + y * 104729 + x * y * 31) % 23;
                file.push_back(std::uint8_t(60 + 20 * int(page) + (inside ? 80 : 0) + texture));
            }
    }
    return file;
}

class PagesCli : public Cli {
protected:
    Size size_of(std::string const& name) const {
        auto const image = decode_image(bytes_of(at(name)), name);
        return image ? image->size : Size{};
    }
    double mean_of(std::string const& name) const {
        auto const image = decode_image(bytes_of(at(name)), name);
        if (!image) return -1;
        double sum = 0;
        for (std::int64_t i = 0; i < image->size.area(); ++i) sum += double{image->planes[0]->data()[i]};
        return sum / double(image->size.area()) * 255;
    }
};

TEST_F(PagesCli, TheFirstPageIsTakenAndTheOthersAreTold) {
    write(at("stack.tif"), stack({{64, 48}, {60, 40}}));
    Finished const done = run("run stack.tif -- crop");
    EXPECT_EQ(done.code, 0) << done.err;
    EXPECT_TRUE(mg::test::has(done.err, "2 pages: page 1 is shown; --pages all takes every page")) << done.err;
    EXPECT_EQ(files(), (Names{"stack.png", "stack.tif"}));
}

TEST_F(PagesCli, PagesGiveResultsWithTheNameOfThePage) {
    write(at("stack.tif"), stack({{64, 48}, {60, 40}, {62, 42}, {66, 46}}));
    Finished done = run("run stack.tif -o all --pages all -- crop");
    EXPECT_EQ(done.code, 0) << done.err;
    EXPECT_FALSE(mg::test::has(done.err, "is shown")) << done.err;
    EXPECT_TRUE(mg::test::has(done.out, "stack.tif, page 2 -> all/stack.p2.png")) << done.out;
    EXPECT_EQ(files(),
              (Names{"all/stack.p2.png", "all/stack.p3.png", "all/stack.p4.png", "all/stack.png", "stack.tif"}));
    EXPECT_EQ(size_of("all/stack.png"), (Size{64, 48}));
    EXPECT_EQ(size_of("all/stack.p3.png"), (Size{62, 42}));
    done = run("run stack.tif -o some --pages 2,4 -- crop");
    EXPECT_EQ(done.code, 0) << done.err;
    EXPECT_TRUE(same("all/stack.p2.png", "some/stack.p2.png"));
    EXPECT_TRUE(same("all/stack.p4.png", "some/stack.p4.png"));
    EXPECT_FALSE(fs::exists(at("some/stack.png")));
    Json const json = run_json("annotate stack.tif -o json --pages 2-3 --json");
    auto const& outputs = *json.find("outputs")->as_array();
    ASSERT_EQ(outputs.size(), 2u);
    EXPECT_EQ(text_at(outputs[0], "input"), "stack.tif");
    EXPECT_EQ(number_at(outputs[0], "page"), 2);
    EXPECT_EQ(text_at(outputs[1], "output"), "json/stack.p3.png");
}

TEST_F(PagesCli, NumberOfJobsAndOrderChangeNothing) {
    write(at("stack.tif"), stack({{64, 48}, {60, 40}, {62, 42}}));
    EXPECT_EQ(run("annotate stack.tif -o one --pages all --jobs 1").code, 0);
    EXPECT_EQ(run("annotate stack.tif -o four --pages 3,1-2 --jobs 4").code, 0);
    for (char const* name : {"stack.png", "stack.p2.png", "stack.p3.png"})
        EXPECT_TRUE(same(std::string("one/") + name, std::string("four/") + name)) << name;
}

TEST_F(PagesCli, APageIsGivenByItsNameToo) {
    write(at("stack.tif"), stack({{64, 48}, {60, 40}}));
    EXPECT_EQ(run("run stack.tif -o a --pages 2 -- crop").code, 0);
    Finished const done = run("run stack.p2.tif -o b -- crop");
    EXPECT_EQ(done.code, 0) << done.err;
    EXPECT_FALSE(mg::test::has(done.err, "is shown")) << done.err;
    EXPECT_TRUE(same("a/stack.p2.png", "b/stack.p2.png"));
    EXPECT_EQ(run("run stack.p1.tif -- crop").code, 1) << "the first page has the file's own name";
    make_tiff("real.p2.tif");
    EXPECT_EQ(run("run real.p2.tif -- crop").code, 0) << "a file of that name is that file";
    EXPECT_EQ(size_of("real.p2.png"), (Size{96, 65}));
}

TEST_F(PagesCli, PagesThatAreNotThereAreSaid) {
    write(at("stack.tif"), stack({{64, 48}, {60, 40}}));
    make_tiff("single.tif");
    Finished done = run("run stack.tif single.tif --pages 2-5 -o out -- crop");
    EXPECT_EQ(done.code, 1);
    EXPECT_TRUE(mg::test::has(done.err, "stack.tif: has no page 3; its last is page 2")) << done.err;
    EXPECT_TRUE(mg::test::has(done.err, "single.tif: has no page 2; its last is page 1")) << done.err;
    EXPECT_TRUE(fs::exists(at("out/stack.p2.png"))) << "the others come out";
    for (char const* wrong : {"0", "2-", "3-2", "x", "-1", "1,,2", "1001", "1-99999999999999999999"}) {
        done = run(std::string("info stack.tif --pages=") + wrong);
        EXPECT_EQ(done.code, 2) << wrong;
        EXPECT_TRUE(mg::test::has(done.err, "as in 2-5,7")) << done.err;
    }
}

TEST_F(PagesCli, InfoTellsThePages) {
    write(at("stack.tif"), stack({{64, 48}, {60, 40}, {60, 40}}));
    Finished const done = run("info stack.tif");
    EXPECT_TRUE(mg::test::has(done.out, "  page 1: 64 x 48 px, grey, 8 bit\n  pages 2 to 3: 60 x 40 px, grey, 8 bit\n"))
        << done.out;
    Json const json = run_json("info stack.tif --json --pages 2");
    Json const& file = json.find("files")->as_array()->front();
    EXPECT_EQ(number_at(file, "page"), 2);
    EXPECT_EQ(number_at(file, "width"), 60);
    auto const& pages = *file.find("pages")->as_array();
    ASSERT_EQ(pages.size(), 3u);
    EXPECT_EQ(number_at(pages[0], "width"), 64);
    EXPECT_EQ(number_at(pages[2], "bits"), 8);
    make_tiff("single.tif");
    EXPECT_EQ(run_json("info single.tif --json").find("files")->as_array()->front().find("pages"), nullptr);
}

TEST_F(PagesCli, AnOverrideByAPagesNameIsForThatPageAlone) {
    write(at("stack.tif"), stack({{64, 48}, {64, 48}, {64, 48}}));
    write(at("recipe.txt"),
          std::string("micrographia recipe 1\nscale factor=1\nonly \"stack.p2.tif\" scale.factor=2\n"));
    Finished const done = run("run stack.tif --pages all --recipe recipe.txt -o out");
    EXPECT_EQ(done.code, 0) << done.err;
    EXPECT_EQ(size_of("out/stack.png"), (Size{64, 48}));
    EXPECT_EQ(size_of("out/stack.p2.png"), (Size{128, 96}));
    EXPECT_EQ(size_of("out/stack.p3.png"), (Size{64, 48}));
}

TEST_F(PagesCli, OneStackIsASetOfChannels) {
    write(at("stack.tif"), stack({{96, 80}, {96, 80}, {96, 80}}));
    Json const json = run_json("overlay stack.tif -o out --json");
    auto const& rows = *json.find("alignment")->as_array();
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].find("page"), nullptr);
    EXPECT_EQ(number_at(rows[1], "page"), 2);
    EXPECT_EQ(number_at(rows[2], "page"), 3);
    EXPECT_GE(json.find("outputs")->as_array()->size(), 4u) << "three channels and their composite";
    // The configuration that was written names the pages, and gives the same again.
    std::string config = text_of(at("out/config.txt"));
    EXPECT_TRUE(mg::test::has(config, "stack.p2.tif")) << config;
    Json const again = run_json("overlay --config out/config.txt -o again --json");
    EXPECT_EQ(again.find("alignment")->as_array()->size(), 3u);
    for (std::string const& name : files())
        if (name.starts_with("out/") && name.ends_with(".png"))
            EXPECT_TRUE(same(name, "again/" + name.substr(4))) << name;
    // Two pages chosen.
    EXPECT_EQ(run_json("overlay stack.tif --pages 1,3 -o two --json").find("alignment")->as_array()->size(), 2u);
}

TEST_F(PagesCli, APictureOfAPageIsMadeAgainFromThatPage) {
    write(at("stack.tif"), stack({{64, 48}, {60, 40}}));
    EXPECT_EQ(run("annotate stack.tif --pages 2").code, 0);
    ASSERT_TRUE(fs::exists(at("stack.p2.png")));
    Finished const done = run("run stack.p2.png -o again");
    EXPECT_EQ(done.code, 0) << done.err;
    EXPECT_TRUE(same("stack.p2.png", "again/stack.p2.png"));
}

} // namespace
} // namespace mg::test
