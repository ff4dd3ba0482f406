#pragma once
// The shapes that ops/read_label.h compares with, drawn with the program's own fonts; and the scale bar of a file, read
// with them.
#include <optional>
#include <span>

#include "draw/font.h"
#include "image/image.h"
#include "ops/find_scale_bar.h"

namespace mg {

LabelReader label_reader(Fonts const& fonts);

/// The scale bar drawn into a file's picture, one plane or three. Lengths and boxes are in pixels of the file as
/// stored: `reduction` is how many of them a pixel of the planes is wide. Takes 5 to 20 ms per million pixels.
std::optional<BurnedBar> burned_scale_bar(std::span<PlanePtr const> planes, int reduction);

} // namespace mg
