// Fields: doubled gradient angle as in orientation correlation (Fitch et al. 2002), weighted by the square root of the
// gradient so that faint edges count and noise does not rule. Start: the sum over scales of the fields' correlations,
// each divided by its own standard deviation.
#include "ops/registration_features.h"

#include <algorithm>
#include <cmath>

#include "base/clones.h"
#include "math/portable.h"
#include "ops/gaussian.h"
#include "ops/resample.h"

namespace mg {
namespace {

constexpr double k_start_sigmas_px[k_start_scales] = {1.25, 2, 3};       // coarse grid
constexpr double k_direction_sigmas_px[k_field_levels] = {2, 1.25, 1.5}; // coarse, coarse, fine grid
constexpr double k_log_inner_px[k_field_levels] = {1.5, 0.8, 0.9};
constexpr double k_log_outer_px[k_field_levels] = {5, 2.5, 3.5};
constexpr double k_detail_sigmas_px[k_detail_scales] = {0.8, 1.2}; // coarse grid

Result<Plane> reduced(ImageView<float const> image, int factor) {
    ResizeSpec spec;
    spec.size = {std::max(1, image.width() / factor), std::max(1, image.height() / factor)};
    spec.kernel = factor == 1 ? Kernel::nearest : Kernel::area;
    double const f = factor;
    spec.x = spec.y = Sampling{(f - 1) / 2, f};
    return resized(image, spec);
}

/// Reduced so that a pixel is masked when any below it is.
Result<Mask> reduced_mask(ImageView<std::uint8_t const> mask, Size size, int factor) {
    MG_TRY(Mask out, Mask::filled(size, 0));
    for (int y = 0; y < size.height * factor && y < mask.height(); ++y)
        for (int x = 0; x < size.width * factor && x < mask.width(); ++x)
            if (mask.at(x, y)) out.at(x / factor, y / factor) = 1;
    return out;
}

/// Masked pixels and all within `radius` of one, so that what filters smear out of them is left out, too.
Result<Mask> widened(Mask const& mask, int radius) {
    Size const size = mask.size();
    MG_TRY(Mask along, Mask::filled(size, 0));
    MG_TRY(Mask out, Mask::filled(size, 0));
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            if (mask.at(x, y))
                for (int k = std::max(0, x - radius); k <= std::min(size.width - 1, x + radius); ++k)
                    along.at(k, y) = 1;
    for (int y = 0; y < size.height; ++y)
        for (int k = std::max(0, y - radius); k <= std::min(size.height - 1, y + radius); ++k)
            for (int x = 0; x < size.width; ++x) out.at(x, y) |= along.at(x, k);
    return out;
}

float median_of(std::vector<float>& values) {
    if (values.empty()) return 0;
    auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

MG_CLONES void gradient_row(float* __restrict gx, float* __restrict gy, float* __restrict size,
                            float const* __restrict up, float const* __restrict here, float const* __restrict down,
                            int width) {
    for (int x = 1; x + 1 < width; ++x) gx[x] = (here[x + 1] - here[x - 1]) * 0.5F;
    gx[0] = gx[width - 1] = 0;
    for (int x = 0; x < width; ++x) gy[x] = (down[x] - up[x]) * 0.5F;
    for (int x = 0; x < width; ++x) size[x] = std::sqrt(gx[x] * gx[x] + gy[x] * gy[x]);
}

MG_CLONES void double_angle_row(float* __restrict re, float* __restrict im, float const* __restrict size, float soft,
                                int width) {
    for (int x = 0; x < width; ++x) {
        float const gx = re[x], gy = im[x];
        float const k = std::sqrt(size[x]) / (size[x] * size[x] + soft);
        re[x] = (gx * gx - gy * gy) * k;
        im[x] = 2 * gx * gy * k;
    }
}

Result<Field> direction_field(ImageView<float const> image, double sigma_px, bool coarse) {
    MG_TRY(Plane smooth, gaussian_blurred(image, {sigma_px, sigma_px}));
    Field field;
    field.coarse = coarse;
    Size const size = image.size;
    MG_TRY(field.re, Plane::filled(size, 0.F));
    MG_TRY(field.im, Plane::filled(size, 0.F));
    MG_TRY(Plane strength, Plane::filled(size, 0.F));
    std::vector<float> some;
    for (int y = 1; y + 1 < size.height; ++y) {
        gradient_row(field.re.row(y), field.im.row(y), strength.row(y), smooth.row(y - 1), smooth.row(y),
                     smooth.row(y + 1), size.width);
        if (y % 2 == 0)
            for (int x = 1; x + 1 < size.width; x += 2) some.push_back(strength.at(x, y));
    }
    float const half = median_of(some) / 2;
    float const soft = std::max(half * half, 1e-24F);
    for (int y = 0; y < size.height; ++y)
        double_angle_row(field.re.row(y), field.im.row(y), strength.row(y), soft, size.width);
    return field;
}

Result<Field> band_passed(Plane const& logarithm, double inner_px, double outer_px, bool coarse) {
    Field field;
    field.coarse = coarse;
    MG_TRY(field.re, gaussian_blurred(logarithm.view(), {inner_px, inner_px}));
    MG_TRY(Plane wide, gaussian_blurred(logarithm.view(), {outer_px, outer_px}));
    float *a = field.re.data(), *b = wide.data();
    for (std::int64_t i = 0; i < field.re.size().area(); ++i) a[i] -= b[i];
    return field;
}

/// Natural logarithm within 2e-4, by the exponent and a table over the mantissa; enough where noise is a hundred times
/// that.
class QuickLog {
public:
    QuickLog() : m_table(k_steps + 1) {
        for (int i = 0; i <= k_steps; ++i)
            m_table[static_cast<std::size_t>(i)] = static_cast<float>(log_portable(1 + double(i) / k_steps));
    }
    float operator()(float v) const {
        std::uint32_t bits;
        std::memcpy(&bits, &v, sizeof bits);
        int const exponent = static_cast<int>(bits >> 23) - 127;
        std::uint32_t const index = (bits & 0x7FFFFFU) >> (23 - k_bits);
        return static_cast<float>(exponent) * 0.69314718F + m_table[index];
    }

private:
    static constexpr int k_bits = 12, k_steps = 1 << k_bits;
    std::vector<float> m_table;
};

/// log(v - low + 0.15 (mean - low)), low: a value that few pixels of the smoothed image are below.
Result<Plane> logarithm_of(Plane const& image, Mask const& mask) {
    MG_TRY(Plane smooth, gaussian_blurred(image.view(), {0.6, 0.6}));
    std::vector<float> values;
    double sum = 0;
    std::int64_t const count = image.size().area();
    for (std::int64_t i = 0; i < count; ++i) {
        if (!mask.empty() && mask.data()[i]) continue;
        values.push_back(smooth.data()[i]);
        sum += double(smooth.data()[i]);
    }
    auto const tail = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 1000);
    std::nth_element(values.begin(), tail, values.end());
    float const low = *tail;
    float const lift = std::max(0.15F * (static_cast<float>(sum / double(values.size())) - low), 1e-9F);
    QuickLog const log_of;
    float* p = smooth.data();
    for (std::int64_t i = 0; i < count; ++i) p[i] = log_of(std::max(p[i] - low, 0.F) + lift);
    return smooth;
}

/// Square root of a Hann window along each axis; 0 where masked. Mean-free under the window.
void window(Plane& plane, Mask const& mask) {
    Size const size = plane.size();
    auto const taper = [](int n) {
        std::vector<float> w(static_cast<std::size_t>(n));
        for (int i = 0; i < n; ++i)
            w[static_cast<std::size_t>(i)] = static_cast<float>(sin_portable(3.141592653589793 * (i + 1) / (n + 1)));
        return w;
    };
    std::vector<float> const wx = taper(size.width), wy = taper(size.height);
    auto const weight = [&](int x, int y) {
        return !mask.empty() && mask.at(x, y) ? 0.F : wx[static_cast<std::size_t>(x)] * wy[static_cast<std::size_t>(y)];
    };
    double sum = 0, weights = 0;
    for (int y = 0; y < size.height; ++y) {
        double row = 0;
        for (int x = 0; x < size.width; ++x) {
            if (!mask.empty() && mask.at(x, y)) continue;
            row += double(plane.at(x, y));
            weights += 1;
        }
        sum += row;
    }
    auto const mean = static_cast<float>(weights > 0 ? sum / weights : 0);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) plane.at(x, y) = (plane.at(x, y) - mean) * weight(x, y);
}

/// Why the image cannot be matched; empty when it can.
std::string fault_of(Plane const& image, Mask const& mask) {
    double sum = 0, squares = 0, count = 0;
    float least = 1e30F, most = -1e30F;
    for (std::int64_t i = 0; i < image.size().area(); ++i) {
        if (!mask.empty() && mask.data()[i]) continue;
        float const v = image.data()[i];
        sum += double(v), squares += double(v) * double(v), count += 1;
        least = std::min(least, v), most = std::max(most, v);
    }
    if (count < 400) return "almost everything is masked";
    double const mean = sum / count, deviation = std::sqrt(std::max(0.0, squares / count - mean * mean));
    if (!(most > least) || !(deviation > 1e-7)) return "the image is blank";
    std::int64_t at_top = 0;
    float const top = most - (most - least) * 1e-4F;
    for (std::int64_t i = 0; i < image.size().area(); ++i) at_top += image.data()[i] >= top ? 1 : 0;
    if (double(at_top) > 0.6 * double(image.size().area())) return "the image is saturated";
    return {};
}

} // namespace

