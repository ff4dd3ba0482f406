#include <algorithm>

#include <gtest/gtest.h>

#include "metadata/layout_edits.h"

namespace mg {
namespace {

using namespace test;

VendorLayout smart_sem(std::string_view name = "zeiss") {
    return layout_named(zeiss_layouts(), name);
}

TEST(Zeiss, FindsTheFactsOfEveryLayoutAndNoOthers) {
    for (VendorLayout const& layout : zeiss_layouts()) {
        expect_stated_facts(layout);
        expect_no_other_facts(layout);
        EXPECT_EQ(warnings_text(read_layout(layout)).find("left out"), std::string::npos) << layout.name;
    }
}

TEST(Zeiss, CutsDoNoHarm) {
    for (char const* name : {"zeiss", "zeiss old keys", "zeiss with the display's pixel size alone", "zeiss ion beam"})
        expect_cuts_do_no_harm(smart_sem(name));
}

TEST(Zeiss, CutsOfUtf16DoNoHarm) {
    expect_cuts_do_no_harm(smart_sem("zeiss UTF-16 alone"));
}

TEST(Zeiss, CutsOfResizedPicturesDoNoHarm) {
    expect_cuts_do_no_harm(smart_sem("zeiss resized"));
}

TEST(Zeiss, KeepsEveryKeyInOrderWithItsWholeLine) {
    VendorLayout layout = smart_sem();
    Metadata m = read_layout(layout);
    // One line each of the numbers, two of every key.
    auto lines = std::count(layout.tags[0].bytes.begin(), layout.tags[0].bytes.end(), '\n');
    ASSERT_EQ(m.raw->size(), static_cast<std::size_t>(24 + (lines - 24) / 2));
    EXPECT_EQ((*m.raw)[3].key, "line 4");
    EXPECT_EQ((*m.raw)[3].value, "2.500000e-07");
    EXPECT_EQ((*m.raw)[32].key, "AP_MAG");
    EXPECT_EQ((*m.raw)[32].value, "Mag =   50.00 K X");
    EXPECT_EQ(m.raw->back().key, "SV_OPERATOR");
    EXPECT_TRUE(m.warnings.empty()) << warnings_text(m);
}

TEST(Zeiss, EveryPageHasThePixelSizeOfItsOwnColumns) {
    VendorLayout layout = smart_sem("zeiss two pages");
    Bytes file = layout_tiff(layout);
    for (int page : {0, 1}) {
        auto decoded = decode_image(file, "image.tif", {.page = page});
        ASSERT_TRUE(decoded);
        Metadata m = read_metadata(
            {.file = file, .decoded = &*decoded, .file_name = "image.tif", .relative_path = "image.tif", .page = page});
        expect_pixel_nm(m, 250, 250);
    }
}

TEST(Zeiss, APixelSizeTwiceTheOtherIsNamedUnlessTheDisplayExplainsIt) {
    Metadata m = read_layout(
        edited(edited(smart_sem(), "Pixel Size = 250.0 nm", "Pixel Size = 500.0 nm"), "2.500000e-07", "5.000000e-07"));
    expect_pixel_nm(m, 250, 250);
    EXPECT_TRUE(has_warning(m, "250 nm (AP_IMAGE_PIXEL_SIZE) and 500 nm (AP_PIXEL_SIZE)")) << warnings_text(m);
    EXPECT_TRUE(read_layout(smart_sem("zeiss with the display's pixel size")).warnings.empty());
}

TEST(Zeiss, AFieldThatDisagreesIsShownBesideThePixelSize) {
    Metadata m = read_layout(edited(smart_sem(), "Width = 8.000", "Width = 9.000"));
    expect_pixel_nm(m, 250, 250);
    ASSERT_EQ(m.pixel_sizes.size(), 2u);
    EXPECT_NEAR(m.pixel_sizes[1].x_nm, 281.25, 1e-6);
    EXPECT_TRUE(has_warning(m, "pixel sizes differ")) << warnings_text(m);
}

TEST(Zeiss, WithoutAFieldTheDisplaysPixelSizeIsNotGuessed) {
    VendorLayout layout = edited(smart_sem("zeiss old keys"), "AP_WIDTH\r\n", "AP_OTHER\r\n");
    expect_no_pixel(read_layout(layout), "may hold for a display of 1024 columns");
    layout.size = {1024, 8};
    expect_pixel_nm(read_layout(layout), 250, 250);
}

TEST(Zeiss, NumbersThatDoNotAgreeGiveNoPixelSize) {
    VendorLayout old = smart_sem("zeiss old keys");
    expect_no_pixel(read_layout(edited(old, "2.500000e-007", "3.500000e-007")), "neither was taken");
    VendorLayout both = edited(edited(old, "2.500000e-007", "3.500000e-007"), "= 250.0 nm", "= 350.0 nm");
    expect_no_pixel(read_layout(both), "do not agree for 32 columns");
    for (char const* garbled : {"notafloat", "1e300 nm", "-250.0 nm", "0.0 fm", "250.0", "250.0 furlong", ""}) {
        Metadata m = read_layout(
            edited(edited(smart_sem(), "Image Pixel Size = 250.0 nm", std::string("Image Pixel Size = ") + garbled),
                   "AP_WIDTH", "AP_OTHER"));
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << garbled; // 32 columns: whose size the other is cannot be told
        EXPECT_FALSE(m.warnings.empty());
    }
}

TEST(Zeiss, CroppedPicturesHaveNoPixelSize) {
    for (char const* name : {"zeiss", "zeiss old keys", "zeiss with the display's pixel size alone"})
        for (Size size : {Size{30, 24}, Size{16, 20}, Size{24, 32}}) {
            VendorLayout layout = smart_sem(name);
            layout.tags.resize(1); // no palette
            layout.size = size;
            Metadata m = read_layout(layout);
            EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << name << " " << size.width;
            EXPECT_TRUE(has_warning(m, "set") && has_warning(m, "by hand")) << name << ": " << warnings_text(m);
        }
    VendorLayout rows = smart_sem();
    rows.size = {32, 20};
    expect_pixel_nm(read_layout(rows), 250, 250);
}

TEST(Zeiss, AnOldHeaderOfAResizedPictureIsScaledByItsField) {
    VendorLayout layout =
        edited(edited(smart_sem("zeiss old keys"), "Width = 8.000", "Width = 256.0"), "Height = 6.000",
               "Height = 192.0"); // 1024 x 768 pixels of 250 nm
    layout.size = {64, 48};
    expect_pixel_nm(read_layout(layout), 4000, 4000);
    layout.size = {64, 40}; // cropped before: no longer the field's shape
    expect_no_pixel(read_layout(layout), "1024 x 768 px: the pixel size does not hold here");
}

TEST(Zeiss, TwoPixelSizesOfAnIonImageGiveNone) {
    Metadata m = read_layout(edited(smart_sem("zeiss ion beam"), "250.1 nm", "624.9 nm"));
    expect_no_pixel(m, "(AP_FIB_PIXEL_SIZE): neither was taken");
    EXPECT_EQ(m.acquisition.beam_kind->value, "ion");
}

TEST(Zeiss, OldNumbersStandInForMissingKeys) {
    VendorLayout layout = smart_sem();
    for (char const* key : {"AP_MAG", "AP_IPROBE", "AP_WD", "AP_ACTUALKV"})
        layout = edited(layout, std::string("\n") + key + "\r", "\nAP_OTHER\r");
    Acquisition a = read_layout(layout).acquisition;
    EXPECT_EQ(a.magnification->value, 104.5845);
    EXPECT_EQ(a.magnification->source, "header: line 5");
    EXPECT_EQ(a.probe_current_na->value, 1);
    EXPECT_EQ(a.working_distance_mm->value, 2.8);
    EXPECT_EQ(a.beam_energy_kv->value, 20);
}

TEST(Zeiss, GarbledValuesAreAbsentWithAWarning) {
    Metadata m = read_layout(
        edited(edited(edited(smart_sem(), "EHT = 20.00 kV", "EHT = 20.00 furlong"), "18 Jul 2019", "18 Juli 20190"),
               "2.0 \xB0", "200.0 \xB0"));
    EXPECT_TRUE(has_warning(m, "AP_ACTUALKV = \"20.00 furlong\" is no number")) << warnings_text(m);
    EXPECT_EQ(m.acquisition.beam_energy_kv->source, "header: line 7");
    EXPECT_FALSE(m.acquisition.acquired);
    EXPECT_TRUE(has_warning(m, "AP_DATE")) << warnings_text(m);
    EXPECT_FALSE(m.acquisition.stage_tilt_deg);
    m = read_layout(edited(smart_sem(), "Date :18 Jul 2019", "Date :07/08/2019"));
    EXPECT_FALSE(m.acquisition.acquired);
    EXPECT_TRUE(has_warning(m, "may name the day or the month first")) << warnings_text(m);
}

TEST(Zeiss, EmptyAndForeignTagsAreNamed) {
    VendorLayout layout = smart_sem();
    for (char const* text : {"", "\r\n\r\n", "\xFF\xFE"}) {
        layout.tags = {text_tag(34118, text)};
        Metadata m = read_layout(layout);
        EXPECT_EQ(m.vendor, "Zeiss SmartSEM");
        expect_no_pixel(m, "cannot be read");
    }
    layout.tags = {
        text_tag(34118, "AP_WIDTH\r\nAP_HEIGHT\r\nno label\r\nstray line\r\nDP_IMAGE_STORE\r\n= 0 * -5\r\n")};
    EXPECT_FALSE(read_layout(layout).acquisition.pixel_size_x_nm);
}

} // namespace
} // namespace mg
