#include "ops/clusters_refine.h"

#include <algorithm>
#include <memory>

namespace mg::clusters {
namespace {

/// Rows of a large map that are refined at a time, and how far a border may move in it.
constexpr int k_band_rows = 192, k_halo_rows = 12;

std::size_t index(int value) {
    return static_cast<std::size_t>(value);
}

Error cancelled() {
    return {ErrorCode::cancelled, "cancelled"};
}

class Refining {
public:
    Refining(Maps const& maps, ClusterSettings const& settings, Coarse const& coarse, Clusters& result, Work& work)
        : m_maps(maps), m_settings(settings), m_coarse(coarse), m_result(result), m_work(work), m_labels(coarse.labels),
          m_labels_size(maps.binned_size(coarse.bin)) {}

    Status run() {
        for (int bin = m_coarse.bin;; bin /= 2) {
            if (bin != m_coarse.bin) MG_TRY_DO(find_blur(bin));
            MG_TRY(m_labels, refined(bin));
            m_labels_size = m_maps.binned_size(bin);
            if (bin == 1) break;
        }
        m_result.labels = std::move(m_labels);
        return Done{};
    }

private:
    /// Some rows with what lies around them.
    struct Band {
        Level level;
        std::unique_ptr<BlurredLabels> state;
        Rows own;      ///< without what lies around them
        int first = 0; ///< row of the level at which the band begins
    };

    Result<std::unique_ptr<Band>> band(int bin, int first_row) const {
        Size const size = m_maps.binned_size(bin);
        auto band = std::make_unique<Band>();
        band->own = {first_row, std::min(k_band_rows, size.height - first_row)};
        int const from = std::max(first_row - k_halo_rows, 0),
                  until = std::min(first_row + band->own.count + k_halo_rows, size.height);
        band->first = from;
        Level& level = band->level;
        level = level_of(m_maps, bin, {from, until - from});
        level.grid.mean_counts = std::max(level.grid.mean_counts, 1e-9);
        std::size_t const width = index(size.width);
        int const ratio = m_coarse.bin / bin, step = m_labels_size == size ? 1 : 2;
        Size const fit = m_maps.binned_size(m_coarse.bin);
        Labels labels(level.grid.pixels());
        for (int y = from; y < until; ++y)
            for (std::size_t x = 0; x < width; ++x) {
                std::size_t const p = index(y - from) * width + x;
                labels[p] = m_labels[index(y / step) * index(m_labels_size.width) + x / index(step)];
                level.grid.gain[p] *= m_coarse.gain[index(y / ratio) * index(fit.width) + x / index(ratio)];
            }
        apply_given(level.fixed, labels);
        BlurredLabels::Model model;
        model.means.stride = level.grid.stride;
        model.blur_px = std::max(m_result.blur_px / bin, k_blurs_px[0]);
        model.coupling = static_cast<float>(m_settings.smoothness);
        double const bins = double(bin) * bin;
        for (auto const& mean : m_result.means)
            for (int e = 0; e < level.grid.stride; ++e)
                model.means.rows.push_back(
                    e < level.grid.elements ? std::max(static_cast<float>(mean[index(e)] * bins), 1e-4F) : 1.0F);
        band->state = std::make_unique<BlurredLabels>(BlurredLabels::Source{level.grid, level.fixed}, std::move(model),
                                                      std::move(labels));
        double const sigma_px = smoothing_px(level.grid);
        MG_TRY_DO(smooth(level, sigma_px));
        MG_TRY(level.smoothed_gain, blurred(level.grid.gain, level.grid.size, sigma_px));
        if (step != 1) band->state->relax(worth_trying(level, *band->state, k_worth), 4);
        return band;
    }

    /// By the band in the middle: bins blur too, so each level has a blur of its own.
    Status find_blur(int bin) {
        int const height = m_maps.binned_size(bin).height;
        MG_TRY(auto const middle, band(bin, height / 2 / k_band_rows * k_band_rows));
        middle->state->choose_blur(k_blurs_px);
        m_result.blur_px = middle->state->model().blur_px * bin;
        return Done{};
    }

    Result<Labels> refined(int bin) {
        Size const size = m_maps.binned_size(bin);
        Labels labels(static_cast<std::size_t>(size.area()));
        std::size_t const bands = index((size.height + k_band_rows - 1) / k_band_rows);
        std::vector<Status> statuses(bands, Status(Done{}));
        m_work.for_each(bands, [&](std::size_t i) {
            if (m_work.cancelled()) return;
            statuses[i] = refine_band(bin, static_cast<int>(i) * k_band_rows, labels);
        });
        if (m_work.cancelled()) return cancelled();
        for (Status const& status : statuses)
            if (!status) return status.error();
        return labels;
    }

    Status refine_band(int bin, int first_row, Labels& all) {
        MG_TRY(auto const one, band(bin, first_row));
        std::size_t const width = index(one->level.grid.size.width);
        std::size_t const offset = index(one->own.first - one->first) * width, count = index(one->own.count) * width;
        std::copy_n(one->state->labels().begin() + static_cast<std::ptrdiff_t>(offset), count,
                    all.begin() + static_cast<std::ptrdiff_t>(index(first_row) * width));
        if (bin == 1) tell(*one, {offset, count, index(first_row) * width});
        return Done{};
    }

    struct Part {
        std::size_t offset = 0, count = 0, to = 0; ///< within the band; in the result
    };
    /// Memberships, and how much of its signal each pixel owes to its own material.
    void tell(Band const& band, Part const& part) {
        auto const others = worth_trying(band.level, *band.state, k_thinkable);
        std::vector<float> const own = band.state->own_shares();
        for (std::size_t i = 0; i < part.count; ++i) {
            std::size_t const p = part.offset + i;
            m_result.own_share[part.to + i] = own[p];
            if (!band.level.fixed.empty() && band.level.fixed[p] != 0) {
                m_result.memberships[band.state->labels()[p]][part.to + i] = 1;
                continue;
            }
            auto const choices = band.state->choices(p, others);
            for (int c = 0; c < choices.count; ++c)
                m_result.memberships[choices.list[c].label][part.to + i] = choices.list[c].probability;
        }
    }

    Maps const& m_maps;
    ClusterSettings const& m_settings;
    Coarse const& m_coarse;
    Clusters& m_result;
    Work& m_work;
    Labels m_labels; ///< of the level before
    Size m_labels_size{};
};

} // namespace

Status refine(Maps const& maps, ClusterSettings const& settings, Coarse coarse, Clusters& result, Work& work) {
    auto const pixels = static_cast<std::size_t>(maps.size.area());
    result.own_share.resize(pixels);
    result.memberships.assign(result.means.size(), std::vector<float>());
    for (auto& plane : result.memberships) plane.assign(pixels, 0.0F);
    MG_TRY_DO(Refining(maps, settings, coarse, result, work).run());
    if (!maps.mask.data) return Done{};
    for (int y = 0; y < maps.size.height; ++y)
        for (int x = 0; x < maps.size.width; ++x)
            if (maps.mask.at(x, y) != 0) result.labels[index(y) * index(maps.size.width) + index(x)] = k_no_material;
    return Done{};
}

} // namespace mg::clusters
