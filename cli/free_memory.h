#pragma once
// How much memory this process may still take.
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace mg::cli {

/// Bytes that are free, or could be freed at once, within the limits set on the process and its container; 0: unknown.
std::int64_t free_memory_bytes();

/// Lets as much work begin at a time as memory suffices for.
class MemoryGate {
public:
    explicit MemoryGate(std::int64_t budget_bytes) : m_budget(budget_bytes) {} ///< 0: everything passes
    /// Waits for its turn. False, at once: it would not fit even alone.
    bool enter(std::int64_t bytes);
    void leave(std::int64_t bytes);
    std::int64_t budget() const { return m_budget; }

private:
    std::int64_t m_budget, m_taken = 0;
    std::mutex m_mutex;
    std::condition_variable m_changed;
};

} // namespace mg::cli
