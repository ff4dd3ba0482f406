#include "ops/clusters.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/clones.h"
#include "math/fast_float.h"
#include "math/portable.h"
#include "ops/clusters_level.h"
#include "ops/clusters_refine.h"

namespace mg {
namespace {

using namespace clusters;

/// Materials are searched on maps binned to so many pixels, and then improved, and looked for again, on finer ones.
constexpr std::int64_t k_search_pixels = 20000, k_fit_pixels = 80000;
/// Of the field's longer side: over which brightness changes slowly.
constexpr double k_shading_share = 0.1;
constexpr double k_ignored_px = 1.5;
constexpr int k_most_moves = 6;
/// Of what all materials together explain: less than this is not worth another material.
constexpr double k_enough = 0.0035;

std::size_t index(int value) {
    return static_cast<std::size_t>(value);
}

Error cancelled() {
    return {ErrorCode::cancelled, "cancelled"};
}

float positive(float value) {
    return value > 0 && value < 1e9F ? value : 0.0F;
}

/// Sums of a pixel's column: with its own weight as a neighbour of the next columns, and of those above and below.
MG_CLONES void add_row(float const* __restrict above, float const* __restrict here, float const* __restrict below,
                       float* __restrict column, float* __restrict vertical, std::size_t width) {
    for (std::size_t x = 0; x < width; ++x) {
        vertical[x] = above[x] + below[x];
        column[x] = here[x] + 0.7F * vertical[x];
    }
}
struct RowOf {
    std::size_t width;
    float coupling;
};
MG_CLONES void join_row(float const* __restrict evidence, float const* __restrict column,
                        float const* __restrict vertical, float* __restrict result, RowOf row) {
    for (std::size_t x = 0; x < row.width; ++x)
        result[x] = evidence[x] + row.coupling * (column[x] + column[x + 2] + vertical[x + 1]);
}

class Clustering {
public:
    Clustering(Maps const& maps, ClusterSettings const& settings, Work& work)
        : m_maps(maps), m_settings(settings), m_work(work) {}

    Result<Clusters> run() {
        m_work.progress(0.05, "looking for materials");
        MG_TRY_DO(set_level(bin_for(k_search_pixels)));
        if (!(m_level.grid.mean_counts > 0))
            return Error{ErrorCode::bad_value, "there are no counts in the element maps; leave empty maps out"};
        MG_TRY_DO(set_shading({}));
        MG_TRY_DO(search());
        MG_TRY_DO(look_for_missing());
        take_mean_field();
        if (int const bin = bin_for(k_fit_pixels); bin != m_bin) MG_TRY_DO(go_finer(bin));
        MG_TRY_DO(settle(m_state->labels, {.times = 1, .rounds = 3, .choose_blur = true}));
        update();
        MG_TRY_DO(look_for_missing());
        MG_TRY_DO(settle(m_state->labels, {.times = 1, .rounds = 2}));
        update();
        m_work.progress(0.9, "smoothing borders");
        if (m_state->labels.model().blur_px > 1) take_mean_field();
        m_state->labels.relax(worth_trying(m_level, m_state->labels, k_worth), 6);
        return finish();
    }

private:
    struct State {
        BlurredLabels labels;
        Field gain;
        double score = 0;        ///< log probability
        double cheapest = 1e300; ///< what the removal of a material costs at least
    };

