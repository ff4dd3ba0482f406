#include "metadata/vendor_reading.h"

namespace mg {
namespace {

std::string xml(std::size_t layout = 0) {
    return std::string(as_text(test::ome_xml_layouts()[layout].tags[0].bytes)).c_str();
}
Metadata read_xml(std::string const& text) {
    return read_tags({test::text_tag(270, text)});
}

TEST(OmeXml, GivesTheFactsOfTheImage) {
    for (test::VendorLayout const& layout : test::ome_xml_layouts()) test::expect_stated_facts(layout);
}

TEST(OmeXml, CutAnywhereGivesNoOtherPixelSize) {
    for (test::VendorLayout const& layout : test::ome_xml_layouts()) test::expect_cuts_do_no_harm(layout);
}

TEST(OmeXml, MicrometreIsTheUnitThatNeedsNoName) {
    Metadata m = read_xml(xml());
    EXPECT_EQ(m.vendor, "OME");
    EXPECT_EQ(value_of(m.acquisition.pixel_size_x_nm), 12.5);
    EXPECT_EQ(source_of(m.acquisition.pixel_size_x_nm), "OME-XML: [OME/Image] Pixels@PhysicalSizeX");
    EXPECT_EQ(m.warnings, std::vector<std::string>{});
}

TEST(OmeXml, EachPageHasItsImage) {
    test::VendorLayout layout = test::ome_xml_layouts()[1];
    Bytes file = test::layout_tiff(layout);
    auto size_of_page = [&](int page) {
        auto decoded = decode_image(file, "image.tif", {.page = page});
        EXPECT_TRUE(decoded);
        Metadata m = read_metadata(
            {.file = file, .decoded = &*decoded, .file_name = "image.tif", .relative_path = "image.tif", .page = page});
        return value_of(m.acquisition.pixel_size_x_nm);
    };
    EXPECT_EQ(size_of_page(0), 65.5);
    EXPECT_EQ(size_of_page(1), 2000);
}

TEST(OmeXml, ImagesThatCannotBeToldApartGiveNoneOfTheirSizes) {
    std::string text = xml(1);
    for (std::string_view page : {"IFD=\"0\" PlaneCount=\"1\"", "IFD=\"1\" PlaneCount=\"1\""})
        text = replaced(text, page, "");
    Metadata m = read_xml(text);
    EXPECT_FALSE(m.acquisition.pixel_size_x_nm);
    EXPECT_TRUE(warns_of(m, "does not say whose this page is"));
}

TEST(OmeXml, UnitsThatAreNoLengthsGiveNoPixelSize) {
    std::string text = xml(1);
    for (std::string_view unit : {"pixel", "reference frame", "", "parsec"}) {
        std::string changed = replaced(text, "PhysicalSizeXUnit='nm'", "PhysicalSizeXUnit='" + std::string(unit) + "'");
        Metadata m = read_xml(changed);
        if (unit.empty()) continue; // as if it were not there: see below
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << unit;
        EXPECT_TRUE(warns_of(m, "no size of a pixel")) << unit;
    }
}

TEST(OmeXml, ValuesThatCannotBeTrueAreLeftOut) {
    for (std::string_view bad : {"-1", "0", "1e300", "nan", "", "12,5", "0x1p3"}) {
        Metadata m =
            read_xml(replaced(xml(), "PhysicalSizeX=\"0.0125\"", "PhysicalSizeX=\"" + std::string(bad) + "\""));
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << bad;
    }
    Metadata m = read_xml(replaced(xml(), "NominalMagnification=\"5000\"", "NominalMagnification=\"-2\""));
    EXPECT_FALSE(m.acquisition.magnification);
    EXPECT_TRUE(warns_of(m, "NominalMagnification"));
    EXPECT_FALSE(read_xml(replaced(xml(), "2019-07-18T", "2019-77-18T")).acquisition.acquired);
}

TEST(OmeXml, SeveralObjectivesNameNoMagnification) {
    std::string two =
        replaced(xml(), "</Instrument>", "<Objective ID=\"Objective:1\" NominalMagnification=\"20\"/></Instrument>");
    EXPECT_FALSE(read_xml(two).acquisition.magnification);
}

TEST(OmeXml, DisagreesLoudlyWithResolutionTagsThatAreNear) {
    Decoded decoded;
    decoded.size = {64, 48};
    decoded.fields = {test::text_tag(270, xml())};
    auto read = [&](double nm) {
        decoded.resolution = Resolution{1e7 / nm, 1e7 / (2 * nm), Resolution::Unit::centimetre};
        return read_metadata({.file = {}, .decoded = &decoded, .file_name = "x.tif", .relative_path = "x.tif"});
    };
    Metadata agreeing = read(12.5);
    EXPECT_EQ(agreeing.pixel_sizes.size(), 2u);
    EXPECT_EQ(agreeing.warnings, std::vector<std::string>{});
    Metadata other = read(13);
    ASSERT_EQ(other.pixel_sizes.size(), 2u);
    EXPECT_EQ(other.pixel_sizes[1].source, "resolution tags");
    EXPECT_TRUE(warns_of(other, "pixel sizes differ"));
    // 2540 per inch: a density of prints, which no one meant as a calibration.
    Metadata print = read(10000);
    EXPECT_EQ(print.pixel_sizes.size(), 1u);
    EXPECT_EQ(print.warnings, std::vector<std::string>{});
}

TEST(OmeXml, EntitiesDoNotGrow) {
    std::string bomb = "<?xml version=\"1.0\"?><!DOCTYPE OME [<!ENTITY a \"&b;&b;\"><!ENTITY b \"xxxxxxxx\">]>" +
                       replaced(xml(), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "");
    Metadata m = read_xml(replaced(bomb, "grain", "&a;&a;"));
    for (RawKey const& entry : *m.raw) EXPECT_LT(entry.value.size(), 200u);
}

TEST(OmeXml, BrokenMarkupEndsCleanly) {
    for (std::string_view broken :
         {"<OME", "<OME>", "<OME><", "<OME><Image ID=\"", "<OME><Image ID='a'><Pixels PhysicalSizeX", "<OME></OME>",
          "<OME><!-- <OME>", "<OME><![CDATA[", "<OME><Image ID='a'/></OME>"}) {
        Metadata m = read_xml(std::string(broken));
        EXPECT_EQ(m.vendor, "OME") << broken;
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << broken;
    }
    std::string many = "<OME>";
    for (int i = 0; i < 200000; ++i) many += "<a b='&'>";
    EXPECT_LE(read_xml(many).raw->size(), 20000u);
}

} // namespace
} // namespace mg
