#pragma once
// What the two halves of the workbench share.
#include "app/work.h"

namespace mg::app {

inline constexpr double k_progress_every_s = 0.05;

/// Tells the page how far the work is, but not more often than it can show.
class PostingJob : public Job {
public:
    PostingJob(int job, double (*now_s)(), Workbench::Post const& post) : m_job(job), m_now_s(now_s), m_post(post) {}
    void progress(double fraction, std::string_view stage) override {
        double const now = m_now_s();
        if (now - m_posted_s < k_progress_every_s && now >= m_posted_s) return;
        m_posted_s = now;
        PacketWriter reply;
        reply.head.add("job", m_job);
        reply.head.add("progress", fraction);
        reply.head.add("stage", stage);
        m_post(reply);
    }

private:
    int m_job;
    double (*m_now_s)();
    Workbench::Post const& m_post;
    double m_posted_s = -1;
};

inline Json size_json(Size size) {
    Json json;
    json.push(size.width);
    json.push(size.height);
    return json;
}

/// The reply's buffers are results, which the page's script keeps; the page's module gets their numbers and checksums.
void keep_results(PacketWriter& reply);

/// Work on several files.
struct Workbench::SetTask {
    Packet const& request;
    Recipe recipe;
    PostingJob& job;
    std::vector<int> ids;              ///< of the files that could be read, placeholders 0, in the request's order
    std::vector<Loaded*> loaded;       ///< parallel
    std::vector<SetRun::Failure> failures;
    bool missing = false; ///< the bytes of a file must come along
    bool sparing = false; ///< the set is large: pixels go as soon as they have been used
};
std::vector<SetRun::File> set_files(Workbench::SetTask const& task);
/// [{"id","words"}] of files that could not be read and of those whose own steps failed.
Json failures_json(std::vector<SetRun::Failure> const& first, std::vector<SetRun::Failure> const& second);

} // namespace mg::app
