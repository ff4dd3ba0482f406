#include <algorithm>

#include <gtest/gtest.h>

#include "metadata/layout_edits.h"

namespace mg {
namespace {

using namespace test;

VendorLayout electron() {
    return layout_named(fei_layouts(), "fei_xt electron beam");
}

TEST(FeiXt, FindsTheFactsOfEveryLayoutAndNoOthers) {
    for (VendorLayout const& layout : fei_layouts()) {
        expect_stated_facts(layout);
        expect_no_other_facts(layout);
        EXPECT_EQ(warnings_text(read_layout(layout)).find("left out"), std::string::npos) << layout.name;
    }
}

TEST(FeiXt, CutsOfTextDoNoHarm) {
    for (VendorLayout const& layout : fei_layouts())
        if (layout.name.find("XML") == std::string::npos) expect_cuts_do_no_harm(layout);
}

TEST(FeiXt, CutsOfXmlDoNoHarm) {
    for (VendorLayout const& layout : fei_layouts())
        if (layout.name.find("XML") != std::string::npos) expect_cuts_do_no_harm(layout);
}

TEST(FeiXt, KeepsEveryKeyInOrderWithItsSection) {
    VendorLayout layout = electron();
    Metadata m = read_layout(layout);
    auto lines = std::count(layout.tags[0].bytes.begin(), layout.tags[0].bytes.end(), '=');
    ASSERT_EQ(m.raw->size(), static_cast<std::size_t>(lines));
    EXPECT_EQ(m.raw->front().section, "User");
    EXPECT_EQ(m.raw->front().key, "Date");
    EXPECT_EQ(m.raw->back().section, "EasyLift");
    EXPECT_EQ(m.raw->back().value, "0.00125664");
    EXPECT_TRUE(m.warnings.empty()) << warnings_text(m);
    EXPECT_EQ(m.acquisition.pixel_size_x_nm->source, "header: [Scan] PixelWidth, PixelHeight");
}

TEST(FeiXt, EveryStatementOfThePixelSizeIsKept) {
    Metadata m = read_layout(electron());
    ASSERT_EQ(m.pixel_sizes.size(), 4u); // two scans, two fields
    for (StatedPixelSize const& size : m.pixel_sizes) EXPECT_NEAR(size.x_nm, 250, 1e-6) << size.source;
    // The column was turned to another field before the picture was saved: the scan's own number is the picture's.
    Metadata other = read_layout(edited(electron(), "HFW=8e-006", "HFW=1.6e-005"));
    expect_pixel_nm(other, 250, 250);
    EXPECT_TRUE(has_warning(other, "500 nm x 250 nm (header: [EBeam] HFW, VFW and the resolution)"))
        << warnings_text(other);
}

TEST(FeiXt, GarbledPixelSizesAreReplacedByTheNextStatement) {
    for (char const* garbled : {"notafloat", "1e300", "-2.5e-007", "0", "nan", "2.6e-007 m", "0x1p-22"}) {
        VendorLayout layout = edited(electron(), "PixelWidth=2.5e-007", std::string("PixelWidth=") + garbled);
        Metadata m = read_layout(layout);
        expect_pixel_nm(m, 250, 250);
        EXPECT_EQ(m.acquisition.pixel_size_x_nm->source, "header: [EScan] PixelWidth, PixelHeight");
        EXPECT_TRUE(has_warning(m, "[Scan] PixelWidth")) << garbled;
        layout = edited(layout, "PixelWidth=2.5e-007", "PixelWidth=");
        m = read_layout(layout);
        expect_pixel_nm(m, 250, 250);
        EXPECT_EQ(m.acquisition.pixel_size_x_nm->source,
                  "header: [Scan] HorFieldsize, VerFieldsize and the resolution");
    }
}

TEST(FeiXt, NoPixelSizeIsGuessedFromNothing) {
    VendorLayout layout = edited(electron(), "ResolutionX=32", "ResolutionX=notafloat");
    for (char const* key : {"HorFieldsize=8e-006", "HorFieldsize=8e-006", "HFW=8e-006"})
        layout = edited(layout, key, "Other=1");
    expect_no_pixel(read_layout(layout), "of how many pixels");
}

TEST(FeiXt, GarbledValuesAreAbsentWithAWarning) {
    Metadata m = read_layout(edited(edited(electron(), "HV=2000", "HV=notafloat"), "HV=2000", "HV=-1e12"));
    EXPECT_FALSE(m.acquisition.beam_energy_kv);
    EXPECT_TRUE(has_warning(m, "[Beam] HV = \"notafloat\" is no number")) << warnings_text(m);
    EXPECT_TRUE(has_warning(m, "[EBeam] HV = \"-1e12\" cannot be true")) << warnings_text(m);
    m = read_layout(edited(electron(), "StageT=0.907571", "StageT=907"));
    EXPECT_NEAR(m.acquisition.stage_tilt_deg->value, 52, 1e-4); // the column's copy
    m = read_layout(edited(electron(), "Spot=5.5", "Spot="));
    EXPECT_FALSE(m.acquisition.spot_size);
    EXPECT_TRUE(m.warnings.empty()) << warnings_text(m);
}

TEST(FeiXt, ADateThatTwoCountriesReadDifferentlyIsLeftOut) {
    VendorLayout old = layout_named(fei_layouts(), "fei_xt old keys");
    Metadata m = read_layout(edited(old, "Date=30/11/2009", "Date=10/11/2009"));
    EXPECT_FALSE(m.acquisition.acquired);
    EXPECT_TRUE(has_warning(m, "may name the day or the month first")) << warnings_text(m);
    // The time of creation is day first everywhere, and believed before the other.
    m = read_layout(edited(electron(), "30.11.2021 14:09:15", "10.11.2021 14:09:15"));
    EXPECT_EQ(m.acquisition.acquired->value, "2021-11-10T14:09:15");
    m = read_layout(edited(electron(), "30.11.2021 14:09:15", "31.02.2021 14:09:15"));
    EXPECT_EQ(m.acquisition.acquired->value, "2021-11-30T14:09:15");
    EXPECT_TRUE(has_warning(m, "TimeOfCreation")) << warnings_text(m);
}

TEST(FeiXt, CroppedPicturesKeepTheirPixelSizeOnlyWhenTheyHaveAllColumns) {
    VendorLayout layout = electron();
    layout.size = {32, 20}; // the databar and some rows cut off
    Metadata m = read_layout(layout);
    expect_pixel_nm(m, 250, 250);
    EXPECT_FALSE(m.acquisition.databar_rows);
    for (Size size : {Size{30, 22}, Size{16, 15}, Size{50, 22}, Size{22, 32}, Size{1, 4}}) {
        layout.size = size;
        m = read_layout(layout);
        expect_no_pixel(m, "the pixel size does not hold here");
        EXPECT_FALSE(m.acquisition.databar_rows);
        EXPECT_TRUE(m.acquisition.beam_energy_kv);
    }
}

TEST(FeiXt, ResizedPicturesGetTheSizeOfTheirPixels) {
    VendorLayout layout = electron();
    struct Case {
        Size size;
        double nm;
        int rows;
    };
    // Without the bar by any factor, with it by whole ones, where so few more rows can be nothing else.
    for (Case c : {Case{{64, 44}, 125, 0}, Case{{48, 33}, 250 * 32 / 48.0, 0}, Case{{128, 95}, 62.5, 7}}) {
        layout.size = c.size;
        Metadata m = read_layout(layout);
        expect_pixel_nm(m, c.nm, c.nm);
        EXPECT_TRUE(has_warning(m, "taken as resized")) << warnings_text(m);
        auto rows = m.acquisition.databar_rows;
        EXPECT_EQ(rows ? rows->value : 0, c.rows);
    }
    // With the rows that the header names, by any factor.
    VendorLayout named = edited(electron(), "DatabarHeight=0", "DatabarHeight=2");
    named.size = {48, 36};
    Metadata m = read_layout(named);
    expect_pixel_nm(m, 250 * 32 / 48.0, 250 * 32 / 48.0);
    EXPECT_EQ(m.acquisition.databar_rows->value, 3);
}

TEST(FeiXt, TheHeaderOfAnotherSeriesInTheSameTagIsLeftToIt) {
    VendorLayout layout = electron();
    layout.tags = {
        text_tag(34680, "\r\n[DatabarData]\r\nflAccV = 5000.000000\r\n[Vector]\r\nMagnification = 10000\r\n")};
    EXPECT_EQ(read_layout(layout).vendor, "Philips/FEI XL");
}

TEST(FeiXt, EmptyAndForeignTagsAreNamed) {
    VendorLayout layout = electron();
    for (char const* text : {"", "\r\n\r\n", "no header at all", "<<<<", "[User", "<A><B></A>"}) {
        layout.tags = {text_tag(34682, text), text_tag(34683, text)};
        Metadata m = read_layout(layout);
        EXPECT_EQ(m.vendor, "FEI/Thermo Fisher");
        expect_no_pixel(m, "cannot be read");
    }
}

TEST(FeiXt, OfAVeryLongHeaderTheBeginningIsRead) {
    VendorLayout layout = electron();
    std::string text(as_text(layout.tags[0].bytes));
    text.resize(text.size() - 1); // the NUL
    while (text.size() < std::size_t{3} << 20) text += "[More]\r\nKey=value\r\nOther=1\r\n";
    layout.tags = {text_tag(34682, text)};
    Metadata m = read_layout(layout);
    expect_pixel_nm(m, 250, 250);
    EXPECT_LT(m.raw->size(), 200000u);
}

TEST(FeiXt, HostileXmlEndsCleanly) {
    VendorLayout layout = electron();
    std::string deep, entities, attributes = "<Metadata";
    for (int i = 0; i < 3000; ++i) {
        deep += "<BinaryResult>";
        entities += "&&&amp";
        attributes += " a='&#xD800;&#1114112;&#x41;'";
    }
    for (std::string const& text : {deep, entities, "<a>" + entities + "</a>", attributes, std::string("<!--"),
                                    std::string("<![CDATA["), std::string(5000, '<'), std::string("<a b=\"")}) {
        layout.tags = {text_tag(34683, text)};
        Metadata m = read_layout(layout);
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm);
        for (RawKey const& key : *m.raw) EXPECT_TRUE(is_utf8(key.value)) << key.value;
    }
    VendorLayout xml = layout_named(fei_layouts(), "fei_xt XML");
    expect_no_pixel(read_layout(edited(xml, "<X unit=\"m\"", "<X unit=\"furlong\"")), "unit");
}

} // namespace
} // namespace mg