FeatureGrid feature_grid(Size largest, double search_px) {
    FeatureGrid grid;
    // About 350 to 600 pixels across: finer ones would only bring noise, and cost time.
    grid.factor = std::max(1, static_cast<int>(largest.width / 350.0 + 0.3));
    if (largest.width < 600) grid.factor = 1;
    double const coarse = 2.0 * grid.factor;
    int const border = static_cast<int>(search_px / coarse) + 8;
    grid.fft = {good_fft_length(static_cast<int>(largest.width / coarse) + 1 + border),
                good_fft_length(static_cast<int>(largest.height / coarse) + 1 + border)};
    return grid;
}

Result<Features> features_of(RegistrationImage const& image, FeatureGrid const& grid, Fft2 const& fft) {
    Features features;
    if (image.pixels.width() / grid.factor < 24 || image.pixels.height() / grid.factor < 24) {
        features.refusal = "the image is too small to be aligned";
        return features;
    }
    MG_TRY(Plane fine, reduced(image.pixels, grid.factor));
    features.fine = fine.size();
    features.coarse = {fine.width() / 2, fine.height() / 2};
    Mask exact;
    if (image.mask.data) {
        MG_TRY(exact, reduced_mask(image.mask, fine.size(), grid.factor));
        bool any = false;
        for (std::int64_t i = 0; i < exact.size().area() && !any; ++i) any = exact.data()[i] != 0;
        if (!any) exact = {};
    }
    features.refusal = fault_of(fine, exact);
    if (!features.refusal.empty()) return features;
    if (!exact.empty()) {
        // Masked pixels become the mean of the others, and their surroundings are not trusted.
        double sum = 0, count = 0;
        for (std::int64_t i = 0; i < fine.size().area(); ++i)
            if (!exact.data()[i]) sum += double(fine.data()[i]), count += 1;
        auto const mean = static_cast<float>(sum / count);
        for (std::int64_t i = 0; i < fine.size().area(); ++i)
            if (exact.data()[i]) fine.data()[i] = mean;
        MG_TRY(features.fine_mask, widened(exact, 3));
        MG_TRY(features.coarse_mask, reduced_mask(features.fine_mask.view(), features.coarse, 2));
    }
    MG_TRY(features.image_coarse, reduced(fine.view(), 2));
    MG_TRY(features.log_fine, logarithm_of(fine, exact));
    MG_TRY(features.log_coarse, reduced(features.log_fine.view(), 2));
    features.image_fine = std::move(fine);
    for (std::size_t i = 0; i < k_start_scales; ++i) {
        MG_TRY(Field field, direction_field(features.image_coarse.view(), k_start_sigmas_px[i], true));
        window(field.re, features.coarse_mask);
        window(field.im, features.coarse_mask);
        MG_TRY(features.start[i][0], fft.forward(field.re.view()));
        MG_TRY(features.start[i][1], fft.forward(field.im.view()));
    }
    return features;
}

