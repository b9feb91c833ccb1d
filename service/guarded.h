// Memory that cannot be had is the call's error, not the process's end.
//
// Thread-safety: a function of its argument.

#ifndef TRAWL_SERVICE_GUARDED_H_
#define TRAWL_SERVICE_GUARDED_H_

#include <new>

#include "absl/status/status.h"

namespace trawl::service {

// What `step` returns, or RESOURCE_EXHAUSTED where it ran out of memory.
template <typename Step>
absl::Status Guarded(Step step) {
  try {
    return step();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("out of memory for this call");
  }
}

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_GUARDED_H_
