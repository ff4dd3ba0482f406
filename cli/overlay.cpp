// micrographia overlay: images of one place to aligned, tinted channels and their composite.
#include "recipe/overlay.h"

#include <algorithm>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "cli/batch.h"
#include "cli/commands.h"
#include "cli/overlay_set.h"
#include "metadata/metadata.h"
#include "recipe/channel_set.h"
#include "recipe/names.h"

namespace mg::cli {
namespace {

constexpr std::string_view k_placeholder = "dummy";

/// A file of the set that could be read, or a placeholder.
struct Member {
    Input const* input = nullptr; ///< null: a placeholder
    std::optional<Loaded> loaded;
    std::string error;
    bool short_of_memory = false;
};

/// What is told at the end, in one object.
struct Report {
    Json outputs{Json::Array{}}, alignment{Json::Array{}}, warnings{Json::Array{}}, failures{Json::Array{}};
    bool failed = false;

    void warn(std::string const& file, std::string const& message) {
        report(file, "note: " + message);
        warnings.push(file + ": " + message);
    }
    void warn(std::string const& message) {
        report("micrographia", "note: " + message);
        warnings.push(message);
    }
    void fail(std::string const& file, std::string const& message) {
        report(file, message);
        Json item;
        item.add("input", file);
        item.add("error", message);
        failures.push(std::move(item));
        failed = true;
    }
};

void load_members(std::vector<Member>& members, CommandJob& job) {
    job.for_each(members.size(), [&](std::size_t i) {
        Member& member = members[i];
        if (!member.input || job.cancelled()) return;
        auto loaded = [&]() -> Result<Loaded> {
            MG_TRY(InputBytes bytes, read_input(*member.input));
            return load_file(bytes.as_input(*member.input));
        }();
        if (loaded) {
            loaded->decoded.planes.clear(); // the scene has them
            member.loaded = std::move(loaded).value();
        } else {
            member.error = without_name(loaded.error().message, member.input->path);
            member.short_of_memory = loaded.error().code == ErrorCode::out_of_memory;
        }
    });
}

/// The files of the set in the order given; a placeholder has no hash.
std::vector<InputHash> hashes_of(std::vector<Member> const& members) {
    std::vector<InputHash> hashes;
    for (Member const& member : members) {
        if (!member.input) hashes.push_back({std::string(k_placeholder), {}});
        if (member.loaded) hashes.insert(hashes.end(), member.loaded->inputs.begin(), member.loaded->inputs.end());
    }
    return hashes;
}

/// One row per file in the order given, seen from the first file.
void tell_alignment(Report& told, Scene scene, std::vector<int> const& ids, std::vector<Member> const& members) {
    std::vector<std::size_t> channel_of(members.size(), SIZE_MAX);
    for (std::size_t c = 0; c < ids.size(); ++c)
        if (ids[c] > 0) channel_of[static_cast<std::size_t>(ids[c]) - 1] = c;
    for (std::size_t const channel : channel_of)
        if (channel != SIZE_MAX && refer_to(scene, channel)) break;
    Json const rows = alignment_json(scene);
    // Composites have no row, and stand after all that have one.
    for (std::size_t i = 0; i < members.size(); ++i) {
        std::size_t const channel = channel_of[i];
        if (!members[i].input || channel >= rows.as_array()->size()) continue;
        Json row;
        row.add("file", members[i].input->path.string());
        for (JsonMember const& member : *(*rows.as_array())[channel].as_object())
            if (member.key != "file") row.add(member.key, member.value);
        told.alignment.push(std::move(row));
        // Refused ones are told by the step.
        auto const& alignment = scene.channels[channel].alignment;
        if (alignment && alignment->trust == Trust::doubtful)
            told.warn(members[i].input->path.string(), "its alignment is doubtful: " + alignment->reason);
    }
}

struct Written {
    fs::path path;
    std::string error;
    bool kept = false;
};

Json output_json(Channel const& channel, fs::path const& path) {
    Json item;
    item.add("output", path.string());
    item.add("label", channel.label);
    item.add("width", channel.size().width);
    item.add("height", channel.size().height);
    if (channel.pixel_size_x_nm) item.add("pixel_size_nm", channel.pixel_size_x_nm->value);
    return item;
}

class SetRunner {
public:
    SetRunner(SetTask const& task, Inputs const& inputs, OutputNames& names, Options const& options, Report& told)
        : m_task(task), m_options(options), m_names(names), m_told(told), m_job(options.jobs) {
        for (std::string const& name : task.files) {
            Member member;
            for (Input const& input : inputs.files)
                if (input.path == name) member.input = &input;
            if (member.input || name == k_placeholder) m_members.push_back(std::move(member));
        }
    }

