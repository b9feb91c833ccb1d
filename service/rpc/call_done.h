// The end of a call as gRPC sees it: answered, cancelled by the client, out of time or broken off.
//
// Made before the call is requested (AsyncNotifyWhenDone is too late after). When the done tag
// comes and the call was cancelled, stop_token() is told, whatever the coroutine is doing. A call
// that was started awaits its CallDone before its frame ends, since the tag points into it; one
// that never started must not, for then the tag never comes (grpc#10136). The order of the done
// tag and the others is not defined (grpc#29913).
//
// `Context` is grpc::ServerContext, or a fake in tests.

#ifndef TRAWL_SERVICE_RPC_CALL_DONE_H_
#define TRAWL_SERVICE_RPC_CALL_DONE_H_

#include <atomic>
#include <coroutine>
#include <stop_token>

#include "service/rpc/completion_tag.h"

namespace trawl::rpc {

template <typename Context>
class CallDone final : public CompletionTag {
 public:
  explicit CallDone(Context& context) : context_(context) { context.AsyncNotifyWhenDone(tag()); }
  CallDone(const CallDone&) = delete;
  CallDone& operator=(const CallDone&) = delete;

  std::stop_token stop_token() const { return stop_source_.get_token(); }

  bool await_ready() const noexcept { return false; }
  [[gnu::noinline]] void await_suspend(std::coroutine_handle<> caller) {
    caller_ = caller;
    if (state_.exchange(State::kAwaited, std::memory_order_acq_rel) == State::kDone) {
      caller.resume();
    }
  }
  void await_resume() const noexcept {}

  void Complete(bool) noexcept override {
    if (context_.IsCancelled()) stop_source_.request_stop();
    if (state_.exchange(State::kDone, std::memory_order_acq_rel) == State::kAwaited) {
      caller_.resume();
    }
  }

 private:
  enum class State { kRunning, kAwaited, kDone };

  Context& context_;
  std::stop_source stop_source_;
  std::coroutine_handle<> caller_;
  std::atomic<State> state_ = State::kRunning;
};

}  // namespace trawl::rpc

#endif  // TRAWL_SERVICE_RPC_CALL_DONE_H_
