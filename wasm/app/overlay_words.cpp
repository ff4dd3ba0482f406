#include "app/overlay_words.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "recipe/overlay.h"

namespace mg::app {

namespace {

std::string words_of_trust(Alignment const& alignment) {
    std::string const word(trust_name(alignment.trust));
    return alignment.reason.empty() ? word : word + ": " + alignment.reason;
}

} // namespace

ComposeSettings compose_settings(Recipe const& recipe) {
    ComposeSettings settings;
    if (StepUse const* use = find_use(recipe, "compose"))
        for (std::size_t i = 0; i < use->values.size(); ++i) use->step->params[i].set(&settings, use->values[i]);
    return settings;
}

Point shift_of(Alignment const& alignment, Size reference) {
    Point const centre{(reference.width - 1) / 2.0, (reference.height - 1) / 2.0};
    Point const there = alignment.from_reference(centre);
    return {there.x - centre.x, there.y - centre.y};
}

std::string alignment_words(Alignment const& alignment, Size reference) {
    if (alignment.trust == Trust::reference) return "reference";
    if (alignment.trust == Trust::refused || alignment.trust == Trust::doubtful) return words_of_trust(alignment);
    Point const shift = shift_of(alignment, reference);
    auto const part = [](double value) {
        std::string text = format_fixed(std::fabs(value), 1);
        return (value < 0 && text != "0.0" ? "−" : "+") + text;
    };
    return part(shift.x) + ", " + part(shift.y) + " px" + (alignment.trust == Trust::by_hand ? ", by hand" : "");
}

double largest_distance(Projective const& a, Projective const& b, Size reference) {
    double largest = 0;
    for (double const x : {0.0, reference.width - 1.0})
        for (double const y : {0.0, reference.height - 1.0}) {
            Point const p = a({x, y}), q = b({x, y});
            largest = std::max(largest, std::hypot(p.x - q.x, p.y - q.y));
        }
    return largest;
}

} // namespace mg::app
