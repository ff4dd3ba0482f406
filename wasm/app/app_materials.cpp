// The application's side of Materials: what the user says about them, and what the automation API tells.
#include <algorithm>

#include "app/app.h"
#include "app/desk_tools.h"
#include "app/material_edits.h"
#include "app/materials_pictures.h"
#include "recipe/overlay.h"

namespace mg::app {

void App::edit_materials(Command const& command, std::string gesture) {
    MaterialsResult& result = m_results.materials;
    Materials const none;
    Materials const& found = result.found ? *result.found : none;
    Document next = document();
    next.materials = materials_edited(std::move(next.materials), found, command);
    if (next.materials == document().materials) return;
    // At once in the list; the workers' answer follows.
    if (result.found)
        if (auto shown = shown_after(found, command))
            result.found = std::make_shared<Materials const>(std::move(*shown));
    change(std::move(next), std::move(gesture));
}

/// Materials may come in another order: the one in hand stays the one of its name.
void App::take_materials(SetAnswer const& set_answer) {
    MaterialsResult& result = m_results.materials;
    auto const name_of = [&](int index) {
        Material const* material = result.material(index);
        return material ? material->name : std::string();
    };
    MaterialsView& view = m_view.materials;
    std::string const chosen = name_of(view.material), hovered = name_of(view.hovered);
    m_materials.take(set_answer, m_results);
    auto const find = [&](std::string const& name) {
        if (result.found)
            for (std::size_t i = 0; i < result.found->list.size(); ++i)
                if (!name.empty() && result.found->list[i].name == name) return static_cast<int>(i);
        return -1;
    };
    view.material = find(chosen);
    view.hovered = find(hovered);
    // Pixels of other maps, or of a coarser grid, are none of these.
    std::size_t const pixels = result.found ? static_cast<std::size_t>(result.found->size.area()) : 0;
    for (PixelSet* set : {&view.gated, &view.area})
        if (*set && (*set)->size() != pixels) *set = nullptr;
    if (!view.gated) view.gate.clear();
    if (!result.found || static_cast<std::size_t>(view.element) >= result.found->elements.size()) view.element = 0;
}

Json App::materials_state() const {
    MaterialsResult const& result = m_results.materials;
    Json json, sets{Json::Array{}}, list{Json::Array{}}, facts{Json::Array{}}, curve{Json::Array{}},
        elements{Json::Array{}}, notes{Json::Array{}};
    for (MapSetEntry const& set : result.sets) {
        Json entry, members{Json::Array{}};
        entry.add("name", set.name);
        for (MapEntry const& member : set.members) {
            InputEntry const* input = find_input(document(), member.id);
            Json row;
            row.add("file", input ? input->name : "");
            row.add("label", member.channel.label);
            row.add("role", member.left_out                            ? "left out"
                            : member.channel.role == Role::element_map ? "element map"
                            : member.channel.role == Role::lab_image   ? "Lab image"
                                                                       : "SE image");
            members.push(std::move(row));
        }
        entry.add("members", std::move(members));
        sets.push(std::move(entry));
    }
    json.add("sets", std::move(sets));
    json.add("shown", result.shown);
    if (result.found) {
        for (Element const& element : result.found->elements) elements.push(element.label);
        for (Material const& material : result.found->list) {
            Json row;
            row.add("name", material.name);
            row.add("share", material.share);
            row.add("locked", material.locked);
            Json colour{Json::Array{}}, mean{Json::Array{}};
            for (float part : {material.colour.r, material.colour.g, material.colour.b}) colour.push(double{part});
            for (double counts : material.mean) mean.push(counts);
            row.add("colour", std::move(colour));
            row.add("mean", std::move(mean));
            list.push(std::move(row));
        }
        for (MaterialCount const& count : result.found->curve) {
            Json row;
            row.add("materials", count.materials);
            row.add("score", count.score);
            curve.push(std::move(row));
        }
        json.add("proposed", result.found->proposed);
    }
    json.add("elements", std::move(elements));
    json.add("list", std::move(list));
    json.add("curve", std::move(curve));
    for (MapFact const& fact : result.facts) {
        Json row;
        row.add("file", fact.channel.file_name);
        row.add("label", fact.channel.label);
        row.add("counts", fact.channel.map.counts_source);
        row.add("estimated", fact.channel.map.counts_estimated);
        if (auto const& alignment = fact.channel.alignment) {
            row.add("trust", std::string(trust_name(alignment->trust)));
            row.add("confidence", alignment->confidence);
            row.add("reason", alignment->reason);
        }
        facts.push(std::move(row));
    }
    json.add("facts", std::move(facts));
    json.add("laid", result.laid);
    if (result.laid) json.add("picture_to_map", matrix_json(result.picture_to_map.affine));
    Size const size = micrograph_of(result);
    json.add("width", size.width);
    json.add("height", size.height);
    json.add("databar_rows", result.databar_rows);
    json.add("maps_width", result.maps_size.width);
    json.add("maps_height", result.maps_size.height);
    json.add("busy", result.busy);
    json.add("failure", result.failure);
    json.add("milliseconds", result.milliseconds);
    json.add("finish_milliseconds", result.finish_milliseconds);
    for (Note const& note : result.notes)
        if (!note.text.empty()) notes.push(note.step + ": " + note.text);
    json.add("notes", std::move(notes));
    return json;
}

} // namespace mg::app
