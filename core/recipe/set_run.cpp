// Each file's own steps run in parallel with a cache per file; the channels are put in order by the rules of the
// workflow (channel_set.h, map_set.h); the rest of the chain runs on the whole set, with the scene kept after each
// step.
#include "recipe/set_run.h"

#include <algorithm>

#include "base/text.h"
#include "ops/known_materials.h"
#include "recipe/channel_set.h"
#include "recipe/map_set.h"

namespace mg {
namespace {

/// It only tells what a channel is and changes no pixel: run after the other steps of a file, it spoils none of their
/// results.
constexpr std::string_view k_settings_step = "channel";
/// The same for element maps. Which of a file's later steps are for it depends on its role in the set, so they run
/// after the set is known; and it changes pixels.
constexpr std::string_view k_map_step = "map";
/// The first steps of a set that look at labels, tints, gains and black levels, and at the colours given to materials.
constexpr std::string_view k_first_look_steps[] = {"compose", "colours"};

/// A file's share of a job: its own notes; stops when the whole stops.
class PartJob : public Job {
public:
    explicit PartJob(Job& whole) : m_whole(whole) {}
    bool cancelled() const override { return m_whole.cancelled(); }
    void for_each(std::size_t count, std::function<void(std::size_t)> const& part) override {
        m_whole.for_each(count, part);
    }

private:
    Job& m_whole;
};

bool is_of_maps(Recipe const& recipe) {
    return find_use(recipe, k_map_step) != nullptr;
}

/// The first step that is run when the set is known.
std::size_t first_set_step(Recipe const& recipe) {
    std::size_t i = 0;
    if (is_of_maps(recipe)) {
        while (recipe.steps[i].step->id != k_map_step) ++i;
        return i + 1;
    }
    while (i < recipe.steps.size() && !recipe.steps[i].step->whole_set) ++i;
    return i;
}

std::vector<Override> overrides_of(Recipe const& recipe, std::string_view step) {
    std::vector<Override> result;
    for (Override const& change : recipe.overrides)
        if (change.step == step) result.push_back(change);
    return result;
}

/// Notes of one image of several, which say whose they are.
void add_named(Job& job, std::vector<Note> notes, std::string_view name) {
    for (Note& note : notes)
        if (!note.text.empty()) note.text = std::string(name) + ": " + note.text;
    job.add_notes(notes);
}

std::string source_of(Loaded const& loaded) {
    std::string source;
    for (InputHash const& input : loaded.inputs) source += paged_name(input.file_name, input.page) + "\n" + input.sha256 + "\n";
    if (!loaded.scene.channels.empty()) source += loaded.scene.channels.front().relative_path;
    return source + "\n" + format_shortest(loaded.scene.preview_scale) + "\n";
}

/// What a channel's pixels and its place depend on, besides its source.
std::string place_settings(Channel const& channel) {
    return std::to_string(static_cast<int>(channel.role)) + "\n" + channel.settings.motion + "\n" +
           channel.settings.points + "\n";
}

/// All else that the user or the set says of it.
std::string look_settings(Channel const& channel) {
    ChannelSettings const& s = channel.settings;
    auto const number = [](std::optional<double> const& value) { return value ? format_shortest(*value) : "-"; };
    std::string text = channel.label + "\n" + number(s.order) + " " + number(s.value) + "\n" + s.quantity + "\n" +
                       s.unit + "\n" + std::to_string(s.slot) + " ";
    if (s.tint)
        for (float const part : {s.tint->r, s.tint->g, s.tint->b}) text += format_shortest(part) + " ";
    text += "\n" + format_shortest(s.gain) + (s.shown ? " shown " : " hidden ") +
            std::to_string(static_cast<int>(s.dark)) + " " + format_shortest(s.dark_percent);
    for (int const part : {s.dark_area.x, s.dark_area.y, s.dark_area.width, s.dark_area.height})
        text += " " + std::to_string(part);
    return text + "\n";
}

/// Which of `before` each channel of `after` was; -1 for new ones, such as composites. Steps may append and leave out,
/// but never reorder, nor change a role.
std::vector<int> origins(std::vector<Channel> const& before, std::vector<Channel> const& after) {
    std::vector<int> result;
    std::size_t next = 0;
    for (Channel const& channel : after) {
        std::size_t i = next;
        while (i < before.size() &&
               (before[i].role != channel.role || before[i].relative_path != channel.relative_path ||
                before[i].file_name != channel.file_name))
            ++i;
        result.push_back(i < before.size() ? static_cast<int>(i) : -1);
        if (i < before.size()) next = i + 1;
    }
    return result;
}

/// A stage's scene was made before the settings that move no pixel changed.
void refresh_settings(Scene& scene, Scene const& fresh) {
    auto const from = origins(fresh.channels, scene.channels);
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (from[i] < 0) continue;
        Channel const& source = fresh.channels[static_cast<std::size_t>(from[i])];
        scene.channels[i].settings = source.settings;
        scene.channels[i].label = source.label;
    }
    scene.palette_slots = fresh.palette_slots;
}

void release_pixels(Scene& scene) {
    for (Channel& channel : scene.channels) {
        channel.planes.clear();
        channel.mask.reset();
    }
}

/// A step that knows one image only, over all images of the set, with each one's overrides. Steps for pictures would
/// spoil the counts of element maps, which are left as they are.
Status run_one_by_one(StepUse const& use, std::vector<Override> const& overrides, Scene& scene, Job& job) {
    struct Part {
        Scene scene;
        std::unique_ptr<PartJob> job;
        Status status = Done{};
    };
    std::vector<Part> parts(scene.channels.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Part& part = parts[i];
        part.job = std::make_unique<PartJob>(job);
        part.scene.output = scene.output;
        part.scene.preview_scale = scene.preview_scale;
        part.scene.palette_slots = scene.palette_slots;
        part.scene.materials = scene.materials;
        part.scene.channels.push_back(std::move(scene.channels[i]));
    }
    job.for_each(parts.size(), [&](std::size_t i) {
        Part& part = parts[i];
        if (part.scene.channels.front().role == Role::element_map) return;
        Recipe const own = recipe_for_file({{use}, overrides}, part.scene.channels.front().file_name);
        part.status = run_steps(own, part.scene, *part.job);
    });
    scene.channels.clear();
    for (Part& part : parts) {
        if (!part.status) return part.status;
        if (part.scene.channels.empty()) continue;
        add_named(job, part.job->notes(), part.scene.channels.front().label);
        scene.channels.push_back(std::move(part.scene.channels.front()));
        scene.output = part.scene.output;
    }
    return Done{};
}

/// The files' channels, which are taken out of `singles`, in the order of the set.
ChannelSet set_of_channels(std::span<SetRun::File const> files, std::vector<Scene>& singles) {
    std::vector<SetMember> members;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (!files[i].loaded) {
            members.push_back({files[i].id, std::nullopt});
            continue;
        }
        if (singles[i].channels.empty() || singles[i].channels.front().settings.left_out) continue;
        members.push_back({files[i].id, std::move(singles[i].channels.front())});
    }
    return channel_set(std::move(members));
}

