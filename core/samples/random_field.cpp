#include "samples/random_field.h"

#include <algorithm>
#include <cmath>

namespace mg {
namespace {

/// Box mean of 2 r + 1 pixels along rows, edge pixels repeated.
void blur_rows(Field& field, int r) {
    int width = field.size.width;
    std::vector<float> line(static_cast<std::size_t>(width));
    float scale = 1 / static_cast<float>(2 * r + 1);
    for (int y = 0; y < field.size.height; ++y) {
        float* row = field.row(y);
        auto clamped = [&](int x) { return row[std::clamp(x, 0, width - 1)]; };
        double sum = 0;
        for (int x = -r; x <= r; ++x) sum += clamped(x);
        for (int x = 0; x < width; ++x) {
            line[static_cast<std::size_t>(x)] = static_cast<float>(sum) * scale;
            sum += clamped(x + r + 1) - clamped(x - r);
        }
        std::copy(line.begin(), line.end(), row);
    }
}

void blur_columns(Field& field, int r) {
    Size size = field.size;
    Field source = field;
    auto clamped = [&](int y) { return source.row(std::clamp(y, 0, size.height - 1)); };
    std::vector<float> sums(static_cast<std::size_t>(size.width));
    float scale = 1 / static_cast<float>(2 * r + 1);
    for (int y = -r; y <= r; ++y)
        for (int x = 0; x < size.width; ++x) sums[static_cast<std::size_t>(x)] += clamped(y)[x];
    for (int y = 0; y < size.height; ++y) {
        float* row = field.row(y);
        float const* enters = clamped(y + r + 1);
        float const* leaves = clamped(y - r);
        float* sum = sums.data();
        for (int x = 0; x < size.width; ++x) {
            row[x] = sum[x] * scale;
            sum[x] += enters[x] - leaves[x];
        }
    }
}

} // namespace

void blur(Field& field, double sigma_px) {
    int r = std::max(1, static_cast<int>((std::sqrt(1 + 4 * sigma_px * sigma_px) - 1) / 2 + 0.5));
    for (int pass = 0; pass < 3; ++pass) {
        blur_rows(field, r);
        blur_columns(field, r);
    }
}

Field random_field(Random& random, Size size, double length_px) {
    Field field(size);
    for (float& value : field.values) value = quick_normal(random);
    blur(field, length_px);
    double sum = 0, squares = 0;
    for (float value : field.values) {
        sum += value;
        squares += double{value} * value;
    }
    double count = static_cast<double>(size.area());
    double mean = sum / count;
    double scale = 1 / std::sqrt(squares / count - mean * mean);
    for (float& value : field.values) value = static_cast<float>((value - mean) * scale);
    return field;
}

} // namespace mg
