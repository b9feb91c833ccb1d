// The answers of one stream: what each window's findings are as messages.
//
// The messages of a stream, one after the other, are the ProcessContentResponse that ProcessContent
// would give for the whole document. Workers write what they found in wire format where nothing
// more must be known of it; offsets in other units, U-labels and distinct values depend on what
// came before, and are seen to window by window.
//
// Thread-safety: Take may run on several threads at once; everything else belongs to one thread at
// a time, and not to another while Take runs.

#ifndef TRAWL_SERVICE_STREAM_REPLY_H_
#define TRAWL_SERVICE_STREAM_REPLY_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "compute/distinct_table.h"
#include "compute/engine.h"
#include "compute/stream_offsets.h"
#include "compute/stream_scanner.h"
#include "service/finding_slices.h"
#include "service/request.h"
#include "service/response.h"
#include "trawl/v1/content.pb.h"

namespace trawl::service {

class StreamReply final : public compute::ChunkSink {
 public:
  // `ruleset` is a serialised answer with nothing but a ruleset. At most `max_findings` findings or
  // values are sent, whatever `options` say. Messages say how many bytes of the parts have been
  // searched, and one is due once these are `progress_bytes` more; nothing: neither.
  StreamReply(const ContentOptions& options, uint64_t max_findings,
              std::optional<uint64_t> progress_bytes, std::string_view kernel,
              const grpc::Slice& ruleset);

  // Before the first window.
  void SetMaxChunks(size_t chunks) { parts_.resize(chunks); }

  uint64_t Take(size_t document, size_t chunk, const compute::FindingList& findings) override;

  // After a window: the messages that it makes due, perhaps none. Those of the last window end the
  // answer.
  std::vector<grpc::ByteBuffer> Answer(const compute::StreamScanner& scanner);

  // Of what is kept until the last window.
  uint64_t kept_bytes() const { return distinct_.memory(); }

  // Of all windows so far; its `chunks` and `errors` are empty.
  const compute::Report& report() const { return report_; }

 private:
  struct Part {
    Slices bytes;  // in wire format
    uint64_t findings = 0;
    uint64_t first_begin = 0;
    uint64_t last_begin = 0;
    FindingCounts counts;
    compute::FindingList list;  // where it is not written yet
  };
  struct Message {
    std::vector<grpc::Slice> slices;
    size_t bytes = 0;
  };

  bool WritesAtOnce() const;
  void Write(const compute::FindingList& findings, size_t count, Part& part) const;
  uint64_t Place(uint64_t offset);
  compute::FindingList Placed(const compute::FindingList& findings);
  void AddChunk(const compute::StreamScanner& scanner, size_t chunk);
  void AddPart(const Part& part);
  void AddBytes(grpc::Slice bytes);
  void AddLast(const compute::StreamScanner& scanner);
  void StopAt(uint64_t place);

  const ContentOptions options_;
  const std::optional<uint64_t> progress_bytes_;
  const std::string_view kernel_;
  const grpc::Slice ruleset_;
  std::vector<Part> parts_;  // of the window's chunks
  std::optional<compute::StreamOffsets> offsets_;
  uint64_t content_end_ = 0;  // what places are at most, where that is known
  compute::Report report_;
  bool failed_ = false;  // a chunk
  FindingCounts counts_;
  compute::DistinctTable distinct_;
  uint64_t left_;                          // of max_findings
  uint64_t previous_begin_ = 0;            // where the last finding that was sent begins
  std::optional<uint64_t> stops_at_;       // the first place that is not answered for
  v1::ProcessContentStreamResponse told_;  // how far the search was, in the last message
  v1::ProcessContentResponse rest_;        // of the window's last message
  std::vector<Message> messages_;          // of the window
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_STREAM_REPLY_H_
