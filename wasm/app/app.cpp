#include "app/app.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "app/command_names.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/version.h"
#include "codecs/codec.h"
#include "platform/platform.h"
#include "recipe/overlay.h"

namespace mg::app {

namespace {

constexpr double k_toast_s = 5, k_failure_toast_s = 9;
constexpr double k_spinner_after_s = 0.4, k_spinner_every_s = 0.05;
constexpr double k_tick_s = 1, k_session_every_s = 1;
/// How long each of two images shows when they flicker.
constexpr float k_narrow_px = 1200;

std::string plural(std::size_t count, std::string_view what) {
    return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

std::string listed(std::vector<std::string> const& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < 3; ++i) text += (i ? ", " : "") + names[i];
    if (names.size() > 3) text += " and " + std::to_string(names.size() - 3) + " more";
    return text;
}

/// "AB01/10K420.TIF" -> "AB01/10K420.png"; parts that a ZIP may not hold are left out.
std::string png_name(std::string_view path) {
    std::string name;
    for (std::string_view part : split(stem_of(path), '/')) {
        if (part.empty() || part == "." || part == "..") continue;
        name += (name.empty() ? "" : "/") + sanitized_utf8(part);
    }
    std::replace(name.begin(), name.end(), '\\', '_');
    return (name.empty() ? "picture" : name) + ".png";
}

char const* state_name(FileState state) {
    static constexpr char const* k_names[] = {"waiting", "working", "done", "attention", "failed"};
    return k_names[static_cast<int>(state)];
}

} // namespace

App::App(Packet const& start)
    : m_history(Document{{}, {}, annotate_recipe(), overlay_recipe(), materials_recipe(), {}}),
      m_scheduler(std::clamp(static_cast<int>(start.number("workers", 1)), 1, 32)) {
    Json const* settings = start.head.find("settings");
    if (!settings) return;
    if (auto workspace = workspace_named(text_of(*settings, "workspace"))) m_view.workspace = *workspace;
    m_view.remember = text_of(*settings, "remember") == "on";
    if (std::string const kept = text_of(*settings, "session"); m_view.remember && !kept.empty()) {
        auto session = read_session(kept);
        if (!session) toast(Toast::Kind::warning, "Your last session was not kept well (" + session.error().message + ")");
        else if (!session->files.empty()) m_last = std::move(session).value();
        m_kept_session = kept;
    }
    if (text_of(*settings, "theme") == "light") m_view.theme = Theme::light;
    m_view.microscopes = microscopes_from(text_of(*settings, "microscopes"));
    if (auto scale = parse_double(text_of(*settings, "font_scale"))) m_view.font_scale = std::clamp(*scale, 0.8, 2.0);
}

// --- messages ------------------------------------------------------------------------------------------------------

void App::receive(Packet const& message, int from) {
    double const now = platform::now_s();
    if (from < 0 && message.head.find("id")) { // asking changes nothing; what a call does tells so itself
        receive_call(message);
        return update();
    }
    m_changed = m_session_due = true;
    if (from >= 0) {
        m_scheduler.receive(from, message, m_results, now);
        if (!message.head.find("progress")) update();
        return;
    }
    std::string const type = message.text("type");
    if (type == "worker_died") {
        m_scheduler.worker_died(static_cast<int>(message.number("worker")), message.text("words"), m_results);
    } else if (type == "file") {
        take_file(message);
    } else if (type == "files_begin") {
        m_to_open = static_cast<int>(std::clamp(message.number("count"), 0.0, 1e9));
    } else if (type == "files_end") {
        m_to_open.reset();
        std::vector<DroppedFile> const files = std::exchange(m_arriving, {});
        if (message.text("purpose") == "logo") {
            if (!files.empty() && m_arrived) set_logo(files.back().path, m_arrived);
        } else {
            add_files(files);
        }
        m_arrived = nullptr;
    } else if (type == "page_hide") {
        save_session(now);
    } else if (type == "toast") {
        toast(message.text("kind") == "failure" ? Toast::Kind::failure : Toast::Kind::info, message.text("text"));
    } else if (type == "full_screen") {
        m_view.full_screen = message.flag("on");
    }
    update();
}

/// The first bytes of a file that the script keeps, or, when they were not enough to know what it is, all of them.
void App::take_file(Packet const& message) {
    SharedBytes const start = message.buffer("bytes");
    if (!start) return;
    std::string const path = message.text("path");
    double const size = message.number("size"), modified = message.number("modified");
    int const number = static_cast<int>(std::clamp(message.number("file"), 0.0, 2e9));
    auto const bytes = static_cast<std::int64_t>(std::clamp(size, 0.0, 1e15));
    m_arrived = start;
    if (!m_arriving.empty() && m_arriving.back().bytes->number == number) { // asked for below
        m_arriving.back().start = kept_start(path, *start, bytes);
        return;
    }
    std::string const seal = sha256_hex(*start) + " " + format_shortest(modified);
    m_arriving.push_back({path, owned({.number = number, .size = bytes, .seal = seal}), kept_start(path, *start, bytes)});
    if (wants_whole(path, *start, bytes)) platform::want_whole(number);
}

/// Calls of the automation API; each is answered once.
void App::receive_call(Packet const& message) {
    std::string const type = message.text("type");
    int const id = static_cast<int>(message.number("id"));
    Json head;
    if (type == "state") {
        head.add("state", state());
        return platform::answer(id, std::move(head));
    }
    if (type == "when_idle") return m_idle_calls.push_back(id);
    if (type == "run") {
        if (Status const status = run(message); !status) head.add("error", status.error().message);
        return platform::answer(id, std::move(head));
    }
    if (type == "export") {
        InputEntry const* input = message.text("name").empty() ? find_input(document(), m_view.selected)
                                                               : find_named(document(), message.text("name"));
        if (input) return start_export(Purpose::answer_png, {input->id}, id);
        head.add("error", message.text("name").empty() ? "no file is selected" : "no file of that name is open");
        return platform::answer(id, std::move(head));
    }
    if (type == "export_all") {
        std::vector<int> ids;
        for (InputEntry const& input : document().inputs) ids.push_back(input.id);
        return start_export(Purpose::answer_zip, ids, id);
    }
    if (type == "export_set") return start_set_export(Purpose::answer_zip, id);
    if (type == "test") {
        m_scheduler.start_test(message.text("kind"), message.number("seconds"));
        return platform::answer(id, Json(Json::Object{}));
    }
    if (type == "command") {
        auto command = command_from(message.text("name"), message.head, document(), m_view);
        if (command)
            carry_out({std::move(command).value()});
        else
            head.add("error", command.error().message);
        return platform::answer(id, std::move(head));
    }
}

/// {"text": recipe text} or {"values": {"despike.threshold_sigma": "5", "beam_spot": "off"}}; all or nothing.
Status App::run(Packet const& message) {
    Recipe recipe = recipe_of(document(), m_view.workspace);
    if (std::string const text = message.text("text"); !text.empty()) {
        MG_TRY(recipe, read_recipe(as_bytes(text), fresh_recipe(m_view.workspace)));
    }
    if (Json const* values = message.head.find("values"); values && values->as_object())
        for (JsonMember const& member : *values->as_object())
            if (std::string const* text = member.value.as_string()) MG_TRY_DO(set_value(recipe, member.key, *text));
    carry_out({SetRecipe{std::move(recipe)}});
    return Done{};
}

// --- commands ------------------------------------------------------------------------------------------------------

struct App::Handler {
    App& app;

