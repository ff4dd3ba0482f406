#include "recipe/map_set.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.h"
#include "ops/element_map.h"
#include "recipe/channel_set.h"

namespace mg {
namespace {

bool is_map(MapMember const& member) {
    return member.channel.role == Role::element_map;
}
bool is_guess(MapMember const& member) {
    return !member.channel.map.role_given && !member.channel.map.role_named;
}
bool is_guessed_electron(MapMember const& member) {
    return !is_map(member) && is_guess(member);
}

std::string role_name(Role role) {
    return role == Role::lab_image ? "Lab image" : role == Role::se_image ? "SE image" : "element map";
}

bool is_constant(Channel const& channel) {
    if (channel.planes.empty()) return true;
    Plane const& plane = *channel.planes.front();
    return std::all_of(plane.data(), plane.data() + plane.size().area(),
                       [&](float value) { return value == plane.data()[0]; });
}

/// Puts a set together; files are known by their positions in the sorted list.
class Settling {
public:
    explicit Settling(std::vector<MapMember> members) : m_members(std::move(members)) {
        std::sort(m_members.begin(), m_members.end(), [](MapMember const& a, MapMember const& b) {
            return std::tie(a.channel.file_name, a.channel.relative_path, a.sha256, a.id) <
                   std::tie(b.channel.file_name, b.channel.relative_path, b.sha256, b.id);
        });
    }

    MapFiles settled() && {
        leave_out_twice_given();
        find_map_size();
        settle_guesses();
        settle_lab_image();
        settle_se_image();
        tell_labels_apart();
        return std::move(*this).in_order();
    }

private:
    std::string const& name(std::size_t i) const { return m_members[i].channel.file_name; }

    void leave_out(std::size_t i, std::string const& why) {
        m_result.left_out.push_back({m_members[i].id, name(i) + ": left out, " + why});
        m_members.erase(m_members.begin() + static_cast<std::ptrdiff_t>(i));
    }

    void leave_out_twice_given() {
        for (std::size_t i = 0; i < m_members.size(); ++i)
            for (std::size_t k = i + 1; k < m_members.size(); ++k) {
                Channel const &a = m_members[i].channel, &b = m_members[k].channel;
                if (m_members[i].sha256 != m_members[k].sha256 || m_members[i].sha256.empty() || a.role != b.role)
                    continue;
                bool const same = a.map.element == b.map.element || a.map.element.empty() || b.map.element.empty();
                if (!same) {
                    // Elements that the specimen has not give maps without a count.
                    if (!is_constant(a))
                        m_result.remarks.push_back({m_members[k].id, name(k) + ": has the same content as " + name(i)});
                    continue;
                }
                if (a.map.element.empty() && !b.map.element.empty()) std::swap(m_members[i], m_members[k]);
                leave_out(k--, "it has the same content as " + name(i));
            }
    }

    /// The commonest size of the maps; of several, the smallest.
    void find_map_size() {
        bool const some = std::any_of(m_members.begin(), m_members.end(), is_map);
        std::map<std::pair<std::int64_t, int>, int> sizes;
        for (MapMember const& member : m_members) {
            if (some ? !is_map(member) : !is_guessed_electron(member)) continue;
            Size const size = member.channel.size();
            ++sizes[{size.area(), size.width}];
        }
        int most = some ? 0 : 1; // where all is guessed, maps are more than one
        for (auto const& [size, count] : sizes)
            if (count > most) {
                most = count;
                m_map_size = {size.second, static_cast<int>(size.first / size.second)};
            }
    }

    bool has_map_size(std::size_t i) const { return m_members[i].channel.size() == m_map_size; }

    void settle_guesses() {
        std::vector<std::size_t> guesses;
        for (std::size_t i = 0; i < m_members.size(); ++i)
            if (is_guessed_electron(m_members[i]) && has_map_size(i)) guesses.push_back(i);
        if (guesses.size() < 2) return;
        for (std::size_t const i : guesses) {
            Channel& channel = m_members[i].channel;
            channel.role = Role::element_map;
            if (!channel.settings.label_given) channel.label = sanitized_utf8(stem_of(channel.file_name));
        }
    }

