#include "base/csv.h"

#include <gtest/gtest.h>

namespace mg {
namespace {

TEST(Csv, QuotesOnlyWhereNeeded) {
    EXPECT_EQ(csv_field("plain text"), "plain text");
    EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
    EXPECT_EQ(csv_field("say \"yes\""), "\"say \"\"yes\"\"\"");
    EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
    EXPECT_EQ(csv_field(""), "");
}

} // namespace
} // namespace mg
