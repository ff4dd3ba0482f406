#include "app/materials_facts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/overlay_facts.h"

namespace mg::app {

namespace {

constexpr std::size_t k_most_elements = 256;

Json numbers_json(std::vector<double> const& values) {
    Json json{Json::Array{}};
    for (double value : values) json.push(value);
    return json;
}
std::vector<double> numbers_in(Json const& json, char const* key) {
    std::vector<double> values;
    Json const* member = json.find(key);
    if (member && member->as_array())
        for (Json const& value : *member->as_array()) values.push_back(value.as_number() ? *value.as_number() : 0.0);
    return values;
}
Json rgb_json(Rgb colour) {
    return numbers_json({double{colour.r}, double{colour.g}, double{colour.b}});
}
std::optional<Rgb> rgb_in(Json const& json, char const* key) {
    std::vector<double> const v = numbers_in(json, key);
    if (v.size() != 3) return std::nullopt;
    auto const part = [&](std::size_t i) { return static_cast<float>(std::clamp(v[i], 0.0, 1.0)); };
    return Rgb{part(0), part(1), part(2)};
}
int whole(Json const& json, char const* key, int most) {
    return static_cast<int>(std::clamp(number_of(json, key), 0.0, static_cast<double>(most)));
}
template <class Make>
void for_each_in(Json const& json, char const* key, std::size_t most, Make make) {
    Json const* member = json.find(key);
    if (!member || !member->as_array()) return;
    for (std::size_t i = 0; i < member->as_array()->size() && i < most; ++i) make((*member->as_array())[i]);
}

} // namespace

Json to_json(Materials const& materials) {
    Json json, elements{Json::Array{}}, list{Json::Array{}}, curve{Json::Array{}};
    for (Element const& element : materials.elements) {
        Json entry;
        entry.add("label", element.label);
        entry.add("symbol", element.symbol);
        entry.add("file_name", element.file_name);
        entry.add("largest_counts", element.largest_counts);
        entry.add("counts_estimated", element.counts_estimated);
        elements.push(std::move(entry));
    }
    for (Material const& material : materials.list) {
        Json entry;
        entry.add("name", material.name);
        entry.add("name_given", material.name_given);
        if (material.picked) entry.add("picked", rgb_json(*material.picked));
        entry.add("colour", rgb_json(material.colour));
        entry.add("locked", material.locked);
        entry.add("share", material.share);
        entry.add("mean", numbers_json(material.mean));
        entry.add("deviation", numbers_json(material.deviation));
        Json centres{Json::Array{}};
        for (std::vector<double> const& centre : material.centres) {
            Json row;
            std::vector<double> counts = centre; // of what is known: JSON has no word for the rest
            for (double& value : counts) value = std::isfinite(value) ? value : -1;
            row.add("counts", numbers_json(counts));
            centres.push(std::move(row));
        }
        entry.add("centres", std::move(centres));
        list.push(std::move(entry));
    }
    for (MaterialCount const& count : materials.curve) {
        Json entry;
        entry.add("materials", count.materials);
        entry.add("score", count.score);
        curve.push(std::move(entry));
    }
    json.add("elements", std::move(elements));
    json.add("list", std::move(list));
    json.add("curve", std::move(curve));
    json.add("proposed", materials.proposed);
    return json;
}

Materials materials_from(Json const& json) {
    Materials materials;
    for_each_in(json, "elements", k_most_elements, [&](Json const& entry) {
        materials.elements.push_back({text_of(entry, "label"), text_of(entry, "symbol"), text_of(entry, "file_name"),
                                      number_of(entry, "largest_counts"), flag_of(entry, "counts_estimated")});
    });
    for_each_in(json, "list", static_cast<std::size_t>(k_most_materials), [&](Json const& entry) {
        Material& material = materials.list.emplace_back();
        material.name = text_of(entry, "name");
        material.name_given = flag_of(entry, "name_given");
        material.picked = rgb_in(entry, "picked");
        material.colour = rgb_in(entry, "colour").value_or(Rgb{});
        material.locked = flag_of(entry, "locked");
        material.share = number_of(entry, "share");
        material.mean = numbers_in(entry, "mean");
        material.deviation = numbers_in(entry, "deviation");
        material.mean.resize(materials.elements.size());
        material.deviation.resize(materials.elements.size());
        for_each_in(entry, "centres", 1000,
                    [&](Json const& centre) { material.centres.push_back(numbers_in(centre, "counts")); });
        for (std::vector<double>& centre : material.centres)
            for (double& value : centre)
                if (value < 0) value = std::numeric_limits<double>::quiet_NaN();
    });
    for_each_in(json, "curve", 1000, [&](Json const& entry) {
        materials.curve.push_back({whole(entry, "materials", 1000), number_of(entry, "score")});
    });
    materials.proposed = whole(json, "proposed", 1000);
    return materials;
}

Json to_json(MapFact const& fact) {
    Channel const& channel = fact.channel;
    Json json;
    json.add("id", fact.id);
    json.add("label", channel.label);
    json.add("file_name", channel.file_name);
    json.add("role", static_cast<int>(channel.role));
    json.add("element", channel.map.element);
    json.add("counts_at_white", channel.map.counts_at_white);
    json.add("counts_estimated", channel.map.counts_estimated);
    json.add("counts_source", channel.map.counts_source);
    if (channel.alignment) json.add("alignment", to_json(*channel.alignment));
    return json;
}

MapFact map_fact_from(Json const& json) {
    MapFact fact;
    fact.id = whole(json, "id", 2000000000);
    Channel& channel = fact.channel;
    channel.label = text_of(json, "label");
    channel.file_name = text_of(json, "file_name");
    channel.role = static_cast<Role>(whole(json, "role", static_cast<int>(Role::composite_saturated)));
    channel.map.element = text_of(json, "element");
    channel.map.counts_at_white = number_of(json, "counts_at_white");
    channel.map.counts_estimated = flag_of(json, "counts_estimated");
    channel.map.counts_source = text_of(json, "counts_source");
    if (Json const* alignment = json.find("alignment")) channel.alignment = alignment_from(*alignment);
    return fact;
}

} // namespace mg::app
