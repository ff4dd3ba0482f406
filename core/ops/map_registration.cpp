// Starts at many scales (map_registration_start.h); each is fitted coarsely by tones (map_registration_fit.h); the best
// is fitted at the maps' resolution, with the blur that explains them best; and what has come out is tested: all other
// shifts must explain the maps much worse, and all parts of the frame must want to stay where they are.
#include "ops/map_registration.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "math/fft.h"
#include "math/linear.h"
#include "math/portable.h"
#include "ops/gaussian.h"
#include "ops/map_registration_fit.h"
#include "ops/map_registration_start.h"
#include "ops/median.h"
#include "ops/resample.h"

namespace mg {
namespace {

constexpr double k_accepted = 0.85, k_doubtful = 0.5;
/// Gaps at which one in two would be believed. Of images of unrelated but alike specimens the largest seen was 5.7 for
/// Lab images (with an expected error of more than a pixel) and 6 for maps; true ones mostly have 10 and more.
constexpr double k_gap = 4.5, k_gap_maps = 7;
/// Expected errors, in pixels of the target, at which one in two would be believed.
constexpr double k_sure_px = 0.33, k_sure_px_maps = 0.8;
/// Resolution of element maps, which are smoothed by one pixel; and how much shading along edges may displace what they
/// have in common with the SE image. Pixels of the maps.
constexpr double k_maps_blur_px = 1.2, k_maps_bias_px = 0.5;
constexpr int k_fine_width_px = 360; ///< targets are fitted at this width or less
/// A start that explains less than this share of what the best one does is not followed.
constexpr double k_hopeless = 0.3;
/// One that explains more than this share is followed to the end.
constexpr double k_rival = 0.8;
/// One that in the end explains more than this share of what the best one does makes that doubtful.
constexpr double k_contested = 0.96;
constexpr int k_coarse_width_px = 128; ///< about that wide while the start is looked for

/// Every plane of one size on a coarser grid of the same frame.
Result<std::vector<Plane>> reduced(std::vector<ImageView<float const>> const& planes, Size size) {
    std::vector<Plane> out;
    for (ImageView<float const> const& plane : planes) {
        ResizeSpec spec;
        spec.size = size;
        spec.kernel = plane.size == size ? Kernel::nearest : Kernel::area;
        MG_TRY(out.emplace_back(), resized(plane, spec));
    }
    return out;
}

std::vector<ImageView<float const>> views_of(std::vector<Plane> const& planes) {
    std::vector<ImageView<float const>> views;
    for (Plane const& plane : planes) views.push_back(plane.view());
    return views;
}

Result<std::vector<Plane>> smoothed(std::vector<Plane> const& planes, double sigma_px) {
    std::vector<Plane> out;
    for (Plane const& plane : planes) {
        MG_TRY(out.emplace_back(), gaussian_blurred(plane.view(), {sigma_px, sigma_px}));
    }
    return out;
}

Result<Ground> shrunk(ImageView<float const> image, ImageView<std::uint8_t const> mask, int factor_x, int factor_y) {
    Ground ground;
    ground.factor_x = std::max(1, std::min(factor_x, image.width()));
    ground.factor_y = std::max(1, std::min(factor_y, image.height()));
    ResizeSpec spec;
    spec.size = {image.width() / ground.factor_x, image.height() / ground.factor_y};
    spec.kernel = Kernel::area;
    spec.x = Sampling{(ground.factor_x - 1) / 2.0, double(ground.factor_x)};
    spec.y = Sampling{(ground.factor_y - 1) / 2.0, double(ground.factor_y)};
    MG_TRY(ground.pixels, resized(image, spec));
    if (mask.data) {
        MG_TRY(ground.mask, resized_mask(mask, spec));
    }
    return ground;
}

/// Standard deviation of the noise, from neighbours.
double noise_of(ImageView<float const> plane) {
    double squares = 0, count = 0;
    for (int y = 0; y < plane.height(); ++y)
        for (int x = 0; x + 1 < plane.width(); ++x) {
            double const d = double(plane.at(x + 1, y)) - double(plane.at(x, y));
            squares += d * d, count += 1;
        }
    return count > 0 ? std::sqrt(squares / (2 * count)) : 0;
}

bool is_blank(ImageView<float const> plane) {
    float const first = plane.at(0, 0);
    for (int y = 0; y < plane.height(); ++y)
        for (int x = 0; x < plane.width(); ++x)
            if (plane.at(x, y) != first) return false;
    return true;
}

/// How the best shift compares with all others, at the map that was found.
struct Standing {
    double height = 0; ///< of the peak, in standard deviations of all other shifts
    double gap = 0;    ///< of the peak above the next one
};

/// Correlates what the maps show with what the SE image lets expect of them, over all shifts, after taking out all that
/// is broad: broad structures agree by chance.
Result<Standing> standing_of(ToneFit const& fit) {
    Size const size = fit.shown.size();
    MG_TRY(Fft2 const fft, Fft2::create({good_fft_length(size.width), good_fft_length(size.height)}));
    Spectrum spectra[2];
    for (int i = 0; i < 2; ++i) {
        Plane const& plane = i == 0 ? fit.expected : fit.shown;
        MG_TRY(Plane band, gaussian_blurred(plane.view(), {0.8, 0.8}));
        MG_TRY(Plane const broad, gaussian_blurred(plane.view(), {3.0, 3.0}));
        for (std::int64_t k = 0; k < size.area(); ++k) band.data()[k] -= broad.data()[k];
        MG_TRY(spectra[i], fft.forward(band.view()));
    }
    for (int b = 0; b < spectra[0].bands(); ++b) {
        Spectrum::Cell *p = spectra[0].band(b), *q = spectra[1].band(b);
        for (int y = 0; y < spectra[0].size().height; ++y)
            for (int k = 0; k < Spectrum::k_lanes; ++k) {
                float const re = p[y].re[k] * q[y].re[k] + p[y].im[k] * q[y].im[k];
                float const im = p[y].re[k] * q[y].im[k] - p[y].im[k] * q[y].re[k];
                p[y].re[k] = re, p[y].im[k] = im;
            }
    }
    MG_TRY(Plane const surface, fft.inverse(std::move(spectra[0])));
    int const w = surface.width(), h = surface.height();
    double sum = 0, squares = 0, count = 0, next = -1e30, peak = -1e30;
    for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x) {
            int const dx = std::min(x, w - x), dy = std::min(y, h - y);
            double const v = double(surface.at(x, y));
            if (dx <= 1 && dy <= 1) peak = std::max(peak, v);
            if (dx * dx + dy * dy <= 49) continue;
            sum += v, squares += v * v, count += 1;
            next = std::max(next, v);
        }
    double const mean = sum / count, deviation = std::sqrt(std::max(squares / count - mean * mean, 1e-60));
    return Standing{(peak - mean) / deviation, (peak - next) / deviation};
}

/// Where one kind of target lies, as well as it could be found.
struct Found {
    Trust trust = Trust::refused;
    Affine to_se; ///< target file's pixel -> SE pixel
    double confidence = 0;
    double residual_px = 0;
    std::string reason;
};

class Finder {
public:
    /// `height`: by how much more the fields' heights differ than their widths.
    Finder(MapRegistrationInput const& input, MapRegistrationSettings const& settings, double height, Work& work)
        : m_input(input), m_settings(settings), m_height(height), m_work(work) {}