    /// The ones that change the document and nothing else.
    template <class C>
    void document_command(C const& c, std::string gesture = {}) {
        app.change(applied(app.document(), c, app.m_next_id, app.m_view.workspace), std::move(gesture));
    }

    void operator()(AddFiles const& c) { app.add_files(c.files); }
    void operator()(RemoveFile const& c) {
        auto const& inputs = app.document().inputs;
        auto const at = std::find_if(inputs.begin(), inputs.end(), [&](InputEntry const& i) { return i.id == c.id; });
        int next = app.m_view.selected;
        if (at != inputs.end() && c.id == next)
            next = at + 1 != inputs.end() ? (at + 1)->id : at != inputs.begin() ? (at - 1)->id : 0;
        document_command(c);
        app.select(next);
    }
    void operator()(RemoveAllFiles const& c) {
        document_command(c);
        app.select(0);
    }
    void operator()(ChoosePage const& c) { document_command(c); }
    void operator()(OpenPages const& c) { document_command(c); }
    void operator()(SetParam const& c) { document_command(c, c.gesture); }
    void operator()(ResetParam const& c) { document_command(c); }
    void operator()(SetEnabled const& c) { document_command(c); }
    void operator()(ResetStep const& c) { document_command(c); }
    void operator()(SetRecipe const& c) { document_command(c); }
    void operator()(UsePreset const& c) { document_command(c); }
    void operator()(Undo const&) {
        Document const before = app.document();
        app.m_history.undo();
        follow(before);
    }
    void operator()(Redo const&) {
        Document const before = app.document();
        app.m_history.redo();
        follow(before);
    }
    /// To the workspace in which something has changed.
    void follow(Document const& before) {
        Document const& now = app.document();
        std::vector<Workspace> changed;
        for (Workspace each : {Workspace::annotate, Workspace::overlay, Workspace::materials})
            if (recipe_of(now, each) != recipe_of(before, each)) changed.push_back(each);
        if (changed.size() == 1) app.go_to(changed.front());
        app.select(app.m_view.selected);
    }

