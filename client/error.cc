#include "client/error.h"

#include <utility>

#include "absl/strings/cord.h"
#include "absl/types/optional.h"
#include "google/rpc/error_details.pb.h"

namespace trawl::client {
namespace {

constexpr char kDetailsPayload[] = "type.googleapis.com/google.rpc.Status";

void AddDetail(const google::protobuf::Any& detail, Error& error) {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  google::rpc::RetryInfo retry;
  if (detail.UnpackTo(&info)) {
    error.reason = info.reason();
    error.domain = info.domain();
    error.metadata = {info.metadata().begin(), info.metadata().end()};
  } else if (detail.UnpackTo(&bad_request)) {
    for (const auto& violation : bad_request.field_violations()) {
      error.field_violations.push_back({violation.field(), violation.description()});
    }
  } else if (detail.UnpackTo(&retry)) {
    error.retry_delay = absl::Seconds(retry.retry_delay().seconds()) +
                        absl::Nanoseconds(retry.retry_delay().nanos());
  }
}

}  // namespace

Error DecodeError(const google::rpc::Status& status) {
  Error error;
  error.code = static_cast<absl::StatusCode>(status.code());
  error.message = status.message();
  for (const auto& detail : status.details()) AddDetail(detail, error);
  return error;
}

Error DecodeError(const absl::Status& status) {
  Error error;
  if (const absl::optional<absl::Cord> payload = status.GetPayload(kDetailsPayload)) {
    google::rpc::Status details;
    if (details.ParseFromString(std::string(*payload))) error = DecodeError(details);
  }
  error.code = status.code();
  error.message = std::string(status.message());
  return error;
}

absl::Status ToAbslStatus(const grpc::Status& status) {
  absl::Status converted(static_cast<absl::StatusCode>(status.error_code()),
                         status.error_message());
  if (!converted.ok() && !status.error_details().empty()) {
    converted.SetPayload(kDetailsPayload, absl::Cord(status.error_details()));
  }
  return converted;
}

}  // namespace trawl::client
