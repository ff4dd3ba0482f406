// Element maps of a set become materials: counts per pixel on one grid, clustering (ops/clusters.h), and what the user
// said about materials: names, colours, locks, merges, splits and brush strokes (ops/known_materials.h).
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "base/text.h"
#include "math/portable.h"
#include "ops/clusters.h"
#include "ops/known_materials.h"
#include "ops/resample.h"
#include "recipe/step.h"

namespace mg {
namespace {

constexpr Choice k_brightness[] = {
    {"shading", "Even out shading"}, {"recorded", "As recorded"}, {"ignored", "Ignore: only ratios of elements count"}};

struct ClusterParams {
    int k = 0;
    Brightness brightness = Brightness::shading;
    double smoothness = ClusterSettings{}.smoothness;
    double certain = 0.8;
    double pure = 0.75;
    std::string materials;
    std::string brush;
    bool compatible = false;
};

constexpr auto k_params = std::to_array<Param>({
    param<&ClusterParams::k>({.key = "k",
                              .label = "Materials",
                              .help = "How many materials to find; 0: as many as the maps tell apart. Merging and "
                                      "splitting comes after that.",
                              .maximum = k_most_materials,
                              .slider_maximum = 12,
                              .unset = "found"}),
    param<&ClusterParams::brightness>(
        {.key = "brightness",
         .label = "Brightness",
         .help = "Whether a difference of all elements together makes another material. Shading over the field (tilt, "
                 "shadows, charging) is evened out, or counts are taken as recorded, or only ratios count.",
         .choices = k_brightness}),
    param<&ClusterParams::smoothness>({.key = "smoothness",
                                       .label = "Smoothness",
                                       .help = "How strongly neighbouring pixels tend to be of one material; 0: each "
                                               "pixel by its own counts.",
                                       .maximum = 10,
                                       .slider_maximum = 4}),
    param<&ClusterParams::certain>(
        {.key = "certain",
         .label = "Certain above",
         .help = "A pixel whose material is less probable than this is flagged as uncertain.",
         .minimum = 0,
         .maximum = 1,
         .advanced = true}),
    param<&ClusterParams::pure>({.key = "pure",
                                 .label = "Pure above",
                                 .help = "A pixel whose own material gives less than this share of its signal is "
                                         "flagged as mixed, as at borders.",
                                 .minimum = 0,
                                 .maximum = 1,
                                 .advanced = true}),
    param<&ClusterParams::materials>(
        {.key = "materials",
         .label = "Known materials",
         .help = "Names, colours, locks, merges and splits: Sapphire #5aa9e6 locked = OK:2.6 AlK:2.3; Contact = NiK:2 "
                 "+ CuK:3; Resin parts=2 = SiK:1.7. Counts per map pixel.",
         .maximum = 60000,
         .unset = "none"}),
    param<&ClusterParams::brush>({.key = "brush",
                                  .label = "Brush",
                                  .help =
                                      "Pixels given to a known material: Sapphire: 10,12,3 14,15,3 (x, y and radius "
                                      "in map pixels).",
                                  .maximum = 400000,
                                  .unset = "none"}),
    param<&ClusterParams::compatible>({.key = "compatible",
                                       .label = "Compatible",
                                       .help = "As the original tools: maps weighted by their counts to the power 0.2, "
                                               "a blur of one pixel, k-means on 10 000 random pixels.",
                                       .advanced = true}),
});

std::size_t index(int value) {
    return static_cast<std::size_t>(value);
}

// --- maps ------------------------------------------------------------------------------------------------------------

/// The commonest size; of several, the largest.
Size common_size(std::vector<Channel const*> const& maps) {
    Size best{};
    int most = 0;
    for (Channel const* map : maps) {
        auto const count = static_cast<int>(std::count_if(
            maps.begin(), maps.end(), [&](Channel const* other) { return other->size() == map->size(); }));
        if (count > most || (count == most && map->size().area() > best.area())) {
            most = count;
            best = map->size();
        }
    }
    return best;
}

/// Counts per pixel of the common grid: a map of fewer pixels has more of them in each.
Result<Plane> counts_on(Channel const& map, Size size) {
    Plane const& plane = *map.planes.front();
    double factor = map.map.counts_at_white > 0 ? map.map.counts_at_white : 255;
    Plane counts;
    if (plane.size() == size) {
        MG_TRY(counts, plane.clone());
    } else {
        factor *= static_cast<double>(plane.size().area()) / static_cast<double>(size.area());
        MG_TRY(counts, resized(plane.view(), {.size = size, .kernel = Kernel::linear}));
    }
    auto const scale = static_cast<float>(factor);
    for (std::int64_t i = 0; i < size.area(); ++i) {
        float const value = counts.data()[i] * scale;
        counts.data()[i] = value > 0 && value < 1e9F ? value : 0.0F;
    }
    return counts;
}

/// Text and frames burned into a map say nothing about the specimen.
Result<Mask> masked_in(std::vector<Channel const*> const& maps, Size size) {
    MG_TRY(Mask mask, Mask::filled(size, 0));
    for (Channel const* map : maps) {
        if (!map->mask) continue;
        Size const own = map->mask->size();
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x)
                mask.at(x, y) |= map->mask->at(static_cast<int>(std::int64_t{x} * own.width / size.width),
                                               static_cast<int>(std::int64_t{y} * own.height / size.height));
    }
    return mask;
}

Element element_of(Channel const& map, Plane const& counts) {
    Element element{map.label, map.map.element, map.file_name, 0, map.map.counts_estimated};
    for (std::int64_t i = 0; i < counts.size().area(); ++i)
        element.largest_counts = std::max(element.largest_counts, static_cast<double>(counts.data()[i]));
    return element;
}

// --- what the user said ----------------------------------------------------------------------------------------------

/// Counts in the order of the elements, not a number for those that are not named; elements that are not there (any
/// more) are left out.
std::vector<double> in_order(std::vector<std::pair<std::string, double>> const& centre,
                             std::vector<Element> const& elements) {
    std::vector<double> counts(elements.size(), std::numeric_limits<double>::quiet_NaN());
    for (auto const& [label, value] : centre)
        for (std::size_t e = 0; e < elements.size(); ++e)
            if (elements[e].label == label) counts[e] = value;
    return counts;
}

struct Known {
    KnownMaterial said;
    std::vector<std::vector<double>> centres;
    int first_fixed = -1; ///< index of its first composition among the fixed materials
};

/// Squared difference of the roots, which is the same for all counts whatever their number; and the counts, of what is
/// known.
struct Difference {
    double squared = 0, counts = 0;
};
Difference difference(std::vector<double> const& known, std::vector<double> const& found) {
    Difference sum;
    for (std::size_t e = 0; e < known.size(); ++e) {
        if (!std::isfinite(known[e])) continue;
        double const off = std::sqrt(known[e]) - std::sqrt(found[e]);
        sum.squared += off * off;
        sum.counts += known[e];
    }
    return sum;
}

/// Pixels of the brush: index of a fixed material + 1.
Result<std::vector<std::uint8_t>> brushed(std::vector<BrushStroke> const& strokes, std::vector<Known> const& known,
                                          Size size, Job& job) {
    std::vector<std::uint8_t> given(static_cast<std::size_t>(size.area()), 0);
    for (BrushStroke const& stroke : strokes) {
        int value = -1;
        if (stroke.material == "-") value = 0;
        for (Known const& one : known)
            if (one.said.name == stroke.material) value = one.first_fixed + 1;
        if (value < 0) {
            job.note("warning", stroke.material,
                     "brush: there is no known material " + stroke.material + ": its strokes are left out");
            continue;
        }
        for (BrushDisc const& disc : stroke.discs) {
            auto const from = [](double low) { return std::max(static_cast<int>(std::ceil(std::max(low, -1.0))), 0); };
            auto const until = [](double high, int last) {
                return static_cast<int>(std::floor(std::clamp(high, -1.0, static_cast<double>(last))));
            };
            for (int y = from(disc.y - disc.radius_px); y <= until(disc.y + disc.radius_px, size.height - 1); ++y)
                for (int x = from(disc.x - disc.radius_px); x <= until(disc.x + disc.radius_px, size.width - 1); ++x) {
                    double const dx = x - disc.x, dy = y - disc.y;
                    if (dx * dx + dy * dy <= disc.radius_px * disc.radius_px)
                        given[index(y) * index(size.width) + index(x)] = static_cast<std::uint8_t>(value);
                }
        }
    }
    return given;
}

/// The elements that make it, most counts first: "O Al".
std::string name_by_composition(std::vector<double> const& mean, std::vector<Element> const& elements) {
    double total = 0;
    for (double const value : mean) total += value;
    std::vector<std::size_t> order(mean.size());
    for (std::size_t e = 0; e < order.size(); ++e) order[e] = e;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return mean[a] > mean[b]; });
    std::string name;
    for (std::size_t i = 0; i < order.size() && i < 3; ++i) {
        if (!(mean[order[i]] > 0) || (i > 0 && mean[order[i]] < 0.12 * total)) break;
        Element const& element = elements[order[i]];
        name += (name.empty() ? "" : " ") + (element.symbol.empty() ? element.label : element.symbol);
    }
    return name.empty() ? "Nothing" : name;
}

