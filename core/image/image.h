#pragma once
// Pixels: a borrowed view with explicit stride (a crop is a view), and an owned, move-only image whose allocation can
// fail. Rows run downwards; pixel centres lie at integer coordinates.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <type_traits>

#include "base/memory.h"
#include "base/result.h"

namespace mg {

struct Size {
    int width = 0;
    int height = 0;
    bool operator==(Size const&) const = default;
    std::int64_t area() const { return std::int64_t{width} * height; }
    bool empty() const { return width <= 0 || height <= 0; }
};

struct Rect {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    bool operator==(Rect const&) const = default;
    Size size() const { return {width, height}; }
    bool empty() const { return width <= 0 || height <= 0; }
};

/// Largest image that is read or made: 2^29 pixels (23 170 x 23 170), 2 GiB as one float plane.
inline constexpr std::int64_t k_max_pixels = std::int64_t{1} << 29;
/// Of this size an image is read whole in the page, whose memory ends at 4 GiB: 2^26 pixels (8192 x 8192), 256 MiB as one
/// float plane. A larger one is read at half its size, a third, ...
inline constexpr std::int64_t k_page_largest_pixels = std::int64_t{1} << 26;
/// Longest side in pixels.
inline constexpr int k_max_side_px = 1 << 20;

template <class T> struct ImageView {
    T* data = nullptr;
    Size size;
    std::ptrdiff_t stride = 0; ///< elements from one row to the next

    T* row(int y) const { return data + y * stride; }
    T& at(int x, int y) const { return data[y * stride + x]; }
    int width() const { return size.width; }
    int height() const { return size.height; }
    /// The part inside `rect`, which must lie within the view.
    ImageView cropped(Rect rect) const { return {data + rect.y * stride + rect.x, rect.size(), stride}; }
    operator ImageView<T const>() const
        requires(!std::is_const_v<T>)
    {
        return {data, size, stride};
    }
};

template <class T> class Image {
public:
    Image() = default;
    Image(Image&& other) noexcept { swap(other); }
    Image& operator=(Image&& other) noexcept {
        Image taken(std::move(other));
        swap(taken);
        return *this;
    }
    Image(Image const&) = delete;
    Image& operator=(Image const&) = delete;

    /// Uninitialised pixels. Fails on a non-positive size, one above the limits, or when memory is short.
    static Result<Image> create(Size size) {
        if (size.empty()) return Error{ErrorCode::bad_value, "an image needs at least one pixel in each direction"};
        if (size.area() > k_max_pixels || size.width > k_max_side_px || size.height > k_max_side_px)
            return Error{ErrorCode::too_large, std::to_string(size.width) + " x " + std::to_string(size.height) +
                                                   " px is more than the limit of " +
                                                   std::to_string(k_max_pixels / 1000000) + " million pixels"};
        Image image;
        auto const bytes = static_cast<std::uint64_t>(size.area()) * sizeof(T);
        bool const can_be_told = bytes <= std::numeric_limits<std::size_t>::max() / 2; // to a system of 32 bits
        if (can_be_told) image.m_data.reset(static_cast<T*>(allocate_pixels(static_cast<std::size_t>(bytes))));
        if (!image.m_data)
            return Error{ErrorCode::out_of_memory, "not enough memory for " + std::to_string(size.width) + " x " +
                                                       std::to_string(size.height) + " px"};
        image.m_size = size;
        return image;
    }
    static Result<Image> filled(Size size, T value) {
        MG_TRY(Image image, create(size));
        T* p = image.m_data.get();
        for (std::int64_t i = 0, n = size.area(); i < n; ++i) p[i] = value;
        return image;
    }
    Result<Image> clone() const {
        MG_TRY(Image copy, create(m_size));
        std::memcpy(copy.m_data.get(), m_data.get(), static_cast<std::size_t>(m_size.area()) * sizeof(T));
        return copy;
    }

    Size size() const { return m_size; }
    int width() const { return m_size.width; }
    int height() const { return m_size.height; }
    bool empty() const { return m_size.empty(); }
    T* data() { return m_data.get(); }
    T const* data() const { return m_data.get(); }
    T* row(int y) { return m_data.get() + std::ptrdiff_t{y} * m_size.width; }
    T const* row(int y) const { return m_data.get() + std::ptrdiff_t{y} * m_size.width; }
    T& at(int x, int y) { return row(y)[x]; }
    T const& at(int x, int y) const { return row(y)[x]; }
    ImageView<T> view() { return {m_data.get(), m_size, m_size.width}; }
    ImageView<T const> view() const { return {m_data.get(), m_size, m_size.width}; }

private:
    struct Free {
        void operator()(T* p) const { std::free(p); }
    };
    void swap(Image& other) noexcept {
        std::swap(m_data, other.m_data);
        std::swap(m_size, other.m_size);
    }
    std::unique_ptr<T, Free> m_data;
    Size m_size;
};

/// Grey values, 0..1 of the recorded range unless a step says otherwise.
using Plane = Image<float>;
using PlanePtr = std::shared_ptr<Plane const>;
/// One byte per pixel: see MaskBit.
using Mask = Image<std::uint8_t>;
using MaskPtr = std::shared_ptr<Mask const>;

enum MaskBit : std::uint8_t {
    k_mask_drawing = 1, ///< text or drawing burned into the micrograph
    k_mask_databar = 2, ///< the vendor's own databar
    k_mask_outside = 4, ///< no data here: padding, or outside the frame after a rotation
};

} // namespace mg
