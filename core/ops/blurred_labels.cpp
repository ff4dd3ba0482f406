#include "ops/blurred_labels.h"

#include <algorithm>
#include <cmath>

#include "base/clones.h"
#include "math/fast_float.h"
#include "math/portable.h"

namespace mg {
namespace {

/// Diagonal neighbours are farther.
constexpr float k_diagonal = 0.7F;
constexpr float k_least_expected = 1e-4F;
/// Rows that one thread takes at a time. Two such parts with another between them have nothing in common, for a pixel
/// reaches no farther than twice the largest radius.
constexpr int k_part_rows = 16;

std::size_t index(int value) {
    return static_cast<std::size_t>(value);
}

std::vector<float> line_kernel(double sigma_px, int radius) {
    std::vector<double> exact;
    double sum = 0;
    for (int i = -radius; i <= radius; ++i) {
        exact.push_back(exp_portable(-i * i / (2 * sigma_px * sigma_px)));
        sum += exact.back();
    }
    std::vector<float> kernel;
    for (double const value : exact) kernel.push_back(static_cast<float>(value / sum));
    return kernel;
}

/// Blurred along both directions, nothing beyond the border.
MG_CLONES void blur_within(std::vector<float>& plane, Size size, std::vector<float> const& line) {
    int const width = size.width, height = size.height, radius = static_cast<int>(line.size() / 2);
    std::vector<float> across(plane.size(), 0.0F);
    for (int y = 0; y < height; ++y) {
        float const* __restrict from = plane.data() + index(y) * index(width);
        float* __restrict to = across.data() + index(y) * index(width);
        for (int i = -radius; i <= radius; ++i) {
            float const weight = line[index(i + radius)];
            int const first = std::max(0, -i), end = std::min(width, width - i);
            for (int x = first; x < end; ++x) to[x] += weight * from[x + i];
        }
    }
    std::fill(plane.begin(), plane.end(), 0.0F);
    for (int y = 0; y < height; ++y) {
        float* __restrict to = plane.data() + index(y) * index(width);
        for (int i = -radius; i <= radius; ++i) {
            if (y + i < 0 || y + i >= height) continue;
            float const weight = line[index(i + radius)];
            float const* __restrict from = across.data() + index(y + i) * index(width);
            for (int x = 0; x < width; ++x) to[x] += weight * from[x];
        }
    }
}

/// Sum of counts * log(expected) over `count` floats, a multiple of four.
MG_CLONES float log_sum(float const* counts, float const* expected, int count) {
    Four sum{};
    for (int i = 0; i < count; i += 4) sum += load_four(counts + i) * log_four(load_four(expected + i));
    return sum_of(sum);
}

struct Tap {
    float const* counts;
    float const* expected;
    std::size_t row_step; ///< floats from one row to the next
};
/// Sum over the kernel of counts * log(expected + weight * difference).
MG_CLONES float changed_log_sum(Tap tap, float const* kernel, int side, float const* difference, int stride) {
    Four sum{};
    Four const least = four_of(k_least_expected);
    for (int j = 0; j < side; ++j, tap.counts += tap.row_step, tap.expected += tap.row_step, kernel += side) {
        float const *counts = tap.counts, *expected = tap.expected;
        for (int i = 0; i < side; ++i, counts += stride, expected += stride) {
            Four const weight = four_of(kernel[i]);
            for (int e = 0; e < stride; e += 4) {
                Four value = load_four(expected + e) + weight * load_four(difference + e);
                value = value > least ? value : least;
                sum += load_four(counts + e) * log_four(value);
            }
        }
    }
    return sum_of(sum);
}

} // namespace

void Compositions::remove(int material) {
    auto const at = rows.begin() + std::ptrdiff_t{material} * stride;
    rows.erase(at, at + stride);
}

/// The more counts, the farther out the blur's tails are seen.
int BlurredLabels::radius_of(double blur_px) const {
    double const counts = m_grid->mean_counts * m_grid->elements, reach = counts > 40 ? 2.3 : 1.7;
    return std::clamp(static_cast<int>(blur_px * reach + 0.5), 1, 4);
}

BlurredLabels::BlurredLabels(Source const& source, Model model, std::vector<std::uint8_t> labels)
    : m_grid(&source.grid), m_work(source.work), m_model(std::move(model)), m_labels(std::move(labels)),
      m_fixed(source.fixed) {
    prepare();
    expect();
}

void BlurredLabels::for_parts(std::size_t count, std::function<void(std::size_t)> const& part) const {
    if (m_work) {
        m_work->for_each(count, part);
    } else {
        for (std::size_t i = 0; i < count; ++i) part(i);
    }
}

void BlurredLabels::for_rows(std::function<void(int)> const& row) const {
    int const height = m_grid->size.height;
    for_parts(index((height + k_part_rows - 1) / k_part_rows), [&](std::size_t part) {
        int const first = static_cast<int>(part) * k_part_rows;
        for (int y = first; y < std::min(first + k_part_rows, height); ++y) row(y);
    });
}

std::size_t BlurredLabels::padded(std::size_t pixel) const {
    std::size_t const width = index(m_grid->size.width);
    return (pixel / width + index(m_radius)) * index(m_padded_width) + pixel % width + index(m_radius);
}

/// What depends on the blur, not on the labels.
void BlurredLabels::prepare() {
    Size const size = m_grid->size;
    int const radius = radius_of(m_model.blur_px);
    bool const same_padding = !m_counts.empty() && radius == m_radius;
    m_radius = radius;
    m_padded_width = size.width + 2 * m_radius;
    std::vector<float> const line = line_kernel(m_model.blur_px, m_radius);
    m_kernel.clear();
    for (float const down : line)
        for (float const across : line) m_kernel.push_back(down * across);

    if (!same_padding) pad_counts();
    m_inside.assign(m_grid->pixels(), 1.0F);
    blur_within(m_inside, size, line);
    m_exposure = m_grid->gain;
    for (std::size_t p = 0; p < m_exposure.size(); ++p) m_exposure[p] /= m_inside[p];
    blur_within(m_exposure, size, line);
}

void BlurredLabels::pad_counts() {
    Size const size = m_grid->size;
    std::size_t const stride = index(m_grid->stride);
    m_counts.assign(index(m_padded_width) * index(size.height + 2 * m_radius) * stride, 0.0F);
    for (int y = 0; y < size.height; ++y) {
        float const* from = m_grid->at(index(y) * index(size.width));
        std::copy(from, from + index(size.width) * stride,
                  m_counts.data() + padded(index(y) * index(size.width)) * stride);
    }
}

std::vector<float> BlurredLabels::share_of(int material) const {
    std::vector<float> share(m_labels.size());
    for (std::size_t p = 0; p < share.size(); ++p) share[p] = m_labels[p] == material ? 1.0F : 0.0F;
    blur_within(share, m_grid->size, line_kernel(m_model.blur_px, m_radius));
    return share;
}

/// Expected counts from the labels and the compositions.
void BlurredLabels::expect() {
    Size const size = m_grid->size;
    int const stride = m_grid->stride;
    m_expected.assign(m_counts.size(), 1.0F);
    m_log_sum.assign(m_counts.size() / index(stride), 0.0F);
    m_totals.clear();
    for (int k = 0; k < m_model.means.count(); ++k) {
        float total = 0;
        for (int e = 0; e < m_grid->elements; ++e) total += m_model.means.row(k)[e];
        m_totals.push_back(total);
    }
    std::vector<std::uint8_t> const mixed = near_borders();
    std::vector<float> logs(m_model.means.rows.size());
    for (std::size_t i = 0; i < logs.size(); i += 4)
        store_four(logs.data() + i, log_four(load_four(m_model.means.rows.data() + i)));
    for_rows([&](int y) {
        for (int x = 0; x < size.width; ++x) {
            std::size_t const p = index(y) * index(size.width) + index(x), at = padded(p);
            float* expected = m_expected.data() + at * index(stride);
            float const* own = m_model.means.row(m_labels[p]);
            if (mixed[p] == 0) { // nothing but this material is seen
                float const* log = logs.data() + index(m_labels[p]) * index(stride);
                Four sum{};
                for (int e = 0; e < stride; e += 4) {
                    store_four(expected + e, load_four(own + e));
                    sum += load_four(m_grid->at(p) + e) * load_four(log + e);
                }
                m_log_sum[at] = sum_of(sum);
                continue;
            }
            std::fill(expected, expected + stride, 0.0F);
            for (int j = std::max(-m_radius, -y); j <= std::min(m_radius, size.height - 1 - y); ++j)
                for (int i = std::max(-m_radius, -x); i <= std::min(m_radius, size.width - 1 - x); ++i) {
                    Four const weight = four_of(m_kernel[index((j + m_radius) * (2 * m_radius + 1) + i + m_radius)]);
                    float const* mean = m_model.means.row(m_labels[index(y + j) * index(size.width) + index(x + i)]);
                    for (int e = 0; e < stride; e += 4)
                        store_four(expected + e, load_four(expected + e) + weight * load_four(mean + e));
                }
            m_log_sum[at] = log_sum(m_grid->at(p), expected, stride);
        }
    });
}

/// Pixels whose surroundings, as far as the blur reaches, are not all of one material or not all within the image.
std::vector<std::uint8_t> BlurredLabels::near_borders() const {
    int const width = m_grid->size.width, height = m_grid->size.height;
    std::vector<std::uint8_t> across(m_labels.size(), 1), mixed(m_labels.size(), 1);
    for (int y = 0; y < height; ++y)
        for (int x = m_radius; x + m_radius < width; ++x) {
            std::uint8_t const* at = m_labels.data() + index(y) * index(width) + index(x);
            bool same = true;
            for (int i = 1; i <= m_radius; ++i) same = same && at[-i] == at[0] && at[i] == at[0];
            across[index(y) * index(width) + index(x)] = same ? 0 : 1;
        }
    for (int y = m_radius; y + m_radius < height; ++y)
        for (int x = m_radius; x + m_radius < width; ++x) {
            std::size_t const p = index(y) * index(width) + index(x);
            bool same = across[p] == 0;
            for (int j = 1; same && j <= m_radius; ++j) {
                std::size_t const above = p - index(j) * index(width), below = p + index(j) * index(width);
                same = across[above] == 0 && across[below] == 0 && m_labels[above] == m_labels[p] &&
                       m_labels[below] == m_labels[p];
            }
            mixed[p] = same ? 0 : 1;
        }
    return mixed;
}

/// Log probability of the counts with another label here, less that with the present one.
float BlurredLabels::gain_of_change(std::size_t pixel, int to) const {
    int const stride = m_grid->stride, from = m_labels[pixel], side = 2 * m_radius + 1;
    float difference[k_most_elements];
    float const *a = m_model.means.row(from), *b = m_model.means.row(to);
    for (int e = 0; e < stride; ++e) difference[e] = b[e] - a[e];
    std::size_t const corner = padded(pixel) - index(m_radius) * index(m_padded_width) - index(m_radius);
    float before = 0;
    for (int j = 0; j < side; ++j)
        for (int i = 0; i < side; ++i) before += m_log_sum[corner + index(j) * index(m_padded_width) + index(i)];
    std::size_t const row_step = index(m_padded_width) * index(stride);
    float const after = changed_log_sum(
        {m_counts.data() + corner * index(stride), m_expected.data() + corner * index(stride), row_step},
        m_kernel.data(), side, difference, stride);
    return after - before - m_exposure[pixel] * (m_totals[index(to)] - m_totals[index(from)]);
}

void BlurredLabels::change(std::size_t pixel, int to) {
    int const stride = m_grid->stride, from = m_labels[pixel], side = 2 * m_radius + 1;
    float const *a = m_model.means.row(from), *b = m_model.means.row(to);
    std::size_t const corner = padded(pixel) - index(m_radius) * index(m_padded_width) - index(m_radius);
    for (int j = 0; j < side; ++j)
        for (int i = 0; i < side; ++i) {
            std::size_t const at = corner + index(j) * index(m_padded_width) + index(i);
            float* expected = m_expected.data() + at * index(stride);
            float const weight = m_kernel[index(j * side + i)];
            for (int e = 0; e < m_grid->elements; ++e)
                expected[e] = std::max(expected[e] + weight * (b[e] - a[e]), k_least_expected);
            m_log_sum[at] = log_sum(m_counts.data() + at * index(stride), expected, stride);
        }
    m_labels[pixel] = static_cast<std::uint8_t>(to);
}

BlurredLabels::Candidates BlurredLabels::candidates_of(int x, int y, std::span<std::vector<std::uint8_t> const> others,
                                                       int without) const {
    Candidates found;
    int const width = m_grid->size.width, height = m_grid->size.height;
    std::size_t const p = index(y) * index(width) + index(x);
    auto const add = [&](std::uint8_t label, float agreement) {
        if (label == without) return;
        for (int i = 0; i < found.count; ++i)
            if (found.labels[i] == label) {
                found.agreement[i] += agreement;
                return;
            }
        if (found.count == 16) return;
        found.labels[found.count] = label;
        found.agreement[found.count++] = agreement;
    };
    add(m_labels[p], 0);
    for (int j = -1; j <= 1; ++j)
        for (int i = -1; i <= 1; ++i) {
            if ((i == 0 && j == 0) || x + i < 0 || x + i >= width || y + j < 0 || y + j >= height) continue;
            std::size_t const q = index(y + j) * index(width) + index(x + i);
            add(m_labels[q], m_model.coupling * (i != 0 && j != 0 ? k_diagonal : 1.0F));
        }
    for (auto const& other : others) add(other[p], 0);
    return found;
}

double BlurredLabels::relax(std::span<std::vector<std::uint8_t> const> others, int rounds, Rect within) {
    Size const size = m_grid->size;
    if (within.empty()) within = {0, 0, size.width, size.height};
    std::vector<std::uint8_t> ask(m_labels.size(), 1), next;
    double gained = 0;
    std::size_t const parts = index((size.height + k_part_rows - 1) / k_part_rows);
    for (int round = 0; round < rounds; ++round) {
        int changed = 0;
        next.assign(m_labels.size(), 0);
        // Every other part at a time: see k_part_rows.
        std::vector<Gained> found(parts);
        for (std::size_t const odd : {0U, 1U})
            for_parts((parts + 1 - odd) / 2, [&](std::size_t i) {
                std::size_t const part = 2 * i + odd;
                int const first = static_cast<int>(part) * k_part_rows;
                for (int y = std::max(first, within.y);
                     y < std::min({first + k_part_rows, size.height, within.y + within.height}); ++y) {
                    Gained const row = relax_row(y, {others, within, &ask, &next});
                    found[part].log_probability += row.log_probability;
                    found[part].changed += row.changed;
                }
            });
        for (Gained const& part : found) {
            gained += part.log_probability;
            changed += part.changed;
        }
        if (changed <= static_cast<int>(within.size().area() / 5000)) break;
        ask.swap(next);
    }
    return gained;
}

BlurredLabels::Gained BlurredLabels::relax_row(int y, Asking const& asking) {
    Size const size = m_grid->size;
    Gained gained;
    for (int x = asking.within.x; x < asking.within.x + asking.within.width; ++x) {
        std::size_t const p = index(y) * index(size.width) + index(x);
        if ((*asking.ask)[p] == 0 || (!m_fixed.empty() && m_fixed[p] != 0)) continue;
        Candidates const candidates = candidates_of(x, y, asking.others, -1);
        if (candidates.count < 2) continue;
        float best = 0;
        int label = -1;
        for (int i = 1; i < candidates.count; ++i) { // the first is its own
            float const gain =
                gain_of_change(p, candidates.labels[i]) + candidates.agreement[i] - candidates.agreement[0];
            if (gain > best) {
                best = gain;
                label = candidates.labels[i];
            }
        }
        if (label < 0) continue;
        change(p, label);
        gained.log_probability += static_cast<double>(best);
        ++gained.changed;
        for (int j = std::max(y - m_radius, 0); j <= std::min(y + m_radius, size.height - 1); ++j)
            for (int i = std::max(x - m_radius, 0); i <= std::min(x + m_radius, size.width - 1); ++i)
                (*asking.next)[index(j) * index(size.width) + index(i)] = 1;
    }
    return gained;
}

BlurredLabels::Removal BlurredLabels::removal(int material, std::span<std::vector<std::uint8_t> const> others) const {
    BlurredLabels trial = *this;
    Size const size = m_grid->size;
    std::size_t const width = index(size.width);
    std::vector<std::uint32_t> pixels, front, next;
    for (std::size_t p = 0; p < m_labels.size(); ++p)
        if (m_labels[p] == material) pixels.push_back(static_cast<std::uint32_t>(p));
    Removal result;
    double gain = 0;
    auto const agreement = [](Candidates const& candidates, std::uint8_t label) {
        for (int i = 0; i < candidates.count; ++i)
            if (candidates.labels[i] == label) return candidates.agreement[i];
        return 0.0F;
    };
    auto const give = [&](std::size_t p, std::uint8_t label) {
        Candidates const around = trial.candidates_of(static_cast<int>(p % width), static_cast<int>(p / width), {}, -1);
        gain += static_cast<double>(trial.gain_of_change(p, label)) + static_cast<double>(agreement(around, label)) -
                static_cast<double>(agreement(around, static_cast<std::uint8_t>(material)));
        trial.change(p, label);
    };
    // First to what lies nearest, layer by layer from the border inwards: a border that had become a material of its
    // own falls to the two sides.
    for (front = pixels; !front.empty(); front = next) {
        next.clear();
        std::vector<std::pair<std::uint32_t, std::uint8_t>> taken;
        for (std::uint32_t const p : front) {
            int const x = static_cast<int>(p % width), y = static_cast<int>(p / width);
            Candidates const around = trial.candidates_of(x, y, {}, material);
            int best = -1;
            for (int i = 0; i < around.count; ++i)
                if (best < 0 || around.agreement[i] > around.agreement[best]) best = i;
            if (best >= 0)
                taken.emplace_back(p, around.labels[best]);
            else
                next.push_back(p);
        }
        if (taken.empty()) break;
        for (auto const& [p, label] : taken) give(p, label);
    }
    for (std::uint32_t const p : front) { // it was everywhere
        std::uint8_t label = material == 0 ? 1 : 0;
        for (auto const& other : others)
            if (other[p] != material) {
                label = other[p];
                break;
            }
        give(p, label);
    }
    // Then to what explains them.
    for (std::uint32_t const p : pixels) {
        int const x = static_cast<int>(p % width), y = static_cast<int>(p / width);
        Candidates const candidates = trial.candidates_of(x, y, others, material);
        float best = 0;
        int label = -1;
        for (int i = 1; i < candidates.count; ++i) {
            float const better =
                trial.gain_of_change(p, candidates.labels[i]) + candidates.agreement[i] - candidates.agreement[0];
            if (better > best) {
                best = better;
                label = candidates.labels[i];
            }
        }
        if (label < 0) continue;
        gain += static_cast<double>(best);
        trial.change(p, label);
    }
    result.cost = -gain;
    result.labels = std::move(trial.m_labels);
    return result;
}

BlurredLabels::Probability BlurredLabels::probability() const {
    Probability sum;
    Size const size = m_grid->size;
    std::vector<double> rows(index(size.height), 0.0);
    for_rows([&](int y) {
        for (int x = 0; x < size.width; ++x) {
            std::size_t const p = index(y) * index(size.width) + index(x);
            float const gain = m_grid->gain[p];
            if (gain <= 0) continue;
            Four total{}, counts{};
            float const* expected = m_expected.data() + padded(p) * index(m_grid->stride);
            for (int e = 0; e < m_grid->stride; e += 4) {
                total += load_four(expected + e);
                counts += load_four(m_grid->at(p) + e);
            }
            float const padding = static_cast<float>(m_grid->stride - m_grid->elements) * m_inside[p];
            float const scale = gain / m_inside[p];
            rows[index(y)] += static_cast<double>(m_log_sum[padded(p)] + sum_of(counts) * log_four(four_of(scale))[0] -
                                                  scale * (sum_of(total) - padding));
        }
    });
    for (double const row : rows) sum.counts += row;
    std::int64_t straight = 0, diagonal = 0;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            std::uint8_t const* at = m_labels.data() + index(y) * index(size.width) + index(x);
            bool const right = x + 1 < size.width, below = y + 1 < size.height;
            straight += (right && at[1] == at[0]) + (below && at[size.width] == at[0]);
            diagonal +=
                (right && below && at[size.width + 1] == at[0]) + (x > 0 && below && at[size.width - 1] == at[0]);
        }
    sum.labels = static_cast<double>(m_model.coupling) *
                 (static_cast<double>(straight) + static_cast<double>(k_diagonal) * static_cast<double>(diagonal));
    return sum;
}

