#pragma once
// Command-line arguments of every command, as one struct.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace mg::cli {

/// --pages: which pages of files with several.
struct PageChoice {
    bool is_given = false; ///< not: the first page
    bool all = false;
    std::vector<std::pair<int, int>> ranges; ///< first and last, counted from 1

    /// Pages of a file that has so many, counted from 0, ascending; those beyond its last one too.
    std::vector<int> pages_of(int count) const;
};
/// "1", "all", "2-5,7"
Result<PageChoice> parse_pages(std::string_view text);

struct Options {
    std::vector<std::string> files;
    std::vector<std::pair<std::string, std::string>> values; ///< KEY=VALUE in the order given
    std::vector<std::string> chain;                          ///< what follows "--"
    bool has_chain = false;
    std::string output_folder; ///< empty: beside each input
    std::string recipe_file;
    std::string config_file;
    PageChoice pages;
    int jobs = 0; ///< 0: one per core
    bool json = false, markdown = false, raw = false, compatible = false, no_overwrite = false, help = false;
};

/// An option as in the table of a command: "-o", "--recipe", ...
struct OptionInfo {
    std::string_view name{}, argument{}, help{};
};
/// All options there are.
extern OptionInfo const k_option_infos[11];

/// `allowed` names the options of this command; others are answered with the nearest. An argument is KEY=VALUE when it
/// has '=' and no file of that name exists.
Result<Options> parse_options(std::vector<std::string> const& arguments, std::vector<std::string_view> const& allowed);

} // namespace mg::cli
