// How calls begin and end: what the caller gets beside the status, what is logged, what is counted.
//
// A call that went well is worth a line only to who looks for one (`debug`): at 50,000 calls a
// second, lines would take half the time. One that did not, or was slow, has a line at `info` or
// above, but only so many a second for each reason (LineBudget), or lines would take the time of a
// server that has none to spare. At `debug` each call has its line.
//
// Thread-safety: all members may be called from any thread.

#ifndef TRAWL_SERVICE_CALL_END_H_
#define TRAWL_SERVICE_CALL_END_H_

#include <google/protobuf/descriptor.h>
#include <grpcpp/server_context.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "compute/engine.h"
#include "service/call_counts.h"
#include "service/line_budget.h"
#include "service/log.h"

namespace trawl::service {

// What is known of one call.
struct CallRecord {
  CallCounts::Method& method;
  std::chrono::steady_clock::time_point arrived = std::chrono::steady_clock::now();
  uint64_t request_bytes = 0;
  uint64_t documents = 0;
  uint64_t bytes = 0;
  uint64_t chunks = 0;
  uint64_t findings = 0;
  std::chrono::nanoseconds queue_time{0};
  std::chrono::nanoseconds compute_time{0};
  // Where the server ended the call by itself.
  std::optional<Canceller> cancelled_by;

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

class CallEnds {
 public:
  using Clock = std::chrono::steady_clock;

  // Calls of `service`; those that take longer than `slow` are logged even where they went well,
  // but for streams, which take as long as their callers do. `log` outlives it.
  CallEnds(const google::protobuf::ServiceDescriptor& service, std::chrono::nanoseconds slow,
           Log& log)
      : slow_(slow), log_(log), counts_(service) {}

  CallCounts& counts() { return counts_; }
  const CallCounts& counts() const { return counts_; }

  // When a call was accepted.
  static CallRecord Begin(CallCounts::Method& method) {
    method.Begin();
    return CallRecord{method};
  }

  // Once the call is over. `delivered`: what it was finished with reached the transport.
  void End(const CallRecord& record, const grpc::ServerContext& context, const absl::Status& status,
           bool delivered);

  // A call that was refused before it was accepted; `path` is "/SERVICE/METHOD". One of another
  // service is logged and not counted.
  void EndUnaccepted(std::string_view path, const absl::Status& status);

  // From then on, calls that are cancelled are so because the server ends.
  void SetDrainCancels(Clock::time_point from) { drain_cancels_from_ = from; }

  // Lines that were not written and that no later line tells of: {"REASON": COUNT}.
  nlohmann::ordered_json SuppressedToJson() const;

 private:
  void Count(const CallRecord& record, absl::StatusCode code, std::string_view reason,
             Clock::time_point now);

  const std::chrono::nanoseconds slow_;
  Log& log_;
  CallCounts counts_;
  LineBudget lines_;
  std::atomic<Clock::time_point> drain_cancels_from_ = Clock::time_point::max();
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_CALL_END_H_
