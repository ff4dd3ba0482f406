#include "app/work.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "app/drop.h"
#include "app/facts.h"
#include "app/pixels.h"
#include "app/work_parts.h"
#include "base/text.h"
#include "codecs/zip.h"
#include "draw/label_shapes.h"
#include "samples/sample_edx.h"

namespace mg::app {

namespace {

constexpr int k_thumbnail_px = 104;
/// Planes of a file above which its steps are not remembered: 32 million pixels in grey.
constexpr std::size_t k_largest_cached = std::size_t{128} << 20;

std::size_t plane_bytes(std::vector<PlanePtr> const& planes) {
    std::size_t bytes = 0;
    for (PlanePtr const& plane : planes) bytes += static_cast<std::size_t>(plane->size().area()) * sizeof(float);
    return bytes;
}

Recipe corrections_alone(Recipe const& recipe) {
    Recipe result;
    if (StepUse const* use = find_use(recipe, "correct")) result.steps.push_back(*use);
    return result;
}

Recipe before_contrast(Recipe const& recipe) {
    Recipe result;
    for (StepUse const& use : recipe.steps) {
        if (use.step->group == StepGroup::tone || use.step->group >= StepGroup::databar) break;
        result.steps.push_back(use);
    }
    return result;
}

double note_number(std::vector<Note> const& notes, std::string_view step, std::string_view key, double otherwise) {
    for (Note const& note : notes)
        if (note.step == step && note.key == key)
            if (double const* number = std::get_if<double>(&note.value)) return *number;
    return otherwise;
}

std::string format_text(Decoded const& decoded, int page) {
    std::string const kind = decoded.is_float ? " bit float" : " bit";
    std::string text = decoded.format + ", " + std::to_string(decoded.bits) + kind + ", " +
                       std::to_string(decoded.size.width) + " × " + std::to_string(decoded.size.height);
    if (decoded.planes.size() == 3) text += ", colour";
    if (decoded.page_count > 1) text += ", page " + std::to_string(page + 1) + " of " + std::to_string(decoded.page_count);
    return text;
}

} // namespace

struct Workbench::Task {
    Packet const& request;
    Recipe recipe;
    Held& held;
    PostingJob& job;
};

FileWords file_words(Metadata const& metadata, std::vector<std::string> const& warnings) {
    for (std::string const& warning : warnings)
        if (warning.find("ends after") != std::string::npos) return {warning, true};
    Acquisition const& a = metadata.acquisition;
    std::string const detector = a.detector ? a.detector->value : std::string{};
    if (!a.pixel_size_x_nm) return {"no pixel size: set one", true};
    std::string text = detector;
    auto const append = [&](std::string part) { text += (text.empty() ? "" : " · ") + std::move(part); };
    if (a.wavelength_nm) append(format_shortest(a.wavelength_nm->value) + " nm");
    else append(format_length(a.pixel_size_x_nm->value, 3) + "/px");
    return {text, false};
}

std::string without_name(std::string message, std::string_view file_name) {
    if (!file_name.empty() && message.starts_with(file_name)) {
        std::string_view rest = std::string_view(message).substr(file_name.size());
        while (!rest.empty() && (rest.front() == ':' || rest.front() == ' ')) rest.remove_prefix(1);
        if (!rest.empty()) return std::string(rest);
    }
    return message;
}

void keep_results(PacketWriter& reply) {
    reply.keep = true;
    Json sums{Json::Array{}};
    for (ByteView buffer : reply.buffers()) sums.push(static_cast<std::int64_t>(zip_crc(buffer)));
    reply.head.add("crc", std::move(sums));
}

std::string reduction_words(Decoded const& decoded) {
    if (decoded.reduction < 2) return {};
    // Steps hold the picture before and after them and something between.
    double const needed_gb = static_cast<double>(decoded.stored_size.area()) * static_cast<double>(decoded.planes.size()) * sizeof(float) * 4 / 1e9;
    std::string const share = decoded.reduction == 2 ? "half" : decoded.reduction == 3 ? "a third of" : "1/" + std::to_string(decoded.reduction) + " of";
    return std::to_string(decoded.stored_size.width) + " × " + std::to_string(decoded.stored_size.height) + " px would need about " +
           format_shortest(std::round(needed_gb * 10) / 10) + " GB, and the page has 4: shown and saved at " + share +
           " its size. The command line reads it whole.";
}

Workbench::Held* Workbench::find(int id, int page) {
    m_held.remove_if([&](Held const& held) { return held.id == id && held.page != page; });
    for (auto held = m_held.begin(); held != m_held.end(); ++held)
        if (held->id == id) {
            m_held.splice(m_held.begin(), m_held, held);
            return &m_held.front();
        }
    return nullptr;
}

/// `file` names the buffers of its bytes.
Result<Workbench::Held*> Workbench::open(Packet const& request, Json const& file) {
    int const id = static_cast<int>(std::clamp(number_of(file, "id"), 0.0, 2e9));
    int const page = static_cast<int>(std::clamp(number_of(file, "page"), 0.0, 1e6));
    if (Held* held = find(id, page)) return held;
    auto const buffer = [&](char const* key) -> SharedBytes {
        double const index = number_of(file, key, -1);
        bool const there = index >= 0 && index < static_cast<double>(request.buffers.size());
        return there ? request.buffers[static_cast<std::size_t>(index)] : nullptr;
    };
    SharedBytes const bytes = buffer("bytes");
    if (!bytes) return static_cast<Held*>(nullptr);
    SharedBytes const twin = buffer("twin"), sidecar = buffer("sidecar");
    std::string const path = text_of(file, "path"); // without the page, as load_file() wants it
    MG_TRY(Loaded loaded, load_file({.file_name = std::string(file_name_of(path)),
                                     .relative_path = path,
                                     .bytes = *bytes,
                                     .twin = twin ? ByteView(*twin) : ByteView(),
                                     .sidecar = sidecar ? ByteView(*sidecar) : ByteView(),
                                     .sidecar_name = text_of(file, "sidecar_name"),
                                     .page = page,
                                     .largest_pixels = largest_pixels}));
    m_held.emplace_front();
    Held& held = m_held.front();
    held.id = id;
    held.page = page;
    held.loaded = std::move(loaded);
    held.bytes = plane_bytes(held.loaded.decoded.planes);
    return &held;
}

void Workbench::keep_within_bounds(std::vector<int> const& pinned) {
    // Intermediate pictures are kept for the file in hand only.
    bool first = true;
    for (Held& held : m_held) {
        if (!first) {
            held.steps.clear();
            held.histogram_recipe = {};
            held.before_contrast = {};
        }
        first = false;
    }
    std::size_t total = 0;
    for (auto held = m_held.begin(); held != m_held.end();) {
        total += held->bytes;
        bool const free = std::find(pinned.begin(), pinned.end(), held->id) == pinned.end();
        if (total > largest_bytes && held != m_held.begin() && free) held = m_held.erase(held);
        else ++held;
    }
}

Json Workbench::holds() const {
    Json ids{Json::Array{}};
    for (Held const& held : m_held) ids.push(held.id);
    return ids;
}

Status Workbench::load(Task& task, PacketWriter& reply) {
    Loaded const& loaded = task.held.loaded;
    Scene scene = loaded.scene;
    MG_TRY_DO(run_steps(corrections_alone(task.recipe), scene, task.job));
    Channel const& channel = scene.channels.front();
    FileWords words = file_words(channel.metadata, loaded.decoded.warnings);
    std::string const reduced = reduction_words(loaded.decoded);
    if (!reduced.empty()) words = {reduced, true};
    reply.head.add("format", format_text(loaded.decoded, task.held.page));
    reply.head.add("recorded_size", size_json(loaded.decoded.size));
    reply.head.add("sha256", loaded.sha256);
    reply.head.add("pages", loaded.decoded.page_count);
    Metadata metadata = channel.metadata;
    if (!reduced.empty()) metadata.warnings.push_back(reduced);
    metadata.warnings.insert(metadata.warnings.end(), loaded.decoded.warnings.begin(), loaded.decoded.warnings.end());
    reply.head.add("metadata", to_json(metadata));
    // Where the pixel size is known the bar only confirms it: not worth a long wait for a large picture.
    constexpr std::int64_t k_quickly_searched_px = 4'000'000;
    bool const small = loaded.decoded.planes.front()->size().area() <= k_quickly_searched_px;
    if (small || !channel.pixel_size_x_nm) {
        if (!task.held.bar_sought) task.held.bar = burned_scale_bar(loaded.decoded.planes, loaded.decoded.reduction);
        task.held.bar_sought = true;
        if (task.held.bar) reply.head.add("burned_bar", to_json(*task.held.bar));
    }
    auto const& known = channel.metadata.acquisition.pixel_size_x_nm;
    if (!words.attention && known && task.held.bar && contradicts(*task.held.bar, known->value))
        words = {"its bar reads " + format_length(task.held.bar->pixel_size_nm(), 3) + "/px, not " + format_length(known->value, 3), true};
    reply.head.add("words", words.text);
    reply.head.add("attention", words.attention);
    reply.head.add("black", channel.range.black);
    reply.head.add("white", channel.range.white);
    double aspect = 1;
    if (channel.pixel_size_x_nm && channel.pixel_size_y_nm)
        aspect = channel.pixel_size_y_nm->value / channel.pixel_size_x_nm->value;
    Picture preview = thumbnail(loaded.decoded.planes, k_thumbnail_px, aspect);
    reply.head.add("thumbnail_size", size_json(preview.size));
    reply.head.add("thumbnail_bytes", preview.bytes_per_pixel);
    m_out.push_back(std::move(preview.pixels));
    reply.add_buffer("thumbnail", m_out.back());
    return Done{};
}

Status Workbench::process(Task& task, PacketWriter& reply) {
    Held& held = task.held;
    // The histogram shows what the contrast step sees: first run up to it, when that part has changed.
    Recipe before = before_contrast(task.recipe);
    if (held.bytes > k_largest_cached) { // no room for a picture per step: all over again each time
        Scene scene = held.loaded.scene;
        MG_TRY_DO(run_steps(before, scene, task.job));
        Channel const seen = scene.channels.front();
        Recipe rest = task.recipe;
        rest.steps.erase(rest.steps.begin(), rest.steps.begin() + static_cast<std::ptrdiff_t>(before.steps.size()));
        MG_TRY_DO(run_steps(rest, scene, task.job));
        return show(task, scene.channels.front(), seen, reply);
    }
    if (held.histogram_recipe != before || held.before_contrast.planes.empty()) {
        Scene scene;
        PostingJob quiet = task.job;
        MG_TRY_DO(held.steps.run(before, held.loaded, scene, quiet));
        held.before_contrast = scene.channels.front();
        held.histogram_recipe = std::move(before);
    }
    Scene scene;
    MG_TRY_DO(held.steps.run(task.recipe, held.loaded, scene, task.job));
    return show(task, scene.channels.front(), held.before_contrast, reply);
}

/// The result for the screen; `before`: what the contrast step saw.
Status Workbench::show(Task& task, Channel const& channel, Channel const& before, PacketWriter& reply) {
    std::vector<Note> const& notes = task.job.notes();

    Picture picture = to_picture(channel.planes);
    reply.head.add("size", size_json(picture.size));
    reply.head.add("bytes_per_pixel", picture.bytes_per_pixel);
    reply.head.add("databar_rows", channel.databar_rows_px);
    if (channel.pixel_size_x_nm) reply.head.add("pixel_size_x_nm", channel.pixel_size_x_nm->value);
    if (channel.pixel_size_y_nm) reply.head.add("pixel_size_y_nm", channel.pixel_size_y_nm->value);
    reply.head.add("to_recorded", to_json(channel.to_recorded));
    reply.head.add("notes", to_json(notes));
    m_out.push_back(std::move(picture.pixels));
    reply.add_buffer("picture", m_out.back());

    StepUse const* contrast = find_use(task.recipe, "contrast");
    bool const stretched = contrast && contrast->enabled;
    Histogram const histogram =
        histogram_of(before, stretched ? note_number(notes, "contrast", "low", 0) : 0,
                     stretched ? note_number(notes, "contrast", "high", 1) : 1);
    reply.head.add("low", histogram.low);
    reply.head.add("high", histogram.high);
    reply.head.add("below", histogram.below);
    reply.head.add("above", histogram.above);
    reply.head.add("gamma", stretched ? note_number(notes, "contrast", "gamma", 1) : 1.0);
    auto const* counts = reinterpret_cast<std::uint8_t const*>(histogram.counts.data());
    m_out.emplace_back(counts, counts + sizeof histogram.counts);
    reply.add_buffer("histogram", m_out.back());

    if (task.request.flag("plain")) {
        std::vector<PlanePtr> const& planes = task.held.loaded.decoded.planes;
        Limits const limits = finite_limits(planes);
        Picture recorded = to_picture(planes, limits.low, limits.high);
        reply.head.add("recorded_size", size_json(recorded.size));
        reply.head.add("recorded_bytes", recorded.bytes_per_pixel);
        m_out.push_back(std::move(recorded.pixels));
        reply.add_buffer("recorded_picture", m_out.back());
        auto const* values = reinterpret_cast<std::uint8_t const*>(planes.front()->data());
        auto const count = static_cast<std::size_t>(planes.front()->size().area()) * sizeof(float);
        reply.add_buffer("recorded", {values, count});
    }
    return Done{};
}

Status Workbench::make_png(Task& task, PacketWriter& reply) {
    Scene scene;
    if (!task.held.histogram_recipe.steps.empty()) MG_TRY_DO(task.held.steps.run(task.recipe, task.held.loaded, scene, task.job));
    else {
        scene = task.held.loaded.scene;
        MG_TRY_DO(run_steps(task.recipe, scene, task.job));
    }
    task.job.progress(0, "writing the PNG");
    MG_TRY(Bytes png, encode_scene(scene, task.recipe, task.held.loaded, task.job));
    reply.head.add("notes", to_json(task.job.notes()));
    m_out.push_back(std::move(png));
    reply.add_buffer("png", m_out.back());
    keep_results(reply);
    return Done{};
}

Status Workbench::measure(Task& task, PacketWriter& reply) {
    MG_TRY(std::vector<LinkMeasurement> measured, measure_links(task.recipe, task.held.loaded.scene, task.job));
    reply.head.add("measured", to_json(measured));
    return Done{};
}

void Workbench::work(Packet const& request, double (*now_s)(), Post const& post) {
    double const started_s = now_s();
    int const number = static_cast<int>(request.number("job"));
    std::string const kind = request.text("kind");
    Json const* file = request.head.find("file");
    std::string const name = file ? text_of(*file, "name") : std::string{};
    m_out.clear();
    m_out.reserve(8); // add_buffer() borrows: elements must not move
    PacketWriter reply;
    reply.head.add("job", number);
    auto const fail = [&](std::string const& words) {
        PacketWriter failed;
        failed.head.add("job", number);
        failed.head.add("failed", words);
        failed.head.add("holds", holds());
        post(failed);
    };

    if (kind == "crash") std::abort();
    if (kind == "sleep") {
        while (now_s() - started_s < request.number("seconds")) {}
        reply.head.add("done", true);
        reply.head.add("holds", holds());
        return post(reply);
    }

    PostingJob job(number, now_s, post);
    if (kind == "samples") {
        std::vector<SampleFile> const set =
            request.text("set") == "maps" ? sample_edx_set(k_sample_seed).files : sample_xl_set(k_sample_seed);
        Json names;
        for (SampleFile const& sample : set) {
            names.push(sample.relative_path);
            reply.add_buffer(sample.relative_path, sample.bytes);
        }
        reply.head.add("files", std::move(names));
        keep_results(reply);
        reply.head.add("done", true);
        reply.head.add("holds", holds());
        return post(reply);
    }
    if (request.head.find("files")) {
        auto recipe = parse_recipe_json(request.text("recipe"), {});
        if (!recipe) return fail(recipe.error().message);
        SetTask task{request, std::move(recipe).value(), job, {}, {}, {}, false};
        Status const status = work_on_set(kind, task, reply);
        if (!status) return fail(status.error().message);
        if (task.missing) reply.head.add("missing", true);
        reply.head.add("done", true);
        reply.head.add("holds", holds());
        reply.head.add("milliseconds", (now_s() - started_s) * 1000);
        return post(reply);
    }
    job.progress(0, "reading");
    if (!file) return fail("the request names no file");
    auto held = open(request, *file);
    if (!held) return fail(without_name(held.error().message, name));
    if (!*held) {
        reply.head.add("missing", true);
        reply.head.add("holds", holds());
        return post(reply);
    }
    keep_within_bounds();
    auto recipe = parse_recipe_json(request.text("recipe"), {});
    if (!recipe) return fail(recipe.error().message);
    Task task{request, std::move(recipe).value(), **held, job};
    Status const status = kind == "load"      ? load(task, reply)
                          : kind == "process" ? process(task, reply)
                          : kind == "export"  ? make_png(task, reply)
                          : kind == "measure" ? measure(task, reply)
                                              : Status(Error{ErrorCode::bad_value, "unknown work: " + kind});
    if (!status) return fail(without_name(status.error().message, name));
    reply.head.add("done", true);
    reply.head.add("holds", holds());
    reply.head.add("milliseconds", (now_s() - started_s) * 1000);
    post(reply);
}

} // namespace mg::app
