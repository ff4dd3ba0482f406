#pragma once
// Threads that wait for the next batch of independent parts. Steps of a set have hundreds of small ones, for which
// starting threads anew would cost more than the parts.
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mg::cli {

class ThreadPool {
public:
    /// Helpers besides the thread that calls for_each(); they are started at once.
    explicit ThreadPool(std::size_t helpers);
    ~ThreadPool();
    ThreadPool(ThreadPool const&) = delete;
    ThreadPool& operator=(ThreadPool const&) = delete;

    /// part(i) for every i < count, on the helpers and on the calling thread; returns when all are done. Called from
    /// within a part, or by two threads, the second batch runs on its own thread alone.
    void for_each(std::size_t count, std::function<void(std::size_t)> const& part);

private:
    struct Batch {
        std::function<void(std::size_t)> const& part;
        std::size_t count;
        std::atomic<std::size_t> next{0};
        std::size_t helpers = 0; ///< at work on it
        void work();
    };
    void help();

    std::mutex m_mutex;
    std::condition_variable m_wake, m_done;
    Batch* m_batch = nullptr;
    std::size_t m_number = 0; ///< of the batch
    bool m_stopping = false;
    std::atomic<bool> m_busy{false};
    std::vector<std::thread> m_threads;
};

} // namespace mg::cli
