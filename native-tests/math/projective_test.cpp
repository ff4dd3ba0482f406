#include "math/projective.h"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

namespace mg {
namespace {

Projective const k_outer{{1.02, -.03, 4.5, .025, .97, -6.25}, 2e-4, -1e-4};
Projective const k_inner{{.9, .2, -3, -.1, 1.1, 7}, -3e-4, 5e-5};

void expect_near(Projective const& map, std::array<double, 8> const& expected) {
    Affine const& m = map.affine;
    double const found[] = {m.a, m.b, m.tx, m.c, m.d, m.ty, map.px, map.py};
    for (std::size_t i = 0; i < 8; ++i)
        EXPECT_NEAR(found[i], expected[i], 1e-11 * std::fmax(1, std::fabs(expected[i]))) << i;
}

TEST(Projective, IsComposedAsMatricesAreMultiplied) {
    // numpy: P = H @ G; P / P[2, 2]
    expect_near(k_outer.after(k_inner), {9.208471012316e-01, 1.714478822469e-01, 1.231601081406, -7.271953539601e-02,
                                         1.073082507259, 4.656052868729e-01, -1.101431861420e-04, -2.002603384400e-05});
}

TEST(Projective, IsInvertedAsAMatrix) {
    // numpy: I = inv(H); I / I[2, 2]
    expect_near(k_outer.inverse(), {9.790183305560e-01, 2.984396303590e-02, -4.219057718527, -2.651113467656e-02,
                                    1.029237994243, 6.552037570065, -1.984547795789e-04, 9.695500681715e-05});
}

TEST(Projective, TakesPointsOneMapAfterTheOther) {
    for (Point const p : {Point{0, 0}, Point{711, 0}, Point{0, 483}, Point{711, 483}, Point{-20.5, 17.25}}) {
        Point const expected = k_outer(k_inner(p)), found = k_outer.after(k_inner)(p);
        EXPECT_NEAR(found.x, expected.x, 1e-9);
        EXPECT_NEAR(found.y, expected.y, 1e-9);
        Point const back = k_outer.inverse()(k_outer(p));
        EXPECT_NEAR(back.x, p.x, 1e-9);
        EXPECT_NEAR(back.y, p.y, 1e-9);
    }
}

TEST(Projective, OfAffineMapsIsTheirOwnComposition) {
    Affine const a{1.1, .2, 3, -.1, .9, 5}, b{.8, -.3, -2, .4, 1.2, 1};
    Affine const expected = a.after(b), back = a.inverse();
    Projective const found = Projective(a).after(b), inverse = Projective(a).inverse();
    EXPECT_TRUE(found.is_affine());
    EXPECT_TRUE(inverse.is_affine());
    expect_near(found, {expected.a, expected.b, expected.tx, expected.c, expected.d, expected.ty, 0, 0});
    expect_near(inverse, {back.a, back.b, back.tx, back.c, back.d, back.ty, 0, 0});
    EXPECT_FALSE(k_outer.is_affine());
    EXPECT_EQ(Projective().after(Projective()), Projective());
}

} // namespace
} // namespace mg
