#include <gtest/gtest.h>

#include "metadata/layout_edits.h"

namespace mg {
namespace {

using namespace test;

VendorLayout mira(std::string_view name = "tescan sections") {
    return layout_named(tescan_layouts(), name);
}

Bytes& sections_of(VendorLayout& layout) {
    for (FileField& tag : layout.tags)
        if (tag.tag == 50431) return tag.bytes;
    ADD_FAILURE();
    return layout.tags.at(0).bytes;
}

TEST(Tescan, FindsTheFactsOfEveryLayoutAndNoOthers) {
    for (VendorLayout const& layout : tescan_layouts()) {
        expect_stated_facts(layout);
        expect_no_other_facts(layout);
        EXPECT_TRUE(read_layout(layout).warnings.empty()) << layout.name << warnings_text(read_layout(layout));
    }
}

TEST(Tescan, CutsDoNoHarm) {
    for (VendorLayout const& layout : tescan_layouts()) expect_cuts_do_no_harm(layout);
}

TEST(Tescan, KeepsEveryKeyInOrderWithItsSection) {
    for (char const* name : {"tescan sections", "tescan sidecar"}) {
        Metadata m = read_layout(mira(name));
        ASSERT_EQ(m.raw->size(), 33u) << name;
        EXPECT_EQ((*m.raw)[0].section, "MAIN");
        EXPECT_EQ((*m.raw)[0].key, "AccFrames");
        EXPECT_EQ(m.raw->back().section, "SEM");
        EXPECT_EQ(m.raw->back().key, "WD");
        EXPECT_EQ(m.raw->back().value, "13.250e-3");
    }
    EXPECT_EQ(read_layout(mira("tescan sidecar")).acquisition.pixel_size_x_nm->source,
              "image-tif.hdr: [MAIN] PixelSizeX");
}

TEST(Tescan, GarbledLengthsReadNothingBeyondTheTag) {
    Metadata whole = read_layout(mira());
    VendorLayout layout = mira();
    Bytes const original = sections_of(layout);
    std::size_t second = 4u + original[0]; // behind the picture
    ASSERT_EQ(original[second + 4], 2);
    for (std::size_t section : {std::size_t{0}, second})
        for (std::size_t byte = 0; byte < 6; ++byte)
            for (int value : {0, 1, 2, 3, 7, 64, 127, 128, 255}) {
                Bytes& bytes = sections_of(layout);
                bytes = original;
                bytes[section + byte] = static_cast<std::uint8_t>(value);
                expect_no_other_pixel_size(read_layout(layout), whole,
                                           "byte " + std::to_string(section + byte) + " = " + std::to_string(value));
            }
    // Lengths in the other byte order.
    Bytes& bytes = sections_of(layout);
    bytes = original;
    std::swap(bytes[0], bytes[3]);
    std::swap(bytes[1], bytes[2]);
    Metadata m = read_layout(layout);
    EXPECT_FALSE(m.acquisition.pixel_size_x_nm);
    EXPECT_TRUE(has_warning(m, "cannot be read")) << warnings_text(m);
}

TEST(Tescan, GarbledValuesAreAbsentWithAWarning) {
    for (char const* garbled : {"notafloat", "1e300", "-2.5012e-6", "0", "nan"}) {
        Metadata m =
            read_layout(edited(mira("tescan sidecar"), "PixelSizeX=2.5012e-6", std::string("PixelSizeX=") + garbled));
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << garbled;
        EXPECT_FALSE(m.acquisition.pixel_size_y_nm) << garbled;
        EXPECT_TRUE(has_warning(m, "[MAIN] PixelSizeX")) << warnings_text(m);
        m = read_layout(edited(mira("tescan sidecar"), "HV=10.0000e3", std::string("HV=") + garbled));
        EXPECT_FALSE(m.acquisition.beam_energy_kv) << garbled;
    }
    Metadata m = read_layout(edited(mira("tescan sidecar"), "Date=2016-05-16", "Date=05-06-2016"));
    EXPECT_FALSE(m.acquisition.acquired);
}

TEST(Tescan, DatabarRowsThatTakeHalfThePictureAreNotBelieved) {
    for (char const* rows : {"12", "24", "100000", "-6", "5.5"}) {
        Metadata m =
            read_layout(edited(mira("tescan sidecar"), "ImageStripSize=6", std::string("ImageStripSize=") + rows));
        EXPECT_FALSE(m.acquisition.databar_rows) << rows;
        EXPECT_TRUE(has_warning(m, "ImageStripSize")) << warnings_text(m);
    }
    Metadata m = read_layout(edited(mira("tescan sidecar"), "ImageStripSize=6", "ImageStripSize=0"));
    EXPECT_FALSE(m.acquisition.databar_rows);
    EXPECT_TRUE(m.warnings.empty()) << warnings_text(m);
}

TEST(Tescan, TheTagIsBelievedBeforeTheFileBesideIt) {
    VendorLayout layout = mira();
    VendorLayout other = edited(mira("tescan sidecar"), "PixelSizeX=2.5012e-6", "PixelSizeX=9e-6");
    layout.sidecar_name = other.sidecar_name;
    layout.sidecar = other.sidecar;
    expect_pixel_nm(read_layout(layout), 2501.2, 2501.2);
    sections_of(layout).resize(20); // a tag that says nothing leaves the word to it
    expect_pixel_nm(read_layout(layout), 9000, 2501.2);
}

TEST(Tescan, ATextBesideTheImageThatIsNoHeaderIsLeftAlone) {
    VendorLayout layout = mira("tescan sidecar");
    std::string text = "PixelSizeX=2.5012e-6\r\nPixelSizeY=2.5012e-6\r\n";
    layout.sidecar.assign(text.begin(), text.end());
    EXPECT_TRUE(read_layout(layout).vendor.empty());
}

} // namespace
} // namespace mg