    void run() {
        load_members(m_members, m_job);
        std::vector<OverlayRun::File> files;
        for (std::size_t i = 0; i < m_members.size(); ++i) {
            Member& member = m_members[i];
            if (!member.error.empty()) m_told.fail(member.input->path.string(), member.error);
            if (member.loaded) tell_warnings(member);
            if (member.loaded || !member.input)
                files.push_back({.id = static_cast<int>(i) + 1,
                                 .loaded = member.loaded ? &*member.loaded : nullptr,
                                 .to_release = member.loaded ? &*member.loaded : nullptr});
        }
        // Which images memory suffices for is chance: no set without the others.
        if (std::any_of(m_members.begin(), m_members.end(), [](Member const& one) { return one.short_of_memory; })) {
            report("micrographia", "the set of " + std::to_string(m_members.size()) +
                                       " images does not fit into memory: leave some of them out, or crop them first");
            return;
        }
        std::vector<InputHash> const hashes = hashes_of(m_members);
        OverlayRun set(false);
        Scene scene;
        auto const status = set.run(m_task.recipe, files, "", scene, m_job);
        for (OverlayRun::Failure const& failure : set.failures())
            m_told.fail(m_members[static_cast<std::size_t>(failure.id) - 1].input->path.string(),
                        without_name(failure.message, failure.file_name));
        if (!status) {
            // When each file has told its own failure, the sum of them says nothing more.
            bool const told = !m_told.failures.as_array()->empty() && set.ids().empty() && !m_job.cancelled();
            if (!told) m_told.fail("micrographia", status.error().message);
            m_told.failed = true;
            return;
        }
        for (Note const& note : m_job.notes())
            if (note.key == "warning") m_told.warn(note.text);
        tell_alignment(m_told, set.members(), set.member_ids(), m_members);
        write_pictures(scene, hashes);
        write_tables(set.members());
    }

private:
    void tell_warnings(Member const& member) {
        std::string const file = member.input->path.string();
        for (std::string const& warning : member.loaded->decoded.warnings) m_told.warn(file, warning);
        for (Channel const& channel : member.loaded->scene.channels)
            for (std::string const& warning : channel.metadata.warnings) m_told.warn(file, warning);
    }

    void write_pictures(Scene const& scene, std::vector<InputHash> const& hashes) {
        auto const names = overlay_output_names(scene);
        std::vector<Written> written(names.size());
        for (std::size_t i = 0; i < names.size(); ++i) {
            std::error_code error;
            fs::path const goal = m_task.folder / names[i];
            written[i].kept = m_options.no_overwrite && fs::exists(goal, error);
            written[i].path = written[i].kept ? goal : m_names.free_path(goal);
        }
        // Composites take longest and come last: begin with them.
        m_job.for_each(names.size(), [&](std::size_t n) {
            std::size_t const i = names.size() - 1 - n;
            if (written[i].kept) return;
            auto const status = [&]() -> Status {
                MG_TRY(Bytes png, encode_overlay_channel(scene, i, m_task.recipe, hashes, m_job));
                return write_file(written[i].path, png);
            }();
            if (!status) written[i].error = status.error().message;
        });
        for (std::size_t i = 0; i < written.size(); ++i) {
            std::string const path = written[i].path.string();
            if (written[i].kept)
                m_told.warn(path, "left out: it exists already (--no-overwrite)");
            else if (!written[i].error.empty())
                m_told.fail(path, written[i].error);
            else if (m_options.json)
                m_told.outputs.push(output_json(scene.channels[i], written[i].path));
            else
                print(path + "  " + scene.channels[i].label + "\n");
        }
    }

