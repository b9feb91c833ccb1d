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

// What such a thread may run on for while one of higher priority waits, in nanoseconds.
constexpr uint64_t kSlice = 1'000'000;

}  // namespace

ThreadPriority::ThreadPriority(int nice)
    : lowers_(nice > 0), nice_(getpriority(PRIO_PROCESS, 0) + nice) {}

void ThreadPriority::Apply() const {
  if (!lowers_) return;
  SchedulingAttributes attributes;
  attributes.nice = nice_;
  attributes.runtime = kSlice;
  if (syscall(SYS_sched_setattr, 0, &attributes, 0) != 0) {
    setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), nice_);
  }
}

}  // namespace trawl::compute
