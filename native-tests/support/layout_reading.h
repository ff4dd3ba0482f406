#pragma once
// Reading VendorLayouts, and what must hold for every one of them.
#include <cmath>
#include <string>
#include <type_traits>

#include <gtest/gtest.h>

#include "metadata/metadata.h"
#include "support/vendor_layouts.h"

namespace mg::test {

/// Of a file's bytes with the layout's sidecar; the pixels are decoded as far as they can be.
inline Metadata read_file_of(VendorLayout const& layout, ByteView file) {
    auto decoded = decode_image(file, layout.file_name);
    return read_metadata({.file = file,
                          .decoded = decoded ? &*decoded : nullptr,
                          .file_name = layout.file_name,
                          .relative_path = layout.file_name,
                          .sidecar = layout.sidecar,
                          .sidecar_name = layout.sidecar_name});
}
inline Metadata read_layout(VendorLayout const& layout) {
    return read_file_of(layout, layout_tiff(layout));
}

inline std::string fact_text(double value) {
    return std::to_string(value);
}
inline std::string fact_text(int value) {
    return std::to_string(value);
}
inline std::string fact_text(std::string const& value) {
    return value;
}

/// Every fact that the layout states is found, numbers to 0.1 %, and no pixel size that it does not state.
inline void expect_stated_facts(VendorLayout const& layout) {
    SCOPED_TRACE(layout.name);
    Metadata metadata = read_layout(layout);
    EXPECT_EQ(metadata.vendor, layout.vendor);
    for_each_fact([&](char const* name, auto member) {
        auto const& expected = layout.expected.*member;
        auto const& found = metadata.acquisition.*member;
        if (!expected) return;
        ASSERT_TRUE(found) << name << " is missing";
        using Value = std::decay_t<decltype(expected->value)>;
        if constexpr (std::is_same_v<Value, double>)
            EXPECT_NEAR(found->value, expected->value, 1e-3 * std::fabs(expected->value)) << name;
        else
            EXPECT_EQ(fact_text(found->value), fact_text(expected->value)) << name;
        EXPECT_FALSE(found->source.empty()) << name;
    });
    EXPECT_EQ(metadata.acquisition.pixel_size_x_nm.has_value(), layout.expected.pixel_size_x_nm.has_value());
    EXPECT_EQ(metadata.acquisition.databar_rows.has_value(), layout.expected.databar_rows.has_value());
    ASSERT_NE(metadata.raw, nullptr);
    EXPECT_FALSE(metadata.raw->empty());
}

/// A pixel size from what is left of a layout is the layout's own, or says that it is a rule of the series.
inline void expect_no_other_pixel_size(Metadata const& cut, Metadata const& whole, std::string const& what) {
    auto const& x = cut.acquisition.pixel_size_x_nm;
    auto const& y = cut.acquisition.pixel_size_y_nm;
    ASSERT_EQ(x.has_value(), y.has_value()) << what;
    if (!x || x->source.find("fallback") != std::string::npos) return;
    ASSERT_TRUE(whole.acquisition.pixel_size_x_nm) << what;
    EXPECT_DOUBLE_EQ(x->value, whole.acquisition.pixel_size_x_nm->value) << what << ": " << x->source;
    EXPECT_DOUBLE_EQ(y->value, whole.acquisition.pixel_size_y_nm->value) << what << ": " << y->source;
}

/// Every truncation of every tag, of the sidecar and of the file ends cleanly and gives no other pixel size.
inline void expect_cuts_do_no_harm(VendorLayout const& layout) {
    SCOPED_TRACE(layout.name);
    Bytes const file = layout_tiff(layout);
    auto const decoded = decode_image(file, layout.file_name);
    ASSERT_TRUE(decoded);
    Metadata const whole = read_layout(layout);
    auto read = [&](Decoded const& cut, ByteView sidecar) {
        return read_metadata({.file = file,
                              .decoded = &cut,
                              .file_name = layout.file_name,
                              .relative_path = layout.file_name,
                              .sidecar = sidecar,
                              .sidecar_name = layout.sidecar_name});
    };
    for (std::size_t i = 0; i < decoded->fields.size(); ++i) {
        Bytes const value = decoded->fields[i].bytes;
        Decoded cut = *decoded;
        for (std::size_t length = 0; length < value.size(); ++length) {
            cut.fields[i].bytes.assign(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(length));
            expect_no_other_pixel_size(read(cut, layout.sidecar), whole,
                                       "tag " + std::to_string(cut.fields[i].tag) + " cut to " +
                                           std::to_string(length));
        }
    }
    ByteView const sidecar = layout.sidecar;
    for (std::size_t length = 0; length < sidecar.size(); ++length)
        expect_no_other_pixel_size(read(*decoded, sidecar.first(length)), whole,
                                   "sidecar cut to " + std::to_string(length));
    for (std::size_t length = 0; length < file.size(); ++length)
        expect_no_other_pixel_size(read_file_of(layout, ByteView(file).first(length)), whole,
                                   "file cut to " + std::to_string(length));
}

} // namespace mg::test
