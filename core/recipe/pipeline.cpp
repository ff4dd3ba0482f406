#include "recipe/pipeline.h"

#include <cmath>

#include "base/hash.h"
#include "base/text.h"
#include "base/version.h"
#include "metadata/metadata.h"

namespace mg {
namespace {

Status check_cancelled(Job const& job) {
    if (job.cancelled()) return Error{ErrorCode::cancelled, "stopped"};
    return Done{};
}

Status run_step(StepUse const& use, Scene& scene, Job& job) {
    MG_TRY_DO(check_cancelled(job));
    job.begin_step(std::string(use.step->id));
    job.progress(0, use.step->title);
    Status status = use.step->run(scene, use.values, job);
    if (!status && status.error().code != ErrorCode::cancelled)
        status.error().message = std::string(use.step->title) + ": " + status.error().message;
    return status;
}

/// The notes that `job` got since it had `count`.
std::vector<Note> notes_since(Job const& job, std::size_t count) {
    return {job.notes().begin() + static_cast<std::ptrdiff_t>(count), job.notes().end()};
}

std::optional<double> last_number(std::vector<Note> const& notes, std::string_view key) {
    std::optional<double> value;
    for (Note const& note : notes)
        if (note.key == key)
            if (double const* number = std::get_if<double>(&note.value)) value = *number;
    return value;
}

/// Without the ending; a name that is nothing but an ending counts whole.
std::size_t stem_length(std::string_view file_name) {
    std::size_t const dot = file_name.rfind('.');
    return dot == 0 || dot == std::string_view::npos ? file_name.size() : dot;
}

} // namespace

std::string channel_label(Metadata const& metadata, std::string_view file_name) {
    Acquisition const& acquisition = metadata.acquisition;
    if (acquisition.wavelength_nm) return format_shortest(acquisition.wavelength_nm->value) + " nm";
    if (acquisition.detector && !acquisition.detector->value.empty()) return acquisition.detector->value;
    return std::string(file_name.substr(0, stem_length(file_name)));
}

std::string paged_name(std::string_view file_name, int page) {
    if (page <= 0) return std::string(file_name);
    std::size_t const stem = stem_length(file_name);
    std::string name(file_name.substr(0, stem));
    return name.append(".p").append(std::to_string(page + 1)).append(file_name.substr(stem));
}

std::optional<PagedName> page_of_name(std::string_view name) {
    std::size_t const stem = stem_length(name);
    std::size_t const dot = name.substr(0, stem).rfind(".p");
    if (dot == 0 || dot == std::string_view::npos) return std::nullopt;
    std::string_view const digits = name.substr(dot + 2, stem - dot - 2);
    auto const number = parse_int(digits);
    if (!number || *number < 2 || *number > 1000000 || digits.front() < '1' || digits.front() > '9') return std::nullopt;
    return PagedName{std::string(name.substr(0, dot)).append(name.substr(stem)), static_cast<int>(*number) - 1};
}

namespace {

/// All but the hashes.
Result<Loaded> load_picture(InputFile const& input) {
    Loaded loaded;
    MG_TRY(loaded.decoded, decode_image(input.bytes, input.file_name,
                                          {.page = input.page, .largest_pixels = input.largest_pixels}));
    Channel channel;
    channel.metadata = read_metadata({.file = input.bytes,
                                      .decoded = &loaded.decoded,
                                      .file_name = input.file_name,
                                      .relative_path = input.relative_path,
                                      .twin = input.twin,
                                      .sidecar = input.sidecar,
                                      .sidecar_name = input.sidecar_name,
                                      .page = input.page});
    std::string const name = paged_name(input.file_name, input.page);
    channel.label = channel_label(channel.metadata, name);
    channel.file_name = name;
    channel.relative_path = input.relative_path.empty() ? name : paged_name(input.relative_path, input.page);
    channel.planes = loaded.decoded.planes;
    channel.range = loaded.decoded.range;
    channel.recorded_bits = loaded.decoded.bits;
    channel.recorded_float = loaded.decoded.is_float;
    channel.pixel_size_x_nm = channel.metadata.acquisition.pixel_size_x_nm;
    channel.pixel_size_y_nm = channel.metadata.acquisition.pixel_size_y_nm;
    if (int const reduction = loaded.decoded.reduction; reduction > 1) {
        double const centre = (reduction - 1) / 2.0;
        channel.to_recorded = {double(reduction), 0, centre, 0, double(reduction), centre};
        for (auto* size : {&channel.pixel_size_x_nm, &channel.pixel_size_y_nm})
            if (*size) (*size)->value *= reduction;
        loaded.scene.preview_scale = 1.0 / reduction;
    }
    loaded.scene.channels.push_back(std::move(channel));
    return loaded;
}

/// Last of all, so that a hash found on another thread has had time.
void add_hashes(Loaded& loaded, InputFile const& input) {
    loaded.sha256 = input.sha256 ? input.sha256() : sha256_hex(input.bytes);
    loaded.inputs.push_back({input.file_name, loaded.sha256, input.page});
    if (!input.twin.empty()) loaded.inputs.push_back({twin_name(input.file_name), sha256_hex(input.twin)});
    if (!input.sidecar.empty())
        loaded.inputs.push_back({input.sidecar_name.empty() ? input.file_name.substr(0, stem_length(input.file_name)) + ".txt"
                                                             : input.sidecar_name,
                                 sha256_hex(input.sidecar)});
}

} // namespace

Result<Loaded> load_file(InputFile const& input) {
    MG_TRY(Loaded loaded, load_picture(input));
    add_hashes(loaded, input);
    return loaded;
}

Status run_steps(Recipe const& recipe, Scene& scene, Job& job) {
    for (StepUse const& use : recipe.steps)
        if (use.enabled) MG_TRY_DO(run_step(use, scene, job));
    return check_cancelled(job);
}

Status StepCache::run(Recipe const& recipe, Loaded const& loaded, Scene& result, Job& job) {
    // All that a result depends on: the bytes of every input and the names that metadata are read from.
    std::string source;
    for (InputHash const& input : loaded.inputs) source += paged_name(input.file_name, input.page) + "\n" + input.sha256 + "\n";
    std::string file_name;
    if (!loaded.scene.channels.empty()) {
        file_name = loaded.scene.channels.front().file_name;
        source += loaded.scene.channels.front().relative_path;
    }
    source += "\n" + format_shortest(loaded.scene.preview_scale);
    if (source != m_source) {
        clear();
        m_source = std::move(source);
    }

    Recipe const resolved = recipe_for_file(recipe, file_name);
    std::size_t done = 0;
    Scene scene = loaded.scene;
    bool reusing = true;
    for (StepUse const& use : resolved.steps) {
        if (!use.enabled) continue; // what is switched off changes nothing, whatever its values
        if (reusing && done < m_entries.size() && m_entries[done].use == use) {
            job.add_notes(m_entries[done].notes);
            ++done;
            continue;
        }
        if (reusing) {
            m_entries.resize(done);
            if (done > 0) scene = m_entries.back().after;
            reusing = false;
        }
        std::size_t const notes_before = job.notes().size();
        MG_TRY_DO(run_step(use, scene, job));
        m_entries.push_back({use, scene, notes_since(job, notes_before)});
    }
    if (reusing) {
        m_entries.resize(done);
        if (done > 0) scene = m_entries.back().after;
    }
    MG_TRY_DO(check_cancelled(job));
    result = std::move(scene);
    return Done{};
}

void StepCache::clear() {
    m_source.clear();
    m_entries.clear();
}

namespace {

bool is_linked(StepUse const& use) {
    if (!use.enabled || use.step->linkable.empty()) return false;
    int const index = param_index(*use.step, "linked");
    if (index < 0) return false;
    bool const* on = std::get_if<bool>(&use.values[static_cast<std::size_t>(index)]);
    return on && *on;
}

bool is_linkable(Step const& step, std::string_view key) {
    for (std::string_view linkable : step.linkable)
        if (linkable == key) return true;
    return false;
}

/// Sets a real parameter, held within its range.
void set_number(StepUse& use, std::string_view key, double value) {
    int const index = param_index(*use.step, key);
    if (index < 0) return;
    Param const& param = use.step->params[static_cast<std::size_t>(index)];
    if (param.kind != ParamKind::real) return;
    if (param.info.minimum < param.info.maximum)
        value = std::fmin(std::fmax(value, param.info.minimum), param.info.maximum);
    use.values[static_cast<std::size_t>(index)] = value;
}

void set_text(StepUse& use, std::string_view key, std::string_view text) {
    int const index = param_index(*use.step, key);
    if (index < 0) return;
    auto value = parse_value(use.step->params[static_cast<std::size_t>(index)], text);
    if (value) use.values[static_cast<std::size_t>(index)] = std::move(value).value();
}

} // namespace

bool wants_linking(Recipe const& recipe) {
    for (StepUse const& use : recipe.steps)
        if (is_linked(use)) return true;
    return false;
}

Result<std::vector<LinkMeasurement>> measure_links(Recipe const& recipe, Scene scene, Job& job) {
    std::size_t end = recipe.steps.size();
    while (end > 0 && !is_linked(recipe.steps[end - 1])) --end;
    std::vector<LinkMeasurement> measured;
    for (std::size_t i = 0; i < end; ++i) {
        StepUse const& use = recipe.steps[i];
        if (!use.enabled) continue;
        std::size_t const notes_before = job.notes().size();
        MG_TRY_DO(run_step(use, scene, job));
        if (!is_linked(use)) continue;
        for (Note const& note : notes_since(job, notes_before))
            if (double const* value = std::get_if<double>(&note.value); value && is_linkable(*use.step, note.key))
                measured.push_back({std::string(use.step->id), note.key, *value});
    }
    return measured;
}

Recipe with_links(Recipe const& recipe, std::vector<std::vector<LinkMeasurement>> const& measured) {
    Recipe result = recipe;
    for (StepUse& use : result.steps) {
        if (!is_linked(use)) continue;
        bool found = false;
        for (std::string_view key : use.step->linkable) {
            std::optional<double> common;
            for (auto const& file : measured)
                for (LinkMeasurement const& one : file) {
                    if (one.step != use.step->id || one.key != key) continue;
                    bool const low = key.starts_with("low") || key.starts_with("min");
                    common = !common ? one.value : low ? std::fmin(*common, one.value) : std::fmax(*common, one.value);
                }
            if (!common) continue;
            set_number(use, key, *common);
            found = true;
        }
        if (!found) continue;
        set_text(use, "method", "fixed");
        set_text(use, "linked", "false");
        set_text(use, "compatible", "false"); // which would choose the levels itself
    }
    return result;
}

Result<Annotated> annotate(Recipe const& recipe, InputFile const& input, Job& job) {
    MG_TRY(Loaded loaded, load_picture(input));
    // The decoded planes would otherwise live beside each step's own.
    Scene scene = std::move(loaded.scene);
    loaded.scene = {};
    Annotated result;
    result.warnings = std::move(loaded.decoded.warnings);
    loaded.decoded = {};
    if (!scene.channels.empty())
        for (std::string const& warning : scene.channels.front().metadata.warnings) result.warnings.push_back(warning);
    Recipe const resolved = recipe_for_file(recipe, paged_name(input.file_name, input.page));
    MG_TRY_DO(run_steps(resolved, scene, job));
    add_hashes(loaded, input);

    MG_TRY(result.png, encode_scene(scene, resolved, loaded, job));
    result.size = scene.channels.front().size();
    if (auto const& size = scene.channels.front().pixel_size_x_nm) result.pixel_size_nm = size->value;
    result.scale_bar_nm = last_number(job.notes(), "scale_bar_nm");
    // Notes count the file's pixels, of which a picture that was read reduced has fewer.
    if (auto const px = last_number(job.notes(), "scale_bar_px")) result.scale_bar_px = *px * scene.preview_scale;
    for (StepUse const& use : resolved.steps)
        if (use.enabled) result.steps.emplace_back(use.step->id);
    result.notes = job.notes();
    for (Note const& note : result.notes)
        if (note.key == "warning") result.warnings.push_back(note.text);
    return result;
}

std::optional<Note> reduction_note(Scene const& scene, std::string_view whose) {
    if (scene.preview_scale >= 1) return std::nullopt;
    std::string const times = format_shortest(std::round(1 / scene.preview_scale));
    return Note{"", "reduced", 1 / scene.preview_scale,
                std::string(whose) + "read at 1/" + times +
                    " of its size: the notes count the file's pixels, the picture has one for every " + times + " \u00D7 " +
                    times};
}

Result<Bytes> encode_scene(Scene const& scene, Recipe const& recipe, Loaded const& loaded, Job const& job) {
    return encode_channel(scene, 0, recipe, loaded.inputs, job, reduction_note(scene));
}

Result<Bytes> encode_channel(Scene const& scene, std::size_t index, Recipe const& recipe,
                             std::vector<InputHash> const& inputs, Job const& job, std::optional<Note> last) {
    if (index >= scene.channels.size() || scene.channels[index].planes.empty())
        return Error{ErrorCode::bad_value, "there is no picture to write"};
    MG_TRY_DO(check_cancelled(job));
    Channel const& channel = scene.channels[index];
    std::vector<Note> notes = job.notes();
    if (last) notes.push_back(std::move(*last));
    PngOptions options;
    options.bits = scene.output.bits;
    if (channel.pixel_size_x_nm && channel.pixel_size_y_nm) {
        options.pixel_size_x_nm = channel.pixel_size_x_nm->value;
        options.pixel_size_y_nm = channel.pixel_size_y_nm->value;
    }
    options.texts = {{"Software", std::string("Micrographia ") + k_version},
                     {"micrographia:recipe", provenance_json(recipe, inputs, notes)}};
    std::vector<ImageView<float const>> planes;
    for (PlanePtr const& plane : channel.planes) planes.push_back(plane->view());
    return encode_png(planes, options);
}

} // namespace mg
