#include "ops/material_colours.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "math/colour.h"

namespace mg {
namespace {

// --- the shortest way through all items ------------------------------------------------------------------------------

/// A closed tour; an open way is one through a further item that is at distance 0 from all.
class Tours {
public:
    Tours(std::span<double const> distances, int count, bool closed)
        : m_distances(distances), m_count(count), m_items(closed ? count : count + 1) {}
    int items() const { return m_items; }
    double distance(int a, int b) const {
        if (a >= m_count || b >= m_count) return 0;
        return m_distances[static_cast<std::size_t>(a) * static_cast<std::size_t>(m_count) +
                           static_cast<std::size_t>(b)];
    }
    double length(std::vector<int> const& tour) const {
        double sum = 0;
        for (std::size_t i = 0; i < tour.size(); ++i) sum += distance(tour[i], tour[(i + 1) % tour.size()]);
        return sum;
    }

private:
    std::span<double const> m_distances;
    int m_count, m_items;
};

/// Held and Karp: for every set of items and its last one, the shortest way there from the last item of all.
std::vector<int> optimal_tour(Tours const& tours) {
    int const n = tours.items() - 1, home = n; // the others are 0..n-1
    std::size_t const sets = std::size_t{1} << n, width = static_cast<std::size_t>(n);
    std::vector<double> best(sets * width, std::numeric_limits<double>::infinity());
    std::vector<std::int8_t> before(sets * width, -1);
    std::vector<double> distance(width * width);
    for (int a = 0; a < n; ++a)
        for (int b = 0; b < n; ++b)
            distance[static_cast<std::size_t>(a) * width + static_cast<std::size_t>(b)] = tours.distance(a, b);
    for (int a = 0; a < n; ++a)
        best[(std::size_t{1} << a) * width + static_cast<std::size_t>(a)] = tours.distance(home, a);
    for (std::size_t set = 1; set < sets; ++set)
        for (std::size_t last = 0; last < width; ++last) {
            if (!(set >> last & 1)) continue;
            double const so_far = best[set * width + last];
            double const* row = distance.data() + last * width;
            for (std::size_t next = 0; next < width; ++next) {
                if (set >> next & 1) continue;
                std::size_t const there = (set | std::size_t{1} << next) * width + next;
                double const sum = so_far + row[next];
                if (sum < best[there]) {
                    best[there] = sum;
                    before[there] = static_cast<std::int8_t>(last);
                }
            }
        }
    std::size_t set = sets - 1, last = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t a = 0; a < width; ++a)
        if (double const sum = best[set * width + a] + tours.distance(static_cast<int>(a), home); sum < least) {
            least = sum;
            last = a;
        }
    std::vector<int> tour{home};
    while (set != 0) {
        tour.push_back(static_cast<int>(last));
        int const earlier = before[set * width + last];
        set &= ~(std::size_t{1} << last);
        last = static_cast<std::size_t>(std::max(earlier, 0));
    }
    return tour;
}

constexpr double k_gain = 1e-12; ///< less than that is rounding

/// Some part turned round.
bool improve_by_turning(Tours const& tours, std::vector<int>& tour) {
    std::size_t const n = tour.size();
    for (std::size_t i = 0; i + 1 < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j) {
            int const a = tour[i], b = tour[i + 1], c = tour[j], d = tour[(j + 1) % n];
            double const gain =
                tours.distance(a, b) + tours.distance(c, d) - tours.distance(a, c) - tours.distance(b, d);
            if (gain <= k_gain) continue;
            std::reverse(tour.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                         tour.begin() + static_cast<std::ptrdiff_t>(j) + 1);
            return true;
        }
    return false;
}
/// One to three neighbours taken to another place, either way round.
bool improve_by_moving(Tours const& tours, std::vector<int>& tour) {
    std::size_t const n = tour.size();
    for (std::size_t count = 1; count <= 3 && count + 2 <= n; ++count)
        for (std::size_t start = 0; start < n; ++start) {
            std::rotate(tour.begin(), tour.begin() + 1, tour.end());
            // The part is the first `count` of the tour.
            int const first = tour[0], last = tour[count - 1], before = tour[n - 1], after = tour[count];
            double const freed =
                tours.distance(before, first) + tours.distance(last, after) - tours.distance(before, after);
            for (std::size_t at = count; at + 1 < n; ++at)
                for (bool turned : {false, true}) {
                    int const left = tour[at], right = tour[at + 1];
                    double const cost = tours.distance(left, turned ? last : first) +
                                        tours.distance(turned ? first : last, right) - tours.distance(left, right);
                    if (freed - cost <= k_gain) continue;
                    if (turned) std::reverse(tour.begin(), tour.begin() + static_cast<std::ptrdiff_t>(count));
                    std::rotate(tour.begin(), tour.begin() + static_cast<std::ptrdiff_t>(count),
                                tour.begin() + static_cast<std::ptrdiff_t>(at) + 1);
                    return true;
                }
        }
    return false;
}

std::vector<int> good_tour(Tours const& tours) {
    int const n = tours.items();
    std::vector<int> best;
    double least = std::numeric_limits<double>::infinity();
    for (int start = 0; start < n; ++start) {
        // To the nearest that is left.
        std::vector<int> tour{start};
        std::vector<bool> used(static_cast<std::size_t>(n), false);
        used[static_cast<std::size_t>(start)] = true;
        while (static_cast<int>(tour.size()) < n) {
            int nearest = -1;
            for (int i = 0; i < n; ++i)
                if (!used[static_cast<std::size_t>(i)] &&
                    (nearest < 0 || tours.distance(tour.back(), i) < tours.distance(tour.back(), nearest)))
                    nearest = i;
            used[static_cast<std::size_t>(nearest)] = true;
            tour.push_back(nearest);
        }
        while (improve_by_turning(tours, tour) || improve_by_moving(tours, tour)) {
        }
        if (double const length = tours.length(tour); length < least - k_gain) {
            least = length;
            best = std::move(tour);
        }
    }
    return best;
}

// --- colours ---------------------------------------------------------------------------------------------------------

/// Of the lightnesses, the one at which the least colourful hue has most chroma inside sRGB, and that chroma.
constexpr double k_lightness = 0.74, k_chroma = 0.125;
constexpr double k_least_gap = 0.6; ///< of two neighbours' hues, in even gaps
constexpr double k_keep_away = 12;  ///< CIEDE2000 from picked colours, where there is room

Rgb of_hue(double hue) {
    return srgb_from_linear(gamut_mapped(oklab_from_lch(k_lightness, k_chroma, hue)));
}
double turned_hue(double hue) {
    return hue - 360 * std::floor(hue / 360);
}

Triple seen_lab(Rgb colour, ColourVision vision) {
    Triple linear = seen_with(vision, linear_from_srgb(colour));
    for (double& value : linear) value = std::clamp(value, 0.0, 1.0);
    return cielab_from_xyz(xyz_from_linear(linear));
}
MaterialColours::Closest closest_of(std::vector<Rgb> const& colours, ColourVision vision) {
    std::vector<Triple> seen;
    for (Rgb colour : colours) seen.push_back(seen_lab(colour, vision));
    MaterialColours::Closest closest{0, 1, std::numeric_limits<double>::infinity()};
    for (std::size_t i = 0; i < seen.size(); ++i)
        for (std::size_t j = i + 1; j < seen.size(); ++j)
            if (double const difference = ciede2000(seen[i], seen[j]); difference < closest.difference)
                closest = {static_cast<int>(i), static_cast<int>(j), difference};
    return closest;
}

/// A hue of its own: absent for greys.
std::optional<double> hue_of(Rgb colour) {
    Triple const lab = oklab_from_linear(linear_from_srgb(colour));
    if (lab[1] * lab[1] + lab[2] * lab[2] < 0.02 * 0.02) return std::nullopt;
    return hue_deg(lab[1], lab[2]);
}

using Requests = std::span<MaterialColourRequest const>;

/// The nearest hue that keeps away from the taken colours; if there is none, the one farthest from them.
double free_hue(double wanted, std::vector<Triple> const& taken) {
    double best = wanted, most = -1;
    for (int step = 0; step <= 36; ++step)
        for (int side : {1, -1}) {
            double const hue = turned_hue(wanted + 5.0 * step * side);
            Triple const lab = seen_lab(of_hue(hue), ColourVision::normal);
            double least = std::numeric_limits<double>::infinity();
            for (Triple const& other : taken) least = std::min(least, ciede2000(lab, other));
            if (least >= k_keep_away) return hue;
            if (least > most) {
                most = least;
                best = hue;
            }
        }
    return best;
}

/// Hues of the materials; `order` is a circle. `distances` n x n.
std::vector<double> even_hues(Requests requests, std::span<double const> distances, std::vector<int> const& order) {
    std::size_t const n = order.size();
    auto const item = [&](std::size_t place) { return static_cast<std::size_t>(order[place % n]); };
    std::vector<double> gaps(n, 360.0 / static_cast<double>(n)); ///< from each place to the next
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += distances[item(i) * n + item(i + 1)];
    if (sum > 0)
        for (std::size_t i = 0; i < n; ++i)
            gaps[i] *=
                k_least_gap + (1 - k_least_gap) * static_cast<double>(n) * distances[item(i) * n + item(i + 1)] / sum;

    std::vector<double> hues(n, 0);
    std::vector<std::size_t> anchors; ///< places whose hue is the user's
    for (std::size_t place = 0; place < n; ++place)
        if (auto const& picked = requests[item(place)].picked)
            if (auto const hue = hue_of(*picked)) {
                anchors.push_back(place);
                hues[item(place)] = *hue;
            }
    if (anchors.empty()) {
        double hue = 0;
        for (std::size_t place = 0; place < n; ++place) {
            hues[item(place)] = hue;
            hue += gaps[place];
        }
        return hues;
    }
    // Between two anchors the gaps are stretched or squeezed to what lies between their hues.
    for (std::size_t a = 0; a < anchors.size(); ++a) {
        std::size_t const from = anchors[a];
        std::size_t to = anchors[(a + 1) % anchors.size()];
        if (to <= from) to += n;
        double const start = hues[item(from)];
        double arc = turned_hue(hues[item(to)] - start), whole = 0, hue = 0;
        if (arc <= 0) arc = 360;
        for (std::size_t place = from; place < to; ++place) whole += gaps[place % n];
        for (std::size_t place = from; place + 1 < to; ++place) {
            hue += gaps[place % n];
            hues[item(place + 1)] = turned_hue(start + arc * hue / whole);
        }
    }
    return hues;
}

/// The turn of all hues after which the materials are told apart best, also by eyes that confuse red and green.
double best_turn(std::vector<double> const& hues) {
    if (hues.size() > 8) return 25;
    double best = 0, most = -1;
    for (int turn = 0; turn < 360; turn += 15) {
        std::vector<Rgb> colours;
        for (double hue : hues) colours.push_back(of_hue(turned_hue(hue + turn)));
        double const score = closest_of(colours, ColourVision::normal).difference +
                             closest_of(colours, ColourVision::deutan).difference +
                             closest_of(colours, ColourVision::protan).difference;
        if (score > most + 1e-9) {
            most = score;
            best = turn;
        }
    }
    return best;
}

std::vector<Rgb> even_colours(Requests requests, std::span<double const> distances, std::vector<int> const& order) {
    std::vector<double> hues = even_hues(requests, distances, order);
    std::vector<Triple> taken;
    bool anchored = false;
    for (MaterialColourRequest const& request : requests) {
        if (!request.picked) continue;
        taken.push_back(seen_lab(*request.picked, ColourVision::normal));
        anchored = anchored || hue_of(*request.picked);
    }
    double const turn = anchored ? 0 : requests.size() == 1 ? 250 : best_turn(hues);
    std::vector<Rgb> colours(requests.size());
    for (int i : order) {
        auto const k = static_cast<std::size_t>(i);
        if (requests[k].picked) {
            colours[k] = *requests[k].picked;
            continue;
        }
        double hue = turned_hue(hues[k] + turn);
        if (!taken.empty()) {
            hue = free_hue(hue, taken);
            taken.push_back(seen_lab(of_hue(hue), ColourVision::normal));
        }
        colours[k] = of_hue(hue);
    }
    return colours;
}

Rgb from_hex(unsigned hex) {
    auto const part = [hex](unsigned shift) { return static_cast<float>((hex >> shift) & 255) / 255; };
    return {part(16), part(8), part(0)};
}

/// For 1 to 8 materials, in the order of their hues; empty for more.
std::vector<Rgb> safe_set(std::size_t count) {
    // Found by a search for sets whose least CIEDE2000 under normal, protan, deutan and tritan vision is large.
    static constexpr unsigned k_two[] = {0x91EB11, 0x9E05AB};
    static constexpr unsigned k_three[] = {0x9E4503, 0x13EED1, 0x6A08F6};
    static constexpr unsigned k_four[] = {0x86563D, 0xDAD510, 0x15E8F8, 0x4E56B9};
    static constexpr unsigned k_five[] = {0x9E4503, 0xF0CC10, 0x099583, 0x6A08F6, 0xCBC6FE};
    static constexpr unsigned k_six[] = {0xAE3003, 0xFB8F0C, 0x8EE2C2, 0x078474, 0x8007DE, 0xC9ACFE};
    static constexpr unsigned k_seven[] = {0x944561, 0xD8828D, 0xDAD510, 0x687C04, 0x8EDDE5, 0x9B8AFE, 0x8007DE};
    static constexpr unsigned k_eight[] = {0xFEB8BF, 0x5B6C04, 0x799C5C, 0x12F83A,
                                           0x057465, 0xCBC6FE, 0x9B7DCD, 0x9006C5};
    std::span<unsigned const> const sets[] = {k_two, k_three, k_four, k_five, k_six, k_seven, k_eight};
    std::vector<Rgb> colours;
    if (count == 1) colours.push_back(of_hue(250));
    if (count >= 2 && count <= 8)
        for (unsigned hex : sets[count - 2]) colours.push_back(from_hex(hex));
    return colours;
}

/// Fully saturated HSV.
Rgb classic_colour(double hue) {
    auto const part = [hue](double shift) {
        double const k = shift + hue * 6 - 6 * std::floor((shift + hue * 6) / 6);
        return static_cast<float>(1 - std::max(0.0, std::min({k, 4 - k, 1.0})));
    };
    return {part(5), part(3), part(1)};
}

/// A set's colours along the order; picked ones stay, and the most similar ones of the set are left to nobody.
std::vector<Rgb> handed_out(Requests requests, std::vector<int> const& order, std::vector<Rgb> set) {
    std::vector<Rgb> colours(requests.size());
    for (MaterialColourRequest const& request : requests) {
        if (!request.picked) continue;
        Triple const lab = seen_lab(*request.picked, ColourVision::normal);
        std::size_t nearest = 0;
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < set.size(); ++i)
            if (double const d = ciede2000(lab, seen_lab(set[i], ColourVision::normal)); d < least) {
                least = d;
                nearest = i;
            }
        if (!set.empty()) set.erase(set.begin() + static_cast<std::ptrdiff_t>(nearest));
    }
    std::size_t next = 0;
    for (int i : order) {
        auto const k = static_cast<std::size_t>(i);
        colours[k] = requests[k].picked ? *requests[k].picked : set[next++];
    }
    return colours;
}

} // namespace

