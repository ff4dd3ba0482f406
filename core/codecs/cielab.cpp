// CIE 15, "Colorimetry": L* a* b* to XYZ. The matrix is sRGB's (IEC 61966-2-1) times Bradford's adaptation from D50 to
// D65 (ICC.1, annex E).
#include "codecs/cielab.h"

#include <algorithm>

#include "math/colour.h"

namespace mg {
namespace {

constexpr Triple k_white_d50{0.9642, 1.0, 0.8249};
constexpr Triple k_linear_from_xyz_d50[] = {
    {3.1338561, -1.6168667, -0.4906146}, {-0.9787684, 1.9161415, 0.0334540}, {0.0719453, -0.2289914, 1.4052427}};

double share_of_white(double f) {
    constexpr double k_bend = 6.0 / 29;
    return f > k_bend ? f * f * f : 3 * k_bend * k_bend * (f - 4.0 / 29);
}

} // namespace

void srgb_from_cielab(float* l, float* a, float* b, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
        double const y = (l[i] + 16.0) / 116;
        Triple const xyz{k_white_d50[0] * share_of_white(y + a[i] / 500.0), share_of_white(y),
                         k_white_d50[2] * share_of_white(y - b[i] / 200.0)};
        float* const out[] = {l + i, a + i, b + i};
        for (std::size_t c = 0; c < 3; ++c) {
            Triple const& row = k_linear_from_xyz_d50[c];
            double const linear = row[0] * xyz[0] + row[1] * xyz[1] + row[2] * xyz[2];
            *out[c] = static_cast<float>(linear_to_srgb(std::clamp(linear, 0.0, 1.0)));
        }
    }
}

} // namespace mg
