// Errors as values, with the details that a caller's program needs.
//
// An error is an absl::Status. Its details (google.rpc.ErrorInfo, BadRequest, RetryInfo) are
// payloads of it, keyed by type URL; convert.h turns them into what goes over the wire. Messages
// name the field, the value and the limit, and never hold content.

#ifndef TRAWL_SERVICE_ERROR_H_
#define TRAWL_SERVICE_ERROR_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"

namespace trawl::service {

// ErrorInfo.domain of all errors.
inline constexpr char kErrorDomain[] = "trawl.v1";

// Any code, with ErrorInfo. `reason` is UPPER_SNAKE_CASE.
absl::Status ErrorWith(absl::StatusCode code, const std::string& reason, const std::string& message,
                       const std::map<std::string, std::string>& metadata = {});

// INVALID_ARGUMENT for one field, with BadRequest.
absl::Status InvalidField(const std::string& reason, const std::string& field,
                          const std::string& description,
                          const std::map<std::string, std::string>& metadata = {});

// The same for a number over its limit: "FIELD is VALUE, the limit is LIMIT UNIT".
absl::Status OverLimit(const std::string& reason, const std::string& field, uint64_t value,
                       uint64_t limit, const std::string& unit);

// INVALID_ARGUMENT for bytes that are no message of the type.
absl::Status Malformed(const std::string& type);

// DEADLINE_EXCEEDED for a stream that was idle for `limit`.
absl::Status StreamIdle(std::chrono::seconds limit);

// RESOURCE_EXHAUSTED with RetryInfo.
absl::Status TryLater(const std::string& reason, const std::string& message,
                      std::chrono::milliseconds delay,
                      const std::map<std::string, std::string>& metadata);

// The reason of the status's ErrorInfo; empty where it has none.
std::string ReasonOf(const absl::Status& status);

// The delay of TryLater's RetryInfo; -1 ms where `status` has none.
std::chrono::milliseconds RetryDelay(const absl::Status& status);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_ERROR_H_
