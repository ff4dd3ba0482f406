// Doubled gradient angle as in registration_features.cpp, of several images at once: the gradients' squares as complex
// numbers are summed over the maps (Di Zenzo 1986), so that what one map shows and another does not counts, too.
#include "ops/map_registration_start.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/clones.h"
#include "math/fft.h"
#include "math/portable.h"
#include "ops/gaussian.h"
#include "ops/resample.h"

namespace mg {
namespace {

constexpr double k_scale_step = 1.022;
constexpr int k_peaks_per_scale = 3;
constexpr int k_apart_px = 5;

MG_CLONES void add_gradient_row(float* __restrict re, float* __restrict im, float* __restrict square,
                                float const* __restrict up, float const* __restrict here, float const* __restrict down,
                                int width) {
    for (int x = 1; x + 1 < width; ++x) {
        float const gx = here[x + 1] - here[x - 1], gy = down[x] - up[x];
        re[x] += gx * gx - gy * gy;
        im[x] += 2 * gx * gy;
        square[x] += gx * gx + gy * gy;
    }
}
/// Weighted by the square root of the gradient, so that faint edges count and noise does not rule.
MG_CLONES void weigh_row(float* __restrict re, float* __restrict im, float const* __restrict square, float soft,
                         float const* __restrict window, float window_y, int width) {
    for (int x = 0; x < width; ++x) {
        float const k = std::sqrt(std::sqrt(square[x])) / (square[x] + soft) * window[x] * window_y;
        re[x] *= k;
        im[x] *= k;
    }
}

std::vector<float> window_of(int n) {
    std::vector<float> w(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i)
        w[static_cast<std::size_t>(i)] = static_cast<float>(sin_portable(3.141592653589793 * (i + 1) / (n + 1)));
    return w;
}

struct DirectionField {
    Plane re, im;
    double energy = 0;
};
Result<DirectionField> direction_field(std::vector<ImageView<float const>> const& images, Mask const& mask,
                                       double sigma_px) {
    Size const size = images.front().size;
    DirectionField field;
    MG_TRY(field.re, Plane::filled(size, 0.F));
    MG_TRY(field.im, Plane::filled(size, 0.F));
    MG_TRY(Plane square, Plane::filled(size, 0.F));
    for (ImageView<float const> const& image : images) {
        MG_TRY(Plane const smooth, gaussian_blurred(image, {sigma_px, sigma_px}));
        for (int y = 1; y + 1 < size.height; ++y)
            add_gradient_row(field.re.row(y), field.im.row(y), square.row(y), smooth.row(y - 1), smooth.row(y),
                             smooth.row(y + 1), size.width);
    }
    std::vector<float> some;
    for (int y = 1; y + 1 < size.height; y += 2)
        for (int x = 1; x + 1 < size.width; x += 2)
            if (mask.empty() || !mask.at(x, y)) some.push_back(square.at(x, y));
    if (some.empty()) return field;
    auto const middle = some.begin() + static_cast<std::ptrdiff_t>(some.size() / 2);
    std::nth_element(some.begin(), middle, some.end());
    float const soft = std::max(*middle / 4, 1e-20F);
    std::vector<float> const wx = window_of(size.width), wy = window_of(size.height);
    for (int y = 0; y < size.height; ++y) {
        float *re = field.re.row(y), *im = field.im.row(y);
        weigh_row(re, im, square.row(y), soft, wx.data(), wy[static_cast<std::size_t>(y)], size.width);
        for (int x = 0; x < size.width; ++x) {
            if (!mask.empty() && mask.at(x, y)) re[x] = im[x] = 0;
            field.energy += double(re[x] * re[x] + im[x] * im[x]);
        }
    }
    return field;
}

MG_CLONES void add_conjugate_product(Spectrum::Cell* __restrict sum, Spectrum::Cell const* __restrict a,
                                     Spectrum::Cell const* __restrict b, int count) {
    for (int i = 0; i < count; ++i)
        for (int k = 0; k < Spectrum::k_lanes; ++k) {
            sum[i].re[k] += a[i].re[k] * b[i].re[k] + a[i].im[k] * b[i].im[k];
            sum[i].im[k] += a[i].re[k] * b[i].im[k] - a[i].im[k] * b[i].re[k];
        }
}

/// Of a parabola through three neighbours, -0.5..0.5.
double vertex(double left, double middle, double right) {
    double const bend = left - 2 * middle + right;
    return bend < 0 ? std::min(std::max((left - right) / (2 * bend), -0.5), 0.5) : 0;
}

struct Peak {
    double x = 0, y = 0; ///< shift of the centres in target pixels
    double scale = 1, score = 0;
};

class Starts {
public:
    Starts(MapStartInput const& input, MapStartSettings const& settings) : m_input(input), m_settings(settings) {
        m_target = input.targets.front().size;
    }

