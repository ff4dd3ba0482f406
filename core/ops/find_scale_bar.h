#pragma once
// The scale bar that a microscope or a program drew into a picture, or into the databar under it: a plain line, a line
// with end caps |----|, one that its label interrupts |-- 30 µm --|, a ruler, or a row of ticks. What is found is a
// proposal: it is shown to the user, and never applied by itself.
//
// From where to where a bar counts was derived from files that also state their pixel size:
//   - a plain line: from end to end (JEOL: 250 px for 250.0);
//   - caps of a bar that the label interrupts: from outer edge to outer edge (FEI/Thermo: 448.5 px for 448.4, 371 for
//     370.7, 593 for 593.0);
//   - other caps, rulers and ticks: from middle to middle (Philips 126 px for 125.7, Zeiss 76 for 76.5 and 67 for 67.4,
//     TESCAN 200 for 199.9, Hitachi 404 for 403.1);
//   - this program's own bars, whose label stands centred above: from outer edge to outer edge.
#include <optional>
#include <string>

#include "image/image.h"
#include "ops/read_label.h"

namespace mg {

enum class BurnedBarKind { line, caps, interrupted, ticks };

struct BurnedBar {
    BurnedBarKind kind = BurnedBarKind::line;
    Rect box;             ///< of the bar, without its label
    double length_px = 0; ///< by the rules above
    /// By how much another reading of the ends would differ: the width of a cap, at least half a pixel.
    double uncertainty_px = 0.5;
    std::string label{}; ///< "2 µm"; empty: not read
    Rect label_box{};
    double length_nm = 0;  ///< 0: label not read
    double confidence = 0; ///< 0..1 of the label
    std::string why{};     ///< how it was found, in words: "a bar with end caps, its label above"

    /// The label was read beyond reasonable doubt.
    bool is_read() const { return length_nm > 0 && confidence >= 0.5; }
    double pixel_size_nm() const { return length_px > 0 ? length_nm / length_px : 0; }
};

/// "the bar in the picture is 126 px long and reads 2 \u00B5m: 15.9 nm/px"; without a label "... long; its label was
/// not read".
std::string words_of(BurnedBar const& bar);
/// The bar was read, and says otherwise than a pixel size from elsewhere by more than 3 % beyond what its ends leave
/// open.
bool contradicts(BurnedBar const& bar, double pixel_size_nm);

/// Nothing when there is no bar, or when several disagree.
std::optional<BurnedBar> found_scale_bar(ImageView<float const> image, LabelReader const& reader);

} // namespace mg