    void operator()(SetView const& c) {
        ViewState const before = std::exchange(app.m_view, c.view);
        app.m_view.selected = before.selected; // Select changes that
        if (before.theme != c.view.theme)
            platform::save_setting("theme", c.view.theme == Theme::light ? "light" : "dark");
        if (before.microscopes != c.view.microscopes)
            platform::save_setting("microscopes", microscopes_text(c.view.microscopes));
        if (before.font_scale != c.view.font_scale)
            platform::save_setting("font_scale", format_shortest(c.view.font_scale));
        if (before.remember != c.view.remember) {
            platform::save_setting("remember", c.view.remember ? "on" : "");
            if (!c.view.remember) forget();
        }
        if (before.full_screen != c.view.full_screen) platform::set_full_screen(c.view.full_screen);
        if (before.workspace != c.view.workspace) {
            platform::save_setting("workspace", workspace_name(c.view.workspace));
            app.m_view.fit = true; // another picture
        }
    }
    void forget() {
        app.m_last.reset();
        app.m_reunion.reset();
        app.m_kept_session.clear();
        platform::save_setting("session", "");
    }
    void operator()(GoOn const&) { app.go_on(); }
    void operator()(ForgetSession const&) { forget(); }
    void operator()(Select const& c) { app.select(c.id); }
    void operator()(SelectNext const& c) {
        auto const& inputs = app.document().inputs;
        if (inputs.empty()) return;
        int const count = static_cast<int>(inputs.size());
        int at = 0;
        while (at < count && inputs[static_cast<std::size_t>(at)].id != app.m_view.selected) ++at;
        at = std::clamp(at + c.by, 0, count - 1);
        app.select(inputs[static_cast<std::size_t>(at)].id);
    }

