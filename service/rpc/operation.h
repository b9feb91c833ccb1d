// Awaitables: one operation of a completion queue, and one call with a callback.
//
//   Operation finish([&](void* tag) { writer.Finish(message, status, tag); });
//   const bool ok = co_await finish;
//
// Each is awaited once and lives in the coroutine's frame until then. The coroutine goes on on the
// thread that completes it, perhaps before `start` has returned: `start` runs last, and must touch
// nothing of the frame, its own captures included, once it has handed over what resumes it.
//
// await_suspend is not inlined and returns void: gcc 12 and clang 14 may otherwise keep parts of
// the awaiter in registers or on the stack across the suspension (llvm#56301).

#ifndef TRAWL_SERVICE_RPC_OPERATION_H_
#define TRAWL_SERVICE_RPC_OPERATION_H_

#include <coroutine>
#include <utility>

#include "service/rpc/completion_tag.h"

namespace trawl::rpc {

// `start` is called with the tag and hands it to gRPC. Gives the `ok` that came with the tag.
template <typename Start>
class Operation final : public CompletionTag {
 public:
  explicit Operation(Start start) : start_(std::move(start)) {}
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  bool await_ready() const noexcept { return false; }
  [[gnu::noinline]] void await_suspend(std::coroutine_handle<> caller) {
    caller_ = caller;
    start_(tag());
  }
  bool await_resume() const noexcept { return ok_; }

  void Complete(bool ok) noexcept override {
    ok_ = ok;
    caller_.resume();
  }

 private:
  Start start_;
  std::coroutine_handle<> caller_;
  bool ok_ = false;
};

// `start` is called with a function that resumes the coroutine and is to be called once, from any
// thread.
template <typename Start>
class Callback final {
 public:
  explicit Callback(Start start) : start_(std::move(start)) {}
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;

  bool await_ready() const noexcept { return false; }
  [[gnu::noinline]] void await_suspend(std::coroutine_handle<> caller) {
    start_([caller] { caller.resume(); });
  }
  void await_resume() const noexcept {}

 private:
  Start start_;
};

}  // namespace trawl::rpc

#endif  // TRAWL_SERVICE_RPC_OPERATION_H_
