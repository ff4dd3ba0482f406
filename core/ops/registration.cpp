// A set of images is aligned in four stages: features of each image; shifts of pairs by correlation; positions of all
// from the pairs that can be trusted; then all together by maximum likelihood (joint_registration.h), from coarse to
// fine and from shift to similarity to affine as long as the likelihood gains more than the added numbers cost (Schwarz
// 1978).
#include "ops/registration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/text.h"
#include "math/linear.h"
#include "math/portable.h"
#include "ops/joint_registration.h"
#include "ops/registration_features.h"
#include "ops/resample_warp.h"

namespace mg {
namespace {

/// True pairs have gaps above 0.8 with all scales agreeing; unrelated images stay below 0.7 in 98 of 100 cases and
/// agree in 6 of 100.
double confidence_of(StartShift const& start) {
    double const likely = 1 / (1 + exp_portable(-(start.gap - 0.42) / 0.09));
    int const missing = start.scales - start.scales_agree;
    return likely * (missing == 0 ? 1 : missing == 1 && start.scales > 2 ? 0.6 : 0.2);
}
constexpr double k_accepted = 0.85, k_doubtful = 0.5;
/// At the most, of an image whose pair was found but whose map could not be refined: doubtful.
constexpr double k_unrefined = 0.7;

Trust trust_of(double confidence) {
    return confidence >= k_accepted ? Trust::accepted : confidence >= k_doubtful ? Trust::doubtful : Trust::refused;
}

std::string reason_of(StartShift const& start) {
    if (start.scales_agree < start.scales && start.gap > 0.2)
        return std::string("coarse and fine structure disagree by ")
            .append(format_significant(start.farthest_px, 2))
            .append(" px");
    return "no common structure stands out";
}

struct Pair {
    int from = 0, to = 0;
    StartShift start{};
    double confidence = 0;
    bool closes = true; ///< agrees with the other pairs
    std::string reason{};
};

double hypot_of(double x, double y) {
    return std::sqrt(x * x + y * y);
}

Affine to_coarse(Affine const& fine_map) {
    Affine const up{2, 0, 0.5, 0, 2, 0.5};
    return up.inverse().after(fine_map).after(up);
}
Affine to_fine(Affine const& coarse_map) {
    Affine const up{2, 0, 0.5, 0, 2, 0.5};
    return up.after(coarse_map).after(up.inverse());
}

/// log det of the correlations among the fixed images, with the ridge that the joint registration puts on them.
double log_det_of_fixed(std::vector<double> const& correlations, std::vector<bool> const& fixed) {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < fixed.size(); ++i)
        if (fixed[i]) kept.push_back(i);
    std::size_t const size = kept.size();
    std::vector<double> part(size * size);
    for (std::size_t i = 0; i < size; ++i)
        for (std::size_t j = 0; j < size; ++j)
            part[i * size + j] = correlations[kept[i] * fixed.size() + kept[j]] + (i == j ? k_correlation_ridge : 0);
    auto const factor = cholesky(std::move(part), static_cast<int>(size));
    double sum = 0;
    for (std::size_t i = 0; factor && i < size; ++i) sum += 2 * log_portable((*factor)[i * size + i]);
    return sum;
}

/// Beyond this much evidence for common structure nobody needs another kind of field.
constexpr double k_sure_nats = 60;

class SetRegistration {
public:
    SetRegistration(std::span<RegistrationImage const> images, RegistrationSettings const& settings, Work& work)
        : m_images(images), m_settings(settings), m_work(work), m_n(static_cast<int>(images.size())) {}

    Result<Registration> run();

private:
    struct Place {
        bool placed = false;
        bool by_hand = false;
        Projective by_points{}; ///< stored pixels, when by hand
        Affine map{};           ///< fine grids
        double confidence = 0;
        double error_px = 0; ///< fine grid
        std::string reason{};
    };

    RegistrationImage const& image(int i) const { return m_images[static_cast<std::size_t>(i)]; }
    Features const& features(int i) const { return m_features[static_cast<std::size_t>(i)]; }
    bool usable(int i) const { return features(i).refusal.empty(); }
    double search_px() const {
        return std::max(4.0, m_settings.largest_shift * image(m_settings.reference).pixels.height());
    }
    Status make_features();
    std::vector<std::pair<int, int>> pairs_to_match() const;
    Status match_pairs();
    void place_by_pairs();
    void doubt_uncertain(Place& place) const;
    Status place_by_hand(bool before);
    /// Images whose pixels take part in the joint solution at present, the reference first.
    std::vector<int> placed_signals() const;

