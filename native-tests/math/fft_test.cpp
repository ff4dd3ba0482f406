#include "math/fft.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <cstring>
#include <functional>
#include <numbers>

#include "math/random.h"
#include "support/plane_maker.h"

namespace mg {
namespace {

using Complex = std::complex<double>;

constexpr Size k_sizes[] = {{1, 1}, {1, 2}, {2, 1},  {1, 7},  {7, 1},  {2, 2},   {3, 5},  {5, 3},   {4, 4},
                            {8, 6}, {9, 8}, {16, 9}, {12, 20}, {7, 13}, {15, 16}, {30, 11}, {17, 24}, {25, 18}};

Plane noise(Size size, std::uint64_t seed) {
    Random random(seed);
    return test::plane_of(size, [&](int, int) { return random.uniform(); });
}

Fft2 plan(Size size) {
    return std::move(Fft2::create(size)).value();
}

/// The definition, term by term.
Complex direct(Plane const& re, Plane const* im, int u, int v) {
    int w = re.width(), h = re.height();
    Complex sum = 0;
    for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x) {
            double turns = static_cast<double>(u) * x / w + static_cast<double>(v) * y / h;
            double angle = -2 * std::numbers::pi * turns;
            sum += Complex(double{re.at(x, y)}, im ? double{im->at(x, y)} : 0) *
                   Complex(std::cos(angle), std::sin(angle));
        }
    return sum;
}

Complex value_of(Spectrum const& spectrum, int column, int row) {
    return Complex(spectrum.at(column, row));
}

/// The last part first.
class Backwards : public Work {
public:
    void for_each(std::size_t count, std::function<void(std::size_t)> const& part) override {
        for (std::size_t i = count; i-- > 0;) part(i);
    }
};

TEST(FftLength, IsTheNextEvenProductOfTwosThreesAndFives) {
    EXPECT_EQ(good_fft_length(-3), 2);
    EXPECT_EQ(good_fft_length(1), 2);
    EXPECT_EQ(good_fft_length(2), 2);
    EXPECT_EQ(good_fft_length(9), 10);
    EXPECT_EQ(good_fft_length(13), 16);
    EXPECT_EQ(good_fft_length(484), 486);
    EXPECT_EQ(good_fft_length(712), 720);
    EXPECT_EQ(good_fft_length(968), 972);
    EXPECT_EQ(good_fft_length(1424), 1440);
    EXPECT_EQ(good_fft_length(4097), 4320);
}

TEST(Fft, AgreesWithTheDefinitionAtEverySize) {
    for (Size size : k_sizes) {
        Plane image = noise(size, 3);
        Spectrum spectrum = std::move(plan(size).forward(image.view())).value();
        ASSERT_EQ(spectrum.size(), (Size{size.width / 2 + 1, size.height}));
        double tolerance = 1e-6 * static_cast<double>(size.area());
        for (int v = 0; v < size.height; ++v)
            for (int u = 0; u <= size.width / 2; ++u)
                ASSERT_LT(std::abs(value_of(spectrum, u, v) - direct(image, nullptr, u, v)), tolerance)
                    << size.width << " x " << size.height << " at " << u << ", " << v;
    }
}

TEST(Fft, OfComplexImagesAgreesWithTheDefinitionAtEverySize) {
    for (Size size : k_sizes) {
        Plane re = noise(size, 3), im = noise(size, 4);
        Spectrum spectrum = std::move(plan(size).forward({re.view(), im.view()})).value();
        ASSERT_EQ(spectrum.size(), size);
        double tolerance = 1e-6 * static_cast<double>(size.area());
        for (int v = 0; v < size.height; ++v)
            for (int u = 0; u < size.width; ++u)
                ASSERT_LT(std::abs(value_of(spectrum, u, v) - direct(re, &im, u, v)), tolerance)
                    << size.width << " x " << size.height << " at " << u << ", " << v;
    }
}

TEST(Fft, GivesNumpysNumbers) {
    // a = np.array([((i * 37 + 11) % 64) / 64 for i in range(63)]).reshape(7, 9); np.fft.rfft2(a)
    Plane a = test::quoted_plane();
    Spectrum half = std::move(plan(a.size()).forward(a.view())).value();
    struct Quoted {
        int row, column;
        Complex value;
    };
    Quoted const reals[] = {{0, 0, {30.90625, 0}},
                            {0, 1, {0.5551069431189783, -2.0328570975447455}},
                            {1, 0, {-0.7994063679024199, 0.5076019920243072}},
                            {3, 4, {-1.6622135547422228, 0.251573642232205}},
                            {6, 2, {-1.2273206902354892, -1.328783640695173}},
                            {5, 3, {1.1234898018587334, 2.681048799765982}}};
    for (Quoted const& q : reals) EXPECT_LT(std::abs(value_of(half, q.column, q.row) - q.value), 5e-6);
    // np.fft.fft2(a + 1j * a[::-1, ::-1])
    Plane turned = test::plane_of(a.size(), [&](int x, int y) { return a.at(8 - x, 6 - y); });
    Spectrum whole = std::move(plan(a.size()).forward({a.view(), turned.view()})).value();
    Quoted const complexes[] = {{0, 0, {30.90625, 30.90625}},
                                {0, 8, {2.4691816914359546, 1.1513983320926982}},
                                {1, 5, {-2.6803903371160813, 0.4382445482449935}},
                                {6, 2, {-1.8073161466860395, -3.042139211193006}}};
    for (Quoted const& q : complexes) EXPECT_LT(std::abs(value_of(whole, q.column, q.row) - q.value), 5e-6);
}

TEST(Fft, InverseGivesTheImageBack) {
    for (Size size : {Size{1, 1}, Size{5, 3}, Size{16, 9}, Size{61, 43}, Size{150, 100}, Size{256, 128}}) {
        Plane image = noise(size, 5), other = noise(size, 6);
        Fft2 fft = plan(size);
        Plane back = std::move(fft.inverse(std::move(fft.forward(image.view())).value())).value();
        EXPECT_LT(test::largest_difference(image, back), 1e-6) << size.width << " x " << size.height;
        ComplexPlane both =
            std::move(fft.inverse_complex(std::move(fft.forward({image.view(), other.view()})).value())).value();
        EXPECT_LT(test::largest_difference(image, both.re), 1e-6) << size.width << " x " << size.height;
        EXPECT_LT(test::largest_difference(other, both.im), 1e-6) << size.width << " x " << size.height;
    }
}

TEST(Fft, KeepsTheEnergy) {
    Size size{96, 50};
    Plane image = noise(size, 7);
    Spectrum spectrum = std::move(plan(size).forward(image.view())).value();
    double of_image = 0, of_spectrum = 0;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) of_image += double{image.at(x, y)} * double{image.at(x, y)};
    for (int v = 0; v < size.height; ++v)
        for (int u = 0; u <= 48; ++u) of_spectrum += (u == 0 || u == 48 ? 1 : 2) * std::norm(value_of(spectrum, u, v));
    EXPECT_NEAR(of_spectrum / static_cast<double>(size.area()) / of_image, 1, 1e-6);
}

