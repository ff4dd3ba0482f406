#pragma once
// Two-dimensional Fourier transforms of images in float, over KissFFT, four rows or columns at a time in SIMD lanes.
// The same bits on every platform and however many threads take part.
#include <complex>
#include <cstddef>
#include <memory>

#include "base/result.h"
#include "base/work.h"
#include "image/image.h"

namespace mg {

/// The smallest even 2^a 3^b 5^c that is not below n (at least 2): a length whose transform is fast.
int good_fft_length(int n);

/// Complex values on a grid of columns and rows, in the order in which transforms touch them: bands of four neighbouring
/// columns, each band one cell per row. What is done alike to every value, as a product of two spectra, loops over the
/// cells of every band; lanes beyond the last column are there to be computed along and hold zeros.
class Spectrum {
public:
    static constexpr int k_lanes = 4;
    struct alignas(16) Cell {
        float re[k_lanes];
        float im[k_lanes];
    };

    /// Uninitialised values; what pads them is zero.
    static Result<Spectrum> create(Size size);
    /// Columns and rows: of a real image's transform width / 2 + 1 by height.
    Size size() const { return m_size; }
    int bands() const { return (m_size.width + k_lanes - 1) / k_lanes; }
    /// size().height cells: columns 4 i to 4 i + 3 of each row.
    Cell* band(int i) { return m_cells.data() + i * m_stride; }
    Cell const* band(int i) const { return m_cells.data() + i * m_stride; }
    std::complex<float> at(int column, int row) const {
        Cell const& cell = band(column / k_lanes)[row];
        return {cell.re[column % k_lanes], cell.im[column % k_lanes]};
    }

private:
    Size m_size;
    std::ptrdiff_t m_stride = 0; ///< cells from one band to the next
    Image<Cell> m_cells;
};

struct ComplexView {
    ImageView<float const> re, im; ///< of one size
};
struct ComplexPlane {
    Plane re, im;
};

/// Transforms of images of one size: a plan, made once, used from any thread. F(u, v) = sum of f(x, y)
/// exp(-2 pi i (u x / width + v y / height)), as numpy.fft; inverses divide by width * height.
/// `work`, where given, runs parts of a transform side by side; without it everything happens in the calling thread.
/// The real part of the correlation of two complex images needs no complex transform: it is the sum of the correlations
/// of their real and of their imaginary parts.
class Fft2 {
public:
    /// Any size; quick for good_fft_length(), slow for large prime factors. Errors: an empty or too large size, memory.
    static Result<Fft2> create(Size size);
    Size size() const { return m_size; }
    /// Size of the spectrum of a real image: the other columns are its complex conjugates.
    Size half_size() const { return {m_size.width / 2 + 1, m_size.height}; }

    /// Half spectrum of an image that is not larger than size(); beyond it are zeros.
    Result<Spectrum> forward(ImageView<float const> image, Work* work = nullptr) const;
    /// The whole spectrum, size() columns and rows.
    Result<Spectrum> forward(ComplexView image, Work* work = nullptr) const;
    /// From a spectrum of half_size(), which is used up. The imaginary parts of columns 0 and width / 2 (if that is
    /// whole) play no part where symmetry makes them zero.
    Result<Plane> inverse(Spectrum spectrum, Work* work = nullptr) const;
    /// From a spectrum of size(), which is used up.
    Result<ComplexPlane> inverse_complex(Spectrum spectrum, Work* work = nullptr) const;

private:
    struct Plan;
    Size m_size;
    std::shared_ptr<Plan const> m_plan;
};

} // namespace mg