    struct Solution {
        std::vector<Affine> maps; ///< fine grid of the reference -> fine grid of each image
        double log_det = 0;       ///< of what moves, given what is fixed; 0: nothing in common
        double samples = 0;
        std::vector<double> errors_px{};
        Motion motion = Motion::shift;
        /// Nats by which common structure explains the images better than none does.
        double evidence() const { return -0.5 * samples * log_det; }
        /// Nats by which this explains the same pixels better than `other` of the same fields.
        double gain_over(Solution const& other) const {
            return 0.5 * std::min(samples, other.samples) * (other.log_det - log_det);
        }
        double largest_error_px() const {
            double largest = 0;
            for (double error : errors_px) largest = std::max(largest, error);
            return largest;
        }
    };
    struct Task {
        std::vector<int> members;   ///< the first one is the grid
        std::vector<bool> fixed;    ///< members whose maps are taken as given
        std::vector<Affine> start;  ///< fine grid
        std::vector<Affine> turned; ///< another start for all but shifts; empty: none
        FieldKind kind = FieldKind::logarithm;
        Motion motion = Motion::shift;
        int first_level = 0, last_level = k_field_levels - 1;
        int iterations = 8;
    };
    /// A long stack is solved on the coarse grid alone: noise averages out over so many images.
    static int last_level(Task const& task) {
        return task.members.size() > k_long_stack ? k_field_levels - 2 : k_field_levels - 1;
    }
    Status make_fields(Task const& task);
    Result<Solution> solved(Task const& task);
    Result<Solution> richest(Task task);
    Result<Solution> best_of_kinds(Task task);
    Status solve_signals();
    Status make_mean_log();
    Status find_extra(int extra);
    Status try_turns(Task& task);
    Status solve_extra(int extra);
    bool sane(Affine const& map, Affine const& start) const;
    Point centre(int i) const {
        Size const size = features(i).fine;
        return {(size.width - 1) / 2.0, (size.height - 1) / 2.0};
    }
    Affine stored(Affine const& fine_map) const {
        Affine const up = m_grid.to_stored();
        return up.after(fine_map).after(up.inverse());
    }
    Affine fine(Affine const& stored_map) const {
        Affine const up = m_grid.to_stored();
        return up.inverse().after(stored_map).after(up);
    }
    Registration finished();

