#include "app/facts.h"

#include "app/packet.h"

namespace mg::app {

namespace {

/// Calls visit(name, member) for every fact; `A` is Acquisition or Acquisition const.
template <class A, class Visit> void for_each_fact(A& a, Visit visit) {
    visit("beam_energy_kv", a.beam_energy_kv);
    visit("working_distance_mm", a.working_distance_mm);
    visit("magnification", a.magnification);
    visit("spot_size", a.spot_size);
    visit("probe_current_na", a.probe_current_na);
    visit("dwell_time_us", a.dwell_time_us);
    visit("scan_rotation_deg", a.scan_rotation_deg);
    visit("wavelength_nm", a.wavelength_nm);
    visit("pixel_size_x_nm", a.pixel_size_x_nm);
    visit("pixel_size_y_nm", a.pixel_size_y_nm);
    visit("databar_rows", a.databar_rows);
    visit("detector", a.detector);
    visit("beam_kind", a.beam_kind);
    visit("acquired", a.acquired);
    visit("instrument", a.instrument);
    visit("sample", a.sample);
    visit("author", a.author);
    visit("user_text", a.user_text);
}

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
    for_each_fact(metadata.acquisition, [&](char const* name, auto const& fact) {
        if (!fact) return;
        Json entry;
        entry.push(fact->value);
        entry.push(fact->source);
        facts.add(name, std::move(entry));
    });
    json.add("facts", std::move(facts));
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
        for_each_fact(metadata.acquisition, [&](char const* name, auto& fact) {
            Json const* entry = facts->find(name);
            Json::Array const* pair = entry ? entry->as_array() : nullptr;
            if (!pair || pair->size() != 2) return;
            std::string const* source = (*pair)[1].as_string();
            assign(fact, (*pair)[0], source ? *source : std::string{});
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
