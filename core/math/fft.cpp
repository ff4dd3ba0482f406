// KissFFT transforms four complex sequences at once when its scalar is a vector of four floats. Along the rows, eight
// real rows make four complex ones (two for one, by the symmetry of a real transform: Brigham 1974, ch. 10); a turn of
// 4 x 4 numbers then makes lanes of neighbouring columns, which is how a Spectrum keeps them, so that the transform
// along the columns reads and writes consecutive memory. Twiddle factors come from our own sine, because the C
// libraries' differ from platform to platform.
#include "math/fft.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <numbers>
#include <string>

#include "math/portable.h"

#include <kiss_fft4.h>
// After kiss_fft4.h, whose names it takes.
#include <_kiss_fft_guts.h>

namespace mg {
namespace {

using Cell = Spectrum::Cell;
using Four = kiss_fft4_scalar;
constexpr int k_lanes = Spectrum::k_lanes;
/// Real rows that go through one transform; rows of a band are kept up to a multiple of it.
constexpr int k_group = 2 * k_lanes;
static_assert(sizeof(Cell) == sizeof(kiss_fft_cpx) && alignof(Cell) == alignof(kiss_fft_cpx));

Four load(float const* p) {
    Four v;
    std::memcpy(&v, p, sizeof v);
    return v;
}
void store(float* p, Four v) {
    std::memcpy(p, &v, sizeof v);
}

struct Square {
    Four a, b, c, d;
};
/// Rows to columns.
inline Square transposed(Square s) {
    Four ab_low = __builtin_shufflevector(s.a, s.b, 0, 4, 1, 5), ab_high = __builtin_shufflevector(s.a, s.b, 2, 6, 3, 7);
    Four cd_low = __builtin_shufflevector(s.c, s.d, 0, 4, 1, 5), cd_high = __builtin_shufflevector(s.c, s.d, 2, 6, 3, 7);
    return {__builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5), __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7),
            __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5),
            __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7)};
}

/// exp(-2 pi i k / n), with the angle folded into an eighth of the circle, so that symmetric factors are equal to the bit.
std::complex<double> unit_root(std::int64_t k, std::int64_t n) {
    if (2 * k > n) return std::conj(unit_root(n - k, n));
    if (4 * k > n) {
        // A quarter turn more: times -i. In units of a quarter of a step, so that it is whole.
        std::complex<double> rest = unit_root(4 * k - n, 4 * n);
        return {rest.imag(), -rest.real()};
    }
    double angle = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n);
    if (8 * k <= n) return {cos_portable(angle), -sin_portable(angle)};
    angle = 2 * std::numbers::pi * static_cast<double>(n - 4 * k) / static_cast<double>(4 * n);
    return {sin_portable(angle), -cos_portable(angle)};
}

struct Free {
    void operator()(void* p) const { std::free(p); }
};
/// A KissFFT transform along one axis, one direction. Const while it transforms.
class Transform {
public:
    static Result<Transform> create(int length, bool inverse) {
        Transform made;
        made.m_config.reset(kiss_fft_alloc(length, inverse ? 1 : 0, nullptr, nullptr));
        if (!made.m_config)
            return Error{ErrorCode::out_of_memory,
                         "not enough memory for a Fourier transform of " + std::to_string(length) + " px"};
        for (int k = 0; k < length; ++k) {
            std::complex<double> root = unit_root(k, length);
            auto re = static_cast<float>(root.real()), im = static_cast<float>(inverse ? -root.imag() : root.imag());
            made.m_config->twiddles[k].r = Four{re, re, re, re};
            made.m_config->twiddles[k].i = Four{im, im, im, im};
        }
        return made;
    }
    /// `to` is not `from`.
    void operator()(Cell const* from, Cell* to) const {
        kiss_fft(m_config.get(), reinterpret_cast<kiss_fft_cpx const*>(from), reinterpret_cast<kiss_fft_cpx*>(to));
    }

private:
    std::unique_ptr<kiss_fft_state, Free> m_config;
};