/// The element that a material has more of than the other, as surely as any; none when none is surely more.
std::optional<std::size_t> what_sets_apart(Material const& material, Material const& other) {
    std::optional<std::size_t> found;
    double most = 0;
    for (std::size_t e = 0; e < material.mean.size(); ++e) {
        double const a = material.mean[e], b = other.mean[e];
        if (a < 1.5 * b || !(a + b > 0)) continue;
        double const off = (a - b) / std::sqrt(a + b);
        if (off > most) {
            most = off;
            found = e;
        }
    }
    return found;
}

/// "Fe Cr", "Fe Cr Mo": of two with the same name, the smaller is told by what it has more of, else by a number.
void make_names_differ(std::vector<Material>& list, std::vector<Element> const& elements) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list[i].name_given) continue;
        auto const same = [&](std::string const& name) -> Material const* {
            for (std::size_t k = 0; k < list.size(); ++k)
                if (k != i && (k < i || list[k].name_given) && list[k].name == name) return &list[k];
            return nullptr;
        };
        if (Material const* other = same(list[i].name))
            if (auto const element = what_sets_apart(list[i], *other)) {
                Element const& own = elements[*element];
                list[i].name += " " + (own.symbol.empty() ? own.label : own.symbol);
            }
        std::string const base = list[i].name;
        for (int number = 2; same(list[i].name); ++number) list[i].name = base + " " + std::to_string(number);
    }
}

