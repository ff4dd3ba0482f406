#pragma once
// The overlay's part of the application: which files belong together, what the workers are to do with them, and what
// their answers mean. Nothing here is drawn.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/document.h"
#include "app/results.h"
#include "app/scheduler.h"
#include "app/view_state.h"

namespace mg::app {

class OverlayDesk {
public:
    struct Now {
        Document const& document;
        std::uint64_t revision = 0;
        ViewState const& view;
        Results& results;
        Scheduler& scheduler;
    };
    /// Groups the files when something about them has changed, and asks for what is not there yet. Nothing while
    /// another workspace is shown.
    void update(Now const& now);
    /// Of "overlay", "overlay_finish" and "overlay_picture".
    void take(SetAnswer const& answer, Results& results);
    /// Forgets that something failed or was stopped, so that it is tried again.
    void retry() { m_asked = m_finish_asked = 0; }
    /// Nothing is wanted that is not there.
    bool settled() const { return m_settled; }

    /// A file of the generated set: where it lies in truth is known.
    void know_sample(std::string const& path, SharedFile bytes) { m_samples[path] = std::move(bytes); }

    /// What "Save all" asks of a worker for one series.
    static SetRequest export_request(Document const& document, OverlaySeries const& series, std::string folder);

private:
    void group(Now const& now);
    void look(Now const& now);
    void ask(Now const& now);
    void join(Now const& now);
    void ask_recorded(Now const& now);

    void tell_truth(Now const& now);

    std::map<std::string, SharedFile> m_samples; ///< by path
    std::uint64_t m_joined_for = 0;               ///< hash of what the histogram of two channels depends on
    std::uint64_t m_grouped_for = 0;              ///< hash of what the groups depend on
    std::uint64_t m_asked = 0, m_have = 0, m_finish_asked = 0;
    std::uint64_t m_next_serial = 1;
    bool m_settled = true;
};

} // namespace mg::app
