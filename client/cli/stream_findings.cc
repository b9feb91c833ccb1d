#include "client/cli/stream_findings.h"

#include <algorithm>
#include <utility>

namespace trawl::cli {
namespace {

template <typename Element>
void Append(google::protobuf::RepeatedPtrField<Element>& from,
            google::protobuf::RepeatedPtrField<Element>& to) {
  for (Element& element : from) to.Add(std::move(element));
  from.Clear();
}

template <typename Column>
void DropFirst(int count, Column& column) {
  column.erase(column.begin(), column.begin() + count);
}

// Both begin at the document's begin.
void MoveFirst(int count, v1::SpanColumns& from, v1::SpanColumns& to) {
  uint64_t begin = 0;
  for (int i = 0; i < count; ++i) {
    begin += from.begin_deltas(i);
    to.add_begin_deltas(from.begin_deltas(i));
    to.add_lengths(from.lengths(i));
    to.add_kinds(from.kinds(i));
    to.add_confidences(from.confidences(i));
  }
  DropFirst(count, *from.mutable_begin_deltas());
  DropFirst(count, *from.mutable_lengths());
  DropFirst(count, *from.mutable_kinds());
  DropFirst(count, *from.mutable_confidences());
  if (from.begin_deltas_size() > 0) from.set_begin_deltas(0, from.begin_deltas(0) + begin);
}

}  // namespace

void StreamFindings::Add(v1::ProcessContentStreamResponse& message) {
  known_until_ = std::max(known_until_, message.scanned_until());
  for (const v1::ChunkError& error : message.chunk_errors()) {
    known_until_ = std::max(known_until_, error.end());
  }
  if (!message.findings().empty()) {
    known_until_ = std::max(known_until_, message.findings().rbegin()->begin());
  }
  Append(*message.mutable_findings(), *waiting_.mutable_findings());
  Append(*message.mutable_distinct(), *waiting_.mutable_distinct());
  Append(*message.mutable_counts(), *waiting_.mutable_counts());
  if (message.has_spans()) AddSpans(message.spans());
}

void StreamFindings::AddSpans(const v1::SpanColumns& spans) {
  v1::SpanColumns& waiting = *waiting_.mutable_spans();
  const int old_size = waiting.begin_deltas_size();
  waiting.MergeFrom(spans);
  if (old_size == 0 && waiting.begin_deltas_size() > 0) {
    waiting.set_begin_deltas(0, waiting.begin_deltas(0) + last_begin_);
  }
  for (uint64_t delta : spans.begin_deltas()) last_begin_ += delta;
  known_until_ = std::max(known_until_, last_begin_);
}

v1::ProcessContentResponse StreamFindings::TakeBefore(uint64_t offset) {
  v1::ProcessContentResponse taken;
  google::protobuf::RepeatedPtrField<v1::Finding>& findings = *waiting_.mutable_findings();
  int count = 0;
  while (count < findings.size() && findings[count].begin() < offset) {
    taken.mutable_findings()->Add(std::move(findings[count++]));
  }
  findings.DeleteSubrange(0, count);
  if (!waiting_.has_spans()) return taken;

  const v1::SpanColumns& spans = waiting_.spans();
  const int rows = std::min({spans.begin_deltas_size(), spans.lengths_size(), spans.kinds_size(),
                             spans.confidences_size()});
  uint64_t begin = 0;
  count = 0;
  while (count < rows && begin + spans.begin_deltas(count) < offset) {
    begin += spans.begin_deltas(count++);
  }
  MoveFirst(count, *waiting_.mutable_spans(), *taken.mutable_spans());
  return taken;
}

v1::ProcessContentResponse StreamFindings::TakeAll() {
  return std::exchange(waiting_, v1::ProcessContentResponse());
}

}  // namespace trawl::cli
