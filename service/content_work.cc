#include "service/content_work.h"

#include <google/protobuf/arena.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "service/batch_reply.h"
#include "service/draft.h"
#include "service/finding_writer.h"
#include "service/response.h"

namespace trawl::service {
namespace {

using Clock = std::chrono::steady_clock;
using google::protobuf::Arena;
using v1::AddContentResponse;

// Written as it is, since what asks for it is many small answers of strings.
grpc::ByteBuffer AddContentReply(const compute::Report& report, uint64_t max_findings) {
  uint64_t left = max_findings;
  absl::InlinedVector<grpc::Slice, 4> slices;
  for (const compute::FindingList& findings : report.chunks) {
    const size_t count = std::min<uint64_t>(findings.size(), left);
    if (count == 0) continue;
    left -= count;
    uint8_t* const values = Draft::OfThread().Room(MaxValuesSize(findings, count));
    const uint8_t* const end =
        WriteValues(findings, count, AddContentResponse::kDomainsFoundFieldNumber, values);
    slices.emplace_back(values, static_cast<size_t>(end - values));
  }
  AddContentResponse rest;
  const bool complete = report.errors.empty() && report.total_count <= max_findings;
  rest.set_status(complete ? "ok" : "incomplete");
  rest.set_count(static_cast<uint32_t>(report.total_count));
  slices.emplace_back(rest.SerializeAsString());
  return grpc::ByteBuffer(slices.data(), slices.size());
}

}  // namespace

compute::Extraction* ContentWork::Begin(const compute::Limits& give_up, Clock::time_point arrived) {
  extraction_.emplace(tools_.engine,
                      compute::OneOrMore<compute::Document>{request_.document.content},
                      request_.options.process, give_up, arrived);
  if (WireReply::Serves(request_.options, request_.document)) {
    wire_.emplace(*extraction_, request_.options);
  }
  return &*extraction_;
}

absl::Status ContentWork::Answer(CallRecord& record, grpc::ByteBuffer& reply) {
  auto reports = extraction_->TakeReports();
  if (!reports.ok()) return reports.status();
  const compute::Report& report = reports->front();
  record.Add(report);
  if (wire_.has_value()) {
    reply =
        wire_->Finish(report, request_.document, tools_.engine.kernel(), tools_.ruleset.in_answer);
    return absl::OkStatus();
  }
  Arena arena;
  auto& response = *Arena::CreateMessage<v1::ProcessContentResponse>(&arena);
  FillResponse(report, request_.document, request_.options, tools_.engine.kernel(), response);
  *response.mutable_ruleset() = tools_.ruleset.message;
  reply = Serialize(response);
  return absl::OkStatus();
}

compute::Extraction* AddContentWork::Begin(const compute::Limits& give_up,
                                           Clock::time_point arrived) {
  extraction_.emplace(tools_.engine,
                      compute::OneOrMore<compute::Document>{request_.document.content},
                      request_.options.process, give_up, arrived);
  return &*extraction_;
}

absl::Status AddContentWork::Answer(CallRecord& record, grpc::ByteBuffer& reply) {
  auto reports = extraction_->TakeReports();
  if (!reports.ok()) return reports.status();
  const compute::Report& report = reports->front();
  record.Add(report);
  reply = AddContentReply(report, request_.options.max_findings);
  return absl::OkStatus();
}

compute::Extraction* BatchWork::Begin(const compute::Limits& give_up, Clock::time_point arrived) {
  compute::OneOrMore<compute::Document> texts;
  for (const Document& document : request_.documents) texts.push_back(document.content);
  extraction_.emplace(tools_.engine, std::move(texts), request_.options.process, give_up, arrived);
  return &*extraction_;
}

absl::Status BatchWork::Answer(CallRecord& record, grpc::ByteBuffer& reply) {
  auto reports = extraction_->TakeReports();
  if (!reports.ok()) return reports.status();
  BatchReply results(request_.options, tools_.engine.kernel());
  for (size_t i = 0; i < reports->size(); ++i) {
    if (!request_.errors[i].ok()) {
      results.Add(request_.errors[i]);
      continue;
    }
    record.Add((*reports)[i]);
    results.Add((*reports)[i], request_.documents[i]);
  }
  reply = results.Finish(tools_.ruleset.message);
  return absl::OkStatus();
}

compute::Extraction* ExplainWork::Begin(const compute::Limits&, Clock::time_point arrived) {
  begun_ = Clock::now();
  queue_time_ = begun_ - arrived;
  return nullptr;
}

absl::Status ExplainWork::Answer(CallRecord& record, grpc::ByteBuffer& reply) {
  const std::string_view text = request_.document.text;
  const compute::Explanation explanation =
      tools_.domains.Explain(text, request_.offset, request_.options.process.scan);
  v1::ExplainResponse response;
  FillResponse(explanation, request_.document, request_.options, response);
  *response.mutable_ruleset() = tools_.ruleset.message;
  reply = Serialize(response);
  record.documents = 1;
  record.bytes = text.size();
  record.findings = explanation.verdict == compute::Verdict::kFinding ? 1 : 0;
  record.queue_time = queue_time_;
  record.compute_time = Clock::now() - begun_;
  return absl::OkStatus();
}

}  // namespace trawl::service
