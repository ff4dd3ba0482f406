#pragma once
// Whether a page is tidy: controls have names, lie within the page and not upon each other.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "page/fake_page.h"

namespace mg::test {

inline bool is_control(app::Item const& item) {
    for (char const* kind : {"button", "switch", "slider", "text", "choice", "row", "option"})
        if (item.kind == kind) return true;
    return item.kind == "heading" && (item.value == "folded" || item.value == "unfolded");
}

/// One belongs to the other: the × of a row, an option of a choice.
inline bool related(app::Item const& a, app::Item const& b) {
    return a.id.rfind(b.id, 0) == 0 || b.id.rfind(a.id, 0) == 0;
}

inline void expect_tidy(FakePage const& page, Screen screen, std::string const& state) {
    std::set<std::string> ids;
    std::vector<app::Item> shown;
    for (app::Item const& item : page.items.items()) {
        EXPECT_FALSE(item.id.empty()) << state;
        EXPECT_FALSE(item.label.empty()) << state << ": " << item.id;
        EXPECT_TRUE(ids.insert(item.id).second) << state << ": twice " << item.id;
        EXPECT_TRUE(std::isfinite(item.x) && std::isfinite(item.y)) << state << ": " << item.id;
        if (!item.visible) continue;
        EXPECT_GE(item.x, -0.5f) << state << ": " << item.id;
        EXPECT_LE(item.x + item.width, static_cast<float>(screen.width) + 0.5f) << state << ": " << item.id;
        if (is_control(item)) shown.push_back(item);
    }
    if (page.view.sheet != app::Sheet::none) return; // it lies upon the page
    for (std::size_t i = 0; i < shown.size(); ++i)
        for (std::size_t j = i + 1; j < shown.size(); ++j) {
            app::Item const &a = shown[i], &b = shown[j];
            float w = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x),
                  h = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
            if (a.id == "canvas/swipe" || b.id == "canvas/swipe") continue;
            EXPECT_FALSE(w > 1 && h > 1 && !related(a, b)) << state << ": " << a.id << " overlaps " << b.id;
        }
}

} // namespace mg::test
