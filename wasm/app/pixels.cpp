#include "app/pixels.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace mg::app {

namespace {

/// 0..255; not a number gives 0.
std::uint8_t level(float value) {
    if (!(value > 0)) return 0;
    return value >= 1 ? 255 : static_cast<std::uint8_t>(value * 255.0f + 0.5f);
}

void write_levels(Plane const& plane, double black, double white, std::uint8_t* out, int step) {
    auto const count = static_cast<std::size_t>(plane.size().area());
    float const* in = plane.data();
    if (black == 0 && white == 1) {
        for (std::size_t i = 0; i < count; ++i) out[i * static_cast<std::size_t>(step)] = level(in[i]);
        return;
    }
    auto const offset = static_cast<float>(black);
    auto const scale = static_cast<float>(1 / (white - black));
    for (std::size_t i = 0; i < count; ++i) out[i * static_cast<std::size_t>(step)] = level((in[i] - offset) * scale);
}

} // namespace

Picture to_picture(std::vector<PlanePtr> const& planes, double black, double white) {
    Picture picture;
    if (planes.empty()) return picture;
    picture.size = planes.front()->size();
    picture.bytes_per_pixel = planes.size() == 3 ? 4 : 1;
    auto const count = static_cast<std::size_t>(picture.size.area());
    picture.pixels.assign(count * static_cast<std::size_t>(picture.bytes_per_pixel), 255);
    for (std::size_t c = 0; c < planes.size(); ++c)
        write_levels(*planes[c], black, white, picture.pixels.data() + c, picture.bytes_per_pixel);
    return picture;
}

namespace {

/// Rounded to nearest; beyond the range of half floats: the largest.
std::uint16_t half_of(float value) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, 4);
    std::uint32_t const sign = bits >> 16 & 0x8000;
    bits &= 0x7fffffff;
    if (bits >= 0x477ff000) return static_cast<std::uint16_t>(sign | 0x7bff);
    if (bits < 0x38800000) { // subnormal as a half
        float magnitude;
        std::memcpy(&magnitude, &bits, 4);
        return static_cast<std::uint16_t>(sign | static_cast<std::uint32_t>(magnitude * 16777216.0f + 0.5f));
    }
    return static_cast<std::uint16_t>(sign | ((bits + 0xfff + (bits >> 13 & 1) - 0x38000000) >> 13));
}

std::vector<float> halved(std::vector<float> const& in, Size size, Size half) {
    std::vector<float> out(static_cast<std::size_t>(half.area()));
    auto const width = static_cast<std::size_t>(size.width);
    std::size_t const right = size.width > 1 ? 1 : 0, below = size.height > 1 ? width : 0;
    for (int y = 0; y < half.height; ++y) {
        float const* row = in.data() + static_cast<std::size_t>(2 * y) * width;
        float* to = out.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(half.width);
        for (int x = 0; x < half.width; ++x) {
            float const* p = row + 2 * x;
            to[x] = 0.25f * (p[0] + p[right] + p[below] + p[below + right]);
        }
    }
    return out;
}

Size half_size(Size size) { return {std::max(1, size.width / 2), std::max(1, size.height / 2)}; }

} // namespace

std::vector<Size> pyramid_sizes(Size size) {
    std::vector<Size> sizes{size};
    while (std::max(sizes.back().width, sizes.back().height) >= 8) sizes.push_back(half_size(sizes.back()));
    return sizes;
}

Size reduced(Size size, int largest_side_px, std::int64_t largest_area) {
    while (std::max(size.width, size.height) > largest_side_px || (size.area() > largest_area && size.area() > 1))
        size = half_size(size);
    return size;
}

Bytes half_pyramid(Plane const& plane, Mask const* mask, float empty, Size first) {
    Size size = plane.size();
    auto const count = static_cast<std::size_t>(size.area());
    std::vector<float> values(plane.data(), plane.data() + count);
    for (std::size_t i = 0; i < count; ++i)
        if ((mask && (mask->data()[i] & k_mask_outside)) || !std::isfinite(values[i])) values[i] = empty;
    while (size != first && size.area() > 1) {
        values = halved(values, size, half_size(size));
        size = half_size(size);
    }
    Bytes out;
    for (Size const& level : pyramid_sizes(size)) {
        if (level != size) {
            values = halved(values, size, level);
            size = level;
        }
        std::size_t const start = out.size();
        out.resize(start + values.size() * 2);
        for (std::size_t i = 0; i < values.size(); ++i) {
            std::uint16_t const half = half_of(values[i]);
            std::memcpy(out.data() + start + 2 * i, &half, 2);
        }
    }
    return out;
}

