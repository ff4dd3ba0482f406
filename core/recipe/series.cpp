// Which of the files dropped at once belong together: the same folder, size and magnification, and names that differ in
// one number (10K405, 10K415, ...). Extra images, and channels named in words, join the series that they match.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "metadata/metadata.h"
#include "recipe/channel_set.h"
#include "recipe/overlay.h"
#include "steps/registry.h"

namespace mg {
namespace {

struct Item {
    Channel channel; ///< facts, role and settings, no pixels
    std::string folder;
    std::string_view stem;
    std::vector<std::string_view> chunks;
    Size size{};
    bool taken = false;

    /// By the header, else by the name; 0: unknown.
    double magnification() const;
};

/// "10K", "500x": a number that names a magnification.
bool names_magnification(Item const& item, std::size_t chunk) {
    if (!is_digit(item.chunks[chunk].front()) || chunk + 1 == item.chunks.size()) return false;
    std::string_view const next = item.chunks[chunk + 1];
    return (istarts_with(next, "k") || istarts_with(next, "x")) && !istarts_with(next, "kv");
}

double Item::magnification() const {
    if (auto const& fact = channel.metadata.acquisition.magnification) return fact->value;
    for (std::size_t i = 0; i < chunks.size(); ++i)
        if (names_magnification(*this, i))
            if (auto const number = parse_double(chunks[i]))
                return *number * (istarts_with(chunks[i + 1], "k") ? 1000 : 1);
    return 0;
}

/// Indices of items.
using Group = std::vector<std::size_t>;

std::vector<Item> items_of(std::span<SetInput const> inputs) {
    std::vector<Item> items(inputs.size());
    Step const* const step = find_step("channel");
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        Item& item = items[i];
        Scene scene;
        Channel& channel = scene.channels.emplace_back();
        channel.file_name = inputs[i].file_name;
        channel.relative_path = inputs[i].relative_path.empty() ? inputs[i].file_name : inputs[i].relative_path;
        if (inputs[i].metadata) channel.metadata = *inputs[i].metadata;
        channel.label = channel_label(channel.metadata, channel.file_name);
        Job job;
        if (step && !step->run(scene, step->defaults(), job)) continue;
        item.channel = std::move(scene.channels.front());
        item.folder = item.channel.relative_path.substr(0, item.channel.relative_path.rfind('/') + 1);
        item.size = inputs[i].size;
    }
    for (Item& item : items) {
        item.stem = stem_of(item.channel.file_name);
        item.chunks = name_chunks(item.stem);
    }
    return items;
}

/// The number in which the names of a series differ is not their magnification.
bool may_differ(Item const& item, std::size_t chunk) {
    return is_digit(item.chunks[chunk].front()) && !names_magnification(item, chunk);
}

bool same_magnification(Item const& a, Item const& b) {
    double const x = a.magnification(), y = b.magnification();
    return x <= 0 || y <= 0 || (x < 1.01 * y && y < 1.01 * x);
}

/// What is the same in all files of a group whose names differ in one number only.
std::string pattern(Item const& item, std::size_t chunk) {
    std::string key = item.folder + "\n" + std::to_string(item.size.width) + "x" + std::to_string(item.size.height) +
                      "\n" + format_significant(item.magnification() > 0 ? item.magnification() : 1, 3) + "\n";
    for (std::size_t i = 0; i < item.chunks.size(); ++i) key += i == chunk ? "\n#\n" : std::string(item.chunks[i]);
    return key;
}

/// Groups of items that are `role` and not taken yet, largest first.
std::vector<Group> numbered_groups(std::vector<Item>& items, Role role) {
    struct Candidate {
        std::size_t chunk = 0;
        Group members;
    };
    std::map<std::string, Candidate> found;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].taken || items[i].channel.role != role) continue;
        for (std::size_t chunk = 0; chunk < items[i].chunks.size(); ++chunk)
            if (may_differ(items[i], chunk)) {
                Candidate& candidate = found[pattern(items[i], chunk)];
                candidate.chunk = chunk;
                candidate.members.push_back(i);
            }
    }
    std::vector<Candidate> candidates;
    for (auto& [key, candidate] : found) candidates.push_back(std::move(candidate));
    // Of equal ones, that whose later number differs: 10K405 and 10K415, not 10K405 and 20K405.
    std::stable_sort(candidates.begin(), candidates.end(), [](Candidate const& a, Candidate const& b) {
        return a.members.size() != b.members.size() ? a.members.size() > b.members.size() : a.chunk > b.chunk;
    });
    std::vector<Group> groups;
    for (Candidate& candidate : candidates) {
        Group free;
        for (std::size_t const i : candidate.members)
            if (!items[i].taken) free.push_back(i);
        if (free.size() < 2) continue;
        for (std::size_t const i : free) items[i].taken = true;
        groups.push_back(std::move(free));
    }
    return groups;
}

