#include "service/content_calls.h"

#include <utility>

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
#include "service/rpc/operation.h"
#include "service/unary_call.h"

namespace trawl::service {
namespace {

using Clock = std::chrono::steady_clock;

// Calls that wait to be accepted, per queue, of ProcessContent and of each other method; each
// accepts its successor. They are few, since Debian's gRPC looks through all of a queue's
// operations whenever one ends. What finds none waits for a moment in gRPC, at no cost.
constexpr int kArmedCalls = 32;
constexpr int kArmedRareCalls = 2;

// A poller works on a small request at once. Others let it go first, and each other after
// kTurnBytes of their content.
constexpr uint64_t kSmallRequest = 16 << 10;

// An answer with nothing but the ruleset, in wire format.
grpc::Slice AnswerWith(const v1::Ruleset& ruleset) {
  v1::ProcessContentResponse response;
  *response.mutable_ruleset() = ruleset;
  return grpc::Slice(response.SerializeAsString());
}

const google::protobuf::ServiceDescriptor& ServiceDescriptor() {
  return *v1::PingRequest::descriptor()->file()->FindServiceByName("ContentService");
}

}  // namespace

ContentCalls::ContentCalls(const compute::Engine& engine, const compute::Ruleset& ruleset,
                           const RequestLimits& limits, const Admission::Options& admission,
                           const PeerLimits::Options& peer_limits,
                           std::chrono::milliseconds delivery_patience,
                           std::chrono::milliseconds slow_call, UrlFetcher* fetcher, Log& log)
    : engine_(engine),
      limits_(limits),
      ruleset_{ToProto(ruleset), AnswerWith(ToProto(ruleset))},
      capabilities_(Capabilities(engine, ruleset_.message, limits, admission)),
      domains_(ruleset),
      fetcher_(fetcher),
      admission_(admission),
      peer_limits_(peer_limits),
      deliveries_(delivery_patience),
      ends_(ServiceDescriptor(), slow_call, log) {}

void ContentCalls::Accept(rpc::Poller& poller) {
  CallCounts& counts = ends_.counts();
  for (int i = 0; i < kArmedCalls; ++i) {
    Process<ContentWork, &GrpcService::RequestProcessContent>(poller, counts.Of("ProcessContent"));
  }
  for (int i = 0; i < kArmedRareCalls; ++i) {
    Reply<v1::PingRequest, &GrpcService::RequestPing>(poller, counts.Of("Ping"));
    Process<BatchWork, &GrpcService::RequestProcessContentBatch>(poller,
                                                                 counts.Of("ProcessContentBatch"));
    Process<AddContentWork, &GrpcService::RequestAddContent>(poller, counts.Of("AddContent"));
    ProcessStream(poller, counts.Of("ProcessContentStream"));
    ProcessUrl(poller, counts.Of("ProcessUrl"));
    Process<ExplainWork, &GrpcService::RequestExplain>(poller, counts.Of("Explain"));
    Reply<v1::GetCapabilitiesRequest, &GrpcService::RequestGetCapabilities>(
        poller, counts.Of("GetCapabilities"));
  }
}

// A request takes a turn to be parsed and one for each chunk.
absl::Status ContentCalls::CheckWait(std::chrono::nanoseconds waited, uint64_t request_bytes,
                                     const compute::Limits& limits) {
  const uint64_t turns = 2 + request_bytes / engine_.options().max_chunk_bytes;
  return admission_.CheckWait(waited, engine_.executor().ExpectedWait(turns),
                              limits.deadline - Clock::now());
}

absl::Status ContentCalls::AdmitPeer(const grpc::ServerContext& context, uint64_t bytes,
                                     PeerLimits::Ticket& place) {
  if (!peer_limits_.limited()) return absl::OkStatus();
  absl::StatusOr<PeerLimits::Ticket> ticket = peer_limits_.Admit(context.peer(), bytes);
  if (!ticket.ok()) return ticket.status();
  place = *std::move(ticket);
  return absl::OkStatus();
}

template <typename Work, auto kRequestCall>
rpc::Detached ContentCalls::Process(rpc::Poller& poller, CallCounts::Method& method) {
  rpc::CallTracker::Token token(tracker_);
  UnaryCall call(deliveries_);
  rpc::Operation accept([&](void* tag) {
    (grpc_service_.*kRequestCall)(&call.context, &call.request, &call.writer, poller.queue(),
                                  poller.queue(), tag);
  });
  const bool accepted = co_await accept;
  if (!accepted) co_return;
  Process<Work, kRequestCall>(poller, method);

  CallRecord record = CallEnds::Begin(method);
  record.request_bytes = call.request.Length();
  const bool here = record.request_bytes <= limits_.inline_bytes;
  grpc::ByteBuffer reply;
  absl::StatusOr<Admission::Ticket> ticket = admission_.Admit(record.request_bytes);
  absl::Status status = ticket.status();
  const compute::Limits give_up{call.done.stop_token(), ToSteadyClock(call.context.deadline()),
                                ticket.ok() ? &*ticket : nullptr};
  PeerLimits::Ticket place;
  if (status.ok()) status = AdmitPeer(call.context, record.request_bytes, place);
  if (status.ok() && !here) status = CheckWait({}, record.request_bytes, give_up);
  if (status.ok()) {
    if (!here) {
      Hop hop(record.request_bytes);
      rpc::Callback to_worker(
          [&](auto resume) { engine_.executor().Submit(hop, 1, std::move(resume)); });
      co_await to_worker;
    } else if (record.request_bytes > kSmallRequest) {
      rpc::Poller::Yield turn(poller);
      co_await turn;
    }

    Work work(tools_);
    status = give_up.Check();
    if (status.ok() && !here) {
      status = CheckWait(Clock::now() - record.arrived, record.request_bytes, give_up);
    }
    if (status.ok()) status = Guarded([&] { return work.Parse(call.request); });
    if (status.ok()) {
      compute::Extraction* const extraction = work.Begin(give_up, record.arrived);
      if (extraction != nullptr && here) {
        while (extraction->RunSome(kTurnBytes)) {
          rpc::Poller::Yield turn(poller);
          co_await turn;
        }
      } else if (extraction != nullptr) {
        rpc::Callback extracted([&](auto resume) { extraction->Submit(std::move(resume)); });
        co_await extracted;
      }
      status = Guarded([&] { return work.Answer(record, reply); });
    }
    ticket->Resize(reply.Length());
    place.Resize(reply.Length());
    if (!here) {
      rpc::Poller::Return back(poller);
      co_await back;
    }
  }

  rpc::Operation finish([&](void* tag) { call.Finish(status, reply, tag); });
  const bool delivered = co_await finish;
  co_await call.done;
  call.End(ends_, record, status, delivered);
}

template <typename Request, auto kRequestCall>
rpc::Detached ContentCalls::Reply(rpc::Poller& poller, CallCounts::Method& method) {
  rpc::CallTracker::Token token(tracker_);
  UnaryCall call(deliveries_);
  rpc::Operation accept([&](void* tag) {
    (grpc_service_.*kRequestCall)(&call.context, &call.request, &call.writer, poller.queue(),
                                  poller.queue(), tag);
  });
  const bool accepted = co_await accept;
  if (!accepted) co_return;
  Reply<Request, kRequestCall>(poller, method);

  CallRecord record = CallEnds::Begin(method);
  record.request_bytes = call.request.Length();
  Request request;
  const absl::Status status = Guarded([&] { return Parse(call.request, limits_, request); });
  const grpc::ByteBuffer reply = Serialize(Answer(request));

  rpc::Operation finish([&](void* tag) { call.Finish(status, reply, tag); });
  const bool delivered = co_await finish;
  co_await call.done;
  call.End(ends_, record, status, delivered);
}

v1::PingResponse ContentCalls::Answer(v1::PingRequest& request) const {
  v1::PingResponse response;
  response.mutable_payload()->swap(*request.mutable_payload());
  *response.mutable_uptime() = google::protobuf::util::TimeUtil::NanosecondsToDuration(
      std::chrono::nanoseconds(Clock::now() - started_).count());
  response.set_calls_in_flight(admission_.calls_in_flight());
  response.set_bytes_in_flight(admission_.bytes_in_flight());
  response.set_chunks_queued(engine_.executor().queued_tasks());
  return response;
}

}  // namespace trawl::service