    Result<std::vector<MapStart>> run(Work& work) {
        // Candidates of other scales than these are found from their neighbours.
        std::vector<double> scales{m_settings.start_scale};
        double const most = 1 + std::min(std::max(m_settings.largest_scale_error, 0.0), 1.0);
        for (double up = k_scale_step; up <= most * 1.0001; up *= k_scale_step) {
            scales.push_back(m_settings.start_scale * up);
            scales.insert(scales.begin(), m_settings.start_scale / up);
        }
        MG_TRY(DirectionField target, direction_field(m_input.targets, {}, m_input.smoothing_px));
        if (!(target.energy > 0)) return std::vector<MapStart>{};
        m_energy = target.energy;
        m_rx = m_ry = 2;
        Size largest = m_target;
        for (double const scale : scales) {
            Size const grid = ground_size(scale);
            largest = {std::max(largest.width, grid.width), std::max(largest.height, grid.height)};
            int const radius = static_cast<int>(std::min(m_settings.largest_shift, 1.0) * grid.height) + 2;
            m_rx = std::max(m_rx, radius), m_ry = std::max(m_ry, radius);
        }
        MG_TRY(m_fft, Fft2::create({good_fft_length(largest.width + m_rx), good_fft_length(largest.height + m_ry)}));
        MG_TRY(m_spectra[0], m_fft->forward(target.re.view()));
        MG_TRY(m_spectra[1], m_fft->forward(target.im.view()));

        std::vector<std::vector<Peak>> found(scales.size());
        std::vector<Status> statuses(scales.size(), Status(Done{}));
        work.for_each(scales.size(), [&](std::size_t i) {
            if (work.cancelled()) return;
            auto peaks = peaks_at(scales[i]);
            if (peaks)
                found[i] = std::move(peaks).value();
            else
                statuses[i] = std::move(peaks).error();
        });
        if (work.cancelled()) return Error{ErrorCode::cancelled, "stopped"};
        std::vector<Peak> all;
        for (std::size_t i = 0; i < scales.size(); ++i) {
            MG_TRY_DO(std::move(statuses[i]));
            all.insert(all.end(), found[i].begin(), found[i].end());
        }
        std::stable_sort(all.begin(), all.end(), [](Peak const& a, Peak const& b) { return a.score > b.score; });
        std::vector<Peak> kept;
        for (Peak const& peak : all) {
            bool fresh = true;
            for (Peak const& other : kept) {
                double const ratio = peak.scale / other.scale;
                fresh = fresh && (ratio > 1.07 || ratio < 1 / 1.07 || std::fabs(peak.x - other.x) > 7 ||
                                  std::fabs(peak.y - other.y) > 7);
            }
            if (fresh) kept.push_back(peak);
            if (static_cast<int>(kept.size()) >= m_settings.count) break;
        }
        std::vector<MapStart> starts;
        for (Peak const& peak : kept) {
            Size const ground = m_input.ground.size;
            Point const shift{peak.x * pitch_x(peak.scale), peak.y * pitch_y(peak.scale)};
            starts.push_back({frame_map(m_target, ground, peak.scale, shift, m_settings.height), peak.score});
        }
        return starts;
    }

private:
    /// Ground pixels per target pixel.
    double pitch_x(double scale) const { return scale * m_input.ground.width() / m_target.width; }
    double pitch_y(double scale) const { return scale * m_settings.height * m_input.ground.height() / m_target.height; }
    Size ground_size(double scale) const {
        auto const px = [](double v) { return std::max(8, static_cast<int>(std::min(v, 4096.0))); };
        return {px(m_target.width / scale), px(m_target.height / (scale * m_settings.height))};
    }

