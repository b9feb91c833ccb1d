#include "service/content_calls.h"

#include <google/protobuf/arena.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/async_unary_call.h>

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/util/time_util.h"
#include "service/call_end.h"
#include "service/capabilities.h"
#include "service/convert.h"
#include "service/error.h"
#include "service/guarded.h"
#include "service/hop.h"
#include "service/response.h"
#include "service/rpc/call_done.h"
#include "service/rpc/operation.h"
#include "service/wire_reply.h"

namespace trawl::service {
namespace {

using Clock = std::chrono::steady_clock;

// Calls of each method that wait to be accepted, per queue; each accepts its successor. They are
// few, since Debian's gRPC looks through all of a queue's operations whenever one ends.
constexpr int kArmedCalls = 32;
constexpr int kArmedRareCalls = 8;

// Of content that a poller works on before it looks at what else has arrived.
constexpr uint64_t kTurnBytes = 256 << 10;

// What gRPC keeps of one call. `done` is made before the call is requested.
struct Call {
  explicit Call(Deliveries& outgoing) : deliveries(outgoing) {}

  Deliveries& deliveries;
  grpc::ServerContext context;
  rpc::CallDone<grpc::ServerContext> done{context};
  grpc::ByteBuffer request;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> writer{&context};
  std::optional<Deliveries::Entry> delivery;