Limits finite_limits(std::vector<PlanePtr> const& planes) {
    float low = INFINITY, high = -INFINITY;
    for (PlanePtr const& plane : planes) {
        float const* in = plane->data();
        for (std::int64_t i = 0, n = plane->size().area(); i < n; ++i) {
            if (!std::isfinite(in[i])) continue;
            low = std::min(low, in[i]);
            high = std::max(high, in[i]);
        }
    }
    if (!(low < high)) return {};
    return {low, high};
}

Picture thumbnail(std::vector<PlanePtr> const& planes, int width, double pixel_aspect) {
    Picture picture;
    if (planes.empty()) return picture;
    Size const full = planes.front()->size();
    if (!(pixel_aspect > 0.01 && pixel_aspect < 100)) pixel_aspect = 1;
    double const reduction = std::max({1.0, double(full.width) / width, full.height * pixel_aspect / width});
    Size const size{std::max(1, static_cast<int>(full.width / reduction)),
                    std::max(1, static_cast<int>(full.height * pixel_aspect / reduction))};
    std::vector<PlanePtr> reduced;
    std::vector<float> sample;
    for (PlanePtr const& plane : planes) {
        auto small = Plane::create(size);
        if (!small) return picture;
        for (int y = 0; y < size.height; ++y) {
            int const y0 = static_cast<int>(std::int64_t{y} * full.height / size.height);
            int const y1 = std::max(y0 + 1, static_cast<int>(std::int64_t{y + 1} * full.height / size.height));
            for (int x = 0; x < size.width; ++x) {
                int const x0 = static_cast<int>(std::int64_t{x} * full.width / size.width);
                int const x1 = std::max(x0 + 1, static_cast<int>(std::int64_t{x + 1} * full.width / size.width));
                double sum = 0;
                int count = 0;
                for (int v = y0; v < y1; ++v)
                    for (int u = x0; u < x1; ++u)
                        if (float const value = plane->at(u, v); std::isfinite(value)) {
                            sum += double{value};
                            ++count;
                        }
                small->at(x, y) = count ? static_cast<float>(sum / count) : 0.0f;
            }
        }
        sample.insert(sample.end(), small->data(), small->data() + size.area());
        reduced.push_back(std::make_shared<Plane const>(std::move(small).value()));
    }
    std::sort(sample.begin(), sample.end());
    auto const quantile = [&](double q) { return sample[static_cast<std::size_t>(q * double(sample.size() - 1))]; };
    double const low = double{quantile(0.005)}, high = double{quantile(0.995)};
    return high > low ? to_picture(reduced, low, high) : to_picture(reduced);
}

Histogram histogram_of(Channel const& channel, double low, double high) {
    Histogram histogram;
    histogram.low = low;
    histogram.high = high;
    if (channel.planes.empty()) return histogram;
    std::array<std::int64_t, 256> counts{};
    std::int64_t total = 0, below = 0, above = 0;
    auto const from = static_cast<float>(low), to = static_cast<float>(high);
    std::uint8_t const* mask = channel.mask ? channel.mask->data() : nullptr;
    bool const colour = channel.is_colour();
    float const* a = channel.planes[0]->data();
    float const* b = colour ? channel.planes[1]->data() : nullptr;
    float const* c = colour ? channel.planes[2]->data() : nullptr;
    std::int64_t const n = std::int64_t{channel.size().width} * channel.micrograph_size().height;
    for (std::int64_t i = 0; i < n; ++i) {
        if (mask && mask[i]) continue;
        float const value = colour ? (a[i] + b[i] + c[i]) * (1.0f / 3.0f) : a[i];
        if (!std::isfinite(value)) continue;
        ++total;
        below += value < from;
        above += value > to;
        ++counts[static_cast<std::size_t>(std::clamp(value, 0.0f, 1.0f) * 255.0f + 0.5f)];
    }
    if (total == 0) return histogram;
    double const share = 1.0 / static_cast<double>(total);
    for (std::size_t i = 0; i < counts.size(); ++i)
        histogram.counts[i] = static_cast<float>(static_cast<double>(counts[i]) * share);
    histogram.below = static_cast<double>(below) * share;
    histogram.above = static_cast<double>(above) * share;
    return histogram;
}

} // namespace mg::app
