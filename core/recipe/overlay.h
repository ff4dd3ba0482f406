#pragma once
// The overlay workflow: files of one place -> aligned channels -> composites, each written as a PNG. The command line,
// the page's workers and the tests all call these; sets are run by SetRun.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "recipe/pipeline.h"
#include "recipe/set_run.h"

namespace mg {

/// About how many bytes it takes to align and compose images of these sizes and to write the results. Up to a
/// sixth too much.
std::int64_t overlay_memory_bytes(std::span<Size const> files);

/// Names of the files to be written, one per channel of a finished scene: "channel01_10K405.png", "extra06_S10K.png",
/// "composite_NAME.png", "composite_saturate_NAME.png".
std::vector<std::string> overlay_output_names(Scene const& scene);
/// Table of the transforms: file, role, label, matrix, shift, scale, rotation, confidence, trust, reason. Give
/// SetRun::members() to this and the next, or images that were left out are missing.
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
/// A longer one is no config.txt, and is not read to its end.
inline constexpr std::size_t k_config_max_bytes = std::size_t{1} << 20;
bool looks_like_config_text(std::string_view text);
ConfigText read_config_text(std::string_view text, Recipe const& base);
std::string write_config_text(Recipe const& recipe, std::span<std::string const> input_files);
/// True for a text that write_config_text() made and nobody has changed since.
bool is_unedited_config_text(std::string_view text);
bool is_config_key(std::string_view key);
std::vector<std::string_view> config_keys();
/// One key of config.txt with a value as on a command line: gamma, 2; use_affine_transform, True. The result is a
/// remark when the value changes nothing, else empty.
Result<std::string> set_config_value(Recipe& recipe, std::string_view key, std::string_view value);

/// Files that belong together, found by name pattern, folder and header.
struct SeriesMember {
    int index = 0; ///< of the input
    Role role = Role::signal;
    std::string label; ///< "420 nm"
};
struct Series {
    std::string name;                  ///< "10K · AB01"
    std::vector<SeriesMember> members; ///< in their order
};
std::vector<Series> find_series(std::span<SetInput const> inputs);

} // namespace mg
