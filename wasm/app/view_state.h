#pragma once
// How the user looks at the document: nothing here changes a result. Panels read it and change it by SetView commands.
#include <string>
#include <vector>

#include "math/colour.h"

namespace mg::app {

enum class Compare { result, recorded, swipe };
enum class Theme { dark, light };
/// What is done with the open files.
enum class Workspace { annotate, overlay };
enum class Sheet { none, keys, about, palette, metadata };

/// What the canvas of the overlay shows.
enum class OverlayShow { composite, saturated, channel, flicker, swipe, difference, checkerboard, table };

/// A rectangle in the histogram of two channels, as fractions of its axes.
struct Brush {
    double left = 0, right = 0, bottom = 0, top = 0;
    bool empty() const { return !(left < right && bottom < top); }
    bool operator==(Brush const&) const = default;
};

struct OverlayView {
    OverlayShow show = OverlayShow::composite;
    int other = 0; ///< input that the selected one is compared with; 0: the reference, or its neighbour
    ColourVision vision = ColourVision::normal;
    int across = 0, up = 0; ///< inputs on the axes of the histogram of two channels; 0: the first two
    Brush brush;            ///< its selected area, which is painted back on the picture
    bool placing = false;   ///< points are being placed on the selected image
    std::vector<double> half_pair; ///< x, y of a point on the other image that waits for its partner
    int point = -1;         ///< chosen pair of points
    bool operator==(OverlayView const&) const = default;
};

struct ViewState {
    Workspace workspace = Workspace::annotate;
    OverlayView overlay;
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
    Sheet sheet = Sheet::none;
    std::string search;        ///< of the open sheet
    std::string reveal;        ///< step to scroll to; the panel empties it
    std::vector<std::string> unfolded{"despike", "beam_spot", "databar", "align", "compose"}; ///< step ids and sections ("metadata", "histogram") whose body is shown
    std::vector<std::string> advanced; ///< step ids whose advanced rows are shown
    bool operator==(ViewState const&) const = default;
};

} // namespace mg::app