    Result<std::vector<Peak>> peaks_at(double scale) const {
        Size const grid = ground_size(scale), ground = m_input.ground.size;
        ResizeSpec spec;
        spec.size = grid;
        spec.kernel = Kernel::linear;
        auto const along = [](int from, int to, double step) {
            return Sampling{(from - 1) / 2.0 - step * (to - 1) / 2.0, step};
        };
        spec.x = along(ground.width, grid.width, pitch_x(scale));
        spec.y = along(ground.height, grid.height, pitch_y(scale));
        MG_TRY(Plane const shrunk, resized(m_input.ground, spec));
        Mask mask;
        if (m_input.ground_mask.data) {
            MG_TRY(mask, resized_mask(m_input.ground_mask, spec));
        }
        MG_TRY(DirectionField field, direction_field({shrunk.view()}, mask, m_input.smoothing_px));
        if (!(field.energy > 0)) return std::vector<Peak>{};
        MG_TRY(Spectrum product, Spectrum::create(m_fft->half_size()));
        Spectrum spectra[2];
        MG_TRY(spectra[0], m_fft->forward(field.re.view()));
        MG_TRY(spectra[1], m_fft->forward(field.im.view()));
        for (int band = 0; band < product.bands(); ++band) {
            int const cells = product.size().height;
            std::fill(product.band(band), product.band(band) + cells, Spectrum::Cell{});
            for (std::size_t c = 0; c < 2; ++c)
                add_conjugate_product(product.band(band), m_spectra[c].band(band), spectra[c].band(band), cells);
        }
        MG_TRY(Plane const cyclic, m_fft->inverse(std::move(product)));
        return highest(cyclic, grid, scale, std::sqrt(m_energy * field.energy));
    }

    std::vector<Peak> highest(Plane const& cyclic, Size grid, double scale, double norm) const {
        int const w = cyclic.width(), h = cyclic.height();
        // The target's pixel p shows what the ground's p + at shows; centres lie on each other at:
        double const middle_x = (grid.width - m_target.width) / 2.0, middle_y = (grid.height - m_target.height) / 2.0;
        double const reach =
            std::min(m_settings.largest_shift, 1.0) * m_target.height / (scale * m_settings.height) + 1;
        auto const at = [&](int x, int y) { return double(cyclic.at(((x % w) + w) % w, ((y % h) + h) % h)); };
        int const x0 = static_cast<int>(std::ceil(middle_x - reach)), x1 = static_cast<int>(middle_x + reach + 64) - 64;
        int const y0 = static_cast<int>(std::ceil(middle_y - reach)), y1 = static_cast<int>(middle_y + reach + 64) - 64;
        std::vector<Peak> peaks;
        std::vector<std::pair<int, int>> taken;
        for (int k = 0; k < k_peaks_per_scale; ++k) {
            double best = 0;
            int bx = 0, by = 0;
            for (int y = y0; y <= y1; ++y)
                for (int x = x0; x <= x1; ++x) {
                    double const v = at(x, y);
                    if (v <= best) continue;
                    bool near = false;
                    for (auto const& [tx, ty] : taken)
                        near = near || (std::abs(tx - x) <= k_apart_px && std::abs(ty - y) <= k_apart_px);
                    if (near) continue;
                    best = v, bx = x, by = y;
                }
            if (!(best > 0)) break;
            taken.emplace_back(bx, by);
            double const x = bx + vertex(at(bx - 1, by), best, at(bx + 1, by));
            double const y = by + vertex(at(bx, by - 1), best, at(bx, by + 1));
            peaks.push_back({x - middle_x, y - middle_y, scale, best / norm});
        }
        return peaks;
    }

    MapStartInput const& m_input;
    MapStartSettings m_settings;
    Size m_target;
    double m_energy = 0;
    int m_rx = 2, m_ry = 2;
    std::optional<Fft2> m_fft;
    std::array<Spectrum, 2> m_spectra;
};

} // namespace

Affine frame_map(Size target, Size ground, double scale, Point shift_px, double height) {
    double const px = scale * ground.width / target.width, py = scale * height * ground.height / target.height;
    return {px, 0,  (ground.width - 1) / 2.0 + shift_px.x - px * (target.width - 1) / 2.0,
            0,  py, (ground.height - 1) / 2.0 + shift_px.y - py * (target.height - 1) / 2.0};
}

Result<std::vector<MapStart>> map_starts(MapStartInput const& input, MapStartSettings const& settings, Work& work) {
    return Starts(input, settings).run(work);
}

} // namespace mg