/// Two sequences of cells to transform from and to; false when memory was short.
struct Buffers {
    std::unique_ptr<Cell, Free> from, to;
    explicit Buffers(int length)
        : from(allocated(length)), to(allocated(length)) {}
    explicit operator bool() const { return from && to; }

private:
    static Cell* allocated(int length) {
        return static_cast<Cell*>(allocate_pixels(static_cast<std::size_t>(length) * sizeof(Cell)));
    }
};

/// part(first, end, buffers) over 0 <= i < count, in stretches that are worth a thread.
template <class Part>
Status in_parts(int count, int length, Work* work, Part const& part) {
    constexpr int k_parts = 16;
    std::atomic<bool> failed{false};
    auto stretch = [&](std::int64_t first, std::int64_t end) {
        Buffers buffers(length);
        if (!buffers)
            failed = true;
        else
            part(static_cast<int>(first), static_cast<int>(end), buffers);
    };
    if (work && count > 1) {
        std::int64_t parts = std::min(count, k_parts);
        work->for_each(static_cast<std::size_t>(parts), [&](std::size_t i) {
            auto at = static_cast<std::int64_t>(i);
            stretch(at * count / parts, (at + 1) * count / parts);
        });
    } else {
        stretch(0, count);
    }
    if (failed) return Error{ErrorCode::out_of_memory, "not enough memory for a Fourier transform"};
    return Done{};
}

/// Four rows of an image, first to end, into one float of each cell's lanes; missing pixels are zeros.
template <float (Cell::*Part)[k_lanes]>
void gather_rows(Cell* cells, ImageView<float const> image, int y0, int length) {
    int width = image.width(), rows = std::clamp(image.height() - y0, 0, k_lanes);
    int x = 0;
    if (rows == k_lanes) {
        float const *a = image.row(y0), *b = image.row(y0 + 1), *c = image.row(y0 + 2), *d = image.row(y0 + 3);
        for (; x + k_lanes <= width; x += k_lanes) {
            Square s = transposed({load(a + x), load(b + x), load(c + x), load(d + x)});
            store(cells[x].*Part, s.a);
            store(cells[x + 1].*Part, s.b);
            store(cells[x + 2].*Part, s.c);
            store(cells[x + 3].*Part, s.d);
        }
    }
    for (; x < length; ++x)
        for (int r = 0; r < k_lanes; ++r) (cells[x].*Part)[r] = x < width && r < rows ? image.at(x, y0 + r) : 0;
}
/// And back, times `scale`.
template <float (Cell::*Part)[k_lanes]>
void scatter_rows(Plane& image, int y0, Cell const* cells, float scale) {
    int width = image.width(), rows = std::clamp(image.height() - y0, 0, k_lanes);
    int x = 0;
    if (rows == k_lanes) {
        float *a = image.row(y0), *b = image.row(y0 + 1), *c = image.row(y0 + 2), *d = image.row(y0 + 3);
        Four all{scale, scale, scale, scale};
        for (; x + k_lanes <= width; x += k_lanes) {
            Square s = transposed({load(cells[x].*Part) * all, load(cells[x + 1].*Part) * all,
                                   load(cells[x + 2].*Part) * all, load(cells[x + 3].*Part) * all});
            store(a + x, s.a);
            store(b + x, s.b);
            store(c + x, s.c);
            store(d + x, s.d);
        }
    }
    for (; x < width; ++x)
        for (int r = 0; r < rows; ++r) image.at(x, y0 + r) = (cells[x].*Part)[r] * scale;
}

/// Lanes of four rows, at four neighbouring columns, to four cells of a band, one below the other.
inline void put_cells(Cell* cells, Square re, Square im) {
    re = transposed(re);
    im = transposed(im);
    store(cells[0].re, re.a), store(cells[0].im, im.a);
    store(cells[1].re, re.b), store(cells[1].im, im.b);
    store(cells[2].re, re.c), store(cells[2].im, im.c);
    store(cells[3].re, re.d), store(cells[3].im, im.d);
}
struct FourCells {
    Square re, im;
};
inline FourCells get_cells(Cell const* cells) {
    return {transposed({load(cells[0].re), load(cells[1].re), load(cells[2].re), load(cells[3].re)}),
            transposed({load(cells[0].im), load(cells[1].im), load(cells[2].im), load(cells[3].im)})};
}

