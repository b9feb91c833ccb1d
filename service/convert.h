// The one place where messages become the engine's types and back, and statuses gRPC's.
//
// A request is parsed here from the bytes that came, so that what gRPC would answer with a bare
// INTERNAL (malformed messages, text that is no UTF-8) gets a precise INVALID_ARGUMENT.
//
// Thread-safety: functions of their arguments.

#ifndef TRAWL_SERVICE_CONVERT_H_
#define TRAWL_SERVICE_CONVERT_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "compute/engine.h"
#include "compute/ruleset.h"
#include "google/protobuf/empty.pb.h"
#include "google/rpc/status.pb.h"
#include "trawl/v1/content.pb.h"

namespace trawl::service {

// What a request may ask for, at most. GetCapabilities publishes them.
struct RequestLimits {
  uint64_t max_content_bytes = 32 << 20;
  uint32_t max_batch_documents = 10'000;
  uint32_t max_findings = 1'000'000;
  uint32_t max_chunk_count = 4096;
  uint32_t max_kinds = 16;
  uint32_t max_ping_payload_bytes = 1024;
};

// ProcessOptions, checked and with the defaults filled in.
struct ContentOptions {
  compute::ProcessOptions process;
  v1::ResultForm result_form = v1::RESULT_FORM_FINDINGS;
  uint32_t max_findings = 0;
};

// A parsed request of ProcessContent; the one entry of `contents` points into `message`.
struct ContentRequest {
  v1::ProcessContentRequest message;
  std::vector<std::string_view> contents;
  ContentOptions options;
};

// A parsed request of ProcessContentBatch; `contents` point into `documents`. A document whose
// error is not OK has empty content.
struct BatchRequest {
  std::vector<v1::BatchDocument> documents;
  std::vector<std::string_view> contents;
  std::vector<absl::Status> errors;
  ContentOptions options;
};

// Parse `bytes`, which is empty after, into the second argument. INVALID_ARGUMENT with details.
absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits, ContentRequest& request);
absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits, BatchRequest& request);
absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits, v1::PingRequest& request);
absl::Status Parse(grpc::ByteBuffer& bytes, v1::GetCapabilitiesRequest& request);

// The message's wire format.
grpc::ByteBuffer Serialize(const google::protobuf::Message& message);

// The answer for one document, without its ruleset.
void FillResponse(const compute::Report& report, const ContentOptions& options,
                  std::string_view kernel, v1::ProcessContentResponse& response);

v1::Ruleset ToProto(const compute::Ruleset& ruleset);

// ErrorInfo is added where the status has none, with the code's name as reason.
google::rpc::Status ToRpcStatus(const absl::Status& status);
grpc::Status ToGrpcStatus(const absl::Status& status);

// The deadline of a call on the clock that the engine uses.
std::chrono::steady_clock::time_point ToSteadyClock(std::chrono::system_clock::time_point deadline);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_CONVERT_H_
