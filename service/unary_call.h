// What gRPC keeps of one unary call, from before it is requested until it is done.
//
//   UnaryCall call(deliveries);
//   ...                                     // requested, accepted
//   rpc::Operation finish([&](void* tag) { call.Finish(status, reply, tag); });
//   co_await finish;
//   co_await call.done;
//   call.End(ends, record, status, delivered);
//
// Thread-safety: none. Lifetime: the frame of the call's coroutine.

#ifndef TRAWL_SERVICE_UNARY_CALL_H_
#define TRAWL_SERVICE_UNARY_CALL_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/async_unary_call.h>
#include <grpcpp/support/byte_buffer.h>

#include <optional>

#include "absl/status/status.h"
#include "service/call_end.h"
#include "service/convert.h"
#include "service/deliveries.h"
#include "service/rpc/call_done.h"

namespace trawl::service {

struct UnaryCall {
  explicit UnaryCall(Deliveries& outgoing) : deliveries(outgoing) {}

  // `reply` is sent where `status` is OK.
  void Finish(const absl::Status& status, const grpc::ByteBuffer& reply, void* tag) {
    delivery.emplace(deliveries, context);
    if (status.ok()) {
      writer.Finish(reply, grpc::Status::OK, tag);
      return;
    }
    AddPushback(status, context);
    writer.FinishWithError(ToGrpcStatus(status), tag);
  }

  // Once it is done. `delivered`: what it was finished with reached the transport.
  void End(CallEnds& ends, CallRecord& record, const absl::Status& status, bool delivered) const {
    if (!delivered && delivery->cancelled()) record.cancelled_by = Canceller::kDelivery;
    ends.End(record, context, status, delivered);
  }

  Deliveries& deliveries;
  grpc::ServerContext context;
  rpc::CallDone<grpc::ServerContext> done{context};  // made before the call is requested
  grpc::ByteBuffer request;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> writer{&context};
  std::optional<Deliveries::Entry> delivery;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_UNARY_CALL_H_