    int bin_for(std::int64_t pixels) const {
        int bin = 1;
        while ((m_maps.size.area() / bin) / bin > pixels) bin *= 2;
        return bin;
    }
    Status set_level(int bin) {
        m_bin = bin;
        m_level = level_of(m_maps, bin, {0, m_maps.binned_size(bin).height});
        m_smoothing_px = smoothing_px(m_level.grid);
        return smooth(m_level, m_smoothing_px);
    }
    /// What was found, on a finer grid.
    Status go_finer(int bin) {
        m_work.progress(0.5, "finer");
        BlurredLabels::Model model = m_state->labels.model();
        Size const coarse = m_level.grid.size;
        Labels const old_labels = m_state->labels.labels();
        Field ratio = std::move(m_state->gain);
        for (std::size_t p = 0; p < ratio.size(); ++p)
            ratio[p] = m_level.valid[p] > 0 ? ratio[p] / m_level.valid[p] : 1.0F;
        int const step = m_bin / bin;
        auto const fewer = static_cast<float>(step * step);
        double const cheapest = m_state->cheapest;
        m_state.reset();
        MG_TRY_DO(set_level(bin));
        CountGrid& grid = m_level.grid;
        Labels labels(grid.pixels());
        std::size_t const width = index(grid.size.width);
        for (std::size_t p = 0; p < labels.size(); ++p) {
            std::size_t const from = p / width / index(step) * index(coarse.width) + p % width / index(step);
            labels[p] = old_labels[from];
            grid.gain[p] *= ratio[from];
        }
        MG_TRY(m_level.smoothed_gain, blurred(grid.gain, grid.size, m_smoothing_px));
        for (int k = 0; k < model.means.count(); ++k)
            for (int e = 0; e < grid.elements; ++e)
                model.means.row(k)[e] = std::max(model.means.row(k)[e] / fewer, least_mean());
        model.blur_px = std::min(model.blur_px * step, k_blurs_px[std::size(k_blurs_px) - 1]);
        m_state = std::make_unique<State>(snapshot(labelled(model.means, std::move(labels), model.blur_px)));
        m_state->cheapest = cheapest;
        return Done{};
    }

    int fixed_count() const { return static_cast<int>(m_settings.fixed.size()); }
    /// Of each value of the compositions, whether the user holds it fast.
    std::vector<std::uint8_t> kept(int count) const {
        std::size_t const stride = index(m_level.grid.stride);
        std::vector<std::uint8_t> flags(index(count) * stride, 0);
        for (std::size_t i = 0; i < m_settings.fixed.size(); ++i)
            for (std::size_t e = 0; e < m_settings.fixed[i].mean.size() && e < stride; ++e)
                flags[i * stride + e] = m_settings.fixed[i].locked && std::isfinite(m_settings.fixed[i].mean[e]);
        return flags;
    }

    /// Gain of each pixel: its share with data, times the brightness of its surroundings against what is expected.
    Status set_shading(Field const& expected_totals) {
        CountGrid& grid = m_level.grid;
        Field gain = m_level.valid;
        if (!expected_totals.empty() && m_settings.brightness != Brightness::recorded) {
            MG_TRY(Field const ratio, brightness_against(expected_totals));
            double sum = 0, area = 0;
            for (std::size_t p = 0; p < gain.size(); ++p) {
                gain[p] *= ratio[p];
                sum += static_cast<double>(gain[p]);
                area += static_cast<double>(m_level.valid[p]);
            }
            float const scale = sum > 0 ? static_cast<float>(area / sum) : 1.0F;
            for (float& value : gain) value *= scale;
        }
        grid.gain = std::move(gain);
        MG_TRY(m_level.smoothed_gain, blurred(grid.gain, grid.size, m_smoothing_px));
        return Done{};
    }

    /// Counts against what is expected, around each pixel; found on blocks, since it changes slowly.
    Result<Field> brightness_against(Field const& totals) const {
        CountGrid const& grid = m_level.grid;
        Size const size = grid.size;
        double const sigma_px = m_settings.brightness == Brightness::ignored
                                    ? std::max(k_ignored_px, m_smoothing_px)
                                    : k_shading_share * std::max(size.width, size.height);
        int const block = std::max(1, static_cast<int>(sigma_px / 3));
        Size const blocks{(size.width + block - 1) / block, (size.height + block - 1) / block};
        Field found(static_cast<std::size_t>(blocks.area()), 0.0F), expected = found;
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                std::size_t const p = index(y) * index(size.width) + index(x),
                                  b = index(y / block) * index(blocks.width) + index(x / block);
                for (int e = 0; e < grid.elements; ++e) found[b] += grid.at(p)[e];
                expected[b] += totals[p] * m_level.valid[p];
            }
        MG_TRY(found, blurred(found, blocks, sigma_px / block));
        MG_TRY(expected, blurred(expected, blocks, sigma_px / block));
        for (std::size_t b = 0; b < found.size(); ++b)
            found[b] = expected[b] > 0 ? std::clamp(found[b] / expected[b], 0.05F, 20.0F) : 1.0F;
        if (block == 1) return found;
        // Linear between the middles of the blocks.
        Field ratio(grid.pixels());
        auto const place = [&](int at, int count, int& low, int& high) {
            float const f = (static_cast<float>(at) + 0.5F) / static_cast<float>(block) - 0.5F;
            float const held = std::clamp(f, 0.0F, static_cast<float>(count - 1));
            low = static_cast<int>(held);
            high = std::min(low + 1, count - 1);
            return held - static_cast<float>(low);
        };
        for (int y = 0; y < size.height; ++y) {
            int y0 = 0, y1 = 0;
            float const fy = place(y, blocks.height, y0, y1);
            for (int x = 0; x < size.width; ++x) {
                int x0 = 0, x1 = 0;
                float const fx = place(x, blocks.width, x0, x1);
                auto const at = [&](int i, int j) { return found[index(j) * index(blocks.width) + index(i)]; };
                ratio[index(y) * index(size.width) + index(x)] = (1 - fy) * ((1 - fx) * at(x0, y0) + fx * at(x1, y0)) +
                                                                 fy * ((1 - fx) * at(x0, y1) + fx * at(x1, y1));
            }
        }
        return ratio;
    }