    void operator()(OpenDialog const& c) { platform::open_dialog(c.folder, "images"); }
    bool of_sets() const { return app.m_view.workspace != Workspace::annotate; }
    void operator()(OpenSamples const&) {
        app.m_scheduler.start_samples(app.m_view.workspace == Workspace::materials ? "maps" : "images");
    }
    void operator()(SavePng const&) { selected_export(Purpose::save_png); }
    void operator()(CopyImage const&) { selected_export(Purpose::copy); }
    void operator()(SaveAllZip const&) {
        if (of_sets()) return app.start_set_export(Purpose::save_zip);
        std::vector<int> ids;
        for (InputEntry const& input : app.document().inputs) ids.push_back(input.id);
        if (!ids.empty()) app.start_export(Purpose::save_zip, ids);
    }
    void operator()(SaveRecipe const&) {
        std::string const text = to_text(recipe_of(app.document(), app.m_view.workspace));
        platform::download("recipe.txt", "text/plain;charset=utf-8", {{as_bytes(text)}});
    }
    void operator()(AlignAgain const&) {
        app.m_desk.retry();
        app.m_materials.retry();
    }
    void operator()(SaveConfig const&) {
        OverlayResult const& overlay = app.m_results.overlay;
        std::vector<std::string> names;
        if (overlay.shown >= 0)
            for (int id : overlay.series[static_cast<std::size_t>(overlay.shown)].given) {
                InputEntry const* input = find_input(app.document(), id);
                names.push_back(input ? input->name : "dummy");
            }
        std::string const text = write_config_text(app.document().overlay, names);
        platform::download("config.txt", "text/plain;charset=utf-8", {{as_bytes(text)}});
    }
    void operator()(PlacePoint const& c) {
        InputEntry const* file = find_input(app.document(), c.file);
        InputEntry const* other = find_input(app.document(), c.other);
        if (!file || !other || file == other) return;
        // A Lab image and an SE image differ in scale: their surroundings do not fit each other pixel by pixel.
        if (app.m_view.workspace == Workspace::materials) return app.keep_point(c);
        SetRequest request{"refine_point/" + std::to_string(app.m_next_set++), {*other, *file}, {}, 0};
        Json pair{Json::Array{}};
        for (double value : {c.pair.from.x, c.pair.from.y, c.pair.to.x, c.pair.to.y}) pair.push(value);
        request.head.add("pair", std::move(pair));
        request.head.add("recipe", to_json(Recipe{}));
        request.key = static_cast<std::uint64_t>(app.m_next_set);
        app.m_points.emplace_back(request.key, c);
        app.m_scheduler.ask_set(std::move(request));
    }
    void operator()(NameMaterial const& c) { app.edit_materials(c, c.gesture); }
    void operator()(LockMaterial const& c) { app.edit_materials(c); }
    void operator()(ColourMaterial const& c) { app.edit_materials(c, c.gesture); }
    void operator()(MergeMaterials const& c) { app.edit_materials(c); }
    void operator()(SplitMaterial const& c) { app.edit_materials(c); }
    void operator()(AddMaterial const& c) { app.edit_materials(c); }
    void operator()(ForgetMaterial const& c) { app.edit_materials(c); }
    void operator()(ForgetMaterials const& c) { app.edit_materials(c); }
    void operator()(SetMaterialCount const& c) { app.edit_materials(c); }
    void operator()(PaintMaterial const& c) { app.edit_materials(c, c.gesture); }
    void operator()(ClearBrush const& c) { app.edit_materials(c); }
    void operator()(CopyText const& c) { platform::copy_text(c.text); }
    void operator()(ChooseLogo const&) { platform::open_dialog(false, "logo"); }
    void operator()(CancelWork const&) { app.m_scheduler.cancel(app.m_results, platform::now_s()); }

