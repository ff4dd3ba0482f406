#include <cmath>

#include <gtest/gtest.h>

#include "base/text.h"
#include "math/random.h"
#include "metadata/metadata.h"
#include "metadata/vendor_reading.h"
#include "samples/sample_xl.h"

namespace mg {
namespace {

/// Reads the header in `text` as if it stood in a file with an image of that size.
Metadata read_text(std::string const& text, Size size = {712, 484}) {
    Decoded decoded;
    decoded.size = size;
    return read_metadata({.file = as_bytes(text), .decoded = &decoded, .file_name = "x.tif", .relative_path = "x.tif"});
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), with);
}

TEST(XlHeader, IsReadWithTheSourceOfEachValue) {
    Metadata m = read_text(xl_header_text({.magnification = 5000,
                                           .beam_energy_v = 3000,
                                           .spot = 4,
                                           .working_distance_mm = 10.85,
                                           .scan_rotation_deg = 12.5,
                                           .user_text = "KR147 Cut#1"}));
    Acquisition const& a = m.acquisition;
    EXPECT_EQ(m.vendor, "Philips/FEI XL");
    EXPECT_EQ(m.warnings, std::vector<std::string>{});
    EXPECT_EQ(value_of(a.beam_energy_kv), 3);
    EXPECT_EQ(a.beam_energy_kv->source, "header: [DatabarData] flAccV");
    EXPECT_EQ(value_of(a.spot_size), 4);
    EXPECT_EQ(value_of(a.working_distance_mm), 10.85);
    EXPECT_EQ(value_of(a.magnification), 5000);
    EXPECT_EQ(a.magnification->source, "header: [Vector] Magnification");
    EXPECT_EQ(value_of(a.scan_rotation_deg), 12.5);
    EXPECT_EQ(text_of(a.beam_kind), "electron");
    EXPECT_EQ(text_of(a.user_text), "KR147 Cut#1");
    EXPECT_FALSE(a.acquired);
    EXPECT_FALSE(a.databar_rows);
}

TEST(XlHeader, CalibratesTheTwoInstrumentsThatWereMeasured) {
    // FIB620, 10 000x: checked against its burned-in bar. Sirion, 1296 x 968: 2.24738 nm by another program.
    Acquisition fib = read_text(xl_header_text({})).acquisition;
    EXPECT_NEAR(value_of(fib.pixel_size_x_nm), 15.914, 0.0005);
    EXPECT_NEAR(value_of(fib.pixel_size_y_nm), 17.562, 0.0005);
    double size_y_mm = 2.24738e-6 * 1296 / 1.333 * 40000;
    Acquisition sirion =
        read_text(xl_header_text({.magnification = 40000, .size_y_mm = size_y_mm}), {1296, 968}).acquisition;
    EXPECT_NEAR(value_of(sirion.pixel_size_x_nm), 2.24738, 1e-5);
    EXPECT_NEAR(value_of(sirion.pixel_size_x_nm) / value_of(sirion.pixel_size_y_nm), 0.9957, 1e-3);
}

TEST(XlHeader, KeepsAllKeysInFileOrder) {
    Metadata m = read_text(xl_header_text({}));
    std::vector<RawKey> const& raw = *m.raw;
    ASSERT_EQ(raw.size(), 174u);
    EXPECT_EQ(raw.front().key, "flAccV");
    EXPECT_EQ(raw.front().section, "DatabarData");
    EXPECT_EQ(raw.back().section, "Vector.IonColumn");
    EXPECT_EQ(raw.back().key, "IonBright3");
    EXPECT_EQ(raw.back().value, "50.000");
}

TEST(XlHeader, NamesOnlyTheDetectorsThatAreKnown) {
    auto detector = [](int number) { return read_text(xl_header_text({.detector = number})).acquisition.detector; };
    EXPECT_EQ(text_of(detector(0)), "SE");
    EXPECT_EQ(text_of(detector(2)), "Aux");
    EXPECT_EQ(text_of(detector(3)), "CL");
    EXPECT_EQ(text_of(detector(1)), "detector 11");
    EXPECT_EQ(detector(1)->source, "header: [DatabarData] lDetName = 1, Detector_1_Name = 11");
    EXPECT_EQ(text_of(detector(6)), "detector 6"); // code 0: not connected
    EXPECT_EQ(text_of(detector(40)), "detector 40");
    EXPECT_EQ(text_of(detector(-1)), "(absent)");
}

TEST(XlHeader, OfAnIonImageGivesTheIonColumnsValues) {
    Metadata m = read_text(xl_header_text({.image_type = 2,
                                           .ion_energy_v = 30000,
                                           .ion_spot = 11,
                                           .ion_magnification = 2000,
                                           .ion_working_distance_mm = 16.5}));
    Acquisition const& a = m.acquisition;
    EXPECT_EQ(text_of(a.beam_kind), "ion");
    EXPECT_EQ(value_of(a.beam_energy_kv), 30);
    EXPECT_EQ(value_of(a.spot_size), 11);
    EXPECT_EQ(value_of(a.working_distance_mm), 16.5);
    EXPECT_EQ(value_of(a.magnification), 2000);
    EXPECT_NEAR(value_of(a.pixel_size_y_nm), 85e6 / 2000 / 484, 1e-9);
}