/// The transforms X and Y of two real sequences from that of x + i y.
struct TwoReal {
    Four x_re, x_im, y_re, y_im;
};
inline TwoReal separated(Cell const& at, Cell const& opposite) {
    Four re = load(at.re), im = load(at.im), back_re = load(opposite.re), back_im = load(opposite.im);
    Four half{0.5F, 0.5F, 0.5F, 0.5F};
    return {(re + back_re) * half, (im - back_im) * half, (im + back_im) * half, (back_re - re) * half};
}
/// Z = X + i Y at a column and at the opposite one.
inline void join(Cell& at, Cell& opposite, TwoReal const& s) {
    store(opposite.re, s.x_re + s.y_im), store(opposite.im, s.y_re - s.x_im);
    store(at.re, s.x_re - s.y_im), store(at.im, s.x_im + s.y_re);
}
/// Where a column is its own opposite, both transforms are real.
inline void join_real(Cell& at, TwoReal const& s) {
    store(at.re, s.x_re), store(at.im, s.y_re);
}

/// The cells of eight rows some bands further on will be read (0) or written (1) soon: too far apart for the processor to
/// guess.
template <int Write>
inline void expect_cells(Spectrum const& spectrum, int band, int y0) {
    constexpr int k_ahead = 6, k_line = 64 / sizeof(Cell);
    if (band + k_ahead >= spectrum.bands()) return;
    Cell const* cells = spectrum.band(band + k_ahead) + y0;
    for (int i = 0; i < k_group; i += k_line) __builtin_prefetch(cells + i, Write);
}

/// Row transform of eight real rows into the cells of rows y0 to y0 + 7.
void put_real_rows(Spectrum& spectrum, int y0, Cell const* line, int length) {
    int columns = spectrum.size().width;
    auto at = [&](int k) {
        return k < columns ? separated(line[k], line[k == 0 ? 0 : length - k]) : TwoReal{};
    };
    for (int band = 0; band < spectrum.bands(); ++band) {
        int k = band * k_lanes;
        TwoReal a = at(k), b = at(k + 1), c = at(k + 2), d = at(k + 3);
        Cell* cells = spectrum.band(band) + y0;
        expect_cells<1>(spectrum, band, y0);
        put_cells(cells, {a.x_re, b.x_re, c.x_re, d.x_re}, {a.x_im, b.x_im, c.x_im, d.x_im});
        put_cells(cells + k_lanes, {a.y_re, b.y_re, c.y_re, d.y_re}, {a.y_im, b.y_im, c.y_im, d.y_im});
    }
}
void get_real_rows(Cell* line, Spectrum const& spectrum, int y0, int length) {
    int columns = spectrum.size().width;
    auto put = [&](int k, TwoReal const& s) {
        if (k >= columns) return;
        if (k == 0 || 2 * k == length)
            join_real(line[k], s);
        else
            join(line[k], line[length - k], s);
    };
    for (int band = 0; band < spectrum.bands(); ++band) {
        Cell const* cells = spectrum.band(band) + y0;
        expect_cells<0>(spectrum, band, y0);
        FourCells x = get_cells(cells), y = get_cells(cells + k_lanes);
        int k = band * k_lanes;
        put(k, {x.re.a, x.im.a, y.re.a, y.im.a});
        put(k + 1, {x.re.b, x.im.b, y.re.b, y.im.b});
        put(k + 2, {x.re.c, x.im.c, y.re.c, y.im.c});
        put(k + 3, {x.re.d, x.im.d, y.re.d, y.im.d});
    }
}

/// Row transform of four complex rows into the cells of rows y0 to y0 + 3.
void put_complex_rows(Spectrum& spectrum, int y0, Cell const* line) {
    int columns = spectrum.size().width;
    auto re = [&](int k) { return k < columns ? load(line[k].re) : Four{}; };
    auto im = [&](int k) { return k < columns ? load(line[k].im) : Four{}; };
    for (int band = 0; band < spectrum.bands(); ++band) {
        int k = band * k_lanes;
        put_cells(spectrum.band(band) + y0, {re(k), re(k + 1), re(k + 2), re(k + 3)},
                  {im(k), im(k + 1), im(k + 2), im(k + 3)});
    }
}
void get_complex_rows(Cell* line, Spectrum const& spectrum, int y0) {
    int columns = spectrum.size().width;
    auto put = [&](int k, Four re, Four im) {
        if (k < columns) store(line[k].re, re), store(line[k].im, im);
    };
    for (int band = 0; band < spectrum.bands(); ++band) {
        FourCells cells = get_cells(spectrum.band(band) + y0);
        int k = band * k_lanes;
        put(k, cells.re.a, cells.im.a);
        put(k + 1, cells.re.b, cells.im.b);
        put(k + 2, cells.re.c, cells.im.c);
        put(k + 3, cells.re.d, cells.im.d);
    }
}

