#include "metadata/vendor_reading.h"
#include "support/layout_bytes.h"

namespace mg {
namespace {

test::VendorLayout sis_layout() {
    return test::olympus_sis_layouts().front();
}
constexpr std::size_t k_part = 60 + 16; // of the calibration, in the block

TEST(OlympusSis, GivesCalibrationDateAndCamera) {
    for (test::VendorLayout const& one : test::olympus_sis_layouts()) test::expect_stated_facts(one);
    EXPECT_EQ(test::read_layout(sis_layout()).warnings, std::vector<std::string>{});
}

TEST(OlympusSis, CutAnywhereGivesNoOtherPixelSize) {
    for (test::VendorLayout const& one : test::olympus_sis_layouts()) test::expect_cuts_do_no_harm(one);
}

TEST(OlympusSis, UnitIsAPowerOfTen) {
    test::VendorLayout micrometres = sis_layout();
    test::put_number(micrometres.at_byte_8, k_part + 10, 0xFFFA, 2); // 10^-6
    test::put_double(micrometres.at_byte_8, k_part + 12, 2.392791775876109e-05);
    test::put_double(micrometres.at_byte_8, k_part + 20, 2.3927917758761087e-05);
    Metadata m = test::read_layout(micrometres);
    EXPECT_DOUBLE_EQ(value_of(m.acquisition.pixel_size_x_nm), 0.02392791775876109);
    EXPECT_DOUBLE_EQ(value_of(m.acquisition.pixel_size_y_nm), 0.02392791775876109);
}

TEST(OlympusSis, LeavesOutValuesThatCannotBeTrue) {
    for (double bad : {0.0, -5.0, 1e300, std::nan(""), HUGE_VAL}) {
        test::VendorLayout one = sis_layout();
        test::put_double(one.at_byte_8, k_part + 12, bad);
        Metadata m = test::read_layout(one);
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << bad;
        EXPECT_FALSE(m.acquisition.pixel_size_y_nm) << bad;
        EXPECT_TRUE(warns_of(m, "cannot be true")) << bad;
        EXPECT_EQ(value_of(m.acquisition.magnification), 15000);
    }
    for (std::uint64_t exponent : {0x7FFF, 0x8000, 100}) {
        test::VendorLayout one = sis_layout();
        test::put_number(one.at_byte_8, k_part + 10, exponent, 2);
        EXPECT_FALSE(test::read_layout(one).acquisition.pixel_size_x_nm) << exponent;
    }
    test::VendorLayout one = sis_layout();
    test::put_double(one.at_byte_8, k_part + 36, -3);
    EXPECT_TRUE(warns_of(test::read_layout(one), "magnification"));
    test::VendorLayout dated = sis_layout();
    test::put_number(dated.at_byte_8, 16, 77, 2);
    EXPECT_FALSE(test::read_layout(dated).acquisition.acquired);
}

TEST(OlympusSis, PlacesOutsideOfTheFileAreNamed) {
    for (std::uint64_t place : {std::uint64_t{0xFFFFFFFF}, std::uint64_t{0}, std::uint64_t{9}}) {
        test::VendorLayout one = sis_layout();
        test::put_number(one.tags.back().bytes, 0, place, 4);
        Metadata m = test::read_layout(one);
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm);
        EXPECT_TRUE(warns_of(m, "not where it should be"));
    }
    for (std::uint64_t parts : {0x7FFF, 0xFFFF, 0}) {
        test::VendorLayout one = sis_layout();
        test::put_number(one.at_byte_8, 58, parts, 2);
        EXPECT_FALSE(test::read_layout(one).acquisition.pixel_size_x_nm);
    }
    test::VendorLayout one = sis_layout();
    test::put_number(one.at_byte_8, 60 + 12, 0xFFFFFFF0, 4); // the part itself
    EXPECT_TRUE(warns_of(test::read_layout(one), "not where it should be"));
}

} // namespace
} // namespace mg
