#include "cli/batch.h"

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <optional>
#include <thread>

#include "base/base64.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/free_memory.h"
#include "codecs/image_size.h"
#include "recipe/recipe_json.h"

namespace mg::cli {

std::atomic<bool> CommandJob::s_interrupted{false};

CommandJob::CommandJob(int threads) {
    std::size_t const count = threads > 0 ? static_cast<std::size_t>(threads) : std::thread::hardware_concurrency();
    if (count > 1) m_pool = std::make_unique<ThreadPool>(count - 1);
}

void CommandJob::for_each(std::size_t count, std::function<void(std::size_t)> const& part) {
    if (m_pool)
        m_pool->for_each(count, part);
    else
        Job::for_each(count, part);
}

void CommandJob::listen_for_interrupts() {
    static_assert(std::atomic<bool>::is_always_lock_free);
    for (int const signal : {SIGINT, SIGTERM})
        std::signal(signal, [](int received) {
            s_interrupted.store(true, std::memory_order_relaxed);
            std::signal(received, SIG_DFL);
        });
}

void for_each_file(std::size_t count, int jobs, std::function<void(std::size_t)> const& work,
                   std::function<void(std::size_t)> const& finished) {
    std::size_t threads = jobs > 0 ? static_cast<std::size_t>(jobs) : std::thread::hardware_concurrency();
    if (threads > count) threads = count;
    if (threads <= 1) {
        for (std::size_t i = 0; i < count; ++i) {
            work(i);
            finished(i);
        }
        return;
    }
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<bool> done(count, false);
    std::atomic<std::size_t> next{0};
    std::vector<std::thread> pool;
    for (std::size_t t = 0; t < threads; ++t)
        pool.emplace_back([&] {
            for (std::size_t i; (i = next.fetch_add(1)) < count;) {
                work(i);
                std::lock_guard const lock(mutex);
                done[i] = true;
                changed.notify_one();
            }
        });
    for (std::size_t i = 0; i < count; ++i) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return done[i]; });
        lock.unlock();
        finished(i);
    }
    for (std::thread& thread : pool) thread.join();
}

InputFile InputBytes::as_input(Input const& input) const {
    return {.file_name = input.path.filename().string(),
            .relative_path = input.relative_path,
            .bytes = file->bytes(),
            .twin = twin,
            .sidecar = sidecar,
            .sidecar_name = sidecar.empty() ? std::string() : input.sidecar.filename().string(),
            .page = input.page,
            .sha256 = [shared = file] { return shared->sha256(); }};
}

Result<InputBytes> read_input(Input const& input, FileStore& store) {
    InputBytes bytes;
    if (input.shares_file) {
        MG_TRY(bytes.file, store.read(input.path));
    } else {
        MG_TRY(Bytes file, read_file(input.path));
        bytes.file = std::make_shared<FileBytes const>(std::move(file));
    }
    // What belongs to the image helps when it can be read, and is no condition.
    if (!input.twin.empty())
        if (auto twin = read_file(input.twin)) bytes.twin = std::move(twin).value();
    if (!input.sidecar.empty())
        if (auto sidecar = read_file(input.sidecar)) bytes.sidecar = std::move(sidecar).value();
    return bytes;
}

