#include "service/content_work.h"

#include <google/protobuf/arena.h>

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "service/convert.h"
#include "service/response.h"

namespace trawl::service {
namespace {

using Clock = std::chrono::steady_clock;
using google::protobuf::Arena;

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
  record.Add(reports->front());
  Arena arena;
  auto& whole = *Arena::CreateMessage<v1::ProcessContentResponse>(&arena);
  auto& response = *Arena::CreateMessage<v1::AddContentResponse>(&arena);
  FillResponse(reports->front(), request_.document, request_.options, tools_.engine.kernel(),
               whole);
  response.set_status(whole.complete() ? "ok" : "incomplete");
  response.mutable_domains_found()->Reserve(whole.findings_size());
  for (v1::Finding& finding : *whole.mutable_findings()) {
    response.mutable_domains_found()->AddAllocated(finding.release_value());
  }
  response.set_count(static_cast<uint32_t>(whole.total_count()));
  reply = Serialize(response);
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
  Arena arena;
  auto& response = *Arena::CreateMessage<v1::ProcessContentBatchResponse>(&arena);
  for (size_t i = 0; i < reports->size(); ++i) {
    v1::BatchResult& result = *response.add_results();
    if (!request_.errors[i].ok()) {
      *result.mutable_error() = ToRpcStatus(request_.errors[i]);
      continue;
    }
    record.Add((*reports)[i]);
    FillResponse((*reports)[i], request_.documents[i], request_.options, tools_.engine.kernel(),
                 *result.mutable_response());
  }
  *response.mutable_ruleset() = tools_.ruleset.message;
  reply = Serialize(response);
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