/// Colours that the user gave to materials stand in the text that tells the step "cluster" about them, but change
/// nothing of what it finds: they are taken out of the recipe, for the step "colours".
std::vector<std::pair<std::string, Rgb>> taken_colours(Recipe& recipe) {
    StepUse* const use = find_use(recipe, "cluster");
    int const index = use ? param_index(*use->step, "materials") : -1;
    std::string* const text =
        index < 0 ? nullptr : std::get_if<std::string>(&use->values[static_cast<std::size_t>(index)]);
    if (!text) return {};
    auto known = parse_known_materials(*text);
    if (!known) return {}; // the step says why
    std::vector<std::pair<std::string, Rgb>> colours;
    for (KnownMaterial& material : *known) {
        if (material.picked) colours.emplace_back(material.name, *material.picked);
        material.picked.reset();
    }
    *text = known_materials_text(*known);
    return colours;
}

void give_colours(Scene& scene, std::vector<std::pair<std::string, Rgb>> const& colours) {
    if (!scene.materials || colours.empty()) return;
    auto materials = std::make_shared<Materials>(*scene.materials);
    for (Material& material : materials->list)
        for (auto const& [name, colour] : colours)
            if (material.name_given && material.name == name) material.picked = colour;
    scene.materials = std::move(materials);
}

