// micrographia overlay: images of one place to aligned, tinted channels and their composite.
#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/set_runner.h"
#include "recipe/channel_set.h"
#include "recipe/names.h"
#include "recipe/overlay.h"

namespace mg::cli {
namespace {

/// One row per file in the order given, seen from the first file.
void tell_alignment(Report& told, Scene scene, std::vector<int> const& ids, std::vector<SetFile> const& members) {
    std::vector<std::size_t> channel_of(members.size(), SIZE_MAX);
    for (std::size_t c = 0; c < ids.size(); ++c)
        if (ids[c] > 0) channel_of[static_cast<std::size_t>(ids[c]) - 1] = c;
    for (std::size_t const channel : channel_of)
        if (channel != SIZE_MAX && refer_to(scene, channel)) break;
    Json const rows = alignment_json(scene);
    // Composites have no row, and stand after all that have one.
    for (std::size_t i = 0; i < members.size(); ++i) {
        std::size_t const channel = channel_of[i];
        if (!members[i].input || channel >= rows.as_array()->size()) continue;
        Json row;
        row.add("file", members[i].input->path.string());
        if (members[i].input->page > 0) row.add("page", members[i].input->page + 1);
        for (JsonMember const& member : *(*rows.as_array())[channel].as_object())
            if (member.key != "file") row.add(member.key, member.value);
        told.alignment.push(std::move(row));
        // Refused ones are told by the step.
        auto const& alignment = scene.channels[channel].alignment;
        if (alignment && alignment->trust == Trust::doubtful)
            told.warn(members[i].input->told(), "its alignment is doubtful: " + alignment->reason);
    }
}

Json facts_json(Channel const& channel) {
    Json item;
    item.add("width", channel.size().width);
    item.add("height", channel.size().height);
    if (channel.pixel_size_x_nm) item.add("pixel_size_nm", channel.pixel_size_x_nm->value);
    return item;
}

} // namespace

void write_overlay(FinishedSet const& set, SetOutput& output) {
    tell_alignment(output.told(), set.run.members(), set.run.member_ids(), set.files);
    auto const names = overlay_output_names(set.scene);
    std::vector<SetOutput::Picture> pictures;
    for (std::size_t i = 0; i < names.size(); ++i)
        pictures.push_back(
            {.path = set.task.folder / names[i],
             .label = set.scene.channels[i].label,
             .encode = [&set, i] { return encode_channel(set.scene, i, set.task.recipe, set.hashes, set.job); },
             .facts = facts_json(set.scene.channels[i])});
    output.write_pictures(pictures, set.job);

    std::string const csv = transforms_csv(set.run.members());
    std::string_view const heading = std::string_view(csv).substr(0, csv.find('\n'));
    output.write_file(set.task.folder / ("alignment_" + set_name(set.run.members().channels) + ".csv"), as_bytes(csv),
                      [&](ByteView present) { return as_text(present).starts_with(heading); });
    if (!set.task.config_text.empty())
        output.write_file(set.task.folder / "config.txt", as_bytes(set.task.config_text),
                          [](ByteView present) { return is_unedited_config_text(as_text(present)); });
}

namespace {

struct Config {
    fs::path path; ///< empty: there is none
    ConfigText text;
};

bool is_config_file(fs::path const& path) {
    if (lowered(path.extension().string()) != ".txt") return false;
    auto const bytes = read_file(path);
    return bytes && looks_like_config_text(as_text(*bytes));
}

/// The config.txt beside the images; empty when there is none.
fs::path config_beside(std::vector<std::string> const& images) {
    for (std::string const& image : images) {
        std::error_code error;
        fs::path const path = fs::is_directory(image, error) ? fs::path(image) : fs::path(image).parent_path();
        if (is_config_file(path / "config.txt")) return path / "config.txt";
    }
    return {};
}

/// KEY=VALUE of the command line: a key of config.txt, a value of the recipe, or FILE:STEP.KEY for one file alone.
Status set_from_argument(Recipe& recipe, std::string const& key, std::string const& value,
                         std::vector<std::string>& warnings) {
    if (is_config_key(key)) {
        MG_TRY(std::string remark, set_config_value(recipe, key, value));
        if (!remark.empty()) warnings.push_back(std::move(remark));
        return Done{};
    }
    auto status = set_for_sets(recipe, key, value);
    // A misspelt key of config.txt is answered with its like.
    if (!status && key.find_first_of(".:") == std::string::npos && !named_param(recipe, key))
        if (auto const keys = config_keys(); !nearest_names(key, keys).empty()) return unknown_name("key", key, keys);
    return status;
}

/// Names for config.txt: found from where it lies.
std::vector<std::string> names_from(fs::path const& folder, std::vector<std::string> const& files) {
    std::vector<std::string> names;
    for (std::string const& file : files) {
        std::error_code error;
        auto const whole = [&](fs::path const& path) { return fs::absolute(path, error).lexically_normal(); };
        fs::path const near = whole(file).lexically_proximate(whole(folder.empty() ? fs::path(".") : folder));
        names.push_back(file == k_placeholder || error ? file : near.generic_string());
    }
    return names;
}

bool is_placeholder(std::string const& file) {
    std::error_code error;
    return file == k_placeholder && !fs::exists(file, error);
}

} // namespace

int run_overlay(Options const& options) {
    std::vector<std::string> files, images, warnings;
    Config config;
    config.path = options.config_file;
    for (std::string const& file : options.files) {
        bool const placeholder = is_placeholder(file);
        if (!placeholder && is_config_file(file)) {
            if (config.path.empty()) config.path = file;
            continue;
        }
        files.push_back(file);
        if (!placeholder) images.push_back(file);
    }
    bool const asked = !config.path.empty();
    if (!asked && options.recipe_file.empty()) config.path = config_beside(images);

    auto base = recipe_for_sets(overlay_recipe(), options);
    if (!base) return wrong_usage(base.error().message);
    Recipe recipe = std::move(base).value();
    if (!config.path.empty()) {
        auto const bytes = read_file(config.path);
        if (!bytes) return wrong_usage("--config: " + config.path.string() + ": " + bytes.error().message);
        config.text = read_config_text(as_text(*bytes), recipe);
        recipe = config.text.recipe;
        if (!asked) warnings.push_back("settings are taken from " + config.path.string());
        for (std::string const& warning : config.text.warnings)
            warnings.push_back(config.path.string() + ": " + warning);
    }
    for (auto const& [key, value] : options.values)
        if (auto const set = set_from_argument(recipe, key, value, warnings); !set)
            return wrong_usage(set.error().message);

    if (images.empty())
        for (std::string const& name : config.text.input_files) {
            files.push_back(name == k_placeholder ? name
                                                  : (config.path.parent_path() / name).lexically_normal().string());
            if (name != k_placeholder) images.push_back(files.back());
        }
    if (images.empty()) return wrong_usage("overlay: no images given; usage: micrographia overlay IMAGE... [-o DIR]");

    // One file with several pages is a stack of channels.
    PageChoice pages = options.pages;
    bool const is_stack = images.size() == 1 && files.size() == 1 && !pages.is_given && !some_is_folder(images);
    if (is_stack) pages.is_given = pages.all = true;
    Inputs const inputs = with_pages(find_inputs(images), pages);
    std::vector<SetTask> tasks;
    for (auto const& set :
         some_is_folder(images)
             ? sets_in(
                   inputs, options, [](auto facts) { return indices_of(find_series(facts)); }, warnings)
             : std::vector<std::vector<std::string>>{names_of_inputs(files, inputs)})
        tasks.push_back(task_of(recipe, set, inputs, options));
    // One config.txt in a folder: with the files of its set, when there is only one.
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        auto const shares = [&](SetTask const& other) { return other.folder == tasks[i].folder; };
        if (std::any_of(tasks.begin(), tasks.begin() + static_cast<std::ptrdiff_t>(i), shares)) continue;
        std::error_code error;
        if (!config.path.empty() && fs::equivalent(config.path, tasks[i].folder / "config.txt", error)) continue;
        bool const alone = std::count_if(tasks.begin(), tasks.end(), shares) == 1;
        tasks[i].config_text =
            write_config_text(recipe, alone ? names_from(tasks[i].folder, tasks[i].files) : std::vector<std::string>());
    }
    Options with_choice = options;
    with_choice.pages = pages;
    return run_sets(tasks, inputs, warnings, with_choice);
}

} // namespace mg::cli
