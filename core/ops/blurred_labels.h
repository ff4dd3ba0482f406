#pragma once
// A label map whose materials are seen through a blur: each map pixel counts Poisson deviates of the sum of the
// materials around it, weighted by the volume that the beam excites. Borders are thereby explained by the two materials
// that meet there and need no material of their own.
//
// Labels are improved one pixel at a time (iterated conditional modes, Besag 1986, "On the statistical analysis of
// dirty pictures") under that likelihood and a Potts prior, by which neighbours tend to be of one material.
#include <cstdint>
#include <span>
#include <vector>

#include "base/work.h"
#include "image/image.h"

namespace mg {

inline constexpr int k_most_elements = 64;

/// Counts of element maps, pixel by pixel: elements side by side, padded with zeros to `stride`, a multiple of four.
struct CountGrid {
    Size size{};
    int elements = 0, stride = 0;
    std::vector<float> counts; ///< height * width * stride
    std::vector<float> gain;   ///< brightness of each pixel; 0: no data
    double mean_counts = 0;    ///< per element and pixel with data

    std::size_t pixels() const { return static_cast<std::size_t>(size.area()); }
    float const* at(std::size_t pixel) const { return counts.data() + pixel * static_cast<std::size_t>(stride); }
};

/// Compositions: counts per pixel, one row of `stride` per material; the padding is 1.
struct Compositions {
    int stride = 0;
    std::vector<float> rows;

    int count() const { return stride > 0 ? static_cast<int>(rows.size()) / stride : 0; }
    float* row(int material) {
        return rows.data() + static_cast<std::size_t>(material) * static_cast<std::size_t>(stride);
    }
    float const* row(int material) const {
        return rows.data() + static_cast<std::size_t>(material) * static_cast<std::size_t>(stride);
    }
    void remove(int material);
};

class BlurredLabels {
public:
    struct Model {
        Compositions means;
        double blur_px = 0.8; ///< standard deviation of the excited area
        float coupling = 1;   ///< of neighbours, log probability per pair
    };
    struct Source {
        CountGrid const& grid;
        std::span<std::uint8_t const> fixed{}; ///< pixels whose label stays; may be empty
        Work* work = nullptr;                  ///< runs parts at the same time; null: one after the other
    };
    /// `labels` below means.count(). The source must outlive this.
    BlurredLabels(Source const& source, Model model, std::vector<std::uint8_t> labels);

    std::vector<std::uint8_t> const& labels() const { return m_labels; }
    Model const& model() const { return m_model; }

    /// Rounds over the pixels of `within` (empty: all); each may take the label of a neighbour or that of one of
    /// `others` (label maps) when this makes the whole more probable. After the first round only pixels near changes
    /// are asked again; it ends when little changes. Returns what was gained, as log probability.
    double relax(std::span<std::vector<std::uint8_t> const> others, int rounds, Rect within = {});
    /// What the removal of a material would cost (log probability, Potts prior included; negative: it gains), with its
    /// pixels given to the materials that explain them best. `others`: label maps in the order of preference.
    struct Removal {
        double cost = 0;
        std::vector<std::uint8_t> labels; ///< without the material; indices as before
    };
    Removal removal(int material, std::span<std::vector<std::uint8_t> const> others) const;
    /// Log probability of the counts, apart from a constant, and of the labels.
    struct Probability {
        double counts = 0, labels = 0;
        double total() const { return counts + labels; }
    };
    Probability probability() const;
    /// Compositions that explain the counts better, the labels given: expectation maximisation (Shepp and Vardi 1982)
    /// over how much of each pixel is of each material. `kept`: one flag per value of the compositions, those that
    /// stay; may be empty.
    void improve_means(int rounds, std::span<std::uint8_t const> kept);
    /// The blur of these (rising) that explains the counts best, looked for from the present one on.
    void choose_blur(std::span<double const> candidates_px);
    /// The grid's gain has changed.
    void take_new_gain() { prepare(); }
    /// Expected counts of each pixel at gain 1: of all elements together, and of one.
    std::vector<float> expected_totals() const;
    std::vector<float> expected_of(int element) const;
    /// Probabilities of the labels of one pixel, its surroundings given: of its own label, its neighbours' and those of
    /// `others`.
    struct Choice {
        std::uint8_t label = 0;
        float probability = 0;
    };
    struct Choices {
        int count = 0;
        Choice list[16];
    };
    Choices choices(std::size_t pixel, std::span<std::vector<std::uint8_t> const> others) const;
    /// Share of each pixel's expected signal that comes from its own material.
    std::vector<float> own_shares() const;

private:
    struct Candidates {
        int count = 0;
        std::uint8_t labels[16];
        float agreement[16]; ///< with the neighbours, coupling included
    };
    int radius_of(double blur_px) const;
    void prepare();
    void pad_counts();
    void expect();
    std::vector<std::uint8_t> near_borders() const;
    Candidates candidates_of(int x, int y, std::span<std::vector<std::uint8_t> const> others, int without) const;
    float gain_of_change(std::size_t pixel, int to) const;
    void change(std::size_t pixel, int to);
    std::size_t padded(std::size_t pixel) const;
    std::vector<float> share_of(int material) const;
    void for_parts(std::size_t count, std::function<void(std::size_t)> const& part) const;
    void for_rows(std::function<void(int)> const& row) const;
    struct Asking {
        std::span<std::vector<std::uint8_t> const> others;
        Rect within{};
        std::vector<std::uint8_t> const* ask = nullptr;
        std::vector<std::uint8_t>* next = nullptr;
    };
    struct Gained {
        double log_probability = 0;
        int changed = 0;
    };
    Gained relax_row(int y, Asking const& asking);

    CountGrid const* m_grid = nullptr;
    Work* m_work = nullptr;
    Model m_model;
    std::vector<std::uint8_t> m_labels;
    std::span<std::uint8_t const> m_fixed;
    int m_radius = 1;
    int m_padded_width = 0;
    std::vector<float> m_kernel;   ///< square, sums to 1
    std::vector<float> m_counts;   ///< padded by the radius
    std::vector<float> m_expected; ///< padded; at gain 1
    std::vector<float> m_log_sum;  ///< padded: sum over elements of counts * log(expected)
    std::vector<float> m_inside;   ///< share of the kernel within the image
    std::vector<float> m_exposure; ///< what one count of a material at this pixel adds to all expected counts
    std::vector<float> m_totals;   ///< counts per pixel of each material
};

} // namespace mg
