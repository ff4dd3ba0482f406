#pragma once
// What the workers have found out about each input: all of it can be thrown away and made again.
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "image/scene.h"
#include "ops/compose.h"
#include "ops/find_scale_bar.h"
#include "recipe/job.h"

namespace mg::app {

enum class FileState { waiting, working, done, attention, failed };

/// 8-bit pixels for the screen: one (grey) or four (RGBA) bytes per pixel, rows packed.
struct Picture {
    Size size;
    int bytes_per_pixel = 1;
    std::vector<std::uint8_t> pixels;
    std::uint64_t serial = 0; ///< unique; a texture is made anew when it differs
    bool translucent = false; ///< of four bytes per pixel: drawn over what is there by its alpha
};
using PicturePtr = std::shared_ptr<Picture const>;

struct Histogram {
    std::array<float, 256> counts{}; ///< share of unmasked pixels per bin over 0..1 of the recorded range
    double low = 0, high = 1;        ///< limits used by the contrast step, as fractions of the recorded range
    double below = 0, above = 0;     ///< share of pixels clipped at each end
    double gamma = 1;
};

struct FileResult {
    FileState state = FileState::waiting;
    std::string words;      ///< state in words: "CL · 405 nm", "no pixel size: set one", "ends after 12 of 49 strips"
    double progress = 0;    ///< of the running job
    std::string stage;      ///< "despike"
    std::string format;     ///< "TIFF, 8 bit, 712 × 484"
    Size recorded_size;     ///< of the image as stored
    int page_count = 1;     ///< of the file
    std::string sha256;     ///< of the file's bytes, hex
    PicturePtr thumbnail;   ///< at most 104 px wide
    Metadata metadata;      ///< with corrections applied
    std::optional<BurnedBar> burned_bar; ///< the scale bar drawn into the picture, in stored pixels
    ValueRange range;
    std::shared_ptr<Plane const> recorded; ///< first plane as recorded (of the selected file only)
    PicturePtr recorded_picture;           ///< as recorded, min..max window (of the selected file only)
    PicturePtr picture;     ///< the result with its databar (of the selected file only)
    int picture_databar_rows = 0;
    std::optional<double> pixel_size_x_nm, pixel_size_y_nm; ///< of the result
    Affine picture_to_recorded;
    Histogram histogram;
    std::vector<Note> notes;
    std::uint64_t made_from = 0; ///< hash of recipe text and file that `picture` belongs to
    double milliseconds = 0;     ///< that the last run took
};

/// Files that are laid over each other, as they are named and ordered now.
struct OverlayMember {
    int id = 0;        ///< of the input; 0: a placeholder
    bool left_out = false;
    Channel channel;   ///< label, role, settings; no planes
};
struct OverlaySeries {
    std::string name;
    std::vector<OverlayMember> members; ///< signals in their order, then extras, then what is left out
    std::vector<int> given;             ///< ids in the order found, 0: a placeholder
};

/// The channels of a series on one grid, as textures for the composite: for each channel the half floats of a pyramid
/// of pictures, each half as wide and high as the one before, rounded down, to 1 x 1.
struct PlacedPictures {
    Size size;               ///< of the first picture of each pyramid
    int channels = 0;
    std::vector<SharedBytes> pyramids;
    std::uint64_t serial = 0; ///< unique
};
using PlacedPtr = std::shared_ptr<PlacedPictures const>;

/// One image as the worker has found and placed it.
struct PlacedChannel {
    int id = 0;
    Channel channel;         ///< with alignment and pixel size; no planes
    int layer = -1;          ///< in the pictures; -1: not placed
    ChannelMeasure measure;
    std::optional<Projective> truth; ///< of sample data: the true map from the reference
};

struct OverlayResult {
    std::vector<OverlaySeries> series;
    int shown = -1;                    ///< index of the series that is composed; -1: none
    std::string busy;                  ///< what runs, in words; empty: nothing
    std::string failure;               ///< why there is no (new) composite

