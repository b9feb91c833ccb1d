#include "compute/thread_priority.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace trawl::compute {
namespace {

// The first version of Linux' sched_attr, whose header cannot be included beside <sched.h>.
struct SchedulingAttributes {
  uint32_t size = sizeof(SchedulingAttributes);
  uint32_t policy = SCHED_OTHER;
  uint64_t flags = 0;
  int32_t nice = 0;
  uint32_t priority = 0;
  uint64_t runtime = 0;
  uint64_t deadline = 0;
  uint64_t period = 0;
};
static_assert(sizeof(SchedulingAttributes) == 48);

// What a thread may run on for while one that should go first waits, in nanoseconds.
constexpr uint64_t kLoweredSlice = 1'000'000;
constexpr uint64_t kPromptSlice = 100'000;  // the shortest there is

thread_local bool lowered = false;

// Whether the calling thread has them now.
bool Set(int nice, uint64_t slice) {
  SchedulingAttributes attributes;
  attributes.nice = nice;
  attributes.runtime = slice;
  return syscall(SYS_sched_setattr, 0, &attributes, 0) == 0;
}

}  // namespace

ThreadPriority::ThreadPriority(int nice)
    : lowers_(nice > 0), nice_(getpriority(PRIO_PROCESS, 0) + nice) {}

void ThreadPriority::Apply() const {
  if (!lowers_) return;
  lowered = true;
  if (!Set(nice_, kLoweredSlice)) {
    setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), nice_);
  }
}

void ThreadPriority::GiveWay() {
  if (lowered) sched_yield();
}

void ThreadPriority::BePrompt() {
  if (sched_getscheduler(0) == SCHED_OTHER) Set(getpriority(PRIO_PROCESS, 0), kPromptSlice);
}

}  // namespace trawl::compute
