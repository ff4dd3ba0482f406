#pragma once
// Sets of images that are aligned and composed together, from files to files.
#include "cli/files.h"
#include "cli/options.h"
#include "recipe/recipe.h"

namespace mg::cli {

struct SetTask {
    Recipe recipe;                  ///< with its overrides
    std::vector<std::string> files; ///< paths of inputs, and "dummy" for a placeholder, in the order given
    fs::path folder;                ///< for the results
    std::string config_text{};      ///< is written beside the results, unless empty
};

/// Runs the sets one after the other and writes what they give; with --json, one object for all. The exit code.
int run_sets(std::vector<SetTask> const& tasks, Inputs const& inputs, std::vector<std::string> const& warnings,
             Options const& options);

/// One set of these files and no series; "dummy" among them is a placeholder. Results go beside the first image unless
/// the options name a folder.
int run_as_set(Recipe const& recipe, std::vector<std::string> const& files, Options const& options);

} // namespace mg::cli
