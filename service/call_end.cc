#include "service/call_end.h"

#include <string>

#include "service/error.h"
#include "service/trace_parent.h"

namespace trawl::service {
namespace {

using absl::StatusCode;

// In a line: a path may be as long as all headers.
constexpr size_t kMaxPathBytes = 200;

// Between a caller's clock and ours, on a call's way.
constexpr std::chrono::milliseconds kClockSlack(5);

int64_t Microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

// What a call ended with at its caller, as far as can be known here. gRPC's clients round the time
// that they allow up for the wire, by 1 % at most: a caller whose time is up cancels the call
// before its deadline has passed here.
StatusCode CodeAtCaller(const grpc::ServerContext& context, const absl::Status& status,
                        bool delivered, std::chrono::nanoseconds duration) {
  if (delivered) return status.code();
  const std::chrono::nanoseconds left = context.deadline() - std::chrono::system_clock::now();
  const std::chrono::nanoseconds rounding = (left + duration) / 64;
  const bool late = left <= std::max<std::chrono::nanoseconds>(rounding, kClockSlack);
  return late ? StatusCode::kDeadlineExceeded : StatusCode::kCancelled;
}

std::optional<TraceParent> TraceParentOf(const grpc::ServerContext& context) {
  const auto& metadata = context.client_metadata();
  if (metadata.count(kTraceParentKey) != 1) return std::nullopt;
  const grpc::string_ref value = metadata.find(kTraceParentKey)->second;
  return ParseTraceParent({value.data(), value.size()});
}

// What somebody should look at is a warning, what is a fault of ours an error.
Log::Level LevelOf(StatusCode code, bool slow) {
  switch (code) {
    case StatusCode::kOk:
      return slow ? Log::Level::warn : Log::Level::debug;
    case StatusCode::kInternal:
    case StatusCode::kUnknown:
    case StatusCode::kDataLoss:
      return Log::Level::err;
    case StatusCode::kResourceExhausted:
    case StatusCode::kUnavailable:
      return Log::Level::warn;
    default:
      return slow ? Log::Level::warn : Log::Level::info;
  }
}

Log::Fields FieldsOf(const CallRecord& record, const grpc::ServerContext& context, StatusCode code,
                     const absl::Status& status, bool delivered,
                     std::chrono::nanoseconds duration) {
  Log::Fields fields{
      {"method", record.method.name()},
      {"code", absl::StatusCodeToString(code)},
      {"delivered", delivered},
      {"peer", context.peer()},
      {"duration_us", Microseconds(duration)},
      {"request_bytes", record.request_bytes},
  };
  if (const auto trace = TraceParentOf(context)) {
    fields["trace_id"] = trace->trace_id;
    fields["parent_id"] = trace->parent_id;
  }
  if (record.documents > 0) {
    fields["queue_us"] = Microseconds(record.queue_time);
    fields["compute_us"] = Microseconds(record.compute_time);
    fields["documents"] = record.documents;
    fields["bytes"] = record.bytes;
    fields["chunks"] = record.chunks;
    fields["findings"] = record.findings;
  }
  if (!status.ok()) fields["error"] = std::string(status.message());
  return fields;
}

std::string BudgetKey(StatusCode code, const std::string& reason) {
  return reason.empty() ? absl::StatusCodeToString(code) : reason;
}

}  // namespace

void AddPushback(const absl::Status& status, grpc::ServerContext& context) {
  const std::chrono::milliseconds delay = RetryDelay(status);
  if (delay.count() < 0) return;
  context.AddTrailingMetadata("grpc-retry-pushback-ms", std::to_string(delay.count()));
}

void CallEnds::End(const CallRecord& record, const grpc::ServerContext& context,
                   const absl::Status& status, bool delivered) {
  const Clock::time_point now = Clock::now();
  const Clock::duration duration = now - record.arrived;
  const StatusCode code = CodeAtCaller(context, status, delivered, duration);
  const std::string reason = status.ok() ? std::string() : ReasonOf(status);
  record.method.End(code, duration);
  if (record.documents > 0) counts_.AddWait(record.queue_time);
  if (code != StatusCode::kOk) Count(record, code, reason, now);

  const bool slow = duration >= slow_ && !record.method.is_stream();
  const Log::Level level = LevelOf(code, slow);
  if (!log_.Writes(level)) return;
  std::optional<uint64_t> suppressed = 0;
  if (!log_.Writes(Log::Level::debug)) {
    suppressed = lines_.Take(slow ? "SLOW" : BudgetKey(code, reason), now);
    if (!suppressed.has_value()) return;
  }
  Log::Fields fields = FieldsOf(record, context, code, status, delivered, duration);
  if (!reason.empty()) fields["reason"] = reason;
  if (slow) fields["slow"] = true;
  if (*suppressed > 0) fields["suppressed"] = *suppressed;
  log_.Write(level, "call", fields);
}

void CallEnds::EndUnaccepted(std::string_view path, const absl::Status& status) {
  if (CallCounts::Method* const method = counts_.AtPath(path)) {
    method->Begin();
    method->End(status.code(), {});
    counts_.AddRefusal(status.code(), {});
  }
  const Log::Level level = LevelOf(status.code(), /*slow=*/false);
  if (!log_.Writes(level)) return;
  const std::string code = absl::StatusCodeToString(status.code());
  std::optional<uint64_t> suppressed = 0;
  if (!log_.Writes(Log::Level::debug)) {
    suppressed = lines_.Take(code);
    if (!suppressed.has_value()) return;
  }
  Log::Fields fields{{"path", std::string(path.substr(0, kMaxPathBytes))},
                     {"code", code},
                     {"error", std::string(status.message())}};
  if (*suppressed > 0) fields["suppressed"] = *suppressed;
  log_.Write(level, "call refused", fields);
}

void CallEnds::Count(const CallRecord& record, StatusCode code, std::string_view reason,
                     Clock::time_point now) {
  if (code != StatusCode::kCancelled && code != StatusCode::kDeadlineExceeded) {
    counts_.AddRefusal(code, reason);
  } else if (record.cancelled_by.has_value()) {
    counts_.AddCancellation(*record.cancelled_by);
  } else if (code == StatusCode::kDeadlineExceeded) {
    counts_.AddCancellation(Canceller::kDeadline);
  } else {
    const bool drains = now >= drain_cancels_from_.load();
    counts_.AddCancellation(drains ? Canceller::kDrain : Canceller::kClient);
  }
}

nlohmann::ordered_json CallEnds::SuppressedToJson() const {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [reason, count] : lines_.suppressed()) json[reason] = count;
  return json;
}

}  // namespace trawl::service
