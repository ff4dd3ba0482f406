#pragma once
// What the readers of files beside an image have in common.
#include <optional>
#include <string>

#include "metadata/metadata.h"

namespace mg {

/// "x.txt", as the user knows it.
std::string sidecar_title(MetadataInput const& input);
/// In UTF-8; of a very long file its beginning.
std::string sidecar_text(MetadataInput const& input);

/// How the stored image lies in the frame whose size a microscope states.
struct FrameFit {
    /// Pixels of the frame in one stored pixel, along each side. Absent: no pixel size of the frame holds here.
    std::optional<double> scale;
    int databar_rows = 0; ///< stored below the frame
    std::string warning;  ///< empty: as it was recorded
};
/// An image of the frame's width is the frame, with rows added below or cut off; one of its shape is the frame resized;
/// any other was cropped, or belongs to another frame. `stated_by` is for the warning: "x.txt: DataSize".
FrameFit fit_to_frame(Size stored, Size frame, std::string const& stated_by);

} // namespace mg
