// Answers: what the engine and its detectors say, as messages.
//
// Thread-safety: functions of their arguments.

#ifndef TRAWL_SERVICE_RESPONSE_H_
#define TRAWL_SERVICE_RESPONSE_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include <string_view>

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

// The answer for one byte, without its ruleset.
void FillResponse(const compute::Explanation& explanation, const Document& document,
                  const ContentOptions& options, v1::ExplainResponse& response);

v1::Ruleset ToProto(const compute::Ruleset& ruleset);

// The message's wire format.
grpc::ByteBuffer Serialize(const google::protobuf::Message& message);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_RESPONSE_H_
