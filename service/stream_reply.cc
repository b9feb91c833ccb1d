#include "service/stream_reply.h"

#include <algorithm>
#include <array>
#include <utility>

#include "service/convert.h"
#include "service/draft.h"
#include "service/finding_writer.h"

namespace trawl::service {
namespace {

using Response = v1::ProcessContentResponse;

// Findings of several chunks share a message up to this size. Those of one chunk, 256 KiB, are less
// than 4 MiB, what clients take by default: content has at most 11 bytes of answer for each of its
// own.
constexpr size_t kMessageBytes = 1 << 20;

grpc::Slice Serialized(const google::protobuf::MessageLite& message) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return slice;
}

compute::OffsetUnit UnitFor(const ContentOptions& options, bool utf16) {
  Document document;
  document.utf16 = utf16;
  return UnitOf(document, options);
}

}  // namespace

StreamReply::StreamReply(const ContentOptions& options, uint64_t max_findings,
                         std::optional<uint64_t> progress_bytes, std::string_view kernel,
                         const grpc::Slice& ruleset)
    : options_(options),
      progress_bytes_(progress_bytes),
      kernel_(kernel),
      ruleset_(ruleset),
      distinct_(max_findings),
      left_(max_findings) {}

// What is written by the worker that found it: places and values as the engine gives them.
bool StreamReply::WritesAtOnce() const {
  return options_.result_form != v1::RESULT_FORM_DISTINCT &&
         options_.encoding == v1::ENCODING_UTF8 && options_.offset_unit == v1::OFFSET_UNIT_BYTES &&
         (!options_.unicode_values || options_.result_form != v1::RESULT_FORM_FINDINGS);
}

uint64_t StreamReply::Take(size_t, size_t chunk, const compute::FindingList& findings) {
  Part& part = parts_[chunk];
  part.findings = findings.size();
  if (options_.result_form == v1::RESULT_FORM_COUNTS) {
    part.counts.Add(findings);
  } else if (left_ == 0 && options_.result_form != v1::RESULT_FORM_DISTINCT) {
    return 0;
  } else if (WritesAtOnce()) {
    Write(findings, findings.size(), part);
  } else {
    for (const compute::Finding& finding : findings) {
      part.list.Add(finding, findings.value(finding));
    }
  }
  return SizeOf(part.bytes) + part.list.memory();
}

void StreamReply::Write(const compute::FindingList& findings, size_t count, Part& part) const {
  part.findings = count;
  if (count == 0) return;
  part.first_begin = findings[0].begin;
  part.last_begin = findings[count - 1].begin;
  if (options_.result_form == v1::RESULT_FORM_SPANS) {
    uint8_t* const begin = Draft::OfThread().Room(MaxSpansSize(count));
    const uint8_t* const end =
        WriteSpans(findings, count, std::nullopt, Response::kSpansFieldNumber, begin);
    part.bytes = {grpc::Slice(begin, static_cast<size_t>(end - begin))};
  } else if (options_.unicode_values) {
    Response message;
    for (size_t i = 0; i < count; ++i) {
      FillFinding(findings[i], findings.value(findings[i]), options_, *message.add_findings());
    }
    part.bytes = {Serialized(message)};
  } else {
    part.bytes = FindingSlices(findings, count, Response::kFindingsFieldNumber);
  }
}

std::vector<grpc::ByteBuffer> StreamReply::Answer(const compute::StreamScanner& scanner) {
  const compute::StreamScanner::Window& window = scanner.window();
  if (!offsets_.has_value()) offsets_.emplace(UnitFor(options_, scanner.utf16()));
  offsets_->SetText(window.text, window.text_begin);
  if (window.last) content_end_ = scanner.fed_bytes();
  if (report_.chunk_count == 0) report_.queue_time = window.queue_time;
  report_.bytes = window.final_until;
  for (size_t chunk = 0; chunk < window.chunks.size(); ++chunk) AddChunk(scanner, chunk);

  const uint64_t place = Place(window.final_until);
  const uint64_t until = std::min(stops_at_.value_or(place), place);
  offsets_->MoveTo(window.final_until);
  if (window.last) AddLast(scanner);
  const bool moved = progress_bytes_.has_value() &&
                     window.searched_bytes - told_.searched_bytes() >= *progress_bytes_;
  const bool due = window.last || rest_.chunk_errors_size() > 0 || moved;
  if (messages_.empty() && due) messages_.emplace_back();

  std::vector<grpc::ByteBuffer> answers;
  for (Message& message : messages_) {
    const bool is_last = &message == &messages_.back();
    if (is_last) {
      told_.set_scanned_until(until);
      if (progress_bytes_.has_value()) told_.set_searched_bytes(window.searched_bytes);
      message.slices.push_back(Serialized(rest_));
      if (window.last) message.slices.push_back(ruleset_);
    }
    message.slices.push_back(Serialized(told_));
    answers.emplace_back(message.slices.data(), message.slices.size());
  }
  messages_.clear();
  rest_.Clear();
  return answers;
}