bool has_maps(Scene const& scene) {
    return std::any_of(scene.channels.begin(), scene.channels.end(),
                       [](Channel const& channel) { return channel.role == Role::element_map; });
}

ChannelSet set_of_maps(std::span<SetRun::File const> files, std::vector<Scene>& singles, Job& job) {
    std::vector<MapMember> members;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (!files[i].loaded || singles[i].channels.empty() || singles[i].channels.front().settings.left_out) continue;
        members.push_back({files[i].id, std::move(singles[i].channels.front()), files[i].loaded->sha256});
    }
    MapFiles found = map_set(std::move(members));
    job.begin_step(std::string(k_map_step));
    for (auto const* remarks : {&found.left_out, &found.remarks})
        for (MapFiles::Remark const& remark : *remarks) job.note("warning", remark.text, remark.text);
    return {std::move(found.scene), std::move(found.ids)};
}

} // namespace

bool needs_whole_set(Recipe const& recipe) {
    for (StepUse const& use : recipe.steps)
        if (use.enabled && use.step->whole_set) return true;
    return false;
}

SetRun::Single& SetRun::single(int id) {
    auto const found =
        std::find_if(m_singles.begin(), m_singles.end(), [&](Single const& one) { return one.id == id; });
    if (found != m_singles.end()) return *found;
    m_singles.emplace_back().id = id;
    return m_singles.back();
}

std::vector<Note> SetRun::file_notes(int id) const {
    for (Single const& one : m_singles)
        if (one.id == id) return one.notes;
    return {};
}

void SetRun::clear() {
    m_singles.clear();
    m_source.clear();
    m_look.clear();
    m_stages.clear();
    m_failures.clear();
    m_ids.clear();
    m_members = {};
    m_member_ids.clear();
}

/// Runs each file's own steps; a scene without channels is a file that failed, or a placeholder.
Status SetRun::run_files(Recipe const& recipe, std::span<File const> files, std::vector<Scene>& singles, Job& job) {
    m_singles.erase(std::remove_if(m_singles.begin(), m_singles.end(),
                                   [&](Single const& one) {
                                       return std::none_of(files.begin(), files.end(), [&](File const& file) {
                                           return file.loaded && file.id == one.id;
                                       });
                                   }),
                    m_singles.end());
    for (File const& file : files)
        if (file.loaded) single(file.id); // now, so that no thread makes the list grow

    // The settings step last: see k_settings_step.
    Recipe pixels{{}, recipe.overrides}, settings{{}, recipe.overrides};
    for (StepUse const& use : recipe.steps) (use.step->id == k_settings_step ? settings : pixels).steps.push_back(use);

    struct Part {
        std::unique_ptr<PartJob> job;
        Status status = Done{};
    };
    std::vector<Part> parts(files.size());
    singles.resize(files.size());
    job.begin_step("");
    job.progress(0, "Preparing the images");
    job.for_each(files.size(), [&](std::size_t i) {
        if (!files[i].loaded || files[i].loaded->scene.channels.empty()) return;
        Loaded const& loaded = *files[i].loaded;
        Part& part = parts[i];
        part.job = std::make_unique<PartJob>(job);
        std::string const& name = loaded.scene.channels.front().file_name;
        part.status = [&]() -> Status {
            if (m_keeps_stages) {
                MG_TRY_DO(single(files[i].id).steps.run(pixels, loaded, singles[i], *part.job));
            } else {
                singles[i] = loaded.scene;
                MG_TRY_DO(run_steps(recipe_for_file(pixels, name), singles[i], *part.job));
            }
            return run_steps(recipe_for_file(settings, name), singles[i], *part.job);
        }();
        if (files[i].to_release && !m_keeps_stages) release_pixels(files[i].to_release->scene);
    });
    for (std::size_t i = 0; i < files.size(); ++i) {
        Part& part = parts[i];
        if (!part.job) continue;
        std::string const& name = files[i].loaded->scene.channels.front().file_name;
        single(files[i].id).notes = part.job->notes();
        if (part.status) {
            add_named(job, part.job->notes(), name);
            continue;
        }
        singles[i].channels.clear();
        // Which images memory suffices for is chance: no set without the others.
        ErrorCode const code = part.status.error().code;
        if (code == ErrorCode::cancelled || code == ErrorCode::out_of_memory) return part.status;
        m_failures.push_back({files[i].id, name, part.status.error().message});
    }
    return Done{};
}

