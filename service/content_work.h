// What calls of ContentService do between their arrival and their answer, one class for each kind
// of request: parse it, perhaps let the engine work on it, answer.
//
//   ContentWork work(shared);
//   status = work.Parse(bytes);
//   compute::Extraction* extraction = work.Begin(give_up, arrived);   // run it, if there is one
//   status = work.Answer(record, reply);
//
// Thread-safety: one thread at a time, each step after the one before it.
// Lifetime: from the call's admission until its answer is made; what was given to it outlives it.

#ifndef TRAWL_SERVICE_CONTENT_WORK_H_
#define TRAWL_SERVICE_CONTENT_WORK_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <chrono>
#include <optional>

#include "absl/status/status.h"
#include "compute/domain_detector.h"
#include "compute/engine.h"
#include "service/call_end.h"
#include "service/request.h"
#include "service/wire_reply.h"
#include "trawl/v1/content.pb.h"

namespace trawl::service {

// What answers say of the ruleset.
struct RulesetMessages {
  v1::Ruleset message;
  grpc::Slice in_answer;  // a ProcessContentResponse with nothing else, in wire format
};

// What all work is done with.
struct WorkTools {
  const compute::Engine& engine;
  const compute::DomainDetector& domains;  // what Explain asks
  const RequestLimits& limits;
  const RulesetMessages& ruleset;
};

// ProcessContent.
class ContentWork {
 public:
  explicit ContentWork(const WorkTools& tools) : tools_(tools) {}

  absl::Status Parse(grpc::ByteBuffer& bytes) {
    return service::Parse(bytes, tools_.limits, request_);
  }
  compute::Extraction* Begin(const compute::Limits& give_up,
                             std::chrono::steady_clock::time_point arrived);
  absl::Status Answer(CallRecord& record, grpc::ByteBuffer& reply);

 private:
  const WorkTools& tools_;
  ContentRequest request_;
  std::optional<compute::Extraction> extraction_;
  std::optional<WireReply> wire_;  // where the workers can write the answer
};

// AddContent, whose request is one of ProcessContent in wire format.
class AddContentWork {
 public:
  explicit AddContentWork(const WorkTools& tools) : tools_(tools) {}

  absl::Status Parse(grpc::ByteBuffer& bytes) {
    return service::Parse(bytes, tools_.limits, request_);
  }
  compute::Extraction* Begin(const compute::Limits& give_up,
                             std::chrono::steady_clock::time_point arrived);
  absl::Status Answer(CallRecord& record, grpc::ByteBuffer& reply);

 private:
  const WorkTools& tools_;
  ContentRequest request_;
  std::optional<compute::Extraction> extraction_;
};

// ProcessContentBatch.
class BatchWork {
 public:
  explicit BatchWork(const WorkTools& tools) : tools_(tools) {}

  absl::Status Parse(grpc::ByteBuffer& bytes) {
    return service::Parse(bytes, tools_.limits, request_);
  }
  compute::Extraction* Begin(const compute::Limits& give_up,
                             std::chrono::steady_clock::time_point arrived);
  absl::Status Answer(CallRecord& record, grpc::ByteBuffer& reply);

 private:
  const WorkTools& tools_;
  BatchRequest request_;
  std::optional<compute::Extraction> extraction_;
};

// Explain, which looks at a few kilobytes.
class ExplainWork {
 public:
  explicit ExplainWork(const WorkTools& tools) : tools_(tools) {}

  absl::Status Parse(grpc::ByteBuffer& bytes) {
    return service::Parse(bytes, tools_.limits, request_);
  }
  compute::Extraction* Begin(const compute::Limits&, std::chrono::steady_clock::time_point arrived);
  absl::Status Answer(CallRecord& record, grpc::ByteBuffer& reply);

 private:
  const WorkTools& tools_;
  ExplanationRequest request_;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::nanoseconds queue_time_{0};
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_CONTENT_WORK_H_
