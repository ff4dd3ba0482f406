// The search rests on what no detector records: hundreds of neighbouring pixels of exactly one value, row after row,
// interrupted only by marks far from it in brightness. No text is read, and bars with smooth shading are not found.
#include "ops/find_databar.h"

#include <algorithm>
#include <cmath>

namespace mg {
namespace {

struct Run {
    int first = 0, length = 0;
};
/// Neighbours of exactly the value in the middle of the row; a run of more than half the width contains the middle.
Run run_through_middle(float const* row, int width) {
    int first = width / 2, end = first + 1;
    float value = row[first];
    while (first > 0 && row[first - 1] == value) --first;
    while (end < width && row[end] == value) ++end;
    return {first, end - first};
}

float range_of(ImageView<float const> image) {
    float low = image.at(0, 0), high = low;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            low = std::min(low, image.at(x, y));
            high = std::max(high, image.at(x, y));
        }
    return high - low;
}

struct RowFacts {
    double ground = 0; ///< share of pixels of the ground's value
    int marks = 0;     ///< how often the row leaves the ground
};
RowFacts facts_of(float const* row, int first, int end, float ground) {
    RowFacts facts;
    int count = 0;
    bool on_ground = true;
    for (int x = first; x < end; ++x) {
        bool is_ground = row[x] == ground;
        count += is_ground;
        facts.marks += on_ground && !is_ground;
        on_ground = is_ground;
    }
    facts.ground = static_cast<double>(count) / (end - first);
    return facts;
}

std::optional<Rect> box_around(ImageView<float const> image, int blank_row, Run span, float range) {
    constexpr double k_blank = 0.97, k_holds_text = 0.25;
    int width = image.width(), height = image.height(), first = span.first, end = span.first + span.length;
    float ground = image.at(first, blank_row);
    auto facts = [&](int y) { return facts_of(image.row(y), first, end, ground); };
    auto one_value = [&](int y) {
        return run_through_middle(image.row(y) + first, end - first).length >= 0.95 * (end - first);
    };
    int top = blank_row, bottom = blank_row + 1;
    while (top > height / 2 && facts(top - 1).ground >= k_holds_text) --top;
    while (bottom < height && facts(bottom).ground >= k_holds_text) ++bottom;
    // Frame lines belong to the box.
    for (int i = 0; i < 2 && top > 0 && one_value(top - 1); ++i) --top;
    for (int i = 0; i < 2 && bottom < height && one_value(bottom); ++i) ++bottom;
    Rect box{first, top, end - first, bottom - top};
    if (box.height < std::max(10, height / 60) || box.height > height / 4 || top < height / 2) return {};
    if (height - bottom > height / 12) return {};

    // The picture begins at once above it (and beside it, when the box does not span the width).
    for (int y = std::max(0, top - 4); y < top; ++y)
        if (facts(y).ground > 0.2) return {};
    if (facts(top).ground < 0.9 && !one_value(top)) return {};
    int inset_rows = 0;
    for (int y = top; y < bottom; ++y)
        inset_rows += (first == 0 || image.at(first - 1, y) != ground) && (end == width || image.at(end, y) != ground);
    if (inset_rows < 0.9 * box.height) return {};

    // Text: blank rows, rows with many marks, ink far from the ground and mostly of one value.
    int blank = 0, busy = 0;
    std::int64_t ink = 0, far_ink = 0;
    for (int y = top; y < bottom; ++y) {
        RowFacts row = facts(y);
        blank += row.ground >= k_blank;
        busy += row.marks >= 8;
        for (int x = first; x < end; ++x) {
            float distance = std::fabs(image.at(x, y) - ground);
            ink += distance > 0;
            far_ink += distance > 0.4F * range;
        }
    }
    double share = static_cast<double>(ink) / static_cast<double>(box.size().area());
    if (blank < 2 || busy < box.height / 4 || share < 0.02 || share > 0.5) return {};
    if (static_cast<double>(far_ink) < 0.5 * static_cast<double>(ink)) return {};
    return box;
}

} // namespace

std::optional<Rect> found_databar(ImageView<float const> image) {
    int width = image.width(), height = image.height();
    if (width < 128 || height < 64) return {};
    std::optional<float> range;
    // From the bottom up: a long run of one value in a row may be the space between a bar's lines of text.
    int tried = 0;
    for (int y = height - 1; y >= height - height / 4 && tried < 64; --y) {
        Run run = run_through_middle(image.row(y), width);
        if (run.length < 0.6 * width) continue;
        ++tried;
        if (!range) range = range_of(image);
        if (auto box = box_around(image, y, run, *range)) return box;
    }
    return {};
}

} // namespace mg
