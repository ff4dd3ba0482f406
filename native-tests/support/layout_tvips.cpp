// TVIPS: both versions of TemData, in the tag and at the place that the tag names.
#include "support/layout_bytes.h"
#include "support/vendor_layouts.h"

namespace mg::test {

namespace {

constexpr std::uint64_t k_date = 2016 << 16 | 9 << 8 | 21, k_time = 9 * 3600 + 1 * 60 + 17;

Bytes version_1() {
    Bytes data(244);
    put_number(data, 0, 1, 4);
    put_text(data, 4, "first grid");
    put_number(data, 84, 120, 4); // kV
    put_number(data, 96, 32000, 4);
    put_number(data, 176, 15600, 4);
    put_number(data, 180, 4, 4);
    put_number(data, 224, k_date, 4);
    put_number(data, 228, k_time, 4);
    return data;
}

Bytes version_2() {
    Bytes data(6312);
    put_number(data, 0, 2, 4);
    put_utf16(data, 244, "grid 1.tif");
    put_number(data, 564, 64, 4);
    put_number(data, 568, 48, 4);
    put_number(data, 584, k_date, 4);
    put_number(data, 588, k_time, 4);
    put_utf16(data, 592, "first grid");
    put_float(data, 2968, 1.4208F);
    put_float(data, 2972, 1.5F);
    put_utf16(data, 3112, "JEM");
    put_float(data, 3272, 99000);
    put_number(data, 3532, 0, 4);
    put_float(data, 3536, 32000);
    put_float(data, 3564, 15.5F);
    put_float(data, 3624, 3);
    put_utf16(data, 3768, "F416");
    put_number(data, 6308, 0xAAAAAAAA, 4);
    return data;
}

} // namespace

std::vector<VendorLayout> tvips_layouts() {
    VendorLayout second;
    second.name = "tvips 2";
    second.tags = {{0, 37706, {}, version_2()}};
    second.vendor = "TVIPS";
    second.expected.pixel_size_x_nm = {1.4208, {}};
    second.expected.pixel_size_y_nm = {1.5, {}};
    second.expected.beam_energy_kv = {99.0, {}};
    second.expected.beam_kind = {"electron", {}};
    second.expected.magnification = {32000.0, {}};
    second.expected.stage_tilt_deg = {15.5, {}};
    second.expected.spot_size = {3.0, {}};
    second.expected.detector = {"F416", {}};
    second.expected.instrument = {"JEM", {}};
    second.expected.acquired = {"2016-09-21T09:01:17", {}};
    second.expected.user_text = {"first grid", {}};

    VendorLayout elsewhere = second;
    elsewhere.name = "tvips 2 elsewhere in the file";
    elsewhere.at_byte_8 = version_2();
    Bytes place(4);
    put_number(place, 0, 8, 4);
    elsewhere.tags = {{0, 37706, {}, place}};

    VendorLayout first;
    first.name = "tvips 1";
    first.tags = {{0, 37706, {}, version_1()}};
    first.vendor = "TVIPS";
    first.expected.beam_energy_kv = {120.0, {}};
    first.expected.beam_kind = {"electron", {}};
    first.expected.magnification = {32000.0, {}};
    first.expected.acquired = {"2016-09-21T09:01:17", {}};
    first.expected.user_text = {"first grid", {}};
    return {second, elsewhere, first};
}

} // namespace mg::test
