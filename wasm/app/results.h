#pragma once
// What the workers have found out about each input: all of it can be thrown away and made again.
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "image/scene.h"
#include "recipe/job.h"

namespace mg::app {

enum class FileState { waiting, working, done, attention, failed };

/// 8-bit pixels for the screen: one (grey) or four (RGBA) bytes per pixel, rows packed.
struct Picture {
    Size size;
    int bytes_per_pixel = 1;
    std::vector<std::uint8_t> pixels;
    std::uint64_t serial = 0; ///< unique; a texture is made anew when it differs
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
    PicturePtr thumbnail;   ///< at most 104 px wide
    Metadata metadata;      ///< with corrections applied
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

struct Results {
    std::map<int, FileResult> files; ///< by InputEntry id
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
    double running_for_s = 0;  ///< a spinner is shown only after 0.4 s
    int workers = 0;
    std::vector<Toast> toasts;
};

} // namespace mg::app
