#include <algorithm>
#include <cstdio>

#include "base/version.h"
#include "cli/commands.h"
#include "recipe/names.h"

namespace mg::cli {
namespace {

std::vector<Command> commands() {
    return {
        {"annotate",
         "annotate IMAGE... [-o DIR] [KEY=VALUE ...]",
         "micrographs to publication-ready PNGs: cleaned, square pixels, databar with scale bar",
         {"-o", "--recipe", "--compatible", "--pages", "--no-overwrite", "--jobs", "--json", "--help"},
         run_annotate},
        {"overlay",
         "overlay IMAGE... [-o DIR] [--config FILE] [KEY=VALUE ...]",
         "images of one place aligned and composed: each channel in its tint, extra images in grey, the composite",
         {"-o", "--config", "--recipe", "--compatible", "--pages", "--no-overwrite", "--jobs", "--json", "--help"},
         run_overlay},
        {"materials",
         "materials IMAGE... [-o DIR] [k=5] [se=NAME] [lab=NAME] [labels=PATH.png] [KEY=VALUE ...]",
         "element maps to materials: the SE image in their colours, the label map, a table of compositions",
         {"-o", "--recipe", "--compatible", "--pages", "--no-overwrite", "--jobs", "--json", "--help"},
         run_materials},
        {"run",
         "run IMAGE... [-o DIR] -- STEP [KEY=VALUE ...] STEP ...\n       micrographia run OUT.png [IMAGE...] [-o DIR]",
         "the steps given, in that order; or the recipe inside a PNG: shown, made again (-o), or applied to other "
         "images",
         {"-o", "--recipe", "--pages", "--no-overwrite", "--jobs", "--json", "--help", "--"},
         run_run},
        {"info",
         "info FILE... [--raw]",
         "metadata and calibration, and where each value came from",
         {"--pages", "--json", "--raw", "--jobs", "--help"},
         run_info},
        {"steps",
         "steps [STEP]",
         "reference of the steps and their values",
         {"--json", "--markdown", "--help"},
         run_steps},
        {"sample",
         "sample DIR [materials]",
         "writes a generated set of images to try things on: micrographs, or element maps with their SE image",
         {"--json", "--help"},
         run_sample},
    };
}

std::string general_help() {
    std::string text = std::string("Micrographia ") + k_version +
                       ": electron micrographs to published figures.\n\nusage: micrographia COMMAND ...\n\n";
    for (Command const& command : commands())
        text += "  " + std::string(command.usage) + "\n      " + std::string(command.summary) + "\n";
    text += "\nA folder stands for the image files in it and below. A value is set as STEP.KEY=VALUE, or KEY=VALUE "
            "where one step\n"
            "alone has the key; STEP=on and STEP=off switch a step; @FILE gives a file's content "
            "(databar.logo=@logo.png).\n"
            "The second page of stack.tif is called stack.p2.tif, in results and as a name to give.\n"
            "Exit code: 0 all done, 1 some input failed (each is named on standard error), 2 wrong usage.\n"
            "\"micrographia COMMAND --help\" lists a command's options, \"micrographia steps\" all steps.\n";
    return text;
}

std::string command_help(Command const& command) {
    std::string text =
        "usage: micrographia " + std::string(command.usage) + "\n  " + std::string(command.summary) + "\n\n";
    for (OptionInfo const& info : k_option_infos)
        for (std::string_view name : command.options)
            if (name == info.name) {
                std::string left = "  " + std::string(info.name) + " " + std::string(info.argument);
                left.resize(left.size() < 18 ? 18 : left.size() + 1, ' ');
                text += left + std::string(info.help) + "\n";
            }
    return text;
}

/// Texts come out of files too: nothing in them may steer the terminal.
void write_text(std::FILE* stream, std::string text) {
    for (char& c : text)
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F) c = '?';
    std::fwrite(text.data(), 1, text.size(), stream);
}

} // namespace

void print(std::string_view text) {
    write_text(stdout, std::string(text));
}

void report(std::string_view file, std::string_view message) {
    std::string name(file);
    std::replace(name.begin(), name.end(), '\n', '?'); // one line for each message, whatever the file is called
    write_text(stderr, name + ": " + std::string(message) + "\n");
}

int wrong_usage(std::string_view message) {
    report("micrographia", message);
    return 2;
}

int run_program(std::vector<std::string> const& arguments) {
    if (arguments.empty()) {
        write_text(stderr, general_help());
        return 2;
    }
    std::string const& name = arguments.front();
    if (name == "--version") {
        print(std::string("micrographia ") + k_version + "\n");
        return 0;
    }
    if (name == "--help" || name == "-h" || name == "help") {
        print(general_help());
        return 0;
    }
    std::vector<std::string_view> names;
    for (Command const& command : commands()) {
        names.push_back(command.name);
        if (command.name != name) continue;
        auto const options = parse_options({arguments.begin() + 1, arguments.end()}, command.options);
        if (!options) return wrong_usage(std::string(command.name) + ": " + options.error().message);
        if (options->help) {
            print(command_help(command));
            return 0;
        }
        return command.run(*options);
    }
    return wrong_usage(unknown_name("command", name, names).message);
}

} // namespace mg::cli
