#pragma once
// How the user looks at the document: nothing here changes a result. Panels read it and change it by SetView commands.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/microscopes.h"
#include "math/colour.h"

namespace mg::app {

enum class Compare { result, recorded, swipe };
enum class Theme { dark, light };
/// What is done with the open files.
enum class Workspace { annotate, overlay, materials };
enum class Sheet { none, keys, about, palette, metadata };

/// How long each of two pictures is seen in turn.
inline constexpr double k_flicker_s = 0.6;

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
    bool operator==(OverlayView const&) const = default;
};

/// Pairs of points placed by hand, in Overlay and in Materials.
struct PointsView {
    bool placing = false;          ///< on the selected image
    std::vector<double> half_pair; ///< x, y of a point on the other image that waits for its partner
    int chosen = -1;               ///< index of a pair
    bool operator==(PointsView const&) const = default;
};

/// What the canvas of Materials shows.
enum class MaterialsShow { tinted, electron, materials, element, certainty };
/// What is drawn of two or three elements.
enum class MaterialsPlot { scatter, ternary };
/// How a gate is drawn in a plot.
enum class GateTool { rectangle, lasso, polygon };
/// Some pixels of the maps: a byte each, row by row, not 0: it is one of them. On the grid of MaterialsResult::found.
using PixelSet = std::shared_ptr<std::vector<std::uint8_t> const>;

struct MaterialsView {
    MaterialsShow show = MaterialsShow::tinted;
    int element = 0;       ///< whose map is shown: index of the materials' elements
    int material = -1;     ///< selected: index of the materials' list, -1: none
    int hovered = -1;      ///< under the pointer in the list, in a plot or on the picture; -1: none
    int hovered_pixel = -1; ///< pixel of MaterialsResult::found under the pointer on the picture: y * width + x; -1: none
    MaterialsPlot plot = MaterialsPlot::scatter;
    std::vector<int> axes; ///< elements of the plots by index: two for the scatter plot, three for the ternary; short: the first ones
    std::vector<double> gate; ///< polygon drawn in the plot, x, y, x, y, ... in the plot's own coordinates; empty: none
    GateTool tool = GateTool::rectangle;
    bool gate_open = false; ///< corners are still being added to the gate
    PixelSet gated;        ///< pixels in the gate, which light up on the picture; null: none
    PixelSet area;         ///< pixels marked on the picture, which light up in the plots; null: none
    bool brushing = false; ///< dragging on the picture gives pixels to `material`
    bool erasing = false;  ///< ... or gives them back
    bool marking = false;  ///< dragging on the picture marks `area`
    double brush_radius = 3; ///< of the maps' pixels
    bool operator==(MaterialsView const&) const = default;
};

/// Measuring on the picture in Annotate.
struct MeasureView {
    bool on = false;
    std::vector<double> line; ///< x, y, x, y in pixels of the file as stored; empty: none
    int grip = -1;            ///< the end that is dragged
    std::string length;       ///< known length, as typed
    std::string microscope;   ///< name, as typed
    bool operator==(MeasureView const&) const = default;
};

struct ViewState {
    Workspace workspace = Workspace::annotate;
    OverlayView overlay;
    MaterialsView materials;
    PointsView points;
    MeasureView measure;
    std::vector<MicroscopePreset> microscopes; ///< the browser keeps them
    int selected = 0;          ///< InputEntry id, 0: none
    bool fit = true;           ///< zoom follows the window
    double zoom = 1;           ///< screen px (device) per image px, when not fit
    double centre_x = 0.5;     ///< of the view, as a fraction of the image
    double centre_y = 0.5;
    Compare compare = Compare::result;
    double swipe = 0.5;        ///< fraction of the image width
    bool panels = true;        ///< Tab
    bool full_screen = false;
    bool remember = false;     ///< the browser keeps the session
    Theme theme = Theme::dark;
    double font_scale = 1;     ///< 0.8 .. 2
    Sheet sheet = Sheet::none;
    std::string search;        ///< of the open sheet
    std::string reveal;        ///< step to scroll to; the panel empties it
    std::vector<std::string> unfolded{"despike", "beam_spot", "databar", "align", "compose", "plots", "colours"}; ///< step ids and sections ("metadata", "histogram") whose body is shown
    std::vector<std::string> advanced; ///< step ids whose advanced rows are shown
    bool operator==(ViewState const&) const = default;
};

} // namespace mg::app
