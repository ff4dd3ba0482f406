#include "cli/set_runner.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/free_memory.h"
#include "codecs/image_size.h"
#include "recipe/materials.h"
#include "recipe/names.h"
#include "recipe/overlay.h"

namespace mg::cli {

void Report::warn(std::string const& file, std::string const& message) {
    report(file, "note: " + message);
    warnings.push(file + ": " + message);
}

void Report::warn(std::string const& message) {
    report("micrographia", "note: " + message);
    warnings.push(message);
}

void Report::fail(std::string const& file, std::string const& message) {
    report(file, message);
    Json item;
    item.add("input", file);
    item.add("error", message);
    failures.push(std::move(item));
    failed = true;
}

void SetOutput::write_pictures(std::vector<Picture> const& pictures, Job& job) {
    struct Written {
        fs::path path;
        std::string error;
        bool kept = false;
    };
    std::vector<Written> written(pictures.size());
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        std::error_code error;
        fs::path const& goal = pictures[i].path;
        written[i].path = goal;
        written[i].kept = m_options.no_overwrite && fs::exists(goal, error);
        if (written[i].kept) continue;
        if (!pictures[i].only_here)
            written[i].path = m_names.free_path(goal);
        else if (m_names.is_taken(goal))
            written[i].error = "is not written: it is one of the images given; give another name";
        else
            m_names.take(goal);
    }
    // What takes longest comes last: begin with it.
    job.for_each(pictures.size(), [&](std::size_t n) {
        std::size_t const i = pictures.size() - 1 - n;
        if (written[i].kept || !written[i].error.empty()) return;
        auto const status = [&]() -> Status {
            MG_TRY(Bytes png, pictures[i].encode());
            return cli::write_file(written[i].path, png);
        }();
        if (!status) written[i].error = status.error().message;
    });
    for (std::size_t i = 0; i < written.size(); ++i) {
        std::string const path = written[i].path.string();
        if (written[i].kept)
            m_told.warn(path, "left out: it exists already (--no-overwrite)");
        else if (!written[i].error.empty())
            m_told.fail(path, written[i].error);
        else if (m_options.json) {
            Json item;
            item.add("output", path);
            item.add("label", pictures[i].label);
            if (pictures[i].facts.as_object())
                for (JsonMember const& member : *pictures[i].facts.as_object()) item.add(member.key, member.value);
            m_told.outputs.push(std::move(item));
        } else
            print(path + "  " + pictures[i].label + "\n");
    }
}

void SetOutput::write_file(fs::path const& path, ByteView content,
                           std::function<bool(ByteView present)> const& is_ours) {
    std::error_code error;
    if (fs::exists(path, error)) {
        if (m_options.no_overwrite) return;
        auto const present = read_file(path);
        if (!present || !is_ours(*present)) {
            m_told.warn(path.string(), "left as it is: you or another program changed it");
            return;
        }
    }
    if (auto const status = cli::write_file(path, content); !status)
        m_told.fail(path.string(), status.error().message);
    else if (m_options.json) {
        Json item;
        item.add("output", path.string());
        m_told.outputs.push(std::move(item));
    } else
        print(path.string() + "\n");
}

namespace {

bool is_of_maps(Recipe const& recipe) {
    return find_use(recipe, "map") != nullptr;
}

/// 0: to be found.
int number_of_materials(Recipe const& recipe) {
    StepUse const* cluster = find_use(recipe, "cluster");
    int const index = cluster ? param_index(*cluster->step, "k") : -1;
    if (index < 0) return 0;
    std::int64_t const* k = std::get_if<std::int64_t>(&cluster->values[static_cast<std::size_t>(index)]);
    return k ? static_cast<int>(*k) : 0;
}

class SetRunner {
public:
    SetRunner(SetTask const& task, Inputs const& inputs, Options const& options, Report& told)
        : m_task(task), m_pages(options.pages), m_told(told), m_job(options.jobs) {
        for (std::string const& name : task.files) {
            SetFile file;
            for (Input const& input : inputs.files)
                if (input.named() == name) file.input = &input;
            if (file.input || name == k_placeholder) m_files.push_back(std::move(file));
        }
        // The order of element maps means nothing, and the result does not depend on it.
        if (!is_of_maps(task.recipe)) return;
        std::erase_if(m_files, [](SetFile const& file) { return !file.input; });
        std::sort(m_files.begin(), m_files.end(), [](SetFile const& a, SetFile const& b) {
            return std::tuple(a.input->path.filename(), a.input->path, a.input->page) <
                   std::tuple(b.input->path.filename(), b.input->path, b.input->page);
        });
    }

