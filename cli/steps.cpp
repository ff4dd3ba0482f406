// micrographia steps: the reference, from the steps' tables.
#include "base/json.h"
#include "cli/commands.h"
#include "recipe/names.h"
#include "recipe/reference.h"
#include "steps/registry.h"

namespace mg::cli {

int run_steps(Options const& options) {
    if (!options.values.empty()) return wrong_usage("steps: takes the name of a step, not values");
    if (options.markdown) {
        print(steps_markdown());
        return 0;
    }
    std::vector<Step const*> steps;
    for (std::string const& name : options.files) {
        auto const step = step_named({}, name);
        if (!step) return wrong_usage("steps: " + step.error().message);
        steps.push_back(*step);
    }
    bool const all = steps.empty();
    if (all) steps.assign(all_steps().begin(), all_steps().end());
    if (options.json) {
        Json list{Json::Array{}};
        for (Step const* step : steps) list.push(step_reference(*step));
        Json json;
        json.add("steps", std::move(list));
        print(to_text(json) + "\n");
        return 0;
    }
    std::string text;
    for (Step const* step : steps) {
        if (!all) {
            text += (text.empty() ? "" : "\n") + step_help(*step);
            continue;
        }
        std::string line = "  " + std::string(step->id);
        line.resize(line.size() < 20 ? 20 : line.size() + 1, ' ');
        text += line + (step->on_by_default ? "on   " : "off  ") + std::string(step->summary) + "\n";
    }
    if (all) text += "\n\"micrographia steps STEP\" lists a step's values.\n";
    print(text);
    return 0;
}

} // namespace mg::cli
