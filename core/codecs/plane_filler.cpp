#include "codecs/plane_filler.h"

#include <algorithm>

namespace mg {
namespace {

std::string share_of_size(int reduction) {
    return reduction == 2   ? "half its size"
           : reduction == 3 ? "a third of its size"
           : reduction == 4 ? "a quarter of its size"
                            : "1/" + std::to_string(reduction) + " of its size";
}

std::string in_pixels(Size size) {
    return std::to_string(size.width) + " x " + std::to_string(size.height);
}

} // namespace

Size reduced(Size stored, int reduction) {
    return {std::max(1, stored.width / reduction), std::max(1, stored.height / reduction)};
}

int reduction_for(Size stored, std::int64_t largest_pixels) {
    int reduction = 1;
    while (reduced(stored, reduction).area() > std::max<std::int64_t>(1, largest_pixels)) ++reduction;
    return reduction;
}

Result<PlaneFiller> PlaneFiller::create(DecodeInput const& input, Size stored, int channels, Decoded& decoded) {
    PlaneFiller filler;
    filler.m_stored = stored;
    filler.m_reduction = reduction_for(stored, input.largest_pixels);
    Size const size = reduced(stored, filler.m_reduction);
    MG_TRY(filler.m_planes, make_planes(input, size, channels));
    filler.m_row.resize(static_cast<std::size_t>(stored.width));
    decoded.size = size;
    decoded.stored_size = stored;
    decoded.reduction = filler.m_reduction;
    if (filler.m_reduction > 1) {
        for (Plane& plane : filler.m_planes) std::fill_n(plane.data(), size.area(), 0.0f);
        decoded.warnings.push_back("read at " + share_of_size(filler.m_reduction) + ", " + in_pixels(size) + " of " +
                                   in_pixels(stored) + " px: the limit here is " +
                                   std::to_string(input.largest_pixels) + " pixels");
    }
    return filler;
}

void PlaneFiller::place(FillRun const& run) {
    Plane& plane = m_planes[static_cast<std::size_t>(run.channel)];
    int const y = run.y / m_reduction;
    if (y >= plane.height()) return;
    float* out = plane.row(y);
    if (m_reduction == 1) {
        for (int i = 0; i < run.count; ++i)
            out[run.x + std::ptrdiff_t{i} * run.step] = m_row[static_cast<std::size_t>(i)];
        return;
    }
    float const* in = m_row.data();
    if (run.step > 1) { // passes of an interlaced PNG
        for (int i = 0; i < run.count; ++i)
            if (int const x = (run.x + i * run.step) / m_reduction; x < plane.width()) out[x] += in[i];
        return;
    }
    // The runs of a row of tiles may begin and end inside a block.
    int const end = run.x + run.count;
    for (int at = run.x, x = at / m_reduction; at < end && x < plane.width(); ++x) {
        int const next = std::min(end, (x + 1) * m_reduction);
        float sum = 0;
        for (; at < next; ++at) sum += *in++;
        out[x] += sum;
    }
}

Planes PlaneFiller::take() {
    if (m_reduction > 1) {
        float const count = static_cast<float>(std::min(m_reduction, m_stored.width)) *
                            static_cast<float>(std::min(m_reduction, m_stored.height));
        for (Plane& plane : m_planes) {
            float* p = plane.data();
            for (std::int64_t i = 0, n = plane.size().area(); i < n; ++i)
                p[i] /= count; // sums of 0..1 round to `count` at most
        }
    }
    return std::move(m_planes);
}

} // namespace mg
