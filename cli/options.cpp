#include "cli/options.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "codecs/tiff_directory.h"
#include "recipe/names.h"

namespace mg::cli {

OptionInfo const k_option_infos[11] = {
    {"-o", "DIR", "folder for the results; made when absent (default: beside each input)"},
    {"--recipe", "FILE", "recipe to use: text, JSON, or a PNG made by Micrographia"},
    {"--config", "FILE", "config.txt of the original Python tools (default: the one beside the images)"},
    {"--compatible", "", "every step as the original Python tools had it"},
    {"--no-overwrite", "", "keep results that exist already"},
    {"--pages", "LIST", "pages of files with several: all, or numbers as in 2-5,7 (default: the first)"},
    {"--jobs", "N", "files worked on at the same time (default: one per core)"},
    {"--json", "", "one JSON object on standard output"},
    {"--raw", "", "every key of the file's header too"},
    {"--markdown", "", "the whole reference as Markdown"},
    {"--help", "", "this text"},
};

Result<PageChoice> parse_pages(std::string_view text) {
    PageChoice choice{.is_given = true, .ranges = {}};
    choice.all = text == "all";
    if (choice.all) return choice;
    for (std::string_view part : split(text, ',')) {
        std::size_t const dash = part.find('-');
        auto const first = parse_int(part.substr(0, dash));
        auto const last = dash == std::string_view::npos ? first : parse_int(part.substr(dash + 1));
        if (!first || !last || *first < 1 || *last < *first || *last > static_cast<std::int64_t>(k_max_pages))
            return Error{ErrorCode::bad_value, "--pages: \"" + std::string(text) + "\" is not \"all\" and no list of pages "
                                               "from 1 to " + std::to_string(k_max_pages) + ", as in 2-5,7"};
        choice.ranges.emplace_back(static_cast<int>(*first), static_cast<int>(*last));
    }
    return choice;
}

std::vector<int> PageChoice::pages_of(int count) const {
    std::set<int> pages;
    if (!is_given) pages.insert(0);
    for (int page = 0; all && page < count; ++page) pages.insert(page);
    for (auto const& [first, last] : ranges)
        for (int page = first; page <= last; ++page) pages.insert(page - 1);
    return {pages.begin(), pages.end()};
}

Result<Options> parse_options(std::vector<std::string> const& arguments, std::vector<std::string_view> const& allowed) {
    Options options;
    bool only_files = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string const& argument = arguments[i];
        bool const may_chain = std::find(allowed.begin(), allowed.end(), "--") != allowed.end();
        if (!only_files && argument == "--") {
            if (may_chain) {
                options.has_chain = true;
                options.chain.assign(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
                break;
            }
            only_files = true;
            continue;
        }
        if (only_files || argument.size() < 2 || argument[0] != '-') {
            std::size_t const equals = argument.find('=');
            std::error_code error;
            if (!only_files && equals != std::string::npos && equals > 0 && !std::filesystem::exists(argument, error))
                options.values.emplace_back(argument.substr(0, equals), argument.substr(equals + 1));
            else
                options.files.push_back(argument);
            continue;
        }
        // --name=value is --name value; -oDIR is not taken, since "-output" would then be a folder.
        std::size_t const equals = argument.starts_with("--") ? argument.find('=') : std::string::npos;
        std::string name = argument.substr(0, equals);
        if (name == "-h") name = "--help";
        if (name == "--output") name = "-o";
        if (name == "-j") name = "--jobs";
        OptionInfo const* info = nullptr;
        for (OptionInfo const& candidate : k_option_infos)
            if (candidate.name == name && std::find(allowed.begin(), allowed.end(), name) != allowed.end())
                info = &candidate;
        if (!info) {
            std::vector<std::string_view> valid = allowed;
            valid.erase(std::remove(valid.begin(), valid.end(), "--"), valid.end());
            return unknown_name("option", name, valid);
        }
        std::string value;
        if (!info->argument.empty()) {
            if (equals != std::string::npos)
                value = argument.substr(equals + 1);
            else if (++i < arguments.size())
                value = arguments[i];
            if (value.empty())
                return Error{ErrorCode::bad_value,
                             name + " needs a value: " + name + " " + std::string(info->argument)};
        } else if (equals != std::string::npos) {
            return Error{ErrorCode::bad_value, name + " takes no value"};
        }
        if (name == "-o")
            options.output_folder = value;
        else if (name == "--recipe")
            options.recipe_file = value;
        else if (name == "--config")
            options.config_file = value;
        else if (name == "--json")
            options.json = true;
        else if (name == "--markdown")
            options.markdown = true;
        else if (name == "--raw")
            options.raw = true;
        else if (name == "--compatible")
            options.compatible = true;
        else if (name == "--no-overwrite")
            options.no_overwrite = true;
        else if (name == "--help")
            options.help = true;
        else if (name == "--pages") {
            MG_TRY(options.pages, parse_pages(value));
        } else if (name == "--jobs") {
            auto const jobs = parse_int(value);
            if (!jobs || *jobs < 1 || *jobs > 1024)
                return Error{ErrorCode::bad_value, "--jobs: \"" + value + "\" is not a number from 1 to 1024"};
            options.jobs = static_cast<int>(*jobs);
        }
    }
    return options;
}

} // namespace mg::cli