void clear_rows(Spectrum& spectrum, int y0, int rows) {
    for (int band = 0; band < spectrum.bands(); ++band)
        std::memset(static_cast<void*>(spectrum.band(band) + y0), 0, static_cast<std::size_t>(rows) * sizeof(Cell));
}

int groups_of(int rows, int group) {
    return (rows + group - 1) / group;
}

/// Every column of the spectrum, in place.
Status transform_columns(Spectrum& spectrum, Transform const& transform, Work* work) {
    int height = spectrum.size().height;
    return in_parts(spectrum.bands(), height, work, [&](int first, int end, Buffers& buffers) {
        for (int band = first; band < end; ++band) {
            Cell* cells = spectrum.band(band);
            std::memcpy(static_cast<void*>(buffers.from.get()), cells, static_cast<std::size_t>(height) * sizeof(Cell));
            transform(buffers.from.get(), cells);
        }
    });
}

} // namespace

int good_fft_length(int n) {
    n = std::max(2, n + n % 2);
    for (;; n += 2) {
        int rest = n;
        for (int factor : {2, 3, 5})
            while (rest % factor == 0) rest /= factor;
        if (rest == 1) return n;
    }
}

Result<Spectrum> Spectrum::create(Size size) {
    Spectrum made;
    made.m_size = size;
    if (size.empty()) return Error{ErrorCode::bad_value, "a spectrum needs at least one value in each direction"};
    if (size.area() > 2 * k_max_pixels || size.width > k_max_side_px || size.height > k_max_side_px)
        return Error{ErrorCode::too_large, "a spectrum of " + std::to_string(size.width) + " x " +
                                               std::to_string(size.height) + " is too large"};
    // Whole groups of rows, and bands that do not begin a power of two apart, where they would crowd the same cache lines.
    int stride = groups_of(size.height, k_group) * k_group + k_group;
    made.m_stride = stride;
    MG_TRY(made.m_cells, Image<Cell>::create({stride, made.bands()}));
    // Rows below the last share transforms with it: what lay in memory must not tinge its rounding.
    for (int i = 0; i < made.bands(); ++i) std::fill(made.band(i) + size.height, made.band(i) + stride, Cell{});
    return made;
}

struct Fft2::Plan {
    Transform rows, columns, rows_back, columns_back;
};

Result<Fft2> Fft2::create(Size size) {
    if (size.empty()) return Error{ErrorCode::bad_value, "an image needs at least one pixel in each direction"};
    if (size.area() > k_max_pixels || size.width > k_max_side_px || size.height > k_max_side_px)
        return Error{ErrorCode::too_large, "an image of " + std::to_string(size.width) + " x " +
                                               std::to_string(size.height) + " px is too large for a Fourier transform"};
    Plan plan;
    MG_TRY(plan.rows, Transform::create(size.width, false));
    MG_TRY(plan.columns, Transform::create(size.height, false));
    MG_TRY(plan.rows_back, Transform::create(size.width, true));
    MG_TRY(plan.columns_back, Transform::create(size.height, true));
    Fft2 made;
    made.m_size = size;
    made.m_plan = std::make_shared<Plan const>(std::move(plan));
    return made;
}