Result<Field> field_of(Features const& features, FieldKind kind, int level) {
    auto const i = static_cast<std::size_t>(level);
    bool const coarse = level + 1 < k_field_levels;
    if (kind == FieldKind::logarithm)
        return band_passed(coarse ? features.log_coarse : features.log_fine, k_log_inner_px[i], k_log_outer_px[i],
                           coarse);
    return direction_field((coarse ? features.image_coarse : features.image_fine).view(), k_direction_sigmas_px[i],
                           coarse);
}

namespace {

MG_CLONES void add_conjugate_product(Spectrum::Cell* __restrict sum, Spectrum::Cell const* __restrict a,
                                     Spectrum::Cell const* __restrict b, int count) {
    for (int i = 0; i < count; ++i)
        for (int k = 0; k < Spectrum::k_lanes; ++k) {
            sum[i].re[k] += a[i].re[k] * b[i].re[k] + a[i].im[k] * b[i].im[k];
            sum[i].im[k] += a[i].re[k] * b[i].im[k] - a[i].im[k] * b[i].re[k];
        }
}

/// The part of a cyclic correlation with shifts up to the radius, zero shift in the middle.
Result<Plane> centred(Plane const& cyclic, int rx, int ry) {
    MG_TRY(Plane out, Plane::create({2 * rx + 1, 2 * ry + 1}));
    int const w = cyclic.width(), h = cyclic.height();
    for (int y = -ry; y <= ry; ++y)
        for (int x = -rx; x <= rx; ++x) out.at(x + rx, y + ry) = cyclic.at((x + w) % w, (y + h) % h);
    return out;
}

struct Peak {
    int x = 0, y = 0;
    float value = -1e30F;
};
Peak highest(Plane const& plane, Peak const* away_from, int at_least) {
    Peak best;
    for (int y = 0; y < plane.height(); ++y)
        for (int x = 0; x < plane.width(); ++x) {
            if (plane.at(x, y) <= best.value) continue;
            if (away_from) {
                int const dx = x - away_from->x, dy = y - away_from->y;
                if (dx * dx + dy * dy <= at_least * at_least) continue;
            }
            best = {x, y, plane.at(x, y)};
        }
    return best;
}

void standardise(Plane& plane) {
    double sum = 0, squares = 0;
    std::int64_t const count = plane.size().area();
    for (std::int64_t i = 0; i < count; ++i)
        sum += double(plane.data()[i]), squares += double(plane.data()[i]) * double(plane.data()[i]);
    double const mean = sum / double(count),
                 deviation = std::sqrt(std::max(squares / double(count) - mean * mean, 1e-60));
    for (std::int64_t i = 0; i < count; ++i)
        plane.data()[i] = static_cast<float>((double(plane.data()[i]) - mean) / deviation);
}

/// Of a parabola through three neighbours, -0.5..0.5.
double vertex(double left, double middle, double right) {
    double const bend = left - 2 * middle + right;
    return bend < 0 ? std::min(std::max((left - right) / (2 * bend), -0.5), 0.5) : 0;
}

} // namespace

