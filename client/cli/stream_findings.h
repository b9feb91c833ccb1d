// What the messages of a stream found, until it is written.
//
// For one thread.
#ifndef TRAWL_CLIENT_CLI_STREAM_FINDINGS_H_
#define TRAWL_CLIENT_CLI_STREAM_FINDINGS_H_

#include <cstdint>

#include "trawl/v1/content.pb.h"

namespace trawl::cli {

class StreamFindings {
 public:
  // Takes the findings, spans, values and counts out of `message`.
  void Add(v1::ProcessContentStreamResponse& message);

  // Occurrences that began before it are all here, or were.
  uint64_t known_until() const { return known_until_; }

  // Findings and spans that begin before `offset`, taken out; spans count from the begin of the
  // document, as if these were all.
  v1::ProcessContentResponse TakeBefore(uint64_t offset);
  // Everything, taken out.
  v1::ProcessContentResponse TakeAll();

 private:
  void AddSpans(const v1::SpanColumns& spans);

  v1::ProcessContentResponse waiting_;
  uint64_t known_until_ = 0;
  uint64_t last_begin_ = 0;  // of the spans so far
};

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_STREAM_FINDINGS_H_
