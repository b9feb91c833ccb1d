// How calls end: what the caller gets beside the status, what is logged, what is counted.
//
// Thread-safety: functions of their arguments; Log and CallCounts may be used from any thread.

#ifndef TRAWL_SERVICE_CALL_END_H_
#define TRAWL_SERVICE_CALL_END_H_

#include <grpcpp/server_context.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "absl/status/status.h"
#include "compute/engine.h"
#include "service/call_counts.h"
#include "service/log.h"

namespace trawl::service {

// What is logged of one call.
struct CallRecord {
  const char* method;
  std::chrono::steady_clock::time_point arrived = std::chrono::steady_clock::now();
  uint64_t request_bytes = 0;
  uint64_t documents = 0;
  uint64_t bytes = 0;
  uint64_t chunks = 0;
  uint64_t findings = 0;
  std::chrono::nanoseconds queue_time{0};
  std::chrono::nanoseconds compute_time{0};

  void Add(const compute::Report& report) {
    ++documents;
    bytes += report.bytes;
    chunks += report.chunk_count;
    findings += report.total_count;
    queue_time = std::max(queue_time, report.queue_time);
    compute_time += report.compute_time;
  }
};

// Before the call is finished with `status`: tells when to try again, where that says so.
void AddPushback(const absl::Status& status, grpc::ServerContext& context);

// Once the call is over. `delivered`: what it was finished with reached the transport. A call that
// went well is worth a line only to who looks for one: at 50,000 calls a second, lines would take
// half the time.
void EndCall(Log& log, CallCounts& counts, const CallRecord& record,
             const grpc::ServerContext& context, const absl::Status& status, bool delivered);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_CALL_END_H_
