// Olympus SIS: tag 33560 names a place in the file where "SIS0" stands, whose first part holds the calibration.
#include "support/layout_bytes.h"
#include "support/vendor_layouts.h"

namespace mg::test {

std::vector<VendorLayout> olympus_sis_layouts() {
    constexpr std::size_t k_place = 8, k_head = 60, k_list = 2 * 8, k_part = 112;
    Bytes block(k_head + k_list + k_part);
    put_text(block, 0, "SIS0");
    put_number(block, 10, 49, 2); // minute
    put_number(block, 12, 8, 2);
    put_number(block, 14, 16, 2);
    put_number(block, 16, 1, 2); // February
    put_number(block, 18, 110, 2);
    put_text(block, 26, "S5_N511");
    put_number(block, 58, 2, 2);     // parts
    put_number(block, k_head, 7, 2); // of another kind
    put_number(block, k_head + 2, 1, 2);
    put_number(block, k_head + 8, 1, 2);
    put_number(block, k_head + 10, 1, 2);
    put_number(block, k_head + 12, k_place + k_head + k_list, 4);
    std::size_t const part = k_head + k_list;
    put_number(block, part + 10, 0xFFF7, 2); // 10^-9 m
    put_double(block, part + 12, 19.89256535);
    put_double(block, part + 20, 19.52829859);
    put_double(block, part + 36, 15000.0009765625);
    put_text(block, part + 46, "Sirion Acquire");
    put_text(block, part + 80, "Gray Value");

    VendorLayout layout;
    layout.name = "olympus sis";
    layout.at_byte_8 = block;
    Bytes place(4);
    put_number(place, 0, k_place, 4);
    layout.tags = {text_tag(271, "Olympus Soft Imaging Solutions"), {0, 33560, {}, place}};
    layout.vendor = "Olympus SIS";
    layout.expected.pixel_size_x_nm = {19.89256535, {}};
    layout.expected.pixel_size_y_nm = {19.52829859, {}};
    layout.expected.magnification = {15000.0, {}};
    layout.expected.detector = {"Sirion Acquire", {}};
    layout.expected.acquired = {"2010-02-16T08:49:00", {}};
    layout.expected.user_text = {"S5_N511", {}};

    // The calibration may stand on a page behind a preview.
    VendorLayout behind = layout;
    behind.name = "olympus sis behind a preview";
    behind.page_count = 2;
    for (FileField& tag : behind.tags) tag.page = 1;
    return {layout, behind};
}

} // namespace mg::test
