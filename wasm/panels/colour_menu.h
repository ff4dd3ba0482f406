#pragma once
// A menu in which a colour is picked: by hue, saturation and brightness, or typed.
#include <optional>
#include <string>
#include <string_view>

#include "image/scene.h"
#include "ui/widgets.h"

namespace mg::app {

struct ColourEdit {
    std::optional<Rgb> colour; ///< picked in this frame
    std::string gesture;       ///< the same during one drag
    bool from_palette = false; ///< the picked colour is not wanted any more
};
/// Below `anchor`; opened by ui::open_menu() with this id.
ColourEdit colour_menu(ui::Frame const& frame, std::string_view menu, ui::Box anchor, Rgb now);

} // namespace mg::app
