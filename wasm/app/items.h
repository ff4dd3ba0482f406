#pragma once
// What was drawn this frame: every control with its label, place and state. Browser tests click by label, and the page
// mirrors the list for screen readers.
#include <string>
#include <string_view>
#include <vector>

namespace mg::app {

struct Item {
    std::string id;    ///< stable: "despike/threshold_sigma", "tray/10K420.TIF", "top/Open…"
    std::string label; ///< what the user reads
    std::string kind;  ///< "button", "switch", "slider", "text", "choice", "row", "image", "heading", "status"
    std::string value; ///< "on", "4.0 σ"
    float x = 0, y = 0, width = 0, height = 0; ///< CSS pixels
    bool enabled = true;
    bool focused = false;
    bool visible = true; ///< false: scrolled out of sight
};

class ItemTable {
public:
    void begin_frame() { m_items.clear(); }
    void add(Item item) { m_items.push_back(std::move(item)); }
    std::vector<Item> const& items() const { return m_items; }

private:
    std::vector<Item> m_items;
};

} // namespace mg::app
