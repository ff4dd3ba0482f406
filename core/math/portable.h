#pragma once
// exp, log, pow, sin and cos made of + - * / and integer operations only, so that every platform gives the same bits;
// the C libraries' differ in the last one. Within 2e-16 to 5e-16 of the true value relative to it (sin and cos near
// their zeros: relative to 1). sqrt, floor and the four operations are exact everywhere and need no such twin.

namespace mg {

/// 0 below -745.2, infinity above 709.8.
double exp_portable(double x);
/// Natural logarithm; -infinity at 0, not a number below.
double log_portable(double x);
/// x to the power of y for x >= 0 (0^0 = 1, 0^negative = infinity); not a number for x < 0.
double pow_portable(double x, double y);
/// Angles in radians, |x| below 1e6; not a number beyond.
double sin_portable(double x);
double cos_portable(double x);

} // namespace mg