void BlurredLabels::improve_means(int rounds, std::span<std::uint8_t const> kept) {
    int const stride = m_grid->stride, count = m_model.means.count();
    float const least = std::max(static_cast<float>(m_grid->mean_counts) * 0.003F, k_least_expected);
    std::vector<std::vector<float>> shares(index(count));
    std::vector<double> exposure(index(count), 0.0);
    for_parts(index(count), [&](std::size_t k) {
        shares[k] = share_of(static_cast<int>(k));
        for (std::size_t p = 0; p < m_labels.size(); ++p)
            exposure[k] += static_cast<double>(shares[k][p] * m_grid->gain[p] / m_inside[p]);
    });
    for (int round = 0; round < rounds; ++round) {
        std::size_t const values = index(count) * index(stride);
        std::vector<std::vector<float>> rows(index(m_grid->size.height));
        for_rows([&](int y) {
            auto& row = rows[index(y)];
            row.assign(values, 0.0F);
            for (int x = 0; x < m_grid->size.width; ++x) {
                std::size_t const p = index(y) * index(m_grid->size.width) + index(x);
                float const *counts = m_grid->at(p), *expected = m_expected.data() + padded(p) * index(stride);
                float ratio[k_most_elements];
                for (int e = 0; e < stride; e += 4)
                    store_four(ratio + e, load_four(counts + e) / load_four(expected + e));
                for (int k = 0; k < count; ++k) {
                    float const share = shares[index(k)][p];
                    if (share <= 0) continue;
                    float* sum = row.data() + index(k) * index(stride);
                    for (int e = 0; e < stride; e += 4)
                        store_four(sum + e, load_four(sum + e) + four_of(share) * load_four(ratio + e));
                }
            }
        });
        std::vector<double> received(values, 0.0);
        for (auto const& row : rows)
            for (std::size_t i = 0; i < values; ++i) received[i] += static_cast<double>(row[i]);
        for (int k = 0; k < count; ++k) {
            if (exposure[index(k)] <= 0) continue;
            for (int e = 0; e < m_grid->elements; ++e) {
                if (!kept.empty() && kept[index(k) * index(stride) + index(e)] != 0) continue;
                float& mean = m_model.means.row(k)[e];
                mean = std::max(
                    mean * static_cast<float>(received[index(k) * index(stride) + index(e)] / exposure[index(k)]),
                    least);
            }
        }
        expect();
    }
}

