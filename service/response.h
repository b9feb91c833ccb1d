// Answers: what the engine and its detectors say, as messages.
//
// Thread-safety: functions of their arguments.

#ifndef TRAWL_SERVICE_RESPONSE_H_
#define TRAWL_SERVICE_RESPONSE_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compute/distinct.h"
#include "compute/domain_detector.h"
#include "compute/engine.h"
#include "compute/ruleset.h"
#include "service/request.h"
#include "trawl/v1/content.pb.h"

namespace trawl::service {

// The answer for one document, without its ruleset.
void FillResponse(const compute::Report& report, const Document& document,
                  const ContentOptions& options, std::string_view kernel,
                  v1::ProcessContentResponse& response);

// One finding or value of an answer, its places in the caller's unit.
void FillFinding(const compute::Finding& finding, std::string_view value,
                 const ContentOptions& options, v1::Finding& proto);
void FillDistinctValue(const compute::DistinctValue& value, uint64_t first_begin,
                       const ContentOptions& options, v1::DistinctValue& proto);

void FillStats(const compute::Report& report, uint64_t bytes_sent, std::string_view kernel,
               v1::Stats& stats);

// Numbers of findings by kind and confidence.
class FindingCounts {
 public:
  void Add(const compute::FindingList& findings) {
    for (const compute::Finding& finding : findings) {
      ++counts_[static_cast<size_t>(finding.kind)][static_cast<size_t>(finding.confidence)];
    }
  }
  void Add(const FindingCounts& other);
  uint64_t Of(compute::Kind kind, compute::Confidence confidence) const {
    return counts_[static_cast<size_t>(kind)][static_cast<size_t>(confidence)];
  }

 private:
  std::array<std::array<uint64_t, compute::kMaxConfidence + 1>, compute::kMaxKind + 1> counts_ = {};
};

void FillCounts(const FindingCounts& counts, const ContentOptions& options,
                v1::ProcessContentResponse& response);

// The chunks that failed.
void FillErrors(const compute::Report& report, const Document& document,
                const ContentOptions& options, v1::ProcessContentResponse& response);

// The answer for one byte, without its ruleset.
void FillResponse(const compute::Explanation& explanation, const Document& document,
                  const ContentOptions& options, v1::ExplainResponse& response);

v1::Ruleset ToProto(const compute::Ruleset& ruleset);

// The message's wire format.
grpc::ByteBuffer Serialize(const google::protobuf::Message& message);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_RESPONSE_H_