TEST(Fft, ShiftTurnsThePhase) {
    Size size{40, 36};
    Plane image = noise(size, 8);
    Plane shifted = test::plane_of(size, [&](int x, int y) { return image.at((x + 40 - 7) % 40, (y + 5) % 36); });
    Fft2 fft = plan(size);
    Spectrum a = std::move(fft.forward(image.view())).value(), b = std::move(fft.forward(shifted.view())).value();
    for (int v = 0; v < 36; ++v)
        for (int u = 0; u <= 20; ++u) {
            double angle = -2 * std::numbers::pi * (u * 7 / 40.0 - v * 5 / 36.0);
            EXPECT_LT(std::abs(value_of(a, u, v) * Complex(std::cos(angle), std::sin(angle)) - value_of(b, u, v)), 1e-3);
        }
}

TEST(Fft, ProductOfSpectraOverAllLanesIsTheCircularConvolution) {
    Size size{10, 12};
    Plane a = noise(size, 9), b = noise(size, 10);
    Fft2 fft = plan(size);
    Spectrum product = std::move(fft.forward(a.view())).value(), other = std::move(fft.forward(b.view())).value();
    for (int band = 0; band < product.bands(); ++band)
        for (int y = 0; y < product.size().height; ++y)
            for (int lane = 0; lane < Spectrum::k_lanes; ++lane) {
                Spectrum::Cell& p = product.band(band)[y];
                Spectrum::Cell const& q = other.band(band)[y];
                std::complex<float> value = std::complex<float>(p.re[lane], p.im[lane]) *
                                            std::complex<float>(q.re[lane], q.im[lane]);
                p.re[lane] = value.real();
                p.im[lane] = value.imag();
            }
    Plane found = std::move(fft.inverse(std::move(product))).value();
    for (int y = 0; y < 12; ++y)
        for (int x = 0; x < 10; ++x) {
            double sum = 0;
            for (int j = 0; j < 12; ++j)
                for (int i = 0; i < 10; ++i) sum += double{a.at(i, j)} * double{b.at((x - i + 10) % 10, (y - j + 12) % 12)};
            EXPECT_NEAR(found.at(x, y), sum, 3e-5);
        }
}

