#include "draw/label_shapes.h"

#include <vector>

namespace mg {

LabelReader label_reader(Fonts const& fonts) {
    constexpr double k_em_px = 48;
    constexpr Size k_room{80, 80};
    std::vector<Plane> drawn;
    std::vector<GlyphSample> samples;
    for (Weight weight : {Weight::regular, Weight::semibold})
        for (std::string_view text : {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "n", "m", "u", "\u00B5"}) {
            auto plane = Plane::filled(k_room, 0.0F);
            if (!plane) continue;
            Canvas canvas{{plane->view()}};
            fonts.draw(canvas, {20, 55}, text, {k_em_px, weight}, Colour::grey(1));
            char32_t const code = text.size() == 1 ? static_cast<char32_t>(text.front()) : U'\u00B5';
            auto const keep = [&](Plane drawing) {
                drawn.push_back(std::move(drawing));
                samples.push_back({code, drawn.back().view()});
            };
            // Many fonts put the 1 on a foot.
            if (auto foot = plane->clone(); foot && code == U'1') {
                constexpr int k_baseline = 55, k_foot_px = 25;
                int right = k_room.width - 1; // of the stem
                while (right > 0 && plane->at(right, k_baseline - 4) < 0.5F) --right;
                double const stroke = (weight == Weight::regular ? 0.09 : 0.14) * k_em_px;
                Canvas with_foot{{foot->view()}};
                fill(with_foot, {right + 1 - stroke / 2 - k_foot_px / 2.0, k_baseline - stroke, k_foot_px, stroke},
                     Colour::grey(1));
                keep(std::move(foot).value());
            }
            keep(std::move(plane).value());
        }
    return LabelReader(samples);
}

std::optional<BurnedBar> burned_scale_bar(std::span<PlanePtr const> planes, int reduction) {
    if (planes.empty()) return {};
    Plane const& plane = *planes[planes.size() == 3 ? 1 : 0];
    Fonts const fonts;
    auto bar = found_scale_bar(plane.view(), label_reader(fonts));
    if (!bar || reduction <= 1) return bar;
    bar->length_px *= reduction;
    bar->uncertainty_px *= reduction;
    for (Rect* box : {&bar->box, &bar->label_box})
        *box = {box->x * reduction, box->y * reduction, box->width * reduction, box->height * reduction};
    return bar;
}

} // namespace mg
