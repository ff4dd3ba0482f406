// A worker's work on element maps and what belongs to them; see app/work_overlay.cpp for requests on sets of files.
//   kind "materials"         all steps: the SE image in the colours of its materials, and what is known of these.
//                            "whole": also what names and colours do not change: labels, counts, the grey image
//   kind "materials_export"  all that the command line writes for these files
#include <algorithm>
#include <array>
#include <cstring>

#include "app/facts.h"
#include "app/material_edits.h"
#include "app/materials_facts.h"
#include "app/overlay_facts.h"
#include "app/pixels.h"
#include "app/work_parts.h"
#include "base/text.h"
#include "ops/statistics.h"
#include "recipe/materials.h"

namespace mg::app {

namespace {

/// Counts that go to the page for its plots: as many as it can draw in a moment.
constexpr std::int64_t k_most_counts = std::int64_t{16} << 20;
/// Of the grey image's pixels that may be black and white on the screen.
constexpr double k_clipped_percent = 0.1;

Channel const* with_role(Scene const& scene, Role role) {
    for (Channel const& channel : scene.channels)
        if (channel.role == role && !channel.planes.empty()) return &channel;
    return nullptr;
}

/// Of the first step of this id, or how many steps there are.
std::size_t index_of(Recipe const& recipe, std::string_view id) {
    auto const at =
        std::find_if(recipe.steps.begin(), recipe.steps.end(), [&](StepUse const& use) { return use.step->id == id; });
    return static_cast<std::size_t>(at - recipe.steps.begin());
}

/// Every how manieth pixel of the maps goes to the page.
int grid_step(Size size, std::size_t planes) {
    int step = 1;
    while (size.area() / step / step * static_cast<std::int64_t>(std::max<std::size_t>(planes, 1)) > k_most_counts)
        ++step;
    return step;
}
Size grid_size(Size size, int step) {
    return {(size.width + step - 1) / step, (size.height + step - 1) / step};
}

template <class T>
Bytes on_grid(Image<T> const& image, Size size, int step) {
    Bytes bytes(static_cast<std::size_t>(size.area()) * sizeof(T));
    std::uint8_t* to = bytes.data();
    for (int y = 0; y < size.height; ++y) {
        T const* row = image.row(y * step);
        for (int x = 0; x < size.width; ++x, to += sizeof(T)) std::memcpy(to, row + x * step, sizeof(T));
    }
    return bytes;
}

/// Largest membership of each pixel, 0..255.
Bytes certainty_on_grid(std::vector<PlanePtr> const& memberships, Size size, int step) {
    Bytes bytes(static_cast<std::size_t>(size.area()));
    std::uint8_t* to = bytes.data();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            float most = 0;
            for (PlanePtr const& plane : memberships) most = std::max(most, plane->at(x * step, y * step));
            *to++ = static_cast<std::uint8_t>(std::clamp(most, 0.0f, 1.0f) * 255 + 0.5f);
        }
    return bytes;
}

/// Material of each pixel of a picture of this size over the same field.
Bytes labels_on(SpreadMap const& spread, Size size) {
    Size const from = spread.size();
    Bytes labels(static_cast<std::size_t>(size.area()));
    auto const source = [](int at, int to, int of) {
        return static_cast<int>(std::int64_t{at} * of / std::max(to, 1));
    };
    for (int y = 0; y < size.height; ++y) {
        std::uint8_t const* row = spread.first.row(source(y, size.height, from.height));
        std::uint8_t* to = labels.data() + static_cast<std::ptrdiff_t>(y) * size.width;
        for (int x = 0; x < size.width; ++x) to[x] = row[source(x, size.width, from.width)];
    }
    return labels;
}

/// The rows above an appended databar.
Picture upper_rows(Picture picture, int rows) {
    picture.size.height = std::min(picture.size.height, rows);
    picture.pixels.resize(static_cast<std::size_t>(picture.size.area() * picture.bytes_per_pixel));
    return picture;
}

/// How the maps lie over the image that all maps start from; nothing when that is not known.
std::optional<Projective> map_from_reference(Scene const& members) {
    bool any = false;
    for (Channel const& channel : members.channels) {
        if (channel.alignment) any = true;
        if (channel.role == Role::element_map && channel.alignment && channel.alignment->trust != Trust::refused)
            return channel.alignment->from_reference;
    }
    return any ? std::nullopt : std::optional<Projective>(Projective{});
}

} // namespace