void BlurredLabels::choose_blur(std::span<double const> candidates_px) {
    auto const set = [&](double blur_px) {
        m_model.blur_px = blur_px;
        prepare();
        expect();
    };
    std::size_t at = 0;
    for (std::size_t i = 1; i < candidates_px.size(); ++i)
        if (std::fabs(candidates_px[i] - m_model.blur_px) < std::fabs(candidates_px[at] - m_model.blur_px)) at = i;
    if (m_model.blur_px != candidates_px[at]) set(candidates_px[at]);
    double best = probability().counts;
    // Downhill or uphill from there; the probability has one summit.
    for (int const step : {-1, 1}) {
        bool moved = false;
        for (;;) {
            std::size_t const next = at + static_cast<std::size_t>(step); // beyond either end: too large
            if (next >= candidates_px.size()) break;
            set(candidates_px[next]);
            double const found = probability().counts;
            if (found <= best) {
                set(candidates_px[at]);
                break;
            }
            best = found;
            at = next;
            moved = true;
        }
        if (moved) break;
    }
}

std::vector<float> BlurredLabels::expected_totals() const {
    std::vector<float> totals(m_labels.size(), 0.0F);
    for (std::size_t p = 0; p < totals.size(); ++p) {
        float const* expected = m_expected.data() + padded(p) * index(m_grid->stride);
        for (int e = 0; e < m_grid->elements; ++e) totals[p] += expected[e];
        totals[p] /= m_inside[p];
    }
    return totals;
}

