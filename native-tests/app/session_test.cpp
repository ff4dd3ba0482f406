// The last session: there and back, anything else in its place, and files that come again.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/drop.h"
#include "app/pump.h"
#include "app/session.h"
#include "base/text.h"

namespace mg::app {
namespace {

using fake::small_xl;

using Names = std::vector<std::string>;
Names names(fake::Pump const& pump) {
    Names result;
    for (InputEntry const& input : pump.app.document().inputs) result.push_back(input.name);
    return result;
}

/// What a page would leave in the browser that remembers three files, one with an override, the second selected.
struct Left {
    std::string text;
    Document document;
};
Left left_behind() {
    fake::Pump pump;
    pump.ask(R"({"type":"command","name":"view","remember":true,"id":1})");
    for (int i = 0; i < 3; ++i) pump.add("S/" + std::string(1, static_cast<char>('c' - i)) + ".tif", small_xl(i));
    pump.work();
    pump.app.carry_out({Select{pump.app.document().inputs[1].id},
                        SetParam{"despike", "threshold_sigma", 6.0, {}, pump.app.document().inputs[1].id},
                        SetParam{"databar", "credit", std::string("Ä \"<b>\" ]]>"), {}, 0}});
    pump.work();
    pump.ask(R"({"type":"page_hide"})");
    for (auto sent = pump.to_page.rbegin(); sent != pump.to_page.rend(); ++sent)
        if (text_of(sent->head, "type") == "save_setting" && text_of(sent->head, "key") == "session")
            return {text_of(sent->head, "value"), pump.app.document()};
    return {};
}

fake::Pump reopened(std::string const& session) {
    Json head, settings;
    settings.add("remember", "on");
    settings.add("session", session);
    head.add("workers", 2);
    head.add("settings", std::move(settings));
    return fake::Pump(to_text(head));
}

TEST(Session, ComesBackAsItWas) {
    Left const left = left_behind();
    ASSERT_FALSE(left.text.empty());
    Session const session = read_session(left.text).value();
    ASSERT_EQ(session.files.size(), 3u);
    EXPECT_EQ(session.files[0].path, "S/c.tif");
    EXPECT_EQ(session.files[0].sha256.size(), 64u);
    EXPECT_EQ(session.selected, 1);
    EXPECT_EQ(session.recipe, left.document.recipe);
    EXPECT_EQ(session.overlay, left.document.overlay);
    EXPECT_EQ(session.materials, left.document.materials);
    EXPECT_EQ(session_text(session), left.text);
}

TEST(Session, NothingIsKeptUnlessAllowed) {
    fake::Pump pump;
    pump.add("a.tif", small_xl(0));
    pump.work();
    pump.ask(R"({"type":"page_hide"})");
    for (fake::Sent const& sent : pump.to_page) EXPECT_NE(text_of(sent.head, "type"), "save_setting");
}

TEST(Session, SwitchingItOffDeletesIt) {
    fake::Pump pump;
    pump.ask(R"({"type":"command","name":"view","remember":true,"id":1})");
    pump.add("a.tif", small_xl(0));
    pump.work();
    pump.ask(R"({"type":"page_hide"})");
    EXPECT_FALSE(text_of(pump.last("save_setting")->head, "value").empty());
    pump.ask(R"({"type":"command","name":"view","remember":false,"id":2})");
    EXPECT_EQ(text_of(pump.last("save_setting")->head, "key"), "session");
    EXPECT_TRUE(text_of(pump.last("save_setting")->head, "value").empty());
    pump.ask(R"({"type":"page_hide"})");
    EXPECT_TRUE(text_of(pump.last("save_setting")->head, "value").empty());
}

TEST(Session, EveryShorterTextAndEveryChangedByteIsHarmless) {
    std::string const text = left_behind().text;
    for (std::size_t length = 0; length < text.size(); length += 7) EXPECT_FALSE(read_session(text.substr(0, length)));
    for (std::size_t at = 0; at < text.size(); at += 5)
        for (char c : {'"', '9', '\0', '}', '\xff'}) {
            std::string changed = text;
            changed[at] = c;
            if (auto session = read_session(changed)) {
                EXPECT_LE(session->files.size(), 3u);
                EXPECT_LT(session->selected, 3);
            }
        }
}

TEST(Session, WrongThingsAreRefusedInWords) {
    for (char const* text : {"", "null", "[]", "{}", R"({"micrographia_session":0})", R"({"micrographia_session":"1"})",
                             R"({"micrographia_session":1})", R"({"micrographia_session":1,"annotate":"{}","overlay":"{}","materials":"{}"})"})
        EXPECT_FALSE(read_session(text)) << text;
    auto const later = read_session(R"({"micrographia_session":2})");
    ASSERT_FALSE(later);
    EXPECT_NE(later.error().message.find("later version"), std::string::npos);
}

TEST(Session, OddFilesAreLeftOut) {
    Session session = read_session(left_behind().text).value();
    session.files = {{"", 0, 1, ""}, {"a.tif", -5, -1, "no checksum"}, {std::string(5000, 'x'), 0, 0, ""}};
    session.selected = 77;
    Session const back = read_session(session_text(session)).value();
    ASSERT_EQ(back.files.size(), 1u);
    EXPECT_EQ(back.files[0], (SessionFile{"a.tif", 0, 0, ""}));
    EXPECT_EQ(back.selected, 0);
}

TEST(Session, FilesComeBackInTheirOrderWithWhatWasSaidOfThem) {
    Left const left = left_behind();
    fake::Pump pump = reopened(left.text);
    EXPECT_TRUE(pump.app.document().inputs.empty());
    EXPECT_NE(pump.app.document().recipe, left.document.recipe) << "not before the user goes on";
    pump.app.carry_out({GoOn{}});
    EXPECT_EQ(pump.app.document().recipe, left.document.recipe) << "at once";
    pump.app.carry_out({AddFiles{{fake::dropped("S/a.tif", small_xl(2)), fake::dropped("S/b.tif", small_xl(1)),
                                  fake::dropped("S/c.tif", small_xl(0)), fake::dropped("S/0.tif", small_xl(9))}}});
    EXPECT_EQ(names(pump), (Names{"c.tif", "b.tif", "a.tif", "0.tif"}));
    EXPECT_EQ(pump.app.view().selected, pump.app.document().inputs[1].id);
    pump.work();
    EXPECT_EQ(pump.app.document().recipe, left.document.recipe);
    pump.ask(R"({"type":"state","id":5})");
    Json const* toasts = pump.last("answer")->head.find("state")->find("toasts");
    EXPECT_EQ(toasts->as_array()->size(), 0u) << to_text(*toasts);
}

TEST(Session, DroppingItsFilesGoesOn) {
    Left const left = left_behind();
    fake::Pump pump = reopened(left.text);
    pump.add("b.tif", small_xl(1)); // without its folder
    EXPECT_EQ(pump.app.document().recipe, left.document.recipe);
    EXPECT_EQ(names(pump), Names{"b.tif"});
}

TEST(Session, OtherFilesBeginSomethingNew) {
    fake::Pump pump = reopened(left_behind().text);
    pump.add("other.tif", Bytes(77, 1));
    pump.work();
    EXPECT_EQ(pump.app.document().recipe, annotate_recipe());
    EXPECT_EQ(names(pump), Names{"other.tif"});
}

TEST(Session, AFileWhoseContentHasChangedIsTold) {
    fake::Pump pump = reopened(left_behind().text);
    pump.app.carry_out({GoOn{}});
    pump.add("S/b.tif", small_xl(40));
    pump.work();
    pump.ask(R"({"type":"state","id":5})");
    std::string const toasts = to_text(*pump.last("answer")->head.find("state")->find("toasts"));
    EXPECT_NE(toasts.find("b.tif: its content is not what it was"), std::string::npos) << toasts;
}

TEST(Session, ARenamedFileIsKnownByItsContent) {
    fake::Pump pump = reopened(left_behind().text);
    pump.app.carry_out({GoOn{}});
    pump.app.carry_out({AddFiles{{fake::dropped("new.tif", small_xl(1)), fake::dropped("S/c.tif", small_xl(0))}}});
    pump.work();
    EXPECT_EQ(names(pump), (Names{"c.tif", "new.tif"})) << "at its old place";
    ASSERT_EQ(pump.app.document().recipe.overrides.size(), 1u);
    EXPECT_EQ(pump.app.document().recipe.overrides[0].file_name, "new.tif");
}

TEST(Session, GoingOnWithoutFilesLosesNoneOfThem) {
    fake::Pump pump = reopened(left_behind().text);
    pump.app.carry_out({GoOn{}});
    pump.add("S/b.tif", small_xl(1));
    pump.work();
    pump.ask(R"({"type":"page_hide"})");
    Session const session = read_session(text_of(pump.last("save_setting")->head, "value")).value();
    EXPECT_EQ(session.files.size(), 3u) << "those that have not come yet are still expected";
}

TEST(Session, ForgettingDeletesIt) {
    fake::Pump pump = reopened(left_behind().text);
    pump.app.carry_out({ForgetSession{}});
    pump.work();
    EXPECT_TRUE(text_of(pump.last("save_setting")->head, "value").empty());
    pump.add("S/b.tif", small_xl(1));
    EXPECT_EQ(pump.app.document().recipe, annotate_recipe());
}

TEST(Session, WhatCannotBeReadIsToldAndThePageStarts) {
    fake::Pump pump = reopened("{broken");
    pump.ask(R"({"type":"state","id":5})");
    EXPECT_NE(to_text(*pump.last("answer")->head.find("state")->find("toasts")).find("last session"), std::string::npos);
}

} // namespace
} // namespace mg::app