    // Of the series shown, as the worker has answered last:
    PlacedPtr placed;
    std::vector<PlacedChannel> channels; ///< in the worker's order
    int palette_slots = 0;
    Size size;                         ///< of the composite's micrograph; `placed` may be smaller
    double residual_px = 0;
    std::vector<PairMatch> pairs;
    std::vector<Note> notes;
    std::vector<std::pair<int, std::string>> left_out; ///< files that failed, and why
    std::optional<double> pixel_size_x_nm, pixel_size_y_nm;
    double milliseconds = 0;
    PicturePtr databar;                ///< the rows below the micrograph
    bool databar_inside = false;       ///< the databar covers the micrograph: `databar` is the whole picture
    std::map<int, PicturePtr> recorded; ///< images as recorded, for placing points
    PicturePtr joint;                  ///< histogram of two channels, 128 x 128, brighter: more pixels
    int joint_across = 0, joint_up = 0; ///< inputs on its axes
    double brushed = 0;                ///< share of the pixels in the brush
    ComposeLook look;                  ///< of the settings as they are now, parallel to `channels`
    double clipped = 0;                ///< share of pixels above white
};

/// Element maps of one field with their Lab image and SE image, as they are named now.
struct MapEntry {
    int id = 0;        ///< of the input
    bool left_out = false;
    Channel channel;   ///< role, label, map (element, counts); no planes
};
struct MapSetEntry {
    std::string name;
    std::vector<MapEntry> members; ///< maps, Lab image, SE image, then what is left out
    std::vector<int> given;        ///< ids in the order found
};

/// What the worker has found out about one file of the set.
struct MapFact {
    int id = 0;
    Channel channel; ///< with counts and alignment; no planes
};

/// The pixels of the maps in the plot of two or three elements, in the plot's own coordinates (app/plot_geometry.h).
struct MaterialPlot {
    std::vector<int> axes;          ///< elements: two of a scatter plot, three of a triangle
    std::vector<double> largest;    ///< of a scatter plot: counts at the ends of its axes
    std::vector<float> x, y;        ///< per pixel of the grid of `found`; x below 0: it lies nowhere
    double left_out = 0;            ///< share of the pixels that lie nowhere
    int side = 0;                   ///< cells of the plot from left to right; from bottom to top they end at its height
    std::vector<std::uint8_t> dominant; ///< per cell, from the lower left: the most frequent material; k_no_material: none
    PicturePtr picture;
};

struct MaterialsResult {
    std::vector<MapSetEntry> sets;
    int shown = -1;                    ///< index of the set whose materials are shown; -1: none
    std::string busy;                  ///< what runs, in words; empty: nothing
    std::string failure;               ///< why there are no (new) materials

    // Of the set shown, as the worker has answered last; all null or empty before:
    /// Elements, list (with colours), curve and proposed as they are; labels, flags and counts on a grid that has every
    /// `step`-th pixel of the maps each way, which `found->size` is the size of; no memberships and no spread.
    MaterialsPtr found;
    int step = 1;
    Size maps_size;                    ///< of the maps themselves
    std::vector<std::uint8_t> certainty; ///< probability of a pixel's material, 0..255; on the grid of `found`
    std::uint64_t found_serial = 0;    ///< differs when labels, counts or elements differ, but for names and colours
    std::vector<MapFact> facts;        ///< of the set's files, as the worker has read them
    std::vector<Note> notes;           ///< of all steps
    std::vector<std::pair<int, std::string>> left_out; ///< files that failed, and why
    double milliseconds = 0;           ///< of the last run
    double finish_milliseconds = 0;    ///< of the last colouring

    // Pictures, all of one size but for the databar's rows:
    PicturePtr tinted;                 ///< with its databar
    int databar_rows = 0;              ///< of `tinted`, at its bottom
    PicturePtr electron;               ///< the SE image as it lies below the colours, without databar
    std::optional<double> pixel_size_x_nm, pixel_size_y_nm; ///< of a pixel of the pictures
    Affine picture_to_recorded;        ///< pixel of the pictures -> stored pixel of the SE image
    Projective picture_to_map;         ///< pixel of the pictures -> pixel of the maps
    bool laid = false;                 ///< picture_to_map is known
    /// Material of each pixel of the pictures' micrograph (k_no_material: none), row by row; empty before.
    std::shared_ptr<std::vector<std::uint8_t> const> fine_labels;

    // Made here of the above:
    PicturePtr flat;                   ///< materials in flat colours over the pictures' micrograph
    PicturePtr element;                ///< map of ViewState::materials.element over the same
    PicturePtr certain;                ///< certainty over the same
    PicturePtr highlight;              ///< translucent: what is gated, marked, hovered, selected or brushed; null: nothing
    std::shared_ptr<MaterialPlot const> plot; ///< of the elements that the view asks for; null: too few elements
    double mixed = 0, uncertain = 0, painted = 0; ///< shares of the pixels of `found` with these flags

    /// Null when there is none of that index.
    Material const* material(int index) const {
        if (!found || index < 0 || static_cast<std::size_t>(index) >= found->list.size()) return nullptr;
        return &found->list[static_cast<std::size_t>(index)];
    }
};

struct Results {
    std::map<int, FileResult> files; ///< by InputEntry id
    OverlayResult overlay;
    MaterialsResult materials;
};

/// A message that shows for some seconds, then goes.
struct Toast {
    enum class Kind { info, ok, warning, failure } kind = Kind::info;
    std::string text;
    double until_s = 0;
};

/// The line at the bottom of the page.
struct Activity {
    int done = 0, total = 0;   ///< of the running batch (loading, exporting); total 0: idle
    std::string stage;         ///< "10K425.TIF: beam-spot filter"
    double fraction = 0;
    bool set = false;          ///< it is work on a set of files: `fraction` and `stage` say how far it is
    double running_for_s = 0;  ///< a spinner is shown only after 0.4 s
    int workers = 0;
    std::optional<int> opening; ///< dropped files that have been looked at so far, of `to_open`
    int to_open = 0;            ///< 0: their number is not known yet
    std::vector<Toast> toasts;
};

} // namespace mg::app
