// ProcessContentStream: one coroutine for each stream. What it waits for runs beside it: the read
// of the next part, the search of a window on the workers (or, of a small one, in turns with what
// else the poller does), the write of an answer, and the clock that ends an idle stream.
//
// Flow control is in what it does not start. No part is read while the buffer is full, no window
// searched while the answers of the one before wait for the caller: so a caller that does not read
// is soon not read from, by gRPC's windows. Nor is a window searched while there is no room for its
// answers beside what all calls hold; then the stream looks again a little later.

#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/call_end.h"
#include "service/content_calls.h"
#include "service/convert.h"
#include "service/error.h"
#include "service/rpc/background_operation.h"
#include "service/rpc/call_done.h"
#include "service/rpc/operation.h"
#include "service/stream_session.h"

namespace trawl::service {
namespace {

using Clock = std::chrono::system_clock;

// Until a stream looks again whether there is room.
constexpr std::chrono::milliseconds kRoomInterval(5);

// What gRPC keeps of one stream. `done` is made before the stream is requested.
struct StreamCall {
  grpc::ServerContext context;
  rpc::CallDone<grpc::ServerContext> done{context};
  grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer> stream{&context};
};

uint64_t BytesOf(const std::deque<grpc::ByteBuffer>& answers) {
  uint64_t bytes = 0;
  for (const grpc::ByteBuffer& answer : answers) bytes += answer.Length();
  return bytes;
}

// Searches a window on the workers and completes `search` on the poller.
rpc::Detached SearchWindow(StreamSession& session, rpc::Poller& poller,
                           rpc::BackgroundOperation& search) {
  rpc::Callback searched([&](auto resume) { session.Scan(std::move(resume)); });
  co_await searched;
  session.Answer();
  rpc::Poller::Return back(poller);
  co_await back;
  search.Complete(true);
}

// Searches it on the poller.
rpc::Detached SearchWindowHere(StreamSession& session, rpc::Poller& poller, uint64_t turn_bytes,
                               rpc::BackgroundOperation& search) {
  bool more = true;
  while (more) {
    rpc::Poller::Yield turn(poller);
    co_await turn;
    more = session.ScanSome(turn_bytes);
  }
  session.Answer();
  search.Complete(true);
}

}  // namespace

rpc::Detached ContentCalls::ProcessStream(rpc::Poller& poller, CallCounts::Method& method) {
  rpc::CallTracker::Token token(tracker_);
  StreamCall call;
  rpc::Operation accept([&](void* tag) {
    grpc_service_.RequestProcessContentStream(&call.context, &call.stream, poller.queue(),
                                              poller.queue(), tag);
  });
  const bool accepted = co_await accept;
  if (!accepted) co_return;
  ProcessStream(poller, method);

  CallRecord record = CallEnds::Begin(method);
  const compute::Limits give_up{call.done.stop_token(), ToSteadyClock(call.context.deadline())};
  absl::StatusOr<Admission::Ticket> ticket = admission_.Admit(kMaxStreamBufferBytes);
  absl::Status status = ticket.status();
  PeerLimits::Ticket place;
  if (status.ok()) status = AdmitPeer(call.context, kMaxStreamBufferBytes, place);
  if (status.ok()) status = CheckWait({}, 0, give_up);

  StreamSession session(engine_, limits_, ruleset_.in_answer, give_up);
  std::deque<grpc::ByteBuffer> answers;
  grpc::ByteBuffer message;
  grpc::Alarm alarm;
  grpc::Alarm room_alarm;
  uint64_t kept = 0;
  Clock::time_point last_moved = Clock::now();
  rpc::AnyCompletion any;
  rpc::BackgroundOperation read(any);
  rpc::BackgroundOperation search(any);
  rpc::BackgroundOperation write(any);
  rpc::BackgroundOperation idle(any);
  rpc::BackgroundOperation room(any);
  const auto held = [&] {
    return std::max(kMaxStreamBufferBytes, session.buffered_bytes() + BytesOf(answers)) + kept;
  };
  const auto watch = [&](void* tag) {
    alarm.Set(poller.queue(), last_moved + limits_.stream_idle, tag);
  };
  if (status.ok()) idle.Start(watch);

  while (true) {
    if (status.ok()) {
      if (!read.running() && session.wants_part()) {
        read.Start([&](void* tag) { call.stream.Read(&message, tag); });
      }
      if (!search.running() && !room.running() && answers.size() <= 1 && session.CanScan()) {
        if (ticket->Reserve(kMaxWindowAnswerBytes)) {
          const bool here = session.buffered_bytes() <= limits_.inline_bytes;
          search.Start([&](void*) {
            here ? SearchWindowHere(session, poller, kTurnBytes, search)
                 : SearchWindow(session, poller, search);
          });
        } else {
          room.Start([&](void* tag) {
            room_alarm.Set(poller.queue(), Clock::now() + kRoomInterval, tag);
          });
        }
      }
      if (!write.running() && !answers.empty()) {
        write.Start([&](void* tag) { call.stream.Write(answers.front(), tag); });
      }
      if (session.answered() && answers.empty()) break;
    } else if (!search.running() && !write.running()) {
      break;
    }
    co_await any;

    if (read.TakeEnd()) {
      last_moved = Clock::now();
      if (read.ok()) {
        method.MessageReceived();
        record.request_bytes += message.Length();
        status.Update(session.Take(message));
      } else {
        session.EndParts();
      }
    }
    if (search.TakeEnd()) {
      last_moved = Clock::now();
      status.Update(session.EndWindow(answers));
      ticket->Reserve(0);
      status.Update(ticket->Take(session.kept_bytes() - std::exchange(kept, session.kept_bytes())));
    }
    if (write.TakeEnd()) {
      last_moved = Clock::now();
      answers.pop_front();
      if (write.ok()) {
        method.MessageSent();
      } else {
        status.Update(absl::CancelledError("the caller takes no more answers"));
      }
    }
    if (room.TakeEnd()) last_moved = Clock::now();
    if (ticket.ok()) ticket->Resize(held());
    place.Resize(held());
    if (idle.TakeEnd()) {
      const bool is_idle = !search.running() && Clock::now() >= last_moved + limits_.stream_idle;
      if (is_idle) record.cancelled_by = Canceller::kIdle;
      if (is_idle && write.running()) {
        call.context.TryCancel();
      } else if (is_idle) {
        status.Update(StreamIdle(limits_.stream_idle));
      } else {
        if (search.running()) last_moved = Clock::now();
        idle.Start(watch);
      }
    }
  }

  AddPushback(status, call.context);
  rpc::Operation finish([&](void* tag) { call.stream.Finish(ToGrpcStatus(status), tag); });
  const bool delivered = co_await finish;
  alarm.Cancel();
  room_alarm.Cancel();
  while (read.running() || idle.running() || room.running()) co_await any;
  co_await call.done;
  if (session.begun()) record.Add(session.report());
  ends_.End(record, call.context, status, delivered);
}

}  // namespace trawl::service
