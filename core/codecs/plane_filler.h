#pragma once
// Planes while a decoder fills them row by row: at full size, or reduced to the means of k x k blocks without the full
// plane ever being held. At the right and at the bottom, what does not fill a block is left out, so that a pixel of the
// result is exactly k stored ones wide and high; a side shorter than k becomes one pixel.
#include "codecs/format.h"

namespace mg {

/// The smallest k for which the reduced image has at most `largest_pixels` (taken as 1 when less).
int reduction_for(Size stored, std::int64_t largest_pixels);
Size reduced(Size stored, int reduction);

/// `count` pixels of one channel from (x, y) of the stored image, with `step` columns between them.
struct FillRun {
    int channel = 0, x = 0, y = 0, count = 0, step = 1;
};

class PlaneFiller {
public:
    /// Reduced so that input.largest_pixels hold; `decoded` gets both sizes, the reduction and a warning of it.
    static Result<PlaneFiller> create(DecodeInput const& input, Size stored, int channels, Decoded& decoded);

    /// fill(float*) writes run.count values. A pixel that is put twice counts twice: put each once.
    template <class Fill>
    void put(FillRun const& run, Fill fill) {
        bool const in_place = m_reduction == 1 && run.step == 1;
        float* out = in_place ? m_planes[static_cast<std::size_t>(run.channel)].row(run.y) + run.x : m_row.data();
        fill(out);
        if (!in_place) place(run);
    }
    /// The planes, of `reduced` size; the filler is empty afterwards.
    Planes take();

private:
    void place(FillRun const& run);

    Size m_stored;
    int m_reduction = 1;
    Planes m_planes;
    std::vector<float> m_row;
};

} // namespace mg
