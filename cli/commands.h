#pragma once
// The commands. Each returns the exit code: 0 all done, 1 some input failed, 2 wrong usage.
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.h"

namespace mg::cli {

struct Command {
    std::string_view name{}, usage{}, summary{};
    std::vector<std::string_view> options;
    int (*run)(Options const& options) = nullptr;
};

int run_annotate(Options const& options);
int run_overlay(Options const& options);
int run_materials(Options const& options);
int run_info(Options const& options);
int run_run(Options const& options);
int run_steps(Options const& options);
int run_sample(Options const& options);

/// The whole program. Arguments without the program's name.
int run_program(std::vector<std::string> const& arguments);

/// "micrographia: cause" on standard error, and 2.
int wrong_usage(std::string_view message);
/// "FILE: message" on standard error.
void report(std::string_view file, std::string_view message);
/// Text to standard output.
void print(std::string_view text);

} // namespace mg::cli
