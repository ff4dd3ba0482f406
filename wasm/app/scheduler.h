#pragma once
// Gives the workers something to do and takes what they answer. It waits for nothing: it is told of messages and of the
// time, and each time looks what is wanted most. A file stays with one worker, which keeps it decoded.
//
// Wanted, in this order: the selected file's result; each file's facts; PNGs to be exported; values to be linked. A view has
// at most one request under way; when it is answered, the newest settings are asked for next, and none in between. An
// answer older than what is shown is dropped. A worker that dies or falls silent is replaced, its request tried once more,
// then reported as failed on that file.
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/document.h"
#include "app/packet.h"
#include "app/results.h"
#include "recipe/pipeline.h"

namespace mg::app {

struct ExportedFile {
    int id = 0;
    std::string name, path; ///< of the input
    SharedFile png;         ///< null when it failed
    std::string failure;    ///< in words
    std::vector<Note> notes;
};

/// A finished export or set of samples, for the one who asked.
struct Finished {
    int token = 0;
    std::vector<ExportedFile> files; ///< in the document's order
    bool cancelled = false;
};

/// Work on a set of files at once, done by one worker that holds them all.
struct SetRequest {
    std::string kind;
    std::vector<InputEntry> inputs;
    Json head;              ///< further members of the request
    std::uint64_t key = 0;  ///< comes back with the answer
};
struct SetAnswer {
    std::string kind;
    std::uint64_t key = 0;
    Packet reply;           ///< when it went well
    std::string failure;    ///< in words
    bool cancelled = false;
};

class Scheduler {
public:
    explicit Scheduler(int workers) : m_slots(static_cast<std::size_t>(workers)) {}

    /// Looks at what is wanted now and starts what can be started.
    void update(Document const& document, ViewState const& view, Results& results, double now_s);
    void receive(int worker, Packet const& reply, Results& results, double now_s);
    /// Its replacement is there already.
    void worker_died(int worker, std::string const& words, Results& results);
    /// Replaces workers that have been silent for too long.
    void check_silence(Results& results, double now_s);

    /// PNGs of these files with the recipe as it is now. The token comes back in finished().
    int start_export(Document const& document, std::vector<int> const& ids);
    /// The files of this generated set, "images" or "maps", arrive in take_samples().
    void start_samples(std::string set = "images") { m_samples_wanted = std::move(set); }
    /// At most one request of a kind waits and one runs; a newer one takes the place of the one that waits.
    void ask_set(SetRequest request);
    bool set_under_way(std::string_view kind) const;
    std::vector<SetAnswer> take_set_answers() { return std::exchange(m_set_answers, {}); }
    /// For tests: occupies a worker ("sleep"), or kills it ("crash").
    void start_test(std::string kind, double seconds) { m_test = {std::move(kind), seconds}; }
    /// Stops exports and what runs for longer than a moment; the last good pictures stay.
    void cancel(Results& results, double now_s);

    std::vector<Finished> take_finished();
    std::vector<LooseFile> take_samples();
    /// Words for the user about what went wrong beside a file's own result.
    std::vector<std::string> take_complaints();

    bool idle() const;
    int worker_count() const { return static_cast<int>(m_slots.size()); }
    int restarts() const { return m_restarts; }
    /// The line at the bottom, but for its toasts.
    Activity activity(Document const& document, double now_s) const;
    /// Since when the picture that has arrived last had been wanted; nothing when none has since the last call.
    std::optional<double> take_wanted_s();

private:
    enum class Kind { load, process, export_png, measure, samples, set, test };
    struct Running {
        int job = 0;
        Kind kind = Kind::load;
        int file = 0;
        int token = 0;
        std::uint64_t key = 0;
        bool plain = false;
        double started_s = 0, heard_s = 0, wanted_s = 0;
        double fraction = 0;
        std::string stage{};
    };
    struct Slot {
        std::optional<Running> running;
        std::set<int> holds;
    };
    struct FileWork {
        int worker = -1;
        std::uint64_t load_key = 0, process_key = 0, measure_key = 0; ///< of what has been answered, well or badly
        std::uint64_t load_round = 0; ///< m_load_round in which load_key was found to be right
        std::uint64_t seen_key = 0; ///< process key last wanted, and since when
        double seen_s = 0;
        bool unreadable = false;
        int page = 0;
        int deaths = 0; ///< of workers, one after another, over this file
        std::vector<LinkMeasurement> measured;
    };
    struct Export {
        int token = 0;
        Recipe recipe;       ///< as it was when asked
        bool linked = false; ///< linked values have been put into it, or none are wanted
        std::vector<InputEntry> inputs;
        std::set<int> waiting, running;
        std::map<int, ExportedFile> ready;
    };
    struct Test {
        std::string kind;
        double seconds = 0;
    };

    struct Now; ///< what every function below looks at
    void start_on(int worker, Now const& now);
    bool start_process(int worker, InputEntry const& input, Now const& now);
    bool start_load(int worker, InputEntry const& input, Now const& now);
    bool start_export_on(int worker, bool of_others, Now const& now);
    bool start_measure(int worker, Now const& now);
    bool start_set(int worker, Now const& now);
    /// Sets have a worker of their own where there are several.
    bool takes_sets(int worker) const { return worker == static_cast<int>(m_slots.size()) - 1; }
    void send(int worker, Running running, InputEntry const* input, Recipe const& recipe, Now const& now);
    void give_up(Running const& running, std::string const& words, Results& results);
    void lose_worker(int worker, std::string const& words, Results& results);
    void take_load(Running const& running, Packet const& reply, Results& results);
    void take_process(Running const& running, Packet const& reply, Results& results);
    void take_samples_from(Packet const& reply);
    void assign(Document const& document);
    void link_exports();
    void finish_exports(Results& results);
    void keep_near_pictures(int selected, Results& results);
    Recipe linked(Recipe const& recipe, std::vector<InputEntry> const& inputs);
    std::optional<std::vector<std::vector<LinkMeasurement>>> links_for(Recipe const& recipe,
                                                                      std::vector<InputEntry> const& inputs) const;
    bool is_running(Kind kind, int file) const;

    std::vector<Slot> m_slots;
    std::map<int, FileWork> m_work;
    std::vector<Export> m_exports;
    std::vector<Finished> m_finished;
    std::vector<LooseFile> m_samples;
    std::vector<std::string> m_complaints;
    std::vector<std::vector<LinkMeasurement>> m_links; ///< the last complete set
    std::vector<int> m_recent;                         ///< selected files, newest first
    std::optional<Test> m_test;
    std::vector<SetRequest> m_sets;          ///< that wait
    std::optional<SetRequest> m_running_set; ///< to be asked again when its worker lacks a file or dies
    std::vector<SetAnswer> m_set_answers;
    int m_set_deaths = 0;
    std::string m_samples_wanted; ///< which set; empty: none
    /// Counts up when files or corrections change, so that thousands of files are not looked through after every answer.
    std::uint64_t m_load_round = 1;
    std::vector<InputEntry> m_seen_inputs;
    Recipe m_seen_corrections;
    bool m_something_waits = false;
    int m_next_job = 1, m_next_token = 1, m_restarts = 0;
    std::uint64_t m_next_serial = 1;
    std::optional<double> m_wanted_s;
};

} // namespace mg::app
