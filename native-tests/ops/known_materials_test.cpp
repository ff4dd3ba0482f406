#include "ops/known_materials.h"

#include <gtest/gtest.h>

namespace mg {
namespace {

TEST(KnownMaterialsText, IsReadAsWrittenInTheHelp) {
    auto const known =
        parse_known_materials("Sapphire #5aa9e6 locked = OK:2.6 AlK:2.31; \"Contact, top\" = NiK:2 CuK:1.5 "
                              "+ CuK:3;Resin parts=2 = SiK:1.7 CK:1.9");
    ASSERT_TRUE(known.has_value()) << known.error().message;
    ASSERT_EQ(known->size(), 3U);
    KnownMaterial const& sapphire = (*known)[0];
    EXPECT_EQ(sapphire.name, "Sapphire");
    EXPECT_TRUE(sapphire.locked);
    ASSERT_TRUE(sapphire.picked);
    EXPECT_FLOAT_EQ(sapphire.picked->b, 0xe6 / 255.0F);
    ASSERT_EQ(sapphire.centres.size(), 1U);
    EXPECT_EQ(sapphire.centres[0][1], (std::pair<std::string, double>("AlK", 2.31)));
    EXPECT_EQ((*known)[1].name, "Contact, top");
    ASSERT_EQ((*known)[1].centres.size(), 2U);
    EXPECT_EQ((*known)[1].centres[1][0].second, 3);
    EXPECT_EQ((*known)[2].parts, 2);
    EXPECT_FALSE((*known)[2].locked);
}

TEST(KnownMaterialsText, ComesBackFromWhatWasWritten) {
    std::vector<KnownMaterial> known{
        {"a \"b\"; c\\", Rgb{0, 0.2F, 1}, true, 3, {{{"Si K", 0.125}, {"O", 1234.6}}, {{"O", 2}}}},
        {"locked", {}, false, 1, {{}}},
        {"#123456", {}, false, 1, {{{"Al", 1}}}}};
    std::string const text = known_materials_text(known);
    auto const again = parse_known_materials(text);
    ASSERT_TRUE(again.has_value()) << text << ": " << again.error().message;
    ASSERT_EQ(again->size(), known.size());
    for (std::size_t i = 0; i < known.size(); ++i) {
        EXPECT_EQ((*again)[i].name, known[i].name);
        EXPECT_EQ((*again)[i].locked, known[i].locked);
        EXPECT_EQ((*again)[i].parts, known[i].parts);
        EXPECT_EQ((*again)[i].centres.size(), known[i].centres.size());
    }
    EXPECT_EQ((*again)[0].centres[0][0], (std::pair<std::string, double>("Si K", 0.125)));
    EXPECT_EQ((*again)[0].centres[0][1].second, 1235) << "four digits";
    EXPECT_EQ(known_materials_text(*again), text);
}

TEST(KnownMaterialsText, SaysWhatIsWrong) {
    auto const message = [](std::string_view text) {
        auto const known = parse_known_materials(text);
        return known ? std::string("none") : known.error().message;
    };
    EXPECT_NE(message("Sapphire OK:2").find("not understood"), std::string::npos);
    EXPECT_NE(message("Sapphire").find("no composition"), std::string::npos);
    EXPECT_NE(message("Sapphire = OK").find("AlK:2.3"), std::string::npos);
    EXPECT_NE(message("Sapphire = OK:-1").find("no element with counts"), std::string::npos);
    EXPECT_NE(message("A = O:1; A = O:2").find("two materials of the name A"), std::string::npos);
    EXPECT_NE(message("\"A = O:1").find("does not end"), std::string::npos);
    EXPECT_NE(message("A parts=0 = O:1").find("no number of parts"), std::string::npos);
    EXPECT_EQ(message(" ; ;"), "none");
}

TEST(KnownMaterialsText, OfEveryBeginningIsReadOrRefused) {
    std::string const text = "\"a b\" #5aa9e6 locked parts=2 = \"Si K\":1e3 O:2 + Al:.5; c = O:1";
    for (std::size_t length = 0; length <= text.size(); ++length) {
        auto const known = parse_known_materials(std::string_view(text).substr(0, length));
        if (known)
            EXPECT_LE(known->size(), 2U);
        else
            EXPECT_FALSE(known.error().message.empty());
    }
}

TEST(KnownMaterials, TakeNameCentresAndLockOfOneThatWasFound) {
    Material material;
    material.name = "O Al";
    material.locked = true;
    material.centres = {{2.5, 0, 1}};
    KnownMaterial const known =
        known_from(material, {{"OK", "O", "", 0, false}, {"NK", "N", "", 0, false}, {"AlK", "Al", "", 0, false}});
    EXPECT_EQ(known_materials_text({known}), "\"O Al\" locked = OK:2.5 NK:0 AlK:1");
}

TEST(BrushText, ComesBackAndRefusesNonsense) {
    auto const strokes = parse_brush("Sapphire: 10,12,3 14.25,15,3; \"a: b\": 90,40,2; -: 1,1,1");
    ASSERT_TRUE(strokes.has_value()) << strokes.error().message;
    ASSERT_EQ(strokes->size(), 3U);
    EXPECT_EQ((*strokes)[0].discs[1].x, 14.25);
    EXPECT_EQ((*strokes)[1].material, "a: b");
    EXPECT_EQ((*strokes)[2].material, "-");
    EXPECT_EQ(brush_text(*strokes), "Sapphire: 10,12,3 14.3,15,3; \"a: b\": 90,40,2; -: 1,1,1");
    EXPECT_EQ(brush_text(parse_brush("Sn: 91,0,.02").value()), "Sn: 91,0,0.1") << "a disc stays one";
    for (std::string_view const wrong :
         {"Sapphire 10,12,3", "A: 10,12", "A: 1,2,0", "A: 1,2,x", "A: 1,2,3,4", ": 1,1,1"})
        EXPECT_FALSE(parse_brush(wrong).has_value()) << wrong;
}

} // namespace
} // namespace mg
