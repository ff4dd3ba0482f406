#pragma once
// A recipe over a set of files: several at a time, results told in the order of the inputs, one failure harms no other.
#include <atomic>
#include <functional>
#include <memory>

#include "cli/files.h"
#include "cli/options.h"
#include "cli/thread_pool.h"
#include "recipe/pipeline.h"

namespace mg::cli {

/// A Job that stops when the user interrupts the program, and runs independent parts on `threads` threads (0: one per
/// core).
class CommandJob : public Job {
public:
    explicit CommandJob(int threads = 1);
    void for_each(std::size_t count, std::function<void(std::size_t)> const& part) override;
    bool cancelled() const override { return s_interrupted.load(std::memory_order_relaxed); }
    /// From now on an interrupt ends the work in an orderly way; a second one ends the program at once.
    static void listen_for_interrupts();

private:
    std::unique_ptr<ThreadPool> m_pool; ///< null: one thread
    static std::atomic<bool> s_interrupted;
};

/// work(i) for every i < count on `jobs` threads (0: one per core); finished(i) on the calling thread, in order.
void for_each_file(std::size_t count, int jobs, std::function<void(std::size_t)> const& work,
                   std::function<void(std::size_t)> const& finished);

/// Content of an input and of what belongs to it.
struct InputBytes {
    std::shared_ptr<FileBytes const> file;
    Bytes twin, sidecar;
    /// Must not outlive this.
    InputFile as_input(Input const& input) const;
};
/// Pages of one file share its bytes through `store`.
Result<InputBytes> read_input(Input const& input, FileStore& store);

/// Runs the recipe (its overrides still on it) over the files that `options` names and writes the PNGs. The exit code.
int run_batch(Recipe const& recipe, Inputs const& inputs, Options const& options);

/// KEY=VALUE as given on the command line; "@FILE" gives a binary value.
Status set_from_command_line(Recipe& recipe, std::string const& key, std::string const& value);

} // namespace mg::cli
