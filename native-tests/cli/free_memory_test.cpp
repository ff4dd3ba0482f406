// Work on large images begins when there is memory for it, and not at all when there never will be.
#include "cli/free_memory.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace mg::cli {
namespace {

TEST(MemoryGate, RefusesWhatDoesNotFitEvenAlone) {
    MemoryGate gate(100);
    EXPECT_TRUE(gate.enter(100));
    gate.leave(100);
    EXPECT_FALSE(gate.enter(101));
    MemoryGate open(0);
    EXPECT_TRUE(open.enter(INT64_MAX)) << "where nothing is known of the memory";
}

TEST(MemoryGate, LetsInNoMoreThanFits) {
    MemoryGate gate(100);
    std::atomic<int> inside{0}, most{0}, done{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 50; ++n) {
                if (!gate.enter(40)) return;
                int const now = ++inside;
                int seen = most;
                while (now > seen && !most.compare_exchange_weak(seen, now)) {
                }
                std::this_thread::yield();
                --inside;
                ++done;
                gate.leave(40);
            }
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(done, 400);
    EXPECT_LE(most, 2);
}

TEST(FreeMemory, IsKnownHere) {
    EXPECT_GT(free_memory_bytes(), 0);
}

} // namespace
} // namespace mg::cli
