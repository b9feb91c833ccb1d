// The one place where statuses and deadlines change between Abseil's, Google's and gRPC's form.
//
// Thread-safety: functions of their arguments.

#ifndef TRAWL_SERVICE_CONVERT_H_
#define TRAWL_SERVICE_CONVERT_H_

#include <grpcpp/support/status.h>

#include <chrono>

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"

namespace trawl::service {

// ErrorInfo is added where the status has none, with the code's name as reason.
google::rpc::Status ToRpcStatus(const absl::Status& status);
grpc::Status ToGrpcStatus(const absl::Status& status);

// The deadline of a call on the clock that the engine uses.
std::chrono::steady_clock::time_point ToSteadyClock(std::chrono::system_clock::time_point deadline);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_CONVERT_H_
