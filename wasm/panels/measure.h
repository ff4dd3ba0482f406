#pragma once
// Measuring on the picture: a line dragged over it, its length in pixels of the file as stored and as a length, and
// from a known length the pixel size of this image or the display width of its microscope.
#include <optional>
#include <span>

#include "panels/canvas_tools.h"

namespace mg::app {

struct Measured {
    double columns = 0, rows = 0; ///< of the file as stored, both positive
    double px = 0;                ///< along the line, in widths of a pixel
    std::optional<double> nm;     ///< when the pixel size is known
};
/// `line`: x, y, x, y in stored pixels. Nothing for a line without length.
std::optional<Measured> measured(std::span<double const> line, Acquisition const& facts);

/// The display width in mm that gives the known length: pixel width x stored width x magnification. Nothing without a
/// magnification.
std::optional<MicroscopePreset> preset_from(Measured const& line, double known_nm, FileResult const& result);

struct MeasureOn {
    FileResult const& result;
    int file = 0;
    ui::ViewMap const& map; ///< of the picture shown
    Affine to_stored;       ///< pixel of that picture -> pixel of the file as stored
};
/// The line, its ends and the fields for a known length; what the left button does.
void draw_measure(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, MeasureOn const& on,
                  PictureTouch const& touch, ui::Box area);

/// Commands that make a known length that of one file.
struct KnownLength {
    double nm = 0, columns_px = 0, rows_px = 0;
};
void set_known_length(CommandSink& commands, int file, KnownLength const& known);
/// Commands that make a preset count for all files; an empty name: none.
void set_microscope(CommandSink& commands, MicroscopePreset const& preset);

} // namespace mg::app