/// What a step has found of the images, before a later one leaves some out.
void SetRun::remember_members(Scene const& scene) {
    auto const from = origins(m_members.channels, scene.channels);
    release_pixels(m_members);
    for (std::size_t i = 0; i < from.size(); ++i)
        if (from[i] >= 0) m_members.channels[static_cast<std::size_t>(from[i])] = scene.channels[i];
}

/// `scene` holds the set before the first of `uses`.
Status SetRun::run_set(Recipe const& recipe, std::span<StepUse const> uses, Scene& scene, Job& job) {
    Scene const fresh = m_keeps_stages ? scene : Scene();
    std::size_t done = 0;
    bool reusing = m_keeps_stages;
    auto const resume = [&] {
        m_stages.resize(done);
        for (Stage const& stage : m_stages) remember_members(stage.after);
        if (done > 0) {
            scene = m_stages.back().after;
            refresh_settings(scene, fresh);
        }
        refresh_settings(m_members, fresh);
        reusing = false;
    };
    for (StepUse const& use : uses) {
        if (!use.enabled) continue;
        std::vector<Override> const overrides =
            use.step->whole_set ? std::vector<Override>{} : overrides_of(recipe, use.step->id);
        if (reusing && done < m_stages.size() && m_stages[done].use == use && m_stages[done].overrides == overrides) {
            job.add_notes(m_stages[done].notes);
            ++done;
            continue;
        }
        if (reusing) resume();
        std::size_t const notes_before = job.notes().size();
        job.begin_step(std::string(use.step->id));
        job.progress(0, use.step->title);
        if (!m_keeps_stages) release_pixels(m_members);
        if (use.step->id == "colours") give_colours(scene, m_picked);
        if (use.step->whole_set) {
            MG_TRY_DO(run_steps({{use}, {}}, scene, job));
        } else {
            MG_TRY_DO(run_one_by_one(use, overrides, scene, job));
        }
        remember_members(scene);
        if (m_keeps_stages)
            m_stages.push_back({use,
                                overrides,
                                scene,
                                {job.notes().begin() + static_cast<std::ptrdiff_t>(notes_before), job.notes().end()}});
    }
    if (reusing) resume();
    return Done{};
}

Status SetRun::run(Recipe const& recipe, std::span<File const> files, std::string_view last_step, Scene& result,
                   Job& job) {
    Recipe plain = recipe;
    m_picked = taken_colours(plain);
    Status status = run_all(plain, files, last_step, result, job);
    if (!status && status.error().code == ErrorCode::out_of_memory)
        status.error().message +=
            ", with a set of " + std::to_string(files.size()) + " images: leave some of them out, or crop them first";
    return status;
}

