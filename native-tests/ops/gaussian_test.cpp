#include "ops/gaussian.h"

#include <gtest/gtest.h>

#include "math/random.h"
#include "ops/border.h"
#include "support/plane_maker.h"

namespace mg {
namespace {

using namespace test;

Plane blurred(Plane const& plane, Blur blur) {
    return std::move(gaussian_blurred(plane.view(), blur)).value();
}

TEST(Gaussian, GivesTheNumbersOfSciPy) {
    // scipy.ndimage.gaussian_filter(im, (0.8, 1.7), mode='reflect'), SciPy 1.10
    Plane const out = blurred(quoted_plane(), {.sigma_x_px = 1.7, .sigma_y_px = 0.8});
    double const first_row[] = {0.46800337, 0.49399314, 0.51644194, 0.51096803, 0.48187032,
                                0.45458542, 0.44866254, 0.46074429, 0.47362951};
    for (int x = 0; x < 9; ++x) EXPECT_NEAR(out.at(x, 0), first_row[x], 2e-7) << x;
    EXPECT_NEAR(out.at(4, 3), 0.4921990044907243, 2e-7);
    EXPECT_NEAR(out.at(8, 6), 0.3796793925587869, 2e-7);
}

TEST(Gaussian, MirrorsOverAndOverWhenTheKernelIsWiderThanTheImage) {
    // scipy.ndimage.gaussian_filter(im, 6, mode='reflect')
    Plane const out = blurred(quoted_plane(), {6, 6});
    double const first_row[] = {0.498125,   0.49716628, 0.49536148, 0.49293044, 0.49016538,
                                0.48740042, 0.4849685,  0.48316416, 0.48220201};
    for (int x = 0; x < 9; ++x) EXPECT_NEAR(out.at(x, 0), first_row[x], 3e-7) << x;
    EXPECT_NEAR(out.at(8, 6), 0.482942571142572, 3e-7);
}

TEST(Gaussian, IsTheSumOverItsKernelOnImagesLargerThanItsStrips) {
    Random random(1);
    Plane const plane = plane_of({531, 67}, [&](int, int) { return random.uniform(); });
    double const sigma_x = 3.3, sigma_y = 2.1;
    Plane const out = blurred(plane, {sigma_x, sigma_y});
    std::vector<float> const kx = gaussian_kernel(sigma_x), ky = gaussian_kernel(sigma_y);
    int const rx = static_cast<int>(kx.size()) - 1, ry = static_cast<int>(ky.size()) - 1;
    for (int n = 0; n < 300; ++n) {
        int const x0 = static_cast<int>(random.below(531)), y0 = static_cast<int>(random.below(67));
        double sum = 0;
        for (int y = -ry; y <= ry; ++y)
            for (int x = -rx; x <= rx; ++x)
                sum += double{ky[static_cast<std::size_t>(std::abs(y))]} *
                       double{kx[static_cast<std::size_t>(std::abs(x))]} *
                       double{plane.at(mirrored(x0 + x, 531), mirrored(y0 + y, 67))};
        ASSERT_NEAR(out.at(x0, y0), sum, 1e-6) << x0 << " " << y0;
    }
}

TEST(Gaussian, LeavesADirectionWithoutSigmaAlone) {
    Plane const plane = quoted_plane();
    EXPECT_TRUE(same_pixels(blurred(plane, {0, 0}), plane));
    Plane const rows = blurred(plane, {.sigma_x_px = 2, .sigma_y_px = 0});
    // scipy.ndimage.gaussian_filter(im, (0, 2)) keeps the sum of each row.
    for (int y = 0; y < 7; ++y) {
        double before = 0, after = 0;
        for (int x = 0; x < 9; ++x) before += double{plane.at(x, y)}, after += double{rows.at(x, y)};
        EXPECT_NEAR(before, after, 2e-6);
    }
}

TEST(Gaussian, KeepsAConstantOnEverySize) {
    for (Size const size : k_odd_sizes)
        for (double const sigma : {0.3, 1.4, 6.0}) {
            Plane const out = blurred(plane_of(size, [](int, int) { return 0.25; }), {sigma, sigma});
            for (int y = 0; y < size.height; ++y)
                for (int x = 0; x < size.width; ++x)
                    ASSERT_NEAR(out.at(x, y), 0.25f, 2e-7) << size.width << " " << size.height;
        }
}

TEST(Gaussian, TakesACropOfALargerImage) {
    Plane const plane = quoted_plane();
    Plane const part = plane_of({4, 3}, [&](int x, int y) { return plane.at(x + 2, y + 3); });
    Plane const of_crop = std::move(gaussian_blurred(plane.view().cropped({2, 3, 4, 3}), {1.1, 0.7})).value();
    EXPECT_TRUE(same_pixels(of_crop, blurred(part, {1.1, 0.7})));
}

TEST(Gaussian, MaskedPixelsGiveNothingToOthersAndKeepTheirValue) {
    Plane plane = plane_of({40, 30}, [](int, int) { return 0.25; });
    Mask mask = std::move(Mask::filled({40, 30}, 0)).value();
    for (int x = 5; x < 35; ++x) plane.at(x, 12) = 1, mask.at(x, 12) = k_mask_drawing;
    Plane const out = std::move(gaussian_blurred(plane.view(), mask.view(), {2, 2})).value();
    for (int y = 0; y < 30; ++y)
        for (int x = 0; x < 40; ++x) ASSERT_NEAR(out.at(x, y), mask.at(x, y) ? 1.0f : 0.25f, 1e-6) << x << " " << y;
}

TEST(Gaussian, WithNothingMaskedIsThePlainBlur) {
    Mask const mask = std::move(Mask::filled({9, 7}, 0)).value();
    Plane const out = std::move(gaussian_blurred(quoted_plane().view(), mask.view(), {1.7, 0.8})).value();
    EXPECT_LT(largest_difference(out, blurred(quoted_plane(), {1.7, 0.8})), 2e-7);
}

} // namespace
} // namespace mg