namespace {

enum class State { written, kept, failed };

/// What is remembered of a finished file: text, no pixels.
struct Outcome {
    State state = State::failed;
    std::string error;
    Annotated facts;
};

/// The input's SHA-256, found on a core that would be idle: a tenth of the time of a single file.
class HashThread {
public:
    explicit HashThread(std::shared_ptr<FileBytes const> file) : m_thread([file] { file->sha256(); }) {}
    ~HashThread() { m_thread.join(); }

private:
    std::thread m_thread;
};

/// What the work on an image takes at its height: its file, two planes of real numbers per channel (a step's input and
/// its result), and the picture that is written. 0 for images that no memory is too small for.
std::int64_t memory_for(InputBytes const& bytes, int page) {
    constexpr std::int64_t k_small_bytes = std::int64_t{1} << 28, k_bytes_per_value = 10;
    auto const claims = claimed_pages(bytes.file->bytes());
    if (page < 0 || static_cast<std::size_t>(page) >= claims.size()) return 0;
    PageClaim const& claim = claims[static_cast<std::size_t>(page)];
    std::int64_t const channels = claim.samples >= 3 ? 3 : 1;
    std::int64_t const needed =
        static_cast<std::int64_t>(bytes.file->bytes().size()) + claim.size.area() * channels * k_bytes_per_value;
    return needed < k_small_bytes ? 0 : needed;
}

/// A place at the gate for as long as the work lasts.
class MemoryPlace {
public:
    MemoryPlace(MemoryGate& gate, std::int64_t bytes) : m_gate(gate), m_bytes(bytes), m_is_in(gate.enter(bytes)) {}
    ~MemoryPlace() {
        if (m_is_in) m_gate.leave(m_bytes);
    }
    MemoryPlace(MemoryPlace const&) = delete;
    MemoryPlace& operator=(MemoryPlace const&) = delete;
    Status is_in() const {
        if (m_is_in) return Done{};
        auto const gigabytes = [](std::int64_t bytes) {
            return format_significant(static_cast<double>(bytes) / 1e9, 2) + " GB";
        };
        return Error{ErrorCode::out_of_memory, "takes about " + gigabytes(m_bytes) + " of memory, of which " +
                                                   gigabytes(m_gate.budget()) +
                                                   " are free: crop or scale it first, or end other programs"};
    }

private:
    MemoryGate& m_gate;
    std::int64_t m_bytes;
    bool m_is_in;
};

struct Task {
    Recipe const& recipe;
    Input const& input;
    fs::path const& output;
    bool no_overwrite = false;
    FileStore& store;
    MemoryGate& memory;
    bool alone = false; ///< no other file keeps the other cores busy
};

Outcome process(Task const& task) {
    Outcome outcome;
    std::error_code error;
    if (task.no_overwrite && fs::exists(task.output, error)) {
        outcome.state = State::kept;
        return outcome;
    }
    auto const attempt = [&]() -> Status {
        MG_TRY(InputBytes bytes, read_input(task.input, task.store));
        MemoryPlace const place(task.memory, memory_for(bytes, task.input.page));
        MG_TRY_DO(place.is_in());
        InputFile const file = bytes.as_input(task.input);
        std::optional<HashThread> hash;
        if (task.alone) hash.emplace(bytes.file);
        CommandJob job;
        MG_TRY(outcome.facts, annotate(task.recipe, file, job));
        MG_TRY_DO(write_file(task.output, outcome.facts.png));
        return Done{};
    };
    Status const status = attempt();
    outcome.facts.png = {};
    if (status)
        outcome.state = State::written;
    else
        outcome.error = without_name(status.error().message, task.input.path);
    return outcome;
}

/// The recipe with the values that the whole set has in common.
Recipe linked(Recipe const& recipe, Inputs const& inputs, int jobs, FileStore& store) {
    std::vector<std::vector<LinkMeasurement>> measured(inputs.files.size());
    for_each_file(
        inputs.files.size(), jobs,
        [&](std::size_t i) {
            Input const& input = inputs.files[i];
            // A file that cannot be measured is reported when it is worked on.
            auto const bytes = read_input(input, store);
            if (!bytes) return;
            auto loaded = load_file(bytes->as_input(input));
            if (!loaded) return;
            loaded->decoded = {};
            CommandJob job;
            auto result =
                measure_links(recipe_for_file(recipe, input.named().filename().string()), std::move(loaded->scene), job);
            if (result) measured[i] = std::move(result).value();
        },
        [](std::size_t) {});
    return with_links(recipe, measured);
}

std::string facts_line(Annotated const& facts) {
    std::string line = std::to_string(facts.size.width) + " x " + std::to_string(facts.size.height) + " px";
    if (facts.pixel_size_nm) line += ", " + format_length(*facts.pixel_size_nm, 4) + "/px";
    if (facts.scale_bar_nm) line += ", bar " + format_length(*facts.scale_bar_nm);
    return line;
}

Json facts_json(Input const& input, fs::path const& output, Annotated const& facts) {
    Json item;
    item.add("input", input.path.string());
    if (input.page > 0) item.add("page", input.page + 1);
    item.add("output", output.string());
    item.add("width", facts.size.width);
    item.add("height", facts.size.height);
    if (facts.pixel_size_nm) item.add("pixel_size_nm", *facts.pixel_size_nm);
    if (facts.scale_bar_nm) item.add("scale_bar_nm", *facts.scale_bar_nm);
    if (facts.scale_bar_px) item.add("scale_bar_px", *facts.scale_bar_px);
    Json steps{Json::Array{}};
    for (std::string const& step : facts.steps) steps.push(step);
    item.add("steps", std::move(steps));
    Json notes{Json::Array{}};
    for (Note const& note : facts.notes) {
        Json one;
        one.add("step", note.step);
        one.add("key", note.key);
        if (double const* number = std::get_if<double>(&note.value))
            one.add("value", *number);
        else
            one.add("value", *std::get_if<std::string>(&note.value));
        if (!note.text.empty()) one.add("text", note.text);
        notes.push(std::move(one));
    }
    item.add("notes", std::move(notes));
    Json warnings{Json::Array{}};
    for (std::string const& warning : facts.warnings) warnings.push(warning);
    item.add("warnings", std::move(warnings));
    return item;
}

Status make_folders(std::vector<fs::path> const& outputs) {
    for (fs::path const& output : outputs) {
        fs::path const folder = output.parent_path();
        std::error_code error;
        if (folder.empty() || fs::is_directory(folder, error)) continue;
        fs::create_directories(folder, error);
        if (error)
            return Error{ErrorCode::bad_value,
                         "-o: the folder " + folder.string() + " cannot be made (" + error.message() + ")"};
    }
    return Done{};
}

} // namespace

