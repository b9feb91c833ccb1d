#include "service/wire_reply.h"

#include <google/protobuf/duration.pb.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "service/draft.h"
#include "service/finding_writer.h"
#include "service/wire_format.h"

namespace trawl::service {
namespace {

// The first begin of a chunk's spans, as a message `spans` of its own.
grpc::Slice FirstDelta(uint64_t delta) {
  std::array<uint8_t, kMaxFirstDeltaSize> bytes;
  const uint8_t* const end =
      WriteFirstDelta(delta, v1::ProcessContentResponse::kSpansFieldNumber, bytes.data());
  return grpc::Slice(bytes.data(), static_cast<size_t>(end - bytes.data()));
}

// Answers of at most so many bytes are put together in one slice.
constexpr size_t kSmallAnswer = 4096;

uint8_t* WriteDuration(int field, std::chrono::nanoseconds time, uint8_t* out) {
  using google::protobuf::Duration;
  return WriteMessage(field, out, [time](uint8_t* message) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
    message =
        WriteField(Duration::kSecondsFieldNumber, static_cast<uint64_t>(seconds.count()), message);
    return WriteField(Duration::kNanosFieldNumber, static_cast<uint64_t>((time - seconds).count()),
                      message);
  });
}

}  // namespace

uint8_t* WriteTotals(const compute::Report& report, uint64_t bytes_sent, std::string_view kernel,
                     uint64_t filled_until, uint8_t* out) {
  using Response = v1::ProcessContentResponse;
  using v1::Stats;
  const bool complete = report.errors.empty() && filled_until == report.bytes;
  const uint64_t scanned_until = std::min(filled_until, report.scanned_until());
  out = WriteField(Response::kTotalCountFieldNumber, report.total_count, out);
  out = WriteField(Response::kCompleteFieldNumber, complete ? 1 : 0, out);
  out = WriteField(Response::kScannedUntilFieldNumber, std::min(scanned_until, bytes_sent), out);
  return WriteMessage(Response::kStatsFieldNumber, out, [&](uint8_t* stats) {
    stats = WriteField(Stats::kBytesFieldNumber, bytes_sent, stats);
    stats = WriteField(Stats::kChunksFieldNumber, report.chunk_count, stats);
    stats = WriteDuration(Stats::kQueueTimeFieldNumber, report.queue_time, stats);
    stats = WriteDuration(Stats::kComputeTimeFieldNumber, report.compute_time, stats);
    return WriteField(Stats::kKernelFieldNumber, kernel, stats);
  });
}

bool WireReply::Serves(const ContentOptions& options, const Document& document) {
  return options.result_form != v1::RESULT_FORM_DISTINCT && !document.utf16 &&
         options.offset_unit == v1::OFFSET_UNIT_BYTES &&
         (!options.unicode_values || options.result_form != v1::RESULT_FORM_FINDINGS);
}

WireReply::WireReply(compute::Extraction& extraction, const ContentOptions& options)
    : extraction_(extraction), options_(options), parts_(extraction.chunk_count()) {
  extraction.SetSink(this);
}

// Once enough findings were written, more are hardly wanted: those that are, since chunks end in
// any order, are found again.
uint64_t WireReply::Take(size_t, size_t chunk, const compute::FindingList& findings) {
  Part& part = parts_[chunk];
  if (options_.result_form != v1::RESULT_FORM_COUNTS &&
      written_.fetch_add(findings.size()) >= options_.max_findings) {
    part.findings = findings.size();
    part.written = findings.empty();
    return 0;
  }
  part = Write(findings, findings.size());
  return SizeOf(part.bytes);
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
  if (options_.result_form == v1::RESULT_FORM_SPANS) {
    uint8_t* const begin = Draft::OfThread().Room(MaxSpansSize(count));
    const uint8_t* const end =
        WriteSpans(findings, count, std::nullopt, Response::kSpansFieldNumber, begin);
    part.bytes.emplace_back(begin, static_cast<size_t>(end - begin));
  } else {
    part.bytes = FindingSlices(findings, count, Response::kFindingsFieldNumber);
  }
  return part;
}

void WireReply::Append(const Part& part, uint64_t& previous_begin) {
  if (part.findings == 0) return;
  if (options_.result_form == v1::RESULT_FORM_SPANS) {
    slices_.push_back(FirstDelta(part.first_begin - previous_begin));
    previous_begin = part.last_begin;
  }
  slices_.insert(slices_.end(), part.bytes.begin(), part.bytes.end());
}

// Returns the byte that the first finding begins at which max_findings leaves out, or `bytes`.
uint64_t WireReply::AppendFindings(uint64_t bytes) {
  uint64_t left = options_.max_findings;
  uint64_t previous_begin = 0;
  for (size_t chunk = 0; chunk < parts_.size(); ++chunk) {
    const Part& part = parts_[chunk];
    const uint64_t count = std::min(part.findings, left);
    left -= count;
    if (count == part.findings && part.written) {
      Append(part, previous_begin);
      continue;
    }
    compute::FindingList findings;
    extraction_.FindAgain(0, chunk, findings);
    Append(Write(findings, count), previous_begin);
    if (count < part.findings) return findings[count].begin;
  }
  return bytes;
}

void WireReply::AppendCounts() {
  FindingCounts counts;
  for (const Part& part : parts_) counts.Add(part.counts);
  v1::ProcessContentResponse response;
  FillCounts(counts, options_, response);
  slices_.emplace_back(response.SerializeAsString());
}

grpc::ByteBuffer WireReply::Joined(std::string_view totals, const grpc::Slice& ruleset) {
  size_t size = totals.size() + ruleset.size();
  for (const grpc::Slice& slice : slices_) size += slice.size();
  if (size > kSmallAnswer) {
    slices_.emplace_back(totals.data(), totals.size());
    slices_.push_back(ruleset);
    return grpc::ByteBuffer(slices_.data(), slices_.size());
  }
  const grpc::Slice whole(size);
  auto* out = const_cast<uint8_t*>(whole.begin());
  for (const grpc::Slice& slice : slices_) out = std::copy(slice.begin(), slice.end(), out);
  out = std::copy(totals.begin(), totals.end(), out);
  std::copy(ruleset.begin(), ruleset.end(), out);
  return grpc::ByteBuffer(&whole, 1);
}

grpc::ByteBuffer WireReply::Finish(const compute::Report& report, const Document& document,
                                   std::string_view kernel, const grpc::Slice& ruleset) {
  uint64_t filled_until = report.bytes;
  if (options_.result_form == v1::RESULT_FORM_COUNTS) {
    AppendCounts();
  } else {
    filled_until = AppendFindings(report.bytes);
  }
  if (!report.errors.empty()) {
    v1::ProcessContentResponse response;
    FillErrors(report, document, options_, response);
    slices_.emplace_back(response.SerializeAsString());
  }
  uint8_t* const totals = Draft::OfThread().Room(kMaxTotalsSize + kernel.size());
  uint8_t* end = totals;
  if (options_.result_form == v1::RESULT_FORM_SPANS) {
    end = WriteMessage(v1::ProcessContentResponse::kSpansFieldNumber, end,
                       [](uint8_t* out) { return out; });
  }
  end = WriteTotals(report, document.bytes_sent, kernel, filled_until, end);
  return Joined({reinterpret_cast<const char*>(totals), static_cast<size_t>(end - totals)},
                ruleset);
}

}  // namespace trawl::service