double order_length(std::span<double const> distances, int count, std::span<int const> order, bool cyclic) {
    double sum = 0;
    auto const n = static_cast<std::size_t>(count);
    for (std::size_t i = 0; i + (cyclic ? 0 : 1) < order.size(); ++i)
        sum +=
            distances[static_cast<std::size_t>(order[i]) * n + static_cast<std::size_t>(order[(i + 1) % order.size()])];
    return sum;
}

std::vector<int> shortest_order(std::span<double const> distances, int count, bool cyclic) {
    constexpr int k_exact = 14;
    std::vector<int> order(static_cast<std::size_t>(std::max(count, 0)));
    std::iota(order.begin(), order.end(), 0);
    if (count < 3 || (cyclic && count < 4)) return order;
    Tours const tours(distances, count, cyclic);
    order = count <= k_exact ? optimal_tour(tours) : good_tour(tours);
    if (cyclic) {
        std::rotate(order.begin(), std::find(order.begin(), order.end(), 0), order.end());
        if (order[1] > order.back()) std::reverse(order.begin() + 1, order.end());
    } else {
        std::rotate(order.begin(), std::find(order.begin(), order.end(), count), order.end());
        order.erase(order.begin());
        if (order.front() > order.back()) std::reverse(order.begin(), order.end());
    }
    return order;
}

