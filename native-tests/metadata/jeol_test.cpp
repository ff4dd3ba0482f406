#include "metadata/vendor_reading.h"

namespace mg {
namespace {

std::string sidecar(std::string const& name) {
    for (test::VendorLayout const& layout : test::jeol_layouts())
        if (layout.name == name) return std::string(as_text(layout.sidecar));
    ADD_FAILURE() << name;
    return {};
}

TEST(JeolSidecar, GivesTheFactsOfEachGeneration) {
    for (test::VendorLayout const& layout : test::jeol_layouts()) test::expect_stated_facts(layout);
}

TEST(JeolSidecar, CutAnywhereGivesNoOtherPixelSize) {
    for (test::VendorLayout const& layout : test::jeol_layouts()) test::expect_cuts_do_no_harm(layout);
}

TEST(JeolSidecar, MarkerIsSharpenedByTheOneRuleThatAgreesWithIt) {
    // 7800F: 10 um in 106 px at 1000 times, which is more than 93.46 and at most 94.34 nm; 120 mm / 1280000 is 93.75.
    std::string real = "$CM_MAG 1000\r\n$$SM_MICRON_BAR 106\r\n$$SM_MICRON_MARKER 10um\r\n$CM_FULL_SIZE 1280 960\r\n";
    Metadata m = read_beside(real, {1280, 1024});
    EXPECT_EQ(value_of(m.acquisition.pixel_size_x_nm), 93.75);
    EXPECT_EQ(value_of(m.acquisition.pixel_size_y_nm), 93.75);
    EXPECT_EQ(m.acquisition.pixel_size_x_nm->source,
              "x.txt: 120 mm / ($CM_MAG x 1280 px), which agrees with $$SM_MICRON_MARKER / $$SM_MICRON_BAR");
    EXPECT_EQ(m.acquisition.databar_rows->value, 64);
    EXPECT_EQ(m.warnings, std::vector<std::string>{});
    // 100 px is 100 nm: the other rule's.
    Metadata other = read_beside(replaced(real, "BAR 106", "BAR 100"), {1280, 1024});
    EXPECT_EQ(value_of(other.acquisition.pixel_size_x_nm), 100);
    EXPECT_NE(other.acquisition.pixel_size_x_nm->source.find("128 mm"), std::string::npos);
    // 90 px agree with none: the marker alone.
    Metadata none = read_beside(replaced(real, "BAR 106", "BAR 90"), {1280, 1024});
    EXPECT_DOUBLE_EQ(value_of(none.acquisition.pixel_size_x_nm), 10000.0 / 90);
    EXPECT_EQ(source_of(none.acquisition.pixel_size_x_nm), "x.txt: $$SM_MICRON_MARKER / $$SM_MICRON_BAR");
    // 5 px agree with both, which proves neither.
    Metadata both = read_beside(
        "$CM_MAG 1000\r\n$$SM_MICRON_BAR 5\r\n$$SM_MICRON_MARKER 500nm\r\n$CM_FULL_SIZE 1280 960\r\n", {1280, 960});
    EXPECT_EQ(value_of(both.acquisition.pixel_size_x_nm), 100);
    EXPECT_EQ(source_of(both.acquisition.pixel_size_x_nm), "x.txt: $$SM_MICRON_MARKER / $$SM_MICRON_BAR");
}

TEST(JeolSidecar, WithoutAMarkersLengthSaysThatTheRuleIsNoneOfTheFile) {
    Metadata m = read_beside(sidecar("jeol 4700f"));
    EXPECT_EQ(value_of(m.acquisition.pixel_size_x_nm), 200);
    EXPECT_EQ(source_of(m.acquisition.pixel_size_x_nm),
              "x.txt: fallback: 128 mm / ($CM_MAG x 64 px), a rule of the series");
    EXPECT_TRUE(warns_of(m, "rule of the series, not of this file"));
    // Without the frame's size the text may have been cut before the marker.
    Metadata cut = read_beside(replaced(sidecar("jeol 4700f"), "$CM_FULL_SIZE 64 48\r\n", ""));
    EXPECT_FALSE(cut.acquisition.pixel_size_x_nm);
}

TEST(JeolSidecar, FieldOfViewIsBelievedBeforeAllElse) {
    Metadata m = read_beside(sidecar("jeol it series"), {64, 50});
    EXPECT_EQ(source_of(m.acquisition.pixel_size_x_nm), "x.txt: $CM_FIELD_OF_VIEW");
    ASSERT_EQ(m.pixel_sizes.size(), 2u) << "the marker agrees and says nothing new";
    EXPECT_EQ(m.pixel_sizes[1].source, "x.txt: $CM_PIXEL_SIZE");
    EXPECT_EQ(m.warnings, std::vector<std::string>{});
    Metadata contradictory =
        read_beside(replaced(sidecar("jeol it series"), "198.0nm 198.0nm", "99.0nm 99.0nm"), {64, 50});
    EXPECT_DOUBLE_EQ(value_of(contradictory.acquisition.pixel_size_x_nm), 198);
    EXPECT_TRUE(warns_of(contradictory, "pixel sizes differ"));
    Metadata marker = read_beside(replaced(sidecar("jeol it series"), "BAR 50", "BAR 25"), {64, 50});
    ASSERT_EQ(marker.pixel_sizes.size(), 3u);
    EXPECT_DOUBLE_EQ(marker.pixel_sizes[2].x_nm, 400);
    EXPECT_TRUE(warns_of(marker, "pixel sizes differ"));
}

TEST(JeolSidecar, ReadsTheMicroSignInAllEncodings) {
    std::string utf8 = sidecar("jeol it series");
    std::string latin = replaced(replaced(replaced(utf8, "\xC2\xB5", "\xB5"), "\xC2\xB5", "\xB5"), "\xC2\xB5", "\xB5");
    std::string japanese =
        replaced(replaced(replaced(utf8, "\xC2\xB5", "\x83\xCA"), "\xC2\xB5", "\x83\xCA"), "\xC2\xB5", "\x83\xCA");
    for (std::string const& text : {latin, japanese})
        EXPECT_DOUBLE_EQ(value_of(read_beside(text, {64, 50}).acquisition.pixel_size_x_nm), 198) << text;
}

TEST(JeolSidecar, FollowsAResizedImageAndRefusesACroppedOne) {
    std::string text = sidecar("jeol 7800f");
    Metadata half = read_beside(text, {32, 24});
    EXPECT_DOUBLE_EQ(value_of(half.acquisition.pixel_size_x_nm), 375);
    EXPECT_FALSE(half.acquisition.databar_rows);
    EXPECT_TRUE(warns_of(half, "taken as resized"));
    Metadata without_rows = read_beside(text, {64, 40});
    EXPECT_DOUBLE_EQ(value_of(without_rows.acquisition.pixel_size_x_nm), 187.5);
    EXPECT_TRUE(warns_of(without_rows, "rows were cut off"));
    for (Size cropped : {Size{60, 48}, Size{32, 48}, Size{64, 480}, Size{1, 1}, Size{64000, 3}}) {
        Metadata m = read_beside(text, cropped);
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << cropped.width << " x " << cropped.height;
        EXPECT_TRUE(m.pixel_sizes.empty());
        EXPECT_TRUE(warns_of(m, "does not hold here"));
        EXPECT_EQ(value_of(m.acquisition.beam_energy_kv), 2) << "the rest is still true";
    }
}

TEST(JeolSidecar, LeavesOutGarbledValuesWithAWarning) {
    std::string text = sidecar("jeol 7800f");
    for (std::string_view bad : {"fast", "-10000", "0", "1e400", "inf", "0x10", "10,000"}) {
        Metadata m = read_beside(replaced(text, "$CM_MAG 10000", "$CM_MAG " + std::string(bad)), {64, 51});
        EXPECT_FALSE(m.acquisition.magnification) << bad;
        EXPECT_TRUE(warns_of(m, "$CM_MAG")) << bad;
        EXPECT_EQ(source_of(m.acquisition.pixel_size_x_nm), "x.txt: $$SM_MICRON_MARKER / $$SM_MICRON_BAR") << bad;
    }
    for (std::string_view bad : {"0", "-53", "x", "1e9"}) {
        Metadata m = read_beside(replaced(text, "BAR 53", "BAR " + std::string(bad)), {64, 51});
        EXPECT_TRUE(warns_of(m, "$$SM_MICRON_BAR")) << bad;
        EXPECT_NE(source_of(m.acquisition.pixel_size_x_nm).find("fallback"), std::string::npos) << bad;
    }
    for (std::string_view bad : {"10", "um", "-10um", "10 parsec"}) {
        Metadata m = read_beside(replaced(text, "MARKER 10um", "MARKER " + std::string(bad)), {64, 51});
        EXPECT_TRUE(warns_of(m, "names no lengths")) << bad;
    }
    for (std::string_view bad : {"0 0", "-64 -48", "64", "64 48 1", "99999999999 1", "wide high"}) {
        Metadata m = read_beside(replaced(text, "SIZE 64 48", "SIZE " + std::string(bad)), {64, 51});
        EXPECT_FALSE(m.acquisition.databar_rows) << bad;
    }
    Metadata empty = read_beside(replaced(text, "$CM_ACCEL_VOLT 2.00", "$CM_ACCEL_VOLT "), {64, 51});
    EXPECT_FALSE(empty.acquisition.beam_energy_kv);
    Metadata huge = read_beside(replaced(replaced(text, "BAR 53", "BAR 1"), "10um", "900000000mm"), {64, 51});
    EXPECT_FALSE(huge.acquisition.pixel_size_x_nm);
    EXPECT_TRUE(warns_of(huge, "cannot be true"));
}

TEST(JeolSidecar, DateThatMayBeSwappedIsLeftOut) {
    std::string text = sidecar("jeol 6700f");
    EXPECT_EQ(text_of(read_beside(text).acquisition.acquired), "2015-10-29T09:33:41");
    Metadata m = read_beside(replaced(text, "10/29/2015", "10/09/2015"));
    EXPECT_FALSE(m.acquisition.acquired);
    EXPECT_TRUE(warns_of(m, "the day or the month first"));
    EXPECT_EQ(text_of(read_beside(replaced(text, "10/29/2015", "10/10/2015")).acquisition.acquired),
              "2015-10-10T09:33:41");
    EXPECT_TRUE(warns_of(read_beside(replaced(text, "10/29/2015", "99/99/2015")), "is no date"));
}

TEST(JeolSidecar, TiltIsTakenOnlyWhereItIsNamed) {
    EXPECT_EQ(value_of(read_beside(sidecar("jeol it series"), {64, 50}).acquisition.stage_tilt_deg), 35.5);
    EXPECT_FALSE(read_beside(sidecar("jeol 7800f"), {64, 51}).acquisition.stage_tilt_deg);
    EXPECT_FALSE(
        read_beside(replaced(sidecar("jeol it series"), "T=35.50", "T=355.0"), {64, 50}).acquisition.stage_tilt_deg);
}

TEST(JeolSidecar, KeepsEveryKeyInFileOrder) {
    auto const raw = *read_beside(sidecar("jeol 6700f")).raw;
    ASSERT_EQ(raw.size(), 16u);
    EXPECT_EQ(raw.front().key, "$CM_FORMAT");
    EXPECT_EQ(raw[9].key, "$$SM_WD");
    EXPECT_EQ(raw[11].value, "100\u00B5m");
    EXPECT_EQ(raw.back().key, "$CM_STAGE_POSITION");
    // A last line without an end is shown and not used.
    Metadata cut = read_beside("$CM_FORMAT JEOL-SEM\r\n$CM_MAG 100");
    EXPECT_EQ(cut.raw->size(), 2u);
    EXPECT_FALSE(cut.acquisition.magnification);
}

} // namespace
} // namespace mg
