// An answer of ProcessContent, its parts written in wire format by the workers that found them.
//
// protobuf merges what is concatenated: repeated fields are appended to, messages merged field by
// field (https://protobuf.dev/programming-guides/encoding/#last-one-wins). So each chunk's part of
// `findings` or `spans` is written where it was found, and the answer is a list of slices; where it
// is small, one slice. What parses the answer cannot tell it from that of FillResponse, which says
// the same the plain way and serves whatever this does not: distinct values, offsets in other
// units, U-labels.
//
// Thread-safety: Take may run on several threads at once; everything else is one thread's.

#ifndef TRAWL_SERVICE_WIRE_REPLY_H_
#define TRAWL_SERVICE_WIRE_REPLY_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "compute/engine.h"
#include "service/finding_slices.h"
#include "service/request.h"
#include "service/response.h"
#include "trawl/v1/content.pb.h"

namespace trawl::service {

class WireReply final : public compute::ChunkSink {
 public:
  // Whether this can answer a request with these options for this document.
  static bool Serves(const ContentOptions& options, const Document& document);

  // Of the extraction of one document, whose sink it becomes. All outlive it.
  WireReply(compute::Extraction& extraction, const ContentOptions& options);

  uint64_t Take(size_t document, size_t chunk, const compute::FindingList& findings) override;

  // After the extraction. `ruleset` is a serialised answer with nothing but a ruleset.
  grpc::ByteBuffer Finish(const compute::Report& report, const Document& document,
                          std::string_view kernel, const grpc::Slice& ruleset);

 private:
  struct Part {
    Slices bytes;
    bool written = true;
    uint64_t findings = 0;
    uint64_t first_begin = 0;
    uint64_t last_begin = 0;
    FindingCounts counts;
  };

  Part Write(const compute::FindingList& findings, size_t count) const;
  void Append(const Part& part, uint64_t& previous_begin);
  uint64_t AppendFindings(uint64_t bytes);
  void AppendCounts();
  grpc::ByteBuffer Joined(std::string_view totals, const grpc::Slice& ruleset);

  compute::Extraction& extraction_;
  const ContentOptions& options_;
  compute::OneOrMore<Part> parts_;
  std::atomic<uint64_t> written_ = 0;  // findings
  absl::InlinedVector<grpc::Slice, 4> slices_;
};

// Writes what an answer has beside its findings, but for the errors and the ruleset, to `out`,
// which has room for kMaxTotalsSize bytes and the kernel's name; returns where it ends.
// `filled_until` is where the first finding begins that max_findings leaves out, or report.bytes.
inline constexpr size_t kMaxTotalsSize =
    128;  // the fields of Stats and their lengths, and four more
uint8_t* WriteTotals(const compute::Report& report, uint64_t bytes_sent, std::string_view kernel,
                     uint64_t filled_until, uint8_t* out);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_WIRE_REPLY_H_