    /// `noisy`: counts, which are smoothed first.
    Result<Found> find(std::vector<ImageView<float const>> const& planes, bool noisy);

private:
    Status prepare(std::vector<ImageView<float const>> const& planes);
    Result<std::vector<ToneFit>> coarse(std::vector<MapStart> const& starts);
    Result<ToneFit> fine(ToneFit const& start);
    void simplify(ToneFit& fit) const;
    double expected_error_px(ToneFit const& fit, Affine const& to_se) const;
    bool within_limits(Affine const& to_se) const;
    double target_aspect(Size target) const {
        return m_input.se.height() * m_input.se_pixel_aspect / target.height /
               (double(m_input.se.width()) / target.width);
    }
    Motion motion() const { return m_settings.motion == Motion::projective ? Motion::affine : m_settings.motion; }
    /// Target pixel -> ground pixel, of the map target pixel -> recorded SE pixel.
    Affine onto_ground(Affine const& map) const { return m_ground.to_recorded().inverse().after(map); }
    Affine onto_se(Affine const& map) const { return m_ground.to_recorded().after(map); }
    Affine between(Size from, Size to) const { return frame_map(from, to, 1, {}); }

    MapRegistrationInput const& m_input;
    MapRegistrationSettings const& m_settings;
    double m_height;
    Work& m_work;
    bool m_noisy = false;
    std::vector<Plane> m_fine, m_coarse; ///< targets
    Ground m_ground, m_small;
};

Status Finder::prepare(std::vector<ImageView<float const>> const& planes) {
    Size const full = planes.front().size;
    auto const divided = [&](int k) { return Size{std::max(1, full.width / k), std::max(1, full.height / k)}; };
    int const fine = (full.width + k_fine_width_px - 1) / k_fine_width_px;
    int const coarse = std::max(1, static_cast<int>(double(full.width) / k_coarse_width_px + 0.5));
    MG_TRY(m_fine, reduced(planes, divided(fine)));
    if (m_noisy)
        for (Plane& plane : m_fine) {
            double const noise = std::max(noise_of(plane.view()), 1e-12);
            auto const k = static_cast<float>(1 / noise);
            for (std::int64_t i = 0; i < plane.size().area(); ++i) plane.data()[i] *= k;
        }
    MG_TRY(m_coarse, reduced(views_of(m_fine), divided(std::max(fine, coarse))));
    Size const grid = m_fine.front().size(), few = m_coarse.front().size();
    auto const factor = [&](int se, int target, double per_pixel) {
        return std::max(1, static_cast<int>(m_settings.start_scale * se / target / per_pixel));
    };
    Size const se = m_input.se.size;
    MG_TRY(m_ground,
           shrunk(m_input.se, m_input.se_mask, factor(se.width, grid.width, 2), factor(se.height, grid.height, 2)));
    ImageView<std::uint8_t const> mask{};
    if (!m_ground.mask.empty()) mask = m_ground.mask.view();
    if (m_noisy)
        // Bright and dark lines along edges belong to one side of them once they are blurred, and move the edge.
        for (int round = 0; round < 2; ++round) {
            MG_TRY(m_ground.pixels, median_3x5(m_ground.pixels.view()));
        }
    MG_TRY(m_small, shrunk(m_ground.pixels.view(), mask, factor(m_ground.pixels.width(), few.width, 1.5),
                           factor(m_ground.pixels.height(), few.height, 1.5)));
    return Done{};
}

bool Finder::within_limits(Affine const& to_se) const {
    // A turn or shear of more than 0.15, or scales beyond what was asked for, are no answer.
    Size const target = m_fine.front().size(), se = m_input.se.size;
    double const x = to_se.a * target.width / se.width, y = to_se.d * target.height / (se.height * m_height);
    double const most = (1 + m_settings.largest_scale_error) * 1.06;
    auto const fits = [&](double scale) {
        return scale < m_settings.start_scale * most && scale > m_settings.start_scale / most;
    };
    if (!fits(x) || !fits(y)) return false;
    if (std::fabs(to_se.b) > 0.15 * to_se.d || std::fabs(to_se.c) > 0.15 * to_se.a) return false;
    Point const there = to_se({(target.width - 1) / 2.0, (target.height - 1) / 2.0});
    double const reach = m_settings.largest_shift * se.height + 8;
    return std::fabs(there.x - (se.width - 1) / 2.0) <= reach && std::fabs(there.y - (se.height - 1) / 2.0) <= reach;
}

/// By how much the SE image explains what lies on it; large overlaps count for more, but not as much as they are
/// larger.
double score_of(ToneFit const& fit) {
    return fit.overlap > 0 ? fit.gain_nats / std::sqrt(fit.overlap) : 0;
}
void best_first(std::vector<ToneFit>& fits) {
    std::stable_sort(fits.begin(), fits.end(),
                     [](ToneFit const& a, ToneFit const& b) { return score_of(a) > score_of(b); });
}

/// The best of the starts, fitted on the coarse grid, and a rival that is nearly as good.
Result<std::vector<ToneFit>> Finder::coarse(std::vector<MapStart> const& starts) {
    Size const few = m_coarse.front().size(), grid = m_fine.front().size();
    Affine const small_to_se = onto_se(m_small.to_recorded());
    double const pitch_x = m_settings.start_scale * m_ground.pixels.width() / few.width;
    double const pitch_y = m_settings.start_scale * m_ground.pixels.height() / few.height;
    double const aspect = target_aspect(few);
    double const first_blur = m_noisy ? 1.6 : 1.3, second_blur = m_noisy ? 1.0 : 0.65;
    MG_TRY(BlurredGround const broad, blurred_ground(m_ground, first_blur * pitch_x, first_blur * pitch_y));
    MG_TRY(BlurredGround const sharp, blurred_ground(m_ground, second_blur * pitch_x, second_blur * pitch_y));
    MG_TRY(std::vector<Plane> const soft, smoothed(m_coarse, m_noisy ? 1.4 : 0.9));
    MG_TRY(std::vector<Plane> const less_soft, smoothed(m_coarse, m_noisy ? 0.8 : 0.3));
    MG_TRY(ToneMatcher first, ToneMatcher::create(views_of(soft)));
    MG_TRY(ToneMatcher second, ToneMatcher::create(views_of(less_soft)));
    std::vector<ToneFit> candidates;
    for (MapStart const& start : starts) {
        Affine const map = onto_ground(small_to_se.after(start.map));
        Motion const simple = motion() == Motion::shift ? Motion::shift : Motion::similarity;
        MG_TRY(
            ToneFit fit,
            first.fit(broad, map,
                      {.motion = simple, .target_aspect = aspect, .iterations = 3, .enough_px = 0.1, .mix_rounds = 2},
                      {}, m_work));
        candidates.push_back(std::move(fit));
    }
    best_first(candidates);
    std::vector<ToneFit> better;
    auto const corners_apart = [&](Affine const& a, Affine const& b) {
        double most = 0;
        for (double const x : {0.0, few.width - 1.0})
            for (double const y : {0.0, few.height - 1.0}) {
                Point const p = a({x, y}), q = b({x, y});
                most = std::max(most, std::max(std::fabs(p.x - q.x) / pitch_x, std::fabs(p.y - q.y) / pitch_y));
            }
        return most;
    };
    for (ToneFit const& candidate : candidates) {
        bool fresh = better.size() < 3 && score_of(candidate) > k_hopeless * score_of(candidates.front());
        for (ToneFit const& other : better) fresh = fresh && corners_apart(candidate.map, other.map) > 3;
        if (!fresh) continue;
        MG_TRY(ToneFit fit,
               second.fit(
                   sharp, candidate.map,
                   {.motion = motion(), .target_aspect = aspect, .iterations = 5, .enough_px = 0.03, .mix_rounds = 2},
                   {}, m_work));
        Affine const to_se = onto_se(fit.map).after(between(grid, few));
        bool known = !within_limits(to_se) || fit.overlap < 0.3;
        for (ToneFit const& other : better) known = known || corners_apart(fit.map, other.map) < 3;
        if (known) continue;
        better.push_back(std::move(fit));
    }
    best_first(better);
    while (better.size() > 2 || (better.size() > 1 && score_of(better.back()) < k_rival * score_of(better.front())))
        better.pop_back();
    for (ToneFit& fit : better) fit.map = fit.map.after(between(grid, few));
    return better;
}

Result<ToneFit> Finder::fine(ToneFit const& start) {
    Size const grid = m_fine.front().size();
    double const pitch_x = std::fabs(start.map.a), pitch_y = std::fabs(start.map.d);
    ToneFitSettings settings{.motion = motion(),
                             .target_aspect = target_aspect(grid),
                             .iterations = m_noisy ? 6 : 3,
                             .enough_px = m_noisy ? 0.002 : 0.01,
                             .mix_rounds = 2};
    std::vector<Plane> soft;
    if (m_noisy) {
        MG_TRY(soft, smoothed(m_fine, 1));
    }
    MG_TRY(ToneMatcher matcher, ToneMatcher::create(views_of(m_noisy ? soft : m_fine)));
    // Resolution: uphill among these blurs, in pixels of the target, then the top of a parabola.
    static constexpr double k_blurs[] = {0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8};
    constexpr int k_count = 8;
    int at = 2;
    auto const fit_with = [&](double blur, ToneFit const& from) -> Result<ToneFit> {
        MG_TRY(BlurredGround const blurred, blurred_ground(m_ground, blur * pitch_x, blur * pitch_y));
        return matcher.fit(blurred, from.map, settings, from.mix, m_work);
    };
    // Noise in the weights of several maps makes blurred images look the better ones.
    if (m_noisy) return fit_with(k_maps_blur_px, start);
    MG_TRY(ToneFit best, fit_with(k_blurs[at], start));
    settings.mix_rounds = 0;
    settings.iterations = 1;
    std::array<double, k_count> gains{};
    gains[static_cast<std::size_t>(at)] = best.gain_nats;
    auto const gain_of = [&](int i) -> double& { return gains[static_cast<std::size_t>(i)]; };
    for (int const step : {1, -1}) {
        bool moved = false;
        for (int i = at + step; i >= 0 && i < k_count; i += step) {
            MG_TRY(ToneFit other, fit_with(k_blurs[i], best));
            gain_of(i) = other.gain_nats;
            if (!(other.gain_nats > best.gain_nats)) break;
            best = std::move(other);
            at = i;
            moved = true;
        }
        if (moved) break;
    }
    double blur = k_blurs[at];
    if (at > 0 && at + 1 < k_count && gain_of(at - 1) > 0 && gain_of(at + 1) > 0) {
        double const bend = gain_of(at - 1) - 2 * gain_of(at) + gain_of(at + 1);
        double const top = bend < 0 ? (gain_of(at - 1) - gain_of(at + 1)) / (2 * bend) : 0;
        int const other = top < 0 ? at - 1 : at + 1;
        blur += std::min(std::fabs(top), 0.5) * (k_blurs[other] - blur);
    }
    settings.iterations = 4;
    settings.enough_px = 0.002;
    return fit_with(blur, best);
}

/// Back to a map with fewer numbers where the data do not contradict it: equal stretch in both directions of the frames
/// and no turn; else no shear.
void Finder::simplify(ToneFit& fit) const {
    if (motion() == Motion::shift) return;
    Size const grid = m_fine.front().size();
    Affine const nominal = onto_ground(frame_map(grid, m_input.se.size, 1, {}, m_height));
    double const cx = (grid.width - 1) / 2.0, cy = (grid.height - 1) / 2.0, radius = grid.width / 2.0;
    // Maps as six numbers: x by 1, u, v, then y by 1, u, v, on the ground.
    auto const numbers = [&](Affine const& m) {
        Point const centre = m({cx, cy});
        return std::array<double, 6>{centre.x, m.a * radius, m.b * radius, centre.y, m.c * radius, m.d * radius};
    };
    // A change d of target pixels moves the ground by L d.
    Affine const& m = fit.map;
    Affine const back = Affine{m.a, m.b, 0, m.c, m.d, 0}.inverse();
    std::array<double, 36> info{};
    double const l[2][2] = {{back.a, back.b}, {back.c, back.d}};
    for (std::size_t i = 0; i < 6; ++i)
        for (std::size_t j = 0; j < 6; ++j)
            for (std::size_t p = 0; p < 2; ++p)
                for (std::size_t q = 0; q < 2; ++q)
                    info[i * 6 + j] += l[p][i / 3] * fit.information[(3 * p + i % 3) * 6 + 3 * q + j % 3] * l[q][j / 3];
    std::array<double, 6> const found = numbers(fit.map), plain = numbers(nominal);
    double const aspect = m_input.se_pixel_aspect * m_ground.factor_y / m_ground.factor_x; // of a ground pixel
    // Columns: shift x, shift y, stretch, turn.
    std::array<std::array<double, 6>, 4> const columns{{{1, 0, 0, 0, 0, 0},
                                                        {0, 0, 0, 1, 0, 0},
                                                        {0, plain[1], 0, 0, 0, plain[5]},
                                                        {0, 0, -plain[5] * aspect, 0, plain[1] / aspect, 0}}};
    for (std::size_t const free : {std::size_t{3}, std::size_t{4}}) {
        if (free == 4 && motion() == Motion::similarity) return;
        std::vector<double> normal(free * free, 0), right(free, 0);
        for (std::size_t a = 0; a < free; ++a)
            for (std::size_t i = 0; i < 6; ++i)
                for (std::size_t j = 0; j < 6; ++j) {
                    double const w = columns[a][i] * info[i * 6 + j];
                    right[a] += w * found[j];
                    for (std::size_t b = 0; b < free; ++b) normal[a * free + b] += w * columns[b][j];
                }
        auto const factor = cholesky(normal, static_cast<int>(free));
        if (!factor) return;
        solve_cholesky(*factor, static_cast<int>(free), right);
        std::array<double, 6> simple{};
        for (std::size_t a = 0; a < free; ++a)
            for (std::size_t i = 0; i < 6; ++i) simple[i] += right[a] * columns[a][i];
        double squared = 0;
        for (std::size_t i = 0; i < 6; ++i)
            for (std::size_t j = 0; j < 6; ++j)
                squared += (found[i] - simple[i]) * info[i * 6 + j] * (found[j] - simple[j]);
        double const spared = (motion() == Motion::affine ? 6.0 : 4.0) - static_cast<double>(free);
        if (squared > 5 * spared + 3) continue;
        Affine map{simple[1] / radius, simple[2] / radius, 0, simple[4] / radius, simple[5] / radius, 0};
        Point const centre = map({cx, cy});
        map.tx = simple[0] - centre.x, map.ty = simple[3] - centre.y;
        fit.map = map;
        return;
    }
}

/// By the curvature, and by how much the parts of the frame contradict each other. SE px.
double Finder::expected_error_px(ToneFit const& fit, Affine const& to_se) const {
    double chi = 0, parts = 0;
    for (ToneFit::Part const& part : fit.parts) {
        if (part.variance_x <= 0 || part.variance_y <= 0) continue;
        chi += part.x * part.x / part.variance_x + part.y * part.y / part.variance_y;
        parts += 1;
    }
    double const contradiction = parts > 3 ? chi / (2 * parts - 6) : 1;
    auto const covariance = inverted_symmetric({fit.information.begin(), fit.information.end()}, 6);
    if (!covariance) return 1e3;
    Size const grid = fit.shown.size();
    double const a = double(grid.height) / grid.width, spread[3] = {1, 1.0 / 3, a * a / 3};
    double variance = 0;
    for (std::size_t i = 0; i < 6; ++i) {
        double const px = i < 3 ? to_se.a : to_se.d * m_input.se_pixel_aspect;
        variance += (*covariance)[7 * i] * spread[i % 3] * px * px;
    }
    return std::sqrt(variance * std::max(1.0, contradiction));
}

Result<Found> Finder::find(std::vector<ImageView<float const>> const& planes, bool noisy) {
    m_noisy = noisy;
    Found found;
    std::vector<ImageView<float const>> useful;
    for (ImageView<float const> const& plane : planes)
        if (!is_blank(plane)) useful.push_back(plane);
    if (useful.empty()) {
        found.reason = "it is blank";
        return found;
    }
    if (useful.front().width() < 24 || useful.front().height() < 24 || m_input.se.width() < 32 ||
        m_input.se.height() < 32) {
        found.reason = "it is too small to be matched";
        return found;
    }
    MG_TRY_DO(prepare(useful));
    MapStartInput start_input{.targets = views_of(m_coarse), .ground = m_small.pixels.view(), .ground_mask = {}};
    if (!m_small.mask.empty()) start_input.ground_mask = m_small.mask.view();
    start_input.smoothing_px = noisy ? 2.2 : 1.5;
    MapStartSettings start_settings{.start_scale = m_settings.start_scale,
                                    .largest_scale_error =
                                        motion() == Motion::shift ? 0 : m_settings.largest_scale_error,
                                    .largest_shift = m_settings.largest_shift,
                                    .height = m_height};
    m_work.progress(0.1, "looking for where the maps lie");
    MG_TRY(std::vector<MapStart> const starts, map_starts(start_input, start_settings, m_work));
    MG_TRY(std::vector<ToneFit> const rough, coarse(starts));
    m_work.progress(0.6, "fitting the maps to the SE image");
    ToneFit fit;
    double rival = 0; // what the second best explains, of what the best does, per pixel
    auto const per_pixel = [](ToneFit const& one) { return one.overlap > 0 ? one.gain_nats / one.overlap : 0; };
    for (ToneFit const& start : rough) {
        MG_TRY(ToneFit next, fine(start));
        if (!(next.gain_nats > 0) || next.shown.empty() || !within_limits(onto_se(next.map))) continue;
        bool const better = per_pixel(next) > per_pixel(fit);
        if (fit.gain_nats > 0) {
            // Both may have come to one place in the end.
            Point const a = fit.map({}), b = next.map({});
            bool const elsewhere = std::fabs(a.x - b.x) > fit.map.a || std::fabs(a.y - b.y) > fit.map.d;
            double const lower = std::min(per_pixel(next), per_pixel(fit)),
                         higher = std::max(per_pixel(next), per_pixel(fit));
            if (elsewhere) rival = lower / higher;
        }
        if (better) fit = std::move(next);
    }
    if (!(fit.gain_nats > 0)) {
        found.reason = "no common structure was found";
        return found;
    }
    MG_TRY(Standing const standing, standing_of(fit));
    simplify(fit);
    Size const grid = m_fine.front().size();
    Affine const to_se = onto_se(fit.map);
    found.to_se = to_se.after(between(planes.front().size, grid));

    found.residual_px = expected_error_px(fit, to_se);
    double const pixel = std::fabs(to_se.a);
    double const doubt = found.residual_px / (pixel * (noisy ? k_sure_px_maps : k_sure_px));
    double const likely = 1 / (1 + exp_portable(-(standing.gap - (noisy ? k_gap_maps : k_gap)) / 0.4));
    bool const contested = rival > k_contested;
    found.confidence = likely / (1 + doubt * doubt * doubt * doubt) * (contested ? 0.75 : 1);
    if (noisy) {
        double const bias = k_maps_bias_px * pixel;
        found.residual_px = std::sqrt(found.residual_px * found.residual_px + bias * bias);
    }
    found.trust = found.confidence >= k_accepted   ? Trust::accepted
                  : found.confidence >= k_doubtful ? Trust::doubtful
                                                   : Trust::refused;
    if (found.trust != Trust::accepted)
        found.reason = likely < k_accepted || contested
                           ? "other places fit nearly as well"
                           : "its place stays open by about " + format_significant(found.residual_px, 2) + " px";
    return found;
}

/// With frames of one shape; and where that leads nowhere, with square pixels, for one of the scans may be cropped.
Result<Found> found_by(std::vector<ImageView<float const>> const& planes, bool noisy, MapRegistrationInput const& input,
                       MapRegistrationSettings const& settings, Work& work) {
    MG_TRY(Found best, Finder(input, settings, 1, work).find(planes, noisy));
    Size const se = input.se.size, target = planes.front().size;
    double const square =
        (double(se.width) / target.width) / (double(se.height) / target.height * input.se_pixel_aspect);
    if (best.trust == Trust::accepted || std::fabs(square - 1) < 0.04 || !(square > 0.2 && square < 5)) return best;
    MG_TRY(Found other, Finder(input, settings, square, work).find(planes, noisy));
    return other.trust < best.trust ? other : best;
}

/// A map of what is placed by hand or by a given shift, or of nothing at all.
Affine plain_map(Size grid, MapRegistrationInput const& input, MapRegistrationSettings const& settings,
                 Point shift_px) {
    return frame_map(grid, input.se.size, settings.start_scale, shift_px);
}

Result<MapRegistration> by_hand(Size lab, MapRegistrationInput const& input, MapRegistrationSettings const& settings) {
    // The points of the Lab image as if it had the SE image's pixels, so that a shift is a shift and a turn a turn.
    Affine const plain = plain_map(lab, input, settings, {});
    std::vector<PointPair> points = input.hand;
    for (PointPair& pair : points) pair.from = plain(pair.from);
    MG_TRY(LandmarkFit const fit, fit_landmarks(points, input.hand_motion, input.se_pixel_aspect));
    MapRegistration result;
    result.to_se = fit.map.after(Projective(plain));
    result.trust = Trust::by_hand;
    result.confidence = 1;
    double squares = 0;
    for (double const residual : fit.residuals_px) squares += residual * residual;
    result.residual_px = std::sqrt(squares / static_cast<double>(points.size()));
    result.source = "points";
    return result;
}

} // namespace