    std::span<RegistrationImage const> m_images;
    RegistrationSettings m_settings;
    Work& m_work;
    int m_n;
    FeatureGrid m_grid;
    std::optional<Fft2> m_fft;
    std::vector<Features> m_features;
    using Fields = std::array<std::array<Field, k_field_levels>, 2>; ///< by kind and level; empty until needed
    std::vector<Fields> m_fields;
    Plane m_mean_log; ///< of the aligned signals, on the reference's coarse grid; empty until needed
    std::vector<Pair> m_pairs;
    std::vector<Place> m_places;
};

Status SetRegistration::make_features() {
    Size largest{};
    for (RegistrationImage const& one : m_images)
        largest = {std::max(largest.width, one.pixels.width()), std::max(largest.height, one.pixels.height())};
    m_grid = feature_grid(largest, search_px());
    MG_TRY(m_fft, Fft2::create(m_grid.fft));
    m_features.resize(m_images.size());
    m_fields.resize(m_images.size());
    std::vector<Status> statuses(m_images.size(), Status(Done{}));
    m_work.progress(0.02, "looking at each image");
    m_work.for_each(m_images.size(), [&](std::size_t i) {
        if (m_work.cancelled()) return;
        auto made = features_of(m_images[i], m_grid, *m_fft);
        if (made)
            m_features[i] = std::move(made).value();
        else
            statuses[i] = std::move(made).error();
    });
    if (m_work.cancelled()) return Error{ErrorCode::cancelled, "stopped"};
    for (Status& status : statuses) MG_TRY_DO(std::move(status));
    return Done{};
}

std::vector<std::pair<int, int>> SetRegistration::pairs_to_match() const {
    std::vector<std::pair<int, int>> pairs;
    int const reference = m_settings.reference;
    std::vector<int> signals, others;
    for (int i = 0; i < m_n; ++i) {
        if (!usable(i)) continue;
        (image(i).weightless && i != reference ? others : signals).push_back(i);
    }
    int const count = static_cast<int>(signals.size());
    // In a long stack far neighbours bring little, and the number of pairs must not grow with its square.
    int const reach = count <= 8 ? count : 4;
    for (int i = 0; i < count; ++i)
        for (int j = i + 1; j < count; ++j) {
            int const from = signals[static_cast<std::size_t>(i)], to = signals[static_cast<std::size_t>(j)];
            bool wanted = j - i <= reach;
            if (m_settings.pairs == PairChoice::consecutive) wanted = j - i == 1;
            if (m_settings.pairs == PairChoice::to_first) wanted = from == reference || to == reference;
            if (wanted) pairs.emplace_back(from, to);
        }
    // With one signal alone there is no mean to lay the others on.
    if (count == 1)
        for (int to : others) pairs.emplace_back(signals[0], to);
    return pairs;
}

Status SetRegistration::match_pairs() {
    auto const wanted = pairs_to_match();
    m_pairs.resize(wanted.size());
    std::vector<Status> statuses(wanted.size(), Status(Done{}));
    m_work.progress(0.3, "comparing the images in pairs");
    m_work.for_each(wanted.size(), [&](std::size_t i) {
        if (m_work.cancelled()) return;
        auto const [from, to] = wanted[i];
        auto start = start_shift(features(from), features(to), m_grid, *m_fft, search_px());
        if (!start) {
            statuses[i] = std::move(start).error();
            return;
        }
        m_pairs[i] = {.from = from, .to = to, .start = *start, .confidence = confidence_of(*start)};
        if (trust_of(m_pairs[i].confidence) != Trust::accepted) m_pairs[i].reason = reason_of(*start);
    });
    if (m_work.cancelled()) return Error{ErrorCode::cancelled, "stopped"};
    for (Status& status : statuses) MG_TRY_DO(std::move(status));
    return Done{};
}

/// Positions of all images by their pairs: the tree of the most trusted pairs first, then least squares over all pairs
/// that agree with it. Weightless images hang on the tree as leaves.
void SetRegistration::place_by_pairs() {
    auto const n = static_cast<std::size_t>(m_n);
    std::vector<Point> shift(n); // stored pixels, against the reference
    std::vector<std::size_t> order(m_pairs.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (m_pairs[a].confidence != m_pairs[b].confidence) return m_pairs[a].confidence > m_pairs[b].confidence;
        if (m_pairs[a].start.gap != m_pairs[b].start.gap) return m_pairs[a].start.gap > m_pairs[b].start.gap;
        return a < b;
    });
    for (bool grown = true; grown;) {
        grown = false;
        for (std::size_t index : order) {
            Pair const& pair = m_pairs[index];
            if (trust_of(pair.confidence) == Trust::refused) continue;
            Place &from = m_places[static_cast<std::size_t>(pair.from)],
                  &to = m_places[static_cast<std::size_t>(pair.to)];
            if (from.placed == to.placed) continue;
            bool const forwards = from.placed;
            int const known = forwards ? pair.from : pair.to, found = forwards ? pair.to : pair.from;
            if (!image(found).hand.empty()) continue; // the user says where it lies
            if (image(known).weightless && known != m_settings.reference) continue;
            double const sign = forwards ? 1 : -1;
            Place const& base = m_places[static_cast<std::size_t>(known)];
            Point const at =
                base.by_hand ? Point{stored(base.map).tx, stored(base.map).ty} : shift[static_cast<std::size_t>(known)];
            shift[static_cast<std::size_t>(found)] = {at.x + sign * pair.start.shift_px.x,
                                                      at.y + sign * pair.start.shift_px.y};
            Place& place = forwards ? to : from;
            place.placed = true;
            place.confidence = std::min(pair.confidence, base.confidence);
            place.reason = pair.reason.empty() ? base.reason : pair.reason;
            grown = true;
            break;
        }
    }
    // Pairs far from the tree's positions do not close; the others pull, the more trusted the harder.
    double const tolerance = 3.0 * 2 * m_grid.factor;
    std::vector<double> normal(n * n, 0), right_x(n, 0), right_y(n, 0);
    for (Pair& pair : m_pairs) {
        auto const a = static_cast<std::size_t>(pair.from), b = static_cast<std::size_t>(pair.to);
        if (!m_places[a].placed || !m_places[b].placed || m_places[a].by_hand || m_places[b].by_hand) continue;
        double const dx = shift[b].x - shift[a].x - pair.start.shift_px.x,
                     dy = shift[b].y - shift[a].y - pair.start.shift_px.y;
        pair.closes = hypot_of(dx, dy) <= tolerance;
        if (!pair.closes || trust_of(pair.confidence) == Trust::refused) continue;
        if (image(pair.to).weightless || image(pair.from).weightless) continue;
        double const w = pair.confidence;
        normal[a * n + a] += w, normal[b * n + b] += w, normal[a * n + b] -= w, normal[b * n + a] -= w;
        right_x[b] += w * pair.start.shift_px.x, right_x[a] -= w * pair.start.shift_px.x;
        right_y[b] += w * pair.start.shift_px.y, right_y[a] -= w * pair.start.shift_px.y;
    }
    // What has no pair, and the reference, stays where it is.
    for (std::size_t i = 0; i < n; ++i)
        if (normal[i * n + i] == 0 || static_cast<int>(i) == m_settings.reference) {
            normal[i * n + i] += 1e6;
            right_x[i] += 1e6 * shift[i].x, right_y[i] += 1e6 * shift[i].y;
        }
    if (auto const factor = cholesky(normal, m_n)) {
        solve_cholesky(*factor, m_n, right_x);
        solve_cholesky(*factor, m_n, right_y);
        for (std::size_t i = 0; i < n; ++i)
            if (m_places[i].placed && !image(static_cast<int>(i)).weightless) shift[i] = {right_x[i], right_y[i]};
    }
    // More pairs than one that agree make a position surer than its best pair.
    for (std::size_t i = 0; i < n; ++i) {
        Place& place = m_places[i];
        if (!place.placed || place.by_hand || static_cast<int>(i) == m_settings.reference) continue;
        int closing = 0, open = 0;
        for (Pair const& pair : m_pairs)
            if ((pair.from == static_cast<int>(i) || pair.to == static_cast<int>(i)) && pair.confidence >= k_doubtful)
                ++(pair.closes ? closing : open);
        if (closing >= 2 && place.confidence < 0.99) {
            place.confidence = 1 - (1 - place.confidence) / closing;
            if (place.confidence >= k_accepted) place.reason.clear();
        }
        if (open > closing) {
            place.confidence = std::min(place.confidence, 0.6);
            place.reason = "its pairs with the other images contradict each other";
        }
        place.map = fine(Affine::translation(shift[i].x, shift[i].y));
    }
}

