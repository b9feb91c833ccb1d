// ProcessUrl: one coroutine for each call. What it waits for runs beside it: the fetch, and the
// work on what has come of the body.
//
// Flow control is in what it does not start: while enough waits for the workers, nothing is taken
// from the fetch, which then soon reads no more from its host.

#include <optional>
#include <stop_token>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/call_end.h"
#include "service/content_calls.h"
#include "service/convert.h"
#include "service/guarded.h"
#include "service/hop.h"
#include "service/rpc/background_operation.h"
#include "service/rpc/operation.h"
#include "service/unary_call.h"
#include "service/url_error.h"
#include "service/url_fetch.h"
#include "service/url_request.h"
#include "service/url_session.h"

namespace trawl::service {
namespace {

// Completes `news` on the poller.
rpc::Detached AwaitNews(UrlFetch& fetch, rpc::Poller& poller, rpc::BackgroundOperation& news) {
  rpc::Callback arrived([&](auto resume) { fetch.WaitForNews(std::move(resume)); });
  co_await arrived;
  rpc::Poller::Return back(poller);
  co_await back;
  news.Complete(true);
}

// Does a step of work on the workers and completes `work` on the poller.
rpc::Detached WorkOnBody(UrlSession& session, compute::Executor& executor, rpc::Poller& poller,
                         rpc::BackgroundOperation& work) {
  session.BeginWork();
  if (session.needs_decoding()) {
    Hop hop;
    rpc::Callback to_worker([&](auto resume) { executor.Submit(hop, 1, std::move(resume)); });
    co_await to_worker;
    session.Decode();
  }
  if (session.NeedsScan()) {
    rpc::Callback searched([&](auto resume) { session.Scan(std::move(resume)); });
    co_await searched;
    session.Answer();
  }
  rpc::Poller::Return back(poller);
  co_await back;
  work.Complete(true);
}

// Searches a small body on the poller, and completes `work`.
rpc::Detached SearchBodyHere(UrlSession& session, rpc::Poller& poller, uint64_t turn_bytes,
                             rpc::BackgroundOperation& work) {
  session.BeginWork();
  bool more = session.NeedsScan();
  while (more) {
    rpc::Poller::Yield turn(poller);
    co_await turn;
    more = session.ScanSome(turn_bytes);
  }
  session.Answer();
  work.Complete(true);
}

}  // namespace

rpc::Detached ContentCalls::ProcessUrl(rpc::Poller& poller, CallCounts::Method& method) {
  rpc::CallTracker::Token token(tracker_);
  UnaryCall call(deliveries_);
  rpc::Operation accept([&](void* tag) {
    grpc_service_.RequestProcessUrl(&call.context, &call.request, &call.writer, poller.queue(),
                                    poller.queue(), tag);
  });
  const bool accepted = co_await accept;
  if (!accepted) co_return;
  ProcessUrl(poller, method);

  CallRecord record = CallEnds::Begin(method);
  record.request_bytes = call.request.Length();
  const compute::Limits give_up{call.done.stop_token(), ToSteadyClock(call.context.deadline())};
  grpc::ByteBuffer reply;
  UrlRequest request;
  UrlSession session(engine_, limits_, ruleset_.in_answer, give_up);
  Admission::Ticket ticket;
  absl::Status status = fetcher_ != nullptr ? absl::OkStatus() : UrlFetchDisabled();
  if (status.ok()) {
    absl::StatusOr<Admission::Ticket> admitted = admission_.Admit(kUrlFetchBytes);
    status = admitted.status();
    if (status.ok()) ticket = *std::move(admitted);
  }
  PeerLimits::Ticket place;
  if (status.ok()) status = AdmitPeer(call.context, kUrlFetchBytes, place);
  if (status.ok()) status = CheckWait({}, 0, give_up);
  if (status.ok()) {
    rpc::Poller::Yield turn(poller);
    co_await turn;
  }
  if (status.ok()) status = Guarded([&] { return Parse(call.request, limits_, request); });
  if (status.ok()) status = Guarded([&] { return session.Begin(request); });

  if (status.ok()) {
    const auto deadline = record.arrived + request.timeout;
    UrlFetch fetch(*fetcher_, std::move(request), deadline);
    const std::stop_callback on_cancel(give_up.stop, [&fetch] { fetch.Abort(); });
    rpc::AnyCompletion any;
    rpc::BackgroundOperation news(any);
    rpc::BackgroundOperation work(any);
    bool fetched = false;
    uint64_t counted = kUrlFetchBytes;  // of the ticket
    while (true) {
      if (!fetched && !news.running() && (!status.ok() || session.wants_bytes())) {
        news.Start([&](void*) { AwaitNews(fetch, poller, news); });
      }
      if (status.ok() && !work.running() && session.CanWork()) {
        const bool here = session.IsSmall(limits_.inline_bytes);
        work.Start([&](void*) {
          here ? SearchBodyHere(session, poller, kTurnBytes, work)
               : WorkOnBody(session, engine_.executor(), poller, work);
        });
      }
      if (!news.running() && !work.running()) break;
      co_await any;

      const bool was_ok = status.ok();
      if (news.TakeEnd()) {
        UrlFetch::News taken = fetch.Take();
        fetched = taken.ended;
        status.Update(taken.status);
        if (status.ok()) status = Guarded([&] { return session.Take(std::move(taken)); });
      }
      if (work.TakeEnd()) {
        status.Update(session.EndWork());
        const uint64_t held = session.held_bytes();
        if (held > counted) {
          status.Update(ticket.Take(held - counted));
        } else {
          ticket.Resize(held);
        }
        counted = held;
      }
      if (was_ok && !status.ok() && !fetched) fetch.Abort();
    }
    record.Add(session.report());
    if (status.ok())
      status = Guarded([&] {
        reply = session.Reply();
        return absl::OkStatus();
      });
    ticket.Resize(reply.Length());
  }

  rpc::Operation finish([&](void* tag) { call.Finish(status, reply, tag); });
  const bool delivered = co_await finish;
  co_await call.done;
  call.End(ends_, record, status, delivered);
}

}  // namespace trawl::service
