#include "cli/thread_pool.h"

namespace mg::cli {

ThreadPool::ThreadPool(std::size_t helpers) {
    for (std::size_t i = 0; i < helpers; ++i) m_threads.emplace_back([this] { help(); });
}

ThreadPool::~ThreadPool() {
    {
        std::lock_guard const lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
    for (std::thread& thread : m_threads) thread.join();
}

void ThreadPool::Batch::work() {
    for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) part(i);
}

void ThreadPool::help() {
    std::unique_lock lock(m_mutex);
    std::size_t seen = 0;
    for (;;) {
        m_wake.wait(lock, [&] { return m_stopping || (m_batch && m_number != seen); });
        if (m_stopping) return;
        seen = m_number;
        Batch& batch = *m_batch;
        ++batch.helpers;
        lock.unlock();
        batch.work();
        lock.lock();
        if (--batch.helpers == 0) m_done.notify_one();
    }
}

void ThreadPool::for_each(std::size_t count, std::function<void(std::size_t)> const& part) {
    Batch batch{part, count};
    if (count < 2 || m_threads.empty() || m_busy.exchange(true)) {
        batch.work();
        return;
    }
    {
        std::lock_guard const lock(m_mutex);
        m_batch = &batch;
        ++m_number;
    }
    if (count > m_threads.size())
        m_wake.notify_all();
    else
        for (std::size_t i = 1; i < count; ++i) m_wake.notify_one();
    batch.work();
    std::unique_lock lock(m_mutex);
    m_batch = nullptr; // who wakes late has nothing to do
    m_done.wait(lock, [&] { return batch.helpers == 0; });
    lock.unlock();
    m_busy.store(false);
}

} // namespace mg::cli
