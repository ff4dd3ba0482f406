#pragma once
// The pixels of the maps in the plot of two or three elements: where each of them lies, and the picture of their
// density in the colours of the materials. Made again only when something of it has changed.
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "app/plot_geometry.h"
#include "app/results.h"
#include "app/view_state.h"

namespace mg::app {

/// The elements that tell the materials apart best: each by how much its mean differs between them, less what the ones
/// before it tell already. As many as there are, at most `count`.
std::vector<int> telling_elements(Materials const& materials, int count);
/// Elements on the axes of the plot: those chosen, filled up with telling ones. Empty when there are too few elements.
std::vector<int> plot_axes(Materials const& materials, MaterialsView const& view);
/// "Si", where there is little room; its label when the symbol is not known.
std::string_view symbol_of(Element const& element);

/// Counts of each pixel and its neighbours, weighted by a binomial of 7 x 7: single pixels hold too few to be placed.
std::vector<float> averaged_counts(Plane const& counts);
/// Where the pixels lie when `first` and `second` go from 0 to their largest values, which are found.
MaterialPlot scatter_places(Materials const& materials, std::array<int, 2> axes,
                            std::array<std::vector<float> const*, 2> averaged);
/// Where the pixels lie by the shares of three elements; those with hardly any counts of the three lie nowhere.
MaterialPlot ternary_places(Materials const& materials, std::array<int, 3> axes,
                            std::array<std::vector<float> const*, 3> averaged);

/// The pixels that lie in the polygon, on the grid of `found`; null when there is no polygon.
PixelSet pixels_in(MaterialPlot const& plot, std::vector<double> const& gate);
/// Share of the pixels, 0..1.
double share_of(PixelSet const& set);

/// What lights up in a plot: pixels, or all of one material.
struct Lit {
    PixelSet pixels{};
    int material = -1;
    bool any() const { return pixels || material >= 0; }
    bool operator==(Lit const&) const = default;
};
Lit lit_in(MaterialsView const& view);

struct DensityColours {
    std::array<std::uint8_t, 3> ground{}; ///< sRGB
    std::array<std::uint8_t, 3> rest{};   ///< of pixels without a material
};
/// RGBA: brighter where more pixels lie (by the logarithm of their number), each in its material's colour; what is not
/// lit is pale while something is.
Picture density_picture(MaterialPlot const& plot, Materials const& materials, Lit const& lit,
                        DensityColours const& colours);

class MaterialPlots {
public:
    /// Makes `result.plot` when it is not what `view` asks for, and counts the flags of what was found.
    void update(MaterialsResult& result, MaterialsView const& view, Theme theme);

private:
    struct PlacesKey {
        std::uint64_t found = 0;
        MaterialsPlot kind{};
        std::vector<int> axes;
        bool operator==(PlacesKey const&) const = default;
    };
    std::uint64_t m_averaged_of = 0;
    std::map<int, std::vector<float>> m_averaged; ///< by element
    PlacesKey m_places;
    MaterialsPtr m_coloured_of, m_counted_of;
    Lit m_lit;
    Theme m_theme{};
    std::uint64_t m_next_serial = 1;
};

} // namespace mg::app
