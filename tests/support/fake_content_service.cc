#include "tests/support/fake_content_service.h"

#include <grpcpp/server_builder.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace trawl {
namespace {

constexpr uint64_t kProgressBytes = 256 << 10;

bool HasDotInside(std::string_view word) {
  const size_t dot = word.find('.');
  return dot != std::string_view::npos && dot > 0 && dot + 1 < word.size();
}

void AddFinding(v1::ProcessContentResponse& response, size_t begin, std::string_view word) {
  v1::Finding& finding = *response.add_findings();
  finding.set_kind(v1::KIND_DOMAIN);
  finding.set_begin(begin);
  finding.set_end(begin + word.size());
  finding.set_value(std::string(word));
  finding.set_registrable_domain(std::string(word));
  finding.set_confidence(v1::CONFIDENCE_HIGH);
  finding.add_reasons(v1::REASON_BARE);
}

void ToDistinct(v1::ProcessContentResponse& response) {
  std::map<std::string, int> index;
  for (const v1::Finding& finding : response.findings()) {
    const auto [entry, is_new] = index.emplace(finding.value(), response.distinct_size());
    if (is_new) {
      v1::DistinctValue& value = *response.add_distinct();
      value.set_kind(finding.kind());
      value.set_value(finding.value());
      value.set_first_begin(finding.begin());
      value.set_highest_confidence(finding.confidence());
    }
    v1::DistinctValue& value = *response.mutable_distinct(entry->second);
    value.set_count(value.count() + 1);
  }
}

void ToSpans(v1::ProcessContentResponse& response) {
  v1::SpanColumns& spans = *response.mutable_spans();
  uint64_t previous = 0;
  for (const v1::Finding& finding : response.findings()) {
    spans.add_begin_deltas(finding.begin() - previous);
    spans.add_lengths(static_cast<uint32_t>(finding.end() - finding.begin()));
    spans.add_kinds(finding.kind());
    spans.add_confidences(finding.confidence());
    previous = finding.begin();
  }
}

void ToCounts(v1::ProcessContentResponse& response) {
  v1::KindCount& count = *response.add_counts();
  count.set_kind(v1::KIND_DOMAIN);
  count.set_count(response.total_count());
  count.set_high(response.total_count());
}

}  // namespace

FakeContentService::FakeContentService() {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.SetMaxReceiveMessageSize(-1);
  builder.SetMaxSendMessageSize(-1);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
  address_ = "127.0.0.1:" + std::to_string(port);
}

FakeContentService::~FakeContentService() {
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

void FakeContentService::AnswerProcessContent(ProcessHandler handler) {
  const std::lock_guard lock(mutex_);
  process_content_ = std::move(handler);
}

void FakeContentService::AnswerExplain(ExplainHandler handler) {
  const std::lock_guard lock(mutex_);
  explain_ = std::move(handler);
}

void FakeContentService::AnswerProcessUrl(UrlHandler handler) {
  const std::lock_guard lock(mutex_);
  process_url_ = std::move(handler);
}

void FakeContentService::FailOtherMethods(const grpc::Status& status) {
  const std::lock_guard lock(mutex_);
  other_methods_ = status;
}

void FakeContentService::SetMaxContentBytes(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  max_content_bytes_ = bytes;
}

int FakeContentService::process_content_calls() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(requests_.size());
}

int FakeContentService::ping_calls() const {
  const std::lock_guard lock(mutex_);
  return ping_calls_;
}

std::set<std::string> FakeContentService::peers() const {
  const std::lock_guard lock(mutex_);
  return peers_;
}

std::vector<v1::ProcessContentRequest> FakeContentService::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void FakeContentService::KeepStreamsSilent() {
  const std::lock_guard lock(mutex_);
  streams_tell_ = false;
}

int FakeContentService::stream_parts() const {
  const std::lock_guard lock(mutex_);
  return stream_parts_;
}

std::vector<v1::ProcessContentRequest> FakeContentService::streams() const {
  const std::lock_guard lock(mutex_);
  return streams_;
}

std::vector<v1::ExplainRequest> FakeContentService::explain_requests() const {
  const std::lock_guard lock(mutex_);
  return explain_requests_;
}

grpc::Status FakeContentService::FindDottedWords(const v1::ProcessContentRequest& request,
                                                 v1::ProcessContentResponse& response) {
  const std::string_view content = request.has_text() ? request.text() : request.data();
  for (size_t begin = 0; begin < content.size();) {
    const size_t end = std::min(content.find_first_of(" \n", begin), content.size());
    const std::string_view word = content.substr(begin, end - begin);
    if (HasDotInside(word)) AddFinding(response, begin, word);
    begin = end + 1;
  }
  response.set_total_count(static_cast<uint64_t>(response.findings_size()));
  response.set_complete(true);
  response.set_scanned_until(content.size());
  const v1::ResultForm form = request.options().result_form();
  if (form == v1::RESULT_FORM_DISTINCT) ToDistinct(response);
  if (form == v1::RESULT_FORM_SPANS) ToSpans(response);
  if (form == v1::RESULT_FORM_COUNTS) ToCounts(response);
  if (form > v1::RESULT_FORM_FINDINGS) response.clear_findings();
  return grpc::Status::OK;
}

