#include <gtest/gtest.h>

#include "metadata/layout_edits.h"

namespace mg {
namespace {

using namespace test;

VendorLayout saved(std::string_view name = "openfibsem, a detector per beam") {
    return layout_named(openfibsem_layouts(), name);
}

TEST(OpenFibSem, FindsTheFactsOfEveryLayoutAndNoOthers) {
    for (VendorLayout const& layout : openfibsem_layouts()) {
        expect_stated_facts(layout);
        expect_no_other_facts(layout);
        EXPECT_EQ(warnings_text(read_layout(layout)).find("left out"), std::string::npos) << layout.name;
    }
}

TEST(OpenFibSem, CutsDoNoHarm) {
    for (VendorLayout const& layout : openfibsem_layouts()) expect_cuts_do_no_harm(layout);
}

TEST(OpenFibSem, KeepsEveryValueInOrderWithItsPlace) {
    Metadata m = read_layout(saved());
    ASSERT_GT(m.raw->size(), 60u);
    EXPECT_EQ((*m.raw)[0].section, "shape");
    EXPECT_EQ((*m.raw)[2].section, "image");
    EXPECT_EQ((*m.raw)[2].key, "beam_type");
    EXPECT_EQ((*m.raw)[3].section, "image.resolution");
    EXPECT_EQ((*m.raw)[3].key, "0");
    EXPECT_EQ((*m.raw)[3].value, "32");
    EXPECT_EQ(m.raw->back().key, "serial_number");
    EXPECT_TRUE(m.warnings.empty()) << warnings_text(m);
}

TEST(OpenFibSem, TheSavedPixelSizeIsTakenAndTheFieldShownBesideIt) {
    Metadata m = read_layout(edited(saved(), "\"hfw\": 8e-06", "\"hfw\": 1.2e-05"));
    expect_pixel_nm(m, 250, 250);
    ASSERT_EQ(m.pixel_sizes.size(), 2u);
    EXPECT_NEAR(m.pixel_sizes[1].x_nm, 375, 1e-6);
    EXPECT_TRUE(has_warning(m, "pixel sizes differ")) << warnings_text(m);
}

TEST(OpenFibSem, APartOfTheFrameHasItsPixelSize) {
    std::string area = "\"reduced_area\": {\"left\": 0.25, \"top\": 0.25, \"width\": 0.5, \"height\": 0.5}";
    VendorLayout layout = edited(edited(saved(), "\"reduced_area\": null", area), "[24, 32]", "[12, 16]");
    layout.size = {16, 12};
    expect_pixel_nm(read_layout(layout), 250, 250);
    // As long as it is the part that was saved.
    layout.size = {15, 12};
    expect_no_pixel(read_layout(layout), "the pixel size does not hold here");
}

TEST(OpenFibSem, CroppedPicturesHaveNoPixelSize) {
    for (VendorLayout layout : openfibsem_layouts()) {
        layout.size = {20, 24};
        expect_no_pixel(read_layout(layout), "the pixel size does not hold here");
    }
}

TEST(OpenFibSem, GarbledValuesAreAbsentWithAWarning) {
    for (char const* garbled : {"\"notafloat\"", "1e300", "-2.5e-07", "0", "null", "[]", "{\"x\": 1}", "true"}) {
        Metadata m = read_layout(edited(saved(), "\"x\": 2.5e-07", std::string("\"x\": ") + garbled));
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << garbled;
        EXPECT_FALSE(m.acquisition.pixel_size_y_nm) << garbled;
        m = read_layout(edited(saved(), "\"voltage\": 30000.0", std::string("\"voltage\": ") + garbled));
        EXPECT_FALSE(m.acquisition.beam_energy_kv) << garbled;
        m = read_layout(edited(saved(), "1744293780.75", garbled));
        auto const& acquired = m.acquisition.acquired;
        EXPECT_TRUE(!acquired || acquired->value == "1970-01-01T00:00:00") << garbled;
    }
}

TEST(OpenFibSem, ATimeOfTheLastCenturyOrNextIsADate) {
    EXPECT_EQ(read_layout(edited(saved(), "1744293780.75", "951782399")).acquisition.acquired->value,
              "2000-02-28T23:59:59");
    EXPECT_EQ(read_layout(edited(saved(), "1744293780.75", "951868799")).acquisition.acquired->value,
              "2000-02-29T23:59:59");
    EXPECT_EQ(read_layout(edited(saved(), "1744293780.75", "3999999999")).acquisition.acquired->value,
              "2096-10-02T07:06:39");
    EXPECT_FALSE(read_layout(edited(saved(), "1744293780.75", "4e18")).acquisition.acquired);
}

TEST(OpenFibSem, BrokenJsonIsNamed) {
    for (char const* text : {"{\"pixel_size\": {\"x\": 1e-9, \"beam_type\": ",
                             "{\"pixel_size\": NaN, \"beam_type\": 1}", "{\"pixel_size\" \"beam_type\"}"}) {
        VendorLayout layout = saved();
        layout.tags = {text_tag(270, text)};
        Metadata m = read_layout(layout);
        EXPECT_EQ(m.vendor, "OpenFIBSEM");
        expect_no_pixel(m, "cannot be read");
    }
}

TEST(OpenFibSem, HostileJsonMakesNoMoreKeysThanFit) {
    std::string text =
        "{\"pixel_size\": 1, \"beam_type\": \"ION\", \"" + std::string(5000, 'k') + "\": 1, \"list\": [0";
    for (int i = 0; i < 50000; ++i) text += ",1";
    text += "]}";
    VendorLayout layout = saved();
    layout.tags = {text_tag(270, text)};
    EXPECT_LE(read_layout(layout).raw->size(), 20000u);
}

TEST(OpenFibSem, OtherDescriptionsAreLeftAlone) {
    for (char const* text : {"{\"shape\": [24, 32]}", "pixel_size beam_type", "<OME/>", ""}) {
        VendorLayout layout = saved();
        layout.tags = {text_tag(270, text)};
        EXPECT_NE(read_layout(layout).vendor, "OpenFIBSEM") << text;
    }
}

} // namespace
} // namespace mg