/// Points placed by hand take the place of what is found. `before`: those that refer to images that are placed already.
Status SetRegistration::place_by_hand(bool before) {
    for (bool grown = true; grown;) {
        grown = false;
        for (int i = 0; i < m_n; ++i) {
            Place& place = m_places[static_cast<std::size_t>(i)];
            if (place.by_hand || i == m_settings.reference || (place.placed && before)) continue;
            for (HandPoints const& hand : image(i).hand) {
                if (hand.other < 0 || hand.other >= m_n || hand.other == i || hand.points.empty()) continue;
                Place const& base = m_places[static_cast<std::size_t>(hand.other)];
                if (!base.placed) continue;
                MG_TRY(LandmarkFit fit, fit_landmarks(hand.points, hand.motion, image(i).pixel_aspect));
                Projective const under = base.by_hand ? base.by_points : Projective(stored(base.map));
                place.by_points = fit.map.after(under);
                place.map = fine(place.by_points.affine);
                place.placed = place.by_hand = true;
                place.confidence = 1;
                place.reason.clear();
                double squares = 0;
                for (double residual : fit.residuals_px) squares += residual * residual;
                place.error_px = std::sqrt(squares / double(fit.residuals_px.size())) / m_grid.factor;
                grown = true;
                break;
            }
        }
    }
    return Done{};
}

std::vector<int> SetRegistration::placed_signals() const {
    std::vector<int> members{m_settings.reference};
    for (int i = 0; i < m_n; ++i) {
        Place const& place = m_places[static_cast<std::size_t>(i)];
        if (i == m_settings.reference || !place.placed || image(i).weightless || !usable(i)) continue;
        if (place.by_hand && !place.by_points.is_affine()) continue;
        members.push_back(i);
    }
    return members;
}

/// What a task looks at and no task before has looked at.
Status SetRegistration::make_fields(Task const& task) {
    struct Missing {
        Features const& features;
        Field& field;
        int level;
    };
    std::vector<Missing> missing;
    for (int i : task.members)
        for (int level = task.first_level; level <= task.last_level; ++level) {
            Field& field = m_fields[static_cast<std::size_t>(i)][static_cast<std::size_t>(task.kind)]
                                   [static_cast<std::size_t>(level)];
            if (field.re.empty()) missing.push_back({features(i), field, level});
        }
    std::vector<Status> statuses(missing.size(), Status(Done{}));
    m_work.for_each(missing.size(), [&](std::size_t k) {
        auto made = field_of(missing[k].features, task.kind, missing[k].level);
        if (made)
            missing[k].field = std::move(made).value();
        else
            statuses[k] = std::move(made).error();
    });
    for (Status& status : statuses) MG_TRY_DO(std::move(status));
    return Done{};
}

