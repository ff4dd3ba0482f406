#pragma once
// The overlay workflow: files of one place -> aligned channels -> composites, each written as a PNG. The command line,
// the page's workers and the tests all call these.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "recipe/pipeline.h"

namespace mg {

/// Keeps what each stage made, so that a changed setting re-runs only what follows it. Channel settings that move no pixel
/// (label, tint, gain, black, ...) re-run nothing before the composition.
class OverlayRun {
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
    explicit OverlayRun(bool keeps_stages = true) : m_keeps_stages(keeps_stages) {}

    /// Runs every file's own steps (with its overrides), puts the channels in order into one scene, and runs the set's
    /// steps up to `last_step`, included ("" = all). Files that fail are left out and told in failures(). Errors: no file
    /// left, cancelled, a failing set step.
    Status run(Recipe const& recipe, std::span<File const> files, std::string_view last_step, Scene& result, Job& job);
    std::vector<Failure> const& failures() const { return m_failures; }
    /// Ids of the files behind the channels of the last result; 0 for composites.
    std::vector<int> const& ids() const { return m_ids; }
    /// Every image of the last run's set in its order, also those that a step left out, with its alignment; ids parallel.
    /// Those left out have no pixels.
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
    std::string m_look;   ///< the other settings of the channels
    std::vector<Stage> m_stages;
    std::vector<Failure> m_failures;
    std::vector<int> m_ids;
    Scene m_members;
    std::vector<int> m_member_ids;
};

/// True when some step that is on needs the whole set.
bool needs_whole_set(Recipe const& recipe);

/// Names of the files to be written, one per channel of a finished scene: "channel01_10K405.png", "extra06_S10K.png",
/// "composite_NAME.png", "composite_saturate_NAME.png".
std::vector<std::string> overlay_output_names(Scene const& scene);
/// PNG of one channel of a finished scene, with pHYs and the recipe of the whole set.
Result<Bytes> encode_overlay_channel(Scene const& scene, std::size_t channel, Recipe const& recipe,
                                     std::vector<InputHash> const& inputs, Job const& job);
/// Table of the transforms: file, role, label, matrix, shift, scale, rotation, confidence, trust, reason. Give
/// OverlayRun::members() to this and the next, or images that were left out are missing.
std::string transforms_csv(Scene const& scene);
/// [{"file","role","label","matrix":[[a,b,tx],[c,d,ty]]|null,"projective":[px,py]?,"score","trust","residual_px","reason"}]
/// of the channels that came from files, in their order.
Json alignment_json(Scene const& scene);
/// Alignments as seen from another channel: its stored pixels become those that all maps start from. False, and nothing
/// changed, when that channel has none.
bool refer_to(Scene& scene, std::size_t channel);
/// "reference", "by hand", "accepted", "doubtful", "refused".
std::string_view trust_name(Trust trust);

/// Recipe from the original tools' config.txt onto `base`; every key is obeyed or named in `warnings`.
struct ConfigText {
    Recipe recipe;
    std::vector<std::string> input_files; ///< in the colour order; may hold "dummy"
    std::vector<std::string> warnings;    ///< unknown keys, nonsense values: line, what, remedy
};
bool looks_like_config_text(std::string_view text);
ConfigText read_config_text(std::string_view text, Recipe const& base);
std::string write_config_text(Recipe const& recipe, std::span<std::string const> input_files);
/// True for a text that write_config_text() made and nobody has changed since.
bool is_unedited_config_text(std::string_view text);
bool is_config_key(std::string_view key);
std::vector<std::string_view> config_keys();
/// One key of config.txt with a value as on a command line: gamma, 2; use_affine_transform, True. The result is a remark
/// when the value changes nothing, else empty.
Result<std::string> set_config_value(Recipe& recipe, std::string_view key, std::string_view value);

/// Files that belong together, found by name pattern, folder and header.
struct SeriesMember {
    int index = 0; ///< of the input
    Role role = Role::signal;
    std::string label; ///< "420 nm"
};
struct Series {
    std::string name; ///< "10K · AB01"
    std::vector<SeriesMember> members; ///< in their order
};
struct SeriesInput {
    std::string_view file_name, relative_path;
    Metadata const* metadata = nullptr; ///< may be null
    Size size{};
};
std::vector<Series> find_series(std::span<SeriesInput const> inputs);

} // namespace mg
