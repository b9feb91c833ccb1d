// An answer of ProcessContentBatch, made result by result.
//
//   BatchReply reply(options, kernel);
//   for each document: reply.Add(report, document) or reply.Add(error)
//   grpc::ByteBuffer bytes = reply.Finish(ruleset);
//
// A result that WireReply would serve and that has all that was found in it is written in wire
// format as it is; any other is filled by FillResponse. What parses the answer cannot tell which.
//
// Thread-safety: one thread, and one BatchReply at a time in it.

#ifndef TRAWL_SERVICE_BATCH_REPLY_H_
#define TRAWL_SERVICE_BATCH_REPLY_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "compute/engine.h"
#include "service/request.h"
#include "trawl/v1/content.pb.h"

namespace trawl::service {

class BatchReply {
 public:
  // Both outlive it.
  BatchReply(const ContentOptions& options, std::string_view kernel)
      : options_(options), kernel_(kernel) {}

  void Add(const compute::Report& report, const Document& document);
  void Add(const absl::Status& error);

  grpc::ByteBuffer Finish(const v1::Ruleset& ruleset);

 private:
  void Add(const v1::BatchResult& result);
  uint8_t* WriteResponse(const compute::Report& report, const Document& document,
                         uint8_t* out) const;
  // Where `size` bytes may be written.
  uint8_t* Room(size_t size);
  void Flush();

  const ContentOptions& options_;
  const std::string_view kernel_;
  std::vector<grpc::Slice> slices_;
  // Of the thread's draft: what is written and not in a slice yet.
  uint8_t* begin_ = nullptr;
  uint8_t* end_ = nullptr;
  size_t room_ = 0;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_BATCH_REPLY_H_