/// From coarse to fine with one motion.
Result<SetRegistration::Solution> SetRegistration::solved(Task const& task) {
    MG_TRY_DO(make_fields(task));
    auto const field_at = [&](int member, int level) -> Field const& {
        return m_fields[static_cast<std::size_t>(member)][static_cast<std::size_t>(task.kind)]
                       [static_cast<std::size_t>(level)];
    };
    Solution solution;
    solution.maps = task.start;
    solution.motion = task.motion;
    for (int level = task.first_level; level <= task.last_level; ++level) {
        Field const& grid = field_at(task.members[0], level);
        // Every other pixel each way says nearly as much: neighbours within a smooth field do not differ on their own.
        // Pure shifts of whole rows are quick without that.
        int moving = 0;
        for (bool fixed : task.fixed) moving += fixed ? 0 : 1;
        bool const thinned = task.motion != Motion::shift && !grid.coarse && moving > 1;
        Affine const thin = thinned ? Affine{2, 0, 0.5, 0, 2, 0.5} : Affine{};
        std::vector<JointImage> joint;
        for (std::size_t i = 0; i < task.members.size(); ++i) {
            Features const& own = features(task.members[i]);
            Field const& field = field_at(task.members[i], level);
            JointImage one;
            one.field[0] = field.re.view();
            if (!field.im.empty()) one.field[1] = field.im.view();
            Mask const& mask = field.coarse ? own.coarse_mask : own.fine_mask;
            if (!mask.empty()) one.mask = mask.view();
            one.map = (field.coarse ? to_coarse(solution.maps[i]) : solution.maps[i]).after(thin);
            one.fixed = task.fixed[i];
            joint.push_back(one);
        }
        JointSettings settings;
        settings.grid = grid.re.size();
        if (thinned) settings.grid = {settings.grid.width / 2, settings.grid.height / 2};
        settings.motion = task.motion;
        settings.possible = m_settings.motion;
        settings.pixel_aspect = image(task.members[0]).pixel_aspect;
        settings.iterations = task.iterations;
        settings.largest_step_px = 3;
        settings.enough_px = grid.coarse ? 0.05 : 0.02;
        MG_TRY(JointResult result, jointly_registered(joint, settings, m_work));
        for (std::size_t i = 0; i < result.maps.size(); ++i) {
            if (task.fixed[i]) continue;
            Affine const map = thinned ? result.maps[i].after(thin.inverse()) : result.maps[i];
            solution.maps[i] = grid.coarse ? to_fine(map) : map;
        }
        solution.log_det = result.log_det - log_det_of_fixed(result.correlations, task.fixed) -
                           moving * log_portable(1 + k_correlation_ridge);
        solution.samples = result.independent_samples;
        solution.errors_px = std::move(result.errors_px);
        if (grid.coarse)
            for (double& error : solution.errors_px) error *= 2;
    }
    return solution;
}

/// Shift, then similarity, then affine: a richer motion stays only when the likelihood gains more than its numbers
/// cost. What a coarse field shows already is not tried again on the fine one.
Result<SetRegistration::Solution> SetRegistration::richest(Task task) {
    Motion const most = task.motion;
    int const coarse = k_field_levels - 2, finest = last_level(task);
    double moving = 0;
    for (bool fixed : task.fixed) moving += fixed ? 0 : 1;
    std::vector<Affine> const start = task.start;
    Motion motion = Motion::shift;
    std::optional<Solution> best;
    // `motion` grows from what it is, on the levels of the task.
    auto const climb = [&](int first_level) -> Status {
        for (int next = static_cast<int>(best ? motion : Motion::shift) + (best ? 1 : 0);
             next <= static_cast<int>(most); ++next) {
            task.motion = static_cast<Motion>(next);
            if (task.motion != Motion::shift) task.first_level = first_level;
            auto richer = solved(task);
            if (!richer && (richer.error().code == ErrorCode::cancelled || !best)) return std::move(richer).error();
            if (task.motion != Motion::shift && !task.turned.empty()) {
                Task other = task;
                other.start = task.turned;
                auto turned = solved(other);
                if (!turned && turned.error().code == ErrorCode::cancelled) return std::move(turned).error();
                if (turned && (!richer || turned->gain_over(*richer) > 0)) richer = std::move(turned);
            }
            if (!richer) break;
            bool reasonable = true;
            for (std::size_t i = 0; i < start.size(); ++i) reasonable = reasonable && sane(richer->maps[i], start[i]);
            double const cost = 1.3 * moving * log_portable(std::max(richer->samples, 3.0));
            if (best && !(reasonable && richer->gain_over(*best) > cost)) {
                if (!reasonable) break;
                continue; // a similarity may gain nothing where a shear is needed
            }
            best = std::move(richer).value();
            motion = task.motion;
            task.start = best->maps;
        }
        return Done{};
    };
    int const first_level = task.first_level;
    task.first_level = std::max(first_level, 1);
    task.last_level = coarse;
    if (task.first_level <= coarse) MG_TRY_DO(climb(first_level));
    if (finest == coarse) return std::move(*best);
    std::optional<Solution> const rough = std::move(best);
    task.first_level = task.last_level = finest;
    task.motion = motion;
    task.turned.clear();
    MG_TRY(best, solved(task));
    task.start = best->maps;
    MG_TRY_DO(climb(finest));
    // Where noise rules, detail says less than the coarse field.
    if (rough && rough->motion >= best->motion && rough->largest_error_px() < best->largest_error_px()) return *rough;
    return std::move(*best);
}

