// micrographia materials: element maps to materials, and the SE image in their colours.
#include "recipe/materials.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/set_runner.h"
#include "recipe/channel_set.h"
#include "recipe/names.h"

namespace mg::cli {
namespace {

Json size_json(Size size) {
    Json item;
    item.add("width", size.width);
    item.add("height", size.height);
    return item;
}

void tell_materials(FinishedSet const& set, std::string const& name, SetOutput& output) {
    Materials const& materials = *set.scene.materials;
    Scene const& members = set.run.members();
    for (Channel const& channel : members.channels)
        if (channel.alignment && channel.alignment->trust == Trust::doubtful) {
            output.told().warn(channel.file_name, "its alignment is doubtful: " + channel.alignment->reason);
            break; // the maps lie alike
        }
    Json item;
    item.add("name", name);
    item.add("materials", materials_json(materials));
    item.add("registration", map_registration_json(members));
    output.told().sets.push(std::move(item));
    if (output.is_json()) return;
    for (Material const& material : materials.list)
        print("  " + format_share(material.share) + "  " + material.name + "\n");
}

} // namespace

void write_materials(FinishedSet const& set, SetOutput& output) {
    if (!set.scene.materials) {
        output.told().fail("micrographia", "the recipe finds no materials; it needs the step cluster");
        return;
    }
    Materials const& materials = *set.scene.materials;
    Scene const& members = set.run.members();
    std::string const name = materials_set_name(members);
    std::vector<SetOutput::Picture> pictures;
    fs::path const labels = set.task.labels.empty() ? set.task.folder / ("labels_" + name + ".png") : set.task.labels;
    pictures.push_back(
        {.path = labels,
         .label = "label map",
         .encode = [&] { return encode_labels_png(materials, provenance_json(set.task.recipe, set.hashes, {})); },
         .facts = size_json(materials.size),
         .only_here = !set.task.labels.empty()});
    for (Channel const& channel : set.scene.channels) {
        if (channel.role != Role::composite) continue;
        Json facts = size_json(channel.size());
        if (channel.pixel_size_x_nm) facts.add("pixel_size_nm", channel.pixel_size_x_nm->value);
        pictures.push_back({.path = set.task.folder / materials_output_name(members),
                            .label = std::to_string(materials.list.size()) + " materials",
                            .encode = [&] { return encode_materials(set.scene, set.task.recipe, set.hashes, set.job); },
                            .facts = std::move(facts)});
        break;
    }
    output.write_pictures(pictures, set.job);
    if (auto const tiff = encode_labels_tiff(materials); tiff)
        output.write_file(set.task.folder / ("labels_" + name + ".tif"), *tiff, is_label_tiff);
    else
        output.told().fail(set.task.folder.string(), tiff.error().message);
    std::string const csv = materials_csv(materials);
    std::string_view const heading = std::string_view(csv).substr(0, csv.find(','));
    output.write_file(set.task.folder / ("materials_" + name + ".csv"), as_bytes(csv),
                      [&](ByteView present) { return as_text(present).starts_with(heading); });
    tell_materials(set, name, output);
}

namespace {

/// The file that se=NAME or lab=NAME means: by its path, its name, or its name without the ending.
Result<std::string> file_named(std::string const& name, Inputs const& inputs) {
    std::vector<std::string> names;
    for (Input const& input : inputs.files) names.push_back(input.named().filename().string());
    for (Input const& input : inputs.files)
        if (input.named() == fs::path(name)) return input.named().filename().string();
    for (std::string const& file : names)
        if (file == name) return file;
    for (std::string const& file : names)
        if (stem_of(file) == name) return file;
    return unknown_name("image", name, {names.begin(), names.end()});
}

} // namespace

int run_materials(Options const& options) {
    auto base = recipe_for_sets(materials_recipe(), options);
    if (!base) return wrong_usage(base.error().message);
    Recipe recipe = std::move(base).value();

    std::vector<std::string> images = options.files, warnings;
    fs::path labels;
    struct Named {
        std::string role, name;
    };
    std::vector<Named> named;
    for (auto const& [key, value] : options.values) {
        if (key == "labels") {
            if (lowered(fs::path(value).extension().string()) != ".png")
                return wrong_usage("labels: \"" + value + "\" is no name of a PNG; write labels=NAME.png");
            labels = value;
        } else if (key == "se" || key == "lab") {
            named.push_back({key, value});
            std::error_code error;
            if (fs::is_regular_file(value, error)) images.push_back(value);
        } else if (auto const set = set_for_sets(recipe, key, value); !set) {
            return wrong_usage(set.error().message);
        }
    }
    if (options.files.empty())
        return wrong_usage("materials: no images given; usage: micrographia materials IMAGE... [-o DIR]");

    Inputs const inputs = with_pages(find_inputs(images), options.pages);
    for (Named const& one : named) {
        auto const file = file_named(one.name, inputs);
        if (!file) return wrong_usage(one.role + ": " + file.error().message);
        if (auto const set = set_override(recipe, *file, "map.role", one.role); !set)
            return wrong_usage(set.error().message);
    }
    std::vector<std::string> all;
    for (Input const& input : inputs.files) all.push_back(input.named().string());
    std::vector<SetTask> tasks;
    for (auto const& set :
         some_is_folder(images)
             ? sets_in(
                   inputs, options, [](auto facts) { return indices_of(find_map_sets(facts)); }, warnings)
             : std::vector<std::vector<std::string>>{all})
        tasks.push_back(task_of(recipe, set, inputs, options));
    if (!labels.empty() && tasks.size() > 1)
        return wrong_usage("labels: there are " + std::to_string(tasks.size()) +
                           " sets; give the files of one of them, or leave labels= out");
    for (SetTask& task : tasks) task.labels = labels;
    return run_sets(tasks, inputs, warnings, options);
}

} // namespace mg::cli
