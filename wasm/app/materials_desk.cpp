#include "app/materials_desk.h"

#include <algorithm>
#include <cstring>

#include "app/desk_tools.h"
#include "app/facts.h"
#include "app/material_edits.h"
#include "app/materials_facts.h"
#include "app/materials_pictures.h"
#include "app/overlay_facts.h"
#include "base/text.h"
#include "metadata/metadata.h"
#include "recipe/materials.h"

namespace mg::app {

namespace {

/// Pictures made here have serials of their own.
constexpr std::uint64_t k_serials = std::uint64_t{3} << 60;

/// The file as the steps "correct" and "map" see it, without pixels.
Channel channel_of(InputEntry const& input, FileResult const& result, Recipe const& recipe) {
    Scene scene;
    Channel& channel = scene.channels.emplace_back();
    channel.file_name = input.name;
    channel.relative_path = input.path;
    channel.metadata = result.metadata;
    channel.label = channel_label(result.metadata, input.name);
    channel.role = Role::element_map;
    if (auto const& size = result.metadata.acquisition.pixel_size_x_nm) channel.pixel_size_x_nm = size;
    Job job;
    Channel const before = channel;
    if (!run_steps(only_steps(recipe_for_file(recipe, input.name), {"correct", "map"}), scene, job)) return before;
    return scene.channels.empty() ? before : std::move(scene.channels.front());
}

int rank_of(MapEntry const& entry) {
    if (entry.left_out) return 3;
    return entry.channel.role == Role::element_map ? 0 : entry.channel.role == Role::lab_image ? 1 : 2;
}

/// What names, colours and the databar are made by: the rest of what there is does not depend on it.
Recipe without_colours(Recipe recipe) {
    recipe = without_names(std::move(recipe));
    std::erase_if(recipe.steps, [](StepUse const& use) {
        std::string_view const id = use.step->id;
        return id == "colours" || id == "tint" || id == "databar" || id == "png";
    });
    return recipe;
}

/// The upper half of a request's key: all but names and colours.
std::uint64_t whole_of(std::uint64_t key) {
    return key >> 32;
}

std::vector<InputEntry> inputs_of(Document const& document, MapSetEntry const& set) {
    std::vector<InputEntry> inputs;
    for (int const id : set.given)
        if (InputEntry const* input = find_input(document, id)) inputs.push_back(*input);
    // As the command line reads a folder: what is written names the files in this order.
    std::sort(inputs.begin(), inputs.end(), [](InputEntry const& a, InputEntry const& b) { return a.path < b.path; });
    return inputs;
}

} // namespace

bool are_element_maps(std::vector<InputEntry> const& inputs) {
    std::vector<SetInput> said;
    for (InputEntry const& input : inputs) said.push_back({input.name, input.path, nullptr, {}});
    std::size_t maps = 0;
    for (MapSet const& set : find_map_sets(said))
        for (MapSetMember const& member : set.members) maps += member.role == Role::element_map;
    return maps > 1 && 2 * maps >= inputs.size();
}

void MaterialsDesk::update(Now const& now) {
    m_settled = true;
    if (now.view.workspace != Workspace::materials) return;
    group(now);
    ask(now);
    paint(now);
}

void MaterialsDesk::group(Now const& now) {
    std::uint64_t const key = grouping_key(now.document, now.revision, now.view.selected, now.results);
    if (key == m_grouped_for) return;
    m_grouped_for = key;
    MaterialsResult& materials = now.results.materials;
    std::vector<InputEntry const*> known;
    std::vector<SetInput> inputs;
    for (InputEntry const& input : now.document.inputs) {
        FileResult const& result = now.results.files[input.id];
        if (result.recorded_size.empty()) continue;
        known.push_back(&input);
        inputs.push_back({input.name, input.path, &result.metadata, result.recorded_size});
    }
    std::vector<MapSetEntry> sets;
    std::vector<bool> placed(known.size());
    auto const add = [&](MapSetEntry& set, std::size_t index, Channel channel) {
        if (placed[index]) return;
        placed[index] = true;
        set.given.push_back(known[index]->id);
        set.members.push_back({known[index]->id, channel.settings.left_out, std::move(channel)});
    };
    auto const channel_at = [&](std::size_t index) {
        return channel_of(*known[index], now.results.files[known[index]->id], now.document.materials);
    };
    for (MapSet const& found : find_map_sets(inputs)) {
        MapSetEntry& set = sets.emplace_back(MapSetEntry{found.name, {}, {}});
        for (MapSetMember const& member : found.members) {
            auto const index = static_cast<std::size_t>(member.index);
            if (index >= known.size()) continue;
            Channel channel = channel_at(index);
            if (!channel.map.role_given) channel.role = member.role;
            add(set, index, std::move(channel));
        }
    }
    // What the user calls a map or an electron image goes to the set of its folder, whatever its name.
    for (std::size_t i = 0; i < known.size(); ++i) {
        Channel channel = placed[i] ? Channel{} : channel_at(i);
        if (placed[i] || !(channel.map.role_given || channel.settings.label_given)) continue;
        std::string_view const path = known[i]->path, folder = path.substr(0, path.rfind('/') + 1);
        auto const near = std::find_if(sets.begin(), sets.end(), [&](MapSetEntry const& set) {
            InputEntry const* first = set.given.empty() ? nullptr : find_input(now.document, set.given.front());
            return first && std::string_view(first->path).substr(0, first->path.rfind('/') + 1) == folder;
        });
        if (near == sets.end() && sets.empty()) sets.push_back({std::string(folder), {}, {}});
        add(near == sets.end() ? sets.front() : *near, i, std::move(channel));
    }
    std::erase_if(sets, [](MapSetEntry const& set) { return set.members.empty(); });
    for (MapSetEntry& set : sets)
        std::stable_sort(set.members.begin(), set.members.end(),
                         [](MapEntry const& a, MapEntry const& b) { return rank_of(a) < rank_of(b); });
    materials.sets = std::move(sets);
    materials.shown = materials.sets.empty() ? -1 : 0;
    for (std::size_t i = 0; i < materials.sets.size(); ++i)
        for (MapEntry const& member : materials.sets[i].members)
            if (member.id == now.view.selected) materials.shown = static_cast<int>(i);
}

void MaterialsDesk::ask(Now const& now) {
    MaterialsResult& materials = now.results.materials;
    materials.busy.clear();
    for (InputEntry const& input : now.document.inputs) {
        FileState const state = now.results.files[input.id].state;
        if (state == FileState::waiting || state == FileState::working) {
            materials.busy = "reading";
            m_settled = false;
            return; // the set is complete when all are known
        }
    }
    if (materials.shown < 0) {
        if (m_have != 0) {
            MaterialsResult none;
            none.sets = std::move(materials.sets);
            materials = std::move(none);
        }
        m_have = m_asked = 0;
        return;
    }
    MapSetEntry const& set = materials.sets[static_cast<std::size_t>(materials.shown)];
    SetRequest request{"materials", inputs_of(now.document, set), {}, 0};
    std::string ids;
    for (InputEntry const& input : request.inputs)
        ids += std::to_string(input.id) + "." + std::to_string(input.page) + (input.twin ? "t" : "") + (input.sidecar ? "s " : " ");
    Recipe const& recipe = now.document.materials;
    std::uint64_t const files = hash_of(ids);
    request.key =
        (hash_of(to_json(without_colours(recipe)), files) >> 32 << 32) | hash_of(to_json(recipe), files) >> 32;
    if (request.key == m_have) return;
    m_settled = request.key == m_asked && !now.scheduler.set_under_way("materials"); // answered by words
    if (!m_settled) materials.busy = materials.found ? "finding the materials anew" : "finding the materials";
    if (request.key == m_asked) return;
    m_asked = request.key;
    if (std::string words = too_large(request, now.results); !words.empty()) {
        materials.failure = std::move(words);
        materials.busy.clear();
        m_settled = true;
        return;
    }
    request.head.add("recipe", to_json(recipe));
    request.head.add("whole", whole_of(request.key) != whole_of(m_have));
    now.scheduler.ask_set(std::move(request));
}

void MaterialsDesk::take_whole(Packet const& reply, MaterialsResult& result, Materials& found) {
    found.size = size_of(reply.head.find("grid"));
    result.step = std::max(1, static_cast<int>(std::clamp(reply.number("step", 1), 1.0, 1e6)));
    result.maps_size = size_of(reply.head.find("maps_size"));
    result.found_serial = m_next_serial++;
    auto const pixels = static_cast<std::size_t>(found.size.area());
    auto const bytes_of = [&](char const* name) -> SharedBytes {
        SharedBytes bytes = reply.buffer(name);
        return bytes && bytes->size() == pixels ? bytes : nullptr;
    };
    auto const image_of = [&](char const* name) -> std::shared_ptr<Image<std::uint8_t> const> {
        SharedBytes const bytes = bytes_of(name);
        auto image = Image<std::uint8_t>::create(found.size);
        if (!bytes || !image) return nullptr;
        std::memcpy(image->data(), bytes->data(), pixels);
        return std::make_shared<Image<std::uint8_t> const>(std::move(*image));
    };
    found.labels = image_of("labels");
    found.flags = image_of("flags");
    SharedBytes const certainty = bytes_of("certainty");
    result.certainty = certainty ? *certainty : std::vector<std::uint8_t>{};
    found.counts.clear();
    if (Json const* counts = reply.head.find("counts"); counts && counts->as_array())
        for (Json const& index : *counts->as_array()) {
            SharedBytes const bytes = buffer_at(reply, index);
            auto plane = Plane::create(found.size);
            if (!bytes || bytes->size() != pixels * sizeof(float) || !plane) continue;
            std::memcpy(plane->data(), bytes->data(), bytes->size());
            found.counts.push_back(std::make_shared<Plane const>(std::move(*plane)));
        }
    if (found.counts.size() != found.elements.size()) found.counts.clear();
    result.electron = picture_from(reply, "electron_size", "electron_bytes", "electron", k_serials + m_next_serial++);
    SharedBytes const fine = reply.buffer("fine_labels");
    result.fine_labels = fine && !fine->empty() ? fine : nullptr;
}

void MaterialsDesk::take(SetAnswer const& answer, Results& results) {
    MaterialsResult& result = results.materials;
    if (!answer.failure.empty()) {
        result.failure = answer.failure;
        return;
    }
    Packet const& reply = answer.reply;
    bool const whole = reply.head.find("grid") != nullptr;
    if (!whole && (!result.found || whole_of(answer.key) != whole_of(m_have))) {
        m_asked = 0; // what it belongs to has gone meanwhile
        return;
    }
    Json const* json = reply.head.find("materials");
    Materials found = json ? materials_from(*json) : Materials{};
    m_have = answer.key;
    result.failure.clear();
    if (whole) {
        take_whole(reply, result, found);
    } else {
        found.size = result.found->size;
        found.labels = result.found->labels;
        found.flags = result.found->flags;
        found.counts = result.found->counts;
    }
    result.found = std::make_shared<Materials const>(std::move(found));
    if (auto tinted = picture_from(reply, "tinted_size", "tinted_bytes", "tinted", k_serials + m_next_serial++)) {
        result.tinted = std::move(tinted);
        result.databar_rows = std::clamp(static_cast<int>(reply.number("databar_rows")), 0, result.tinted->size.height);
    } else {
        result.tinted = nullptr;
        result.databar_rows = 0;
    }
    Size const size = micrograph_of(result);
    if (result.fine_labels && result.fine_labels->size() != static_cast<std::size_t>(size.area()))
        result.fine_labels = nullptr;
    result.pixel_size_x_nm = optional_number(reply, "pixel_size_x_nm");
    result.pixel_size_y_nm = optional_number(reply, "pixel_size_y_nm");
    if (Json const* affine = reply.head.find("to_recorded")) result.picture_to_recorded = affine_from(*affine);
    Json const* map = reply.head.find("picture_to_map");
    result.laid = map != nullptr;
    if (map) result.picture_to_map = projective_from(*map);
    result.facts.clear();
    if (Json const* facts = reply.head.find("facts"); facts && facts->as_array())
        for (Json const& fact : *facts->as_array()) result.facts.push_back(map_fact_from(fact));
    Json const* notes = reply.head.find("notes");
    result.notes = notes ? notes_from(*notes) : std::vector<Note>{};
    result.left_out = failures_from(reply);
    (whole ? result.milliseconds : result.finish_milliseconds) = reply.number("milliseconds");
}

/// Pictures that follow the view without a worker.
void MaterialsDesk::paint(Now const& now) {
    MaterialsResult& result = now.results.materials;
    MaterialsView const& view = now.view.materials;
    m_plots.update(result, view, now.view.theme);
    if (!result.found) {
        result.flat = result.element = result.certain = result.highlight = nullptr;
        m_flat_for = m_element_for = m_certain_for = m_highlight_for = 0;
        return;
    }
    std::string place = std::to_string(result.found_serial) + " " + std::to_string(micrograph_of(result).width) + " " +
                        std::to_string(micrograph_of(result).height) + (result.laid ? " laid " : " ");
    if (result.laid) place += to_text(to_json(result.picture_to_map));
    std::string colours = place;
    for (Material const& material : result.found->list)
        for (float const part : {material.colour.r, material.colour.g, material.colour.b})
            colours += " " + format_shortest(double{part});
    auto const renew = [](std::uint64_t& key, std::string const& said) {
        std::uint64_t const before = std::exchange(key, hash_of(said));
        return key != before;
    };
    auto const serial = [&] { return k_serials + m_next_serial++; };
    if (view.show == MaterialsShow::materials && renew(m_flat_for, colours))
        result.flat = flat_picture(result, serial());
    if (view.show == MaterialsShow::element && renew(m_element_for, place + " " + std::to_string(view.element)))
        result.element = element_picture(result, view.element, serial());
    if (view.show == MaterialsShow::certainty && renew(m_certain_for, place))
        result.certain = certainty_picture(result, serial());
    std::vector<BrushedDisc> discs;
    if (view.brushing) discs = brushed_discs(now.document.materials, result.found->list);
    std::string lit = (discs.empty() ? place : colours) + " " +
                      std::to_string(view.hovered_pixel < 0 ? view.hovered : -1) + " " + std::to_string(view.material) +
                      (view.brushing ? " brush " : " ");
    if (view.gated != m_gated || view.area != m_area) ++m_sets_seen;
    m_gated = view.gated;
    m_area = view.area;
    lit += std::to_string(m_sets_seen);
    if (!discs.empty()) {
        lit += " " + std::to_string(discs.size());
        StepUse const* use = find_use(now.document.materials, "cluster");
        int const index = use ? param_index(*use->step, "brush") : -1;
        if (index >= 0)
            if (auto const* text = std::get_if<std::string>(&use->values[static_cast<std::size_t>(index)]))
                lit += *text;
    }
    if (renew(m_highlight_for, lit)) result.highlight = highlight_picture(result, view, discs, serial());
}

SetRequest MaterialsDesk::export_request(Document const& document, MapSetEntry const& set, std::string folder) {
    SetRequest request{"materials_export", inputs_of(document, set), {}, 0};
    request.head.add("recipe", to_json(document.materials));
    request.head.add("folder", std::move(folder));
    return request;
}

} // namespace mg::app