class Clusterer {
public:
    Clusterer(ClusterParams const& params, std::vector<Channel const*> maps, Job& job)
        : m_params(params), m_maps(std::move(maps)), m_job(job) {}

    Result<MaterialsPtr> run() {
        m_result.size = common_size(m_maps);
        for (Channel const* map : m_maps) {
            MG_TRY(Plane counts, counts_on(*map, m_result.size));
            m_result.elements.push_back(element_of(*map, counts));
            m_result.counts.push_back(std::make_shared<Plane const>(std::move(counts)));
            if (map->size() != m_result.size)
                m_job.note("resampled", map->file_name,
                           map->label + ": brought to " + std::to_string(m_result.size.width) + " \u00D7 " +
                               std::to_string(m_result.size.height) + " px like the others");
            if (!(m_result.elements.back().largest_counts > 0))
                m_job.note("empty", map->file_name, map->label + ": no counts anywhere");
        }
        MG_TRY(m_mask, masked_in(m_maps, m_result.size));
        MG_TRY_DO(read_known());
        if (m_params.compatible) {
            MG_TRY_DO(find_as_originally());
        } else {
            MG_TRY_DO(find());
        }
        MG_TRY_DO(split_known());
        MG_TRY_DO(describe());
        return std::make_shared<Materials const>(std::move(m_result));
    }

private:
    std::size_t pixels() const { return static_cast<std::size_t>(m_result.size.area()); }

