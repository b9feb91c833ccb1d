#include "service/call_end.h"

#include <string>

#include "service/error.h"

namespace trawl::service {
namespace {

using Clock = std::chrono::steady_clock;

// Calls that take longer are logged even where they went well.
constexpr std::chrono::seconds kSlow(1);

int64_t Microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

// What a call ended with at its caller, as far as can be known here.
absl::StatusCode CodeAtCaller(const grpc::ServerContext& context, const absl::Status& status,
                              bool delivered) {
  if (delivered) return status.code();
  const bool late = std::chrono::system_clock::now() >= context.deadline();
  return late ? absl::StatusCode::kDeadlineExceeded : absl::StatusCode::kCancelled;
}

}  // namespace

void AddPushback(const absl::Status& status, grpc::ServerContext& context) {
  const std::chrono::milliseconds delay = RetryDelay(status);
  if (delay.count() < 0) return;
  context.AddTrailingMetadata("grpc-retry-pushback-ms", std::to_string(delay.count()));
}

void EndCall(Log& log, CallCounts& counts, const CallRecord& record,
             const grpc::ServerContext& context, const absl::Status& status, bool delivered) {
  counts.Add(record.method, CodeAtCaller(context, status, delivered));
  const Clock::duration duration = Clock::now() - record.arrived;
  const bool usual = status.ok() && duration < kSlow;
  if (usual ? !log.debug_enabled() : !log.info_enabled()) return;
  Log::Fields fields{
      {"method", record.method},
      {"code", absl::StatusCodeToString(status.code())},
      {"delivered", delivered},
      {"peer", context.peer()},
      {"duration_us", Microseconds(duration)},
      {"request_bytes", record.request_bytes},
  };
  if (record.documents > 0) {
    fields["queue_us"] = Microseconds(record.queue_time);
    fields["compute_us"] = Microseconds(record.compute_time);
    fields["documents"] = record.documents;
    fields["bytes"] = record.bytes;
    fields["chunks"] = record.chunks;
    fields["findings"] = record.findings;
  }
  if (!status.ok()) fields["error"] = std::string(status.message());
  if (usual) {
    log.Debug("call", fields);
  } else {
    log.Info("call", fields);
  }
}

}  // namespace trawl::service
