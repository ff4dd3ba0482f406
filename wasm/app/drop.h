#pragma once
// What dropped or opened files are to each other: images, untouched twins (`_NAME` beside NAME), sidecars (NAME.txt, NAME-tif.hdr),
// recipes, and PNGs that carry a recipe. Looks at names and first bytes only; pixels are the workers' business.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/document.h"

namespace mg::app {

struct DroppedFile;

struct FoundRecipe {
    std::string from; ///< file it was in
    Recipe recipe;
    std::vector<std::string> inputs;   ///< file names that a PNG says it was made from
    std::vector<std::string> warnings; ///< "despike was version 1, is 2 now: pixels may differ"
};

/// A config.txt of the original tools: the overlay's settings and its files in order.
struct FoundConfig {
    std::string from;
    std::vector<std::string> missing; ///< files that it names and that are not open
    std::vector<std::string> warnings;
};

/// How the document changes by the files, and what to tell the user.
struct DropOutcome {
    Document document;
    std::optional<FoundRecipe> recipe;
    std::optional<FoundConfig> config;
    std::vector<int> added;            ///< ids of new inputs
    std::vector<std::string> lonely;   ///< sidecars whose image is not there
    std::vector<std::string> unknown;  ///< texts that are nothing known
    std::vector<std::string> again;    ///< images that were open already
    std::vector<std::string> failures; ///< recipe files that cannot be read, in words
};

/// Pure. `workspace`: whose recipe a recipe's text changes. New inputs take ids from next_id on, which the outcome's `added` tells.
DropOutcome with_files(Document document, std::vector<DroppedFile> const& files, int next_id,
                       Workspace workspace = Workspace::annotate);

/// Of a file of which the first bytes have come: all of it must be seen to know whether it is a recipe or settings.
bool wants_whole(std::string_view path, ByteView start, std::int64_t size);
/// What with_files() looks at: DroppedFile::start.
SharedBytes kept_start(std::string_view path, ByteView start, std::int64_t size);

/// That a recipe is of, by its steps.
Workspace workspace_of(Recipe const& recipe);
/// The recipe of a workspace before anything has been changed.
Recipe fresh_recipe(Workspace workspace);

std::string_view file_name_of(std::string_view path);
/// "AB01/10K420.TIF" -> "AB01/10K420".
std::string_view stem_of(std::string_view path);

} // namespace mg::app
