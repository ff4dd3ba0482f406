// Which of the files dropped at once are element maps of one field, and which electron images go with them: the same
// folder, maps of one size, and where a folder holds several fields, the part of the names in front of the element.
#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.h"
#include "ops/element_map.h"
#include "recipe/channel_set.h"
#include "recipe/materials.h"
#include "steps/registry.h"

namespace mg {
namespace {

struct Item {
    Channel channel; ///< role and settings by the step "map", no pixels
    std::string folder;
    std::string_view stem;
    Size size{};
    bool taken = false;

    bool is_map() const { return channel.role == Role::element_map && channel.map.role_named; }
    /// One of a wavelength series is no picture of the whole.
    bool may_be_electrons() const {
        return channel.role == Role::se_image && !channel.metadata.acquisition.wavelength_nm;
    }
};

/// Indices of items.
using Group = std::vector<std::size_t>;

std::vector<Item> items_of(std::span<SetInput const> inputs) {
    std::vector<Item> items(inputs.size());
    Step const* const step = find_step("map");
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        Item& item = items[i];
        Scene scene;
        Channel& channel = scene.channels.emplace_back();
        channel.file_name = inputs[i].file_name;
        channel.relative_path = inputs[i].relative_path.empty() ? inputs[i].file_name : inputs[i].relative_path;
        if (inputs[i].metadata) channel.metadata = *inputs[i].metadata;
        Job job;
        if (!step || !step->run(scene, step->defaults(), job)) continue;
        item.channel = std::move(scene.channels.front());
        item.folder = item.channel.relative_path.substr(0, item.channel.relative_path.rfind('/') + 1);
        item.size = inputs[i].size;
    }
    for (Item& item : items) item.stem = stem_of(item.channel.file_name);
    return items;
}

/// "siteA_" of "siteA_SiK": what names the field when a folder holds several.
std::string_view before_element(Item const& item) {
    std::string const symbol = lowered(item.channel.map.element), name = lowered(item.stem);
    std::size_t const at = symbol.empty() ? std::string::npos : name.rfind(symbol);
    return item.stem.substr(0, at == std::string::npos ? 0 : at);
}

/// The maps of one folder and size, in one group unless elements are there twice.
std::vector<Group> fields_of(std::vector<Item> const& items, Group const& maps) {
    std::map<std::string, int> labels;
    std::map<std::string_view, Group> fields;
    bool twice = false;
    for (std::size_t const i : maps) {
        twice = ++labels[items[i].channel.label] > 1 || twice;
        fields[before_element(items[i])].push_back(i);
    }
    std::size_t const usual = maps.size() / fields.size();
    if (!twice || usual < 2) return {maps};
    std::vector<Group> groups;
    for (auto& [name, group] : fields) groups.push_back(std::move(group));
    return groups;
}

/// Maps whose size is not known, since they are damaged, go with those of their folder: the run will say why they fail.
void join_unread(std::vector<Item> const& items, std::vector<Group>& groups) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!items[i].is_map() || !items[i].size.empty()) continue;
        Group* best = nullptr;
        for (Group& group : groups) {
            Item const& first = items[group.front()];
            if (first.folder != items[i].folder || first.size.empty()) continue;
            if (!best || before_element(first) == before_element(items[i])) best = &group;
        }
        if (best) best->push_back(i);
    }
}

std::vector<Group> groups_of_maps(std::vector<Item> const& items) {
    std::map<std::tuple<std::string, int, int>, Group> same;
    for (std::size_t i = 0; i < items.size(); ++i)
        if (items[i].is_map()) same[{items[i].folder, items[i].size.width, items[i].size.height}].push_back(i);
    std::vector<Group> groups;
    for (auto const& [key, maps] : same)
        for (Group& field : fields_of(items, maps))
            if (field.size() > 1) groups.push_back(std::move(field));
    join_unread(items, groups);
    // Maps without an element's name beside a Lab image are known by its size.
    for (std::size_t lab = 0; lab < items.size(); ++lab) {
        if (items[lab].channel.role != Role::lab_image || items[lab].size.empty()) continue;
        bool const has_maps = std::any_of(groups.begin(), groups.end(), [&](Group const& group) {
            return items[group.front()].folder == items[lab].folder;
        });
        Group unnamed;
        for (std::size_t i = 0; i < items.size() && !has_maps; ++i)
            if (items[i].folder == items[lab].folder && items[i].size == items[lab].size &&
                items[i].channel.role == Role::element_map)
                unnamed.push_back(i);
        if (unnamed.size() > 1) groups.push_back(std::move(unnamed));
    }
    return groups;
}

