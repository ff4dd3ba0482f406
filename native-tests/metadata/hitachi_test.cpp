#include "metadata/vendor_reading.h"

namespace mg {
namespace {

/// The TM3000's, which is plain text.
std::string sidecar() {
    return std::string(as_text(test::hitachi_layouts().back().sidecar));
}

TEST(HitachiText, GivesTheFactsOfSidecarAndTags) {
    for (test::VendorLayout const& layout : test::hitachi_layouts()) test::expect_stated_facts(layout);
}

TEST(HitachiText, CutAnywhereGivesNoOtherPixelSize) {
    for (test::VendorLayout const& layout : test::hitachi_layouts()) test::expect_cuts_do_no_harm(layout);
}

TEST(HitachiText, SidecarComesBeforeTheTagAndBothAreListed) {
    test::VendorLayout both = test::hitachi_layouts()[1];
    Metadata m = test::read_layout(both);
    ASSERT_EQ(m.pixel_sizes.size(), 2u);
    EXPECT_EQ(m.pixel_sizes[0].source, "image.txt: [SemImageFile] PixelSize");
    EXPECT_EQ(m.pixel_sizes[1].source, "header: PixelSize");
    EXPECT_EQ(source_of(m.acquisition.pixel_size_x_nm), m.pixel_sizes[0].source);
    EXPECT_EQ(m.warnings, std::vector<std::string>{});
}

TEST(HitachiText, WarnsWhenSidecarAndTagDisagree) {
    test::VendorLayout both = test::hitachi_layouts()[1];
    std::string text = replaced(sidecar(), "PixelSize=99.21875", "PixelSize=110");
    both.sidecar = Bytes(text.begin(), text.end());
    Metadata m = test::read_layout(both);
    EXPECT_EQ(value_of(m.acquisition.pixel_size_x_nm), 110);
    EXPECT_TRUE(warns_of(m, "pixel sizes differ: 110 nm x 110 nm (image.txt: PixelSize); 99.22 nm x 99.22 nm"));
}

TEST(HitachiText, PixelSizeHoldsForTheFrameOfDataSize) {
    EXPECT_EQ(value_of(read_beside(sidecar(), {64, 48}).acquisition.pixel_size_x_nm), 99.21875);
    EXPECT_FALSE(read_beside(sidecar(), {64, 48}).acquisition.databar_rows);
    EXPECT_EQ(read_beside(sidecar(), {64, 52}).acquisition.databar_rows->value, 4);
    Metadata resized = read_beside(sidecar(), {128, 96});
    EXPECT_DOUBLE_EQ(value_of(resized.acquisition.pixel_size_x_nm), 99.21875 / 2);
    EXPECT_TRUE(warns_of(resized, "taken as resized"));
    Metadata cropped = read_beside(sidecar(), {50, 48});
    EXPECT_FALSE(cropped.acquisition.pixel_size_x_nm);
    EXPECT_TRUE(cropped.pixel_sizes.empty());
    EXPECT_TRUE(warns_of(cropped, "the image is 50 x 48 px, x.txt: DataSize says 64 x 48 px"));
}

TEST(HitachiText, OfAnotherImageIsNamed) {
    // The sidecar names image.tif and the image is x.tif: renamed when the sizes agree.
    EXPECT_FALSE(warns_of(read_beside(sidecar(), {64, 48}), "may not belong"));
    EXPECT_FALSE(warns_of(read_beside(sidecar(), {64, 52}), "may not belong"));
    EXPECT_TRUE(warns_of(read_beside(sidecar(), {50, 48}), "x.txt was written for image.tif of another size"));
}

TEST(HitachiText, LeavesOutGarbledValuesWithAWarning) {
    for (std::string_view bad : {"-99", "0", "none", "1e99", "99.2 mm", "nan"}) {
        Metadata m = read_beside(replaced(sidecar(), "PixelSize=99.21875", "PixelSize=" + std::string(bad)));
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << bad;
        EXPECT_TRUE(warns_of(m, "PixelSize")) << bad;
    }
    EXPECT_FALSE(read_beside(replaced(sidecar(), "PixelSize=99.21875", "PixelSize=")).acquisition.pixel_size_x_nm);
    for (std::string_view bad : {"64x", "x", "64x48x1", "-64x48", "0x48", "99999999999x1"}) {
        Metadata m = read_beside(replaced(sidecar(), "DataSize=64x48", "DataSize=" + std::string(bad)));
        EXPECT_TRUE(warns_of(m, "DataSize")) << bad;
        EXPECT_EQ(value_of(m.acquisition.pixel_size_x_nm), 99.21875) << bad;
    }
    Metadata volts = read_beside(replaced(sidecar(), "10000 Volt", "-1 Volt"));
    EXPECT_EQ(value_of(volts.acquisition.beam_energy_kv), 10) << "of Condition";
    EXPECT_EQ(source_of(volts.acquisition.beam_energy_kv), "x.txt: Condition Vacc");
    EXPECT_TRUE(warns_of(volts, "AcceleratingVoltage"));
}

TEST(HitachiText, NamesADeceleratedBeam) {
    Metadata m = read_beside(replaced(sidecar(), "DecelerationVoltage=0 Volt", "DecelerationVoltage=9000 Volt"));
    EXPECT_TRUE(warns_of(m, "DecelerationVoltage is 9 kV"));
    EXPECT_FALSE(warns_of(read_beside(sidecar()), "DecelerationVoltage"));
}

TEST(HitachiText, GunsEmissionIsNotTheProbesCurrent) {
    for (test::VendorLayout const& layout : test::hitachi_layouts())
        EXPECT_FALSE(test::read_layout(layout).acquisition.probe_current_na);
}

TEST(HitachiText, KeepsEveryKeyInFileOrderTheTagsBehind) {
    auto const raw = *test::read_layout(test::hitachi_layouts()[1]).raw;
    EXPECT_EQ(raw.front().section, "SemImageFile");
    EXPECT_EQ(raw.front().key, "InstructName");
    EXPECT_EQ(raw.back().section, "");
    EXPECT_EQ(raw.back().key, "Comment");
}

TEST(HitachiText, OfTheTwinHoldsForAnImageOfItsSizeOnly) {
    Bytes const twin = test::layout_tiff(test::hitachi_layouts().front());
    auto read = [&](Size stored) {
        Decoded decoded;
        decoded.size = stored;
        return read_metadata(
            {.file = {}, .decoded = &decoded, .file_name = "x.tif", .relative_path = "x.tif", .twin = twin});
    };
    Metadata same = read({64, 48});
    ASSERT_EQ(same.pixel_sizes.size(), 1u);
    EXPECT_EQ(same.pixel_sizes[0].source, "header of _x.tif: PixelSize");
    EXPECT_EQ(source_of(same.acquisition.pixel_size_x_nm), "header of _x.tif: PixelSize");
    Metadata other = read({60, 48});
    EXPECT_TRUE(other.pixel_sizes.empty());
    EXPECT_FALSE(other.acquisition.pixel_size_x_nm);
}

TEST(HitachiText, NotesOfTheUserAreNoSidecar) {
    EXPECT_EQ(read_beside("The PixelSize is 5 nm\r\n").vendor, "");
    EXPECT_FALSE(is_known_sidecar("x.txt", as_bytes("x=1\r\ny=2\r\n")));
    EXPECT_FALSE(is_known_sidecar("x.txt", {}));
    EXPECT_TRUE(is_known_sidecar("x.txt", as_bytes(sidecar())));
    EXPECT_TRUE(is_known_sidecar("x.txt", test::hitachi_layouts()[1].sidecar));
    EXPECT_TRUE(is_known_sidecar("x.txt", test::jeol_layouts()[0].sidecar));
}

} // namespace
} // namespace mg