int run_batch(Recipe const& recipe, Inputs const& inputs, Options const& options) {
    auto const outputs = plan_outputs(inputs, options.output_folder);
    if (auto const made = make_folders(outputs); !made) return wrong_usage(made.error().message);
    CommandJob::listen_for_interrupts();

    bool failed = false;
    Json done{Json::Array{}}, failures{Json::Array{}}, skipped{Json::Array{}};
    auto const tell = [&](Json& list, std::string const& file, std::string const& message, char const* key) {
        report(file, message);
        Json item;
        item.add("input", file);
        item.add(key, message);
        list.push(std::move(item));
    };
    for (Problem const& problem : inputs.skipped) tell(skipped, problem.file, problem.message, "reason");
    for (Problem const& problem : inputs.missing) {
        tell(failures, problem.file, problem.message, "error");
        failed = true;
    }

    bool const link = inputs.files.size() > 1 && wants_linking(recipe);
    FileStore store;
    Recipe const common = link ? linked(recipe, inputs, options.jobs, store) : recipe;
    MemoryGate memory(free_memory_bytes());
    std::vector<Outcome> outcomes(inputs.files.size());
    for_each_file(
        inputs.files.size(), options.jobs,
        [&](std::size_t i) {
            outcomes[i] = process({.recipe = common,
                                   .input = inputs.files[i],
                                   .output = outputs[i],
                                   .no_overwrite = options.no_overwrite,
                                   .store = store,
                                   .memory = memory,
                                   .alone = inputs.files.size() == 1 && options.jobs != 1});
        },
        [&](std::size_t i) {
            Outcome outcome = std::move(outcomes[i]);
            Input const& input = inputs.files[i];
            PageChoice pages = options.pages;
            pages.is_given = pages.is_given || input.has_page;
            outcome.facts.warnings = told_warnings(std::move(outcome.facts.warnings), pages);
            std::string const file = input.told();
            for (std::string const& warning : outcome.facts.warnings) report(file, "note: " + warning);
            switch (outcome.state) {
            case State::failed:
                tell(failures, file, outcome.error, "error");
                failed = true;
                break;
            case State::kept:
                tell(skipped, file, "left out: " + outputs[i].string() + " exists already (--no-overwrite)", "reason");
                break;
            case State::written:
                if (options.json)
                    done.push(facts_json(input, outputs[i], outcome.facts));
                else
                    print(file + " -> " + outputs[i].string() + "  " + facts_line(outcome.facts) + "\n");
            }
        });
    if (options.json) {
        Json json;
        json.add("outputs", std::move(done));
        json.add("failed", std::move(failures));
        json.add("skipped", std::move(skipped));
        print(to_text(json) + "\n");
    }
    return failed ? 1 : 0;
}

Status set_from_command_line(Recipe& recipe, std::string const& key, std::string const& value) {
    Param const* param = named_param(recipe, key);
    if (!param || param->kind != ParamKind::blob || value.empty()) return set_value(recipe, key, value);
    if (value[0] != '@') return Error{ErrorCode::bad_value, key + ": is a file's content, given as " + key + "=@FILE"};
    auto bytes = read_file(value.substr(1));
    if (!bytes) return Error{ErrorCode::bad_value, key + ": " + value.substr(1) + ": " + bytes.error().message};
    return set_value(recipe, key, to_base64(*bytes));
}

} // namespace mg::cli