Status Workbench::find_materials(SetTask& task, PacketWriter& reply) {
    std::vector<SetRun::File> const files = set_files(task);
    // Names and colours change often, and nothing before the colours depends on them.
    std::size_t const colours = index_of(task.recipe, "colours");
    if (colours == 0) return Error{ErrorCode::bad_value, "the recipe has no steps before the colours"};
    Scene scene;
    std::string const last(task.recipe.steps[colours - 1].step->id);
    MG_TRY_DO(m_materials.run(without_names(task.recipe), files, last, scene, task.job));
    if (!scene.materials)
        return Error{ErrorCode::bad_value, "no materials were found: the step that finds them is off"};
    Materials named = *scene.materials;
    give_names(named, task.recipe);
    scene.materials = std::make_shared<Materials const>(std::move(named));
    bool const whole = task.request.flag("whole");
    std::size_t const tinted = std::min(index_of(task.recipe, "tint") + 1, task.recipe.steps.size());
    Recipe colouring, rest;
    for (std::size_t i = colours; i < task.recipe.steps.size(); ++i)
        (i < tinted ? colouring : rest).steps.push_back(task.recipe.steps[i]);
    MG_TRY_DO(run_steps(colouring, scene, task.job));
    // The page has the grey image already.
    if (!whole && with_role(scene, Role::composite))
        std::erase_if(scene.channels, [](Channel const& channel) { return channel.role != Role::composite; });
    MG_TRY_DO(run_steps(rest, scene, task.job));
    Materials const& materials = *scene.materials;
    Scene const& members = m_materials.members();
    auto const add = [&](char const* name, Bytes bytes) {
        m_out.push_back(std::move(bytes));
        reply.add_buffer(name, m_out.back());
    };
    auto const add_picture = [&](std::string const& name, Picture picture) {
        reply.head.add(name + "_size", size_json(picture.size));
        reply.head.add(name + "_bytes", picture.bytes_per_pixel);
        m_out.push_back(std::move(picture.pixels));
        reply.add_buffer(name, m_out.back());
    };

    reply.head.add("materials", to_json(materials));
    Channel const* composite = with_role(scene, Role::composite);
    Channel const* ground = with_role(scene, Role::se_image);
    if (!ground) ground = with_role(scene, Role::lab_image);
    Channel const* shown = composite ? composite : ground;
    if (composite) {
        add_picture("tinted", to_picture(composite->planes));
        reply.head.add("databar_rows", composite->databar_rows_px);
    }
    if (shown) {
        if (shown->pixel_size_x_nm) reply.head.add("pixel_size_x_nm", shown->pixel_size_x_nm->value);
        if (shown->pixel_size_y_nm) reply.head.add("pixel_size_y_nm", shown->pixel_size_y_nm->value);
        reply.head.add("to_recorded", to_json(shown->to_recorded));
        if (auto const map = map_from_reference(members))
            reply.head.add("picture_to_map", to_json(map->after(Projective(shown->to_recorded))));
    }
    Json facts{Json::Array{}};
    std::vector<int> const& ids = m_materials.member_ids();
    for (std::size_t i = 0; i < members.channels.size() && i < ids.size(); ++i) {
        MapFact fact{ids[i], members.channels[i]};
        facts.push(to_json(fact));
    }
    reply.head.add("facts", std::move(facts));
    reply.head.add("failures", failures_json(task.failures, m_materials.failures()));
    reply.head.add("notes", to_json(task.job.notes()));
    if (!whole) return Done{};

    task.job.progress(0.98, "pictures for the screen");
    if (ground && !ground->planes.empty()) {
        std::array const percents{k_clipped_percent, 100 - k_clipped_percent};
        std::array const views{ground->planes.front()->view()};
        SkipView const skip = ground->mask ? ground->mask->view() : SkipView{};
        std::vector<float> const ends = percentiles(views, percents, skip);
        double const low = double{ends[0]}, high = ends[1] > ends[0] ? double{ends[1]} : low + 1;
        add_picture("electron",
                    upper_rows(to_picture({ground->planes.front()}, low, high), ground->micrograph_size().height));
    }
    if (shown && materials.spread) add("fine_labels", labels_on(*materials.spread, shown->micrograph_size()));
    int const step = grid_step(materials.size, materials.counts.size());
    Size const grid = grid_size(materials.size, step);
    reply.head.add("step", step);
    reply.head.add("grid", size_json(grid));
    reply.head.add("maps_size", size_json(materials.size));
    if (materials.labels && materials.labels->size() == materials.size)
        add("labels", on_grid(*materials.labels, grid, step));
    if (materials.flags && materials.flags->size() == materials.size)
        add("flags", on_grid(*materials.flags, grid, step));
    add("certainty", certainty_on_grid(materials.memberships, grid, step));
    Json counts{Json::Array{}};
    for (std::size_t e = 0; e < materials.counts.size(); ++e) {
        counts.push(static_cast<int>(reply.buffers().size()));
        m_out.push_back(on_grid(*materials.counts[e], grid, step));
        reply.add_buffer("counts" + std::to_string(e), m_out.back());
    }
    reply.head.add("counts", std::move(counts));
    return Done{};
}

