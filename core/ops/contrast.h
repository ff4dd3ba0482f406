#pragma once
// The display map: levels, a curve and gamma take recorded values to display values 0..1.
#include "image/image.h"

namespace mg {

/// With t the place between low (0) and high (1):
///   linear  t
///   log     ln(1 + 100 t) / ln(101)
///   asinh   arsinh(10 t) / arsinh(10), straight near black and like a logarithm above
enum class ToneCurve { linear, log, asinh };

struct Levels {
    double low = 0;
    double high = 1;  ///< not above low: everything above low is white, the rest black
    double gamma = 1; ///< output = curve(t)^(1 / gamma); above 1 brightens the middle
    ToneCurve curve = ToneCurve::linear;
};

/// Never decreasing. Curves other than a straight line are read from a table over sqrt(t), within 2e-4 of the formula.
Result<Plane> with_levels(ImageView<float const> plane, Levels levels);

/// The formula itself, for a value between the levels as t.
double tone(double t, Levels const& levels);

} // namespace mg
