// Operations that run beside each other while their coroutine goes on, which then waits for any of
// them.
//
//   AnyCompletion any;
//   BackgroundOperation read(any);
//   BackgroundOperation write(any);
//   read.Start([&](void* tag) { stream.Read(&part, tag); });
//   write.Start([&](void* tag) { stream.Write(answer, tag); });
//   while (read.running() || write.running()) {
//     co_await any;
//     if (read.TakeEnd()) Use(part, read.ok());
//     if (write.TakeEnd()) ...
//   }
//
// Each is started again once its end was taken. A coroutine awaits `any` only while one of its
// operations runs or has an end to take, and its frame, in which they live, outlives all that run.
//
// Thread-safety: none. The coroutine goes on, and all its operations complete, on one thread: that
// of the poller. None may complete within Start.

#ifndef TRAWL_SERVICE_RPC_BACKGROUND_OPERATION_H_
#define TRAWL_SERVICE_RPC_BACKGROUND_OPERATION_H_

#include <coroutine>
#include <utility>

#include "service/rpc/completion_tag.h"

namespace trawl::rpc {

// Awaitable, again and again: until an operation has completed since the last time.
class AnyCompletion {
 public:
  AnyCompletion() = default;
  AnyCompletion(const AnyCompletion&) = delete;
  AnyCompletion& operator=(const AnyCompletion&) = delete;

  bool await_ready() const noexcept { return completed_; }
  [[gnu::noinline]] void await_suspend(std::coroutine_handle<> caller) { caller_ = caller; }
  void await_resume() noexcept { completed_ = false; }

 private:
  friend class BackgroundOperation;

  // May destroy this.
  void Complete() noexcept {
    completed_ = true;
    if (caller_ != nullptr) std::exchange(caller_, nullptr).resume();
  }

  bool completed_ = false;
  std::coroutine_handle<> caller_;
};

class BackgroundOperation final : public CompletionTag {
 public:
  explicit BackgroundOperation(AnyCompletion& any) : any_(any) {}
  BackgroundOperation(const BackgroundOperation&) = delete;
  BackgroundOperation& operator=(const BackgroundOperation&) = delete;

  // `start` is called with the tag and hands it to gRPC, or sees to it that Complete is called.
  template <typename StartFunction>
  void Start(StartFunction start) {
    state_ = State::kRunning;
    start(tag());
  }

  bool running() const { return state_ == State::kRunning; }

  // Whether it has completed; once for each Start.
  bool TakeEnd() {
    if (state_ != State::kCompleted) return false;
    state_ = State::kIdle;
    return true;
  }

  // The `ok` that came with the tag.
  bool ok() const { return ok_; }

  void Complete(bool ok) noexcept override {
    ok_ = ok;
    state_ = State::kCompleted;
    any_.Complete();
  }

 private:
  enum class State { kIdle, kRunning, kCompleted };

  AnyCompletion& any_;
  State state_ = State::kIdle;
  bool ok_ = false;
};

}  // namespace trawl::rpc

#endif  // TRAWL_SERVICE_RPC_BACKGROUND_OPERATION_H_
