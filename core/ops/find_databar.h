#pragma once
// A microscope's databar burned into the pixels.
#include <optional>

#include "image/image.h"

namespace mg {

/// Looks for a box of one exact grey value that holds two-toned, text-like marks, spans at least 60 % of the width,
/// lies within the bottom quarter and begins with a sharp straight edge. Returns its rectangle only when all of that is
/// so: a picture's own dark or bright areas are noisy, and rather no bar is found than a part of the picture taken for
/// one.
std::optional<Rect> found_databar(ImageView<float const> image);

} // namespace mg