    Status read_known() {
        MG_TRY(std::vector<KnownMaterial> known, parse_known_materials(m_params.materials));
        MG_TRY(std::vector<BrushStroke> const strokes, parse_brush(m_params.brush));
        for (KnownMaterial& one : known) {
            Known entry{std::move(one), {}, -1};
            for (auto const& centre : entry.said.centres) entry.centres.push_back(in_order(centre, m_result.elements));
            bool const is_brushed = std::any_of(strokes.begin(), strokes.end(), [&](BrushStroke const& stroke) {
                return stroke.material == entry.said.name;
            });
            if (entry.said.locked || is_brushed) {
                entry.first_fixed = static_cast<int>(m_fixed.size());
                for (auto const& centre : entry.centres) m_fixed.push_back({centre, entry.said.locked});
            }
            m_known.push_back(std::move(entry));
        }
        if (m_fixed.size() > index(k_most_materials))
            return Error{ErrorCode::bad_value, "materials: more than " + std::to_string(k_most_materials) +
                                                   " compositions are locked or brushed; unlock some"};
        if (strokes.empty()) return Done{};
        MG_TRY(m_given, brushed(strokes, m_known, m_result.size, m_job));
        return Done{};
    }

    Status find() {
        std::vector<ImageView<float const>> views;
        for (PlanePtr const& plane : m_result.counts) views.push_back(plane->view());
        ClusterSettings settings;
        settings.count = m_params.k;
        settings.brightness = m_params.brightness;
        settings.smoothness = m_params.smoothness;
        settings.fixed = m_fixed;
        if (m_params.k > 0 && m_fixed.size() > index(m_params.k))
            m_job.note("warning", "k",
                       std::to_string(m_fixed.size()) + " materials are locked or brushed: no fewer can be found");
        MG_TRY(Clusters found, clustered(views, m_mask.view(), m_given, settings, m_job));
        m_result.curve = std::move(found.curve);
        m_result.proposed = found.proposed;
        m_means = std::move(found.means);
        m_labels = std::move(found.labels);
        m_memberships = std::move(found.memberships);
        m_own_share = std::move(found.own_share);
        m_job.note("blur_px", found.blur_px,
                   "each map pixel sees its surroundings with a blur of " + format_significant(found.blur_px, 2) +
                       " px");
        if (m_params.k == 0)
            m_job.note("proposed", m_result.proposed, std::to_string(m_result.proposed) + " materials proposed");
        else if (static_cast<int>(m_means.size()) < m_params.k)
            m_job.note("warning", "k",
                       "the maps hold no more than " + std::to_string(m_means.size()) + " different materials");
        return Done{};
    }

    Status find_as_originally() {
        std::vector<ImageView<float const>> views;
        std::vector<int> levels;
        for (PlanePtr const& plane : m_result.counts) {
            views.push_back(plane->view());
            std::vector<float> values(plane->data(), plane->data() + plane->size().area());
            std::sort(values.begin(), values.end());
            levels.push_back(static_cast<int>(std::unique(values.begin(), values.end()) - values.begin()));
        }
        constexpr int k_usual = 6;
        MG_TRY(SimpleClusters found, clustered_as_originally(views, levels, m_params.k > 0 ? m_params.k : k_usual, 0));
        m_means = std::move(found.means);
        m_labels = std::move(found.labels);
        m_memberships.assign(m_means.size(), std::vector<float>(pixels(), 0.0F));
        for (std::size_t p = 0; p < pixels(); ++p) m_memberships[m_labels[p]][p] = 1;
        m_own_share.assign(pixels(), 1.0F);
        return Done{};
    }