std::vector<double> composition_distances(std::span<std::vector<double> const> compositions) {
    std::vector<std::vector<double>> roots;
    for (std::vector<double> const& composition : compositions) {
        double sum = 0;
        for (double v : composition) sum += std::max(v, 0.0);
        std::vector<double> root;
        for (double v : composition) root.push_back(sum > 0 ? std::sqrt(std::max(v, 0.0) / sum) : 0);
        roots.push_back(std::move(root));
    }
    std::size_t const n = roots.size();
    std::vector<double> distances(n * n, 0);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            double sum = 0;
            for (std::size_t e = 0; e < std::min(roots[i].size(), roots[j].size()); ++e)
                sum += (roots[i][e] - roots[j][e]) * (roots[i][e] - roots[j][e]);
            distances[i * n + j] = std::sqrt(sum / 2);
        }
    return distances;
}

MaterialColours material_colours(Requests requests, MaterialPalette palette) {
    MaterialColours result;
    std::vector<std::vector<double>> compositions;
    for (MaterialColourRequest const& request : requests) compositions.push_back(request.composition);
    std::vector<double> const distances = composition_distances(compositions);
    int const count = static_cast<int>(requests.size());
    bool const circle = palette != MaterialPalette::classic;
    result.order = shortest_order(distances, count, circle);
    if (requests.empty()) return result;
    if (palette == MaterialPalette::classic) {
        std::vector<Rgb> set;
        for (int i = 0; i < count; ++i) set.push_back(classic_colour(static_cast<double>(i) / count));
        result.colours = handed_out(requests, result.order, std::move(set));
    } else if (std::vector<Rgb> set = safe_set(requests.size()); palette == MaterialPalette::safe && !set.empty()) {
        result.colours = handed_out(requests, result.order, std::move(set));
    } else {
        result.colours = even_colours(requests, distances, result.order);
    }
    if (requests.size() > 1)
        for (ColourVision vision :
             {ColourVision::normal, ColourVision::protan, ColourVision::deutan, ColourVision::tritan})
            result.closest.push_back(closest_of(result.colours, vision));
    return result;
}

} // namespace mg
