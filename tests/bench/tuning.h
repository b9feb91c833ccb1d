// What makes a gRPC process cheaper without changing what it does: memory that is kept instead of
// given back to the system after each message, and no search for lock cycles in Abseil, which
// Debian's build has on. Called first in main, before any thread.

#ifndef TRAWL_TESTS_BENCH_TUNING_H_
#define TRAWL_TESTS_BENCH_TUNING_H_

#include <malloc.h>

#include "absl/synchronization/mutex.h"

namespace trawl::bench {

inline void TuneProcess() {
  // glibc takes no larger threshold than 32 MiB.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 64 << 20);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

}  // namespace trawl::bench

#endif  // TRAWL_TESTS_BENCH_TUNING_H_