    /// Materials that are to be split: k-means within their pixels on the roots of smoothed counts.
    Status split_known() {
        merge_and_name();
        for (std::size_t m = 0; m < m_result.list.size(); ++m) {
            int const parts = m_parts[m];
            if (parts < 2) continue;
            std::vector<std::vector<float>> points(m_result.counts.size());
            std::vector<std::uint32_t> members;
            for (std::size_t p = 0; p < pixels(); ++p)
                if (m_labels[p] == m) members.push_back(static_cast<std::uint32_t>(p));
            if (members.size() < 2) continue;
            for (std::size_t e = 0; e < points.size(); ++e) smoothed_within(m, e, members, points[e]);
            KMeansResult const groups = k_means(
                points, {.count = std::min(parts, k_most_materials - static_cast<int>(m_result.list.size()) + 1),
                         .starts = 4,
                         .rounds = 40});
            std::size_t const found = groups.centres.size() / points.size();
            Material const whole = m_result.list[m];
            for (std::size_t g = 1; g < found; ++g) {
                Material part = whole;
                part.name += " " + std::to_string(g + 1);
                m_result.list.push_back(part);
                m_parts.push_back(1);
                m_memberships.emplace_back(pixels(), 0.0F);
            }
            if (found > 1) m_result.list[m].name += " 1";
            m_parts[m] = 1;
            for (std::size_t i = 0; i < members.size(); ++i) {
                if (groups.labels[i] == 0) continue;
                std::size_t const to = m_result.list.size() - found + groups.labels[i];
                m_labels[members[i]] = static_cast<std::uint8_t>(to);
                std::swap(m_memberships[m][members[i]], m_memberships[to][members[i]]);
            }
            for (std::size_t g = 0; g < found && found > 1; ++g)
                m_result.list[g == 0 ? m : m_result.list.size() - found + g].centres.clear();
        }
        return Done{};
    }

    /// Roots of the counts around each of the pixels, of those of the same material only.
    void smoothed_within(std::size_t material, std::size_t element, std::vector<std::uint32_t> const& members,
                         std::vector<float>& roots) const {
        Plane const& counts = *m_result.counts[element];
        int const width = m_result.size.width, height = m_result.size.height;
        for (std::uint32_t const p : members) {
            int const x = static_cast<int>(p) % width, y = static_cast<int>(p) / width;
            float sum = 0;
            int count = 0;
            for (int j = std::max(y - 2, 0); j <= std::min(y + 2, height - 1); ++j)
                for (int i = std::max(x - 2, 0); i <= std::min(x + 2, width - 1); ++i)
                    if (m_labels[index(j) * index(width) + index(i)] == material) {
                        sum += counts.at(i, j);
                        ++count;
                    }
            roots.push_back(std::sqrt(sum / static_cast<float>(count)));
        }
    }

    /// Compositions as found become the materials that the user knows; several may become one.
    void merge_and_name() {
        std::size_t const count = m_means.size();
        std::vector<int> owner(count, -1); ///< of each composition: the known material
        for (std::size_t i = 0; i < m_known.size(); ++i)
            for (std::size_t c = 0; m_known[i].first_fixed >= 0 && c < m_known[i].centres.size(); ++c)
                owner[index(m_known[i].first_fixed) + c] = static_cast<int>(i);
        struct Match {
            double distance = 0;
            std::size_t known = 0, centre = 0, composition = 0;
        };
        std::vector<Match> matches;
        for (std::size_t i = 0; i < m_known.size(); ++i)
            for (std::size_t c = 0; m_known[i].first_fixed < 0 && c < m_known[i].centres.size(); ++c)
                for (std::size_t k = m_fixed.size(); k < count; ++k) {
                    Difference const off = difference(m_known[i].centres[c], m_means[k]);
                    // Farther than half of all its counts: another material.
                    if (off.squared < 0.25 * off.counts) matches.push_back({off.squared, i, c, k});
                }
        std::stable_sort(matches.begin(), matches.end(),
                         [](Match const& a, Match const& b) { return a.distance < b.distance; });
        std::vector<std::vector<bool>> used(m_known.size());
        for (std::size_t i = 0; i < m_known.size(); ++i) used[i].assign(m_known[i].centres.size(), false);
        for (Match const& match : matches) {
            if (owner[match.composition] >= 0 || used[match.known][match.centre]) continue;
            owner[match.composition] = static_cast<int>(match.known);
            used[match.known][match.centre] = true;
        }
        make_list(owner);
    }