    std::vector<std::size_t> with_role(Role role) const {
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < m_members.size(); ++i)
            if (m_members[i].channel.role == role) found.push_back(i);
        return found;
    }

    void leave_out_all_but(std::size_t chosen, Role role) {
        std::string const kept = name(chosen);
        auto const candidates = with_role(role);
        for (auto i = candidates.rbegin(); i != candidates.rend(); ++i)
            if (*i != chosen)
                leave_out(*i,
                          "the " + role_name(role) + " is " + kept + "; give its role if it is another one (map.role)");
    }

    /// The one of that role whose place in `rank` is first.
    template <class Rank>
    void choose(Role role, Rank rank) {
        auto const candidates = with_role(role);
        if (candidates.empty()) return;
        leave_out_all_but(*std::min_element(candidates.begin(), candidates.end(),
                                            [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); }),
                          role);
    }

    void settle_lab_image() {
        auto const se_images = with_role(Role::se_image);
        if (with_role(Role::lab_image).empty() && se_images.size() > 1) {
            // The one taken with the maps, when there is another one to be coloured.
            auto const small = std::find_if(se_images.begin(), se_images.end(), [&](std::size_t i) {
                return has_map_size(i) && !m_members[i].channel.map.role_given;
            });
            bool const another = std::any_of(se_images.begin(), se_images.end(), [&](std::size_t i) {
                return !has_map_size(i) || m_members[i].channel.map.role_given;
            });
            if (small != se_images.end() && another) m_members[*small].channel.role = Role::lab_image;
        }
        choose(Role::lab_image, [&](std::size_t i) {
            return std::make_tuple(!m_members[i].channel.map.role_given, !has_map_size(i), i);
        });
    }

    void settle_se_image() {
        choose(Role::se_image, [&](std::size_t i) {
            MapSettings const& map = m_members[i].channel.map;
            return std::make_tuple(!map.role_given, has_map_size(i), !map.role_named,
                                   -m_members[i].channel.size().area(), i);
        });
        // The only electron image: nobody can have taken it apart from the maps with as many pixels.
        for (std::size_t const i : with_role(Role::se_image))
            if (has_map_size(i) && !m_members[i].channel.map.role_given && with_role(Role::lab_image).empty())
                m_members[i].channel.role = Role::lab_image;
    }

    void tell_labels_apart() {
        auto const maps = with_role(Role::element_map);
        auto const label = [&](std::size_t i) -> std::string& { return m_members[i].channel.label; };
        std::vector<std::size_t> twice;
        for (std::size_t const i : maps)
            if (std::count_if(maps.begin(), maps.end(), [&](std::size_t k) { return label(k) == label(i); }) > 1)
                twice.push_back(i);
        for (std::size_t const i : twice)
            if (!m_members[i].channel.settings.label_given) label(i) = sanitized_utf8(stem_of(name(i)));
        for (std::size_t n = 0; n < maps.size(); ++n) {
            std::string const plain = label(maps[n]);
            auto const taken = [&] {
                return std::any_of(maps.begin(), maps.begin() + static_cast<std::ptrdiff_t>(n),
                                   [&](std::size_t k) { return label(k) == label(maps[n]); });
            };
            for (int number = 2; taken(); ++number) label(maps[n]) = plain + "_" + std::to_string(number);
        }
    }

    MapFiles in_order() && {
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < m_members.size(); ++i) order.push_back(i);
        auto const place = [&](std::size_t i) {
            Channel const& channel = m_members[i].channel;
            int const number = atomic_number(channel.map.element);
            return std::make_tuple(channel.role == Role::se_image, channel.role == Role::lab_image, number == 0, number,
                                   std::string_view(channel.label), i);
        };
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
        for (std::size_t const i : order) {
            m_result.ids.push_back(m_members[i].id);
            m_result.scene.channels.push_back(m_members[i].channel);
        }
        return std::move(m_result);
    }

    std::vector<MapMember> m_members;
    Size m_map_size{};
    MapFiles m_result;
};

} // namespace

MapFiles map_set(std::vector<MapMember> members) {
    return Settling(std::move(members)).settled();
}

} // namespace mg
