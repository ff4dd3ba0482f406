#pragma once
// From a file's bytes to a Scene, through the steps, to a PNG with its provenance. The command line, the page's workers
// and the tests all call these.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "codecs/codec.h"
#include "recipe/job.h"
#include "recipe/recipe.h"

namespace mg {

struct InputFile {
    std::string file_name;
    std::string relative_path; ///< may equal file_name
    ByteView bytes;
    ByteView twin{};    ///< content of `_NAME`, when given
    ByteView sidecar{}; ///< content of NAME.txt or NAME-tif.hdr, when given
    std::string sidecar_name{}; ///< empty: NAME.txt
    int page = 0;               ///< of a file with several, counted from 0
    std::int64_t largest_pixels = k_max_pixels; ///< an image of more is read at half its size, a third, ...
    /// The SHA-256 of `bytes`, from a caller who finds it meanwhile on another thread; empty: it is found here.
    std::function<std::string()> sha256{};
};

/// A file that went into a picture: the image, its twin, its sidecar.
struct InputHash {
    std::string file_name, sha256;
    int page = 0; ///< counted from 0
    bool operator==(InputHash const&) const = default;
};

/// How a page of a file with several is called wherever files are told apart by name (recipes, results): the file's own
/// name for the first page, "stack.p2.tif" for the second of "stack.tif".
std::string paged_name(std::string_view file_name, int page);
/// What such a name stands for when no file bears it: page 1, counted from 0, of "stack.tif". Nothing for any other name.
struct PagedName {
    std::string file_name;
    int page = 0;
};
std::optional<PagedName> page_of_name(std::string_view name);

/// Decodes a file and reads its metadata into a one-channel Scene. `decoded` facts that the info command prints are
/// returned too (its planes are shared with the scene).
struct Loaded {
    Scene scene;
    Decoded decoded;
    std::string sha256;            ///< of the input's bytes, hex
    std::vector<InputHash> inputs; ///< the image first, then the twin and the sidecar when given
};
Result<Loaded> load_file(InputFile const& input);
/// A short name for a channel: "420 nm", "SE", or the file name without its ending.
std::string channel_label(Metadata const& metadata, std::string_view file_name);

/// Runs the enabled steps in order; overrides are applied before, by recipe_for_file(). Notes gather in `job`;
/// cancelled -> ErrorCode::cancelled; errors are prefixed by the step's title. No scene but the current one is kept.
Status run_steps(Recipe const& recipe, Scene& scene, Job& job);

/// Remembers the Scene after each step, so that a changed parameter re-runs only what follows it.
class StepCache {
public:
    /// Runs `recipe`, overrides applied, on `loaded`, reusing the longest unchanged prefix of the last run on the same
    /// input. The scenes share planes with each other and with `loaded`.
    Status run(Recipe const& recipe, Loaded const& loaded, Scene& result, Job& job);
    void clear();

private:
    struct Entry {
        StepUse use;
        Scene after;
        std::vector<Note> notes;
    };
    std::string m_source;
    std::vector<Entry> m_entries;
};

/// Linked values (Step::linkable) over a set: measure each file with the recipe, then fix the common values. A step is
/// linked when it is enabled, has linkable keys, and its toggle "linked" is on.
struct LinkMeasurement {
    std::string step, key;
    double value = 0;
};
bool wants_linking(Recipe const& recipe);
/// Runs the steps up to the last linked one. `recipe` has no overrides left.
Result<std::vector<LinkMeasurement>> measure_links(Recipe const& recipe, Scene scene, Job& job);
/// For each linked step: key "low" gets the smallest, "high" the largest value of the set, "method" becomes "fixed" and
/// "linked" off, so that each PNG's own recipe makes the same picture again without the others.
Recipe with_links(Recipe const& recipe, std::vector<std::vector<LinkMeasurement>> const& measured);

/// "NAME.png", the scale bar, and all else that `annotate --json` reports of one output.
struct Annotated {
    Bytes png;
    Size size;
    std::optional<double> pixel_size_nm;
    std::optional<double> scale_bar_nm;
    std::optional<double> scale_bar_px;
    std::vector<std::string> steps; ///< ids of the steps that ran
    std::vector<Note> notes;
    std::vector<std::string> warnings; ///< of the decoder and the metadata readers, and notes with the key "warning"
};
/// The whole way for one file. `recipe` still holds its overrides.
Result<Annotated> annotate(Recipe const& recipe, InputFile const& input, Job& job);
/// PNG of one channel of a finished Scene, with pHYs and the provenance in iTXt "micrographia:recipe": the recipe of the
/// whole, the inputs, and the notes of the job and `last`.
Result<Bytes> encode_channel(Scene const& scene, std::size_t index, Recipe const& recipe,
                             std::vector<InputHash> const& inputs, Job const& job, std::optional<Note> last = {});
/// Of the first channel, with the notes of the job. `recipe` has its overrides applied.
Result<Bytes> encode_scene(Scene const& scene, Recipe const& recipe, Loaded const& loaded, Job const& job);
/// Says that the scene of a file is smaller than the file; nothing when it is not. `whose` comes before.
std::optional<Note> reduction_note(Scene const& scene, std::string_view whose = {});

/// The recipe inside a PNG that this program wrote; an error says when there is none.
struct Provenance {
    Recipe recipe;
    std::string version;
    using Input = InputHash;
    std::vector<Input> inputs;
    std::vector<std::string> warnings; ///< "despike was version 1, is 2 now: pixels may differ"
};
Result<Provenance> read_provenance(ByteView png);
/// {"micrographia":VERSION,"steps":[...],"inputs":[{"file","sha256","page" (from 1; absent: the first)}],"notes":[{"step","key","value","text"}]}
std::string provenance_json(Recipe const& recipe, std::vector<Provenance::Input> const& inputs,
                            std::vector<Note> const& notes);
/// A recipe from any file that can hold one: recipe text or JSON (parsed onto `base`), or a PNG (its own recipe).
Result<Recipe> read_recipe(ByteView file, Recipe const& base);

} // namespace mg
