// Quantities and dates in the forms that microscopes write (examples of those forms, one per vendor).
#include <gtest/gtest.h>

#include "metadata/metadata.h"
#include "metadata/units.h"

using namespace mg;

TEST(Units, ReadNumbersWithWhatStandsBehindThem) {
    auto const plain = parse_quantity("20.00 kV");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->value, 20.0);
    EXPECT_EQ(plain->unit, "kV");
    EXPECT_EQ(parse_quantity("7920.5um")->unit, "um");
    EXPECT_EQ(parse_quantity(" 50.00 K X ")->unit, "K X");
    EXPECT_EQ(parse_quantity("2.69792e-007")->value, 2.69792e-7);
    EXPECT_EQ(parse_quantity("10.0000e3")->value, 1e4);
    EXPECT_EQ(parse_quantity("5 eV")->unit, "eV");
    EXPECT_FALSE(parse_quantity("notafloat"));
    EXPECT_FALSE(parse_quantity(""));
    EXPECT_FALSE(parse_quantity("-"));
}

TEST(Units, BringLengthsVoltagesAndCurrentsToOneUnit) {
    EXPECT_DOUBLE_EQ(*nanometres("593.3 pm"), 0.5933);
    EXPECT_DOUBLE_EQ(*nanometres("2.615 \u00B5m"), 2615);
    EXPECT_DOUBLE_EQ(*millimetres("7920.5 um"), 7.9205);
    EXPECT_DOUBLE_EQ(*kilovolts("15000 Volt"), 15);
    EXPECT_DOUBLE_EQ(*kilovolts("20.00 kV"), 20);
    EXPECT_DOUBLE_EQ(*nanoamperes("100 pA"), 0.1);
    EXPECT_FALSE(nanometres("5 px"));
    EXPECT_FALSE(kilovolts("5 mm"));
    EXPECT_FALSE(millimetres("5"));
}

TEST(Units, ReadMagnificationsInEverySpelling) {
    EXPECT_DOUBLE_EQ(*magnification_from("50.00 K X"), 50000);
    EXPECT_DOUBLE_EQ(*magnification_from("x1.20k"), 1200);
    EXPECT_DOUBLE_EQ(*magnification_from("5000x"), 5000);
    EXPECT_DOUBLE_EQ(*magnification_from("1000"), 1000);
    EXPECT_FALSE(magnification_from("1000 mm"));
}

TEST(Dates, AreReadInTheOrderThatTheFormSays) {
    EXPECT_EQ(iso_date("2025/11/20", DateOrder::year_month_day), "2025-11-20");
    EXPECT_EQ(iso_date("20.11.2025", DateOrder::day_month_year), "2025-11-20");
    EXPECT_EQ(iso_date("03/04/2020", DateOrder::month_day_year), "2020-03-04");
    EXPECT_EQ(iso_date("03/04/2020", DateOrder::day_month_year), "2020-04-03");
    EXPECT_EQ(iso_date("18 Jul 2019", DateOrder::month_day_year), "2019-07-18");
    EXPECT_EQ(iso_date("16/08/2016", DateOrder::month_day_year), "2016-08-16") << "no sixteenth month";
    EXPECT_FALSE(iso_date("31.02.2020", DateOrder::day_month_year));
    EXPECT_FALSE(iso_date("2020", DateOrder::day_month_year));
    EXPECT_FALSE(iso_date("99999999999/1/1", DateOrder::year_month_day));
}

TEST(Dates, HaveTimesOfTwelveAndTwentyFourHours) {
    EXPECT_EQ(iso_time("2:03:00 PM"), "14:03:00");
    EXPECT_EQ(iso_time("12:00:01 AM"), "00:00:01");
    EXPECT_EQ(iso_time("14:03"), "14:03:00");
    EXPECT_FALSE(iso_time("25:00:00"));
    EXPECT_FALSE(iso_time("noon"));
    EXPECT_EQ(iso_date_time("2016-05-16", "11:22:33", DateOrder::year_month_day), "2016-05-16T11:22:33");
    EXPECT_EQ(iso_date_time("2016-05-16", "", DateOrder::year_month_day), "2016-05-16");
}

TEST(Sidecars, BelongToTheImageOfTheirStem) {
    EXPECT_TRUE(is_sidecar_of("A1.TXT", "a1.tif"));
    EXPECT_TRUE(is_sidecar_of("a1.hdr", "a1.tif"));
    EXPECT_TRUE(is_sidecar_of("a1-tif.hdr", "a1.tif"));
    EXPECT_FALSE(is_sidecar_of("a1-tif.txt", "a1.tif"));
    EXPECT_FALSE(is_sidecar_of("a2.txt", "a1.tif"));
    EXPECT_FALSE(is_sidecar_of("a1.tif", "a1.tif"));
}
