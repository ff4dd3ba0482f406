#include "app/scheduler.h"

#include <algorithm>
#include <cstring>

#include "app/desk_tools.h"
#include "app/facts.h"
#include "app/work.h"
#include "platform/platform.h"

namespace mg::app {

namespace {

constexpr double k_silence_s = 60;
/// Reading is quick even for the largest file; what takes longer goes round in circles.
constexpr double k_reading_silence_s = 20;
constexpr int k_most_deaths = 2;
constexpr double k_moment_s = 0.4;
/// Selected files whose pictures stay, so that going back to them is instant.
constexpr std::size_t k_near_files = 6;

std::uint64_t key_of(Recipe const& recipe, InputEntry const& input) {
    std::string const inputs = std::to_string(input.id) + (input.twin ? " twin" : "") + (input.sidecar ? " sidecar" : "") + (input.page > 0 ? " page " + std::to_string(input.page) : "");
    return hash_of(to_json(recipe), hash_of(inputs));
}

/// The user's corrections of metadata, overrides included: all that a file's facts depend on.
Recipe only_corrections(Recipe const& recipe) {
    Recipe result;
    if (StepUse const* use = find_use(recipe, "correct")) result.steps.push_back(*use);
    for (Override const& o : recipe.overrides)
        if (o.step == "correct") result.overrides.push_back(o);
    return result;
}

/// What a linked value depends on: the steps up to the last one that can be linked.
Recipe for_measuring(Recipe const& recipe, std::string_view file_name) {
    Recipe result = recipe_for_file(recipe, file_name);
    while (!result.steps.empty() && result.steps.back().step->linkable.empty()) result.steps.pop_back();
    return result;
}

/// What is sent to a worker: a head, and the files whose bytes come along as its buffers, in their order.
struct Request {
    Json head{Json::Object{}};
    std::vector<int> files;
};

/// A worker that does not hold the file gets its bytes.
Json file_json(Request& request, InputEntry const& input, bool held) {
    Json file;
    file.add("id", input.id);
    file.add("name", input.name);
    file.add("path", input.path);
    if (input.page > 0) file.add("page", input.page);
    auto const add = [&](char const* name, SharedFile const& bytes) {
        if (!bytes || held) return;
        file.add(name, static_cast<int>(request.files.size()));
        request.files.push_back(bytes->number);
    };
    add("bytes", input.bytes);
    add("twin", input.twin);
    add("sidecar", input.sidecar);
    if (!input.sidecar_name.empty()) file.add("sidecar_name", input.sidecar_name);
    return file;
}

void add_set(Request& request, SetRequest const& set, std::set<int> const& holds) {
    request.head.add("kind", set.kind);
    Json files{Json::Array{}};
    for (InputEntry const& input : set.inputs) files.push(file_json(request, input, holds.count(input.id) > 0));
    request.head.add("files", std::move(files));
    if (Json::Object const* members = set.head.as_object())
        for (JsonMember const& member : *members) request.head.add(member.key, member.value);
}

} // namespace

struct Scheduler::Now {
    Document const& document;
    int selected = 0;
    Results& results;
    double s = 0;
    bool of_sets = false; ///< a workspace is shown in which files are not shown one by one
    Recipe const corrections = only_corrections(document.recipe);
};

bool Scheduler::is_running(Kind kind, int file) const {
    return std::any_of(m_slots.begin(), m_slots.end(), [&](Slot const& slot) {
        return slot.running && slot.running->kind == kind && slot.running->file == file;
    });
}

void Scheduler::assign(Document const& document) {
    std::vector<int> load(m_slots.size());
    for (InputEntry const& input : document.inputs)
        if (auto work = m_work.find(input.id); work != m_work.end() && work->second.worker >= 0)
            ++load[static_cast<std::size_t>(work->second.worker)];
    for (InputEntry const& input : document.inputs) {
        FileWork& work = m_work[input.id];
        if (work.worker >= 0 || load.empty()) continue;
        auto const least = std::min_element(load.begin(), load.end());
        work.worker = static_cast<int>(least - load.begin());
        ++*least;
    }
}

void Scheduler::update(Document const& document, ViewState const& view, Results& results, double now_s) {
    int const selected = view.selected;
    assign(document);
    for (InputEntry const& input : document.inputs) results.files.try_emplace(input.id);
    if (selected != 0 && (m_recent.empty() || m_recent.front() != selected)) {
        std::erase(m_recent, selected);
        m_recent.insert(m_recent.begin(), selected);
        keep_near_pictures(selected, results);
    }
    link_exports();
    finish_exports(results);
    Now const now{document, selected, results, now_s, view.workspace != Workspace::annotate};
    // Since when the picture is wanted: also while its worker is busy.
    if (InputEntry const* input = find_input(document, selected)) {
        FileWork& work = m_work[selected];
        std::uint64_t const key = key_of(recipe_for_file(linked(document.recipe, document.inputs), input->name), *input);
        if (key != work.seen_key) {
            work.seen_key = key;
            work.seen_s = now_s;
        }
    }
    m_something_waits = false;
    if (now.corrections != m_seen_corrections || document.inputs != m_seen_inputs) {
        m_seen_corrections = now.corrections;
        m_seen_inputs = document.inputs;
        for (InputEntry const& input : document.inputs)
            if (FileWork& work = m_work[input.id]; work.page != input.page) { // another picture altogether
                work = {.worker = work.worker, .page = input.page};
                results.files[input.id] = {};
            }
        ++m_load_round;
    }
    for (std::size_t worker = 0; worker < m_slots.size(); ++worker)
        if (!m_slots[worker].running) start_on(static_cast<int>(worker), now);
}

void Scheduler::start_on(int worker, Now const& now) {
    if (m_test) {
        Running running{.kind = Kind::test};
        send(worker, running, nullptr, {}, now);
        m_test.reset();
        return;
    }
    if (!m_samples_wanted.empty()) {
        send(worker, {.kind = Kind::samples}, nullptr, {}, now);
        m_samples_wanted.clear();
        return;
    }
    if (takes_sets(worker) && start_set(worker, now)) return;
    if (InputEntry const* input = find_input(now.document, now.selected))
        if (start_load(worker, *input, now) || start_process(worker, *input, now)) return;
    for (InputEntry const& input : now.document.inputs)
        if (start_load(worker, input, now)) return;
    if (start_export_on(worker, false, now) || start_export_on(worker, true, now)) return;
    start_measure(worker, now);
}

bool Scheduler::start_load(int worker, InputEntry const& input, Now const& now) {
    FileWork& work = m_work[input.id];
    if (work.worker != worker || work.unreadable || work.load_round == m_load_round) return false;
    if (is_running(Kind::load, input.id)) return false;
    Recipe const recipe = recipe_for_file(now.corrections, input.name);
    std::uint64_t const key = key_of(recipe, input);
    if (key == work.load_key) {
        work.load_round = m_load_round;
        return false;
    }
    FileResult& result = now.results.files[input.id];
    if (result.state == FileState::waiting || result.state == FileState::failed) result.state = FileState::working;
    send(worker, {.kind = Kind::load, .file = input.id, .key = key}, &input, recipe, now);
    return true;
}

bool Scheduler::start_process(int worker, InputEntry const& input, Now const& now) {
    FileWork& work = m_work[input.id];
    if (work.worker != worker || work.unreadable || work.load_key == 0) return false;
    FileResult& result = now.results.files[input.id];
    if (now.of_sets) return false; // what is shown is the set's
    bool const plain = !result.recorded || !result.recorded_picture;
    if (work.seen_key == work.process_key && !(plain && result.picture)) return false;
    if (is_running(Kind::process, input.id)) return false;
    Recipe const recipe = recipe_for_file(linked(now.document.recipe, now.document.inputs), input.name);
    send(worker, {.kind = Kind::process, .file = input.id, .key = work.seen_key, .plain = plain, .wanted_s = work.seen_s},
         &input, recipe, now);
    return true;
}

bool Scheduler::start_export_on(int worker, bool of_others, Now const& now) {
    for (Export& e : m_exports) {
        if (!e.linked) continue;
        for (InputEntry const& input : e.inputs) {
            if (!e.waiting.count(input.id) || (!of_others && m_work[input.id].worker != worker)) continue;
            e.waiting.erase(input.id);
            e.running.insert(input.id);
            send(worker, {.kind = Kind::export_png, .file = input.id, .token = e.token}, &input,
                 recipe_for_file(e.recipe, input.name), now);
            return true;
        }
    }
    return false;
}

bool Scheduler::start_measure(int worker, Now const& now) {
    Recipe const* recipe = wants_linking(now.document.recipe) ? &now.document.recipe : nullptr;
    std::vector<InputEntry> const* inputs = &now.document.inputs;
    for (Export const& e : m_exports)
        if (!e.linked) {
            recipe = &e.recipe;
            inputs = &e.inputs;
            break;
        }
    if (!recipe) return false;
    for (InputEntry const& input : *inputs) {
        FileWork& work = m_work[input.id];
        if (work.worker != worker || work.unreadable || is_running(Kind::measure, input.id)) continue;
        Recipe const part = for_measuring(*recipe, input.name);
        std::uint64_t const key = key_of(part, input);
        if (key == work.measure_key) continue;
        send(worker, {.kind = Kind::measure, .file = input.id, .key = key}, &input, part, now);
        return true;
    }
    return false;
}

void Scheduler::send(int worker, Running running, InputEntry const* input, Recipe const& recipe, Now const& now) {
    static constexpr char const* k_kinds[] = {"load", "process", "export", "measure"};
    Slot& slot = m_slots[static_cast<std::size_t>(worker)];
    running.job = m_next_job++;
    running.started_s = running.heard_s = now.s;
    Request request;
    request.head.add("job", running.job);
    if (running.kind == Kind::test) {
        request.head.add("kind", m_test->kind);
        request.head.add("seconds", m_test->seconds);
    } else if (running.kind == Kind::samples) {
        request.head.add("kind", "samples");
        request.head.add("set", m_samples_wanted);
    } else if (running.kind == Kind::set) {
        add_set(request, *m_running_set, slot.holds);
    } else {
        request.head.add("kind", k_kinds[static_cast<int>(running.kind)]);
    }
    if (input) {
        request.head.add("file", file_json(request, *input, slot.holds.count(input->id) > 0));
        request.head.add("recipe", to_json(recipe));
        if (running.plain) request.head.add("plain", true);
    }
    int const job = running.job;
    slot.running = std::move(running);
    platform::start_work(worker, job, to_text(request.head), request.files);
}

void Scheduler::receive(int worker, Packet const& reply, Results& results, double now_s) {
    if (worker < 0 || static_cast<std::size_t>(worker) >= m_slots.size()) return;
    Slot& slot = m_slots[static_cast<std::size_t>(worker)];
    if (!slot.running || slot.running->job != static_cast<int>(reply.number("job"))) {
        for (std::size_t i = 0; reply.kept(i); ++i) {} // nobody wants these results any more
        return;
    }
    slot.running->heard_s = now_s;
    if (reply.head.find("progress")) {
        slot.running->fraction = reply.number("progress");
        slot.running->stage = reply.text("stage");
        if (auto file = results.files.find(slot.running->file); file != results.files.end()) {
            file->second.progress = slot.running->fraction;
            file->second.stage = slot.running->stage;
        }
        return;
    }
    slot.holds.clear();
    if (Json const* holds = reply.head.find("holds"); holds && holds->as_array())
        for (Json const& id : *holds->as_array())
            if (id.as_number()) slot.holds.insert(static_cast<int>(*id.as_number()));
    Running const running = std::move(*slot.running);
    slot.running.reset();
    if (running.kind == Kind::set) {
        SetRequest request = std::move(*m_running_set);
        m_running_set.reset();
        bool const newer = std::any_of(m_sets.begin(), m_sets.end(), [&](auto const& s) { return s.kind == request.kind; });
        if (reply.head.find("missing")) {
            if (!newer) m_sets.insert(m_sets.begin(), std::move(request));
            return;
        }
        m_set_deaths = 0;
        SetAnswer answer{request.kind, request.key, {}, reply.text("failed")};
        if (answer.failure.empty()) answer.reply = reply;
        m_set_answers.push_back(std::move(answer));
        return;
    }
    if (reply.head.find("missing")) { // asked again, with the bytes, by the next update()
        if (running.kind == Kind::export_png)
            for (Export& e : m_exports)
                if (e.token == running.token && e.running.erase(running.file)) e.waiting.insert(running.file);
        return;
    }
    if (reply.head.find("failed")) return give_up(running, reply.text("failed"), results);

    m_work[running.file].deaths = 0;
    switch (running.kind) {
    case Kind::load: return take_load(running, reply, results);
    case Kind::process: return take_process(running, reply, results);
    case Kind::export_png:
        for (Export& e : m_exports)
            if (e.token == running.token && e.running.erase(running.file)) {
                ExportedFile& file = e.ready[running.file];
                file.png = reply.kept("png");
                if (!file.png) file.failure = "the worker sent no picture";
                if (Json const* notes = reply.head.find("notes")) file.notes = notes_from(*notes);
            }
        return;
    case Kind::measure: {
        FileWork& work = m_work[running.file];
        work.measure_key = running.key;
        Json const* measured = reply.head.find("measured");
        work.measured = measured ? measurements_from(*measured) : std::vector<LinkMeasurement>{};
        return;
    }
    case Kind::samples: return take_samples_from(reply);
    case Kind::set:
    case Kind::test: return;
    }
}

void Scheduler::take_load(Running const& running, Packet const& reply, Results& results) {
    FileWork& work = m_work[running.file];
    work.load_key = running.key;
    work.unreadable = false;
    FileResult& result = results.files[running.file];
    result.words = reply.text("words");
    result.state = reply.flag("attention") ? FileState::attention : FileState::done;
    result.format = reply.text("format");
    if (Json const* metadata = reply.head.find("metadata")) result.metadata = metadata_from(*metadata);
    result.burned_bar.reset();
    if (Json const* bar = reply.head.find("burned_bar")) result.burned_bar = burned_bar_from(*bar);
    result.range = {reply.number("black"), reply.number("white", 1)};
    result.recorded_size = size_of(reply.head.find("recorded_size"));
    result.sha256 = reply.text("sha256");
    result.page_count = static_cast<int>(std::clamp(reply.number("pages", 1), 1.0, 1e6));
    result.thumbnail = picture_from(reply, "thumbnail_size", "thumbnail_bytes", "thumbnail", m_next_serial++);
    result.stage.clear();
}

void Scheduler::take_process(Running const& running, Packet const& reply, Results& results) {
    m_work[running.file].process_key = running.key;
    FileResult& result = results.files[running.file];
    PicturePtr picture = picture_from(reply, "size", "bytes_per_pixel", "picture", m_next_serial++);
    if (!picture) return;
    result.picture = std::move(picture);
    result.picture_databar_rows = static_cast<int>(reply.number("databar_rows"));
    result.pixel_size_x_nm = optional_number(reply, "pixel_size_x_nm");
    result.pixel_size_y_nm = optional_number(reply, "pixel_size_y_nm");
    if (Json const* affine = reply.head.find("to_recorded")) result.picture_to_recorded = affine_from(*affine);
    if (Json const* notes = reply.head.find("notes")) result.notes = notes_from(*notes);
    result.histogram = {};
    result.histogram.low = reply.number("low");
    result.histogram.high = reply.number("high", 1);
    result.histogram.below = reply.number("below");
    result.histogram.above = reply.number("above");
    result.histogram.gamma = reply.number("gamma", 1);
    if (SharedBytes const counts = reply.buffer("histogram"); counts && counts->size() == sizeof result.histogram.counts)
        std::memcpy(result.histogram.counts.data(), counts->data(), counts->size());
    if (PicturePtr recorded = picture_from(reply, "recorded_size", "recorded_bytes", "recorded_picture", m_next_serial++)) {
        SharedBytes const values = reply.buffer("recorded");
        auto plane = Plane::create(recorded->size);
        if (plane && values && values->size() == static_cast<std::size_t>(recorded->size.area()) * sizeof(float)) {
            std::memcpy(plane->data(), values->data(), values->size());
            result.recorded = std::make_shared<Plane const>(std::move(plane).value());
        }
        result.recorded_picture = std::move(recorded);
    }
    if (result.state == FileState::failed) { // of earlier settings
        result.state = FileState::done;
        m_work[running.file].load_key = m_work[running.file].load_round = 0; // brings its words back
    }
    result.made_from = running.key;
    result.milliseconds = reply.number("milliseconds");
    result.stage.clear();
    m_wanted_s = running.wanted_s;
}

void Scheduler::take_samples_from(Packet const& reply) {
    Json const* files = reply.head.find("files");
    Json::Array const* names = files ? files->as_array() : nullptr;
    if (!names) return;
    for (std::size_t i = 0; i < names->size(); ++i)
        if (SharedFile file = reply.kept(i); file && (*names)[i].as_string())
            m_samples.push_back({*(*names)[i].as_string(), std::move(file)});
}

/// The request is answered by words instead of a result.
void Scheduler::give_up(Running const& running, std::string const& words, Results& results) {
    FileWork& work = m_work[running.file];
    switch (running.kind) {
    case Kind::load:
        work.load_key = running.key;
        work.unreadable = true;
        [[fallthrough]];
    case Kind::process: {
        if (running.kind == Kind::process) work.process_key = running.key;
        FileResult& result = results.files[running.file];
        result.state = FileState::failed;
        result.words = words;
        result.stage.clear();
        return;
    }
    case Kind::export_png:
        for (Export& e : m_exports)
            if (e.token == running.token && e.running.erase(running.file)) e.ready[running.file].failure = words;
        return;
    case Kind::measure:
        work.measure_key = running.key;
        work.measured.clear();
        return;
    case Kind::samples: m_complaints.push_back("The sample data could not be made: " + words); return;
    case Kind::set:
    case Kind::test: return;
    }
}

void Scheduler::lose_worker(int worker, std::string const& words, Results& results) {
    Slot& slot = m_slots[static_cast<std::size_t>(worker)];
    slot.holds.clear();
    ++m_restarts;
    if (!slot.running) return;
    Running const running = std::move(*slot.running);
    slot.running.reset();
    if (running.kind == Kind::set) {
        SetRequest request = std::move(*m_running_set);
        m_running_set.reset();
        if (++m_set_deaths < k_most_deaths) {
            m_sets.insert(m_sets.begin(), std::move(request));
            return;
        }
        m_set_deaths = 0;
        m_set_answers.push_back({request.kind, request.key, {}, words});
        return;
    }
    if (running.kind == Kind::samples || running.kind == Kind::test) return give_up(running, words, results);
    FileWork& work = m_work[running.file];
    if (++work.deaths >= k_most_deaths) {
        give_up(running, words, results);
        if (running.kind != Kind::load) work.deaths = 0;
        return;
    }
    // Tried once more: all but an export are wanted still, as their keys say.
    for (Export& e : m_exports)
        if (running.kind == Kind::export_png && e.token == running.token && e.running.erase(running.file))
            e.waiting.insert(running.file);
}

void Scheduler::ask_set(SetRequest request) {
    for (SetRequest& waiting : m_sets)
        if (waiting.kind == request.kind) {
            waiting = std::move(request);
            return;
        }
    m_sets.push_back(std::move(request));
}

bool Scheduler::set_under_way(std::string_view kind) const {
    if (m_running_set && m_running_set->kind == kind) return true;
    return std::any_of(m_sets.begin(), m_sets.end(), [&](SetRequest const& s) { return s.kind == kind; });
}

bool Scheduler::start_set(int worker, Now const& now) {
    if (m_sets.empty()) return false;
    m_running_set = std::move(m_sets.front());
    m_sets.erase(m_sets.begin());
    send(worker, {.kind = Kind::set}, nullptr, {}, now);
    return true;
}

void Scheduler::worker_died(int worker, std::string const& words, Results& results) {
    if (worker < 0 || static_cast<std::size_t>(worker) >= m_slots.size()) return;
    lose_worker(worker, "the work on this file broke off (" + words + "); the other files are not affected", results);
}

void Scheduler::check_silence(Results& results, double now_s) {
    for (std::size_t worker = 0; worker < m_slots.size(); ++worker) {
        auto const& running = m_slots[worker].running;
        if (!running) continue;
        double const limit = running->kind == Kind::load ? k_reading_silence_s : k_silence_s;
        if (now_s - running->heard_s < limit) continue;
        m_work[running->file].deaths = m_set_deaths = k_most_deaths; // waiting as long again would help nobody
        platform::restart_worker(static_cast<int>(worker));
        lose_worker(static_cast<int>(worker),
                    "no answer for " + std::to_string(static_cast<int>(limit)) + " s; the work on this file was stopped",
                    results);
    }
}

int Scheduler::start_export(Document const& document, std::vector<int> const& ids) {
    Export e;
    e.token = m_next_token++;
    e.recipe = document.recipe;
    // Values are linked over all open files, whichever of them are saved.
    e.inputs = document.inputs;
    for (int id : ids)
        if (find_input(document, id)) e.waiting.insert(id);
    m_exports.push_back(std::move(e));
    return m_exports.back().token;
}

std::optional<std::vector<std::vector<LinkMeasurement>>> Scheduler::links_for(
    Recipe const& recipe, std::vector<InputEntry> const& inputs) const {
    std::vector<std::vector<LinkMeasurement>> all;
    for (InputEntry const& input : inputs) {
        auto const work = m_work.find(input.id);
        if (work == m_work.end()) return std::nullopt;
        if (work->second.unreadable) continue;
        if (work->second.measure_key != key_of(for_measuring(recipe, input.name), input)) return std::nullopt;
        all.push_back(work->second.measured);
    }
    return all;
}

Recipe Scheduler::linked(Recipe const& recipe, std::vector<InputEntry> const& inputs) {
    if (!wants_linking(recipe)) return recipe;
    if (auto links = links_for(recipe, inputs)) m_links = std::move(*links);
    return m_links.empty() ? recipe : with_links(recipe, m_links);
}

void Scheduler::link_exports() {
    for (Export& e : m_exports) {
        if (e.linked) continue;
        if (!wants_linking(e.recipe)) e.linked = true;
        else if (auto links = links_for(e.recipe, e.inputs)) {
            e.recipe = with_links(e.recipe, *links);
            e.linked = true;
        }
    }
}

void Scheduler::finish_exports(Results& results) {
    for (Export& e : m_exports)
        for (int id : std::vector<int>(e.waiting.begin(), e.waiting.end()))
            if (m_work[id].unreadable) { // known already, in words
                e.waiting.erase(id);
                e.ready[id].failure = results.files[id].words;
            }
    std::erase_if(m_exports, [&](Export& e) {
        if (!e.waiting.empty() || !e.running.empty()) return false;
        Finished finished{e.token, {}};
        for (InputEntry const& input : e.inputs)
            if (auto file = e.ready.find(input.id); file != e.ready.end()) {
                ExportedFile& exported = finished.files.emplace_back(std::move(file->second));
                exported.id = input.id;
                exported.name = input.name;
                exported.path = paged_path(input);
            }
        m_finished.push_back(std::move(finished));
        return true;
    });
}

void Scheduler::keep_near_pictures(int selected, Results& results) {
    if (m_recent.size() > k_near_files) m_recent.resize(k_near_files);
    for (auto& [id, result] : results.files) {
        if (id == selected || std::find(m_recent.begin(), m_recent.end(), id) != m_recent.end()) continue;
        result.recorded = nullptr;
        result.recorded_picture = nullptr;
        result.picture = nullptr;
        if (auto work = m_work.find(id); work != m_work.end()) work->second.process_key = 0;
    }
}

void Scheduler::cancel(Results& results, double now_s) {
    for (Export const& e : m_exports) m_finished.push_back({e.token, {}, true});
    m_exports.clear();
    m_samples_wanted.clear();
    for (SetRequest const& set : std::exchange(m_sets, {}))
        m_set_answers.push_back({set.kind, set.key, {}, "stopped by you", true});
    for (std::size_t worker = 0; worker < m_slots.size(); ++worker) {
        auto& running = m_slots[worker].running;
        if (!running) continue;
        bool const long_run = now_s - running->started_s > k_moment_s;
        if (running->kind != Kind::export_png && running->kind != Kind::set && !long_run) continue;
        if (running->kind == Kind::set) m_set_deaths = k_most_deaths;
        else if (running->kind != Kind::measure) m_work[running->file].deaths = k_most_deaths;
        platform::restart_worker(static_cast<int>(worker));
        lose_worker(static_cast<int>(worker), "stopped by you", results);
        if (!m_set_answers.empty() && m_set_answers.back().failure == "stopped by you") m_set_answers.back().cancelled = true;
    }
}

std::vector<Finished> Scheduler::take_finished() { return std::exchange(m_finished, {}); }
std::vector<LooseFile> Scheduler::take_samples() { return std::exchange(m_samples, {}); }
std::vector<std::string> Scheduler::take_complaints() { return std::exchange(m_complaints, {}); }
std::optional<double> Scheduler::take_wanted_s() { return std::exchange(m_wanted_s, std::nullopt); }

bool Scheduler::idle() const {
    return m_exports.empty() && m_finished.empty() && m_sets.empty() && m_set_answers.empty() && m_samples_wanted.empty() && !m_test &&
           std::none_of(m_slots.begin(), m_slots.end(), [](Slot const& slot) { return slot.running.has_value(); });
}

Activity Scheduler::activity(Document const& document, double now_s) const {
    Activity activity;
    activity.workers = worker_count();
    for (Export const& e : m_exports) {
        activity.done += static_cast<int>(e.ready.size());
        activity.total += static_cast<int>(e.ready.size() + e.waiting.size() + e.running.size());
    }
    if (m_exports.empty()) {
        int loaded = 0;
        for (InputEntry const& input : document.inputs)
            if (auto work = m_work.find(input.id); work != m_work.end() && work->second.load_key != 0) ++loaded;
        if (loaded < static_cast<int>(document.inputs.size())) {
            activity.done = loaded;
            activity.total = static_cast<int>(document.inputs.size());
        }
    }
    Running const* longest = nullptr;
    for (Slot const& slot : m_slots)
        if (slot.running && (!longest || slot.running->started_s < longest->started_s)) longest = &*slot.running;
    if (longest) {
        InputEntry const* input = find_input(document, longest->file);
        activity.stage = longest->stage;
        if (input) activity.stage = input->name + (longest->stage.empty() ? "" : ": " + longest->stage);
        if (longest->kind == Kind::samples) activity.stage = "making sample data";
        if (longest->kind == Kind::set) {
            activity.set = true;
            if (activity.total == 0) activity.total = 1;
        }
        activity.running_for_s = now_s - longest->started_s;
        activity.fraction = longest->fraction;
        if (activity.total > 0 && !activity.set) activity.fraction = double(activity.done) / activity.total;
    }
    return activity;
}

} // namespace mg::app