TEST(Fft, LanesBeyondTheLastColumnHoldZeros) {
    for (int width : {1, 2, 3, 4, 5, 6, 9, 11}) {
        Plane image = noise({width, 13}, 2);
        Spectrum half = std::move(plan(image.size()).forward(image.view())).value();
        Spectrum whole = std::move(plan(image.size()).forward({image.view(), image.view()})).value();
        for (Spectrum* spectrum : {&half, &whole})
            for (int column = spectrum->size().width; column < spectrum->bands() * Spectrum::k_lanes; ++column)
                for (int y = 0; y < 13; ++y) EXPECT_EQ(spectrum->at(column, y), std::complex<float>(0, 0));
    }
}

TEST(Fft, SmallerImageIsThatImageOnZeros) {
    Size size{24, 30};
    for (Size part : {Size{1, 1}, Size{23, 30}, Size{24, 5}, Size{9, 17}}) {
        Plane image = noise(part, 11);
        Plane padded = test::plane_of(size, [&](int x, int y) {
            return x < part.width && y < part.height ? image.at(x, y) : 0.0F;
        });
        Fft2 fft = plan(size);
        Plane a = std::move(fft.inverse(std::move(fft.forward(image.view())).value())).value();
        Plane b = std::move(fft.inverse(std::move(fft.forward(padded.view())).value())).value();
        EXPECT_TRUE(test::same_pixels(a, b));
    }
}

TEST(Fft, ViewWithStrideIsReadRowByRow) {
    Plane image = noise({40, 40}, 12);
    ImageView<float const> view = image.view().cropped({3, 5, 20, 18});
    Plane copy = test::plane_of({20, 18}, [&](int x, int y) { return view.at(x, y); });
    Fft2 fft = plan({20, 18});
    Spectrum a = std::move(fft.forward(view)).value(), b = std::move(fft.forward(copy.view())).value();
    for (int v = 0; v < 18; ++v)
        for (int u = 0; u <= 10; ++u) EXPECT_EQ(a.at(u, v), b.at(u, v));
}

TEST(Fft, PartsInAnyOrderGiveTheSameBits) {
    Size size{150, 90};
    Plane image = noise(size, 13);
    Fft2 fft = plan(size);
    Plane alone = std::move(fft.inverse(std::move(fft.forward(image.view())).value())).value();
    Backwards backwards;
    Plane turned = std::move(fft.inverse(std::move(fft.forward(image.view(), &backwards)).value(), &backwards)).value();
    EXPECT_TRUE(test::same_pixels(alone, turned));
}

TEST(Fft, BitsAreTheSameOnEveryPlatform) {
    Size size{150, 96};
    Plane image = noise(size, 14);
    Fft2 fft = plan(size);
    Spectrum spectrum = std::move(fft.forward(image.view())).value();
    std::uint64_t hash = 1469598103934665603U;
    for (int v = 0; v < size.height; ++v)
        for (int u = 0; u <= 75; ++u)
            for (float part : {spectrum.at(u, v).real(), spectrum.at(u, v).imag()}) {
                std::uint32_t bits;
                std::memcpy(&bits, &part, sizeof bits);
                hash = (hash ^ bits) * 1099511628211U;
            }
    EXPECT_EQ(hash, 14145695840039511911U);
}

TEST(Fft, UnfitSizesAreErrors) {
    EXPECT_FALSE(Fft2::create({0, 5}).has_value());
    EXPECT_FALSE(Fft2::create({1 << 20, 1 << 20}).has_value());
    Fft2 fft = plan({8, 8});
    Plane large = noise({9, 8}, 1), small = noise({8, 8}, 1), other = noise({7, 8}, 1);
    EXPECT_FALSE(fft.forward(large.view()).has_value());
    EXPECT_FALSE(fft.forward({small.view(), other.view()}).has_value());
    EXPECT_FALSE(fft.inverse(std::move(fft.forward({small.view(), small.view()})).value()).has_value());
    EXPECT_FALSE(fft.inverse_complex(std::move(fft.forward(small.view())).value()).has_value());
}

} // namespace
} // namespace mg
