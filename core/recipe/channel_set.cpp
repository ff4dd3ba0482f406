#include "recipe/channel_set.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/text.h"
#include "metadata/metadata.h"
#include "recipe/pipeline.h"

namespace mg {
namespace {

/// Beam energies that differ by less are one: the header's last digits waver.
constexpr double k_same_energy = 2e-3;

struct FoundValue {
    std::optional<double> value;
    std::string quantity, unit, label;
};

/// Where no detector is known, the number in the file name is believed: files of a set are named for what differs.
std::optional<double> wavelength_of(Channel const& channel) {
    Acquisition const& facts = channel.metadata.acquisition;
    if (facts.wavelength_nm) return facts.wavelength_nm->value;
    return facts.detector ? std::nullopt : facts_from_names(channel.file_name).wavelength_nm;
}

void settle_roles(std::vector<Channel*> const& channels) {
    for (Channel const* channel : channels)
        if (channel->role == Role::signal) return;
    bool some = false;
    for (Channel* channel : channels)
        if (!channel->settings.role_given && wavelength_of(*channel)) {
            channel->role = Role::signal;
            some = true;
        }
    if (some) return;
    for (Channel* channel : channels)
        if (!channel->settings.role_given) channel->role = Role::signal;
}

/// "T(K)" -> "T", "K"; "T" -> "T", "".
std::pair<std::string, std::string> quantity_and_unit(std::string_view text) {
    std::size_t const open = text.find('(');
    if (open == std::string_view::npos) return {std::string(trimmed(text)), {}};
    std::string_view unit = text.substr(open + 1);
    unit = unit.substr(0, unit.find(')'));
    return {std::string(trimmed(text.substr(0, open))), std::string(trimmed(unit))};
}

bool means_wavelength(std::string_view quantity) {
    return quantity.empty() || quantity == "\u03BB(nm)" || iequals(quantity, "lambda(nm)") ||
           iequals(quantity, "wavelength(nm)");
}

bool distinct(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    for (std::size_t i = 1; i < values.size(); ++i)
        if (values[i] - values[i - 1] <= k_same_energy * std::fabs(values[i])) return false;
    return true;
}

/// Beam energies, when each signal has one and they tell the signals apart; nothing else.
std::vector<FoundValue> by_energy(std::vector<Channel*> const& signals) {
    std::vector<double> values;
    std::vector<FoundValue> found;
    for (Channel const* channel : signals) {
        auto const& energy = channel->metadata.acquisition.beam_energy_kv;
        if (!energy) return {};
        values.push_back(energy->value);
        found.push_back({energy->value, "beam energy", "kV", format_significant(energy->value, 4)});
        std::string& label = found.back().label;
        if (auto const number = parse_double(label)) label = format_shortest(*number);
        label += " kV";
    }
    return signals.size() > 1 && distinct(values) ? found : std::vector<FoundValue>{};
}

/// Wavelengths, when some signal has one.
std::vector<FoundValue> by_wavelength(std::vector<Channel*> const& signals) {
    std::vector<FoundValue> found;
    bool some = false;
    for (Channel const* channel : signals) {
        FoundValue one;
        if (auto const wavelength = wavelength_of(*channel)) {
            one = {wavelength, "wavelength", "nm", format_shortest(*wavelength) + " nm"};
            some = true;
        }
        found.push_back(std::move(one));
    }
    return some ? found : std::vector<FoundValue>{};
}

/// The first part of the file names that is not the same in all.
std::vector<FoundValue> by_name(std::vector<Channel*> const& signals, std::string_view quantity) {
    std::vector<std::vector<std::string_view>> names;
    std::size_t least = SIZE_MAX;
    for (Channel const* channel : signals) {
        names.push_back(name_chunks(stem_of(channel->file_name)));
        least = std::min(least, names.back().size());
    }
    if (signals.size() < 2) return {};
    for (std::size_t i = 0; i < least; ++i) {
        bool same = true, numbers = true;
        for (auto const& name : names) {
            same = same && name[i] == names.front()[i];
            numbers = numbers && parse_double(name[i]).has_value();
        }
        if (same) continue;
        auto const [word, unit] = quantity_and_unit(means_wavelength(quantity) ? std::string_view() : quantity);
        std::vector<FoundValue> found;
        for (auto const& name : names) {
            std::string_view const separators = " _-";
            std::string_view text = name[i];
            while (!text.empty() && separators.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
            while (!text.empty() && separators.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
            FoundValue one{.label = sanitized_utf8(text)};
            if (numbers) {
                one.value = parse_double(name[i]);
                one.quantity = word;
                one.unit = unit;
                one.label = format_shortest(*one.value) + (unit.empty() ? "" : " " + unit);
            }
            found.push_back(std::move(one));
        }
        return found;
    }
    return {};
}

std::vector<FoundValue> what_differs(std::vector<Channel*> const& signals) {
    if (signals.empty()) return {};
    NameRules const& rules = signals.front()->settings.names;
    bool const named = !means_wavelength(rules.quantity);
    auto const names = [&] {
        auto found = named ? by_name(signals, rules.quantity) : by_wavelength(signals);
        // One without a wavelength among others, such as a panchromatic image, is known by its name.
        if (!named && !found.empty()) {
            auto const others = by_name(signals, {});
            for (std::size_t i = 0; i < found.size(); ++i)
                if (!found[i].value && !others.empty()) found[i].label = others[i].label;
        }
        return found.empty() ? by_name(signals, rules.quantity) : found;
    };
    if (rules.before_header)
        if (auto found = names(); !found.empty()) return found;
    if (auto found = by_energy(signals); !found.empty()) return found;
    return names();
}

/// Gives the signals what differs between them, where the user gave nothing.
void label_signals(std::vector<Channel*> const& signals) {
    auto const found = what_differs(signals);
    for (std::size_t i = 0; i < signals.size(); ++i) {
        Channel& channel = *signals[i];
        ChannelSettings& settings = channel.settings;
        bool const own_value = settings.value.has_value();
        FoundValue const none;
        FoundValue const& one = i < found.size() ? found[i] : none;
        if (!own_value) settings.value = one.value;
        if (settings.quantity.empty()) settings.quantity = one.quantity;
        if (settings.unit.empty()) settings.unit = one.unit;
        if (settings.label_given) continue;
        if (own_value)
            channel.label = format_shortest(*settings.value) + (settings.unit.empty() ? "" : " " + settings.unit);
        else if (!one.label.empty())
            channel.label = one.label;
    }
}

/// Extra images of one label are told apart by their file names.
void label_extras(std::vector<Channel*> const& extras) {
    std::vector<bool> twice(extras.size(), false);
    for (std::size_t i = 0; i < extras.size(); ++i)
        for (std::size_t k = 0; k < extras.size(); ++k)
            twice[i] = twice[i] || (i != k && extras[i]->label == extras[k]->label);
    for (std::size_t i = 0; i < extras.size(); ++i)
        if (twice[i] && !extras[i]->settings.label_given)
            extras[i]->label = sanitized_utf8(stem_of(extras[i]->file_name));
}

/// The user's places first, then values, then as given.
struct Before {
    bool by_value = true;
    bool operator()(SetMember const* a, SetMember const* b) const {
        ChannelSettings const &left = a->channel->settings, &right = b->channel->settings;
        if (left.order.has_value() != right.order.has_value()) return left.order.has_value();
        if (left.order && *left.order != *right.order) return *left.order < *right.order;
        if (left.order || !by_value) return false;
        if (left.value.has_value() != right.value.has_value()) return left.value.has_value();
        return left.value && *left.value < *right.value;
    }
};

} // namespace

std::string_view stem_of(std::string_view file_name) {
    std::size_t const dot = file_name.rfind('.');
    return dot == 0 ? file_name : file_name.substr(0, dot);
}

std::string common_beginning(std::vector<std::string_view> const& names) {
    if (names.empty()) return {};
    std::string_view common = names.front();
    for (std::string_view const name : names) {
        std::size_t same = 0;
        while (same < common.size() && same < name.size() && common[same] == name[same]) ++same;
        common = common.substr(0, same);
    }
    auto const splits = [&](bool (*is_kind)(char)) {
        if (common.empty() || !is_kind(common.back())) return false;
        return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
            return name.size() > common.size() && is_kind(name[common.size()]);
        });
    };
    for (bool (*is_kind)(char) : {&is_digit, &is_alpha})
        if (splits(is_kind))
            while (!common.empty() && is_kind(common.back())) common.remove_suffix(1);
    while (!common.empty() && std::string_view(" _-.+").find(common.back()) != std::string_view::npos)
        common.remove_suffix(1);
    return std::string(common);
}

std::string file_name_part(std::string_view text) {
    std::string part;
    for (char const c : sanitized_utf8(text))
        part += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ||
                        std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos
                    ? '_'
                    : c;
    // Long enough for any sample, short enough for any file system.
    constexpr std::size_t k_longest = 120;
    while (part.size() > k_longest || (!part.empty() && !is_utf8(part))) part.pop_back();
    return part;
}

ChannelSet channel_set(std::vector<SetMember> members) {
    std::vector<Channel*> channels;
    for (SetMember& member : members)
        if (member.channel) channels.push_back(&*member.channel);
    settle_roles(channels);

    std::vector<SetMember*> signals, extras;
    std::vector<int> placeholders; // slots taken
    for (SetMember& member : members) {
        if (!member.channel)
            placeholders.push_back(static_cast<int>(placeholders.size() + signals.size()));
        else
            (member.channel->role == Role::signal ? signals : extras).push_back(&member);
    }
    auto const of = [](std::vector<SetMember*> const& some) {
        std::vector<Channel*> list;
        for (SetMember* member : some) list.push_back(&*member->channel);
        return list;
    };
    label_signals(of(signals));
    label_extras(of(extras));
    bool const as_given =
        !placeholders.empty() || (!signals.empty() && signals.front()->channel->settings.names.order_as_given);
    std::stable_sort(signals.begin(), signals.end(), Before{!as_given});
    std::stable_sort(extras.begin(), extras.end(), Before{false});

    ChannelSet set;
    int slot = 0;
    std::size_t passed = 0;
    for (SetMember* member : signals) {
        for (; passed < placeholders.size() && placeholders[passed] == slot; ++passed) ++slot;
        member->channel->settings.slot = slot++;
        set.ids.push_back(member->id);
        set.scene.channels.push_back(std::move(*member->channel));
    }
    for (SetMember* member : extras) {
        set.ids.push_back(member->id);
        set.scene.channels.push_back(std::move(*member->channel));
    }
    set.scene.palette_slots = static_cast<int>(signals.size() + placeholders.size());
    return set;
}

std::string set_name(std::vector<Channel> const& channels) {
    std::vector<std::string_view> stems, all;
    std::string sample;
    bool one_sample = true;
    for (Channel const& channel : channels) {
        if (channel.role != Role::signal && channel.role != Role::extra) continue;
        all.push_back(stem_of(channel.file_name));
        if (channel.role == Role::signal) stems.push_back(all.back());
        auto const& fact = channel.metadata.acquisition.sample;
        std::string const name = fact ? fact->value : std::string();
        if (all.size() == 1) sample = name;
        one_sample = one_sample && name == sample;
    }
    if (stems.empty()) stems = all;
    if (stems.empty()) return "set";
    std::string common = common_beginning(stems);
    std::string name = one_sample && !sample.empty() ? file_name_part(sample) : std::string();
    if (!common.empty() && common != name) name += (name.empty() ? "" : "_") + common;
    if (name.empty()) name = stems.front();
    return file_name_part(name);
}

} // namespace mg
