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

/// Keeps what each stage made, so that a changed setting re-runs only what follows it.
class OverlayRun {
public:
    struct File {
        int id = 0;
        Loaded const* loaded = nullptr; ///< null: a placeholder ("dummy") that takes a colour and shows nothing
    };
    struct Failure {
        int id = 0;
        std::string file_name, message;
    };
    /// Runs every file's own steps (with its overrides), puts the channels in order into one scene, and runs the set's
    /// steps up to `last_step`, included ("" = all). Files that fail are left out and told in failures(). Errors: no file
    /// left, cancelled, a failing set step.
    Status run(Recipe const& recipe, std::span<File const> files, std::string_view last_step, Scene& result, Job& job);
    std::vector<Failure> const& failures() const { return m_failures; }
    /// Ids of the files behind the channels of the last result; 0 for composites.
    std::vector<int> const& ids() const { return m_ids; }
    void clear();

private:
    struct Stage {
        StepUse use;
        Scene after;
        std::vector<Note> notes;
    };
    struct Single {
        std::string source;
        StepCache steps;
        std::vector<Note> notes;
    };
    std::vector<std::pair<int, Single>> m_singles;
    std::string m_source; ///< what the set's steps began with
    std::vector<Stage> m_stages;
    std::vector<Failure> m_failures;
    std::vector<int> m_ids;
};

/// Names of the files to be written, one per channel of a finished scene: "channel01_10K405.png", "extra06_S10K.png",
/// "composite_NAME.png", "composite_saturate_NAME.png".
std::vector<std::string> overlay_output_names(Scene const& scene);
/// PNG of one channel of a finished scene, with pHYs and the recipe of the whole set.
Result<Bytes> encode_overlay_channel(Scene const& scene, std::size_t channel, Recipe const& recipe,
                                     std::vector<InputHash> const& inputs, Job const& job);
/// Table of the transforms: file, role, label, matrix, shift, scale, rotation, confidence, trust, reason.
std::string transforms_csv(Scene const& scene);
/// [{"file","role","label","matrix":[[a,b,tx],[c,d,ty]]|null,"projective":[px,py]?,"score","trust","residual_px","reason"}]
/// of the channels that came from files, in their order.
Json alignment_json(Scene const& scene);

/// Recipe from the original tools' config.txt onto `base`; every key is obeyed or named in `warnings`.
struct ConfigText {
    Recipe recipe;
    std::vector<std::string> input_files; ///< in the colour order; may hold "dummy"
    std::vector<std::string> warnings;    ///< unknown keys, nonsense values: line, what, remedy
};
bool looks_like_config_text(std::string_view text);
ConfigText read_config_text(std::string_view text, Recipe const& base);
std::string write_config_text(Recipe const& recipe, std::span<std::string const> input_files);

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
