#include "ops/find_databar.h"

#include <gtest/gtest.h>

namespace mg {
namespace {

/// Noise of 8-bit levels within low..high.
Plane noise(Size size, int low, int high) {
    Plane plane = std::move(Plane::create(size)).value();
    unsigned state = 7;
    for (std::int64_t i = 0; i < size.area(); ++i) {
        state = state * 1664525U + 1013904223U;
        plane.data()[i] =
            static_cast<float>(low + static_cast<int>((state >> 8) % static_cast<unsigned>(high - low + 1))) / 255.0F;
    }
    return plane;
}
void paint(Plane& plane, Rect rect, float value) {
    for (int y = rect.y; y < rect.y + rect.height; ++y)
        for (int x = rect.x; x < rect.x + rect.width; ++x) plane.at(x, y) = value;
}
/// Two lines of upright strokes such as letters have, 12 px high.
void write_text(Plane& plane, Rect box, float ink) {
    for (int line = 0; line < 2; ++line)
        for (int x = box.x + 6; x + 8 < box.x + box.width; x += 9) {
            int y = box.y + 4 + line * 16;
            paint(plane, {x, y, 2, 12}, ink);
            paint(plane, {x + 2, y + (x % 3) * 4, 4, 2}, ink);
        }
}

TEST(FoundDatabar, IsTheBoxOfABarAcrossTheWidth) {
    for (bool dark : {true, false}) {
        Plane image = noise({640, 480}, 40, 200);
        paint(image, {0, 444, 640, 36}, dark ? 0 : 1);
        write_text(image, {0, 444, 640, 36}, dark ? 1 : 0);
        auto box = found_databar(image.view());
        ASSERT_TRUE(box.has_value());
        EXPECT_EQ(*box, (Rect{0, 444, 640, 36}));
    }
}

TEST(FoundDatabar, IsTheBoxOfABarInsideTheFrame) {
    Plane image = noise({712, 484}, 18, 120);
    Rect box{43, 423, 576, 40};
    paint(image, box, 0);
    write_text(image, box, 1);
    auto found = found_databar(image.view());
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(*found, box);
}

TEST(FoundDatabar, IsNothingInPictures) {
    EXPECT_FALSE(found_databar(noise({640, 480}, 0, 255).view())) << "noise";
    EXPECT_FALSE(found_databar(noise({640, 480}, 9, 9).view())) << "one value";

    Plane clipped = noise({640, 480}, 40, 200);
    paint(clipped, {0, 380, 640, 100}, 0);
    EXPECT_FALSE(found_databar(clipped.view())) << "a black lower edge without text";

    Plane particles = noise({640, 480}, 0, 0);
    for (int i = 0; i < 300; ++i) paint(particles, {(i * 97) % 630, (i * 61) % 470, 6, 7}, 1);
    EXPECT_FALSE(found_databar(particles.view())) << "bright particles on a black ground";

    Plane low = noise({640, 480}, 40, 200);
    paint(low, {0, 240, 640, 40}, 0);
    write_text(low, {0, 240, 640, 40}, 1);
    EXPECT_FALSE(found_databar(low.view())) << "lettering in the middle of the picture";

    Plane narrow = noise({640, 480}, 40, 200);
    paint(narrow, {20, 440, 200, 30}, 0);
    write_text(narrow, {20, 440, 200, 30}, 1);
    EXPECT_FALSE(found_databar(narrow.view())) << "a small label";

    // A wafer's edge: half noise, half clipped black with a few bright specks.
    Plane edge = noise({640, 480}, 40, 200);
    paint(edge, {0, 400, 640, 80}, 0);
    for (int i = 0; i < 40; ++i) paint(edge, {(i * 97) % 630, 405 + (i * 61) % 70, 3, 3}, 0.8F);
    EXPECT_FALSE(found_databar(edge.view())) << "specks below an edge";

    EXPECT_FALSE(found_databar(noise({1, 1}, 0, 255).view()));
    EXPECT_FALSE(found_databar(noise({2000, 3}, 0, 0).view()));
}

} // namespace
} // namespace mg