// In the caller's unit. The last byte of UTF-16 of an odd size is half a unit.
uint64_t StreamReply::Place(uint64_t offset) {
  const uint64_t place = (*offsets_)(offset);
  const bool in_bytes = options_.offset_unit == v1::OFFSET_UNIT_BYTES;
  return in_bytes && content_end_ > 0 ? std::min(place, content_end_) : place;
}

compute::FindingList StreamReply::Placed(const compute::FindingList& findings) {
  compute::FindingList placed;
  for (compute::Finding finding : findings) {
    const std::string_view value = findings.value(finding);
    finding.begin = Place(finding.begin);
    finding.end = Place(finding.end);
    placed.Add(finding, value);
  }
  return placed;
}

void StreamReply::AddChunk(const compute::StreamScanner& scanner, size_t chunk) {
  const compute::StreamScanner::ChunkResult& result = scanner.window().chunks[chunk];
  Part part = std::exchange(parts_[chunk], Part());
  ++report_.chunk_count;
  report_.compute_time += result.time;
  if (!result.status.ok()) {
    failed_ = true;
    v1::ChunkError& error = *rest_.add_chunk_errors();
    error.set_begin(Place(result.range.begin));
    error.set_end(Place(result.range.end));
    *error.mutable_status() = ToRpcStatus(result.status);
    StopAt(error.begin());
    return;
  }
  report_.total_count += part.findings;
  if (part.findings == 0) return;
  if (options_.result_form == v1::RESULT_FORM_COUNTS) {
    counts_.Add(part.counts);
    return;
  }
  if (options_.result_form == v1::RESULT_FORM_DISTINCT) {
    distinct_.Add(Placed(part.list));
    if (distinct_.first_left_out().has_value()) StopAt(*distinct_.first_left_out());
    return;
  }
  if (WritesAtOnce() && part.findings <= left_) {
    AddPart(part);
    return;
  }
  compute::FindingList findings;
  if (WritesAtOnce() || left_ == 0) {
    if (stops_at_.has_value() && left_ == 0) return;
    scanner.FindAgain(chunk, findings);
  } else {
    findings = std::move(part.list);
  }
  findings = Placed(findings);
  const size_t count = std::min<size_t>(findings.size(), left_);
  if (count < findings.size()) StopAt(findings[count].begin);
  Write(findings, count, part);
  AddPart(part);
}

void StreamReply::StopAt(uint64_t place) { stops_at_ = std::min(stops_at_.value_or(place), place); }

void StreamReply::AddPart(const Part& part) {
  if (part.findings == 0) return;
  left_ -= part.findings;
  if (options_.result_form == v1::RESULT_FORM_SPANS) {
    std::array<uint8_t, kMaxFirstDeltaSize> delta;
    const uint8_t* const end = WriteFirstDelta(part.first_begin - previous_begin_,
                                               Response::kSpansFieldNumber, delta.data());
    AddBytes(grpc::Slice(delta.data(), static_cast<size_t>(end - delta.data())));
    previous_begin_ = part.last_begin;
  }
  for (const grpc::Slice& bytes : part.bytes) AddBytes(bytes);
}

void StreamReply::AddBytes(grpc::Slice bytes) {
  if (messages_.empty() || messages_.back().bytes + bytes.size() > kMessageBytes) {
    messages_.emplace_back();
  }
  messages_.back().bytes += bytes.size();
  messages_.back().slices.push_back(std::move(bytes));
}

void StreamReply::AddLast(const compute::StreamScanner& scanner) {
  report_.bytes = scanner.fed_bytes();
  if (options_.result_form == v1::RESULT_FORM_COUNTS) FillCounts(counts_, options_, rest_);
  if (options_.result_form == v1::RESULT_FORM_SPANS) rest_.mutable_spans();
  Response some;
  size_t bytes = 0;
  for (const compute::DistinctValue& value : distinct_.values()) {
    v1::DistinctValue& proto = *some.add_distinct();
    FillDistinctValue(value, value.first_begin, options_, proto);
    bytes += proto.ByteSizeLong();
    if (bytes < kMessageBytes / 2) continue;
    AddBytes(Serialized(some));
    some.Clear();
    bytes = 0;
  }
  if (some.distinct_size() > 0) AddBytes(Serialized(some));
  rest_.set_total_count(report_.total_count);
  rest_.set_complete(!failed_ && !stops_at_.has_value());
  FillStats(report_, report_.bytes, kernel_, *rest_.mutable_stats());
}

}  // namespace trawl::service
