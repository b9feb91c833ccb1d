#include "service/wire_reply.h"

#include <google/protobuf/arena.h>

#include <array>
#include <optional>
#include <utility>

#include "service/draft.h"
#include "service/finding_writer.h"

namespace trawl::service {
namespace {

// The first begin of a chunk's spans, as a message `spans` of its own.
grpc::Slice FirstDelta(uint64_t delta) {
  std::array<uint8_t, kMaxFirstDeltaSize> bytes;
  const uint8_t* const end =
      WriteFirstDelta(delta, v1::ProcessContentResponse::kSpansFieldNumber, bytes.data());
  return grpc::Slice(bytes.data(), static_cast<size_t>(end - bytes.data()));
}

}  // namespace

bool WireReply::Serves(const ContentOptions& options, const Document& document) {
  return options.result_form != v1::RESULT_FORM_DISTINCT && !document.utf16 &&
         options.offset_unit == v1::OFFSET_UNIT_BYTES &&
         (!options.unicode_values || options.result_form != v1::RESULT_FORM_FINDINGS);
}

WireReply::WireReply(compute::Extraction& extraction, const ContentOptions& options)
    : extraction_(extraction), options_(options), parts_(extraction.chunk_count()) {
  extraction.SetSink(this);
}

void WireReply::Take(size_t, size_t chunk, const compute::FindingList& findings) {
  parts_[chunk] = Write(findings, findings.size());
}

WireReply::Part WireReply::Write(const compute::FindingList& findings, size_t count) const {
  Part part;
  part.findings = count;
  if (count == 0) return part;
  part.first_begin = findings[0].begin;
  part.last_begin = findings[count - 1].begin;
  if (options_.result_form == v1::RESULT_FORM_COUNTS) {
    part.counts.Add(findings);
    return part;
  }
  using Response = v1::ProcessContentResponse;
  uint8_t* begin = nullptr;
  uint8_t* end = nullptr;
  if (options_.result_form == v1::RESULT_FORM_SPANS) {
    begin = Draft::OfThread().Room(MaxSpansSize(count));
    end = WriteSpans(findings, count, std::nullopt, Response::kSpansFieldNumber, begin);
  } else {
    begin = Draft::OfThread().Room(MaxFindingsSize(findings, count));
    end = WriteFindings(findings, count, Response::kFindingsFieldNumber, begin);
  }
  part.bytes = grpc::Slice(begin, static_cast<size_t>(end - begin));
  return part;
}

void WireReply::Append(const Part& part, uint64_t& previous_begin) {
  if (part.findings == 0) return;
  if (options_.result_form == v1::RESULT_FORM_SPANS) {
    slices_.push_back(FirstDelta(part.first_begin - previous_begin));
    previous_begin = part.last_begin;
  }
  slices_.push_back(part.bytes);
}

// Returns the byte that the first finding begins at which max_findings leaves out, or `bytes`.
uint64_t WireReply::AppendFindings(uint64_t bytes) {
  uint64_t left = options_.max_findings;
  uint64_t previous_begin = 0;
  for (size_t chunk = 0; chunk < parts_.size(); ++chunk) {
    const Part& part = parts_[chunk];
    if (part.findings <= left) {
      Append(part, previous_begin);
      left -= part.findings;
      continue;
    }
    compute::FindingList findings;
    extraction_.FindAgain(0, chunk, findings);
    Append(Write(findings, left), previous_begin);
    return findings[left].begin;
  }
  return bytes;
}

grpc::ByteBuffer WireReply::Finish(const compute::Report& report, const Document& document,
                                   std::string_view kernel, const grpc::Slice& ruleset) {
  google::protobuf::Arena arena;
  auto& rest = *google::protobuf::Arena::CreateMessage<v1::ProcessContentResponse>(&arena);
  uint64_t filled_until = report.bytes;
  if (options_.result_form == v1::RESULT_FORM_COUNTS) {
    FindingCounts counts;
    for (const Part& part : parts_) counts.Add(part.counts);
    FillCounts(counts, options_, rest);
  } else {
    if (options_.result_form == v1::RESULT_FORM_SPANS) rest.mutable_spans();
    filled_until = AppendFindings(report.bytes);
  }
  FillRest(report, document, options_, kernel, filled_until, rest);
  grpc::Slice last(rest.ByteSizeLong());
  rest.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(last.begin()));
  slices_.push_back(std::move(last));
  slices_.push_back(ruleset);
  return grpc::ByteBuffer(slices_.data(), slices_.size());
}

}  // namespace trawl::service
