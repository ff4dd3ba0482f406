#pragma once
// All keys of the page in one table, which also feeds the sheet of keys and the command palette.
#include <span>
#include <string_view>

#include "panels/panel.h"

namespace mg::app {

struct KeyAction {
    std::string_view shown{};   ///< "Ctrl Z"; empty: no key, for the palette only
    std::string_view words{};   ///< "Undo"
    std::string_view section{}; ///< "Files", "View", ...
    int chord = 0;              ///< ImGuiKeyChord; 0: none
    char letter = 0;            ///< typed character that does the same on any keyboard layout
    bool repeats = false;
    bool (*can)(PanelInput const& input) = nullptr; ///< null: always
    void (*act)(PanelInput const& input, CommandSink& commands) = nullptr;
};

std::span<KeyAction const> key_actions();

/// Acts upon the keys pressed in this frame. Nothing while the user types into a field.
void handle_keys(PanelInput const& input, CommandSink& commands);

/// Windows of the regions, in the order in which F6 goes through them.
inline constexpr int k_regions = 6;
std::string_view region_name(int index);

} // namespace mg::app