    void write_tables(Scene const& scene) {
        std::string const csv = transforms_csv(scene);
        std::string_view const heading = std::string_view(csv).substr(0, csv.find('\n'));
        write_text(m_task.folder / ("alignment_" + set_name(scene.channels) + ".csv"), csv,
                   [&](std::string_view present) { return present.starts_with(heading); });
        if (!m_task.config_text.empty())
            write_text(m_task.folder / "config.txt", m_task.config_text, is_unedited_config_text);
    }

    /// Over a file that `is_ours`, and over no other.
    template <class IsOurs> void write_text(fs::path const& path, std::string_view text, IsOurs is_ours) {
        std::error_code error;
        if (fs::exists(path, error)) {
            if (m_options.no_overwrite) return;
            auto const present = read_file(path);
            if (!present || !is_ours(as_text(*present))) {
                m_told.warn(path.string(), "left as it is: you or another program changed it");
                return;
            }
        }
        if (auto const status = write_file(path, as_bytes(text)); !status)
            m_told.fail(path.string(), status.error().message);
        else if (m_options.json) {
            Json item;
            item.add("output", path.string());
            m_told.outputs.push(std::move(item));
        } else
            print(path.string() + "\n");
    }

    SetTask const& m_task;
    Options const& m_options;
    OutputNames& m_names;
    Report& m_told;
    CommandJob m_job;
    std::vector<Member> m_members;
};

Status make_folder(fs::path const& folder) {
    std::error_code error;
    if (folder.empty() || fs::is_directory(folder, error)) return Done{};
    if (fs::exists(folder, error))
        return Error{ErrorCode::bad_value,
                     "-o: " + folder.string() + " is not a folder; -o takes the folder for the results"};
    fs::create_directories(folder, error);
    if (error)
        return Error{ErrorCode::bad_value,
                     "-o: the folder " + folder.string() + " cannot be made (" + error.message() + ")"};
    return Done{};
}

} // namespace

int run_sets(std::vector<SetTask> const& tasks, Inputs const& inputs, std::vector<std::string> const& warnings,
             Options const& options) {
    for (SetTask const& task : tasks)
        if (auto const made = make_folder(task.folder); !made) return wrong_usage(made.error().message);
    CommandJob::listen_for_interrupts();
    Report told;
    for (std::string const& warning : warnings) told.warn(warning);
    for (Problem const& problem : inputs.skipped) told.warn(problem.file, problem.message);
    for (Problem const& problem : inputs.missing) told.fail(problem.file, problem.message);
    OutputNames names(inputs);
    for (SetTask const& task : tasks) SetRunner(task, inputs, names, options, told).run();
    if (options.json) {
        Json json;
        json.add("outputs", std::move(told.outputs));
        json.add("alignment", std::move(told.alignment));
        json.add("warnings", std::move(told.warnings));
        json.add("failures", std::move(told.failures));
        print(to_text(json) + "\n");
    }
    return told.failed ? 1 : 0;
}

namespace {

struct Config {
    fs::path path; ///< empty: there is none
    ConfigText text;
};

bool is_config_file(fs::path const& path) {
    if (lowered(path.extension().string()) != ".txt") return false;
    auto const bytes = read_file(path);
    return bytes && looks_like_config_text(as_text(*bytes));
}

/// The config.txt beside the images; empty when there is none.
fs::path config_beside(std::vector<std::string> const& images) {
    for (std::string const& image : images) {
        std::error_code error;
        fs::path const path = fs::is_directory(image, error) ? fs::path(image) : fs::path(image).parent_path();
        if (is_config_file(path / "config.txt")) return path / "config.txt";
    }
    return {};
}

void make_compatible(Recipe& recipe) {
    for (StepUse& use : recipe.steps)
        if (int const index = param_index(*use.step, "compatible"); index >= 0)
            use.values[static_cast<std::size_t>(index)] = true;
}

/// KEY=VALUE of the command line: a key of config.txt, a value of the recipe, or FILE:STEP.KEY for one file alone.
Status set_from_argument(Recipe& recipe, std::string const& key, std::string const& value,
                         std::vector<std::string>& warnings) {
    if (is_config_key(key)) {
        MG_TRY(std::string remark, set_config_value(recipe, key, value));
        if (!remark.empty()) warnings.push_back(std::move(remark));
        return Done{};
    }
    std::size_t const colon = key.rfind(':');
    if (colon == std::string::npos || colon == 0) {
        auto status = set_from_command_line(recipe, key, value);
        // A misspelt key of config.txt is answered with its like.
        if (!status && key.find('.') == std::string::npos && !named_param(recipe, key))
            if (auto const keys = config_keys(); !nearest_names(key, keys).empty()) return unknown_name("key", key, keys);
        return status;
    }
    return set_override(recipe, fs::path(key.substr(0, colon)).filename().string(), key.substr(colon + 1), value);
}

/// Facts of a file, for finding the series.
struct Known {
    Metadata metadata;
    Size size{};
};

/// The files of each series among those that were found in folders. One set of all, when there is no series.
std::vector<std::vector<std::string>> sets_in(Inputs const& inputs, Options const& options,
                                              std::vector<std::string>& warnings) {
    std::vector<Known> known(inputs.files.size());
    CommandJob job(options.jobs);
    job.for_each(known.size(), [&](std::size_t i) {
        auto const bytes = read_input(inputs.files[i]);
        if (!bytes) return;
        InputFile file = bytes->as_input(inputs.files[i]);
        file.sha256 = [] { return std::string(); };
        auto loaded = load_file(file);
        if (!loaded || loaded->scene.channels.empty()) return;
        known[i] = {std::move(loaded->scene.channels.front().metadata), loaded->decoded.size};
    });
    std::vector<std::string> names;
    for (Input const& input : inputs.files) names.push_back(input.path.filename().string());
    std::vector<SeriesInput> facts;
    for (std::size_t i = 0; i < known.size(); ++i)
        facts.push_back({.file_name = names[i],
                         .relative_path = inputs.files[i].relative_path,
                         .metadata = known[i].size.empty() ? nullptr : &known[i].metadata,
                         .size = known[i].size});
    std::vector<std::vector<std::string>> sets;
    std::vector<bool> used(known.size(), false);
    for (Series const& series : find_series(facts)) {
        std::vector<int> order;
        for (SeriesMember const& member : series.members) order.push_back(member.index);
        std::sort(order.begin(), order.end());
        auto& set = sets.emplace_back();
        for (int const index : order) {
            set.push_back(inputs.files[static_cast<std::size_t>(index)].path.string());
            used[static_cast<std::size_t>(index)] = true;
        }
    }
    if (sets.empty()) {
        auto& all = sets.emplace_back();
        for (Input const& input : inputs.files) all.push_back(input.path.string());
        return sets;
    }
    for (std::size_t i = 0; i < used.size(); ++i)
        if (!used[i])
            warnings.push_back(inputs.files[i].path.string() +
                               ": left out, it belongs to no series; give the files of its set by name");
    return sets;
}

/// Names for config.txt: found from where it lies.
std::vector<std::string> names_from(fs::path const& folder, std::vector<std::string> const& files) {
    std::vector<std::string> names;
    for (std::string const& file : files) {
        std::error_code error;
        auto const whole = [&](fs::path const& path) { return fs::absolute(path, error).lexically_normal(); };
        fs::path const near = whole(file).lexically_proximate(whole(folder.empty() ? fs::path(".") : folder));
        names.push_back(file == k_placeholder || error ? file : near.generic_string());
    }
    return names;
}

SetTask task_of(Recipe const& recipe, std::vector<std::string> const& files, Inputs const& inputs,
                Options const& options) {
    SetTask task{.recipe = recipe, .files = files, .folder = options.output_folder};
    auto const first = std::find_if(inputs.files.begin(), inputs.files.end(), [&](Input const& input) {
        return std::find(files.begin(), files.end(), input.path.string()) != files.end();
    });
    if (options.output_folder.empty() && first != inputs.files.end()) task.folder = first->path.parent_path();
    return task;
}

bool is_placeholder(std::string const& file) {
    std::error_code error;
    return file == k_placeholder && !fs::exists(file, error);
}

} // namespace

int run_as_set(Recipe const& recipe, std::vector<std::string> const& files, Options const& options) {
    std::vector<std::string> images;
    for (std::string const& file : files)
        if (!is_placeholder(file)) images.push_back(file);
    Inputs const inputs = find_inputs(images);
    std::vector<std::string> all;
    for (std::string const& file : files) {
        std::error_code error;
        if (!fs::is_directory(file, error)) {
            all.push_back(file);
            continue;
        }
        for (Input const& input : inputs.files)
            if (input.path.lexically_relative(file).native().substr(0, 2) != "..") all.push_back(input.path.string());
    }
    return run_sets({task_of(recipe, all, inputs, options)}, inputs, {}, options);
}

int run_overlay(Options const& options) {
    std::vector<std::string> files, images, warnings;
    Config config;
    config.path = options.config_file;
    for (std::string const& file : options.files) {
        bool const placeholder = is_placeholder(file);
        if (!placeholder && is_config_file(file)) {
            if (config.path.empty()) config.path = file;
            continue;
        }
        files.push_back(file);
        if (!placeholder) images.push_back(file);
    }
    bool const asked = !config.path.empty();
    if (!asked && options.recipe_file.empty()) config.path = config_beside(images);

    Recipe recipe = overlay_recipe();
    if (options.compatible) make_compatible(recipe);
    if (!options.recipe_file.empty()) {
        auto const bytes = read_file(options.recipe_file);
        if (!bytes) return wrong_usage("--recipe: " + options.recipe_file + ": " + bytes.error().message);
        auto read = read_recipe(*bytes, recipe);
        if (!read) return wrong_usage("--recipe: " + options.recipe_file + ": " + read.error().message);
        recipe = std::move(read).value();
    }
    if (!config.path.empty()) {
        auto const bytes = read_file(config.path);
        if (!bytes) return wrong_usage("--config: " + config.path.string() + ": " + bytes.error().message);
        config.text = read_config_text(as_text(*bytes), recipe);
        recipe = config.text.recipe;
        if (!asked) warnings.push_back("settings are taken from " + config.path.string());
        for (std::string const& warning : config.text.warnings)
            warnings.push_back(config.path.string() + ": " + warning);
    }
    for (auto const& [key, value] : options.values)
        if (auto const set = set_from_argument(recipe, key, value, warnings); !set) return wrong_usage(set.error().message);

    if (images.empty())
        for (std::string const& name : config.text.input_files) {
            files.push_back(name == k_placeholder ? name : (config.path.parent_path() / name).lexically_normal().string());
            if (name != k_placeholder) images.push_back(files.back());
        }
    if (images.empty())
        return wrong_usage("overlay: no images given; usage: micrographia overlay IMAGE... [-o DIR]");

    Inputs const inputs = find_inputs(images);
    std::vector<SetTask> tasks;
    bool const folders = std::any_of(images.begin(), images.end(), [](std::string const& image) {
        std::error_code error;
        return fs::is_directory(image, error);
    });
    for (auto const& set : folders ? sets_in(inputs, options, warnings) : std::vector<std::vector<std::string>>{files})
        tasks.push_back(task_of(recipe, set, inputs, options));
    // One config.txt in a folder: with the files of its set, when there is only one.
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        auto const shares = [&](SetTask const& other) { return other.folder == tasks[i].folder; };
        if (std::any_of(tasks.begin(), tasks.begin() + static_cast<std::ptrdiff_t>(i), shares)) continue;
        std::error_code error;
        if (!config.path.empty() && fs::equivalent(config.path, tasks[i].folder / "config.txt", error)) continue;
        bool const alone = std::count_if(tasks.begin(), tasks.end(), shares) == 1;
        tasks[i].config_text = write_config_text(
            recipe, alone ? names_from(tasks[i].folder, tasks[i].files) : std::vector<std::string>());
    }
    return run_sets(tasks, inputs, warnings, options);
}

} // namespace mg::cli
