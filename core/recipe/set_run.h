#pragma once
// A set of files that belong together, run through a recipe: each file's own steps, then those of the whole set. The
// overlay and the materials are made so.
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "recipe/pipeline.h"

namespace mg {

/// What is known of a file before it is decoded, for finding the files that belong together.
struct SetInput {
    std::string_view file_name, relative_path;
    Metadata const* metadata = nullptr; ///< may be null
    Size size{};
};

/// Keeps what each stage made, so that a changed setting re-runs only what follows it. Channel settings that move no
/// pixel (label, tint, gain, black, ...) re-run nothing before the composition.
class SetRun {
public:
    struct File {
        int id = 0;
        Loaded const* loaded = nullptr; ///< null: a placeholder ("dummy") that takes a colour and shows nothing
        Loaded* to_release = nullptr;   ///< the same one, when its pixels may go as soon as they have been used
    };
    struct Failure {
        int id = 0;
        std::string file_name, message;
    };
    /// `keeps_stages` false: for a single run, which then needs no memory for what it passed through.
    explicit SetRun(bool keeps_stages = true) : m_keeps_stages(keeps_stages) {}
    bool keeps_stages() const { return m_keeps_stages; }

    /// Runs every file's own steps (with its overrides), puts the channels in order into one scene, and runs the set's
    /// steps up to `last_step`, included ("" = all). Files that fail are left out and told in failures(). Errors: no
    /// file left, cancelled, a failing set step.
    Status run(Recipe const& recipe, std::span<File const> files, std::string_view last_step, Scene& result, Job& job);
    std::vector<Failure> const& failures() const { return m_failures; }
    /// Ids of the files behind the channels of the last result; 0 for composites.
    std::vector<int> const& ids() const { return m_ids; }
    /// Every image of the last run's set in its order, also those that a step left out, with its alignment; ids
    /// parallel. Those left out have no pixels.
    Scene const& members() const { return m_members; }
    std::vector<int> const& member_ids() const { return m_member_ids; }
    /// What a file's own steps found in the last run.
    std::vector<Note> file_notes(int id) const;
    void clear();

private:
    struct Stage {
        StepUse use;
        std::vector<Override> overrides;
        Scene after;
        std::vector<Note> notes;
    };
    struct Single {
        int id = 0;
        StepCache steps;
        std::vector<Note> notes;
    };
    Single& single(int id);
    Status run_all(Recipe const& recipe, std::span<File const> files, std::string_view last_step, Scene& result,
                   Job& job);
    Status run_files(Recipe const& recipe, std::span<File const> files, std::vector<Scene>& singles, Job& job);
    Status run_set(Recipe const& recipe, std::span<StepUse const> uses, Scene& scene, Job& job);
    void remember_members(Scene const& scene);

    bool m_keeps_stages = true;
    std::vector<Single> m_singles;
    std::string m_source; ///< all that the set's steps began with and that their pixels depend on
    std::string m_look;   ///< the other settings of the channels, and the colours given to materials
    std::vector<std::pair<std::string, Rgb>> m_picked; ///< those colours, by the materials' names
    std::vector<Stage> m_stages;
    std::vector<Failure> m_failures;
    std::vector<int> m_ids;
    Scene m_members;
    std::vector<int> m_member_ids;
};

/// True when some step that is on needs the whole set.
bool needs_whole_set(Recipe const& recipe);

} // namespace mg