std::string beginning(std::vector<Item> const& items, Group const& group) {
    std::vector<std::string_view> stems;
    for (std::size_t const i : group) stems.push_back(items[i].stem);
    return common_beginning(stems);
}

/// How well an item fits a group; 0: not at all.
int fit(std::vector<Item> const& items, Item const& item, Group const& group, bool only_group) {
    Item const& first = items[group.front()];
    if (item.folder != first.folder || !same_magnification(item, first)) return 0;
    bool const known = item.magnification() > 0 && first.magnification() > 0;
    bool const same_size = item.size == first.size;
    // An extra image may be finer than the channels; a channel may not.
    if (item.channel.role == Role::signal && !same_size) return 0;
    std::string const start = beginning(items, group);
    bool const named = start.size() >= 2 && item.stem.find(start) != std::string_view::npos;
    if (named) return 100 + static_cast<int>(std::min<std::size_t>(start.size(), 100));
    if (item.channel.role == Role::signal) return 0;
    return known || (only_group && same_size) ? 1 : 0;
}

void join_others(std::vector<Item>& items, std::vector<Group>& groups) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].taken) continue;
        int const in_folder = static_cast<int>(std::count_if(groups.begin(), groups.end(), [&](Group const& group) {
            return items[group.front()].folder == items[i].folder;
        }));
        Group* best = nullptr;
        int best_fit = 0;
        for (Group& group : groups)
            if (int const score = fit(items, items[i], group, in_folder == 1); score > best_fit) {
                best = &group;
                best_fit = score;
            }
        if (!best) continue;
        best->push_back(i);
        items[i].taken = true;
    }
}

/// Where no names differ by numbers, all images of one size and magnification in a folder are taken for one place.
void group_the_rest(std::vector<Item>& items, std::vector<Group>& groups) {
    std::size_t const numbered = groups.size();
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].taken) continue;
        bool const folder_has_series =
            std::any_of(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(numbered),
                        [&](Group const& group) { return items[group.front()].folder == items[i].folder; });
        if (folder_has_series) continue;
        Group group{i};
        for (std::size_t k = i + 1; k < items.size(); ++k)
            if (!items[k].taken && items[k].folder == items[i].folder && items[k].size == items[i].size &&
                same_magnification(items[k], items[i]))
                group.push_back(k);
        bool const signals = std::any_of(group.begin(), group.end(),
                                         [&](std::size_t k) { return items[k].channel.role == Role::signal; });
        if (group.size() < 2 || !signals) continue;
        for (std::size_t const k : group) items[k].taken = true;
        groups.push_back(std::move(group));
    }
}

Series series_of(std::vector<Item> const& items, Group group) {
    std::sort(group.begin(), group.end());
    std::vector<SetMember> members;
    for (std::size_t const i : group) members.push_back({static_cast<int>(i), items[i].channel});
    ChannelSet const set = channel_set(std::move(members));
    Series series;
    for (std::size_t i = 0; i < set.ids.size(); ++i)
        series.members.push_back({set.ids[i], set.scene.channels[i].role, set.scene.channels[i].label});
    Group signals;
    for (SeriesMember const& member : series.members)
        if (member.role == Role::signal) signals.push_back(static_cast<std::size_t>(member.index));
    std::string const start = beginning(items, signals);
    auto const& sample = items[group.front()].channel.metadata.acquisition.sample;
    std::string const place = sample ? sample->value : std::string();
    series.name = sanitized_utf8(start);
    if (!place.empty()) series.name += (start.empty() ? "" : " \u00B7 ") + place;
    if (series.name.empty()) series.name = sanitized_utf8(items[group.front()].stem);
    return series;
}

} // namespace

std::vector<Series> find_series(std::span<SetInput const> inputs) {
    std::vector<Item> items = items_of(inputs);
    std::vector<Group> groups = numbered_groups(items, Role::signal);
    join_others(items, groups);
    for (Group& group : numbered_groups(items, Role::extra)) groups.push_back(std::move(group));
    group_the_rest(items, groups);
    // In the order of the files.
    std::sort(groups.begin(), groups.end(), [](Group const& a, Group const& b) {
        return *std::min_element(a.begin(), a.end()) < *std::min_element(b.begin(), b.end());
    });
    std::vector<Series> result;
    for (Group const& group : groups) result.push_back(series_of(items, group));
    return result;
}

} // namespace mg
