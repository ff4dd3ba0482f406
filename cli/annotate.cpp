// micrographia annotate and micrographia run: a recipe over files.
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/batch.h"
#include "cli/commands.h"
#include "cli/set_runner.h"
#include "recipe/names.h"
#include "recipe/overlay.h"

namespace mg::cli {
namespace {

Result<Recipe> recipe_from_file(std::string const& file, Recipe const& base) {
    auto bytes = read_file(file);
    if (!bytes) return Error{bytes.error().code, file + ": " + bytes.error().message};
    auto recipe = read_recipe(*bytes, base);
    if (!recipe) recipe.error().message = file + ": " + recipe.error().message;
    return recipe;
}

Status check_output_folder(Options const& options) {
    std::error_code error;
    if (!options.output_folder.empty() && fs::exists(options.output_folder, error) &&
        !fs::is_directory(options.output_folder, error))
        return Error{ErrorCode::bad_value,
                     "-o: " + options.output_folder + " is not a folder; -o takes the folder for the results"};
    return Done{};
}

/// The chain after "--": STEP [KEY=VALUE ...] STEP ...
Result<Recipe> free_chain(std::vector<std::string> const& words) {
    Recipe chain;
    for (std::string const& word : words) {
        std::size_t const equals = word.find('=');
        if (equals == std::string::npos) {
            MG_TRY(Step const* step, step_named({}, word));
            chain.steps.push_back(make_use(*step));
            continue;
        }
        if (chain.steps.empty())
            return Error{ErrorCode::bad_value, "\"" + word + "\" stands before any step; write STEP KEY=VALUE"};
        // Values belong to the last step named: the same step may stand in a chain twice.
        Step const& step = *chain.steps.back().step;
        std::string key = word.substr(0, equals);
        if (key.find('.') == std::string::npos && key != step.id) key = std::string(step.id) + "." + key;
        Recipe last{{std::move(chain.steps.back())}, {}};
        MG_TRY_DO(set_from_command_line(last, key, word.substr(equals + 1)));
        chain.steps.back() = std::move(last.steps.front());
    }
    if (chain.steps.empty())
        return Error{ErrorCode::bad_value, "no steps after \"--\"; \"micrographia steps\" lists them"};
    return chain;
}

/// The inputs of a set beside the picture that was made from it, in their order.
Result<std::vector<std::string>> inputs_beside(Provenance const& provenance, fs::path const& picture) {
    std::vector<std::string> files;
    for (InputHash const& wanted : provenance.inputs) {
        if (wanted.sha256.empty()) { // a placeholder
            files.push_back(wanted.file_name);
            continue;
        }
        // A name out of a file is a name, never a path.
        fs::path const name = fs::path(wanted.file_name).filename();
        fs::path const input = picture.parent_path() / name;
        auto const bytes = read_file(input);
        if (!bytes || sha256_hex(*bytes) != wanted.sha256)
            return Error{ErrorCode::bad_file, "made from " + name.string() + ", among others, with SHA-256 " +
                                                  wanted.sha256 + ", which is not beside it" +
                                                  (bytes ? " (a file of that name is, with other content)" : "") +
                                                  "; put it there, or give all of the set in their order"};
        files.push_back((picture.parent_path() / paged_name(name.string(), wanted.page)).string());
    }
    return files;
}

/// Shows the recipe in a PNG, or makes its picture again from the inputs that lie beside it.
int bring_back(Provenance const& provenance, Options const& options) {
    std::string const& file = options.files.front();
    if (options.output_folder.empty()) {
        print(options.json ? to_json(provenance.recipe) + "\n" : to_text(provenance.recipe));
        return 0;
    }
    if (provenance.inputs.empty()) {
        report(file, "its recipe names no input; give the image: micrographia run " + file + " IMAGE");
        return 1;
    }
    if (needs_whole_set(provenance.recipe)) {
        auto const files = inputs_beside(provenance, file);
        if (files) return run_as_set(provenance.recipe, *files, options);
        report(file, files.error().message);
        return 1;
    }
    InputHash const& wanted = provenance.inputs.front();
    // A name out of a file is a name, never a path.
    fs::path const name = fs::path(wanted.file_name).filename();
    fs::path const input = fs::path(file).parent_path() / name;
    auto const bytes = read_file(input);
    if (!bytes || sha256_hex(*bytes) != wanted.sha256) {
        report(file, "made from " + name.string() + " with SHA-256 " + wanted.sha256 + ", which is not beside it" +
                         (bytes ? " (a file of that name is, with other content)" : "") +
                         "; put it there, or give it: micrographia run " + file + " IMAGE");
        return 1;
    }
    Inputs inputs = find_inputs({input.string()});
    for (Input& one : inputs.files) {
        one.page = wanted.page;
        one.has_page = true;
    }
    return run_batch(provenance.recipe, inputs, options);
}

} // namespace

namespace {

/// A chain with steps of whole sets takes its files together.
int run_recipe(Recipe const& recipe, std::vector<std::string> const& files, Options const& options) {
    return needs_whole_set(recipe) ? run_as_set(recipe, files, options)
                                   : run_batch(recipe, with_pages(find_inputs(files), options.pages), options);
}

} // namespace

int run_annotate(Options const& options) {
    Recipe recipe = options.compatible ? compatible_annotate_recipe() : annotate_recipe();
    if (!options.recipe_file.empty()) {
        auto read = recipe_from_file(options.recipe_file, recipe);
        if (!read) return wrong_usage("--recipe: " + read.error().message);
        recipe = std::move(read).value();
    }
    for (auto const& [key, value] : options.values)
        if (auto const set = set_from_command_line(recipe, key, value); !set) return wrong_usage(set.error().message);
    if (auto const folder = check_output_folder(options); !folder) return wrong_usage(folder.error().message);
    if (options.files.empty())
        return wrong_usage("annotate: no images given; usage: micrographia annotate IMAGE... [-o DIR]");
    return run_batch(recipe, with_pages(find_inputs(options.files), options.pages), options);
}

int run_run(Options const& options) {
    if (options.files.empty()) return wrong_usage("run: no images given; usage: micrographia run IMAGE... -- STEP ...");
    if (auto const folder = check_output_folder(options); !folder) return wrong_usage(folder.error().message);
    if (!options.values.empty())
        return wrong_usage("run: \"" + options.values.front().first +
                           "=\" stands before \"--\"; values follow their step");
    if (options.has_chain) {
        auto const chain = free_chain(options.chain);
        if (!chain) return wrong_usage("run: " + chain.error().message);
        return run_recipe(*chain, options.files, options);
    }
    if (!options.recipe_file.empty()) {
        auto const recipe = recipe_from_file(options.recipe_file, {});
        if (!recipe) return wrong_usage("--recipe: " + recipe.error().message);
        return run_recipe(*recipe, options.files, options);
    }
    std::string const& first = options.files.front();
    auto const bytes = read_file(first);
    if (!bytes) {
        report(first, bytes.error().message);
        return 1;
    }
    if (!is_png(*bytes))
        return wrong_usage(
            "run: no steps; give them after \"--\", a --recipe FILE, or a PNG made by Micrographia first");
    auto const provenance = read_provenance(*bytes);
    if (!provenance) {
        report(first, provenance.error().message);
        return 1;
    }
    for (std::string const& warning : provenance->warnings) report(first, "note: " + warning);
    if (options.files.size() == 1) return bring_back(*provenance, options);
    return run_recipe(provenance->recipe, {options.files.begin() + 1, options.files.end()}, options);
}

} // namespace mg::cli