    void make_list(std::vector<int> const& owner) {
        std::size_t const count = m_means.size();
        std::vector<std::size_t> members(count, 0);
        for (std::uint8_t const label : m_labels)
            if (label != k_no_material) ++members[label];
        // Groups by falling area.
        struct Group {
            int known = -1;
            std::vector<std::size_t> compositions;
            std::size_t pixels = 0;
        };
        std::vector<Group> groups;
        for (std::size_t k = 0; k < count; ++k) {
            auto const same = std::find_if(groups.begin(), groups.end(), [&](Group const& group) {
                return owner[k] >= 0 && group.known == owner[k];
            });
            Group& group = same != groups.end() ? *same : groups.emplace_back(Group{owner[k], {}, 0});
            group.compositions.push_back(k);
            group.pixels += members[k];
        }
        std::stable_sort(groups.begin(), groups.end(),
                         [](Group const& a, Group const& b) { return a.pixels > b.pixels; });
        std::vector<std::uint8_t> renamed(256, k_no_material);
        std::vector<std::vector<float>> memberships;
        for (std::size_t g = 0; g < groups.size(); ++g) {
            Material material;
            int parts = 1;
            auto& plane = memberships.emplace_back();
            for (std::size_t const k : groups[g].compositions) {
                renamed[k] = static_cast<std::uint8_t>(g);
                material.centres.push_back(m_means[k]);
                if (plane.empty()) {
                    plane = std::move(m_memberships[k]);
                } else {
                    for (std::size_t p = 0; p < plane.size(); ++p) plane[p] += m_memberships[k][p];
                }
            }
            if (groups[g].known >= 0) {
                KnownMaterial const& said = m_known[index(groups[g].known)].said;
                material.name = said.name;
                material.name_given = true;
                material.picked = said.picked;
                material.locked = said.locked;
                parts = said.parts;
            }
            m_result.list.push_back(std::move(material));
            m_parts.push_back(parts);
        }
        m_memberships = std::move(memberships);
        for (std::uint8_t& label : m_labels) label = renamed[label];
        for (std::size_t i = 0; i < m_known.size(); ++i)
            if (std::find(owner.begin(), owner.end(), static_cast<int>(i)) == owner.end())
                m_job.note("warning", m_known[i].said.name,
                           m_known[i].said.name + ": no material of this composition was found");
    }

    // --- description -------------------------------------------------------------------------------------------------

    Status describe() {
        std::size_t const elements = m_result.elements.size(), materials = m_result.list.size();
        MG_TRY(Mask flags, flagged());
        std::vector<std::vector<double>> sums(materials, std::vector<double>(elements, 0.0)), squares = sums;
        std::vector<double> certain(materials, 0.0), all(materials, 0.0);
        std::vector<bool> few(materials, false);
        double classified = 0, mixed = 0, uncertain = 0;
        for (std::size_t p = 0; p < pixels(); ++p) {
            if (m_labels[p] == k_no_material) continue;
            ++classified;
            ++all[m_labels[p]];
            std::uint8_t const flag = flags.data()[p];
            mixed += (flag & k_flag_mixed) != 0;
            uncertain += (flag & k_flag_uncertain) != 0;
            certain[m_labels[p]] += (flag & (k_flag_mixed | k_flag_uncertain)) == 0;
        }
        for (std::size_t m = 0; m < materials; ++m) few[m] = certain[m] < std::max(4.0, 0.02 * all[m]);
        std::vector<double> used(materials, 0.0);
        for (std::size_t p = 0; p < pixels(); ++p) {
            std::uint8_t const label = m_labels[p];
            if (label == k_no_material) continue;
            if (!few[label] && (flags.data()[p] & (k_flag_mixed | k_flag_uncertain)) != 0) continue;
            ++used[label];
            for (std::size_t e = 0; e < elements; ++e) {
                auto const value = static_cast<double>(m_result.counts[e]->data()[p]);
                sums[label][e] += value;
                squares[label][e] += value * value;
            }
        }
        for (std::size_t m = 0; m < materials; ++m) {
            Material& material = m_result.list[m];
            material.share = classified > 0 ? all[m] / classified : 0;
            for (std::size_t e = 0; e < elements; ++e) {
                double const mean = used[m] > 0 ? sums[m][e] / used[m] : 0;
                double const variance = used[m] > 1 ? (squares[m][e] - mean * sums[m][e]) / (used[m] - 1) : 0;
                material.mean.push_back(mean);
                material.deviation.push_back(std::sqrt(std::max(variance, 0.0)));
            }
            if (material.centres.empty()) material.centres.push_back(material.mean);
            if (!material.name_given) material.name = name_by_composition(material.mean, m_result.elements);
        }
        make_names_differ(m_result.list, m_result.elements);
        std::string const text = std::to_string(materials) + (materials == 1 ? " material" : " materials");
        m_job.note("materials", static_cast<double>(materials), text);
        auto const percent = [&](double count) {
            return format_fixed(classified > 0 ? 100 * count / classified : 0, 1) + " %";
        };
        m_job.note("mixed", classified > 0 ? mixed / classified : 0,
                   percent(mixed) + " of the pixels hold more than one material");
        m_job.note("uncertain", classified > 0 ? uncertain / classified : 0, percent(uncertain) + " are uncertain");
        return finish(std::move(flags));
    }

