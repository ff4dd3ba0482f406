#include "app/facts.h"

#include <algorithm>

#include "app/packet.h"

namespace mg::app {

namespace {

void assign(std::optional<Sourced<double>>& fact, Json const& value, std::string source) {
    if (double const* number = value.as_number()) fact = Sourced<double>{*number, std::move(source)};
}
void assign(std::optional<Sourced<int>>& fact, Json const& value, std::string source) {
    if (double const* number = value.as_number(); number && *number >= 0 && *number < 1e9)
        fact = Sourced<int>{static_cast<int>(*number), std::move(source)};
}
void assign(std::optional<Sourced<std::string>>& fact, Json const& value, std::string source) {
    if (std::string const* text = value.as_string()) fact = Sourced<std::string>{*text, std::move(source)};
}

template <class Visit> void for_each_in(Json const* array, Visit visit) {
    if (Json::Array const* items = array ? array->as_array() : nullptr)
        for (Json const& item : *items) visit(item);
}

} // namespace

Json to_json(Metadata const& metadata) {
    Json json;
    json.add("vendor", metadata.vendor);
    Json facts{Json::Object{}};
    for_each_fact([&](char const* name, auto member) {
        auto const& fact = metadata.acquisition.*member;
        if (!fact) return;
        Json entry;
        entry.push(fact->value);
        entry.push(fact->source);
        facts.add(name, std::move(entry));
    });
    json.add("facts", std::move(facts));
    Json sizes{Json::Array{}};
    for (StatedPixelSize const& size : metadata.pixel_sizes) {
        Json entry;
        entry.add("x_nm", size.x_nm);
        entry.add("y_nm", size.y_nm);
        entry.add("source", size.source);
        sizes.push(std::move(entry));
    }
    json.add("pixel_sizes", std::move(sizes));
    Json raw{Json::Array{}};
    if (metadata.raw)
        for (RawKey const& key : *metadata.raw) {
            raw.push(key.section);
            raw.push(key.key);
            raw.push(key.value);
        }
    json.add("raw", std::move(raw));
    Json warnings{Json::Array{}};
    for (std::string const& warning : metadata.warnings) warnings.push(warning);
    json.add("warnings", std::move(warnings));
    return json;
}

Metadata metadata_from(Json const& json) {
    Metadata metadata;
    metadata.vendor = text_of(json, "vendor");
    if (Json const* facts = json.find("facts"))
        for_each_fact([&](char const* name, auto member) {
            Json const* entry = facts->find(name);
            Json::Array const* pair = entry ? entry->as_array() : nullptr;
            if (!pair || pair->size() != 2) return;
            std::string const* source = (*pair)[1].as_string();
            assign(metadata.acquisition.*member, (*pair)[0], source ? *source : std::string{});
        });
    for_each_in(json.find("pixel_sizes"), [&](Json const& entry) {
        metadata.pixel_sizes.push_back({number_of(entry, "x_nm"), number_of(entry, "y_nm"), text_of(entry, "source")});
    });
    std::vector<std::string> texts;
    for_each_in(json.find("raw"), [&](Json const& item) { texts.push_back(item.as_string() ? *item.as_string() : ""); });
    std::vector<RawKey> raw;
    for (std::size_t i = 0; i + 2 < texts.size(); i += 3) raw.push_back({texts[i], texts[i + 1], texts[i + 2]});
    metadata.raw = std::make_shared<std::vector<RawKey> const>(std::move(raw));
    for_each_in(json.find("warnings"), [&](Json const& item) {
        if (item.as_string()) metadata.warnings.push_back(*item.as_string());
    });
    return metadata;
}

Json to_json(BurnedBar const& bar) {
    Json json;
    json.add("kind", static_cast<int>(bar.kind));
    Json box{Json::Array{}};
    for (int value : {bar.box.x, bar.box.y, bar.box.width, bar.box.height}) box.push(value);
    json.add("box", std::move(box));
    json.add("length_px", bar.length_px);
    json.add("uncertainty_px", bar.uncertainty_px);
    json.add("label", bar.label);
    json.add("length_nm", bar.length_nm);
    json.add("confidence", bar.confidence);
    json.add("why", bar.why);
    return json;
}

std::optional<BurnedBar> burned_bar_from(Json const& json) {
    BurnedBar bar;
    bar.length_px = number_of(json, "length_px");
    if (!(bar.length_px > 0)) return {};
    bar.kind = static_cast<BurnedBarKind>(static_cast<int>(std::clamp(number_of(json, "kind"), 0.0, 3.0)));
    std::vector<int> box;
    for_each_in(json.find("box"), [&](Json const& value) {
        double const* number = value.as_number();
        box.push_back(number ? static_cast<int>(std::clamp(*number, 0.0, 1e9)) : 0);
    });
    if (box.size() == 4) bar.box = {box[0], box[1], box[2], box[3]};
    bar.uncertainty_px = number_of(json, "uncertainty_px");
    bar.label = text_of(json, "label");
    bar.length_nm = number_of(json, "length_nm");
    bar.confidence = number_of(json, "confidence");
    bar.why = text_of(json, "why");
    return bar;
}

Json to_json(std::vector<Note> const& notes) {
    Json json{Json::Array{}};
    for (Note const& note : notes) {
        Json entry;
        entry.add("step", note.step);
        entry.add("key", note.key);
        if (double const* number = std::get_if<double>(&note.value)) entry.add("value", *number);
        else entry.add("value", *std::get_if<std::string>(&note.value));
        entry.add("text", note.text);
        json.push(std::move(entry));
    }
    return json;
}

std::vector<Note> notes_from(Json const& json) {
    std::vector<Note> notes;
    for_each_in(&json, [&](Json const& entry) {
        Note note{text_of(entry, "step"), text_of(entry, "key"), 0.0, text_of(entry, "text")};
        if (Json const* value = entry.find("value")) {
            if (value->as_number()) note.value = *value->as_number();
            else if (value->as_string()) note.value = *value->as_string();
        }
        notes.push_back(std::move(note));
    });
    return notes;
}

Json to_json(std::vector<LinkMeasurement> const& measured) {
    Json json{Json::Array{}};
    for (LinkMeasurement const& m : measured) {
        Json entry;
        entry.add("step", m.step);
        entry.add("key", m.key);
        entry.add("value", m.value);
        json.push(std::move(entry));
    }
    return json;
}

std::vector<LinkMeasurement> measurements_from(Json const& json) {
    std::vector<LinkMeasurement> measured;
    for_each_in(&json, [&](Json const& entry) {
        measured.push_back({text_of(entry, "step"), text_of(entry, "key"), number_of(entry, "value")});
    });
    return measured;
}

Json to_json(Affine const& m) {
    Json json;
    for (double value : {m.a, m.b, m.tx, m.c, m.d, m.ty}) json.push(value);
    return json;
}

Affine affine_from(Json const& json) {
    Json::Array const* array = json.as_array();
    if (!array || array->size() != 6) return {};
    double v[6];
    for (std::size_t i = 0; i < 6; ++i) v[i] = (*array)[i].as_number() ? *(*array)[i].as_number() : 0;
    return {v[0], v[1], v[2], v[3], v[4], v[5]};
}

} // namespace mg::app
