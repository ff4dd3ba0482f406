#pragma once
// Sets of images that are worked on together, from files to files: the overlay and the materials.
#include <functional>
#include <optional>

#include "base/json.h"
#include "cli/batch.h"
#include "cli/files.h"
#include "cli/options.h"
#include "recipe/set_run.h"

namespace mg::cli {

inline constexpr std::string_view k_placeholder = "dummy";

struct SetTask {
    Recipe recipe;                  ///< with its overrides
    std::vector<std::string> files; ///< Input::named() of inputs, and "dummy" for a placeholder, in the order given
    fs::path folder;                ///< for the results
    std::string config_text{};      ///< is written beside the results, unless empty
    fs::path labels{};              ///< of materials: where the label map goes; empty: beside the results
};

/// Runs the sets one after the other and writes what they give; with --json, one object for all. The exit code.
int run_sets(std::vector<SetTask> const& tasks, Inputs const& inputs, std::vector<std::string> const& warnings,
             Options const& options);

/// One set of these files and no series; "dummy" among them is a placeholder. Results go beside the first image unless
/// the options name a folder.
int run_as_set(Recipe const& recipe, std::vector<std::string> const& files, Options const& options);

/// The inputs that these names stand for, each page by its own name; "dummy" stays.
std::vector<std::string> names_of_inputs(std::vector<std::string> const& files, Inputs const& inputs);

/// What is told at the end, in one object.
struct Report {
    Json outputs{Json::Array{}}, warnings{Json::Array{}}, failures{Json::Array{}};
    Json alignment{Json::Array{}}; ///< of overlays: a row per file
    Json sets{Json::Array{}};      ///< of materials: an object per set
    bool failed = false;

    void warn(std::string const& file, std::string const& message);
    void warn(std::string const& message);
    void fail(std::string const& file, std::string const& message);
};

/// A file of the set that could be read, or a placeholder.
struct SetFile {
    Input const* input = nullptr; ///< null: a placeholder
    std::optional<Loaded> loaded;
    std::string error;
    bool short_of_memory = false;
};

/// A set that has been run. Ids of its files are their positions, counted from 1.
struct FinishedSet {
    SetTask const& task;
    std::vector<SetFile> const& files;
    std::vector<InputHash> const& hashes; ///< of the files in their order
    SetRun const& run;
    Scene const& scene;
    CommandJob& job;
};

/// Results of one set on their way to the disk, each of them told.
class SetOutput {
public:
    SetOutput(Options const& options, OutputNames& names, Report& told)
        : m_options(options), m_names(names), m_told(told) {}

    struct Picture {
        fs::path path;
        std::string label; ///< what it shows
        std::function<Result<Bytes>()> encode;
        Json facts;             ///< members of its JSON object after "output"
        bool only_here = false; ///< the user named the path: over whatever is there, but never over an input
    };
    /// Encodes on the threads of the job, the last ones first.
    void write_pictures(std::vector<Picture> const& pictures, Job& job);
    /// Over a file that `is_ours`, and over no other.
    void write_file(fs::path const& path, ByteView content, std::function<bool(ByteView present)> const& is_ours);
    Report& told() { return m_told; }
    bool is_json() const { return m_options.json; }

private:
    Options const& m_options;
    OutputNames& m_names;
    Report& m_told;
};

void write_overlay(FinishedSet const& set, SetOutput& output);
void write_materials(FinishedSet const& set, SetOutput& output);

// --- what the commands of sets share ---------------------------------------------------------------------------------

/// The recipe of --recipe and --compatible onto that of the workflow.
Result<Recipe> recipe_for_sets(Recipe base, Options const& options);
/// KEY=VALUE: a value of the recipe, or FILE:STEP.KEY for one file alone.
Status set_for_sets(Recipe& recipe, std::string const& key, std::string const& value);

/// The files of each set among those that were found in folders; the others are told. One set of all, when `find`
/// (indices of the files of each) finds none.
using FindSets = std::function<std::vector<std::vector<int>>(std::span<SetInput const>)>;
std::vector<std::vector<std::string>> sets_in(Inputs const& inputs, Options const& options, FindSets const& find,
                                              std::vector<std::string>& warnings);
/// Indices of the members of series or sets of maps.
template <class Set>
std::vector<std::vector<int>> indices_of(std::vector<Set> const& sets) {
    std::vector<std::vector<int>> groups;
    for (Set const& set : sets) {
        groups.emplace_back();
        for (auto const& member : set.members) groups.back().push_back(member.index);
    }
    return groups;
}
bool some_is_folder(std::vector<std::string> const& files);
/// A task whose results go beside its first file unless the options name a folder.
SetTask task_of(Recipe const& recipe, std::vector<std::string> const& files, Inputs const& inputs,
                Options const& options);

} // namespace mg::cli
