// The forms in which things travel between the instances: packets, facts, pixels, keys.
#include <gtest/gtest.h>

#include <cmath>

#include "app/command_names.h"
#include "app/facts.h"
#include "app/input.h"
#include "app/packet.h"
#include "app/pixels.h"
#include "app/work.h"

namespace mg::app {
namespace {

TEST(Packet, ComesBackAsItWas) {
    Bytes const first{1, 2, 3}, second;
    PacketWriter writer;
    writer.head.add("kind", "loäd");
    writer.add_buffer("first", first);
    writer.add_buffer("second", second);
    auto const packet = unpacked(writer.packed());
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->text("kind"), "loäd");
    EXPECT_EQ(*packet->buffer("first"), first);
    EXPECT_EQ(*packet->buffer("second"), second);
    EXPECT_FALSE(packet->buffer("third"));
}

TEST(Packet, EveryShorterRunIsRefused) {
    Bytes const buffer{1, 2, 3};
    PacketWriter writer;
    writer.head.add("a", 1);
    writer.add_buffer("b", buffer);
    Bytes const run = writer.packed();
    for (std::size_t length = 0; length < run.size(); ++length) EXPECT_FALSE(unpacked(ByteView(run).first(length))) << length;
}

TEST(Packet, LyingLengthsAreRefused) {
    Bytes run = packed("{}", {});
    run[4] = 0xFF, run[5] = 0xFF, run[6] = 0xFF, run[7] = 0xFF; // buffers
    EXPECT_FALSE(unpacked(run));
}

TEST(Facts, MetadataComeBackAsTheyWere) {
    Metadata metadata;
    metadata.vendor = "Philips/FEI XL";
    metadata.acquisition.beam_energy_kv = Sourced<double>{10, "header: flAccV"};
    metadata.acquisition.databar_rows = Sourced<int>{44, "found"};
    metadata.acquisition.sample = Sourced<std::string>{"µ-LED", "folder"};
    metadata.raw = std::make_shared<std::vector<RawKey> const>(std::vector<RawKey>{{"Vector", "Magnification", "10000"}, {"", "x", ""}});
    metadata.warnings = {"one", "two"};
    Metadata const back = metadata_from(parse_json(to_text(to_json(metadata))).value());
    EXPECT_EQ(back.vendor, metadata.vendor);
    ASSERT_TRUE(back.acquisition.beam_energy_kv && back.acquisition.databar_rows && back.acquisition.sample);
    EXPECT_EQ(back.acquisition.beam_energy_kv->value, 10);
    EXPECT_EQ(back.acquisition.beam_energy_kv->source, "header: flAccV");
    EXPECT_EQ(back.acquisition.databar_rows->value, 44);
    EXPECT_EQ(back.acquisition.sample->value, "µ-LED");
    EXPECT_FALSE(back.acquisition.detector);
    ASSERT_EQ(back.raw->size(), 2u);
    EXPECT_EQ((*back.raw)[0].value, "10000");
    EXPECT_EQ(back.warnings, metadata.warnings);
}

TEST(Facts, NotesComeBackAsTheyWere) {
    std::vector<Note> const notes{{"despike", "removed_px", 2748.0, "removed 2 748"}, {"contrast", "method", std::string("x"), ""}};
    std::vector<Note> const back = notes_from(parse_json(to_text(to_json(notes))).value());
    ASSERT_EQ(back.size(), 2u);
    EXPECT_EQ(back[0].value, notes[0].value);
    EXPECT_EQ(back[0].text, notes[0].text);
    EXPECT_EQ(back[1].value, notes[1].value);
}

PlanePtr plane(Size size, std::vector<float> const& values) {
    Plane result = Plane::create(size).value();
    std::copy(values.begin(), values.end(), result.data());
    return std::make_shared<Plane const>(std::move(result));
}

TEST(Pixels, LevelsAreRoundedAndHeldWithinTheirRange) {
    Picture const picture = to_picture({plane({6, 1}, {-1, 0, 0.5f / 255 + 1e-5f, 1, 7, NAN})});
    EXPECT_EQ(picture.pixels, (std::vector<std::uint8_t>{0, 0, 1, 255, 255, 0}));
}

TEST(Pixels, ColoursAreOpaque) {
    Picture const picture = to_picture({plane({1, 1}, {1}), plane({1, 1}, {0}), plane({1, 1}, {0.2f})});
    EXPECT_EQ(picture.bytes_per_pixel, 4);
    EXPECT_EQ(picture.pixels, (std::vector<std::uint8_t>{255, 0, 51, 255}));
}

TEST(Pixels, AThumbnailKeepsTheShapeOfTheSpecimen) {
    PlanePtr const wide = plane({400, 200}, std::vector<float>(80000, 0.5f));
    EXPECT_EQ(thumbnail({wide}, 104, 1).size, (Size{104, 52}));
    EXPECT_EQ(thumbnail({wide}, 104, 2).size, (Size{104, 104})) << "pixels twice as high as wide";
    EXPECT_EQ(thumbnail({plane({3, 2}, std::vector<float>(6, 0))}, 104, 1).size, (Size{3, 2})) << "never enlarged";
}

TEST(Pixels, AHistogramCountsWhatIsClipped) {
    Channel channel;
    channel.planes = {plane({4, 1}, {0.1f, 0.4f, 0.6f, 0.9f})};
    Histogram const histogram = histogram_of(channel, 0.2, 0.8);
    EXPECT_EQ(histogram.below, 0.25);
    EXPECT_EQ(histogram.above, 0.25);
    EXPECT_EQ(histogram.counts[102], 0.25f);
}

TEST(Input, LettersFollowTheLayoutAndOtherKeysTheirPlace) {
    EXPECT_EQ(key_from("z", "KeyY"), ImGuiKey_Z) << "a German keyboard";
    EXPECT_EQ(key_from("Z", "KeyZ"), ImGuiKey_Z);
    EXPECT_EQ(key_from("я", "KeyZ"), ImGuiKey_Z) << "another script";
    EXPECT_EQ(key_from("?", "Minus"), ImGuiKey_Slash);
    EXPECT_EQ(key_from("+", "NumpadAdd"), ImGuiKey_KeypadAdd);
    EXPECT_EQ(key_from("1", "Numpad1"), ImGuiKey_Keypad1);
    EXPECT_EQ(key_from("F11", "F11"), ImGuiKey_F11);
    EXPECT_EQ(key_from("Process", ""), ImGuiKey_None);
}

TEST(Words, AFilesNameIsNotSaidTwice) {
    EXPECT_EQ(without_name("a.tif: ends after 12 of 49 strips", "a.tif"), "ends after 12 of 49 strips");
    EXPECT_EQ(without_name("no image", "a.tif"), "no image");
}

TEST(Words, AMissingPixelSizeAsksForOne) {
    EXPECT_TRUE(file_words({}, {}).attention);
    EXPECT_EQ(file_words({}, {"ends after 12 of 49 strips"}).text, "ends after 12 of 49 strips");
}

TEST(CommandNames, AnUnknownOneIsNamed) {
    auto const command = command_from("jump", Json(Json::Object{}), {}, {});
    ASSERT_FALSE(command.has_value());
    EXPECT_NE(command.error().message.find("jump"), std::string::npos);
}

} // namespace
} // namespace mg::app
