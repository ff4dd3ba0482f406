#include "app/session.h"

#include <algorithm>
#include <cmath>

#include "app/command_names.h"
#include "app/drop.h"
#include "app/packet.h"
#include "base/json.h"
#include "base/text.h"
#include "recipe/pipeline.h"

namespace mg::app {

namespace {

constexpr int k_form = 1;
constexpr std::size_t k_longest_text = std::size_t{4} << 20, k_most_files = 10000, k_longest_path = 4096;

bool is_checksum(std::string_view text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

Result<Recipe> recipe_in(Json const& json, std::string_view key, Workspace workspace) {
    std::string const text = text_of(json, key);
    MG_TRY(Recipe recipe, parse_recipe_json(text, {}));
    if (workspace_of(recipe) != workspace) return Error{ErrorCode::bad_value, "a recipe of the last session is of another kind"};
    return recipe;
}

double within(Json const& json, std::string_view key, double otherwise, double least, double most) {
    double const value = number_of(json, key, otherwise);
    return std::isfinite(value) ? std::clamp(value, least, most) : otherwise;
}

InputEntry* input_at(Document& document, int id) {
    for (InputEntry& input : document.inputs)
        if (input.id == id) return &input;
    return nullptr;
}

/// What was said of the file `from` is said of `to`.
void rename_overrides(Recipe& recipe, std::string_view from, std::string const& to) {
    for (Override& o : recipe.overrides)
        if (o.file_name == from) o.file_name = to;
}

std::string name_of(SessionFile const& file) { return paged_name(file_name_of(file.path), file.page); }

} // namespace

Session session_of(Document const& document, ViewState const& view, Results const& results) {
    Session session;
    for (InputEntry const& input : document.inputs) {
        auto const result = results.files.find(input.id);
        if (input.id == view.selected) session.selected = static_cast<int>(session.files.size());
        session.files.push_back({input.path, input.page, input.bytes ? input.bytes->size : 0,
                                 result == results.files.end() ? std::string{} : result->second.sha256});
    }
    session.recipe = document.recipe;
    session.overlay = document.overlay;
    session.materials = document.materials;
    session.stack = document.stack;
    session.workspace = view.workspace;
    session.fit = view.fit;
    session.zoom = view.zoom;
    session.centre_x = view.centre_x;
    session.centre_y = view.centre_y;
    return session;
}

std::string session_text(Session const& session) {
    Json json, files{Json::Array{}}, stack{Json::Array{}};
    for (SessionFile const& file : session.files) {
        Json entry;
        entry.add("path", file.path);
        if (file.page > 0) entry.add("page", file.page);
        entry.add("size", file.size);
        if (!file.sha256.empty()) entry.add("sha256", file.sha256);
        files.push(std::move(entry));
    }
    for (std::string const& name : session.stack) stack.push(name);
    json.add("micrographia_session", k_form);
    json.add("files", std::move(files));
    json.add("selected", session.selected);
    json.add("annotate", to_json(session.recipe));
    json.add("overlay", to_json(session.overlay));
    json.add("materials", to_json(session.materials));
    json.add("stack", std::move(stack));
    json.add("workspace", std::string(workspace_name(session.workspace)));
    json.add("fit", session.fit);
    json.add("zoom", session.zoom);
    json.add("centre_x", session.centre_x);
    json.add("centre_y", session.centre_y);
    return to_text(json);
}

Result<Session> read_session(std::string_view text) {
    if (text.size() > k_longest_text) return Error{ErrorCode::too_large, "the last session is too large to be read"};
    MG_TRY(Json const json, parse_json(text));
    double const form = number_of(json, "micrographia_session");
    if (!(form >= 1)) return Error{ErrorCode::bad_file, "what the browser kept is no session"};
    if (form > k_form) return Error{ErrorCode::unsupported, "the last session was kept by a later version of this page"};
    Session session;
    Json const* files = json.find("files");
    if (Json::Array const* list = files ? files->as_array() : nullptr)
        for (Json const& entry : *list) {
            SessionFile file{text_of(entry, "path"), static_cast<int>(within(entry, "page", 0, 0, 1e6)),
                             static_cast<std::int64_t>(within(entry, "size", 0, 0, 1e15)), text_of(entry, "sha256")};
            if (file.path.empty() || file.path.size() > k_longest_path || !is_utf8(file.path)) continue;
            if (!is_checksum(file.sha256)) file.sha256.clear();
            if (session.files.size() == k_most_files) break;
            session.files.push_back(std::move(file));
        }
    session.selected = static_cast<int>(within(json, "selected", -1, -1, static_cast<double>(session.files.size()) - 1));
    MG_TRY(session.recipe, recipe_in(json, "annotate", Workspace::annotate));
    MG_TRY(session.overlay, recipe_in(json, "overlay", Workspace::overlay));
    MG_TRY(session.materials, recipe_in(json, "materials", Workspace::materials));
    Json const* stack = json.find("stack");
    if (Json::Array const* list = stack ? stack->as_array() : nullptr)
        for (Json const& name : *list)
            if (name.as_string() && session.stack.size() < k_most_files) session.stack.push_back(*name.as_string());
    session.workspace = workspace_named(text_of(json, "workspace")).value_or(Workspace::annotate);
    session.fit = !json.find("fit") || flag_of(json, "fit");
    session.zoom = within(json, "zoom", 1, 0.01, 64);
    session.centre_x = within(json, "centre_x", 0.5, -10, 10);
    session.centre_y = within(json, "centre_y", 0.5, -10, 10);
    return session;
}

std::size_t Reunion::waiting() const { return static_cast<std::size_t>(std::count(m_taken.begin(), m_taken.end(), 0)); }

int Reunion::input_of(int index) const {
    return index >= 0 && static_cast<std::size_t>(index) < m_taken.size() ? m_taken[static_cast<std::size_t>(index)] : 0;
}

bool expects(Session const& session, std::vector<DroppedFile> const& files) {
    return std::any_of(files.begin(), files.end(), [&](DroppedFile const& dropped) {
        return std::any_of(session.files.begin(), session.files.end(), [&](SessionFile const& file) {
            return dropped.bytes && dropped.bytes->size == file.size && file_name_of(file.path) == file_name_of(dropped.path);
        });
    });
}

std::vector<SessionFile> Reunion::missing() const {
    std::vector<SessionFile> files;
    for (std::size_t i = 0; i < m_taken.size(); ++i)
        if (m_taken[i] == 0) files.push_back(m_session.files[i]);
    return files;
}

void Reunion::sort(Document& document) const {
    std::map<int, std::size_t> place;
    for (std::size_t i = 0; i < m_taken.size(); ++i) place.emplace(m_taken[i], i);
    auto const place_of = [&](InputEntry const& input) {
        auto const found = place.find(input.id);
        return found == place.end() ? m_taken.size() : found->second;
    };
    std::stable_sort(document.inputs.begin(), document.inputs.end(),
                     [&](InputEntry const& a, InputEntry const& b) { return place_of(a) < place_of(b); });
}

Document Reunion::joined(Document document, int& next_id) {
    std::vector<SessionFile> const& files = m_session.files;
    auto const taken = [&](int id) { return std::find(m_taken.begin(), m_taken.end(), id) != m_taken.end(); };
    // The same path and size first, then the same path, then the same name: a folder may have been dropped as files.
    for (int round = 0; round < 3; ++round)
        for (std::size_t i = 0; i < files.size(); ++i) {
            if (m_taken[i] != 0) continue;
            for (std::size_t at = 0; at < document.inputs.size(); ++at) {
                InputEntry const input = document.inputs[at];
                bool const same_path = input.path == files[i].path;
                bool const same = round == 0   ? same_path && input.bytes && input.bytes->size == files[i].size
                                  : round == 1 ? same_path
                                               : file_name_of(input.path) == file_name_of(files[i].path);
                if (!same) continue;
                int id = input.id;
                if (taken(id)) { // another page of it
                    bool const page_there = std::any_of(document.inputs.begin(), document.inputs.end(), [&](auto const& other) {
                        return other.bytes == input.bytes && other.page == files[i].page;
                    });
                    if (page_there) continue;
                    InputEntry page = input;
                    page.id = id = next_id++;
                    document.inputs.push_back(std::move(page));
                }
                InputEntry& mine = *input_at(document, id);
                mine.page = files[i].page;
                mine.name = paged_name(file_name_of(mine.path), mine.page);
                m_taken[i] = id;
                m_check[id] = i;
                break;
            }
        }
    sort(document);
    return document;
}

Reunion::Recognised Reunion::recognise(Document const& document, Results const& results) {
    Recognised recognised;
    std::vector<Word>& words = recognised.words;
    auto const checksum = [&](int id) {
        auto const result = results.files.find(id);
        return result == results.files.end() ? std::string{} : result->second.sha256;
    };
    for (auto check = m_check.begin(); check != m_check.end();) {
        SessionFile const& file = m_session.files[check->second];
        std::string const found = checksum(check->first);
        InputEntry const* input = find_input(document, check->first);
        if (input && found.empty() && !file.sha256.empty()) {
            ++check; // not read yet
            continue;
        }
        if (input && !file.sha256.empty() && found != file.sha256) words.push_back({Word::Kind::changed, input->path, file.path});
        check = m_check.erase(check);
    }
    if (waiting() == 0) return recognised;
    auto const changed = [&]() -> Document& {
        if (!recognised.document) recognised.document = document;
        return *recognised.document;
    };
    for (InputEntry const& input : document.inputs) {
        if (std::find(m_taken.begin(), m_taken.end(), input.id) != m_taken.end()) continue;
        std::string const found = checksum(input.id);
        if (found.empty()) continue;
        for (std::size_t i = 0; i < m_taken.size(); ++i) {
            SessionFile const& file = m_session.files[i];
            if (m_taken[i] != 0 || file.sha256 != found || file.page != input.page) continue;
            m_taken[i] = input.id;
            for (Workspace each : {Workspace::annotate, Workspace::overlay, Workspace::materials})
                rename_overrides(recipe_of(changed(), each), name_of(file), input.name);
            words.push_back({Word::Kind::renamed, input.path, file.path});
            break;
        }
    }
    if (recognised.document) sort(*recognised.document);
    return recognised;
}

} // namespace mg::app