Status SetRun::run_all(Recipe const& recipe, std::span<File const> files, std::string_view last_step, Scene& result,
                       Job& job) {
    m_failures.clear();
    m_ids.clear();
    m_members = {};
    m_member_ids.clear();
    std::size_t const split = first_set_step(recipe);
    std::size_t end = recipe.steps.size();
    if (!last_step.empty()) {
        std::size_t i = 0;
        while (i < recipe.steps.size() && recipe.steps[i].step->id != last_step) ++i;
        if (i == recipe.steps.size())
            return Error{ErrorCode::bad_value, "no step \"" + std::string(last_step) + "\" in this recipe"};
        end = i + 1;
    }
    auto const steps_in = [&](std::size_t from, std::size_t to) {
        return std::vector<StepUse>(recipe.steps.begin() + static_cast<std::ptrdiff_t>(from),
                                    recipe.steps.begin() + static_cast<std::ptrdiff_t>(to));
    };
    Recipe own{steps_in(0, std::min(split, end)), recipe.overrides};
    // Roles are wanted however early the chain is stopped.
    for (std::string_view const id : {k_settings_step, k_map_step})
        if (StepUse const* settings = find_use(recipe, id); settings && !find_use(own, id))
            own.steps.push_back(*settings);

    std::vector<Scene> singles;
    MG_TRY_DO(run_files(own, files, singles, job));

    ChannelSet set = is_of_maps(recipe) ? set_of_maps(files, singles, job) : set_of_channels(files, singles);
    if (set.ids.empty()) {
        if (m_failures.empty())
            return Error{ErrorCode::bad_value, "there is no image in the set; add one, or leave one of its files in"};
        return Error{ErrorCode::bad_value, "none of the images can be used: " + m_failures.front().file_name + ": " +
                                               m_failures.front().message};
    }
    // Files above a limit were read reduced. Pixels are counted in those of the micrograph when there are maps, which are
    // smaller, and otherwise in those of the signals, which are smaller than the micrographs beside them.
    std::optional<double> scale;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (!files[i].loaded) continue;
        Scene const& loaded = files[i].loaded->scene;
        if (!scale) set.scene.output = singles[i].output;
        double const other = scale.value_or(loaded.preview_scale);
        scale = is_of_maps(recipe) ? std::min(other, loaded.preview_scale) : std::max(other, loaded.preview_scale);
        if (auto note = reduction_note(loaded, loaded.channels.front().file_name + ": ")) job.add_notes({std::move(*note)});
    }
    set.scene.preview_scale = scale.value_or(1);

    std::string source, look = std::to_string(set.scene.palette_slots) + "\n";
    for (auto const& [name, colour] : m_picked)
        for (float const part : {colour.r, colour.g, colour.b}) look += name + " " + format_shortest(part) + "\n";
    for (std::size_t c = 0; c < set.scene.channels.size(); ++c) {
        auto const file =
            std::find_if(files.begin(), files.end(), [&](File const& f) { return f.loaded && f.id == set.ids[c]; });
        Channel const& channel = set.scene.channels[c];
        source += source_of(*file->loaded) + place_settings(channel);
        look += look_settings(channel);
        Recipe const resolved = recipe_for_file(own, channel.file_name);
        for (StepUse const& use : resolved.steps)
            if (use.enabled && use.step->id != k_settings_step) source += to_text(Recipe{{use}, {}}, true);
    }
    if (source != m_source) m_stages.clear();
    if (look != m_look)
        for (std::size_t i = 0; i < m_stages.size(); ++i)
            for (std::string_view const id : k_first_look_steps)
                if (i < m_stages.size() && m_stages[i].use.step->id == id) m_stages.resize(i);
    m_source = std::move(source);
    m_look = std::move(look);

    m_members = set.scene;
    m_member_ids = set.ids;
    Scene scene = set.scene;
    if (!m_keeps_stages) {
        release_pixels(set.scene);
        release_pixels(m_members);
    }
    if (end > split && is_of_maps(recipe) && !has_maps(scene))
        return Error{ErrorCode::bad_value, "there is no element map among the files; name each by its element, such as "
                                           "AlK.png, or give its role (map.role)"};
    if (end > split) MG_TRY_DO(run_set(recipe, steps_in(split, end), scene, job));
    for (int const origin : origins(set.scene.channels, scene.channels))
        m_ids.push_back(origin < 0 ? 0 : set.ids[static_cast<std::size_t>(origin)]);
    if (job.cancelled()) return Error{ErrorCode::cancelled, "stopped"};
    result = std::move(scene);
    return Done{};
}

} // namespace mg