Status Workbench::export_materials(SetTask& task, PacketWriter& reply) {
    if (!task.failures.empty() && task.loaded.empty())
        return Error{ErrorCode::bad_value, task.failures.front().file_name + ": " + task.failures.front().message};
    // The whole recipe, as on the command line; what the screen needs stays as it is when that is another one.
    SetRun once(false);
    SetRun& run = without_names(task.recipe) == task.recipe ? m_materials : once;
    Scene scene;
    std::vector<SetRun::File> const files = set_files(task);
    MG_TRY_DO(run.run(task.recipe, files, {}, scene, task.job));
    if (!scene.materials)
        return Error{ErrorCode::bad_value, "no materials were found: the step that finds them is off"};
    std::vector<InputHash> inputs;
    for (Loaded const* loaded : task.loaded)
        if (loaded) inputs.insert(inputs.end(), loaded->inputs.begin(), loaded->inputs.end());
    std::string folder = task.request.text("folder");
    if (!folder.empty()) folder += "/";
    Json written{Json::Array{}};
    auto const add = [&](std::string const& name, Bytes bytes) {
        m_out.push_back(std::move(bytes));
        reply.add_buffer("file" + std::to_string(reply.buffers().size()), m_out.back());
        written.push(folder + name);
    };
    std::string const picture = materials_output_name(run.members());
    task.job.progress(0.9, "writing " + picture);
    std::string const name = materials_set_name(run.members());
    MG_TRY(Bytes composite, encode_materials(scene, task.recipe, inputs, task.job));
    add(picture, std::move(composite));
    MG_TRY(Bytes png, encode_labels_png(*scene.materials, provenance_json(task.recipe, inputs, {})));
    add("labels_" + name + ".png", std::move(png));
    MG_TRY(Bytes tiff, encode_labels_tiff(*scene.materials));
    add("labels_" + name + ".tif", std::move(tiff));
    std::string const table = materials_csv(*scene.materials);
    ByteView const view = as_bytes(table);
    add("materials_" + name + ".csv", Bytes(view.begin(), view.end()));
    reply.head.add("written", std::move(written));
    keep_results(reply);
    reply.head.add("failures", failures_json(task.failures, run.failures()));
    return Done{};
}

} // namespace mg::app