grpc::Status FakeContentService::ProcessContent(grpc::ServerContext* context,
                                                const v1::ProcessContentRequest* request,
                                                v1::ProcessContentResponse* response) {
  ProcessHandler handler;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(*request);
    peers_.insert(context->peer());
    handler = process_content_;
  }
  return handler(*request, *response);
}

grpc::Status FakeContentService::ProcessContentBatch(grpc::ServerContext* context,
                                                     const v1::ProcessContentBatchRequest* request,
                                                     v1::ProcessContentBatchResponse* response) {
  const std::lock_guard lock(mutex_);
  peers_.insert(context->peer());
  for (const v1::BatchDocument& document : request->documents()) {
    v1::ProcessContentRequest single;
    single.set_data(document.data());
    *single.mutable_options() = request->options();
    FindDottedWords(single, *response->add_results()->mutable_response());
  }
  return other_methods_;
}

grpc::Status FakeContentService::ProcessContentStream(
    grpc::ServerContext* context,
    grpc::ServerReaderWriter<v1::ProcessContentStreamResponse, v1::ProcessContentStreamRequest>*
        stream) {
  v1::ProcessContentRequest whole;
  v1::ProcessContentStreamRequest part;
  v1::ProcessContentStreamResponse progress;
  while (stream->Read(&part)) {
    if (part.has_options()) *whole.mutable_options() = part.options();
    whole.mutable_data()->append(part.data());
    bool tells = false;
    {
      const std::lock_guard lock(mutex_);
      ++stream_parts_;
      tells = streams_tell_;
    }
    if (tells && whole.data().size() - progress.searched_bytes() >= kProgressBytes) {
      progress.set_searched_bytes(whole.data().size());
      stream->Write(progress);
    }
  }
  ProcessHandler handler;
  {
    const std::lock_guard lock(mutex_);
    streams_.push_back(whole);
    peers_.insert(context->peer());
    handler = process_content_;
  }
  v1::ProcessContentResponse response;
  const grpc::Status status = handler(whole, response);
  v1::ProcessContentStreamResponse answer;
  answer.ParseFromString(response.SerializeAsString());
  if (status.ok()) stream->Write(answer);
  return status;
}

grpc::Status FakeContentService::Explain(grpc::ServerContext* context,
                                         const v1::ExplainRequest* request,
                                         v1::ExplainResponse* response) {
  const std::lock_guard lock(mutex_);
  peers_.insert(context->peer());
  explain_requests_.push_back(*request);
  return explain_ ? explain_(*request, *response) : other_methods_;
}

grpc::Status FakeContentService::ProcessUrl(grpc::ServerContext* context,
                                            const v1::ProcessUrlRequest* request,
                                            v1::ProcessUrlResponse* response) {
  UrlHandler handler;
  {
    const std::lock_guard lock(mutex_);
    peers_.insert(context->peer());
    handler = process_url_;
    if (!handler) return other_methods_;
  }
  return handler(*request, *response);
}

grpc::Status FakeContentService::Ping(grpc::ServerContext* context, const v1::PingRequest* request,
                                      v1::PingResponse* response) {
  const std::lock_guard lock(mutex_);
  ++ping_calls_;
  peers_.insert(context->peer());
  response->set_payload(request->payload());
  return other_methods_;
}

grpc::Status FakeContentService::GetCapabilities(grpc::ServerContext*,
                                                 const v1::GetCapabilitiesRequest*,
                                                 v1::GetCapabilitiesResponse* response) {
  const std::lock_guard lock(mutex_);
  response->set_version("1.2.3");
  response->add_kinds(v1::KIND_DOMAIN);
  response->set_max_content_bytes(max_content_bytes_);
  response->mutable_defaults()->set_min_confidence(v1::CONFIDENCE_MEDIUM);
  return other_methods_;
}

grpc::Status ErrorWithDetails(grpc::StatusCode code, const std::string& message,
                              const ErrorDetails& details) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message(message);
  google::rpc::ErrorInfo info;
  info.set_reason(details.reason);
  info.set_domain("trawl.v1");
  info.mutable_metadata()->insert(details.metadata.begin(), details.metadata.end());
  status.add_details()->PackFrom(info);
  google::rpc::BadRequest bad_request;
  for (const auto& [field, description] : details.field_violations) {
    auto& violation = *bad_request.add_field_violations();
    violation.set_field(field);
    violation.set_description(description);
  }
  if (bad_request.field_violations_size() > 0) status.add_details()->PackFrom(bad_request);
  if (details.retry_delay_ms >= 0) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(details.retry_delay_ms / 1000);
    retry.mutable_retry_delay()->set_nanos(details.retry_delay_ms % 1000 * 1000000);
    status.add_details()->PackFrom(retry);
  }
  return grpc::Status(code, message, status.SerializeAsString());
}

}  // namespace trawl