/// With the logarithm where images are alike up to gain, with the gradient's direction where they are not.
Result<SetRegistration::Solution> SetRegistration::best_of_kinds(Task task) {
    if (task.members.size() > 2) { // a look at the coarse fields tells which
        Task look = task;
        look.motion = task.turned.empty() ? Motion::shift : Motion::similarity;
        if (!task.turned.empty()) look.start = task.turned;
        look.first_level = look.last_level = 1;
        look.kind = FieldKind::direction;
        auto const direction = solved(look);
        look.kind = FieldKind::logarithm;
        auto const logarithm = solved(look);
        if (!direction && !logarithm) return std::move(direction).error();
        bool const by_logarithm = !direction || (logarithm && logarithm->evidence() > direction->evidence());
        task.kind = by_logarithm ? FieldKind::logarithm : FieldKind::direction;
        (task.turned.empty() ? task.start : task.turned) = (by_logarithm ? logarithm : direction)->maps;
        return richest(task);
    }
    task.kind = FieldKind::direction;
    auto direction = richest(task);
    if (!direction && direction.error().code == ErrorCode::cancelled) return direction;
    task.kind = FieldKind::logarithm;
    if (direction) { // what contrast cannot fool leads
        task.start = direction->maps;
        task.turned.clear();
        task.first_level = 2;
        task.motion = direction->motion;
    }
    auto logarithm = richest(task);
    if (!logarithm) return direction ? std::move(direction) : std::move(logarithm);
    if (!direction) return logarithm;
    return logarithm->evidence() > direction->evidence() ? std::move(logarithm) : std::move(direction);
}

/// No mirror, no stretch beyond a third, and not far from where the pairs said.
bool SetRegistration::sane(Affine const& map, Affine const& start) const {
    double const sx = hypot_of(map.a, map.c), sy = hypot_of(map.b, map.d);
    if (!(map.determinant() > 0) || !(sx > 0.75 && sx < 1.34 && sy > 0.75 && sy < 1.34)) return false;
    Point const c = centre(m_settings.reference), p = map(c), q = start(c);
    return hypot_of(p.x - q.x, p.y - q.y) < 12;
}

/// By the expected error of the map.
void SetRegistration::doubt_uncertain(Place& place) const {
    double const error_px = place.error_px * m_grid.factor;
    if (place.error_px <= 0.6) return;
    bool const hopeless = place.error_px > 0.9;
    place.confidence = std::min(place.confidence, hopeless ? 0.3 : 0.7);
    place.reason = "too little structure in common";
    if (error_px < 100)
        place.reason.append(": the position is uncertain by ").append(format_significant(error_px, 2)).append(" px");
}

Status SetRegistration::solve_signals() {
    std::vector<int> const members = placed_signals();
    Task task;
    for (int i : members) {
        Place const& place = m_places[static_cast<std::size_t>(i)];
        task.members.push_back(i);
        task.fixed.push_back(i == m_settings.reference || place.by_hand);
        task.start.push_back(place.map);
    }
    bool any = false;
    for (bool fixed : task.fixed) any = any || !fixed;
    if (!any) return Done{};
    task.motion = m_settings.motion == Motion::projective ? Motion::affine : m_settings.motion;
    if (members.size() == 2 && task.motion != Motion::shift) MG_TRY_DO(try_turns(task));
    m_work.progress(0.45, "aligning all images together");
    auto solution = best_of_kinds(task);
    if (!solution) {
        if (solution.error().code == ErrorCode::cancelled) return std::move(solution).error();
        for (int i : members) { // they lie where the pairs put them
            Place& place = m_places[static_cast<std::size_t>(i)];
            if (i == m_settings.reference || place.by_hand) continue;
            place.confidence = std::min(place.confidence, k_unrefined);
            place.reason = std::string("aligned by shifts of pairs only: ").append(solution.error().message);
        }
        return Done{};
    }
    for (std::size_t k = 0; k < members.size(); ++k) {
        if (task.fixed[k]) continue;
        Place& place = m_places[static_cast<std::size_t>(members[k])];
        if (!sane(solution->maps[k], task.start[k])) {
            place.confidence = std::min(place.confidence, 0.4);
            place.reason = "the fine alignment ran away from the coarse one";
            continue;
        }
        place.map = solution->maps[k];
        place.error_px = solution->errors_px[k];
        doubt_uncertain(place);
    }
    return Done{};
}