namespace {

/// Sums surfaces of correlation, one per scale, and looks for the peak that all share.
class Surfaces {
public:
    static Result<Surfaces> create(FeatureGrid const& grid, double radius_px) {
        Surfaces s;
        s.m_pixel = 2.0 * grid.factor;
        int const radius = static_cast<int>(std::min(radius_px / s.m_pixel + 0.999, 1e6));
        s.m_rx = std::max(2, std::min(radius, grid.fft.width / 2 - 1));
        s.m_ry = std::max(2, std::min(radius, grid.fft.height / 2 - 1));
        MG_TRY(s.m_sum, Plane::filled({2 * s.m_rx + 1, 2 * s.m_ry + 1}, 0.F));
        return s;
    }
    Status add(Plane const& cyclic) {
        MG_TRY(Plane surface, centred(cyclic, m_rx, m_ry));
        standardise(surface);
        m_peaks.push_back(highest(surface, nullptr, 0));
        for (std::int64_t i = 0; i < m_sum.size().area(); ++i) m_sum.data()[i] += surface.data()[i];
        return Done{};
    }
    StartShift best() {
        standardise(m_sum);
        Peak const peak = highest(m_sum, nullptr, 0), next = highest(m_sum, &peak, 4);
        StartShift start;
        start.gap = double(peak.value) - double(next.value);
        start.scales = static_cast<int>(m_peaks.size());
        for (Peak const& one : m_peaks) {
            double const dx = one.x - peak.x, dy = one.y - peak.y, far = std::sqrt(dx * dx + dy * dy);
            if (far < 1.8) ++start.scales_agree;
            start.farthest_px = std::max(start.farthest_px, far * m_pixel);
        }
        auto const at = [&](int x, int y) { return double(m_sum.at(x, y)); };
        double x = peak.x, y = peak.y;
        if (peak.x > 0 && peak.x < 2 * m_rx)
            x += vertex(at(peak.x - 1, peak.y), at(peak.x, peak.y), at(peak.x + 1, peak.y));
        if (peak.y > 0 && peak.y < 2 * m_ry)
            y += vertex(at(peak.x, peak.y - 1), at(peak.x, peak.y), at(peak.x, peak.y + 1));
        start.shift_px = {(x - m_rx) * m_pixel, (y - m_ry) * m_pixel};
        return start;
    }

private:
    double m_pixel = 1; ///< of the coarse grid, in stored pixels
    int m_rx = 0, m_ry = 0;
    Plane m_sum;
    std::vector<Peak> m_peaks;
};

Result<Plane> correlation(std::span<Spectrum const> a, std::span<Spectrum const> b, Fft2 const& fft) {
    MG_TRY(Spectrum product, Spectrum::create(fft.half_size()));
    int const height = product.size().height;
    for (int band = 0; band < product.bands(); ++band) {
        std::fill(product.band(band), product.band(band) + height, Spectrum::Cell{});
        for (std::size_t c = 0; c < a.size(); ++c)
            add_conjugate_product(product.band(band), a[c].band(band), b[c].band(band), height);
    }
    return fft.inverse(std::move(product));
}

} // namespace

