#include "metadata/vendor_reading.h"
#include "support/layout_bytes.h"

namespace mg {
namespace {

test::VendorLayout second() {
    return test::tvips_layouts().front();
}
Bytes& data_of(test::VendorLayout& layout) {
    return layout.tags.front().bytes;
}

TEST(Tvips, GivesTheFactsOfBothVersions) {
    for (test::VendorLayout const& layout : test::tvips_layouts()) {
        test::expect_stated_facts(layout);
        EXPECT_EQ(test::read_layout(layout).warnings, std::vector<std::string>{}) << layout.name;
    }
}

TEST(Tvips, CutAnywhereGivesNoOtherPixelSize) {
    for (test::VendorLayout const& layout : test::tvips_layouts()) test::expect_cuts_do_no_harm(layout);
}

TEST(Tvips, HighTensionOfVersion1IsKilovoltsOrVolts) {
    test::VendorLayout layout = test::tvips_layouts().back();
    for (std::uint64_t value : {120u, 120000u}) {
        test::put_number(data_of(layout), 84, value, 4);
        EXPECT_EQ(value_of(test::read_layout(layout).acquisition.beam_energy_kv), 120) << value;
    }
    test::put_number(data_of(layout), 84, 0xFFFFFFFF, 4); // -1
    EXPECT_FALSE(test::read_layout(layout).acquisition.beam_energy_kv);
}

TEST(Tvips, DiffractionPatternsHaveNoPixelSize) {
    test::VendorLayout layout = second();
    test::put_number(data_of(layout), 3532, 3, 4);
    Metadata m = test::read_layout(layout);
    EXPECT_FALSE(m.acquisition.pixel_size_x_nm);
    EXPECT_FALSE(m.acquisition.magnification);
    EXPECT_TRUE(warns_of(m, "diffraction"));
}

TEST(Tvips, UnknownVersionsAndAMissingEndMarkAreNamed) {
    for (std::uint64_t version : {0u, 3u, 0xFFFFFFFFu}) {
        test::VendorLayout layout = second();
        test::put_number(data_of(layout), 0, version, 4);
        EXPECT_TRUE(warns_of(test::read_layout(layout), "unknown version")) << version;
    }
    test::VendorLayout layout = second();
    test::put_number(data_of(layout), 6308, 0, 4);
    Metadata m = test::read_layout(layout);
    EXPECT_FALSE(m.acquisition.pixel_size_x_nm);
    EXPECT_TRUE(warns_of(m, "cut off"));
    test::VendorLayout far = test::tvips_layouts()[1];
    test::put_number(data_of(far), 0, 0xFFFFFFFF, 4);
    EXPECT_TRUE(warns_of(test::read_layout(far), "cut off"));
}

TEST(Tvips, LeavesOutValuesThatCannotBeTrue) {
    for (float bad : {0.0F, -1.0F, 1e30F, std::nanf(""), HUGE_VALF}) {
        test::VendorLayout layout = second();
        test::put_float(data_of(layout), 2968, bad);
        test::put_float(data_of(layout), 3272, bad);
        test::put_float(data_of(layout), 3536, bad);
        Metadata m = test::read_layout(layout);
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << bad;
        EXPECT_FALSE(m.acquisition.beam_energy_kv) << bad;
        EXPECT_FALSE(m.acquisition.magnification) << bad;
        EXPECT_TRUE(warns_of(m, "PixelSizeX")) << bad;
    }
    test::VendorLayout layout = second();
    test::put_number(data_of(layout), 584, 132122999, 4); // the 119th
    EXPECT_FALSE(test::read_layout(layout).acquisition.acquired);
}

TEST(Tvips, ImageOfAnotherSizeThanStatedHasNoPixelSize) {
    test::VendorLayout layout = second();
    test::put_number(data_of(layout), 564, 1000, 4);
    Metadata m = test::read_layout(layout);
    EXPECT_FALSE(m.acquisition.pixel_size_x_nm);
    EXPECT_TRUE(warns_of(m, "ImageSizeX, ImageSizeY says 1000 x 48 px"));
}

} // namespace
} // namespace mg