    void selected_export(Purpose purpose) {
        if (of_sets()) return app.start_set_export(purpose);
        if (find_input(app.document(), app.m_view.selected)) app.start_export(purpose, {app.m_view.selected});
    }
};

void App::carry_out(CommandSink commands) {
    if (commands.empty()) return;
    m_changed = m_session_due = true;
    for (Command const& command : commands) std::visit(Handler{*this}, command);
    update();
}

void App::change(Document next, std::string gesture) {
    m_history.change(std::move(next), std::move(gesture));
}

void App::select(int id) {
    auto const& inputs = document().inputs;
    if (!find_input(document(), id)) id = inputs.empty() ? 0 : inputs.front().id;
    m_view.selected = id;
}

void App::go_to(Workspace workspace) {
    if (m_view.workspace == workspace) return;
    m_view.workspace = workspace;
    m_view.fit = true;
}

void App::toast(Toast::Kind kind, std::string text) {
    double const life = kind == Toast::Kind::failure || kind == Toast::Kind::warning ? k_failure_toast_s : k_toast_s;
    std::erase_if(m_toasts, [&](Toast const& t) { return t.text == text; });
    m_toasts.push_back({kind, std::move(text), platform::now_s() + life});
    constexpr std::size_t k_most_toasts = 4;
    if (m_toasts.size() > k_most_toasts) m_toasts.erase(m_toasts.begin());
    m_changed = true;
}

void App::add_files(std::vector<DroppedFile> const& files) {
    if (m_last && expects(*m_last, files)) go_on();
    DropOutcome outcome = with_files(document(), files, m_next_id, m_view.workspace);
    if (!outcome.added.empty()) m_next_id = outcome.added.back() + 1;
    if (!outcome.added.empty()) m_last.reset(); // something else has begun
    int again = 0; // the file that was selected in the last session
    if (m_reunion) {
        bool const there = m_reunion->input_of(m_reunion->session().selected) != 0;
        outcome.document = m_reunion->joined(std::move(outcome.document), m_next_id);
        if (!there) again = m_reunion->input_of(m_reunion->session().selected);
    }
    change(std::move(outcome.document));
    for (std::string const& words : outcome.failures) toast(Toast::Kind::failure, words);
    if (!outcome.lonely.empty())
        toast(Toast::Kind::warning,
              listed(outcome.lonely) + ": belongs to an image of the same name, which is not open yet");
    if (!outcome.unknown.empty())
        toast(Toast::Kind::info, listed(outcome.unknown) + ": left out, neither an image nor a text of a microscope that is known");
    if (!outcome.again.empty() && outcome.added.empty())
        toast(Toast::Kind::info, listed(outcome.again) + ": open already");
    if (again != 0) select(again);
    if (!outcome.added.empty() && !find_input(document(), m_view.selected)) select(outcome.added.front());
    std::vector<InputEntry> added;
    for (int const id : outcome.added)
        if (InputEntry const* input = find_input(document(), id)) added.push_back(*input);
    if (!m_reunion && are_element_maps(added)) go_to(Workspace::materials);
    if (outcome.config) {
        go_to(Workspace::overlay);
        FoundConfig const& config = *outcome.config;
        std::string text = "Settings of " + config.from + " taken over";
        if (!config.missing.empty()) text += "; it names " + listed(config.missing) + ", which is not open";
        toast(config.missing.empty() ? Toast::Kind::ok : Toast::Kind::warning, std::move(text));
        constexpr std::size_t k_most_warnings = 3;
        for (std::size_t i = 0; i < config.warnings.size() && i < k_most_warnings; ++i)
            toast(Toast::Kind::warning, i + 1 == k_most_warnings && config.warnings.size() > k_most_warnings
                                            ? plural(config.warnings.size() - i, "more line") + " of " + config.from + " not understood"
                                            : config.from + ": " + config.warnings[i]);
    }
    if (!outcome.recipe) return;

    go_to(workspace_of(outcome.recipe->recipe));
    std::string text = "Recipe of " + outcome.recipe->from + " restored";
    std::vector<std::string> missing;
    for (std::string const& name : outcome.recipe->inputs) {
        if (InputEntry const* input = find_named(document(), name))
            select(input->id);
        else if (!name.starts_with('_'))
            missing.push_back(name);
    }
    if (!missing.empty()) text += "; made from " + listed(missing) + ", which is not open";
    toast(missing.empty() ? Toast::Kind::ok : Toast::Kind::warning, std::move(text));
    for (std::string const& warning : outcome.recipe->warnings) toast(Toast::Kind::warning, warning);
}

void App::set_logo(std::string const& path, SharedBytes const& bytes) {
    std::string const name{file_name_of(path)};
    StepUse const* databar = find_use(document().recipe, "databar");
    if (!databar) return;
    if (!is_png(*bytes))
        return toast(Toast::Kind::failure, name + " is no PNG; save your logo as a PNG and choose that");
    for (Param const& param : databar->step->params) {
        if (param.kind != ParamKind::blob) continue;
        if (static_cast<double>(bytes->size()) > param.info.maximum && param.info.maximum > 0)
            return toast(Toast::Kind::failure, name + " is too large for a logo; make it smaller");
        return carry_out({SetParam{"databar", std::string(param.info.key), *bytes, {}, 0}});
    }
}

// --- exports -------------------------------------------------------------------------------------------------------

void App::start_export(Purpose purpose, std::vector<int> const& ids, int answer_id) {
    m_waiting.push_back({m_scheduler.start_export(document(), ids), purpose, answer_id});
}

void App::take_finished() {
    for (Finished const& finished : m_scheduler.take_finished())
        for (std::size_t i = 0; i < m_waiting.size(); ++i)
            if (m_waiting[i].token == finished.token) {
                Waiting const waiting = m_waiting[i];
                m_waiting.erase(m_waiting.begin() + static_cast<std::ptrdiff_t>(i));
                finish(waiting, finished);
                break;
            }
    for (SetAnswer const& set_answer : m_scheduler.take_set_answers()) take_set_answer(set_answer);
    for (std::string const& words : m_scheduler.take_complaints()) toast(Toast::Kind::failure, words);
    std::vector<DroppedFile> samples;
    for (LooseFile& sample : m_scheduler.take_samples())
        samples.push_back({std::move(sample.path), std::move(sample.bytes)});
    for (DroppedFile const& sample : samples) m_desk.know_sample(sample.path, sample.bytes);
    if (!samples.empty()) add_files(samples);
}

void App::finish(Waiting const& waiting, Finished const& finished) {
    std::vector<ExportedFile> const& files = finished.files;
    bool const for_answer = waiting.purpose == Purpose::answer_png || waiting.purpose == Purpose::answer_zip;
    std::string failure = finished.cancelled ? "stopped by you" : files.empty() ? "there is nothing to save" : "";
    bool const single = waiting.purpose != Purpose::save_zip && waiting.purpose != Purpose::answer_zip;
    if (failure.empty() && single && !files.front().png) failure = files.front().name + ": " + files.front().failure;
    if (!failure.empty()) {
        Json head;
        head.add("error", failure);
        if (for_answer)
            platform::answer(waiting.answer, std::move(head));
        else if (!finished.cancelled)
            toast(Toast::Kind::failure, "Not saved: " + failure);
        return;
    }
    switch (waiting.purpose) {
    case Purpose::save_png:
        platform::download(png_name(files.front().name), "image/png", {{{}, files.front().png->number}});
        return toast(Toast::Kind::ok, png_name(files.front().name) + " saved");
    case Purpose::copy:
        return platform::copy_png(files.front().png->number);
    case Purpose::answer_png:
        return platform::answer(waiting.answer, Json(Json::Object{}), {{{}, files.front().png->number}});
    case Purpose::answer_zip: {
        Archive archive = archive_of(finished);
        auto const parts = archive.parts();
        if (parts) return platform::answer(waiting.answer, Json(Json::Object{}), *parts);
        Json head;
        head.add("error", parts.error().message);
        return platform::answer(waiting.answer, std::move(head));
    }
    case Purpose::save_zip: {
        Archive archive = archive_of(finished);
        auto const parts = archive.parts();
        if (!parts) return toast(Toast::Kind::failure, "Not saved: " + parts.error().message);
        platform::download("micrographia.zip", "application/zip", *parts);
        auto const failed = static_cast<std::size_t>(
            std::count_if(files.begin(), files.end(), [](ExportedFile const& file) { return !file.png; }));
        if (failed == 0) return toast(Toast::Kind::ok, plural(files.size(), "picture") + " saved");
        return toast(Toast::Kind::warning, plural(files.size() - failed, "picture") + " saved; " +
                                               plural(failed, "file") + " failed: log.txt in the ZIP says why");
    }
    }
}

Archive App::archive_of(Finished const& finished) const {
    std::string log, failures;
    std::set<std::string> taken;
    Archive archive;
    for (ExportedFile const& file : finished.files) {
        if (!file.png) {
            failures += file.path + ": " + file.failure + "\n";
            continue;
        }
        std::string name = png_name(file.path);
        for (int copy = 2; !taken.insert(lowered(name)).second; ++copy)
            name = std::string(stem_of(png_name(file.path))) + " (" + std::to_string(copy) + ").png";
        log += file.path + " -> " + name + "\n";
        for (Note const& note : file.notes)
            if (!note.text.empty()) log += "    " + note.step + ": " + note.text + "\n";
        archive.add(std::move(name), file.png);
    }
    std::string const head = std::string("Micrographia ") + k_version + "\n" + std::to_string(archive.count()) + " of " +
                             plural(finished.files.size(), "file") + " written\n\n";
    if (!failures.empty()) failures = "Failed:\n" + failures + "\n";
    std::string const recipe = to_text(document().recipe);
    archive.add_text("log.txt", head + failures + log + "\nSettings:\n" + recipe);
    archive.add_text("recipe.txt", recipe);
    return archive;
}

// --- the last session -----------------------------------------------------------------------------------------------

/// Recipes and edits are there at once, the files when they are dropped again.
void App::go_on() {
    if (!m_last) return;
    Session const& last = *m_last;
    Document next = document();
    next.recipe = last.recipe;
    next.overlay = last.overlay;
    next.materials = last.materials;
    next.stack = last.stack;
    change(std::move(next));
    m_view.workspace = last.workspace;
    m_view.fit = last.fit;
    m_view.zoom = last.zoom;
    m_view.centre_x = last.centre_x;
    m_view.centre_y = last.centre_y;
    m_reunion.emplace(std::move(*m_last));
    m_last.reset();
}

void App::reunite() {
    if (!m_reunion) return;
    Reunion::Recognised recognised = m_reunion->recognise(document(), m_results);
    if (recognised.document) change(std::move(*recognised.document));
    std::vector<std::string> changed;
    for (Reunion::Word const& word : recognised.words)
        if (word.kind == Reunion::Word::Kind::changed) changed.emplace_back(file_name_of(word.path));
        else toast(Toast::Kind::info, std::string(file_name_of(word.path)) + " was called " + std::string(file_name_of(word.old_path)) + " in your last session: its settings are back");
    if (!changed.empty())
        toast(Toast::Kind::warning, listed(changed) + (changed.size() == 1 ? ": its content is" : ": their content is") +
                                        " not what it was in your last session; the settings were taken over by name");
}

void App::save_session(double now) {
    m_session_due = false;
    m_session_s = now;
    if (!m_view.remember || m_last) return;
    Session session = session_of(document(), m_view, m_results);
    if (m_reunion)
        for (SessionFile& file : m_reunion->missing()) session.files.push_back(std::move(file));
    std::string text = session_text(session);
    if (text == m_kept_session) return;
    m_kept_session = std::move(text);
    platform::save_setting("session", m_kept_session);
}

// --- time ----------------------------------------------------------------------------------------------------------

void App::update() {
    double const now = platform::now_s();
    m_scheduler.update(document(), m_view, m_results, now);
    take_finished();
    reunite();
    m_desk.update({document(), m_history.revision(), m_view, m_results, m_scheduler});
    m_materials.update({document(), m_history.revision(), m_view, m_results, m_scheduler});
    if (m_view.workspace == Workspace::materials)
        m_plots.update(m_results.materials, m_view.materials, m_view.theme);
    m_scheduler.update(document(), m_view, m_results, now); // samples and the like may have come
    if (auto wanted = m_scheduler.take_wanted_s()) m_shown_wanted_s = wanted;
    if (!idle()) return;
    for (int id : std::exchange(m_idle_calls, {})) platform::answer(id, Json(Json::Object{}));
}

void App::tick() {
    double const now = platform::now_s();
    if (std::erase_if(m_toasts, [&](Toast const& t) { return t.until_s <= now; }) > 0) m_changed = true;
    if (m_view.workspace == Workspace::overlay && m_view.overlay.show == OverlayShow::flicker) m_changed = true;
    if (m_session_due && now >= m_session_s + k_session_every_s) save_session(now);
    if (m_scheduler.idle()) return;
    int const restarts = m_scheduler.restarts();
    m_scheduler.check_silence(m_results, now);
    if (m_scheduler.restarts() != restarts) update();
    if (m_scheduler.activity(document(), now).running_for_s > k_spinner_after_s) m_changed = true;
}

std::optional<double> App::next_frame_s() const {
    double const now = platform::now_s();
    std::optional<double> next;
    auto const want = [&](double in_s) { next = next ? std::min(*next, in_s) : in_s; };
    for (Toast const& t : m_toasts) want(std::max(0.0, t.until_s - now) + 0.01);
    if (m_session_due && m_view.remember) want(std::max(0.0, m_session_s + k_session_every_s - now) + 0.01);
    if (m_view.workspace == Workspace::overlay && m_view.overlay.show == OverlayShow::flicker && m_results.overlay.placed)
        want(k_flicker_s - std::fmod(now, k_flicker_s) + 0.005);
    if (m_scheduler.idle()) return next;
    double const running_for = m_scheduler.activity(document(), now).running_for_s;
    want(running_for < k_spinner_after_s ? k_spinner_after_s - running_for + 0.01 : k_spinner_every_s);
    want(k_tick_s);
    return next;
}

PanelInput App::panel_input(PictureSink& pictures, float width, float height) {
    double const now = platform::now_s();
    m_activity = m_scheduler.activity(document(), now);
    m_activity.toasts = m_toasts;
    if (m_to_open) m_activity.opening = static_cast<int>(m_arriving.size());
    m_activity.to_open = m_to_open.value_or(0);
    m_last_words.clear();
    if (m_last)
        m_last_words = "Your last session: " + plural(m_last->files.size(), "file") + ". Drop " + (m_last->files.size() == 1 ? "it" : "them") + " again to go on.";
    else if (m_reunion && m_reunion->waiting() > 0)
        m_last_words = "Your settings are back. Drop the " + plural(m_reunion->waiting(), "file") + " of your last session again.";
    return {.document = document(),
            .revision = m_history.revision(),
            .results = m_results,
            .view = m_view,
            .activity = m_activity,
            .can_undo = m_history.can_undo(),
            .can_redo = m_history.can_redo(),
            .narrow = width < k_narrow_px,
            .time_s = now,
            .area = {0, 0, width, height},
            .pictures = pictures,
            .items = m_items,
            .notices = {},
            .last_session = m_last_words,
            .can_go_on = m_last.has_value()};
}

void App::drawn() {
    ++m_frames;
    if (auto wanted = std::exchange(m_shown_wanted_s, std::nullopt)) m_last_ms = (platform::now_s() - *wanted) * 1000;
}

Json App::state() const {
    Json state;
    Json files{Json::Array{}};
    for (InputEntry const& input : document().inputs) {
        Json file;
        file.add("id", input.id);
        file.add("name", input.name);
        file.add("path", input.path);
        file.add("page", input.page + 1);
        file.add("twin", input.twin != nullptr);
        file.add("sidecar", input.sidecar != nullptr);
        auto const found = m_results.files.find(input.id);
        FileResult const none;
        FileResult const& result = found == m_results.files.end() ? none : found->second;
        file.add("state", state_name(result.state));
        file.add("words", result.words);
        file.add("progress", result.progress);
        file.add("format", result.format);
        file.add("pages", result.page_count);
        file.add("milliseconds", result.milliseconds);
        file.add("width", result.picture ? result.picture->size.width : 0);
        file.add("height", result.picture ? result.picture->size.height : 0);
        Json notes{Json::Array{}};
        for (Note const& note : result.notes)
            if (!note.text.empty()) notes.push(note.step + ": " + note.text);
        file.add("notes", std::move(notes));
        files.push(std::move(file));
    }
    state.add("files", std::move(files));
    InputEntry const* selected = find_input(document(), m_view.selected);
    state.add("selected", selected ? Json(selected->name) : Json(nullptr));
    state.add("recipe", to_text(recipe_of(document(), m_view.workspace)));
    state.add("can_undo", m_history.can_undo());
    state.add("can_redo", m_history.can_redo());
    state.add("view", view_json(m_view));
    if (m_view.workspace == Workspace::overlay) state.add("overlay", overlay_state());
    if (m_view.workspace == Workspace::materials) state.add("materials", materials_state());
    state.add("frames", m_frames);
    state.add("workers", m_scheduler.worker_count());
    state.add("restarts", m_scheduler.restarts());
    state.add("last_session", m_last ? static_cast<int>(m_last->files.size()) : 0);
    state.add("missing", m_reunion ? static_cast<int>(m_reunion->waiting()) : 0);
    state.add("last_ms", m_last_ms);
    state.add("idle", idle());
    Json toasts{Json::Array{}};
    for (Toast const& t : m_toasts) toasts.push(t.text);
    state.add("toasts", std::move(toasts));
    state.add("items", items_json(m_items.items()));
    return state;
}

} // namespace mg::app
