// What the README's table of vendors says, on a generated file of every layout.
#include "metadata/vendor_reading.h"

namespace mg {
namespace {

std::vector<test::VendorLayout> all_layouts() {
    std::vector<test::VendorLayout> all;
    for (auto layouts : {test::fei_layouts, test::zeiss_layouts, test::tescan_layouts, test::openfibsem_layouts,
                         test::jeol_layouts, test::hitachi_layouts, test::olympus_sis_layouts, test::ome_xml_layouts,
                         test::gatan_dm_layouts, test::tvips_layouts})
        for (test::VendorLayout& layout : layouts()) all.push_back(std::move(layout));
    return all;
}

TEST(VendorTable, EveryLayoutGivesItsFacts) {
    std::vector<test::VendorLayout> layouts = all_layouts();
    EXPECT_GE(layouts.size(), 20u);
    for (test::VendorLayout const& layout : layouts) test::expect_stated_facts(layout);
}

TEST(VendorTable, NoLayoutIsTakenForAnothersOrContradictsItself) {
    for (test::VendorLayout const& layout : all_layouts()) {
        Metadata m = test::read_layout(layout);
        EXPECT_FALSE(warns_of(m, "pixel sizes differ")) << layout.name;
        if (m.acquisition.pixel_size_x_nm) {
            ASSERT_FALSE(m.pixel_sizes.empty()) << layout.name;
            EXPECT_EQ(m.pixel_sizes[0].x_nm, m.acquisition.pixel_size_x_nm->value) << layout.name;
            EXPECT_EQ(m.pixel_sizes[0].source, m.acquisition.pixel_size_x_nm->source) << layout.name;
        }
        for (RawKey const& entry : *m.raw)
            EXPECT_TRUE(is_utf8(entry.section) && is_utf8(entry.key) && is_utf8(entry.value)) << layout.name;
    }
}

TEST(VendorTable, SidecarsAreKnownByTheirContent) {
    for (test::VendorLayout const& layout : all_layouts())
        if (!layout.sidecar.empty()) EXPECT_TRUE(is_known_sidecar(layout.sidecar_name, layout.sidecar)) << layout.name;
}

} // namespace
} // namespace mg