Result<MapRegistration> register_maps(MapRegistrationInput const& input, MapRegistrationSettings const& settings,
                                      Work& work) {
    bool const has_lab = input.lab.data != nullptr && !input.lab.size.empty();
    if (!input.se.data || input.se.size.empty())
        return Error{ErrorCode::bad_value, "the maps cannot be laid over anything: there is no SE image"};
    if (!has_lab && input.maps.empty())
        return Error{ErrorCode::bad_value,
                     "nothing can be laid over the SE image: there are neither a Lab image nor maps"};
    if (!(settings.start_scale > 0.05 && settings.start_scale < 20))
        return Error{ErrorCode::bad_value, "the maps' field must be between 0.05 and 20 times the SE image's as wide"};
    for (ImageView<float const> const& map : input.maps)
        if (!(map.size == input.maps.front().size) || map.size.empty())
            return Error{ErrorCode::bad_value, "the element maps differ in size"};

    Size const grid = input.maps.empty() ? input.lab.size : input.maps.front().size;
    Size const matched = has_lab ? input.lab.size : grid;
    MapRegistration result;
    if (!input.hand.empty()) {
        MG_TRY(result, by_hand(matched, input, settings));
        result.to_se = result.to_se.after(Projective(frame_map(grid, matched, 1, {})));
    } else if (settings.shift_given) {
        result.to_se = plain_map(grid, input, settings, settings.shift_px);
        result.trust = Trust::by_hand;
        result.confidence = 1;
        result.source = "given shift";
    } else {
        Found best;
        Size size = matched;
        if (has_lab) {
            MG_TRY(best, found_by({input.lab}, false, input, settings, work));
            result.source = "Lab image";
        }
        if (best.trust != Trust::accepted && !input.maps.empty()) {
            MG_TRY(Found maps, found_by(input.maps, true, input, settings, work));
            // Doubtful maps do not outweigh a doubtful Lab image.
            if (!has_lab || maps.trust < best.trust) {
                best = std::move(maps);
                size = grid;
                result.source = "element maps";
            } else {
                best.reason = "Lab image: " + best.reason +
                              "; element maps: " + (maps.reason.empty() ? "no better" : maps.reason);
            }
        }
        bool const known = best.trust != Trust::refused;
        result.to_se = known ? best.to_se.after(frame_map(grid, size, 1, {})) : plain_map(grid, input, settings, {});
        result.trust = best.trust;
        result.confidence = best.confidence;
        result.residual_px = known ? best.residual_px : 0;
        result.reason = std::move(best.reason);
    }
    // Of the middle of the frame; perspective by hand points changes it elsewhere.
    Point const left = result.to_se({-0.5, (grid.height - 1) / 2.0}),
                right = result.to_se({grid.width - 0.5, (grid.height - 1) / 2.0});
    double const dx = right.x - left.x, dy = (right.y - left.y) * input.se_pixel_aspect;
    result.scale = std::sqrt(dx * dx + dy * dy) / input.se.width();
    return result;
}

} // namespace mg
