// What the system says of this process, read from /proc.
//
// Thread-safety: functions and plain data.

#ifndef TRAWL_SERVICE_PROCESS_STATS_H_
#define TRAWL_SERVICE_PROCESS_STATS_H_

#include <cstdint>

namespace trawl::service {

// What cannot be read is 0.
struct ProcessStats {
  double cpu_seconds = 0;    // user and system
  double start_seconds = 0;  // since 1970
  uint64_t virtual_bytes = 0;
  uint64_t resident_bytes = 0;
  uint64_t threads = 0;
  uint64_t open_descriptors = 0;
  uint64_t max_descriptors = 0;

  static ProcessStats Read();
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_PROCESS_STATS_H_
