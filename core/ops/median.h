#pragma once
// Running medians of small windows, by sorting networks (Knuth, The Art of Computer Programming vol. 3, 5.3.4) on
// sorted columns (Smith 1996). Edges are mirrored with the edge pixel repeated: the numbers of
// scipy.ndimage.median_filter(plane, size=(rows, columns), mode='reflect'), exactly.
#include "image/image.h"

namespace mg {

Result<Plane> median_3x3(ImageView<float const> plane);
/// Three rows high, five columns wide: the long side lies along the fast scan.
Result<Plane> median_3x5(ImageView<float const> plane);

/// One row of median_3x5. The caller's scratch makes a loop over rows free of allocations.
class RowMedian3x5 {
public:
    static Result<RowMedian3x5> create(int width);
    /// Medians about row y of the plane into `out`, which holds its width.
    void row(ImageView<float const> plane, int y, float* out);

private:
    Plane m_columns; ///< lowest, middle and highest of each column of three, with two columns of padding at either end
};

} // namespace mg
