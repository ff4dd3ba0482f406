// The application's side of the overlay: exports of a set, points placed by hand, and what the automation API says.
#include <algorithm>

#include "app/app.h"
#include "app/desk_tools.h"
#include "app/overlay_words.h"
#include "base/text.h"
#include "platform/platform.h"
#include "recipe/overlay.h"

namespace mg::app {

namespace {

constexpr char const* k_roles[] = {"signal", "extra", "element map", "lab image", "SE image", "composite", "saturated"};

/// A name that a ZIP takes as a folder.
std::string folder_name(std::string_view text) {
    std::string name = sanitized_utf8(text);
    for (char& c : name)
        if (c == '/' || c == '\\' || c == ':' || static_cast<unsigned char>(c) < 32) c = '_';
    return name.empty() || name == "." || name == ".." ? "series" : name;
}

} // namespace

/// Every set of the workspace that is shown, or the one in sight.
void App::start_set_export(Purpose purpose, int answer_id) {
    Workspace const workspace = m_view.workspace;
    bool const of_maps = workspace == Workspace::materials;
    if (of_maps)
        m_materials.update({document(), m_history.revision(), m_view, m_results, m_scheduler});
    else
        m_desk.update({document(), m_history.revision(), m_view, m_results, m_scheduler});
    OverlayResult const& overlay = m_results.overlay;
    MaterialsResult const& materials = m_results.materials;
    SetExport wanted{workspace, purpose, answer_id, {}, {}, {}, false};
    bool const all = purpose == Purpose::save_zip || purpose == Purpose::answer_zip;
    // An image that belongs to nothing is no series, unless it is what is shown.
    std::vector<std::size_t> wanted_sets;
    for (std::size_t i = 0; of_maps && i < materials.sets.size(); ++i)
        if (all || static_cast<int>(i) == materials.shown) wanted_sets.push_back(i);
    for (std::size_t i = 0; !of_maps && i < overlay.series.size(); ++i)
        if (static_cast<int>(i) == overlay.shown || (all && overlay.series[i].given.size() > 1))
            wanted_sets.push_back(i);
    bool const several = wanted_sets.size() > 1;
    for (std::size_t const i : wanted_sets) {
        std::string const folder =
            !several ? std::string{} : folder_name(of_maps ? materials.sets[i].name : overlay.series[i].name);
        SetRequest request = of_maps ? MaterialsDesk::export_request(document(), materials.sets[i], folder)
                                     : OverlayDesk::export_request(document(), overlay.series[i], folder);
        if (std::string words = too_large(request, m_results); !words.empty()) {
            wanted.failures.push_back((several ? folder + ": " : "") + words);
            continue;
        }
        request.kind += "/" + std::to_string(m_next_set++);
        wanted.waiting.push_back(request.kind);
        m_scheduler.ask_set(std::move(request));
    }
    if (wanted.waiting.empty()) return finish(wanted);
    m_set_exports.push_back(std::move(wanted));
}

void App::take_set_answer(SetAnswer const& set_answer) {
    std::string const kind = set_answer.kind.substr(0, set_answer.kind.find('/'));
    if (kind == "refine_point") {
        auto const found = std::find_if(m_points.begin(), m_points.end(),
                                        [&](auto const& point) { return point.first == set_answer.key; });
        if (found == m_points.end()) return;
        PlacePoint point = found->second;
        m_points.erase(found);
        if (set_answer.cancelled) return;
        Json const* pair = set_answer.reply.head.find("pair");
        if (Json::Array const* values = pair ? pair->as_array() : nullptr; values && values->size() == 4) {
            auto const at = [&](std::size_t i) { return (*values)[i].as_number() ? *(*values)[i].as_number() : 0.0; };
            point.pair = {{at(0), at(1)}, {at(2), at(3)}};
        }
        return keep_point(point);
    }
    if (kind == "materials") return take_materials(set_answer);
    if (kind != "overlay_export" && kind != "materials_export") return m_desk.take(set_answer, m_results);
    for (std::size_t i = 0; i < m_set_exports.size(); ++i) {
        SetExport& wanted = m_set_exports[i];
        if (std::erase(wanted.waiting, set_answer.kind) == 0) continue;
        if (set_answer.cancelled) wanted.cancelled = true;
        if (!set_answer.failure.empty()) wanted.failures.push_back(set_answer.failure);
        Json const* written = set_answer.reply.head.find("written");
        if (Json::Array const* names = written ? written->as_array() : nullptr)
            for (std::size_t n = 0; n < names->size(); ++n)
                if (SharedFile file = set_answer.reply.kept(n); file && (*names)[n].as_string())
                    wanted.files.emplace_back(*(*names)[n].as_string(), std::move(file));
        Json const* failures = set_answer.reply.head.find("failures");
        if (Json::Array const* list = failures ? failures->as_array() : nullptr)
            for (Json const& failure : *list) {
                InputEntry const* input = find_input(document(), static_cast<int>(number_of(failure, "id")));
                wanted.failures.push_back((input ? input->name + ": " : "") + text_of(failure, "words"));
            }
        if (!wanted.waiting.empty()) return;
        SetExport const finished = std::move(wanted);
        m_set_exports.erase(m_set_exports.begin() + static_cast<std::ptrdiff_t>(i));
        return finish(finished);
    }
}

void App::finish(SetExport const& finished) {
    bool const for_answer = finished.purpose == Purpose::answer_zip || finished.purpose == Purpose::answer_png;
    auto const refuse = [&](std::string const& words) {
        Json head;
        head.add("error", words);
        if (for_answer)
            platform::answer(finished.answer, std::move(head));
        else if (!finished.cancelled)
            toast(Toast::Kind::failure, "Not saved: " + words);
    };
    if (finished.cancelled) return refuse("stopped by you");
    if (finished.files.empty())
        return refuse(finished.failures.empty() ? "there is nothing to save" : finished.failures.front());
    if (finished.purpose == Purpose::save_png || finished.purpose == Purpose::copy ||
        finished.purpose == Purpose::answer_png) {
        for (auto const& [name, kept] : finished.files) {
            std::string_view const file = file_name_of(name);
            bool const picture = finished.workspace == Workspace::materials
                                     ? file.starts_with("edx_composite_")
                                     : file.starts_with("composite_") && !file.starts_with("composite_saturate_");
            if (!picture) continue;
            if (finished.purpose == Purpose::copy) return platform::copy_png(kept->number);
            if (for_answer) return platform::answer(finished.answer, Json(Json::Object{}), {{{}, kept->number}});
            platform::download(name, "image/png", {{{}, kept->number}});
            return toast(Toast::Kind::ok, name + " saved");
        }
        return refuse("there is no composite");
    }
    Archive archive;
    std::size_t pictures = 0;
    for (auto const& [name, file] : finished.files) {
        archive.add(name, file);
        if (iends_with(name, ".png")) ++pictures;
    }
    std::string log = std::string("Micrographia\n\nFailed:\n");
    for (std::string const& words : finished.failures) log += words + "\n";
    if (!finished.failures.empty()) archive.add_text("log.txt", log);
    auto const parts = archive.parts();
    if (!parts) return refuse(parts.error().message);
    if (for_answer) return platform::answer(finished.answer, Json(Json::Object{}), *parts);
    platform::download(finished.workspace == Workspace::materials ? "materials.zip" : "overlay.zip", "application/zip",
                       *parts);
    std::string words = std::to_string(pictures) + (pictures == 1 ? " picture" : " pictures") + " saved";
    if (finished.failures.empty()) return toast(Toast::Kind::ok, std::move(words));
    toast(Toast::Kind::warning, words + "; log.txt in the ZIP says what failed");
}

void App::keep_point(PlacePoint const& point) {
    InputEntry const* file = find_input(document(), point.file);
    InputEntry const* other = find_input(document(), point.other);
    Workspace const workspace = m_view.workspace;
    Recipe const& recipe = recipe_of(document(), workspace);
    std::string const step = workspace == Workspace::materials ? "map" : "channel";
    StepUse const* use = find_use(recipe, step);
    if (!file || !other || !use) return;
    Recipe const own = recipe_for_file(recipe, file->name);
    int const index = param_index(*use->step, "points");
    if (index < 0) return;
    std::string const* text =
        std::get_if<std::string>(&find_use(own, step)->values[static_cast<std::size_t>(index)]);
    std::vector<NamedHandPoints> points;
    if (auto parsed = parse_hand_points(text ? *text : ""); parsed) points = std::move(*parsed);
    auto found = std::find_if(points.begin(), points.end(), [&](auto const& p) { return p.other == other->name; });
    if (found == points.end()) found = points.insert(points.end(), {other->name, Motion::shift, {}});
    found->points.push_back(point.pair);
    SetParam const set{step, "points", hand_points_text(points), {}, file->id};
    change(applied(document(), set, m_next_id, workspace));
}

Json App::overlay_state() const {
    OverlayResult const& overlay = m_results.overlay;
    Json json;
    Json all{Json::Array{}};
    for (OverlaySeries const& series : overlay.series) {
        Json entry;
        entry.add("name", series.name);
        Json members{Json::Array{}};
        for (OverlayMember const& member : series.members) {
            InputEntry const* input = find_input(document(), member.id);
            Json row;
            row.add("file", input ? input->name : "");
            row.add("label", member.channel.label);
            row.add("role", member.left_out ? "left out" : k_roles[static_cast<int>(member.channel.role)]);
            members.push(std::move(row));
        }
        entry.add("members", std::move(members));
        all.push(std::move(entry));
    }
    json.add("series", std::move(all));
    json.add("shown", overlay.shown);
    Json channels{Json::Array{}};
    for (PlacedChannel const& placed : overlay.channels) {
        Json row;
        row.add("file", placed.channel.file_name);
        row.add("label", placed.channel.label);
        row.add("role", k_roles[static_cast<int>(placed.channel.role)]);
        row.add("placed", placed.layer >= 0);
        row.add("gain", placed.channel.settings.gain);
        row.add("shown", placed.channel.settings.shown);
        if (auto const& alignment = placed.channel.alignment) {
            row.add("trust", trust_name(alignment->trust));
            row.add("confidence", alignment->confidence);
            row.add("residual_px", alignment->residual_px);
            row.add("reason", alignment->reason);
            row.add("matrix",
                    alignment->trust == Trust::refused ? Json(nullptr) : matrix_json(alignment->from_reference.affine));
            row.add("words", alignment_words(*alignment, overlay.size));
            if (placed.truth)
                row.add("error_px", largest_distance(alignment->from_reference, *placed.truth, overlay.size));
        }
        channels.push(std::move(row));
    }
    json.add("channels", std::move(channels));
    json.add("width", overlay.size.width);
    json.add("height", overlay.size.height);
    json.add("databar", overlay.databar != nullptr);
    json.add("busy", overlay.busy);
    json.add("failure", overlay.failure);
    json.add("milliseconds", overlay.milliseconds);
    Json notes{Json::Array{}};
    for (Note const& note : overlay.notes)
        if (!note.text.empty()) notes.push(note.step + ": " + note.text);
    json.add("notes", std::move(notes));
    return json;
}

} // namespace mg::app
