#pragma once
// VendorLayouts with changed headers, and strict comparison of facts.
#include <string>

#include "base/text.h"
#include "support/layout_reading.h"

namespace mg::test {

inline VendorLayout layout_named(std::vector<VendorLayout> const& layouts, std::string_view name) {
    for (VendorLayout const& layout : layouts)
        if (layout.name == name) return layout;
    ADD_FAILURE() << "no layout " << name;
    return layouts.at(0);
}

/// The text put in the place of the first other one, in the first tag that has it, else in the sidecar.
inline VendorLayout edited(VendorLayout layout, std::string_view from, std::string_view to) {
    auto edit = [&](Bytes& bytes) {
        std::string text(as_text(bytes));
        std::size_t at = text.find(from);
        if (at == std::string::npos) return false;
        text.replace(at, from.size(), to);
        bytes.assign(text.begin(), text.end());
        return true;
    };
    for (FileField& tag : layout.tags)
        if (edit(tag.bytes)) return layout;
    EXPECT_TRUE(edit(layout.sidecar)) << "no \"" << from << "\" in " << layout.name;
    return layout;
}

/// Only the facts that the layout states.
inline void expect_no_other_facts(VendorLayout const& layout) {
    Metadata metadata = read_layout(layout);
    for_each_fact([&](char const* name, auto member) {
        if (layout.expected.*member) return;
        auto const& found = metadata.acquisition.*member;
        EXPECT_FALSE(found) << layout.name << ": " << name << " is stated by " << found->source;
    });
}

inline bool has_warning(Metadata const& metadata, std::string_view part) {
    for (std::string const& warning : metadata.warnings)
        if (warning.find(part) != std::string::npos) return true;
    return false;
}
inline std::string warnings_text(Metadata const& metadata) {
    return joined(metadata.warnings, "\n");
}

inline void expect_pixel_nm(Metadata const& metadata, double x_nm, double y_nm) {
    auto const& a = metadata.acquisition;
    ASSERT_TRUE(a.pixel_size_x_nm && a.pixel_size_y_nm) << warnings_text(metadata);
    EXPECT_NEAR(a.pixel_size_x_nm->value, x_nm, 1e-6 * x_nm);
    EXPECT_NEAR(a.pixel_size_y_nm->value, y_nm, 1e-6 * y_nm);
}
/// Absent, with words that say why.
inline void expect_no_pixel(Metadata const& metadata, std::string_view reason) {
    EXPECT_FALSE(metadata.acquisition.pixel_size_x_nm);
    EXPECT_FALSE(metadata.acquisition.pixel_size_y_nm);
    EXPECT_TRUE(metadata.pixel_sizes.empty());
    EXPECT_TRUE(has_warning(metadata, reason)) << reason << " is not in:\n" << warnings_text(metadata);
}

} // namespace mg::test
