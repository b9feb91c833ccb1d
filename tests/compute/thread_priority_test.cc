#include "compute/thread_priority.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <thread>

namespace trawl::compute {
namespace {

struct Scheduling {
  int policy = 0;
  int nice = 0;
  uint64_t slice = 0;  // 0 where Linux does not tell
};

// Of a new thread that does `begin`.
Scheduling After(const std::function<void()>& begin) {
  Scheduling scheduling;
  std::thread thread([&] {
    begin();
    // As Linux' sched_attr: size, policy, flags, nice, priority, runtime, deadline, period.
    unsigned char attributes[48] = {};
    syscall(SYS_sched_getattr, 0, attributes, sizeof attributes, 0);
    std::memcpy(&scheduling.slice, attributes + 24, sizeof scheduling.slice);
    scheduling.policy = sched_getscheduler(0);
    scheduling.nice = getpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)));
  });
  thread.join();
  return scheduling;
}

TEST(ThreadPriorityTest, IsTheThreadsThatItIsGivenTo) {
  const Scheduling own = After([] {});
  const ThreadPriority priority(4);
  EXPECT_EQ(After([&] { priority.Apply(); }).nice, own.nice + 4);
  EXPECT_EQ(After([] { ThreadPriority(0).Apply(); }).nice, own.nice);
  const Scheduling twice = After([&] {
    priority.Apply();
    priority.Apply();
  });
  EXPECT_EQ(twice.nice, own.nice + 4);
  EXPECT_EQ(After([] {}).nice, own.nice);
}

TEST(ThreadPriorityTest, APromptThreadKeepsItsPriority) {
  const Scheduling own = After([] {});
  const Scheduling prompt = After(ThreadPriority::BePrompt);
  EXPECT_EQ(prompt.policy, own.policy);
  EXPECT_EQ(prompt.nice, own.nice);
}

TEST(ThreadPriorityTest, APromptThreadHasAShorterSlice) {
  const Scheduling own = After([] {});
  const Scheduling prompt = After(ThreadPriority::BePrompt);
  const ThreadPriority priority(4);
  const Scheduling lowered = After([&] { priority.Apply(); });
  if (lowered.slice == own.slice) GTEST_SKIP() << "this Linux has no slices: it is older than 6.12";
  EXPECT_LT(prompt.slice, lowered.slice);
  EXPECT_LT(prompt.slice, own.slice);
}

TEST(ThreadPriorityTest, AThreadOfAnyPriorityMayGiveWay) {
  const Scheduling own = After(ThreadPriority::GiveWay);
  const ThreadPriority priority(4);
  const Scheduling lowered = After([&] {
    priority.Apply();
    ThreadPriority::GiveWay();
  });
  EXPECT_EQ(lowered.nice, own.nice + 4);
}

}  // namespace
}  // namespace trawl::compute
