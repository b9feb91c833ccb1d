#include "service/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "google/rpc/error_details.pb.h"

namespace trawl::service {
namespace {

std::string TypeUrl(const google::protobuf::Message& message) {
  return absl::StrCat("type.googleapis.com/", message.GetDescriptor()->full_name());
}

void Attach(absl::Status& status, const google::protobuf::Message& detail) {
  status.SetPayload(TypeUrl(detail), absl::Cord(detail.SerializeAsString()));
}

void AttachErrorInfo(absl::Status& status, const std::string& reason,
                     const std::map<std::string, std::string>& metadata) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain(kErrorDomain);
  info.mutable_metadata()->insert(metadata.begin(), metadata.end());
  Attach(status, info);
}

}  // namespace

absl::Status ErrorWith(absl::StatusCode code, const std::string& reason, const std::string& message,
                       const std::map<std::string, std::string>& metadata) {
  absl::Status status(code, message);
  AttachErrorInfo(status, reason, metadata);
  return status;
}

absl::Status InvalidField(const std::string& reason, const std::string& field,
                          const std::string& description,
                          const std::map<std::string, std::string>& metadata) {
  absl::Status status = ErrorWith(absl::StatusCode::kInvalidArgument, reason,
                                  absl::StrCat(field, ": ", description), metadata);
  google::rpc::BadRequest bad_request;
  google::rpc::BadRequest::FieldViolation& violation = *bad_request.add_field_violations();
  violation.set_field(field);
  violation.set_description(description);
  Attach(status, bad_request);
  return status;
}

absl::Status OverLimit(const std::string& reason, const std::string& field, uint64_t value,
                       uint64_t limit, const std::string& unit) {
  return InvalidField(reason, field,
                      absl::StrCat(value, " ", unit, ", the limit is ", limit, " ", unit),
                      {{"value", absl::StrCat(value)}, {"limit", absl::StrCat(limit)}});
}

absl::Status Malformed(const std::string& type) {
  return ErrorWith(absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST",
                   absl::StrCat("the request is no valid ", type, " message"), {{"type", type}});
}

absl::Status StreamIdle(std::chrono::seconds limit) {
  return ErrorWith(absl::StatusCode::kDeadlineExceeded, "STREAM_IDLE",
                   absl::StrCat("no part of the stream came for ", limit.count(), " s, the limit"),
                   {{"limit", absl::StrCat(limit.count())}});
}

absl::Status TryLater(const std::string& reason, const std::string& message,
                      std::chrono::milliseconds delay,
                      const std::map<std::string, std::string>& metadata) {
  absl::Status status = ErrorWith(absl::StatusCode::kResourceExhausted, reason, message, metadata);
  google::rpc::RetryInfo retry;
  *retry.mutable_retry_delay() =
      google::protobuf::util::TimeUtil::MillisecondsToDuration(delay.count());
  Attach(status, retry);
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const absl::optional<absl::Cord> payload = status.GetPayload(TypeUrl(info));
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) return {};
  return info.reason();
}

std::chrono::milliseconds RetryDelay(const absl::Status& status) {
  google::rpc::RetryInfo retry;
  absl::optional<absl::Cord> payload = status.GetPayload(TypeUrl(retry));
  if (!payload.has_value() || !retry.ParseFromString(std::string(*payload))) {
    return std::chrono::milliseconds(-1);
  }
  return std::chrono::milliseconds(
      google::protobuf::util::TimeUtil::DurationToMilliseconds(retry.retry_delay()));
}

}  // namespace trawl::service
