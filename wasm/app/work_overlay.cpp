// A worker's work on a set of files, which it holds all at once. Requests have "files": [{"id","name","path", and the
// numbers of the buffers "bytes","twin","sidecar" when the worker does not hold it}], a placeholder without any bytes
// has the id 0; and "recipe", the overlay's with its overrides.
//   kind "overlay"         the channels on one grid: pictures of them for the screen, what was found about each
//   kind "overlay_finish"  composes what "overlay" has placed (its "key" says so): databar, share of clipped pixels;
//                          needs no files
//   kind "overlay_export"  a ZIP of all that the command line writes for these files; "stack": names for config.txt
//   kind "overlay_picture" one file: its picture as recorded
//   kind "refine_point"    two files and "pair": [x, y, X, Y]; the pair moved to where the surroundings fit best
#include <algorithm>
#include <cmath>

#include "app/facts.h"
#include "app/overlay_facts.h"
#include "app/pixels.h"
#include "app/work_parts.h"
#include "base/text.h"
#include "ops/registration.h"
#include "recipe/channel_set.h"
#include "recipe/overlay.h"

namespace mg::app {

namespace {

/// Of the pictures of a set on the screen: what any graphics can hold, and a quarter of a gigabyte for all of them.
constexpr int k_largest_side_px = 4096;
constexpr std::int64_t k_largest_pixels = std::int64_t{96} << 20;

/// Where the set has been placed on one grid; what follows is composing.
std::size_t compose_index(Recipe const& recipe) {
    auto const at = std::find_if(recipe.steps.begin(), recipe.steps.end(),
                                 [](StepUse const& use) { return use.step->id == "compose"; });
    return static_cast<std::size_t>(at - recipe.steps.begin());
}

Channel const* composite_of(Scene const& scene) {
    for (Channel const& channel : scene.channels)
        if (channel.role == Role::composite) return &channel;
    return nullptr;
}

Json numbers(std::span<double const> values) {
    Json json{Json::Array{}};
    for (double value : values) json.push(value);
    return json;
}

/// The lower rows of a picture.
Picture lower_rows(Picture picture, int rows) {
    auto const row = static_cast<std::size_t>(picture.size.width) * static_cast<std::size_t>(picture.bytes_per_pixel);
    auto const skipped = static_cast<std::ptrdiff_t>(row * static_cast<std::size_t>(picture.size.height - rows));
    picture.pixels.erase(picture.pixels.begin(), picture.pixels.begin() + skipped);
    picture.size.height = rows;
    return picture;
}

} // namespace

std::vector<SetRun::File> set_files(Workbench::SetTask const& task) {
    std::vector<SetRun::File> files;
    for (std::size_t i = 0; i < task.ids.size(); ++i)
        files.push_back({task.ids[i], task.loaded[i], task.sparing ? task.loaded[i] : nullptr});
    return files;
}

Json failures_json(std::vector<SetRun::Failure> const& first, std::vector<SetRun::Failure> const& second) {
    Json json{Json::Array{}};
    for (auto const* list : {&first, &second})
        for (SetRun::Failure const& failure : *list) {
            Json entry;
            entry.add("id", failure.id);
            entry.add("words", without_name(failure.message, failure.file_name));
            json.push(std::move(entry));
        }
    return json;
}

/// What follows a "/" in the kind tells requests apart that may all wait.
Status Workbench::work_on_set(std::string const& full_kind, SetTask& task, PacketWriter& reply) {
    std::string const kind = full_kind.substr(0, full_kind.find('/'));
    if (kind == "overlay_finish") return finish(task, reply);
    Json::Array const* files = task.request.head.find("files")->as_array();
    if (!files) return Error{ErrorCode::bad_value, "the request names no files"};
    std::vector<int> pinned;
    for (Json const& file : *files) pinned.push_back(static_cast<int>(number_of(file, "id")));
    double done = 0;
    for (Json const& file : *files) {
        task.job.progress(0.1 * done++ / static_cast<double>(files->size()), "reading " + text_of(file, "name"));
        int const id = static_cast<int>(number_of(file, "id"));
        if (id == 0) {
            task.ids.push_back(0);
            task.loaded.push_back(nullptr);
            continue;
        }
        auto held = open(task.request, file);
        if (!held) {
            std::string const name = text_of(file, "name");
            task.failures.push_back({id, name, without_name(held.error().message, name)});
            continue;
        }
        if (!*held) {
            task.missing = true;
            return Done{};
        }
        task.ids.push_back(id);
        task.loaded.push_back(&(*held)->loaded);
    }
    keep_within_bounds(pinned);
    if (kind == "overlay" || kind == "overlay_export") {
        begin_stack(task);
        Status const status = kind == "overlay" ? place(task, reply) : export_set(task, reply);
        end_stack(task);
        return status;
    }
    if (kind == "refine_point") return refine(task, reply);
    if (kind == "overlay_picture") return show_recorded(task, reply);
    if (kind == "materials") return find_materials(task, reply);
    if (kind == "materials_export") return export_materials(task, reply);
    return Error{ErrorCode::bad_value, "unknown work: " + kind};
}

void Workbench::begin_stack(SetTask& task) {
    std::vector<Size> sizes;
    for (Loaded const* loaded : task.loaded)
        if (loaded) sizes.push_back(loaded->decoded.size);
    task.sparing = overlay_memory_bytes(sizes) > largest_kept_stack_bytes;
    if (task.sparing == m_overlay.keeps_stages()) m_overlay = SetRun(!task.sparing);
    if (!task.sparing) return;
    m_placed = {};
    m_placed_key = 0;
    m_materials.clear();
    for (Loaded* loaded : task.loaded)
        if (loaded) loaded->decoded.planes.clear(); // the scene has them
}

void Workbench::end_stack(SetTask const& task) {
    if (!task.sparing) return;
    m_overlay.clear();
    m_held.remove_if([&](Held const& held) { return std::count(task.ids.begin(), task.ids.end(), held.id) > 0; });
}

Status Workbench::place(SetTask& task, PacketWriter& reply) {
    std::size_t const compose = compose_index(task.recipe);
    if (compose == 0) return Error{ErrorCode::bad_value, "the recipe has no steps before the composite"};
    m_placed = {};
    m_placed_key = 0;
    Scene scene;
    auto const files = set_files(task);
    MG_TRY_DO(m_overlay.run(task.recipe, files, task.recipe.steps[compose - 1].step->id, scene, task.job));
    m_placed_ids = m_overlay.ids();
    m_placed_ids.resize(scene.channels.size());
    m_measures.clear();
    for (Channel const& channel : scene.channels)
        m_measures.push_back(channel.planes.empty() ? ChannelMeasure{} : measured(channel));

    Size size{};
    std::int64_t layers = 0;
    for (Channel const& channel : scene.channels) {
        if (channel.planes.empty()) continue;
        if (size.empty()) size = channel.size();
        ++layers;
    }
    Size const first = reduced(size, k_largest_side_px, k_largest_pixels / std::max<std::int64_t>(layers, 1));
    Json channels{Json::Array{}}, pyramids{Json::Array{}}, measures{Json::Array{}};
    int layer = 0;
    auto const tell = [&](PlacedChannel placed, std::size_t at) {
        Channel const& channel = placed.channel;
        if (channel.planes.size() == 1 && channel.size() == size) {
            placed.layer = layer++;
            // Outside an image there is no signal, wherever its black will be.
            double const range = channel.range.white - channel.range.black,
                         zero = range != 0 ? -channel.range.black / range : 0;
            double const empty =
                std::min({placed.measure.dark, placed.measure.minimum, std::isfinite(zero) ? zero : 0.0});
            m_out.push_back(half_pyramid(*channel.planes[0], channel.mask.get(), static_cast<float>(empty), first));
            pyramids.push(static_cast<int>(reply.buffers().size()));
            reply.add_buffer("pyramid" + std::to_string(at), m_out.back());
        }
        m_out.push_back(measure_bytes(placed.measure));
        measures.push(static_cast<int>(reply.buffers().size()));
        reply.add_buffer("measures" + std::to_string(at), m_out.back());
        channels.push(to_json(placed));
    };
    for (std::size_t i = 0; i < scene.channels.size(); ++i) {
        task.job.progress(0.9 + 0.1 * static_cast<double>(i) / static_cast<double>(scene.channels.size()),
                          "pictures for the screen");
        tell({m_placed_ids[i], scene.channels[i], -1, m_measures[i], {}}, i);
    }
    // What was refused is not in the scene any more; what was found about it is told all the same.
    Scene const& members = m_overlay.members();
    std::vector<int> const& member_ids = m_overlay.member_ids();
    for (std::size_t i = 0; i < members.channels.size() && i < member_ids.size(); ++i) {
        if (std::find(m_placed_ids.begin(), m_placed_ids.end(), member_ids[i]) != m_placed_ids.end()) continue;
        PlacedChannel left{member_ids[i], members.channels[i], -1, {}, {}};
        left.channel.planes.clear();
        tell(std::move(left), scene.channels.size() + i);
    }
    reply.head.add("channels", std::move(channels));
    reply.head.add("pyramids", std::move(pyramids));
    reply.head.add("measures", std::move(measures));
    reply.head.add("size", size_json(size));
    reply.head.add("first", size_json(first));
    reply.head.add("palette_slots", scene.palette_slots);
    reply.head.add("pairs", to_json(scene.pairs));
    reply.head.add("failures", failures_json(task.failures, m_overlay.failures()));
    reply.head.add("notes", to_json(task.job.notes()));
    m_placed = std::move(scene);
    m_placed_key = task.request.number("key");
    return Done{};
}

Status Workbench::finish(SetTask& task, PacketWriter& reply) {
    if (m_placed_key == 0 || m_placed_key != task.request.number("key")) { // another worker than the one that placed it
        reply.head.add("unplaced", true);
        return Done{};
    }
    // What the user sets per channel after it has been placed.
    Scene scene = m_placed;
    for (std::size_t i = 0; i < scene.channels.size(); ++i) {
        Channel& channel = scene.channels[i];
        Recipe single = recipe_for_file(task.recipe, channel.file_name);
        std::erase_if(single.steps, [](StepUse const& use) { return use.step->id != "channel"; });
        Scene one;
        one.channels.push_back(channel);
        one.channels[0].planes.clear();
        Job quiet;
        MG_TRY_DO(run_steps(single, one, quiet));
        ChannelSettings const& now = one.channels[0].settings;
        ChannelSettings& settings = channel.settings;
        bool const measure = settings.dark != now.dark || settings.dark_percent != now.dark_percent ||
                             settings.dark_area != now.dark_area;
        settings.tint = now.tint;
        settings.gain = now.gain;
        settings.shown = now.shown;
        settings.dark = now.dark;
        settings.dark_percent = now.dark_percent;
        settings.dark_area = now.dark_area;
        if (now.label_given) channel.label = one.channels[0].label;
        if (measure && !channel.planes.empty()) {
            m_measures[i] = measured(channel);
            m_placed.channels[i].settings = settings;
        }
    }
    std::vector<double> darks;
    for (ChannelMeasure const& measure : m_measures) darks.push_back(measure.dark);
    reply.head.add("darks", numbers(darks));
    Recipe rest = task.recipe;
    rest.overrides.clear();
    rest.steps.erase(rest.steps.begin(), rest.steps.begin() + static_cast<std::ptrdiff_t>(compose_index(task.recipe)));
    // The composite alone gets its databar: the others' are drawn when they are saved.
    std::size_t const first = scene.channels.size();
    StepUse const compose = rest.steps.empty() ? StepUse{} : rest.steps.front();
    Recipe composing, barring;
    for (StepUse const& use : rest.steps) (use.step == compose.step ? composing : barring).steps.push_back(use);
    MG_TRY_DO(run_steps(composing, scene, task.job));
    if (scene.channels.size() > first) {
        Channel const* composite = composite_of(scene);
        if (!composite) composite = &scene.channels.back();
        Scene alone = scene;
        alone.channels = {*composite};
        MG_TRY_DO(run_steps(barring, alone, task.job));
        Channel const& done = alone.channels.front();
        Picture picture = to_picture(done.planes);
        bool const below = done.databar_rows_px > 0 && done.databar_rows_px < picture.size.height;
        bool const drawn = std::any_of(barring.steps.begin(), barring.steps.end(),
                                       [](StepUse const& use) { return use.step->id == "databar" && use.enabled; });
        if (below) picture = lower_rows(std::move(picture), done.databar_rows_px);
        if (below || drawn) {
            reply.head.add("databar_size", size_json(picture.size));
            reply.head.add("databar_bytes", picture.bytes_per_pixel);
            reply.head.add("inside", !below);
            m_out.push_back(std::move(picture.pixels));
            reply.add_buffer("databar", m_out.back());
        }
    }
    reply.head.add("notes", to_json(task.job.notes()));
    return Done{};
}

Status Workbench::export_set(SetTask& task, PacketWriter& reply) {
    if (!task.failures.empty() && task.loaded.empty())
        return Error{ErrorCode::bad_value, task.failures.front().file_name + ": " + task.failures.front().message};
    Scene scene;
    auto const files = set_files(task);
    MG_TRY_DO(m_overlay.run(task.recipe, files, {}, scene, task.job));
    std::vector<std::string> const names = overlay_output_names(scene);
    std::vector<InputHash> inputs;
    for (Loaded const* loaded : task.loaded)
        if (loaded)
            inputs.insert(inputs.end(), loaded->inputs.begin(), loaded->inputs.end());
        else
            inputs.push_back({"dummy", {}});
    std::string folder = task.request.text("folder");
    if (!folder.empty()) folder += "/";
    Json written{Json::Array{}};
    auto const add = [&](std::string name, Bytes bytes) {
        m_out.push_back(std::move(bytes));
        reply.add_buffer("file" + std::to_string(reply.buffers().size()), m_out.back());
        written.push(folder + std::move(name));
    };
    for (std::size_t i = 0; i < scene.channels.size() && i < names.size(); ++i) {
        task.job.progress(0.8 + 0.2 * static_cast<double>(i) / static_cast<double>(names.size()),
                          "writing " + names[i]);
        MG_TRY(Bytes png, encode_channel(scene, i, task.recipe, inputs, task.job));
        add(names[i], std::move(png));
        scene.channels[i].planes.clear();
    }
    auto const text = [&](std::string name, std::string const& content) {
        ByteView const view = as_bytes(content);
        add(std::move(name), Bytes(view.begin(), view.end()));
    };
    Scene const& members = m_overlay.members();
    text("alignment_" + set_name(members.channels) + ".csv", transforms_csv(members));
    std::vector<std::string> stack;
    if (Json const* given = task.request.head.find("stack"); given && given->as_array())
        for (Json const& name : *given->as_array())
            if (name.as_string()) stack.push_back(*name.as_string());
    text("config.txt", write_config_text(task.recipe, stack));
    reply.head.add("written", std::move(written));
    keep_results(reply);
    reply.head.add("failures", failures_json(task.failures, m_overlay.failures()));
    return Done{};
}

Status Workbench::show_recorded(SetTask& task, PacketWriter& reply) {
    if (task.loaded.size() != 1 || !task.loaded[0])
        return Error{ErrorCode::bad_value, task.failures.empty() ? "there is no such image" : task.failures[0].message};
    std::vector<PlanePtr> const& planes = task.loaded[0]->decoded.planes;
    Limits const limits = finite_limits(planes);
    Picture picture = to_picture(planes, limits.low, limits.high);
    reply.head.add("id", task.ids[0]);
    reply.head.add("size", size_json(picture.size));
    reply.head.add("bytes_per_pixel", picture.bytes_per_pixel);
    m_out.push_back(std::move(picture.pixels));
    reply.add_buffer("picture", m_out.back());
    return Done{};
}

Status Workbench::refine(SetTask& task, PacketWriter& reply) {
    Json const* pair = task.request.head.find("pair");
    Json::Array const* values = pair ? pair->as_array() : nullptr;
    if (!values || values->size() != 4 || task.loaded.size() != 2 || !task.loaded[0] || !task.loaded[1])
        return Error{ErrorCode::bad_value, "a pair of points needs two images"};
    auto const at = [&](std::size_t i) { return (*values)[i].as_number() ? *(*values)[i].as_number() : 0.0; };
    auto const image = [](Loaded const& loaded) {
        Channel const& channel = loaded.scene.channels.front();
        RegistrationImage result;
        result.pixels = channel.planes.front()->view();
        if (channel.mask) result.mask = channel.mask->view();
        if (channel.pixel_size_x_nm && channel.pixel_size_y_nm && channel.pixel_size_x_nm->value > 0)
            result.pixel_aspect = channel.pixel_size_y_nm->value / channel.pixel_size_x_nm->value;
        return result;
    };
    PointPair const refined =
        refined_landmark(image(*task.loaded[0]), image(*task.loaded[1]), {{at(0), at(1)}, {at(2), at(3)}});
    double const result[] = {refined.from.x, refined.from.y, refined.to.x, refined.to.y};
    reply.head.add("pair", numbers(result));
    return Done{};
}

} // namespace mg::app