Result<StartShift> start_shift(Features const& from, Features const& to, FeatureGrid const& grid, Fft2 const& fft,
                               double radius_px) {
    MG_TRY(Surfaces surfaces, Surfaces::create(grid, radius_px));
    for (std::size_t scale = 0; scale < k_start_scales; ++scale) {
        MG_TRY(Plane const cyclic, correlation(from.start[scale], to.start[scale], fft));
        MG_TRY_DO(surfaces.add(cyclic));
    }
    return surfaces.best();
}

Result<StartShift> detail_shift(Plane const& mean_log, Features const& to, FeatureGrid const& grid, Fft2 const& fft,
                                double radius_px) {
    MG_TRY(Surfaces alike, Surfaces::create(grid, radius_px));
    MG_TRY(Surfaces negative, Surfaces::create(grid, radius_px));
    for (double sigma_px : k_detail_sigmas_px) {
        MG_TRY(Field a, band_passed(mean_log, sigma_px, 3 * sigma_px, true));
        MG_TRY(Field b, band_passed(to.log_coarse, sigma_px, 3 * sigma_px, true));
        window(a.re, {});
        window(b.re, to.coarse_mask);
        Spectrum spectra[2];
        MG_TRY(spectra[0], fft.forward(a.re.view()));
        MG_TRY(spectra[1], fft.forward(b.re.view()));
        MG_TRY(Plane cyclic, correlation({&spectra[0], 1}, {&spectra[1], 1}, fft));
        MG_TRY_DO(alike.add(cyclic));
        for (std::int64_t i = 0; i < cyclic.size().area(); ++i) cyclic.data()[i] = -cyclic.data()[i];
        MG_TRY_DO(negative.add(cyclic));
    }
    StartShift const first = alike.best(), second = negative.best();
    return first.gap >= second.gap ? first : second;
}

} // namespace mg
