#include "app/overlay_facts.h"

#include <algorithm>
#include <cstring>

#include "app/facts.h"

namespace mg::app {

namespace {

template <class E>
E choice_from(Json const& json, char const* key, E last) {
    return static_cast<E>(
        std::clamp(static_cast<int>(std::clamp(number_of(json, key), 0.0, 100.0)), 0, static_cast<int>(last)));
}

std::optional<double> number_in(Json const& json, char const* key) {
    Json const* member = json.find(key);
    double const* number = member ? member->as_number() : nullptr;
    return number ? std::optional<double>(*number) : std::nullopt;
}

} // namespace

Json to_json(Projective const& map) {
    Json json = to_json(map.affine);
    json.push(map.px);
    json.push(map.py);
    return json;
}

Projective projective_from(Json const& json) {
    Json::Array const* array = json.as_array();
    if (!array || array->size() != 8) return {};
    Json affine;
    for (std::size_t i = 0; i < 6; ++i) affine.push((*array)[i]);
    auto const at = [&](std::size_t i) { return (*array)[i].as_number() ? *(*array)[i].as_number() : 0.0; };
    return {affine_from(affine), at(6), at(7)};
}

Json to_json(Alignment const& a) {
    Json json;
    json.add("map", to_json(a.from_reference));
    json.add("trust", static_cast<int>(a.trust));
    json.add("confidence", a.confidence);
    json.add("residual_px", a.residual_px);
    json.add("reason", a.reason);
    return json;
}

Alignment alignment_from(Json const& json) {
    Alignment a;
    if (Json const* map = json.find("map")) a.from_reference = projective_from(*map);
    a.trust = choice_from(json, "trust", Trust::refused);
    a.confidence = number_of(json, "confidence");
    a.residual_px = number_of(json, "residual_px");
    a.reason = text_of(json, "reason");
    return a;
}

Json to_json(std::vector<PairMatch> const& pairs) {
    Json json{Json::Array{}};
    for (PairMatch const& pair : pairs) {
        Json entry;
        entry.add("from", pair.from);
        entry.add("to", pair.to);
        entry.add("map", to_json(pair.map));
        entry.add("trust", static_cast<int>(pair.trust));
        entry.add("confidence", pair.confidence);
        entry.add("disagreement_px", pair.disagreement_px);
        entry.add("reason", pair.reason);
        json.push(std::move(entry));
    }
    return json;
}

std::vector<PairMatch> pairs_from(Json const& json) {
    std::vector<PairMatch> pairs;
    if (Json::Array const* array = json.as_array())
        for (Json const& entry : *array) {
            PairMatch pair;
            pair.from = static_cast<int>(number_of(entry, "from"));
            pair.to = static_cast<int>(number_of(entry, "to"));
            if (Json const* map = entry.find("map")) pair.map = projective_from(*map);
            pair.trust = choice_from(entry, "trust", Trust::refused);
            pair.confidence = number_of(entry, "confidence");
            pair.disagreement_px = number_of(entry, "disagreement_px");
            pair.reason = text_of(entry, "reason");
            pairs.push_back(std::move(pair));
        }
    return pairs;
}

Json to_json(PlacedChannel const& placed) {
    Channel const& channel = placed.channel;
    Json json;
    json.add("id", placed.id);
    json.add("file", channel.file_name);
    json.add("label", channel.label);
    json.add("role", static_cast<int>(channel.role));
    json.add("slot", channel.settings.slot);
    if (channel.settings.value) json.add("value", *channel.settings.value);
    json.add("quantity", channel.settings.quantity);
    json.add("unit", channel.settings.unit);
    if (channel.alignment) json.add("alignment", to_json(*channel.alignment));
    if (channel.pixel_size_x_nm) json.add("pixel_size_x_nm", channel.pixel_size_x_nm->value);
    if (channel.pixel_size_y_nm) json.add("pixel_size_y_nm", channel.pixel_size_y_nm->value);
    json.add("to_recorded", to_json(channel.to_recorded));
    json.add("layer", placed.layer);
    json.add("minimum", placed.measure.minimum);
    json.add("maximum", placed.measure.maximum);
    json.add("mean", placed.measure.mean);
    json.add("dark", placed.measure.dark);
    return json;
}

Bytes measure_bytes(ChannelMeasure const& measure) {
    Bytes bytes(sizeof measure.quantiles + measure.sample.size() * sizeof(float));
    std::memcpy(bytes.data(), measure.quantiles.data(), sizeof measure.quantiles);
    if (!measure.sample.empty())
        std::memcpy(bytes.data() + sizeof measure.quantiles, measure.sample.data(),
                    measure.sample.size() * sizeof(float));
    return bytes;
}

PlacedChannel placed_channel_from(Json const& json, SharedBytes const& measured) {
    PlacedChannel placed;
    placed.id = static_cast<int>(number_of(json, "id"));
    Channel& channel = placed.channel;
    channel.file_name = text_of(json, "file");
    channel.label = text_of(json, "label");
    channel.role = choice_from(json, "role", Role::composite_saturated);
    channel.settings.slot = static_cast<int>(number_of(json, "slot"));
    channel.settings.value = number_in(json, "value");
    channel.settings.quantity = text_of(json, "quantity");
    channel.settings.unit = text_of(json, "unit");
    if (Json const* alignment = json.find("alignment")) channel.alignment = alignment_from(*alignment);
    if (auto x = number_in(json, "pixel_size_x_nm")) channel.pixel_size_x_nm = {*x, {}};
    if (auto y = number_in(json, "pixel_size_y_nm")) channel.pixel_size_y_nm = {*y, {}};
    if (Json const* map = json.find("to_recorded")) channel.to_recorded = affine_from(*map);
    placed.layer = static_cast<int>(number_of(json, "layer", -1));
    ChannelMeasure& measure = placed.measure;
    measure.minimum = number_of(json, "minimum");
    measure.maximum = number_of(json, "maximum");
    measure.mean = number_of(json, "mean");
    measure.dark = number_of(json, "dark");
    if (!measured || measured->size() < sizeof measure.quantiles) return placed;
    std::memcpy(measure.quantiles.data(), measured->data(), sizeof measure.quantiles);
    measure.sample.resize((measured->size() - sizeof measure.quantiles) / sizeof(float));
    if (!measure.sample.empty())
        std::memcpy(measure.sample.data(), measured->data() + sizeof measure.quantiles,
                    measure.sample.size() * sizeof(float));
    return placed;
}

} // namespace mg::app