std::vector<float> BlurredLabels::expected_of(int element) const {
    std::vector<float> expected(m_labels.size());
    for (std::size_t p = 0; p < expected.size(); ++p)
        expected[p] = m_expected[padded(p) * index(m_grid->stride) + index(element)] / m_inside[p];
    return expected;
}

BlurredLabels::Choices BlurredLabels::choices(std::size_t pixel,
                                              std::span<std::vector<std::uint8_t> const> others) const {
    int const width = m_grid->size.width;
    Candidates const candidates =
        candidates_of(static_cast<int>(pixel % index(width)), static_cast<int>(pixel / index(width)), others, -1);
    Choices result;
    result.count = candidates.count;
    float most = 0;
    for (int i = 0; i < candidates.count; ++i) {
        float const gain = i == 0 ? 0 : gain_of_change(pixel, candidates.labels[i]);
        result.list[i] = {candidates.labels[i], gain + candidates.agreement[i] - candidates.agreement[0]};
        most = std::max(most, result.list[i].probability);
    }
    float sum = 0;
    for (int i = 0; i < result.count; ++i)
        sum += result.list[i].probability = exp_four(four_of(result.list[i].probability - most))[0];
    for (int i = 0; i < result.count; ++i) result.list[i].probability /= sum;
    return result;
}

std::vector<float> BlurredLabels::own_shares() const {
    std::vector<float> own(m_labels.size(), 0.0F);
    for (int k = 0; k < m_model.means.count(); ++k) {
        std::vector<float> const share = share_of(k);
        for (std::size_t p = 0; p < own.size(); ++p)
            if (m_labels[p] == k) own[p] = share[p] / m_inside[p];
    }
    return own;
}

} // namespace mg