/// The mean of the aligned signals' logarithms, each of unit deviation.
Status SetRegistration::make_mean_log() {
    if (!m_mean_log.empty()) return Done{};
    std::vector<int> const members = placed_signals();
    MG_TRY(Plane mean, Plane::filled(features(members[0]).coarse, 0.F));
    for (int i : members) {
        Plane const& one = features(i).log_coarse;
        double sum = 0, squares = 0;
        double const count = double(one.size().area());
        for (std::int64_t k = 0; k < one.size().area(); ++k)
            sum += double(one.data()[k]), squares += double(one.data()[k]) * double(one.data()[k]);
        double const deviation = std::sqrt(std::max(squares / count - sum / count * (sum / count), 1e-30));
        MG_TRY(Plane const laid, warped(one.view(), {.size = mean.size(),
                                                     .to_source = to_coarse(m_places[static_cast<std::size_t>(i)].map),
                                                     .interpolation = Interpolation::linear}));
        MG_TRY(Mask const outside,
               warped_mask({nullptr, one.size(), one.size().width},
                           {.size = mean.size(), .to_source = to_coarse(m_places[static_cast<std::size_t>(i)].map)}));
        auto const middle = static_cast<float>(sum / count), scale = static_cast<float>(1 / deviation);
        for (std::int64_t k = 0; k < mean.size().area(); ++k)
            if (!outside.data()[k]) mean.data()[k] += (laid.data()[k] - middle) * scale;
    }
    m_mean_log = std::move(mean);
    return Done{};
}

/// Where an image without weight lies on the mean of the aligned signals.
Status SetRegistration::find_extra(int extra) {
    MG_TRY_DO(make_mean_log());
    MG_TRY(StartShift const start, detail_shift(m_mean_log, features(extra), m_grid, *m_fft, search_px()));
    Pair pair{.from = m_settings.reference, .to = extra, .start = start, .confidence = confidence_of(start)};
    Place& place = m_places[static_cast<std::size_t>(extra)];
    if (trust_of(pair.confidence) != Trust::accepted) pair.reason = reason_of(start);
    if (trust_of(pair.confidence) != Trust::refused) {
        place.placed = true;
        place.confidence = pair.confidence;
        place.map = fine(Affine::translation(start.shift_px.x, start.shift_px.y));
    }
    place.reason = pair.reason;
    m_pairs.push_back(std::move(pair));
    return Done{};
}

/// Several turns and stretches of the last member about its centre: the best by the coarse fields is another start.
Status SetRegistration::try_turns(Task& task) {
    bool const pair = task.members.size() == 2;
    Affine const first = task.start.back();
    Point const c = centre(m_settings.reference);
    double best = -1e300;
    Affine chosen = first;
    // In a set the mean of many has little noise, and its detail leads; of a pair it is what contrast cannot fool.
    for (FieldKind kind :
         {pair ? FieldKind::direction : FieldKind::logarithm, pair ? FieldKind::logarithm : FieldKind::direction}) {
        for (double stretch : {0.98, 1.0, 1.02})
            for (double turn : {-0.026, 0.0, 0.026}) { // radians
                Affine const about{stretch, -turn,   c.x - stretch * c.x + turn * c.y,
                                   turn,    stretch, c.y - turn * c.x - stretch * c.y};
                Task look = task;
                look.kind = kind;
                look.motion = Motion::similarity;
                look.first_level = pair ? 0 : 1;
                look.last_level = 1;
                look.iterations = 3;
                look.start.back() = first.after(about);
                auto const found = solved(look);
                if (!found) {
                    if (found.error().code == ErrorCode::cancelled) return found.error();
                    continue;
                }
                double const evidence = found->evidence();
                if (evidence <= best || !sane(found->maps.back(), first)) continue;
                best = evidence;
                chosen = found->maps.back();
            }
        if (best > k_sure_nats) break;
    }
    task.turned = task.start;
    task.turned.back() = chosen;
    return Done{};
}

/// An image without weight is laid on what all the others together say.
Status SetRegistration::solve_extra(int extra) {
    Place& place = m_places[static_cast<std::size_t>(extra)];
    if (!place.placed) {
        MG_TRY_DO(find_extra(extra));
        if (!place.placed) return Done{};
    }
    Task task;
    for (int i : placed_signals()) {
        if (task.members.size() >= 8) break;
        task.members.push_back(i);
        task.fixed.push_back(true);
        task.start.push_back(m_places[static_cast<std::size_t>(i)].map);
    }
    task.members.push_back(extra);
    task.fixed.push_back(false);
    task.start.push_back(place.map);
    task.motion = m_settings.motion == Motion::projective ? Motion::affine : m_settings.motion;
    // Images of another kind share detail, not broad brightness, and detail is soon out of step under a turn or a
    // stretch: several of them are tried.
    task.first_level = 1;
    if (task.motion != Motion::shift) MG_TRY_DO(try_turns(task));
    auto solution = best_of_kinds(task);
    if (!solution) {
        if (solution.error().code == ErrorCode::cancelled) return std::move(solution).error();
        place.confidence = std::min(place.confidence, k_unrefined);
        place.reason = std::string("aligned by shift only: ").append(solution.error().message);
        return Done{};
    }
    if (!sane(solution->maps.back(), task.start.back())) {
        place.confidence = std::min(place.confidence, 0.4);
        place.reason = "the fine alignment ran away from the coarse one";
        return Done{};
    }
    place.map = solution->maps.back();
    place.error_px = solution->errors_px.back();
    doubt_uncertain(place);
    return Done{};
}

