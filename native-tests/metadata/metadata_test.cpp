#include "metadata/metadata.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/text.h"
#include "math/random.h"
#include "metadata/units.h"
#include "metadata/vendor_reading.h"
#include "samples/sample_xl.h"

namespace mg {
namespace {

struct Plain {
    Size size{1024, 768};
    std::optional<Resolution> resolution{};
    std::string description{}; ///< tag 270
    std::string file{};
    std::string path = "x.tif";
};

Metadata read_plain(Plain const& plain) {
    Decoded decoded;
    decoded.size = plain.size;
    decoded.resolution = plain.resolution;
    if (!plain.description.empty())
        decoded.fields.push_back(
            {.tag = 270, .keyword = {}, .bytes = Bytes(plain.description.begin(), plain.description.end())});
    return read_metadata(
        {.file = as_bytes(plain.file), .decoded = &decoded, .file_name = plain.path, .relative_path = plain.path});
}

std::pair<double, double> pixel_size(Metadata const& m) {
    Acquisition const& a = m.acquisition;
    return {a.pixel_size_x_nm ? a.pixel_size_x_nm->value : 0, a.pixel_size_y_nm ? a.pixel_size_y_nm->value : 0};
}

using Unit = Resolution::Unit;

// --- names ---------------------------------------------------------------------------------------------------------

struct NameCase {
    char const* path;
    char const* sample;
    char const* author;
    char const* date;
    double wavelength_nm;
};

TEST(Names, FollowTheRulesOfTheOriginalTools) {
    constexpr NameCase k_cases[] = {
        {"AB01_FH_250410/10K405.TIF", "AB01", "FH", "2025-04-10", 405},
        {"data/AB01_FH_250410/S10K.TIF", "AB01", "FH", "2025-04-10", 0},
        {"AB01_FH_250410/orig/x.tif", "AB01", "FH", "2025-04-10", 0},
        {"AB01_FH_250410/edge/orig/x.tif", "AB01 edge", "FH", "2025-04-10", 0},
        {"AB01_FH_250410/left/edge/x.tif", "AB01 left edge", "FH", "2025-04-10", 0},
        {"AB01_FH_250410/a/b/c/x.tif", "", "", "", 0}, // four levels up
        {"GaN~on~Si_FH_250410/x.tif", "GaN on Si", "FH", "2025-04-10", 0},
        {"LED_12_FH_990228/x.tif", "LED_12", "FH", "1999-02-28", 0},
        {"AB01_FH_251341/x.tif", "AB01", "FH", "", 0}, // no such day
        {"AB01_FH_230229/x.tif", "AB01", "FH", "", 0}, // no leap year
        {"AB01_FH_240229/x.tif", "AB01", "FH", "2024-02-29", 0},
        {"AB01_Fh_250410/x.tif", "", "", "", 0},
        {"AB01_FHX_250410/x.tif", "", "", "", 0},
        {"_FH_250410/x.tif", "", "", "", 0},
        {"sapphire~piece_/x.tif", "sapphire piece", "", "", 0},
        {"sapphire_/10K/x.tif", "sapphire 10K", "", "", 0},
        {"_/x.tif", "", "", "", 0},
        {"x.tif", "", "", "", 0},
        {"", "", "", "", 0},
        {"/", "", "", "", 0},
        {"10K5000_420.TIF", "", "", "", 420},
        {"10K420_712_8b.TIF", "", "", "", 420},
        {"5K1050.tif", "", "", "", 1050},
        {"spot_420nm_10K300.tif", "", "", "", 420},
        {"CL420.5nm.tif", "", "", "", 420.5},
        {"10K100.TIF", "", "", "", 0},
        {"CL_365.tif", "", "", "", 365},
        {"a365_b420.tif", "", "", "", 0}, // which of the two?
        {"500K.TIF", "", "", "", 0},
    };
    for (NameCase const& c : k_cases) {
        NameFacts facts = facts_from_names(c.path);
        EXPECT_EQ(facts.sample.value_or(""), c.sample) << c.path;
        EXPECT_EQ(facts.author.value_or(""), c.author) << c.path;
        EXPECT_EQ(facts.date.value_or(""), c.date) << c.path;
        EXPECT_EQ(facts.wavelength_nm.value_or(0), c.wavelength_nm) << c.path;
        EXPECT_EQ(facts.folder.has_value(), facts.sample.has_value()) << c.path;
    }
}

TEST(Names, GiveTheirFolderAsSource) {
    Metadata m = read_plain({.path = "AB01_FH_250410/orig/x.tif"});
    ASSERT_TRUE(m.acquisition.sample && m.acquisition.author && m.acquisition.acquired);
    EXPECT_EQ(m.acquisition.sample->source, "folder AB01_FH_250410");
    EXPECT_EQ(m.acquisition.acquired->value, "2025-04-10");
}

TEST(Names, GiveAWavelengthToImagesOfLightOnly) {
    auto wavelength = [](int detector) {
        return read_plain({.size = {712, 484}, .file = xl_header_text({.detector = detector}), .path = "10K405.TIF"})
            .acquisition.wavelength_nm;
    };
    ASSERT_TRUE(wavelength(3));
    EXPECT_EQ(wavelength(3)->value, 405);
    EXPECT_EQ(wavelength(3)->source, "file name");
    EXPECT_FALSE(wavelength(0));
    EXPECT_FALSE(read_plain({.path = "10K405.TIF"}).acquisition.wavelength_nm);
}

TEST(Names, OfTwinsBeginWithAnUnderscore) {
    EXPECT_EQ(twin_name("S10K.TIF"), "_S10K.TIF");
    EXPECT_EQ(twin_name("a/b/x.tif"), "a/b/_x.tif");
}

// --- ImageJ --------------------------------------------------------------------------------------------------------

TEST(ImageJ, ResolutionIsInPixelsPerItsOwnUnit) {
    struct Case {
        char const* unit;
        double pixels_per_unit, nm;
    };
    constexpr Case k_cases[] = {{"nm", 0.05, 20},      {"micron", 20, 50},   {"um", 20, 50},     {"\xB5m", 20, 50},
                                {"µm", 20, 50},        {"\\u00B5m", 20, 50}, {"mm", 1000, 1000}, {"cm", 10000, 1000},
                                {"inch", 25400, 1000}, {"Å", 0.5, 0.2},      {"pm", 0.01, 0.1}};
    for (Case const& c : k_cases) {
        Metadata m = read_plain({.resolution = Resolution{c.pixels_per_unit, c.pixels_per_unit * 2, Unit::none},
                                 .description = std::string("ImageJ=1.53c\nimages=1\nunit=") + c.unit + "\nmin=0.0\n"});
        EXPECT_EQ(m.vendor, "ImageJ");
        EXPECT_NEAR(pixel_size(m).first, c.nm, 1e-9 * c.nm) << c.unit;
        EXPECT_NEAR(pixel_size(m).second, c.nm / 2, 1e-9 * c.nm) << c.unit;
    }
}

TEST(ImageJ, WithoutALengthUnitIsUncalibrated) {
    for (char const* unit : {"", "unit=pixel\n", "unit=\n", "unit=eV\n"}) {
        Metadata m = read_plain({.resolution = Resolution{0.05, 0.05, Unit::none},
                                 .description = std::string("ImageJ=1.53c\n") + unit + "spacing=3\n"});
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << unit;
        EXPECT_EQ(m.vendor, "ImageJ");
    }
}

TEST(ImageJ, LeavesOutAbsurdResolutions) {
    for (double x :
         {0.0, -1.0, 1e30, 1e-30, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
        Metadata m = read_plain({.resolution = Resolution{x, 1, Unit::none}, .description = "ImageJ=1\nunit=nm\n"});
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << x;
        EXPECT_FALSE(m.acquisition.pixel_size_y_nm) << x;
        EXPECT_TRUE(warns_of(m, "ImageJ")) << x;
    }
}

TEST(ImageJ, MustBeginTheDescription) {
    EXPECT_EQ(
        read_plain({.resolution = Resolution{1, 1, Unit::none}, .description = "made by ImageJ=1\nunit=nm\n"}).vendor,
        "");
}

TEST(Units, AreKnownByTheirUsualNames) {
    EXPECT_EQ(nanometres_per("\u03BCm"), 1000);
    EXPECT_EQ(nanometres_per("Micron"), 1000);
    EXPECT_EQ(nanometres_per("m"), 1e9);
    EXPECT_FALSE(nanometres_per("pixels"));
    EXPECT_FALSE(nanometres_per(""));
}

// --- resolution tags -----------------------------------------------------------------------------------------------

TEST(ResolutionTags, CalibrateOnlyInALengthUnit) {
    EXPECT_NEAR(pixel_size(read_plain({.resolution = Resolution{500000, 400000, Unit::centimetre}})).first, 20, 1e-9);
    EXPECT_NEAR(pixel_size(read_plain({.resolution = Resolution{500000, 400000, Unit::centimetre}})).second, 25, 1e-9);
    EXPECT_NEAR(pixel_size(read_plain({.resolution = Resolution{1270000, 1270000, Unit::inch}})).first, 20, 1e-9);
    EXPECT_NEAR(pixel_size(read_plain({.resolution = Resolution{62893082, 62893082, Unit::metre}})).first, 15.9, 1e-6);
    EXPECT_EQ(pixel_size(read_plain({.resolution = Resolution{500000, 500000, Unit::none}})).first, 0);
    Metadata m = read_plain({.resolution = Resolution{500000, 500000, Unit::centimetre}});
    EXPECT_EQ(m.acquisition.pixel_size_x_nm->source, "resolution tags");
    EXPECT_TRUE(m.warnings.empty());
}

TEST(ResolutionTags, OfAPrintingDensityAreNoCalibration) {
    for (double dpi : {72.0, 96.0, 150.0, 200.0, 300.0, 600.0, 1200.0, 71.9, 301.0}) {
        for (Resolution r : {Resolution{dpi, dpi, Unit::inch}, Resolution{dpi / 2.54, dpi / 2.54, Unit::centimetre},
                             Resolution{std::round(dpi / 0.0254), std::round(dpi / 0.0254), Unit::metre}}) {
            Metadata m = read_plain({.size = {256, 256}, .resolution = r});
            EXPECT_FALSE(m.acquisition.pixel_size_x_nm) << dpi;
            EXPECT_TRUE(warns_of(m, "printing density")) << dpi;
        }
    }
}

TEST(ResolutionTags, OfAPhotographAreNoCalibration) {
    EXPECT_FALSE(read_plain({.size = {712, 484}, .resolution = Resolution{89.0 / 3, 242.0 / 9, Unit::centimetre}})
                     .acquisition.pixel_size_x_nm);
    EXPECT_FALSE(
        read_plain({.size = {225, 238}, .resolution = Resolution{133, 133, Unit::inch}}).acquisition.pixel_size_x_nm);
}

TEST(ResolutionTags, ThatMakeNoSenseAreLeftOut) {
    for (double x :
         {0.0, -5.0, 1e300, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
        EXPECT_FALSE(read_plain({.resolution = Resolution{x, 500000, Unit::centimetre}}).acquisition.pixel_size_x_nm)
            << x;
        EXPECT_FALSE(read_plain({.resolution = Resolution{500000, x, Unit::centimetre}}).acquisition.pixel_size_x_nm)
            << x;
    }
}

TEST(ResolutionTags, AreNotMentionedBesideAHeader) {
    Metadata m = read_plain({.size = {712, 484},
                             .resolution = Resolution{89.0 / 3, 242.0 / 9, Unit::centimetre},
                             .file = xl_header_text({})});
    EXPECT_TRUE(m.warnings.empty());
    EXPECT_NEAR(pixel_size(m).first, 15.914, 0.0005);
}

// --- several sources -----------------------------------------------------------------------------------------------

TEST(Sources, ThatDisagreeByMoreThanOnePerCentAreAllNamed) {
    auto with_resolution = [](double nm) {
        return read_plain({.size = {1424, 968},
                           .resolution = Resolution{1e7 / nm, 1e7 / nm * 0.90615, Unit::centimetre},
                           .file = xl_header_text({})});
    };
    double header_nm = 85e6 * 1.333 / 10000 / 1424;
    Metadata agreeing = with_resolution(header_nm * 1.005);
    EXPECT_TRUE(agreeing.warnings.empty());
    Metadata differing = with_resolution(header_nm * 1.03);
    EXPECT_NEAR(pixel_size(differing).first, header_nm, 1e-9);
    EXPECT_TRUE(warns_of(differing, "pixel sizes differ: 7.957 nm x 8.781 nm (header: "));
    EXPECT_TRUE(warns_of(differing, "; 8.196 nm"));
    EXPECT_TRUE(warns_of(differing, "(resolution tags)"));
}

TEST(Sources, OfTheHeaderComeBeforeThoseOfImageJ) {
    Metadata m = read_plain({.size = {712, 484},
                             .resolution = Resolution{0.1, 0.1, Unit::none},
                             .description = "ImageJ=1\nunit=nm\n",
                             .file = xl_header_text({})});
    EXPECT_EQ(m.vendor, "Philips/FEI XL");
    EXPECT_NEAR(pixel_size(m).first, 15.914, 0.0005);
    EXPECT_TRUE(warns_of(m, "pixel sizes differ"));
    EXPECT_EQ(m.raw->back().key, "unit");
}

TEST(ReadMetadata, NeedsNoDecodedImage) {
    std::string text = xl_header_text({});
    Metadata m = read_metadata({.file = as_bytes(text), .file_name = "x.tif", .relative_path = "x.tif"});
    EXPECT_EQ(m.vendor, "Philips/FEI XL");
    EXPECT_FALSE(m.acquisition.pixel_size_x_nm);
    EXPECT_TRUE(m.acquisition.magnification);
}

TEST(ReadMetadata, SurvivesRandomDescriptionsAndNames) {
    Random random(2);
    for (int round = 0; round < 300; ++round) {
        auto bytes = [&](int count) {
            std::string text;
            constexpr std::string_view k_usual = "_/~.=[]\r\n0123456789nmK";
            for (int i = 0; i < count; ++i)
                text += random.below(2) ? k_usual[static_cast<std::size_t>(random.below(k_usual.size()))]
                                        : static_cast<char>(static_cast<std::uint8_t>(random.bits()));
            return text;
        };
        Metadata m = read_plain({.resolution = Resolution{random.gaussian(), random.gaussian(), Unit::none},
                                 .description = "ImageJ=" + bytes(200),
                                 .file = "[DatabarData]" + bytes(400),
                                 .path = bytes(40)});
        for (RawKey const& entry : *m.raw) EXPECT_TRUE(is_utf8(entry.value));
        EXPECT_TRUE(!m.acquisition.sample || is_utf8(m.acquisition.sample->value));
        for (std::string const& warning : m.warnings) EXPECT_TRUE(is_utf8(warning));
    }
}

} // namespace
} // namespace mg