TEST(XlHeader, IsFoundAnywhereInTheFile) {
    Random random(1);
    std::string noise;
    for (int i = 0; i < 30000; ++i) noise += static_cast<char>(static_cast<std::uint8_t>(random.bits()));
    Metadata m = read_text(noise + xl_header_text({}) + noise);
    EXPECT_EQ(m.vendor, "Philips/FEI XL");
    EXPECT_NEAR(value_of(m.acquisition.pixel_size_x_nm), 15.914, 0.0005);
    EXPECT_EQ(m.raw->size(), 174u);
}

TEST(XlHeader, TakesTheFullestOfSeveralCopies) {
    std::string text = xl_header_text({});
    Metadata m = read_text("[DatabarData]\r\nflAccV = 1.0\r\n\1\r\n\1\r\n\1\r\n\1\r\n" + text);
    EXPECT_EQ(value_of(m.acquisition.beam_energy_kv), 10);
}

TEST(XlHeader, OfATagIsReadWhenItsMarkerIsDamaged) {
    std::string text = replaced(xl_header_text({}), "[DatabarData]", "[Data#arData]");
    Decoded decoded;
    decoded.size = {712, 484};
    decoded.fields.push_back({.tag = 34680, .keyword = {}, .bytes = Bytes(text.begin(), text.end())});
    Metadata m =
        read_metadata({.file = as_bytes(text), .decoded = &decoded, .file_name = "x.tif", .relative_path = "x.tif"});
    EXPECT_EQ(value_of(m.acquisition.magnification), 10000);
    EXPECT_NEAR(value_of(m.acquisition.pixel_size_x_nm), 15.914, 0.0005);
}

TEST(XlHeader, NeedsNoParticularLineEnd) {
    std::string text = xl_header_text({});
    std::string cr, lf;
    for (char c : text) {
        if (c != '\n') cr += c;
        if (c != '\r') lf += c;
    }
    for (std::string const& variant : {cr, lf}) {
        Metadata m = read_text(variant);
        EXPECT_EQ(m.raw->size(), 174u);
        EXPECT_NEAR(value_of(m.acquisition.pixel_size_x_nm), 15.914, 0.0005);
    }
}

TEST(XlHeader, TakesEachKeyFromItsOwnSection) {
    // [Vector.Sysscan] has a SizeY of its own, which is no field height.
    std::string text = replaced(xl_header_text({}), "SizeY = 85.00000\r\n", "");
    Metadata m = read_text(replaced(text, "flMagn", "flNone"));
    EXPECT_NEAR(value_of(m.acquisition.pixel_size_x_nm), 117500e3 / 1.03 / 10000 / 712, 1e-9);
    EXPECT_NEAR(value_of(m.acquisition.pixel_size_y_nm), 117500e3 / 1.03 / 10000 / 712 / 0.91, 1e-9);
    EXPECT_NE(m.acquisition.pixel_size_x_nm->source.find("fallback"), std::string::npos);
    EXPECT_TRUE(warns_of(m, "SizeY"));
}

TEST(XlHeader, WithoutSizeYUsesItsOtherFieldHeight) {
    Metadata m = read_text(replaced(xl_header_text({}), "SizeY = 85.00000\r\n", ""));
    EXPECT_NEAR(value_of(m.acquisition.pixel_size_x_nm), 15.914, 0.0005);
    EXPECT_EQ(m.acquisition.pixel_size_x_nm->source, "header: [DatabarData] flMagn");
}

TEST(XlHeader, WithoutRatioSaysThatTheRatioIsAssumed) {
    Metadata m = read_text(replaced(xl_header_text({}), "RatioXY", "RatioNo"));
    EXPECT_NEAR(value_of(m.acquisition.pixel_size_y_nm), 17.562, 0.0005);
    EXPECT_NEAR(value_of(m.acquisition.pixel_size_x_nm), 17.562 * 0.91, 0.001);
    EXPECT_TRUE(warns_of(m, "RatioXY"));
}

TEST(XlHeader, WithoutMagnificationHasNoPixelSize) {
    std::string text = replaced(xl_header_text({}), "\r\nMagnification = 10000.000", "");
    Metadata m = read_text(replaced(text, "flMagn", "flNone"));
    EXPECT_FALSE(m.acquisition.magnification);
    EXPECT_FALSE(m.acquisition.pixel_size_x_nm);
    EXPECT_TRUE(warns_of(m, "no magnification"));
    EXPECT_EQ(value_of(m.acquisition.beam_energy_kv), 10);
}

