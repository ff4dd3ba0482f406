#include "cli/commands.h"

int main(int argc, char** argv) {
    return mg::cli::run_program(std::vector<std::string>(argv + 1, argv + argc));
}
