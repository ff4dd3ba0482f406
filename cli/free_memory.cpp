// Linux: proc(5), "meminfo"; the kernel's documentation of control groups, versions 1 and 2. Elsewhere nothing is
// known.
#include "cli/free_memory.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>

#include <sys/resource.h>

#include "base/text.h"

namespace mg::cli {
namespace {

/// The number after `key` in a file of "key number" lines; with an empty key, the first word of the file.
std::optional<std::int64_t> number_in(char const* path, std::string_view key = {}) {
    std::ifstream file(path);
    std::string word;
    while (file >> word) {
        if (!key.empty()) {
            if (word != key) continue;
            file >> word;
        }
        return parse_int(word);
    }
    return std::nullopt;
}

struct ControlGroup {
    char const *limit, *used, *statistics, *cache_key;
};
constexpr ControlGroup k_groups[] = {
    {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat", "inactive_file"},
    {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes",
     "/sys/fs/cgroup/memory/memory.stat", "total_inactive_file"}};

} // namespace

std::int64_t free_memory_bytes() {
    auto const available_kb = number_in("/proc/meminfo", "MemAvailable:");
    if (!available_kb) return 0;
    std::int64_t free = *available_kb * 1024;
    for (ControlGroup const& group : k_groups) {
        auto const limit = number_in(group.limit), used = number_in(group.used);
        // What the files read before take is given up for what is needed.
        if (limit && used)
            free = std::min(free, *limit - *used + number_in(group.statistics, group.cache_key).value_or(0));
    }
    rlimit limit{};
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        free = std::min(free, static_cast<std::int64_t>(std::min<rlim_t>(limit.rlim_cur, INT64_MAX)));
    return std::max<std::int64_t>(free, 1);
}

bool MemoryGate::enter(std::int64_t bytes) {
    if (m_budget == 0) return true;
    if (bytes > m_budget) return false;
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_taken + bytes <= m_budget; });
    m_taken += bytes;
    return true;
}

void MemoryGate::leave(std::int64_t bytes) {
    if (m_budget == 0) return;
    std::lock_guard const lock(m_mutex);
    m_taken -= bytes;
    m_changed.notify_all();
}

} // namespace mg::cli
