#include "ui/fuzzy.h"

#include <gtest/gtest.h>

using mg::ui::match_score;

TEST(Fuzzy, FindsLettersInTheirOrderOnly) {
    EXPECT_TRUE(match_score("bsf", "Beam-spot filter"));
    EXPECT_TRUE(match_score("DESP", "Despike"));
    EXPECT_FALSE(match_score("psed", "Despike"));
    EXPECT_FALSE(match_score("despikes", "Despike"));
    EXPECT_TRUE(match_score("", "anything"));
}

TEST(Fuzzy, PrefersWholeBeginnings) {
    EXPECT_GT(*match_score("sa", "Save PNG"), *match_score("sa", "Swipe between before and after"));
    EXPECT_GT(*match_score("con", "Contrast"), *match_score("con", "Cut off nothing"));
    EXPECT_GT(*match_score("open", "Open files…"), *match_score("open", "Stop the engine"));
}