TEST(XlHeader, LeavesOutGarbledValuesWithAWarning) {
    for (std::string_view bad : {"notafloat", "inf", "nan", "-10000", "0", "1e400", "", "0x10", "10000 X", "10,000"}) {
        std::string line = "\r\nMagnification = ";
        Metadata m = read_text(replaced(xl_header_text({}), "\r\nMagnification = 10000.000", line.append(bad)));
        EXPECT_FALSE(m.acquisition.magnification) << bad;
        EXPECT_TRUE(warns_of(m, "[Vector] Magnification")) << bad;
        EXPECT_NEAR(value_of(m.acquisition.pixel_size_y_nm), 17.562, 0.0005) << "from flMagn";
    }
    Metadata m = read_text(replaced(xl_header_text({}), "flWD = 10.850", "flWD = -3"));
    EXPECT_EQ(value_of(m.acquisition.working_distance_mm), 10.85);
    EXPECT_EQ(m.acquisition.working_distance_mm->source, "header: [Vector] FWD");
}

TEST(XlHeader, WarnsWhenItContradictsItself) {
    Metadata energy = read_text(replaced(xl_header_text({}), "HighTension = 10000.000", "HighTension = 20000.000"));
    EXPECT_EQ(value_of(energy.acquisition.beam_energy_kv), 10);
    EXPECT_TRUE(warns_of(energy, "20000 V"));
    Metadata field =
        read_text(replaced(xl_header_text({}), "\r\nMagnification = 10000.000", "\r\nMagnification = 12000.000"));
    EXPECT_TRUE(warns_of(field, "two field heights"));
}

TEST(XlHeader, CutAnywhereGivesNoWrongValue) {
    std::string text = xl_header_text({});
    int checked = 0;
    for (std::size_t length = 0; length < text.size(); ++length) {
        Acquisition a = read_text(text.substr(0, length)).acquisition;
        // A number cut within its last digits is a number still: only whole lines are judged.
        bool whole_line = length > 0 && text[length - 1] == '\n';
        if (!whole_line) continue;
        ++checked;
        EXPECT_TRUE(!a.beam_energy_kv || a.beam_energy_kv->value == 10) << length;
        EXPECT_TRUE(!a.magnification || a.magnification->value == 10000) << length;
        if (!a.pixel_size_x_nm) continue;
        bool fallback = a.pixel_size_x_nm->source.find("fallback") != std::string::npos;
        EXPECT_TRUE(fallback || std::fabs(a.pixel_size_x_nm->value - 15.914) < 0.001) << length;
    }
    EXPECT_GT(checked, 190);
}

TEST(XlHeader, WarnsWhenTheImageIsNoWholeFrame) {
    EXPECT_TRUE(read_text(xl_header_text({}), {1424, 968}).warnings.empty());
    EXPECT_TRUE(read_text(xl_header_text({}), {1296, 968}).warnings.empty());
    EXPECT_TRUE(warns_of(read_text(xl_header_text({}), {712, 420}), "seems cropped"));
    EXPECT_TRUE(warns_of(read_text(xl_header_text({}), {356, 242}), "wrong if it was cropped"));
}

TEST(XlHeader, KeepsUserTextOfAnyEncodingAsValidUtf8) {
    Metadata m = read_text(replaced(xl_header_text({}), "szUserText = none", "szUserText = 5 \xB5m \x91x\x92"));
    EXPECT_EQ(text_of(m.acquisition.user_text), "5 µm ‘x’");
}

TEST(XlHeader, SurvivesRandomDamage) {
    std::string const text = xl_header_text({});
    Random random(9);
    for (int round = 0; round < 400; ++round) {
        std::string damaged = text;
        for (int i = 0; i < 60; ++i)
            damaged[static_cast<std::size_t>(random.below(damaged.size()))] =
                static_cast<char>(static_cast<std::uint8_t>(random.bits()));
        Metadata m = read_text(damaged);
        for (auto const& value : {m.acquisition.pixel_size_x_nm, m.acquisition.pixel_size_y_nm,
                                  m.acquisition.magnification, m.acquisition.beam_energy_kv})
            EXPECT_TRUE(!value || (value->value > 0 && value->value < 1e12 && !value->source.empty()));
        for (RawKey const& entry : *m.raw)
            EXPECT_TRUE(is_utf8(entry.section) && is_utf8(entry.key) && is_utf8(entry.value));
        for (std::string const& warning : m.warnings) EXPECT_TRUE(is_utf8(warning));
    }
}

TEST(XlHeader, AbsentMeansNoVendorAndNoWarning) {
    Metadata m = read_text("II*\0 nothing to see");
    EXPECT_EQ(m.vendor, "");
    EXPECT_TRUE(m.warnings.empty());
    ASSERT_NE(m.raw, nullptr);
    EXPECT_TRUE(m.raw->empty());
}

} // namespace
} // namespace mg
