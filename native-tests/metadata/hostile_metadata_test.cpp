// What files and their names may do to the readers of metadata: what fuzzing (fuzz/) has found.
#include <gtest/gtest.h>

#include "base/text.h"
#include "metadata/metadata.h"
#include "metadata/xml_text.h"
#include "samples/sample_xl.h"

namespace mg {
namespace {

bool all_utf8(Metadata const& metadata) {
    bool good = true;
    for (std::string const& warning : metadata.warnings) good = good && is_utf8(warning);
    for_each_fact([&](char const*, auto member) {
        if (auto const& fact = metadata.acquisition.*member) good = good && is_utf8(fact->source);
    });
    return good;
}

TEST(HostileMetadata, NamesOfFilesNeedNotBeUtf8) {
    auto const image = Image<std::uint8_t>::filled({12, 8}, 77).value();
    Bytes const xl = write_xl_tiff(image.view(), {});
    Bytes const nothing{1, 2, 3};
    for (ByteView const twin : {ByteView(xl), ByteView(nothing)}) {
        Decoded decoded;
        decoded.size = {12, 8};
        MetadataInput input{.decoded = &decoded, .file_name = "a\xB5.tif", .relative_path = "a\xB5.tif"};
        input.twin = twin;
        Metadata const metadata = read_metadata(input);
        EXPECT_FALSE(metadata.warnings.empty() && !metadata.acquisition.beam_energy_kv);
        EXPECT_TRUE(all_utf8(metadata));
    }
}

TEST(HostileMetadata, AWarningIsCutBetweenCharacters) {
    for (std::size_t before = 0; before < 4; ++before) {
        std::string header = "[User]\r\nUserText=x\r\n[PrivateFei]\r\nTimeOfCreation=30.11" + std::string(before, '.');
        for (int i = 0; i < 40; ++i) header += "\xC3\xBC";
        header += "\r\n";
        Decoded decoded;
        decoded.size = {12, 8};
        decoded.fields.push_back({0, 34682, {}, Bytes(header.begin(), header.end())});
        Metadata const metadata = read_metadata({.decoded = &decoded, .file_name = "a.tif", .relative_path = "a.tif"});
        EXPECT_FALSE(metadata.warnings.empty());
        EXPECT_TRUE(all_utf8(metadata)) << before;
    }
}

TEST(HostileMetadata, OfAHeaderOneMebibyteIsRead) {
    auto const value_behind = [](std::size_t bytes) {
        std::string header = "[User]\r\nUserText=x\r\n";
        header += "Filler=" + std::string(bytes - header.size() - 9, 'f') + "\r\n";
        EXPECT_EQ(header.size(), bytes);
        header += "[Beam]\r\nHV=5000\r\n";
        Decoded decoded;
        decoded.size = {12, 8};
        decoded.fields.push_back({0, 34682, {}, Bytes(header.begin(), header.end())});
        return read_metadata({.decoded = &decoded, .file_name = "a.tif", .relative_path = "a.tif"}).acquisition.beam_energy_kv;
    };
    EXPECT_TRUE(value_behind((1 << 20) - 100));
    EXPECT_FALSE(value_behind(1 << 20));
}

TEST(HostileMetadata, OfXmlAndJson20000KeysAreRead) {
    std::string xml = "<Metadata>", json = R"({"image":{"beam_type":"ELECTRON"},"pixel_size":{"x":1e-9,"y":1e-9},"x":[)";
    for (int i = 0; i < 20500; ++i) {
        xml += "<k>1</k>";
        json += "1,";
    }
    xml += "</Metadata>";
    json.back() = ']';
    json += "}";
    EXPECT_EQ(parse_xml_text(xml).size(), 20000u);
    Decoded decoded;
    decoded.size = {12, 8};
    decoded.fields.push_back({0, 270, {}, Bytes(json.begin(), json.end())});
    Metadata const metadata = read_metadata({.decoded = &decoded, .file_name = "a.tif", .relative_path = "a.tif"});
    EXPECT_EQ(metadata.vendor, "OpenFIBSEM");
    EXPECT_EQ(metadata.raw->size(), 20000u);
}

TEST(HostileMetadata, AFolderOfSpacesNamesNoSample) {
    for (char const* path : {"~_/x.tif", "~_FH_250410/x.tif"}) {
        NameFacts const facts = facts_from_names(path);
        EXPECT_FALSE(facts.sample && facts.sample->empty()) << path;
    }
}

TEST(HostileMetadata, ASectionWithAGarbledNameNamesNoDetector) {
    std::string_view const header = "[User]\r\nUserText=x\r\n[Detectors]\r\nNumber=1\r\n[\n\rETD]\r\nSignal=SE\r\n";
    Decoded decoded;
    decoded.size = {12, 8};
    decoded.fields.push_back({0, 34680, {}, Bytes(header.begin(), header.end())});
    Metadata const metadata = read_metadata({.decoded = &decoded, .file_name = "a.tif", .relative_path = "a.tif"});
    EXPECT_EQ(metadata.vendor, "FEI/Thermo Fisher");
    EXPECT_FALSE(metadata.acquisition.detector);
}

} // namespace
} // namespace mg