Result<Spectrum> Fft2::forward(ImageView<float const> image, Work* work) const {
    if (image.width() > m_size.width || image.height() > m_size.height)
        return Error{ErrorCode::bad_value, "the image is larger than its Fourier transform"};
    MG_TRY(Spectrum spectrum, Spectrum::create(half_size()));
    auto rows = [&](int first, int end, Buffers& buffers) {
        for (int y = first * k_group; y < end * k_group; y += k_group) {
            if (y >= image.height()) {
                clear_rows(spectrum, y, k_group);
                continue;
            }
            gather_rows<&Cell::re>(buffers.from.get(), image, y, m_size.width);
            gather_rows<&Cell::im>(buffers.from.get(), image, y + k_lanes, m_size.width);
            m_plan->rows(buffers.from.get(), buffers.to.get());
            put_real_rows(spectrum, y, buffers.to.get(), m_size.width);
        }
    };
    MG_TRY_DO(in_parts(groups_of(m_size.height, k_group), m_size.width, work, rows));
    MG_TRY_DO(transform_columns(spectrum, m_plan->columns, work));
    return spectrum;
}

Result<Spectrum> Fft2::forward(ComplexView image, Work* work) const {
    if (image.re.width() > m_size.width || image.re.height() > m_size.height || image.re.size != image.im.size)
        return Error{ErrorCode::bad_value, "the image is larger than its Fourier transform"};
    MG_TRY(Spectrum spectrum, Spectrum::create(m_size));
    auto rows = [&](int first, int end, Buffers& buffers) {
        for (int y = first * k_lanes; y < end * k_lanes; y += k_lanes) {
            if (y >= image.re.height()) {
                clear_rows(spectrum, y, k_lanes);
                continue;
            }
            gather_rows<&Cell::re>(buffers.from.get(), image.re, y, m_size.width);
            gather_rows<&Cell::im>(buffers.from.get(), image.im, y, m_size.width);
            m_plan->rows(buffers.from.get(), buffers.to.get());
            put_complex_rows(spectrum, y, buffers.to.get());
        }
    };
    MG_TRY_DO(in_parts(groups_of(m_size.height, k_lanes), m_size.width, work, rows));
    MG_TRY_DO(transform_columns(spectrum, m_plan->columns, work));
    return spectrum;
}

Result<Plane> Fft2::inverse(Spectrum spectrum, Work* work) const {
    if (spectrum.size() != half_size())
        return Error{ErrorCode::bad_value, "the spectrum is not of the Fourier transform's size"};
    MG_TRY(Plane image, Plane::create(m_size));
    MG_TRY_DO(transform_columns(spectrum, m_plan->columns_back, work));
    auto scale = static_cast<float>(1 / static_cast<double>(m_size.area()));
    auto rows = [&](int first, int end, Buffers& buffers) {
        for (int y = first * k_group; y < end * k_group; y += k_group) {
            get_real_rows(buffers.from.get(), spectrum, y, m_size.width);
            m_plan->rows_back(buffers.from.get(), buffers.to.get());
            scatter_rows<&Cell::re>(image, y, buffers.to.get(), scale);
            scatter_rows<&Cell::im>(image, y + k_lanes, buffers.to.get(), scale);
        }
    };
    MG_TRY_DO(in_parts(groups_of(m_size.height, k_group), m_size.width, work, rows));
    return image;
}

Result<ComplexPlane> Fft2::inverse_complex(Spectrum spectrum, Work* work) const {
    if (spectrum.size() != m_size)
        return Error{ErrorCode::bad_value, "the spectrum is not of the Fourier transform's size"};
    ComplexPlane image;
    MG_TRY(image.re, Plane::create(m_size));
    MG_TRY(image.im, Plane::create(m_size));
    MG_TRY_DO(transform_columns(spectrum, m_plan->columns_back, work));
    auto scale = static_cast<float>(1 / static_cast<double>(m_size.area()));
    auto rows = [&](int first, int end, Buffers& buffers) {
        for (int y = first * k_lanes; y < end * k_lanes; y += k_lanes) {
            get_complex_rows(buffers.from.get(), spectrum, y);
            m_plan->rows_back(buffers.from.get(), buffers.to.get());
            scatter_rows<&Cell::re>(image.re, y, buffers.to.get(), scale);
            scatter_rows<&Cell::im>(image.im, y, buffers.to.get(), scale);
        }
    };
    MG_TRY_DO(in_parts(groups_of(m_size.height, k_lanes), m_size.width, work, rows));
    return image;
}

} // namespace mg
