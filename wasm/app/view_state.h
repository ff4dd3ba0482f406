#pragma once
// How the user looks at the document: nothing here changes a result. Panels read it and change it by SetView commands.
#include <string>
#include <vector>

namespace mg::app {

enum class Compare { result, recorded, swipe };
enum class Theme { dark, light };
enum class Overlay { none, keys, about, palette, metadata };

struct ViewState {
    int selected = 0;          ///< InputEntry id, 0: none
    bool fit = true;           ///< zoom follows the window
    double zoom = 1;           ///< screen px (device) per image px, when not fit
    double centre_x = 0.5;     ///< of the view, as a fraction of the image
    double centre_y = 0.5;
    Compare compare = Compare::result;
    double swipe = 0.5;        ///< fraction of the image width
    bool panels = true;        ///< Tab
    bool full_screen = false;
    Theme theme = Theme::dark;
    double font_scale = 1;     ///< 0.8 .. 2
    Overlay overlay = Overlay::none;
    std::string search;        ///< of the open overlay
    std::string reveal;        ///< step to scroll to; the panel empties it
    std::vector<std::string> unfolded{"despike", "beam_spot", "databar"}; ///< step ids and sections ("metadata", "histogram") whose body is shown
    std::vector<std::string> advanced; ///< step ids whose advanced rows are shown
    bool operator==(ViewState const&) const = default;
};

} // namespace mg::app