    /// Directions in which pixels are compared: square roots of smoothed counts, and brightness with a weight of its
    /// own.
    std::vector<Field> features(float brightness_weight) const {
        CountGrid const& grid = m_level.grid;
        std::size_t const count = grid.pixels();
        std::vector<Field> directions(index(grid.elements) + 1, Field(count));
        float const scale = std::sqrt(static_cast<float>(grid.mean_counts) * static_cast<float>(grid.elements));
        float const little = 1e-3F * static_cast<float>(grid.mean_counts);
        for (std::size_t p = 0; p < count; ++p) {
            float total = little;
            for (auto const& plane : m_level.smoothed) total += plane[p];
            float const root = std::sqrt(total);
            for (std::size_t e = 0; e < m_level.smoothed.size(); ++e)
                directions[e][p] = scale * std::sqrt(m_level.smoothed[e][p] + little) / root;
            directions.back()[p] = brightness_weight * root / std::sqrt(std::max(m_level.smoothed_gain[p], 0.02F));
        }
        return directions;
    }

    /// Pixels away from borders: of the half with the smallest gradient, or smallest in their surroundings.
    std::vector<std::uint32_t> pure_pixels(std::vector<Field> const& directions) const {
        Size const size = m_level.grid.size;
        Field gradient(m_level.grid.pixels(), 0.0F);
        for (auto const& plane : directions)
            for (int y = 0; y < size.height; ++y)
                for (int x = 0; x < size.width; ++x) {
                    auto const at = [&](int i, int j) {
                        return plane[index(std::clamp(j, 0, size.height - 1)) * index(size.width) +
                                     index(std::clamp(i, 0, size.width - 1))];
                    };
                    float const dx = at(x + 1, y) - at(x - 1, y), dy = at(x, y + 1) - at(x, y - 1);
                    gradient[index(y) * index(size.width) + index(x)] += dx * dx + dy * dy;
                }
        Field values;
        for (std::size_t p = 0; p < gradient.size(); ++p)
            if (m_level.valid[p] >= 0.5F) values.push_back(gradient[p]);
        if (values.empty()) return {};
        auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), middle, values.end());
        std::vector<std::uint32_t> pure;
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                std::size_t const p = index(y) * index(size.width) + index(x);
                if (m_level.valid[p] < 0.5F) continue;
                bool chosen = gradient[p] <= *middle;
                if (!chosen) {
                    float least = gradient[p];
                    for (int j = std::max(y - 2, 0); j <= std::min(y + 2, size.height - 1); ++j)
                        for (int i = std::max(x - 2, 0); i <= std::min(x + 2, size.width - 1); ++i)
                            least = std::min(least, gradient[index(j) * index(size.width) + index(i)]);
                    chosen = gradient[p] == least;
                }
                if (chosen) pure.push_back(static_cast<std::uint32_t>(p));
            }
        return pure;
    }

    Compositions empty_compositions() const {
        Compositions means;
        means.stride = m_level.grid.stride;
        return means;
    }
    float least_mean() const { return std::max(0.003F * static_cast<float>(m_level.grid.mean_counts), 1e-4F); }
    void add_mean(Compositions& means, std::vector<double> const& mean) const {
        for (int e = 0; e < means.stride; ++e)
            means.rows.push_back(e < static_cast<int>(mean.size())
                                     ? std::max(positive(static_cast<float>(mean[index(e)])), least_mean())
                                     : 1.0F);
    }

    KMeansResult grouped(std::vector<Field> const& directions, std::vector<std::uint32_t> const& pure, int count,
                         int starts) const {
        std::vector<Field> points(directions.size());
        for (std::size_t d = 0; d < directions.size(); ++d)
            for (std::uint32_t const p : pure) points[d].push_back(directions[d][p]);
        return k_means(points, {.count = count, .starts = starts, .rounds = 12, .seed = m_settings.seed});
    }

    /// All counts expected of each pixel when pixels of the same ratios are equally bright.
    Field totals_by_ratio(int count) const {
        CountGrid const& grid = m_level.grid;
        std::vector<Field> directions = features(0);
        directions.pop_back();
        KMeansResult const groups = grouped(directions, pure_pixels(directions), count, 1);
        std::size_t const found = groups.centres.size() / directions.size();
        Field nearest(grid.pixels(), 1e30F), total(grid.pixels(), 0.0F);
        Labels labels(grid.pixels(), 0);
        for (std::size_t k = 0; k < found; ++k)
            for (std::size_t p = 0; p < nearest.size(); ++p) {
                float sum = 0;
                for (std::size_t d = 0; d < directions.size(); ++d) {
                    float const off = directions[d][p] - groups.centres[k * directions.size() + d];
                    sum += off * off;
                }
                if (sum < nearest[p]) {
                    nearest[p] = sum;
                    labels[p] = static_cast<std::uint8_t>(k);
                }
            }
        std::vector<double> counts(256, 0.0), areas(256, 0.0);
        for (std::size_t p = 0; p < total.size(); ++p) {
            for (int e = 0; e < grid.elements; ++e) counts[labels[p]] += static_cast<double>(grid.at(p)[e]);
            areas[labels[p]] += static_cast<double>(m_level.valid[p]);
        }
        for (std::size_t p = 0; p < total.size(); ++p)
            total[p] = areas[labels[p]] > 0 ? static_cast<float>(counts[labels[p]] / areas[labels[p]]) : 0.0F;
        return total;
    }

    Result<Compositions> first_compositions(int count) {
        CountGrid const& grid = m_level.grid;
        Compositions means = empty_compositions();
        double const bins = double(m_bin) * m_bin;
        for (FixedMaterial const& fixed : m_settings.fixed) {
            std::vector<double> mean;
            for (double const value : fixed.mean)
                mean.push_back(std::isfinite(value) ? value * bins : 0.1 * grid.mean_counts);
            mean.resize(index(grid.elements), 0.0);
            add_mean(means, mean);
        }
        float weight = 1;
        if (m_settings.brightness != Brightness::recorded) {
            // Shading must not look like materials: first it is found from what ratios alone tell.
            MG_TRY_DO(set_shading(totals_by_ratio(count)));
            weight = m_settings.brightness == Brightness::shading ? 0.5F : 0.0F;
        }
        std::vector<Field> const directions = features(weight);
        std::vector<std::uint32_t> const pure = pure_pixels(directions);
        KMeansResult const groups = grouped(directions, pure, count, 2);
        std::size_t const found = groups.centres.size() / directions.size();
        std::vector<std::vector<double>> sums(found, std::vector<double>(index(grid.elements), 0.0));
        std::vector<double> areas(found, 0.0);
        for (std::size_t i = 0; i < pure.size(); ++i) {
            auto& sum = sums[groups.labels[i]];
            for (int e = 0; e < grid.elements; ++e) sum[index(e)] += static_cast<double>(grid.at(pure[i])[e]);
            areas[groups.labels[i]] += static_cast<double>(grid.gain[pure[i]]);
        }
        for (std::size_t k = 0; k < found; ++k) {
            if (!(areas[k] > 0)) continue;
            for (double& value : sums[k]) value /= areas[k];
            add_mean(means, sums[k]);
        }
        return means;
    }

    BlurredLabels labelled(Compositions means, Labels labels, double blur_px) {
        apply_given(m_level.fixed, labels);
        return {{m_level.grid, m_level.fixed, &m_work},
                {std::move(means), blur_px, static_cast<float>(m_settings.smoothness)},
                std::move(labels)};
    }

    struct Settling {
        int times = 1, rounds = 2;
        bool choose_blur = false;
    };
    /// Labels, compositions, blur and shading in turn.
    Status settle(BlurredLabels& state, Settling const& how) {
        for (int i = 0; i < how.times; ++i) {
            state.relax(worth_trying(m_level, state, k_worth), how.rounds);
            if (how.choose_blur) state.choose_blur(k_blurs_px);
            state.improve_means(1, kept(state.model().means.count()));
            if (m_settings.brightness != Brightness::recorded) {
                MG_TRY_DO(set_shading(state.expected_totals()));
                state.take_new_gain();
            }
        }
        if (m_work.cancelled()) return cancelled();
        return Done{};
    }

    /// Materials by rising cost of their removal.
    std::vector<std::pair<int, BlurredLabels::Removal>> removals(BlurredLabels const& state) {
        int const count = state.model().means.count(), first = fixed_count();
        auto const others = by_smoothed(m_level, state.model().means);
        std::vector<std::pair<int, BlurredLabels::Removal>> found(index(std::max(count - first, 0)));
        m_work.for_each(found.size(), [&](std::size_t i) {
            int const material = first + static_cast<int>(i);
            found[i] = {material, state.removal(material, others)};
        });
        std::stable_sort(found.begin(), found.end(),
                         [](auto const& a, auto const& b) { return a.second.cost < b.second.cost; });
        return found;
    }
    using Candidate = std::pair<int, BlurredLabels::Removal>;
    /// The next material in the list that neither gives pixels to the first nor gets some from it; 0: none.
    static std::size_t independent_of_first(std::vector<Candidate> const& found, BlurredLabels const& state) {
        auto const gives = [&](Candidate const& from, int to) {
            std::size_t all = 0, given = 0;
            for (std::size_t p = 0; p < state.labels().size(); ++p)
                if (state.labels()[p] == from.first) {
                    ++all;
                    given += from.second.labels[p] == to;
                }
            return given * 20 > all;
        };
        for (std::size_t i = 1; i < found.size() && i <= found.size() / 3; ++i)
            if (!gives(found[i], found[0].first) && !gives(found[0], found[i].first)) return i;
        return 0;
    }
    Labels labels_without_both(BlurredLabels const& state, Candidate const& a, Candidate const& b) const {
        auto const others = by_smoothed(m_level, state.model().means);
        Labels labels = a.second.labels;
        for (std::size_t p = 0; p < labels.size(); ++p) {
            if (state.labels()[p] == b.first) labels[p] = b.second.labels[p];
            auto const is_gone = [&](int label) { return label == a.first || label == b.first; };
            for (std::size_t i = 0; i < others.size() && is_gone(labels[p]); ++i) labels[p] = others[i][p];
            for (std::uint8_t label = 0; is_gone(labels[p]); ++label) labels[p] = label;
        }
        return labels;
    }
    BlurredLabels without(BlurredLabels const& state, int material, Labels labels) {
        Compositions means = state.model().means;
        means.remove(material);
        for (std::uint8_t& label : labels)
            if (label > material) --label;
        return labelled(std::move(means), std::move(labels), state.model().blur_px);
    }

    State snapshot(BlurredLabels const& state) { return {state, m_level.grid.gain, state.probability().total()}; }
    /// After the state was improved.
    void update() {
        m_state->gain = m_level.grid.gain;
        m_state->score = m_state->labels.probability().total();
    }
    void restore(State const& state) {
        m_level.grid.gain = state.gain;
        auto gain = blurred(state.gain, m_level.grid.size, m_smoothing_px);
        if (gain) m_level.smoothed_gain = std::move(gain).value();
    }

    /// Bayesian information criterion, half of it, per pixel.
    double criterion(double log_probability, int materials) const {
        double const pixels = static_cast<double>(m_level.grid.pixels());
        double const parameters = static_cast<double>(materials) * (m_level.grid.elements + 1);
        return (0.5 * parameters * log_portable(pixels) - log_probability) / pixels;
    }

    Status search() {
        int const wanted = m_settings.count;
        int const begin = std::clamp(wanted > 0 ? 2 * wanted + 2 : 14, 12, k_most_materials);
        MG_TRY(Compositions means, first_compositions(begin));
        if (means.count() == 0)
            return Error{ErrorCode::bad_value, "there are no counts in the element maps; leave empty maps out"};
        Labels labels = by_smoothed(m_level, means).front();
        BlurredLabels state = labelled(std::move(means), std::move(labels), 0.6);
        MG_TRY_DO(settle(state, {.times = 1, .rounds = 3, .choose_blur = true}));
        int const at_least = std::max(1, fixed_count());
        std::vector<std::unique_ptr<State>> snapshots(index(state.model().means.count()) + 1);
        for (;;) {
            int const count = state.model().means.count();
            snapshots[index(count)] = std::make_unique<State>(snapshot(state));
            m_curve.push_back({count, criterion(snapshots[index(count)]->score, count)});
            if (count <= at_least) break;
            m_work.progress(0.1 + 0.4 * (1 - static_cast<double>(count) / begin), "comparing materials");
            auto found = removals(state);
            if (found.empty()) break;
            snapshots[index(count)]->cheapest = found.front().second.cost;
            // Far from any number that matters, two go at a time when neither needs the other.
            std::size_t const second =
                count > std::max({wanted, at_least, 6}) + 2 ? independent_of_first(found, state) : 0;
            if (second > 0) found.front().second.labels = labels_without_both(state, found.front(), found[second]);
            int const first = found.front().first;
            state = without(state, first, std::move(found.front().second.labels));
            if (second > 0) {
                int const other = found[second].first;
                state = without(state, other > first ? other - 1 : other, state.labels());
            }
            // Below the number wanted only the curve is drawn.
            bool const is_wanted = count > wanted;
            MG_TRY_DO(settle(state, {.times = 1, .rounds = is_wanted ? 2 : 1, .choose_blur = is_wanted && count <= 9}));
        }
        std::reverse(m_curve.begin(), m_curve.end());
        auto const least =
            std::min_element(m_curve.begin(), m_curve.end(),
                             [](MaterialCount const& a, MaterialCount const& b) { return a.score < b.score; });
        // The model is never exact, and many counts find a use for ever more materials: the smallest number that
        // explains nearly as much as the best.
        double const enough = least->score + k_enough * (m_curve.front().score - least->score);
        auto const proposed =
            std::find_if(m_curve.begin(), m_curve.end(), [&](MaterialCount const& one) { return one.score <= enough; });
        m_proposed = proposed->materials;
        int const chosen =
            std::clamp(wanted > 0 ? wanted : m_proposed, at_least, static_cast<int>(snapshots.size()) - 1);
        m_state = std::move(snapshots[index(chosen)]);
        restore(*m_state);
        return Done{};
    }

    /// Where the counts are least like what the materials explain, a material is tried; it stays when another one can
    /// go for it with a gain.
    Status look_for_missing() {
        CountGrid const& grid = m_level.grid;
        int const width = grid.size.width, height = grid.size.height;
        constexpr int k_around = 20;
        MG_TRY(Field surprise, surprise_of(m_state->labels));
        for (int move = 0; move < k_most_moves; ++move) {
            m_work.progress(0.6 + 0.05 * move, "looking for rare materials");
            auto const peak =
                static_cast<std::size_t>(std::max_element(surprise.begin(), surprise.end()) - surprise.begin());
            // Twice the log likelihood ratio of so many elements is chi-squared: this is chance.
            auto const elements = static_cast<float>(grid.elements);
            if (2 * surprise[peak] < elements + 8 * std::sqrt(2 * elements)) break;
            int const x = static_cast<int>(peak % index(width)), y = static_cast<int>(peak / index(width));
            Rect const around = overlap({x - k_around, y - k_around, 2 * k_around + 1, 2 * k_around + 1}, grid.size);
            for (int j = std::max(y - 6, 0); j <= std::min(y + 6, height - 1); ++j)
                for (int i = std::max(x - 6, 0); i <= std::min(x + 6, width - 1); ++i)
                    surprise[index(j) * index(width) + index(i)] = 0;
            std::vector<double> mean;
            for (auto const& plane : m_level.smoothed)
                mean.push_back(static_cast<double>(plane[peak] / std::max(m_level.smoothed_gain[peak], 1e-3F)));
            BlurredLabels::Model model = m_state->labels.model();
            int const count = model.means.count();
            if (count >= k_most_materials) break;
            add_mean(model.means, mean);
            BlurredLabels trial = labelled(model.means, m_state->labels.labels(), model.blur_px);
            double const gain = trial.relax(worth_trying(m_level, trial, k_worth), 3, around);
            // What the surroundings gain is less than all, but tells chance from more.
            if (gain < 0.25 * m_state->cheapest) continue;
            MG_TRY_DO(settle(trial, {.times = 1, .rounds = 2}));
            auto found = removals(trial);
            if (!found.empty() && found.front().first != count) {
                trial = without(trial, found.front().first, std::move(found.front().second.labels));
                MG_TRY_DO(settle(trial, {.times = 1, .rounds = 3}));
                if (trial.probability().total() > m_state->score) {
                    m_state->labels = std::move(trial);
                    update();
                    MG_TRY(surprise, surprise_of(m_state->labels));
                    continue;
                }
            }
            restore(*m_state);
        }
        return Done{};
    }
    static Rect overlap(Rect rect, Size size) {
        int const x0 = std::max(rect.x, 0), y0 = std::max(rect.y, 0);
        return {x0, y0, std::min(rect.x + rect.width, size.width) - x0,
                std::min(rect.y + rect.height, size.height) - y0};
    }

    /// Log likelihood ratio of what smoothed pixels hold and what is expected of them.
    Result<Field> surprise_of(BlurredLabels const& state) const {
        CountGrid const& grid = m_level.grid;
        Field sum(grid.pixels(), 0.0F);
        float const area = m_level.smoothed_px;
        for (int e = 0; e < grid.elements; ++e) {
            Field expected = state.expected_of(e);
            for (std::size_t p = 0; p < expected.size(); ++p) expected[p] *= grid.gain[p];
            MG_TRY(expected, blurred(expected, grid.size, m_smoothing_px));
            float const little = 0.02F * static_cast<float>(grid.mean_counts);
            Field const& found = m_level.smoothed[index(e)];
            for (std::size_t p = 0; p < sum.size(); ++p) {
                float const x = found[p] + little, m = expected[p] + little;
                sum[p] += area * (x * log_four(four_of(x / m))[0] - (x - m));
            }
        }
        return sum;
    }

    /// Mean field of the Potts prior over pixel-wise probabilities: less caught in noise than single changes. Its
    /// labels are kept when they make the whole more probable.
    void take_mean_field() {
        BlurredLabels::Model const& model = m_state->labels.model();
        BlurredLabels other = labelled(model.means, mean_field_labels(model.means), model.blur_px);
        other.relax({}, 8);
        if (other.probability().total() <= m_state->score) return;
        m_state->labels = std::move(other);
        update();
    }

    Labels mean_field_labels(Compositions const& means) const {
        CountGrid const& grid = m_level.grid;
        int const count = means.count(), width = grid.size.width, height = grid.size.height;
        std::size_t const pixels = grid.pixels();
        std::vector<Field> evidence(index(count), Field(pixels));
        for (int k = 0; k < count; ++k) {
            float total = 0;
            for (int e = 0; e < grid.elements; ++e) total += means.row(k)[e];
            std::vector<float> logs(index(grid.stride));
            for (int e = 0; e < grid.stride; e += 4) store_four(logs.data() + e, log_four(load_four(means.row(k) + e)));
            for (std::size_t p = 0; p < pixels; ++p) {
                Four sum{};
                for (int e = 0; e < grid.stride; e += 4) sum += load_four(logs.data() + e) * load_four(grid.at(p) + e);
                evidence[index(k)][p] = sum_of(sum) - total * grid.gain[p];
            }
        }
        std::vector<Field> belief(index(count), Field(pixels, 0.0F)), next = belief;
        float const coupling = 0.55F * static_cast<float>(m_settings.smoothness);
        for (int round = 0; round < 8; ++round) {
            for (int k = 0; k < count; ++k)
                add_neighbours(evidence[index(k)], belief[index(k)], next[index(k)], {width, height}, coupling);
            to_probabilities(next);
            belief.swap(next);
        }
        Labels labels(pixels, 0);
        for (std::size_t p = 0; p < pixels; ++p)
            for (int k = 1; k < count; ++k)
                if (belief[index(k)][p] > belief[labels[p]][p]) labels[p] = static_cast<std::uint8_t>(k);
        return labels;
    }

    /// Edge pixels are their own neighbours beyond the edge.
    static void add_neighbours(Field const& evidence, Field const& belief, Field& result, Size size, float coupling) {
        std::size_t const width = index(size.width);
        Field straight(width + 2), both(width + 2);
        for (int y = 0; y < size.height; ++y) {
            float const *above = belief.data() + index(std::max(y - 1, 0)) * width,
                        *here = belief.data() + index(y) * width,
                        *below = belief.data() + index(std::min(y + 1, size.height - 1)) * width;
            add_row(above, here, below, straight.data() + 1, both.data() + 1, width);
            for (Field* row : {&straight, &both}) {
                (*row)[0] = (*row)[1];
                (*row)[width + 1] = (*row)[width];
            }
            join_row(evidence.data() + index(y) * width, straight.data(), both.data(), result.data() + index(y) * width,
                     {width, coupling});
        }
    }

    static void to_probabilities(std::vector<Field>& logs) {
        std::size_t const pixels = logs.front().size();
        for (std::size_t p = 0; p < pixels; p += 4) {
            std::size_t const lanes = std::min<std::size_t>(4, pixels - p);
            auto const load = [&](Field const& field) {
                Four v{};
                std::memcpy(&v, field.data() + p, lanes * sizeof(float));
                return v;
            };
            Four most = load(logs.front());
            for (Field const& field : logs) {
                Four const v = load(field);
                most = v > most ? v : most;
            }
            Four sum{};
            for (Field& field : logs) {
                Four const v = exp_four(load(field) - most);
                sum += v;
                std::memcpy(field.data() + p, &v, lanes * sizeof(float));
            }
            for (Field& field : logs) {
                Four const v = load(field) / sum;
                std::memcpy(field.data() + p, &v, lanes * sizeof(float));
            }
        }
    }

    // --- result ------------------------------------------------------------------------------------------------------

    Result<Clusters> finish() {
        Clusters result;
        result.curve = std::move(m_curve);
        result.proposed = m_proposed;
        BlurredLabels::Model const& model = m_state->labels.model();
        result.blur_px = model.blur_px * m_bin;
        for (int k = 0; k < model.means.count(); ++k) {
            auto& mean = result.means.emplace_back();
            for (int e = 0; e < m_level.grid.elements; ++e)
                mean.push_back(static_cast<double>(model.means.row(k)[e]) / (double(m_bin) * m_bin));
        }
        Coarse coarse{m_bin, m_state->labels.labels(), std::move(m_level.grid.gain)};
        for (std::size_t p = 0; p < coarse.gain.size(); ++p)
            coarse.gain[p] = m_level.valid[p] > 0 ? coarse.gain[p] / m_level.valid[p] : 1.0F;
        m_state.reset();
        m_level = {};
        MG_TRY_DO(refine(m_maps, m_settings, std::move(coarse), result, m_work));
        return result;
    }

    Maps const& m_maps;
    ClusterSettings const& m_settings;
    Work& m_work;
    int m_bin = 1;
    double m_smoothing_px = 1;
    Level m_level;
    std::unique_ptr<State> m_state;
    std::vector<MaterialCount> m_curve;
    int m_proposed = 0;
};

} // namespace

Result<Clusters> clustered(std::span<ImageView<float const> const> counts, ImageView<std::uint8_t const> mask,
                           std::span<std::uint8_t const> given, ClusterSettings const& settings, Work& work) {
    if (counts.empty()) return Error{ErrorCode::bad_value, "there is no element map; add some"};
    if (counts.size() > index(k_most_elements))
        return Error{ErrorCode::too_large,
                     "more than " + std::to_string(k_most_elements) + " element maps; leave some out"};
    Maps const maps{counts, mask, given, counts.front().size};
    return Clustering(maps, settings, work).run();
}

} // namespace mg
