#include "ui/plots.h"

#include <algorithm>

namespace mg::ui {

void histogram(Frame const& frame, Box box, std::span<float const> counts, Limits const& limits, bool lit) {
    ImDrawList& list = draw_list(frame);
    float most = 0;
    for (float c : counts) most = std::max(most, c);
    float base = frame.snap(box.bottom());
    if (most > 0) {
        // A thousandth of the largest count still has a tenth of the height.
        auto height = [&](float c) {
            return std::log1p(c / most * 300) / std::log1p(300.0f) * (box.height - frame.px(4));
        };
        auto n = static_cast<float>(counts.size());
        for (std::size_t i = 0; i + 1 < counts.size(); ++i) {
            float x0 = box.x + box.width * static_cast<float>(i) / (n - 1),
                  x1 = box.x + box.width * static_cast<float>(i + 1) / (n - 1);
            float y0 = base - height(counts[i]), y1 = base - height(counts[i + 1]);
            ImVec2 points[4] = {{x0, base}, {x0, y0}, {x1, y1}, {x1, base}};
            // Neighbours share an edge: softened edges would show as stripes.
            ImDrawListFlags before = list.Flags;
            list.Flags &= ~ImDrawListFlags_AntiAliasedFill;
            list.AddConvexPolyFilled(points, 4, frame.c.plot);
            list.Flags = before;
        }
    }
    horizontal_line(frame, box.x, box.right(), base - frame.hairline(), frame.c.line);
    auto x_of = [&](double v) { return box.x + box.width * static_cast<float>(std::clamp(v, 0.0, 1.0)); };
    float low = x_of(limits.low), high = x_of(limits.high);
    ImDrawList& top = list;
    float w = 1.2f * frame.scale;
    if (high > low) {
        constexpr int pieces = 24;
        for (int i = 0; i <= pieces; ++i) {
            float t = static_cast<float>(i) / pieces;
            float y = limits.gamma > 0 ? std::pow(t, static_cast<float>(1 / limits.gamma)) : t;
            top.PathLineTo({low + (high - low) * t, base - y * box.height});
        }
        top.PathStroke(faded(frame.c.text, 0.85f), 0, w);
    }
    for (float x : {low, high}) {
        float half = (lit ? 1.5f : 1.0f) * frame.hairline() / (lit ? 1 : 2);
        float at = std::clamp(x, box.x + half, box.right() - half);
        top.AddRectFilled({at - half, box.y}, {at + half, base}, frame.c.accent);
        if (!lit) continue;
        float r = frame.px(4);
        top.AddTriangleFilled({at, base - r}, {at + r, base + r}, {at - r, base + r}, frame.c.accent);
    }
}

} // namespace mg::ui