    void run(SetOutput& output) {
        if (!fits_into_memory()) return;
        load();
        std::vector<SetRun::File> files;
        for (std::size_t i = 0; i < m_files.size(); ++i) {
            SetFile& file = m_files[i];
            if (!file.error.empty()) m_told.fail(file.input->told(), file.error);
            if (file.loaded) tell_warnings(file);
            if (file.loaded || !file.input)
                files.push_back({.id = static_cast<int>(i) + 1,
                                 .loaded = file.loaded ? &*file.loaded : nullptr,
                                 .to_release = file.loaded ? &*file.loaded : nullptr});
        }
        // Which images memory suffices for is chance: no set without the others.
        if (std::any_of(m_files.begin(), m_files.end(), [](SetFile const& one) { return one.short_of_memory; })) {
            report("micrographia", "the set of " + std::to_string(m_files.size()) +
                                       " images does not fit into memory: leave some of them out, or crop them first");
            return;
        }
        std::vector<InputHash> const hashes = hashes_in_order();
        SetRun set(false);
        Scene scene;
        auto const status = set.run(m_task.recipe, files, "", scene, m_job);
        for (SetRun::Failure const& failure : set.failures())
            m_told.fail(m_files[static_cast<std::size_t>(failure.id) - 1].input->told(),
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
        FinishedSet const finished{m_task, m_files, hashes, set, scene, m_job};
        is_of_maps(m_task.recipe) ? write_materials(finished, output) : write_overlay(finished, output);
    }

private:
    /// Said before the work, by what the files' headers claim; else the system may end the program without a word. A file
    /// that claims more than it can hold fails alone, when it is read.
    bool fits_into_memory() {
        std::vector<Size> sizes(m_files.size());
        m_job.for_each(sizes.size(), [&](std::size_t i) {
            Input const* input = m_files[i].input; // none: a placeholder
            if (!input) return;
            auto const bytes = read_input(*input, m_store);
            if (!bytes) return;
            auto const claims = claimed_pages(bytes->file->bytes());
            auto const page = static_cast<std::size_t>(input->page);
            if (page < claims.size() && can_be_true(claims[page], bytes->file->bytes().size())) sizes[i] = claims[page].size;
        });
        std::erase_if(sizes, [](Size const& size) { return size.empty(); });
        bool const of_maps = is_of_maps(m_task.recipe);
        std::int64_t const needed = of_maps ? materials_memory_bytes(sizes, number_of_materials(m_task.recipe))
                                            : overlay_memory_bytes(sizes);
        std::int64_t const free = free_memory_bytes();
        if (free == 0 || needed <= free) return true;
        auto const gigabytes = [](std::int64_t bytes) {
            return format_significant(static_cast<double>(bytes) / 1e9, 2);
        };
        m_told.fail("micrographia", "the set of " + std::to_string(sizes.size()) + " images takes about " +
                                        gigabytes(needed) + " GB of memory, of which " + gigabytes(free) +
                                        " GB are free: leave " + (of_maps ? "maps" : "images") +
                                        " out, scale them down, or end other programs");
        return false;
    }

    void load() {
        m_job.for_each(m_files.size(), [&](std::size_t i) {
            SetFile& file = m_files[i];
            if (!file.input || m_job.cancelled()) return;
            auto loaded = [&]() -> Result<Loaded> {
                MG_TRY(InputBytes bytes, read_input(*file.input, m_store));
                return load_file(bytes.as_input(*file.input));
            }();
            if (loaded) {
                loaded->decoded.planes.clear(); // the scene has them
                file.loaded = std::move(loaded).value();
            } else {
                file.error = without_name(loaded.error().message, file.input->path);
                file.short_of_memory = loaded.error().code == ErrorCode::out_of_memory;
            }
        });
    }

    void tell_warnings(SetFile const& file) {
        std::string const name = file.input->told();
        PageChoice pages = m_pages;
        pages.is_given = pages.is_given || file.input->has_page;
        for (std::string const& warning : told_warnings(file.loaded->decoded.warnings, pages)) m_told.warn(name, warning);
        for (Channel const& channel : file.loaded->scene.channels)
            for (std::string const& warning : channel.metadata.warnings) m_told.warn(name, warning);
    }

    /// A placeholder has no hash.
    std::vector<InputHash> hashes_in_order() const {
        std::vector<InputHash> hashes;
        for (SetFile const& file : m_files) {
            if (!file.input) hashes.push_back({std::string(k_placeholder), {}});
            if (file.loaded) hashes.insert(hashes.end(), file.loaded->inputs.begin(), file.loaded->inputs.end());
        }
        return hashes;
    }

    SetTask const& m_task;
    PageChoice m_pages;
    Report& m_told;
    FileStore m_store;
    CommandJob m_job;
    std::vector<SetFile> m_files;
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
    SetOutput output(options, names, told);
    for (SetTask const& task : tasks) SetRunner(task, inputs, options, told).run(output);
    if (options.json) {
        Json json;
        json.add("outputs", std::move(told.outputs));
        bool const of_maps = !tasks.empty() && is_of_maps(tasks.front().recipe);
        if (of_maps && !told.sets.as_array()->empty())
            for (JsonMember const& member : *told.sets.as_array()->front().as_object())
                json.add(member.key, member.value);
        if (of_maps && told.sets.as_array()->size() > 1) json.add("sets", std::move(told.sets));
        if (!of_maps) json.add("alignment", std::move(told.alignment));
        json.add("warnings", std::move(told.warnings));
        json.add("failures", std::move(told.failures));
        print(to_text(json) + "\n");
    }
    return told.failed ? 1 : 0;
}

int run_as_set(Recipe const& recipe, std::vector<std::string> const& files, Options const& options) {
    std::vector<std::string> images;
    for (std::string const& file : files) {
        std::error_code error;
        if (file != k_placeholder || fs::exists(file, error)) images.push_back(file);
    }
    Inputs const inputs = with_pages(find_inputs(images), options.pages);
    std::vector<std::string> all;
    for (std::string const& file : files) {
        std::error_code error;
        if (!fs::is_directory(file, error)) {
            for (std::string const& name : names_of_inputs({file}, inputs)) all.push_back(name);
            continue;
        }
        for (Input const& input : inputs.files)
            if (input.path.lexically_relative(file).native().substr(0, 2) != "..") all.push_back(input.named().string());
    }
    return run_sets({task_of(recipe, all, inputs, options)}, inputs, {}, options);
}

std::vector<std::string> names_of_inputs(std::vector<std::string> const& files, Inputs const& inputs) {
    std::vector<std::string> names;
    for (std::string const& file : files) {
        std::size_t const before = names.size();
        for (Input const& input : inputs.files)
            if (input.named() == file || (!input.has_page && input.path == file)) names.push_back(input.named().string());
        if (names.size() == before && file == k_placeholder) names.push_back(file);
    }
    return names;
}

Result<Recipe> recipe_for_sets(Recipe base, Options const& options) {
    if (options.compatible)
        for (StepUse& use : base.steps)
            if (int const index = param_index(*use.step, "compatible"); index >= 0)
                use.values[static_cast<std::size_t>(index)] = true;
    if (options.recipe_file.empty()) return base;
    auto recipe = [&]() -> Result<Recipe> {
        MG_TRY(Bytes bytes, read_file(options.recipe_file));
        return read_recipe(bytes, base);
    }();
    if (!recipe) recipe.error().message = "--recipe: " + options.recipe_file + ": " + recipe.error().message;
    return recipe;
}

Status set_for_sets(Recipe& recipe, std::string const& key, std::string const& value) {
    std::size_t const colon = key.rfind(':');
    if (colon == std::string::npos || colon == 0) return set_from_command_line(recipe, key, value);
    return set_override(recipe, fs::path(key.substr(0, colon)).filename().string(), key.substr(colon + 1), value);
}

namespace {

/// Facts of a file, for finding what belongs together.
struct Known {
    std::string file_name;
    Metadata metadata;
    Size size{}; ///< empty: could not be read
};

std::vector<Known> facts_of(Inputs const& inputs, Options const& options) {
    std::vector<Known> known(inputs.files.size());
    CommandJob job(options.jobs);
    FileStore store;
    job.for_each(known.size(), [&](std::size_t i) {
        known[i].file_name = inputs.files[i].named().filename().string();
        auto const bytes = read_input(inputs.files[i], store);
        if (!bytes) return;
        InputFile file = bytes->as_input(inputs.files[i]);
        file.sha256 = [] { return std::string(); };
        auto loaded = load_file(file);
        if (!loaded || loaded->scene.channels.empty()) return;
        known[i].metadata = std::move(loaded->scene.channels.front().metadata);
        known[i].size = loaded->decoded.size;
    });
    return known;
}

} // namespace

std::vector<std::vector<std::string>> sets_in(Inputs const& inputs, Options const& options, FindSets const& find,
                                              std::vector<std::string>& warnings) {
    std::vector<Known> const known = facts_of(inputs, options);
    std::vector<SetInput> facts;
    for (std::size_t i = 0; i < known.size(); ++i)
        facts.push_back({.file_name = known[i].file_name,
                         .relative_path = inputs.files[i].relative_path,
                         .metadata = known[i].size.empty() ? nullptr : &known[i].metadata,
                         .size = known[i].size});
    std::vector<std::vector<std::string>> sets;
    std::vector<bool> used(inputs.files.size(), false);
    for (std::vector<int> group : find(facts)) {
        std::sort(group.begin(), group.end());
        auto& set = sets.emplace_back();
        for (int const index : group) {
            set.push_back(inputs.files[static_cast<std::size_t>(index)].named().string());
            used[static_cast<std::size_t>(index)] = true;
        }
    }
    if (sets.empty()) {
        auto& all = sets.emplace_back();
        for (Input const& input : inputs.files) all.push_back(input.named().string());
        return sets;
    }
    for (std::size_t i = 0; i < used.size(); ++i)
        if (!used[i])
            warnings.push_back(inputs.files[i].told() +
                               ": left out, it goes with none of the others; give the files of its set by name");
    return sets;
}

bool some_is_folder(std::vector<std::string> const& files) {
    return std::any_of(files.begin(), files.end(), [](std::string const& file) {
        std::error_code error;
        return fs::is_directory(file, error);
    });
}

SetTask task_of(Recipe const& recipe, std::vector<std::string> const& files, Inputs const& inputs,
                Options const& options) {
    SetTask task{.recipe = recipe, .files = files, .folder = options.output_folder};
    auto const first = std::find_if(inputs.files.begin(), inputs.files.end(), [&](Input const& input) {
        return std::find(files.begin(), files.end(), input.named().string()) != files.end();
    });
    if (options.output_folder.empty() && first != inputs.files.end()) task.folder = first->path.parent_path();
    return task;
}

} // namespace mg::cli
