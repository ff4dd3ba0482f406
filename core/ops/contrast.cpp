#include "ops/contrast.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/clones.h"
#include "math/portable.h"

namespace mg {
namespace {

constexpr int k_table_steps = 4096;
/// Steps of the log and asinh curves: how strongly they bend.
constexpr double k_log_bend = 100, k_asinh_bend = 10;

struct Line {
    float low, scale;
};

MG_CLONES void stretch_row(float const* values, float* __restrict out, int width, Line line) {
    for (int x = 0; x < width; ++x) {
        float const t = (values[x] - line.low) * line.scale;
        float const held = t > 0 ? t : 0;
        out[x] = held < 1 ? held : 1;
    }
}

/// In place: t to table(sqrt(t)).
MG_CLONES void look_up_row(float* __restrict row, int width, float const* __restrict table) {
    for (int x = 0; x < width; ++x) {
        float const place = std::sqrt(row[x]) * k_table_steps;
        int const index = static_cast<int>(place);
        float const below = table[index];
        row[x] = below + (table[index + 1] - below) * (place - static_cast<float>(index));
    }
}

double asinh_portable(double x) {
    return log_portable(x + std::sqrt(x * x + 1));
}

} // namespace

double tone(double t, Levels const& levels) {
    t = std::clamp(t, 0.0, 1.0);
    switch (levels.curve) {
    case ToneCurve::linear:
        break;
    case ToneCurve::log:
        t = log_portable(1 + k_log_bend * t) / log_portable(1 + k_log_bend);
        break;
    case ToneCurve::asinh:
        t = asinh_portable(k_asinh_bend * t) / asinh_portable(k_asinh_bend);
        break;
    }
    if (levels.gamma != 1 && levels.gamma > 0) t = pow_portable(t, 1 / levels.gamma);
    return std::clamp(t, 0.0, 1.0);
}

Result<Plane> with_levels(ImageView<float const> plane, Levels levels) {
    MG_TRY(Plane result, Plane::create(plane.size));
    Line line{static_cast<float>(levels.low), static_cast<float>(1 / (levels.high - levels.low))};
    if (!(levels.high > levels.low) || !std::isfinite(line.scale)) line.scale = 1e30f;
    bool const straight = levels.curve == ToneCurve::linear && levels.gamma == 1;
    std::vector<float> table;
    if (!straight) {
        for (int i = 0; i <= k_table_steps; ++i) {
            double const root = static_cast<double>(i) / k_table_steps;
            table.push_back(static_cast<float>(tone(root * root, levels)));
        }
        table.push_back(table.back());
    }
    for (int y = 0; y < plane.height(); ++y) {
        stretch_row(plane.row(y), result.row(y), plane.width(), line);
        if (!straight) look_up_row(result.row(y), plane.width(), table.data());
    }
    return result;
}

} // namespace mg