  void Finish(const absl::Status& status, const grpc::ByteBuffer& reply, void* tag) {
    delivery.emplace(deliveries, context);
    if (status.ok()) {
      writer.Finish(reply, grpc::Status::OK, tag);
      return;
    }
    AddPushback(status, context);
    writer.FinishWithError(ToGrpcStatus(status), tag);
  }
};

// An answer with nothing but the ruleset, in wire format.
grpc::Slice AnswerWith(const v1::Ruleset& ruleset) {
  v1::ProcessContentResponse response;
  *response.mutable_ruleset() = ruleset;
  return grpc::Slice(response.SerializeAsString());
}

// Where the answer can be written by the workers, `wire` is made.
void PrepareAnswer(const ContentRequest& request, compute::Extraction& extraction,
                   std::optional<WireReply>& wire) {
  if (WireReply::Serves(request.options, request.documents.front())) {
    wire.emplace(extraction, request.options);
  }
}

void PrepareAnswer(const AddContentRequest&, compute::Extraction&, std::optional<WireReply>&) {}

void PrepareAnswer(const BatchRequest&, compute::Extraction&, std::optional<WireReply>&) {}

absl::Status Answer(absl::StatusOr<std::vector<compute::Report>> reports,
                    const ContentRequest& request, std::optional<WireReply>& wire,
                    std::string_view kernel, const RulesetMessages& ruleset, CallRecord& record,
                    grpc::ByteBuffer& reply) {
  if (!reports.ok()) return reports.status();
  if (wire.has_value()) {
    record.Add(reports->front());
    reply = wire->Finish(reports->front(), request.documents.front(), kernel, ruleset.in_answer);
    return absl::OkStatus();
  }
  google::protobuf::Arena arena;
  auto& response = *google::protobuf::Arena::CreateMessage<v1::ProcessContentResponse>(&arena);
  record.Add(reports->front());
  FillResponse(reports->front(), request.documents.front(), request.options, kernel, response);
  *response.mutable_ruleset() = ruleset.message;
  reply = Serialize(response);
  return absl::OkStatus();
}

absl::Status Answer(absl::StatusOr<std::vector<compute::Report>> reports,
                    const AddContentRequest& request, std::optional<WireReply>&,
                    std::string_view kernel, const RulesetMessages&, CallRecord& record,
                    grpc::ByteBuffer& reply) {
  if (!reports.ok()) return reports.status();
  google::protobuf::Arena arena;
  auto& whole = *google::protobuf::Arena::CreateMessage<v1::ProcessContentResponse>(&arena);
  auto& response = *google::protobuf::Arena::CreateMessage<v1::AddContentResponse>(&arena);
  record.Add(reports->front());
  FillResponse(reports->front(), request.documents.front(), request.options, kernel, whole);
  response.set_status(whole.complete() ? "ok" : "incomplete");
  response.mutable_domains_found()->Reserve(whole.findings_size());
  for (v1::Finding& finding : *whole.mutable_findings()) {
    response.mutable_domains_found()->AddAllocated(finding.release_value());
  }
  response.set_count(static_cast<uint32_t>(whole.total_count()));
  reply = Serialize(response);
  return absl::OkStatus();
}

absl::Status Answer(absl::StatusOr<std::vector<compute::Report>> reports,
                    const BatchRequest& request, std::optional<WireReply>&, std::string_view kernel,
                    const RulesetMessages& ruleset, CallRecord& record, grpc::ByteBuffer& reply) {
  if (!reports.ok()) return reports.status();
  google::protobuf::Arena arena;
  auto& response = *google::protobuf::Arena::CreateMessage<v1::ProcessContentBatchResponse>(&arena);
  for (size_t i = 0; i < reports->size(); ++i) {
    v1::BatchResult& result = *response.add_results();
    if (!request.errors[i].ok()) {
      *result.mutable_error() = ToRpcStatus(request.errors[i]);
      continue;
    }
    record.Add((*reports)[i]);
    FillResponse((*reports)[i], request.documents[i], request.options, kernel,
                 *result.mutable_response());
  }
  *response.mutable_ruleset() = ruleset.message;
  reply = Serialize(response);
  return absl::OkStatus();
}

absl::Status Answer(const compute::Explanation& explanation, const ExplanationRequest& request,
                    const RulesetMessages& ruleset, CallRecord& record, grpc::ByteBuffer& reply) {
  record.documents = 1;
  record.bytes = request.document.text.size();
  record.findings = explanation.verdict == compute::Verdict::kFinding ? 1 : 0;
  v1::ExplainResponse response;
  FillResponse(explanation, request.document, request.options, response);
  *response.mutable_ruleset() = ruleset.message;
  reply = Serialize(response);
  return absl::OkStatus();
}

}  // namespace

ContentCalls::ContentCalls(const compute::Engine& engine, const compute::Ruleset& ruleset,
                           const RequestLimits& limits, const Admission::Options& admission,
                           std::chrono::milliseconds delivery_patience, Log& log)
    : engine_(engine),
      limits_(limits),
      ruleset_{ToProto(ruleset), AnswerWith(ToProto(ruleset))},
      capabilities_(Capabilities(engine, ruleset_.message, limits, admission)),
      domains_(ruleset),
      log_(log),
      admission_(admission),
      deliveries_(delivery_patience) {}

void ContentCalls::Accept(rpc::Poller& poller) {
  for (int i = 0; i < kArmedCalls; ++i) {
    Process<ContentRequest, &GrpcService::RequestProcessContent>(poller, "ProcessContent");
    Ping(poller);
  }
  for (int i = 0; i < kArmedRareCalls; ++i) {
    Process<BatchRequest, &GrpcService::RequestProcessContentBatch>(poller, "ProcessContentBatch");
    Process<AddContentRequest, &GrpcService::RequestAddContent>(poller, "AddContent");
    ProcessStream(poller);
    Explain(poller);
    GetCapabilities(poller);
  }
}

// A request takes a turn to be parsed and one for each chunk.
absl::Status ContentCalls::CheckWait(std::chrono::nanoseconds waited, uint64_t request_bytes,
                                     const compute::Limits& limits) {
  const uint64_t turns = 2 + request_bytes / engine_.options().max_chunk_bytes;
  return admission_.CheckWait(waited, engine_.executor().ExpectedWait(turns),
                              limits.deadline - Clock::now());
}

template <typename Request, auto kRequestCall>
rpc::Detached ContentCalls::Process(rpc::Poller& poller, const char* method) {
  rpc::CallTracker::Token token(tracker_);
  Call call(deliveries_);
  rpc::Operation accept([&](void* tag) {
    (grpc_service_.*kRequestCall)(&call.context, &call.request, &call.writer, poller.queue(),
                                  poller.queue(), tag);
  });
  const bool accepted = co_await accept;
  if (!accepted) co_return;
  Process<Request, kRequestCall>(poller, method);

  CallRecord record{method};
  record.request_bytes = call.request.Length();
  const compute::Limits give_up{call.done.stop_token(), ToSteadyClock(call.context.deadline())};
  grpc::ByteBuffer reply;
  absl::StatusOr<Admission::Ticket> ticket = admission_.Admit(record.request_bytes);
  absl::Status status = ticket.status();
  const bool here = record.request_bytes <= limits_.inline_bytes;
  if (status.ok() && !here) status = CheckWait({}, record.request_bytes, give_up);
  if (status.ok()) {
    if (!here) {
      Hop hop;
      rpc::Callback to_worker(
          [&](auto resume) { engine_.executor().Submit(hop, 1, std::move(resume)); });
      co_await to_worker;
    }

    Request request;
    status = give_up.Check();
    if (status.ok() && !here) {
      status = CheckWait(Clock::now() - record.arrived, record.request_bytes, give_up);
    }
    if (status.ok()) {
      status = Guarded([&] { return Parse(call.request, limits_, request); });
    }
    if (status.ok()) {
      compute::Extraction extraction(engine_, Texts(request.documents), request.options.process,
                                     give_up, record.arrived);
      std::optional<WireReply> wire;
      PrepareAnswer(request, extraction, wire);
      if (here) {
        while (extraction.RunSome(kTurnBytes)) {
          rpc::Poller::Yield turn(poller);
          co_await turn;
        }
      } else {
        rpc::Callback extracted([&](auto resume) { extraction.Submit(std::move(resume)); });
        co_await extracted;
      }
      status = Guarded([&] {
        return Answer(extraction.TakeReports(), request, wire, engine_.kernel(), ruleset_, record,
                      reply);
      });
    }
    ticket->Resize(reply.Length());
    if (!here) {
      rpc::Poller::Return back(poller);
      co_await back;
    }
  }

  rpc::Operation finish([&](void* tag) { call.Finish(status, reply, tag); });
  const bool delivered = co_await finish;
  co_await call.done;
  EndCall(log_, counts_, record, call.context, status, delivered);
}

rpc::Detached ContentCalls::Explain(rpc::Poller& poller) {
  rpc::CallTracker::Token token(tracker_);
  Call call(deliveries_);
  rpc::Operation accept([&](void* tag) {
    grpc_service_.RequestExplain(&call.context, &call.request, &call.writer, poller.queue(),
                                 poller.queue(), tag);
  });
  const bool accepted = co_await accept;
  if (!accepted) co_return;
  Explain(poller);

  CallRecord record{"Explain"};
  record.request_bytes = call.request.Length();
  const compute::Limits give_up{call.done.stop_token(), ToSteadyClock(call.context.deadline())};
  grpc::ByteBuffer reply;
  absl::StatusOr<Admission::Ticket> ticket = admission_.Admit(record.request_bytes);
  absl::Status status = ticket.status();
  if (status.ok()) status = CheckWait({}, record.request_bytes, give_up);
  if (status.ok()) {
    Hop hop;
    rpc::Callback to_worker(
        [&](auto resume) { engine_.executor().Submit(hop, 1, std::move(resume)); });
    co_await to_worker;

    const Clock::time_point begun = Clock::now();
    record.queue_time = begun - record.arrived;
    ExplanationRequest request;
    status = give_up.Check();
    if (status.ok()) status = CheckWait(record.queue_time, record.request_bytes, give_up);
    if (status.ok()) {
      status = Guarded([&] { return Parse(call.request, limits_, request); });
    }
    if (status.ok()) {
      status = Guarded([&] {
        const compute::Explanation explanation =
            domains_.Explain(request.document.text, request.offset, request.options.process.scan);
        return Answer(explanation, request, ruleset_, record, reply);
      });
    }
    record.compute_time = Clock::now() - begun;
    ticket->Resize(reply.Length());
    rpc::Poller::Return back(poller);
    co_await back;
  }

  rpc::Operation finish([&](void* tag) { call.Finish(status, reply, tag); });
  const bool delivered = co_await finish;
  co_await call.done;
  EndCall(log_, counts_, record, call.context, status, delivered);
}

rpc::Detached ContentCalls::Ping(rpc::Poller& poller) {
  rpc::CallTracker::Token token(tracker_);
  Call call(deliveries_);
  rpc::Operation accept([&](void* tag) {
    grpc_service_.RequestPing(&call.context, &call.request, &call.writer, poller.queue(),
                              poller.queue(), tag);
  });
  const bool accepted = co_await accept;
  if (!accepted) co_return;
  Ping(poller);

  CallRecord record{"Ping"};
  record.request_bytes = call.request.Length();
  v1::PingRequest request;
  v1::PingResponse response;
  const absl::Status status = Guarded([&] { return Parse(call.request, limits_, request); });
  response.mutable_payload()->swap(*request.mutable_payload());
  *response.mutable_uptime() = google::protobuf::util::TimeUtil::NanosecondsToDuration(
      std::chrono::nanoseconds(Clock::now() - started_).count());
  response.set_calls_in_flight(admission_.calls_in_flight());
  response.set_bytes_in_flight(admission_.bytes_in_flight());
  response.set_chunks_queued(engine_.executor().queued_tasks());
  const grpc::ByteBuffer reply = Serialize(response);

  rpc::Operation finish([&](void* tag) { call.Finish(status, reply, tag); });
  const bool delivered = co_await finish;
  co_await call.done;
  EndCall(log_, counts_, record, call.context, status, delivered);
}

rpc::Detached ContentCalls::GetCapabilities(rpc::Poller& poller) {
  rpc::CallTracker::Token token(tracker_);
  Call call(deliveries_);
  rpc::Operation accept([&](void* tag) {
    grpc_service_.RequestGetCapabilities(&call.context, &call.request, &call.writer, poller.queue(),
                                         poller.queue(), tag);
  });
  const bool accepted = co_await accept;
  if (!accepted) co_return;
  GetCapabilities(poller);

  CallRecord record{"GetCapabilities"};
  record.request_bytes = call.request.Length();
  v1::GetCapabilitiesRequest request;
  const absl::Status status = Guarded([&] { return Parse(call.request, request); });
  const grpc::ByteBuffer reply = Serialize(capabilities_);

  rpc::Operation finish([&](void* tag) { call.Finish(status, reply, tag); });
  const bool delivered = co_await finish;
  co_await call.done;
  EndCall(log_, counts_, record, call.context, status, delivered);
}

}  // namespace trawl::service
