// What a failed call says, decoded.
//
// A call of trawl::client::Client fails with an absl::Status. Its code and message are those of the
// gRPC status (the codes are numerically equal), and what the server sent beside them travels in a
// payload of the status. DecodeError makes that readable:
//
//   auto response = client.ProcessContent(request);
//   if (!response.ok()) {
//     const trawl::client::Error error = trawl::client::DecodeError(response.status());
//     if (error.reason == "CONTENT_TOO_LARGE") Split(content, error.metadata.at("limit"));
//     if (error.retry_delay) RetryAfter(*error.retry_delay);
//   }
//
// The same holds for the google.rpc.Status of one document of a batch and of one chunk.
//
// Plain values and pure functions: safe from any thread. Details that are missing, of an unknown
// type or unreadable leave their fields empty; decoding never fails.
#ifndef TRAWL_CLIENT_ERROR_H_
#define TRAWL_CLIENT_ERROR_H_

#include <grpcpp/support/status.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/rpc/status.pb.h"

namespace trawl::client {

struct FieldViolation {
  // Path of the field, e.g. "options.chunk_count".
  std::string field;
  // What is wrong with it: the value and the limit.
  std::string description;
};

struct Error {
  absl::StatusCode code = absl::StatusCode::kOk;
  std::string message;

  // Of google.rpc.ErrorInfo: the cause for programs, e.g. CONTENT_TOO_LARGE, who says so, and
  // facts.
  std::string reason;
  std::string domain;
  std::map<std::string, std::string> metadata;

  // Of google.rpc.BadRequest.
  std::vector<FieldViolation> field_violations;

  // Of google.rpc.RetryInfo: wait at least this long before the next try.
  std::optional<absl::Duration> retry_delay;
};

// The status of a call of Client.
Error DecodeError(const absl::Status& status);

// The status of one document of a batch (BatchResult.error) or of one chunk (ChunkError.status).
Error DecodeError(const google::rpc::Status& status);

// A gRPC status as an absl::Status that keeps `error_details` (the trailing metadata
// "grpc-status-details-bin") for DecodeError.
absl::Status ToAbslStatus(const grpc::Status& status);

}  // namespace trawl::client

#endif  // TRAWL_CLIENT_ERROR_H_
