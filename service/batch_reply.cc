#include "service/batch_reply.h"

#include <algorithm>
#include <string>

#include "service/convert.h"
#include "service/draft.h"
#include "service/finding_writer.h"
#include "service/response.h"
#include "service/wire_format.h"
#include "service/wire_reply.h"

namespace trawl::service {
namespace {

using v1::BatchResult;
using v1::ProcessContentBatchResponse;
using v1::ProcessContentResponse;

// Of a slice, but where one result is larger.
constexpr size_t kSliceBytes = 64 << 10;

// The tags and lengths of a result and of its response.
constexpr size_t kMaxHeads = 2 * (1 + kMaxVarint);

}  // namespace

void BatchReply::Flush() {
  if (begin_ != end_) slices_.emplace_back(begin_, static_cast<size_t>(end_ - begin_));
  begin_ = end_ = nullptr;
  room_ = 0;
}

uint8_t* BatchReply::Room(size_t size) {
  if (room_ - static_cast<size_t>(end_ - begin_) < size) {
    Flush();
    room_ = std::max(size, kSliceBytes);
    begin_ = end_ = Draft::OfThread().Room(room_);
  }
  return end_;
}

void BatchReply::Add(const BatchResult& result) {
  const std::string bytes = result.SerializeAsString();
  end_ =
      WriteMessage(ProcessContentBatchResponse::kResultsFieldNumber, Room(kMaxHeads + bytes.size()),
                   [&](uint8_t* out) { return std::copy(bytes.begin(), bytes.end(), out); });
}

void BatchReply::Add(const absl::Status& error) {
  BatchResult result;
  *result.mutable_error() = ToRpcStatus(error);
  Add(result);
}

void BatchReply::Add(const compute::Report& report, const Document& document) {
  const bool written = WireReply::Serves(options_, document) &&
                       options_.result_form != v1::RESULT_FORM_COUNTS && report.errors.empty() &&
                       report.total_count <= options_.max_findings;
  if (!written) {
    BatchResult result;
    FillResponse(report, document, options_, kernel_, *result.mutable_response());
    Add(result);
    return;
  }
  size_t size = kMaxHeads + kMaxTotalsSize + kernel_.size();
  for (const compute::FindingList& findings : report.chunks) {
    size += options_.result_form == v1::RESULT_FORM_SPANS
                ? MaxSpansSize(findings.size())
                : MaxFindingsSize(findings, findings.size());
  }
  end_ = WriteMessage(
      ProcessContentBatchResponse::kResultsFieldNumber, Room(size), [&](uint8_t* result) {
        return WriteMessage(BatchResult::kResponseFieldNumber, result,
                            [&](uint8_t* out) { return WriteResponse(report, document, out); });
      });
}

uint8_t* BatchReply::WriteResponse(const compute::Report& report, const Document& document,
                                   uint8_t* out) const {
  if (options_.result_form == v1::RESULT_FORM_SPANS) {
    constexpr int kSpans = ProcessContentResponse::kSpansFieldNumber;
    uint64_t previous_begin = 0;
    out = WriteMessage(kSpans, out, [](uint8_t* none) { return none; });
    for (const compute::FindingList& findings : report.chunks) {
      out = WriteSpans(findings, findings.size(), previous_begin, kSpans, out);
      if (!findings.empty()) previous_begin = findings[findings.size() - 1].begin;
    }
  } else {
    for (const compute::FindingList& findings : report.chunks) {
      out = WriteFindings(findings, findings.size(), ProcessContentResponse::kFindingsFieldNumber,
                          out);
    }
  }
  return WriteTotals(report, document.bytes_sent, kernel_, report.bytes, out);
}

grpc::ByteBuffer BatchReply::Finish(const v1::Ruleset& ruleset) {
  Flush();
  ProcessContentBatchResponse rest;
  *rest.mutable_ruleset() = ruleset;
  slices_.emplace_back(rest.SerializeAsString());
  return grpc::ByteBuffer(slices_.data(), slices_.size());
}

}  // namespace trawl::service