    Result<Mask> flagged() const {
        MG_TRY(Mask flags, Mask::filled(m_result.size, 0));
        for (std::size_t p = 0; p < pixels(); ++p) {
            if (m_labels[p] == k_no_material) continue;
            std::uint8_t& flag = flags.data()[p];
            if (m_own_share[p] < static_cast<float>(m_params.pure)) flag |= k_flag_mixed;
            if (m_memberships[m_labels[p]][p] < static_cast<float>(m_params.certain)) flag |= k_flag_uncertain;
            if (!m_given.empty() && m_given[p] != 0) flag |= k_flag_brushed;
        }
        return flags;
    }

    Status finish(Mask flags) {
        MG_TRY(Image<std::uint8_t> labels, Image<std::uint8_t>::create(m_result.size));
        std::copy(m_labels.begin(), m_labels.end(), labels.data());
        m_result.labels = std::make_shared<Image<std::uint8_t> const>(std::move(labels));
        for (std::vector<float>& membership : m_memberships) {
            MG_TRY(Plane plane, Plane::create(m_result.size));
            std::copy(membership.begin(), membership.end(), plane.data());
            m_result.memberships.push_back(std::make_shared<Plane const>(std::move(plane)));
            membership = {};
        }
        m_result.flags = std::make_shared<Mask const>(std::move(flags));
        return Done{};
    }

    ClusterParams const& m_params;
    std::vector<Channel const*> m_maps;
    Job& m_job;
    Materials m_result;
    Mask m_mask;
    std::vector<Known> m_known;
    std::vector<FixedMaterial> m_fixed;
    std::vector<std::uint8_t> m_given;
    std::vector<std::vector<double>> m_means;
    std::vector<std::uint8_t> m_labels;
    std::vector<std::vector<float>> m_memberships;
    std::vector<float> m_own_share;
    std::vector<int> m_parts; ///< of each material
};

Status run(Scene& scene, ClusterParams const& params, Job& job) {
    std::vector<Channel const*> maps;
    for (Channel const& channel : scene.channels)
        if (channel.role == Role::element_map && !channel.planes.empty()) maps.push_back(&channel);
    if (maps.empty()) return Done{};
    MG_TRY(scene.materials, Clusterer(params, std::move(maps), job).run());
    return Done{};
}

} // namespace

extern constinit Step const k_step_cluster = make_step<ClusterParams, k_params, run>(
    {.id = "cluster",
     .title = "Materials",
     .group = StepGroup::input,
     .summary = "Finds the materials that element maps tell apart, how many there are, where each is and what it is "
                "made of.",
     .workflows = k_materials,
     .whole_set = true});

} // namespace mg