std::string beginning(std::vector<Item> const& items, Group const& group) {
    std::vector<std::string_view> stems;
    for (std::size_t const i : group) stems.push_back(items[i].stem);
    return common_beginning(stems);
}

std::size_t common_length(std::string_view a, std::string_view b) {
    std::size_t same = 0;
    while (same < a.size() && same < b.size() && a[same] == b[same]) ++same;
    return same;
}

/// The free image of the field's folder that fits best; with several fields there, the name decides first. `rank`: the
/// largest wins, of equal ones the first name.
template <class Is, class Rank>
std::optional<std::size_t> best_image(std::vector<Item> const& items, Group const& maps, bool is_only_one, Is is,
                                      Rank rank) {
    std::string const start = beginning(items, maps);
    std::string const& folder = items[maps.front()].folder;
    auto const full_rank = [&](std::size_t i) {
        return std::make_tuple(is_only_one ? 0 : common_length(items[i].stem, start), rank(items[i]));
    };
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].taken || items[i].folder != folder || !is(items[i])) continue;
        if (!best || full_rank(i) > full_rank(*best) ||
            (full_rank(i) == full_rank(*best) && items[i].stem < items[*best].stem))
            best = i;
    }
    return best;
}

MapSet set_of(std::vector<Item>& items, Group const& maps, bool is_only_one) {
    Size const size = items[maps.front()].size;
    MapSet set;
    for (std::size_t const i : maps) {
        bool const named = items[i].is_map();
        set.members.push_back({static_cast<int>(i), Role::element_map, named ? items[i].channel.label : std::string()});
    }
    // Electron images are shared by no two fields: each takes the one whose name fits it.
    auto const take = [&](std::optional<std::size_t> image, Role role) {
        if (!image) return;
        items[*image].taken = true;
        set.members.push_back({static_cast<int>(*image), role, {}});
    };
    auto const lab = best_image(
        items, maps, is_only_one, [](Item const& item) { return item.channel.role == Role::lab_image; },
        [&](Item const& item) { return item.size == size; });
    take(lab, Role::lab_image);
    auto const is_electrons = [](Item const& item) { return item.may_be_electrons(); };
    auto const se_image = best_image(items, maps, is_only_one, is_electrons, [&](Item const& item) {
        return std::make_tuple(item.size != size, item.channel.map.role_named, item.size.area());
    });
    take(se_image, Role::se_image);
    if (!lab && se_image && items[*se_image].size != size && is_only_one)
        take(best_image(
                 items, maps, is_only_one,
                 [&](Item const& item) { return item.may_be_electrons() && item.size == size; },
                 [](Item const& item) { return item.channel.map.role_named; }),
             Role::lab_image);

    std::string const start = beginning(items, maps);
    std::string_view const folder = std::string_view(items[maps.front()].folder);
    std::string_view const parent = folder.empty() ? folder : folder.substr(0, folder.size() - 1);
    std::string_view const last = parent.substr(parent.rfind('/') + 1);
    set.name = sanitized_utf8(se_image ? items[*se_image].stem : std::string_view(start));
    if (!last.empty()) set.name += (set.name.empty() ? "" : " \u00B7 ") + sanitized_utf8(last);
    if (set.name.empty()) set.name = sanitized_utf8(items[maps.front()].stem);
    std::sort(set.members.begin(), set.members.end(),
              [](MapSetMember const& a, MapSetMember const& b) { return a.index < b.index; });
    return set;
}

} // namespace

std::vector<MapSet> find_map_sets(std::span<SetInput const> inputs) {
    std::vector<Item> items = items_of(inputs);
    std::vector<Group> groups = groups_of_maps(items);
    // In the order of the files.
    std::sort(groups.begin(), groups.end(), [](Group const& a, Group const& b) {
        return *std::min_element(a.begin(), a.end()) < *std::min_element(b.begin(), b.end());
    });
    for (Group const& group : groups)
        for (std::size_t const i : group) items[i].taken = true;
    std::vector<MapSet> sets;
    for (Group const& group : groups) {
        auto const in_folder = std::count_if(groups.begin(), groups.end(), [&](Group const& other) {
            return items[other.front()].folder == items[group.front()].folder;
        });
        sets.push_back(set_of(items, group, in_folder == 1));
    }
    return sets;
}

} // namespace mg
