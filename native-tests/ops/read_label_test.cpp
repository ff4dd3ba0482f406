#include "ops/read_label.h"

#include <gtest/gtest.h>

#include "draw/label_shapes.h"
#include "ops/test_fonts.h"

namespace mg {
namespace {

/// The lengths read in one line of text.
std::vector<TextBlock> lengths_in(std::string_view words, double size_px, Weight weight = Weight::regular) {
    static LabelReader const reader = label_reader(test::fonts());
    Plane plane = Plane::filled({static_cast<int>(test::fonts().width(words, {size_px, weight}) + 2 * size_px) + 8,
                                 static_cast<int>(2.2 * size_px) + 8},
                                0.0F)
                      .value();
    Canvas canvas{{plane.view()}};
    test::fonts().draw(canvas, {size_px, 1.5 * size_px}, words, {size_px, weight}, Colour::grey(1));
    std::vector<TextBlock> read;
    for (TextBlock& block : reader.read(plane.view()))
        if (block.length_nm > 0) read.push_back(std::move(block));
    return read;
}

struct Reading {
    char const* words;
    char const* text;
    double nm;
};

TEST(ReadLabel, ReadsLengthsInAllTheirForms) {
    Reading const readings[] = {{"500 nm", "500 nm", 500},
                                {"2.00 \u00B5m", "2.00 \u00B5m", 2000},
                                {"10um", "10 \u00B5m", 1e4},
                                {"1 mm", "1 mm", 1e6},
                                {"100 \u03BCm", "100 \u00B5m", 1e5},
                                {"0.5 \u00B5m", "0.5 \u00B5m", 500},
                                {"200\u00B5m", "200 \u00B5m", 2e5},
                                {"30 \u00B5m", "30 \u00B5m", 3e4},
                                {"40.0 nm", "40.0 nm", 40},
                                {"600 nm", "600 nm", 600},
                                {"7 \u00B5m", "7 \u00B5m", 7e3},
                                {"80 mm", "80 mm", 8e7},
                                {"9 nm", "9 nm", 9},
                                {"250 nm", "250 nm", 250}};
    for (Reading const& reading : readings)
        for (double size_px : {14.0, 20.0, 33.0, 60.0})
            for (Weight weight : {Weight::regular, Weight::semibold}) {
                auto const read = lengths_in(reading.words, size_px, weight);
                ASSERT_EQ(read.size(), 1u) << reading.words << " at " << size_px;
                EXPECT_EQ(read[0].text, reading.text);
                EXPECT_NEAR(read[0].length_nm, reading.nm, reading.nm * 1e-12);
                EXPECT_GE(read[0].confidence, 0.5) << reading.words << " at " << size_px;
            }
}

TEST(ReadLabel, NothingElseIsALength) {
    for (char const* words : {"10 kV", "x200", "WD 9.3 mm", "9.37 mm", "103 \u00B5m", "67.4 nm", "nm", "500", "5 m",
                              "05 \u00B5m", ".5 \u00B5m", "5. \u00B5m", "1 nmm", "SE2", "2021/06/23", "5 \u00B5A"})
        EXPECT_TRUE(lengths_in(words, 24).empty()) << words;
}

TEST(ReadLabel, AtNoSizeIsOneFigureTakenForAnother) {
    for (char const* words : {"100 nm", "200 nm", "300 nm", "400 nm", "500 nm", "600 nm", "700 nm", "800 nm", "900 nm"})
        for (double size_px = 6; size_px < 40; size_px += 1.7)
            for (TextBlock const& block : lengths_in(words, size_px))
                EXPECT_TRUE(block.text == words || block.confidence < 0.5)
                    << words << " as " << block.text << " at " << size_px << " px";
}

} // namespace
} // namespace mg
