// Every part of every batch runs once, whoever runs it.
#include "cli/thread_pool.h"

#include <gtest/gtest.h>

namespace mg::cli {
namespace {

TEST(ThreadPool, RunsEachPartOnceInManyBatches) {
    for (std::size_t const helpers : {0u, 1u, 3u}) {
        ThreadPool pool(helpers);
        for (std::size_t n = 0; n < 2000; ++n) {
            std::vector<int> times(n % 17, 0);
            pool.for_each(times.size(), [&](std::size_t i) { ++times[i]; });
            for (int const count : times) ASSERT_EQ(count, 1);
        }
    }
}

TEST(ThreadPool, ABatchWithinAPartIsRunThere) {
    ThreadPool pool(2);
    std::vector<std::vector<int>> times(8, std::vector<int>(5, 0));
    pool.for_each(times.size(), [&](std::size_t i) {
        pool.for_each(times[i].size(), [&](std::size_t k) { ++times[i][k]; });
    });
    for (auto const& row : times) EXPECT_EQ(row, std::vector<int>(5, 1));
}

TEST(ThreadPool, HelpersTakePart) {
    ThreadPool pool(1);
    // The two parts wait for each other, which one thread could not do.
    std::atomic<int> arrived = 0;
    pool.for_each(2, [&](std::size_t) {
        ++arrived;
        while (arrived < 2) std::this_thread::yield();
    });
    EXPECT_EQ(arrived, 2);
}

} // namespace
} // namespace mg::cli