/// rms distance of two maps over a frame.
double distance_px(Projective const& a, Projective const& b, Size size) {
    double sum = 0;
    int count = 0;
    for (int iy = 0; iy <= 2; ++iy)
        for (int ix = 0; ix <= 2; ++ix, ++count) {
            Point const p{(size.width - 1) * ix / 2.0, (size.height - 1) * iy / 2.0}, q = a(p), r = b(p);
            sum += (q.x - r.x) * (q.x - r.x) + (q.y - r.y) * (q.y - r.y);
        }
    return std::sqrt(sum / count);
}

Registration SetRegistration::finished() {
    Registration result;
    for (int i = 0; i < m_n; ++i) {
        Place const& place = m_places[static_cast<std::size_t>(i)];
        Alignment alignment;
        alignment.confidence = place.confidence;
        alignment.residual_px = place.error_px * m_grid.factor;
        alignment.reason = usable(i) ? place.reason : features(i).refusal;
        if (i == m_settings.reference) {
            alignment.trust = Trust::reference;
            alignment.confidence = 1;
        } else if (place.by_hand) {
            alignment.trust = Trust::by_hand;
            alignment.from_reference = place.by_points;
        } else if (place.placed && usable(i)) {
            alignment.from_reference = stored(place.map);
            alignment.trust = trust_of(place.confidence);
        } else if (alignment.reason.empty()) {
            alignment.reason = "no common structure with the other images stands out";
            for (Pair const& pair : m_pairs)
                if ((pair.from == i || pair.to == i) && !pair.reason.empty()) alignment.reason = pair.reason;
        }
        result.images.push_back(std::move(alignment));
    }
    double squares = 0, count = 0;
    for (Pair const& pair : m_pairs) {
        PairMatch match;
        match.from = pair.from, match.to = pair.to;
        match.map = Affine::translation(pair.start.shift_px.x, pair.start.shift_px.y);
        match.confidence = pair.confidence;
        match.trust = trust_of(pair.confidence);
        match.reason = pair.reason;
        Alignment const &a = result.images[static_cast<std::size_t>(pair.from)],
                        &b = result.images[static_cast<std::size_t>(pair.to)];
        if (a.trust != Trust::refused && b.trust != Trust::refused) {
            Projective const implied = b.from_reference.after(a.from_reference.inverse());
            match.disagreement_px = distance_px(implied, match.map, image(pair.from).pixels.size);
            if (!pair.closes) {
                match.trust = Trust::refused;
                match.reason = std::string("contradicts the other pairs by ")
                                   .append(format_significant(match.disagreement_px, 2))
                                   .append(" px");
            }
            if (match.trust == Trust::accepted && !image(pair.to).weightless)
                squares += match.disagreement_px * match.disagreement_px, count += 1;
        }
        result.pairs.push_back(std::move(match));
    }
    result.residual_px = count > 0 ? std::sqrt(squares / count) : 0;
    return result;
}

Result<Registration> SetRegistration::run() {
    MG_TRY_DO(make_features());
    m_places.resize(m_images.size());
    Place& reference = m_places[static_cast<std::size_t>(m_settings.reference)];
    reference.placed = true;
    reference.confidence = 1;
    if (!usable(m_settings.reference)) { // nothing can lie on it but by hand
        MG_TRY_DO(place_by_hand(true));
        return finished();
    }
    MG_TRY_DO(match_pairs());
    MG_TRY_DO(place_by_hand(true));
    place_by_pairs();
    MG_TRY_DO(solve_signals());
    for (int i = 0; i < m_n; ++i) {
        Place const& place = m_places[static_cast<std::size_t>(i)];
        if (!image(i).weightless || i == m_settings.reference || place.by_hand || !usable(i)) continue;
        m_work.progress(0.8 + 0.2 * i / m_n, "aligning what rides along");
        MG_TRY_DO(solve_extra(i));
    }
    MG_TRY_DO(place_by_hand(false));
    m_work.progress(1, "aligned");
    return finished();
}

} // namespace

Result<Registration> register_set(std::span<RegistrationImage const> images, RegistrationSettings const& settings,
                                  Work& work) {
    if (images.empty()) return Error{ErrorCode::bad_value, "there is no image to align"};
    for (RegistrationImage const& image : images)
        if (image.pixels.size.empty()) return Error{ErrorCode::bad_value, "an image without pixels cannot be aligned"};
    if (settings.reference < 0 || settings.reference >= static_cast<int>(images.size()))
        return Error{ErrorCode::bad_value, "the reference is not one of the images"};
    return SetRegistration(images, settings, work).run();
}

} // namespace mg
