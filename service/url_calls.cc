// ProcessUrl: one coroutine for each call.

#include "absl/status/status.h"
#include "service/call_end.h"
#include "service/content_calls.h"
#include "service/error.h"
#include "service/rpc/operation.h"
#include "service/unary_call.h"

namespace trawl::service {

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
  const absl::Status status =
      ErrorWith(absl::StatusCode::kFailedPrecondition, "URL_FETCH_DISABLED",
                "this server fetches no URLs: it was started without --enable_url_fetch");

  rpc::Operation finish([&](void* tag) { call.Finish(status, {}, tag); });
  const bool delivered = co_await finish;
  co_await call.done;
  call.End(ends_, record, status, delivered);
}

}  // namespace trawl::service
