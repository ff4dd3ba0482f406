#include "math/random.h"
#include "metadata/dm_tags.h"
#include "metadata/vendor_reading.h"
#include "support/layout_bytes.h"

namespace mg {
namespace {

test::VendorLayout dm_layout() {
    return test::gatan_dm_layouts().front();
}
FileField& tag_of(test::VendorLayout& one, int number) {
    for (FileField& tag : one.tags)
        if (tag.tag == number) return tag;
    ADD_FAILURE() << number;
    return one.tags.front();
}

TEST(GatanDm, GivesCalibrationAndWhatTheMicroscopeReported) {
    for (test::VendorLayout const& one : test::gatan_dm_layouts()) test::expect_stated_facts(one);
    EXPECT_EQ(test::read_layout(dm_layout()).warnings, std::vector<std::string>{});
}

TEST(GatanDm, CutAnywhereGivesNoOtherPixelSize) {
    for (test::VendorLayout const& one : test::gatan_dm_layouts()) test::expect_cuts_do_no_harm(one);
}

TEST(GatanDm, ZeroIsNotReported) {
    EXPECT_FALSE(test::read_layout(dm_layout()).acquisition.probe_current_na);
}

TEST(GatanDm, DiffractionPatternsHaveNoPixelSize) {
    test::VendorLayout one = dm_layout();
    for (int tag : {65003, 65004}) tag_of(one, tag).bytes = test::text_tag(tag, "1/nm").bytes;
    Metadata m = test::read_layout(one);
    EXPECT_FALSE(m.acquisition.pixel_size_x_nm);
    EXPECT_TRUE(warns_of(m, "which is no length"));
}

TEST(GatanDm, UncalibratedIsNoError) {
    test::VendorLayout one = dm_layout();
    for (int tag : {65003, 65004}) tag_of(one, tag).bytes = {0};
    Metadata m = test::read_layout(one);
    EXPECT_FALSE(m.acquisition.pixel_size_x_nm);
    EXPECT_EQ(m.warnings, std::vector<std::string>{});
}

TEST(GatanDm, LeavesOutScalesThatCannotBeTrue) {
    for (double bad : {0.0, -1.0, 1e200, std::nan(""), HUGE_VAL}) {
        test::VendorLayout one = dm_layout();
        tag_of(one, 65010).bytes = test::double_bytes(bad);
        Metadata m = test::read_layout(one);
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << bad;
        EXPECT_TRUE(warns_of(m, "cannot be true")) << bad;
    }
}

TEST(GatanDm, DateThatMayBeSwappedIsLeftOut) {
    test::VendorLayout one = dm_layout();
    Bytes& tree = tag_of(one, 65027).bytes;
    std::string const before = std::string("7\0/\0002\0000\0/", 9);
    std::string text(tree.begin(), tree.end());
    std::size_t const at = text.find(before);
    ASSERT_NE(at, std::string::npos);
    tree[at + 4] = '0'; // 7/00/2015
    tree[at + 6] = '3'; // 7/03/2015
    Metadata m = test::read_layout(one);
    EXPECT_FALSE(m.acquisition.acquired);
    EXPECT_TRUE(warns_of(m, "the day or the month first"));
}

TEST(GatanDm, ReadsEveryKindOfLeaf) {
    auto const keys = parse_dm_tags(tag_of(*std::make_unique<test::VendorLayout>(dm_layout()), 65027).bytes);
    ASSERT_EQ(keys.size(), 12u);
    EXPECT_EQ(keys[0].section, "Acquisition");
    EXPECT_EQ(keys[0].key, "Pixel Size (um)");
    EXPECT_EQ(keys[0].value, "14 14");
    EXPECT_EQ(keys[1].value, "7/20/2015");
    EXPECT_EQ(keys[9].section, "Microscope Info.Stage Position");
    EXPECT_EQ(keys[9].value, "12.5");
    EXPECT_EQ(keys[11].key, "Voltage");
    EXPECT_EQ(keys[11].value, "200000");
}

TEST(GatanDm, DamagedTreesEndCleanly) {
    test::VendorLayout one = dm_layout();
    Bytes const whole = tag_of(one, 65027).bytes;
    Random random(5);
    for (int round = 0; round < 3000; ++round) {
        Bytes damaged = whole;
        for (int i = 0; i < 1 + round % 20; ++i)
            damaged[static_cast<std::size_t>(random.below(damaged.size()))] = static_cast<std::uint8_t>(random.bits());
        for (RawKey const& entry : parse_dm_tags(damaged)) {
            EXPECT_TRUE(is_utf8(entry.section) && is_utf8(entry.key) && is_utf8(entry.value));
            EXPECT_LT(entry.value.size(), 20000u);
        }
    }
    // Groups in groups without an end.
    Bytes deep = {0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    for (int i = 0; i < 100000; ++i) {
        for (std::uint8_t byte : {0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 20, 0, 0}) deep.push_back(byte);
        for (int k = 0; k < 8; ++k) deep.push_back(k == 6 ? 1 : 0);
    }
    EXPECT_TRUE(parse_dm_tags(deep).empty());
}

} // namespace
} // namespace mg
